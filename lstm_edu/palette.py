"""One colour, one marker and one dash per quantity: the same in every figure of the book."""

import json
from pathlib import Path

__all__ = ["PALETTE", "VARIABLES", "line_style"]

PALETTE = json.loads((Path(__file__).parent / "palette.json").read_text(encoding="utf-8"))
# What a light colour is called on the page, where it follows light and dark.
VARIABLES = {
    colour["light"]: f"var(--lstm-{name}, {colour['light']})" for name, colour in PALETTE.items()
}


def line_style(quantity):
    """Return matplotlib's keywords for the line of a quantity, told apart without colour too.

    >>> line_style("f")
    {'color': '#b3420b', 'marker': 'v', 'linestyle': (0, (5, 2))}
    """
    style = PALETTE[quantity]
    dash = (0, tuple(style["dash"])) if style["dash"] else "-"
    return {"color": style["light"], "marker": style["marker"], "linestyle": dash}
