/** The drawing: one column per step, with its state, its node, its input, and what is left of it. */

import { el, set, setText, svg } from "../dom.mjs";
import { formatGiven, formatNumber, formatShort } from "../format.mjs";
import { createInspector } from "../inspector.mjs";
import { toText } from "../math.mjs";
import { createAxis, linearScale, linePath, logScale, niceTicks } from "../plot.mjs";
import { TABLES } from "../tables.mjs";
import { equation, numberIn, partsOf, reachOf, sub, tenTo } from "./words.mjs";

/** @typedef {import("./words.mjs").Model} Model */

const MOST = TABLES.recurrence.sizes.T[1];
const [LEFT, HEIGHT, NODES] = [42, 478, 138];
/** The four plots, one above the other. `hit` is how far down a pointer still means it. */
const PLOTS = [
  { top: 22, bottom: 108, hit: 158, colour: "h", units: 2 },
  { top: 184, bottom: 234, hit: 234, colour: "x", units: 1 },
  { top: 262, bottom: 348, hit: 348, colour: "i", units: 2 },
  { top: 376, bottom: 448, hit: 448, colour: "ink", units: 1 },
];
const WIDE = 46; // a column in which a number has room
const ROOMY = 76; // and one in which arrows have theirs

/** What each plot shows. @param {Model} model */
const keysOf = (model) => ["h", "x", partsOf(model), reachOf(model)];

