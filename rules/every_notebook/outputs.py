"""What changes from run to run, or from machine to machine."""

import re

from rules.pages import mimes, where

_LIBRARIES = (
    "python|ipython|numpy|scipy|matplotlib|tensorflow|keras|pytorch|torch|jax|onnx|jupyter\\w*|"
    "ipywidgets|anywidget|lstm_edu"
)
CHANGING = {
    "a memory address": re.compile(r"\b0x[0-9a-fA-F]{4,}"),
    "a path of the machine it ran on": re.compile(
        r"(?<![\w.:/<])/[A-Za-z][\w.-]*/[\w.-]+|\b[A-Z]:\\\w|file://|site-packages"
    ),
    "a date or a time": re.compile(
        r"\b(?:19|20)\d\d-[01]\d-[0-3]\d\b|\b[0-2]?\d:[0-5]\d:[0-5]\d\b"
        r"|\b(?:19|20)\d\d/[01]\d/[0-3]\d(?!-rdf)\b|<dc:date>"
    ),
    "a version number": re.compile(
        rf"\b(?:{_LIBRARIES})(?:[\s:=v-]|version|versión)*\d+\.\d+|(?<![\d.])\d+\.\d+\.\d+(?![\d.])",
        re.IGNORECASE,
    ),
}
ADVICE = {
    "a memory address": "Do not print objects bare: print their numbers; end a plotting line "
    "with `_ =`.",
    "a path of the machine it ran on": "Print a name, not a path; mend the warning that shows it.",
    "a date or a time": 'Do not print it; for figures, metadata={"Date": None}.',
    "a version number": "Do not print it: outputs must stay the same when packages are renewed; "
    'for figures, metadata={"Creator": None}.',
}


def rule(page):
    """Outputs hold nothing that another run, or another machine, would write differently."""
    return [
        f"{where(page, cell)}: its {mime} output holds {what}, {found[0]!r}. {ADVICE[what]}"
        for cell in page.code()
        for output in cell.outputs
        for mime, text in mimes(output).items()
        if isinstance(text, str) and (mime == "image/svg+xml" or not mime.startswith("image/"))
        for what, pattern in CHANGING.items()
        if (found := pattern.search(text))
    ]
