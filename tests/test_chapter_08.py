"""Chapter 8, predicting a word: its numbers, what it claims in words, and its exercises."""

import math
import re
from collections import Counter
from itertools import permutations

import numpy as np
import pytest
from notebooks import ROOT, mimes, read
from prose import assert_said, written
from test_exercises import said, speaks_english  # noqa: F401 - a fixture that is always used

from lstm_edu import (
    LSTMParams,
    PredictionExplorer,
    check_gradients,
    count_lstm,
    counting,
    lstm_backward,
    lstm_forward,
    sigmoid,
)

SLUG = "08_predicting_a_word"
WORDS = ["padding", "is", "an", "this", "example"]


def page(lang):
    return read(ROOT / "chapters" / lang / f"{SLUG}.ipynb")


def sources(lang):
    return {cell.id: cell.source for cell in page(lang).cells}


def printed(lang):
    """What each code cell of the page wrote, by the cell's id."""
    return {
        cell.id: "".join(mimes(output).get("stdout", "") for output in cell.outputs)
        for cell in page(lang).code()
    }


@pytest.fixture(scope="module")
def book():
    """The functions that the chapter writes, run from its own cells."""
    used = (LSTMParams, lstm_backward, lstm_forward, sigmoid)
    names = {"np": np} | {one.__name__: one for one in used}
    cells = sources("en")
    exec(cells["same-code"].partition("\n\n\ntrace")[0], names)
    exec(cells["train-code"], names)
    exec(cells["study-code"].partition("\n\n\nsentence")[0], names)
    return names


def net(first="this", second="is", **state):
    return PredictionExplorer(first=first, second=second, **state)


def log_loss(p, target):
    """Return both cross-entropies of plain numbers, the categorical and the binary."""
    hits = [math.log(q if k == target else 1 - q) for k, q in enumerate(p)]
    return -hits[target], -sum(hits) / len(p)


def chapter_8():
    """Yield (cell id, value, decimals) for the numbers that chapter 8 says in its sentences."""
    one, other = net(), net("is", "an", target="example")
    p = one.probabilities
    yield "model-answer", count_lstm(1, 1).total, 0
    yield "model-answer", counting.count_dense(1, 5).total, 0
    yield "model-answer", count_lstm(1, 1).total + counting.count_dense(1, 5).total, 0
    yield "model-answer", count_lstm(1, 1).total - 4, 0
    yield "hand-answer", 100 * p[4], 1
    yield "hand-answer", 100 * p[2], 1
    yield "hand-answer", one.trace.f[1, 0], 4
    yield "hand-answer", 100 * one.trace.f[1, 0], 2
    yield "live-answer", p[4], 4
    yield "live-answer", net("example").probabilities[4], 4
    yield "live-answer", one.trace.g[0, 0], 4
    yield "live-answer", net("padding").trace.c[0, 0], 4
    yield "same-answer", math.log(2), 4
    yield "same-answer", (one.categorical + other.categorical) / 2, 4
    yield "same-answer", one.trace.h_last[0], 4
    yield "same-answer", other.trace.h_last[0], 4
    even, piled = [0.14, 0.14, 0.44, 0.14, 0.14], [0.03, 0.03, 0.44, 0.03, 0.47]
    yield "loss-answer", log_loss(even, 2)[0], 4
    yield "loss-answer", log_loss(even, 2)[1], 4
    yield "loss-answer", log_loss(piled, 2)[1], 4
    yield "loss-answer", log_loss(p, 2)[0], 4
    yield "loss-answer", log_loss(p, 2)[1], 4
    yield "loss-answer", log_loss(p, 2)[1], 4
    yield "loss-answer", math.log(5), 4
    yield "loss-answer", log_loss([0.2] * 5, 2)[1], 4
    signs = np.where(np.arange(5) == 2, 1, -1)
    yield "loss-answer", np.log1p(np.exp(-signs * one.logits)).mean(), 4
    alone = LSTMParams(one.W, one.U, one.b)
    for words in ([[0], [1]], [[1]], [[1], [0]]):
        yield "padding-answer", lstm_forward(words, alone).h_last[0], 4
    yield "solution-1", count_lstm(4, 3).total, 0
    yield "solution-1", counting.count_dense(3, 7).total, 0
    yield "solution-1", count_lstm(4, 3).total + counting.count_dense(3, 7).total, 0


