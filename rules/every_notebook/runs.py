"""The cells were run, and what was stored is what they give."""

import re

from rules.pages import mimes, run_command, where


def rule(page):
    """Every code cell was run, in order, once, without errors or warnings."""
    problems, run, in_order = [], run_command(page), True
    for expected, cell in enumerate(page.code(), 1):
        here, count = where(page, cell), cell.execution_count
        if not cell.source.strip():
            problems.append(f"{here}: an empty code cell. Delete it, here and in the twin.")
        if count is None:
            problems.append(f"{here}: this cell has not been run. Run {run}.")
        elif count != expected and in_order:
            in_order = False  # those below would say the same
            problems.append(
                f"{here}: run as number {count}, expected {expected}: the cells were not run "
                f"in order from the top, or one was taken out. Run {run}."
            )
        for output in cell.outputs:
            if output["output_type"] == "error":
                problems.append(
                    f"{here}: it ended in an error, {output.get('ename')}: {output.get('evalue')}. "
                    "Mend the cell; to show an error on purpose, catch it and print its message."
                )
            elif output["output_type"] == "stream" and output.get("name") == "stderr":
                first = mimes(output)["stderr"].strip().splitlines()[:1]
                problems.append(
                    f"{here}: it wrote to stderr: {first}. "
                    "Mend what the warning is about, or filter it where it arises."
                )
        skipping = {"nbval-skip", "skip-execution", "raises-exception", "nbval-raises-exception"}
        for tag in skipping & set(cell.metadata.get("tags", [])):
            problems.append(
                f"{here}: the tag {tag!r} keeps the cell from being checked. Remove the tag."
            )
        for marker in re.findall(r"^\s*#\s*(NBVAL_\w+|PYTEST_\w+)\s*$", cell.source, re.MULTILINE):
            problems.append(
                f"{here}: the comment {marker} changes how the cell is checked, unseen. "
                'Remove it; where an output cannot be compared, use the tag "nbval-ignore-output".'
            )
    return problems
