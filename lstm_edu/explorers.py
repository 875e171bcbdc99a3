"""Explorers: figures with sliders, alive in Jupyter and on the rendered page.

In Jupyter an explorer is a widget whose traits are joined to Python: move a slider and read the
trait, assign the trait and the slider moves. On the rendered page the same cell output carries an
HTML element with the state in it, and the arithmetic runs in the reader's browser.
"""

import html
import json
import re
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from lstm_edu.cell import LSTMParams, lstm_step
from lstm_edu.checks import check_array, check_weights
from lstm_edu.language import LANGUAGES, language, text

__all__ = ["CellExplorer", "StateError"]

HERE = Path(__file__).parent
CELL = json.loads((HERE / "cell_explorer.json").read_text(encoding="utf-8"))
PRESETS = {preset["name"]: preset for preset in CELL["presets"]}
SIZES_HINT = (
    "W gives D and H; to change them, assign everything together, "
    "explorer.set(W=…, U=…, b=…, x=…, h_prev=…, c_prev=…)"
)


class StateError(traitlets.TraitError, ValueError):
    """A value that an explorer cannot show; it keeps the state it had."""


class Array(traitlets.TraitType):
    """A read-only float64 array; `axes` names its shape in the letters of the equations.

    Read-only, because writing into an element would not reach the screen: assign a whole array.
    """

    def __init__(self, *axes):
        super().__init__()
        self.axes = axes
        self.tag(sync=True, to_json=lambda array, widget: array.tolist())

    def validate(self, obj, value):
        array = np.array(self.check(value, {}), dtype=float)
        array.flags.writeable = False
        return array

    def check(self, value, sizes):
        """Return `value` as an array of the sizes that are known, or say what is wrong with it."""
        shape = tuple(sizes.get(axis) for axis in self.axes)
        letters = str(self.axes).replace("'", "")
        try:
            return check_array(value, self.name, shape, letters, hint=SIZES_HINT)
        except (TypeError, ValueError) as error:
            raise StateError(str(error)) from None


class Index(traitlets.Int):
    """A whole number counted from 0."""

    def __init__(self, hint):
        super().__init__(0)
        self.hint = hint
        self.tag(sync=True)

    def error(self, obj, value, error=None, info=None):
        raise StateError(f"{self.name}: expected an integer, got {value!r}. Hint: {self.hint}.")

    def check(self, value, last):
        """Refuse an index outside 0 … last."""
        if not 0 <= value <= last:
            raise StateError(
                f"{self.name}: expected an integer from 0 to {last}, got {value}. "
                f"Hint: {self.hint}."
            )


class Explorer(anywidget.AnyWidget):
    """What all explorers share: the front-end, the language, and the form they take on the page.

    A subclass names its `kind` (the front-end's view), its `state_names`, and writes the
    `fallback`: a table of the numbers for readers without scripts.
    """

    _esm = HERE / "static" / "explorers.mjs"
    _css = HERE / "static" / "explorers.css"

    lang = traitlets.Enum(LANGUAGES).tag(sync=True)

    state_names = ()

    def __init__(self, name, lang, **state):
        if not (isinstance(name, str) and re.fullmatch(r"[a-z][a-z0-9-]*", name)):
            raise ValueError(
                f"name: expected lower-case letters, digits and hyphens, got {name!r}. "
                'Hint: it becomes the figure\'s address on the page, as in "cell".'
            )
        self.name = name
        super().__init__(lang=language(lang), **state)

    @property
    def state(self):
        """The state as plain lists and numbers: what the front-end and the page receive."""
        values = {name: getattr(self, name) for name in ("kind", "lang", *self.state_names)}
        return {
            name: value.tolist() if isinstance(value, np.ndarray) else value
            for name, value in values.items()
        }

    def to_html(self):
        """Return the form for the rendered page: an element with the state and a table in it."""
        state = json.dumps(self.state).replace("<", "\\u003c")
        return (
            f'<lstm-explorer id="{self.name}" kind="{self.kind}" lang="{self.lang}">'
            f'<script type="application/json">{state}</script>{self.fallback()}</lstm-explorer>'
        )

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return data | {"text/plain": repr(self), "text/html": self.to_html()}, metadata


