"""One LSTM cell in one time step, and the way back of its gradient."""

import numpy as np
import traitlets

from lstm_edu import variants
from lstm_edu.cell import LSTMParams, sigmoid
from lstm_edu.checks import check_weights
from lstm_edu.language import text

from ..base import Explorer, measure

__all__ = ["CellExplorer"]


class CellExplorer(Explorer):
    """One LSTM cell in one time step, with a slider on every input, weight and bias.

    On the way forward each wire carries its value, on the way back the derivative of a loss with
    respect to it. The loss is L = dh · h + dc · c: dh and dc are what reaches h and c from outside,
    from the layer above and the time steps after this one.

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
        way: "forward" or "back"; dh, dc (H,): what reaches h and c on the way back, ones and zeros
        unless told otherwise, also where the number of units changes without them; unit: the
        unit whose weights are shown, counted from 0; step: 0 shows the whole cell, 1 to 6 walk
        through it. Forward: forget gate, input gate, candidate, new cell state, output gate,
        hidden state. Back: hidden state, cell state, gates and candidate, sums, what came in,
        weights.

    Attributes
    ----------
    W, U, b, p, V, x, h_prev, c_prev, dh, dc : numpy.ndarray
        The state, joined to the sliders in both directions. Assign whole arrays. The coupled cell
        leaves the block of i in W, U and b unused, so that another variant finds it again.
    variant, way : str
    unit, step : int
    params : LSTMParams, PeepholeParams, FullPeepholeParams or CoupledParams
        The weights of the present variant.
    result : LSTMStep, PeepholeStep, FullPeepholeStep or CoupledStep
        What the variant's own step gives for the present state.
    gradients : NamedTuple
        What the variant's ``step_backward`` gives: dW, dU, db, dx, dh_prev, dc_prev; dc, which
        holds all that reaches c, through h too; dp or dV.

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
    >>> cell.gradients.dc_prev.round(4)  # f o (1 - tanh(c)²)
    array([0.0066, 0.0452, 0.0009])
    """

    def __init__(self, params=None, *, preset=None, **state):
        state = ({} if params is None else at_rest(params)) | state
        U = state.get("U", self._preset(preset)["U"])
        super().__init__(preset=preset, **loss_of(U) | state)

    def set(self, **state):
        """Assign several traits as one change: the way to other sizes; dh and dc follow."""
        if "U" in state and np.shape(state["U"])[:1] != self.dh.shape:
            state = loss_of(state["U"]) | state
        super().set(**state)

    @property
    def state(self):
        """The state as plain lists and numbers; what a forward LSTM needs not, where it differs."""
        silent = {"variant": "lstm", "p": None, "V": None, "way": "forward"}
        silent |= {name: array.tolist() for name, array in loss_of(self.U).items()}
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

    @property
    def gradients(self):
        cell = variants.ALL[self.variant]
        return cell.step_backward(self.result, self.dh, self.dc, self.params)

    def finite_difference(self, name, *index):
        """Measure a gradient: L at either side of a number that is moved by ε.

        Parameters
        ----------
        name : str
            What is moved: "W", "U", "b", "p", "V", "x", "h_prev", "c_prev"; on the way, "z_i",
            "z_f", "z_g", "z_o", "i", "f", "g", "o", "f*c_prev", "i*g", "c", "tanh_c"; of what is
            handed over, "h" and "c_next".
        *index : int
            Which one, counted from 0: a row and a column, or one place. By default, the shown
            unit's.

        Returns
        -------
        dict
            "epsilon", "plus" and "minus" (L at either side), "measured", and "exact", which
            backpropagation gave.

        Raises
        ------
        ValueError
            If there is no such number.

        Examples
        --------
        >>> found = CellExplorer().finite_difference("W", 0, 3)
        >>> print(f"{found['measured']:.6f}, {found['exact']:.6f}")
        -0.020226, -0.020226
        """
        number = ".".join([GRADIENTS.get(name, f"d{name}"), *map(str, index)])
        numbers = self.numbers()
        if name not in MOVED or number not in numbers:
            raise ValueError(
                f"name and index: expected one of {', '.join(MOVED)} and its place, got "
                f"{name!r} and {index}. Hint: W, U, b, p, V, x and h_prev need a place, as in "
                'finite_difference("W", 0, 3).'
            )
        exact = float(numbers[number])
        return measure(lambda by: self._loss(name, index or (self.unit,), by), exact)

    def _loss(self, name, index, by):
        """Return L of a step in which one number is moved; what depends on it moves with it."""

        def moved(key, values):
            if key != name:
                return values
            values = np.array(values)
            values[index] += by
            return values

        H, of = len(self.U), self.variant
        W, U, b = (moved(key, getattr(self, key)) for key in ("W", "U", "b"))
        x, h_prev, c_prev = (moved(key, getattr(self, key)) for key in ("x", "h_prev", "c_prev"))
        p_i, p_f, p_o = moved("p", self.p if of == "peephole_lstm" else np.zeros((3, H)))
        V = moved("V", self.V if of == "full_peephole_lstm" else np.zeros((H, 4 * H)))
        z = np.split(x @ W + h_prev @ U + c_prev @ V + b, 4)
        z_i, z_f, z_g, z_o = (moved(f"z_{gate}", z[k]) for k, gate in enumerate("ifgo"))
        f = moved("f", sigmoid(z_f + p_f * c_prev))
        i = moved("i", 1 - f if of == "coupled_lstm" else sigmoid(z_i + p_i * c_prev))
        g = moved("g", np.tanh(z_g))
        c = moved("c", moved("f*c_prev", f * c_prev) + moved("i*g", i * g))
        o = moved("o", sigmoid(z_o + p_o * c))
        h = moved("h", o * moved("tanh_c", np.tanh(c)))
        return float(self.dh @ h + self.dc @ moved("c_next", c))

    def numbers(self):
        cell, step = variants.ALL[self.variant], self.result
        numbers = numbers_of_step(step, self.params, self.unit, cell)
        return numbers | numbers_of_gradients(
            step, self.gradients, self.dh, self.dc, self.unit, cell
        )

    def summary(self):
        unit = text("unit", self.lang)
        head = ["", *(f"{unit} {k + 1}" for k in range(len(self.U)))]
        if self.way == "back":
            numbers, names = self.numbers(), ("dh", "do", "dc_total", "dg", "di", "df", "dc_prev")
            return head, [
                [n, *(float(numbers[f"{n}.{k}"]) for k in range(len(self.U)))] for n in names
            ]
        step = self.result
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


