"""The exercises of chapter 11."""

from itertools import combinations

import numpy as np

from lstm_edu.counting import count_dense, count_lstm, count_stacked

from .base import Verdict, call, compare, number, numbers


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
        times_steps_lstm=50 * (right - 21) + 21,
        dense_reads_ten=right - 21 + count_dense(10, 3).total,
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

    slips = {
        "same_D": {"D_again": True},
        "one_direction": {"width": 1, "directions": 1},
        "next_reads_H": {"width": 1},
        "reads_both_counts_one": {"directions": 1},
        "three_blocks": {"blocks": 3},
        "no_recurrent": {"recurrent": 0},
        "no_bias": {"bias_vectors": 0},
        "two_biases": {"bias_vectors": 2},
    }
    mistakes = {key: each(**slip) for key, slip in slips.items()}
    verdict = compare(answers, each(), tolerance=1e-6, **mistakes)
    if verdict.key != "wrong":
        return verdict
    for (key, slip), (_, more) in combinations(slips.items(), 2):  # two at once: say the first
        if compare(answers, each(**(slip | more)), tolerance=1e-6).key == "right":
            return Verdict(key)
    k = int(np.argmax(np.abs(np.subtract(answers, each())) > 0.5))
    return Verdict("wrong", {"case": ", ".join(map(str, cases[k])), "came": f"{answers[k]:g}"})


def design(sizes):
    """Exercise 3, open: LSTM layers on D = 12, and Dense(3), within 5000 numbers and 3 MB."""
    try:
        sizes = numbers(sizes, (len(sizes),)).tolist()
    except TypeError:
        return Verdict("kind")
    if not sizes or any(size < 1 or size % 1 for size in sizes):
        return Verdict("kind")
    sizes = [int(size) for size in sizes]
    if len(sizes) < 2:
        return Verdict("layers")
    total = (count_stacked(count_lstm, 12, sizes) + count_dense(sizes[-1], 3)).total
    kept = 4 * 32 * 100 * sum(D + 6 * H for D, H in zip([12, *sizes], sizes, strict=False))
    figures = {"total": total, "kept": kept}
    if total > 5000:
        return Verdict("many", figures)
    if total < 4500:
        return Verdict("few", figures)
    return Verdict("memory" if kept > 3_000_000 else "right", figures)


def _layers(inputs, units, blocks=4, recurrent=1, bias_vectors=1):
    """The parameters of LSTM layers, or what a usual mistake makes of them."""
    counts = [count_lstm(D, H, bias_vectors) for D, H in zip(inputs, units, strict=True)]
    parts = [c.input_weights + recurrent * c.recurrent_weights + c.biases for c in counts]
    return blocks * sum(parts) // 4
