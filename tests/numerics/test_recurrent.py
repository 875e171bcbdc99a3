"""The variants: each sequence against its steps, each gradient against central differences."""

import pickle
import re
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_cases import B, D, H, T, assert_slopes_agree, slope

from lstm_edu import (
    LSTMParams,
    lstm_backward,
    lstm_forward,
    lstm_step,
    sigmoid,
    variants,
)
from lstm_edu.recurrent import Cell

pytestmark = pytest.mark.filterwarnings("error")

every_cell = pytest.mark.parametrize("cell", variants.ALL.values(), ids=variants.ALL)
# The loop and the gradients of `recurrent`; the LSTM's own are held in test_layer.
OWN = {name: cell for name, cell in variants.ALL.items() if name != "lstm"}
every_own_cell = pytest.mark.parametrize("cell", OWN.values(), ids=OWN)
every_lstm = pytest.mark.parametrize(
    "cell", [cell for cell in OWN.values() if "c" in cell.states], ids=lambda cell: cell.name
)
bias_or_not = pytest.mark.parametrize("bias", [True, False])
# One sequence misses its first step, the other its last; none of the sizes agree.
MASK = np.array([[0, 1, 1, 0, 1], [1, 0, 0, 1, 0]], bool)
mask_or_not = pytest.mark.parametrize("mask", [None, MASK], ids=["all", "masked"])


class Case(NamedTuple):
    """A batch of sequences, the states before it and what a loss hands back."""

    x: np.ndarray  # (B, T, D)
    params: tuple
    states: list  # h0 and, if there is one, c0, (B, H)
    dh: np.ndarray  # (B, T, H)
    last: list  # dc_last (B, H), if there is one

    def unbatched(self, row):
        states, last = ([array[row] for array in part] for part in (self.states, self.last))
        return Case(self.x[row], self.params, states, self.dh[row], last)


def random_case(cell, seed, *, bias=True, dtype=np.float64, sizes=(B, T, D, H)):
    rng = np.random.default_rng(seed)
    B, T, D, H = sizes

    def draw(*shape):
        return rng.normal(scale=0.8, size=shape).astype(dtype)

    weights = {name: draw(*shape) for name, shape in cell.shapes(D, H).items()}
    params = cell.params(**(weights if bias else {**weights, "b": None}))
    states = [draw(B, H) for _ in cell.states]
    return Case(draw(B, T, D), params, states, draw(B, T, H), [draw(B, H) for _ in states[1:]])


def forward(cell, case, mask=None):
    return cell.forward(case.x, case.params, *case.states, mask=mask)


def backward(cell, case, mask=None):
    return cell.backward(forward(cell, case, mask), case.dh, *case.last)


def computed(cell):
    """The fields that a step computes, and a trace keeps."""
    return [field for field in cell.Step._fields if field != "x" and "prev" not in field]


def close(found, expected, tolerance=1e-12, name=""):
    assert found.shape == expected.shape, name
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance, err_msg=name)


def arrays_of(record):
    """Every array in a trace or in gradients, by its name."""
    fields = {name: value for name, value in record._asdict().items() if name != "mask"}
    fields.update(fields.pop("params")._asdict() if "params" in fields else {})
    return {name: value for name, value in fields.items() if value is not None}


# --- one shape of interface ------------------------------------------------------------------


def test_all_are_there_by_name():
    cells = {name for name, value in vars(variants).items() if isinstance(value, Cell)}
    assert set(variants.ALL) == cells
    assert all(getattr(variants, name) is cell for name, cell in variants.ALL.items())
    assert repr(variants.gru) == "<Cell gru: blocks u, r, g; states ('h',)>"


@every_cell
def test_records_have_the_same_fields_in_the_same_order(cell):
    case = random_case(cell, 1)
    trace, weights = forward(cell, case), [f"d{name}" for name in case.params._fields]
    rows = [array[:, 0] for array in (case.x, case.dh)]
    step = cell.step(rows[0], *case.states, case.params)
    back = cell.step_backward(step, rows[1], *case.last, case.params)
    c = "c" in cell.states
    firsts = [field for field in ("h0", "c0") if c or field == "h0"]
    assert step._fields[: 2 + c] == ("x", "h_prev", "c_prev")[: 2 + c]
    assert step._fields[-1] == "h" and set(cell.blocks) < {*step._fields}
    assert trace._fields == ("x", *computed(cell), *firsts, "params", "mask")
    gradients = cell.backward(trace, case.dh)
    assert gradients._fields == (*weights, "dx", *(f"d{s}" for s in (*firsts, *cell.states)))
    assert back._fields == (*weights, "dx", "dh_prev", *(("dc_prev", "dc") if c else ()))
    assert hasattr(trace, "c_last") == c
    assert type(trace.params) is cell.params
    for record in (step, back, trace, gradients):
        kind = type(record)
        found = pickle.loads(pickle.dumps(record))
        assert type(found) is kind
        close(found[0], record[0])


