"""A whole sequence through an LSTM, and the exact gradient back through all of its time steps.

The equations are those of `cell`; here they are arranged for speed. What a time step reads is one
column, v_t = [x_t; h_{t-1}; 1], and the weights are one matrix, A = [W; U; b]ᵀ, so that z_t = A v_t
is one product, and dv_t = Aᵀ dz_t and dA = Σ dz_t v_tᵀ are one each. Inside, arrays are
(T, N, B): every gate of every step is one contiguous block. What is handed out are views of them
with the axes where the notation has them. The way back goes span by span: the local derivatives
of some time steps at once, then step by step, then what the span adds to dA.
"""

import threading
from itertools import cycle, repeat
from typing import NamedTuple

import numpy as np

from .cell import LSTMParams
from .checks import check_backward, check_finite, check_sequence
from .memory import room

FIELDS = (0, 4), (4, 5), (5, 6), (6, 7), (7, 8)  # z, i, f, g, o among the 8H rows of a step
NARROW, SMALL = 1 << 11, 1 << 19  # numbers, of a step and in all: below both, rooms are kept
SHELF = 8  # rooms of so many sizes at most
SPAN = 1 << 17  # pre-activations whose local derivatives are made at once

_shelves = threading.local()

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
    mask: np.ndarray | None = None  # (B, T), False where the states were passed on

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


def lstm_forward(x, params, h0=None, c0=None, *, mask=None, trace=True):
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
    mask : array_like of bool, shape (T,) or (B, T), optional
        False where a time step does not count: there h_t = h_{t-1} and c_t = c_{t-1}, whatever
        x_t is. The gates in the trace are those that x_t would have set.
    trace : bool
        Whether to keep every gate of every time step, which `lstm_backward` needs.

    Returns
    -------
    LSTMTrace
        x, z, i, f, g, o, c, h: (T, ...) or (B, T, ...); h0, c0, params, mask. None of them
        shares memory with the arguments.
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
    x, h0, c0, mask, params = check_sequence(x, params, h0, c0, mask)
    batched, (T, D), H = x.ndim == 3, x.shape[-2:], len(params[1])
    x = _inside(x, batched)  # (T, D, B)
    B, kept = x.shape[-1], T if trace else 1  # without the trace each step overwrites the last
    A = _one_matrix(*params)
    (states, steps, columns), stays = _rooms(_forward_rooms, T, D, H, B, kept, x.dtype)
    states[:T, :D] = x
    h_first, c_first = states[0, D : D + H], states[0, -H:]
    h_first[...], c_first[...] = _inside(h0, batched), _inside(c0, batched)
    _take_steps(A, columns, h_first, c_first, mask)
    if stays:
        states, steps = states.copy(), steps.copy()
    x, h, c = (states[:T, :D], states[:, D : D + H], states[:, -H:])
    outside, x, h, c = (_outside(array, batched) for array in (steps, x, h, c))
    if not trace:
        h = h[..., 1:, :].copy()
        return LSTMOutput(h, h[..., -1, :], c[..., -1, :].copy())
    z, i, f, g, o = (outside[..., n * H : m * H] for n, m in FIELDS)
    params = _three_arrays(A, D, biased=params[2] is not None)
    h0, c0, h, c = h[..., 0, :], c[..., 0, :], h[..., 1:, :], c[..., 1:, :]
    return LSTMTrace(x, z, i, f, g, o, c, h, h0, c0, params, mask)


def _forward_rooms(hold, T, D, H, B, kept, dtype):
    """Return room for the states (T + 1) and the steps, and the views that each step works on."""
    states = room((T + 1, D + H + 1 + H, B), dtype)  # x_t, h_{t-1}, 1 and c_{t-1}
    steps = room((kept, 8 * H, B), dtype)  # z_t and the gates
    states[:, D + H] = 1
    fields = (steps[:, n * H : m * H] for n, m in ((4, 8), (2, 3), *FIELDS))
    if kept < T:
        fields = map(cycle, fields)
    read, h, c = states[:-1, : D + H + 1], states[1:, D : D + H], states[1:, -H:]
    return states, steps, hold(zip(read, *fields, c, h, strict=False))


