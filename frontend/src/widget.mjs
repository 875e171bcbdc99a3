/** Jupyter as host, through anywidget: the traits of the model are the state. */

import { mount } from "./mount.mjs";
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
  const lang = model.get("lang") === "en" ? "en" : "es";
  let waiting = false;
  let ended = false;

  const figure = mount(el, parseState(read()), {
    onChange: (state) => {
      const news = keys.filter((key) => !same(model.get(key), state[key]));
      for (const key of news) model.set(key, state[key]);
      if (news.length > 0) model.save_changes();
    },
  });

  /** Take what Python set; several traits that change together arrive as several events. */
  const follow = () => {
    waiting = false;
    if (ended) return;
    const state = read();
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

  return () => {
    ended = true;
    for (const key of keys) model.off(`change:${key}`, changed);
    figure.destroy();
  };
}

export default { render };
