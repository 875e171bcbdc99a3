"""Weights of Keras, PyTorch and ONNX: there, back, and run against each of the three.

PyTorch itself is not needed: what it computed is in pytorch_reference.json.
"""

import json
import os
import re
from functools import partial
from operator import attrgetter
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras  # after the environment above
import numpy as np
import onnx
import onnxruntime
import pytest
from random_cases import B, D, H, T

from lstm_edu import LSTMParams, lstm_forward
from lstm_edu.cell import sigmoid
from lstm_edu.layouts import (
    DIRECTIONS,
    READERS,
    BothDirections,
    ONNXArrays,
    Slice,
    Slices,
    describe,
    from_keras,
    from_onnx,
    from_torch,
    to_keras,
    to_onnx,
    to_torch,
)
from lstm_edu.variants import ALL, CoupledParams, GRUParams, PeepholeParams, RNNParams

pytestmark = pytest.mark.filterwarnings("error")

REFERENCE = json.loads(
    (Path(__file__).parent / "pytorch_reference.json").read_text(encoding="utf-8")
)
KINDS = ["lstm", "gru", "gru_before", "rnn"]
BIAS = [True, False]
BLOCKS = {LSTMParams: "ifgo", PeepholeParams: "ifgo", GRUParams: "urg", RNNParams: " "}


# --- weights, and what they compute ----------------------------------------------------------


def draw(kind, seed=0, *, bias=True, dtype=np.float64, input_size=D):
    """Random weights of one direction; `gru` resets after the matrix, `gru_before` before."""
    rng = np.random.default_rng([seed, len(kind)])
    n = {"lstm": 4, "peephole": 4, "gru": 3, "gru_before": 3, "rnn": 1}[kind]

    def normal(*shape):
        return rng.normal(scale=0.8, size=shape).astype(dtype)

    b = normal(*((2, n * H) if kind == "gru" else (n * H,))) if bias else None
    W, U = normal(input_size, n * H), normal(H, n * H)
    if kind == "peephole":
        return PeepholeParams(W, U, b, normal(3 * H))
    return {4: LSTMParams, 3: GRUParams, 1: RNNParams}[n](W, U, b)


def draw_x(seed=1, dtype=np.float64):
    return np.random.default_rng(seed).normal(size=(B, T, D)).astype(dtype)


def take_step(params, x, h, c, reset_after):
    """One time step, written out from the frameworks' own documents, each with our blocks."""
    W, U, b = params[:3]
    b = np.zeros(W.shape[1]) if b is None else b
    if isinstance(params, RNNParams):
        return np.tanh(x @ W + h @ U + b), c
    if isinstance(params, PeepholeParams):
        (i, f, g, o), (p_i, p_f, p_o) = np.split(x @ W + h @ U + b, 4, 1), np.split(params.p, 3)
        c = sigmoid(f + p_f * c) * c + sigmoid(i + p_i * c) * np.tanh(g)
        return sigmoid(o + p_o * c) * np.tanh(c), c
    b_x, b_h = b if b.ndim == 2 else (b, np.zeros_like(b))
    x_u, x_r, x_g = np.split(x @ W + b_x, 3, 1)
    h_u, h_r, h_g = np.split(h @ U + b_h, 3, 1)
    u, r = sigmoid(x_u + h_u), sigmoid(x_r + h_r)
    g = np.tanh(x_g + (r * h_g if reset_after else (r * h) @ U[:, 2 * H :]))
    return (1 - u) * g + u * h, c


def run(params, x, reset_after=True):
    """h (B, T, H), or (B, T, 2H) of both directions, the second in the order of time."""
    if isinstance(params, list):
        for layer in params:
            x = run(layer, x)
        return x
    if isinstance(params, BothDirections):
        backward = run(params.backward, x[:, ::-1], reset_after)[:, ::-1]
        return np.concatenate([run(params.forward, x, reset_after), backward], axis=-1)
    if isinstance(params, LSTMParams):
        return lstm_forward(x, params).h
    h, c, outputs = np.zeros((len(x), H)), np.zeros((len(x), H)), []
    for t in range(x.shape[1]):
        h, c = take_step(params, x[:, t], h, c, reset_after)
        outputs.append(h)
    return np.stack(outputs, axis=1)


def assert_same(one, other):
    """The same records of the same types, with equal arrays of the same dtype."""
    assert type(one) is type(other)
    if isinstance(one, dict):
        assert list(one) == list(other)
        one, other = one.values(), other.values()
    if one is None:
        return
    if isinstance(one, np.ndarray):
        assert one.dtype == other.dtype
        np.testing.assert_array_equal(one, other)
        return
    assert len(one) == len(other)
    for mine, theirs in zip(one, other, strict=True):
        assert_same(mine, theirs)


def shows_its_form(params):
    """A GRU that resets before the matrix: without a bias it gets zeros, (3H,), which say so."""
    if isinstance(params, BothDirections):
        return BothDirections(*map(shows_its_form, params))
    return params if params.b is not None else params._replace(b=0 * params.U[0])


def both(kind, **options):
    return BothDirections(draw(kind, 1, **options), draw(kind, 2, **options))


# --- Keras -----------------------------------------------------------------------------------


def keras_layer(kind, *, bias=True, dtype="float64", **options):
    name = {"lstm": "LSTM", "rnn": "SimpleRNN"}.get(kind, "GRU")
    if name == "GRU":
        options["reset_after"] = kind == "gru"
    options = {"use_bias": bias, "return_sequences": True, "dtype": dtype, **options}
    return getattr(keras.layers, name)(H, **options)


def built(layer):
    layer.build((B, T, D))
    return layer


@pytest.mark.parametrize("bias", BIAS)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-6)])
@pytest.mark.parametrize("two", [False, True])
def test_keras(kind, bias, dtype, tolerance, two):
    layer = keras_layer(kind, bias=bias, dtype=dtype)
    layer = built(keras.layers.Bidirectional(layer, dtype=dtype) if two else layer)
    params = (both if two else draw)(kind, bias=bias, dtype=dtype)
    layer.set_weights(to_keras(params))
    assert_same(from_keras(layer.get_weights()), params)
    shown = shows_its_form(params) if kind == "gru_before" else params
    assert_same(from_keras(layer), shown)
    if bias or kind != "gru_before":
        assert_same(to_keras(from_keras(layer)), layer.get_weights())
    if not two:
        assert_same(from_keras(layer.cell), shown)
    x = draw_x(dtype=dtype)
    h = run(params, x, reset_after=kind == "gru")
    np.testing.assert_allclose(h, layer(x).numpy(), rtol=0, atol=tolerance)


