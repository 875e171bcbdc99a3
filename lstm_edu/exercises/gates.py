"""The exercises of chapter 3."""

import math

import numpy as np

from lstm_edu.cell import sigmoid

from .base import Verdict, call, compare, number


def opening(b):
    """Exercise 1: the bias with which a gate that reads zeros lets 95 % through."""
    right = math.log(0.95 / 0.05)
    usual = {"itself": 0.95, "tanh": math.atanh(0.95), "closes": -right}
    verdict = compare(b, right, tolerance=5e-3, **usual)
    b = number(b)
    return verdict._replace(numbers={"b": b, "gate": float(sigmoid(b))})


def valve(function):
    """Exercise 2: a function gate(signal, z), called here with random vectors."""
    signal, z = np.random.default_rng(3).normal(size=(2, 4))
    gate = sigmoid(z)
    right = gate * signal
    result = call(function, signal.copy(), z.copy())
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
