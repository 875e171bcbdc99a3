"""A simple RNN unrolled: what it holds at each step, and what is left of each input at the end."""

import numpy as np

from lstm_edu.variants import RNNParams, simple_rnn

from ..base import Explorer

__all__ = ["RecurrenceExplorer"]


class RecurrenceExplorer(Explorer):
    """A simple RNN over T steps, h_t = x_t W + h_{t-1} U + b, linear or through tanh.

    It reads one number per step and begins with h_0 = 0.

    Parameters
    ----------
    preset : str, optional
        "fades", "explodes", "adds", "turns", "saturates" or "forgets".
    lang : {"es", "en"}, optional
        By default, what `use_language` chose.
    name : str, optional
        The figure's address on the page.
    **state
        cell: "linear" or "tanh"; T: the number of steps, up to 30; W (H,), U (H, H), b (H,):
        the weights, H up to 2; x (T,): the inputs; t: the step that is looked at, counted from 0.

    Attributes
    ----------
    cell : str
    T, t : int
    W, U, b, x : numpy.ndarray
    z, h : numpy.ndarray
        What goes into tanh, and the hidden states, each (T, H).
    slopes : numpy.ndarray
        The derivative of the last hidden state with respect to each input, (T, H).
    contributions : numpy.ndarray or None
        What is left of each input in the last hidden state, x_k W U^(T-k), (T, H). With `bias`
        they sum to it. With tanh there is no such sum.
    bias : numpy.ndarray or None
        What the bias leaves there, b (1 + U + ... + U^(T-1)), (H,).
    powers : numpy.ndarray
        The spectral norm of U^(T-k) for each input k, (T,).
    radius : float
        The spectral radius of U.

    Examples
    --------
    >>> rnn = RecurrenceExplorer(preset="fades")
    >>> rnn.contributions[:, 0]
    array([0.0625, 0.125 , 0.25  , 0.5   , 1.    ])
    >>> rnn.h[-1]
    array([1.9375])
    """

    @property
    def linear(self):
        return self.cell == "linear"

    @property
    def trace(self):
        """The run of `variants.simple_rnn`, whatever the cell."""
        params = RNNParams(self.W[None], self.U, self.b)
        return simple_rnn.forward(self.x[:, None], params)

    @property
    def z(self):
        return self._without_tanh(self.x) if self.linear else self.trace.z

    @property
    def h(self):
        return self.z if self.linear else self.trace.h

    @property
    def slopes(self):
        if self.linear:
            return np.array([self.W @ power for power in self._powers()])
        slopes = np.empty((self.T, len(self.W)))
        for unit in range(len(self.W)):
            dh = np.zeros_like(slopes)
            dh[-1, unit] = 1
            slopes[:, unit] = simple_rnn.backward(self.trace, dh).dx[:, 0]
        return slopes

    @property
    def contributions(self):
        return self.x[:, None] * self.slopes if self.linear else None

    @property
    def bias(self):
        return self._without_tanh(np.zeros(self.T))[-1] if self.linear else None

    @property
    def powers(self):
        return np.array([np.linalg.norm(power, 2) for power in self._powers()])

    @property
    def radius(self):
        return np.abs(np.linalg.eigvals(self.U)).max()

    def _without_tanh(self, x):
        h, states = np.zeros(len(self.W)), []
        for x_t in x:
            h = x_t * self.W + h @ self.U + self.b
            states.append(h)
        return np.array(states)

    def _powers(self):
        """Return U^(T-1), ..., U, 1: what acts on the share of each input."""
        powers = [np.eye(len(self.W))]
        for _ in range(self.T - 1):
            powers.insert(0, powers[0] @ self.U)
        return powers

    def numbers(self):
        slopes = self.slopes
        arrays = {
            "W": self.W,
            "U": self.U,
            "b": self.b,
            "x": self.x,
            "z": self.z,
            "h": self.h,
            "slope": slopes,
            "slope_norm": np.hypot.reduce(slopes, axis=1),
            "power": self.powers,
        }
        if self.linear:
            arrays |= {"contribution": self.contributions, "bias": self.bias}
        else:
            arrays["gain"] = np.cumprod(1 - self.h[::-1, 0] ** 2)[::-1]  # tanh' from k on
        numbers = {"radius": self.radius}
        for name, values in arrays.items():
            for place, value in np.ndenumerate(values):
                numbers[".".join([name, *map(str, place)])] = value
        return numbers

    def summary(self):
        parts = "contribution" if self.linear else "slope"
        units = [n + 1 for n in range(len(self.W))]
        x, h, left = (self.words(f"title_{name}", T=self.T) for name in ("x", "h", parts))
        head = ["", x, *(f"{title} ({n})" for title in (h, left) for n in units)]
        values = self.contributions if self.linear else self.slopes
        columns = np.column_stack([self.x, self.h, values])
        return head, [[str(k + 1), *row] for k, row in enumerate(columns.tolist())]