def test_keras_fresh_layer_has_its_forget_bias_where_we_have_it():
    b = from_keras(built(keras.layers.LSTM(H))).b
    np.testing.assert_array_equal(b, np.repeat([0.0, 1.0, 0.0, 0.0], H))


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: keras_layer("lstm"), ValueError, r"^layer: expected .* built, got .*Hint: call"),
        (
            lambda: keras.layers.Bidirectional(keras_layer("gru")),
            ValueError,
            r"^layer: expected a layer that is built",
        ),
        (
            lambda: built(keras_layer("rnn", activation="relu")),
            ValueError,
            r"^layer: expected activation tanh, got relu\. Hint",
        ),
        (
            lambda: built(
                keras.layers.Bidirectional(keras_layer("lstm", recurrent_activation="hard_sigmoid"))
            ),
            ValueError,
            r"^layer: expected recurrent_activation sigmoid, got hard_sigmoid",
        ),
        (
            lambda: built(keras.layers.RNN([keras.layers.LSTMCell(H), keras.layers.LSTMCell(H)])),
            ValueError,
            r"^layer: expected one layer, got a stack, RNN\. Hint: pass its layers or its cells",
        ),
        (
            lambda: keras.layers.LSTM,
            TypeError,
            r"^layer: expected a Keras layer, got the class LSTM, .*Hint: pass the layer that the",
        ),
        (lambda: keras.layers.LSTMCell, TypeError, r"^layer: expected .* the class LSTMCell, "),
        (
            lambda: keras.Sequential([keras.Input((T, D)), keras_layer("lstm")]),
            ValueError,
            r"^layer: expected one layer, got a stack, Sequential",
        ),
        (
            lambda: [np.ones((3, 5)), np.ones(4)],
            ValueError,
            r"^recurrent_kernel: expected shape \(H, nH\) with n = 4 \(LSTM\) or 3 \(GRU\) or 1 "
            r"\(simple RNN\), got \(4,\)\. Hint: the weights of h have H rows",
        ),
        (lambda: 3, TypeError, r"^layer: expected a Keras layer, .* got int"),
        (lambda: np.ones((3, 4)), TypeError, r"^layer: expected a Keras layer, .* got ndarray"),
        (
            lambda: [np.ones((3, 8))],
            ValueError,
            r"^layer: expected 2 or 3 arrays .* 4 or 6 .*, got 1\.",
        ),
        (lambda: to_keras(draw("lstm")) + [np.ones(3)] * 2, ValueError, r"4 or 6 .*, got 5\."),
        (
            lambda: [a.T for a in to_keras(draw("lstm"))],
            ValueError,
            r"^recurrent_kernel: .* got \(16, 4\)\. Hint: blocks stand side by side in Keras",
        ),
        (
            lambda: [a.T for a in to_keras(draw("rnn"))],
            ValueError,
            r"^kernel: expected shape \(D, H\) = \(any, 4\), got \(4, 3\)\. Hint",
        ),
        (
            lambda: [np.ones((3, 16)), np.ones((4, 16)), np.ones(4)],
            ValueError,
            r"^bias: expected shape \(4H,\) = \(16,\), got \(4,\)",
        ),
        (
            lambda: [np.ones((3, 16)), np.ones((4, 16)), np.ones((2, 16))],
            ValueError,
            r"^bias: expected shape \(4H,\) = \(16,\), got \(2, 16\)",  # two rows: only in a GRU
        ),
        (
            lambda: [np.ones((3, 12)), np.ones((4, 12)), np.ones((3, 12))],
            ValueError,
            r"^bias: expected shape \(2, 3H\) = \(2, 12\), got \(3, 12\)",
        ),
        (
            lambda: [np.ones((3, 16)), np.full((4, 16), np.nan)],
            ValueError,
            r"^recurrent_kernel: expected finite numbers, got nan at index \(0, 0\)",
        ),
        (lambda: [None, np.ones((4, 16))], TypeError, r"^kernel: expected real numbers"),
        (lambda: [np.ones((3, 0)), np.ones((0, 0))], ValueError, r"^recurrent_kernel: expected"),
        (
            lambda: to_keras(draw("lstm")) + to_keras(draw("lstm", input_size=H)),
            ValueError,
            r"^backward_layer\.cell: expected W \(3, 16\), U \(4, 16\), b \(16,\), p None, got "
            r"W \(4, 16\), .*Hint: both directions are alike",
        ),
    ],
)
def test_from_keras_refuses(make, error, message):
    with pytest.raises(error, match=message):
        from_keras(make())


class OwnLSTM(keras.layers.LSTM):
    def call(self, *arguments, **named):
        return 2 * super().call(*arguments, **named)


class OwnCell(keras.layers.LSTMCell):
    def call(self, *arguments, **named):
        return super().call(*arguments, **named)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("activation", "named"),
    [
        (keras.layers.LeakyReLU(), "LeakyReLU"),
        (keras.layers.ReLU(), "ReLU"),
        (partial(keras.activations.relu, max_value=1), "partial"),
        (lambda z: z, "<lambda>"),
        (None, "linear"),
        (keras.layers.Activation("relu"), "relu"),
    ],
)
def test_an_activation_that_is_an_object_is_refused_by_its_name(kind, activation, named):
    names = ["activation"] if kind == "rnn" else ["activation", "recurrent_activation"]
    for name in names:
        layer = built(keras_layer(kind, **{name: activation}))
        with pytest.raises(ValueError, match=rf"^layer: expected {name} \w+, got {named}\. Hint"):
            from_keras(layer)


def test_an_object_is_found_in_both_directions():
    for name in DIRECTIONS:
        layers = {
            "forward": keras_layer("lstm"),
            "backward": keras_layer("lstm", go_backwards=True),
        }
        layers[name] = keras_layer(
            "lstm", activation=keras.layers.LeakyReLU(), go_backwards=name == "backward"
        )
        both = keras.layers.Bidirectional(layers["forward"], backward_layer=layers["backward"])
        with pytest.raises(ValueError, match=r"^layer: expected activation tanh, got LeakyReLU"):
            from_keras(built(both))


