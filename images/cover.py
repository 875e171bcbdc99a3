"""Draw the covers that social cards show: the start page's living cell, under the book's title.

make book && .venv/bin/python images/cover.py
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))
from browsing import CHROMIUM_ARGUMENTS, find_chromium  # noqa: E402

SIZE = {"width": 1200, "height": 630}  # pixels, as cards are cut
STYLE = """
.masthead, .contents, .turn, footer, article section > :not(h1, lstm-explorer) {
  display: none !important;
}
.page { display: block; padding: 0 130px; }
.start h1 { margin: 38px 0 16px; font-size: 62px; }
article section > lstm-explorer { max-width: 940px; margin: 0; }
body { height: 630px; overflow: hidden; border-bottom: 14px solid var(--lstm-c); }
"""


def main():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find_chromium(), args=CHROMIUM_ARGUMENTS
        )
        for language in ("es", "en"):
            page = browser.new_page(viewport=SIZE, color_scheme="light")
            page.goto((ROOT / f"_build/html/chapters/{language}/index.html").as_uri())
            page.add_style_tag(content=STYLE)
            page.wait_for_timeout(500)
            page.screenshot(path=ROOT / "images" / f"cover.{language}.png")
        browser.close()


if __name__ == "__main__":
    main()
