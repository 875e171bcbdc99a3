"""Every SVG picture becomes part of its page, so that light and dark mode are designed for it.

A browser shows `<img src="x.svg">` in a world of its own, which the page's colours do not reach.
Here the drawing, or matplotlib's output, is put into the page instead. Its palette colours become
variables of the page: `#b3420b` is `var(--lstm-f, #b3420b)`, which is also how drawings by hand
write it. Only elements and attributes of SVG get through, and no scripts.
"""

import re
from pathlib import Path
from xml.etree import ElementTree

from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform

from lstm_edu.palette import VARIABLES

SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}"
LEFT_OUT = {"metadata", "script", "foreignObject"}
ElementTree.register_namespace("", SVG[1:-1])


def cleaned(element):
    """Keep what is SVG; drop scripts, event handlers and links that leave the page."""
    for child in list(element):
        name = child.tag.removeprefix(SVG) if isinstance(child.tag, str) else "{comment}"
        if name.startswith("{") or name in LEFT_OUT:
            element.remove(child)
        else:
            cleaned(child)
    for name, value in list(element.attrib.items()):
        bare = name.removeprefix(XLINK)
        is_link = bare == "href"
        if bare.startswith(("{", "on")) or (
            is_link and not value.startswith(("#", "data:image/png", "data:image/jpeg"))
        ):
            del element.attrib[name]
        elif bare != name:
            del element.attrib[name]
            if is_link:
                element.set(bare, value)


def prefixed(text, prefix):
    """Ids unique within the page, and whatever refers to them."""
    text = re.sub(r'\b(id="|href="#|url\(#)', rf"\g<1>{prefix}", text)
    return re.sub(
        r'\b(aria-(?:labelledby|describedby)=")([^"]*)',
        lambda match: match[1] + " ".join(prefix + id_ for id_ in match[2].split()),
        text,
    )


def inline_svg(source, *, alt, prefix, variables, width=None, classes=()):
    """The text of an SVG file as a piece of HTML that belongs to the page around it."""
    root = ElementTree.fromstring(source)
    cleaned(root)
    for unit in ("width", "height"):
        size = root.attrib.pop(unit, None)
        if unit == "width" and size and size[0].isdigit():
            width = width or (size if size[-1].isalpha() or size[-1] == "%" else f"{size}px")
    root.set("fill", root.get("fill", variables_ink(variables)))
    for style in root.iter(f"{SVG}style"):  # nested, so that it reaches this drawing alone
        rules = "".join(style.itertext())
        style.text = "" if re.search(r"@import|url\((?!#)", rules) else f"#{prefix}{{{rules}}}"
    for name in ("aria-label", "aria-labelledby", "id"):
        root.attrib.pop(name, None)
    root.set("role", "img")
    root.set("class", " ".join(["inline-svg", *classes]))
    if width:
        root.set("style", f"width: {width}; {root.get('style', '')}".strip())
    text = prefixed(ElementTree.tostring(root, encoding="unicode"), f"{prefix}-")
    colours = {"#000000": variables_ink(variables), **variables}  # matplotlib's own black
    text = re.sub(
        r"(?<!, )#[0-9a-fA-F]{6}\b",
        lambda match: colours.get(match[0].lower(), match[0]),
        text,
    )
    label = nodes.Text(alt).astext().replace("&", "&amp;").replace('"', "&quot;")
    label = label.replace("<", "&lt;")
    return text.replace("<svg ", f'<svg id="{prefix}" aria-label="{label}" ', 1)


def variables_ink(variables):
    return next(value for value in variables.values() if value.startswith("var(--lstm-ink"))


class InlineSvg(SphinxPostTransform):
    """Replace image nodes of SVG files by the drawing itself."""

    default_priority = 400
    formats = ("html",)

    def run(self, **kwargs):
        for count, image in enumerate(list(self.document.findall(nodes.image)), start=1):
            if not image["uri"].endswith(".svg") or "://" in image["uri"]:
                continue
            path = Path(self.app.srcdir) / image["uri"]
            try:
                html = inline_svg(
                    path.read_text("utf-8"),
                    alt=image.get("alt", ""),
                    prefix=f"svg{count}",
                    variables=VARIABLES,
                    width=image.get("width"),
                    classes=image["classes"],
                )
            except (OSError, ElementTree.ParseError) as error:
                raise ExtensionError(f"{self.env.docname}: {image['uri']}: {error}") from error
            image.replace_self(nodes.raw("", html, format="html"))


def setup(app):
    app.add_post_transform(InlineSvg)
