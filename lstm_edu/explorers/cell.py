"""One LSTM cell in one time step."""

import numpy as np
import traitlets

from lstm_edu.cell import LSTMParams, lstm_step
from lstm_edu.checks import check_weights
from lstm_edu.language import text

from .base import Array, Explorer, Whole, read_table, whole

__all__ = ["CellExplorer"]

TABLE = read_table("cell")


class CellExplorer(Explorer):
    """One LSTM cell in one time step, with a slider on every input, weight and bias.

    Parameters
    ----------
    params : LSTMParams, optional
        W (D, 4H), U (H, 4H) and b (4H,), with D up to 3 and H up to 4; the states and inputs
        are then zeros. By default, the preset's.
    preset : str, optional
        A ready-made cell: "start", "keep", "forget", "replace", "hide", "vector" or "subject".
    lang : {"es", "en"}, optional
        By default, what `use_language` chose.
    name : str, optional
        The figure's address on the page: a link to ``#name?preset=forget`` sets it.
    **state
        W, U, b, x, h_prev, c_prev: arrays, of the shapes (D, 4H), (H, 4H), (4H,), (D,), (H,)
        and (H,), dimensionless; unit: the unit whose weights are shown, counted from 0; step: 0
        shows the whole cell, 1 to 6 walk through it: forget gate, input gate, candidate, new
        cell state, output gate, hidden state.

    Attributes
    ----------
    W, U, b, x, h_prev, c_prev : numpy.ndarray
        The state, joined to the sliders in both directions. Assign whole arrays.
    unit, step : int
    params : LSTMParams
    result : LSTMStep
        What `lstm_step` gives for the present state.

    Raises
    ------
    StateError
        A ValueError that names the trait, the expected shape, what came, and a hint; the
        explorer keeps the state it had.

    Examples
    --------
    >>> cell = CellExplorer(preset="vector")
    >>> cell.x
    array([ 3., -2.,  4.])
    >>> cell.result.f.round(4)
    array([0.9526, 0.1192, 0.982 ])
    >>> cell.x = [0, 0, 0]
    >>> cell.result.f
    array([0.5, 0.5, 0.5])
    """

    table = TABLE
    kind = traitlets.Unicode("cell", read_only=True).tag(sync=True)
    x = Array()
    h_prev = Array()
    c_prev = Array()
    W = Array()
    U = Array()
    b = Array()
    unit = Whole()
    step = Whole()
    fits = whole(TABLE)

    def __init__(self, params=None, **state):
        super().__init__(**({} if params is None else at_rest(params)) | state)

    @property
    def params(self):
        return LSTMParams(self.W, self.U, self.b)

    @property
    def result(self):
        return lstm_step(self.x, self.h_prev, self.c_prev, self.params)

    def numbers(self):
        return numbers_of_step(self.result, self.params, self.unit)

    def summary(self):
        step, unit = self.result, text("unit", self.lang)
        head = ["", *(f"{unit} {k + 1}" for k in range(len(self.U)))]
        rows = [[f"{text(n, self.lang)} {n}", *map(float, getattr(step, n))] for n in "figcoh"]
        return head, rows

    def __repr__(self):
        D, H = len(self.W), len(self.U)
        return f"CellExplorer(input_size={D}, hidden_size={H}, unit={self.unit}, step={self.step})"


def numbers_of_step(step, params, unit):
    """Return every number that a figure may show of a time step, by its name there."""
    H = len(params.U)
    by_unit = {name: getattr(step, name) for name in "ifgoch"} | {"c_prev": step.c_prev}
    blocks = zip("ifgo", np.split(step.z, 4), strict=True)
    by_unit |= {f"z_{gate}": block for gate, block in blocks}
    by_unit |= {"f*c_prev": step.f * step.c_prev, "i*g": step.i * step.g}
    by_unit["tanh_c"] = np.tanh(step.c)
    numbers = {"one": 1.0}
    for name, values in by_unit.items():
        numbers[name] = values[unit]
        numbers |= {f"{name}.{k}": value for k, value in enumerate(values)}
    for name in ("x", "h_prev", "c_prev"):
        numbers |= {f"{name}.{k}": value for k, value in enumerate(getattr(step, name))}
    for column in range(4 * H):
        bias = params.b[column]
        numbers |= {f"b.{column}": bias, f"b.{column}*one": bias}
        for letter, weights, vector in (("W", params.W, "x"), ("U", params.U, "h_prev")):
            for row, value in enumerate(getattr(step, vector)):
                name = f"{letter}.{row}.{column}"
                numbers[name] = weights[row, column]
                numbers[f"{name}*{vector}.{row}"] = weights[row, column] * value
    return numbers


def at_rest(params):
    """Return the arrays of a cell with these weights and everything else at rest."""
    W, U, b = check_weights(params)
    (D, columns), H = W.shape, len(U)
    b = np.zeros(columns) if b is None else b
    return {"W": W, "U": U, "b": b, "x": np.zeros(D), "h_prev": np.zeros(H), "c_prev": np.zeros(H)}
