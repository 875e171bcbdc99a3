"""The repository keeps house: nothing of one machine in it, tables whole, both languages listed."""

import json
import re
import subprocess
import tomllib
from functools import cache
from itertools import zip_longest

import pytest
import yaml
from building import toc_files
from failing import no_problems

import lstm_edu
from rules.pages import LANGUAGES, ROOT, page_files

# Of the folders at the root, the one in which this copy stands, unless every system has it.
COMMON = re.compile("bin|boot|dev|etc|home|lib|media|mnt|opt|proc|run|sbin|srv|sys|tmp|usr|var")
OWN = [re.escape(name) for name in ROOT.parts[1:2] if not COMMON.fullmatch(name)]
# Written in pieces, so that this file does not name what it looks for.
MACHINE = {
    "a path of one machine": r"(?<![\w.])[/](?:"
    + "|".join([*OWN, "root", "Users", r"home[/](?!jovyan)\w+"])
    + r")[/]\w",
    "a temporary path": r"(?<![\w.])[/]tmp[/]\w",
    "a package registry": r"files\.python[h]osted|registry\.npm[j]s|deb\.deb[i]an\.org",
}
LOCKS = {"package-lock.json"}  # where each package comes from is written there on purpose


def machine_problems(name, text):
    """Return the lines of a text that name a path or a registry."""
    return [
        f"{name}:{number}: {what}, {found[0]!r}. Write it without, or relative to the repository."
        for number, line in enumerate(text.splitlines(), 1)
        for what, pattern in MACHINE.items()
        if (found := re.search(pattern, line))
        and not (what == "a package registry" and name.rpartition("/")[2] in LOCKS)
    ]


