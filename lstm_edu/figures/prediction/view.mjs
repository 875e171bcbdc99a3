/** The prediction explorer: two words, two time steps, a dense layer, and the next word's odds. */

import { choiceRow, mark, numberControl } from "../../../frontend/kit/controls.mjs";
import { el, hide, set, setMath, setText } from "../../../frontend/kit/dom.mjs";
import { formatFactor, formatNumber, formatPercent, MINUS } from "../../../frontend/kit/format.mjs";
import { createInspector } from "../../../frontend/kit/inspector.mjs";
import { computed, factor, guarded, symbolOf } from "../../../frontend/kit/math.mjs";
import { numberAt } from "../../../frontend/kit/state.mjs";
import { own, stringKey, t } from "../../../frontend/kit/tables.mjs";
import { READING_ORDER } from "../../../frontend/numerics/lstm.mjs";
import { colourOf, equation, wordsForControl } from "../cell/explain.mjs";
import { predictionNumbers } from "./numerics.mjs";
import table from "./prediction.json" with { type: "json" };

/** @typedef {import("../../../frontend/kit/math.mjs").Part} Part */
/** @typedef {import("../../../frontend/kit/tables.mjs").Lang} Lang */
/** @typedef {import("./numerics.mjs").Weights & {first: string, second: string, target: string, step: number} & import("../../../frontend/kit/state.mjs").State} PredictionState */
/** @typedef {ReturnType<typeof predictionNumbers> & {state: PredictionState}} PredictionModel */

const VOCABULARY = /** @type {string[]} */ (table.fields.first.options);
/** A time step's numbers, two in a row, after what they make. */
const ROWS = [
  ...READING_ORDER.map((gate) => [gate, `z_${gate}`, gate]),
  ["c", "f*c_prev", "i*g"],
  ["c", "c", "tanh_c"],
  ["h", "h"],
];

/** @param {Lang} lang @param {string | number} word or its number */
function wordIn(lang, word) {
  const name = typeof word === "number" ? VOCABULARY[word] : word;
  return name === "padding" ? own(table, lang, name) : name;
}

/** A formula of the cell, said of a time step: c_{t−1} is c₀ or c₁. @param {Part[]} parts @param {number} t from 0 @returns {Part[]} */
const atStep = (parts, t) =>
  parts.map((part) => {
    if (typeof part === "string") return part;
    if ("num" in part) return { ...part, name: `${part.name}.${t}` };
    const sub = part.sub?.replace(/^t−1,1$|(^t,)?1$/, (end) => `${end[1] === "−" ? t : t + 1}`);
    return { ...part, sub };
  });

/** @type {import("../../../frontend/kit/figure.mjs").Kind} */
export const FIGURE = {
  compute(raw) {
    const state = /** @type {PredictionState} */ (raw);
    const [first, second, target] = [state.first, state.second, state.target].map((word) =>
      VOCABULARY.indexOf(word),
    );
    return { state, ...predictionNumbers(state, [first, second], target) };
  },
  words(lang, name) {
    const [key, ...place] = name.split(".");
    if (["W", "U", "b"].includes(key)) return wordsForControl(lang, name, 1);
    return own(table, lang, key, { word: wordIn(lang, Number(place.at(-1))) });
  },
  outcome({ state, p, best }) {
    const { lang, first, second, target } = state;
    return own(table, lang, "outcome", {
      first: wordIn(lang, first),
      second: wordIn(lang, second),
      target: wordIn(lang, target),
      best: best.map((/** @type {number} */ k) => wordIn(lang, k)).join(" = "),
      p: formatPercent(p[best[0]]),
      q: formatPercent(p[VOCABULARY.indexOf(target)]),
    });
  },
  build,
};

