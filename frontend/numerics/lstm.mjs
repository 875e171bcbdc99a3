/**
 * One LSTM time step in float64, and the pieces of it that a figure shows. No DOM.
 *
 * Row vectors: z = xW + hU + b, column blocks in the order i, f, g, o, so that gate k of unit j is
 * column k·H + j. Held to `lstm_edu.lstm_step` at 1e-12 by the golden file that Python writes.
 */

import { exp, tanh } from "./exact.mjs";

/** @typedef {"i" | "f" | "g" | "o"} Gate */
/** @typedef {"lstm" | "peephole_lstm" | "full_peephole_lstm" | "coupled_lstm"} Variant */
/** p and V belong to a variant each; W, U and b keep all four blocks in the coupled one too, which does not use i. @typedef {{variant?: Variant, W: number[][], U: number[][], b: number[], p?: number[][] | null, V?: number[][] | null, x: number[], h_prev: number[], c_prev: number[]}} CellInput */
/** @typedef {{z: number[], i: number[], f: number[], g: number[], o: number[], f_c_prev: number[], i_g: number[], c: number[], tanh_c: number[], h: number[]}} CellStep */
/** Takes what a step computes, by its name, and hands it on, moved or as it is. @typedef {(name: string, values: number[]) => number[]} Nudge */
/** @typedef {{input: string, weight_name: string, weight: number, value: number, product: number}} Term */

/** The column blocks of W, U and b. @type {readonly Gate[]} */
const BLOCKS = ["i", "f", "g", "o"];

/** The order in which a cell is read. @type {readonly Gate[]} */
export const READING_ORDER = ["f", "i", "g", "o"];

/**
 * The logistic function, in the form that keeps its relative accuracy on both sides: a gate that
 * is all but closed is e^z, not 0.
 * @param {number} z
 */
export function sigmoid(z) {
  if (z >= 0) return 1 / (1 + exp(-z));
  const e = exp(z);
  return e / (1 + e);
}

/** @param {Gate} gate @param {number} z */
export function activate(gate, z) {
  return gate === "g" ? tanh(z) : sigmoid(z);
}

/**
 * The column of a gate of a unit in W, U and b.
 * @param {Gate} gate
 * @param {number} unit
 * @param {number} hiddenSize
 */
export function column(gate, unit, hiddenSize) {
  return BLOCKS.indexOf(gate) * hiddenSize + unit;
}

/** The gates that have a sum of their own, in reading order. @param {CellInput} input */
export const gatesOf = ({ variant }) =>
  variant === "coupled_lstm" ? READING_ORDER.filter((gate) => gate !== "i") : READING_ORDER;

/** The peepholes' rows in p. */
const PEEPHOLES = "ifo";

/**
 * With peepholes, i and f also read p·c_prev, o reads p·c; with full peepholes z has c_prev V;
 * coupled, i = 1 − f.
 *
 * z = xW + hU + b; i, f, o = σ(z); g = tanh(z); c = f·c_prev + i·g; h = o·tanh(c).
 * @param {CellInput} input
 * @param {Nudge} [nudge] moves a number on its way, to measure what depends on it
 * @returns {CellStep}
 */
