/** The cell explorer: one time step, number by number. */

import { el, listen, onScreen } from "../dom.mjs";
import { lstmStep, unitNumbers } from "../numerics/lstm.mjs";
import { parseState } from "../state.mjs";
import { own, t } from "../tables.mjs";
import { createDiagram } from "./diagram.mjs";
import { LSTM, outcome, wordsForControl } from "./explain.mjs";
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
  build: (context) => buildCell(context, LSTM),
};

/**
 * The views of one cell in one time step.
 * @param {import("../explorer.mjs").Context} context
 * @param {import("./explain.mjs").Ways} ways
 * @returns {import("../explorer.mjs").View}
 */
export function buildCell({ state: first, lang, signal, now, change, redraw, say }, ways) {
  /** The gate that a step computes, if it computes one. @param {CellState} of */
  const gateOf = (of) => ways.gates(of).find((gate) => ways.stepsOf(gate)[0] === of.step);
  const state = () => /** @type {CellModel} */ (now()).state;
  const sizes = createSizes(lang, first.kind);
  const stepper = createStepper(lang, ways);
  const equations = createEquations(lang, ways);
  const stage = el("div.stage");
  const lower = el("div.lower");
  const nodes = [sizes.node, stepper.node, stage, stepper.caption, equations.node, lower];
  /** @type {Gate} the column that a narrow figure shows */
  let gate =
    gateOf(/** @type {CellState} */ (first)) ?? ways.gates(/** @type {CellState} */ (first))[0];
  let step = first.step;
  let width = 0;
  let sized = buildSized(/** @type {CellState} */ (first));
  const stageSeen = onScreen(stage, signal, redraw);

  /** The drawing and the tables, which the sizes change. @param {CellState} given */
  function buildSized(given) {
    const ended = new AbortController();
    signal.addEventListener("abort", () => ended.abort(), { signal: ended.signal });
    const diagram = createDiagram(given, { signal: ended.signal, say }, ways);
    const weights = createWeights(given, ways);
    const numbers = createNumbers(given, ways);
    stage.replaceChildren(diagram.canvas, diagram.detail);
    lower.replaceChildren(...weights.nodes, numbers.node);
    const { variant, x, h_prev } = given;
    return { ended, diagram, weights, numbers, variant, D: x.length, H: h_prev.length };
  }

  for (const node of nodes)
    listen(node, signal, {
      change: ({ target }) => {
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
    });
  listen(stepper.node, signal, {
    click: ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (!button) return;
      const next = state().step + (button.dataset.role === "back" ? -1 : 1);
      if (next < 0 || next >= ways.steps.length) return;
      const name = ways.words(lang, `ui.step_name.${ways.steps[next]}`);
      change(
        { ...state(), step: next },
        "commit",
        ways.words(lang, "ui.say.step", { k: next, name }),
      );
    },
  });

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
      if (step !== model.state.step) gate = gateOf(model.state) ?? gate;
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
      stepper.say(model);
      equations.draw(model);
      sized.numbers.draw(model);
    },
  };
}