@every_cell
def test_shapes_are_those_that_are_counted(cell):
    sizes = {name: int(np.prod(shape)) for name, shape in cell.shapes(D, H).items()}
    counted = cell.count(D, H)
    assert sum(sizes.values()) == counted.total
    assert (sizes["W"], sizes["U"], sizes["b"]) == counted[:3]
    assert cell.shapes(D, H)["W"] == (D, len(cell.blocks) * H)


@every_cell
@mask_or_not
def test_arrays_have_the_shapes_of_the_notation(cell, mask):
    case = random_case(cell, 2)
    trace, gradients = forward(cell, case, mask), backward(cell, case, mask)
    sizes = {name: (B, T, H) for name in computed(cell)} | {"x": (B, T, D), "h0": (B, H)}
    sizes |= {"z": (B, T, len(cell.blocks) * H), "c0": (B, H)} | cell.shapes(D, H)
    for name, array in arrays_of(trace).items():
        assert array.shape == sizes[name], name
    for name, array in arrays_of(gradients).items():
        assert array.shape == sizes[name[1:]], name
    np.testing.assert_array_equal(trace.h_last, trace.h[:, T - 1])


# --- forward ---------------------------------------------------------------------------------


@every_cell
@bias_or_not
def test_a_sequence_is_its_steps_one_after_another(cell, bias):
    case = random_case(cell, 3, bias=bias)
    trace, states = forward(cell, case), case.states
    for t in range(T):
        step = cell.step(case.x[:, t], *states, case.params)
        for name in ("x", *computed(cell)):
            close(getattr(trace, name)[:, t], getattr(step, name), name=name)
        states = [getattr(step, state) for state in cell.states]
    for state, found in zip(cell.states, states, strict=True):
        close(getattr(trace, f"{state}_last"), found)


@every_cell
@mask_or_not
def test_a_row_alone_equals_itself_in_a_batch(cell, mask):
    case = random_case(cell, 4)
    trace, gradients = forward(cell, case, mask), backward(cell, case, mask)
    summed = {name: 0 for name in case.params._fields}
    for row in range(B):
        alone, masked = case.unbatched(row), None if mask is None else mask[row]
        for name in ("x", *computed(cell), *(f"{state}0" for state in cell.states)):
            found = getattr(forward(cell, alone, masked), name)
            close(found, getattr(trace, name)[row], name=name)
        back = backward(cell, alone, masked)
        for name in gradients._fields[len(summed) :]:
            close(getattr(back, name), getattr(gradients, name)[row], name=name)
        summed = {name: total + getattr(back, f"d{name}") for name, total in summed.items()}
    for name, total in summed.items():
        close(getattr(gradients, f"d{name}"), total, name=name)


@every_cell
def test_a_step_alone_equals_itself_in_a_batch(cell):
    case = random_case(cell, 5)
    x, dh = case.x[:, 0], case.dh[:, 0]
    step = cell.step(x, *case.states, case.params)
    back = cell.step_backward(step, dh, *case.last, case.params)
    alone, summed = case.unbatched(1), len(case.params)
    one = cell.step(x[1], *alone.states, case.params)
    one_back = cell.step_backward(one, dh[1], *alone.last, case.params)
    for found, batch in zip([*one, *one_back[summed:]], [*step, *back[summed:]], strict=True):
        close(found, batch[1])
    assert [array.shape for array in one_back[:summed]] == [array.shape for array in case.params]


@every_cell
def test_masked_steps_might_as_well_not_be_there(cell):
    case = random_case(cell, 6)
    trace, gradients = forward(cell, case, MASK), backward(cell, case, MASK)
    for row, counts in enumerate(MASK):
        alone = case.unbatched(row)
        dh = alone.dh[counts].copy()
        short = cell.forward(alone.x[counts], case.params, *alone.states)
        for name in computed(cell):
            close(getattr(trace, name)[row][counts], getattr(short, name), name=name)
        for state in cell.states:
            close(getattr(trace, f"{state}_last")[row], getattr(short, f"{state}_last"))
        # What the loss reads of a passed-on state belongs to the step that made it.
        owner, early = np.cumsum(counts) - 1, 0
        for t in np.flatnonzero(~counts):
            if owner[t] < 0:
                early = early + alone.dh[t]
            else:
                dh[owner[t]] += alone.dh[t]
        back = cell.backward(short, dh, *alone.last)
        close(gradients.dx[row][counts], back.dx)
        assert not gradients.dx[row][~counts].any()
        close(gradients.dh0[row], back.dh0 + early)


@every_cell
def test_states_start_at_zero_and_may_be_carried_on(cell):
    case, zeros = random_case(cell, 7), np.zeros((B, H))
    silent = cell.forward(case.x, case.params)
    spoken = cell.forward(case.x, case.params, *(zeros for _ in cell.states))
    close(silent.h, spoken.h, 0)
    first = cell.forward(case.x[:, :2], case.params)
    states = [getattr(first, f"{state}_last") for state in cell.states]
    close(cell.forward(case.x[:, 2:], case.params, *states).h, silent.h[:, 2:])


