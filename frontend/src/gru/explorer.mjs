/** The GRU explorer: one time step, number by number, in the views of the LSTM's cell. */

import { wordsFor as ofCell, wordsForControl as ofControl, sumOf } from "../cell/explain.mjs";
import { buildCell } from "../cell/explorer.mjs";
import { formatGiven, formatNumber, formatPercent } from "../format.mjs";
import { computed, fill, guarded, symbolOf } from "../math.mjs";
import { BLOCKS, gruStep, gruTerms } from "../numerics/gru.mjs";
import { own, stringKey, TABLES, t } from "../tables.mjs";
import { gruGeometry } from "./geometry.mjs";

/** @typedef {import("../math.mjs").Part} Part */
/** @typedef {import("../tables.mjs").Lang} Lang */
/** @typedef {import("../numerics/gru.mjs").GRUInput & import("../state.mjs").State} GRUState */
/** @typedef {{state: GRUState, step: Record<string, number[]>, numbers: Record<string, number>}} GRUModel */

const { strings = {}, steps } = /** @type {any} */ (TABLES.gru);

/** The steps of the stepper whose business each number is, the one that computes it first. @type {Record<string, number[]>} */
const BUSINESS = {
  ...{ r: [1, 3], u: [2, 4], g: [3, 4], m: [3], in_m: [3], "r*m": [3] },
  ...{ z_r: [1], z_u: [2], z_g: [3], h_prev: [4], h: [4], "1-u": [4] },
  ...{ "u*h_prev": [4], "(1-u)*g": [4], bus_x: [1, 2, 3], bus_h: [1, 2, 3] },
};
const NAMES = Object.keys(BUSINESS).filter((name) => !/_m|bus/.test(name));

/** @param {Lang} lang @param {string} key @param {Record<string, string | number>} [values] */
const words = (lang, key, values) =>
  Object.hasOwn(strings, key) ? own("gru", lang, key, values) : t(lang, stringKey(key), values);

/** @param {Lang} lang @param {string} name @param {number} unit */
function wordsFor(lang, name, unit) {
  const gate = name.replace("z_", "");
  const n = unit + 1;
  if (gate !== name) return t(lang, "ui.words.z", { of: words(lang, gate), n });
  return Object.hasOwn(strings, name)
    ? t(lang, "ui.words.of_unit", { what: words(lang, name), n })
    : ofCell(lang, name, unit);
}

/** @param {Lang} lang @param {string} name @param {number} H */
function wordsForControl(lang, name, H) {
  const [key, row, column = 0] = name.split(".");
  if (!/^[WUb]$/.test(key)) return ofControl(lang, name, H);
  const gate = BLOCKS[Math.floor(Number(column) / H)];
  return words(lang, `ui.control.${key}`, {
    gate: gate === "g" ? t(lang, "ui.to.g") : own("gru", lang, "the", { gate: words(lang, gate) }),
    n: (Number(column) % H) + 1,
    row: Number(row) + 1,
    b: row === "0" ? "b" : "b′",
  });
}

/** @param {GRUModel} model @param {string} name @returns {Part[]} */
function equation({ state, numbers }, name) {
  const { unit } = state;
  /** @param {string} key */
  const num = (key) => (key === "h_prev" ? formatGiven(numbers[key]) : computed(key, numbers[key]));
  /** @param {string} key */
  const safe = (key) => guarded(numbers[key], num(key));
  /** @param {string} pair @returns {Part[]} */
  const product = (pair) => {
    const [a, b] = pair.split("*");
    return [num(a.replace(/[()]/g, "")), " · ", ...safe(b)];
  };
  /** @param {"u" | "r" | "g"} gate @param {RegExp} [inputs] */
  const sum = (gate, inputs = /./) =>
    sumOf(gruTerms(state, gate, unit).filter((term) => inputs.test(term.weight_name)));
  /** @returns {Part[]} */
  const right = () => {
    switch (name) {
      case "z_u":
      case "z_r":
        return [sum(name === "z_u" ? "u" : "r")];
      case "m":
        return [sum("g", /^U|b\.1/)];
      case "z_g":
        return [sum("g", /^W|b\.0/), " + ", ...product("r*m")];
      case "u":
      case "r":
        return ["σ(", sum(name), ") = σ(", num(`z_${name}`), ")"];
      case "g":
        return [
          "tanh(",
          sum("g", /^W|b\.0/),
          " + ",
          ...product("r*m"),
          ") = tanh(",
          num("z_g"),
          ")",
        ];
      case "1-u":
        return ["1 − ", num("u")];
      case "h":
        return [
          ...product("u*h_prev"),
          " + ",
          ...product("(1-u)*g"),
          " = ",
          num("u*h_prev"),
          " + ",
          ...safe("(1-u)*g"),
        ];
      default:
        return product(name);
    }
  };
  const left = symbolOf(name, unit);
  if (/^(x|h_prev)/.test(name)) return [...left, " = ", formatGiven(numbers[name])];
  return [...left, " = ", ...right(), " = ", num(name)];
}

