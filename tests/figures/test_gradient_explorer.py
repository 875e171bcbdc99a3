"""The gradient explorer: its gradients against other ways to them, and every way to move it."""

import math
import re

import numpy as np
import pytest
from explorer_pages import NEXT_FRAME, assert_shows, control, drag, settle, type_number
from playwright.sync_api import expect

from lstm_edu import GradientExplorer, variants
from lstm_edu.figures import StateError, exact
from lstm_edu.figures import gradient as module
from lstm_edu.gradients import cell_paths, state_jacobian

PRESETS = GradientExplorer().presets
# From Tommy Ettinger's mulberry32 in C, seed 1: the first three 32-bit numbers.
MULBERRY = [2693262067, 11749833, 2265367787]
CURVES = ("rnn", "gru", "lstm", "c", "carry", "gates")


# --- in Python ---------------------------------------------------------------------------------


def test_the_generator_is_mulberry32():
    assert (module._uniforms((1, 5), 3)[0] * 2**32).tolist() == MULBERRY
    of_five = module._uniforms((5,), 3)
    np.testing.assert_array_equal(module._uniforms((1, 5), 3)[1:], of_five)


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
        H = explorer.hidden_size
        loss = np.zeros(H * len(cell.states))
        loss[:H] = 1 / np.sqrt(H)
        row = loss @ state_jacobian(cell, traces[name], 23, k)
        close = {"rtol": 1e-9, "atol": 1e-12 * np.abs(row).max()}
        if name != "lstm":  # in the LSTM, dh holds c_t fixed, and dc has h_t's way in it
            np.testing.assert_allclose(vectors[name][t], row, **close)
            continue
        np.testing.assert_allclose(vectors["lstm"][t], row[:H], **close)
        at_once = row[:H] * traces["lstm"].o[t] * (1 - np.tanh(traces["lstm"].c[t]) ** 2)
        np.testing.assert_allclose(vectors["c"][t], row[H:] + at_once, **close)
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
    with pytest.raises(ValueError, match="time step from 0 to 99"):
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
    f = {name: explorer.traces["lstm"].f for name, explorer in first.items()}
    assert np.abs(f["start"] - 0.5).max() < 0.2
    assert np.abs(f["lstm-vanishes"] - 0.12).max() < 0.06
    assert f["lstm-explodes"].min() > 0.99


def test_a_large_network_explodes_though_it_is_far_from_rest():
    large = GradientExplorer(preset="large")
    low, median, _ = large.bands["rnn"][:, 0]
    assert low > 1e5 and median > 1e6
    network = module._network(module.SEEDS, *large._values)
    h = np.array([step["h"] for step in exact.forward("rnn", *network_of(network, "rnn"))])
    slopes = (1 - h * h).mean(axis=(0, 2))
    assert slopes.mean() == pytest.approx(0.48, abs=0.005)
    assert slopes.max() < 0.5
    assert GradientExplorer(preset="large", hidden_size=4).bands["rnn"][1, 0] < 1e-60


def network_of(network, name):
    return network.params[name], network.x


@pytest.mark.parametrize("H", [1, 2, 3, 5, 8, 17, 64])
def test_u_of_any_size_is_orthogonal_times_the_radius(H):
    for seed in (1, 7):
        params = GradientExplorer(seed=seed, radius=1.5, hidden_size=H, T=2).params
        rnn, lstm, gru = (params[name] for name in ("rnn", "lstm", "gru"))
        np.testing.assert_allclose(rnn.U @ rnn.U.T, 2.25 * np.eye(H), atol=1e-14 * H)
        i, f, g, o = np.split(lstm.U, 4, axis=1)
        for gate in (i, f, o):
            np.testing.assert_allclose(gate @ gate.T, 0.5625 * np.eye(H), atol=1e-14 * H)
        np.testing.assert_array_equal(g, rnn.U)
        np.testing.assert_array_equal(gru.U, np.concatenate([f, i, g], axis=1))
        assert H == 1 or not any(np.array_equal(a, b) for a, b in [(i, f), (f, o), (2 * f, g)])


def test_the_reflections_turn_as_random_rotations_do():
    """Of eigenvalues spread evenly around the circle, the mean |real part| is 2/π."""
    Q = module._drawn(module.SEEDS, 64)[0]["g"]
    parts = np.abs(np.linalg.eigvals(Q).real)
    assert parts.mean() == pytest.approx(2 / np.pi, rel=0.03)
    assert np.abs(np.trace(Q, axis1=1, axis2=2)).mean() < 2  # not close to the identity


@pytest.mark.parametrize("H", [1, 2, 4, 9, 64])
def test_the_loss_has_a_gradient_of_length_one(H):
    explorer = GradientExplorer(hidden_size=H)
    for cell in ("rnn", "lstm", "gru"):
        np.testing.assert_array_equal(explorer.vectors[cell][-1], np.full(H, 1 / np.sqrt(H)))
        assert explorer.norms[cell][-1] == pytest.approx(1, rel=1e-15)


