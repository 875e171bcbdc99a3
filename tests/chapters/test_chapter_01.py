"""Chapter 1: its numbers are the computed ones, its claims hold, its exercises answer."""

import math
from itertools import pairwise

import numpy as np
import pytest
from prose import assert_said

from lstm_edu import RecurrenceExplorer
from lstm_edu.counting import count_dense, count_simple_rnn
from lstm_edu.language import text
from lstm_edu.variants import RNNParams, simple_rnn
from rules.pages import ROOT, read
from rules.prose import written

NAME = "01_sequences_and_memory.ipynb"
ALARM = (4, 5, -1.5)  # the solution of exercise 3
EXCHANGED = [-1, 2, 0.5, 1.5, -2, 1, 0, -0.5]  # the inputs of "adds", the first two exchanged


def states(x, U, W=1.0, b=0.0):
    """The hidden states of one tanh unit, by a loop over single numbers, h_0 = 0."""
    h, found = 0.0, []
    for x_t in x:
        h = math.tanh(x_t * W + h * U + b)
        found.append(h)
    return found


def source(lang):
    page = read(ROOT / "chapters" / lang / NAME)
    return {cell.id: cell.source for cell in page.cells}


def chapter_1():
    """Yield (cell id, value, decimals) for the numbers that chapter 1 says in its sentences."""
    yield "film-answer", math.tanh(0.5 * 1.5 - 0.5), 4
    h = states([1, 0.5, 0], U=0.8, b=0.1)
    yield "equation", h[0], 4
    yield "equation", 0.5 + h[0] * 0.8 + 0.1, 4
    yield "equation", h[1], 4
    yield "by-hand-answer", h[2], 4
    yield "ball-read", math.tanh(0.5), 4
    yield "ball-read", math.tanh(0.5 - math.tanh(1)), 4
    yield "ball-read", math.tanh(1), 4
    yield "ball-read", math.tanh(1 - math.tanh(1)), 4
    yield "order-answer", states([1, 0.5, -1], U=0.8)[-1], 4
    yield "order-answer", states([-1, 0.5, 1], U=0.8)[-1], 4
    change = moved_by_one()
    yield "causality-answer", change[0, 0], 3
    yield "causality-answer", change[0, 4], 4
    yield "explorer-answer", 0.5**4, 4
    adds = RecurrenceExplorer(preset="adds")
    yield "explorer-answer", adds.x.sum(), 1
    for x in (EXCHANGED, adds.x):
        yield "explorer-answer", sum(x_k * 0.9 ** (7 - k) for k, x_k in enumerate(x)), 4
    yield "keep-answer", states([1, *[0] * 99], U=1)[-1], 4
    yield "keep-answer", states([1, *[0] * 99], U=2)[-1], 4
    yield "markov-answer", h[1], 4
    yield "markov-answer", states([1, *[0] * 99], U=2)[-1], 4
    yield "markov-answer", states([-1, *[0] * 99], U=2)[-1], 4
    h_1, h_2 = states([1, 2], W=0.5, U=-0.8, b=0.2)
    yield "solution-1", 0.5 + 0.2, 1
    yield "solution-1", h_1, 4
    yield "solution-1", 0.8 * h_1, 4
    yield "solution-1", 1 - 0.8 * h_1 + 0.2, 4
    yield "solution-1", h_2, 4
    yield "solution-1", math.tanh(1 + 0.2), 4
    yield "solution-2", 2 / math.tanh(1), 4
    yield "solution-2", math.ceil(200 / math.tanh(1)) / 100, 2
    W, U, b = ALARM
    yield "solution-3", 0.3 * W + b, 1  # at rest, at the most
    yield "solution-3", 2 * W - U + b, 1  # at the pulse, at least


