/** How many numbers recurrent layers learn: exact integers, and the formulas that say so. No DOM. Held to `lstm_edu.counting` by the browser tests. */

/**
 * The blocks that read x and h, in the order of their columns; what they read of c; and how many
 * vectors of biases Keras and PyTorch keep (0: they have no such cell).
 * @type {Record<string, {blocks: string, peepholes: string, keras: number, torch: number}>}
 */
export const CELLS = {
  simple_rnn: { blocks: "h", peepholes: "", keras: 1, torch: 2 },
  lstm: { blocks: "ifgo", peepholes: "", keras: 1, torch: 2 },
  gru: { blocks: "urg", peepholes: "", keras: 2, torch: 2 },
  peephole_lstm: { blocks: "ifgo", peepholes: "3·H", keras: 0, torch: 0 },
  full_peephole_lstm: { blocks: "ifgo", peepholes: "4·H·H", keras: 0, torch: 0 },
  coupled_lstm: { blocks: "fgo", peepholes: "", keras: 0, torch: 0 },
};

/** @typedef {"input_weights" | "recurrent_weights" | "biases" | "peepholes"} Part */
/** @typedef {{D: number, H: number}} Sizes */
/** @typedef {{cell: string, input_size: number, hidden_size: number, layers: number, bias_vectors: number, both_directions: boolean}} Layers */
/** @typedef {Sizes & {parts: Record<Part, number>, total: number}} LayerCount */

/** @type {readonly Part[]} */
export const PARTS = ["input_weights", "recurrent_weights", "biases", "peepholes"];

/** Letters with their numbers put in. @param {string} letters @param {Sizes} sizes */
export const put = (letters, sizes) =>
  letters.replace(/[DH]/g, (sign) => String(sizes[/** @type {keyof Sizes} */ (sign)]));

/** What a product of letters and figures, as "3·H", stands for; nothing is 0. @param {string} letters @param {Sizes} sizes */
const product = (letters, sizes) =>
  letters &&
  put(letters, sizes)
    .split("·")
    .reduce((result, factor) => result * Number(factor), 1);

/** The product that counts each part of a layer, both directions included. @param {Layers} layers @returns {Record<Part, string>} */
export function letters({ cell, bias_vectors: n, both_directions: both }) {
  const { blocks, peepholes } = CELLS[cell];
  const times = (both ? "2·" : "") + (blocks.length > 1 ? `${blocks.length}·` : "");
  return {
    input_weights: `${times}D·H`,
    recurrent_weights: `${times}H·H`,
    biases: `${times}${n > 1 ? `${n}·` : ""}H`,
    peepholes: peepholes && (both ? "2·" : "") + peepholes,
  };
}

/** The formula of a layer in one direction. @param {Layers} layers */
export function formula({ cell, bias_vectors: n }) {
  const { blocks, peepholes } = CELLS[cell];
  const block = `D·H + H·H + ${n > 1 ? `${n}·` : ""}H`;
  const all = blocks.length > 1 ? `${blocks.length}·(${block})` : block;
  return peepholes ? `${all} + ${peepholes}` : all;
}

/** Every layer, from the lowest up. @param {Layers} layers @returns {LayerCount[]} */
export function countLayers(layers) {
  const { input_size, hidden_size: H, both_directions } = layers;
  const factors = letters(layers);
  return Array.from({ length: layers.layers }, (_, k) => {
    const sizes = { D: k === 0 ? input_size : both_directions ? 2 * H : H, H };
    const parts = /** @type {Record<Part, number>} */ (
      Object.fromEntries(PARTS.map((part) => [part, Number(product(factors[part], sizes))]))
    );
    return { ...sizes, parts, total: sum(PARTS.map((part) => parts[part])) };
  });
}

/** @param {number[]} values */
export const sum = (values) => values.reduce((total, value) => total + value, 0);

/** The layers as one of the frameworks keeps them; undefined where it has no such cell. @param {Layers} layers @param {"keras" | "torch"} framework */
export function asIn(layers, framework) {
  const bias_vectors = CELLS[layers.cell][framework];
  return bias_vectors ? { ...layers, bias_vectors } : undefined;
}
