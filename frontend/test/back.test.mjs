import assert from "node:assert/strict";
import { test } from "node:test";
import table from "../../lstm_edu/figures/cell/cell.json" with { type: "json" };
import { finiteDifference, gradientNumbers } from "../../lstm_edu/figures/cell/numerics.mjs";
import { golden } from "../golden.mjs";
import { lstmStep } from "../numerics/lstm.mjs";

const cases = golden("back");

test("every gradient is that of Python, by the same name", () => {
  const variants = table.fields.variant.options ?? [];
  /** @type {string[]} */
  const found = cases.map((/** @type {any} */ { name }) => name.split(",")[0]);
  assert.deepEqual([...new Set(found)], variants);
  for (const { name: what, input, gradients } of cases) {
    const numbers = gradientNumbers(input, lstmStep(input), input.unit);
    assert.deepEqual(Object.keys(numbers).sort(), Object.keys(gradients).sort(), what);
    const largest = Math.max(...Object.values(gradients).map(Math.abs));
    for (const [name, wanted] of Object.entries(gradients)) {
      const error = Math.abs(numbers[name] - wanted);
      assert.ok(error <= 1e-12 * Math.max(Math.abs(wanted), 1e-3 * largest), `${what}: ${name}`);
    }
  }
});

test("every gradient is what a finite difference measures", () => {
  for (const { name: what, input, gradients } of cases) {
    for (const name of Object.keys(gradients)) {
      const { measured, exact } = finiteDifference(input, gradients, name, input.unit);
      const error = Math.abs(measured - exact);
      assert.ok(error <= 1e-8 * Math.max(1, Math.abs(exact)), `${what}: ${name}, ${measured}`);
    }
  }
});
