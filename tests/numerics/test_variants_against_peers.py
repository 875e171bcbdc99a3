"""The variants against Keras and against ONNX' operators, forward and (Keras) backward."""

import os

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras  # after the environment above
import numpy as np
import onnx
import onnxruntime
import pytest
import tensorflow as tf
from random_cases import B, D, H, T

from lstm_edu import LSTMParams, variants

TYPES = [("float64", 1e-12, 1e-12), ("float32", 1e-6, 1e-5)]  # forward, and gradients
MASK = np.array([[0, 1, 1, 0, 1], [1, 0, 0, 1, 0]], bool)  # (B, T)


def draw(cell, seed, *, bias=True, dtype="float64"):
    """Return x, params, the first states and dh; no number is 0 or repeats."""
    rng = np.random.default_rng(seed)
    shapes = {**cell.shapes(D, H), "x": (B, T, D), "dh": (B, T, H)}
    shapes |= {f"{state}0": (B, H) for state in cell.states}
    arrays = {name: rng.normal(scale=0.8, size=s).astype(dtype) for name, s in shapes.items()}
    arrays |= {} if bias else {"b": None}
    params = cell.params(**{name: arrays[name] for name in cell.params._fields})
    return arrays["x"], params, [arrays[f"{state}0"] for state in cell.states], arrays["dh"]


# --- Keras -----------------------------------------------------------------------------------

LAYERS = {
    "simple_rnn": lambda **options: keras.layers.SimpleRNN(H, **options),
    "gru": lambda **options: keras.layers.GRU(H, reset_after=True, **options),
    "gru_reset_before": lambda **options: keras.layers.GRU(H, reset_after=False, **options),
}
every_layer = pytest.mark.parametrize("name", LAYERS)
every_type = pytest.mark.parametrize(("dtype", "forward_tolerance", "tolerance"), TYPES)
bias_or_not = pytest.mark.parametrize("bias", [True, False])


def keras_layer(name, params, dtype):
    """A layer of Keras with our weights, as they are."""
    options = {"return_sequences": True, "return_state": True, "dtype": dtype}
    layer = LAYERS[name](use_bias=params.b is not None, **options)
    layer.build((B, T, D))
    layer.set_weights([array for array in params if array is not None])
    return layer


@every_layer
@every_type
@bias_or_not
@pytest.mark.parametrize("mask", [None, MASK], ids=["all", "masked"])
@pytest.mark.parametrize("from_zero", [True, False])
def test_keras(name, dtype, forward_tolerance, tolerance, bias, mask, from_zero):
    cell = variants.ALL[name]
    x, params, (h0,), dh = draw(cell, 71, bias=bias, dtype=dtype)
    h0 = np.zeros_like(h0) if from_zero else h0
    # Before its first step that counts Keras puts out zeros, and here it is h0: no loss there.
    defined = np.ones((B, T), bool) if mask is None else np.logical_or.accumulate(mask, axis=1)
    dh = np.where(defined[..., None], dh, 0)
    dh_last = dh[:, 0] + 1  # Keras hands out the last state apart
    layer = keras_layer(name, params, dtype)
    inputs = [tf.constant(x), tf.constant(h0)]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        h, h_last = layer(inputs[0], initial_state=inputs[1], mask=mask)
        loss = tf.reduce_sum(h * dh) + tf.reduce_sum(h_last * dh_last)
    weights = [variable.value for variable in layer.trainable_variables]
    theirs = tape.gradient(loss, [*weights, *inputs])

    trace = cell.forward(x, params, None if from_zero else h0, mask=mask)
    assert trace.h.dtype == dtype
    np.testing.assert_allclose(trace.h[defined], h.numpy()[defined], 0, forward_tolerance)
    np.testing.assert_allclose(trace.h_last, h_last.numpy(), 0, forward_tolerance)
    dh[:, -1] += dh_last
    gradients = cell.backward(trace, dh)
    names = ["dW", "dU", "db", "dx", "dh0"] if bias else ["dW", "dU", "dx", "dh0"]
    for field, keras_array in zip(names, theirs, strict=True):
        mine, keras_array = getattr(gradients, field), keras_array.numpy()
        assert mine.dtype == dtype
        largest = max(1, np.abs(keras_array).max())
        np.testing.assert_allclose(mine, keras_array, 0, tolerance * largest, err_msg=field)


