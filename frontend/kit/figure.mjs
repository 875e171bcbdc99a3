/**
 * What every explorer does: it holds the state, takes the reader's changes, draws once a frame,
 * refuses what is no number, and puts every change into words. What it computes and shows is the
 * business of its kind.
 */

import { listen } from "./dom.mjs";
import { formatGiven, readNumber } from "./format.mjs";
import { createFrame } from "./frame.mjs";
import { createHeader } from "./header.mjs";
import { KINDS } from "./kinds.mjs";
import {
  changedKeys,
  checkNumber,
  InputError,
  matchingPreset,
  numberAt,
  parseState,
  stateKeys,
  withNumber,
  withPreset,
} from "./state.mjs";
import { own, presetNamed, said, TABLES, t } from "./tables.mjs";

/** @typedef {import("./state.mjs").State} State */
/** @typedef {import("./tables.mjs").Lang} Lang */
/** @typedef {"input" | "commit"} Phase while a slider moves, or once it rests */
/**
 * @typedef {object} Context what the explorer hands to its kind when the nodes are made
 * @property {State} state as it is then; only its language stays
 * @property {Lang} lang
 * @property {(key: string, values?: Record<string, string | number>) => string} words a string of the kind's own table
 * @property {AbortSignal} signal ends with these nodes
 * @property {() => any} now the latest numbers
 * @property {(next: State, phase?: Phase, ...words: string[]) => void} change as if by a control; words are announced, the outcome after them
 * @property {() => void} redraw in the next frame
 * @property {(words: string) => void} say
 * @property {() => void} repeat what was announced last, with the outcome as it is now
 */
/**
 * @typedef {object} View
 * @property {Node[]} nodes
 * @property {HTMLElement} stage its width is what `layout` gets
 * @property {(now: any, typing: EventTarget | null) => void} draw
 * @property {(now: any) => void} [later] what may follow a frame behind: while a slider moves it comes four times a second; otherwise at once
 * @property {(width: number) => void} [layout]
 */
/**
 * @typedef {object} Kind
 * @property {(state: State) => {state: State}} compute every number there is to show; pure
 * @property {(context: Context) => View} build the nodes, once
 * @property {(lang: Lang, name: string, state: State) => string} words what a control is called
 * @property {(now: any) => string} outcome what came out, in words with numbers
 * @property {(next: State, key: string) => State} [settle] fit the rest of a state to a key that changed, as arrays to a size
 */
/**
 * @typedef {object} Change
 * @property {Phase} phase
 * @property {string[]} keys what differs from the last change that was told
 * @property {string | undefined} preset the preset that the reader started from
 */
/**
 * @typedef {object} Options
 * @property {(state: State, change: Change) => void} [onChange] only for changes that the reader makes; at most once a frame
 * @property {() => Promise<boolean>} [copyLink] where the state has an address
 */

const FALLBACK_WIDTH = 640;
/** While a slider moves, what is left for later comes this often, in milliseconds: nobody reads formulas faster. */
const LATER_MS = 250;

/**
 * Put a live figure into an element.
 * @param {HTMLElement} host
 * @param {unknown} raw the state, with the keys of the Python traits; refused with an `InputError`
 * @param {Options} [options]
 */
