"""The way back of the cell's figure: against Python's own gradients, measured, and in a browser."""

import re

import numpy as np
import pytest
from browsing import FIND_VIOLATIONS
from explorer_pages import NEXT_FRAME, assert_shows, control, type_number
from playwright.sync_api import expect
from test_every_explorer import CROWDED, CUT, NO_LAYOUT, OPEN_DETAILS, OUT, UNPRINTED

from lstm_edu import CellExplorer, LSTMParams, lstm_step, lstm_step_backward, variants
from lstm_edu.figures import StateError, cell
from lstm_edu.language import LANGUAGES

VARIANTS = CellExplorer.table["fields"]["variant"]["options"]
PRESETS = [preset["name"] for preset in CellExplorer.table["presets"]]
WIDE = {"width": 1280, "height": 900}


def some(variant="lstm", D=3, H=4, unit=2, **state):
    """A cell on its way back, with numbers of both signs."""
    rng = np.random.default_rng(9)
    shapes = {"W": (D, 4 * H), "U": (H, 4 * H), "b": 4 * H, "x": D, "h_prev": H, "c_prev": H}
    shapes |= {"p": (3, H), "V": (H, 4 * H), "dh": H, "dc": H}
    arrays = {name: rng.normal(size=shape).round(2) for name, shape in shapes.items()}
    arrays["h_prev"] = np.clip(arrays["h_prev"], -1, 1)
    given = {"variant": variant, "way": "back", "unit": unit, "lang": "en"} | arrays
    return CellExplorer(**given | state)


# --- in Python ---------------------------------------------------------------------------------


def test_the_gradients_are_those_of_lstm_step_backward():
    explorer = some()
    params = LSTMParams(explorer.W, explorer.U, explorer.b)
    step = lstm_step(explorer.x, explorer.h_prev, explorer.c_prev, params)
    wanted = lstm_step_backward(step, explorer.dh, explorer.dc, params)
    numbers = explorer.numbers()
    for name, array in wanted._asdict().items():
        np.testing.assert_array_equal(getattr(explorer.gradients, name), array)
        for place, value in np.ndenumerate(array):
            assert numbers[".".join([name, *map(str, place)])] == value
    for k, block in enumerate("ifgo"):
        assert numbers[f"dz_{block}.1"] == wanted.db[4 * k + 1]
        assert numbers[f"dz_{block}"] == wanted.db[4 * k + 2]


def every_number(explorer):
    """What can be moved, each with its place."""
    for name in cell.MOVED:
        array = getattr(explorer, name, None)
        if name in "WUbxh_prevc_prevpV" and hasattr(explorer, name):
            used = {"p": "peephole_lstm", "V": "full_peephole_lstm"}.get(name, explorer.variant)
            if array is None or used != explorer.variant:
                continue
            for place in np.ndindex(array.shape):
                blocks = name in "WUbV" and explorer.variant == "coupled_lstm"
                if not (blocks and place[-1] < len(explorer.U)):
                    yield name, place
        elif name != "z_i" or explorer.variant != "coupled_lstm":
            yield from ((name, (unit,)) for unit in range(len(explorer.U)))


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_gradient_is_what_a_finite_difference_measures(variant):
    explorer, count = some(variant, D=2, H=3), 0
    for name, place in every_number(explorer):
        found = explorer.finite_difference(name, *place)
        assert found["measured"] == pytest.approx(found["exact"], rel=1e-7, abs=1e-9), (name, place)
        assert found["plus"] != found["minus"] or found["exact"] == 0
        count += 1
    assert count >= 80


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_loss_that_is_measured_is_that_of_the_step(variant):
    explorer = some(variant)
    step = explorer.result
    assert explorer._loss("nothing", (), 0) == pytest.approx(
        explorer.dh @ step.h + explorer.dc @ step.c, rel=1e-13
    )


def test_a_number_that_is_not_there_is_refused():
    explorer = CellExplorer()
    for name, index in (("W", ()), ("W", (0, 8)), ("q", (0,)), ("p", (0, 0)), ("dc", (0,))):
        with pytest.raises(ValueError, match="name and index: expected one of W, U"):
            explorer.finite_difference(name, *index)
    assert explorer.finite_difference("f") == explorer.finite_difference("f", explorer.unit)


def test_what_reaches_h_and_c_follows_the_units():
    explorer = CellExplorer()
    assert (explorer.dh.tolist(), explorer.dc.tolist()) == ([1, 1], [0, 0])
    assert not {"way", "dh", "dc"} & set(explorer.state)
    explorer.dh = [0.5, -1]
    explorer.load_preset("forget")
    assert explorer.dh.tolist() == [0.5, -1]  # what is looked at: presets leave it alone
    explorer.load_preset("vector")
    assert (explorer.dh.tolist(), explorer.dc.tolist()) == ([1, 1, 1], [0, 0, 0])
    params = LSTMParams(np.ones((1, 16)), np.ones((4, 16)))
    assert CellExplorer(params).dh.tolist() == [1] * 4
    assert CellExplorer(params, dc=[1, 2, 3, 4]).dc.tolist() == [1, 2, 3, 4]
    for bad in ({"dh": [1, 2, 3]}, {"dc": [np.nan, 0]}, {"way": "backward"}):
        with pytest.raises(StateError, match=f"{next(iter(bad))}: expected"):
            CellExplorer(**bad)


