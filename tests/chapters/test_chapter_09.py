"""Chapter 9, tensors and states: its numbers, its claims, its seeds' examples, its verdicts.

Keras runs in the notebook, whose stored outputs are compared here with this package's numbers.
"""

import re
from functools import cache

import numpy as np
import pytest
from prose import assert_said

from lstm_edu import LSTMParams, TensorExplorer, count_lstm, lstm_backward, lstm_forward
from lstm_edu.counting import count_dense
from lstm_edu.exercises.base import read as words
from rules.pages import ROOT, mimes, read
from rules.prose import written

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
    yield "cut-answer", np.linalg.norm(at_the_end().dx[:, 0]), 4
    for count in (2, 5, 10):
        yield "cut-answer", 100 * lost(count), 0
    moved = first_step_moves()
    yield "decoder-answer", moved[0], 4
    yield "decoder-answer", moved[-1], 4
    yield "decoder-answer", 2 * 4, 0
    for error in year_before(), mean_to_1940(), window_mean():
        yield "nile-answer", error, 0
    yield "nile-answer", len(FLOW) - 5, 0
    yield "nile-answer", len(FLOW) - 1 - 5, 0
    yield "nile-answer", FLOW[:28].mean(), 0  # 1871 to 1898
    yield "nile-answer", FLOW[28:].mean(), 0
    yield "nile-answer", count_lstm(1, 4).total + count_dense(4, 1).total, 0
    yield "nile-answer", len(FLOW) - 30 - 5, 0
    yield "padding-answer", ALONE[2, 0], 4
    yield "padding-answer", after_padding("post")[2, 0], 4
    yield "padding-answer", after_padding("pre")[2, 0], 4
    yield "padding-answer", LENGTHS.sum(), 0
    for unit in range(4):
        yield "exercise-4-text", ZEROS[unit], 4


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


def pieces(count):
    """The ten steps cut into so many pieces, the state handed on: a trace for each."""
    traces, states = [], (None, None)
    for piece in np.split(X, count, axis=1):
        traces.append(lstm_forward(piece, PARAMS, *states))
        states = traces[-1].h_last, traces[-1].c_last
    return traces


def lost(count):
    """The share of dU that is lost where the gradient of all steps stops at the cuts."""
    whole = lstm_backward(TRACE, np.ones_like(TRACE.h)).dU
    parts = [lstm_backward(trace, np.ones_like(trace.h)).dU for trace in pieces(count)]
    return np.linalg.norm(sum(parts) - whole) / np.linalg.norm(whole)


def at_the_end():
    dh = np.zeros_like(TRACE.h)
    dh[:, -1] = 1
    return lstm_backward(TRACE, dh)


def test_the_gradient_stops_at_the_cut_and_goes_on_where_it_is_handed_on():
    first = lstm_forward(X[:, :4], PARAMS)
    second = lstm_forward(X[:, 4:], PARAMS, first.h_last, first.c_last)
    dh = np.zeros_like(second.h)
    dh[:, -1] = 1
    late, arrives = lstm_backward(second, dh), np.zeros_like(first.h)
    assert not lstm_backward(first, arrives).dx.any()  # "exactly 0 is left"
    arrives[:, -1] = late.dh0
    handed = lstm_backward(first, arrives, late.dc0)
    whole = at_the_end()
    np.testing.assert_allclose(handed.dx[:, 0], whole.dx[:, 0], rtol=1e-12)
    np.testing.assert_allclose(handed.dU + late.dU, whole.dU, rtol=0, atol=1e-12)
    assert lost(1) < 1e-15 and lost(2) < lost(5) < lost(10)


@LANGS
def test_the_shares_that_the_cuts_lose_are_printed(lang):
    size = np.linalg.norm(at_the_end().dx[:, 0])
    assert printed(lang, "cut-code").splitlines() == [
        f"whole  {size:.4f}",
        "cut    0.0000",
        f"handed {size:.4f}",
        *(f"{count:2} pieces: {lost(count):.0%} lost" for count in (1, 2, 5, 10)),
    ]


@cache
def share_right():
    """The chapter's own training, as it stands in its cell, and its three ways."""
    page = read(ROOT / "chapters" / "en" / "09_tensors_and_states.ipynb")
    (cell,) = (one for one in page.cells if one.id == "learn-code")
    code, _, ways = cell.source.partition("\nways = ")
    names = {
        "np": np,
        "LSTMParams": LSTMParams,
        "lstm_forward": lstm_forward,
        "lstm_backward": lstm_backward,
    }
    exec(code, names)
    exec("ways = " + ways.splitlines()[0], names)
    return names


