/** The gate explorer: σ and tanh with their slopes, and the valve that a gate is. */

import { choiceRow, list, namedControl } from "../../../frontend/kit/controls.mjs";
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
import { formatFactor, formatGiven, formatNumber } from "../../../frontend/kit/format.mjs";
import { createInspector } from "../../../frontend/kit/inspector.mjs";
import { computed, factor, guarded } from "../../../frontend/kit/math.mjs";
import { createAxis, linearScale, linePath, niceTicks } from "../../../frontend/kit/plot.mjs";
import { own } from "../../../frontend/kit/tables.mjs";
import { sigmoid } from "../../../frontend/numerics/lstm.mjs";
import table from "./gate.json" with { type: "json" };
import { gateNumbers, sigmoidSlope, tanhSlope } from "./numerics.mjs";

/** @typedef {import("../../../frontend/kit/math.mjs").Part} Part */
/** @typedef {import("./numerics.mjs").GateInput & import("../../../frontend/kit/state.mjs").State} GateState */
/** @typedef {ReturnType<typeof gateNumbers> & {state: GateState}} GateModel */

const SATURATED = 0.01; // of σ's slope, whose largest value is 0.25
const REACH = 8;
const HEIGHT = 300;
const CURVES = /** @type {const} */ ([
  { name: "gate", of: sigmoid, colour: "i", low: 0 },
  { name: "tanh", of: Math.tanh, colour: "g", low: 0 },
  { name: "gate_slope", of: sigmoidSlope, colour: "i", low: 1 },
  { name: "tanh_slope", of: tanhSlope, colour: "g", low: 1 },
]);
/** The curve beside which a value must find its place. */
const OTHER = /** @type {const} */ ({
  gate: "tanh",
  tanh: "gate",
  gate_slope: "tanh_slope",
  tanh_slope: "gate_slope",
});
const LETTERS = { gate: "σ", tanh: "tanh", gate_slope: "σ′", tanh_slope: "tanh′" };

/** @param {string} name @returns {[string, number]} */
const split = (name) => {
  const [key, k] = name.split(".");
  return [key, Number(k)];
};

/** @type {import("../../../frontend/kit/figure.mjs").Kind} */
export const FIGURE = {
  compute: (state) => ({
    state,
    ...gateNumbers(/** @type {GateState} */ (/** @type {unknown} */ (state))),
  }),
  words(lang, name) {
    const [key, k] = split(name);
    return own(table, lang, key, { n: k + 1 });
  },
  outcome({ state, z, gate, gate_slope, out }) {
    const k = state.component;
    const words = own(table, state.lang, "outcome", {
      n: k + 1,
      z: formatNumber(z[k]),
      gate: formatNumber(gate[k]),
      slope: formatNumber(gate_slope[k]),
      out: formatNumber(out[k]),
      signal: formatGiven(state.signal[k]),
    });
    return gate_slope[k] < SATURATED ? `${words} ${own(table, state.lang, "saturated")}` : words;
  },
  build,
};

/** The equation of a number with the numbers put in. @param {GateModel} model @param {string} name @returns {Part[]} */
function equation({ state, ...arrays }, name) {
  const [key, k] = split(name);
  const { w, u, b, h, x, signal } = state;
  const n = `t,${k + 1}`;
  /** @param {keyof typeof arrays} which */
  const num = (which) => computed(`${which}.${k}`, arrays[which][k]);
  const z = arrays.z[k];
  switch (key) {
    case "z":
      return [
        { sym: "z", sub: n },
        ` = ${formatGiven(w)}·${formatFactor(x[k])} + ${formatFactor(u)}·${formatFactor(h)} + ${formatFactor(b)} = `,
        num("z"),
      ];
    case "gate":
      return [
        "σ(",
        { sym: "z", sub: n },
        ") = 1 / (1 + e^(−",
        ...guarded(z, num("z")),
        ")) = ",
        num("gate"),
      ];
    case "tanh":
      return ["tanh(", { sym: "z", sub: n }, ") = tanh(", num("z"), ") = ", num("tanh")];
    case "gate_slope":
      return [
        "σ′ = σ · (1 − σ) = ",
        ...factor(arrays.gate[k], num("gate")),
        " · (1 − ",
        ...guarded(arrays.gate[k], num("gate")),
        ") = ",
        num("gate_slope"),
      ];
    case "tanh_slope":
      return [
        "tanh′ = 1 − tanh² = 1 − ",
        ...guarded(arrays.tanh[k], num("tanh")),
        "² = ",
        num("tanh_slope"),
      ];
    default:
      return [
        ...factor(arrays.gate[k], num("gate")),
        ` · ${formatFactor(signal[k])} = `,
        num("out"),
      ];
  }
}

