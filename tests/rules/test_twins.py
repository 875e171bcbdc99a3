"""Every page and its twin say the same, and run the same: the rules of rules/twins."""

import pytest
from failing import no_problems

from rules import twin_problems
from rules.pages import ROOT, page_files, pairs, read, twin_of
from rules.twins.strings import read_strings


def name(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize(("es", "en"), pairs(), ids=[es.stem for es, _ in pairs()])
def test_page_equals_its_twin(es, en):
    no_problems(twin_problems(read(es), read(en), read_strings()))


@pytest.mark.parametrize("path", page_files(), ids=name)
def test_page_has_a_twin(path):
    twin = twin_of(path)
    said = f"{name(path)}: its twin {name(twin)} is missing. Write it, or delete this one."
    no_problems([] if twin.is_file() else [said])


def test_there_are_twins():
    assert any(es.suffix == ".ipynb" for es, _ in pairs()), "No chapter is there in both languages."