@every_cell
def test_no_bias_is_a_bias_of_zeros(cell):
    case = random_case(cell, 8, bias=False)
    zeros = case._replace(params=case.params._replace(b=np.zeros(cell.shapes(D, H)["b"])))
    close(forward(cell, case).h, forward(cell, zeros).h)
    step = cell.step(case.x[:, 0], *case.states, case.params)
    step_back = cell.step_backward(step, case.dh[:, 0], *case.last, case.params)
    silent, spoken = backward(cell, case), backward(cell, zeros)
    assert silent.db is None and step_back.db is None and spoken.db is not None
    close(silent.dU, spoken.dU)


# --- each is what it says it is --------------------------------------------------------------


def test_without_peepholes_the_lstm_comes_back():
    cell = variants.peephole_lstm
    case = random_case(cell, 11)
    compare_with_lstm(cell, case._replace(params=case.params._replace(p=np.zeros(3 * H))))


def test_without_the_pipe_the_lstm_comes_back():
    cell = variants.full_peephole_lstm
    case = random_case(cell, 12)
    compare_with_lstm(cell, case._replace(params=case.params._replace(V=np.zeros((H, 4 * H)))))


def compare_with_lstm(cell, case):
    params = LSTMParams(*case.params[:3])
    for mask in (None, MASK):
        trace = lstm_forward(case.x, params, *case.states, mask=mask)
        ours, gradients = forward(cell, case, mask), backward(cell, case, mask)
        expected = lstm_backward(trace, case.dh, *case.last)
        for name in ("z", "i", "f", "g", "o", "c", "h", "h0", "c0"):
            close(getattr(ours, name), getattr(trace, name), name=name)
        for name in expected._fields:
            close(getattr(gradients, name), getattr(expected, name), name=name)


def test_the_pipe_is_an_lstm_that_takes_the_cell_state_as_input():
    cell = variants.full_peephole_lstm
    case = random_case(cell, 13)
    W, U, b, V = case.params
    x, (h, c) = case.x[:, 0], case.states
    expected = lstm_step(np.hstack([x, c]), h, c, LSTMParams(np.vstack([W, V]), U, b))
    found = cell.step(x, h, c, case.params)
    for name in computed(cell):
        close(getattr(found, name), getattr(expected, name), name=name)


def test_peepholes_of_two_gates_are_a_diagonal_full_peephole():
    """p_i and p_f see c_{t-1} as V does; p_o sees c_t, which no V does."""
    peephole, full = variants.peephole_lstm, variants.full_peephole_lstm
    case = random_case(peephole, 14)
    p_i, p_f, _ = np.split(case.params.p, 3)
    p = np.concatenate([p_i, p_f, np.zeros(H)])
    V = np.hstack([np.diag(p_i), np.diag(p_f), np.zeros((H, 2 * H))])
    case = case._replace(params=case.params._replace(p=p))
    other = case._replace(params=variants.FullPeepholeParams(*case.params[:3], V))
    for name in computed(peephole):
        close(getattr(forward(peephole, case), name), getattr(forward(full, other), name))
    ours, theirs = backward(peephole, case), backward(full, other)
    for name in ("dW", "dU", "db", "dx", "dh0", "dc0", "dh", "dc"):
        close(getattr(ours, name), getattr(theirs, name), name=name)
    diagonals = [np.diag(block) for block in np.split(theirs.dV, 4, axis=1)[:2]]
    close(ours.dp[: 2 * H], np.concatenate(diagonals))


def test_the_output_gate_sees_the_new_cell_state():
    cell = variants.peephole_lstm
    case = random_case(cell, 15)
    step = cell.step(case.x[:, 0], *case.states, case.params)
    bare = case.x[:, 0] @ case.params.W + case.states[0] @ case.params.U + case.params.b
    o = sigmoid(bare[:, 3 * H :] + case.params.p[2 * H :] * step.c)
    close(step.o, o)
    close(step.h, o * np.tanh(step.c))


def test_coupled_gates_are_an_lstm_whose_input_block_is_the_negated_forget_block():
    cell = variants.coupled_lstm
    case = random_case(cell, 16)

    def with_input_block(array):
        return np.concatenate([-array[..., :H], array], axis=-1)

    params = LSTMParams(*map(with_input_block, case.params))
    trace = lstm_forward(case.x, params, *case.states)
    expected = lstm_backward(trace, case.dh, *case.last)
    found, gradients = forward(cell, case), backward(cell, case)
    for name in ("f", "i", "g", "o", "c", "h"):
        close(getattr(found, name), getattr(trace, name), name=name)
    for name in ("dx", "dh0", "dc0", "dh", "dc"):
        close(getattr(gradients, name), getattr(expected, name), name=name)
    for name in ("dW", "dU", "db"):
        d_i, d_f, *others = np.split(getattr(expected, name), 4, axis=-1)
        close(getattr(gradients, name), np.concatenate([d_f - d_i, *others], axis=-1), name=name)


