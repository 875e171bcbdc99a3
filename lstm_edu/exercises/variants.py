"""The exercises of chapter 12."""

import numpy as np

from lstm_edu.variants import ALL, PeepholeParams, peephole_lstm

from .base import Verdict, number

CELLS = ("full_peephole_lstm", "peephole_lstm", "gru", "coupled_lstm")


def which(*names):
    """Exercise 1: the cells of three parameter counts and of two equations."""
    if len(names) != len(CELLS):
        return Verdict("four", {"count": len(names)})
    for name in names:
        if not isinstance(name, str) or name not in ALL:
            return Verdict("unknown", {"name": name})
    if names == CELLS:
        return Verdict("right")
    if "lstm" in names[:3]:
        return Verdict("plain", {"total": ALL["lstm"].count(10, 20).total})
    confused = {  # a usual mistake: the place, and what is written there
        "matrix": (0, "peephole_lstm"),
        "vector": (1, "full_peephole_lstm"),
        "one_bias": (2, "gru_reset_before"),
        "three_blocks": (2, "coupled_lstm"),
        "no_cell": (3, "gru"),
        "no_cell_before": (3, "gru_reset_before"),
        "two_gates": (3, "lstm"),
    }
    for key, (place, name) in confused.items():
        if names[place] == name:
            return Verdict(key)
    right = sum(name == cell for name, cell in zip(names, CELLS, strict=True))
    return Verdict("wrong", {"right": right})


def threshold(p_o, b_o):
    """Exercise 2: an output gate that opens when the count of its unit reaches 3."""
    p_o, b_o = number(p_o), number(b_o)
    pulses = np.array([[1], [0], [1], [0], [1], [0], [1]])
    W, U, b = np.array([[20, 0, 0, 0]]), np.zeros((1, 4)), np.array([-10, 15, 10, b_o])
    h = peephole_lstm.forward(pulses, PeepholeParams(W, U, b, np.array([0, 0, p_o]))).h[:, 0]
    numbers = {"two": float(h[:4].max()), "three": float(h[4:].min())}
    quiet, fires = numbers["two"] < 0.01, numbers["three"] > 0.9
    if quiet and fires:
        key = "right"
    elif p_o == 0:
        key = "blind"
    elif p_o < 0:
        key = "inverted"
    elif np.isclose(b_o, -3 * p_o, atol=1e-3) or np.isclose(b_o, -2 * p_o, atol=1e-3):
        key = "edge"
    elif np.isclose(b_o, 0):
        key = "no_bias"
    elif quiet:
        key = "late"
    else:
        key = "early" if fires else "soft"
    return Verdict(key, numbers)
