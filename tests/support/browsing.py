"""A server on the loopback, and a browser that notes all that must not happen."""

import contextlib
import functools
import http.server
import os
import shutil
import threading
from urllib.parse import urlsplit


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
