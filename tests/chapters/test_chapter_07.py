"""What chapter 7 says: its numbers, its claims, the seed of its example and its exercises."""

import math
import re
from itertools import permutations

import numpy as np
import pytest
from prose import assert_said, assert_worked_out

from lstm_edu import (
    LayoutExplorer,
    LSTMParams,
    count_lstm,
    layouts,
    lstm_forward,
    lstm_step,
    sigmoid,
)
from rules.pages import ROOT, mimes, read
from rules.prose import written

KERNEL = np.array(
    [
        [-0.7879, -0.7968972, 0.9924617, -0.6057646],
        [-0.14056396, -0.34560132, 0.9574034, 0.7960496],
    ]
)
RECURRENT = np.array([[-0.0660542, -0.32508007, -0.8477706, 0.41381747]])
BIAS = np.array([0.0, 1.0, 0.0, 0.0])
PARAMS = LSTMParams(KERNEL, RECURRENT, BIAS)
X = np.array([1.0, 10.0])


def one_step(params, h_prev=(0,), c_prev=(0,)):
    return lstm_step(X, h_prev, c_prev, params)


def in_order(params, order):
    """The layer whose blocks are read in another order than i, f, g, o."""
    places = ["ifgo".index(name) for name in order]
    blocks = [np.split(array, 4, axis=-1) for array in params]
    return LSTMParams(*(np.concatenate([b[k] for k in places], axis=-1) for b in blocks))


STEP = one_step(PARAMS)
SWAPPED = one_step(in_order(PARAMS, "figo"))
HARD = {
    "Keras 2": lambda z: np.clip(0.2 * z + 0.5, 0, 1),
    "Keras 3": lambda z: np.clip(z + 3, 0, 6) / 6,
}


def with_gates(s):
    z_i, z_f, z_g, z_o = STEP.z
    c = s(z_f) * 0 + s(z_i) * np.tanh(z_g)
    return s(z_o) * np.tanh(c)


def page(lang):
    return read(ROOT / "chapters" / lang / "07_keras_by_hand.ipynb")


def printed(lang, cell):
    (found,) = (one for one in page(lang).cells if one.id == cell)
    return "".join(mimes(output).get("stdout", "") for output in found.outputs)


# --- the numbers of the example --------------------------------------------------------------


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_notebook_prints_the_numbers_of_the_document_it_grew_from(lang):
    values = dict(re.findall(r"(\w[\w ]*?) += (-?[\d.]+)", printed(lang, "by-hand-code")))
    assert values == {
        "z_i": "-2.193540",
        "z_f": "-3.252910",
        "z_g": "10.566496",
        "z_o": "7.354731",
        "i": "0.100332",
        "f": "0.037222",
        "c": "0.100332",
        "o": "0.999361",
        "h": f"{0.09993291:.6f}",
        "h_keras": f"{0.0999329:.6f}",
    }
    for name, value in zip(["z_i", "z_f", "z_g", "z_o"], STEP.z, strict=True):
        assert values[name] == f"{value:.6f}"
    for name in "ifcoh":
        assert values[name] == f"{getattr(STEP, name)[0]:.6f}"
    assert "parameters 16" in printed(lang, "model") and count_lstm(2, 1).total == 16
    assert printed(lang, "model").endswith("bias [0. 1. 0. 0.]\n")  # Keras' own forget bias


@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_way_to_the_output_prints_the_same(lang):
    for cell in ("set-weights", "by-hand-code", "blind-code", "torch", "onnx"):
        assert "= 0.099933\n" in printed(lang, cell), f"{lang}: {cell}"


