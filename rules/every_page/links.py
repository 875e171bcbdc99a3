"""What leads nowhere."""

import re
from difflib import get_close_matches
from functools import cache

from lstm_edu.figures import KINDS
from rules.pages import ROOT, contents, explorers, read, where


def rule(page):
    """Every link to a page, a picture or a figure of the book leads to one."""
    figures = {name: kind for name, kind, _ in explorers(page)}
    problems = []
    for cell in page.markdown():
        found = contents(cell.source)
        for address in [*found.links, *(source for source, _ in found.images)]:
            problem = link_problem(page, address, figures)
            if problem:
                problems.append(f"{where(page, cell)}: the link to {address!r} {problem}")
        problems += [
            f"{where(page, cell)}: cites {key!r}, which references.bib does not have. Add it "
            f"there, or cite one of {', '.join(get_close_matches(key, works())) or 'those there'}."
            for _, key in found.citations
            if key not in works()
        ]
    return problems


@cache
def works():
    """Return the keys of references.bib."""
    return re.findall(r"^@\w+\{(.+?),", (ROOT / "references.bib").read_text("utf-8"), re.MULTILINE)


def link_problem(page, address, figures):
    """Return what is wrong with an address, or None; what stands elsewhere is not looked at."""
    path, _, place = address.partition("#")
    if re.match(r"\w+:|//", address):
        return None
    if path:
        target = (ROOT / page.name).parent / path
        pages = [target.with_suffix(suffix) for suffix in (".ipynb", ".md")]
        is_page = target.suffix in ("", ".html", ".ipynb", ".md")
        found = next((one for one in pages if one.is_file()), None) if is_page else target
        if not (found and found.is_file()):
            return "leads nowhere: there is no such file. Mend the path; it counts from this page."
        if "?" in place:
            figures = {name: kind for name, kind, _ in explorers(read(found))}
    name, asks, state = place.partition("?")
    if not asks:
        return None
    if name not in figures:
        return (
            f"sets a figure that is not there, {name!r}. Name one of {', '.join(figures)}, or run "
            "the notebook (`make run`) if the figure is new."
        )
    presets = re.findall(r"(?:^|&)preset=([^&]+)", state)
    known = presets_of(figures[name])
    if presets and presets[0] not in known:
        return f"asks for the preset {presets[0]!r}. Name one of {', '.join(known)}."
    return None


def presets_of(kind):
    """Return the names of an explorer's presets."""
    return [preset["name"] for preset in KINDS[kind].table["presets"]]
