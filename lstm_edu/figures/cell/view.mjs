/** The cell explorer: one time step, number by number, forward and back. */

import { el, listen, onScreen } from "../../../frontend/kit/dom.mjs";
import { parseState } from "../../../frontend/kit/state.mjs";
import { own, t } from "../../../frontend/kit/tables.mjs";
import { lstmStep, unitNumbers } from "../../../frontend/numerics/lstm.mjs";
import { BACK, outcomeBack } from "./back.mjs";
import table from "./cell.json" with { type: "json" };
import { createDiagram } from "./diagram.mjs";
import { LSTM, outcome, wordsForControl } from "./explain.mjs";
import { gradientNumbers } from "./numerics.mjs";
import {
  createCheck,
  createEquations,
  createLoss,
  createNumbers,
  createSizes,
  createStepper,
} from "./panels.mjs";
import { withSizes } from "./sizes.mjs";
import { createWeights } from "./weights.mjs";

/** @typedef {import("./explain.mjs").CellModel} CellModel */
/** @typedef {import("./explain.mjs").CellState} CellState */
/** @typedef {import("../../../frontend/numerics/lstm.mjs").Gate} Gate */

/** @type {import("../../../frontend/kit/figure.mjs").Kind} */
export const FIGURE = {
  compute(raw) {
    const state = /** @type {CellState} */ (raw);
    const step = lstmStep(state);
    const { way, unit } = state;
    const back = way === "back" ? gradientNumbers(state, step, unit) : {};
    return { state, step, numbers: { ...unitNumbers(step, state, unit), ...back } };
  },
  words(lang, name, state) {
    if (name === "unit") return t(lang, "ui.unit");
    if (name === "step") return t(lang, "ui.steps");
    if (name === "variant" || name === "way") return own(table, lang, name);
    return wordsForControl(lang, name, state.h_prev.length);
  },
  outcome: (now) => (now.state.way === "back" ? outcomeBack : outcome)(now),
  // A variant that is chosen for the first time gets its array; each way has steps of its own.
  settle(next, key) {
    if (key === "way") return { ...next, step: 0 };
    return key === "variant" ? parseState(next) : next;
  },
  build: (context) => buildCell(context, ({ way }) => (way === "back" ? BACK : LSTM)),
};

/**
 * The views of one cell in one time step.
 * @param {import("../../../frontend/kit/figure.mjs").Context} context
 * @param {(state: CellState) => import("./explain.mjs").Ways} waysOf what the views ask of this kind of cell, on its way forward or back
 * @returns {import("../../../frontend/kit/figure.mjs").View}
 */
export function buildCell({ state: first, lang, signal, now, change, redraw, say }, waysOf) {
  /** @returns {CellModel} */
  const model = now;
  const state = () => model().state;
  /** The gate that a step computes, if it computes one. @param {CellState} of */
  const gateOf = (of) => {
    const ways = waysOf(of);
    return ways.gates(of).find((gate) => ways.stepsOf(gate)[0] === of.step);
  };
  const sizes = createSizes(lang, first.kind);
  const stage = el("div.stage");
  const lower = el("div.lower");
  const [walk, told, sums] = [el("div"), el("div"), el("div")];
  const check = createCheck(lang, signal, model, say);
  const nodes = [sizes.node, walk, stage, told, check.node, sums, lower];
  const opened = /** @type {CellState} */ (first);
  /** @type {Gate} the column that a narrow figure shows */
  let gate = gateOf(opened) ?? waysOf(opened).gates(opened)[0];
  let step = first.step;
  let width = 0;
  let directed = buildWay(opened);
  let sized = buildSized(opened);
  const stageSeen = onScreen(stage, signal, redraw);

  /** The steps and the equations, which are others on the way back. @param {CellState} given */
  function buildWay(given) {
    const ways = waysOf(given);
    const stepper = createStepper(lang, ways);
    const equations = createEquations(lang, ways);
    walk.replaceChildren(stepper.node);
    told.replaceChildren(stepper.caption);
    sums.replaceChildren(equations.node);
    return { way: given.way, ways, stepper, equations };
  }

  /** The drawing and the tables, which the sizes change too. @param {CellState} given */
  function buildSized(given) {
    const ended = new AbortController();
    signal.addEventListener("abort", () => ended.abort(), { signal: ended.signal });
    const { ways } = directed;
    const frame = { signal: ended.signal, say };
    const diagram = createDiagram(given, frame, ways);
    const weights = createWeights(given, ways, frame);
    const numbers = createNumbers(given, ways);
    const loss = ways === BACK ? createLoss(given, ways) : undefined;
    stage.replaceChildren(diagram.canvas, diagram.detail);
    lower.replaceChildren(...weights.nodes, ...(loss ? [loss.node] : []), numbers.node);
    const { variant, way, x, h_prev } = given;
    return { ended, diagram, weights, numbers, loss, variant, way, D: x.length, H: h_prev.length };
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
      // The gradient that is asked for is the one to be measured.
      focusin: ({ target }) => {
        const item = target instanceof Element ? target.closest(".lstm-x-quantity") : null;
        const name = item?.getAttribute("data-name");
        if (!name || state().way !== "back") return;
        check.ask(name);
        redraw();
      },
    });
  listen(walk, signal, {
    click: ({ target }) => {
      const button = target instanceof Element ? target.closest("button") : null;
      if (!button) return;
      const { ways } = directed;
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
    /** @param {CellModel} next @param {EventTarget | null} typing */
    draw(next, typing) {
      const { variant, way, x, h_prev } = next.state;
      if (directed.way !== way) directed = buildWay(next.state);
      const fits = sized.variant === variant && sized.way === way;
      if (!fits || sized.D !== x.length || sized.H !== h_prev.length) {
        const { open } = sized.numbers.node;
        sized.ended.abort();
        sized = buildSized(next.state);
        sized.numbers.node.open = open;
        sized.diagram.layout(width);
      }
      if (step !== next.state.step) gate = gateOf(next.state) ?? gate;
      step = next.state.step;
      const root = stage.closest(".lstm-x");
      if (root?.getAttribute("data-step") !== String(step))
        root?.setAttribute("data-step", String(step));
      sizes.draw(next);
      directed.stepper.draw(next);
      if (stageSeen()) sized.diagram.draw(next);
      sized.weights.showGate(gate);
      sized.weights.draw(next, typing);
      sized.loss?.draw(next, typing);
      check.draw(next);
    },
    /** @param {CellModel} next */
    later(next) {
      if (!stageSeen()) sized.diagram.draw(next);
      sized.diagram.label(next);
      directed.stepper.say(next);
      directed.equations.draw(next);
      sized.numbers.draw(next);
    },
  };
}
