/**
 * The state of the cell explorer: its keys are the names of the Python traits. Parsed, refused with
 * a reason, changed by copy. No DOM.
 */

import { CELL, LANGS, NUMBER_KEYS, presetNamed, START, STEPS, stringKey, t } from "./tables.mjs";

/** @typedef {import("./tables.mjs").Lang} Lang */
/** @typedef {import("./tables.mjs").NumberKey} NumberKey */
/**
 * @typedef {object} CellState
 * @property {"cell"} kind
 * @property {Lang} lang
 * @property {number[][]} W D × 4H
 * @property {number[][]} U H × 4H
 * @property {number[]} b 4H
 * @property {number[]} x D
 * @property {number[]} h_prev H
 * @property {number[]} c_prev H
 * @property {number} unit the chosen unit, from 0
 * @property {number} step 0 (whole) to 6
 */
/** @typedef {keyof CellState} StateKey */

/** @type {readonly StateKey[]} */
export const STATE_KEYS = ["kind", "lang", "W", "U", "b", "x", "h_prev", "c_prev", "unit", "step"];

/** Input that is refused: which argument, what was expected, what came, and a hint. */
export class InputError extends Error {
  /**
   * @param {string} argument
   * @param {string} expected a key of the strings under "error.expected."
   * @param {unknown} received
   * @param {Record<string, string | number>} [values]
   */
  constructor(argument, expected, received, values = {}) {
    super(`${argument}: expected ${expected}, got ${show(received)}`);
    this.argument = argument;
    this.expected = expected;
    this.received = received;
    this.values = values;
  }

  /** The whole reason, as a sentence. @param {Lang} lang */
  describe(lang) {
    return t(lang, "error.sentence", {
      argument: this.argument,
      expected: t(lang, stringKey(`error.expected.${this.expected}`), this.values),
      received: describeReceived(this.received, lang),
      hint: t(lang, stringKey(`error.hint.${this.expected}`), this.values),
    });
  }
}

/** @param {unknown} value */
function show(value) {
  let text;
  try {
    text = typeof value === "string" ? value : (JSON.stringify(value) ?? String(value));
  } catch {
    text = String(value);
  }
  if (typeof value === "number") text = String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** @param {unknown} value @param {Lang} lang */
function describeReceived(value, lang) {
  if (value === undefined || value === null || value === "") return t(lang, "error.nothing");
  if (Number.isNaN(value)) return t(lang, "error.no_number");
  if (Array.isArray(value) && value.length > 0 && value.every(Array.isArray)) {
    const widths = [...new Set(value.map((row) => row.length))].join(" / ");
    return t(lang, "error.matrix", { rows: value.length, columns: widths });
  }
  if (Array.isArray(value)) return t(lang, "error.vector", { length: value.length });
  return `“${show(value)}”`;
}

/**
 * A finite number no larger than the limit, or an InputError.
 * @param {unknown} value
 * @param {string} argument
 */
export function checkNumber(value, argument) {
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new InputError(argument, "number", value);
  }
  if (Math.abs(value) > CELL.max_magnitude) {
    throw new InputError(argument, "magnitude", value, { limit: CELL.max_magnitude });
  }
  return value + 0;
}

/** @param {unknown} value @param {string} argument @param {number} top */
function checkIndex(value, argument, top) {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > top) {
    throw new InputError(argument, argument, value, { top });
  }
  return value;
}

/** @param {unknown} value @param {string} argument @param {number} length @param {string} letters */
function checkVector(value, argument, length, letters) {
  if (!Array.isArray(value) || value.length !== length) {
    throw new InputError(argument, "vector", value, { letters, length });
  }
  return value.map((item, k) => checkNumber(item, `${argument}[${k}]`));
}

/** @param {unknown} value @param {string} argument @param {number} rows @param {string} letters @param {number} columns */
function checkMatrix(value, argument, rows, letters, columns) {
  const fits =
    Array.isArray(value) &&
    value.length === rows &&
    value.every((row) => Array.isArray(row) && row.length === columns);
  if (!fits) throw new InputError(argument, "matrix", value, { letters, rows, columns });
  return /** @type {unknown[][]} */ (value).map((row, k) =>
    row.map((item, col) => checkNumber(item, `${argument}[${k}][${col}]`)),
  );
}

/** @param {unknown} value @param {string} argument @param {string} letter @param {number} top */
function checkSize(value, argument, letter, top) {
  if (!Array.isArray(value) || value.length < 1 || value.length > top) {
    throw new InputError(argument, "size", value, { letter, top });
  }
  return value.length;
}

/**
 * A whole state out of what a page, a kernel or a link gives. What is missing is the start
 * preset's; b = null means no bias.
 * @param {unknown} raw
 * @returns {CellState}
 */
