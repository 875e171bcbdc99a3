/** The way back through the cell: what each gradient is, with its numbers, and its words. No DOM. */

import { formatFactor, formatGiven, formatNumber } from "../../../frontend/kit/format.mjs";
import { cellGeometry } from "../../../frontend/kit/geometry.mjs";
import { computed, factor, guarded, symbolOf } from "../../../frontend/kit/math.mjs";
import { own, stringKey, t } from "../../../frontend/kit/tables.mjs";
import { column, gatesOf, terms } from "../../../frontend/numerics/lstm.mjs";
import table from "./cell.json" with { type: "json" };
import { colourOf, inputNames, LSTM, unitNames, wordsForControl } from "./explain.mjs";

/** @typedef {import("../../../frontend/kit/math.mjs").Part} Part */
/** @typedef {import("../../../frontend/kit/tables.mjs").Lang} Lang */
/** @typedef {import("../../../frontend/numerics/lstm.mjs").Gate} Gate */
/** @typedef {import("./explain.mjs").CellModel} CellModel */
/** @typedef {import("./explain.mjs").CellState} CellState */

const { strings = {}, back: steps } = /** @type {any} */ (table);

/** The steps of the way back whose business each quantity of the drawing is. @type {Record<string, number[]>} */
const BUSINESS = {
  ...{ h: [1], tanh_c: [1, 2], o: [1, 4], c_next: [2], c_branch: [2], c: [2, 3] },
  ...{ "f*c_prev": [3, 5], "i*g": [3], f: [3, 4], i: [3, 4], g: [3, 4], c_prev: [5], one: [6] },
  ...{ x: [5, 6], h_prev: [5, 6] },
};

/** Of a gradient, what it is the gradient of. @param {Lang} lang @param {string} key @param {Record<string, string | number>} [values] @returns {string} */
function words(lang, key, values) {
  if (Object.hasOwn(strings, key)) return own(table, lang, key, values);
  if (key.startsWith("dz_")) return `z: ${t(lang, stringKey(key.slice(3)))}`;
  return t(lang, stringKey(/^d/.test(key) ? bare(key) : key), values);
}

/** The gradient that stands on a wire: dc_total is all that reaches c, dc what does from outside. @param {string} name */
const shown = (name) => {
  if (name === "c") return "dc_total";
  if (name === "c_next") return "dc";
  return name.includes("*") ? `d(${name})` : `d${name}`;
};

/** What a gradient is the gradient of. @param {string} name */
const bare = (name) => (/^dc(_total)?$/.test(name) ? "c" : name.replace(/^d\(?|\)/g, ""));

/** The quantity of the drawing that shows a gradient. @param {string} name */
const quantityOf = (name) => (name === "dc" ? "c_next" : /^d/.test(name) ? bare(name) : name);

/** What every unit has a gradient of its own of, from the last to the first. @param {CellState} state */
const gradientNames = (state) => ["c_next", ...unitNames(state)].reverse().map(shown);

/** The symbol of a weight: W_{f,1→2} leads from input 1 to the forget gate of unit 2. @param {string} name @param {number} H @returns {Part} */
function weightSymbol(name, H) {
  const [key, ...path] = name.split(".");
  const [a, b] = path.map(Number);
  if (key === "p") return { sym: "p", sub: `${"ifo"[a]},${b + 1}` };
  const col = b ?? a;
  const from = b === undefined ? "" : `${a + 1}→`;
  return { sym: key, sub: `${"ifgo"[Math.floor(col / H)]},${from}${(col % H) + 1}` };
}

const WEIGHT = /^d?[WUbpV]\./;

/** Of a gradient or of a value. @param {string} name @param {number} unit @param {number} [H] @returns {Part[]} */
function symbol(name, unit, H = 1) {
  const [key, index] = name.split(".");
  if (!/^d/.test(name)) return symbolOf(name, unit);
  if (WEIGHT.test(name)) {
    const weight = /** @type {import("../../../frontend/kit/math.mjs").SymbolPart} */ (
      weightSymbol(name.slice(1), H)
    );
    return [{ ...weight, sym: `d${weight.sym}` }];
  }
  if (key === "dtanh_c") return ["d tanh ", ...symbolOf("c", unit)];
  // A sum hands its gradient on as it is: that of each summand is dc too.
  const of = key.startsWith("d(") ? "c" : bare(key);
  const [part] = symbolOf(index === undefined ? of : `${of}.${index}`, unit);
  const { sym, ...rest } = /** @type {import("../../../frontend/kit/math.mjs").SymbolPart} */ (
    part
  );
  return [{ sym: `d${sym}${key === "dc" ? "′" : ""}`, ...rest }];
}

