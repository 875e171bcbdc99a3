"""The exercises of chapter 7."""

import numpy as np

from lstm_edu.cell import LSTMParams, lstm_step, sigmoid

from .base import call, compare


def output_bias(answer):
    """Exercise 1: the output gate's bias, out of the eight of a Keras layer with two units."""
    bias = np.array([0.1, -0.3, 1.0, 1.2, 0.4, -0.6, 0.7, 0.2])
    i, f, c, right = np.split(bias, 4)
    turns, reverse = bias[3::4], right[::-1]
    return compare(answer, right, first=i, forget=f, candidate=c, turns=turns, reverse=reverse)


def gates(function):
    """Exercise 2: i, f, g and o at one time step, from the arrays of any Keras layer."""
    rng = np.random.default_rng(7)
    kernel, recurrent_kernel, bias, x, h = (
        rng.normal(size=shape) for shape in [(3, 8), (2, 8), 8, 3, 2]
    )
    answer = call(function, kernel, recurrent_kernel, bias, x, h)

    def right(bias=bias, h=h):
        step = lstm_step(x, h, np.zeros(2), LSTMParams(kernel, recurrent_kernel, bias))
        return np.stack([step.i, step.f, step.g, step.o]), np.split(step.z, 4)

    (i, f, g, o), z = right()
    return compare(
        answer,
        [i, f, g, o],
        forget_first=[f, i, g, o],
        onnx=[i, sigmoid(z[2]), np.tanh(z[3]), sigmoid(z[1])],
        all_sigmoid=sigmoid(np.stack(z)),
        bare=z,
        no_bias=right(bias=None)[0],
        no_recurrent=right(h=np.zeros(2))[0],
    )