def numbers():
    """Yield (cell id, value, decimals) for the numbers that chapter 7 says in its sentences."""
    yield "same", STEP.h[0], 6
    yield "same", STEP.i[0], 6
    yield "same", STEP.c[0], 6
    yield "same-answer", STEP.z[2], 2
    yield "order-answer", STEP.z[1], 4
    yield "order-answer", SWAPPED.c[0], 4
    yield "order-answer", SWAPPED.h[0], 4
    yield "order-answer", STEP.h[0], 4
    yield "mistakes-answer", abs(one_step(in_order(PARAMS, "ifog")).h - STEP.h)[0], 6
    yield "older-after", STEP.h[0], 4
    for gates in HARD.values():
        yield "older-after", with_gates(gates), 4
    yield "swaps-after", STEP.f[0], 4
    yield "swaps-after", one_step(PARAMS._replace(b=2 * BIAS)).f[0], 4
    yield "start-answer", sigmoid(1.0), 4
    yield "solution-1", 0.7, 1
    yield "solution-1", 0.2, 1


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_numbers_of_chapter_7_are_the_computed_ones(lang):
    cells = [cell._replace(source=cell.source.replace("-", "−")) for cell in page(lang).cells]
    said_there = {(cell, written(value, decimals, lang)) for cell, value, decimals in numbers()}
    assert_said(page(lang)._replace(cells=cells), said_there)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_no_other_long_number_stands_in_the_prose(lang):
    """A number that is said twice in a cell is right both times."""
    for cell in page(lang).markdown():
        text = cell.source.replace("{,}", ",").replace("-", "−")
        found = set(re.findall(r"−?\d+[.,]\d{4,}", text))
        computed = {written(v, d, lang) for where, v, d in numbers() if where == cell.id}
        assert_worked_out(page(lang), cell, found - computed)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_powers_of_ten_of_chapter_7_are_the_computed_ones(lang):
    cells = {cell.id: cell.source.replace("{,}", ".") for cell in page(lang).cells}
    short = 1 - STEP.g[0]
    assert f"{short:.1e}" == "1.3e-09" and r"1.3 \cdot 10^{-9}" in cells["same-answer"]
    gap = np.spacing(np.float32(1))
    assert f"{gap:.1e}" == "1.2e-07" and r"1.2 \cdot 10^{-7}" in cells["tolerance"]
    assert round(1e-6 / gap) == 8  # "about eight such gaps"
    assert r"1.5 \cdot 10^{-4}" in cells["mistakes-answer"]
    assert printed(lang, "spacing").splitlines() == [
        f"spacing({value:.4g}) = {np.spacing(np.float32(value)):.1e}"
        for value in (STEP.z[2], 1, STEP.h[0])
    ]


# --- what it claims in words -----------------------------------------------------------------


def test_in_float32_the_candidate_is_exactly_1():
    assert STEP.g[0] < 1 and np.float32(STEP.g[0]) == 1


@pytest.mark.parametrize("lang", ["es", "en"])
def test_blocks_read_as_f_i_c_o_give_other_numbers_and_no_error(lang):
    text = printed(lang, "order-code")
    assert f"c: {STEP.c[0]:.6f} -> {SWAPPED.c[0]:.6f}\n" in text
    assert f"h: {STEP.h[0]:.6f} -> {SWAPPED.h[0]:.6f}\n" in text
    assert math.isclose(SWAPPED.c[0], sigmoid(STEP.z[1]) * STEP.g[0])


def test_recurrent_weights_taken_from_W_fail_only_if_D_is_not_H():
    h = np.ones(2)
    with pytest.raises(ValueError, match="mismatch"):
        h @ np.ones((3, 8))[:, 2:4]
    assert (h @ np.ones((2, 8))[:, 2:4]).shape == (2,)
    square = LSTMParams(np.full((1, 4), 0.3), np.full((1, 4), -0.9), None)
    wrong = square._replace(U=square.W)
    assert lstm_step([1], [0], [0], square).h == lstm_step([1], [0], [0], wrong).h
    assert lstm_step([1], [0.5], [0], square).h != lstm_step([1], [0.5], [0], wrong).h


def test_one_step_from_zero_sees_nine_of_sixteen_parameters():
    unseen = []
    for name, array in PARAMS._asdict().items():
        for index in np.ndindex(array.shape):
            other = array.copy()
            other[index] -= 3
            if one_step(PARAMS._replace(**{name: other})).h == STEP.h:
                unseen.append((name, index[-1]))
    assert unseen == [("W", 1), ("W", 1), *(("U", block) for block in range(4)), ("b", 1)]


