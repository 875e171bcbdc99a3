"""Numbers in the sentences of a chapter: how a language writes them, and whether they are there."""

import difflib
import re
from collections import Counter
from pathlib import Path

from rules.pages import where

NARROW = "\u202f"  # parts thousands


def written(value, decimals, lang):
    """The number as the language's readers write it."""
    number = f"{value:.{decimals}f}".replace("-", "−")
    return number.replace(".", ",") if lang == "es" else number


def unsaid(page, numbers):
    """Name the numbers that do not stand in their cells, each as a whole (4.7 is not in 4.7629) and
    as often as it is given.

    `numbers` are pairs of (cell id, number as it is written); {,} in a formula is a comma.
    """
    cells = {cell.id: cell for cell in page.cells}
    times = Counter((cell, number.replace("{,}", ",")) for cell, number in numbers)
    test = its_test(page)
    return [
        missing(page, cells[cell], number, count, test)
        if cell in cells
        else f"{page.name}: no cell {cell!r}, which said {number}. Bring it back, or take its "
        f"numbers out of {test}."
        for (cell, number), count in times.items()
        if cell not in cells or said(cells[cell], number) < count
    ]


def not_worked_out(page, cell, others):
    """Name the numbers of a cell that are left over: the chapter's test does not work them out."""
    return [
        f"{where(page, cell)}: the cell says {number}, and {its_test(page)} does not work it "
        "out. Add it to the numbers there, so that it stays right."
        for number in sorted(others)
    ]


def its_test(page):
    """Return the file that works out the numbers of a chapter."""
    return f"tests/chapters/test_chapter_{Path(page.name).name[:2]}.py"


def said(cell, number):
    """Count how often a number stands in a cell as a whole."""
    whole = rf"(?<![\d.,−{NARROW}]){re.escape(number)}(?![\d{NARROW}]|[.,]\d)"
    return len(re.findall(whole, cell.source.replace("{,}", ",")))


def missing(page, cell, number, count, test):
    """Say which number is missed, what stands there that is like it, and what to do."""
    there = re.findall(rf"−?\d(?:[\d.,{NARROW}]*\d)?", cell.source.replace("{,}", ","))
    like = difflib.get_close_matches(number, there, 1)
    times = f"{count} times, it says it {said(cell, number)}" if count > 1 else "it does not"
    return (
        f"{where(page, cell)}: the cell should say {number}, {times}"
        f"{f'; like it, there is {like[0]}' if like else ''}. {number} is what {test} works out: "
        "write it, or, if the sentence speaks of something else now, change the line there."
    )
