/**
 * The state of an explorer: its keys are the names of the Python traits, its form is what the
 * explorer's table says. Parsed, refused with a reason, changed by copy. No DOM.
 */

import { MINUS } from "./format.mjs";
import { LANGS } from "./langs.mjs";
import { MAX_MAGNITUDE, presetNamed, stringKey, TABLES, t } from "./tables.mjs";

/** @typedef {import("./tables.mjs").Lang} Lang */
/** @typedef {import("./tables.mjs").Field} Field */
/** @typedef {{kind: string, lang: Lang} & Record<string, any>} State */

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
    const values = Object.fromEntries(
      Object.entries(this.values).map(([key, value]) => [
        key,
        typeof value === "number" ? String(value).replace("-", MINUS) : value,
      ]),
    );
    return t(lang, "error.sentence", {
      argument: this.argument,
      expected: t(lang, stringKey(`error.expected.${this.expected}`), values),
      received: describeReceived(this.received, lang),
      hint: t(lang, stringKey(`error.hint.${this.expected}`), values),
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
 * A finite number within its field's limits, or an InputError. Within an array the limits are
 * those of the sliders only.
 * @param {unknown} value
 * @param {string} argument
 * @param {Field} field
 */
export function checkNumber(value, argument, field) {
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new InputError(argument, "number", value);
  }
  const { type, min = 0, max = 0 } = field;
  if (type === "array") {
    if (Math.abs(value) > MAX_MAGNITUDE)
      throw new InputError(argument, "magnitude", value, { limit: MAX_MAGNITUDE });
  } else if (value < min || value > max || (type === "integer" && !Number.isInteger(value))) {
    throw new InputError(argument, type === "integer" ? "integer" : "range", value, { min, max });
  }
  return value + 0;
}

/** The number and the letter of an axis: "4H" is 4 and H, "2" is 2 and nothing. @param {string} axis */
function split(axis) {
  const letter = axis.replace(/^\d+/, "");
  return { letter, times: Number(axis.slice(0, axis.length - letter.length) || 1) };
}

/** The length of an axis; undefined while its letter is unknown. @param {string} axis @param {Record<string, number>} sizes */
function lengthOf(axis, sizes) {
  const { letter, times } = split(axis);
  return letter === "" ? times : sizes[letter] === undefined ? undefined : times * sizes[letter];
}

/** @param {unknown} value @param {string} argument @param {Field} field @param {Record<string, number>} sizes the letters known so far; grows @param {Record<string, number[]>} limits */
function checkArray(value, argument, field, sizes, limits) {
  const axes = field.axes ?? [];
  const letters = axes.join(" × ");
  const items = Array.isArray(value) ? value : [];
  for (const [place, axis] of axes.entries()) {
    if (lengthOf(axis, sizes) !== undefined) continue;
    const { letter, times } = split(axis);
    const [min, max] = limits[letter];
    const size = (place === 0 ? items.length : items[0]?.length) / times;
    if (!(Number.isInteger(size) && size >= min && size <= max))
      throw new InputError(argument, "size", value, { letters, letter, min, max });
    sizes[letter] = size;
  }
  const [rows, columns] = axes.map((axis) => lengthOf(axis, sizes) ?? 0);
  const fits =
    Array.isArray(value) &&
    items.length === rows &&
    (axes.length === 1 || items.every((row) => Array.isArray(row) && row.length === columns));
  if (!fits) {
    throw axes.length === 1
      ? new InputError(argument, "vector", value, { letters, length: rows })
      : new InputError(argument, "matrix", value, { letters, rows, columns });
  }
  if (axes.length === 1) return items.map((n, k) => checkNumber(n, `${argument}[${k}]`, field));
  return items.map((row, k) =>
    row.map((/** @type {unknown} */ n, /** @type {number} */ j) =>
      checkNumber(n, `${argument}[${k}][${j}]`, field),
    ),
  );
}

/** What an array is until it is given. @param {Field} field @param {Record<string, number>} sizes */
function filled({ axes = [], fill = 0 }, sizes) {
  const [rows, columns] = axes.map((axis) => lengthOf(axis, sizes) ?? 0);
  const row = () => Array(columns).fill(fill);
  return columns === undefined ? Array(rows).fill(fill) : Array.from({ length: rows }, row);
}

/** @param {unknown} value @param {string} argument @param {Field} field @param {Record<string, number>} sizes @param {Record<string, number[]>} limits */
function checkField(value, argument, field, sizes, limits) {
  switch (field.type) {
    case "array":
      if (value === null && field.when) return null;
      if (value === null && (field.optional || field.fill !== undefined))
        return filled(field, sizes);
      return checkArray(value, argument, field, sizes, limits);
    case "index": {
      const max = (lengthOf(field.axes?.[0] ?? "", sizes) ?? 1) - 1;
      if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > max)
        throw new InputError(argument, "index", value, { max });
      return value + 0;
    }
    case "choice":
      if (!field.options?.includes(/** @type {string} */ (value)))
        throw new InputError(argument, "choice", value, {
          options: (field.options ?? []).join(", "),
        });
      return value;
    case "flag":
      if (typeof value !== "boolean") throw new InputError(argument, "flag", value);
      return value;
    default:
      return checkNumber(value, argument, field);
  }
}

