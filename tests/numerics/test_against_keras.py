"""The layer, its gradient and its count against Keras, the one test room that starts TensorFlow."""

import os
from functools import cache
from importlib import import_module
from typing import NamedTuple

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras  # after the environment above
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from random_cases import Case, in_type, random_case, unbatched
from starts import starts

from lstm_edu import count_lstm, lstm_backward, lstm_forward
from lstm_edu.counting import (
    count_dense,
    count_embedding,
    count_gru,
    count_simple_rnn,
    count_stacked,
)

TYPES = [("float64", 1e-12, 1e-12), ("float32", 1e-6, 1e-5)]  # and what is allowed, there and back
BIAS = [True, False]
MASK = tf.TensorSpec((None, None), tf.bool)
ORDER = ["dW", "dU", "db", "dx", "dh0", "dc0"]
LAYERS = [(1, 1, True), (3, 4, True), (5, 2, True), (2, 5, False)]  # D, H and whether there is b
CASES = 300  # for each layer in each type: CASES * 8 in all


# --- forward and backward, over random cases -------------------------------------------------


@cache
def keras_layer(D, H, bias, dtype):
    """Return a keras.layers.LSTM, and a compiled call that gives its outputs and gradients."""
    layer = keras.layers.LSTM(
        H, use_bias=bias, return_sequences=True, return_state=True, dtype=dtype
    )
    layer.build((None, None, D))
    sequence, state = tf.TensorSpec((None, None, None), dtype), tf.TensorSpec((None, None), dtype)

    @tf.function(input_signature=[sequence, state, state, sequence, state, MASK])
    def call(x, h0, c0, dh, dc_last, mask):
        x = tf.ensure_shape(x, (None, None, D))
        h0, c0 = tf.ensure_shape(h0, (None, H)), tf.ensure_shape(c0, (None, H))
        with tf.GradientTape() as tape:
            tape.watch([x, h0, c0])
            h, h_last, c_last = layer(x, initial_state=[h0, c0], mask=mask)
            loss = tf.reduce_sum(h * dh) + tf.reduce_sum(c_last * dc_last)
        weights = [variable.value for variable in layer.trainable_variables]
        return (h, h_last, c_last), tape.gradient(loss, [*weights, x, h0, c0])

    return layer, call


class Drawn(NamedTuple):
    """A random case for one of the layers, and which of its time steps count."""

    case: Case
    mask: np.ndarray | None  # (B, T)


@st.composite
def drawn_cases(draw, D, H, bias, dtype):
    B, T = draw(st.integers(1, 5)), draw(st.integers(1, 7))
    seed, masked = draw(st.integers(0, 2**32 - 1)), draw(st.booleans())
    case = random_case(seed, bias=bias, sizes=(B, T, D, H), scale=draw(st.sampled_from([0.1, 0.8])))
    mask = np.random.default_rng(seed).random((B, T)) < 0.7 if masked else None
    if masked:  # Before its first step that counts Keras gives zeros for h_t; here it is h_0.
        case.dh[~np.logical_or.accumulate(mask, axis=1)] = 0
    return Drawn(in_type(case, dtype), mask)


def both(drawn, layer):
    """Run a case here and in Keras; return ours and theirs, outputs and gradients, by name."""
    (params, x, h0, c0, dh, dc_last), mask = drawn
    keras_lstm, call = layer
    keras_lstm.set_weights([array for array in params if array is not None])
    counts = np.ones(x.shape[:2], bool) if mask is None else mask
    outputs, gradients = call(x, h0, c0, dh, dc_last, counts)
    trace = lstm_forward(x, params, h0, c0, mask=mask)
    ours = lstm_backward(trace, dh, dc_last)
    names = ["dW", "dU", "dx", "dh0", "dc0"] if params.b is None else ORDER
    theirs = {name: array.numpy() for name, array in zip(names, gradients, strict=True)}
    h, h_last, c_last = (array.numpy() for array in outputs)
    started = np.logical_or.accumulate(counts, axis=1)
    return (
        {"h": trace.h[started], "h_last": trace.h_last, "c_last": trace.c_last},
        {"h": h[started], "h_last": h_last, "c_last": c_last},
        {name: getattr(ours, name) for name in names},
        theirs,
    )


