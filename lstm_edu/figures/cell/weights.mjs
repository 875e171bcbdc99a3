/** The table [W | U | b] of one unit as a column addition, or with the gradient of each weight; and what each unit was holding. */

import { choiceRow, mark, numberControl } from "../../../frontend/kit/controls.mjs";
import { el, set, setMath, setNumber, setText, svg } from "../../../frontend/kit/dom.mjs";
import { formatGiven, formatNumber } from "../../../frontend/kit/format.mjs";
import { gaugeFill } from "../../../frontend/kit/geometry.mjs";
import { createInspector } from "../../../frontend/kit/inspector.mjs";
import { fill, symbolOf } from "../../../frontend/kit/math.mjs";
import { t } from "../../../frontend/kit/tables.mjs";
import { LSTM } from "./explain.mjs";

/** @typedef {import("./explain.mjs").CellModel} CellModel */
/** @typedef {import("../../../frontend/numerics/lstm.mjs").Gate} Gate */
/** @typedef {import("./explain.mjs").CellState} CellState */

const BAR = { x: 0, y: 0, width: 6, height: 22 };

/**
 * The cell's own inputs and states have sliders; in other explorers they are only shown.
 * @param {CellState} state as it is when the figure is built
 * @param {import("./explain.mjs").Ways} [ways]
 * @param {{signal: AbortSignal, say: (words: string) => void}} [frame] where gradients can be asked for
 */
