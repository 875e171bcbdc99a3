/** Arrays that a reader pastes, in JSON or as NumPy and PyTorch print them. No DOM. */

import { inNumbers, LAYOUTS, PARTS, shapeOf, weightsFrom } from "./numerics.mjs";

const MOST = 4; // of D and of H

/** What cannot be read: the key of the reason, and what it says. */
export class PasteError extends Error {
  /** @param {string} key @param {Record<string, string>} values */
  constructor(key, values) {
    super(key);
    this.key = key;
    this.values = values;
  }
}

/** @param {(string | number)[]} shape */
export const tuple = (shape) => `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;

/** The first list in a text, nested as its brackets are; a string where something is no number. @param {string} text @returns {any} */
function readList(text) {
  /** @type {any[][]} */
  const open = [];
  for (const token of text.match(/[[\]]|[^\s,[\]]+/g) ?? []) {
    if (token === "[") {
      open.push([]);
    } else if (token === "]") {
      const done = open.pop();
      if (open.length === 0) return done;
      open[open.length - 1].push(done);
    } else {
      const value = Number(token.replace("\u2212", "-"));
      if (!Number.isFinite(value)) return token;
      open[open.length - 1].push(value);
    }
  }
  return "]";
}

/** The shape of nested lists; undefined where they are ragged. @param {any} list @returns {number[] | undefined} */
function measure(list) {
  if (!Array.isArray(list)) return [];
  const shapes = list.map(measure);
  if (shapes.some((shape) => String(shape) !== String(shapes[0]) || !shape)) return undefined;
  return [list.length, ...(shapes[0] ?? [])];
}

/**
 * The weights in a text.
 * @param {string} framework
 * @param {string} text
 */
export function readArrays(framework, text) {
  // 0,5 among numbers that are kept apart in another way: a decimal comma, or two numbers?
  if (/\d,[-\u2212]?[\d.]/.test(text) && /\d(,\s|\s+[-\u2212]?[\d.])/.test(text))
    throw new PasteError("commas", {});
  const plain = text.replace(/(array|tensor)\(|(dtype|device|requires_grad)=[^,)\n]*|\)/g, " ");
  /** @type {Record<string, any>} */
  const arrays = {};
  const names = [...new Set(PARTS.flatMap((part) => LAYOUTS[framework].arrays[part] ?? []))];
  let end = 0;
  for (const match of plain.matchAll(/([A-Za-z_]\w*)["']?\s*[:=,]?\s*(?=\[)/g)) {
    const name = match[1];
    if (!names.includes(name))
      throw new PasteError("unknown", { array: name, names: names.join(", ") });
    end = match.index + match[0].length;
    arrays[name] = readList(plain.slice(end));
  }
  /** @type {Record<string, number | undefined>} */
  const sizes = {};
  for (const part of /** @type {const} */ (["U", "W", "b", "b_hh"])) {
    const array = LAYOUTS[framework].arrays[part];
    const list = array && arrays[array];
    if (!array || (!list && part !== "U" && part !== "W")) continue; // a layer may have no bias
    const axes = shapeOf(framework, part);
    const shape = measure(list);
    const letter = { U: "H", W: "D" }[/** @type {"U"} */ (part)];
    if (letter) sizes[letter] = shape?.[axes.indexOf(letter)];
    const large = letter && Number(sizes[letter]) > MOST;
    /** @type {string[]} */
    let why = [];
    if (list === undefined) why = ["no_name"];
    else if (typeof list === "string") why = ["no_number", list];
    else if (!shape) why = ["ragged"];
    else if (large || String(shape) !== String(inNumbers(axes, sizes))) why = ["", tuple(shape)];
    else continue;
    if (letter) sizes[letter] = undefined;
    const shapes = new Set([tuple(axes), tuple(inNumbers(axes, sizes))]);
    throw new PasteError("refused", {
      array,
      shape: [...shapes].join(" = "),
      why: why[0],
      got: why[1] ?? "",
    });
  }
  return weightsFrom(framework, arrays, Number(sizes.D), Number(sizes.H));
}