@pytest.mark.parametrize(("dtype", "forward", "backward"), TYPES)
@pytest.mark.parametrize(("D", "H", "bias"), LAYERS)
def test_outputs_and_gradients(D, H, bias, dtype, forward, backward):
    layer = keras_layer(D, H, bias, dtype)

    @settings(max_examples=CASES, deadline=None, database=None, derandomize=True)
    @given(drawn_cases(D, H, bias, dtype))
    def check(drawn):
        outputs, keras_outputs, gradients, keras_gradients = both(drawn, layer)
        for name, found in outputs.items():
            assert found.dtype == dtype
            np.testing.assert_allclose(
                found, keras_outputs[name], rtol=0, atol=forward, err_msg=name
            )
        for name, found in gradients.items():
            assert found.dtype == dtype
            expected = keras_gradients[name]
            largest = max(1.0, np.abs(expected).max())
            np.testing.assert_allclose(
                found, expected, rtol=0, atol=backward * largest, err_msg=name
            )

    check()


@pytest.mark.parametrize(("dtype", "forward", "_backward"), TYPES)
def test_forward_from_zero_states(dtype, forward, _backward):
    case = random_case(62, dtype=dtype)
    layer, _ = keras_layer(3, 4, True, dtype)
    layer.set_weights(list(case.params))
    h, _, c_last = layer(case.x)
    ours = lstm_forward(case.x, case.params, trace=False)
    np.testing.assert_allclose(ours.h, h.numpy(), rtol=0, atol=forward)
    np.testing.assert_allclose(ours.c_last, c_last.numpy(), rtol=0, atol=forward)
    alone = lstm_forward(unbatched(case, 1).x, case.params)
    np.testing.assert_allclose(alone.h, h.numpy()[1], rtol=0, atol=forward)


# --- counts ----------------------------------------------------------------------------------

SIZES = [(1, 1), (1, 7), (2, 4), (3, 2), (10, 5)]


def keras_count(layer, input_size):
    layer.build((None, None, input_size))
    return layer.count_params(), [int(np.prod(weight.shape)) for weight in layer.weights]


@pytest.mark.parametrize("bias", BIAS)
@pytest.mark.parametrize(("input_size", "hidden_size"), SIZES)
def test_count(input_size, hidden_size, bias):
    options = {"units": hidden_size, "use_bias": bias}
    for count_layer, layer, vectors in (
        (count_lstm, keras.layers.LSTM(**options), 1),
        (count_simple_rnn, keras.layers.SimpleRNN(**options), 1),
        (count_gru, keras.layers.GRU(**options), 2),
        (count_gru, keras.layers.GRU(**options, reset_after=False), 1),
    ):
        count = count_layer(input_size, hidden_size, bias_vectors=vectors * bias)
        total, parts = keras_count(layer, input_size)
        assert count.total == total
        assert list(count[: 2 + bias]) == parts


@pytest.mark.parametrize("bias", BIAS)
@pytest.mark.parametrize(("input_size", "hidden_size"), SIZES)
def test_count_of_other_layers(input_size, hidden_size, bias):
    dense = keras.layers.Dense(hidden_size, use_bias=bias)
    total, _ = keras_count(dense, input_size)
    assert count_dense(input_size, hidden_size, bias=bias).total == total
    embedding = keras.layers.Embedding(input_size, hidden_size)
    total, _ = keras_count(embedding, input_size)
    assert count_embedding(input_size, hidden_size).total == total