@pytest.mark.parametrize("tanh", [keras.layers.Activation("tanh"), keras.ops.tanh])
def test_the_same_activation_in_another_dress_is_read(tanh):
    assert type(from_keras(built(keras_layer("lstm", activation=tanh)))) is LSTMParams


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: keras_layer("lstm", go_backwards=True),
            r"^layer: expected go_backwards False, got True\. Hint: .* x\[::-1\]",
        ),
        (
            lambda: keras.layers.RNN(keras.layers.GRUCell(H), go_backwards=True),
            r"^layer: expected go_backwards False, got True",
        ),
        (
            lambda: keras_layer("gru", zero_output_for_mask=True),
            r"^layer: expected zero_output_for_mask False, got True",
        ),
        (lambda: OwnLSTM(H), r"^layer: expected keras's own call, got OwnLSTM, which has its own"),
        (
            lambda: keras.layers.RNN(OwnCell(H)),
            r"^layer: expected keras's own call, got OwnCell, which has its own",
        ),
    ],
)
def test_a_layer_that_computes_otherwise_is_refused(make, message):
    layer = built(make())
    with pytest.raises(ValueError, match=message):
        from_keras(layer)
    assert from_keras(layer.get_weights()).hidden_size == H if "LSTM" in message else True
    assert describe(layer)  # where the weights stand is the same


def test_what_the_refusal_of_go_backwards_says_is_right():
    layer = built(keras_layer("lstm", go_backwards=True))
    x, params = draw_x(), from_keras(layer.get_weights())
    np.testing.assert_allclose(lstm_forward(x[:, ::-1], params).h, layer(x), rtol=0, atol=1e-12)


def test_a_wrapper_around_a_layer_is_refused():
    layer = keras.layers.TimeDistributed(keras_layer("lstm"))
    layer.build((B, 2, T, D))
    with pytest.raises(ValueError, match=r"^layer: .* got one around it, TimeDistributed\. Hint"):
        from_keras(layer)
    assert type(from_keras(layer.layer)) is LSTMParams


@pytest.mark.parametrize(
    "options", [{"unroll": True}, {"recurrent_dropout": 0.5, "dropout": 0.5}, {"stateful": True}]
)
def test_options_that_change_no_number_are_read(options):
    layer = built(keras_layer("lstm", **options))
    x = draw_x()
    np.testing.assert_allclose(lstm_forward(x, from_keras(layer)).h, layer(x), rtol=0, atol=1e-12)


def test_tensorflow_1_is_told_what_to_do():
    """Its cell by hand: z = [x, h] K + b, blocks i, j, f, o, and 1 added to f when it runs."""
    rng = np.random.default_rng(8)
    kernel, bias, x = rng.normal(size=(D + H, 4 * H)), rng.normal(size=4 * H), draw_x()[0]
    h, c = np.zeros(H), np.zeros(H)
    for x_t in x:
        i, j, f, o = np.split(np.concatenate([x_t, h]) @ kernel + bias, 4)
        c = sigmoid(f + 1) * c + sigmoid(i) * np.tanh(j)
        h = sigmoid(o) * np.tanh(c)
    named = {"rnn/lstm_cell/bias": bias, "rnn/lstm_cell/kernel": kernel}
    for given in ([kernel, bias], (bias, kernel), named):
        with pytest.raises(
            ValueError, match=r"^layer: expected kernel and .* apart, got"
        ) as refused:
            from_keras(given)
    with pytest.raises(ValueError, match=r"Hint: these look like TensorFlow's names"):
        from_torch(named)
    scope = {"np": np, "kernel": kernel, "bias": bias, "from_keras": from_keras}
    *steps, last = str(refused.value).partition("when it runs: ")[2].rstrip(".").split("; ")
    exec("; ".join(steps), scope)  # to the letter
    np.testing.assert_allclose(lstm_forward(x, eval(last, scope)).h[-1], h, rtol=1e-12)


@pytest.mark.parametrize("n", [4, 3])
def test_cudnn_layers_are_told_what_to_do(n):
    """tf-keras' converter: each block of W is k.T read in Fortran's order, each of U is k.T."""
    rng = np.random.default_rng(9)
    wanted = draw({4: "lstm", 3: "gru"}[n])
    two = rng.normal(size=(2, n * H)) if n == 4 else wanted.b
    if n == 4:
        two[1] = wanted.b - two[0]
    blocks = [np.split(part, n, axis=1) for part in wanted[:2]]
    W = np.hstack([k.reshape(k.shape[::-1], order="F").T for k in blocks[0]])
    U = np.hstack([k.T for k in blocks[1]])
    with pytest.raises(
        ValueError, match=rf"^bias: .* got \({2 * n * H},\)\. Hint: two bi"
    ) as refused:
        from_keras([W, U, two.ravel()])
    scope = {"np": np, "W": W, "U": U, "b": two.ravel()}
    exec(str(refused.value).partition("other way round: ")[2].rstrip("."), scope)
    for mine, theirs in zip(from_keras([scope[name] for name in "WUb"]), wanted, strict=True):
        np.testing.assert_allclose(mine, theirs)


def test_each_library_is_sent_to_its_own_reader():
    with pytest.raises(TypeError, match=r"got Module\. Hint: from_torch reads a PyTorch module"):
        from_keras(Module({}))
    with pytest.raises(TypeError, match=r"got LSTM\. Hint: from_keras reads a Keras layer"):
        from_torch(built(keras_layer("lstm")))


@pytest.mark.parametrize("read", [from_keras, lambda g: from_onnx(*g, linear_before_reset=0)])
def test_a_gru_without_a_bias_still_shows_that_it_resets_before(read):
    """PyTorch has only the other form: converted, the numbers would be others."""
    if read is from_keras:
        gru = built(keras_layer("gru_before", bias=False))
    else:
        gru = to_onnx(draw("gru_before", bias=False))
    params = read(gru)
    with pytest.raises(
        ValueError, match=r"^b: expected shape \(2, 3H\) .* PyTorch has only the GRU"
    ):
        to_torch(params)
    x = draw_x()
    assert ALL["gru_reset_before"].forward(x, params).h.shape == (B, T, H)
    with pytest.raises(ValueError, match=r"^b: .* Hint: one row is .* variants\.gru_reset_before"):
        ALL["gru"].forward(x, params)


# --- PyTorch ---------------------------------------------------------------------------------


class Tensor:
    """As much of a tensor as is used; one that has a gradient, on another device."""

    def __init__(self, array, steps=("detach", "cpu", "numpy")):
        self.array, self.steps = array, steps

    def __getattr__(self, name):
        if name != self.steps[0]:
            raise AttributeError(name)
        after = self.steps[1:]
        return lambda: Tensor(self.array, after) if after else self.array

    def __array__(self, *args, **kwargs):
        raise TypeError("can't convert a tensor that requires grad")


class Stubborn:
    """A tensor of a type that NumPy does not have."""

    def detach(self):
        return self

    def cpu(self):
        raise TypeError("Got unsupported ScalarType BFloat16")


