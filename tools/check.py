"""Check what was changed since the last commit, quickly: `make check`, `make check CHAPTER=04`.

The rules for pages look at all of them. A chapter that was changed is run again, in one language:
code and outputs of its twin are held equal by the rules. The live figures' tables are read whole,
and what is built of them is asked whether it is stale; of a figure that was changed the arithmetic
is held to Python's, and its own tests are run. `make test` runs everything.
"""

import re
import subprocess
import sys

import tables  # which finds the package
from run import ROOT, dead_widgets, notebooks, without_ids

from lstm_edu.stale import stale

PYTEST = ["pytest", "-q", "--no-header", "-rN", "-n2", "--dist=loadfile"]
# Types, lint, and numbers held to Python's; that the bundle is fresh, `stale` says unbuilt.
FRONT_END = ["tests/figures/test_frontend.py", "-k", "not fresh"]
# What reads pages and runs nothing; of the spelling only the words, not the test of the test.
RULES = [
    "tests/rules/test_notebooks.py",
    "tests/rules/test_twins.py",
    "tests/chapters/test_chapter_lists.py",
    "tests/chapters/test_glossary.py",
    "tests/rules/test_spelling.py::test_every_word_is_one_of_its_language",
    "tests/rules/test_repository.py",
    "tests/chapters/test_exercises.py",
    "tests/chapters/test_verdicts.py",
    "tests/chapters/test_claims.py",
    "tests/figures/test_images.py",
    "tests/figures/test_tables.py",
]


def git(*command):
    """Return the lines that git says; none where there is no git, as in an unpacked archive."""
    try:
        done = subprocess.run(["git", *command], cwd=ROOT, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return []
    return done.stdout.decode().split("\0")[:-1]


def changed():
    """Return the files that differ from the last commit, and those that git does not know yet."""
    return [
        *git("diff", "HEAD", "--name-only", "--relative", "-z"),
        *git("ls-files", "--others", "--exclude-standard", "-z"),
    ]


def chapters(files):
    """Return {chapter: its notebook to run}, Spanish if both languages were changed.

    A chapter is its notebooks, the room of its exercises and its test.
    """
    found = {}
    for path in notebooks():
        number, _, room = path.stem.partition("_")
        own = {
            path.relative_to(ROOT).as_posix(),
            f"lstm_edu/exercises/{room}.py",
            f"lstm_edu/exercises/{room}.json",
            f"tests/chapters/test_chapter_{number}.py",
        }
        if own & set(files):
            found[path.stem] = path.relative_to(ROOT).as_posix()
    return found


def figures(files):
    """Return the changed files of the live figures, each with the kinds that its path names."""
    kinds = {path.stem for path in tables.paths(ROOT)}
    return {
        name: kinds & set(re.split(r"\W", name))
        for name in files
        if name.startswith(("frontend/", f"{tables.FOLDER}/"))
    }


def figure_tests(kinds):
    """Return what pytest is asked for of some kinds of figures."""
    names = ["test_every_explorer.py", *(f"test_{kind}_*.py" for kind in kinds)]
    paths = [path for name in names for path in sorted((ROOT / "tests").rglob(name))]
    return [*(path.relative_to(ROOT).as_posix() for path in paths), "-k", " or ".join(kinds)]


def tests(found):
    """Return what pytest is asked for: chapters first, for they take longest."""
    own = [f"tests/chapters/test_chapter_{stem.partition('_')[0]}.py" for stem in found]
    return [*found.values(), *(path for path in own if (ROOT / path).exists()), *RULES]


def elsewhere(files):
    """Return the changed files of which this check does not know all that hangs on them."""
    ours = (
        r"(chapters|images|lstm_edu/exercises|lstm_edu/static)/|tests/chapters/test_chapter_|rules/spelling|_toc"
        r"|.*\.(md|bib)$"
    )
    known = {name for name, kinds in figures(files).items() if kinds}
    return [name for name in files if not re.match(ours, name) and name not in known]


def in_the_way(found):
    """Return what makes a chapter unfit to be run or compared, before all else is asked of it."""
    pages = [path for path in notebooks(root=ROOT) if path.stem in found]
    lost = [problem for path in pages if (problem := without_ids(path))]
    return lost or [problem for path in pages for problem in dead_widgets(path)]


def main(chapter=""):
    files = changed()
    if chapter:
        files = [path.relative_to(ROOT).as_posix() for path in notebooks(chapter)]
    if wrong := tables.problems(tables.paths(ROOT)):
        sys.exit("\n".join(wrong))
    found, front = chapters(files), figures(files)
    kinds = sorted(set().union(*front.values()))
    print("Chapters to run:", ", ".join(found) or "none was changed; name one with CHAPTER=…")
    if kinds:
        print("Figures to look at:", ", ".join(kinds))
    if other := elsewhere(files):
        print("Changed too, and wholly looked at by `make test` alone:", ", ".join(other))
    if first := in_the_way(found):
        sys.exit("\n".join(first))
    sentence, sources = stale(ROOT), any(name.startswith("frontend/") for name in front)
    failed = []
    if (sources or (front and not sentence)) and not passes([*PYTEST, "-n0", *FRONT_END]):
        failed = ["the front-end, its types and its numbers"]
    if sentence:  # what opens a figure would look at the old one
        sys.exit("\n".join([*([not_in_order(failed)] if failed else []), sentence]))
    commands = {
        "the code (`.venv/bin/ruff check --fix .` mends some of it)": ["ruff", "check", "-q", "."],
        "its layout (`.venv/bin/ruff format .` mends it)": ["ruff", "format", "-q", "--check", "."],
        "the pages": [*PYTEST, *tests(found)],
    }
    if kinds:
        commands["the figures"] = [*PYTEST, *figure_tests(kinds)]
    failed += [what for what, command in commands.items() if not passes(command)]
    sys.exit(not_in_order(failed) if failed else 0)


def not_in_order(failed):
    return f"Not in order yet: {', '.join(failed)}. See above."


def passes(command):
    sys.stdout.flush()
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT).returncode == 0


if __name__ == "__main__":
    main(*sys.argv[1:])
