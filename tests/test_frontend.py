"""The front-end: its own checks and tests, its arithmetic held to Python's, its bundle fresh."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import run_node as run
from lstm_edu import stale

FRONTEND = Path(__file__).parent.parent / "frontend"
STATIC = Path(__file__).parent.parent / "lstm_edu" / "static"


def test_node_tests_with_the_numbers_of_python():
    words = run("npm", "test", "--silent", PYTHON=sys.executable)
    assert "skipped 0" in words, words


def test_no_node_test_passes_where_no_python_has_the_package(tmp_path):
    nothing = tmp_path / "python"
    nothing.write_text("#!/bin/sh\necho \"No module named 'numpy'\" >&2; exit 1\n")
    nothing.chmod(0o755)
    with pytest.raises(AssertionError, match="No Python with lstm_edu") as failure:
        run("node", "--test", "test/lstm.test.mjs", PYTHON=str(nothing))
    assert "No module named 'numpy'" in str(failure.value)


def test_types_and_lint(node_modules):
    run("npm", "run", "--silent", "check")


def test_the_bundle_is_fresh(tmp_path, node_modules):
    run("node", "build.mjs", str(tmp_path))
    for built in sorted(tmp_path.iterdir()):
        kept = STATIC / built.name
        assert kept.exists() and kept.read_bytes() == built.read_bytes(), (
            f"lstm_edu/static/{built.name} is not what frontend/ builds: run make frontend"
        )


# What changed since the bundle was built


@pytest.fixture
def checkout(tmp_path):
    """A copy of the front-end's sources and of the package, as a clone has them."""
    ignored = shutil.ignore_patterns("node_modules", "__pycache__")
    for folder in (FRONTEND, STATIC.parent):
        shutil.copytree(folder, tmp_path / folder.name, ignore=ignored)
    return tmp_path


def test_nothing_changed_since_the_last_build():
    assert stale.stale() == ""


def edit(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (lambda root: edit(root / "frontend/build.mjs", "passes: 3", "passes: 2"), "build.mjs"),
        (lambda root: edit(table_of(root), '"presets": [', '"presets":  ['), "gate.json"),
        (lambda root: edit(root / "lstm_edu/palette.json", "#", "# "), "palette.json"),
        (lambda root: edit(root / "lstm_edu/strings.json", "candidat", "candit"), "strings.json"),
        (lambda root: edit(root / "lstm_edu/static/explorers.css", "{", "{ "), "explorers.css"),
        (lambda root: (root / "frontend/src/new.mjs").write_text("1"), "new.mjs"),
        (lambda root: table_of(root).unlink(), "gate.json"),
    ],
)
def test_what_changed_is_named(checkout, change, names):
    change(checkout)
    sentence = stale.stale(checkout)
    assert f"/{names} changed since lstm_edu/static was built: run `make frontend`." in sentence


def table_of(root):
    (path,) = (root / "lstm_edu").rglob("gate.json")
    return path


def test_several_changes_are_one_sentence(checkout):
    shutil.rmtree(checkout / "lstm_edu" / "static")
    assert " more changed since lstm_edu/static was built" in stale.stale(checkout)


def test_words_that_no_explorer_shows_may_change(checkout):
    edit(checkout / "lstm_edu/strings.json", '"W": {', '"new": {"es": "n", "en": "n"}, "W": {')
    assert stale.stale(checkout) == ""


def test_an_explorer_warns_once_in_a_checkout_and_never_beside_a_wheel(checkout):
    edit(table_of(checkout), '"presets": [', '"presets":  [')
    code = "from lstm_edu import GateExplorer; GateExplorer(); GateExplorer()"

    def said():
        command = [sys.executable, "-W", "always", "-c", code]
        return subprocess.run(command, cwd=checkout, capture_output=True, text=True).stderr

    assert said().count("run `make frontend`") == 1
    shutil.rmtree(checkout / "frontend")
    assert said() == ""


def test_the_lock_names_no_registry():
    assert '"resolved"' not in (FRONTEND / "package-lock.json").read_text(encoding="utf-8")