def test_exp_and_tanh_are_right_to_the_last_bits():
    rng = np.random.default_rng(0)
    x = np.concatenate(
        [rng.uniform(-25, 25, 5000), rng.normal(size=5000), 10.0 ** -rng.uniform(0, 18, 5000)]
    )
    for ours, theirs in ((exact.exp, math.exp), (exact.tanh, math.tanh)):
        np.testing.assert_allclose(ours(x), [theirs(value) for value in x], rtol=8e-16)
        np.testing.assert_allclose(ours(-x), [theirs(-value) for value in x], rtol=8e-16)
    far = np.array([-745, -744, -730, -700, 700, 0.0])
    np.testing.assert_allclose(exact.exp(far), [math.exp(value) for value in far], rtol=1e-14)
    assert exact.exp(np.array([-1e6])) == 0
    assert exact.tanh(np.array([-1e6, 1e6, 0])).tolist() == [-1, 1, 0]


def test_sums_are_made_from_the_first_to_the_last():
    terms = np.array([[1e16, 1, -1e16, 1]])
    assert exact.total(terms).tolist() == [((1e16 + 1) - 1e16) + 1]


@pytest.mark.parametrize("H", [1, 2, 4, 7, 16, 64])
def test_the_arithmetic_is_that_of_the_package(H):
    """Over few steps, where chaos has no time, and over many at rest or with a small radius."""
    for state in (
        {"radius": 2, "forget_bias": 3, "input_scale": 2, "T": 8},
        {"radius": 0.9, "forget_bias": 1, "input_scale": 0.5, "T": 100},
        {"radius": 1.3, "forget_bias": -2, "input_scale": 0, "T": 100},
    ):
        explorer = GradientExplorer(hidden_size=H, **state)
        gradients = explorer.gradients
        run = explorer._run
        for name in ("rnn", "lstm", "gru"):
            for got, want in (
                (explorer.vectors[name], gradients[name].dh),
                (run.dx[name][:, 0], gradients[name].dx[:, 0]),
            ):
                largest = np.abs(want).max(axis=-1, keepdims=got.ndim > 1)
                assert np.all(np.abs(got - want) <= 1e-12 * largest * (1 + explorer.T / 10))
        dc = gradients["lstm"].dc
        np.testing.assert_allclose(
            explorer.vectors["c"], dc, rtol=1e-11, atol=1e-12 * np.abs(dc).min()
        )


def test_the_bands_are_quantiles_over_the_seeds():
    explorer = GradientExplorer(hidden_size=3, T=9, radius=1.7, seed=50)
    bands = explorer.bands
    lengths = {name: [] for name in CURVES}
    for seed in range(1, 42):
        explorer.seed = seed
        for name, norm in explorer.norms.items():
            lengths[name].append(norm)
    for name in CURVES:
        assert bands[name].shape == (3, 9)
        np.testing.assert_array_equal(
            bands[name], np.quantile(lengths[name], [0.1, 0.5, 0.9], axis=0)
        )
        bands[name][:] = 0  # the next that asks gets them whole
        assert explorer.bands[name].all() or name == "gates"


def test_most_large_networks_make_much_of_a_last_bit_and_small_ones_seldom():
    """Why the arithmetic has to be the same to the last bit."""
    moved = {}
    for H in (4, 64):
        network = module._network(module.SEEDS, 2, 1, 0.5, 100, H)
        runs = [
            exact.forward("rnn", network.params["rnn"], x) for x in (network.x, nudged(network.x))
        ]
        ends = [steps[-1]["h"] for steps in runs]
        moved[H] = (np.abs(ends[0] - ends[1]).max(axis=1) > 1e-10).mean()
    assert moved[4] < 0.1 < 0.9 < moved[64]


def nudged(x):
    """The inputs with the first one's last bit changed."""
    return np.concatenate([np.nextafter(x[:, :1], 9), x[:, 1:]], axis=1)


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
        "hidden_size": 65,
        "many": 1,
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


DONE = '.lstm-x-stage[aria-busy="false"]'


def value_of(figure, name):
    button = figure.locator(f'button[data-name="{name}"]')
    return float(button.get_attribute("data-value"))


def step_slider(figure):
    return figure.locator('[data-role="step"]')


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("place", [0.0, 0.6, 1.0])
def test_every_length_on_the_page_is_pythons_to_the_last_bit(open_explorer, preset, place):
    explorer = shown_as(preset, many=False)
    explorer.step = round(place * (explorer.T - 1))
    _, figure = open_explorer(explorer, viewport=WIDE)
    numbers = explorer.numbers()
    for curve in CURVES:
        for where in ("at", "last"):
            assert value_of(figure, f"{curve}.{where}") == numbers[f"{curve}.{where}"]


@pytest.mark.parametrize("H", [1, 2, 3, 16, 64])
def test_chaos_is_the_same_on_the_page_and_in_python(open_explorer, H):
    """One seed and 41, where two programs that round otherwise part within a hundred steps."""
    explorer = shown_as("large", hidden_size=H, T=200, many=False)
    _, figure = open_explorer(explorer, viewport=WIDE)
    for curve in CURVES:
        name = f"{curve}.at"
        assert value_of(figure, name) == explorer.numbers()[name]
    figure.locator('input[data-name="many"]').check()
    expect(figure.locator(DONE)).to_be_visible()
    explorer.many = True
    numbers = explorer.numbers()
    for curve in CURVES:
        for rank in ("low", "median", "high"):
            name = f"{curve}.at.{rank}"
            assert value_of(figure, name) == numbers[name]


