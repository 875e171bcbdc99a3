"""Chapter 5, memory through time: its numbers, its claims, and the verdicts of its exercises."""

import math
import re
from functools import cache

import numpy as np
import pytest
from prose import assert_said, assert_worked_out
from starts import starts

from lstm_edu import (
    LSTMParams,
    SequenceExplorer,
    lstm_forward,
    lstm_step,
    sigmoid,
    variants,
)
from rules.pages import ROOT, mimes, read, slider_figures
from rules.prose import written

NAME = "05_memory_through_time.ipynb"


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


def test_the_blind_cell_ends_at_the_sum_of_all_the_numbers():
    """Not at that of the noise alone, and its sign is not the first bit's."""
    every = np.random.default_rng(5).choice([-1, 1], size=51)
    end = noisy([[0, 0, 5, 0], [0, 0, 0, 0]], [12, 12, 0, 10])
    assert abs(end - every.sum()) < 0.01 and every[0] * end < 0
    assert abs(end - every[1:].sum()) > 0.9


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
    yield "default-answer", half_life(3), 1
    yield "kept-answer", half_life(4), 1
    yield "kept-answer", half_life(5), 1
    yield "kept-answer", half_life(5) / half_life(4), 1
    yield "kept-answer", math.log(2), 2
    f = 0.5 ** (1 / 50)
    yield "kept-answer", f, 4
    yield "kept-answer", math.log(f / (1 - f)), 2
    yield "through-h-answer", through_h(1)[0], 0
    yield "through-h-answer", through_h(3)[1], 4
    first, last = halves()
    yield "through-h-answer", first, 2
    yield "through-h-answer", last, 4
    for name, what in (("chrono", 1), ("b_f_only", 1), ("b_f_only", 2)):
        reached = [medians(name, H)[what] for H in (8, 32, 128)]
        share = 100 if name == "chrono" else 1
        yield "live", share * min(reached), 0 if share > 1 else 2
        yield "live", share * max(reached), 0 if share > 1 else 2
    yield "live", medians("chrono", 8)[2], 2
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
    yield "latch-answer", next(c for c in np.arange(15, 25, 0.1) if math.tanh(c) == 1), 1
    yield "loop", sigma(2) ** 7, 4
    yield "loop", sigma(2) ** 3, 4
    yield "loop", walk(ORDERS[:10], COUNTER[0], [-10, 2, 10, 10])[-1][0], 4
    yield "loop-answer", walk([(1, 0)] * 6, *COUNTER, loop="swapped")[-1][0], 4
    yield "carry-answer", carried()["none"][24], 4
    yield "carry-answer", counter_without_c()["c"][24], 0
    yield "solution-1", math.tanh(1), 4
    yield "solution-4", math.tanh(1), 2
    for bias in (0.2 - 0.1, 1, math.log(50)):
        yield "solution-3", 1 + sigma(bias) ** 2 + sigma(bias) ** 4, 4
    yield "exercise-4-text", 0.5, 1
    yield "exercise-4-text", 0.2, 1


def half_life(b_f):
    """The steps in which a cell at rest loses half of its memory."""
    return math.log(0.5) / math.log(sigma(b_f))


def through_h(u):
    """In how many of 50 noisy sequences h keeps the first sign without the belt; the least |h|."""
    rng = np.random.default_rng(0)
    x = rng.uniform(-0.1, 0.1, (50, 1000, 1))
    x[:, 0] = rng.choice([-1, 1], (50, 1))
    h = np.zeros(50)
    for x_t in np.moveaxis(x[..., 0], 1, 0):  # f is 4e-18: c is i g
        h = sigma(20) * np.tanh(sigma(20) * np.tanh(3 * x_t + u * h))
    return np.sum(np.sign(h) == x[:, 0, 0]), np.abs(h).min()


def halves():
    """c_1 and c_100 of a unit with all gates at 1/2 and u = 2."""
    c, states = 0.04, []
    h = 0.0
    for _ in range(100):
        c = c / 2 + math.tanh(2 * h) / 2
        h = math.tanh(c) / 2
        states.append(c)
    return states[0], states[-1]


@cache
def medians(name, H):
    """Of 20 new networks: what the belt lets through, what is left of 1, the size of the noise."""
    return np.median([starts()["left"](starts()[name], H, seed) for seed in range(20)], axis=0)


