"""One search page and one index per language, that also work from file://.

Sphinx makes one index with one stemmer, looks words up with their accents, and fetches pages for
its summaries, which file:// forbids. This book is small enough for something plainer: the index
of a language is the text of its sections, and the search page's script (`search.js`) folds
accents, stems and ranks in the reader's browser. The stemmers are Sphinx' own, one per language.
"""

import json
import re
from pathlib import Path

import sphinx.search
from docutils import nodes
from sphinx import addnodes
from sphinx.search.en import SearchEnglish
from sphinx.search.es import SearchSpanish

from .languages import LANGUAGES, language_of, search_page
from .theme import write_static

STEMMERS = {
    "es": ["base-stemmer.js", "spanish-stemmer.js"],
    "en": ["base-stemmer.js", "porter-stemmer.js"],
}
STOP_WORDS = {"es": SearchSpanish.stopwords, "en": SearchEnglish.stopwords}
# What readers type who know a thing by another name, Keras' above all; looked up where no page has
# the word itself.
SYNONYMS = {
    "es": {
        "timestep": "paso de tiempo",
        "timesteps": "pasos de tiempo",
        "batch": "lote",
        "batches": "lotes",
        "units": "unidades",
        "gate": "puerta",
        "gates": "puertas",
        "backprop": "retropropagación",
        "backpropagation": "retropropagación",
        "bptt": "retropropagación tiempo",
        "autovalor": "valor propio",
        "autovalores": "valores propios",
    },
    "en": {
        "timestep": "time step",
        "timesteps": "time steps",
        "backprop": "backpropagation",
        "bptt": "backpropagation time",
        "minibatch": "batch",
    },
}
NOT_TEXT = (nodes.raw, nodes.comment, nodes.math_block)
NO_BRACES = str.maketrans("", "", "{}")


def words_of(node):
    """The readable text below `node`, without subsections, formulas, outputs and labels.

    A symbol inside a sentence stays, so that the sentence does: h_t, but not \\frac{…}{…}.
    """
    if isinstance(node, nodes.Text):
        return [str(node)]
    if isinstance(node, nodes.math):
        return [] if "\\" in node.astext() else [node.astext().translate(NO_BRACES)]
    is_output = node.get("nb_element") == "cell_code_output"
    is_bare_label = isinstance(node, addnodes.pending_xref) and not node.get("refexplicit")
    if isinstance(node, NOT_TEXT) or is_output or is_bare_label:
        return []
    return [
        text
        for child in node.children
        if not isinstance(child, nodes.section | nodes.title)
        for text in words_of(child)
    ]


def text_of(node):
    """The readable text below `node` as one line, with no space before a stop."""
    return re.sub(r"\s+([.,;:!?)»”…])", r"\1", " ".join(" ".join(words_of(node)).split()))


def sections_of(app, docname):
    """[id, title, text] of every section of a page; the first is the page itself."""
    for section in app.env.get_doctree(docname).findall(nodes.section):
        title = section.next_node(nodes.title)
        yield [section["ids"][0], title.astext() if title else "", text_of(section)]


def index_of(app, language):
    """[[page, its sections], …] of the language, in a fixed order."""
    return [
        [docname.rpartition("/")[2], list(sections_of(app, docname))]
        for docname in sorted(app.env.found_docs)
        if language_of(docname) == language
    ]


def index_file(language):
    return f"search-index.{language}.js"


def collect_pages(app):
    """Write each language's index, and ask for its search page."""
    for language in LANGUAGES:
        index = {
            "stopWords": sorted(STOP_WORDS[language]),
            "synonyms": SYNONYMS[language],
            "pages": index_of(app, language),
        }
        text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
        write_static(app, index_file(language), f"const SEARCH_INDEX = {text};\n")
        yield search_page(language), {}, "search.html"


def load_index(app, pagename, templatename, context, doctree):
    """The search page's title, and the scripts that it alone needs."""
    language = language_of(pagename)
    if language and pagename == search_page(language):
        context["title"] = context["words"]["search book"]
        for file in (*STEMMERS[language], index_file(language), "search.js"):
            app.add_js_file(file, loading_method="defer")


def share_stemmers(app):
    """Sphinx' own search is off: no index of it, and no script of it on any page."""
    app.builder.search = False
    folder = Path(sphinx.search.__file__).parent / "minified-js"
    names = {name for names in STEMMERS.values() for name in names}
    app.config.html_static_path += [str(folder / name) for name in sorted(names)]


def setup(app):
    app.connect("builder-inited", share_stemmers)
    app.connect("html-collect-pages", collect_pages)
    app.connect("html-page-context", load_index)
