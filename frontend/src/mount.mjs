/** The one door to all explorers, for the page and for Jupyter alike. */

import { mountCell } from "./cell/explorer.mjs";

/**
 * Put a live figure into an element.
 * @param {HTMLElement} element
 * @param {unknown} state with the keys of the Python traits; refused with an `InputError`
 * @param {import("./cell/explorer.mjs").Options} [options]
 */
export function mount(element, state, options) {
  return mountCell(element, state, options);
}