class Module:
    """As much of a module as is used."""

    def __init__(self, state, nonlinearity="tanh"):
        self.state, self.nonlinearity = state, nonlinearity

    def state_dict(self):
        return {name: Tensor(array) for name, array in self.state.items()}


class BFloat16:
    """A tensor of a type that NumPy has not."""

    def __init__(self, array):
        self.array = np.asarray(array)

    def detach(self):
        return self

    cpu = detach

    def numpy(self):
        raise TypeError("Got unsupported ScalarType BFloat16")

    __array__ = numpy

    def float(self):
        return Tensor(self.array.astype(np.float32), steps=("numpy",))


def test_bfloat16_is_read_as_float32():
    state = to_torch(draw("lstm", dtype=np.float32))
    read = from_torch({name: BFloat16(array) for name, array in state.items()})
    assert_same(read, from_torch(state))
    with pytest.raises(TypeError, match=r"^x: .* got BFloat16: .* Hint: .*tensor\.float\(\) makes"):
        lstm_forward(BFloat16(draw_x()), read)


QUANTIZED = {"_all_weight_values.0.param": 0}
PARTS = {"emb.weight": 0} | {f"lstm.{name}": 0 for name in to_torch(draw("lstm"))}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (PARTS, r"got emb\.weight\. Hint: .* if name\.startswith\('lstm\.'\)\}\.$"),
        ("module", r"got emb\.weight\. Hint: pass one part: module\.get_submodule\('lstm'\)\.$"),
        ({"epoch": 3, "state_dict": PARTS}, r"got epoch\. Hint: .* its entries, 'state_dict'\."),
        ({"epoch": 3, "model": PARTS, "optimizer": {"a": 1}}, r"entries, 'model' or 'optimizer'\."),
        (QUANTIZED, r"Hint: this is quantized; pass the float module that it was made from\."),
        ({"_packed_weight_ih": 0, "bias_ih": 0}, r"Hint: this is quantized"),
        ({"weight_hh_l0_g": 0, "weight_hh_l0_v": 0}, r"Hint: a weight is kept in parts"),
        ({"parametrizations.weight_hh_l0.original0": 0}, r"Hint: a weight is kept in parts"),
        ({"weight_hh_l0_orig": 0, "weight_hh_l0_mask": 0}, r"Hint: a weight is kept in parts"),
        ({"weight": 0, "bias": 0}, r"Hint: none of these names is a recurrent layer's\."),
    ],
)
def test_from_torch_says_how_to_pick_the_part(given, message):
    given = Module(PARTS) if given == "module" else given
    with pytest.raises(ValueError, match=rf"^module: expected the names .*{message}"):
        from_torch(given)


def test_the_part_that_the_hint_picks_is_the_layer():
    arrays = to_torch(draw("lstm"))
    state = {"emb.weight": np.ones(3)} | {f"lstm.{name}": a for name, a in arrays.items()}
    with pytest.raises(ValueError, match="Hint") as refused:
        from_torch(state)
    part = eval(str(refused.value).partition("of one part: ")[2].rstrip("."), {"state": state})
    assert_same(from_torch(part), draw("lstm"))


def test_a_module_that_computes_otherwise_is_refused():
    class Twice(Module):
        weight_ih_l0 = 0

        def forward(self, x):
            return 2 * x

    module = Twice(reference_state(NAMES[0]))
    with pytest.raises(ValueError, match=r"^module: expected torch's own forward, got Twice"):
        from_torch(module)
    from_torch(module.state_dict())


def reference_state(name):
    return {key: np.array(value) for key, value in REFERENCE[name]["state"].items()}


NAMES = [name for name in REFERENCE if name not in ("torch", "counts")]


@pytest.mark.parametrize("name", NAMES)
def test_torch_computes_the_same(name):
    params, case = from_torch(Module(reference_state(name))), REFERENCE[name]
    x = np.swapaxes(case["x"], 0, 1)
    assert x.shape == (B, T, D)
    h = run(params, x)
    np.testing.assert_allclose(h, np.swapaxes(case["outputs"], 0, 1), rtol=0, atol=1e-12)


