"""What chapter 10 says: its numbers, its claims, the seed of its example and its exercises."""

import json
import re
from functools import cache

import numpy as np
import pytest

from lstm_edu import LSTMParams, TensorExplorer, count_lstm, lstm_forward, lstm_step
from rules.pages import ROOT, mimes, read

X = np.array(
    [
        [[1, 2, 3, 4, 3, 2], [1, 2, 1, 1, 1, 2], [1, 2, 2, 2, 2, 2]],
        [[1, 2, 3, 4, 3, 2], [3, 2, 2, 1, 1, 2], [0, 0, 0, 0, 3, 2]],
    ],
    dtype=float,
)


def drawn(seed, *sizes):
    """The chapter's weights: one LSTMParams for each (D, H), in the order of Keras' arrays."""
    rng = np.random.default_rng(seed)
    return [
        LSTMParams(
            *(rng.normal(scale=0.4, size=s).round(2) for s in [(D, 4 * H), (H, 4 * H), 4 * H])
        )
        for D, H in sizes
    ]


LOWER, UPPER = drawn(0, (6, 4), (4, 5))
FORWARD, BACKWARD = drawn(1, (6, 4), (6, 4))


def two_layers(x):
    trace1 = lstm_forward(x, LOWER)
    return trace1, lstm_forward(trace1.h, UPPER)


def both_ways(x):
    return lstm_forward(x, FORWARD).h, lstm_forward(x[:, ::-1], BACKWARD).h[:, ::-1]


def page(lang):
    return read(ROOT / "chapters" / lang / "10_stacked_layers.ipynb")


def source(lang, cell):
    (found,) = (one for one in page(lang).cells if one.id == cell)
    return found.source


def printed(lang, cell):
    (found,) = (one for one in page(lang).cells if one.id == cell)
    return "".join(mimes(output).get("stdout", "") for output in found.outputs)


# --- what is printed -------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_stack_of_the_seed_returns_one_pair_per_layer(lang):
    assert printed(lang, "cells-code").splitlines() == [
        "x      (2, 3, 6)",
        "output (2, 3, 5)",
        "pair   [(2, 4), (2, 4)]",
        "pair   [(2, 5), (2, 5)]",
    ]
    trace1, trace2 = two_layers(X)
    assert trace2.h.shape == (2, 3, 5)
    assert trace1.h_last.shape == trace1.c_last.shape == (2, 4)
    assert trace2.h_last.shape == trace2.c_last.shape == (2, 5)
    for shape in ("(2, 3, 5)", "(2, 4)", "(2, 5)"):
        assert shape in source(lang, "cells-answer")


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_output_is_the_upper_layers(lang):
    text = printed(lang, "pairs-code")
    array, rest = text.split("]]]\n")
    numbers = [float(n) for n in re.findall(r"-?\d\.\d+", array)]
    _, trace2 = two_layers(X)
    np.testing.assert_allclose(np.reshape(numbers, (2, 3, 5)), trace2.h, rtol=0, atol=5.1e-5)
    # No printed digit hangs on the last bits of a float32.
    tail = np.abs(trace2.h * 1e4) % 1
    assert np.abs(tail - 0.5).min() > 0.002
    assert rest.splitlines() == [
        "h1 == output[:, -1]: False",
        "c1 == output[:, -1]: False",
        "h2 == output[:, -1]: True",
        "c2 == output[:, -1]: False",
        "both pairs True",
        "no pair    False",
        "3 layers:  4 results",
    ]
    assert (trace2.h[0, 0] == trace2.h[1, 0]).all()  # "the first row of both is the same"
    assert (trace2.h[0, 1] != trace2.h[1, 1]).all()


@pytest.mark.parametrize("lang", ["es", "en"])
def test_two_lstm_layers_and_two_calls_are_the_same_network(lang):
    lines = printed(lang, "two-layers-code").splitlines()
    assert [re.findall("True|False", line) for line in lines[:4]] == [
        ["True"],
        ["True"],
        ["True"] * 2,
        ["True"] * 2,
    ]
    counts = count_lstm(6, 4).total, count_lstm(4, 5).total
    assert lines[4] == f"parameters      [{counts[0]}, {counts[1]}] {sum(counts)}"
    assert (*counts, sum(counts)) == (176, 200, 376)
    assert printed(lang, "forgotten-code").splitlines() == [
        "layer 1: (2, 4)",
        "layer 2: expected ndim=3 found ndim=2",
    ]


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_orders_that_are_printed(lang):
    assert printed(lang, "order-code").splitlines() == [
        "by layers    True",
        "by steps     True",
        "by diagonals True",
        "too early    missing (1, 2)",
    ]


