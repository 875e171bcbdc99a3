"""The exercises of chapter 7."""

from itertools import permutations

import numpy as np

from lstm_edu.cell import sigmoid

from .base import Refused, Verdict, call, compare, numbers

ORDER = "igfo"  # of the blocks of the unknown layer in exercise 3


def output_bias(answer):
    """Exercise 1: the output gate's bias, out of the eight of a Keras layer with two units."""
    bias = np.array([0.1, -0.3, 1.0, 1.2, 0.4, -0.6, 0.7, 0.2])
    i, f, c, right = np.split(bias, 4)
    return compare(
        answer,
        right,
        first=i,
        forget=f,
        candidate=c,
        turns=bias[3::4],
        reverse=right[::-1],
        places=[6, 7],
    )


def gates(function):
    """Exercise 2: i, f, g and o at one time step, from the arrays of any Keras layer."""
    rng = np.random.default_rng(7)
    kernel, recurrent_kernel, bias, x, h = (
        rng.normal(size=shape) for shape in [(3, 8), (2, 8), 8, 3, 2]
    )
    answer = call(function, kernel, recurrent_kernel, bias, x, h)

    def blocks(bias=bias, h=h):
        return np.split(x @ kernel + h @ recurrent_kernel + bias, 4)

    def through(z_i, z_f, z_g, z_o):
        return np.stack([sigmoid(z_i), sigmoid(z_f), np.tanh(z_g), sigmoid(z_o)])

    z = blocks()
    i, f, g, o = right = through(*z)
    verdict = compare(
        answer,
        right,
        forget_first=[f, i, g, o],
        candidate_last=[i, f, o, g],
        candidate_cut=through(z[0], z[1], z[3], z[2]),
        onnx=through(z[0], z[2], z[3], z[1]),
        turns=through(*np.concatenate(z).reshape(2, 4).T),
        all_sigmoid=sigmoid(np.stack(z)),
        all_tanh=np.tanh(np.stack(z)),
        bare=np.stack(z),
        no_bias=through(*blocks(bias=0)),
        two_biases=through(*blocks(bias=2 * bias)),
        no_recurrent=through(*blocks(h=np.zeros(2))),
    )
    others = (through(*(z[k] for k in order)) for order in permutations(range(4)))
    if verdict.key == "wrong" and any(compare(answer, cut).key == "right" for cut in others):
        return Verdict("cut")
    return verdict


def convert(function):
    """Exercise 3: W, U and b from a library's two arrays, whose order the student has to find."""

    def verdict(D, H):
        rng = np.random.default_rng(D)
        A, a = rng.normal(size=(D + H, 4 * H)), rng.normal(size=4 * H)
        answer = call(function, A.copy(), a.copy())
        if not isinstance(answer, list | tuple) or len(answer) != 3:
            return "three"
        shapes = (D, 4 * H), (H, 4 * H), (4 * H,)
        given = [numbers(part, shape) for part, shape in zip(answer, shapes, strict=True)]

        def agree(order, rows="xh", added=0):
            """Which of the three are those of a layer whose blocks stand in this order."""
            blocks = np.split(np.vstack([A, a]), 4, axis=1)
            blocks[order.index("f")][-1] += added
            stacked = np.hstack([blocks[order.index(name)] for name in "ifgo"])
            read = stacked[:D], stacked[D:-1], stacked[-1]
            if rows == "hx":
                read = stacked[H:-1], stacked[:H], stacked[-1]
            return [np.allclose(one, other) for one, other in zip(given, read, strict=True)]

        if all(agree(ORDER)):
            return "right"
        if all(agree("ifgo")):
            return "as_it_is"
        if any(all(agree(order)) for order in permutations("ifgo")):
            return "order"
        if all(agree(ORDER, rows="hx")):
            return "rows"
        if all(agree(ORDER, added=1)):
            return "forget_bias"
        return "some" if any(agree(ORDER)) else "wrong"

    key = verdict(D=3, H=2)
    if key != "right":
        return Verdict(key)
    try:
        return Verdict("right" if verdict(D=5, H=4) == "right" else "fixed")
    except Refused:
        return Verdict("fixed")
