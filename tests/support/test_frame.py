"""The frame itself: what conftest.py and this folder promise to the other tests."""

import os
import subprocess
import sys
import urllib.error
import urllib.request

import nbformat
import pytest
from browsing import serve
from building import build_book, toc_files
from processes import once_per_run

from rules.pages import ROOT


def test_a_job_is_done_once_and_its_result_shared(tmp_path):
    calls = []
    for _ in range(3):
        assert once_per_run(tmp_path / "job", lambda: calls.append(1) or "done") == "done"
    assert calls == [1]


def test_a_job_that_raises_tells_every_worker(tmp_path):
    def fail():
        raise OSError("disk full")

    for _ in range(2):
        assert once_per_run(tmp_path / "job", fail) == "OSError: disk full"


def test_toc_files_in_order():
    toc = {
        "root": "index",
        "parts": [
            {"caption": "Español", "chapters": [{"file": "a", "sections": [{"file": "a1"}]}]},
            {"caption": "English", "chapters": [{"file": "b"}, {"url": "https://example.org"}]},
        ],
    }
    assert toc_files(toc) == ["index", "a", "a1", "b"]


def run_pytest(*arguments, **environment):
    """Run pytest with the project's settings and return what it says, without CI by default."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--color=no", *arguments],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "CI"} | environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    return done.returncode, done.stdout


SKIPPING = """
import pytest
def test_skips(): pytest.skip("no thing")
@pytest.mark.skipif(True, reason="not here")
def test_marked(): pass
"""


def test_in_ci_a_skipped_test_fails(tmp_path):
    (tmp_path / "test_a.py").write_text(SKIPPING)
    (tmp_path / "test_b.py").write_text("import pytest\npytest.importorskip('no_such_module')\n")
    tests = ["-p", "tests.conftest", f"--rootdir={tmp_path}", str(tmp_path)]
    here = {"PYTHONPATH": "tests/support"}  # what is tried knows no pyproject.toml
    code, said = run_pytest(*tests, **here)
    assert code == 0 and "3 skipped" in said
    code, said = run_pytest(
        *tests, "--continue-on-collection-errors", PYTHONPATH="tests/support", CI="1"
    )
    assert code == 1 and "1 failed, 2 errors" in said
    assert "was skipped, and in CI none may be. Skipped: no thing" in said


def test_a_stored_output_that_is_no_longer_true_fails(tmp_path):
    """In pytest's own environment, in order, in one kernel; addresses alone may change."""

    def cell(source, stored):
        data = {"text/plain": stored}
        output = nbformat.v4.new_output("execute_result", data, execution_count=1)
        return nbformat.v4.new_code_cell(source, execution_count=1, outputs=[output])

    cells = [
        cell("import sys; x = 1; sys.prefix", repr(sys.prefix)),
        cell("x + 1", "2"),
        cell("object()", "<object at 0x7f0000000000>"),
        cell("x + 1", "3"),
        cell("x", ""),
        cell("1 / 0", "1"),
    ]
    cells[4].outputs = []
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "elsewhere", "display_name": "Elsewhere"}
    nbformat.write(notebook, tmp_path / "a.ipynb")
    code, said = run_pytest(str(tmp_path / "a.ipynb"), "-c", str(ROOT / "pyproject.toml"))
    assert code == 1
    assert "3 failed, 3 passed" in said
    for failed in ("Cell 3: Cell outputs differ", "Cell 4: Cell outputs differ", "Cell 5: Cell ex"):
        assert failed in said


def test_a_book_with_a_warning_does_not_pass(tmp_path):
    """A reference to nowhere: jupyter-book alone would build it and exit 0."""
    source = tmp_path / "source"
    source.mkdir()
    (source / "_config.yml").write_text("title: t\nonly_build_toc_files: true\n")
    (source / "_toc.yml").write_text("format: jb-book\nroot: index\n")
    (source / "index.md").write_text("# T\n\nSee {ref}`nowhere`.\n")
    problem = build_book(source, tmp_path / "out")
    assert "exited 1" in problem and "nowhere" in problem


def test_the_book_builds(book):
    assert (book / "index.html").is_file()


def test_the_book_is_served(served):
    with urllib.request.urlopen(served + "index.html") as answer:
        assert answer.status == 200
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(served + "none.html")


MISDEEDS = {
    "<script>console.error('broken')</script>": "console error: broken",
    "<script>throw new Error('broken')</script>": "exception in a script: broken",
    "<img src='https://example.org/a.png'>": "foreign host: https://example.org/a.png",
    "<link rel=stylesheet href='https://example.org/a.css'>": "foreign host",
    "<script>fetch('https://example.org/').catch(() => 0)</script>": "foreign host",
    "<script>new WebSocket('wss://example.org/')</script>": "web socket to a foreign host",
    "<script>window.open('https://example.org/')</script>": "foreign host",
    "<script src='none.js'></script>": "none.js",
}


@pytest.fixture(params=["file", "http"])
def address(request, tmp_path):
    """The address of tmp_path, as a folder and as a site."""
    if request.param == "file":
        yield tmp_path.as_uri() + "/"
    else:
        with serve(tmp_path) as served_at:
            yield served_at


def write_page(folder, markup):
    text = f"<!doctype html><link rel=icon href='data:,'><p id=p>text</p>{markup}"
    (folder / "a.html").write_text(text, encoding="utf-8")


def test_a_page_that_behaves_passes(open_page, tmp_path, address):
    write_page(tmp_path, "<script src='a.js'></script>")
    (tmp_path / "a.js").write_text("document.title = 'ran'")
    assert open_page(address + "a.html").title() == "ran"
    assert open_page.problems == []


@pytest.mark.parametrize("markup", MISDEEDS)
def test_a_page_that_misbehaves_is_reported(open_page, tmp_path, address, markup):
    write_page(tmp_path, markup)
    page = open_page(address + "a.html")
    assert page.inner_text("#p") == "text"
    for _ in range(100):  # a window that opens takes its time on a busy machine
        if any(MISDEEDS[markup] in problem for problem in open_page.problems):
            break
        page.wait_for_timeout(100)
    else:
        pytest.fail(f"not reported: {open_page.problems}")
    open_page.problems.clear()
