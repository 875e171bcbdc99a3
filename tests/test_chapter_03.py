"""Chapter 3, gates: its numbers, what it claims in words, and the verdicts of its exercises."""

import math

import numpy as np
import pytest
from notebooks import ROOT, read
from prose import assert_said, written

from lstm_edu import GateExplorer, sigmoid, use_language
from lstm_edu.exercises import check


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
    """The first gate of “Held open by the bias” with another input."""
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
    c = sigma(-2) * 3 + sigma(-2) * math.tanh(-2)
    yield "vectors-answer", c, 4
    yield "vectors-answer", sigma(-2) * math.tanh(c), 4
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
    yield "saturation-answer", sigmoid(-40) * 1e18, 1
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
    yield "solution-1", math.log(19), 4
    yield "solution-1", sigma(0.95), 4
    yield "solution-1", math.atanh(0.95), 4
    yield "solution-1", sigma(math.atanh(0.95)), 4


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
    c = rounded * memory + rounded * np.round(np.tanh(z))
    assert c.tolist() == [6, 0, 8]
    assert np.round(rounded * np.tanh(c), 4).tolist() == [1, 0, 1]
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


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (2.9444, "✓ Right: with b = 2.9444 the gate lets 0.9500 through"),
        (2.94, "✓ Right"),
        (0.95, "✗ 0.95 is the opening asked for"),
        (1.8318, "✗ You have inverted tanh"),
        (-2.9444, "✗ It lets 0.0500 through: just the opposite gate"),
        (3.2, "✗ With b = 3.2000 the gate lets 0.9608 through"),
        (95, "✗ With b = 95.0000 the gate lets 1.0000 through"),
        ([2.9444], "✗ The shape expected is ()"),
        ("2,94", "✗ This needs a number"),
    ],
)
def test_the_verdicts_of_exercise_1(answer, said, capsys):
    use_language("en")
    check("gates.opening", answer)
    assert capsys.readouterr().out.startswith(said)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda signal, z: sigmoid(z) * signal, "✓ Right"),
        (lambda signal, z: signal / (1 + np.exp(-z)), "✓ Right"),
        (lambda signal, z: [s * sigma(v) for s, v in zip(signal, z, strict=True)], "✓ Right"),
        (lambda signal, z: ..., "Put your answer"),
        (lambda signal, z: None, "✗ Your function gives nothing back"),
        (lambda signal, z: np.tanh(z) * signal, "✗ That gate uses tanh"),
        (lambda signal, z: sigmoid(z), "✗ That is the gate alone"),
        (lambda signal, z: sigmoid(z) @ signal, "✗ That is a matrix product"),
        (lambda signal, z: np.outer(sigmoid(z), signal), "✗ That is a matrix product"),
        (lambda signal, z: np.outer(signal, sigmoid(z)), "✗ That is a matrix product"),
        (lambda signal, z: (z > 0) * signal, "✗ You have rounded the gate"),
        (lambda signal, z: z * signal, "✗ z is no gate yet"),
        (lambda signal, z: signal / (1 + np.exp(z)), "✗ Your gate closes as z grows"),
        (lambda signal, z: sigmoid(signal) * z, "✗ You have put σ on the signal"),
        (lambda signal, z: sigmoid(z) + signal, "✗ The shape is right, but the numbers"),
        (lambda signal, z: 3.0, "✗ The shape expected is (4,)"),
        (lambda signal: signal, "✗ Your answer ends in an error, TypeError"),
        (np.ones(3), "✗ The function itself goes here"),
    ],
)
def test_the_verdicts_of_exercise_2(answer, said, capsys):
    use_language("en")
    check("gates.valve", answer)
    assert capsys.readouterr().out.startswith(said)
