"""The relatives of the LSTM, each with its equations and beside them their exact gradient.

All are used alike, the LSTM among them::

    for cell in (simple_rnn, gru, lstm):
        trace = cell.forward(x, params)
        gradients = cell.backward(trace, dh)
        print(cell.count(input_size, hidden_size).formula)

In every cell z is what goes into σ and tanh, whatever it is made of. A gate u and its complement
1 - u are σ(z) and σ(-z), so that a nearly closed one keeps its digits.
"""

from functools import partial
from typing import NamedTuple

import numpy as np

from .cell import LSTMParams, LSTMStep, lstm_step, lstm_step_backward, sigmoid
from .checks import check_kind
from .counting import (
    count_coupled_lstm,
    count_full_peephole_lstm,
    count_gru,
    count_lstm,
    count_peephole_lstm,
    count_simple_rnn,
)
from .layer import LSTMGradients, LSTMTrace, lstm_backward, lstm_forward
from .recurrent import Cell

__all__ = [
    "ALL",
    "CoupledParams",
    "CoupledStep",
    "FullPeepholeParams",
    "FullPeepholeStep",
    "GRUParams",
    "GRUResetBeforeStep",
    "GRUStep",
    "PeepholeParams",
    "PeepholeStep",
    "RNNParams",
    "RNNStep",
    "coupled_lstm",
    "full_peephole_lstm",
    "gru",
    "gru_reset_before",
    "lstm",
    "peephole_lstm",
    "simple_rnn",
]


# --- the simple RNN --------------------------------------------------------------------------


class RNNParams(NamedTuple):
    """The weights of a simple RNN: one block, the hidden state itself."""

    W: np.ndarray  # (D, H)
    U: np.ndarray  # (H, H)
    b: np.ndarray | None = None  # (H,)


class RNNStep(NamedTuple):
    """One time step of a simple RNN, in the order it happens."""

    x: np.ndarray  # (B, D)
    h_prev: np.ndarray  # (B, H)
    z: np.ndarray  # (B, H), the pre-activation
    h: np.ndarray  # (B, H), the hidden state


def _simple_rnn(x, h_prev, params):
    """h = tanh(xW + h_prev U + b): Elman (1990), doi:10.1207/s15516709cog1402_1."""
    W, U, b = params
    z = x @ W + h_prev @ U + b  # (B, H)
    h = np.tanh(z)
    return RNNStep(x, h_prev, z, h)


def _simple_rnn_backward(step, dh, params):
    dz = dh * (1 - step.h**2)  # tanh' = 1 - tanh²
    return _through_z(step, dz, params)


simple_rnn = Cell(
    name="simple_rnn",
    params=RNNParams,
    step=RNNStep,
    blocks=("h",),
    shapes={"W": ("D", "H"), "U": ("H", "H"), "b": ("H",)},
    equations=_simple_rnn,
    gradient=_simple_rnn_backward,
    count=count_simple_rnn,
)


# --- the GRU, in Keras' two forms ------------------------------------------------------------


class GRUParams(NamedTuple):
    """The weights of a GRU, its blocks in the order u, r, g along the axis 3H.

    b is (3H,) where the reset gate comes before the matrix, and (2, 3H) where it comes after:
    a row for the input and one for the hidden state, as Keras keeps them.
    """

    W: np.ndarray  # (D, 3H)
    U: np.ndarray  # (H, 3H)
    b: np.ndarray | None = None  # (3H,) or (2, 3H)


class GRUStep(NamedTuple):
    """One time step of a GRU whose reset gate comes after the matrix."""

    x: np.ndarray  # (B, D)
    h_prev: np.ndarray  # (B, H)
    m: np.ndarray  # (B, H), h_prev U_g + b'_g, which the reset gate scales
    z: np.ndarray  # (B, 3H), the pre-activations, r ⊙ m among them
    u: np.ndarray  # (B, H), the update gate; Keras calls it z
    r: np.ndarray  # (B, H), the reset gate
    g: np.ndarray  # (B, H), the candidate
    h: np.ndarray  # (B, H), the hidden state


