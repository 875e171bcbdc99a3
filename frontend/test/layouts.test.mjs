import assert from "node:assert/strict";
import { test } from "node:test";
import { golden } from "../golden.mjs";
import { LAYOUTS, weightsFrom } from "../src/numerics/layouts.mjs";
import { TABLES } from "../src/tables.mjs";

const cases = golden("layouts");

test("every framework of the table has its layout", () => {
  assert.deepEqual(Object.keys(LAYOUTS), TABLES.layout.fields.framework.options);
});

test("every framework's arrays are read as lstm_edu reads them", () => {
  for (const { framework, D, H, weights, arrays } of cases)
    assert.deepEqual(
      weightsFrom(framework, arrays, D, H),
      weights,
      `${framework}, D=${D}, H=${H}: its blocks ${LAYOUTS[framework].order} are not those of Python`,
    );
});
