"""One GRU in one time step."""

import numpy as np

from lstm_edu import variants
from lstm_edu.cell import sigmoid
from lstm_edu.checks import check_kind
from lstm_edu.language import text

from ..base import Explorer

__all__ = ["GRUExplorer"]


class GRUExplorer(Explorer):
    """One GRU in one time step, with a slider on every input, weight and bias.

    Its reset gate comes after the matrix: Keras' ``reset_after=True``, and PyTorch's GRU.

    Parameters
    ----------
    params : GRUParams, optional
        W (D, 3H), U (H, 3H) and b (2, 3H), with D up to 3 and H up to 4; the state and the input
        are then zeros. By default, the preset's.
    preset : {"start", "keep", "replace", "reset"}, optional
        A ready-made cell.
    lang : {"es", "en"}, optional
        By default, what `use_language` chose.
    name : str, optional
        The figure's address on the page: a link to ``#name?preset=keep`` sets it.
    **state
        W, U, b, x, h_prev: arrays, of the shapes (D, 3H), (H, 3H), (2, 3H), (D,) and (H,),
        dimensionless, their blocks in the order u, r, g; unit: the unit whose weights are shown,
        counted from 0; step: 0 shows the whole cell, 1 to 4 walk through it: reset gate, update
        gate, candidate, hidden state.

    Attributes
    ----------
    W, U, b, x, h_prev : numpy.ndarray
        The state, joined to the sliders in both directions. Assign whole arrays.
    unit, step : int
    params : GRUParams
        The weights.
    result : GRUStep
        What `lstm_edu.variants.gru` gives for the present state.

    Raises
    ------
    StateError
        A ValueError that names the trait, the expected shape, what came, and a hint; the
        explorer keeps the state it had.

    Examples
    --------
    >>> gru = GRUExplorer(preset="keep")
    >>> gru.h_prev
    array([ 0.6, -0.4])
    >>> gru.result.h.round(2)
    array([ 0.6, -0.4])
    """

    def __init__(self, params=None, **state):
        super().__init__(**({} if params is None else at_rest(params)) | state)

    @property
    def params(self):
        return variants.GRUParams(self.W, self.U, self.b)

    @property
    def result(self):
        return variants.gru.step(self.x, self.h_prev, self.params)

    def numbers(self):
        step, H = self.result, len(self.U)
        by_unit = {f"z_{gate}": z for gate, z in zip("urg", np.split(step.z, 3), strict=True)}
        by_unit |= {name: getattr(step, name) for name in ("u", "r", "m", "g", "h", "h_prev")}
        rest = sigmoid(-by_unit["z_u"])
        by_unit |= {"1-u": rest, "r*m": step.r * step.m}
        by_unit |= {"u*h_prev": step.u * step.h_prev, "(1-u)*g": rest * step.g}
        numbers = {f"x.{k}": value for k, value in enumerate(self.x)}
        for name, values in by_unit.items():
            numbers[name] = values[self.unit]
            numbers |= {f"{name}.{k}": value for k, value in enumerate(values)}
        sources = {"x": (self.x, self.W, self.b[0]), "h_prev": (self.h_prev, self.U, self.b[1])}
        for row, (vector, (values, weights, bias)) in enumerate(sources.items()):
            for column in range(3 * H):
                # In the candidate's column r scales what comes from the hidden state.
                scaled = row == 1 and column >= 2 * H
                scale, by = (step.r[column % H], "*r") if scaled else (1, "")
                numbers[f"b.{row}.{column}*one{by}"] = scale * bias[column]
                for k, value in enumerate(values):
                    name = f"{'WU'[row]}.{k}.{column}*{vector}.{k}{by}"
                    numbers[name] = scale * value * weights[k, column]
        return numbers

    def summary(self):
        step, unit = self.result, text("unit", self.lang)
        head = ["", *(f"{unit} {k + 1}" for k in range(len(self.U)))]
        own = {name: self.words(name) for name in "urm"}
        words = own | {name: text(name, self.lang) for name in "gh"}
        return head, [[f"{words[n]} {n}", *map(float, getattr(step, n))] for n in "rumgh"]

    def __repr__(self):
        D, H = len(self.W), len(self.U)
        return f"GRUExplorer(input_size={D}, hidden_size={H}, unit={self.unit}, step={self.step})"


def at_rest(params):
    """Return the arrays of a GRU with these weights and everything else at rest."""
    W, U, b = check_kind(params, "params", variants.GRUParams)
    D, H = len(W), len(U)
    b = np.zeros((2, 3 * H)) if b is None else b
    return {"W": W, "U": U, "b": b, "x": np.zeros(D), "h_prev": np.zeros(H)}
