"""Chapter 8, predicting a word: its numbers, what it claims in words, and its exercises."""

import math
import re
from collections import Counter
from functools import cache, partial
from itertools import permutations

import numpy as np
import pytest
from prose import assert_said

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
from lstm_edu.language import text
from rules.pages import ROOT, mimes, read
from rules.prose import written

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
    names["Y"] = np.eye(5)[[2, 4]]
    exec(cells["names-code"].partition("\n\n\none_number")[0], names)
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
    p = np.array([1, 2, 1, 4]) / 8
    for value, decimals in zip([*p, *(p - np.eye(4)[1])], [3, 2, 3, 1] * 2, strict=True):
        yield "solution-1", value, decimals
    i, o = sigmoid(10 * (2 - 1.5)), sigmoid(-10 * (2 - 2.5))
    yield "names-answer", o * math.tanh(i), 3


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
        ("names", "one number  8", ["0.020", "0.695", "0.034", "0.694"]),
        ("names", "one-hot", ["0.010", "0.063"]),
        ("held-out", "          200", ["0.01", "1.75"]),
        ("held-out", "          100", ["1.41"]),
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
    assert "argmax is right  0.5" in out["loss-code"] and "Y   0.8" in out["loss-code"]
    slow, fast = out["starts-code"].splitlines()
    assert "learnt  0/10" in slow and "learnt 10/10" in fast
    assert float(re.search(r"to (\S+)", fast)[1]) < 0.01  # "ends below 0.01"
    assert "Y      " in out["loss-code"]
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
        weights = book["train"](x, Y, book["start"](seed, 1, 1, 5), updates=500, rate=0.05)
        assert book["predict"](x, weights)[1][Y == 1].min() > 0.9


def test_a_gate_on_one_number_has_no_middle():
    """No w and b open a gate at 2 and close it at 1 and at 3."""
    w, b = np.meshgrid(np.linspace(-50, 50, 201), np.linspace(-100, 100, 201))
    at = {x: w * x + b for x in (1, 2, 3)}
    assert (at[2] <= np.maximum(at[1], at[3]) + 1e-12).all()


def one_number(numbers):
    return np.array([0, *numbers])[[[3, 1], [1, 2]]][..., None]


def test_which_numbers_the_words_bear_matters_beyond_the_luck_of_the_start(book):
    """Medians of two sets of eight starts agree on which numberings are bad."""
    losses = np.array(
        [
            [book["final_loss"](one_number(numbers), seed) for seed in range(16)]
            for numbers in permutations([1, 2, 3, 4])
        ]
    )
    printed_set, other_set = (np.median(half, axis=1) for half in np.split(losses, 2, axis=1))
    assert np.corrcoef(printed_set, other_set)[0, 1] > 0.5
    for value in (printed_set.min(), printed_set.max(), losses[0, :8].min(), losses[0, :8].max()):
        assert f"{value:.3f}" in printed("en")["names-code"].splitlines()[0]


def test_with_one_hot_and_each_words_own_row_no_numbering_differs(book):
    x, Y = np.array([[3, 1], [1, 2]]), np.eye(5)[[2, 4]]
    losses = []
    for numbers in permutations([1, 2, 3, 4]):
        new = np.array([0, *numbers])
        weights = book["start"](0, 5, 1, 5)
        weights[0] = weights[0][np.argsort(new)]  # word k becomes new[k], and takes its row along
        weights = book["train"](np.eye(5)[new[x]], Y, weights, updates=100, rate=0.05)
        losses.append(-np.log(book["predict"](np.eye(5)[new[x]], weights)[1][Y == 1]).mean())
    np.testing.assert_allclose(losses, losses[0], rtol=1e-9)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_unit_can_show_what_a_gate_cannot(lang):
    x = np.array([1, 2, 3])
    h = sigmoid(-10 * (x - 2.5)) * np.tanh(sigmoid(10 * (x - 1.5)))
    assert h[1] > 0.75 and max(h[0], h[2]) < 0.01
    assert str(h.round(4)) in printed(lang)["names-code"]


