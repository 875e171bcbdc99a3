"""Every page by itself keeps the rules."""

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
