/** The sequence explorer: draw an input, and see every gate and state of an LSTM through time. */

import { namedControl } from "../../../frontend/kit/controls.mjs";
import { el, hide, listen, set, setMath, setText } from "../../../frontend/kit/dom.mjs";
import { formatGiven, formatNumber } from "../../../frontend/kit/format.mjs";
import { createInspector } from "../../../frontend/kit/inspector.mjs";
import { symbolOf } from "../../../frontend/kit/math.mjs";
import { own, t as shared } from "../../../frontend/kit/tables.mjs";
import { forward, LSTM } from "../../../frontend/numerics/cells.mjs";
import { lstmStep, unitNumbers } from "../../../frontend/numerics/lstm.mjs";
import { equation, wordsFor, wordsForControl } from "../cell/explain.mjs";
import { createEquations, createSizes } from "../cell/panels.mjs";
import { withSizes } from "../cell/sizes.mjs";
import { createWeights } from "../cell/weights.mjs";
import table from "./sequence.json" with { type: "json" };
import { createStrips } from "./strips.mjs";

/** @typedef {import("../cell/explain.mjs").CellModel} CellModel */
/** @typedef {import("../../../frontend/numerics/lstm.mjs").Gate} Gate */
/** @typedef {import("../../../frontend/kit/state.mjs").State & {T: number, x: number[][], W: number[][], U: number[][], b: number[], unit: number, t: number}} SequenceState */
/** @typedef {{state: SequenceState, trace: import("../../../frontend/numerics/cells.mjs").Trace, cell: CellModel}} SequenceModel `cell` is the step at t, opened */

const BEAT_MS = 300;
/** What the opened step shows beside the strips. */
const INSIDE = ["z_f", "z_i", "z_g", "z_o", "c_prev", "f*c_prev", "i*g", "tanh_c"];

/** The longest sequence that was cut: a slider that goes back brings its end back. @type {number[][]} */
let longest = [];

/** @type {import("../../../frontend/kit/figure.mjs").Kind} */
export const FIGURE = {
  compute(raw) {
    const state = /** @type {SequenceState} */ (raw);
    const { x, W, U, b, t, unit } = state;
    const trace = forward(LSTM, { W, U, b }, x);
    const input = {
      ...state,
      x: x[t],
      h_prev: Array.from(t > 0 ? trace.h[t - 1] : trace.h0),
      c_prev: Array.from(t > 0 ? trace.c[t - 1] : trace.c0),
      step: 0,
    };
    const step = lstmStep(input);
    const cell = { state: input, step, numbers: unitNumbers(step, input, unit) };
    return { state, trace, cell };
  },
  words(lang, name, { U }) {
    const [key, t, d] = name.split(".").map((part, k) => (k ? Number(part) + 1 : part));
    if (key === "unit") return shared(lang, "ui.unit");
    if (key === "T" || key === "t") return own(table, lang, key);
    if (key === "x") return own(table, lang, "x", { n: d, t });
    return wordsForControl(lang, name, U.length);
  },
  outcome({ state: { lang, unit, t, T }, trace, cell: { numbers } }) {
    return own(table, lang, "outcome", {
      n: unit + 1,
      t: t + 1,
      T,
      c: formatNumber(numbers.c),
      h: formatNumber(numbers.h),
      c_last: formatNumber(trace.c[T - 1][unit]),
      h_last: formatNumber(trace.h[T - 1][unit]),
    });
  },
  settle(next, key) {
    if (key !== "T") return next;
    const { T, x, W, t } = /** @type {SequenceState} */ (next);
    if (x.some((inputs, k) => inputs !== longest[k])) longest = x;
    const fitted = Array.from({ length: T }, (_, k) => longest[k] ?? W.map(() => 0));
    if (T > longest.length) longest = fitted;
    return { ...next, x: fitted, t: Math.min(t, T - 1) };
  },
  build,
};

/** The same network with other sizes. @param {SequenceModel} model @param {number} D @param {number} H */
function resized({ state, cell }, D, H) {
  const { W, U, b, unit } = withSizes(cell.state, D, H);
  const x = state.x.map((inputs) => Array.from({ length: D }, (_, d) => inputs[d] ?? 0));
  return { ...state, x, W, U, b, unit };
}

