"""A whole sequence against repeated steps, and its gradient against central differences."""

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_cases import B, H, T, assert_slopes_agree, random_case, slope, unbatched

from lstm_edu import (
    LSTMParams,
    LSTMTrace,
    layer,
    lstm_backward,
    lstm_forward,
    lstm_step,
    lstm_step_backward,
    memory,
)
from lstm_edu.gradients import check_gradients

pytestmark = pytest.mark.filterwarnings("error")

STEP_FIELDS = ["z", "i", "f", "g", "o", "c", "h"]


def forward(case, **options):
    return lstm_forward(case.x, case.params, case.h0, case.c0, **options)


sizes = st.tuples(*[st.integers(1, 5)] * 4)
seeds = st.integers(0, 2**32 - 1)
scales = st.sampled_from([1e-6, 1.0, 30.0, 1e6])
draws = settings(deadline=None, database=None, derandomize=True, max_examples=60)
hundreds = settings(draws, max_examples=300)
thousand = settings(draws, max_examples=1000)


# --- forward ---------------------------------------------------------------------------------


def test_a_sequence_is_its_steps_one_after_another():
    @thousand
    @given(seeds, sizes, st.booleans(), st.booleans())
    def check(seed, sizes, bias, masked):
        case, (B, T, *_) = random_case(seed, bias=bias, sizes=sizes), sizes
        mask = np.random.default_rng(seed).random((B, T)) < 0.7 if masked else np.full((B, T), True)
        trace = forward(case, mask=mask if masked else None)
        h, c = case.h0, case.c0
        for t in range(T):
            step = lstm_step(case.x[:, t], h, c, case.params)
            counts = mask[:, t, None]
            h, c = np.where(counts, step.h, h), np.where(counts, step.c, c)
            expected = {**step._asdict(), "c": c, "h": h}
            for name in STEP_FIELDS:
                found = getattr(trace, name)[:, t]
                np.testing.assert_allclose(found, expected[name], rtol=0, atol=1e-12, err_msg=name)
        np.testing.assert_array_equal(trace.h_last, trace.h[:, T - 1])
        np.testing.assert_array_equal(trace.c_last, trace.c[:, T - 1])

    check()


def test_a_sequence_alone_equals_itself_in_a_batch():
    case = random_case(22)
    batch = forward(case)
    for row in range(B):
        alone = forward(unbatched(case, row))
        for name in ("x", *STEP_FIELDS, "h0", "c0"):
            one, many = getattr(alone, name), getattr(batch, name)[row]
            assert one.shape == many.shape
            np.testing.assert_allclose(one, many, rtol=1e-12, err_msg=name)


@pytest.mark.parametrize("batched", [True, False])
@pytest.mark.parametrize("bias", [True, False])
def test_without_the_trace_the_numbers_are_the_same(batched, bias):
    case = random_case(23, bias=bias)
    case = case if batched else unbatched(case)
    kept, output = forward(case), forward(case, trace=False)
    assert output._fields == ("h", "h_last", "c_last")
    for name in output._fields:
        np.testing.assert_array_equal(getattr(output, name), getattr(kept, name))


def test_states_start_at_zero_unless_given():
    case, zeros = random_case(24), np.zeros((B, H))
    silent = lstm_forward(case.x, case.params)
    for name, h0, c0 in (("both", zeros, zeros), ("h0", zeros, None), ("c0", None, zeros)):
        spoken = lstm_forward(case.x, case.params, h0=h0, c0=c0)
        np.testing.assert_array_equal(spoken.h, silent.h, err_msg=name)
    assert silent.h0 is not silent.c0  # two arrays: writing into one must not touch the other


