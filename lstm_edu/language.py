"""The words that figures show: one table, two languages."""

import json
from pathlib import Path

__all__ = ["LANGUAGES", "language", "text", "use_language"]

LANGUAGES = ("es", "en")
STRINGS = json.loads((Path(__file__).parent / "strings.json").read_text(encoding="utf-8"))

_current = "en"


def use_language(lang):
    """Choose the language of every figure and explorer made from now on.

    Parameters
    ----------
    lang : {"es", "en"}

    Examples
    --------
    >>> use_language("es")
    >>> text("f")
    'puerta de olvido'
    >>> use_language("en")
    """
    global _current
    _current = language(lang)


def language(lang=None):
    """Return `lang` if it is one of the book's languages; the chosen one if it is None."""
    if lang is None:
        return _current
    if lang not in LANGUAGES:
        raise ValueError(f'lang: expected "es" or "en", got {lang!r}. Hint: Spanish is "es".')
    return lang


def text(key, lang=None, **values):
    """Return the display string `key` with `values` put in.

    >>> text("f", "es")
    'puerta de olvido'
    """
    if key not in STRINGS:
        hint = "add it there in both languages, and restart the kernel"
        raise ValueError(f"text: lstm_edu/strings.json has no {key!r}. Hint: {hint}.")
    return STRINGS[key][language(lang)].format(**values)
