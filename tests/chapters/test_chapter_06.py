"""Chapter 6, gradients through the cell: its numbers, what it claims, and its exercises."""

import math
import re

import numpy as np
import pytest
from prose import assert_said, assert_worked_out

from lstm_edu import (
    CellExplorer,
    GradientExplorer,
    LSTMParams,
    count_lstm,
    lstm_backward,
    lstm_forward,
    lstm_step,
    lstm_step_backward,
)
from lstm_edu.counting import count_simple_rnn
from rules.pages import ROOT, read
from rules.prose import written

NAME = "06_gradients_through_the_cell.ipynb"
SEEDS = range(1, 42)


def sigma(z):
    """σ as the chapter writes it, without the package."""
    return 1 / (1 + math.exp(-z))


def power_of_ten(value):
    """A number as the chapter writes it in a formula, in two parts: 1.6 and −7."""
    digits, exponent = f"{value:.1e}".split("e")
    return float(digits), int(exponent)


def first(preset="vanishes", **change):
    """The lengths of the gradients at step 1, by curve."""
    explorer = GradientExplorer(preset=preset, **change)
    return {name: norms[0] for name, norms in explorer.norms.items()}


def one_unit(T, U, b, c_0=0.0):
    """An LSTM of one unit without inputs: its trace, and the gradients of its last h."""
    params = LSTMParams(np.zeros((1, 4)), np.array([U]), np.array(b))
    trace = lstm_forward(np.zeros((T, 1)), params, c0=np.array([c_0]))
    dh = np.zeros((T, 1))
    dh[-1] = 1
    return trace, lstm_backward(trace, dh)


def at_rest(b_f, u):
    """∂L/∂c_1 of a unit at rest, as a share of ∂L/∂c_100."""
    _, back = one_unit(100, [0, 0, u, 0], [0, b_f, 0, 0])
    return back.dc[0, 0] / back.dc[-1, 0]


def door(c_0, b_o):
    """What a unit with f = σ(8) keeps of c_0 over 100 steps, and the gradient that reaches c_0."""
    trace, back = one_unit(100, [0, 0, 0, 0], [-20, 8, 0, b_o], c_0)
    return trace.c[-1, 0] / c_0, back.dc0[0]


def one_step_back(i, f, g, o, c_prev, dh, dc):
    """The numbers of one step back of one unit, in plain arithmetic."""
    c = f * c_prev + i * g
    down = dh * o * (1 - math.tanh(c) ** 2)
    whole = dc + down
    return {
        "c": c,
        "tanh": math.tanh(c),
        "down": down,
        "whole": whole,
        "dz_i": whole * g * i * (1 - i),
        "dz_f": whole * c_prev * f * (1 - f),
        "dz_g": whole * i * (1 - g**2),
        "dz_o": dh * math.tanh(c) * o * (1 - o),
        "dc_prev": whole * f,
    }


BY_HAND = one_step_back(0.5, 0.5, 0.5, 0.5, 1, 1, 2)
GIVEN = {"i": 0.5, "f": 0.8, "g": 0.6, "o": 0.9, "c_prev": -1, "dh": 1, "dc": 0.5}
BACK = one_step_back(**GIVEN)


def plain_numbers():
    """Yield (cell id, value, decimals) for the numbers that stand in the sentences."""
    explodes = GradientExplorer(preset="lstm-explodes").norms["c"]
    yield "carry-answer", sigma(1), 4
    yield "carry-answer", 100 * sigma(6) ** 100, 0
    yield "rest", sigma(1), 4
    yield "rest", sigma(1) + 0.9 / 4, 4
    yield "rest-answer", 0.9 / 4, 3
    yield "rest-answer", sigma(4) + 0.9 / 4, 4
    yield "rest-answer", 100 * sigma(4) ** 99, 0
    yield "explorer-answer", explodes[-1], 3
    yield "explorer-answer", explodes[0], 0
    yield "door-answer", door(1.0, 4)[0], 4
    yield "door-answer", door(1.0, 4)[1], 2
    yield "door-answer", count_simple_rnn(1, 9).total + 9 + 1, 0
    yield "door-answer", count_lstm(1, 4).total + 4 + 1, 0
    yield "explorer-answer", GradientExplorer(preset="lstm-explodes").norms["carry"][0], 3
    yield "by-hand", BY_HAND["c"], 2
    yield "by-hand", BY_HAND["tanh"], 4
    for name in ("tanh", "down", "whole", "dz_i", "dz_f", "dz_g", "dz_o", "dc_prev"):
        yield "by-hand-answer", BY_HAND[name], 4
    yield "by-hand-answer", 1 - 0.5**2, 2
    yield "solution-1", -BACK["tanh"], 4  # where it is squared
    for name in ("tanh", "whole", "dz_i", "dz_f", "dz_g", "dz_o", "dc_prev"):
        yield "solution-1", BACK[name], 4
    yield "solution-1", BACK["c"], 1


