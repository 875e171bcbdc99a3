/**
 * e^x and tanh from sums, products and quotients alone, which IEEE 754 fixes: browsers' own differ
 * in a last bit, and a chaotic network makes everything of it. The same, operation by operation,
 * as lstm_edu/figures/exact.py. No DOM.
 */

const [LN2_HIGH, LN2_LOW, PER_LN2] = [0.6931471803691238, 1.9082149292705877e-10, Math.LOG2E];
/** 1/14!, … 1/2!, 1/1!. */
const SERIES = Array.from({ length: 14 }, (_, n) => {
  let factorial = 1;
  for (let k = 2; k <= 14 - n; k++) factorial *= k;
  return 1 / factorial;
});
/** 2^-1074 … 2^1023: a power by ** may be off in its last bit. */
const LEAST = -1074;
const POWERS = new Float64Array(2098);
for (let k = 0, power = 5e-324; k < POWERS.length; k++, power *= 2) POWERS[k] = power;

/** e^r - 1 of a small r. @param {number} r */
function series(r) {
  let sum = 0;
  for (let n = 0; n < 14; n++) sum = (sum + SERIES[n]) * r;
  return sum;
}

/** e^x for x up to 709. @param {number} x */
export function exp(x) {
  if (x < -750) return 0;
  const k = Math.floor(x * PER_LN2 + 0.5);
  const rest = series(x - k * LN2_HIGH - k * LN2_LOW);
  if (k < -1000) {
    const power = POWERS[k + 1000 - LEAST];
    return (power + power * rest) * POWERS[-1000 - LEAST];
  }
  const power = POWERS[k - LEAST];
  return power + power * rest;
}

/** @param {number} x */
export function tanh(x) {
  const twice = 2 * Math.min(Math.abs(x), 22); // from 22 on it is 1
  const k = Math.floor(twice * PER_LN2 + 0.5);
  const power = POWERS[k - LEAST];
  const e = power - 1 + power * series(twice - k * LN2_HIGH - k * LN2_LOW);
  return x < 0 ? -e / (e + 2) : e / (e + 2);
}
