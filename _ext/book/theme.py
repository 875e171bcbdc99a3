"""The book's own theme, `_ext/theme`, and what its templates ask for: where a page stands.

The chapters' menu, the belt of numbered chapters, a page's sections and its neighbours all stay
in the page's language. Styles carry their fonts inside them: from file:// a browser may refuse a
font of another folder, and nothing moves while a page loads.
"""

import re
from base64 import b64encode
from pathlib import Path

from docutils import nodes
from sphinx.environment.adapters.toctree import TocTree

from .languages import language_of, search_page, start_page

FOLDER = Path(__file__).parent.parent / "theme"
FONTS = FOLDER / "fonts"
# Latin parts of STIX Two Text (SIL Open Font License), as Fontsource packs them.
FACES = {"text": "normal 400", "italic": "italic 400", "bold": "normal 600"}


def font_face(family, file, style="normal", weight="400"):
    """An @font-face rule with the font in it."""
    data = b64encode((FONTS / f"{file}.woff2").read_bytes()).decode()
    return (
        f'@font-face {{ font-family: "{family}"; font-style: {style}; font-weight: {weight};\n'
        f'  src: url("data:font/woff2;base64,{data}") format("woff2"); }}\n'
    )


def write_static(app, name, text):
    if app.builder.format == "html":
        path = Path(app.outdir) / "_static" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def write_fonts(app):
    faces = [font_face("STIX Two Text", file, *kind.split()) for file, kind in FACES.items()]
    write_static(app, "fonts.css", "".join(faces))


def chapters_of(app, pagename, pathto, language):
    """The language's pages, its start page first, in the order of the table of contents."""
    start = start_page(language)
    for name in [start, *app.env.toctree_includes.get(start, [])]:
        number = re.match(r"0*(\d+)_", name.rpartition("/")[2])
        yield {
            "name": name,
            "title": app.env.titles[name].astext(),
            "link": pathto(name),
            "number": number and int(number[1]),
            "current": name == pagename,
        }


def contents_of(app, pagename):
    """The links to a page's sections, as a list."""
    if pagename not in app.env.tocs:
        return ""
    toc = TocTree(app.env).get_toc_for(pagename, app.builder)
    lists = list(toc.findall(nodes.bullet_list))
    if len(lists) < 2:  # the first one holds the page's own title alone
        return ""
    sections = lists[1]
    for below in list(sections.findall(nodes.bullet_list))[1:]:
        below.parent.remove(below)
    return app.builder.render_partial(sections)["fragment"]


def neighbours_of(chapters):
    """The chapters before and after the current one."""
    for place, chapter in enumerate(chapters):
        if chapter["current"]:
            return chapters[place - 1] if place else None, next(iter(chapters[place + 1 :]), None)
    return None, None


def give_place(app, pagename, templatename, context, doctree):
    language = language_of(pagename)
    pathto = context["pathto"]
    chapters = list(chapters_of(app, pagename, pathto, language)) if language else []
    before, after = neighbours_of(chapters)
    numbers = [chapter["number"] for chapter in chapters if chapter["number"]]
    context |= {
        "home": start_page(language) if language else app.config.root_doc,
        "search_page": search_page(language),
        "chapters": chapters,
        "contents": contents_of(app, pagename) if language else "",
        "number": next((one["number"] for one in chapters if one["current"]), None),
        "count": len(numbers),
        "prev": before,
        "next": after,
    }


def visit_table(translator, node):
    """A table wider than the page scrolls in a box of its own, which the keyboard reaches."""
    translator.body.append('<div class="table" tabindex="0">')
    type(translator).visit_table(translator, node)


def depart_table(translator, node):
    type(translator).depart_table(translator, node)
    translator.body.append("</div>")


def setup(app):
    app.add_html_theme("inside", str(FOLDER))
    app.add_css_file("fonts.css", priority=100)
    app.add_js_file("book.js", loading_method="defer")
    app.add_node(nodes.table, override=True, html=(visit_table, depart_table))
    app.connect("builder-inited", write_fonts)
    app.connect("html-page-context", give_place, priority=2)
