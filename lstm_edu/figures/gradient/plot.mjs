/** The curves of the gradient explorer: powers of ten over time steps, each with its name. */

import { hide, listen, set, setSize, setText, svg } from "../../../frontend/kit/dom.mjs";
import { tenTo } from "../../../frontend/kit/format.mjs";
import { createAxis, linearScale, linePath, niceTicks } from "../../../frontend/kit/plot.mjs";

/** @typedef {import("./numerics.mjs").Curve} Curve */

const HEIGHT = 340;
const BOX = { top: 10, bottom: HEIGHT - 44 };
/** Where the scale may end, in powers of ten: few places, so that it rests while a slider moves. */
const TOPS = [1, 5, 10, 15, 20, 30, 40];
const BOTTOMS = [-2, -5, -10, -15, -20, -30, -40];
/** Six bands would cover each other: those of the states h have one. */
const BANDED = { rnn: true, gru: true, lstm: true };
const GAP = 14; // between two names

/** Places that keep their order and a gap. @param {number[]} wanted @param {number} low */
function spread(wanted, low) {
  const order = wanted.map((_, k) => k).sort((a, b) => wanted[a] - wanted[b]);
  const places = [...wanted];
  for (const [n, k] of order.entries())
    if (n) places[k] = Math.max(places[k], places[order[n - 1]] + GAP);
  let above = low;
  for (const k of order.reverse()) {
    places[k] = Math.min(places[k], above);
    above = places[k] - GAP;
  }
  return places;
}

/**
 * @param {{name: Curve, colour: string, text: string}[]} curves
 * @param {{label: string, back: string, time: string}} words
 */