def whole(number):
    return rf"(?<![\d.,−]){re.escape(number)}(?!\d|[.,]\d)"  # 4.7 is not in 4.7629


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_numbers_of_chapter_8_are_the_computed_ones(lang):
    said_here = [(cell, written(v, decimals, lang)) for cell, v, decimals in chapter_8()]
    assert_said(page(lang), said_here)


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize(
    ("cell", "line", "numbers"),
    [
        ("starts", "rate 0.001", ["0.80"]),
        ("names", "one number", ["0.014", "0.695"]),
        ("study", "T = 2  the cat sees the", ["0.50", "0.50"]),
    ],
)
def test_what_training_gives_is_what_the_sentences_say(lang, cell, line, numbers):
    [row] = [row for row in printed(lang)[f"{cell}-code"].splitlines() if row.startswith(line)]
    for number in numbers:
        assert re.search(whole(number), row), row
        number = number.replace(".", ",") if lang == "es" else number
        assert_said(page(lang), [(f"{cell}-answer", number)])


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_cells_say_what_was_claimed_of_them(lang):
    out = printed(lang)
    for cell in ("hand-code", "train-keras-code"):
        assert "True" in out[cell] and "False" not in out[cell], cell
    assert "{'is': 1, 'an': 2, 'this': 3, 'example': 4}" in out["data-code"]
    assert "[[3 1]\n [1 2]]" in out["data-code"]
    assert "[[0. 0. 1. 0. 0.]\n [0. 0. 0. 0. 1.]]" in out["data-code"]
    assert "argmax is right  0.5" in out["loss-code"] and "y   0.8" in out["loss-code"]
    slow, fast = out["starts-code"].splitlines()
    assert "learnt  0/10" in slow and "learnt 10/10" in fast
    assert float(re.search(r"to (\S+)", fast)[1]) < 0.01  # "ends below 0.01"
    one_hot = re.search(r"one-hot +loss (\S+) to (\S+)", out["names-code"])
    assert one_hot[1] == one_hot[2]  # "all 24 give the same loss"
    *old, padding, unrolled = out["drift-code"].splitlines()
    assert len(old) == 3 and all(line.endswith(" False") for line in old)  # "gone"
    assert padding.endswith(" True") and unrolled.endswith(" True")  # "the same numbers"


# --- the printed network: one of the documents the book grew from ---------------------------


def test_the_probabilities_that_were_printed():
    np_float32 = [0.0280686, 0.02588452, 0.44036636, 0.0376617, 0.4680188]
    keras_float32 = [0.02806861, 0.02588452, 0.44036642, 0.0376617, 0.46801886]
    for values in (np_float32, keras_float32):
        np.testing.assert_allclose(net().probabilities, values, rtol=0, atol=1e-7)


def test_the_weights_of_the_chapter_are_those_of_the_explorer():
    names = {"np": np}
    exec(sources("en")["hand-code"].partition("trained")[0], names)
    for name in ("W", "U", "b", "W_y", "b_y"):
        np.testing.assert_array_equal(names[name], getattr(net(), name))


def test_the_words_and_their_numbers():
    """The document's own way: sorted by how often, ties in order of arrival."""
    counts = Counter(["this", "is", "is", "an", "an", "example"])
    assert sorted(counts, key=counts.get, reverse=True) == WORDS[1:]
    with pytest.raises(IndexError):
        np.eye(4)[4]  # "an error"


# --- what is claimed in words ---------------------------------------------------------------


def test_what_chapter_8_claims_of_the_printed_network():
    one = net()
    assert one.most_probable == ["example"] and one.target == "an"
    moved = net(b=one.b + np.array([0, 1, 0, 0]))  # the bias of the forget gate
    assert moved.trace.c[0] == one.trace.c[0] and moved.trace.c[1] != one.trace.c[1]
    np.testing.assert_allclose(net("example").probabilities, one.probabilities, atol=0.002)
    assert (one.categorical + net("is", "an", target="example").categorical) / 2 > math.log(2)
    assert max(*one.probabilities, *net("is", "an").probabilities) < 0.5  # "no one reaches 0.5"


def test_the_gradients_of_the_two_losses(book):
    y = net().logits.copy()
    p = book["softmax"](y)
    slopes = p - np.eye(5)[2]
    check_gradients(lambda y: log_loss(book["softmax"](y), 2)[0], {"y": y}, {"y": slopes})
    dp = np.where(np.arange(5) == 2, -1 / p, 1 / (1 - p)) / 5
    binary = p * (dp - dp @ p)
    check_gradients(lambda y: log_loss(book["softmax"](y), 2)[1], {"y": y}, {"y": binary})
    assert (abs(binary) < abs(slopes)).all()  # "another, and smaller"


def test_the_gradients_of_the_training_loop(book):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(3, 4, 2)), np.eye(5)[[0, 3, 1]]
    names = ["W", "U", "b", "W_y", "b_y"]
    weights = [rng.normal(size=array.shape) for array in book["start"](0, 2, 3, 5)]

    def loss(**arrays):
        _, p = book["predict"](x, [arrays[name] for name in names])
        return -np.log(p[y == 1]).mean()

    gradients = dict(zip(names, book["gradients"](x, y, weights), strict=True))
    check_gradients(loss, dict(zip(names, weights, strict=True)), gradients)


def test_the_binary_loss_learns_too_if_the_steps_are_large(book, monkeypatch):
    """Said where the blame is laid: “with the binary loss and a rate of 0.05 all ten learn”."""
    x, Y = np.array([[[3.0], [1]], [[1], [2]]]), np.eye(5)[[2, 4]]

    def gradients(x, y, weights):
        trace, p = book["predict"](x, weights)
        dp = np.where(y == 1, -1 / p, 1 / (1 - p)) / y.size
        dy = p * (dp - (dp * p).sum(axis=-1, keepdims=True))
        dh = np.zeros_like(trace.h)
        dh[:, -1] = dy @ weights[3].T
        lstm = lstm_backward(trace, dh)
        return [lstm.dW, lstm.dU, lstm.db, trace.h_last.T @ dy, dy.sum(axis=0)]

    monkeypatch.setitem(book, "gradients", gradients)
    for seed in range(10):
        weights = book["train"](x, Y, book["start"](seed, 1, 1, 5), steps=500, rate=0.05)
        assert book["predict"](x, weights)[1][Y == 1].min() > 0.9