@pytest.mark.parametrize("lang", ["es", "en"])
def test_seven_parameters_are_changed_there(lang):
    assert "changed: 7\n" in printed(lang, "blind-code")


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_general_check_agrees_and_finds_every_mistake(lang):
    checks = printed(lang, "check").splitlines()
    off = [line for line in checks if not line.endswith("[True, True]")]
    (large,) = off  # "in the last float32 row the difference is above": and in float64 it goes away
    assert len(checks) == 10 and large == checks[4] and large.endswith("[False, False]")
    assert large.split()[:4] == ["float32", "T=200", "D=64", "H=128"]
    rows = {
        line[:9].strip(): line[9:].split() for line in printed(lang, "mistakes-code").splitlines()
    }
    assert set(rows) == {"mistake", "none", "i <-> f", "g <-> o", "U = 0", "b = 0"}
    one = {name: row[1:3] for name, row in rows.items() if name != "mistake"}
    assert one == {
        "none": ["True", "True"],
        "i <-> f": ["False", "False"],  # "only one" is found at four decimals
        "g <-> o": ["True", "False"],
        "U = 0": ["True", "True"],
        "b = 0": ["True", "True"],
    }
    general = {name: row[3:] for name, row in rows.items() if name != "mistake"}
    assert general.pop("none") == ["0.000000", "True", "True"]
    for name, (error, *passes) in general.items():
        assert float(error) > 0.01 and passes == ["False", "False"], name  # "by a wide margin"


def test_the_mistakes_of_one_step_are_as_large_as_printed():
    rows = printed("en", "mistakes-code").splitlines()[1:]
    broken = [
        PARAMS,
        in_order(PARAMS, "figo"),
        in_order(PARAMS, "ifog"),
        PARAMS._replace(U=0 * RECURRENT),
        PARAMS._replace(b=0 * BIAS),
    ]
    for row, params in zip(rows, broken, strict=True):
        error = abs(one_step(params).h - STEP.h)[0]
        assert row[9:].split()[0] == f"{error:.6f}", row


def test_four_decimals_let_pass_what_the_chapter_says():
    right = STEP.h
    np.testing.assert_array_almost_equal(one_step(in_order(PARAMS, "ifog")).h, right, decimal=4)
    np.testing.assert_array_almost_equal([1 + 1.49e-4], [1], decimal=4)
    with pytest.raises(AssertionError):
        np.testing.assert_array_almost_equal([1 + 1.51e-4], [1], decimal=4)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_older_gates_give_what_is_printed(lang):
    lines = printed(lang, "older-code").splitlines()
    for line, gates in zip(lines, [sigmoid, *HARD.values()], strict=False):
        values = [gates(STEP.z[k]) for k in (0, 1, 3)] + [with_gates(gates)]
        assert re.findall(r"= ([\d.]+)", line) == [f"{value:.4f}" for value in values]
    # Keras' own answer, and its complaint about input_shape.
    assert lines[3].split() == ["Keras", "h", "=", lines[2].split()[-1], "UserWarning"]


def test_from_keras_refuses_other_gates():
    class Layer:
        def get_weights(self):
            return [KERNEL, RECURRENT, BIAS]

        def recurrent_activation(self):
            """Its name is what counts."""

    layer = Layer()
    layouts.from_keras(layer.get_weights())
    Layer.recurrent_activation.__name__ = "hard_sigmoid"
    with pytest.raises(ValueError, match="recurrent_activation sigmoid, got hard_sigmoid"):
        layouts.from_keras(layer)


