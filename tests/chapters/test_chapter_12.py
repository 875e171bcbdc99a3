"""Chapter 12, variants: its numbers, what it claims in words, and the verdicts of its exercises."""

import inspect
import math
import re
from itertools import pairwise

import numpy as np
import pytest
from prose import assert_said

from lstm_edu import CellExplorer, GRUExplorer, LSTMParams, lstm_forward, use_language, variants
from lstm_edu.exercises import check
from lstm_edu.variants import ALL
from rules.pages import ROOT, mimes, read
from rules.prose import written

PULSES = np.isin(np.arange(20), [2, 5, 6, 9, 13, 16]).astype(float)[:, None]


def sigma(z):
    """σ as the equations write it, without the package."""
    return 1 / (1 + math.exp(-z))


def by_hand(pulses, threshold=4.5, slope=20, reads_new=True):
    """Count the pulses and open the output gate at the threshold, in plain arithmetic."""
    c, shown = 0.0, []
    for pulse in pulses:
        before = c
        c = sigma(15) * c + sigma(20 * pulse - 10) * math.tanh(10)
        shown.append(sigma(slope * ((c if reads_new else before) - threshold)) * math.tanh(c))
    return np.array(shown)


def clock(steps):
    """The clock of the chapter, in plain arithmetic: its c and its h."""
    c, path = 0.0, []
    for _ in range(steps):
        c = sigma(90 - 20 * c) * c + sigma(10) * math.tanh(10)
        path.append((c, sigma(20 * c - 90) * math.tanh(c)))
    return np.array(path).T


def leaking(pulses):
    """The first step, from 0, at which the chapter's LSTM that reads its own h fires."""
    c = h = 0.0
    for t, pulse in enumerate(pulses):
        c = sigma(18) * c + sigma(20 * pulse - 12) * 0.12
        h = sigma(333.25 * h - 6) * math.tanh(c)
        if h > 0.5:
            return t
    return None


SPACINGS = np.cumsum(np.random.default_rng(0).integers(1, 40, size=(300, 5)), axis=1)


def delays():
    """After the fifth pulse, for each of 300 spacings: the steps until that LSTM fires."""
    trains = [np.isin(np.arange(places[-1] + 20), places) for places in SPACINGS]
    return [leaking(train) - places[-1] for train, places in zip(trains, SPACINGS, strict=True)]


def genders(f=None):
    """c and h of the gender unit through 50 feminine subjects and a masculine one."""
    c = 0.0
    for sign in [1] * 50 + [-1]:
        before = c
        c = (sigma(-5) if f is None else f) * c + sigma(5) * math.tanh(3 * sign)
    return before, c, sigma(5) * math.tanh(c)


def at(explorer, **state):
    explorer.set(**state)
    return explorer.result


