"""The exercises of chapter 1."""

import math

from .base import Verdict, compare, number


def second_state(h_2):
    """Exercise 1: two steps by hand, W = 0.5, U = -0.8, b = 0.2, x = [1, 2]."""
    W, U, b, x_1, x_2 = 0.5, -0.8, 0.2, 1, 2
    z_1 = x_1 * W + b
    h_1 = math.tanh(z_1)
    return compare(
        h_2,
        right=math.tanh(x_2 * W + h_1 * U + b),
        first=h_1,
        no_state=math.tanh(x_2 * W + b),
        no_tanh=x_2 * W + h_1 * U + b,
        raw_state=math.tanh(x_2 * W + z_1 * U + b),
        no_bias=math.tanh(x_2 * W + math.tanh(x_1 * W) * U),
        bias_once=math.tanh(x_2 * W + h_1 * U),
        sign=math.tanh(x_2 * W - h_1 * U + b),
        exchanged=math.tanh(x_2 * U + math.tanh(x_1 * U + b) * W + b),
    )


def first_wins(U):
    """Exercise 2: the smallest U, to two decimals, that holds out against 100 contrary inputs."""
    U, states = number(U), [math.tanh(1)]
    for _ in range(100):
        states.append(math.tanh(states[-1] * U - 1))
    least = 2 / math.tanh(1)  # from here on h_2 > h_1, and then every state is above the last
    if U < 0:
        key = "negative"
    elif min(states) > 0:
        key = "right" if U - least < 0.01 else "large"
    else:
        key = "fades" if U <= 1 else "flips"
    return Verdict(key, {"U": U, "h": states[-1], "h_1": states[0], "h_2": states[1]})
