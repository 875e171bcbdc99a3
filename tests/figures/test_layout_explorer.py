"""The layout explorer: where the page puts a number is where lstm_edu.layouts puts it."""

import json
import re

import numpy as np
import pytest
from explorer_pages import NEXT_FRAME, assert_shows, control, type_number
from playwright.sync_api import expect

from lstm_edu import LayoutExplorer, LSTMParams, layouts, lstm_step
from lstm_edu.figures import StateError

WIDE = {"viewport": {"width": 1280, "height": 900}}
FRAMEWORKS = LayoutExplorer.table["fields"]["framework"]["options"]
SIZES = [(1, 1), (2, 3), (3, 2), (4, 4)]
CELLS = """figure => [...figure.querySelectorAll("g.lstm-x-quantity:not([hidden])")].map((cell) => {
  const [x, y] = cell.style.transform.match(/-?[\\d.]+(?=px)/g).map(Number);
  const {name, value} = cell.dataset;
  return {name, value: Number(value), x, y, label: cell.getAttribute("aria-label"),
    gate: cell.getAttribute("class").match(/q-(\\w)/)[1]};
})"""


def unique(D, H):
    """Weights of which no two are equal."""
    numbers = iter(range(1, 1000))
    W, U, b = (np.zeros(shape) for shape in ((D, 4 * H), (H, 4 * H), (4 * H,)))
    for array in (W, U, b):
        array.flat = [next(numbers) / 1000 for _ in range(array.size)]
    return {"W": W, "U": U, "b": b}


def arrays_of(framework, state):
    """A framework's arrays as the figure has them; its reader makes the same weights of them."""
    arrays = LayoutExplorer(framework=framework, **state).arrays
    ((half,),) = layouts.READERS[framework.replace("py", "")](list(arrays.values()))
    b = half.b.reshape(-1, len(state["b"])).sum(axis=0)  # of two biases the sum counts
    for array, name in zip((half.W, half.U, b), "WUb", strict=True):
        np.testing.assert_array_equal(array, state[name], err_msg=framework)
    return arrays


def as_read(cells):
    """The arrays as an eye would read them off the page: by where the numbers stand, and the name
    above them. Of an array in several parts, such as ONNX' B, they come one after the other."""
    found = {}
    for part in ("W", "U", "b", "b_hh"):
        mine = [cell for cell in cells if cell["name"].split(".")[0] == part]
        if not mine:
            continue
        xs, ys = (sorted({cell[side] for cell in mine}) for side in "xy")
        grid = np.full((len(ys), len(xs)), np.nan)
        for cell in mine:
            grid[ys.index(cell["y"]), xs.index(cell["x"])] = cell["value"]
        assert not np.isnan(grid).any()
        (name,) = {cell["label"].partition("[")[0] for cell in mine}
        if part.startswith("b"):
            assert 1 in grid.shape
            grid = grid.reshape(1, -1)
        found[name] = np.hstack([found[name], grid]) if name in found else grid
    return found


def choose(figure, framework):
    figure.locator(f'input[type="radio"][value="{framework}"]').check()
    figure.evaluate(NEXT_FRAME)


@pytest.mark.parametrize(("D", "H"), SIZES)
def test_every_number_stands_where_the_framework_has_it(open_explorer, D, H):
    state = unique(D, H)
    _, figure = open_explorer(LayoutExplorer(lang="en", **state), **WIDE)
    for framework in FRAMEWORKS:
        choose(figure, framework)
        expected = arrays_of(framework, state)
        explorer = LayoutExplorer(lang="en", framework=framework, **state)
        assert_shows(figure, explorer, {"W.0.0", f"b.{4 * H - 1}"})
        cells = figure.evaluate(CELLS)
        shown = as_read(cells)
        assert set(shown) == set(expected)
        for name, array in expected.items():  # outer axes of length 1 are no place on the page
            flat = array.reshape(-1, array.shape[-1])
            np.testing.assert_array_equal(shown[name], flat, err_msg=f"{framework}: {name}")
        text = figure.locator("svg").all_text_contents()
        for name, array in expected.items():
            assert any(name in words for words in text)
            assert any(str(array.shape) in words for words in text), (name, array.shape)
        for cell in cells:  # what it is called, there and here
            name, index = re.match(r"(\w+)\[([\d, ]+)\]", cell["label"]).groups()
            assert expected[name][tuple(map(int, index.split(", ")))] == cell["value"]


def test_the_colours_are_those_of_the_blocks_that_describe_names(open_explorer):
    state = unique(2, 3)
    _, figure = open_explorer(LayoutExplorer(lang="en", **state), **WIDE)
    for framework in FRAMEWORKS:
        choose(figure, framework)
        explorer = LayoutExplorer(framework=framework, **state)
        gates = {}
        for part in explorer.slices:
            block = eval(f"array{part.index}", {"array": explorer.arrays[part.array]})
            gates |= dict.fromkeys(block.ravel().tolist(), part.symbol[-1])
        for cell in figure.evaluate(CELLS):
            if cell["value"]:
                assert gates[cell["value"]] == cell["gate"], (framework, cell)
        gates_shown = figure.locator("g.lstm-x-moving:not(.lstm-x-quantity):visible text")
        names = gates_shown.all_text_contents()
        candidate = {"keras": "c", "onnx": "c"}.get(framework, "g")
        assert names == ["i", "f", candidate, "o"]


