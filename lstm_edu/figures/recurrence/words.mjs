/** The recurrence in formulas, with its numbers put in. No DOM. */

import {
  formatFactor,
  formatGiven,
  formatNumber,
  sub,
  sup,
} from "../../../frontend/kit/format.mjs";
import { computed, fill, guarded } from "../../../frontend/kit/math.mjs";
import { own } from "../../../frontend/kit/tables.mjs";
import table from "./recurrence.json" with { type: "json" };

/** @typedef {import("../../../frontend/kit/math.mjs").Part} Part */
/** @typedef {import("../../../frontend/kit/state.mjs").State} State */
/** @typedef {ReturnType<typeof import("./numerics.mjs").recurrenceNumbers> & {state: State}} Model */

const NEAR = 1e-9; // to 1, of a spectral radius that counts as 1
const [SHOWN, FIRST] = [6, 4]; // so many terms of a sum in full; of a longer one the first, and the last

/** A base to a power, as one writes it as a factor. @param {string} base @param {number} m */
const power = (base, m) => (m ? ` ${base}${m > 1 ? sup(m) : ""}` : "");

/** What the lower bars show: shares of the last state, or slopes. @param {Model} model */
export const partsOf = ({ linear }) => (linear ? "contribution" : "slope");

/** @param {Model} model @param {string} name @returns {number} */
export const numberIn = (model, name) =>
  name.split(".").reduce((/** @type {any} */ at, key) => at[key], model);
/** @param {Model} model @param {string} name */
const number = (model, name) => computed(name, numberIn(model, name));
/** The same as a summand or a factor. @param {Model} model @param {string} name */
const inside = (model, name) => guarded(numberIn(model, name), number(model, name));

/** What a number of the drawing is called. @param {Model} model @param {string} name */
export function wordsFor({ state, T, H }, name) {
  /** @param {string} key @param {Record<string, string | number>} values */
  const words = (key, values) => own(table, state.lang, key, values);
  const [key, ...path] = name.split(".");
  const places = path.map((place) => Number(place) + 1);
  const all = [words(`title_${key}`, { T: sub(T) })];
  if (key !== "bias") all.push(words("step", { k: places[0] }));
  const n = places[key === "bias" ? 0 : 1];
  if (n && H > 1) all.push(words("unit", { n }));
  return all.join(", ");
}

/** What the bias leaves in the last state. @param {number} T */
const biasSum = (T) => (T > 1 ? `b (1 + … + U${sup(T - 1)})` : "b");

/** A unit of the hidden state. @param {Model} model @param {number} step @param {number} n @returns {Part} */
const hidden = ({ H }, step, n) => ({
  sym: "h",
  sub: H > 1 ? `${step},${n + 1}` : String(step),
  q: "h",
});

