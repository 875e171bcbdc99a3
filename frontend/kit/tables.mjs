/** The tables shared with Python: display strings, palette, and each explorer's fields and presets. */

import palette from "../../lstm_edu/palette.json" with { type: "json" };
import strings from "../../lstm_edu/strings.json" with { type: "json" };

/** @typedef {"es" | "en"} Lang */
/** @typedef {Record<Lang, string>} Words */
/** @typedef {keyof typeof strings} StringKey */
/**
 * @typedef {object} Field one name of an explorer's state
 * @property {"array" | "number" | "integer" | "index" | "choice" | "flag"} type
 * @property {string[]} [axes] the shape of an array in letters, as "4H"; of an index, what it counts
 * @property {number} [min] the slider's least value; a number or an integer below it is refused
 * @property {number} [max]
 * @property {number} [step]
 * @property {string[]} [options] of a choice
 * @property {boolean} [optional] null stands for zeros
 * @property {string[]} [when] a choice and its option that alone has this array: with others it may be null
 * @property {number} [fill] of an array that need not be given: what its entries are until it is
 * @property {boolean} [view] what is looked at, not what is computed: presets leave it alone
 */
/** @typedef {{name: string, title: Words, note: Words} & Record<string, any>} Preset */
/**
 * @typedef {object} Table an explorer's JSON
 * @property {Words} title
 * @property {Record<string, number[]>} sizes from and to, by letter
 * @property {Record<string, Field>} fields
 * @property {Preset[]} presets the first is what an explorer opens with
 * @property {Record<string, Words>} [strings]
 */

/** The table of every kind of explorer that the page has. @type {Record<string, Table>} */
export const TABLES = {};

/** Arrays and numbers without limits of their own stay within this. */
export const MAX_MAGNITUDE = 1e6;

/** A GRU's gates wear the colours of the gates that do most alike: u keeps, as f; r lets in, as i. */
export const PALETTE = { ...palette, u: palette.f, r: palette.i };

/** @param {string} text @param {Record<string, string | number>} values */
const filled = (text, values) =>
  text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));

/** Words in a language; in a page's script they are in its one already. @param {Words | string} words @param {Lang} lang */
export const said = (words, lang) => (typeof words === "string" ? words : words[lang]);

/**
 * The string of a key in a language, with {names} replaced.
 * @param {Lang} lang
 * @param {StringKey} key
 * @param {Record<string, string | number>} [values]
 */
export function t(lang, key, values = {}) {
  return filled(said(strings[key], lang), values);
}

/**
 * A string of an explorer's own table.
 * @param {{strings?: object}} table
 * @param {Lang} lang
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function own({ strings = {} }, lang, key, values = {}) {
  const words = /** @type {Record<string, Words>} */ (strings)[key];
  if (!words) throw new RangeError(`the explorer's table has no string ${key}`);
  return filled(said(words, lang), values);
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

/** @param {string} kind @param {string} name */
export function presetNamed(kind, name) {
  return TABLES[kind].presets.find((preset) => preset.name === name);
}
