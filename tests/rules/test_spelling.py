"""Every word that a reader sees is one of its language, by cspell's dictionaries.

Names and terms that these lack stand in rules/spelling.json, in the language that uses them.
"""

import json
import re

import pytest
from failing import no_problems
from processes import run_node

from rules.pages import NAMES, ROOT, contents, output_alt, page_files, read, where

FOREIGN = re.compile(r'<(\w+) lang="\w+">.*?</\1>')
CONFIG = ROOT / "rules" / "spelling.json"


def sentences(lang):
    """Yield (where it stands, text) for all that is written in a language."""
    for path in page_files(lang=lang):
        page = read(path)
        for cell in page.cells:
            if cell.kind == "markdown":
                found = contents(FOREIGN.sub(" ", cell.source))
                headings = [text for _, text in found.headings]
                yield from ((where(page, cell), text) for text in [*found.prose, *headings])
            elif output_alt(cell):
                yield where(page, cell), output_alt(cell)
    for path in sorted((ROOT / "lstm_edu").rglob("*.json")):
        yield from (
            (path.relative_to(ROOT).as_posix(), text)
            for text in spoken(json.loads(path.read_text(encoding="utf-8")), lang)
        )


def spoken(node, lang):
    """Yield the texts of one language in a table of display strings."""
    if isinstance(node, dict):
        if isinstance(node.get(lang), str):
            yield re.sub(r"\{[^}]*\}", " ", node[lang])
        for child in node.values():
            yield from spoken(child, lang)
    elif isinstance(node, list):
        for child in node:
            yield from spoken(child, lang)


def unknown_words(folder, lang, texts):
    """Return [(number of the text, word)] of the words that no dictionary knows."""
    lines = [re.sub(r"\$[^$]*\$|\s+", " ", text) for text in texts]
    (folder / f"{lang}.txt").write_text("\n".join(lines), encoding="utf-8")
    cspell = ROOT / "frontend" / "node_modules" / "cspell" / "bin.mjs"
    result = run_node(
        "node", str(cspell), "lint", f"{lang}.txt", "--config", str(CONFIG), "--root", str(folder),
        "--no-progress", "--no-summary", "--no-color", "--no-exit-code",
    )  # fmt: skip
    found = re.findall(r"txt:(\d+):\d+ - Unknown word \((.+?)\)", result)
    return [(int(line) - 1, word) for line, word in found]


@pytest.mark.parametrize("lang", ["es", "en"])
def test_every_word_is_one_of_its_language(lang, tmp_path, node_modules):
    places, texts = zip(*sentences(lang), strict=True)
    no_problems(
        sorted(
            f"{places[at]}: “{word}” is in no dictionary of {NAMES[lang]}. Mend the word, or, if "
            f"it is right, add it to the words of {lang}.txt in rules/spelling.json."
            for at, word in set(unknown_words(tmp_path, lang, texts))
        )
    )


def test_a_mistake_is_found(tmp_path, node_modules):
    assert unknown_words(tmp_path, "es", ["La puerta de olbido", "la neurona"]) == [(0, "olbido")]
    assert unknown_words(tmp_path, "en", ["the forget gate", "the colour recieved"]) == [
        (1, "recieved")
    ]
    assert unknown_words(tmp_path, "en", ["la puerta cerrada"])
    assert unknown_words(tmp_path, "es", ["the gate through which"])
