"""Draw the book's diagrams, each in both languages: python images/draw.py

Colours are CSS variables with the palette's light colour as fallback: inside a page the drawing
follows its theme; opened alone, or in JupyterLab, it is the light one.
"""

from pathlib import Path

from lstm_edu.language import LANGUAGES, text
from lstm_edu.palette import PALETTE

HERE = Path(__file__).parent


def color(name):
    return f"var(--lstm-{name}, {PALETTE[name]['light']})"


def label(x, y, words, name="ink", *, size=14, anchor="middle", weight="normal"):
    return (
        f'<text x="{x}" y="{y}" fill="{color(name)}" font-size="{size}" '
        f'text-anchor="{anchor}" font-weight="{weight}">{words}</text>'
    )


def symbol(x, y, letter, index="", name="ink", *, size=15, anchor="middle"):
    """A letter of the equations, in italics, with its index."""
    low = f'<tspan font-size="{size - 4}" dy="4" font-style="normal">{index}</tspan>'
    return label(x, y, f'<tspan font-style="italic">{letter}</tspan>{low}', name, size=size,
                 anchor=anchor)  # fmt: skip


def clear(drawn):
    """The same words with a rim of paper, where they stand on a wire."""
    rim = f'stroke="{color("paper")}" stroke-width="4" stroke-linejoin="round" '
    return drawn.replace("<text ", f'<text {rim}paint-order="stroke" ', 1)


def line(points, name, width=2, *, arrow=False, dashed=False):
    path = "M" + " L".join(f"{x} {y}" for x, y in points)
    dashes = ' stroke-dasharray="5 4"' if dashed else ""
    drawn = (
        f'<path d="{path}" fill="none" stroke="{color(name)}" stroke-width="{width}" '
        f'stroke-linejoin="round"{dashes}/>'
    )
    return drawn + (arrow_head(points[-2], points[-1], name, width) if arrow else "")


def arrow_head(tail, tip, name, width):
    size = 4 + 1.5 * width
    (x0, y0), (x, y) = tail, tip
    dx, dy = (x > x0) - (x < x0), (y > y0) - (y < y0)
    corners = [
        (x + size * dx, y + size * dy),
        (x - size * dy * 0.7, y + size * dx * 0.7),
        (x + size * dy * 0.7, y - size * dx * 0.7),
    ]
    points = " ".join(f"{a:g},{b:g}" for a, b in corners)
    return f'<polygon points="{points}" fill="{color(name)}"/>'


def bend(start, end, name, width):
    """A wire that leaves and arrives straight down."""
    (x0, y0), (x, y) = start, end
    middle = (y0 + y) / 2
    return (
        f'<path d="M{x0} {y0} C{x0} {middle:g} {x} {middle:g} {x} {y}" fill="none" '
        f'stroke="{color(name)}" stroke-width="{width}"/>'
    )


def circle(x, y, sign, name="ink", *, radius=12):
    """A pointwise operation."""
    return (
        f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{color("paper")}" '
        f'stroke="{color(name)}" stroke-width="2"/>' + label(x, y + 5, sign, name, size=16)
    )


def box(x, y, words, name="ink", *, width=44, height=26):
    """A layer: weights, a bias and an activation."""
    return (
        f'<rect x="{x - width / 2:g}" y="{y - height / 2:g}" width="{width}" height="{height}" '
        f'rx="4" fill="{color("paper")}" stroke="{color(name)}" stroke-width="2"/>'
        + label(x, y + 5, words, name)
    )


def valve(x, y, name, letter, *, size=13, upright=False):
    """Two triangles tip to tip, the plumber's sign for a valve, with its letter on a stem."""
    a, b = size, size * 0.8
    corners = [(-a, -b), (a, b), (a, -b), (-a, b)]
    corners = [(v, u) for u, v in corners] if upright else corners
    points = " ".join(f"{x + u:g},{y + v:g}" for u, v in corners)
    stem = [(x, y), (x + 26, y)] if upright else [(x, y), (x, y - 24)]
    place = (x + 38, y + 5) if upright else (x, y - 29)
    return (
        line(stem, name)
        + f'<polygon points="{points}" fill="{color("paper")}" stroke="{color(name)}" '
        'stroke-width="2" stroke-linejoin="round"/>' + symbol(*place, letter, "t", name)
    )


