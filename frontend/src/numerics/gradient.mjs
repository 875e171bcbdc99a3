/**
 * Three cells on the same loss, and the gradient of it at every time step. No DOM. Held to
 * `GradientExplorer.numbers` by the browser tests; why both sides come to the same numbers is
 * said in gradient.py.
 */

import { backward, carryPath, forward, GRU, LSTM, SIMPLE_RNN, seededUniform } from "./cells.mjs";

/** @typedef {"rnn" | "lstm" | "gru"} CellName */
/** @typedef {{radius: number, forget_bias: number, input_scale: number, T: number, seed: number}} GradientInput */
/** @typedef {CellName | "c" | "carry" | "gates"} Curve */
/** @typedef {import("./cells.mjs").Rows} Vectors (T, H) */

const H = 4;
const HADAMARD = [
  [1, 1, 1, 1],
  [1, -1, 1, -1],
  [1, 1, -1, -1],
  [1, -1, -1, 1],
];
/** The gates' weights are half the candidate's. @type {Record<string, number>} */
const SCALES = { i: 0.5, f: 0.5, g: 1, o: 0.5 };
const CELLS = { rnn: SIMPLE_RNN, lstm: LSTM, gru: GRU };
/** Where the update gate u keeps as f does, and r stands where i does. */
const BLOCKS = { rnn: "g", lstm: "ifgo", gru: "fig" };

/** Numbers from -1 up to 1. @param {() => number} uniform @param {number} count */
const row = (uniform, count) => Array.from({ length: count }, () => 2 * uniform() - 1);

/** An orthogonal matrix of ±1/2: the Hadamard matrix, its rows shuffled and signed. @param {() => number} uniform */
function turn(uniform) {
  const order = [0, 1, 2, 3];
  for (let k = H - 1; k > 0; k--) {
    const other = Math.floor(uniform() * (k + 1));
    [order[k], order[other]] = [order[other], order[k]];
  }
  const signs = order.map(() => (uniform() < 0.5 ? 0.5 : -0.5));
  return order.map((from, k) => HADAMARD[from].map((entry) => signs[k] * entry));
}

/** @param {GradientInput} input */
function network({ radius, forget_bias, input_scale, T, seed }) {
  const uniform = seededUniform(seed);
  const blocks = Object.keys(SCALES);
  const Q = Object.fromEntries(blocks.map((block) => [block, turn(uniform)]));
  const W = Object.fromEntries(blocks.map((block) => [block, row(uniform, H)]));
  const x = row(uniform, T).map((value) => [input_scale * value]);
  /** @param {CellName} name */
  const params = (name) => {
    const own = [...BLOCKS[name]];
    const b = own.flatMap((block) => Array(H).fill(block === "f" ? forget_bias : 0));
    return {
      W: [own.flatMap((block) => W[block].map((value) => SCALES[block] * value))],
      U: Q.g.map((_, n) =>
        own.flatMap((block) => Q[block][n].map((entry) => radius * SCALES[block] * entry)),
      ),
      b: name === "gru" ? [b, b.map(() => 0)] : b,
    };
  };
  return { x, params: { rnn: params("rnn"), lstm: params("lstm"), gru: params("gru") } };
}

/** The length, also of a vector whose squares would be 0. @param {ArrayLike<number>} vector */
function norm(vector) {
  let largest = 0;
  for (let n = 0; n < H; n++) largest = Math.max(largest, Math.abs(vector[n]));
  if (largest === 0) return 0;
  let sum = 0;
  for (let n = 0; n < H; n++) sum += (vector[n] / largest) ** 2;
  return largest * Math.sqrt(sum);
}

/** L = (h_1 + h_2 + h_3 + h_4) / 2 of the last step. @param {Float64Array[]} h */
const lossOf = (h) => h[h.length - 1].reduce((sum, value) => sum + 0.5 * value, 0);

/** @param {GradientInput} input */
export function gradientNumbers(input) {
  const { x, params } = network(input);
  const [zeros, halves] = [new Float64Array(H), new Float64Array(H).fill(0.5)];
  const dh = x.map((_, t) => (t === x.length - 1 ? halves : zeros));
  /** @param {CellName} name */
  const run = (name) => {
    const trace = forward(CELLS[name], params[name], x);
    return { trace, back: backward(trace, dh, null, false) };
  };
  const [rnn, lstm, gru] = [run("rnn"), run("lstm"), run("gru")];
  const { dc } = lstm.back;
  const carry = carryPath(lstm.trace, dc[dc.length - 1]);
  /** @type {Record<Curve, Vectors>} */
  const vectors = {
    rnn: rnn.back.dh,
    lstm: lstm.back.dh,
    gru: gru.back.dh,
    c: dc,
    carry,
    gates: dc.map((whole, t) => Array.from(whole, (value, n) => value - carry[t][n])),
  };
  const norms = /** @type {Record<Curve, number[]>} */ (
    Object.fromEntries(
      Object.entries(vectors).map(([name, rows]) => [name, Array.from(rows, norm)]),
    )
  );
  return {
    x,
    params,
    vectors,
    norms,
    dx: { rnn: rnn.back.dx, lstm: lstm.back.dx, gru: gru.back.dx },
  };
}

/**
 * ∂L/∂x_t of a cell measured: two runs forward, with x_t ± ε.
 * @param {ReturnType<typeof gradientNumbers>} numbers
 * @param {CellName} name
 * @param {number} t from 0
 */
export function finiteDifference({ x, params, dx }, name, t) {
  const exact = dx[name][t][0];
  const epsilon = 1e-5 / Math.max(1, Math.abs(exact)); // small steps of L, not only of x
  const [plus, minus] = [epsilon, -epsilon].map((by) => {
    const moved = x.map(([value], k) => [k === t ? value + by : value]);
    return lossOf(forward(CELLS[name], params[name], moved).h);
  });
  const measured = (plus - minus) / (2 * epsilon);
  const rounding = (Number.EPSILON * Math.max(Math.abs(plus), Math.abs(minus))) / epsilon;
  return { epsilon, plus, minus, measured, exact, rounding };
}