def test_adams_epsilon_stands_where_keras_puts_it(book):
    """Keras adds it before the correction, the paper after: the weights tell."""
    x, Y = np.array([[[3.0], [1]], [[1], [2]]]), np.eye(5)[[2, 4]]
    weights = book["start"](0, 1, 1, 5)
    m, v = [0] * 5, [0] * 5
    for n in range(1, 501):
        for k, gradient in enumerate(book["gradients"](x, Y, weights)):
            m[k] = 0.9 * m[k] + 0.1 * gradient
            v[k] = 0.999 * v[k] + 0.001 * gradient**2
            m_hat, v_hat = m[k] / (1 - 0.9**n), v[k] / (1 - 0.999**n)
            weights[k] = weights[k] - 0.001 * m_hat / (np.sqrt(v_hat) + 1e-7)
    ours = book["train"](x, Y, book["start"](0, 1, 1, 5), updates=500, rate=0.001)
    apart = max(abs(one - other).max() for one, other in zip(ours, weights, strict=True))
    assert apart > 5e-5 and f"{apart:.4f}" == "0.0004"
    for lang in ("es", "en"):
        assert_said(page(lang), [("starts", written(apart, 4, lang))])
        assert printed(lang)["train-keras-code"].endswith("within 5e-5: True\n")


@pytest.mark.parametrize("lang", ["es", "en"])
def test_sentences_held_out_are_not_learnt_as_those_seen(lang):
    rows, splits = [], printed(lang)["held-out-code"].splitlines()
    rows = [list(map(float, line.split())) for line in splits[1:5]]
    seen, held_out = [row[1] for row in rows], [row[2] for row in rows]
    assert seen == sorted(seen, reverse=True)  # "goes on falling"
    assert rows[2][0] == 100 and held_out[2] == min(held_out) < held_out[3]  # "and then rises"
    shares = [tuple(map(float, pair.split(", "))) for pair in splits[-1].split("   ")]
    assert len(shares) == 5 and all(right == 1 for right, _ in shares)  # "the 28 that it saw"
    others = [round(100 * other) for _, other in shares]
    text = sources(lang)["held-out-answer"]
    assert f"{min(others)} {'al' if lang == 'es' else 'to'} {max(others)}" in text
    assert str(round(100 * rows[2][4])) in text.rpartition("</details>")[2]


def test_the_split_and_the_start_both_matter_for_what_is_held_out(book):
    """Each of the five splits has a start of its own, so neither can be blamed alone."""
    code = sources("en")["held-out-code"].partition("\n\n\nbar")[0]
    first = "start(split, 11, 8, 11)"
    assert code.count(first) == 1
    shares = {}
    for split, seed in ((0, 0), (0, 4), (3, 0)):
        names = dict(book, permutations=permutations)
        exec(code.replace(first, f"start({seed}, 11, 8, 11)"), names)
        shares[split, seed] = list(names["validated"](split, 200))[1][1]
    assert abs(shares[0, 4] - shares[0, 0]) > 0.1 and abs(shares[3, 0] - shares[0, 0]) > 0.1


@pytest.fixture(scope="module")
def writers(book):
    """The network that writes, of the chapter's split and start and of three others."""
    cells = sources("en")
    code = cells["held-out-code"].partition("\n\n\ndef")[0]
    code += "\n" + cells["write-code"].partition("\n\n\nprint")[0]
    split, first = "default_rng(0).permutation", "start(0, 11, 16, 11)"
    assert code.count(split) == code.count(first) == 1
    found = []
    for seed in range(4):
        other = code.replace(split, f"default_rng({seed}).permutation")
        names = dict(book, permutations=permutations)
        exec(other.replace(first, f"start({seed}, 11, 16, 11)"), names)
        names["write"] = cache(names["write"])  # seeded: it writes the same again
        found.append(names)
    return found