def chapter_12():
    """Yield (cell id, value, decimals) for the numbers that chapter 12 says in its sentences."""
    yield "full-answer", sigma(4 - 3 * 3), 4
    yield "full-answer", sigma(-5) + sigma(2) * math.tanh(1 - 3), 4
    yield "full-answer", sigma(4), 4
    yield "full-answer", sigma(4) + sigma(2) * math.tanh(1), 4
    c = sigma(-4) * -2 + sigma(-3) * math.tanh(1)
    yield "peephole-answer", sigma(2 * c), 4
    yield "peephole-answer", sigma(2 * -2), 4
    yield "peephole-answer", sigma(2 * -2), 4
    yield "watch-answer", np.flatnonzero(by_hand(PULSES[:, 0]) > 0.5)[0] + 1, 0
    yield "watch-answer", leaking(PULSES[:, 0]) + 1, 0
    yield "watch-answer", len(SPACINGS), 0
    yield "watch-answer", 3000, 0
    yield "watch-answer", min(delays()), 0
    yield "watch-answer", max(delays()), 0
    yield "forget", np.flatnonzero(by_hand(PULSES[:, 0], reads_new=False) > 0.5)[0] + 1, 0
    yield "clock-answer", (clock(1000)[1] > 0.5).sum(), 0
    yield "coupled", sigma(1 - 3), 4
    yield "coupled", sigma(3 - 1), 4
    yield "coupled-answer", PULSES.sum(), 0
    keep, reset = GRUExplorer(preset="keep"), GRUExplorer(preset="reset")
    yield "gru-answer", keep.h_prev[0], 1
    yield "gru-answer", keep.h_prev[1], 1
    yield "gru-answer", 100 * reset.result.u[0], 1
    yield "gru-answer", reset.h_prev[0], 1
    yield "forget-answer", genders()[2], 4
    yield "forget-answer", genders(f=1)[0], 4
    yield "forget-answer", genders(f=1)[2], 4
    D, H = 10, 20
    plain = 4 * (D * H + H * H + H)
    yield "solution-1", plain, 0
    yield "solution-1", plain + 4 * H * H, 0
    yield "solution-1", plain + 3 * H, 0
    yield "solution-1", 3 * (D * H + H * H + 2 * H), 0
    yield "solution-1", 3 * (D * H + H * H + H), 0
    yield "exercises", plain + 4 * H * H, 0
    yield "exercises", plain + 3 * H, 0
    yield "exercises", 3 * (D * H + H * H + 2 * H), 0
    two_pulses = by_hand([1, 1], threshold=2.5, slope=4)[-1]
    yield "solution-3", two_pulses, 4
    D, H = 3, 4
    one_block, mine = D * H + H * H + H, 3 * (D * H + H * H + H)
    for total in (4 * one_block, mine, 4 * one_block + 3 * H, 4 * one_block + 4 * H * H):
        yield "table", total, 0
    for total in (mine, mine, mine + 3 * H, one_block):
        yield "table", total, 0


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_numbers_of_chapter_12_are_the_computed_ones(lang):
    page = read(ROOT / "chapters" / lang / "12_variants.ipynb")
    said = [(cell, written(value, decimals, lang)) for cell, value, decimals in chapter_12()]
    assert_said(page, said)


def test_full_peepholes_are_told_apart_by_their_numbers():
    """One of the documents the book grew from calls this the LSTM; its gates read [c, h, x]."""
    rng = np.random.default_rng(5)
    D, H = 2, 3
    W, U, V = (rng.normal(size=(rows, 4 * H)) for rows in (D, H, H))
    b, x, h, c = rng.normal(size=4 * H), *(rng.normal(size=size) for size in (D, H, H))
    step = variants.full_peephole_lstm.step(x, h, c, variants.FullPeepholeParams(W, U, b, V))
    together, combined = np.vstack([V, U, W]), np.concatenate([c, h, x])
    z_i, z_f, z_g, z_o = np.split(combined @ together + b, 4)
    memory = 1 / (1 + np.exp(-z_f)) * c + 1 / (1 + np.exp(-z_i)) * np.tanh(z_g)
    np.testing.assert_allclose(step.c, memory, rtol=1e-12)
    np.testing.assert_allclose(step.h, np.tanh(memory) / (1 + np.exp(-z_o)), rtol=1e-12)
    lstm = variants.lstm.step(x, h, c, LSTMParams(W, U, b))
    assert np.abs(step.h - lstm.h).max() > 0.01
    counts = [ALL[name].count(D, H).total for name in ("full_peephole_lstm", "lstm")]
    assert counts[0] - counts[1] == 4 * H**2 == V.size


def test_the_full_peepholes_of_the_figure():
    """Unit 2's memory moves unit 1 by V alone: in an LSTM with h_prev = 0 nothing would move."""
    full = CellExplorer(preset="pipe")
    assert not full.h_prev.any()
    three, zero = full.result, at(full, c_prev=[1, 0])
    assert abs(three.f[0] - zero.f[0]) > 0.9
    full.variant = "lstm"
    assert at(full, c_prev=[1, 3]).c[0] == at(full, c_prev=[1, 0]).c[0]