class GRUResetBeforeStep(NamedTuple):
    """One time step of a GRU whose reset gate comes before the matrix."""

    x: np.ndarray  # (B, D)
    h_prev: np.ndarray  # (B, H)
    z: np.ndarray  # (B, 3H), the pre-activations
    u: np.ndarray  # (B, H), the update gate; Keras calls it z
    r: np.ndarray  # (B, H), the reset gate
    g: np.ndarray  # (B, H), the candidate
    h: np.ndarray  # (B, H), the hidden state


def _gru(x, h_prev, params):
    """Take a step of Keras' default, ``reset_after=True``, and of PyTorch's GRU.

    u = σ(z_u), r = σ(z_r), g = tanh(xW_g + b_g + r ⊙ (h_prev U_g + b'_g)),
    h = u ⊙ h_prev + (1 - u) ⊙ g: Cho et al. (2014), doi:10.3115/v1/D14-1179, but for the place
    of r.
    """
    W, U, b = params
    from_x = x @ W + b[0]  # (B, 3H)
    from_h = h_prev @ U + b[1]  # (B, 3H)
    (x_u, x_r, x_g), (h_u, h_r, m) = _split(from_x, 3), _split(from_h, 3)
    z_u, z_r = x_u + h_u, x_r + h_r
    u = sigmoid(z_u)
    r = sigmoid(z_r)
    z_g = x_g + r * m
    g = np.tanh(z_g)
    h = u * h_prev + sigmoid(-z_u) * g
    return GRUStep(x, h_prev, m, _join(z_u, z_r, z_g), u, r, g, h)


def _gru_backward(step, dh, params):
    x, h_prev, m, _, u, r, _, _ = step
    W, U, _ = params
    dz_u, dz_g = _through_update(step, dh)
    # z_g = x W_g + b_g + r * m
    dr, dm = dz_g * m, dz_g * r
    dz_r = dr * r * (1 - r)
    from_x, from_h = _join(dz_u, dz_r, dz_g), _join(dz_u, dz_r, dm)
    dW, dU, db = _matrix(x, from_x), _matrix(h_prev, from_h), [_total(from_x), _total(from_h)]
    return dW, dU, np.stack(db), from_x @ W.T, dh * u + from_h @ U.T


def _gru_reset_before(x, h_prev, params):
    """Take a step of the GRU as published, Keras' ``reset_after=False``.

    u = σ(z_u), r = σ(z_r), g = tanh(xW_g + (r ⊙ h_prev) U_g + b_g),
    h = u ⊙ h_prev + (1 - u) ⊙ g: Cho et al. (2014), doi:10.3115/v1/D14-1179.
    """
    W, U, b = params
    U_u, U_r, U_g = _split(U, 3)  # (H, H) each
    x_u, x_r, x_g = _split(x @ W + b, 3)  # (B, H) each
    z_u, z_r = x_u + h_prev @ U_u, x_r + h_prev @ U_r
    u = sigmoid(z_u)
    r = sigmoid(z_r)
    z_g = x_g + (r * h_prev) @ U_g
    g = np.tanh(z_g)
    h = u * h_prev + sigmoid(-z_u) * g
    return GRUResetBeforeStep(x, h_prev, _join(z_u, z_r, z_g), u, r, g, h)


def _gru_reset_before_backward(step, dh, params):
    x, h_prev, _, u, r, _, _ = step
    W, U, _ = params
    U_u, U_r, U_g = _split(U, 3)
    dz_u, dz_g = _through_update(step, dh)
    # z_g = x W_g + (r * h_prev) U_g + b_g
    dm = dz_g @ U_g.T
    dz_r = dm * h_prev * r * (1 - r)
    dz = _join(dz_u, dz_r, dz_g)
    dU = _join(_matrix(h_prev, dz_u), _matrix(h_prev, dz_r), _matrix(r * h_prev, dz_g))
    dh_prev = dh * u + dz_u @ U_u.T + dz_r @ U_r.T + dm * r
    return _matrix(x, dz), dU, _total(dz), dz @ W.T, dh_prev


