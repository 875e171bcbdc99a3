"""How gradients vanish and explode: the simple RNN, the LSTM and the GRU on the same loss.

The reader's browser must come to the same numbers as Python, over 200 steps, and a recurrent
network can make much of a last bit that differs. Three things keep it from doing so:

- What is drawn is exact. The generator hands out multiples of 2⁻³², and nothing but halves,
  signs and one product is made of them, so that both sides start from the same bits.
- The spectral radius is exact. U is ρ Q, where Q is orthogonal: a 4 x 4 Hadamard matrix, halved,
  with its rows in another order and some with the other sign. All its entries are ±1/2, all its
  eigenvalues have the size 1, and it stretches nothing. So ρ is all there is to U's growth.
- The states are not chaotic. Four units under such a U, with ρ up to 2, never were where we
  looked: a bounded state that is no longer near rest saturates, and forgets how it got there.
  That is also why a gradient explodes here only near rest, with no input or hardly any: a
  bounded network whose gradient explodes far from rest is chaotic.
"""

import numpy as np
import traitlets

from lstm_edu import variants
from lstm_edu.cell import LSTMParams
from lstm_edu.checks import check_size

from .base import Choice, Explorer, Number, Whole, read_table, whole

__all__ = ["GradientExplorer"]

TABLE = read_table("gradient")
H = 4
HADAMARD = np.array([[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]]) / 2
SCALES = {"i": 0.5, "f": 0.5, "g": 1.0, "o": 0.5}  # the gates' weights are half the candidate's
CELLS = {"rnn": variants.simple_rnn, "lstm": variants.lstm, "gru": variants.gru}
LOSS = np.full(H, 0.5)  # dL/dh_T of L = (h_1 + h_2 + h_3 + h_4) / 2, a vector of length 1


class GradientExplorer(Explorer):
    """The norm of the gradient at each time step, of three cells on the same loss.

    L is half the sum of the last hidden state. The cells read the same inputs and have the same
    size; the simple RNN, the LSTM's candidate and the GRU's candidate have the same W and U.

    Parameters
    ----------
    preset : str, optional
        "vanishes", "explodes", "lstm-vanishes", "lstm-explodes", "start" or "long".
    lang : {"es", "en"}, optional
        By default, what `use_language` chose.
    name : str, optional
        The figure's address on the page.
    **state
        Any of the attributes from `radius` to `step`.

    Attributes
    ----------
    radius : float
        Spectral radius of U; in the gates it is half of it. Dimensionless.
    forget_bias : float
        Bias of the LSTM's forget gate and of the GRU's update gate.
    input_scale : float
        The inputs lie between minus and plus this.
    T : int
        Time steps.
    seed : int
    cell : {"lstm", "rnn", "gru"}
        The one that is opened.
    step : int
        The time step that is looked at, counted from 0.

    Examples
    --------
    >>> explorer = GradientExplorer(preset="explodes")  # no input: 1.3 at each of 99 steps
    >>> print(f"{explorer.norms['rnn'][0]:.4g}, {1.3**99:.4g}")
    1.907e+11, 1.907e+11
    """

    table = TABLE
    kind = traitlets.Unicode("gradient", read_only=True).tag(sync=True)
    radius = Number()
    forget_bias = Number()
    input_scale = Number()
    T = Whole()
    seed = Whole()
    cell = Choice()
    step = Whole()
    fits = whole(TABLE)

    @property
    def params(self):
        """The weights of each cell, by its name: drawn from the seed, scaled by the traits."""
        Q, W, _ = _drawn(self.seed, self.T)
        U = {block: self.radius * scale * Q[block] for block, scale in SCALES.items()}
        W = {block: scale * W[block] for block, scale in SCALES.items()}
        b = dict.fromkeys("igo", np.zeros(H)) | {"f": np.full(H, self.forget_bias)}
        join = np.concatenate
        of = {
            blocks: [join([array[block] for block in blocks], -1) for array in (W, U, b)]
            for blocks in ("g", "ifgo", "fig")
        }
        gru_W, gru_U, gru_b = of["fig"]  # u keeps as f does, r stands where i does
        return {
            "rnn": variants.RNNParams(of["g"][0][None], *of["g"][1:]),
            "lstm": LSTMParams(of["ifgo"][0][None], *of["ifgo"][1:]),
            "gru": variants.GRUParams(gru_W[None], gru_U, np.stack([gru_b, np.zeros(3 * H)])),
        }

    @property
    def x(self):
        """The inputs, (T, 1)."""
        return self.input_scale * _drawn(self.seed, self.T)[2][:, None]

    @property
    def traces(self):
        """Every number on the way forward, by cell."""
        params, x = self.params, self.x
        return {name: cell.forward(x, params[name]) for name, cell in CELLS.items()}

    @property
    def gradients(self):
        """What each cell's ``backward`` returns: the exact gradient of L by every path."""
        return _gradients(self.traces)

    @property
    def vectors(self):
        """The gradients that the figure shows, (T, H) each, with the paths of ∂L/∂c apart.

        "rnn", "lstm" and "gru" are ∂L/∂h_t, "c" is the LSTM's ∂L/∂c_t; "carry" is the part of it
        that comes along the cell state itself, and "gates" the rest.
        """
        traces = self.traces
        gradients = _gradients(traces)
        return _vectors(traces, gradients)

    @property
    def norms(self):
        """The lengths of `vectors`, (T,) each."""
        return {name: _norm(vectors) for name, vectors in self.vectors.items()}

    def finite_difference(self, t=None):
        """Measure ∂L/∂x_t of the opened cell: two runs forward, with x_t ± ε.

        Parameters
        ----------
        t : int, optional
            The time step, counted from 0; by default, the one that is looked at.

        Returns
        -------
        dict
            "epsilon", "plus" and "minus" (L at either side), "measured", and "exact", which
            backpropagation gave.

        Raises
        ------
        TypeError, ValueError
            If there is no such time step.
        """
        t = check_size(self.step if t is None else t, "t", smallest=0)
        if t >= self.T:
            raise ValueError(f"t: expected a time step from 0 to {self.T - 1}, got {t}.")
        exact = float(self.gradients[self.cell].dx[t, 0])
        epsilon = 1e-5 / max(1.0, abs(exact))  # small steps of L, not only of x
        cell, params, move = CELLS[self.cell], self.params[self.cell], np.zeros((self.T, 1))
        move[t] = epsilon
        plus, minus = (
            float(cell.forward(self.x + sign * move, params).h[-1] @ LOSS) for sign in (1, -1)
        )
        measured = (plus - minus) / (2 * epsilon)
        return {
            "epsilon": epsilon,
            "plus": plus,
            "minus": minus,
            "measured": measured,
            "exact": exact,
        }

    def numbers(self):
        traces = self.traces
        gradients = _gradients(traces)
        numbers = {key: getattr(self, key) for key in ("radius", "forget_bias", "input_scale")}
        numbers |= {"seed": self.seed, "T": self.T}
        numbers["exact"] = gradients[self.cell].dx[self.step, 0]
        places = {"last": self.T - 1, "at": self.step, "first": 0}
        for name, vectors in _vectors(traces, gradients).items():
            norms = _norm(vectors)
            for where, t in places.items():
                numbers[f"{name}.{where}"] = norms[t]
                numbers |= {f"{name}.{where}.{n}": value for n, value in enumerate(vectors[t])}
            if (steps := self.T - 1 - self.step) and norms[self.step] and norms[-1]:
                numbers[f"{name}.factor"] = (norms[self.step] / norms[-1]) ** (1 / steps)
        for where in places:
            numbers[f"sum.{where}"] = numbers[f"carry.{where}"] + numbers[f"gates.{where}"]
        return numbers

    def summary(self):
        head = ["", f"t = {self.T}", f"t = {self.step + 1}", "t = 1"]
        return head, [
            [self.words(name), *(float(norms[t]) for t in (-1, self.step, 0))]
            for name, norms in self.norms.items()
        ]


