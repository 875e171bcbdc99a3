/** The panels around the diagram: header, stepper, equations, and the table of all numbers. */

import { choiceRow, list, mark } from "../controls.mjs";
import { el, hide, set, setMath, setNumber, setText } from "../dom.mjs";
import { formatGiven, formatNumber } from "../format.mjs";
import { symbolOf } from "../math.mjs";
import { own, TABLES, t } from "../tables.mjs";
import { LSTM, STORED, sentence } from "./explain.mjs";

/** @typedef {import("./explain.mjs").CellModel} CellModel */
/** @typedef {import("./explain.mjs").Ways} Ways */
/** @typedef {import("../tables.mjs").Lang} Lang */

/** @param {number} top */
const upTo = (top) => Array.from({ length: top }, (_, k) => k + 1);

/** How many inputs and units, and which unit is looked at. @param {Lang} lang @param {string} [kind] whose table has the limits */
export function createSizes(lang, kind = "cell") {
  /** @param {string} letter @param {"ui.input_size" | "ui.hidden_size"} key */
  const size = (letter, key) => {
    const options = upTo(TABLES[kind].sizes[letter][1]).map((n) => ({
      value: String(n),
      text: String(n),
    }));
    const made = list(t(lang, key), "size", options, t(lang, `${key}_words`));
    set(made.select, { "data-name": letter });
    return made;
  };
  const [inputSize, hiddenSize] = [size("D", "ui.input_size"), size("H", "ui.hidden_size")];
  const variants = kind === "cell" ? createVariants(lang) : undefined;
  const units = choiceRow(
    t(lang, "ui.unit"),
    "unit",
    upTo(TABLES[kind].sizes.H[1]).map((n) => ({
      value: String(n - 1),
      content: [String(n)],
      words: t(lang, "ui.unit_n", { n }),
    })),
  );
  const label = el("span", { "aria-hidden": "true" }, t(lang, "ui.unit"));
  return {
    node: el(
      "div.bar.sizes",
      ...(variants ? [variants.node] : []),
      inputSize.node,
      hiddenSize.node,
      el("div.list.unit", label, units.node),
    ),
    /** @param {CellModel} model */
    draw({ state }) {
      const { variant, x, h_prev, unit } = state;
      variants?.show(variant);
      inputSize.show(x.length);
      hiddenSize.show(h_prev.length);
      units.show(String(unit));
      for (const [k, item] of units.items.entries()) hide(item, k >= h_prev.length);
    },
  };
}

/** The LSTM and its variants. @param {Lang} lang */
function createVariants(lang) {
  const options = (TABLES.cell.fields.variant.options ?? []).map((value) => ({
    value,
    text: own("cell", lang, value),
  }));
  const made = list(own("cell", lang, "variant"), "choice", options);
  set(made.select, { "data-name": "variant" });
  return made;
}

/** @param {Lang} lang @param {Ways} ways */
export function createStepper(lang, ways) {
  const steps = choiceRow(
    t(lang, "ui.steps"),
    "step",
    ways.steps.map((step, k) => ({
      value: String(k),
      words: ways.words(lang, `ui.step_name.${step}`),
      content: [
        el("b", k === 0 ? "•" : String(k)),
        el("span.step-word", ways.words(lang, `ui.step.${step}`)),
      ],
    })),
  );
  const [back, forward] = /** @type {const} */ (["back", "forward"]).map((way) =>
    el(
      "button.button.arrow-button",
      { "data-role": way, "aria-label": t(lang, `ui.${way}`) },
      way === "back" ? "‹" : "›",
    ),
  );
  const title = el("b.step-title");
  const line = el("span");
  const caption = el("p.sentence", { "data-part": "sentence" }, title, " ", line);
  return {
    node: el("div.stepper", back, steps.node, forward),
    caption,
    /** @param {CellModel} model */
    draw(model) {
      const { step } = model.state;
      steps.show(String(step));
      // Not `disabled`: that would throw the focus of a keyboard reader off the button.
      set(back, { "aria-disabled": step === 0 });
      set(forward, { "aria-disabled": step === ways.steps.length - 1 });
    },
    /** The sentence below. @param {CellModel} model */
    say(model) {
      const { step } = model.state;
      setText(title, `${ways.words(lang, `ui.step_name.${ways.steps[step]}`)}.`);
      setMath(line, sentence(model, ways));
    },
  };
}

/** @param {Lang} lang @param {Ways} [ways] */
export function createEquations(lang, ways = LSTM) {
  const { colourOf, stepsOf } = ways;
  const title = el("p.title");
  const rows = ways.equations.map((name) => {
    const letters = el("p.letters");
    const numbers = el("p.numbers");
    const node = el(
      `li.equation.q-${colourOf(name)}`,
      { "data-steps": stepsOf(name).join(" "), "data-equation": name },
      el("p.equation-name", mark(colourOf(name)), ways.words(lang, name)),
      letters,
      numbers,
    );
    return { name, letters, numbers, node };
  });
  return {
    node: el(
      "div.section.equations",
      { "data-part": "equations" },
      title,
      el("ol", ...rows.map(({ node }) => node)),
    ),
    /** @param {CellModel} model */
    draw(model) {
      const unit = model.state.unit;
      setText(title, t(lang, "ui.equations", { n: unit + 1 }));
      for (const { name, letters, numbers } of rows) {
        setMath(letters, ways.equationInLetters(name, unit, model.state.variant));
        setMath(numbers, ways.equation(model, name));
      }
    },
  };
}

/**
 * The text equivalent: every number of every unit.
 * @param {import("./explain.mjs").CellState} given
 * @param {Ways} ways
 */
export function createNumbers(given, ways) {
  const { lang } = given;
  const H = given.h_prev.length;
  const heads = upTo(H).map((n) => el("th", { scope: "col" }, t(lang, "ui.unit_n", { n })));
  const rows = ways.unitNames(given).map((name) => {
    const cells = upTo(H).map(() => el("td"));
    const symbol = el("span.quantity-symbol");
    setMath(symbol, withoutUnit(name));
    return { name, cells, node: el("tr", el("th", { scope: "row" }, symbol), ...cells) };
  });
  const table = el(
    "table.table.numbers-table",
    el("thead", el("tr", el("th", { scope: "col" }, t(lang, "ui.quantity")), ...heads)),
    el("tbody", ...rows.map(({ node }) => node)),
  );
  return {
    node: el(
      "details.section.all",
      { "data-part": "numbers" },
      el("summary", t(lang, "ui.all_numbers")),
      table,
    ),
    /** @param {CellModel} model */
    draw(model) {
      for (const { name, cells } of rows) {
        for (const [unit, cell] of cells.entries()) {
          const value = ways.numberOf(model, name, unit);
          setNumber(
            cell,
            `${name}.${unit}`,
            value,
            STORED.test(name) ? formatGiven(value) : formatNumber(value),
          );
        }
      }
      heads.forEach((head, k) => {
        head.classList.toggle("is-chosen", k === model.state.unit);
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
