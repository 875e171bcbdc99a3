"""The exercises of chapter 11."""

import numpy as np

from lstm_edu.counting import count_dense, count_lstm

from .base import call, compare, number


def stack(answer):
    """Exercise 1: D = 12, LSTM(10), LSTM(6), Dense(3), in Keras; T = 50."""

    def total(D=10, **parts):
        return _layers([12, D], [10, 6], **parts) + count_dense(6, 3).total

    right = total()
    return compare(
        answer,
        right,
        tolerance=1e-6,
        first_input=total(D=12),
        three_blocks=total(blocks=3),
        no_recurrent=total(recurrent=0),
        no_bias=total(bias_vectors=0) - 3,
        bias_in_dense_only=total(bias_vectors=0),
        two_biases=total(bias_vectors=2),
        no_dense=right - 21,
        times_steps=50 * right,
    )


def count(function):
    """Exercise 2: a function count(D, H, layers, both_directions), called with random sizes."""
    rng = np.random.default_rng(11)
    sizes = rng.integers(2, 60, size=(16, 2)).tolist()
    cases = [(D, H, k % 4 + 1, k >= 8) for k, (D, H) in enumerate(sizes)]
    answers = [number(call(function, *case)) for case in cases]

    def each(width=2, directions=2, D_again=False, **parts):
        """What a function gives that takes the next layer to read `width` times H, and so on."""
        totals = []
        for D, H, layers, both in cases:
            above = D if D_again else H * (width if both else 1)
            one = _layers([D] + [above] * (layers - 1), [H] * layers, **parts)
            totals.append(one * (directions if both else 1))
        return totals

    right = each()
    return compare(
        answers,
        right,
        tolerance=1e-6,
        next_reads_H=each(width=1),
        same_D=each(D_again=True),
        one_direction=each(width=1, directions=1),
        reads_both_counts_one=each(directions=1),
        three_blocks=each(blocks=3),
        no_recurrent=each(recurrent=0),
        no_bias=each(bias_vectors=0),
        two_biases=each(bias_vectors=2),
    )


def _layers(inputs, units, blocks=4, recurrent=1, bias_vectors=1):
    """The parameters of LSTM layers, or what a usual mistake makes of them."""
    counts = [count_lstm(D, H, bias_vectors) for D, H in zip(inputs, units, strict=True)]
    parts = [c.input_weights + recurrent * c.recurrent_weights + c.biases for c in counts]
    return blocks * sum(parts) // 4
