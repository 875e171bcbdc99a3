"""The exercises of chapter 4."""

import math

import numpy as np

from lstm_edu.cell import LSTMParams, lstm_step, sigmoid
from lstm_edu.layer import lstm_forward

from .base import Verdict, compare, least, number, numbers


def step(c_t, h_t):
    """Exercise 1: one whole time step by hand, its weights in the other notation."""
    c_t, h_t = number(c_t), number(h_t)
    h, x, c = -0.5, 1.0, 2.0  # what comes in
    cell = {  # [W on h, W on x], b
        "f": (2, 1, 1),
        "i": (-2, 1, 0),
        "g": (2, -1, 1),
        "o": (-2, -1, 0.5),
    }

    def sums(h, x, bias=1):
        return {gate: w_h * h + w_x * x + bias * b for gate, (w_h, w_x, b) in cell.items()}

    def run(z, squash=math.tanh):
        f, i, o = (float(sigmoid(z[gate])) for gate in "fio")
        new = f * c + i * squash(z["g"])
        return [new, o * math.tanh(new)]

    z = sums(h, x)
    f, i, o = (float(sigmoid(z[gate])) for gate in "fio")
    g = math.tanh(z["g"])
    right = run(z)
    raw = z["f"] * c + z["i"] * g
    erased = (1 - f) * c + i * g
    coupled = f * c + (1 - f) * g
    verdict = compare(
        [c_t, h_t],
        right=right,
        exchanged=right[::-1],
        sigma=run(z, squash=lambda z_g: float(sigmoid(z_g))),
        gates=run({**z, "f": z["i"], "i": z["f"]}),
        columns=run(sums(x, h)),
        bias=run(sums(h, x, bias=0)),
        raw=[raw, z["o"] * math.tanh(raw)],
        erased=[erased, o * math.tanh(erased)],
        coupled=[coupled, o * math.tanh(coupled)],
    )
    if verdict.key == "wrong" and compare(c_t, right[0]).key == "right":
        shown = compare(
            h_t,
            right[1],
            bare=o * right[0],
            same=right[0],
            old=o * math.tanh(c),
            open=math.tanh(right[0]),
        )
        verdict = Verdict("hidden" if shown.key == "wrong" else shown.key)
    return Verdict(verdict.key, {f"z_{gate}": value for gate, value in z.items()})


def forget_bias(b_f):
    """Exercise 2: the smallest bias that leaves 95 % after 50 steps, to two decimals."""
    b_f, gate = number(b_f), 0.95 ** (1 / 50)
    exact = math.log(gate / (1 - gate))
    f = float(sigmoid(b_f))
    key = least(b_f, exact)
    if abs(b_f - gate) < 2e-3:
        key = "gate"
    elif abs(b_f - math.log10(gate / (1 - gate))) < 0.01:
        key = "ten"
    elif b_f < 0:
        key = "shut"
    return Verdict(key, {"c": f**50, "f": f, "b_f": b_f})


def secret(w_o, b_o):
    """Exercise 3: weight and bias of an output gate that opens only when x is 1."""
    w_o, b_o = number(w_o), number(b_o)

    def told(w_o, b_o):
        params = LSTMParams(W=[[0, 0, 0, w_o]], U=[[0, 0, 0, 0]], b=[-20, 20, 0, b_o])
        return [float(lstm_step([x], [0], [0.8], params).h[0]) for x in (0, 1)]

    def keeps(w_o, b_o):
        asleep, asked = told(w_o, b_o)
        return asleep < 0.01 and asked > 0.65

    asleep, asked = told(w_o, b_o)
    if keeps(w_o, b_o):
        key = "right"
    elif w_o == 0:
        key = "same"
    elif keeps(b_o, w_o):
        key = "exchanged"
    elif w_o < 0:
        key = "against" if b_o < 0 else "inverted"
    else:
        key = "leaks" if asleep >= 0.01 else "shy"
    return Verdict(key, {"asleep": asleep, "asked": asked, "z": w_o + b_o})


def switch(W, U, b):
    """Exercise 4: any weights with which h says whether the presses so far are odd."""
    W, U, b = (np.clip(numbers(part, (4,)), -1e6, 1e6) for part in (W, U, b))
    presses = np.random.default_rng(4).random((20, 60, 1)) < 0.15
    presses[0] = np.arange(60)[:, None] % 30 == 1  # two, and a long time after each
    presses[1] = np.arange(60)[:, None] < 9  # one upon the other
    h = lstm_forward(presses.astype(float), LSTMParams(W[None], U[None], b)).h[..., 0]
    count = presses[..., 0].cumsum(axis=1)
    good = np.where(count % 2 == 1, h > 0.5, h < 0.1)
    if good.all():
        return Verdict("right", {"low": h[count % 2 == 1].min(), "high": h[count % 2 == 0].max()})
    # The earliest fault of all sequences tells most.
    row, t = min(np.argwhere(~good), key=lambda place: (count[tuple(place)], place[1]))
    pressed = presses[row, t, 0]
    if count[row, t] == 0:
        key = "early"
    elif pressed:
        key = "dark" if count[row, t] == 1 else "stuck" if count[row, t] == 2 else "later"
    else:
        key = "fades" if count[row, t] % 2 == 1 else "wakes"
    since = int(np.argmax(presses[row, t::-1, 0]))
    return Verdict(key, {"h": h[row, t], "count": int(count[row, t]), "since": since})
