"""Names that links lead to."""

from rules.pages import contents, explorers, where


def rule(page):
    """No two places of a page bear one name: a link could not tell them apart."""
    names = [(label, cell) for cell in page.markdown() for label in contents(cell.source).labels]
    names += [(name, cell) for name, _, cell in explorers(page)]
    seen, problems = {}, []
    for name, cell in names:
        if name in seen:
            problems.append(
                f"{where(page, cell)}: the name {name!r} is that of a place in cell {seen[name]} "
                "already. Give this one another: (label)= of its own in a text, name=… in an "
                "explorer."
            )
        seen.setdefault(name, cell.number)
    return problems