# --- in the browser ----------------------------------------------------------------------------

CHIEF = ["dh", "do", "dtanh_c", "dc", "dc_total", "dg", "df", "di", "dz_f", "dc_prev", "dx.0"]


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_equation_has_two_signs_in_a_row(open_explorer, variant):
    _, figure = open_explorer(some(variant), viewport=WIDE)
    figure.evaluate(OPEN_DETAILS)
    sums = figure.locator(".lstm-x-equations").all_inner_texts()
    assert sums and not re.search(r"[+·−] −", " ".join(sums)), sums


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_page_shows_the_gradients_of_python(open_explorer, variant):
    explorer = some(variant)
    _, figure = open_explorer(explorer, viewport=WIDE)
    figure.evaluate(OPEN_DETAILS)
    chief = [*CHIEF, "dh_prev.3", "dW.2.6", "dU.3.14", "db.10", "dz_o.3", "dc_prev.0"]
    chief += {"peephole_lstm": ["dp.2.2"], "full_peephole_lstm": ["dV.1.10"]}.get(variant, [])
    assert_shows(figure, explorer, chief)
    for name, value in (("dh.2", -0.5), ("dc.2", 1.25), ("x.1", 0.75), ("c_prev.2", -1.5)):
        type_number(figure, name, value)
        key, k = name.split(".")
        array = getattr(explorer, key).copy()
        array[int(k)] = value
        setattr(explorer, key, array)
    assert_shows(figure, explorer, chief)
    for unit in (0, 3):
        figure.locator(f'[data-name="unit"][value="{unit}"]').check(force=True)
        explorer.unit = unit
        assert_shows(figure, explorer, CHIEF)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_preset_goes_back(open_explorer, lang):
    _, figure = open_explorer(CellExplorer(lang=lang), viewport=WIDE)
    figure.locator('[data-name="way"][value="back"]').check(force=True)
    assert "dc" in figure.locator(".lstm-x-sentence").inner_text()
    for preset in PRESETS:
        figure.locator('[data-role="preset"]').select_option(preset)
        assert_shows(figure, CellExplorer(preset=preset, way="back"), CHIEF)
    figure.locator('[data-name="way"][value="forward"]').check(force=True)
    assert_shows(figure, CellExplorer(preset=PRESETS[-1]), ["c", "h"])


def test_it_walks_back_in_six_steps(open_explorer):
    explorer = some()
    _, figure = open_explorer(explorer, viewport=WIDE)
    sentence, said = figure.locator(".lstm-x-sentence"), figure.locator('[aria-live="polite"]')
    titles = []
    for step in range(1, 7):
        figure.locator('[data-role="forward"]').click()
        expect(figure.locator(f'[data-name="step"][value="{step}"]')).to_be_checked()
        explorer.step = step
        assert_shows(figure, explorer, CHIEF)
        titles.append(sentence.locator("b").inner_text())
        expect(said).to_contain_text(titles[-1].rstrip("."))
        assert re.search(r"\d", sentence.inner_text())
    assert len(set(titles)) == 6
    lit = (
        "[...document.querySelectorAll('[data-name][data-steps~=\"1\"]')].map(n => n.dataset.name)"
    )
    assert set(figure.page.evaluate(lit)) == {"dh", "do", "dtanh_c"}
    # Each way has steps of its own.
    figure.locator('[data-name="way"][value="forward"]').check(force=True)
    expect(figure.locator('[data-name="step"][value="0"]')).to_be_checked()


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_gradient_can_be_asked_for_and_measured(open_explorer, variant):
    explorer = some(variant, D=1, H=2, unit=1)
    _, figure = open_explorer(explorer, viewport=WIDE)
    places = figure.locator(".lstm-x-quantity").evaluate_all(
        "all => all.map((node) => node.dataset.name)"
    )
    assert len(set(places)) == len(places) >= 27
    button = figure.locator('[data-role="act"]')
    numbers = explorer.numbers()
    for name in places:
        item = figure.locator(f'.lstm-x-quantity[data-name="{name}"]')
        item.focus()
        detail = figure.locator(".lstm-x-detail").nth(int(bool(re.match("d[WUbpV][.]", name))))
        assert "=" in detail.inner_text(), name
        button.click()
        measured = float(figure.locator('[data-name="measured"]').get_attribute("data-value"))
        assert measured == pytest.approx(numbers[name], rel=1e-6, abs=1e-8), name
        exact = figure.locator('[data-name="exact"]').get_attribute("data-value")
        assert float(exact) == pytest.approx(numbers[name], rel=1e-12, abs=1e-12)
    expect(figure.locator('[aria-live="polite"]')).to_contain_text("L is")
    type_number(figure, "x.0", 0.3)  # what was measured is true no longer
    expect(figure.locator(".lstm-x-checked")).to_have_text("")