export function createPlot(curves, words) {
  const node = svg("svg.svg.gradients", { role: "img", "aria-label": words.label });
  const [axisX, axisY] = [createAxis("x"), createAxis("y")];
  const cursor = svg("path.cursor");
  const back = svg("text.word", { y: HEIGHT - 6 }, words.back);
  const time = svg("text.word", { y: HEIGHT - 6, "text-anchor": "end" }, words.time);
  node.append(axisY.node, axisX.node, cursor, back, time);
  const areas = svg("g.bands");
  node.append(areas);
  const lines = curves.map(({ name, colour, text }) => {
    const path = svg(`path.wire.curve-${name}.q-${colour}`);
    const label = svg(`text.name.q-${colour}`, { "text-anchor": "end" });
    const area = svg(`path.band.q-${colour}`);
    areas.append(area);
    node.append(path, label);
    return { name, text, path, label, area };
  });
  const thin = svg("path.thin");
  node.append(thin);
  let [left, right, T] = [0, 0, 2];
  /** The bands that were drawn last: they stay until the next are there. @type {import("./bands.mjs").Bands | undefined} */
  let latest;

  return {
    node,
    /** @param {number} width */
    layout(width) {
      setSize(node, width, HEIGHT);
      [left, right] = [width < 480 ? 112 : 124, width - 12];
      set(back, { x: left });
      set(time, { x: right });
      return { left, right };
    },
    /**
     * @param {Record<Curve, number[]>} norms of one seed
     * @param {{of: import("./bands.mjs").Bands | undefined} | undefined} many if there are bands, or will be
     * @param {import("../../../frontend/kit/state.mjs").State} state
     * @param {(name: Curve) => boolean} isShown
     */
    draw(norms, many, state, isShown) {
      T = state.T;
      latest = many && (many.of ?? (latest?.rnn.low.length === T ? latest : undefined));
      node.classList.toggle("is-old", many !== undefined && !many.of);
      const bands = latest;
      const shown = lines.filter(({ name }) => isShown(name) && (bands || !many));
      /** @param {ArrayLike<number>} lengths */
      const logsOf = (lengths) => Array.from(lengths, Math.log10);
      const logs = shown.map(({ name }) => logsOf(bands ? bands[name].median : norms[name]));
      const edges = bands
        ? shown.map(({ name }) => [logsOf(bands[name].low), logsOf(bands[name].high)])
        : [];
      const open = /** @type {Curve} */ (state.cell);
      const own = many ? logsOf(norms[open]) : [];
      let [least, most] = [0, 0];
      for (const log of [...logs, ...edges.flat(), own]) {
        for (const value of log) {
          if (value > most) most = value;
          else if (value < least && value !== Number.NEGATIVE_INFINITY) least = value;
        }
      }
      const high = TOPS.find((top) => top >= most) ?? 40;
      const low = BOTTOMS.find((bottom) => bottom <= least) ?? -40;
      const x = linearScale([0, T - 1], [left, right]);
      const y = linearScale([low, high], [BOX.bottom, BOX.top]);
      const powers = niceTicks(low, high, 7).filter(Number.isInteger);
      axisY.draw(
        powers.map((power) => ({ at: y(power), text: tenTo(power) })),
        { ...BOX, left: 44, right },
      );
      const steps = niceTicks(1, T, 6).filter((t) => Number.isInteger(t) && t > T / 20 + 1);
      axisX.draw(
        [1, ...steps].map((t) => ({ at: x(t - 1), text: String(t) })),
        { ...BOX, left, right },
      );
      set(cursor, { d: `M${x(state.step).toFixed(1)},${BOX.top}V${BOX.bottom}` });
      // A name stands where its curve begins; one that is off the scale has an arrow.
      const starts = logs.map(([first]) => Math.min(high, Math.max(low, first)));
      const places = spread(starts.map(y), BOX.bottom);
      /** @param {number[]} log */
      const points = (log) =>
        log.map((value, t) => [x(t), value >= low && value <= high ? y(value) : Number.NaN]);
      for (const [k, { name, text, path, label, area }] of shown.entries()) {
        const log = logs[k];
        set(path, { d: linePath(points(log)) });
        set(label, { x: left - 8, y: (places[k] + 5).toFixed(1) });
        setText(label, `${text}${log[0] < low ? " ↓" : log[0] > high ? " ↑" : ""}`);
        path.classList.toggle("is-open", name === state.cell);
        if (!edges[k]) continue;
        const [under, over] = edges[k].map((edge) =>
          edge.map((value, t) => [x(t), y(Math.min(high, Math.max(low, value)))]),
        );
        set(area, { d: linePath([...over, ...under.reverse()]) });
        area.classList.toggle("is-open", name === state.cell);
      }
      set(thin, { d: many ? linePath(points(own)) : "M0,0" });
      for (const line of lines) {
        const hidden = !shown.includes(line);
        hide(line.path, hidden);
        hide(line.label, hidden);
        hide(line.area, hidden || !bands || !(line.name in BANDED));
      }
    },
    /**
     * Choose a step by pointing at it; the arrow keys go on from there.
     * @param {(step: number, phase: import("../../../frontend/kit/figure.mjs").Phase) => void} goTo
     * @param {HTMLElement} slider
     * @param {AbortSignal} signal
     */
    onPoint(goTo, slider, signal) {
      let [down, origin] = [false, 0];
      /** @param {PointerEvent} event @param {import("../../../frontend/kit/figure.mjs").Phase} phase */
      const point = (event, phase) => {
        const share = (event.clientX - origin - left) / (right - left);
        goTo(Math.round(Math.min(1, Math.max(0, share)) * (T - 1)), phase);
      };
      /** @type {Record<string, (event: any) => void>} */
      const listeners = {
        pointerdown(/** @type {PointerEvent} */ event) {
          if (event.button !== 0) return;
          down = true;
          origin = node.getBoundingClientRect().left;
          node.setPointerCapture(event.pointerId);
          event.preventDefault();
          slider.focus({ preventScroll: true });
          point(event, "input");
        },
        pointermove(/** @type {PointerEvent} */ event) {
          if (down) point(event, "input");
        },
        pointerup(/** @type {PointerEvent} */ event) {
          if (down) point(event, "commit");
          down = false;
        },
        pointercancel() {
          down = false;
        },
      };
      listen(node, signal, listeners);
    },
  };
}
