/** What each number of the cell is: its equation with the numbers put in, and its words. No DOM. */

import {
  formatFactor,
  formatGiven,
  formatNumber,
  formatPercent,
  MINUS,
} from "../../../frontend/kit/format.mjs";
import { cellGeometry } from "../../../frontend/kit/geometry.mjs";
import { computed, factor, fill, guarded, symbolOf } from "../../../frontend/kit/math.mjs";
import { own, stringKey, t } from "../../../frontend/kit/tables.mjs";
import { column, gatesOf, READING_ORDER, terms } from "../../../frontend/numerics/lstm.mjs";
import table from "./cell.json" with { type: "json" };

/** @typedef {import("../../../frontend/kit/math.mjs").Part} Part */
/** @typedef {import("../../../frontend/numerics/lstm.mjs").Gate} Gate */
/**
 * @typedef {object} CellState
 * @property {string} kind
 * @property {Lang} lang
 * @property {import("../../../frontend/numerics/lstm.mjs").Variant} variant
 * @property {number[][]} W D × 4H
 * @property {number[][]} U H × 4H
 * @property {number[]} b 4H
 * @property {number[][] | null} p 3 × H, the peepholes of i, f, o
 * @property {number[][] | null} V H × 4H
 * @property {number[]} x D
 * @property {number[]} h_prev H
 * @property {number[]} c_prev H
 * @property {"forward" | "back"} way
 * @property {number[]} dh H, what reaches h from outside on the way back
 * @property {number[]} dc H, what reaches c
 * @property {number} unit the chosen unit, from 0
 * @property {number} step 0 (whole) to 6
 */
/** @typedef {import("../../../frontend/kit/tables.mjs").Lang} Lang */

/** What a view draws from: the state, and every number of the chosen unit by name. */
/** @typedef {{state: CellState, step: import("../../../frontend/numerics/lstm.mjs").CellStep, numbers: Record<string, number>}} CellModel */

/** The steps of the stepper (1 to 6) whose business each number is. @type {Record<string, number[]>} */
const BUSINESS = {
  f: [1, 4],
  i: [2, 4],
  g: [3, 4],
  o: [5, 6],
  c_prev: [4],
  "f*c_prev": [4],
  "i*g": [4],
  c: [4, 6],
  tanh_c: [6],
  h: [6],
  c_branch: [6],
};
const GATE_STEP = { f: 1, i: 2, g: 3, o: 5 };

/** @param {string} name @returns {number[]} */
export function stepsOf(name) {
  if (name in BUSINESS) return BUSINESS[name];
  if (name.startsWith("z_")) return [GATE_STEP[/** @type {Gate} */ (name.slice(2))]];
  return Object.values(GATE_STEP);
}

/** The palette's name for a number. @param {string} name */
export function colourOf(name) {
  const key = name.split(".")[0];
  if (key.startsWith("z_")) return key[2];
  if (key === "tanh_c" || key === "f*c_prev" || key === "c_prev" || key === "c") return "c";
  if (key === "i*g") return "g";
  if (key === "one") return "ink";
  return key[0];
}

/** What a unit held, and what reaches it on the way back, is given, not computed. */
export const STORED = /^([ch]_prev|d[ch])$/;

/** The names of what every unit has a number of its own for, in reading order. */
const UNIT_NAMES = [
  ...READING_ORDER.flatMap((gate) => [`z_${gate}`, gate]),
  "c_prev",
  "f*c_prev",
  "i*g",
  "c",
  "tanh_c",
  "h",
];

/** Those of them that a variant has. @param {CellState} state */
export const unitNames = ({ variant }) =>
  UNIT_NAMES.filter((name) => name !== "z_i" || variant !== "coupled_lstm");

/** The names in the diagram, in reading order. @param {CellState} state */
export function quantityNames(state) {
  return [...inputs(state), ...unitNames(state)];
}

/** @param {{x: number[], h_prev: number[]}} state */
export const inputNames = ({ x, h_prev }) => [
  ...x.map((_, k) => `x.${k}`),
  ...h_prev.map((_, k) => `h_prev.${k}`),
];

/** What comes in from below, each with its place. @param {CellState} state */
const inputs = (state) => [...inputNames(state), "one"];

/** @param {Lang} lang @param {string} key @param {Record<string, string | number>} [values] */
const ofAll = (lang, key, values) => t(lang, stringKey(key), values);

/** A number in words, for labels and announcements. @param {Lang} lang @param {string} name @param {number} unit @param {typeof ofAll} [words] */
export function wordsFor(lang, name, unit, words = ofAll) {
  const [key, index] = name.split(".");
  const n = (index === undefined ? unit : Number(index)) + 1;
  if (key === "one") return t(lang, "ui.one");
  if (key.startsWith("z_")) return t(lang, "ui.words.z", { of: words(lang, key.slice(2)), n });
  if (key === "x") return t(lang, "ui.words.input", { n });
  const plain = {
    "f*c_prev": "ui.words.kept",
    "i*g": "ui.words.written",
    tanh_c: "ui.words.tanh_c",
  };
  const what = key in plain ? plain[/** @type {keyof typeof plain} */ (key)] : key;
  return t(lang, "ui.words.of_unit", { what: words(lang, what), n });
}