def powers():
    """Yield (cell id, value) for the numbers written as a · 10^b."""
    half = first(forget_bias=0)
    yield "carry-answer", sigma(1) ** 50
    yield "carry-answer", sigma(0) ** 100
    yield "carry-answer", 0.9**100
    yield "rest-answer", at_rest(1, 0.9)
    yield "rest-answer", sigma(1) ** 99
    yield "rest-answer", at_rest(4, 0.9)
    yield "explorer-answer", first()["c"]
    yield "explorer-answer", first()["carry"]
    yield "explorer-answer", half["rnn"]
    yield "explorer-answer", half["c"]
    yield "explorer-answer", first("lstm-vanishes")["c"]
    yield "sweep", sigma(1) ** 50
    yield "door-answer", door(6.0, 4)[1]
    yield "door-answer", door(1.0, -8)[1]


def sentences(lang):
    return {cell.id: cell.source for cell in read(ROOT / "chapters" / lang / NAME).cells}


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_numbers_of_chapter_6_are_the_computed_ones(lang):
    page = read(ROOT / "chapters" / lang / NAME)
    point = "," if lang == "es" else "."
    said = [(cell, written(value, decimals, lang)) for cell, value, decimals in plain_numbers()]
    for cell, value in powers():
        digits, exponent = power_of_ten(value)
        said.append((cell, f"{digits:.1f}".replace(".", point) + rf" \cdot 10^{{{exponent}}}"))
    assert_said(page, said)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_no_long_number_of_chapter_6_goes_unchecked(lang):
    """A number with three decimals or more is one that `plain_numbers` yields."""
    page = read(ROOT / "chapters" / lang / NAME)
    checked = {(cell, written(value, places, lang)) for cell, value, places in plain_numbers()}
    for cell in page.markdown():
        text = re.sub(r"<[^>]*>", "", cell.source).replace("{,}", ",")
        found = re.findall(r"(?<![\d.,])−?-?\d+[.,]\d{3,}(?!\d)", text)
        found = {number.replace("-", "−") for number in found}
        known = {number for where, number in checked if where == cell.id}
        assert_worked_out(page, cell, {n for n in found if n not in known and "^{" not in n})


def test_one_step_back_by_hand_is_the_packages():
    params = LSTMParams([[0, 0, math.atanh(0.5), 0]], np.zeros((1, 4)), [0] * 4)
    step = lstm_step([1], [0], [1], params)
    back = lstm_step_backward(step, [1], [2], params)
    names = ("dz_i", "dz_f", "dz_g", "dz_o")
    np.testing.assert_allclose(back.db, [BY_HAND[name] for name in names], rtol=1e-12)
    assert back.dc_prev[0] == pytest.approx(BY_HAND["dc_prev"], rel=1e-12)
    assert max(names, key=BY_HAND.get) == "dz_g"  # "the candidate receives most"


