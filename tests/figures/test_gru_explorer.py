"""The GRU explorer: in Python against plain NumPy, and in a real browser."""

import numpy as np
import pytest
from explorer_pages import assert_shows, control, type_number
from playwright.sync_api import expect

from lstm_edu import GRUExplorer, variants
from lstm_edu.figures import StateError

WIDE = {"width": 1280, "height": 900}
UNIT = ["z_u", "z_r", "z_g", "u", "r", "m", "r*m", "g", "1-u", "u*h_prev", "(1-u)*g", "h"]
rng = np.random.default_rng(9)


def sigma(z):
    return 1 / (1 + np.exp(-z))


def plain(e):
    """The step by the definitions, its matrices taken apart block by block."""
    (W_u, W_r, W_g), (U_u, U_r, U_g) = (np.split(array, 3, axis=1) for array in (e.W, e.U))
    (b_u, b_r, b_g), (c_u, c_r, c_g) = (np.split(row, 3) for row in e.b)
    x, h = e.x, e.h_prev
    z_u, z_r, m = x @ W_u + h @ U_u + b_u + c_u, x @ W_r + h @ U_r + b_r + c_r, h @ U_g + c_g
    u, r = sigma(z_u), sigma(z_r)
    z_g = x @ W_g + b_g + r * m
    g = np.tanh(z_g)
    named = {"z_u": z_u, "z_r": z_r, "z_g": z_g, "u": u, "r": r, "m": m, "r*m": r * m, "g": g}
    named |= {"1-u": 1 - u, "u*h_prev": u * h, "(1-u)*g": (1 - u) * g}
    return named | {"h": u * h + (1 - u) * g}


def some(D=3, H=4, **more):
    """A GRU with numbers of both signs."""
    shapes = {"W": (D, 3 * H), "U": (H, 3 * H), "b": (2, 3 * H), "x": D, "h_prev": H}
    arrays = {name: rng.normal(size=shape).round(2) for name, shape in shapes.items()}
    arrays["h_prev"] = np.clip(arrays["h_prev"], -1, 1)
    return GRUExplorer(lang="en", **arrays, **more)


@pytest.mark.parametrize("size", [(3, 4), (1, 1), (2, 3)])
def test_the_numbers_are_the_definition(size):
    explorer = some(*size)
    numbers = explorer.numbers()
    for name, values in plain(explorer).items():
        for k, value in enumerate(values):
            assert numbers[f"{name}.{k}"] == pytest.approx(value, rel=1e-12, abs=1e-14), name
        assert numbers[name] == numbers[f"{name}.{explorer.unit}"]
    # The columns of the table add up.
    H = size[1]
    for k, gate in enumerate("urg"):
        column = [
            value
            for name, value in numbers.items()
            if "*" in name and name[0] in "WUb" and name.split("*")[0].endswith(f".{k * H}")
        ]
        assert len(column) == sum(size) + 2
        assert sum(column) == pytest.approx(numbers[f"z_{gate}.0"], rel=1e-12, abs=1e-14)


def test_params_go_in_and_come_out():
    shapes = variants.gru.shapes(2, 3)
    params = variants.GRUParams(**{n: rng.normal(size=s) for n, s in shapes.items()})
    explorer = GRUExplorer(params, h_prev=[1, 0, -1])
    for given, kept in zip(params, explorer.params, strict=True):
        np.testing.assert_array_equal(given, kept)
    np.testing.assert_array_equal(
        explorer.result.h, variants.gru.step(np.zeros(2), [1.0, 0, -1], params).h
    )
    assert not GRUExplorer(params._replace(b=None)).b.any()


def test_what_does_not_fit_is_refused():
    explorer = GRUExplorer()
    with pytest.raises(StateError, match="b: expected shape"):
        explorer.b = np.zeros(6)
    with pytest.raises(StateError, match="W: expected shape"):
        explorer.W = np.zeros((2, 8))
    with pytest.raises(StateError, match="step: expected an integer from 0 to 4"):
        explorer.step = 5
    with pytest.raises(TypeError, match="params"):
        GRUExplorer(params=3)


def test_the_presets_do_what_they_say():
    start, keep, replace, reset = (GRUExplorer(preset=name) for name in GRUExplorer().presets)
    for gate in (start.result.u, start.result.r):
        assert ((gate > 0.1) & (gate < 0.95)).all()
    np.testing.assert_allclose(keep.result.h, keep.h_prev, atol=2e-3)
    assert np.abs(keep.result.h - keep.result.g).min() > 0.1
    np.testing.assert_allclose(replace.result.h, replace.result.g, atol=2e-3)
    assert (reset.result.r < 2e-3).all()
    from_x = np.split(reset.x @ reset.W + reset.b[0], 3)[2]
    np.testing.assert_allclose(reset.result.g, np.tanh(from_x), atol=2e-3)
    np.testing.assert_array_equal(reset.result.u, start.result.u)


