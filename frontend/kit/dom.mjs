/** Making nodes and changing them in place. Text only ever enters as text. */

import { joined } from "./math.mjs";

/** @typedef {import("./math.mjs").Part} Part */
/** @typedef {Record<string, string | number | boolean | null | undefined>} Attributes */

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {(Attributes | Node | string)[]} Contents attributes, if any, and children */

/**
 * The tag and the classes in "div.bar.q-c": all of ours begin with lstm-x-, but for the colours.
 * @param {string} what
 */
function named(what) {
  const [tag, ...names] = what.split(".");
  const classes = names.map((name) => (name.startsWith("q-") ? name : `lstm-x-${name}`));
  return { tag, classes: classes.join(" ") };
}

/**
 * @template {Element} E
 * @param {E} node
 * @param {string} classes
 * @param {Contents} contents
 * @returns {E}
 */
function furnish(node, classes, contents) {
  if (classes) node.setAttribute("class", classes);
  if (node instanceof HTMLButtonElement) node.type = "button";
  for (const content of contents) {
    if (content instanceof Node || typeof content === "string") node.append(content);
    else
      for (const [name, value] of Object.entries(content))
        if (value !== null && value !== undefined && value !== false)
          node.setAttribute(name, value === true ? "" : String(value));
  }
  return node;
}

/**
 * A node: `el("p.title", { lang }, "words")`.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag | `${Tag}.${string}`} what
 * @param {...(Attributes | Node | string)} contents
 */
export function el(what, ...contents) {
  const { tag, classes } = named(what);
  return furnish(document.createElement(/** @type {Tag} */ (tag)), classes, contents);
}

/**
 * The same in a drawing.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag | `${Tag}.${string}`} what
 * @param {...(Attributes | Node | string)} contents
 */
export function svg(what, ...contents) {
  const { tag, classes } = named(what);
  return furnish(document.createElementNS(SVG, /** @type {Tag} */ (tag)), classes, contents);
}

/** @param {Element} node @param {Attributes} attributes */
export function set(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    const text = String(value);
    if (node.getAttribute(name) !== text) node.setAttribute(name, text);
  }
}

/** How large a drawing is; on paper it may shrink as a whole. @param {Element} node @param {number} width @param {number} height */
export const setSize = (node, width, height) =>
  set(node, { width, height, viewBox: `0 0 ${width} ${height}` });

/** Take a node off the page, or put it back. @param {Element} node @param {boolean} hidden */
export function hide(node, hidden) {
  if (node.hasAttribute("hidden") !== hidden) node.toggleAttribute("hidden", hidden);
}

/** @param {EventTarget} node @param {AbortSignal} signal @param {Record<string, (event: any) => void>} listeners */
export function listen(node, signal, listeners) {
  for (const [type, listener] of Object.entries(listeners))
    node.addEventListener(type, listener, { signal });
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
  if ("num" in part) return el("span.num");
  const letter = el(part.q ? `span.sym.q-${part.q}` : "span.sym", el("var", part.sym));
  if (part.sub) letter.append(el("sub", part.sub));
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
    const letter = svg("tspan.var", { dy }, part.sym);
    if (!part.sub) return [letter];
    raised = true;
    return [letter, svg("tspan.subscript", { dy: 4 }, part.sub)];
  });
  node.replaceChildren(...spans);
}
