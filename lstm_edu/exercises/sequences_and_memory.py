"""The exercises of chapter 1."""

import math

import numpy as np

from lstm_edu.variants import RNNParams, simple_rnn

from .base import Verdict, compare, least, number

NOISE, PULSE = 0.3, 2.0  # what the unit of exercise 3 reads


def second_state(h_2):
    """Exercise 1: two steps by hand, W = 0.5, U = -0.8, b = 0.2, x = [1, 2]."""
    W, U, b, x_1, x_2 = 0.5, -0.8, 0.2, 1, 2
    z_1 = x_1 * W + b
    h_1 = math.tanh(z_1)
    right = math.tanh(x_2 * W + h_1 * U + b)
    verdict = compare(
        h_2,
        right=right,
        first=h_1,
        no_state=math.tanh(x_2 * W + b),
        no_tanh=x_2 * W + h_1 * U + b,
        linear=x_2 * W + z_1 * U + b,
        minus=-right,
        raw_state=math.tanh(x_2 * W + z_1 * U + b),
        no_bias=math.tanh(x_2 * W + math.tanh(x_1 * W) * U),
        bias_once=math.tanh(x_2 * W + h_1 * U),
        sign=math.tanh(x_2 * W - h_1 * U + b),
        exchanged=math.tanh(x_2 * U + math.tanh(x_1 * U + b) * W + b),
        first_input=math.tanh(x_1 * W + h_1 * U + b),
    )
    near = verdict.key == "wrong" and abs(number(h_2) - right) < 0.006
    return Verdict("digits") if near else verdict


def first_wins(U):
    """Exercise 2: the smallest U, to two decimals, that holds out against 100 contrary inputs.

    Gives "right", "rounded" and "large" as `least` does, and says why a small U does not do.
    """
    U = number(U)
    x = np.full((101, 1), -1.0)
    x[0] = 1
    h = simple_rnn.forward(x, RNNParams([[1]], [[U]], [0])).h[:, 0]
    key = least(U, 2 / math.tanh(1))  # from here on h_2 > h_1, and then every state climbs
    if key == "small":
        key = "negative" if U < 0 else "fades" if U <= 1 else "flips"
    return Verdict(key, {"U": U, "h": h[-1], "h_1": h[0], "h_2": h[1]})


def alarm(W, U, b):
    """Exercise 3, open: a unit that is negative until the first pulse, and positive from then on.

    Besides noise drawn at random the unit reads the noise that does it most harm.
    """
    W, U, b = number(W), number(U), number(b)
    rng = np.random.default_rng(0)
    for first in (90, 30, 2, 1, 0):
        noise = rng.uniform(-NOISE, NOISE, (6, 100))
        noise[0, :first], noise[0, first:] = NOISE, -NOISE
        noise[1, :first], noise[1, first:] = -NOISE, NOISE
        noise[2], noise[3] = NOISE, -NOISE
        pulses = np.arange(100) >= first
        pulses[first + 1 :] &= rng.random(99 - first) < 0.05
        noise[4:, pulses] = PULSE
        noise[:4, first] = PULSE
        h = simple_rnn.forward(noise[..., None], RNNParams([[W]], [[U]], [b])).h[..., 0]
        for x_t, h_t in zip(noise, h, strict=True):
            if (h_t[:first] >= 0).any():
                t = int(np.argmax(h_t[:first] >= 0))
                return Verdict("restless" if t else "early", {"t": t + 1, "h": h_t[t]})
            if h_t[first] <= 0:
                before = h_t[first - 1] if first else 0.0
                z = x_t[first] * W + before * U + b
                return Verdict("missed", {"z": z, "pulse": PULSE * W, "rest": z - PULSE * W})
            if (h_t[first:] <= 0).any():
                return Verdict("forgets", {"k": int(np.argmax(h_t[first:] <= 0))})
    return Verdict("right")