def test_with_the_reset_gate_open_both_grus_agree():
    case = random_case(variants.gru, 17)
    b = case.params.b.copy()
    b[0, H : 2 * H] = 1000  # r = 1 wherever it stands
    case = case._replace(params=case.params._replace(b=b))
    other = case._replace(params=case.params._replace(b=b.sum(axis=0)))
    for name in ("z", "u", "r", "g", "h"):
        after = getattr(forward(variants.gru, case), name)
        close(after, getattr(forward(variants.gru_reset_before, other), name), name=name)
    ours, theirs = backward(variants.gru, case), backward(variants.gru_reset_before, other)
    for name in ("dW", "dU", "dx", "dh0", "dh"):
        close(getattr(ours, name), getattr(theirs, name), name=name)


@pytest.mark.parametrize("cell", [variants.gru, variants.gru_reset_before])
def test_a_nearly_closed_door_keeps_its_digits(cell):
    """At z_u = 40 the update gate is 1 to the last digit, but 1 - u is 4e-18, not 0."""
    W, U, b = (np.zeros(shape) for shape in cell.shapes(1, 1).values())
    W[0] = 0, 0, 1000
    b[(0,) * (b.ndim - 1)] = 40, 0, 0
    params = cell.params(W, U, b)
    np.testing.assert_allclose(cell.forward([[1.0]], params).h, 4.248354255e-18, rtol=1e-9)
    gradients = cell.backward(cell.forward([[1.0]], params), [[1.0]])
    np.testing.assert_allclose(gradients.db.ravel()[0], -4.248354255e-18, rtol=1e-9)


def test_a_nearly_closed_input_gate_keeps_its_digits():
    W, U, b = np.zeros((1, 3)), np.zeros((1, 3)), np.array([40.0, 1000.0, 0.0])
    trace = variants.coupled_lstm.forward([[1.0]], variants.CoupledParams(W, U, b))
    np.testing.assert_allclose(trace.c, 4.248354255e-18, rtol=1e-9)
    gradients = variants.coupled_lstm.backward(trace, [[1.0]])
    np.testing.assert_allclose(gradients.db[0], -0.5 * 4.248354255e-18, rtol=1e-9)


# --- backward --------------------------------------------------------------------------------


@every_own_cell
@bias_or_not
@mask_or_not
@pytest.mark.parametrize("batched", [True, False])
def test_gradients_against_central_differences(cell, bias, mask, batched):
    case = random_case(cell, 31, bias=bias)
    if not batched:
        case, mask = case.unbatched(1), None if mask is None else mask[1]
    first = dict(zip(("h0", "c0"), case.states, strict=False))
    weights = {name: array for name, array in case.params._asdict().items() if array is not None}
    arguments = {"x": case.x, **first, **weights}
    gradients = backward(cell, case, mask)

    def loss(name, array):
        given = {**arguments, name: array}
        params = case.params._replace(**{name: given.pop(name) for name in weights})
        trace = cell.forward(params=params, mask=mask, **given)
        total = np.sum(case.dh * trace.h)
        return total + (np.sum(case.last[0] * trace.c_last) if case.last else 0)

    for name, array in arguments.items():
        measured = slope(lambda moved, name=name: loss(name, moved), array)
        assert_slopes_agree(getattr(gradients, f"d{name}"), measured)


@every_own_cell
@mask_or_not
@pytest.mark.parametrize("t", range(T))
def test_gradient_of_each_state_against_central_differences(cell, mask, t):
    """Restart the sequence after time step t with a disturbed state."""
    case = random_case(cell, 32)
    trace, gradients = forward(cell, case, mask), backward(cell, case, mask)
    now = [getattr(trace, state)[:, t] for state in cell.states]

    def loss(*states):
        total = np.sum(case.dh[:, t] * states[0])
        if t < T - 1:
            rest_mask = None if mask is None else mask[:, t + 1 :]
            rest = cell.forward(case.x[:, t + 1 :], case.params, *states, mask=rest_mask)
            total = total + np.sum(case.dh[:, t + 1 :] * rest.h)
            states = [getattr(rest, f"{state}_last") for state in cell.states]
        return total + sum(np.sum(d * c) for d, c in zip(case.last, states[1:], strict=True))

    assert_slopes_agree(gradients.dh[:, t], slope(lambda h: loss(h, *now[1:]), now[0]))
    if case.last:
        z_o, p_o = trace.z[:, t, -H:], 0
        if cell is variants.peephole_lstm:
            p_o = case.params.p[-H:]
        counts = True if mask is None else mask[:, t, None]

        def by_both_paths(c):
            # Where the step was passed by, h is that of the step before and sees no c.
            h = np.where(counts, sigmoid(z_o + p_o * (c - now[1])) * np.tanh(c), now[0])
            return loss(h, c)

        assert_slopes_agree(gradients.dc[:, t], slope(by_both_paths, now[1]))


