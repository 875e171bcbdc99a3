"""The live figures' script and style, from the package, on the pages that need them.

The style is on every page: it also defines the palette's colours (`--lstm-f` and kin), light and
dark, which the inline drawings use. The script, deferred and classic because module scripts do
not load from file://, is only where a `<lstm-explorer>` stands.
"""

STATIC = "lstm_edu/static"
SCRIPT, STYLE = "explorers.js", "explorers.css"


def share_files(app, config):
    config.html_static_path += [f"{STATIC}/{SCRIPT}", f"{STATIC}/{STYLE}"]


def add_files(app, pagename, templatename, context, doctree):
    app.add_css_file(STYLE)
    if "<lstm-explorer" in context.get("body", ""):
        app.add_js_file(SCRIPT, loading_method="defer")


def setup(app):
    app.connect("config-inited", share_files)
    app.connect("html-page-context", add_files)