def moved_by_one():
    """How much each state moves (columns) when one input (rows) is raised by 1."""
    x = [0.4, -0.3, 0.8, 0.5, -0.6]
    raised = [[x_k + (k == row) for k, x_k in enumerate(x)] for row in range(5)]
    return np.array([states(one, U=0.8, b=0.1) for one in raised]) - states(x, U=0.8, b=0.1)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_numbers_of_chapter_1_are_the_computed_ones(lang):
    said = {(cell, written(value, decimals, lang)) for cell, value, decimals in chapter_1()}
    assert_said(read(ROOT / "chapters" / lang / NAME), said)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_links_of_chapter_1_exchange_the_first_two_inputs(lang):
    inputs = ",".join(f"{x:g}" for x in EXCHANGED)
    said = source(lang)["dependencies"]
    assert said.count(f"#recurrence?preset=adds&x={inputs}") == 2
    x = RecurrenceExplorer(preset="adds").x
    assert [x[1], x[0], *x[2:]] == EXCHANGED
    assert said.count("&U=0.9") == 2


def test_what_chapter_1_claims_of_states_and_inputs():
    # "the first three inputs move it, and x_4 and x_5 do not touch it"
    change = moved_by_one()
    assert (change[np.triu_indices(5)] > 1e-3).all()
    assert (change[np.tril_indices(5, -1)] == 0).all()
    # "the number of parameters does not depend on how long the sequence is"
    for T in (2, 20, 200):
        x = np.ones((T, 8))
        params = RNNParams(np.ones((8, 16)), np.ones((16, 16)), np.ones(16))
        assert simple_rnn.forward(x, params).h.shape == (T, 16)
        assert sum(p.size for p in params) == count_simple_rnn(8, 16).total
    dense = [count_dense(8 * T, 16).total for T in (3, 4, 5)]
    assert dense[1] - dense[0] == dense[2] - dense[1] == 8 * 16  # "each … costs new weights"
    # "positive at steps 2 and 3, where the ball goes up, and negative at 4 and 5"
    heights, before = np.array([0.5, 1, 0.5, 0]), np.array([0, 0.5, 1, 0.5])
    rising = np.tanh(heights - np.tanh(before))
    assert (np.sign(rising) == np.sign(heights - before)).all()
    # "their sum is identical", and without tanh and with U = 1 the state is as deaf
    adds = RecurrenceExplorer(preset="adds")
    other = RecurrenceExplorer(preset="adds", x=EXCHANGED)
    assert adds.h[-1] == pytest.approx(other.h[-1], abs=1e-12)
    assert RecurrenceExplorer(preset="fades").contributions[0, 0] == 1 / 16
    # the formula without tanh: the sum of x_k W U^(T-k)
    x, W, U = [0.3, -1.2, 0.7, 2.0], 0.6, -0.85
    one = RecurrenceExplorer(preset="fades", T=4, x=x, W=[W], U=[[U]])
    powers = [x_k * W * U ** (4 - k) for k, x_k in enumerate(x, 1)]
    assert one.h[-1, 0] == pytest.approx(sum(powers), abs=1e-12)


def test_the_package_gives_the_same_as_the_loop():
    x, W, U, b = [1, 0.5, -0.7], 0.6, -0.8, 0.1
    h = simple_rnn.forward(np.array(x)[:, None], RNNParams([[W]], [[U]], [b])).h
    assert h[:, 0] == pytest.approx(states(x, U, W, b), abs=1e-14)


def test_what_chapter_1_claims_of_keeping():
    # "that is not the value of x_1": one bit is kept, and it stays for good
    assert states([0.1, *[0] * 99], U=2)[-1] == pytest.approx(states([1, *[0] * 999], U=2)[-1])
    # "noise within ±0.5 cannot turn this unit round": not at its worst, nor with any below it
    assert min(states([1, *[-0.5] * 2000], U=2)) > 0
    rng = np.random.default_rng(1)
    assert all(min(states([1, *rng.uniform(-0.5, 0.5, 300)], U=2)) > 0 for _ in range(50))
    # "with 2.62 it begins to come down, slowly, and ends by falling to the other side"
    contrary = [1, *[-1] * 100]
    low, high = states(contrary, U=2.62), states(contrary, U=2.63)
    assert all(b <= a for a, b in pairwise(low))
    assert low[10] > 0.7 and low[-1] < 0
    assert all(b >= a for a, b in pairwise(high))


