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
STATIC = "lstm_edu/static"
SUFFIXES = (".mjs", ".js", ".css", ".json")


def stale(root=ROOT):
    """Return a sentence that names what changed since the last build; "" if nothing did."""
    now, mark = marks(root), root / STATIC / "built-from"
    if not now:
        return ""
    lines = mark.read_text("utf-8").splitlines() if mark.exists() else []
    built = dict(line.split(" ") for line in lines)
    changed = sorted(path for path in built | now if built.get(path) != now.get(path))
    if not changed:
        return ""
    more = f" and {len(changed) - 3} more" if len(changed) > 3 else ""
    return f"{', '.join(changed[:3])}{more} changed since {STATIC} was built: run `make frontend`."


def marks(root=ROOT):
    """Return {path: SHA-256} of what a build reads and writes; {} where there are no sources."""
    try:
        sources = json.loads((root / "frontend" / "sources.json").read_text("utf-8"))
    except OSError:
        return {}
    paths = [path for name in [*sources["read"], STATIC] for path in _files(root, name)]
    return {path: _sha256(_content(root / path, sources["shown"])) for path in paths}


@functools.cache
def warn_if_stale():
    """Warn once in a process."""
    if sentence := stale():
        warnings.warn(sentence, stacklevel=3)


def _files(root, name):
    if re.search(r"\.\w+$", name):
        return [name]
    found = (root / name).rglob("*")
    return [path.relative_to(root).as_posix() for path in found if path.suffix in SUFFIXES]


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
