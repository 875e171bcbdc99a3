import assert from "node:assert/strict";
import { test } from "node:test";
import { golden } from "../golden.mjs";
import { backward, CELLS, carryPath, forward, seededUniform } from "../numerics/cells.mjs";

const RELATIVE = 1e-12;

/**
 * A sum of terms of both signs keeps its digits only as a share of its terms. So where terms may
 * cancel, a number below this share of the largest of its array is held to that share.
 */
const CANCELLED = 1e-3;

const cells = golden("cells");

const KINDS = /** @type {import("../numerics/cells.mjs").Kind[]} */ (Object.keys(CELLS));
const WITH_C = KINDS.filter((kind) => CELLS[kind].states.includes("c"));

/** The numbers of nested arrays, and their shape. @param {any} value @returns {{shape: number[], numbers: number[]}} */
function unfold(value) {
  if (typeof value === "number") return { shape: [], numbers: [value] };
  const parts = Array.from(value, unfold);
  return {
    shape: [parts.length, ...(parts[0]?.shape ?? [])],
    numbers: parts.flatMap((part) => part.numbers),
  };
}

/**
 * @param {any} got
 * @param {any} wanted
 * @param {string} what
 * @param {number} [floor] the share of the largest number below which no digits are asked for
 */
function agree(got, wanted, what, floor = CANCELLED) {
  const [ours, theirs] = [unfold(got), unfold(wanted)];
  assert.deepEqual(ours.shape, theirs.shape, `${what}: shape`);
  const largest = Math.max(...theirs.numbers.map(Math.abs));
  theirs.numbers.forEach((value, k) => {
    const within = RELATIVE * Math.max(Math.abs(value), floor * largest);
    const error = Math.abs(ours.numbers[k] - value);
    assert.ok(error <= within, `${what}, entry ${k}: ${ours.numbers[k]}, Python has ${value}`);
  });
}

/** A golden run's way there. @param {any} run */
const traceOf = ({ kind, params, x, h0, c0 }) =>
  forward(CELLS[/** @type {import("../numerics/cells.mjs").Kind} */ (kind)], params, x, h0, c0);

/** @param {any} run @param {number} [floor] */
function agreeThereAndBack(run, floor) {
  const trace = traceOf(run);
  const back = backward(trace, run.dh, run.dc_last);
  for (const [part, wanted] of /** @type {[any, any][]} */ ([
    [trace, run.trace],
    [back, run.gradients],
  ])) {
    for (const name of Object.keys(wanted)) {
      if (wanted[name] === null) assert.equal(part[name], null, `${run.name}: ${name}`);
      else agree(part[name], wanted[name], `${run.name}: ${name}`, floor);
    }
  }
}

/** @param {number} seed */
function matrices(seed) {
  const uniform = seededUniform(seed);
  /** @param {number} height @param {number} width @param {number} [size] */
  return (height, width, size = 1) =>
    Array.from({ length: height }, () =>
      Array.from({ length: width }, () => size * (4 * uniform() - 2)),
    );
}

/** Random weights. @param {import("../numerics/cells.mjs").Kind} kind @param {number} D @param {number} H @param {number} seed */
function randomParams(kind, D, H, seed, size = 0.5) {
  const matrix = matrices(seed);
  /** @type {any} */
  const params = {};
  for (const [name, [height, width]] of Object.entries(CELLS[kind].shapes(D, H)))
    params[name] = width ? matrix(height, width, size) : matrix(1, height, size)[0];
  return params;
}

test("the shapes, blocks and states are those of lstm_edu", () => {
  assert.equal(cells.shapes.length, 2 * KINDS.length);
  for (const { kind, blocks, states, D, H, shapes } of cells.shapes) {
    const cell = CELLS[/** @type {import("../numerics/cells.mjs").Kind} */ (kind)];
    assert.deepEqual({ ...cell.shapes(D, H) }, shapes, kind);
    assert.deepEqual([cell.blocks, cell.states], [blocks, states], kind);
  }
});

test("every cell there and back, as in lstm_edu", () => {
  for (const kind of KINDS) {
    const runs = cells.runs.filter((/** @type {any} */ run) => run.kind === kind);
    assert.ok(runs.length >= 7, kind);
    for (const run of runs) agreeThereAndBack(run);
  }
});