def _gradients(traces):
    dh = np.zeros_like(traces["rnn"].h)
    dh[-1] = LOSS
    return {name: cell.backward(traces[name], dh) for name, cell in CELLS.items()}


def _vectors(traces, gradients):
    dc, f = gradients["lstm"].dc, traces["lstm"].f
    along = np.cumprod(np.concatenate([np.ones((1, H)), f[:0:-1]]), axis=0)[::-1]
    carry = dc[-1] * along
    vectors = {name: gradients[name].dh for name in CELLS}
    return vectors | {"c": dc, "carry": carry, "gates": dc - carry}


def _norm(vectors):
    """Return the lengths, also of vectors whose squares would be 0."""
    largest = np.abs(vectors).max(axis=-1, keepdims=True)
    unit = np.where(largest > 0, largest, 1.0)
    return (unit * np.linalg.norm(vectors / unit, axis=-1, keepdims=True))[:, 0]


def _uniform(seed):
    """Return mulberry32 (Tommy Ettinger, public domain): the same bits as the front-end's."""
    last, state = 0xFFFFFFFF, seed

    def draw():
        nonlocal state
        state = (state + 0x6D2B79F5) & last
        mixed = (state ^ state >> 15) * (state | 1) & last
        mixed ^= mixed + ((mixed ^ mixed >> 7) * (mixed | 61) & last) & last
        return (mixed ^ mixed >> 14) / 2**32

    return draw


def _drawn(seed, T):
    """Return Q and W of each block, and x, (T,), as drawn one after the other."""
    uniform = _uniform(seed)
    Q = {block: _turn(uniform) for block in SCALES}
    W = {block: _row(uniform, H) for block in SCALES}
    return Q, W, _row(uniform, T)


def _row(uniform, count):
    """Return numbers from -1 up to 1, multiples of 2⁻³¹."""
    return np.array([2 * uniform() - 1 for _ in range(count)])


def _turn(uniform):
    """Return an orthogonal matrix of ±1/2: the Hadamard matrix, its rows shuffled and signed."""
    order = list(range(H))
    for k in range(H - 1, 0, -1):
        other = int(uniform() * (k + 1))
        order[k], order[other] = order[other], order[k]
    signs = np.array([1 if uniform() < 0.5 else -1 for _ in range(H)])
    return signs[:, None] * HADAMARD[order]
