"""The exercises of chapter 3."""

import math

import numpy as np

from lstm_edu.cell import sigmoid

from .base import Verdict, compare


def opening(b):
    """Exercise 1: the bias with which a gate that reads zeros lets 95 % through."""
    right = math.log(0.95 / 0.05)
    usual = {"itself": 0.95, "tanh": math.atanh(0.95), "closes": -right}
    verdict = compare(b, right, tolerance=5e-3, **usual)
    if verdict.key.startswith("base."):
        return verdict
    return verdict._replace(numbers={"b": float(b), "gate": float(sigmoid(b))})


def valve(function):
    """Exercise 2: a function gate(signal, z), called here with random vectors."""
    if not callable(function):
        return Verdict("uncalled")
    signal, z = np.random.default_rng(3).normal(size=(2, 4))
    gate = sigmoid(z)
    right = gate * signal
    result = function(signal.copy(), z.copy())
    if result is ...:
        return Verdict("base.empty")
    if result is None:
        return Verdict("nothing")
    for product in (gate @ signal, np.outer(gate, signal), np.outer(signal, gate)):
        if np.shape(result) == product.shape and np.allclose(result, product):
            return Verdict("matrix", {"shape": product.shape})
    usual = {
        "tanh": np.tanh(z) * signal,
        "alone": gate,
        "switch": np.round(gate) * signal,
        "raw": z * signal,
        "inverted": sigmoid(-z) * signal,
        "swapped": sigmoid(signal) * z,
    }
    return compare(result, right, **usual)