def test_a_value_can_be_measured_in_python_as_on_the_page(open_explorer):
    explorer = CellExplorer(way="back", lang="en")
    _, figure = open_explorer(explorer, viewport=WIDE)
    figure.locator('.lstm-x-quantity[data-name="dW.0.2"]').focus()
    figure.locator('[data-role="act"]').click()
    found = explorer.finite_difference("W", 0, 2)
    for key in ("measured", "exact"):
        shown = float(figure.locator(f'[data-name="{key}"]').get_attribute("data-value"))
        assert shown == pytest.approx(found[key], rel=1e-8)
    text = figure.locator(".lstm-x-checked").inner_text()
    assert f"{found['plus']:.10f}"[:11] in text
    assert f"{found['minus']:.10f}"[:11] in text


def test_a_link_goes_back_and_sizes_follow(open_explorer):
    page, figure = open_explorer(
        CellExplorer(lang="en"), fragment="#cell?preset=vector&way=back&dh=1,0,0&unit=2&step=3"
    )
    explorer = CellExplorer(preset="vector", way="back", dh=[1, 0, 0], unit=2, step=3, lang="en")
    assert_shows(figure, explorer, CHIEF)
    for letter, size in (("H", "4"), ("H", "1"), ("D", "2")):
        figure.locator(f'[data-role="size"][data-name="{letter}"]').select_option(size)
    expect(control(figure, "dh.0")).to_have_value("1")
    page.wait_for_function("location.hash.includes('way=back')")
    _, again = open_explorer(CellExplorer(lang="en"), fragment=page.evaluate("location.hash"))
    expect(again.locator('[data-name="way"][value="back"]')).to_be_checked()
    # Where the link has another number of units, what reaches them fits itself.
    arrays = "W=1,1,1,1&U=0,0,0,0&b=0,0,0,0&x=1&h_prev=0&c_prev=0.5"
    _, figure = open_explorer(CellExplorer(lang="en"), fragment=f"#cell?way=back&{arrays}")
    one = np.ones((1, 4))
    small = CellExplorer(LSTMParams(one, 0 * one), x=[1], c_prev=[0.5], way="back")
    assert_shows(figure, small, CHIEF)


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("width", [320, 360, 390, 1280])
def test_nothing_sticks_out_or_lies_upon_another(open_explorer, variant, width):
    for lang in LANGUAGES:
        explorer = some(variant, lang=lang)
        page, figure = open_explorer(
            explorer, viewport={"width": width, "height": 800}, reduced_motion="reduce"
        )
        for name in ("df", "dx.0"):
            figure.locator(f'.lstm-x-quantity[data-name="{name}"]').first.focus()
        figure.locator('[data-role="act"]').click()
        figure.evaluate(NEXT_FRAME)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert figure.evaluate(CUT) == []
        assert figure.evaluate(OUT) == []
        assert figure.evaluate(CROWDED) == []


def test_no_violation_on_the_way_back(open_explorer, node_modules):
    page, figure = open_explorer(some("peephole_lstm"), viewport=WIDE)
    figure.locator('.lstm-x-quantity[data-name="df"]').focus()
    figure.locator('[data-role="act"]').click()
    page.add_script_tag(path=str(node_modules / "axe-core" / "axe.min.js"))
    for theme in ("light", "dark"):
        page.evaluate("theme => (document.documentElement.dataset.theme = theme)", theme)
        assert page.evaluate(FIND_VIOLATIONS, "lstm-explorer") == []


def test_the_way_back_on_paper(open_explorer):
    explorer = some("peephole_lstm")
    page, figure = open_explorer(
        explorer, theme="dark", viewport={"width": 390, "height": 900}, init_script=NO_LAYOUT
    )
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 990})
    figure.evaluate(NEXT_FRAME)
    assert figure.evaluate(UNPRINTED) == {"lost": [], "controls": [], "scrolled": []}
    assert_shows(figure, explorer, CHIEF)


def test_the_drawing_is_moved_in_place(open_explorer):
    _, figure = open_explorer(some(), viewport=WIDE)
    figure.evaluate("figure => { figure.kept = figure.querySelector('svg[role=toolbar] g'); }")
    type_number(figure, "dh.2", 2)
    type_number(figure, "W.0.2", 2)
    assert figure.evaluate("figure => figure.kept === figure.querySelector('svg[role=toolbar] g')")


def test_without_scripts_the_gradients_are_in_the_table():
    html = some().to_html()
    assert "dc_total" in html
    assert f"{some().numbers()['dc_prev.1']:.4g}" in html


@pytest.mark.parametrize("way", ["forward", "back"])
def test_each_row_of_all_the_numbers_has_a_name_of_its_own(open_explorer, way):
    _, figure = open_explorer(some(way=way), viewport=WIDE)
    figure.evaluate(OPEN_DETAILS)
    names = figure.locator(".lstm-x-numbers-table tbody th").all_inner_texts()
    assert len(set(names)) == len(names) >= 14, names


def test_each_variant_goes_back_by_its_own_gradient():
    for variant in VARIANTS:
        explorer = some(variant)
        fields = set(explorer.gradients._fields)
        assert fields == set(variants.ALL[variant].StepGradients._fields)
