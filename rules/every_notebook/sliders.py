"""Sliders, in widgets and in figures."""

import re

from rules.every_page.images import alt_problems
from rules.pages import NAMES, SLIDER_FIGURE, html_events, mimes, slider_figures, where

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
WIDGET_REPR = re.compile(r"(?:interactive|\w*Slider|\w*Box|Dropdown|ToggleButtons?|Output)\(")
CONTROLS = ("input", "select", "button", "textarea")
ALIVE = (
    "Draw with lstm_edu.slider_figure(function, alt=…, name=[values]), whose sliders move on the "
    "page too, or take the widget out."
)


def rule(page):
    """A slider that is stored moves on the rendered page; what its figure shows is said."""
    problems, names = [], {}
    for cell in page.code():
        here = where(page, cell)
        for data in map(mimes, cell.outputs):
            html = data.get("text/html", "")
            is_widget = WIDGET_VIEW in data or WIDGET_REPR.match(data.get("text/plain", ""))
            if is_widget and not re.search("<lstm-(explorer|slider-figure)", html):
                problems.append(
                    f"{here}: its output is a widget that needs a running kernel: on the page it "
                    f"would be dead. {ALIVE}"
                )
            problems += [
                f"{here}: its HTML holds a <{event[0]}> that nothing on the page answers. {ALIVE}"
                for event in html_events(SLIDER_FIGURE.sub("", html))
                if event[0] in CONTROLS
            ]
            for figure in slider_figures(html):
                if figure.name in names:
                    problems.append(
                        f"{here}: a second figure called {figure.name!r}, as in cell "
                        f'{names[figure.name]}. Give one a name of its own, name="…".'
                    )
                names[figure.name] = cell.number
                wrong = [p for alt in figure.alts for p in alt_problems(alt, page.lang)]
                problems += [
                    f"{here}: a picture of its slider figure {problem}. Mend alt=… in the cell: "
                    f"what one sees, in a {NAMES[page.lang]} sentence."
                    for problem in wrong[:1]
                ]
    return problems
