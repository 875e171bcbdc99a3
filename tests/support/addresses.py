"""What a built page points to, and what of it the browser fetches."""

from functools import cache

from rules.pages import html_events

LINKS = {"href", "src", "data", "poster", "action"}

# What the browser fetches by itself; a link that the reader follows may lead anywhere.
FETCHED = {
    "audio",
    "embed",
    "iframe",
    "img",
    "input",
    "object",
    "script",
    "source",
    "track",
    "video",
}
FETCHED_RELS = {"stylesheet", "icon", "preload", "prefetch", "modulepreload", "manifest"}


@cache
def elements(path):
    text = path.read_text(encoding="utf-8")
    return [event for event in html_events(text) if not isinstance(event, str)]


def addresses(path):
    """Return (tag, attributes, address) of everything that a page points to."""
    found = []
    for tag, attributes in elements(path):
        found += [(tag, attributes, attributes[key]) for key in LINKS & set(attributes)]
        for candidate in attributes.get("srcset", "").split(","):
            if candidate.strip():
                found.append((tag, attributes, candidate.split()[0]))
    return found
