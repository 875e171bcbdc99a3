"""How gradients vanish and explode: the simple RNN, the LSTM and the GRU on the same loss.

The reader's browser must come to the same numbers as Python, over 200 steps, and a chaotic
network makes everything of a last bit that differs. Three things keep it from doing so:

- What is drawn is exact. The generator hands out multiples of 2⁻³², so that both sides start
  from the same bits.
- The spectral radius is ρ. U is ρ Q, where Q is orthogonal: all its eigenvalues have absolute
  value 1, and it stretches nothing. So ρ is all there is to U's growth. With four units Q is a
  Hadamard matrix, halved, with its rows in another order and some with the other sign, and exact.
  With any other number it is a product of reflections (`_reflections`), orthogonal but for
  rounding.
- What is computed is the same to the last bit (`exact`), there and back: a bounded network whose
  gradient explodes far from rest is chaotic, and with more than a handful of units and ρ above 1
  most of these networks are. Four units under a Hadamard matrix seldom are: they saturate, and
  forget how they got there.

What one seed does says little of what networks do: `bands` takes many.
"""

from functools import lru_cache
from types import SimpleNamespace

import numpy as np

from lstm_edu import variants
from lstm_edu.cell import LSTMParams
from lstm_edu.checks import check_size

from .. import exact
from ..base import Explorer, measure

__all__ = ["GradientExplorer"]

HADAMARD = np.array([[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]]) / 2
SCALES = {"i": 0.5, "f": 0.5, "g": 1.0, "o": 0.5}  # the gates' weights are half the candidate's
BLOCKS = {"rnn": "g", "lstm": "ifgo", "gru": "fig"}  # u keeps as f does, r stands where i does
CELLS = {"rnn": variants.simple_rnn, "lstm": variants.lstm, "gru": variants.gru}
SEEDS = tuple(range(1, 42))
RANKS = (4, 20, 36)  # of 41 lengths in order: 10 % lie below the first, 10 % above the last


