"""Chapter 2: the numbers that it says, what it claims in words, and what its exercises reply."""

import math
import re

import numpy as np
import pytest
from notebooks import ROOT, mimes, read
from prose import assert_said, written

from lstm_edu import GradientExplorer, RecurrenceExplorer, sigmoid, use_language
from lstm_edu.exercises import check
from lstm_edu.gradients import state_jacobian
from lstm_edu.plots import plot_slopes
from lstm_edu.variants import RNNParams, simple_rnn

A = np.array([[0.7, 2], [0, 0.7]])
B = np.full((2, 2), 0.6)


def page(lang):
    return read(ROOT / "chapters" / lang / "02_vanishing_gradients.ipynb")


def radius(U):
    return np.abs(np.linalg.eigvals(U)).max()


def norm(U, power=1):
    return np.linalg.norm(np.linalg.matrix_power(U, power), 2)


def rnn_norm(rho=0.9, inputs=0.5, preset="vanishes"):
    explorer = GradientExplorer(preset=preset)
    explorer.radius, explorer.input_scale = rho, inputs
    return explorer.norms["rnn"][0]


def shares():
    """Return the share of each step in the sum of lengths of dW's parts, and the length of dW."""
    explorer = GradientExplorer(preset="vanishes")
    trace, back = explorer.traces["rnn"], explorer.gradients["rnn"]
    sizes = np.zeros(explorer.T)
    for t in range(explorer.T):
        dz = back.dh[t] * (1 - trace.h[t] ** 2)
        sizes[t] = np.linalg.norm(np.outer(explorer.x[t], dz))
    return 100 * sizes / sizes.sum(), np.linalg.norm(back.dW)


def numbers():
    """Yield (cell id, value, decimals)."""
    fades = RecurrenceExplorer(preset="fades")
    yield "scalar-answer", 100 * 0.9**49, 2
    yield "scalar-answer", 1.1**49, 1
    yield "live-answer", fades.h[-1, 0], 4
    yield "live-answer", fades.contributions[0, 0], 4
    fades.U = [[-0.5]]
    yield "live-answer", fades.h[-1, 0], 4
    yield "matrix-answer", norm(A), 2
    yield "matrix-answer", radius(A), 1
    yield "matrix-answer", radius(B), 1
    yield "measure-answer", rnn_norm(1.3, 0.5, "explodes"), 2
    saturates = RecurrenceExplorer(preset="saturates")
    yield "bounds", saturates.h[-1, 0], 4
    saturates.x = [-1, *[0] * 11]
    yield "bounds", saturates.h[-1, 0], 4
    share, length = shares()
    yield "learn", share[-10:].sum(), 2
    yield "learn", share[:50].sum(), 4
    yield "learn", length, 2
    yield "bridge", share[:50].sum(), 4
    g = np.array([6, -2, 3])
    each = np.clip(g, -1, 1)
    yield "bridge", np.linalg.norm(g), 0
    yield "bridge", g @ each / np.linalg.norm(g) / np.linalg.norm(each), 4
    yield "solution-1", math.log(0.01) / math.log(0.9), 2


def powers_of_ten():
    """Yield (cell id, value) of the numbers that are written with a power of ten."""
    yield "slopes-answer", 0.25**10
    yield "measure-answer", 0.9**99
    yield "measure-answer", 1.1**99
    yield "measure-answer", rnn_norm(1)
    yield "measure-answer", rnn_norm(2)
    yield "measure-answer", rnn_norm(1.3, 0, "explodes")
    yield "bounds", RecurrenceExplorer(preset="saturates").slopes[0, 0]


def power_of_ten(value, lang):
    digits, _, exponent = f"{value:.1e}".partition("e")
    if lang == "es":
        digits = digits.replace(".", "{,}")
    return rf"${digits} \cdot 10^{{{int(exponent)}}}$"


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_numbers_are_the_computed_ones(lang):
    said = {(cell, written(value, decimals, lang)) for cell, value, decimals in numbers()}
    powers = {(cell, power_of_ten(value, lang)) for cell, value in powers_of_ten()}
    assert_said(page(lang), said | powers)


def test_the_state_is_the_sum_that_the_chapter_writes():
    """With one U and its powers: not with a matrix of its own for each distance."""
    rng = np.random.default_rng(5)
    x, W, U = rng.normal(size=(5, 3)), rng.normal(size=(3, 2)), rng.normal(size=(2, 2))
    h = np.zeros(2)
    for x_t in x:
        h = x_t @ W + h @ U
    x_1, x_2, x_3, x_4, x_5 = x
    total = x_5 @ W + x_4 @ W @ U + x_3 @ W @ U @ U + x_2 @ W @ U @ U @ U
    np.testing.assert_allclose(h, total + x_1 @ W @ U @ U @ U @ U, rtol=1e-12)
    columns = W.T @ x_5 + U.T @ W.T @ x_4 + U.T @ U.T @ W.T @ x_3  # the other notation
    columns += U.T @ U.T @ U.T @ W.T @ x_2 + U.T @ U.T @ U.T @ U.T @ W.T @ x_1
    np.testing.assert_allclose(columns, h, rtol=1e-12)


def test_what_is_claimed_of_powers_and_slopes():
    assert 2.9 < max(norm(A, n) for n in range(1, 9)) < 3  # "almost three times"
    assert norm(A, 40) < 1e-4 and norm(B, 40) > 1000 and B.max() < 1
    z = np.linspace(-6, 6, 1201)
    assert (1 - np.tanh(z) ** 2).max() <= 1 and (sigmoid(z) * (1 - sigmoid(z))).max() <= 0.25
    assert 1 - np.tanh(3) ** 2 < 0.01  # "beyond 3 it is almost 0"
    lines = {line.get_gid(): line for line in plot_slopes(lang="en").get_lines()}
    tanh, sigma = lines["line-g"], lines["line-i"]
    eps = 1e-6
    for line, function in ((tanh, np.tanh), (sigma, sigmoid)):
        z, slope = line.get_data()
        measured = (function(z + eps) - function(z - eps)) / (2 * eps)
        np.testing.assert_allclose(slope, measured, atol=1e-9)


