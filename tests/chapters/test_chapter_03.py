"""Chapter 3, gates: its numbers, what it claims in words, and the verdicts of its exercises."""

import math
import os
import subprocess
import sys

import numpy as np
import pytest
from prose import assert_said

from lstm_edu import GateExplorer, sigmoid
from rules.pages import ROOT, read
from rules.prose import written


def sigma(z):
    """σ as the chapter writes it, without the package."""
    return 1 / (1 + math.exp(-z))


def slope(z):
    return sigma(z) * (1 - sigma(z))


def learn(z, steps=100):
    """Descend the gradient of (σ(z) − 0.1)² / 2 with rate 1."""
    for _ in range(steps):
        z -= (sigma(z) - 0.1) * slope(z)
    return sigma(z)


def layer_gates():
    """Return the gates of the layer in the chapter, (T, H), in plain arithmetic."""
    W, U, b = [1, -2], [[-4, 1], [0, 3]], [0, 1]
    h_prev = [(0, 0), (0.5, -0.5), (0.8, 0), (0.8, 0.6)]
    return [[sigma(W[k] + h[0] * U[0][k] + h[1] * U[1][k] + b[k]) for k in (0, 1)] for h in h_prev]


def opened(x_1):
    """The first gate of “A bias of 6” with another input."""
    explorer = GateExplorer(preset="open")
    explorer.x = [x_1, *explorer.x[1:]]
    return explorer.gate[0]


def chapter_3():
    """Yield (cell id, value, decimals) for the numbers that chapter 3 says in its sentences."""
    yield "water", sigma(0), 1
    yield "water", -4 * sigma(0), 0
    yield "live-answer", opened(-5), 4
    yield "live-answer", opened(5), 4
    sign = GateExplorer(preset="sign")
    yield "live-answer", sign.gate[2], 4
    yield "live-answer", sign.gate[3], 4
    yield "vectors-answer", sigma(-2), 4
    yield "vectors-answer", math.tanh(-2), 3
    yield "vectors-answer", sigma(-2) * math.tanh(-2), 4
    yield "vectors-answer", sigma(-2) * 3, 4
    yield "vectors-answer", sigma(3), 4
    yield "vectors-answer", sigma(3) * 5, 4
    yield "vectors-answer", 100 * (1 - sigma(3)), 1
    yield "switch", sigma(3) * 5 + sigma(-2) * 3 + sigma(4) * 7, 4
    yield "saturation", 1 / (2 * 1e-3), 0
    yield "saturation", 1 / (2 * 1e-4), 0
    yield "saturation-answer", learn(0), 4
    yield "saturation-answer", sigma(8), 5
    yield "saturation-answer", learn(8), 5
    yield "saturation-answer", slope(8), 5
    yield "saturation-answer", slope(0) / slope(8), 0
    yield "roles-answer", sum(sigma(z) for z in [2, -2] * 10), 0
    yield "roles-answer", 5 * math.tanh(-2), 2
    yield "gradient-answer", 100 * sigma(-8), 2
    yield "gradient-answer", 100 * slope(-8), 2
    yield "bias", layer_gates()[0][0], 4
    yield "bias", layer_gates()[3][0], 4
    yield "history", sigma(1), 4
    yield "history", 100 * sigma(1) ** 10, 2
    yield "history", 100 * sigma(0) ** 10, 2
    yield "history", sigmoid(30) * sigmoid(-30) * 1e14, 1
    yield "precision", sigma(6.5), 4
    yield "precision-answer", 100 * sigma(6.5) ** 1000, 2
    yield "precision-answer", sigma(6.5), 4
    yield "precision-answer", math.log(511), 2
    yield "precision-answer", math.log(4095), 2
    yield "precision-answer", half_life(sigma(6)), 0
    yield "precision-answer", half_life(255 / 256), 0
    yield "precision-answer", first_one(np.float64), 2
    yield "precision-answer", sigmoid(-40) * 1e18, 1
    z = 2 * 1.5 + 0.5 * -2 - 1.5
    yield "solution-1", sigma(z), 4
    yield "solution-1", -4 * sigma(z), 4
    yield "solution-3", sigma(2), 4
    yield "solution-3", 1 - sigma(2), 4
    yield "solution-3", slope(2), 4
    yield "solution-3", -0.5 * sigma(2), 4
    yield "solution-3", -0.5 * 4 * slope(2), 4
    yield "solution-4", sigma(10 * 0.2 - 4.4), 4
    yield "solution-4", sigma(10 * 0.6 - 4.4), 4
    yield "solution-4", math.log(511), 2