export function parseState(raw) {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) {
    throw new InputError("state", "state", raw);
  }
  /** @param {StateKey} key @param {unknown} fallback */
  const get = (key, fallback) => {
    const value = Object.hasOwn(raw, key) ? /** @type {any} */ (raw)[key] : undefined;
    return value === undefined ? fallback : value;
  };
  const kind = get("kind", "cell");
  if (kind !== "cell") throw new InputError("kind", "kind", kind);
  const lang = get("lang", "es");
  if (!LANGS.includes(/** @type {Lang} */ (lang))) throw new InputError("lang", "lang", lang);
  const given = Object.fromEntries(NUMBER_KEYS.map((key) => [key, get(key, START[key])]));
  const D = checkSize(given.x, "x", "D", CELL.max_input_size);
  const H = checkSize(given.h_prev, "h_prev", "H", CELL.max_hidden_size);
  if (given.b === null) given.b = Array(4 * H).fill(0);
  return {
    kind,
    lang: /** @type {Lang} */ (lang),
    x: checkVector(given.x, "x", D, "D"),
    h_prev: checkVector(given.h_prev, "h_prev", H, "H"),
    c_prev: checkVector(given.c_prev, "c_prev", H, "H"),
    W: checkMatrix(given.W, "W", D, "D × 4H", 4 * H),
    U: checkMatrix(given.U, "U", H, "H × 4H", 4 * H),
    b: checkVector(given.b, "b", 4 * H, "4H"),
    unit: checkIndex(get("unit", 0), "unit", H - 1),
    step: checkIndex(get("step", 0), "step", STEPS.length - 1),
  };
}

/**
 * Whether a key has the same value in both states (plain numbers, strings and nested lists).
 * @param {unknown} a
 * @param {unknown} b
 * @returns {boolean}
 */
export function same(a, b) {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, k) => same(item, b[k]));
  }
  return a === b;
}

/** @param {CellState} before @param {CellState} after */
export function changedKeys(before, after) {
  return STATE_KEYS.filter((key) => !same(before[key], after[key]));
}

/**
 * The state with one number changed; `name` is the control's, as "W.0.3", "b.3" or "x.0".
 * @param {CellState} state
 * @param {string} name
 * @param {number} value
 * @returns {CellState}
 */
export function withNumber(state, name, value) {
  const [key, ...path] = name.split(".");
  const indices = path.map(Number);
  if (key === "W" || key === "U") {
    const [row, col] = indices;
    return { ...state, [key]: state[key].map((r, k) => (k === row ? replaced(r, col, value) : r)) };
  }
  const vector = /** @type {"b" | "x" | "h_prev" | "c_prev"} */ (key);
  return { ...state, [vector]: replaced(state[vector], indices[0], value) };
}

/** @template T @param {T[]} items @param {number} at @param {T} value */
const replaced = (items, at, value) => items.map((item, k) => (k === at ? value : item));

/** @param {CellState} state @param {string} name */
export function numberAt(state, name) {
  const [key, ...path] = name.split(".");
  /** @type {any} */
  let at = state[/** @type {NumberKey} */ (key)];
  for (const k of path) at = at?.[k];
  return /** @type {number} */ (at);
}

/**
 * The numbers of a preset put into a state; the unit is kept where it exists.
 * @param {CellState} state
 * @param {string} name
 * @returns {CellState}
 */
export function withPreset(state, name) {
  const preset = presetNamed(name);
  if (!preset) throw new InputError("preset", "preset", name);
  const { x, h_prev, c_prev, W, U, b } = preset;
  const unit = state.unit < h_prev.length ? state.unit : 0;
  return parseState({ ...state, x, h_prev, c_prev, W, U, b, unit });
}

/** The preset that has exactly these numbers. @param {CellState} state */
export function matchingPreset(state) {
  return CELL.presets.find((preset) => NUMBER_KEYS.every((key) => same(preset[key], state[key])));
}

/**
 * Another size: what overlaps is kept, what is new takes half of the start preset's pattern, which
 * has no two equal columns.
 * @param {CellState} state
 * @param {number} D
 * @param {number} H
 * @returns {CellState}
 */
export function withSizes(state, D, H) {
  const oldH = state.h_prev.length;
  /** @param {number[]} pattern @param {number} k */
  const cycled = (pattern, k) => pattern[k % pattern.length];
  /** @param {number[] | undefined} old @param {number[]} pattern @param {number} shift */
  const row = (old, pattern, shift) =>
    Array.from({ length: 4 * H }, (_, col) => {
      const [gate, unit] = [Math.floor(col / H), col % H];
      if (old && unit < oldH) return old[gate * oldH + unit];
      const source = cycled(pattern, 2 * gate + ((unit + shift) % 2));
      const sign = unit >= 2 ? -1 : 1;
      return (sign * Math.round(50 * (source || 0.2))) / 100;
    });
  /** @param {number[][]} old @param {number[][]} pattern @param {number} rows */
  const matrix = (old, pattern, rows) =>
    Array.from({ length: rows }, (_, k) => row(old[k], cycledRow(pattern, k), k));
  /** @param {number[][]} pattern @param {number} k */
  const cycledRow = (pattern, k) => pattern[k % pattern.length];
  /** @param {number[]} old @param {number[]} pattern @param {number} length */
  const vector = (old, pattern, length) =>
    Array.from({ length }, (_, k) => old[k] ?? cycled(pattern, k) / 2);
  return {
    ...state,
    x: vector(state.x, START.x, D),
    h_prev: vector(state.h_prev, START.h_prev, H),
    c_prev: vector(state.c_prev, START.c_prev, H),
    W: matrix(state.W, START.W, D),
    U: matrix(state.U, START.U, H),
    b: row(state.b, START.b, 0),
    unit: Math.min(state.unit, H - 1),
  };
}
