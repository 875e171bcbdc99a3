"""What chapter 11 says: its numbers, its claims, the printed counts it grew from, its exercises."""

import re

import numpy as np
import pytest
from notebooks import ROOT, mimes, read
from prose import NARROW, assert_said, assert_worked_out
from test_exercises import said, speaks_english  # noqa: F401 - a fixture that is always used

from lstm_edu import LSTMParams, ParameterExplorer, layouts, lstm_forward
from lstm_edu.counting import (
    count_coupled_lstm,
    count_full_peephole_lstm,
    count_gru,
    count_lstm,
    count_peephole_lstm,
    count_simple_rnn,
)


def lstm(D, H, blocks=4, biases=1, recurrent=True):
    """The formula once more, without the package."""
    return blocks * (D * H + recurrent * H * H + biases * H)


def page(lang):
    return read(ROOT / "chapters" / lang / "11_counting_parameters.ipynb")


def cells(lang):
    return {cell.id: cell.source for cell in page(lang).cells}


def printed(lang, cell):
    (found,) = (one for one in page(lang).cells if one.id == cell)
    return "".join(mimes(output).get("stdout", "") for output in found.outputs)


def spelled(value, lang, decimals=0):
    """A number as the page writes it: in threes from five figures on."""
    number = f"{value:,.{decimals}f}" if abs(value) >= 10_000 else f"{value:.{decimals}f}"
    if lang == "es":
        return number.replace(",", NARROW).replace(".", ",")
    return number


# --- the numbers in its sentences ------------------------------------------------------------


