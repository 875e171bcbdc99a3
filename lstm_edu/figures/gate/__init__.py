"""One gate: σ, its slope, and the valve that it sets."""

import numpy as np

from lstm_edu.cell import sigmoid

from ..base import Explorer

__all__ = ["GateExplorer"]


class GateExplorer(Explorer):
    """A gate σ(w x + u h + b), component by component, and the signal that it lets through.

    tanh of the same z stands beside it, to see why one squashes a valve and the other a content.

    Parameters
    ----------
    preset : str, optional
        "vector", "half", "open", "closed" or "sign".
    lang : {"es", "en"}, optional
        By default, what `use_language` chose.
    name : str, optional
        The figure's address on the page.
    **state
        w, u, b, h: numbers; x, signal: arrays (N,), N up to 4, dimensionless; component: which
        one is looked at, counted from 0.

    Attributes
    ----------
    w, u, b, h : float
    x, signal : numpy.ndarray
    component : int
    z, gate, slope, out : numpy.ndarray
        Pre-activation, gate, the gate's derivative and what passes, each (N,).

    Examples
    --------
    >>> gate = GateExplorer(preset="vector")
    >>> gate.gate.round(4)
    array([0.9526, 0.1192, 0.982 ])
    >>> gate.out.round(4)
    array([ 2.8577, -0.2384,  3.9281])
    """

    @property
    def z(self):
        return self.w * self.x + self.u * self.h + self.b

    @property
    def gate(self):
        return sigmoid(self.z)

    @property
    def slope(self):
        return self.gate * sigmoid(-self.z)

    @property
    def out(self):
        return self.gate * self.signal

    def numbers(self):
        tanh = np.tanh(self.z)
        arrays = {"z": self.z, "gate": self.gate, "gate_slope": self.slope, "tanh": tanh}
        arrays |= {
            "tanh_slope": 4 * sigmoid(2 * self.z) * sigmoid(-2 * self.z),
            "out": self.out,
            "x": self.x,
            "signal": self.signal,
        }
        numbers = {name: getattr(self, name) for name in "wubh"}
        for name, values in arrays.items():
            numbers |= {f"{name}.{k}": value for k, value in enumerate(values)}
        return numbers

    def summary(self):
        head = ["", *(self.words("component_n", n=k + 1) for k in range(len(self.x)))]
        shown = {"x": self.x, "z": self.z, "σ(z)": self.gate, "σ'(z)": self.slope, "→": self.out}
        return head, [[name, *map(float, values)] for name, values in shown.items()]
