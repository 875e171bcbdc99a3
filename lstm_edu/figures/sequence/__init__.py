"""An LSTM through time: a sequence, and every gate and state of every step."""

import numpy as np

from lstm_edu.cell import LSTMParams, lstm_step
from lstm_edu.checks import check_weights
from lstm_edu.language import text
from lstm_edu.layer import lstm_forward

from ..base import Explorer
from ..cell import numbers_of_step

__all__ = ["SequenceExplorer"]

READING_ORDER = "figcoh"


class SequenceExplorer(Explorer):
    """An LSTM through time: draw its input, and see all gates and states of a unit.

    Parameters
    ----------
    params : LSTMParams, optional
        W (D, 4H), U (H, 4H) and b (4H,), with D up to 2 and H up to 8. Without an `x` its input
        is then 20 steps of zeros. By default, the preset's.
    preset : str, optional
        A network made by hand: "bit", "command", "counter", "latch" or "bump"; one to repair:
        "leaky" or "stuck"; or "ordinary".
    lang : {"es", "en"}, optional
        By default, what `use_language` chose.
    name : str, optional
        The figure's address on the page.
    **state
        x: array (T, D), T up to 60, dimensionless; W, U, b: arrays; unit: which unit is looked
        at, and t: at which step, both counted from 0. T is the length of x: to change it, give
        a whole `x` to `set`.

    Attributes
    ----------
    T : int
    x, W, U, b : numpy.ndarray
    unit, t : int
    params : LSTMParams
    trace : LSTMTrace
        What `lstm_forward` gives: every gate and state, (T, H).
    result : LSTMStep
        The step that is looked at.

    Examples
    --------
    >>> bit = SequenceExplorer(preset="bit")
    >>> bit.trace.c[[0, 1, 51], 0].round(3)
    array([0., 1., 1.])
    >>> bit.set(x=[[0], [-1], [0]])
    >>> bit.T, bit.trace.c[-1].round(3)
    (3, array([-1.]))
    """

    def __init__(self, params=None, **state):
        if params is not None:
            W, U, b = check_weights(params)
            b = np.zeros(W.shape[1]) if b is None else b
            state = {"W": W, "U": U, "b": b, "x": np.zeros((20, len(W)))} | state
        super().__init__(**with_length(state))

    def set(self, **state):
        super().set(**with_length(state))

    @property
    def params(self):
        return LSTMParams(self.W, self.U, self.b)

    @property
    def trace(self):
        return lstm_forward(self.x, self.params)

    @property
    def result(self):
        trace, before = self.trace, self.t - 1
        h_prev, c_prev = (trace.h0, trace.c0) if before < 0 else (trace.h[before], trace.c[before])
        return lstm_step(self.x[self.t], h_prev, c_prev, self.params)

    def numbers(self):
        return numbers_of_step(self.result, self.params, self.unit)

    def summary(self):
        trace, unit = self.trace, self.unit
        inputs = [f"x {d + 1}" for d in range(len(self.W))]
        head = [text("time_step", self.lang), *inputs, *READING_ORDER]
        columns = [*self.x.T, *(getattr(trace, name)[:, unit] for name in READING_ORDER)]
        steps = zip(*columns, strict=True)
        return head, [[str(t + 1), *map(float, step)] for t, step in enumerate(steps)]

    def __repr__(self):
        D, H = len(self.W), len(self.U)
        return f"SequenceExplorer(T={self.T}, input_size={D}, hidden_size={H}, t={self.t})"


def with_length(state):
    """Return a state in which T is the length of x, where x is given without it."""
    if "x" in state and "T" not in state and np.ndim(state["x"]) > 0:
        return {"T": len(state["x"])} | state
    return state
