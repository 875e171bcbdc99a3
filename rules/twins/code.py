"""Code, beside code in the other language."""

import io
import tokenize
from itertools import zip_longest

from rules.pages import LANGUAGES, where

from . import differ, side_by_side


def code_tokens(source):
    """Return (line, token) of the code without comments, blank lines and the language chosen."""
    skip = {tokenize.COMMENT, tokenize.NL, tokenize.ENCODING, tokenize.ENDMARKER}
    try:
        found = [
            token
            for token in tokenize.generate_tokens(io.StringIO(source.strip() + "\n").readline)
            if token.type not in skip
        ]
    except (tokenize.TokenError, SyntaxError):  # a Jupyter command such as %time or !ls
        return [(k, line.strip()) for k, line in enumerate(source.splitlines(), 1) if line.strip()]
    tokens = []
    for place, token in enumerate(found):
        text = token.string
        if token.type == tokenize.NEWLINE:
            text = "\n"
        elif token.type == tokenize.INDENT:
            text = "\t"
        before = [one.string for one in found[max(0, place - 2) : place]]
        if before == ["use_language", "("] and text.strip("\"'") in LANGUAGES:
            text = '"‹lang›"'
        tokens.append((token.start[0], text))
    return tokens


def code_difference(spanish, english):
    """Return (line of the Spanish code, line of the English code) where they part, or None."""
    pairs = zip_longest(code_tokens(spanish), code_tokens(english), fillvalue=(0, None))
    for (line, one), (other_line, other) in pairs:
        if one != other:
            return line_of(spanish, line), line_of(english, other_line)
    return None


def line_of(source, number):
    return source.strip().splitlines()[number - 1].strip() if number else "nothing more"


def rule(es, en, _):
    """The code is the same but for comments and the language chosen."""
    problems = []
    for spanish, english in side_by_side(es, en):
        if spanish.kind == english.kind == "code":
            difference = code_difference(spanish.source, english.source)
            if difference:
                problems.append(
                    differ(
                        where(es, spanish),
                        f"other code than in {en.name}",
                        *difference,
                        "Only comments and the argument of use_language may differ: change both, "
                        "and take words that a figure shows from lstm_edu/strings.json.",
                    )
                )
    return problems
