"""Chapter 12, variants: its numbers, what it claims in words, and the verdicts of its exercises."""

import inspect
import math
import re
from itertools import pairwise

import numpy as np
import pytest
from notebooks import ROOT, mimes, read
from prose import assert_said, written

from lstm_edu import CellExplorer, GRUExplorer, LSTMParams, lstm_forward, use_language, variants
from lstm_edu.exercises import check
from lstm_edu.variants import ALL

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
    yield "pipe-answer", sigma(4 - 3 * 3), 4
    yield "pipe-answer", sigma(-5) + sigma(2) * math.tanh(1 - 3), 4
    yield "pipe-answer", sigma(4), 4
    yield "pipe-answer", sigma(4) + sigma(2) * math.tanh(1), 4
    c = sigma(-4) * -2 + sigma(-3) * math.tanh(1)
    yield "peephole-answer", sigma(2 * c), 4
    yield "peephole-answer", sigma(2 * -2), 4
    yield "peephole-answer", sigma(2 * -2), 4
    yield "watch-answer", np.flatnonzero(by_hand(PULSES[:, 0]) > 0.5)[0] + 1, 0
    yield "watch-answer", np.flatnonzero(by_hand(PULSES[:, 0], reads_new=False) > 0.5)[0] + 1, 0
    yield "clock-answer", (clock(1000)[1] > 0.5).sum(), 0
    yield "clock-answer", sigma(1 - 3), 4
    yield "clock-answer", sigma(3 - 1), 4
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
    yield "solution-2", two_pulses, 4
    D, H = 3, 4
    one_block, mine = D * H + H * H + H, 3 * (D * H + H * H + H)
    for total in (4 * one_block, mine, 4 * one_block + 4 * H * H, 4 * one_block + 3 * H):
        yield "table", total, 0
    for total in (mine, mine, mine + 3 * H, one_block):
        yield "table", total, 0


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_numbers_of_chapter_12_are_the_computed_ones(lang):
    page = read(ROOT / "chapters" / lang / "12_variants.ipynb")
    said = [(cell, written(value, decimals, lang)) for cell, value, decimals in chapter_12()]
    assert_said(page, said)


def test_the_pipe_is_told_apart_by_its_numbers():
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


def test_the_pipe_of_the_figure():
    """Unit 2's memory moves unit 1 by V alone: in an LSTM with h_prev = 0 nothing would move."""
    pipe = CellExplorer(preset="pipe")
    assert not pipe.h_prev.any()
    three, zero = pipe.result, at(pipe, c_prev=[1, 0])
    assert abs(three.f[0] - zero.f[0]) > 0.9
    pipe.variant = "lstm"
    assert at(pipe, c_prev=[1, 3]).c[0] == at(pipe, c_prev=[1, 0]).c[0]


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
    pipe = variants.FullPeepholeParams(*weights, np.array([[0, 0, 0, 20]]))
    late = variants.full_peephole_lstm.forward(PULSES, pipe)
    np.testing.assert_allclose(late.h[:, 0], by_hand(PULSES[:, 0], reads_new=False), atol=1e-9)
    blind = lstm_forward(PULSES, LSTMParams(*weights))
    assert blind.h.max() < 1e-30  # "the LSTM, never"
    for other in (late, blind):  # "all three count alike"
        np.testing.assert_allclose(other.c, trace.c, rtol=1e-12)
    assert 0 < math.tanh(5) - math.tanh(4) < 0.001


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
    lines = [line[10:] for line in out["pipe-code"].splitlines()]
    assert lines[0] != lines[1] == lines[2]
    lines = out["cross-code"].splitlines()
    assert [line[10:] for line in lines][1] == lines[3][10:] != lines[2][10:]
    with_three, with_one = out["reset-code"].splitlines()[:2], out["reset-code"].splitlines()[2:]
    assert with_three[0][7:] != with_three[1][7:] and with_one[0][7:] == with_one[1][7:]
    c = [re.findall(r"\d\.", line) for line in out["count-code"].splitlines()[1:]]
    assert c == [["1.", "2.", "3.", "4.", "5.", "6."], ["1."] * 6]
    right, crossed = out["loop-code"].splitlines()
    assert right[10:] != crossed[10:]


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