@pytest.mark.parametrize("lang", ["es", "en"])
def test_what_the_network_writes_at_each_temperature(writers, lang):
    names = writers[0]
    counts = {tau: names["kinds"](names["write"](1000, tau)) for tau in (0.001, 0.5, 1, 2)}
    lines = printed(lang)["write-code"].splitlines()
    for tau, three in counts.items():
        assert f"τ = {tau:<5}  {' '.join(map(str, three))} {1000 - sum(three)}" in lines
    assert counts[0.001][0] == 1000 and len({*map(tuple, names["write"](1000, 0.001))}) == 1
    said_here = [counts[0.5][0], *counts[1], 1000 - sum(counts[1])]
    said_here += [counts[2][0], 1000 - sum(counts[2])]
    assert_said(page(lang), [("write-answer", str(count)) for count in said_here])
    p = {tau: names["tempered"](np.array([[0]]), tau)[0] for tau in (0.5, 1, 2)}
    assert all(names["names"][one.argmax()] == "dog" for one in p.values())
    largest = [written(one.max(), 2, lang) for one in p.values()]
    assert_said(page(lang), [("write-answer", number) for number in largest])
    example = "the ant sees the cat and the cat sees the cat"
    assert f"    {example}" in lines and example in sources(lang)["write-answer"]


def test_the_temperature_divides_the_logits(writers):
    """The cell raises probabilities to 1/τ; the text divides the logits by τ."""
    names = writers[0]
    begun = np.array([[0, 3, 1], [0, 6, 1]])
    _, p = names["predict"](names["padded"](begun), names["writer"])
    for tau in (0.5, 2):
        wanted = names["softmax"](np.log(p) / tau)
        np.testing.assert_allclose(names["tempered"](begun, tau), wanted, rtol=1e-9)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_high_temperature_errs_and_none_writes_what_was_not_learnt(writers, lang):
    new = 0
    for names in writers:
        counts = [names["kinds"](names["write"](1000, tau)) for tau in (0.5, 1, 2)]
        trained, by_rule, _ = zip(*counts, strict=True)
        assert trained[0] > trained[1] > trained[2]  # "a low one repeats"
        assert sum(counts[0]) > sum(counts[1]) > sum(counts[2])  # "a high one errs"
        new = max(new, *by_rule)
    assert_said(page(lang), [("write-answer", str(new))])


def ended_by_the_rule(names):
    """How many of 1000 open as a sentence seen, or as one held out, and how many end rightly."""
    seen, right = ({*map(tuple, names[key])} for key in ("seen", "whole"))
    written = [*map(tuple, names["write"](1000, 1))]
    counts = []
    for known in (seen, right - seen):
        begun = [row for row in written if row[:5] in {one[:5] for one in known}]
        counts += [len(begun), sum(row in right for row in begun)]
    return counts


@pytest.mark.parametrize("lang", ["es", "en"])
def test_sentences_that_begin_as_one_that_was_held_out(writers, lang):
    counts = [ended_by_the_rule(names) for names in writers]
    for begun_seen, right_seen, begun_new, right_new in counts:
        assert right_new / begun_new < right_seen / begun_seen / 1.5
    assert_said(page(lang), [("write-answer", str(n)) for n in counts[0]])


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_held_out_beginning_is_no_easier_when_it_is_given(writers, lang):
    """From its five true words the network ends it as seldom as from its own."""
    given = []
    for names in writers:
        seen = {*map(tuple, names["seen"])}
        held = np.array([row for row in names["whole"] if tuple(row) not in seen])
        chance = 1.0
        for k in range(5, 11):
            p = names["tempered"](held[:, :k], 1)
            chance = chance * p[np.arange(len(held)), held[:, k]]
        given.append(chance.mean())
        *_, begun_new, right_new = ended_by_the_rule(names)
        assert given[-1] < right_new / begun_new
    assert_said(page(lang), [("write-answer", written(given[0], 2, lang))])


