"""Chapter 9, tensors and states: its numbers, its claims, its seeds' examples, its verdicts.

Keras runs in the notebook, whose stored outputs are compared here with this package's numbers.
"""

import re

import numpy as np
import pytest
from notebooks import ROOT, mimes, read
from prose import assert_said, written
from test_exercises import said, speaks_english  # noqa: F401 - a fixture that is always used

from lstm_edu import LSTMParams, TensorExplorer, count_lstm, lstm_forward
from lstm_edu.exercises.base import read as words

LANGS = pytest.mark.parametrize("lang", ["es", "en"])


def random_weights(rng, D, H):
    shapes = (D, 4 * H), (H, 4 * H), (4 * H,)
    return LSTMParams(*(rng.normal(scale=0.5, size=shape).round(2) for shape in shapes))


RNG = np.random.default_rng(0)
X = RNG.normal(size=(32, 10, 8)).round(2)
PARAMS = random_weights(RNG, 8, 4)
TRACE = lstm_forward(X, PARAMS)

ROW = np.array([[3.0, 2, 2, 2, 2, 2]])
WORD = random_weights(np.random.default_rng(1), 6, 4)
SERIES = WORD._replace(W=WORD.W[:1])
H0, C0 = np.array([[0.5, -0.5, 0.2, 0.0]]), np.array([[1.0, -1.0, 2.0, 0.5]])

LENGTHS = np.array([5, 3, 2])
RNG = np.random.default_rng(7)
SEQUENCES = [RNG.normal(size=(T, 2)).round(2) for T in LENGTHS]
SMALL = random_weights(RNG, 2, 2)
ALONE = np.array([lstm_forward(sequence, SMALL).h_last for sequence in SEQUENCES])


def padded(side, T=5):
    batch = np.zeros((3, T, 2))
    for row, sequence in zip(batch, SEQUENCES, strict=True):
        place = slice(0, len(sequence)) if side == "post" else slice(T - len(sequence), T)
        row[place] = sequence
    return batch


def after_padding(side, T=5):
    return lstm_forward(padded(side, T), SMALL).h_last


def handed_on(h_4, c_4):
    """How far the last six steps end from where all ten do, with these states at the cut."""
    return np.abs(lstm_forward(X[:, 4:], PARAMS, h_4, c_4).h - TRACE.h[:, 4:]).max(axis=(0, 2))


def time_first(x):
    return lstm_forward(x.swapaxes(0, 1), PARAMS).h.swapaxes(0, 1)


def printed(lang, cell):
    page = read(ROOT / "chapters" / lang / "09_tensors_and_states.ipynb")
    (found,) = (one for one in page.cells if one.id == cell)
    return "".join(mimes(output).get("stdout", "") for output in found.outputs)


def vectors(lang, cell):
    """Return what a cell prints in brackets after each name: {"alone": ["-0.0473", …]}."""
    lines = [line.strip("]").partition("[") for line in printed(lang, cell).splitlines()]
    return {name.strip(): inside.split() for name, bracket, inside in lines if bracket}


def digits(array):
    """The first three numbers of the first row, as NumPy prints them: no zeros at the end."""
    return [f"{value:.4f}".rstrip("0") for value in array[0, :3]]


# --- the numbers -----------------------------------------------------------------------------


def chapter_9():
    """Yield (cell id, value, decimals) for the numbers that chapter 9 says in its sentences."""
    yield "shapes-answer", X.shape[0], 0
    yield "explorer-answer", count_lstm(8, 4).total, 0
    yield "reshape-answer", count_lstm(6, 4).total, 0
    yield "reshape-answer", count_lstm(1, 4).total, 0
    h_4, c_4 = TRACE.h[:, 3], TRACE.c[:, 3]
    yield "pieces-answer", handed_on(h_4, 0 * c_4)[-1], 4
    yield "pieces-answer", handed_on(0 * h_4, 0 * c_4)[-1], 4
    yield "padding-answer", ALONE[2, 0], 4
    yield "padding-answer", after_padding("post")[2, 0], 4
    yield "padding-answer", after_padding("pre")[2, 0], 4


