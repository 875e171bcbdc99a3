/** One slider, and two numbers that can be asked how they come about. */

import { namedControl } from "../../../frontend/kit/controls.mjs";
import { el, setNumber } from "../../../frontend/kit/dom.mjs";
import { formatNumber } from "../../../frontend/kit/format.mjs";
import { createInspector } from "../../../frontend/kit/inspector.mjs";
import { own } from "../../../frontend/kit/tables.mjs";
import { squashed } from "./numerics.mjs";
import table from "./squash.json" with { type: "json" };

/** @type {import("../../../frontend/kit/figure.mjs").Kind} */
export const FIGURE = {
  compute: (state) => ({ state, ...squashed(/** @type {any} */ (state)) }),
  words: (lang, name) => own(table, lang, name),
  outcome: ({ state, sigma, tanh }) =>
    own(table, state.lang, "outcome", { sigma: formatNumber(sigma), tanh: formatNumber(tanh) }),
  build({ lang, words, signal, now, say }) {
    const control = namedControl(lang, "squash", "z", [{ sym: "z" }], words("z"));
    const numbers = ["sigma", "tanh"].map((name) =>
      el("button.quantity.number", { "data-name": name, tabindex: -1 }),
    );
    const area = el("div.numbers", ...numbers);
    const inspector = createInspector(area, {
      explain: (name) => [
        `${words(name)}: ${name === "sigma" ? "σ" : "tanh"}(${formatNumber(now().z)}) = `,
        formatNumber(now()[name]),
      ],
      lang,
      signal,
      say,
    });
    const stage = el("div.stage", area, inspector.node);
    return {
      nodes: [el("div.state-row", control.node), stage],
      stage,
      draw(next, typing) {
        control.show(next.z, typing);
        for (const node of numbers) {
          const name = node.dataset.name ?? "";
          setNumber(node, name, next[name], formatNumber(next[name]));
        }
        inspector.draw();
      },
    };
  },
};
