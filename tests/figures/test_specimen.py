"""A figure is one folder: the specimen, put beside the others, is found and passes their tests."""

import shutil
import subprocess
import sys

from processes import run_captured, run_node

from lstm_edu.figures import KINDS
from rules.pages import ROOT

FIGURE = "squash"
ASKED = "every_preset or every_field or keyboard or travels or without_scripts or sticks_out"


def test_a_folder_is_all_that_a_new_figure_takes(tmp_path, node_modules):
    """Copied with nothing else changed, it has a class, a script, and every test of a figure."""
    assert FIGURE not in KINDS
    listed = ["git", "ls-files", "-z", ":!chapters", ":!images"]
    files = subprocess.run(listed, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    for name in files.split("\0")[:-1]:
        if (ROOT / name).exists():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "frontend" / "node_modules").symlink_to(node_modules)
    shutil.copytree(ROOT / "frontend" / "specimen" / FIGURE, tmp_path / "lstm_edu/figures" / FIGURE)
    run_node("node", str(tmp_path / "frontend" / "build.mjs"))
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    tests += ["tests/figures/test_every_explorer.py", "-k", f"SquashExplorer and ({ASKED})"]
    done = run_captured(tests, cwd=tmp_path)
    assert done.returncode == 0 and "passed" in done.stdout, done.stdout
