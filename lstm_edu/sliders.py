"""A slider figure: any function that draws with matplotlib, alive in Jupyter and on the page.

The function is called beforehand for every combination of the sliders' values. The rendered page
holds these pictures and shows the one that the sliders stand at. In Jupyter each move calls the
function again, so that other data, or another function of the same name, shows.
"""

import gzip
import html
import inspect
import io
import itertools
import json
import math
import re
from collections.abc import Mapping
from typing import NamedTuple

import anywidget
import numpy as np
import traitlets
from cycler import cycler
from matplotlib import pyplot as plt
from matplotlib import rc_context
from matplotlib.artist import Artist
from matplotlib.backend_bases import MouseEvent
from matplotlib.collections import Collection, QuadMesh
from matplotlib.colors import to_hex, to_rgba
from matplotlib.contour import ContourSet
from matplotlib.image import _ImageBase
from matplotlib.patches import Patch
from matplotlib.table import Table
from matplotlib.transforms import Bbox

from lstm_edu.figures.asleep import asleep
from lstm_edu.figures.base import STATIC, built, check_name
from lstm_edu.language import LANGUAGES, language, text
from lstm_edu.palette import PALETTE, VARIABLES, line_style

__all__ = ["SliderFigure", "slider_figure"]

MAX_PICTURES = 60
MAX_KILOBYTES = 100  # of all pictures together, as a server sends them (gzip)

INK, PAPER, FAINT = (PALETTE[name]["light"] for name in ("ink", "paper", "faint"))
# Black, which matplotlib draws unasked, is ink too: it would not show on a dark page.
COLOURS = VARIABLES | {"#000000": VARIABLES[INK]}
LINES = [line_style(quantity) for quantity in "ifgoch"]
LOOK = {
    "figure.figsize": (5.6, 3.2),
    **dict.fromkeys(("figure.facecolor", "axes.facecolor"), PAPER),
    **dict.fromkeys(("text.color", "axes.edgecolor", "axes.labelcolor"), INK),
    **dict.fromkeys(("xtick.color", "ytick.color", "patch.edgecolor", "hatch.color"), INK),
    "grid.color": FAINT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "legend.frameon": False,
    "axes.prop_cycle": cycler(color=[line["color"] for line in LINES])
    + cycler(linestyle=[line["linestyle"] for line in LINES]),
    "svg.fonttype": "none",  # text stays text, in the page's font
    "svg.hashsalt": "lstm_edu",  # the same to the last byte on every run
}


def slider_figure(draw, *, alt, labels=None, name=None, lang=None, **sliders):
    """Return a figure with sliders that shows what `draw` draws at their values.

    Parameters
    ----------
    draw : callable
        Draws with matplotlib, into the current figure or one of its own, or returns a Figure or
        an Axes. Called as ``draw(**values)``, with one value of each slider. Its defaults are
        where the sliders start, if they are on them; else they start at their first values. It
        draws in the book's look; colours of the palette follow the page's light or dark.
    alt : str or callable
        What the picture shows at these values, in a sentence for those who do not see it: a
        format string, ``"A curve that falls to {a}."``, or a function of the values.
    labels : dict, optional
        What the reader reads beside a slider, ``{name: words}``; by default its name.
    name : str, optional
        The figure's address on the page; by default, the function's name.
    lang : {"es", "en"}, optional
        By default, what `use_language` chose.
    **sliders
        For each slider its values, at least two: a list, a range or an array of numbers, a list
        of words, or a dict ``{what the reader sees: what draw receives}``.

    Returns
    -------
    SliderFigure
        End the cell with it. ``figure.values`` is where the sliders stand.

    Raises
    ------
    TypeError
        If `draw` or `alt` is not what is said above, or `draw` and the sliders do not fit.
    ValueError
        If a slider's values are too few, too many, equal or not finite; if `draw` fails, draws
        nothing, or does not use a slider; if the pictures are more than 60, or weigh more than
        100 kB (compressed). The message says how to come under the bound.

    Examples
    --------
    >>> import numpy as np
    >>> from matplotlib import pyplot as plt
    >>> def power(base=2):
    ...     plt.plot(np.arange(6), base ** np.arange(6.0))
    >>> figure = slider_figure(power, base=[0.5, 1, 2], alt="A curve that ends at {base}^5.")
    >>> figure.values
    {'base': 2}
    >>> figure.alt
    'A curve that ends at 2^5.'
    """
    if not callable(draw):
        raise TypeError(f"draw: expected a function, got {draw!r}. Hint: its name, without ().")
    if not (callable(alt) or isinstance(alt, str)) or alt == "":
        raise TypeError(
            f"alt: expected a format string or a function of the sliders' values, got {alt!r}. "
            'Hint: a sentence such as alt="A curve that falls to {a}."'
        )
    check_parameters(draw, sliders)
    labels = dict(labels or {})
    if unknown := sorted(set(labels) - set(sliders)):
        raise TypeError(f"labels: expected names of sliders, {', '.join(sliders)}, got {unknown}.")
    sliders = [
        read_slider(key, given, labels.get(key, key), start_of(draw, key))
        for key, given in sliders.items()
    ]
    return SliderFigure(draw, alt, sliders, name or name_of(draw), language(lang))


