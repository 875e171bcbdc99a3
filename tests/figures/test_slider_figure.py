"""Slider figures: the pictures are the function's, on the page and in Python, and errors help."""

import json
import os
import re
import subprocess
import sys
from functools import cache
from itertools import product

import matplotlib
import numpy as np
import pytest
from explorer_pages import NEXT_FRAME, STATIC, drag
from matplotlib import pyplot as plt
from matplotlib.figure import Figure
from playwright.sync_api import expect

import lstm_edu.language as strings
from lstm_edu import slider_figure, use_language
from rules.pages import ROOT, slider_figures

PHONE = {"width": 360, "height": 640}
WIDTHS, HEIGHTS = (1, 2.5, 4), ("low", "mid", "high")
ALT = "A bar {width} wide and {height}."


def bar(width=2.5, height="low"):
    """Draw a bar: its size says both values, and so does its title."""
    plt.bar([0], [HEIGHTS.index(height) + 1], width)
    plt.axis([-3, 3, 0, 4])
    plt.title(f"{width} and {height}")


def bar_figure(**options):
    sizes = {"width": np.array(WIDTHS), "height": list(HEIGHTS)}
    return slider_figure(bar, **({"alt": ALT, "lang": "en"} | sizes | options))


@cache
def opened():
    """The figure as it opens, for the pages: nobody moves it in Python."""
    return bar_figure()


def write_page(path, *figures, theme="light"):
    """Write a page with these figures, as the book would hold them; return its address."""
    names = ("palette.css", "kit.css", "sliders.css", "sliders.js")
    palette, kit, style, script = ((STATIC / name).as_uri() for name in names)
    path.write_text(
        f'<!doctype html><html lang="en" data-theme="{theme}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Sliders</title>'
        f'<link rel="stylesheet" href="{palette}"><link rel="stylesheet" href="{kit}">'
        f'<link rel="stylesheet" href="{style}">'
        f'<script defer src="{script}"></script></head>'
        '<body style="margin:8px;background:var(--lstm-paper);color:var(--lstm-ink)"><main>'
        "<h1>Sliders</h1>"
        + "".join(figure.to_html() for figure in figures)
        + "</main></body></html>",
        encoding="utf-8",
    )
    return path.as_uri()


@pytest.fixture
def open_figure(open_page, tmp_path):
    """Open a page with a slider figure; return the page and the figure on it."""

    def open_(*figures, theme="light", **options):
        address = write_page(tmp_path / f"{theme}.html", *(figures or [opened()]), theme=theme)
        page = open_page(address, **options)
        return page, page.locator("lstm-slider-figure").first

    return open_


def bar_in(svg):
    """Width and height of the bar in a picture, in the units of its axes."""
    frame, patch = (
        np.array(
            re.findall(r"(-?[\d.]+) (-?[\d.]+)", re.search(f'{which}"([^"]*)"', svg)[1]), float
        )
        for which in ('id="patch_2-[^>]*><path d=', 'id="patch_3-[^>]*><path d=')
    )
    return np.ptp(patch, axis=0) / np.ptp(frame, axis=0) * [6, 4]


def says(svg, width, height):
    return f">{width} and {height}<" in re.sub(r"</?tspan[^>]*>", "", svg)


# The pictures


def test_every_combination_has_its_own_picture_and_text():
    (page,) = slider_figures(opened().to_html())
    assert page.texts == [["1", "2.5", "4"], list(HEIGHTS)]
    assert len(page.svgs) == 9
    for (width, height), svg, alt in zip(
        product(WIDTHS, HEIGHTS), page.svgs, page.alts, strict=True
    ):
        assert says(svg, float(width), height)
        assert bar_in(svg) == pytest.approx([width, HEIGHTS.index(height) + 1], abs=2e-3)
        assert alt == ALT.format(width=float(width), height=height)


def test_sliders_start_at_the_functions_defaults_and_elsewhere_at_the_first_value():
    assert opened().values == {"width": 2.5, "height": "low"}
    assert bar_figure(width=[3, 4]).values == {"width": 3, "height": "low"}


