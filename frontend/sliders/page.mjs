/** The page as host: `<lstm-slider-figure>` holds its first picture as HTML and all of them as JSON. */

import { mount } from "./figure.mjs";

/**
 * @typedef {object} Stored pictures that share most of their lines; the last slider moves fastest
 * @property {string[]} lines
 * @property {{alt: string, lines: number[]}[]} pictures
 */

class LstmSliderFigure extends HTMLElement {
  /** @type {ReturnType<typeof mount> | undefined} */
  #figure;

  connectedCallback() {
    const json = this.querySelector('script[type="application/json"]')?.textContent ?? "";
    /** @type {Stored} */
    const { lines, pictures } = JSON.parse(json);
    const counts = [...this.querySelectorAll("input")].map((input) => Number(input.max) + 1);
    const figure = mount(this, (places) => {
      const place = places.reduce((sum, one, k) => sum * counts[k] + one, 0);
      const { alt, lines: numbers } = pictures[place];
      figure.draw({ alt, svg: numbers.map((number) => lines[number]).join("") });
    });
    this.#figure = figure;
  }

  disconnectedCallback() {
    this.#figure?.destroy();
  }
}

if (!customElements.get("lstm-slider-figure"))
  customElements.define("lstm-slider-figure", LstmSliderFigure);
