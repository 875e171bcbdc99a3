"""Every page by itself keeps the rules."""

import re

import pytest
from failing import no_problems

from rules import problems
from rules.pages import ROOT, page_files, read

PAGES = page_files()


def name(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_page_keeps_the_rules(path):
    no_problems(problems(read(path)))


@pytest.mark.parametrize("lang", ["es", "en"])
def test_there_are_chapters(lang):
    notebooks = [path for path in page_files(lang=lang) if path.suffix == ".ipynb"]
    assert notebooks, f"chapters/{lang}/ holds no notebook: the tests over chapters test nothing."


POINT = re.compile(r"\([-\d{},; ]+\)")


def is_unclear(point):
    return "{,}" in point and re.search(r"[^{],", point) is not None


def test_a_point_with_decimal_commas_has_semicolons():
    """On the page (0,6, 0) reads as three numbers; (0,6; 0) is two."""
    assert all(map(is_unclear, ("(0{,}6, 0)", "(0, 0{,}71)", "(0{,}3, -0{,}4, 0)")))
    assert not any(map(is_unclear, ("(2, 0)", "(0{,}5)", "(0{,}6; 0)")))
    problems = [
        f"{path.name}, cell {cell.id}: write {point} with semicolons, (0{{,}}6; 0)."
        for path in page_files(lang="es")
        for cell in read(path).cells
        if cell.kind == "markdown"
        for point in POINT.findall(cell.source)
        if is_unclear(point)
    ]
    no_problems(problems)
