"""The exercises of chapter 6."""

import math

import numpy as np

from lstm_edu.cell import LSTMParams, lstm_step, lstm_step_backward
from lstm_edu.layer import lstm_backward, lstm_forward

from .base import Verdict, call, compare, number, numbers, shape_of

F = np.array([[0.5, 0.9], [0.8, 1.0], [1.0, 0.5], [0.9, 0.2]])
DC_LAST = np.array([1.0, 2.0])


def step(dz_i, dz_f, dz_g, dz_o, dc_prev):
    """Exercise 1: one step back through a unit, by hand."""
    answer = np.array([number(value) for value in (dz_i, dz_f, dz_g, dz_o, dc_prev)])
    i, f, g, o, c_prev, dh, dc = 0.5, 0.8, 0.6, 0.9, -1.0, 1.0, 0.5
    c = f * c_prev + i * g
    tanh_c = math.tanh(c)
    through_h = dh * o * (1 - tanh_c**2)

    def back(z, c_prev_from):
        """The five numbers, from the gradient of c that each part is worked out with."""
        return np.array(
            [
                z * g * i * (1 - i),
                z * c_prev * f * (1 - f),
                z * i * (1 - g**2),
                dh * tanh_c * o * (1 - o),
                c_prev_from * f,
            ]
        )

    whole = dc + through_h
    right = back(whole, whole)
    slopes = np.array([i * (1 - i), f * (1 - f), 1 - g**2, o * (1 - o), 1])
    usual = {
        "late": back(dc, whole),
        "early": back(whole, dc),
        "only_c": back(dc, dc),
        "only_h": back(through_h, through_h),
        "closed": back(dc + dh * o, dc + dh * o),
        "straight": back(dc + dh * o * (1 - c**2), dc + dh * o * (1 - c**2)),
        "unshown": back(dc + dh * (1 - tanh_c**2), dc + dh * (1 - tanh_c**2)),
        "slopes": right / slopes,
    }
    verdict = compare(answer, right, **usual)
    if verdict.key not in ("right", "wrong"):
        return verdict
    slips = (
        {"slope_i": right[0] / slopes[0], "itself_i": whole * i * i * (1 - i)},
        {"slope_f": right[1] / slopes[1], "now": whole * c * f * (1 - f)},
        {
            "slope_g": right[2] / slopes[2],
            "sigma_g": whole * i * g * (1 - g),
            "linear_g": whole * i * (1 - g),
        },
        {
            "slope_o": right[3] / slopes[3],
            "raw_o": dh * c * o * (1 - o),
            "dc_o": whole * tanh_c * o * (1 - o),
        },
        {"kept": whole, "written": whole * i},
    )
    places = ("z_i", "z_f", "z_g", "z_o", "back")
    names = ("dz_i", "dz_f", "dz_g", "dz_o", "dc_prev")
    for came, good, known, place, name in zip(answer, right, slips, places, names, strict=True):
        if abs(came - good) > 5.5e-4:  # three decimals
            found = [key for key, value in known.items() if abs(came - value) < 2e-3]
            found += ["coarse"] if abs(came - good) < 6e-3 else []
            return Verdict(found[0] if found else place, {"came": float(came), "name": name})
    return Verdict("right")


def carry(dc):
    """Exercise 2: the gradient of c_1 ... c_4 along the carry path, from given gates."""
    ones = np.ones((1, 2))
    right = DC_LAST * np.cumprod(np.concatenate([ones, F[:0:-1]]), axis=0)[::-1]
    usual = {
        "late": DC_LAST * np.cumprod(np.concatenate([ones, F[-2::-1]]), axis=0)[::-1],
        "forward": DC_LAST * np.cumprod(F, axis=0),
        "reversed": right[::-1],
        "own": DC_LAST * np.cumprod(F[::-1], axis=0)[::-1],
        "single": DC_LAST * np.concatenate([F[1:], ones]),
        "factors": right / DC_LAST,
    }
    verdict = compare(dc, right, **usual)
    if verdict.key == "wrong":
        good = np.isclose(dc, right, atol=2e-3).all(axis=1)
        verdict = Verdict("wrong" if good[3] and not good[2] else "onward" if good[3] else "given")
    return verdict


