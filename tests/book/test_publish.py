"""What leaves the repository: the zip, the published book, what a classroom installs."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from explorer_pages import assert_shows, control
from test_links import link_problems, style_problems

from lstm_edu import CellExplorer
from rules.pages import LANGUAGES, ROOT, page_files

sys.path += [str(ROOT / "tools"), str(ROOT / "benchmarks")]
import classroom as costs
import pack

# The zip


@pytest.fixture(scope="module")
def unpacked(book, tmp_path_factory):
    """The zip of the book, unpacked in a folder with a space and an accent."""
    folder = tmp_path_factory.mktemp("usb") / "Año nuevo"
    pack.pack(book, folder.with_suffix(".zip"))
    with zipfile.ZipFile(folder.with_suffix(".zip")) as archive:
        archive.extractall(folder)
    (top,) = folder.iterdir()
    return top


def test_the_zip_has_all_that_its_pages_use_and_every_notebook(unpacked):
    assert link_problems(unpacked) + style_problems(unpacked) == []
    expected = sorted(path.name for path in page_files(lang="es") if path.suffix == ".ipynb")
    for lang in LANGUAGES:
        assert expected == sorted(path.name for path in unpacked.rglob(f"{lang}/*.ipynb"))


def test_the_zip_has_nothing_for_servers(unpacked):
    names = {path.name for path in unpacked.rglob("*")}
    assert not names & {"objects.inv", ".buildinfo", "sitemap.xml", "404.html"}
    assert not list(unpacked.rglob("*.md"))


def test_the_book_reads_from_a_stick(unpacked, open_page):
    page = open_page((unpacked / "index.html").as_uri(), offline=True)
    for link in ("chapters/es/index.html", "04_inside_the_cell.html"):
        page.locator(f'main a[href="{link}"]').first.evaluate("link => link.click()")
        page.wait_for_url(f"**/{link}")
    figure = page.locator("lstm-explorer#cell")
    figure.locator('[data-name="h"]').first.wait_for(state="attached")
    cell = CellExplorer(preset="start")
    control(figure, "x.0", "slider").press("End")
    cell.x = [float(control(figure, "x.0", "slider").get_attribute("max")), cell.x[1]]
    assert_shows(figure, cell)

    page = open_page((unpacked / "chapters/es/search.html").as_uri(), offline=True)
    page.locator("main input[name=q]").fill("mirillas")
    page.locator("#search-results a").first.click()
    assert "12_variants.html" in page.url


def test_the_same_book_gives_the_same_zip(tmp_path):
    for name, when in (("one", 1_000_000_000), ("two", 1_700_000_000)):
        for path in ("b/x.html", "a.html") if name == "one" else ("a.html", "b/x.html"):
            file = tmp_path / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(path)
            os.utime(file, (when, when))
            file.chmod(0o600 if name == "one" else 0o664)
        pack.pack(tmp_path / name, tmp_path / f"{name}.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


# make lab


def what_make_runs(*words, **environment):
    """Return the last command of a target, without running it."""
    if not shutil.which("make"):
        pytest.skip("no make: install it (Debian: apt-get install make)")
    env = {key: os.environ[key] for key in os.environ if not key.startswith(("LC_", "LANG"))}
    done = subprocess.run(
        ["make", "-n", *words], cwd=ROOT, env=env | environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("words", "environment", "lang"),
    [
        ((), {"LANG": "es_MX.UTF-8"}, "es"),
        ((), {"LANG": "en_GB.UTF-8"}, "en"),
        ((), {"LANG": "en_US.UTF-8", "LC_MESSAGES": "es_ES.UTF-8"}, "es"),
        ((), {"LANG": "es_ES.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ((), {"LANG": "es_ES.UTF-8", "LC_ALL": ""}, "es"),
        ((), {"LANG": "eo.UTF-8"}, "en"),
        ((), {}, "en"),
        (("BOOK_LANGUAGE=es",), {"LANG": "en_GB.UTF-8"}, "es"),
    ],
)
def test_make_lab_opens_the_chapters_in_the_systems_language(words, environment, lang):
    # From the repository, not from a folder in it: the chapters' images are in ../../images.
    _, lab, url, *_ = what_make_runs("lab", *words, **environment)[-1].split()
    assert (lab, url) == ("lab", f"--LabApp.default_url=/lab/tree/chapters/{lang}")
    assert (ROOT / "chapters" / lang / "01_sequences_and_memory.ipynb").is_file()


def test_make_lab_runs_as_root_in_a_container_and_nowhere_else_unasked():
    def options(*words, **environment):
        return what_make_runs("lab", *words, **environment)[-1].split()[3:]

    assert options(KUBERNETES_SERVICE_HOST="10.0.0.1") == ["--allow-root"]
    assert options(CODESPACES="true") == ["--allow-root"]
    assert options("CONTAINER=") == []
    assert options("CONTAINER=", "LAB_OPTIONS=--allow-root") == ["--allow-root"]


def test_make_lab_can_do_without_tensorflow(tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    installs = "\n".join(what_make_runs("-C", str(tmp_path), "lab", "EXTRAS=lab"))
    assert "-e '.[lab]'" in installs
    installs = "\n".join(what_make_runs("-C", str(tmp_path), "lab"))
    assert "-e '.[lab,keras]'" in installs


def extras(name, known):
    """Return the packages that an extra of the project brings, those of other extras included."""
    names = set()
    for line in known[name]:
        if own := re.match(r"lstm-edu\[(.*)\]", line):
            names |= {package for one in own[1].split(",") for package in extras(one, known)}
        else:
            names.add(re.match(r"[\w-]+", line)[0])
    return names


def test_a_classroom_without_tensorflow_has_all_else():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    known = project["optional-dependencies"]
    assert "tensorflow" not in extras("lab", known) and extras("keras", known) == {"tensorflow"}
    (line,) = re.findall(
        r"^-e \.\[(.*)\]$", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.MULTILINE
    )
    brought = {package for one in line.split(",") for package in extras(one, known)}
    assert extras("lab", known) | {"tensorflow", "jupyter-book"} <= brought


# Binder, and what publishes


def pythons(text):
    return [tuple(map(int, found)) for found in re.findall(r"\b(3)[.,] ?(\d+)\b", text)]


def test_binder_takes_a_python_that_the_package_takes():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    least, above = pythons(project["requires-python"])
    (binder,) = pythons((ROOT / "runtime.txt").read_text(encoding="utf-8"))
    assert least <= binder < above


WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/book.yml").read_text(encoding="utf-8"))
TRIGGERS = WORKFLOW[True]  # YAML 1.1 reads the key `on` so
ON_MAIN = "github.ref == 'refs/heads/main'"


def steps():
    return [step for job in WORKFLOW["jobs"].values() for step in job["steps"]]


def test_what_the_workflow_runs_is_there():
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    lines = [line for step in steps() for line in step.get("run", "").splitlines()]
    assert ".ci/run" in lines and os.access(ROOT / ".ci/run", os.X_OK)
    named = [line.removeprefix("make ") for line in lines if line.startswith("make ")]
    assert named and set(named) <= set(targets)
    made = f"_build/{pack.NAME}.zip"
    assert f"cp {made} _build/html" in lines
    (uploaded,) = [s["with"]["path"] for s in steps() if "upload-pages" in s.get("uses", "")]
    assert (ROOT / uploaded) == pack.BOOK


def test_every_action_is_pinned_to_a_major_version():
    used = [step["uses"] for step in steps() if "uses" in step]
    assert used and all(re.fullmatch(r"actions/[\w-]+@v\d+", name) for name in used)


def test_only_main_is_published_and_only_after_the_tests():
    assert TRIGGERS["push"]["branches"] == ["main"] and "pull_request" in TRIGGERS
    publish = WORKFLOW["jobs"]["publish"]
    assert publish["if"] == ON_MAIN and publish["needs"] == "test"
    names = [step.get("run", step.get("uses")) for step in WORKFLOW["jobs"]["test"]["steps"]]
    tested = names.index(".ci/run")
    after = WORKFLOW["jobs"]["test"]["steps"][tested + 1 :]
    assert after and all(step["if"] == ON_MAIN for step in after)


def test_only_publishing_may_write():
    assert WORKFLOW["permissions"] == {"contents": "read"}
    allowed = {name: job.get("permissions") for name, job in WORKFLOW["jobs"].items()}
    assert allowed == {"test": None, "publish": {"pages": "write", "id-token": "write"}}


# The page for classrooms


def classroom(lang):
    return (ROOT / "chapters" / lang / "classroom.md").read_text(encoding="utf-8")


def less_than(lang, unit):
    """Return the bounds that the page states, in bytes: “less than 1.5 MB”."""
    words = {"es": "menos de", "en": "less than"}[lang]
    found = re.findall(rf"{words} ([\d.,]+) {unit}\b", classroom(lang))
    return [float(number.replace(",", ".")) * {"MB": 1e6, "GB": 1e9}[unit] for number in found]


ORDINALS = {
    "es": "primero segundo tercero cuarto quinto sexto séptimo octavo noveno",
    "en": "first second third fourth fifth sixth seventh eighth ninth",
}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_chapters_that_train_are_named(lang):
    """They multiply a step by a rate, or let Keras do it."""
    said = re.search(r"(?:train networks|entrenan redes)\.(.*)", classroom(lang))[1]
    named = {
        n for n, word in enumerate(ORDINALS[lang].split(), 1) if re.search(rf"\b{word}\b", said)
    }
    train = {
        int(path.name[:2])
        for path in (ROOT / "chapters" / lang).glob("*.ipynb")
        if re.search(r"rate \* |\.fit\(", path.read_text(encoding="utf-8"))
    }
    assert named == train


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_book_costs_no_more_than_the_page_says(book, unpacked, lang):
    zip_bound, book_bound = less_than(lang, "MB")
    assert unpacked.parent.with_suffix(".zip").stat().st_size < zip_bound
    pages = (book / "chapters" / lang).resolve().glob("*.html")
    files = set().union(*map(costs.fetched, pages))
    assert {".html", ".css", ".js", ".svg"} <= {path.suffix for path in files}
    assert sum(map(costs.sent, files)) < book_bound
    assert less_than(lang, "GB") == [3000 * book_bound]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_memory_of_thirty_students_is_the_sum_of_the_table(lang):
    server, plain, keras = map(int, re.findall(r"^\|.*\| (\d+) MB \|$", classroom(lang), re.M))
    said = re.search(r"(\d+) GB (?:con|with) Keras (?:y|and) (\d+) GB", classroom(lang))
    assert list(map(int, said.groups())) == [
        round(30 * (server + kernel) / 1000) for kernel in (keras, plain)
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_the_page_has_copied_is_there(lang):
    text = classroom(lang)
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    named = re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE)
    assert {"book", "zip", "lab", "bench"} == set(named) <= set(targets)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for found in re.findall(r'"\.\[([a-z,]+)\]"|EXTRAS=([a-z,]+)', text):
        assert set("".join(found).split(",")) <= set(project["optional-dependencies"])
    (settings,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    pod = yaml.safe_load(settings)["singleuser"]
    assert (ROOT / pod["defaultUrl"].removeprefix("/lab/tree/")).is_dir()
    shell = pod["lifecycleHooks"]["postStart"]["exec"]["command"][2]
    copied = re.findall(r"/srv/repo/(\w+)", shell)
    assert copied and all((ROOT / name).is_dir() for name in copied)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_links_that_open_the_chapters_are_well_formed(lang):
    hub, binder = (
        parse_qs(urlsplit(link).query, strict_parsing=True)
        for link in re.findall(r"^https://\S+\?\S+$", classroom(lang), re.MULTILINE)
    )
    assert hub["repo"] == ["https://example.org/your/book"] and hub["branch"] == ["main"]
    folder = hub["repo"][0].rpartition("/")[2]
    opened = [hub["urlpath"][0].removeprefix(f"lab/tree/{folder}/")]
    opened.append(binder["urlpath"][0].removeprefix("lab/tree/"))
    assert all((ROOT / path).is_dir() for path in opened)
