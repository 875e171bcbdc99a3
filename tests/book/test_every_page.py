"""Every page, opened as readers open it: over http on a laptop, from a file on a telephone.

A page is opened once in each way, and every test asks what was seen then. What a page promises
beyond that is in test_pages.py.
"""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
import sphinx
from book import languages
from book.strings import CATALOGUE, WORDS
from browsing import FIND_VIOLATIONS, Pages, serve
from failing import no_problems
from test_book import (  # noqa: F401  (sample and site are fixtures)
    PUBLISHED,
    language_of,
    name_of,
    pages,
    sample,
    site,
    twin_path,
)

LAPTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 900}
NARROWEST = {"width": 320, "height": 900}  # 1280 px at 400 %

SHIFTS = """window.shifts = [];
new PerformanceObserver((list) => {
  for (const { value, sources } of list.getEntries()) window.shifts.push(
    [value, ...sources.map(({ node }) => node && (node.outerHTML || node.data).slice(0, 80))]);
}).observe({ type: "layout-shift", buffered: true });"""
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
OPEN = "document.querySelectorAll('details').forEach((one) => (one.open = true))"
# The words of drawings and plots that reach over their edge, where they are cut off.
CUT = """() => [...document.querySelectorAll("svg.inline-svg")].flatMap((drawing) => {
  const box = drawing.getBoundingClientRect();
  return [...drawing.querySelectorAll("text")].filter((text) => {
    const { width, left, right, top, bottom } = text.getBoundingClientRect();
    return width && (left < box.left || right > box.right || top < box.top || bottom > box.bottom);
  }).map((text) => `“${text.textContent}” in “${drawing.ariaLabel}”`);
})"""
# Everything a page shows or speaks that is not inside an element of another language:
# [where, text], from the live page, so that what scripts add is there too.
STRINGS = """() => {
  const page = document.documentElement.lang;
  const found = [];
  const home = (element) => element.closest("[lang]").lang === page
    && !element.closest("pre, code, svg, math, script, style, noscript, lstm-explorer");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ALL);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) {
      if (node.data.trim() && home(node.parentElement))
        found.push([node.parentElement.closest("article") ? "text" : "chrome", node.data]);
    } else if (node.nodeType === Node.ELEMENT_NODE && home(node)) {
      for (const { name, value } of node.attributes)
        if (/^(title|alt|placeholder|aria-label|aria-description|aria-roledescription)$/.test(name)
            || /tooltip|hint|title/.test(name))
          if (value.trim() && !node.closest(".bibtex-citation")) found.push([name, value]);
    }
  }
  found.push(["chrome", document.title]);
  return found.map(([where, text]) => [where, text.replace(/\\s+/g, " ").trim()]);
}"""


class Seen(NamedTuple):
    """What one page did, showed and said."""

    problems: list  # foreign requests, errors in the console, what is missing: see browsing.Pages
    shifts: list  # what moved while the page loaded, over http and from the file
    sideways: dict  # {width: by how many px the page is wider than that}
    strings: list  # [[where, text]]
    cut: list  # what drawings cut off
    violations: list  # axe-core's


def look_at(open_, address, path, theme, axe):
    # No file is missing where there is no server to say so.
    file = address if path.stem == "404" else path.as_uri()
    laptop = open_(address, viewport=LAPTOP, color_scheme=theme, init_script=SHIFTS)
    phone = open_(file, viewport=PHONE, color_scheme=theme, init_script=SHIFTS)
    for page in (laptop, phone):
        page.evaluate("document.fonts.ready")
    shifts = laptop.evaluate("window.shifts") + phone.evaluate("window.shifts")
    strings = laptop.evaluate(STRINGS)
    sideways = {1280: laptop.evaluate(SIDEWAYS)}
    phone.set_viewport_size(NARROWEST)
    sideways[320] = phone.evaluate(SIDEWAYS)
    laptop.evaluate(OPEN)
    cut = laptop.evaluate(CUT)
    laptop.add_script_tag(path=axe)
    elsewhere = ["lstm-explorer", "pre", ".inline-svg"]  # tested by themselves
    violations = laptop.evaluate(FIND_VIOLATIONS, {"exclude": elsewhere})
    open_.close()
    return Seen([*open_.problems], shifts, sideways, strings, cut, violations)