def test_torch_last_states():
    """Layers from below, each forward and then backward: h_last and c_last of all of them."""
    case = REFERENCE["lstm_deep_both"]
    x, h_last, c_last = np.swapaxes(case["x"], 0, 1), [], []
    for layer in from_torch(reference_state("lstm_deep_both")):
        forward = lstm_forward(x, layer.forward)
        backward = lstm_forward(x[:, ::-1], layer.backward)
        h_last += [forward.h_last, backward.h_last]
        c_last += [forward.c_last, backward.c_last]
        x = np.concatenate([forward.h, backward.h[:, ::-1]], axis=-1)
    np.testing.assert_allclose(h_last, case["h_last"], rtol=0, atol=1e-12)
    np.testing.assert_allclose(c_last, case["c_last"], rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_torch_there_and_back(name):
    """The matrices and a GRU's biases are exact; of other biases the sum is, beside zeros."""
    state = reference_state(name)
    if name == "lstm_cell":
        state = {f"{key}_l0": array for key, array in state.items()}
    back = to_torch(from_torch(state))
    assert list(back) == list(state)
    for key, array in state.items():
        if key.startswith("bias_ih") and name != "gru":
            array = array + state[key.replace("ih", "hh")]
        if key.startswith("bias_hh") and name != "gru":
            array = np.zeros_like(array)
        assert_same(back[key], array)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("bias", BIAS)
@pytest.mark.parametrize("kind", ["lstm", "gru", "rnn"])
@pytest.mark.parametrize("shape", ["one", "both", "deep", "deep both"])
def test_torch_back_and_there(kind, bias, dtype, shape):
    options = {"bias": bias, "dtype": dtype}
    params = both(kind, **options) if "both" in shape else draw(kind, **options)
    if "deep" in shape:
        wide = {"input_size": H * (1 + ("both" in shape)), **options}
        upper = [both(kind, **wide) if "both" in shape else draw(kind, n, **wide) for n in (5, 6)]
        params = [params, *upper]
    state = to_torch(params)
    assert_same(from_torch(state), params)
    assert_same(from_torch(Module(state)), params)
    assert_same(from_torch({f"model.rnn.{name}": array for name, array in state.items()}), params)
    assert_same(from_torch(dict(reversed(state.items()))), params)  # names count, not the order
    assert_same(to_torch(from_torch(state)), state)
    assert all(array.flags.c_contiguous for array in state.values())


def without(state, *names):
    return {name: array for name, array in state.items() if name not in names}


DEEP, ONE = reference_state("lstm_deep_both"), reference_state("lstm")


@pytest.mark.parametrize(
    ("module", "error", "message"),
    [
        (3, TypeError, r"^module: expected a PyTorch module or its state dict, got int\. Hint"),
        (Module, TypeError, r"^module: expected a PyTorch module, got the class Module, .*Hint: "),
        ({}, ValueError, r"^module: expected the names weight_ih_l0, .* got nothing\. Hint"),
        ({**ONE, "fc.weight": 1}, ValueError, r"^module: expected the names .* got fc\.weight\."),
        ({**ONE, 7: 1}, ValueError, r"^module: expected the names .* got 7\."),
        (
            {**ONE, "decoder.weight_ih_l0": 1},
            ValueError,
            r"^module: expected the names .* all beginning alike, got '' and 'decoder\.'",
        ),
        (
            {**ONE, "weight_hr_l0": np.ones((2, H))},
            ValueError,
            r"^module: expected no projection, got weight_hr\. Hint: proj_size is not supported",
        ),
        *[
            (without(DEEP, name), ValueError, rf"^module: expected weight_ih_l0, .*; {name} is mis")
            for name in DEEP
        ],
        *[
            (without(ONE, name), ValueError, rf"^module: expected weight_.*; {name} is missing\.")
            for name in ONE
        ],
        (
            {name.replace("l0", "l1"): array for name, array in ONE.items()},
            ValueError,
            r"; weight_ih_l0 is missing\. Hint: .* layers are counted from 0",
        ),
        (
            {**reference_state("lstm_cell"), **ONE},
            ValueError,
            r"^module: expected weight_ih, .*; got weight_ih_l0 too\.",
        ),
        (
            Module(reference_state("rnn"), "relu"),
            ValueError,
            r"^module: expected nonlinearity tanh, got relu",
        ),
        (
            {name: array.T for name, array in ONE.items()},
            ValueError,
            r"^weight_hh_l0: expected shape \(nH, H\) with n = 4 .*, got \(4, 16\)\. Hint",
        ),
        (
            {**reference_state("rnn"), "weight_ih_l0": np.ones((D, H))},
            ValueError,
            r"^weight_ih_l0: expected shape \(H, D\) = \(4, any\), got \(3, 4\)\. Hint: blocks",
        ),
        (
            {**ONE, "bias_hh_l0": np.ones(3)},
            ValueError,
            r"^bias_hh_l0: expected shape \(4H,\) = \(16,\), got \(3,\)",
        ),
        (
            {**ONE, "bias_hh_l0": np.full(16, np.inf)},
            ValueError,
            r"^bias_hh_l0: expected finite numbers, got inf at index \(0,\)",
        ),
        (
            {**ONE, "bias_ih_l0": np.full(16, 1e308), "bias_hh_l0": np.full(16, 1e308)},
            ValueError,
            r"^bias_l0, summed: expected finite numbers, got inf at index \(0,\)",
        ),
        (
            {**DEEP, "weight_ih_l1_reverse": np.ones((16, 4))},
            ValueError,
            r"^_l1_reverse: expected W \(8, 16\), .* got W \(4, 16\), .*Hint: .* all directions",
        ),
        (
            {**ONE, "weight_hh_l0": Stubborn()},
            TypeError,
            r"^weight_hh_l0: expected an array of numbers, got .* BFloat16",
        ),
    ],
)
def test_from_torch_refuses(module, error, message):
    with pytest.raises(error, match=message):
        from_torch(module)


def test_a_relu_inside_a_module_is_seen():
    module = Module({f"rnn.{key}": array for key, array in reference_state("rnn").items()})
    module.modules = lambda: [module, Module({}, "relu")]
    with pytest.raises(ValueError, match=r"^module: expected nonlinearity tanh, got relu"):
        from_torch(module)


# --- ONNX ------------------------------------------------------------------------------------


def onnx_output(kind, arrays, x):
    """Run one node; h (B, T, H) or (B, T, 2H), the backward one in the order of time."""
    operator = {"lstm": "LSTM", "peephole": "LSTM", "rnn": "RNN"}.get(kind, "GRU")
    names = ["x", "W", "R", "B" if arrays.B is not None else "", "", "", "", "P"]
    attributes = {"hidden_size": H, "direction": ["forward", "bidirectional"][len(arrays.W) - 1]}
    if operator == "GRU":
        attributes["linear_before_reset"] = int(kind == "gru")
    names = names if arrays.P is not None else names[:4]
    node = onnx.helper.make_node(operator, names, ["y"], **attributes)
    constants = [
        onnx.numpy_helper.from_array(array, name)
        for name, array in arrays._asdict().items()
        if array is not None
    ]
    value = onnx.helper.make_tensor_value_info
    graph = onnx.helper.make_graph(
        [node],
        kind,
        [value("x", onnx.TensorProto.FLOAT, [T, B, D])],
        [value("y", onnx.TensorProto.FLOAT, [T, len(arrays.W), B, H])],
        constants,
    )
    model = onnx.helper.make_model(
        graph, opset_imports=[onnx.helper.make_opsetid("", 14)], ir_version=8
    )
    onnx.checker.check_model(model)
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    (y,) = session.run(None, {"x": np.swapaxes(x, 0, 1)})  # (T, N, B, H)
    return y.transpose(2, 0, 1, 3).reshape(B, T, -1)


@pytest.mark.parametrize("bias", BIAS)
@pytest.mark.parametrize("two", [False, True])
@pytest.mark.parametrize("kind", [*KINDS, "peephole"])
def test_onnx_computes_the_same(kind, two, bias):
    """Random arrays in ONNX' layout, both biases at random, run there and here."""
    rng, N = np.random.default_rng([7, len(kind), two]), 1 + two
    n = {"lstm": 4, "peephole": 4, "rnn": 1}.get(kind, 3)

    def normal(*shape):
        return rng.normal(scale=0.8, size=shape).astype(np.float32)

    arrays = ONNXArrays(
        normal(N, n * H, D),
        normal(N, n * H, H),
        normal(N, 2 * n * H) if bias else None,
        normal(N, 3 * H) if kind == "peephole" else None,
    )
    params = from_onnx(*arrays, linear_before_reset=int(kind == "gru"))
    x = draw_x(dtype=np.float32)
    h = run(params, x, reset_after=kind == "gru")
    np.testing.assert_allclose(h, onnx_output(kind, arrays, x), rtol=0, atol=1e-6)
    back = to_onnx(params)
    np.testing.assert_allclose(h, onnx_output(kind, back, x), rtol=0, atol=1e-6)
    assert_same(back[:2], arrays[:2])
    assert_same(back.P, arrays.P)
    if kind == "gru_before" and not bias:
        assert not back.B.any()
    elif kind == "gru" or not bias:
        assert_same(back.B, arrays.B)
    else:
        first, second = np.split(arrays.B, 2, axis=1)
        assert_same(back.B, np.concatenate([first + second, np.zeros_like(first)], axis=1))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("bias", BIAS)
@pytest.mark.parametrize("make", [draw, both])
@pytest.mark.parametrize("kind", [*KINDS, "peephole"])
def test_onnx_back_and_there(kind, make, bias, dtype):
    params = make(kind, bias=bias, dtype=dtype)
    flag = {"gru": 1, "gru_before": 0}.get(kind)
    shown = shows_its_form(params) if kind == "gru_before" else params
    assert_same(from_onnx(*to_onnx(params), linear_before_reset=flag), shown)


def refused_onnx(**changes):
    arrays = {**to_onnx(both("peephole"))._asdict(), **changes}
    from_onnx(**arrays)


GRU_ARRAYS = to_onnx(draw("gru"))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"R": np.ones((16, 4))}, r"^R: expected shape \(N, nH, H\) = .*, got \(16, 4\)\. Hint"),
        ({"R": np.ones((3, 16, 4))}, r"^R: .* N = 1 or 2 directions, got \(3, 16, 4\)"),
        ({"R": np.ones((2, 4, 16))}, r"^R\[0\]: expected shape \(nH, H\) .*got \(4, 16\)\. Hint"),
        ({"W": np.ones((1, 16, 3))}, r"^W: expected shape \(N, nH, D\) = \(2, any, any\), got"),
        ({"W": np.ones((2, 3, 16))}, r"^W\[0\]: expected shape \(4H, D\) = \(16, any\), got \(3"),
        ({"B": np.ones((2, 16))}, r"^B: expected shape \(N, 2nH\) = \(2, 32\), got \(2, 16\)\. H"),
        ({"P": np.ones((1, 12))}, r"^P: expected shape \(N, 3H\) = \(2, any\), got \(1, 12\)"),
        ({"P": np.ones((2, 16))}, r"^P\[0\]: expected shape \(3H,\) = \(12,\), got \(16,\)"),
        ({"W": np.full((2, 16, 3), np.inf)}, r"^W: expected finite numbers, got inf at index"),
        (
            {**GRU_ARRAYS._asdict(), "P": np.ones((1, 12))},
            r"^P\[0\]: expected no peepholes, which only an LSTM has",
        ),
        (
            GRU_ARRAYS._asdict(),
            r"^linear_before_reset: expected 0 or 1, got None\. Hint: .* attribute of its node",
        ),
        ({**GRU_ARRAYS._asdict(), "linear_before_reset": 2}, r"^linear_before_reset: .* got 2"),
        ({"B": np.full((2, 32), 1e308)}, r"^bias\[0\], summed: expected finite numbers, got inf"),
    ],
)
def test_from_onnx_refuses(changes, message):
    with pytest.raises(ValueError, match=message):
        refused_onnx(**changes)


