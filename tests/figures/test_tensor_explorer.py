"""The tensor explorer: its shapes against Keras, its elements, and the two that are the same."""

import re

import numpy as np
import pytest
from explorer_pages import assert_shows, control, drag, type_number
from playwright.sync_api import expect

from lstm_edu import TensorExplorer
from lstm_edu.figures import StateError

WIDE = {"viewport": {"width": 1280, "height": 900}}


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("sequences", [False, True])
@pytest.mark.parametrize("state", [False, True])
def test_what_is_returned_is_what_keras_returns(layers, sequences, state):
    """The shapes and, with these weights, the numbers."""
    import test_against_keras as against

    keras = against.keras
    one = TensorExplorer(
        B=3, T=4, D=5, layers=layers, units1=2, units2=3,
        return_sequences=sequences, return_state=state,
    )  # fmt: skip
    read = one.x
    for at, H in enumerate(one.units):
        last = at == layers - 1
        layer = keras.layers.LSTM(
            H,
            return_sequences=sequences if last else True,
            return_state=state if last else False,
            dtype="float64",
        )
        layer.build(read.shape)
        weights = layer.get_weights()
        assert [w.shape for w in weights] == [np.shape(w) for w in one.params[at]]
        np.testing.assert_array_equal(weights[2], one.params[at].b)  # what Keras begins with
        layer.set_weights(one.params[at])
        assert layer.count_params() == one.numbers()[f"params.{at + 1}"]
        read = layer(read)
    returned = read if isinstance(read, (list, tuple)) else [read]
    assert len(returned) == len(one.returned)
    for ours, theirs in zip(one.returned, returned, strict=True):
        assert ours.shape == tuple(theirs.shape)
        np.testing.assert_allclose(ours, np.array(theirs), rtol=1e-12, atol=1e-12)


def test_the_documents_shapes():
    """Two of the documents the book grew from print these."""
    seed = TensorExplorer(preset="seed")
    assert [a.shape for a in seed.returned] == [(32, 4)]
    assert [np.shape(w) for w in seed.params[0]] == [(8, 16), (4, 16), (16,)]
    states = TensorExplorer(preset="states")
    assert [a.shape for a in states.returned] == [(32, 10, 4), (32, 4), (32, 4)]
    stacked = TensorExplorer(preset="stacked")
    assert (stacked.x.shape, stacked.units) == ((2, 3, 6), [4, 5])
    assert stacked.returned[0].shape == (2, 3, 5)
    last = TensorExplorer(preset="last")
    np.testing.assert_array_equal(last.returned[0], last.returned[1])


def test_x_is_what_its_formula_says():
    one = TensorExplorer(preset="states")
    assert one.x[2, 3, 4] == ((7 * 2 + 3 * 3 + 5 * 4) % 11 - 5) / 5
    assert one.params[0].W[2, 3] == ((3 * 2 + 5 * 3 + 2) % 7 - 3) / 4
    assert TensorExplorer(preset="stacked").params[1].U[2, 3] == ((5 * 2 + 3 * 3 + 2) % 7 - 3) / 4


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"B": 33}, "B: expected an integer from 1 to 32"),
        ({"T": 0}, "T: expected an integer from 1 to 10"),
        ({"D": 2.5}, "D: expected an integer"),
        ({"layers": 3}, "layers: expected an integer from 1 to 2"),
        ({"return_state": 1}, "return_state: expected True or False"),
        ({"sample": 32}, "sample: expected an integer from 0 to 31"),
    ],
)
def test_bad_input_is_refused(change, message):
    one = TensorExplorer()
    before = one.state
    with pytest.raises(StateError, match=message):
        one.set(**change)
    assert one.state == before


def names_on(figure):
    return set(
        figure.locator(".lstm-x-quantity:visible").evaluate_all(
            "items => items.map((item) => item.dataset.name)"
        )
    )


def expected_names(one):
    last, output = one.layers, one.traces[-1].h.shape[-1]
    names = {f"x.{t}.{k}" for t in range(one.T) for k in range(one.D)}
    for layer, H in enumerate(one.units, 1):
        first = 0 if layer < last or one.return_sequences else one.T - 1
        names |= {f"h{layer}.{t}.{k}" for t in range(first, one.T) for k in range(H)}
    if one.return_state:
        names |= {f"{key}.{k}" for key in "hc" for k in range(output)}
    return names


@pytest.mark.parametrize("preset", TensorExplorer().presets)
def test_just_the_elements_that_there_are_are_shown(open_explorer, preset):
    _, figure = open_explorer(TensorExplorer(preset=preset, lang="en"), **WIDE)
    one = TensorExplorer(preset=preset, lang="en")
    assert names_on(figure) == expected_names(one)
    expect(figure.locator(".lstm-x-block-name:visible").first).to_contain_text("input")
    shapes = [
        text.replace("\N{NO-BREAK SPACE}", " ")
        for text in figure.locator(".lstm-x-shape:visible").all_text_contents()
    ]
    passed = [str(trace.h.shape) for trace in one.traces[:-1]]
    assert shapes == [str(one.x.shape), *passed, *(str(a.shape) for a in one.returned)]
    row = figure.locator("tbody tr:visible").last.inner_text().replace("\N{NO-BREAK SPACE}", " ")
    assert " ".join(str(np.shape(w)) for w in one.params[-1]) in row
    assert ("return_sequences=True" in row) == one.return_sequences
    assert ("return_state=True" in row) == one.return_state