/** The equation of a number with the numbers put in. @param {PredictionModel} model @param {string} name @returns {Part[]} */
function explain({ state, steps, numbers }, name) {
  const { W_y, b_y } = state;
  /** @param {string} which */
  const num = (which) => computed(which, numbers[which]);
  /** @param {string} which */
  const safe = (which) => guarded(numbers[which], num(which));
  const at = name.lastIndexOf(".");
  const [key, k] = at < 0 ? [name, 0] : [name.slice(0, at), Number(name.slice(at + 1))];
  const target = VOCABULARY.indexOf(state.target);
  /** @param {string} sym */
  const of = (sym) => ({ sym, sub: wordIn(state.lang, k) });
  switch (key) {
    case "x":
      return [{ sym: "x", sub: String(k + 1), q: "x" }, " = ", num(name)];
    case "y":
      return [
        of("y"),
        " = ",
        { sym: "h", sub: "2", q: "h" },
        " ",
        { sym: "W", sub: "y" },
        " + ",
        { sym: "b", sub: "y" },
        " = ",
        ...factor(numbers["h.1"], num("h.1")),
        ` · ${formatFactor(W_y[0][k])} + ${formatFactor(b_y[k])} = `,
        num(name),
      ];
    case "p":
      return [
        of("p"),
        " = e^(",
        of("y"),
        ` ${MINUS} max y) / Σ = e^(`,
        num(`y.${k}`),
        ` ${MINUS} `,
        ...safe("max"),
        ") / ",
        num("sum"),
        " = ",
        num(`exp.${k}`),
        " / ",
        num("sum"),
        " = ",
        num(name),
      ];
    case "categorical":
      return [
        `${MINUS}ln `,
        { sym: "p", sub: state.target },
        ` = ${MINUS}ln `,
        num(`p.${target}`),
        " = ",
        num(name),
      ];
    case "binary": {
      const others = VOCABULARY.flatMap((_, j) =>
        j === target ? [] : [` + ln(1 ${MINUS} `, num(`p.${j}`), ")"],
      );
      return [`${MINUS}[ln `, num(`p.${target}`), ...others, "] / 5 = ", num(name)];
    }
    default:
      return atStep(
        equation(
          /** @type {any} */ ({ state: { ...steps[k].input, unit: 0 }, numbers: steps[k].numbers }),
          key,
        ),
        k,
      );
  }
}

