/** A figure whose sliders choose among pictures: what Python wrote as HTML, brought to life. */

import { hide, listen, set, setText } from "../kit/dom.mjs";

/**
 * @typedef {object} Picture
 * @property {string} svg
 * @property {string} alt
 */

/**
 * @param {ParentNode} root holds the HTML that `lstm_edu.sliders` writes
 * @param {(places: number[]) => void} moved called with the place of each slider, counted from 0
 */
export function mount(root, moved) {
  const inputs = [...root.querySelectorAll("input")];
  const drawing = /** @type {HTMLElement} */ (root.querySelector(".lstm-x-picture"));
  const spoken = /** @type {HTMLElement} */ (root.querySelector("[aria-live]"));
  const ended = new AbortController();
  let speaks = false;

  const read = () => inputs.map((input) => input.valueAsNumber);
  const say = () => setText(spoken, speaks ? (drawing.getAttribute("aria-label") ?? "") : "");

  const show = () => {
    for (const input of inputs) {
      const text = JSON.parse(input.dataset.texts ?? "[]")[input.valueAsNumber];
      set(input, { "aria-valuetext": text });
      input.style.setProperty("--to", String(input.valueAsNumber / Number(input.max)));
      setText(/** @type {Element} */ (input.previousElementSibling), text);
    }
  };

  for (const input of inputs)
    listen(input, ended.signal, {
      input: () => {
        speaks = false;
        show();
        moved(read());
      },
      // Let go: the slider has said its number, now the picture says what it shows.
      change: () => {
        speaks = true;
        say();
      },
    });
  show();

  return {
    read,
    /** @param {number[]} places */
    set(places) {
      inputs.forEach((input, k) => {
        if (input.valueAsNumber !== places[k]) input.value = String(places[k]);
      });
      show();
    },
    /** @param {Picture} picture made by matplotlib in Python, never by the reader */
    draw({ svg, alt }) {
      drawing.innerHTML = svg;
      set(drawing, { "aria-label": alt });
      say();
    },
    /** Say in words, above the figure, what went wrong; or no longer. @param {string} words */
    warn(words) {
      const note = /** @type {HTMLElement} */ (root.querySelector(".lstm-x-note"));
      setText(note, words);
      hide(note, words === "");
    },
    destroy: () => ended.abort(),
  };
}
