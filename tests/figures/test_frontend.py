"""The front-end: its own checks and tests, its arithmetic held to Python's, its bundle fresh."""

import sys
from pathlib import Path

import pytest
from processes import run_node

from lstm_edu.stale import stale

FRONTEND = Path(__file__).parents[2] / "frontend"
STATIC = Path(__file__).parents[2] / "lstm_edu" / "static"


def run(*command, **env):
    """Run a command of Node's; where it fails, its words alone are what the test says."""
    try:
        return run_node(*command, **env)
    except AssertionError as failure:
        words = str(failure)
    pytest.fail(words, pytrace=False)


def test_node_tests_with_the_numbers_of_python():
    words = run("npm", "test", "--silent", PYTHON=sys.executable)
    assert "skipped 0" in words, words


def test_no_node_test_passes_where_no_python_has_the_package(tmp_path):
    nothing = tmp_path / "python"
    nothing.write_text("#!/bin/sh\necho \"No module named 'numpy'\" >&2; exit 1\n")
    nothing.chmod(0o755)
    with pytest.raises(pytest.fail.Exception, match="No Python with lstm_edu") as failure:
        run("node", "--test", "test/lstm.test.mjs", PYTHON=str(nothing))
    assert "No module named 'numpy'" in str(failure.value)


def test_types_and_lint(node_modules):
    run("npm", "run", "--silent", "check")


def test_the_bundle_is_fresh(tmp_path, node_modules):
    run("node", "build.mjs", str(tmp_path))
    assert {path.name for path in STATIC.iterdir()} == {path.name for path in tmp_path.iterdir()}
    for built in sorted(tmp_path.iterdir()):
        kept = STATIC / built.name
        assert kept.exists() and kept.read_bytes() == built.read_bytes(), (
            f"lstm_edu/static/{built.name} is not what frontend/ builds: run make frontend"
        )


def test_the_mark_of_a_fresh_bundle_is_the_same_in_python_and_node():
    assert stale() == ""


def test_the_lock_names_no_registry():
    assert '"resolved"' not in (FRONTEND / "package-lock.json").read_text(encoding="utf-8")