@every_cell
@bias_or_not
def test_gradients_are_those_of_the_steps_backwards(cell, bias):
    case = random_case(cell, 33, bias=bias)
    trace, found = forward(cell, case), backward(cell, case)
    weights = [name for name in found._fields[: len(case.params)] if bias or name != "db"]
    totals, flow = dict.fromkeys(weights, 0), [np.zeros((B, H)), *case.last]
    for t in reversed(range(T)):
        before = [
            getattr(trace, state)[:, t - 1] if t else first
            for state, first in zip(cell.states, case.states, strict=True)
        ]
        step = cell.step(case.x[:, t], *before, case.params)
        flow[0] = flow[0] + case.dh[:, t]
        close(found.dh[:, t], flow[0])
        one = cell.step_backward(step, *flow, case.params)
        close(found.dx[:, t], one.dx)
        if case.last:
            close(found.dc[:, t], one.dc)
        totals = {name: total + getattr(one, name) for name, total in totals.items()}
        flow = [getattr(one, f"d{state}_prev") for state in cell.states]
    for name, total in totals.items():
        close(getattr(found, name), total, name=name)
    for state, last in zip(cell.states, flow, strict=True):
        close(getattr(found, f"d{state}0"), last)


@every_lstm
def test_no_dc_last_is_a_dc_last_of_zeros(cell):
    case = random_case(cell, 34)
    trace = forward(cell, case)
    silent, spoken = (cell.backward(trace, case.dh, *last) for last in ([], [np.zeros((B, H))]))
    for one, other in zip(silent, spoken, strict=True):
        np.testing.assert_array_equal(one, other)


# --- arrays and their types ------------------------------------------------------------------


@every_cell
@mask_or_not
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_types_carry_through(cell, mask, dtype):
    case = random_case(cell, 41, dtype=dtype, bias=False)
    x, dh = case.x[:, 0], case.dh[:, 0]
    step = cell.step(x, *case.states, case.params)
    back = cell.step_backward(step, dh, *case.last, case.params)
    for record in (forward(cell, case, mask), backward(cell, case, mask), step, back):
        assert {array.dtype for array in arrays_of(record).values()} == {np.dtype(dtype)}


@every_cell
def test_one_float64_array_makes_all_float64(cell):
    case = random_case(cell, 42, dtype=np.float32)
    for name in case.params._fields:
        wide = case.params._replace(**{name: getattr(case.params, name).astype(np.float64)})
        trace = cell.forward(case.x, wide)
        assert {array.dtype for array in arrays_of(trace).values()} == {np.dtype("float64")}
    gradients = cell.backward(forward(cell, case), case.dh.astype(np.float64))
    assert {array.dtype for array in gradients} == {np.dtype("float64")}


@every_cell
def test_arguments_are_left_as_they_were_and_not_lent(cell):
    case, before, mask = random_case(cell, 43), random_case(cell, 43), MASK.copy()
    trace = forward(cell, case, mask)
    gradients = cell.backward(trace, case.dh, *case.last)
    given = [case.x, *case.params, *case.states, case.dh, *case.last]
    then = [before.x, *before.params, *before.states, before.dh, *before.last]
    for now, old in zip(given, then, strict=True):
        np.testing.assert_array_equal(now, old)
    np.testing.assert_array_equal(mask, MASK)
    for array in (*arrays_of(trace).values(), *gradients):
        assert not any(np.shares_memory(array, mine) for mine in given)
    assert trace.mask is None or not np.shares_memory(trace.mask, mask)


# --- properties ------------------------------------------------------------------------------

cells = st.sampled_from(list(variants.ALL.values()))
own_cells = st.sampled_from(list(OWN.values()))
sizes = st.tuples(*[st.integers(1, 5)] * 4)
seeds = st.integers(0, 2**32 - 1)
draws = settings(deadline=None, database=None, max_examples=150)


@draws
@given(cells, seeds, sizes, st.sampled_from([1e-6, 1.0, 30.0, 1e6]))
def test_gates_and_states_stay_within_their_bounds(cell, seed, sizes, scale):
    case = random_case(cell, seed, sizes=sizes)
    h0, *c0 = case.states
    trace = cell.forward(scale * case.x, case.params, np.tanh(h0), *(scale * c for c in c0))
    for gate in {"i", "f", "o", "u", "r"} & {*trace._fields}:
        assert np.all((getattr(trace, gate) >= 0) & (getattr(trace, gate) <= 1))
    assert np.all(np.abs(trace.h) <= 1 + 1e-14)
    if c0:
        before = np.concatenate([trace.c0[:, None], trace.c[:, :-1]], axis=1)
        assert np.all(np.abs(trace.c) <= np.abs(before) + 1)
    if cell is variants.coupled_lstm:
        assert np.all(np.abs(trace.c) <= np.maximum(np.abs(before), 1) * (1 + 1e-14))
        np.testing.assert_allclose(trace.i + trace.f, 1, rtol=1e-15)


@draws
@given(cells, seeds, sizes, st.data())
def test_a_batch_row_does_not_see_the_others(cell, seed, sizes, data):
    case = random_case(cell, seed, sizes=sizes)
    shape = sizes[:2]
    flags = st.lists(st.booleans(), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1])
    mask = np.array(data.draw(flags)).reshape(shape)
    alone = case.unbatched(-1)
    close(forward(cell, alone, mask[-1]).h, forward(cell, case, mask).h[-1], 1e-9)
    close(backward(cell, alone, mask[-1]).dx, backward(cell, case, mask).dx[-1], 1e-9)