def test_a_gate_on_one_number_has_no_middle():
    """No w and b open a gate at 2 and close it at 1 and at 3."""
    w, b = np.meshgrid(np.linspace(-50, 50, 201), np.linspace(-100, 100, 201))
    at = {x: w * x + b for x in (1, 2, 3)}
    assert (at[2] <= np.maximum(at[1], at[3]) + 1e-12).all()


def test_every_numbering_is_learnt_from_another_start(book):
    """Said of the numberings: “from another start and with more steps it can get there”."""
    X, Y = np.array([[3, 1], [1, 2]]), np.eye(5)[[2, 4]]
    for numbers in permutations([1, 2, 3, 4]):
        x = np.array([0, *numbers])[X][..., None]
        weights = book["train"](x, Y, book["start"](1, 1, 1, 5), steps=200, rate=0.05)
        assert book["predict"](x, weights)[1][Y == 1].min() > 0.85


def test_the_window_of_the_sentence(book):
    sentence = "the cat sees the dog and the dog sees the cat"
    short, long = (book["study"](sentence, T) for T in (2, 4))
    assert short("the cat sees the") == short("the dog sees the")
    assert long("the cat sees the")["dog"] > 0.95
    assert long("the dog sees the")["cat"] > 0.95


# --- the exercises --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "reply"),
    [
        (124, "✓ Right: 96 of the LSTM and 28"),
        (124.0, "✓ Right"),
        (88, "✗ The recurrent weights are missing"),
        (115, "✗ You counted one bias per unit"),
        (100, "✗ You counted the three gates alone"),
        (52, "✗ That is a single block"),
        (136, "✗ Two biases per block"),
        (96, "✗ That is the LSTM alone"),
        (117, "✗ The dense layer's bias"),
        (988, "✗ You multiplied by the steps"),
        (313, "✗ The dense layer reads the last"),
        (123, "✗ No. Count one block"),
        ("124", "✓ Right"),
        ("many", "✗ This needs a number"),
        ([96, 28], "✗ The shape expected is ()"),
    ],
)
def test_the_verdicts_of_exercise_1(answer, reply, capsys):
    assert said(capsys, "predicting_a_word.parameters", answer).startswith(reply)


def shares(y):
    return np.exp(y) / np.exp(y).sum()


def safe(y, target):
    y = y - y.max()
    return np.log(np.exp(y).sum()) - y[target]


def safe_shares(y):
    return shares(y - y.max())


@pytest.mark.parametrize(
    ("answer", "reply"),
    [
        (safe, "✓ Right, and with [0, 2000] it gives 2000"),
        (lambda y, t: np.logaddexp.reduce(y) - y[t], "✓ Right"),
        (lambda y, t: -np.log(shares(y)[t]), "✗ Good with small numbers"),
        (lambda y, t: -np.log(safe_shares(y)[t]), "✗ Good with small numbers"),
        (lambda y, t: -np.log(safe_shares(y)[t] + 1e-12), "✗ Finite, but [0, 2000] gives 28"),
        (lambda y, t: -safe(y, t), "✗ The sign is missing"),
        (lambda y, t: log_loss(shares(y), t)[1], "✗ That is the binary one"),
        (lambda y, t: 5 * log_loss(shares(y), t)[1], "✗ You added the words"),
        (lambda y, t: safe(y, t) / 5, "✗ You divided by the number"),
        (lambda y, t: safe(y, t) / math.log(10), "✗ You used the logarithm to base 10"),
        (lambda y, t: safe(y, t) / math.log(2), "✗ You used the logarithm to base 2"),
        (lambda y, t: shares(y)[t], "✗ That is the word's probability"),
        (lambda y, t: -(shares(y) * np.log(shares(y))).sum(), "✗ That is the entropy"),
        (lambda y, t: -y[t], "✗ The logarithm of the sum"),
        (lambda y, t: safe(shares(y), t), "✗ You went through softmax twice"),
        (lambda y, t: np.exp(y).sum() - y[t], "✗ The sum of exponentials needs"),
        (lambda y, t: 7.0, "✗ That is not"),
        (lambda y, t: -np.log(shares(y)), "✗ The shape expected is ()"),
        (lambda y, t: None, "✗ Your function gives nothing back"),
        (lambda y, t: ..., "Put your answer"),
        (lambda y: y, "✗ Your answer ends in an error, TypeError"),
        (0.82, "✗ The function itself goes here"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_the_verdicts_of_exercise_2(answer, reply, capsys):
    assert said(capsys, "predicting_a_word.cross_entropy", answer).startswith(reply)
