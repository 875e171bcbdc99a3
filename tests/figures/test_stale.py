"""What says that the bundle is stale: which file changed since it was built, in one sentence."""

import shutil
import subprocess
import sys

import pytest

from lstm_edu.stale import marks, stale
from rules.pages import ROOT


@pytest.fixture
def checkout(tmp_path):
    """A copy of the front-end's sources and of the package, marked as just built."""
    ignored = shutil.ignore_patterns("node_modules", "__pycache__")
    for name in ("frontend", "lstm_edu"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    built = marks(tmp_path).items()
    lines = "".join(f"{path} {mark}\n" for path, mark in built)
    (tmp_path / "lstm_edu" / "static" / "built-from").write_text(lines, "utf-8")
    return tmp_path


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
        (lambda root: edit(root / "lstm_edu/static/kit.css", "{", "{ "), "kit.css"),
        (lambda root: (root / "frontend/kit/new.mjs").write_text("1"), "new.mjs"),
        (lambda root: table_of(root).unlink(), "gate.json"),
    ],
)
def test_what_changed_is_named(checkout, change, names):
    change(checkout)
    sentence = stale(checkout)
    assert sentence.endswith(
        f"/{names} changed since lstm_edu/static was built: run `make frontend`."
    )
    assert " " not in sentence.partition(" changed")[0]  # and nothing else


def table_of(root):
    (path,) = (root / "lstm_edu").rglob("gate.json")
    return path


def test_several_changes_are_one_sentence(checkout):
    shutil.rmtree(checkout / "lstm_edu" / "static")
    assert " more changed since lstm_edu/static was built" in stale(checkout)


def test_words_that_no_explorer_shows_may_change(checkout):
    edit(checkout / "lstm_edu/strings.json", '"W": {', '"new": {"es": "n", "en": "n"}, "W": {')
    assert stale(checkout) == ""


def test_an_explorer_warns_once_in_a_checkout_and_never_beside_a_wheel(checkout):
    edit(table_of(checkout), '"presets": [', '"presets":  [')
    code = "from lstm_edu import GateExplorer; GateExplorer(); GateExplorer()"

    def said():
        command = [sys.executable, "-W", "always", "-c", code]
        return subprocess.run(command, cwd=checkout, capture_output=True, text=True).stderr

    assert said().count("run `make frontend`") == 1
    shutil.rmtree(checkout / "frontend")
    assert said() == ""
