"""Chapter 6, gradients through the cell: its numbers, what it claims, and its exercises."""

import math
import re

import numpy as np
import pytest
from notebooks import ROOT, read
from prose import assert_said, written

from lstm_edu import (
    GradientExplorer,
    LSTMParams,
    count_lstm,
    lstm_backward,
    lstm_forward,
    use_language,
)
from lstm_edu.counting import count_simple_rnn
from lstm_edu.exercises import check

NAME = "06_gradients_through_the_cell.ipynb"
LEAST = 0.1 ** (1 / 100)


def sigma(z):
    """σ as the chapter writes it, without the package."""
    return 1 / (1 + math.exp(-z))


def power_of_ten(value):
    """A number as the chapter writes it in a formula, in two parts: 1.6 and −7."""
    digits, exponent = f"{value:.1e}".split("e")
    return float(digits), int(exponent)


def first(preset="vanishes", **change):
    """The lengths of the gradients at step 1, by curve."""
    explorer = GradientExplorer(preset=preset, **change)
    return {name: norms[0] for name, norms in explorer.norms.items()}


def one_unit(T, U, b, c_0=0.0):
    """An LSTM of one unit without inputs: its trace, and the gradients of its last h."""
    params = LSTMParams(np.zeros((1, 4)), np.array([U]), np.array(b))
    trace = lstm_forward(np.zeros((T, 1)), params, c0=np.array([c_0]))
    dh = np.zeros((T, 1))
    dh[-1] = 1
    return trace, lstm_backward(trace, dh)


def at_rest(b_f, u):
    """∂L/∂c_1 of a unit at rest, as a share of ∂L/∂c_100."""
    _, back = one_unit(100, [0, 0, u, 0], [0, b_f, 0, 0])
    return back.dc[0, 0] / back.dc[-1, 0]


def door(c_0, b_o):
    """What a unit with f = σ(8) keeps of c_0 over 100 steps, and the gradient that reaches c_0."""
    trace, back = one_unit(100, [0, 0, 0, 0], [-20, 8, 0, b_o], c_0)
    return trace.c[-1, 0] / c_0, back.dc0[0]


def plain_numbers():
    """Yield (cell id, value, decimals) for the numbers that stand in the sentences."""
    explodes = GradientExplorer(preset="lstm-explodes").norms["c"]
    yield "carry-answer", sigma(1), 4
    yield "carry-answer", 100 * sigma(6) ** 100, 0
    yield "rest", sigma(1), 4
    yield "rest", sigma(1) + 0.9 / 4, 4
    yield "rest-answer", 0.9 / 4, 3
    yield "rest-answer", sigma(4) + 0.9 / 4, 4
    yield "rest-answer", 100 * sigma(4) ** 99, 0
    yield "explorer-answer", explodes[-1], 3
    yield "explorer-answer", explodes[0], 0
    yield "door-answer", door(1.0, 4)[0], 4
    yield "door-answer", door(1.0, 4)[1], 2
    yield "door-answer", count_simple_rnn(1, 9).total + 9 + 1, 0
    yield "door-answer", count_lstm(1, 4).total + 4 + 1, 0
    yield "solution-1", LEAST, 5
    yield "solution-1", math.log(LEAST / (1 - LEAST)), 4
    yield "solution-1", math.ceil(100 * math.log(LEAST / (1 - LEAST))) / 100, 2


def powers():
    """Yield (cell id, value) for the numbers written as a · 10^b."""
    half = first(forget_bias=0)
    yield "carry-answer", sigma(1) ** 50
    yield "carry-answer", sigma(0) ** 100
    yield "carry-answer", 0.9**100
    yield "rest-answer", at_rest(1, 0.9)
    yield "rest-answer", sigma(1) ** 99
    yield "rest-answer", at_rest(4, 0.9)
    yield "explorer-answer", first()["c"]
    yield "explorer-answer", first()["carry"]
    yield "explorer-answer", half["rnn"]
    yield "explorer-answer", half["c"]
    yield "explorer-answer", first("lstm-vanishes")["c"]
    yield "sweep", sigma(1) ** 50
    yield "door-answer", door(6.0, 4)[1]
    yield "door-answer", door(1.0, -8)[1]
    yield "solution-1", 0.9**100


def sentences(lang):
    return {cell.id: cell.source for cell in read(ROOT / "chapters" / lang / NAME).cells}


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_numbers_of_chapter_6_are_the_computed_ones(lang):
    page = read(ROOT / "chapters" / lang / NAME)
    point = "," if lang == "es" else "."
    said = [(cell, written(value, decimals, lang)) for cell, value, decimals in plain_numbers()]
    for cell, value in powers():
        digits, exponent = power_of_ten(value)
        said.append((cell, f"{digits:.1f}".replace(".", point) + rf" \cdot 10^{{{exponent}}}"))
    assert_said(page, said)


def test_the_one_unit_at_rest():
    """∂c_t/∂c_{t-1} = f + u/4, above 1 as soon as u > 4 (1 − f), and below f if u < 0."""
    for b_f, u in ((1, 0.9), (1, -0.9), (4, 0.9), (0, 2.5)):
        assert at_rest(b_f, u) == pytest.approx((sigma(b_f) + u / 4) ** 99, rel=1e-9)
        limit = 4 * (1 - sigma(b_f))
        assert at_rest(b_f, limit - 0.01) < 1 < at_rest(b_f, limit + 0.01)
    assert at_rest(1, 0.9) > 1e9 * sigma(1) ** 99  # "more than a thousand million times"
    assert at_rest(1, -0.9) < sigma(1) ** 99  # "less arrives than along the carry path alone"


