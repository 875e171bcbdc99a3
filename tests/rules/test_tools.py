"""The instructor's commands: `make chapter`, `make run`, `make check`, and what they say."""

import os
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from processes import run_captured

from rules.pages import ROOT

sys.path.append(str(ROOT / "tools"))
import chapter
import check
import run

COPIED = (
    "CITATION.cff",
    "LICENSE",
    "_config.yml",
    "_toc.yml",
    "conftest.py",
    "index.md",
    "pyproject.toml",
    "references.bib",
)
FOLDERS = ("chapters", "images", "lstm_edu", "rules", "tests", "tools")
TITLES = {"NAME": "attention", "TITLE_ES": "La atención", "TITLE_EN": "Attention"}


def python(folder, *command, **env):
    """Run Python in a copy of the repository, with the copy's package."""
    env = {**os.environ, "PYTHONPATH": str(folder), **env}
    return run_captured([sys.executable, *command], cwd=folder, env=env)


def failures(folder, *tests):
    """Return the problems that tests in a copy name, a line each; none if they pass."""
    done = python(folder, "-m", "pytest", "-q", "-rN", "-p", "no:cacheprovider", *tests)
    begin = ("chapters/", "_toc.yml", "lstm_edu/", "E  ", "ERROR")
    return [line for line in done.stdout.splitlines() if line.startswith(begin)]


RULES = [name for name in check.RULES if "spelling" not in name and "images" not in name]


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    """A copy of the repository in which a chapter was begun."""
    folder = tmp_path_factory.mktemp("begun")
    for name in COPIED:
        shutil.copy(ROOT / name, folder)
    for name in FOLDERS:
        ignored = shutil.ignore_patterns("__pycache__", ".*")
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    done = python(folder, "tools/chapter.py", **TITLES)
    assert done.returncode == 0, done.stdout
    return folder


def stem(folder):
    (path,) = (folder / "chapters" / "es").glob("*_attention.ipynb")
    return path.stem


# Begin a chapter


def test_all_that_a_new_chapter_lacks_is_written_sentences(begun):
    problems = failures(begun, "tests/rules/test_notebooks.py", "tests/rules/test_repository.py")
    assert problems and all("not written yet: " in problem for problem in problems), problems
    for lang in ("es", "en"):
        for name in (f"{stem(begun)}.ipynb", "index.md", "instructors.md"):
            assert any(one.startswith(f"chapters/{lang}/{name}") for one in problems), name


def test_a_chapter_that_is_written_keeps_every_rule(begun, tmp_path):
    folder = tmp_path / "written"
    shutil.copytree(begun, folder)
    for path in [*folder.glob("chapters/*/*"), *folder.glob("lstm_edu/exercises/attention.*")]:
        path.write_text(path.read_text("utf-8").replace("✎ ", ""), "utf-8")
    done = python(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", *RULES)
    assert done.returncode == 0, done.stdout
    toc = (folder / "_toc.yml").read_text("utf-8").splitlines()
    for lang in ("es", "en"):
        at = toc.index(f"      - file: chapters/{lang}/{stem(folder)}")
        assert re.search(r"/\d\d_\w+$", toc[at - 1]) and not re.search(r"/\d\d_", toc[at + 1])
        page = nbformat.read(folder / "chapters" / lang / f"{stem(folder)}.ipynb", 4)
        assert TITLES[f"TITLE_{lang.upper()}"] in page.cells[0].source


def test_a_chapter_that_is_there_is_refused_and_nothing_changes(begun):
    before = {path: path.read_bytes() for path in begun.rglob("*") if path.is_file()}
    done = python(begun, "tools/chapter.py", NAME="attention")
    assert done.returncode == 1 and done.stdout == (
        "NAME=attention: there is one already. Choose another name.\n"
    )
    assert before == {path: path.read_bytes() for path in begun.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "NAME is missing"),
        ("Attention", "NAME=attention."),
        ("la atención", "NAME=la_atencion."),
        ("attention.ipynb", "NAME=attention_ipynb."),
        ("../attention", "NAME=attention."),
        ("é", "NAME=e."),
        ("13", "NAME=attention."),
        ("gates", "there is one already"),
        ("base", "there is one already"),
        ("index", "there is one already"),
        ("01_attention", "_attention."),
    ],
)
def test_a_name_that_will_not_do_is_refused(name, said):
    with pytest.raises(SystemExit) as refusal:
        chapter.named(name)
    assert said in refusal.value.code


def test_a_name_may_bear_its_number():
    stem = chapter.named("attention")
    assert chapter.named(stem) == stem
    assert int(stem[:2]) == 1 + len(list((ROOT / "chapters" / "es").glob("[0-9]*.ipynb")))


# Run


@pytest.fixture
def notebook(tmp_path, monkeypatch):
    """Write a notebook of these cells and return its path."""
    monkeypatch.setattr(run, "ROOT", tmp_path)

    def write(*sources, **metadata):
        made = nbformat.v4.new_notebook(metadata=metadata)
        made.cells = [
            nbformat.v4.new_code_cell(source, id=f"cell-{k}", metadata={"execution": {"a": "b"}})
            for k, source in enumerate(sources, 1)
        ]
        path = tmp_path / "x.ipynb"
        nbformat.write(made, path)
        return path

    return write


