"""Chapter 4: the numbers of its sentences, and what it claims in words."""

import math

import numpy as np
import pytest
from notebooks import ROOT, read
from prose import assert_said, written

from lstm_edu import CellExplorer, lstm_forward, sigmoid


def chapter_4():
    """Yield (cell id, value, decimals) for the numbers that chapter 4 says in its sentences."""
    subject = CellExplorer(preset="subject")
    new = subject.result
    x = np.zeros((8, 3))
    x[0], x[5] = [1, 1, -1], [1, -1, 1]
    trace = lstm_forward(x, subject.params)
    yield "belt-answer", 100 * 0.99**100, 1
    yield "vectors-answer", sigmoid(3) * 5, 2
    yield "vectors-answer", 100 * sigmoid(-2), 1
    yield "vectors-answer", math.tanh(-2), 3
    yield "vectors-answer", sigmoid(-2) * 3 + sigmoid(-2) * math.tanh(-2), 4
    yield "vectors-answer", 100 * (1 - sigmoid(3)), 1
    yield "step-forget", new.f[0], 4
    yield "step-input", new.g[0], 4
    yield "step-input", new.g[1], 4
    yield "step-input", new.i[0], 4
    yield "step-update", new.c[0], 4
    yield "step-output", new.o[1], 4
    yield "step-output", new.h[1], 4
    yield "step-output", new.h[1], 2
    yield "step-output", new.c[1], 4
    yield "sentence-answer", trace.f[1, 0], 4
    yield "sentence-answer", trace.f[5, 0], 4
    yield "sentence-answer", trace.c[0, 0], 4
    yield "sentence-answer", trace.c[4, 0], 4
    f = 0.95 ** (1 / 50)
    yield "solution-1", f, 5
    yield "solution-1", math.log(f / (1 - f)), 2
    yield "solution-1", sigmoid(4), 3
    yield "solution-2", math.tanh(0.8), 4


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_numbers_of_chapter_4_are_the_computed_ones(lang):
    page = read(ROOT / "chapters" / lang / "04_inside_the_cell.ipynb")
    said = {(cell, written(value, decimals, lang)) for cell, value, decimals in chapter_4()}
    assert_said(page, said)


def test_what_chapter_4_claims_in_words():
    kept = sigmoid(np.array([3, -2, 4]))
    assert kept.argmin() == 1  # "the second"
    assert (kept**10 < 2 / 3).tolist() == [True, True, False]  # "more than a third": the first
    assert sigmoid(4) ** 50 < 1 / 2  # "less than half is left"
    assert sigmoid(-5) < 0.01  # "less than 1 % of it is left"
    keep = CellExplorer(preset="keep")
    states = []
    for x_1 in (-5, 5):
        keep.x = [x_1, -1]
        states.append(keep.result)
    low, high = states
    assert np.abs(high.c - low.c).max() < 0.1  # "c hardly moves"
    assert np.abs(high.h - low.h).max() > 0.2  # "h does change"
