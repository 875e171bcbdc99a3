"""A whole sequence through an LSTM, and the exact gradient back through all of its time steps."""

from typing import NamedTuple

import numpy as np

from .cell import LSTMParams, sigmoid
from .checks import check_backward, check_gradients, check_sequence

__all__ = ["LSTMGradients", "LSTMOutput", "LSTMTrace", "lstm_backward", "lstm_forward"]


class LSTMTrace(NamedTuple):
    """Everything that a layer reads and computes; without a batch the axis B is missing."""

    x: np.ndarray  # (B, T, D)
    z: np.ndarray  # (B, T, 4H), the pre-activations
    i: np.ndarray  # (B, T, H), the input gate
    f: np.ndarray  # (B, T, H), the forget gate
    g: np.ndarray  # (B, T, H), the candidate
    o: np.ndarray  # (B, T, H), the output gate
    c: np.ndarray  # (B, T, H), the cell state
    h: np.ndarray  # (B, T, H), the hidden state
    h0: np.ndarray  # (B, H)
    c0: np.ndarray  # (B, H)
    params: LSTMParams

    @property
    def h_last(self) -> np.ndarray:
        """The hidden state after the last time step, (B, H)."""
        return self.h[..., -1, :]

    @property
    def c_last(self) -> np.ndarray:
        """The cell state after the last time step, (B, H)."""
        return self.c[..., -1, :]


class LSTMOutput(NamedTuple):
    """What is left of a sequence if its steps are not kept."""

    h: np.ndarray  # (B, T, H)
    h_last: np.ndarray  # (B, H)
    c_last: np.ndarray  # (B, H)


class LSTMGradients(NamedTuple):
    """The derivatives of a loss with respect to all that went into a layer, and to its states."""

    dW: np.ndarray  # (D, 4H)
    dU: np.ndarray  # (H, 4H)
    db: np.ndarray | None  # (4H,)
    dx: np.ndarray  # (B, T, D)
    dh0: np.ndarray  # (B, H)
    dc0: np.ndarray  # (B, H)
    dh: np.ndarray  # (B, T, H), with respect to h_t, by every path
    dc: np.ndarray  # (B, T, H), with respect to c_t, by every path


def lstm_forward(x, params, h0=None, c0=None, *, trace=True):
    """Run an LSTM over a sequence.

    z_t = x_t W + h_{t-1} U + b; c_t = f_t ⊙ c_{t-1} + i_t ⊙ g_t; h_t = o_t ⊙ tanh(c_t), where
    i, f, o are σ of their blocks of z, and g is tanh of its own.

    Parameters
    ----------
    x : array_like, shape (T, D) or (B, T, D)
        The input at T time steps. Dimensionless, like everything here.
    params : LSTMParams
        W (D, 4H), U (H, 4H) and b (4H,) or None.
    h0, c0 : array_like, shape (H,) or (B, H), optional
        The states before the first time step; zeros by default.
    trace : bool
        Whether to keep every gate of every time step, which `lstm_backward` needs.

    Returns
    -------
    LSTMTrace
        x, z, i, f, g, o, c, h: (T, ...) or (B, T, ...); h0, c0, params.
    LSTMOutput
        With ``trace=False``: h (T, H) or (B, T, H); h_last, c_last (H,) or (B, H).

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If a shape is wrong, a number is not finite, or z would leave the number format.

    References
    ----------
    Hochreiter & Schmidhuber (1997), section 4, doi:10.1162/neco.1997.9.8.1735; the forget gate:
    Gers, Schmidhuber & Cummins (2000), section 3, doi:10.1162/089976600300015015.

    Examples
    --------
    >>> params = LSTMParams(W=[[1.0, 2.0, 3.0, 4.0]], U=[[0.1, 0.2, 0.3, 0.4]], b=[0, 1, 0, 0])
    >>> lstm_forward([[0.5], [-0.5]], params).h.round(4)
    array([[ 0.4497],
           [-0.0064]])
    """
    x, h0, c0, (W, U, b) = check_sequence(x, params, h0, c0)
    z = _rows(x) @ W  # (B T, 4H): the inputs of all time steps in one product
    z = (z if b is None else z + b).reshape(*x.shape[:-1], -1)  # (B, T, 4H)
    steps = _steps(z, U, h0, c0)
    if trace:
        i, f, g, o, c, h = (np.stack(column, axis=-2) for column in zip(*steps, strict=True))
        return LSTMTrace(x, z, i, f, g, o, c, h, h0, c0, LSTMParams(W, U, b))
    h = np.empty((*x.shape[:-1], len(U)), x.dtype)
    for t, step in enumerate(steps):
        h[..., t, :] = step[-1]
    *_, c_last, h_last = step
    return LSTMOutput(h, h_last, c_last)