def onnx_model():
    arrays = to_onnx(draw("lstm", dtype=np.float32))
    given = {name: array for name, array in arrays._asdict().items() if array is not None}
    tensors = [onnx.numpy_helper.from_array(array, name) for name, array in given.items()]
    node = onnx.helper.make_node("LSTM", ["x", "W", "R", "B"], ["y"], hidden_size=H)
    return onnx.helper.make_model(onnx.helper.make_graph([node], "g", [], [], tensors))


def test_what_an_onnx_file_holds_is_told_how_to_become_arrays():
    model = onnx_model()
    tensors, (node,) = model.graph.initializer, model.graph.node
    message = r"^R: expected real numbers, .* TensorProto .*Hint: onnx\.numpy_helper\.to_array"
    with pytest.raises(TypeError, match=message):
        from_onnx(*tensors)
    for given in (model, model.graph, node):
        message = rf"^R: expected an array \(N, nH, H\), got {type(given).__name__} alone\. Hint"
        for read in (from_onnx, describe):
            with pytest.raises(TypeError, match=message) as refused:
                read(given)
    hint = str(refused.value).partition("graph: ")[2].partition("; ")[0]
    scope = {"onnx": onnx, "model": model}
    exec(hint, scope)
    arrays = [scope["arrays"][name] for name in node.input[1:4]]
    assert_same(from_onnx(*arrays), draw("lstm", dtype=np.float32))
    with pytest.raises(TypeError, match=r"got list alone\. Hint: put a star before it"):
        from_onnx(arrays)


# --- records ---------------------------------------------------------------------------------


@pytest.mark.parametrize("write", [to_keras, to_torch, to_onnx])
@pytest.mark.parametrize(
    ("params", "error", "message"),
    [
        (3, TypeError, r"^params: expected LSTMParams, .* got int\."),
        ([], TypeError, r"^params: expected LSTMParams, .* got list\."),
        (CoupledParams(*draw("gru")), TypeError, r"^params: expected .* got CoupledParams\."),
        (LSTMParams(*draw("gru")), ValueError, r"^U: expected .* n = 4 \(LSTM\), got \(4, 12\)"),
        (GRUParams(*draw("rnn")), ValueError, r"^U: expected .* n = 3 \(GRU\), got \(4, 4\)"),
        (
            draw("lstm")._replace(W=np.full((D, 4 * H), np.nan)),
            ValueError,
            r"^W: expected finite numbers, got nan",
        ),
        (draw("peephole")._replace(p=None), TypeError, r"^p: expected real numbers, got Python"),
        (draw("lstm")._replace(W=None), TypeError, r"^W: expected real numbers, got Python"),
        (
            BothDirections(draw("lstm"), draw("lstm", bias=False)),
            ValueError,
            r"^backward: expected .* b \(16,\), p None, got .* b None",
        ),
        (
            BothDirections(draw("lstm"), draw("lstm")._replace(b=np.ones(3))),
            ValueError,
            r"^backward\.b: expected shape \(4H,\)",
        ),
        (
            [draw("lstm"), draw("lstm")],
            ValueError,
            r"^\[1\]: expected W \(4, 16\), .* got W \(3, 16\), .*Hint: .* reads the h",
        ),
        (
            [draw("lstm"), both("lstm", input_size=H)],
            ValueError,
            r"^\[1\]\.forward: expected 1 directions as below, got 2",
        ),
    ],
)
def test_writing_refuses(write, params, error, message):
    with pytest.raises(error, match=message):
        write(params)


