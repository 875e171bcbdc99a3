"""The exercises of chapter 2."""

import math

import numpy as np

from .base import Verdict, compare, number, numbers

GRADIENTS = {"long": np.array([2.0, -10.0, 11.0]), "short": np.array([0.3, -0.4, 0.0])}


def steps(n):
    """Exercise 1: after how many steps less than 1 % is left, with U = 0.9."""
    right = math.ceil(math.log(0.01) / math.log(0.9))
    verdict = compare(n, right, tolerance=1e-9, subtracted=10, early=right - 1, counted=right + 1)
    n = number(n)
    if verdict.key == "wrong" and right - 1 < n < right:
        return Verdict("fraction", {"n": n})
    left = 0.9**n if n > 0 else math.nan
    if verdict.key == "wrong" and n > 0:
        verdict = Verdict("early" if n < right else "late")
    return verdict._replace(numbers={"left": left, "before": 0.9 ** (n - 1) if n > 0 else left})


def clip(long, short):
    """Exercise 2: two gradients clipped to length 1; the second is shorter than that."""
    g, kept = GRADIENTS["long"], GRADIENTS["short"]
    verdict = compare(
        long,
        g / np.linalg.norm(g),
        each=np.clip(g, -1, 1),
        largest=g / np.abs(g).max(),
        sizes=g / np.abs(g).sum(),
    )
    if verdict.key != "right":
        cosine = g @ np.clip(g, -1, 1) / np.linalg.norm(g) / np.linalg.norm(np.clip(g, -1, 1))
        length = float(np.linalg.norm(numbers(long, (3,))))
        return verdict._replace(numbers={"cosine": cosine, "length": length})
    verdict = compare(short, kept, stretched=kept / np.linalg.norm(kept))
    return Verdict("other") if verdict.key == "wrong" else verdict