# The gradients whose names are not "d" and what they are the gradient of.
GRADIENTS = {"c": "dc_total", "c_next": "dc", "f*c_prev": "d(f*c_prev)", "i*g": "d(i*g)"}
MOVED = ("W", "U", "b", "p", "V", "x", "h_prev", "c_prev", "z_i", "z_f", "z_g", "z_o")
MOVED += ("i", "f", "g", "o", "f*c_prev", "i*g", "c", "tanh_c", "h", "c_next")


def numbers_of_gradients(step, gradients, dh, dc, unit, cell):
    """Return every gradient that a figure may show of a time step, by its name there."""
    H, whole_dc = len(dh), gradients.dc
    by_unit = {"dh": dh, "dc": dc, "do": dh * np.tanh(step.c), "dtanh_c": dh * step.o}
    by_unit |= dict.fromkeys(("dc_total", "d(f*c_prev)", "d(i*g)"), whole_dc)
    by_unit |= {"di": whole_dc * step.g, "dg": whole_dc * step.i, "df": whole_dc * step.c_prev}
    if cell is variants.coupled_lstm:
        by_unit["df"] = by_unit["df"] - by_unit["di"]  # i = 1 - f
    # Of one time step db is dz.
    dz = zip(cell.blocks, np.split(gradients.db, len(cell.blocks)), strict=True)
    by_unit |= {f"dz_{gate}": block for gate, block in dz}
    by_unit |= {"dc_prev": gradients.dc_prev}
    numbers = {name: values[unit] for name, values in by_unit.items()}
    by_unit |= {"dx": gradients.dx, "dh_prev": gradients.dh_prev}
    for name, values in by_unit.items():
        numbers |= {f"{name}.{k}": value for k, value in enumerate(values)}
    first = (4 - len(cell.blocks)) * H
    matrices = {"dW": gradients.dW, "dU": gradients.dU}
    matrices |= {"dV": gradients.dV} if cell is variants.full_peephole_lstm else {}
    numbers |= {f"db.{first + k}": value for k, value in enumerate(gradients.db)}
    if cell is variants.peephole_lstm:
        matrices["dp"] = gradients.dp.reshape(3, H)
    for name, matrix in matrices.items():
        for (row, column), value in np.ndenumerate(matrix):
            numbers[f"{name}.{row}.{first + column}"] = value
    return numbers


def loss_of(U):
    """Return what reaches h and c from outside, until told otherwise: 1 and 0 for every unit."""
    H = np.shape(U)[:1]
    return {"dh": np.ones(H), "dc": np.zeros(H)}


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
