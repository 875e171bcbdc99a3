import assert from "node:assert/strict";
import { test } from "node:test";
import table from "../../lstm_edu/figures/cell/cell.json" with { type: "json" };
import { golden } from "../golden.mjs";
import { lstmStep, sigmoid, terms, unitNumbers } from "../numerics/lstm.mjs";

const RELATIVE = 1e-12;
const START = /** @type {import("../numerics/lstm.mjs").CellInput} */ (
  /** @type {unknown} */ (table.presets[0])
);

/** @param {number} got @param {number} wanted @param {string} what */
function close(got, wanted, what) {
  const error = Math.abs(got - wanted);
  assert.ok(error <= RELATIVE * Math.abs(wanted), `${what}: ${got}, Python has ${wanted}`);
}

test("σ keeps its relative accuracy where the gate is closed and never overflows", () => {
  for (const z of [-1, -20, -40, -300, -700])
    close(sigmoid(z), Math.exp(z) / (1 + Math.exp(z)), `σ(${z})`);
  assert.equal(sigmoid(0), 0.5);
  assert.equal(sigmoid(-1e6), 0);
  assert.equal(sigmoid(1e6), 1);
  assert.ok(sigmoid(-700) > 0);
});

test("one unit, one input, worked by hand", () => {
  const step = lstmStep({
    W: [[1, 2, 3, 4]],
    U: [[0.5, 0, 0, 0]],
    b: [0, -2, 0, 0],
    x: [1],
    h_prev: [2],
    c_prev: [3],
  });
  const sigma = (/** @type {number} */ z) => 1 / (1 + Math.exp(-z));
  const c = sigma(0) * 3 + sigma(2) * Math.tanh(3);
  assert.deepEqual(step.z, [2, 0, 3, 4]);
  close(step.c[0], c, "c");
  close(step.h[0], sigma(4) * Math.tanh(c), "h");
});

test("the terms of each gate add up to its z, the bias among them", () => {
  const step = lstmStep(START);
  for (const unit of [0, 1]) {
    const numbers = unitNumbers(step, START, unit);
    for (const gate of /** @type {const} */ (["i", "f", "g", "o"])) {
      const parts = terms(START, gate, unit);
      assert.equal(parts.length, 5);
      const sum = parts.reduce((total, { product }) => total + product, 0);
      assert.ok(Math.abs(sum - numbers[`z_${gate}`]) < 1e-14, `z of ${gate}`);
    }
  }
});

test("the same numbers as lstm_edu", () => {
  const cases = golden("lstm");
  assert.ok(cases.length >= 20);
  for (const { name, input, output } of cases) {
    const step = lstmStep(input);
    for (const key of /** @type {const} */ (["z", "i", "f", "g", "o", "c", "h"])) {
      assert.equal(step[key].length, output[key].length, `${name}: length of ${key}`);
      output[key].forEach((/** @type {number} */ wanted, /** @type {number} */ k) => {
        close(step[key][k], wanted, `${name}: ${key}[${k}]`);
      });
    }
  }
});