def _through_update(step, dh):
    """Return dz_u and dz_g of h = u ⊙ h_prev + (1 - u) ⊙ g, the end of both GRUs."""
    open_to_new = sigmoid(-_split(step.z, 3)[0])  # 1 - u
    du, dg = dh * (step.h_prev - step.g), dh * open_to_new
    return du * step.u * open_to_new, dg * (1 - step.g**2)


gru = Cell(
    name="gru",
    params=GRUParams,
    step=GRUStep,
    blocks=("u", "r", "g"),
    shapes={"W": ("D", "3H"), "U": ("H", "3H"), "b": ("2", "3H")},
    equations=_gru,
    gradient=_gru_backward,
    count=count_gru,
)
gru_reset_before = Cell(
    name="gru_reset_before",
    params=GRUParams,
    step=GRUResetBeforeStep,
    blocks=("u", "r", "g"),
    shapes={"W": ("D", "3H"), "U": ("H", "3H"), "b": ("3H",)},
    equations=_gru_reset_before,
    gradient=_gru_reset_before_backward,
    count=partial(count_gru, bias_vectors=1),
)


# --- the LSTM --------------------------------------------------------------------------------


def _lstm_backward(step, dh, dc, params):
    gradients = lstm_step_backward(step, dh, dc, params)
    dh, dc = (np.asarray(array, gradients.dx.dtype) for array in (dh, dc))
    return *gradients, dc + dh * step.o * (1 - np.tanh(step.c) ** 2)


class _LSTM(Cell):
    """The package's own LSTM behind the interface of all: one LSTM, the fast one."""

    def __init__(self, **parts):
        super().__init__(**parts, equations=lstm_step, gradient=_lstm_backward)
        self.Trace, self.Gradients = LSTMTrace, LSTMGradients

    def step(self, x, h_prev, c_prev, params):
        """Take one time step: `lstm_step`."""
        params = check_kind(params, "params", LSTMParams)
        return lstm_step(x, h_prev, c_prev, params)

    def step_backward(self, step, dh, dc, params):
        """Go back through one time step: `lstm_step_backward`, and dc by every path."""
        check_kind(step, "step", LSTMStep, maker="lstm.step")
        params = check_kind(params, "params", LSTMParams)
        return self.StepGradients(*_lstm_backward(step, dh, dc, params))

    def forward(self, x, params, h0=None, c0=None, *, mask=None):
        """Run over a sequence: `lstm_forward`."""
        params = check_kind(params, "params", LSTMParams)
        return lstm_forward(x, params, h0, c0, mask=mask)

    def backward(self, trace, dh, dc_last=None):
        """Go back through a sequence: `lstm_backward`."""
        check_kind(trace, "trace", LSTMTrace, maker="lstm.forward")
        return lstm_backward(trace, dh, dc_last)


lstm = _LSTM(
    name="lstm",
    params=LSTMParams,
    step=LSTMStep,
    blocks=("i", "f", "g", "o"),
    shapes={"W": ("D", "4H"), "U": ("H", "4H"), "b": ("4H",)},
    count=count_lstm,
)


# --- the LSTM with diagonal peepholes --------------------------------------------------------


class PeepholeParams(NamedTuple):
    """The weights of an LSTM with diagonal peepholes, p in the order i, f, o."""

    W: np.ndarray  # (D, 4H)
    U: np.ndarray  # (H, 4H)
    b: np.ndarray | None  # (4H,)
    p: np.ndarray  # (3H,)


class PeepholeStep(LSTMStep):
    """One time step of an LSTM with peepholes; the output gate reads the new cell state.

    The fields are those of any LSTM; z holds what the gates see of c.
    """

    __slots__ = ()


