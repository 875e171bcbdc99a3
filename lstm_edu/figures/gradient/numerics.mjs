/**
 * Three cells on the same loss, and the gradient of it at every time step, of one network or of
 * many. No DOM. Held to `GradientExplorer` to the last bit; why both sides can come to the same
 * numbers is said in gradient.py.
 */

import {
  backward,
  carryPath,
  forward,
  GRU,
  LSTM,
  SIMPLE_RNN,
  seededUniform,
} from "../../../frontend/numerics/cells.mjs";

/** @typedef {"rnn" | "lstm" | "gru"} CellName */
/** @typedef {{radius: number, forget_bias: number, input_scale: number, T: number, hidden_size: number, seed: number}} GradientInput */
/** @typedef {CellName | "c" | "carry" | "gates"} Curve */
/** @typedef {import("../../../frontend/numerics/cells.mjs").Rows} Vectors (T, H) */
/** @typedef {{Q: Record<string, ArrayLike<number>[]>, W: Record<string, number[]>, x: number[]}} Drawn */

const HADAMARD = [
  [1, 1, 1, 1],
  [1, -1, 1, -1],
  [1, 1, -1, -1],
  [1, -1, -1, 1],
];
/** The gates' weights are half the candidate's. @type {Record<string, number>} */
const SCALES = { i: 0.5, f: 0.5, g: 1, o: 0.5 };
const CELLS = { rnn: SIMPLE_RNN, lstm: LSTM, gru: GRU };
const NAMES = /** @type {CellName[]} */ (Object.keys(CELLS));
/** Where the update gate u keeps as f does, and r stands where i does. */
const BLOCKS = { rnn: "g", lstm: "ifgo", gru: "fig" };
const LONGEST = 200;
/** The seeds of the bands are 1 to this. */
export const SEEDS = 41;
/** The quantiles at 10 %, 50 % and 90 %: their places among that many lengths in order. */
export const RANKS = { low: 4, median: 20, high: 36 };

/** Numbers from -1 up to 1. @param {() => number} uniform @param {number} count */
const row = (uniform, count) => Array.from({ length: count }, () => 2 * uniform() - 1);

/** @param {() => number} uniform */
const sign = (uniform) => (uniform() < 0.5 ? 1 : -1);

/** An orthogonal matrix of ±1/2: the Hadamard matrix, its rows shuffled and signed. @param {() => number} uniform */
function hadamard(uniform) {
  const order = [0, 1, 2, 3];
  for (let k = 3; k > 0; k--) {
    const other = Math.floor(uniform() * (k + 1));
    [order[k], order[other]] = [order[other], order[k]];
  }
  const signs = order.map(() => 0.5 * sign(uniform));
  return order.map((from, k) => HADAMARD[from].map((entry) => signs[k] * entry));
}

/** A random orthogonal matrix: of the last 2, 3, … H components, the reflection that takes a random vector to the first axis. @param {() => number} uniform @param {number} H */
function reflections(uniform, H) {
  const Q = Array.from({ length: H }, (_, k) =>
    Float64Array.from({ length: H }, (_, n) => Number(k === n)),
  );
  const along = new Float64Array(H);
  for (let n = 2; n <= H; n++) {
    const v = row(uniform, n);
    const length = Math.sqrt(square(v));
    v[0] += v[0] < 0 ? -length : length;
    const first = H - n;
    along.fill(0);
    for (let k = 0; k < n; k++) {
      const from = Q[first + k];
      for (let j = first; j < H; j++) along[j] += v[k] * from[j];
    }
    const twice = 2 / square(v);
    for (let k = 0; k < n; k++) {
      const [to, by] = [Q[first + k], twice * v[k]];
      for (let j = first; j < H; j++) to[j] -= by * along[j];
    }
  }
  return Q.map((entries) => {
    const by = sign(uniform);
    return entries.map((entry) => by * entry);
  });
}

/** @param {number[]} vector */
function square(vector) {
  let sum = 0;
  for (let n = 0; n < vector.length; n++) sum += vector[n] * vector[n];
  return sum;
}

/** What was drawn for one number of units, by seed: the sliders do not draw anew. @type {{H: number, by: Map<number, Drawn>}} */
let kept = { H: 0, by: new Map() };

/** @param {number} seed @param {number} H @returns {Drawn} */
function drawn(seed, H) {
  if (kept.H !== H) kept = { H, by: new Map() };
  const before = kept.by.get(seed);
  if (before) return before;
  const uniform = seededUniform(seed);
  const blocks = Object.keys(SCALES);
  const turn = () => (H === 4 ? hadamard(uniform) : reflections(uniform, H));
  const Q = Object.fromEntries(blocks.map((block) => [block, turn()]));
  const W = Object.fromEntries(blocks.map((block) => [block, row(uniform, H)]));
  const network = { Q, W, x: row(uniform, LONGEST) };
  kept.by.set(seed, network);
  return network;
}

