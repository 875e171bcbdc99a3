/** The gradient explorer: how long the gradient is at each time step, by cell and by path. */

import { choiceRow, flagBox, namedControl } from "../../../frontend/kit/controls.mjs";
import {
  el,
  hide,
  listen,
  set,
  setMath,
  setNumber,
  setText,
  svg,
} from "../../../frontend/kit/dom.mjs";
import { formatNumber, MINUS } from "../../../frontend/kit/format.mjs";
import { createInspector } from "../../../frontend/kit/inspector.mjs";
import { computed, fill, guarded, toText } from "../../../frontend/kit/math.mjs";
import { own } from "../../../frontend/kit/tables.mjs";
import { bandsOf, createBands } from "./bands.mjs";
import table from "./gradient.json" with { type: "json" };
import { finiteDifference, gradientNumbers, RANKS, SEEDS } from "./numerics.mjs";
import { createPlot } from "./plot.mjs";

/** @typedef {import("../../../frontend/kit/math.mjs").Part} Part */
/** @typedef {import("./numerics.mjs").Curve} Curve */
/** @typedef {import("./numerics.mjs").CellName} CellName */
/** @typedef {import("./numerics.mjs").GradientInput & import("../../../frontend/kit/state.mjs").State} GradientState */
/** @typedef {ReturnType<typeof gradientNumbers> & {state: GradientState}} Model */
/** @typedef {"last" | "at" | "first" | "factor"} Where the last step, the chosen one, the first; and per step */
/** @typedef {keyof typeof RANKS} Rank */

/** Each with its colour, and the state that its vectors are the gradient of. */
const CURVES = /** @type {const} */ ([
  { name: "rnn", colour: "ink", of: "h" },
  { name: "gru", colour: "g", of: "h" },
  { name: "lstm", colour: "h", of: "h" },
  { name: "c", colour: "c", of: "c" },
  { name: "carry", colour: "f", of: "c" },
  { name: "gates", colour: "i", of: "c" },
]);
const CONTROLS = /** @type {const} */ ([
  { key: "radius", symbol: "ρ", sub: "", colour: "ink" },
  { key: "forget_bias", symbol: "b", sub: "f", colour: "f" },
  { key: "input_scale", symbol: "x", sub: "max", colour: "x" },
  { key: "T", symbol: "T", sub: "", colour: "ink" },
  { key: "hidden_size", symbol: "H", sub: "", colour: "ink" },
  { key: "seed", symbol: "s", sub: "", colour: "ink" },
]);
const ranks = /** @type {Rank[]} */ (Object.keys(RANKS));
const KEYS = CONTROLS.map(({ key }) => key);
const CELLS = { lstm: "LSTM", rnn: "RNN", gru: "GRU" };

/** Whether a curve is there while a cell is open. @param {Curve} name @param {string} cell */
const isShown = (name, cell) => cell === "lstm" || !["carry", "gates"].includes(name);

/** @param {Model} model @param {Where} where */
const stepAt = ({ state }, where) =>
  where === "at" ? state.step : where === "first" ? 0 : state.T - 1;

/** @param {Model} model @param {Curve} name @param {Where} where @returns {number} NaN where there is no factor */
function sizeOf(model, name, where) {
  const norms = model.norms[name];
  if (where !== "factor") return norms[stepAt(model, where)];
  const [at, last] = [norms[model.state.step], norms[norms.length - 1]];
  const steps = norms.length - 1 - model.state.step;
  return at && last && steps ? (at / last) ** (1 / steps) : Number.NaN;
}

/** A length of the seeds in order. @param {Model} model @param {Curve} name @param {Where} where @param {Rank} rank @returns {number} NaN while it is being worked out */
const rankOf = (model, name, where, rank) =>
  bandsOf(model.state)?.[name][rank][stepAt(model, where)] ?? Number.NaN;

/** @param {Model} model @param {Curve} name @param {Where} where */
const numberOf = (model, name, where) => computed(`${name}.${where}`, sizeOf(model, name, where));

