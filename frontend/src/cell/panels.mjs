/** The panels around the diagram: header, stepper, equations, and the table of all numbers. */

import { choiceRow, list } from "../controls.mjs";
import { el, setMath, setNumber, setText, svg } from "../dom.mjs";
import { formatGiven, formatNumber } from "../format.mjs";
import { markerPath } from "../geometry.mjs";
import { symbolOf } from "../math.mjs";
import { column } from "../numerics.mjs";
import { matchingPreset } from "../state.mjs";
import { CELL, PALETTE, presetNamed, STEPS, stringKey, t } from "../tables.mjs";
import {
  colourOf,
  equation,
  equationInLetters,
  sentence,
  stepsOf,
  UNIT_NAMES,
} from "./explain.mjs";

/** @typedef {import("./explain.mjs").CellModel} CellModel */
/** @typedef {import("../tables.mjs").Lang} Lang */
/** @typedef {keyof typeof PALETTE} Colour */

/** The palette's marker of a quantity, beside its name. @param {string} colour */
export function mark(colour) {
  const letter = PALETTE[/** @type {Colour} */ (colour)].marker;
  return svg(
    "svg",
    {
      class: `lstm-x-mark q-${colour}`,
      viewBox: "-7 -7 14 14",
      width: 12,
      height: 12,
      "aria-hidden": "true",
    },
    svg("path", { d: markerPath(letter, 70) }),
  );
}

/** @param {number} top */
const upTo = (top) => Array.from({ length: top }, (_, k) => k + 1);

/**
 * @param {Lang} lang
 * @param {boolean} linkable whether the state has an address that can be copied
 */