def counter_without_c():
    """How far the counter is off in c and h when its c is lost after 25 of 50 ones."""
    whole, lost = walk([(1, 0)] * 50, *COUNTER), walk([(1, 0)] * 25, *COUNTER)
    return {
        name: [full[k] - cut[k] for full, cut in zip(whole[25:], lost, strict=True)]
        for k, name in enumerate("ch")
    }


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
    page = read(ROOT / "chapters" / lang / NAME)
    said = [(cell, written(value, decimals, lang)) for cell, value, decimals in chapter_5()]
    assert_said(page, said)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_powers_of_ten_of_chapter_5(lang):
    """Left of a difference of 1 after 50 steps, in the median of 20 networks."""
    text = {cell.id: cell.source for cell in read(ROOT / "chapters" / lang / NAME).cells}
    for name in ("keras", "pytorch"):
        left = [medians(name, H)[1] for H in (8, 32, 128)]
        assert left == sorted(left)  # "more units help"
        for value in (left[0], left[-1]):
            digit, exponent = f"{value:.0e}".split("e")
            assert rf"${digit} \cdot 10^{{{int(exponent)}}}$" in text["starts-answer"]
    assert f"{sigma(-40):.0e}" == "4e-18" and r"$4 \cdot 10^{-18}$" in text["kept-answer"]


@pytest.mark.parametrize("lang", ["es", "en"])
def test_no_long_number_of_chapter_5_goes_unchecked(lang):
    """A number with two decimals or more is one that `chapter_5` yields."""
    page = read(ROOT / "chapters" / lang / NAME)
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


def test_a_memory_can_last_without_the_belt():
    """With f = 4e-18 a bit lasts 1000 steps; with f = 1/2 a small value lasts 100."""
    assert through_h(1)[0] == 29 and through_h(3)[0] == 50
    loop = LSTMParams([[0, 0, 3, 0]], [[0, 0, 3, 0]], [20, -40, 0, 20])
    for bit in (-1, 1):
        x = np.random.default_rng(1).uniform(-0.1, 0.1, (1000, 1))
        x[0] = bit
        trace = lstm_forward(x, loop)
        assert trace.f.max() < 5e-18 and bit * trace.h[-1, 0] > 0.74
    halves_trace = lstm_forward(
        np.zeros((100, 1)), LSTMParams([[0] * 4], [[0, 0, 2, 0]], [0] * 4), c0=[0.04]
    )
    assert (halves_trace.c[0, 0], halves_trace.c[-1, 0]) == pytest.approx(halves(), rel=1e-12)
    assert halves_trace.f.min() == 0.5


def test_what_chapter_5_claims_of_the_starts():
    """Over 20 seeds and three sizes: neither start remembers 50 steps, and h brings the rest."""
    for name, most in (("keras", 1e-3), ("pytorch", 1e-8)):
        for H in (8, 32, 128):
            assert max(starts()["left"](starts()[name], H, seed)[1] for seed in range(20)) < most
    for name, times in (("keras", (100, 1000)), ("pytorch", (1000, 1e5))):
        belt, left, _ = medians(name, 128)
        assert times[0] < left / belt < times[1]  # "hundreds of times", "thousands"
    for H in (8, 32, 128):
        belt, left, noise = medians("chrono", H)
        assert 0.85 < belt / left < 1.05  # "nearly all of it along the belt"
        assert noise < 0.14 < 1.3 < medians("b_f_only", H)[2]
    assert medians("b_f_only", 128)[1] > 1  # "even more than there was"
    rng = np.random.default_rng(0)
    gates = [sigmoid(starts()["pytorch"](8, 32, rng).b[32:64]) for _ in range(50)]
    assert abs(np.mean(gates) - 0.5) < 0.01  # "starts at about one half"


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_sketch_of_a_loop_has_three_mistakes(lang):
    """Python complains of one; mended one by one, the others give what the chapter says."""
    (cell,) = (c for c in read(ROOT / "chapters" / lang / NAME).cells if c.id == "loop")
    sketch = re.search(r"```python\n(.*?)```", cell.source, re.DOTALL)[1]
    params = LSTMParams(COUNTER[0], np.zeros((1, 4)), COUNTER[1])

    def layers(h_prev, x_t):
        step = lstm_step(x_t, h_prev, [0.0], params)
        return step.f, step.i, step.g, step.o

    def last(code):
        room = {"np": np, "layers": layers, "H": 1, "x": np.tile([1.0, 0], (6, 1))}
        room["keep"] = lambda c: kept.append(c) or c
        exec(code.replace("c_t), c_t", "c_t), keep(c_t)"), room)
        return kept[-1][0]

    kept = []
    with pytest.raises(NameError, match="f_t"):
        last(sketch)
    named = sketch.replace("f_t * c_prev", "ft * c_prev")
    dropped = named.replace("c_new, h = cell", "h, c_new = cell")
    swapped = named.replace("c_new, h = cell", "c, h = cell")
    right = named.replace("c_new, h = cell", "h, c = cell")
    assert last(dropped) == pytest.approx(1, abs=1e-3)
    assert last(swapped) == pytest.approx(1.9610, abs=1e-4)
    assert last(right) == pytest.approx(6, abs=2e-3)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_slider_figure_of_chapter_5_shows_what_is_left(lang):
    """What each picture says and draws is the arithmetic's, at the bias that its slider shows."""
    page = read(ROOT / "chapters" / lang / NAME)
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
    wide = lstm_forward(np.zeros((60, 1)), LSTMParams([[0] * 4], [[0] * 4], [40] * 4))
    assert wide.h[-1, 0] == 1  # in float64, "with the output gate wide open"
    assert math.tanh(19.0) < 1 == math.tanh(19.1)


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
    lost = counter_without_c()
    np.testing.assert_allclose(lost["c"], 25, atol=0.05)  # "25 short at step 26 and still at 50"
    assert lost["h"][0] > 0.2 and abs(lost["h"][24]) < 1e-4  # "in its h the difference fades"


