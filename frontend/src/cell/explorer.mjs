/** The cell explorer: its state, what the reader's actions do to it, and its panels. */

import { el, set } from "../dom.mjs";
import { formatGiven, formatNumber } from "../format.mjs";
import { createFrame } from "../frame.mjs";
import { lstmStep, unitNumbers } from "../numerics.mjs";
import {
  changedKeys,
  checkNumber,
  InputError,
  matchingPreset,
  numberAt,
  parseState,
  STATE_KEYS,
  withNumber,
  withPreset,
  withSizes,
} from "../state.mjs";
import { presetNamed, STEPS, stringKey, t } from "../tables.mjs";
import { createDiagram } from "./diagram.mjs";
import { gateOfStep, outcome, wordsFor, wordsForControl } from "./explain.mjs";
import { createEquations, createHeader, createNumbers, createStepper } from "./panels.mjs";
import { createWeights } from "./weights.mjs";

/** @typedef {import("../state.mjs").CellState} CellState */
/** @typedef {import("../state.mjs").StateKey} StateKey */
/** @typedef {import("../numerics.mjs").Gate} Gate */
/**
 * @typedef {object} Change
 * @property {"input" | "commit"} phase while a slider moves, or once it rests
 * @property {StateKey[]} keys what differs from the last change that was told
 * @property {string | undefined} preset the preset that the reader started from
 */
/**
 * @typedef {object} Options
 * @property {string} [preset] the preset that the state started from
 * @property {(state: CellState, change: Change) => void} [onChange] only for changes that the reader makes; at most once a frame
 * @property {() => Promise<boolean>} [copyLink] where the state has an address
 */

const FALLBACK_WIDTH = 640;

/**
 * @param {HTMLElement} host
 * @param {unknown} raw
 * @param {Options} [options]
 */
