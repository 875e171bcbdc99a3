"""The rules catch: each meets the mistake that it is there for.

A sound pair of small notebooks passes. Then one mistake at a time is planted, and the rule must
say which file, which cell, what is wrong and what to do.
"""

import base64
import copy
import io
import json
import re
from functools import cache

import pytest
from matplotlib import rc_context
from matplotlib.figure import Figure

from lstm_edu import slider_figure
from rules import problems, twin_problems
from rules.every_page.images import alt_problems
from rules.pages import contents, page_files, pairs, read, twin_of, whole_streams
from rules.twins.figures import figure_difference
from rules.twins.strings import read_strings, same_text
from rules.twins.text import unmatched

STRINGS = {
    "f": {"es": "puerta de olvido", "en": "forget gate"},
    "time_step": {"es": "paso de tiempo", "en": "time step"},
    "numbers": {"es": "Los números de la celda", "en": "The cell's numbers"},
    "unit": {"es": "unidad", "en": "unit"},
    "of": {"es": "{name} de la unidad {k}", "en": "unit {k}, {name}"},
    "line": {"es": "Una recta que sube hasta {a}.", "en": "A line that rises to {a}."},
}

MARKDOWN = {
    "es": """(es-puertas)=
# Las puertas

La puerta deja pasar 0,731 de $c_{t-1}$, según {cite}`hochreiter1997,gers2000`, y no −2 ni 1.234
veces más. Mira [cómo se cierra](#cell?f=0) o el [capítulo 5](../es/05_memory_through_time), y
`params.W[0]`.

$$ f = \\sigma(0{,}5) \\quad \\text{olvido} $$ (es-eq)

![Una válvula cerrada que no deja pasar el agua.](../../images/es/gate.svg)

*Nada pasa por la puerta cerrada.*

## Los números

| puerta | valor |
|---|---|
| olvido | 0,5 |

- uno
- dos

```{note}
Véase {ref}`es-puertas`.
```

<details><summary>¿Cuánto?</summary>

La mitad.

</details>""",
    "en": """(en-puertas)=
# The gates

According to {cite}`hochreiter1997,gers2000`, the gate lets 0.731 of $c_{t-1}$ through, and not
-2 or 1,234 times more. See [how it closes](#cell?f=0) or [chapter
5](../en/05_memory_through_time), and `params.W[0]`.

$$ f = \\sigma(0.5) \\quad \\text{forget} $$ (en-eq)

![A closed valve that lets no water through.](../../images/en/gate.svg)

*Nothing passes through the closed gate.*

## The numbers

| gate | value |
|---|---|
| forget | 0.5 |

- one
- two

```{note}
See {ref}`en-puertas`.
```

<details><summary>How much?</summary>

Half of it.

</details>""",
}
IMPORT = """import lstm_edu

lstm_edu.use_language("{lang}")  # {comment}
state = {{"f": [0.5, -0.25]}}
"""
ALT = {
    "es": "Una curva azul que sube desde 0 hasta 1 en el eje vertical, paso a paso.",
    "en": "A blue curve that rises from 0 to 1 on the vertical axis, step by step.",
}


def figure(
    lang,
    *,
    values=(0.1, 0.5, 0.9),
    color="#0b62a8",
    marker="s",
    fonttype="none",
    kind="svg",
    layout=None,
):
    """Draw a figure whose labels are wider in Spanish, cut to fit as Jupyter cuts it."""
    with rc_context({"svg.fonttype": fonttype, "svg.hashsalt": "test"}):
        fig = Figure(figsize=(4, 3), layout=layout)
        ax = fig.add_subplot()
        (line,) = ax.plot(
            values, color=color, marker=marker, label=STRINGS["f"][lang], gid="line-f"
        )
        line.set_dashes([5, 2])
        ax.bar([0, 1], [0.3, 0.2])
        ax.set(xlabel=STRINGS["time_step"][lang], ylabel=STRINGS["f"][lang], ylim=(0, 1))
        ax.set_yticks([0, 0.5, 1], labels=["0", "½", STRINGS["numbers"][lang]])
        ax.legend()
        file = io.BytesIO()
        metadata = {"Date": None, "Creator": None} if kind == "svg" else None
        fig.savefig(file, format=kind, bbox_inches="tight", metadata=metadata)
    return file.getvalue()