def test_the_figures_show_what_the_chapter_says_of_them():
    arrays = LayoutExplorer(W=KERNEL, U=RECURRENT, b=BIAS, framework="keras", name="arrays")
    assert len(arrays.slices) == 12 and sum(a.size for a in arrays.arrays.values()) == 16
    assert abs(arrays.h - arrays.wrong).max() > 0.01  # the swap is seen
    for framework, names, place in [
        ("keras", "b_f", ["bias[2:4]"]),
        ("pytorch", "b[WU]_f", ["bias_ih_l0[2:4]", "bias_hh_l0[2:4]"]),
        ("onnx", "b[WU]_f", ["B[0, 4:6]", "B[0, 12:14]"]),
    ]:
        libraries = LayoutExplorer(preset="numbered", framework=framework)
        found = [s.array + s.index for s in libraries.slices if re.fullmatch(names, s.symbol)]
        assert found == place
    assert libraries.arrays["B"][0, 4:6].tolist() == [43, 44]
    assert libraries.arrays["B"].shape == (1, 8 * 2)
    assert LayoutExplorer(framework="keras").W.tolist() == libraries.W.tolist()  # as it opens
    for lang in ("es", "en"):
        (answer,) = (cell.source for cell in page(lang).cells if cell.id == "libraries-answer")
        for place in (" 43 ", " 44.", "`[2:4]`", "`B[0, 4:6]`", "`B[0, 12:14]`"):
            assert place in answer, f"{lang}: {place}"


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_arrays_of_other_libraries_and_their_mistakes(lang):
    turned = layouts.to_onnx(PARAMS)
    keras_order = LSTMParams(turned.W[0].T, turned.R[0].T, turned.B[0, :4])
    wrong = one_step(keras_order)
    assert wrong.h[0] < 0 < STEP.h[0]  # "even the sign"
    text = printed(lang, "swaps-code")
    assert f"PyTorch as f, i, g, o  h: {STEP.h[0]:.6f} -> {SWAPPED.h[0]:.6f}\n" in text
    assert f"ONNX as i, f, g, o     h: {STEP.h[0]:.6f} -> {wrong.h[0]:.6f}\n" in text
    doubled = one_step(PARAMS._replace(b=2 * BIAS))
    assert f"f: {STEP.f[0]:.6f} -> {doubled.f[0]:.6f}\n" in text
    assert doubled.h == STEP.h  # "does not change"
    state = layouts.to_torch(PARAMS)
    assert not state["bias_hh_l0"].any() and not turned.B[0, 4:].any()  # "zeros in the second"
    for name, array in state.items():
        assert re.search(rf"{name} +{re.escape(str(array.shape))}\n", printed(lang, "torch"))
    for name in "WRB":
        assert f"{name} {getattr(turned, name).shape}" in printed(lang, "onnx")


def test_a_layer_of_keras_begins_by_keeping():
    zeros = LSTMParams(np.zeros((1, 4)), np.zeros((1, 4)), BIAS)
    kept = lstm_forward(np.zeros((1, 1)), zeros, c0=np.ones(1)).c[-1, 0]
    assert kept > lstm_forward(np.zeros((1, 1)), zeros._replace(b=None), c0=np.ones(1)).c[-1, 0]


# --- how numbers are rounded -------------------------------------------------------------------


@pytest.fixture(scope="module")
def rounding():
    """The functions that the chapter writes to round, run from its own cells."""
    names = {"np": np, "LSTMParams": LSTMParams, "lstm_step": lstm_step, "sigmoid": sigmoid}
    cells = {cell.id: cell.source for cell in page("en").cells}
    exec(cells["check"].partition("\n\n\nrng")[0], names)
    exec(cells["bits-code"].partition("\n\n\nprint")[0], names)
    return names


