"""Figures with matplotlib: data first, the rest by keyword, and the Axes come back."""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.ticker import StrMethodFormatter

from lstm_edu.cell import sigmoid
from lstm_edu.checks import check_one_step, check_one_trace, check_size, check_values
from lstm_edu.language import text
from lstm_edu.palette import PALETTE, line_style

__all__ = [
    "figures_as_svg",
    "plot_activations",
    "plot_cell_update",
    "plot_gates",
    "plot_slopes",
]

INK, PAPER, FAINT = (PALETTE[name]["light"] for name in ("ink", "paper", "faint"))


def figures_as_svg():
    """Show the notebook's figures as SVG, the same to the last byte on every run.

    Text stays text: it can be selected, searched, and takes the page's font and colours. A PNG
    goes with each: JupyterLab draws no SVG of a notebook that was not run there.
    """
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "lstm_edu"})
    set_matplotlib_formats("svg", "png", metadata={"Date": None, "Creator": None})


def plot_activations(values=None, *, ax=None, lang=None):
    """Draw σ and tanh, with a mark where each of `values` falls on both.

    Parameters
    ----------
    values : array_like, shape (N,), optional
        Pre-activations to mark, dimensionless.
    ax : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.
    lang : {"es", "en"}, optional
        By default, what `use_language` chose.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    TypeError, ValueError
        If `values` does not hold finite real numbers.

    Examples
    --------
    >>> ax = plot_activations([3, -2, 4], lang="en")
    >>> [words.get_text() for words in ax.get_legend().get_texts()]
    ['gate: σ(z)', 'candidate: tanh(z)']
    """
    values = None if values is None else check_values(values, "values")
    ax = axes_of(ax)
    z = np.linspace(-6, 6, 241)
    for quantity, function, key in (("i", sigmoid, "gate_sigma"), ("g", np.tanh, "candidate_tanh")):
        style = line_style(quantity)
        marker = style.pop("marker")
        ax.plot(z, function(z), **style, label=text(key, lang), gid=f"line-{quantity}")
        if values is not None:
            style["linestyle"] = "none"
            ax.plot(values, function(values), **style, marker=marker)
    for level in (-1, 0, 1):
        ax.axhline(level, color=FAINT, linewidth=0.8, zorder=0)
    ax.set(xlabel=f"z ({text('z', lang)})", yticks=[-1, -0.5, 0, 0.5, 1])
    return finish(ax)


def plot_cell_update(step, *, ax=None, lang=None):
    """Draw what stays, what is added, and the new cell state, unit by unit.

    Parameters
    ----------
    step : LSTMStep
        One unbatched time step, as `lstm_step` gives it.
    ax, lang
        As in `plot_activations`.

    Returns
    -------
    matplotlib.axes.Axes
        Four groups of H bars: c_prev, f · c_prev, i · g and their sum c.

    Raises
    ------
    TypeError, ValueError
        If `step` is no step of an LSTM, or a batch of them.

    Examples
    --------
    >>> from lstm_edu import LSTMParams, lstm_step
    >>> params = LSTMParams(W=[[0, 0, 0, 0]], U=[[0, 0, 0, 0]], b=None)
    >>> ax = plot_cell_update(lstm_step([1.0], [0.0], [8.0], params))
    >>> [float(bar.get_height()) for bar in ax.patches]
    [8.0, 4.0, 0.0, 4.0]
    """
    check_one_step(step)
    ax = axes_of(ax)
    kept, added = step.f * step.c_prev, step.i * step.g
    bars = (
        ("c", step.c_prev, "$c_{t-1}$", {"alpha": 0.4}),
        ("f", kept, "$f_t \\odot c_{t-1}$", {"hatch": "///"}),
        ("g", added, "$i_t \\odot g_t$", {"hatch": "\\\\"}),
        ("c", step.c, "$c_t$", {}),
    )
    units = np.arange(1, step.c.size + 1)
    for place, (quantity, heights, label, look) in enumerate(bars):
        look |= {"color": PALETTE[quantity]["light"], "edgecolor": PAPER, "label": label}
        group = ax.bar(units + 0.2 * (place - 1.5), heights, 0.19, **look)
        ax.bar_label(group, fmt=StrMethodFormatter("{x:.2f}"), fontsize=7, color=INK, padding=2)
    ax.axhline(0, color=INK, linewidth=0.8)
    ax.set(xticks=units, xticklabels=[f"{text('unit', lang)} {k}" for k in units])
    ax.margins(y=0.15)
    return finish(ax, legend_columns=4)