@pytest.mark.parametrize("lang", ["es", "en"])
def test_both_directions_are_two_layers_side_by_side(lang):
    assert printed(lang, "both-code").splitlines() == [
        "output (2, 3, 8)",
        "states (2, 4) (2, 4) (2, 4) (2, 4)",
        "by hand True",
    ]
    reached = []
    for erased in ([0, 1], [2]):
        touched = X.copy()
        touched[:, erased] = 0
        for before, after in zip(both_ways(X), both_ways(touched), strict=True):
            change = np.abs(after - before).max(axis=(0, 2))
            assert (change[change > 0] > 1e-3).all()
            reached.append(change > 0)
    lines = printed(lang, "touched-code").splitlines()
    assert lines[0] == "erased [1, 2]" and lines[3] == "erased [3]"
    assert [line.split(maxsplit=1)[1] for line in lines[1:3] + lines[4:6]] == [
        str(flags) for flags in reached
    ]
    assert lines[6:] == ["output[:, -1] True False", "output[:, 0]  False True"]
    assert [flags.tolist() for flags in reached] == [
        [True, True, True],  # "has read it all"
        [True, True, False],  # "a single step, the last"
        [False, False, True],
        [True, True, True],  # "erasing step 3 changed the output of steps 1 and 2"
    ]
    assert printed(lang, "merge-code").splitlines() == [
        "concat (2, 8) True",
        "sum    (2, 4) True",
        "ave    (2, 4) True",
        "mul    (2, 4) True",
    ]


# --- what it claims in words -----------------------------------------------------------------


def test_each_sum_needs_just_the_two_that_the_chapter_names():
    """What is h at layer l and step t moved by, of all the sums of the stack?"""

    def run(touched=None):
        h = {(0, t): X[:, t - 1] for t in (1, 2, 3)}
        c = {}
        for layer, params in ((1, LOWER), (2, UPPER)):
            h[layer, 0] = c[layer, 0] = np.zeros((2, params.hidden_size))
            for t in (1, 2, 3):
                step = lstm_step(h[layer - 1, t], h[layer, t - 1], c[layer, t - 1], params)
                h[layer, t], c[layer, t] = step.h, step.c
                if touched == (layer, t):
                    h[layer, t], c[layer, t] = step.h + 0.1, step.c + 0.1
        return h

    before = run()
    np.testing.assert_allclose(
        np.stack([before[2, t] for t in (1, 2, 3)], axis=1), two_layers(X)[1].h, atol=1e-12
    )
    for layer, step in [(k, t) for k in (1, 2) for t in (1, 2, 3)]:
        after = run((layer, step))
        moved = {place for place in before if not np.array_equal(before[place], after[place])}
        up_and_right = {(k, t) for k in range(layer, 3) for t in range(step, 4)}
        assert moved == up_and_right


def test_the_output_at_step_1_depends_on_the_input_at_step_1_and_on_no_later_one():
    for step, first_moved in enumerate([0, 1, 2]):
        touched = X.copy()
        touched[:, step] += 1
        moved = (two_layers(touched)[1].h != two_layers(X)[1].h).any(axis=(0, 2))
        assert moved.argmax() == first_moved


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_figures_links_show_what_the_answer_says(lang):
    answer = source(lang, "explorer-answer")
    links = dict(re.findall(r'href="#layers\?preset=stacked&(\w+)=(\d)"', answer))
    assert links == {"D": "8", "units1": "1", "return_sequences": "0"}

    def counts(**state):
        figure = TensorExplorer(preset="stacked", **state)
        return [count_lstm(p.input_size, p.hidden_size).total for p in figure.params]

    assert counts() == [176, 200] and "= 176$" in answer and "= 200$" in answer
    assert counts(D=8) == [208, 200] and " 208" in answer
    assert counts(units1=1) == [32, 140]
    assert {"es": "32 y 140", "en": "32 and 140"}[lang] in answer
    assert "376" in answer
    trimmed = TensorExplorer(preset="stacked", return_sequences=False)
    assert trimmed.traces[0].h.shape == (2, 3, 4) and "(2, 3, 4)" in answer
    assert trimmed.returned[0].shape == (2, 5)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_sum_written_out_in_the_chapter_is_right(lang):
    said_there = re.findall(r"\$4\(([^)]*)\) = (\d+)\$", source(lang, "explorer-answer"))
    assert len(said_there) == 2
    for written, total in said_there:
        products = [np.prod([int(n) for n in part.split(r"\cdot")]) for part in written.split("+")]
        assert 4 * sum(products) == int(total)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_chapter_has_the_drawing_and_its_alt_text(lang):
    (alt,) = re.findall(
        rf"!\[([^\]]*)\]\(\.\./\.\./images/{lang}/stacked\.svg\)", source(lang, "stack")
    )
    assert alt.endswith(".") and len(alt) > 100


