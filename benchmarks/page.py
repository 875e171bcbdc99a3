"""What a reader waits for: from slider to painted frame, and what each page sends.

Run by `make bench` on the built book. The mouse is a real one (input events of the browser), the
time runs from the event to the moment after the frame that shows it. Beside it, in the same run,
the usual way: `ipywidgets.interact` with matplotlib in JupyterLab.
"""

import argparse
import gzip
import math
import statistics
import sys
import tempfile
import threading
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / path) for path in ("", "tests/support")]
import monkey  # noqa: E402
from browsing import CHROMIUM_ARGUMENTS, find_chromium, serve  # noqa: E402
from explorer_pages import page_of  # noqa: E402
from jupyterlab_server import open_notebook, start_lab, write_notebook  # noqa: E402

from lstm_edu import figures  # noqa: E402
from lstm_edu.figures.base import length_of  # noqa: E402

BOOK = ROOT / "_build" / "html"
LARGEST = {  # how each explorer is opened at its largest, and the slider that is dragged
    "cell": ({"D": 3, "H": 4}, "x.0"),
    "gate": ({"preset": "sign"}, "b"),
    "gradient": ({"preset": "long"}, "radius"),
    "gru": ({"D": 3, "H": 4}, "x.0"),
    "layout": ({"D": 4, "H": 4}, "W.0.0"),
    "parameter": ({"preset": "stacked-both"}, "hidden_size"),
    "prediction": ({}, "W.0.0"),
    "recurrence": ({"T": 30, "H": 2}, "U.0.0"),
    "sequence": ({"T": 60, "D": 2, "H": 8}, "b.8"),
    "tensor": ({"preset": "largest"}, "D"),
}
WATCH = """() => {
  window.delays = [];
  document.addEventListener("input", (event) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => window.delays.push(performance.now() - event.timeStamp);
    channel.port2.postMessage(0);
  }), true);
}"""
COUNT = """() => {
  window.changes = [];
  new MutationObserver((records) => {
    window.changes.push(new Set(records.map(({ target }) => target)).size);
  }).observe(document.querySelector(".lstm-explorer"),
    { subtree: true, characterData: true, childList: true });
}"""
BARE = """<style>
  #texts { position: relative; height: 400px }
  span { position: absolute; contain: strict; width: 50px; height: 18px; font: 12px sans-serif }
</style>
<input type="range" data-role="slider" min="-1" max="1" step="0.001" style="width: 600px">
<div id="texts"></div>
<script>
  const texts = Array.from({ length: COUNT }, (_, k) => {
    const span = document.createElement("span");
    span.style = `left: ${(k % 16) * 60}px; top: ${Math.floor(k / 16) * 20}px`;
    document.getElementById("texts").append(span);
    return span.appendChild(document.createTextNode(""));
  });
  document.querySelector("input").addEventListener("input", ({ target }) =>
    requestAnimationFrame(() => texts.forEach((text, k) => {
      text.data = (target.valueAsNumber * (k + 1)).toFixed(4);
    })));
</script>"""
WATCH_IMAGE = """() => {
  window.delays = [];
  const area = document.querySelector(".jp-OutputArea");
  let since;
  document.addEventListener("pointermove", (event) => (since ??= event.timeStamp), true);
  new MutationObserver(() => {
    const image = area.querySelector("img");
    if (!image || image === window.last || since === undefined) return;
    window.last = image;
    const from = since;
    since = undefined;
    image.decode().then(() => requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => window.delays.push(performance.now() - from);
      channel.port2.postMessage(0);
    })).catch(() => {});
  }).observe(area, { subtree: true, childList: true, attributes: true });
}"""
INTERACT = """%matplotlib inline
import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
from lstm_edu import sigmoid

z = np.linspace(-8, 8, 161)

def draw(b):
    figure, (upper, lower) = plt.subplots(2, 1, figsize=(8, 3))
    s, t = sigmoid(z), np.tanh(z)
    for axes, curves in ((upper, (s, t)), (lower, (s * (1 - s), 1 - t**2))):
        for curve in curves:
            axes.plot(z, curve)
        axes.axvline(b)
        axes.set_xlim(-8, 8)
    for axes, values in ((upper, (sigmoid(b), np.tanh(b))),):
        for value in values:
            axes.plot(b, value, "o")
            axes.annotate(f"{value:.4f}", (b, value))
    plt.show()

_ = ipywidgets.interact(draw, b=ipywidgets.FloatSlider(min=-40, max=40, step=0.1))"""
OURS = 'from lstm_edu import GateExplorer\nGateExplorer(preset="half", lang="en")'


