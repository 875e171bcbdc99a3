/** The tensor explorer: a batch as blocks of numbers, through one LSTM layer or two. */

import { choiceRow, flagBox, list, namedControl } from "../../../frontend/kit/controls.mjs";
import { el, hide, set, setNumber, setSize, setText, svg } from "../../../frontend/kit/dom.mjs";
import { formatNumber, formatShort } from "../../../frontend/kit/format.mjs";
import { createInspector } from "../../../frontend/kit/inspector.mjs";
import { computed, factor, guarded } from "../../../frontend/kit/math.mjs";
import { own } from "../../../frontend/kit/tables.mjs";
import { tensorNumbers, tensorShapes } from "./numerics.mjs";
import table from "./tensor.json" with { type: "json" };

/** @typedef {import("../../../frontend/kit/math.mjs").Part} Part */
/** @typedef {import("./numerics.mjs").TensorInput & import("../../../frontend/kit/state.mjs").State} TensorState */
/** @typedef {{state: TensorState, numbers: Record<string, number>, shapes: ReturnType<typeof tensorShapes>}} TensorModel */

const SIZES = ["B", "T", "D", "units1", "units2"];
const FLAGS = /** @type {const} */ (["return_sequences", "return_state"]);
const ROW = 24;
const LEFT = 34; // the names of the steps
const GAP = 46;
const TOP = 64; // a block's name, its shape, the sheets behind it
const H_CELL = 58;
const T_MAX = table.sizes.T[1];
/** @param {number[]} shape */
const tuple = (shape) => `(${shape.join(",\u00a0")}${shape.length === 1 ? "," : ""})`;

/** @type {import("../../../frontend/kit/figure.mjs").Kind} */
export const FIGURE = {
  compute(raw) {
    const state = /** @type {TensorState} */ (/** @type {unknown} */ (raw));
    return { state, numbers: tensorNumbers(state), shapes: tensorShapes(state) };
  },
  words: (lang, name) => own(table, lang, name),
  outcome({ state: { B, T, D, lang }, shapes }) {
    const out = returns(shapes.at(-1).returned);
    return own(table, lang, "outcome", { x: tuple([B, T, D]), out });
  },
  settle: (next) => ({ ...next, sample: Math.min(next.sample, next.B - 1) }),
  build,
};

/** What a layer returns, as Python writes it. @param {number[][]} shapes */
function returns(shapes) {
  const all = shapes.map(tuple);
  return all.length > 1 ? `[${all.join(", ")}]` : all[0];
}

/** What an element is, and the equation of its number. @param {TensorModel} model @param {string} name @returns {Part[]} */
function explain({ state, numbers }, name) {
  const { lang, T, sample: b, layers, return_sequences, return_state } = state;
  const [key, ...place] = name.split(".");
  const [t, k] = place.length > 1 ? place.map(Number) : [T - 1, Number(place[0])];
  /** @param {string} which */
  const num = (which) => computed(which, numbers[which]);
  /** @param {string} which */
  const safe = (which) => guarded(numbers[which], num(which));
  /** @param {string} which */
  const first = (which) => factor(numbers[which], num(which));
  /** @param {string} which */
  const at = (which) => `${which}.${t}.${k}`;
  /** @param {string} which @param {Record<string, number>} [values] */
  const words = (which, values) => own(table, lang, which, values);
  const counted = { b: b + 1, t: t + 1, k: k + 1, l: Number(key[1] ?? layers) };
  const output = `${words("output")}[${return_sequences ? [b, t, k].join(", ") : [b, k].join(", ")}]`;
  const state_h = `h[${b}, ${k}]`;
  if (key === "x")
    return [
      `${words("x_is", counted)}; ${words("in_python")}, x[${b}, ${t}, ${k}] = ((7·${b} + 3·${t} + 5·${k}) mod 11 \u2212 5) / 5 = `,
      num(name),
    ];
  if (key === "h")
    return [
      `${words("state_h")}, ${words("h_is", counted)}; ${words("in_python")}, ${state_h} = ${output} = `,
      num(name),
    ];
  if (key === "c") {
    const before = t ? safe(`c${layers}.${t - 1}.${k}`) : ["0"];
    return [
      `${words("state_c")}, ${words("h_is", counted)}; ${words("in_python")}, c[${b}, ${k}] = f · c(t\u22121) + i · g = `,
      ...first(at(`f${layers}`)),
      " · ",
      ...before,
      " + ",
      ...first(at(`i${layers}`)),
      " · ",
      ...safe(at(`g${layers}`)),
      " = ",
      num(name),
    ];
  }
  const l = counted.l;
  const isLast = l === layers;
  const tensor = isLast ? output : `${words("layer")} ${l}[${b}, ${t}, ${k}]`;
  const same = isLast && return_state && t === T - 1 ? ` = ${state_h}` : "";
  return [
    `${words("h_is", counted)}; ${words("in_python")}, ${tensor}${same} = o · tanh(c) = `,
    ...first(at(`o${l}`)),
    " · tanh(",
    num(at(`c${l}`)),
    ") = ",
    num(name),
  ];
}

