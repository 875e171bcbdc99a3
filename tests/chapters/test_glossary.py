"""One name for each thing: the two glossaries are one table, and the chapters keep to it."""

import re

import pytest
from failing import no_problems

from rules.pages import LANGUAGES, ROOT, contents, page_files, read, where

ROW = re.compile(
    r"^- \*\*(.+?)\*\* \(<span lang=\"\w\w\">(.+?)</span>\)(.*?)\. (.+?)"
    r"(?: \*(?:Otros textos dicen|Other texts say): (.+)\.\*)?$"
)
FREE = ("glossary", "notation", "references")  # pages that name what other texts say


def rows(lang):
    """Return [(term, the other language's, symbol, meaning, other names)] of a glossary."""
    lines = (ROOT / "chapters" / lang / "glossary.md").read_text(encoding="utf-8").splitlines()
    found = [match.groups() for line in lines if (match := ROW.match(line))]
    assert len(found) == sum(line.startswith("- ") for line in lines), f"{lang}: see ROW"
    return found


def test_both_glossaries_are_one_table():
    for spanish, english in zip(rows("es"), rows("en"), strict=True):
        assert spanish[:2] == english[1::-1], f"{spanish[0]}: its row is {english[:2]} in English"
        formulas = [re.findall(r"\$[^$]+\$", row[2]) for row in (spanish, english)]
        assert formulas[0] == formulas[1], f"{spanish[0]}: another symbol in English"


def test_no_term_stands_for_two_things():
    for lang in LANGUAGES:
        terms = [term for term, *_ in rows(lang)]
        others = [name for *_, names in rows(lang) for name in (names or "").split(", ") if name]
        assert len({*terms, *others}) == len(terms) + len(others)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_chapters_say_what_the_glossary_says(lang):
    instead = {name: row[0] for row in rows(lang) for name in (row[4] or "").split(", ") if name}
    patterns = {name: re.compile(rf"(?<!\w){re.escape(name)}s?(?!\w)", re.I) for name in instead}
    problems = [
        f"{where(page, cell)}: “{pattern.search(text)[0]}”: this book's word is "
        f"“{instead[name]}”, by chapters/{lang}/glossary.md. Write that."
        for path in page_files(lang=lang)
        if path.stem not in FREE
        for page in [read(path)]
        for cell in page.markdown()
        for text in contents(cell.source).prose
        for name, pattern in patterns.items()
        if pattern.search(text)
    ]
    no_problems(problems)


# What the field calls things, and the book too. (Libraries' names are told where they are used.)
FIELD = """
    accuracy, backpropagation, batch, bfloat16, candidate, carry path, cell state, chrono,
    clipping, coupled gates, cross-entropy, dense layer, dropout, eigenvalue, embedding, epoch,
    explorer, finite difference, forget gate, Hadamard, held out, Jacobian, layer normalisation,
    learning rate, logits, Lyapunov, mask, norm, one-hot, orthogonal, overfitting, padding,
    parameter, peephole, projection, saturated, singular value, slider figure, softmax,
    spectral radius, trace, truncated, zoneout
"""


def words_of(lang):
    """The prose of the book in one language, the glossary left out."""
    return "\n".join(
        text
        for path in page_files(lang=lang)
        if path.stem not in ("glossary", "references")
        for cell in read(path).markdown()
        for text in contents(cell.source).prose
    ).casefold()


def test_the_glossary_has_the_fields_terms_that_the_book_uses():
    book = words_of("en")
    terms = " ".join(row[0] for row in rows("en")).casefold()
    used = [term for term in " ".join(FIELD.split()).split(", ") if term.casefold() in book]
    missing = [term for term in used if term.casefold() not in terms]
    assert len(used) > 30
    assert missing == [], "enter them in the glossaries"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_book_uses_every_term_of_its_glossary(lang):
    book = words_of(lang)
    # The stem alone: what is unrolled is found by "unrol", «desenrollada» by "desenroll".
    unused = [
        row[0] for row in rows(lang) if row[0].casefold()[: max(6, len(row[0]) - 2)] not in book
    ]
    assert unused == [], "take them out of both glossaries, or use them"
