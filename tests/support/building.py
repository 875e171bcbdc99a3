"""The book, built as `make book` builds it."""

import sys
from pathlib import Path

import yaml
from processes import run_captured


def toc_files(toc):
    """Return every file that a table of contents names, in its order, without suffix."""
    if isinstance(toc, list):
        return [name for entry in toc for name in toc_files(entry)]
    own = [toc[key] for key in ("root", "file") if key in toc]
    inner = [toc[key] for key in ("parts", "chapters", "sections", "entries") if key in toc]
    return own + [name for entries in inner for name in toc_files(entries)]


def build_book(source, output):
    """Build the book as `make book` does; return what went wrong, or an empty string."""
    jupyter_book = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()"]
    done = run_captured(
        [*jupyter_book, "build", ".", "-n", "-W", "--keep-going", "--path-output", str(output)],
        cwd=source,
    )
    if done.returncode:
        log = done.stdout
        lines = [line for line in log.splitlines() if "WARNING" in line or "ERROR" in line]
        return "\n".join([f"jupyter-book exited {done.returncode}", *lines, "…", log[-3000:]])
    names = toc_files(yaml.safe_load((source / "_toc.yml").read_text(encoding="utf-8")))
    pages = [output / "_build" / "html" / f"{Path(name).with_suffix('')}.html" for name in names]
    missing = [str(page.relative_to(output)) for page in pages if not page.is_file()]
    return f"jupyter-book exited 0 without these pages: {missing}" if missing else ""
