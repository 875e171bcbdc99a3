/**
 * The mark that a build leaves in `lstm_edu/static/built-from`: a line with the SHA-256 of each
 * file that it read or wrote. `lstm_edu/stale.py` works out the same, to say what changed since.
 * What is read stands in sources.json: files, and folders of them.
 */

import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..");
const sources = JSON.parse(await readFile(join(here, "sources.json"), "utf8"));

/** The strings that explorers show, so that the others may change without a new bundle. */
export const SHOWN = new RegExp(sources.shown);

/** @param {string} text */
const sha256 = (text) => createHash("sha256").update(text.replaceAll("\r\n", "\n")).digest("hex");

/** @param {string} path @returns {Promise<string[]>} */
async function filesOf(path) {
  if (/\.\w+$/.test(path)) return [path];
  const names = await readdir(join(root, path), { recursive: true });
  return names
    .filter((name) => /\.(mjs|js|css|json)$/.test(name))
    .map((name) => `${path}/${name.replaceAll("\\", "/")}`);
}

/** @param {string} path */
async function contentOf(path) {
  const text = await readFile(join(root, path), "utf8");
  if (!path.endsWith("/strings.json")) return text;
  return JSON.stringify(Object.entries(JSON.parse(text)).filter(([key]) => SHOWN.test(key)));
}

/** The mark's text, of these files built. @param {{name: string, text: string}[]} files */
export async function builtFrom(files) {
  const read = (await Promise.all(sources.read.map(filesOf))).flat();
  const lines = await Promise.all(
    read.map(async (path) => `${path} ${sha256(await contentOf(path))}`),
  );
  lines.push(...files.map(({ name, text }) => `lstm_edu/static/${name} ${sha256(text)}`));
  return `${lines.sort().join("\n")}\n`;
}
