"""What chapter 10 says: its numbers, its claims, the seed of its example and its exercises."""

import re

import numpy as np
import pytest
from notebooks import ROOT, mimes, read
from test_exercises import said, speaks_english  # noqa: F401 - a fixture that is always used

from lstm_edu import LSTMParams, TensorExplorer, count_lstm, lstm_forward, lstm_step

X = np.array(
    [
        [[1, 2, 3, 4, 3, 2], [1, 2, 1, 1, 1, 2], [1, 2, 2, 2, 2, 2]],
        [[1, 2, 3, 4, 3, 2], [3, 2, 2, 1, 1, 2], [0, 0, 0, 0, 3, 2]],
    ],
    dtype=float,
)


def drawn(seed, *sizes):
    """The chapter's weights: one LSTMParams for each (D, H), in the order of Keras' arrays."""
    rng = np.random.default_rng(seed)
    return [
        LSTMParams(
            *(rng.normal(scale=0.4, size=s).round(2) for s in [(D, 4 * H), (H, 4 * H), 4 * H])
        )
        for D, H in sizes
    ]


LOWER, UPPER = drawn(0, (6, 4), (4, 5))
FORWARD, BACKWARD = drawn(1, (6, 4), (6, 4))


def two_layers(x):
    trace1 = lstm_forward(x, LOWER)
    return trace1, lstm_forward(trace1.h, UPPER)


def both_ways(x):
    return lstm_forward(x, FORWARD).h, lstm_forward(x[:, ::-1], BACKWARD).h[:, ::-1]


def page(lang):
    return read(ROOT / "chapters" / lang / "10_stacked_layers.ipynb")


def source(lang, cell):
    (found,) = (one for one in page(lang).cells if one.id == cell)
    return found.source


def printed(lang, cell):
    (found,) = (one for one in page(lang).cells if one.id == cell)
    return "".join(mimes(output).get("stdout", "") for output in found.outputs)


# --- what is printed -------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_stack_of_the_seed_returns_one_pair_per_layer(lang):
    assert printed(lang, "cells-code").splitlines() == [
        "x      (2, 3, 6)",
        "output (2, 3, 5)",
        "pair   [(2, 4), (2, 4)]",
        "pair   [(2, 5), (2, 5)]",
    ]
    trace1, trace2 = two_layers(X)
    assert trace2.h.shape == (2, 3, 5)
    assert trace1.h_last.shape == trace1.c_last.shape == (2, 4)
    assert trace2.h_last.shape == trace2.c_last.shape == (2, 5)
    for shape in ("(2, 3, 5)", "(2, 4)", "(2, 5)"):
        assert shape in source(lang, "cells-answer")


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_output_is_the_upper_layers(lang):
    text = printed(lang, "pairs-code")
    array, rest = text.split("]]]\n")
    numbers = [float(n) for n in re.findall(r"-?\d\.\d+", array)]
    _, trace2 = two_layers(X)
    np.testing.assert_allclose(np.reshape(numbers, (2, 3, 5)), trace2.h, rtol=0, atol=5.1e-5)
    # No printed digit hangs on the last bits of a float32.
    tail = np.abs(trace2.h * 1e4) % 1
    assert np.abs(tail - 0.5).min() > 0.002
    assert rest.splitlines() == [
        "h1 == output[:, -1]: False",
        "c1 == output[:, -1]: False",
        "h2 == output[:, -1]: True",
        "c2 == output[:, -1]: False",
        "both pairs True",
        "no pair    False",
        "3 layers:  4 results",
    ]
    assert (trace2.h[0, 0] == trace2.h[1, 0]).all()  # "the first row of both is the same"
    assert (trace2.h[0, 1] != trace2.h[1, 1]).all()


@pytest.mark.parametrize("lang", ["es", "en"])
def test_two_lstm_layers_and_two_calls_are_the_same_network(lang):
    lines = printed(lang, "two-layers-code").splitlines()
    assert [re.findall("True|False", line) for line in lines[:4]] == [
        ["True"],
        ["True"],
        ["True"] * 2,
        ["True"] * 2,
    ]
    counts = count_lstm(6, 4).total, count_lstm(4, 5).total
    assert lines[4] == f"parameters      [{counts[0]}, {counts[1]}] {sum(counts)}"
    assert (*counts, sum(counts)) == (176, 200, 376)
    assert printed(lang, "forgotten-code").splitlines() == [
        "layer 1: (2, 4)",
        "layer 2: expected ndim=3 found ndim=2",
    ]


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_orders_that_are_printed(lang):
    assert printed(lang, "order-code").splitlines() == [
        "by layers    True",
        "by steps     True",
        "by diagonals True",
        "too early    missing (1, 2)",
    ]


