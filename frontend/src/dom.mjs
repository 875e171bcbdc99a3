/** Making nodes and changing them in place. Text only ever enters as text. */

import { joined } from "./math.mjs";

/** @typedef {import("./math.mjs").Part} Part */
/** @typedef {Record<string, string | number | boolean | null | undefined>} Attributes */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {Element} node
 * @param {Attributes} attributes
 * @param {(Node | string)[]} children
 */
function furnish(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
  node.append(...children);
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes]
 * @param {...(Node | string)} children
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  furnish(node, attributes, children);
  return node;
}

/**
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} [attributes]
 * @param {...(Node | string)} children
 */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  furnish(node, attributes, children);
  return node;
}

/** @param {Element} node @param {Attributes} attributes */
export function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    const text = String(value);
    if (node.getAttribute(name) !== text) node.setAttribute(name, text);
  }
}

/** @param {Element} node @param {string} text */
export function setText(node, text) {
  const first = node.firstChild;
  if (!first) node.append(text);
  else if (first.nodeValue !== text) first.nodeValue = text;
}

/**
 * A computed number in its element: the text that is read, and the value in full.
 * @param {Element} node
 * @param {string} name
 * @param {number} value
 * @param {string} text
 */
export function setNumber(node, name, value, text) {
  set(node, { "data-name": name, "data-value": String(value) });
  setText(node, text);
}

/** The kinds of the parts that an element shows, to know whether its nodes still serve. @type {WeakMap<Element, string>} */
const shapes = new WeakMap();

/** @param {Part} part */
function shapeOf(part) {
  if (typeof part === "string") return "t";
  return "num" in part ? "n" : `s${part.sym} ${part.sub} ${part.q}`;
}

/**
 * Whether a node is on the screen or close to it: what is not need not be drawn at once. A node
 * that comes back calls `back`.
 * @param {Element} node
 * @param {AbortSignal} signal
 * @param {() => void} back
 */
export function onScreen(node, signal, back) {
  let seen = true;
  const observer = new IntersectionObserver(
    (entries) => {
      const before = seen;
      seen = entries[entries.length - 1].isIntersecting;
      if (seen && !before) back();
    },
    { rootMargin: "60px" },
  );
  observer.observe(node);
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
  return () => seen;
}

/** Show a formula; nodes are kept as long as its shape is the same. @param {Element} node @param {Part[]} formula */
export function setMath(node, formula) {
  const parts = joined(formula);
  const shape = parts.map(shapeOf).join("|");
  if (shapes.get(node) !== shape) {
    shapes.set(node, shape);
    node.replaceChildren(...parts.map(partNode));
  }
  parts.forEach((part, k) => {
    const child = node.childNodes[k];
    if (typeof part === "string") {
      if (child.nodeValue !== part) child.nodeValue = part;
    } else if ("num" in part) {
      setNumber(/** @type {Element} */ (child), part.name, part.num, part.text);
    }
  });
}

/** @param {Part} part @returns {Node} */
function partNode(part) {
  if (typeof part === "string") return document.createTextNode(part);
  if ("num" in part) return el("span", { class: "lstm-x-num" });
  const letter = el(
    "span",
    { class: part.q ? `lstm-x-sym q-${part.q}` : "lstm-x-sym" },
    el("var", {}, part.sym),
  );
  if (part.sub) letter.append(el("sub", {}, part.sub));
  return letter;
}

/** The same in a drawing, where subscripts are shifted tspans. @param {SVGTextElement} node @param {Part[]} parts */
export function setSvgMath(node, parts) {
  const shape = parts.map((part) => (typeof part === "string" ? part : shapeOf(part))).join("|");
  if (shapes.get(node) === shape) return;
  shapes.set(node, shape);
  let raised = false;
  const spans = parts.flatMap((part) => {
    const dy = raised ? -4 : 0;
    raised = false;
    if (typeof part === "string") return [svg("tspan", { dy }, part)];
    if ("num" in part) return [svg("tspan", { dy }, part.text)];
    const letter = svg("tspan", { dy, class: "lstm-x-var" }, part.sym);
    if (!part.sub) return [letter];
    raised = true;
    return [letter, svg("tspan", { dy: 4, class: "lstm-x-subscript" }, part.sub)];
  });
  node.replaceChildren(...spans);
}