@pytest.fixture(scope="module")
def seen(site, browser, node_modules, tmp_path_factory):  # noqa: F811
    """{path: what was seen}; Spanish pages in the light, the others in the dark.

    Twins have one structure and one style sheet, so each is looked at in one theme.
    """
    host = tmp_path_factory.mktemp("host")
    published = host / PUBLISHED.rpartition("/")[2]
    published.symlink_to(site)
    axe = node_modules / "axe-core" / "axe.min.js"
    with serve(host) as address:
        return {
            path: look_at(
                Pages(browser),
                f"{address}{published.name}/{name_of(site, path)}.html",
                path,
                "light" if language_of(site, path) == "es" else "dark",
                axe,
            )
            for path in pages(site)
        }


def test_no_page_does_what_it_must_not(seen):
    no_problems([problem for page in seen.values() for problem in page.problems])


def test_nothing_moves_while_a_page_loads(seen):
    no_problems([f"{path}: {shift}" for path, page in seen.items() for shift in page.shifts])


def test_no_page_scrolls_sideways(seen):
    no_problems(
        [
            f"{path} is wider by {more} px than the {width} px of its window"
            for path, page in seen.items()
            for width, more in page.sideways.items()
            if more > 0
        ]
    )


def test_no_drawing_cuts_off_its_words(seen):
    no_problems([f"{path}: {words}" for path, page in seen.items() for words in page.cut])


def test_axe_finds_nothing(seen):
    """No violation of WCAG 2.2 A or AA: the pages here, explorers in test_every_explorer.py."""
    no_problems([f"{path}: {one}" for path, page in seen.items() for one in page.violations])


# Language

# Words that the two languages share, or names.
SHARED = re.compile(r"(Ctrl|⌘|\+|K|[\W\d]*|Dentro de la LSTM · Inside the LSTM|.*#)$")


def untranslated(ours, theirs):
    """What two twins say alike, outside the text of the page: somebody forgot to translate it."""
    theirs = {text for where, text in theirs if where != "text"}
    return sorted(
        {
            text
            for where, text in ours
            if where != "text" and text in theirs
            if not SHARED.match(text)
        }
    )


def test_twins_share_no_string_of_the_theme(seen, site):  # noqa: F811
    for path, page in seen.items():
        twin = language_of(site, path) == "es" and seen.get(twin_path(site, path))
        if twin:
            alike = untranslated(page.strings, twin.strings)
            assert alike == [], f"{name_of(site, path)} says this in both languages: {alike}"


@cache
def messages():
    """Every message that Sphinx or the book's machinery can show: {English: Spanish}."""
    from babel.messages.pofile import read_po

    found = {}
    for catalogue in Path(sphinx.__file__).parent.rglob("es/LC_MESSAGES/*.po"):
        with catalogue.open("rb") as file:
            found |= {one.id: one.string for one in read_po(file) if isinstance(one.id, str)}
    found |= dict.fromkeys(CATALOGUE["es"], "")
    return {english: spanish for english, spanish in found.items() if english.strip()}


@cache
def known_strings(language):
    """Lower-case strings that only the other language's pages may show."""
    translations = languages.SPOKEN["es"]
    english = {message.lower() for message in messages()}
    spanish = {text.lower() for text in messages().values() if text}
    said = {message: translations.gettext(message) for message in messages()}
    spanish |= {text.lower() for message, text in said.items() if text != message}
    spanish |= {text.lower() for text in [*WORDS["es"].values(), *CATALOGUE["es"].values()]}
    english |= {text.lower() for text in [*WORDS["en"].values(), *CATALOGUE["en"].values()]}
    return english - spanish if language == "es" else spanish - english


def test_the_list_of_known_strings_is_long_and_has_the_obvious_ones():
    assert {"search", "next", "note", "copy", "on this page"} <= known_strings("es")
    assert {"buscar", "siguiente", "nota", "en esta página"} <= known_strings("en")
    assert len(known_strings("es")) > 150


def test_the_books_own_words_say_what_no_catalogue_says():
    for language, words in CATALOGUE.items():
        for message, text in words.items():
            spoken = languages.SPOKEN[language]
            assert super(languages.Translations, spoken).gettext(message) in (message, "") or (
                super(languages.Translations, spoken).gettext(message) != text
            ), message


def test_no_page_shows_a_known_string_of_the_other_language(seen, site):  # noqa: F811
    for path, page in seen.items():
        if language := language_of(site, path):
            known = known_strings(language)
            foreign = [text for _, text in page.strings if text.lower() in known]
            assert foreign == [], f"{name_of(site, path)}: {foreign}"
