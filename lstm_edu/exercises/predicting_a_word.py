"""The exercises of chapter 8."""

import numpy as np

from lstm_edu.counting import count_dense, count_lstm

from .base import Verdict, call, compare

D, H, T, OUTPUTS = 4, 3, 10, 7


def parameters(answer):
    """Exercise 1: the parameters of an LSTM with a dense layer behind it."""
    lstm, dense = count_lstm(D, H).total, count_dense(H, OUTPUTS).total
    right = lstm + dense
    usual = {
        "recurrent": lstm - 4 * H * H + dense,
        "one_bias": lstm - 4 * H + H + dense,
        "gates": 3 * lstm // 4 + dense,
        "block": lstm // 4 + dense,
        "two_biases": lstm + 4 * H + dense,
        "lstm": lstm,
        "dense_bias": lstm + dense - OUTPUTS,
        "steps": T * lstm + dense,
        "flat": lstm + count_dense(T * H, OUTPUTS).total,
    }
    return compare(answer, right, tolerance=1e-9, **usual)


def cross_entropy(function):
    """Exercise 2: a function cross_entropy(y, target), called with random logits and large ones."""
    y, target = np.random.default_rng(8).normal(size=5), 3
    p = np.exp(y) / np.exp(y).sum()
    loss, others = -np.log(p[target]), -np.log(1 - np.delete(p, target)).sum()
    result = call(function, y.copy(), target)
    usual = {
        "sign": -loss,
        "binary": (loss + others) / len(y),
        "binary_sum": loss + others,
        "mean": loss / len(y),
        "base_10": loss / np.log(10),
        "base_2": loss / np.log(2),
        "probability": p[target],
        "entropy": -(p * np.log(p)).sum(),
        "logit": -y[target],
        "twice": np.log(np.exp(p).sum()) - p[target],
        "no_log": np.exp(y).sum() - y[target],
    }
    verdict = compare(result, loss, tolerance=1e-6, **usual)
    if verdict.key != "right":
        return verdict
    with np.errstate(all="ignore"):
        large = call(function, np.array([0.0, 2000.0]), 0)
    if not np.isfinite(large):
        return Verdict("overflow", {"loss": float(large)})
    return Verdict("right" if np.isclose(large, 2000) else "clipped", {"loss": float(large)})