def _take_steps(A, columns, h_prev, c_prev, mask):
    """Fill the columns of one time step after another."""
    one, part = np.array(1, A.dtype), np.empty_like(h_prev)  # to a ufunc Python's 1 is slower
    passed = repeat(None) if mask is None else ~np.atleast_2d(mask).T  # (T, B)
    with np.errstate(over="ignore", under="ignore"):  # exp(1000) is inf, and 1 / inf the 0 meant
        for (v, gates, z_g, z, i, f, g, o, c, h), passed_t in zip(columns, passed, strict=False):
            np.dot(A, v, z)
            np.negative(z, gates)
            np.exp(gates, gates)
            np.add(gates, one, gates)
            np.divide(one, gates, gates)  # σ of all four blocks at once ...
            np.tanh(z_g, g)  # ... and over the candidate's, which is no gate, its tanh
            np.multiply(f, c_prev, c)
            np.multiply(i, g, part)
            np.add(c, part, c)
            np.tanh(c, part)
            np.multiply(o, part, h)
            if passed_t is not None:
                np.copyto(c, c_prev, where=passed_t)
                np.copyto(h, h_prev, where=passed_t)
            h_prev, c_prev = h, c


@np.errstate(over="ignore", invalid="ignore")  # check_finite refuses what overflows
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
    dh, dc_last = check_backward(trace, dh, dc_last)
    batched, dtype, D = dh.ndim == 3, dh.dtype, trace.x.shape[-1]
    dh, dc_last = _inside(dh, batched), _inside(dc_last, batched)
    T, H, B = dh.shape
    A = _one_matrix(*trace.params, dtype)
    A_turned, dA = np.ascontiguousarray(A.T), np.zeros(A.shape, dtype)
    (back, spans), stays = _rooms(_backward_rooms, T, D, H, B, dtype)
    back[:, -2 * H : -H] = dh
    dh_later, dc_later = np.zeros((H, B), dtype), dc_last.copy()  # from the step after
    part = np.empty((H, B), dtype)
    fields = [_inside(array, batched) for array in (trace.x, *trace[2:10])]
    passed = repeat(None)
    for span, v, dz, blocks, columns in spans:
        _local_derivatives(*fields, span, v, *blocks)
        if trace.mask is not None:
            passed = _pass_by(trace.mask, span, dz, *blocks[4:6])
        for column, passed_t in zip(columns, passed, strict=False):
            dh_t, dc_t, dv_t, dh_prev, dz_t, dz_ifg, dz_o, dh_dc, dc_dc = column
            np.add(dh_t, dh_later, dh_t)
            np.multiply(dh_t, dh_dc, part)
            np.add(dc_later, part, dc_t)
            np.multiply(dz_ifg, dc_t, dz_ifg)  # c reads z_i, z_f and z_g
            np.multiply(dz_o, dh_t, dz_o)  # h reads z_o
            np.dot(A_turned, dz_t, dv_t)
            np.multiply(dc_t, dc_dc, dc_later)
            dh_later = dh_prev
            if passed_t is not None:
                np.add(dh_later, dh_t, dh_later, where=passed_t)
        dA += _sum_of_products(dz, v)
    if stays:
        back = back.copy()
    fields = (back[:, :D], back[0, D : D + H], dc_later, back[:, -2 * H : -H], back[:, -H:])
    gradients = LSTMGradients(
        *_three_arrays(dA, D, biased=trace.params.b is not None),
        *(_outside(field, batched) for field in fields),
    )
    return check_finite(gradients, glance=(dA, back, dc_later))