# --- the sliders -----------------------------------------------------------------------------


class Slider(NamedTuple):
    name: str
    label: str  # what the reader reads beside it
    values: tuple  # what `draw` receives, one value per place of the slider
    texts: tuple  # what the reader reads of each value
    start: int  # the place where it opens


def check_parameters(draw, sliders):
    """Refuse sliders that `draw` does not take, and parameters that no slider gives."""
    parameters = inspect.signature(draw).parameters.values()
    named = [p.name for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    needed = [p.name for p in parameters if p.name in named and p.default is p.empty]
    unknown = [name for name in sliders if name not in named]
    if unknown and not any(p.kind is p.VAR_KEYWORD for p in parameters):
        raise TypeError(
            f"{unknown[0]}: expected a parameter of {name_of(draw)}, which takes "
            f"{', '.join(named) or 'none'}. Hint: a slider bears its parameter's name."
        )
    if missing := [name for name in needed if name not in sliders]:
        raise TypeError(
            f"{missing[0]}: expected values for this parameter of {name_of(draw)}, got none. "
            f"Hint: give it a slider, {missing[0]}=[…], or a default in the function."
        )
    if not sliders:
        raise TypeError("sliders: expected at least one, got none. Hint: as in bias=range(7).")


def start_of(draw, name):
    parameter = inspect.signature(draw).parameters.get(name)
    return parameter.default if parameter else None


def read_slider(name, given, label, start):
    """Check the values of a slider; see `slider_figure` for what they may be."""

    def refuse(expected, got, hint):
        raise ValueError(f"{name}: expected {expected}, got {got}. Hint: {hint}.")

    if isinstance(given, str | tuple | set) or np.ndim(given) != (not isinstance(given, Mapping)):
        hint = f"write {name}=[0, 0.5, 1], or np.linspace(0, 1, 5) for a first, a last and how many"
        refuse("a list, a range, an array or a dict of values", repr(given), hint)
    if isinstance(given, Mapping):
        values, texts = tuple(given.values()), tuple(map(str, given))
    else:
        values = tuple(plain(value) for value in given)
        for value in values:
            if isinstance(value, bool) or not isinstance(value, int | float | str):
                hint = 'for anything else give a dict, {"what is read": what is drawn}'
                refuse("numbers or words", repr(value), hint)
            if isinstance(value, float) and not math.isfinite(value):
                refuse("finite numbers", repr(value), "there is nothing to draw beyond them")
        texts = tuple(map(written, values))
    if len(values) < 2:
        refuse("at least two values", f"{len(values)}", "a slider that cannot move is no slider")
    if twice := sorted({one for one in texts if texts.count(one) > 1}):
        refuse("different values", f"{twice[0]} twice", "leave one out, or round less closely")
    places = [k for k, value in enumerate(values) if value is start or same(value, start)]
    return Slider(name, label, values, texts, places[0] if places else 0)


def plain(value):
    """Return a NumPy number as Python's, free of the last digits of 0.1 + 0.2."""
    value = value.item() if isinstance(value, np.generic) else value
    return float(f"{value:.12g}") if isinstance(value, float) else value


def written(value):
    """Return a value as the reader reads it.

    >>> written(-0.5), written(1 / 3), written(3)
    ('−0.5', '0.333333', '3')
    """
    shown = f"{value:g}" if isinstance(value, float) else str(value)
    return shown if isinstance(value, str) else shown.replace("-", "\N{MINUS SIGN}")


def same(value, other):
    return isinstance(value, int | float | str) and type(other) is not bool and value == other


# --- one picture -----------------------------------------------------------------------------


def name_of(draw):
    """Return the function's name as an address: lower case, with hyphens."""
    words = re.findall(r"[a-z0-9]+", getattr(draw, "__name__", "").lower())
    return re.sub(r"^(?![a-z])", "figure-", "-".join(words))


def at(values):
    return ", ".join(f"{name}={value!r}" for name, value in values.items())


def drawn(draw, values):
    """Return the figure that `draw` makes at these values; pyplot's own stay as they were."""
    before = set(plt.get_fignums())
    plt.figure()
    try:
        result = draw(**values)
        figure = result.get_figure(root=True) if isinstance(result, Artist) else plt.gcf()
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise ValueError(
            f"draw: expected a picture for {at(values)}, got {reason}. "
            f"Hint: call {name_of(draw)}({at(values)}) by itself."
        ) from error
    finally:
        for number in set(plt.get_fignums()) - before:
            plt.close(number)
    if len(figure.get_children()) < 2:  # its background alone
        raise ValueError(
            f"draw: expected a picture for {at(values)}, got an empty figure. Hint: make the "
            "figure inside the function, leave plt.show() out, or return the Figure or the Axes."
        )
    return figure


def said(alt, values):
    """Return the alternative text at these values."""
    try:
        words = alt(**values) if callable(alt) else alt.format(**values)
    except Exception as error:
        hint = f"its names are {', '.join(values)}"
        if callable(alt):
            hint = f"call it by itself, with {at(values)}"
        raise ValueError(
            f"alt: expected a text for {at(values)}, got {type(error).__name__}: "
            f"{str(error).rstrip('.')}. Hint: {hint}."
        ) from error
    if not isinstance(words, str) or not words.strip():
        raise TypeError(
            f"alt: expected a text for {at(values)}, got {words!r}. Hint: say what one sees."
        )
    return words


def frame_around(figures):
    """Return the box, in inches, that holds all that stands in any of these figures.

    Pictures of one size do not jump, and nothing is cut off.
    """
    for figure in figures:
        if figure.get_layout_engine():
            figure.draw_without_rendering()  # a layout finds its places when it is drawn
    return Bbox.union([figure.get_tightbbox() for figure in figures]).padded(0.1)


AS_DRAWN = "as-drawn-"


def is_ground(artist):
    """Whether something is of the page's own colour, or of none, so that ink shows on it."""
    return (
        not artist.get_visible()
        or to_rgba(artist.get_facecolor())[3] == 0
        or (to_hex(artist.get_facecolor()) == PAPER)
    )


def is_picture(artist):
    """Whether an artist fills its axes with colours, and what is drawn over it stands on them."""
    filled = isinstance(artist, ContourSet) and artist.filled
    return filled or isinstance(artist, _ImageBase | QuadMesh)


def covers(artist, event):
    """Whether a coloured shape, no mere line, lies where the event is."""
    if isinstance(artist, Patch):
        return artist.get_fill() and not is_ground(artist) and artist.contains(event)[0]
    return isinstance(artist, Collection) and artist.get_fill() and artist.contains(event)[0]


def mark_what_keeps_its_colours(figure):
    """Give an id to what stands on a ground of its own: in light and dark it stays as drawn.

    That is what is drawn over an image, or in axes of another colour; a table; a text in a box;
    and a text on a bar or another coloured shape, with that shape.
    """
    kept = []
    for ax in figure.axes:
        around = {*ax.spines.values(), ax.xaxis, ax.yaxis, ax.title, ax._left_title}
        inside = [one for one in ax.get_children() if one not in around | {ax._right_title}]
        kept += [one for one in inside if isinstance(one, Table)]
        if not is_ground(ax.patch) or any(map(is_picture, inside)):
            kept += inside
            continue
        for words in ax.texts:
            x, y = words.get_window_extent().get_points().mean(axis=0)
            event = MouseEvent("motion_notify_event", figure.canvas, x, y)
            under = [one for one in inside if one is not ax.patch and covers(one, event)]
            kept += [words, *under] if under or words.get_bbox_patch() else []
    kept += [words for words in figure.texts if words.get_bbox_patch()]
    for number, artist in enumerate(kept):
        artist.set_gid(f"{AS_DRAWN}{number}")


def coloured(svg, on_page):
    """Give what stands on the figure's own ground the colours of the page."""
    depth = 0

    def tag(found):
        nonlocal depth
        group = found[0].startswith("<g")
        opens = group and (f'id="{AS_DRAWN}' in found[0] or not on_page)
        depth += (group and (opens or depth > 0)) - (depth > 0 and found[0] == "</g>")
        if opens and depth == 1:  # an SVG does not say of black that it is black
            return found[0].replace("<g", '<g fill="#000000"', 1)
        if depth:
            return found[0]
        return re.sub(r"#[0-9a-f]{6}\b", lambda one: COLOURS.get(one[0], one[0]), found[0])

    return re.sub(r"<[^>]*>", tag, svg)


def svg_lines(figure, frame, name):
    """Return the figure as a piece of HTML: its lines, without what only a file needs."""
    file = io.BytesIO()
    figure.draw_without_rendering()  # places are known from here on
    mark_what_keeps_its_colours(figure)
    metadata = {"Date": None, "Creator": None}
    figure.savefig(file, format="svg", bbox_inches=frame, metadata=metadata)
    svg = file.getvalue().decode()
    view = re.search(r'viewBox="([^"]*)"', svg)[1]
    unused = (
        r"^.*?<svg[^>]*>|<metadata>.*?</metadata>|<style.*?</style>|<defs>\s*</defs>|<!--.*?-->"
    )
    svg = re.sub(unused, "", svg, flags=re.DOTALL)
    svg = coloured(svg, is_ground(figure.patch))
    svg = re.sub(r"<[^>]*>", lambda tag: tidy(tag[0], name), svg)
    lines = [line.strip() for line in svg.splitlines() if line.strip()]
    width = float(view.split()[2])
    start = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{rounded(view)}" '
        f'fill="{VARIABLES[INK]}" style="width: {width:.0f}pt">'
    )
    return [start, *lines]


