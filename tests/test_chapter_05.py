"""Chapter 5, memory through time: its numbers, its claims, and the verdicts of its exercises."""

import math
import re

import numpy as np
import pytest
from notebooks import ROOT, mimes, read, slider_figures
from prose import assert_said, assert_worked_out, written

from lstm_edu import LSTMParams, SequenceExplorer, lstm_forward, lstm_step, use_language, variants
from lstm_edu.exercises import check


def sigma(z):
    """σ as the chapter writes it, without the package."""
    return 1 / (1 + math.exp(-z))


def walk(x, W, b, *, c=0.0, loop="right"):
    """Run one unit that does not read h, in plain arithmetic: c and h of every step.

    The loop may hand c on wrongly: "dropped" loses it, "swapped" puts h in its place.
    """
    states = []
    for x_t in x:
        z = [sum(v * w[k] for v, w in zip(x_t, W, strict=True)) + b[k] for k in range(4)]
        i, f, g, o = sigma(z[0]), sigma(z[1]), math.tanh(z[2]), sigma(z[3])
        c_new = f * c + i * g
        h_new = o * math.tanh(c_new)
        states.append((c_new, h_new))
        c = {"right": c_new, "dropped": c, "swapped": h_new}[loop]
    return states


LATCH = [[20, -20, 0, 0], [0, -20, 0, 0]], [-10, 10, 10, 10]
COUNTER = [[20, 0, 0, 0], [0, -20, 0, 0]], [-10, 10, 10, 10]
ORDERS = [(t in (2, 5, 6), t == 10) for t in range(14)]


def noisy(W, b):
    """The last cell state of a unit that meets the chapter's noise."""
    noise = np.random.default_rng(5).choice([-1, 1], size=51)
    return walk([(v, t == 0) for t, v in enumerate(noise)], W, b)[-1][0]


def small_steps():
    counter = SequenceExplorer(preset="counter")
    counter.b = [-10, 15, 0.1, 10]
    return counter.trace.h[-1, 0]


def chapter_5():
    """Yield (cell id, value, decimals) for the numbers that chapter 5 says in its sentences."""
    yield "default", 4 * (2 * 3 + 3 * 3 + 3), 0
    yield "default", 50 * 4 * (2 * 3 + 3 * 3 + 3), 0
    yield "default-answer", 100 * sigma(0) ** 10, 2
    yield "default-answer", sigma(1), 4
    yield "default-answer", 100 * sigma(1) ** 10, 2
    yield "default-answer", 100 * newly_made().max(), 2
    yield "default-answer", half_life(3), 1
    yield "kept-answer", half_life(4), 1
    yield "kept-answer", half_life(5), 1
    yield "kept-answer", half_life(5) / half_life(4), 1
    yield "kept-answer", math.log(2), 2
    f = 0.5 ** (1 / 50)
    yield "kept-answer", f, 4
    yield "kept-answer", math.log(f / (1 - f)), 2
    counter = SequenceExplorer(preset="counter").trace
    yield "live-answer", counter.c[-1, 0], 4
    yield "live-answer", counter.h[-1, 0], 4
    yield "live-answer", math.tanh(3), 4
    yield "live-answer", small_steps(), 4
    leaky = SequenceExplorer(preset="leaky").trace
    yield "live-answer", sigma(2), 4
    yield "live-answer", leaky.c[-1, 0], 4
    yield "noise", sigma(5), 4
    yield "noise", walk([(0,)] * 50, [[0] * 4], [-5, 5, 10, 10])[-1][0], 4
    yield "latch", noisy([[0, 0, 5, 0], [0, 0, 0, 0]], [12, 12, 0, 10]), 4
    yield "latch", noisy([[0, 0, 5, 0], [20, -20, 0, 0]], [-10, 10, 0, 10]), 4
    yield "latch-answer", math.tanh(7) - math.tanh(6), 5
    yield "loop", sigma(2) ** 7, 4
    yield "loop", sigma(2) ** 3, 4
    yield "loop", walk(ORDERS[:10], COUNTER[0], [-10, 2, 10, 10])[-1][0], 4
    yield "loop-answer", walk([(1, 0)] * 6, *COUNTER, loop="swapped")[-1][0], 4
    yield "carry-answer", carried()["none"][24], 4
    yield "solution-1", math.tanh(1), 4


def half_life(b_f):
    """The steps in which a cell at rest loses half of its memory."""
    return math.log(0.5) / math.log(sigma(b_f))


