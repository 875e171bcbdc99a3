/** The parameter explorer: the matrices of recurrent layers to scale, and all their numbers counted. */

import { choiceRow, flagBox, list, namedControl } from "../../../frontend/kit/controls.mjs";
import {
  el,
  hide,
  listen,
  set,
  setMath,
  setSize,
  setText,
  svg,
} from "../../../frontend/kit/dom.mjs";
import { createInspector } from "../../../frontend/kit/inspector.mjs";
import { own } from "../../../frontend/kit/tables.mjs";
import { place } from "./drawing.mjs";
import { asIn, CELLS, countLayers, formula, letters, PARTS, put, sum } from "./numerics.mjs";
import table from "./parameter.json" with { type: "json" };

/** @typedef {import("../../../frontend/kit/math.mjs").Part} Part */
/** @typedef {import("./numerics.mjs").Layers} Layers */
/** @typedef {import("./numerics.mjs").LayerCount} LayerCount */
/** @typedef {Layers & import("../../../frontend/kit/state.mjs").State} State */
/** @typedef {{state: State, counts: LayerCount[], numbers: Record<string, number>}} Model */

const FIELDS = /** @type {Record<string, import("../../../frontend/kit/tables.mjs").Field>} */ (
  table.fields
);
const FLOAT32 = 4; // bytes
const MOST = 4;
const FRAMEWORKS = /** @type {const} */ (["keras", "torch"]);

/** Every count by its name; that of a framework only where it has such a cell. @param {Layers} state @param {LayerCount[]} counts */
function numbersOf(state, counts) {
  const total = sum(counts.map((count) => count.total));
  /** @type {Record<string, number>} */
  const numbers = { total, bytes: FLOAT32 * total };
  for (const part of PARTS) numbers[part] = sum(counts.map(({ parts }) => parts[part]));
  for (const [k, { parts, total }] of counts.entries()) {
    for (const part of PARTS) numbers[`${part}.${k}`] = parts[part];
    numbers[`layer.${k}`] = total;
  }
  for (const name of FRAMEWORKS) {
    const there = asIn(state, name);
    if (there) numbers[name] = sum(countLayers(there).map((count) => count.total));
  }
  return numbers;
}

/** @type {import("../../../frontend/kit/figure.mjs").Kind} */
export const FIGURE = {
  compute(raw) {
    const state = /** @type {State} */ (raw);
    const counts = countLayers(state);
    return { state, counts, numbers: numbersOf(state, counts) };
  },
  words: (lang, name) => own(table, lang, name),
  outcome: ({ state, numbers }) =>
    own(table, state.lang, "outcome", { total: numbers.total, bytes: numbers.bytes }),
  build,
};

/** What the layers are called in a framework's own language. @param {Layers} state @param {"keras" | "torch"} framework */
function code({ cell, input_size, hidden_size, layers, both_directions }, framework) {
  const name = cell === "simple_rnn" ? "RNN" : cell.toUpperCase();
  if (framework === "keras") {
    const one = `${name.replace("RNN", "SimpleRNN")}(${hidden_size})`;
    return (both_directions ? `Bidirectional(${one})` : one) + (layers > 1 ? ` × ${layers}` : "");
  }
  const more = (layers > 1 ? `, ${layers}` : "") + (both_directions ? ", bidirectional=True" : "");
  return `nn.${name}(${input_size}, ${hidden_size}${more})`;
}

/** The formula of a layer: in letters, in numbers, its total. @param {Layers} state @param {LayerCount} count @param {Part} total @returns {Part[]} */
function lineOf(state, count, total) {
  const one = formula(state);
  const all = state.both_directions ? `2·(${one})` : one;
  return [`${all} = ${put(all, count)} = `, total];
}

/** How a count comes about. @param {Model} model @param {string} name @returns {Part[]} */
function equation({ state, counts, numbers }, name) {
  const [key, k] = name.split(".");
  const result = number(name, numbers[name]);
  /** @param {number[]} terms */
  const added = (terms) => [`${terms.join(" + ")} = `, result];
  if (key === "layer") return lineOf(state, counts[Number(k)], result);
  if (k !== undefined) {
    const factors = letters(state)[/** @type {"biases"} */ (key)];
    return [`${factors} = ${put(factors, counts[Number(k)])} = `, result];
  }
  if (key === "bytes") return [`${FLOAT32}·${numbers.total} = `, result];
  if (key === "total") return added(PARTS.map((part) => numbers[part]).filter(Boolean));
  const there = key === "keras" || key === "torch" ? asIn(state, key) : undefined;
  if (!there) return added(counts.map(({ parts }) => parts[/** @type {"biases"} */ (key)]));
  const totals = countLayers(there);
  if (totals.length === 1) return lineOf(there, totals[0], result);
  return added(totals.map(({ total }) => total));
}

