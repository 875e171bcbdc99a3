/** The page as host: `<lstm-explorer id="cell" kind="cell" lang="es">` with its state as JSON in it. */

import { el, listen } from "./dom.mjs";
import { mount } from "./figure.mjs";
import { isFragmentOf, readFragment, writeFragment } from "./fragment.mjs";
import { LANGS } from "./langs.mjs";
import { changedKeys, InputError, parseState } from "./state.mjs";
import { t } from "./tables.mjs";

/** @typedef {import("./state.mjs").State} State */
/** @typedef {import("./tables.mjs").Lang} Lang */

const WRITE_MS = 200;

/** @param {unknown} error @param {Lang} lang */
const reasonOf = (error, lang) => {
  if (error instanceof InputError) return error.describe(lang);
  throw error;
};

class LstmExplorer extends HTMLElement {
  /** @type {ReturnType<typeof mount> | undefined} */
  #figure;
  /** @type {State | undefined} */
  #opened;
  /** @type {AbortController | undefined} */
  #ended;
  /** @type {Node[]} what the page brought, for readers without scripts */
  #fallback = [];
  #timer = 0;
  /** @type {(() => void) | undefined} */
  #write;

  connectedCallback() {
    if (this.#ended) return;
    this.#ended = new AbortController();
    this.#open();
  }

  disconnectedCallback() {
    this.#flush();
    this.#ended?.abort();
    this.#figure?.destroy();
    if (this.#ended) this.replaceChildren(...this.#fallback);
    this.#ended = undefined;
    this.#figure = undefined;
  }

  get #lang() {
    const lang = /** @type {Lang} */ (
      (this.closest("[lang]")?.getAttribute("lang") ?? "").slice(0, 2)
    );
    return LANGS.includes(lang) ? lang : LANGS[0];
  }

  #open() {
    const signal = this.#ended?.signal;
    if (!signal) return;
    this.#fallback = [...this.childNodes];
    try {
      this.#opened = parseState({
        kind: this.getAttribute("kind") ?? "cell",
        ...this.#json(),
        lang: this.#lang,
      });
    } catch (error) {
      const note = t(this.#lang, "error.page", { reason: reasonOf(error, this.#lang) });
      this.prepend(el("p.note.note-page", { role: "alert", lang: this.#lang }, note));
      return;
    }
    const opened = this.#opened;
    this.replaceChildren();
    this.#figure = mount(this, opened, {
      onChange: (state, { phase, preset, keys }) => {
        this.#share(keys);
        if (phase === "commit") this.#remember(() => this.#address(state, preset));
      },
      copyLink: async () => {
        this.#flush();
        if (!this.#figure) return false;
        try {
          await navigator.clipboard.writeText(location.href);
          return true;
        } catch {
          return false;
        }
      },
    });
    listen(window, signal, { hashchange: () => this.#follow(true) });
    listen(window, signal, { pagehide: () => this.#flush() });
    listen(document, signal, { click: (event) => this.#clicked(event) });
    this.#follow(false);
  }

  /** @returns {object} */
  #json() {
    const text = this.querySelector('script[type="application/json"]')?.textContent ?? "{}";
    let value;
    try {
      value = JSON.parse(text);
    } catch {
      throw new InputError("JSON", "json", text.trim());
    }
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw new InputError("JSON", "state", value);
    return value;
  }

  /** Set the figure as the address says. @param {boolean} called by a link, not on opening the page */
  #follow(called) {
    if (!this.#figure || !this.#opened || !isFragmentOf(location.hash, this.id)) return;
    this.#forget();
    const lang = this.#figure.state.lang;
    try {
      const { state, preset } = readFragment(location.hash, this.#opened);
      this.#figure.warn("");
      this.#figure.update(state, { preset, announce: called });
      this.#share(changedKeys(this.#opened, state));
    } catch (error) {
      this.#figure.update(this.#opened);
      this.#figure.warn(t(lang, "error.link", { reason: reasonOf(error, lang) }));
    }
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.scrollIntoView({ behavior: called && !still ? "smooth" : "auto", block: "start" });
  }

  /** A link to the address that the page already has changes no hash: follow it all the same. @param {MouseEvent} event */
  #clicked(event) {
    if (event.defaultPrevented || event.button !== 0) return;
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (!(link instanceof HTMLAnchorElement) || !isFragmentOf(link.hash, this.id)) return;
    this.#flush();
    if (link.href === location.href) this.#follow(true);
  }

  /** Write the address a moment later: browsers refuse a hundred of them at once. @param {() => void} write */
  #remember(write) {
    this.#write = write;
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#flush(), WRITE_MS);
  }

  #forget() {
    window.clearTimeout(this.#timer);
    this.#write = undefined;
  }

  #flush() {
    const write = this.#write;
    this.#forget();
    write?.();
  }

  /** Which of this figure's keys another one shares, as `joined="cell:x,W"` on either says. @param {LstmExplorer} other @returns {string[]} */
  #sharedWith(other) {
    return [this, other].flatMap((one) => {
      const partner = one === this ? other : this;
      return (one.getAttribute("joined") ?? "")
        .split(" ")
        .map((entry) => entry.split(":"))
        .filter(([id]) => id === partner.id)
        .flatMap(([, names = ""]) => names.split(","));
    });
  }

  /** Hand what changed to the figures that are joined to this one, and to those joined to them. @param {string[]} keys @param {Set<Element>} [seen] */
  #share(keys, seen = new Set()) {
    seen.add(this);
    for (const other of document.querySelectorAll("lstm-explorer")) {
      if (!(other instanceof LstmExplorer) || seen.has(other)) continue;
      const shared = this.#sharedWith(other).filter((key) => keys.includes(key));
      const state = this.#figure?.state;
      if (shared.length === 0 || !state) continue;
      other.#take(Object.fromEntries(shared.map((key) => [key, state[key]])));
      other.#share(shared, seen);
    }
  }

  /** @param {object} news */
  #take(news) {
    if (!this.#figure) return;
    const { lang } = this.#figure.state;
    try {
      this.#figure.update(news);
      this.#figure.warn("");
    } catch (error) {
      this.#figure.warn(t(lang, "error.joined", { reason: reasonOf(error, lang) }));
    }
  }

  /** @param {State} state @param {string | undefined} preset */
  #address(state, preset) {
    if (!this.#opened || this.id === "") return;
    const fragment = writeFragment(this.id, this.#opened, state, preset);
    if (fragment === "" && !isFragmentOf(location.hash, this.id)) return;
    try {
      history.replaceState(history.state, "", `${location.href.split("#")[0]}${fragment}`);
    } catch {
      // Some origins (a sandboxed frame) have no history of their own; the figure works without.
    }
  }
}

function begin() {
  if (!customElements.get("lstm-explorer")) customElements.define("lstm-explorer", LstmExplorer);
}

// A classic script is the page's: in Jupyter the same is part of a module, and there is no such
// element. It is deferred, and so are those of the figures, which come after it.
if (document.currentScript) {
  if (document.readyState === "complete") begin();
  else document.addEventListener("DOMContentLoaded", begin, { once: true });
}