class CellExplorer(Explorer):
    """One LSTM cell in one time step, with a slider on every input, weight and bias.

    Parameters
    ----------
    params : LSTMParams, optional
        W (D, 4H), U (H, 4H) and b (4H,), with D up to 3 and H up to 4. By default, the preset's.
    x, h_prev, c_prev : array_like, optional
        Shapes (D,), (H,) and (H,), dimensionless. By default the preset's; zeros if `params` is
        given.
    preset : str
        A ready-made cell: "start", "keep", "forget", "replace", "hide", "vector" or "subject".
    unit : int
        The unit whose weights are shown, counted from 0.
    step : int
        0 shows the whole cell; 1 to 6 walk through it: forget gate, input gate, candidate, new
        cell state, output gate, hidden state.
    lang : {"es", "en"}, optional
        By default, what `use_language` chose.
    name : str
        The figure's address on the page: a link to ``#name?preset=forget`` sets it.

    Attributes
    ----------
    W, U, b, x, h_prev, c_prev : numpy.ndarray
        The state, joined to the sliders in both directions. Assign whole arrays.
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

    kind = traitlets.Unicode("cell", read_only=True).tag(sync=True)
    W = Array("D", "4H")
    U = Array("H", "4H")
    b = Array("4H")
    x = Array("D")
    h_prev = Array("H")
    c_prev = Array("H")
    unit = Index("what the figure calls unit 1 is unit=0 here")
    step = Index("0 is the whole cell, 1 to 6 are its steps")

    arrays = ("W", "U", "b", "x", "h_prev", "c_prev")
    state_names = (*arrays, "unit", "step")

    def __init__(
        self,
        params=None,
        *,
        x=None,
        h_prev=None,
        c_prev=None,
        preset="start",
        unit=0,
        step=0,
        lang=None,
        name="cell",
    ):
        state = preset_state(preset) if params is None else params_state(params)
        given = {"x": x, "h_prev": h_prev, "c_prev": c_prev}
        state |= {key: value for key, value in given.items() if value is not None}
        super().__init__(name, lang, **state, unit=unit, step=step)

    @property
    def params(self):
        return LSTMParams(self.W, self.U, self.b)

    @property
    def result(self):
        return lstm_step(self.x, self.h_prev, self.c_prev, self.params)

    def set(self, **state):
        """Assign several traits as one change: the way to another number of inputs or units."""
        unknown = set(state) - set(self.state_names)
        if unknown:
            raise StateError(
                f"set: expected any of {', '.join(self.state_names)}, got {sorted(unknown)}."
            )
        with self.hold_trait_notifications():
            for name, value in state.items():
                setattr(self, name, value)

    def load_preset(self, preset):
        """Show a ready-made cell, from its first unit."""
        self.set(**preset_state(preset), unit=0)

    @traitlets.validate(*arrays, "unit")
    def _fits(self, proposal):
        """Check the state as it would be, whole: the arrays give each other their sizes."""
        state = {name: getattr(self, name) for name in self.state_names}
        state[proposal["trait"].name] = proposal["value"]
        check_cell(state, self.traits())
        return proposal["value"]

    @traitlets.validate("step")
    def _step_exists(self, proposal):
        proposal["trait"].check(proposal["value"], len(CELL["steps"]) - 1)
        return proposal["value"]

    def fallback(self):
        step, units = self.result, range(self.U.shape[0])
        head = "".join(f'<th scope="col">{text("unit", self.lang)} {k + 1}</th>' for k in units)
        rows = "".join(
            f'<tr><th scope="row">{text(name, self.lang)} {name}</th>'
            + "".join(f"<td>{getattr(step, name)[k]:.4g}</td>" for k in units)
            + "</tr>"
            for name in ("f", "i", "g", "c", "o", "h")
        )
        caption = html.escape(text("fallback_caption", self.lang))
        return f"<table><caption>{caption}</caption><tr><td></td>{head}</tr>{rows}</table>"

    def __repr__(self):
        D, H = self.W.shape[0], self.U.shape[0]
        return f"CellExplorer(input_size={D}, hidden_size={H}, unit={self.unit}, step={self.step})"


def preset_state(preset):
    """Return the arrays of a preset by its name."""
    if preset not in PRESETS:
        raise StateError(f"preset: expected one of {', '.join(PRESETS)}, got {preset!r}.")
    return {name: PRESETS[preset][name] for name in CellExplorer.arrays}


def params_state(params):
    """Return the arrays of a cell with these weights and everything else at rest."""
    W, U, b = check_weights(params)
    (D, _), (H, columns) = W.shape, U.shape
    b = np.zeros(columns) if b is None else b
    return {"W": W, "U": U, "b": b, "x": np.zeros(D), "h_prev": np.zeros(H), "c_prev": np.zeros(H)}


def check_cell(state, traits):
    """Refuse a state that is not one cell, or one that the figure has no room for."""
    D, columns = state["W"].shape
    H, rest = divmod(columns, 4)
    D_max, H_max = CELL["max_input_size"], CELL["max_hidden_size"]
    if rest or not (1 <= D <= D_max and 1 <= H <= H_max):
        raise StateError(
            f"W: expected shape (D, 4H) with D from 1 to {D_max} and H from 1 to {H_max}, "
            f"got {state['W'].shape}. Hint: the explorer shows small cells; lstm_step takes any."
        )
    for name in CellExplorer.arrays:
        traits[name].check(state[name], {"D": D, "H": H, "4H": 4 * H})
        if np.abs(state[name]).max() > CELL["max_magnitude"]:
            raise StateError(
                f"{name}: expected numbers between -1e6 and 1e6, got {state[name].tolist()}. "
                "Hint: with z beyond ±40 a gate is as good as open or closed."
            )
    traits["unit"].check(state["unit"], H - 1)
