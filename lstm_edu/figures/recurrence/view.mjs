/** The recurrence explorer: a simple RNN unrolled, and how much of each input is left at the end. */

import { choiceRow, list, namedControl } from "../../../frontend/kit/controls.mjs";
import { el, hide, listen, set, setMath, setText } from "../../../frontend/kit/dom.mjs";
import { numberAt } from "../../../frontend/kit/state.mjs";
import { own } from "../../../frontend/kit/tables.mjs";
import { recurrenceNumbers } from "./numerics.mjs";
import table from "./recurrence.json" with { type: "json" };
import { createUnrolled } from "./unrolled.mjs";
import { equation, expansion, growth, outcome } from "./words.mjs";

/** @typedef {import("./words.mjs").Model} Model */
/** @typedef {import("../../../frontend/kit/math.mjs").Part} Part */

/** @type {import("../../../frontend/kit/figure.mjs").Kind} */
export const FIGURE = {
  compute: (state) => ({ state, ...recurrenceNumbers(/** @type {any} */ (state)) }),
  words(lang, name) {
    const [key, k, n = k] = name.split(".");
    return own(table, lang, key, { k: Number(k) + 1, n: Number(n) + 1 });
  },
  outcome,
  settle(next, key) {
    if (key !== "T") return next;
    const x = Array.from({ length: next.T }, (_, k) => next.x[k] ?? 0);
    return { ...next, x, t: Math.min(next.t, next.T - 1) };
  },
  build,
};

/** @param {import("../../../frontend/kit/figure.mjs").Context} context @returns {import("../../../frontend/kit/figure.mjs").View} */
function build(context) {
  const { lang, words, signal, change } = context;
  /** @returns {Model} */
  const model = () => context.now();

  const cell = choiceRow(words("cell"), "cell", [
    { value: "linear", content: [words("linear")] },
    { value: "tanh", content: ["tanh"] },
  ]);
  const units = list(
    words("H"),
    "size",
    ["1", "2"].map((value) => ({ value, text: value })),
  );
  listen(units.select, signal, {
    change: () => {
      const { state } = model();
      const { value } = units.select;
      const all = [0, 1].slice(0, Number(value));
      // A new unit stands apart from the first, and has a longer memory.
      const W = all.map((n) => state.W[n] ?? 1);
      const U = all.map((m) => all.map((n) => state.U[m]?.[n] ?? (m === n ? 0.9 : 0)));
      const b = all.map((n) => state.b[n] ?? 0);
      change({ ...state, W, U, b }, "commit", words("H"), value);
    },
  });

  const controls = "T x.0 W.0 W.1 U.0.0 U.0.1 U.1.0 U.1.1 b.0 b.1".split(" ").map((name) => {
    const [sym, ...path] = name.split(".");
    const colour = { x: "x", U: "h" }[sym];
    const called = FIGURE.words(lang, name, context.state);
    const made = namedControl(lang, "recurrence", name, [], called, colour);
    return { ...made, sym, path, label: /** @type {Element} */ (made.node.firstChild) };
  });

  const unrolled = createUnrolled(context);
  const title = el("p.title");
  const arrows = [-1, 1].map((by) => {
    const node = el("button.button.arrow-button", {}, by < 0 ? "‹" : "›");
    const step = () => Math.min(model().T - 1, Math.max(0, model().state.t + by));
    const go = () => change({ ...model().state, t: step() });
    listen(node, signal, { click: go });
    return { node, step };
  });
  const lines = Array.from({ length: 6 }, () => el("p.line"));
  const [first, second, ...rest] = lines;

  return {
    nodes: [
      el("div.bar", cell.node, units.node),
      el("div.section.state-row", ...controls.map(({ node }) => node)),
      unrolled.node,
      el(
        "div.section.lines",
        el("div.bar", arrows[0].node, title, arrows[1].node),
        first,
        second,
        el("hr"),
        ...rest,
      ),
    ],
    stage: unrolled.node,
    layout: unrolled.layout,
    /** @param {Model} next @param {EventTarget | null} typing */
    draw(next, typing) {
      const { state, H } = next;
      const { t } = state;
      cell.show(state.cell);
      units.show(H);
      for (const { sym, path, node, label, name, show } of controls) {
        const isInput = sym === "x";
        const there = isInput || path.every((n) => Number(n) < H);
        hide(node, !there);
        if (!there) continue;
        const at = isInput ? `x.${t}` : [sym, ...path].join(".");
        const sub = isInput ? t + 1 : H > 1 ? path.map((n) => Number(n) + 1).join("") : "";
        name(at, FIGURE.words(lang, at, state));
        setMath(label, [{ sym, sub: String(sub), q: isInput ? "x" : undefined }]);
        show(numberAt(state, at), typing);
      }
      setText(title, words("step", { k: t + 1 }));
      for (const { node, step } of arrows)
        set(node, {
          "aria-label": words("step", { k: step() + 1 }),
          "aria-disabled": step() === t,
        });
      unrolled.draw(next);
    },
    /** The equations. @param {Model} next */
    later(next) {
      const { W, t } = next.state;
      const H = W.length;
      const now = W.map((/** @type {number} */ _, /** @type {number} */ n) =>
        equation(next, `h.${t}.${n}`),
      );
      /** @type {Part[][]} */
      const formulas = [...now, ...(H > 1 ? [] : [[]]), ...expansion(next), growth(next)];
      for (const [k, line] of lines.entries()) {
        const parts = formulas[k] ?? [];
        hide(line, !parts.length);
        setMath(line, parts);
      }
    },
  };
}
