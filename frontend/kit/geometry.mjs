/** Where everything in the cell's diagram is, as a pure function of the width there is. No DOM. */

import { activate, READING_ORDER } from "../numerics/lstm.mjs";
import { linePath } from "./plot.mjs";

/** @typedef {import("../numerics/lstm.mjs").Gate} Gate */
/** @typedef {{x: number, y: number}} Point */
/** @typedef {{x: number, y: number, width: number, height: number}} Box */
/** @typedef {{x: number, y: number, anchor: "start" | "middle" | "end"}} Label */

/** Rows from top to bottom, in pixels: text keeps its size, so the height does not depend on the width. */
const ROW = {
  belt: 62,
  tanh: 106,
  tanhGauge: 130,
  product: 186,
  gauge: 232,
  curve: 288,
  sum: 376,
  bus: 408,
  chips: 438,
  height: 462,
};

const GAUGE = { width: 11, height: 46, tanhHeight: 34 };
const CURVE = { width: 66, height: 38 };

/** From a wire to the number beside it. */
const BESIDE = 13;
/** How much of its block the name of an activation takes, beside the curve. */
const WORD = 34;
const NARROW_WORD = 30;
export const NODE_RADIUS = 13;

/**
 * A straight scale that holds at its ends. d3's own would bring its colours and dates along.
 * @param {[number, number]} domain
 * @param {[number, number]} range
 */
const linear =
  ([a, b], [from, to]) =>
  /** @param {number} value */
  (value) =>
    from + Math.min(1, Math.max(0, (value - a) / (b - a))) * (to - from);

/** A way of right angles with rounded corners. @param {number[][]} points @param {number} [radius] */
const route = (points, radius = 12) =>
  points
    .map(([x, y], k) => {
      const [before, after] = [points[k - 1], points[k + 1]];
      if (!before || !after) return `${before ? "L" : "M"}${x},${y}`;
      /** @param {number} from @param {number} to */
      const step = (from, to) => Math.sign(to - from) * Math.min(radius, Math.abs(to - from) / 2);
      const [entry, exit] = [
        [x - step(before[0], x), y - step(before[1], y)],
        [x + step(x, after[0]), y + step(y, after[1])],
      ];
      return `L${entry}Q${x},${y} ${exit}`;
    })
    .join("");

/** The part of a disc that lies under a level from 0 (empty) to 1 (full). @param {Point} centre @param {number} radius @param {number} level */
export function levelPath({ x, y }, radius, level) {
  const share = Math.min(1, Math.max(0, level));
  if (share === 0) return "";
  if (share === 1)
    return `M${x - radius},${y}a${radius},${radius} 0 1 0 ${2 * radius},0a${radius},${radius} 0 1 0 ${-2 * radius},0Z`;
  const dy = radius * (1 - 2 * share);
  const dx = Math.sqrt(radius * radius - dy * dy);
  return `M${x - dx},${y + dy}A${radius},${radius} 0 ${share > 0.5 ? 1 : 0} 0 ${x + dx},${y + dy}Z`;
}

/**
 * The filled part of an upright gauge: a gate fills from the bottom (0 to 1), a value of tanh from
 * the middle, upwards or downwards (−1 to 1).
 * @param {Box} box
 * @param {number} value
 * @param {boolean} signed
 * @returns {Box}
 */
export function gaugeFill(box, value, signed) {
  const y = linear([signed ? -1 : 0, 1], [box.y + box.height, box.y]);
  const [top, bottom] = [Math.min(y(value), y(0)), Math.max(y(value), y(0))];
  return { x: box.x, y: top, width: box.width, height: bottom - top };
}

const Z_SPAN = 6;

/** @param {Box} box */
export const wordWidth = (box) => (box.width < CURVE.width ? NARROW_WORD : WORD);

/** Scales inside a block that shows the curve of its activation. @param {Box} box @param {Gate} gate */
function curveScales(box, gate) {
  return {
    x: linear([-Z_SPAN, Z_SPAN], [box.x + wordWidth(box), box.x + box.width - 6]),
    y: linear([gate === "g" ? -1 : 0, 1], [box.y + box.height - 7, box.y + 7]),
  };
}

