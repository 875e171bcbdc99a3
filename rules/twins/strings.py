"""Display strings: the one table of words that outputs may show in two languages."""

import json
import re
from functools import cache

from lstm_edu.figures import KINDS
from rules.pages import LANGUAGES, ROOT

STRINGS_ADVICE = (
    "Run both notebooks again; words that outputs show in two languages belong in "
    "lstm_edu/strings.json."
)


def read_strings(root=ROOT):
    """Return [(Spanish, English)] of every display string of the package."""
    found = []

    def collect(node):
        if isinstance(node, dict):
            if isinstance(node.get("es"), str) and isinstance(node.get("en"), str):
                found.append((node["es"], node["en"]))
            for child in node.values():
                collect(child)
        elif isinstance(node, list):
            for child in node:
                collect(child)

    for path in sorted((root / "lstm_edu").rglob("*.json")):
        collect(json.loads(path.read_text(encoding="utf-8")))
    return tuple(dict.fromkeys(found))


# A slice of an array of Keras, whose names are the same in both languages.
KERAS_SLICE = re.compile(r"(?:kernel|recurrent_kernel|bias)\[[\d:, ]+\]")


@cache
def option_names():
    """Return the options of the explorers' choices: names and data, the same in both languages."""
    fields = [field for kind in KINDS.values() for field in kind.table["fields"].values()]
    return {option for field in fields for option in field.get("options", ())}


@cache
def canonical_patterns(strings, lang):
    """Return [(pattern, marker, fields)], longest first: a display string becomes its marker.

    Strings that are the same in one language share a marker, so that either may stand for both.
    """
    group = {pair: pair for pair in strings}

    def head(pair):
        while group[pair] != pair:
            pair = group[pair]
        return pair

    for side in (0, 1):
        first = {}
        for pair in strings:
            group[head(pair)] = head(first.setdefault(pair[side].lower(), pair))
    places = {pair: k for k, pair in enumerate(strings)}
    patterns = []
    side = LANGUAGES.index(lang)
    for pair in sorted(strings, key=lambda pair: -len(pair[side])):
        text, fields = re.escape(pair[side]), []

        def field(match, fields=fields):
            fields.append(match[1])
            return r"([-−+]?\d[\d.]*(?:e[-+]?\d+)?|.+?(?!\w))"

        text = re.sub(r"\\\{(\w*)(?:[^{}]*)\\\}", field, text).replace(r"\ ", r"\s+")
        edge = (r"(?<!\w)" if pair[side][:1].isalnum() else "") + "(?:" + text + ")"
        edge += r"(?!\w)" if pair[side][-1:].isalnum() else ""
        marker = chr(0xE000 + places[head(pair)])
        patterns.append((re.compile(edge, re.IGNORECASE), marker, fields))
    return patterns


def canonical(text, lang, strings):
    """Replace every display string by a marker that is the same in both languages."""
    for pattern, marker, fields in canonical_patterns(strings, lang):

        def put(match, marker=marker, fields=fields):
            values = sorted(zip(fields, match.groups(), strict=True))
            return marker + "".join(f" {value}" for _, value in values)

        text = pattern.sub(put, text)
    return text


def same_text(spanish, english, strings, *, all_words=False):
    """Two texts are the same if display strings, each in its language, are all that differs.

    A text with the display string of one language on both pages is not translated. Single English
    words are let pass, for code has them too (`unit=0`), unless `all_words` are meant for readers.
    """
    one, other = " ".join(spanish.split()), " ".join(english.split())
    if one == other and (one in option_names() or KERAS_SLICE.fullmatch(one)):
        return True
    if one != other:
        return canonical(one, "es", strings) == canonical(other, "en", strings)
    translated = tuple(pair for pair in strings if pair[0].lower() != pair[1].lower())
    phrases = tuple(pair for pair in translated if all_words or " " in pair[1])
    return not (has_string(one, "es", translated) or has_string(one, "en", phrases))


def has_string(text, lang, strings):
    return any(pattern.search(text) for pattern, *_ in canonical_patterns(strings, lang))
