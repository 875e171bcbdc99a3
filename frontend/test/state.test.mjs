import assert from "node:assert/strict";
import { test } from "node:test";
import table from "../../lstm_edu/figures/cell/cell.json" with { type: "json" };
import { withSizes } from "../../lstm_edu/figures/cell/sizes.mjs";
import { FIGURE } from "../../lstm_edu/figures/cell/view.mjs";
import { isFragmentOf, readFragment, writeFragment } from "../kit/fragment.mjs";
import { define } from "../kit/kinds.mjs";
import { LANGS } from "../kit/langs.mjs";
import {
  changedKeys,
  InputError,
  matchingPreset,
  numberAt,
  parseState,
  withNumber,
  withPreset,
} from "../kit/state.mjs";

define("cell", table, FIGURE);
/** @type {any} */
const opened = parseState({ kind: "cell", lang: "es" });

/** @param {() => unknown} act @param {string} argument */
function refused(act, argument) {
  assert.throws(act, (error) => {
    assert.ok(error instanceof InputError, String(error));
    assert.equal(error.argument, argument);
    for (const lang of LANGS) {
      const words = error.describe(lang);
      assert.ok(words.startsWith(argument.slice(0, 40)), words);
      assert.doesNotMatch(words, /\{\w+\}|undefined/);
    }
    return true;
  });
}

test("what is missing is the start preset's; b = null is no bias", () => {
  assert.equal(matchingPreset(opened)?.name, "start");
  assert.deepEqual(parseState({ b: null }).b, Array(8).fill(0));
});

test("a state that is not one is refused by the name of what is wrong", () => {
  refused(() => parseState(null), "state");
  refused(() => parseState([]), "state");
  refused(() => parseState({ kind: "rnn" }), "kind");
  refused(() => parseState({ lang: "fr" }), "lang");
  refused(() => parseState({ x: [1, 2, 3, 4] }), "x");
  refused(() => parseState({ x: [] }), "x");
  refused(() => parseState({ x: [1] }), "x");
  refused(() => parseState({ x: [1, Number.NaN] }), "x[1]");
  refused(() => parseState({ x: [1, "2"] }), "x[1]");
  refused(() => parseState({ x: [1, 1e7] }), "x[1]");
  refused(() => parseState({ c_prev: [1] }), "c_prev");
  refused(() => parseState({ W: [[1, 2]] }), "W");
  refused(() => parseState({ W: 3 }), "W");
  refused(() => parseState({ U: [[1], [2]] }), "U");
  refused(() => parseState({ b: [0] }), "b");
  refused(() => parseState({ unit: 2 }), "unit");
  refused(() => parseState({ unit: 0.5 }), "unit");
  refused(() => parseState({ step: 7 }), "step");
  refused(() => parseState({ step: true }), "step");
});

test("one number changes by copy, under its control's name", () => {
  const next = withNumber(opened, "W.1.3", 4.5);
  assert.equal(numberAt(next, "W.1.3"), 4.5);
  assert.equal(opened.W[1][3], 0.6);
  assert.deepEqual(changedKeys(opened, next), ["W"]);
  assert.equal(numberAt(withNumber(opened, "b.7", -2), "b.7"), -2);
});

test("other sizes keep what overlaps, gate by gate, and stay a valid state", () => {
  for (const D of [1, 2, 3]) {
    for (const H of [1, 2, 3, 4]) {
      const next = withSizes({ ...opened, unit: 1 }, D, H);
      assert.deepEqual(parseState(next), next);
      for (let gate = 0; gate < 4; gate++) {
        for (let unit = 0; unit < Math.min(2, H); unit++) {
          assert.equal(next.W[0][gate * H + unit], opened.W[0][gate * 2 + unit]);
          assert.equal(next.b[gate * H + unit], opened.b[gate * 2 + unit]);
        }
      }
      for (const row of [...next.W.slice(2), ...next.U.slice(2)])
        assert.ok(row.every((n) => n !== 0));
    }
  }
});

test("every preset is a state, and survives the fragment from every other", () => {
  for (const { name } of table.presets) {
    const state = withPreset(opened, name);
    assert.equal(matchingPreset(state)?.name, name);
    const hash = writeFragment("cell", opened, state);
    assert.equal(hash, name === "start" ? "" : `#cell?preset=${name}`);
    if (hash) assert.deepEqual(readFragment(hash, opened).state, state);
  }
});

test("any state survives the fragment", () => {
  /** @type {any} */
  let state = {
    ...withSizes(/** @type {any} */ (withPreset(opened, "hide")), 3, 4),
    unit: 3,
    step: 5,
  };
  state = withNumber(state, "W.2.15", -1.25e-7);
  state = withNumber(state, "c_prev.3", 1e6);
  for (const from of [undefined, "hide", "keep"]) {
    const hash = writeFragment("cell", opened, state, from);
    assert.deepEqual(readFragment(hash, opened).state, state);
  }
  assert.equal(
    writeFragment("cell", opened, { ...opened, step: 3, unit: 1 }),
    "#cell?unit=1&step=3",
  );
  assert.equal(
    writeFragment("cell", opened, withNumber(withPreset(opened, "keep"), "x.0", 3), "keep"),
    "#cell?preset=keep&x=3,-1",
  );
});

test("only a fragment for this figure is read", () => {
  assert.equal(isFragmentOf("#cell?step=1", "cell"), true);
  assert.equal(isFragmentOf("#cell", "cell"), false);
  assert.equal(isFragmentOf("#cell2?step=1", "cell"), false);
  assert.equal(isFragmentOf("", "cell"), false);
  assert.equal(isFragmentOf("#?step=1", ""), false);
});

test("a broken or hostile fragment is refused by the name of what is wrong", () => {
  /** @param {string} query */
  const read = (query) => () => readFragment(`#cell?${query}`, opened);
  refused(read("preset=nope"), "preset");
  refused(read("preset=__proto__"), "preset");
  refused(read("x=1"), "x");
  refused(read("x=1,zwei"), "x[1]");
  refused(read("x=1,%3Cimg%20src=x%20onerror=alert(1)%3E"), "x[1]");
  refused(read("x=1,1e999"), "x[1]");
  refused(read("x=1,NaN"), "x[1]");
  refused(read("x=1,0x10"), "x[1]");
  refused(read("x=1,"), "x[1]");
  refused(read("W=1,2;3"), "W");
  refused(read("step=7"), "step");
  refused(read("step="), "step");
  refused(read("unit=9"), "unit");
  refused(read("step=1&step=2"), "step");
  refused(read("__proto__=1"), "__proto__");
  refused(read("constructor=1"), "constructor");
  refused(read("%E0%A4%A"), "%E0%A4%A");
  refused(read(`x=${"1,".repeat(4000)}`), "#");
  assert.equal(/** @type {any} */ ({}).polluted, undefined);
});