/** What a weight or an input is, for its control. @param {Lang} lang @param {string} name @param {number} H @param {string} [blocks] @param {typeof ofAll} [words] */
export function wordsForControl(lang, name, H, blocks = "ifgo", words = ofAll) {
  const [key, a, b] = name.split(".");
  if (key === "dh" || key === "dc") return own(table, lang, key, { n: Number(a) + 1 });
  if (key === "x" || key === "h_prev" || key === "c_prev") return wordsFor(lang, name, 0);
  if (key === "p") {
    const gate = t(lang, stringKey(`ui.to.${"ifo"[Number(a)]}`));
    return own(table, lang, key, { gate, n: Number(b) + 1 });
  }
  const col = Number(b ?? a);
  const values = {
    gate: words(lang, `ui.to.${blocks[Math.floor(col / H)]}`),
    n: (col % H) + 1,
    row: Number(a) + 1,
  };
  if (key === "V") return own(table, lang, key, values);
  return words(lang, `ui.control.${key}`, values);
}

/** @param {CellState} state @param {Gate} gate */
const sum = (state, gate) => sumOf(terms(state, gate, state.unit));

/** Terms in a row, as 0.90·0.50 − 0.30·(−1.00) + 1.00. @param {import("../../../frontend/numerics/lstm.mjs").Term[]} all */
export function sumOf(all) {
  return all
    .map(({ input, weight, value }, k) => {
      const minus = k === 0 ? MINUS : ` ${MINUS} `;
      const sign = weight < 0 ? minus : k === 0 ? "" : " + ";
      return `${sign}${formatGiven(Math.abs(weight))}${input.startsWith("one") ? "" : `·${formatFactor(value)}`}`;
    })
    .join("");
}

/**
 * The equation of a number with the numbers put in.
 * @param {CellModel} model
 * @param {string} name
 * @returns {Part[]}
 */
export function equation({ state, numbers }, name) {
  const unit = state.unit;
  /** @param {string} key */
  const sym = (key) => symbolOf(key, unit);
  /** @param {string} key */
  const num = (key) => (key === "c_prev" ? formatGiven(numbers[key]) : computed(key, numbers[key]));
  /** @param {string} key */
  const safe = (key) => guarded(numbers[key], num(key));
  /** @param {string} key */
  const first = (key) => factor(numbers[key], num(key));
  /** @param {string} a @param {string} b @returns {Part[]} */
  const product = (a, b) => [...first(a), " · ", ...safe(b)];
  if (name === "i" && state.variant === "coupled_lstm")
    return [...sym("i"), " = 1 − ", ...sym("f"), " = 1 − ", ...safe("f"), " = ", num("i")];
  switch (name) {
    case "f":
    case "i":
    case "g":
    case "o": {
      const squash = name === "g" ? "tanh" : "σ";
      return [
        ...sym(name),
        ` = ${squash}(`,
        sum(state, name),
        `) = ${squash}(`,
        num(`z_${name}`),
        ") = ",
        num(name),
      ];
    }
    case "f*c_prev":
      return [...sym(name), " = ", ...product("f", "c_prev"), " = ", num(name)];
    case "i*g":
      return [...sym(name), " = ", ...product("i", "g"), " = ", num(name)];
    case "c":
      return [
        ...sym("c"),
        " = ",
        ...product("f", "c_prev"),
        " + ",
        ...product("i", "g"),
        " = ",
        num("f*c_prev"),
        " + ",
        ...safe("i*g"),
        " = ",
        num("c"),
      ];
    case "tanh_c":
      return [...sym(name), " = tanh(", num("c"), ") = ", num(name)];
    case "h":
      return [
        ...sym("h"),
        " = ",
        ...first("o"),
        " · tanh(",
        num("c"),
        ") = ",
        ...product("o", "tanh_c"),
        " = ",
        num("h"),
      ];
    default:
      if (name.startsWith("z_")) {
        const gate = /** @type {Gate} */ (name.slice(2));
        return [...sym(name), " = ", sum(state, gate), " = ", num(name)];
      }
      if (name === "one") return ["1"];
      return [...sym(name), " = ", formatGiven(numbers[name])];
  }
}