/** @param {import("../explorer.mjs").Context} context */
export function createUnrolled({ words, signal, now, change, say }) {
  /** @returns {Model} */
  const model = () => now();
  const drawing = svg("svg", { class: "lstm-x-svg", role: "group", "aria-label": words("plot") });
  const band = svg("rect", { class: "lstm-x-panel", y: 4, height: HEIGHT - 26, rx: 6 });
  const wires = svg("path", { class: "lstm-x-wires" });
  const nodes = svg("path", { class: "lstm-x-nodes q-h" });
  const chosen = svg("circle", { class: "lstm-x-chosen q-h", cy: NODES });
  const steps = createAxis("x");
  const numbers = Array.from({ length: MOST + 1 }, (_, k) =>
    svg("text", { class: "lstm-x-step-number", y: NODES + 4 }, String(k || "0")),
  );
  const times = Array.from({ length: MOST }, () =>
    svg("text", { class: "lstm-x-word", y: NODES - 6 }),
  );
  const biasLabel = svg("text", { class: "lstm-x-tick", y: PLOTS[2].bottom + 13 }, "b");
  const powers = svg("path", { class: "lstm-x-cursor" });
  drawing.append(band);

  const plots = PLOTS.map((plot) => {
    const axis = createAxis("y");
    const title = svg("text", { class: "lstm-x-word", x: LEFT, y: plot.top - 8 });
    const bars = Array.from({ length: plot.units }, (_, n) =>
      svg("path", { class: `lstm-x-bars q-${plot.colour}`, "data-unit": n }),
    );
    const hits = Array.from({ length: plot.units }, () =>
      Array.from({ length: MOST + 1 }, () => {
        const hit = svg("rect", { class: "lstm-x-hit" });
        const value = svg("text", { class: "lstm-x-value" });
        const attributes = {
          class: `lstm-x-quantity q-${plot.colour}`,
          role: "button",
          tabindex: -1,
        };
        return { node: svg("g", { ...attributes, hidden: true }, hit, value), hit, value };
      }),
    );
    const all = Array.from({ length: MOST + 1 }, (_, k) => hits.map((unit) => unit[k].node)).flat();
    drawing.append(axis.node, title, ...all, ...bars);
    return { ...plot, axis, title, bars, hits };
  });
  drawing.append(powers, wires, nodes, chosen, ...numbers, ...times, biasLabel, steps.node);

  const area = el("div", { class: "lstm-x-stage-area" }, drawing);
  const inspector = createInspector(area, {
    explain: (name) => [`${label(name)}: `, ...equation(model(), name)],
    hint: words("hint"),
    signal,
    say,
  });
  /** @param {string} name */
  function label(name) {
    const [key, first, second = 0] = name.split(".");
    const n = Number(key === "bias" ? first : second) + 1;
    return words(key, { k: Number(first) + 1, n });
  }

  /** The step of a number that is chosen becomes the step that is looked at. @param {Event} event */
  function choose(event) {
    const item = event.target instanceof Element ? event.target.closest(".lstm-x-quantity") : null;
    const [key, k] = (item?.getAttribute("data-name") ?? "bias").split(".");
    const { state } = model();
    if (!item || key === "bias" || Number(k) === state.t) return;
    const name = /** @type {string} */ (item.getAttribute("data-name"));
    change({ ...state, t: Number(k) }, "commit", toText(equation(model(), name)));
  }
  area.addEventListener("focusin", choose, { signal });
  area.addEventListener("click", choose, { signal });

  let width = 0;
  let placed = "";

  /** Everything that only the width and the sizes move. @param {Model} model @param {number} column */
  function place({ T, H }, column) {
    /** @param {number} k from 0, which is before the first step */
    const middle = (k) => LEFT + (k + 0.5) * column;
    const radius = Math.min(13, column * 0.36);
    set(drawing, { width, height: HEIGHT });
    let [wire, ring] = ["", ""];
    const head = Math.min(4, column * 0.12);
    for (let k = 0; k <= T; k++) {
      const x = middle(k);
      ring += `M${x - radius},${NODES}a${radius},${radius} 0 1 0 ${2 * radius},0a${radius},${radius} 0 1 0 ${-2 * radius},0`;
      if (!k) continue;
      const end = x - radius - 1;
      wire += `M${x - column + radius},${NODES}H${end}m${-head},${-head}l${head},${head}l${-head},${head}`;
      for (const [from, to] of [
        [164, NODES + 15],
        [NODES - 15, 112],
      ])
        wire += `M${x},${from}V${to}m${-head},${head}l${head},${-head}l${head},${head}`;
    }
    set(wires, { d: wire });
    set(nodes, { d: ring });
    set(chosen, { r: radius });
    for (const [k, text] of numbers.entries()) {
      text.toggleAttribute("hidden", k > T || column < 22);
      set(text, { x: middle(k) });
    }
    const every = column < 22 ? 5 : 1;
    const ticks = [...Array(T).keys()].filter((k) => k % every === 0 || k === T - 1);
    if (every > 1 && (T - 1) % every < 3 && T > 1 && (T - 1) % every) ticks.splice(-2, 1);
    const box = { left: LEFT, right: width, top: 0, bottom: 0 };
    steps.draw(
      ticks.map((k) => ({ at: middle(k + 1), text: String(k + 1) })),
      { ...box, top: PLOTS[3].bottom, bottom: PLOTS[3].bottom },
    );
    set(biasLabel, { x: middle(0) });
    for (const { top, hit: low, units, hits } of plots) {
      const amount = Math.min(units, H);
      for (const [n, unit] of hits.entries()) {
        for (const [k, { node, hit, value }] of unit.entries()) {
          node.toggleAttribute("hidden", k > T || n >= amount || (k === 0 && top !== PLOTS[2].top));
          const slot = column / amount;
          const x = LEFT + k * column + n * slot;
          set(hit, { x, y: top - 2, width: slot, height: low - top + 4 });
          set(value, { x: x + slot / 2, "text-anchor": "middle" });
        }
      }
    }
  }

  return {
    node: el("div", { class: "lstm-x-stage" }, area, inspector.node),
    /** @param {number} there */
    layout(there) {
      width = there;
    },
    /** @param {Model} model */
    draw(model) {
      if (!width) return;
      const { T, H, U, state, linear } = model;
      const column = (width - LEFT - 2) / (T + 1);
      const key = `${width} ${T} ${H} ${linear}`;
      if (placed !== key) place(model, column);
      placed = key;
      const keys = keysOf(model);
      set(band, { x: LEFT + (state.t + 1) * column, width: column });
      set(chosen, { cx: LEFT + (state.t + 1.5) * column });
      setText(biasLabel, linear ? "b" : "");
      const roomy = column >= ROOMY;
      for (const [k, text] of times.entries()) {
        text.toggleAttribute("hidden", !roomy || k >= T);
        if (!roomy || k >= T) continue;
        set(text, { x: LEFT + (k + 1) * column, "text-anchor": "middle" });
        setText(text, H > 1 ? "U" : `× ${formatGiven(U[0][0])}`);
      }
      for (const [at, plot] of plots.entries()) {
        const name = keys[at];
        const amount = Math.min(plot.units, H);
        const slot = column / amount;
        const title = words(`title_${name}`, { T: sub(T) });
        setText(plot.title, amount > 1 ? words("units", { title }) : title);
        /** @param {number} k from 0, which is the bias @param {number} n */
        const nameAt = (k, n) =>
          k === 0 ? `bias.${n}` : `${name}.${k - 1}${plot.units > 1 ? `.${n}` : ""}`;
        const first = name === "contribution" ? 0 : 1;
        const labelled = slot >= WIDE;
        const values = [];
        for (let n = 0; n < amount; n++)
          for (let k = first; k <= T; k++) values.push(numberIn(model, nameAt(k, n)));
        const others = name === "slope_norm" ? [...model.power] : [];
        const y =
          at === 3 ? logAxis(plot, [...values, ...others]) : barAxis(plot, values, labelled);
        for (let n = 0, v = 0; n < amount; n++) {
          let path = "";
          for (let k = first; k <= T; k++, v++) {
            const value = values[v];
            const x = LEFT + k * column + n * slot;
            const end = y(value);
            const inset = Math.max(0.8, slot * 0.18);
            if (at < 3)
              path += `M${(x + inset).toFixed(1)},${y(0).toFixed(1)}V${end.toFixed(1)}H${(x + slot - inset).toFixed(1)}V${y(0).toFixed(1)}Z`;
            else path += `M${(x + slot / 2).toFixed(1)},${end.toFixed(1)}h0`;
            const { node, value: text } = plot.hits[n][k];
            const shown = formatNumber(value);
            set(node, {
              "data-name": nameAt(k, n),
              "data-value": String(value),
              "aria-label": `${label(nameAt(k, n))}: ${shown}`,
            });
            if (labelled) {
              const low = at < 3 && value < 0;
              set(text, { y: (end + (low ? 13 : -5)).toFixed(1) });
            }
            setText(text, labelled ? shown : "");
          }
          set(plot.bars[n], { d: path || "M0,0" });
        }
        for (const bars of plot.bars.slice(amount)) set(bars, { d: "M0,0" });
        if (at === 3) {
          const points = [...model.power].map((value, k) => [LEFT + (k + 1.5) * column, y(value)]);
          set(powers, { d: linePath(points) });
        }
      }
      inspector.draw();
    },
  };

  /** @param {typeof plots[number]} plot @param {number[]} values @param {boolean} labelled */
  function barAxis({ axis, top, bottom }, values, labelled) {
    const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
    const domain = low === high ? [0, 1] : [low, high];
    const room = labelled ? 14 : 2;
    const y = linearScale(domain, [bottom - (low < 0 ? room : 0), top + (high > 0 ? room : 0)]);
    axis.draw(
      niceTicks(domain[0], domain[1], 2).map((value) => ({
        at: y(value),
        text: formatShort(value),
      })),
      { left: LEFT, right: width, top, bottom },
    );
    return y;
  }

  /** @param {typeof plots[number]} plot @param {number[]} values */
  function logAxis({ axis, top, bottom }, values) {
    const logs = values.filter((value) => value > 0).map(Math.log10);
    const low = Math.min(-1, Math.floor(Math.min(...logs) + 1e-9));
    const high = Math.max(1, Math.ceil(Math.max(...logs) - 1e-9));
    const y = logScale([10 ** low, 10 ** high], [bottom - 2, top + 12]);
    axis.draw(
      niceTicks(low, high, 3)
        .filter(Number.isInteger)
        .map((n) => ({ at: y(10 ** n), text: tenTo(n) })),
      { left: LEFT, right: width, top, bottom },
    );
    return y;
  }
}
