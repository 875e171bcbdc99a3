"""The recurrence explorer: the unrolled RNN and its expansion, in Python and in a real browser."""

import re

import numpy as np
import pytest
from explorer_pages import NEXT_FRAME, READ, assert_shows, control, type_number, written
from playwright.sync_api import expect

from lstm_edu import RecurrenceExplorer
from lstm_edu.figures import StateError

WIDE = {"width": 1280, "height": 900}


def random_state(seed, units, steps=7):
    rng = np.random.default_rng(seed)
    return {
        "T": steps,
        "W": rng.normal(size=units),
        "U": rng.normal(size=(units, units)),
        "b": rng.normal(size=units),
        "x": rng.normal(size=steps),
    }


def last_state(state, x, squash):
    """The last hidden state by a loop over single numbers."""
    units = range(len(state["W"]))
    h = [0.0 for _ in units]
    for x_t in x:
        z = [
            x_t * state["W"][n] + sum(h[m] * state["U"][m][n] for m in units) + state["b"][n]
            for n in units
        ]
        h = [squash(value) for value in z]
    return np.array(h)


# In Python


@pytest.mark.parametrize("units", [1, 2])
@pytest.mark.parametrize("seed", range(4))
def test_the_shares_of_all_inputs_and_of_the_bias_sum_to_the_last_state(seed, units):
    state = random_state(seed, units)
    rnn = RecurrenceExplorer(cell="linear", **state)
    whole = last_state(state, state["x"], lambda z: z)
    np.testing.assert_allclose(rnn.h[-1], whole, rtol=1e-12)
    np.testing.assert_allclose(rnn.contributions.sum(axis=0) + rnn.bias, whole, rtol=1e-12)
    for k, share in enumerate(rnn.contributions):
        without = last_state(state, np.where(np.arange(7) == k, 0, state["x"]), lambda z: z)
        np.testing.assert_allclose(share, whole - without, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(rnn.bias, last_state(state, np.zeros(7), lambda z: z), rtol=1e-12)


@pytest.mark.parametrize("units", [1, 2])
@pytest.mark.parametrize("cell", ["linear", "tanh"])
def test_the_slopes_are_those_of_the_last_state(cell, units):
    state = random_state(5, units)
    squash = np.tanh if cell == "tanh" else (lambda z: z)
    rnn = RecurrenceExplorer(cell=cell, **state)
    np.testing.assert_allclose(rnn.h[-1], last_state(state, state["x"], squash), rtol=1e-12)
    for k, slope in enumerate(rnn.slopes):
        step = np.where(np.arange(7) == k, 1e-5, 0)
        ends = [last_state(state, state["x"] + by * step, squash) for by in (1, -1)]
        np.testing.assert_allclose(slope, (ends[0] - ends[1]) / 2e-5, rtol=1e-6, atol=1e-9)


def test_the_first_input_acts_through_four_factors_u_on_the_fifth_state():
    for u in (0.5, -0.8, 1, 1.5):
        rnn = RecurrenceExplorer(U=[[u]], W=[2], x=[3, 1, -1, 0.5, 4])
        x = rnn.x
        terms = [2 * x[4], u * 2 * x[3], u**2 * 2 * x[2], u**3 * 2 * x[1], u**4 * 2 * x[0]]
        np.testing.assert_allclose(rnn.contributions[::-1, 0], terms, rtol=1e-14)
        np.testing.assert_allclose(rnn.h[-1, 0], sum(terms), rtol=1e-14)


def test_the_powers_of_u_and_their_radius():
    state = random_state(8, 2)
    rnn = RecurrenceExplorer(cell="tanh", **state)
    for k, power in enumerate(rnn.powers):
        matrix = np.linalg.matrix_power(state["U"], 6 - k)
        np.testing.assert_allclose(power, np.linalg.svd(matrix)[1][0], rtol=1e-12)
    (a, b), (c, d) = state["U"]
    roots = np.roots([1, -(a + d), a * d - b * c])
    assert rnn.radius == pytest.approx(np.abs(roots).max(), rel=1e-12)


def test_what_the_presets_promise():
    presets = {name: RecurrenceExplorer(preset=name) for name in RecurrenceExplorer().presets}
    assert presets["fades"].contributions[0, 0] == presets["fades"].contributions[-1, 0] / 16
    shares = presets["explodes"].contributions
    assert shares[0, 0] > 1e5 * shares[-1, 0]
    adds = presets["adds"]
    np.testing.assert_array_equal(adds.h[:, 0], np.cumsum(adds.x))
    turns = presets["turns"]
    np.testing.assert_allclose(turns.h[12], turns.h[0], atol=1e-14)
    np.testing.assert_allclose(np.linalg.norm(turns.h, axis=1), 1, rtol=1e-14)
    np.testing.assert_allclose(turns.h[1], [np.cos(np.pi / 6), np.sin(np.pi / 6)], rtol=1e-14)
    saturates = presets["saturates"]
    assert saturates.h[-1, 0] > 0.95
    assert saturates.slopes[0, 0] < 1e-8
    assert saturates.powers[0] == 2**11
    forgets = presets["forgets"]
    np.testing.assert_array_equal(forgets.contributions[:-1], 0)
    assert forgets.h[-1, 0] == forgets.x[-1]


def test_a_tanh_has_slopes_and_no_shares():
    rnn = RecurrenceExplorer(preset="saturates")
    assert rnn.contributions is None
    assert rnn.bias is None
    names = {name.split(".")[0] for name in rnn.numbers()}
    assert {"slope", "gain"} <= names
    assert not {"contribution", "bias"} & names
    head, rows = rnn.summary()
    assert len(rows) == 12
    assert all(len(row) == len(head) for row in rows)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"cell": "relu"}, "cell: expected one of linear, tanh"),
        ({"T": 31}, "T: expected an integer from 1 to 30"),
        ({"T": 0}, "T: expected an integer from 1 to 30"),
        ({"T": 6}, "x: expected shape"),
        ({"x": [1, 2]}, "x: expected shape"),
        ({"W": [1, 1]}, "U: expected shape"),
        ({"W": [1, 1, 1], "U": np.eye(3), "b": [0, 0, 0]}, "W: expected shape"),
        ({"U": [[np.nan]]}, "U"),
        ({"t": 5}, "t: expected an integer from 0 to 4"),
    ],
)
def test_what_does_not_fit_is_refused(state, words):
    with pytest.raises(StateError, match=re.escape(words)):
        RecurrenceExplorer(**state)


