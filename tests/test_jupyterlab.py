"""The explorer in a real JupyterLab: sliders reach Python, Python reaches the sliders."""

import json
import os
import subprocess
import sys
import time
from urllib.request import urlopen

import nbformat
import pytest
from playwright.sync_api import expect

from lstm_edu import CellExplorer

CELLS = (
    'from lstm_edu import CellExplorer\ncell = CellExplorer(preset="start", lang="es")\ncell',
    'print("PYTHON", [cell.x.tolist(), cell.unit, cell.result.h.tolist()])',
    "cell.x = [2, -0.25]\ncell.unit = 1",
    "cell.x = [1, 2, 3]",
)

RUN_CELL = """async (number) => {
  const panel = window.jupyterapp.shell.currentWidget;
  await panel.sessionContext.ready;
  await panel.sessionContext.session.kernel.info;
  panel.content.activeCellIndex = number;
  await window.jupyterapp.commands.execute("notebook:run-cell");
}"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab on a folder with one small notebook; yields its address with the token."""
    folder = tmp_path_factory.mktemp("lab")
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in CELLS])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, folder / "explorer.ipynb")
    home = tmp_path_factory.mktemp("home")  # nobody's settings, workspaces or extensions
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


@pytest.fixture
def notebook(lab, browser):
    """The notebook open in JupyterLab, its kernel ready; yields the page and `run(number)`."""
    context = browser.new_context(viewport={"width": 1280, "height": 1600})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{lab}lab/tree/explorer.ipynb?token=secret&reset")
    page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()

    def run(number):
        """Run a cell as Ctrl+Enter does, once the kernel answers, and wait until it is done."""
        page.evaluate(RUN_CELL, number)
        return page.locator(".jp-Notebook .jp-CodeCell").nth(number)

    yield page, run
    context.close()


def python_state(run):
    """What Python says: the inputs, the unit and the hidden state."""
    words = run(1).locator(".jp-OutputArea-output").inner_text()
    return json.loads(words.split("PYTHON", 1)[1])


def shown(explorer, name):
    return float(explorer.locator(f'[data-name="{name}"]').first.get_attribute("data-value"))


def test_sliders_and_python_share_one_state(notebook):
    page, run = notebook
    explorer = run(0).locator(".lstm-explorer")
    explorer.wait_for()
    opened = CellExplorer(preset="start")
    assert shown(explorer, "h") == pytest.approx(opened.result.h[0], rel=1e-12)

    # From the sliders to Python: three presses of a key on the slider of x₁.
    slider = explorer.locator('[data-name="x.0"][data-role="slider"]')
    slider.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    opened.x = [0.65, -1]
    for _ in range(20):  # Jupyter holds messages back while the kernel is busy
        x, unit, h = python_state(run)
        if x == pytest.approx([0.65, -1]):
            break
        page.wait_for_timeout(250)
    assert (x, unit) == (pytest.approx([0.65, -1]), 0)
    assert h == pytest.approx(opened.result.h.tolist(), rel=1e-12)
    assert shown(explorer, "h") == pytest.approx(h[0], rel=1e-12)

    # From Python to the sliders.
    run(2)
    expect(slider).to_have_value("2")
    opened.set(x=[2, -0.25], unit=1)
    assert shown(explorer, "h") == pytest.approx(opened.result.h[1], rel=1e-12)

    # What does not fit is refused, in words, and nothing moves.
    error = run(3).locator(".jp-OutputArea-output").inner_text()
    assert "x: expected shape (D,) = (2,), got (3,)" in error
    assert shown(explorer, "h") == pytest.approx(opened.result.h[1], rel=1e-12)