@LANGS
def test_the_numbers_of_chapter_9_are_the_computed_ones(lang):
    page = read(ROOT / "chapters" / lang / "09_tensors_and_states.ipynb")
    said = [(cell, written(value, decimals, lang)) for cell, value, decimals in chapter_9()]
    assert_said(page, said)


@LANGS
def test_keras_printed_what_this_package_computes(lang):
    x6 = ROW.reshape(1, 1, 6)
    zeros = lstm_forward(x6, WORD).h_last
    series = lstm_forward(ROW.reshape(1, 6, 1), SERIES).h_last
    assert vectors(lang, "reshape-code") == {"D = 6": digits(zeros), "D = 1": digits(series)}
    assert vectors(lang, "initial-code") == {
        "zeros": digits(zeros),
        "states": digits(zeros),  # setting them does nothing
        "h0, c0": digits(lstm_forward(x6, WORD, H0, C0).h_last),
        "c0, h0": digits(lstm_forward(x6, WORD, C0, H0).h_last),
    }
    padding = vectors(lang, "padding-code")
    assert padding.pop("kept by Masking") == ["True", "False", "True"]
    assert padding.pop("default pad") == ["0", "0", "0", "1]", "int32"]
    assert padding == {
        "alone": digits(ALONE.T),
        "post": digits(after_padding("post").T),
        "pre": digits(after_padding("pre").T),
        "post 50": digits(after_padding("post", 50).T),
    }


def test_no_printed_digit_hangs_on_the_last_bit():
    """Keras computes in float32: no value may sit where four decimals could go either way."""
    x6, h_4, c_4 = ROW.reshape(1, 1, 6), TRACE.h[:, 3], TRACE.c[:, 3]
    shown = [
        *(lstm_forward(x6, WORD, *states).h_last for states in [(), (H0, C0), (C0, H0)]),
        lstm_forward(ROW.reshape(1, 6, 1), SERIES).h_last,
        *(after_padding("post", T) for T in (5, 50)),
        *(after_padding("pre"), ALONE),
        handed_on(h_4, 0 * c_4)[-1],
        handed_on(0 * h_4, 0 * c_4)[-1],
    ]
    values = 1e4 * np.concatenate([np.ravel(array) for array in shown])
    assert np.abs(values - np.floor(values) - 0.5).min() > 5e-3  # in units of the last decimal


# --- what the documents print that the book grew from ----------------------------------------


@LANGS
def test_the_shapes_of_the_documents_it_grew_from(lang):
    """LSTM(4) on (32, 10, 8): what comes out, the three arrays, and 32 × 4 times True."""
    shapes = printed(lang, "shapes-code")
    assert "x (32, 10, 8)  h (32, 4)" in shapes
    for name, shape in (("kernel", "(8, 16)"), ("recurrent_kernel", "(4, 16)"), ("bias", "(16,)")):
        assert re.search(rf"^{name} +{re.escape(shape)}$", shapes, re.MULTILINE)
    returned = printed(lang, "returns-code")
    assert "output (32, 10, 4)  h (32, 4)  c (32, 4)" in returned
    assert "output[:, -1] == h: True" in returned and "== c: False" in returned
    assert [array.shape for array in PARAMS] == [(8, 16), (4, 16), (16,)]
    assert (TRACE.h[:, -1] == TRACE.h_last).tolist() == [[True] * 4] * 32
    one_step = printed(lang, "reshape-code")  # "four units on (1, 1, 6)"
    assert "(1, 1, 6) -> (1, 1, 4)" in one_step and "(1, 6, 1) -> (1, 6, 4)" in one_step


# --- what is claimed in words ----------------------------------------------------------------


def test_what_chapter_9_claims_of_the_figure():
    tensors = TensorExplorer(preset="states")
    assert [array.shape for array in tensors.returned] == [(32, 10, 4), (32, 4), (32, 4)]
    output, h, c = tensors.returned
    assert (output[:, -1] == h).all() and not np.isclose(output[:, -1], c).any()
    for B in (32, 1):
        tensors.B = B
        assert sum(array.size for array in tensors.params[0]) == 208


@LANGS
def test_the_links_of_chapter_9_set_the_figure(lang):
    page = read(ROOT / "chapters" / lang / "09_tensors_and_states.ipynb")
    links = re.findall(r'href="#tensors\?([^"]+)"', "".join(cell.source for cell in page.cells))
    assert len(links) == 4
    for link in links:
        state = dict(pair.split("=") for pair in link.split("&"))
        TensorExplorer(**{k: v if k == "preset" else int(v) for k, v in state.items()})


