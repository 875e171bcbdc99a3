/**
 * Two words through one LSTM unit, a dense layer and a softmax. No DOM. Held to
 * `PredictionExplorer.numbers` by the browser tests.
 */

import { lstmStep, unitNumbers } from "../../../frontend/numerics/lstm.mjs";

/** @typedef {import("../../../frontend/numerics/lstm.mjs").CellInput} CellInput */
/** @typedef {{W: number[][], U: number[][], b: number[], W_y: number[][], b_y: number[]}} Weights */

/** ln Σ e^y, without overflow. @param {number[]} y */
function logSum(y) {
  const most = Math.max(...y);
  return most + Math.log(y.reduce((sum, value) => sum + Math.exp(value - most), 0));
}

/**
 * Every number by its name: those of a time step end in .0 or .1, those of a word in its number.
 * @param {Weights} weights
 * @param {number[]} words the numbers of the two words
 * @param {number} target the number of the word that follows
 */
export function predictionNumbers({ W, U, b, W_y, b_y }, words, target) {
  /** @type {Record<string, number>} */
  const numbers = {};
  /** @type {{input: CellInput, numbers: Record<string, number>}[]} */
  const steps = [];
  let [h_prev, c_prev] = [[0], [0]];
  for (const [t, word] of words.entries()) {
    const input = { W, U, b, x: [word], h_prev, c_prev };
    const step = lstmStep(input);
    const unit = unitNumbers(step, input, 0);
    for (const [name, value] of Object.entries({ ...unit, x: word }))
      numbers[`${name}.${t}`] = value;
    steps.push({ input, numbers: unit });
    h_prev = step.h;
    c_prev = step.c;
  }
  const y = b_y.map((bias, k) => h_prev[0] * W_y[0][k] + bias);
  const max = Math.max(...y);
  const low = y.map((value) => value - max); // so that no exponential overflows
  const sum = low.reduce((total, value) => total + Math.exp(value), 0);
  const p = low.map((value) => Math.exp(value) / sum);
  for (const k of y.keys()) {
    numbers[`y.${k}`] = y[k];
    numbers[`exp.${k}`] = Math.exp(low[k]);
    numbers[`p.${k}`] = p[k];
  }
  const all = logSum(low);
  const categorical = all - low[target];
  // ln(1 - p) is the share of all the others: exact for a p close to 1 too.
  const others = low.map((_, k) => all - logSum(low.filter((_, j) => j !== k)));
  others[target] = categorical;
  const binary = others.reduce((total, loss) => total + loss, 0) / y.length;
  Object.assign(numbers, { max, sum, categorical, binary });
  return {
    steps,
    p,
    best: p.flatMap((share, k) => (share === Math.max(...p) ? [k] : [])),
    numbers,
  };
}
