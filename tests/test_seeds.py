"""The numbers printed in the documents that the book grew from, recomputed from their weights."""

import math

import numpy as np

from lstm_edu import LSTMParams, count_lstm, lstm_forward, lstm_step


def test_one_unit_one_step():
    """One of the documents the book grew from: Keras, 2 features, 1 unit, x = [1, 10]."""
    params = LSTMParams(
        W=[
            [-0.7879, -0.7968972, 0.9924617, -0.6057646],
            [-0.14056396, -0.34560132, 0.9574034, 0.7960496],
        ],
        U=[[-0.0660542, -0.32508007, -0.8477706, 0.41381747]],
        b=[0, 1, 0, 0],
    )
    step = lstm_step([1, 10], [0], [0], params)
    assert [f"{z:.6f}" for z in step.z] == ["-2.193540", "-3.252910", "10.566496", "7.354731"]
    printed = {"i": "0.100332", "f": "0.037222", "c": "0.100332", "o": "0.999361"}
    assert {name: f"{getattr(step, name)[0]:.6f}" for name in printed} == printed
    assert f"{step.h[0]:.8f}" == "0.09993291"
    assert count_lstm(input_size=2, hidden_size=1).total == 16


def test_saturated_gates_are_not_quite_zero_and_one():
    """One of the documents the book grew from: it rounds σ and tanh of [3, -2, 4] to 0 and 1."""
    x, c_prev = [3, -2, 4], [5, 3, 7]
    ones = np.hstack([np.eye(3)] * 4)  # every block reads its own input as it is
    step = lstm_step(x, np.zeros(3), c_prev, LSTMParams(ones, np.zeros((3, 12)), None))
    sigma = [1 / (1 + math.exp(-value)) for value in x]
    exact_c = [s * c + s * math.tanh(v) for s, c, v in zip(sigma, c_prev, x, strict=True)]
    exact_h = [s * math.tanh(c) for s, c in zip(sigma, exact_c, strict=True)]
    np.testing.assert_allclose(step.c, exact_c, rtol=1e-14)
    np.testing.assert_allclose(step.h, exact_h, rtol=1e-14)
    rounded_c, rounded_h = [6, 0, 8], [math.tanh(6) * 1, math.tanh(0) * 0, math.tanh(8) * 1]
    assert [f"{c:.4f}" for c in step.c] == ["5.7107", "0.2427", "7.8555"]
    assert [f"{off:.4f}" for off in step.c - rounded_c] == ["-0.2893", "0.2427", "-0.1445"]
    assert [f"{off:.4f}" for off in step.h - rounded_h] == ["-0.0474", "0.0284", "-0.0180"]


def test_two_words_to_five_probabilities():
    """One of the documents the book grew from: the words 3, 1 through one unit and a softmax."""
    params = LSTMParams(
        W=[[1.4747553, 0.21844576, -1.6655267, 0.3613354]],
        U=[[-0.81191856, -0.97658885, 0.30110872, -1.1714092]],
        b=[0.8243644, 1.6411912, -0.59207046, 0.8917778],
    )
    h = lstm_forward([[3], [1]], params).h_last
    W = np.array([[1.7270645, 1.8367546, -0.00402346, 1.3263528, -0.26260275]])
    b = np.array([-0.6053054, -0.59397745, 0.6904611, -0.64862293, 0.5336966])
    odds = np.exp(h @ W + b)
    printed = [0.0280686, 0.02588452, 0.44036636, 0.0376617, 0.4680188]  # in float32
    np.testing.assert_allclose(odds / odds.sum(), printed, rtol=0, atol=1e-7)
    assert count_lstm(input_size=1, hidden_size=1).total == 12