@pytest.mark.parametrize(("way", "learnt"), [("whole", 12), ("cut", 0), ("near", 12)])
def test_what_is_learnt_with_the_gradient_cut(way, learnt):
    """Twelve starts, where the chapter shows five."""
    names = share_right()
    right = [names["share_right"](seed, *names["ways"][way]) for seed in range(12)]
    assert sum(share > 0.95 for share in right) == learnt, right
    assert max(right) < 0.9 or min(right) > 0.95  # none near the line that it is told by


@LANGS
def test_what_is_learnt_is_printed(lang):
    assert printed(lang, "learn-code").split("\n")[:3] == [
        "whole 5 of 5",
        "cut   0 of 5",
        "near  5 of 5",
    ]


def test_the_row_that_reads_the_mark_gets_no_gradient_where_there_is_no_mark():
    x, _ = share_right()["marked"](np.random.default_rng(0), 16, 4)
    params = random_weights(np.random.default_rng(1), 2, 6)
    before = lstm_forward(x[:, :4], params)
    trace = lstm_forward(x[:, 4:], params, before.h_last, before.c_last)
    grads = lstm_backward(trace, np.ones_like(trace.h))
    assert x[:, :4, 1].sum() == 16 and not x[:, 4:, 1].any()
    assert not grads.dW[1].any() and grads.dW[0].all()


def source(cell):
    page = read(ROOT / "chapters" / "en" / "09_tensors_and_states.ipynb")
    (found,) = (one.source for one in page.cells if one.id == cell)
    return found


FLOW = np.array([float(word) for word in source("nile-code").split('"""')[1].split()])
TEST = FLOW[-30:]


def rms(error):
    return np.sqrt((error**2).mean())


def year_before():
    return rms(FLOW[69:-1] - TEST)


def mean_to_1940():
    return rms(FLOW[:70].mean() - TEST)


def window_mean():
    return rms(np.array([FLOW[k - 5 : k].mean() for k in range(70, 100)]) - TEST)


OWN = random_weights(np.random.default_rng(2), 3, 4)
WRITTEN = np.random.default_rng(3).normal(size=(32, 6, 3)).round(2)


def first_step_moves():
    """How far each step of the decoder moves when x_1 of the encoder does."""
    touched = X.copy()
    touched[:, 0] += 1
    firsts = [lstm_forward(x[:, :4], PARAMS) for x in (X, touched)]
    told = [lstm_forward(WRITTEN, OWN, one.h_last, one.c_last).h for one in firsts]
    return np.abs(told[1] - told[0]).max(axis=(0, 2))


@LANGS
def test_the_decoder_starts_where_the_encoder_ends(lang):
    first = lstm_forward(X[:, :4], PARAMS)
    second = lstm_forward(WRITTEN, OWN, first.h_last, first.c_last)
    late, arrives = lstm_backward(second, np.ones_like(second.h)), np.zeros_like(first.h)
    arrives[:, -1] = late.dh0
    learns = np.linalg.norm(lstm_backward(first, arrives, late.dc0).dW)
    moved = first_step_moves()[[0, -1]]
    assert printed(lang, "decoder-code").splitlines() == [
        "the same weights, as one layer: True",
        "handed on (32, 4) (32, 4)  decoder (32, 6, 4)",
        f"x_1 moves steps 1 and 6 by {moved.round(4)}",
        f"gradient of the encoder's W {learns:.4f}",
    ]


def test_the_flows_of_the_nile_are_those_of_the_data_set():
    """R's `Nile`: its size, its sum, its first and last years, its least and its largest."""
    assert len(FLOW) == 100 and FLOW.sum() == 91935
    assert FLOW[[0, 1, 2, -1]].tolist() == [1120, 1160, 963, 740]
    assert (1871 + FLOW.argmin(), FLOW.min()) == (1913, 456)
    assert (1871 + FLOW.argmax(), FLOW.max()) == (1879, 1370)


@LANGS
def test_what_predicts_the_nile(lang):
    errors = {
        "year before": year_before(),
        "mean to 1940": mean_to_1940(),
        "mean of the window": window_mean(),
    }
    assert printed(lang, "nile-code").splitlines() == [
        "D = 2 (94, 5, 2) (94, 1)",
        "D = 1 (95, 5, 1) (95, 1)",
        "first [1120. 1160.  963. 1210. 1160.] -> 1160.0",
        *(f"{name:18} {error:.0f}" for name, error in errors.items()),
    ]
    rows = re.findall(
        r"D = (\d)  (\d+) updates  past (\d+)\n  test ([\d ]+)  below 125: (\d)",
        printed(lang, "nile-train-code"),
    )
    late = {row[:2]: [int(error) for error in row[3].split()] for row in rows}
    past = {row[:2]: row[2] for row in rows}
    below = {row[:2]: int(row[4]) for row in rows}
    assert [len(errors) for errors in late.values()] == [5] * 4
    few, many = ("1", "100"), ("1", "300")
    assert set(late[few]) == {120, 130} and below[few] == 3  # "hardly"
    assert (past[few], past[many]) == ("140", "90")
    assert (min(late[many]), max(late[many])) == (150, 190)
    assert min(late[many]) > errors["year before"]  # "all five more than the year before"
    assert below["2", "100"] == below["2", "300"] == 0  # "in none of the five"


