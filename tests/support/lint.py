"""The rules for one page by itself. Each takes a page and returns a list of problems, in words.

A problem names the file and the cell, says what is wrong, and what to do about it.
"""

import json
import re
from difflib import get_close_matches
from functools import cache
from itertools import pairwise
from pathlib import Path

import nbformat.validator
from notebooks import (
    LANGUAGES,
    NAMES,
    ROOT,
    SLIDER_FIGURE,
    contents,
    html_events,
    image_outputs,
    mimes,
    output_alt,
    read,
    slider_figures,
    where,
)


def run_command(page):
    """Return what runs a chapter again, from the top, and stores what is to be stored."""
    return f"`make run CHAPTER={Path(page.name).stem}`"


def format_problems(page):
    """The file is a notebook of format 4.5, and no two cells share an id."""
    version = (page.raw.get("nbformat"), page.raw.get("nbformat_minor"))
    if version != (4, 5):
        return [
            f"{page.name}: notebook format {version[0]}.{version[1]}, expected 4.5, in which "
            "cells have ids. Open it in a recent JupyterLab and save it again."
        ]
    problems = [
        f"{page.name}: not a valid notebook: {error.message} "
        f"(at {'/'.join(map(str, error.path))}). Open it in JupyterLab and save it again."
        for error in nbformat.validator.iter_validate(page.raw)
    ]
    seen = {}
    for cell in page.cells:
        if cell.id in seen:
            problems.append(
                f"{where(page, cell)}: the same id as cell {seen[cell.id]}. "
                "Give one of the two another id, and the same one in the twin."
            )
        seen.setdefault(cell.id, cell.number)
    return problems


def run_problems(page):
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


def metadata_problems(page):
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


def language_problems(page):
    """A notebook that uses lstm_edu chooses its own language, in one line."""
    code = [cell for cell in page.code() if "lstm_edu" in cell.source]
    chosen = [
        (cell, lang)
        for cell in page.code()
        for lang in re.findall(r"\buse_language\(\s*[\"'](.*?)[\"']\s*\)", cell.source)
    ]
    line = f'lstm_edu.use_language("{page.lang}")'
    if code and not chosen:
        return [
            f"{where(page, code[0])}: the notebook uses lstm_edu and chooses no language. "
            f"Write {line} in this cell."
        ]
    problems = [
        f'{where(page, cell)}: use_language("{lang}") in a page that is {NAMES[page.lang]}. '
        f"Write {line}."
        for cell, lang in chosen
        if lang != page.lang
    ]
    if len(chosen) > 1:
        problems.append(
            f"{where(page, chosen[1][0])}: the language is chosen again. Choose it once, at the "
            "top."
        )
    return problems


def heading_problems(page):
    """One title, and no level left out on the way down."""
    headings = [
        (cell, level, text)
        for cell in page.markdown()
        for level, text in contents(cell.source).headings
    ]
    titles = [heading for heading in headings if heading[1] == 1]
    if not titles:
        return [f"{page.name}: no title. Begin the first cell with a line like “# Title”."]
    problems = [
        f"{where(page, cell)}: a second title, {text!r}. A page has one heading of level 1: "
        "write “##”."
        for cell, _, text in titles[1:]
    ]
    cell, level, text = headings[0]
    if level != 1:
        problems.append(
            f"{where(page, cell)}: the first heading, {text!r}, has level {level}. "
            "Begin with the title, “# …”."
        )
    for (_, above, _), (cell, level, text) in pairwise(headings):
        if level > above + 1:
            problems.append(
                f"{where(page, cell)}: the heading {text!r} has level {level} right under level "
                f"{above}. Write “{'#' * (above + 1)} {text}”."
            )
    return problems


# Alternative texts

