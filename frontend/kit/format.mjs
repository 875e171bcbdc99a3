/**
 * Numbers as text: a decimal point in both languages, as in code, a true minus sign, and no
 * rounding of a gate that is almost closed to 0, nor of one that is almost open to 1.
 */

export const MINUS = "\u2212";

/** @param {string} text */
const minus = (text) => text.replace("e+", "e").replaceAll("-", MINUS);

/** @param {string} text */
const trimZeros = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

/**
 * A computed number: four decimals; 3.35e−4 where they would not do; 0.99997 and 1−3.1e−7 close to
 * one; "0" only for an exact zero.
 * @param {number} value
 */
export function formatNumber(value) {
  if (!Number.isFinite(value)) return "\u2014";
  if (value === 0) return "0";
  const size = Math.abs(value);
  const sign = value < 0 ? MINUS : "";
  if (size < 1e-3) return sign + minus(size.toExponential(2));
  if (size < 1) {
    const gap = 1 - size;
    if (gap >= 5e-5) return sign + size.toFixed(4);
    if (gap >= 1e-5) return sign + size.toFixed(5);
    return `${sign}1${value < 0 ? "+" : MINUS}${minus(gap.toExponential(0))}`;
  }
  if (size < 100) return sign + size.toFixed(4);
  if (size < 1e5) return sign + size.toFixed(2);
  return sign + minus(size.toExponential(3));
}

/**
 * A number that somebody chose (a weight, an input): two decimals where they tell all.
 * @param {number} value
 */
export function formatGiven(value) {
  if (!Number.isFinite(value)) return "\u2014";
  const size = Math.abs(value);
  if (size >= 1e4 && Number.isInteger(value)) return minus(String(value));
  if (size < 1e4 && Number(value.toFixed(2)) === value) return minus((value + 0).toFixed(2));
  return formatNumber(value);
}

/** The same as a second factor: in parentheses if it is negative. @param {number} value */
export const formatFactor = (value) => (value < 0 ? `(${formatGiven(value)})` : formatGiven(value));

/**
 * The shortest text that still tells a number (in three digits), for the narrowest places.
 * @param {number} value
 * @param {number} [digits]
 */
export function formatShort(value, digits = 3) {
  if (!Number.isFinite(value)) return "\u2014";
  const short = Number(value.toPrecision(digits));
  const size = Math.abs(short);
  if (size === 0) return "0";
  if (size >= 0.01 && size < 1000) return minus(String(short));
  return minus(value.toExponential(1).replace(".0e", "e")); // of `short`, it would be rounded twice
}

/**
 * A share between 0 and 1 as a percentage without its sign: one decimal, more near the ends.
 * @param {number} share
 */
export function formatPercent(share) {
  const percent = share * 100;
  if (percent === 0 || percent === 100) return String(percent);
  if (percent < 0.1) {
    return percent < 1e-3
      ? minus(percent.toExponential(1))
      : String(Number(percent.toPrecision(2)));
  }
  if (percent <= 99.9) return percent.toFixed(1);
  const gap = 100 - percent;
  if (gap < 1e-6) return `100${MINUS}${minus(gap.toExponential(0))}`;
  return trimZeros(percent.toFixed(Math.min(7, 1 + Math.ceil(-Math.log10(gap)))));
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,4})?$/i;

/**
 * The number that a reader typed. Both signs of a decimal are read where the language has both: in
 * a page in English a comma may stand for thousands, so it is not read at all.
 * @param {string} lang
 * @param {string} typed
 * @returns {number} NaN for what is no number, or can be read in two ways
 */
export function readNumber(lang, typed) {
  const plain = typed.trim().replace(MINUS, "-");
  const points = lang === "es" && !plain.includes(".") ? plain.replace(",", ".") : plain;
  return NUMBER.test(points) ? Number(points) : Number.NaN;
}

/** @param {string} signs */
const digits = (signs) => (/** @type {number} */ n) =>
  String(n).replace(/./g, (digit) => (digit === "-" ? "⁻" : signs[Number(digit)]));
export const sup = digits("⁰¹²³⁴⁵⁶⁷⁸⁹");
export const sub = digits("₀₁₂₃₄₅₆₇₈₉");
/** A power of ten, as an axis has it: 10⁻³. @param {number} n */
export const tenTo = (n) => (n ? `10${sup(n)}` : "1");
