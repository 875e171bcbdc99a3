"""One LSTM cell in one time step."""

import numpy as np
import traitlets

from lstm_edu import variants
from lstm_edu.cell import LSTMParams
from lstm_edu.checks import check_weights
from lstm_edu.language import text

from .base import Array, Choice, Explorer, Whole, read_table, whole

__all__ = ["CellExplorer"]

TABLE = read_table("cell")


class CellExplorer(Explorer):
    """One LSTM cell in one time step, with a slider on every input, weight and bias.

    Parameters
    ----------
    params : LSTMParams, PeepholeParams, FullPeepholeParams or CoupledParams, optional
        W (D, 4H), U (H, 4H) and b (4H,), with D up to 3 and H up to 4, and what its variant adds;
        the states and inputs are then zeros. By default, the preset's.
    preset : str, optional
        A ready-made cell: "start", "keep", "forget", "replace", "hide", "vector" or "subject";
        "peephole", "pipe" or "coupled" for the variants.
    lang : {"es", "en"}, optional
        By default, what `use_language` chose.
    name : str, optional
        The figure's address on the page: a link to ``#name?preset=forget`` sets it.
    **state
        W, U, b, x, h_prev, c_prev: arrays, of the shapes (D, 4H), (H, 4H), (4H,), (D,), (H,)
        and (H,), dimensionless; variant: "lstm", "peephole_lstm", "full_peephole_lstm" or
        "coupled_lstm", as in `lstm_edu.variants`; p (3, H): the peepholes of i, f and o;
        V (H, 4H): what the blocks read of c_prev; both are None until their variant is chosen;
        unit: the unit whose weights are shown, counted from 0; step: 0 shows the whole cell, 1
        to 6 walk through it: forget gate, input gate, candidate, new cell state, output gate,
        hidden state.

    Attributes
    ----------
    W, U, b, p, V, x, h_prev, c_prev : numpy.ndarray
        The state, joined to the sliders in both directions. Assign whole arrays. The coupled cell
        leaves the block of i in W, U and b unused, so that another variant finds it again.
    variant : str
    unit, step : int
    params : LSTMParams, PeepholeParams, FullPeepholeParams or CoupledParams
        The weights of the present variant.
    result : LSTMStep, PeepholeStep, FullPeepholeStep or CoupledStep
        What the variant's own step gives for the present state.

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
    variant = Choice()
    p = Array()
    V = Array()
    unit = Whole()
    step = Whole()
    fits = whole(TABLE)

    def __init__(self, params=None, **state):
        super().__init__(**({} if params is None else at_rest(params)) | state)

    @property
    def state(self):
        """The state as plain lists and numbers; what only variants have, where there is any."""
        silent = {"variant": "lstm", "p": None, "V": None}
        return {k: v for k, v in super().state.items() if k not in silent or v != silent[k]}

    @traitlets.observe("variant")
    def _make_room(self, change):
        """Give a variant that is chosen for the first time its array."""
        if self.variant == "peephole_lstm" and self.p is None:
            self.p = np.zeros((3, len(self.U)))
        elif self.variant == "full_peephole_lstm" and self.V is None:
            self.V = np.zeros(self.U.shape)

    def _preset(self, name):
        return {"variant": "lstm", "p": None, "V": None} | super()._preset(name)

    @property
    def params(self):
        W, U, b = self.W, self.U, self.b
        if self.variant == "peephole_lstm":
            return variants.PeepholeParams(W, U, b, self.p.ravel())
        if self.variant == "full_peephole_lstm":
            return variants.FullPeepholeParams(W, U, b, self.V)
        if self.variant == "coupled_lstm":
            return variants.CoupledParams(*(array[..., len(U) :] for array in (W, U, b)))
        return LSTMParams(W, U, b)

    @property
    def result(self):
        cell = variants.ALL[self.variant]
        return cell.step(self.x, self.h_prev, self.c_prev, self.params)

    def numbers(self):
        return numbers_of_step(self.result, self.params, self.unit, variants.ALL[self.variant])

    def summary(self):
        step, unit = self.result, text("unit", self.lang)
        head = ["", *(f"{unit} {k + 1}" for k in range(len(self.U)))]
        rows = [[f"{text(n, self.lang)} {n}", *map(float, getattr(step, n))] for n in "figcoh"]
        return head, rows

    def __repr__(self):
        D, H = len(self.W), len(self.U)
        return f"CellExplorer(input_size={D}, hidden_size={H}, unit={self.unit}, step={self.step})"


def numbers_of_step(step, params, unit, cell=variants.lstm):
    """Return every number that a figure may show of a time step, by its name there.

    The columns are named as an LSTM's: a coupled cell has none of i's.
    """
    H = len(params.U)
    by_unit = {name: getattr(step, name) for name in "ifgoch"} | {"c_prev": step.c_prev}
    blocks = zip(cell.blocks, np.split(step.z, len(cell.blocks)), strict=True)
    by_unit |= {f"z_{gate}": block for gate, block in blocks}
    by_unit |= {"f*c_prev": step.f * step.c_prev, "i*g": step.i * step.g}
    by_unit["tanh_c"] = np.tanh(step.c)
    numbers = {"one": 1.0}
    for name, values in by_unit.items():
        numbers[name] = values[unit]
        numbers |= {f"{name}.{k}": value for k, value in enumerate(values)}
    for name in ("x", "h_prev", "c_prev"):
        numbers |= {f"{name}.{k}": value for k, value in enumerate(getattr(step, name))}
    if cell is variants.peephole_lstm:
        for row, read in enumerate(("c_prev", "c_prev", "c")):
            for k, weight in enumerate(np.reshape(params.p, (3, H))[row]):
                name, value = f"p.{row}.{k}", getattr(step, read)[k]
                numbers |= {name: weight, f"{name}*{read}.{k}": weight * value}
    first = (4 - len(cell.blocks)) * H
    matrices = [("W", params.W, "x"), ("U", params.U, "h_prev")]
    matrices += [("V", params.V, "c_prev")] if cell is variants.full_peephole_lstm else []
    for column, bias in enumerate(params.b, first):
        numbers |= {f"b.{column}": bias, f"b.{column}*one": bias}
        for letter, weights, vector in matrices:
            for row, value in enumerate(getattr(step, vector)):
                name, weight = f"{letter}.{row}.{column}", weights[row, column - first]
                numbers |= {name: weight, f"{name}*{vector}.{row}": weight * value}
    return numbers


def at_rest(params):
    """Return the arrays of a cell with these weights and everything else at rest."""
    variant, more = "lstm", {}
    if isinstance(params, variants.PeepholeParams):
        variant, more = "peephole_lstm", {"p": np.reshape(params.p, (3, -1))}
    elif isinstance(params, variants.FullPeepholeParams):
        variant, more = "full_peephole_lstm", {"V": params.V}
    elif isinstance(params, variants.CoupledParams):
        W, U = (np.asarray(array, dtype=float) for array in params[:2])
        b = np.zeros(3 * len(U)) if params.b is None else np.asarray(params.b, dtype=float)
        unused = [np.zeros((*array.shape[:-1], len(U))) for array in (W, U, b)]
        pairs = zip(unused, (W, U, b), strict=True)
        variant = "coupled_lstm"
        params = [np.concatenate(pair, axis=-1) for pair in pairs]
    if variant != "lstm":
        params = LSTMParams(*params[:3])
    W, U, b = check_weights(params)
    (D, columns), H = W.shape, len(U)
    b = np.zeros(columns) if b is None else b
    rest = {"x": np.zeros(D), "h_prev": np.zeros(H), "c_prev": np.zeros(H)}
    return {"variant": variant, "W": W, "U": U, "b": b} | more | rest
