"""Formulas as MathML, set while the book is built: no script, and nothing moves as a page loads.

`math-core` turns TeX into MathML Core, which browsers draw, readers select and screen readers read.
The font, `math.woff2`, is the part of STIX Two Math (SIL Open Font License) that formulas need:

    pyftsubset STIXTwoMath-Regular.ttf --flavor=woff2 --layout-features="" --no-hinting \\
        --name-IDs=0,1,2,13,14 --unicodes=...

A sign that it lacks is named by `test_every_sign_of_every_formula_is_in_the_font`; what it has is
`TTFont("math.woff2").getBestCmap()`, of fontTools, and that with the new sign goes for the dots.
"""

import re

from docutils import nodes
from math_core import LatexError, LatexToMathML
from sphinx.util import logging

from .theme import font_face, write_static

# In a formula that stands by itself, what bears an index takes its colour: a gate or a state its
# own, a weight, a bias or a sum that of its gate. The GRU's u and r have those of f and i.
COLOUR = dict(zip("fiogchur", "fiogchfi", strict=True))
QUANTITY = re.compile(
    r"<msub(?:sup)?(?=><mi>(?P<own>[fiogchur])</mi>|><mi>[WUbzp]</mi><mi>(?P<gate>[fiogur])</mi>)"
)
STYLES = """math { font-family: "STIX Two Math", math; font-size: 1.04em; overflow-wrap: normal; }
.formula { margin: 1.2rem 0; overflow: auto hidden; }
.with-math { white-space: nowrap; }
""" + "".join(f"math .q-{name} {{ color: var(--lstm-{name}); }}\n" for name in "fiogch")
STOPS = re.compile("['’]s\\b|[.,;:!?)\\]»”…]+")
# Spanish writes 0{,}8: one number, not two with a comma between them.
DECIMAL = re.compile(r'<mn>(\d+)</mn><mo rspace="0">,</mo><mn>(\d+)</mn>')
logger = logging.getLogger(__name__)


def mathml(tex, display=False):
    """Return the MathML of a formula; raise `LatexError` if it is none."""
    made = LatexToMathML().convert_with_local_state(tex, displaystyle=display)
    made = DECIMAL.sub(r"<mn>\1,\2</mn>", made)
    made = made.replace(' scriptlevel="0"', "")  # what it is anyway; validators do not know it
    made = made.replace(">⊙</mo>", ' largeop="false">⊙</mo>')  # Firefox would enlarge it
    return QUANTITY.sub(coloured, made) if display else made


def coloured(found):
    return f'{found[0]} class="q-{COLOUR[found["own"] or found["gate"]]}"'


def visit(translator, node):
    display = isinstance(node, nodes.math_block)
    try:
        made = mathml(node.astext(), display)
    except LatexError as error:
        logger.warning("no formula: %s\n%s", node.astext(), error, location=node)
        made = f"<code>{translator.encode(node.astext())}</code>"
    translator.body.append(f'<div class="formula">{made}</div>' if display else made)
    raise nodes.SkipNode


def keep_stops(app, doctree, docname):
    """No line begins with the comma, or the ’s, that follows a formula."""
    for formula in list(doctree.findall(nodes.math)):
        after = formula.next_node(descend=False, siblings=True)
        stops = isinstance(after, nodes.Text) and STOPS.match(after)
        if stops:
            together = nodes.inline(classes=["with-math"])
            # `parent.replace` would look for an equal text and may find an earlier one.
            place = next(n for n, child in enumerate(after.parent) if child is after)
            after.parent[place] = nodes.Text(after[stops.end() :])
            formula.parent.replace(formula, together)
            together += [formula, nodes.Text(stops[0])]


def write_styles(app):
    write_static(app, "math.css", font_face("STIX Two Math", "math") + STYLES)


def setup(app):
    app.add_html_math_renderer("mathml", (visit, None), (visit, None))
    app.config.html_math_renderer = "mathml"
    app.add_css_file("math.css")
    app.connect("builder-inited", write_styles)
    app.connect("doctree-resolved", keep_stops)
