"""The figures, by their artists: what is drawn where, in which colour and which words."""

import numpy as np
import pytest
from matplotlib import colors
from matplotlib import pyplot as plt

from lstm_edu import LSTMParams, lstm_forward, lstm_step, use_language, variants
from lstm_edu.palette import PALETTE
from lstm_edu.plots import plot_activations, plot_cell_update, plot_gates


@pytest.fixture(autouse=True)
def _close_figures():
    use_language("en")
    yield
    plt.close("all")


@pytest.fixture
def params():
    random = np.random.default_rng(4)
    return LSTMParams(*(random.normal(size=shape) for shape in ((3, 8), (2, 8), (8,))))


def test_gates_are_drawn_from_their_own_numbers(params):
    trace = lstm_forward(np.random.default_rng(5).normal(size=(7, 3)), params)
    ax = plot_gates(trace, unit=1)
    lines = {line.get_gid(): line for line in ax.get_lines() if line.get_gid()}
    assert list(lines) == [f"line-{name}" for name in "fioch"]
    for name in "fioch":
        line = lines[f"line-{name}"]
        np.testing.assert_array_equal(line.get_xdata(), np.arange(1, 8))
        np.testing.assert_array_equal(line.get_ydata(), getattr(trace, name)[:, 1])
        assert line.get_color() == PALETTE[name]["light"]
        assert line.get_marker() == PALETTE[name]["marker"]


def test_activations_and_their_marks():
    ax = plot_activations([3, -2])
    sigma, sigma_marks, tanh, tanh_marks = ax.get_lines()[:4]
    z = sigma.get_xdata()
    np.testing.assert_allclose(sigma.get_ydata(), 1 / (1 + np.exp(-z)))
    np.testing.assert_allclose(tanh.get_ydata(), np.tanh(z))
    np.testing.assert_allclose(sigma_marks.get_ydata(), 1 / (1 + np.exp([-3, 2])))
    np.testing.assert_allclose(tanh_marks.get_ydata(), np.tanh([3, -2]))


def test_the_update_adds_up(params):
    step = lstm_step([0.5, -1, 2], [0.1, -0.2], [2, -3], params)
    ax = plot_cell_update(step)
    before, kept, added, after = (
        np.array([bar.get_height() for bar in bars]) for bars in ax.containers
    )
    np.testing.assert_array_equal(before, step.c_prev)
    np.testing.assert_allclose(kept, step.f * step.c_prev)
    np.testing.assert_allclose(added, step.i * step.g)
    np.testing.assert_allclose(kept + added, after)
    assert colors.to_hex(ax.containers[1].patches[0].get_facecolor()) == PALETTE["f"]["light"]


def test_words_follow_the_language(params):
    trace = lstm_forward(np.ones((2, 3)), params)
    spanish = plot_gates(trace, lang="es")
    use_language("es")
    assert plot_activations().get_xlabel() == "z (preactivación)"
    assert spanish.get_xlabel() == "paso de tiempo"
    assert spanish.get_legend().get_texts()[0].get_text() == "puerta de olvido f"


def test_it_draws_where_it_is_told_and_not_elsewhere(params):
    _, (left, right) = plt.subplots(1, 2)
    assert plot_activations(ax=left) is left
    assert not right.get_lines()
    assert plot_activations() is not left


X, H0 = np.ones((5, 4, 3)), np.zeros((5, 2))
GRU = variants.GRUParams(np.ones((3, 6)), np.ones((2, 6)), np.ones((2, 6)))


@pytest.mark.parametrize(
    ("draw", "error", "message"),
    [
        # a batch, whose units would be taken for steps
        (
            lambda p: plot_gates(lstm_forward(X, p)),
            ValueError,
            r"^trace: expected one sequence, h of shape \(T, H\), got \(5, 4, 2\)\. Hint: draw one",
        ),
        (
            lambda p: plot_cell_update(lstm_step(X[:, 0], H0, H0, p)),
            ValueError,
            r"^step: expected one time step of one sequence, .*, got \(5, 2\)\. Hint: draw one",
        ),
        (
            lambda p: plot_gates(lstm_forward(X[0], p), unit=2),
            ValueError,
            r"^unit: expected an integer from 0 to 1, got 2\.",
        ),
        (
            lambda p: plot_gates(lstm_forward(X[0], p), unit=-1),
            ValueError,
            r"^unit: expected an integer from 0 to 1, got -1\.",
        ),
        (
            lambda p: plot_gates(lstm_forward(X[0], p), unit=0.0),
            TypeError,
            r"^unit: expected an integer, got 0\.0",
        ),
        (
            lambda p: plot_gates(lstm_forward(X[0], p, trace=False)),
            TypeError,
            r"^trace: expected what lstm_forward.*every step kept, got LSTMOutput without \.f",
        ),
        (
            lambda _: plot_gates(variants.gru.forward(X[0], GRU)),
            TypeError,
            r"^trace: expected what lstm_forward.*, got GRUTrace without \.f",
        ),
        (
            lambda p: plot_cell_update(lstm_forward(X[0], p)),
            TypeError,
            r"^step: expected what lstm_step.*, got LSTMTrace without \.c_prev",
        ),
        (lambda p: plot_gates(p), TypeError, r"^trace: .* got LSTMParams without \.f"),
        (lambda _: plot_activations(["a"]), TypeError, r"^values: expected real numbers, got text"),
        *(
            (lambda _, ax=ax: plot_activations(ax=ax), TypeError, r"^ax: expected one matplotlib")
            for ax in ("here", np.array([None, None]))
        ),
        (lambda _: plot_activations(np.nan), ValueError, r"^values: expected finite numbers"),
    ],
)
def test_what_cannot_be_drawn_is_refused(params, draw, error, message):
    with pytest.raises(error, match=message):
        draw(params)
    assert not plt.get_fignums()  # no empty figure is left behind


@pytest.mark.parametrize("name", ["peephole_lstm", "full_peephole_lstm", "coupled_lstm"])
def test_the_kin_of_the_lstm_can_be_drawn(name):
    cell = variants.ALL[name]
    weights = {part: np.ones(shape) for part, shape in cell.shapes(3, 2).items()}
    assert len(plot_gates(cell.forward(X[0], cell.params(**weights)), unit=1).get_lines()) == 6
