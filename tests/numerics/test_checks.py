"""Every refusal: its kind, and what its message names: argument, expected, received, hint."""

import re
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from random_cases import B, D, H, T, random_case

import lstm_edu
from lstm_edu import (
    LSTMParams,
    lstm_backward,
    lstm_forward,
    lstm_step,
    lstm_step_backward,
    variants,
)
from lstm_edu.checks import check_array, check_weights
from lstm_edu.layouts import BothDirections
from lstm_edu.variants import CoupledParams, GRUParams, RNNParams

pytestmark = pytest.mark.filterwarnings("error")

CASE = random_case(71)
STEP = {"x": CASE.x[:, 0], "h_prev": CASE.h0, "c_prev": CASE.c0, **CASE.params._asdict()}
SEQUENCE = {"x": CASE.x, "h0": CASE.h0, "c0": CASE.c0, **CASE.params._asdict()}
BACKWARD = {"dh": CASE.dh, "dc_last": CASE.dc_last}


def take_step(**changes):
    given = {**STEP, **changes}
    params = LSTMParams(given.pop("W"), given.pop("U"), given.pop("b"))
    return lstm_step(**given, params=params)


def run_sequence(**changes):
    given = {**SEQUENCE, **changes}
    params = LSTMParams(given.pop("W"), given.pop("U"), given.pop("b"))
    return lstm_forward(**given, params=params)


def step_back(**changes):
    given = {"dh": CASE.dh[:, 0], "dc": CASE.dc_last, **changes}
    params = LSTMParams(*(given.pop(name, STEP[name]) for name in "WUb"))
    return lstm_step_backward(take_step(), **given, params=params)


def run_back(**changes):
    return lstm_backward(run_sequence(), **{**BACKWARD, **changes})


CALLS = [(take_step, STEP), (run_sequence, SEQUENCE), (run_back, BACKWARD)]
CALLS.append((step_back, {"dh": CASE.dh[:, 0], "dc": CASE.dc_last, **CASE.params._asdict()}))
ARGUMENTS = [
    pytest.param(call, name, array, id=f"{call.__name__}-{name}")
    for call, arguments in CALLS
    for name, array in arguments.items()
]


# --- what no argument may hold ---------------------------------------------------------------


@pytest.mark.parametrize(("call", "name", "array"), ARGUMENTS)
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_every_argument_must_be_finite(call, name, array, bad):
    spoilt = array.copy()
    spoilt.flat[-1] = bad
    place = re.escape(str(tuple(size - 1 for size in array.shape)))
    with pytest.raises(
        ValueError, match=f"^{name}: expected finite numbers, got {bad} at index {place}"
    ):
        call(**{name: spoilt})


@pytest.mark.parametrize(("call", "name", "array"), ARGUMENTS)
@pytest.mark.parametrize(
    ("convert", "kind"),
    [
        (lambda a: a > 0, "booleans"),
        (lambda a: a + 0j, "complex numbers"),
        (lambda a: a.astype(str), "text"),
        (lambda a: a.astype("S"), "bytes"),
        (lambda a: np.where(a == a, None, a), "Python objects"),
        (lambda a: a.astype("M8[s]"), "something else"),
    ],
)
def test_every_argument_must_hold_real_numbers(call, name, array, convert, kind):
    with pytest.raises(TypeError, match=f"^{name}: expected real numbers, got {kind} "):
        call(**{name: convert(array)})


@pytest.mark.parametrize(("call", "name", "array"), ARGUMENTS)
def test_every_argument_must_have_its_shape(call, name, array):
    """One number too many along each axis that the other arguments fix, and one axis too many."""
    with pytest.raises(ValueError, match=rf"^{name}: expected shape .* = .*, got \(1, .*Hint: "):
        call(**{name: array[None, None]})
    longer = np.concatenate([array, array[..., :1]], axis=-1)
    numbers = re.escape(str(longer.shape))
    culprit = "[WU]" if name in ("W", "U") else name
    with pytest.raises(ValueError, match=rf"^{culprit}: expected shape \(.*\) = \(.*Hint: "):
        call(**{name: longer})
    if culprit == name:
        with pytest.raises(ValueError, match=rf"got {numbers}\. Hint: "):
            call(**{name: longer})