def test_what_chapter_9_claims_of_the_pieces():
    h_4, c_4 = TRACE.h[:, 3], TRACE.c[:, 3]
    assert handed_on(h_4, c_4).max() < 1e-15  # "the very same 10"
    without_c = handed_on(h_4, 0 * c_4)
    assert without_c[0] > 5 * without_c[-1]  # "has already forgotten a good part"
    swapped = lstm_forward(ROW.reshape(1, 1, 6), WORD, C0, H0).h_last
    assert not np.allclose(swapped, lstm_forward(ROW.reshape(1, 1, 6), WORD, H0, C0).h_last)


@LANGS
def test_what_chapter_9_claims_of_stateful_layers(lang):
    assert printed(lang, "stateful-code").splitlines() == [
        "4 + 6     True",
        "no reset  False",
        "reset     True",
        "shuffled  False",
        "ValueError with 16 sequences",
        "in a model False",
    ]
    order = np.random.default_rng(0).permutation(32)
    states = TRACE.h[:, 3], TRACE.c[:, 3]
    h = lstm_forward(X[order, 4:], PARAMS, *states).h_last
    assert np.abs(h[np.argsort(order)] - TRACE.h_last).max() > 1e-2


@LANGS
def test_what_chapter_9_claims_of_padding(lang):
    counts = {side: (padded(side) != 0).any(axis=-1) for side in ("post", "pre")}
    np.testing.assert_array_equal(counts["post"], np.arange(5) < LENGTHS[:, None])
    for side, mask in counts.items():  # "each sequence gives what it gives alone"
        h = lstm_forward(padded(side), SMALL, mask=mask).h_last
        np.testing.assert_allclose(h, ALONE, rtol=0, atol=1e-15)
        assert not np.isclose(after_padding(side)[1:], ALONE[1:], atol=1e-3).any()
        np.testing.assert_allclose(after_padding(side)[0], ALONE[0], rtol=0, atol=1e-15)
    ends = after_padding("post", 50)
    assert len({tuple(row) for row in ends.round(4)}) == 1  # "the same four decimals"
    off = {side: np.abs(after_padding(side)[2] - ALONE[2]).max() for side in counts}
    assert off["pre"] < off["post"]  # "before does less harm here"
    trace = lstm_forward(padded("post"), SMALL)
    assert np.abs(np.diff(trace.c[2, 1:], axis=0)).min() > 1e-3  # "does the state stay still? No"
    said = printed(lang, "padding-code")
    for line in ("mask    post True", "Masking post True", "Masking pre  True"):
        assert line in said


@LANGS
def test_what_chapter_9_claims_of_the_axis_that_changes_place(lang):
    wrong = time_first(X)
    assert wrong.shape == TRACE.h.shape and not np.allclose(wrong, TRACE.h)
    right = time_first(X.swapaxes(0, 1)).swapaxes(0, 1)
    np.testing.assert_allclose(right, TRACE.h, rtol=0, atol=1e-15)
    touched = X.copy()
    touched[0] += 1
    changed = np.abs(time_first(touched) - wrong).max(axis=(1, 2))
    assert changed.min() > 1e-9  # "in the wrong one, all 32"
    changed = np.abs(lstm_forward(touched, PARAMS).h - TRACE.h).max(axis=(1, 2))
    assert changed[0] > 0.1 and changed[1:].max() == 0
    said = printed(lang, "time-first-code").splitlines()
    assert said == [
        "wrong    (32, 10, 4) False",
        "swapaxes (32, 10, 4) True",
        "reshape  (32, 10, 4) False",
        "changed, batch first: 1",
        "changed, time first:  32",
    ]


# --- the exercises ---------------------------------------------------------------------------

OUT, WEIGHTS = [(16, 20, 7), (16, 7), (16, 7)], [(3, 28), (7, 28), (28,)]