def whole(function):
    """Exercise 3: a function whole(steps, v, params), called here with a random network."""
    rng = np.random.default_rng(6)
    T, D, H = 6, 2, 3
    params = LSTMParams(*(rng.normal(size=size) for size in ((D, 4 * H), (H, 4 * H), 4 * H)))
    v, h, c, steps = rng.normal(size=H), np.zeros(H), np.zeros(H), []
    for x_t in rng.normal(size=(T, D)):
        steps.append(lstm_step(x_t, h, c, params))
        h, c = steps[-1].h, steps[-1].c

    def walk(shows="whole", *, h_on=1, c_on=1, again=0, twice=0, swap=False):
        dh, dc, rows = v, np.zeros(H), []
        for taken in reversed(steps):
            through_h = dh * taken.o * (1 - np.tanh(taken.c) ** 2)
            back = lstm_step_backward(taken, dh, dc + twice * through_h, params)
            rows.append(
                {
                    "whole": dc + through_h,
                    "arriving": dc,
                    "handed": back.dc_prev,
                    "through_h": through_h,
                    "dh": dh,
                }[shows]
            )
            dh, dc = h_on * back.dh_prev + again * v, c_on * back.dc_prev
            dh, dc = (dc, dh) if swap else (dh, dc)
        return np.array(rows[::-1])

    result = call(function, list(steps), v.copy(), params)
    right = walk()
    if shape_of(result) == (H,) and np.allclose(result, right[0]):
        return Verdict("first")
    usual = {
        "carry": walk(h_on=0),
        "cut": walk(c_on=0),
        "again": walk(again=1),
        "twice": walk(twice=1),
        "swapped": walk(swap=True),
        "arriving": walk("arriving"),
        "handed": walk("handed"),
        "through_h": walk("through_h"),
        "hidden": walk("dh"),
        "reversed": right[::-1],
    }
    verdict = compare(result, right, **usual)
    if verdict.key == "wrong" and np.allclose(result[-1], right[-1], rtol=1e-3):
        verdict = Verdict("onward")
    return verdict


def start(function):
    """Exercise 4: a start with which the gradient neither vanishes nor explodes in 50 steps."""
    T, D, shares = 50, 2, []
    for H in (8, 32):
        for seed in range(10):
            rng = np.random.default_rng(seed)
            weights = call(function, rng, D, H)
            if not isinstance(weights, (tuple, list)) or len(weights) != 3:
                return Verdict("three")
            W, U, b = (
                numbers(array, shape)
                for array, shape in zip(weights, ((D, 4 * H), (H, 4 * H), (4 * H,)), strict=True)
            )
            if max(np.abs(array).max() for array in (W, U, b)) > 100:
                return Verdict("huge")
            rng = np.random.default_rng(100 + seed)
            trace = lstm_forward(rng.normal(size=(T, D)), LSTMParams(W, U, b))
            dh = np.zeros((T, H))
            dh[-1] = rng.normal(size=H)
            back = lstm_backward(trace, dh)
            first, last = (np.linalg.norm(back.dc[t]) for t in (0, -1))
            if np.abs(back.dx[-1]).max() < 1e-6 or not last:
                return Verdict("deaf")
            if len(np.unique(trace.h.T.round(12), axis=0)) < H:
                return Verdict("alike")
            shares.append(first / last)
    said = {"low": min(shares), "high": max(shares), "good": sum(0.1 <= s <= 10 for s in shares)}
    if said["good"] == len(shares):
        return Verdict("right", said)
    if said["low"] < 0.1 and said["high"] > 10:
        return Verdict("both", said)
    return Verdict("explodes" if said["high"] > 10 else "vanishes", said)
