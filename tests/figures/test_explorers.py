"""The explorers' Python half: traits that refuse what cannot be shown, and the page's form."""

import json
import re

import numpy as np
import pytest

from lstm_edu import CellExplorer, LSTMParams, lstm_step, use_language
from lstm_edu.figures import StateError
from lstm_edu.language import LANGUAGES

TABLE = CellExplorer.table
PRESETS = {preset["name"]: preset for preset in TABLE["presets"] if "variant" not in preset}

ARRAYS = ("W", "U", "b", "x", "h_prev", "c_prev")


def random_params(D, H, seed=0):
    random = np.random.default_rng(seed)
    return LSTMParams(
        random.normal(size=(D, 4 * H)), random.normal(size=(H, 4 * H)), random.normal(size=4 * H)
    )


def state_in(html):
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', html)[1])


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_opens_and_its_result_is_the_packages(preset):
    cell = CellExplorer(preset=preset)
    values = PRESETS[preset]
    expected = lstm_step(
        values["x"],
        values["h_prev"],
        values["c_prev"],
        LSTMParams(values["W"], values["U"], values["b"]),
    )
    for name in "zifgoch":
        np.testing.assert_array_equal(getattr(cell.result, name), getattr(expected, name))


def test_presets_do_what_their_names_say():
    results = {name: CellExplorer(preset=name).result for name in PRESETS}
    keep, forget, replace, hide = (results[n] for n in ("keep", "forget", "replace", "hide"))
    np.testing.assert_allclose(keep.c, keep.c_prev, atol=0.02)
    np.testing.assert_allclose(forget.c, 0, atol=0.02)
    np.testing.assert_allclose(replace.c, replace.g, atol=0.02)
    np.testing.assert_allclose(hide.h, 0, atol=0.02)
    assert np.abs(hide.c).min() > 0.4
    np.testing.assert_allclose(results["vector"].z, np.tile([3, -2, 4], 4))
    np.testing.assert_allclose(results["subject"].c, [1, -1], atol=0.05)


def test_weights_without_a_bias_open_with_zeros():
    W, U, _ = random_params(3, 1)
    cell = CellExplorer(LSTMParams(W, U, None), x=[1, 2, 3])
    assert cell.b.tolist() == [0, 0, 0, 0]
    assert (cell.x.tolist(), cell.h_prev.tolist(), cell.c_prev.tolist()) == ([1, 2, 3], [0], [0])


BAD = [
    ({"x": [1, 2, 3]}, r"x: expected shape \(D,\) = \(2,\), got \(3,\)\. Hint: .*explorer\.set"),
    ({"W": np.ones((3, 8))}, r"x: expected shape \(D,\) = \(3,\), got \(2,\)"),
    ({"W": np.ones((8, 2))}, r"W: expected shape \(D, 4H\) with D from 1 to 3"),
    ({"U": np.ones((8, 2))}, r"U: expected shape \(H, 4H\) = \(2, 8\), got \(8, 2\)"),
    ({"b": np.ones(7)}, r"b: expected shape \(4H,\) = \(8,\), got \(7,\)"),
    ({"h_prev": [[0, 0]]}, r"h_prev: expected shape \(H,\)"),
    ({"c_prev": [0, np.nan]}, r"c_prev: expected finite numbers, got nan"),
    ({"x": [0, np.inf]}, r"x: expected finite numbers, got inf"),
    ({"x": "12"}, r"x: expected"),
    ({"x": [0, 2e6]}, r"x: expected numbers between -1e6 and 1e6"),
    ({"unit": 2}, r"unit: expected an integer from 0 to 1, got 2"),
    ({"unit": -1}, r"unit: expected an integer from 0 to 1, got -1"),
    ({"step": 7}, r"step: expected an integer from 0 to 6, got 7"),
    ({"unit": 0.5}, r"unit: expected an integer, got 0.5\. Hint: .*unit=0"),
    ({"step": "four"}, r"step: expected an integer, got 'four'\. Hint: 0 is the whole cell"),
    ({"weights": 1}, r"CellExplorer: expected any of W, U"),
    ({"W": np.ones((4, 8)), "x": np.ones(4)}, r"D from 1 to 3"),
]


@pytest.mark.parametrize(("change", "message"), BAD)
def test_bad_input_is_refused_and_loses_nothing(change, message):
    cell = CellExplorer()
    before = cell.state
    with pytest.raises(StateError, match=message):
        cell.set(**change)
    assert cell.state == before
    if set(change) <= set(cell.state_names) and len(change) == 1:
        [(name, value)] = change.items()
        with pytest.raises(StateError):
            setattr(cell, name, value)
        assert cell.state == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"preset": "sleep"}, "preset: expected one of start"),
        ({"lang": "fr"}, 'lang: expected "es" or "en"'),
        ({"name": "Two words"}, "name: expected lower-case"),
        ({"params": LSTMParams(np.ones((8, 2)), np.ones((2, 8)), None)}, "W: .*transposed"),
        ({"params": 3}, "params: expected LSTMParams"),
    ],
)
def test_a_bad_opening_is_refused(arguments, message):
    with pytest.raises((ValueError, TypeError), match=message):
        CellExplorer(**arguments)


def test_assigning_moves_the_result_and_writing_in_place_is_refused():
    cell = CellExplorer()
    cell.x = [1, 0]
    assert cell.result.x.tolist() == [1, 0]
    with pytest.raises(ValueError, match="read-only"):
        cell.x[0] = 5


def test_sizes_change_together():
    cell = CellExplorer(unit=1)
    W, U, b = random_params(3, 4)
    cell.set(W=W, U=U, b=b, x=np.ones(3), h_prev=np.zeros(4), c_prev=np.ones(4), unit=3)
    assert repr(cell) == "CellExplorer(input_size=3, hidden_size=4, unit=3, step=0)"
    cell.load_preset("vector")
    assert (cell.unit, cell.x.tolist()) == (0, [3, -2, 4])


def test_what_the_front_end_sends_reaches_python():
    cell = CellExplorer()
    cell.set_state({"x": [0.25, 4], "step": 3, "unit": 1})
    assert (cell.x.tolist(), cell.step, cell.unit) == ([0.25, 4], 3, 1)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_gets_the_whole_state_and_a_table_in_its_language(lang):
    use_language(lang)
    cell = CellExplorer(preset="vector", name="cell-2", step=2)
    data, _ = cell._repr_mimebundle_()
    html = cell.to_html()
    assert html.startswith(f'<lstm-explorer id="cell-2" kind="cell" lang="{lang}">')
    assert state_in(html) == cell.state
    assert set(cell.state) == {"kind", "lang", "unit", "step", *ARRAYS}
    assert {"es": "puerta de olvido", "en": "forget gate"}[lang] in html
    assert f"<td>{cell.result.f[1]:.4g}</td>" in html
    assert "0x" not in data["text/plain"]
    assert "application/vnd.jupyter.widget-view+json" in data
