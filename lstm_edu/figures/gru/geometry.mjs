/** Where everything in the GRU's diagram is, as a pure function of the width there is. No DOM. */

import { arrowHead, chipsIn, NODE_RADIUS as R, stack } from "../../../frontend/kit/geometry.mjs";

/** Rows from top to bottom, in pixels. */
const ROW = { belt: 62, product: 134, g: 168, reset: 312, gates: 336, sum: 480, x: 506, h: 520 };

/**
 * @param {number} width the container's, in pixels
 * @param {number} last how many x and h_prev there are, less one
 * @param {number} D how many of them are x
 */
export function gruGeometry(width, last, D) {
  const wide = width >= 520;
  const left = wide ? 112 : 36;
  const room = (width - (wide ? 250 : 104)) / 3;
  const [u, r, m, g] = [0, 1, 2, 3].map((k) => Math.round(left + room * k));
  const margin = wide ? 0 : 5;
  /** @param {number} x @param {number} y @param {string} [anchor] */
  const at = (x, y, anchor = "middle") => ({ x, y, anchor });
  const busOf = (/** @type {number} */ k) => (k < D ? ROW.x : ROW.h);
  const { chips, drop } = chipsIn(width, last + 1, (u + g) / 2, 550, busOf);
  /** @param {number} first @param {number} end @param {number[]} feeds */
  const bus = (first, end, feeds) => {
    const places = [chips[first].x, chips[end].x, ...feeds];
    return `M${Math.min(...places)},${busOf(first)}H${Math.max(...places)}`;
  };

  /** @type {Record<string, Record<string, any>>} */
  const parts = {
    wires: {
      bus_x: bus(0, D - 1, [u - 6, g]),
      bus_h: bus(D, last, [u + 6, m]),
      in_m: `M${m},${ROW.h}V${ROW.sum + 14}`,
      m: `M${m},${ROW.sum - 11}V${ROW.reset + R}`,
      u: `M${u},${ROW.gates}V${ROW.belt + R}`,
      r: `M${r},${ROW.gates}V${ROW.reset + 9}q0,-9 9,-9H${m - R}`,
      "r*m": `M${m + R},${ROW.reset}H${g - 11}`,
      g: `M${g},${ROW.g}V${ROW.product + R}`,
      "1-u": `M${u},${ROW.product}H${g - R}`,
      "(1-u)*g": `M${g},${ROW.product - R}V${ROW.belt + R}`,
      h_prev: `M0,${ROW.belt}H${u - R}`,
      "u*h_prev": `M${u + R},${ROW.belt}H${g - R}`,
      h: `M${g + R},${ROW.belt}H${width - 8}`,
    },
    labels: {
      h_prev: at(margin, 24, "start"),
      "u*h_prev": at((u + g) / 2, 24),
      h: at(width - margin, 24, "end"),
      "1-u": at(m, ROW.product + 20),
      "(1-u)*g": at(g - 10, ROW.product - 38, "end"),
      "r*m": at((m + g) / 2, ROW.reset - 30),
      m: at(m + 9, ROW.sum - 50, "start"),
    },
    nodes: {
      "u*h_prev": at(u, ROW.belt),
      "(1-u)*g": at(g, ROW.product),
      h: at(g, ROW.belt),
      "r*m": at(m, ROW.reset),
      m: at(m, ROW.sum),
      "1-u": at(r, ROW.product),
    },
    arrows: {
      h: arrowHead(at(width, ROW.belt), "right"),
      in_m: arrowHead(at(m, ROW.sum + 11), "up"),
    },
    ...{ gauges: {}, curves: {}, sums: {}, targets: {} },
  };
  stack(parts, "g", g, ROW.g, room);
  parts.wires.in_g = `M${g},${ROW.x}V${ROW.reset + 14}`;
  for (const [gate, x] of /** @type {const} */ ([
    ["u", u],
    ["r", r],
  ])) {
    stack(parts, gate, x, ROW.gates, room);
    // One leg from each bus.
    parts.wires[`in_${gate}`] = [-6, 6]
      .map((by, k) => `M${x + by},${k ? ROW.h : ROW.x}V${ROW.sum + 16}`)
      .join("");
    parts.arrows[`in_${gate}`] = [-6, 6]
      .map((by) => arrowHead(at(x + by, ROW.sum + 9), "up"))
      .join("");
  }
  return {
    ...parts,
    width,
    height: 574 + drop,
    wide,
    panel: { x: wide ? u - 58 : 0, y: 1, width: wide ? g - u + 130 : width, height: ROW.sum + 19 },
    bus: "M0,0",
    branch: at(u, ROW.product),
    chips,
  };
}