def _peephole_lstm(x, h_prev, c_prev, params):
    """Take a step in which each gate also reads its own unit's cell state.

    i = σ(z_i + p_i ⊙ c_prev), f = σ(z_f + p_f ⊙ c_prev), o = σ(z_o + p_o ⊙ c): Gers &
    Schmidhuber (2000), "Recurrent nets that time and count", doi:10.1109/IJCNN.2000.861302.
    """
    W, U, b, p = params
    z_i, z_f, z_g, z_o = _split(x @ W + h_prev @ U + b, 4)  # (B, H) each
    p_i, p_f, p_o = _split(p, 3)  # (H,) each
    z_i = z_i + p_i * c_prev
    z_f = z_f + p_f * c_prev
    i = sigmoid(z_i)
    f = sigmoid(z_f)
    g = np.tanh(z_g)
    c = f * c_prev + i * g
    z_o = z_o + p_o * c
    o = sigmoid(z_o)
    h = o * np.tanh(c)
    return PeepholeStep(x, h_prev, c_prev, _join(z_i, z_f, z_g, z_o), i, f, g, o, c, h)


def _peephole_lstm_backward(step, dh, dc, params):
    _, _, c_prev, _, i, f, g, o, c, _ = step
    p_i, p_f, p_o = _split(params.p, 3)
    # h = o * tanh(c), o = σ(... + p_o * c): c reaches h by two paths
    dz_o = dh * np.tanh(c) * o * (1 - o)
    dc = dc + dh * o * (1 - np.tanh(c) ** 2) + dz_o * p_o
    # c = f * c_prev + i * g
    dz_i, dz_f, dz_g = dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dc * i * (1 - g**2)
    dp = _join(_total(dz_i * c_prev), _total(dz_f * c_prev), _total(dz_o * c))
    dc_prev = dc * f + dz_i * p_i + dz_f * p_f
    dW, dU, db, dx, dh_prev = _through_z(step, _join(dz_i, dz_f, dz_g, dz_o), params)
    return dW, dU, db, dp, dx, dh_prev, dc_prev, dc


peephole_lstm = Cell(
    name="peephole_lstm",
    params=PeepholeParams,
    step=PeepholeStep,
    blocks=("i", "f", "g", "o"),
    shapes={"W": ("D", "4H"), "U": ("H", "4H"), "b": ("4H",), "p": ("3H",)},
    equations=_peephole_lstm,
    gradient=_peephole_lstm_backward,
    count=count_peephole_lstm,
)


# --- the unit whose gates and candidate all read the cell state in full ----------------------


class FullPeepholeParams(NamedTuple):
    """The weights of an LSTM whose gates and candidate all read the cell state in full."""

    W: np.ndarray  # (D, 4H)
    U: np.ndarray  # (H, 4H)
    b: np.ndarray | None  # (4H,)
    V: np.ndarray  # (H, 4H), what the blocks read of c_{t-1}


class FullPeepholeStep(LSTMStep):
    """One time step of the LSTM that reads its cell state in full; the fields are the LSTM's."""

    __slots__ = ()


def _full_peephole_lstm(x, h_prev, c_prev, params):
    """Take the LSTM's step, but with z = xW + h_prev U + c_prev V + b."""
    W, U, b, V = params
    z = x @ W + h_prev @ U + c_prev @ V + b  # (B, 4H)
    z_i, z_f, z_g, z_o = _split(z, 4)  # (B, H) each
    i = sigmoid(z_i)
    f = sigmoid(z_f)
    g = np.tanh(z_g)
    o = sigmoid(z_o)
    c = f * c_prev + i * g
    h = o * np.tanh(c)
    return FullPeepholeStep(x, h_prev, c_prev, z, i, f, g, o, c, h)


def _full_peephole_lstm_backward(step, dh, dc, params):
    _, _, c_prev, _, i, f, g, o, c, _ = step
    # h = o * tanh(c)
    dz_o = dh * np.tanh(c) * o * (1 - o)
    dc = dc + dh * o * (1 - np.tanh(c) ** 2)
    # c = f * c_prev + i * g
    dz_i, dz_f, dz_g = dc * g * i * (1 - i), dc * c_prev * f * (1 - f), dc * i * (1 - g**2)
    # z = x W + h_prev U + c_prev V + b
    dz = _join(dz_i, dz_f, dz_g, dz_o)
    dV, dc_prev = _matrix(c_prev, dz), dc * f + dz @ params.V.T
    dW, dU, db, dx, dh_prev = _through_z(step, dz, params)
    return dW, dU, db, dV, dx, dh_prev, dc_prev, dc


