/** The line above every explorer: its presets, and the way back. */

import { list } from "./controls.mjs";
import { el, hide, setText } from "./dom.mjs";
import { matchingPreset } from "./state.mjs";
import { presetNamed, said, TABLES, t } from "./tables.mjs";

/** @typedef {import("./tables.mjs").Lang} Lang */

/**
 * @param {string} kind
 * @param {Lang} lang
 * @param {boolean} linkable whether the state has an address that can be copied
 */
export function createHeader(kind, lang, linkable) {
  const presets = list(t(lang, "ui.preset"), "preset", [
    ...TABLES[kind].presets.map(({ name, title }) => ({ value: name, text: said(title, lang) })),
    { value: "", text: t(lang, "ui.edited") },
  ]);
  const edited = /** @type {HTMLOptionElement} */ (presets.select.lastElementChild);
  const note = el("p.preset-note");
  /** @param {string} role @param {string} text @param {string} [title] */
  const button = (role, text, title) => el("button.button", { "data-role": role, title }, text);
  const reset = button("reset", t(lang, "ui.reset"), t(lang, "ui.reset_words"));
  const copy = button("copy", t(lang, "ui.copy"));
  const push = el("span.push");
  const bar = [presets.node, push, ...(linkable ? [copy] : []), reset];
  return {
    node: el("div.header", el("div.bar", ...bar), note),
    /** @param {import("./state.mjs").State} state @param {string | undefined} from the preset that the reader started from */
    draw(state, from) {
      const preset = matchingPreset(state);
      const value = preset?.name ?? "";
      hide(edited, preset !== undefined);
      presets.show(value);
      const start = presetNamed(kind, from ?? "");
      const changed = start
        ? t(lang, "ui.edited_from", { title: said(start.title, lang) })
        : t(lang, "ui.edited_note");
      setText(note, preset ? said(preset.note, lang) : changed);
    },
    /** @param {boolean} worked */
    copied(worked) {
      setText(copy, t(lang, worked ? "ui.copied" : "ui.copy_failed"));
    },
    restoreCopy() {
      setText(copy, t(lang, "ui.copy"));
    },
  };
}