def legend(lang):
    """How to read the diagrams: layer, pointwise operation, vector, join, copy."""
    left, middle, right = 20, 42, 70
    keys = ("legend_layer", "legend_pointwise", "legend_vector", "legend_join", "legend_copy")
    rows = [24 + 38 * k for k in range(len(keys))]
    layer, pointwise, vector, join, copy = rows
    return (420, 206), [
        box(45, layer, "σ"),
        circle(45, pointwise, "×"),
        line([(left, vector), (right, vector)], "ink", arrow=True),
        line([(left, join - 12), (middle, join - 12), (middle, join)], "ink"),
        line([(left, join), (right, join)], "ink", arrow=True),
        line([(left, copy), (right, copy)], "ink", arrow=True),
        line([(middle, copy), (middle, copy + 14), (right, copy + 14)], "ink", arrow=True),
        *(
            label(104, y + 5, text(key, lang), anchor="start")
            for key, y in zip(keys, rows, strict=True)
        ),
    ]


def belt(lang):
    """Three cells in a row and the cell state running through all of them."""
    shapes = [
        label(10, 22, text("c", lang), "c", anchor="start", weight="bold"),
        line([(6, 64), (404, 64)], "c", 6, arrow=True),
    ]
    for k, time in enumerate(("t−1", "t", "t+1")):
        x = 16 + 130 * k
        shapes += [
            f'<rect x="{x}" y="36" width="112" height="106" rx="10" fill="none" '
            f'stroke="{color("faint")}" stroke-width="2"/>',
            line([(x + 32, 112), (x + 32, 64)], "f"),
            line([(x + 78, 112), (x + 78, 64)], "g"),
            circle(x + 32, 64, "×", "f"),
            circle(x + 78, 64, "+", "g"),
            symbol(x + 32, 128, "f", time, "f", size=14),
            symbol(x + 78, 128, "i g", time, "g", size=14),
            label(x + 56, 162, time, "x", size=13),
        ]
    return (420, 172), shapes


def gate(lang):
    """One gate at three openings: what arrives, how open it is, what passes."""
    shapes = []
    cases = ((0, "gate_closed"), (0.5, "gate_half"), (1, "gate_open"))
    for k, (opening, key) in enumerate(cases):
        y = 30 + 56 * k
        shapes += [
            label(8, y + 5, "2.0", "c", anchor="start", size=15),
            line([(42, y), (96, y)], "c", 12),
            f'<rect x="96" y="{y - 20}" width="8" height="40" rx="2" fill="{color("faint")}"/>',
            f'<rect x="96" y="{y - 20}" width="8" height="{40 * (1 - opening):g}" rx="2" '
            f'fill="{color("f")}"/>',
            line([(104, y), (190, y)], "c", 12 * opening) if opening else "",
            label(204, y + 5, f"2.0 × {opening:.1f} = {2 * opening:.1f}", anchor="start"),
            label(328, y + 5, text(key, lang), "f", anchor="start"),
        ]
    return (452, 172), shapes


def gate_layer(lang):
    """A gate is a layer: it reads x and h with weights of its own, and multiplies the signal."""
    return (420, 186), [
        line([(62, 44), (392, 44)], "c", 5, arrow=True),
        line([(44, 122), (238, 122)], "x", arrow=True),
        line([(44, 162), (130, 162), (130, 122)], "h"),
        line([(270, 109), (270, 62)], "i", arrow=True),
        circle(270, 44, "×", "c"),
        box(270, 122, "σ", "i"),
        label(8, 49, text("signal", lang), "c", anchor="start"),
        label(396, 24, text("what_passes", lang), "c", anchor="end"),
        label(284, 90, text("opening", lang), "i", anchor="start"),
        label(270, 158, text("own_weights", lang), "i"),
        symbol(24, 127, "x", "t", "x"),
        symbol(24, 167, "h", "t−1", "h"),
    ]


