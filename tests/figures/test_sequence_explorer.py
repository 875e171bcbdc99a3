"""The sequence explorer: networks made by hand do what they say, and an input can be drawn."""

import re

import numpy as np
import pytest
from explorer_pages import NEXT_FRAME, assert_shows, control, type_number
from playwright.sync_api import expect

from lstm_edu import LSTMParams, SequenceExplorer, lstm_forward
from lstm_edu.figures import StateError
from lstm_edu.language import LANGUAGES

CHIEF = {"x.0", "f", "i", "g", "c", "o", "h", "z_f", "c_prev", "f*c_prev", "i*g", "tanh_c"}
WIDE = {"viewport": {"width": 1280, "height": 900}}


# --- the networks made by hand ---------------------------------------------------------------


def cell_states(explorer, unit=0):
    return explorer.trace.c[:, unit]


def changed(explorer, **state):
    """Return the explorer after some single numbers were changed, as b_1=12 or W_1_1=-20."""
    for name, value in state.items():
        key, *index = name.split("_")
        array = getattr(explorer, key).copy()
        array[tuple(map(int, index))] = value
        setattr(explorer, key, array)
    return explorer


@pytest.mark.parametrize("value", [1, -1])
def test_the_bit_is_kept_for_fifty_steps(value):
    bit = changed(SequenceExplorer(preset="bit"), x_1_0=value)
    c = cell_states(bit)
    assert c[0] == 0
    assert c[1] == pytest.approx(value, abs=1e-3)
    assert bit.T == 52
    np.testing.assert_allclose(c[1:], c[1], atol=5e-4)


def test_the_command_forgets_and_nothing_else_does():
    command = SequenceExplorer(preset="command")
    c, data, orders = cell_states(command), *command.x.T
    held = 0
    for t in range(command.T):
        held = 0 if orders[t] else data[t] or held
        assert c[t] == pytest.approx(held, abs=1e-3)
    assert set(np.sign(c.round(1))) == {-1, 0, 1}


def test_the_counter_counts():
    counter = SequenceExplorer(preset="counter")
    np.testing.assert_allclose(cell_states(counter), np.cumsum(counter.x[:, 0]), atol=0.01)
    assert counter.x.sum() == 7
    assert np.ptp(counter.trace.h[-20:, 0]) < 1e-3  # h is flat where c still counts
    counter.set(x=np.ones((60, 1)))
    assert cell_states(counter)[-1] == pytest.approx(60, abs=0.01)


def flip_flop(x):
    held, states = 0, []
    for on, off in x:
        held = 1 if on else 0 if off else held
        states.append(held)
    return states


def test_the_latch_is_set_and_reset():
    latch = SequenceExplorer(preset="latch")
    np.testing.assert_allclose(cell_states(latch), flip_flop(latch.x), atol=0.005)
    random = np.random.default_rng(5)
    latch.set(x=(random.random((60, 2)) < 0.2).astype(float))
    np.testing.assert_allclose(cell_states(latch), flip_flop(latch.x), atol=0.005)


def test_the_detector_fires_at_two_in_a_row_only():
    bump = SequenceExplorer(preset="bump")
    random = np.random.default_rng(7)
    for x in (bump.x, (random.random((60, 1)) < 0.5).astype(float)):
        bump.set(x=x)
        pair = np.r_[0, x[1:, 0] * x[:-1, 0]]
        np.testing.assert_allclose(bump.trace.h[:, 0], pair * np.tanh(1), atol=0.001)


def test_the_leaky_bit_fades_and_a_larger_forget_bias_keeps_it():
    leaky = SequenceExplorer(preset="leaky")
    assert abs(leaky.trace.h[-1, 0]) < 0.01 < 0.7 < leaky.trace.h[1, 0]
    assert changed(leaky, b_1=12).trace.h[-1, 0] == pytest.approx(np.tanh(1), abs=1e-3)


def test_the_stuck_latch_is_never_reset_and_one_sign_repairs_it():
    stuck = SequenceExplorer(preset="stuck")
    should = flip_flop(stuck.x)
    assert cell_states(stuck)[-1] == pytest.approx(1, abs=0.01) and should[-1] == 0
    changed(stuck, W_1_1=-stuck.W[1, 1])
    np.testing.assert_allclose(cell_states(stuck), should, atol=0.005)


# --- Python ----------------------------------------------------------------------------------


