"""The gradient explorer: its gradients against other ways to them, and every way to move it."""

import re

import numpy as np
import pytest
from explorer_pages import NEXT_FRAME, assert_shows, control, drag, type_number
from playwright.sync_api import expect

from lstm_edu import GradientExplorer, variants
from lstm_edu.explorers import StateError
from lstm_edu.explorers import gradient as module
from lstm_edu.gradients import cell_paths, state_jacobian

PRESETS = GradientExplorer().presets
# From Tommy Ettinger's mulberry32 in C, seed 1: the first three 32-bit numbers.
MULBERRY = [2693262067, 11749833, 2265367787]
CURVES = ("rnn", "gru", "lstm", "c", "carry", "gates")


# --- in Python ---------------------------------------------------------------------------------


def test_the_generator_is_mulberry32():
    uniform = module._uniform(1)
    assert [uniform() * 2**32 for _ in MULBERRY] == MULBERRY


@pytest.mark.parametrize("seed", [1, 2, 7, 50, 99])
def test_u_is_orthogonal_times_the_radius_exactly(seed):
    params = GradientExplorer(seed=seed, radius=1.25, T=2).params
    rnn, lstm, gru = (params[name] for name in ("rnn", "lstm", "gru"))
    assert set(np.abs(rnn.U).ravel()) == {0.625}
    np.testing.assert_array_equal(rnn.U @ rnn.U.T, 1.25**2 * np.eye(4))
    i, f, g, o = np.split(lstm.U, 4, axis=1)
    for gate in (i, f, o):
        np.testing.assert_array_equal(gate @ gate.T, 0.625**2 * np.eye(4))
    assert not any(np.array_equal(a, b) for a, b in [(i, f), (f, o), (i, o), (2 * f, g)])
    np.testing.assert_array_equal(g, rnn.U)
    np.testing.assert_array_equal(gru.U, np.concatenate([f, i, g], axis=1))
    np.testing.assert_array_equal(lstm.W[:, 8:12], rnn.W)
    np.testing.assert_array_equal(gru.W[:, 8:], rnn.W)
    assert np.abs(lstm.W[:, :8]).max() <= 0.5
    assert len(np.unique(np.abs(lstm.W))) == 16


def test_the_bias_goes_to_the_gate_that_keeps():
    params = GradientExplorer(forget_bias=-3).params
    assert params["lstm"].b.tolist() == [0] * 4 + [-3] * 4 + [0] * 8
    assert params["gru"].b.tolist() == [[-3] * 4 + [0] * 8, [0] * 12]
    assert not params["rnn"].b.any()


def test_inputs_lie_within_their_scale_and_more_steps_keep_them():
    short, long = (GradientExplorer(input_scale=2, seed=3, T=T).x for T in (20, 200))
    assert short.shape == (20, 1)
    np.testing.assert_array_equal(long[:20], short)
    assert 1.5 < np.abs(long).max() <= 2
    assert GradientExplorer(input_scale=0).x.any() == False  # noqa: E712


def test_at_rest_the_gradient_is_a_product_that_can_be_written_down():
    explorer = GradientExplorer(preset="explodes")
    steps = np.arange(explorer.T)[::-1]
    np.testing.assert_allclose(explorer.norms["rnn"], 1.3**steps, rtol=1e-12)
    # At rest c feeds itself by f and, through h and the candidate, by i o U = U / 4.
    f = 1 / (1 + np.exp(-1))
    M = f * np.eye(4) + explorer.params["rnn"].U / 4
    back = [np.full(4, 0.25)]
    for _ in steps[1:]:
        back.append(back[-1] @ M.T)
    np.testing.assert_allclose(explorer.vectors["c"], back[::-1], rtol=1e-11)
    np.testing.assert_allclose(explorer.norms["carry"], 0.5 * f**steps, rtol=1e-11)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("t", [0, 7, 20])
def test_the_gradients_are_those_of_the_full_jacobian(preset, t):
    explorer = GradientExplorer(preset=preset)
    explorer.T = 24
    traces, vectors = explorer.traces, explorer.vectors
    k = 23 - t
    for name, cell in module.CELLS.items():
        loss = np.zeros(4 * len(cell.states))
        loss[:4] = 0.5
        row = loss @ state_jacobian(cell, traces[name], 23, k)
        close = {"rtol": 1e-9, "atol": 1e-12 * np.abs(row).max()}
        if name != "lstm":  # in the LSTM, dh holds c_t fixed, and dc has h_t's way in it
            np.testing.assert_allclose(vectors[name][t], row, **close)
            continue
        np.testing.assert_allclose(vectors["lstm"][t], row[:4], **close)
        at_once = row[:4] * traces["lstm"].o[t] * (1 - np.tanh(traces["lstm"].c[t]) ** 2)
        np.testing.assert_allclose(vectors["c"][t], row[4:] + at_once, **close)
    paths = cell_paths(traces["lstm"], 23, k)
    np.testing.assert_allclose(vectors["carry"][t], vectors["c"][-1] @ paths.carry, rtol=1e-11)
    np.testing.assert_array_equal(vectors["gates"], vectors["c"] - vectors["carry"])


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_the_difference_agrees_with_backpropagation(cell):
    for preset in PRESETS:
        explorer = GradientExplorer(preset=preset, cell=cell)
        for t in (explorer.T - 1, explorer.T - 5):
            found = explorer.finite_difference(t)
            assert found["measured"] == pytest.approx(found["exact"], rel=1e-6), (preset, t)
    with pytest.raises(ValueError, match="time step from 0 to 199"):
        explorer.finite_difference(200)
    with pytest.raises((TypeError, ValueError)):
        explorer.finite_difference(-1)


