"""One time step against plain arithmetic, and its gradient against central differences."""

import math

import numpy as np
import pytest
from random_cases import B, D, H, assert_slopes_agree, random_case, slope, unbatched

from lstm_edu import LSTMParams, lstm_step, lstm_step_backward, sigmoid

pytestmark = pytest.mark.filterwarnings("error")


def slow_sigmoid(z):
    return 1 / (1 + math.exp(-z))


def slow_step(x, h_prev, c_prev, W, U, b):
    """The equations number by number, in lists: no arrays, no package."""
    D, H = len(x), len(h_prev)
    z = []
    for column in range(4 * H):
        total = b[column]
        for row in range(D):
            total += x[row] * W[row][column]
        for row in range(H):
            total += h_prev[row] * U[row][column]
        z.append(total)
    i = [slow_sigmoid(z[unit]) for unit in range(H)]
    f = [slow_sigmoid(z[H + unit]) for unit in range(H)]
    g = [math.tanh(z[2 * H + unit]) for unit in range(H)]
    o = [slow_sigmoid(z[3 * H + unit]) for unit in range(H)]
    c = [f[unit] * c_prev[unit] + i[unit] * g[unit] for unit in range(H)]
    h = [o[unit] * math.tanh(c[unit]) for unit in range(H)]
    return {"z": z, "i": i, "f": f, "g": g, "o": o, "c": c, "h": h}


def first_step(case):
    """The case cut down to one time step: x, h_prev, c_prev, params."""
    return case.x[..., 0, :], case.h0, case.c0, case.params


# --- forward ---------------------------------------------------------------------------------


def test_one_unit_worked_by_hand():
    # x = 2, h_prev = 0.5, c_prev = -1; every block has weights of its own
    i = 1 / (1 + math.exp(-(2 * 0.1 + 0.5 * 0.5 + 0.01)))
    f = 1 / (1 + math.exp(-(2 * -0.2 + 0.5 * 0.6 + 1.0)))
    g = math.tanh(2 * 0.3 + 0.5 * -0.7 + 0.03)
    o = 1 / (1 + math.exp(-(2 * 0.4 + 0.5 * 0.8 - 0.04)))
    c = f * -1 + i * g
    h = o * math.tanh(c)
    params = LSTMParams([[0.1, -0.2, 0.3, 0.4]], [[0.5, 0.6, -0.7, 0.8]], [0.01, 1.0, 0.03, -0.04])
    step = lstm_step([2], [0.5], [-1], params)
    np.testing.assert_allclose(step.z, [0.46, 0.9, 0.28, 1.16], rtol=1e-14)
    found = [step.i, step.f, step.g, step.o, step.c, step.h]
    np.testing.assert_allclose(found, np.transpose([[i, f, g, o, c, h]]), rtol=1e-14)


@pytest.mark.parametrize("name", ["z", "i", "f", "g", "o", "c", "h"])
def test_each_equation_against_scalar_loops(name):
    x, h_prev, c_prev, params = first_step(random_case(1))
    step = lstm_step(x, h_prev, c_prev, params)
    lists = [array.tolist() for array in params]
    for row in range(B):
        slow = slow_step(x[row].tolist(), h_prev[row].tolist(), c_prev[row].tolist(), *lists)
        np.testing.assert_allclose(getattr(step, name)[row], slow[name], rtol=1e-13)


def test_shapes_and_what_went_in():
    x, h_prev, c_prev, params = first_step(random_case(2))
    step = lstm_step(x, h_prev, c_prev, params)
    assert step.z.shape == (B, 4 * H)
    assert {step[field].shape for field in range(4, 10)} == {(B, H)}
    for kept, given in zip(step[:3], (x, h_prev, c_prev), strict=True):
        np.testing.assert_array_equal(kept, given)


def test_a_row_alone_equals_the_row_in_its_batch():
    case = random_case(3)
    batch = lstm_step(*first_step(case))
    for row in range(B):
        alone = lstm_step(*first_step(unbatched(case, row)))
        for one, many in zip(alone, batch, strict=True):
            np.testing.assert_allclose(one, many[row], rtol=1e-13)


def test_no_bias_is_a_bias_of_zeros():
    x, h_prev, c_prev, (W, U, _) = first_step(random_case(4))
    without = lstm_step(x, h_prev, c_prev, LSTMParams(W, U, None))
    zeros = lstm_step(x, h_prev, c_prev, LSTMParams(W, U, np.zeros(4 * H)))
    np.testing.assert_array_equal(without.h, zeros.h)