def half_life(f):
    return math.log(0.5) / math.log(f)


def first_one(rounded):
    """From which z on, in hundredths, σ is exactly 1."""
    z = np.arange(0, 40, 0.01)
    return z[rounded(sigmoid(z)) == 1][0]


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_numbers_of_chapter_3_are_the_computed_ones(lang):
    page = read(ROOT / "chapters" / lang / "03_gates.ipynb")
    said = [(cell, written(value, decimals, lang)) for cell, value, decimals in chapter_3()]
    assert_said(page, said)


def test_what_chapter_3_claims_in_words():
    z = np.linspace(-30, 30, 6001)
    slopes = sigmoid(z) * sigmoid(-z)
    assert slopes.max() == slopes[3000] == 0.25  # "at most 1/4, at z = 0"
    assert (1 - np.tanh(z) ** 2).max() == 1 - np.tanh(z[3000]) ** 2 == 1
    np.testing.assert_allclose(np.tanh(z), 2 * sigmoid(2 * z) - 1, rtol=0, atol=1e-14)
    np.testing.assert_allclose(slopes, np.gradient(sigmoid(z), z), rtol=0, atol=1e-5)
    assert 1 - sigmoid(40) == 0 < sigmoid(-40)  # "is not σ(−z) in the computer"
    assert slopes.min() > 0  # "has a slope at every z"
    assert learn(8) > 0.999 and abs(learn(0) - 0.1) < 0.05  # "hardly moved"
    assert sum(math.tanh(z) for z in [2, -2] * 10) == 0  # "with tanh, at 0"
    first = [gates[0] for gates in layer_gates()]
    assert first == sorted(first, reverse=True)  # "the first valve falls"
    assert min(opened(-5), opened(5)) > 0.5  # "does the gate ever close? No."


def test_a_gate_beside_a_matrix():
    """What the chapter says of the product: diagonal, nothing mixed, and H numbers for H units."""
    rng = np.random.default_rng(0)
    signal, z = rng.normal(size=(2, 5))
    gate = sigmoid(z)
    np.testing.assert_allclose(gate * signal, signal @ np.diag(gate), rtol=1e-15)
    assert np.ndim(gate @ signal) == 0  # no complaint: a single number


def test_the_derivatives_of_a_valve():
    """∂y/∂s = a, ∂y/∂a = s, ∂y/∂z = s a (1 − a), beside central differences."""
    e = 1e-5
    for z, s in ((-8, 2), (0, 2), (8, 2), (0, 0), (1.3, -0.7)):
        a = sigma(z)
        exact = {
            a: (a * (s + e) - a * (s - e)) / (2 * e),
            s: ((a + e) * s - (a - e) * s) / (2 * e),
            s * a * (1 - a): (sigma(z + e) - sigma(z - e)) * s / (2 * e),
        }
        np.testing.assert_allclose(list(exact), list(exact.values()), rtol=1e-6, atol=1e-9)


def test_the_rounded_vectors_and_the_exact_ones():
    """One of the documents the book grew from prints the rounded ones: here stand both."""
    z, memory = np.array([3, -2, 4]), np.array([5, 3, 7])
    rounded = np.round(sigmoid(z))
    assert rounded.tolist() == [1, 0, 1]
    assert (rounded * np.round(np.tanh(z))).tolist() == [1, 0, 1]
    assert (rounded * memory).tolist() == [5, 0, 7]
    gate = [sigma(value) for value in z]
    exact = {
        "gate": (gate, ["0.9526", "0.1192", "0.9820"]),
        "candidate": (np.tanh(z), ["0.9951", "-0.9640", "0.9993"]),
        "written": (gate * np.tanh(z), ["0.9479", "-0.1149", "0.9814"]),
        "kept": (gate * memory, ["4.7629", "0.3576", "6.8741"]),
    }
    for name, (values, digits) in exact.items():
        assert [f"{value:.4f}" for value in values] == digits, name
    explorer = GateExplorer(preset="vector", signal=memory)
    np.testing.assert_allclose(explorer.out, gate * memory, rtol=1e-14)


# A gate in 16 bits


def chapters_bfloat16():
    """The function that the chapter's cell defines."""
    page = read(ROOT / "chapters" / "en" / "03_gates.ipynb")
    (cell,) = (cell for cell in page.code() if cell.id == "precision-code")
    names = {"np": np}
    exec(cell.source[: cell.source.index("\n\n\n")], names)
    return names["bfloat16"]


