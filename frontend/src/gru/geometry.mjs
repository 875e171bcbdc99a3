/** Where everything in the GRU's diagram is, as a pure function of the width there is. No DOM. */

import { arrowHead, centred, NODE_RADIUS, route } from "../geometry.mjs";

/** Rows from top to bottom, in pixels. */
const ROW = { belt: 62, product: 134, reset: 298, sum: 454, busX: 480, busH: 494, chips: 524 };
/** Each gate's gauge; its block stands below, and its sum below that. */
const TOP = { u: 324, r: 324, g: 168 };
const GAUGE = 36;
const BLOCK = 38;

/**
 * @param {number} width the container's, in pixels
 * @param {number} last how many x and h_prev there are, less one
 * @param {number} D how many of them are x
 */
export function gruGeometry(width, last, D) {
  const wide = width >= 520;
  const left = wide ? 112 : 36;
  const right = width - (wide ? 138 : 68);
  const [u, r, m, g] = [0, 1, 2, 3].map((k) => Math.round(left + ((right - left) * k) / 3));
  const xs = { u, r, g };
  const margin = wide ? 0 : 5;
  const blockWidth = Math.min(66, r - u - 6);
  /** @param {...number} at x and y in turn */
  const line = (...at) => route(at.flatMap((x, k) => (k % 2 ? [] : [{ x, y: at[k + 1] }])));
  /** @param {number} x @param {number} y @param {"start" | "middle" | "end"} [anchor] */
  const label = (x, y, anchor = "middle") => ({ x, y, anchor });

  const count = last + 1;
  const span = wide ? Math.min(width, 96 * count) : width;
  const chip = span / count;
  const start = wide ? Math.min(Math.max((u + g - span) / 2, 0), width - span) : 0;
  // Where the names would touch, every other one stands a row lower.
  const drop = chip < 50 ? 42 : 0;
  const chips = Array.from({ length: count }, (_, k) => {
    const [x, y] = [start + chip * (k + 0.5), ROW.chips + (k % 2) * drop];
    return { x, y, wire: line(x, y - 14, x, k < D ? ROW.busX : ROW.busH) };
  });
  /** @param {number} y @param {number} first @param {number} end @param {...number} feeds */
  const bus = (y, first, end, ...feeds) => {
    const places = [...feeds, chips[first].x, chips[end].x];
    return line(Math.min(...places), y, Math.max(...places), y);
  };

  /** @type {Record<string, string>} */
  const wires = {
    bus_x: bus(ROW.busX, 0, D - 1, u - 5, g),
    bus_h: bus(ROW.busH, D, last, u + 5, m),
    in_m: line(m, ROW.busH, m, ROW.sum + 14),
    m: line(m, ROW.sum - 11, m, ROW.reset + NODE_RADIUS),
    u: line(u, TOP.u, u, ROW.belt + NODE_RADIUS),
    r: line(r, TOP.r, r, ROW.reset, m - NODE_RADIUS, ROW.reset),
    "r*m": line(m + NODE_RADIUS, ROW.reset, g - 11, ROW.reset),
    g: line(g, TOP.g, g, ROW.product + NODE_RADIUS),
    "1-u": line(u, ROW.product, g - NODE_RADIUS, ROW.product),
    "(1-u)*g": line(g, ROW.product - NODE_RADIUS, g, ROW.belt + NODE_RADIUS),
    h_prev: line(0, ROW.belt, u - NODE_RADIUS, ROW.belt),
    "u*h_prev": line(u + NODE_RADIUS, ROW.belt, g - NODE_RADIUS, ROW.belt),
    h: line(g + NODE_RADIUS, ROW.belt, width - 8, ROW.belt),
  };
  /** @type {Record<string, string>} */
  const arrows = {
    h: arrowHead({ x: width, y: ROW.belt }, "right"),
    in_m: arrowHead({ x: m, y: ROW.sum + 11 }, "up"),
  };
  /** @type {Record<string, import("../geometry.mjs").Label>} */
  const labels = {
    h_prev: label(margin, 24, "start"),
    "u*h_prev": label((u + g) / 2, 24),
    h: label(width - margin, 24, "end"),
    "1-u": label((r + g) / 2, ROW.product + 20),
    "(1-u)*g": label(g - 10, ROW.product - 38, "end"),
    "r*m": label((m + g) / 2, ROW.reset - 30),
    m: label(m + 9, ROW.sum - 50, "start"),
  };
  /** @type {Record<string, import("../geometry.mjs").Box>} */
  const gauges = {};
  /** @type {Record<string, import("../geometry.mjs").Box>} */
  const curves = {};
  /** @type {Record<string, import("../geometry.mjs").Point>} */
  const sums = {};
  for (const gate of /** @type {const} */ (["u", "r", "g"])) {
    const [x, top] = [xs[gate], TOP[gate]];
    const under = top + GAUGE + 12 + BLOCK;
    const sum = gate === "g" ? ROW.reset : ROW.sum;
    gauges[gate] = centred(x, top, 11, GAUGE);
    labels[gate] = label(x + 13, top + 14, "start");
    curves[gate] = centred(x, under - BLOCK, blockWidth, BLOCK);
    sums[gate] = { x, y: sum };
    wires[`a_${gate}`] = line(x, under - BLOCK, x, top + GAUGE);
    wires[`z_${gate}`] = line(x, sum - 11, x, under);
    labels[`z_${gate}`] = label(x + 8, under + 15, "start");
    wires[`in_${gate}`] =
      gate === "g"
        ? line(x, ROW.busX, x, sum + 14)
        : line(x - 5, ROW.busX, x - 5, sum + 12) + line(x + 5, ROW.busH, x + 5, sum + 12);
    arrows[`in_${gate}`] = arrowHead({ x, y: sum + 11 }, "up");
  }
  return {
    width,
    height: ROW.chips + 24 + drop,
    wide,
    panel: {
      x: wide ? u - 58 : 0,
      y: 1,
      width: wide ? g - u + 130 : width,
      height: ROW.sum + 17,
    },
    bus: "M0,0",
    nodes: {
      "u*h_prev": { x: u, y: ROW.belt },
      "(1-u)*g": { x: g, y: ROW.product },
      h: { x: g, y: ROW.belt },
      "r*m": { x: m, y: ROW.reset },
      m: { x: m, y: ROW.sum },
      "1-u": { x: r, y: ROW.product },
    },
    wires,
    arrows,
    labels,
    gauges,
    curves,
    sums,
    targets: {},
    branch: { x: u, y: ROW.product },
    chips,
  };
}