def test_writing_refuses_what_the_framework_does_not_have():
    layers = [draw("lstm"), draw("lstm", input_size=H)]
    for write in (to_keras, to_onnx):
        with pytest.raises(ValueError, match=r"^params: expected one layer, got 2\. Hint"):
            write(layers)
    for write in (to_keras, to_torch):
        with pytest.raises(ValueError, match=r"^p: expected no peepholes, got \(12,\)\. Hint"):
            write(draw("peephole"))
    message = r"^b: expected shape \(2, 3H\) = \(2, 12\), got \(12,\)\. Hint: PyTorch has only"
    with pytest.raises(ValueError, match=message):
        to_torch(draw("gru_before"))


def test_nothing_is_shared_with_what_was_given():
    """Writing into what came out leaves alone what went in, both ways."""
    params, halves = draw("lstm"), both("peephole")
    given = {
        "keras": (from_keras, to_keras(params)),
        "torch": (from_torch, to_torch(params)),
        "onnx": (lambda arrays: from_onnx(*arrays), to_onnx(halves)),
        "back": (to_keras, params),
        "back to torch": (to_torch, params),
        "back to onnx": (to_onnx, halves),
    }
    for name, (convert, source) in given.items():
        for one in arrays_of(convert(source)):
            assert one.flags.writeable, name
            assert not any(np.shares_memory(one, other) for other in arrays_of(source)), name


def arrays_of(thing):
    if isinstance(thing, np.ndarray):
        return [thing]
    parts = thing.values() if isinstance(thing, dict) else thing
    return [array for part in parts if part is not None for array in arrays_of(part)]


def test_types():
    """Whole numbers, half precision and mixtures become float64; lists will do."""
    W, U, b = draw("lstm", dtype=np.float32)
    for weights in ([W.astype(np.float16), U, b], [W, U, np.arange(16)], [W, U.tolist(), b]):
        assert {array.dtype for array in from_keras(weights)} == {np.dtype("float64")}


# --- describe --------------------------------------------------------------------------------


def block(params, symbol):
    """The block that a symbol names, found without the module that is tested."""
    part, _, name = symbol.partition("_")
    if part == "p":
        return np.split(params.p, 3)["ifo".index(name)]
    blocks = BLOCKS[type(params)]
    array = {"W": params.W, "U": params.U}.get(part)
    if array is None:
        array = params.b if part == "b" else params.b[("bW", "bU").index(part)]
    return np.split(array, len(blocks), axis=-1)[blocks.index(name or " ")]


def check_slices(slices, find, params, turned=False):
    """Evaluate every slice, compare it with its block, and see that all is covered just once.

    `find` gives an array by its name. A bias in two summands is compared by their sum.
    """
    assert type(slices) is Slices and all(type(part) is Slice for part in slices)
    layers = params if isinstance(params, list) else [params]
    covered, sums = {}, {}
    for part in slices:
        layer = layers[part.layer]
        record = getattr(layer, part.direction) if isinstance(layer, BothDirections) else layer
        assert isinstance(layer, BothDirections) or part.direction == "forward"
        array = np.asarray(find(part.array))
        found = eval(f"array{part.index}", {"array": array})
        assert found.shape == part.shape, part
        count = covered.setdefault(part.array, np.zeros(array.shape))
        exec(f"count{part.index} += 1", {"count": count})
        if part.symbol[:2] in ("bW", "bU") and record.b.ndim == 1:
            key = (part.layer, part.direction, part.symbol.replace(part.symbol[:2], "b"))
            sums.setdefault(key, {})[part.symbol] = found
        else:
            found = found.T if turned else found
            np.testing.assert_array_equal(found, block(record, part.symbol), err_msg=str(part))
    for (number, direction, symbol), pair in sums.items():
        layer = layers[number]
        record = getattr(layer, direction) if isinstance(layer, BothDirections) else layer
        np.testing.assert_array_equal(sum(pair.values()), block(record, symbol))
        assert list(pair) == [symbol.replace("b", "bW"), symbol.replace("b", "bU")]
    assert all((count == 1).all() for count in covered.values())
    return set(covered)


@pytest.mark.parametrize("bias", BIAS)
@pytest.mark.parametrize("kind", KINDS)
def test_describe_keras(kind, bias):
    names = {"kernel", "recurrent_kernel"} | ({"bias"} if bias else set())
    params, layer = draw(kind, bias=bias), built(keras_layer(kind, bias=bias))
    layer.set_weights(to_keras(params))
    slices = describe(layer)
    assert check_slices(slices, lambda name: attrgetter(name)(layer.cell), params) == names
    assert describe(layer.cell) == slices
    assert describe(layer.get_weights(), "keras") == slices
    assert describe(layer.get_weights()) == slices
    two = built(keras.layers.Bidirectional(keras_layer(kind, bias=bias)))
    params = both(kind, bias=bias)
    two.set_weights(to_keras(params))
    found = check_slices(describe(two), lambda name: attrgetter(name)(two), params)
    sides = ("forward", "backward")
    assert found == {f"{side}_layer.cell.{name}" for side in sides for name in names}
    assert describe(two.get_weights(), "keras") == describe(two)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("prefix", ["", "encoder.rnn."])
def test_describe_torch(name, prefix):
    state = {prefix + key: array for key, array in reference_state(name).items()}
    slices = describe(Module(state))
    assert check_slices(slices, state.get, from_torch(state), turned=True) == set(state)
    assert describe(state) == slices == describe(state, "torch")


@pytest.mark.parametrize("make", [draw, both])
@pytest.mark.parametrize("bias", BIAS)
@pytest.mark.parametrize("kind", [*KINDS, "peephole"])
def test_describe_onnx(kind, bias, make):
    rng, arrays = np.random.default_rng(5), to_onnx(make(kind, bias=bias))
    if bias:  # a second bias that is no row of zeros
        arrays = arrays._replace(B=rng.normal(size=arrays.B.shape))
    params = from_onnx(*arrays, linear_before_reset=int(kind == "gru"))
    names = {name for name, array in arrays._asdict().items() if array is not None}
    slices = describe(arrays)
    assert check_slices(slices, attrgetter_of(arrays), params, turned=True) == names
    given = [array for array in arrays if array is not None]
    if bias or kind != "peephole":
        assert describe(given, "onnx") == slices == describe(given)


def attrgetter_of(thing):
    return lambda name: attrgetter(name)(thing)


