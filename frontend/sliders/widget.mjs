/** Jupyter as host, through anywidget: the kernel draws a picture for every move. */

import { mount } from "./figure.mjs";

/** @param {{model: import("../kit/widget.mjs").Model, el: HTMLElement}} context */
function render({ model, el }) {
  el.innerHTML = model.get("body");
  // JupyterLab takes the arrow keys for itself unless the focused element says that they are its own.
  for (const input of el.querySelectorAll("input"))
    input.setAttribute("data-lm-suppress-shortcuts", "true");
  const figure = mount(el, (places) => {
    model.set("places", places);
    model.save_changes();
  });
  const follow = () => figure.set(model.get("places"));
  const redraw = () => {
    const { error = "", ...picture } = model.get("picture");
    figure.warn(error);
    if (error === "") figure.draw(picture);
  };
  follow();
  redraw();
  model.on("change:places", follow);
  model.on("change:picture", redraw);
  return () => {
    model.off("change:places", follow);
    model.off("change:picture", redraw);
    figure.destroy();
  };
}

export default { render };
