"""What the front-end's arithmetic is held to: inputs, and what Python makes of them, as JSON.

`python tests/figures/golden.py cells` prints a section; the front-end's tests call it, through
`frontend/golden.mjs`. To add a section, write a function that returns its cases, and name it in
SECTIONS.
"""

import json
import math
import sys

import numpy as np

from lstm_edu import (
    CellExplorer,
    GradientExplorer,
    LayoutExplorer,
    LSTMParams,
    lstm_step,
    variants,
)

SHAPES = [(D, H) for D in (1, 2, 3, 5) for H in (1, 2, 4, 7)]
RUNS = [(1, 1, 1), (1, 3, 2), (2, 1, 5), (3, 2, 1), (2, 4, 7), (5, 3, 12), (4, 7, 6)]  # D, H, T


def plain(value):
    """Return arrays as lists, whatever holds them."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value


# --- one step of the LSTM --------------------------------------------------------------------


def lstm_cases():
    """Return many cells with what Python makes of them, saturated gates among them."""
    cases = []

    def add(name, x, h_prev, c_prev, W, U, b):
        step = lstm_step(x, h_prev, c_prev, LSTMParams(W, U, b))
        given = {"W": W, "U": U, "b": b, "x": x, "h_prev": h_prev, "c_prev": c_prev}
        cases.append(
            {
                "name": name,
                "input": {key: np.asarray(value).tolist() for key, value in given.items()},
                "output": {key: getattr(step, key).tolist() for key in "zifgoch"},
            }
        )

    rng = np.random.default_rng(4)
    for D, H in SHAPES:
        shapes = {"x": D, "h_prev": H, "c_prev": H, "W": (D, 4 * H), "U": (H, 4 * H), "b": 4 * H}
        # Positive summands keep z free of cancellation, where two sums need not agree to 1e-12.
        numbers = {key: rng.uniform(0.1, 1.5, shape) for key, shape in shapes.items()}
        add(f"open, D={D}, H={H}", **numbers)
        signs = {"x": -numbers["x"], "h_prev": -numbers["h_prev"], "b": -numbers["b"]}
        add(f"closed, D={D}, H={H}", **(numbers | signs))
    # x = 1, h = 0, no bias: z is W. Each gate and the candidate meets each value.
    extremes = [-1e6, -745, -700, -40, -1e-9, 0, 1e-9, 1e-3, 20, 37, 700, 1e6]
    for c in (-10, 0.3):
        for turn in range(4):
            W = np.array(
                [
                    [
                        extremes[(3 * gate * turn + unit + gate) % 12]
                        for gate in range(4)
                        for unit in range(12)
                    ]
                ]
            )
            add(
                f"extremes {turn}, c = {c}",
                [1],
                np.zeros(12),
                np.full(12, c),
                W,
                np.zeros((12, 48)),
                np.zeros(48),
            )
    # Chosen with random signs, and kept if no z cancels: every wrong block or axis shows.
    while len(cases) < 2 * len(SHAPES) + 8 + 20:
        D, H = (3, 4) if len(cases) % 2 else (2, 3)
        x, h, c, W, U, b = (
            rng.normal(size=shape) for shape in (D, H, H, (D, 4 * H), (H, 4 * H), 4 * H)
        )
        z = x @ W + h @ U + b
        if np.all(np.abs(z) > 0.05 * (np.abs(x) @ np.abs(W) + np.abs(h) @ np.abs(U) + np.abs(b))):
            step = lstm_step(x, h, c, LSTMParams(W, U, b))
            if np.all(np.abs(step.c) > 0.05):
                add(f"signs {len(cases)}", x, h, c, W, U, b)
    return cases


# --- every cell over a sequence --------------------------------------------------------------


def cell_cases():
    """Return runs of every kind, and the smaller functions beside them."""
    return {
        "shapes": cell_shapes(),
        "runs": [*cell_runs(), *linear_runs()],
        "closed": closed_runs(),
        "carry": carry_runs(),
        "uniform": [{"seed": seed, "values": uniforms(seed, 50)} for seed in (0, 1, 7, -3, 2**31)],
    }


def cell_shapes():
    """Return what each cell says of itself."""
    told = [
        {
            "kind": name,
            "blocks": cell.blocks,
            "states": cell.states,
            "D": D,
            "H": H,
            "shapes": cell.shapes(D, H),
        }
        for name, cell in variants.ALL.items()
        for D, H in ((1, 1), (3, 2))
    ]
    linear = [case | {"kind": "linear_rnn"} for case in told if case["kind"] == "simple_rnn"]
    return told + linear


def cell_runs():
    """Return each kind in many shapes, with random signs, there and back."""
    rng = np.random.default_rng(11)
    cases = []
    for name, cell in variants.ALL.items():
        for D, H, T in RUNS:
            given = random_run(rng, cell.shapes(D, H), cell.states, T)
            cases.append(run_of(f"{name}, D={D}, H={H}, T={T}", name, given))
        given = random_run(rng, cell.shapes(2, 3), cell.states, 4)
        given["params"]["b"] = None
        cases.append(run_of(f"{name} without a bias", name, given))
        given = random_run(rng, cell.shapes(2, 3), cell.states, 4)
        for field in ("h0", "c0", "dc_last"):
            given[field] = None
        cases.append(run_of(f"{name} from zero states", name, given))
    return cases


def random_run(rng, shapes, states, T):
    """Return weights that leave most gates half open, and all that a run reads."""
    D, H = shapes["W"][0], shapes["U"][0]
    params = {key: rng.normal(size=shape) / math.sqrt(D + H) for key, shape in shapes.items()}
    with_c = "c" in states
    return {
        "params": params,
        "x": rng.normal(size=(T, D)),
        "h0": rng.normal(size=H),
        "c0": rng.normal(size=H) if with_c else None,
        "dh": rng.normal(size=(T, H)),
        "dc_last": rng.normal(size=H) if with_c else None,
    }


def run_of(title, kind, given):
    """Return a run with every field of the trace and of the gradients."""
    cell = variants.ALL[kind]
    params = cell.params(**given["params"])
    first, last = [given["h0"]], []
    if "c" in cell.states:
        first, last = [given["h0"], given["c0"]], [given["dc_last"]]
    trace = cell.forward(given["x"], params, *first)
    gradients = cell.backward(trace, given["dh"], *last)
    fields = {
        key: value
        for key, value in trace._asdict().items()
        if key not in ("x", "params", "mask", "h0", "c0")
    }
    return {
        "name": title,
        "kind": kind,
        **given,
        "trace": fields,
        "gradients": gradients._asdict(),
    }


def linear_runs():
    """Return runs of the linear RNN in closed form, without a loop over time.

    h_t = h_0 U^t + Σ_k (x_k W + b) U^(t-k), and a step's whole dh_t = Σ_s dh_s (Uᵀ)^(s-t).
    """
    rng = np.random.default_rng(12)
    cases = []
    shapes = variants.simple_rnn.shapes
    for D, H, T in RUNS:
        given = random_run(rng, shapes(D, H), ("h",), T)
        W, U, b = (given["params"][key] for key in "WUb")
        x, h0, own = given["x"], given["h0"], given["dh"]
        power = [np.linalg.matrix_power(U, n) for n in range(T + 1)]
        h = np.array(
            [
                h0 @ power[t + 1] + sum((x[k] @ W + b) @ power[t - k] for k in range(t + 1))
                for t in range(T)
            ]
        )
        dh = np.array([sum(own[s] @ power[s - t].T for s in range(t, T)) for t in range(T)])
        before = np.concatenate([h0[None], h[:-1]])
        gradients = {
            "dW": x.T @ dh,
            "dU": before.T @ dh,
            "db": dh.sum(axis=0),
            "dx": dh @ W.T,
            "dh0": sum(own[s] @ power[s + 1].T for s in range(T)),
            "dh": dh,
        }
        cases.append(
            {
                "name": f"linear_rnn, D={D}, H={H}, T={T}",
                "kind": "linear_rnn",
                **given,
                "trace": {"z": h, "h": h},
                "gradients": gradients,
            }
        )
    return cases


def closed_runs():
    """Return runs in which one gate after the other is closed, or open: e^-40 and e^-300.

    One unit; x, the states, the weights and what the loss wants are positive, but for the bias of
    a closed gate, which is all that it reads. So z has few terms and they do not cancel, and
    every entry agrees to its own last digits.
    """
    cases = []
    for name, cell in variants.ALL.items():
        if name == "simple_rnn":
            continue
        n = len(cell.blocks)
        for block, bias in [(k, z) for k in range(n) for z in (-40.0, -300.0, 40.0, 300.0)]:
            if cell.blocks[block] == "g":
                continue  # a candidate is no gate
            params = {key: np.full(shape, 0.25) for key, shape in cell.shapes(1, 1).items()}
            for key in params.keys() - {"b"}:
                if params[key].shape[-1] == n:
                    params[key][..., block] = 0
            if "p" in params:
                params["p"][:] = 0  # what is closed stays at the bias exactly
            params["b"][..., block] = 0
            params["b"][(0, block) if params["b"].ndim == 2 else block] = bias
            with_c = "c" in cell.states
            given = {
                "params": params,
                "x": np.array([[0.5], [0.75]]),
                "h0": np.array([2.0]),
                "c0": np.array([3.0]) if with_c else None,
                "dh": np.array([[0.5], [1.0]]),
                "dc_last": np.array([0.25]) if with_c else None,
            }
            title = f"{name}, {cell.blocks[block]} shut, z = {bias}"
            if bias > 0:  # from zero states 1 - u and 1 - f are all that passes
                title, given["h0"] = title.replace("shut", "open"), np.zeros(1)
                given["x"], given["dh"] = given["x"][:1], given["dh"][:1]
                given["c0"] = np.zeros(1) if with_c else None
            cases.append(run_of(title, name, given))
    return cases


def carry_runs():
    """Return what the carry path alone brings back: the products of the f."""
    rng = np.random.default_rng(13)
    cases = []
    for name, cell in variants.ALL.items():
        if "c" not in cell.states:
            continue
        for D, H, T in ((1, 1, 1), (2, 3, 8)):
            given = random_run(rng, cell.shapes(D, H), cell.states, T)
            trace = cell.forward(
                given["x"], cell.params(**given["params"]), given["h0"], given["c0"]
            )
            dc = rng.normal(size=H)
            carry = [dc * np.prod(trace.f[t + 1 :], axis=0) for t in range(T)]
            cases.append({"kind": name, **given, "dc_from": dc, "carry": carry})
    return cases


def uniforms(seed, count):
    """Return the front-end's random numbers, mulberry32."""
    state, word, values = seed % 2**32, 2**32 - 1, []
    for _ in range(count):
        state = (state + 0x6D2B79F5) & word
        mixed = (state ^ state >> 15) * (state | 1) & word
        mixed ^= (mixed + (mixed ^ mixed >> 7) * (mixed | 61)) & word
        values.append(((mixed ^ mixed >> 14) & word) / 2**32)
    return values


