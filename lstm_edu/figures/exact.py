"""Three cells in an arithmetic that comes out the same, to the last bit, in every program.

Two correct programs part where a network is chaotic: their ``exp`` differ in a last bit, or they
add up in another order, and the network makes everything of it. So here are only sums, products
and quotients, which IEEE 754 fixes, in an order that is written down: that of
``frontend/numerics/cells.mjs``, whose ``exp`` and ``tanh`` are those of this module. The
equations are those of `lstm_edu.variants`, and where a network is not chaotic the tests hold one
to the other.

Many networks of one size run side by side: every array has a first axis S for them. The input is
one number, x: (S, T).
"""

import math

import numpy as np

__all__ = ["add_product", "backward", "exp", "forward", "sigmoid", "tanh", "total"]

# ln 2 in two parts, the first with so few digits that a whole number of it is exact.
LN2_HIGH, LN2_LOW, PER_LN2 = 0.6931471803691238, 1.9082149292705877e-10, 1.4426950408889634
SERIES = [1 / math.factorial(n) for n in range(14, 0, -1)]


def _reduced(x):
    """Return k and e^r - 1, by its series, of x = k ln 2 + r with |r| ≤ ln 2 / 2."""
    k = np.floor(x * PER_LN2 + 0.5)
    r = x - k * LN2_HIGH - k * LN2_LOW
    series = np.zeros_like(r)
    for coefficient in SERIES:
        series = (series + coefficient) * r
    return k.astype(int), series


def exp(x):
    """Return e^x for x up to 709, also where it is too small for all its digits."""
    k, rest = _reduced(np.maximum(x, -750.0))
    small = k < -1000
    power = np.ldexp(1.0, k + 1000 * small)
    return (power + power * rest) * np.where(small, 2.0**-1000, 1.0)


def tanh(x):
    """Return (e^2x - 1) / (e^2x + 1), also with the digits of a small x."""
    k, rest = _reduced(2 * np.minimum(np.abs(x), 22.0))  # from 22 on it is 1
    power = np.ldexp(1.0, k)
    e = (power - 1) + power * rest
    return np.copysign(e / (e + 2), x)


def sigmoid(x):
    """Return 1 / (1 + e^-x), also with the digits of a gate that is all but closed."""
    e = exp(-np.abs(x))
    return np.where(x >= 0, 1.0, e) / (1 + e)


def total(terms):
    """Return the sum over the last axis, from the first term to the last."""
    result = np.zeros(terms.shape[:-1])
    for n in range(terms.shape[-1]):
        result = result + terms[..., n]
    return result


def add_product(out, row, M):
    """Add row · M to `out`, from the first row of M to the last."""
    for k in range(M.shape[1]):
        out += row[:, k, None] * M[:, k]


def turned(dz, columns):
    """Return dz · Mᵀ from the columns of M, (N, S, H), from the first to the last."""
    result = np.zeros(columns.shape[1:])
    for n, column in enumerate(columns):
        result += dz[:, n, None] * column
    return result


# --- the cells: one step there, and one back -------------------------------------------------


def rnn_step(before, xW, U, b):
    z = b + xW
    add_product(z, before["h"], U)
    return {"h": tanh(z)}


def rnn_back(step, before, dh, dc):
    h = step["h"]
    return dh * (1 - h * h), 0, dc


def lstm_step(before, xW, U, b):
    z = b + xW
    add_product(z, before["h"], U)
    i, f, g, o = np.split(z, 4, axis=-1)
    i, f, g, o = sigmoid(i), sigmoid(f), tanh(g), sigmoid(o)
    c = f * before["c"] + i * g
    return {"i": i, "f": f, "g": g, "o": o, "c": c, "h": o * tanh(c)}


def lstm_back(step, before, dh, dc):
    i, f, g, o = (step[name] for name in "ifgo")
    tanh_c = tanh(step["c"])
    dz_o = dh * tanh_c * o * (1 - o)
    dc = dc + dh * o * (1 - tanh_c * tanh_c)
    dz_i = dc * g * i * (1 - i)
    dz_f = dc * before["c"] * f * (1 - f)
    dz_g = dc * i * (1 - g * g)
    return np.concatenate([dz_i, dz_f, dz_g, dz_o], axis=-1), 0, dc


def gru_step(before, xW, U, b):
    """One step of the GRU that resets after the matrix; its second bias is zero."""
    H = U.shape[1]
    z = b + xW
    m = np.zeros_like(before["h"])
    add_product(z[:, : 2 * H], before["h"], U[..., : 2 * H])
    add_product(m, before["h"], U[..., 2 * H :])
    z_u, z_r, z_g = np.split(z, 3, axis=-1)
    u, keep_out, r = sigmoid(z_u), sigmoid(-z_u), sigmoid(z_r)  # keep_out is 1 - u
    g = tanh(z_g + r * m)
    h = u * before["h"] + keep_out * g
    return {"u": u, "1-u": keep_out, "r": r, "m": m, "g": g, "h": h}


def gru_back(step, before, dh, dc):
    u, new, r, m, g = (step[name] for name in ("u", "1-u", "r", "m", "g"))
    dz_u = dh * (before["h"] - g) * u * new
    dz_g = dh * new * (1 - g * g)
    dz_r = dz_g * m * r * (1 - r)
    dz = np.concatenate([dz_u, dz_r, dz_g], axis=-1)  # what reaches xW
    dz_h = np.concatenate([dz_u, dz_r, dz_g * r], axis=-1)  # what reaches hU
    return (dz, dz_h), dh * u, dc


CELLS = {
    "rnn": (rnn_step, rnn_back),
    "lstm": (lstm_step, lstm_back),
    "gru": (gru_step, gru_back),
}


# --- a sequence, there and back --------------------------------------------------------------


def forward(name, params, x):
    """Return the steps of a cell, each with its states: (S, H) by name."""
    step, _ = CELLS[name]
    W, U, b = params
    state = {"h": np.zeros(U.shape[:2]), "c": np.zeros(U.shape[:2])}
    steps = [state]
    for t in range(x.shape[1]):
        steps.append(step(steps[-1], x[:, t, None] * W, U, b))
    return steps[1:]


def backward(name, params, steps, dh):
    """Carry the gradient with respect to the last h back through all steps.

    Returns
    -------
    dict
        "h" and "c": (T, S, H), where "c" means something in the LSTM alone; "x": (T, S).
    """
    _, back = CELLS[name]
    W, U, _ = params
    columns = np.ascontiguousarray(U.transpose(2, 0, 1))
    nothing = {key: np.zeros_like(dh) for key in "hc"}
    dc = np.zeros_like(dh)
    found = {"h": [], "c": [], "x": []}
    for t in reversed(range(len(steps))):
        before = steps[t - 1] if t else nothing
        dz, direct, dc = back(steps[t], before, dh, dc)
        dz, dz_h = dz if isinstance(dz, tuple) else (dz, dz)
        for key, value in (("h", dh), ("c", dc), ("x", total(dz * W))):
            found[key].append(value)
        if name == "lstm":
            dc = dc * steps[t]["f"]
        dh = direct + turned(dz_h, columns)
    return {key: np.array(values[::-1]) for key, values in found.items()}
