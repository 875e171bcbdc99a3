"""MathJax from this site: one script made of the few parts that the book uses.

The package `sphinx-mathjax-offline` carries the whole of MathJax, 24 MB, and its smallest ready
script (262 kB gzipped) brings a context menu that speaks English on every page. Its parts, joined
here, are 160 kB without the menu, and give screen readers the same MathML. Fonts, and extensions
of TeX such as \\boldsymbol, are fetched when a page needs them; that works from file:// too.
"""

from importlib.util import find_spec
from pathlib import Path
from shutil import copyfile

SCRIPT = "mathjax.js"
CORE = "startup"
PARTS = ("core", "input/tex", "output/chtml", "output/chtml/fonts/tex", "a11y/assistive-mml")
ON_DEMAND = ("output/chtml/fonts/woff-v2/*.woff", "input/tex/extensions/*.js")
# Names by which the loader asks; what is named here it takes for loaded.
LOADED = [CORE, *PARTS, "output/chtml/fonts/tex.js"]


def make_mathjax(app):
    """Write the script and what it may fetch, before pages name it with its checksum."""
    if app.builder.format != "html":
        return
    source = Path(find_spec("sphinx-mathjax-offline").origin).parent / "static/mathjax"
    target = Path(app.outdir) / "_static/mathjax"
    target.mkdir(parents=True, exist_ok=True)
    core, *parts = ((source / f"{name}.js").read_text("utf-8") for name in (CORE, *PARTS))
    script = [core, f"MathJax.loader.preLoad(...{LOADED});", *parts]
    (target / SCRIPT).write_text(";\n".join(script), "utf-8")
    for file in (file for pattern in ON_DEMAND for file in source.glob(pattern)):
        copy = target / file.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copyfile(file, copy)


def setup(app):
    app.setup_extension("sphinx.ext.mathjax")
    app.config.mathjax_path = f"mathjax/{SCRIPT}"
    app.connect("builder-inited", make_mathjax)
