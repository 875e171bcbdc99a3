"""Counting parameters; tests/test_against_keras.py counts with Keras over a grid."""

import numpy as np
import pytest
from random_cases import random_case

from lstm_edu import count_lstm


def test_the_parts_by_name():
    count = count_lstm(input_size=3, hidden_size=5)
    assert (count.input_weights, count.recurrent_weights, count.biases) == (60, 100, 20)
    assert count.total == 180


@pytest.mark.parametrize("bias", [True, False])
def test_the_count_is_what_the_arrays_hold(bias):
    params = random_case(51, bias=bias).params
    count = count_lstm(params.input_size, params.hidden_size, bias_vectors=int(bias))
    held = [0 if array is None else array.size for array in params]
    assert list(count) == held


def test_pytorch_counts_two_vectors_of_biases():
    # torch.nn.LSTM(10, 20): weight_ih (80, 10), weight_hh (80, 20), bias_ih (80,), bias_hh (80,)
    assert count_lstm(10, 20, bias_vectors=2).total == 80 * 10 + 80 * 20 + 80 + 80 == 2560


def test_numpy_integers_count_without_overflow():
    count = count_lstm(np.int32(100_000), np.int32(100_000))
    assert count.total == 4 * 100_000 * 100_001 + 4 * 100_000**2
    assert type(count.total) is int


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
