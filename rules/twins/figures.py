"""Two pictures are the same but for their words."""

import base64
import io
import re
from collections import Counter
from itertools import zip_longest
from xml.etree import ElementTree

from . import RERUN
from .strings import STRINGS_ADVICE, same_text

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