@cache
def dropout():
    """The chapter's own code, as it stands in its cell: the function and its two units."""
    code, _, _ = source("en", "dropout-code").partition("\nprint(")
    names = {"np": np, "LSTMParams": LSTMParams, "lstm_step": lstm_step}
    exec(code, names)
    return names


PLACES = {  # what is left on the belt and in the loop, of 10,000 sequences
    "h, new": (1, 0.9**50),
    "h, one": (1, 0.9),
    "c, new": (0.9**50, 1),
    "g, new": (1, 0.9**50),
    "zoneout": (1, 1),
}


@pytest.mark.parametrize("place", PLACES)
def test_which_memory_a_mask_wipes_out(place):
    for unit, share in zip(("belt", "loop"), PLACES[place], strict=True):
        left = dropout()["kept"](dropout()[unit], place)
        spread = np.sqrt(share * (1 - share) / 10_000)
        assert abs(left - share) <= 4 * spread, (unit, left, share)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_table_of_dropout_is_printed_and_said(lang):
    header, *lines = printed(lang, "dropout-code").splitlines()
    assert header.split() == ["belt", "loop"]
    for line, (place, shares) in zip(lines, PLACES.items(), strict=True):
        assert line[:8].strip() == place
        for shown, share in zip(line[8:].split(), shares, strict=True):
            assert float(shown.strip("%")) == pytest.approx(100 * share, abs=0.7)
    answer = source(lang, "dropout-answer")
    assert f"{100 * 0.9**50:.1f}" == "0.5" and {"es": "0,5 %", "en": "0.5%"}[lang] in answer
    assert {"es": "0,0052", "en": "0.0052"}[lang] in source(lang, "order-answer")
    assert f"{0.9**50:.4f}" == "0.0052"


def test_where_pytorch_puts_the_last_states_of_layers_and_directions():
    """Of the real PyTorch, in pytorch_reference.json: outputs are (T, B, H of all directions)."""
    reference = json.loads(
        (ROOT / "tests" / "numerics" / "pytorch_reference.json").read_text("utf-8")
    )
    seen = set()
    for one in flatten(reference):
        outputs, h_last = np.array(one["outputs"]), np.array(one["h_last"])
        H = h_last.shape[-1]
        directions = outputs.shape[-1] // H
        layers = len(h_last) // directions
        if one["c_last"] is None or (layers, directions) not in {(1, 1), (2, 2)}:
            continue
        seen.add((layers, directions))
        assert (
            np.shape(one["c_last"]) == h_last.shape == (layers * directions, *outputs.shape[1:2], H)
        )
        np.testing.assert_array_equal(h_last[-directions], outputs[-1, :, :H])
        if directions == 2:
            np.testing.assert_array_equal(h_last[-1], outputs[0, :, H:])
    assert seen == {(1, 1), (2, 2)}


def flatten(reference):
    """Yield the entries of a module, wherever they stand."""
    if isinstance(reference, dict):
        if "outputs" in reference:
            yield reference
            return
        reference = reference.values()
    for part in reference if not isinstance(reference, str | int | float) else ():
        yield from flatten(part)


# --- the exercises ---------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("exercise", ["1", "2", "3", "4"])
def test_the_solutions_are_right(lang, exercise):
    assert "✓ " in printed(lang, f"solution-{exercise}-code")
    assert "✗" not in printed(lang, f"solution-{exercise}-code")


