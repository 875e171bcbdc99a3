/** The line above every explorer: its presets, and the way back. */

import { list } from "./controls.mjs";
import { el, setText } from "./dom.mjs";
import { matchingPreset } from "./state.mjs";
import { presetNamed, TABLES, t } from "./tables.mjs";

/** @typedef {import("./tables.mjs").Lang} Lang */

/**
 * @param {string} kind
 * @param {Lang} lang
 * @param {boolean} linkable whether the state has an address that can be copied
 */
export function createHeader(kind, lang, linkable) {
  const presets = list(t(lang, "ui.preset"), "preset", [
    ...TABLES[kind].presets.map(({ name, title }) => ({ value: name, text: title[lang] })),
    { value: "", text: t(lang, "ui.edited") },
  ]);
  const edited = /** @type {HTMLOptionElement} */ (presets.select.lastElementChild);
  const note = el("p", { class: "lstm-x-preset-note" });
  /** @param {string} role @param {string} text @param {string} [title] */
  const button = (role, text, title) =>
    el("button", { type: "button", class: "lstm-x-button", "data-role": role, title }, text);
  const reset = button("reset", t(lang, "ui.reset"), t(lang, "ui.reset_words"));
  const copy = button("copy", t(lang, "ui.copy"));
  const push = el("span", { class: "lstm-x-push" });
  const bar = [presets.node, push, ...(linkable ? [copy] : []), reset];
  return {
    node: el("div", { class: "lstm-x-header" }, el("div", { class: "lstm-x-bar" }, ...bar), note),
    /** @param {import("./state.mjs").State} state @param {string | undefined} from the preset that the reader started from */
    draw(state, from) {
      const preset = matchingPreset(state);
      const value = preset?.name ?? "";
      if (edited.hidden !== (preset !== undefined)) edited.hidden = preset !== undefined;
      if (presets.select.value !== value) presets.select.value = value;
      const start = presetNamed(kind, from ?? "");
      const changed = start
        ? t(lang, "ui.edited_from", { title: start.title[lang] })
        : t(lang, "ui.edited_note");
      setText(note, preset ? preset.note[lang] : changed);
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