def plot_gates(trace, *, unit=0, ax=None, lang=None):
    """Draw the gates and states of one unit through time.

    Parameters
    ----------
    trace : LSTMTrace
        One unbatched sequence, as `lstm_forward` gives it.
    unit : int
        Which unit, counted from 0.
    ax, lang
        As in `plot_activations`.

    Returns
    -------
    matplotlib.axes.Axes
        Five lines over the time steps 1 … T: f, i, o, c and h.

    Raises
    ------
    TypeError, ValueError
        If `trace` is no trace of an LSTM, or one of a batch, or has no such unit.

    Examples
    --------
    >>> import numpy as np
    >>> from lstm_edu import LSTMParams, lstm_forward
    >>> params = LSTMParams(W=np.ones((1, 4)), U=np.ones((1, 4)), b=None)
    >>> ax = plot_gates(lstm_forward(np.ones((3, 1)), params), lang="en")
    >>> ax.get_lines()[0].get_label()
    'forget gate f'
    """
    check_one_trace(trace)
    unit = check_size(unit, "unit", 0, largest=trace.h.shape[1] - 1)
    ax = axes_of(ax)
    steps = np.arange(1, trace.h.shape[0] + 1)
    for quantity in "fioch":
        values = getattr(trace, quantity)[:, unit]
        label = f"{text(quantity, lang)} {quantity}"
        ax.plot(steps, values, **line_style(quantity), label=label, gid=f"line-{quantity}")
    ax.axhline(0, color=FAINT, linewidth=0.8, zorder=0)
    ax.set(xlabel=text("time_step", lang), xticks=steps)
    return finish(ax)


def axes_of(ax):
    """Return the Axes to draw on: the reader's, or new ones if None."""
    if ax is None:
        return new_axes()
    if not isinstance(ax, Axes):
        raise TypeError(
            f"ax: expected one matplotlib Axes, got {type(ax).__name__}. "
            "Hint: plt.subplots with several rows or columns gives an array of them; pass one."
        )
    return ax


def new_axes():
    """Return the Axes of a new figure as wide as the book's column."""
    return plt.figure(figsize=(5.6, 3.2), facecolor=PAPER).add_subplot()


def finish(ax, legend_columns=2):
    """Give the Axes the book's look: no frame, ink for words, a legend above."""
    ax.set_facecolor(PAPER)
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["left", "bottom"]].set_color(INK)
    ax.tick_params(colors=INK)
    ax.xaxis.label.set_color(INK)
    ax.yaxis.label.set_color(INK)
    ax.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=legend_columns,
        frameon=False,
        labelcolor=INK,
        handlelength=3,
    )
    return ax


def plot_slopes(*, ax=None, lang=None):
    """Draw the slopes of tanh and σ: 1 - tanh², never above 1, and σ (1 - σ), never above 1/4.

    Parameters
    ----------
    ax, lang
        As in `plot_activations`.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> tanh, sigma, *_ = plot_slopes(lang="en").get_lines()
    >>> float(tanh.get_ydata().max()), float(sigma.get_ydata().max())
    (1.0, 0.25)
    """
    ax = axes_of(ax)
    z = np.linspace(-6, 6, 241)
    z[120] = 0  # where both are steepest
    s = sigmoid(z)
    for quantity, slope, key in (
        ("g", 1 - np.tanh(z) ** 2, "slope_tanh"),
        ("i", s * (1 - s), "slope_sigma"),
    ):
        style = line_style(quantity)
        style.pop("marker")
        ax.plot(z, slope, **style, label=text(key, lang), gid=f"line-{quantity}")
    for level in (0, 0.25, 1):
        ax.axhline(level, color=FAINT, linewidth=0.8, zorder=0)
    ax.set(xlabel=f"z ({text('z', lang)})", yticks=[0, 0.25, 0.5, 0.75, 1])
    return finish(ax)
