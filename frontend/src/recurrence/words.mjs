/** The recurrence in formulas, with its numbers put in. No DOM. */

import { formatGiven, formatNumber } from "../format.mjs";
import { computed, fill, guarded } from "../math.mjs";
import { own } from "../tables.mjs";

/** @typedef {import("../math.mjs").Part} Part */
/** @typedef {import("../state.mjs").State} State */
/** @typedef {ReturnType<typeof import("../numerics/recurrence.mjs").recurrenceNumbers> & {state: State}} Model */

const NEAR = 1e-9; // to 1, of a spectral radius that counts as 1
const [SHOWN, FIRST] = [6, 4]; // so many terms of a sum in full; of a longer one the first, and the last

/** @param {string} signs */
const digits = (signs) => (/** @type {number} */ n) =>
  String(n).replace(/\d/g, (digit) => signs[Number(digit)]);
const sup = digits("⁰¹²³⁴⁵⁶⁷⁸⁹");
export const sub = digits("₀₁₂₃₄₅₆₇₈₉");
/** A power of ten. @param {number} n */
export const tenTo = (n) => (n ? `10${n < 0 ? "⁻" : ""}${sup(Math.abs(n))}` : "1");
/** A base to a power, as one writes it as a factor. @param {string} base @param {number} m */
const power = (base, m) => (m ? ` ${base}${m > 1 ? sup(m) : ""}` : "");
/** @param {number} value */
const factor = (value) => (value < 0 ? `(${formatGiven(value)})` : formatGiven(value));

/** The lower bars: shares of the last state, or slopes. @param {Model} model @returns {"contribution" | "slope"} */
export const partsOf = ({ linear }) => (linear ? "contribution" : "slope");
/** The curve beneath. @param {Model} model @returns {"power" | "slope_norm"} */
export const reachOf = ({ linear }) => (linear ? "power" : "slope_norm");

/** @param {Model} model @param {string} name @returns {number} */
export const numberIn = (model, name) =>
  name.split(".").reduce((/** @type {any} */ at, key) => at[key], model);
/** @param {Model} model @param {string} name */
const number = (model, name) => computed(name, numberIn(model, name));
/** The same as a summand or a factor. @param {Model} model @param {string} name */
const inside = (model, name) => guarded(numberIn(model, name), number(model, name));

/** What the bias leaves in the last state. @param {number} T */
const biasSum = (T) => {
  const powers = [...Array(T).keys()].map((m) => power("U", m).trim() || "1");
  if (T > 3) powers.splice(2, T - 3, "…");
  return T > 1 ? `b (${powers.join(" + ")})` : "b";
};

