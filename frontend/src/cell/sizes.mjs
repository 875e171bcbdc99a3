/** The cell with other numbers of inputs and units. No DOM. */

import { TABLES } from "../tables.mjs";

/** @typedef {import("./explain.mjs").CellState} CellState */

/** @param {number} length @param {(k: number) => any} item */
const upTo = (length, item) => Array.from({ length }, (_, k) => item(k));

/**
 * Another size: what overlaps is kept, what is new takes half of the first preset's pattern, which
 * has no two equal columns.
 * @param {CellState} state
 * @param {number} D
 * @param {number} H
 * @returns {CellState}
 */
export function withSizes(state, D, H) {
  const oldH = state.h_prev.length;
  const START = /** @type {CellState} */ (
    /** @type {unknown} */ (TABLES[state.kind === "gru" ? "gru" : "cell"].presets[0])
  );
  const blocks = state.W[0].length / oldH;
  /** @param {number[]} pattern @param {number} k */
  const cycled = (pattern, k) => pattern[k % pattern.length];
  /** @param {number[] | undefined} old @param {number[]} pattern @param {number} shift */
  const row = (old, pattern, shift) =>
    Array.from({ length: blocks * H }, (_, col) => {
      const [gate, unit] = [Math.floor(col / H), col % H];
      if (old && unit < oldH) return old[gate * oldH + unit];
      const source = cycled(pattern, 2 * gate + ((unit + shift) % 2));
      const sign = unit >= 2 ? -1 : 1;
      return (sign * Math.round(50 * (source || 0.2))) / 100;
    });
  /** @param {number[][]} old @param {number[][]} pattern @param {number} rows */
  const matrix = (old, pattern, rows) =>
    Array.from({ length: rows }, (_, k) => row(old[k], cycledRow(pattern, k), k));
  /** @param {number[][]} pattern @param {number} k */
  const cycledRow = (pattern, k) => pattern[k % pattern.length];
  /** @param {number[]} old @param {number[]} pattern @param {number} length */
  const vector = (old, pattern, length) =>
    Array.from({ length }, (_, k) => old[k] ?? cycled(pattern, k) / 2);
  const sized = {
    ...state,
    x: vector(state.x, START.x, D),
    h_prev: vector(state.h_prev, START.h_prev, H),
    W: matrix(state.W, START.W, D),
    U: matrix(state.U, START.U, H),
    unit: Math.min(state.unit, H - 1),
  };
  if (blocks === 3) {
    const b = /** @type {any} */ (state.b);
    return { ...sized, b: /** @type {any} */ (matrix(b, /** @type {any} */ (START.b), 2)) };
  }
  return {
    ...sized,
    c_prev: vector(state.c_prev, START.c_prev, H),
    b: row(state.b, START.b, 0),
    p: state.p?.map((old) => upTo(H, (unit) => old[unit] ?? 0)) ?? null,
    V:
      state.V &&
      upTo(H, (k) =>
        upTo(4 * H, (col) => {
          const unit = col % H;
          return unit < oldH ? (state.V?.[k]?.[Math.floor(col / H) * oldH + unit] ?? 0) : 0;
        }),
      ),
  };
}
