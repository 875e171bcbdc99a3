/** The GRU explorer: one time step, number by number, in the views of the LSTM's cell. */

import { formatGiven, formatNumber } from "../../../frontend/kit/format.mjs";
import { computed, factor, guarded, symbolOf } from "../../../frontend/kit/math.mjs";
import { own, stringKey, t } from "../../../frontend/kit/tables.mjs";
import { inputNames, sumOf, wordsFor, wordsForControl } from "../cell/explain.mjs";
import { buildCell, FIGURE as CELL } from "../cell/view.mjs";
import { gruGeometry } from "./geometry.mjs";
import table from "./gru.json" with { type: "json" };
import { BLOCKS, gruStep, gruTerms } from "./numerics.mjs";

/** @typedef {import("../../../frontend/kit/math.mjs").Part} Part */
/** @typedef {import("../../../frontend/kit/tables.mjs").Lang} Lang */
/** @typedef {import("./numerics.mjs").GRUInput & import("../../../frontend/kit/state.mjs").State} GRUState */
/** @typedef {{state: GRUState, step: Record<string, number[]>, numbers: Record<string, number>}} GRUModel */

const { strings = {}, steps } = /** @type {any} */ (table);

/** The steps of the stepper whose business each number is, the one that computes it first. @type {Record<string, number[]>} */
const BUSINESS = {
  ...{ r: [1, 3], u: [2, 4], g: [3, 4], m: [3], in_m: [3], "r*m": [3] },
  ...{ z_r: [1], z_u: [2], z_g: [3], h_prev: [4], h: [4], "1-u": [4] },
  ...{ "u*h_prev": [4], "(1-u)*g": [4], bus_x: [1, 2, 3], bus_h: [1, 2, 3] },
};
const NAMES = Object.keys(BUSINESS).filter((name) => !/_m|bus/.test(name));

/** @param {Lang} lang @param {string} key @param {Record<string, string | number>} [values] */
const words = (lang, key, values) =>
  Object.hasOwn(strings, key) ? own(table, lang, key, values) : t(lang, stringKey(key), values);

/** @param {Lang} lang @param {string} name @param {number} H */
const controlWords = (lang, name, H) => wordsForControl(lang, name, H, "urg", words);

/** @param {GRUState} state */
const quantityNames = (state) => [...inputNames(state), ...NAMES];

/**
 * The right side of a number's equation.
 * @param {string} name
 * @param {(key: string, second?: boolean) => Part[]} of a quantity, as a letter or as a number
 * @param {(gate: string, from?: "x" | "h") => Part[]} sum
 * @returns {Part[]}
 */
function right(name, of, sum) {
  const [a, b] = name.split("*");
  if (b) return [...of(a), ...of("·"), ...of(b, true)];
  switch (name) {
    case "m":
      return sum("g", "h");
    case "z_g":
      return [...sum("g", "x"), " + ", ...right("r*m", of, sum)];
    case "1-u":
      return ["1 − ", ...of("u", true)];
    case "h":
      return [...right("u*h_prev", of, sum), " + ", ...right("(1-u)*g", of, sum)];
  }
  if (name.startsWith("z_")) return sum(name[2]);
  return [name === "g" ? "tanh(" : "σ(", ...right(`z_${name}`, of, sum), ")"];
}

/** @param {GRUModel} model @param {string} name @returns {Part[]} */
function equation({ state, numbers }, name) {
  const { unit } = state;
  /** @param {string} key @param {boolean} [second] @returns {Part[]} */
  const of = (key, second) => {
    if (key === "·") return [" · "];
    const name = key.replace(/^\((.*)\)$/, "$1");
    const value = numbers[name];
    const part = name === "h_prev" ? formatGiven(value) : computed(name, value);
    return (second ? guarded : factor)(value, part);
  };
  /** @type {Part[]} */
  const start = [...symbolOf(name, unit), " = "];
  if (/^(x|h_prev)/.test(name)) return [...start, formatGiven(numbers[name])];
  const all = right(name, of, (gate, from) => [
    sumOf(
      gruTerms(state, /** @type {"g"} */ (gate), unit).filter(
        ({ weight_name }) => !from || /^W|b\.0/.test(weight_name) === (from === "x"),
      ),
    ),
  ]);
  return [...start, ...all, " = ", computed(name, numbers[name])];
}

/** @param {string} name @param {number} unit @returns {Part[]} */
function equationInLetters(name, unit) {
  /** @param {string} key */
  const of = (key) => (key === "·" ? [" "] : symbolOf(key, unit));
  return [
    ...of(name),
    " = ",
    ...right(name, of, (gate, from) => {
      const sub = `${gate},${unit + 1}`;
      /** @type {Part[]} */
      const x = [{ sym: "x", q: "x" }, " ", { sym: "W", sub }, " + ", { sym: "b", sub }];
      /** @type {Part[]} */
      const h = [
        { sym: "h", sub: "t−1", q: "h" },
        " ",
        { sym: "U", sub },
        " + ",
        { sym: "b′", sub },
      ];
      return from ? { x, h }[from] : [...x, " + ", ...h];
    }),
  ];
}

/** @type {import("../cell/explain.mjs").Ways} */
const WAYS = /** @type {any} */ ({
  steps,
  equations: ["r", "u", "m", "g", "h"],
  gates: () => BLOCKS,
  unitNames: () => NAMES,
  quantityNames,
  inputs: inputNames,
  shown: (/** @type {string} */ name) => name,
  symbolOf,
  symbolInList: symbolOf,
  /** @param {GRUModel} model @param {string} name @param {number} unit */
  numberOf: ({ step }, name, unit) => step[name][unit],
  terms: gruTerms,
  /** @param {string} name */
  stepsOf: (name) => BUSINESS[name] ?? [1, 2, 3],
  /** @param {string} name */
  colourOf: (name) => /^x|[urgx]$/.exec(name)?.[0] ?? "h",
  words,
  /** @param {Lang} lang @param {string} name @param {number} unit */
  wordsFor: (lang, name, unit) => wordsFor(lang, name, unit, words),
  wordsForControl: controlWords,
  equation,
  equationInLetters,
  geometry: gruGeometry,
  wires: () => ["bus_x", "bus_h", "in_m", ...NAMES.filter((name) => !/^z_/.test(name))],
  ends: () => ["h", "in_m"],
  into: "in_",
  branch: "1-u",
  plus: "h",
  valves: { "u*h_prev": "u", "(1-u)*g": "1-u", "r*m": "r" },
  /** @param {string} name */
  sign: (name) => (name === "1-u" ? "1−" : /^z_|^m$/.test(name) ? "Σ" : ""),
});

/** @type {import("../../../frontend/kit/figure.mjs").Kind} */
export const FIGURE = {
  compute(raw) {
    const state = /** @type {GRUState} */ (raw);
    /** @type {Record<string, ArrayLike<number>>} */
    const step = gruStep(state);
    const pairs = quantityNames(state).map((name) => {
      const [key, k = state.unit] = name.split(".");
      return [name, step[key][Number(k)]];
    });
    return { state, step, numbers: Object.fromEntries(pairs) };
  },
  words: (lang, name, state) =>
    /^[WUb]/.test(name)
      ? controlWords(lang, name, state.h_prev.length)
      : CELL.words(lang, name, state),
  outcome: ({ state, numbers: { u, h } }) =>
    own(table, state.lang, "outcome", {
      n: state.unit + 1,
      u: formatNumber(u),
      h: formatNumber(h),
    }),
  build: (context) => buildCell(context, () => WAYS),
};
