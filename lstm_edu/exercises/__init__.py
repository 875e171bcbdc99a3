"""Exercises that answer: what a student found is checked, and the reply names the likely mistake.

A room holds the exercises of one chapter, under the chapter's name: a function for each, which
takes the answer and returns a `Verdict`, and the words of every verdict in a table beside it::

    check("gates.opening", 0.88)

asks `opening` in `gates.py` and says what `gates.json` has for its verdict, in the language that
`use_language` chose.
"""

from .base import Verdict, check, compare

__all__ = ["Verdict", "check", "compare"]