def test_numbers_are_read_without_the_noise_of_floats():
    shown = slider_figure(lambda a: plt.plot([a]), alt="{a}", a=np.arange(-0.1, 0.4, 0.1))
    (page,) = slider_figures(shown.to_html())
    assert page.texts == [["−0.1", "0", "0.1", "0.2", "0.3"]]
    assert page.alts == ["-0.1", "0.0", "0.1", "0.2", "0.3"]


def test_a_dict_parts_what_is_read_from_what_is_drawn():
    given = {"short": [1, 2], "long": [1, 5, 2]}
    shown = slider_figure(lambda a: plt.plot(a), alt=lambda a: f"{len(a)} points.", a=given)
    (page,) = slider_figures(shown.to_html())
    assert page.texts == [["short", "long"]] and page.alts == ["2 points.", "3 points."]
    shown.values = {"a": [1, 5, 2]}
    assert shown.alt == "3 points."


@pytest.mark.parametrize("how", ["current", "own", "figure", "axes", "array", "unmanaged"])
def test_a_function_may_draw_in_any_way_of_matplotlib(how):
    def draw(a):
        if how == "current":
            return plt.plot([0, a])
        figure, ax = plt.subplots()
        if how == "unmanaged":
            figure = Figure()
            ax = figure.add_subplot()
        ax.plot([0, a])
        ax.set_title(f"{a} drawn")
        return {"own": None, "figure": figure, "axes": ax, "array": np.array([ax])}.get(how, figure)

    (page,) = slider_figures(slider_figure(draw, alt="{a}", a=[1, 2]).to_html())
    assert page.svgs[0] != page.svgs[1]
    if how != "current":
        assert ">1 drawn<" in page.svgs[0] and ">2 drawn<" in page.svgs[1]


def test_pyplot_and_the_settings_are_left_as_they_were():
    mine = plt.figure()
    mine.add_subplot().plot([1, 2])
    before = matplotlib.rcParams.copy()

    def meddle(a):
        matplotlib.rcParams["lines.linewidth"] = 7
        plt.figure()
        plt.figure()
        plt.plot([0, a])

    slider_figure(meddle, alt="{a}", a=[1, 2]).values = {"a": 2}
    assert plt.get_fignums() == [mine.number] and plt.gcf() is mine
    assert len(mine.axes[0].lines) == 1
    assert matplotlib.rcParams == before
    plt.close(mine)


def test_all_pictures_are_of_one_size_and_nothing_is_cut_off():
    def label(x, y):
        plt.plot([0, 1])
        plt.text(x, y, "here", transform=plt.gca().transAxes)

    shown = slider_figure(label, alt="{x}, {y}", x=[0.5, 1.6], y=[0.5, -0.9])
    (page,) = slider_figures(shown.to_html())
    views = {re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups() for svg in page.svgs}
    ((width, height),) = views
    assert float(width) > 5.6 * 72 and float(height) > 3.2 * 72
    for svg in page.svgs:
        x, y = re.search(r'<text[^>]* x="([-\d.]+)" y="([-\d.]+)"[^>]*>here<', svg).groups()
        assert 0 < float(x) < float(width) - 20 and 0 < float(y) < float(height)


def test_colours_follow_the_page_and_ids_are_the_figures_own():
    def draw(a):
        plt.plot([0, a], marker="o", gid="mine")
        plt.plot([a, 0], color="black")

    one, two = (slider_figure(draw, alt="{a}", a=[1, 2], name=name) for name in ("one", "two"))
    text = one.to_html() + two.to_html()
    ids = re.findall(r'\bid="([^"]+)"', re.sub(r"<script.*?</script>", "", text))
    assert "mine-one" in ids and len(ids) == len(set(ids))
    for svg in slider_figures(text)[0].svgs:
        used = re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', svg)
        assert used and {a or b for a, b in used} <= set(re.findall(r'id="([^"]+)"', svg))
        plain = re.sub(r"var\(--lstm-\w+, #[0-9a-f]{6}\)", "", svg)
        assert not re.search("#[0-9a-f]{6}", plain.replace('href="#', ""))
        assert "var(--lstm-ink" in svg and "var(--lstm-i," in svg


