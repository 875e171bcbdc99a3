"""Counting parameters; tests/numerics/test_against_keras.py counts with Keras over a grid."""

import json
from pathlib import Path

import numpy as np
import pytest
from random_cases import random_case

from lstm_edu import count_lstm
from lstm_edu.counting import (
    count_both_directions,
    count_coupled_lstm,
    count_dense,
    count_embedding,
    count_full_peephole_lstm,
    count_gru,
    count_peephole_lstm,
    count_simple_rnn,
    count_stacked,
)

RECURRENT = [
    count_coupled_lstm,
    count_gru,
    count_lstm,
    count_full_peephole_lstm,
    count_peephole_lstm,
    count_simple_rnn,
]


def test_the_parts_by_name():
    count = count_lstm(input_size=3, hidden_size=5)
    assert (count.input_weights, count.recurrent_weights, count.biases) == (60, 100, 20)
    assert count.total == 180


@pytest.mark.parametrize("bias", [True, False])
def test_the_count_is_what_the_arrays_hold(bias):
    params = random_case(51, bias=bias).params
    count = count_lstm(params.input_size, params.hidden_size, bias_vectors=int(bias))
    held = [0 if array is None else array.size for array in params]
    assert list(count[:3]) == held


def test_pytorch_counts_two_vectors_of_biases():
    # torch.nn.LSTM(10, 20): weight_ih (80, 10), weight_hh (80, 20), bias_ih (80,), bias_hh (80,)
    assert count_lstm(10, 20, bias_vectors=2).total == 80 * 10 + 80 * 20 + 80 + 80 == 2560


def test_pytorch_counts_the_same_over_a_grid():
    path = Path(__file__).with_name("pytorch_reference.json")
    grid = json.loads(path.read_text(encoding="utf-8"))["counts"]
    count_layers = {"RNN": count_simple_rnn, "LSTM": count_lstm, "GRU": count_gru}
    for kind, input_size, hidden_size, layers, both, bias, number in grid:
        count = count_stacked(
            count_layers[kind],
            input_size,
            [hidden_size] * layers,
            both_directions=both,
            bias_vectors=2 * bias,
        )
        assert count.total == number, (kind, input_size, hidden_size, layers, both, bias)
    assert len(grid) == 324


def test_pytorch_counts_a_projection():
    # torch.nn.LSTM(10, 20, proj_size=5): weight_ih (80, 10), weight_hh (80, 5), two biases (80,),
    # weight_hr (5, 20)
    count = count_lstm(10, 20, bias_vectors=2, projection_size=5)
    assert count.total == 80 * 10 + 80 * 5 + 2 * 80 + 5 * 20 == 1460
    assert (count.recurrent_weights, count.projection) == (400, 100)
    # torch.nn.LSTM(3, 4, num_layers=2, bidirectional=True, proj_size=2): the second layer reads 4
    both = count_stacked(
        count_lstm, 3, [4, 4], both_directions=True, bias_vectors=2, projection_size=2
    )
    assert both.total == 2 * (16 * 3 + 16 * 2 + 32 + 8) + 2 * (16 * 4 + 16 * 2 + 32 + 8) == 512


def test_a_sum_keeps_the_parts_apart():
    count = count_peephole_lstm(3, 4) + count_lstm(4, 5, projection_size=2)
    assert count[:-1] == (48 + 80, 64 + 40, 16 + 20, 12, 10)
    assert count.total == sum(count[:-1])
    assert type(count + count) is type(count)


def test_numpy_integers_count_without_overflow():
    count = count_lstm(np.int32(100_000), np.int32(100_000))
    assert count.total == 4 * 100_000 * 100_001 + 4 * 100_000**2
    assert type(count.total) is int