def gate_gradient(lang):
    """Three gates, and through each the signal forward, the gradient back, and the gate's own."""
    shapes = [
        label(46, 18, f"{text('signal', lang)} →", "c", anchor="start"),
        label(206, 18, f"← {text('gradient', lang)}", "o", anchor="end"),
        label(264, 18, text("gradient_for_gate", lang), "i", anchor="start"),
    ]
    cases = ((0.9, 2, "gate_ajar"), (0.1, 2, "gate_almost_shut"), (0.9, 0, "gate_no_signal"))
    for k, (opening, signal, key) in enumerate(cases):
        y = 52 + 68 * k
        back = y + 28
        shapes += [
            line([(46, y), (122, y)], "c", 3 * signal) if signal else "",
            line([(130, y), (194, y)], "c", 3 * signal * opening, arrow=True) if signal else "",
            line([(206, back), (130, back)], "o", 6),
            line([(122, back), (58, back)], "o", 6 * opening, arrow=True),
            f'<rect x="122" y="{y - 16}" width="8" height="60" rx="2" fill="{color("faint")}"/>',
            f'<rect x="122" y="{y - 16}" width="8" height="{60 * (1 - opening):g}" rx="2" '
            f'fill="{color("i")}"/>',
            label(38, y + 5, f"{signal:.1f}", "c", anchor="end"),
            label(216, y + 5, f"{signal * opening:.1f}", "c", anchor="start"),
            label(38, back + 5, f"{opening:.1f}", "o", anchor="end"),
            label(216, back + 5, "1.0", "o", anchor="start"),
            label(264, y + 5, text(key, lang), anchor="start"),
            label(264, back + 5, f"1.0 × {signal:.1f} = {signal:.1f}", "i", anchor="start"),
        ]
    return (440, 236), shapes


def valves(lang):
    """The cell as plumbing: a memory pipe, three valves."""
    return (420, 256), [
        line([(8, 80), (396, 80)], "c", 12, arrow=True),
        line([(190, 196), (190, 86)], "g", 9),
        line([(340, 80), (340, 190)], "c", 5),
        line([(340, 176), (340, 218)], "h", 5, arrow=True),
        valve(96, 80, "f", "f"),
        valve(190, 140, "i", "i", upright=True),
        box(190, 204, "tanh", "g", width=52),
        box(340, 126, "tanh", "c", width=52),
        valve(340, 174, "o", "o", upright=True),
        symbol(150, 209, "g", "t", "g"),
        symbol(340, 244, "h", "t", "h"),
        symbol(10, 62, "c", "t−1", "c", anchor="start"),
        symbol(400, 60, "c", "t", "c"),
        label(96, 24, text("valve_forget", lang), "f", size=13),
        label(170, 145, text("valve_input", lang), "i", size=13, anchor="end"),
        label(322, 179, text("valve_output", lang), "o", size=13, anchor="end"),
        label(250, 62, text("memory_pipe", lang), "c", size=13),
    ]


def unrolled(lang):
    """A simple RNN twice: once with its loop, once as three copies that hand on their state."""
    shapes = [
        label(66, 22, text("rnn_rolled", lang), size=13, weight="bold"),
        label(300, 22, text("rnn_unrolled", lang), size=13, weight="bold"),
        line([(66, 174), (66, 138)], "x", arrow=True),
        line([(66, 104), (66, 66)], "h", 3, arrow=True),
        line([(66, 84), (120, 84), (120, 117), (102, 117)], "h", 3, arrow=True),
        box(66, 117, "tanh", "h", width=52),
        symbol(66, 196, "x", "t", "x"),
        symbol(66, 48, "h", "t", "h"),
        label(146, 122, "=", size=20),
        line([(172, 117), (194, 117)], "h", 3, arrow=True),
        symbol(178, 104, "h", "0", "h", size=13),
    ]
    for k in range(3):
        x = 230 + 70 * k
        shapes += [
            line([(x, 174), (x, 138)], "x", arrow=True),
            line([(x, 104), (x, 66)], "h", 3, arrow=True),
            line([(x, 117), (x + 34, 117)], "h", 3, arrow=True),
            box(x, 117, "tanh", "h", width=52),
            symbol(x, 196, "x", k + 1, "x"),
            symbol(x, 48, "h", k + 1, "h"),
        ]
    shapes.append(label(210, 226, text("rnn_same_weights", lang), size=13))
    return (420, 240), shapes


