"""The cell explorer's variants: in Python against plain NumPy, and in a real browser."""

import numpy as np
import pytest
from explorer_pages import assert_shows, type_number

from lstm_edu import CellExplorer, variants
from lstm_edu.figures import StateError

VARIANTS = CellExplorer.table["fields"]["variant"]["options"]
PRESETS = {
    preset["name"]: preset["variant"]
    for preset in CellExplorer.table["presets"]
    if "variant" in preset
}
rng = np.random.default_rng(8)


def sigma(z):
    return 1 / (1 + np.exp(-z))


def plain(explorer):
    """The step by the definitions, unit by unit."""
    state, H = explorer, len(explorer.U)
    z = state.x @ state.W + state.h_prev @ state.U + state.b
    if state.variant == "full_peephole_lstm":
        z = z + state.c_prev @ state.V
    z_i, z_f, z_g, z_o = (z[k * H : (k + 1) * H] for k in range(4))
    p = state.p if state.variant == "peephole_lstm" else np.zeros((3, H))
    f = sigma(z_f + p[1] * state.c_prev)
    i = 1 - f if state.variant == "coupled_lstm" else sigma(z_i + p[0] * state.c_prev)
    c = f * state.c_prev + i * np.tanh(z_g)
    o = sigma(z_o + p[2] * c)
    return {"i": i, "f": f, "g": np.tanh(z_g), "o": o, "c": c, "h": o * np.tanh(c)}


def some(variant):
    """The largest cell of a variant, with numbers of both signs."""
    D, H = 3, 4
    shapes = {"W": (D, 4 * H), "U": (H, 4 * H), "b": 4 * H, "x": D, "h_prev": H, "c_prev": H}
    shapes |= {"p": (3, H), "V": (H, 4 * H)}
    arrays = {name: rng.normal(size=shape).round(2) for name, shape in shapes.items()}
    arrays["h_prev"] = np.clip(arrays["h_prev"], -1, 1)
    return CellExplorer(variant=variant, unit=2, lang="en", **arrays)


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_result_is_the_definition(variant):
    explorer = some(variant)
    for name, values in plain(explorer).items():
        np.testing.assert_allclose(getattr(explorer.result, name), values, rtol=1e-12)
        np.testing.assert_allclose(explorer.numbers()[f"{name}.3"], values[3], rtol=1e-12)


@pytest.mark.parametrize("variant", VARIANTS)
def test_params_go_in_and_come_out(variant):
    cell = variants.ALL[variant]
    params = cell.params(**{n: rng.normal(size=s) for n, s in cell.shapes(2, 3).items()})
    explorer = CellExplorer(params)
    assert explorer.variant == variant
    assert type(explorer.params) is type(params)
    for given, kept in zip(params, explorer.params, strict=True):
        np.testing.assert_array_equal(given, kept)


def test_a_variant_keeps_the_numbers_and_gets_its_own_array():
    explorer = CellExplorer()
    before = explorer.state
    assert not {"variant", "p", "V"} & set(before)
    for variant in VARIANTS[1:]:
        explorer.variant = variant
    assert not explorer.p.any()
    assert not explorer.V.any()
    explorer.variant = "lstm"
    assert {name: explorer.state[name] for name in before} == before
    explorer.load_preset("start")
    assert explorer.state == before


def test_what_does_not_fit_is_refused():
    explorer = CellExplorer(variant="peephole_lstm")
    with pytest.raises(StateError, match="p: expected shape"):
        explorer.p = [[1, 2]]
    with pytest.raises(StateError, match="variant: expected one of lstm"):
        explorer.variant = "gru"
    with pytest.raises(StateError, match="V: expected shape"):
        explorer.V = np.zeros((2, 6))


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_page_shows_the_variant(open_explorer, variant):
    explorer = some(variant)
    page, figure = open_explorer(explorer, viewport={"width": 1280, "height": 900})
    chief = ["z_f", "i", "f", "c", "h", "W.2.6*x.2"]
    if variant == "peephole_lstm":
        type_number(figure, "p.2.2", 1.5)
        explorer.p = np.where(np.arange(12).reshape(3, 4) == 10, 1.5, explorer.p)
        chief += ["p.1.2*c_prev.2", "p.2.2*c.2"]
    elif variant == "full_peephole_lstm":
        type_number(figure, "V.3.6", -2)
        explorer.V = np.where(np.arange(64).reshape(4, 16) == 54, -2, explorer.V)
        chief += ["V.0.2*c_prev.0", "V.3.14*c_prev.3"]
    type_number(figure, "c_prev.2", 1.25)
    explorer.c_prev = [*explorer.c_prev[:2], 1.25, explorer.c_prev[3]]
    assert_shows(figure, explorer, chief=chief)
    names = figure.locator('[data-role="field"]').evaluate_all("f => f.map((e) => e.dataset.name)")
    assert len(set(names)) == len(names)
    assert ("z_i" in page.content()) == (variant != "coupled_lstm")
    figure.locator('.lstm-x-quantity[data-name="i"]').focus()
    assert "=" in figure.locator(".lstm-x-detail").inner_text()


def test_switching_in_the_browser_keeps_the_numbers(open_explorer):
    _, figure = open_explorer(CellExplorer(lang="en"), viewport={"width": 1280, "height": 900})
    choice = figure.locator('select[data-name="variant"]')
    for variant in [*VARIANTS[1:], "lstm"]:
        choice.select_option(variant)
        assert_shows(figure, CellExplorer(variant=variant, lang="en"))
    choice.select_option("peephole_lstm")
    for letter, size in (("H", "4"), ("H", "1"), ("D", "3")):
        figure.locator(f'[data-role="size"][data-name="{letter}"]').select_option(size)
    type_number(figure, "p.1.0", -3)
    assert figure.locator('[data-name="p.1.0*c_prev.0"]').inner_text()


def test_a_link_carries_a_variant(open_explorer):
    _, figure = open_explorer(
        CellExplorer(lang="en"), fragment="#cell?variant=peephole_lstm&p=1,0;0,2;0,0"
    )
    assert_shows(
        figure, CellExplorer(lang="en", variant="peephole_lstm", p=[[1, 0], [0, 2], [0, 0]])
    )
    for preset, variant in PRESETS.items():
        explorer = CellExplorer(preset=preset, lang="en")
        assert explorer.variant == variant
        _, figure = open_explorer(explorer)
        assert_shows(figure, explorer)


def test_what_a_moving_slider_leaves_for_later_is_there_in_a_moment(open_explorer):
    page, figure = open_explorer(CellExplorer(lang="en"), viewport={"width": 1280, "height": 900})
    slider = figure.locator('[data-name="x.0"][data-role="slider"]')
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2, steps=5)
    page.wait_for_timeout(400)
    explorer = CellExplorer(lang="en")
    explorer.x = [float(slider.input_value()), explorer.x[1]]
    assert_shows(figure, explorer)  # the mouse is still down
    label = figure.locator('.lstm-x-quantity[data-name="h"]').get_attribute("aria-label")
    assert figure.locator('.lstm-x-quantity[data-name="h"] .lstm-x-value').inner_html() in label
    page.mouse.up()