@pytest.mark.parametrize("lang", ["es", "en"])
def test_chapter_1_says_how_often_the_two_units_were_right(lang):
    page = read(ROOT / "chapters" / lang / NAME)
    cells = {cell.id: cell for cell in page.cells}
    (output,) = cells["noise"].outputs
    latch, total = (float(line.split()[-1]) for line in "".join(output["text"]).splitlines())
    assert latch == 1
    percent = {"es": " %", "en": "%"}[lang]
    assert f"{100 * total:.0f}{percent}" in cells["noise-read"].source


def test_equal_states_and_equal_inputs_have_equal_futures():
    x_2 = 0.5 + 0.8 * (math.tanh(1.1) - math.tanh(-0.9))
    one, other = (states([*past, -0.3, 0.7, 0.2], U=0.8, b=0.1) for past in ([1, 0.5], [-1, x_2]))
    assert abs(one[0] - other[0]) > 1
    assert one[1:] == pytest.approx(other[1:], abs=1e-12)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_short_dependency_is_as_short_as_the_drawing_says(lang):
    words = text("dependency_short_words", lang).split()
    near = next(k for k, word in enumerate(words) if word.startswith("*"))
    assert text("dependency_short_gap", lang).split()[0] == str(words.index("?") - near)


def test_what_is_shared_works_at_any_step():
    """The ball thrown later: the same numbers; in a dense layer it meets other weights."""
    ball = RNNParams([[1, 1]], [[0, -1], [0, 0]], [0, 0])
    heights = np.array([0, 0.5, 1, 0.5, 0])
    says = simple_rnn.forward(heights[:, None], ball).h[:, 1]
    for late in range(1, 9):
        x = np.concatenate([np.zeros(late), heights])[:, None]
        np.testing.assert_array_equal(simple_rnn.forward(x, ball).h[:, 1], [0] * late + [*says])


def test_rows_and_columns_say_the_same():
    """The table of 01/equation: with the matrices transposed, and U_12 from unit 1 to unit 2."""
    rng = np.random.default_rng(2)
    x, h, b = rng.normal(size=3), rng.normal(size=2), rng.normal(size=2)
    W, U = rng.normal(size=(3, 2)), rng.normal(size=(2, 2))
    columns = W.T @ x[:, None] + U.T @ h[:, None] + b[:, None]
    np.testing.assert_allclose(columns[:, 0], x @ W + h @ U + b, rtol=1e-14)
    only = np.array([[0, 1], [0, 0]])  # row 1, column 2
    np.testing.assert_array_equal(np.array([1, 0]) @ only, [0, 1])


def test_the_states_of_inputs_that_are_no_markov_chain_are_none_either():
    """U = 0, W = 1: h says no more and no less than x; here x_t depends on x_{t-2} as well."""
    rng = np.random.default_rng(3)
    x = [*rng.choice([-1.0, 1.0], size=2)]
    for _ in range(4000):
        x.append(x[-1] * x[-2] if rng.random() < 0.9 else -x[-1] * x[-2])
    h = np.array(states(x, U=0))
    assert len(np.unique(h)) == len(np.unique(x))  # one-to-one
    last, before, new = h[1:-1] > 0, h[:-2] > 0, h[2:] > 0
    given_both = [new[last & one].mean() for one in (before, ~before)]
    assert abs(given_both[0] - given_both[1]) > 0.5  # what came before adds a great deal