def test_from_zeros_only_the_last_bias_moves(book):
    """Said in the solution of exercise 3, and what two right repairs do."""
    x, Y = np.array([[[3.0], [1]], [[1], [2]]]), np.eye(5)[[2, 4]]
    zeros = [np.zeros_like(array) for array in book["start"](0, 1, 1, 5)]
    for rate in (0.001, 0.05, 1):
        *rest, b_y = book["train"](x, Y, zeros, updates=500, rate=rate)
        assert not any(array.any() for array in rest) and b_y.any()
    assert math.isclose(
        -np.log(book["predict"](x, [*rest, b_y])[1][Y == 1]).mean(), math.log(2), rel_tol=1e-5
    )
    for rate, learnt in ((0.05, 18), (0.1, 20)):
        starts = (book["start"](seed, 1, 1, 5) for seed in range(20))
        trained = [book["train"](x, Y, one, updates=200, rate=rate) for one in starts]
        assert sum(book["predict"](x, w)[1][Y == 1].min() >= 0.9 for w in trained) == learnt


def test_the_window_of_the_sentence(book):
    sentence = "the cat sees the dog and the dog sees the cat"
    short, long = (book["study"](sentence, T) for T in (2, 4))
    assert short("the cat sees the") == short("the dog sees the")
    assert long("the cat sees the")["dog"] > 0.95
    assert long("the dog sees the")["cat"] > 0.95
    spanish = book["study"]("el gato ve al perro y el perro ve al gato", 4)
    assert spanish("el gato ve al")["perro"] > 0.95 and spanish("el perro ve al")["gato"] > 0.95


@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_word_that_the_sentence_lacks_is_named(lang, capsys):
    """Somebody types a beginning with other words: a plain line, and no KeyError."""
    typed = (
        sources(lang)["yours-code"]
        .replace(', "the cat', ', "the cow')
        .replace('el gato ve"', 'un"')
    )
    exec(typed, {"study": None, "text": partial(text, lang=lang)})
    first, second = capsys.readouterr().out.splitlines()
    assert first == text("unknown_words", lang, words="cow")
    assert second == text("unknown_words", lang, words="un")


# --- the exercises --------------------------------------------------------------------------


P, ONE = np.array([1, 2, 1, 4]) / 8, np.eye(4)[1]


def shares(y):
    return np.exp(y) / np.exp(y).sum()


def safe(y, target):
    y = y - y.max()
    return np.log(np.exp(y).sum()) - y[target]


def safe_shares(y):
    return shares(y - y.max())


def parts(y):
    return np.exp(y - y.max()).sum()


def in_plain_python(y, target):
    return math.log(sum(math.exp(one) for one in y)) - y[target]


def slopes_of_binary():
    y, moves = np.log([1, 2, 1, 4]), 1e-6 * np.eye(4)
    ends = [[log_loss(shares(y + sign * e), 1)[1] for e in moves] for sign in (1, -1)]
    return np.subtract(*ends) / 2e-6


X_3, Y_3 = np.array([[3, 1], [1, 2]]), np.eye(5)[[2, 4]]


def network(D=1, seed=0, updates=200, rate=0.1, scale=1, Y=Y_3):
    """What a student gets by training, with the chapter's own functions."""
    names = {"np": np, "LSTMParams": LSTMParams, "sigmoid": sigmoid}
    names |= {"lstm_forward": lstm_forward, "lstm_backward": lstm_backward}
    cells = sources("en")
    exec(cells["same-code"].partition("\n\n\ntrace")[0], names)
    exec(cells["train-code"], names)
    x = X_3[..., None].astype(float) if D == 1 else np.eye(5)[X_3]
    first = [scale * array for array in names["start"](seed, D, 1, 5)]
    return names["train"](x, Y, first, updates, rate)


LEARNT, LOST = network(), network(updates=100, rate=0.001)
FALSE_W = [LEARNT[0].T, *LEARNT[1:]]

