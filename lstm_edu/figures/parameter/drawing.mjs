/** Where the matrices of some layers stand, all to one scale. No DOM. */

import { tenth } from "../../../frontend/kit/plot.mjs";
import { CELLS, PARTS, sum } from "./numerics.mjs";

/** @typedef {import("./numerics.mjs").Layers} Layers */
/** @typedef {import("./numerics.mjs").LayerCount} LayerCount */
/** @typedef {{name: string, x: number, y: number, width: number, height: number}} Box */
/** @typedef {{x: number, y: number, text: string}} Label */

/** The palette has no colours of its own for u and r: u keeps as f does, r lets in as i does. @type {Record<string, string>} */
const COLOURS = { u: "f", r: "i" };
const TOP = 40;
const GAP = 14;
const LEFT = 22;
const LARGEST = 24; // pixels for one number
const GRID = 5; // pixels, from which on every number has its own square

/** @param {number} x @param {number} y @param {number} width @param {number} height */
const rectangle = (x, y, width, height) =>
  `M${tenth(x)},${tenth(y)}h${tenth(width)}v${tenth(height)}h${-tenth(width)}z`;

/**
 * One column for each layer and direction: W, U, the biases, and what is read of c, one above the
 * other.
 * @param {Layers} layers
 * @param {LayerCount[]} counts
 * @param {number} width
 * @param {string} word before the number of a layer, where there is room
 */
export function place(layers, counts, width, word) {
  const { cell, hidden_size: H, bias_vectors, both_directions } = layers;
  const { blocks, peepholes } = CELLS[cell];
  const arrows = both_directions ? [" →", " ←"] : [""];
  const slot = (width - LEFT) / (counts.length * arrows.length);
  const diagonal = peepholes === "3·H";
  const height = width < 600 ? 220 : 290;
  /** How high each matrix is. @param {number} D */
  const rows = (D) => [D, H, bias_vectors, ...(peepholes ? [diagonal ? 1 : H] : [])];
  const highest = Math.max(...counts.map(({ D }) => D));
  const scale = Math.min(
    LARGEST,
    (slot - 10) / (blocks.length * H),
    (height - TOP - GAP * 3 - 2) / sum(rows(highest)),
  );
  /** @param {number} amount */
  const side = (amount) => Math.max(1, amount * scale);
  const across = side(H) * blocks.length;
  const placed = {
    height,
    boxes: /** @type {Box[]} */ ([]),
    fills: /** @type {Record<string, string>} */ ({}),
    grid: "",
    labels: /** @type {Label[]} */ ([]),
  };
  for (const [layer, { D }] of counts.entries()) {
    for (const [way, arrow] of arrows.entries()) {
      const centre = LEFT + slot * (layer * arrows.length + way + 0.5);
      const x = centre - across / 2;
      const title = `${slot > 64 ? `${word} ` : ""}${layer + 1}${arrow}`;
      placed.labels.push({ x: centre, y: 13, text: title });
      let y = TOP;
      for (const [k, amount] of rows(D).entries()) {
        const tall = side(amount);
        placed.boxes.push({ name: `${PARTS[k]}.${layer}`, x, y, width: across, height: tall });
        if (layer + way === 0)
          placed.labels.push({
            x: x - 14,
            y: y + tall / 2 + 5,
            text: ["W", "U", "b", diagonal ? "p" : "V"][k],
          });
        for (const [at, block] of [...blocks].entries()) {
          const left = x + at * side(H);
          if (k === 0 && side(H) >= 12)
            placed.labels.push({ x: left + side(H) / 2, y: TOP - 6, text: block });
          if (k === 3 && diagonal && block === "g") continue; // no gate, no peephole
          const colour = COLOURS[block] ?? block;
          placed.fills[colour] = (placed.fills[colour] ?? "") + rectangle(left, y, side(H), tall);
          if (scale < GRID) continue;
          for (let n = 1; n < H; n++) placed.grid += rectangle(left + n * scale, y, 0, tall);
          for (let n = 1; n < amount; n++)
            placed.grid += rectangle(left, y + n * scale, side(H), 0);
        }
        y += (k ? tall : side(highest)) + GAP; // the rows of all layers are level
      }
    }
  }
  return placed;
}
