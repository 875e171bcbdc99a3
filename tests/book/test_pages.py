"""What a page weighs, whom it shuts out, and how it is found: every page of the built book.

`sample`, of test_book.py, is published at an address and has a repository; the book itself is
nowhere yet.
"""

import json
import re
import sys
from functools import cache
from xml.etree import ElementTree

import pytest
from book.strings import WORDS
from browsing import serve
from processes import run_node
from test_book import (  # noqa: F401  (sample and site are fixtures)
    PUBLISHED,
    REPOSITORY,
    language_of,
    name_of,
    pages,
    sample,
    site,
    soup,
)

from rules.pages import ROOT

sys.path.append(str(ROOT / "benchmarks"))
import classroom as costs

FIRST_VISIT, NEXT_PAGE = 300_000, 80_000  # bytes by gzip, everything that a chapter needs
CLEAR = 4.5  # the contrast of text that WCAG AA asks for


# Weight


weigh = cache(costs.sent)  # many pages share their files


def weight(paths):
    return sum(map(weigh, paths))


def test_no_page_is_heavy(book):
    for path in pages(book):
        files = costs.fetched(path)
        assert weight(files) <= FIRST_VISIT, {file.name: weigh(file) for file in files}
        if path.stem[0] in "01":  # a chapter, after another one
            read = costs.fetched(path.parent / "02_vanishing_gradients.html")
            assert weight(files - read) <= NEXT_PAGE, path


def test_what_is_weighed_is_what_the_browser_asks_for(book, served, browser):
    name = "chapters/es/04_inside_the_cell.html"
    page = browser.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(served + name, wait_until="networkidle")
    page.close()
    local = {url.partition("?")[0].removeprefix(served) for url in asked if url.startswith("http")}
    files = {path.relative_to(book).as_posix() for path in costs.fetched(book / name)}
    assert local | {"_static/mark.svg"} == files  # no window, no icon


def test_a_page_is_shown_though_its_fonts_fail(book, open_page):
    broken = "document.fonts.load = () => Promise.reject(new Error('no font'))"
    page = open_page((book / "chapters/es/index.html").as_uri(), init_script=broken)
    assert page.locator("h1").is_visible()
    page = open_page((book / "chapters/es/index.html").as_uri(), java_script_enabled=False)
    assert page.locator("h1").is_visible()


# Everyone


def luminance(colour):
    parts = [value / 255 for value in colour]
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_code_is_as_clear_as_text(book, open_page, theme):
    """axe-core passes over code (it would take minutes): each kind of word, on its ground."""
    page = open_page((book / "chapters/en/04_inside_the_cell.html").as_uri(), color_scheme=theme)
    colours = page.evaluate(
        """() => {
          const paint = document.createElement("canvas").getContext("2d");
          const rgb = (colour) => {
            paint.fillStyle = colour;
            paint.fillRect(0, 0, 1, 1);
            return [...paint.getImageData(0, 0, 1, 1).data].slice(0, 3);
          };
          const block = document.querySelector(".cell_input .highlight");
          const words = new Map([...document.querySelectorAll(".cell_input .highlight span")]
            .map((word) => [word.className, rgb(getComputedStyle(word).color)]));
          return { ground: rgb(getComputedStyle(block).backgroundColor), words: [...words] };
        }"""
    )
    assert len({tuple(colour) for _, colour in colours["words"]}) >= 5
    unclear = [word for word, one in colours["words"] if contrast(one, colours["ground"]) < CLEAR]
    assert unclear == []


def test_every_page_is_valid_html(book, node_modules):
    """html-validate's standard, but for what is style: see frontend/.htmlvalidate.json."""
    run_node("npx", "html-validate", "--config", ".htmlvalidate.json", *map(str, pages(book)))


def test_the_page_is_read_in_order_by_the_keyboard(book, open_page):
    page = open_page((book / "chapters/en/03_gates.html").as_uri())
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the first stop leads past the masthead
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    page.locator(".menu > summary").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.menu nav') !== null")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.matches('.menu > summary')")
    assert not page.locator(".menu nav").is_visible()


def test_the_colours_chosen_stay(book, served, open_page):
    page = open_page(served + "chapters/es/about.html", color_scheme="light")
    shown = "getComputedStyle(document.body).backgroundColor"
    light, button = page.evaluate(shown), page.locator("button.mode")
    assert button.get_attribute("aria-label") == WORDS["es"]["colours auto"]
    for name, dark in (("light", False), ("dark", True)):
        button.click()
        assert button.get_attribute("aria-label") == WORDS["es"][f"colours {name}"]
        assert (page.evaluate(shown) != light) == dark
    page.goto(served + "chapters/es/notation.html")
    assert page.evaluate(shown) != light
    page.locator("button.mode").click()
    assert page.evaluate(shown) == light


def test_without_scripts_the_colours_are_the_systems(book, open_page):
    grounds = set()
    for scheme in ("light", "dark"):
        page = open_page(
            (book / "chapters/es/about.html").as_uri(),
            color_scheme=scheme,
            java_script_enabled=False,
        )
        page.locator("html").screenshot()  # the colour is asked of the page by its picture alone
        grounds.add(page.screenshot(clip={"x": 0, "y": 0, "width": 2, "height": 2}))
    assert len(grounds) == 2