def dependencies(lang):
    """Two sentences to go on with: the word that decides is near in one and far in the other."""
    shapes = []
    for k, case in enumerate(("short", "long")):
        words, y = text(f"dependency_{case}_words", lang).split(), 30 + 116 * k
        widths = [16 + 7.6 * len(word.strip("*")) for word in words]
        gap = (404 - sum(widths)) / max(len(words) - 1, 1)
        gap = min(gap, 14)
        x = 210 - (sum(widths) + gap * (len(words) - 1)) / 2
        shapes.append(label(8, y - 8, text(f"dependency_{case}", lang), anchor="start",
                            weight="bold"))  # fmt: skip
        places = {}
        for word, width in zip(words, widths, strict=True):
            mark = "h" if word[0] in "*?" else "faint"
            places[word[0]] = x + width / 2
            if word != "…":
                shapes.append(
                    f'<rect x="{x:g}" y="{y + 34}" width="{width:g}" height="28" rx="6" '
                    f'fill="none" stroke="{color(mark)}" stroke-width="2"/>'
                )
            shapes.append(label(f"{x + width / 2:g}", y + 53, word.strip("*"),
                                "h" if mark == "h" else "ink"))  # fmt: skip
            x += width + gap
        start, end = places["*"], places["?"]
        shapes += [
            line([(start, y + 34), (start, y + 14), (end, y + 14), (end, y + 26)], "h",
                 arrow=True),
            label(f"{(start + end) / 2:g}", y + 8, text(f"dependency_{case}_gap", lang), "h",
                  size=13),
        ]  # fmt: skip
    return (420, 222), shapes


def there_and_back(lang):
    """The state going forward through U and tanh, the gradient coming back and getting thinner."""
    places, widths = (56, 188, 320), (1.5, 4, 8)
    shapes = [
        label(8, 24, text("way_forward", lang), "h", anchor="start", weight="bold"),
        label(8, 168, text("way_back", lang), "f", anchor="start", weight="bold"),
        line([(346, 76), (386, 76)], "h", 3, arrow=True),
        line([(396, 112), (364, 112)], "f", widths[-1], arrow=True),
        symbol(406, 98, "L", size=18),
    ]
    for x, width in zip(places[:2], widths[:2], strict=True):
        shapes += [
            line([(x + 26, 76), (x + 98, 76)], "h", 3, arrow=True),
            label(x + 66, 62, "× U, tanh", "h", size=13),
            line([(x + 106, 112), (x + 32 + 2 * width, 112)], "f", width, arrow=True),
            label(x + 66, 142, "× tanh′, × Uᵀ", "f", size=13),
        ]
    for x, time in zip(places, ("T−2", "T−1", "T"), strict=True):
        shapes += [
            f'<rect x="{x - 26}" y="58" width="52" height="72" rx="6" fill="{color("paper")}" '
            f'stroke="{color("ink")}" stroke-width="2"/>',
            symbol(x, 98, "h", time),
        ]
    return (420, 180), shapes


