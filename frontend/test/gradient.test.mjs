import assert from "node:assert/strict";
import { test } from "node:test";
import {
  gradientNumbers,
  RANKS,
  SEEDS,
  seedBands,
} from "../../lstm_edu/figures/gradient/numerics.mjs";
import { golden } from "../golden.mjs";
import { exp, tanh } from "../numerics/exact.mjs";

const cases = golden("gradient");

/** Nested arrays as plain ones, -0 as 0. @param {any} value @returns {any} */
const plain = (value) =>
  typeof value === "number" ? value + 0 : Array.from(/** @type {any[]} */ (value), plain);

/** @param {any} input */
function allBands(input) {
  const run = seedBands(input);
  let step = run.next();
  const done = [];
  for (; !step.done; step = run.next()) done.push(step.value);
  return { done, bands: step.value };
}

test("chaotic or not, every bit is Python's", () => {
  for (const { input, weights, vectors, norms, bands } of cases) {
    const what = JSON.stringify(input);
    const now = gradientNumbers(input);
    for (const [name, [W, U]] of /** @type {[any, any][]} */ (Object.entries(weights))) {
      assert.deepEqual(plain(now.params[/** @type {"rnn"} */ (name)].W), plain(W), what);
      assert.deepEqual(plain(now.params[/** @type {"rnn"} */ (name)].U), plain(U), what);
    }
    for (const name of /** @type {"rnn"[]} */ (Object.keys(norms))) {
      const ninth = Array.from(now.vectors[name]).filter((_, t) => t % 9 === 0);
      assert.deepEqual(plain(ninth), plain(vectors[name]), `${what} ${name}`);
      assert.deepEqual(now.norms[name], norms[name], `${what} ${name}`);
    }
    if (!bands) continue;
    const { bands: ours } = allBands(input);
    for (const name of /** @type {"rnn"[]} */ (Object.keys(bands)))
      for (const [k, rank] of /** @type {"low"[]} */ (Object.keys(RANKS)).entries())
        assert.deepEqual(plain(ours[name][rank]), plain(bands[name][k]), `${what} ${name}`);
  }
});

test("the bands come in small pieces, and say how far they are", () => {
  const input = { radius: 1, forget_bias: 1, input_scale: 0.5, T: 5, hidden_size: 3, seed: 9 };
  const { done, bands } = allBands(input);
  assert.equal(done.length, 4 * SEEDS);
  assert.deepEqual([...new Set(done)], [...Array(SEEDS).keys()]);
  assert.deepEqual(allBands({ ...input, seed: 1 }).bands, bands);
});

test("e^x and tanh are right to the last bits, and where there are hardly any", () => {
  for (let n = -3000; n <= 3000; n++) {
    const x = n / 130 + n ** 3 * 1e-13;
    for (const [ours, theirs] of [
      [exp(x), Math.exp(x)],
      [tanh(x), Math.tanh(x)],
      [tanh(x * 1e-9), Math.tanh(x * 1e-9)],
    ])
      assert.ok(Math.abs(ours - theirs) <= 1e-15 * Math.abs(theirs), `${x}: ${ours}, ${theirs}`);
  }
  assert.deepEqual([exp(-1e6), exp(0), tanh(1e6), tanh(-1e6), tanh(0)], [0, 1, 1, -1, 0]);
  assert.equal(exp(-745), 5e-324);
});