def test_the_output_gate_reads_the_new_memory_through_its_peephole():
    hole = CellExplorer(preset="peephole")
    assert hole.p.ravel().tolist() == [0, 2, 2]
    assert not hole.U.any()
    assert hole.W.ravel()[[0, 1, 3]].tolist() == [0, 0, 0]  # "neither x nor h reaches the gates"
    step = at(hole, c_prev=[-2])
    assert abs(step.o[0] - 0.5) < 1e-3 and abs(step.c[0]) < 1e-3
    assert step.f[0] == pytest.approx(sigma(-4))


def test_a_peephole_counts_behind_a_closed_gate():
    weights = np.array([[20, 0, 0, 0]]), np.zeros((1, 4)), np.array([-10, 15, 10, -90])
    hole = variants.PeepholeParams(*weights, np.array([0, 0, 20]))
    trace = variants.peephole_lstm.forward(PULSES, hole)
    np.testing.assert_allclose(trace.h[:, 0], by_hand(PULSES[:, 0]), atol=1e-9)
    full = variants.FullPeepholeParams(*weights, np.array([[0, 0, 0, 20]]))
    late = variants.full_peephole_lstm.forward(PULSES, full)
    np.testing.assert_allclose(late.h[:, 0], by_hand(PULSES[:, 0], reads_new=False), atol=1e-9)
    blind = lstm_forward(PULSES, LSTMParams(*weights))
    assert blind.h.max() < 1e-30  # "the LSTM with the same weights does not fire"
    for other in (late, blind):
        np.testing.assert_allclose(other.c, trace.c, rtol=1e-12)
    assert 0 < math.tanh(5) - math.tanh(4) < 0.001


def test_an_lstm_can_fire_by_what_leaks_but_later():
    """So a plain unit fires too: no sentence may say that it cannot, only that it comes later."""
    b = np.array([-12, 18, np.arctanh(0.12), -6])
    params = LSTMParams(np.array([[20, 0, 0, 0]]), np.array([[0, 0, 0, 333.25]]), b)
    x = (np.arange(3200) == SPACINGS[:, :4, None]).any(axis=1)[..., None].astype(float)
    assert lstm_forward(x, params).o.max() < 0.01  # "after four it is still quiet"
    x = (np.arange(220) == SPACINGS[:, :, None]).any(axis=1)[..., None].astype(float)
    fires = lstm_forward(x, params).h[..., 0] > 0.5
    late = fires.argmax(axis=1) - SPACINGS[:, -1]
    assert late.tolist() == delays() and (late.min(), late.max()) == (6, 8)
    assert np.diff(lstm_forward(PULSES, params).c[:6, 0]).max() == pytest.approx(0.12, abs=1e-4)


def test_what_keras_says_of_its_two_grus():
    """v3 of the paper has r before the matrix and v1 after; Keras' default is the second."""
    keras = pytest.importorskip("keras")
    said = " ".join(inspect.getdoc(keras.layers.GRU).split())
    v3, v1 = said.index("[v3]"), said.index("[original](https://arxiv.org/abs/1406.1078v1)")
    assert "reset gate applied to hidden state before matrix multiplication" in said[v3:v1]
    assert "has the order reversed" in said[v1 : v1 + 120]
    assert keras.layers.GRU(1).reset_after


def test_the_clock_does_not_drift():
    b, p = np.array([10, 90, 10, -90]), np.array([0, -20, 20])
    params = variants.PeepholeParams(np.zeros((1, 4)), np.zeros((1, 4)), b, p)
    trace = variants.peephole_lstm.forward(np.zeros((1000, 1)), params)
    np.testing.assert_allclose(np.stack([trace.c[:, 0], trace.h[:, 0]]), clock(1000), atol=1e-9)
    fires = np.flatnonzero(trace.h[:, 0] > 0.5) + 1
    assert fires.tolist() == list(range(5, 1001, 5))
    assert trace.c[5] == pytest.approx(1, abs=1e-3)  # "c goes back to 1"