def tidy(tag, name):
    """Give a tag ids of this figure's own, and no more digits than show."""
    tag = re.sub(r"font-family: 'DejaVu Sans'[^;\"]*;? ?", "", " ".join(tag.split()))
    tag = re.sub(r'\b(?:xlink:)?(id="|href="#|url\(#)([^")]+)', rf"\g<1>\g<2>-{name}", tag)
    exact = r' (?:d|x|y|points)="[^"]*"|(?:translate|rotate)\([^)]*\)'
    return re.sub(exact, lambda numbers: rounded(numbers[0]), tag).replace("xlink:", "")


def rounded(numbers):
    """Round the numbers of a text to a hundredth of a point.

    >>> rounded("M 1.23456 -0.001 L 20.0 3")
    'M 1.23 0 L 20 3'
    """
    return re.sub(r"-?\d+\.\d+", lambda n: f"{round(float(n[0]), 2) + 0:g}", numbers)


# --- the figure ------------------------------------------------------------------------------


class SliderFigure(anywidget.AnyWidget):
    """A figure with sliders: a widget in Jupyter, an HTML element on the page.

    Made by `slider_figure`.

    Attributes
    ----------
    values : dict
        What the sliders stand at. Assign some or all of them and the figure moves.
    alt : str
        What the picture shows, as somebody hears it who does not see it.
    """

    _esm = STATIC / "sliders.mjs"
    _css = built("palette.css", "kit.css", "sliders.css")

    lang = traitlets.Enum(LANGUAGES).tag(sync=True)
    body = traitlets.Unicode().tag(sync=True)  # picture and sliders, as the figure opens
    places = traitlets.List(traitlets.Int()).tag(sync=True)  # of each slider, counted from 0
    picture = traitlets.Dict().tag(sync=True)  # {"svg", "alt"}, or {"error"}

    def __init__(self, draw, alt, sliders, name, lang):
        check_name(name)
        self._draw, self._alt, self._sliders, self._name = draw, alt, sliders, name
        self._stored = self._predraw()
        super().__init__(lang=lang, places=[slider.start for slider in sliders])
        self.picture = self._drawn_before(self.places)
        self.body = self._body()
        self.observe(self._redraw, "places")

    @property
    def values(self):
        return self._values_at(self.places)

    @values.setter
    def values(self, values):
        places = dict(zip(self.values, self.places, strict=True))
        for name, value in values.items():
            slider = next((one for one in self._sliders if one.name == name), None)
            if slider is None or plain(value) not in slider.values:
                expected = ", ".join(slider.texts if slider else places)
                raise ValueError(f"{name}: expected one of {expected}, got {value!r}.")
            places[name] = slider.values.index(plain(value))
        self.places = list(places.values())

    @property
    def alt(self):
        return said(self._alt, self.values)

    def to_html(self):
        """Return the form for the rendered page: the figure, and all its pictures as JSON."""
        return (
            f'<lstm-slider-figure id="{self._name}" lang="{self.lang}">{self._body()}'
            f'<script type="application/json">{as_json(self._stored)}</script></lstm-slider-figure>'
        )

    def _values_at(self, places):
        pairs = zip(self._sliders, places, strict=True)
        return {slider.name: slider.values[place] for slider, place in pairs}

    def _predraw(self):
        """Draw every picture; return the lines of all, and of each its alt and its lines' places.

        Pictures of one function share most of their lines: axes, ticks, labels.
        """
        counts = [len(slider.values) for slider in self._sliders]
        check_amount(counts, self._sliders)
        grid = [self._values_at(p) for p in itertools.product(*map(range, counts))]
        alts = [said(self._alt, values) for values in grid]
        with rc_context(LOOK):
            figures = [drawn(self._draw, values) for values in grid]
            if len(set(map(id, figures))) < len(figures):
                raise ValueError(
                    "draw: expected a new figure for each picture, got one figure for several. "
                    "Hint: make it inside the function."
                )
            self._frame = frame_around(figures)
            drawings = [svg_lines(figure, self._frame, self._name) for figure in figures]
        check_sliders_move(drawings, counts, self._sliders)
        lines = list(dict.fromkeys(itertools.chain(*drawings)))
        number = {line: k for k, line in enumerate(lines)}
        made_of = [[number[line] for line in drawing] for drawing in drawings]
        pictures = zip(alts, made_of, strict=True)
        stored = {
            "lines": lines,
            "pictures": [{"alt": alt, "lines": numbers} for alt, numbers in pictures],
        }
        check_weight(as_json(stored), len(grid))
        return stored

    def _drawn_before(self, places):
        """Return a picture that was drawn beforehand."""
        counts = [len(slider.values) for slider in self._sliders]
        picture = self._stored["pictures"][np.ravel_multi_index(places, counts)]
        lines = (self._stored["lines"][k] for k in picture["lines"])
        return {"svg": "".join(lines), "alt": picture["alt"]}

    def _redraw(self, change):
        """Call the function anew: it may have changed, or what it draws."""
        values = self.values
        try:
            with rc_context(LOOK):
                lines = svg_lines(drawn(self._draw, values), self._frame, self._name)
            self.picture = {"svg": "".join(lines), "alt": said(self._alt, values)}
        except (TypeError, ValueError) as error:
            self.picture = {"error": text("slider_failed", self.lang, reason=str(error))}

    def _body(self):
        picture, say = self._drawn_before(self.places), html.escape
        controls = "".join(map(control, self._sliders, self.places))
        return (
            '<div class="lstm-x lstm-x-slider-figure"><div class="lstm-x-body">'
            '<p class="lstm-x-note" role="alert" hidden></p>'
            f'<div class="lstm-x-picture" role="img" aria-label="{say(picture["alt"])}">'
            f'{picture["svg"]}</div><div class="lstm-x-settings">{controls}</div>'
            '<p class="lstm-x-hidden" aria-live="polite"></p></div></div>'
        )

    def _asleep(self):
        """Return the form that a notebook keeps, for wherever no script of it runs."""
        picture = self._drawn_before(self.places)
        return asleep(self.to_html(), as_file(picture["svg"]), picture["alt"], self.lang)

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return data | {"text/plain": repr(self), "text/html": self._asleep()}, metadata

    def __repr__(self):
        return f"SliderFigure(name={self._name!r})"