# --- what the exercises say -------------------------------------------------------------------


def student(code):
    """Return the function run of a student who writes this in the loop."""
    lines = ["def run(x, first, step, H):", "    h = c = np.zeros(H)", "    shown = []"]
    lines += ["    for x_t, starts in zip(x, first):", *(f"        {line}" for line in code)]
    lines += ["    return np.array(shown)"]
    room = {"np": np}
    exec("\n".join(lines), room)
    return room["run"]


def left(f, last=0):
    return sum(f ** (n + last) for n in (0, 2, 4))


RESET, STEP, SHOW = "if starts: h = c = np.zeros(H)", "h, c = step(x_t, h, c)", "shown.append(h)"
OPEN, LOG = sigma(0.1), sigma(math.log(50))
LIGHT = [20, -20, 0, 0], [-20, 0, 0, 0], [-10, 10, 10, 10]

VERDICTS = {
    "memory_through_time.zeros": [
        ((-20, 10, 15, 10), "right"),
        ((-25, 12, 20, 5), "right"),
        ((-20, 10, 10, 10), "right"),
        ((np.array([-20.0]), 10, 15, 10), "right"),
        ((-20, 10, 15, 2.5), "small"),
        ((-20, 10, 15, 3), "small"),  # tanh(3) = 0.995: little, but 31 times over
        ((-20, 5, 15, 10), "small"),
        ((-20, 6, 5, 10), "leaks"),
        ((20, -10, 15, 10), "ones"),
        ((20, -10, 5, 1), "ones"),
        ((0, 10, 15, 10), "both"),
        ((-12, 10, 15, 10), "both"),
        ((20, 10, 15, 10), "both"),
        ((-20, 10, 5, 10), "leaks"),
        ((-20, 10, 1, 10), "leaks"),
        ((-20, 10, 0, 10), "leaks"),
        ((-20, 10, 15, 1), "small"),
        ((-20, 10, 1, 1), "small"),  # two slips: the first to mend is what each zero adds
        ((-10, 0, 15, 10), "small"),
        ((-20, -10, 15, 10), "small"),
        ((-20, 10, 15, -10), "down"),
        ((-20, 10, 15, 0), "down"),
        (("x", 10, 15, 10), "base.text"),
        ((-20, 10, 15), "base.count"),
        ((-20, 10, (15, 5), 10), "base.comma"),
        ((-20, 10, math.nan, 10), "base.infinite"),
    ],
    "memory_through_time.run": [
        ((student([RESET, STEP, SHOW]),), "right"),
        ((student(["if starts: h, c = np.zeros(H), np.zeros(H)", STEP, SHOW]),), "right"),
        ((student([STEP, SHOW]),), "never"),
        ((student(["if starts: h = 0 * h", STEP, SHOW]),), "only_h"),
        ((student(["if starts: c = 0 * c", STEP, SHOW]),), "only_c"),
        ((student([STEP, SHOW, RESET]),), "after"),
        ((student([STEP, RESET, SHOW]),), "unseen"),
        ((student([RESET, "h, c_new = step(x_t, h, c)", SHOW]),), "dropped"),
        ((student([RESET, "c, h = step(x_t, h, c)", SHOW]),), "swapped"),
        ((student([RESET, STEP, "shown.append(c)"]),), "memory"),
        ((student([RESET, STEP, "shown = h"]),), "last"),
        ((student(["if starts: h = c = 0", STEP, SHOW]),), "single"),
        ((student(["if starts: c = 0", STEP, SHOW]),), "single"),
        ((student([RESET, STEP, "shown.append(-h)"]),), "wrong"),
        ((student([RESET, STEP]),), "base.shape"),
        ((student([RESET, "h, c = step(x, h, c)", SHOW]),), "base.raised"),
        ((lambda x, first, step, H: ...,), "base.empty"),
        ((lambda x, first, step, H: None,), "base.return"),
        ((lambda x: x,), "base.raised"),
        ((np.ones(3),), "base.function"),
    ],
    "memory_through_time.starts": [
        ((left(OPEN), left(sigma(1)), left(LOG)), "right"),
        ((1.3516, 1.8201, 2.8850), "right"),
        ((1.35, 1.82, 2.89), "right"),
        ((1.35, 1.82, 2.88), "right"),
        ((left(OPEN, 1), left(sigma(1), 1), left(LOG, 1)), "own"),
        ((left(0.1), left(1), left(math.log(50))), "bias"),
        ((left(1 - OPEN), left(1 - sigma(1)), left(1 - LOG)), "forgets"),
        ((OPEN**6, sigma(1) ** 6, LOG**6), "product"),
        ((OPEN**4, sigma(1) ** 4, LOG**4), "oldest"),
        ((0.3516, 0.8201, 1.8850), "without"),
        ((left(sigma(0.2)), 1.82, 2.885), "one_bias"),
        ((left(sigma(-0.1)), 1.82, 2.885), "one_bias"),
        ((left(0.5), 1.82, 2.885), "no_bias"),
        ((1.35, left(0.5), 2.885), "keras_half"),
        ((1.35, 1.82, left(sigma(math.log10(50)))), "log10"),
        ((1.35, 1.82, 3), "no_log"),
        ((1.35, 1.82, left(1 / 50)), "share"),
        ((1.35, 1.82, left(49 / 50)), "right"),  # the same to two decimals
        ((1.37, 1.82, 2.885), "pytorch"),
        ((1.35, 1.85, 2.885), "keras"),
        ((1.35, 1.82, 2.80), "chrono"),
        ((1.35, 1.85, 3), "keras"),
        ((1.82, 1.35, 2.885), "pytorch"),
        (((1, 35), 1.82, 2.885), "base.comma"),
        ((1.35, 1.82), "base.count"),
    ],
    "memory_through_time.switch": [
        (LIGHT, "right"),
        (([20, -20, 0, 0], [0, 0, -20, 0], [-10, 10, 5, 10]), "right"),
        (([20, 0, 0, 0], [0, 0, -20, 0], [-10, 10, 5, 10]), "right"),  # on is 1, off is −1
        (([12, -20, 0, 0], [-20, 0, 0, 0], [-6, 10, 10, 10]), "right"),
        (([20, -20, 0, 0], [0, 0, 0, 0], [-10, 10, 10, 10]), "stays"),  # the latch
        (([20, 0, 0, 0], [0, 0, 0, 0], [-10, 10, 10, 10]), "stays"),  # the counter
        (([20, 0, 0, 0], [-20, 0, 0, 0], [-10, 10, 10, 10]), "stays"),
        (([20, -20, 0, 0], [20, 0, 0, 0], [-10, 10, 10, 10]), "stays"),
        (([20, -20, 0, 0], [-14, 0, 0, 0], [-10, 10, 10, 10]), "stays"),  # h is 0.76 and not 1
        (([20, -20, 0, 0], [-20, 0, 0, 0], [-10, 2, 10, 10]), "fades"),
        (([20, 0, 0, 0], [0, -20, 0, 0], [-10, 10, 10, 10]), "fades"),
        (([20, -20, 0, 0], [-20, 0, 0, 0], [10, 10, 10, 10]), "alone"),
        (([0, 0, 0, 0], [0, 0, 0, 0], [10, 10, 10, 10]), "alone"),
        (([20, -20, 0, 0], [-20, 0, 0, 0], [-10, 10, 10, -10]), "dark"),
        (([20, -20, 0, 0], [-20, 0, 0, 0], [-10, 10, -10, 10]), "dark"),
        (([0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]), "dark"),
        (([20, -20, 0, 0], [-20, 0, -7, 0], [-5, 10, 3, 10]), "relights"),
        (([20, 0, 0, 0], [0, 0, -7, 0], [-10, 10, 4, 10]), "often"),
        (([20, -20, 0], [-20, 0, 0, 0], [-10, 10, 10, 10]), "base.length"),
        (([[20, -20, 0, 0]], [-20, 0, 0, 0], [-10, 10, 10, 10]), "base.shape"),
        ((20, -20, 10), "base.single"),
        (([20, -20, 0, math.inf], [-20, 0, 0, 0], [-10, 10, 10, 10]), "base.infinite"),
        (([20, ..., 0, 0], [-20, 0, 0, 0], [-10, 10, 10, 10]), "base.empty"),
    ],
}