@pytest.mark.parametrize("name", ["coupled_lstm", "gru", "gru_reset_before", "simple_rnn"])
def test_what_is_a_mean_does_not_grow(name):
    """|state| ≤ max(1, |first|), with the wildest of weights."""
    rng = np.random.default_rng(7)
    cell = ALL[name]
    for _ in range(30):
        params = cell.params(**{n: 20 * rng.normal(size=s) for n, s in cell.shapes(2, 3).items()})
        x = 5 * rng.normal(size=(40, 2))
        start = {f"{state}0": 3 * rng.normal(size=3) for state in cell.states}
        trace = cell.forward(x, params, **start)
        memory = getattr(trace, cell.states[-1])
        most = np.maximum(1, np.abs(start[f"{cell.states[-1]}0"]))
        assert (np.abs(memory) <= most + 1e-12).all()  # f + i is 1 but for rounding
        rest = getattr(cell.forward(x, params), cell.states[-1])
        assert np.abs(rest).max() <= 1 + 1e-12


@pytest.mark.parametrize("name", ["lstm", "peephole_lstm", "full_peephole_lstm"])
def test_what_is_a_sum_grows(name):
    cell = ALL[name]
    weights = {n: np.zeros(s) for n, s in cell.shapes(1, 1).items()} | {"b": np.full(4, 15.0)}
    c = cell.forward(np.zeros((100, 1)), cell.params(**weights)).c[:, 0]
    np.testing.assert_allclose(c, np.arange(1, 101), rtol=1e-3)


def test_the_coupled_memory_is_a_mean_of_the_candidates():
    rng = np.random.default_rng(3)
    cell = variants.coupled_lstm
    params = cell.params(**{n: rng.normal(size=s) for n, s in cell.shapes(2, 3).items()})
    c0 = rng.normal(size=3)
    trace = cell.forward(rng.normal(size=(8, 2)), params, c0=c0)
    kept = [np.prod(trace.f[k:], axis=0) for k in range(9)]  # kept[k]: what is left of c_k at last
    shares = [later * (1 - trace.f[k]) for k, later in enumerate(kept[1:])]
    np.testing.assert_allclose(sum(shares) + kept[0], 1)
    mean = kept[0] * c0 + sum(share * g for share, g in zip(shares, trace.g, strict=True))
    np.testing.assert_allclose(trace.c[-1], mean)


def test_the_two_conventions_of_the_gru():
    keep = GRUExplorer(preset="keep")
    step = keep.result
    crossed = (1 - step.u) * keep.h_prev + step.u * step.g
    assert np.abs(step.h - keep.h_prev).max() < 1e-2  # "almost untouched"
    assert np.abs(crossed - step.g).max() < 1e-2  # "the cell that was to keep replaces"
    negated = [np.array(part) for part in keep.params]
    for part in negated:
        part[:, :2] *= -1
    u = variants.gru.step(keep.x, keep.h_prev, variants.GRUParams(*negated)).u
    np.testing.assert_allclose((1 - u) * keep.h_prev + u * step.g, step.h, rtol=1e-12)
    reset = GRUExplorer(preset="reset").result
    assert reset.r.max() < 1e-3 and abs(reset.h[0]) > 0.5  # h is not erased


