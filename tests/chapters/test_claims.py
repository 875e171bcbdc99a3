"""Every sentence that says always, never, must, cannot, only, most or usually is listed, with the
place where it is proven, computed or cited.

`tests/chapters/claims/02_vanishing_gradients.toml` lists those of a page and its twin. An entry is
a table:

    [[claim]]
    cell = "bounds"                           # the cell that says it; none in a Markdown page
    es = "es necesaria para que explote"      # a piece of the sentence, in each language that
    en = "is necessary for it to explode"     # says one of the words
    shown = "cite:pascanu2013"

`shown` is one of these: `test:NAME`, a test function in the page's own test or, as
`test:test_layer.py::NAME`, in another; `cell:ID`, a code cell of the page; `cite:KEY`, a work in
references.bib; `definition`, where it follows from what a word or an equation of the same section
says; `advice`, where the sentence claims nothing and tells the reader what to do or to look at.
"""

import json
import re
import tomllib

import pytest
from failing import no_problems

from rules.pages import LANGUAGES, ROOT, page_files, read, where

WORDS = {
    "es": r"siempre|nunca|jamás|deben?|ha de|han de|tienen? que|hay que|no pueden?"
    r"|(?<!un )solo|solamente|únic[oa]s?|únicamente|la mayoría|casi todos|casi todas|suelen?"
    r"|normalmente",
    "en": r"always|never|must|has to|have to|cannot|can't|only|most|mostly|usual|usually",
}
STEMS = sorted({path.stem for path in page_files()})
FIELDS = {"cell", "es", "en", "shown"}


def sentences(text):
    """Return the sentences of a Markdown text, formulas taken out, white space made one."""
    text = re.sub(r"```.*?```|\$\$.*?\$\$|\$[^$]*\$", " … ", text, flags=re.DOTALL)
    parts = re.split(r"(?<=[.!?:;])[»”\"*)]*\s+|\n\n|\n(?=[-|#\d])", text)
    return [plain(part) for part in parts]


def plain(text):
    """A piece of text as it is compared: without emphasis, formulas or line breaks."""
    return " ".join(re.sub(r"\$[^$]*\$", " … ", text).replace("*", "").split())


def claims(stem):
    path = ROOT / "tests" / "chapters" / "claims" / f"{stem}.toml"
    return tomllib.loads(path.read_text("utf-8")).get("claim", []) if path.exists() else []


def unlisted(page, listed):
    """Name the sentences that say one of the words and are in no list."""
    problems = []
    for cell in page.markdown():
        own = [
            plain(c[page.lang]) for c in listed if c.get("cell", "") == cell.id and page.lang in c
        ]
        for sentence in sentences(cell.source):
            word = re.search(rf"\b({WORDS[page.lang]})\b", sentence, re.IGNORECASE)
            if word and not any(piece in sentence for piece in own):
                problems.append(
                    f"{where(page, cell)}: “{sentence}” says “{word[0]}”. Say where that is "
                    f"shown, in tests/chapters/claims/, or write it without the word."
                )
    return problems


# What figures say: the keys of words that follow from the equation beside them, or claim nothing.
FIGURES = {
    "path_carry": "the carry path is what passes f and nothing else",
    "only_h_goes_out": "the drawing of a layer that hands over h",
    "outcome": "the largest of the probabilities shown",
    "keras_missing": "Python's own reason follows",
    "error.link": "a refusal",
    "error.page": "a refusal",
    "error.expected.key": "a refusal",
    "error.expected.length": "a refusal",
}


def texts(table, key=""):
    """Yield (key, {"es": …, "en": …}) for all words of a figure's table."""
    if isinstance(table, dict) and {"es", "en"} <= set(table):
        yield key, table
    elif isinstance(table, dict):
        for name, value in table.items():
            yield from texts(value, name)
    elif isinstance(table, list):
        for value in table:
            yield from texts(value, key)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_figures_claim_nothing_that_does_not_stand_beside_them(lang):
    tables = [*(ROOT / "lstm_edu" / "figures").glob("*/*.json"), ROOT / "lstm_edu" / "strings.json"]
    no_problems(
        [
            f"{path.name}, {key}: “{words[lang]}” says “{word[0]}”. Say it without the word."
            for path in sorted(tables)
            for key, words in texts(json.loads(path.read_text("utf-8")))
            if key not in FIGURES
            and isinstance(words[lang], str)
            and (word := re.search(rf"\b({WORDS[lang]})\b", plain(words[lang]), re.IGNORECASE))
        ]
    )


def stale(page, listed):
    """Name the entries of which the page knows nothing."""
    said = {cell.id: sentences(cell.source) for cell in page.markdown()}
    return [
        f"{page.name}: no sentence of cell {c.get('cell', '')!r} says “{c[page.lang]}”. "
        "Change the entry in tests/chapters/claims/, or take it out."
        for c in listed
        if page.lang in c
        and not any(plain(c[page.lang]) in s for s in said.get(c.get("cell", ""), []))
    ]


def not_shown(stem, page, c):
    """Say what is wrong with where a claim is shown, or return an empty string."""
    kind, _, what = c["shown"].partition(":")
    if kind in ("definition", "advice") and not what:
        return ""
    if kind == "cell" and any(cell.id == what for cell in page.code()):
        return ""
    if kind == "cite" and re.search(
        rf"^@\w+\{{{re.escape(what)},", (ROOT / "references.bib").read_text("utf-8"), re.MULTILINE
    ):
        return ""
    if kind == "test":
        name, _, function = what.rpartition("::")
        path = next((ROOT / "tests").glob(f"*/{name or f'test_chapter_{stem[:2]}.py'}"), None)
        if path and re.search(rf"^def {function}\(", path.read_text("utf-8"), re.MULTILINE):
            return ""
    return (
        f"tests/chapters/claims/{stem}.toml: “{c.get('en', c.get('es'))}” is said to be shown by "
        f"{c['shown']!r}, and there is no such thing."
    )


@pytest.mark.parametrize("stem", STEMS)
def test_every_claim_is_listed_with_where_it_is_shown(stem):
    listed = claims(stem)
    assert all(set(c) <= FIELDS and "shown" in c and {"es", "en"} & set(c) for c in listed), stem
    pages = [read(path) for path in page_files() if path.stem == stem]
    problems = [p for page in pages for p in unlisted(page, listed) + stale(page, listed)]
    problems += filter(None, (not_shown(stem, pages[0], c) for c in listed))
    no_problems(problems)


def test_no_list_is_of_a_page_that_is_gone():
    lists = {path.stem for path in (ROOT / "tests" / "chapters" / "claims").glob("*.toml")}
    assert lists <= set(STEMS)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It never fades. It is **always** 1.", ["It never fades.", "It is always 1."]),
        ("Take $U$: then it cannot\nfade.", ["then it cannot fade."]),
        ("Almost: nothing here.", []),
    ],
)
def test_sentences_with_the_words_are_found(text, found):
    said = [s for s in sentences(text) if re.search(rf"\b({WORDS['en']})\b", s)]
    assert said == found


def test_a_claim_that_nothing_shows_is_named():
    page = read(ROOT / "chapters" / "en" / "02_vanishing_gradients.ipynb")
    for shown in ("test:test_nothing", "cite:nobody1900", "cell:nowhere", "hearsay"):
        assert "no such thing" in not_shown(
            "02_vanishing_gradients", page, {"en": "x", "shown": shown}
        )
