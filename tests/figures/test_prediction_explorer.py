"""The prediction explorer: the printed network, number by number, and its two losses."""

import math
import re

import numpy as np
import pytest
from explorer_pages import NEXT_FRAME, assert_shows, control, type_number
from playwright.sync_api import expect

from lstm_edu import PredictionExplorer
from lstm_edu.figures import StateError
from lstm_edu.language import LANGUAGES

PRINTED = [0.0280686, 0.02588452, 0.44036636, 0.0376617, 0.4680188]  # in float32
WIDE = {"viewport": {"width": 1280, "height": 900}}


def by_hand(first, second, W, U, b, W_y, b_y):
    """The two steps written out in scalars, each line as the document has it."""
    h = c = 0.0

    def sigma(z):
        return 1 / (1 + math.exp(-z))

    for x in (first, second):
        z_i, z_f, z_g, z_o = (x * w + h * u + bias for w, u, bias in zip(W, U, b, strict=True))
        c = sigma(z_f) * c + sigma(z_i) * math.tanh(z_g)
        h = sigma(z_o) * math.tanh(c)
    odds = [math.exp(h * w + bias) for w, bias in zip(W_y, b_y, strict=True)]
    return h, c, [value / sum(odds) for value in odds]


def test_the_opening_state_is_what_the_document_printed():
    """One of the documents the book grew from: words 3 and 1 of its vocabulary."""
    prediction = PredictionExplorer()
    assert prediction.x.tolist() == [[3], [1]]
    np.testing.assert_allclose(prediction.probabilities, PRINTED, rtol=0, atol=1e-7)
    weights = [prediction.W[0], prediction.U[0], prediction.b, prediction.W_y[0], prediction.b_y]
    assert sum(map(len, weights)) == 22
    assert prediction.most_probable == ["example"]
    assert prediction.target == "an"  # the class that the document gives this phrase


@pytest.mark.parametrize("preset", PredictionExplorer().presets)
def test_every_preset_against_scalars(preset):
    one = PredictionExplorer(preset=preset)
    words = [["padding", "is", "an", "this", "example"].index(w) for w in (one.first, one.second)]
    h, c, p = by_hand(*words, one.W[0], one.U[0], one.b, one.W_y[0], one.b_y)
    assert one.trace.h_last[0] == pytest.approx(h, rel=1e-13)
    assert one.trace.c_last[0] == pytest.approx(c, rel=1e-13)
    np.testing.assert_allclose(one.probabilities, p, rtol=1e-13)
    k = ["padding", "is", "an", "this", "example"].index(one.target)
    assert one.categorical == pytest.approx(-math.log(p[k]), rel=1e-13)
    hits = [math.log(q if j == k else 1 - q) for j, q in enumerate(p)]
    assert one.binary == pytest.approx(-sum(hits) / 5, rel=1e-13)


def test_presets_do_what_their_notes_say():
    first, second, uniform, padding, cut = (
        PredictionExplorer(preset=name)
        for name in ("this_is", "is_an", "uniform", "padding", "no_recurrence")
    )
    assert first.probabilities[4] - first.probabilities[2] < 0.03
    assert second.most_probable == [second.target] == ["example"]
    np.testing.assert_allclose(first.probabilities, second.probabilities, atol=0.003)
    assert uniform.categorical == pytest.approx(math.log(5))
    assert len(uniform.most_probable) == 5
    assert padding.x[0, 0] == 0
    assert abs(padding.trace.c[0, 0]) > 0.3
    assert not cut.U.any()
    alone = PredictionExplorer(preset="no_recurrence", first="padding").trace
    assert alone.o[1] == cut.trace.o[1]  # no gate of step 2 knows what step 1 read
    assert alone.c[1] != cut.trace.c[1]


def test_extreme_weights_leave_finite_numbers():
    one = PredictionExplorer(W_y=[[-1e6, 1e6, 0, 0, 0]], b_y=[0, 0, 0, 0, 1e6])
    assert all(np.isfinite(value) for value in one.numbers().values())
    # p of the target is 0 and its loss is not infinite
    assert one.categorical == pytest.approx(one.logits.max() - one.logits[2])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"first": "hello"}, "first: expected one of padding, is, an, this, example"),
        ({"second": 1}, "second: expected one of"),
        ({"W": [[1, 2, 3]]}, r"W: expected shape \(1, 4\)"),
        ({"W_y": np.ones((5, 1))}, r"W_y: expected shape \(1, 5\)"),
        ({"b_y": [0, 0, np.nan, 0, 0]}, "b_y: expected finite"),
        ({"step": 4}, "step: expected an integer from 0 to 3"),
    ],
)
def test_bad_input_is_refused(change, message):
    one = PredictionExplorer()
    before = one.state
    with pytest.raises(StateError, match=message):
        one.set(**change)
    assert one.state == before


