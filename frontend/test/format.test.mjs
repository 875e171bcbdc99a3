import assert from "node:assert/strict";
import { test } from "node:test";
import { formatGiven, formatNumber, formatPercent, formatShort } from "../kit/format.mjs";

test("a computed number has four decimals and a true minus sign", () => {
  assert.equal(formatNumber(0.77031), "0.7703");
  assert.equal(formatNumber(-0.5), "−0.5000");
  assert.equal(formatNumber(12.34567), "12.3457");
  assert.equal(formatNumber(1), "1.0000");
  assert.equal(formatNumber(1234.5678), "1234.57");
  assert.equal(formatNumber(7e12), "7.000e12");
});

test("what is almost 0 or almost 1 is not shown as 0 or 1", () => {
  assert.equal(formatNumber(3.354e-4), "3.35e−4");
  assert.equal(formatNumber(9.8e-305), "9.80e−305");
  assert.equal(formatNumber(0.99997), "0.99997");
  assert.equal(formatNumber(1 - 3e-7), "1−3e−7");
  assert.equal(formatNumber(-1 + 3e-7), "−1+3e−7");
  for (let e = 1; e < 300; e += 1)
    assert.notEqual(Number(formatNumber(10 ** -e).replace("−", "-")), 0);
  for (let e = 1; e < 16; e += 1)
    assert.notEqual(formatNumber(1 - 10 ** -e), "1.0000", `1 − 1e−${e}`);
  assert.equal(formatNumber(0), "0");
  assert.equal(formatNumber(-0), "0");
});

test("a chosen number has two decimals where they tell all", () => {
  assert.equal(formatGiven(0.9), "0.90");
  assert.equal(formatGiven(-1), "−1.00");
  assert.equal(formatGiven(-0), "0.00");
  assert.equal(formatGiven(0.123456), "0.1235");
  assert.equal(formatGiven(-1e6), "−1000000");
});

test("short numbers and shares", () => {
  assert.deepEqual(
    [0, -1, 0.3, -4.95, 12.345, 1e6, 0.001, 0.00054484].map((n) => formatShort(n)),
    ["0", "−1", "0.3", "−4.95", "12.3", "1e6", "1e−3", "5.4e−4"],
  );
  assert.deepEqual([0, 1, 0.5, 0.77, 0.00056, 0.99966].map(formatPercent), [
    "0",
    "100",
    "50.0",
    "77.0",
    "0.056",
    "99.966",
  ]);
  assert.equal(formatPercent(1 - 1e-12).startsWith("100−"), true);
});
