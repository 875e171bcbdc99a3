/** The one door to all explorers, for the page and for Jupyter alike. */

import { CELL } from "./cell/explorer.mjs";
import { mountExplorer } from "./explorer.mjs";
import { GATE } from "./gate/explorer.mjs";
import { GRADIENT } from "./gradient/explorer.mjs";
import { GRU } from "./gru/explorer.mjs";
import { LAYOUT } from "./layout/explorer.mjs";
import { PARAMETER } from "./parameter/explorer.mjs";
import { PREDICTION } from "./prediction/explorer.mjs";
import { RECURRENCE } from "./recurrence/explorer.mjs";
import { SEQUENCE } from "./sequence/explorer.mjs";
import { TENSOR } from "./tensor/explorer.mjs";

/** @type {Record<string, import("./explorer.mjs").Kind>} */
const KINDS = {
  cell: CELL,
  gate: GATE,
  gradient: GRADIENT,
  gru: GRU,
  layout: LAYOUT,
  parameter: PARAMETER,
  prediction: PREDICTION,
  recurrence: RECURRENCE,
  sequence: SEQUENCE,
  tensor: TENSOR,
};

/**
 * Put a live figure into an element.
 * @param {HTMLElement} element
 * @param {unknown} state with the keys of the Python traits; refused with an `InputError`
 * @param {import("./explorer.mjs").Options} [options]
 */
export function mount(element, state, options) {
  return mountExplorer(element, state, (kind) => KINDS[kind], options);
}
