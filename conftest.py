"""How nbval runs the notebooks, and what it says of them, wherever pytest is called from."""

from itertools import zip_longest

import nbval.kernel
from nbval.plugin import IPyNbCell, IPyNbFile, NbCellError


def started_again(start):
    """Two kernels that start at once may be given the same free port; the one that dies of it is
    started anew."""

    def begin(*args, **kwargs):
        try:
            return start(*args, **kwargs)
        except RuntimeError:
            return start(*args, **kwargs)

    return begin


def without_bars(get_message):
    """nbval keeps what a cell clears; only progress bars are updated in place, and cleared."""

    def get(*args, **kwargs):
        while True:
            message = get_message(*args, **kwargs)
            passing = message["msg_type"] in ("update_display_data", "clear_output")
            if not passing and not message["content"].get("transient"):
                return message

    return get


def in_words(item, excinfo):
    """Say which cell failed, what it gives and what is stored, and what to do about it."""
    from rules.pages import read, where

    page = read(item.path)
    here = where(page, next((cell for cell in page.cells if cell.id == item.cell.get("id")), None))
    if not isinstance(excinfo.value, NbCellError):
        return f"{here}: it could not be run: {excinfo.value}"
    run = f"`make run CHAPTER={item.path.stem}`"
    for output in item.test_outputs:
        if output.output_type == "error":
            return (
                f"{here}: it ends in an error, {output.ename}: {output.evalue}. "
                f"Mend the cell, here and in the twin, then {run}."
            )
    if str(excinfo.value) != "Cell outputs differ":
        return f"{here}: {excinfo.value}"
    stored, now = difference(item.cell.outputs, item.test_outputs)
    return (
        f"{here}: run again, it does not give what is stored: stored is {stored}, now comes {now}. "
        f"If the new one is right, store it with {run} and look at the sentences that speak of "
        "it; if not, mend the code."
    )


def difference(stored, given):
    """Return the first piece in which two lists of outputs differ, of both, short."""
    from rules.pages import mimes, whole_streams

    for one, other in zip_longest(
        map(mimes, whole_streams(stored)), map(mimes, whole_streams(given)), fillvalue={}
    ):
        for mime in {**one, **other}:
            a, b = (str(side.get(mime, "nothing")).splitlines() for side in (one, other))
            pair = next(
                ((x, y) for x, y in zip_longest(a, b, fillvalue="nothing more") if x != y), None
            )
            if pair and not mime.startswith("application/vnd.jupyter.widget"):
                return [around(*pair, mime), around(*reversed(pair), mime)]
    return "other", "the same"


def around(text, other, mime):
    """Cut a long line down to where it parts from the other."""
    start = next((k for k, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), 0)
    start = max(0, start - 40) if len(text) > 100 else 0
    cut = text[start : start + 100]
    return f"{mime}: {'…' * bool(start)}{cut}{'…' * (len(text) > start + 100)}"


IPyNbCell.repr_failure = in_words
nbval.kernel.start_new_kernel = started_again(nbval.kernel.start_new_kernel)
IPyNbFile.get_kernel_message = without_bars(IPyNbFile.get_kernel_message)
