"""The rules for a page beside its twin. Each takes both and returns a list of problems, in words.

What is text may differ; what is not, may not: cells, code, numbers, formulas, figures.
"""

import base64
import io
import json
import re
import tokenize
from collections import Counter
from functools import cache
from itertools import zip_longest
from pathlib import Path
from xml.etree import ElementTree

from notebooks import (
    LANGUAGES,
    ROOT,
    SLIDER_FIGURE,
    contents,
    html_events,
    mimes,
    output_alt,
    slider_figures,
    where,
)


def shown(value, length=90):
    text = value if isinstance(value, str) else repr(value)
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1] + "…"


def differ(here, what, spanish, english, advice):
    """Put a difference into words; `here` begins with the file, as `where` says it."""
    advice = advice.replace("CHAPTER=…", f"CHAPTER={Path(here.partition(',')[0]).stem}")
    return f"{here}: {what}: Spanish has {shown(spanish)}, English has {shown(english)}. {advice}"


def no_language(text):
    """Blank the language's mark in paths, labels and addresses: /es/, _en.svg, es-label."""
    return re.sub(r"(?<![A-Za-z])(?:es|en)(?![A-Za-z])", "‹lang›", text)


# Cells


def cell_problems(es, en):
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
    for spanish, english in cells(es, en):
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


def cells(es, en):
    """Return the cells of both by id, as far as both have them."""
    by_id = {cell.id: cell for cell in en.cells}
    return [(cell, by_id[cell.id]) for cell in es.cells if cell.id in by_id]


# Code


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


def code_problems(es, en):
    """The code is the same but for comments and the language chosen."""
    problems = []
    for spanish, english in cells(es, en):
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


# Display strings: the one table of words that outputs may show in two languages


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
def option_names(root=ROOT):
    """Return the options of the explorers' choices: names and data, the same in both languages."""
    tables = (root / "lstm_edu" / "figures").glob("*/*.json")
    fields = [f for path in tables for f in json.loads(path.read_text("utf-8"))["fields"].values()]
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


# Outputs

STRINGS_ADVICE = (
    "Run both notebooks again; words that outputs show in two languages belong in "
    "lstm_edu/strings.json."
)
RERUN = "Run both notebooks again (`make run CHAPTER=…`) and look at both outputs."
OUTPUT_NUMBER = re.compile(r"(?<![\w.])[-−]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|\bnan\b|\binf\b")


def numbers_of(text):
    return [number.replace("−", "-") for number in OUTPUT_NUMBER.findall(text)]


def output_problems(es, en, strings):
    """The outputs are the same but for the display strings."""
    problems = []
    for spanish, english in cells(es, en):
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


def alt_problems(es, en):
    """The alternative texts of computed pictures are translated, and name the same numbers."""
    problems = []
    for spanish, english in cells(es, en):
        here, one, other = where(es, spanish), output_alt(spanish), output_alt(english)
        if one and one == other:
            problems.append(
                f"{here}: the alternative text of its picture is the same in both languages, "
                f"{shown(one)!r}. Translate it."
            )
        elif missing := unmatched([one], [other]):
            what = "other numbers in the alternative text of its picture"
            problems.append(differ(here, what, *missing, "Write the same numbers in both."))
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


def first_difference(one, other):
    """Return (place counted from 1, item, item); "nothing more" where a list has ended."""
    return next(
        (place, a, b)
        for place, (a, b) in enumerate(zip_longest(one, other, fillvalue="nothing more"), 1)
        if a != b
    )


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


# Figures