def test_the_two_lines_round_as_a_real_bfloat16_does():
    import ml_dtypes

    rng = np.random.default_rng(0)
    x = rng.normal(size=200_000) * 10.0 ** rng.integers(-30, 30, 200_000)
    ties = 1 + np.arange(-512, 512) / 512  # half of them lie between two
    x = np.concatenate([x, ties, sigmoid(np.linspace(-20, 20, 40_001))]).astype(np.float32)
    real = x.astype(ml_dtypes.bfloat16).astype(np.float32)
    np.testing.assert_array_equal(chapters_bfloat16()(x), real)


def test_what_the_chapter_says_of_16_bits():
    bfloat16 = chapters_bfloat16()
    near = np.unique(bfloat16(np.linspace(0.5, 1, 10_001)))
    np.testing.assert_array_equal(np.diff(near), 1 / 256)  # "moves in steps of 1/256"
    assert bfloat16(sigmoid(6.5)) == 1 and bfloat16(sigmoid(6)) == 255 / 256
    assert bfloat16(257) == 256 and bfloat16(258) == 258  # "the next is 258, and 257 falls back"
    for rounded, z in ((bfloat16, math.log(511)), (np.float16, math.log(4095))):
        assert rounded(sigmoid(z - 0.005)) < 1 == rounded(sigmoid(z + 0.005))
        assert abs(first_one(rounded) - z) < 0.01
    z = np.arange(5.6, 6.23, 0.01)  # "a little below 6.24 the memory fades too soon", not below all
    assert (bfloat16(sigmoid(z)) < sigmoid(z)).all() and bfloat16(sigmoid(5.4)) > sigmoid(5.4)


