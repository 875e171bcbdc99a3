"""The language that a notebook draws and prints in."""

import re

from rules.pages import NAMES, where


def rule(page):
    """A notebook that uses lstm_edu chooses its own language, in one line."""
    code = [cell for cell in page.code() if "lstm_edu" in cell.source]
    chosen = [
        (cell, lang)
        for cell in page.code()
        for lang in re.findall(r"\buse_language\(\s*[\"'](.*?)[\"']\s*\)", cell.source)
    ]
    line = f'lstm_edu.use_language("{page.lang}")'
    if code and not chosen:
        return [
            f"{where(page, code[0])}: the notebook uses lstm_edu and chooses no language. "
            f"Write {line} in this cell."
        ]
    problems = [
        f'{where(page, cell)}: use_language("{lang}") in a page that is {NAMES[page.lang]}. '
        f"Write {line}."
        for cell, lang in chosen
        if lang != page.lang
    ]
    if len(chosen) > 1:
        problems.append(
            f"{where(page, chosen[1][0])}: the language is chosen again. Choose it once, at the "
            "top."
        )
    return problems
