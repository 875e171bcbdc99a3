/** Native controls: a slider with its number field, a row of choices, a list. */

import { el, set } from "./dom.mjs";
import { CELL, t } from "./tables.mjs";

/** @typedef {import("./tables.mjs").Lang} Lang */
/** @typedef {import("./tables.mjs").NumberKey} NumberKey */

let groups = 0;

/**
 * A slider and a number field for one number of the state.
 * @param {Lang} lang
 * @param {NumberKey} key
 */
export function numberControl(lang, key) {
  const { min, max, step } = CELL.sliders[key];
  const slider = el("input", {
    type: "range",
    min,
    max,
    step,
    class: "lstm-x-slider",
    "data-role": "slider",
    autocomplete: "off",
  });
  const field = el("input", {
    type: "number",
    step: "any",
    class: "lstm-x-field",
    "data-role": "field",
    autocomplete: "off",
    inputmode: "text",
  });
  const centre = (0 - min) / (max - min);
  let drawn = Number.NaN;
  return {
    slider,
    field,
    /** What the control is called. @param {string} name @param {string} words */
    name(name, words) {
      if (slider.dataset.name === name) return;
      drawn = Number.NaN;
      set(slider, { "data-name": name, "aria-label": t(lang, "ui.slider", { what: words }) });
      set(field, { "data-name": name, "aria-label": t(lang, "ui.field", { what: words }) });
    },
    /** Show a number, but not in the field that is being typed in. @param {number} value @param {EventTarget | null} typing */
    show(value, typing) {
      if (typing !== field && (drawn !== value || field.value !== String(value)))
        field.value = String(value);
      if (drawn === value) return;
      drawn = value;
      if (slider.valueAsNumber !== value) slider.value = String(value);
      const share = Math.min(1, Math.max(0, (value - min) / (max - min)));
      slider.style.setProperty("--from", String(Math.min(share, centre)));
      slider.style.setProperty("--to", String(Math.max(share, centre)));
    },
  };
}

/**
 * A row of radio buttons: one tab stop, arrow keys move.
 * @param {string} label
 * @param {string} role the data-role of its inputs
 * @param {{value: string, content: (Node | string)[], words?: string}[]} choices
 */
export function choiceRow(label, role, choices) {
  const group = `lstm-x-${role}-${++groups}`;
  const inputs = choices.map(({ value, words }) =>
    el("input", {
      type: "radio",
      name: group,
      value,
      "data-role": role,
      "aria-label": words,
      autocomplete: "off",
    }),
  );
  const items = choices.map(({ content }, k) =>
    el("label", { class: "lstm-x-choice" }, inputs[k], el("span", {}, ...content)),
  );
  const node = el(
    "div",
    { class: `lstm-x-choices lstm-x-choices-${role}`, role: "radiogroup", "aria-label": label },
    ...items,
  );
  return {
    node,
    items,
    inputs,
    /** @param {string} value */
    show(value) {
      for (const input of inputs) {
        const chosen = input.value === value;
        if (input.checked !== chosen) input.checked = chosen;
      }
    },
  };
}

/**
 * A list with a visible label.
 * @param {string} label
 * @param {string} role
 * @param {{value: string, text: string}[]} options
 * @param {string} [words] the whole name, where the visible label is short
 */
export function list(label, role, options, words) {
  const select = el(
    "select",
    { "data-role": role, "aria-label": words, autocomplete: "off" },
    ...options.map(({ value, text }) => el("option", { value }, text)),
  );
  return {
    node: el("label", { class: `lstm-x-list lstm-x-list-${role}` }, el("span", {}, label), select),
    select,
  };
}
