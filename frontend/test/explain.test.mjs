import assert from "node:assert/strict";
import { test } from "node:test";
import {
  equation,
  outcome,
  quantityNames,
  sentence,
  stepsOf,
  wordsFor,
  wordsForControl,
} from "../src/cell/explain.mjs";
import { withSizes } from "../src/cell/sizes.mjs";
import { LANGS } from "../src/langs.mjs";
import { toText } from "../src/math.mjs";
import { lstmStep, unitNumbers } from "../src/numerics/lstm.mjs";
import { parseState } from "../src/state.mjs";

/** @param {object} raw */
const cellState = (raw) =>
  /** @type {import("../src/cell/explain.mjs").CellState} */ (
    /** @type {unknown} */ (parseState(raw))
  );

/** @param {object} raw */
function modelOf(raw) {
  const state = cellState(raw);
  const step = lstmStep(state);
  return { state, step, numbers: unitNumbers(step, state, state.unit) };
}

test("an equation shows every term with its sign, and the bias last", () => {
  const model = modelOf({});
  assert.equal(
    toText(equation(model, "f")),
    "f_1 = σ(0.90·0.50 − 0.30·(−1.00) − 0.60·0.30 + 0.30·(−0.20) + 1.00) = σ(1.5100) = 0.8191",
  );
  assert.equal(
    toText(equation(model, "c")),
    "c_1 = 0.8191 · 0.80 + 0.7427 · 0.5299 = 0.6552 + 0.3935 = 1.0488",
  );
});

test("every number has words and an equation, in both languages and at every step", () => {
  for (const lang of LANGS) {
    for (let step = 0; step <= 6; step++) {
      const model = modelOf({ ...withSizes(cellState({ lang }), 3, 4), unit: 3, step });
      const texts = [toText(sentence(model)), outcome(model)];
      for (const name of quantityNames(model.state))
        texts.push(wordsFor(lang, name, 3), toText(equation(model, name)));
      for (const name of ["W.2.15", "U.3.4", "b.8", "x.2", "h_prev.3", "c_prev.0"])
        texts.push(wordsForControl(lang, name, 4));
      for (const text of texts) assert.doesNotMatch(text, /[{}]|undefined|NaN|^$/);
    }
  }
  assert.equal(
    wordsForControl("es", "W.0.5", 4),
    "peso W de la entrada 1 hacia la puerta de olvido, unidad 2",
  );
});

test("each number is some step's business", () => {
  for (const name of quantityNames(cellState({}))) assert.ok(stepsOf(name).length > 0, name);
});