WIDGET = {"application/vnd.jupyter.widget-view+json": {"model_id": "0", "version_major": 2}}


def explorer(lang, f=0.5):
    state = json.dumps({"kind": "cell", "lang": lang, "f": [f, -0.25]})
    words = {key: value[lang] for key, value in STRINGS.items()}
    return (
        f'<lstm-explorer id="cell" kind="cell" lang="{lang}"><script type="application/json">'
        f"{state}</script><table><caption>{words['numbers']}</caption><tr><th>{words['f']}</th>"
        f"<td>{f}</td></tr></table></lstm-explorer>"
    )


@cache
def sliders(lang, slope=1):
    """A slider figure, as its cell stores it."""

    def draw(a):
        ax = Figure(figsize=(2, 1)).add_subplot()
        ax.plot([0, slope * a])
        ax.set(xlabel=STRINGS["unit"][lang], ylim=(0, 9))
        return ax

    words = {"alt": STRINGS["line"][lang], "labels": {"a": STRINGS["f"][lang]}}
    return slider_figure(draw, a=[1, 2], lang=lang, **words).to_html()


def notebook(lang):
    """A sound notebook, as JSON."""
    words = {key: value[lang] for key, value in STRINGS.items()}
    printed = f"{words['f']}   0.5\n{words['of'].format(name=words['f'], k=1)}: -0.25\n"
    comment = {"es": "el idioma", "en": "the language"}[lang]
    cells = [
        {"id": "title", "cell_type": "markdown", "metadata": {}, "source": MARKDOWN[lang]},
        code("import", IMPORT.format(lang=lang, comment=comment), 1),
        code("print", "show(state)", 2, stream("stdout", printed), tags=["hide-input"]),
        code("figure", "_ = draw(state)", 3, display({"image/svg+xml": figure(lang).decode()})),
        code("explorer", "explorer", 4, display({"text/html": explorer(lang), "text/plain": "E"})),
        code("sliders", "slider_figure(draw)", 5, display({"text/html": sliders(lang)} | WIDGET)),
    ]
    cells[3]["metadata"]["mystnb"] = {"image": {"alt": ALT[lang]}}
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}


def code(id, source, count, *outputs, tags=()):
    return {
        "id": id,
        "cell_type": "code",
        "metadata": {"tags": list(tags)} if tags else {},
        "execution_count": count,
        "source": source,
        "outputs": list(outputs),
    }


def stream(name, text):
    return {"output_type": "stream", "name": name, "text": text}


def display(data):
    return {"output_type": "display_data", "data": data, "metadata": {}}


@pytest.fixture(scope="module")
def sound():
    return {lang: notebook(lang) for lang in ("es", "en")}


@pytest.fixture
def twins(sound, tmp_path):
    """Write a pair, each notebook changed by a function, and read it back as two pages."""

    def write(change_es=None, change_en=None):
        (tmp_path / "lstm_edu").mkdir(exist_ok=True)
        (tmp_path / "lstm_edu" / "strings.json").write_text(json.dumps(STRINGS), "utf-8")
        pages = []
        for lang, change in (("es", change_es), ("en", change_en)):
            raw = copy.deepcopy(sound[lang])
            if change:
                change(raw)
            path = tmp_path / "chapters" / lang / "04_cell.ipynb"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(raw), "utf-8")
            pages.append(read(path, tmp_path))
        return (*pages, read_strings(tmp_path))

    return write


# The sound pair


def test_the_sound_pair_passes(twins):
    es, en, strings = twins()
    assert problems(es) == []
    assert problems(en) == []
    assert twin_problems(es, en, strings) == []


def test_pages_and_twins_are_found(twins, tmp_path):
    es, _, _ = twins()
    (path, other) = pairs(tmp_path)[0]
    assert es.name == "chapters/es/04_cell.ipynb"
    assert twin_of(path, tmp_path) == other
    assert twin_of(other, tmp_path) == path
    other.unlink()
    assert pairs(tmp_path) == []
    assert page_files(tmp_path) == [path]


