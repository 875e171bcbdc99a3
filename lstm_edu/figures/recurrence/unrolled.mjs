/** The drawing: one column per step, with its state, its node, its input, and what is left of it. */

import { el, hide, set, setSize, setText, svg } from "../../../frontend/kit/dom.mjs";
import {
  formatGiven,
  formatNumber,
  formatShort,
  sub,
  tenTo,
} from "../../../frontend/kit/format.mjs";
import { createInspector } from "../../../frontend/kit/inspector.mjs";
import { toText } from "../../../frontend/kit/math.mjs";
import {
  createAxis,
  linearScale,
  linePath,
  niceTicks,
  tenth,
} from "../../../frontend/kit/plot.mjs";
import { equation, numberIn, partsOf, wordsFor } from "./words.mjs";

/** @typedef {import("./words.mjs").Model} Model */

const COLUMNS = [...Array(31).keys()]; // of the steps, after one for what is there before them
const [LEFT, HEIGHT, NODES] = [42, 506, 138];
/** The plots, one above the other; a pointer means one as far down as `reach`. */
const PLOTS = [
  { top: 22, bottom: 108, reach: 158, colour: "h", units: 2 },
  { top: 184, bottom: 252, reach: 252, colour: "x", units: 1 },
  { top: 282, bottom: 368, reach: 368, colour: "x", units: 2 },
  { top: 404, bottom: 476, reach: 476, colour: "ink", units: 1 },
];
const [SHARES, CURVE] = [2, 3];
const WIDE = 46; // a column in which a number has room
const ROOMY = 76; // and one in which arrows have theirs
const NUMBERED = 22;
const DIGIT = 6.6; // how wide one is
/** @typedef {{name: string, called: string, node: Element, value: Element, left: number, width: number}} Entry */