def test_a_number_says_what_it_is_and_where(open_explorer):
    page, figure = open_explorer(LayoutExplorer(lang="en", preset="unit", framework="onnx"), **WIDE)
    detail = figure.locator(".lstm-x-detail")
    figure.locator('g[data-name="W.1.1"]').hover()
    expect(detail).to_have_text(
        "weight W from input 2 to the forget gate, unit 1: W[0, 2, 1] = W[1, 1] = -1".replace(
            "-1", "\N{MINUS SIGN}1"
        )
    )
    figure.locator('g[data-name="b.1"]').hover()
    expect(detail).to_contain_text("bias b of the forget gate, unit 1: B[0, 2] = b[1] = 1")
    figure.locator('g[data-name="b_hh.1"]').hover()
    expect(detail).to_contain_text("B[0, 6] = 0")
    expect(detail).to_contain_text("b = B[0, 2] + B[0, 6]")
    figure.locator('g[data-name="b_hh.0"]').hover()
    expect(detail).to_contain_text("B[0, 4] = 0")
    choose(figure, "pytorch")
    figure.locator('g[data-name="U.0.3"]').focus()
    page.mouse.move(0, 0)
    expect(detail).to_contain_text("weight_hh_l0[3, 0] = U[0, 3] = 0.4")
    expect(detail).to_contain_text("output gate")


def test_the_number_in_focus_is_the_one_that_is_changed(open_explorer):
    _, figure = open_explorer(
        LayoutExplorer(lang="en", preset="start", framework="pytorch"), **WIDE
    )
    figure.locator('g[data-name="U.1.6"]').click()
    type_number(figure, "U.1.6", 7.5)
    explorer = LayoutExplorer(lang="en", preset="start", framework="pytorch")
    U = explorer.U.copy()
    U[1, 6] = 7.5
    explorer.U = U
    assert_shows(figure, explorer, {"U.1.6"})
    figure.locator('g[data-name="b_hh.3"]').click()  # its sum is kept in the first
    expect(control(figure, "b.3")).to_have_value("1")


def test_a_swap_of_i_and_f_gives_another_number(open_explorer):
    explorer = LayoutExplorer(lang="en", preset="start", swapped=True)
    given = explorer.table["fixed"]
    W, U, b = (
        np.concatenate(
            np.split(array, 4, axis=-1)[1::-1] + np.split(array, 4, axis=-1)[2:], axis=-1
        )
        for array in explorer.params
    )
    inputs = (given["x"][:2], given["h_prev"][:2], given["c_prev"][:2])
    np.testing.assert_allclose(explorer.wrong, lstm_step(*inputs, LSTMParams(W, U, b)).h)
    np.testing.assert_allclose(explorer.h, lstm_step(*inputs, explorer.params).h)
    assert abs(explorer.h - explorer.wrong).max() > 0.01
    _, figure = open_explorer(LayoutExplorer(lang="en", preset="start"), **WIDE)
    expect(figure.locator('[data-name="wrong.0"]')).to_be_hidden()
    figure.locator('input[type="checkbox"]').check()
    assert_shows(figure, explorer, {"h.0", "h.1", "wrong.0", "wrong.1"})
    expect(figure.locator(".lstm-x-swapped")).to_contain_text("[1.00, \N{MINUS SIGN}1.00]")
    for name in ("h.1", "wrong.1"):
        figure.locator(f'[data-name="{name}"]').first.focus()
        words = figure.locator(".lstm-x-detail").inner_text().replace("\N{MINUS SIGN}", "-")
        terms, total = words.rsplit(" = ", 2)[1:]
        terms = terms.replace("·", "*").replace("tanh", "np.tanh")
        assert eval(terms) == pytest.approx(float(total), abs=2e-4), words


