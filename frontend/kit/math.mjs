/**
 * Formulas as lists of parts, which a view turns into nodes and a test into text. No DOM.
 *
 * A part is plain text, a symbol with its subscript, or a computed number under its name.
 */

/** @typedef {{sym: string, sub?: string, q?: string}} SymbolPart */
/** @typedef {{num: number, name: string, text: string}} NumberPart */
/** @typedef {string | SymbolPart | NumberPart} Part */

import { formatNumber } from "./format.mjs";

/** @param {string} name @param {number} value @returns {NumberPart} */
export const computed = (name, value) => ({ num: value, name, text: formatNumber(value) });

/** A number as a first factor: in parentheses if it is written as a sum, as 1−6e−6 is. @param {number} value @param {Part} part @returns {Part[]} */
export const factor = (value, part) =>
  /^−?1[+−]/.test(formatNumber(value)) ? ["(", part, ")"] : [part];

/** A number as a second factor or summand: in parentheses if it is negative too. @param {number} value @param {Part} part @returns {Part[]} */
export const guarded = (value, part) => (value < 0 ? ["(", part, ")"] : factor(value, part));

/** Neighbouring texts made one: a sign that changes then changes no node. @param {Part[]} parts */
export function joined(parts) {
  /** @type {Part[]} */
  const result = [];
  for (const part of parts) {
    const last = result[result.length - 1];
    if (typeof part === "string" && typeof last === "string")
      result[result.length - 1] = last + part;
    else result.push(part);
  }
  return result;
}

/**
 * The symbol of a quantity of a unit (or of an input): f_{t,1}, c_{t−1,1}, x_{t,2}. A lone
 * subscript would be a time step.
 * @param {string} name as in `unitNumbers`, or "h_prev.1"
 * @param {number} unit from 0
 * @returns {Part[]}
 */
export function symbolOf(name, unit) {
  const [key, index] = name.split(".");
  const n = String((index === undefined ? unit : Number(index)) + 1);
  if (key === "one") return ["1"];
  if (key.includes("*"))
    return key.split("*").flatMap((factor, k) => [k ? " " : "", ...symbolOf(factor, unit)]);
  if (key === "1-u") return ["1 − ", ...symbolOf("u", unit)];
  if (key === "(1-u)") return ["(", ...symbolOf("1-u", unit), ")"];
  if (key === "tanh_c") return ["tanh ", ...symbolOf("c", unit)];
  if (key.startsWith("z_")) return [{ sym: "z", sub: `${key[2]},${n}`, q: key[2] }];
  if (key.endsWith("_prev")) return [{ sym: key[0], sub: `t−1,${n}`, q: key[0] }];
  return [{ sym: key, sub: `t,${n}`, q: key }];
}

/** @param {Part[]} parts */
export function toText(parts) {
  return parts
    .map((part) => {
      if (typeof part === "string") return part;
      return "num" in part ? part.text : part.sym + (part.sub ? `_${part.sub}` : "");
    })
    .join("");
}

/**
 * A sentence with {names} replaced by parts.
 * @param {string} template
 * @param {Record<string, Part[]>} values
 * @returns {Part[]}
 */
export function fill(template, values) {
  return template.split(/(\{[^}]+\})/).flatMap((piece) => {
    const name = /^\{(.+)\}$/.exec(piece)?.[1];
    if (name !== undefined && Object.hasOwn(values, name)) return values[name];
    return piece === "" ? [] : [piece];
  });
}