def newly_made():
    """What 32 units with random weights and a forget bias of 1 keep after 10 steps."""
    rng, bias = np.random.default_rng(0), np.repeat([0, 1, 0, 0], 32)
    W, U = 0.2 * rng.normal(size=(8, 128)), 0.1 * rng.normal(size=(32, 128))
    return lstm_forward(rng.normal(size=(10, 8)), LSTMParams(W, U, bias)).f.prod(axis=0)


def random_network():
    rng = np.random.default_rng(0)
    return LSTMParams(*(rng.normal(size=size) for size in ((2, 12), (3, 12), 12)))


def carried():
    """How far off h is in the second half when some of the state is not handed on."""
    params, x = random_network(), np.random.default_rng(2).normal(size=(50, 2))
    whole, first = lstm_forward(x, params), lstm_forward(x[:25], params)
    h, c = {"h0": first.h_last}, {"c0": first.c_last}
    starts = {"both": h | c, "only h": h, "only c": c, "none": {}}
    return {
        name: np.abs(lstm_forward(x[25:], params, **start).h - whole.h[25:]).max(axis=1)
        for name, start in starts.items()
    }


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_numbers_of_chapter_5_are_the_computed_ones(lang):
    page = read(ROOT / "chapters" / lang / "05_memory_through_time.ipynb")
    said = [(cell, written(value, decimals, lang)) for cell, value, decimals in chapter_5()]
    assert_said(page, said)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_no_long_number_of_chapter_5_goes_unchecked(lang):
    """A number with two decimals or more is one that `chapter_5` yields."""
    page = read(ROOT / "chapters" / lang / "05_memory_through_time.ipynb")
    checked = {(cell, written(value, decimals, lang)) for cell, value, decimals in chapter_5()}
    for cell in page.markdown():
        text = re.sub(r"<[^>]*>", "", cell.source).replace("{,}", ",")  # but for links
        found = re.findall(r"(?<![\d.,])−?\d+[.,]\d{2,}(?!\d)", text)
        computed = {number for where, number in checked if where == cell.id}
        assert_worked_out(page, cell, set(found) - computed)


def test_what_chapter_5_claims_of_lasting():
    for b_f in (1, 3, 5, 8):
        formula = math.log(2) / math.log(1 + math.exp(-b_f))
        assert half_life(b_f) == pytest.approx(formula)
        if b_f >= 3:  # "the approximation holds when b_f is large"
            assert formula == pytest.approx(math.log(2) * math.exp(b_f), rel=0.03)
    assert sigma(4) ** 50 < 0.5 < sigma(4.5) ** 50  # "less than half with 4, more with 4.5"
    assert sigma(1) ** 50 < 1e-6  # "nothing that can be read"
    assert newly_made().mean() < 0.05


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_slider_figure_of_chapter_5_shows_what_is_left(lang):
    """What each picture says and draws is the arithmetic's, at the bias that its slider shows."""
    page = read(ROOT / "chapters" / lang / "05_memory_through_time.ipynb")
    (cell,) = [cell for cell in page.code() if cell.id == "kept-figure"]
    (figure,) = slider_figures(mimes(cell.outputs[0])["text/html"])
    (biases,) = figure.texts
    assert {"0", "3", "4", "4.5", "5", "8"} < set(biases)  # those that the text speaks of
    for bias, alt, svg in zip(biases, figure.alts, figure.svgs, strict=True):
        f = sigma(float(bias))
        said = [f"{f:.4f}", f"{f**10:.4f}", f"{f**50:.4f}", f"{half_life(float(bias)):.1f}"]
        assert [one for one in re.findall(r"\d+\.\d+", alt)] == said
        frame, curve = (
            np.array(re.findall(r"(-?[\d.]+) (-?[\d.]+)", re.search(where, svg)[1]), float)
            for where in (r'<g id="patch_2-[^>]*><path d="([^"]*)"', r' d="([^"]*)"[^>]*#7a5c00')
        )
        (left, top), (right, bottom) = frame.min(axis=0), frame.max(axis=0)
        t = 50 * (curve[:, 0] - left) / (right - left)
        kept = 1.05 * (bottom - curve[:, 1]) / (bottom - top)
        np.testing.assert_allclose(kept, f**t, atol=1e-3)
        assert len(t) > 20