def test_rounded_keeps_the_bits_of_the_formats(rounding):
    values = np.random.default_rng(0).normal(size=1000) * 10.0 ** np.arange(-20, 20).repeat(25)
    as_float32 = values.astype(np.float32)
    np.testing.assert_array_equal(rounding["rounded"](values, 23), as_float32)
    # TF32 and bfloat16 are float32 with its last 13 and 16 bits rounded away, ties to even.
    bits = as_float32.view(np.uint32).astype(np.uint64)
    for kept, dropped in ((10, 13), (7, 16)):
        half = (1 << (dropped - 1)) - 1 + (bits >> np.uint64(dropped) & np.uint64(1))
        cut = (bits + half) >> np.uint64(dropped) << np.uint64(dropped)
        expected = cut.astype(np.uint32).view(np.float32)
        np.testing.assert_array_equal(rounding["rounded"](as_float32, kept), expected)
    assert rounding["rounded"](1.0001, 10) == 1  # TensorFlow's own example of what TF32 loses


@pytest.mark.parametrize("lang", ["es", "en"])
def test_large_weights_amplify_the_rounding_and_a_large_layer_does_not(lang, rounding):
    """Not the size: three networks, and five layers of each."""
    cases = [(6, 3, 2, 0.5), (200, 64, 128, 0.05), (200, 64, 128, 0.5)]
    lines = printed(lang, "bits-code").splitlines()[1:4]
    table = []
    for line, case in zip(lines, cases, strict=True):
        row = []
        for bits in (23, 10, 7):
            errors = [rounding["moved"](bits, *case, seed) for seed in range(5)]
            row.append(float(f"{np.median(errors):.0e}"))
        assert line.split()[-3:] == [f"{error:.0e}" for error in row]
        table.append(row)
    small, large, strong = table
    assert all(b / a <= 5 + 1e-9 for a, b in zip(small, large, strict=True))  # "five times"
    assert strong[1] == 0.06 and min(b / a for a, b in zip(large, strong, strict=True)) > 100
    text = {cell.id: cell.source for cell in page(lang).cells}["bits-answer"]
    assert written(0.06, 2, lang) in text


@pytest.mark.parametrize(("scale", "apart"), [(0.5, False), (1, True)])
def test_twice_the_weights_amplify_even_the_rounding_of_float64(rounding, scale, apart):
    for seed in range(3):
        rng = np.random.default_rng(seed)
        weights = [scale * rng.normal(size=size) for size in [(64, 512), (128, 512), 512]]
        x, h, c = (rng.normal(size=size) for size in [(200, 64), 128, 128])
        one, other = (rounding["lstm_numpy"](x * k, h, c, *weights) for k in (1, 1 + 2.0**-52))
        assert abs(one - other).max() > 0.1 if apart else abs(one - other).max() < 1e-10


@pytest.mark.parametrize("case", [(6, 3, 2, 0.5), (40, 1, 8, 0.5), (200, 64, 128, 0.05)])
def test_ten_times_the_rounding_of_float32_is_enough_for_keras(rounding, case):
    keras = pytest.importorskip("keras")
    T, D, H, scale = case
    layer = keras.layers.LSTM(H)
    layer.build((None, T, D))
    for seed in range(4):
        rng = np.random.default_rng(seed)
        layer.set_weights([scale * rng.normal(size=array.shape) for array in layer.weights])
        x, h, c = (rng.normal(size=size).astype(np.float32) for size in [(T, D), H, H])
        by_keras = np.array(layer(x[None], initial_state=[h[None], c[None]]))[0]
        given = x, h, c, *layer.get_weights()
        by_numpy = rounding["lstm_numpy"](*given)
        rounded = abs(by_numpy - rounding["lstm_numpy"](*map(np.float64, given))).max()
        assert by_numpy.dtype == np.float32
        assert abs(by_numpy - by_keras).max() < 10 * rounded


@pytest.mark.parametrize("lang", ["es", "en"])
def test_float32_is_float32_in_the_first_cell(lang):
    (setup,) = (cell.source for cell in page(lang).cells if cell.id == "setup")
    assert "enable_tensor_float_32_execution(False)" in setup


