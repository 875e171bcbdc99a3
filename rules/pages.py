"""Read the book's pages: which there are, which are twins, and what stands in each.

A page is a notebook or a Markdown file of one language. Everything here is read, nothing judged:
the rules are in the folders beside this file.
"""

import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import yaml
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from lstm_edu.figures.asleep import awake
from lstm_edu.language import LANGUAGES

ROOT = Path(__file__).resolve().parent.parent
NAMES = {"es": "Spanish", "en": "English"}


class Cell(NamedTuple):
    number: int  # counted from 1 over all cells, Markdown and code
    id: str
    kind: str  # "markdown", "code" or "raw"
    source: str
    metadata: dict
    outputs: list  # of code cells
    execution_count: int | None


class Page(NamedTuple):
    name: str  # the path from the repository's root, as messages show it
    lang: str
    cells: list
    metadata: dict
    raw: dict  # the notebook's JSON; empty for a Markdown page

    def code(self):
        return [cell for cell in self.cells if cell.kind == "code"]

    def markdown(self):
        return [cell for cell in self.cells if cell.kind == "markdown"]


def page_files(root=ROOT, lang=None):
    """Return the pages of one language (or both): notebooks and Markdown, sorted."""
    return sorted(
        path
        for one in ([lang] if lang else LANGUAGES)
        for folder in (root / "chapters" / one, root / one)
        for path in folder.rglob("*")
        if path.suffix in (".ipynb", ".md") and ".ipynb_checkpoints" not in path.parts
    )


def twin_of(path, root=ROOT):
    """Return where the page's twin is, whether or not it exists."""
    other = {"es": "en", "en": "es"}
    parts = list(path.relative_to(root).parts)
    place = next(k for k, part in enumerate(parts) if part in other)
    parts[place] = other[parts[place]]
    return root.joinpath(*parts)


def pairs(root=ROOT):
    """Return (Spanish path, English path) of every page that has a twin."""
    spanish = page_files(root, "es")
    return [(path, twin_of(path, root)) for path in spanish if twin_of(path, root).exists()]


def read(path, root=ROOT):
    """Read a notebook or a Markdown file; the latter is a page of one cell."""
    name = path.relative_to(root).as_posix()
    lang = next(part for part in Path(name).parts if part in LANGUAGES)
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        body = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)
        return Page(name, lang, [Cell(1, "", "markdown", body, {}, [], None)], {}, {})
    raw = json.loads(text)
    cells = [
        Cell(
            number,
            cell.get("id", ""),
            cell["cell_type"],
            joined(cell["source"]),
            cell.get("metadata", {}),
            whole_streams(cell.get("outputs", [])),
            cell.get("execution_count"),
        )
        for number, cell in enumerate(raw["cells"], 1)
    ]
    return Page(name, lang, cells, raw.get("metadata", {}), raw)


def whole_streams(outputs):
    """Put a stream together again: whether print's text came in one piece or two is chance."""
    whole = []
    for output in outputs:
        last = whole[-1] if whole else {}
        if output["output_type"] == "stream" and output["name"] == last.get("name"):
            whole[-1] = last | {"text": joined(last["text"]) + joined(output["text"])}
        else:
            whole.append(output)
    return whole


def joined(text):
    """Notebooks store a text whole or as a list of lines."""
    return "".join(text) if isinstance(text, list) else text


def where(page, cell=None):
    """Say where: the file, the cell's number and id, and how it begins."""
    if cell is None or page.name.endswith(".md"):
        return page.name
    first = next((line.strip() for line in cell.source.splitlines() if line.strip()), "empty")
    begins = first if len(first) <= 40 else first[:39] + "…"
    return f"{page.name}, cell {cell.number} (id {cell.id!r}, begins {begins!r})"


def run_command(page):
    """Return what runs a chapter again, from the top, and stores what is to be stored."""
    return f"`make run CHAPTER={Path(page.name).stem}`"


# Outputs


def mimes(output):
    """Return {mime type: content} of one output; a stream counts as its name.

    Of a live figure, the HTML is that of the rendered page.
    """
    if output["output_type"] == "stream":
        return {output["name"]: joined(output["text"])}
    found = {mime: joined(data) for mime, data in output.get("data", {}).items()}
    return found | {mime: awake(found[mime]) for mime in found if mime == "text/html"}


