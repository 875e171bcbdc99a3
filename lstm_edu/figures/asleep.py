"""What a notebook keeps of a live figure: a picture, and a sentence that says how to wake it.

A notebook that was not run, its copy on a code forge and what nbconvert makes of it show no more
than simple HTML: no scripts, no styles, no elements of one's own, and of a drawing inside the page
only its texts. So the stored form is an `<img>` with the drawing in its address, a sentence and a
table. The form for the rendered page is in it too, in a `<script>` that nobody runs: the book's
Sphinx extension takes it out again, by `awake`.
"""

import html
import math
import re
from base64 import b64encode

from lstm_edu.language import text
from lstm_edu.palette import PALETTE

__all__ = ["asleep", "awake", "bars"]

OPENS, CLOSES = '<script type="text/x-lstm-page">', "</script>"
LINE, CELL, LETTER = 28, 116, 7.4  # height of a row, width of a cell, mean width of a letter
MANY = 12  # more rows than that are drawn as curves of bars, a strip for each column


def asleep(page, svg, alt, lang, table=""):
    """Return the stored form of a figure: its picture, what to do, and, unseen, `page`.

    Parameters
    ----------
    page : str
        The form for the rendered page.
    svg : str
        The picture, with its width and height.
    alt : str
        What it shows, for those who do not see it.
    lang : {"es", "en"}
        The language of the sentence.
    table : str
        The numbers, as an HTML table, to unfold.

    Examples
    --------
    >>> stored = asleep("<b>A</b><script>1</script>", "<svg/>", "A.", "en")
    >>> awake(stored)
    '<b>A</b><script>1</script>'
    """
    data = b64encode(svg.encode()).decode()
    numbers = f"<details><summary>{text('asleep_numbers', lang)}</summary>{table}</details>"
    return (
        f'<p><img src="data:image/svg+xml;base64,{data}" alt="{html.escape(alt)}"></p>'
        f"<p><em>{text('asleep', lang)}</em></p>{numbers if table else ''}"
        f"{OPENS}{page.replace('</script', '<//script')}{CLOSES}"
    )


def awake(stored):
    """Return the form for the rendered page; HTML that holds none stays as it is."""
    found = re.search(f"{re.escape(OPENS)}(.*?){re.escape(CLOSES)}", stored, re.DOTALL)
    return found[1].replace("<//script", "</script") if found else stored


def bars(head, rows):
    """Return a table of numbers as a drawing: a bar for each number, in its quantity's colour.

    Of many rows, such as the steps of a sequence, each column becomes a strip of thin bars.
    """
    if len(rows) > MANY:
        return strips(zip(head[1:], *(row[1:] for row in rows), strict=True))
    left = LETTER * max(len(row[0]) for row in rows) + 16
    widths = [max(CELL, LETTER * len(name) + 24) for name in head[1:]]
    ends = [left + sum(widths[: k + 1]) for k in range(len(widths))]
    drawn = [
        write(end - 8, LINE - 8, name, "end", PALETTE["x"]["light"])
        for end, name in zip(ends, head[1:], strict=True)
    ]
    for number, (name, *values) in enumerate(rows, 1):
        y = LINE * number
        drawn.append(write(8, y + 19, name))
        plain = all(isinstance(value, int | float) for value in values)
        shares = scaled(values) if plain else [1] * len(values)
        low = min(shares) < 0
        for value, share, end, width in zip(values, shares, ends, widths, strict=True):
            room = (width - 16) / (1 + low)
            zero = end - width + 8 + low * room
            colour = colour_of(name if plain else f"{name} {values[0]}")
            drawn.append(box(zero + min(share, 0) * room, y + 4, abs(share) * room, colour))
            words = f"{value:.4g}" if isinstance(value, float) else str(value)
            drawn.append(write(end - 12, y + 19, words.replace("-", "\N{MINUS SIGN}"), "end"))
    return drawing(drawn, ends[-1] + 8, LINE * (len(rows) + 1) + 8)


def strips(columns):
    """Return columns of numbers as a drawing: a strip of thin bars for each."""
    columns = list(columns)
    left = LETTER * max(len(name) for name, *_ in columns) + 16
    drawn = []
    for number, (name, *values) in enumerate(columns):
        y, step, shares = LINE * number + 8, 5 * CELL / len(values), scaled(values)
        low = min(shares) < 0
        room, thin = (LINE - 6) / (1 + low), 0.7 * step
        path = "".join(
            f"M{left + step * k:.1f} {y + room:.0f}h{thin:.1f}v{-share * room:.1f}h-{thin:.1f}z"
            for k, share in enumerate(shares)
        )
        drawn.append(write(8, y + 17, name))
        drawn.append(f'<path d="{path}" fill="{colour_of(name)}"/>')
    return drawing(drawn, left + 5 * CELL + 8, LINE * len(columns) + 16)


def colour_of(name):
    """Return the colour of the quantity that a name ends with: "forget gate f", "W_f"."""
    return PALETTE.get(re.split(r"[ _]", name)[-1], PALETTE["x"])["light"]


def drawing(pieces, width, height):
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" font-family="sans-serif" font-size="13">'
        f'<rect width="100%" height="100%" fill="{PALETTE["paper"]["light"]}"/>'
        f"{''.join(pieces)}</svg>"
    )


def scaled(numbers):
    """Return each number as a share of the row's longest bar: by decades where they span many.

    >>> scaled([0.5, -2, 1])
    [0.25, -1.0, 0.5]
    >>> [round(share, 3) for share in scaled([1e-8, 1e-4, 1.0])]
    [0.111, 0.556, 1.0]
    """
    most = max(1e-300, *map(abs, numbers))
    if min(numbers) > 0 and most / min(numbers) > 1e3:
        least = math.log10(min(numbers)) - 1
        return [(math.log10(n) - least) / (math.log10(most) - least) for n in numbers]
    return [n / max(most, 1 if isinstance(n, float) else 0) for n in numbers]


def box(x, y, width, colour):
    return (
        f'<rect x="{x:.1f}" y="{y}" width="{width:.1f}" height="{LINE - 8}" '
        f'fill="{colour}" opacity="0.3"/>'
    )


def write(x, y, words, anchor="start", colour=PALETTE["ink"]["light"]):
    return (
        f'<text x="{x:.0f}" y="{y}" text-anchor="{anchor}" fill="{colour}">'
        f"{html.escape(words)}</text>"
    )