def test_the_numbers_are_those_of_six_equations():
    explorer = SequenceExplorer(preset="ordinary", unit=2, t=31)

    def sigma(z):
        return 1 / (1 + np.exp(-z))

    h = c = np.zeros(4)
    for x in explorer.x[: explorer.t + 1]:
        h_prev, c_prev = h, c
        z_i, z_f, z_g, z_o = np.split(x @ explorer.W + h @ explorer.U + explorer.b, 4)
        c = sigma(z_f) * c + sigma(z_i) * np.tanh(z_g)
        h = sigma(z_o) * np.tanh(c)
    numbers = explorer.numbers()
    expected = {"c": c, "h": h, "c_prev": c_prev, "z_g": z_g, "f": sigma(z_f), "i": sigma(z_i)}
    expected |= {"o": sigma(z_o), "g": np.tanh(z_g), "f*c_prev": sigma(z_f) * c_prev}
    for name, values in expected.items():
        assert numbers[name] == pytest.approx(values[2], rel=1e-12), name
    assert numbers["h_prev.3"] == pytest.approx(h_prev[3], rel=1e-12)
    assert numbers["U.3.6*h_prev.3"] == pytest.approx(explorer.U[3, 6] * h_prev[3], rel=1e-12)


def test_a_network_of_ones_own():
    params = LSTMParams([[1.0] * 8], np.eye(2, 8), None)
    explorer = SequenceExplorer(params)
    assert (explorer.T, explorer.x.shape, explorer.b.tolist()) == (20, (20, 1), [0.0] * 8)
    x = np.linspace(-1, 1, 7)[:, None]
    explorer = SequenceExplorer(params, x=x, t=6)
    np.testing.assert_array_equal(explorer.trace.h, lstm_forward(x, params).h)
    head, rows = explorer.summary()
    assert len(head) == len(rows[0]) == 8 and len(rows) == 7
    assert rows[-1][1:] == pytest.approx([1, *(explorer.numbers()[n] for n in "figcoh")])


@pytest.mark.parametrize(
    ("state", "complaint"),
    [
        ({"T": 61}, "T: expected an integer from 1 to 60"),
        ({"T": 30}, "x: expected shape"),
        ({"x": np.zeros((61, 1))}, "T: expected"),
        ({"x": np.zeros((5, 3))}, "D from 1 to 2"),
        ({"x": [[1.0], [np.nan]]}, "x: expected"),
        ({"t": 52}, "t: expected an integer from 0 to 51"),
        ({"unit": 1}, "unit: expected an integer from 0 to 0"),
        ({"b": np.zeros(5)}, "b: expected"),
    ],
)
def test_bad_input_is_refused_and_nothing_changes(state, complaint):
    explorer = SequenceExplorer(preset="bit")
    before = explorer.state
    with pytest.raises(StateError, match=complaint):
        explorer.set(**state)
    assert explorer.state == before


# --- in the browser --------------------------------------------------------------------------


def stroke(page, pad, T, points):
    """Draw on a strip with the mouse, from (step, height) to (step, height), heights −1 to 1."""
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    places = [
        (box["x"] + (t + 0.5) / T * box["width"], box["y"] + (1 - v) / 2 * box["height"])
        for t, v in points
    ]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place)
    page.mouse.up()


def drag(page, node, start, end):
    """Drag with the mouse, from a share of the node's width to another."""
    node.scroll_into_view_if_needed()
    box = node.bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + start * box["width"], y)
    page.mouse.down()
    page.mouse.move(box["x"] + end * box["width"], y, steps=9)
    page.mouse.up()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_input_is_drawn_with_the_mouse(open_explorer, lang):
    page, figure = open_explorer(SequenceExplorer(preset="command", lang=lang), **WIDE)
    explorer = SequenceExplorer(preset="command", lang=lang)
    stroke(page, figure.locator('[data-pad="0"]'), 40, [(5, 0.04), (9, 0.999)])
    x = explorer.x.copy()
    x[5:10, 0] = [0, 0.25, 0.5, 0.75, 1]  # what lies between two places of the mouse is drawn too
    explorer.x, explorer.t = x, 9
    assert_shows(figure, explorer, CHIEF)
    words = "dibujada" if lang == "es" else "drawn"
    expect(figure.locator('[aria-live="polite"]')).to_contain_text(words)
    # The second input, to the left and beyond the edge, where the drawing stops at the least.
    stroke(page, figure.locator('[data-pad="1"]'), 40, [(30, -0.5), (28, -1.8)])
    x[28:31, 1] = [-1, -0.75, -0.5]
    explorer.x, explorer.t = x, 28
    assert_shows(figure, explorer, CHIEF)
    page.wait_for_function("location.hash.includes('&t=28')")
    _, again = open_explorer(explorer, fragment=page.evaluate("location.hash"))
    assert_shows(again, explorer)