export function createWeights(state, ways = LSTM, frame) {
  const { lang, kind } = state;
  const H = state.h_prev.length;
  const { stepsOf, terms, wordsForControl, ofWeight } = ways;
  const gates = ways.gates(state);
  /** @param {Gate} gate */
  const stepOfGate = (gate) => stepsOf(`z_${gate}`).join(" ");
  const isCell = kind !== "sequence";
  /** The terms of a column, one for each row; the candidate has no peephole. @param {CellState} now @param {Gate} gate @param {number} unit @returns {(import("../../../frontend/numerics/lstm.mjs").Term | undefined)[]} */
  const columnOf = (now, gate, unit) => {
    const all = terms(now, gate, unit);
    if (gate !== "g" || now.variant !== "peephole_lstm") return all;
    return [...all.slice(0, -1), undefined, ...all.slice(-1)];
  };
  const title = el("p.title");
  const chooser = choiceRow(
    t(lang, "ui.gate_column"),
    "gate",
    gates.map((gate) => ({
      value: gate,
      words: ways.words(lang, gate),
      content: [mark(gate), el("var", gate)],
    })),
    "gate",
  );
  /** @type {ReturnType<typeof numberControl>[]} */
  const controls = [];
  /** @param {string} key */
  const control = (key) => {
    const made = numberControl(lang, kind, key);
    controls.push(made);
    return made;
  };

  const heads = gates.map((gate) => {
    const symbol = el("span");
    const node = el(
      "th",
      { scope: "col", class: `q-${gate}`, "data-gate": gate, "data-steps": stepOfGate(gate) },
      el(
        "span.column-head",
        el("span", mark(gate), " ", symbol),
        el("span.column-word", ways.words(lang, gate)),
      ),
    );
    return { gate, symbol, node };
  });

  const firsts = gates.map((gate) => columnOf(state, gate, 0));
  const inputNames = terms(state, gates[0], 0).map((term) => term.input);
  const rows = inputNames.map((input, r) => {
    const [key] = input.split(".");
    const steps = stepsOf(input).join(" ");
    const value = /^(x|h_prev)$/.test(key) && isCell ? control(key) : undefined;
    // What was stored has its sliders below; a peephole reads it before and after.
    const peephole = key === "c_prev" && state.variant === "peephole_lstm";
    const isShown = !value && key !== "one" && !peephole;
    const shown = el("output.product", { "aria-live": "off" });
    const head = el("th", {
      scope: "row",
      class: `q-${key === "one" ? "ink" : key[0]}`,
      "data-steps": steps,
    });
    if (peephole) head.setAttribute("colspan", "2");
    const [before, after] = [
      { sym: "c", sub: "t−1", q: "c" },
      { sym: "c", sub: "t", q: "c" },
    ];
    setMath(head, peephole ? [before, " (f, i), ", after, " (o)"] : symbolOf(input, 0));
    const given = value
      ? el(
          `td.given.q-${key[0]}`,
          { "data-steps": steps },
          el("div.control", value.field, value.slider),
        )
      : key === "one"
        ? el("td.given.constant", { "data-steps": steps }, t(lang, "b"))
        : el(`td.given.q-${key[0]}`, { "data-steps": steps }, shown);
    const cells = gates.map((gate, k) => {
      const steps = stepOfGate(gate);
      const matrix = firsts[k][r]?.weight_name.split(".")[0];
      if (!matrix) return { node: el(`td.q-${gate}`, { "data-gate": gate, "data-steps": steps }) };
      const weight = control(matrix);
      const product = ofWeight
        ? el("button.quantity.number", { tabindex: -1 })
        : el("output.product", { "aria-live": "off" });
      const node = el(
        `td.q-${gate}`,
        { "data-gate": gate, "data-steps": steps },
        el("div.control", weight.field, product, weight.slider),
      );
      return { weight, product, node };
    });
    return {
      input,
      value,
      shown: isShown ? shown : undefined,
      cells,
      node: el("tr", head, ...(peephole ? [] : [given]), ...cells.map(({ node }) => node)),
    };
  });

  const results = gates.map((gate) => {
    const z = el("output.num", { "aria-live": "off" });
    const a = el("output.num", { "aria-live": "off" });
    const bar = svg("rect.fill");
    const gauge = svg(
      "svg.bar-gauge",
      { width: 6, height: 22, "aria-hidden": "true" },
      svg("rect.tube", { ...BAR }),
      bar,
    );
    const steps = stepOfGate(gate);
    return {
      gate,
      z,
      a,
      bar,
      sum: el(`td.q-${gate}`, { "data-gate": gate, "data-steps": steps }, z),
      activation: el(
        `td.q-${gate}.activation`,
        { "data-gate": gate, "data-steps": steps },
        ...(ofWeight ? [] : [el("span.squash", gate === "g" ? "tanh" : "σ"), gauge]),
        a,
      ),
    };
  });

  const table = el(
    "table.table.weights-table",
    el(
      "colgroup",
      el("col.col-symbol"),
      el("col.col-value"),
      ...gates.map((gate) => el("col", { "data-gate": gate })),
    ),
    el(
      "thead",
      el(
        "tr",
        el("th", { scope: "col", colspan: 2 }, t(lang, "ui.value")),
        ...heads.map(({ node }) => node),
      ),
    ),
    el("tbody", ...rows.map(({ node }) => node)),
    el(
      "tfoot",
      el(
        "tr.sum",
        el("th", { scope: "row", colspan: 2 }, ways.words(lang, "ui.sum")),
        ...results.map(({ sum }) => sum),
      ),
      el(
        "tr",
        el("th", { scope: "row", colspan: 2 }, ways.words(lang, "ui.activation")),
        ...results.map(({ activation }) => activation),
      ),
    ),
  );

  const states = ((isCell && state.c_prev) || []).map((_, unit) => {
    const held = control("c_prev");
    held.name(`c_prev.${unit}`, wordsForControl(lang, `c_prev.${unit}`, H));
    const symbol = el("span.state-symbol");
    setMath(symbol, symbolOf(`c_prev.${unit}`, unit));
    return {
      unit,
      held,
      node: el("div.state.q-c", symbol, el("div.control", held.field, held.slider)),
    };
  });
  const statesTitle = el("p.title");
  setMath(
    statesTitle,
    fill(t(lang, "ui.previous_state"), { symbol: [{ sym: "c", sub: "t−1", q: "c" }] }),
  );

  const stored = el(
    "div.section.states",
    { "data-steps": stepsOf("c_prev").join(" ") },
    statesTitle,
    el("div.state-row", ...states.map(({ node }) => node)),
  );

  for (const { input, value } of rows) value?.name(input, wordsForControl(lang, input, H));

  /** @type {CellModel | undefined} */
  let model;
  const inspector =
    ofWeight && frame
      ? createInspector(table, {
          explain: (name) => ofWeight(/** @type {CellModel} */ (model), name),
          lang,
          ...frame,
        })
      : undefined;

  return {
    /** The table, and what each unit was holding. */
    nodes: [
      el(
        "div.section.weights",
        { "data-part": "weights" },
        title,
        chooser.node,
        table,
        ...(inspector ? [inspector.node] : []),
      ),
      ...(states.length > 0 ? [stored] : []),
    ],
    /** Which column a narrow figure shows. @param {Gate} gate */
    showGate(gate) {
      const there = gates.includes(gate) ? gate : gates[0];
      chooser.show(there);
      set(table, { "data-shown": there });
    },
    /** @param {CellModel} next @param {EventTarget | null} typing */
    draw(next, typing) {
      const { state: now, numbers } = next;
      model = next;
      setText(title, ways.words(lang, "ui.weights", { n: now.unit + 1 }));
      for (const { gate, symbol } of heads) setMath(symbol, symbolOf(gate, now.unit));
      const columns = gates.map((gate) => columnOf(now, gate, now.unit));
      for (const [r, { value, shown, cells, input }] of rows.entries()) {
        const given = columns[0][r]?.value ?? 0;
        value?.show(given, typing);
        if (shown) setNumber(shown, input, given, formatGiven(given));
        for (const [k, { weight, product }] of cells.entries()) {
          const term = columns[k][r];
          if (!term || !weight || !product) continue;
          if (weight.slider.dataset.name !== term.weight_name)
            weight.name(term.weight_name, wordsForControl(lang, term.weight_name, H));
          weight.show(term.weight, typing);
          const [name, shown] = ofWeight
            ? [`d${term.weight_name}`, numbers[`d${term.weight_name}`]]
            : [`${term.weight_name}*${term.input}`, term.product];
          setNumber(product, name, shown, formatNumber(shown));
        }
      }
      for (const { gate, z, a, bar } of results) {
        for (const [node, quantity] of /** @type {[Element, string][]} */ ([
          [z, `z_${gate}`],
          [a, gate],
        ])) {
          const name = ways.shown(quantity);
          setNumber(node, name, numbers[name], formatNumber(numbers[name]));
        }
        set(bar, gaugeFill(BAR, numbers[gate], gate === "g"));
      }
      for (const { unit, held, node } of states) {
        held.show(now.c_prev[unit], typing);
        node.classList.toggle("is-chosen", unit === now.unit);
      }
      inspector?.draw();
    },
  };
}
