"""Cells, by their ids."""

import json

from rules.pages import where

from . import differ, no_language, side_by_side


def rule(es, en, _):
    """Both have the same cells, in the same order, with the same ids, kinds and tags."""
    problems = []
    ids_es, ids_en = [cell.id for cell in es.cells], [cell.id for cell in en.cells]
    for page, others, twin in ((es, ids_en, en), (en, ids_es, es)):
        problems += [
            f"{where(page, cell)}: {twin.name} has no cell with this id. "
            "Add the cell there too, at the same place; `make run` gives both one id. Or delete it "
            "here."
            for cell in page.cells
            if cell.id not in others and page.raw
        ]
    if problems:
        return problems
    if ids_es != ids_en:
        spanish, english = next(
            (a, b) for a, b in zip(es.cells, en.cells, strict=False) if a.id != b.id
        )
        return [
            f"{where(es, spanish)}: here {en.name} has the cell {english.id!r}. "
            "Put the cells of both into the same order."
        ]
    for spanish, english in side_by_side(es, en):
        here = where(es, spanish)
        if spanish.kind != english.kind:
            problems.append(
                differ(here, "another kind of cell", spanish.kind, english.kind, "Make them one.")
            )
        if tags(spanish) != tags(english):
            problems.append(
                differ(here, "other tags", tags(spanish), tags(english), "Give both the same.")
            )
        one, other = plain_metadata(spanish), plain_metadata(english)
        if one != other:
            problems.append(
                differ(here, "other metadata", one, other, "Only alt and caption may differ.")
            )
    return problems


def tags(cell):
    return sorted(cell.metadata.get("tags", []))


def plain_metadata(cell):
    """Return a cell's mystnb metadata without what is text."""
    data = json.loads(no_language(json.dumps(cell.metadata.get("mystnb", {}))))
    for part in data.values():
        if isinstance(part, dict):
            part.pop("alt", None)
            part.pop("caption", None)
    return data
