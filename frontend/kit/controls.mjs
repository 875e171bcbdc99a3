/** Native controls: a slider with its number field, a row of choices, a list. */

import { el, set, setMath, svg } from "./dom.mjs";
import { markerPath } from "./geometry.mjs";
import { PALETTE, TABLES, t } from "./tables.mjs";

/** @typedef {import("./math.mjs").Part} Part */
/** @typedef {import("./tables.mjs").Lang} Lang */
/** @typedef {keyof typeof PALETTE} Colour */

let groups = 0;

/** The palette's marker of a quantity, beside its name. @param {string} colour */
export function mark(colour) {
  const letter = PALETTE[/** @type {Colour} */ (colour)].marker;
  return svg(
    `svg.mark.q-${colour}`,
    { viewBox: "-7 -7 14 14", width: 12, height: 12, "aria-hidden": "true" },
    svg("path", { d: markerPath(letter, 70) }),
  );
}

/**
 * A slider and a number field for one number of the state.
 * @param {Lang} lang
 * @param {string} kind
 * @param {string} key the field of its table, which has the slider's limits
 */
export function numberControl(lang, kind, key) {
  const { type, min = 0, max = 1, step = 1 } = TABLES[kind].fields[key];
  const slider = el("input", {
    type: "range",
    min,
    max,
    step,
    class: "lstm-x-slider",
    "data-role": "slider",
    autocomplete: "off",
  });
  // A field of the type "number" drops a comma without a word: 0,75 becomes 75.
  const field = el("input", {
    type: "text",
    role: "spinbutton",
    class: "lstm-x-field",
    "data-role": "field",
    autocomplete: "off",
    inputmode: "text", // the keys for decimals have no minus on some telephones
    spellcheck: "false",
    ...(type === "array" ? {} : { "aria-valuemin": min, "aria-valuemax": max }),
  });
  const centre = Math.min(1, Math.max(0, (0 - min) / (max - min)));
  let drawn = Number.NaN;
  let called = "";
  return {
    slider,
    field,
    /** What the control is called. @param {string} name @param {string} words */
    name(name, words) {
      if (slider.dataset.name === name && called === words) return;
      called = words;
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
      set(field, { "aria-valuenow": value });
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
 * @param {string} name the state's key that it sets, or what else its inputs are called
 * @param {{value: string, content: (Node | string)[], words?: string}[]} choices
 * @param {string} [role]
 */
export function choiceRow(label, name, choices, role = "choice") {
  const group = `lstm-x-${name}-${++groups}`;
  const inputs = choices.map(({ value, words }) =>
    el("input", {
      type: "radio",
      name: group,
      value,
      "data-role": role,
      "data-name": name,
      "aria-label": words,
      autocomplete: "off",
    }),
  );
  const items = choices.map(({ content }, k) =>
    el("label.choice", inputs[k], el("span", ...content)),
  );
  const node = el(
    `div.choices.choices-${name}`,
    { role: "radiogroup", "aria-label": label },
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
    node: el(`label.list.list-${role}`, el("span", label), select),
    select,
    /** @param {string | number} value */
    show(value) {
      if (select.value !== String(value)) select.value = String(value);
    },
  };
}

/**
 * A number control with its symbol before it: for numbers that stand in no table.
 * @param {Lang} lang
 * @param {string} kind
 * @param {string} name the number's name in the state, as "b" or "x.2"
 * @param {Part[]} symbol
 * @param {string} words
 * @param {string} [colour] the palette's name
 */
export function namedControl(lang, kind, name, symbol, words, colour = "ink") {
  const control = numberControl(lang, kind, name.split(".")[0]);
  control.name(name, words);
  const label = el("span.state-symbol");
  setMath(label, symbol);
  const pair = el("div.control", control.field, control.slider);
  const node = el(`div.state.q-${colour}`, label, pair);
  return { ...control, node };
}

/**
 * A box to tick for a flag of the state.
 * @param {string} label
 * @param {string} name
 */
export function flagBox(label, name) {
  const input = el("input", {
    type: "checkbox",
    "data-role": "choice",
    "data-name": name,
    autocomplete: "off",
  });
  return {
    node: el("label.flag", input, el("span", label)),
    /** @param {boolean} value */
    show(value) {
      if (input.checked !== value) input.checked = value;
    },
  };
}
