/** The layout explorer: the same weights in the arrays of four libraries. */

import { choiceRow, flagBox, list, namedControl } from "../../../frontend/kit/controls.mjs";
import {
  el,
  hide,
  listen,
  set,
  setMath,
  setNumber,
  setSize,
  setText,
  svg,
} from "../../../frontend/kit/dom.mjs";
import { formatGiven, formatNumber, formatShort } from "../../../frontend/kit/format.mjs";
import { markerPath } from "../../../frontend/kit/geometry.mjs";
import { createInspector } from "../../../frontend/kit/inspector.mjs";
import { computed, factor, fill } from "../../../frontend/kit/math.mjs";
import { InputError, numberAt, parseState } from "../../../frontend/kit/state.mjs";
import { own, PALETTE, stringKey, t } from "../../../frontend/kit/tables.mjs";
import { withSizes } from "../cell/sizes.mjs";
import table from "./layout.json" with { type: "json" };
import {
  GATES,
  indexOf,
  inNumbers,
  LAYOUTS,
  nameOf,
  PARTS,
  shapeOf,
  slotsOf,
  swappedStep,
} from "./numerics.mjs";
import { PasteError, readArrays, tuple } from "./paste.mjs";

/** @typedef {import("../../../frontend/kit/math.mjs").Part} MathPart */
/** @typedef {import("./numerics.mjs").Slot} Slot */
/** @typedef {import("./numerics.mjs").Weights & {framework: string, swapped: boolean} & import("../../../frontend/kit/state.mjs").State} State */
/** @typedef {ReturnType<typeof swappedStep> & {state: State, D: number, H: number, given: {x: number[], h_prev: number[], c_prev: number[]}}} Model */

const FIXED = /** @type {any} */ (table).fixed;
const MOST = 4;
const HEIGHT = 28;
const GAP = 6; // between two blocks

/** @param {State} state */
const sizesOf = ({ W, U }) => ({ D: W.length, H: U.length });

/** The slot that a name means. @param {string} name @param {number} H @returns {Slot} */
function slotOf(name, H) {
  const [part, ...path] = name.split(".");
  const at = Number(path[path.length - 1]);
  return {
    part: /** @type {Slot["part"]} */ (part),
    row: path.length > 1 ? Number(path[0]) : 0,
    gate: GATES[Math.floor(at / H)],
    unit: at % H,
  };
}

/** @param {string} framework @param {Slot} slot @param {number} H */
const address = (framework, slot, H) =>
  `${LAYOUTS[framework].arrays[slot.part]}[${indexOf(framework, slot, H).join(", ")}]`;

/** @param {import("../../../frontend/kit/tables.mjs").Lang} lang @param {Slot} slot */
function describe(lang, { part, row, gate, unit }) {
  const values = { row: row + 1, gate: t(lang, stringKey(`ui.to.${gate}`)), n: unit + 1 };
  return t(lang, stringKey(`ui.control.${part[0]}`), values);
}

/** The arrays with their shapes. @param {State} state */
const shapesOf = (state) =>
  Object.entries(LAYOUTS[state.framework].arrays).map(([part, array]) => {
    const axes = shapeOf(state.framework, /** @type {"W"} */ (part));
    return { array, letters: tuple(axes), numbers: tuple(inNumbers(axes, sizesOf(state))) };
  });

/** @type {import("../../../frontend/kit/figure.mjs").Kind} */
export const FIGURE = {
  compute(raw) {
    const state = /** @type {State} */ (/** @type {unknown} */ (raw));
    const { D, H } = sizesOf(state);
    const given = {
      x: FIXED.x.slice(0, D),
      h_prev: FIXED.h_prev.slice(0, H),
      c_prev: FIXED.c_prev.slice(0, H),
    };
    return { state, D, H, given, ...swappedStep({ ...state, ...given }) };
  },
  words: (lang, name, state) =>
    name.includes(".") ? describe(lang, slotOf(name, state.U.length)) : own(table, lang, name),
  outcome({ state, h, wrong }) {
    const { lang, framework, swapped } = state;
    const shapes = shapesOf(state).map(({ array, numbers }) => `${array} ${numbers}`);
    const words = own(table, lang, "outcome", {
      name: LAYOUTS[framework].name,
      shapes: [...new Set(shapes)].join(", "),
    });
    const numbers = { h: formatNumber(h[0]), wrong: formatNumber(wrong[0]) };
    return swapped ? `${words} ${own(table, lang, "outcome_swapped", numbers)}` : words;
  },
  build,
};

