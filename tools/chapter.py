"""Begin a chapter: `make chapter NAME=attention TITLE_ES="La atención" TITLE_EN="Attention"`.

Writes the twins from chapter.toml, with an exercise that answers, enters them wherever chapters
are listed, and runs them. A name that will not do changes nothing.
"""

import os
import re
import sys
import tomllib
import unicodedata
from pathlib import Path

import nbformat
from run import KERNEL, ROOT, notebooks, run_all

TEMPLATE = tomllib.loads((Path(__file__).parent / "chapter.toml").read_text(encoding="utf-8"))
EXAMPLE = 'make chapter NAME=attention TITLE_ES="La atención" TITLE_EN="Attention"'
UNTITLED = {"es": "✎ Título", "en": "✎ Title"}


def named(name):
    """Return the new chapter's file name, 13_attention, or end with what is wrong with `name`."""
    if not name:
        sys.exit(f"NAME is missing: the file name of the chapter. For example:\n  {EXAMPLE}")
    number, room = re.fullmatch(r"(?:(\d+)_)?(.*)", name, re.DOTALL).groups()
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", room):
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
        hint = re.sub(r"\W+", "_", plain).strip("_0123456789") or "attention"
        sys.exit(
            f"NAME={name}: expected small letters without accents, digits and _, as in NAME={hint}."
        )
    pages = [path.stem for path in ROOT.glob("chapters/*/*") if path.is_file()]
    following = 1 + max(int(stem[:2]) for stem in pages if re.match(r"\d\d_", stem))
    if number and int(number) != following:
        sys.exit(f"NAME={name}: the next chapter is number {following}: NAME={following}_{room}.")
    taken = {*pages, *(stem.partition("_")[2] for stem in pages)}
    if room in taken or list(ROOT.glob(f"lstm_edu/exercises/{room}.*")):
        sys.exit(f"NAME={name}: there is one already. Choose another name.")
    return f"{following:02}_{room}"


def filled(text, **values):
    """Put a chapter's own values into a piece of the template."""
    for key, value in values.items():
        text = text.replace(f"@{key}@", value)
    return text.strip("\n")


def cells(pieces, lang, **values):
    """Return the notebook's cells, not run yet, from those of the template."""
    made = []
    for piece in pieces:
        make = nbformat.v4.new_code_cell if "code" in piece else nbformat.v4.new_markdown_cell
        cell = make(
            filled(piece.get("code") or piece[lang], lang=lang, **values),
            id=filled(piece["id"], **values),
        )
        if "tags" in piece:
            cell.metadata["tags"] = piece["tags"]
        if "alt" in piece:
            cell.metadata["mystnb"] = {"image": {"alt": piece["alt"][lang]}}
        made.append(cell)
    return made


def after_last(pattern, text, addition):
    """Return a text with an addition right after the last match of a pattern."""
    end = list(re.finditer(pattern, text, re.MULTILINE | re.DOTALL))[-1].end()
    return text[:end] + addition + text[end:]


def chapter(stem, titles):
    """Return {file: its whole text} of all that a new chapter adds and changes."""
    number, _, room = stem.partition("_")
    files = {
        f"lstm_edu/exercises/{room}.py": TEMPLATE["exercise"]["python"],
        f"lstm_edu/exercises/{room}.json": TEMPLATE["exercise"]["words"],
        f"tests/chapters/test_chapter_{number}.py": TEMPLATE["exercise"]["test"],
    }
    own = {"number": str(int(number)), "stem": stem, "room": room}
    files = {name: filled(text, **own) + "\n" for name, text in files.items()}
    toc = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    for lang, title in titles.items():
        values = {"number": str(int(number)), "stem": stem, "room": room, "title": title}
        folder = f"chapters/{lang}"

        def old(name, folder=folder):
            return (ROOT / folder / name).read_text(encoding="utf-8")

        made = nbformat.v4.new_notebook(metadata={"kernelspec": KERNEL})
        made.cells = cells(TEMPLATE["cell"], lang, **values)
        files[f"{folder}/{stem}.ipynb"] = nbformat.writes(made) + "\n"
        line = f"      - file: {folder}/{stem}\n"
        toc = after_last(rf"^ *- file: {folder}/\d\d_\w+\n", toc, line)
        line = filled(TEMPLATE["start"][lang], **values) + "\n"
        files[f"{folder}/index.md"] = after_last(r"^- \[\d+\. [^\n]*\n", old("index.md"), line)
        section = "\n" + filled(TEMPLATE["instructors"][lang], **values) + "\n"
        files[f"{folder}/instructors.md"] = after_last(
            r"^### \[\d+\. .*?\n(?=\n##|\Z)", old("instructors.md"), section
        )
    return files | {"_toc.yml": toc}


def main(name, titles):
    stem = named(name)
    files = chapter(stem, {lang: titles[lang] or UNTITLED[lang] for lang in titles})
    for name, text in files.items():
        (ROOT / name).write_text(text, encoding="utf-8")
    print("Written:", *files, sep="\n  ")
    run_all(notebooks(stem))
    print("Each ✎ says what goes in its place; `make check` names those that are left.")


if __name__ == "__main__":
    given = {key: os.environ.get(key, "").strip() for key in ("NAME", "TITLE_ES", "TITLE_EN")}
    main(given["NAME"], {"es": given["TITLE_ES"], "en": given["TITLE_EN"]})
