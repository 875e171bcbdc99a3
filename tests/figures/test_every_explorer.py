"""Every explorer in a real browser: what all of them promise, each in both languages."""

import http.server
import json
import re
import threading

import monkey
import numpy as np
import pytest
from browsing import FIND_VIOLATIONS
from explorer_pages import NEXT_FRAME, assert_shows, control, settle, type_number
from playwright.sync_api import expect

from lstm_edu import figures, use_language
from lstm_edu.figures import StateError, join
from lstm_edu.language import LANGUAGES
from rules.pages import ROOT

KINDS = [*figures.KINDS.values()]
every = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
languages = pytest.mark.parametrize("lang", LANGUAGES)

# The numbers whose text leaves the box that clips it.
CUT = """figure => [...figure.querySelectorAll(
  "td [data-value], .lstm-x-number, .lstm-x-number .lstm-x-text, .lstm-x-chip-value"
)].filter((node) => {
  const box = node.getBoundingClientRect();
  const texts = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) if (!texts.currentNode.parentElement.closest(".lstm-x-hidden")) {
    const text = document.createRange();
    text.selectNodeContents(texts.currentNode);
    const { width, left, right } = text.getBoundingClientRect();
    if (width && (left < box.left - 1 || right > box.right + 1)) return true;
  }
  return false;
}).map((node) => node.parentElement.textContent)"""
# What reaches over the figure's padding, but for what scrolls in a box of its own.
OUT = """figure => {
  const body = figure.querySelector(".lstm-x-body");
  const box = body.getBoundingClientRect();
  const { paddingLeft, paddingRight } = getComputedStyle(body);
  const [left, right] = [box.left + parseFloat(paddingLeft), box.right - parseFloat(paddingRight)];
  const scrolls = (node) => node !== body
    && (getComputedStyle(node).overflowX === "auto" || scrolls(node.parentElement));
  return [...body.querySelectorAll(":not(svg *, .lstm-x-hidden)")]
    .filter((node) => node.checkVisibility() && !scrolls(node.parentElement))
    .filter((node) => {
      const edge = node.getBoundingClientRect();
      return edge.width && (edge.left < left - 1 || edge.right > right + 1);
    }).map((node) => node.outerHTML.slice(0, 120));
}"""
OPEN_DETAILS = "figure => figure.querySelectorAll('details').forEach((d) => (d.open = true))"


def test_the_traits_are_the_fields_of_the_table():
    for kind in KINDS:
        own = set(kind.class_traits(sync=True)) & set(vars(kind)) - {"kind"}
        assert own == set(kind.table["fields"]), kind.__name__
        assert kind.fits.trait_names == tuple(kind.table["fields"]), kind.__name__


@every
@languages
def test_every_preset_shows_the_numbers_of_python(open_explorer, kind, lang):
    use_language(lang)
    _, figure = open_explorer(kind(), viewport={"width": 1280, "height": 900})
    for preset in kind().presets:
        figure.locator('[data-role="preset"]').select_option(preset)
        explorer = kind(preset=preset)
        assert_shows(figure, explorer)
        assert figure.locator(".lstm-x-preset-note").inner_text().strip()


# All that a figure says: its texts but for subscripts, which have commas of their own, and the
# names of its controls.
SAID = """figure => {
  const texts = document.createTreeWalker(figure, NodeFilter.SHOW_TEXT);
  const names = ["aria-label", "title", "aria-valuetext"];
  const said = [...figure.querySelectorAll(names.map((name) => `[${name}]`))]
    .flatMap((node) => names.map((name) => node.getAttribute(name)));
  while (texts.nextNode()) {
    const node = texts.currentNode.parentElement;
    if (!node.closest("sub, .lstm-x-subscript, script")) said.push(texts.currentNode.data);
  }
  return said.filter(Boolean).map((text) => text.replace(/_[^ ]+|t.[0-9],[0-9]/g, ""));
}"""