def test_an_unscaled_flow_saturates_the_gates():
    trace = lstm_forward(FLOW[:5, None], SERIES)
    for gate in (trace.i, trace.f, trace.o):
        assert (np.minimum(gate, 1 - gate) < 1e-6).all()


# --- the exercises ---------------------------------------------------------------------------

ZEROS = lstm_forward(ROW.reshape(6, 1), SERIES).h_last
AGAINST = -np.sign(ZEROS)


def turned(h0, c0):
    return (np.sign(lstm_forward(ROW.reshape(6, 1), SERIES, h0, c0).h_last) == AGAINST).sum()


def test_how_many_signs_the_states_of_exercise_4_turn():
    none = np.zeros(4)
    assert [turned(none, k * AGAINST) for k in (1, 3, 10)] == [1, 3, 4]
    corners = [np.array(corner) for corner in np.ndindex(2, 2, 2, 2)]
    assert max(turned(2.0 * corner - 1, none) for corner in corners) == 1
    left = lstm_forward(ROW.reshape(6, 1), SERIES).f.prod(axis=0)
    assert [f"{share:.0%}" for share in (left.min(), left.max())] == ["5%", "23%"]


def rows(h):
    return np.arange(len(h))


def stacked(series, steps):
    return np.stack([series[:, k : k + steps] for k in range(0, series.shape[1], steps)])


