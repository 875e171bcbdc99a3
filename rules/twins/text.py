"""The text has the same skeleton, and names the same numbers."""

import re
from collections import Counter

from rules.pages import contents, output_alt, where

from . import differ, no_language, shown, side_by_side
from .code import code_difference

OUTPUT_NUMBER = re.compile(r"(?<![\w.])[-−]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|\bnan\b|\binf\b")


def numbers_of(text):
    return [number.replace("−", "-") for number in OUTPUT_NUMBER.findall(text)]


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
    for spanish, english in side_by_side(es, en):
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


def alt_problems(es, en):
    """The alternative texts of computed pictures are translated, and name the same numbers."""
    problems = []
    for spanish, english in side_by_side(es, en):
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


def rule(es, en, _):
    return markdown_problems(es, en) + alt_problems(es, en)