/** The curve of the activation in its block. @param {Box} box @param {Gate} gate */
export function curvePath(box, gate) {
  const { x, y } = curveScales(box, gate);
  const zs = Array.from({ length: 33 }, (_, k) => -Z_SPAN + (k * 2 * Z_SPAN) / 32);
  return linePath(zs.map((z) => [x(z), y(activate(gate, z))]));
}

/** Where z lies on that curve, held at its ends. @param {Box} box @param {Gate} gate @param {number} z @returns {Point} */
export function curvePoint(box, gate, z) {
  const { x, y } = curveScales(box, gate);
  return { x: x(z), y: y(activate(gate, z)) };
}

/** @type {Record<string, string>} */
const MARKERS = {
  s: "M-1,-1H1V1H-1Z",
  D: "M0,-1.6L1.2,0L0,1.6L-1.2,0Z",
  "^": "M0,-1.4L1.35,1H-1.35Z",
  v: "M0,1.4L1.35,-1H-1.35Z",
  P: "M-.45,-1.35H.45V-.45H1.35V.45H.45V1.35H-.45V.45H-1.35V-.45H-.45Z",
};

/**
 * The palette's markers as paths around (0, 0), named as matplotlib names them.
 * @param {string} letter
 * @param {number} size roughly the area
 */
export function markerPath(letter, size) {
  const r = Math.sqrt(size) / 2;
  if (letter === "o") {
    const R = 1.13 * r;
    return `M${-R},0a${R},${R} 0 1 0 ${2 * R},0a${R},${R} 0 1 0 ${-2 * R},0Z`;
  }
  const unit = MARKERS[letter] ?? "M-1,-1L1,1M-1,1L1,-1";
  return unit.replace(/-?[\d.]+/g, (n) => (Number(n) * r).toFixed(2));
}

/** An arrow head with its tip at a point. @param {Point} tip @param {"up" | "down" | "left" | "right"} direction */
export function arrowHead({ x, y }, direction) {
  const by = direction === "up" || direction === "left" ? 8 : -8;
  return direction === "up" || direction === "down"
    ? `M${x - 4.5},${y + by}L${x},${y}L${x + 4.5},${y + by}Z`
    : `M${x + by},${y - 4.5}L${x},${y}L${x + by},${y + 4.5}Z`;
}

/** A number's room in a row of them, at least. */
const LONGEST = 44;

/** @param {number} centre @param {number} top @param {number} width @param {number} height @returns {Box} */
const centred = (centre, top, width, height) => ({
  x: centre - width / 2,
  y: top,
  width,
  height,
});

/** Where the numbers of the inputs stand, and each one's way to its bus. @param {number} width @param {number} count @param {number} centre of those of a wide figure @param {number} top @param {(k: number) => number} busOf */
export function chipsIn(width, count, centre, top, busOf) {
  const wide = width >= 520;
  const span = wide ? Math.min(width, 96 * count) : width;
  const chip = span / count;
  const start = (wide ? centre : width / 2) - span / 2;
  // Where the names would touch, every other one stands a row lower.
  const drop = chip < 50 ? 42 : 0;
  const chips = Array.from({ length: count }, (_, k) => {
    const half = Math.max(chip / 2, LONGEST / 2);
    const x = Math.min(Math.max(start + chip * (k + 0.5), half), width - half);
    const y = top + (k % 2) * drop;
    return { x, y, wire: `M${x},${y - 14}V${busOf(k)}` };
  });
  return { chips, drop };
}

/**
 * A gate from its gauge down to its sum: where everything is goes into `parts`.
 * @param {Record<string, Record<string, any>>} parts
 * @param {string} gate
 * @param {number} x
 * @param {number} top of its gauge
 * @param {number} room to the next gate
 */