def test_what_chapter_5_claims_of_the_explorer():
    bit = SequenceExplorer(preset="bit")
    assert bit.trace.i.min() > 0.9999 and np.abs(bit.trace.g[2:]).max() == 0
    x = bit.x.copy()
    x[29] = -1
    bit.x = x
    assert abs(bit.trace.c[-1, 0]) < 1e-3  # "c ends at 0"
    assert SequenceExplorer(preset="counter").x.sum() == 7
    bump = SequenceExplorer(preset="bump")
    assert bump.trace.f.max() < 1e-4  # "all the forget gates are shut, always"
    blind = SequenceExplorer(LSTMParams(bump.W, 0 * bump.U, bump.b), x=bump.x)
    assert bump.trace.c[:, 0].max() > 0.9 > blind.trace.c[:, 0].max()  # "through h"
    leaky = SequenceExplorer(preset="leaky")
    leaky.b = [12, 10, 0, 10]
    assert leaky.trace.c[-1, 0] > 0.997  # "raise it to 10 or more"
    stuck, latch = SequenceExplorer(preset="stuck"), SequenceExplorer(preset="latch")
    assert stuck.W[1, 1] == 20 and stuck.x[16, 1] == 1  # the link opens step 17
    W = stuck.W.copy()
    W[1, 1] = -20
    stuck.W = W
    np.testing.assert_array_equal(stuck.trace.c, latch.trace.c)


def test_the_networks_of_chapter_5_do_what_they_say():
    for rest in (5, 10):  # "both leaks almost make up for each other"
        full = walk([(0,)] * 50, [[0] * 4], [-rest, rest, 10, 10], c=1.0)[-1][0]
        assert full == pytest.approx(1, abs=1e-4)
    assert 1 - sigma(5) ** 50 > 1 / 4  # "more than a quarter of what was stored is lost"
    latch, counter = (np.array(walk(ORDERS, *network)) for network in (LATCH, COUNTER))
    held = [0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0]
    count = [0, 0, 1, 1, 1, 2, 3, 3, 3, 3, 0, 0, 0, 0]
    np.testing.assert_allclose(latch[:, 0], held, atol=1e-3)
    np.testing.assert_allclose(counter[:, 0], count, atol=1e-3)
    exact = lstm_forward(np.array(ORDERS, float), LSTMParams(LATCH[0], np.zeros((1, 4)), LATCH[1]))
    np.testing.assert_allclose(np.column_stack([exact.c, exact.h]), latch, rtol=1e-12, atol=1e-15)
    assert sum(a != b for row, other in zip(*(n[0] for n in (LATCH, COUNTER)), strict=True)
               for a, b in zip(row, other, strict=True)) == 1  # fmt: skip # "one weight apart"


def test_the_bounds_of_both_states():
    """|c_t| ≤ |c_0| + t and |h_t| < 1, whatever the weights."""
    rng = np.random.default_rng(1)
    for scale in (0.1, 1, 3):
        params = LSTMParams(*(scale * rng.normal(size=s) for s in ((2, 12), (3, 12), 12)))
        c0 = 4 * rng.normal(size=3)
        trace = lstm_forward(rng.normal(size=(60, 2)), params, c0=c0)
        assert (np.abs(trace.c) <= np.abs(c0) + np.arange(1, 61)[:, None]).all()
        assert np.abs(trace.h).max() < 1


def test_the_memory_is_the_sum_of_what_was_written():
    c0 = np.array([2.0, -1.0, 0.5])
    trace = lstm_forward(np.random.default_rng(3).normal(size=(12, 2)), random_network(), c0=c0)
    for t in range(1, 13):
        kept = np.prod(trace.f[:t], axis=0) * c0
        parts = [np.prod(trace.f[k + 1 : t], axis=0) * trace.i[k] * trace.g[k] for k in range(t)]
        np.testing.assert_allclose(kept + sum(parts), trace.c[t - 1], rtol=1e-12)


def test_the_mistakes_of_the_loop():
    """One of the documents the book grew from makes both in its pseudo-code."""
    ends = {name: walk([(1, 0)] * 60, *COUNTER, loop=name) for name in ("dropped", "swapped")}
    assert max(c for c, _ in ends["dropped"]) <= 1  # "does not get beyond 1"
    assert 1.96 < max(c for c, _ in ends["swapped"]) < 2  # "never reaches 2"
    assert walk([(1, 0)] * 6, *COUNTER)[-1][0] == pytest.approx(6, abs=2e-3)
    for name, loop in ends.items():  # in the package's step, handed on just as wrongly
        h = c = np.zeros(1)
        for c_right, h_right in loop:
            step = lstm_step([1, 0], h, c, LSTMParams(COUNTER[0], np.zeros((1, 4)), COUNTER[1]))
            assert (step.c[0], step.h[0]) == pytest.approx((c_right, h_right), rel=1e-12)
            h, c = (step.h, c) if name == "dropped" else (step.c, step.h)