B, T, D, H = 16, 20, 3, 7
STATE = (B, H)
OUT, WEIGHTS = [(B, T, H), STATE, STATE], [(D, 4 * H), (H, 4 * H), (4 * H,)]
TEN = 10 * AGAINST
VERDICTS = {
    "tensors_and_states.shapes": [
        ((OUT, WEIGHTS), "right"),
        (([list(shape) for shape in OUT], np.array(WEIGHTS, dtype=object)), "right"),
        ((OUT, [(3, 28), (7, 28), 28]), "right"),
        ((..., WEIGHTS), "base.empty"),
        (([(16, 20, 3), (16, 3), (16, 3)], WEIGHTS), "features"),
        (([(16, 20, 3), (16, 7), (16, 7)], WEIGHTS), "features"),
        ((OUT[:1], WEIGHTS), "alone"),
        ((OUT[:2], WEIGHTS), "carry"),
        (([(16, 20, 7)] * 3, WEIGHTS), "every_step"),
        (([STATE] * 3, WEIGHTS), "last_only"),
        (([(16, 20, 28), (16, 28), (16, 28)], WEIGHTS), "blocks"),
        (([(16, 20, 7), (1, 16, 7), (1, 16, 7)], WEIGHTS), "directions"),
        (([(20, 16, 7), (1, 16, 7), (1, 16, 7)], WEIGHTS), "pytorch"),
        (([(20, 16, 7), STATE, STATE], WEIGHTS), "time_first"),
        (([(16, 20, 7), (16, 20), (16, 20)], WEIGHTS), "steps"),
        (([(20, 7), (7,), (7,)], WEIGHTS), "no_batch"),
        ((OUT[::-1], WEIGHTS), "order"),
        (([*OUT, STATE], WEIGHTS), "number"),
        (([(16, 7, 20), STATE, STATE], WEIGHTS), "wrong_outputs"),
        ((OUT, [(16, 3, 28), (16, 7, 28), (28,)]), "batch"),
        ((OUT, [(20, 28), (7, 28), (28,)]), "batch"),
        ((OUT, [(3, 28), (7, 28), (1, 28)]), "bias_row"),
        ((OUT, [(3, 7), (7, 7), (7,)]), "one_block"),
        ((OUT, [(3, 21), (7, 21), (21,)]), "three_blocks"),
        ((OUT, [(28, 3), (28, 7), (28,)]), "turned"),
        ((OUT, [*WEIGHTS, (28,)]), "two_biases"),
        ((OUT, [(28, 3), (28, 7), (28,), (28,)]), "two_biases_turned"),
        ((OUT, [(10, 28), (28,)]), "glued"),
        ((OUT, WEIGHTS[:2]), "no_bias"),
        ((OUT, WEIGHTS[::-1]), "weights_order"),
        ((OUT, WEIGHTS[:1]), "weights_number"),
        ((OUT, [(3, 28), (3, 28), (28,)]), "wrong"),
        ((7, WEIGHTS), "tuples"),
        ((OUT, ["kernel", "bias"]), "tuples"),
        (([(16, 20, 7.5)], WEIGHTS), "tuples"),
    ],
    "tensors_and_states.last_states": [
        ((lambda h, n: h[rows(h), n - 1],), "right"),
        ((lambda h, n: [row[k - 1] for row, k in zip(h, n, strict=True)],), "right"),
        ((lambda h, n: np.take_along_axis(h, n[:, None, None] - 1, 1)[:, 0],), "right"),
        ((lambda h, n: ...,), "base.empty"),
        ((lambda h, n: None,), "base.return"),
        ((lambda h, n: h[:, -1],), "padding"),
        ((lambda h, n: h[rows(h), n],), "next"),
        ((lambda h, n: h[rows(h), n - 2],), "before"),
        ((lambda h, n: h[rows(h), -n],), "from_the_end"),
        ((lambda h, n: h[:, 0],), "first"),
        ((lambda h, n: [r[:k].mean(axis=0) for r, k in zip(h, n, strict=True)],), "mean"),
        ((lambda h, n: h[:, n - 1],), "crossed"),
        ((lambda h, n: h * (np.arange(6) < n[:, None])[..., None],), "sequences"),
        ((lambda h, n: [row[:k] for row, k in zip(h, n, strict=True)],), "base.ragged"),
        ((lambda h, n: h[:, 0] + 1,), "wrong"),
        ((lambda h, n: h[0, 0],), "base.shape"),
        ((lambda h: h,), "base.raised"),
        ((np.ones(3),), "base.function"),
    ],
    "tensors_and_states.batches": [
        ((stacked,), "right"),
        ((lambda s, n: [s[:, k : k + n] for k in range(0, 12, n)],), "right"),
        ((lambda s, n: s.reshape(2, 3, n, 5).swapaxes(0, 1),), "right"),
        ((lambda s, n: s.reshape(3, 2, n, 5),), "cut"),
        ((lambda s, n: s.reshape(2, 3, n, 5),), "turned"),
        ((lambda s, n: stacked(s, n).reshape(6, n, 5),), "flat"),
        ((lambda s, n: s,), "flat"),
        ((lambda s, n: np.stack([s[:, k::3] for k in range(3)]),), "every_third"),
        ((lambda s, n: stacked(s, n)[::-1],), "backwards"),
        ((lambda s, n: stacked(s, n)[:, ::-1],), "exchanged"),
        ((lambda s, n: np.stack([s[:, :n]] * 3),), "first"),
        ((lambda s, n: stacked(s, n) + 1,), "wrong"),
        ((lambda s, n: s[:, :n],), "base.shape"),
        ((lambda s, n: np.split(s, n, axis=1),), "base.shape"),
        ((lambda s, n: None,), "base.return"),
        ((lambda s: s,), "base.raised"),
        ((np.ones(3),), "base.function"),
    ],
    "tensors_and_states.start": [
        ((np.zeros(4), TEN), "right"),
        (([[0.0] * 4], [TEN.tolist()]), "right"),
        (([0.5, -0.5, 1, -1], 40 * AGAINST), "right"),
        ((np.zeros(4), np.zeros(4)), "hidden"),
        ((AGAINST, np.zeros(4)), "hidden"),
        ((np.zeros(4), AGAINST), "small"),
        ((np.zeros(4), 3 * AGAINST), "small"),
        ((np.zeros(4), -TEN), "sign"),
        ((np.zeros(4), TEN * [1, 1, 1, -1]), "sign"),
        ((np.zeros(4), TEN * [1, 0, 1, 1]), "sign"),
        ((TEN, np.zeros(4)), "exchanged"),
        ((TEN, TEN), "range"),
        (([0, 0, 0, 2], TEN), "range"),
        ((0, TEN), "base.single"),
        (([0, 0, 0], TEN), "base.length"),
        ((np.zeros((4, 1)), TEN), "base.shape"),
        (([0, 0, 0, np.nan], TEN), "base.infinite"),
        ((np.zeros(4), ...), "base.empty"),
    ],
}


@LANGS
def test_the_replies_of_chapter_9_fit_on_a_telephone(lang):
    long = {k: v[lang] for k, v in words("tensors_and_states").items() if len(v[lang]) > 88}
    assert long == {}