def test_the_figure_of_one_step_back_shows_the_sums_by_hand():
    cell = CellExplorer(
        LSTMParams([[0, 0, 0.5493, 0]], np.zeros((1, 4)), [0] * 4),
        x=[1], c_prev=[1], dh=[1], dc=[2], way="back",
    )  # fmt: skip
    shown = cell.numbers()
    for name in ("dz_i", "dz_f", "dz_g", "dz_o", "dc_prev"):
        assert shown[name] == pytest.approx(BY_HAND[name], abs=1e-4)
    cell.b = [0, 0, 0, -10]  # the output gate shut: nothing for z_o, the others still receive
    shut = cell.numbers()
    assert abs(shut["dz_o"]) < 1e-4 and min(shut[f"dz_{k}"] for k in "ifg") > 0.2
    assert shut["dtanh_c"] < 1e-4  # "nothing comes down from h_t"
    cell.b = [-10, 0, 0, 0]  # the input gate shut
    shut = cell.numbers()
    assert max(abs(shut["dz_i"]), abs(shut["dz_g"])) < 1e-4
    assert abs(shut["dx.0"]) < 1e-4  # "nor for x_t, which enters by the candidate alone"
    for name in ("dz_f", "dz_o", "dc_prev"):  # "still receive"
        assert shut[name] == pytest.approx(BY_HAND[name], rel=0.3)