def test_a_run_stores_what_another_run_stores_too(notebook):
    slider = "from lstm_edu import GateExplorer\nGateExplorer()"
    kernel = {"name": "x", "display_name": "x"}
    path = notebook("print(1)", slider, widgets={"a": 1}, kernelspec=kernel)
    assert run.run(path) == ""
    first = path.read_bytes()
    assert run.run(path) == ""
    assert path.read_bytes() == first
    stored = nbformat.read(path, 4)
    assert stored.metadata == {"kernelspec": run.KERNEL}
    assert stored.cells[0].outputs[0].text == "1\n" and stored.cells[0].metadata == {}
    assert set(stored.cells[1].outputs[0].data) == {"text/plain", "text/html"}


def ids(*given):
    def made(id):
        return nbformat.v4.new_markdown_cell(id=id, metadata={})

    notebook = nbformat.v4.new_notebook()
    notebook.cells = [made(id) for id in given]
    return notebook


@pytest.mark.parametrize(
    ("spanish", "english", "given"),
    [
        (["a", "new-1", "b"], ["a", "new-2", "b"], ["a", "new-1", "b"]),
        (["a", "b"], ["b", "a"], ["b", "a"]),  # in another order: not for this to hide
        (["a", "new-1", "b"], ["a", "b"], ["a", "b"]),
        (["new-1", "a"], ["a", "new-2"], ["a", "new-2"]),
    ],
)
def test_a_new_cell_gets_one_id_in_both_twins(tmp_path, spanish, english, given):
    es, en = tmp_path / "es.ipynb", tmp_path / "en.ipynb"
    nbformat.write(ids(*spanish), es)
    nbformat.write(ids(*english), en)
    run.share_ids(es, en)
    assert [cell.id for cell in nbformat.read(en, 4).cells] == given
    assert [cell.id for cell in nbformat.read(es, 4).cells] == spanish


def test_a_cell_that_fails_is_named_and_nothing_is_stored(notebook):
    path = notebook("print(1)", "1 / 0")
    before = path.read_bytes()
    assert run.run(path) == (
        "x.ipynb, cell 2 (id 'cell-2'): it ended in an error, ZeroDivisionError: division by zero. "
        "Mend the cell; nothing was stored."
    )
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "source",
    [
        "from ipywidgets import interact\n\n@interact(n=(1, 9))\ndef f(n=1):\n    print(n)",
        "import ipywidgets as widgets\nwidgets.interactive(print, n=(1, 9))",
        "import ipywidgets\nipywidgets.IntSlider()",
        "import numpy, ipywidgets\nipywidgets.Output()",
        "if 1:\n    from ipywidgets import Output",
        "%matplotlib widget",
        # Another package's widget, seen when it is shown.
        "import anywidget\nanywidget.AnyWidget()",
    ],
)
def test_a_widget_that_would_be_dead_on_the_page_is_refused(notebook, source):
    path = notebook("print(1)", source)
    before = path.read_bytes()
    assert re.fullmatch(
        r"x\.ipynb, cell 2 \(id 'cell-2'\): (“.*” leads to|it shows) a widget\. .*slider_figure.*",
        run.run(path),
    )
    assert path.read_bytes() == before


def lose_ids(path):
    """Write a notebook as tools of the format 4.4 do."""
    old = nbformat.read(path, 4)
    for cell in old.cells:
        del cell["id"]
    old.nbformat_minor = 4
    path.write_text(nbformat.writes(old), "utf-8")


@pytest.fixture
def chapters(tmp_path, monkeypatch):
    """Twins of three cells in a folder like the book's."""
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(check, "ROOT", tmp_path)
    paths = [tmp_path / "chapters" / lang / "04_x.ipynb" for lang in ("en", "es")]
    for path in paths:
        path.parent.mkdir(parents=True)
        nbformat.write(ids("a", "b", "c"), path)
    return paths


@pytest.mark.parametrize("place", [0, 1])
def test_lost_ids_come_back_from_the_twin(chapters, place, capsys):
    path = chapters[place]
    before = nbformat.read(path, 4)
    lose_ids(path)
    assert check.in_the_way({"04_x": ""}) == [
        f"{path.relative_to(run.ROOT)}: its cells have lost their ids (notebook format 4.4). "
        "`make run CHAPTER=04_x` gives them back, if the twin has the same cells."
    ]
    run.give_ids_back(path, run.twin_of(path))
    assert "have their ids back, from the twin" in capsys.readouterr().out
    after = nbformat.read(path, 4)
    assert [c.id for c in after.cells] == [c.id for c in before.cells] and after.nbformat_minor == 5
    assert check.in_the_way({"04_x": ""}) == []


def test_ids_that_no_twin_can_give_back_are_asked_of_git(chapters):
    for path in chapters:
        lose_ids(path)
    with pytest.raises(SystemExit, match=r"lost their ids .*\. Its twin cannot .*git checkout"):
        run.run_all(chapters)  # which begins with that