/** @param {import("../../../frontend/kit/figure.mjs").Context} context @returns {import("../../../frontend/kit/figure.mjs").View} */
function build(context) {
  const { lang, words, signal, now, change, redraw, say } = context;
  /** @returns {SequenceModel} */
  const model = () => now();
  const state = () => model().state;
  const sizes = createSizes(lang, "sequence");
  const length = namedControl(lang, "sequence", "T", [{ sym: "T" }], words("T"));
  const inputs = [0, 1].map((d) =>
    namedControl(lang, "sequence", "x", [{ sym: "x", sub: `t,${d + 1}` }], "", "x"),
  );

  // The playhead: a slider of its own over the strips, and a button that moves it.
  const play = el("button.button.arrow-button", {});
  const at = el("span.at");
  const playhead = el("input", {
    type: "range",
    class: "lstm-x-slider lstm-x-playhead",
    min: 0,
    "data-role": "time",
    "aria-label": words("t"),
    autocomplete: "off",
  });
  let timer = 0;
  /** Change; while something moves, what is off the screen waits. @param {SequenceState} next @param {import("../../../frontend/kit/figure.mjs").Phase} [phase] @param {...string} said */
  function go(next, phase = "commit", ...said) {
    stage.closest(".lstm-x")?.classList.toggle("is-moving", phase === "input");
    change(next, phase, ...said);
  }
  /** @param {number} t @param {import("../../../frontend/kit/figure.mjs").Phase} phase */
  const moveTo = (t, phase) => go({ ...state(), t }, phase);
  function pause() {
    if (!timer) return;
    window.clearInterval(timer);
    timer = 0;
    moveTo(state().t, "commit");
  }
  function beat() {
    const { t, T } = state();
    if (t + 1 < T) moveTo(t + 1, "input");
    if (t + 2 >= T) pause();
  }
  signal.addEventListener("abort", () => window.clearInterval(timer));
  listen(play, signal, {
    click: () => {
      if (timer) return pause();
      const { t, T } = state();
      timer = window.setInterval(beat, BEAT_MS);
      moveTo(t + 1 < T ? t : 0, "input");
    },
  });
  listen(playhead, signal, { input: () => moveTo(playhead.valueAsNumber, "input") });
  listen(playhead, signal, { change: () => moveTo(playhead.valueAsNumber, "commit") });

  const strips = createStrips(
    context,
    (t) => t !== state().t && moveTo(t, "input"),
    () => moveTo(state().t, "commit"),
  );
  /** The input that is being drawn. @type {number | undefined} */
  let drawing;
  for (const [d, pad] of strips.pads.entries()) drawOn(pad, d);

  /** Let an input be drawn on its strip. @param {HTMLElement} pad @param {number} d */
  function drawOn(pad, d) {
    const { step = 1, min = 0, max = 0 } = table.fields.x;
    let box = { left: 0, top: 0, width: 1, height: 1 };
    /** @type {{t: number, value: number} | undefined} */
    let last;
    /** @param {number} value */
    const snapped = (value) => Number((Math.round(value / step) * step).toFixed(6)) + 0;
    /** @param {number} t @param {number} value @param {number} [from] @param {number} [start] */
    function write(t, value, from = t, start = value) {
      const x = [...state().x];
      for (let k = Math.min(from, t); k <= Math.max(from, t); k++) {
        const share = k === t ? 1 : (k - from) / (t - from);
        const drawn = snapped(start + share * (value - start));
        x[k] = x[k].map((old, column) => (column === d ? drawn : old));
      }
      return { ...state(), x, t };
    }
    /** @param {PointerEvent} event */
    function paint({ clientX, clientY }) {
      const { T } = state();
      const bound = strips.boundOf(d);
      const share = Math.floor(((clientX - box.left) / box.width) * T);
      const t = Math.min(T - 1, Math.max(0, share));
      const height = bound * (1 - (2 * (clientY - box.top)) / box.height);
      // Zero is easy to hit, and so are the ends.
      const held = Math.min(bound, Math.max(-bound, height));
      const value = Math.abs(held) < 0.1 * bound ? 0 : snapped(held);
      if (last?.t === t && last.value === value) return;
      const next = write(t, value, last?.t, last?.value);
      last = { t, value };
      go(next, "input");
    }
    /** @type {Record<string, (event: any) => void>} */
    const listeners = {
      pointerdown(event) {
        if (event.button !== 0) return;
        pad.setPointerCapture(event.pointerId);
        box = pad.getBoundingClientRect();
        drawing = d;
        last = undefined;
        paint(event);
      },
      pointermove(event) {
        if (drawing === d) paint(event);
      },
      lostpointercapture() {
        if (drawing !== d) return;
        drawing = undefined;
        go(state(), "commit", words("drawn", { n: d + 1 }));
      },
      keydown(event) {
        const { x, t, T } = state();
        const value = x[t][d];
        const by = { ArrowUp: step, ArrowDown: -step, PageUp: 10 * step, PageDown: -10 * step };
        const to = { ArrowLeft: t - 1, ArrowRight: t + 1, Home: 0, End: T - 1 };
        if (event.key in to) {
          const target = to[/** @type {keyof typeof to} */ (event.key)];
          moveTo(Math.min(T - 1, Math.max(0, target)), "commit");
        } else if (event.key in by) {
          const wanted = value + by[/** @type {keyof typeof by} */ (event.key)];
          go(write(t, Math.min(max, Math.max(min, wanted))));
        } else return;
        event.preventDefault();
      },
    };
    listen(pad, signal, listeners);
  }

  // The opened step.
  const opened = el("p.title");
  const chips = INSIDE.map((name) => {
    const called = el("span.hidden");
    const symbol = el("span");
    const value = el("span.chip-value");
    const colour = name.startsWith("z_") ? name[2] : name === "i*g" ? "g" : "c";
    const node = el(
      `button.quantity.number.q-${colour}`,
      { "data-name": name, tabindex: -1 },
      called,
      el("span", symbol, " ="),
      value,
    );
    return { name, called, symbol, value, node };
  });
  const area = el("div", strips.node, opened, el("div.chips", ...chips.map(({ node }) => node)));
  const inspector = createInspector(area, {
    explain: (name) => [`${wordsFor(lang, name, state().unit)}: `, ...equation(model().cell, name)],
    lang,
    start: "c",
    signal,
    say,
  });
  const time = el("div.time", play, at, playhead);
  const stage = el("div.stage", time, area, inspector.node);
  const equations = createEquations(lang);
  const lower = el("details.section", { open: true });
  listen(lower, signal, { toggle: redraw });

  let width = 0;
  /** @type {Gate} the column that a narrow figure shows */
  let gate = "f";
  let sized = buildSized(model());
  /** @param {SequenceModel} given */
  function buildSized({ trace: { D, H }, cell }) {
    const weights = createWeights(cell.state);
    lower.replaceChildren(el("summary", words("weights")), weights.nodes[0]);
    return { D, H, weights };
  }
  const nodes = [
    sizes.node,
    el("div.state-row", length.node, ...inputs.map(({ node }) => node)),
    el("p.tip", words("tip")),
    stage,
    equations.node,
    lower,
  ];
  for (const node of nodes)
    listen(node, signal, {
      change: ({ target }) => {
        if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
        const { role, name } = target.dataset;
        if (role === "gate") {
          gate = /** @type {Gate} */ (target.value);
          redraw();
        } else if (role === "size") {
          const { trace } = model();
          const D = name === "D" ? Number(target.value) : trace.D;
          const H = name === "H" ? Number(target.value) : trace.H;
          go(resized(model(), D, H), "commit", shared(lang, "ui.say.sizes", { D, H }));
        }
      },
    });

  /** @param {SequenceModel} next */
  function place({ trace: { T, D } }) {
    stage.classList.toggle("is-narrow", width < 600);
    strips.layout(width, D);
    const { left, width: wide } = strips.track(T);
    set(playhead, { style: `margin-inline-start:${left.toFixed(1)}px;width:${wide.toFixed(1)}px` });
  }

  return {
    nodes,
    stage,
    layout(there) {
      width = there;
      place(model());
    },
    /** @param {SequenceModel} next @param {EventTarget | null} typing */
    draw(next, typing) {
      const { state: seen, trace, cell } = next;
      const { T, t, x } = seen;
      if (sized.D !== trace.D || sized.H !== trace.H) {
        sized = buildSized(next);
        place(next);
      }
      sizes.draw(cell);
      length.show(T, typing);
      for (const [d, input] of inputs.entries()) {
        hide(input.node, d >= trace.D);
        input.name(`x.${Math.min(t, T - 1)}.${d}`, words("x", { n: d + 1, t: t + 1 }));
        if (d < trace.D) input.show(x[t][d], typing);
      }
      if (playhead.max !== String(T - 1)) {
        playhead.max = String(T - 1);
        place(next);
      }
      if (playhead.valueAsNumber !== t) playhead.value = String(t);
      playhead.style.setProperty("--to", String(T > 1 ? t / (T - 1) : 0));
      const where = words("at", { t: t + 1, T });
      setText(at, where);
      set(playhead, { "aria-valuetext": where });
      setText(play, timer ? "❚❚" : "▶");
      set(play, { "aria-label": words(timer ? "pause" : "play") });
      strips.draw(next, drawing);
      if (lower.open) {
        sized.weights.showGate(gate);
        sized.weights.draw(cell, typing);
      }
    },
    /** The opened step, and its equations. @param {SequenceModel} next */
    later({ state: { t, unit }, cell }) {
      setText(opened, words("opened", { t: t + 1 }));
      for (const { name, called, symbol, value, node } of chips) {
        const number = cell.numbers[name];
        setMath(symbol, symbolOf(name, unit));
        setText(value, name === "c_prev" ? formatGiven(number) : formatNumber(number));
        setText(called, `${wordsFor(lang, name, unit)}: `);
        set(node, { "data-value": number });
      }
      equations.draw(cell);
      inspector.draw();
    },
  };
}