/** The sheets of a batch behind its first: what can be seen of each. @param {number} width @param {number} height @param {number} B */
function sheets(width, height, B) {
  // A stack of more than four is cut before its last.
  const paths = [4, 8, B > 4 ? 16 : 12]
    .slice(0, B - 1)
    .map((by) => `M${by},${4 - by}V${-by}H${width + by}V${height - by}H${width + by - 4}`);
  return paths.join("") || "M0,0";
}

/** @param {import("../../../frontend/kit/figure.mjs").Context} context @returns {import("../../../frontend/kit/figure.mjs").View} */
function build({ lang, words, signal, now, say }) {
  /** @returns {TensorModel} */
  const model = () => now();
  const controls = SIZES.map((key) => ({
    key,
    ...namedControl(lang, "tensor", key, [words(key)], words(key), key === "D" ? "x" : "ink"),
  }));
  const layers = choiceRow(
    words("layers"),
    "layers",
    ["1", "2"].map((value) => ({ value, content: [value] })),
  );
  const flags = FLAGS.map((key) => ({ key, ...flagBox(key, key) }));
  const sample = list(
    words("sample"),
    "choice",
    Array.from({ length: table.sizes.B[1] }, (_, b) => ({
      value: String(b),
      text: String(b + 1),
    })),
  );
  set(sample.select, { "data-name": "sample" });

  // A block's numbers stay where they are in it: a size that changes only hides or shows them.
  const drawing = svg("svg.svg", { role: "group", "aria-label": words("blocks") });
  /** @param {string} key @param {string} colour @param {number} rows @param {number} columns @param {number} cell its width */
  function block(key, colour, rows, columns, cell) {
    const x = rows > 1 ? 0 : 8;
    const title = svg("text.block-name", { x, y: -40 });
    const shape = svg("text.shape", { x, y: -23 });
    const behind = svg("path.sheets");
    const front = svg("path.front");
    const node = svg(`g.q-${colour}`, behind, front, title, shape);
    const steps = Array.from({ length: rows }, (_, t) => {
      const text = svg("text.tick", { x: -8, y: t * ROW + 16, "text-anchor": "end" }, `t=${t + 1}`);
      node.append(text);
      return text;
    });
    const cells = Array.from({ length: rows * columns }, (_, n) => {
      const [t, k] = [Math.floor(n / columns), n % columns];
      const tile = svg("rect.tile", { width: cell - 2, height: ROW - 2, rx: 3 });
      const text = svg("text", { x: cell / 2 - 1, y: 15, "text-anchor": "middle" });
      const name = rows > 1 ? `${key}.${t}.${k}` : `${key}.${k}`;
      const transform = `translate(${k * cell + 1} ${t * ROW + 1})`;
      const group = svg(
        "g.quantity",
        { role: "button", tabindex: -1, "data-name": name, transform },
        tile,
        text,
      );
      node.append(group);
      return { t, k, name, tile, text, group, shown: Number.NaN };
    });
    drawing.append(node);
    return { key, cell, title, shape, behind, front, node, steps, cells };
  }
  const wide = block("x", "x", T_MAX, 8, 30);
  const middle = [1, 2].map((l) => block(`h${l}`, "h", T_MAX, 5, H_CELL));
  const ends = ["h", "c"].map((key) => block(key, key, 1, 5, H_CELL));
  const blocks = [wide, ...middle, ...ends];
  const ghost = svg("path.ghost");
  const bond = svg("path.bond");
  const arrows = svg("path.flow-arrow");
  const ghostWords = svg("text.tick", words("not_returned"));
  ends[0].node.before(ghost, bond); // below the words of h, which may be wider than it
  drawing.append(ghostWords, arrows);

  const inspector = createInspector(drawing, {
    explain: (name) => explain(model(), name),
    light: showTwin,
    lang,
    start: "x.0.0",
    signal,
    say,
  });

  /** @type {Element | undefined} */
  let twin;
  /** The same number elsewhere: the last output and the final h. @param {string | undefined} name */
  function showTwin(name) {
    const { state } = model();
    const last = `h${state.layers}.${state.T - 1}.`;
    let other = "";
    if (name?.startsWith("h.")) other = last + name.slice(2);
    else if (name?.startsWith(last) && state.return_state) other = `h.${name.slice(last.length)}`;
    const next = blocks.flatMap(({ cells }) => cells).find((one) => one.name === other)?.group;
    if (next === twin) return;
    twin?.classList.remove("is-twin");
    next?.classList.add("is-twin");
    twin = next;
  }

  const verdict = el("p.verdict");
  const about = el("p", words("stacked"));
  const stage = el("div.stage", drawing, verdict, inspector.node);

  const rows = [1, 2].map(() => {
    const [call, weights, params, out] = [el("th", { scope: "row" }), el("td"), el("td"), el("td")];
    return { call, weights, params, out, node: el("tr", call, weights, params, out) };
  });
  const heads = ["layer", "weights", "params", "returns"].map((key) =>
    el("th", { scope: "col" }, words(key)),
  );
  const summary = el(
    "table.table",
    el("thead", el("tr", ...heads)),
    el("tbody", ...rows.map(({ node }) => node)),
  );

  /** @param {typeof wide.cells[number]} cell @param {number} value */
  function write(cell, value) {
    if (cell.shown === value) return;
    cell.shown = value;
    const isInput = cell.name[0] === "x";
    const computedText = Math.abs(value) < 1e-3 ? formatShort(value) : formatNumber(value); // it fits
    setText(cell.text, isInput ? String(value).replace("-", "\u2212") : computedText);
  }

  let width = 0;

  return {
    nodes: [
      el("div.state-row", ...controls.map(({ node }) => node)),
      el(
        "div.bar",
        el("div.list", el("span", { "aria-hidden": "true" }, words("layers")), layers.node),
        ...flags.map(({ node }) => node),
        sample.node,
      ),
      stage,
      el("div.section", summary),
      about,
    ],
    stage,
    layout(there) {
      width = there;
    },
    /** @param {TensorModel} next @param {EventTarget | null} typing */
    draw({ state, numbers, shapes }, typing) {
      const { B, T, D, units1, units2, return_sequences, return_state } = state;
      for (const { key, node, show } of controls) {
        hide(node, key === "units2" && state.layers === 1);
        show(state[key], typing);
      }
      layers.show(String(state.layers));
      for (const { key, show } of flags) show(state[key]);
      for (const [b, option] of [...sample.select.options].entries()) hide(option, b >= B);
      sample.show(state.sample);

      const stacked = state.layers === 2;
      const H = stacked ? units2 : units1;
      const last = middle[state.layers - 1];
      // One after the other where they fit, else one below the other.
      const lengths = [D * wide.cell, ...(stacked ? [units1 * H_CELL] : [])];
      const before = lengths.reduce((sum, one) => sum + Math.max(one, 92) + GAP, LEFT + 16);
      const narrow = width < before + Math.max(H * H_CELL, 92);
      let [left, top] = [LEFT, TOP];
      let flow = "";
      /** @param {typeof wide} one @param {boolean} there @param {number} lines @param {number} columns @param {string} title @param {number[]} shape */
      const place = (one, there, lines, columns, title, shape) => {
        hide(one.node, !there);
        const first = one === last && !return_sequences ? lines - 1 : 0;
        const [wideness, height] = [columns * one.cell, lines * ROW];
        for (const cell of one.cells) {
          const { t, k, name, group } = cell;
          const shown = there && t >= first && t < lines && k < columns;
          hide(group, !shown);
          if (!shown) continue;
          if (!stacked || one !== middle[0]) write(cell, numbers[name]);
        }
        if (!there) return;
        set(one.node, { transform: `translate(${left} ${top})` });
        for (const [t, text] of one.steps.entries())
          hide(
            text,
            t >= lines || (lines === 1 && one.steps.length === 1) || (!narrow && one !== wide),
          );
        setText(one.title, title);
        setText(one.shape, tuple(shape));
        const from = first * ROW;
        const edge = `M0,${from}H${wideness}V${height}H0Z`;
        set(one.front, { d: one === ends[0] ? "M0,0" : edge }); // h has the bond's
        set(one.behind, {
          transform: `translate(0 ${from})`,
          d: sheets(wideness, height - from, B),
        });
        if (one === last) {
          set(ghost, { d: `M${left},${top}h${wideness}v${from}h${-wideness}Z` });
          for (const node of [ghost, ghostWords]) hide(node, first === 0);
          set(ghostWords, { x: left + 8, y: top + 17 });
        }
      };
      /** Go on to the next block: to the right, or below on a narrow figure. @param {number} columns @param {number} cell */
      const go = (columns, cell) => {
        if (narrow) {
          top += T * ROW + TOP + 12;
          flow += `M${left + 20},${top - TOP - 4}v10m-5,-5l5,5l5,-5`;
        } else {
          const to = left + Math.max(columns * cell, 92) + GAP;
          flow += `M${to - 24},${top + (T * ROW) / 2}h14m-5,-5l5,5l-5,5`;
          left = to;
        }
      };
      place(wide, true, T, D, `x · ${words("input")}`, [B, T, D]);
      go(D, wide.cell);
      const names = [stacked ? `${words("layer")} 1` : words("output"), words("output")];
      place(middle[0], true, T, units1, names[0], shapes[0].returned[0]);
      if (stacked) go(units1, middle[0].cell);
      place(middle[1], stacked, T, units2, names[1], shapes.at(-1)?.returned[0] ?? []);
      const bottom = top + T * ROW;
      const right = left + H * H_CELL;
      top = bottom;
      for (const [n, one] of ends.entries()) {
        top += TOP + n * 4;
        place(one, return_state, 1, H, n ? "c" : `h ${words("last_row")}`, [B, H]);
        top += n ? 0 : ROW;
      }
      if (return_state)
        set(bond, {
          d: `M${left},${bottom - ROW}H${right}V${bottom + TOP + ROW}H${left}ZM${left},${bottom}H${right}M${left},${bottom + TOP}H${right}`,
        });
      else set(bond, { d: "M0,0" });
      set(arrows, { d: flow });
      const across = narrow ? LEFT + 16 + H_CELL * Math.max(units1, H) : 0; // or it shrinks to it
      setSize(drawing, Math.max(width, across), (return_state ? top + ROW : bottom) + 8);

      hide(about, !(stacked && return_state));
      inspector.draw();
    },
    /** What is inside: the lower layer's numbers, the shade of each, its value in full, and the table. @param {TensorModel} next */
    later({ state, numbers, shapes }) {
      const { units1, units2 } = state;
      setText(verdict, FIGURE.outcome({ state, shapes }));
      for (const [at, { call, weights, params, out, node }] of rows.entries()) {
        hide(node, at >= shapes.length);
        if (at >= shapes.length) continue;
        const isLast = at === shapes.length - 1;
        const given = FLAGS.filter((key) => (isLast ? state[key] : key === "return_sequences"));
        setText(
          call,
          `LSTM(${[at ? units2 : units1, ...given.map((key) => `${key}=True`)].join(", ")})`,
        );
        setText(weights, shapes[at].weights.map(tuple).join(" "));
        setNumber(
          params,
          `params.${at + 1}`,
          numbers[`params.${at + 1}`],
          String(numbers[`params.${at + 1}`]),
        );
        setText(out, returns(shapes[at].returned));
      }
      for (const cell of blocks.flatMap(({ cells }) => cells)) {
        const { name, tile, group } = cell;
        if (group.hasAttribute("hidden")) continue;
        write(cell, numbers[name]);
        const opacity = 0.06 + 0.32 * Math.min(1, Math.abs(numbers[name]));
        set(tile, { "fill-opacity": opacity.toFixed(2) });
        set(group, { "data-value": String(numbers[name]) });
      }
    },
  };
}
