"""Every page speaks its language, and its navigation stays in it.

`chapters/es/NAME` and `chapters/en/NAME` are twins. Sphinx knows one language per build, kept in
a table of gettext translators that everything asks at the moment it says something: directives
while a page is read, the writer, the theme's templates. So `speak` swaps that table whenever a
page's turn comes.
"""

from gettext import NullTranslations, translation
from pathlib import Path

import sphinx
from docutils import nodes
from sphinx import locale
from sphinx.transforms.post_transforms import SphinxPostTransform

from .strings import CATALOGUE, WORDS

LANGUAGES = tuple(WORDS)
ROOT_LANGUAGE = "es"  # the page where one chooses speaks both; its few labels are Spanish


class Translations(NullTranslations):
    """The book's own words first, then the catalogue that it was given as a fallback."""

    def __init__(self, language):
        super().__init__()
        self.words = CATALOGUE[language]

    def gettext(self, message):
        return self.words.get(message) or super().gettext(message)


def load_catalogue(language):
    """Sphinx' translations, behind the book's own."""
    translations = Translations(language)
    folder = Path(sphinx.__file__).parent / "locale"
    translations.add_fallback(translation("sphinx", folder, [language], fallback=True))
    return translations


SPOKEN = {language: load_catalogue(language) for language in LANGUAGES}


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
    """From here on, whatever Sphinx says is in the language of `docname`."""
    spoken = SPOKEN[language_of(docname) or ROOT_LANGUAGE]
    locale.translators["general", "sphinx"] = spoken
    if templates := getattr(app.builder, "templates", None):
        templates.environment.install_gettext_translations(spoken, newstyle=True)


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


def give_language(app, pagename, templatename, context, doctree):
    """What a page's template has to know of its language: its words, and its twin."""
    speak(app, pagename)
    language = language_of(pagename)
    words = WORDS[language or ROOT_LANGUAGE]
    context |= {
        "language": language or ROOT_LANGUAGE,
        "words": words,
        "book_title": words["title"] if language else app.config.html_title,
    }
    if language:
        twin = twin_of(app, pagename)
        context["other_words"] = WORDS[other(language)]
        context["twin"] = {
            "name": twin,
            "language": other(language),
            "link": context["pathto"](twin),
            "sections": " ".join(section_ids(app, twin)),
        }


def setup(app):
    app.add_post_transform(SpeakPageLanguage)
    app.connect("source-read", lambda app, docname, source: speak(app, docname))
    app.connect("html-page-context", give_language, priority=1)
    app.connect("env-get-updated", number_figures, priority=900)