@pytest.mark.parametrize(
    ("count", "formula"),
    [
        (lambda: count_lstm(2, 3), "4·(D·H + H·H + H) = 4·(2·3 + 3·3 + 3) = 72"),
        (lambda: count_lstm(2, 3, 2), "4·(D·H + H·H + 2·H) = 4·(2·3 + 3·3 + 2·3) = 84"),
        (lambda: count_lstm(2, 3, 0), "4·(D·H + H·H) = 4·(2·3 + 3·3) = 60"),
        (lambda: count_simple_rnn(2, 3), "D·H + H·H + H = 2·3 + 3·3 + 3 = 18"),
        (lambda: count_gru(2, 3), "3·(D·H + H·H + 2·H) = 3·(2·3 + 3·3 + 2·3) = 63"),
        (lambda: count_gru(2, 3, 1), "3·(D·H + H·H + H) = 3·(2·3 + 3·3 + 3) = 54"),
        (lambda: count_coupled_lstm(2, 3), "3·(D·H + H·H + H) = 3·(2·3 + 3·3 + 3) = 54"),
        (
            lambda: count_peephole_lstm(2, 3),
            "4·(D·H + H·H + H) + 3·H = 4·(2·3 + 3·3 + 3) + 3·3 = 81",
        ),
        (
            lambda: count_full_peephole_lstm(2, 3),
            "4·(D·H + H·H + H) + 4·H·H = 4·(2·3 + 3·3 + 3) + 4·3·3 = 108",
        ),
        (lambda: count_dense(2, 5), "D·N + N = 2·5 + 5 = 15"),
        (lambda: count_dense(2, 5, bias=False), "D·N = 2·5 = 10"),
        (lambda: count_embedding(7, 4), "V·E = 7·4 = 28"),
        (lambda: count_both_directions(count_gru(2, 3)), "2·63 = 126"),
        (lambda: count_stacked(count_lstm, 6, [4, 5]), "176 + 200 = 376"),
        # the second layer reads the 8 numbers of both directions of the first
        (lambda: count_stacked(count_lstm, 6, [4, 5], both_directions=True), "352 + 560 = 912"),
        (lambda: count_stacked(count_gru, 2, [3], bias_vectors=1), "54 = 54"),
        (
            lambda: count_stacked(count_lstm, 300, [512, 512], bias_vectors=2),
            "1667072 + 2101248 = 3768320",
        ),
        # what a projection hands on is what the next layer reads
        (
            lambda: count_stacked(count_lstm, 3, [4, 4], bias_vectors=2, projection_size=2),
            "120 + 104 = 224",
        ),
        (lambda: count_lstm(3, 4) + count_dense(4, 2), "128 + 10 = 138"),
        (
            lambda: sum([count_embedding(9, 3), count_lstm(3, 4), count_dense(4, 2)]),
            "27 + 128 + 10 = 165",
        ),
        (lambda: count_stacked(count_lstm, 6, [4, 5]) + count_dense(5, 1), "176 + 200 + 6 = 382"),
        (lambda: 3 * count_dense(2, 5), "3·15 = 45"),
        (lambda: count_dense(2, 5) * 3, "3·15 = 45"),
        (lambda: np.int64(3) * count_dense(2, 5), "3·15 = 45"),
    ],
)
def test_the_formula_says_how(count, formula):
    count = count()
    assert count.formula == formula
    *_, last = formula.split(" = ")
    assert count.total == int(last)


@pytest.mark.parametrize("count_layer", RECURRENT)
def test_every_recurrent_layer_refuses_what_is_no_size(count_layer):
    with pytest.raises(ValueError, match=r"^input_size: expected an integer from 1 up, got 0"):
        count_layer(0, 1)
    with pytest.raises(ValueError, match=r"^hidden_size: expected an integer from 1 up, got 0"):
        count_layer(1, 0)
    with pytest.raises(ValueError, match=r"^bias_vectors: expected 0, 1"):
        count_layer(1, 1, bias_vectors=3)


def test_stacks_and_directions_keep_the_parts_apart():
    stacked = count_stacked(count_peephole_lstm, 6, [4, 5], bias_vectors=2, both_directions=True)
    below, above = count_peephole_lstm(6, 4, 2), count_peephole_lstm(8, 5, 2)
    for part in ("input_weights", "recurrent_weights", "biases", "peepholes", "total"):
        assert getattr(stacked, part) == 2 * (getattr(below, part) + getattr(above, part))


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: count_dense(0, 1), ValueError, "input_size: expected an integer from 1 up"),
        (lambda: count_dense(1, 1.5), TypeError, "units: expected an integer, got 1.5"),
        (lambda: count_embedding(0, 1), ValueError, "vocabulary_size: expected an integer from 1"),
        (lambda: count_embedding(1, "2"), TypeError, "embedding_size: expected an integer"),
        (lambda: count_stacked(count_lstm, 1, []), ValueError, "hidden_sizes: expected the size"),
        (lambda: count_stacked(count_lstm, 1, [2, 0]), ValueError, "hidden_size: expected an"),
        (
            lambda: count_stacked(count_lstm, 300, 512),
            TypeError,
            "hidden_sizes: expected a list with the size of each layer, got 512. "
            r"Hint: two layers of that size are \[512, 512\]",
        ),
        (lambda: count_lstm(3, 4) + 5, TypeError, "count: expected another count to add, got 5"),
        (lambda: 5 + count_lstm(3, 4), TypeError, "count: expected another count to add, got 5"),
        (lambda: np.int64(5) + count_lstm(3, 4), TypeError, "count: expected another count to add"),
        (lambda: [1] + count_lstm(3, 4), TypeError, "count: expected another count to add"),  # noqa: RUF005
        (lambda: 1.5 * count_lstm(3, 4), TypeError, "times: expected an integer, got 1.5"),
        (lambda: count_lstm(3, 4, projection_size=0), ValueError, "projection_size: expected an"),
    ],
)
def test_other_layers_refuse_what_is_no_size(call, error, message):
    with pytest.raises(error, match=f"^{message}"):
        call()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((0, 1), ValueError, "input_size: expected an integer from 1 up, got 0"),
        ((1, -2), ValueError, "hidden_size: expected an integer from 1 up, got -2"),
        ((1.0, 2), TypeError, "input_size: expected an integer, got 1.0"),
        ((1, "2"), TypeError, "hidden_size: expected an integer, got '2'"),
        ((1, True), TypeError, "hidden_size: expected an integer, got True"),
        ((1, np.True_), TypeError, "hidden_size: expected an integer"),
        ((1, 2, 3), ValueError, r"bias_vectors: expected 0, 1 \(Keras\) or 2 \(PyTorch\), got 3"),
        ((1, 2, -1), ValueError, "bias_vectors: expected an integer from 0 up, got -1"),
        ((1, 2, None), TypeError, "bias_vectors: expected an integer, got None"),
    ],
)
def test_what_cannot_be_counted_is_refused(arguments, error, message):
    with pytest.raises(error, match=f"^{message}"):
        count_lstm(*arguments)