def choose(figure, name, value):
    figure.locator(f'input[data-name="{name}"][value="{value}"]').check()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_and_steps_are_chosen_and_every_step_shows_its_sums(open_explorer, lang):
    _, figure = open_explorer(PredictionExplorer(lang=lang), **WIDE)
    one = PredictionExplorer(lang=lang)
    for change in ({"first": "padding"}, {"second": "example"}, {"target": "this"}):
        [(name, value)] = change.items()
        choose(figure, name, value)
        one.set(**change)
        assert_shows(
            figure, one, chief={"f.0", "c.1", "h.1", "y.2", "p.4", "categorical", "binary"}
        )
    chief = [{"z_g.0", "tanh_c.0"}, {"f*c_prev.1", "h.0"}, {"h.1", "y.3"}, {"exp.3", "max", "sum"}]
    for step, names in enumerate(chief):
        choose(figure, "step", str(step))
        assert_shows(figure, one, chief=names)
        card = figure.locator(".lstm-x-card.is-chosen")
        expect(card).to_have_count(1)
        assert figure.locator(".lstm-x-card").evaluate_all(
            "cards => cards.findIndex((card) => card.classList.contains('is-chosen'))"
        ) == min(step, 2)
    said = figure.locator(".lstm-x-verdict").inner_text()
    best = one.most_probable[0]
    assert best in said
    percent = f"{100 * max(one.probabilities):.1f}"
    assert percent + ("\N{NO-BREAK SPACE}%" if lang == "es" else "%") in said
    expect(figure.locator(".lstm-x-word-name.is-best")).to_have_text(best)
    expect(figure.locator(".lstm-x-word-name.is-target")).to_have_text("this")


def test_the_dense_weights_move_their_own_word(open_explorer):
    _, figure = open_explorer(PredictionExplorer(lang="en", step=2), **WIDE)
    one = PredictionExplorer(lang="en", step=2)
    names = [f"W_y.0.{k}" for k in range(5)] + [f"b_y.{k}" for k in range(5)]
    W_y, b_y = one.W_y.copy(), one.b_y.copy()
    for k, name in enumerate(names):
        value = round(0.3 * k - 1.3, 2)
        type_number(figure, name, value)
        (W_y[0] if k < 5 else b_y)[k % 5] = value
        one.set(W_y=W_y, b_y=b_y)
        assert_shows(figure, one)
    slider = control(figure, "b_y.4", "slider")
    box = slider.bounding_box()
    slider.page.mouse.click(box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2)
    figure.evaluate(NEXT_FRAME)
    b_y[4] = float(slider.input_value())
    assert b_y[4] > 2
    one.b_y = b_y
    assert_shows(figure, one)


@pytest.mark.parametrize("step", [0, 2])
def test_every_weight_stands_below_its_letter(open_explorer, step):
    _, figure = open_explorer(PredictionExplorer(lang="es", step=step), **WIDE)
    letters = figure.locator("thead th:visible").all_inner_texts()[1:]
    rows = figure.locator("tbody tr:visible").evaluate_all(
        "rows => rows.map((row) => [...row.querySelectorAll('[data-role=field]')]"
        ".map(({dataset}) => dataset.name))"
    )
    assert [[name.split(".")[0].replace("_", "") for name in row] for row in rows] == [
        letters
    ] * len(rows)
    places = {0: ["1", "0", "2", "3"], 2: list("01234")}[step]  # f, i, g, o read from i, f, g, o
    assert [[name.split(".")[-1] for name in row] for row in rows] == [
        [place] * len(letters) for place in places
    ]


def test_every_number_says_its_equation(open_explorer):
    page, figure = open_explorer(PredictionExplorer(lang="es"), **WIDE)
    one = PredictionExplorer(lang="es")
    figure.locator('.lstm-x-quantity[data-name="p.0"]').focus()
    page.keyboard.press("Home")
    seen = set()
    for _ in range(figure.locator(".lstm-x-quantity").count()):
        name = page.evaluate("document.activeElement.dataset.name")
        text = figure.locator(".lstm-x-detail").inner_text()
        assert "=" in text, name
        assert "undefined" not in text
        assert "NaN" not in text
        seen.add(name)
        page.keyboard.press("ArrowRight")
    assert {f"{name}.{t}" for name in ("x", "f", "i", "g", "o", "c", "h") for t in (0, 1)} <= seen
    assert {"categorical", "binary", "p.4", "y.0"} <= seen
    assert_shows(figure, one)
    figure.locator('.lstm-x-quantity[data-name="c.1"]').hover()
    detail = figure.locator(".lstm-x-detail")
    f, c1 = one.trace.f[1, 0], one.trace.c[0, 0]
    minus = "\N{MINUS SIGN}"
    expect(detail).to_contain_text(f"c2 = {f:.4f} · ({c1:.4f})".replace("-", minus))
    figure.locator('.lstm-x-quantity[data-name="binary"]').hover()
    expect(detail).to_contain_text(re.compile(r"ln 0\.4404.*ln\(1 . 0\.4680\).*/ 5 = 0\.3089"))


def test_on_the_page_nothing_overflows(open_explorer):
    wild = PredictionExplorer(W_y=[[-1e6, 1e6, 0, 0, 0]], b_y=[0, 0, 0, 0, 1e6], step=3)
    _, figure = open_explorer(wild, **WIDE)
    assert_shows(figure, wild)
    assert not re.search("NaN|Infinity", figure.inner_text())


@pytest.mark.parametrize("width", [320, 360, 390])
def test_no_weight_is_cut_on_a_phone(open_explorer, width):
    """As many digits as the trained weights have: a field scrolls what it cannot hold."""
    _, figure = open_explorer(
        PredictionExplorer(lang="es"), viewport={"width": width, "height": 800}
    )
    for step in (0, 2):
        figure.locator(f'[data-name="step"][value="{step}"]').check(force=True)
        fields = figure.locator('[data-role="field"]:visible')
        assert fields.count() >= 10
        cut = fields.evaluate_all(
            "fields => fields.filter((one) => one.scrollWidth > one.clientWidth)"
            ".map(({value}) => value)"
        )
        assert cut == []
