"""What editors leave in a notebook."""

from rules.pages import run_command, where


def rule(page):
    """Nothing is stored that bloats the page, or changes from run to run."""
    problems = []
    if "widgets" in page.metadata:
        problems.append(
            f"{page.name}: metadata.widgets holds the widgets' state, with the whole front-end's "
            f"source in it. Run {run_command(page)}, which takes it out; in JupyterLab's Settings, "
            "do not save widget state."
        )
    kernel = page.metadata.get("kernelspec", {}).get("name")
    if kernel != "python3":
        problems.append(
            f"{page.name}: the kernel is {kernel!r}, expected 'python3', which every Jupyter has. "
            f"Run {run_command(page)}, which puts it right."
        )
    if "papermill" in page.metadata:
        problems.append(f"{page.name}: metadata.papermill holds times of a run. Remove it.")
    for cell in page.cells:
        for key in ("execution", "papermill"):
            if key in cell.metadata:
                problems.append(
                    f"{where(page, cell)}: metadata.{key} holds times of a run. "
                    f"Run {run_command(page)}, which takes it out; in JupyterLab's Settings, do "
                    "not record timing."
                )
    return problems