test("a closed gate keeps all its digits", () => {
  assert.ok(cells.closed.length >= 24);
  for (const run of cells.closed) agreeThereAndBack(run, 0);
});

test("the carry path is the product of the forget gates", () => {
  for (const run of cells.carry) {
    const trace = traceOf(run);
    agree(carryPath(trace, run.dc_from), run.carry, `${run.kind}: carry`, 0);
  }
  const { params, x } = cells.runs.find((/** @type {any} */ run) => run.kind === "gru");
  assert.throws(() => carryPath(forward(CELLS.gru, params, x), [1]), TypeError);
});

test("the random numbers are the ones described", () => {
  for (const { seed, values } of cells.uniform) {
    const uniform = seededUniform(seed);
    for (const value of values) assert.equal(uniform(), value, `seed ${seed}`);
  }
});

test("nothing is NaN or infinite up to |z| = 1e6", () => {
  for (const kind of KINDS.filter((kind) => kind !== "linear_rnn")) {
    for (const size of [1, 1e3, 3e5]) {
      const trace = forward(CELLS[kind], randomParams(kind, 2, 3, 8, size), matrices(9)(30, 2));
      for (const name of CELLS[kind].fields)
        assert.ok(unfold(trace[name]).numbers.every(Number.isFinite), `${kind}: ${name}, ${size}`);
    }
    const bias = randomParams(kind, 2, 3, 8);
    for (const sign of [1, -1]) {
      const b = unfold(bias.b).shape.length === 1 ? bias.b : bias.b[0];
      b.fill(sign * 1e6);
      const trace = forward(CELLS[kind], bias, matrices(9)(30, 2), [1, -1, 0], [5, -5, 0]);
      const back = backward(trace, matrices(10)(30, 3));
      for (const part of Object.values(back))
        assert.ok(unfold(part).numbers.every(Number.isFinite), `${kind}, b = ${sign}e6`);
    }
  }
});

test("a linear RNN overflows to infinity, never to NaN", () => {
  const params = {
    W: [[1, 1]],
    U: [
      [9, 0],
      [-9, 9],
    ],
    b: null,
  };
  const x = Array.from({ length: 500 }, () => [1]);
  const { h } = forward(CELLS.linear_rnn, params, x);
  assert.ok(unfold(h).numbers.every((value) => !Number.isNaN(value)));
  assert.equal(Math.abs(h[499][1]), Number.POSITIVE_INFINITY);
});

test("a trace does not follow its arguments, and what does not fit is refused", () => {
  const params = randomParams("lstm", 2, 3, 4);
  const [x, dh] = [matrices(5)(4, 2), matrices(6)(4, 3)];
  const trace = forward(CELLS.lstm, params, x);
  const before = JSON.stringify(backward(trace, dh));
  assert.equal(JSON.stringify(backward(trace, dh)), before, "a second time");
  params.W[0][0] = 100;
  x[0][0] = 100;
  assert.equal(JSON.stringify(backward(trace, dh)), before, "after a change");
  assert.throws(() => forward(CELLS.lstm, params, [[1]]), RangeError);
  assert.throws(() => forward(CELLS.gru, params, x), RangeError);
  assert.throws(() => forward(CELLS.lstm, { ...params, b: [1] }, x), RangeError);
  assert.throws(() => forward(CELLS.peephole_lstm, params, x), RangeError);
  assert.throws(() => forward(CELLS.lstm, params, x, [1]), RangeError);
  assert.throws(() => backward(trace, dh.slice(1)), RangeError);
});

test("where nothing goes through the gates the carry path is the whole of dc", () => {
  for (const kind of WITH_C) {
    const params = randomParams(kind, 2, 3, 12);
    for (const row of params.U) row.fill(0);
    for (const row of params.V ?? []) row.fill(0);
    params.p?.fill(0);
    const trace = forward(CELLS[kind], params, matrices(13)(6, 2));
    const { dc } = backward(trace, Array(6).fill([0, 0, 0]), [1, 2, 3]);
    agree(carryPath(trace, [1, 2, 3]), dc, kind, 0);
  }
});