# --- what a new layer starts with ---------------------------------------------------------------


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_first_weights_of_both_libraries(lang):
    lines = printed(lang, "start-code").splitlines()
    assert lines[0].endswith("True") and lines[1].endswith("True")
    assert lines[3].endswith("f = [0.7311]")
    *norms, low, high = (
        float(number) for line in (lines[2], lines[4], lines[5]) for number in numbers_in(line)
    )
    assert norms[0] == 1 > norms[1]  # "shrinks all that it multiplies"
    assert norms.pop() == 0.5  # the mean of f
    bound = 2 / np.sqrt(32)
    assert sigmoid(-bound) - 0.005 <= low < 0.45 and 0.55 < high <= sigmoid(bound) + 0.005
    text = {cell.id: cell.source for cell in page(lang).cells}["start-answer"]
    for value in (*norms, low, high):
        assert written(value, 2, lang) in text


def numbers_in(line):
    return re.findall(r"\d\.\d\d", line)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_table_of_arguments_says_what_keras_says(lang):
    found = dict(line.split() for line in printed(lang, "arguments-code").splitlines())
    (text,) = (cell.source for cell in page(lang).cells if cell.id == "model-answer")
    rows = [line.split("|")[1:3] for line in text.splitlines() if line.startswith("| `")]
    told = {}
    for names, values in rows:
        told |= dict(zip(re.findall("`(.+?)`", names), re.findall("`(.+?)`", values), strict=True))
    assert len(told) == 13 and told == {name: found[name] for name in told}


# --- the exercises ---------------------------------------------------------------------------


def test_one_order_of_24_gives_the_step_of_exercise_3():
    names = {"np": np, "check": lambda *_: None}
    cells = {cell.id: cell.source for cell in page("en").cells}
    exec(cells["exercise-3"], names)
    A, a = names["A"], names["a"]
    errors = {}
    for order in permutations("ifgo"):
        params = in_order(LSTMParams(A[:3], A[3:], a), ["ifgo"[order.index(n)] for n in "ifgo"])
        step = lstm_step(names["x_old"], names["h_old"], names["c_old"], params)
        errors["".join(order)] = abs(step.h - names["h_new"]).max()
    assert 1e-6 < errors.pop("igfo") < 1e-4 and min(errors.values()) > 0.04


def with_order(order, activations="sstS", bias=1, recurrent=1, cut=np.split):
    """A student's function: blocks in some order, each through σ (s), tanh (t) or nothing (-)."""
    functions = {"s": sigmoid, "S": sigmoid, "t": np.tanh, "-": lambda z: z}

    def gates(kernel, recurrent_kernel, b, x, h):
        z = x @ kernel + recurrent * h @ recurrent_kernel + bias * b
        blocks = dict(zip(order, cut(z, 4), strict=True))
        return [functions[a](blocks[n]) for n, a in zip("ifgo", activations, strict=True)]

    return gates


def rearranged(*places):
    """A student's function: right values, handed over in another order."""

    def gates(*arrays):
        values = with_order("ifgo")(*arrays)
        return [values[k] for k in places]

    return gates


def in_turns(z, parts):
    return [z[k::parts] for k in range(parts)]


def converted(order, size=None, rows=1, parts="WUb"):
    """A student's function for exercise 3, with its slips."""

    def convert(A, a):
        H = size or len(a) // 4
        D = len(A) - H
        places = [order.index(name) for name in "ifgo"]

        def turned(array, name):
            blocks = [array[..., k * H : (k + 1) * H] for k in range(4)]
            return np.concatenate([blocks[k] for k in places], axis=-1) if name in parts else array

        W, U = (A[:D], A[D:]) if rows == 1 else (A[H:], A[:H])
        return turned(W, "W"), turned(U, "U"), turned(a, "b")

    return convert