export function mount(host, raw, options = {}) {
  let state = parseState(raw);
  const opened = state; // what Reset returns to
  const kind = KINDS[state.kind];
  let told = state;
  let from = matchingPreset(state)?.name;
  /** @type {Phase | undefined} what the next frame tells the host */
  let phase;
  /** @type {EventTarget | null} the field that is being typed in */
  let typing = null;
  /** What a field held before the reader began to type in it. */
  let settled = { name: "", value: 0 };
  let width = 0;
  let waiting = 0;
  /** @type {string[]} */
  let announced = [];
  /** @type {{state: State}} */
  let latest = kind.compute(state);

  const frame = createFrame(host, draw);
  const { root, signal } = frame;
  const { header, view } = build();

  /** All nodes; they speak one language, as their script does. */
  function build() {
    const { lang } = state;
    root.dataset.kind = state.kind;
    frame.name(lang, said(TABLES[state.kind].title, lang));
    const header = createHeader(state.kind, lang, options.copyLink !== undefined);
    const view = kind.build({
      state,
      lang,
      words: (key, values) => own(TABLES[state.kind], lang, key, values),
      signal,
      now: current,
      change: (next, how = "commit", ...words) => {
        change(next, how);
        if (how === "commit") announce(...words);
      },
      redraw: frame.schedule,
      say: frame.say,
      repeat: () => announce(...announced),
    });
    frame.body.replaceChildren(header.node, ...view.nodes);
    return { header, view };
  }

  /** The numbers of the present state, worked out once. */
  function current() {
    if (latest.state !== state) latest = kind.compute(state);
    return latest;
  }

  function draw() {
    header.draw(state, from);
    view.draw(current(), typing);
    if (view.later) {
      if (phase === "input") waiting ||= window.setTimeout(finish, LATER_MS);
      else finish();
    }
    tell();
  }

  /** Draw what was left for later. */
  function finish() {
    window.clearTimeout(waiting);
    waiting = 0;
    if (!signal.aborted) view.later?.(current());
  }

  /** Tell the host what the reader changed. */
  function tell() {
    if (!phase) return;
    const news = { phase, keys: changedKeys(told, state), preset: from };
    told = state;
    phase = undefined;
    options.onChange?.(state, news);
  }

  /** @param {State} next @param {Phase} [how] */
  function change(next, how = "commit") {
    state = next;
    phase = phase === "commit" ? phase : how;
    if (how === "commit") frame.now();
    else frame.schedule();
  }

  /** @param {...string} words */
  const announce = (...words) => {
    announced = words;
    frame.say([...words.filter(Boolean), kind.outcome(current())].join(" "));
  };

  function measure() {
    width = Math.floor(view.stage.clientWidth) || FALLBACK_WIDTH;
    view.layout?.(width);
  }

  /** A number of the state as it is said: a whole one without decimals. @param {string} name @param {number} value */
  const spoken = (name, value) =>
    TABLES[state.kind].fields[name.split(".")[0]].type === "integer"
      ? String(value)
      : formatGiven(value);

  /** A number typed or dragged; a field that holds none is refused once it is left. @param {HTMLInputElement} input @param {Phase} how */
  function setNumber(input, how) {
    const { lang } = state;
    const name = input.dataset.name ?? "";
    if (numberAt(state, name) === undefined) return; // its number is gone, and it goes next frame
    const isSlider = input.dataset.role === "slider";
    // "12" begins with a 1: a size that is half typed would cut off what it has no room for.
    if (!isSlider && how === "input" && TABLES[state.kind].sizes[name]) {
      typing = input;
      return;
    }
    const value = isSlider ? Number(input.valueAsNumber.toFixed(6)) : readNumber(lang, input.value);
    typing = !isSlider && how === "input" ? input : null;
    try {
      const number = checkNumber(value, name, TABLES[state.kind].fields[name.split(".")[0]]);
      if (how === "commit") frame.warn("");
      const next = withNumber(state, name, number);
      change(kind.settle?.(next, name) ?? next, how);
      if (how === "commit") {
        settled = { name, value: number };
        const what = kind.words(lang, name, state);
        announce(t(lang, "ui.say.number", { what, value: spoken(name, number) }));
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      if (how === "commit") refuse(input, name, error);
    }
  }

  /** One step up or down, and no further than the field goes. @param {HTMLInputElement} input @param {number} way */
  function stepBy(input, way) {
    const name = input.dataset.name ?? "";
    if (numberAt(state, name) === undefined) return;
    const { type, min = 0, max = 0, step = 1 } = TABLES[state.kind].fields[name.split(".")[0]];
    const from = readNumber(state.lang, input.value);
    const to = Number(
      ((Number.isNaN(from) ? numberAt(state, name) : from) + way * step).toFixed(12),
    );
    input.value = String(type === "array" ? to : Math.min(max, Math.max(min, to)));
    setNumber(input, "commit");
  }

  /** @param {HTMLInputElement} input @param {string} name @param {InputError} error */
  function refuse(input, name, error) {
    const { lang } = state;
    const kept = settled.name === name ? settled.value : numberAt(state, name);
    const reason = new InputError(
      kind.words(lang, name, state),
      error.expected === "number" && input.value.includes(",") ? "comma" : error.expected,
      input.value,
      error.values,
    );
    const words = `${reason.describe(lang)} ${t(lang, "error.kept", { value: spoken(name, kept) })}`;
    const next = withNumber(state, name, kept);
    change(kind.settle?.(next, name) ?? next);
    input.value = String(kept);
    frame.warn(words);
    frame.say(words);
  }

  /** @param {HTMLInputElement | HTMLSelectElement} input */
  function choose(input) {
    const { lang, kind: name } = state;
    if (input.dataset.role === "preset") {
      frame.warn("");
      from = input.value;
      change(withPreset(state, input.value));
      const preset = presetNamed(name, input.value);
      if (preset) announce(t(lang, "ui.say.preset", { title: said(preset.title, lang) }));
    } else if (input.dataset.role === "choice") {
      frame.warn("");
      const key = input.dataset.name ?? "";
      const { type } = TABLES[name].fields[key];
      /** @type {unknown} */
      let value = type === "choice" ? input.value : Number(input.value);
      if (type === "flag") value = input instanceof HTMLInputElement && input.checked;
      const next = { ...state, [key]: value };
      change(kind.settle?.(next, key) ?? next);
      announce(
        t(lang, "ui.say.choice", { what: kind.words(lang, key, state), value: textOf(input) }),
      );
    }
  }

  /** What a list, a radio button or a box says of its value. @param {HTMLInputElement | HTMLSelectElement} input */
  function textOf(input) {
    if (input instanceof HTMLSelectElement) return input.selectedOptions[0]?.text ?? "";
    if (input.type === "checkbox") return t(state.lang, input.checked ? "ui.yes" : "ui.no");
    return input.getAttribute("aria-label") ?? input.closest("label")?.textContent?.trim() ?? "";
  }

  /** @param {Event} event @returns {HTMLInputElement | HTMLSelectElement | undefined} */
  const controlOf = (event) =>
    event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement
      ? event.target
      : undefined;
  /** @param {HTMLElement} input */
  const isNumber = (input) => input.dataset.role === "slider" || input.dataset.role === "field";

  /** @type {Record<string, (event: Event) => void>} */
  const listeners = {
    input(event) {
      const input = controlOf(event);
      if (input instanceof HTMLInputElement && isNumber(input)) setNumber(input, "input");
    },
    change(event) {
      const input = controlOf(event);
      if (!input) return;
      if (input instanceof HTMLInputElement && isNumber(input)) setNumber(input, "commit");
      else choose(input);
    },
    focusin(event) {
      const input = controlOf(event);
      if (input?.dataset.role !== "field") return;
      const name = input.dataset.name ?? "";
      settled = { name, value: numberAt(state, name) };
    },
    // A browser sends no "change" when a field goes from one unreadable text to another.
    focusout(event) {
      const input = controlOf(event);
      if (!(input instanceof HTMLInputElement) || input.dataset.role !== "field") return;
      if (typing === input) typing = null;
      const kept = numberAt(state, input.dataset.name ?? "");
      if (kept === undefined) return;
      const value = readNumber(state.lang, input.value);
      if (Number.isNaN(value)) setNumber(input, "commit");
      else if (value !== kept) input.value = String(kept);
    },
    // The arrows move a field as they move its slider.
    keydown(event) {
      const input = controlOf(event);
      const { key, altKey, ctrlKey, metaKey } = /** @type {KeyboardEvent} */ (event);
      const way = { ArrowUp: 1, ArrowDown: -1 }[key];
      if (input?.dataset.role !== "field" || !way || altKey || ctrlKey || metaKey) return;
      event.preventDefault();
      stepBy(/** @type {HTMLInputElement} */ (input), way);
    },
    click(event) {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      if (button?.dataset.role === "reset") {
        frame.warn("");
        from = matchingPreset(opened)?.name;
        change(opened);
        announce(t(state.lang, "ui.say.reset"));
      } else if (button?.dataset.role === "copy") {
        options.copyLink?.().then((worked) => {
          if (signal.aborted) return;
          header.copied(worked);
          const timer = window.setTimeout(() => header.restoreCopy(), 2500);
          signal.addEventListener("abort", () => window.clearTimeout(timer), { once: true });
        });
      }
    },
  };
  listen(root, signal, listeners);

  const observer = new ResizeObserver(() => {
    const there = Math.floor(view.stage.clientWidth);
    if (there > 0 && there !== width) {
      measure();
      frame.schedule();
    }
  });
  observer.observe(root);
  signal.addEventListener("abort", () => observer.disconnect());

  measure();
  draw();

  return {
    get state() {
      return state;
    },
    /**
     * Take a change from outside. Nothing is told back to the host.
     * @param {Partial<State>} partial
     * @param {{preset?: string, announce?: boolean}} [how]
     */
    update(partial, how = {}) {
      const known = Object.fromEntries(
        stateKeys(state.kind)
          .filter((key) => Object.hasOwn(partial, key))
          .map((key) => [key, partial[key]]),
      );
      const next = parseState({ ...state, ...known, kind: state.kind });
      const keys = changedKeys(state, next);
      from = how.preset ?? matchingPreset(next)?.name ?? from;
      state = next;
      told = next;
      if (keys.length > 0 || how.preset !== undefined) frame.schedule();
      if (how.announce) {
        const { lang } = next;
        const title = said(matchingPreset(next)?.title ?? "", lang);
        announce(title ? t(lang, "ui.say.preset", { title }) : t(lang, "ui.say.set"));
      }
    },
    warn: frame.warn,
    destroy: frame.destroy,
  };
}
