/** One unit through time: a strip for the input and for each gate and state, over one time axis. */

import {
  el,
  hide,
  listen,
  set,
  setSize,
  setSvgMath,
  setText,
  svg,
} from "../../../frontend/kit/dom.mjs";
import { formatGiven, formatNumber, formatShort } from "../../../frontend/kit/format.mjs";
import { markerPath } from "../../../frontend/kit/geometry.mjs";
import { PALETTE, stringKey, t } from "../../../frontend/kit/tables.mjs";
import { wordsFor } from "../cell/explain.mjs";

/** @typedef {import("./view.mjs").SequenceModel} SequenceModel */
/** @typedef {"x" | "f" | "i" | "g" | "c" | "o" | "h"} Colour */

const ROWS = /** @type {const} */ ([
  { name: "x.0", colour: "x", low: -1 },
  { name: "x.1", colour: "x", low: -1 },
  { name: "f", colour: "f", low: 0 },
  { name: "i", colour: "i", low: 0 },
  { name: "g", colour: "g", low: -1 },
  { name: "c", colour: "c", low: -1 },
  { name: "o", colour: "o", low: 0 },
  { name: "h", colour: "h", low: -1 },
]);
const NARROW = 600;
const THUMB = 14;

/** The least of 0.5, 1, 2, 5, 10, … that all values stay within. @param {ArrayLike<number>} values @param {number} least */
function roundBound(values, least) {
  let most = least;
  for (let k = 0; k < values.length; k++) most = Math.max(most, Math.abs(values[k]));
  const power = 10 ** Math.floor(Math.log10(most) + 1e-9);
  return ([1, 2, 5].find((n) => n * power >= most * 0.999) ?? 10) * power;
}

/**
 * @param {import("../../../frontend/kit/figure.mjs").Context} context
 * @param {(t: number) => void} onTime while the playhead is dragged along the strips
 * @param {() => void} onRest
 */
