"""One .bib for both languages: a list of references for each, and no words in any.

sphinxcontrib-bibtex takes a key that stands in two lists for a mistake. Here every key silently
bears its page's language as a prefix, in citations and lists alike, so both twins write
{cite:p}`gers2000learning` and each language's list holds what its own pages cite. Where a page
first cites something, the margin beside it says what. Each work is marked with its own language:
English, unless its `langid` says otherwise.

The styles join with punctuation only: names by "; " or "&", no "and", "In", "pages", "edition".
"""

from dataclasses import dataclass, field

import pybtex.plugin
from docutils import nodes
from pybtex.style.formatting import toplevel
from pybtex.style.formatting.plain import Style as PlainStyle
from pybtex.style.formatting.unsrt import pages
from pybtex.style.template import field as entry_field
from pybtex.style.template import first_of, join, names, optional, optional_field, sentence, tag
from pybtex_docutils import Backend
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinxcontrib.bibtex.citation_target import parse_citation_targets
from sphinxcontrib.bibtex.directives import BibliographyDirective
from sphinxcontrib.bibtex.domain import BibtexDomain
from sphinxcontrib.bibtex.plugin import register_plugin
from sphinxcontrib.bibtex.roles import CiteRole
from sphinxcontrib.bibtex.style.referencing import BracketStyle, PersonStyle
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle

from .languages import language_of


class NeutralStyle(PlainStyle):
    """Author; Author (year). Title. *Where*, series volume(number):pages. Publisher. Link."""

    default_name_style = "lastfirst"
    default_label_style = "alpha"

    def format_names(self, role, as_sentence=True):
        return names(role, sep="; ", sep2="; ", last_sep="; ")

    def template(self, entry):
        where = first_of[
            optional[tag("em")[entry_field("journal")]],
            optional[join(sep=", ")[tag("em")[entry_field("booktitle")], optional_field("series")]],
            optional[entry_field("school")],
            optional_field("howpublished"),
        ]
        volume = join[
            entry_field("volume"),
            optional[join["(", entry_field("number"), ")"]],
            optional[join[":", pages]],
        ]
        place = first_of[
            optional[join(sep=" ")[where, volume]],
            join(sep=", ")[where, optional[pages]],
        ]
        return toplevel[
            join(sep=" ")[
                first_of[optional[self.format_names("author")], self.format_names("editor")],
                join["(", entry_field("year"), ")."],
            ],
            sentence[self.title(entry)],
            sentence[place],
            sentence[optional_field("publisher")],
            sentence[optional_field("note")],
            self.format_web_refs(entry),
        ]

    def title(self, entry):
        title = entry_field("title")
        return tag("em")[title] if entry.type == "book" else title


# pybtex asks for `get_article_template` and kin: one template serves every type.
for method in dir(PlainStyle):
    if method.startswith("get_") and method.endswith("_template"):
        setattr(NeutralStyle, method, NeutralStyle.template)


def round_brackets():
    return BracketStyle(left="(", right=")", sep="; ")


@dataclass
class NeutralReferenceStyle(AuthorYearReferenceStyle):
    """(Gers & Schmidhuber, 2000), Gers & Schmidhuber (2000), Gers et al. (2000)."""

    bracket_parenthetical: BracketStyle = field(default_factory=round_brackets)
    bracket_textual: BracketStyle = field(default_factory=round_brackets)
    person: PersonStyle = field(
        default_factory=lambda: PersonStyle(sep=", ", sep2=" & ", last_sep=" & ")
    )


def key_prefix(docname):
    return f"{language_of(docname)}-"


class LanguageCiteRole(CiteRole):
    """A citation whose keys bear the page's language."""

    def run(self):
        prefix = key_prefix(self.env.docname)
        self.target = ",".join(
            (f"{{{pre}}}" if pre else "") + prefix + key + (f"{{{post}}}" if post else "")
            for key, pre, post in parse_citation_targets(self.target)
        )
        return super().run()


class LanguageBibliographyDirective(BibliographyDirective):
    """A list of references whose keys bear the page's language."""

    def run(self):
        self.options.setdefault("keyprefix", key_prefix(self.env.docname))
        return super().run()


WORK_LANGUAGES = {"english": "en", "german": "de", "spanish": "es"}


def mark_language(node, citation):
    """Docutils makes the attribute `lang` of this class."""
    language = WORK_LANGUAGES[citation.entry.fields.get("langid", "english")]
    node["classes"].append(f"language-{language}")


class Works(SphinxPostTransform):
    """Before a paragraph, what it is the first of the page to cite; and each work's language."""

    default_priority = 5  # before citations become links
    formats = ("html",)

    def run(self, **kwargs):
        citations = self.env.get_domain("cite").citations
        by_id = {citation.citation_id: citation for citation in citations}
        for node in self.document.findall(nodes.citation):
            mark_language(node, by_id[node["ids"][0]])
        works, said = {citation.key: citation for citation in citations}, set()
        for paragraph in list(self.document.findall(nodes.paragraph)):
            keys = [key for key in cited_keys(paragraph) if key in works and key not in said]
            if keys and isinstance(paragraph.parent, nodes.section):
                said.update(keys)
                aside = nodes.sidebar("", *map(note, map(works.get, keys)), classes=["cited"])
                paragraph.parent.insert(paragraph.parent.index(paragraph), aside)


def cited_keys(paragraph):
    """The keys of what a paragraph cites, in order, each once."""
    targets = [
        reference["reftarget"]
        for reference in paragraph.findall(addnodes.pending_xref)
        if reference["refdomain"] == "cite"
    ]
    keys = [one.key for target in targets for one in parse_citation_targets(target)]
    return list(dict.fromkeys(keys))


def note(citation):
    paragraph = nodes.paragraph("", "", *citation.formatted_entry.text.render(Backend()))
    mark_language(paragraph, citation)
    return paragraph


def visit_citation(translator, node):
    """An entry without its label: pages cite by name and year, and no role of a list is right."""
    node.children = [child for child in node.children if not isinstance(child, nodes.label)]
    translator.body.append(translator.starttag(node, "div", CLASS="citation"))


def depart_citation(translator, node):
    translator.body.append("</div>\n")


def setup(app):
    app.add_post_transform(Works)
    app.add_node(nodes.citation, override=True, html=(visit_citation, depart_citation))
    app.setup_extension("sphinxcontrib.bibtex")
    pybtex.plugin.register_plugin("pybtex.style.formatting", "neutral", NeutralStyle)
    register_plugin("sphinxcontrib.bibtex.style.referencing", "neutral", NeutralReferenceStyle)
    app.add_directive("bibliography", LanguageBibliographyDirective, override=True)
    app.add_role("cite", LanguageCiteRole(), override=True)
    for name in BibtexDomain.roles:
        app.add_role_to_domain("cite", name, LanguageCiteRole(), override=True)