export function stack(
  { wires, arrows, labels, gauges, curves, sums, targets },
  gate,
  x,
  top,
  room,
) {
  const curveTop = top + ROW.curve - ROW.gauge;
  const under = curveTop + CURVE.height;
  const sum = top + ROW.sum - ROW.gauge;
  const curveWidth = Math.min(CURVE.width, room - 6);
  const reach = curveWidth / 2;
  gauges[gate] = centred(x, top, GAUGE.width, GAUGE.height);
  labels[gate] = { x: x + BESIDE, y: top + 20, anchor: "start" };
  curves[gate] = centred(x, curveTop, curveWidth, CURVE.height);
  wires[`a_${gate}`] = `M${x},${curveTop}V${top + GAUGE.height}`;
  sums[gate] = { x, y: sum };
  targets[gate] = {
    x: x - reach,
    y: top - 3,
    width: Math.min(reach + BESIDE + 53, room),
    height: under + 6 - top,
  };
  targets[`z_${gate}`] = {
    x: x - 14,
    y: under + 3,
    width: Math.min(80, room),
    height: sum + 11 - under,
  };
  wires[`z_${gate}`] = `M${x},${sum - 11}V${under}`;
  labels[`z_${gate}`] = { x: x + 8, y: under + 17, anchor: "start" };
  arrows[`in_${gate}`] = arrowHead({ x, y: sum + 11 }, "up");
}

/**
 * @param {number} width the container's, in pixels
 * @param {number} inputs how many x and h_prev there are
 * @param {number} [_D] how many of them are x
 * @param {boolean} [back] whether the arrows lead back
 */
