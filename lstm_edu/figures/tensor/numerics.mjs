/**
 * One sample on its way through one or two LSTM layers, and the shapes of its whole batch. No DOM.
 * Held to `TensorExplorer.numbers` by the browser tests; the formulas of x and of the weights
 * stand in its docstring.
 */

import { lstmStep } from "../../../frontend/numerics/lstm.mjs";

/** @typedef {import("../../../frontend/numerics/lstm.mjs").CellStep} CellStep */
/** @typedef {{B: number, T: number, D: number, layers: number, units1: number, units2: number, return_sequences: boolean, return_state: boolean, sample: number}} TensorInput */

/** @param {number} rows @param {number} columns @param {(k: number, j: number) => number} of */
const matrix = (rows, columns, of) =>
  Array.from({ length: rows }, (_, k) => Array.from({ length: columns }, (_, j) => of(k, j)));

/** @param {TensorInput} input */
export function tensorNumbers({ T, D, layers, units1, units2, sample }) {
  const x = matrix(T, D, (t, k) => (((7 * sample + 3 * t + 5 * k) % 11) - 5) / 5);
  /** @type {Record<string, number>} */
  const numbers = {};
  for (const [t, row] of x.entries())
    for (const [k, v] of row.entries()) numbers[`x.${t}.${k}`] = v;
  let read = x;
  const units = [units1, units2].slice(0, layers);
  for (const [at, H] of units.entries()) {
    const l = at + 1;
    const W = matrix(read[0].length, 4 * H, (k, j) => (((3 * k + 5 * j + 2 * l) % 7) - 3) / 4);
    const U = matrix(H, 4 * H, (n, j) => (((5 * n + 3 * j + l) % 7) - 3) / 4);
    const b = Array.from({ length: 4 * H }, (_, j) => Number(Math.floor(j / H) === 1));
    let [h_prev, c_prev] = [Array(H).fill(0), Array(H).fill(0)];
    numbers[`params.${l}`] = 4 * H * (W.length + H + 1);
    read = read.map((row, t) => {
      const step = lstmStep({ W, U, b, x: row, h_prev, c_prev });
      for (const key of /** @type {const} */ (["i", "f", "g", "o", "c", "h"]))
        for (const [k, value] of step[key].entries()) numbers[`${key}${l}.${t}.${k}`] = value;
      c_prev = step.c;
      h_prev = step.h;
      return h_prev;
    });
    if (l < layers) continue;
    for (const k of h_prev.keys()) {
      numbers[`h.${k}`] = h_prev[k];
      numbers[`c.${k}`] = c_prev[k];
    }
  }
  return numbers;
}

/** @param {TensorInput} input what each layer reads, passes on and returns, with its weights' shapes */
export function tensorShapes({ B, T, D, layers, units1, units2, return_sequences, return_state }) {
  return [units1, units2].slice(0, layers).map((H, at) => {
    const last = at === layers - 1;
    const read = at ? units1 : D;
    const output = last && !return_sequences ? [B, H] : [B, T, H];
    return {
      weights: [[read, 4 * H], [H, 4 * H], [4 * H]],
      returned: last && return_state ? [output, [B, H], [B, H]] : [output],
    };
  });
}