def as_file(svg):
    """Return a picture as it stands alone: with a size and colours of its own."""
    svg = re.sub(r"var\(--lstm-\w+, (#\w+)\)", r"\1", svg)
    width, height = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups()
    size = f'<svg width="{width}pt" height="{height}pt" font-family="sans-serif" '
    return svg.replace("<svg ", size, 1)


def as_json(stored):
    """Return pictures as JSON that can stand in a page."""
    words = json.dumps(stored, ensure_ascii=False, separators=(",", ":"))
    return words.replace("<", "\\u003c")


def control(slider, place):
    """Return a slider as HTML: its label, what it stands at, and a native range input."""
    say, last = html.escape, len(slider.texts) - 1
    texts = say(json.dumps(slider.texts, ensure_ascii=False))
    return (
        f'<label class="lstm-x-setting"><span>{say(slider.label)}</span> '
        f'<span class="lstm-x-num">{say(slider.texts[place])}</span>'
        f'<input type="range" class="lstm-x-slider" max="{last}" value="{place}" '
        f'aria-label="{say(slider.label)}" aria-valuetext="{say(slider.texts[place])}" '
        f'data-texts="{texts}" style="--to: {place / last:g}" autocomplete="off"></label>'
    )


def check_amount(counts, sliders):
    if math.prod(counts) > MAX_PICTURES:
        product = " × ".join(map(str, counts))
        product += f" = {math.prod(counts)}" if len(counts) > 1 else ""
        widest = max(sliders, key=lambda slider: len(slider.values))
        raise ValueError(
            f"{', '.join(slider.name for slider in sliders)}: expected at most {MAX_PICTURES} "
            f"pictures, got {product}. Hint: give fewer values, first of all to {widest.name}, "
            "or leave a slider out; the page holds a picture for every combination."
        )


def check_sliders_move(drawings, counts, sliders):
    """Refuse a slider that changes no picture: `draw` does not use it."""
    seen = {}
    numbers = [seen.setdefault(tuple(lines), len(seen)) for lines in drawings]
    grid = np.reshape(numbers, counts)
    for axis, slider in enumerate(sliders):
        if (grid == grid.take([0], axis)).all():
            raise ValueError(
                f"{slider.name}: expected pictures that differ, got the same one for all its "
                f"values. Hint: does the function use {slider.name}?"
            )


def check_weight(stored, amount):
    weight = len(gzip.compress(stored.encode())) / 1000
    if weight > MAX_KILOBYTES:
        times = math.ceil(1.3 * weight / MAX_KILOBYTES)  # what pictures share does not shrink
        raise ValueError(
            f"pictures: expected at most {MAX_KILOBYTES} kB together (compressed), got "
            f"{weight:.0f} kB in {amount}. Hint: draw one point in {times}, x[::{times}], or give "
            f"the sliders fewer values; of thousands of points, a histogram (plt.hist2d, "
            "plt.hexbin) shows more and weighs less."
        )