def stack(x, params1, params2):
    return lstm_forward(lstm_forward(x, params1).h, params2).h


def by_steps(x, params1, params2):
    states = [[np.zeros((len(x), 3))] * 2 for _ in range(2)]
    rows = []
    for t in range(x.shape[1]):
        read = x[:, t]
        for k, params in enumerate((params1, params2)):
            step = lstm_step(read, *states[k], params)
            states[k] = step.h, step.c
            read = step.h
        rows.append(read)
    return np.stack(rows, axis=1)


def handed(x, p, q):
    lower = lstm_forward(x, p)
    return lstm_forward(lower.h, q, lower.h_last, lower.c_last).h


def halves(output, forward=-1, backward=0):
    return output[:, forward, :4], output[:, backward, 4:]


def joined(*parts):
    return np.concatenate(parts, axis=-1)


def forward(x, p, q):
    return lstm_forward(x, p).h


def backward(x, p, q):
    return lstm_forward(x[:, ::-1], q).h[:, ::-1]


def bidirectional(x, p, q):
    return joined(forward(x, p, q), backward(x, p, q))


def read_twice(x, p, q):
    first = lstm_forward(x, q)
    return lstm_forward(x, p, first.h_last, first.c_last).h


def summary_beside(x, p, q):
    last = lstm_forward(x, q).h_last
    return joined(forward(x, p, q), np.repeat(last[:, None], x.shape[1], axis=1))


def last_repeated(x, p, q):
    return np.repeat(lstm_forward(x, p).h_last[:, None], x.shape[1], axis=1)


def over_the_batch(x, p, q):
    return bidirectional(x, p, q) + x.sum(axis=0)[..., :1]


