/**
 * One time step of a GRU in float64, number by number, in the form of Keras' `reset_after` and of
 * PyTorch. No DOM.
 *
 * Column blocks in the order u, r, g. Held to `lstm_edu.variants.gru` by the tests.
 */

import { GRU as CELL, forward } from "../../../frontend/numerics/cells.mjs";
import { sigmoid } from "../../../frontend/numerics/lstm.mjs";

/** @typedef {"u" | "r" | "g"} GRUGate */
/** @typedef {{W: number[][], U: number[][], b: number[][], x: number[], h_prev: number[]}} GRUInput b is (2, 3H): what is added to xW, and to h_prev U */
/** @typedef {import("../../../frontend/numerics/lstm.mjs").Term} Term */

/** The column blocks of W, U and b, which is also the order in which they are drawn. */
export const BLOCKS = /** @type {const} */ (["u", "r", "g"]);

/**
 * Every number of every unit, under its name on the page, in reading order.
 *
 * u, r = σ(xW + b + h_prev U + b′); m = h_prev U + b′ of the candidate's block;
 * g = tanh(xW + b + r·m); h = u·h_prev + (1 − u)·g.
 * @param {GRUInput} input
 */
export function gruStep({ W, U, b, x, h_prev }) {
  const { z, m, u, r, g, h } = forward(CELL, { W, U, b }, [x], h_prev).steps[0];
  const H = h_prev.length;
  // σ(−z) is 1 − u, and keeps the digits of a gate that is nearly closed.
  const rest = z.slice(0, H).map((value) => sigmoid(-value));
  /** @param {ArrayLike<number>} a @param {Float64Array} b */
  const product = (a, b) => b.map((value, n) => a[n] * value);
  return {
    ...{ x, h_prev, z_r: z.slice(H, 2 * H), r, z_u: z.slice(0, H), u, m, "r*m": product(r, m) },
    ...{ z_g: z.slice(2 * H), g, "u*h_prev": product(h_prev, u), "1-u": rest },
    ...{ "(1-u)*g": product(rest, g), h },
  };
}

/**
 * The terms of a column, whose sum is its z: in the candidate's, r scales what comes from h_prev.
 * @param {GRUInput} given
 * @param {GRUGate} gate
 * @param {number} unit
 * @returns {Term[]}
 */
export function gruTerms(given, gate, unit) {
  const { W, U, b, x, h_prev } = given;
  const col = BLOCKS.indexOf(gate) * h_prev.length + unit;
  const r = gate === "g" ? gruStep(given).r[unit] : 1;
  /** @param {string} input @param {string} weight_name @param {number} weight @param {number} value @param {boolean} [scaled] @returns {Term} */
  const term = (input, weight_name, weight, value, scaled) => ({
    input: scaled && gate === "g" ? `${input}*r` : input,
    weight_name,
    weight,
    value,
    product: (scaled ? r : 1) * value * weight,
  });
  return [
    ...x.map((v, k) => term(`x.${k}`, `W.${k}.${col}`, W[k][col], v)),
    term("one", `b.0.${col}`, b[0][col], 1),
    ...h_prev.map((v, k) => term(`h_prev.${k}`, `U.${k}.${col}`, U[k][col], v, true)),
    term("one", `b.1.${col}`, b[1][col], 1, true),
  ];
}
