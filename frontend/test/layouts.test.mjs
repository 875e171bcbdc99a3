import assert from "node:assert/strict";
import { test } from "node:test";
import table from "../../lstm_edu/figures/layout/layout.json" with { type: "json" };
import { LAYOUTS, weightsFrom } from "../../lstm_edu/figures/layout/numerics.mjs";
import { golden } from "../golden.mjs";

const cases = golden("layouts");

test("every framework of the table has its layout", () => {
  assert.deepEqual(Object.keys(LAYOUTS), table.fields.framework.options);
});

test("every framework's arrays are read as lstm_edu reads them", () => {
  for (const { framework, D, H, weights, arrays } of cases)
    assert.deepEqual(
      weightsFrom(framework, arrays, D, H),
      weights,
      `${framework}, D=${D}, H=${H}: its blocks ${LAYOUTS[framework].order} are not those of Python`,
    );
});