# Frequent words that only one of the two languages has, and the words of this book's figures.
SPANISH = """
    al aunque cada casi como con cuando cuya cuyo de del desde donde dos el ella en entre es esta
    este estos hacia hasta la las lo los luego mientras más muestra muy negativo negativos no nula
    o para pero por porque positivo positivos primera primero que queda se según segunda segundo
    siempre sin sobre su sus tras tres un una unas uno unos valor valores y abajo abre abierta
    arriba barra barras candidato celda cerca cerrada cierra coma columna crece cuatro curva curvas
    derecha diagrama dibujo eje ejes entra entrada entradas escala estado figura fila flecha
    flechas gráfica gráfico horizontal izquierda letras línea líneas memoria muestra número números
    olvido oculto paso pasos peso pesos puerta puertas punto puntos recta sale salida salidas sesgo
    suma tabla texto tiempo tubería unidad unidades válvula vector vertical
"""
ENGLISH = """
    above across after also an and are as at before below between both but by down each first for
    four from goes has have in into is it its left meets near negative of off on one onto or out
    over positive right second shows than that the their then there these third this three through
    to two under up value values where which while whose with zero arrow arrows axis axes bar bars
    bias bottom box boxes candidate cell chart circle closed closes column current curve curves
    diagram drawing enters figure flat flow forget gate gates graph grows hidden horizontal input
    inputs leaves line lines memory number numbers open opens output outputs picture pipe plot
    point points row scale sigmoid state states step steps sum table text time top unit units
    valve vector vertical weight weights
"""
BOTH = set(SPANISH.split()) & set(ENGLISH.split())
WORDS = {"es": set(SPANISH.split()) - BOTH, "en": set(ENGLISH.split()) - BOTH}


def language_score(text, lang):
    """Count the words and letters that speak for one language."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    score = sum(word in WORDS[lang] for word in words)
    if lang == "es":
        score += sum(bool(set(word) & set("áéíóúñü")) for word in words)
    return score


def alt_problems(alt, lang):
    """Return what is wrong with an alternative text, as sentences without a place."""
    if not alt.strip():
        return ["has no alternative text"]
    if re.search(r"\.(png|jpe?g|svg|gif|webp)\W*$", alt, re.IGNORECASE):
        return [f"has a file name as its alternative text, {alt!r}"]
    problems = []
    if not alt.rstrip().endswith("."):
        problems.append(f"has an alternative text that does not end with a period: {alt!r}")
    other = next(one for one in LANGUAGES if one != lang)
    own, foreign = language_score(alt, lang), language_score(alt, other)
    if foreign > own or (len(alt) >= 40 and foreign == own):
        problems.append(f"has an alternative text that does not read as {NAMES[lang]}: {alt!r}")
    return problems


def image_problems(page):
    """Every picture, written or computed, says in the page's language what it shows."""
    problems = []
    for cell in page.cells:
        here = where(page, cell)
        if cell.kind == "markdown":
            for source, alt in contents(cell.source).images:
                problems += [
                    f"{here}: the image {source} {problem}. Write ![what one sees, as a "
                    f"sentence in {NAMES[page.lang]}.]({source})."
                    for problem in alt_problems(alt, page.lang)
                ]
        pictures = image_outputs(cell)
        if pictures:
            problems += [
                f"{here}: its picture {problem}. Write what one sees, as a sentence in "
                f"{NAMES[page.lang]}, into the cell's metadata: "
                '{"mystnb": {"image": {"alt": "…"}}}.'
                for problem in alt_problems(output_alt(cell), page.lang)
            ]
        if len(pictures) > 1:
            problems.append(
                f"{here}: {len(pictures)} pictures in one cell would share one alternative text. "
                "Draw each in a cell of its own."
            )
        for output in cell.outputs:
            for event in html_events(mimes(output).get("text/html", "")):
                if event[0] == "img" and not event[1].get("alt", "").strip():
                    problems.append(
                        f"{here}: its HTML holds an image without alternative text. Add alt."
                    )
    return problems


UNCAPTIONED = re.compile(r"!\[[^\]]*\]\(([^)]*)\)(?!\n\n\*[^*\n]+\*(?:\n\n|\s*$))")


def caption_problems(page):
    """A caption in italics stands below every drawing."""
    return [
        f"{where(page, cell)}: the drawing {source} has no caption. Below it, between empty lines, "
        "write what to look at, in italics: *One sentence.*"
        for cell in page.cells
        if cell.kind == "markdown"
        for source in UNCAPTIONED.findall(cell.source)
    ]


# Sliders

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
WIDGET_REPR = re.compile(r"(?:interactive|\w*Slider|\w*Box|Dropdown|ToggleButtons?|Output)\(")
CONTROLS = ("input", "select", "button", "textarea")
ALIVE = (
    "Draw with lstm_edu.slider_figure(function, alt=…, name=[values]), whose sliders move on the "
    "page too, or take the widget out."
)