export function lstmStep(
  { variant, W, U, b, p, V, x, h_prev, c_prev },
  nudge = (_name, values) => values,
) {
  const H = h_prev.length;
  const sums = b.map((bias, col) => {
    let sum = 0;
    for (let k = 0; k < x.length; k++) sum += x[k] * W[k][col];
    for (let k = 0; k < H; k++) sum += h_prev[k] * U[k][col];
    if (variant === "full_peephole_lstm" && V)
      for (let k = 0; k < H; k++) sum += c_prev[k] * V[k][col];
    return sum + bias;
  });
  const z = nudge("z", sums);
  /** @param {Gate} gate @param {number[]} c what its peephole reads */
  const peep = (gate, c) => {
    if (variant !== "peephole_lstm" || !p) return;
    for (const [unit, value] of c.entries())
      z[column(gate, unit, H)] += p[PEEPHOLES.indexOf(gate)][unit] * value;
  };
  peep("i", c_prev);
  peep("f", c_prev);
  /** @param {string} name @param {(unit: number) => number} of */
  const each = (name, of) =>
    nudge(
      name,
      c_prev.map((_, unit) => of(unit)),
    );
  /** @param {Gate} gate */
  const block = (gate) => each(gate, (unit) => activate(gate, z[column(gate, unit, H)]));
  const [f, g] = [block("f"), block("g")];
  // σ(−z) is 1 − f, and keeps the digits of a gate that is nearly closed.
  const i =
    variant === "coupled_lstm"
      ? each("i", (unit) => sigmoid(-z[column("f", unit, H)]))
      : block("i");
  const f_c_prev = each("f*c_prev", (unit) => f[unit] * c_prev[unit]);
  const i_g = each("i*g", (unit) => i[unit] * g[unit]);
  const c = each("c", (unit) => f_c_prev[unit] + i_g[unit]);
  peep("o", c);
  const o = block("o");
  const tanh_c = each("tanh_c", (unit) => tanh(c[unit]));
  const h = each("h", (unit) => o[unit] * tanh_c[unit]);
  return { z, i, f, g, o, f_c_prev, i_g, c, tanh_c, h };
}

/**
 * The terms whose sum is z of one gate of one unit: each input times its weight, what its variant
 * reads of the cell state, then the bias times the constant 1.
 * @param {CellInput} given
 * @param {Gate} gate
 * @param {number} unit
 * @returns {Term[]}
 */
export function terms(given, gate, unit) {
  const { variant, W, U, b, p, V, x, h_prev, c_prev } = given;
  const col = column(gate, unit, h_prev.length);
  /** @param {string} input @param {string} matrix @param {number[][]} weights @param {number[]} values */
  const rows = (input, matrix, weights, values) =>
    values.map((value, k) => ({
      input: `${input}.${k}`,
      weight_name: `${matrix}.${k}.${col}`,
      weight: weights[k][col],
      value,
      product: value * weights[k][col],
    }));
  const peephole = () => {
    const row = PEEPHOLES.indexOf(gate);
    const weight = /** @type {number[][]} */ (p)[row][unit];
    const value = gate === "o" ? lstmStep(given).c[unit] : c_prev[unit];
    return {
      input: `${gate === "o" ? "c" : "c_prev"}.${unit}`,
      weight_name: `p.${row}.${unit}`,
      weight,
      value,
      product: value * weight,
    };
  };
  return [
    ...rows("x", "W", W, x),
    ...rows("h_prev", "U", U, h_prev),
    ...(variant === "full_peephole_lstm" && V ? rows("c_prev", "V", V, c_prev) : []),
    ...(variant === "peephole_lstm" && p && gate !== "g" ? [peephole()] : []),
    { input: "one", weight_name: `b.${col}`, weight: b[col], value: 1, product: b[col] },
  ];
}

/**
 * Every number of one unit, by the name that its element bears on the page.
 * @param {CellStep} step
 * @param {CellInput} input
 * @param {number} unit
 * @returns {Record<string, number>}
 */
export function unitNumbers(step, input, unit) {
  const H = input.h_prev.length;
  /** @type {Record<string, number>} */
  const numbers = {
    c_prev: input.c_prev[unit],
    "f*c_prev": step.f_c_prev[unit],
    "i*g": step.i_g[unit],
    c: step.c[unit],
    tanh_c: step.tanh_c[unit],
    h: step.h[unit],
    one: 1,
  };
  for (const gate of BLOCKS) {
    numbers[`z_${gate}`] = step.z[column(gate, unit, H)];
    numbers[gate] = step[gate][unit];
  }
  for (const [k, value] of input.x.entries()) numbers[`x.${k}`] = value;
  for (const [k, value] of input.h_prev.entries()) numbers[`h_prev.${k}`] = value;
  return numbers;
}