@pytest.mark.parametrize(("call", "name", "array"), ARGUMENTS)
def test_no_axis_may_be_empty(call, name, array):
    for axis in range(array.ndim):
        empty = np.take(array, [], axis=axis)
        message = rf"^{name}: expected at least 1 along every axis.*{re.escape(str(empty.shape))}"
        with pytest.raises(ValueError, match=message):
            call(**{name: empty})


@pytest.mark.parametrize(("call", "name", "array"), ARGUMENTS)
def test_rows_must_be_of_equal_length(call, name, array):
    with pytest.raises(ValueError, match=f"^{name}: expected rows of equal length"):
        call(**{name: [[1.0, 2.0], [3.0]]})


# --- messages to the letter ------------------------------------------------------------------

SMALL = {"x": [1, 2], "h_prev": [0, 0], "c_prev": [0, 0]}
SMALL |= {"W": np.ones((2, 8)), "U": np.ones((2, 8)), "b": np.ones(8)}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"W": np.ones((8, 2))},
            "W: expected shape (D, 4H) = (2, 8), got (8, 2). Hint: this looks transposed; "
            "PyTorch stores weight_ih transposed, pass W.T.",
        ),
        (
            {"U": np.ones((8, 2))},
            "U: expected shape (H, 4H) = (2, 8), got (8, 2). Hint: this looks transposed; "
            "PyTorch stores weight_hh transposed, pass U.T.",
        ),
        (
            {"W": np.ones((2, 6))},
            "W: expected shape (D, 4H) = (any, 8), got (2, 6). Hint: one row per number that "
            "comes in, and the blocks of H columns side by side.",
        ),
        (
            {"U": np.ones((2, 6))},
            "U: expected shape (H, 4H) = (2, 8), got (2, 6). Hint: one row per number that "
            "comes in, and the blocks of H columns side by side.",
        ),
        (
            {"b": np.ones((2, 8))},
            "b: expected shape (4H,) = (8,), got (2, 8). Hint: the blocks stand in one row, as in "
            "W; of PyTorch's two biases pass the sum.",
        ),
        (
            {"x": [1, 2, 3]},
            "x: expected shape (D,) = (2,), got (3,). Hint: D is the number of rows of W.",
        ),
        (
            {"x": np.ones((5, 3))},
            "x: expected shape (B, D) = (any, 2), got (5, 3). Hint: D is the number of rows of W.",
        ),
        (
            {"x": np.ones((5, 6, 2))},
            "x: expected shape (D,) = (2,) or (B, D) = (any, 2), got (5, 6, 2). "
            "Hint: lstm_step takes one time step, lstm_forward a sequence.",
        ),
        (
            {"x": np.ones((3, 2))},
            "h_prev: expected shape (B, H) = (3, 2), got (2,). Hint: B is the batch of x, "
            "H the rows of U; drop PyTorch's leading axis of layers.",
        ),
        (
            {"c_prev": [[0, 0]]},
            "c_prev: expected shape (H,) = (2,), got (1, 2). Hint: B is the batch of x, "
            "H the rows of U; drop PyTorch's leading axis of layers.",
        ),
        (
            {"x": [1e200, 1], "W": np.full((2, 8), 1e150)},
            "x, W: expected z = xW + hU + b within 1.8e+308, the largest float64, got factors as "
            "large as 1e+200 and 1e+150. Hint: scale them down.",
        ),
    ],
)
def test_a_message_names_letters_numbers_and_a_hint(changes, message):
    given = {**SMALL, **changes}
    params = LSTMParams(given.pop("W"), given.pop("U"), given.pop("b"))
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        lstm_step(**given, params=params)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"x": np.ones(D)},
            "x: expected shape (T, D) = (any, 3) or (B, T, D) = (any, any, 3), got",
        ),
        ({"x": np.ones((T, D))}, "h0: expected shape (H,) = (4,), got (2, 4)."),
        ({"h0": np.ones((T, H))}, "h0: expected shape (B, H) = (2, 4), got (5, 4)."),
        ({"c0": np.ones((1, B, H))}, "c0: expected shape (B, H) = (2, 4), got (1, 2, 4)."),
    ],
)
def test_a_sequence_says_what_it_is_made_of(changes, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        run_sequence(**changes)


def test_a_gradient_has_the_shape_of_its_state():
    with pytest.raises(
        ValueError, match=r"^dh: expected shape \(B, T, H\) = \(2, 5, 4\), got \(2, 4"
    ):
        run_back(dh=CASE.dh[:, 0])
    with pytest.raises(
        ValueError, match=r"^dc_last: expected shape \(B, H\) = \(2, 4\), got \(2, 5"
    ):
        run_back(dc_last=CASE.dh)
    single = lstm_forward(CASE.x[0], CASE.params)
    with pytest.raises(ValueError, match=r"^dh: expected shape \(T, H\) = \(5, 4\), got \(2, 5, 4"):
        lstm_backward(single, CASE.dh)


def test_the_weights_must_be_those_of_the_step():
    other = random_case(72, sizes=(B, T, D + 1, H)).params
    with pytest.raises(
        ValueError, match=r"^W: expected shape \(D, 4H\) = \(3, 16\), got \(4, 16\)"
    ):
        step_back(W=other.W)
    wide = random_case(72, sizes=(B, T, D, H + 1)).params
    with pytest.raises(
        ValueError, match=r"^U: expected shape \(H, 4H\) = \(4, 16\), got \(5, 20\)"
    ):
        step_back(**wide._asdict())


def test_what_is_not_a_record_is_refused():
    with pytest.raises(TypeError, match=r"^params: expected LSTMParams\(W, U, b\), got ndarray"):
        lstm_step(STEP["x"], STEP["h_prev"], STEP["c_prev"], STEP["W"][:2])
    with pytest.raises(TypeError, match=r"^params: expected LSTMParams\(W, U, b\), got NoneType"):
        lstm_forward(CASE.x, None)
    with pytest.raises(TypeError, match=r"^trace: .*lstm_forward.*every step kept, got LSTMOutput"):
        lstm_backward(run_sequence(trace=False), CASE.dh)
    with pytest.raises(TypeError, match=r"^step: expected what lstm_step.*got LSTMTrace"):
        lstm_step_backward(run_sequence(), CASE.dh[:, 0], CASE.dc_last, CASE.params)


# --- the range of the number format ----------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("names", [("x", "W"), ("h_prev", "U"), ("h0", "U"), ("b",)])
def test_finite_numbers_whose_sum_is_not_are_refused(names, dtype):
    largest = np.finfo(dtype).max
    call, arguments = (run_sequence, SEQUENCE) if "h0" in names else (take_step, STEP)
    single = {name: array.astype(dtype) for name, array in arguments.items()}
    if names == ("b",):
        changes = {"b": np.full_like(single["b"], largest)}  # and xW would go on top
    else:
        changes = {name: np.full_like(single[name], largest**0.6) for name in names}
    with pytest.raises(ValueError, match=rf"^{', '.join(names)}: expected z .*{np.dtype(dtype)}"):
        call(**{**single, **changes})


@pytest.mark.parametrize(
    ("x", "h_prev", "W", "culprit"),
    [
        ([-1e200], [0.0], np.full((1, 4), 1e200), "x, W"),  # as large below zero
        ([1e308], [0.6], np.full((1, 4), 1.0), "x, W"),  # either product would fit, the sum not
        ([1.7e308] * 3, [2.0], np.zeros((3, 4)), "h_prev, U"),  # 0 times anything hides nothing
    ],
)
def test_the_range_is_that_of_the_whole_sum(x, h_prev, W, culprit):
    U = np.full((1, 4), 1.5e308)
    with pytest.raises(ValueError, match=rf"^{culprit}: expected z"):
        lstm_step(x, h_prev, [0.0], LSTMParams(W, U, None))


def test_the_first_step_may_be_tame_and_the_second_not():
    """h0 is 0 and so is h0 U; from then on |h| goes up to 1."""
    U = np.full((H, 4 * H), 1e308)
    with pytest.raises(ValueError, match=r"^h0, U: expected z"):
        run_sequence(h0=None, U=U)


def test_numbers_at_the_edge_of_float64_pass():
    edge = np.full((1, 4), 1e308)
    step = lstm_step([1e308], [0.5], [-1e308], LSTMParams(np.ones((1, 4)), edge, np.zeros(4)))
    np.testing.assert_array_equal(step.z, np.full(4, 1.5e308))
    np.testing.assert_array_equal(step.c, [-1e308])
    assert step.h == -1
    zeros = lstm_step([1.7e308] * 3, [0.0], [0.0], LSTMParams(np.zeros((3, 4)), edge, None))
    np.testing.assert_array_equal(zeros.z, np.zeros(4))


def test_a_step_gradient_beyond_the_format_is_refused():
    step = lstm_step([1.0], [0.0], [1e300], LSTMParams(np.ones((1, 4)), np.ones((1, 4)), None))
    with pytest.raises(ValueError, match=r"^dW: expected a finite gradient.*float64.*Hint"):
        lstm_step_backward(step, [0.0], [1e300], LSTMParams(np.ones((1, 4)), np.ones((1, 4)), None))


# --- any array -------------------------------------------------------------------------------


def test_masked_numbers_are_refused():
    hidden = np.ma.masked_array([1.0, 2.0], mask=[False, True])
    with pytest.raises(ValueError, match=r"^x: expected numbers throughout, got masked"):
        check_array(hidden, "x", (2,), "(D,)")


def test_a_tensor_that_will_not_be_read_is_refused():
    class Tensor:
        def __array__(self, *_, **__):
            raise RuntimeError("it requires grad")

    with pytest.raises(
        TypeError, match=r"^x: expected an array of numbers, got Tensor: it requires"
    ):
        check_array(Tensor(), "x", (2,), "(D,)")


def test_a_number_too_large_for_the_type_asked_for_is_refused():
    with pytest.raises(ValueError, match=r"^x: expected finite numbers, got inf at index \(1,\)"):
        check_array([1.0, 1e39], "x", (2,), "(D,)", dtype=np.float32)


def test_types_and_copies():
    array = np.ones(2)
    assert check_array(array, "x", (None,), "(D,)") is array
    assert check_array(array.astype(np.float32), "x", (2,), "(D,)").dtype == np.float32
    for kind in (np.int8, np.uint64, np.float16):
        assert check_array(array.astype(kind), "x", (2,), "(D,)").dtype == np.float64


def test_weights_in_lists_come_back_as_arrays():
    row = [1, 2, 3, 4]
    assert {array.dtype for array in check_weights(([row], [row], row))} == {np.dtype("float64")}


@pytest.mark.parametrize(("blocks", "letters"), [(3, "(H, 3H) = (2, 6)"), (1, "(H, H) = (2, 2)")])
def test_other_cells_have_other_numbers_of_blocks(blocks, letters):
    fitting = np.ones((4, 2 * blocks)), np.ones((2, 2 * blocks)), None
    assert check_weights(fitting, blocks=blocks)[0].shape == (4, 2 * blocks)
    message = f"U: expected shape {letters}, got (2, 7). Hint: one row per number"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        check_weights((fitting[0], np.ones((2, 7)), None), blocks=blocks)


# --- the door --------------------------------------------------------------------------------


def test_importing_the_package_needs_numpy_alone():
    heavy = "{'matplotlib', 'anywidget', 'ipywidgets', 'traitlets', 'keras', 'tensorflow', 'torch'}"
    code = f"import sys, lstm_edu; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_public_name_can_be_had():
    missing = [name for name in lstm_edu.__all__ if not hasattr(lstm_edu, name)]
    assert missing == []
    assert set(lstm_edu.__all__) <= set(dir(lstm_edu))
    with pytest.raises(AttributeError, match="no attribute 'lstm_stop'"):
        _ = lstm_edu.lstm_stop


@pytest.mark.parametrize(
    "values",
    [
        [Fraction(1, 2), Decimal("1.5")],
        np.array([1, 2.5], dtype=object),
        [np.float32(0.5), 10**30],
    ],
)
def test_objects_that_are_numbers_are_read(values):
    array = check_array(values, "x", (2,), "(D,)")
    assert array.dtype == np.float64
    np.testing.assert_array_equal(array, [float(value) for value in np.asarray(values)])


@pytest.mark.parametrize(
    ("odd", "kind", "hint"),
    [
        (True, "bool", r"if 0 and 1 are meant, \.astype\(float\) makes them so"),
        (None, "NoneType", "fill in or drop what is missing"),
        ("1.5", "str", "convert the text to numbers first"),
        (10**400, "int", "beyond the largest number that a float can hold"),
        (1j, "complex", ""),
    ],
)
def test_objects_that_are_no_numbers_are_named(odd, kind, hint):
    with pytest.raises(
        TypeError, match=rf"^x: .* got Python objects .*, {kind} among them.*{hint}"
    ):
        check_array(np.array([1.0, odd], dtype=object), "x", (2,), "(D,)")


# --- params that are something else ----------------------------------------------------------

OTHERS = {
    cell.params: cell.params(**{name: np.ones(s) for name, s in cell.shapes(D, H).items()})
    for cell in variants.ALL.values()
}


class Layer:
    """What a framework's layer looks like from here: it has one method more."""

    def __init__(self, method):
        setattr(self, method, dict)


@pytest.mark.parametrize(
    ("params", "got"),
    [
        ([CASE.params] * 3, r"a list of 3, the first LSTMParams\. Hint: one layer at a time"),
        ([CASE.params] * 2, r"a list of 2, the first LSTMParams\. Hint: one layer at a time"),
        (BothDirections(CASE.params, CASE.params), r"BothDirections\. Hint: run each by itself"),
        (OTHERS[GRUParams], r"GRUParams\. Hint: these are the weights of variants\.gru or"),
        (
            OTHERS[RNNParams],
            r"RNNParams\. Hint: these are the weights of variants\.simple_rnn",
        ),
        (OTHERS[CoupledParams], r"CoupledParams\. Hint: .* variants\.coupled_lstm"),
        (Layer("get_weights"), r"Layer\. Hint: layouts\.from_keras\(layer\) reads its weights"),
        (Layer("state_dict"), r"Layer\. Hint: layouts\.from_torch\(module\) reads its weights"),
    ],
)
def test_params_of_another_kind_are_named(params, got):
    for run in (
        lambda: lstm_forward(CASE.x, params),
        lambda: variants.lstm.forward(CASE.x, params),
    ):
        with pytest.raises(TypeError, match=rf"^params: expected LSTMParams\(W, U, b\), got {got}"):
            run()


def test_both_directions_run_as_the_hint_says():
    """In a batch time is the second axis: x[:, ::-1]."""
    forward = lstm_forward(CASE.x[:, ::-1], CASE.params).h
    one = lstm_forward(CASE.x[0][::-1], CASE.params).h
    np.testing.assert_allclose(forward[0], one, rtol=1e-12)