/** Its symbol where all gradients stand in one list: the three that are dc each say of what. @param {string} name @param {number} unit @returns {Part[]} */
function symbolInList(name, unit) {
  return name.startsWith("d(") ? ["d(", ...symbolOf(bare(name), unit), ")"] : symbol(name, unit);
}

/** ∂L/∂ of what a gradient belongs to. @param {string} name @param {number} unit @param {number} [H] @returns {Part[]} */
export function partial(name, unit, H = 1) {
  if (WEIGHT.test(name)) return ["∂L/∂", weightSymbol(name.slice(1), H)];
  const [key, index] = name.split(".");
  const of = symbolOf(index === undefined ? bare(key) : `${bare(key)}.${index}`, unit);
  return of.length === 1 ? ["∂L/∂", ...of] : ["∂L/∂(", ...of, ")"];
}

/**
 * The right side of a gradient's equation, in letters or in numbers; empty if it is given.
 * @param {CellState} state
 * @param {string} name
 * @param {(key: string, second?: boolean) => Part[]} of a gradient or a value
 * @param {(matrix: "W" | "U" | "V", row: number) => Part[]} sum of all dz, each times its weight in a row
 * @returns {Part[]}
 */
function right(state, name, of, sum) {
  const { variant, unit, h_prev } = state;
  const H = h_prev.length;
  const [key, ...path] = name.split(".");
  const k = Number(path[0]);
  /** @param {string} a @param {string} b @returns {Part[]} */
  const product = (a, b) => [...of(a), " · ", ...of(b, true)];
  /** The square of one letter, or of a number in parentheses, needs no more of them. @param {string} key @returns {Part[]} */
  const square = (key) => {
    const base = of(key, true);
    return base.length === 2 ? ["(", ...base, ")²"] : [...base, "²"];
  };
  /** @param {Gate} gate @param {number} row @returns {Part[]} */
  const peephole = (gate, row) => {
    return [" + ", ...of(`dz_${gate}`, true), " · ", ...of(`p.${row}.${unit}`, true)];
  };
  const peeps = variant === "peephole_lstm";
  if (WEIGHT.test(name)) {
    if (key === "dp") {
      const gate = "ifo"[k];
      return product(`dz_${gate}.${path[1]}`, `${gate === "o" ? "c" : "c_prev"}.${path[1]}`);
    }
    const col = Number(path[path.length - 1]);
    const dz = `dz_${"ifgo"[Math.floor(col / H)]}.${col % H}`;
    if (key === "db") return of(dz);
    const input = { dW: "x", dU: "h_prev", dV: "c_prev" }[key];
    return product(`${input}.${k}`, dz);
  }
  switch (key) {
    case "do":
      return product("dh", "tanh_c");
    case "dtanh_c":
      return product("dh", "o");
    case "dc_total":
      return [
        ...of("dc"),
        " + ",
        ...of("dtanh_c", true),
        " · (1 − ",
        ...square("tanh_c"),
        ")",
        ...(peeps ? peephole("o", 2) : []),
      ];
    case "d(f*c_prev)":
    case "d(i*g)":
      return of("dc_total");
    case "df":
      return variant === "coupled_lstm"
        ? [...product("dc_total", "c_prev"), " − ", ...of("di", true)]
        : product("dc_total", "c_prev");
    case "di":
      return product("dc_total", "g");
    case "dg":
      return product("dc_total", "i");
    case "dz_g":
      return [...of("dg"), " · (1 − ", ...square("g"), ")"];
    case "dc_prev":
      return [
        ...product("dc_total", "f"),
        ...(peeps ? [...peephole("i", 0), ...peephole("f", 1)] : []),
        ...(variant === "full_peephole_lstm" ? [" + ", ...sum("V", unit)] : []),
      ];
    case "dx":
      return sum("W", k);
    case "dh_prev":
      return sum("U", k);
  }
  if (!key.startsWith("dz_")) return [];
  const gate = key[3];
  return [...product(`d${gate}`, gate), " · (1 − ", ...of(gate, true), ")"];
}

/** The right side in letters. @param {CellState} state @param {string} name @returns {Part[]} */
const letters = (state, name) =>
  right(
    state,
    name,
    (key) =>
      WEIGHT.test(key)
        ? [weightSymbol(key, state.h_prev.length)]
        : symbol(key, state.unit, state.h_prev.length),
    (matrix) => ["Σ dz · ", { sym: matrix }],
  );

