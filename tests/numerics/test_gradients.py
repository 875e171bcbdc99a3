"""The gradient checker must catch; the paths must add up to the whole gradient."""

import re

import numpy as np
import pytest
from random_cases import B, H, T, random_case, slope, unbatched

from lstm_edu import LSTMParams, lstm_backward, lstm_forward, lstm_step, variants
from lstm_edu.gradients import cell_paths, check_gradients, state_jacobian

MASK = np.array([[True, False, True, True, True], [True, True, False, False, True]])


def loss_and_gradients(seed, **options):
    """Return the loss of a random layer by its arrays' names, the arrays, and the gradients."""
    case = random_case(seed, **options)
    arrays = {**case.params._asdict(), "x": case.x, "h0": case.h0, "c0": case.c0}

    def loss(W, U, b, x, h0, c0):
        trace = lstm_forward(x, case.params._replace(W=W, U=U, b=b), h0, c0)
        return np.sum(case.dh * trace.h) + np.sum(case.dc_last * trace.c_last)

    found = lstm_backward(
        lstm_forward(case.x, case.params, case.h0, case.c0), case.dh, case.dc_last
    )
    return loss, arrays, {name: np.array(getattr(found, f"d{name}")) for name in arrays}


# --- the checker -----------------------------------------------------------------------------


def test_the_right_gradients_pass():
    assert 0 < check_gradients(*loss_and_gradients(71)) < 1e-8