# In the browser


def numbers_of(figure, key):
    """The names of the drawing's numbers of one kind, in order."""
    figure.evaluate(NEXT_FRAME)
    shown = figure.locator(f'.lstm-x-quantity[data-name^="{key}."]:not([hidden])')
    return shown.evaluate_all("items => items.map(({dataset}) => dataset.name)")


def ask(figure, name):
    """Point at a number and return what the line says of it."""
    figure.locator(f'.lstm-x-quantity[data-name="{name}"]:not([hidden])').hover()
    return figure.locator(".lstm-x-detail").inner_text()


@pytest.mark.parametrize("width", [1280, 360])
def test_the_number_of_steps_is_dragged_to_thirty_and_back(open_explorer, width):
    page, figure = open_explorer(
        RecurrenceExplorer(lang="en", x=[1, 2, 3, 4, 5], t=4),
        viewport={"width": width, "height": 900},
    )
    slider = control(figure, "T", "slider")
    slider.evaluate("node => { window.held = node; }")
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 7 + (box["width"] - 14) * 4 / 29, y)
    page.mouse.down()
    kept = [1, 2, 3, 4, 5]
    for share, steps in ((0.4, 12), (1.1, 30), (0.5, 15), (-0.1, 1), (1.1, 30)):
        page.mouse.move(box["x"] + share * box["width"], y)
        page.wait_for_timeout(400)  # the formulas come four times a second
        assert slider.evaluate("node => node === window.held && node.isConnected")
        there = int(slider.input_value())
        assert abs(there - steps) <= 1
        kept = kept[:there]
        x = kept + (there - len(kept)) * [0]
        assert len(numbers_of(figure, "contribution")) == there
        assert_shows(figure, RecurrenceExplorer(T=there, x=x), [f"h.{there - 1}.0"])
    page.mouse.up()
    expect(slider).to_have_value("30")
    expect(figure.locator('[aria-live="polite"]')).to_contain_text("h₃₀")


def test_a_step_is_chosen_by_mouse_by_keys_and_by_buttons(open_explorer):
    page, figure = open_explorer(RecurrenceExplorer(lang="en", preset="adds"), viewport=WIDE)
    explorer = RecurrenceExplorer(preset="adds")
    title, line = figure.locator(".lstm-x-lines .lstm-x-title"), figure.locator(".lstm-x-line")

    def chosen(step):
        expect(title).to_have_text(f"step {step}")
        expect(line.first).to_contain_text(f"h{step} = x")
        expect(control(figure, f"x.{step - 1}")).to_have_value(f"{explorer.x[step - 1]:g}")
        assert_shows(figure, explorer, [f"h.{step - 1}.0"])

    chosen(1)
    # The node itself lies under its bar: 30 px below the plot's ground.
    node = figure.locator('.lstm-x-quantity[data-name="h.4.0"]').bounding_box()
    page.mouse.click(node["x"] + node["width"] / 2, node["y"] + node["height"] - 20)
    chosen(5)
    page.keyboard.press("ArrowRight")
    chosen(6)
    page.keyboard.press("Home")
    chosen(1)
    expect(figure.get_by_role("button", name="step 1", exact=True)).to_have_attribute(
        "aria-disabled", "true"
    )
    figure.get_by_role("button", name="step 2", exact=True).click()
    chosen(2)
    figure.locator('.lstm-x-quantity[data-name="contribution.7.0"]').click()
    chosen(8)
    expect(figure.locator('[aria-live="polite"]')).to_contain_text("x₈ W = −0.50 · 1.00 = −0.5000")
    type_number(figure, "x.7", 2.25)
    explorer.x = [*explorer.x[:7], 2.25]
    chosen(8)
    figure.locator('[data-role="preset"]').select_option("fades")
    expect(title).to_have_text("step 1")