def test_a_step_that_is_masked_passes_the_states_on():
    case, other = random_case(29), random_case(30)
    mask = np.array([[False, True, True, False, True], [True, False, False, True, False]])
    trace = forward(case, mask=mask)
    for state, first in ((trace.h, case.h0), (trace.c, case.c0)):
        before = np.concatenate([first[:, None], state[:, :-1]], axis=1)
        np.testing.assert_array_equal(state[~mask], before[~mask])
        assert np.all(state[mask] != before[mask])
    x = np.where(mask[:, :, None], case.x, other.x)  # whatever stands there is not read
    np.testing.assert_array_equal(forward(case._replace(x=x), mask=mask).h, trace.h)
    gradients = lstm_backward(trace, case.dh, case.dc_last)
    np.testing.assert_array_equal(gradients.dx[~mask], 0)
    kept = forward(unbatched(case), mask=mask[0])
    np.testing.assert_allclose(kept.h, trace.h[0], rtol=1e-12)
    np.testing.assert_array_equal(forward(case, mask=mask, trace=False).h, trace.h)
    np.testing.assert_array_equal(forward(case, mask=mask, trace=False).c_last, trace.c_last)


@pytest.mark.parametrize(
    ("mask", "error", "message"),
    [
        (np.ones((B, T)), TypeError, r"mask: expected booleans \(B, T\), got dtype float64.*Hint"),
        ([2, 5], TypeError, r"mask: expected booleans \(B, T\), got dtype int64"),
        (
            np.ones((T, B), bool),
            ValueError,
            r"mask: expected shape \(B, T\) = \(2, 5\), got \(5, 2\)",
        ),
        (np.ones(T, bool), ValueError, r"mask: expected shape \(B, T\) = \(2, 5\), got \(5,\)"),
    ],
)
def test_a_mask_that_does_not_fit_is_refused(mask, error, message):
    with pytest.raises(error, match=f"^{message}"):
        forward(random_case(43), mask=mask)
    with pytest.raises(ValueError, match=r"^mask: expected shape \(T,\) = \(5,\), got \(2,\)"):
        forward(unbatched(random_case(43)), mask=[True, False])


def test_gates_that_are_nearly_closed_keep_their_digits():
    """At z = -600 the gate is open by 1e-261, and says so; see `sigmoid`."""
    z = np.array([-1e-9, -1.0, -30.0, -600.0, 20.0])
    H = len(z)
    params = LSTMParams(np.ones((1, 4 * H)), np.zeros((H, 4 * H)), np.tile(z, 4))
    trace = lstm_forward(np.zeros((1, 1)), params)
    exact = [1 / (1 + math.exp(-number)) for number in z]
    for gate in (trace.i, trace.f, trace.o):
        np.testing.assert_allclose(gate[0], exact, rtol=1e-14)
    tanh = [math.tanh(number) for number in z]
    np.testing.assert_allclose(trace.g[0], tanh, rtol=1e-14)


def test_a_trace_is_not_touched_by_what_comes_after():
    """Large arrays come from blocks that are lent again: only when nobody looks any more."""
    case = random_case(36, dtype=np.float32, sizes=(64, 40, 3, 128))
    trace = forward(case)
    h, kept = trace.h, [array.copy() for array in trace[:-2]]
    first, one = lstm_backward(trace, case.dh), None
    dx = first.dx.copy()
    for seed in (37, 38):
        other = random_case(seed, dtype=np.float32, sizes=(64, 40, 3, 128))
        one = lstm_backward(forward(other), other.dh)
    for before, after in zip(kept, trace[:-2], strict=True):
        np.testing.assert_array_equal(before, after)
    np.testing.assert_array_equal(dx, first.dx)
    assert not np.array_equal(one.dx, dx)
    expected = h.copy()
    del trace, before, after, kept  # h alone keeps its block
    forward(random_case(39, dtype=np.float32, sizes=(64, 40, 3, 128)))
    np.testing.assert_array_equal(h, expected)


def test_large_blocks_are_lent_again():
    before = memory.room((3000, 3000), np.dtype(np.float32))
    place = before.ctypes.data
    view = before[5:7].T
    del before
    assert memory.room((3000, 3000), np.dtype(np.float32)).ctypes.data != place  # the view looks
    del view
    places = [memory.room((3000, 2900), np.dtype(np.float32)).ctypes.data for _ in range(2)]
    assert place in places
    del places
    for columns in range(3000, 3009):
        memory.room((3000, columns), np.dtype(np.float32))
    assert len(memory._spare) <= 4
    sizes = {block.nbytes for block in memory._spare}
    small = memory.room((3000, 1400), np.dtype(np.float32))  # less than half of each: not lent
    assert {block.nbytes for block in memory._spare} == sizes
    assert small.flags.c_contiguous