/** How a number comes about. @param {Model} model @param {string} name @returns {Part[]} */
export function equation(model, name) {
  const [key, first, second] = name.split(".");
  const { T, H, linear, W, U, b, x } = model;
  const bias = key === "bias";
  const n = Number((bias ? first : second) ?? 0);
  const k = Number(first);
  const m = T - 1 - k;
  const [step, value] = [k + 1, number(model, name)];
  /** One unit of a row. @param {string} row */
  const unit = (row) => (H > 1 ? `(${row})${sub(n + 1)}` : row);
  switch (key) {
    case "h": {
      const h = U.flatMap((row, from) => [
        " + ",
        ...(k ? inside(model, `h.${k - 1}.${from}`) : ["0"]),
        `·${factor(row[n])}`,
      ]);
      const letters = unit(`x${sub(step)} W + h${sub(k)} U + b`);
      /** @type {Part[]} */
      const z = [`${formatGiven(x[k])}·${factor(W[n])}`, ...h, ` + ${factor(b[n])}`];
      const symbol = { sym: "h", sub: H > 1 ? `${step},${n + 1}` : String(step), q: "h" };
      if (linear) return [symbol, ` = ${letters} = `, ...z, " = ", value];
      const tanh = ["tanh(", number(model, `z.${k}.${n}`), ") = ", value];
      return [symbol, ` = tanh(${letters}) = tanh(`, ...z, ") = ", ...tanh];
    }
    case "x":
      return [{ sym: "x", sub: String(step), q: "x" }, " = ", value];
    case "contribution": {
      const letters = unit(`x${sub(step)} W${power("U", m)}`);
      const given = `${letters} = ${formatGiven(x[k])} · `;
      if (H > 1) return [given, ...inside(model, `slope.${k}.${n}`), " = ", value];
      const acted = power(`· ${factor(U[0][0])}`, m);
      return [`${given}${factor(W[0])}${acted} = `, value];
    }
    case "slope": {
      // The first two factors, and the last.
      const at = [...Array(m + 1).keys()].map((p) => k + p);
      if (m > 2) at.splice(2, m - 2, -1);
      const letters = at.map((p) => (p < 0 ? "…" : `${p > k ? "U" : "W"} D${sub(p + 1)}`));
      const chain = `∂h${sub(T)}/∂x${sub(step)}`;
      const head = `${unit(chain)} = ${unit(letters.join(" "))}`;
      if (H > 1) return [`${head} = `, value, ", D = diag(1 − h²)"];
      const numbers = at.flatMap((p) => {
        if (p < 0) return [" · …"];
        const weight = p > k ? ` · ${factor(U[0][0])}` : formatGiven(W[0]);
        return [`${weight}·`, number(model, `gain.${p}.0`)];
      });
      return [`${head} = `, ...numbers, " = ", value, ", D = 1 − h²"];
    }
    case "bias":
      return [`${unit(biasSum(T))} = `, value];
    case "power":
      return H > 1
        ? [`‖U${sup(m)}‖ = `, value]
        : [`|U|${sup(m)} = ${formatGiven(Math.abs(U[0][0]))}${sup(m)} = `, value];
    default:
      return [`‖∂h${sub(T)}/∂x${sub(step)}‖ = `, value];
  }
}

/** The last state term by term, first in letters. @param {Model} model @returns {Part[][]} */
export function expansion(model) {
  const { T, H, h, b, state } = model;
  if (!model.linear) return [[own("recurrence", state.lang, "no_sum", { T: sub(T) })]];
  const places = [...Array(T).keys()].reverse();
  if (T > SHOWN) places.splice(FIRST, T - FIRST - 1, -1);
  const withBias = b.some((value) => value);
  const letters = places.map((k) => (k < 0 ? "…" : `x${sub(k + 1)} W${power("U", T - 1 - k)}`));
  if (withBias) letters.push(biasSum(T));
  const rows = [...h[0].keys()].map((n) => {
    /** @type {Part[][]} */
    const terms = places.map((k) => (k < 0 ? ["…"] : inside(model, `contribution.${k}.${n}`)));
    if (withBias) terms.push(inside(model, `bias.${n}`));
    const symbol = { sym: "h", sub: H > 1 ? `${T},${n + 1}` : String(T), q: "h" };
    const sum = terms.flatMap((term, at) => (at ? [" + ", ...term] : term));
    return [symbol, " = ", ...sum, " = ", number(model, `h.${T - 1}.${n}`)];
  });
  return [[`h${sub(T)} = ${letters.join(" + ")}`], ...rows];
}

/** Whether the powers of U fade or grow. @param {Model} model @returns {Part[]} */
export function growth(model) {
  const { radius, T, linear, state } = model;
  const near = Math.abs(radius - 1) < NEAR;
  const key = near ? "one" : radius < 1 ? "below" : "above";
  return [
    ...fill(own("recurrence", state.lang, key), {
      radius: [number(model, "radius")],
      m: [sup(T - 1)],
      power: [number(model, "power.0")],
    }),
    linear ? "" : own("recurrence", state.lang, "tanh"),
  ];
}

/** @param {any} model */
export function outcome(/** @type {Model} */ model) {
  const { T, h, state } = model;
  const key = partsOf(model);
  /** @param {ArrayLike<number>} row */
  const list = (row) => Array.from(row, formatNumber).join(", ");
  return own("recurrence", state.lang, `outcome_${key}`, {
    T: sub(T),
    k: state.t + 1,
    h: list(h[T - 1]),
    left: list(model[key][state.t]),
  });
}