@draws
@given(own_cells, seeds, sizes, st.booleans(), st.booleans())
def test_gradient_along_a_random_direction(cell, seed, sizes, bias, masked):
    """One number for all arguments at once: the slope of the loss along one direction."""
    case = random_case(cell, seed, sizes=sizes, bias=bias)
    rng = np.random.default_rng(seed)
    mask = rng.random(sizes[:2]) < 0.7 if masked else None
    gradients = backward(cell, case, mask)
    names = [name for name, array in case.params._asdict().items() if array is not None]
    at = {name: getattr(case.params, name) for name in names}
    at |= {"x": case.x, **dict(zip(("h0", "c0"), case.states, strict=False))}
    way = {name: rng.normal(size=array.shape) for name, array in at.items()}
    length = np.sqrt(sum(np.sum(array**2) for array in way.values()))
    way = {name: array / length for name, array in way.items()}
    slopes = {name: getattr(gradients, f"d{name}") for name in at}
    expected = sum(np.sum(way[name] * slopes[name]) for name in at)

    def loss(step):
        moved = {name: array + step * way[name] for name, array in at.items()}
        params = case.params._replace(**{name: moved.pop(name) for name in names})
        trace = cell.forward(params=params, mask=mask, **moved)
        return np.sum(case.dh * trace.h) + sum(np.sum(d * trace.c_last) for d in case.last)

    # Of fourth order: over so short a way what the difference leaves out is far below 1e-7.
    e = 1e-3
    near, far = loss(e) - loss(-e), loss(2 * e) - loss(-2 * e)
    size = max(1.0, *(np.abs(array).max() for array in slopes.values()))
    np.testing.assert_allclose(expected, (8 * near - far) / (12 * e), rtol=0, atol=1e-7 * size)


# --- far out ---------------------------------------------------------------------------------

magnitudes = st.sampled_from(["0", "tiny", "1", "root", "large", "largest"])


@settings(deadline=None, database=None, max_examples=400)
@given(cells, seeds, st.sampled_from([np.float32, np.float64]), st.data())
def test_far_out_numbers_saturate_or_are_refused(cell, seed, dtype, data):
    """Whatever finite numbers come in: no warning, no NaN, and no infinity."""
    limits = np.finfo(dtype)
    scale = {"0": 0, "tiny": limits.tiny, "1": 1, "root": np.sqrt(limits.max)}
    scale |= {"large": limits.max / 1000, "largest": limits.max}

    def stretch(array):
        if array is None:
            return None
        most = np.abs(array).max()
        return (array / most).astype(dtype) * dtype(scale[data.draw(magnitudes)])

    case = random_case(cell, seed, dtype=dtype)
    case = Case(
        stretch(case.x),
        case.params._make(map(stretch, case.params)),
        [*map(stretch, case.states)],
        stretch(case.dh),
        [*map(stretch, case.last)],
    )
    mask = MASK if data.draw(st.booleans()) else None
    try:
        trace = forward(cell, case, mask)
    except ValueError as error:
        assert "expected z = xW + hU + b within" in str(error)
        return
    assert all(np.isfinite(array).all() for array in arrays_of(trace).values())
    try:
        gradients = cell.backward(trace, case.dh, *case.last)
    except ValueError as error:
        assert "expected a finite gradient" in str(error)
        return
    assert all(np.isfinite(array).all() for array in gradients)


@every_cell
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_huge_numbers_saturate_without_a_warning(cell, dtype):
    million, case = dtype(1e6), random_case(cell, 51, dtype=dtype)
    huge = Case(
        million * case.x,
        case.params._make(million * array for array in case.params),
        [million * array for array in case.states],
        million * case.dh,
        [million * array for array in case.last],
    )
    trace = forward(cell, huge)
    gradients = cell.backward(trace, huge.dh, *huge.last)
    assert all(np.isfinite(array).all() for array in (*arrays_of(trace).values(), *gradients))


@every_lstm
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_largest_cell_state_may_be_kept(cell, dtype):
    largest = np.finfo(dtype).max
    weights = {name: np.zeros(shape, dtype) for name, shape in cell.shapes(1, 1).items()}
    weights["b"] += dtype(1000)  # all gates open, and the candidate 1
    one = np.ones((4, 1), dtype)
    trace = cell.forward(one, cell.params(**weights), c0=np.array([largest]))
    np.testing.assert_array_equal(trace.c, np.full((4, 1), largest))


@pytest.mark.parametrize(("name", "shape"), [("p", (3,)), ("V", (1, 4))])
def test_the_range_check_sees_how_far_the_cell_state_may_grow(name, shape):
    """c may reach |c0| + T, however small it starts; so may what the gates read of it."""
    cell = variants.peephole_lstm if name == "p" else variants.full_peephole_lstm
    weights = {"W": np.zeros((1, 4)), "U": np.zeros((1, 4)), "b": np.full(4, 1000.0)}
    params = cell.params(**weights, **{name: np.full(shape, 1e307)})
    assert np.isfinite(cell.forward(np.ones((9, 1)), params).z).all()
    with pytest.raises(ValueError, match=rf"^c0, {name}: expected z = .* within 1\.8e\+308.*Hint"):
        cell.forward(np.ones((18, 1)), params)
    with pytest.raises(ValueError, match=rf"^c_prev, {name}: expected z"):
        cell.step([1.0], [0.0], [20.0], params)