/** @param {string} name @param {number} unit @returns {Part[]} */
function equationInLetters(name, unit) {
  const sub = `${name === "m" ? "g" : name},${unit + 1}`;
  /** @type {Part[]} */
  const x = [{ sym: "x", q: "x" }, " ", { sym: "W", sub }, " + ", { sym: "b", sub }];
  /** @type {Part[]} */
  const h = [{ sym: "h", sub: "t−1", q: "h" }, " ", { sym: "U", sub }, " + ", { sym: "b′", sub }];
  /** @param {string} key */
  const sym = (key) => symbolOf(key, unit);
  /** @type {Record<string, Part[]>} */
  const right = {
    m: h,
    g: ["tanh(", ...x, " + ", ...sym("r*m"), ")"],
    h: [...sym("u*h_prev"), " + ", ...sym("(1-u)*g")],
  };
  return [...sym(name), " = ", ...(right[name] ?? ["σ(", ...x, " + ", ...h, ")"])];
}

/** @param {GRUModel} model @returns {Part[]} */
function sentence({ state, numbers }) {
  const { lang, unit, step } = state;
  /** @type {Record<string, Part[]>} */
  const values = { unit: [String(unit + 1)], h_prev: [formatGiven(numbers.h_prev)] };
  for (const name of NAMES) {
    values[name] ??= [computed(name, numbers[name])];
    values[`$${name}`] = symbolOf(name, unit);
    values[`${name}%`] = [`${formatPercent(numbers[name])}\u00a0%`];
  }
  return fill(own("gru", lang, `ui.sentence.${steps[step]}`), values);
}

/** @type {import("../cell/explain.mjs").Ways} */
const WAYS = /** @type {any} */ ({
  steps,
  equations: ["r", "u", "m", "g", "h"],
  gates: () => BLOCKS,
  unitNames: () => NAMES,
  /** @param {GRUState} state */
  quantityNames: ({ x, h_prev }) => [
    ...x.map((_, k) => `x.${k}`),
    ...h_prev.map((_, k) => `h_prev.${k}`),
    ...NAMES,
  ],
  /** @param {GRUModel} model @param {string} name @param {number} unit */
  numberOf: ({ step }, name, unit) => step[name][unit],
  terms: gruTerms,
  /** @param {string} name */
  stepsOf: (name) => BUSINESS[name] ?? [1, 2, 3],
  /** @param {string} name */
  colourOf: (name) =>
    name === "one"
      ? "ink"
      : (/[ur]$|^x|_x$|g$/.exec(name)?.[0].slice(-1) ?? (name === "r*m" ? "r" : "h")),
  words,
  wordsFor,
  wordsForControl,
  equation,
  equationInLetters,
  sentence,
  geometry: gruGeometry,
  wires: () => ["bus_x", "bus_h", "in_m", ...NAMES.filter((name) => !/^z_/.test(name))],
  ends: ["h", "in_m"],
  branch: "1-u",
  plus: "h",
  valves: { "u*h_prev": "u", "(1-u)*g": "1-u", "r*m": "r" },
  /** @param {string} name */
  sign: (name) => (name === "1-u" ? "1−" : /^z_|^m$/.test(name) ? "Σ" : ""),
});

/** @type {import("../explorer.mjs").Kind} */
export const GRU = {
  compute(raw) {
    const state = /** @type {GRUState} */ (raw);
    /** @type {Record<string, number[]>} */
    const step = gruStep(state);
    /** @type {Record<string, number>} */
    const numbers = {};
    for (const key of /** @type {const} */ (["x", "h_prev"]))
      for (const [k, value] of state[key].entries()) numbers[`${key}.${k}`] = value;
    for (const name of NAMES) numbers[name] = step[name][state.unit];
    return { state, step, numbers };
  },
  words: (lang, name, state) =>
    /^(unit|step)$/.test(name)
      ? t(lang, name === "unit" ? "ui.unit" : "ui.steps")
      : wordsForControl(lang, name, state.h_prev.length),
  outcome: ({ state, numbers }) =>
    own("gru", state.lang, "outcome", {
      n: state.unit + 1,
      h: formatNumber(numbers.h),
      u: formatNumber(numbers.u),
    }),
  build: (context) => buildCell(context, WAYS),
};
