"""How chapter 5 draws weights: its own test tries it, and that of Keras lays it beside Keras."""

from functools import cache

import numpy as np

from lstm_edu import LSTMParams, lstm_forward
from rules.pages import ROOT, read


@cache
def starts():
    """The functions that the chapter draws weights with, and its `left`."""
    page = read(ROOT / "chapters" / "en" / "05_memory_through_time.ipynb")
    room = {"np": np, "LSTMParams": LSTMParams, "lstm_forward": lstm_forward}
    for cell in page.code():
        if cell.id in ("starts-code", "chrono-code"):
            exec(cell.source.partition("\nprint(")[0], room)
    return room