IMAGES = ("image/png", "image/jpeg", "image/svg+xml", "image/gif", "image/webp")


def image_outputs(cell):
    return [output for output in cell.outputs if set(mimes(output)) & set(IMAGES)]


def output_alt(cell):
    image = cell.metadata.get("mystnb", {}).get("image", {})
    return image.get("alt", "") if isinstance(image, dict) else ""


# HTML


class _Events(HTMLParser):
    def __init__(self):
        super().__init__()
        self.events = []  # (tag, attributes) of start tags, and strings

    def handle_starttag(self, tag, attrs):
        self.events.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data):
        self.events.append(data)


def html_events(text):
    """Return an HTML text as a list: (tag, attributes) for a start tag, a string for text."""
    parser = _Events()
    parser.feed(text)
    parser.close()
    return parser.events


def explorers(page):
    """Return (name, kind, cell) of each explorer among a page's outputs."""
    return [
        (event[1].get("id"), event[1].get("kind"), cell)
        for cell in page.code()
        for output in cell.outputs
        for event in html_events(mimes(output).get("text/html", ""))
        if event[0] == "lstm-explorer"
    ]


class SliderFigure(NamedTuple):
    name: str
    lang: str
    labels: list  # of its sliders
    texts: list  # of each slider, what the reader reads of its values
    alts: list  # of its pictures, the last slider's moving fastest
    svgs: list


SLIDER_FIGURE = re.compile(r"<lstm-slider-figure.*?</lstm-slider-figure>", re.DOTALL)


def slider_figures(text):
    """Return the figures of `lstm_edu.slider_figure` in an HTML text."""
    return [_slider_figure(element) for element in SLIDER_FIGURE.findall(text)]


def _slider_figure(element):
    stored = json.loads(re.search(r"<script[^>]*>(.*?)</script>", element, re.DOTALL)[1])
    tags = [event for event in html_events(element) if not isinstance(event, str)]
    inputs = [attributes for tag, attributes in tags if tag == "input"]
    return SliderFigure(
        tags[0][1]["id"],
        tags[0][1]["lang"],
        [one["aria-label"] for one in inputs],
        [json.loads(one["data-texts"]) for one in inputs],
        [picture["alt"] for picture in stored["pictures"]],
        ["".join(stored["lines"][k] for k in one["lines"]) for one in stored["pictures"]],
    )


# Markdown


class Directive(NamedTuple):
    name: str
    argument: str
    options: dict
    body: str


class Contents(NamedTuple):
    """What stands in a Markdown text, in reading order."""

    headings: list  # (level, text)
    labels: list  # (label)= and :name: and $$ … $$ (label)
    citations: list  # (role, key)
    references: list  # (role, target) of {ref}, {numref}, {eq}, {doc}
    maths: list  # display formulas
    inline_maths: list
    images: list  # (source, alt)
    links: list  # addresses
    directives: list  # names
    details: list  # one entry for each <details>
    lists: list  # (kind, number of items)
    tables: list  # (rows, columns)
    inline_code: list
    fences: list  # (language, code)
    footnotes: list  # labels of the references to footnotes
    prose: list  # pieces of running text, alternative texts among them


_CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
_MARKDOWN = create_md_parser(
    MdParserConfig(enable_extensions=set(_CONFIG["parse"]["myst_enable_extensions"])),
    RendererHTML,
)
_CODE_DIRECTIVES = {"code", "code-block", "code-cell", "literalinclude", "mermaid", "raw"}
_REFERENCE_ROLES = {"ref", "numref", "eq", "doc", "download"}


def contents(text):
    """Parse a Markdown text as the book does and list what stands in it."""
    found = Contents(*([] for _ in Contents._fields))
    _walk(_MARKDOWN.parse(text), found)
    return found


