"""Explorers on a page of their own in a real browser, and what may be read off them."""

import re

from rules.pages import ROOT

STATIC = ROOT / "lstm_edu" / "static"
READ = """figure => [...figure.querySelectorAll("[data-name][data-value]")]
  .filter((element) => !element.closest("[hidden]"))
  .map(({dataset: {name, value}, textContent: text}) => ({name, value: Number(value), text}))"""
NEXT_FRAME = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def page_of(*explorers, theme="light"):
    """Return the HTML of a page with these explorers, as the book would hold them.

    In DejaVu Sans, which is the widest of the systems' own fonts.
    """
    lang = explorers[0].lang
    kinds = ["kit", *dict.fromkeys(explorer.kind for explorer in explorers)]
    styles = [(STATIC / f"{name}.css").as_uri() for name in ("palette", *kinds)]
    scripts = [(STATIC / f"{name}.{lang}.js").as_uri() for name in kinds]
    return (
        f'<!doctype html><html lang="{lang}" data-theme="{theme}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Explorers</title>'
        + "".join(f'<link rel="stylesheet" href="{style}">' for style in styles)
        + "".join(f'<script defer src="{script}"></script>' for script in scripts)
        + "</head>"
        '<body style="margin:8px;font-family:DejaVu Sans,sans-serif;'
        'background:var(--lstm-paper)"><main>'
        + "".join(explorer.to_html() for explorer in explorers)
        + "</main></body></html>"
    )


def written(text):
    """The number that a text shows: "0.8191", "(−0.20)", "3.35e−4", "1−3e−7" for nearly 1."""
    return read(text)[0]


def read(text):
    """The number that a text shows, and one of its last digit."""
    plain = text.replace("\N{MINUS SIGN}", "-")
    if almost := re.search(r"(-?1)([+-]\d[\d.]*e-\d+)\D*$", plain):
        gap, last = read(almost[2])
        return float(almost[1]) + gap, last
    sign, whole, decimals, power = re.findall(r"(-?)(\d+)(?:\.(\d+))?(?:e(-?\d+))?", plain)[-1]
    exponent = int(power or 0)
    value = float(f"{sign}{whole}.{decimals or 0}e{exponent}")
    return value, 10.0 ** (exponent - len(decimals))


# Sums whose terms cancel: those of a rotation, say, whose 0 is what rounding leaves of it. They
# keep their digits only as a share of their terms.
CANCELLED = {"recurrence": {"z", "h", "slope", "contribution", "bias"}}


def allowance(explorer, name, expected):
    """How far a number on the page may lie from Python's.

    One billionth of a thousandth of itself; of the largest number of its kind, times a
    thousandth, where its terms may cancel.
    """
    of = abs(expected[name])
    key = name.split(".")[0]
    if key in CANCELLED.get(explorer.kind, ()):
        kin = [abs(value) for other, value in expected.items() if other.split(".")[0] == key]
        of = max(of, 1e-3 * max(kin))
    return 1e-12 * of


def settle(figure):
    """Wait until all is drawn, what takes a while too."""
    figure.evaluate(NEXT_FRAME)
    figure.page.wait_for_function("() => !document.querySelector('[aria-busy=true]')")
    figure.evaluate(NEXT_FRAME)


def assert_shows(figure, explorer, chief=()):
    """Every number on the figure, in full and as it is written, is the package's."""
    settle(figure)
    expected = explorer.numbers()
    shown = figure.evaluate(READ)
    assert shown, "the figure shows no number"
    missing = set(chief) - {number["name"] for number in shown}
    assert not missing, f"the figure does not show {sorted(missing)}"
    for number in shown:
        want = expected[number["name"]]
        within = allowance(explorer, number["name"], expected)
        assert abs(number["value"] - want) <= within, (number, want)
        if number["text"].strip():
            told, last = read(number["text"])
            assert abs(told - want) <= 0.501 * last + within, (number, want)


def control(figure, name, role="field"):
    """The slider or the field of a number."""
    return figure.locator(f'[data-name="{name}"][data-role="{role}"]')


def type_number(figure, name, value):
    """Write a number into its field, as a reader would."""
    field = control(figure, name)
    field.fill(str(value))
    field.press("Enter")


def drag(page, slider, start, *shares):
    """Drag a slider's handle from a share of its width to others, a frame at each; let it go."""
    box = slider.bounding_box()
    left, width, y = box["x"], box["width"], box["y"] + box["height"] / 2
    page.mouse.move(left + min(start * width, width - 7), y)
    page.mouse.down()
    for share in shares:
        page.mouse.move(left + share * width, y)
        slider.evaluate(NEXT_FRAME)
    page.mouse.up()