/** @param {string} name @param {number} value @returns {Part} */
const number = (name, value) => ({ num: value, name, text: String(value) });

/** A count that can be asked; its digits stand in threes, which no sign divides. */
function createCount() {
  const groups = [0, 1, 2].map(() => el("span"));
  const node = el("button.quantity.number", { tabindex: -1 }, ...groups);
  return {
    node,
    /** @param {string} name @param {number | undefined} value */
    draw(name, value) {
      hide(node, value === undefined);
      if (value === undefined) return;
      set(node, { "data-name": name, "data-value": value });
      const text = String(value).padStart(9);
      groups.forEach((group, k) => {
        setText(group, text.slice(3 * k, 3 * k + 3).trim());
      });
    },
  };
}

/** @param {import("../../../frontend/kit/figure.mjs").Context} context @returns {import("../../../frontend/kit/figure.mjs").View} */
function build({ lang, words, signal, now, say }) {
  /** @returns {Model} */
  const model = () => now();

  // --- what the reader chooses ---
  const cell = list(
    words("cell"),
    "choice",
    (FIELDS.cell.options ?? []).map((value) => ({ value, text: words(value) })),
  );
  cell.select.dataset.name = "cell";
  const amounts = ["layers", "bias_vectors"].map((key) => {
    const row = choiceRow(
      words(key),
      key,
      Array.from({ length: FIELDS[key].max ?? 1 }, (_, k) => ({
        value: String(k + 1),
        content: [String(k + 1)],
      })),
    );
    return { key, row, node: el("span.list", words(key), row.node) };
  });
  const both = flagBox(words("both_directions"), "both_directions");
  const sizes = [
    { key: "input_size", sym: "D", colour: "x" },
    { key: "hidden_size", sym: "H", colour: "h" },
  ].map(({ key, sym, colour }) => ({
    key,
    control: namedControl(
      lang,
      "parameter",
      key,
      [{ sym }, " ", words(key).split(",")[0]],
      words(key),
      colour,
    ),
  }));

  // --- the matrices ---
  const drawing = svg("svg.svg.matrices", { "aria-hidden": "true" });
  const fills = ["i", "f", "g", "o", "h"].map((colour) => ({
    colour,
    path: svg(`path.block-fill.q-${colour}`),
  }));
  const grid = svg("path.cells");
  const labels = Array.from({ length: 10 * MOST + PARTS.length }, () =>
    svg("text", { "text-anchor": "middle" }),
  );
  drawing.append(...fills.map(({ path }) => path), grid, ...labels);

  // --- the counts ---
  const columns = [...PARTS, "layer"];
  const heads = columns.map((key) =>
    el("th", { scope: "col" }, words(key === "layer" ? "total" : key)),
  );
  const rows = Array.from({ length: MOST + 1 }, (_, k) => {
    const cells = columns.map((key) => {
      const count = createCount();
      const name = k < MOST ? `${key}.${k}` : key === "layer" ? "total" : key;
      return { name, count, td: el("td", count.node) };
    });
    const head = k < MOST ? String(k + 1) : words("total");
    const node = el("tr", el("th", { scope: "row" }, head), ...cells.map(({ td }) => td));
    return { node, cells };
  });
  const summary = el(
    "div.scroll",
    { role: "region", tabindex: 0, "aria-label": words("counts") },
    el(
      "table.table",
      el("thead", el("tr", el("th", { scope: "col" }, words("layer")), ...heads)),
      el("tbody", ...rows.slice(0, MOST).map(({ node }) => node)),
      el("tfoot", rows[MOST].node),
    ),
  );
  // All layers but the first are alike.
  const formulas = [el("li"), el("li")];
  const bytes = createCount();
  const elsewhere = FRAMEWORKS.map((name) => {
    const count = createCount();
    const called = el("code");
    const kept = el("span.kept");
    return {
      name,
      count,
      called,
      kept,
      node: el("li", el("span", words(name)), count.node, called, kept),
    };
  });
  const totals = el(
    "ul.totals",
    ...elsewhere.map(({ node }) => node),
    el("li", el("span", words("bytes")), bytes.node),
  );
  const area = el(
    "div",
    el("p.title", words("drawing")),
    drawing,
    summary,
    el("ol.formulas", ...formulas),
    totals,
  );
  const inspector = createInspector(area, {
    explain: (name) => {
      const [key, k] = name.split(".");
      const what = key === "layer" ? "" : words(key);
      const where = k === undefined ? "" : `${words("layer")} ${Number(k) + 1}`;
      return [`${[where, what].filter(Boolean).join(", ")}: `, ...equation(model(), name)];
    },
    lang,
    start: "layer.0",
    signal,
    say,
  });
  const stage = el("div.stage", area, inspector.node);

  // A matrix stands for its count: pointing at one is pointing at the other.
  /** @type {import("./drawing.mjs").Box[]} */
  let boxes = [];
  /** @param {MouseEvent} event */
  const countAt = ({ clientX, clientY }) => {
    const { left, top } = drawing.getBoundingClientRect();
    const [x, y] = [clientX - left, clientY - top];
    const box = boxes.find(
      (one) =>
        Math.abs(x - one.x - one.width / 2) < 4 + one.width / 2 &&
        Math.abs(y - one.y - one.height / 2) < 7 + one.height / 2,
    );
    return box && /** @type {HTMLElement} */ (area.querySelector(`[data-name="${box.name}"]`));
  };
  listen(drawing, signal, {
    pointermove: (event) => {
      const { pointerType } = event;
      const target = countAt(event) ?? area;
      target.dispatchEvent(new PointerEvent("pointerover", { pointerType, bubbles: true }));
    },
  });
  listen(drawing, signal, { click: (event) => countAt(event)?.focus() });

  let width = 0;
  return {
    nodes: [
      el("div.bar", cell.node, ...amounts.map(({ node }) => node), both.node),
      el("div.state-row", ...sizes.map(({ control }) => control.node)),
      stage,
    ],
    stage,
    layout(there) {
      width = there;
    },
    /** @param {Model} next @param {EventTarget | null} typing */
    draw({ state, counts, numbers }, typing) {
      cell.show(state.cell);
      for (const { key, row } of amounts) row.show(String(state[key]));
      both.show(state.both_directions);
      for (const { key, control } of sizes) control.show(state[key], typing);

      const placed = place(state, counts, width, words("layer"));
      boxes = placed.boxes;
      setSize(drawing, width, placed.height);
      for (const { colour, path } of fills) set(path, { d: placed.fills[colour] ?? "M0,0" });
      set(grid, { d: placed.grid || "M0,0" });
      labels.forEach((label, k) => {
        const { x, y, text } = placed.labels[k] ?? { x: 0, y: 0, text: "" };
        set(label, { x, y });
        setText(label, text);
      });

      const { peepholes } = CELLS[state.cell];
      for (const node of [heads[3], ...rows.map(({ cells }) => cells[3].td)])
        hide(node, !peepholes);
      for (const [k, { node, cells }] of rows.entries()) {
        const there = k === MOST ? counts.length > 1 : k < counts.length;
        hide(node, !there);
        for (const { name, count } of cells)
          count.draw(name, there && (peepholes || name[0] !== "p") ? numbers[name] : undefined);
      }
      inspector.draw();
    },
    /** The formulas, and what others count. @param {Model} next */
    later({ state, counts, numbers }) {
      formulas.forEach((line, k) => {
        hide(line, k >= counts.length);
        if (k >= counts.length) return;
        const which = k + 1 < counts.length && k ? `2–${counts.length}` : k + 1;
        const total = number(`layer.${k}`, numbers[`layer.${k}`]);
        setMath(line, [`${words("layer")} ${which}: `, ...lineOf(state, counts[k], total)]);
      });
      bytes.draw("bytes", numbers.bytes);
      for (const { name, count, called, kept } of elsewhere) {
        const there = asIn(state, name);
        count.draw(name, numbers[name]);
        setText(called, there ? code(state, name) : "");
        setText(kept, there ? words(`vectors.${there.bias_vectors}`) : words("none"));
      }
    },
  };
}
