/** A simple RNN unrolled, and what is left of each input at the end. No DOM. Held to `RecurrenceExplorer.numbers` by the browser tests. */

import { backward, forward, LINEAR_RNN, SIMPLE_RNN } from "../../../frontend/numerics/cells.mjs";

/** @typedef {{cell: "linear" | "tanh", W: number[], U: number[][], b: number[], x: number[]}} RecurrenceInput */

/** The spectral norm of a matrix of one row or two. @param {number[][]} matrix */
const norm = ([[a, b = 0], [c, d] = [0, 0]]) =>
  (Math.hypot(a + d, b - c) + Math.hypot(a - d, b + c)) / 2;

/**
 * h_t = x_t W + h_{t-1} U + b, linear or through tanh, from h_0 = 0. The slope of an input is the
 * derivative of the last h with respect to it; in the linear RNN it is W U^(T-k), and what is left
 * of the input is its share x_k W U^(T-k). `power` is the norm of U^(T-k), `gain` the product of
 * tanh′ from step k on.
 * @param {RecurrenceInput} input
 */
export function recurrenceNumbers({ cell, W, U, b, x }) {
  const linear = cell === "linear";
  const last = x.length - 1;
  /** @param {number[]} inputs */
  const run = (inputs) =>
    forward(
      linear ? LINEAR_RNN : SIMPLE_RNN,
      { W: [W], U, b },
      inputs.map((value) => [value]),
    );
  const trace = run(x);
  const { z, h } = trace;
  const slopes = W.map((_, n) => {
    const dh = x.map((_, k) => W.map((_, m) => Number(k === last && m === n)));
    return backward(trace, dh, null, false).dx;
  });
  const slope = x.map((_, k) => slopes.map((dx) => dx[k][0]));
  const [power, gain] = [new Float64Array(x.length), new Float64Array(x.length)];
  let U_m = W.map((_, n) => W.map((_, m) => Number(n === m)));
  for (let k = last; k >= 0; k--) {
    power[k] = norm(U_m);
    U_m = U_m.map((row) => W.map((_, n) => row.reduce((sum, v, m) => sum + v * U[m][n], 0)));
    gain[k] = (gain[k + 1] ?? 1) * (1 - h[k][0] ** 2);
  }
  return {
    T: x.length,
    H: W.length,
    W,
    U,
    b,
    x,
    linear,
    z,
    h,
    slope,
    slope_norm: slope.map((row) => Math.hypot(...row)),
    contribution: slope.map((row, k) => row.map((value) => x[k] * value)),
    bias: run(x.map(() => 0)).h[last],
    power,
    gain,
    radius: spectralRadius(U),
  };
}

/** The largest |eigenvalue| of a matrix of one or two rows. @param {number[][]} U */
function spectralRadius(U) {
  const [a, b, c, d] = U.flat();
  if (U.length === 1) return Math.abs(a);
  const [half, gap] = [(a + d) / 2, (a - d) / 2];
  const inside = gap * gap + b * c;
  return inside < 0 ? Math.sqrt(a * d - b * c) : Math.abs(half) + Math.sqrt(inside);
}