@every
@languages
def test_a_figure_writes_every_number_with_a_point(open_explorer, kind, lang):
    """In both languages, as code does: texts, tables, names and what is said aloud."""
    page, figure = open_explorer(kind(lang=lang), viewport={"width": 1280, "height": 900})
    figure.evaluate(OPEN_DETAILS)
    percent = "\N{NO-BREAK SPACE}%" if lang == "es" else "%"
    said = figure.locator('[aria-live="polite"]')

    def look():
        settle(figure)
        for text in figure.evaluate(SAID):
            assert not re.search(r"\d,\d", text), text
        for note in figure.locator(".lstm-x-preset-note, .lstm-x-story").all_inner_texts():
            for before in re.findall(r"\d(\D?%)", note):
                assert before == percent, note

    for preset in kind().presets:
        figure.locator('[data-role="preset"]').select_option(preset)
        look()
    stop = figure.locator(".lstm-x-quantity[tabindex='0']")
    for _ in range(12):
        stop.focus()
        page.keyboard.press("ArrowRight")
        look()
    figure.locator('[data-role="slider"]:visible').first.press("End")
    expect(said).to_contain_text(re.compile(r"\d"))
    look()
    if (act := figure.locator('button[data-role="act"]:visible')).count():
        act.first.click()
        look()


STATES_OF_A_COMMA = {"error.expected.comma", "error.hint.comma", "commas"}


def test_the_tables_write_numbers_with_a_point():
    shared = {
        key: words
        for key, words in read_strings().items()
        if re.match(r"(ui|error)\.", key) and key not in STATES_OF_A_COMMA
    }
    for kind in KINDS:
        table = kind.table
        own = {k: v for k, v in table["strings"].items() if k not in STATES_OF_A_COMMA}
        words = [table["title"], *own.values(), *shared.values()]
        words += [preset[part] for preset in table["presets"] for part in ("title", "note")]
        for both in words:
            for text in both.values():
                assert not re.search(r"\d,\d", text), text


def read_strings():
    return json.loads((ROOT / "lstm_edu" / "strings.json").read_text(encoding="utf-8"))


def fields_of(figure):
    """The names of the fields in view."""
    return figure.locator('[data-role="field"]:visible').evaluate_all(
        "fields => fields.map(({dataset}) => dataset.name)"
    )


def enter(page, field, text, how):
    """Write a text into a field, key by key or in one go, and leave it."""
    field.focus()
    field.press("Control+a")
    if how == "typed":
        page.keyboard.type(text)
    else:
        page.keyboard.insert_text(text)
    field.press("Enter")


@every
@pytest.mark.parametrize("how", ["typed", "pasted"])
def test_a_decimal_comma_is_a_decimal_in_spanish(open_explorer, kind, how):
    page, figure = open_explorer(kind(lang="es"), viewport={"width": 1280, "height": 900})
    explorer = kind(lang="es")
    for name in fields_of(figure):
        field, limits = control(figure, name), explorer.table["fields"][name.split(".")[0]]
        if limits["type"] == "integer":
            before = field.input_value()
            enter(page, field, "2,5", how)  # a number, but not a whole one
            expect(figure.locator('[role="alert"]')).to_contain_text("se esperaba un entero")
            kept = re.compile(rf"anterior, {before}\.\D*$")
            expect(figure.locator('[role="alert"]')).to_contain_text(kept)
            expect(field).to_have_value(before)
            continue
        enter(page, field, "0,75", how)
        expect(field).to_have_value("0.75")
        assign(explorer, name, 0.75)
        expect(figure.locator('[role="alert"]')).to_be_hidden()
        for text in ("1.234,5", "1,234.5", "1,2,3"):
            enter(page, field, text, how)
            expect(figure.locator('[role="alert"]')).to_contain_text("una sola coma")
            expect(field).to_have_value("0.75")
    assert_shows(figure, explorer)


@every
@pytest.mark.parametrize("how", ["typed", "pasted"])
def test_a_decimal_comma_is_refused_in_words_in_english(open_explorer, kind, how):
    page, figure = open_explorer(kind(lang="en"), viewport={"width": 1280, "height": 900})
    for name in fields_of(figure):
        field = control(figure, name)
        before = field.input_value()
        for text in ("0,75", "1,234.5"):
            enter(page, field, text, how)
            expect(figure.locator('[role="alert"]')).to_contain_text("no comma")
            expect(figure.locator('[role="alert"]')).to_contain_text(text)
            expect(field).to_have_value(before)
    assert_shows(figure, kind(lang="en"))


@every
def test_a_slider_and_a_field_say_what_they_are(open_explorer, kind):
    _, figure = open_explorer(kind(lang="en"), viewport={"width": 1280, "height": 900})
    controls = figure.locator('[data-role="field"], [data-role="slider"]')
    labels = controls.evaluate_all("all => all.map((one) => one.getAttribute('aria-label'))")
    assert all(re.match(r"\w.*: ", label) for label in labels), labels


