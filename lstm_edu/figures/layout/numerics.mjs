/**
 * Where every weight of an LSTM stands in the arrays of lstm_edu, Keras, PyTorch and ONNX. No DOM.
 * Held to `lstm_edu.layouts` by the browser tests.
 */

import { lstmStep } from "../../../frontend/numerics/lstm.mjs";

/** @typedef {import("../../../frontend/numerics/lstm.mjs").Gate} Gate */
/** @typedef {"W" | "U" | "b" | "b_hh"} Part b_hh is the second bias, of those who keep two */
/** @typedef {{part: Part, row: number, gate: Gate, unit: number}} Slot one number of a layer */
/** @typedef {{W: number[][], U: number[][], b: number[]}} Weights */
/**
 * @typedef {object} Layout
 * @property {string} name
 * @property {string} order of the blocks
 * @property {string} candidate what g is called
 * @property {boolean} turned W and U are transposed, their blocks one above the other
 * @property {Partial<Record<Part, string>>} arrays
 */

/** @type {readonly Gate[]} */
export const GATES = ["i", "f", "g", "o"];
/** @type {readonly Part[]} */
export const PARTS = ["W", "U", "b", "b_hh"];

/** @type {Record<string, Layout>} */
export const LAYOUTS = {
  lstm_edu: {
    name: "lstm_edu",
    order: "ifgo",
    candidate: "g",
    turned: false,
    arrays: { W: "W", U: "U", b: "b" },
  },
  keras: {
    name: "Keras",
    order: "ifgo",
    candidate: "c",
    turned: false,
    arrays: { W: "kernel", U: "recurrent_kernel", b: "bias" },
  },
  pytorch: {
    name: "PyTorch",
    order: "ifgo",
    candidate: "g",
    turned: true,
    arrays: { W: "weight_ih_l0", U: "weight_hh_l0", b: "bias_ih_l0", b_hh: "bias_hh_l0" },
  },
  onnx: {
    name: "ONNX",
    order: "iofg",
    candidate: "c",
    turned: true,
    arrays: { W: "W", U: "R", b: "B", b_hh: "B" },
  },
};

/** The index of a number in its array there. @param {string} framework @param {Slot} slot @param {number} H */
export function indexOf(framework, { part, row, gate, unit }, H) {
  const { order, turned } = LAYOUTS[framework];
  const at = order.indexOf(gate) * H + unit;
  const one = framework === "onnx" ? [0] : []; // the axis of its directions
  if (part === "W" || part === "U") return turned ? [...one, at, row] : [row, at];
  return one.length && part === "b_hh" ? [0, 4 * H + at] : [...one, at];
}

/** The shape of an array, in letters. @param {string} framework @param {Part} part */
export function shapeOf(framework, part) {
  const onnx = framework === "onnx";
  if (part === "b" || part === "b_hh") return onnx ? ["1", "8H"] : ["4H"];
  const side = part === "W" ? "D" : "H";
  if (!LAYOUTS[framework].turned) return [side, "4H"];
  return onnx ? ["1", "4H", side] : ["4H", side];
}

/** Letters with their numbers put in; a letter that is not known stays. @param {string[]} axes @param {Record<string, number | undefined>} sizes */
export const inNumbers = (axes, sizes) =>
  axes.map((axis) => {
    const size = sizes[axis.slice(-1)];
    return size ? size * (Number.parseInt(axis, 10) || 1) : axis;
  });

/** Every number of a layer of these sizes, in lstm_edu's order. @param {number} D @param {number} H @returns {Slot[]} */
export const slotsOf = (D, H) =>
  PARTS.flatMap((part) =>
    Array.from({ length: { W: D, U: H, b: 1, b_hh: 1 }[part] }, (_, row) =>
      GATES.flatMap((gate) => Array.from({ length: H }, (_, unit) => ({ part, row, gate, unit }))),
    ).flat(),
  );

/** The number's name in the state: its index in lstm_edu. @param {Slot} slot @param {number} H */
export function nameOf({ part, row, gate, unit }, H) {
  const at = GATES.indexOf(gate) * H + unit;
  return part === "W" || part === "U" ? `${part}.${row}.${at}` : `${part}.${at}`;
}

/**
 * A layer's weights out of a framework's arrays, whose shapes fit. Of two biases the sum counts.
 * @param {string} framework
 * @param {Record<string, any>} arrays by their names there; biases may be missing
 * @param {number} D
 * @param {number} H
 * @returns {Weights}
 */
export function weightsFrom(framework, arrays, D, H) {
  /** @param {Slot} slot */
  const read = (slot) => {
    const array = arrays[LAYOUTS[framework].arrays[slot.part] ?? ""];
    return array ? indexOf(framework, slot, H).reduce((at, k) => at[k], array) : 0;
  };
  const empty = () => Array(4 * H).fill(0);
  const weights = {
    W: Array.from({ length: D }, empty),
    U: Array.from({ length: H }, empty),
    b: empty(),
  };
  for (const slot of slotsOf(D, H)) {
    const row = slot.part === "W" || slot.part === "U" ? weights[slot.part][slot.row] : weights.b;
    row[GATES.indexOf(slot.gate) * H + slot.unit] += read(slot);
  }
  return weights;
}

/** One time step with the blocks in their places, and the h that comes of swapping i and f. @param {import("../../../frontend/numerics/lstm.mjs").CellInput} input */
export function swappedStep(input) {
  const H = input.h_prev.length;
  /** @param {number[]} row */
  const swap = (row) => [...row.slice(H, 2 * H), ...row.slice(0, H), ...row.slice(2 * H)];
  const { W, U, b } = input;
  const { h: wrong } = lstmStep({ ...input, W: W.map(swap), U: U.map(swap), b: swap(b) });
  return { ...lstmStep(input), wrong };
}
