/** The tables shared with Python: display strings, palette, and the limits and presets of the cell. */

import cell from "../../lstm_edu/cell_explorer.json" with { type: "json" };
import palette from "../../lstm_edu/palette.json" with { type: "json" };
import strings from "../../lstm_edu/strings.json" with { type: "json" };

/** @typedef {"es" | "en"} Lang */
/** @typedef {keyof typeof strings} StringKey */
/** @typedef {"x" | "h_prev" | "c_prev" | "W" | "U" | "b"} NumberKey */
/** @typedef {(typeof cell.presets)[number]} Preset */

/** @type {readonly Lang[]} */
export const LANGS = ["es", "en"];

/** @type {readonly NumberKey[]} */
export const NUMBER_KEYS = ["x", "h_prev", "c_prev", "W", "U", "b"];

export const CELL = cell;
export const PALETTE = palette;
export const STEPS = cell.steps;

/** @type {Preset} */
export const START = cell.presets[0];

/**
 * The string of a key in a language, with {names} replaced.
 * @param {Lang} lang
 * @param {StringKey} key
 * @param {Record<string, string | number>} [values]
 */
export function t(lang, key, values = {}) {
  return strings[key][lang].replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * A key put together from pieces, which the type checker cannot see through.
 * @param {string} key
 * @returns {StringKey}
 */
export function stringKey(key) {
  if (!Object.hasOwn(strings, key)) throw new RangeError(`no string ${key}`);
  return /** @type {StringKey} */ (key);
}

/** @param {string} name */
export function presetNamed(name) {
  return cell.presets.find((preset) => preset.name === name);
}
