/** The panels around the diagram: header, stepper, equations, and the table of all numbers. */

import { choiceRow, list, mark, namedControl } from "../../../frontend/kit/controls.mjs";
import { el, hide, listen, set, setMath, setNumber, setText } from "../../../frontend/kit/dom.mjs";
import { formatGiven, formatNumber, MINUS } from "../../../frontend/kit/format.mjs";
import { fill, toText } from "../../../frontend/kit/math.mjs";
import { own, TABLES, t } from "../../../frontend/kit/tables.mjs";
import { partial } from "./back.mjs";
import table from "./cell.json" with { type: "json" };
import { LSTM, STORED, sentence } from "./explain.mjs";
import { finiteDifference } from "./numerics.mjs";

/** @typedef {import("./explain.mjs").CellModel} CellModel */
/** @typedef {import("./explain.mjs").Ways} Ways */
/** @typedef {import("../../../frontend/kit/math.mjs").Part} Part */
/** @typedef {import("../../../frontend/kit/tables.mjs").Lang} Lang */

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
  const [variants, ways] =
    kind === "cell" ? [createVariants(lang), createWays(lang)] : [undefined, undefined];
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
      ...(ways ? [ways.node] : []),
      ...(variants ? [variants.node] : []),
      inputSize.node,
      hiddenSize.node,
      el("div.list.unit", label, units.node),
    ),
    /** @param {CellModel} model */
    draw({ state }) {
      const { variant, way, x, h_prev, unit } = state;
      ways?.show(way);
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
  const options = (table.fields.variant.options ?? []).map((value) => ({
    value,
    text: own(table, lang, value),
  }));
  const made = list(own(table, lang, "variant"), "choice", options);
  set(made.select, { "data-name": "variant" });
  return made;
}

/** Forward with the values, or back with the gradients. @param {Lang} lang */
function createWays(lang) {
  const options = (table.fields.way.options ?? []).map((value) => ({
    value,
    content: [own(table, lang, value)],
  }));
  return choiceRow(own(table, lang, "way"), "way", options);
}

/** What reaches each unit from outside on the way back. @param {import("./explain.mjs").CellState} given @param {Ways} ways */
export function createLoss({ lang, h_prev }, ways) {
  const title = el("p.title", own(table, lang, "loss"));
  const controls = h_prev.flatMap((_, n) =>
    ["dh", "dc"].map((key) => {
      const name = `${key}.${n}`;
      const words = own(table, lang, key, { n: n + 1 });
      const control = namedControl(lang, "cell", name, ways.symbolOf(name, n), words, key[1]);
      return { key: /** @type {"dh" | "dc"} */ (key), n, control };
    }),
  );
  return {
    node: el(
      "div.section.states",
      { "data-steps": "1 2" },
      title,
      el("div.state-row", ...controls.map(({ control }) => control.node)),
    ),
    /** @param {CellModel} model @param {EventTarget | null} typing */
    draw({ state }, typing) {
      for (const { key, n, control } of controls) {
        control.show(state[key][n], typing);
        control.node.classList.toggle("is-chosen", n === state.unit);
      }
    },
  };
}

/** Ten digits, or as many as a small number has. @param {number} value */
const exactly = (value) =>
  (value && Math.abs(value) < 1e-3 ? value.toExponential(9) : value.toPrecision(10))
    .replace("e+", "e")
    .replaceAll("-", MINUS);

/** A button that measures a gradient, and what comes out. @param {Lang} lang @param {AbortSignal} signal @param {() => CellModel} now @param {(words: string) => void} say */
export function createCheck(lang, signal, now, say) {
  const button = el("button.button", { "data-role": "act" });
  const checked = el("p.checked");
  const node = el("div.section", button, checked);
  /** The gradient that was asked for last. */
  let asked = "dc_total";
  /** What was measured, and stays on show as long as it is true. @type {import("./explain.mjs").CellState | undefined} */
  let tried;
  /** @param {CellModel} model @returns {Part[]} */
  const partialOf = ({ state }) => partial(asked, state.unit, state.h_prev.length);
  listen(button, signal, {
    click: () => {
      const { state, numbers } = now();
      const found = finiteDifference(state, numbers, asked, state.unit);
      const { epsilon, plus, minus, measured, exact, rounding } = found;
      const relative = Math.abs(measured - exact) / Math.max(Math.abs(measured), Math.abs(exact));
      /** @param {"measured" | "exact"} key @returns {Part[]} */
      const part = (key) => [{ num: found[key], name: key, text: exactly(found[key]) }];
      const parts = fill(own(table, lang, "checked"), {
        what: partialOf(now()),
        ε: [formatNumber(epsilon)],
        plus: [exactly(plus)],
        minus: [exactly(minus)],
        measured: part("measured"),
        exact: part("exact"),
        relative: [Number.isNaN(relative) ? "0" : relative.toExponential(1).replace("-", MINUS)],
      });
      if (Math.abs(exact) < 1e4 * rounding) parts.push(` ${own(table, lang, "rounding")}`);
      setMath(checked, parts);
      tried = state;
      say(toText(parts));
    },
  });
  return {
    node,
    /** @param {string} name of a gradient */
    ask(name) {
      asked = name;
      tried = undefined;
    },
    /** @param {CellModel} model */
    draw(model) {
      const { state, numbers } = model;
      hide(node, state.way !== "back");
      if (state.way !== "back") return;
      if (!Object.hasOwn(numbers, asked)) asked = "dc_total";
      if (tried !== state) setMath(checked, []);
      setMath(button, fill(own(table, lang, "check"), { what: partialOf(model) }));
    },
  };
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
      setText(title, ways.words(lang, "ui.equations", { n: unit + 1 }));
      for (const { name, letters, numbers, node } of rows) {
        const missing = !Object.hasOwn(model.numbers, name);
        hide(node, missing);
        if (missing) continue;
        setMath(letters, ways.equationInLetters(name, unit, model.state.variant));
        setMath(numbers, (ways.equationInNumbers ?? ways.equation)(model, name));
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
    setMath(symbol, withoutUnit(ways.symbolInList(name, 0)));
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

/** @param {Part[]} symbol of unit 1 @returns {Part[]} */
function withoutUnit(symbol) {
  return symbol.map((part) => {
    if (typeof part === "string" || "num" in part) return part;
    const sub = (part.sub ?? "").replace(/(^|,)1$/, "");
    return { ...part, sub: sub === "" ? undefined : sub };
  });
}
