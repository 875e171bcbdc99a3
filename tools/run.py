"""Run chapters from the top and store their outputs: `make run`, `make run CHAPTER=04`.

What is stored depends on the notebook alone, not on the day or the machine: a chapter that gives
what it gave before stays the same to the last byte.
"""

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

ROOT = Path(__file__).resolve().parent.parent
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
WIDGET = "application/vnd.jupyter.widget-view+json"
# Whatever is of ipywidgets (sliders, interact, Output) and matplotlib's widget need a kernel.
NEEDS_KERNEL = re.compile(
    r"^[ \t]*(?:(?:import|from)\s.*\b(?:ipywidgets|ipympl)\b.*"
    r"|%matplotlib\s+(?:widget|notebook|ipympl))",
    re.MULTILINE,
)
SLIDERS = (
    "Its sliders would be dead on the page, where no kernel runs. Take it out, and draw with "
    "lstm_edu.slider_figure(function, alt=…, name=[values]), whose sliders move there too."
)


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


def place(path, number, cell):
    name = f" (id {cell['id']!r})" if "id" in cell else ""
    return f"{path.relative_to(ROOT)}, cell {number}{name}"


def dead_widgets(path):
    """Name the cells whose widgets no reader of the page could move."""
    cells = nbformat.read(path, as_version=nbformat.NO_CONVERT).cells
    return [
        f"{place(path, number, cell)}: “{found[0].strip()}” leads to a widget. {SLIDERS}"
        for number, cell in enumerate(cells, 1)
        if cell.cell_type == "code" and (found := NEEDS_KERNEL.search(cell.source))
    ]


def without_ids(path):
    """Say that a notebook's cells have no ids, in one line; an empty string if they have."""
    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    if all("id" in cell for cell in notebook.cells):
        return ""
    version = f"{notebook.nbformat}.{notebook.nbformat_minor}"
    return (
        f"{path.relative_to(ROOT)}: its cells have lost their ids (notebook format {version}). "
        f"`make run CHAPTER={path.stem}` gives them back, if the twin has the same cells."
    )


def give_ids_back(path, twin):
    """Give cells that lost their ids those of the twin's, if it has the same cells in order.

    Some tools write notebooks of the formats 4.0 to 4.4, in which cells have no ids.
    """
    problem = without_ids(path)
    if not problem:
        return
    other = nbformat.read(twin, as_version=nbformat.NO_CONVERT) if twin.exists() else None
    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    if other is None or without_ids(twin) or kinds(other) != kinds(notebook):
        sys.exit(
            f"{problem.partition(' `make')[0]} Its twin cannot give them back: it has other cells, "
            f"or no ids either. Take both from git, `git checkout -- {path.relative_to(ROOT)}`, "
            "and make your changes in JupyterLab, which keeps them."
        )
    for cell, same in zip(notebook.cells, other.cells, strict=True):
        cell["id"] = same["id"]
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
    print(f"{path.relative_to(ROOT)}: its cells have their ids back, from the twin")


def kinds(notebook):
    return [cell.cell_type for cell in notebook.cells]


def twin_of(path):
    other = "en" if path.parent.name == "es" else "es"
    return path.parent.parent / other / path.name


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
            why = f"{error.ename}: {error.evalue}".strip()
            here = place(path, number, cell)
            return f"{here}: it ended in an error, {why}. Mend the cell; nothing was stored."
    return f"{path.relative_to(ROOT)}: {error}"


def widget_shown(path, notebook):
    """Name a cell that shows a widget of another package than ours; or an empty string."""
    for number, cell in enumerate(notebook.cells, 1):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if WIDGET in data and "x-lstm-page" not in data.get("text/html", ""):
                return f"{place(path, number, cell)}: it shows a widget. {SLIDERS}"
    return ""


def run(path):
    """Run a notebook and store what it gives; return what went wrong, or an empty string."""
    if dead := dead_widgets(path):
        return "\n".join(dead)
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
    if problem := widget_shown(path, notebook):
        return problem
    tidy(notebook, metadata)
    after = nbformat.writes(notebook) + "\n"
    path.write_text(after, encoding="utf-8")
    print(f"{path.relative_to(ROOT)}: {'as before' if after == before else 'stored anew'}")
    return ""


def run_all(paths):
    """Run notebooks, two at a time; end with a message for each that stopped."""
    for path in paths:
        give_ids_back(path, twin_of(path))
    for path in paths:
        if path.parent.name == "en" and twin_of(path).exists():
            share_ids(twin_of(path), path)
    with ThreadPoolExecutor(2) as workers:
        problems = [problem for problem in workers.map(run, paths) if problem]
    if problems:
        sys.exit("\n".join(problems))


if __name__ == "__main__":
    run_all(notebooks(*sys.argv[1:]))
