/** The kinds of explorer that the page has: each figure's script makes its own known. */

import { TABLES } from "./tables.mjs";

/** @typedef {import("./figure.mjs").Kind} Kind */

/** @type {Record<string, Kind>} */
export const KINDS = {};

/** @param {string} name @param {object} table its JSON @param {Kind} kind */
export function define(name, table, kind) {
  TABLES[name] = /** @type {import("./tables.mjs").Table} */ (table);
  KINDS[name] = kind;
}
