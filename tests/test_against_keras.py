"""The layer, its gradient and its count against Keras, the one test room that starts TensorFlow."""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras  # after the environment above
import numpy as np
import pytest
import tensorflow as tf
from random_cases import H, random_case, unbatched

from lstm_edu import count_lstm, lstm_backward, lstm_forward

TYPES = [("float64", 1e-12), ("float32", 1e-6)]
BIAS = [True, False]


def keras_layer(case, dtype):
    """A keras.layers.LSTM with the case's weights."""
    layer = keras.layers.LSTM(
        len(case.params.U),
        use_bias=case.params.b is not None,
        return_sequences=True,
        return_state=True,
        dtype=dtype,
    )
    layer.build(case.x.shape)
    layer.set_weights([array for array in case.params if array is not None])
    return layer


@pytest.mark.parametrize("bias", BIAS)
@pytest.mark.parametrize(("dtype", "tolerance"), TYPES)
def test_forward(dtype, tolerance, bias):
    case = random_case(61, bias=bias, dtype=dtype)
    ours = lstm_forward(case.x, case.params, case.h0, case.c0)
    assert ours.h.dtype == dtype
    theirs = keras_layer(case, dtype)(case.x, initial_state=[case.h0, case.c0])
    for mine, keras_array in zip((ours.h, ours.h_last, ours.c_last), theirs, strict=True):
        np.testing.assert_allclose(mine, keras_array.numpy(), rtol=0, atol=tolerance)


@pytest.mark.parametrize(("dtype", "tolerance"), TYPES)
def test_forward_from_zero_states(dtype, tolerance):
    case = random_case(62, dtype=dtype)
    h, _, c_last = keras_layer(case, dtype)(case.x)
    ours = lstm_forward(case.x, case.params, trace=False)
    np.testing.assert_allclose(ours.h, h.numpy(), rtol=0, atol=tolerance)
    np.testing.assert_allclose(ours.c_last, c_last.numpy(), rtol=0, atol=tolerance)
    alone = lstm_forward(unbatched(case, 1).x, case.params)
    np.testing.assert_allclose(alone.h, h.numpy()[1], rtol=0, atol=tolerance)


@pytest.mark.parametrize("bias", BIAS)
@pytest.mark.parametrize(("dtype", "tolerance"), TYPES)
def test_gradient(dtype, tolerance, bias):
    case = random_case(63, bias=bias, dtype=dtype)
    layer = keras_layer(case, dtype)
    inputs = [tf.constant(array) for array in (case.x, case.h0, case.c0)]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        x, h0, c0 = inputs
        h, _, c_last = layer(x, initial_state=[h0, c0])
        loss = tf.reduce_sum(h * case.dh) + tf.reduce_sum(c_last * case.dc_last)
    weights = [variable.value for variable in layer.trainable_variables]
    theirs = tape.gradient(loss, [*weights, *inputs])
    trace = lstm_forward(case.x, case.params, case.h0, case.c0)
    ours = lstm_backward(trace, case.dh, case.dc_last)
    names = ["dW", "dU", "db", "dx", "dh0", "dc0"] if bias else ["dW", "dU", "dx", "dh0", "dc0"]
    for name, keras_array in zip(names, theirs, strict=True):
        mine, keras_array = getattr(ours, name), keras_array.numpy()
        assert mine.dtype == dtype
        largest = np.abs(keras_array).max()
        np.testing.assert_allclose(
            mine, keras_array, rtol=0, atol=tolerance * max(1, largest), err_msg=name
        )


@pytest.mark.parametrize("bias", BIAS)
@pytest.mark.parametrize("hidden_size", [1, 2, H, 7])
@pytest.mark.parametrize("input_size", [1, 3, 10])
def test_count(input_size, hidden_size, bias):
    layer = keras.layers.LSTM(hidden_size, use_bias=bias)
    layer.build((None, None, input_size))
    count = count_lstm(input_size, hidden_size, bias_vectors=int(bias))
    assert count.total == layer.count_params()
    assert list(count)[: 2 + bias] == [int(np.prod(weight.shape)) for weight in layer.weights]