/** @param {import("../../../frontend/kit/figure.mjs").Context} context @returns {import("../../../frontend/kit/figure.mjs").View} */
function build({ lang, words, signal, now, change, redraw, say }) {
  /** @returns {Model} */
  const model = () => now();
  let chosen = "W.0.0";

  // --- what the reader chooses ---
  const framework = choiceRow(
    words("framework"),
    "framework",
    Object.entries(LAYOUTS).map(([value, { name }]) => ({ value, content: [name] })),
  );
  const sizes = /** @type {const} */ (["input_size", "hidden_size"]).map((key, which) => {
    const options = [1, 2, 3, 4].map((n) => ({ value: String(n), text: String(n) }));
    const control = list(t(lang, `ui.${key}`), "size", options, t(lang, `ui.${key}_words`));
    listen(control.select, signal, {
      change: () => {
        const { state, given, D, H } = model();
        const size = Number(control.select.value);
        const cell = /** @type {any} */ ({ ...state, ...given, unit: 0 });
        const { W, U, b } = withSizes(cell, which ? D : size, which ? size : H);
        change({ ...state, W, U, b });
      },
    });
    return control;
  });
  const swapped = flagBox(words("swapped"), "swapped");

  // --- the arrays ---
  const drawing = svg("svg.svg", { role: "group" });
  const titles = PARTS.map(() => {
    const node = svg("text.array");
    const shape = svg("text.word");
    drawing.append(node, shape);
    return { node, shape };
  });
  // Beside the first array of every row of arrays.
  const labels = PARTS.flatMap((part) =>
    GATES.map((gate) => {
      const text = svg("text", { x: 11, y: 5 });
      const marker = svg("path.fill", { d: markerPath(PALETTE[gate].marker, 70) });
      const node = svg(`g.moving.q-${gate}`, marker, text);
      drawing.append(node);
      return { part, gate, node, text };
    }),
  );
  const cells = slotsOf(MOST, MOST).map((slot) => {
    const text = svg("text", { y: 19, "text-anchor": "middle" });
    const ground = svg("rect.slot", { height: HEIGHT });
    const node = svg(
      `g.quantity.moving.q-${slot.gate}`,
      { role: "button", tabindex: -1 },
      ground,
      text,
    );
    drawing.append(node);
    return { slot, node, text, ground, shown: "" };
  });

  // --- what a swap does ---
  const given = el("p");
  const results = /** @type {const} */ (["h", "wrong"]).map((key) => {
    const buttons = Array.from({ length: MOST }, () =>
      el("button.quantity.number", { tabindex: -1 }),
    );
    return { key, buttons, node: el("p", el("span", words(key)), ...buttons) };
  });
  const panel = el("div.swapped", given, ...results.map(({ node }) => node));

  const title = el("p.title");
  const scroll = el("div.scroll", { role: "region", tabindex: 0 }, drawing);
  const area = el("div", title, scroll, swapped.node, panel);
  const inspector = createInspector(area, {
    explain: (name) => explain(name),
    lang,
    start: chosen,
    signal,
    say,
  });
  const editor = namedControl(lang, "layout", chosen, [], "");
  const label = /** @type {Element} */ (editor.node.firstChild);
  const stage = el("div.stage", area, inspector.node, el("p.title", words("chosen")), editor.node);

  /** @param {string} name @returns {MathPart[]} */
  function explain(name) {
    const { state, H, given, ...step } = model();
    const [key, k] = name.split(".");
    if (key === "h" || key === "wrong") {
      const unit = Number(k);
      const [keep, write] = key === "h" ? ["f", "i"] : ["i", "f"];
      /** @param {string} of */
      const num = (of) => computed(`${of}.${k}`, step[/** @type {"h"} */ (of)][unit]);
      /** @param {string} of */
      const first = (of) => factor(step[/** @type {"h"} */ (of)][unit], num(of));
      return [
        { sym: "h", sub: `t,${unit + 1}`, q: "h" },
        ` = o · tanh(${keep} · `,
        { sym: "c", sub: `t−1,${unit + 1}`, q: "c" },
        ` + ${write} · g) = `,
        ...first("o"),
        " · tanh(",
        ...first(keep),
        ` · (${formatGiven(given.c_prev[unit])}) + `,
        ...first(write),
        " · (",
        num("g"),
        ")) = ",
        num(key),
      ];
    }
    const slot = slotOf(name, H);
    const place = address(state.framework, slot, H);
    const what = describe(lang, slot);
    const value = { num: 0, name, text: "0" };
    if (key === "b_hh") {
      const first = address(state.framework, { ...slot, part: "b" }, H);
      return [
        ...fill(words("second"), { place: [place], what: [what], first: [first] }),
        ": ",
        `${place} = `,
        value,
      ];
    }
    const number = numberAt(state, name);
    const same = state.framework === "lstm_edu" ? "" : ` = ${address("lstm_edu", slot, H)}`;
    return [`${what}: ${place}${same} = `, { num: number, name, text: formatShort(number) }];
  }

  listen(area, signal, {
    focusin: ({ target }) => {
      const name = /** @type {Element} */ (target)
        .closest?.(".lstm-x-moving")
        ?.getAttribute("data-name");
      if (!name) return;
      chosen = name.replace("b_hh", "b");
      redraw();
    },
  });
  // --- arrays from elsewhere ---
  const text = el("textarea", { rows: 6, spellcheck: "false", autocomplete: "off" });
  const refusal = el("p.refusal");
  const read = el("button.button", {}, words("read"));
  const paste = el("details", el("summary", words("paste")), text, read, refusal);
  listen(read, signal, {
    click: () => {
      const { state } = model();
      try {
        const next = parseState({ ...state, ...readArrays(state.framework, text.value) });
        setText(refusal, "");
        change(next, "commit", words("pasted"));
      } catch (error) {
        setText(refusal, refuse(error));
        say(refuse(error));
      }
    },
  });

  /** @param {unknown} error */
  function refuse(error) {
    if (error instanceof InputError) return error.describe(lang);
    if (!(error instanceof PasteError)) throw error;
    const { why, got } = error.values;
    return words(error.key, { ...error.values, got: why ? words(why, { token: got }) : got });
  }

  let arranged = "";
  let wide = 0; // a number, in pixels
  let width = 0;
  /** Put everything where this framework has it. @param {Model} next */
  function arrange({ state, D, H }) {
    const { framework } = state;
    const { name, order, candidate, turned, arrays } = LAYOUTS[framework];
    setText(title, words("arrays", { name }));
    drawing.setAttribute("aria-label", words("arrays", { name }));
    scroll.setAttribute("aria-label", words("arrays", { name }));
    set(text, {
      "aria-label": words("paste_words", { name }),
      placeholder: words("paste_words", { name }),
    });
    const rows = { W: D, U: H, b: 1, b_hh: 1 };
    /** How far along the blocks. @param {string} gate @param {number} unit @param {number} size */
    const along = (gate, unit, size) => {
      const block = order.indexOf(gate);
      return (block * H + unit) * size + block * GAP;
    };
    const shapes = shapesOf(state);
    /** @type {Record<string, {x: number, y: number}>} */
    const origins = {};
    const long = along(order[3], H, turned ? HEIGHT : wide);
    const [start, least] = width < 600 ? [30, 108] : [40, 126]; // of a column, for its heading
    let [x, y] = turned ? [start, 42] : [2, 46];
    const firsts = ["W"]; // of a row of arrays
    PARTS.forEach((part, k) => {
      const there = part in arrays;
      const across = Math.max(rows[part] * wide, least);
      if (turned && there && x > start && x + across > width) {
        [x, y] = [start, y + long + 56];
        firsts.push(part);
      }
      origins[part] = { x, y };
      const { array, letters, numbers } = shapes[k] ?? { array: "", letters: "", numbers: "" };
      const { node, shape } = titles[k];
      const top = turned ? y - 29 : k ? y - 10 : 13;
      const half = framework === "onnx" && k > 1 ? (k > 2 ? ": Rb" : ": Wb") : "";
      set(node, { x, y: top });
      setText(node, array + half);
      set(shape, { x: turned ? x : x + 7.5 * array.length + 10, y: turned ? y - 12 : top });
      setText(shape, there && !half.endsWith("Rb") ? `${letters} = ${numbers}` : "");
      if (!there) return;
      if (turned) x += across + 14;
      else y += rows[part] * HEIGHT + 34;
    });
    setSize(
      drawing,
      turned ? Math.min(x, Math.max(width, start + rows.U * wide)) : long + 8,
      turned ? y + long + 8 : y - 20,
    );
    for (const { part, gate, node, text } of labels) {
      hide(node, !firsts.includes(part));
      const at = along(gate, H / 2, turned ? HEIGHT : wide);
      const [x, y] = turned ? [8, origins[part].y + at] : [at - 6, 32];
      node.style.transform = `translate(${x}px,${y}px)`;
      setText(text, gate === "g" ? candidate : gate);
    }
    for (const cell of cells) {
      const { part, row, gate, unit } = cell.slot;
      const there = part in arrays && row < rows[part] && unit < H;
      hide(cell.node, !there);
      if (!there) continue;
      const { x, y } = origins[part];
      const [across, down] = turned
        ? [row * wide, along(gate, unit, HEIGHT)]
        : [along(gate, unit, wide), row * HEIGHT];
      set(cell.ground, { width: wide });
      set(cell.text, { x: wide / 2 });
      cell.node.style.transform = `translate(${x + across}px,${y + down}px)`;
    }
  }

  return {
    nodes: [el("div.bar", framework.node, ...sizes.map(({ node }) => node)), stage, paste],
    stage,
    layout(there) {
      width = there;
    },
    /** @param {Model} next @param {EventTarget | null} typing */
    draw(next, typing) {
      const { state, D, H } = next;
      const room = Math.floor((width - 3 * GAP - 10) / (4 * H));
      const isTurned = LAYOUTS[state.framework].turned;
      wide = Math.min(54, Math.max(room, width < 600 ? 39 : 44));
      if (isTurned && width < 600)
        wide = Math.min(54, Math.max(34, Math.floor((width - 46) / (D + H))));
      const key = `${state.framework} ${D} ${H} ${width}`;
      const moved = arranged !== key;
      if (moved) {
        drawing.classList.toggle("is-moving", arranged !== ""); // not at first
        arranged = key;
        arrange(next);
      }
      framework.show(state.framework);
      [D, H].forEach((size, k) => {
        sizes[k].show(size);
      });
      swapped.show(state.swapped);

      for (const cell of cells) {
        const { slot, node, text } = cell;
        if (node.hasAttribute("hidden")) continue;
        const name = nameOf(slot, H);
        const value = slot.part === "b_hh" ? 0 : numberAt(state, name);
        if (!moved && cell.shown === String(value)) continue;
        cell.shown = String(value);
        const short = formatShort(value);
        set(node, {
          "data-name": name,
          "data-value": value,
          "aria-label": `${address(state.framework, slot, H)}: ${short}`,
        });
        setText(text, short);
      }

      hide(panel, !state.swapped);
      /** @param {"x" | "h_prev" | "c_prev"} key */
      const list = (key) => `[${next.given[key].map(formatGiven).join(", ")}]`;
      const [x, h, c] = [list("x"), list("h_prev"), list("c_prev")];
      setMath(
        given,
        fill(words("given"), {
          x: [{ sym: "x", q: "x" }, ` = ${x}`],
          h: [{ sym: "h", sub: "t−1", q: "h" }, ` = ${h}`],
          c: [{ sym: "c", sub: "t−1", q: "c" }, ` = ${c}`],
        }),
      );
      for (const { key, buttons } of results) {
        buttons.forEach((button, k) => {
          const there = state.swapped && k < H;
          hide(button, !there);
          if (there) setNumber(button, `${key}.${k}`, next[key][k], formatNumber(next[key][k]));
        });
      }

      if (numberAt(state, chosen) === undefined) chosen = "W.0.0";
      const slot = slotOf(chosen, H);
      editor.name(chosen, describe(lang, slot));
      editor.show(numberAt(state, chosen), typing);
      setText(label, address(state.framework, slot, H));
      set(editor.node, { class: `lstm-x-state q-${slot.gate}` });
      inspector.draw();
    },
  };
}
