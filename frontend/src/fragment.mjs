/**
 * The state in the URL's fragment, `#<id>?preset=forget&x=1,-0.5&W=1,2;3,4&step=3&unit=1`: only
 * what differs from the state that the figure opened with, or from the named preset. No DOM.
 */

import { InputError, matchingPreset, parseState, same, withPreset } from "./state.mjs";
import { NUMBER_KEYS } from "./tables.mjs";

/** @typedef {import("./state.mjs").CellState} CellState */
/** @typedef {import("./tables.mjs").NumberKey} NumberKey */

const MAX_LENGTH = 4000;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,4})?$/i;
const MATRICES = ["W", "U"];

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

/** @param {string} key @param {string} text @returns {unknown} */
function parseValue(key, text) {
  if (key === "unit" || key === "step") return parseNumber(text, key);
  /** @param {string} row @param {number} k */
  const vector = (row, k) =>
    row
      .split(",")
      .map((n, j) =>
        parseNumber(n, MATRICES.includes(key) ? `${key}[${k}][${j}]` : `${key}[${j}]`),
      );
  return MATRICES.includes(key) ? text.split(";").map(vector) : vector(text, 0);
}

/**
 * The state that a fragment describes.
 * @param {string} hash as `location.hash`
 * @param {CellState} opened
 * @returns {{state: CellState, preset: string | undefined}}
 */
export function readFragment(hash, opened) {
  if (hash.length > MAX_LENGTH)
    throw new InputError("#", "length", `${hash.slice(0, 20)}…`, { limit: MAX_LENGTH });
  const pairs = hash
    .slice(hash.indexOf("?") + 1)
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const at = pair.indexOf("=");
      return [
        decoded(at < 0 ? pair : pair.slice(0, at)),
        at < 0 ? "" : decoded(pair.slice(at + 1)),
      ];
    });
  /** @type {Record<string, unknown>} */
  const values = {};
  /** @type {string | undefined} */
  let preset;
  for (const [key, text] of pairs) {
    const known =
      key === "preset" ||
      key === "unit" ||
      key === "step" ||
      NUMBER_KEYS.includes(/** @type {NumberKey} */ (key));
    if (!known || Object.hasOwn(values, key) || (key === "preset" && preset !== undefined)) {
      throw new InputError(key.slice(0, 40), "key", text);
    }
    if (key === "preset") preset = text;
    else values[key] = parseValue(key, text);
  }
  const base = preset === undefined ? opened : withPreset(opened, preset);
  // A unit that the new sizes do not have is the link's mistake only if the link names it.
  const H = Array.isArray(values.h_prev) ? values.h_prev.length : base.h_prev.length;
  const unit = base.unit < H ? base.unit : 0;
  return { state: parseState({ ...base, unit, ...values }), preset };
}

/** @param {unknown} value */
const serialise = (value) =>
  Array.isArray(value)
    ? value
        .map((item) => (Array.isArray(item) ? item.join(",") : item))
        .join(Array.isArray(value[0]) ? ";" : ",")
    : String(value);

/**
 * The fragment of a state; empty when it is the one that the figure opened with.
 * @param {string} id
 * @param {CellState} opened
 * @param {CellState} state
 * @param {string} [from] the preset that the reader started from, if any
 */
export function writeFragment(id, opened, state, from) {
  /** @param {CellState} base */
  const differences = (base) =>
    /** @type {const} */ ([...NUMBER_KEYS, "unit", "step"])
      .filter((key) => !same(state[key], base[key]))
      .map((key) => `${key}=${serialise(state[key])}`);
  const plain = differences(opened);
  const touched = plain.some((pair) => !/^(unit|step)=/.test(pair));
  const preset = touched ? (matchingPreset(state)?.name ?? from) : undefined;
  const pairs =
    preset === undefined ? plain : [`preset=${preset}`, ...differences(withPreset(opened, preset))];
  return pairs.length === 0 ? "" : `#${encodeURIComponent(id)}?${pairs.join("&")}`;
}