# Mistakes in one notebook. Each: what is done to it, and what must be said.


def at(id):
    """The cell of a notebook that has this id."""
    return lambda raw: next(cell for cell in raw["cells"] if cell["id"] == id)


def put(id, *keys_and_value):
    """Set cell[key][key]… = value."""
    *keys, last, value = keys_and_value

    def change(raw):
        place = at(id)(raw)
        for key in keys:
            place = place[key]
        place[last] = value

    return change


def swap(id, old, new):
    """Replace a piece of a cell's source."""

    def change(raw):
        cell = at(id)(raw)
        assert old in cell["source"]
        cell["source"] = cell["source"].replace(old, new)

    return change


def prints(text, name="stdout"):
    return put("print", "outputs", [stream(name, text)])


def image_alt(alt):
    return put("figure", "metadata", "mystnb", "image", "alt", alt)


def top(*keys_and_value):
    *keys, last, value = keys_and_value

    def change(raw):
        place = raw
        for key in keys:
            place = place[key]
        place[last] = value

    return change


ERROR = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}
ALONE = {
    "no cell ids": (top("nbformat_minor", 4), "notebook format 4.4, expected 4.5"),
    "invalid notebook": (put("print", "outputs", [{"output_type": "x"}]), "not a valid notebook"),
    "an id twice": (put("figure", "id", "print"), "the same id as cell 3"),
    "a cell not run": (put("figure", "execution_count", None), "this cell has not been run"),
    "cells run out of order": (put("print", "execution_count", 7), "run as number 7, expected 2"),
    "an error": (put("print", "outputs", [ERROR]), "it ended in an error, ValueError: no"),
    "a warning": (prints("UserWarning: careful", "stderr"), "it wrote to stderr"),
    "an empty code cell": (put("print", "source", " \n"), "an empty code cell"),
    "a cell that is skipped": (put("print", "metadata", "tags", ["nbval-skip"]), "'nbval-skip'"),
    "a marker in a comment": (
        swap("print", "show", "# NBVAL_IGNORE_OUTPUT\nshow"),
        "the comment NBVAL_IGNORE_OUTPUT",
    ),
    "widget state": (top("metadata", "widgets", {}), "metadata.widgets"),
    "another kernel": (top("metadata", "kernelspec", "name", "venv"), "the kernel is 'venv'"),
    "no kernel": (top("metadata", {}), "the kernel is None"),
    "times of a run": (put("print", "metadata", "execution", {"a": "b"}), "metadata.execution"),
    "papermill in a cell": (put("print", "metadata", "papermill", {}), "metadata.papermill"),
    "papermill": (top("metadata", "papermill", {}), "metadata.papermill"),
    "the other language": (swap("import", '"es"', '"en"'), "in a page that is Spanish"),
    "no language": (swap("import", "use_language", "f"), "chooses no language"),
    "the language twice": (swap("print", "show", "use_language('es')\nshow"), "chosen again"),
    "no title": (swap("title", "# Las puertas\n", ""), "no title"),
    "the title not first": (
        lambda raw: (swap("title", "# Las", "## Las")(raw), swap("title", "## Los", "# Los")(raw)),
        "the first heading, 'Las puertas', has level 2",
    ),
    "a second title": (swap("title", "## Los", "# Los"), "a second title, 'Los números'"),
    "a level left out": (swap("title", "## Los", "### Los"), "level 3 right under level 1"),
    "a picture without alt": (swap("title", "![Una válvula cerrada que no deja pasar el agua.]",
                                   "![]"), "has no alternative text"),
    "an HTML picture without alt": (
        swap("title", "- uno", '<img src="../../images/es/gate.svg">'),
        "no alternative",
    ),
    "a figure without alt": (
        swap("title", "{note}\n", "{figure} ../../images/es/gate.svg\nUn pie.\n"),
        "gate.svg has no alternative text",
    ),
    "a picture in the other language": (
        swap("title", "Una válvula cerrada que no deja pasar el agua.",
             "A closed valve that lets no water pass through."),
        "does not read as Spanish",
    ),
    "an output without alt": (put("figure", "metadata", {}), "its picture has no alternative text"),
    "an output's alt in the other language": (image_alt(ALT["en"]), "does not read as Spanish"),
    "a file name as alt": (image_alt("figura_1.svg"), "has a file name"),
    "alt without a period": (image_alt(ALT["es"][:-1]), "does not end with a period"),
    "two pictures in a cell": (
        lambda raw: at("figure")(raw)["outputs"].extend(at("figure")(raw)["outputs"]),
        "2 pictures in one cell",
    ),
    "HTML output with a picture": (
        put("print", "outputs", [display({"text/html": '<img src="data:,">'})]),
        "an image without alternative text",
    ),
    "a widget of ipywidgets": (
        put("sliders", "outputs", [display(WIDGET | {"text/plain": "FloatSlider(value=0.0)"})]),
        "its output is a widget that needs a running kernel",
    ),
    "interact, its widget not stored": (
        put("sliders", "outputs", [display({"text/plain": "interactive(children=())"})]),
        "its output is a widget that needs a running kernel",
    ),
    "a slider by hand": (
        put("explorer", "outputs", 0, "data", "text/html", explorer("es") + '<input type="range">'),
        "its HTML holds a <input> that nothing on the page answers",
    ),
    "a slider figure in the other language": (
        put("sliders", "outputs", 0, "data", "text/html", sliders("en")),
        "a picture of its slider figure has an alternative text that does not read as Spanish",
    ),
    "two slider figures of one name": (
        put("explorer", "outputs", 0, "data", "text/html", explorer("es") + sliders("es")),
        "a second figure called 'draw', as in cell 5",
    ),
    "a memory address": (prints("<object at 0x7f3a2b1c>"), "a memory address, '0x7f3a2b1c'"),
    "a path": (prints("saved /opt/libro/a.png"), "a path of the machine"),
    "a path of one machine alone": (prints("see /scratch7/a.png"), "a path of the machine"),
    "a path of Windows": (prints("C:\\Users\\ana"), "a path of the machine"),
    "a date": (prints("2026-01-31"), "a date or a time"),
    "a time": (prints("took 0:00:12"), "a date or a time"),
    "a date in a figure": (
        put("figure", "outputs", 0, "data", "image/svg+xml", "<svg><dc:date>x</dc:date></svg>"),
        "its image/svg+xml output holds a date",
    ),
    "a version": (prints("TensorFlow 2.21"), "a version number, 'TensorFlow 2.21'"),
    "a long version": (prints("con 3.15.1"), "a version number, '3.15.1'"),
    "a sentence of the template": (swap("title", "- uno", "- ✎ di"), "not written yet: “- ✎ di”"),
    "an alt of the template": (image_alt("✎ Di qué se ve."), "not written yet: “✎ Di qué se ve.”"),
    "a verdict of the template": (prints("✓ ✎ Di por qué."), "it prints what is not written yet"),
    "a link to no page": (swap("title", "05_memory", "05_memories"), "leads nowhere"),
    "a drawing without a caption": (
        swap("title", "*Nada pasa por la puerta cerrada.*", "Nada pasa por la puerta cerrada."),
        "gate.svg has no caption",
    ),
    "a picture that is not there": (swap("title", "es/gate.svg", "es/gates.svg"), "leads nowhere"),
    "a link to no figure": (swap("title", "#cell?f=0", "#gate?f=0"), "'gate'. Name one of cell"),
    "a link to no preset": (swap("title", "#cell?f=0", "#cell?preset=no"), "the preset 'no'. Name"),
    "a link to another page's figure": (
        swap("title", "#cell?f=0", "../es/03_gates.html#cell?f=0"),
        "sets a figure that is not there, 'cell'. Name one of gate",
    ),
    "an unknown work": (swap("title", "gers2000", "gers200"), "or cite one of gers"),
    "a name twice": (swap("title", "(es-eq)", "(es-puertas)"), "'es-puertas' is that of a place"),
    "an explorer's name twice": (
        put("print", "outputs", [display({"text/html": explorer("es")})]),
        "the name 'cell' is that of a place in cell 3",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", ALONE)
def test_a_mistake_in_one_notebook_is_named(twins, mistake):
    change, said = ALONE[mistake]
    es, _, _ = twins(change)
    (problem,) = problems(es)
    assert said in problem
    assert re.match(r"chapters/es/04_cell\.ipynb(: |, cell \d \(id '\w+', begins )", problem)
    assert re.search(r"[.?] [A-Z][^.]+", problem), f"It does not say what to do: {problem}"


def test_a_plain_figure_of_matplotlib_is_refused_for_its_date(twins):
    """Without figures_as_svg, matplotlib writes the time and its version into the figure."""
    fig = Figure()
    file = io.BytesIO()
    fig.savefig(file, format="svg")
    plain = file.getvalue().decode()
    es, _, _ = twins(put("figure", "outputs", 0, "data", "image/svg+xml", plain))
    assert len(problems(es)) == 2
    assert "a date or a time" in problems(es)[0] and "a version number" in problems(es)[1]


@pytest.mark.parametrize(
    ("lang", "alt"),
    [
        ("es", "Las seis puertas de la celda LSTM y sus valores entre 0 y 1."),
        ("es", "Diagrama: x entra por la izquierda, h sale por la derecha."),
        ("es", "Curvas de σ y tanh: ambas crecen, σ de 0 a 1 y tanh de −1 a 1."),
        ("en", "The six gates of the LSTM cell and their values between 0 and 1."),
        ("en", "Diagram: x enters from the left, h leaves on the right."),
        ("en", "Curves of σ and tanh: both rise, σ from 0 to 1 and tanh from −1 to 1."),
    ],
)
def test_the_language_of_an_alternative_text(lang, alt):
    other = {"es": "en", "en": "es"}[lang]
    assert alt_problems(alt, lang) == []
    assert "does not read as" in alt_problems(alt, other)[0]


def test_markdown_pages_keep_the_rules_too(tmp_path):
    path = tmp_path / "chapters" / "es" / "index.md"
    path.parent.mkdir(parents=True)
    path.write_text("---\na: 1\n---\n# T\n\n### U\n\n![x.png](x.png)\n", "utf-8")
    page = read(path, tmp_path)
    first, second, third, fourth = problems(page)
    assert first.startswith("chapters/es/index.md: the heading 'U' has level 3")
    assert second.startswith("chapters/es/index.md: the image x.png has a file name")
    assert third.startswith("chapters/es/index.md: the drawing x.png has no caption")
    assert fourth.startswith("chapters/es/index.md: the link to 'x.png' leads nowhere")


# Mistakes between twins, planted in the English one


def without(id):
    return lambda raw: raw["cells"].remove(at(id)(raw))


def reverse(raw):
    raw["cells"][2:4] = raw["cells"][3:1:-1]


def svg(**changes):
    return put("figure", "outputs", 0, "data", "image/svg+xml", figure("en", **changes).decode())


def html(text):
    return put("explorer", "outputs", 0, "data", "text/html", text)


GOOD_PRINT = "forget gate   0.5\nunit 1, forget gate: -0.25\n"
BETWEEN = {
    "a cell missing": (without("figure"), "04_cell.ipynb has no cell with this id"),
    "cells in another order": (reverse, "here chapters/en/04_cell.ipynb has the cell 'figure'"),
    "another id": (put("print", "id", "prints"), "has no cell with this id"),
    "another kind": (
        lambda raw: at("print")(raw).update(cell_type="raw"),
        "another kind of cell: Spanish has code, English has raw",
    ),
    "other tags": (put("print", "metadata", {}), "other tags"),
    "another name of the figure": (
        put("figure", "metadata", "mystnb", "figure", {"name": "f"}),
        "other metadata",
    ),
    "another number in the code": (
        swap("import", "0.5", "0.6"),
        """Spanish has state = {"f": [0.5, -0.25]}, English has state = {"f": [0.6, -0.25]}""",
    ),
    "another string in the code": (swap("import", '"f"', '"o"'), "other code than in"),
    "another indentation": (swap("print", "show", "if 1:\n    show"), "other code than in"),
    "code left out": (swap("import", 'state = {"f": [0.5, -0.25]}\n', ""), "nothing more"),
    "another number printed": (prints(GOOD_PRINT.replace("0.5", "0.6")), "number 1"),
    "a sign printed": (prints(GOOD_PRINT.replace("-0.25", "0.25")), "Spanish has -0.25"),
    "another word printed": (prints(GOOD_PRINT.replace("gate ", "valve ")), "line 1"),
    "nothing printed": (put("print", "outputs", []), "other kinds of output"),
    "another kind of output": (
        put("explorer", "outputs", [display({"text/html": explorer("en")})]),
        "other kinds of output",
    ),
    "another value in an explorer": (html(explorer("en", 0.6)), "f in the state"),
    "an explorer in Spanish": (html(explorer("es")), "the language of <lstm-explorer>"),
    "the state in Spanish": (
        html(explorer("en").replace('"lang": "en"', '"lang": "es"')),
        "lang in the state",
    ),
    "another word in an explorer": (
        html(explorer("en").replace("forget gate", "input gate")),
        "Spanish has puerta de olvido, English has input gate",
    ),
    "another name of an explorer": (
        html(explorer("en").replace('id="cell"', 'id="gate"')),
        "id of <lstm-explorer>: Spanish has cell, English has gate",
    ),
    "another cell in the table": (
        html(explorer("en").replace("</tr>", "<td>1</td></tr>")),
        "its text/html output, element 8",
    ),
    "other data in a figure": (svg(values=(0.1, 0.5, 0.8)), "other data"),
    "one point more in a figure": (svg(values=(0.1, 0.5, 0.9, 0.9)), "the number of <use>"),
    "another colour in a figure": (svg(color="#b3420b"), "the <path> in 'line-f', its look"),
    "another marker in a figure": (svg(marker="v"), "the <path> in 'line-f', drawn at"),
    "a figure in Spanish": (
        put("figure", "outputs", 0, "data", "image/svg+xml", figure("es").decode()),
        "its words",
    ),
    "other data behind a slider": (
        put("sliders", "outputs", 0, "data", "text/html", sliders("en", slope=1.5)),
        "the picture 'Una recta que sube hasta 1.', the <path> in",
    ),
    "other values on a slider": (
        put("sliders", "outputs", 0, "data", "text/html",
            sliders("en").replace("&quot;2&", "&quot;3&")),
        "slider figure 'draw', its words: Spanish has 2, English has 3",
    ),
    "a slider's label in Spanish": (
        put("sliders", "outputs", 0, "data", "text/html",
            sliders("en").replace("forget gate", "puerta de olvido")),
        "slider figure 'draw', its words: Spanish has puerta de olvido",
    ),
    "a slider figure missing": (
        put("sliders", "outputs", 0, "data", "text/html", "<p>1</p>"),
        "the number of pictures behind its sliders: Spanish has [2], English has []",
    ),
    "the same alt": (image_alt(ALT["es"]), "is the same in both languages"),
    "another number in alt": (image_alt(ALT["en"].replace("1", "2")), "Spanish has ['1']"),
    "another level": (swap("title", "## The", "### The"), "other levels of headings"),
    "another label": (swap("title", "(en-puertas)=", "(en-gates)="), "other labels"),
    "another label of a formula": (swap("title", "(en-eq)", "(en-f)"), "other labels"),
    "another reference": (swap("title", "{ref}`en-puertas`", "{ref}`en-f`"), "other references"),
    "another citation": (swap("title", "gers2000", "graves2013"), "other citations"),
    "citations in another order": (
        swap("title", "hochreiter1997,gers2000", "gers2000,hochreiter1997"),
        "other citations",
    ),
    "another formula": (swap("title", "\\sigma(0.5)", "\\tanh(0.5)"), "other display formulas"),
    "another number in a formula": (swap("title", "(0.5)", "(0.6)"), "other display formulas"),
    "another formula in a sentence": (swap("title", "c_{t-1}", "c_t"), "formulas in the text"),
    "another image": (swap("title", "en/gate.svg", "en/pipe.svg"), "other images"),
    "the alt of an image untranslated": (
        swap("title", "A closed valve that lets no water through.",
             "Una válvula cerrada que no deja pasar el agua."),
        "the same alternative text",
    ),
    "a link missing": (
        swap("title", "[how it closes](#cell?f=0)", "how it closes"),
        "another number of links: Spanish has 2, English has 1",
    ),
    "a link that sets another state": (swap("title", "?f=0", "?f=1"), "set a figure differently"),
    "another box": (swap("title", "{note}", "{tip}"), "other directives"),
    "nothing to unfold": (
        swap("title", "<details><summary>How much?</summary>", "How much?"),
        "another number of <details>",
    ),
    "an item missing": (swap("title", "- two\n", ""), "other lists"),
    "a numbered list": (swap("title", "- one\n- two", "1. one\n2. two"), "other lists"),
    "a row more": (swap("title", "| forget | 0.5 |", "| forget | 0.5 |\n| a | b |"), "tables"),
    "a column more": (swap("title", "|---|---|", "|---|---|---|"), "other tables"),
    "another number in the text": (swap("title", "0.731", "0.371"), "Spanish has ['0,731']"),
    "another sign in the text": (swap("title", "-2", "2"), "other numbers in the text"),
    "a thousand lost": (swap("title", "1,234", "12,345"), "other numbers in the text"),
    "another number in a table": (swap("title", "| 0.5 |", "| 0.6 |"), "numbers in the text"),
    "another number in code": (swap("title", "W[0]", "W[1]"), "numbers in `code`"),
    "another name in code": (swap("title", "params.W", "params.U"), "other `code` in the text"),
    "another block of code": (
        swap("title", "- two\n", "- two\n\n```python\nx\n```\n"),
        "another number of code blocks",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", BETWEEN)
def test_a_mistake_between_twins_is_named(twins, mistake):
    change, said = BETWEEN[mistake]
    es, en, strings = twins(None, change)
    problems = twin_problems(es, en, strings)
    assert any(said in problem for problem in problems), problems
    for problem in problems:
        assert re.match(r"chapters/e[sn]/04_cell\.ipynb, cell \d \(id '\w+', begins ", problem)
        assert re.search(r"[.:] [A-Z][^.]+", problem), f"It does not say what to do: {problem}"


def test_a_stream_in_two_pieces_is_one_stream():
    """Jupyter sends what is printed when its time is up, in one piece or in several."""
    piece = {"output_type": "stream", "name": "stdout"}
    other = {"output_type": "stream", "name": "stderr", "text": "w"}
    pieces = [piece | {"text": ["a\n", "b"]}, piece | {"text": "\n"}, other]
    assert whole_streams(pieces) == [piece | {"text": "a\nb\n"}, other]


def test_comments_and_breaks_between_lines_of_code_may_differ(twins):
    es, en, strings = twins(swap("import", "state = ", "# lo que se mira\n\nstate = "))
    assert twin_problems(es, en, strings) == []


# Figures, numbers and words by themselves


@pytest.mark.parametrize("fonttype", ["none", "path"])
@pytest.mark.parametrize("layout", [None, "constrained"])
def test_a_translated_figure_is_the_same_figure(fonttype, layout):
    strings = tuple((value["es"], value["en"]) for value in STRINGS.values())
    options = {"fonttype": fonttype, "layout": layout}
    es, en = (figure(lang, **options).decode() for lang in ("es", "en"))
    frames = [re.search(r'id="patch_2">\s*<path d="([^"]+)"', text)[1] for text in (es, en)]
    assert frames[0] != frames[1], "The words were meant to move the figure."
    assert figure_difference(es, en, strings) is None
    other = figure("en", values=(0.1, 0.52, 0.9), **options).decode()
    assert "other data" in figure_difference(es, other, strings)[0]
    swapped = tuple((es_word, en_word[::-1]) for es_word, en_word in strings)
    assert figure_difference(es, en, swapped)[0] == "its words"


DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50">
<title>{}</title><rect x="1" y="2" width="30" height="4" fill="#0b62a8"/>
<text x="5" y="9">{}</text><g transform="translate(3 4)"><path d="M0 0L10 5"/></g></svg>"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('x="1"', 'x="2"', "at another place"),
        ("L10 5", "L10 6", "at another place"),
        ("#0b62a8", "#b3420b", "its look"),
        ("<path", "<g/><path/><path", "the number of <path>"),
        ("unit", "cell", "its words"),
    ],
)
def test_a_drawing_is_compared_as_it_is_written(old, new, said):
    strings = (("puerta", "gate"), ("unidad", "unit"))
    es, en = DRAWING.format("puerta", "unidad"), DRAWING.format("gate", "unit")
    assert figure_difference(es, en, strings) is None
    assert said in figure_difference(es, en.replace(old, new), strings)[0]


def test_pictures_are_compared_by_their_colours(twins):
    def png(lang, **changes):
        return base64.b64encode(figure(lang, kind="png", **changes)).decode()

    def as_png(data):
        return put("figure", "outputs", [display({"image/png": data})])

    es, en, strings = twins(as_png(png("es")), as_png(png("en")))
    assert twin_problems(es, en, strings) == []
    es, en, strings = twins(as_png(png("es")), as_png(png("en", color="#b3420b")))
    (problem,) = twin_problems(es, en, strings)
    assert "share of the colour #" in problem


@pytest.mark.parametrize(
    ("es", "en"),
    [
        ("0,731", "0.731"),
        ("0.731", "0.731"),
        ("−0,25 y 3", "3 and -0.25"),
        ("1.234,5", "1,234.5"),
        ("12\u00a0345", "12,345"),
        ("12\u202f345,6", "12\u202f345.6"),
        ("el 90 %", "90%"),
        ("1.º, 2.º", "1st, 2nd"),
        ("h2 y x_1", "the vector"),
        ("de 1997 a 2000.", "from 1997 to 2000."),
        ("(1, 2, 3)", "(1,2,3)"),
        ("t−1", "t-1"),
    ],
)
def test_numbers_that_are_the_same(es, en):
    assert unmatched([es], [en]) is None


@pytest.mark.parametrize(
    ("es", "en"),
    [
        ("0,731", "0.371"),
        ("−2", "2"),
        ("3", "3 and 3"),
        ("1.234", "1,235"),
        ("1,234", "1,234"),  # a decimal in Spanish, a thousand in English
        ("10 %", "1.0%"),
    ],
)
def test_numbers_that_are_not_the_same(es, en):
    assert unmatched([es], [en]) is not None


@pytest.mark.parametrize(
    ("es", "en", "same"),
    [
        ("Puerta de olvido: 0.5", "Forget gate: 0.5", True),
        ("puerta de olvido: 0.5", "forget gate: 0.6", False),
        ("puerta de olvido de la unidad 12", "unit 12, forget gate", True),
        ("puerta de olvido de la unidad 12", "unit 13, forget gate", False),
        ("trace(unit=0)", "trace(unit=0)", True),  # the same is the same, word of the table or not
        ("unidades", "units", False),  # not in the table, though its beginning is
        ("paso de tiempo", "forget gate", False),
        ("puerta de olvido", "puerta de olvido", False),  # not translated
        ("forget gate", "forget gate", False),
    ],
)
def test_words_of_the_table(es, en, same):
    strings = tuple((value["es"], value["en"]) for value in STRINGS.values())
    assert same_text(es, en, strings) is same


@pytest.mark.parametrize(
    ("text", "same"),
    [("bias[0:2]", True), ("bias", False), ("sesgo[0:2]", False), ("bias[unit]", False)],
)
def test_a_slice_of_keras_is_no_word_for_readers(text, same):
    strings = (("sesgo", "bias"), ("unidad", "unit"))
    assert same_text(text, text, strings, all_words=True) is same


def test_what_stands_in_a_text():
    found = contents(MARKDOWN["es"])
    assert found.headings == [(1, "Las puertas"), (2, "Los números")]
    assert found.labels == ["es-puertas", "es-eq"]
    assert found.citations == [("cite", "hochreiter1997"), ("cite", "gers2000")]
    assert found.references == [("ref", "es-puertas")]
    assert len(found.maths) == 1 and found.inline_maths == ["c_{t-1}"]
    assert found.links == ["#cell?f=0", "../es/05_memory_through_time"]
    assert [source for source, _ in found.images] == ["../../images/es/gate.svg"]
    assert found.tables == [(2, 2)] and found.lists == [["bullet", 2]]
    assert found.directives == ["note"] and len(found.details) == 1
    assert found.inline_code == ["params.W[0]"]
