"""The live figures: their script and style, from the package, on the pages that need them.

The palette's colours (`--lstm-f` and kin), light and dark, are on every page: the inline drawings
use them. Where a `<lstm-explorer>` stands come the kit's style and script, which all explorers
share, and those of its kind. Scripts are classic and deferred, because module scripts do not load
from file://, and speak the page's language. A slider figure (`lstm_edu.slider_figure`) has a small
script of its own, which has no words. What a notebook keeps for where no script runs, a picture
and a sentence, gives way to the figure.

A notebook's cell shows an explorer by itself; in a page of words alone, the directive does:

    ```{explorer} CellExplorer
    :preset: hide
    :compact:
    ```
"""

import re
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective

from lstm_edu import figures
from lstm_edu.figures.asleep import awake

from .languages import ROOT_LANGUAGE, language_of

STATIC = "lstm_edu/static"


class ExplorerDirective(SphinxDirective):
    """An explorer by its class, at one of its presets; `compact` leaves drawing and sliders."""

    required_arguments = 1
    option_spec = {"preset": directives.unchanged, "compact": directives.flag}  # noqa: RUF012

    def run(self):
        (name,) = self.arguments
        if name not in figures.__all__:
            raise self.error(f"explorer: expected one of lstm_edu.figures, got {name!r}")
        language = language_of(self.env.docname) or ROOT_LANGUAGE
        try:
            figure = getattr(figures, name)(preset=self.options.get("preset"), lang=language)
        except ValueError as error:
            raise self.error(str(error)) from error
        mark = "<lstm-explorer compact " if "compact" in self.options else "<lstm-explorer "
        html = figure.to_html().replace("<lstm-explorer ", mark, 1)
        return [nodes.raw("", html, format="html")]


class Awake(SphinxPostTransform):
    """On a page whose script comes with it, a figure is not asleep."""

    default_priority = 10
    formats = ("html",)

    def run(self, **kwargs):
        for raw in list(self.document.findall(nodes.raw)):
            html = awake(raw.astext())
            if html != raw.astext():
                raw.replace_self(nodes.raw("", html, format="html"))


def share_files(app, config):
    folder = Path(app.srcdir, STATIC)
    files = sorted(path.name for path in folder.iterdir() if path.suffix in (".js", ".css"))
    config.html_static_path += [f"{STATIC}/{name}" for name in files]


def add_files(app, pagename, templatename, context, doctree):
    body = context.get("body", "")
    language = language_of(pagename) or ROOT_LANGUAGE
    kinds = list(dict.fromkeys(re.findall(r'<lstm-explorer [^>]*kind="(\w+)"', body)))
    sliders = ["sliders"] if "<lstm-slider-figure" in body else []
    scripts = [f"{name}.{language}.js" for name in ("kit", *kinds) if kinds]
    scripts += [f"{name}.js" for name in sliders]
    for style in ("palette", *(["kit"] if scripts else []), *kinds, *sliders):
        app.add_css_file(f"{style}.css")
    for script in scripts:
        app.add_js_file(script, loading_method="defer")


def setup(app):
    app.add_directive("explorer", ExplorerDirective)
    app.add_post_transform(Awake)
    app.connect("config-inited", share_files)
    app.connect("html-page-context", add_files)
