/** Where the matrices of some layers stand, all to one scale. No DOM. */

import { CELLS } from "../numerics/counting.mjs";

/** @typedef {import("../numerics/counting.mjs").Layers} Layers */
/** @typedef {import("../numerics/counting.mjs").LayerCount} LayerCount */
/** @typedef {{part: string, layer: number, x: number, y: number, width: number, height: number}} Box */

export const HEIGHT = 290;
/** The palette has no colours of its own for u and r: u keeps as f does, r lets out as o does. */
const COLOURS = { u: "f", r: "o" };
const TOP = 40;
const GAP = 14;
const LEFT = 22;
const LARGEST = 24; // pixels for one number
const GRID = 5; // pixels, from which on every number has its own square

/** @param {string} block */
export const colourOf = (block) => COLOURS[/** @type {"u"} */ (block)] ?? block;

/**
 * One column for each layer and direction: W, U, the biases, and what is read of c, one above the other.
 * @param {Layers} layers
 * @param {LayerCount[]} counts
 * @param {number} width
 */
export function place(layers, counts, width) {
  const { cell, hidden_size: H, bias_vectors, both_directions } = layers;
  const { blocks, peepholes } = CELLS[cell];
  const ways = both_directions ? 2 : 1;
  const slot = (width - LEFT) / (counts.length * ways);
  const rows = (/** @type {number} */ D) => [
    D,
    H,
    bias_vectors,
    ...(peepholes ? [peepholes === "3·H" ? 1 : H] : []),
  ];
  const tall = Math.max(...counts.map(({ D }) => rows(D).reduce((a, b) => a + b)));
  const across = blocks.length * H;
  const scale = Math.min(
    LARGEST,
    (slot - 10) / across,
    (HEIGHT - TOP - GAP * (rows(1).length - 1) - 2) / tall,
  );
  /** @param {number} amount */
  const side = (amount) => Math.max(1, amount * scale);
  /** @type {Box[]} */
  const boxes = [];
  /** @type {Record<string, string>} */
  const paths = {};
  /** @type {{x: number, y: number, text: string}[]} */
  const letters = [];
  let grid = "";
  const titles = counts.flatMap(({ D }, layer) =>
    Array.from({ length: ways }, (_, way) => {
      const centre = LEFT + slot * (layer * ways + way + 0.5);
      const x = centre - side(across) / 2;
      let y = TOP;
      for (const [k, amount] of rows(D).entries()) {
        const height = side(amount);
        const part = ["input_weights", "recurrent_weights", "biases", "peepholes"][k];
        boxes.push({ part, layer, x, y, width: side(across), height });
        for (const [at, block] of [...blocks].entries()) {
          const left = x + at * H * scale;
          const wide = side(H);
          if (k === 0 && wide >= 12) letters.push({ x: left + wide / 2, y: TOP - 6, text: block });
          if (part === "peepholes" && amount === 1 && block === "g") continue; // no gate, no peephole
          const colour = colourOf(block);
          paths[colour] =
            `${paths[colour] ?? ""}M${left.toFixed(1)},${y.toFixed(1)}h${wide.toFixed(1)}v${height.toFixed(1)}h${(-wide).toFixed(1)}z`;
          if (scale < GRID) continue;
          for (let n = 1; n < H; n++)
            grid += `M${(left + n * scale).toFixed(1)},${y.toFixed(1)}v${height.toFixed(1)}`;
          for (let n = 1; n < amount; n++)
            grid += `M${left.toFixed(1)},${(y + n * scale).toFixed(1)}h${wide.toFixed(1)}`;
        }
        y += height + GAP;
      }
      return {
        x: centre,
        layer,
        arrow: both_directions ? (way ? " ←" : " →") : "",
        wide: slot > 64,
      };
    }),
  );
  return { boxes, paths, letters, grid, titles, exact: scale >= 1 };
}