def test_threads_do_not_write_into_each_other():
    sizes = (64, 40, 3, 128)
    cases = [random_case(seed, dtype=np.float32, sizes=sizes) for seed in range(90, 94)]
    expected = [forward(case).h.sum(dtype=np.float64) for case in cases]

    def run(number):
        case = cases[number % 4]
        trace = forward(case)
        dx = lstm_backward(trace, case.dh).dx
        return trace.h.sum(dtype=np.float64), dx.sum(dtype=np.float64)

    alone = [run(number)[1] for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        for number, found in enumerate(pool.map(run, range(16))):
            assert found == (expected[number % 4], alone[number % 4])


def test_a_long_sequence_may_be_cut_and_carried_on():
    case = random_case(25)
    whole, first = forward(case), lstm_forward(case.x[:, :2], case.params, case.h0, case.c0)
    rest = lstm_forward(case.x[:, 2:], case.params, first.h_last, first.c_last)
    np.testing.assert_allclose(rest.h, whole.h[:, 2:], rtol=1e-12)


def test_arguments_are_left_as_they_were():
    case, before = random_case(26), random_case(26)
    lstm_backward(forward(case), case.dh, case.dc_last)
    for now, then in zip([*case.params, *case[1:]], [*before.params, *before[1:]], strict=True):
        np.testing.assert_array_equal(now, then)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_types_carry_through(dtype):
    case = random_case(27, dtype=dtype)
    trace = forward(case)
    gradients = lstm_backward(trace, case.dh, case.dc_last)
    arrays = [*trace[:-2], *trace.params, *forward(case, trace=False), *gradients]
    assert {array.dtype for array in arrays} == {np.dtype(dtype)}


def test_one_float64_array_makes_all_float64():
    case = random_case(28, dtype=np.float32)
    trace = lstm_forward(case.x, case.params, case.h0.astype(np.float64))
    assert {array.dtype for array in trace[:-2]} == {np.dtype("float64")}
    gradients = lstm_backward(forward(case), case.dh.astype(np.float64))
    assert {array.dtype for array in gradients} == {np.dtype("float64")}


# --- properties ------------------------------------------------------------------------------


@draws
@given(seeds, sizes, scales)
def test_gates_and_states_stay_within_their_bounds(seed, sizes, scale):
    case = random_case(seed, sizes=sizes)
    trace = lstm_forward(scale * case.x, case.params, case.h0, scale * case.c0)
    for gate in (trace.i, trace.f, trace.o):
        assert np.all((gate >= 0) & (gate <= 1))
    assert np.all(np.abs(trace.g) <= 1)
    assert np.all(np.abs(trace.h) <= 1)
    before = np.concatenate([trace.c0[:, None], trace.c[:, :-1]], axis=1)
    assert np.all(np.abs(trace.c) <= np.abs(before) + 1)


@draws
@given(seeds, sizes)
def test_a_batch_row_does_not_see_the_others(seed, sizes):
    case = random_case(seed, sizes=sizes)
    trace = forward(case)
    gradients = lstm_backward(trace, case.dh, case.dc_last)
    alone = unbatched(case, row=-1)
    trace_alone = forward(alone)
    gradients_alone = lstm_backward(trace_alone, alone.dh, alone.dc_last)
    np.testing.assert_allclose(trace_alone.h, trace.h[-1], rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(gradients_alone.dx, gradients.dx[-1], rtol=1e-9, atol=1e-12)


@draws
@given(seeds, sizes)
def test_a_cell_that_forgets_nothing_and_admits_nothing_keeps_its_state(seed, sizes):
    case = random_case(seed, sizes=sizes)
    closed, opened = np.full((2, sizes[3]), [[-2000.0], [2000.0]])
    b = np.concatenate([closed, opened, closed, opened])
    trace = lstm_forward(case.x, LSTMParams(*case.params[:2], b), case.h0, case.c0)
    np.testing.assert_array_equal(trace.c, np.broadcast_to(case.c0[:, None], trace.c.shape))
    gradients = lstm_backward(trace, np.zeros_like(trace.h), case.dc_last)
    np.testing.assert_array_equal(gradients.dc0, case.dc_last)  # constant error carousel


# --- backward --------------------------------------------------------------------------------


def test_gradients_against_central_differences():
    @hundreds
    @given(seeds, sizes, st.sampled_from(["batch", "mask", "alone"]), st.booleans())
    def check(seed, sizes, kind, bias):
        case, (B, T, *_) = random_case(seed, bias=bias, sizes=sizes), sizes
        mask = np.random.default_rng(seed).random((B, T)) < 0.7 if kind == "mask" else None
        case = unbatched(case) if kind == "alone" else case
        arrays = {**case.params._asdict(), "x": case.x, "h0": case.h0, "c0": case.c0}
        if not bias:
            del arrays["b"]

        def loss(W, U, x, h0, c0, b=None):
            trace = lstm_forward(x, LSTMParams(W, U, b), h0, c0, mask=mask)
            return np.sum(case.dh * trace.h) + np.sum(case.dc_last * trace.c_last)

        gradients = lstm_backward(forward(case, mask=mask), case.dh, case.dc_last)
        found = {name: getattr(gradients, f"d{name}") for name in arrays}
        check_gradients(loss, arrays, found, seed=seed)

    check()


@pytest.mark.parametrize("t", range(T))
def test_gradient_of_each_state_against_central_differences(t):
    """Restart the sequence after time step t with a disturbed state."""
    case = random_case(32)
    trace = forward(case)
    gradients = lstm_backward(trace, case.dh, case.dc_last)

    def loss(h, c):
        total = np.sum(case.dh[:, t] * h)
        if t < T - 1:
            rest = lstm_forward(case.x[:, t + 1 :], case.params, h, c)
            total, c = total + np.sum(case.dh[:, t + 1 :] * rest.h), rest.c_last
        return total + np.sum(case.dc_last * c)

    h, c, o = trace.h[:, t], trace.c[:, t], trace.o[:, t]
    assert_slopes_agree(gradients.dh[:, t], slope(lambda moved: loss(moved, c), h))
    both_paths = slope(lambda moved: loss(o * np.tanh(moved), moved), c)
    assert_slopes_agree(gradients.dc[:, t], both_paths)


def test_the_way_back_is_the_same_in_one_span_and_in_many(monkeypatch):
    """A large layer goes back span by span, and its rooms are not kept; a small one at once."""

    @hundreds
    @given(seeds, sizes, st.integers(1, 3), st.booleans())
    def check(seed, sizes, steps, masked):
        case, (B, T, _, H) = random_case(seed, sizes=sizes), sizes
        mask = np.random.default_rng(seed).random((B, T)) < 0.7 if masked else None
        trace = forward(case, mask=mask)
        at_once = lstm_backward(trace, case.dh, case.dc_last)
        with monkeypatch.context() as small:
            small.setattr(layer, "SPAN", 4 * H * B * steps)
            small.setattr(layer, "NARROW", 0)
            one_by_one = forward(case, mask=mask)
            in_spans = lstm_backward(one_by_one, case.dh, case.dc_last)
        for name in ("x", *STEP_FIELDS, "h0", "c0"):
            np.testing.assert_array_equal(getattr(one_by_one, name), getattr(trace, name))
        for one, other in zip(at_once, in_spans, strict=True):
            np.testing.assert_allclose(one, other, rtol=0, atol=1e-12)

    check()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_an_underflow_that_the_user_asked_to_hear_of_is_not_ours(dtype):
    """exp(-z) of an open gate may underflow: that is no fault, whatever np.seterr says."""
    params = LSTMParams(np.full((1, 4), 1000.0, dtype), np.zeros((1, 4), dtype))
    with np.errstate(all="raise"):
        trace = lstm_forward(np.array([[1.0], [-1.0]], dtype), params)
    np.testing.assert_array_equal(trace.i[:, 0], [1, 0])


@pytest.mark.parametrize("bias", [True, False])
def test_gradient_is_that_of_the_steps_backwards(bias):
    case = random_case(33, bias=bias, sizes=(B, T, 6, H))  # D + H + 1 is no multiple of H
    trace = forward(case)
    found = lstm_backward(trace, case.dh, case.dc_last)
    dW, dU, db, dh, dc = 0, 0, 0, 0, case.dc_last
    for t in reversed(range(T)):
        before = (trace.h[:, t - 1], trace.c[:, t - 1]) if t else (case.h0, case.c0)
        step = lstm_step(case.x[:, t], *before, case.params)
        one = lstm_step_backward(step, dh + case.dh[:, t], dc, case.params)
        np.testing.assert_allclose(found.dh[:, t], dh + case.dh[:, t], rtol=1e-12, atol=1e-14)
        dW, dU, db = dW + one.dW, dU + one.dU, db + one.db if bias else None
        dh, dc = one.dh_prev, one.dc_prev
        np.testing.assert_allclose(found.dx[:, t], one.dx, rtol=1e-12, atol=1e-14)
    expected = {"dW": dW, "dU": dU, "dh0": dh, "dc0": dc}
    for name, value in expected.items():
        np.testing.assert_allclose(getattr(found, name), value, rtol=1e-11, err_msg=name)
    if bias:
        np.testing.assert_allclose(found.db, db, rtol=1e-11)
    else:
        assert found.db is None


def test_no_dc_last_is_a_dc_last_of_zeros():
    case = random_case(34)
    trace = forward(case)
    silent, spoken = lstm_backward(trace, case.dh), lstm_backward(trace, case.dh, np.zeros((B, H)))
    for one, other in zip(silent, spoken, strict=True):
        np.testing.assert_array_equal(one, other)


def test_gradients_add_up():
    """The gradient is linear in dh and dc_last, and silence gives silence."""
    case = random_case(35)
    trace, none = forward(case), np.zeros_like(case.dh)
    together = lstm_backward(trace, case.dh, case.dc_last)
    from_h, from_c = lstm_backward(trace, case.dh), lstm_backward(trace, none, case.dc_last)
    for whole, one, other in zip(together, from_h, from_c, strict=True):
        np.testing.assert_allclose(whole, one + other, rtol=1e-12, atol=1e-13)
    assert not any(array.any() for array in lstm_backward(trace, none))


# --- far out ---------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_huge_numbers_saturate_without_a_warning(dtype):
    million = dtype(1e6)
    case = random_case(41, dtype=dtype)
    huge = LSTMParams(*(million * array for array in case.params))
    trace = lstm_forward(million * case.x, huge, million * case.h0, million * case.c0)
    gradients = lstm_backward(trace, million * case.dh, million * case.dc_last)
    assert all(np.isfinite(array).all() for array in (*trace[:-2], *gradients))


def test_a_gradient_that_explodes_is_refused():
    """At rest (x = 0, b = 0) each step back multiplies dh by U_g / 4 = 25."""
    U = np.array([[0.0, 0.0, 100.0, 0.0]])
    trace = lstm_forward(np.zeros((400, 1)), LSTMParams(np.ones((1, 4)), U), [0.0], [0.0])
    assert isinstance(trace, LSTMTrace)
    dh = np.zeros((400, 1))
    dh[-1] = 1
    with pytest.raises(ValueError, match=r"^d\w+: expected a finite gradient.*1\.8e\+308.*Hint"):
        lstm_backward(trace, dh)


def test_a_trace_in_the_place_of_its_hidden_states_is_named():
    params = LSTMParams(np.ones((2, 8)), np.ones((2, 8)), np.zeros(8))
    trace = lstm_forward(np.ones((3, 2)), params)
    with pytest.raises(TypeError, match=r"^x: .* got LSTMTrace\. Hint: .*such as \.h\."):
        lstm_forward(trace, params)
    with pytest.raises(TypeError, match=r"got LSTMParams\. Hint: .*such as \.W\."):
        lstm_forward(params, params)