# --- the gradient figure, to the last bit ----------------------------------------------------


def gradient_cases():
    """Return networks at rest, saturated and chaotic, of many sizes: all their gradients."""
    cases = []
    for H, radius, forget_bias, input_scale, T, seed in (
        (1, 1.5, 1, 0.5, 20, 3),
        (2, 2, 1, 0.5, 50, 3),
        (3, 2, -2, 0.01, 200, 9),
        (4, 2, 6, 3, 200, 99),
        (4, 0.9, 6, 0.01, 200, 55),
        (5, 1.3, 0, 0, 50, 4),
        (16, 2, 3, 1, 60, 5),
        (64, 2, 1, 0.5, 100, 7),
        (63, 0, -4, 1, 10, 1),
    ):
        given = {"radius": radius, "forget_bias": forget_bias, "input_scale": input_scale}
        given |= {"hidden_size": H, "T": T, "seed": seed}
        explorer = GradientExplorer(**given)
        params = explorer.params
        cases.append(
            {
                "input": given,
                "weights": {name: [params[name].W, params[name].U] for name in params},
                "vectors": {name: vectors[::9] for name, vectors in explorer.vectors.items()},
                "norms": explorer.norms,
                "bands": explorer.bands if H < 5 or T == 60 else None,
            }
        )
    return cases


