/** The cell with other numbers of inputs and units. No DOM. */

/** @typedef {import("./explain.mjs").CellState} CellState */

/** @param {number} length @param {(k: number) => any} item */
const upTo = (length, item) => Array.from({ length }, (_, k) => item(k));

/** A small number for a new place: neighbours differ. @param {number} row @param {number} column */
const fresh = (row, column) => (((3 * column + 4 * row + 1) % 10) - 4.5) / 10;

/**
 * Another size: what overlaps is kept.
 * @param {CellState} state
 * @param {number} D
 * @param {number} H
 * @returns {CellState}
 */
export function withSizes(state, D, H) {
  const { W, U, p, V, x, h_prev, c_prev, dh, dc, unit } = state;
  const b = /** @type {any} */ (state.b); // of a GRU it has two rows
  const oldH = h_prev.length;
  /** A matrix of blocks as wide as H. @param {number[][]} old @param {number} rows @param {(row: number, column: number) => number} [fill] */
  const fit = (old, rows, fill = fresh) =>
    upTo(rows, (k) =>
      upTo((old[0].length / oldH) * H, (column) => {
        const [block, n] = [Math.floor(column / H), column % H];
        return (n < oldH ? old[k]?.[block * oldH + n] : undefined) ?? fill(k, column);
      }),
    );
  /** @param {number[]} old @param {number} length */
  const vector = (old, length) => upTo(length, (k) => old[k] ?? fresh(k, 1));
  return {
    ...state,
    x: vector(x, D),
    h_prev: vector(h_prev, H),
    ...(c_prev && { c_prev: vector(c_prev, H) }),
    W: fit(W, D),
    U: fit(U, H),
    b: b[0].length ? fit(b, 2) : fit([b], 1)[0],
    ...(p && { p: fit(p, 3, () => 0) }),
    ...(V && { V: fit(V, H, () => 0) }),
    ...(dh && { dh: upTo(H, (k) => dh[k] ?? 1), dc: upTo(H, (k) => dc[k] ?? 0) }),
    unit: Math.min(unit, H - 1),
  };
}
