"""Search: in the page's language, with or without accents, over http and from file://."""

import json
import re

import pytest
from book.strings import WORDS
from test_book import PHONE, TEXTS, pages, sample, soup  # noqa: F401  (a fixture)


def found(page):
    """[(title, page, link)] of the results that are shown."""
    return page.locator("#search-results li").evaluate_all(
        """items => items.map((item) => [
          item.querySelector("a").textContent,
          item.querySelector("span")?.textContent ?? "",
          item.querySelector("a").getAttribute("href"),
        ])"""
    )


@pytest.fixture
def search(sample, open_page):  # noqa: F811
    """`search("es", "activacion")`: the results, after typing into the search page."""

    def run(language, query):
        page = open_page((sample / f"chapters/{language}/search.html").as_uri())
        page.locator("article input[name=q]").fill(query)
        return found(page)

    return run


@pytest.mark.parametrize(
    "query", ["activación", "activacion", "ACTIVACIÓN", "activaciones", "activa", "Activacion "]
)
def test_spanish_folds_accents_and_stems(search, query):
    results = search("es", query)
    assert ["La activación", "Dentro de la celda", "04_cell.html#la-activacion"] in results
    assert results[0][0] == "La activación"


@pytest.mark.parametrize("query", ["activation", "activations", "ACTIVAT"])
def test_english_stems(search, query):
    assert search("en", query)[0][0] == "The activation"


def test_results_are_of_the_pages_language(search):
    assert search("es", "murcielago") and not search("en", "murcielago")
    assert search("en", "hedgehog") and not search("es", "hedgehogs")
    assert search("es", "number") == []


def test_several_words_want_all_of_them(search):
    assert {title for title, _, _ in search("es", "murciélago activación")} == {"La activación"}
    # stop words do not count; a word that is nowhere does not hide the others
    assert search("es", "el murciélago de la")[0][0] == "La activación"
    assert search("es", "murciélago xyzzy")[0][0] == "La activación"


@pytest.mark.parametrize(
    ("language", "query", "first", "has"),
    [
        ("en", "timesteps", "", r"time steps?\b"),
        ("en", "timestep", "", r"time steps?\b"),
        ("en", "stateful", "A layer that remembers", "stateful"),
        ("en", "forget gate", "Before the forget gate", "forget gate"),
        ("en", "backprop", "", "backpropagation"),
        ("es", "timestep", "", "pasos? de tiempo"),
        ("es", "timesteps", "", "pasos? de tiempo"),
        ("es", "pasos de tiempo", "", "pasos? de tiempo"),
        ("es", "retropropagacion", "", "retropropagación"),
        ("es", "backprop", "", "retropropagación"),
        ("es", "stateful", "Una capa que se acuerda", "stateful"),
    ],
)
def test_the_words_of_keras_lead_to_the_books(book, open_page, language, query, first, has):
    """What readers of Keras' documentation type: the section that has it comes first."""
    page = open_page((book / f"chapters/{language}/search.html").as_uri() + f"?q={query}")
    results = page.locator("#search-results li").all_text_contents()
    assert len(results) > 1
    if first:
        assert results[0].startswith(first)
    index = (book / f"_static/search-index.{language}.js").read_text("utf-8")
    (pages,) = (json.loads(re.fullmatch(r"const SEARCH_INDEX = (.*);\n", index)[1])["pages"],)
    link = page.locator("#search-results li a").first.get_attribute("href")
    name, _, section = link.partition("#")
    for stem, sections in pages:
        if f"{stem}.html" == name:
            chosen = next((one for one in sections if one[0] == section), sections[0])
            assert re.search(has, f"{chosen[1]} {chosen[2]}".lower())


def test_a_title_that_is_asked_for_comes_first(book, open_page):
    for language, query in (("en", "forget gate"), ("es", "puerta de olvido")):
        page = open_page((book / f"chapters/{language}/search.html").as_uri() + f"?q={query}")
        results = page.locator("#search-results li a").all_text_contents()
        titled = [one for one in results if query in one.lower()]
        assert len(titled) > 1 and results[: len(titled)] == titled


def test_nothing_is_said_in_words(sample, open_page):  # noqa: F811
    for language, words in WORDS.items():
        page = open_page((sample / f"chapters/{language}/search.html").as_uri() + "?q=xyzzy")
        status = page.locator("#search-status")
        assert status.text_content() == words["found none"].format(query="xyzzy")
        page.locator("article input[name=q]").fill(TEXTS[language]["alone"])
        assert status.text_content() == words["found one"]


def test_what_is_searched_is_text(sample, open_page):  # noqa: F811
    page = open_page((sample / "chapters/es/search.html").as_uri())
    page.locator("article input[name=q]").fill("<img src=x onerror=alert(1)>")
    assert page.locator("article img").count() == 0


def test_every_result_leads_to_its_section(search, sample):  # noqa: F811
    for _, _, link in search("es", "celda"):
        name, _, section = link.partition("#")
        assert not section or soup(sample / "chapters/es" / name).find(id=section), link


def test_the_line_shown_marks_the_word(sample, open_page):  # noqa: F811
    page = open_page((sample / "chapters/es/search.html").as_uri() + "?q=murcielago")
    assert page.locator("#search-results mark").all_text_contents() == ["murciélago"]


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_from_any_page_by_keyboard_to_the_results(book, served, open_page, scheme):
    for language, word in (("es", "celda"), ("en", "cell")):
        name = f"chapters/{language}/04_inside_the_cell.html"
        page = open_page(served + name if scheme == "http" else (book / name).as_uri())
        page.keyboard.press("Control+k")
        page.keyboard.type(word)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/chapters/{language}/search.html?q={word}")
        page.wait_for_selector("#search-results li mark")
        assert any("04_inside_the_cell" in link for _, _, link in found(page))


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_on_a_telephone_the_sign_leads_to_the_search(book, served, open_page, scheme):
    name = "chapters/es/04_inside_the_cell.html"
    address = served + name if scheme == "http" else (book / name).as_uri()
    page = open_page(address, viewport=PHONE, has_touch=True)
    for ask in (
        page.locator(".masthead .find button").tap,
        lambda: page.keyboard.press("Control+k"),
    ):
        page.goto(address)
        ask()
        page.wait_for_url("**/chapters/es/search.html*")
        page.keyboard.type("celda")  # the field has the focus
        page.wait_for_selector("#search-results li mark")


def test_the_index_has_the_languages_pages_and_no_outputs(book):
    for language in TEXTS:
        text = (book / f"_static/search-index.{language}.js").read_text("utf-8")
        index = json.loads(re.fullmatch(r"const SEARCH_INDEX = (.*);\n", text)[1])
        names = {path.stem for path in pages(book) if path.parent.name == language} - {"search"}
        assert {name for name, _ in index["pages"]} == names
        assert "lstm-explorer" not in text and "\\\\frac" not in text


def test_sphinxs_own_search_is_nowhere(book):
    assert not (book / "search.html").exists() and not (book / "searchindex.js").exists()
    for path in pages(book):
        assert "searchtools.js" not in path.read_text("utf-8")