# --- the way back through one step, as the cell's figure shows it -----------------------------


def back_cases():
    """Return states of the cell explorer, each variant in many sizes, with all its gradients."""
    rng = np.random.default_rng(14)
    cases = []
    for variant in CellExplorer.table["fields"]["variant"]["options"]:
        for D, H in ((1, 1), (3, 2), (2, 4)):
            shapes = {"W": (D, 4 * H), "U": (H, 4 * H), "b": 4 * H, "x": D, "c_prev": H, "dh": H}
            shapes |= {"h_prev": H, "dc": H, "p": (3, H), "V": (H, 4 * H)}
            arrays = {name: rng.normal(size=shape) for name, shape in shapes.items()}
            unit = int(rng.integers(H))
            explorer = CellExplorer(variant=variant, way="back", unit=unit, **arrays)
            numbers = explorer.numbers()
            gradients = {name: value for name, value in numbers.items() if name.startswith("d")}
            cases.append(
                {
                    "name": f"{variant}, D={D}, H={H}",
                    "input": explorer.state | {name: arrays[name] for name in ("dh", "dc")},
                    "gradients": gradients,
                }
            )
    return cases


# --- the arrays of other frameworks ----------------------------------------------------------


def layout_cases():
    """Return weights of which no two are equal, and every framework's arrays of them."""
    cases = []
    for framework in LayoutExplorer.table["fields"]["framework"]["options"]:
        for D, H in ((1, 1), (2, 3), (4, 2)):
            numbers = iter(range(1, 1000))
            shapes = {"W": (D, 4 * H), "U": (H, 4 * H), "b": (4 * H,)}
            weights = {name: np.zeros(shape) for name, shape in shapes.items()}
            for array in weights.values():
                array.flat = [next(numbers) for _ in range(array.size)]
            arrays = LayoutExplorer(framework=framework, **weights).arrays
            cases.append(
                {"framework": framework, "D": D, "H": H, "weights": weights, "arrays": arrays}
            )
    return cases


SECTIONS = {
    "lstm": lstm_cases,
    "cells": cell_cases,
    "gradient": gradient_cases,
    "back": back_cases,
    "layouts": layout_cases,
}

if __name__ == "__main__":
    print(json.dumps(plain(SECTIONS[sys.argv[1]]()), allow_nan=False))