def test_the_cell_whose_gates_read_its_state():
    params = LSTMParams([[50, 0, 0, 0]], np.zeros((1, 4)), [-10, 15, 10, 10])
    pipe, x = variants.full_peephole_lstm, np.ones((6, 1))
    plain = pipe.forward(x, variants.FullPeepholeParams(*params, V=np.zeros((1, 4))))
    np.testing.assert_allclose(plain.c, lstm_forward(x, params).c, rtol=1e-14)
    stops = pipe.forward(x, variants.FullPeepholeParams(*params, V=[[-16, 0, 0, 0]]))
    np.testing.assert_allclose(stops.c[:, 0], [1, 2, 3, 3, 3, 3], atol=2e-3)
    assert dict(pipe.shapes(2, 3))["V"] == (3, 12)  # H × 4H


def test_two_calls_are_one():
    off = carried()
    assert off["both"].max() == 0
    for name in ("only h", "only c", "none"):
        assert off[name][0] > 0.1 and off[name][24] < 1e-4  # wrong at once, and it fades
    ones, counter = np.ones((50, 1)), SequenceExplorer(preset="counter").params
    whole, second = lstm_forward(ones, counter), lstm_forward(ones[25:], counter)
    lost = (whole.c[25:] - second.c)[:, 0]  # "in a counter that does not leak"
    np.testing.assert_allclose(lost, 25, atol=0.01)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((-20, 10, 15, 10), "✓ Right: with"),
        ((-25, 12, 20, 5), "✓ Right: with"),
        ((-20, 10, 10, 10), "✓ Right: with"),
        ((-20, 10, 15, 2.5), "✗ Each zero adds 0.9866 and not 1"),
        ((20, -10, 15, 10), "✗ It counts the ones: a 1 adds 1.0000 and a 0 adds 0.0000"),
        ((0, 10, 15, 10), "✗ A 1 lets something in too: 1.0000"),
        ((-12, 10, 15, 10), "✗ A 1 lets something in too: 0.1192"),
        ((-20, 10, 5, 10), "✗ The forget gate leaks: after 40 steps it leaves 0.7644"),
        ((-20, 10, 15, 1), "✗ Each zero adds 0.7616 and not 1"),
        ((-10, 0, 15, 10), "✗ Each zero adds 0.5000 and not 1"),
        ((-20, -10, 15, 10), "✗ Each zero adds 0.0000 and not 1"),
        ((-20, 10, 15, -10), "✗ Each zero adds -1.0000: with such a b_g"),
        ((-20, 10, 15, 0), "✗ Each zero adds 0.0000: with such a b_g"),
        (("x", 10, 15, 10), "✗ Your answer ends in an error"),
    ],
)
def test_the_verdicts_of_exercise_1(answer, said, capsys):
    use_language("en")
    check("memory_through_time.zeros", *answer)
    assert capsys.readouterr().out.startswith(said)


def student(code):
    """Return the function run of a student who writes this in the loop, before and after."""
    lines = ["def run(x, first, step, H):", "    h = c = np.zeros(H)", "    shown = []"]
    lines += ["    for x_t, starts in zip(x, first):", *(f"        {line}" for line in code)]
    lines += ["    return np.array(shown)"]
    room = {"np": np}
    exec("\n".join(lines), room)
    return room["run"]


RESET, STEP, SHOW = "if starts: h = c = np.zeros(H)", "h, c = step(x_t, h, c)", "shown.append(h)"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (student([RESET, STEP, SHOW]), "✓ Right"),
        (student([STEP, SHOW]), "✗ You never go back to zero"),
        (student(["if starts: h = 0 * h", STEP, SHOW]), "✗ You set only h to zero"),
        (student(["if starts: c = 0 * c", STEP, SHOW]), "✗ You set only c to zero"),
        (student([STEP, SHOW, RESET]), "✗ You set to zero after the step"),
        (student([RESET, "h, c_new = step(x_t, h, c)", SHOW]), "✗ The new c never comes back"),
        (student([RESET, "c, h = step(x_t, h, c)", SHOW]), "✗ You have swapped the states"),
        (student([RESET, STEP, "shown.append(c)"]), "✗ That is c"),
        (student([RESET, STEP, "shown = h"]), "✗ That is the h of the last step"),
        (student([RESET, STEP, "shown.append(-h)"]), "✗ The shape is right, but the numbers"),
        (student([RESET, STEP]), "✗ The shape expected is (9, 3)"),
        (lambda x, first, step, H: ..., "Put your answer"),
        (lambda x, first, step, H: None, "✗ Your function gives nothing back"),
        (lambda x: x, "✗ Your answer ends in an error, TypeError"),
        (np.ones(3), "✗ The function itself goes here"),
    ],
)
def test_the_verdicts_of_exercise_2(answer, said, capsys):
    use_language("en")
    check("memory_through_time.run", answer)
    assert capsys.readouterr().out.startswith(said)
