"""The front-end: its own checks and tests, its arithmetic held to Python's, its bundle fresh."""

from pathlib import Path

from golden import write_golden
from processes import run_node as run

FRONTEND = Path(__file__).parents[2] / "frontend"
STATIC = Path(__file__).parents[2] / "lstm_edu" / "static"


def test_node_tests_with_the_numbers_of_python(tmp_path, node_modules):
    golden = tmp_path / "golden.json"
    write_golden(golden)
    words = run("node", "--test", LSTM_GOLDEN=str(golden))
    assert "skipped 0" in words, words


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


def test_the_lock_names_no_registry():
    assert '"resolved"' not in (FRONTEND / "package-lock.json").read_text(encoding="utf-8")
