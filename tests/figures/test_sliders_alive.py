"""No dead slider: every one of every page of the book, moved, changes what its figure shows."""

import pytest

# Draws at once, on the screen or not: nobody looks, and hundreds of sliders are moved.
AT_ONCE = """
window.requestAnimationFrame = (draw) => setTimeout(() => draw(performance.now()));
window.cancelAnimationFrame = clearTimeout;
window.IntersectionObserver = class { observe() {} unobserve() {} disconnect() {} };
"""

# Moves every slider that is in sight to one of its ends, and back. Those that change nothing get a
# second chance with all others of their figure moved too: a weight does nothing while its input
# is 0. Returns what the dead ones are called, and how many there are in all.
FIND_DEAD = """async () => {
  const frame = () => new Promise(requestAnimationFrame);
  const sliders = [...document.querySelectorAll("input[type=range]")]
    .filter((one) => one.checkVisibility());
  const figureOf = (slider) => slider.closest("lstm-explorer, lstm-slider-figure");
  const put = (slider, value) => {
    slider.value = value;
    for (const type of ["input", "change"])
      slider.dispatchEvent(new Event(type, { bubbles: true }));
  };

  // Texts, shapes and alternative texts of a figure, but for the slider and the number beside it.
  const shown = (slider) => {
    const own = slider.closest("label, .lstm-x-control");
    const { SHOW_ELEMENT, SHOW_TEXT, FILTER_REJECT, FILTER_ACCEPT } = NodeFilter;
    const nodes = document.createTreeWalker(figureOf(slider), SHOW_ELEMENT | SHOW_TEXT,
      (node) => node === (own ?? slider) ? FILTER_REJECT : FILTER_ACCEPT);
    const parts = [];
    while (nodes.nextNode()) {
      const { attributes, data } = nodes.currentNode;
      parts.push(data ?? Array.from(attributes, ({ value }) => value).join());
    }
    return parts.join("|");
  };
  const lives = async (slider) => {
    if (!figureOf(slider)) return false;
    const [start, before] = [slider.value, shown(slider)];
    put(slider, slider.value === slider.max ? slider.min : slider.max);
    await frame();
    const changed = !slider.isConnected || shown(slider) !== before;
    put(slider, start);
    await frame();
    return changed;
  };

  const dead = [];
  for (const slider of sliders) if (slider.isConnected && !(await lives(slider))) dead.push(slider);
  const stillDead = [];
  for (const slider of dead) {
    const others = sliders.filter((one) => one !== slider && one.isConnected
      && figureOf(one) && figureOf(one) === figureOf(slider));
    for (const [k, { min, max }] of others.entries())
      put(others[k], Number(min) + (max - min) * (0.3 + 0.07 * (k % 7)));
    await frame();
    if (slider.isConnected && !(await lives(slider))) stillDead.push(slider.ariaLabel);
  }
  return [stillDead, sliders.length];
}"""


def find_dead(page):
    return page.evaluate(FIND_DEAD)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_slider_of_the_book_changes_what_its_figure_shows(book, open_page, lang):
    moved = {}
    for path in sorted((book / "chapters" / lang).glob("*.html")):
        page = open_page(path.as_uri(), init_script=AT_ONCE)
        dead, moved[path.stem] = find_dead(page)
        assert dead == [], f"chapters/{lang}/{path.name}: these sliders change nothing: {dead}"
        page.context.close()
    assert moved["05_memory_through_time"] > 10 and moved["explorers"] > 50


SLIDER = '<label>a <b>1</b><input type="range" aria-label="a" oninput="{}"></label>'
SAYS = "this.previousElementSibling.textContent = this.value"
FIGURE = "<lstm-slider-figure><p>1</p>{}</lstm-slider-figure>"


@pytest.mark.parametrize(
    ("html", "dead"),
    [
        (SLIDER.format(SAYS), ["a"]),  # in no figure
        (FIGURE.format(SLIDER.format("")), ["a"]),
        (FIGURE.format(SLIDER.format(SAYS)), ["a"]),  # only its own number moves
        (FIGURE.format(SLIDER.format("this.closest('label').previousSibling.id = this.value")), []),
    ],
)
def test_a_dead_slider_is_found(open_page, tmp_path, html, dead):
    path = tmp_path / "page.html"
    path.write_text(f'<!doctype html><meta charset="utf-8">{html}', "utf-8")
    assert find_dead(open_page(path.as_uri())) == [dead, 1]