VERDICTS = {
    "predicting_a_word.gradient": [
        ((P - ONE,), "right"),
        (([0.125, -0.75, 0.125, 0.5],), "right"),
        (([1 / 8, -6 / 8, 1 / 8, 4 / 8],), "right"),
        ((P,), "probabilities"),
        ((ONE - P,), "sign"),
        (([-0.875, 0.25, 0.125, 0.5],), "from_one"),
        ((np.log([1, 2, 1, 4]) - ONE,), "logits"),
        (([1, 1, 1, 4],), "exponentials"),
        (([0, -0.75, 0, 0],), "target_alone"),
        (([0, -4, 0, 0],), "from_probabilities"),
        (((P - ONE) / 4,), "mean"),
        ((ONE,), "one_hot"),
        ((slopes_of_binary(),), "binary"),
        (([0.125, -0.75, 0.125, 0.6],), "sum"),
        (([0.25, -0.75, 0.25, 0.5],), "sum"),
        (([0.25, -0.75, 0, 0.5],), "wrong"),
        ((1.386,), "base.single"),
        (([0.125, -0.75, 0.5],), "base.length"),
        (("0.125",), "base.text"),
        ((...,), "base.empty"),
    ],
    "predicting_a_word.cross_entropy": [
        ((safe,), "right"),
        ((lambda y, t: np.logaddexp.reduce(y) - y[t],), "right"),
        ((lambda y, t: np.array([safe(y, t)]),), "right"),
        ((lambda y, t: -np.log(safe_shares(y)[t]),), "rounded"),
        ((lambda y, t: -np.log(shares(y)[t]),), "both"),
        ((lambda y, t: np.log(np.exp(y).sum()) - y[t],), "overflow"),
        ((in_plain_python,), "overflow"),
        ((lambda y, t: -np.log(safe_shares(y)[t] + 1e-12),), "clipped"),
        ((lambda y, t: np.log(parts(y)) - y[t],), "maximum_once"),
        ((lambda y, t: np.log(np.exp(y).sum()) - (y[t] - y.max()),), "maximum_twice"),
        ((lambda y, t: -safe(y, t),), "sign"),
        ((lambda y, t: log_loss(shares(y), t)[1],), "binary"),
        ((lambda y, t: 5 * log_loss(shares(y), t)[1],), "binary_sum"),
        ((lambda y, t: safe(y, t) / 5,), "mean"),
        ((lambda y, t: safe(y, t) / math.log(10),), "base_10"),
        ((lambda y, t: safe(y, t) / math.log(2),), "base_2"),
        ((lambda y, t: shares(y)[t],), "probability"),
        ((lambda y, t: -(shares(y) * np.log(shares(y))).sum(),), "entropy"),
        ((lambda y, t: safe(y, y.argmax()),), "largest"),
        ((lambda y, t: safe(y, t - 1),), "from_one"),
        ((lambda y, t: -y[t],), "logit"),
        ((lambda y, t: safe(shares(y), t),), "twice"),
        ((lambda y, t: np.exp(y).sum() - y[t],), "no_log"),
        ((lambda y, t: -safe(y, t) / 5,), "wrong"),
        ((lambda y, t: -np.log(shares(y)),), "base.one"),
        ((lambda y, t: None,), "base.return"),
        ((lambda y, t: ...,), "base.empty"),
        ((lambda y: y,), "base.raised"),
        ((0.82,), "base.function"),
    ],
    "predicting_a_word.repair": [
        ((LEARNT,), "right"),
        ((tuple(LEARNT),), "right"),
        ((network(seed=3, rate=0.05, updates=500),), "right"),
        ((network(D=5),), "right"),
        (([array.tolist() for array in LEARNT],), "right"),
        ((network(scale=0, rate=0.001, updates=100),), "same"),
        ((network(scale=0, rate=1),), "same"),
        ((LOST,), "far"),
        ((network(rate=0.001, updates=500),), "far"),
        ((network(Y=Y_3[::-1]),), "exchanged"),
        ((network(D=5, Y=Y_3[::-1], updates=60),), "exchanged"),
        ((network(rate=0.05, updates=30),), "half"),
        ((network(seed=1, rate=0.05, updates=60),), "nearly"),
        ((LEARNT[:4],), "five"),
        ((LEARNT[0],), "five"),
        ((0.1,), "five"),
        ((np.array([1, 2, 3, 4, 5]),), "five"),
        (([1, 2, 3, 4, 5],), "five"),
        (([np.zeros((2, 4)), *LEARNT[1:]],), "inputs"),
        ((FALSE_W,), "base.shape"),
        (([*LEARNT[:4], np.full(5, np.nan)],), "base.infinite"),
        (([*LEARNT[:4], None],), "base.nothing"),
        ((...,), "base.empty"),
    ],
}
