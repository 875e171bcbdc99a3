"""The explorer in a real JupyterLab: sliders reach Python, Python reaches the sliders."""

import json

import pytest
from explorer_pages import READ
from jupyterlab_server import open_notebook, start_lab, write_notebook
from playwright.sync_api import expect

from lstm_edu import CellExplorer, explorers

KINDS = [
    getattr(explorers, name)
    for name in explorers.__all__
    if name.endswith("Explorer") and name != "Explorer"
]

CELLS = (
    'from lstm_edu import CellExplorer\ncell = CellExplorer(preset="start", lang="es")\ncell',
    'print("PYTHON", [cell.x.tolist(), cell.unit, cell.result.h.tolist()])',
    "cell.x = [2, -0.25]\ncell.unit = 1",
    "cell.x = [1, 2, 3]",
)
LINK = "In a text: [set the cell](#cell?preset=forget&unit=1)."
EVERY = [
    code
    for kind in KINDS
    for code in (
        f"from lstm_edu.explorers import {kind.__name__}\n"
        f'figure = {kind.__name__}(lang="es")\nfigure',
        "import json\n"
        'print("PYTHON", json.dumps({n: float(v) for n, v in figure.numbers().items()}))',
    )
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab on a folder with two small notebooks; yields its address."""
    folder = tmp_path_factory.mktemp("lab")
    write_notebook(folder / "explorer.ipynb", CELLS, LINK)
    write_notebook(folder / "every.ipynb", EVERY)
    with start_lab(folder, tmp_path_factory.mktemp("home")) as address:
        yield address


@pytest.fixture
def notebook(lab, browser, request):
    """A notebook open in JupyterLab, its kernel ready; yields the page and `run(number)`."""
    name = getattr(request, "param", "explorer")
    context = browser.new_context(viewport={"width": 1280, "height": 1600})
    page = context.new_page()
    page.set_default_timeout(60_000)
    run = open_notebook(page, lab, name)
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

    # From a sentence to both.
    page.locator('.jp-MarkdownCell a[href*="preset=forget"]').click()
    expect(explorer.locator('[data-role="preset"]')).to_have_value("forget")
    for _ in range(20):
        x, unit, h = python_state(run)
        if unit == 1 and x == pytest.approx([0.5, -1]):
            break
        page.wait_for_timeout(250)
    forgotten = CellExplorer(preset="forget", unit=1).result.h
    assert h == pytest.approx(forgotten.tolist(), rel=1e-12)
    assert shown(explorer, "h") == pytest.approx(forgotten[1], rel=1e-12)


@pytest.mark.parametrize("notebook", ["every"], indirect=True)
def test_every_explorer_shares_its_numbers_with_python(notebook):
    page, run = notebook
    for number, kind in enumerate(KINDS):
        figure = run(2 * number).locator(".lstm-explorer")
        figure.locator('[data-role="slider"]:visible').first.press("ArrowRight")
        for _ in range(20):
            output = run(2 * number + 1).locator(".jp-OutputArea-output")
            expected = json.loads(output.inner_text().split("PYTHON", 1)[1])
            on_screen = {entry["name"]: entry["value"] for entry in figure.evaluate(READ)}
            if on_screen == pytest.approx(
                {n: expected[n] for n in on_screen}, rel=1e-12, abs=1e-12
            ):
                break
            page.wait_for_timeout(250)
        else:
            pytest.fail(f"{kind.__name__}: the figure shows {on_screen}, Python has {expected}")
        assert on_screen