def test_the_input_is_drawn_with_the_keyboard(open_explorer):
    _, figure = open_explorer(SequenceExplorer(preset="bit", lang="en"), **WIDE)
    explorer = SequenceExplorer(preset="bit", lang="en")
    pad = figure.locator('[data-pad="0"]')
    for key in ["ArrowRight"] * 3 + ["PageUp", "PageUp", "ArrowDown"]:
        pad.press(key)
    changed(explorer, x_3_0=0.95).t = 3
    assert_shows(figure, explorer, CHIEF)
    expect(pad).to_have_attribute("aria-valuenow", "0.95")
    expect(pad).to_have_attribute("aria-valuetext", "input 1 at step 4: 0.95")
    pad.press("End")
    explorer.t = 51
    for _ in range(7):
        pad.press("PageDown")
    changed(explorer, x_51_0=-2)  # the slider's least
    assert_shows(figure, explorer)
    expect(pad).to_have_attribute("aria-valuemin", "-2")
    pad.press("Home")
    explorer.t = 0
    assert_shows(figure, explorer)
    type_number(figure, "x.0.0", 3.5)  # a field takes more than the slider shows
    assert_shows(figure, changed(explorer, x_0_0=3.5))


def test_the_playhead_follows_mouse_and_keys(open_explorer):
    page, figure = open_explorer(SequenceExplorer(preset="ordinary", lang="es"), **WIDE)
    explorer = SequenceExplorer(preset="ordinary", lang="es")
    playhead = figure.locator('[data-role="time"]')
    drag(page, playhead, 0.01, 0.5)
    explorer.t = int(playhead.input_value())
    assert 25 < explorer.t < 35
    assert_shows(figure, explorer, CHIEF)
    expect(figure.locator('[aria-live="polite"]')).to_contain_text(f"paso {explorer.t + 1} de 60")
    playhead.press("ArrowLeft")
    explorer.t -= 1
    assert_shows(figure, explorer)
    playhead.press("End")
    explorer.t = 59
    expect(playhead).to_have_attribute("aria-valuetext", "paso 60 de 60")
    assert_shows(figure, explorer)
    # Along the strips themselves: the middle of the drawing is within the plot.
    pad, strips = figure.locator('[data-pad="0"]'), figure.locator("svg[role=group]")
    inner, outer = pad.bounding_box(), strips.bounding_box()
    page.mouse.move(inner["x"] + 10.5 / 60 * inner["width"], outer["y"] + outer["height"] - 20)
    page.mouse.down()
    page.mouse.move(inner["x"] + 20.5 / 60 * inner["width"], outer["y"] + outer["height"] - 30)
    page.mouse.up()
    explorer.t = 20
    assert_shows(figure, explorer)
    for unit in range(4):
        figure.locator(f'[data-name="unit"][value="{unit}"]').check(force=True)
        explorer.unit = unit
        assert_shows(figure, explorer, CHIEF)


def test_the_playhead_plays_to_the_end_and_pauses(open_explorer):
    page, figure = open_explorer(
        SequenceExplorer(preset="counter", lang="en", t=36), reduced_motion="reduce", **WIDE
    )
    explorer = SequenceExplorer(preset="counter", lang="en")
    play, at = figure.get_by_role("button", name="Play"), figure.locator(".lstm-x-at")
    play.click()
    pause = figure.get_by_role("button", name="Pause")
    expect(pause).to_be_visible()
    expect(at).to_have_text("step 40 of 40")
    expect(play).to_be_visible()
    explorer.t = 39
    assert_shows(figure, explorer)
    expect(figure.locator('[aria-live="polite"]')).to_contain_text("At the end: 7.0011")
    play.click()
    expect(at).to_have_text(re.compile(r"step [3-9] of 40"))  # from the start again
    pause.click()
    shown = at.inner_text()
    page.wait_for_timeout(700)
    assert at.inner_text() == shown
    expect(play).to_be_visible()