def test_a_length_whose_square_is_no_number_is_shown(open_explorer):
    explorer = shown_as(radius=0, forget_bias=-4, T=160)
    _, figure = open_explorer(explorer, viewport=WIDE)
    carry = figure.locator('button[data-name="carry.at"]')
    want = explorer.norms["carry"][0]
    assert value_of(figure, "carry.at") == want < 1e-270
    expect(carry).to_have_text(re.compile("e−2"))


@pytest.mark.parametrize(
    "name", ["radius", "forget_bias", "input_scale", "T", "hidden_size", "seed"]
)
def test_every_slider_can_be_dragged(open_explorer, name):
    page, figure = open_explorer(shown_as(), viewport=WIDE)
    slider = control(figure, name, "slider")
    drag(page, slider, 0.5, 0.55, 0.62, 0.7)
    value = float(slider.input_value())
    whole = name in ("T", "hidden_size", "seed")
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
        settle(figure)
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


def test_the_band_is_drawn_where_its_numbers_are_and_said_in_words(open_explorer):
    explorer = shown_as(hidden_size=3, T=30, cell="rnn")
    _, figure = open_explorer(explorer, viewport=WIDE)
    box = figure.locator('input[data-name="many"]')
    band = figure.locator(".lstm-x-band.q-ink")
    expect(band).to_be_hidden()
    box.focus()
    box.press("Space")
    explorer.many = True
    names = [f"rnn.at.{rank}" for rank in ("low", "median", "high")]
    assert_shows(figure, explorer, chief=[*names, "gru.first.low", "lstm.first.high"])
    said = figure.locator('[aria-live="polite"]')
    expect(said).to_contain_text("41 seeds: median and middle 80%: yes.")
    expect(said).to_contain_text("the median of 41 seeds is")
    expect(figure.locator(".lstm-x-story")).to_contain_text("the middle 80% goes from")
    expect(figure.locator(".lstm-x-same")).to_contain_text("h30,1 + … + h30,3)/√3")
    low, median, high = np.log10(explorer.bands["rnn"])
    line = levels(figure, "rnn")
    path = band.get_attribute("d")
    points = [[float(n) for n in point] for point in re.findall(r"([\d.]+),([\d.]+)", path)]
    over, under = np.array(points[:30]), np.array(points[:29:-1])
    scale = (line[-1, 1] - line[0, 1]) / (median[-1] - median[0])
    for drawn, wanted in ((line, median), (over, high), (under, low)):
        want = line[-1, 1] + scale * (wanted - median[-1])
        np.testing.assert_allclose(drawn[:, 1], want, atol=0.2)
    # The seed moves the thin line alone.
    thin = figure.locator(".lstm-x-thin")
    before = thin.get_attribute("d")
    type_number(figure, "seed", 12)
    explorer.seed = 12
    assert_shows(figure, explorer, chief=names)
    assert thin.get_attribute("d") != before
    assert band.get_attribute("d") == path
    figure.locator('button[data-name="rnn.at.high"]').click()
    expect(figure.locator(".lstm-x-detail")).to_contain_text("number 37 of the 41 lengths in order")


def test_a_slider_that_outruns_the_bands_leaves_none_that_is_false(open_explorer):
    page, figure = open_explorer(shown_as("large", cell="rnn"), viewport=WIDE)
    settle(figure)
    slider = control(figure, "radius", "slider")
    drag(page, slider, 0.99, 0.9, 0.8, 0.7, 0.6)
    expect(figure.locator(".lstm-x-stage")).to_have_attribute("aria-busy", "true")
    expect(figure.locator('button[data-name^="rnn.at."]:visible')).to_have_count(0)
    expect(figure.locator(".lstm-x-gradients")).to_have_class(re.compile("is-old"))
    expect(figure.locator(".lstm-x-story")).to_contain_text("41 seeds are being worked out")
    explorer = shown_as("large", cell="rnn", radius=float(slider.input_value()))
    assert_shows(figure, explorer, chief=["rnn.at.low", "rnn.at.median", "rnn.at.high"])
    expect(figure.locator(".lstm-x-gradients")).not_to_have_class(re.compile("is-old"))
    expect(figure.locator('[aria-live="polite"]')).to_contain_text("median of 41 seeds")


def test_many_seeds_travel_by_link(open_explorer):
    page, figure = open_explorer(shown_as(), viewport=WIDE)
    figure.locator('input[data-name="many"]').check()
    type_number(figure, "hidden_size", 7)
    page.wait_for_function("location.hash.includes('hidden_size=7')")
    fragment = page.evaluate("location.hash")
    assert "many=1" in fragment
    _, again = open_explorer(shown_as(), fragment=fragment, viewport=WIDE)
    assert_shows(again, shown_as(hidden_size=7, many=True), chief=["rnn.at.median"])
