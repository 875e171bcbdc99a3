"""The live cell of chapter 4 in a real browser, offline: every number on it is lstm_edu's.

The test keeps a `CellExplorer` of its own, makes each change twice, by mouse or key on the page and
by assignment in Python, and then reads every number off the page.
"""

import json
import re

import pytest
from explorer_pages import NEXT_FRAME, assert_shows, control
from playwright.sync_api import expect

from lstm_edu import CellExplorer
from lstm_edu.language import LANGUAGES

PRESETS = CellExplorer.table["presets"]

CHAPTER = "chapters/{lang}/04_inside_the_cell.html"
CHIEF = {"f", "i", "g", "o", "c", "h", "z_f", "f*c_prev", "i*g", "tanh_c", "h.0"}


@pytest.fixture
def address(request, book):
    """The start of the book's addresses: from a folder, or over http where a test asks for it."""
    if getattr(request, "param", "file") == "http":
        return request.getfixturevalue("served")
    return book.as_uri() + "/"


both_ways = pytest.mark.parametrize("address", ["http", "file"], indirect=True)


@pytest.fixture
def open_cell(open_page, address):
    """Open the chapter in a language; return its page and its figure."""

    def open_(lang="es", fragment="", **options):
        page = open_page(f"{address}{CHAPTER.format(lang=lang)}{fragment}", **options)
        figure = page.locator("lstm-explorer#cell")
        figure.locator('[data-name="h"]').first.wait_for(state="attached")
        return page, figure

    return open_


@both_ways
@pytest.mark.parametrize("lang", LANGUAGES)
def test_sliders_by_mouse_and_keyboard(open_cell, lang):
    page, figure = open_cell(lang, viewport={"width": 1280, "height": 900})
    cell = CellExplorer(preset="start")
    assert_shows(figure, cell)

    slider = control(figure, "x.0", "slider")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.55, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, middle, steps=7)
    page.mouse.up()
    dragged = float(slider.input_value())
    assert 2 < dragged < 4
    cell.x = [dragged, -1]
    assert_shows(figure, cell)

    slider.press("ArrowLeft")
    assert float(slider.input_value()) == pytest.approx(dragged - 0.05)
    cell.x = [float(slider.input_value()), -1]
    assert_shows(figure, cell)

    control(figure, "U.1.2", "slider").press("Home")
    U = cell.U.copy()
    U[1, 2] = -10
    cell.U = U
    assert_shows(figure, cell)


def test_every_control_of_every_unit_moves_its_own_number(open_cell):
    _, figure = open_cell()
    cell = CellExplorer(preset="start")
    for unit in (0, 1):
        figure.locator(f'[data-name="unit"][value="{unit}"]').check(force=True)
        cell.unit = unit
        names = [f"{name}.{k}" for name in ("x", "h_prev", "c_prev") for k in (0, 1)]
        columns = [gate * 2 + unit for gate in range(4)]
        names += [f"{name}.{row}.{k}" for name in "WU" for row in (0, 1) for k in columns]
        names += [f"b.{k}" for k in columns]
        for place, name in enumerate(names):
            value = round(0.07 * (place + 1) * (-1) ** place, 2)
            field = control(figure, name, "field")
            field.fill(str(value))
            field.press("Enter")
            key, *index = name.split(".")
            array = getattr(cell, key).copy()
            array[tuple(map(int, index))] = value
            setattr(cell, key, array)
        assert_shows(figure, cell)


def test_presets_sizes_units_and_steps(open_cell):
    _, figure = open_cell()
    for preset in (preset["name"] for preset in PRESETS):
        figure.locator('[data-role="preset"]').select_option(preset)
        cell = CellExplorer(preset=preset)
        for unit in range(len(cell.U)):
            figure.locator(f'[data-name="unit"][value="{unit}"]').check(force=True)
            cell.unit = unit
            assert_shows(figure, cell)
    for step in range(1, len(CellExplorer.table["steps"])):
        figure.locator('[data-role="forward"]').click()
        expect(figure.locator(f'[data-name="step"][value="{step}"]')).to_be_checked()
    figure.locator('[data-role="back"]').click()
    expect(figure.locator('[data-name="step"][value="5"]')).to_be_checked()
    for letter, size in (("D", "3"), ("H", "4")):
        figure.locator(f'[data-role="size"][data-name="{letter}"]').select_option(size)
    unit = int(figure.locator('[data-name="unit"]:checked').get_attribute("value"))
    expect(control(figure, f"U.3.{4 * 3 + unit}", "field")).to_have_count(1)
    figure.locator('[data-role="reset"]').click()
    assert_shows(figure, CellExplorer(preset="start"))


