"""The book's machinery: languages, drawings in the page, folds, references, no foreign request.

Two books are looked at: the real one (`book`) and `sample`, a small one that uses everything the
machinery claims to handle, so that a string or a node that no chapter uses yet is caught too.
"""

import json
import os
import re
import shutil
import unicodedata
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
from book import languages
from book.inline_svg import inline_svg
from book.lines import keep_percent, keep_short_code
from book.maths import keep_stops, mathml
from book.strings import WORDS
from book.theme import FONTS
from bs4 import BeautifulSoup
from building import build_book
from docutils import nodes
from docutils.utils import new_document
from fontTools.ttLib import TTFont
from math_core import LatexError
from processes import once_per_run

from rules.pages import ROOT

PHONE = {"width": 390, "height": 800}
PUBLISHED, REPOSITORY = "https://example.org/inside", "https://github.com/example/inside"

# A small book that uses everything

MATPLOTLIB_SVG = """<?xml version="1.0" encoding="utf-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns:xlink="http://www.w3.org/1999/xlink" width="460.8pt" height="345.6pt"
 viewBox="0 0 460.8 345.6" xmlns="http://www.w3.org/2000/svg" version="1.1">
 <metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></metadata>
 <defs><style type="text/css">*{stroke-linejoin: round; stroke-linecap: butt}</style></defs>
 <g id="figure_1"><path id="line" d="M0 0L100 50" style="fill: none; stroke: #B3420B"/>
 <use xlink:href="#line" clip-path="url(#clip)"/><clipPath id="clip"/></g></svg>"""

TEXTS = {
    "es": {
        "start": "Dentro de la LSTM",
        "chapter": "Dentro de la celda",
        "sections": ("La activación", "Las puertas", "El resumen"),
        "sentence": "Las activaciones de la celda son números y nada más.",
        "alone": "murciélago",
        "notation": "Notación",
        "references": "Referencias",
        "answer": "Respuesta",
        "alt": "Una línea «recta» & <b>",
    },
    "en": {
        "start": "Inside the LSTM",
        "chapter": "Inside the cell",
        "sections": ("The activation", "The gates", "The summary"),
        "sentence": "The activations of the cell are numbers and nothing else.",
        "alone": "hedgehog",
        "notation": "Notation",
        "references": "References",
        "answer": "Answer",
        "alt": "A “straight” line & <b>",
    },
}

CHAPTER = """# {chapter}

{sentence} {{cite:p}}`hochreiter1997` {{cite:t}}`gers2000` {{cite}}`hochreiter1997,gers2000` $c_t$

```{{figure}} ../../images/{language}/belt.svg
:name: fig-{language}
:alt: {alt}

{sentence}
```

![{sentence}](../../images/{language}/gate.svg)

*{sentence} $h_t$*

```{{note}}
{sentence}
```

```{{warning}}
{sentence}
```

```{{hint}}
:class: dropdown
{sentence}
```

````{{admonition}} {answer}
:class: dropdown
{sentence}
````

```{{table}} {sentence}
:name: tab-{language}
| a | b |
|---|---|
| 1 | 2 |
```

```{{code-block}} python
:caption: {sentence}
:name: code-{language}
x = 1
```

```{{math}}
:label: eq-{language}
\\boldsymbol{{z}} = xW + hU + b
```

{{numref}}`fig-{language}` {{numref}}`tab-{language}` {{numref}}`code-{language}`
{{eq}}`eq-{language}`

## {sections[0]}

{alone}[^1]

[^1]: {sentence}

{filling}

### {sections[1]}

{filling}

## {sections[2]}

{filling}"""


