/**
 * The bands over many seeds, worked out between the frames: a slice at a time, so that no slider
 * waits for them.
 */

import { seedBands } from "./numerics.mjs";

/** @typedef {import("./numerics.mjs").GradientInput} GradientInput */
/** @typedef {ReturnType<typeof seedBands> extends Generator<any, infer Bands> ? Bands : never} Bands */

const SLICE_MS = 8;
/** How long a slider that outruns them is left alone. */
const REST_MS = 120;
const KEPT = 6;
/** All that the bands depend on: whatever the seed is, they take them all. */
const KEYS = /** @type {const} */ (["radius", "forget_bias", "input_scale", "T", "hidden_size"]);

/** The latest that were worked out. @type {Map<string, Bands>} */
const finished = new Map();

/** @param {GradientInput} input */
const keyOf = (input) => KEYS.map((key) => input[key]).join();

/** The bands, if they are there already. @param {GradientInput} input */
export const bandsOf = (input) => finished.get(keyOf(input));

/** @param {() => void} ready @param {AbortSignal} signal */
export function createBands(ready, signal) {
  /** @type {GradientInput | undefined} */
  let wanted;
  /** @type {{key: string, steps: ReturnType<typeof seedBands>, done: number} | undefined} */
  let job;
  let timer = 0;

  function work() {
    timer = 0;
    if (!job || !wanted) return;
    const until = performance.now() + SLICE_MS;
    let step = job.steps.next();
    while (!step.done && performance.now() < until) step = job.steps.next();
    if (step.done) {
      finished.set(job.key, step.value);
      if (finished.size > KEPT)
        finished.delete(/** @type {string} */ (finished.keys().next().value));
      job = undefined;
      ready();
    } else job.done = step.value;
    go();
  }

  /** Go on, or begin. */
  function go() {
    if (!wanted || bandsOf(wanted)) return;
    const key = keyOf(wanted);
    // What a slider has outrun is brought to its end only if that is near.
    const outrun = job !== undefined && job.key !== key && job.done < 10;
    if (!job || outrun) job = { key, steps: seedBands(wanted), done: 0 };
    timer ||= window.setTimeout(work, outrun ? REST_MS : 0);
  }

  signal.addEventListener("abort", () => window.clearTimeout(timer));
  return {
    /** Work them out for this input, or stop. @param {GradientInput | undefined} input */
    want(input) {
      wanted = input;
      if (!input) job = undefined;
      go();
    },
  };
}
