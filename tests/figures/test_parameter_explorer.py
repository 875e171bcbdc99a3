"""The parameter explorer: counts that agree with arrays, with the frameworks, and with the page."""

import itertools
import re

import pytest
from explorer_pages import NEXT_FRAME, assert_shows, control, drag, type_number
from playwright.sync_api import expect

from lstm_edu import ParameterExplorer
from lstm_edu.figures import StateError

WIDE = {"viewport": {"width": 1280, "height": 900}}
PARTS = ("input_weights", "recurrent_weights", "biases", "peepholes")


def test_the_numbers_that_the_seeds_print():
    seed = ParameterExplorer(preset="seed")
    assert (seed.count.total, seed.bytes, seed.keras, seed.torch) == (208, 832, 208, 224)
    p, n = 4, 8
    assert seed.count.total == 4 * (p**2 + p * n + p)
    assert ParameterExplorer(preset="keras-lstm").keras == 16


def test_what_the_frameworks_are_known_to_count():
    torch = ParameterExplorer(preset="pytorch")  # the example of PyTorch's own documentation
    assert (torch.torch, torch.keras) == (5920, 5760)
    gru = ParameterExplorer(preset="gru")
    assert (gru.keras, gru.torch, gru.count.total) == (168, 168, 168)
    rnn = ParameterExplorer(cell="simple_rnn", input_size=3, hidden_size=5)
    assert (rnn.keras, rnn.torch) == (3 * 5 + 5 * 5 + 5, 3 * 5 + 5 * 5 + 2 * 5)
    for cell in ("peephole_lstm", "full_peephole_lstm", "coupled_lstm"):
        own = ParameterExplorer(cell=cell)
        assert own.keras is own.torch is None
        assert not {"keras", "torch"} & set(own.numbers())


def test_the_second_layer_reads_both_directions_of_the_first():
    both = ParameterExplorer(input_size=3, hidden_size=5, layers=2, both_directions=True)
    first, second = (count.total for count in both.layer_counts)
    assert first == 2 * 4 * (3 * 5 + 5 * 5 + 5)
    assert second == 2 * 4 * (10 * 5 + 5 * 5 + 5)
    assert both.count.total == first + second == both.numbers()["total"]


@pytest.mark.parametrize(
    "state",
    [{"input_size": 0}, {"hidden_size": 513}, {"layers": 5}, {"bias_vectors": 0}, {"cell": "lmu"}],
)
def test_what_cannot_be_shown_is_refused(state):
    with pytest.raises(StateError, match=next(iter(state))):
        ParameterExplorer(**state)
    with pytest.raises(StateError, match="an integer"):
        ParameterExplorer(hidden_size=2.5)


def choose(figure, name, value):
    figure.locator(f'input[type="radio"][data-name="{name}"][value="{value}"]').check()


def test_every_cell_in_every_form_counts_as_python_does(open_explorer):
    _, figure = open_explorer(ParameterExplorer(lang="en"), **WIDE)
    type_number(figure, "input_size", 7)
    type_number(figure, "hidden_size", 3)
    for cell, layers, biases, both in itertools.product(
        ParameterExplorer.table["fields"]["cell"]["options"], (1, 3), (1, 2), (False, True)
    ):
        figure.locator('select[data-name="cell"]').select_option(cell)
        choose(figure, "layers", layers)
        choose(figure, "bias_vectors", biases)
        figure.locator('input[type="checkbox"]').set_checked(both)
        explorer = ParameterExplorer(
            cell=cell,
            input_size=7,
            hidden_size=3,
            layers=layers,
            bias_vectors=biases,
            both_directions=both,
        )
        chief = {f"layer.{k}" for k in range(layers)} | set(explorer.numbers()) & {"keras", "torch"}
        assert_shows(figure, explorer, chief | {"bytes"})
        formula = figure.locator(".lstm-x-formulas li:visible").last.inner_text()
        one = explorer._count_layer(
            7 if layers == 1 else 3 * (1 + both), 3, biases
        )  # as Python writes it, for one direction
        for side in one.formula.split(" = ")[:2]:
            assert side in formula
        assert figure.locator(".lstm-x-formulas li:visible").count() == min(layers, 2)
        missing = figure.locator(".lstm-x-totals", has_text="has no such cell").count()
        assert bool(missing) == (explorer.keras is None)