def test_every_size_moves_by_its_slider_and_survives_the_drag(open_explorer):
    page, figure = open_explorer(TensorExplorer(preset="largest", lang="en"), **WIDE)
    one = TensorExplorer(preset="largest", lang="en")
    for name, low in (("B", 1), ("T", 1), ("D", 1), ("units1", 1), ("units2", 1)):
        slider = control(figure, name, "slider")
        drag(page, slider, 1, 0.8, 0.6, 0.5)
        value = int(slider.input_value())
        assert low < value < one.table["fields"][name]["max"], name
        setattr(one, name, value)
        assert_shows(figure, one)
        assert names_on(figure) == expected_names(one)
        for edge in (low, one.table["fields"][name]["max"]):
            type_number(figure, name, edge)
            setattr(one, name, edge)
            assert_shows(figure, one)
            assert names_on(figure) == expected_names(one)


def test_flags_layers_and_samples_are_chosen(open_explorer):
    _, figure = open_explorer(TensorExplorer(preset="last", lang="es"), **WIDE)
    one = TensorExplorer(preset="last", lang="es")
    for name in ("return_sequences", "return_state", "return_sequences", "return_state"):
        figure.locator(f'input[data-name="{name}"]').click()
        setattr(one, name, not getattr(one, name))
        assert_shows(figure, one)
        assert names_on(figure) == expected_names(one)
    figure.locator('input[data-name="layers"][value="2"]').check()
    one.layers = 2
    figure.locator('select[data-name="sample"]').select_option(index=3)
    one.sample = 3
    assert_shows(figure, one, chief={"x.0.0", "h2.4.4", "params.2"})
    # The sample that is looked at goes back where there are fewer.
    type_number(figure, "B", 2)
    one.set(B=2, sample=1)
    assert_shows(figure, one)
    expect(figure.locator('select[data-name="sample"]')).to_have_value("1")
    type_number(figure, "T", 2.5)
    expect(figure.locator('[role="alert"]')).to_contain_text("entero")
    assert_shows(figure, one)


@pytest.mark.parametrize("sequences", [True, False])
def test_the_last_output_and_the_final_state_light_up_together(open_explorer, sequences):
    page, figure = open_explorer(
        TensorExplorer(preset="states", return_sequences=sequences, sample=2, lang="en"), **WIDE
    )

    def item(name):
        return figure.locator(f'.lstm-x-quantity[data-name="{name}"]')

    detail = figure.locator(".lstm-x-detail")
    index = "[2, 9, 1]" if sequences else "[2, 1]"
    item("h1.9.1").hover()
    expect(item("h.1")).to_have_class(re.compile("is-twin"))
    expect(detail).to_contain_text(
        f"unit 2 of layer 1 at step 10, sequence 3; in Python, which counts from 0, output{index} ="
        " h[2, 1]"
    )
    item("h.3").hover()
    expect(item("h1.9.3")).to_have_class(re.compile("is-twin"))
    expect(item("h.1")).not_to_have_class(re.compile("is-twin"))
    item("c.0").hover()
    expect(figure.locator(".is-twin")).to_have_count(0)
    expect(detail).to_contain_text("c[2, 0] = f · c(t\N{MINUS SIGN}1) + i · g =")
    item("x.1.2").hover()
    expect(detail).to_contain_text(
        "feature 3 of step 2, sequence 3; in Python, which counts from 0, x[2, 1, 2] = ((7·2 + 3·1"
    )
    figure.locator('input[data-name="return_state"]').uncheck()
    item("h1.9.1").hover()
    expect(figure.locator(".is-twin")).to_have_count(0)
    assert_shows(figure, TensorExplorer(
        preset="states", return_sequences=sequences, sample=2, return_state=False
    ))  # fmt: skip
    page.mouse.move(0, 0)


def test_every_number_says_its_equation(open_explorer):
    page, figure = open_explorer(TensorExplorer(preset="stacked", lang="es"), **WIDE)
    one = TensorExplorer(preset="stacked", lang="es")
    figure.locator('.lstm-x-quantity[data-name="x.0.0"]').focus()
    seen = set()
    for _ in range(figure.locator(".lstm-x-quantity:visible").count()):
        seen.add(page.evaluate("document.activeElement.dataset.name"))
        text = figure.locator(".lstm-x-detail").inner_text()
        assert "=" in text
        assert not re.search("undefined|NaN", text)
        page.keyboard.press("ArrowRight")
    assert seen == expected_names(one)
    assert_shows(figure, one)
