"""The file is a notebook of a format that the book's tools know."""

import nbformat.validator

from rules.pages import where


def rule(page):
    """The file is a notebook of format 4.5, and no two cells share an id."""
    version = (page.raw.get("nbformat"), page.raw.get("nbformat_minor"))
    if version != (4, 5):
        return [
            f"{page.name}: notebook format {version[0]}.{version[1]}, expected 4.5, in which "
            "cells have ids. Open it in a recent JupyterLab and save it again."
        ]
    problems = [
        f"{page.name}: not a valid notebook: {error.message} "
        f"(at {'/'.join(map(str, error.path))}). Open it in JupyterLab and save it again."
        for error in nbformat.validator.iter_validate(page.raw)
    ]
    seen = {}
    for cell in page.cells:
        if cell.id in seen:
            problems.append(
                f"{where(page, cell)}: the same id as cell {seen[cell.id]}. "
                "Give one of the two another id, and the same one in the twin."
            )
        seen.setdefault(cell.id, cell.number)
    return problems