def test_what_is_claimed_of_the_measured_gradients():
    at_two = rnn_norm(2)
    assert all(at_two < rnn_norm(rho) for rho in (0.5, 0.9, 1, 1.1))  # "less than with any other"
    assert rnn_norm(1, inputs=0) == pytest.approx(1, rel=1e-12)
    assert 0.5e-8 < rnn_norm(0.9) < 1.5e-8  # "about a hundred-millionth"
    U = GradientExplorer(preset="vanishes").params["rnn"].U
    assert radius(U) == pytest.approx(0.9) and norm(U) == pytest.approx(0.9)


def test_the_condition_on_the_norm_is_sufficient_and_not_more():
    """Every step back lengthens by |U| at most; and the three counterexamples."""
    rng = np.random.default_rng(6)
    for _ in range(20):
        U = rng.normal(size=(3, 3))
        U *= 0.9 / norm(U)
        params = RNNParams(rng.normal(size=(2, 3)), U, rng.normal(size=3))
        trace = simple_rnn.forward(rng.normal(size=(9, 2)), params)
        for k in range(1, 9):
            assert norm(state_jacobian(simple_rnn, trace, 8, k)) <= 0.9**k * (1 + 1e-12)
    printed = "".join(
        mimes(output)["stdout"]
        for cell in page("en").cells
        if cell.id == "bounds-code"
        for output in cell.outputs
    )
    rows = dict(re.findall(r"^(\w): .*: (\S+)$", printed, re.MULTILINE))
    assert float(rows["A"]) < 1e-3 and float(rows["2"]) < 1e-3 and float(rows["C"]) > 1e3
    C = np.array([[4.0, 4], [-4, -4]])
    np.testing.assert_array_equal(C @ C, 0)  # so its spectral radius is 0
    product = np.linalg.matrix_power(C @ np.diag([1, 0.5]), 11)
    assert float(rows["C"]) == pytest.approx(np.linalg.norm(product, 2), rel=0.02)


def run(*ids):
    """Run cells of the chapter; return what they define."""
    names = {"np": np, "RNNParams": RNNParams, "simple_rnn": simple_rnn}
    cells = {cell.id: cell.source for cell in page("en").cells}
    for name in ids:
        exec(cells[name].partition("\n\n\nbar, rows")[0], names)
    return names


def test_one_unit_is_able_to_recall_the_first_input():
    """Whatever comes after it: also the inputs that do most against it."""
    params = RNNParams(W=[[0.5]], U=[[3.0]])
    worst = np.array([[1.0], *[[-1.0]] * 199])
    assert simple_rnn.forward(worst, params).h[:, 0].min() > 0.4
    assert simple_rnn.forward(-worst, params).h[:, 0].max() < -0.4


def test_the_experiment_learns_from_near_and_not_from_afar():
    train = run("learn-code")["train"]
    assert train(5, seed=7)[1] < 0.05
    reach, final = train(50, seed=3, updates=60)
    assert reach < 1e-6 and final > 0.95
    reach, final = train(50, seed=4)  # "there the network does begin to learn"
    assert 0.005 < reach < 0.015 and final < 0.9


SAYS = {
    "steps": [
        ((44,), "✓ Right: one step earlier 0.0108 is left; now, 0.0097."),
        ((10,), "✗ You subtracted"),
        ((43,), "✗ 0.0108 is still left"),
        ((20,), "✗ 0.1216 is still left"),
        ((45,), "✗ Off by one"),
        ((60,), "✗ 1.80e-03 is left, less than was asked"),
        ((43.7087,), "✗ The logarithm gives 43.71"),
        ((0,), "✗ Steps are counted from 1"),
        (([44],), "✗ The shape expected is ()"),
        (("44 steps",), "✗ This needs a number"),
    ],
    "clip": [
        (([2 / 15, -10 / 15, 11 / 15], [0.3, -0.4, 0]), "✓ Right"),
        (([0.1333, -0.6667, 0.7333], (0.3, -0.4, 0)), "✓ Right"),
        (([1, -1, 1], [0.3, -0.4, 0]), "✗ You clipped each component by itself. The length is 1.7"),
        (([2 / 11, -10 / 11, 1], [0.3, -0.4, 0]), "✗ You divided by the largest component"),
        (([2 / 23, -10 / 23, 11 / 23], [0.3, -0.4, 0]), "✗ You divided by the sum"),
        (([2 / 15, -10 / 15, 11 / 15], [0.6, -0.8, 0]), "✗ The long one is right. But you stret"),
        (([2 / 15, -10 / 15, 11 / 15], [0, 0, 0]), "✗ The long one is right; the short one is"),
        (([2, -10, 11], [0.3, -0.4, 0]), "✗ Your long gradient has length 15.0000"),
        (([1, 2], [0.3, -0.4, 0]), "✗ The shape expected is (3,)"),
        (([2 / 15, -10 / 15, 11 / 15], 1), "✗ The shape expected is (3,)"),
    ],
}


@pytest.mark.parametrize(
    ("exercise", "answer", "said"),
    [(exercise, *case) for exercise, cases in SAYS.items() for case in cases],
)
def test_the_verdicts(exercise, answer, said, capsys):
    use_language("en")
    check(f"vanishing_gradients.{exercise}", *answer)
    assert capsys.readouterr().out.startswith(said)