/** The equation in letters. @param {string} name @param {number} unit @param {string} [variant] @returns {Part[]} */
export function equationInLetters(name, unit, variant = "lstm") {
  /** @param {string} key */
  const sym = (key) => symbolOf(key, unit);
  if (name === "c") return [...sym("c"), " = ", ...sym("f*c_prev"), " + ", ...sym("i*g")];
  if (name === "h") return [...sym("h"), " = ", ...sym("o"), " tanh ", ...sym("c")];
  if (name === "i" && variant === "coupled_lstm") return [...sym("i"), " = 1 − ", ...sym("f")];
  const n = `${name},${unit + 1}`;
  /** @type {Record<string, Part[]>} */
  const more = {
    full_peephole_lstm: [" + ", { sym: "c", sub: "t−1", q: "c" }, " ", { sym: "V", sub: n }],
    peephole_lstm:
      name === "g" ? [] : [" + ", { sym: "p", sub: n }, " ", ...sym(name === "o" ? "c" : "c_prev")],
  };
  const weighted = [
    { sym: "x", q: "x" },
    " ",
    { sym: "W", sub: n },
    " + ",
    { sym: "h", sub: "t−1", q: "h" },
    " ",
    { sym: "U", sub: n },
    ...(more[variant] ?? []),
    " + ",
    { sym: "b", sub: n },
  ];
  return [...sym(name), name === "g" ? " = tanh(" : " = σ(", ...weighted, ")"];
}

/** What happens at the chosen step, in one sentence with its numbers. @param {CellModel} model @param {Ways} [ways] @returns {Part[]} */
export function sentence({ state, numbers }, ways = LSTM) {
  const { lang, unit, step, variant } = state;
  const coupled = variant === "coupled_lstm" && step === ways.coupledStep ? "_coupled" : "";
  /** @type {Record<string, Part[]>} */
  const values = { unit: [String(unit + 1)] };
  for (const name of ways.unitNames(state)) {
    const value = numbers[name];
    values[name] = [STORED.test(name) ? formatGiven(value) : computed(name, value)];
    values[`${name}%`] = [`${formatPercent(value)}${lang === "es" ? "\u00a0" : ""}%`];
    values[`$${name}`] = ways.symbolOf(name, unit);
  }
  values["f%"] = [`${formatPercent(numbers.f)}${lang === "es" ? "\u00a0" : ""}%`];
  return fill(ways.words(lang, `ui.sentence.${ways.steps[step]}${coupled}`), values);
}

/** The outcome in words, which follows each announcement. @param {CellModel} model */
export function outcome({ state, numbers }) {
  const { lang, unit } = state;
  return t(lang, "ui.say.outcome", {
    c: formatNumber(numbers.c),
    h: formatNumber(numbers.h),
    n: unit + 1,
  });
}

/** A number of any unit. @param {CellModel} model @param {string} name @param {number} unit @returns {number} */
function numberOf({ state, step }, name, unit) {
  if (name.startsWith("z_"))
    return step.z[column(/** @type {Gate} */ (name.slice(2)), unit, state.h_prev.length)];
  if (name === "c_prev") return state.c_prev[unit];
  const key = { "f*c_prev": "f_c_prev", "i*g": "i_g" }[name] ?? name;
  return step[/** @type {keyof typeof step} */ (key)][unit];
}

/** What the shared views ask of a kind of cell; the GRU has its own. */
export const LSTM = {
  steps: table.steps,
  /** The step that tells another story where i is 1 − f. */
  coupledStep: 2,
  /** The equations of the panel. */
  equations: ["f", "i", "g", "c", "o", "h"],
  /** The gates that have a column of weights. */
  gates: gatesOf,
  unitNames,
  quantityNames,
  inputs,
  /** Which number a quantity of the drawing shows, and its symbol. @param {string} name */
  shown: (name) => name,
  symbolOf,
  /** Where all numbers of a unit stand in one list. */
  symbolInList: symbolOf,
  numberOf,
  terms,
  stepsOf,
  colourOf,
  words: ofAll,
  wordsFor,
  wordsForControl,
  equation,
  equationInLetters,
  /** The numbers of an equation alone, where `equation` has its letters too. @type {((model: CellModel, name: string) => Part[]) | undefined} */
  equationInNumbers: undefined,
  /** What the gradient of a weight is, on the way back. @type {((model: CellModel, name: string) => Part[]) | undefined} */
  ofWeight: undefined,
  /** @param {number} width @param {number} last how many inputs there are, less one @param {number} D */
  geometry: (width, last, D) => cellGeometry(width, last, D),
  /** The wires besides those into a gate. @param {CellState} state */
  wires: ({ variant }) =>
    [
      ...READING_ORDER,
      variant === "lstm" ? "" : variant,
      ...["c_prev", "f*c_prev", "c", "i*g", "tanh_c", "h", "c_branch"],
    ].filter(Boolean),
  /** What ends in an arrow, besides each gate's way into its sum. @param {CellState} _state */
  ends: (_state) => ["c", "h"],
  /** How the arrows between the inputs and the sums are called. */
  into: "in_",
  /** The wire that branches off another. */
  branch: "c_branch",
  /** The sum on the belt. */
  plus: "c",
  /** The gate that lets a quantity through: it sets the width of its wire and the level in its node. @type {Record<string, string>} */
  valves: { "f*c_prev": "f", "i*g": "i", h: "o" },
  /** What stands in a round node that is no product. @param {string} name */
  sign: (name) => (name.startsWith("z_") ? "Σ" : ""),
};
/** @typedef {typeof LSTM} Ways */