@both_ways
def test_a_link_opens_the_figure_as_it_was_sent(open_cell):
    page, figure = open_cell()
    figure.locator('[data-role="preset"]').select_option("forget")
    field = control(figure, "x.1", "field")
    field.fill("2.5")
    field.press("Enter")
    page.wait_for_function("location.hash.startsWith('#cell?preset=forget&x=')")
    fragment = page.evaluate("location.hash")
    _, again = open_cell("en", fragment)
    cell = CellExplorer(preset="forget")
    cell.x = [0.5, 2.5]
    assert_shows(again, cell)


@pytest.mark.parametrize(
    "fragment",
    [
        "#cell?x=1",
        "#cell?x=1,2,3",
        "#cell?W=1,2;3,4",
        "#cell?preset=none",
        "#cell?step=9",
        "#cell?x=NaN,1",
        "#cell?x=1e999,1",
        "#cell?x=%3Cimg%20src=x%20onerror=document.title='hacked'%3E,1",
        "#cell?%3Cscript%3E=1",
        "#cell?__proto__=1",
        "#cell?x=%E0%A4%A,1",
    ],
)
def test_a_broken_or_hostile_link_opens_the_default_with_a_note(open_cell, fragment):
    page, figure = open_cell("es", fragment)
    note = figure.locator('[role="alert"]')
    note.wait_for()
    assert len(note.inner_text()) > 40
    assert_shows(figure, CellExplorer(preset="start"))
    assert figure.locator("img, script").count() == 0
    assert "hacked" not in page.title()


@pytest.mark.parametrize("text", ["", "1e400", "2000000"])
def test_a_field_refuses_what_is_no_number_and_keeps_the_old_one(open_cell, text):
    _, figure = open_cell()
    field = control(figure, "x.0", "field")
    field.fill(text)
    field.press("Enter")
    field.blur()
    note = figure.locator('[role="alert"]')
    note.wait_for()
    assert "entrada 1: se esperaba un número" in note.inner_text()
    expect(field).to_have_value("0.5")
    assert_shows(figure, CellExplorer(preset="start"))


def test_a_sentence_sets_the_figure_and_says_so(open_cell):
    page, figure = open_cell()
    page.locator('a[href="#cell?preset=subject&step=4"]').click()
    cell = CellExplorer(preset="subject")
    assert_shows(figure, cell)
    expect(figure.locator('[data-name="step"][value="4"]')).to_be_checked()
    expect(figure.locator('[aria-live="polite"]')).to_contain_text("0.98")


def test_a_spoiled_state_keeps_the_table_and_says_why(open_page, book, tmp_path):
    """A page whose stored state is broken: the numbers stay readable, nothing runs."""
    text = (book / CHAPTER.format(lang="es")).read_text("utf-8")
    state = re.search(r'<script type="application/json">(.*?)</script>', text)[1]
    bad = json.dumps(json.loads(state) | {"x": ["<img src=x onerror=alert(1)>", 1]})
    spoiled = book / "chapters" / "es" / "spoiled.html"
    spoiled.write_text(text.replace(state, bad.replace("<", "\\u003c")), "utf-8")
    try:
        figure = open_page(spoiled.as_uri()).locator("lstm-explorer#cell")
        figure.locator('[role="alert"]').wait_for()
        assert figure.locator("table td").count() > 8
        assert figure.locator("img").count() == 0
    finally:
        spoiled.unlink()


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_sticks_out(open_cell, width):
    page, figure = open_cell(viewport={"width": width, "height": 800})
    for letter, size in (("D", "3"), ("H", "4")):
        figure.locator(f'[data-role="size"][data-name="{letter}"]').select_option(size)
    figure.evaluate(NEXT_FRAME)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert figure.evaluate("figure => figure.scrollWidth - figure.clientWidth") <= 1
