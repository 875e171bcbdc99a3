"""What no line may part, whatever the width: a number and its percent sign, and a little code."""

import re

from docutils import nodes

BEFORE_PERCENT = re.compile(r"(?<=\d) (?=%)")  # as Spanish is written: 80,5 %
AS_WRITTEN = (nodes.literal, nodes.math, nodes.FixedTextElement)
SHORT = 20  # characters, which fit in the narrowest column


def keep_percent(app, doctree, docname):
    """The sign does not begin a line. In code, where it is another thing, spaces stay."""
    for text in list(doctree.findall(nodes.Text)):
        kept = BEFORE_PERCENT.sub("\N{NO-BREAK SPACE}", text)
        if kept != text and not isinstance(text.parent, AS_WRITTEN):
            text.parent.replace(text, nodes.Text(kept))


def keep_short_code(app, doctree, docname):
    """`python3 --version` is not cut between its hyphens."""
    for code in doctree.findall(nodes.literal):
        if len(code.astext()) <= SHORT:
            code["classes"].append("short")


def setup(app):
    app.connect("doctree-resolved", keep_percent)
    app.connect("doctree-resolved", keep_short_code)
