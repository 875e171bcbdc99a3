"""What a reader waits for: from slider to painted frame, and what each page sends.

Run by `make bench` on the built book. The mouse is a real one (input events of the browser), the
time runs from the event to the moment after the frame that shows it.
"""

import gzip
import math
import statistics
import sys
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
from conftest import CHROMIUM_ARGUMENTS, find_chromium, serve  # noqa: E402

BOOK = ROOT / "_build" / "html"
CHAPTER = "chapters/es/04_inside_the_cell.html"
WATCH = """() => {
  window.delays = [];
  document.addEventListener("input", (event) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => window.delays.push(performance.now() - event.timeStamp);
    channel.port2.postMessage(0);
  }), true);
}"""


def slider_delays(browser, address, *, width, throttle, moves=300):
    """Drag the slider of x₁ in the largest cell; return the delays in milliseconds."""
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(address)
    figure = page.locator("lstm-explorer")
    for letter, size in (("D", "3"), ("H", "4")):
        figure.locator(f'[data-role="size"][data-name="{letter}"]').select_option(size)
    if throttle > 1:
        session = page.context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": throttle})
    page.evaluate(WATCH)
    slider = figure.locator('[data-name="x.0"][data-role="slider"]')
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    middle, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(middle, y)
    page.mouse.down()
    for k in range(moves):
        page.mouse.move(middle + 0.4 * box["width"] * math.sin(k / 9), y)
    page.mouse.up()
    page.wait_for_timeout(300)
    delays = page.evaluate("window.delays")
    page.close()
    return delays


def page_weight(browser, address, site):
    """Return (requests, bytes as they are, bytes by gzip) of a first visit."""
    page = browser.new_context().new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address, wait_until="networkidle")
    page.close()
    files = [site / urlsplit(url).path.lstrip("/") for url in asked if url.startswith("http")]
    contents = [path.read_bytes() for path in files if path.is_file()]
    return len(files), sum(map(len, contents)), sum(len(gzip.compress(c, 6)) for c in contents)


def main():
    if not BOOK.is_dir():
        sys.exit("There is no built book: run make book first.")
    with serve(BOOK) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS
        )
        print("Slider event to painted frame, largest cell (D = 3, H = 4), ms")
        print(f"{'width':>7}{'slowed':>8}{'events':>8}{'median':>8}{'p95':>8}{'max':>8}")
        for width, throttle in ((1280, 1), (360, 1), (1280, 4)):
            delays = slider_delays(browser, site + CHAPTER, width=width, throttle=throttle)
            p95 = statistics.quantiles(delays, n=20)[-1]
            print(
                f"{width:>7}{throttle:>7}×{len(delays):>8}"
                f"{statistics.median(delays):>8.1f}{p95:>8.1f}{max(delays):>8.1f}"
            )
        print("\nA first visit, kB")
        print(f"{'page':<40}{'requests':>9}{'plain':>8}{'gzip':>8}")
        for name in ("index.html", "chapters/es/index.html", CHAPTER, "chapters/es/notation.html"):
            requests, plain, packed = page_weight(browser, site + name, BOOK)
            print(f"{name:<40}{requests:>9}{plain / 1000:>8.0f}{packed / 1000:>8.0f}")
        browser.close()


if __name__ == "__main__":
    main()
