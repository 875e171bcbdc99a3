"""A page loads what it uses: fewer requests, and nothing that is there for another page.

Sphinx and its extensions put every script and style sheet on every page; `USED_BY` names the mark
of a page that uses one. The theme writes some into its templates: `drop_lines` takes those out.
"""

from pathlib import Path

NO_PAGE = "\0"  # in no page's text
USED_BY = {
    "doctools.js": NO_PAGE,  # keys and texts of Sphinx' own search
    "sphinx_highlight.js": NO_PAGE,
    "design-tabs.js": "sd-tab-set",
    "sphinx-design": "sd-",
    "mystnb": 'class="cell',
    "math.css": "<math",
    "clipboard.min.js": "<pre",
    "copybutton": "<pre",
}


def is_used(asset, body):
    name = Path(str(asset.filename or "")).name
    return all(mark in body for start, mark in USED_BY.items() if name.startswith(start))


def keep_used(app, pagename, templatename, context, doctree):
    body = context.get("body", "")
    for kind in ("script_files", "css_files"):
        context[kind] = [asset for asset in context[kind] if is_used(asset, body)]


def drop_lines(html, *needles):
    """Template filter: the text without the lines that hold one of `needles`."""
    return "\n".join(
        line for line in html.splitlines() if not any(needle in line for needle in needles)
    )


def add_filter(app, env, docnames):
    app.builder.templates.environment.filters["drop_lines"] = drop_lines


def setup(app):
    app.connect("html-page-context", keep_used, priority=920)
    app.connect("env-before-read-docs", add_filter)