def test_four_units_at_rest_have_the_eigenvalues_in_the_part_of_u():
    explorer = GradientExplorer(preset="vanishes", input_scale=0)
    U, f = explorer.params["lstm"].U[:, 8:12], sigma(1)
    step = f * np.eye(4) + U.T / 4
    want = np.sort_complex(f + np.linalg.eigvals(U) / 4)
    np.testing.assert_allclose(np.sort_complex(np.linalg.eigvals(step)), want, atol=1e-7)
    dc = explorer.vectors["c"]
    np.testing.assert_allclose(dc[:-1], dc[1:] @ step, rtol=1e-12, atol=1e-12 * dc.max())


def test_what_chapter_6_claims_of_the_paths():
    at = first()
    assert 9e9 < at["c"] / at["carry"] < 1.2e10  # "ten thousand million times less"
    assert at["c"] == pytest.approx(at["gates"], rel=1e-6)
    explodes = GradientExplorer(preset="lstm-explodes").norms
    assert explodes["carry"].max() == explodes["carry"][-1]  # "never above what it brought"
    assert explodes["rnn"][0] < 1e-4  # "while the simple network's vanishes"
    for preset in ("vanishes", "explodes", "lstm-vanishes", "lstm-explodes", "start", "long"):
        carry = GradientExplorer(preset=preset).norms["carry"]
        assert (np.diff(carry) >= 0).all()  # "along this path nothing can explode"


def test_what_chapter_6_claims_of_the_bias():
    wins, medians = [], []
    for b_f in (0, 1, 2, 3):
        runs = [first(seed=seed, forget_bias=b_f) for seed in range(1, 11)]
        ratios = np.array([run["lstm"] / run["rnn"] for run in runs])
        assert np.abs(np.log10(ratios)).min() > 0.2  # no win or loss by a hair
        wins.append(int(np.sum(ratios > 1)))
        medians.append(np.median(ratios))
    assert wins == [0, 6, 10, 10]
    assert round(medians[1], -2) == 200


def test_memory_forwards_and_gradient_backwards():
    kept = [door(c_0, b_o)[0] for c_0, b_o in ((1.0, 4), (6.0, 4), (1.0, -8))]
    np.testing.assert_allclose(kept, sigma(8) ** 100, rtol=1e-7)
    for c_0, b_o in ((1.0, 4), (6.0, 4), (1.0, -8)):
        c = sigma(8) ** 100 * c_0
        slope = sigma(b_o) * (1 - math.tanh(c) ** 2) * sigma(8) ** 100
        assert door(c_0, b_o)[1] == pytest.approx(slope, rel=1e-5)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_what_chapter_6_claims_of_the_comparison(lang):
    """Training is run again by nbval; here its table is held to what is said of it."""
    (cell,) = (c for c in read(ROOT / "chapters" / lang / NAME).cells if c.id == "compare-code")
    table = "".join("".join(output["text"]) for output in cell.outputs)
    rows = re.findall(r"(\d+)   (rnn|lstm \d) +(\S+) +(\d) +(\d)", table)
    solved = {(int(T), name): (int(low), int(high)) for T, name, _, low, high in rows}
    reach = {(int(T), name): float(value) for T, name, value, *_ in rows}
    assert sum(sum(both) for (T, _), both in solved.items() if T == 10) == 39
    assert solved[50, "rnn"] == (1, 2)
    assert solved[50, "lstm 0"] == solved[50, "lstm 1"] == (0, 0)
    assert solved[50, "lstm 3"] == (5, 2)
    assert reach[50, "lstm 1"] > 1e6 * reach[50, "rnn"]  # "much more arrives"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (3.76, "✓ Right: with b = 3.7600"),
        (3.77, "✓ Right"),
        (3.75, "✗ Just short: 0.09783"),
        (math.log(0.1 ** (1 / 99) / (1 - 0.1 ** (1 / 99))), "✗ Just short"),
        (LEAST, "✗ 0.9772 is the f that is needed"),
        (0.98, "✗ 0.9800 is the f that is needed"),
        (-math.log(9), "✗ That makes f = 0.1: the share of all 100 steps"),
        (math.log(9), "✗ That loses 10% at each step: f = 0.9, and 2.7e-05"),
        (3, "✗ 7.76e-03 is left"),
        (6, "✗ 0.7807 is left: a smaller bias"),
        ("3,76", "✗ Your answer ends in an error"),
    ],
)
def test_the_verdicts_of_exercise_1(answer, said, capsys):
    use_language("en")
    check("gradients_through_the_cell.bias", answer)
    assert capsys.readouterr().out.startswith(said)


RIGHT = np.array([[0.72, 0.2], [0.9, 0.2], [0.9, 0.4], [1, 2]])


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (RIGHT, "✓ Right"),
        (RIGHT.tolist(), "✓ Right"),
        (RIGHT[::-1], "✗ Those are the numbers, upside down"),
        ([[0.4, 0.9], [0.8, 1.0], [1.0, 1.0], [1, 2]], "✗ One step late"),
        ([[0.5, 1.8], [0.4, 1.8], [0.4, 0.9], [0.36, 0.18]], "✗ You multiplied up from step 1"),
        ([[0.36, 0.18], [0.72, 0.2], [0.9, 0.2], [0.9, 0.4]], "✗ One factor too many"),
        ([[0.8, 2], [1.0, 1.0], [0.9, 0.4], [1, 2]], "✗ Each row has one factor only"),
        (RIGHT + 0.1, "✗ The shape is right, the numbers are not"),
        (RIGHT[:3], "✗ The shape expected is (4, 2)"),
        ("dc", "✗ This needs a number"),
    ],
)
def test_the_verdicts_of_exercise_2(answer, said, capsys):
    use_language("en")
    check("gradients_through_the_cell.carry", answer)
    assert capsys.readouterr().out.startswith(said)