def drag(page, slider, moves, pause=0, reach=None):
    """Drag a slider to and fro with the mouse; return the delays in milliseconds."""
    slider.evaluate("slider => slider.scrollIntoView({ block: 'center' })")
    page.wait_for_timeout(300)
    box = slider.bounding_box()
    middle, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    reach = reach or 0.4 * box["width"]
    page.mouse.move(middle, y)
    page.mouse.down()
    for k in range(moves):
        page.mouse.move(middle + reach * math.sin(k / 9), y)
        page.wait_for_timeout(pause)
    page.mouse.up()
    page.wait_for_timeout(500)
    return page.evaluate("window.delays")


def opened(kind):
    """Return an explorer at its largest setting: a preset, or sizes that are filled at random."""
    given, _ = LARGEST[kind.kind.default_value]
    if not set(given) <= set("DTH"):
        return kind(lang="es", **given)
    rng = np.random.default_rng(0)
    arrays = {name: field for name, field in kind.table["fields"].items() if "axes" in field}
    state = {
        name: rng.uniform(-0.5, 0.5, [length_of(axis, given) for axis in field["axes"]]).round(2)
        for name, field in arrays.items()
        if field["type"] == "array" and "when" not in field and given
    }
    return kind(
        lang="es", **state, **{name: given[name] for name in given if name in kind.table["fields"]}
    )