def test_the_length_is_dragged_and_what_was_cut_comes_back(open_explorer):
    page, figure = open_explorer(SequenceExplorer(preset="counter", lang="es", t=39), **WIDE)
    explorer = SequenceExplorer(preset="counter", lang="es")
    length = control(figure, "T", "slider")
    drag(page, length, 40 / 60, 1)
    explorer.set(x=np.vstack([explorer.x, np.zeros((20, 1))]), t=39)
    assert length.input_value() == "60"
    assert_shows(figure, explorer, CHIEF)
    drag(page, length, 0.995, 0.005)
    assert length.input_value() == "1"
    assert_shows(figure, SequenceExplorer(preset="counter", x=[[0]]))
    control(figure, "T").press_sequentially("")
    type_number(figure, "T", 40)  # which is 4 for a moment
    explorer = SequenceExplorer(preset="counter", lang="es")
    assert_shows(figure, explorer)
    expect(figure.locator('[data-role="preset"]')).to_have_value("counter")
    control(figure, "T").fill("61")
    control(figure, "T").press("Enter")
    expect(figure.locator('[role="alert"]')).to_contain_text("de 1 a 60")
    assert_shows(figure, explorer)


def test_a_larger_forget_bias_repairs_the_leaky_bit(open_explorer):
    _, figure = open_explorer(SequenceExplorer(preset="leaky", lang="en", t=51), **WIDE)
    explorer = SequenceExplorer(preset="leaky", lang="en", t=51)
    assert_shows(figure, explorer, CHIEF)
    live = figure.locator('[aria-live="polite"]')
    slider = control(figure, "b.1", "slider")
    for _ in range(10):
        slider.press("PageUp")
    raised = float(slider.input_value())
    assert raised > 10
    changed(explorer, b_1=raised)
    assert explorer.trace.h[-1, 0] == pytest.approx(np.tanh(1), abs=1e-3)
    assert_shows(figure, explorer, CHIEF)
    expect(live).to_contain_text(re.compile(r"At the end: 0\.99\d* and 0\.76"))


def test_other_sizes_keep_what_overlaps(open_explorer):
    _, figure = open_explorer(SequenceExplorer(preset="bump", lang="es"), **WIDE)
    size = figure.locator('[data-role="size"]')
    preset = figure.locator('[data-role="preset"]')
    size.and_(figure.locator('[data-name="H"]')).select_option("8")
    expect(preset).to_have_value("")
    figure.locator('[data-name="unit"][value="7"]').check(force=True)
    expect(control(figure, "U.7.31")).to_have_count(1)
    figure.locator('[data-name="unit"][value="0"]').check(force=True)
    expect(control(figure, "U.1.0")).to_have_value("26")
    size.and_(figure.locator('[data-name="D"]')).select_option("2")
    expect(control(figure, "x.0.1")).to_have_value("0")
    expect(figure.locator('[data-pad="1"]')).to_be_visible()
    figure.locator('[data-name="unit"][value="7"]').check(force=True)
    size.and_(figure.locator('[data-name="H"]')).select_option("2")
    size.and_(figure.locator('[data-name="D"]')).select_option("1")
    expect(preset).to_have_value("bump")
    assert_shows(figure, SequenceExplorer(preset="bump", lang="es", unit=1))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_largest_network_fits_a_narrow_screen(open_explorer, lang):
    page, figure = open_explorer(
        SequenceExplorer(preset="ordinary", lang=lang), viewport={"width": 360, "height": 800}
    )
    for letter, size in (("D", "2"), ("H", "8")):
        figure.locator(f'[data-role="size"][data-name="{letter}"]').select_option(size)
    figure.evaluate(NEXT_FRAME)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert figure.evaluate("figure => figure.scrollWidth - figure.clientWidth") <= 1
    small = figure.evaluate(
        """figure => [...figure.querySelectorAll("button, select, .lstm-x-choice, .lstm-x-hit")]
          .map((node) => [node.className.baseVal ?? node.className, node.getBoundingClientRect()])
          .filter(([, box]) => box.width > 0 && (box.width < 24 || box.height < 24))
          .map(([name, box]) => `${name} ${box.width} ${box.height}`)"""
    )
    assert small == []


def test_every_number_of_the_strips_says_its_equation(open_explorer):
    page, figure = open_explorer(SequenceExplorer(preset="latch", lang="en", t=16), **WIDE)
    detail = figure.locator(".lstm-x-detail")
    for name in ("x.0", "x.1", "f", "i", "g", "c", "o", "h", "z_f", "c_prev", "i*g", "tanh_c"):
        figure.locator(f'.lstm-x-quantity[data-name="{name}"]').click()
        assert "=" in detail.inner_text(), name
    figure.locator('.lstm-x-quantity[data-name="f"]').click()
    text = detail.inner_text()
    assert text.startswith("forget gate, unit 1: f") and "20.00·1.00" in text
    page.mouse.move(0, 0)
    page.keyboard.press("ArrowRight")
    assert detail.inner_text().startswith("input gate")