/** @param {string} kind */
export const fieldsOf = (kind) => Object.entries(TABLES[kind].fields);

/** The keys of a state, in order. @param {string} kind @returns {string[]} */
export const stateKeys = (kind) => ["kind", "lang", ...Object.keys(TABLES[kind].fields)];

/** What a field is if nobody says: the first preset's, or the first there is. @param {string} kind @param {string} key */
function fallback(kind, key) {
  const { fields, presets } = TABLES[kind];
  if (Object.hasOwn(presets[0], key)) return presets[0][key];
  const { type, min, options } = fields[key];
  if (type === "array") return null;
  return type === "choice" ? options?.[0] : type === "flag" ? false : (min ?? 0);
}

/**
 * A whole state out of what a page, a kernel or a link gives. What is missing is the first
 * preset's. An integer whose name is a letter of the sizes, as T, fixes that size.
 * @param {unknown} raw
 * @returns {State}
 */
export function parseState(raw) {
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) {
    throw new InputError("state", "state", raw);
  }
  /** @param {string} key @param {unknown} missing */
  const get = (key, missing) => {
    const value = Object.hasOwn(raw, key) ? /** @type {any} */ (raw)[key] : undefined;
    return value === undefined ? missing : value;
  };
  const kind = /** @type {string} */ (get("kind", "cell"));
  if (!Object.hasOwn(TABLES, kind)) {
    throw new InputError("kind", "kind", kind, { kinds: Object.keys(TABLES).join(", ") });
  }
  const lang = /** @type {Lang} */ (get("lang", LANGS[0]));
  if (!LANGS.includes(lang)) throw new InputError("lang", "lang", lang);
  /** @type {Record<string, number>} */
  const sizes = {};
  /** @type {State} */
  const state = { kind, lang };
  for (const [key, field] of fieldsOf(kind)) {
    const value = get(key, fallback(kind, key));
    state[key] = checkField(value, key, field, sizes, TABLES[kind].sizes);
    const [choice, option] = field.when ?? [];
    if (state[key] === null && choice && state[choice] === option)
      state[key] = filled(field, sizes);
    if (field.type === "integer" && TABLES[kind].sizes[key]) sizes[key] = state[key];
  }
  return state;
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

/** @param {State} before @param {State} after */
export function changedKeys(before, after) {
  return stateKeys(before.kind).filter((key) => !same(before[key], after[key]));
}

/**
 * The state with one number changed; `name` is the control's, as "W.0.3", "b.3" or "T".
 * @param {State} state
 * @param {string} name
 * @param {number} value
 * @returns {State}
 */
export function withNumber(state, name, value) {
  const [key, ...path] = name.split(".");
  return { ...state, [key]: replaced(state[key], path.map(Number), value) };
}

/** @param {any} old @param {number[]} path @param {number} value @returns {any} */
function replaced(old, [at, ...path], value) {
  if (at === undefined) return value;
  return old.map((/** @type {any} */ item, /** @type {number} */ k) =>
    k === at ? replaced(item, path, value) : item,
  );
}

/** @param {State} state @param {string} name @returns {number} */
export function numberAt(state, name) {
  const [key, ...path] = name.split(".");
  return path.reduce((at, k) => at?.[k], state[key]);
}

/** What a preset says of a field; where it is silent, the first option and no array. @param {Record<string, any>} preset @param {string} kind @param {string} key */
const inPreset = (preset, kind, key) =>
  preset[key] ?? TABLES[kind].fields[key].options?.[0] ?? null;

/**
 * The numbers of a preset put into a state; what is looked at stays, where it still exists.
 * @param {State} state
 * @param {string} name
 * @returns {State}
 */
export function withPreset(state, name) {
  const { kind } = state;
  const preset = presetNamed(kind, name);
  if (!preset) {
    const names = TABLES[kind].presets.map((one) => one.name).join(", ");
    throw new InputError("preset", "preset", name, { names });
  }
  const keys = fieldsOf(kind).filter(([key, { view }]) => !view || Object.hasOwn(preset, key));
  const news = Object.fromEntries(keys.map(([key]) => [key, inPreset(preset, kind, key)]));
  return parseKept({ ...state, ...news });
}

/** A whole state in which an index that is out of reach goes back to 0, and an array that fills itself fits the sizes. @param {State} raw @param {readonly string[]} [named] what stays as it is, right or wrong */
export function parseKept(raw, named = []) {
  const view = fieldsOf(raw.kind).filter(
    ([key, { type, fill }]) => (type === "index" || fill !== undefined) && !named.includes(key),
  );
  const first = view.map(([key, { type }]) => [key, type === "index" ? 0 : null]);
  const safe = parseState({ ...raw, ...Object.fromEntries(first) });
  for (const [key] of view) {
    try {
      safe[key] = parseState({ ...safe, [key]: raw[key] })[key];
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
  }
  return safe;
}

/** The preset that has exactly these numbers. @param {State} state */
export function matchingPreset(state) {
  const computed = fieldsOf(state.kind).filter(([, { view }]) => !view);
  return TABLES[state.kind].presets.find((preset) =>
    computed.every(([key]) => same(inPreset(preset, state.kind, key), state[key])),
  );
}
