"""A page loads what it uses: fewer requests, and nothing that is there for another page.

Sphinx and its extensions put every script and style sheet on every page; `USED_BY` names the mark
of a page that uses one.
"""

from pathlib import Path

NO_PAGE = "\0"  # in no page's text
USED_BY = {
    "documentation_options.js": NO_PAGE,  # for the scripts of Sphinx' own search
    "doctools.js": NO_PAGE,
    "sphinx_highlight.js": NO_PAGE,
    "pygments.css": NO_PAGE,  # code takes the palette's colours
    "mystnb": NO_PAGE,  # and cells the theme's styles
    "math.css": "<math",
}


def is_used(asset, body):
    name = Path(str(asset.filename or "")).name
    return all(mark in body for start, mark in USED_BY.items() if name.startswith(start))


def keep_used(app, pagename, templatename, context, doctree):
    body = context.get("body", "")
    for kind in ("script_files", "css_files"):
        context[kind] = [asset for asset in context[kind] if is_used(asset, body)]


def setup(app):
    app.connect("html-page-context", keep_used, priority=920)
