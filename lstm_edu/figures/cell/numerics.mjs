/**
 * The way back through one time step: every gradient that a figure shows, by the name of its
 * element, and each of them measured. No DOM. Held to `CellExplorer.numbers` by the golden file.
 */

import {
  backward,
  COUPLED_LSTM,
  FULL_PEEPHOLE_LSTM,
  forward,
  LSTM,
  PEEPHOLE_LSTM,
} from "../../../frontend/numerics/cells.mjs";
import { column, gatesOf, lstmStep } from "../../../frontend/numerics/lstm.mjs";

/** @typedef {import("../../../frontend/numerics/lstm.mjs").CellInput & {dh: number[], dc: number[]}} BackInput dh and dc are what reaches h and c from outside */
/** @typedef {import("../../../frontend/numerics/lstm.mjs").CellStep} CellStep */
/** @typedef {import("../../../frontend/numerics/lstm.mjs").Gate} Gate */

const CELLS = {
  lstm: LSTM,
  peephole_lstm: PEEPHOLE_LSTM,
  full_peephole_lstm: FULL_PEEPHOLE_LSTM,
  coupled_lstm: COUPLED_LSTM,
};

/**
 * Every gradient of L = dh · h + dc · c by its name: those of a unit end in its number, and bear
 * the bare name too for the unit that is looked at.
 * @param {BackInput} input
 * @param {CellStep} step
 * @param {number} unit
 * @returns {Record<string, number>}
 */
export function gradientNumbers(input, step, unit) {
  const { variant = "lstm", W, U, b, p, V, x, h_prev, c_prev, dh, dc } = input;
  const H = h_prev.length;
  const first = variant === "coupled_lstm" ? H : 0; // its own columns have no block of i
  /** @param {number[]} row */
  const own = (row) => row.slice(first);
  const params = { W: W.map(own), U: U.map(own), b: own(b), p: p?.flat(), V: V ?? undefined };
  const cell = CELLS[variant];
  const back = backward(forward(cell, params, [x], h_prev, c_prev), [dh], dc);
  const whole = Array.from(back.dc[0]);
  const di = whole.map((value, n) => value * step.g[n]);
  const by_c_prev = whole.map((value, n) => value * c_prev[n]);
  /** @type {Record<string, ArrayLike<number>>} */
  const byUnit = {
    dh,
    dc,
    do: dh.map((value, n) => value * step.tanh_c[n]),
    dtanh_c: dh.map((value, n) => value * step.o[n]),
    dc_total: whole,
    "d(f*c_prev)": whole,
    "d(i*g)": whole,
    di,
    dg: whole.map((value, n) => value * step.i[n]),
    df: variant === "coupled_lstm" ? by_c_prev.map((value, n) => value - di[n]) : by_c_prev,
    dc_prev: back.dc0,
  };
  // Of one time step db is dz.
  for (const gate of gatesOf(input)) {
    const start = column(gate, 0, H) - first;
    byUnit[`dz_${gate}`] = back.db.slice(start, start + H);
  }
  /** @type {Record<string, number>} */
  const numbers = {};
  for (const [name, values] of Object.entries(byUnit)) numbers[name] = values[unit];
  for (const [name, values] of Object.entries({ ...byUnit, dx: back.dx[0], dh_prev: back.dh0 }))
    for (let k = 0; k < values.length; k++) numbers[`${name}.${k}`] = values[k];
  for (let k = 0; k < back.db.length; k++) numbers[`db.${first + k}`] = back.db[k];
  /** @param {string} name @param {ArrayLike<number>[]} rows */
  const matrix = (name, rows) => {
    for (const [row, values] of rows.entries())
      for (let k = 0; k < values.length; k++) numbers[`${name}.${row}.${first + k}`] = values[k];
  };
  matrix("dW", back.dW);
  matrix("dU", back.dU);
  if (variant === "full_peephole_lstm") matrix("dV", back.dV);
  if (variant === "peephole_lstm")
    matrix(
      "dp",
      [0, 1, 2].map((row) => back.dp.slice(row * H, (row + 1) * H)),
    );
  return numbers;
}

/** An array with one entry moved. @param {any} values @param {number[]} index @param {number} by @returns {any} */
const added = (values, [at, ...rest], by) =>
  at === undefined
    ? values + by
    : values.map((/** @type {any} */ value, /** @type {number} */ k) =>
        k === at ? added(value, rest, by) : value,
      );

/** What is moved to measure a gradient, and which one. @param {string} name of the gradient @param {number} unit @param {number} H */
function movedBy(name, unit, H) {
  const [key, ...path] = name.split(".");
  const index = path.length > 0 ? path.map(Number) : [unit];
  const moved = { dc: "c_next", dc_total: "c" }[key] ?? key.replace(/^d\(?|\)$/g, "");
  if (!moved.startsWith("z_")) return { moved, index };
  return { moved: "z", index: [column(/** @type {Gate} */ (moved[2]), index[0], H)] };
}

/**
 * A gradient measured: L at either side of the number that it belongs to, moved by ε. What depends
 * on that number moves with it.
 * @param {BackInput} input
 * @param {Record<string, number>} numbers as `gradientNumbers` gives them
 * @param {string} name of the gradient
 * @param {number} unit
 */
export function finiteDifference(input, numbers, name, unit) {
  const { variant, dh, dc } = input;
  const { moved, index } = movedBy(name, unit, dh.length);
  const exact = numbers[name];
  const epsilon = 1e-5 / Math.max(1, Math.abs(exact)); // small steps of L, not only of what moves
  const [plus, minus] = [epsilon, -epsilon].map((by) => {
    /** @type {import("../../../frontend/numerics/lstm.mjs").Nudge} */
    const nudge = (key, values) => {
      if (key === moved) return added(values, index, by);
      // i = 1 - f
      const opposite = variant === "coupled_lstm" && moved === "f" && key === "i";
      return opposite ? added(values, index, -by) : values;
    };
    const given = Object.entries(input).map(([key, value]) => [
      key,
      nudge(key, /** @type {any} */ (value)),
    ]);
    const { h, c } = lstmStep(Object.fromEntries(given), nudge);
    const out = nudge("c_next", c);
    return dh.reduce((sum, value, n) => sum + value * h[n] + dc[n] * out[n], 0);
  });
  const measured = (plus - minus) / (2 * epsilon);
  const rounding = (Number.EPSILON * Math.max(Math.abs(plus), Math.abs(minus))) / epsilon;
  return { epsilon, plus, minus, measured, exact, rounding };
}
