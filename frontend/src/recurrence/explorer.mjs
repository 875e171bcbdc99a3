/** The recurrence explorer: a simple RNN unrolled, and how much of each input is left at the end. */

import { choiceRow, list, namedControl } from "../controls.mjs";
import { el, set, setMath, setText } from "../dom.mjs";
import { recurrenceNumbers } from "../numerics/recurrence.mjs";
import { own, TABLES } from "../tables.mjs";
import { createUnrolled } from "./unrolled.mjs";
import { equation, expansion, growth, outcome } from "./words.mjs";

/** @typedef {import("./words.mjs").Model} Model */
/** @typedef {import("../state.mjs").State} State */

const FILL = { W: 1, U: 0.9 }; // a second unit: apart from the first, and with a longer memory

/** @type {import("../explorer.mjs").Kind} */
export const RECURRENCE = {
  compute: (state) => ({ state, ...recurrenceNumbers(/** @type {any} */ (state)) }),
  words(lang, name) {
    const [key, first = 0, second] = name.split(".");
    const n = Number(second ?? first) + 1;
    return own("recurrence", lang, key, { k: Number(first) + 1, n });
  },
  outcome,
  settle(next, key) {
    if (key !== "T") return next;
    const x = Array.from({ length: next.T }, (_, k) => next.x[k] ?? 0);
    return { ...next, x, t: Math.min(next.t, next.T - 1) };
  },
  build,
};

/** The same network with so many units. @param {State} state @param {number} H */
function withUnits(state, H) {
  const units = [...Array(H).keys()];
  return {
    ...state,
    W: units.map((n) => state.W[n] ?? FILL.W),
    U: units.map((m) => units.map((n) => state.U[m]?.[n] ?? (m === n ? FILL.U : 0))),
    b: units.map((n) => state.b[n] ?? 0),
  };
}

/** @param {import("../explorer.mjs").Context} context @returns {import("../explorer.mjs").View} */
function build(context) {
  const { lang, words, signal, change } = context;
  /** @returns {Model} */
  const model = () => context.now();

  const cell = choiceRow(
    words("cell"),
    "cell",
    (TABLES.recurrence.fields.cell.options ?? []).map((value) => ({
      value,
      content: [value === "tanh" ? value : words(value)],
    })),
  );
  const units = list(
    words("H"),
    "size",
    ["1", "2"].map((value) => ({ value, text: value })),
    words("H_words"),
  );
  units.select.addEventListener(
    "change",
    () => {
      const H = Number(units.select.value);
      change(withUnits(model().state, H), "commit", words("H_words"), String(H));
    },
    { signal },
  );

  /** A control of the state by its name. @param {string} name @param {string} [colour] */
  const control = (name, colour) => {
    const made = namedControl(
      lang,
      "recurrence",
      name,
      [],
      RECURRENCE.words(lang, name, context.state),
      colour,
    );
    const label = /** @type {HTMLElement} */ (made.node.firstElementChild);
    return { ...made, at: name, label };
  };
  const [steps, input] = [control("T"), control("x.0", "x")];
  setMath(steps.label, [{ sym: "T" }]);
  const weights = ["W.0", "W.1", "U.0.0", "U.0.1", "U.1.0", "U.1.1", "b.0", "b.1"].map((name) =>
    control(name, name[0] === "U" ? "h" : "ink"),
  );

  const unrolled = createUnrolled(context);
  const title = el("p", { class: "lstm-x-title", "aria-live": "off" });
  /** @param {string} text @param {string} label @param {number} by */
  const arrow = (text, label, by) => {
    const button = el(
      "button",
      { type: "button", class: "lstm-x-button lstm-x-arrow-button", "aria-label": words(label) },
      text,
    );
    button.addEventListener(
      "click",
      () => {
        const { state, T } = model();
        change({ ...state, t: Math.min(T - 1, Math.max(0, state.t + by)) });
      },
      { signal },
    );
    return button;
  };
  const [back, forth] = [arrow("‹", "previous", -1), arrow("›", "next", 1)];
  const sumTitle = el("p", { class: "lstm-x-title" });
  const line = () => el("p", { class: "lstm-x-line" });
  const [now, sum] = [
    [line(), line()],
    [line(), line(), line()],
  ];
  const fate = line();

  /** @param {HTMLElement[]} nodes @param {import("../math.mjs").Part[][]} formulas */
  function show(nodes, formulas) {
    for (const [k, node] of nodes.entries()) {
      node.hidden = !formulas[k];
      if (formulas[k]) setMath(node, formulas[k]);
    }
  }

  return {
    nodes: [
      el("div", { class: "lstm-x-bar" }, cell.node, units.node),
      el(
        "div",
        { class: "lstm-x-state-row lstm-x-section" },
        ...[steps, input, ...weights].map(({ node }) => node),
      ),
      unrolled.node,
      el(
        "div",
        { class: "lstm-x-section lstm-x-lines" },
        el("div", { class: "lstm-x-bar" }, back, title, forth),
        ...now,
        sumTitle,
        ...sum,
        fate,
      ),
    ],
    stage: unrolled.node,
    layout: unrolled.layout,
    /** @param {Model} next @param {EventTarget | null} typing */
    draw(next, typing) {
      const { state, T, H } = next;
      const { t } = state;
      cell.show(state.cell);
      if (units.select.value !== String(H)) units.select.value = String(H);
      steps.show(T, typing);
      input.name(`x.${t}`, words("x", { k: t + 1 }));
      setMath(input.label, [{ sym: "x", sub: String(t + 1), q: "x" }]);
      input.show(state.x[t], typing);
      for (const { node, label, show, at } of weights) {
        const [sym, ...path] = at.split(".");
        const there = path.every((k) => Number(k) < H);
        if (node.hidden === there) node.hidden = !there;
        if (!there) continue;
        const place = path.map((k) => Number(k) + 1).join("");
        setMath(label, [{ sym, sub: H > 1 ? place : undefined }]);
        show(
          path.reduce((value, k) => value[Number(k)], state[sym]),
          typing,
        );
      }
      setText(title, words("step", { t: t + 1, T }));
      set(back, { "aria-disabled": t === 0 });
      set(forth, { "aria-disabled": t === T - 1 });
      show(
        now,
        state.W.map((/** @type {number} */ _, /** @type {number} */ n) =>
          equation(next, `h.${t}.${n}`),
        ),
      );
      setText(sumTitle, words("sum", { T: String(T) }));
      show(sum, expansion(next));
      setMath(fate, growth(next));
      unrolled.draw(next);
    },
  };
}