def with_forget_bias(order, more=1, **slips):
    """A student's function that adds to b_f, as TensorFlow 1 does when it runs."""

    def convert(A, a):
        W, U, b = converted(order, **slips)(A, a)
        return W, U, b + more * np.repeat([0, 1, 0, 0], len(b) // 4)

    return convert


def printing(*arrays):
    with_order("ifgo")(*arrays)


VERDICTS = {
    "keras_by_hand.output_bias": [
        (([0.7, 0.2],), "right"),
        (((0.7, 0.2),), "right"),
        ((np.array([0.7, 0.2], np.float32),), "right"),
        (([0.1, -0.3],), "first"),
        (([1.0, 1.2],), "forget"),
        (([0.4, -0.6],), "candidate"),
        (([1.2, 0.2],), "turns"),
        (([0.2, 0.7],), "reverse"),
        (([6, 7],), "places"),
        (([1.2, 0.4],), "wrong"),
        (([0.7, -0.2],), "wrong"),
        (([0.7, 0.3],), "wrong"),
        ((0.2,), "base.single"),
        (([0.4, -0.6, 0.7, 0.2],), "base.length"),
        (((0, 7, 0, 2),), "base.length"),
        (("0.7, 0.2",), "base.text"),
        ((...,), "base.empty"),
    ],
    "keras_by_hand.gates": [
        ((with_order("ifgo"),), "right"),
        ((lambda *arrays: np.stack(with_order("ifgo")(*arrays)),), "right"),
        ((with_order("figo"),), "forget_first"),
        ((rearranged(1, 0, 2, 3),), "forget_first"),
        ((rearranged(0, 1, 3, 2),), "candidate_last"),
        ((with_order("ifog"),), "candidate_cut"),
        ((with_order("iofg"),), "onnx"),
        ((with_order("ogfi"),), "cut"),
        ((with_order("ifgo", cut=in_turns),), "turns"),
        ((with_order("ifgo", "ssss"),), "all_sigmoid"),
        ((with_order("ifgo", "tttt"),), "all_tanh"),
        ((with_order("ifgo", "----"),), "bare"),
        ((with_order("ifgo", bias=0),), "no_bias"),
        ((with_order("ifgo", bias=2),), "two_biases"),
        ((with_order("ifgo", recurrent=0),), "no_recurrent"),
        ((with_order("figo", "ssss"),), "wrong"),
        ((with_order("ifgo", bias=2, recurrent=0),), "wrong"),
        ((with_order("ifgo", bias=-1),), "wrong"),
        ((printing,), "base.return"),
        ((lambda *arrays: ...,), "base.empty"),
        (((1, 2, 3, 4),), "base.function"),
        ((lambda kernel, recurrent, bias, x, h: h @ kernel,), "base.raised"),
        ((lambda *arrays: np.concatenate(with_order("ifgo")(*arrays)),), "base.shape"),
        ((lambda *arrays: with_order("ifgo")(*arrays)[:3],), "base.shape"),
    ],
    "keras_by_hand.convert": [
        ((converted("igfo"),), "right"),
        ((lambda A, a: list(converted("igfo")(A, a)),), "right"),
        ((converted("ifgo"),), "as_it_is"),
        ((converted("figo"),), "order"),
        ((converted("iofg"),), "order"),
        ((converted("ogfi"),), "order"),
        ((converted("igfo", parts="WU"),), "some"),
        ((converted("igfo", parts="Wb"),), "some"),
        ((converted("igfo", parts="b"),), "some"),
        ((converted("figo", parts="b"),), "wrong"),
        ((with_forget_bias("igfo"),), "forget_bias"),
        ((with_forget_bias("igfo", more=-1),), "some"),
        ((with_forget_bias("igfo", rows=-1),), "wrong"),
        ((with_forget_bias("iofg"),), "wrong"),
        ((converted("igfo", size=2),), "fixed"),
        ((lambda A, a: tuple(-part for part in converted("igfo")(A, a)),), "wrong"),
        ((converted("igfo", rows=-1),), "rows"),
        ((lambda A, a: converted("igfo")(A, a)[:2],), "three"),
        ((lambda A, a: A,), "three"),
        ((lambda A, a: [part.T for part in converted("igfo")(A, a)],), "base.shape"),
        ((lambda A, a: None,), "base.return"),
        ((lambda A, a: ...,), "base.empty"),
        ((lambda A, a: A @ a[:3],), "base.raised"),
        (("igfo",), "base.function"),
    ],
}
