"""Run chapters from the top and store their outputs: `make run`, `make run CHAPTER=04`.

What is stored depends on the notebook alone, not on the day or the machine: a chapter that gives
what it gave before stays the same to the last byte.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).resolve().parent.parent
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
WIDGET = "application/vnd.jupyter.widget-view+json"


def notebooks(chapter="", root=ROOT):
    """Return the notebooks of a chapter in both languages, or of all; it may be named by 04,
    inside_the_cell, 04_inside_the_cell or a path."""
    name = Path(chapter).name.removesuffix(".ipynb")
    every = sorted(root.glob("chapters/*/*.ipynb"))
    found = [path for path in every if name in ("", path.stem, *path.stem.split("_", 1))]
    if not found:
        known = ", ".join(dict.fromkeys(path.stem for path in every))
        sys.exit(f"CHAPTER={chapter}: there is no such chapter. Name one of these: {known}.")
    return found


def share_ids(spanish, english):
    """Give a new cell one id in both twins, if it stands at the same place: editors hide ids."""
    es, en = (nbformat.read(path, as_version=4) for path in (spanish, english))
    old = {cell.id for cell in es.cells}, {cell.id for cell in en.cells}
    if [cell.cell_type for cell in es.cells] != [cell.cell_type for cell in en.cells]:
        return
    for one, other in zip(es.cells, en.cells, strict=True):
        if one.id not in old[1] and other.id not in old[0]:
            other.id = one.id
    if {cell.id for cell in en.cells} != old[1]:
        english.write_text(nbformat.writes(en) + "\n", encoding="utf-8")


def tidy(notebook, metadata):
    """Take out what another run, or another machine, would write differently."""
    metadata.pop("widgets", None)
    notebook.metadata = metadata | {"kernelspec": KERNEL}
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            if WIDGET in output.get("data", {}):
                output.data[WIDGET]["model_id"] = cell.id  # the widget itself is not stored


def failure(path, notebook, error):
    """Say which cell stopped the run, and why."""
    for number, cell in enumerate(notebook.cells, 1):
        if any(output.output_type == "error" for output in cell.get("outputs", [])):
            place = f"{path.relative_to(ROOT)}, cell {number} (id {cell.id!r})"
            why = f"{error.ename}: {error.evalue}".strip()
            return f"{place}: it ended in an error, {why}. Mend the cell; nothing was stored."
    return f"{path.relative_to(ROOT)}: {error}"


def run(path):
    """Run a notebook and store what it gives; return what went wrong, or an empty string."""
    before = path.read_text(encoding="utf-8")
    notebook = nbformat.reads(before, as_version=4)
    metadata = dict(notebook.metadata)
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        timeout=600,
        store_widget_state=False,
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--log-level=ERROR"],  # the kernel's own warnings are not the chapter's
    )
    try:
        client.execute()
    except CellExecutionError as error:
        return failure(path, notebook, error)
    tidy(notebook, metadata)
    after = nbformat.writes(notebook) + "\n"
    path.write_text(after, encoding="utf-8")
    print(f"{path.relative_to(ROOT)}: {'as before' if after == before else 'stored anew'}")
    return ""


def run_all(paths):
    """Run notebooks, two at a time; end with a message for each that stopped."""
    for path in paths:
        twin = path.parent.parent / "es" / path.name
        if path.parent.name == "en" and twin.exists():
            share_ids(twin, path)
    with ThreadPoolExecutor(2) as workers:
        problems = [problem for problem in workers.map(run, paths) if problem]
    if problems:
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    run_all(notebooks(*sys.argv[1:]))
