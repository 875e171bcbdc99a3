import assert from "node:assert/strict";
import { test } from "node:test";
import { BACK, partial } from "../../lstm_edu/figures/cell/back.mjs";
import table from "../../lstm_edu/figures/cell/cell.json" with { type: "json" };
import {
  equation,
  outcome,
  quantityNames,
  sentence,
  stepsOf,
  wordsFor,
  wordsForControl,
} from "../../lstm_edu/figures/cell/explain.mjs";
import { withSizes } from "../../lstm_edu/figures/cell/sizes.mjs";
import { FIGURE as CELL } from "../../lstm_edu/figures/cell/view.mjs";
import { define } from "../kit/kinds.mjs";
import { LANGS } from "../kit/langs.mjs";
import { toText } from "../kit/math.mjs";
import { parseState } from "../kit/state.mjs";
import { lstmStep, unitNumbers } from "../numerics/lstm.mjs";

define("cell", table, CELL);

/** @param {object} raw */
const cellState = (raw) =>
  /** @type {import("../../lstm_edu/figures/cell/explain.mjs").CellState} */ (
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
    "f_t,1 = σ(0.90·0.50 − 0.30·(−1.00) − 0.60·0.30 + 0.30·(−0.20) + 1.00) = σ(1.5100) = 0.8191",
  );
  assert.equal(
    toText(equation(model, "c")),
    "c_t,1 = 0.8191 · 0.80 + 0.7427 · 0.5299 = 0.6552 + 0.3935 = 1.0488",
  );
});

test("a factor that is written as a sum stands in parentheses", () => {
  const U = [[0, 0, 0, 0]];
  const model = modelOf({
    x: [0],
    h_prev: [0],
    c_prev: [0.5],
    W: [[0, 0, 0, 0]],
    U,
    b: [12, 12, 0, 12],
  });
  assert.equal(
    toText(equation(model, "c")),
    "c_t,1 = (1−6e−6) · 0.50 + (1−6e−6) · 0 = 0.5000 + 0 = 0.5000",
  );
  assert.match(toText(equation(model, "h")), /^h_t,1 = \(1−6e−6\) · tanh\(0\.5000\)/);
  const back = toText(BACK.equation(model, "dz_f"));
  assert.match(back, / · \(1−6e−6\) · \(1 − \(1−6e−6\)\) = /);
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

test("the scripts speak the languages of the tables", () => {
  assert.deepEqual(LANGS, Object.keys(table.title));
});

const VARIANTS = table.fields.variant.options ?? [];

/** The model of a cell on its way back. @param {object} raw @returns {import("../../lstm_edu/figures/cell/explain.mjs").CellModel} */
const backOf = (raw) => /** @type {any} */ (CELL.compute(parseState({ way: "back", ...raw })));

test("a gradient has its equation in letters and in numbers", () => {
  const model = backOf({});
  assert.equal(
    toText(BACK.equation(model, "df")),
    "∂L/∂f_t,1 = dc_t,1 · c_t−1,1 = 0.2688 · 0.80 = 0.2150",
  );
  assert.equal(
    toText(BACK.equation(model, "dW.1.3")),
    "∂L/∂W_f,2→2 = x_t,2 · dz_f,2 = −1.00 · (−0.0405) = 0.0405",
  );
  assert.equal(
    toText(BACK.equation(model, "dc_total")),
    "∂L/∂c_t,1 = dc′_t,1 + d tanh c_t,1 · (1 − (tanh c_t,1)²) = 0.00 + 0.6900 · (1 − 0.7813²) = 0.2688",
  );
});

test("every gradient has words and an equation whose numbers give it, in every variant", () => {
  for (const variant of VARIANTS) {
    for (const lang of LANGS) {
      for (let step = 0; step <= 6; step++) {
        const state = withSizes(cellState({ lang, variant, way: "back" }), 3, 4);
        const model = backOf({ ...state, unit: 3, step });
        const texts = [toText(sentence(model, BACK)), CELL.outcome(model)];
        for (const name of BACK.quantityNames(model.state).map(BACK.shown)) {
          assert.ok(Object.hasOwn(model.numbers, name), name);
          texts.push(BACK.wordsFor(lang, name, 3), toText(BACK.equation(model, name)));
        }
        for (const name of ["dW.2.7", "dU.3.15", "db.11"])
          texts.push(toText(/** @type {any} */ (BACK.ofWeight)(model, name)));
        for (const text of texts) assert.doesNotMatch(text, /[{}]|undefined|NaN|^$/);
        assert.equal(toText(partial("dU.3.15", 3, 4)), "∂L/∂U_o,4→4");
      }
    }
  }
});

/** What a line of numbers comes to. @param {string} text */
function evaluated(text) {
  const plain = text.replaceAll("−", "-").replaceAll("·", "*").replaceAll("²", "**2");
  return Function(`return ${plain.replace(/(?<![\d.)])(-[\d.]+(?:e-?\d+)?)\*\*2/g, "($1)**2")}`)();
}

test("the numbers put into an equation come to the gradient", () => {
  for (const variant of VARIANTS) {
    const state = withSizes(cellState({ variant, way: "back", dc: [0.4, -0.7] }), 2, 2);
    if (state.p)
      state.p = [
        [0.3, -0.5],
        [0.8, 0.6],
        [-0.9, 0.7],
      ];
    if (state.V) state.V = state.U.map((row) => row.map((value) => 0.7 * value + 0.1));
    for (const unit of [0, 1]) {
      const model = backOf({ ...state, unit });
      const weights = ["dW.1.", "dU.0.", "db."].map((name) => `${name}${2 + unit}`);
      if (state.p) weights.push(`dp.0.${unit}`, `dp.1.${unit}`, `dp.2.${unit}`);
      if (state.V) weights.push(`dV.1.${2 + unit}`);
      const names = [...BACK.quantityNames(state).map(BACK.shown), ...weights];
      for (const name of names) {
        const parts = toText(BACK.equation(model, name)).split(" = ");
        if (parts.length < 4) continue; // handed on as it is, or given
        const error = Math.abs(evaluated(parts[2]) - model.numbers[name]);
        assert.ok(error < 4e-4, `${variant}, ${name}: ${parts.join(" = ")}`);
      }
    }
  }
});
