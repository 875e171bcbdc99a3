"""The live figures' script and style, from the package, on the pages that need them.

The palette's colours (`--lstm-f` and kin), light and dark, are on every page: the inline drawings
use them. The style and the script are only where a `<lstm-explorer>` stands. The script is classic
and deferred, because module scripts do not load from file://, and speaks the page's language.
"""

from .languages import LANGUAGES, language_of

STATIC = "lstm_edu/static"
SCRIPTS = {lang: f"explorers.{lang}.js" for lang in LANGUAGES}
STYLE = "explorers.css"
PALETTE = "palette.css"


def share_files(app, config):
    config.html_static_path += [f"{STATIC}/{name}" for name in (*SCRIPTS.values(), STYLE, PALETTE)]


def add_files(app, pagename, templatename, context, doctree):
    app.add_css_file(PALETTE)
    if "<lstm-explorer" in context.get("body", ""):
        app.add_css_file(STYLE)
        app.add_js_file(SCRIPTS[language_of(pagename)], loading_method="defer")


def setup(app):
    app.connect("config-inited", share_files)
    app.connect("html-page-context", add_files)