def test_the_page_follows_every_field(open_explorer):
    explorer = some(unit=2)
    _, figure = open_explorer(explorer, viewport=WIDE)
    assert_shows(figure, explorer, chief=[*UNIT, "W.2.6*x.2", "U.3.10*h_prev.3*r", "b.1.10*one*r"])
    names = figure.locator('[data-role="field"]').evaluate_all("f => f.map((e) => e.dataset.name)")
    assert len(set(names)) == len(names) == 3 + 4 + 3 * (3 + 4 + 2)
    for k, name in enumerate(names):
        key, *index = name.split(".")
        value = round(0.9 - 0.05 * k, 2)
        type_number(figure, name, value)
        array = getattr(explorer, key).copy()
        array[tuple(map(int, index))] = value
        setattr(explorer, key, array)
        if k % 6 == 0:
            assert_shows(figure, explorer)
    assert_shows(figure, explorer, chief=UNIT)


def test_every_number_says_its_equation(open_explorer):
    explorer = GRUExplorer(lang="en")
    page, figure = open_explorer(explorer, viewport=WIDE)
    numbers = plain(explorer)
    detail = figure.locator(".lstm-x-detail")
    for name in UNIT:
        figure.locator(f'.lstm-x-quantity[data-name="{name}"]').focus()
        end = detail.inner_text().rsplit(" = ", 1)[1].replace("\N{MINUS SIGN}", "-")
        assert float(end) == pytest.approx(numbers[name][0], abs=6e-5), name
    figure.locator('.lstm-x-quantity[data-name="r*m"]').focus()
    assert "0.7521 · 1.2800 = 0.9627" in detail.inner_text()
    figure.locator('.lstm-x-quantity[data-name="(1-u)*g"]').focus()
    assert "0.1947 · 0.8219 = 0.1600" in detail.inner_text()
    seen = set()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
        seen.add(page.evaluate("document.activeElement.dataset.name"))
    assert seen == {*UNIT, "x.0", "x.1", "h_prev.0", "h_prev.1", "h_prev"}


def test_the_steps_and_the_sizes(open_explorer):
    _, figure = open_explorer(GRUExplorer(lang="es"), viewport=WIDE)
    titles = ["Puerta de reinicio", "Puerta de actualización", "Candidato", "Estado oculto"]
    for step, title in enumerate(titles, 1):
        figure.locator('[data-role="forward"]').click()
        expect(figure.locator(".lstm-x-step-title")).to_have_text(f"{title}.")
        expect(figure.locator('[aria-live="polite"]')).to_contain_text(f"Paso {step} de 4")
        assert_shows(figure, GRUExplorer(step=step))
    expect(figure.locator('[data-role="forward"]')).to_have_attribute("aria-disabled", "true")
    for letter, size in (("H", "4"), ("D", "1"), ("H", "1"), ("D", "3"), ("H", "3")):
        figure.locator(f'[data-role="size"][data-name="{letter}"]').select_option(size)
    for name in ("W.2.6", "U.2.6", "b.1.6", "x.2", "h_prev.2"):
        expect(control(figure, name)).to_be_visible()
    figure.locator('[data-role="preset"]').select_option("reset")
    assert_shows(figure, GRUExplorer(preset="reset", step=4))


def test_a_narrow_page_shows_one_column_at_a_time(open_explorer):
    explorer = some(unit=1)
    page, figure = open_explorer(explorer, viewport={"width": 360, "height": 800})
    for k, gate in enumerate("urg"):
        figure.locator(f'[data-role="gate"][value="{gate}"]').check(force=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        expect(control(figure, f"W.0.{4 * k + 1}")).to_be_visible()
        expect(control(figure, f"W.0.{4 * ((k + 1) % 3) + 1}")).to_be_hidden()
    texts = figure.locator(".lstm-x-svg text.lstm-x-value").evaluate_all(
        "all => all.map((e) => e.getBoundingClientRect()).map(({x, y, right, bottom}) => "
        "[x, y, right, bottom])"
    )
    for k, (left, top, right, bottom) in enumerate(texts):
        assert left >= 0
        assert right <= 360
        for x, y, to, down in texts[:k]:
            assert right <= x or to <= left or bottom <= y + 2 or down <= top + 2