def write_sample(folder):
    """A bilingual book of the machinery's own, with the repository's machinery and package."""
    for name in ("_toc.yml", "references.bib"):
        shutil.copy(ROOT / name, folder / name)
    config = (ROOT / "_config.yml").read_text("utf-8")
    for empty, address in (
        ('url: ""', f'url: "{REPOSITORY}"'),
        ('baseurl: ""', f'baseurl: "{PUBLISHED}"'),
        ('jupyterhub_url: ""', 'jupyterhub_url: "https://hub.example.org"'),
    ):
        assert f"  {empty}" in config
        config = config.replace(f"  {empty}", f"  {address}")
    (folder / "_config.yml").write_text(config, "utf-8")
    others = r"^\s*- file: chapters/../(?!index|notation|references).*\n"
    toc = re.sub(others, "", (ROOT / "_toc.yml").read_text("utf-8"), flags=re.M)
    for language in TEXTS:
        start = f"chapters/{language}/index\n    sections:\n"
        toc = toc.replace(start, f"{start}      - file: chapters/{language}/04_cell\n")
    (folder / "_toc.yml").write_text(toc, "utf-8")
    for name in ("_ext", "lstm_edu", "images"):
        os.symlink(ROOT / name, folder / name)
    links = "\n\n".join(f"[{WORDS[code]['name']}](chapters/{code}/index.md)" for code in TEXTS)
    (folder / "index.md").write_text(f"# Dentro · Inside\n\n{links}\n", "utf-8")
    for language, texts in TEXTS.items():
        pages = folder / "chapters" / language
        pages.mkdir(parents=True)
        start = f"# {texts['start']}\n\n{texts['sentence']}\n"
        (pages / "index.md").write_text(start, "utf-8")
        (pages / "notation.md").write_text(f"# {texts['notation']}\n", "utf-8")
        references = f"# {texts['references']}\n\n```{{bibliography}}\n```\n"
        (pages / "references.md").write_text(references, "utf-8")
        filling = "\n\n".join([texts["sentence"]] * 30)
        write_chapter(pages / "04_cell.ipynb", language, {**texts, "filling": filling})
    only_here = "# Solo en español\n\n{ref}`lo mismo <aqui>`\n\n(aqui)=\n## Una sección\n"
    (folder / "chapters/es/notes.md").write_text(only_here, "utf-8")
    toc = toc.replace(
        "      - file: chapters/es/notation",
        "      - file: chapters/es/notes\n      - file: chapters/es/notation",
    )
    (folder / "_toc.yml").write_text(toc, "utf-8")


def write_chapter(path, language, texts):
    v4 = nbformat.v4
    opens = f'<lstm-explorer id="cell" kind="cell" lang="{language}">'
    explorer = f"{opens}{texts['sentence']}</lstm-explorer>"
    view = {"model_id": "x", "version_major": 2, "version_minor": 0}

    def code(source, data, **metadata):
        output = v4.new_output("display_data", data={"text/plain": "1", **data})
        return v4.new_code_cell(source, execution_count=1, outputs=[output], metadata=metadata)

    cells = [
        v4.new_markdown_cell(CHAPTER.format(language=language, **texts)),
        code("a", {}, tags=["hide-input"]),
        code("b", {}, tags=["hide-output"]),
        code("c", {}, tags=["hide-cell"]),
        code("plot()", {"image/svg+xml": MATPLOTLIB_SVG}, mystnb={"image": {"alt": texts["alt"]}}),
        code(
            "CellExplorer()",
            {"application/vnd.jupyter.widget-view+json": view, "text/html": explorer},
        ),
    ]
    notebook = v4.new_notebook(cells=cells, metadata={"language_info": {"name": "python"}})
    nbformat.write(notebook, path)


