"""What chapter 11 says: its numbers, its claims, the printed counts it grew from, its exercises."""

import math
import re
from functools import cache

import numpy as np
import pytest
from prose import assert_said, assert_worked_out

from lstm_edu import LSTMParams, ParameterExplorer, layouts, lstm_forward
from lstm_edu.counting import (
    count_coupled_lstm,
    count_full_peephole_lstm,
    count_gru,
    count_lstm,
    count_peephole_lstm,
    count_simple_rnn,
)
from lstm_edu.exercises import counting_parameters
from lstm_edu.exercises.base import judge
from rules.pages import ROOT, mimes, read
from rules.prose import NARROW


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


# --- what PyTorch 2.13.0+cpu gave, on an x86 machine, in November 2026 ------------------------
#
# torch.nn.LSTM(64, 100, batch_first=True), x (32, 100, 64), float32: the bytes of the storages that
# torch.autograd.graph.saved_tensors_hooks sees packed, each once, without the parameters; and
# torch.utils.flop_counter.FlopCounterMode, halved (it counts a product and a sum), for T = 10.

TORCH_ONEDNN = 22_568_960  # as it comes; the counter gives 0 there
TORCH_PLAIN = 9_779_200  # with torch.backends.mkldnn.flags(enabled=False)
TORCH_FORWARD, TORCH_BACK, TORCH_BACK_WITH_X = 20_992_000, 32_512_000, 40_704_000
TORCH_PROJECTED = {(8, 4, 2): 200, (10, 20, 5): 1460}

LEAST = 4 * 32 * 100 * (6 * 100 + 64)  # i, f, g, o, c, h and x
KEPT = 4 * 32 * 100 * (10 * 100 + 64)  # and the four blocks of z
FORWARD = 32 * 10 * 4 * 100 * (64 + 100)
BACK = 32 * 10 * 4 * 100 * (64 + 2 * 100)
BACK_WITH_X = 32 * 10 * 4 * 100 * (2 * 64 + 2 * 100)
ONE_STEP = 32 * 4 * 100 * 100  # dz U^T of one step


def projected(D, H, P, biases=2):
    return 4 * (D * H + P * H + biases * H) + H * P


def in_all(sizes, D=12):
    """The parameters of LSTM layers one on another, and of Dense(3) on top."""
    total = 3 * sizes[-1] + 3
    for H in sizes:
        total, D = total + lstm(D, H), H
    return total


def bytes_kept(sizes, D=12):
    return 4 * 32 * 100 * sum(D + 6 * H for D, H in zip((D, *sizes), sizes, strict=False))


@cache
def normal_code():
    """The chapter's own code, as it stands in its cell: its functions."""
    code, _, _ = cells("en")["normal-code"].partition("\nD, H = 8, 4")
    names = {"np": np}
    exec(code, names)
    return names


