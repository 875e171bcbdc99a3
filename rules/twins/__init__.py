"""The rules for a page beside its twin, one file for each part, and what they share.

What is text may differ; what is not, may not: cells, code, numbers, formulas, figures.
"""

import re
from itertools import zip_longest
from pathlib import Path

RERUN = "Run both notebooks again (`make run CHAPTER=…`) and look at both outputs."


def shown(value, length=90):
    text = value if isinstance(value, str) else repr(value)
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1] + "…"


def differ(here, what, spanish, english, advice):
    """Put a difference into words; `here` begins with the file, as `where` says it."""
    advice = advice.replace("CHAPTER=…", f"CHAPTER={Path(here.partition(',')[0]).stem}")
    return f"{here}: {what}: Spanish has {shown(spanish)}, English has {shown(english)}. {advice}"


def no_language(text):
    """Blank the language's mark in paths, labels and addresses: /es/, _en.svg, es-label."""
    return re.sub(r"(?<![A-Za-z])(?:es|en)(?![A-Za-z])", "‹lang›", text)


def side_by_side(es, en):
    """Return the cells of both by id, as far as both have them."""
    by_id = {cell.id: cell for cell in en.cells}
    return [(cell, by_id[cell.id]) for cell in es.cells if cell.id in by_id]


def first_difference(one, other):
    """Return (place counted from 1, item, item); "nothing more" where a list has ended."""
    return next(
        (place, a, b)
        for place, (a, b) in enumerate(zip_longest(one, other, fillvalue="nothing more"), 1)
        if a != b
    )