def numbers():
    """Yield (cell id, value, decimals) for the numbers that chapter 11 says in its sentences."""
    yield "tensor", lstm(8, 4, blocks=1), 0
    yield "tensor", lstm(8, 4, blocks=3), 0
    yield "tensor", lstm(8, 4), 0
    yield "tensor", 10 * lstm(8, 4), 0
    for value in (lstm(8, 4), 8 * 16, 4 * 16, 16, 52, 156, 2080):
        yield "tensor-answer", value, 0
    yield "sizes-answer", lstm(16, 4), 0
    yield "sizes-answer", 8 * 16, 0
    yield "sizes-answer", 16 * 16, 0
    yield "sizes-answer", lstm(8, 8), 0
    yield "sizes-answer", 4 * 16, 0
    yield "sizes-answer", 8 * 32, 0
    yield "sizes-answer", 4 * 4, 0
    yield "sizes-answer", lstm(8, 4, biases=2), 0
    for value in (lstm(2, 1), lstm(1, 1), 5 + 5, lstm(1, 1) + 10, lstm(1, 1)):
        yield "smallest-answer", value, 0
    yield "smallest-answer", lstm(1, 1, recurrent=False), 0
    yield "smallest-answer", lstm(8, 4), 0
    yield "smallest-answer", lstm(8, 4, recurrent=False), 0
    yield "not-counted", lstm(8, 4), 0
    yield "not-counted-answer", lstm(8, 4, biases=0), 0
    yield "growth-answer", lstm(8, 1024) / lstm(8, 512), 2
    yield "growth-answer", 100 * 4 * 512**2 / lstm(8, 512), 0
    yield "growth-answer", lstm(8, 8) / lstm(8, 4), 2
    yield "growth-answer", 10_000, 0
    yield "budget-answer", (-65 + (65**2 + 10_000) ** 0.5) / 2, 2
    for H in (27, 28, 38, 50):
        yield "budget-answer", lstm(64, H), 0
    yield "libraries", lstm(8, 4, biases=2), 0
    yield "libraries", lstm(8, 4), 0
    yield "libraries-answer", 4 * 4, 0
    yield "cells-text", 3 * (8 * 4 + 4 * 4 + 2 * 4), 0
    yield "cells-text", lstm(8, 4), 0
    yield "cells-text", 3 * lstm(8, 4) / 4, 0
    first, second = lstm(10, 20, biases=2), lstm(20, 20, biases=2)
    third = lstm(40, 20, biases=2)
    for value in (second, first, 4 * 10 * 20, first + second, 2 * (first + third)):
        yield "stack-answer", value, 0
    for value in (2 * first, 2 * third, first, 2 * first):
        yield "stack-answer", value, 0
    yield "memory-answer", 4 * 32 * 100 * 6 * 100, 0
    yield "memory-answer", 4 * 4 * lstm(64, 100), 0
    yield "memory-answer", -(-4 * lstm(64, 100) // (32 * 6 * 100)), 0
    yield "time", 4 * (64 + 100), 0
    yield "time-answer", 100 * 64 / (64 + 100), 0
    for value in (lstm(12, 10), lstm(10, 6), 6 * 3 + 3, lstm(12, 10) + lstm(10, 6) + 21):
        yield "solution-1", value, 0


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_numbers_of_chapter_11_are_the_computed_ones(lang):
    wanted = [(cell, spelled(v, lang, decimals)) for cell, v, decimals in numbers()]
    assert_said(page(lang), wanted)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_no_other_long_number_stands_in_the_prose(lang):
    """Of three figures or more, or with a fraction, but for the sizes that are given."""
    given = {
        "tensor": {"2080"},
        "memory": {"100"},
        "time": {"100", "1000"},
    }
    given |= {"growth-answer": {"512"}, "solution-1": {"100", "120"}}
    computed = {}
    for cell, value, decimals in numbers():
        computed.setdefault(cell, set()).add(spelled(value, lang, decimals))
    number = rf"(?<![\w.,/{NARROW}])\d{{1,3}}(?:[,{NARROW}]\d{{3}})+|\d+[.,]\d+|\d{{3,}}"
    for cell in page(lang).markdown():
        if cell.id == "references":
            continue
        text = re.sub(r"\]\([^)]*\)|\{cite:.\}`\w+`|<a href=\S+|`[^`]*`|!\[.*?\]", "", cell.source)
        text = text.replace("\\,", NARROW if lang == "es" else ",")
        found = set(re.findall(number, text))
        allowed = computed.get(cell.id, set()) | given.get(cell.id, set())
        assert_worked_out(page(lang), cell, found - allowed)


# --- what is printed -------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_notebook_prints_the_counts_of_the_documents_it_grew_from(lang):
    # Keras, [32, 10, 8] into 4 units: three arrays, of the shapes printed there.
    assert printed(lang, "tensor-code").split("\n")[:3] == [
        "(8, 16)   128",
        "(4, 16)    64",
        "(16,)      16",
    ]
    assert printed(lang, "tensor-code").split()[-1] == "208"
    # Two more: 16 parameters in a model of one unit; 12 + 10 = 22 in another.
    assert printed(lang, "smallest-code").splitlines()[:2] == ["[16] 16", "[12, 10] 22"]


@pytest.mark.parametrize(("n", "p"), [(8, 4), (2, 1), (1, 1), (3, 7), (300, 128)])
def test_the_formula_with_n_and_p(n, p):
    """One of those documents: four matrices p × (p + n), 4(p² + pn) in all, and 4p biases."""
    W_f, W_c, W_i, W_o = (np.zeros((p, p + n)) for _ in range(4))
    weights = sum(matrix.size for matrix in (W_f, W_c, W_i, W_o))
    count = count_lstm(n, p)
    assert weights == 4 * (p**2 + p * n) == count.input_weights + count.recurrent_weights
    assert count.biases == 4 * p
    assert count.total == 4 * (p**2 + p * n + p)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_tables_hold_what_the_formula_gives(lang):
    for line in printed(lang, "growth-code").splitlines()[1:]:
        H, total, share, times, added = line.split()
        H = int(H)
        assert int(total) == lstm(8, H) and int(added) == 32 * H
        assert times == f"x{lstm(8, 2 * H) / lstm(8, H):.2f}"
        assert share == f"{4 * H * H / lstm(8, H):.0%}"
    rows = printed(lang, "table").splitlines()[1:]
    for row in rows:
        D, H, *counts = map(int, row.split())
        each = [lstm(D, H, 1), lstm(D, H, 3, biases=2), lstm(D, H)]
        assert counts == [count for count in each for _ in range(2)]  # the formula, and Keras
    assert len(rows) == 7
    by_name = {
        "SimpleRNN": (count_simple_rnn(8, 4), True),
        "LSTM": (count_lstm(8, 4), True),
        "GRU": (count_gru(8, 4), True),
        "GRU, before": (count_gru(8, 4, 1), True),
        "coupled gates": (count_coupled_lstm(8, 4), False),
        "peepholes": (count_peephole_lstm(8, 4), False),
        "full_peephole": (count_full_peephole_lstm(8, 4), False),
    }
    for line, (name, (count, there)) in zip(
        printed(lang, "cells-code").splitlines()[1:], by_name.items(), strict=True
    ):
        assert line[:18].strip() == name
        assert line[18:29].split() == [str(count.total)] * (2 if there else 1)
        assert line[29:].strip() == count.formula.split(" = ")[0]


@pytest.mark.parametrize("lang", ["es", "en"])
def test_only_the_bias_moves_the_count(lang):
    *others, last = printed(lang, "not-counted-code").splitlines()
    assert len(others) == 8 and {line[:3] for line in others} == {"208"}
    assert last.startswith("192") and last.endswith("use_bias=False")


@pytest.mark.parametrize("lang", ["es", "en"])
def test_memory_and_time_are_as_printed(lang):
    weights = 4 * 100 * (64 + 100)
    stored = dict(re.findall(r"^(.*?\S) {2,}(\S+)", printed(lang, "memory-code"), re.MULTILINE))
    assert stored == {
        "parameters": str(weights + 400),
        "Adam's averages": str(2 * (weights + 400)),
        "four copies, bytes": str(16 * (weights + 400)),
        "activations, bytes": str(4 * 32 * 100 * 6 * 100),
        "ratio": "7.27",
        "steps to pass it": "14",
    }
    lines = [line.split()[-1] for line in printed(lang, "time-code").splitlines()]
    expected = []
    for T in (100, 1000):
        expected += [T, weights + 400, 32 * T * 600, 32 * weights, 32 * T * weights, T]
    assert lines == [*map(str, expected), "39%"]


# --- what it claims in words -----------------------------------------------------------------


def test_more_steps_more_memory_and_time_but_no_more_parameters():
    x = np.zeros((2, 10, 3))
    params = LSTMParams(np.ones((3, 8)), np.ones((2, 8)), np.ones(8))
    kept = [
        sum(getattr(lstm_forward(x[:, :T], params), name).size for name in "ifgoch")
        for T in (1, 10)
    ]
    assert kept == [2 * 1 * 6 * 2, 2 * 10 * 6 * 2]  # B · T · 6H
    ratio = 4 * 32 * 100 * 600 / (4 * 4 * lstm(64, 100))
    assert ratio > 7  # "more than seven times over"
    assert 13 * 32 * 600 < 4 * lstm(64, 100) < 14 * 32 * 600  # "only 14 time steps"


def test_the_largest_H_in_a_budget():
    assert max(H for H in range(1, 100) if lstm(64, H) <= 10_000) == 27
    assert max(H for H in range(1, 100) if lstm(64, H, recurrent=False) <= 10_000) == 38
    assert max(H for H in range(1, 100) if 4 * H * H <= 10_000) == 50


def test_growth_is_square_in_H_and_linear_in_D():
    ratios = [lstm(8, 2 * H) / lstm(8, H) for H in (1, 4, 16, 64, 256, 512, 10**6)]
    assert ratios == sorted(ratios) and 3.99 < ratios[-1] < 4  # "almost by four"
    for D, H in [(8, 4), (64, 27), (1, 1)]:
        assert lstm(2 * D, H) - lstm(D, H) == 4 * D * H
        assert lstm(D, H) == 4 * H**2 + 4 * (D + 1) * H


def test_two_bias_vectors_are_the_same_function():
    rng = np.random.default_rng(5)
    params = LSTMParams(*(rng.normal(size=size) for size in [(8, 16), (4, 16), 16]))
    torch, onnx = layouts.to_torch(params), layouts.to_onnx(params)
    assert sum(array.size for array in torch.values()) == 224 == count_lstm(8, 4, 2).total
    assert onnx.W.size + onnx.R.size + onnx.B.size == 224
    shift = rng.normal(size=16)
    shifted = {
        **torch,
        "bias_ih_l0": torch["bias_ih_l0"] + shift,
        "bias_hh_l0": torch["bias_hh_l0"] - shift,
    }
    np.testing.assert_allclose(layouts.from_torch(shifted).b, params.b, atol=1e-14)
    x = rng.normal(size=(10, 8))
    one, other = (lstm_forward(x, p).h for p in (params, layouts.from_torch(shifted)))
    np.testing.assert_allclose(one, other, rtol=0, atol=1e-13)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_other_libraries_are_printed(lang):
    assert printed(lang, "libraries-code").splitlines() == [
        "Keras   [128, 64, 16]",
        "PyTorch [128, 64, 16, 16]",
        "ONNX    [128, 64, 32]",
        "same h: True",
    ]


@pytest.mark.parametrize(
    ("state", "total"),
    [
        ({"preset": "seed"}, 208),
        ({"preset": "seed", "input_size": 16}, 336),
        ({"preset": "seed", "hidden_size": 8}, 544),
        ({"preset": "seed", "bias_vectors": 2}, 224),
        ({"preset": "seed", "hidden_size": 512}, lstm(8, 512)),
        ({"preset": "gru"}, 168),
        ({"preset": "pytorch"}, 5920),
        ({"preset": "pytorch", "both_directions": True}, 15040),
    ],
)
def test_the_figures_show_what_the_chapter_says_of_them(state, total):
    figure = ParameterExplorer(**state)
    assert figure.count.total == sum(layer.total for layer in figure.layer_counts) == total


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_drawings_show_the_sizes_that_the_sentences_say(lang):
    for name, total in [("gate_weights", 52), ("layer_weights", 208)]:
        drawing = (ROOT / "images" / lang / f"{name}.svg").read_text("utf-8")
        products = re.findall(r"([\d×  ]+×[\d ]+) = (\d+)", drawing)
        assert products, name
        for product, result in products:
            assert np.prod([int(part) for part in product.split("×")]) == int(result)
        assert f"= {total}" in drawing


# --- the exercises ---------------------------------------------------------------------------


def test_the_verdicts_on_a_whole_network(capsys):
    for answer, verdict in [
        (1349, "✓ Right: 920 + 408 + 21"),
        (np.int64(1349), "✓ Right"),
        (lstm(12, 10) + lstm(12, 6) + 21, "✗ The second layer does not read the 12 inputs"),
        (lstm(12, 10, 3) + lstm(10, 6, 3) + 21, "✗ You counted three blocks"),
        (4 * (120 + 10) + 4 * (60 + 6) + 21, "✗ The recurrent weights are missing"),
        (4 * (120 + 100) + 4 * (60 + 36) + 18, "✗ The biases are missing"),
        (4 * (120 + 100) + 4 * (60 + 36) + 21, "✗ The biases of both LSTMs"),
        (1349 + 40 + 24, "✗ You counted two bias vectors"),
        (920 + 408, "✗ Both LSTMs are right"),
        (50 * 1349, "✗ You multiplied by the 50 steps"),
        (1348, "✗ That is not the total"),
        (1350, "✗ That is not the total"),
        ("1349 parameters", "✗ This needs a number"),
        ([920, 408, 21], "✗ The shape expected is ()"),
    ]:
        assert said(capsys, "counting_parameters.stack", answer).startswith(verdict), answer


def counter(blocks=4, biases=1, recurrent=True, width=2, directions=2, same=False):
    """A student's count, right or with a usual mistake."""

    def count(D, H, layers, both_directions):
        total, reads = 0, D
        for _ in range(layers):
            one = lstm(reads, H, blocks, biases, recurrent)
            total += one * (directions if both_directions else 1)
            reads = D if same else H * (width if both_directions else 1)
        return total

    return count


def test_the_verdicts_on_a_counter(capsys):
    for function, verdict in [
        (counter(), "✓ Right: it agrees on all 16 networks"),
        (lambda *sizes: np.int64(counter()(*sizes)), "✓ Right"),
        (counter(width=1), "✗ In both directions the next layer reads 2·H"),
        (counter(same=True), "✗ All your layers read D numbers"),
        (counter(width=1, directions=1), "✗ You have not used both_directions"),
        (counter(directions=1), "✗ The next layer rightly reads 2·H"),
        (counter(blocks=3), "✗ You counted three blocks"),
        (counter(recurrent=False), "✗ The recurrent weights are missing"),
        (counter(biases=0), "✗ The biases are missing"),
        (counter(biases=2), "✗ You counted two bias vectors"),
        (lambda *sizes: counter()(*sizes) + 1, "✗ Some total is not that"),
        (lambda *sizes: ..., "Put your answer"),
        (lambda *sizes: None, "✗ Your function does not always"),
        (lambda D, H, layers, both: counter()(D, H, layers, both) if both else None, "✗ Your func"),
        (lambda D, H: 0, "✗ Your answer ends in an error, TypeError"),
        (208, "✗ The function itself goes here"),
    ]:
        assert said(capsys, "counting_parameters.count", function).startswith(verdict), verdict


def test_the_counter_is_called_with_all_there_is(capsys):
    called = []

    def count(*sizes):
        called.append(sizes)
        return counter()(*sizes)

    assert said(capsys, "counting_parameters.count", count).startswith("✓")
    assert len(called) == 16 and {call[2:] for call in called} == {
        (layers, both) for layers in (1, 2, 3, 4) for both in (False, True)
    }
    assert all(type(size) is int for call in called for size in call[:3])


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_stored_replies(lang):
    assert all(printed(lang, f"solution-{k}-code").startswith("✓ ") for k in (1, 2))
    assert not any(printed(lang, f"exercise-{k}").startswith(("✓", "✗")) for k in (1, 2))