def test_check_refuses_a_dead_widget_before_it_runs_anything(chapters):
    page = ids("a")
    page.cells.append(nbformat.v4.new_code_cell("from ipywidgets import interact", id="w"))
    nbformat.write(page, chapters[0])
    (problem,) = check.in_the_way({"04_x": ""})
    assert "cell 2 (id 'w')" in problem and "slider_figure" in problem


@pytest.mark.parametrize("name", ["03", "gates", "03_gates", "chapters/es/03_gates.ipynb"])
def test_a_chapter_has_several_names(name):
    found = [path.relative_to(ROOT).as_posix() for path in run.notebooks(name)]
    assert found == ["chapters/en/03_gates.ipynb", "chapters/es/03_gates.ipynb"]


def test_an_unknown_chapter_is_refused():
    with pytest.raises(SystemExit, match=r"^CHAPTER=3: there is no such chapter\."):
        run.notebooks("3")


# Check


def test_what_was_changed_is_found(tmp_path, monkeypatch):
    def git(*command):
        name = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        subprocess.run(["git", *name, *command], cwd=tmp_path, check=True, capture_output=True)

    monkeypatch.setattr(check, "ROOT", tmp_path)
    assert check.changed() == []  # no repository
    for name in ("same", "staged", "edited", "ignored.log"):
        (tmp_path / name).write_text("1")
    (tmp_path / ".gitignore").write_text("*.log")
    git("init")
    git("add", ".")
    git("commit", "-m", "x")
    assert check.changed() == []
    for name in ("staged", "edited", "another.log", "ñ new"):
        (tmp_path / name).write_text("2")
    git("add", "staged")
    assert check.changed() == ["edited", "staged", "ñ new"]


@pytest.mark.parametrize(
    ("files", "runs"),
    [
        (["chapters/en/03_gates.ipynb"], ["chapters/en/03_gates.ipynb"]),
        (
            ["chapters/en/03_gates.ipynb", "chapters/es/03_gates.ipynb"],
            ["chapters/es/03_gates.ipynb"],
        ),
        (["lstm_edu/exercises/gates.json"], ["chapters/es/03_gates.ipynb"]),
        (["tests/chapters/test_chapter_03.py"], ["chapters/es/03_gates.ipynb"]),
        (["chapters/es/explorers.ipynb"], ["chapters/es/explorers.ipynb"]),
        (["chapters/es/index.md", "lstm_edu/cell.py"], []),
    ],
)
def test_a_changed_chapter_is_run_in_one_language(files, runs):
    found = check.chapters(files)
    assert list(found.values()) == runs
    own = ["tests/chapters/test_chapter_03.py"] if "03_gates" in found else []
    assert check.tests(found) == [*runs, *own, *check.RULES]


def test_the_rules_that_are_checked_are_there():
    assert all((ROOT / name.partition("::")[0]).is_file() for name in check.RULES)
    assert check.elsewhere(["chapters/es/a.md", "lstm_edu/cell.py"]) == ["lstm_edu/cell.py"]


def test_of_a_figure_that_was_changed_its_own_tests_are_run():
    own = f"{check.tables.FOLDER}/gru"
    changed = [f"{own}.json", "frontend/src/gru/gru.css", "frontend/build.mjs", "lstm_edu/cell.py"]
    assert check.figures(changed) == dict(zip(changed, [{"gru"}, {"gru"}, set()], strict=False))
    assert check.elsewhere(changed) == ["frontend/build.mjs", "lstm_edu/cell.py"]
    *paths, option, kinds = check.figure_tests(["gru"])
    assert (option, kinds) == ("-k", "gru") and all((ROOT / path).is_file() for path in paths)
    names = ["test_every_explorer.py", "test_gru_explorer.py"]
    assert [path.rpartition("/")[2] for path in paths] == names


# What a chapter says that is out of step with its code


def test_what_is_not_what_is_stored_is_named(begun, tmp_path):
    name = f"chapters/en/{stem(begun)}.ipynb"
    path = begun / name
    whole = path.read_text("utf-8")
    page = nbformat.reads(whole, 4)
    (stale,) = (cell for cell in page.cells if cell.id == "explorer-python")
    stale.outputs[0].text = stale.outputs[0].text.replace("f = [0.", "f = [1.")
    (broken,) = (cell for cell in page.cells if cell.id == "solution-1-code")
    broken.source = "1 / 0"
    nbformat.write(page, path)
    problems = failures(begun, name)
    path.write_text(whole, "utf-8")
    again = f"`make run CHAPTER={stem(begun)}`"
    assert len(problems) == 2, problems
    assert re.match(rf"{name}, cell \d+ \(id 'explorer-python', begins 'print.*'\): ", problems[0])
    assert "stored is stdout: f = [1." in problems[0] and "comes stdout: f = [0." in problems[0]
    assert again in problems[0]
    assert "ZeroDivisionError: division by zero. Mend the cell" in problems[1]
    assert again in problems[1]
