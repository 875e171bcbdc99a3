/**
 * Builds the front-end: in each language a script for the kit, which all explorers share, and one
 * for each folder of `lstm_edu/figures`, with a style sheet for each. They are classic scripts, for
 * module scripts do not load from file://; in Jupyter, Python puts the kit's and a figure's behind
 * each other and makes a module of them. The palette is a sheet of its own, for pages that have
 * drawings and no explorer.
 *
 *     node build.mjs [folder]
 */

import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build, transform } from "esbuild";
import { minify } from "terser";
import { builtFrom, SHOWN } from "./built-from.mjs";
import { LANGS } from "./kit/langs.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const tables = join(here, "..", "lstm_edu");
const target = process.argv[2] ?? join(tables, "static");
const figures = (await readdir(join(tables, "figures")))
  .filter((name) => existsSync(join(tables, "figures", name, "view.mjs")))
  .sort();

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
    bundler.onLoad({ filter: /strings\.json$|figures\/\w+\/\w+\.json$/ }, async ({ path }) => {
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

/** The modules that the kit's script brings: a figure's script takes them from there. */
const kit = (await Promise.all(["kit", "numerics"].map(modules))).flat();

/** @param {string} folder @returns {Promise<{name: string, path: string}[]>} */
async function modules(folder) {
  const names = (await readdir(join(here, folder))).filter((name) => name.endsWith(".mjs")).sort();
  return names.map((name) => ({ name: basename(name, ".mjs"), path: join(here, folder, name) }));
}

/** @type {import("esbuild").Plugin} */
const fromTheKit = {
  name: "from-the-kit",
  setup(bundler) {
    bundler.onResolve({ filter: /\.mjs$/ }, ({ path, resolveDir }) => {
      const found = kit.find((one) => one.path === join(resolveDir, path));
      return found && { path: found.path, namespace: "kit" };
    });
    bundler.onLoad({ filter: /./, namespace: "kit" }, async ({ path }) => {
      const { name } = /** @type {{name: string}} */ (kit.find((one) => one.path === path));
      const names = Object.keys(await import(pathToFileURL(path).href));
      const lines = names.map((one) => `export const ${one} = lstmKit.${name}.${one};`);
      return { contents: lines.join("\n") };
    });
  },
};

/** @typedef {{name: string, text: string}} Built */

/** @param {string} name @param {string} source @param {readonly string[]} langs @param {import("esbuild").BuildOptions} options @returns {Promise<Built & {folders: string[]}>} */
async function script(name, source, langs, { plugins = [], ...options }) {
  const { outputFiles = [], metafile } = await build({
    stdin: { contents: source, resolveDir: here },
    absWorkingDir: here,
    bundle: true,
    charset: "utf8",
    format: "iife",
    legalComments: "none",
    metafile: true,
    plugins: [...plugins, shownWords(langs)],
    target: "es2022",
    write: false,
    ...options,
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
    module: options.format === "esm",
  });
  const folders = Object.keys(metafile?.inputs ?? {}).map((input) => basename(dirname(input)));
  return { name, text: `${code}\n`, folders };
}

/** @param {string} lang */
function kitScript(lang) {
  const names = kit.map(({ name, path }) => {
    const from = relative(here, path).split(sep).join("/");
    return `export * as ${name} from "./${from}";`;
  });
  return script(`kit.${lang}.js`, names.join("\n"), [lang], { globalName: "lstmKit" });
}

/** @param {string} kind @param {string} lang */
function figureScript(kind, lang) {
  const folder = `../lstm_edu/figures/${kind}`;
  const source = `
    import { define } from "./kit/kinds.mjs";
    import { FIGURE } from "${folder}/view.mjs";
    import table from "${folder}/${kind}.json";
    define("${kind}", table, FIGURE);`;
  return script(`${kind}.${lang}.js`, source, [lang], { plugins: [fromTheKit] });
}

/** @param {string} name @param {string[]} parts @returns {Promise<Built>} */
async function style(name, parts) {
  const { code } = await transform(parts.join("\n"), {
    loader: "css",
    minify: true,
    charset: "utf8",
    target: ["chrome105", "firefox110", "safari16"],
  });
  return { name, text: code };
}

/** The styles of a figure, and before them those of the figures whose parts it shows. @param {string} kind @param {string[]} folders */
async function figureStyle(kind, folders) {
  const others = figures.filter((name) => name !== kind && folders.includes(name));
  const sheets = [...others, kind].map((name) => join(tables, "figures", name, `${name}.css`));
  const found = sheets.filter((path) => existsSync(path));
  return style(`${kind}.css`, await Promise.all(found.map((path) => readFile(path, "utf8"))));
}

/** @param {string} kind @returns {Promise<Built[]>} */
async function figure(kind) {
  const scripts = await Promise.all(LANGS.map((lang) => figureScript(kind, lang)));
  return [...scripts, await figureStyle(kind, scripts[0].folders)];
}

/** @param {string[]} names */
const sheets = (...names) => Promise.all(names.map((name) => readFile(join(here, name), "utf8")));

const palette = await readJson("palette.json");
const built = await Promise.all([
  ...LANGS.map(kitScript),
  style("kit.css", [colourClasses(palette), ...(await sheets("kit/kit.css", "kit/print.css"))]),
  script("sliders.mjs", 'export { default } from "./sliders/widget.mjs";', LANGS, {
    format: "esm",
  }),
  script("sliders.js", 'import "./sliders/page.mjs";', LANGS, {}),
  style("sliders.css", await sheets("sliders/sliders.css")),
  style("palette.css", [paletteRules(palette)]),
]);
const all = [...built, ...(await Promise.all(figures.map(figure))).flat()];
await mkdir(target, { recursive: true });
for (const name of await readdir(target)) {
  if (/\.(js|mjs|css)$/.test(name) && !all.some((one) => one.name === name))
    await rm(join(target, name));
}
for (const { name, text } of all) {
  await writeFile(join(target, name), text);
  const size = gzipSync(text, { level: 9 }).length;
  console.log(`${name}: ${Buffer.byteLength(text)} bytes, ${size} gzipped`);
}
await writeFile(join(target, "built-from"), await builtFrom(all));