def test_where_the_reset_gate_multiplies():
    """Rows or columns of U_g: other numbers, but the same with one unit."""
    rng = np.random.default_rng(4)
    for size in (1, 3):
        W, U = rng.normal(size=(2, 3 * size)), rng.normal(size=(size, 3 * size))
        b, x, h = rng.normal(size=3 * size), rng.normal(size=2), rng.normal(size=size)
        before = variants.gru_reset_before.step(x, h, variants.GRUParams(W, U, b))
        two = np.stack([b, 0 * b])
        after = variants.gru.step(x, h, variants.GRUParams(W, U, two))
        z_x, U_g = (x @ W + b)[-size:], U[:, -size:]
        np.testing.assert_allclose(before.g, np.tanh(z_x + h @ (np.diag(before.r) @ U_g)))
        np.testing.assert_allclose(after.g, np.tanh(z_x + h @ (U_g @ np.diag(after.r))))
        assert np.allclose(before.h, after.h) == (size == 1)


def test_without_a_forget_gate_the_gender_is_stuck():
    subject = CellExplorer(preset="subject")
    x = np.tile([1.0, 1.0, -1.0], (51, 1))
    x[50] = [1, -1, 1]
    trace = lstm_forward(x, subject.params)
    _, c, h = genders()
    np.testing.assert_allclose([trace.c[50, 0], trace.h[50, 0]], [c, h], rtol=1e-9)
    assert h < 0 < genders(f=1)[2]


def printed(output):
    return mimes(output).get("stdout", "")


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_chapter_prints_what_it_compares(lang):
    """Every comparison of the chapter's cells came out as the sentences say."""
    page = read(ROOT / "chapters" / lang / "12_variants.ipynb")
    out = {cell.id: "".join(printed(o) for o in cell.outputs) for cell in page.code()}
    assert out["equivalences"].count("True") == 4
    assert out["gradients-code"].count("True") == len(ALL)
    for cell in ("equivalences", "gradients-code"):
        assert "False" not in out[cell]
    names = re.findall(r"^(\w+) +True", out["gradients-code"], re.MULTILINE)
    assert names == list(ALL)  # the names that exercise 1 asks for
    lines = [line[10:] for line in out["full-code"].splitlines()]
    assert lines[0] != lines[1] == lines[2]
    here, crossed, converted = (line[21:] for line in out["cross-code"].splitlines()[1:])
    assert here == converted != crossed
    with_three, with_one = out["reset-code"].splitlines()[:2], out["reset-code"].splitlines()[2:]
    assert with_three[0][7:] != with_three[1][7:] and with_one[0][7:] == with_one[1][7:]
    c = [re.findall(r"\d\.", line) for line in out["count-code"].splitlines()[1:]]
    assert c == [["1.", "2.", "3.", "4.", "5.", "6."], ["1."] * 6]


def test_the_table_names_the_equations():
    """What the table says changes stands in the docstrings of the package's equations."""
    for name, formula in {
        "full_peephole_lstm": "c_prev V",
        "peephole_lstm": "p_i ⊙ c_prev",
        "coupled_lstm": "i = 1 - f",
        "gru_reset_before": "(r ⊙ h_prev) U_g",
        "gru": "r ⊙ (h_prev U_g + b'_g)",
        "simple_rnn": "h = tanh(",
    }.items():
        assert formula in inspect.getdoc(ALL[name].equations)
    states = {name: cell.states for name, cell in ALL.items()}
    assert {n for n, s in states.items() if s == ("h",)} == {
        "simple_rnn",
        "gru",
        "gru_reset_before",
    }


FULL, PEEP, GRU, CIFG = "full_peephole_lstm", "peephole_lstm", "gru", "coupled_lstm"
W, U, B = [4, 1, 2], [-3, 0.5, -1], [2, -1, 1.5]


def third(**changes):
    """The weights of a solution of exercise 4, with changes."""
    weights = {
        "W": np.array([[20, 0, 0, 0]]),
        "U": np.zeros((1, 4)),
        "b": np.array([-10, 50, 10, -50]),
        "p": np.array([0, -20, 20]),
    }
    return variants.PeepholeParams(**{**weights, **changes})