def two_states(lang):
    """Three steps of one cell: c and h go on to the next, only h goes out, the weights are one."""
    shapes = [
        line([(40, 88), (388, 88)], "c", 6, arrow=True),
        line([(40, 130), (388, 130)], "h", arrow=True),
        symbol(34, 93, "c", "0", "c", anchor="end"),
        symbol(34, 135, "h", "0", "h", anchor="end"),
        symbol(402, 93, "c", "3", "c", anchor="start"),
        symbol(402, 135, "h", "3", "h", anchor="start"),
        label(8, 18, text("only_h_goes_out", lang), "h", size=13, anchor="start"),
        label(210, 228, text("same_weights", lang), size=13),
    ]
    for x, time in ((96, "1"), (210, "2"), (324, "3")):
        shapes += [
            line([(x, 64), (x, 50)], "h", arrow=True),
            line([(x, 188), (x, 164)], "x", arrow=True),
            f'<rect x="{x - 36}" y="64" width="72" height="90" rx="10" fill="{color("paper")}" '
            f'stroke="{color("ink")}" stroke-width="2"/>',
            label(x, 114, "W, U, b"),
            symbol(x, 34, "h", time, "h"),
            symbol(x, 202, "x", time, "x"),
        ]
    return (432, 236), shapes


def cells(x, y, rows, columns, name, size):
    """A matrix as a grid of squares, one for each number."""
    width, height = columns * size, rows * size
    lines = [line([(x, y + k * size), (x + width, y + k * size)], name, 1) for k in range(rows + 1)]
    lines += [
        line([(x + k * size, y), (x + k * size, y + height)], name, 1) for k in range(columns + 1)
    ]
    return "".join(lines)


def stack_of(x, y, columns, name, size, *, gap=8, rows=(8, 4, 1)):
    """W, U and b one below the other, each as high as what it reads: x, h and a 1."""
    places = [y + size * sum(rows[:k]) + gap * k for k in range(len(rows))]
    return places, "".join(
        cells(x, top, count, columns, name, size) for top, count in zip(places, rows, strict=True)
    )


def what_is_read(x, y, size, *, gap=8, rows=(8, 4, 1)):
    """x, h and 1 as columns of squares, with their names to the left."""
    places, _ = stack_of(x, y, 1, "ink", size, gap=gap, rows=rows)
    names = ("x", "t", "x"), ("h", "t−1", "h"), ("1", "", "ink")
    return [
        cells(x, top, count, 1, name, size)
        + (
            symbol(x - 10, top + count * size / 2 + 5, letter, index, name, anchor="end")
            if index
            else label(x - 10, top + size / 2 + 5, letter, anchor="end")
        )
        for top, (letter, index, name), count in zip(places, names, rows, strict=True)
    ]


def gate_weights(lang):
    """The weights of one gate, every number a square: D = 8, H = 4."""
    size, left, top = 14, 124, 40
    (W, U, b), block = stack_of(left, top, 4, "f", size)
    rows = (
        ("W", "D × H = 8 × 4 = 32", W + 4 * size),
        ("U", "H × H = 4 × 4 = 16", U + 2 * size),
        ("b", "H = 4", b + size / 2),
    )
    end = b + size
    return (420, 310), [
        *what_is_read(66, top, size),
        label(left + 28, 24, text("column_per_unit", lang), "f", size=13),
        block,
        *(
            symbol(204, y + 5, letter, "f", "f", anchor="start")
            + label(240, y + 5, words, "ink", anchor="start")
            for letter, words, y in rows
        ),
        line([(left + 28, end), (left + 28, end + 10)], "f", arrow=True),
        box(left + 28, end + 34, "σ", "f"),
        line([(left + 28, end + 47), (left + 28, end + 51)], "f"),
        cells(left, end + 51, 1, 4, "f", size),
        symbol(left - 12, end + 63, "f", "t", "f", anchor="end"),
        label(240, end + 34, "H (D + H + 1) = 52", "ink", anchor="start", weight="bold"),
    ]


