"""The exercises of chapter 12."""

import numpy as np

from lstm_edu.recurrent import Cell
from lstm_edu.variants import ALL

from .base import Verdict, number, numbers

CELLS = ("full_peephole_lstm", "peephole_lstm", "gru", "coupled_lstm")


def which(*names):
    """Exercise 1: the cells of three parameter counts and of two equations."""
    if len(names) != len(CELLS):
        return Verdict("four", {"count": len(names)})
    names = tuple(n.name if isinstance(n, Cell) else n for n in names)
    names = tuple(n.strip().lower() if isinstance(n, str) else n for n in names)
    for place, name in enumerate(names, 1):
        if not isinstance(name, str) or name not in ALL:
            return Verdict("unknown", {"place": place})
    if names == CELLS:
        return Verdict("right")
    if "lstm" in names[:3]:
        return Verdict("plain", {"total": ALL["lstm"].count(10, 20).total})
    confused = {  # a usual mistake: the place, and what is written there
        "matrix": (0, "peephole_lstm"),
        "vector": (1, "full_peephole_lstm"),
        "one_bias": (2, "gru_reset_before"),
        "three_blocks": (2, "coupled_lstm"),
        "no_cell": (3, "gru"),
        "no_cell_before": (3, "gru_reset_before"),
        "two_gates": (3, "lstm"),
    }
    for key, (place, name) in confused.items():
        if names[place] == name:
            return Verdict(key)
    right = sum(name == cell for name, cell in zip(names, CELLS, strict=True))
    return Verdict("wrong", {"right": right})


def convert(W, U, b):
    """Exercise 2: a GRU with 1 - u and the blocks r, u, g, written with u and u, r, g."""
    given = np.array([_three(part) for part in (W, U, b)])
    r, u, g = np.array([[1, -4, 2], [0.5, 3, -1], [-1, -2, 1.5]]).T
    forms = {
        "right": (-u, r, g),
        "sign": (u, r, g),
        "order": (r, -u, g),
        "same": (r, u, g),
        "all": (-u, -r, -g),
        "reset": (u, -r, g),
        "both_gates": (-u, -r, g),
        "front": (r, g, -u),
    }
    for key, blocks in forms.items():
        if np.allclose(given, np.transpose(blocks), atol=1e-3):
            return Verdict(key)
    if np.allclose(np.abs(given), np.abs(np.transpose(forms["right"])), atol=1e-3):
        return Verdict("some")  # W, U and b do not agree on the signs
    return Verdict("wrong")


def _three(part):
    """Read three numbers; a row of three, as W and U have it, is the same three."""
    row = isinstance(part, list | tuple) or (isinstance(part, np.ndarray) and part.ndim == 2)
    return numbers(part[0] if row and len(part) == 1 else part, (3,))


def threshold(p_o, b_o):
    """Exercise 3: an output gate that opens when the count of its unit reaches 3."""
    p_o, b_o = number(p_o), number(b_o)
    too_large = max(abs(p_o), abs(b_o), 1e6) / 1e6  # from here on the same gate for σ
    p_o, b_o = p_o / too_large, b_o / too_large
    pulses = np.array([[1], [0], [1], [0], [1], [0], [1]])
    cell, b = ALL["peephole_lstm"], np.array([-10, 15, 10, b_o])
    params = cell.params(np.array([[20, 0, 0, 0]]), np.zeros((1, 4)), b, np.array([0, 0, p_o]))
    h = cell.forward(pulses, params).h[:, 0]
    found = {"two": float(h[:4].max()), "three": float(h[4:].min())}
    quiet, fires = found["two"] < 0.01, found["three"] > 0.9
    if quiet and fires:
        key = "right"
    elif p_o == 0:
        key = "blind"
    elif p_o < 0:
        key = "inverted"
    elif np.isclose(b_o, -3 * p_o, atol=1e-3) or np.isclose(b_o, -2 * p_o, atol=1e-3):
        key = "edge"
    elif np.isclose(b_o, 0):
        key = "no_bias"
    elif np.isclose(b_o, [-2, -2.5, -3]).any() and -b_o / p_o < 2:
        key = "unscaled"
    elif b_o > 0:
        key = "plus"
    elif 2 < -b_o / p_o < 3:
        key = "soft"  # the threshold is in place
    elif quiet:
        key = "late"
    else:
        key = "early" if fires else "soft"
    return Verdict(key, {**found, "at": -b_o / p_o if p_o else 0.0})


def every_third(cell, params):
    """Exercise 4: any cell, any size, any weights, that fires at every third pulse."""
    cell = ALL.get(cell) if isinstance(cell, str) else cell
    if not isinstance(cell, Cell):
        return Verdict("no_cell")
    rng = np.random.default_rng(12)
    pulses = np.zeros((7, 40, 1))
    pulses[0, ::4], pulses[1] = 1, 1  # apart; without a break
    pulses[2:] = rng.random((5, 40, 1)) < np.array([0.2, 0.4, 0.5, 0.7, 0.9])[:, None, None]
    try:
        h = cell.forward(pulses, params).h[..., 0]
    except (TypeError, ValueError):
        return Verdict("misfit", {"cell": cell.name})
    count = pulses[..., 0].cumsum(axis=1)
    wanted, fires = (pulses[..., 0] == 1) & (count % 3 == 0), h > 0.5
    if (wanted == fires).all():
        return Verdict("right", {"cell": cell.name})
    if not fires.any():
        return Verdict("never", {"most": float(h.max())})
    train, t = np.argwhere(wanted != fires)[0]
    found = {"h": float(h[train, t]), "n": int(count[train, t])}
    if wanted[train, t]:
        late = t + 1 < fires.shape[1] and fires[train, t + 1]
        return Verdict("late" if late else "misses", found)
    if count[train, t] < 3:
        return Verdict("early", found)
    return Verdict("stays" if fires[train, t - 1] else "again", found)
