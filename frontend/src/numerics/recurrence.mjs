/** A simple RNN unrolled, and what is left of each input at the end. No DOM. Held to `RecurrenceExplorer.numbers` by the browser tests. */

import { backward, forward, spectralRadius } from "./cells.mjs";

/** @typedef {{cell: "linear" | "tanh", W: number[], U: number[][], b: number[], x: number[]}} RecurrenceInput */

/** The spectral norm of a matrix of one row or two. @param {number[][]} matrix */
function norm([[a, b = 0], [c, d] = [0, 0]]) {
  return (Math.hypot(a + d, b - c) + Math.hypot(a - d, b + c)) / 2;
}

/**
 * h_t = x_t W + h_{t-1} U + b, linear or through tanh, from h_0 = 0. The slope of an input is the
 * derivative of the last h with respect to it; in the linear RNN, W U^(T-k), and then what is left
 * of the input is a share: x_k W U^(T-k). `gain` is tanh′; `power` is the norm of U^(T-k).
 * @param {RecurrenceInput} input
 */
export function recurrenceNumbers({ cell, W, U, b, x }) {
  const linear = cell === "linear";
  const [T, H] = [x.length, W.length];
  const params = { W: [W], U, b };
  /** @param {number[]} inputs */
  const run = (inputs) =>
    forward(
      linear ? "linear_rnn" : "simple_rnn",
      params,
      inputs.map((value) => [value]),
    );
  const trace = run(x);
  const slopes = W.map((_, n) => {
    const dh = x.map((_, k) => W.map((_, m) => Number(k === T - 1 && m === n)));
    return backward(trace, dh).dx;
  });
  const slope = x.map((_, k) => slopes.map((dx) => dx[k][0]));
  const power = new Float64Array(T);
  let U_m = W.map((_, n) => W.map((_, m) => Number(n === m)));
  for (let k = T - 1; k >= 0; k--) {
    power[k] = norm(U_m);
    U_m = U_m.map((row) => W.map((_, n) => row.reduce((sum, v, m) => sum + v * U[m][n], 0)));
  }
  return {
    T,
    H,
    W,
    U,
    b,
    x,
    linear,
    z: trace.z,
    h: trace.h,
    gain: Array.from(trace.h, (row) => Array.from(row, (value) => 1 - value * value)),
    slope,
    slope_norm: slope.map((row) => Math.hypot(...row)),
    contribution: slope.map((row, k) => row.map((value) => x[k] * value)),
    bias: linear ? run(x.map(() => 0)).h[T - 1] : W.map(() => 0),
    power,
    radius: spectralRadius(U),
  };
}
