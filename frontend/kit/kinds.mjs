/** The kinds of explorer that the page has: each figure's script makes its own known. */

import { mountExplorer } from "./figure.mjs";
import { TABLES } from "./tables.mjs";

/** @typedef {import("./figure.mjs").Kind} Kind */

/** @type {Record<string, Kind>} */
const KINDS = {};

/** @param {string} name @param {object} table its JSON @param {Kind} kind */
export function define(name, table, kind) {
  TABLES[name] = /** @type {import("./tables.mjs").Table} */ (table);
  KINDS[name] = kind;
}

/**
 * Put a live figure into an element.
 * @param {HTMLElement} element
 * @param {unknown} state with the keys of the Python traits; refused with an `InputError`
 * @param {import("./figure.mjs").Options} [options]
 */
export function mount(element, state, options) {
  return mountExplorer(element, state, (kind) => KINDS[kind], options);
}