/** @param {Model} model @returns {Part[]} */
function story(model) {
  /** @type {Record<string, Part[]>} */
  const values = { T: [String(model.state.T)], n: [String(SEEDS)] };
  const { lang, many } = model.state;
  if (many && !bandsOf(model.state)) return [own(table, lang, "working", { n: SEEDS })];
  for (const name of /** @type {const} */ (["rnn", "gru", "lstm", "c"])) {
    values[name] = [numberOf(model, name, "first")];
    for (const rank of many ? ranks : []) {
      const id = `${name}.first.${rank}`;
      values[rank === "median" ? name : `${name}_${rank}`] = [
        computed(id, rankOf(model, name, "first", rank)),
      ];
    }
  }
  values.last = [numberOf(model, "c", "last")];
  return fill(own(table, lang, many ? "outcome_many" : "outcome"), values);
}

/** @type {{of: import("../../../frontend/kit/state.mjs").State, numbers: ReturnType<typeof gradientNumbers>} | undefined} */
let latest;

/** Looking at another step or cell needs no new numbers. @param {import("../../../frontend/kit/state.mjs").State} state */
function numbersOf(state) {
  if (!latest || KEYS.some((key) => latest?.of[key] !== state[key])) {
    const input = /** @type {GradientState} */ (/** @type {unknown} */ (state));
    latest = { of: state, numbers: gradientNumbers(input) };
  }
  return latest.numbers;
}

/** @type {import("../../../frontend/kit/figure.mjs").Kind} */
export const FIGURE = {
  compute: (state) => ({ state, ...numbersOf(state) }),
  words: (lang, name) => own(table, lang, name, { n: SEEDS }),
  outcome: (now) => toText(story(now)),
  settle: (next) => ({ ...next, step: Math.min(next.step, next.T - 1) }),
  build,
};

/** The equation of a number with the numbers put in. @param {Model} model @param {string} id @returns {Part[]} */
function equation(model, id) {
  const [name, where, rank] = /** @type {[Curve, Where, Rank | undefined]} */ (id.split("."));
  const { state, vectors } = model;
  /** @param {string} key @param {Record<string, string | number>} [values] */
  const words = (key, values) => own(table, state.lang, key, values);
  if (where === "factor") {
    const [at, last] = [numberOf(model, name, "at"), numberOf(model, name, "last")];
    const n = state.T - 1 - state.step;
    const mean = words("mean", { n });
    return ["(", at, " / ", last, `)^(1/${n}) = `, numberOf(model, name, where), `: ${mean}`];
  }
  const t = stepAt(model, where);
  const { of } = /** @type {{of: string}} */ (CURVES.find((curve) => curve.name === name));
  /** @type {Part[]} */
  const full = ["‖∂L/∂", { sym: of, sub: String(t + 1), q: of }, "‖"];
  const short = name === "carry" || name === "gates" ? [`‖${words(`short_${name}`)}‖`] : full;
  if (rank) {
    const place = words("rank", { k: RANKS[rank] + 1, n: SEEDS });
    return [...short, " = ", computed(id, rankOf(model, name, where, rank)), `: ${place}`];
  }
  const vector = Array.from(vectors[name][t]);
  /** @type {Part[]} */
  const squares = vector.flatMap((value, n) => {
    if (vector.length > 8 && n > 2 && n < vector.length - 1) return n === 3 ? [" + …"] : [];
    return [n ? " + " : "", ...guarded(value, computed(`${id}.${n}`, value)), "²"];
  });
  const length = [" = √(", ...squares, ") = ", numberOf(model, name, where)];
  if (name === "carry") return [...short, ...length, `: ${words("along")}`];
  if (name !== "gates") return [...short, ...length];
  const [carry, gates] = [numberOf(model, "carry", where), numberOf(model, "gates", where)];
  const sum = computed(`sum.${where}`, carry.num + gates.num);
  return [
    ...short,
    ...length,
    `: ${words("rest")}. ${words("norms")}: `,
    carry,
    " + ",
    gates,
    " = ",
    sum,
    `, ${words("whole")} `,
    numberOf(model, "c", where),
  ];
}