def test_the_gradient_of_a_weight_is_the_sum_over_the_steps():
    rng = np.random.default_rng(4)
    params = LSTMParams(*(rng.normal(size=s) for s in ((2, 12), (3, 12), 12)))
    x, v = rng.normal(size=(6, 2)), rng.normal(size=3)
    trace = lstm_forward(x, params)
    dh = np.zeros((6, 3))
    dh[-1] = v
    back = lstm_backward(trace, dh)
    h_before = np.vstack([np.zeros((1, 3)), trace.h[:-1]])
    c_before = np.vstack([np.zeros((1, 3)), trace.c[:-1]])
    i, f, g, o, dc = trace.i, trace.f, trace.g, trace.o, back.dc
    dz = np.hstack(  # the chapter's four lines
        [
            dc * g * i * (1 - i),
            dc * c_before * f * (1 - f),
            dc * i * (1 - g**2),
            back.dh * np.tanh(trace.c) * o * (1 - o),
        ]
    )
    np.testing.assert_allclose(dz.sum(axis=0), back.db, rtol=1e-12)
    np.testing.assert_allclose(x.T @ dz, back.dW, rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(h_before.T @ dz, back.dU, rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(dz @ params.W.T, back.dx, rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(dz[1:] @ params.U.T, back.dh[:-1], rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_code_that_is_shown_is_the_steps_own(lang):
    """All of it, with a check in its first line and its last, as the sentence below it says."""
    (cell,) = (c for c in read(ROOT / "chapters" / lang / NAME).cells if c.id == "step-code")
    shown = "".join("".join(output["text"]) for output in cell.outputs)
    lines = shown.strip().splitlines()
    assert max(map(len, lines)) < 80  # none is cut on the page
    assert [k for k, line in enumerate(lines) if "check_" in line] == [0, len(lines) - 1]
    assert [line for line in lines if line.startswith("dc = dc + ")]
    for part in ("dz_i, dz_f =", "dz_g, dz_o =", "dz @ W.T, dz @ U.T", "dW, dU", "db ="):
        assert part in shown


def test_the_one_unit_at_rest():
    """∂c_t/∂c_{t-1} = f + u/4, above 1 as soon as u > 4 (1 − f), and below f if u < 0."""
    for b_f, u in ((1, 0.9), (1, -0.9), (4, 0.9), (0, 2.5)):
        assert at_rest(b_f, u) == pytest.approx((sigma(b_f) + u / 4) ** 99, rel=1e-9)
        limit = 4 * (1 - sigma(b_f))
        assert at_rest(b_f, limit - 0.01) < 1 < at_rest(b_f, limit + 0.01)
    assert at_rest(1, 0.9) > 1e9 * sigma(1) ** 99  # "more than a thousand million times"
    assert at_rest(1, -0.9) < sigma(1) ** 99  # "less arrives than along the carry path alone"


def test_four_units_at_rest_have_the_eigenvalues_in_the_part_of_u():
    explorer = GradientExplorer(preset="vanishes", input_scale=0)
    U, f = explorer.params["lstm"].U[:, 8:12], sigma(1)
    step = f * np.eye(4) + U.T / 4
    want = np.sort_complex(f + np.linalg.eigvals(U) / 4)
    np.testing.assert_allclose(np.sort_complex(np.linalg.eigvals(step)), want, atol=1e-7)
    dc = explorer.vectors["c"]
    np.testing.assert_allclose(dc[:-1], dc[1:] @ step, rtol=1e-12, atol=1e-12 * dc.max())


def test_what_chapter_6_claims_of_the_paths():
    at = first()
    assert 9e9 < at["c"] / at["carry"] < 1.2e10  # "ten thousand million times less"
    assert at["c"] == pytest.approx(at["gates"], rel=1e-6)
    explodes = GradientExplorer(preset="lstm-explodes").norms
    assert explodes["carry"].max() == explodes["carry"][-1]  # "never above what it brought"
    assert explodes["rnn"][0] < 1e-4  # "while the simple network's vanishes"
    assert explodes["carry"][0] < explodes["carry"][-1]  # "from 0.081 it falls to 0.061"
    for preset in ("vanishes", "explodes", "lstm-vanishes", "lstm-explodes", "start", "long"):
        carry = GradientExplorer(preset=preset).norms["carry"]
        assert (np.diff(carry) >= 0).all()  # "along this path nothing can explode"


def over_seeds(**change):
    """The lengths at step 1 over the 41 seeds, by curve."""
    explorer, found = GradientExplorer(preset="vanishes", **change), []
    for seed in SEEDS:
        explorer.set(seed=seed)
        found.append({name: norms[0] for name, norms in explorer.norms.items()})
    return {name: np.array([one[name] for one in found]) for name in found[0]}


def test_what_chapter_6_claims_of_the_share_of_the_carry_path():
    """It depends on distance and gate, and may be longer than the whole."""

    def shares(T, b_f):
        lengths = over_seeds(T=T, forget_bias=b_f)
        return lengths["carry"] / lengths["c"]

    assert min(np.median(shares(2, b_f)) for b_f in (1, 3, 5)) > 0.85  # "nearly all"
    assert np.median(shares(100, 1)) < 1e-9  # "next to nothing"
    assert np.median(shares(100, 5)) == pytest.approx(0.1, abs=0.03)  # "about a tenth"
    assert shares(100, 3).max() > 1  # "in some seeds the carry path is longer than the whole"


def test_what_chapter_6_claims_of_large_networks():
    """Medians and bands over 41 seeds: who explodes, and by which path."""

    def bands(H, radius, b_f):
        return GradientExplorer(
            preset="vanishes", hidden_size=H, radius=radius, forget_bias=b_f
        ).bands

    few, many = bands(4, 2, 1), bands(64, 2, 1)
    assert few["rnn"][1, 0] < few["lstm"][1, 0] < 0.01  # "with 4 units neither does"
    assert few["rnn"][2, 0] > 1 and few["lstm"][2, 0] > 1  # "but for some seeds"
    assert f"{many['lstm'][1, 0]:.0f}" == "7" and f"{many['rnn'][1, 0]:.0e}" == "3e+06"
    assert many["lstm"][0, 0] > 1  # nine in ten and more
    small, open_ = bands(64, 0.9, 1), bands(64, 0.9, 3)
    assert f"{small['lstm'][1, 0]:.0e}" == "2e-04" and f"{small['rnn'][1, 0]:.0e}" == "2e-08"
    assert f"{open_['lstm'][1, 0]:.0f}" == "4" and open_["lstm"][0, 0] > 1
    for one in (few, many, small, open_):  # "in no case along the carry path"
        assert one["carry"][2, 0] < 0.01


def test_what_chapter_6_claims_of_the_bias():
    wins, medians = [], []
    for b_f in (0, 1, 2, 3):
        lengths = over_seeds(forget_bias=b_f)
        ratios = lengths["lstm"] / lengths["rnn"]
        wins.append(int(np.sum(ratios > 1)))
        medians.append(np.median(ratios))
    assert wins == [0, 34, 41, 41]
    assert round(medians[1], -2) == 600


def test_memory_and_gradient_go_by_one_matrix():
    """∂c_50/∂c_0: what of a small difference is left forwards, and of a gradient backwards."""
    rng = np.random.default_rng(2)
    params = LSTMParams(*(rng.normal(size=s) / 2 for s in ((2, 16), (4, 16), 16)))
    x = rng.normal(size=(50, 2))
    trace, v, w = lstm_forward(x, params), rng.normal(size=4), rng.normal(size=4)
    back = lstm_backward(trace, np.zeros((50, 4)), dc_last=w)
    up, down = (lstm_forward(x, params, c0=s * 1e-4 * v).c_last for s in (1, -1))
    forwards = (up - down) @ w / 2e-4
    assert back.dc0 @ v == pytest.approx(forwards, rel=1e-4)


def test_memory_forwards_and_gradient_backwards():
    kept = [door(c_0, b_o)[0] for c_0, b_o in ((1.0, 4), (6.0, 4), (1.0, -8))]
    np.testing.assert_allclose(kept, sigma(8) ** 100, rtol=1e-7)
    for c_0, b_o in ((1.0, 4), (6.0, 4), (1.0, -8)):
        c = sigma(8) ** 100 * c_0
        slope = sigma(b_o) * (1 - math.tanh(c) ** 2) * sigma(8) ** 100
        assert door(c_0, b_o)[1] == pytest.approx(slope, rel=1e-5)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_what_chapter_6_claims_of_the_comparison(lang):
    """Training is run again by nbval; here its table is held to what is said of it."""
    (cell,) = (c for c in read(ROOT / "chapters" / lang / NAME).cells if c.id == "compare-code")
    table = "".join("".join(output["text"]) for output in cell.outputs)
    rows = re.findall(r"(\d+)   ((?:RNN|LSTM)(?: [Q\d])?) +(\S+) +(\d) +(\d)", table)
    solved = {(int(T), name): (int(low), int(high)) for T, name, _, low, high in rows}
    reach = {(int(T), name): float(value) for T, name, value, *_ in rows}
    assert sum(sum(both) for (T, _), both in solved.items() if T == 10) == 49
    assert solved[50, "RNN"] == (1, 2)
    assert solved[50, "RNN Q"] == (5, 5)  # "all ten times"
    assert solved[50, "LSTM 0"] == solved[50, "LSTM 1"] == (0, 0)
    assert solved[50, "LSTM 3"] == (5, 2)
    assert reach[50, "LSTM 1"] > 1e6 * reach[50, "RNN"]  # "much more arrives"
    assert reach[50, "LSTM 3"] > 1  # "above 1, the gradient has grown on the way"


# --- what the exercises say -------------------------------------------------------------------

RIGHT = np.array([[0.72, 0.2], [0.9, 0.2], [0.9, 0.4], [1, 2]])
FIVE = ("dz_i", "dz_f", "dz_g", "dz_o", "dc_prev")


def five(slip=None, **other):
    """The five answers, with another gradient of c, or with one of them replaced."""
    i, f, g, o, c_prev, dh, dc = GIVEN.values()
    c, t = BACK["c"], BACK["tanh"]
    total = {
        None: BACK["whole"],
        "only_c": dc,
        "only_h": BACK["down"],
        "closed": dc + dh * o,
        "straight": dc + dh * o * (1 - c**2),
        "unshown": dc + dh * (1 - t**2),
    }[slip]
    answers = {
        "dz_i": total * g * i * (1 - i),
        "dz_f": total * c_prev * f * (1 - f),
        "dz_g": total * i * (1 - g**2),
        "dz_o": BACK["dz_o"],
        "dc_prev": total * f,
    }
    return tuple((answers | other).values())


WHOLE = BACK["whole"]


def loop(keep="dc + dh * step.o * (1 - np.tanh(step.c) ** 2)", after=(), turn="[::-1]"):
    """The function whole of a student who keeps this, and hands on so."""
    after = after or ("dh, dc = back.dh_prev, back.dc_prev",)
    lines = [
        "def whole(steps, v, params):",
        "    dh, dc, rows = v, np.zeros_like(v), []",
        "    for step in reversed(steps):",
        "        back = lstm_step_backward(step, dh, dc, params)",
        f"        rows.append({keep})",
        *(f"        {line}" for line in after),
        f"    return np.array(rows{turn})",
    ]
    room = {"np": np, "lstm_step_backward": lstm_step_backward}
    exec("\n".join(lines), room)
    return room["whole"]


def twice(steps, v, params):
    """Hand on what comes down from h, which lstm_step_backward adds itself."""
    dh, dc, rows = v, np.zeros_like(v), []
    for step in reversed(steps):
        dc = dc + dh * step.o * (1 - np.tanh(step.c) ** 2)
        rows.append(dc)
        back = lstm_step_backward(step, dh, dc, params)
        dh, dc = back.dh_prev, back.dc_prev
    return np.array(rows[::-1])


def starts(b_f, u=1.0, w=1.0, *, b_i=0.0, b_o=0.0):
    """Keras' start with other biases, and U and W made smaller."""

    def start(rng, D, H):
        size = np.sqrt(6 / (D + 4 * H))
        W = rng.uniform(-size, size, (D, 4 * H))
        U = np.linalg.qr(rng.normal(size=(4 * H, H)))[0].T
        return w * W, u * U, np.repeat([b_i, b_f, 0.0, b_o], H)

    return start


def chrono(T_max):
    def start(rng, D, H):
        W, U, b = starts(0)(rng, D, H)
        b[H : 2 * H] = np.log(rng.uniform(1, T_max - 1, H))
        b[:H] = -b[H : 2 * H]
        return W, U, b

    return start


VERDICTS = {
    "gradients_through_the_cell.step": [
        (five(), "right"),
        ((0.181, -0.193, 0.386, -0.042, 0.966), "right"),
        ((0.1812, -0.1932, 0.3865, -0.0416, 0.9662), "right"),
        ((*five("only_c")[:3], BACK["dz_o"], BACK["dc_prev"]), "late"),
        ((*five()[:4], 0.5 * 0.8), "early"),
        (five("only_c"), "only_c"),
        (five("only_h"), "only_h"),
        (five("closed"), "closed"),
        (five("straight"), "straight"),
        (five("unshown"), "unshown"),
        ((WHOLE * 0.6, -WHOLE, WHOLE * 0.5, BACK["tanh"], WHOLE * 0.8), "slopes"),
        (five(dz_i=WHOLE * 0.6), "slope_i"),
        (five(dz_i=WHOLE * 0.5 * 0.25), "itself_i"),
        (five(dz_f=-WHOLE), "slope_f"),
        (five(dz_f=-0.5 * WHOLE * 0.16), "now"),
        (five(dz_f=-BACK["dz_f"]), "z_f"),
        (five(dz_g=0.5 * WHOLE), "slope_g"),
        (five(dz_g=0.5 * WHOLE * 0.6 * 0.4), "sigma_g"),
        (five(dz_g=0.5 * WHOLE * 0.4), "linear_g"),
        (five(dz_o=BACK["tanh"]), "slope_o"),
        (five(dz_o=-0.5 * 0.09), "raw_o"),
        (five(dz_o=WHOLE * BACK["tanh"] * 0.09), "dc_o"),
        (five(dc_prev=WHOLE), "kept"),
        (five(dc_prev=0.5 * WHOLE), "written"),
        (five(dz_i=WHOLE * 0.6, dz_g=0.5 * WHOLE), "slope_i"),  # two slips: one at a time
        (five(dz_i=0.5), "z_i"),
        ((0.18, -0.19, 0.39, -0.04, 0.97), "coarse"),
        (five(dz_o=-0.04), "coarse"),
        (five(dz_o=-0.041), "coarse"),  # cut off, not rounded
        ((*five()[:4], 0.97), "coarse"),
        (five(dz_g=0.2), "z_g"),
        (five(dz_o=0.2), "z_o"),
        (five(dc_prev=2), "back"),
        (five()[:4], "base.count"),
        ((*five()[:4], "0.9662"), "base.text"),
        ((*five()[:4], (0, 966)), "base.comma"),
        ((*five()[:4], math.nan), "base.infinite"),
    ],
    "gradients_through_the_cell.carry": [
        ((RIGHT,), "right"),
        ((RIGHT.tolist(),), "right"),
        ((RIGHT[::-1],), "reversed"),
        (([[0.4, 0.9], [0.8, 1.0], [1.0, 1.0], [1, 2]],), "late"),
        (([[0.72, 0.2], [0.8, 1.0], [0.9, 0.4], [1, 2]],), "onward"),
        (([[0.5, 0.2], [0.9, 0.2], [0.9, 0.4], [1, 2]],), "onward"),
        (([[0.72, 0.2], [0.9, 0.2], [0.8, 2.0], [1, 2]],), "wrong"),
        (([[0.5, 1.8], [0.4, 1.8], [0.4, 0.9], [0.36, 0.18]],), "forward"),
        (([[0.36, 0.18], [0.72, 0.2], [0.9, 0.2], [0.9, 0.4]],), "own"),
        (([[0.8, 2], [1.0, 1.0], [0.9, 0.4], [1, 2]],), "single"),
        (([[0.72, 0.1], [0.9, 0.1], [0.9, 0.2], [1, 1]],), "factors"),
        ((RIGHT + 0.1,), "given"),
        ((RIGHT[:3],), "base.shape"),
        ((RIGHT.T,), "base.shape"),
        ((1.0,), "base.single"),
        (("dc",), "base.text"),
        (([[math.nan, 0.2], [0.9, 0.2], [0.9, 0.4], [1, 2]],), "base.infinite"),
    ],
    "gradients_through_the_cell.whole": [
        ((loop(),), "right"),
        ((loop(after=("dh = back.dh_prev", "dc = back.dc_prev")),), "right"),
        ((loop(after=("dc = back.dc_prev", "dh = 0 * dh")),), "carry"),
        ((loop(after=("dh = back.dh_prev",)),), "cut"),
        ((loop(after=("dh, dc = back.dh_prev + v, back.dc_prev",)),), "again"),
        ((twice,), "twice"),
        ((loop(keep="dc"),), "arriving"),
        ((loop(keep="back.dc_prev"),), "handed"),
        ((loop(keep="dh * step.o * (1 - np.tanh(step.c) ** 2)"),), "through_h"),
        ((loop(keep="dh"),), "hidden"),
        ((loop(turn=""),), "reversed"),
        ((loop(turn="[-1]"),), "first"),
        ((loop(turn="[0]"),), "base.shape"),
        ((loop(keep="dc + dh * step.o * (1 - step.c ** 2)"),), "wrong"),
        ((loop(keep="dc + dh * (1 - np.tanh(step.c) ** 2)"),), "wrong"),
        ((loop(after=("dh, dc = back.dc_prev, back.dh_prev",)),), "swapped"),
        ((loop(after=("dh, dc = back.dh_prev, step.f",)),), "onward"),
        ((loop(after=("dh, dc = back.dh, back.dc",)),), "base.raised"),
        ((lambda steps, v, params: None,), "base.return"),
        ((lambda steps, v, params: ...,), "base.empty"),
        ((np.ones((6, 3)),), "base.function"),
    ],
    "gradients_through_the_cell.start": [
        ((starts(4, 0.3),), "right"),
        ((starts(3.5, 0.3),), "right"),
        ((starts(4, 0),), "right"),
        ((starts(6, b_i=-4.0),), "right"),
        ((chrono(100),), "right"),
        ((starts(1),), "vanishes"),
        ((starts(2),), "vanishes"),
        ((chrono(50),), "vanishes"),
        ((starts(1, 0.3),), "vanishes"),
        ((starts(3, 1.0),), "explodes"),
        ((starts(6),), "explodes"),
        ((starts(4),), "both"),
        ((starts(4, 5.0),), "both"),
        ((starts(4, w=0),), "deaf"),
        ((starts(4, b_o=-40.0),), "deaf"),
        ((starts(4, b_i=-40.0, b_o=-40.0),), "deaf"),
        (
            (
                lambda rng, D, H: (
                    np.full((D, 4 * H), 0.1),
                    np.zeros((H, 4 * H)),
                    np.repeat([0.0, 4, 0, 0], H),
                ),
            ),
            "alike",
        ),
        ((lambda rng, D, H: starts(4)(rng, D, H)[:2],), "three"),
        ((lambda rng, D, H: np.ones(3),), "three"),
        ((lambda rng, D, H: starts(4, w=1e4)(rng, D, H),), "huge"),
        ((lambda rng, D, H: (np.ones((D, H)), np.ones((H, H)), np.ones(H)),), "base.shape"),
        ((lambda rng, D, H: starts(4)(rng, D, H + 1),), "base.shape"),
        ((lambda rng, D: 0,), "base.raised"),
        ((lambda rng, D, H: None,), "base.return"),
        ((starts(4)(np.random.default_rng(0), 2, 8),), "base.function"),
    ],
}