def test_the_presets_do_what_they_say():
    first = {name: GradientExplorer(preset=name) for name in PRESETS}
    norms = {name: {k: v[0] for k, v in e.norms.items()} for name, e in first.items()}
    assert norms["vanishes"]["rnn"] < 1e-7
    assert norms["vanishes"]["c"] > 1e-4 > 1e9 * norms["vanishes"]["carry"]
    assert norms["explodes"]["rnn"] > 1e11
    first["explodes"].input_scale = 0.5
    assert first["explodes"].norms["rnn"].max() < 10
    assert norms["lstm-vanishes"]["lstm"] < 1e-40 < norms["lstm-vanishes"]["rnn"]
    assert norms["lstm-explodes"]["c"] > 500 > 1e6 * norms["lstm-explodes"]["rnn"]
    assert norms["lstm-explodes"]["carry"] < 1
    start = [GradientExplorer(preset="start", forget_bias=b).norms["lstm"][0] for b in (0, 1, 2)]
    assert start[0] < 1e-9 * min(start[1:])
    assert norms["long"]["rnn"] < 1e-6 < 1e-3 < min(norms["long"]["gru"], norms["long"]["lstm"])


def test_states_never_make_much_of_a_last_bit():
    """What the module promises: away from rest, a gradient of a state grows to 1e5 at most."""
    rng = np.random.default_rng(0)
    for _ in range(60):
        explorer = GradientExplorer(
            radius=rng.uniform(0, 2),
            forget_bias=rng.uniform(-4, 6),
            input_scale=rng.uniform(0.01, 3),
            seed=int(rng.integers(1, 100)),
            T=200,
        )
        assert max(norm.max() for norm in explorer.norms.values()) < 1e5


def test_lengths_of_the_smallest_gradients_are_not_lost():
    explorer = GradientExplorer(radius=0, forget_bias=-4, T=160)
    f = explorer.traces["lstm"].f
    logs = np.log(f[1:]).sum(axis=0)
    assert logs.max() < -600  # its square is far below any number
    want = np.log(np.linalg.norm(np.exp(logs - logs.max()) * explorer.vectors["c"][-1]))
    assert np.log(explorer.norms["carry"][0]) == pytest.approx(want + logs.max(), rel=1e-9)


def test_bad_input_is_refused_and_named():
    explorer = GradientExplorer()
    for name, value in {
        "radius": 2.1,
        "forget_bias": "1",
        "input_scale": -0.1,
        "T": 201,
        "seed": 0,
        "cell": "LSTM",
        "step": 100,
    }.items():
        with pytest.raises(StateError, match=f"{name}: expected"):
            setattr(explorer, name, value)
    explorer.set(T=10, step=9)
    with pytest.raises(StateError, match="step: expected"):
        explorer.T = 9


# --- in the browser ----------------------------------------------------------------------------

WIDE = {"width": 1280, "height": 1100}


def shown_as(preset="vanishes", **state):
    return GradientExplorer(preset=preset, lang="en", **state)


def step_slider(figure):
    return figure.locator('[data-role="step"]')


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("place", [0.0, 0.6, 1.0])
def test_tiny_and_huge_lengths_agree_in_all_their_digits(open_explorer, preset, place):
    explorer = shown_as(preset)
    explorer.step = round(place * (explorer.T - 1))
    _, figure = open_explorer(explorer, viewport=WIDE)
    numbers = explorer.numbers()
    for curve in CURVES:
        for where in ("at", "last"):
            name = f"{curve}.{where}"
            shown = float(figure.locator(f'button[data-name="{name}"]').get_attribute("data-value"))
            if numbers[name] == 0:
                assert shown == 0, name
            else:
                assert np.log10(shown) == pytest.approx(np.log10(numbers[name]), abs=1e-9), name


