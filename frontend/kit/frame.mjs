/**
 * What every explorer stands in: the root, the visible note, the live region, one drawing per
 * animation frame, and listeners that all end together.
 */

import { el, listen, setText } from "./dom.mjs";
import { t } from "./tables.mjs";

/** @typedef {import("./tables.mjs").Lang} Lang */

const QUIET_MS = 900;

/**
 * @param {HTMLElement} host
 * @param {() => void} draw
 */
export function createFrame(host, draw) {
  const ended = new AbortController();
  const text = el("span");
  const close = el("button.close", {}, "×");
  const note = el("p.note", { role: "alert", hidden: true }, text, close);
  const body = el("div.body");
  const live = el("p.live.hidden", { role: "status", "aria-live": "polite" });
  const root = el("div", { class: "lstm-explorer lstm-x" }, note, body, live);
  let frame = 0;
  let drawing = false;
  let timer = 0;
  let spokenAt = Number.NEGATIVE_INFINITY;
  let pending = "";

  const speak = () => {
    timer = 0;
    spokenAt = performance.now();
    setText(live, pending);
  };
  const paint = () => {
    cancelAnimationFrame(frame);
    frame = 0;
    drawing = true;
    try {
      draw();
    } finally {
      drawing = false;
    }
  };
  const self = {
    root,
    body,
    signal: ended.signal,
    /** @param {Lang} lang @param {string} words */
    name(lang, words) {
      root.lang = lang;
      root.setAttribute("role", "group");
      root.setAttribute("aria-label", words);
      close.setAttribute("aria-label", t(lang, "ui.close_note"));
    },
    /** Draw in the next frame, once however often it is asked. */
    schedule() {
      frame ||= requestAnimationFrame(paint);
    },
    /** Draw at once, and not again in the next frame. A drawing that takes a focused field off the page is told of it halfway, by the field's own event: what follows from that waits. */
    now() {
      if (drawing) self.schedule();
      else paint();
    },
    /** Put something into words for a screen reader: the last of a quick series only. @param {string} words */
    say(words) {
      pending = words;
      timer ||= window.setTimeout(speak, Math.max(150, spokenAt + QUIET_MS - performance.now()));
    },
    /** Show a reason to everybody; an empty one takes the note away. @param {string} reason */
    warn(reason) {
      setText(text, reason);
      note.hidden = reason === "";
    },
    destroy() {
      ended.abort();
      cancelAnimationFrame(frame);
      window.clearTimeout(timer);
      root.remove();
    },
  };
  // JupyterLab takes the arrow keys for itself unless the focused element says that they are its own.
  listen(root, ended.signal, {
    focusin: ({ target }) =>
      target instanceof Element && target.setAttribute("data-lm-suppress-shortcuts", "true"),
  });
  listen(close, ended.signal, { click: () => self.warn("") });
  host.append(root);
  return self;
}
