"""What `make check` asks of the book's pages, in words: where, what is wrong, what to do about it.

`pages.py` reads them. Each file in `every_page/`, and in `every_notebook/` for what runs, holds a
page by itself to one rule; each in `twins/` holds one part of it to its twin. Which files have a
function `rule` is read from the folder: none is listed.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules


@cache
def rules_of(folder):
    """Return the rules in a folder, by the names of their files."""
    package = import_module(f"rules.{folder}")
    rooms = [
        import_module(f"{package.__name__}.{one.name}") for one in iter_modules(package.__path__)
    ]
    return [room.rule for room in rooms if hasattr(room, "rule")]


def problems(page):
    """Return all that is wrong with a page by itself."""
    rules = (rules_of("every_notebook") if page.raw else []) + rules_of("every_page")
    return [problem for rule in rules for problem in rule(page)]


def twin_problems(es, en, strings):
    """Return all that keeps two pages from being twins; `strings` are the words of the package."""
    return [problem for rule in rules_of("twins") for problem in rule(es, en, strings)]