class GradientExplorer(Explorer):
    """The norm of the gradient at each time step, of three cells on the same loss.

    L is the sum of the last hidden state over √H, with H units: so ‖∂L/∂h_T‖ is 1. The cells read
    the same inputs and have the same size; the simple RNN, the LSTM's candidate and the GRU's
    candidate have the same W and U. Every gate has another Q and another W, at half the size.

    Parameters
    ----------
    preset : str, optional
        "vanishes", "explodes", "lstm-vanishes", "lstm-explodes", "start", "long" or "large".
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
    hidden_size : int
        Units, from 1 to 64.
    seed : int
    many : bool
        Whether the figure shows `bands` instead of one seed.
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

    @property
    def params(self):
        """The weights of each cell, by its name: drawn from the seed, scaled by the traits."""
        drawn = {name: (W, U[0], b) for name, (W, U, b) in self._network.params.items()}
        W, U, b = drawn["gru"]
        return {
            "rnn": variants.RNNParams(*drawn["rnn"]),
            "lstm": LSTMParams(*drawn["lstm"]),
            "gru": variants.GRUParams(W, U, np.stack([b, np.zeros_like(b)])),
        }

    @property
    def x(self):
        """The inputs, (T, 1)."""
        return self._network.x[0][:, None]

    @property
    def traces(self):
        """Every number on the way forward, by cell, as the package's layers compute it."""
        params, x = self.params, self.x
        return {name: cell.forward(x, params[name]) for name, cell in CELLS.items()}

    @property
    def gradients(self):
        """What each cell's ``backward`` returns: the exact gradient of L by every path.

        In a chaotic network these and the figure's `vectors` part, as any two programs do.
        """
        traces = self.traces
        dh = np.zeros((self.T, self.hidden_size))
        dh[-1] = _loss(self.hidden_size)
        return {name: cell.backward(traces[name], dh) for name, cell in CELLS.items()}

    @property
    def vectors(self):
        """The gradients that the figure shows, (T, H) each, with the paths of ∂L/∂c apart.

        "rnn", "lstm" and "gru" are ∂L/∂h_t, "c" is the LSTM's ∂L/∂c_t; "carry" is the part of it
        that comes along the cell state itself, and "gates" the rest.
        """
        return {name: vector[:, 0] for name, vector in self._run.vectors.items()}

    @property
    def norms(self):
        """The lengths of `vectors`, (T,) each."""
        return {name: norm[:, 0] for name, norm in self._run.norms.items()}

    @property
    def bands(self):
        """The lengths over the seeds 1 to 41, whatever `seed` is: (3, T) for each of `norms`.

        The rows are the 5th, the 21st and the 37th of the 41 lengths at that step in order: the
        quantiles at 10 %, 50 % (the median) and 90 %.
        """
        bands = _bands(*self._values)
        return {name: band.copy() for name, band in bands.items()}

    @property
    def _values(self):
        return (self.radius, self.forget_bias, self.input_scale, self.T, self.hidden_size)

    @property
    def _network(self):
        return _network((self.seed,), *self._values)

    @property
    def _run(self):
        return _run(self._network)

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
        network, run = self._network, self._run
        at_t = np.arange(self.T) == t

        def loss(by):
            return _loss_of(self.cell, network.params[self.cell], network.x + by * at_t)

        return measure(loss, float(run.dx[self.cell][t, 0]))

    def numbers(self):
        run = self._run
        keys = ("radius", "forget_bias", "input_scale", "T", "hidden_size", "seed")
        numbers = {key: getattr(self, key) for key in keys}
        numbers["exact"] = run.dx[self.cell][self.step, 0]
        places = {"last": self.T - 1, "at": self.step, "first": 0}
        for name, norms in run.norms.items():
            for where, t in places.items():
                numbers[f"{name}.{where}"] = norms[t, 0]
                values = enumerate(run.vectors[name][t, 0])
                numbers |= {f"{name}.{where}.{n}": value for n, value in values}
            if (steps := self.T - 1 - self.step) and norms[self.step, 0] and norms[-1, 0]:
                numbers[f"{name}.factor"] = (norms[self.step, 0] / norms[-1, 0]) ** (1 / steps)
        for where in places:
            numbers[f"sum.{where}"] = numbers[f"carry.{where}"] + numbers[f"gates.{where}"]
        if self.many:
            for name, band in self.bands.items():
                for where, t in places.items():
                    for rank, value in zip(("low", "median", "high"), band[:, t], strict=True):
                        numbers[f"{name}.{where}.{rank}"] = value
        return numbers

    def summary(self):
        head = ["", f"t = {self.T}", f"t = {self.step + 1}", "t = 1"]
        lengths = self.norms
        if self.many:
            head[0] = self.words("median", n=len(SEEDS))
            lengths = {name: band[1] for name, band in self.bands.items()}
        return head, [
            [self.words(name), *(float(length[t]) for t in (-1, self.step, 0))]
            for name, length in lengths.items()
        ]


# --- what is drawn ---------------------------------------------------------------------------


def _uniforms(seeds, count):
    """Return mulberry32 (Tommy Ettinger, public domain): the same bits as the front-end's.

    Its state is a counter, so that the numbers of all seeds, (S, count), come at once.
    """
    word = np.uint64(0xFFFFFFFF)
    steps = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x6D2B79F5)
    state = (np.array(seeds, np.uint64)[:, None] + steps) & word
    shifted = [np.uint64(n) for n in (15, 7, 14)]
    mixed = (state ^ state >> shifted[0]) * (state | np.uint64(1)) & word
    mixed ^= mixed + ((mixed ^ mixed >> shifted[1]) * (mixed | np.uint64(61)) & word) & word
    return (mixed ^ mixed >> shifted[2]) / 2**32


