/** The languages that a script speaks: Jupyter's speaks both, the build leaves a page's only its own. */

/** @type {readonly import("./tables.mjs").Lang[]} */
export const LANGS = ["es", "en"];