def two_units():
    """Another: the second unit idles, the slopes are other ones."""
    weights = {name: np.zeros(size) for name, size in ALL[PEEP].shapes(1, 2).items()}
    weights["W"][0, 0], weights["b"][[0, 2, 4, 6]] = 30, [-15, 75, 8, -75]
    weights["p"][[2, 4]] = -30, 30
    return variants.PeepholeParams(**weights)


FULL_LATE = variants.FullPeepholeParams(
    third().W, third().U, third().b, np.array([[0, -20, 0, 20]])
)
PLAIN = LSTMParams(third().W, third().U, third().b)
OPEN = LSTMParams(third().W, third().U, np.array([-10, 50, 10, 10]))

VERDICTS = {
    "variants.which": [
        ((FULL, PEEP, GRU, CIFG), "right"),
        ((FULL, PEEP, "GRU", " Coupled_LSTM"), "right"),
        ((FULL, PEEP, GRU, ...), "base.empty"),
        ((FULL, PEEP, GRU), "four"),
        (([FULL, PEEP, GRU, CIFG],), "four"),
        ((FULL, PEEP, 1920, CIFG), "unknown"),
        (("pipe", PEEP, GRU, CIFG), "unknown"),
        ((FULL, "mirillas", GRU, CIFG), "unknown"),
        ((FULL, PEEP, None, CIFG), "unknown"),
        ((FULL, PEEP, GRU, ALL[CIFG]), "right"),
        (tuple(ALL[name] for name in (FULL, PEEP, GRU, CIFG)), "right"),
        ((ALL[PEEP], FULL, GRU, CIFG), "matrix"),
        ((FULL, PEEP, ALL[GRU].count, CIFG), "unknown"),
        (("lstm", PEEP, GRU, CIFG), "plain"),
        (("lstm",) * 4, "plain"),
        ((PEEP, FULL, GRU, CIFG), "matrix"),
        ((FULL, FULL, GRU, CIFG), "vector"),
        ((FULL, PEEP, "gru_reset_before", CIFG), "one_bias"),
        ((FULL, PEEP, CIFG, CIFG), "three_blocks"),
        ((FULL, PEEP, GRU, GRU), "no_cell"),
        ((FULL, PEEP, GRU, "gru_reset_before"), "no_cell_before"),
        ((FULL, PEEP, GRU, "lstm"), "two_gates"),
        ((CIFG, PEEP, GRU, CIFG), "wrong"),
        ((FULL, PEEP, GRU, "simple_rnn"), "wrong"),
    ],
    "variants.convert": [
        ((W, U, B), "right"),
        ((np.array([W]), np.array([U]), np.array(B)), "right"),
        ((W, U, ...), "base.empty"),
        (([-4, 1, 2], [3, 0.5, -1], [-2, -1, 1.5]), "sign"),
        (([1, 4, 2], [0.5, -3, -1], [-1, 2, 1.5]), "order"),
        (([1, -4, 2], [0.5, 3, -1], [-1, -2, 1.5]), "same"),
        (([4, -1, -2], [-3, -0.5, 1], [2, 1, -1.5]), "all"),
        (([-4, -1, 2], [3, -0.5, -1], [-2, 1, 1.5]), "reset"),
        (([4, -1, 2], [-3, -0.5, -1], [2, 1, 1.5]), "both_gates"),
        (([1, 2, 4], [0.5, -1, -3], [-1, 1.5, 2]), "front"),
        ((W, [3, 0.5, -1], B), "some"),
        ((W, U, [-2, -1, 1.5]), "some"),
        ((W, U, [2, 1.5, -1]), "wrong"),
        ((U, W, B), "wrong"),
        ((4, U, B), "base.single"),
        ((W, U, [2, -1, 1, 5]), "base.length"),
        (([4, 1], U, B), "base.length"),
        (("4, 1, 2", U, B), "base.text"),
    ],
    "variants.threshold": [
        ((20, -50), "right"),
        ((12, -30), "right"),
        ((np.float64(40), -100.0), "right"),
        (([20], -50), "right"),
        ((1e300, -2.5e300), "right"),
        ((20, ...), "base.empty"),
        ((0, -50), "blind"),
        ((-20, 50), "inverted"),
        ((20, -60), "edge"),
        ((20, -40), "edge"),
        ((20, 0), "no_bias"),
        ((20, -2.5), "unscaled"),
        ((20, -3), "unscaled"),
        ((20, 50), "plus"),
        ((20, -30), "early"),
        ((20, -70), "late"),
        ((4, -10), "soft"),
        ((1, -2.5), "soft"),
        ((8, -20), "soft"),
        ((6, -17.5), "soft"),
        (("20", -50), "base.text"),
        ((20, (-2, 5)), "base.comma"),
        ((20, [2, 5]), "base.one"),
    ],
    "variants.every_third": [
        ((ALL[PEEP], third()), "right"),
        ((PEEP, third()), "right"),
        ((ALL[PEEP], tuple(third())), "right"),
        ((ALL[PEEP], two_units()), "right"),
        ((ALL[PEEP], ...), "base.empty"),
        ((third(), ALL[PEEP]), "no_cell"),
        (("lstm con mirillas", third()), "no_cell"),
        ((ALL["lstm"], third()), "misfit"),
        ((ALL[PEEP], third().W), "misfit"),
        ((ALL[PEEP], third(W=np.ones((2, 4)))), "misfit"),
        ((ALL[PEEP], third(p=np.array([0, -20, np.nan]))), "misfit"),
        ((ALL["lstm"], PLAIN), "never"),
        ((ALL[FULL], FULL_LATE), "misses"),
        ((ALL[PEEP], third(p=np.array([0, 0, 20]), b=np.array([-10, 15, 10, -50]))), "stays"),
        ((ALL[PEEP], third(p=np.array([0, -20, 20]), b=np.array([-10, 50, 10, -30]))), "early"),
        ((ALL["lstm"], OPEN), "early"),
        ((ALL[PEEP], third(b=np.array([-10, 50, 10, -60]))), "never"),
        ((ALL[PEEP], third(b=np.array([-10, 70, 10, -50]))), "stays"),
        ((ALL[FULL], FULL_LATE._replace(b=np.array([-10, 70, 10, -50]))), "late"),
        ((ALL[PEEP], third(p=np.array([0, -20, 60]), b=np.array([-10, 90, 10, -150]))), "stays"),
    ],
}