@pytest.mark.parametrize("bias", BIAS)
@pytest.mark.parametrize("both_directions", [True, False])
@pytest.mark.parametrize(("input_size", "hidden_size"), SIZES)
def test_count_of_several_layers(input_size, hidden_size, bias, both_directions):
    hidden_sizes = [hidden_size, hidden_size + 1, 2]
    model = keras.Sequential([keras.Input((None, input_size))])
    for units in hidden_sizes:
        layer = keras.layers.LSTM(units, use_bias=bias, return_sequences=True)
        model.add(keras.layers.Bidirectional(layer) if both_directions else layer)
    count = count_stacked(
        count_lstm,
        input_size,
        hidden_sizes,
        both_directions=both_directions,
        bias_vectors=int(bias),
    )
    assert count.total == model.count_params()


# --- what chapters 9 and 10 say of Keras, and cannot show in a cell ----------------------------


def test_a_stateful_layer_hands_on_its_state_and_no_gradient():
    layer = keras.layers.LSTM(3, stateful=True)
    layer.build((2, None, 2))
    first, second = (tf.constant(np.random.default_rng(k).normal(size=(2, 4, 2))) for k in (0, 1))
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([first, second])
        layer(first)
        loss = tf.reduce_sum(layer(second))
    assert tape.gradient(loss, first) is None
    assert tape.gradient(loss, second) is not None


def test_the_fast_path_refuses_padding_in_front_and_rows_of_nothing_else():
    """Chapter 9: its test of the mask, run on the CPU; eager calls fall back, graphs stop."""
    fast = import_module("keras.src.backend.tensorflow.rnn")
    valid = tf.function(fast._assert_valid_mask)
    valid(tf.constant([[True, True, False], [True, True, True]]))
    for row in ([False, True, True], [True, False, True], [False, False, False]):
        with pytest.raises(tf.errors.InvalidArgumentError, match="use_cudnn=False"):
            valid(tf.constant([[True, True, True], row]))


@pytest.mark.parametrize(
    ("options", "asked"),
    [
        ({}, True),
        ({"dropout": 0.5}, True),
        ({"recurrent_dropout": 0.5}, False),
        ({"use_cudnn": False}, False),
    ],
)
@pytest.mark.parametrize("training", [False, True])
def test_recurrent_dropout_leaves_the_fast_path(options, asked, training, monkeypatch):
    """Chapter 10: in training and in prediction too. Here the fast path then says that it has no
    GPU, and the layer goes on without."""
    module, calls = import_module("keras.src.layers.rnn.lstm"), []

    def fast(*_, **__):
        calls.append(True)
        raise NotImplementedError

    monkeypatch.setattr(module.backend, "lstm", fast)
    keras.layers.LSTM(2, **options)(np.zeros((1, 3, 2), "float32"), training=training)
    assert bool(calls) == asked


# --- the weights that a layer starts with -----------------------------------------------------


def test_the_start_of_keras_in_chapter_5_is_keras_own():
    D, H = 8, 32
    keras.utils.set_random_seed(0)
    rng, drawn = np.random.default_rng(0), []
    for _ in range(20):
        layer = keras.layers.LSTM(H)
        layer.build((None, None, D))
        drawn.append([weight.numpy() for weight in layer.weights])
    ours = [starts()["keras"](D, H, rng) for _ in range(20)]
    most = np.sqrt(6 / (D + 4 * H))
    for layers in (drawn, ours):
        W, U, b = (np.stack(arrays) for arrays in zip(*layers, strict=True))
        assert 0.999 * most < np.abs(W).max() <= most * (1 + 1e-6)
        assert W.std() == pytest.approx(most / np.sqrt(3), rel=0.02)  # as of a uniform draw
        assert np.abs(U @ np.swapaxes(U, 1, 2) - np.eye(H)).max() < 1e-5
        np.testing.assert_array_equal(b, np.tile(np.repeat([0, 1, 0, 0], H), (20, 1)))
