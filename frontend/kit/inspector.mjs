/**
 * Numbers that can be asked how they come about: each can be pointed at, tapped, or reached with
 * the keyboard (one tab stop, arrow keys move), and one line below says its equation.
 */

import { el, listen, setMath } from "./dom.mjs";
import { toText } from "./math.mjs";
import { t } from "./tables.mjs";

/** @typedef {import("./math.mjs").Part} Part */

const KEYS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/**
 * @param {Element} area holds the numbers: elements of the class lstm-x-quantity with a data-name and a tabindex of -1, which may come and go
 * @param {object} how
 * @param {(name: string) => Part[]} how.explain the equation of a number, with its numbers
 * @param {import("./tables.mjs").Lang} how.lang
 * @param {(name: string | undefined) => void} [how.light] the number that the line is about
 * @param {string} [how.start] the name of the tab stop
 * @param {AbortSignal} how.signal
 * @param {(words: string) => void} how.say
 */
export function createInspector(area, { explain, light, lang, start, signal, say }) {
  const detail = el("p.detail");
  /** @type {string | undefined} */
  let hovered;
  /** @type {string | undefined} */
  let chosen;
  let stop = start;
  /** @type {Element | undefined} */
  let lit;

  const items = () => [...area.querySelectorAll(".lstm-x-quantity:not([hidden])")];
  /** @param {Element} item */
  const nameOf = (item) => /** @type {string} */ (item.getAttribute("data-name"));
  /** @param {string | undefined} name */
  const itemOf = (name) =>
    name === undefined
      ? undefined
      : (area.querySelector(`.lstm-x-quantity[data-name="${CSS.escape(name)}"]:not([hidden])`) ??
        undefined);
  /** @param {EventTarget | null} target */
  const nameAt = (target) => {
    const item = target instanceof Element ? target.closest(".lstm-x-quantity") : null;
    return item && area.contains(item) ? nameOf(item) : undefined;
  };

  /** Say again what the chosen number is. */
  function draw() {
    const item = itemOf(hovered ?? chosen);
    if (lit !== item) {
      lit?.classList.remove("is-on");
      item?.classList.add("is-on");
      lit = item;
    }
    light?.(item && nameOf(item));
    setMath(detail, item ? explain(nameOf(item)) : [t(lang, "ui.hint")]);
    const present = itemOf(stop) ?? items()[0];
    if (present && present.getAttribute("tabindex") !== "0") moveTo(present, false);
  }

  /** @param {Element} item @param {boolean} focus */
  function moveTo(item, focus) {
    for (const other of area.querySelectorAll('.lstm-x-quantity[tabindex="0"]'))
      if (other !== item) other.setAttribute("tabindex", "-1");
    stop = nameOf(item);
    item.setAttribute("tabindex", "0");
    if (focus) /** @type {HTMLElement} */ (item).focus();
  }

  /** @param {KeyboardEvent} event */
  function press(event) {
    if (nameAt(event.target) === undefined) return;
    const all = items();
    const at = all.findIndex((item) => nameOf(item) === stop);
    const by = KEYS[/** @type {keyof typeof KEYS} */ (event.key)];
    if (by !== undefined) moveTo(all[(at + by + all.length) % all.length], true);
    else if (event.key === "Home") moveTo(all[0], true);
    else if (event.key === "End") moveTo(all[all.length - 1], true);
    else if (event.key === "Escape") {
      chosen = undefined;
      draw();
    } else return;
    event.preventDefault();
  }

  /** @type {Record<string, (event: any) => void>} */
  const listeners = {
    pointerover(/** @type {PointerEvent} */ event) {
      if (event.pointerType === "touch") return;
      const name = nameAt(event.target);
      if (name === hovered) return;
      hovered = name;
      draw();
    },
    pointerleave() {
      hovered = undefined;
      draw();
    },
    focusin(/** @type {FocusEvent} */ event) {
      const name = nameAt(event.target);
      if (name === undefined) return;
      chosen = name;
      const item = itemOf(name);
      if (item) moveTo(item, false);
      draw();
      say(toText(explain(name)));
    },
    click(/** @type {MouseEvent} */ event) {
      const name = nameAt(event.target);
      if (name === undefined && !(event.target instanceof SVGElement)) return;
      chosen = name;
      const item = itemOf(name);
      if (item) moveTo(item, true);
      draw();
    },
    keydown: press,
  };
  listen(area, signal, listeners);

  return { node: detail, draw };
}