def test_a_length_whose_square_is_no_number_is_shown(open_explorer):
    explorer = shown_as(radius=0, forget_bias=-4, T=160)
    _, figure = open_explorer(explorer, viewport=WIDE)
    carry = figure.locator('button[data-name="carry.at"]')
    value = float(carry.get_attribute("data-value"))
    want = np.log10(explorer.norms["carry"][0])
    assert np.log10(value) == pytest.approx(want, abs=1e-9)
    assert want < -270
    expect(carry).to_have_text(re.compile("e−2"))


@pytest.mark.parametrize("name", ["radius", "forget_bias", "input_scale", "T", "seed"])
def test_every_slider_can_be_dragged(open_explorer, name):
    page, figure = open_explorer(shown_as(), viewport=WIDE)
    slider = control(figure, name, "slider")
    drag(page, slider, 0.5, 0.55, 0.62, 0.7)
    value = float(slider.input_value())
    whole = name in ("T", "seed")
    assert value != getattr(shown_as(), name)
    explorer = shown_as(**{name: int(value) if whole else value})
    assert_shows(figure, explorer, chief=[f"{curve}.at" for curve in CURVES])
    expect(figure.locator('[aria-live="polite"]')).to_contain_text("Back at step 1")


def test_the_step_is_chosen_on_the_plot_and_with_the_keys(open_explorer):
    page, figure = open_explorer(shown_as(), viewport=WIDE)
    plot, slider = figure.locator(".lstm-x-gradients"), step_slider(figure)
    track, box = slider.bounding_box(), plot.bounding_box()
    left, width = track["x"] + 7, track["width"] - 14
    page.mouse.move(left + 0.25 * width, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(left + 0.5 * width, box["y"] + 90)
    page.mouse.move(left + 70 / 99 * width, box["y"] + 90)
    page.mouse.up()
    assert_shows(figure, shown_as(step=70))
    expect(figure.locator("thead")).to_contain_text("t = 71")
    cursor = figure.locator(".lstm-x-cursor").get_attribute("d")
    at = float(re.match(r"M([\d.]+)", cursor)[1])
    assert box["x"] + at == pytest.approx(left + 70 / 99 * width, abs=1)
    page.keyboard.press("ArrowRight")  # pointing gave the slider the keys
    assert_shows(figure, shown_as(step=71))
    page.keyboard.press("End")
    assert_shows(figure, shown_as(step=99))
    expect(slider).to_have_attribute("aria-valuetext", "t = 100")
    page.keyboard.press("Home")
    assert_shows(figure, shown_as(step=0))
    expect(figure.locator('[aria-live="polite"]')).to_contain_text(re.compile(r"\d"))
    page.mouse.move(left + 0.9 * width, box["y"] + 90)  # no button down
    assert_shows(figure, shown_as(step=0))


def test_fewer_steps_keep_the_chosen_one_in_reach(open_explorer):
    _, figure = open_explorer(shown_as(step=70), viewport=WIDE)
    type_number(figure, "T", 40)
    explorer = shown_as()
    explorer.set(T=40, step=39)
    assert_shows(figure, explorer)
    expect(figure.locator('button[data-name="rnn.factor"]')).to_be_hidden()  # no step to go


def test_the_open_cell_shows_its_paths_and_is_the_one_that_is_checked(open_explorer):
    _, figure = open_explorer(shown_as(step=95), viewport=WIDE)
    act = figure.locator('[data-role="act"]')
    for cell, text in (("rnn", "RNN"), ("gru", "GRU"), ("lstm", "LSTM")):
        figure.locator(f'input[data-name="cell"][value="{cell}"]').check()
        explorer = shown_as(step=95, cell=cell)
        for path in ("carry", "gates"):
            expect(figure.locator(f'button[data-name="{path}.at"]')).to_be_visible(
                visible=cell == "lstm"
            )
            expect(figure.locator(f"path.lstm-x-curve-{path}").first).to_be_visible(
                visible=cell == "lstm"
            )
        expect(figure.locator("svg path.is-open")).to_have_class(re.compile(f"curve-{cell} "))
        expect(act).to_have_text(f"Check the {text}'s ∂L/∂x at t = 96")
        act.click()
        found = explorer.finite_difference()
        values = {
            name: float(
                figure.locator(f'.lstm-x-checked [data-name="{name}"]').get_attribute("data-value")
            )
            for name in ("measured", "exact")
        }
        assert values["exact"] == pytest.approx(found["exact"], rel=1e-12)
        assert values["measured"] == pytest.approx(found["measured"], rel=1e-6)
        assert values["measured"] == pytest.approx(values["exact"], rel=1e-6)
        expect(figure.locator('[aria-live="polite"]')).to_contain_text("Relative difference")
        expect(figure.locator(".lstm-x-checked")).not_to_contain_text("so small")


def test_a_check_stays_as_long_as_it_is_true(open_explorer):
    _, figure = open_explorer(shown_as("lstm-vanishes"), viewport=WIDE)
    checked, act = figure.locator(".lstm-x-checked"), figure.locator('[data-role="act"]')
    expect(checked).to_be_empty()
    act.focus()
    act.press("Enter")
    expect(checked).to_contain_text("lost in the last digits of L")
    figure.locator('button[data-name="rnn.at"]').click()
    expect(checked).to_contain_text("Backpropagation")
    step_slider(figure).press("ArrowRight")
    expect(checked).to_be_empty()


def test_a_number_says_how_it_comes_about_and_stays_asked(open_explorer):
    _, figure = open_explorer(shown_as(step=60), viewport=WIDE)
    detail = figure.locator(".lstm-x-detail")
    for name in ("rnn.at", "c.last", "carry.at", "gates.at", "gru.factor"):
        figure.locator(f'button[data-name="{name}"]').click()
        expect(detail).to_contain_text("=")
        assert_shows(figure, shown_as(step=60), chief=[name])
    figure.locator('button[data-name="gates.at"]').click()
    control(figure, "radius", "slider").press("ArrowRight")
    assert_shows(figure, shown_as(step=60, radius=0.91), chief=["sum.at", "gates.at.3"])


def levels(figure, curve):
    """The curve's points as (x, y) in pixels."""
    path = figure.locator(f"path.lstm-x-curve-{curve}").first.get_attribute("d")
    return np.array([[float(n) for n in point] for point in re.findall(r"([\d.]+),([\d.]+)", path)])


def test_the_curves_stand_where_their_numbers_are(open_explorer):
    explorer = shown_as()
    page, figure = open_explorer(explorer, viewport=WIDE)
    axis = figure.locator(".lstm-x-axis-group").first
    ticks = axis.locator(".lstm-x-tick:visible").evaluate_all(
        "ticks => ticks.map((tick) => [tick.textContent, Number(tick.getAttribute('y')) - 4])"
    )
    y = dict(ticks)
    one, low = y["1"], y["10⁻¹⁰"]
    for curve in CURVES:
        norms = explorer.norms[curve]
        norms = norms[norms > 0]
        want = one + (low - one) * np.log10(norms) / -10
        np.testing.assert_allclose(levels(figure, curve)[:, 1], want, atol=0.1)
    before = levels(figure, "rnn")
    page.set_viewport_size({"width": 420, "height": 900})
    figure.evaluate(NEXT_FRAME)
    after = levels(figure, "rnn")
    assert after[-1, 0] < before[-1, 0] / 2
    track = step_slider(figure).bounding_box()
    plot = figure.locator(".lstm-x-gradients").bounding_box()
    assert track["x"] + 7 == pytest.approx(plot["x"] + after[0, 0], abs=1)
    assert track["x"] + track["width"] - 7 == pytest.approx(plot["x"] + after[-1, 0], abs=1)


def test_what_leaves_the_scale_has_an_arrow_and_still_its_number(open_explorer):
    explorer = shown_as("lstm-vanishes")
    _, figure = open_explorer(explorer, viewport=WIDE)
    names = figure.locator(".lstm-x-gradients .lstm-x-name:visible").all_text_contents()
    assert [name for name in names if "↓" in name] == [
        "LSTM, h ↓",
        "LSTM, c ↓",
        "carry ↓",
        "gates ↓",
    ]
    assert len(levels(figure, "carry")) < len(levels(figure, "c")) < explorer.T
    assert_shows(figure, explorer, chief=["carry.at"])


def test_the_names_do_not_cover_each_other(open_explorer):
    explorer = shown_as("long", seed=1)  # three names at the very top
    _, figure = open_explorer(explorer, viewport=WIDE)
    for preset in (None, *PRESETS):
        if preset:
            figure.locator('[data-role="preset"]').select_option(preset)
        figure.evaluate(NEXT_FRAME)
        places = figure.locator(".lstm-x-gradients .lstm-x-name:visible").evaluate_all(
            "names => names.map((name) => Number(name.getAttribute('y')))"
        )
        assert np.diff(sorted(places)).min() >= 13.8, preset
        assert min(places) > 10 and max(places) < 305, preset


@pytest.mark.parametrize("radius", [0, 2])
def test_the_extremes_show_no_nonsense(open_explorer, radius):
    explorer = shown_as(radius=radius, forget_bias=-4, input_scale=0, T=200)
    _, figure = open_explorer(explorer, viewport=WIDE)
    assert_shows(figure, explorer)
    assert not re.search(r"NaN|Infinity|∞", figure.evaluate("figure => figure.outerHTML"))
    explorer.T = 2
    type_number(figure, "T", 2)
    assert_shows(figure, explorer)
    assert not re.search(r"NaN|Infinity|∞", figure.evaluate("figure => figure.outerHTML"))


def test_the_simple_rnn_of_the_figure_is_the_package_s():
    assert module.CELLS["rnn"] is variants.simple_rnn
