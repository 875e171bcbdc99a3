/** What Python makes of many inputs, for the tests: the sections of `tests/figures/golden.py`. */

import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const pythons = process.env.PYTHON
  ? [process.env.PYTHON]
  : [join(root, ".venv/bin/python"), join(root, ".venv/Scripts/python.exe"), "python3"];

/**
 * A section, made anew by the first Python that has what the package needs: the one that PYTHON
 * names, or the repository's own, or the system's.
 * @param {string} section
 * @returns {any}
 */
export function golden(section) {
  const paths = [root, process.env.PYTHONPATH].filter(Boolean).join(delimiter);
  let last = "";
  for (const python of pythons) {
    const { error, status, stdout, stderr } = spawnSync(
      python,
      ["tests/figures/golden.py", section],
      {
        cwd: root,
        encoding: "utf8",
        env: { ...process.env, PYTHONPATH: paths },
        maxBuffer: 2 ** 28,
      },
    );
    if (status === 0) return JSON.parse(stdout);
    last = error?.message ?? stderr.trim();
    if (!error && !/No module named/.test(stderr))
      throw new Error(`tests/figures/golden.py: ${last}`);
  }
  throw new Error(
    `No Python with lstm_edu was found, to say what the numbers should be. ` +
      `\`make .venv/.test\` sets one up; or name one: PYTHON=… npm test. ` +
      `The last tried, ${pythons.at(-1)}, said: ${last}`,
  );
}