/** @param {import("../../../frontend/kit/figure.mjs").Context} context @returns {import("../../../frontend/kit/figure.mjs").View} */
function build({ lang, words, signal, now, say }) {
  /** @returns {PredictionModel} */
  const model = () => now();

  /** The words to choose, each with its number. */
  const choosers = ["first", "second", "target"].map((key) => {
    const row = choiceRow(
      words(key),
      key,
      VOCABULARY.map((word, k) => ({
        value: word,
        content: [wordIn(lang, word), el("small", String(k))],
        words: `${wordIn(lang, word)} (${k})`,
      })),
    );
    const label = el("span", { "aria-hidden": "true" }, words(key));
    return { key, row, node: el("div.list", label, row.node) };
  });

  // Every number is a button that says how it comes about; symbol and number are its name.
  /** @type {{node: HTMLElement, text: HTMLElement, name: string}[]} */
  const numbers = [];
  /** @param {string} name @param {Part[]} symbol @param {string} [colour] */
  function button(name, symbol, colour = "ink") {
    const letters = el("span");
    const text = el("span.text");
    setMath(letters, symbol);
    const node = el(`button.quantity.number.q-${colour}`, { tabindex: -1 }, letters, " ", text);
    numbers.push({ node, text, name });
    return node;
  }

  const cards = [0, 1].map((at) => {
    const word = el("b");
    const rows = ROWS.flatMap(([made, ...names]) => [
      mark(made),
      ...names.map((name) =>
        button(`${name}.${at}`, atStep(symbolOf(name, 0), at), colourOf(name)),
      ),
    ]);
    const head = el(
      "p.card-head",
      words(`step_${at}`),
      word,
      button(`x.${at}`, atStep(symbolOf("x", 0), at), "x"),
    );
    const node = el("div.card", head, el("div.grid2", ...rows));
    return { node, word };
  });

  const results = VOCABULARY.map((word, k) => {
    const name = el("span.word-name", wordIn(lang, word));
    const bar = el("span.odds");
    const sub = String(k);
    return {
      name,
      bar,
      nodes: [
        name,
        button(`y.${k}`, [{ sym: "y", sub }]),
        bar,
        button(`p.${k}`, [{ sym: "p", sub }]),
      ],
    };
  });
  const verdict = el("p.verdict");
  const losses = ["categorical", "binary"].map((key) => button(key, [words(key)]));
  const out = el(
    "div.card.out",
    el("p.card-head", words("out")),
    el("div.grid4", ...results.flatMap(({ nodes }) => nodes)),
    el("div.losses", ...losses),
  );
  /** What goes from one card to the next. @param {Part[]} parts */
  const arrow = (parts) => {
    const text = el("span");
    setMath(text, parts);
    return el("div.next", { "aria-hidden": "true" }, text);
  };
  const h = (/** @type {string} */ sub) => ({ sym: "h", sub, q: "h" });
  const flow = el(
    "div.flow",
    cards[0].node,
    arrow([h("1"), " ", { sym: "c", sub: "1", q: "c" }]),
    cards[1].node,
    arrow([h("2")]),
    out,
  );
  const inspector = createInspector(flow, {
    explain(name) {
      const [key, k] = name.split(".");
      const parts = explain(model(), name);
      const of = { y: "y", p: "p", categorical: key, binary: key }[key];
      return of ? [`${words(of, { word: wordIn(lang, Number(k)) })}: `, ...parts] : parts;
    },
    lang,
    start: "p.0",
    signal,
    say,
  });
  const stage = el("div.stage", flow, verdict, inspector.node);

  const chosen = choiceRow(
    words("step"),
    "step",
    [0, 1, 2, 3].map((k) => ({ value: String(k), content: [words(`step_${k}`)] })),
  );
  const lines = ["f", "i", "g", "c", "o", "h"].map((key) => {
    const [head, line] = [el("span"), el("p.numbers")];
    const title = el("p.equation-name", head);
    return { key, head, line, node: el("li", title, line) };
  });

  /** @type {{name: string, control: ReturnType<typeof numberControl>}[]} */
  const controls = [];
  /** @param {string} title @param {string} corner @param {Part[][]} heads @param {{head: (Node | string)[], colour: string, names: string[]}[]} rows */
  function table(title, corner, heads, rows) {
    const top = heads.map((parts) => {
      const th = el("th", { scope: "col" });
      setMath(th, parts);
      return th;
    });
    const body = rows.map(({ head, colour, names }) => {
      const cells = names.map((name) => {
        const control = numberControl(lang, "prediction", name.split(".")[0]);
        control.name(name, FIGURE.words(lang, name, model().state));
        controls.push({ name, control });
        return el("td", el("div.control", control.field, control.slider));
      });
      return el(`tr.q-${colour}`, el("th", { scope: "row" }, ...head), ...cells);
    });
    return el(
      "div.section",
      el("p.title", title),
      el(
        "table.table",
        el("thead", el("tr", el("th", { scope: "col" }, corner), ...top)),
        el("tbody", ...body),
      ),
    );
  }
  const tables = [
    table(
      words("weights_0"),
      words("to"),
      [[{ sym: "W" }], [{ sym: "U" }], [{ sym: "b" }]],
      READING_ORDER.map((gate) => {
        const column = ["i", "f", "g", "o"].indexOf(gate);
        return {
          head: [mark(gate), " ", el("var", gate)],
          colour: gate,
          names: [`W.0.${column}`, `U.0.${column}`, `b.${column}`],
        };
      }),
    ),
    table(
      words("weights_1"),
      words("word"),
      [[{ sym: "W", sub: "y" }], [{ sym: "b", sub: "y" }]],
      VOCABULARY.map((word, k) => ({
        head: [wordIn(lang, word)],
        colour: "h",
        names: [`W_y.0.${k}`, `b_y.${k}`],
      })),
    ),
  ];

  return {
    nodes: [
      el("div.bar", ...choosers.map(({ node }) => node)),
      stage,
      el(
        "div.section.equations",
        el("div.list.steps", el("span", { "aria-hidden": "true" }, words("step")), chosen.node),
        el("ol", ...lines.map(({ node }) => node)),
      ),
      ...tables,
    ],
    stage,
    /** @param {PredictionModel} next @param {EventTarget | null} typing */
    draw(next, typing) {
      const { state, numbers: values, p, best } = next;
      const { step } = state;
      for (const { key, row } of choosers) row.show(state[key]);
      for (const [at, { node, word }] of cards.entries()) {
        setText(word, wordIn(lang, at ? state.second : state.first));
        node.classList.toggle("is-chosen", at === step);
      }
      out.classList.toggle("is-chosen", step > 1);
      for (const { node, text, name } of numbers) {
        set(node, { "data-name": name, "data-value": String(values[name]) });
        setText(text, name[0] === "x" ? String(values[name]) : formatNumber(values[name]));
      }
      for (const [k, { name, bar }] of results.entries()) {
        bar.style.setProperty("--p", String(p[k]));
        name.classList.toggle("is-best", best.includes(k));
        name.classList.toggle("is-target", VOCABULARY[k] === state.target);
      }
      setText(verdict, FIGURE.outcome(next));
      chosen.show(String(step));
      const dense = Number(step > 1);
      for (const [at, node] of tables.entries()) hide(node, at !== dense);
      for (const { name, control } of controls) control.show(numberAt(state, name), typing);
      inspector.draw();
    },
    /** The equations. @param {PredictionModel} next */
    later(next) {
      const { step } = next.state;
      const dense = Number(step > 1);
      for (const [k, { key, head, line, node }] of lines.entries()) {
        set(node, { class: `lstm-x-equation q-${dense ? "ink" : key}` });
        hide(node, k > 4 && dense === 1);
        if (node.hidden) continue;
        setText(head, dense ? wordIn(lang, k) : t(lang, stringKey(key)));
        setMath(line, explain(next, dense ? `${step === 2 ? "y" : "p"}.${k}` : `${key}.${step}`));
      }
    },
  };
}
