"""Gradients to look at: checked against differences, and taken apart by the paths they come by."""

from typing import NamedTuple

import numpy as np

from .checks import check_array, check_finite, check_kind, check_size
from .layer import LSTMTrace

__all__ = ["CellPaths", "cell_paths", "check_gradients", "state_jacobian"]


# --- is it the gradient? ---------------------------------------------------------------------


def check_gradients(loss, arrays, gradients, *, directions=4, tolerance=1e-7, seed=0):
    """Hold gradients to the differences that they stand for.

    Along a random direction v, Σ (∂L/∂a) v = (L(a + ε v) - L(a - ε v)) / 2ε, but for what the
    difference itself leaves out (of order ε²) and what rounding takes (of order 1/ε).

    Parameters
    ----------
    loss : callable
        Takes the arrays by name and returns L, one number.
    arrays : dict of str to array_like
        Where to stand, by the names that `loss` takes; any shapes. In float64.
    gradients : dict of str to array_like
        ∂L/∂a for each array to be checked, in its shape.
    directions : int
        Random directions tried in each array.
    tolerance : float
        How far the two may differ, as a fraction of the gradient's length.
    seed : int
        Of the random directions.

    Returns
    -------
    float
        The largest difference found, as a fraction of the gradient's length.

    Raises
    ------
    AssertionError
        If a gradient differs; it names the entry that differs most, with both numbers.
    TypeError, ValueError
        If an array and its gradient do not fit, or hold no finite numbers.

    Examples
    --------
    >>> def loss(a):
    ...     return np.sum(np.sin(a))
    >>> a = np.array([0.0, 1.0, 2.0])
    >>> check_gradients(loss, {"a": a}, {"a": np.cos(a)}) < 1e-9
    True
    >>> check_gradients(loss, {"a": a}, {"a": np.array([1.0, 0.5, -0.4])})
    Traceback (most recent call last):
    ...
    AssertionError: gradient of a[1]: given 0.5, measured 0.5403023.
    """
    check_size(directions, "directions")
    places = {name: _float64(value, name) for name, value in arrays.items()}
    if strangers := gradients.keys() - places.keys():
        raise ValueError(
            f"gradients: expected names among {', '.join(places)}, got {', '.join(strangers)}."
        )
    rng, worst = np.random.default_rng(seed), 0.0
    for name, given in gradients.items():
        place = places[name]
        given = check_array(given, f"gradient of {name}", place.shape, str(place.shape))
        for _ in range(directions):
            v = rng.normal(size=place.shape)
            v /= np.linalg.norm(v)
            measured, noise = _slope(loss, places, name, v)
            with np.errstate(over="ignore"):  # what leaves the number format does not agree
                length = max(np.linalg.norm(given), abs(measured))
                difference = abs(np.sum(given * v) - measured)
            if not difference <= tolerance * length + noise:
                raise AssertionError(_worst_entry(loss, places, name, given))
            worst = max(worst, difference / length if length else 0.0)
    return float(worst)


def _float64(value, name):
    shape = np.shape(value)
    return check_array(value, name, shape, str(shape), dtype=np.dtype(np.float64))


def _slope(loss, places, name, v):
    """Return dL/dε at a + ε v by a central difference, and what rounding may have done to it."""
    place = places[name]
    step = np.cbrt(np.finfo(float).eps) * max(1.0, np.abs(place).max())
    up, down = (float(loss(**{**places, name: place + s * v})) for s in (step, -step))
    return (up - down) / (2 * step), 8 * np.finfo(float).eps * max(abs(up), abs(down)) / step


def _worst_entry(loss, places, name, given):
    measured = np.empty_like(given)
    for index in np.ndindex(given.shape):
        v = np.zeros_like(given)
        v[index] = 1
        measured[index], _ = _slope(loss, places, name, v)
    index = np.unravel_index(np.argmax(np.abs(given - measured)), given.shape)
    where = f"[{', '.join(map(str, index))}]" if index else ""
    return f"gradient of {name}{where}: given {given[index]:.7g}, measured {measured[index]:.7g}."


