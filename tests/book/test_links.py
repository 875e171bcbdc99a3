"""Every link of the built book leads somewhere, and nothing on a page comes from elsewhere."""

import re
from functools import cache
from urllib.parse import unquote, urlsplit

import pytest
from addresses import FETCHED, FETCHED_RELS, addresses, elements
from failing import no_problems


@cache
def ids(path):
    """Return {id: tag} of a page; an old-style <a name> counts too."""
    return {
        attributes[key]: tag
        for tag, attributes in elements(path)
        for key in ("name", "id")
        if attributes.get(key) and (key == "id" or tag == "a")
    }


def link_problem(book, path, tag, attributes, address):
    """Return what is wrong with one address on a page, or None."""
    parts = urlsplit(address)
    here = f"{path.relative_to(book)}: <{tag}> to {address!r}"
    if parts.scheme in ("mailto", "tel", "data", "javascript"):
        return None
    if parts.scheme or parts.netloc:
        rels = set(attributes.get("rel", "").split())
        if tag in FETCHED or (tag == "link" and rels & FETCHED_RELS):
            return f"{here}: the page fetches this from another site. Keep a copy in the book."
        return None
    target = path
    if parts.path:
        start = book if parts.path.startswith("/") else path.parent
        target = (start / unquote(parts.path).lstrip("/")).resolve()
        if target.is_dir():
            target /= "index.html"
        if not target.is_file():
            return f"{here}: there is no such file in the book."
    if not parts.fragment or target.suffix != ".html":
        return None
    name, question, _ = parts.fragment.partition("?")
    tag_there = ids(target).get(unquote(name))
    if question and tag_there != "lstm-explorer":
        known = [one for one, there in ids(target).items() if there == "lstm-explorer"]
        return (
            f"{here}: sets a figure, but {target.name} has no <lstm-explorer> named {name!r}; "
            f"it has {known}."
        )
    if tag_there is None:
        return f"{here}: {target.name} has no place named {name!r}."
    return None


def link_problems(book):
    pages = sorted(path for path in book.resolve().rglob("*.html") if "_static" not in path.parts)
    return [
        problem
        for path in pages
        for link in addresses(path)
        if (problem := link_problem(book.resolve(), path, *link))
    ]


def style_problems(book):
    """Style sheets fetch too: every url(…) is a file of the book."""
    problems = []
    for sheet in sorted(book.resolve().rglob("*.css")):
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
        for address in re.findall(r"url\(\s*[\"']?([^\"')]+)", text):
            parts = urlsplit(address)
            if parts.scheme in ("data", "blob") or not (parts.path or parts.netloc):
                continue
            if parts.netloc or not (sheet.parent / unquote(parts.path)).is_file():
                problems.append(f"{sheet.relative_to(book.resolve())}: url({address}) is no file.")
    return problems


def test_every_link_of_every_page_resolves(book):
    no_problems(link_problems(book))


def test_every_address_in_a_style_sheet_resolves(book):
    no_problems(style_problems(book))


# The rule catches


GOOD = """<html><head><link rel="stylesheet" href="_static/a.css?v=1"></head><body>
<h1 id="título">T</h1><lstm-explorer id="cell"></lstm-explorer>
<a href="#t%C3%ADtulo">1</a> <a href="es/b.html#x">2</a> <a href="es/">3</a> <a href="#">4</a>
<a href="#cell?f=0&amp;i=1">5</a> <a href="https://example.org/">6</a> <img src="_static/a.png">
<a href="mailto:a@example.org">7</a> <img srcset="_static/a.png 2x">{}</body></html>"""


@pytest.fixture
def small_book(tmp_path):
    (tmp_path / "es").mkdir()
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static" / "a.css").write_text("a { background: url(a.png) }")
    (tmp_path / "_static" / "a.png").write_bytes(b"")
    for name in ("index", "b"):
        (tmp_path / "es" / f"{name}.html").write_text('<p id="x">hola</p>')
    return tmp_path


def test_a_sound_book_passes(small_book):
    (small_book / "index.html").write_text(GOOD.format(""), encoding="utf-8")
    assert link_problems(small_book) == []
    assert style_problems(small_book) == []


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        ('<a href="es/c.html">', "no such file"),
        ('<a href="es/b.html#y">', "b.html has no place named 'y'"),
        ('<a href="#nowhere">', "no place named 'nowhere'"),
        ('<img src="images/none.svg">', "no such file"),
        ('<img srcset="_static/b.png 2x">', "no such file"),
        ('<a href="#gates?f=0">', "no <lstm-explorer> named 'gates'; it has ['cell']"),
        ('<a href="#t%C3%ADtulo?f=0">', "no <lstm-explorer> named"),
        ('<script src="https://cdn.example.org/a.js"></script>', "from another site"),
        ('<link rel="stylesheet" href="//cdn.example.org/a.css">', "from another site"),
    ],
)
def test_a_broken_link_is_named(small_book, mistake, said):
    (small_book / "index.html").write_text(GOOD.format(mistake), encoding="utf-8")
    (problem,) = link_problems(small_book)
    assert problem.startswith("index.html: <") and said in problem


@pytest.mark.parametrize("address", ["b.png", "https://fonts.example.org/a.woff2"])
def test_a_broken_address_in_a_style_sheet_is_named(small_book, address):
    (small_book / "_static" / "a.css").write_text(f"a {{ background: url('{address}') }}")
    (problem,) = style_problems(small_book)
    assert problem.startswith("_static/a.css: ") and address in problem
