"""Pack the built book into one zip for classes without a connection: run by `make zip`.

The same book gives the same bytes: files in order of name, dates all alike.
"""

import sys
import zipfile
from pathlib import Path

BOOK = Path(__file__).resolve().parent.parent / "_build" / "html"
NAME = "dentro-de-la-lstm"
# For servers, search engines and other books; and the sources, but for the notebooks, which a
# reader can take from their page.
NOT_FOR_READERS = (
    "objects.inv",
    "404.html",
    "sitemap.xml",
    ".*",
    "_sources/**/*.md",
    "_static/cover.*",
)


def wanted(book):
    """Return the files that a reader needs, in order of name."""
    unwanted = {path for pattern in NOT_FOR_READERS for path in book.glob(pattern)}
    return sorted(path for path in book.rglob("*") if path.is_file() and path not in unwanted)


def pack(book, target):
    """Write the zip; in it all is in one folder, with index.html at its top."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in wanted(book):
            entry = zipfile.ZipInfo(f"{NAME}/{path.relative_to(book).as_posix()}")
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, path.read_bytes())


if __name__ == "__main__":
    if not (BOOK / "index.html").is_file():
        sys.exit("There is no built book: run make book first.")
    target = BOOK.parent / f"{NAME}.zip"
    pack(BOOK, target)
    print(f"{target}: {target.stat().st_size / 1e6:.1f} MB. Unpack it and open {NAME}/index.html.")
