"""Every page speaks its language, and its navigation stays in it.

`chapters/es/NAME` and `chapters/en/NAME` are twins. Sphinx knows one language per build, kept in
a table of gettext translators that everything asks at the moment it says something: directives
while a page is read, the writer, the theme's templates. So `speak` swaps that table whenever a
page's turn comes, and `shape_page` then gives the page's template what is its own: language,
title, neighbours, sidebar, twin.
"""

from gettext import NullTranslations, translation
from pathlib import Path

import pydata_sphinx_theme
import sphinx
import sphinx_book_theme
from bs4 import BeautifulSoup
from docutils import nodes
from pydata_sphinx_theme.toctree import get_nonroot_toctree
from sphinx import locale
from sphinx.environment.adapters.toctree import TocTree
from sphinx.transforms.post_transforms import SphinxPostTransform

from .strings import CATALOGUE, WORDS

LANGUAGES = tuple(WORDS)
ROOT_LANGUAGE = "es"  # the page where one chooses speaks both; its few labels are Spanish

LOCALES = {
    "sphinx": [Path(sphinx.__file__).parent, Path(pydata_sphinx_theme.__file__).parent],
    "booktheme": [Path(sphinx_book_theme.__file__).parent / "theme/sphinx_book_theme/static"],
}


class Translations(NullTranslations):
    """The book's own words first, then the catalogues that it was given as fallbacks."""

    def __init__(self, language):
        super().__init__()
        self.words = CATALOGUE[language]

    def gettext(self, message):
        return self.words.get(message) or super().gettext(message)


def load_catalogue(catalogue, language):
    """The translations of `catalogue`, found in every place that carries a part of it."""
    translations = Translations(language)
    for place in LOCALES[catalogue]:
        folder = place / ("locales" if catalogue == "booktheme" else "locale")
        translations.add_fallback(translation(catalogue, folder, [language], fallback=True))
    return translations


SPOKEN = {
    language: {catalogue: load_catalogue(catalogue, language) for catalogue in LOCALES}
    for language in LANGUAGES
}


def language_of(docname):
    """The language of a page by its folder, or None for the page where one chooses."""
    match docname.split("/"):
        case ["chapters", language, *_] if language in LANGUAGES:
            return language
    return None


def other(language):
    return LANGUAGES[1 - LANGUAGES.index(language)]


def start_page(language):
    return f"chapters/{language}/index"


def search_page(language):
    return f"chapters/{language}/search"


def speak(app, docname):
    """From here on, whatever Sphinx and the theme say is in the language of `docname`."""
    spoken = SPOKEN[language_of(docname) or ROOT_LANGUAGE]
    for catalogue, translations in spoken.items():
        locale.translators["general", catalogue] = translations
    if templates := getattr(app.builder, "templates", None):
        templates.environment.install_gettext_translations(spoken["sphinx"], newstyle=True)


class SpeakPageLanguage(SphinxPostTransform):
    """First of a page's post-transforms: references and the writer follow it."""

    default_priority = 0

    def run(self, **kwargs):
        speak(self.app, self.env.docname)
        self.config.numfig_format = {
            "section": locale._("Section %s"),
            "figure": locale._("Fig. %s"),
            "table": locale._("Table %s"),
            "code-block": locale._("Listing %s"),
        }


def number_figures(app, env):
    """Count figures, tables and listings within each page: "Fig. 4.1" in chapter 04.

    Sphinx counts through the whole build, so that the second language would go on where the
    first one ended, and a new chapter would renumber the following ones.
    """
    for docname, kinds in env.toc_fignumbers.items():
        chapter = docname.rpartition("/")[2].partition("_")[0]
        prefix = (int(chapter),) if chapter.isdigit() else ()
        for kind, numbers in kinds.items():
            kinds[kind] = {key: (*prefix, place) for place, key in enumerate(numbers, start=1)}
    return []


def twin_of(app, pagename):
    """The same page in the other language, or that language's start page."""
    language = language_of(pagename)
    twin = pagename.replace(f"chapters/{language}/", f"chapters/{other(language)}/")
    exists = twin in app.env.found_docs or twin == search_page(other(language))
    return twin if exists else start_page(other(language))


def section_ids(app, pagename):
    """The ids of a page's sections in order; twins have the same sections in the same order."""
    if pagename not in app.env.found_docs:
        return []
    return [section["ids"][0] for section in app.env.get_doctree(pagename).findall(nodes.section)]


def chapters_html(app, pagename, language):
    """The language's part of the table of contents, for the sidebar."""
    tree = get_nonroot_toctree(
        app,
        pagename,
        start_page(language),
        TocTree(app.env),
        collapse=False,
        titles_only=True,
        includehidden=True,
    )
    if tree is None:
        return ""
    soup = BeautifulSoup(app.builder.render_partial(tree)["fragment"], "html.parser")
    for item in soup("li", class_="current"):
        item["class"].append("active")
    for list_ in soup("ul", recursive=False):
        list_["class"] = [*list_.get("class", []), "nav", "bd-sidenav"]
    return str(soup)


def prepare_page(app, pagename, templatename, context, doctree):
    """Before the theme's turn: the page's language, and what the book's own templates ask for."""
    speak(app, pagename)
    language = language_of(pagename)
    home = start_page(language) if language else app.config.root_doc
    context |= {
        "language": language or ROOT_LANGUAGE,
        "words": WORDS[language or ROOT_LANGUAGE],
        "other_words": WORDS[other(language or ROOT_LANGUAGE)],
        "home": home,
        "home_title": app.env.titles[home].astext(),
        "chapters_html": lambda: chapters_html(app, pagename, language),
        "theme_disable_search": language is None,
    }
    if language:
        twin = twin_of(app, pagename)
        context["twin"] = {
            "language": other(language),
            "link": context["pathto"](twin),
            "sections": " ".join(section_ids(app, twin)),
        }
    else:
        context["sidebars"] = []


def shape_page(app, pagename, templatename, context, doctree):
    """After the theme's turn: titles and neighbours in the page's language."""
    language, words = language_of(pagename), context["words"]
    title = words["title"] if language else app.config.html_title
    context |= {
        "docstitle": title,
        "theme_search_bar_text": words["search prompt"],
        "theme_logo": {**context["theme_logo"], "link": context["home"], "text": title},
    }
    neighbours = app.builder.relations.get(pagename, (None, None, None))
    for direction, neighbour in zip(("parent", "prev", "next"), neighbours, strict=True):
        if not language or not neighbour or language_of(neighbour) != language:
            context[direction] = None


def setup(app):
    app.add_post_transform(SpeakPageLanguage)
    app.connect("source-read", lambda app, docname, source: speak(app, docname))
    app.connect("html-page-context", prepare_page, priority=1)
    app.connect("html-page-context", shape_page, priority=900)
    app.connect("env-get-updated", number_figures, priority=900)