def layer_weights(lang):
    """The weights of a layer, every number a square: four blocks of the same shape."""
    size, left, top, pitch = 11, 82, 36, 56
    shapes = what_is_read(52, top, size)
    for k, quantity in enumerate("ifgo"):
        x = left + pitch * k
        (W, U, b), block = stack_of(x, top, 4, quantity, size)
        end = b + size
        shapes += [
            symbol(x + 22, 24, quantity, "", quantity),
            block,
            line([(x + 22, end), (x + 22, end + 8)], quantity, arrow=True),
            box(x + 22, end + 30, "tanh" if quantity == "g" else "σ", quantity),
            label(x + 22, end + 62, text("g" if quantity == "g" else "a_gate", lang),
                  quantity, size=11),
        ]  # fmt: skip
    right = left + 4 * pitch
    rows = (
        ("W", "8 × 16 = 128", W + 4 * size),
        ("U", "4 × 16 = 64", U + 2 * size),
        ("b", "16", b + size / 2),
    )
    shapes += [
        symbol(right, y + 5, letter) + label(right + 16, y + 5, words, size=13, anchor="start")
        for letter, words, y in rows
    ]
    shapes.append(label(right + 16, end + 35, "4 × 52 = 208", size=13, anchor="start",
                        weight="bold"))  # fmt: skip
    return (420, end + 74), shapes


SOCKETS = {"f": 27, "i": 48, "g": 69, "o": 89}
"""How far to the right of its belt each number of a unit arrives."""


def tinted(x, y, name, *, height=18):
    """A column of the unit that the eye is to follow."""
    return (
        f'<rect x="{x}" y="{y}" width="18" height="{height}" fill="{color(name)}" '
        'fill-opacity="0.4"/>'
    )


def unit_of_layer(x, y, unit, wire, lang):
    """One unit below its four numbers: its belt runs down, and f, i, g and o come in beside it."""
    f, i, g, o = (x + across for across in SOCKETS.values())
    forget, write, after, squash, show, out = (y + down for down in (52, 94, 118, 172, 210, 234))
    back, thick = x - 20, 2.4 * wire
    return [
        line([(x, y + 18), (x, after)], "c", thick),
        line([(x, after + 18), (x, show)], "c", wire),
        line([(x, show), (x, out)], "h", wire),
        line([(x - 9, after + 9), (back, after + 9), (back, y + 9), (x - 17, y + 9)], "c",
             1.5, arrow=True, dashed=True),
        line([(f, y + 19), (f, forget), (x + 18, forget)], "f", wire, arrow=True),
        line([(i, y + 19), (i, write)], "i", wire),
        line([(g, y + 19), (g, write), (i, write)], "g", wire),
        line([(i, write), (x + 18, write)], "g", wire, arrow=True),
        line([(o, y + 19), (o, show), (x + 18, show)], "o", wire, arrow=True),
        circle(x, forget, "×", "f", radius=10),
        circle(x, write, "+", "g", radius=10),
        circle(i, write, "×", "i", radius=10),
        box(x, squash, "tanh", "c", width=40),
        circle(x, show, "×", "o", radius=10),
        cells(x - 9, y, 1, 1, "c", 18),
        cells(x - 9, after, 1, 1, "c", 18),
        cells(x - 9, out, 1, 1, "h", 18),
        *(symbol(x + SOCKETS[name], y + 13, name, "", name, size=14) for name in SOCKETS),
        clear(symbol(x, y - 9, "c", f"t−1,{unit}", "c")),
        symbol(x + 14, after + 14, "c", f"t,{unit}", "c", anchor="start"),
        symbol(x + 14, out + 14, "h", f"t,{unit}", "h", anchor="start"),
        label(x + 53, squash + 5, f"{text('unit', lang)} {unit}", size=13),
    ]  # fmt: skip


