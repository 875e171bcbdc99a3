"""The exercises of chapter 9."""

import numpy as np

from lstm_edu.cell import LSTMParams
from lstm_edu.layer import lstm_forward

from .base import Verdict, call, compare, numbers, shape_of


def shapes(outputs, weights):
    """Exercise 1: LSTM(7), with its sequence and its states, on a tensor of (16, 20, 3)."""
    B, T, D, H = 16, 20, 3, 7
    try:
        outputs, weights = read_shapes(outputs), read_shapes(weights)
    except Exception:  # lists of anything
        return Verdict("tuples")
    sequence, state = (B, T, H), (B, H)
    usual = {
        "alone": [sequence],
        "carry": [sequence, state],
        "every_step": [sequence] * 3,
        "last_only": [state] * 3,
        "blocks": [(B, T, 4 * H), (B, 4 * H), (B, 4 * H)],
        "directions": [sequence, (1, *state), (1, *state)],
        "pytorch": [(T, B, H), (1, *state), (1, *state)],
        "time_first": [(T, B, H), state, state],
        "steps": [sequence, (B, T), (B, T)],
        "no_batch": [(T, H), (H,), (H,)],
    }
    right = [sequence, state, state]
    if outputs != right:
        if any(shape[-1:] == (D,) for shape in outputs):
            return Verdict("features")
        key = key_of(outputs, usual, right, order="order", number="number")
        return Verdict(key or "wrong_outputs", {"came": len(outputs)})
    right = [(D, 4 * H), (H, 4 * H), (4 * H,)]
    if {B, T} & {size for shape in weights for size in shape}:
        return Verdict("batch")
    usual = {
        "right": right,
        "bias_row": [*right[:2], (1, 4 * H)],
        "one_block": [(D, H), (H, H), (H,)],
        "three_blocks": [(D, 3 * H), (H, 3 * H), (3 * H,)],
        "turned": [(4 * H, D), (4 * H, H), (4 * H,)],
        "two_biases": [*right, (4 * H,)],
        "two_biases_turned": [(4 * H, D), (4 * H, H), (4 * H,), (4 * H,)],
        "glued": [(D + H, 4 * H), (4 * H,)],
        "no_bias": right[:2],
    }
    key = key_of(weights, usual, right, order="weights_order", number="weights_number")
    return Verdict(key or "wrong", {"came": len(weights)})


def key_of(shapes, usual, right, *, order, number):
    """The key of a usual mistake, of another order or of another number of shapes, or None."""
    for key, mistake in usual.items():
        if mistake == shapes:
            return key
    if sorted(shapes) == sorted(right):
        return order
    return number if len(shapes) != len(right) else None


def last_states(function):
    """Exercise 2: a function last_states(h, lengths), called here with random states."""
    h = np.random.default_rng(9).normal(size=(4, 6, 3))
    lengths = np.array([4, 2, 5, 1])
    rows = np.arange(4)
    right = h[rows, lengths - 1]
    result = call(function, h.copy(), lengths.copy())
    crossed = h[:, lengths - 1]
    shape = shape_of(result)
    if shape == crossed.shape and np.allclose(result, crossed):
        return Verdict("crossed", {"shape": crossed.shape})
    if shape == h.shape:
        return Verdict("sequences", {"shape": h.shape})
    counts = (np.arange(6) < lengths[:, None])[..., None]
    usual = {
        "padding": h[:, -1],
        "next": h[rows, lengths],
        "before": h[rows, lengths - 2],
        "from_the_end": h[rows, -lengths],
        "first": h[:, 0],
        "mean": (h * counts).sum(axis=1) / lengths[:, None],
    }
    return compare(result, right, **usual)


def batches(function):
    """Exercise 3: a function batches(series, steps), called here with two series of 12 steps."""
    series, steps = np.random.default_rng(90).normal(size=(2, 12, 5)), 4
    right = np.stack([series[:, k : k + steps] for k in range(0, 12, steps)])
    result = call(function, series.copy(), steps)
    turned, row = right.swapaxes(0, 1), right.reshape(6, steps, 5)
    shape = shape_of(result)
    if shape == turned.shape and np.allclose(result, turned):
        return Verdict("turned")
    if shape in (row.shape, series.shape):
        return Verdict("flat", {"shape": shape})
    usual = {
        "cut": series.reshape(right.shape),
        "every_third": np.stack([series[:, k::3] for k in range(3)]),
        "backwards": right[::-1],
        "exchanged": right[:, ::-1],
        "first": np.stack([right[0]] * 3),
    }
    return compare(result, right, **usual)


def start(h0, c0):
    """Exercise 4, open: states from which six steps end with every sign turned."""
    h0, c0 = four(h0), four(c0)
    rng = np.random.default_rng(1)
    W, U, b = (rng.normal(scale=0.5, size=size).round(2) for size in ((6, 16), (4, 16), 16))
    params, x = LSTMParams(W[:1], U, b), np.array([[3.0], [2], [2], [2], [2], [2]])

    def ends(*states):
        return lstm_forward(x, params, *states).h_last

    zeros = ends()
    turned = np.sign(ends(h0, c0)) == -np.sign(zeros)
    if np.abs(h0).max() > 1:
        exchanged = np.abs(c0).max() <= 1 and (np.sign(ends(c0, h0)) == -np.sign(zeros)).all()
        return Verdict("exchanged" if exchanged else "range")
    if turned.all():
        return Verdict("right")
    if not c0.any():
        return Verdict("hidden", {"turned": turned.sum()})
    unit = int(np.argmin(turned))
    against = np.sign(c0[unit]) != -np.sign(zeros[unit])
    return Verdict("sign" if against else "small", {"turned": turned.sum(), "unit": unit + 1})


def four(answer):
    """Read one number per unit, with the axis of the batch or without it."""
    shape = shape_of(answer)
    return numbers(answer, (1, 4) if shape == (1, 4) else (4,)).reshape(4)


def read_shapes(answer):
    """Return a list of shapes as tuples of int; a whole number alone stands for its tuple."""
    shapes = [(shape,) if isinstance(shape, int | np.integer) else tuple(shape) for shape in answer]
    if any(size != int(size) for shape in shapes for size in shape):
        raise ValueError("a size is a whole number")
    return [tuple(int(size) for size in shape) for shape in shapes]