/** @param {GradientInput} input */
function network({ radius, forget_bias, input_scale, T, hidden_size: H, seed }) {
  const { Q, W: W_of, x } = drawn(seed, H);
  /** @param {CellName} name */
  const params = (name) => {
    const own = [...BLOCKS[name]];
    const b = own.flatMap((block) => Array(H).fill(block === "f" ? forget_bias : 0));
    const U = Q.g.map((_, n) => {
      const entries = new Float64Array(b.length);
      for (const [k, block] of own.entries()) {
        const [by, from] = [radius * SCALES[block], Q[block][n]];
        for (let j = 0; j < H; j++) entries[k * H + j] = by * from[j];
      }
      return entries;
    });
    const W = own.flatMap((block) => W_of[block].map((value) => SCALES[block] * value));
    return { W: [W], U, b: name === "gru" ? [b, b.map(() => 0)] : b };
  };
  return {
    x: x.slice(0, T).map((value) => [input_scale * value]),
    params: { rnn: params("rnn"), lstm: params("lstm"), gru: params("gru") },
  };
}

/** The length, also of a vector whose squares would be 0. @param {ArrayLike<number>} vector */
function norm(vector) {
  let largest = 0;
  for (let n = 0; n < vector.length; n++) largest = Math.max(largest, Math.abs(vector[n]));
  if (largest === 0) return 0;
  let sum = 0;
  for (let n = 0; n < vector.length; n++) {
    const share = vector[n] / largest;
    sum += share * share;
  }
  return largest * Math.sqrt(sum);
}

/** dL/dh of the last step. @param {number} H */
const weightOf = (H) => 1 / Math.sqrt(H);

/** L, the sum of the last h over √H. @param {Float64Array[]} h */
function lossOf(h) {
  const last = h[h.length - 1];
  return last.reduce((sum, value) => sum + weightOf(last.length) * value, 0);
}

/** The gradients of one cell, by curve, and ∂L/∂x. @param {CellName} name @param {ReturnType<typeof network>} of */
function gradientsOf(name, { x, params }) {
  const H = params.rnn.U.length;
  const zeros = new Float64Array(H);
  const dh = x.map((_, t) => (t === x.length - 1 ? zeros.map(() => weightOf(H)) : zeros));
  const trace = forward(CELLS[name], params[name], x);
  const back = backward(trace, dh, null, false);
  /** @type {Partial<Record<Curve, Vectors>>} */
  const vectors = { [name]: back.dh };
  if (name === "lstm") {
    const { dc } = back;
    const carry = carryPath(trace, dc[dc.length - 1]);
    vectors.c = dc;
    vectors.carry = carry;
    vectors.gates = dc.map((whole, t) => whole.map((value, n) => value - carry[t][n]));
  }
  return { vectors, dx: back.dx };
}

/** @param {GradientInput} input */
export function gradientNumbers(input) {
  const of = network(input);
  const runs = NAMES.map((name) => gradientsOf(name, of));
  const vectors = /** @type {Record<Curve, Vectors>} */ (
    Object.assign({}, ...runs.map((run) => run.vectors))
  );
  const norms = /** @type {Record<Curve, number[]>} */ (
    Object.fromEntries(
      Object.entries(vectors).map(([name, rows]) => [name, Array.from(rows, norm)]),
    )
  );
  const dx = /** @type {Record<CellName, Float64Array[]>} */ (
    Object.fromEntries(NAMES.map((name, k) => [name, runs[k].dx]))
  );
  return { ...of, vectors, norms, dx };
}

/**
 * The lengths of every curve over the seeds 1 to 41, whatever the input's own: the 5th, the 21st
 * and the 37th in order, at each step. It takes a while, so it stops after every cell of every
 * seed, and says how many seeds are done.
 * @param {GradientInput} input
 * @returns {Generator<number, Record<Curve, Record<keyof typeof RANKS, Float64Array>>>}
 */
export function* seedBands(input) {
  /** @type {Record<string, Float64Array[]>} by curve and step, the lengths of all seeds */
  const lengths = {};
  for (let seed = 1; seed <= SEEDS; seed++) {
    const of = network({ ...input, seed });
    yield seed - 1;
    for (const name of NAMES) {
      for (const [curve, rows] of Object.entries(gradientsOf(name, of).vectors)) {
        lengths[curve] ??= Array.from(rows, () => new Float64Array(SEEDS));
        for (let t = 0; t < rows.length; t++) lengths[curve][t][seed - 1] = norm(rows[t]);
      }
      yield seed - 1;
    }
  }
  const bands = Object.entries(lengths).map(([curve, steps]) => {
    for (const step of steps) step.sort();
    /** @param {number} rank */
    const at = (rank) => Float64Array.from(steps, (step) => step[rank]);
    return [curve, { low: at(RANKS.low), median: at(RANKS.median), high: at(RANKS.high) }];
  });
  return Object.fromEntries(bands);
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