/** @param {import("../../../frontend/kit/figure.mjs").Context} context @returns {import("../../../frontend/kit/figure.mjs").View} */
function build({ lang, words, signal, now, change, say }) {
  /** @returns {GateModel} */
  const model = () => now();
  const stage = el("div.stage");
  const plot = svg("svg.svg", { role: "group", "aria-label": words("plot") });
  const [axisX, upper, lower] = [createAxis("x"), createAxis("y"), createAxis("y")];
  plot.append(upper.node, lower.node, axisX.node);
  const curves = CURVES.map((curve) => {
    const path = svg(`path.curve.q-${curve.colour}`);
    const label = svg(`text.name.q-${curve.colour}`, LETTERS[curve.name]);
    plot.append(path, label);
    return { ...curve, path, label };
  });
  const cursor = svg("path.cursor");
  plot.append(cursor);

  // The numbers that can be asked: a dot on every curve, and what the valves show.
  const dots = CURVES.map(({ name, colour }) => {
    const dot = svg("circle.dot", { r: 5 });
    const value = svg("text.value");
    const node = svg(
      `g.quantity.q-${colour}`,
      { role: "button", tabindex: -1 },
      svg("circle.hit", { r: 14 }),
      dot,
      value,
    );
    plot.append(node);
    return { name, node, value };
  });
  const valves = el("ol.valves");
  const title = el("p.title", words("valves"));
  const area = el("div.stage-area", plot, title, valves);
  stage.append(area);
  const inspector = createInspector(area, {
    explain: (name) => {
      const [key, k] = split(name);
      return [`${words(key, { n: k + 1 })}: `, ...equation(model(), name)];
    },
    lang,
    signal,
    say,
  });
  stage.append(inspector.node);

  /** Controls for what all components share, and for each its own. */
  const shared = ["w", "u", "h", "b"].map((key) =>
    namedControl(lang, "gate", key, [{ sym: key }], words(key), key === "h" ? "h" : "ink"),
  );
  const size = list(
    words("components"),
    "size",
    [1, 2, 3, 4].map((n) => ({ value: String(n), text: String(n) })),
    words("components_words"),
  );
  const component = choiceRow(
    words("component"),
    "component",
    [0, 1, 2, 3].map((k) => ({
      value: String(k),
      content: [String(k + 1)],
      words: words("component_n", { n: k + 1 }),
    })),
  );
  listen(size.select, signal, {
    change: () => {
      const { state } = model();
      const N = Number(size.select.value);
      /** @param {number[]} old */
      const fit = (old) => Array.from({ length: N }, (_, k) => old[k] ?? 1 - k / 2);
      change(
        {
          ...state,
          x: fit(state.x),
          signal: fit(state.signal),
          component: Math.min(state.component, N - 1),
        },
        "commit",
        words("components_words"),
        String(N),
      );
    },
  });
  const rows = [0, 1, 2, 3].map((k) => {
    const x = namedControl(
      lang,
      "gate",
      `x.${k}`,
      [{ sym: "x", sub: `t,${k + 1}` }],
      words("x", { n: k + 1 }),
      "x",
    );
    const sent = namedControl(
      lang,
      "gate",
      `signal.${k}`,
      [{ sym: "s", sub: `t,${k + 1}` }],
      words("signal", { n: k + 1 }),
      "c",
    );
    /** @param {string} key */
    const button = (key) =>
      el("button.quantity.number", { "data-name": `${key}.${k}`, tabindex: -1 });
    const [z, gate, out] = [button("z"), button("gate"), button("out")];
    const level = el("span.level-bar.q-i");
    const factor = el("span.factor"); // on a narrow figure, where its slider stands above
    setMath(factor, [{ sym: "s", sub: `t,${k + 1}`, q: "c" }]);
    const node = el(
      "li.valve",
      x.node,
      el("span.flow", "z ", z, " σ ", gate, level, " × ", factor),
      sent.node,
      el("span.flow", " = ", out),
    );
    return { x, sent, z, gate, out, level, node };
  });
  valves.append(...rows.map(({ node }) => node));

  /** @type {{x: (z: number) => number, y: ((value: number) => number)[]} | undefined} */
  let scales;

  return {
    nodes: [
      el("div.bar", size.node, component.node),
      el(
        "div.section",
        el("p.title", words("controls")),
        el("div.state-row", ...shared.map(({ node }) => node)),
      ),
      stage,
    ],
    stage,
    layout(width) {
      const box = { left: 34, right: width - 44, top: 10, bottom: 168 };
      const below = { ...box, top: 186, bottom: HEIGHT - 24 };
      setSize(plot, width, HEIGHT);
      const x = linearScale([-REACH, REACH], [box.left, box.right]);
      const y = [
        linearScale([-1, 1], [box.bottom, box.top]),
        linearScale([0, 1], [below.bottom, below.top]),
      ];
      scales = { x, y };
      axisX.draw(
        niceTicks(-REACH, REACH, 8).map((z) => ({
          at: x(z),
          text: formatGiven(z).replace(/\.00$/, ""),
        })),
        { ...box, bottom: below.bottom },
      );
      /** @param {number[]} values @param {number} which */
      const ticks = (values, which) =>
        values.map((value) => ({
          at: y[which](value),
          text: String(value).replace("-", "\u2212"),
        }));
      upper.draw(ticks([-1, 0, 1], 0), box);
      lower.draw(ticks([0, 0.25, 1], 1), below);
      const zs = Array.from({ length: 161 }, (_, k) => -REACH + k / 10);
      for (const { path, label, of, low } of curves) {
        set(path, { d: linePath(zs.map((z) => [x(z), y[low](of(z))])) });
        const at = low ? (of === sigmoidSlope ? 2.4 : 0.8) : REACH;
        set(label, { x: x(at) + 6, y: y[low](of(at)) + (low ? -2 : of === sigmoid ? -2 : 14) });
      }
    },
    /** @param {GateModel} next @param {EventTarget | null} typing */
    draw(next, typing) {
      const { state, ...arrays } = next;
      const { x, signal: sent, component: k } = state;
      for (const [at, key] of /** @type {const} */ (["w", "u", "h", "b"]).entries())
        shared[at].show(state[key], typing);
      size.show(x.length);
      component.show(String(k));
      for (const [at, item] of component.items.entries()) hide(item, at >= x.length);
      for (const [at, row] of rows.entries()) {
        hide(row.node, at >= x.length);
        if (at >= x.length) continue;
        row.x.show(x[at], typing);
        row.sent.show(sent[at], typing);
        for (const key of /** @type {const} */ (["z", "gate", "out"]))
          setNumber(row[key], `${key}.${at}`, arrays[key][at], formatNumber(arrays[key][at]));
        row.level.style.setProperty("--open", String(arrays.gate[at]));
        row.node.classList.toggle("is-chosen", at === k);
      }
      if (!scales) return;
      const held = Math.min(REACH, Math.max(-REACH, arrays.z[k]));
      // The slopes' names are on the other side of 0; a number goes away from them.
      const isLeft = held < 0;
      for (const { low, label, of } of curves) {
        const at = of === sigmoidSlope ? 2.4 : 0.8;
        if (low)
          set(label, {
            x: isLeft ? scales.x(at) + 6 : scales.x(-at) - 6,
            "text-anchor": isLeft ? "start" : "end",
          });
      }
      set(cursor, { d: `M${scales.x(held)},10V${HEIGHT - 24}` });
      for (const [at, { name, node, value }] of dots.entries()) {
        const number = arrays[name][k];
        const y = scales.y[CURVES[at].low](number);
        set(node, {
          transform: `translate(${scales.x(held).toFixed(1)} ${y.toFixed(1)})`,
          "data-name": `${name}.${k}`,
          "data-value": String(number),
          "aria-label": `${words(name, { n: k + 1 })} ${formatNumber(number)}`,
        });
        const below = arrays[OTHER[name]][k] > number;
        const [up, down] = CURVES[at].low ? [-23, -8] : [-8, 17];
        const isBefore = held > 4 || (isLeft && held > -4);
        set(value, {
          x: isBefore ? -10 : 10,
          y: below && (CURVES[at].low || !isLeft || !isBefore) ? down : up,
          "text-anchor": isBefore ? "end" : "start",
        });
        setText(value, formatNumber(number));
      }
      inspector.draw();
    },
  };
}