def _backward_rooms(hold, T, D, H, B, dtype):
    """Return room for dx_t, dh_{t-1}, d1, dh_t and dc_t (T), and what each span works on.

    From the last span to the first: the span; v (n, D + H + 1, B); dz (n, 4H, B); seven blocks
    (n, H, B), of which the first four are dz; and the views of each of its steps, last first. A
    span is as long as the processor's cache allows; all use the same room.
    """
    back = room((T, D + H + 1 + 2 * H, B), dtype)
    n, K = min(T, max(1, SPAN // (4 * H * B))), D + H + 1
    work = room((n, K + 7 * H, B), dtype)
    work[:, K - 1] = 1

    def views(start, stop):
        used, ours = work[: stop - start], back[start:stop]
        v, dz, rest = used[:, :K], used[:, K : K + 4 * H], used[:, K:]
        blocks = _blocks(rest, H)
        columns = (ours[:, -2 * H : -H], ours[:, -H:], ours[:, :K], ours[:, D : D + H], dz)
        columns += (_blocks(dz[:, : 3 * H], H).swapaxes(0, 1), *blocks[3:6])
        steps = hold(zip(*(column[::-1] for column in columns), strict=True))
        return slice(start, stop), v, dz, blocks, steps

    return back, hold(views(max(0, stop - n), stop) for stop in range(T, 0, -n))


def _local_derivatives(x, i, f, g, o, c, h, h0, c0, span, v, dz_i, dz_f, dz_g, dz_o, *rest):
    """Fill v, ∂c/∂z_i, ∂c/∂z_f, ∂c/∂z_g, ∂h/∂z_o, and the rest: ∂h/∂c, ∂c/∂c_prev, tanh(c)."""
    dh_dc, dc_dc, tanh_c = rest
    i, f, g, o = i[span], f[span], g[span], o[span]
    one, D = np.array(1, v.dtype), x.shape[1]
    v[:, :D] = x[span]
    _before(h, h0, span, out=v[:, D:-1])
    _before(c, c0, span, out=dc_dc)
    np.tanh(c[span], tanh_c)
    # c = f * c_prev + i * g, h = o * tanh(c); σ' = σ (1 - σ), tanh' = 1 - tanh²
    _times(np.subtract(one, i, dz_i), i, g)
    _times(np.subtract(one, f, dz_f), f, dc_dc)
    _times(np.subtract(one, np.square(g, dz_g), dz_g), i)
    _times(np.subtract(one, o, dz_o), o, tanh_c)
    _times(np.subtract(one, np.square(tanh_c, dh_dc), dh_dc), o)
    dc_dc[...] = f


def _pass_by(mask, span, dz, dh_dc, dc_dc):
    """Let the masked steps of a span do nothing; say which they are, last first (n, B)."""
    passed = ~np.atleast_2d(mask).T[span]
    for array, value in ((dz, 0), (dh_dc, 0), (dc_dc, 1)):
        np.copyto(array, value, where=passed[:, None])
    return passed[::-1]


def _sum_of_products(dz, v):
    """Return Σ dz_t v_tᵀ over the time steps and, inside each product, over the batch."""
    (T, rows, B), columns = dz.shape, v.shape[1]
    left, right = room((rows, T, B), dz.dtype), room((T, B, columns), dz.dtype)
    left[...], right[...] = dz.swapaxes(0, 1), v.swapaxes(1, 2)
    return np.dot(left.reshape(rows, T * B), right.reshape(T * B, columns))


# --- room to work in -------------------------------------------------------------------------


def _rooms(make, T, D, H, B, *rest):
    """Return what `make` makes, and whether it stays here: copy what leaves.

    A small layer takes less time than to make room for it and cut it into views. So the last few
    rooms are kept, with all their views, in each thread its own.
    """
    width = B * (D + 10 * H)
    if width >= NARROW or T * width >= SMALL:
        return make(iter, T, D, H, B, *rest), False
    shelf, sizes = _shelves.__dict__.setdefault(make, {}), (T, D, H, B, *rest)
    if sizes not in shelf:
        if len(shelf) == SHELF:
            shelf.clear()
        shelf[sizes] = make(list, *sizes)
    return shelf[sizes], True


# --- from the notation's axes to the layer's, and back ---------------------------------------


def _inside(array, batched):
    """Return (B, ..., N) as (..., N, B); what has no batch gets a batch of one."""
    if not batched:
        return array[..., None]
    return array.transpose(1, 2, 0) if array.ndim == 3 else array.T


def _outside(array, batched):
    """Return (..., N, B) as (B, ..., N), or without its batch of one."""
    if not batched:
        return array[..., 0]
    return array.transpose(2, 0, 1) if array.ndim == 3 else array.T


def _one_matrix(W, U, b, dtype=None):
    """Return A = [W; U; b]ᵀ, (4H, D + H + 1); no bias is a bias of zeros."""
    D, columns = W.shape
    A = np.empty((columns, D + len(U) + 1), dtype or W.dtype)
    A[:, :D], A[:, D:-1], A[:, -1] = W.T, U.T, 0 if b is None else b
    return A


def _three_arrays(A, D, biased):
    """Return the views W, U and b of A."""
    return LSTMParams(A[:, :D].T, A[:, D:-1].T, A[:, -1] if biased else None)


def _blocks(array, H):
    """Return the blocks of H rows, each (n, H, B)."""
    return array.reshape(len(array), -1, H, array.shape[-1]).swapaxes(0, 1)


def _before(states, first, span, out):
    """Write the states before each step of a span: those of the steps, one late."""
    out[0] = states[span.start - 1] if span.start else first
    out[1:] = states[span.start : span.stop - 1]


def _times(out, *factors):
    """Multiply `out`, in place."""
    for factor in factors:
        np.multiply(out, factor, out)
