"""The numbers printed in the documents that the book grew from, recomputed from their weights.

They printed float32 arrays with eight decimals; the last one is rounding.
"""

import math

import numpy as np
import pytest

from lstm_edu import LSTMParams, count_lstm, layouts, lstm_forward, lstm_step

EPS = np.finfo(np.float32).eps

ONE_UNIT = LSTMParams(
    W=[
        [-0.7879, -0.7968972, 0.9924617, -0.6057646],
        [-0.14056396, -0.34560132, 0.9574034, 0.7960496],
    ],
    U=[[-0.0660542, -0.32508007, -0.8477706, 0.41381747]],
    b=[0, 1, 0, 0],
)
TWO_WORDS = LSTMParams(
    W=[[1.4747553, 0.21844576, -1.6655267, 0.3613354]],
    U=[[-0.81191856, -0.97658885, 0.30110872, -1.1714092]],
    b=[0.8243644, 1.6411912, -0.59207046, 0.8917778],
)
W_Y = np.array([[1.7270645, 1.8367546, -0.00402346, 1.3263528, -0.26260275]])
B_Y = np.array([-0.6053054, -0.59397745, 0.6904611, -0.64862293, 0.5336966])


@pytest.fixture(scope="module")
def keras():
    import test_against_keras as against

    return against.keras


def one_unit(keras):
    return keras.Sequential([keras.Input((1, 2)), keras.layers.LSTM(1)])


def two_words(keras):
    layers = [keras.layers.LSTM(1), keras.layers.Dense(5, activation="softmax")]
    return keras.Sequential([keras.Input((2, 1)), *layers])


def probabilities():
    odds = np.exp(lstm_forward([[3], [1]], TWO_WORDS).h_last @ W_Y + B_Y)
    return odds / odds.sum()


def test_one_unit_one_step():
    """One of the documents the book grew from: Keras, 2 features, 1 unit, x = [1, 10]."""
    step = lstm_step([1, 10], [0], [0], ONE_UNIT)
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


@pytest.mark.parametrize(
    ("model", "shapes", "counts"),
    [(one_unit, [(None, 1)], [16]), (two_words, [(None, 1), (None, 5)], [12, 10])],
)
def test_the_summary_of_keras(keras, model, shapes, counts):
    """The shapes, the counts of each layer, and nothing that is not trained."""
    model = model(keras)
    assert [layer.output.shape for layer in model.layers] == shapes
    assert [layer.count_params() for layer in model.layers] == counts
    assert sum(np.prod(array.shape) for array in model.trainable_weights) == sum(counts)
    assert model.count_params() == sum(counts) and not model.non_trainable_weights


def test_the_output_that_keras_gave_in_float32(keras):
    """Printed: 0.09993291 by hand and 0.0999329 by Keras, one float32 further."""
    exact = lstm_forward([[1, 10]], ONE_UNIT).h_last[0]
    gap = np.spacing(np.float32(exact))
    assert f"{exact:.8f}" == "0.09993291" and abs(0.0999329 - exact) < 2 * gap
    model = one_unit(keras)
    model.set_weights(layouts.to_keras(ONE_UNIT))
    y = model.predict(np.array([[[1.0, 10.0]]]), verbose=0)
    assert y.shape == (1, 1) and abs(float(y[0, 0]) - exact) < 2 * gap


def test_the_eight_decimals_of_the_five_probabilities():
    """By hand and by Keras the document has others in the last place: float32 rounds both."""
    p = probabilities()
    assert [f"{share:.8f}" for share in p] == [
        "0.02806860",
        "0.02588452",
        "0.44036637",
        "0.03766170",
        "0.46801881",
    ]
    by_hand = [0.0280686, 0.02588452, 0.44036636, 0.0376617, 0.4680188]
    by_keras = [0.02806861, 0.02588452, 0.44036642, 0.0376617, 0.46801886]
    np.testing.assert_allclose(by_hand, p, rtol=2 * EPS)
    np.testing.assert_allclose(by_keras, p, rtol=4 * EPS)
    assert count_lstm(input_size=1, hidden_size=1).total == 12


def test_keras_still_gives_the_five_probabilities(keras):
    model = two_words(keras)
    model.set_weights([*layouts.to_keras(TWO_WORDS), W_Y, B_Y])
    p = model.predict(np.array([[[3.0], [1.0]]]), verbose=0)
    assert p.shape == (1, 5)
    np.testing.assert_allclose(p[0], probabilities(), rtol=4 * EPS)


def test_four_units_on_one_step_of_six_numbers():
    """A document sets out from two states of shape (1, 4), both zero."""
    rng = np.random.default_rng(0)
    params = LSTMParams(*(rng.normal(size=size) for size in ((6, 16), (4, 16), 16)))
    x = np.reshape([3, 2, 2, 2, 2, 2], (1, 1, 6))
    trace = lstm_forward(x, params, np.zeros((1, 4)), np.zeros((1, 4)))
    assert trace.h.shape == (1, 1, 4)
    assert trace.h_last.shape == trace.c_last.shape == (1, 4)
    np.testing.assert_array_equal(trace.h, lstm_forward(x, params).h)


def test_recurrent_blocks_cut_from_the_kernel_do_not_fit():
    """With 8 features and 4 units a document takes U from W: its blocks are (8, 4), not (4, 4)."""
    W, U, _ = layouts.to_keras(LSTMParams(np.ones((8, 16)), np.ones((4, 16)), np.ones(16)))
    h = np.zeros(4)
    for k in range(4):
        block = np.s_[:, 4 * k : 4 * k + 4]
        assert W[block].shape == (8, 4) and U[block].shape == (4, 4)
        assert (h @ U[block]).shape == (4,)
        with pytest.raises(ValueError, match="mismatch"):
            h @ W[block]


@pytest.mark.parametrize("f", [0, 1])
def test_a_forget_gate_of_zero_keeps_nothing_and_one_of_one_keeps_all(f):
    """What two documents say of f; the new memory is added whichever it is."""
    rng = np.random.default_rng(0)
    b = np.repeat([0, 2000 * f - 1000, 0, 0], 3)
    params = LSTMParams(rng.normal(size=(2, 12)), rng.normal(size=(3, 12)), b)
    x, h_prev, c_prev = (rng.normal(size=size) for size in (2, 3, 3))
    step = lstm_step(x, h_prev, c_prev, params)
    assert step.f.tolist() == [f] * 3 and step.i.all() and step.g.all()
    np.testing.assert_array_equal(step.c, f * c_prev + step.i * step.g)