def slider_delays(browser, kind, folder, *, width, throttle, moves=240, counting=False):
    """Drag one slider of an explorer at its largest setting; or count what it changes."""
    path = folder / f"{kind.__name__}.html"
    path.write_text(page_of(opened(kind)), encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(path.as_uri())
    page.locator(".lstm-explorer").wait_for()
    if throttle > 1:
        session = page.context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": throttle})
    _, name = LARGEST[kind.kind.default_value]
    slider = page.locator(f'[data-name="{name}"][data-role="slider"]')
    if counting:
        page.evaluate(COUNT)
    page.evaluate(WATCH)
    delays = drag(page, slider, moves)
    changes = page.evaluate("window.changes")
    page.close()
    return changes if counting else delays


def bare_delays(browser, texts, *, throttle, moves=240):
    """Drag a bare slider that changes so many texts of a bare page, and does nothing else."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_content(BARE.replace("COUNT", str(texts)))
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": throttle})
    page.evaluate(WATCH)
    delays = drag(page, page.locator("input"), moves)
    page.close()
    return delays


def summary(delays):
    p95 = statistics.quantiles(delays, n=20)[-1]
    return len(delays), statistics.median(delays), p95, max(delays)


def print_sliders(browser, kinds):
    print("Slider event to painted frame, each explorer at its largest setting, ms")
    print(f"{'':<20}{'width':>7}{'slowed':>8}{'events':>8}{'median':>8}{'p95':>8}{'max':>8}")
    with tempfile.TemporaryDirectory() as folder:
        for kind in kinds:
            for width, throttle in ((1280, 1), (360, 1), (1280, 4)):
                delays = slider_delays(browser, kind, Path(folder), width=width, throttle=throttle)
                events, median, p95, most = summary(delays)
                print(
                    f"{kind.__name__:<20}{width:>7}{throttle:>7}×{events:>8}"
                    f"{median:>8.1f}{p95:>8.1f}{most:>8.1f}",
                    flush=True,
                )
            # What a bare page takes to change as many texts: nothing that shows them takes less.
            counts = slider_delays(
                browser, kind, Path(folder), width=1280, throttle=1, moves=60, counting=True
            )
            texts = round(statistics.median(counts))
            events, median, p95, most = summary(bare_delays(browser, texts, throttle=4))
            print(
                f"{f'  {texts} bare texts':<20}{1280:>7}{4:>7}×{events:>8}"
                f"{median:>8.1f}{p95:>8.1f}{most:>8.1f}",
                flush=True,
            )


def print_beside_interact(browser):
    """The gate's two plots by `interact` with matplotlib, and our explorer, in one JupyterLab."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as home:
        write_notebook(Path(folder) / "beside.ipynb", [INTERACT, OURS])
        results = {}
        with start_lab(Path(folder), Path(home)) as lab:
            page = browser.new_page(viewport={"width": 1280, "height": 1200})
            run = open_notebook(page, lab, "beside")
            cell = run(0)
            cell.locator(".jp-OutputArea img").wait_for()
            page.evaluate(WATCH_IMAGE)
            handle = cell.locator(".noUi-handle")
            # A drawing takes longer than a frame: one move at a time, as a patient reader.
            results["interact"] = summary(drag(page, handle, 30, pause=500, reach=60))
            figure = run(1).locator(".lstm-explorer")
            figure.wait_for()
            page.evaluate(WATCH)
            slider = figure.locator('[data-name="b"][data-role="slider"]')
            results["explorer"] = summary(drag(page, slider, 240))
            page.close()
    print("\nThe gate's figure in JupyterLab, slider event to painted frame, ms")
    print(f"{'':<32}{'events':>8}{'median':>8}{'p95':>8}{'max':>8}")
    for name, (events, median, p95, most) in results.items():
        print(f"{name:<32}{events:>8}{median:>8.1f}{p95:>8.1f}{most:>8.1f}")
    ratio = results["interact"][1] / results["explorer"][1]
    print(f"interact with matplotlib / explorer: {ratio:.1f}")


def print_memory(browser, kinds, operations):
    """Random operations on each explorer, and what is left in memory."""
    print(
        f"\n{operations} random operations: problems, and heap (kB), nodes, listeners before/after"
    )
    with ThreadingHTTPServer(("127.0.0.1", 0), monkey.Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        for kind in kinds:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            errors = []
            page.on("pageerror", lambda error, errors=errors: errors.append(str(error)))
            page.on(
                "console",
                lambda message, errors=errors: (
                    errors.append(message.text) if message.type == "error" else None
                ),
            )
            monkey.mount(page, address, kind(lang="es"))
            session = page.context.new_cdp_session(page)
            errors += monkey.play(page, operations // 10, seed=1)
            before = monkey.memory(page, session)
            errors += monkey.play(page, operations, seed=2)
            after = monkey.memory(page, session)
            heap = f"{before[0] / 1000:.0f}/{after[0] / 1000:.0f}"
            rest = "  ".join(f"{a}/{b}" for a, b in zip(before[1:], after[1:], strict=True))
            print(f"{kind.__name__:<20}{len(errors):>3}  {heap}  {rest}  {errors[:2]}", flush=True)
            page.close()
        server.shutdown()


def asked_by(page, address, site):
    """Return the files that a first visit of a page asks for."""
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address, wait_until="networkidle")
    files = {site / urlsplit(url).path.lstrip("/") for url in asked if url.startswith("http")}
    return {path for path in files if path.is_file()}


def packed(files):
    return sum(len(gzip.compress(path.read_bytes(), 6)) for path in files) / 1000


def print_weights(browser):
    if not BOOK.is_dir():
        sys.exit("There is no built book: run make book first.")
    print("\nWhat a page sends, kB by gzip: on a first visit, and to who comes from chapter 1")
    print(f"{'page':<40}{'files':>7}{'first':>8}{'next':>8}")
    with serve(BOOK) as site:
        names = [path.name for path in sorted((BOOK / "chapters/es").glob("*.html"))]
        asked = {}
        for name in names:
            page = browser.new_context().new_page()
            asked[name] = asked_by(page, f"{site}chapters/es/{name}", BOOK)
            page.close()
        for name, files in asked.items():
            new = files - asked[names[0]]
            print(f"{name:<40}{len(files):>7}{packed(files):>8.0f}{packed(new):>8.0f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", help="one explorer's class, as GateExplorer: its sliders alone")
    parser.add_argument("--operations", type=int, default=10_000)
    options = parser.parse_args()
    kinds = [*figures.KINDS.values()]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS
        )
        if options.only:
            return print_sliders(browser, [getattr(figures, options.only)])
        print_sliders(browser, kinds)
        print_beside_interact(browser)
        print_memory(browser, kinds, options.operations)
        print_weights(browser)
        browser.close()


if __name__ == "__main__":
    main()
