/** Jupyter as host, through anywidget: the traits of the model are the state. */

import { mount } from "./figure.mjs";
import { isFragmentOf, readFragment } from "./fragment.mjs";
import { LANGS } from "./langs.mjs";
import { InputError, parseState, same, stateKeys } from "./state.mjs";
import { t } from "./tables.mjs";

/**
 * @typedef {object} Model what anywidget hands over, as far as it is used here
 * @property {(key: string) => any} get
 * @property {(key: string, value: unknown) => void} set
 * @property {() => void} save_changes
 * @property {(event: string, callback: (...args: any[]) => void) => void} on
 * @property {(event: string, callback: (...args: any[]) => void) => void} off
 */

/** @param {{model: Model, el: HTMLElement}} context */
function render({ model, el }) {
  const keys = stateKeys(model.get("kind"));
  const read = () => Object.fromEntries(keys.map((key) => [key, model.get(key)]));
  const lang = model.get("lang");
  let waiting = false;
  let ended = false;

  /** @param {import("./state.mjs").State} state */
  const send = (state) => {
    const news = keys.filter((key) => !same(model.get(key), state[key]));
    for (const key of news) model.set(key, state[key]);
    if (news.length > 0) model.save_changes();
  };
  const opened = parseState(read());
  const figure = mount(el, opened, { onChange: send });

  /** Take what Python set; several traits that change together arrive as several events. */
  const follow = () => {
    waiting = false;
    if (ended) return;
    const state = read();
    if (!LANGS.includes(state.lang)) return; // the script that speaks it is on its way
    if (keys.every((key) => same(state[key], figure.state[key]))) return;
    try {
      figure.update(/** @type {any} */ (state), { announce: true });
      figure.warn("");
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      figure.warn(t(lang, "error.kernel", { reason: error.describe(lang) }));
    }
  };
  const changed = () => {
    if (waiting) return;
    waiting = true;
    queueMicrotask(follow);
  };
  for (const key of keys) model.on(`change:${key}`, changed);

  /** A link in a text of the notebook sets the figure, as on the page. @param {MouseEvent} event */
  const clicked = (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    const hash = link instanceof HTMLAnchorElement ? link.hash : "";
    if (event.button !== 0 || !isFragmentOf(hash, model.get("name"))) return;
    event.preventDefault();
    event.stopPropagation(); // the notebook would look for a heading of that name
    const { lang } = figure.state;
    try {
      const { state, preset } = readFragment(hash, opened);
      figure.update(state, { preset, announce: true });
      figure.warn("");
      send(figure.state);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      figure.warn(t(lang, "error.link", { reason: error.describe(lang) }));
    }
    el.scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("click", clicked, { capture: true });

  return () => {
    ended = true;
    document.removeEventListener("click", clicked, { capture: true });
    for (const key of keys) model.off(`change:${key}`, changed);
    figure.destroy();
  };
}

export default { render };
