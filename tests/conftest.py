"""What the tests share: the built book, a server for it, a browser, and no skipping in CI."""

import os
from pathlib import Path

import pytest
from browsing import CHROMIUM_ARGUMENTS, Pages, find_chromium, serve
from building import build_book
from processes import install_node_modules, once_per_run

from rules.pages import ROOT

collect_ignore = ["numerics/pytorch_reference.py"]  # a script, and PyTorch is not installed here
CI = bool(os.environ.get("CI"))
HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(config, items):
    """Each test bears the name of its room, the folder in which it stands: `pytest -m numerics`."""
    rooms = {line.partition(":")[0] for line in config.getini("markers")}
    for item in items:
        if item.path.is_relative_to(HERE):
            path = item.path.relative_to(HERE)
            if path.parts[0] not in rooms:
                raise pytest.UsageError(
                    f"tests/{path} stands in none of the rooms that pyproject.toml marks. "
                    "Move it into one, or name its folder there."
                )
            item.add_marker(path.parts[0])


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


# The book


@pytest.fixture(scope="session")
def root():
    """The repository."""
    return ROOT


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


@pytest.fixture(scope="session")
def node_modules(tmp_path_factory):
    """The folder of the front-end's packages: filled by one worker, the others wait."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "node_modules"
    problem = once_per_run(folder, install_node_modules)
    if problem:
        pytest.fail(problem, pytrace=False)
    return ROOT / "frontend" / "node_modules"


@pytest.fixture(scope="session")
def served(book):
    """The built book over http: its address, ending in a slash."""
    with serve(book) as address:
        yield address


# The browser


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