export function createHeader(lang, linkable) {
  const presets = list(t(lang, "ui.preset"), "preset", [
    ...CELL.presets.map(({ name, title }) => ({ value: name, text: title[lang] })),
    { value: "", text: t(lang, "ui.edited") },
  ]);
  const edited = /** @type {HTMLOptionElement} */ (presets.select.lastElementChild);
  /** @param {number} n */
  const option = (n) => ({ value: String(n), text: String(n) });
  const inputSize = list(
    t(lang, "ui.input_size"),
    "input_size",
    upTo(CELL.max_input_size).map(option),
    t(lang, "ui.input_size_words"),
  );
  const hiddenSize = list(
    t(lang, "ui.hidden_size"),
    "hidden_size",
    upTo(CELL.max_hidden_size).map(option),
    t(lang, "ui.hidden_size_words"),
  );
  const units = choiceRow(
    t(lang, "ui.unit"),
    "unit",
    upTo(CELL.max_hidden_size).map((n) => ({
      value: String(n - 1),
      content: [String(n)],
      words: t(lang, "ui.unit_n", { n }),
    })),
  );
  const note = el("p", { class: "lstm-x-preset-note" });
  const reset = el(
    "button",
    {
      type: "button",
      class: "lstm-x-button",
      "data-role": "reset",
      title: t(lang, "ui.reset_words"),
    },
    t(lang, "ui.reset"),
  );
  const copy = el(
    "button",
    { type: "button", class: "lstm-x-button", "data-role": "copy" },
    t(lang, "ui.copy"),
  );
  const node = el(
    "div",
    { class: "lstm-x-header" },
    el(
      "div",
      { class: "lstm-x-bar" },
      presets.node,
      el("span", { class: "lstm-x-push" }),
      ...(linkable ? [copy] : []),
      reset,
    ),
    note,
    el(
      "div",
      { class: "lstm-x-bar lstm-x-sizes" },
      inputSize.node,
      hiddenSize.node,
      el(
        "div",
        { class: "lstm-x-list lstm-x-unit" },
        el("span", { "aria-hidden": "true" }, t(lang, "ui.unit")),
        units.node,
      ),
    ),
  );
  return {
    node,
    /** @param {CellModel} model @param {string | undefined} from the preset that the reader started from */
    draw({ state }, from) {
      const preset = matchingPreset(state);
      edited.hidden = preset !== undefined;
      const value = preset?.name ?? "";
      if (presets.select.value !== value) presets.select.value = value;
      const start = presetNamed(from ?? "");
      const changed = start
        ? t(lang, "ui.edited_from", { title: start.title[lang] })
        : t(lang, "ui.edited_note");
      setText(note, preset ? preset.note[lang] : changed);
      inputSize.select.value = String(state.x.length);
      hiddenSize.select.value = String(state.h_prev.length);
      units.show(String(state.unit));
      units.items.forEach((item, k) => {
        item.hidden = k >= state.h_prev.length;
      });
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

/** @param {Lang} lang */
export function createStepper(lang) {
  const steps = choiceRow(
    t(lang, "ui.steps"),
    "step",
    STEPS.map((step, k) => ({
      value: String(k),
      words: t(lang, stringKey(`ui.step_name.${step}`)),
      content: [
        el("b", {}, k === 0 ? "•" : String(k)),
        el("span", { class: "lstm-x-step-word" }, t(lang, stringKey(`ui.step.${step}`))),
      ],
    })),
  );
  const back = el(
    "button",
    {
      type: "button",
      class: "lstm-x-button lstm-x-arrow-button",
      "data-role": "back",
      "aria-label": t(lang, "ui.back"),
    },
    "‹",
  );
  const forward = el(
    "button",
    {
      type: "button",
      class: "lstm-x-button lstm-x-arrow-button",
      "data-role": "forward",
      "aria-label": t(lang, "ui.forward"),
    },
    "›",
  );
  const title = el("b", { class: "lstm-x-step-title" });
  const line = el("span");
  const caption = el("p", { class: "lstm-x-sentence", "data-part": "sentence" }, title, " ", line);
  return {
    node: el("div", { class: "lstm-x-stepper" }, back, steps.node, forward),
    caption,
    /** @param {CellModel} model */
    draw(model) {
      const { step } = model.state;
      steps.show(String(step));
      // Not `disabled`: that would throw the focus of a keyboard reader off the button.
      back.setAttribute("aria-disabled", String(step === 0));
      forward.setAttribute("aria-disabled", String(step === STEPS.length - 1));
      setText(title, `${t(lang, stringKey(`ui.step_name.${STEPS[step]}`))}.`);
      setMath(line, sentence(model));
    },
  };
}

/** @param {Lang} lang */
export function createEquations(lang) {
  const title = el("p", { class: "lstm-x-title" });
  const rows = ["f", "i", "g", "c", "o", "h"].map((name) => {
    const letters = el("p", { class: "lstm-x-letters" });
    const numbers = el("p", { class: "lstm-x-numbers" });
    const node = el(
      "li",
      {
        class: `lstm-x-equation q-${colourOf(name)}`,
        "data-steps": stepsOf(name).join(" "),
        "data-equation": name,
      },
      el("p", { class: "lstm-x-equation-name" }, mark(name), t(lang, stringKey(name))),
      letters,
      numbers,
    );
    return { name, letters, numbers, node };
  });
  return {
    node: el(
      "div",
      { class: "lstm-x-section lstm-x-equations", "data-part": "equations" },
      title,
      el("ol", {}, ...rows.map(({ node }) => node)),
    ),
    /** @param {CellModel} model */
    draw(model) {
      const unit = model.state.unit;
      setText(title, t(lang, "ui.equations", { n: unit + 1 }));
      for (const { name, letters, numbers } of rows) {
        setMath(letters, equationInLetters(name, unit));
        setMath(numbers, equation(model, name));
      }
    },
  };
}

/**
 * The text equivalent: every number of every unit.
 * @param {Lang} lang
 * @param {number} H
 */
export function createNumbers(lang, H) {
  const heads = upTo(H).map((n) => el("th", { scope: "col" }, t(lang, "ui.unit_n", { n })));
  const rows = UNIT_NAMES.map((name) => {
    const cells = upTo(H).map(() => el("td"));
    const symbol = el("span", { class: "lstm-x-quantity-symbol" });
    setMath(symbol, withoutUnit(name));
    return { name, cells, node: el("tr", {}, el("th", { scope: "row" }, symbol), ...cells) };
  });
  const table = el(
    "table",
    { class: "lstm-x-table lstm-x-numbers-table" },
    el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t(lang, "ui.quantity")), ...heads)),
    el("tbody", {}, ...rows.map(({ node }) => node)),
  );
  return {
    node: el(
      "details",
      { class: "lstm-x-section lstm-x-all", "data-part": "numbers" },
      el("summary", {}, t(lang, "ui.all_numbers")),
      table,
    ),
    /** @param {CellModel} model */
    draw({ state, step }) {
      /** @param {string} name @param {number} unit @returns {number} */
      const numberOf = (name, unit) => {
        if (name.startsWith("z_"))
          return step.z[
            column(/** @type {import("../numerics.mjs").Gate} */ (name.slice(2)), unit, H)
          ];
        if (name === "c_prev") return state.c_prev[unit];
        const key = { "f*c_prev": "f_c_prev", "i*g": "i_g" }[name] ?? name;
        return step[/** @type {keyof typeof step} */ (key)][unit];
      };
      for (const { name, cells } of rows) {
        for (const [unit, cell] of cells.entries()) {
          const value = numberOf(name, unit);
          setNumber(
            cell,
            `${name}.${unit}`,
            value,
            name === "c_prev" ? formatGiven(value) : formatNumber(value),
          );
        }
      }
      heads.forEach((head, k) => {
        head.classList.toggle("is-chosen", k === state.unit);
      });
    },
  };
}

/** @param {string} name @returns {import("../math.mjs").Part[]} */
function withoutUnit(name) {
  return symbolOf(name, 0).map((part) => {
    if (typeof part === "string" || "num" in part) return part;
    const sub = (part.sub ?? "").replace(/(^|,)1$/, "");
    return { ...part, sub: sub === "" ? undefined : sub };
  });
}
