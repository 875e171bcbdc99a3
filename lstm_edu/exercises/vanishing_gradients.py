"""The exercises of chapter 2."""

import numpy as np

from lstm_edu.variants import RNNParams, simple_rnn

from .base import Verdict, compare, numbers

GRADIENTS = {"long": np.array([2.0, -10.0, 11.0]), "short": np.array([0.3, -0.4, 0.0])}
SEEDS, LOW, HIGH = range(10), 0.01, 100


def steps(left, radius):
    """Exercise 1: what is left of x_1 = (1, 0) in h_4, with W = 1 and no tanh; and U's radius."""
    U, x_1 = np.array([[0.5, 4.0], [0.0, 0.5]]), np.array([1.0, 0.0])
    power = np.linalg.matrix_power
    verdict = compare(
        left,
        x_1 @ power(U, 3),
        four=x_1 @ power(U, 4),
        two=x_1 @ power(U, 2),
        each=x_1 @ U**3,
        column=power(U, 3) @ x_1,
        times=x_1 @ (3 * U),
        exchanged=(x_1 @ power(U, 3))[::-1],
    )
    if verdict.key != "right":
        return Verdict("left") if verdict.key == "wrong" else verdict
    return compare(
        radius,
        0.5,
        norm=np.linalg.norm(U, 2),
        largest=4,
        trace=1,
        determinant=0.25,
        cubed=0.125,
    )


def step_back(gradient):
    """Exercise 2: ∂L/∂h_{t-1} by hand, from h_t, ∂L/∂h_t and U."""
    h, dh, U = np.array([0.6, 0.0]), np.array([1.0, 2.0]), np.array([[0.5, 1.0], [-1.0, 2.0]])
    dz = dh * (1 - h**2)
    return compare(
        gradient,
        right=dz @ U.T,
        untransposed=dz @ U,
        no_slope=dh @ U.T,
        both=dh @ U,
        late_slope=(dh @ U.T) * (1 - h**2),
        not_squared=(dh * (1 - h)) @ U.T,
        not_from_one=(dh * h**2) @ U.T,
        twice=(dh * (1 - np.tanh(h) ** 2)) @ U.T,
        inverse=dz @ np.linalg.inv(U),
        dz=dz,
        exchanged=(dz @ U.T)[::-1],
    )


def clip(long, short):
    """Exercise 3: two gradients clipped to length 1; the second is shorter than that."""
    g, kept = GRADIENTS["long"], GRADIENTS["short"]
    right, each = g / np.linalg.norm(g), np.clip(g, -1, 1)
    long = numbers(long, (3,))
    verdict = compare(
        long, right, each=each, largest=g / np.abs(g).max(), sizes=g / np.abs(g).sum()
    )
    if verdict.key != "right":
        length = float(np.linalg.norm(long))
        cosine = float(g @ long / np.linalg.norm(g) / length) if length else 0.0
        if np.abs(long - right).max() < 0.006:
            verdict = Verdict("digits")
        elif not length:
            verdict = Verdict("nothing")
        elif verdict.key == "wrong" and cosine > 0.9999:
            verdict = Verdict("scaled")
        elif verdict.key == "wrong" and cosine < -0.9999:
            verdict = Verdict("turned")
        return verdict._replace(numbers={"cosine": cosine, "length": length})
    verdict = compare(short, kept, stretched=kept / np.linalg.norm(kept), cut=np.zeros(3))
    return Verdict("other") if verdict.key == "wrong" else verdict


def neither(U):
    """Exercise 4, open: over 100 steps the gradient of 16 units neither vanishes nor explodes."""
    U = numbers(U, (16, 16))
    lengths = [_gradient_at_step_1(U, seed) for seed in SEEDS]
    found = {
        "low": min(lengths),
        "high": max(lengths),
        "vanish": sum(length < LOW for length in lengths),
        "explode": sum(length > HIGH for length in lengths),
        "runs": len(lengths),
    }
    if found["vanish"] and found["explode"]:
        return Verdict("mixed", found)
    if found["vanish"]:
        return Verdict("vanishes", found)
    return Verdict("explodes" if found["explode"] else "right", found)


@np.errstate(over="ignore", invalid="ignore")
def _gradient_at_step_1(U, seed, T=100, inputs=0.5):
    """Return the gradient's length at step 1, of 1 at step T; the chapter's `run_back`."""
    rng = np.random.default_rng(seed)
    W, x = rng.uniform(-1, 1, (1, len(U))), rng.uniform(-inputs, inputs, (T, 1))
    h = simple_rnn.forward(x, RNNParams(W, U)).h
    dh = np.full(len(U), 1 / np.sqrt(len(U)))
    for h_t in h[:0:-1]:
        dh = (dh * (1 - h_t**2)) @ U.T
    length = float(np.linalg.norm(dh))
    return length if np.isfinite(length) else np.inf