@lru_cache(maxsize=4)
def _drawn(seeds, H):
    """Return Q, (S, H, H), and W, (S, H), of each block, and the longest x, (S, T)."""
    T = GradientExplorer.table["sizes"]["T"][1]
    turn, taken = (_hadamard, 7) if H == 4 else (_reflections, H * (H + 1) // 2 - 1 + H)
    uniforms = _uniforms(seeds, len(SCALES) * (taken + H) + T)

    def draw(count):
        nonlocal uniforms
        drawn, uniforms = uniforms[:, :count], uniforms[:, count:]
        return drawn

    Q = {block: turn(draw(taken), H) for block in SCALES}
    W = {block: 2 * draw(H) - 1 for block in SCALES}
    return Q, W, 2 * draw(T) - 1


def _hadamard(uniforms, H):
    """Return orthogonal matrices of ±1/2: the Hadamard matrix, its rows shuffled and signed."""
    matrices = []
    for *places, a, b, c, d in uniforms:
        order = list(range(H))
        for k, place in zip(range(H - 1, 0, -1), places, strict=True):
            other = int(place * (k + 1))
            order[k], order[other] = order[other], order[k]
        signs = np.where(np.array([a, b, c, d]) < 0.5, 1, -1)
        matrices.append(signs[:, None] * HADAMARD[order])
    return np.array(matrices)


def _reflections(uniforms, H):
    """Return random orthogonal matrices, as Stewart (1980), but from vectors of a cube.

    With 2, 3, … H components, the reflection that takes a random vector to the first axis.
    """
    Q = np.tile(np.eye(H), (len(uniforms), 1, 1))
    at = 0
    for n in range(2, H + 1):
        v = 2 * uniforms[:, at : at + n] - 1
        at += n
        v[:, 0] += np.copysign(np.sqrt(exact.total(v * v)), v[:, 0])
        rows = Q[:, -n:, -n:]
        along = np.zeros_like(rows[:, 0])
        exact.add_product(along, v, rows)
        twice = 2 / exact.total(v * v)
        rows -= (twice[:, None] * v)[..., None] * along[:, None]
    return np.where(uniforms[:, at:] < 0.5, 1, -1)[..., None] * Q


def _network(seeds, radius, forget_bias, input_scale, T, H):
    """Return the weights of each cell, (S, …), and the inputs, (S, T)."""
    Q, W, x = _drawn(seeds, H)
    params = {}
    for name, blocks in BLOCKS.items():
        bias = [np.full(H, forget_bias if block == "f" else 0.0) for block in blocks]
        params[name] = (
            np.concatenate([SCALES[block] * W[block] for block in blocks], axis=-1),
            np.concatenate([radius * SCALES[block] * Q[block] for block in blocks], axis=-1),
            np.concatenate(bias),
        )
    return SimpleNamespace(params=params, x=input_scale * x[:, :T])


# --- what is computed, for many networks at once ---------------------------------------------


def _loss(H):
    """Return dL/dh_T of L, the sum of h_T over √H: a vector of length 1."""
    return np.full(H, 1 / np.sqrt(H))


def _loss_of(name, params, x):
    """Return L of one network."""
    h = exact.forward(name, params, x)[-1]["h"]
    return float(exact.total(h * _loss(h.shape[-1]))[0])


def _run(network):
    """Return the gradients, their lengths, and ∂L/∂x by cell: (T, S, H), (T, S), (T, S)."""
    vectors, dx = {}, {}
    for name, params in network.params.items():
        steps = exact.forward(name, params, network.x)
        dh = np.zeros_like(steps[-1]["h"]) + _loss(steps[-1]["h"].shape[-1])
        found = exact.backward(name, params, steps, dh)
        vectors[name], dx[name] = found["h"], found["x"]
        if name == "lstm":
            dc = found["c"]
            carry = [dc[-1]]
            for step in steps[:0:-1]:
                carry.append(carry[-1] * step["f"])
    vectors["c"], vectors["carry"] = dc, np.array(carry[::-1])
    vectors["gates"] = dc - vectors["carry"]
    norms = {name: _norm(vector) for name, vector in vectors.items()}
    return SimpleNamespace(vectors=vectors, norms=norms, dx=dx)


@lru_cache(maxsize=8)
def _bands(*values):
    norms = _run(_network(SEEDS, *values)).norms
    return {name: np.sort(norm, axis=1)[:, RANKS].T for name, norm in norms.items()}


def _norm(vectors):
    """Return the lengths, also of vectors whose squares would be 0."""
    largest = np.abs(vectors).max(axis=-1)
    shares = vectors / np.where(largest > 0, largest, 1.0)[..., None]
    return largest * np.sqrt(exact.total(shares * shares))
