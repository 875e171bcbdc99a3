"""A live figure where no script of it runs: a picture and a sentence, wherever it is read."""

import base64
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from urllib.parse import unquote
from xml.etree import ElementTree

import nbformat
import pytest
from jupyterlab_server import start_lab
from playwright.sync_api import expect

from lstm_edu import figures, slider_figure
from lstm_edu.figures.asleep import awake, bars
from lstm_edu.language import LANGUAGES, text
from rules.pages import ROOT

sys.path.append(str(ROOT / "tools"))
import run

KINDS = [*figures.KINDS.values()]


def line(a=1):
    from matplotlib import pyplot as plt

    plt.plot([0, a])
    plt.title(f"{a} drawn")


def one_of_each(lang):
    made = [kind(lang=lang) for kind in KINDS]
    return [*made, slider_figure(line, a=[1, 2], alt="A line up to {a}.", lang=lang)]


def bundle(figure):
    return figure._repr_mimebundle_()[0]


def images(html):
    return re.findall(r'<img src="data:image/svg\+xml;base64,([^"]*)" alt="([^"]+)">', html)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_figure_keeps_one_picture_one_sentence_and_the_pages_form(lang):
    for figure in one_of_each(lang):
        stored = bundle(figure)["text/html"]
        ((data, alt),) = images(stored)
        svg = base64.b64decode(data).decode()
        ElementTree.fromstring(svg)
        assert "var(" not in svg and float(re.search(r'width="([\d.]+)', svg)[1]) > 100
        assert text("asleep", lang) in stored and alt.endswith(".")
        assert awake(stored) == figure.to_html()
        assert bundle(figure)["text/html"] == stored  # the same bytes on every run
        assert len(stored) < 4 * len(figure.to_html()) + 10_000


class Forge(HTMLParser):
    """What a code forge lets through: simple HTML, and of a script not even its words."""

    KEPT = frozenset(["p", "img", "em", "details", "summary", "table", "tr", "th", "td"])

    def __init__(self, html):
        super().__init__()
        self.tags, self.words, self.silent = [], [], False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.silent = self.silent or tag == "script"
        if tag in self.KEPT and not self.silent:
            self.tags.append(tag)

    def handle_endtag(self, tag):
        self.silent = self.silent and tag != "script"

    def handle_data(self, data):
        if not self.silent:
            self.words.append(data)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_on_a_forge_there_are_no_heaps_of_texts_and_no_dead_sliders(lang):
    for figure in one_of_each(lang):
        seen = Forge(bundle(figure)["text/html"])
        assert seen.tags.count("img") == 1 and "input" not in seen.tags
        in_table = seen.tags.count("td") + seen.tags.count("th")
        assert len(seen.words) <= in_table + 2, seen.words
        assert seen.words[0] == text("asleep", lang)


def test_the_bars_are_as_long_as_the_numbers():
    svg = bars(["", "unit 1", "unit 2"], [["cell state c", 0.5, -1.0]])
    shapes = re.findall(r'<rect x="([\d.]+)" y="\d+" width="([\d.]+)"', svg)
    (x1, w1), (x2, w2) = (map(float, one) for one in shapes)
    assert w2 == pytest.approx(2 * w1, abs=0.1)
    assert x2 + w2 == pytest.approx(x1 + 116)  # to the left of its zero, a cell further
    assert ">0.5<" in svg and ">−1<" in svg and "#7a5c00" in svg


def test_many_rows_become_strips():
    rows = [[str(t), t / 20, 1.0] for t in range(20)]
    svg = bars(["t", "f", "c"], rows)
    assert svg.count("<path") == 2 and svg.count("M") == 40 and "<rect" in svg


# In a real JupyterLab, a notebook that was cloned and not run


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    """A notebook with the outputs that `make run` stores of a run elsewhere; a plot is the last."""
    folder = tmp_path_factory.mktemp("cloned")
    cells = []
    for number, figure in enumerate(one_of_each("en")):
        data = bundle(figure)
        cell = nbformat.v4.new_code_cell("figure", execution_count=number + 1)
        cell.outputs = [nbformat.v4.new_output("execute_result", data, execution_count=number + 1)]
        cells.append(cell)
    chapter = nbformat.read(ROOT / "chapters/en/02_vanishing_gradients.ipynb", as_version=4)
    outputs = (output for cell in chapter.cells for output in cell.get("outputs", []))
    plot = next(output for output in outputs if "image/svg+xml" in output.get("data", {}))
    cells.append(nbformat.v4.new_code_cell("plot", execution_count=12, outputs=[plot]))
    made = nbformat.v4.new_notebook(cells=cells)
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    run.tidy(made, made.metadata)
    nbformat.write(made, folder / "cloned.ipynb")
    return folder / "cloned.ipynb"


def assert_picture(output):
    image = output.locator("img")
    expect(image).to_have_count(1)
    image.scroll_into_view_if_needed()
    expect(image).to_be_visible()
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100


def assert_picture_and_sentence(output):
    assert_picture(output)
    expect(output.get_by_text(text("asleep", "en"))).to_be_visible()
    assert output.locator("input, svg").count() == 0
    assert "drawn" not in output.inner_text()


@pytest.mark.parametrize("trusted", [False, True])
def test_a_notebook_that_was_not_run_shows_pictures_in_jupyterlab(
    notebook, browser, tmp_path_factory, trusted
):
    home = tmp_path_factory.mktemp("home")
    if trusted:
        trust = [sys.executable, "-m", "jupyter", "trust", str(notebook)]
        subprocess.run(trust, env=os.environ | {"HOME": str(home)}, check=True)
    with start_lab(notebook.parent, home) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 1600})
        page.set_default_timeout(60_000)
        page.goto(f"{address}lab/tree/{notebook.name}?token=secret&reset")
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
        for number in range(len(KINDS) + 2):
            page.evaluate(
                """number => {
                  const notebook = window.jupyterapp.shell.currentWidget.content;
                  notebook.activeCellIndex = number;
                  return notebook.scrollToItem(number);
                }""",
                number,
            )
            cell = page.locator(f'.jp-CodeCell[data-windowed-list-index="{number}"]')
            output = cell.locator(".jp-OutputArea-output")
            assert_picture(output) if number > len(KINDS) else assert_picture_and_sentence(output)
        page.close()


def test_nbconverts_page_shows_pictures(notebook, browser):
    done = subprocess.run(
        [sys.executable, "-m", "nbconvert", "--to", "html", str(notebook)], capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()
    page = browser.new_page()
    page.route(re.compile("^https?:"), lambda route: route.abort())
    page.goto(notebook.with_suffix(".html").as_uri())
    *outputs, plot = page.locator(".jp-OutputArea-output").all()
    assert_picture(plot)
    assert len(outputs) == len(KINDS) + 1
    for output in outputs:
        assert_picture_and_sentence(output)
    page.close()


# On the page of the book


def test_on_the_page_nothing_is_asleep(book):
    for path in book.glob("chapters/*/*.html"):
        page = path.read_text("utf-8")
        assert "x-lstm-page" not in page and "data:image/svg" not in unquote(page), path.name
