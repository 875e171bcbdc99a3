/**
 * Builds the front-end twice from one source: an ES module for anywidget and a classic script for
 * the page (module scripts do not load from file://), with one style sheet for both.
 *
 *     node build.mjs [folder]
 */

import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const tables = join(here, "..", "lstm_edu");
const target = process.argv[2] ?? join(tables, "static");

/** @param {string} name */
const readJson = async (name) => JSON.parse(await readFile(join(tables, name), "utf8"));

/** Only the strings that explorers show, so that the others may change without a new bundle. @type {import("esbuild").Plugin} */
const ownStrings = {
  name: "own-strings",
  setup(bundler) {
    bundler.onLoad({ filter: /strings\.json$/ }, async () => {
      const strings = await readJson("strings.json");
      const own = Object.entries(strings).filter(([key]) =>
        /^(ui|error)\.|^([ifgochxb]|c_prev|h_prev)$/.test(key),
      );
      return { contents: JSON.stringify(Object.fromEntries(own)), loader: "json" };
    });
  },
};

/** The palette as custom properties of the whole page: the book's drawings use them too. @param {Record<string, {light: string, dark: string, dash: number[]}>} palette */
function paletteRules(palette) {
  const entries = Object.entries(palette);
  /** @param {"light" | "dark"} theme */
  const colours = (theme) =>
    entries.map(([name, colour]) => `--lstm-${name}:${colour[theme]};`).join("");
  const dashes = entries
    .map(([name, { dash }]) => `--lstm-${name}-dash:${dash.join(" ") || "none"};`)
    .join("");
  const classes = entries
    .map(([name]) => `.q-${name}{--q:var(--lstm-${name});--q-dash:var(--lstm-${name}-dash)}`)
    .join("");
  const system = entries
    .map(
      ([name]) => `--lstm-${name}:${{ paper: "Canvas", faint: "GrayText" }[name] ?? "CanvasText"};`,
    )
    .join("");
  const dark =
    'html[data-theme="dark"],body[data-jp-theme-light="false"],html[data-mode="dark"]:not([data-theme])';
  return [
    `:root{${colours("light")}${dashes}}`,
    `${dark}{${colours("dark")}}`,
    `@media (prefers-color-scheme:dark){html[data-mode="auto"]:not([data-theme]){${colours("dark")}}}`,
    `@media print{html[data-theme],html[data-mode],body[data-jp-theme-light]{${colours("light")}}}`,
    `@media (forced-colors:active){:root,html[data-theme],body[data-jp-theme-light]{${system}}}`,
    `.lstm-x{${classes}}`,
  ].join("\n");
}

/** @param {string} entry @param {"esm" | "iife"} format @param {string} name */
async function script(entry, format, name) {
  const { outputFiles } = await build({
    entryPoints: [join(here, "src", entry)],
    absWorkingDir: here,
    bundle: true,
    charset: "utf8",
    format,
    legalComments: "none",
    minify: true,
    plugins: [ownStrings],
    target: "es2022",
    write: false,
  });
  return { name, text: outputFiles[0].text };
}

/** The shared rules, then each explorer's own. */
const sheets = (await readdir(join(here, "src"), { recursive: true }))
  .filter((name) => name.endsWith(".css"))
  .sort((a, b) => a.split("/").length - b.split("/").length || a.localeCompare(b));
const rules = sheets.map((name) => readFile(join(here, "src", name), "utf8"));
const css = [paletteRules(await readJson("palette.json")), ...(await Promise.all(rules))].join(
  "\n",
);
const style = await transform(css, {
  loader: "css",
  minify: true,
  charset: "utf8",
  target: ["chrome105", "firefox110", "safari16"],
});

await mkdir(target, { recursive: true });
for (const { name, text } of [
  await script("widget.mjs", "esm", "explorers.mjs"),
  await script("page.mjs", "iife", "explorers.js"),
  { name: "explorers.css", text: style.code },
]) {
  await writeFile(join(target, name), text);
  console.log(
    `${name}: ${Buffer.byteLength(text)} bytes, ${gzipSync(text, { level: 9 }).length} gzipped`,
  );
}
