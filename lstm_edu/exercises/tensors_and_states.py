"""The exercises of chapter 9."""

import numpy as np

from .base import Verdict, call, compare


def shapes(outputs, weights):
    """Exercise 1: LSTM(7), with its sequence and its states, on a tensor of (16, 20, 3)."""
    B, T, D, H = 16, 20, 3, 7
    try:
        outputs, weights = read_shapes(outputs), read_shapes(weights)
    except (TypeError, ValueError):
        return Verdict("tuples")
    state = (B, H)
    usual = {
        "features": [(B, T, D), (B, D), (B, D)],
        "carry": [(B, T, H), state],
        "every_step": [(B, T, H), (B, T, H), (B, T, H)],
        "last_only": [state, state, state],
        "blocks": [(B, T, 4 * H), (B, 4 * H), (B, 4 * H)],
        "directions": [(B, T, H), (1, *state), (1, *state)],
        "wrong_outputs": outputs,
    }
    if outputs != [(B, T, H), state, state]:
        return Verdict(next(key for key, mistake in usual.items() if mistake == outputs))
    if {B, T} & {size for shape in weights for size in shape}:
        return Verdict("batch")
    usual = {
        "right": [(D, 4 * H), (H, 4 * H), (4 * H,)],
        "one_block": [(D, H), (H, H), (H,)],
        "turned": [(4 * H, D), (4 * H, H), (4 * H,)],
        "two_biases": [(D, 4 * H), (H, 4 * H), (4 * H,), (4 * H,)],
        "glued": [(D + H, 4 * H), (4 * H,)],
        "wrong": weights,
    }
    return Verdict(next(key for key, mistake in usual.items() if mistake == weights))


def last_states(function):
    """Exercise 2: a function last_states(h, lengths), called here with random states."""
    h = np.random.default_rng(9).normal(size=(4, 6, 3))
    lengths = np.array([4, 2, 5, 1])
    rows = np.arange(4)
    right = h[rows, lengths - 1]
    result = call(function, h.copy(), lengths.copy())
    crossed = h[:, lengths - 1]
    if np.shape(result) == crossed.shape and np.allclose(result, crossed):
        return Verdict("crossed", {"shape": crossed.shape})
    if np.shape(result) == h.shape:
        return Verdict("sequences", {"shape": h.shape})
    counts = (np.arange(6) < lengths[:, None])[..., None]
    usual = {
        "padding": h[:, -1],
        "next": h[rows, lengths],
        "before": h[rows, lengths - 2],
        "from_the_end": h[rows, -lengths],
        "mean": (h * counts).sum(axis=1) / lengths[:, None],
    }
    return compare(result, right, **usual)


def read_shapes(answer):
    """Return a list of shapes as tuples of int; a whole number alone stands for its tuple."""
    shapes = [(shape,) if isinstance(shape, int | np.integer) else tuple(shape) for shape in answer]
    if any(size != int(size) for shape in shapes for size in shape):
        raise ValueError("a size is a whole number")
    return [tuple(int(size) for size in shape) for shape in shapes]