@cache
def repository_files():
    """Return what git tracks or would track; without git, what lies there."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):  # unpacked from an archive
        names = [path.relative_to(ROOT).as_posix() for path in ROOT.rglob("*") if path.is_file()]
        made = re.compile(r"(^|/)(\.venv|\.git|_build|node_modules|__pycache__|\.\w+_cache)/")
        return [name for name in names if not made.search(name)]
    names = done.stdout.decode().split("\0")
    return [name for name in names if name and (ROOT / name).is_file()]


def test_no_file_names_a_machine_or_a_registry():
    problems = []
    for name in repository_files():
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        problems += machine_problems(name, text)
    no_problems(problems)


@pytest.mark.parametrize(
    ("line", "caught"),
    [
        ("see " + "/".join(["", "root", "main", "a.py"]), True),
        ("/".join(["", "home", "ana", "a.py"]), True),
        ("/".join(["", "tmp", "x"]), True),
        ("registry." + "npmjs.org", True),
        ("https://example.org/" + "/".join(["root", "main"]), False),
        ("the home page, ./tmp/x, beetroot/main", False),
        ("/".join(["", "home", "jovyan", "book"]), False),  # Binder's and JupyterHub's own
    ],
)
def test_a_machine_is_recognised(line, caught):
    assert bool(machine_problems("a.md", line)) is caught


def test_a_lock_file_may_name_its_registry():
    assert machine_problems("frontend/package-lock.json", "registry." + "npmjs.org") == []
    assert machine_problems("frontend/package-lock.json", "/".join(["", "root", "x"])) != []


# The tables of the package


def load(name):
    return json.loads((ROOT / "lstm_edu" / name).read_text(encoding="utf-8"))


def string_problems(node, place):
    """Every text in two languages has both, not empty, with the same {placeholders}."""
    if isinstance(node, list):
        return [p for k, item in enumerate(node) for p in string_problems(item, f"{place}[{k}]")]
    if not isinstance(node, dict):
        return []
    if not set(node) & set(LANGUAGES):
        return [p for key, item in node.items() for p in string_problems(item, f"{place}.{key}")]
    missing = [
        lang
        for lang in LANGUAGES
        if not (isinstance(node.get(lang), str) and node[lang].strip())
    ]  # fmt: skip
    if missing:
        return [f"{place}: no text for {missing}. Write it in both languages."]
    if any("✎" in node[lang] for lang in LANGUAGES):
        return [f"{place}: not written yet: {node['en']!r}. Write it, and take the ✎ away."]
    fields = [sorted(re.findall(r"\{(\w*)[^{}]*\}", node[lang])) for lang in LANGUAGES]
    if fields[0] != fields[1]:
        return [f"{place}: the placeholders differ: {fields[0]} in Spanish, {fields[1]} in English"]
    return []


@pytest.mark.parametrize("path", sorted((ROOT / "lstm_edu").rglob("*.json")), ids=lambda p: p.name)
def test_every_text_is_there_in_both_languages(path):
    place = path.relative_to(ROOT).as_posix()
    no_problems(string_problems(json.loads(path.read_text("utf-8")), place))


def test_the_strings_have_both_languages():
    strings = load("strings.json")
    assert strings
    assert all(set(entry) == set(LANGUAGES) for entry in strings.values())


@pytest.mark.parametrize(
    "entry",
    [
        {"es": "celda"},
        {"es": "celda", "en": " "},
        {"es": "unidad {k}", "en": "unit"},
        {"es": "unidad {k}", "en": "unit {n}"},
        {"es": "✎ di por qué", "en": "✎ say why"},
    ],
)
def test_a_text_in_one_language_is_named(entry):
    (problem,) = string_problems({"a": [{"title": entry}]}, "x.json")
    assert problem.startswith("x.json.a[0].title: ")


QUANTITIES = set("xifgoch")


def palette_problems(palette):
    """Each quantity has a colour, a marker and a dash of its own, on light and on dark paper."""
    problems = [f"{name} is missing" for name in sorted(QUANTITIES - set(palette))]
    for kind in ("light", "dark"):
        values = [entry[kind].lower() for entry in palette.values()]
        problems += [f"{value} twice in {kind}" for value in values if values.count(value) > 1]
        problems += [f"{v} is no colour" for v in values if not re.fullmatch("#[0-9a-f]{6}", v)]
    for kind in ("marker", "dash"):
        values = [palette[name][kind] for name in QUANTITIES & set(palette)]
        problems += [f"{kind} {value!r} twice" for value in values if values.count(value) > 1]
    problems += [
        f"{q} has no marker" for q in QUANTITIES & set(palette) if not palette[q]["marker"]
    ]
    return sorted(set(problems))


def test_the_palette_tells_the_quantities_apart():
    assert palette_problems(load("palette.json")) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda p: p.pop("o"), "o is missing"),
        (lambda p: p["i"].update(light=p["f"]["light"]), "twice in light"),
        (lambda p: p["i"].update(dark=p["f"]["dark"].upper()), "twice in dark"),
        (lambda p: p["i"].update(dark="blue"), "blue is no colour"),
        (lambda p: p["i"].update(marker=p["f"]["marker"]), "marker 'v' twice"),
        (lambda p: p["i"].update(dash=p["f"]["dash"]), "dash [5, 2] twice"),
        (lambda p: p["i"].update(marker=""), "i has no marker"),
    ],
)
def test_a_palette_that_does_not_is_named(change, said):
    palette = load("palette.json")
    change(palette)
    assert any(said in problem for problem in palette_problems(palette))


# The table of contents


def toc_problems(files, pages):
    """Both languages are listed, in the same order; what is listed is there, and the reverse."""
    problems = [
        f"_toc.yml lists {name}, and there is no such page. Write it, or take the line out."
        for name in files
        if name not in pages
    ]
    problems += [
        f"{name} is not in _toc.yml: no reader would find it. Enter it, and its twin."
        for name in sorted(pages)
        if name not in files
    ]
    listed = {}
    for lang in LANGUAGES:
        mark = re.compile(rf"(^|/){lang}/")
        listed[lang] = [mark.sub(r"\1‹lang›/", name) for name in files if mark.search(name)]
    if not all(listed.values()):
        problems.append("_toc.yml lists pages of one language only.")
    elif not problems and listed["es"] != listed["en"]:
        place = next((es, en) for es, en in zip_longest(*listed.values()) if es != en)
        problems.append(
            "_toc.yml: not the same pages in the same order: where Spanish has {}, English has {}. "
            "Put the lines of both into one order.".format(*place)
        )
    return problems


def test_the_table_of_contents_lists_both_languages():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    files = [re.sub(r"\.(md|ipynb)$", "", name) for name in toc_files(toc)]
    pages = {path.relative_to(ROOT).with_suffix("").as_posix() for path in page_files()}
    root = [name for name in files if (ROOT / f"{name}.md").is_file() and name not in pages]
    assert root == [toc["root"]]
    no_problems(toc_problems([name for name in files if name not in root], pages))


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (["c/es/a", "c/es/b", "c/en/b", "c/en/a"], "not the same pages in the same order"),
        (["c/es/a", "c/es/b"], "one language only"),
        (["c/es/a", "c/es/b", "c/en/a", "c/en/b", "c/en/z"], "lists c/en/z"),
        (["c/es/a", "c/en/a", "c/en/b"], "c/es/b is not in _toc.yml"),
    ],
)
def test_a_crooked_table_of_contents_is_named(files, said):
    pages = {"c/es/a", "c/es/b", "c/en/a", "c/en/b"}
    assert toc_problems(["c/es/a", "c/es/b", "c/en/a", "c/en/b"], pages) == []
    assert any(said in problem for problem in toc_problems(files, pages))


def test_every_committed_notebook_is_a_chapter():
    """The rules read chapters/; a notebook elsewhere would escape it."""
    chapters = {path.relative_to(ROOT).as_posix() for path in page_files()}
    stray = [n for n in repository_files() if n.endswith(".ipynb") and n not in chapters]
    no_problems([f"{n}: a notebook. Put it into chapters/es/ or chapters/en/." for n in stray])


def test_the_version_and_how_to_cite_are_the_same_everywhere(root):
    citation = yaml.safe_load((root / "CITATION.cff").read_text("utf-8"))
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    assert citation["version"] == project["version"] == lstm_edu.__version__
    assert {"cff-version", "message", "title", "authors", "date-released"} <= set(citation)
    assert citation["title"] == yaml.safe_load((root / "_config.yml").read_text("utf-8"))["title"]
    (author,) = [one["name"] for one in citation["authors"]]
    year = str(citation["date-released"].year)
    assert author in (root / "LICENSE").read_text("utf-8")
    for lang in ("es", "en"):
        said = (root / "chapters" / lang / "about.md").read_text("utf-8")
        work = f"> {author} ({year}). *{citation['title']}*, "
        assert work in said and said.count(citation["version"]) == 2
