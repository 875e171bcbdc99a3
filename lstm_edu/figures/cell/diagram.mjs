/** The drawing of one unit's cell, with a number on every wire. */

import { el, set, setSize, setSvgMath, setText, svg } from "../../../frontend/kit/dom.mjs";
import { formatGiven, formatNumber, formatShort } from "../../../frontend/kit/format.mjs";
import {
  arrowHead,
  curvePath,
  curvePoint,
  gaugeFill,
  levelPath,
  markerPath,
  NODE_RADIUS,
  wordWidth,
} from "../../../frontend/kit/geometry.mjs";
import { createInspector } from "../../../frontend/kit/inspector.mjs";
import { PALETTE, t } from "../../../frontend/kit/tables.mjs";
import { STORED } from "./explain.mjs";

/** @typedef {import("./explain.mjs").CellModel} CellModel */
/** @typedef {import("./explain.mjs").CellState} CellState */

const BELT_WIDTH = 5;
const THIN = 1.5;

/** @param {string} name @param {number} value */
function labelText(name, value) {
  if (name === "one") return "1";
  if (STORED.test(name)) return formatGiven(value);
  return /^d?(x|h_prev)\./.test(name) ? formatShort(value, 4) : formatNumber(value);
}

/**
 * @param {CellState} state as it is when the figure is built: language and sizes do not change
 * @param {{signal: AbortSignal, say: (words: string) => void}} frame
 * @param {import("./explain.mjs").Ways} ways
 */