@every_cell
def test_a_state_of_zeros_meets_any_matrix(cell):
    """One step from h = 0 leaves U unread; only with a second one may U be too large."""
    weights = {name: np.zeros(shape) for name, shape in cell.shapes(1, 1).items()}
    params = cell.params(**{**weights, "U": np.full(weights["U"].shape, 1.79e308)})
    zero, states = np.zeros(1), [np.zeros(1) for _ in cell.states]
    assert not cell.step(zero, *states, params).z.any()
    with pytest.raises(ValueError, match=r"^h0, U: expected z = "):
        cell.forward(np.zeros((2, 1)), params)


def test_both_rows_of_a_bias_count():
    b = np.full((2, 3), 1e308)
    params = variants.GRUParams(np.zeros((1, 3)), np.zeros((1, 3)), b)
    with pytest.raises(ValueError, match=r"^1, b: expected z = "):
        variants.gru.forward([[1.0]], params)


def test_a_gradient_that_explodes_is_refused():
    params = variants.RNNParams([[1.0]], [[100.0]])
    trace = variants.simple_rnn.forward(np.zeros((400, 1)), params)
    dh = np.zeros((400, 1))
    dh[-1] = 1
    with pytest.raises(ValueError, match=r"^d\w+: expected a finite gradient.*1\.8e\+308.*Hint"):
        variants.simple_rnn.backward(trace, dh)


@every_cell
def test_a_step_back_that_explodes_is_refused(cell):
    case = random_case(cell, 52)
    params = case.params._replace(W=100 * case.params.W)
    step = cell.step(0.001 * case.x[:, 0], *case.states, params)
    with pytest.raises(ValueError, match=r"^d\w+: expected a finite gradient.*1\.8e\+308.*Hint"):
        cell.step_backward(step, np.full((B, H), 1e308), *case.last, params)


# --- refusals --------------------------------------------------------------------------------


def calls(cell):
    """Every method with good arguments by name, so that a test may spoil one."""
    case = random_case(cell, 61)
    names = [f"{state}_prev" for state in cell.states]
    before = dict(zip(names, case.states, strict=True))
    first = dict(zip(("h0", "c0"), case.states, strict=False))
    weights = case.params._asdict()
    step = cell.step(case.x[:, 0], *case.states, case.params)
    flow = dict(zip(("dh", "dc"), (case.dh[:, 0], *case.last), strict=False))
    yield cell.step, {"x": case.x[:, 0], **before}, weights, {}
    yield cell.forward, {"x": case.x, **first}, weights, {}
    yield cell.step_backward, flow, weights, {"step": step}
    last = dict(zip(("dc_last",), case.last, strict=False))
    yield cell.backward, {"dh": case.dh, **last}, {}, {"trace": forward(cell, case)}


def spoilt(cell, spoil):
    """Call every method, each time with one other argument spoilt, and yield the arguments."""
    for method, arrays, weights, rest in calls(cell):
        for name in [*arrays, *weights]:
            given = {**arrays, **weights, name: spoil({**arrays, **weights}[name])}
            if weights:
                given["params"] = cell.params(**{part: given.pop(part) for part in weights})
            yield name, lambda method=method, given=given, rest=rest: method(**given, **rest)


@every_own_cell
@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_every_argument_must_be_finite(cell, bad):
    def spoil(array):
        array = array.copy()
        array.flat[-1] = bad
        return array

    for name, call in spoilt(cell, spoil):
        with pytest.raises(ValueError, match=rf"^{name}: expected finite numbers, got {bad}"):
            call()


@every_own_cell
def test_every_argument_must_hold_numbers(cell):
    for name, call in spoilt(cell, lambda array: array.astype(complex)):
        with pytest.raises(TypeError, match=f"^{name}: expected real numbers, got complex"):
            call()


@every_own_cell
def test_every_argument_must_have_its_shape(cell):
    def widen(array):
        return np.concatenate([array, array[..., :1]], axis=-1)

    for name, call in spoilt(cell, widen):
        with pytest.raises(ValueError, match=rf"^{name}: expected shape \(.*\) = \(.*\), got"):
            call()


WRONG_SHAPES = [
    ("gru", "b", (12,), "b: expected shape (2, 3H) = (2, 12), got (12,). Hint: one row is "),
    ("gru", "b", (3, 12), "b: expected shape (2, 3H) = (2, 12), got (3, 12). Hint: a row for"),
    (
        "gru_reset_before",
        "b",
        (2, 12),
        "b: expected shape (3H,) = (12,), got (2, 12). Hint: two rows",
    ),
    ("coupled_lstm", "b", (2, 12), "b: expected shape (3H,) = (12,), got (2, 12). Hint: the blo"),
    ("peephole_lstm", "p", (3, 4), "p: expected shape (3H,) = (12,), got (3, 4). Hint: one we"),
    ("full_peephole_lstm", "V", (16, 4), "V: expected shape (H, 4H) = (4, 16), got (16, 4). Hin"),
    ("simple_rnn", "U", (4, 16), "U: expected shape (H, H) = (4, 4), got (4, 16)"),
    ("simple_rnn", "b", (1, 4), "b: expected shape (H,) = (4,), got (1, 4)"),
    ("coupled_lstm", "W", (12, 3), "W: expected shape (D, 3H) = (3, 12), got (12, 3). Hint: t"),
]


