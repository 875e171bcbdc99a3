"""The pages that list the chapters name each by its title, and its minutes as their rule says."""

import re

import pytest
from failing import no_problems

from rules.pages import LANGUAGES, ROOT, read

CHAPTERS = sorted((ROOT / "chapters" / "es").glob("[0-9]*.ipynb"))


def title(lang, path):
    """Return a chapter's heading, as in “3. Gates”."""
    first = read(ROOT / "chapters" / lang / path.name).markdown()[0].source
    return first.splitlines()[0].removeprefix("# ")


def minutes(path):
    """Reading at 150 words a minute, 3 for each folded answer, 10 for each exercise."""
    text = "\n".join(cell.source for cell in read(path).markdown())
    answers = len(re.findall(r"<summary>Respuestas?</summary>", text))
    exercises = len(re.findall(r"^### Ejercicio \d", text, re.MULTILINE))
    prose = re.sub(r"\$\$.*?\$\$|\$[^$]*\$|<[^>]*>", " ", text, flags=re.DOTALL)
    words = len(re.findall(r"[^\W\d_]+", prose))
    return 5 * round((words / 150 + 3 * answers + 10 * exercises) / 5)


def list_problems(page, listed, chapters):
    """Compare what a page lists with the chapters, both {file: title} in reading order."""
    problems = [
        f"{page}: {stem} is not listed. Enter it, as the other chapters are."
        for stem in chapters
        if stem not in listed
    ]
    problems += [
        f"{page}: lists {stem}, and there is no such chapter. Take it out."
        for stem in listed
        if stem not in chapters
    ]
    problems += [
        f"{page}: calls {stem} “{listed[stem]}”, and its own title is “{chapters[stem]}”. "
        "Write the same in both places."
        for stem in listed
        if listed[stem] != chapters.get(stem, listed[stem])
    ]
    if not problems and list(listed) != list(chapters):
        problems.append(f"{page}: lists the chapters in another order: {list(listed)}.")
    return problems


LISTS = {  # how a chapter begins in each list
    "index.md": r"^- \[(.+?)\]",
    "instructors.md": r"^### \[(.+?)\]",
}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_chapter_is_listed_by_its_title(lang, name):
    page = read(ROOT / "chapters" / lang / name)
    text = "\n".join(cell.source for cell in page.markdown())
    found = re.findall(LISTS[name] + r"\((\d\d_\w+)\.ipynb\)", text, re.MULTILINE)
    listed = {stem: said.replace(": [", ". ") for said, stem in found}
    no_problems(list_problems(page.name, listed, {c.stem: title(lang, c) for c in CHAPTERS}))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_minutes_of_each_chapter(lang):
    page = read(ROOT / "chapters" / lang / "instructors.md")
    found = re.findall(r"\((\w+)\.ipynb\)\n\n.*? (\d+) minut", page.cells[0].source)
    said = {stem: int(number) for stem, number in found}
    no_problems(
        [
            f"{page.name}: {path.stem} takes {said.get(path.stem)} minutes there, and by the rule "
            f"at the top of that page {minutes(path)}. Write {minutes(path)}, in both languages."
            for path in CHAPTERS
            if said.get(path.stem) != minutes(path)
        ]
    )


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ({"01_a": "1. A"}, "x.md: 02_b is not listed"),
        ({"01_a": "1. A", "02_b": "2. B", "03_c": "3. C"}, "lists 03_c, and there is no such"),
        ({"01_a": "1. A", "02_b": "2. C"}, "calls 02_b “2. C”, and its own title is “2. B”"),
        ({"02_b": "2. B", "01_a": "1. A"}, "another order: ['02_b', '01_a']"),
    ],
)
def test_a_list_that_is_out_of_step_is_named(listed, said):
    chapters = {"01_a": "1. A", "02_b": "2. B"}
    assert list_problems("x.md", chapters, chapters) == []
    (problem,) = list_problems("x.md", listed, chapters)
    assert said in problem


ROUTE = re.compile(r"^\| [^|]+: [^|]+ \| ([^|]+) \| ([\d½]+) \|$", re.MULTILINE)


def hours(minutes):
    """Hours as people say them: 4, 6½."""
    halves = round(minutes / 30)
    return f"{halves // 2 or ''}{'½' if halves % 2 else ''}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_hours_of_each_route(lang):
    routes = ROUTE.findall(read(ROOT / "chapters" / lang / "index.md").cells[0].source)
    assert len(routes) == 3
    for chapters, said in routes:
        numbers = [int(number) for number in re.findall(r"\d+", chapters)]
        if re.search(r" to | al ", chapters):
            numbers = range(numbers[0], numbers[1] + 1)
        right = hours(sum(minutes(CHAPTERS[number - 1]) for number in numbers))
        assert said == right, f"{lang}: {chapters} take {right} hours by the minutes, not {said}"