def test_u_is_typed_and_no_number_is_lost(open_explorer):
    _, figure = open_explorer(RecurrenceExplorer(lang="en", preset="explodes"), viewport=WIDE)
    explorer = RecurrenceExplorer(preset="explodes")
    for u, fate in ((-0.75, "fade"), (1, "neither"), (1.1, "grow"), (1e6, "grow"), (0, "fade")):
        type_number(figure, "U.0.0", u)
        explorer.U = [[u]]
        assert_shows(figure, explorer, ["contribution.0.0", "power.0", "radius", "bias.0"])
        expect(figure.locator(".lstm-x-lines")).to_contain_text(fate)
        assert not re.search("NaN|Infinity|—", figure.inner_text())
        for path in figure.locator("svg path").all():
            assert not re.search("NaN|Infinity", path.get_attribute("d"))
    control(figure, "U.0.0").fill("")
    control(figure, "U.0.0").blur()
    expect(figure.locator('[role="alert"]')).to_contain_text("recurrent weight U")
    assert_shows(figure, explorer)


@pytest.mark.parametrize("units", [1, 2])
def test_the_cell_is_switched(open_explorer, units):
    state = random_state(2, units)
    _, figure = open_explorer(RecurrenceExplorer(lang="en", **state), viewport=WIDE)
    parts = [f"{k}.{n}" for k in range(7) for n in range(units)]
    bias = [f"bias.{n}" for n in range(units)]
    lines = figure.locator(".lstm-x-lines")
    assert numbers_of(figure, "contribution") == [f"contribution.{place}" for place in parts]
    assert numbers_of(figure, "bias") == bias
    figure.get_by_role("radio", name="tanh").check(force=True)
    assert numbers_of(figure, "slope") == [f"slope.{place}" for place in parts]
    assert numbers_of(figure, "slope_norm") == [f"slope_norm.{k}" for k in range(7)]
    assert not numbers_of(figure, "contribution") + numbers_of(figure, "bias")
    expect(lines).to_contain_text("no sum")
    assert_shows(figure, RecurrenceExplorer(cell="tanh", **state), ["slope.0.0", "h.6.0"])
    figure.get_by_role("radio", name="linear").check(force=True)
    expect(lines).not_to_contain_text("no sum")
    assert_shows(figure, RecurrenceExplorer(cell="linear", **state), ["contribution.6.0", *bias])


def test_a_unit_comes_and_goes(open_explorer):
    _, figure = open_explorer(RecurrenceExplorer(lang="en", U=[[0.75]], b=[0.5]), viewport=WIDE)
    units = figure.locator('[data-role="size"]')
    units.select_option("2")
    two = RecurrenceExplorer(W=[1, 1], U=[[0.75, 0], [0, 0.9]], b=[0.5, 0])
    assert_shows(figure, two, ["h.4.1", "contribution.0.1", "bias.1"])
    type_number(figure, "U.0.1", 0.25)
    two.U = [[0.75, 0.25], [0, 0.9]]
    assert_shows(figure, two)
    units.select_option("1")
    assert_shows(figure, RecurrenceExplorer(U=[[0.75]], b=[0.5]), ["h.4.0"])
    assert not [name for name in numbers_of(figure, "h") if name.endswith(".1")]


