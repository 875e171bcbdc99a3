"""The refresher: the numbers of its sentences."""

import numpy as np
import pytest
from prose import assert_said

from rules.pages import ROOT, read
from rules.prose import written

U = np.array([[0.9, 0.6], [0, 0.5]])


def refresher():
    """Yield (cell id, value, decimals) for the numbers that the refresher works out."""
    longest = {n: np.linalg.norm(np.linalg.matrix_power(U, n), 2) for n in (1, 3, 12)}
    yield "title", 1.2**10, 2
    yield "title", 0.5**10, 5
    yield "fifty-answer", 0.9**50, 4
    yield "circle-answer", longest[1], 4
    yield "circle-answer", longest[12], 4
    yield "circle-answer", np.abs(np.linalg.eigvals(U)).max(), 1
    assert longest[3] > longest[1]  # "after three multiplications the longest is longer still"


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_numbers_of_the_refresher_are_the_computed_ones(lang):
    page = read(ROOT / "chapters" / lang / "refresher.ipynb")
    assert_said(page, {(cell, written(value, n, lang)) for cell, value, n in refresher()})


def test_after_twelve_steps_almost_all_arrows_lie_close_to_one_line():
    angles = np.linspace(0, np.pi, 1001)
    arrows = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    moved = arrows @ np.linalg.matrix_power(U, 12)
    along = np.array([1, 0.6 / 0.4]) / np.hypot(1, 1.5)  # v U = 0.9 v
    assert np.allclose(along @ U, 0.9 * along)
    length = np.linalg.norm(moved, axis=1)
    aside = np.abs(moved @ [along[1], -along[0]])
    assert np.all(aside < 0.01)
    assert 0.95 < np.mean(aside / length < 0.01) < 1  # "almost all"


def test_a_quarter_turn_that_shortens_has_that_radius():
    turn = 0.9 * np.array([[0, 1], [-1, 0]])
    assert np.abs(np.linalg.eigvals(turn)).max() == pytest.approx(0.9, abs=1e-15)