export function createDiagram(state, { signal, say }, ways) {
  const lang = state.lang;
  const { colourOf, shown, stepsOf, valves, wordsFor } = ways;
  const names = ways.quantityNames(state);
  const gates = ways.gates(state);
  const coupled = state.variant === "coupled_lstm";
  const inputs = ways.inputs(state);
  /** @param {string} name @param {string} [more] */
  const classes = (name, more = "") => `q-${colourOf(name)} ${more}`.trim();
  const drawing = svg("svg.svg", { role: "toolbar", "aria-label": ways.words(lang, "ui.diagram") });

  const panel = svg("rect.panel", { rx: 14 });
  const bus = svg("path.wire.bus", { "data-steps": stepsOf("one").join(" ") });
  /** @type {Map<string, SVGPathElement>} */
  const wires = new Map();
  /** @type {Map<string, SVGPathElement>} */
  const arrows = new Map();
  const behind = svg("g", { "aria-hidden": "true" }, panel, bus);
  /** @param {string} key @param {string} colour @param {number[]} steps @param {string} [more] */
  const wire = (key, colour, steps, more = "") => {
    const path = svg("path", {
      class: `lstm-x-wire q-${colour} ${more}`.trim(),
      "data-steps": steps.join(" "),
    });
    wires.set(key, path);
    behind.append(path);
  };
  for (const [k, name] of inputs.entries()) wire(`chip_${k}`, colourOf(name), stepsOf(name));
  for (const gate of gates) {
    const steps = stepsOf(`z_${gate}`);
    wire(`in_${gate}`, gate, steps);
    wire(`z_${gate}`, gate, steps);
    wire(`a_${gate}`, gate, steps, "lstm-x-plain");
  }
  for (const name of ways.wires(state)) {
    if (name !== state.variant) wire(name, colourOf(name), stepsOf(name));
    else if (coupled) wire(name, "f", stepsOf("i"), "lstm-x-plain");
    else wire(name, "c", stepsOf(name), "lstm-x-tap");
  }
  for (const key of [...ways.ends(state), ...gates.map((gate) => ways.into + gate)]) {
    const [, gate, chip] = /^(?:(?:in|out)_(.)|chip_(.+))$/.exec(key) ?? [];
    const of = chip ? inputs[Number(chip)] : key;
    const [colour, steps] = gate ? [gate, stepsOf(`z_${gate}`)] : [colourOf(of), stepsOf(of)];
    const path = svg(`path.arrow.q-${colour}`, { "data-steps": steps.join(" ") });
    arrows.set(key, path);
    behind.append(path);
  }
  const branch = svg("circle", {
    class: classes(ways.branch, "lstm-x-dot"),
    r: 4,
    "data-steps": stepsOf(ways.branch).join(" "),
  });
  behind.append(branch);
  drawing.append(behind);

  /** One number with all that belongs to it. @param {string} name */
  const quantity = (name) => {
    const hit = svg("rect.hit", { rx: 6 });
    const title = svg("text.name");
    const value = svg("text.value");
    const node = svg(
      "g",
      {
        class: classes(name, "lstm-x-quantity"),
        role: "button",
        tabindex: -1,
        "data-name": shown(name),
        "data-steps": stepsOf(name).join(" "),
      },
      hit,
    );
    /** @type {Record<string, SVGElement>} */
    const parts = {};
    /** @param {string} key @param {SVGElement} part */
    const add = (key, part) => {
      parts[key] = part;
      node.append(part);
    };
    /** A word in the drawing that is no number: beside the group, whose text is its name. @param {string} text */
    const addWord = (text) => {
      parts.word = svg(
        "text.word",
        { "text-anchor": "middle", "data-steps": stepsOf(name).join(" ") },
        text,
      );
      words.append(parts.word);
    };
    const gate = /** @type {const} */ (["i", ...gates]).find((one) => one === name);
    const valve = valves[name];
    const sign = ways.sign(name);
    if (valve || name === ways.plus) {
      add("disc", svg("circle.disc", { r: NODE_RADIUS }));
      if (valve) add("level", svg("path", { class: classes(valve, "lstm-x-level") }));
      add("ring", svg("circle.ring", { r: NODE_RADIUS }));
      add("sign", svg("path.sign"));
    }
    if (name === "tanh_c") {
      add("block", svg("rect.block", { rx: 12 }));
      addWord("tanh");
    }
    if (gate === "i" && coupled) addWord("1 − f");
    else if (gate) {
      add("block", svg("rect.block", { rx: 8 }));
      add("axis", svg("path.axis"));
      add("curve", svg("path.curve"));
      addWord(gate === "g" ? "tanh" : "σ");
      const d = markerPath(PALETTE[gate].marker, 58);
      add("marker", svg("path.marker", { d }));
    }
    if (gate || name === "tanh_c") {
      add("tube", svg("rect.tube", { rx: 3 }));
      add("fill", svg("rect.fill", { rx: 2 }));
      add("ticks", svg("path.ticks"));
    }
    if (sign) {
      add("disc", svg("circle.disc", { r: 11 }));
      add("ring", svg("circle.ring", { r: 11 }));
      addWord(sign);
    }
    node.append(title, " ", value);
    drawing.append(node);
    return { node, hit, title, value, parts, gate };
  };
  const words = svg("g", { "aria-hidden": "true" });
  const quantities = new Map(names.map((name) => [name, quantity(name)]));
  drawing.append(words);

  const canvas = el("div.canvas", drawing);

  /** @type {ReturnType<typeof ways.geometry> | undefined} */
  let geometry;
  /** @type {CellModel | undefined} */
  let model;
  let unit = -1;

  const inspector = createInspector(drawing, {
    explain: (name) => {
      const at = /** @type {CellModel} */ (model);
      return [`${wordsFor(lang, name, at.state.unit)}: `, ...ways.equation(at, name)];
    },
    lang,
    start: shown(gates[0]),
    signal,
    say,
  });

  /** Put everything in its place for a width. @param {number} width */
  function layout(width) {
    const g = ways.geometry(width, inputs.length - 1, state.x.length);
    geometry = g;
    setSize(drawing, g.width, g.height);
    drawing.classList.toggle("is-narrow", !g.wide);
    set(panel, g.panel);
    set(bus, { d: g.bus });
    set(branch, { cx: g.branch.x, cy: g.branch.y });
    for (const [key, path] of wires)
      set(path, { d: key.startsWith("chip_") ? g.chips[Number(key.slice(5))].wire : g.wires[key] });
    for (const [key, path] of arrows)
      set(path, { d: g.arrows[key] ?? arrowHead({ x: 0, y: 0 }, "up") });
    for (const [name, { title, value, hit, parts, gate }] of quantities) {
      const chip = inputs.indexOf(name);
      const label = chip < 0 ? g.labels[name] : { ...g.chips[chip], anchor: "middle" };
      set(title, { x: label.x, y: label.y, "text-anchor": label.anchor });
      set(value, { x: label.x, y: label.y + 16, "text-anchor": label.anchor });
      const left = { start: 6, middle: 29, end: 52 }[
        /** @type {"start" | "middle" | "end"} */ (label.anchor)
      ];
      set(hit, g.targets[name] ?? { x: label.x - left, y: label.y - 15, width: 58, height: 38 });
      if (gate && !parts.block) {
        const { x, y, width: across, height } = g.curves[gate];
        set(parts.word, { x: x + across / 2, y: y + height / 2 });
      } else if (gate) {
        const box = g.curves[gate];
        set(parts.block, box);
        set(parts.axis, { d: `M${curvePoint(box, gate, 0).x},${box.y + 5}v${box.height - 10}` });
        set(parts.curve, { d: curvePath(box, gate) });
        set(parts.word, { x: box.x + wordWidth(box) / 2, y: box.y + box.height / 2 + 4 });
      }
      if (name === "tanh_c") {
        set(parts.block, g.tanh);
        set(parts.word, { x: g.tanh.x + g.tanh.width / 2, y: g.tanh.y + 16 });
      }
      if (parts.tube) {
        const box = g.gauges[name];
        set(parts.tube, box);
        set(parts.ticks, {
          d: [0, 0.5, 1].map((at) => `M${box.x + box.width},${box.y + box.height * at}h3`).join(""),
        });
      }
      const at = name.startsWith("z_") ? g.sums[name.slice(2)] : g.nodes[name];
      if (at && parts.disc) {
        set(parts.disc, { cx: at.x, cy: at.y });
        set(parts.ring, { cx: at.x, cy: at.y });
        if (parts.word) set(parts.word, { x: at.x, y: at.y + 5 });
        const d =
          name === ways.plus
            ? `M${at.x - 6},${at.y}h12M${at.x},${at.y - 6}v12`
            : `M${at.x - 4.5},${at.y - 4.5}l9,9m-9,0l9,-9`;
        if (parts.sign) set(parts.sign, { d });
      }
    }
    if (model) draw(model);
  }

  /** Show the numbers. @param {CellModel} next */
  function draw(next) {
    model = next;
    const { numbers } = next;
    if (!geometry) return;
    for (const [name, { node: group, title, value, parts, gate }] of quantities) {
      const number = numbers[shown(name)];
      if (unit !== next.state.unit) {
        const symbol = ways.symbolOf(shown(name), next.state.unit);
        setSvgMath(title, name === "one" ? [t(lang, "b")] : symbol);
      }
      const text = labelText(shown(name), number);
      if (group.dataset.value !== String(number) || unit !== next.state.unit) {
        group.dataset.value = String(number);
        setText(value, text);
      }
      if (gate && parts.marker) {
        const { x, y } = curvePoint(geometry.curves[gate], gate, numbers[`z_${gate}`]);
        set(parts.marker, { transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` });
      }
      if (parts.fill)
        set(
          parts.fill,
          gaugeFill(geometry.gauges[name], numbers[name], name === "g" || name === "tanh_c"),
        );
      if (parts.level) {
        const open = numbers[valves[name]];
        set(parts.level, { d: levelPath(geometry.nodes[name], NODE_RADIUS, open) });
        wires
          .get(name)
          ?.style.setProperty("stroke-width", String(THIN + (BELT_WIDTH - THIN) * open));
      }
    }
    unit = next.state.unit;
    inspector.draw();
  }

  /** What a screen reader hears of each number. @param {CellModel} now */
  function label({ state: { unit: n } }) {
    for (const [name, { node: group, title, value }] of quantities) {
      const words = `${title.textContent} ${value.textContent}, ${wordsFor(lang, shown(name), n)}`;
      set(group, { "aria-label": words });
    }
  }

  return { canvas, detail: inspector.node, layout, draw, label };
}