PIPE, HOLE, GRU, CIFG = "full_peephole_lstm", "peephole_lstm", "gru", "coupled_lstm"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((PIPE, HOLE, GRU, CIFG), "✓ Right"),
        ((PIPE, HOLE, GRU, ...), "Put your answer"),
        ((PIPE, HOLE, GRU), "✗ There are four names; 3 came"),
        ((PIPE, HOLE, "GRU", CIFG), "✗ 'GRU' is none of the names"),
        ((PIPE, HOLE, 1920, CIFG), "✗ 1920 is none of the names"),
        (("lstm", HOLE, GRU, CIFG), "✗ The LSTM has 2480 with these sizes"),
        ((HOLE, PIPE, GRU, CIFG), "✗ The first has 1600 = 4H² more"),
        ((PIPE, PIPE, GRU, CIFG), "✗ The second has only 60 = 3H more"),
        ((PIPE, HOLE, "gru_reset_before", CIFG), "✗ With r before it is 1860"),
        ((PIPE, HOLE, CIFG, CIFG), "✗ The coupled one has 1860"),
        ((PIPE, HOLE, GRU, GRU), "✗ The GRU takes that mean too"),
        ((PIPE, HOLE, GRU, "gru_reset_before"), "✗ The GRU takes that mean too"),
        ((PIPE, HOLE, GRU, "lstm"), "✗ In the LSTM, i is another gate"),
        ((CIFG, HOLE, GRU, CIFG), "✗ You have 3 of 4"),
    ],
)
def test_the_verdicts_of_exercise_1(answer, said, capsys):
    use_language("en")
    check("variants.which", *answer)
    assert capsys.readouterr().out.startswith(said)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((20, -50), "✓ Right: h = 0.0000 up to the second pulse, 0.9950 from the third on"),
        ((12, -30), "✓ Right"),
        ((np.float64(40), -100.0), "✓ Right"),
        ((20, ...), "Put your answer"),
        ((0, -50), "✗ With p_o = 0 the gate does not see the count"),
        ((-20, 50), "✗ With p_o negative"),
        ((20, -60), "✗ The threshold falls right on a count"),
        ((20, -40), "✗ The threshold falls right on a count"),
        ((20, 0), "✗ Without a bias the threshold is at c = 0: after two pulses h is already 0.96"),
        ((20, -30), "✗ It fires too early"),
        ((20, -70), "✗ It keeps quiet too long: after three pulses h is only 0.0000"),
        ((4, -10), "✗ Not steep enough: h = 0.1149 after two pulses and 0.8764 after three"),
        (([20], -50), "✗ The shape expected is ()"),
        (("20", -50), "✗ Your answer ends in an error"),
    ],
)
def test_the_verdicts_of_exercise_2(answer, said, capsys):
    use_language("en")
    check("variants.threshold", *answer)
    assert capsys.readouterr().out.startswith(said)


def test_the_replies_are_short_enough_for_a_phone(capsys):
    answers = {
        "variants.threshold": [(20, -50), (0, 0), (-1, 0), (20, -60), (20, 0), (20, -30), (4, -10)],
        "variants.which": [(PIPE, HOLE, GRU, CIFG), ("lstm",) * 4, (HOLE, PIPE, GRU, CIFG)],
    }
    for lang in ("es", "en"):
        use_language(lang)
        for name, given in answers.items():
            for answer in given:
                check(name, *answer)
                assert len(capsys.readouterr().out) <= 95
    use_language("en")


def test_the_count_alone_cannot_tell_the_coupled_cell_from_the_first_gru():
    totals = {name: cell.count(10, 20).total for name, cell in ALL.items()}
    assert totals["coupled_lstm"] == totals["gru_reset_before"] == 1860
    others = [total for name, total in totals.items() if name != "coupled_lstm"]
    assert all(one != other for one, other in pairwise(sorted(others)))