# --- by which path does it come? -------------------------------------------------------------


class CellPaths(NamedTuple):
    """∂c_t/∂c_{t-k} in two parts; in each, entry [m, n] is about unit m of c_t and n of c_{t-k}."""

    carry: np.ndarray  # (B, H, H), diagonal: along the cell state itself, the product of the f
    gates: np.ndarray  # (B, H, H), by every way that goes through a hidden state and its gates

    @property
    def total(self) -> np.ndarray:
        """The whole derivative, (B, H, H)."""
        return self.carry + self.gates


@np.errstate(over="ignore", invalid="ignore")  # check_finite refuses what overflows
def cell_paths(trace, t, k):
    """Take ∂c_t/∂c_{t-k} of an LSTM apart: the carry path, and the rest.

    carry_t = f_t ⊙ carry_{t-1}; gates_t = f_t ⊙ gates_{t-1} + (∂c_t/∂z_t) Uᵀ ∂h_{t-1}/∂c_{t-k};
    ∂h_t/∂c_{t-k} = o_t ⊙ tanh'(c_t) ⊙ (carry_t + gates_t) + (∂h_t/∂z_o) Uᵀ ∂h_{t-1}/∂c_{t-k}.

    Parameters
    ----------
    trace : LSTMTrace
        What `lstm_forward` returned.
    t : int
        The later time step, from 0.
    k : int
        How many time steps earlier, up to t + 1, which is c_0, the state before the first step.

    Returns
    -------
    CellPaths
        carry, gates and their sum, total: (H, H) or (B, H, H).

    Raises
    ------
    TypeError
        If `t` or `k` is no integer, or `trace` no LSTMTrace.
    ValueError
        If there is no such time step, or an entry leaves the number format.

    References
    ----------
    Hochreiter & Schmidhuber (1997), doi:10.1162/neco.1997.9.8.1735: the carry path, which they
    call the constant error carousel.

    Examples
    --------
    >>> from lstm_edu import LSTMParams, lstm_forward
    >>> params = LSTMParams(W=[[1.0, 2.0, 3.0, 4.0]], U=[[0.1, 0.2, 0.3, 0.4]], b=[0, 1, 0, 0])
    >>> paths = cell_paths(lstm_forward([[0.5], [-0.5], [1.0]], params), t=2, k=2)
    >>> paths.carry.round(4), paths.gates.round(4)  # f_1 f_2, and what h_0 and h_1 add
    (array([[0.4977]]), array([[0.0227]]))
    """
    first = _first_step(trace, LSTMTrace, "lstm_forward", t, k)
    H, U = trace.h.shape[-1], trace.params.U
    U_i, U_f, U_g, U_o = (U[:, n * H : (n + 1) * H].T for n in range(4))
    _, _, i, f, g, o, c, *_ = (np.moveaxis(array, -2, 0)[..., None] for array in trace[:8])
    c_before = np.concatenate([trace.c0[None, ..., None], c[:-1]])
    tanh_c = np.tanh(c)
    carry = np.broadcast_to(np.eye(H, dtype=U.dtype), (*trace.c0.shape, H))
    gates, dh = np.zeros_like(carry), np.zeros_like(carry)
    if first:  # of the c_0 that is given no h was made
        at_once = (o * (1 - tanh_c**2))[first - 1] * carry
        (dh,) = _unless_passed(trace, first - 1, [at_once], [dh])
    for s in range(first, t + 1):
        through_gates = (
            (g * i * (1 - i))[s] * (U_i @ dh)
            + (c_before * f * (1 - f))[s] * (U_f @ dh)
            + (i * (1 - g**2))[s] * (U_g @ dh)
        )
        through_o = (tanh_c * o * (1 - o))[s] * (U_o @ dh)
        after = f[s] * carry, f[s] * gates + through_gates
        dh_after = (o * (1 - tanh_c**2))[s] * sum(after) + through_o
        carry, gates, dh = _unless_passed(trace, s, (*after, dh_after), (carry, gates, dh))
    return check_finite(CellPaths(carry, gates))


