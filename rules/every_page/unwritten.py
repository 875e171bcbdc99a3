"""What is left to write."""

from rules.pages import mimes, output_alt, run_command, where


def rule(page):
    """No sentence of the template for new chapters is left: each bears a ✎."""
    problems = []
    for cell in page.cells:
        here, own = where(page, cell), pencilled(cell.source, output_alt(cell))
        if own:
            problems.append(
                f"{here}: not written yet: {own}. Write what it asks for, and take the ✎ away."
            )
        if given := pencilled(*printed(cell)):
            problems.append(
                f"{here}: it prints what is not written yet: {given}. Write the answers of the "
                f"exercise in lstm_edu/exercises, then {run_command(page)}."
            )
    return problems


def pencilled(*texts):
    """Return the lines that bear a ✎, each short and in quotation marks."""
    lines = [line.strip() for text in texts for line in text.splitlines() if "✎" in line]
    return ", ".join(f"“{line if len(line) <= 70 else line[:69] + '…'}”" for line in lines)


def printed(cell):
    """Return the texts among a cell's outputs."""
    texts = [text for output in cell.outputs for text in mimes(output).values()]
    return [text for text in texts if isinstance(text, str)]
