"""Say in a checkout whether `static/` is what the front-end's sources would give now.

`frontend/built-from.mjs` leaves a mark beside what it builds, a line with the SHA-256 of each file
that it read or wrote; here the same is worked out again, in milliseconds. Beside an installed
package there are no sources, and nothing to say.
"""

import functools
import hashlib
import json
import re
import sys
import warnings
from pathlib import Path

__all__ = ["stale", "warn_if_stale"]

ROOT = Path(__file__).parent.parent


def stale(root=ROOT):
    """Return a sentence that names what changed since the last build; "" if nothing did."""
    try:
        sources = json.loads((root / "frontend" / "sources.json").read_text("utf-8"))
    except OSError:
        return ""
    mark = root / "lstm_edu" / "static" / "built-from"
    built = mark.read_text("utf-8").split("\n") if mark.exists() else []
    built = dict(line.split(" ") for line in built if line)
    paths = {path for name in sources["read"] for path in _files(root, name)}
    paths |= {name for name in built if name.startswith("lstm_edu/static/")}
    now = {path: _sha256(_content(root / path, sources["shown"])) for path in paths}
    changed = sorted(path for path in built | now if built.get(path) != now.get(path))
    if not changed:
        return ""
    more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
    return f"{changed[0]}{more} changed since lstm_edu/static was built: run `make frontend`."


@functools.cache
def warn_if_stale():
    """Warn once in a process."""
    if sentence := stale():
        warnings.warn(sentence, stacklevel=4)


def _files(root, name):
    if re.search(r"\.\w+$", name):
        return [name]
    found = (root / name).rglob("*")
    return [path.relative_to(root).as_posix() for path in found if path.suffix in SUFFIXES]


SUFFIXES = (".mjs", ".css", ".json")


def _content(path, shown):
    if not path.exists():
        return ""
    if path.name != "strings.json":
        return path.read_text("utf-8")
    strings = json.loads(path.read_text("utf-8")).items()
    kept = [entry for entry in strings if re.search(shown, entry[0])]
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def _sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


if __name__ == "__main__":
    sys.exit(stale() or 0)
