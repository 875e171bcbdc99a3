"""A notebook downloaded from the page runs in an empty folder, with its drawings."""

import base64
import importlib.util
import json
import os
import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
from book.downloads import PAGE_LINK, wheel_name
from processes import run_captured
from test_book import pages, sample, soup  # noqa: F401  (a fixture)
from test_pages import PUBLISHED

from rules.pages import LANGUAGES, ROOT


def downloaded(book, name):
    return nbformat.read(book / "_sources" / "chapters" / f"{name}.ipynb", 4)


def test_what_is_downloaded_says_first_what_it_needs_and_is_else_the_notebook(book):
    for path in sorted(ROOT.glob("chapters/*/[0-9]*.ipynb")):
        lang, source = path.parent.name, nbformat.read(path, 4)
        copy = downloaded(book, f"{lang}/{path.stem}")
        nbformat.validate(copy)
        assert [cell.id for cell in copy.cells[:4]][:3] == ["title", "needs-text", "needs"]
        assert wheel_name() in copy.cells[1].source
        assert {"es": "Antes de", "en": "Before you"}[lang] in copy.cells[1].source
        rest = [copy.cells[0], *copy.cells[3:]]
        assert [cell.id for cell in rest] == [cell.id for cell in source.cells]
        for cell, original in zip(rest, source.cells, strict=True):
            if cell.cell_type == "code":
                assert cell == original


def test_drawings_come_along(book):
    copy = downloaded(book, "en/03_gates")
    text = "\n".join(cell.source for cell in copy.cells if cell.cell_type == "markdown")
    assert "../images" not in text
    drawings = re.findall(r'<img alt="([^"]+)" src="data:image/svg\+xml;base64,([^"]+)">', text)
    source = (ROOT / "chapters/en/03_gates.ipynb").read_text("utf-8")
    assert len(drawings) == source.count("../../images/") > 2
    for alt, data in drawings:
        assert alt.endswith(".")
        assert ElementTree.fromstring(base64.b64decode(data)).tag.endswith("svg")


def test_each_page_offers_the_package_that_its_notebook_needs(book):
    for lang in LANGUAGES:
        path = book / "chapters" / lang / "03_gates.html"
        links = [a["href"] for a in soup(path).select(".tools a[download]")]
        assert [Path(link).suffix for link in links] == [".ipynb", ".whl"]
        assert all((path.parent / link).is_file() for link in links)


def test_a_published_book_hands_the_package_out_by_its_address(sample):  # noqa: F811
    assert (sample / "_static" / wheel_name()).is_file()
    for path in pages(sample):
        assert not soup(path).select(".tools a[href$='.whl']")
    linked = PAGE_LINK.sub(rf"]({PUBLISHED}/\1.html\2)", "[a](04_cell.ipynb), [b](notation.md#x)")
    assert linked == f"[a]({PUBLISHED}/04_cell.html), [b]({PUBLISHED}/notation.html#x)"


def test_the_wheel_holds_the_package_and_nothing_of_the_page(book):
    with zipfile.ZipFile(book / "_static" / wheel_name()) as archive:
        names = set(archive.namelist())
    for path in ROOT.glob("lstm_edu/**/*"):
        wanted = path.suffix in (".py", ".json") or path.parent.name == "static"
        assert (path.relative_to(ROOT).as_posix() in names) == wanted, path
    assert sum(name.startswith("lstm_edu-") for name in names) == 4


# In an empty folder, with all that draws installed and no lstm_edu


@pytest.fixture(scope="module")
def bare_python(tmp_path_factory):
    """A Python that has this one's packages, but for lstm_edu; nothing is fetched."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder / "venv", symlinks=True)
    (site,) = (folder / "venv" / "lib").glob("python*/site-packages")
    here = Path(importlib.util.find_spec("pip").origin).parents[1]
    for path in here.iterdir():
        if not re.match(r"lstm_edu|lstm.edu|__editable__|distutils-precedence", path.name):
            (site / path.name).symlink_to(path)
    return folder / "venv" / "bin" / "python"


RUN = """
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], 4)
try:
    NotebookClient(notebook, kernel_name="python3", timeout=300).execute()
finally:
    nbformat.write(notebook, sys.argv[1])
"""


def run_alone(python, folder, name):
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    environment["JUPYTER_PATH"] = str(folder / "kernels")
    kernel = folder / "kernels" / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True, exist_ok=True)
    argv = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    kernel.write_text(json.dumps({"argv": argv, "display_name": "Python", "language": "python"}))
    command = [str(python), "-c", RUN, name]
    return run_captured(command, cwd=folder, env=environment)


def test_it_runs_in_an_empty_folder_once_the_package_lies_beside_it(book, tmp_path, bare_python):
    name = "03_gates.ipynb"
    (tmp_path / name).write_bytes((book / "_sources/chapters/es" / name).read_bytes())
    done = run_alone(bare_python, tmp_path, name)
    assert done.returncode != 0
    assert f"Pon {wheel_name()}, de la página del libro" in done.stdout

    (tmp_path / wheel_name()).write_bytes((book / "_static" / wheel_name()).read_bytes())
    done = run_alone(bare_python, tmp_path, name)
    assert done.returncode == 0, done.stdout
    ran = nbformat.read(tmp_path / name, 4)
    stored = nbformat.read(ROOT / "chapters/es" / name, 4)
    outputs = {cell.id: cell.outputs for cell in ran.cells if cell.cell_type == "code"}
    for cell in stored.cells:
        if cell.cell_type == "code" and cell.outputs and "text" in cell.outputs[0]:
            assert outputs[cell.id][0].text == cell.outputs[0].text
    where = "import lstm_edu; print(lstm_edu.__file__)"
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    found = subprocess.run(
        [bare_python, "-c", where], cwd=tmp_path, env=environment, capture_output=True, text=True
    ).stdout
    assert str(bare_python.parents[1]) in found and sys.prefix not in found