/** @param {import("../../../frontend/kit/figure.mjs").Context} context */
export function createUnrolled({ lang, words, signal, now, change, say }) {
  /** @returns {Model} */
  const model = () => now();
  /** @param {string} name @param {Record<string, number>} [more] */
  const text = (name, more) => svg(`text.${name}`, { ...more });
  /** @param {string} name */
  const path = (name) => svg(`path.${name}`);
  const drawing = svg("svg.svg", { role: "group", "aria-label": words("plot") });
  const band = svg("rect.panel", { y: 4, height: HEIGHT - 26, rx: 6 });
  const [wires, nodes, powers] = [path("wires"), path("nodes q-h"), path("cursor")];
  const chosen = svg("circle.chosen.q-h", { cy: NODES });
  const below = text("tick", { y: PLOTS[SHARES].bottom + 14 });
  const steps = createAxis("x");
  const marks = COLUMNS.map(() => [
    text("value", { y: NODES + 4 }),
    text("word", { y: NODES - 6 }),
  ]);
  drawing.append(band);

  const plots = PLOTS.map((plot) => {
    const axis = createAxis("y");
    const title = text("word", { x: LEFT, y: plot.top - 8 });
    const units = [...Array(plot.units).keys()].map((n) => ({
      bars: path(`bars q-${plot.colour} lstm-x-unit-${n}`),
      entries: /** @type {Entry[]} */ ([]),
      items: COLUMNS.map(() => {
        const [hit, value] = [svg("rect.hit"), text("value")];
        const how = { class: `lstm-x-quantity q-${plot.colour}`, role: "button", tabindex: -1 };
        return { node: svg("g", how, hit, value), hit, value };
      }),
    }));
    const items = COLUMNS.flatMap((k) => units.map((unit) => unit.items[k].node));
    drawing.append(axis.node, title, ...items, ...units.map(({ bars }) => bars));
    return { ...plot, axis, title, units };
  });
  drawing.append(powers, wires, nodes, chosen, ...marks.flat(), below, steps.node);

  const area = el("div.stage-area", drawing);
  const inspector = createInspector(area, {
    explain: (name) => [`${wordsFor(model(), name)}: `, ...equation(model(), name)],
    lang,
    signal,
    say,
  });

  /** The step of a number that is asked becomes the step that is looked at. @param {Event} event */
  function choose({ target }) {
    const item = target instanceof Element ? target.closest(".lstm-x-quantity") : null;
    const name = item?.getAttribute("data-name") ?? "bias";
    const t = Number(name.split(".")[1]);
    const { state } = model();
    if (name.startsWith("bias") || t === state.t) return;
    change({ ...state, t }, "commit", toText(equation(model(), name)));
  }
  for (const type of ["focusin", "click"]) area.addEventListener(type, choose, { signal });

  let width = 0;
  let placed = "";

  /** What only the sizes and the cell move. @param {Model} model @param {number} column */
  function place(model, column) {
    const { T, H, linear } = model;
    const radius = Math.min(13, column * 0.36);
    const head = Math.min(4, column * 0.12);
    const shown = ["h", "x", partsOf(model), linear ? "power" : "slope_norm"];
    let [wire, rings] = ["", ""];
    for (const k of COLUMNS) {
      const start = LEFT + k * column;
      const x = start + column / 2;
      const [step, act] = marks[k];
      set(step, { x });
      setText(step, k > T || column < NUMBERED ? "" : String(k));
      set(act, { x: start, "text-anchor": "middle" });
      for (const [at, { top, reach, units, title }] of plots.entries()) {
        const width = column / Math.min(units.length, H);
        const two = units.length > 1;
        if (!k) {
          const called = words(`title_${shown[at]}`, { T: sub(T) });
          setText(title, two && H > 1 ? `${called} (■ 1, □ 2)` : called);
        }
        for (const [n, unit] of units.entries()) {
          if (!k) unit.entries = [];
          const { node, hit, value } = unit.items[k];
          const there = k <= T && n < H && (k > 0 || (at === SHARES && linear));
          hide(node, !there);
          if (!there) continue;
          const name = k ? `${shown[at]}.${k - 1}${two ? `.${n}` : ""}` : `bias.${n}`;
          const left = start + n * width;
          set(node, { "data-name": name });
          set(hit, { x: left, y: top - 2, width, height: reach - top + 4 });
          set(value, { x: left + width / 2 });
          unit.entries.push({ name, called: wordsFor(model, name), node, value, left, width });
        }
      }
      if (k > T) continue;
      rings += `M${x - radius},${NODES}a${radius},${radius} 0 1 0 ${2 * radius},0a${radius},${radius} 0 1 0 ${-2 * radius},0`;
      if (!k) continue;
      const tip = `m${-head},${-head}l${head},${head}l${-head},${head}`;
      wire += `M${x - column + radius},${NODES}H${x - radius - 1}${tip}`;
      for (const y of [NODES - 15, 164])
        wire += `M${x},${y}v-11m${-head},${head}l${head},${-head}l${head},${head}`;
    }
    setSize(drawing, width, HEIGHT);
    set(wires, { d: wire });
    set(nodes, { d: rings });
    set(chosen, { r: radius });
    set(below, { x: LEFT + column / 2, "text-anchor": "middle" });
    setText(below, linear ? "b" : "");
    const every = column < NUMBERED ? 5 : 1;
    const ticks = COLUMNS.filter((k) => k && k <= T && (k === 1 || k % every === 0)).map((k) => ({
      at: LEFT + (k + 0.5) * column,
      text: String(k),
    }));
    const { bottom } = PLOTS[CURVE];
    steps.draw(ticks, { left: LEFT, right: width, top: bottom, bottom });
  }

  /** A plot's scale and axis; the curve's is one of powers of ten. @param {typeof plots[number]} plot @param {number[]} values @param {number} room for the numbers at the bars' ends @param {boolean} isCurve @returns {(value: number) => number} */
  function scaleOf({ axis, top, bottom }, values, room, isCurve) {
    const shown = isCurve ? values.filter(Boolean).map(Math.log10) : values;
    const low = Math.min(isCurve ? -1 : 0, ...shown);
    const high = Math.max(isCurve ? 1 : 0, ...shown) || Number(!low);
    const y = linearScale(
      [low, high],
      [bottom - (low && (isCurve ? 4 : room)), top + (high && room)],
    );
    const ticks = niceTicks(low, high, isCurve ? 3 : 2).map((value) => ({
      at: y(value),
      text: isCurve ? tenTo(value) : formatShort(value),
    }));
    axis.draw(ticks, { left: LEFT, right: width, top, bottom });
    return isCurve ? (value) => y(Math.max(low, Math.log10(value))) : y;
  }

  return {
    node: el("div.stage", area, inspector.node),
    /** @param {number} there */
    layout(there) {
      width = there;
    },
    /** @param {Model} model */
    draw(model) {
      const { T, H, U, state, linear } = model;
      const column = (width - LEFT - 2) / (T + 1);
      const sizes = [width, T, H, linear].join();
      if (placed !== sizes) place(model, column);
      placed = sizes;
      set(band, { x: LEFT + (state.t + 1) * column, width: column });
      set(chosen, { cx: LEFT + (state.t + 1.5) * column });
      const act = column < ROOMY ? "" : H > 1 ? "U" : `× ${formatGiven(U[0][0])}`;
      for (const k of COLUMNS) setText(marks[k][1], k && k <= T ? act : "");
      for (const [at, plot] of plots.entries()) {
        const isCurve = at === CURVE;
        const format = isCurve || plot.units.length > 1 ? formatNumber : formatGiven;
        const wide = column / Math.min(plot.units.length, H) >= WIDE;
        const all = plot.units.map(({ entries }) =>
          entries.map(({ name }) => numberIn(model, name)),
        );
        const values = isCurve ? [...all[0], ...model.power] : all.flat();
        const y = scaleOf(plot, values, wide ? 14 : 2, isCurve);
        const zero = y(0);
        for (const [n, { bars, entries }] of plot.units.entries()) {
          let d = "";
          for (const [k, { called, node, value, left, width }] of entries.entries()) {
            const number = all[n][k];
            const text = format(number);
            const fits = wide && text.length * DIGIT <= width;
            const end = tenth(y(number));
            const [from, to] = [tenth(left + width * 0.18), tenth(left + width * 0.82)];
            d += isCurve
              ? `M${left + width / 2},${end}h0`
              : `M${from},${zero}V${end}H${to}V${zero}Z`;
            set(node, { "data-value": String(number), "aria-label": `${called}: ${text}` });
            if (wide) set(value, { y: end + (number < 0 ? 13 : -5) });
            setText(value, fits ? text : "");
          }
          set(bars, { d: d || "M0,0" });
        }
        if (!isCurve) continue;
        const points = [...model.power].map((value, k) => [LEFT + (k + 1.5) * column, y(value)]);
        set(powers, { d: linePath(points) });
      }
      inspector.draw();
    },
  };
}