export function mountCell(host, raw, options = {}) {
  let state = parseState(raw);
  const opened = state; // what Reset returns to
  let told = state;
  let from = options.preset ?? matchingPreset(state)?.name;
  /** @type {"input" | "commit" | undefined} what the next frame tells the host */
  let phase;
  /** @type {EventTarget | null} the field that is being typed in */
  let typing = null;
  /** What a field held before the reader began to type in it. */
  let settled = { name: "", value: 0 };
  /** @type {Gate} */
  let gate = gateOfStep(state.step) ?? "f";
  let width = 0;

  const frame = createFrame(host, draw);
  const { root, signal } = frame;
  let views = build();

  /** All that depends on the language or the sizes. */
  function build() {
    const { lang } = state;
    frame.name(lang, t(lang, "ui.figure"));
    const header = createHeader(lang, options.copyLink !== undefined);
    const stepper = createStepper(lang);
    const equations = createEquations(lang);
    const stage = el("div", { class: "lstm-x-stage" });
    const lower = el("div", { class: "lstm-x-lower" });
    frame.body.replaceChildren(
      header.node,
      stepper.node,
      stage,
      stepper.caption,
      equations.node,
      lower,
    );
    return { lang, header, stepper, equations, stage, lower, ...buildSized(stage, lower) };
  }

  /** The drawing and the tables, which the sizes change. @param {HTMLElement} stage @param {HTMLElement} lower */
  function buildSized(stage, lower) {
    const sized = new AbortController();
    signal.addEventListener("abort", () => sized.abort(), { signal: sized.signal });
    const diagram = createDiagram(state, { signal: sized.signal, say: frame.say });
    const weights = createWeights(state);
    const numbers = createNumbers(state.lang, state.h_prev.length);
    stage.replaceChildren(diagram.canvas, diagram.detail);
    lower.replaceChildren(...weights.nodes, numbers.node);
    return { sized, diagram, weights, numbers, D: state.x.length, H: state.h_prev.length };
  }

  function model() {
    const step = lstmStep(state);
    return { state, step, numbers: unitNumbers(step, state, state.unit) };
  }

  function draw() {
    if (views.lang !== state.lang) {
      views.sized.abort();
      views = build();
      measure();
    } else if (views.D !== state.x.length || views.H !== state.h_prev.length) {
      const open = views.numbers.node.open;
      views.sized.abort();
      views = { ...views, ...buildSized(views.stage, views.lower) };
      views.numbers.node.open = open;
      measure();
    }
    const now = model();
    set(root, { "data-step": state.step });
    views.header.draw(now, from);
    views.stepper.draw(now);
    views.diagram.draw(now);
    views.equations.draw(now);
    views.weights.showGate(gate);
    views.weights.draw(now, typing);
    views.numbers.draw(now);
    tell();
  }

  /** Tell the host what the reader changed. */
  function tell() {
    if (!phase) return;
    const change = { phase, keys: changedKeys(told, state), preset: from };
    told = state;
    phase = undefined;
    options.onChange?.(state, change);
  }

  /** In the next frame; at once where controls appear or go, so that none acts under an old name. */
  function redraw() {
    if (views.lang !== state.lang || views.D !== state.x.length || views.H !== state.h_prev.length)
      draw();
    else frame.schedule();
  }

  /** @param {CellState} next @param {"input" | "commit"} [how] */
  function change(next, how = "commit") {
    if (next.step !== state.step) gate = gateOfStep(next.step) ?? gate;
    state = next;
    phase = phase === "commit" ? phase : how;
    redraw();
  }

  /** @param {...string} words */
  const announce = (...words) => frame.say([...words, outcome(model())].join(" "));

  function measure() {
    const there = Math.floor(views.stage.clientWidth) || FALLBACK_WIDTH;
    width = there;
    views.diagram.layout(there);
  }

  /** @param {string} name */
  function sayNumber(name) {
    const { lang, h_prev, unit } = state;
    const now = model();
    const words = [
      t(lang, "ui.say.number", {
        what: wordsForControl(lang, name, h_prev.length),
        value: formatGiven(numberAt(state, name)),
      }),
    ];
    const [key, ...path] = name.split(".");
    if (key === "W" || key === "U" || key === "b") {
      const block = ["i", "f", "g", "o"][Math.floor(Number(path[path.length - 1]) / h_prev.length)];
      words.push(
        t(lang, "ui.say.number", {
          what: wordsFor(lang, block, unit),
          value: formatNumber(now.numbers[block]),
        }),
      );
    }
    announce(...words);
  }

  function sayStep() {
    const { lang, step } = state;
    announce(
      t(lang, "ui.say.step", { k: step, name: t(lang, stringKey(`ui.step_name.${STEPS[step]}`)) }),
    );
  }

  /** A number typed or dragged; a field that holds none is refused once it is left. @param {HTMLInputElement} input @param {"input" | "commit"} how */
  function setNumber(input, how) {
    const name = input.dataset.name ?? "";
    const isSlider = input.dataset.role === "slider";
    const value = isSlider ? Number(input.valueAsNumber.toFixed(6)) : input.valueAsNumber;
    typing = !isSlider && how === "input" ? input : null;
    try {
      const number = checkNumber(value, name);
      if (how === "commit") frame.warn("");
      change(withNumber(state, name, number), how);
      if (how === "commit") {
        settled = { name, value: number };
        sayNumber(name);
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      if (how === "commit") refuse(input, name, error);
    }
  }

  /** @param {HTMLInputElement} input @param {string} name @param {InputError} error */
  function refuse(input, name, error) {
    const { lang, h_prev } = state;
    const kept = settled.name === name ? settled.value : numberAt(state, name);
    const reason = new InputError(
      wordsForControl(lang, name, h_prev.length),
      error.expected,
      input.validity.badInput ? Number.NaN : input.value,
      error.values,
    );
    const words = `${reason.describe(lang)} ${t(lang, "error.kept", { value: formatGiven(kept) })}`;
    change(withNumber(state, name, kept));
    input.value = String(kept);
    frame.warn(words);
    frame.say(words);
  }

  /** @param {HTMLInputElement | HTMLSelectElement} input */
  function choose(input) {
    const { lang } = state;
    const value = input.value;
    frame.warn("");
    switch (input.dataset.role) {
      case "preset":
        from = value;
        change(withPreset(state, value));
        announce(t(lang, "ui.say.preset", { title: presetNamed(value)?.title[lang] ?? value }));
        break;
      case "input_size":
      case "hidden_size": {
        const D = input.dataset.role === "input_size" ? Number(value) : state.x.length;
        const H = input.dataset.role === "hidden_size" ? Number(value) : state.h_prev.length;
        change(withSizes(state, D, H));
        announce(t(lang, "ui.say.sizes", { D, H }));
        break;
      }
      case "unit":
        change({ ...state, unit: Number(value) });
        announce();
        break;
      case "step":
        change({ ...state, step: Number(value) });
        sayStep();
        break;
      case "gate":
        gate = /** @type {Gate} */ (value);
        frame.schedule();
        break;
    }
  }

  /** @param {Event} event @returns {HTMLInputElement | HTMLSelectElement | undefined} */
  const controlOf = (event) =>
    event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement
      ? event.target
      : undefined;
  /** @param {HTMLElement} input */
  const isNumber = (input) => input.dataset.role === "slider" || input.dataset.role === "field";

  root.addEventListener(
    "input",
    (event) => {
      const input = controlOf(event);
      if (input instanceof HTMLInputElement && isNumber(input)) setNumber(input, "input");
    },
    { signal },
  );
  root.addEventListener(
    "change",
    (event) => {
      const input = controlOf(event);
      if (!input) return;
      if (input instanceof HTMLInputElement && isNumber(input)) setNumber(input, "commit");
      else choose(input);
    },
    { signal },
  );
  root.addEventListener(
    "focusin",
    (event) => {
      const input = controlOf(event);
      if (input?.dataset.role !== "field") return;
      const name = input.dataset.name ?? "";
      settled = { name, value: numberAt(state, name) };
    },
    { signal },
  );
  // A browser sends no "change" when a field goes from one unreadable text to another.
  root.addEventListener(
    "focusout",
    (event) => {
      const input = controlOf(event);
      if (!(input instanceof HTMLInputElement) || input.dataset.role !== "field") return;
      if (typing === input) typing = null;
      const kept = numberAt(state, input.dataset.name ?? "");
      if (kept === undefined) return;
      if (Number.isNaN(input.valueAsNumber)) setNumber(input, "commit");
      else if (input.valueAsNumber !== kept) input.value = String(kept);
    },
    { signal },
  );
  root.addEventListener(
    "click",
    (event) => {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      const step = state.step;
      switch (button?.dataset.role) {
        case "back":
        case "forward": {
          const next = step + (button.dataset.role === "back" ? -1 : 1);
          if (next < 0 || next >= STEPS.length) return;
          change({ ...state, step: next });
          sayStep();
          break;
        }
        case "reset":
          frame.warn("");
          from = matchingPreset(opened)?.name;
          change({ ...opened, lang: state.lang });
          announce(t(state.lang, "ui.say.reset"));
          break;
        case "copy":
          options.copyLink?.().then((worked) => {
            if (signal.aborted) return;
            views.header.copied(worked);
            const timer = window.setTimeout(() => views.header.restoreCopy(), 2500);
            signal.addEventListener("abort", () => window.clearTimeout(timer), { once: true });
          });
          break;
      }
    },
    { signal },
  );

  const observer = new ResizeObserver(() => {
    const there = Math.floor(views.stage.clientWidth);
    if (there > 0 && there !== width) measure();
  });
  observer.observe(root);
  signal.addEventListener("abort", () => observer.disconnect());

  measure();
  draw();

  return {
    get state() {
      return state;
    },
    /**
     * Take a change from outside. Nothing is told back to the host.
     * @param {Partial<CellState>} partial
     * @param {{preset?: string, announce?: boolean}} [how]
     */
    update(partial, how = {}) {
      const known = Object.fromEntries(
        STATE_KEYS.filter((key) => Object.hasOwn(partial, key)).map((key) => [key, partial[key]]),
      );
      const next = parseState({ ...state, ...known });
      const keys = changedKeys(state, next);
      from = how.preset ?? matchingPreset(next)?.name ?? from;
      if (next.step !== state.step) gate = gateOfStep(next.step) ?? gate;
      state = next;
      told = next;
      if (keys.length > 0 || how.preset !== undefined) redraw();
      if (how.announce) {
        const title = matchingPreset(next)?.title[next.lang];
        const step = t(next.lang, "ui.say.step", {
          k: next.step,
          name: t(next.lang, stringKey(`ui.step_name.${STEPS[next.step]}`)),
        });
        announce(
          title ? t(next.lang, "ui.say.preset", { title }) : t(next.lang, "ui.say.set"),
          next.step > 0 ? step : "",
        );
      }
    },
    warn: frame.warn,
    destroy: frame.destroy,
  };
}