@every_layer
@bias_or_not
def test_keras_counts_the_same(name, bias):
    layer = LAYERS[name](use_bias=bias)
    layer.build((None, None, D))
    shapes = variants.ALL[name].shapes(D, H)
    assert [weight.shape for weight in layer.weights] == [*shapes.values()][: 2 + bias]


# --- ONNX ------------------------------------------------------------------------------------


def run_operator(operator, inputs, **attributes):
    """Return the states that one ONNX operator puts out after each step, (T, B, H), and last."""
    outputs = {"LSTM": ["Y", "Y_h", "Y_c"], "GRU": ["Y", "Y_h"], "RNN": ["Y", "Y_h"]}[operator]
    names = ["" if array is None else f"in{n}" for n, array in enumerate(inputs)]
    given = {name: array for name, array in zip(names, inputs, strict=True) if name}
    node = onnx.helper.make_node(operator, names, outputs, hidden_size=H, **attributes)
    graph = onnx.helper.make_graph(
        [node],
        operator,
        [
            onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, array.shape)
            for name, array in given.items()
        ],
        [
            onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [None] * axes)
            for name, axes in zip(outputs, (4, 3, 3), strict=False)
        ],
    )
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 14)])
    model.ir_version = 8
    onnx.checker.check_model(model)
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    return [np.squeeze(output, -3) for output in session.run(None, given)]


def in_their_order(array, ours, theirs):
    """Return (1, rows, N): ONNX' one direction, its blocks as rows in its order."""
    blocks = dict(zip(ours, np.split(array.T, len(ours)), strict=True))
    return np.concatenate([blocks[letter] for letter in theirs])[None]


def onnx_inputs(x, params, states, ours, theirs, biases):
    """Return X, W, R, B, no lengths, and the first states, as every recurrent operator has them."""
    W, R = (in_their_order(array, ours, theirs) for array in params[:2])
    rows = [in_their_order(row, ours, theirs) for row in biases]
    first = [state[None] for state in states]
    return [x.swapaxes(0, 1), W, R, np.concatenate(rows, axis=-1), None, *first]


def compare(cell, x, params, states, outputs):
    trace = cell.forward(x, params, *states)
    last = [getattr(trace, f"{state}_last") for state in cell.states]
    for mine, theirs in zip([trace.h.swapaxes(0, 1), *last], outputs, strict=True):
        assert mine.dtype == theirs.dtype and mine.shape == theirs.shape
        np.testing.assert_allclose(mine, theirs, rtol=0, atol=1e-6)


def test_onnx_simple_rnn():
    cell = variants.simple_rnn
    x, params, states, _ = draw(cell, 81, dtype="float32")
    biases = params.b, np.zeros_like(params.b)
    inputs = onnx_inputs(x, params, states, "h", "h", biases)
    compare(cell, x, params, states, run_operator("RNN", inputs))


@pytest.mark.parametrize("name", ["gru", "gru_reset_before"])
def test_onnx_gru(name):
    cell = variants.ALL[name]
    x, params, states, _ = draw(cell, 82, dtype="float32")
    after = name == "gru"
    biases = params.b if after else (params.b, np.zeros_like(params.b))
    inputs = onnx_inputs(x, params, states, "urg", "urg", biases)
    compare(cell, x, params, states, run_operator("GRU", inputs, linear_before_reset=int(after)))


def test_onnx_lstm_with_peepholes():
    cell = variants.peephole_lstm
    x, params, states, _ = draw(cell, 83, dtype="float32")
    biases = params.b, np.zeros_like(params.b)
    P = in_their_order(params.p, "ifo", "iof")
    inputs = [*onnx_inputs(x, params, states, "ifgo", "iofg", biases), P]
    compare(cell, x, params, states, run_operator("LSTM", inputs))


def test_onnx_lstm_with_coupled_gates():
    """With input_forget=1 the operator sets f = 1 - i and does not read its forget block.

    As σ(-z) = 1 - σ(z), our forget block is its input block, negated.
    """
    cell = variants.coupled_lstm
    x, params, states, _ = draw(cell, 84, dtype="float32")
    rng = np.random.default_rng(85)

    def four_blocks(array):
        f, g, o = np.split(array, 3, axis=-1)
        unread = rng.normal(size=f.shape).astype("float32")
        return np.concatenate([-f, unread, g, o], axis=-1)

    four = LSTMParams(*map(four_blocks, params))
    biases = four.b, np.zeros_like(four.b)
    inputs = onnx_inputs(x, four, states, "ifgo", "iofg", biases)
    compare(cell, x, params, states, run_operator("LSTM", inputs, input_forget=1))