/** How a number comes about. @param {Model} model @param {string} name @returns {Part[]} */
export function equation(model, name) {
  const { T, H, linear, W, U, b, x } = model;
  const [key, ...path] = name.split(".");
  const [k, n = H > 1 && key === "bias" ? k : 0] = path.map(Number);
  const [step, m, value] = [k + 1, T - 1 - k, number(model, name)];
  /** One unit of a row. @param {string} row */
  const unit = (row) =>
    H > 1 ? `[${own(table, model.state.lang, "unit_of", { n: n + 1, row })}]` : row;
  switch (key) {
    case "h": {
      const past = U.flatMap((row, from) => [
        " + ",
        ...(k ? inside(model, `h.${k - 1}.${from}`) : ["0"]),
        `·${formatFactor(row[n])}`,
      ]);
      const z = [`${formatGiven(x[k])}·${formatFactor(W[n])}`, ...past, ` + ${formatFactor(b[n])}`];
      const letters = unit(`x${sub(step)} W + h${sub(k)} U + b`);
      const all = linear
        ? [` = ${letters} = `, ...z]
        : [` = tanh(${letters}) = tanh(`, ...z, ") = tanh(", number(model, `z.${k}.${n}`), ")"];
      return [hidden(model, step, n), ...all, " = ", value];
    }
    case "x":
      return [`x${sub(step)} = ${formatGiven(x[k])}`];
    case "contribution":
    case "slope": {
      const letters = `${linear ? `x${sub(step)} ` : ""}W${power("U", m)}`;
      const first = linear ? `${formatGiven(x[k])} · ` : "";
      if (H === 1) {
        const given = first + formatFactor(W[0]) + power(`· ${formatFactor(U[0][0])}`, m);
        return linear
          ? [`${letters} = ${given} = `, value]
          : [`${letters} Π(1 − h²) = ${given} · `, number(model, `gain.${k}`), " = ", value];
      }
      return linear
        ? [`${unit(letters)} = ${first}`, ...inside(model, `slope.${k}.${n}`), " = ", value]
        : [`${unit(`∂h${sub(T)}/∂x${sub(step)}`)} = `, value];
    }
    case "bias":
      return [`${unit(biasSum(T))} = `, value];
    default:
      return [`‖${key === "power" ? `U${sup(m)}` : `∂h${sub(T)}/∂x${sub(step)}`}‖ = `, value];
  }
}

/** The last state term by term, first in letters. @param {Model} model @returns {Part[][]} */
export function expansion(model) {
  const { T, h, state } = model;
  if (!model.linear) return [[own(table, state.lang, "no_sum", { T: sub(T) })]];
  const places = [...h.keys()].reverse();
  if (T > SHOWN) places.splice(FIRST, T - FIRST - 1, -1);
  const withBias = state.b.some(Boolean);
  const letters = places.map((k) => (k < 0 ? "…" : `x${sub(k + 1)} W${power("U", T - 1 - k)}`));
  if (withBias) letters.push(biasSum(T));
  const rows = state.W.map((/** @type {number} */ _, /** @type {number} */ n) => {
    /** @type {Part[][]} */
    const terms = places.map((k) => (k < 0 ? ["…"] : inside(model, `contribution.${k}.${n}`)));
    if (withBias) terms.push(inside(model, `bias.${n}`));
    const sum = terms.flatMap((term, at) => [at ? " + " : " = ", ...term]);
    return [hidden(model, T, n), ...sum, " = ", number(model, `h.${T - 1}.${n}`)];
  });
  return [[`h${sub(T)} = ${letters.join(" + ")}`], ...rows];
}

/**
 * Whether the powers of U fade or grow. With a radius of 1 they stay about as they are, unless U
 * has one eigenvalue twice and is no multiple of 1: then they grow as the number of steps does.
 * @param {Model} model
 */
function fateOf({ radius, U }) {
  if (Math.abs(radius - 1) >= NEAR) return radius < 1 ? "below" : "above";
  const [[a, b = 0], [c, d] = [0, a]] = U;
  const [gap, apart] = [(a - d) / 2, Math.max(Math.abs(b), Math.abs(c))];
  const twice = Math.abs(gap * gap + b * c) < NEAR;
  return twice && apart + Math.abs(gap) > NEAR ? "slowly" : "one";
}

/** What becomes of the powers of U. @param {Model} model @returns {Part[]} */
export function growth(model) {
  const { T, state } = model;
  /** @param {string} key */
  const words = (key) => own(table, state.lang, key);
  const parts = fill(words("radius"), {
    radius: [number(model, "radius")],
    fate: [words(fateOf(model))],
    m: [sup(T - 1)],
    power: [number(model, "power.0")],
  });
  return parts;
}

/** @param {Model} model */
export function outcome(model) {
  const { T, H, state } = model;
  const shown = [];
  for (let n = 0; n < H; n++) {
    for (const name of [`h.${T - 1}.${n}`, `${partsOf(model)}.${state.t}.${n}`])
      shown.push(`${wordsFor(model, name)}: ${formatNumber(numberIn(model, name))}.`);
  }
  return shown.join(" ");
}