@pytest.mark.parametrize("lang", ["es", "en"])
def test_both_directions_are_two_layers_side_by_side(lang):
    assert printed(lang, "both-code").splitlines() == [
        "output (2, 3, 8)",
        "states (2, 4) (2, 4) (2, 4) (2, 4)",
        "by hand True",
    ]
    reached = []
    for erased in ([0, 1], [2]):
        touched = X.copy()
        touched[:, erased] = 0
        for before, after in zip(both_ways(X), both_ways(touched), strict=True):
            change = np.abs(after - before).max(axis=(0, 2))
            assert (change[change > 0] > 1e-3).all()
            reached.append(change > 0)
    lines = printed(lang, "touched-code").splitlines()
    assert lines[0] == "erased [1, 2]" and lines[3] == "erased [3]"
    assert [line.split(maxsplit=1)[1] for line in lines[1:3] + lines[4:6]] == [
        str(flags) for flags in reached
    ]
    assert lines[6:] == ["output[:, -1] True False", "output[:, 0]  False True"]
    assert [flags.tolist() for flags in reached] == [
        [True, True, True],  # "has read it all"
        [True, True, False],  # "a single step, the last"
        [False, False, True],
        [True, True, True],  # "erasing step 3 changed the output of steps 1 and 2"
    ]
    assert printed(lang, "merge-code").splitlines() == [
        "concat (2, 8) True",
        "sum    (2, 4) True",
        "ave    (2, 4) True",
        "mul    (2, 4) True",
    ]


# --- what it claims in words -----------------------------------------------------------------


def test_each_sum_needs_just_the_two_that_the_chapter_names():
    """What is h at layer l and step t moved by, of all the sums of the stack?"""

    def run(touched=None):
        h = {(0, t): X[:, t - 1] for t in (1, 2, 3)}
        c = {}
        for layer, params in ((1, LOWER), (2, UPPER)):
            h[layer, 0] = c[layer, 0] = np.zeros((2, params.hidden_size))
            for t in (1, 2, 3):
                step = lstm_step(h[layer - 1, t], h[layer, t - 1], c[layer, t - 1], params)
                h[layer, t], c[layer, t] = step.h, step.c
                if touched == (layer, t):
                    h[layer, t], c[layer, t] = step.h + 0.1, step.c + 0.1
        return h

    before = run()
    np.testing.assert_allclose(
        np.stack([before[2, t] for t in (1, 2, 3)], axis=1), two_layers(X)[1].h, atol=1e-12
    )
    for layer, step in [(k, t) for k in (1, 2) for t in (1, 2, 3)]:
        after = run((layer, step))
        moved = {place for place in before if not np.array_equal(before[place], after[place])}
        up_and_right = {(k, t) for k in range(layer, 3) for t in range(step, 4)}
        assert moved == up_and_right


def test_the_output_at_step_1_depends_on_the_input_at_step_1_and_on_no_later_one():
    for step, first_moved in enumerate([0, 1, 2]):
        touched = X.copy()
        touched[:, step] += 1
        moved = (two_layers(touched)[1].h != two_layers(X)[1].h).any(axis=(0, 2))
        assert moved.argmax() == first_moved


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_figures_links_show_what_the_answer_says(lang):
    answer = source(lang, "explorer-answer")
    links = dict(re.findall(r'href="#layers\?preset=stacked&(\w+)=(\d)"', answer))
    assert links == {"D": "8", "units1": "1", "return_sequences": "0"}

    def counts(**state):
        figure = TensorExplorer(preset="stacked", **state)
        return [count_lstm(p.input_size, p.hidden_size).total for p in figure.params]

    assert counts() == [176, 200] and "= 176$" in answer and "= 200$" in answer
    assert counts(D=8) == [208, 200] and " 208" in answer
    assert counts(units1=1) == [32, 140]
    assert {"es": "32 y 140", "en": "32 and 140"}[lang] in answer
    assert "376" in answer
    trimmed = TensorExplorer(preset="stacked", return_sequences=False)
    assert trimmed.traces[0].h.shape == (2, 3, 4) and "(2, 3, 4)" in answer
    assert trimmed.returned[0].shape == (2, 5)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_sum_written_out_in_the_chapter_is_right(lang):
    said_there = re.findall(r"\$4\(([^)]*)\) = (\d+)\$", source(lang, "explorer-answer"))
    assert len(said_there) == 2
    for written, total in said_there:
        products = [np.prod([int(n) for n in part.split(r"\cdot")]) for part in written.split("+")]
        assert 4 * sum(products) == int(total)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_chapter_has_the_drawing_and_its_alt_text(lang):
    (alt,) = re.findall(
        rf"!\[([^\]]*)\]\(\.\./\.\./images/{lang}/stacked\.svg\)", source(lang, "stack")
    )
    assert alt.endswith(".") and len(alt) > 100