def test_independent_inputs_make_the_states_a_markov_chain():
    """Given h_{t-1}, the state before it adds nothing."""
    rng = np.random.default_rng(4)
    U, W = 0.7, 1.0
    for _ in range(3):  # two pasts, one h: equal futures whatever comes
        x = rng.choice([-1.0, 1.0], size=6)
        one, other = (states([past, *x], U, W)[0] for past in (0.3, -0.8))
        bridge = 0.5, 0.5 + (one - other) * U / W
        ends = [
            states([past, first, *x], U, W)[1:]
            for past, first in zip((0.3, -0.8), bridge, strict=True)
        ]
        np.testing.assert_allclose(*ends, atol=1e-12)


VERDICTS = {
    "sequences_and_memory.second_state": [
        ((0.6147,), "right"),
        (([0.6147],), "right"),
        ((np.float32(0.61469),), "right"),
        ((0.6044,), "first"),
        ((0.8337,), "no_state"),
        ((0.7165,), "no_tanh"),
        ((1.2 - 0.8 * 0.7,), "linear"),
        ((math.tanh(1.2 - 0.8 * 0.7),), "raw_state"),
        ((math.tanh(1 - 0.8 * math.tanh(0.5)),), "no_bias"),
        ((math.tanh(1 - 0.8 * math.tanh(0.7)),), "bias_once"),
        ((math.tanh(1.2 + 0.8 * math.tanh(0.7)),), "sign"),
        ((math.tanh(-1.6 + 0.5 * math.tanh(-0.6) + 0.2),), "exchanged"),
        ((math.tanh(0.7 - 0.8 * math.tanh(0.7)),), "first_input"),
        ((0.61,), "digits"),
        ((0.5,), "wrong"),
        ((-0.6147,), "minus"),
        (((0, 6147),), "base.comma"),
        (("0.6147",), "base.text"),
        (((0.6044, 0.6147),), "base.one"),
        ((math.nan,), "base.infinite"),
        ((np.tanh,), "base.uncalled"),
    ],
    "sequences_and_memory.first_wins": [
        ((2.63,), "right"),
        ((2 / math.tanh(1) + 1e-6,), "right"),
        ((2.634,), "right"),
        ((2.62,), "rounded"),
        ((2.626,), "rounded"),
        ((2.64,), "large"),
        ((2.635001,), "large"),
        ((5,), "large"),
        ((2,), "flips"),
        ((2.6,), "flips"),
        ((1,), "fades"),
        ((0.5,), "fades"),
        ((0,), "fades"),
        ((-3,), "negative"),
        (((2, 63),), "base.comma"),
        ((math.nan,), "base.infinite"),
        (([2.63, 2.64],), "base.one"),
        ((None,), "base.nothing"),
    ],
    "sequences_and_memory.alarm": [
        (ALARM, "right"),
        ((400, 500, -150), "right"),
        (([6.0], [8.0], np.array(-2.5)), "right"),
        ((1, 2, 0), "early"),  # the latch of the chapter: 0.3 of noise sets it off
        ((4, 5, 1.5), "early"),
        ((4, 5, -1.2), "early"),  # at the edge: z may be 0
        ((4, -5, -2), "restless"),
        ((0, 0, 0), "early"),
        ((-4, 5, -1.5), "missed"),  # the pulse pushes down
        ((4, 50, -1.5), "missed"),  # too sure of its rest
        ((4, 5, -10), "missed"),
        ((1, 2, -2), "missed"),
        ((1, 1, -0.4), "forgets"),
        ((3, 3, -1), "forgets"),  # h U outweighs the rest at first, and h shrinks all the same
        ((3, 4, -1.5), "forgets"),
        ((4, 0, -2), "forgets"),
        ((1, 2, -0.5), "missed"),
        ((20, -20, -7), "restless"),
        (((4, 5), 5, -1.5), "base.comma"),
        ((4, 5, "-1.5"), "base.text"),
        ((4, [5, 0], -1.5), "base.one"),
        ((4, 5), "base.count"),
    ],
}