def whole_layer(lang):
    """A layer from its weights to h: each unit takes one column of every block. D = 2, H = 3."""
    size, gap, rows, left, top, pitch, followed = 18, 6, (2, 3, 1), 82, 34, 75, 2
    (W, U, b), _ = stack_of(left, top, 3, "ink", size, gap=gap, rows=rows)
    z, opening, units = b + 36, b + 100, b + 200
    belts, wires = (64, 184, 304), (1.5, 2.5, 1.5)
    bus, right = units + 270, left + 4 * pitch - 12
    shapes = [
        *what_is_read(52, top, size, gap=gap, rows=rows),
        symbol(70, z + 14, "z", "t", anchor="end"),
        symbol(right, W + 15, "W", anchor="start"),
        label(right, W + 32, "2 × 12", size=13, anchor="start"),
        symbol(right, U + 24, "U", anchor="start"),
        label(right, U + 41, "3 × 12", size=13, anchor="start"),
        symbol(right, b + 14, "b", anchor="start"),
        line([(belts[-1], bus), (26, bus), (26, U + 46)], "h", arrow=True, dashed=True),
        label(184, bus + 20, text("next_step", lang), "h", size=13),
    ]
    for unit in (1, 3, followed):
        for k, quantity in enumerate("ifgo"):
            column, wire = left + pitch * k + size * unit - 9, wires[unit - 1]
            end = belts[unit - 1] + SOCKETS[quantity]
            shapes += [
                line([(column, b + size), (column, z)], quantity, wire),
                line([(column, z + size), (column, opening)], quantity, wire),
                bend((column, opening + size), (end, units), quantity, wire),
            ]
    for k, quantity in enumerate("ifgo"):
        x = left + pitch * k
        shapes.append(symbol(x + 27, 24, quantity, "", quantity))
        for y, count in ((W, 2), (U, 3), (b, 1), (z, 1), (opening, 1)):
            shapes.append(tinted(x + size * (followed - 1), y, quantity, height=count * size))
            shapes.append(cells(x, y, count, 3, quantity, size))
        shapes.append(box(x + 27, z + 41, "tanh" if quantity == "g" else "σ", quantity, width=54))
    for unit, (x, wire) in enumerate(zip(belts, wires, strict=True), 1):
        shapes += [
            line([(x, units + 252), (x, bus)], "h", dashed=True),
            *unit_of_layer(x, units, unit, wire, lang),
        ]
    x = belts[followed - 1] - 9
    shapes += [tinted(x, units + y, name) for y, name in ((0, "c"), (118, "c"), (234, "h"))]
    return (420, bus + 32), shapes


def padding(lang):
    """Two steps padded to five: with zeros after or before, and with a mask to pass them over."""
    shapes = []
    rows = ("padding_post", "xx000"), ("padding_pre", "000xx"), ("padding_mask", "xx000")
    for row, (key, inputs) in enumerate(rows):
        y, masked, count = 62 + 110 * row, key == "padding_mask", 0
        places = [94 + 58 * k for k in range(5)]
        shapes.append(label(8, y - 36, text(key, lang), anchor="start", weight="bold"))
        shapes.append(symbol(38, y + 5, "h", "0", "h"))
        for x, read in zip(places, inputs, strict=True):
            real = read == "x"
            skipped = masked and not real
            name = "h" if real else "faint" if skipped else "x"
            count += real
            shapes += [
                line([(x, y + 40), (x, y + 25)], "faint" if skipped else "x", arrow=True),
                box(x, y, "", name, width=40, height=32),
                "" if skipped else label(x, y + 4, "LSTM", name, size=11),
                symbol(x, y + 56, "x", count, "x") if real else label(x, y + 56, "0", "x"),
                "" if skipped else line([(x - 38, y), (x - 29, y)], "h", 3, arrow=True),
            ]
        end, over = places[4] + 32, y - 26
        way = [(places[4] + 21, y), (end, y)]
        if masked:
            turn = places[1] + 29
            way = [(places[1] + 21, y), (turn, y), (turn, over), (end - 6, over)]
            way += [(end - 6, y), (end, y)]
        shapes.append(line(way, "h", 3, arrow=True))
        sign = "=" if masked else "≠"
        shapes.append(symbol(places[4] + 46, y + 5, f"{sign} h", 2, "h", anchor="start"))
    return (420, 350), shapes