@every
def test_limits_are_written_with_a_minus_sign(open_explorer, kind):
    page, figure = open_explorer(kind(lang="en"), viewport={"width": 1280, "height": 900})
    for name in fields_of(figure):
        limits = kind.table["fields"][name.split(".")[0]]
        if limits["type"] == "number" and limits["min"] < 0:
            enter(page, control(figure, name), "5000", "typed")
            bounds = f"from −{-limits['min']} to {limits['max']};"
            expect(figure.locator('[role="alert"]')).to_contain_text(bounds)


@every
def test_a_field_steps_with_the_arrows_and_says_where_it_is(open_explorer, kind):
    _, figure = open_explorer(kind(lang="en"), viewport={"width": 1280, "height": 900})
    for name in fields_of(figure):
        if name in kind.table["sizes"]:
            continue  # fewer steps and more again do not bring back what was in them
        limits = kind.table["fields"][name.split(".")[0]]
        field, slider = control(figure, name), control(figure, name, "slider")
        assert field.get_attribute("role") == "spinbutton"
        start = float(field.input_value())
        field.press("ArrowUp")
        up = float(field.input_value())
        high = limits["max"] if limits["type"] != "array" else np.inf
        assert up == pytest.approx(min(high, start + limits.get("step", 1)), abs=1e-9)
        field.press("ArrowDown")
        field.press("ArrowDown")
        low = limits["min"] if limits["type"] != "array" else -np.inf
        down = float(field.input_value())
        assert down == pytest.approx(max(low, up - 2 * limits.get("step", 1)), abs=1e-9)
        assert float(field.get_attribute("aria-valuenow")) == down
        if limits["min"] <= down <= limits["max"]:
            assert float(slider.input_value()) == pytest.approx(down, abs=limits.get("step", 1))
        field.fill(str(start))
        field.press("Enter")
    assert_shows(figure, kind(lang="en"))


def new_value(explorer, name, step):
    """Another value for a number, within its slider: none that any number has yet."""
    field = explorer.table["fields"][name.split(".")[0]]
    low, high = max(field["min"], -3), min(field["max"], 3)
    value = low + (high - low) * ((0.37 + 0.618 * step) % 1)
    return round(value) if field["type"] == "integer" else round(value, 3)


def assign(explorer, name, value):
    """Do in Python what typing into a field does."""
    key, *index = name.split(".")
    if index:
        array = getattr(explorer, key).copy()
        array[tuple(map(int, index))] = value
        value = array
    setattr(explorer, key, value)


@every
def test_every_field_moves_its_own_number(open_explorer, kind):
    _, figure = open_explorer(kind(lang="en"), viewport={"width": 1280, "height": 900})
    explorer = kind(lang="en")
    names = figure.locator('[data-role="field"]:visible').evaluate_all(
        "fields => fields.map(({dataset}) => dataset.name)"
    )
    assert len(set(names)) == len(names)
    for step, name in enumerate(names):
        if name in explorer.table["sizes"]:
            continue
        value = new_value(explorer, name, step)
        type_number(figure, name, value)
        assign(explorer, name, value)
        expect(control(figure, name, "slider")).to_have_attribute("aria-label", re.compile(r"\w"))
    assert_shows(figure, explorer)


@every
def test_a_slider_moves_with_the_keyboard_and_the_change_is_said(open_explorer, kind):
    _, figure = open_explorer(kind(lang="es"))
    explorer = kind(lang="es")
    slider = figure.locator('[data-role="slider"]:visible').first
    name = slider.get_attribute("data-name")
    before = float(slider.input_value())
    slider.press("ArrowRight")
    if float(slider.input_value()) == before:
        slider.press("ArrowLeft")
    value = float(slider.input_value())
    assert value != before
    if explorer.table["fields"][name.split(".")[0]]["type"] == "integer":
        value = int(value)
    if name not in explorer.table["sizes"]:
        assign(explorer, name, value)
        assert_shows(figure, explorer)
    expect(figure.locator('[aria-live="polite"]')).to_contain_text(re.compile(r"\d"))


