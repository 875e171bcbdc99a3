"""The exercises of chapter 3."""

import numpy as np

from lstm_edu.cell import sigmoid

from .base import Verdict, call, compare, number, shape_of


def opening(answer):
    """Exercise 1: what passes of −4, with x = 2, h = 0.5, W = 1.5, U = −2 and b = −1.5."""

    def passes(z):
        return -4 * sigmoid(z)

    z = 2 * 1.5 + 0.5 * -2 - 1.5
    usual = {
        "gate": sigmoid(z),
        "sign": -passes(z),
        "raw": -4 * z,
        "bias": passes(z + 1.5),
        "hidden": passes(z + 1),
        "inputs": passes(-1.5),
        "tanh": -4 * np.tanh(z),
        "closes": passes(-z),
        "switch": -4,
        "added": sigmoid(z) - 4,
    }
    right = passes(z)
    verdict = compare(answer, right, tolerance=3e-4, **usual)
    near = verdict.key == "wrong" and abs(number(answer) - right) < 0.011
    return Verdict("rounded") if near else verdict


def is_same(result, product):
    """Whether a result, of any kind, is this product of matrices."""
    numeric = shape_of(result) == product.shape and np.asarray(result).dtype.kind in "if"
    return numeric and np.allclose(result, product)


def valve(function):
    """Exercise 2: a function gate(signal, z), called here with random vectors."""
    signal, z = np.random.default_rng(53).normal(size=(2, 4))  # z on both sides, one in (0, 1)
    gate = sigmoid(z)
    right = gate * signal
    result = call(function, signal.copy(), z.copy())
    if is_same(result, gate @ signal):
        return Verdict("dot")
    if is_same(result, np.outer(gate, signal)) or is_same(result, np.outer(signal, gate)):
        return Verdict("matrix")
    usual = {
        "tanh": np.tanh(z) * signal,
        "alone": gate,
        "switch": np.round(gate) * signal,
        "raw": z * signal,
        "inverted": sigmoid(-z) * signal,
        "product": sigmoid(z * signal),
        "swapped": sigmoid(signal) * z,
        "exchanged": sigmoid(signal) * signal,
    }
    return compare(result, right, **usual)


def gradient(to_signal, to_z):
    """Exercise 3: of a gradient of −0.5, what reaches the signal, 4, and what reaches z = 2."""
    arrives, signal, gate = -0.5, 4, sigmoid(2)
    slope = gate * (1 - gate)
    answer = number(to_signal), number(to_z)
    right = arrives * gate, arrives * signal * slope
    usual = {
        "right": right,
        "exchanged": right[::-1],
        "arriving": (gate, signal * slope),
        "sign": (-right[0], -right[1]),
        "to_the_gate": (right[0], arrives * signal),
        "no_signal": (right[0], arrives * slope),
        "forward": (gate * signal, right[1]),
        "tanh": (right[0], arrives * signal * (1 - np.tanh(2) ** 2)),
        "half": (right[0], arrives * signal * gate),
        "slope": (arrives * slope, right[1]),
    }
    for key, value in usual.items():
        if np.allclose(answer, value, rtol=0, atol=6e-4):
            return Verdict(key)
    first, second = (abs(a - r) <= 6e-4 for a, r in zip(answer, right, strict=True))
    return Verdict("second" if first else "first" if second else "wrong")


def threshold(w, b):
    """Exercise 4, an open one: a gate shut up to 0.2, open from 0.6 on, in bfloat16 never 1."""
    w, b = number(w), number(b)
    shut, half = float(sigmoid(w * 0.2 + b)), float(sigmoid(w * 0.6 + b))
    numbers = {"shut": shut, "open": half, "z": w + b}
    if w <= 0:
        return Verdict("falls", numbers)
    if shut >= 0.1:
        return Verdict("slack" if half <= 0.8 else "leaks", numbers)
    if half <= 0.8:
        return Verdict("timid", numbers)
    return Verdict("full" if w + b >= np.log(511) else "right", numbers)
