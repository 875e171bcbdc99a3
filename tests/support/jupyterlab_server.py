"""A real JupyterLab on a folder, and notebooks run in it as a reader runs them."""

import contextlib
import json
import os
import subprocess
import sys
import time
from urllib.request import urlopen

import nbformat

RUN_CELL = """async (number) => {
  const panel = window.jupyterapp.shell.currentWidget;
  await panel.sessionContext.ready;
  await panel.sessionContext.session.kernel.info;
  panel.content.activeCellIndex = number;
  await window.jupyterapp.commands.execute("notebook:run-cell");
}"""


def write_notebook(path, codes, *texts):
    """Write a notebook of these code cells, then these texts."""
    cells = [nbformat.v4.new_code_cell(code) for code in codes]
    cells += [nbformat.v4.new_markdown_cell(text) for text in texts]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, path)


@contextlib.contextmanager
def start_lab(folder, home):
    """Start JupyterLab with nobody's settings, workspaces or extensions; yield its address."""
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1", "--port=0"]
    command += ["--IdentityProvider.token=secret", f"--ServerApp.root_dir={folder}"]
    command += ["--LabApp.news_url=None", "--LabApp.extension_manager=readonly"]
    command += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
    command += ["--LabApp.expose_app_in_browser=True", "--allow-root"]
    environment = os.environ | {"HOME": str(home), "JUPYTER_RUNTIME_DIR": str(home / "runtime")}
    with (home / "log").open("w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            yield address_of(home / "runtime")
        finally:
            server.terminate()
            server.wait(20)


def address_of(runtime, seconds=60):
    """Wait for the server to say where it listens and to answer there."""
    for _ in range(seconds * 5):
        for file in runtime.glob("jpserver-*.json"):
            try:
                url = json.loads(file.read_text())["url"]
                urlopen(f"{url}api?token=secret", timeout=2).close()
                return url
            except (OSError, ValueError):
                pass
        time.sleep(0.2)
    raise TimeoutError(f"JupyterLab did not start within {seconds} s.")


def open_notebook(page, address, name):
    """Open a notebook and wait for its kernel; return `run(number)`, which runs a cell."""
    page.set_default_timeout(60_000)
    page.goto(f"{address}lab/tree/{name}.ipynb?token=secret&reset")
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()

    def run(number):
        """Run a cell as Ctrl+Enter does, once the kernel answers, and wait until it is done."""
        page.evaluate(RUN_CELL, number)
        return page.locator(".jp-Notebook .jp-CodeCell").nth(number)

    return run
