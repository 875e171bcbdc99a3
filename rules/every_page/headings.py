"""Titles and headings."""

from itertools import pairwise

from rules.pages import contents, where


def rule(page):
    """One title, and no level left out on the way down."""
    headings = [
        (cell, level, text)
        for cell in page.markdown()
        for level, text in contents(cell.source).headings
    ]
    titles = [heading for heading in headings if heading[1] == 1]
    if not titles:
        return [f"{page.name}: no title. Begin the first cell with a line like “# Title”."]
    problems = [
        f"{where(page, cell)}: a second title, {text!r}. A page has one heading of level 1: "
        "write “##”."
        for cell, _, text in titles[1:]
    ]
    cell, level, text = headings[0]
    if level != 1:
        problems.append(
            f"{where(page, cell)}: the first heading, {text!r}, has level {level}. "
            "Begin with the title, “# …”."
        )
    for (_, above, _), (cell, level, text) in pairwise(headings):
        if level > above + 1:
            problems.append(
                f"{where(page, cell)}: the heading {text!r} has level {level} right under level "
                f"{above}. Write “{'#' * (above + 1)} {text}”."
            )
    return problems