# --- the exercises ---------------------------------------------------------------------------

A, Z = (4, 3), (4, 7)


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("exercise", ["1", "2"])
def test_the_solutions_are_right(lang, exercise):
    assert printed(lang, f"solution-{exercise}-code").startswith("✓ ")


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ([Z, A, A, Z, Z], "✓ Right"),
        ([Z, [A, A], [Z, Z]], "✓ Right"),
        ((np.array(Z), [list(A), A], (Z, Z)), "✓ Right"),
        ([(4, 10, 7), A, A, Z, Z], "✗ The pairs are right. Is there return_sequences"),
        ([Z, Z, Z], "✗ A single layer of 7"),
        ([Z, A, Z], "✗ Three results they are"),
        ([Z], "✗ That is the output."),
        (Z, "✗ That is the output."),
        ([Z, Z, Z, Z, Z], "✗ The first layer has 3 units"),
        ([Z, A, Z, A, Z], "✗ All are there, in another order"),
        ([Z, Z, Z, A, A], "✗ All are there, but the pairs go from the bottom"),
        ([(7,), (3,), (3,), (7,), (7,)], "✗ The batch axis is missing"),
        ([Z, A, A], "✗ You wrote 3 shapes and 5 come out."),
        ([], "✗ You wrote 0 shapes"),
        ([(4, 2), A, A, Z, Z], "✗ Five they are, but"),
        (5, "✗ Write a list of shapes"),
        ("(4, 7)", "✗ Write a list of shapes"),
        ([(4.0, 7.0)], "✗ Write a list of shapes"),
        (..., "Put your answer"),
    ],
)
def test_the_verdicts_on_the_shapes(capsys, answer, verdict):
    assert said(capsys, "stacked_layers.shapes", answer).startswith(verdict)


def stack(x, params1, params2):
    return lstm_forward(lstm_forward(x, params1).h, params2).h


def by_steps(x, params1, params2):
    states = [[np.zeros((len(x), 3))] * 2 for _ in range(2)]
    rows = []
    for t in range(x.shape[1]):
        read = x[:, t]
        for k, params in enumerate((params1, params2)):
            step = lstm_step(read, *states[k], params)
            states[k] = step.h, step.c
            read = step.h
        rows.append(read)
    return np.stack(rows, axis=1)


def handed(x, p, q):
    lower = lstm_forward(x, p)
    return lstm_forward(lower.h, q, lower.h_last, lower.c_last).h


@pytest.mark.parametrize(
    ("function", "verdict"),
    [
        (stack, "✓ Right"),
        (by_steps, "✓ Right"),
        (lambda x, p, q: lstm_forward(lstm_forward(x, p).c, q).h, "✗ You sent c up"),
        (lambda x, p, q: lstm_forward(lstm_forward(x, p).h_last, q).h, "✗ Layer 2 was given"),
        (lambda x, p, q: stack(x, q, p), "✗ The layers are swapped"),
        (lambda x, p, q: stack(x, p, p), "✗ You used params1 in both"),
        (lambda x, p, q: lstm_forward(x, p).h, "✗ That is layer 1's h"),
        (lambda x, p, q: lstm_forward(x, q).h, "✗ Layer 2 has read x"),
        (handed, "✗ Layer 2 does not start"),
        (lambda x, p, q: stack(x, p, q)[:, -1], "✗ That is the last state alone"),
        (lambda x, p, q: lstm_forward(lstm_forward(x, p).h, q), "✗ That is the whole trace"),
        (lambda x, p, q: stack(x, p, q) + 1, "✗ The shape is right, the numbers"),
        (lambda x, p, q: stack(x, p, q)[0], "✗ The shape expected is (2, 4, 3)"),
        (lambda x, p, q: stack(x, p), "✗ Your answer ends in an error, TypeError"),
        (lambda x, p, q: None, "✗ Your function gives nothing back"),
        (lambda x, p, q: ..., "Put your answer"),
        (7, "✗ The function itself"),
    ],
)
def test_the_verdicts_on_the_stack(capsys, function, verdict):
    assert said(capsys, "stacked_layers.stack", function).startswith(verdict)
