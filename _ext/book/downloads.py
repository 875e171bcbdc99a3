"""A notebook that leaves the book: it runs in an empty folder, and its drawings come along.

The copy that a reader downloads says, below its title, what it needs, and a cell gets it:
`lstm_edu`, which is on no package index, from a wheel that the built book carries, and what draws.
If `_config.yml` says where the book is published, the cell fetches the wheel from there; if not, it
looks for it beside the notebook, and each page offers it. Drawings stand in the text as data, in
`<img>`, which Jupyter, Colab and VS Code all show, whereas of Markdown's own pictures some show no
SVG. The sources stay as they are.
"""

import base64
import hashlib
import html
import re
import tomllib
import zipfile
from pathlib import Path

import nbformat

from .languages import LANGUAGES, language_of
from .strings import WORDS

ROOT = Path(__file__).resolve().parents[2]
DRAWS = "matplotlib anywidget ipywidgets"  # whatever version is there already will do
CELL = """\
# {comment}
from importlib.util import find_spec
from pathlib import Path

if not all(map(find_spec, ["lstm_edu", "matplotlib", "anywidget"])):
    folders = [Path(), Path("/kaggle/input")]
    found = [file for folder in folders for file in folder.rglob("{wheel}")]
    package = found[0] if found else "{address}"
    if not package:
        raise FileNotFoundError("{missing}")
    %pip install -q "{{package}}" {draws}
"""
DRAWING = re.compile(r"!\[([^\]]*)\]\(((?:\.\./)+images/[^)]+\.svg)\)")
PAGE_LINK = re.compile(r"\]\((\w+)\.(?:ipynb|md)((?:#[^)]*)?)\)")


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def wheel_name():
    known = project()
    return f"{known['name'].replace('-', '_')}-{known['version']}-py3-none-any.whl"


def write_wheel(path):
    """Pack `lstm_edu` as pip installs it: the same files give the same bytes."""
    known = project()
    info = f"{wheel_name().removesuffix('-py3-none-any.whl')}.dist-info"
    metadata = ["Metadata-Version: 2.1", f"Name: {known['name']}", f"Version: {known['version']}"]
    metadata += [f"Requires-Python: {known['requires-python']}"]
    metadata += [f"Requires-Dist: {one}" for one in known["dependencies"]]
    kept = (".py", ".json")
    files = {
        file.relative_to(ROOT).as_posix(): file.read_bytes()
        for file in sorted((ROOT / "lstm_edu").rglob("*"))
        if (file.suffix in kept or file.parent.name == "static") and "__pycache__" not in file.parts
    }
    files[f"{info}/METADATA"] = "\n".join([*metadata, ""]).encode()
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[f"{info}/licenses/LICENSE"] = (ROOT / "LICENSE").read_bytes()
    record = [f"{name},sha256={digest(data)},{len(data)}" for name, data in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""]).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)


def digest(data):
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def drawing(found, folder):
    """An image of Markdown as HTML, with the drawing in it, on white: its ink is dark."""
    svg = (
        (folder / found[2]).read_text("utf-8").replace("<svg ", '<svg style="background:#fff" ', 1)
    )
    data = base64.b64encode(svg.encode()).decode()
    return f'<img alt="{html.escape(found[1])}" src="data:image/svg+xml;base64,{data}">'


def for_download(app, docname):
    """Return the notebook of a page as a reader takes it away."""
    path = Path(app.env.doc2path(docname))
    language = language_of(docname)
    words, base = WORDS[language], app.config.html_baseurl.rstrip("/")
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = DRAWING.sub(lambda one: drawing(one, path.parent), cell.source)
            if base:
                there = f"{base}/chapters/{language}"
                cell.source = PAGE_LINK.sub(rf"]({there}/\1.html\2)", cell.source)
    if any("lstm_edu" in cell.source for cell in notebook.cells if cell.cell_type == "code"):
        wheel = wheel_name()
        needs = words["needs published" if base else "needs"].format(wheel=wheel)
        code = CELL.format(
            comment=words["needs comment"],
            wheel=wheel,
            address=f"{base}/_static/{wheel}" if base else "",
            missing=words["needs missing"].format(wheel=wheel),
            draws=DRAWS,
        )
        notebook.cells[1:1] = [
            nbformat.v4.new_markdown_cell(needs, id="needs-text"),
            nbformat.v4.new_code_cell(code.rstrip(), id="needs"),
        ]
    return nbformat.writes(notebook) + "\n"


def write_downloads(app, error):
    if error or app.builder.format != "html":
        return
    out = Path(app.outdir)
    write_wheel(out / "_static" / wheel_name())
    for docname in sorted(app.env.found_docs):
        source = Path(app.env.doc2path(docname, base=False))
        if source.suffix == ".ipynb" and language_of(docname) in LANGUAGES:
            (out / "_sources" / source).write_text(for_download(app, docname), "utf-8")


def setup(app):
    app.connect("build-finished", write_downloads)
