"""The explorer in a real JupyterLab: sliders reach Python, Python reaches the sliders."""

import json

import pytest
from explorer_pages import READ
from jupyterlab_server import open_notebook, start_lab, write_notebook
from playwright.sync_api import expect

from lstm_edu import CellExplorer, figures

KINDS = [*figures.KINDS.values()]

CELLS = (
    'from lstm_edu import CellExplorer\ncell = CellExplorer(preset="start", lang="es")\ncell',
    'print("PYTHON", [cell.x.tolist(), cell.unit, cell.result.h.tolist()])',
    "cell.x = [2, -0.25]\ncell.unit = 1",
    "cell.x = [1, 2, 3]",
    'cell.lang = "en"',
)
SLIDERS = (
    "from lstm_edu import slider_figure\nfrom matplotlib import pyplot as plt\nscale = 1",
    """def draw(a=1):
    plt.plot([0, a * scale])
    plt.title(f"{a * scale} drawn")
    1 / scale

figure = slider_figure(draw, alt=lambda a: f"A line up to {a * scale}.", a=[1, 2, 3])
figure""",
    'print("PYTHON", figure.values["a"])',
    "scale = 10",
    'figure.values = {"a": 1}',
    "scale = 0",
)
LINK = "In a text: [set the cell](#cell?preset=forget&unit=1)."
EVERY = [
    code
    for kind in KINDS
    for code in (
        f"from lstm_edu.figures import {kind.__name__}\n"
        f'figure = {kind.__name__}(lang="es")\nfigure',
        "import json\n"
        'print("PYTHON", json.dumps({n: float(v) for n, v in figure.numbers().items()}))',
    )
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab on a folder with three small notebooks; yields its address."""
    folder = tmp_path_factory.mktemp("lab")
    write_notebook(folder / "explorer.ipynb", CELLS, LINK)
    write_notebook(folder / "every.ipynb", EVERY)
    write_notebook(folder / "sliders.ipynb", SLIDERS)
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

    # In another language comes another script: it shows the same numbers.
    run(4)
    expect(explorer).to_have_attribute("lang", "en")
    expect(explorer.locator('[data-role="reset"]')).to_have_text("Reset")
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


@pytest.mark.parametrize("notebook", ["sliders"], indirect=True)
def test_a_slider_figure_calls_its_function_in_the_kernel(notebook):
    _, run = notebook
    run(0)
    output = run(1)
    picture, slider = output.locator(".lstm-x-picture"), output.locator("input[type=range]")
    expect(picture).to_have_attribute("aria-label", "A line up to 1.")
    expect(picture).to_contain_text("1 drawn")
    assert output.locator("lstm-slider-figure").count() == 0  # the page's form gives way

    # From the slider to Python.
    slider.press("ArrowRight")
    expect(picture).to_have_attribute("aria-label", "A line up to 2.")
    expect(picture).to_contain_text("2 drawn")
    expect(run(2).locator(".jp-OutputArea-output")).to_contain_text("PYTHON 2")

    # Other data, which no picture drawn beforehand has.
    run(3)
    slider.press("ArrowRight")
    expect(picture).to_have_attribute("aria-label", "A line up to 30.")
    expect(picture).to_contain_text("30 drawn")

    # From Python to the slider.
    run(4)
    expect(picture).to_contain_text("10 drawn")
    expect(slider).to_have_value("0")
    expect(slider).to_have_attribute("aria-valuetext", "1")

    # A function that fails says so, and the figure stays.
    run(5)
    slider.press("End")
    expect(output.locator('[role="alert"]')).to_contain_text("a=3, got ZeroDivisionError")
    expect(picture).to_contain_text("10 drawn")