def test_every_number_tells_its_equation(open_explorer):
    page, figure = open_explorer(
        RecurrenceExplorer(lang="en", x=[1, -2, 3, 1, 1], b=[0.5]), viewport=WIDE
    )
    asked = {
        "h.1.0": "h2 = x₂ W + h₁ U + b = −2.00·1.00 + 1.5000·0.50 + 0.50 = −0.7500",
        "x.1": "x₂ = −2.00",
        "contribution.1.0": "x₂ W U³ = −2.00 · 1.00 · 0.50³ = −0.2500",
        "bias.0": "b (1 + … + U⁴) = 0.9688",
        "power.1": "‖U³‖ = 0.1250",
    }
    for name, words in asked.items():
        assert words in ask(figure, name)
    assert ask(figure, "x.1").startswith("Input x, step 2: ")
    expansion = figure.locator(".lstm-x-lines")
    letters = "h₅ = x₅ W + x₄ W U + x₃ W U² + x₂ W U³ + x₁ W U⁴ + b (1 + … + U⁴)"
    expect(expansion).to_contain_text(letters)
    shares = "h5 = 1.0000 + 0.5000 + 0.7500 + (−0.2500) + 0.0625 + 0.9688 = 3.0313"
    expect(expansion).to_contain_text(shares)
    figure.get_by_role("radio", name="tanh").check(force=True)
    page.mouse.move(0, 0)
    detail = ask(figure, "slope.1.0")
    assert "W U³ Π(1 − h²) = 1.00 · 0.50³ · " in detail
    gain, slope = detail.split(" · ")[-1].split(" = ")
    assert written(slope) == pytest.approx(0.5**3 * written(gain), rel=1e-2)
    assert "∂" in ask(figure, "slope_norm.2")


def test_a_long_sum_names_its_first_terms_and_the_last(open_explorer):
    _, figure = open_explorer(RecurrenceExplorer(lang="en", preset="explodes"), viewport=WIDE)
    letters = "h₃₀ = x₃₀ W + x₂₉ W U + x₂₈ W U² + x₂₇ W U³ + … + x₁ W U²⁹"
    lines = figure.locator(".lstm-x-lines")
    expect(lines).to_contain_text(letters)
    shares = "h30 = 1.0000 + 1.5000 + 2.2500 + 3.3750 + … + 1.278e5 = 3.835e5"
    expect(lines).to_contain_text(shares)


def test_the_bars_are_as_high_as_their_numbers(open_explorer):
    _, figure = open_explorer(
        RecurrenceExplorer(lang="en", preset="fades", x=[-1, 1, 1, 1, 1]), viewport=WIDE
    )
    bars = figure.locator("path.lstm-x-bars").evaluate_all(
        "all => all.map((n) => n.getAttribute('d'))"
    )
    # Of the plots: h (two units), x, what is left (two units), the curve.
    corners = re.findall(r"M([\d.]+),([\d.]+)V([\d.]+)H", bars[3])
    heights = np.array([float(zero) - float(end) for _, zero, end in corners])
    assert heights / heights[-1] == pytest.approx([0, -1 / 16, 1 / 8, 1 / 4, 1 / 2, 1], abs=0.01)
    places = [float(x) for x, _, _ in corners]
    assert np.diff(places) == pytest.approx(places[1] - places[0], abs=0.2)
    dots = np.array([float(y) for y in re.findall(r"M[\d.]+,([\d.]+)h0", bars[5])])
    assert np.diff(dots) == pytest.approx(dots[1] - dots[0], abs=0.2)
    assert dots[0] > dots[-1]
    names = figure.evaluate(READ)
    assert {"bias.0", "x.4", "power.4", "h.0.0"} <= {number["name"] for number in names}


@pytest.mark.parametrize(
    ("U", "said"),
    [
        ([[1]], "neither fade nor grow without end"),
        ([[-1]], "neither fade nor grow without end"),
        ([[0.99]], "fade"),
        ([[1.01]], "grow"),
        ([[1, 1], [0, 1]], "grow slowly, as the number of steps does"),
        ([[1, 0], [-0.3, 1]], "grow slowly, as the number of steps does"),
        ([[-1, 2], [0, -1]], "grow slowly, as the number of steps does"),
        ([[2, 1], [-1, 0]], "grow slowly, as the number of steps does"),
        ([[1, 0], [0, 1]], "neither fade nor grow without end"),
        ([[-1, 0], [0, -1]], "neither fade nor grow without end"),
        ([[1, 2], [0, -1]], "neither fade nor grow without end"),
        ([[1, 2], [0, 0.5]], "neither fade nor grow without end"),
        ([[0.6, -0.8], [0.8, 0.6]], "neither fade nor grow without end"),
        ([[0.9, 2], [0, 0.9]], "fade"),
    ],
)
def test_what_becomes_of_the_powers_is_said_rightly(open_explorer, U, said):
    H = len(U)
    explorer = RecurrenceExplorer(lang="en", U=U, W=[1] * H, b=[0] * H)
    _, figure = open_explorer(explorer, viewport=WIDE)
    expect(figure.locator(".lstm-x-lines")).to_contain_text(f"In the long run the powers {said}.")
    far = [np.linalg.norm(np.linalg.matrix_power(np.array(U, float), n), 2) for n in (500, 5000)]
    if said == "fade":
        assert far[1] < far[0] < 1
    elif said == "grow":
        assert far[1] > 100 * far[0]
    elif said.startswith("grow slowly"):
        assert far[1] == pytest.approx(10 * far[0], rel=0.02)
    else:
        assert far[0] < 5 and far[1] == pytest.approx(far[0], rel=1e-6)