def test_every_count_says_a_sum_that_is_right(open_explorer):
    page, figure = open_explorer(
        ParameterExplorer(
            lang="es", cell="full_peephole_lstm", input_size=3, layers=2, both_directions=True
        ),
        **WIDE,
    )
    names = figure.locator(".lstm-x-quantity:visible").evaluate_all(
        "nodes => nodes.map(({dataset}) => dataset.name)"
    )
    assert len(set(names)) == len(names) == 2 * 5 + 5 + 1
    for name in names:
        figure.locator(f'.lstm-x-quantity[data-name="{name}"]').focus()
        words = figure.locator(".lstm-x-detail").inner_text()
        *_, terms, total = words.split(": ", 1)[1].split(" = ")
        assert eval(terms.replace("·", "*")) == int(total), words
        assert page.evaluate("document.activeElement.dataset.value") == total


def test_a_matrix_can_be_pointed_at_and_tapped(open_explorer):
    page, figure = open_explorer(ParameterExplorer(lang="en", preset="seed"), **WIDE)
    box = figure.locator(".lstm-x-matrices").bounding_box()
    middle = box["x"] + 11 + box["width"] / 2
    page.mouse.move(middle, box["y"] + 100)
    expect(figure.locator(".lstm-x-detail")).to_contain_text("4·D·H = 4·8·4 = 128")
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    expect(figure.locator(".lstm-x-detail")).to_contain_text("Point at")
    page.mouse.click(middle, box["y"] + box["height"] - 75)
    expect(figure.locator(".lstm-x-detail")).to_contain_text("4·H·H = 4·4·4 = 64")
    assert page.evaluate("document.activeElement.dataset.name") == "recurrent_weights.0"


def areas(figure):
    """The area of each colour's blocks, in pixels."""
    paths = figure.locator(".lstm-x-block-fill").evaluate_all(
        "paths => paths.map((path) => [path.getAttribute('class'), path.getAttribute('d')])"
    )
    return {
        name[-1]: sum(float(w) * float(h) for w, h in re.findall(r"h([\d.]+)v([\d.]+)h-", outline))
        for name, outline in paths
    }


def test_the_drawing_is_to_scale(open_explorer):
    """Every gate has its share of all parameters, and areas are as the counts."""
    _, figure = open_explorer(
        ParameterExplorer(lang="en", cell="peephole_lstm", input_size=24, hidden_size=12), **WIDE
    )
    drawn = areas(figure)
    block = 24 * 12 + 12 * 12 + 12
    assert drawn["f"] / drawn["g"] == pytest.approx((block + 12) / block, rel=0.01)
    assert drawn["h"] == 0
    before = drawn["g"]
    type_number(figure, "input_size", 25)
    figure.evaluate(NEXT_FRAME)
    wider = areas(figure)["g"]
    scale = (24 + 12 + 1 + 1) / (25 + 12 + 1 + 1)  # all in the same height
    assert wider / before == pytest.approx(scale**2 * (block + 12) / block, rel=0.01)


def test_a_slider_that_is_dragged_keeps_its_nodes(open_explorer):
    page, figure = open_explorer(ParameterExplorer(lang="en", preset="stacked-both"), **WIDE)
    figure.evaluate("figure => { figure.querySelector('table').id = 'kept' }")
    drag(page, control(figure, "hidden_size", "slider"), 1, 0.9, 0.5, 0.2)
    size = int(control(figure, "hidden_size").input_value())
    assert size < 150
    expect(figure.locator("table#kept")).to_have_count(1)
    explorer = ParameterExplorer(preset="stacked-both", hidden_size=size)
    assert_shows(figure, explorer)
    expect(figure.locator('[aria-live="polite"]')).to_contain_text(str(explorer.count.total))