def slider_problems(page):
    """A slider that is stored moves on the rendered page; what its figure shows is said."""
    problems, names = [], {}
    for cell in page.code():
        here = where(page, cell)
        for data in map(mimes, cell.outputs):
            html = data.get("text/html", "")
            is_widget = WIDGET_VIEW in data or WIDGET_REPR.match(data.get("text/plain", ""))
            if is_widget and not re.search("<lstm-(explorer|slider-figure)", html):
                problems.append(
                    f"{here}: its output is a widget that needs a running kernel: on the page it "
                    f"would be dead. {ALIVE}"
                )
            problems += [
                f"{here}: its HTML holds a <{event[0]}> that nothing on the page answers. {ALIVE}"
                for event in html_events(SLIDER_FIGURE.sub("", html))
                if event[0] in CONTROLS
            ]
            for figure in slider_figures(html):
                if figure.name in names:
                    problems.append(
                        f"{here}: a second figure called {figure.name!r}, as in cell "
                        f'{names[figure.name]}. Give one a name of its own, name="…".'
                    )
                names[figure.name] = cell.number
                wrong = [p for alt in figure.alts for p in alt_problems(alt, page.lang)]
                problems += [
                    f"{here}: a picture of its slider figure {problem}. Mend alt=… in the cell: "
                    f"what one sees, in a {NAMES[page.lang]} sentence."
                    for problem in wrong[:1]
                ]
    return problems


# What is left to write, and what leads nowhere


def unwritten_problems(page):
    """No sentence of the template for new chapters is left: each bears a ✎."""
    problems = []
    for cell in page.cells:
        here, own = where(page, cell), pencilled(cell.source, output_alt(cell))
        if own:
            problems.append(
                f"{here}: not written yet: {own}. Write what it asks for, and take the ✎ away."
            )
        if given := pencilled(*printed(cell)):
            problems.append(
                f"{here}: it prints what is not written yet: {given}. Write the answers of the "
                f"exercise in lstm_edu/exercises, then {run_command(page)}."
            )
    return problems


def pencilled(*texts):
    """Return the lines that bear a ✎, each short and in quotation marks."""
    lines = [line.strip() for text in texts for line in text.splitlines() if "✎" in line]
    return ", ".join(f"“{line if len(line) <= 70 else line[:69] + '…'}”" for line in lines)


def printed(cell):
    """Return the texts among a cell's outputs."""
    texts = [text for output in cell.outputs for text in mimes(output).values()]
    return [text for text in texts if isinstance(text, str)]


def link_problems(page):
    """Every link to a page, a picture or a figure of the book leads to one."""
    figures = {name: kind for name, kind, _ in explorers(page)}
    problems = []
    for cell in page.markdown():
        found = contents(cell.source)
        for address in [*found.links, *(source for source, _ in found.images)]:
            problem = link_problem(page, address, figures)
            if problem:
                problems.append(f"{where(page, cell)}: the link to {address!r} {problem}")
        problems += [
            f"{where(page, cell)}: cites {key!r}, which references.bib does not have. Add it "
            f"there, or cite one of {', '.join(get_close_matches(key, works())) or 'those there'}."
            for _, key in found.citations
            if key not in works()
        ]
    return problems


@cache
def works():
    """Return the keys of references.bib."""
    return re.findall(r"^@\w+\{(.+?),", (ROOT / "references.bib").read_text("utf-8"), re.MULTILINE)


def link_problem(page, address, figures):
    """Return what is wrong with an address, or None; what stands elsewhere is not looked at."""
    path, _, place = address.partition("#")
    if re.match(r"\w+:|//", address):
        return None
    if path:
        target = (ROOT / page.name).parent / path
        pages = [target.with_suffix(suffix) for suffix in (".ipynb", ".md")]
        is_page = target.suffix in ("", ".html", ".ipynb", ".md")
        found = next((one for one in pages if one.is_file()), None) if is_page else target
        if not (found and found.is_file()):
            return "leads nowhere: there is no such file. Mend the path; it counts from this page."
        if "?" in place:
            figures = {name: kind for name, kind, _ in explorers(read(found))}
    name, asks, state = place.partition("?")
    if not asks:
        return None
    if name not in figures:
        return (
            f"sets a figure that is not there, {name!r}. Name one of {', '.join(figures)}, or run "
            "the notebook (`make run`) if the figure is new."
        )
    presets = re.findall(r"(?:^|&)preset=([^&]+)", state)
    known = presets_of(figures[name])
    if presets and presets[0] not in known:
        return f"asks for the preset {presets[0]!r}. Name one of {', '.join(known)}."
    return None