def test_the_same_bytes_in_every_process():
    code = (
        "import sys; sys.path[:0] = ['tests/figures', 'tests/support']\n"
        "from test_slider_figure import bar_figure; sys.stdout.write(bar_figure().to_html())"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1] and len(outputs[0]) > 10_000


# Errors


def curve(a=1, b=2):
    plt.plot([a, b])


def slow(a):
    raise AssertionError("It must not be called.")


kept_axes = Figure().add_subplot()


def into_one(a):
    kept_axes.plot([a])
    return kept_axes


WRONG = [
    (curve, {"c": [1, 2]}, TypeError, r"c: expected a parameter of curve, which takes a, b"),
    (lambda a, b: 0, {"a": [1, 2]}, TypeError, "b: expected values .* got none. Hint: give it"),
    (curve, {}, TypeError, "sliders: expected at least one"),
    ("curve", {"a": [1, 2]}, TypeError, "draw: expected a function, got 'curve'"),
    (curve, {"a": (0, 1, 0.1)}, ValueError, r"a: expected a list.*got \(0, 1, 0.1\).*linspace"),
    (curve, {"a": 3}, ValueError, "a: expected a list, a range, an array or a dict"),
    (curve, {"a": "abc"}, ValueError, "a: expected a list"),
    (curve, {"a": []}, ValueError, "a: expected at least two values, got 0"),
    (curve, {"a": [1]}, ValueError, "a: expected at least two values, got 1"),
    (curve, {"a": [1, np.nan]}, ValueError, "a: expected finite numbers, got nan"),
    (curve, {"a": [1, -np.inf]}, ValueError, "a: expected finite numbers, got -inf"),
    (curve, {"a": [1, 2, 1.0]}, ValueError, "a: expected different values, got 1 twice"),
    (curve, {"a": [True, False]}, ValueError, "a: expected numbers or words, got True.*dict"),
    (curve, {"a": [1, 2], "labels": {"b": "B"}}, TypeError, "labels: expected names of sliders, a"),
    (curve, {"a": [1, 2], "name": "A b"}, ValueError, "name: expected lower-case letters"),
    (curve, {"a": [1, 2], "lang": "fr"}, ValueError, "lang: expected"),
    (curve, {"a": [1, 2], "alt": ""}, TypeError, "alt: expected a format string or a function"),
    (curve, {"a": [1, 2], "alt": None}, TypeError, "alt: expected a format string or a function"),
    (curve, {"a": [1, 2], "alt": "{b}"}, ValueError, "alt: .* a=1, got KeyError: 'b'.*names are a"),
    (curve, {"a": [1, 2], "alt": lambda a: 7}, TypeError, "alt: expected a text for a=1, got 7"),
    (slow, {"a": range(61)}, ValueError, "a: expected at most 60 pictures, got 61. Hint: give"),
    (lambda a: plt.plot([1 / (a - 2)]), {"a": [1, 2]}, ValueError, "for a=2, got ZeroDivisionErr"),
    (lambda a: None, {"a": [1, 2]}, ValueError, "picture for a=1, got an empty figure.*inside"),
    (lambda a: plt.close("all"), {"a": [1, 2]}, ValueError, "got an empty figure.*show"),
    (into_one, {"a": [1, 2]}, ValueError, "draw: expected a new figure for each picture"),
    (lambda a, b: plt.plot([a]), {"a": [1, 2], "b": [3, 4]}, ValueError, "b: expected pictures th"),
    (
        lambda a: plt.plot(np.random.default_rng(a).normal(size=8_000).cumsum(), "o"),
        {"a": [1, 2]},
        ValueError,
        r"pictures: expected at most 100 kB .* got \d{3,} kB in 2. Hint: draw one point in \d+",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("draw", "options", "kind", "said"), WRONG)
def test_what_cannot_be_shown_is_refused_with_advice(draw, options, kind, said):
    with pytest.raises(kind, match=said) as error:
        slider_figure(draw, **({"alt": "A."} | options))
    assert "Hint" in str(error.value) or "name" in said or "labels" in said
    assert plt.get_fignums() == []


@pytest.mark.parametrize("points", [2000, 5000, 20_000])
@pytest.mark.parametrize("kind", ["scatter", "plot"])
def test_who_follows_the_advice_on_weight_is_under_the_bound(kind, points):
    x, noise = np.random.default_rng(0).normal(size=(2, points))

    def cloud(a, every=1, histogram=False):
        if histogram:
            plt.hist2d(x, a * x + noise, bins=30)
        else:
            line = {"scatter": {"s": 8}, "plot": {"linewidth": 0.5, "marker": "o"}}[kind]
            getattr(plt, kind)(x[::every], (a * x + noise)[::every], **line)

    with pytest.raises(ValueError, match=r"draw one point in \d+") as error:
        slider_figure(cloud, alt="{a}", a=range(1, 9))
    every = int(re.search(r"one point in (\d+)", str(error.value))[1])
    slider_figure(lambda a: cloud(a, every), alt="{a}", a=range(1, 9))
    slider_figure(lambda a: cloud(a, histogram=True), alt="{a}", a=range(1, 9))


def test_what_contributing_says_runs_as_it_is_printed(monkeypatch):
    """Before its words are in strings.json the error says so; with them the figure is there."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    section = text.partition("## Give a figure sliders")[2].partition("\n## ")[0]
    code, words = (
        re.search(rf"```{kind}\n(.*?)```", section, re.DOTALL)[1] for kind in ("python", "json")
    )
    shown = code.replace("slider_figure(\n", "figure = slider_figure(\n")
    with pytest.raises(ValueError, match=r"strings\.json has no 'decay_alt'") as error:
        exec(shown, {})
    assert "its names are" not in str(error.value)
    monkeypatch.setattr(strings, "STRINGS", strings.STRINGS | json.loads(f"{{{words}}}"))
    names = {}
    exec(shown, names)
    assert names["figure"].alt == "With f = 0.9, 0.1216 is left after 20 steps."


def test_too_many_combinations_are_refused_before_anything_is_drawn():
    def two(a, b):
        raise AssertionError("It must not be called.")

    with pytest.raises(ValueError, match=r"a, b: expected at most 60 .* 12 × 9 = 108.*first .* a,"):
        slider_figure(two, alt="A.", a=range(12), b=range(9))


def test_alt_is_not_optional():
    with pytest.raises(TypeError, match="alt"):
        slider_figure(curve, a=[1, 2])


# In Python, as in Jupyter


def test_every_move_calls_the_function_again():
    use_language("en")
    data = {"scale": 1}

    def draw(a):
        plt.plot([0, a * data["scale"]])
        plt.title(f"{a * data['scale']} drawn")
        if data["scale"] == 0:
            raise RuntimeError("nothing left")

    shown = slider_figure(draw, alt=lambda a: f"Up to {a * data['scale']}.", a=[1, 2, 3])
    data["scale"] = 10
    shown.values = {"a": 3}
    assert ">30 drawn<" in shown.picture["svg"] and shown.alt == "Up to 30."
    assert shown.values == {"a": 3}
    data["scale"] = 0
    shown.places = [1]
    assert "could not be drawn" in shown.picture["error"]
    assert "a=2, got RuntimeError: nothing left" in shown.picture["error"]
    data["scale"] = 5
    shown.places = [0]
    assert ">5 drawn<" in shown.picture["svg"] and "error" not in shown.picture


def test_values_that_are_not_on_the_slider_are_refused():
    shown = bar_figure()
    for wrong in ({"width": 3}, {"depth": 1}):
        with pytest.raises(
            ValueError, match=r"(width: expected one of 1, 2.5, 4)|(depth: expecte)"
        ):
            shown.values = wrong
    assert shown.values == {"width": 2.5, "height": "low"}


# What stands on a ground of its own keeps its colours, light and dark


def heat_map(a):
    plt.imshow([[0, 1], [a, 0]])
    plt.text(0, 0, "inside", color="white")
    plt.plot([0, 1], [1, 1], color="black", gid="line")
    plt.title("outside")


def mesh(a):
    plt.pcolormesh([[0, 1], [a, 0]])
    plt.text(0.5, 0.5, "inside", color="white")
    plt.title("outside")


def on_a_bar(a):
    plt.bar([0, 1], [2, a], color=["#b3420b", "gold"])
    plt.text(0, 1, "inside", color="white", ha="center")
    plt.text(0, 2.4, "outside", ha="center")


def in_a_box(a):
    plt.plot([0, a])
    plt.text(0.2, 0.8, "inside", color="black", bbox={"facecolor": "yellow"})
    plt.text(0.6, 0.1, "outside", color="black")


def in_a_bubble(a):
    plt.scatter([0, 1], [0, a], s=2000, color="#39456b")
    plt.text(0, 0, "inside", color="white", ha="center", va="center")
    plt.title("outside")


def in_a_pie(a):
    plt.pie([1, a], colors=["#000000", "#ffee00"], labels=["outside", ""])
    plt.text(0, 0.5, "inside", color="white", ha="center")


def in_dark_axes(a):
    plt.gca().set_facecolor("#102030")
    plt.text(0.2, 0.8, "inside", color="white")
    plt.plot([0, a], color="white")
    plt.title("outside")


def in_a_table(a):
    plt.table([["inside", str(a)]], cellColours=[["#ffffff", "#ffff00"]])
    plt.axis("off")
    plt.title("outside")


INK = {"light": "rgb(31, 35, 40)", "dark": "rgb(230, 232, 235)"}
INSIDE = {in_a_box: "rgb(0, 0, 0)", in_a_table: INK["light"]}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(
    "draw",
    [heat_map, mesh, on_a_bar, in_a_box, in_a_bubble, in_a_pie, in_dark_axes, in_a_table],
)
def test_a_text_keeps_its_colour_on_a_ground_of_its_own(open_figure, draw, theme):
    _, figure = open_figure(slider_figure(draw, alt="{a}.", a=[1, 2], lang="en"), theme=theme)
    figure.locator("input").press("End")  # drawn beforehand as well
    fill = "text => getComputedStyle(text).fill"
    inside, outside = (
        figure.locator("svg text", has_text=words).evaluate(fill) for words in ("inside", "outside")
    )
    assert outside == INK[theme]
    assert inside == INSIDE.get(draw, "rgb(255, 255, 255)")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_style_of_a_dark_ground_keeps_its_look(open_figure, theme):
    def night(a):
        with plt.style.context("dark_background"):
            figure, ax = plt.subplots()
            ax.plot([0, a])
            ax.set_title("white")
            return figure

    _, figure = open_figure(slider_figure(night, alt="{a}.", a=[1, 2], lang="en"), theme=theme)
    fill = "node => getComputedStyle(node).fill"
    assert figure.locator("svg text", has_text="white").evaluate(fill) == "rgb(255, 255, 255)"
    assert figure.locator("svg path").first.evaluate(fill) == "rgb(0, 0, 0)"


def test_a_shape_under_a_text_stays_with_it_and_others_follow_the_page():
    svg = "".join(slider_figure(on_a_bar, alt="{a}.", a=[1, 2]).picture["svg"])
    assert "#b3420b" in svg.replace("var(--lstm-f, #b3420b)", "")
    alone = slider_figure(lambda a: plt.bar([0], [a], color="#b3420b"), alt="{a}.", a=[1, 2])
    assert "#b3420b" not in alone.picture["svg"].replace("var(--lstm-f, #b3420b)", "")


# On the page, from a file


def assert_shows(figure, width, height):
    """The picture, its text and the numbers beside the sliders are those of these values."""
    picture = figure.locator(".lstm-x-picture")
    expect(picture).to_have_attribute("aria-label", ALT.format(width=float(width), height=height))
    svg = picture.inner_html()
    assert says(svg, float(width), height)
    assert bar_in(svg) == pytest.approx([width, HEIGHTS.index(height) + 1], abs=2e-3)
    for slider, text in zip(figure.locator("input").all(), (f"{width:g}", height), strict=True):
        assert slider.get_attribute("aria-valuetext") == text
        assert slider.locator("xpath=..").inner_text().split()[-1] == text


def test_two_sliders_by_keyboard_show_the_picture_of_python(open_figure):
    _, figure = open_figure()
    wide, high = figure.locator("input").all()
    assert_shows(figure, 2.5, "low")
    expect(wide).to_have_accessible_name("width")
    wide.press("Home")
    for place, height in enumerate(HEIGHTS):
        assert_shows(figure, 1, height)
        if place < 2:
            high.press("ArrowRight")
    for width in (2.5, 4):
        wide.press("ArrowRight")
        assert_shows(figure, width, "high")
    high.press("Home")
    assert_shows(figure, 4, "low")
    live = figure.locator('[aria-live="polite"]')
    expect(live).to_have_text(ALT.format(width=4.0, height="low"))


def test_a_slider_by_mouse(open_figure):
    page, figure = open_figure()
    drag(page, figure.locator("input").first, 0.5, 0.7, 0.99)
    assert_shows(figure, 4, "low")


def test_a_slider_by_finger(open_figure):
    _, figure = open_figure(viewport=PHONE, has_touch=True)
    high = figure.locator("input").nth(1)
    box = high.bounding_box()
    assert box["height"] >= 24
    high.tap(position={"x": box["width"] - 8, "y": box["height"] / 2})
    assert_shows(figure, 2.5, "high")


def test_two_figures_on_a_page_move_by_themselves(open_figure):
    page, figure = open_figure(opened(), bar_figure(name="other", width=[1.0, 4.0]))
    other = page.locator("#other")
    other.locator("input").first.press("End")
    assert_shows(other, 4, "low")
    assert_shows(figure, 2.5, "low")


def test_the_picture_does_not_move_the_page(open_figure):
    _, figure = open_figure()
    before = figure.bounding_box()
    figure.locator("input").nth(1).press("End")
    figure.evaluate(NEXT_FRAME)
    assert figure.bounding_box() == before
    figure.evaluate(
        "figure => { const home = figure.parentNode; figure.remove(); home.append(figure) }"
    )
    figure.locator("input").nth(1).press("ArrowLeft")
    assert_shows(figure, 2.5, "mid")


def test_without_scripts_the_first_picture_and_its_numbers_are_there_and_no_slider(open_figure):
    _, figure = open_figure(java_script_enabled=False)
    picture = figure.locator(".lstm-x-picture")
    expect(picture).to_be_visible()
    expect(picture).to_have_attribute("aria-label", ALT.format(width=2.5, height="low"))
    assert figure.inner_text().split()[-4:] == ["width", "2.5", "height", "low"]
    for slider in figure.locator("input").all():
        expect(slider).to_be_hidden()


def test_a_slider_whose_script_never_came_is_not_shown(open_page, tmp_path):
    address = write_page(tmp_path / "page.html", opened())
    path = tmp_path / "page.html"
    path.write_text(
        path.read_text("utf-8").replace("<script defer", "<script type='none'"), "utf-8"
    )
    page = open_page(address)
    for slider in page.locator("input").all():
        expect(slider).to_be_hidden()
    expect(page.locator(".lstm-x-picture")).to_be_visible()


def test_print_shows_the_present_picture_and_no_slider(open_figure):
    page, figure = open_figure()
    figure.locator("input").first.press("End")
    page.emulate_media(media="print")
    assert_shows(figure, 4, "low")
    expect(figure.locator(".lstm-x-picture")).to_be_visible()
    for slider in figure.locator("input").all():
        expect(slider).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessibility(open_figure, node_modules, theme):
    page, figure = open_figure(theme=theme, viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.add_script_tag(path=node_modules / "axe-core" / "axe.min.js")
    found = page.evaluate("axe.run({ preload: false }).then(({ violations }) => violations)")
    assert found == []
    colour = figure.locator("svg text").first.evaluate("text => getComputedStyle(text).fill")
    assert colour == {"light": "rgb(31, 35, 40)", "dark": "rgb(230, 232, 235)"}[theme]
