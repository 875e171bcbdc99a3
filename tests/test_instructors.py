"""The instructors' page gives every chapter the minutes that its rule gives."""

import re

import pytest
from notebooks import ROOT, read

CHAPTERS = sorted((ROOT / "chapters" / "es").glob("[0-9]*.ipynb"))


def minutes(path):
    """Reading at 150 words a minute, 3 for each folded answer, 10 for each of two exercises."""
    text = "\n".join(cell.source for cell in read(path).markdown())
    answers = len(re.findall(r"<summary>Respuestas?</summary>", text))
    prose = re.sub(r"\$\$.*?\$\$|\$[^$]*\$|<[^>]*>", " ", text, flags=re.DOTALL)
    words = len(re.findall(r"[^\W\d_]+", prose))
    return 5 * round((words / 150 + 3 * answers + 2 * 10) / 5)


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_minutes_of_each_chapter(lang):
    page = (ROOT / "chapters" / lang / "instructors.md").read_text(encoding="utf-8")
    said = re.findall(r"\((\w+)\.ipynb\)\n\n.*? (\d+) minut", page)
    assert said == [(path.stem, str(minutes(path))) for path in CHAPTERS]