@cache
def saturated(scale, norm):
    names = normal_code()
    return np.median([names["saturated"](scale, names[norm], seed) for seed in range(5)])


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
    yield "budget-answer", (-66 + (66**2 + 10_000) ** 0.5) / 2, 2
    for H in (27, 28, 38, 50):
        yield "budget-answer", lstm(64, H), 0
    for H in (26, 27):
        yield "budget-answer", lstm(64, H, biases=2), 0
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
    for value in (2 * first, 2 * third, first, 2 * first, second - first):
        yield "stack-answer", value, 0
    yield "projection", lstm(8, 4, biases=2), 0
    yield "projection-answer", projected(8, 4, 2), 0
    yield "projection-answer", projected(512, 512, 128), 0
    yield "projection-answer", lstm(512, 512, biases=2), 0
    yield "projection-answer", 100 * projected(512, 512, 128) / lstm(512, 512, biases=2), 0
    yield "projection-answer", projected(8, 4, 2), 0
    yield "projection-answer", projected(10, 20, 5), 0
    yield "normal", lstm(8, 4), 0
    yield "normal-answer", 2 * (16 + 16 + 4), 0
    yield "normal-answer", lstm(8, 4) + 72, 0
    for scale in (1, 10, 100):
        yield "normal-answer", 100 * saturated(scale, "as_it_is"), 0
    yield "normal-answer", 100 * saturated(100, "normalised"), 0
    for value in (LEAST, 4 * 4 * lstm(64, 100), -(-4 * lstm(64, 100) // (32 * (6 * 100 + 64)))):
        yield "memory-answer", value, 0
    for value in (LEAST, KEPT, TORCH_PLAIN, TORCH_ONEDNN):
        yield "memory-answer", value, 0
    yield "time", 4 * (64 + 100), 0
    yield "time-answer", 100 * 64 / (64 + 100), 0
    yield "training-answer", 1 + (64 + 2 * 100) / (64 + 100), 2
    for value in (FORWARD, BACK - ONE_STEP, BACK_WITH_X - ONE_STEP, ONE_STEP):
        yield "training-answer", value, 0
    for value in (lstm(12, 10), lstm(10, 6), 6 * 3 + 3, lstm(12, 10) + lstm(10, 6) + 21):
        yield "solution-1", value, 0
    for sizes in ((18, 18), (24, 8)):
        yield "solution-3", in_all(sizes), 0
        yield "solution-3", bytes_kept(sizes), 0


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_numbers_of_chapter_11_are_the_computed_ones(lang):
    wanted = [(cell, spelled(v, lang, decimals)) for cell, v, decimals in numbers()]
    assert_said(page(lang), wanted)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_no_other_long_number_stands_in_the_prose(lang):
    """Of three figures or more, or with a fraction, but for the sizes that are given."""
    given = {
        "tensor": {"2080"},
        "smallest-answer": {"88"},
        "arguments-text": {"10"},
        "not-counted-answer": {"3.15"},
        "projection": {"512", "128"},
        "projection-answer": {"2.13"},
        "normal": {"100", "0.05", "0.95", "0,05", "0,95"},
        "memory": {"100"},
        "memory-answer": {"100", "2.13"},
        "time": {"100", "1000"},
        "time-answer": {"1.5", "1,5"},
        "training-answer": {"2.13"},
        "exercise-3-text": {"100", "4500", "5000", spelled(3_000_000, lang)},
        "solution-3": {"100"},
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
        "full peepholes": (count_full_peephole_lstm(8, 4), False),
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
    stored = dict(re.findall(r"^(.*?\S) +(\d\S*)(?: =.*)?$", printed(lang, "memory-code"), re.M))
    assert stored == {
        "parameters": str(weights + 400),
        "Adam's averages": str(2 * (weights + 400)),
        "four copies, bytes": str(16 * (weights + 400)),
        "i f g o c h x, bytes": str(LEAST),
        "ratio": f"{LEAST / (16 * (weights + 400)):.2f}",
        "steps to pass it": "13",
        "lstm_edu keeps": str(KEPT),
    }
    lines = [line.split()[-1] for line in printed(lang, "time-code").splitlines()]
    expected = []
    for T in (100, 1000):
        expected += [T, weights + 400, 32 * T * 664, 32 * weights, 32 * T * weights, T]
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
    assert 8 < LEAST / (4 * 4 * lstm(64, 100)) < 8.1  # "eight times over"
    assert 12 * 32 * 664 < 4 * lstm(64, 100) < 13 * 32 * 664  # "13 time steps"


def test_what_the_layer_keeps_for_the_way_back():
    params = LSTMParams(*(np.zeros(size, np.float32) for size in [(64, 400), (100, 400), 400]))
    trace = lstm_forward(np.zeros((32, 100, 64), np.float32), params)
    assert sum(getattr(trace, name).nbytes for name in "xzifgoch") == KEPT
    assert TORCH_PLAIN == LEAST + 4 * 32 * 100 * 100  # and tanh(c)
    assert LEAST < TORCH_PLAIN < KEPT < TORCH_ONEDNN


@pytest.mark.parametrize("lang", ["es", "en"])
def test_training_takes_two_to_three_times_the_way_forward(lang):
    lines = printed(lang, "training-code").splitlines()
    sizes = [8_192_000, 12_800_000, 8_192_000, 12_800_000, 12_800_000, 8_192_000]
    assert [int(line.split()[-1]) for line in lines[:6]] == sizes
    assert sizes[:2] == [32 * 10 * 4 * 100 * 64, 32 * 10 * 4 * 100 * 100]
    assert lines[6:] == [
        f"forward      {FORWARD}",
        f"without dx   {1 + BACK / FORWARD:.2f} times",
        f"with dx      {1 + BACK_WITH_X / FORWARD:.2f} times",
    ]
    assert BACK_WITH_X == 2 * FORWARD
    counted = TORCH_FORWARD, TORCH_BACK, TORCH_BACK_WITH_X
    assert counted == (FORWARD, BACK - ONE_STEP, BACK_WITH_X - ONE_STEP)
    for D, H in [(1, 1000), (1, 1), (1000, 1)]:  # "between 2 and 3 times"
        assert 2 < 1 + (D + 2 * H) / (D + H) < 3
    assert 1 + (1000 + 2) / 1001 < 2.01  # "nearer to 2 if D is much larger than H"


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_projection_counts_what_pytorch_counts(lang):
    for (D, H, P), total in TORCH_PROJECTED.items():
        assert count_lstm(D, H, 2, projection_size=P).total == projected(D, H, P) == total
    lines = printed(lang, "projection-code").splitlines()
    assert lines[::2] == ["224", "2560", "2101248"]
    assert [int(line.split()[-1]) for line in lines[1::2]] == [200, 1460, 1380352]


@pytest.mark.parametrize("lang", ["es", "en"])
def test_layer_normalisation_holds_the_gates_open(lang):
    shown = printed(lang, "normal-code").splitlines()
    assert shown[0] == f"parameters {18 * 4}"
    for line, scale in zip(shown[2:], (1, 10, 100), strict=True):
        shares = [f"{saturated(scale, norm):.0%}" for norm in ("as_it_is", "normalised")]
        assert line.split() == [str(scale), *shares]
    # 1% to 74% to 97%, and 3% throughout, hold of other starts too
    names = normal_code()
    for seed in range(5, 15):
        plain = [names["saturated"](k, names["as_it_is"], seed) for k in (1, 10, 100)]
        assert plain[0] < 0.02 and 0.7 < plain[1] < 0.8 and plain[2] > 0.95
        normal = [names["saturated"](k, names["normalised"], seed) for k in (1, 10, 100)]
        assert max(normal) < 0.05 and max(normal) - min(normal) < 1e-3


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_table_of_keras_and_the_list_of_arguments(lang):
    text = printed(lang, "smallest-code")
    assert re.search(r"lstm \(LSTM\) +│ \(None, 1\) +│ +12 │", text)
    assert re.search(r"dense \(Dense\) +│ \(None, 5\) +│ +10 │", text)
    assert "Total params: 22 (88.00 B)" in text and 4 * 22 == 88
    assert printed(lang, "arguments-code") == "all there, each once: True\n"


def test_the_seed_of_a_layer_is_that_of_its_dropout_and_not_of_its_first_weights():
    keras = pytest.importorskip("keras")
    x = np.ones((2, 3, 8), "float32")
    starts, dropped = [], []
    for seed in (1, 2):
        keras.utils.set_random_seed(0)
        layer = keras.layers.LSTM(4, dropout=0.5, seed=seed)
        dropped.append(np.array(layer(x, training=True)))
        starts.append(layer.get_weights())
    for one, other in zip(*starts, strict=True):
        np.testing.assert_array_equal(one, other)
    assert not np.allclose(*dropped)
    listed = cells("en")["arguments-code"]
    training = listed[listed.index('"training"') : listed.index('"handed out"')]
    assert "seed" in training


def test_h_can_be_computed_again_from_o_and_c():
    rng = np.random.default_rng(0)
    params = LSTMParams(*(rng.normal(size=size) for size in ((8, 16), (4, 16), 16)))
    trace = lstm_forward(rng.normal(size=(2, 5, 8)), params)
    np.testing.assert_allclose(trace.o * np.tanh(trace.c), trace.h, rtol=0, atol=1e-15)


def test_the_largest_H_in_a_budget():
    assert max(H for H in range(1, 100) if lstm(64, H, biases=2) <= 10_000) == 26
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
        ({"preset": "pytorch", "layers": 1}, 2560),
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


VERDICTS = {
    "counting_parameters.stack": [
        ((1349,), "right"),
        ((np.int64(1349),), "right"),
        (([1349],), "right"),
        ((lstm(12, 10) + lstm(12, 6) + 21,), "first_input"),
        ((lstm(12, 10, 3) + lstm(10, 6, 3) + 21,), "three_blocks"),
        ((4 * (120 + 10) + 4 * (60 + 6) + 21,), "no_recurrent"),
        ((4 * (120 + 100) + 4 * (60 + 36) + 18,), "no_bias"),
        ((4 * (120 + 100) + 4 * (60 + 36) + 21,), "bias_in_dense_only"),
        ((1349 + 40 + 24,), "two_biases"),
        ((920 + 408,), "no_dense"),
        ((920 + 408 + 33,), "dense_reads_ten"),
        ((50 * 1349,), "times_steps"),
        ((66_421,), "times_steps_lstm"),
        ((1348,), "wrong"),
        ((1350,), "wrong"),
        (((1, 349),), "base.comma"),
        (("1349 parameters",), "base.text"),
        (([920, 408, 21],), "base.one"),
        ((math.nan,), "base.infinite"),
    ],
    "counting_parameters.count": [
        ((counter(),), "right"),
        ((lambda *sizes: np.int64(counter()(*sizes)),), "right"),
        ((counter(width=1),), "next_reads_H"),
        ((counter(same=True),), "same_D"),
        ((counter(width=1, directions=1),), "one_direction"),
        ((counter(directions=1),), "reads_both_counts_one"),
        ((counter(blocks=3),), "three_blocks"),
        ((counter(recurrent=False),), "no_recurrent"),
        ((counter(biases=0),), "no_bias"),
        ((counter(biases=2),), "two_biases"),
        ((counter(same=True, directions=1),), "same_D"),
        ((counter(same=True, blocks=3),), "same_D"),
        ((counter(width=1, biases=0),), "next_reads_H"),
        ((counter(blocks=3, recurrent=False),), "three_blocks"),
        ((lambda *sizes: counter()(*sizes) + 1,), "wrong"),
        ((lambda *sizes: 208,), "wrong"),
        ((lambda *sizes: ...,), "base.empty"),
        ((lambda *sizes: None,), "base.return"),
        ((lambda D, H, n, both: counter()(D, H, n, both) if both else None,), "base.return"),
        ((lambda D, H: 0,), "base.raised"),
        ((208,), "base.function"),
    ],
    "counting_parameters.design": [
        (([24, 8],), "right"),
        (([8, 27],), "right"),
        (((np.int64(18), 16),), "right"),
        ((np.array([23, 9]),), "right"),
        (([18, 18],), "memory"),
        (([18, 17],), "memory"),
        (([17, 17],), "few"),
        (([10, 10],), "few"),
        (([20, 20],), "many"),
        (([100, 1],), "many"),
        (([30],), "layers"),
        ((31,), "kind"),
        (([24.5, 8],), "kind"),
        (([0, 24],), "kind"),
        (([-24, 8],), "kind"),
        (([],), "kind"),
        (([[24, 8]],), "base.shape"),
        ((["24", "8"],), "base.text"),
        (([24, math.inf],), "base.infinite"),
    ],
}


def test_the_counter_is_called_with_all_there_is():
    called = []

    def count(*sizes):
        called.append(sizes)
        return counter()(*sizes)

    assert judge(counting_parameters.count, (count,)).key == "right"
    assert len(called) == 16 and {call[2:] for call in called} == {
        (layers, both) for layers in (1, 2, 3, 4) for both in (False, True)
    }
    assert all(type(size) is int for call in called for size in call[:3])


def test_a_wrong_counter_is_told_of_a_network_that_it_counts_wrongly():
    def count(*sizes):
        return counter()(*sizes) + (sizes[2] == 3)  # wrong where there are three layers

    said = judge(counting_parameters.count, (count,))
    assert said.key == "wrong"
    D, H, layers, both = said.numbers["case"].split(", ")
    assert layers == "3"
    assert said.numbers["came"] == str(counter()(int(D), int(H), 3, both == "True") + 1)


def test_many_designs_fit_and_two_equal_layers_do_not():
    pairs = [(a, b) for a in range(1, 40) for b in range(1, 40)]
    fits = [p for p in pairs if 4500 <= in_all(p) <= 5000 and bytes_kept(p) <= 3_000_000]
    assert len(fits) > 30 and (24, 8) in fits and (8, 27) in fits
    assert not any(a == b for a, b in fits)
    assert all((counting_parameters.design(list(p)).key == "right") == (p in fits) for p in pairs)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_stored_replies(lang):
    for k in (1, 2, 3):
        assert "✓ " in printed(lang, f"solution-{k}-code")
        assert "✗" not in printed(lang, f"solution-{k}-code")
        assert not printed(lang, f"exercise-{k}").startswith(("✓", "✗"))
