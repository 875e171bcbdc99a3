/** The cell explorer: one time step, number by number. */

import { el, onScreen } from "../dom.mjs";
import { lstmStep, unitNumbers } from "../numerics/lstm.mjs";
import { parseState } from "../state.mjs";
import { own, STEPS, stringKey, t } from "../tables.mjs";
import { createDiagram } from "./diagram.mjs";
import { gateOfStep, outcome, wordsForControl } from "./explain.mjs";
import { createEquations, createNumbers, createSizes, createStepper } from "./panels.mjs";
import { withSizes } from "./sizes.mjs";
import { createWeights } from "./weights.mjs";

/** @typedef {import("./explain.mjs").CellModel} CellModel */
/** @typedef {import("./explain.mjs").CellState} CellState */
/** @typedef {import("../numerics/lstm.mjs").Gate} Gate */

/** @type {import("../explorer.mjs").Kind} */
export const CELL = {
  compute(raw) {
    const state = /** @type {CellState} */ (raw);
    const step = lstmStep(state);
    return { state, step, numbers: unitNumbers(step, state, state.unit) };
  },
  words(lang, name, state) {
    if (name === "unit") return t(lang, "ui.unit");
    if (name === "step") return t(lang, "ui.steps");
    if (name === "variant") return own("cell", lang, name);
    return wordsForControl(lang, name, state.h_prev.length);
  },
  outcome,
  // A variant that is chosen for the first time gets its array.
  settle: (next, key) => (key === "variant" ? parseState(next) : next),
  build,
};

/** @param {import("../explorer.mjs").Context} context @returns {import("../explorer.mjs").View} */
function build({ state: first, lang, signal, now, change, redraw, say }) {
  const state = () => /** @type {CellModel} */ (now()).state;
  const sizes = createSizes(lang);
  const stepper = createStepper(lang);
  const equations = createEquations(lang);
  const stage = el("div", { class: "lstm-x-stage" });
  const lower = el("div", { class: "lstm-x-lower" });
  const nodes = [sizes.node, stepper.node, stage, stepper.caption, equations.node, lower];
  /** @type {Gate} the column that a narrow figure shows */
  let gate = gateOfStep(/** @type {CellState} */ (first).step) ?? "f";
  let step = first.step;
  let width = 0;
  let sized = buildSized(/** @type {CellState} */ (first));
  const stageSeen = onScreen(stage, signal, redraw);

  /** The drawing and the tables, which the sizes change. @param {CellState} given */
  function buildSized(given) {
    const ended = new AbortController();
    signal.addEventListener("abort", () => ended.abort(), { signal: ended.signal });
    const diagram = createDiagram(given, { signal: ended.signal, say });
    const weights = createWeights(given);
    const numbers = createNumbers(given);
    stage.replaceChildren(diagram.canvas, diagram.detail);
    lower.replaceChildren(...weights.nodes, numbers.node);
    const { variant, x, h_prev } = given;
    return { ended, diagram, weights, numbers, variant, D: x.length, H: h_prev.length };
  }

  for (const node of nodes)
    node.addEventListener(
      "change",
      ({ target }) => {
        if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
        const { role = "", name } = target.dataset;
        const { x, h_prev } = state();
        if (role === "gate") {
          gate = /** @type {Gate} */ (target.value);
          redraw();
        } else if (role === "size") {
          const D = name === "D" ? Number(target.value) : x.length;
          const H = name === "H" ? Number(target.value) : h_prev.length;
          change(withSizes(state(), D, H), "commit", t(lang, "ui.say.sizes", { D, H }));
        }
      },
      { signal },
    );
  stepper.node.addEventListener(
    "click",
    ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (!button) return;
      const next = state().step + (button.dataset.role === "back" ? -1 : 1);
      if (next < 0 || next >= STEPS.length) return;
      const name = t(lang, stringKey(`ui.step_name.${STEPS[next]}`));
      change({ ...state(), step: next }, "commit", t(lang, "ui.say.step", { k: next, name }));
    },
    { signal },
  );

  return {
    nodes,
    stage,
    layout(there) {
      width = there;
      sized.diagram.layout(there);
    },
    /** @param {CellModel} model @param {EventTarget | null} typing */
    draw(model, typing) {
      const { variant, x, h_prev } = model.state;
      if (sized.D !== x.length || sized.H !== h_prev.length || sized.variant !== variant) {
        const { open } = sized.numbers.node;
        sized.ended.abort();
        sized = buildSized(model.state);
        sized.numbers.node.open = open;
        sized.diagram.layout(width);
      }
      if (step !== model.state.step) gate = gateOfStep(model.state.step) ?? gate;
      step = model.state.step;
      const root = stage.closest(".lstm-x");
      if (root?.getAttribute("data-step") !== String(step))
        root?.setAttribute("data-step", String(step));
      sizes.draw(model);
      stepper.draw(model);
      if (stageSeen()) sized.diagram.draw(model);
      sized.weights.showGate(gate);
      sized.weights.draw(model, typing);
    },
    /** @param {CellModel} model */
    later(model) {
      if (!stageSeen()) sized.diagram.draw(model);
      sized.diagram.label(model);
      equations.draw(model);
      sized.numbers.draw(model);
    },
  };
}
