"""The exercises of chapter 4."""

import math

from lstm_edu.cell import LSTMParams, lstm_step, sigmoid

from .base import Verdict, number


def forget_bias(b_f):
    """Exercise 1: the smallest bias that leaves 95 % after 50 steps, to two decimals."""
    b_f = number(b_f)
    f = float(sigmoid(b_f))
    c = f**50
    least = 0.95 ** (1 / 50)
    if c < 0.95:
        key = "leaky"
    else:
        key = "large" if b_f > math.log(least / (1 - least)) + 0.02 else "right"
    return Verdict(key, {"c": c, "f": f})


def secret(w_o, b_o):
    """Exercise 2: weight and bias of an output gate that opens only when x is 1."""
    w_o, b_o = number(w_o), number(b_o)
    params = LSTMParams(W=[[0, 0, 0, w_o]], U=[[0, 0, 0, 0]], b=[-20, 20, 0, b_o])
    asleep, asked = (float(lstm_step([x], [0], [0.8], params).h[0]) for x in (0, 1))
    if asleep < 0.01 and asked > 0.65:
        key = "right"
    elif w_o == 0:
        key = "same"
    else:
        key = "leaks" if asleep >= 0.01 else "shy"
    return Verdict(key, {"asleep": asleep, "asked": asked})