@pytest.mark.parametrize("bias", BIAS)
@pytest.mark.parametrize("kind", [*KINDS, "peephole"])
def test_describe_records(kind, bias):
    params, pair = draw(kind, bias=bias), both(kind, bias=bias)
    names = {name for name, array in params._asdict().items() if array is not None}
    assert check_slices(describe(params), attrgetter_of(params), params) == names
    given = [array for array in params if array is not None]
    if bias or kind != "peephole":
        assert describe(given, "lstm_edu") == describe(params)
    found = check_slices(describe(pair), attrgetter_of(pair), pair)
    assert found == {f"{side}.{name}" for side in pair._fields for name in names}
    layers = [pair, both(kind, bias=bias, input_size=2 * H)]
    found = check_slices(
        describe(layers), lambda name: eval(f"layers{name}", {"layers": layers}), layers
    )
    assert {name[:4] for name in found} == {"[0].", "[1]."}


def test_describe_finds_the_layout_of_a_bare_list():
    """By the sides of U; where U is square, by W or by the number of biases."""
    for kind in ("lstm", "gru", "rnn"):
        state = to_torch(draw(kind))
        assert describe(list(state.values())) == describe(state)
        assert describe(list(state.values())[:2]) == describe(without(state, *list(state)[2:]))
    square = draw("rnn", input_size=H)
    for given in (to_keras(square), list(to_torch(square).values())):
        assert describe(given)[0].array == ("kernel" if len(given) == 3 else "weight_ih_l0")
    wide = draw("lstm", input_size=4 * H)  # W is square, U is not
    assert describe(to_keras(wide))[0].array == "kernel"
    assert describe(list(to_torch(wide).values()))[0].array == "weight_ih_l0"
    assert describe(draw("peephole")[:])[0].array == "W"
    assert describe([array.tolist() for array in to_keras(draw("gru"))])[0].array == "kernel"


def test_describe_prints_one_line_for_each_slice():
    state = to_torch(BothDirections(*[RNNParams(np.ones((3, 2)), np.ones((2, 2)))] * 2))
    assert str(describe(state)).split("\n") == [
        "weight_ih_l0[0:2, :]          W  (2, 3)",
        "weight_hh_l0[0:2, :]          U  (2, 2)",
        "weight_ih_l0_reverse[0:2, :]  W  (2, 3)  ←",
        "weight_hh_l0_reverse[0:2, :]  U  (2, 2)  ←",
    ]
    arrays = to_onnx(PeepholeParams(np.ones((3, 8)), np.ones((2, 8)), np.ones(8), np.ones(6)))
    assert str(describe(arrays)).split("\n")[8:] == [
        *(f"B[0, {2 * n}:{2 * n + 2}]     bW_{'iofg'[n]}  (2,)" for n in range(4)),
        "B[0, 8:10]    bU_i  (2,)",
        "B[0, 10:12]   bU_o  (2,)",
        "B[0, 12:14]   bU_f  (2,)",
        "B[0, 14:16]   bU_g  (2,)",
        "P[0, 0:2]     p_i   (2,)",
        "P[0, 2:4]     p_o   (2,)",
        "P[0, 4:6]     p_f   (2,)",
    ]


SQUARE = [np.ones((H, H))] * 2
EITHER = " or ".join(map(repr, READERS))
SAY = rf"Hint: say which layout it is, {EITHER}\."


@pytest.mark.parametrize(
    ("arrays", "layout", "error", "message"),
    [
        (
            SQUARE,
            None,
            ValueError,
            rf"^arrays: ambiguous: \(4, 4\), \(4, 4\) could be 'keras' or 'torch'\. {SAY}",
        ),
        (SQUARE * 2, None, ValueError, rf"^arrays: ambiguous: .* 'keras' or 'torch'\. {SAY}"),
        (np.ones((8, 4)), None, ValueError, r"^arrays: ambiguous: \(8, 4\) alone could be a W or"),
        (
            [np.ones((8, 4))],
            "torch",
            ValueError,
            r"^arrays: ambiguous: \(8, 4\) alone .* Hint: pas",
        ),
        (
            [np.ones((3, 16)), np.ones((4, 8))],
            None,
            ValueError,
            rf"^arrays: unknown: .* no layer\. {SAY}",
        ),
        ([], None, ValueError, rf"^arrays: unknown: .* could be no layer\. {SAY}"),
        (["a", "b"], None, TypeError, r"^arrays\[0\]: expected real numbers, got text"),
        (3, None, TypeError, r"^params: expected LSTMParams, .*got int"),
        (
            SQUARE,
            "tensorflow",
            ValueError,
            rf"^layout: expected {EITHER}, got 'tens",
        ),
        (
            SQUARE * 2,
            "torch",
            ValueError,
            r"^bias_ih_l0: expected shape \(H,\) = \(4,\), got \(4, 4\)",
        ),
        (
            SQUARE * 3,
            "torch",
            ValueError,
            r"^arrays: expected weight_ih_l0, weight_hh_l0 and perhaps bias_ih_l0, .*got 6",
        ),
        (SQUARE, "onnx", ValueError, r"^R: expected shape \(N, nH, H\)"),
        (SQUARE * 3, "onnx", ValueError, r"^arrays: expected W, R and perhaps B, P, got 6 arrays"),
        (SQUARE * 3, "lstm_edu", ValueError, r"^arrays: expected W, U and perhaps b, p, got 6"),
        (ONE, "keras", TypeError, r"^layer: expected a Keras layer, .* got dict"),
        (
            list(ONE.values()),
            "keras",
            ValueError,
            r"^forward_layer\.cell\.recurrent_kernel: expected",
        ),
        (
            to_keras(draw("lstm"))[:2],
            "torch",
            ValueError,
            r"weight_hh_l0: expected shape \(nH, H\)",
        ),
    ],
)
def test_describe_refuses(arrays, layout, error, message):
    with pytest.raises(error, match=message):
        describe(arrays, layout)


def test_describe_names_both_readings_of_a_square():
    torch, ours = describe(SQUARE, "torch"), describe(SQUARE, "lstm_edu")
    assert [part.array + part.index for part in torch] == [
        "weight_ih_l0[0:4, :]",
        "weight_hh_l0[0:4, :]",
    ]
    assert [part.array + part.index for part in ours] == ["W[:, 0:4]", "U[:, 0:4]"]


def test_describe_does_not_ask_what_it_need_not_know():
    """Which slice is which does not hang on the activation, nor on where a GRU resets."""
    relu = describe(Module(reference_state("rnn"), "relu"))
    assert relu == describe(reference_state("rnn"))
    layer = built(keras_layer("rnn", activation="relu"))
    assert [part.symbol for part in describe(layer)] == ["W", "U", "b"]
    assert re.match(r"W\[0, 0:4, :\] +W_u", str(describe(GRU_ARRAYS)))
