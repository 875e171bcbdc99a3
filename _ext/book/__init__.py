"""The book's own machinery: what Jupyter Book needs to be one book in two languages.

One room per idea; each has a `setup` that names the events it listens to.

- `languages`: every page speaks its language, and knows its twin
- `theme`: the look of a page, and its place among the chapters
- `finding`: what search engines, links and downloads need
- `downloads`: the notebooks that readers take away, and the package that they need
- `strings`: the words, one table per language
- `search`: one search page and one index per language
- `captions`: the words below a drawing
- `inline_svg`: drawings and plots become part of the page, and follow its light or dark theme
- `assets`: a page loads the scripts and styles that it uses
- `explorers`: the live figures' script, on the pages that have one
- `details`: foldable cells and answers, without a script
- `exercises`: what a check answers wraps
- `bibliography`: one .bib, one list of references per language, no words in them
- `maths`: formulas as MathML, without a script
"""

from . import (
    assets,
    bibliography,
    captions,
    details,
    downloads,
    exercises,
    explorers,
    finding,
    inline_svg,
    languages,
    lines,
    maths,
    search,
    theme,
)

ROOMS = (
    languages,
    theme,
    finding,
    downloads,
    search,
    captions,
    inline_svg,
    explorers,
    details,
    exercises,
    bibliography,
    maths,
    lines,
    assets,
)


def setup(app):
    for room in ROOMS:
        room.setup(app)
    # Jupyter Book always sets this option of an extension that the book leaves out.
    app.add_config_value("comments_config", {}, "html")
    # A page's language is a global of the translators (see `languages.speak`), so pages are
    # read and written one after the other.
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": False}
