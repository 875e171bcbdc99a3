"""Every page by itself keeps the rules of lint.py."""

import pytest
from lint import NOTEBOOK_RULES, PAGE_RULES
from notebooks import ROOT, page_files, read

from conftest import no_problems

PAGES = page_files()


def name(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_page_keeps_the_rules(path):
    page = read(path)
    rules = NOTEBOOK_RULES if page.raw else PAGE_RULES
    no_problems([problem for rule in rules for problem in rule(page)])


@pytest.mark.parametrize("lang", ["es", "en"])
def test_there_are_chapters(lang):
    notebooks = [path for path in page_files(lang=lang) if path.suffix == ".ipynb"]
    assert notebooks, f"chapters/{lang}/ holds no notebook: the tests over chapters test nothing."