def test_the_replies_are_short_enough_for_a_phone(capsys):
    for lang in ("es", "en"):
        use_language(lang)
        for name, cases in VERDICTS.items():
            for answer, _ in cases:
                check(name, *answer)
                assert len(capsys.readouterr().out) <= 115
    use_language("en")


def test_the_converted_gru_is_the_same_gru():
    """Exercise 2, with the other convention written out by hand."""
    (w_r, w_u, w_g), (u_r, u_u, u_g), (b_r, b_u, b_g) = (1, -4, 2), (0.5, 3, -1), (-1, -2, 1.5)
    h, x = 0.0, np.random.default_rng(3).normal(size=(9, 1))
    for (x_t,) in x:
        r, u = sigma(w_r * x_t + u_r * h + b_r), sigma(w_u * x_t + u_u * h + b_u)
        h = (1 - u) * h + u * math.tanh(w_g * x_t + u_g * r * h + b_g)
    params = variants.GRUParams(*(np.array(part, float) for part in ([W], [U], B)))
    assert variants.gru_reset_before.forward(x, params).h_last[0] == pytest.approx(h)


def test_the_count_alone_cannot_tell_the_coupled_cell_from_the_first_gru():
    totals = {name: cell.count(10, 20).total for name, cell in ALL.items()}
    assert totals["coupled_lstm"] == totals["gru_reset_before"] == 1860
    others = [total for name, total in totals.items() if name != "coupled_lstm"]
    assert all(one != other for one, other in pairwise(sorted(others)))