def _steps(z, U, h, c):
    """Yield i, f, g, o, c, h of one time step after another, adding h U to z on the way."""
    for t in range(z.shape[-2]):
        z[..., t, :] += h @ U
        z_i, z_f, z_g, z_o = np.split(z[..., t, :], 4, axis=-1)
        i, f, g, o = sigmoid(z_i), sigmoid(z_f), np.tanh(z_g), sigmoid(z_o)
        c = f * c + i * g
        h = o * np.tanh(c)
        yield i, f, g, o, c, h


@np.errstate(over="ignore", invalid="ignore")  # check_gradients refuses what overflows
def lstm_backward(trace, dh, dc_last=None):
    """Carry the gradient of a loss back through a sequence (backpropagation through time).

    From the last time step to the first, with dh_t the loss' own share:
    dh_t += dz_{t+1} Uᵀ; dc_t = dc_{t+1} ⊙ f_{t+1} + dh_t ⊙ ∂h_t/∂c_t;
    dz_t = [dc_t ⊙ ∂c_t/∂z_i, dc_t ⊙ ∂c_t/∂z_f, dc_t ⊙ ∂c_t/∂z_g, dh_t ⊙ ∂h_t/∂z_o].
    Then dW = Σ x_tᵀ dz_t, dU = Σ h_{t-1}ᵀ dz_t, db = Σ dz_t and dx_t = dz_t Wᵀ.

    Parameters
    ----------
    trace : LSTMTrace
        What `lstm_forward` returned.
    dh : array_like, shape (T, H) or (B, T, H)
        The derivative of the loss with respect to each h_t as the loss reads it; zeros where it
        does not. Dimensionless.
    dc_last : array_like, shape (H,) or (B, H), optional
        The derivative with respect to the last cell state; zeros by default.

    Returns
    -------
    LSTMGradients
        dW (D, 4H), dU (H, 4H), db (4H,) or None, summed over batch and time; dx (B, T, D);
        dh0, dc0 (B, H); dh, dc (B, T, H): the whole derivatives with respect to h_t and c_t,
        later time steps included (and in dc_t the path through h_t).

    Raises
    ------
    TypeError
        If an argument does not hold real numbers, or `trace` is no LSTMTrace.
    ValueError
        If a shape is wrong, a number is not finite, or a gradient leaves the number format.

    References
    ----------
    Graves & Schmidhuber (2005), doi:10.1016/j.neunet.2005.06.042: the full gradient, where the
    paper of 1997 cut it off at the gates.

    Examples
    --------
    >>> params = LSTMParams(W=[[1.0, 2.0, 3.0, 4.0]], U=[[0.1, 0.2, 0.3, 0.4]], b=[0, 1, 0, 0])
    >>> trace = lstm_forward([[0.5], [-0.5]], params)
    >>> lstm_backward(trace, dh=[[0.0], [1.0]]).dc.round(4)  # of the last h alone
    array([[0.0743],
           [0.1391]])
    """
    dh, dc = check_backward(trace, dh, dc_last)
    W, U, b = trace.params
    slopes, dh_dc = _slopes(trace)
    dh, dcs, dz = dh.copy(), np.empty_like(dh), np.empty(trace.z.shape, dh.dtype)
    dh_later = 0  # what reaches h_t, and in dc what reaches c_t, from the time step after
    for t in reversed(range(dh.shape[-2])):
        dh[..., t, :] += dh_later
        dcs[..., t, :] = dc = dc + dh[..., t, :] * dh_dc[..., t, :]
        upstream = (dc, dc, dc, dh[..., t, :])  # c reads z_i, z_f and z_g; h reads z_o
        dz[..., t, :] = np.concatenate(upstream, axis=-1) * slopes[..., t, :]
        dh_later = dz[..., t, :] @ U.T
        dc = dc * trace.f[..., t, :]
    dz = _rows(dz)  # (B T, 4H): each sum over batch and time is one product
    dW = _rows(trace.x).T @ dz
    dU = _rows(_before(trace.h, trace.h0)).T @ dz
    db = None if b is None else dz.sum(axis=0)
    dx = (dz @ W.T).reshape(trace.x.shape)
    return check_gradients(LSTMGradients(dW, dU, db, dx, dh_later, dc, dh, dcs))


def _slopes(trace):
    """Return [∂c/∂z_i, ∂c/∂z_f, ∂c/∂z_g, ∂h/∂z_o] (B, T, 4H) and ∂h/∂c (B, T, H)."""
    _, _, i, f, g, o, c, _, _, c0, _ = trace
    tanh_c = np.tanh(c)
    by_block = (
        g * i * (1 - i),
        _before(c, c0) * f * (1 - f),
        i * (1 - g**2),
        tanh_c * o * (1 - o),
    )
    return np.concatenate(by_block, axis=-1), o * (1 - tanh_c**2)


def _before(states, first):
    """Return each time step's previous state: (B, T, H), one step late and led by `first`."""
    return np.concatenate([first[..., None, :], states[..., :-1, :]], axis=-2)


def _rows(array):
    """Return (B, T, N) as (B T, N)."""
    return array.reshape(-1, array.shape[-1])