@pytest.mark.parametrize(("cell", "name", "shape", "message"), WRONG_SHAPES)
def test_shapes_are_named_in_letters_and_in_numbers(cell, name, shape, message):
    cell = variants.ALL[cell]
    case = random_case(cell, 62)
    params = case.params._replace(**{name: np.ones(shape)})
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        cell.forward(case.x, params)


@pytest.mark.parametrize(
    "cell", [cell for cell in OWN.values() if "c" not in cell.states], ids=lambda cell: cell.name
)
def test_a_cell_of_one_state_takes_no_other(cell):
    case, zeros = random_case(cell, 63), np.zeros((B, H))
    with pytest.raises(TypeError, match=rf"^c0: expected none, for {cell.name} keeps only h.*Hint"):
        cell.forward(case.x, case.params, c0=zeros)
    with pytest.raises(TypeError, match=rf"^dc_last: expected none, for {cell.name} keeps only h"):
        cell.backward(forward(cell, case), case.dh, zeros)
    wanted = rf"^{cell.name}\.step: expected the arguments x, h_prev, params, got"
    with pytest.raises(TypeError, match=wanted):
        cell.step(case.x[:, 0], zeros, zeros, case.params)
    step = cell.step(case.x[:, 0], zeros, case.params)
    wanted = rf"^{cell.name}\.step_backward: expected the arguments step, dh, params, got"
    with pytest.raises(TypeError, match=wanted):
        cell.step_backward(step, zeros, zeros, case.params)


@pytest.mark.parametrize(
    ("positional", "named"),
    [(0, ""), (2, ""), (3, ""), (5, ""), (3, "x"), (4, "params"), (3, "c0"), (3, "h0 c_prev")],
)
def test_each_argument_of_a_step_once(positional, named):
    cell = variants.coupled_lstm
    case = random_case(cell, 64)
    given = [case.x[:, 0], *case.states, case.params, case.x][:positional]
    with pytest.raises(
        TypeError, match=r"^coupled_lstm\.step: expected the arguments x, h_prev, c_"
    ):
        cell.step(*given, **dict.fromkeys(named.split(), case.states[0]))


@every_cell
def test_parameters_steps_and_traces_of_other_cells_are_refused(cell):
    others = [other for other in variants.ALL.values() if other is not cell]
    case = random_case(cell, 65)
    step, trace = cell.step(case.x[:, 0], *case.states, case.params), forward(cell, case)
    for other in others:
        theirs = random_case(other, 65)
        if type(theirs.params) is not type(case.params):
            expected = rf"^params: expected {type(case.params).__name__}\(W, U, b.*, got"
            x, dh = case.x[:, 0], case.dh[:, 0]
            for call in (
                lambda p=theirs.params: cell.forward(case.x, p),
                lambda p=theirs.params, x=x: cell.step(x, *case.states, p),
                lambda p=theirs.params, dh=dh: cell.step_backward(step, dh, *case.last, p),
            ):
                with pytest.raises(TypeError, match=expected):
                    call()
        with pytest.raises(TypeError, match=rf"^trace: expected what {other.name}\.forward"):
            other.backward(trace, theirs.dh)
        with pytest.raises(TypeError, match=rf"^step: expected what {other.name}\.step returns"):
            other.step_backward(step, theirs.dh[:, 0], *theirs.last, theirs.params)


@every_cell
def test_parameters_may_come_as_a_plain_tuple(cell):
    case = random_case(cell, 66)
    close(cell.forward(case.x, tuple(case.params)).h, cell.forward(case.x, case.params).h, 0)
    for bad in (case.params[:2], 3, None):
        with pytest.raises(TypeError, match=r"^params: expected \w+\(W, U, b"):
            cell.forward(case.x, bad)


@every_cell
def test_a_mask_has_the_shape_of_the_batch_in_time(cell):
    case = random_case(cell, 67)
    with pytest.raises(TypeError, match=r"^mask: expected booleans \(B, T\)"):
        forward(cell, case, MASK.astype(int))
    with pytest.raises(
        ValueError, match=r"^mask: expected shape \(B, T\) = \(2, 5\), got \(5, 2\)"
    ):
        forward(cell, case, MASK.T)


def test_sizes_are_whole_numbers_from_one_up():
    with pytest.raises(ValueError, match=r"^hidden_size: expected an integer from 1 up, got 0"):
        variants.gru.shapes(3, 0)
    with pytest.raises(TypeError, match=r"^input_size: expected an integer"):
        variants.gru.shapes(3.5, 2)