def test_arguments_are_left_as_they_were():
    case = random_case(5)
    step = lstm_step(*first_step(case))
    lstm_step_backward(step, case.dh[:, 0], case.dc_last, case.params)
    for now, before in zip([*case.params, *case[1:]], _flat(random_case(5)), strict=True):
        np.testing.assert_array_equal(now, before)


def _flat(case):
    return [*case.params, *case[1:]]


def test_params_know_their_sizes():
    params = random_case(6).params
    assert (params.input_size, params.hidden_size) == (D, H)


@pytest.mark.parametrize("single", [True, False])
def test_float32_stays_only_if_everything_is_float32(single):
    x, h_prev, c_prev, params = first_step(random_case(7, dtype=np.float32))
    step = lstm_step(x, h_prev if single else h_prev.astype(np.float64), c_prev, params)
    assert {array.dtype for array in step} == {np.dtype("float32" if single else "float64")}


def test_whole_numbers_become_float64():
    step = lstm_step([1], [0], [2], LSTMParams([[1, 2, 3, 4]], [[1, 2, 3, 4]], [0, 1, 0, 0]))
    assert {array.dtype for array in step} == {np.dtype("float64")}


# --- sigmoid ---------------------------------------------------------------------------------


@pytest.mark.parametrize("z", [-700.0, -100.0, -40.0, -3.0, -1e-9, 0.0, 1e-9, 3.0, 40.0, 700.0])
def test_sigmoid_keeps_the_digits_of_a_closed_gate(z):
    exact = math.exp(z) / (1 + math.exp(z)) if z < 0 else 1 / (1 + math.exp(-z))
    np.testing.assert_allclose(sigmoid(z), exact, rtol=4e-16)


def test_sigmoid_neither_overflows_nor_changes_the_type():
    z = np.array([-1e308, -1e6, 1e6, 1e308])
    np.testing.assert_array_equal(sigmoid(z), [0, 0, 1, 1])
    assert sigmoid(z[1:3].astype(np.float32)).dtype == np.float32
    assert np.shape(sigmoid([[1, 2, 3]])) == (1, 3)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_huge_numbers_saturate_without_a_warning(dtype):
    x, h_prev, c_prev, params = first_step(random_case(8, dtype=dtype))
    million = dtype(1e6)
    huge = LSTMParams(*(million * array for array in params))
    step = lstm_step(million * x, million * h_prev, million * c_prev, huge)
    gradients = lstm_step_backward(step, million * h_prev, million * c_prev, huge)
    assert all(np.isfinite(array).all() for array in (*step, *gradients))
    assert np.isin(step.i, [0, 1]).all()


# --- backward --------------------------------------------------------------------------------


@pytest.mark.parametrize("batched", [True, False])
@pytest.mark.parametrize("name", ["W", "U", "b", "x", "h_prev", "c_prev"])
def test_step_gradient_against_central_differences(name, batched):
    case = random_case(11) if batched else unbatched(random_case(11))
    x, h_prev, c_prev, params = first_step(case)
    arguments = {"x": x, "h_prev": h_prev, "c_prev": c_prev, **params._asdict()}
    dh, dc = case.dh[..., 0, :], case.dc_last

    def loss(array):
        given = {**arguments, name: array}
        weights = LSTMParams(given.pop("W"), given.pop("U"), given.pop("b"))
        step = lstm_step(**given, params=weights)
        return np.sum(dh * step.h) + np.sum(dc * step.c)

    gradients = lstm_step_backward(lstm_step(x, h_prev, c_prev, params), dh, dc, params)
    assert_slopes_agree(getattr(gradients, f"d{name}"), slope(loss, arguments[name]))


def test_without_a_bias_there_is_no_gradient_of_one():
    case, zeros = random_case(12, bias=False), np.zeros(4 * H)
    step = lstm_step(*first_step(case))
    without = lstm_step_backward(step, case.dh[:, 0], case.dc_last, case.params)
    beside = lstm_step_backward(step, case.dh[:, 0], case.dc_last, case.params._replace(b=zeros))
    assert without.db is None
    np.testing.assert_array_equal(without.dW, beside.dW)


def test_step_gradient_takes_the_type_of_what_it_is_given():
    case = random_case(13, dtype=np.float32)
    step = lstm_step(*first_step(case))
    dh, dc = case.dh[:, 0], case.dc_last
    for given, found in ((dh, "float32"), (dh.astype(float), "float64")):
        gradients = lstm_step_backward(step, given, dc, case.params)
        assert {array.dtype for array in gradients} == {np.dtype(found)}