@cache
def presets_of(kind):
    """Return the names of an explorer's presets."""
    table = ROOT / "lstm_edu" / "explorers" / f"{kind}.json"
    return [preset["name"] for preset in json.loads(table.read_text("utf-8"))["presets"]]


def explorers(page):
    """Return (name, kind, cell) of each explorer among a page's outputs."""
    return [
        (event[1].get("id"), event[1].get("kind"), cell)
        for cell in page.code()
        for output in cell.outputs
        for event in html_events(mimes(output).get("text/html", ""))
        if event[0] == "lstm-explorer"
    ]


def name_problems(page):
    """No two places of a page bear one name: a link could not tell them apart."""
    names = [(label, cell) for cell in page.markdown() for label in contents(cell.source).labels]
    names += [(name, cell) for name, _, cell in explorers(page)]
    seen, problems = {}, []
    for name, cell in names:
        if name in seen:
            problems.append(
                f"{where(page, cell)}: the name {name!r} is that of a place in cell {seen[name]} "
                "already. Give this one another: (label)= of its own in a text, name=… in an "
                "explorer."
            )
        seen.setdefault(name, cell.number)
    return problems


# What changes from run to run, or from machine to machine

_LIBRARIES = (
    "python|ipython|numpy|scipy|matplotlib|tensorflow|keras|pytorch|torch|jax|onnx|jupyter\\w*|"
    "ipywidgets|anywidget|lstm_edu"
)
CHANGING = {
    "a memory address": re.compile(r"\b0x[0-9a-fA-F]{4,}"),
    "a path of the machine it ran on": re.compile(
        r"(?<![\w.:/<])/(?:bin|content|etc|farm|home|mnt|opt|private|root|tmp|usr|Users|var|work)"
        r"/[\w.-]+|\b[A-Z]:\\\w|file://|site-packages"
    ),
    "a date or a time": re.compile(
        r"\b(?:19|20)\d\d-[01]\d-[0-3]\d\b|\b[0-2]?\d:[0-5]\d:[0-5]\d\b"
        r"|\b(?:19|20)\d\d/[01]\d/[0-3]\d(?!-rdf)\b|<dc:date>"
    ),
    "a version number": re.compile(
        rf"\b(?:{_LIBRARIES})(?:[\s:=v-]|version|versión)*\d+\.\d+|(?<![\d.])\d+\.\d+\.\d+(?![\d.])",
        re.IGNORECASE,
    ),
}
ADVICE = {
    "a memory address": "Do not print objects bare: print their numbers; end a plotting line "
    "with `_ =`.",
    "a path of the machine it ran on": "Print a name, not a path; mend the warning that shows it.",
    "a date or a time": 'Do not print it; for figures, metadata={"Date": None}.',
    "a version number": "Do not print it: outputs must stay the same when packages are renewed; "
    'for figures, metadata={"Creator": None}.',
}


def output_problems(page):
    """Outputs hold nothing that another run, or another machine, would write differently."""
    return [
        f"{where(page, cell)}: its {mime} output holds {what}, {found[0]!r}. {ADVICE[what]}"
        for cell in page.code()
        for output in cell.outputs
        for mime, text in mimes(output).items()
        if isinstance(text, str) and (mime == "image/svg+xml" or not mime.startswith("image/"))
        for what, pattern in CHANGING.items()
        if (found := pattern.search(text))
    ]


PAGE_RULES = (
    heading_problems,
    image_problems,
    caption_problems,
    unwritten_problems,
    link_problems,
    name_problems,
)
NOTEBOOK_RULES = (
    format_problems,
    run_problems,
    metadata_problems,
    language_problems,
    *PAGE_RULES,
    slider_problems,
    output_problems,
)