@pytest.mark.parametrize("name", ["W", "U", "b", "x", "h0", "c0"])
def test_one_wrong_entry_is_named_with_both_numbers(name):
    loss, arrays, gradients = loss_and_gradients(72)
    index = tuple(size // 2 for size in gradients[name].shape)
    right = gradients[name][index]
    gradients[name][index] += 1e-5 * np.linalg.norm(gradients[name])
    with pytest.raises(AssertionError) as caught:
        check_gradients(loss, arrays, gradients)
    place = ", ".join(map(str, index))
    found = re.fullmatch(r"gradient of (.*): given (.*), measured (.*)\.", str(caught.value))
    assert found[1] == f"{name}[{place}]"
    assert float(found[2]) == pytest.approx(gradients[name][index], rel=1e-6)
    assert float(found[3]) == pytest.approx(right, rel=1e-6)


def test_a_gradient_is_judged_by_its_own_size():
    """A vanishing gradient that is wrong by a part in a thousand is as wrong as a large one."""
    a = np.array([1.0, 2.0])

    def loss(a):
        return 1e-9 * np.sum(a**2)

    check_gradients(loss, {"a": a}, {"a": 2e-9 * a})
    with pytest.raises(AssertionError, match="gradient of a"):
        check_gradients(loss, {"a": a}, {"a": 2.002e-9 * a})
    with pytest.raises(AssertionError, match="gradient of a"):
        check_gradients(loss, {"a": a}, {"a": 0 * a})


def test_a_loss_without_a_slope_has_a_gradient_of_zeros():
    assert check_gradients(lambda a: 3.0, {"a": np.ones(2)}, {"a": np.zeros(2)}) == 0


def test_a_loss_that_is_no_number_fails():
    with pytest.raises(AssertionError, match="measured nan"):
        check_gradients(lambda a: np.nan, {"a": np.ones(2)}, {"a": np.zeros(2)})


def test_two_entries_that_changed_places_are_caught():
    a = np.array([0.1, 0.7, 2.0])
    with pytest.raises(AssertionError, match=r"gradient of a\[[01]\]: given"):
        check_gradients(lambda a: np.sum(np.sin(a)), {"a": a}, {"a": np.cos(a)[[1, 0, 2]]})


def test_it_returns_how_far_off_the_gradient_is():
    off = check_gradients(lambda a: 1000 * a**2, {"a": 3.0}, {"a": 6000 * (1 + 5e-8)})
    assert off == pytest.approx(5e-8, rel=0.01)


def test_the_directions_follow_from_the_seed():
    case = loss_and_gradients(84)
    one, again, other = (check_gradients(*case, seed=seed) for seed in (1, 1, 2))
    assert one == again != other


def test_what_rounding_takes_is_no_error():
    """A loss of a million has no more than ten digits after the point."""
    a = np.array([0.1, 0.7, 2.0])
    check_gradients(lambda a: 1e6 + np.sum(np.sin(a)), {"a": a}, {"a": np.cos(a)})


def test_float32_is_measured_in_float64():
    a = np.array([0.1, 0.7, 2.0], np.float32)
    gradient = np.cos(a.astype(np.float64))
    assert check_gradients(lambda a: np.sum(np.sin(a)), {"a": a}, {"a": gradient}) < 1e-8


def test_at_least_one_direction_is_tried():
    with pytest.raises(ValueError, match=r"^directions: expected an integer from 1 up, got 0"):
        check_gradients(lambda a: a, {"a": 1.0}, {"a": 1.0}, directions=0)


def test_a_single_number_has_a_gradient_too():
    check_gradients(lambda a: a**2, {"a": 3.0}, {"a": 6.0})
    with pytest.raises(AssertionError, match="gradient of a: given 5, measured 6"):
        check_gradients(lambda a: a**2, {"a": 3.0}, {"a": 5.0})


@pytest.mark.parametrize(
    ("arrays", "gradients", "error", "message"),
    [
        ({"a": [1.0]}, {"b": [1.0]}, ValueError, "gradients: expected names among a, got b"),
        ({"a": [1.0]}, {"a": [1.0, 2.0]}, ValueError, r"gradient of a: expected shape \(1,\)"),
        ({"a": [np.nan]}, {"a": [1.0]}, ValueError, "a: expected finite numbers, got nan"),
        ({"a": ["x"]}, {"a": [1.0]}, TypeError, "a: expected real numbers, got text"),
    ],
)
def test_what_does_not_fit_is_refused(arrays, gradients, error, message):
    with pytest.raises(error, match=f"^{message}"):
        check_gradients(lambda a: 0.0, arrays, gradients)


# --- the paths -------------------------------------------------------------------------------


@pytest.mark.parametrize("mask", [None, MASK])
def test_the_paths_add_up_to_the_whole_derivative(mask):
    """Row m is the gradient of the loss L = c_t[m]."""
    case = random_case(73)
    whole = lstm_forward(case.x, case.params, case.h0, case.c0, mask=mask)
    for t in range(T):
        upto = None if mask is None else mask[:, : t + 1]
        trace = lstm_forward(case.x[:, : t + 1], case.params, case.h0, case.c0, mask=upto)
        for m in range(H):
            found = lstm_backward(trace, np.zeros_like(trace.h), np.eye(H)[[m] * B])
            for k in range(1, t + 2):
                expected = found.dc[:, t - k] if k <= t else found.dc0
                total = cell_paths(whole, t, k).total[:, m]
                np.testing.assert_allclose(total, expected, rtol=1e-11, atol=1e-14)


def test_the_carry_path_is_the_product_of_the_forget_gates():
    case = random_case(74)
    trace = lstm_forward(case.x, case.params, case.h0, case.c0)
    for k in range(1, T):
        product = np.prod(trace.f[:, T - k :], axis=1)
        found = cell_paths(trace, T - 1, k)
        np.testing.assert_allclose(found.carry, product[:, :, None] * np.eye(H), rtol=1e-12)
    assert np.all(found.gates != 0)  # the rest is no zero: h carries some of it


def test_from_the_state_before_the_first_step_one_step_is_carry_alone():
    case = random_case(75)
    trace = lstm_forward(case.x, case.params, case.h0, case.c0)
    np.testing.assert_array_equal(cell_paths(trace, 0, 1).gates, 0)


def test_one_sequence_alone():
    case = random_case(76)
    batch = lstm_forward(case.x, case.params, case.h0, case.c0, mask=MASK)
    alone = unbatched(case, 1)
    trace = lstm_forward(alone.x, alone.params, alone.h0, alone.c0, mask=MASK[1])
    for part, whole in zip(cell_paths(trace, 4, 3), cell_paths(batch, 4, 3), strict=True):
        np.testing.assert_allclose(part, whole[1], rtol=1e-12, atol=1e-15)
    found = state_jacobian(variants.lstm, trace, 4, 3)
    assert found.shape == (2 * H, 2 * H)
    np.testing.assert_allclose(found, state_jacobian(variants.lstm, batch, 4, 3)[1], rtol=1e-10)


def test_float32_stays_float32():
    case = random_case(83, dtype=np.float32)
    trace = lstm_forward(case.x, case.params)
    assert {part.dtype for part in cell_paths(trace, 4, 2)} == {np.dtype("float32")}
    assert state_jacobian(variants.lstm, trace, 4, 2).dtype == np.float32


# --- the whole Jacobian ----------------------------------------------------------------------


@pytest.mark.parametrize(("t", "k"), [(0, 1), (3, 2), (4, 5)])
def test_the_jacobian_of_the_lstm_against_central_differences(t, k):
    case = unbatched(random_case(77))
    trace = lstm_forward(case.x, case.params, case.h0, case.c0)
    before = t - k
    start = (trace.h[before], trace.c[before]) if before >= 0 else (case.h0, case.c0)

    def later(state, row):
        h, c = state[:H], state[H:]
        for s in range(before + 1, t + 1):
            step = lstm_step(case.x[s], h, c, case.params)
            h, c = step.h, step.c
        return np.concatenate([h, c])[row]

    found = state_jacobian(variants.lstm, trace, t, k)
    for row in range(2 * H):
        measured = slope(lambda state, row=row: later(state, row), np.concatenate(start))
        np.testing.assert_allclose(found[row], measured, rtol=1e-6, atol=1e-9)


def test_long_jacobians_are_products_of_short_ones():
    case = random_case(78)
    trace = lstm_forward(case.x, case.params, case.h0, case.c0, mask=MASK)
    product = np.eye(2 * H)
    for t in range(T):
        product = state_jacobian(variants.lstm, trace, t, 1) @ product
        whole = state_jacobian(variants.lstm, trace, t, t + 1)
        np.testing.assert_allclose(whole, product, rtol=1e-10, atol=1e-13)


def test_a_simple_rnn_at_rest_multiplies_by_its_matrix():
    U = random_case(79).params.U[:, :H]
    params = variants.RNNParams(np.ones((1, H)), U)
    trace = variants.simple_rnn.forward(np.zeros((T, 1)), params)
    found = state_jacobian(variants.simple_rnn, trace, T - 1, 3)
    np.testing.assert_allclose(found, np.linalg.matrix_power(U, 3).T, rtol=1e-12)


@pytest.mark.parametrize(
    ("t", "k", "error", "message"),
    [
        (5, 1, ValueError, "t: expected a time step from 0 to 4, got 5"),
        (-1, 1, ValueError, "t: expected an integer from 0 up, got -1"),
        (2, 0, ValueError, "k: expected an integer from 1 up, got 0"),
        (2, 4, ValueError, "k: expected 1 to 3 steps back from t = 2, got 4"),
        (2.0, 1, TypeError, "t: expected an integer"),
    ],
)
def test_steps_that_are_not_there_are_refused(t, k, error, message):
    case = random_case(80)
    trace = lstm_forward(case.x, case.params)
    with pytest.raises(error, match=f"^{message}"):
        cell_paths(trace, t, k)
    with pytest.raises(error, match=f"^{message}"):
        state_jacobian(variants.lstm, trace, t, k)


def test_only_a_trace_of_the_right_cell_will_do():
    case = random_case(81)
    output = lstm_forward(case.x, case.params, trace=False)
    peeping = variants.PeepholeParams(*case.params, np.ones(3 * H))
    other = variants.peephole_lstm.forward(case.x, peeping)
    for trace in (output, other):  # peepholes are paths that are not among these
        with pytest.raises(TypeError, match=r"^trace: expected what lstm_forward returns, LSTMT"):
            cell_paths(trace, 1, 1)
        with pytest.raises(TypeError, match=r"^trace: expected what lstm.forward returns, LSTMT"):
            state_jacobian(variants.lstm, trace, 1, 1)


@pytest.mark.filterwarnings("error")
def test_paths_that_explode_are_refused():
    U = np.array([[0.0, 0.0, 1e200, 0.0]])
    trace = lstm_forward(np.zeros((9, 1)), LSTMParams(np.ones((1, 4)), U), [0.0], [0.0])
    with pytest.raises(ValueError, match=r"^gates: expected a finite gradient"):
        cell_paths(trace, 8, 8)
    with pytest.raises(ValueError, match=r"expected a finite gradient"):
        state_jacobian(variants.lstm, trace, 8, 8)


def test_the_jacobian_of_every_cell_is_what_its_backward_says():
    """∂L/∂h_{t-k} of L = Σ dh h_t, and of the cell state where there is one."""
    rng = np.random.default_rng(82)
    for cell in variants.ALL.values():
        arrays = {n: rng.normal(size=shape) for n, shape in cell.shapes(3, H).items()}
        params, x = cell.params(**arrays), rng.normal(size=(B, T, 3))
        trace = cell.forward(x, params)
        dh = np.zeros_like(trace.h)
        dh[:, -1] = rng.normal(size=(B, H))
        back = cell.backward(trace, dh)
        jacobian = state_jacobian(cell, trace, T - 1, T)
        found = np.einsum("bi,bij->bj", dh[:, -1], jacobian[:, :H])
        expected = [getattr(back, f"d{state}0") for state in cell.states]
        np.testing.assert_allclose(found, np.concatenate(expected, axis=-1), rtol=1e-10, atol=1e-13)