def _walk(tokens, found):
    open_lists, rows, columns = [], 0, 0
    for place, token in enumerate(tokens):
        kind = token.type
        if kind == "heading_open":
            found.headings.append((int(token.tag[1]), tokens[place + 1].content))
        elif kind == "myst_target":
            found.labels.append(token.content)
        elif kind in ("math_block", "math_block_label", "amsmath"):
            found.maths.append(token.content)
            if kind == "math_block_label":
                found.labels.append(token.info)
        elif kind in ("fence", "colon_fence"):
            _fence(token, found)
        elif kind in ("bullet_list_open", "ordered_list_open"):
            open_lists.append([kind.removesuffix("_list_open"), 0])
            found.lists.append(open_lists[-1])
        elif kind in ("bullet_list_close", "ordered_list_close"):
            open_lists.pop()
        elif kind == "list_item_open":
            open_lists[-1][1] += 1
        elif kind == "table_open":
            rows = columns = 0
        elif kind == "tr_open":
            rows += 1
        elif kind == "th_open":
            columns += 1
        elif kind == "table_close":
            found.tables.append((rows, columns))
        elif kind == "html_block":
            _html(token.content, found)
        elif kind == "code_block":
            found.fences.append(("", token.content))
        elif kind == "inline":
            _inline(token.children, found)


def _inline(tokens, found):
    in_autolink = False
    for token in tokens:
        kind = token.type
        if kind == "text" and not in_autolink:
            found.prose.append(token.content)
        elif kind == "code_inline":
            found.inline_code.append(token.content)
        elif kind in ("math_inline", "math_inline_double"):
            (found.maths if kind.endswith("double") else found.inline_maths).append(token.content)
        elif kind == "myst_role":
            _role(token.meta["name"], token.content, found)
        elif kind == "link_open":
            found.links.append(token.attrs["href"])
            in_autolink = token.info == "auto" or token.tag == "auto" or token.markup == "autolink"
        elif kind == "link_close":
            in_autolink = False
        elif kind == "image":
            _image(token.attrs["src"], token.content, found)
        elif kind == "html_inline":
            _html(token.content, found)
        elif kind == "footnote_ref":
            found.footnotes.append(token.meta["label"])


def _role(name, text, found):
    if name.startswith("cite"):
        found.citations.extend((name, key.strip()) for key in text.split(","))
    elif name in _REFERENCE_ROLES:
        shown = re.fullmatch(r"(.*)<(.+)>", text, flags=re.DOTALL)
        found.references.append((name, shown[2] if shown else text))
        if shown:
            found.prose.append(shown[1])
    elif name == "math":
        found.inline_maths.append(text)
    elif name in ("code", "kbd"):
        found.inline_code.append(text)
    else:
        found.prose.append(text)


def _image(source, alt, found):
    found.images.append((source, alt))
    found.prose.append(alt)


def _html(text, found):
    for event in html_events(text):
        if isinstance(event, str):
            found.prose.append(event)
        elif event[0] == "img":
            _image(event[1].get("src", ""), event[1].get("alt", ""), found)
        elif event[0] == "a" and "href" in event[1]:
            found.links.append(event[1]["href"])
        elif event[0] == "details":
            found.details.append("details")


def _fence(token, found):
    directive = read_directive(token.info, token.content)
    if directive is None:
        found.fences.append((token.info.strip(), token.content))
        return
    name, argument, options, body = directive
    found.directives.append(name)
    found.labels.extend(options[key] for key in ("name", "label") if key in options)
    if name == "math":
        found.maths.append(body)
    elif name in _CODE_DIRECTIVES:
        found.fences.append((argument, body))
    else:
        if name in ("image", "figure"):
            _image(argument, options.get("alt", ""), found)
        else:
            found.prose.append(argument)
        _walk(_MARKDOWN.parse(body), found)


def read_directive(info, content):
    """Take ```{name} argument … ``` apart; None for an ordinary block of code."""
    head = re.fullmatch(r"\{([\w:.+-]+)\}\s*(.*)", info.strip())
    if not head:
        return None
    lines, options = content.splitlines(), {}
    if lines and lines[0].strip() == "---":
        end = next((k for k, line in enumerate(lines[1:], 1) if line.strip() == "---"), len(lines))
        block, lines = [":" + line for line in lines[1:end]], lines[end + 1 :]
    else:
        count = next((k for k, line in enumerate(lines) if not line.startswith(":")), len(lines))
        # A colon fence inside the directive begins with colons too, and is no option.
        fence = next((k for k, line in enumerate(lines) if line.startswith(":::")), count)
        block, lines = lines[: min(count, fence)], lines[min(count, fence) :]
    for line in block:
        key, _, value = line[1:].partition(":")
        options[key.strip()] = html.unescape(value.strip().strip("\"'"))
    return Directive(head[1], head[2], options, "\n".join(lines))