/** Ten digits, or as many as a small number has. @param {number} value */
const exactly = (value) =>
  (value && Math.abs(value) < 1e-3 ? value.toExponential(9) : value.toPrecision(10))
    .replace("e+", "e")
    .replaceAll("-", MINUS);

/** @param {import("../../../frontend/kit/figure.mjs").Context} context @returns {import("../../../frontend/kit/figure.mjs").View} */
function build({ lang, words, signal, now, change, say, redraw, repeat }) {
  /** @returns {Model} */
  const model = now;
  const controls = CONTROLS.map(({ key, symbol, sub, colour }) =>
    namedControl(lang, "gradient", key, [{ sym: symbol, sub }], words(key), colour),
  );
  for (const [k, { node }] of controls.entries())
    node.append(el("span.caption", { "aria-hidden": "true" }, words(KEYS[k])));

  const cell = choiceRow(
    words("cell"),
    "cell",
    Object.entries(CELLS).map(([value, text]) => ({ value, content: [text], words: text })),
  );
  const many = flagBox(words("many", { n: SEEDS }), "many");
  const thin = el("span.caption");
  const bands = createBands(() => {
    redraw();
    repeat();
  }, signal);
  const plot = createPlot(
    CURVES.map(({ name, colour }) => ({
      name,
      colour,
      text: ["carry", "gates"].includes(name) ? words(`short_${name}`) : words(name),
    })),
    { label: words("plot"), back: words("back"), time: words("time") },
  );
  const slider = el("input", {
    type: "range",
    class: "lstm-x-slider",
    "data-role": "step",
    min: 1,
    "aria-label": words("step"),
    autocomplete: "off",
  });
  /** @param {number} step @param {import("../../../frontend/kit/figure.mjs").Phase} phase */
  const goTo = (step, phase) => {
    const { state } = model();
    if (step !== state.step || phase === "commit") change({ ...state, step }, phase);
  };
  for (const [type, phase] of /** @type {const} */ ([
    ["input", "input"],
    ["change", "commit"],
  ]))
    slider.addEventListener(type, () => goTo(slider.valueAsNumber - 1, phase), { signal });
  plot.onPoint(goTo, slider, signal);

  // What the curves are at the chosen step and at the first, and what they lose per step.
  const head = el("th", { scope: "col" });
  const rows = CURVES.map(({ name, colour }) => {
    const buttons = /** @type {const} */ (["last", "at", "factor"]).map((where) => ({
      where,
      node: el("button.quantity.number", { tabindex: -1, "data-name": `${name}.${where}` }),
    }));
    const line = svg(
      "svg",
      { width: 26, height: 8, "aria-hidden": "true" },
      svg(`path.wire.curve-${name}`, { d: "M0,4H26" }),
    );
    const node = el(
      `tr.q-${colour}`,
      el("th", { scope: "row" }, line, " ", words(name)),
      ...buttons.map((button) => el("td", button.node)),
    );
    return { name, node, buttons };
  });
  const start = el("th", { scope: "col" });
  const end = el("th", { scope: "col" });
  const top = [el("td"), start, head, end];
  const table = el(
    "table.table",
    el("thead", el("tr", ...top)),
    el("tbody", ...rows.map(({ node }) => node)),
  );
  const inspector = createInspector(table, {
    explain: (name) => equation(model(), name),
    lang,
    signal,
    say,
  });

  const check = el("button.button", { "data-role": "act" });
  const checked = el("p.checked");
  /** What was checked, and stays on show as long as it is true. @type {Model["state"] | undefined} */
  let tried;
  listen(check, signal, {
    click: () => {
      const { state } = model();
      const found = finiteDifference(model(), state.cell, state.step);
      const { epsilon, plus, minus, measured, exact, rounding } = found;
      const relative = Math.abs(measured - exact) / Math.max(Math.abs(measured), Math.abs(exact));
      /** @param {keyof typeof found} key @returns {Part[]} */
      const part = (key) => [{ num: found[key], name: key, text: exactly(found[key]) }];
      const parts = fill(words("checked"), {
        ε: [formatNumber(epsilon)],
        plus: [exactly(plus)],
        minus: [exactly(minus)],
        measured: part("measured"),
        exact: part("exact"),
        relative: [Number.isNaN(relative) ? "0" : relative.toExponential(1).replace("-", MINUS)],
      });
      if (Math.abs(exact) < 1e4 * rounding) parts.push(` ${words("rounding")}`);
      setMath(checked, parts);
      tried = state;
      say(toText(parts));
    },
  });
  const same = el("p.same");
  const told = el("p.story");
  const stage = el("div.stage", plot.node, slider, told, table, inspector.node);

  return {
    nodes: [
      el("div.state-row", ...controls.map(({ node }) => node)),
      el("div.bar", el("span", words("cell")), cell.node, many.node, thin),
      stage,
      same,
      el("div.section", check, checked),
    ],
    stage,
    layout(width) {
      const { left, right } = plot.layout(width);
      slider.style.marginLeft = `${left - 7}px`;
      slider.style.width = `${right - left + 14}px`;
    },
    /** @param {Model} next @param {EventTarget | null} typing */
    draw(next, typing) {
      const { state } = next;
      for (const [k, key] of KEYS.entries()) controls[k].show(state[key], typing);
      cell.show(state.cell);
      many.show(state.many);
      hide(thin, !state.many);
      setText(
        thin,
        words("thin", { cell: CELLS[/** @type {CellName} */ (state.cell)], seed: state.seed }),
      );
      bands.want(state.many ? state : undefined);
      set(stage, { "aria-busy": String(state.many && !bandsOf(state)) });
      plot.draw(next.norms, state.many ? { of: bandsOf(state) } : undefined, state, (name) =>
        isShown(name, state.cell),
      );
      set(slider, {
        max: state.T,
        "aria-valuetext": `t = ${state.step + 1}`,
      });
      slider.style.setProperty("--to", String(state.step / (state.T - 1)));
      if (slider.valueAsNumber !== state.step + 1) slider.value = String(state.step + 1);
      if (tried && tried !== state) {
        tried = undefined;
        setMath(checked, []);
      }
    },
    /** The numbers below the curves. @param {Model} next */
    later(next) {
      const { state } = next;
      const t = state.step + 1;
      setText(start, state.many ? words("low") : `t = ${state.T}`);
      setText(head, state.many ? words("short_median", { t }) : `t = ${t}`);
      setText(end, state.many ? words("high") : `× ${words("factor")}`);
      const H = String(state.hidden_size);
      /** @param {string} unit @returns {Part[]} */
      const unit = (unit) => [{ sym: "h", sub: `${state.T},${unit}`, q: "h" }];
      const sum = state.hidden_size > 1 ? "same" : "same_one";
      setMath(same, fill(words(sum), { first: unit("1"), last: unit(H), H: [H] }));
      for (const { name, node, buttons } of rows) {
        const hidden = !isShown(name, state.cell);
        hide(node, hidden);
        for (const [k, button] of buttons.entries()) {
          const id = state.many ? `${name}.at.${ranks[k]}` : `${name}.${button.where}`;
          const value = state.many
            ? rankOf(next, name, "at", ranks[k])
            : sizeOf(next, name, button.where);
          const without = hidden || Number.isNaN(value);
          hide(button.node, without);
          if (without) continue;
          setNumber(button.node, id, value, formatNumber(value));
        }
      }
      setMath(told, story(next));
      const what = words("check", {
        cell: CELLS[/** @type {CellName} */ (state.cell)],
        t: state.step + 1,
      });
      setText(check, what);
      inspector.draw();
    },
  };
}
