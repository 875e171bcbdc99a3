"""The notation page has every letter of every formula, and both languages have the same table."""

import re

import pytest
from failing import no_problems

from rules.pages import LANGUAGES, ROOT, page_files, read, where

FORMULA = re.compile(r"\$\$(.*?)\$\$|\$([^$\n]+?)\$", re.DOTALL)
# Commands that write a word, lay something out or are signs of arithmetic, and no quantity.
WORDS = re.compile(r"\\(?:text|mathrm|operatorname|begin|end|mathbf|texttt)\{[^}]*\}")
GREEK = re.compile(
    r"\\(?:alpha|beta|gamma|delta|epsilon|varepsilon|eta|theta|lambda|mu|rho|sigma|phi|odot)\b"
)
# What school has: the number e, and the d of a differential.
FREE = {"e", "d"}


def letters(text):
    """Return the letters of the formulas in a text: of W_{f} the W, of \\rho(U) both."""
    found = set()
    for match in FORMULA.finditer(re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)):
        formula = WORDS.sub(" ", match[1] or match[2])
        found |= set(GREEK.findall(formula))
        bare = re.sub(r"\\[a-zA-Z]+", " ", formula)
        found |= set(re.findall(r"[A-Za-z]", bare))
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_notation_page_has_every_letter_of_the_book(lang):
    known = FREE | letters(read(ROOT / "chapters" / lang / "notation.md").cells[0].source)
    no_problems(
        [
            f"{where(page, cell)}: {', '.join(sorted(new))} in a formula, and the notation page "
            f"lacks it. Enter it in chapters/{lang}/notation.md, or use a letter that stands there."
            for path in page_files(lang=lang)
            for page in [read(path)]
            for cell in page.markdown()
            if (new := letters(cell.source) - known)
        ]
    )


def test_letters_are_found_in_formulas_alone():
    text = r"A plain X. $W_{f}\,\odot \rho(U)$, $\text{limit}$ and `$q$`. $$\mathrm{diag}(h')$$"
    assert letters(text) == {"W", "f", r"\odot", r"\rho", "U", "h"}
