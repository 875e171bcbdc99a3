"""The live figures' script and style, from the package, on the pages that need them.

The style is on every page: it also defines the palette's colours (`--lstm-f` and kin), light and
dark, which the inline drawings use. The script, deferred and classic because module scripts do
not load from file://, is only where a `<lstm-explorer>` stands, and speaks the page's language.
A slider figure (`lstm_edu.slider_figure`) has a small script of its own, which has no words.
"""

from .languages import LANGUAGES, language_of

STATIC = "lstm_edu/static"
SCRIPTS = {lang: f"explorers.{lang}.js" for lang in LANGUAGES}
SLIDERS = "sliders.js"
STYLE = "explorers.css"


def share_files(app, config):
    config.html_static_path += [f"{STATIC}/{name}" for name in (*SCRIPTS.values(), SLIDERS, STYLE)]


def add_files(app, pagename, templatename, context, doctree):
    app.add_css_file(STYLE)
    body = context.get("body", "")
    if "<lstm-explorer" in body:
        app.add_js_file(SCRIPTS[language_of(pagename)], loading_method="defer")
    if "<lstm-slider-figure" in body:
        app.add_js_file(SLIDERS, loading_method="defer")


def setup(app):
    app.connect("config-inited", share_files)
    app.connect("html-page-context", add_files)