@pytest.fixture(scope="session")
def sample(tmp_path_factory):
    """The folder of the small book's HTML, built once per run like the real one."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "sample"

    def make():
        (folder / "source").mkdir()
        write_sample(folder / "source")
        return build_book(folder / "source", folder)

    problem = once_per_run(folder, make)
    if problem:
        pytest.fail(f"The small book does not build without warnings:\n{problem}", pytrace=False)
    return folder / "_build" / "html"


@pytest.fixture(scope="session", params=["book", "sample"])
def site(request):
    """Each of the two books in turn."""
    return request.getfixturevalue(request.param)


@cache
def soup(path):
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def pages(site):
    return sorted(path for path in site.rglob("*.html") if "_static" not in path.parts)


def name_of(site, path):
    return path.relative_to(site).with_suffix("").as_posix()


def language_of(site, path):
    return languages.language_of(name_of(site, path))


def twin_path(site, path):
    language = language_of(site, path)
    return site / "chapters" / languages.other(language) / path.name


# Language


def test_each_page_declares_its_language_and_title(site):
    for path in pages(site):
        language = language_of(site, path)
        html = soup(path)
        assert html.html["lang"] == (language or "es"), path
        title = WORDS[language]["title"] if language else "Dentro de la LSTM · Inside the LSTM"
        assert html.title.text.endswith(f"— {title}"), (path, html.title.text)
        assert html.select_one(".brand span").text == title, path


def test_no_page_shows_how_python_writes_an_object(site):
    """As `{{ words.copy }}` would: a dict has a method of that name."""
    for path in pages(site):
        assert not re.search(r"\bobject at 0x|built-in", path.read_text("utf-8")), path


def test_admonitions_captions_prompts_and_permalinks_follow_the_page(sample):
    expected = {
        "es": ("Nota", "Advertencia", "Consejo", "Fig. 4.1", "Tabla 4.1", "Código 4.1"),
        "en": ("Note", "Warning", "Hint", "Fig. 4.1", "Table 4.1", "Listing 4.1"),
    }
    prompts = {
        "es": ["Mostrar el código", "Mostrar la salida", "Mostrar la celda"],
        "en": ["Show the code", "Show the output", "Show the cell"],
    }
    for language, words in expected.items():
        html = soup(sample / f"chapters/{language}/04_cell.html")
        titles = [one.text.strip() for one in html.select(".admonition-title")]
        assert titles == [*words[:3], TEXTS[language]["answer"]]
        # figures count anew in each chapter of each language, and references say the same
        captions = [one.text.strip() for one in html.select(".caption-number")]
        assert captions == list(words[3:])
        assert [one.text for one in html.select(".std-numref")] == captions
        shown = [one.text for one in html.select("details.hide .collapsed")]
        assert shown == prompts[language]


# Navigation


def test_navigation_stays_in_the_language(site):
    for path in pages(site):
        language = language_of(site, path)
        html = soup(path)
        chapters = html.select(".menu a")
        if not language:
            assert not chapters and not html.select(".turn a, .contents a")
            continue
        links = chapters + html.select(".turn a, .belt a, a.brand, link[rel=next]")
        targets = {(path.parent / link["href"].partition("#")[0]).resolve() for link in links}
        assert all(target.is_relative_to(path.parent) for target in targets - {path}), path
        assert len(chapters) >= 4, path
        here = html.select(".menu a[aria-current=page]")
        assert len(here) == (path.stem != "search"), f"{path}: the menu does not show where one is"


def test_the_belt_has_every_numbered_chapter_and_shows_the_one_being_read(book):
    for path in pages(book):
        chapter = re.match(r"(\d+)_", path.stem)
        belt = soup(path).select(".belt a")
        assert bool(belt) == bool(chapter), path
        if chapter:
            numbered = [one for one in pages(book) if one.parent == path.parent]
            titles = [soup(one).h1.next_element for one in numbered if re.match(r"\d+_", one.stem)]
            assert [link["aria-label"] for link in belt] == titles
            (here,) = [place for place, link in enumerate(belt, 1) if link.has_attr("aria-current")]
            assert here == int(chapter[1])


def test_the_list_of_sections_is_the_pages_and_leads_there(site):
    for path in pages(site):
        html = soup(path)
        sections = [
            "#" + section["id"] for section in html.select("article > section > section[id]")
        ]
        if language_of(site, path) and path.stem != "search":
            assert [link["href"] for link in html.select(".contents a")] == sections, path


def test_the_first_and_last_page_end_at_the_language(site):
    order = re.findall(r"file: (\S+)", (ROOT / "_toc.yml").read_text("utf-8"))
    order = [name for name in order if (site / f"{name}.html").exists()]
    last = {name.split("/")[1]: name for name in order}
    for language, name in last.items():
        assert not soup(site / f"{name}.html").select(".turn .next")
        assert not soup(site / f"chapters/{language}/index.html").select(".turn .prev")


def test_the_root_page_leads_to_both_languages_and_only_there(site):
    links = {
        link["href"].partition("#")[0] for link in soup(site / "index.html").select("article a")
    }
    assert links - {""} == {"chapters/es/index.html", "chapters/en/index.html"}


def test_each_page_switches_to_its_twin(site):
    for path in pages(site):
        if language := language_of(site, path):
            (link,) = soup(path).select(".language-switch")
            other = languages.other(language)
            twin = twin_path(site, path)
            expected = twin if twin.exists() else twin.parent / "index.html"
            assert (path.parent / link["href"]).resolve() == expected.resolve(), path
            assert (link["lang"], link["hreflang"]) == (other, other)
            assert link.text == WORDS[other]["name"]


def test_a_page_without_a_twin_switches_to_the_start_page(sample):
    (link,) = soup(sample / "chapters/es/notes.html").select(".language-switch")
    assert link["href"] == "../en/index.html"


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["laptop", "phone"])
def test_the_switch_keeps_the_section(sample, open_page, viewport):
    options = {"viewport": viewport} if viewport else {}
    page = open_page((sample / "chapters/es/04_cell.html").as_uri(), **options)
    ids = {
        language: [
            section["id"]
            for section in soup(sample / f"chapters/{language}/04_cell.html").select(
                "article section"
            )
        ]
        for language in TEXTS
    }
    assert ids["es"] != ids["en"] and len(ids["es"]) == 4
    for here, there in list(zip(ids["es"], ids["en"], strict=True))[1:]:
        page.goto((sample / "chapters/es/04_cell.html").as_uri())
        page.locator(f"#{here}").evaluate("section => section.scrollIntoView()")
        page.locator(".language-switch").click()
        page.wait_for_url(f"**/en/04_cell.html#{there}")
        assert page.evaluate("document.documentElement.lang") == "en"
    # at the top, the page itself; by keyboard too
    page.goto((sample / "chapters/es/04_cell.html").as_uri())
    page.locator(".language-switch").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/04_cell.html")


def test_without_scripts_the_switch_leads_to_the_twin(sample, open_page):
    page = open_page((sample / "chapters/es/04_cell.html").as_uri(), java_script_enabled=False)
    page.locator(".language-switch").click()
    page.wait_for_url("**/en/04_cell.html")


# Scripts and requests


def test_scripts_and_styles_are_where_they_are_used(site):
    seen = set()
    for path in pages(site):
        html, language = soup(path), language_of(site, path) or "es"
        loaded = {
            Path(one.get("src") or one.get("href")).name.partition("?")[0]
            for one in html.select("script[src], link[rel=stylesheet]")
        }
        kinds = {figure["kind"] for figure in html.select("lstm-explorer")}
        own = {f"{name}.{language}.js" for name in kinds} | {f"{name}.css" for name in kinds}
        own |= {f"kit.{language}.js"} if kinds else set()
        own |= {"sliders.js", "sliders.css"} if html.select("lstm-slider-figure") else set()
        own |= {"kit.css"} if own else set()
        ours = {path.name for path in (ROOT / "lstm_edu" / "static").iterdir()}
        assert loaded & ours == own | {"palette.css"}, path
        assert ("math.css" in loaded) == bool(html.select("math")), path
        assert not html.select("script[type=module]"), "module scripts do not load from file://"
        seen |= loaded
    assert {"kit.es.js", "kit.en.js", "math.css"} <= seen


def test_the_start_pages_begin_with_a_living_cell(book, open_page):
    for name, language in (
        ("index", "es"),
        ("chapters/es/index", "es"),
        ("chapters/en/index", "en"),
    ):
        page = open_page((book / f"{name}.html").as_uri())
        cell = page.locator("h1 + lstm-explorer[compact]")
        assert cell.get_attribute("lang") == language
        before = cell.locator('[data-name="c.0"]').first.text_content()
        cell.locator('[data-name="c_prev.0"][data-role="slider"]').fill("-0.7")
        page.wait_for_function(
            "before => document.querySelector('[data-name=\"c.0\"]').textContent !== before",
            arg=before,
        )


def test_the_widget_view_gives_way_to_html_and_brings_no_manager(sample):
    text = (sample / "chapters/es/04_cell.html").read_text("utf-8")
    assert "<lstm-explorer" in text
    for unwanted in ("require.js", "widget-view", "html-manager", "thebe", "https://cdn"):
        assert unwanted not in text, unwanted


def test_formulas_are_set_without_a_script(sample, open_page):
    page = open_page((sample / "chapters/es/04_cell.html").as_uri())
    assert page.locator("math").count() == 3
    fonts = page.evaluate(
        "document.fonts.ready.then((fonts) => [...fonts].map((one) => [one.family, one.status]))"
    )
    statuses = {family.strip('"'): status for family, status in fonts}
    assert statuses["STIX Two Math"] == "loaded" and "error" not in statuses.values()
    index = page.locator("math msub").first.bounding_box()
    assert index["height"] > 10, "an index is set below its letter"


def test_a_decimal_comma_is_part_of_its_number():
    assert "<mn>0,8</mn>" in mathml("U = 0{,}8")
    assert "<mn>1</mn><mo" in mathml("(1, 2)")


def test_a_formula_of_its_own_line_has_the_palettes_colours():
    gate = r"f_t = \sigma(x_t W_f + h_{t-1} U_f + b_f) + u_t W_y"
    coloured = re.findall(r'<msub class="q-(.)"><mi>(.)</mi>', mathml(gate, display=True))
    assert [one + letter for one, letter in coloured] == ["ff", "fW", "hh", "fU", "fb", "fu"]
    assert "class" not in mathml(gate)


def test_what_is_no_formula_is_refused():
    with pytest.raises(LatexError):
        mathml(r"\frac{1")


def in_italics(letter):
    """As a browser sets a variable of one letter."""
    if letter == "h":
        return "\N{PLANCK CONSTANT}"
    size, found, name = unicodedata.name(letter).rpartition(" LETTER ")
    if not found:
        return letter
    return unicodedata.lookup(f"MATHEMATICAL ITALIC {size.split()[-1]} {name}")


def test_every_sign_of_every_formula_is_in_the_font(book):
    """Else the reader's system draws it, or an empty box."""
    formulas = [formula for path in pages(book) for formula in soup(path).select("math")]
    names = [name.text for formula in formulas for name in formula.select("mi")]
    signs = {sign for formula in formulas for sign in formula.text if not sign.isspace()}
    signs |= {in_italics(name) for name in names if len(name) == 1}
    assert {"𝑊", "ℎ"} < signs
    assert signs <= {chr(code) for code in TTFont(FONTS / "math.woff2").getBestCmap()}