@every
def test_a_state_travels_by_link_and_a_broken_link_says_why(open_explorer, kind):
    page, figure = open_explorer(kind(lang="es"))
    last = kind().presets[-1]
    figure.locator('[data-role="preset"]').select_option(last)
    page.wait_for_function("location.hash !== ''")
    fragment = page.evaluate("location.hash")
    _, again = open_explorer(kind(lang="en"), fragment=fragment)
    assert_shows(again, kind(preset=last, lang="en"))
    for broken in ("preset=none", "lang=fr", "__proto__=1"):
        _, figure = open_explorer(kind(lang="es"), fragment=f"#{kind().name}?{broken}")
        expect(figure.locator('[role="alert"]')).to_contain_text("se esperaba")
        assert_shows(figure, kind(lang="es"))


@every
def test_the_numbers_can_be_asked_with_the_keyboard(open_explorer, kind):
    page, figure = open_explorer(kind(lang="en"), viewport={"width": 1280, "height": 900})
    expect(figure.locator(".lstm-x-quantity[tabindex='0']")).to_have_count(1)
    stop = figure.locator(".lstm-x-quantity[tabindex='0']")
    stop.focus()
    first = figure.locator(".lstm-x-detail").inner_text()
    page.keyboard.press("ArrowRight")
    second = figure.locator(".lstm-x-detail").inner_text()
    assert first != second
    assert "=" in first + second
    expect(figure.locator('[aria-live="polite"]')).to_contain_text(re.compile(r"\w"))


@every
@languages
@pytest.mark.parametrize("width", [320, 360, 1280])
def test_nothing_sticks_out(open_explorer, kind, lang, width):
    page, figure = open_explorer(kind(lang=lang), viewport={"width": width, "height": 800})
    for preset in kind().presets:
        figure.locator('[data-role="preset"]').select_option(preset)
        figure.evaluate(NEXT_FRAME)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, preset
        assert figure.evaluate("figure => figure.scrollWidth - figure.clientWidth") <= 1, preset
        assert figure.evaluate(CUT) == [], preset
        assert figure.evaluate(OUT) == [], preset


# Printing runs no script: the drawing keeps the size that it had on the screen.
NO_LAYOUT = "window.ResizeObserver = class { observe() {} disconnect() {} }"
UNPRINTED = """figure => {
  const seen = (node) => node.checkVisibility({ visibilityProperty: true });
  const box = figure.getBoundingClientRect();
  const numbers = [...figure.querySelectorAll("[data-name][data-value]")];
  const lost = numbers.filter((node) => {
    if (node.closest("[hidden]")) return false;
    const text = node.querySelector("text.lstm-x-value"); // empty where a bar is too narrow
    const shown = text?.textContent ? text : node;
    const { left, right, width, height } = shown.getBoundingClientRect();
    return !seen(node) || !width || !height || left < box.left - 1 || right > box.right + 1;
  });
  const moving = ":is(input:not([data-role=field]), button:not(.lstm-x-quantity), textarea)";
  const native = "select, input[data-role=field], button";
  const chrome = [...figure.querySelectorAll(native)].filter((node) => {
    const { appearance, borderStyle, boxShadow, backgroundColor } = getComputedStyle(node);
    return [appearance, borderStyle, boxShadow].some((value) => value !== "none") ||
      backgroundColor !== "rgba(0, 0, 0, 0)";
  });
  const shown = [...figure.querySelectorAll(moving), ...chrome].filter(seen);
  const scrolled = [...figure.querySelectorAll("*")].filter((node) =>
    getComputedStyle(node).overflowX === "auto" && node.scrollWidth > node.clientWidth);
  return {
    lost: lost.map(({ dataset }) => dataset.name),
    controls: shown.map((node) => node.outerHTML),
    scrolled: scrolled.map((node) => node.outerHTML.slice(0, 99)),
  };
}"""


@every
@pytest.mark.parametrize("width", [390, 1280])
def test_on_paper_it_is_a_figure_with_its_numbers(open_explorer, kind, width):
    """In the light colours of a dark page, whole, and with nothing to move."""
    page, figure = open_explorer(
        kind(lang="es"),
        theme="dark",
        viewport={"width": width, "height": 900},
        init_script=NO_LAYOUT,
    )
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 990})
    for preset in kind().presets:
        figure.locator('[data-role="preset"]').select_option(preset)
        figure.evaluate(NEXT_FRAME)
        assert figure.evaluate(UNPRINTED) == {"lost": [], "controls": [], "scrolled": []}, preset
        assert page.evaluate("document.documentElement.scrollWidth") <= 700, preset
        assert_shows(figure, kind(preset=preset))
    box = figure.locator(".lstm-explorer")
    expect(box).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(box).to_have_css("color", "rgb(31, 35, 40)")


