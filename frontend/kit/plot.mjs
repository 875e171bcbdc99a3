/** Scales, axes and curves for explorers that plot something. No DOM but SVG nodes. */

import { hide, set, svg } from "./dom.mjs";

/** @typedef {(value: number) => number} Scale */

/** A straight scale. @param {number[]} domain @param {number[]} range @returns {Scale} */
export const linearScale =
  ([a, b], [from, to]) =>
  (value) =>
    from + ((value - a) / (b - a)) * (to - from);

/** Round values that a linear axis can show, about as many as asked for. @param {number} low @param {number} high @param {number} count */
export function niceTicks(low, high, count) {
  const rough = (high - low) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((n) => n * power >= rough * 0.999) ?? 10) * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, k) =>
    Number(((first + k) * step).toPrecision(12)),
  );
}

/** To a tenth of a pixel; toFixed takes far longer. @param {number} pixels */
export const tenth = (pixels) => Math.round(10 * pixels) / 10;

/** The path through some points; where there is none (NaN) it has a gap. @param {Iterable<readonly number[]>} points */
export function linePath(points) {
  let path = "";
  let pen = "M";
  for (const [x, y] of points) {
    if (Number.isNaN(x + y)) {
      pen = "M";
      continue;
    }
    path += `${pen}${tenth(x)},${tenth(y)}`;
    pen = "L";
  }
  return path || "M0,0";
}

/**
 * An axis with its grid: lines and texts are kept and moved, not made anew.
 * @param {"x" | "y"} side
 */
export function createAxis(side) {
  const grid = svg("path.grid");
  const node = svg("g.axis-group", { "aria-hidden": "true" }, grid);
  /** @type {SVGTextElement[]} */
  const texts = [];
  return {
    node,
    /**
     * @param {{at: number, text: string}[]} ticks places along the axis, in pixels
     * @param {{left: number, right: number, top: number, bottom: number}} box of the plot
     */
    draw(ticks, { left, right, top, bottom }) {
      const lines = ticks.map(({ at }) =>
        side === "x" ? `M${at},${top}V${bottom}` : `M${left},${at}H${right}`,
      );
      set(grid, { d: lines.join("") || "M0,0" });
      while (texts.length < ticks.length) {
        const text = svg("text.tick");
        texts.push(text);
        node.append(text);
      }
      for (const [k, text] of texts.entries()) {
        const tick = ticks[k];
        hide(text, !tick);
        if (!tick) continue;
        const place =
          side === "x"
            ? { x: tick.at, y: bottom + 16, "text-anchor": "middle" }
            : { x: left - 6, y: tick.at + 4, "text-anchor": "end" };
        set(text, place);
        if (text.textContent !== tick.text) text.textContent = tick.text;
      }
    },
  };
}
