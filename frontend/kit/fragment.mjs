/**
 * The state in the URL's fragment, `#<id>?preset=forget&x=1,-0.5&W=1,2;3,4&step=3&unit=1`: only
 * what differs from the state that the figure opened with, or from the named preset. No DOM.
 */

import { fieldsOf, InputError, matchingPreset, parseKept, same, withPreset } from "./state.mjs";
import { TABLES } from "./tables.mjs";

/** @typedef {import("./state.mjs").State} State */
/** @typedef {import("./tables.mjs").Field} Field */

const MAX_LENGTH = 8000;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,4})?$/i;

/** Whether a fragment speaks of the figure with this id. @param {string} hash @param {string} id */
export function isFragmentOf(hash, id) {
  return id !== "" && decoded(hash.slice(0, hash.indexOf("?") + 1)) === `#${id}?`;
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @param {string} text @param {string} argument */
function parseNumber(text, argument) {
  const plain = text.trim().replace("\u2212", "-");
  if (!NUMBER.test(plain)) throw new InputError(argument, "number", text);
  return Number(plain);
}

/** @param {string} key @param {string} text @param {Field} field @returns {unknown} */
function parseValue(key, text, { type, axes }) {
  if (type === "choice") return text;
  if (type === "flag") return { 1: true, 0: false }[text] ?? text;
  if (type !== "array") return parseNumber(text, key);
  /** @param {string} row @param {string} argument */
  const vector = (row, argument) =>
    row.split(",").map((n, j) => parseNumber(n, `${argument}[${j}]`));
  if (axes?.length === 1) return vector(text, key);
  return text.split(";").map((row, k) => vector(row, `${key}[${k}]`));
}

/**
 * The state that a fragment describes.
 * @param {string} hash as `location.hash`
 * @param {State} opened
 * @returns {{state: State, preset: string | undefined}}
 */
export function readFragment(hash, opened) {
  if (hash.length > MAX_LENGTH)
    throw new InputError("#", "length", `${hash.slice(0, 20)}…`, { limit: MAX_LENGTH });
  const { fields } = TABLES[opened.kind];
  /** @type {Record<string, unknown>} */
  const values = {};
  /** @type {string | undefined} */
  let preset;
  for (const pair of hash.slice(hash.indexOf("?") + 1).split("&")) {
    if (pair === "") continue;
    const at = pair.indexOf("=");
    const key = decoded(at < 0 ? pair : pair.slice(0, at));
    const text = at < 0 ? "" : decoded(pair.slice(at + 1));
    const known = key === "preset" ? preset === undefined : Object.hasOwn(fields, key);
    if (!known || Object.hasOwn(values, key)) {
      const keys = ["preset", ...Object.keys(fields)].join(", ");
      throw new InputError(key.slice(0, 40), "key", text, { keys });
    }
    if (key === "preset") preset = text;
    else values[key] = parseValue(key, text, fields[key]);
  }
  const base = preset === undefined ? opened : withPreset(opened, preset);
  // A unit that the new sizes do not have is the link's mistake only if the link names it.
  return { state: parseKept({ ...base, ...values }, Object.keys(values)), preset };
}

/** @param {unknown} value */
function serialise(value) {
  if (typeof value === "boolean") return value ? "1" : "0";
  if (!Array.isArray(value)) return String(value);
  return value.map(String).join(Array.isArray(value[0]) ? ";" : ",");
}

/**
 * The fragment of a state; empty when it is the one that the figure opened with.
 * @param {string} id
 * @param {State} opened
 * @param {State} state
 * @param {string} [from] the preset that the reader started from, if any
 */
export function writeFragment(id, opened, state, from) {
  const fields = fieldsOf(state.kind);
  /** @param {State} base */
  const differing = (base) => fields.filter(([key]) => !same(state[key], base[key]));
  const plain = differing(opened);
  const touched = plain.some(([, { view }]) => !view);
  const preset = touched ? (matchingPreset(state)?.name ?? from) : undefined;
  const rest = preset === undefined ? plain : differing(withPreset(opened, preset));
  const pairs = rest.map(([key]) => `${key}=${serialise(state[key])}`);
  if (preset !== undefined) pairs.unshift(`preset=${preset}`);
  return pairs.length === 0 ? "" : `#${encodeURIComponent(id)}?${pairs.join("&")}`;
}