full_peephole_lstm = Cell(
    name="full_peephole_lstm",
    params=FullPeepholeParams,
    step=FullPeepholeStep,
    blocks=("i", "f", "g", "o"),
    shapes={"W": ("D", "4H"), "U": ("H", "4H"), "b": ("4H",), "V": ("H", "4H")},
    equations=_full_peephole_lstm,
    gradient=_full_peephole_lstm_backward,
    count=count_full_peephole_lstm,
)


# --- the LSTM whose input gate is what the forget gate leaves --------------------------------


class CoupledParams(NamedTuple):
    """The weights of an LSTM whose input gate is 1 - f, its blocks in the order f, g, o."""

    W: np.ndarray  # (D, 3H)
    U: np.ndarray  # (H, 3H)
    b: np.ndarray | None = None  # (3H,)


class CoupledStep(LSTMStep):
    """One time step of an LSTM with coupled gates; the fields are the LSTM's, but z is (B, 3H)."""

    __slots__ = ()


def _coupled_lstm(x, h_prev, c_prev, params):
    """Take the LSTM's step with i = 1 - f: c = f ⊙ c_prev + (1 - f) ⊙ g.

    Greff et al. (2017), doi:10.1109/TNNLS.2016.2582924, call it CIFG.
    """
    W, U, b = params
    z = x @ W + h_prev @ U + b  # (B, 3H)
    z_f, z_g, z_o = _split(z, 3)  # (B, H) each
    f = sigmoid(z_f)
    i = sigmoid(-z_f)
    g = np.tanh(z_g)
    o = sigmoid(z_o)
    c = f * c_prev + i * g
    h = o * np.tanh(c)
    return CoupledStep(x, h_prev, c_prev, z, i, f, g, o, c, h)


def _coupled_lstm_backward(step, dh, dc, params):
    _, _, c_prev, _, i, f, g, o, c, _ = step
    # h = o * tanh(c)
    dz_o = dh * np.tanh(c) * o * (1 - o)
    dc = dc + dh * o * (1 - np.tanh(c) ** 2)
    # c = f * c_prev + i * g, i = 1 - f
    dz_f, dz_g = dc * (c_prev - g) * f * i, dc * i * (1 - g**2)
    dW, dU, db, dx, dh_prev = _through_z(step, _join(dz_f, dz_g, dz_o), params)
    return dW, dU, db, dx, dh_prev, dc * f, dc


coupled_lstm = Cell(
    name="coupled_lstm",
    params=CoupledParams,
    step=CoupledStep,
    blocks=("f", "g", "o"),
    shapes={"W": ("D", "3H"), "U": ("H", "3H"), "b": ("3H",)},
    equations=_coupled_lstm,
    gradient=_coupled_lstm_backward,
    count=count_coupled_lstm,
)


ALL = {
    cell.name: cell
    for cell in (
        simple_rnn,
        gru,
        gru_reset_before,
        lstm,
        peephole_lstm,
        full_peephole_lstm,
        coupled_lstm,
    )
}


# --- small parts -----------------------------------------------------------------------------


def _split(array, blocks):
    return np.split(array, blocks, axis=-1)


def _join(*blocks):
    return np.concatenate(blocks, axis=-1)


def _matrix(rows, dz):
    """Return rowsᵀ dz, summed over the batch if there is one."""
    return np.atleast_2d(rows).T @ np.atleast_2d(dz)


def _total(dz):
    return np.atleast_2d(dz).sum(axis=0)


def _through_z(step, dz, params):
    """Return dW, dU, db, dx and dh_prev of z = xW + h_prev U + b."""
    dW, dU, db = _matrix(step.x, dz), _matrix(step.h_prev, dz), _total(dz)
    return dW, dU, db, dz @ params.W.T, dz @ params.U.T