COMMENT = ElementTree.Comment
GEOMETRY = ("x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "width", "height")
LOOK = re.compile(r"style|class|fill|stroke|opacity|marker|transform")


def figure_parts(svg):
    """Return (shapes, texts) of an SVG figure, free of what a longer word moves.

    A shape is (name, tag, look, numbers): `name` is the nearest id (matplotlib's, or a gid), and
    the numbers of what stands in a matplotlib Axes count from its frame, so that a figure that
    was cut or squeezed to make room for a label stays the same. Of a legend only the looks count.
    """
    builder = ElementTree.TreeBuilder(insert_comments=True)
    root = ElementTree.fromstring(svg, parser=ElementTree.XMLParser(target=builder))
    is_plot = any(element.get("id", "").startswith("axes_") for element in root.iter())
    shapes, texts, used = [], [], {}

    def walk(element, name, frame, placed):
        if element.tag == COMMENT:
            return
        tag, own = element.tag.rpartition("}")[2], element.get("id", "")
        if tag in ("text", "title", "desc") or own.startswith("text_"):
            texts.extend(words_of(element))
            return
        if tag in ("metadata", "style", "clipPath"):
            return
        if tag == "g":
            name = own or name
            if own.startswith("axes_"):
                frame, placed = frame_of(element), True
            elif own.startswith("legend_"):
                placed = False
        elif tag == "defs":
            frame, placed = None, True
        elif tag not in ("svg", "a"):
            look = look_of(element, not is_plot)
            href = next((v for key, v in element.items() if key.endswith("href")), None)
            if href:
                look += f" #{used.setdefault(href, len(used))}"
            shapes.append((name, tag, look, numbers_in(tag, element, frame) if placed else ()))
        for child in element:
            walk(child, name, frame, placed)

    walk(root, "", None, not is_plot)
    return shapes, texts


def words_of(element):
    """Return the words of a text; matplotlib writes those of outlined text into a comment."""
    comments = [child.text.strip() for child in element.iter() if child.tag == COMMENT]
    plain = "".join(
        (child.text or "") + (child.tail or "")
        for child in element.iter()
        if child.tag != COMMENT and child is not element
    )
    return comments or [((element.text or "") + plain).strip()]


def look_of(element, with_transform):
    """Return the attributes that colour and dash a shape, in one order."""
    parts = []
    for key, value in sorted(element.items()):
        if LOOK.match(key) and (with_transform or key != "transform"):
            value = "; ".join(sorted(part.strip() for part in value.split(";") if part.strip()))
            parts.append(f"{key}={value}")
    return " ".join(parts)


def floats(text):
    return [float(number) for number in re.findall(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?", text)]


def frame_of(axes):
    """Return (left, top, width, height) of a matplotlib Axes: its first patch."""
    for group in axes:
        if group.get("id", "").startswith("patch_"):
            path = next(child for child in group.iter() if str(child.tag).endswith("}path"))
            numbers = floats(path.get("d", ""))
            x, y = numbers[0::2], numbers[1::2]
            return min(x), min(y), (max(x) - min(x)) or 1.0, (max(y) - min(y)) or 1.0
    return None


def numbers_in(tag, element, frame):
    """Return where a shape stands: in parts of the frame if there is one, else as written."""
    left, top, width, height = frame or (0.0, 0.0, 1.0, 1.0)
    if tag in ("path", "polygon", "polyline"):
        numbers = floats(element.get("d") or element.get("points") or "")
        if frame is None:
            return tuple(numbers)
        return tuple(
            (n - top) / height if place % 2 else (n - left) / width
            for place, n in enumerate(numbers)
        )
    found = []
    for key in GEOMETRY:
        for n in floats(element.get(key, ""))[:1]:
            start, size = (top, height) if "y" in key or key == "height" else (left, width)
            found.append(
                (n - (start if key not in ("width", "height", "r", "rx", "ry") else 0)) / size
            )
    return tuple(found)


def close(one, other, tolerance=3e-3):
    return len(one) == len(other) and all(
        abs(a - b) <= tolerance * max(1.0, abs(a)) for a, b in zip(one, other, strict=True)
    )


def figure_difference(spanish, english, strings):
    """Compare two SVG figures: a translated one has the same shapes, and its words translated."""
    (shapes, texts), (others, other_texts) = figure_parts(spanish), figure_parts(english)
    counts, other_counts = (Counter(tag for _, tag, *_ in side) for side in (shapes, others))
    for tag in sorted(counts | other_counts):
        if counts[tag] != other_counts[tag]:
            return f"the number of <{tag}>", counts[tag], other_counts[tag], RERUN
    for (name, tag, look, numbers), (twin, *rest) in zip(shapes, others, strict=True):
        what = f"the <{tag}> in {name!r}"
        if [tag, look] != rest[:2] or name != twin:
            return f"{what}, its look", f"{name} {look}", " ".join([twin, *rest[:2]]), RERUN
        if not close(numbers, rest[2]):
            place = next(
                (k for k, (a, b) in enumerate(zip(numbers, rest[2], strict=False))
                 if not close([a], [b])), 0)  # fmt: skip
            one, other = ([round(n, 3) for n in side[place : place + 4]]
                          for side in (numbers, rest[2]))  # fmt: skip
            return f"{what}, drawn at another place or with other data", one, other, RERUN
    for one, other in zip_longest(texts, other_texts, fillvalue=""):
        if not same_text(one, other, strings, all_words=True):
            return "its words", one, other, STRINGS_ADVICE
    return None


def picture_difference(spanish, english, strings):
    """Compare two PNG or JPEG pictures by their colours: as large a share of blue here as there.

    No more can be said of pictures that a longer word has squeezed: draw figures as SVG.
    """
    one, other = colours(spanish), colours(english)
    for colour in sorted(one | other):
        a, b = (100 * side[colour] / max(1, side.total()) for side in (one, other))
        if abs(a - b) > 5 or (max(a, b) > 1 and min(a, b) < max(a, b) / 10):
            return f"share of the colour #{colour:06x}", f"{a:.1f} %", f"{b:.1f} %", RERUN
    return None


def colours(picture):
    """Count the points of every colour that is no grey, in steps of 16."""
    from PIL import Image

    image = Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGB")
    found = Counter()
    for count, rgb in image.getcolors(image.width * image.height):
        if max(rgb) - min(rgb) > 40:
            red, green, blue = (channel & 0xF0 for channel in rgb)
            found[red << 16 | green << 8 | blue] += count
    return found


COMPARE = {
    "text/html": html_difference,
    "image/svg+xml": figure_difference,
    "image/png": picture_difference,
    "image/jpeg": picture_difference,
    "application/vnd.jupyter.widget-view+json": lambda spanish, english, strings: None,
}


# Markdown


def formula(text):
    """Blank what may differ in a formula: words in \\text{…}, spaces, the decimal comma.

    Where Spanish has a decimal comma, a semicolon stands between numbers: (0{,}7; 2), (0.7, 2).
    """
    text = re.sub(r"\\(text\w{0,2}|operatorname)\s*\{[^{}]*\}", r"\\\1{}", text)
    text = re.sub(r"\\label\{[^{}]*\}", "", text)
    return re.sub(r"\s+", "", text.replace("{,}", ".").replace(";", ","))


NUMBER = re.compile(r"\d{1,3}(?:[\u00a0\u202f\u2009]\d{3})+(?:[.,]\d+)?(?!\d)|\d[\d.,]*\d|\d")


def prose_numbers(pieces, lang):
    """Return the numbers of a text, each as (as written, the values that it may mean).

    Spanish writes 0,731 or 0.731, and 1.234 is either a thousand or a decimal; English writes
    0.731 and 1,234; both may group by a narrow space. The minus sign is U+2212 or a hyphen.
    """
    found = []
    for piece in pieces:
        for match in NUMBER.finditer(piece):
            before = piece[max(0, match.start() - 2) : match.start()]
            if before[-1:].isalpha() or before[-1:] == "_":  # part of a name, such as h2
                continue
            negative = before[-1:] in ("-", "−") and not (
                before[:-1].isalnum() or before[:-1] == ")"
            )
            sign = "-" if negative else ""
            digits = re.sub(r"[\u00a0\u202f\u2009]", "", match[0])
            found += [(sign + written, values) for written, values in readings(digits, sign, lang)]
    return found


def readings(digits, sign, lang):
    point, group = (",", ".") if lang == "es" else (".", ",")
    values = set()
    if re.fullmatch(rf"\d{{1,3}}(\{group}\d{{3}})+(\{point}\d+)?", digits):
        values.add(float(sign + digits.replace(group, "").replace(point, ".")))
        if lang == "en":
            return [(digits, values)]
    if re.fullmatch(rf"\d+(\{point}\d+)?", digits):
        values.add(float(sign + digits.replace(point, ".")))
    if re.fullmatch(r"\d+\.\d+", digits):
        values.add(float(sign + digits))
    if values:
        return [(digits, values)]
    if "," in digits:  # a list without spaces
        parts = [part for part in digits.split(",") if part]
        return [
            pair for k, part in enumerate(parts) for pair in readings(part, "" if k else sign, lang)
        ]
    return [(digits, {digits})]  # a version, a section


def unmatched(spanish, english):
    """Return the numbers that stand in only one of two texts, as ([Spanish], [English]) or None."""
    left = prose_numbers(spanish, "es")
    right = []
    for written, values in prose_numbers(english, "en"):
        fits = [number for number in left if number[1] & values]
        if fits:
            left.remove(min(fits, key=lambda number: len(number[1])))
        else:
            right.append((written, values))
    if not left and not right:
        return None
    return [written for written, _ in left], [written for written, _ in right]


def only_in_one(one, other):
    """Return what stands in only one of two lists, as two lists; None if nothing does."""
    extra = list((Counter(one) - Counter(other)).elements())
    missing = list((Counter(other) - Counter(one)).elements())
    return (extra, missing) if extra or missing else None


def looks_like_code(text):
    """Tell `params.W` and `lstm_step(x)` from a word that is merely set in this type."""
    return bool(re.fullmatch(r"[A-Za-z_]\w*(?:[._(\[=].*)", text, re.DOTALL))


def markdown_problems(es, en):
    """The text has the same skeleton: headings, formulas, images, lists, numbers."""
    problems = []
    for spanish, english in cells(es, en):
        if spanish.kind == english.kind == "markdown":
            here = where(es, spanish)
            found = contents_differences(contents(spanish.source), contents(english.source))
            problems += [differ(here, *difference) for difference in found]
    return problems


def contents_differences(one, other):
    """Return (what, Spanish, English, advice) for all that two Markdown texts do not share."""
    sequences = {
        "other levels of headings": (
            lambda c: [level for level, _ in c.headings],
            "Give both the same headings, in the same order.",
        ),
        "other labels": (
            lambda c: [no_language(label) for label in c.labels],
            "Give both the same (label)=, but for a mark of the language such as es- and en-.",
        ),
        "other citations": (lambda c: c.citations, "Cite the same works in the same order."),
        "other display formulas": (
            lambda c: [formula(text) for text in c.maths],
            "Only words in \\text{…}, the decimal comma {,} and the ; beside it may differ.",
        ),
        "other images": (
            lambda c: [no_language(source) for source, _ in c.images],
            "Show the same images, but for /es/ and /en/.",
        ),
        "another number of links": (lambda c: len(c.links), "Link the same places."),
        "other directives": (lambda c: c.directives, "Use the same boxes in the same order."),
        "another number of <details>": (lambda c: len(c.details), "Fold the same parts."),
        "other lists (kind, items)": (lambda c: c.lists, "Give both the same items."),
        "other tables (rows, columns)": (lambda c: c.tables, "Give both the same shape."),
        "another number of code blocks": (lambda c: len(c.fences), "Show the same code."),
    }
    found = [
        (what, take(one), take(other), advice)
        for what, (take, advice) in sequences.items()
        if take(one) != take(other)
    ]
    bags = {
        "other references": (
            lambda c: [(role, no_language(target)) for role, target in c.references],
            "Refer to the same places.",
        ),
        "other formulas in the text": (
            lambda c: {formula(text) for text in c.inline_maths},
            "Only words in \\text{…}, the decimal comma {,} and the ; beside it may differ.",
        ),
        "links that set a figure differently": (
            lambda c: [link for link in c.links if re.match(r"[^?]*#[\w-]+\?", link)],
            "What stands after # is the figure's state: it has no language.",
        ),
        "other `code` in the text": (
            lambda c: {no_language(code) for code in c.inline_code if looks_like_code(code)},
            "Name the same functions and variables.",
        ),
        "other footnotes": (lambda c: c.footnotes, "Give both the same footnotes."),
    }
    for what, (take, advice) in bags.items():
        difference = only_in_one(take(one), take(other))
        if difference:
            found.append((f"{what}, only in one", *difference, advice))
    for (kind, code), (twin, other_code) in zip(one.fences, other.fences, strict=False):
        difference = code_difference(code, other_code)
        if kind != twin or difference:
            found.append(
                ("another block of code", *(difference or (kind, twin)), "Show the same code.")
            )
    alts = [(a, b) for (_, a), (_, b) in zip(one.images, other.images, strict=False)]
    found += [
        ("the same alternative text in both languages", a, b, "Translate it.")
        for a, b in alts
        if a and a == b
    ]
    missing = unmatched(one.prose, other.prose)
    if missing:
        found.append(
            ("other numbers in the text, only in one", *missing, "Write the same numbers in both.")
        )
    missing = only_in_one(
        *([n for code in c.inline_code for n in numbers_of(code)] for c in (one, other))
    )
    if missing:
        found.append(("other numbers in `code`, only in one", *missing, "Write the same in both."))
    return found


def twin_problems(es, en, strings):
    """Return all that keeps two pages from being twins."""
    problems = cell_problems(es, en) + code_problems(es, en) + markdown_problems(es, en)
    return problems + output_problems(es, en, strings) + alt_problems(es, en)
