/**
 * Builds the front-end twice from one source: an ES module for anywidget and a classic script for
 * the page (module scripts do not load from file://), with one style sheet for both. The palette is
 * a sheet of its own, for pages that have drawings and no explorer.
 *
 *     node build.mjs [folder]
 */

import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { minify } from "terser";
import { builtFrom, SHOWN } from "./built-from.mjs";
import { LANGS } from "./src/langs.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const tables = join(here, "..", "lstm_edu");
const target = process.argv[2] ?? join(tables, "static");

/** @param {string} name */
const readJson = async (name) => JSON.parse(await readFile(join(tables, name), "utf8"));

/** Only what is shown, and only in these languages: a page speaks one, and its words are plain strings. Of the palette the scripts read the markers; the colours are in the style sheet. @param {readonly string[]} langs @returns {import("esbuild").Plugin} */
const shownWords = (langs) => ({
  name: "shown-words",
  setup(bundler) {
    bundler.onLoad({ filter: /langs\.mjs$/ }, () => ({
      contents: `export const LANGS = ${JSON.stringify(langs)};`,
    }));
    bundler.onLoad({ filter: /palette\.json$/ }, async () => {
      const entries = Object.entries(await readJson("palette.json"));
      const markers = entries.map(([name, { marker }]) => [name, { marker }]);
      return { contents: JSON.stringify(Object.fromEntries(markers)), loader: "json" };
    });
    bundler.onLoad({ filter: /strings\.json$|explorers\/\w+\.json$/ }, async ({ path }) => {
      const table = await readJson(relative(tables, path));
      const shown = path.endsWith("strings.json")
        ? Object.entries(table).filter(([key]) => SHOWN.test(key))
        : Object.entries(table);
      return { contents: JSON.stringify(spoken(Object.fromEntries(shown), langs)), loader: "json" };
    });
  },
});

/** A table without the words of other languages, and without Python's hints. @param {any} value @param {readonly string[]} langs @returns {any} */
function spoken(value, langs) {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return Array.isArray(value) ? value.map((item) => spoken(item, langs)) : value;
  const entries = Object.entries(value).filter(
    ([key]) => key !== "hint" || typeof value.hint !== "string",
  );
  const isWords = LANGS.every((lang) => Object.hasOwn(value, lang));
  if (isWords && langs.length === 1) return value[langs[0]];
  return Object.fromEntries(
    entries
      .filter(([key]) => !isWords || langs.includes(key))
      .map(([key, item]) => [key, spoken(item, langs)]),
  );
}

/** @typedef {Record<string, {light: string, dark: string, dash: number[]}>} Palette */

/** The palette as custom properties of the whole page: the book's drawings use them too. Dark is for screens: paper is white. @param {Palette} palette */
function paletteRules(palette) {
  const entries = Object.entries(palette);
  /** @param {"light" | "dark"} theme */
  const colours = (theme) =>
    entries.map(([name, colour]) => `--lstm-${name}:${colour[theme]};`).join("");
  const system = entries
    .map(
      ([name]) => `--lstm-${name}:${{ paper: "Canvas", faint: "GrayText" }[name] ?? "CanvasText"};`,
    )
    .join("");
  const dark =
    'html[data-theme="dark"],body[data-jp-theme-light="false"],html[data-mode="dark"]:not([data-theme])';
  return [
    `:root{${colours("light")}}`,
    `@media screen{${dark}{${colours("dark")}}}`,
    `@media screen and (prefers-color-scheme:dark){html[data-mode="auto"]:not([data-theme]){${colours("dark")}}}`,
    `@media (forced-colors:active){:root:root:root,body[data-jp-theme-light]{${system}}}`,
  ].join("\n");
}

/** What wears a quantity's colour in an explorer wears its dash too. @param {Palette} palette */
function colourClasses(palette) {
  const entries = Object.entries(palette);
  const dashes = entries.map(
    ([name, { dash }]) => `--lstm-${name}-dash:${dash.join(" ") || "none"};`,
  );
  const classes = entries.map(
    ([name]) => `.q-${name}{--q:var(--lstm-${name});--q-dash:var(--lstm-${name}-dash)}`,
  );
  return `.lstm-x{${dashes.join("")}${classes.join("")}}`;
}

/** @param {string} entry @param {"esm" | "iife"} format @param {string} name @param {readonly string[]} langs */
async function script(entry, format, name, langs) {
  const { outputFiles } = await build({
    entryPoints: [join(here, "src", entry)],
    absWorkingDir: here,
    bundle: true,
    charset: "utf8",
    format,
    legalComments: "none",
    plugins: [shownWords(langs)],
    target: "es2022",
    write: false,
  });
  // Terser packs it 6 % smaller than esbuild does. What it calls unsafe minds patched built-ins,
  // getters with effects and the lengths of functions: there are none here.
  const { code } = await minify(outputFiles[0].text, {
    compress: {
      passes: 3,
      ecma: 2020,
      unsafe: true,
      unsafe_arrows: true,
      pure_getters: true,
      keep_fargs: false,
    },
    format: { ecma: 2020 },
    module: format === "esm",
  });
  return { name, text: `${code}\n` };
}

/** The shared rules, then each explorer's own. */
const sheets = (await readdir(join(here, "src"), { recursive: true }))
  .filter((name) => name.endsWith(".css"))
  .sort((a, b) => a.split("/").length - b.split("/").length || a.localeCompare(b));
const rules = sheets.map((name) => readFile(join(here, "src", name), "utf8"));
/** @param {string} name @param {string[]} parts */
async function style(name, parts) {
  const { code } = await transform(parts.join("\n"), {
    loader: "css",
    minify: true,
    charset: "utf8",
    target: ["chrome105", "firefox110", "safari16"],
  });
  return { name, text: code };
}

const palette = await readJson("palette.json");
await mkdir(target, { recursive: true });
const files = [
  await script("widget.mjs", "esm", "explorers.mjs", LANGS),
  await script("page.mjs", "iife", "explorers.es.js", ["es"]),
  await script("page.mjs", "iife", "explorers.en.js", ["en"]),
  await script("sliders/widget.mjs", "esm", "sliders.mjs", LANGS),
  await script("sliders/page.mjs", "iife", "sliders.js", LANGS),
  await style("palette.css", [paletteRules(palette)]),
  await style("explorers.css", [colourClasses(palette), ...(await Promise.all(rules))]),
];
for (const { name, text } of files) {
  await writeFile(join(target, name), text);
  console.log(
    `${name}: ${Buffer.byteLength(text)} bytes, ${gzipSync(text, { level: 9 }).length} gzipped`,
  );
}
await writeFile(join(target, "built-from"), await builtFrom(files));