VERDICTS = {
    "stacked_layers.shapes": [
        (([3, 7, 7], [2, 4, 6]), "right"),
        (((3, 7, 7), np.array([2.0, 4.0, 6.0])), "right"),
        (([3, 3, 7, 7, 7, 7], [2, 4, 6]), "state_each"),
        (([3, 7], [2, 4]), "merged"),
        (([7, 3, 7, 7], [0, 2, 4, 6]), "output_too"),
        (([7, 7, 3], [6, 4, 2]), "top_first"),
        (([4, 4, 4], [2, 4, 6]), "batch"),
        (([3, 10, 7], [2, 4, 6]), "wrong_units"),
        (([3, 7, 7, 7], [2, 4, 6]), "wrong_units"),
        (([3, 7, 7], [1, 3, 5]), "hidden"),
        (([3, 7, 7], [3, 5, 7]), "from_one"),
        (([3, 7, 7], [1, 2, 3]), "pairs"),
        (([3, 7, 7], [4, 5, 6]), "by_letter"),
        (([3, 7, 7], [6]), "last_only"),
        (([3, 7, 7], [6, 4, 2]), "top_down"),
        (([3, 7, 7], [1, 2, 3, 4, 5, 6]), "number"),
        (([3, 7, 7], [0, 2, 4]), "wrong"),
        (([3, 7, 7], 6), "kind"),
        (([(4, 3), (4, 7), (4, 7)], [2, 4, 6]), "kind"),
        (([3, 7, 7], [2, 4, 6.5]), "kind"),
        (([3, 7, 7], [2, 4, float("inf")]), "kind"),
        (("3, 7, 7", "2, 4, 6"), "kind"),
        (([], []), "kind"),
        ((..., [2, 4, 6]), "base.empty"),
    ],
    "stacked_layers.stack": [
        ((stack,), "right"),
        ((by_steps,), "right"),
        ((lambda x, p, q: lstm_forward(lstm_forward(x, p).c, q).h,), "cell"),
        ((lambda x, p, q: lstm_forward(lstm_forward(x, p), q).h,), "fed_trace"),
        ((lambda x, p, q: lstm_forward(lstm_forward(x, p), q),), "fed_trace"),
        ((lambda x, p, q: lstm_forward(lstm_forward(x, p).h_last, q).h,), "fed_last"),
        ((lambda x, p, q: stack(x, q, p),), "swapped"),
        ((lambda x, p, q: stack(x, p, p),), "twice"),
        ((lambda x, p, q: lstm_forward(x, p).h,), "lower"),
        ((lambda x, p, q: lstm_forward(x, q).h,), "parallel"),
        ((handed,), "handed"),
        ((lambda x, p, q: stack(x, p, q)[:, -1],), "last"),
        ((lambda x, p, q: lstm_forward(lstm_forward(x, p).h, q),), "trace"),
        ((lambda x, p, q: stack(x, p, q) + 1,), "wrong"),
        ((lambda x, p, q: stack(x, p, q)[0],), "base.shape"),
        ((lambda x, p, q: stack(x, p),), "base.raised"),
        ((lambda x, p, q: lstm_forward(p, x).h,), "base.raised"),
        ((lambda x, p, q: None,), "base.return"),
        ((lambda x, p, q: ...,), "base.empty"),
        ((7,), "base.function"),
    ],
    "stacked_layers.summary": [
        ((lambda y: joined(*halves(y)),), "right"),
        (
            (lambda y: np.hstack([y[:, -1, : y.shape[-1] // 2], y[:, 0, y.shape[-1] // 2 :]]),),
            "right",
        ),
        ((lambda y: y[:, -1],), "last"),
        ((lambda y: y[:, 0],), "first"),
        ((lambda y: joined(*halves(y, 0, -1)),), "crossed"),
        ((lambda y: joined(*halves(y)[::-1]),), "exchanged"),
        ((lambda y: joined(y[:, -1, ::2], y[:, 0, 1::2]),), "alternate"),
        ((lambda y: halves(y)[0],), "forwards_only"),
        ((lambda y: halves(y)[1],), "backwards_only"),
        ((lambda y: sum(halves(y)),), "added"),
        ((lambda y: sum(halves(y)) / 2,), "mean_of_both"),
        ((lambda y: y,), "sequences"),
        ((lambda y: y.mean(axis=1),), "mean"),
        ((lambda y: y.max(axis=1),), "largest"),
        ((lambda y: joined(y[:, -1, 4:], y[:, 0, :4]),), "other_half"),
        ((lambda y: joined(*halves(y, -2, 1)),), "one_early"),
        ((lambda y: np.stack(halves(y)),), "pair"),
        ((lambda y: halves(y),), "pair"),
        ((lambda y: np.stack(halves(y), axis=1),), "pair_of_each"),
        ((lambda y: np.concatenate(halves(y)),), "below"),
        ((lambda y: joined(y[:, -1], y[:, 0]),), "no_halves"),
        ((lambda y: joined(y[-1, :, :4], y[0, :, 4:]),), "sequence_for_time"),
        ((lambda y: y[:, 2],), "wrong"),
        ((lambda y: joined(y[:, -1, :2], y[:, 0, 2:]),), "wrong"),  # H = 2, not half of 8
        ((lambda y: joined(*halves(y)[::-1])[:, :4] * 2,), "base.shape"),
        ((lambda y: None,), "base.return"),
        ((lambda y, H: y,), "base.raised"),
        ((np.ones(3),), "base.function"),
    ],
    "stacked_layers.all_steps": [
        ((bidirectional,), "right"),
        ((lambda x, p, q: forward(x, p, q) + backward(x, p, q),), "right"),
        ((read_twice,), "right"),
        ((summary_beside,), "right"),
        ((lambda x, p, q: bidirectional(x, p, q).tolist(),), "right"),
        ((forward,), "past"),
        ((lambda x, p, q: joined(forward(x, p, q), lstm_forward(x, q).h),), "past"),
        ((backward,), "future"),
        ((lambda x, p, q: joined(forward(x, p, q), lstm_forward(x[:, ::-1], q).h),), "unturned"),
        ((last_repeated,), "same"),
        ((over_the_batch,), "batch"),
        ((lambda x, p, q: x,), "blind"),
        ((lambda x, p, q: bidirectional(x, p, q)[:, ::2],), "shape"),
        ((lambda x, p, q: bidirectional(x, p, q)[:, -1],), "shape"),
        ((lambda x, p, q: bidirectional(x.swapaxes(0, 1), p, q),), "shape"),
        ((lambda x, p, q: bidirectional(x.swapaxes(0, 1), p, q).swapaxes(0, 1),), "batch"),
        ((lambda x, p, q: lstm_forward(x, p),), "trace"),
        ((lambda x, p, q: None,), "base.return"),
        ((lambda x: x,), "base.raised"),
        ((np.ones(3),), "base.function"),
    ],
}