/** The right side in numbers. @param {CellModel} model @param {string} name @returns {Part[]} */
function inNumbers({ state, step, numbers }, name) {
  const H = state.h_prev.length;
  /** @param {string} key @param {boolean} [second] @returns {Part[]} */
  const of = (key, second) => {
    const [letter, ...path] = key.split(".");
    const given = /^(x|[hc]_prev|d[hc]|p)$/.test(letter);
    const all = /** @type {any} */ ({ c_prev: state.c_prev, p: state.p, c: step.c })[letter];
    const value = path.length && all ? path.reduce((at, k) => at[Number(k)], all) : numbers[key];
    const part = given ? formatGiven(value) : computed(key, value);
    return (second ? guarded : factor)(value, part);
  };
  return right(state, name, of, (matrix, row) =>
    gatesOf(state).flatMap((gate, place) =>
      state.h_prev.flatMap((_, n) => {
        const weights = /** @type {number[][]} */ (state[matrix]);
        const weight = weights[row][column(gate, n, H)];
        const plus = place || n ? " + " : "";
        return [plus, ...of(`dz_${gate}.${n}`, true), `·${formatFactor(weight)}`];
      }),
    ),
  );
}

/** @param {CellModel} model @param {string} name @returns {Part} */
const result = ({ numbers }, name) =>
  /^d[hc](\.|$)/.test(name) ? formatGiven(numbers[name]) : computed(name, numbers[name]);

/** A gradient in letters and in numbers, in one line. @param {CellModel} model @param {string} name @returns {Part[]} */
function whole(model, name) {
  const { state } = model;
  const left = partial(name, state.unit, state.h_prev.length);
  const [inLetters, numbers] = [letters(state, name), inNumbers(model, name)];
  if (numbers.length === 0) return [...symbol(name, state.unit), " = ", result(model, name)];
  const plain = numbers.length === 1 ? [] : [" = ", ...numbers];
  return [...left, " = ", ...inLetters, ...plain, " = ", result(model, name)];
}

/** What a gradient is, for labels and announcements. @param {Lang} lang @param {string} name @param {number} unit */
function wordsFor(lang, name, unit) {
  const [key, index] = name.split(".");
  const n = (index === undefined ? unit : Number(index)) + 1;
  if (key === "dh" || key === "dc") return own(table, lang, key, { n });
  const what = LSTM.wordsFor(lang, index === undefined ? bare(key) : `${bare(key)}.${index}`, unit);
  return own(table, lang, "gradient", { what });
}

/** What the views ask of the way back. @type {import("./explain.mjs").Ways} */
export const BACK = /** @type {any} */ ({
  ...LSTM,
  steps,
  coupledStep: 3,
  equations: ["do", "dc_total", "df", "di", "dg", "dz_f", "dz_i", "dz_g", "dz_o", "dc_prev"],
  unitNames: gradientNames,
  /** @param {CellState} state */
  quantityNames: (state) => [...["c_next", ...unitNames(state)].reverse(), ...inputNames(state)],
  inputs: inputNames,
  shown,
  symbolOf: symbol,
  symbolInList,
  /** @param {CellModel} model @param {string} name @param {number} unit */
  numberOf: ({ numbers }, name, unit) => numbers[`${name}.${unit}`],
  terms,
  /** @param {string} name */
  stepsOf: (name) => BUSINESS[quantityOf(name.split(".")[0])] ?? [4, 5, 6],
  /** @param {string} name */
  colourOf: (name) => colourOf(quantityOf(name)),
  words,
  /** @param {Lang} lang @param {string} name @param {number} unit */
  wordsFor: (lang, name, unit) => wordsFor(lang, name, unit),
  wordsForControl,
  equation: whole,
  /** @param {string} name @param {number} unit @param {string} variant */
  equationInLetters: (name, unit, variant) => [
    ...partial(name, unit),
    " = ",
    ...letters(/** @type {any} */ ({ variant, unit, h_prev: [0] }), name),
  ],
  /** @param {CellModel} model @param {string} name @returns {Part[]} */
  equationInNumbers: (model, name) => [
    ...symbol(name, model.state.unit),
    " = ",
    ...inNumbers(model, name),
    " = ",
    result(model, name),
  ],
  /** The gradient of a weight: its equation, with its words before it. @param {CellModel} model @param {string} name @returns {Part[]} */
  ofWeight: (model, name) => {
    const { lang, h_prev } = model.state;
    const what = wordsForControl(lang, name.slice(1), h_prev.length);
    return [`${own(table, lang, "gradient", { what })}: `, ...whole(model, name)];
  },
  /** @param {number} width @param {number} last @param {number} D */
  geometry: (width, last, D) => cellGeometry(width, last, D, true),
  /** @param {CellState} state */
  ends: (state) => [
    "c_prev",
    ...LSTM.inputs(state)
      .slice(0, -1)
      .map((_, k) => `chip_${k}`),
  ],
  into: "out_",
});

/** The outcome in words, which follows each announcement. @param {CellModel} model */
export function outcomeBack({ state: { lang, unit }, numbers }) {
  const [dc, dc_prev] = [formatNumber(numbers.dc_total), formatNumber(numbers.dc_prev)];
  return own(table, lang, "outcome_back", { n: unit + 1, dc, dc_prev });
}