# Drawings


VARIABLES = {"#b3420b": "var(--lstm-f, #b3420b)", "#1f2328": "var(--lstm-ink, #1f2328)"}
HOSTILE = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 width="10" height="20" onload="alert(1)"><script>alert(2)</script><!-- c -->
 <foreignObject><b xmlns="http://www.w3.org/1999/xhtml" onclick="x()">b</b></foreignObject>
 <style>@import url(https://example.org/a.css);</style>
 <a xlink:href="javascript:alert(3)"><rect id="a" onclick="alert(4)"/></a>
 <image href="https://example.org/a.png"/><use href="#a"/>
 <rect fill="var(--lstm-f, #b3420b)" stroke="#B3420B"/><text>#b3420b0</text></svg>"""


def test_a_hostile_drawing_gets_through_harmless():
    html = inline_svg(
        HOSTILE, alt='"> <script>alert(5)</script>', prefix="svg7", variables=VARIABLES
    )
    root = ElementTree.fromstring(html)
    names = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert names == {"svg", "style", "a", "rect", "image", "use", "text"}
    for element in root.iter():
        assert not [name for name in element.attrib if name.lower().startswith("on")]
    for forbidden in ("alert(1)", "alert(2)", "alert(3)", "alert(4)", "example.org", "<script"):
        assert forbidden not in html, forbidden
    assert root.get("aria-label") == '"> <script>alert(5)</script>'


def test_a_drawing_takes_the_pages_colours_and_its_own_ids():
    html = inline_svg(HOSTILE, alt="", prefix="svg7", variables=VARIABLES)
    root = ElementTree.fromstring(html)
    rect = root.find(".//{*}rect[@stroke]")
    assert rect.get("fill") == rect.get("stroke") == "var(--lstm-f, #b3420b)"
    assert root.find(".//{*}use").get("href") == "#svg7-a"
    assert root.find(".//{*}rect").get("id") == "svg7-a"
    assert (root.get("role"), root.get("height"), root.get("id")) == ("img", None, "svg7")
    assert "width: 10px" in root.get("style")


def test_matplotlibs_style_reaches_its_own_figure_alone():
    root = ElementTree.fromstring(
        inline_svg(MATPLOTLIB_SVG, alt="a", prefix="svg3", variables=VARIABLES)
    )
    assert root.find(".//{*}style").text.startswith("#svg3{")
    assert root.find(".//{*}metadata") is None
    assert root.find(".//{*}use").get("clip-path") == "url(#svg3-clip)"


def test_a_plot_in_matplotlibs_own_black_can_be_seen_in_the_dark():
    plot = MATPLOTLIB_SVG.replace("#B3420B", "#000000")
    root = ElementTree.fromstring(inline_svg(plot, alt="a", prefix="svg3", variables=VARIABLES))
    assert "stroke: var(--lstm-ink, #1f2328)" in root.find(".//{*}path").get("style")


def test_every_svg_picture_is_part_of_its_page(site):
    count = 0
    for path in pages(site):
        html = soup(path)
        assert not html.select("img[src$='.svg'], object"), path
        for drawing in html.select("svg.inline-svg"):
            count += 1
            assert drawing["role"] == "img" and drawing["aria-label"].strip(), path
        ids = [element["id"] for element in html.select("[id]")]
        assert len(ids) == len(set(ids)), {one for one in ids if ids.count(one) > 1}
    assert count >= 4


def test_alternative_text_is_kept(sample):
    for language, texts in TEXTS.items():
        html = soup(sample / f"chapters/{language}/04_cell.html")
        labels = [drawing["aria-label"] for drawing in html.select("svg.inline-svg")]
        assert labels == [texts["alt"], texts["sentence"], texts["alt"]]


def test_the_words_in_italics_below_a_drawing_are_its_caption(sample):
    for language, texts in TEXTS.items():
        html = soup(sample / f"chapters/{language}/04_cell.html")
        (figure,) = html.select(f"figure:has(svg[aria-label='{texts['sentence']}'])")
        caption = figure.figcaption
        assert caption.text.strip().startswith(texts["sentence"]) and caption.math
        assert not figure.find_next_sibling().select("em")


def test_drawings_follow_light_and_dark(sample, open_page, root):
    palette = json.loads((root / "lstm_edu/palette.json").read_text("utf-8"))
    path = sample / "chapters/es/04_cell.html"
    for scheme in ("light", "dark"):
        page = open_page(path.as_uri(), color_scheme=scheme)
        line = page.locator("svg.inline-svg path[id$=line]")
        red, green, blue = bytes.fromhex(palette["f"][scheme][1:])
        stroke = line.evaluate("element => getComputedStyle(element).stroke")
        assert stroke == f"rgb({red}, {green}, {blue})", scheme


# Folds


def test_folds_are_details_that_open_by_keyboard(sample, open_page):
    page = open_page((sample / "chapters/es/04_cell.html").as_uri())
    folds = page.locator("article details:not(.lstm-x *)")
    assert folds.count() == 5
    for index in range(5):
        fold = folds.nth(index)
        assert fold.get_attribute("open") is None
        fold.locator("summary").focus()
        page.keyboard.press("Enter")
        assert fold.get_attribute("open") is not None


# References


def test_citations_lead_to_their_languages_list(site):
    seen = 0
    for path in pages(site):
        for link in soup(path).select(".bibtex-citation a"):
            seen += 1
            target = (path.parent / link["href"].partition("#")[0]).resolve()
            assert target == path.parent / "references.html", path
            assert soup(target).find(id=link["href"].partition("#")[2]), link["href"]
    assert seen >= 4


def test_references_have_no_words_of_a_language(site):
    words = r"\b(and|In|pages|pp|editors?|volume|edition|thesis|y|en|páginas)\b"
    for language in TEXTS:
        # parsed anew, for it is changed here
        text = (site / f"chapters/{language}/references.html").read_text("utf-8")
        citations = BeautifulSoup(text, "html.parser").select("div.citation")
        assert citations
        for citation in citations:
            for where in citation.select("em"):
                where.decompose()
            outside_title = re.sub(r"(\(\d{4}\)\.) [^.]*\.", r"\1", citation.text)
            assert not re.search(words, outside_title), outside_title
    lists = [
        [one.text for one in soup(site / f"chapters/{code}/references.html").select("div.citation")]
        for code in TEXTS
    ]
    assert lists[0] == lists[1]


def test_citations_read_the_same_in_both_languages(sample):
    for language in TEXTS:
        html = soup(sample / f"chapters/{language}/04_cell.html")
        assert [one.text for one in html.select(".bibtex-citation")] == [
            "(Hochreiter & Schmidhuber, 1997)",
            "Gers et al. (2000)",
            "(Gers et al., 2000; Hochreiter & Schmidhuber, 1997)",
        ]


def test_the_margin_says_what_is_cited_where_it_is_first(sample):
    for language in TEXTS:
        folder = sample / f"chapters/{language}"
        listed = [one.p.text for one in soup(folder / "references.html").select(".citation")]
        (aside,) = soup(folder / "04_cell.html").select("aside.cited")
        assert sorted(note.text for note in aside.select("p")) == listed and len(listed) == 2
        assert aside.find_next_sibling("p").select(".bibtex-citation")


def test_a_work_is_marked_with_its_language(book):
    for language in TEXTS:
        works = soup(book / f"chapters/{language}/references.html").select("div.citation")
        spoken = {work["lang"] for work in works}
        (thesis,) = [work for work in works if work["lang"] == "de"]
        assert spoken == {"en", "de"} and "Untersuchungen" in thesis.text
        notes = soup(book / f"chapters/{language}/02_vanishing_gradients.html").select(".cited p")
        assert {note["lang"] for note in notes} == {"en", "de"}


# The gate


def test_a_broken_reference_fails_the_build(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    write_sample(source)
    notation = source / "chapters/es/notation.md"
    broken = "\n{ref}`nowhere`\n\n```{explorer} NoExplorer\n```\n"
    notation.write_text(notation.read_text("utf-8") + broken, "utf-8")
    said = build_book(source, tmp_path)
    assert "nowhere" in said and "NoExplorer" in said


def test_a_comma_stays_with_its_own_formula():
    """The same text after something else, earlier in the paragraph, is left as it is."""
    doctree, said = new_document(""), nodes.paragraph()
    doctree += said
    said += [nodes.strong("", "radius"), nodes.Text(", "), nodes.math("", "r"), nodes.Text(", ")]
    said += [nodes.math("", "u"), nodes.Text(" grows")]
    keep_stops(None, doctree, "")
    assert said.astext() == "radius, r, u grows"


def test_a_percent_sign_stays_with_its_number():
    """In every text but code, where `80 % 7` is no percentage."""
    doctree, said = new_document(""), nodes.paragraph()
    doctree += said
    said += [nodes.Text("del 80,5 % al "), nodes.strong("", "90 %"), nodes.literal("", "80 % 7")]
    keep_percent(None, doctree, "")
    assert [text.astext() for text in said] == ["del 80,5\xa0% al ", "90\xa0%", "80 % 7"]


def test_short_code_is_not_cut():
    doctree = new_document("")
    short, long = nodes.literal("", "python3 --version"), nodes.literal("", "a name " * 4)
    doctree += [nodes.paragraph("", "", short), nodes.paragraph("", "", long)]
    keep_short_code(None, doctree, "")
    assert short["classes"] == ["short"] and long["classes"] == []


@pytest.mark.parametrize("language", WORDS)
def test_no_line_begins_with_a_percent_sign(book, language):
    pages = sorted((book / f"chapters/{language}").glob("*.html"))
    for page in pages:
        text = "".join(paragraph.text for paragraph in soup(page).select("main :is(p, li, td)"))
        assert not re.search(r"\d %", text), page.name