@pytest.mark.parametrize(
    ("outputs", "weights", "reply"),
    [
        (OUT, WEIGHTS, "✓ Right: out come the sequence, h and c"),
        ([list(shape) for shape in OUT], np.array(WEIGHTS, dtype=object), "✓ Right"),
        (OUT, [(3, 28), (7, 28), 28], "✓ Right"),
        ([(16, 20, 3), (16, 3), (16, 3)], WEIGHTS, "✗ Outputs: the 3 features go in"),
        (OUT[:2], WEIGHTS, "✗ Outputs: one is missing"),
        ([(16, 20, 7)] * 3, WEIGHTS, "✗ Outputs: the final states are those of the last"),
        ([(16, 7)] * 3, WEIGHTS, "✗ Outputs: with return_sequences=True"),
        ([(16, 20, 28), (16, 28), (16, 28)], WEIGHTS, "✗ Outputs: the four blocks stay"),
        ([(16, 20, 7), (1, 16, 7), (1, 16, 7)], WEIGHTS, "✗ Outputs: that 1 in front"),
        (OUT[::-1], WEIGHTS, "✗ Outputs: first the whole sequence"),
        (OUT, [(16, 3, 28), (16, 7, 28), (28,)], "✗ Outputs, right. Weights: the batch"),
        (OUT, [(20, 28), (7, 28), (28,)], "✗ Outputs, right. Weights: the batch"),
        (OUT, [(3, 7), (7, 7), (7,)], "✗ Outputs, right. Weights: that is a single block"),
        (OUT, [(28, 3), (28, 7), (28,)], "✗ Outputs, right. Weights: so PyTorch keeps"),
        (OUT, [*WEIGHTS, (28,)], "✗ Outputs, right. Weights: PyTorch has two biases"),
        (OUT, [(10, 28), (28,)], "✗ Outputs, right. Weights: Keras does not join"),
        (OUT, WEIGHTS[::-1], "✗ Outputs, right. Weights: there are three"),
        (7, WEIGHTS, "✗ Write two lists of tuples"),
        (OUT, ["kernel", "bias"], "✗ Write two lists of tuples"),
        ([(16, 20, 7.5)], WEIGHTS, "✗ Write two lists of tuples"),
        (..., WEIGHTS, "Put your answer"),
    ],
)
def test_the_verdicts_of_exercise_1(outputs, weights, reply, capsys):
    assert said(capsys, "tensors_and_states.shapes", outputs, weights).startswith(reply)


def rows(h):
    return np.arange(len(h))


@pytest.mark.parametrize(
    ("answer", "reply"),
    [
        (lambda h, n: h[rows(h), n - 1], "✓ Right: each sequence"),
        (lambda h, n: [row[k - 1] for row, k in zip(h, n, strict=True)], "✓ Right"),
        (lambda h, n: np.take_along_axis(h, n[:, None, None] - 1, 1)[:, 0], "✓ Right"),
        (lambda h, n: ..., "Put your answer"),
        (lambda h, n: None, "✗ Your function gives nothing back"),
        (lambda h, n: h[:, -1], "✗ Index −1 is the last step of the tensor"),
        (lambda h, n: h[rows(h), n], "✗ That is the next step"),
        (lambda h, n: h[rows(h), n - 2], "✗ That is the step before the last"),
        (lambda h, n: h[rows(h), -n], "✗ You have counted from the end"),
        (
            lambda h, n: [r[:k].mean(axis=0) for r, k in zip(h, n, strict=True)],
            "✗ That is the mean",
        ),
        (lambda h, n: h[:, n - 1], "✗ Shape (4, 4, 3): you took everyone's steps"),
        (lambda h, n: h * (np.arange(6) < n[:, None])[..., None], "✗ Shape (4, 6, 3): all the"),
        (lambda h, n: h[:, 0] + 1, "✗ The shape is right, but these are not"),
        (lambda h, n: h[0, 0], "✗ The shape expected is (4, 3)"),
        (lambda h: h, "✗ Your answer ends in an error, TypeError"),
        (np.ones(3), "✗ The function itself goes here"),
    ],
)
def test_the_verdicts_of_exercise_2(answer, reply, capsys):
    assert said(capsys, "tensors_and_states.last_states", answer).startswith(reply)


@LANGS
def test_the_replies_of_chapter_9_fit_on_a_telephone(lang):
    long = {k: v[lang] for k, v in words("tensors_and_states").items() if len(v[lang]) > 88}
    assert long == {}