export function cellGeometry(width, inputs, _D = 0, back = false) {
  const wide = width >= 520;
  const left = wide ? 112 : width < 310 ? 30 : 36;
  const right = wide ? width - 138 : width - (width < 310 ? 60 : 68);
  /** @param {import("../numerics/lstm.mjs").Gate} gate */
  const column = (gate) =>
    left + ((right - left) * READING_ORDER.indexOf(gate)) / (READING_ORDER.length - 1);
  /** @param {Gate} gate */
  const at = (gate) => Math.round(/** @type {number} */ (column(gate)));
  const [xf, xi, xg, xo] = READING_ORDER.map(at);
  const xm = Math.round((xi + xg) / 2);
  const margin = wide ? 0 : 5;
  const gaugeBottom = ROW.gauge + GAUGE.height;

  /** @type {Record<string, Point>} the places where two wires are joined by a product or a sum */
  const nodes = {
    "f*c_prev": { x: xf, y: ROW.belt },
    c: { x: xm, y: ROW.belt },
    "i*g": { x: xm, y: ROW.product },
    h: { x: xo, y: ROW.product },
  };
  /** @type {Record<string, string>} */
  const wires = {
    c_prev: `M0,${ROW.belt}H${xf - NODE_RADIUS}`,
    "f*c_prev": `M${xf + NODE_RADIUS},${ROW.belt}H${xm - NODE_RADIUS}`,
    c: `M${xm + NODE_RADIUS},${ROW.belt}H${back ? width : width - 8}`,
    c_branch: `M${xo},${ROW.belt}V${ROW.tanhGauge}`,
    tanh_c: `M${xo},${ROW.tanhGauge + GAUGE.tanhHeight}V${ROW.product - NODE_RADIUS}`,
    "i*g": `M${xm},${ROW.product - NODE_RADIUS}V${ROW.belt + NODE_RADIUS}`,
    f: `M${xf},${ROW.gauge}V${ROW.belt + NODE_RADIUS}`,
    i: route([
      [xi, ROW.gauge],
      [xi, ROW.product],
      [xm - NODE_RADIUS, ROW.product],
    ]),
    g: route([
      [xg, ROW.gauge],
      [xg, ROW.product],
      [xm + NODE_RADIUS, ROW.product],
    ]),
    o: `M${xo},${ROW.gauge}V${ROW.product + NODE_RADIUS}`,
    h: `M${xo + NODE_RADIUS},${ROW.product}H${back ? width : width - 8}`,
  };
  /** @type {Record<string, string>} */
  const arrows = {
    c_prev: arrowHead({ x: 0, y: ROW.belt }, "left"),
    c: arrowHead({ x: width, y: ROW.belt }, "right"),
    h: arrowHead({ x: width, y: ROW.product }, "right"),
  };
  /** @type {Record<string, Label>} */
  const labels = {
    c_prev: { x: margin, y: 24, anchor: "start" },
    "f*c_prev": {
      x: wide ? (xf + xm) / 2 : xf + NODE_RADIUS + (xm - xf) / 2 - 4,
      y: 24,
      anchor: "middle",
    },
    c: back
      ? { x: (xm + xo) / 2, y: 24, anchor: "middle" }
      : { x: width - margin, y: 24, anchor: "end" },
    c_next: { x: width - margin, y: 24, anchor: "end" },
    "i*g": { x: xm + 10, y: 122, anchor: "start" },
    tanh_c: { x: xo - BESIDE, y: ROW.tanhGauge + 27, anchor: "end" }, // the peephole is on its right
    h: { x: width - 2 * margin, y: ROW.product + 20, anchor: "end" },
  };
  /** @type {Record<string, Box>} */
  const gauges = { tanh_c: centred(xo, ROW.tanhGauge, GAUGE.width, GAUGE.tanhHeight) };
  /** @type {Record<string, Box>} */
  const curves = {};
  /** @type {Record<string, Point>} */
  const sums = {};
  /** @type {Record<string, Box>} what can be pointed at, where it is more than the label */
  const targets = {};
  const parts = { wires, arrows, labels, gauges, curves, sums, targets };
  for (const gate of READING_ORDER) {
    stack(parts, gate, at(gate), ROW.gauge, xi - xf);
    wires[`in_${gate}`] = `M${at(gate)},${ROW.bus}V${ROW.sum + 14}`;
  }
  const { chips, drop } = chipsIn(width, inputs + 1, (xf + xo) / 2, ROW.chips, () => ROW.bus);
  for (const gate of READING_ORDER)
    arrows[`out_${gate}`] = arrowHead({ x: at(gate), y: ROW.bus - 2 }, "down");
  for (const [k, { x, y }] of chips.entries())
    arrows[`chip_${k}`] = arrowHead({ x, y: y - 13 }, "down");
  // The cell state's ways into the sums: to f and i (or all) from the left, to o from the belt.
  const [tap, under] = [xf - (wide ? 46 : 33), ROW.sum + 14];
  const peep = wide ? xo + 66 : width - 3; // beyond every label but that of h, which gives way
  /** @param {number[]} xs */
  const taps = (xs) =>
    xs
      .map((x) =>
        route(
          [
            [tap, ROW.belt],
            [tap, under],
            [x - 24, under],
            [x - 24, ROW.sum],
            [x - 12, ROW.sum],
          ],
          6,
        ),
      )
      .join("");
  wires.peephole_lstm =
    taps([xf, xi]) +
    route(
      [
        [xo, ROW.belt],
        [peep, ROW.belt],
        [peep, ROW.sum],
        [xo + 12, ROW.sum],
      ],
      6,
    );
  wires.full_peephole_lstm = taps([xf, xi, xg, xo]);
  wires.coupled_lstm = route(
    [
      [xf, gaugeBottom + 5],
      [xi, gaugeBottom + 5],
      [xi, gaugeBottom],
    ],
    3,
  );
  const ends = [xf, xo, chips[0].x, chips[chips.length - 1].x];
  return {
    width,
    height: ROW.height + drop,
    wide,
    panel: wide
      ? { x: xf - 58, y: 1, width: xo - xf + 58 + 72, height: ROW.sum + 19 }
      : { x: 0, y: 1, width, height: ROW.sum + 19 },
    bus: `M${Math.min(...ends)},${ROW.bus}H${Math.max(...ends)}`,
    nodes,
    wires,
    arrows,
    labels,
    gauges,
    curves,
    sums,
    targets,
    tanh: centred(xo, ROW.tanh - 13, 48, 24),
    branch: { x: xo, y: ROW.belt },
    chips,
  };
}