def state_jacobian(cell, trace, t, k):
    """Return the full Jacobian ∂s_t/∂s_{t-k} of a recurrent layer's state, by every path.

    s is h in a simple RNN and in a GRU, and [h, c] side by side in an LSTM and its variants, so
    that all of them can be laid beside each other. A row is a number of s_t, a column one of
    s_{t-k}.

    Parameters
    ----------
    cell : lstm_edu.recurrent.Cell
        One of `lstm_edu.variants`.
    trace : NamedTuple
        What its ``forward`` returned.
    t : int
        The later time step, from 0.
    k : int
        How many time steps earlier, up to t + 1, which is the state before the first step.

    Returns
    -------
    numpy.ndarray, shape (S, S) or (B, S, S)
        S is H or 2 H.

    Raises
    ------
    TypeError
        If `t` or `k` is no integer, or `trace` no trace of the cell.
    ValueError
        If there is no such time step, or an entry leaves the number format.

    References
    ----------
    Pascanu, Mikolov & Bengio (2013), arXiv:1211.5063: the product of Jacobians that
    vanishes or explodes.

    Examples
    --------
    >>> from lstm_edu import variants
    >>> params = variants.RNNParams(W=[[1.0]], U=[[0.5]])
    >>> trace = variants.simple_rnn.forward([[0.0], [0.0], [0.0]], params)
    >>> state_jacobian(variants.simple_rnn, trace, t=2, k=2)  # at rest tanh' = 1: 0.5²
    array([[0.25]])
    """
    first = _first_step(trace, cell.Trace, f"{cell.name}.forward", t, k)
    H, S = trace.h.shape[-1], trace.h.shape[-1] * len(cell.states)
    states = [_state_before(trace, name, first) for name in cell.states]
    x, mask = trace.x[..., first : t + 1, :], trace.mask
    mask = None if mask is None else _one_each(mask[..., first : t + 1], S, trailing=1)
    states = [_one_each(state, S, trailing=1) for state in states]
    part = cell.forward(_one_each(x, S, trailing=2), trace.params, *states, mask=mask)
    batch = len(part.h) // S
    dh = np.zeros_like(part.h)  # row by row, the number of s_t that is looked at
    dh[:, -1] = np.tile(np.eye(S, H), (batch, 1))
    dc = [np.tile(np.eye(S, H, -H, dtype=dh.dtype), (batch, 1))] if "c" in cell.states else []
    back = cell.backward(part, dh, *dc)
    columns = [getattr(back, f"d{name}0") for name in cell.states]
    return np.concatenate(columns, axis=-1).reshape(*trace.h.shape[:-2], S, S)


# --- small parts -----------------------------------------------------------------------------


def _first_step(trace, kind, maker, t, k):
    """Return the step after t - k, the first that the derivative goes through."""
    check_kind(trace, "trace", kind, maker)
    T = trace.h.shape[-2]
    t, k = check_size(t, "t", smallest=0), check_size(k, "k")
    if t >= T:
        raise ValueError(f"t: expected a time step from 0 to {T - 1}, got {t}.")
    if k > t + 1:
        raise ValueError(f"k: expected 1 to {t + 1} steps back from t = {t}, got {k}.")
    return t - k + 1


def _unless_passed(trace, step, after, before):
    """Return `after`, but `before` in the sequences whose mask passes the step by."""
    if trace.mask is None:
        return after
    counts = trace.mask[..., step, None, None]
    return [np.where(counts, new, old) for new, old in zip(after, before, strict=True)]


def _state_before(trace, name, step):
    return getattr(trace, name)[..., step - 1, :] if step else getattr(trace, f"{name}0")


def _one_each(array, copies, trailing):
    """Repeat each sequence, whose own axes are the trailing ones: (B copies, ...)."""
    own = array.shape[array.ndim - trailing :]
    return np.repeat(array.reshape(-1, *own), copies, axis=0)