def test_what_the_chapter_says_of_16_bits_in_tensorflow_and_keras(monkeypatch):
    """In a process of its own, without a graphics card: the chapter speaks of a CPU."""
    code = (
        "import keras, numpy as np, tensorflow as tf\n"
        "assert float(tf.sigmoid(tf.constant(6, tf.bfloat16))) == 1\n"
        "for policy in ('mixed_bfloat16', 'float32'):\n"
        "    layer = keras.layers.LSTM(1, dtype=policy, return_state=True)\n"
        "    layer.build((1, 200, 1))\n"
        "    assert layer.weights[0].dtype == 'float32'\n"
        "    W, U, b = (np.zeros(one.shape) for one in layer.weights)\n"
        "    layer.set_weights([W, U, np.array([-20, 6.5, 0, 0])])\n"
        "    start = [tf.zeros((1, 1)), tf.constant([[0.75]])]\n"
        "    start = [tf.cast(one, layer.compute_dtype) for one in start]\n"
        "    with tf.GradientTape() as tape:\n"
        "        x = tf.zeros((1, 200, 1), layer.compute_dtype)\n"
        "        *_, c = layer(x, initial_state=start)\n"
        "    bias = tape.gradient(c, layer.trainable_weights)[2]\n"
        "    print(c.dtype.name, float(c[0, 0]), float(bias[1]))\n"
    )
    quiet = {"CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | quiet, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    few, many = (line.split() for line in done.stdout.splitlines()[-2:])
    assert few == ["bfloat16", "0.75", "0.0"]  # it forgets nothing, and no gradient comes
    assert many[0] == "float32" and float(many[1]) < 0.6 and float(many[2]) > 0.1


def test_how_much_room_exercise_4_leaves():
    """“Beyond about 12 there is no b left”: shut at 0.2, open at 0.6, below ln 511 at 1."""

    def room(w):
        low = math.log(0.8 / 0.2) - 0.6 * w
        high = min(math.log(0.1 / 0.9) - 0.2 * w, math.log(511) - w)
        return high - low

    assert room(8.9) < 0 < room(9) and room(12) > 0 > room(12.2)


Z = 2 * 1.5 + 0.5 * -2 - 1.5
PASSES = -4 * sigma(Z)
BACK, TO_Z = -0.5 * sigma(2), -2 * slope(2)
VERDICTS = {
    "gates.opening": [
        ((PASSES,), "right"),
        ((-2.4898,), "right"),
        (([-2.4898],), "right"),
        ((-2.49,), "right"),
        ((-2.5,), "rounded"),
        ((-2.48,), "rounded"),  # −4 times the gate, rounded to 0.62
        ((0.6225,), "gate"),
        ((2.4898,), "sign"),
        ((-2.0,), "raw"),
        ((-4 * sigma(2),), "bias"),
        ((-4 * sigma(1.5),), "hidden"),
        ((-4 * sigma(-1.5),), "inputs"),
        ((-4 * math.tanh(0.5),), "tanh"),
        ((-4 * sigma(-0.5),), "closes"),
        ((-4,), "switch"),
        ((0.6225 - 4,), "added"),
        ((-4 * sigma(2.5),), "wrong"),  # the sign of U
        ((0.5,), "wrong"),
        ((0,), "wrong"),
        ((-2, 4898), "base.comma"),
        ((2, 4898), "base.comma"),
        (((2, 4898),), "base.comma"),
        (("-2,4898",), "base.text"),
    ],
    "gates.valve": [
        ((lambda signal, z: sigmoid(z) * signal,), "right"),
        ((lambda signal, z: signal / (1 + np.exp(-z)),), "right"),
        ((lambda signal, z: [s * sigma(v) for s, v in zip(signal, z, strict=True)],), "right"),
        ((lambda signal, z: ...,), "base.empty"),
        ((lambda signal, z: None,), "base.return"),
        ((lambda signal, z: np.tanh(z) * signal,), "tanh"),
        ((lambda signal, z: sigmoid(z),), "alone"),
        ((lambda signal, z: sigmoid(z) @ signal,), "dot"),
        ((lambda signal, z: np.outer(sigmoid(z), signal),), "matrix"),
        ((lambda signal, z: np.outer(signal, sigmoid(z)),), "matrix"),
        ((lambda signal, z: (z > 0) * signal,), "switch"),
        ((lambda signal, z: np.clip(z, 0, 1) * signal,), "wrong"),  # no switch: it has a slope
        ((lambda signal, z: np.maximum(z, 0) * signal,), "wrong"),
        ((lambda signal, z: 0 * signal,), "wrong"),
        ((lambda signal, z: z * signal,), "raw"),
        ((lambda signal, z: signal / (1 + np.exp(z)),), "inverted"),
        ((lambda signal, z: sigmoid(signal * z),), "product"),
        ((lambda signal, z: sigmoid(signal) * z,), "swapped"),
        ((lambda signal, z: sigmoid(signal) * signal,), "exchanged"),
        ((lambda signal, z: sigmoid(z) + signal,), "wrong"),
        ((lambda signal, z: 3.0,), "base.single"),
        ((lambda signal: signal,), "base.raised"),
        ((np.ones(3),), "base.function"),
    ],
    "gates.gradient": [
        ((BACK, TO_Z), "right"),
        ((-0.4404, -0.21), "right"),
        ((-0.4404, -0.2100), "right"),
        ((TO_Z, BACK), "exchanged"),
        ((0.8808, 0.42), "arriving"),
        ((0.4404, 0.21), "sign"),
        ((BACK, -2), "to_the_gate"),
        ((BACK, -0.0525), "no_signal"),
        ((4 * sigma(2), TO_Z), "forward"),
        ((BACK, -2 * (1 - math.tanh(2) ** 2)), "tanh"),
        ((BACK, -2 * sigma(2)), "half"),
        ((-0.0525, TO_Z), "slope"),
        ((0.8808, TO_Z), "first"),
        ((BACK, 0.42), "second"),
        ((-0.44, -0.21), "right"),
        ((-0.5, -2), "wrong"),
        ((0, 0), "wrong"),
        (([BACK, TO_Z], 1), "base.one"),
        ((BACK, math.nan), "base.infinite"),
        (((0, 44), TO_Z), "base.comma"),
    ],
    "gates.threshold": [
        ((10, -4.4), "right"),
        ((9, -4), "right"),
        ((12, -5.78), "right"),
        ((-10, 4.4), "falls"),
        ((0, 0), "falls"),
        ((1, 0), "slack"),
        ((5, -2), "slack"),
        ((10, -4), "leaks"),
        ((10, 4.4), "leaks"),
        ((10, -5), "timid"),
        ((10, -10), "timid"),
        ((20, -8), "full"),
        ((100, -40), "full"),
        ((11, -4.5), "full"),
        ((math.inf, 0), "base.infinite"),
        (("10", -4.4), "base.text"),
        (((10, 0), -4.4), "base.comma"),
        ((10,), "base.count"),
    ],
}