# The texts of a drawing that are small, that lie upon another, or stick out of it.
CROWDED = """figure => {
  const texts = [...figure.querySelectorAll("svg.lstm-x-svg text")].filter((text) =>
    text.textContent.trim() && text.checkVisibility() && !text.closest("[hidden]"));
  const boxes = texts.map((text) => {
    const { left, right, top, bottom } = text.getBoundingClientRect();
    const size = parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a;
    return { left, right, top: top + 0.18 * size, bottom: bottom - 0.22 * size, size, text };
  });
  const crowded = boxes.flatMap((a, k) => {
    // A drawing that is scrolled in a box of its own is as wide as it needs to be.
    const whole = (a.text.closest(".lstm-x-scroll svg") ?? figure).getBoundingClientRect();
    const upon = boxes.slice(k + 1).filter((b) =>
      Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
      Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1);
    return [
      ...(a.size < 10 ? [`${a.text.textContent}: ${a.size} px`] : []),
      ...(a.left < whole.left || a.right > whole.right
        ? [`${a.text.textContent} sticks out`] : []),
      ...upon.map((b) => `${a.text.textContent} lies upon ${b.text.textContent}`),
    ];
  });
  return crowded.slice(0, 5);
}"""


@every
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_every_text_of_a_drawing_can_be_read(open_explorer, kind, width):
    page, figure = open_explorer(
        kind(lang="es"), viewport={"width": width, "height": 800}, reduced_motion="reduce"
    )
    for preset in kind().presets:
        figure.locator('[data-role="preset"]').select_option(preset)
        figure.evaluate(NEXT_FRAME)
        assert figure.evaluate(CROWDED) == [], preset
        assert page.evaluate("document.documentElement.scrollWidth") <= width, preset


@pytest.mark.parametrize("width", [320, 1280])
def test_the_numbers_of_a_gate_stay_apart_wherever_they_are(open_explorer, width):
    gate = figures.GateExplorer(preset="half", lang="en")
    _, figure = open_explorer(gate, viewport={"width": width, "height": 800})
    for bias in np.arange(-9, 9, 0.6):
        type_number(figure, "b", round(bias, 1))
        assert figure.evaluate(CROWDED) == [], bias


@pytest.mark.parametrize("framework", ["pytorch", "onnx"])
@pytest.mark.parametrize("preset", ["numbered", "largest"])
def test_no_array_is_out_of_sight_on_a_phone(open_explorer, framework, preset):
    layout = figures.LayoutExplorer(preset=preset, framework=framework)
    for width in (320, 390):
        _, figure = open_explorer(layout, viewport={"width": width, "height": 800})
        box = figure.locator(".lstm-x-scroll")
        assert box.evaluate("box => box.scrollWidth - box.clientWidth") <= 0
        assert_shows(figure, layout, {"b.0", "b_hh.0"})


@every
def test_without_scripts_there_is_a_table(open_page, tmp_path, kind):
    from explorer_pages import page_of

    path = tmp_path / "plain.html"
    path.write_text(page_of(kind(lang="es")), encoding="utf-8")
    page = open_page(path.as_uri(), java_script_enabled=False)
    assert page.locator("lstm-explorer table td").count() >= 2


@every
def test_unknown_names_and_presets_are_refused(kind):
    with pytest.raises(StateError, match="expected any of"):
        kind(nonsense=1)
    with pytest.raises(StateError, match="preset: expected one of"):
        kind(preset="none")


def test_joined_explorers_move_together(open_explorer):
    one, two = (figures.CellExplorer(name=name, lang="en") for name in ("one", "two"))
    two.load_preset("keep")
    join(one, two, "x", "h_prev")
    page, figure = open_explorer(one, two)
    other = page.locator("lstm-explorer#two")
    type_number(figure, "x.0", 1.25)
    one.x = [1.25, one.x[1]]
    assert two.x.tolist() == one.x.tolist()
    assert_shows(figure, one)
    assert_shows(other, two)
    type_number(other, "h_prev.1", -0.5)
    two.h_prev = [two.h_prev[0], -0.5]
    np.testing.assert_array_equal(one.h_prev, two.h_prev)
    assert_shows(figure, one)
    assert_shows(other, two)


