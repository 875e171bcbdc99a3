"""Chapter 1: its numbers are the computed ones, its claims hold, its exercises answer."""

import math
from itertools import pairwise

import numpy as np
import pytest
from notebooks import ROOT, read
from prose import assert_said, written

from lstm_edu import RecurrenceExplorer, use_language
from lstm_edu.counting import count_dense, count_simple_rnn
from lstm_edu.exercises import check
from lstm_edu.language import text
from lstm_edu.variants import RNNParams, simple_rnn

NAME = "01_sequences_and_memory.ipynb"
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
    yield "door-read", math.tanh(0.5), 4
    yield "door-read", math.tanh(0.5 - math.tanh(1)), 4
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
    for T in (3, 30, 300):
        x = np.ones((T, 8))
        params = RNNParams(np.ones((8, 16)), np.ones((16, 16)), np.ones(16))
        assert simple_rnn.forward(x, params).h.shape == (T, 16)
        assert sum(p.size for p in params) == count_simple_rnn(8, 16).total
    dense = [count_dense(8 * T, 16).total for T in (3, 4, 5)]
    assert dense[1] - dense[0] == dense[2] - dense[1] == 8 * 16  # "each … costs new weights"
    # "positive while the door opens and negative while it closes"
    frames, before = np.array([0.5, 1, 0.5, 0]), np.array([0, 0.5, 1, 0.5])
    rising = np.tanh(frames - np.tanh(before))
    assert (np.sign(rising) == np.sign(frames - before)).all()
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
    # noise between -0.5 and 0.5 never wins, not even at its worst
    assert min(states([1, *[-0.5] * 2000], U=2)) > 0
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


# The exercises


@pytest.fixture
def said(capsys):
    use_language("en")

    def reply(exercise, answer):
        check(f"sequences_and_memory.{exercise}", answer)
        return capsys.readouterr().out

    return reply


def test_the_verdicts_on_two_steps_by_hand(said):
    h_1 = math.tanh(0.7)
    assert said("second_state", round(math.tanh(1 - 0.8 * h_1 + 0.2), 4)).startswith("✓ Right")
    mistakes = {
        round(h_1, 4): "That is h_1",
        round(math.tanh(1.2), 4): "term h_1 U is missing",
        round(1.2 - 0.8 * h_1, 4): "The tanh is missing",
        round(math.tanh(1.2 - 0.8 * 0.7), 4): "carried z_1 over",
        round(math.tanh(1 - 0.8 * math.tanh(0.5)), 4): "The bias is missing",
        round(math.tanh(1 - 0.8 * h_1), 4): "not at the second",
        round(math.tanh(1.2 + 0.8 * h_1), 4): "U is negative",
        round(math.tanh(-1.6 + 0.5 * math.tanh(-0.6) + 0.2), 4): "exchanged W and U",
        0.5: "Not so",
    }
    for answer, words in mistakes.items():
        reply = said("second_state", answer)
        assert reply.startswith("✗ ") and words in reply, answer


def test_the_verdicts_on_the_unit_whose_first_input_wins(said):
    assert said("first_wins", 2.63).startswith("✓ Right: with U = 2.63")
    assert said("first_wins", 2 / math.tanh(1) + 1e-6).startswith("✓ ")
    for answer, words in {
        2.62: "keeps coming down",
        2: "keeps coming down",
        2.64: "a smaller U",
        5: "a smaller U",
        1: "keeps nothing even when",
        0.5: "keeps nothing even when",
        -3: "changes the sign",
    }.items():
        reply = said("first_wins", answer)
        assert reply.startswith("✗ ") and words in reply, answer