def paste(figure, text):
    if not figure.locator("textarea").is_visible():
        figure.locator("summary").click()
    figure.locator("textarea").fill(text)
    figure.locator("details button").click()


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_pasted_arrays_are_read(open_explorer, framework):
    state = unique(3, 2)
    arrays = arrays_of(framework, state)
    if framework == "pytorch":  # of two biases the sum counts
        arrays["bias_hh_l0"] = arrays["bias_ih_l0"] / 2
        arrays["bias_ih_l0"] = arrays["bias_ih_l0"] - arrays["bias_hh_l0"]
    if framework == "onnx":
        first = arrays["B"][:, :8] / 4
        arrays["B"] = np.concatenate([arrays["B"][:, :8] - first, first], axis=1)
    forms = (
        json.dumps({name: array.tolist() for name, array in arrays.items()}),
        "\n".join(f"{name} = {array}" for name, array in arrays.items()),
        "\n".join(f"{name} = {array!r}" for name, array in arrays.items()),
        f"{ {name: array.astype('float32') for name, array in arrays.items()} }",
    )
    for text in forms:
        _, figure = open_explorer(LayoutExplorer(lang="es", framework=framework), **WIDE)
        paste(figure, text)
        figure.evaluate(NEXT_FRAME)
        assert figure.locator(".lstm-x-refusal").inner_text() == ""
        shown = LayoutExplorer(lang="es", framework=framework, **state)
        assert_shows(figure, shown, {"W.2.7", "b.7"})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "",
            "la forma (H, 4H), con D y H de 1 a 4; llegó un texto sin ese arreglo",
        ),
        ('{"kernel": [[1, 2]]}', "recurrent_kernel: se esperaba la forma (H, 4H)"),
        ('{"weights": [[1, 2]]}', "weights: se esperaba uno de kernel, recurrent_kernel, bias"),
        ('{"recurrent_kernel": [[1, 2, 3]]}', "llegó (1, 3)"),
        (
            '{"recurrent_kernel": [[1, 2, 3, 4]], "kernel": [[1, 2, 3]]}',
            "la forma (D, 4H) = (D, 4), con",
        ),
        ('{"recurrent_kernel": [[1, 2, 3, 4]], "kernel": [[1, 2], [3]]}', "distinta longitud"),
        ('{"recurrent_kernel": [[1, 2, NaN, 4]]}', "«NaN», que no es un número"),
        ('{"recurrent_kernel": [[1, 2, "x", 4]]}', "no es un número"),
        ('{"recurrent_kernel": [[0,5, 1,5]], "kernel": [[1, 2, 3, 4]]}', "con punto, como en 0.5"),
        ("recurrent_kernel = [[0,5 1,5]]", "con punto, como en 0.5"),
        ("recurrent_kernel = [[1 2 3 -0,5]]", "con punto, como en 0.5"),
        ("recurrent_kernel = [[1 2 ... 4]]", "«...», que no es un número"),
        (
            '{"recurrent_kernel": [[1, 2, 3, 4]], "kernel": [[1, 2, 3, 4]], "bias": [1, 2]}',
            "bias: se esperaba la forma (4H,) = (4,)",
        ),
        (
            '{"recurrent_kernel": [[1, 2, 3, 4]], "kernel": [[1, 2, 3, 1e9]]}',
            "1000000",
        ),
    ],
)
def test_a_bad_paste_is_refused_in_words_and_loses_nothing(open_explorer, text, words):
    explorer = LayoutExplorer(lang="es", preset="start", framework="keras")
    _, figure = open_explorer(explorer, **WIDE)
    paste(figure, text)
    expect(figure.locator(".lstm-x-refusal")).to_contain_text(words)
    assert figure.locator("textarea").input_value() == text
    assert_shows(figure, explorer)
    expect(figure.locator('[aria-live="polite"]')).to_contain_text(words)


def test_too_large_arrays_are_refused(open_explorer):
    explorer = LayoutExplorer(lang="en", framework="pytorch")
    _, figure = open_explorer(explorer, **WIDE)
    arrays = {"weight_ih_l0": np.ones((20, 2)).tolist(), "weight_hh_l0": np.ones((20, 5)).tolist()}
    paste(figure, json.dumps(arrays))
    expect(figure.locator(".lstm-x-refusal")).to_contain_text("got (20, 5)")
    assert_shows(figure, explorer)
    with pytest.raises(StateError, match="H from 1 to 4"):
        LayoutExplorer().set(**unique(2, 5))


def test_other_sizes_keep_what_overlaps(open_explorer):
    _, figure = open_explorer(LayoutExplorer(lang="en", preset="start"), **WIDE)
    figure.locator('[data-role="size"]').nth(1).select_option("4")
    figure.locator('[data-role="size"]').nth(0).select_option("4")
    figure.evaluate(NEXT_FRAME)
    cells = {cell["name"]: cell["value"] for cell in figure.evaluate(CELLS)}
    assert len(cells) == 144
    start = LayoutExplorer(preset="start")
    for gate in range(4):
        for unit in range(2):
            assert cells[f"W.1.{4 * gate + unit}"] == start.W[1, 2 * gate + unit]
            assert cells[f"b.{4 * gate + unit}"] == start.b[2 * gate + unit]


def test_the_numbers_move_unless_the_reader_wants_no_motion(open_explorer):
    for wish, moves in (("no-preference", True), ("reduce", False)):
        _, figure = open_explorer(
            LayoutExplorer(lang="en", preset="start"), reduced_motion=wish, **WIDE
        )
        node = figure.locator('g[data-name="W.1.2"]')
        node.evaluate("(node) => { node.id = 'kept' }")
        duration = "(node) => getComputedStyle(node).transitionDuration"
        assert node.evaluate(duration) == "0s"  # it is there at once
        choose(figure, "onnx")
        assert (node.evaluate(duration) != "0s") == moves
        assert figure.locator("#kept").get_attribute("data-name") == "W.1.2"