def test_printed_a_page_is_its_text_in_black(book, open_page):
    page = open_page((book / "chapters/es/03_gates.html").as_uri(), color_scheme="dark")
    page.emulate_media(media="print")
    for part in (".masthead", ".contents", ".belt", ".turn", ".tools", "details.hide > summary"):
        assert page.locator(part).filter(visible=True).count() == 0, part
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("h1").is_visible()


def test_code_is_copied_as_typed(book, served, open_page):
    page = open_page(
        served + "chapters/en/04_inside_the_cell.html",
        permissions=["clipboard-read", "clipboard-write"],
    )
    block = page.locator(".cell_input .highlight:visible").first
    block.hover()
    assert block.locator("button.copy").inner_text() == WORDS["en"]["copy"]
    block.locator("button.copy").click()
    block.get_by_text(WORDS["en"]["copied"]).wait_for()
    assert (
        page.evaluate("navigator.clipboard.readText()") == block.locator("pre").inner_text().strip()
    )
    assert not page.locator(".output button.copy").count()


# Finding


@pytest.fixture
def served_sample(sample, tmp_path):  # noqa: F811
    """The small book over http, at the path where it is published."""
    (tmp_path / "inside").symlink_to(sample)
    with serve(tmp_path) as address:
        yield address


def test_a_published_page_says_where_it_is(sample):  # noqa: F811
    for path in pages(sample):
        name, html = name_of(sample, path), soup(path)
        language = language_of(sample, path)
        canonical = html.select_one("link[rel=canonical]")
        if name == "404" or path.stem == "search":
            continue
        assert canonical["href"] == f"{PUBLISHED}/{name}.html"
        card = {one["property"]: one["content"] for one in html.select("meta[property^='og:']")}
        assert card["og:url"] == canonical["href"]
        assert card["og:image"] == f"{PUBLISHED}/_static/cover.{language or 'es'}.png"
        assert (sample / card["og:image"].removeprefix(PUBLISHED + "/")).is_file()
        assert card["og:locale"][:2] == (language or "es")
        others = {one["hreflang"]: one["href"] for one in html.select("link[hreflang]")}
        if name.endswith("04_cell"):
            assert others == {c: f"{PUBLISHED}/chapters/{c}/04_cell.html" for c in ("es", "en")}


def test_a_description_is_the_first_sentence_of_the_page(book):
    for path in pages(book):
        html = soup(path)
        if language_of(book, path) and path.stem not in ("search", "references"):
            (said,) = html.select("meta[name=description]")
            text = " ".join(html.select_one("article p:not(.tools)").text.split())
            assert re.sub(r"\W", "", said["content"])[:60] == re.sub(r"\W", "", text)[:60], path


def test_the_sitemap_has_every_page_and_its_twin(sample):  # noqa: F811
    root = ElementTree.parse(sample / "sitemap.xml").getroot()
    listed = {one.text for one in root.findall(".//{*}loc")}
    found = {f"{PUBLISHED}/{name_of(sample, path)}.html" for path in pages(sample)}
    assert listed == {one for one in found if not re.search(r"/(404|search)\.html$", one)}
    links = {link.get("href") for link in root.iter("{http://www.w3.org/1999/xhtml}link")}
    assert links <= listed and f"{PUBLISHED}/chapters/en/04_cell.html" in links


def test_a_book_that_is_nowhere_claims_no_address(book):
    assert not (book / "sitemap.xml").exists()
    for path in pages(book):
        assert not soup(path).select("link[rel=canonical], meta[property], link[hreflang]")


def test_every_notebook_can_be_downloaded(site):  # noqa: F811
    count = 0
    for path in pages(site):
        for link in soup(path).select(".tools a[download]"):
            if not link["href"].endswith(".ipynb"):
                continue
            count += 1
            notebook = json.loads((path.parent / link["href"]).read_text("utf-8"))
            assert notebook["nbformat"] == 4
    assert count == sum(bool(soup(path).select(".cell")) for path in pages(site)) > 1


def test_a_notebook_opens_where_it_runs_once_the_repository_is_known(sample, book):  # noqa: F811
    links = {
        link.text: link["href"]
        for link in soup(sample / "chapters/en/04_cell.html").select(".tools a:not([download])")
    }
    assert links == {
        WORDS["en"]["launch"].format(name="Binder"): (
            "https://mybinder.org/v2/gh/example/inside/main?urlpath=lab/tree/chapters/en/04_cell.ipynb"
        ),
        WORDS["en"]["launch"].format(name="JupyterHub"): (
            "https://hub.example.org/hub/user-redirect/git-pull"
            "?repo=https%3A%2F%2Fgithub.com%2Fexample%2Finside"
            "&urlpath=lab%2Ftree%2Finside%2Fchapters%2Fen%2F04_cell.ipynb&branch=main"
        ),
    }
    assert soup(sample / "index.html").select(f"footer a[href='{REPOSITORY}']")
    for path in pages(book):
        assert not soup(path).select(".tools a:not([download])")


def test_what_is_not_there_is_answered_in_both_languages(sample, served_sample, open_page):  # noqa: F811
    html = soup(sample / "404.html")
    assert html.base["href"] == "/inside/"
    targets = {link["href"] for link in html.select("article a")}
    assert targets == {"chapters/es/index.html", "chapters/en/index.html"}
    assert html.select_one("article [lang=en]").text.strip()
    page = open_page(f"{served_sample}inside/404.html")
    page.locator("article [lang=en] a").click()
    assert page.url == f"{served_sample}inside/chapters/en/index.html"