def paths_back(lang):
    """The gradient's ways back over three steps: straight along c, and round by the gates and h."""
    shapes = []
    for k, time in enumerate(("t−1", "t", "t+1")):
        x = 52 + 140 * k
        if k:
            shapes += [
                line([(x - 20, 50), (x - 106, 50)], "c", 6, arrow=True),
                circle(x - 70, 50, "×", "f"),
                symbol(x - 70, 28, "f", time, "f"),
                line([(x - 36, 50), (x - 36, 132), (x - 44, 132)], "h", arrow=True),
                line([(x - 20, 214), (x - 56, 214), (x - 56, 153)], "h", arrow=True),
                line([(x - 84, 146), (x - 84, 214), (x - 112, 214)], "h", arrow=True),
                box(x - 70, 132, "i f g o", "g", width=54),
                label(x - 92, 186, "× Uᵀ", "h", size=13, anchor="end"),
            ]
        shapes += [
            line([(x, 196), (x, 76)], "h", arrow=True),
            symbol(x, 55, "c", time, "c", size=17),
            symbol(x, 219, "h", time, "h", size=17),
        ]
    return (420, 290), [
        *shapes,
        line([(400, 214), (364, 214)], "h", arrow=True),
        label(408, 219, "L", size=17),
        line([(40, 254), (20, 254)], "c", 6, arrow=True),
        label(56, 259, text("path_carry", lang), "c", anchor="start"),
        line([(40, 278), (16, 278)], "h", arrow=True),
        label(56, 283, text("path_rest", lang), "h", anchor="start"),
    ]


def stacked(lang):
    """Two layers over three steps: h goes up and to the right, c only to the right."""
    floors = (1, 218), (2, 108)

    def state(x, y, letter, layer, step, *, anchor="middle"):
        """A state with its layer above and its step below, on one line of the drawing."""
        above = f'<tspan font-size="11" dy="-6">({layer})</tspan>'
        below = f'<tspan font-size="11" dx="-14" dy="11">{step}</tspan>'
        italic = f'<tspan font-style="italic">{letter}</tspan>'
        return label(x, y, italic + above + below, letter, size=15, anchor=anchor)

    shapes = [
        label(6, 33, text("output", lang), "h", anchor="start", size=13),
        label(418, 158, text("pair_per_layer", lang), anchor="end", size=13, weight="bold"),
    ]
    for layer, y in floors:
        shapes.append(label(6, y + 5, f"{text('layer', lang)} {layer}", anchor="start", size=13))
        for x in (100, 190, 280):
            end = x + 62 if x < 280 else 348
            low, name = (y + 64, "x") if layer == 1 else (y + 90, "h")
            shapes += [
                line([(x, low), (x, y + 31)], name, 3, arrow=True),
                line([(x, y - 10), (end - 10, y - 10)], "c", 4, arrow=True),
                line([(x, y + 10), (end - 8, y + 10)], "h", 3, arrow=True),
            ]
        shapes += [
            state(360, y - 6, "c", layer, 3, anchor="start"),
            state(360, y + 20, "h", layer, 3, anchor="start"),
            line([(396, y - 24), (404, y - 24), (404, y + 28), (396, y + 28)], "ink"),
        ]
    for step, x in enumerate((100, 190, 280), 1):
        shapes += [
            symbol(x, 302, "x", step, "x"),
            line([(x, 86), (x, 52)], "h", 3, arrow=True),
            state(x, 34, "h", 2, step),
            state(x + 10, 180, "h", 1, step, anchor="start"),
            *(box(x, y, "LSTM", width=52, height=40) for _, y in floors),
        ]
    return (420, 316), shapes


DRAWINGS = (
    legend,
    belt,
    gate,
    gate_layer,
    gate_gradient,
    valves,
    unrolled,
    dependencies,
    there_and_back,
    two_states,
    gate_weights,
    layer_weights,
    whole_layer,
    padding,
    paths_back,
    stacked,
)


def svg(size, shapes):
    width, height = size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="sans-serif">\n'
        f'<rect width="{width}" height="{height}" fill="{color("paper")}"/>\n'
        + "\n".join(shapes)
        + "\n</svg>\n"
    )


def main(folder=HERE):
    for lang in LANGUAGES:
        (folder / lang).mkdir(exist_ok=True)
        for diagram in DRAWINGS:
            path = folder / lang / f"{diagram.__name__}.svg"
            path.write_text(svg(*diagram(lang)), encoding="utf-8")


if __name__ == "__main__":
    main()
