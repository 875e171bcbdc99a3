"""Check what was changed since the last commit, quickly: `make check`, `make check CHAPTER=04`.

The rules for pages look at all of them. A chapter that was changed is run again, in one language:
code and outputs of its twin are held equal by the rules. `make test` runs everything.
"""

import re
import subprocess
import sys

from run import ROOT, dead_widgets, notebooks, without_ids

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


def tests(found):
    """Return what pytest is asked for: chapters first, for they take longest."""
    own = [f"tests/chapters/test_chapter_{stem.partition('_')[0]}.py" for stem in found]
    return [*found.values(), *(path for path in own if (ROOT / path).exists()), *RULES]


def elsewhere(files):
    """Return the changed files of which this check knows nothing."""
    ours = (
        r"(chapters|images|lstm_edu/exercises)/|tests/chapters/test_chapter_|rules/spelling|_toc"
        r"|.*\.(md|bib)$"
    )
    return [name for name in files if not re.match(ours, name)]


def in_the_way(found):
    """Return what makes a chapter unfit to be run or compared, before all else is asked of it."""
    pages = [path for path in notebooks(root=ROOT) if path.stem in found]
    lost = [problem for path in pages if (problem := without_ids(path))]
    return lost or [problem for path in pages for problem in dead_widgets(path)]


def main(chapter=""):
    files = changed()
    if chapter:
        files = [path.relative_to(ROOT).as_posix() for path in notebooks(chapter)]
    found = chapters(files)
    print("Chapters to run:", ", ".join(found) or "none was changed; name one with CHAPTER=…")
    if other := elsewhere(files):
        print("Changed too, and looked at by `make test` alone:", ", ".join(other))
    if first := in_the_way(found):
        sys.exit("\n".join(first))
    commands = {
        "the code (`.venv/bin/ruff check --fix .` mends some of it)": "ruff check -q .",
        "its layout (`.venv/bin/ruff format .` mends it)": "ruff format -q --check .",
        "the pages": "pytest -q --no-header -rN -n2 --dist=loadfile " + " ".join(tests(found)),
    }
    failed = [what for what, command in commands.items() if not passes(command)]
    sys.exit(f"Not in order yet: {', '.join(failed)}. See above." if failed else 0)


def passes(command):
    sys.stdout.flush()
    return subprocess.run([sys.executable, "-m", *command.split()], cwd=ROOT).returncode == 0


if __name__ == "__main__":
    main(*sys.argv[1:])
