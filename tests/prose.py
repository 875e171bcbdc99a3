"""Numbers in the sentences of a chapter: how a language writes them, and whether they are there."""

import re
from collections import Counter

NARROW = "\u202f"  # parts thousands


def written(value, decimals, lang):
    """The number as the language's readers write it."""
    number = f"{value:.{decimals}f}".replace("-", "−")
    return number.replace(".", ",") if lang == "es" else number


def assert_said(texts, numbers, lang):
    """Each number stands in its cell as a whole (4.7 is not in 4.7629), as often as it is given.

    `texts` are the cells' by id, `numbers` pairs of (cell id, number as it is written).
    """
    for (cell, number), times in Counter(numbers).items():
        whole = rf"(?<![\d.,−{NARROW}]){re.escape(number)}(?![\d{NARROW}]|[.,]\d)"
        assert len(re.findall(whole, texts[cell])) >= times, (
            f"{lang}: cell {cell}: the sentences should say {number}, {times} time(s)"
        )