export function createStrips({ lang, words, signal }, onTime, onRest) {
  const plot = svg("svg.svg", { role: "group", "aria-label": words("plot") });
  const now = svg("rect.now");
  const back = svg("g", { "aria-hidden": "true" });
  const front = svg("g", { "aria-hidden": "true" });
  plot.append(back, now, front);
  const rows = ROWS.map(({ name, colour, low }, k) => {
    const panel = svg("rect.panel", { rx: 4 });
    const zero = svg("path.grid");
    const area = svg(`path.area.q-${colour}`);
    const ticks = [0, 1].map(() => svg("text.tick", { "text-anchor": "end" }));
    const mark = svg(`path.marker.q-${colour}`, { d: markerPath(PALETTE[colour].marker, 80) });
    const label = svg(`text.label.q-${colour}`);
    setSvgMath(label, [
      `${t(lang, stringKey(colour))} `,
      k < 2 ? { sym: "x", sub: `t,${k + 1}` } : { sym: name },
    ]);
    const hit = svg("rect.hit", { rx: 5, width: 76, height: 26, x: -70, y: -18 });
    const value = svg("text.value", { "text-anchor": "end" });
    const node = svg(
      `g.quantity.q-${colour}`,
      { "data-name": name, role: "button", tabindex: -1 },
      hit,
      value,
    );
    const nodes = [panel, zero, area, ...ticks, mark, label, node];
    back.append(panel, zero);
    front.append(area, ...ticks, mark, label);
    plot.append(node);
    return {
      name,
      low,
      nodes,
      panel,
      zero,
      area,
      ticks,
      mark,
      label,
      value,
      node,
      top: 0,
      height: 0,
    };
  });
  const pads = [0, 1].map((d) =>
    el("div.pad", {
      role: "slider",
      tabindex: 0,
      "data-pad": d,
      "aria-orientation": "vertical",
      "aria-label": words("draw", { n: d + 1 }),
    }),
  );
  const node = el("div.strips", plot, ...pads);
  const box = { left: 0, right: 1, bottom: 0 };
  const state = { T: 1, bound: [1, 1], left: 0 };

  /** @param {PointerEvent} event */
  const stepAt = ({ clientX }) =>
    Math.floor(((clientX - state.left - box.left) / (box.right - box.left)) * state.T);
  let dragging = false;
  /** @type {Record<string, (event: any) => void>} */
  const listeners = {
    pointerdown(event) {
      if (event.button !== 0 || event.target.closest(".lstm-x-quantity")) return;
      state.left = plot.getBoundingClientRect().left;
      const at = stepAt(event);
      if (at < 0 || at >= state.T) return;
      plot.setPointerCapture(event.pointerId);
      dragging = true;
      onTime(at);
    },
    pointermove(event) {
      if (dragging) onTime(Math.min(state.T - 1, Math.max(0, stepAt(event))));
    },
    lostpointercapture() {
      if (dragging) onRest();
      dragging = false;
    },
  };
  listen(plot, signal, listeners);

  return {
    node,
    pads,
    /** The values that a pad shows: from minus to plus this. @param {number} d */
    boundOf: (d) => state.bound[d],
    /** Where the thumb of the playhead goes. @param {number} T */
    track(T) {
      const step = (box.right - box.left) / T;
      return { left: box.left + step / 2 - THUMB / 2, width: (T - 1) * step + THUMB };
    },
    /** @param {number} width @param {number} D */
    layout(width, D) {
      const narrow = width < NARROW;
      box.left = narrow ? 30 : 178;
      box.right = width - (narrow ? 4 : 84);
      let y = 2;
      for (const [k, row] of rows.entries()) {
        const gone = k === 1 && D === 1;
        for (const part of k < 2 ? [...row.nodes, pads[k]] : row.nodes) hide(part, gone);
        if (gone) continue;
        if (narrow) y += 22;
        row.top = y;
        row.height = k < 2 ? 64 : 44;
        const { top, height } = row;
        const place = { x: box.left, y: top, width: box.right - box.left, height };
        set(row.panel, place);
        const base = row.low ? top + height / 2 : top + height;
        set(row.zero, { d: `M${box.left},${base}H${box.right}` });
        for (const [n, tick] of row.ticks.entries())
          set(tick, { x: box.left - 6, y: n ? top + height - 1 : top + 10 });
        const line = narrow ? top - 7 : top + height / 2 + 5;
        set(row.mark, { transform: `translate(${narrow ? box.left + 6 : 10} ${line - 5})` });
        set(row.label, { x: narrow ? box.left + 18 : 24, y: line });
        set(row.node, { transform: `translate(${width - (narrow ? 8 : 10)} ${line})` });
        if (k < 2)
          Object.assign(pads[k].style, {
            left: `${place.x}px`,
            top: `${place.y}px`,
            width: `${place.width}px`,
            height: `${place.height}px`,
          });
        y += height + (narrow ? 4 : 10);
      }
      box.bottom = y;
      setSize(plot, width, y);
      set(now, { y: 0, height: y });
    },
    /** @param {SequenceModel} model @param {number | undefined} drawing the input that is being drawn, whose scale stays */
    draw({ state: { x, t: at, unit }, trace, cell: { numbers } }, drawing) {
      const [T, D] = [trace.T, trace.D];
      state.T = T;
      const step = (box.right - box.left) / T;
      set(now, { x: (box.left + at * step).toFixed(2), width: step.toFixed(2) });
      for (const [k, row] of rows.entries()) {
        if (k < 2 && k >= D) continue;
        const { name, low, top, height } = row;
        const series =
          k < 2
            ? trace.x.map((inputs) => inputs[k])
            : trace[/** @type {Colour & "f"} */ (name)].map((units) => units[unit]);
        const bound = k < 2 || name === "c" ? roundBound(series, k < 2 ? 1 : 0.5) : 1;
        if (k < 2 && drawing !== k) state.bound[k] = bound;
        const reach = k < 2 ? state.bound[k] : bound;
        const base = low ? top + height / 2 : top + height;
        const scale = (low ? height / 2 : height) / reach;
        set(row.area, {
          d: k < 2 ? bars(series, base, scale, step) : steps(series, base, scale, step),
        });
        setText(row.ticks[0], formatShort(reach));
        setText(row.ticks[1], low ? formatShort(-reach) : "0");
        const number = numbers[name];
        const text = k < 2 ? formatGiven(number) : formatNumber(number);
        setText(row.value, text);
        set(row.node, {
          "data-value": number,
          "aria-label": `${wordsFor(lang, name, unit)} ${text}`,
        });
        if (k < 2)
          set(pads[k], {
            "aria-valuemin": -reach,
            "aria-valuemax": reach,
            "aria-valuenow": x[at][k],
            "aria-valuetext": `${words("x", { n: k + 1, t: at + 1 })}: ${text}`,
          });
      }
    },
  };

  /** The outline of a staircase, down to its base. @param {ArrayLike<number>} values @param {number} base @param {number} scale @param {number} step */
  function steps(values, base, scale, step) {
    let path = `M${box.left},${base}`;
    for (let k = 0; k < values.length; k++)
      path += `V${(base - values[k] * scale).toFixed(1)}H${(box.left + (k + 1) * step).toFixed(1)}`;
    return `${path}V${base}`;
  }

  /** A bar for each value, and a dash where it is 0. @param {ArrayLike<number>} values @param {number} base @param {number} scale @param {number} step */
  function bars(values, base, scale, step) {
    let path = "";
    const width = (step * 0.7).toFixed(1);
    for (let k = 0; k < values.length; k++) {
      const high = values[k] * scale;
      const from = high < 0 ? base - 1 : base + 1;
      const to = Math.abs(high) < 1 ? base - 1 : base - high;
      path += `M${(box.left + (k + 0.15) * step).toFixed(1)},${from}V${to.toFixed(1)}h${width}V${from}z`;
    }
    return path;
  }
}
