"""What the code gives, in two languages."""

import json
from itertools import zip_longest

from rules.pages import SLIDER_FIGURE, html_events, mimes, slider_figures, where

from . import RERUN, differ, first_difference, shown, side_by_side
from .figures import figure_difference, picture_difference
from .strings import STRINGS_ADVICE, same_text
from .text import numbers_of


def rule(es, en, strings):
    """The outputs are the same but for the display strings."""
    problems = []
    for spanish, english in side_by_side(es, en):
        here = where(es, spanish)
        kinds = [
            [(output["output_type"], sorted(mimes(output))) for output in cell.outputs]
            for cell in (spanish, english)
        ]
        if kinds[0] != kinds[1]:
            problems.append(differ(here, "other kinds of output", *kinds, RERUN))
            continue
        for one, other in zip(spanish.outputs, english.outputs, strict=True):
            for mime, text in mimes(one).items():
                compare = COMPARE.get(mime, text_difference)
                difference = compare(text, mimes(other)[mime], strings)
                if difference:
                    what, *rest = difference
                    problems.append(differ(here, f"its {mime} output, {what}", *rest))
    return problems


def text_difference(spanish, english, strings):
    """Compare printed text: first the numbers, then line by line the words."""
    if not isinstance(spanish, str):  # a mime type whose content is JSON
        return None if spanish == english else ("content", spanish, english, RERUN)
    one, other = numbers_of(spanish), numbers_of(english)
    if one != other:
        place, a, b = first_difference(one, other)
        return f"number {place}", a, b, RERUN
    lines = zip_longest(spanish.splitlines(), english.splitlines(), fillvalue="")
    for place, (line, twin) in enumerate(lines, 1):
        if not same_text(line, twin, strings):
            return f"line {place}", line, twin, STRINGS_ADVICE
    return None


def html_difference(spanish, english, strings):
    """Compare HTML: elements, attributes, JSON and text; only text and lang may differ."""
    difference = sliders_difference(slider_figures(spanish), slider_figures(english), strings)
    if difference:
        return difference
    one, other = (html_events(SLIDER_FIGURE.sub("", text)) for text in (spanish, english))
    starts = [[e for e in events if not isinstance(e, str)] for events in (one, other)]
    texts = [[e for e in events if isinstance(e, str) and e.strip()] for events in (one, other)]
    tags = [[tag for tag, _ in side] for side in starts]
    if tags[0] != tags[1]:
        place, a, b = first_difference(*tags)
        return f"element {place}", a, b, RERUN
    for (tag, one), (_, other) in zip(*starts, strict=True):
        for name in {**one, **other}:
            a, b = one.get(name, "nothing"), other.get(name, "nothing")
            if name in ("lang", "hreflang"):
                if (a, b) != ("es", "en"):
                    return f"the language of <{tag}>", a, b, RERUN
            elif not same_content(a, b, strings):
                return f"{name} of <{tag}>", a, b, RERUN
    for a, b in zip_longest(*texts, fillvalue=""):
        if not same_content(a, b, strings, all_words=True):
            found = json_difference(a, b)
            return found or text_difference(a, b, strings) or ("text", a, b, STRINGS_ADVICE)
    return None


def sliders_difference(ones, others, strings):
    """Compare slider figures: the same values, the same pictures, and their words translated."""
    counts = [[len(one.svgs) for one in side] for side in (ones, others)]
    if counts[0] != counts[1]:
        return "the number of pictures behind its sliders", *counts, RERUN
    for one, other in zip(ones, others, strict=True):
        here = f"slider figure {one.name!r}"
        if (one.name, one.lang, other.lang) != (other.name, "es", "en"):
            return f"{here}, name and language", one[:2], other[:2], RERUN
        said = [
            [*side.labels, *(text for texts in side.texts for text in texts), *side.alts]
            for side in (one, other)
        ]
        for a, b in zip_longest(*said, fillvalue=""):
            if not same_text(a, b, strings, all_words=True):
                return f"{here}, its words", a, b, STRINGS_ADVICE
        for alt, a, b in zip(one.alts, one.svgs, other.svgs, strict=True):
            if difference := figure_difference(a, b, strings):
                what, *rest = difference
                return f"{here}, the picture {shown(alt)!r}, {what}", *rest
    return None


def same_content(spanish, english, strings, **options):
    """Compare JSON as JSON, and all else as text."""
    one, other = as_json(spanish), as_json(english)
    if one is None or other is None:
        return same_text(spanish, english, strings, **options)
    langs = [value.get("lang") if isinstance(value, dict) else None for value in (one, other)]
    return drop_lang(one) == drop_lang(other) and langs in (["es", "en"], [None, None])


def as_json(text):
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict | list) else None


def drop_lang(value):
    if isinstance(value, dict):
        return {key: drop_lang(item) for key, item in value.items() if key != "lang"}
    return [drop_lang(item) for item in value] if isinstance(value, list) else value


def json_difference(spanish, english):
    one, other = as_json(spanish), as_json(english)
    if not (isinstance(one, dict) and isinstance(other, dict)):
        return None
    for key in {**one, **other}:
        if key == "lang":
            if (one.get(key), other.get(key)) != ("es", "en"):
                return "lang in the state", one.get(key), other.get(key), RERUN
        elif one.get(key) != other.get(key):
            return f"{key} in the state", one.get(key), other.get(key), RERUN
    return None


COMPARE = {
    "text/html": html_difference,
    "image/svg+xml": figure_difference,
    "image/png": picture_difference,
    "image/jpeg": picture_difference,
    "application/vnd.jupyter.widget-view+json": lambda spanish, english, strings: None,
}