def test_a_compact_cell_is_its_drawing_and_its_sliders(open_explorer):
    one = [[0.9, 0.6, 0.8, 0.5]]
    cell = figures.CellExplorer(
        W=one, U=one, b=one[0], x=[0.5], h_prev=[0.3], c_prev=[0.8], unit=0, step=0, lang="en"
    )
    page, figure = open_explorer(cell, viewport={"width": 1116, "height": 600})
    figure.evaluate("figure => figure.toggleAttribute('compact')")
    figure.evaluate(NEXT_FRAME)
    assert figure.bounding_box()["height"] <= 430
    controls = figure.locator(":is(select, button, input):visible")
    names = controls.evaluate_all("controls => controls.map(({dataset: d}) => d.name + d.role)")
    inputs = ("x.0", "h_prev.0", "c_prev.0")
    assert sorted(names) == sorted(name + role for name in inputs for role in ("field", "slider"))
    for name in inputs:
        type_number(figure, name, -0.75)
        assign(cell, name, -0.75)
    assert_shows(figure.locator("svg[role=toolbar]"), cell, {"f", "i", "g", "o", "c", "h"})
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        figure.evaluate(NEXT_FRAME)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_an_element_without_a_state_opens_with_the_first_preset(open_page, tmp_path):
    from explorer_pages import page_of

    cell = figures.CellExplorer(lang="en")
    path = tmp_path / "bare.html"
    bare = re.sub(r"<script type=.*</table>", "", page_of(cell))
    path.write_text(bare, encoding="utf-8")
    figure = open_page(path.as_uri()).locator("lstm-explorer")
    figure.locator(".lstm-explorer").wait_for()
    assert_shows(figure, cell, {"c", "h"})


@pytest.fixture(scope="module")
def front_end():
    """The front-end over http, for what is mounted as in Jupyter."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), monkey.Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@every
def test_anything_at_all_may_be_done(open_page, front_end, kind):
    """Random operations: no exception, no console error, no NaN, and nothing left in memory."""
    page = open_page("about:blank", viewport={"width": 1280, "height": 900})
    monkey.mount(page, front_end, kind(lang="es"))
    session = page.context.new_cdp_session(page)
    assert monkey.play(page, 150, seed=1) == []
    _, nodes, listeners = monkey.memory(page, session)
    assert monkey.play(page, 250, seed=2) == []
    _, nodes_after, listeners_after = monkey.memory(page, session)
    assert nodes_after < 1.5 * nodes + 500
    assert listeners_after < 1.5 * listeners + 50
    page.evaluate("window.unmount()")
    assert page.locator(".lstm-explorer").count() == 0


@every
def test_a_language_changed_while_a_field_holds_no_number(open_page, front_end, kind):
    """The field is taken away and says so halfway through the drawing: nothing is built twice."""
    page = open_page("about:blank")
    monkey.mount(page, front_end, kind(lang="es"))
    session = page.context.new_cdp_session(page)
    fields = page.locator('input[data-role="field"]:visible')
    listeners = []
    for lang in ("en", "es", "en", "es"):
        if fields.count():
            fields.first.focus()
            fields.first.press("Control+a")
            fields.first.press("-")
        page.evaluate("lang => window.speak(lang)", lang)
        page.locator(f'.lstm-explorer[lang="{lang}"]').wait_for()
        page.locator(".lstm-explorer").evaluate(NEXT_FRAME)
        session.send("HeapProfiler.collectGarbage")
        listeners.append(session.send("Memory.getDOMCounters")["jsEventListeners"])
    assert listeners[3] == listeners[1]


@every
@languages
def test_accessibility(open_explorer, node_modules, kind, lang):
    """No violation of WCAG 2.2 A or AA that axe-core can see, wide and narrow, light and dark."""
    page, figure = open_explorer(kind(lang=lang))
    page.add_script_tag(path=node_modules / "axe-core" / "axe.min.js")
    figure.evaluate(OPEN_DETAILS)
    for theme in ("light", "dark"):
        page.evaluate("theme => (document.documentElement.dataset.theme = theme)", theme)
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            figure.evaluate(NEXT_FRAME)
            found = page.evaluate(FIND_VIOLATIONS, "lstm-explorer")
            assert found == [], "\n".join([f"{theme}, {width} px", *found])
