/** One gate, component by component. No DOM. Held to `GateExplorer.numbers` by the browser tests. */

import { sigmoid } from "../../../frontend/numerics/lstm.mjs";

/** @typedef {{w: number, u: number, b: number, h: number, x: number[], signal: number[]}} GateInput */

/**
 * The slope of tanh, 1 − tanh², without the cancellation near ±1.
 * @param {number} z
 */
export const tanhSlope = (z) => 4 * sigmoid(2 * z) * sigmoid(-2 * z);

/** The slope of σ. @param {number} z */
export const sigmoidSlope = (z) => sigmoid(z) * sigmoid(-z);

/** z = w x + u h + b; gate = σ(z); out = gate · signal. @param {GateInput} input */
export function gateNumbers({ w, u, b, h, x, signal }) {
  const z = x.map((value) => w * value + u * h + b);
  const gate = z.map(sigmoid);
  return {
    z,
    gate,
    gate_slope: z.map(sigmoidSlope),
    tanh: z.map(Math.tanh),
    tanh_slope: z.map(tanhSlope),
    out: gate.map((open, k) => open * signal[k]),
  };
}
