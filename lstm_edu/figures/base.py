"""What all explorers share: their state, joined to the sliders and checked whole, and two forms.

An explorer's fields, limits, presets and words stand in a JSON table beside it, which the
front-end reads too. Here are the traits that hold such a state, and the class that shows it: as a
widget in Jupyter, and as an HTML element with the state in it on the rendered page.
"""

import html
import json
import re
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from lstm_edu.checks import check_array
from lstm_edu.language import LANGUAGES, language, text
from lstm_edu.stale import warn_if_stale

from .asleep import MANY, asleep, bars

__all__ = ["Explorer", "StateError", "join", "measure"]

HERE = Path(__file__).parent
STATIC = HERE.parent / "static"
MAX_MAGNITUDE = 1e6


class StateError(traitlets.TraitError, ValueError):
    """A value that an explorer cannot show; it keeps the state it had."""


def built(*names):
    """Return files of the built front-end, one behind the other."""
    return "\n".join((STATIC / name).read_text("utf-8") for name in names)


def module(kind, lang):
    """Return the page's scripts for a figure as the module that anywidget asks for."""
    scripts = built(f"kit.{lang}.js", f"{kind}.{lang}.js")
    return f"{scripts}export default lstmKit.widget.default;"


# --- the traits of a state -------------------------------------------------------------------


class StateTrait(traitlets.TraitType):
    """One name of a state. Its limits are those of its field in the explorer's table."""

    def __init__(self):
        super().__init__()
        self.tag(sync=True)

    def validate(self, obj, value):
        """Check what can be checked without the other names, and return the value to keep."""
        return self.fit(value, obj.table["fields"][self.name])

    def refuse(self, expected, value, hint):
        raise StateError(f"{self.name}: expected {expected}, got {value!r}. Hint: {hint}.")


class Array(StateTrait):
    """A read-only float64 array.

    Read-only, because writing into an element would not reach the screen: assign a whole array.
    """

    def __init__(self):
        super().__init__()
        self.tag(to_json=lambda array, widget: None if array is None else array.tolist())

    def fit(self, value, field, sizes=None):
        if value is None and "when" in field:
            return None
        axes, hint = field["axes"], None
        shape = tuple(length_of(axis, sizes or {}) for axis in axes)
        if value is None and (field.get("optional") or "fill" in field) and None not in shape:
            value = np.full(shape, float(field.get("fill", 0)))
        if len(axes) > 1 or sizes:
            hint = "to change sizes, assign all of them together, explorer.set(…)"
        letters = f"({', '.join(axes)}{',' if len(axes) == 1 else ''})"
        try:
            array = np.array(check_array(value, self.name, shape, letters, hint=hint), dtype=float)
        except (TypeError, ValueError) as error:
            raise StateError(str(error)) from None
        if np.abs(array).max(initial=0) > MAX_MAGNITUDE:
            hint = "much smaller numbers already show all there is"
            self.refuse("numbers between -1e6 and 1e6", array.tolist(), hint)
        array.flags.writeable = False
        return array


class Number(StateTrait):
    """A number within its slider's limits."""

    def fit(self, value, field):
        low, high = field["min"], field["max"]
        if isinstance(value, bool) or not isinstance(value, (int, float, np.number)):
            self.refuse(f"a number from {low} to {high}", value, "as in 0.5")
        if not low <= value <= high:
            self.refuse(f"a number from {low} to {high}", value, "the figure goes no further")
        return float(value)


class Whole(StateTrait):
    """A whole number: an amount within limits, or the place of something, counted from 0."""

    def fit(self, value, field, sizes=None):
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
            hint = field.get("hint", "whole numbers only")
            self.refuse("an integer", value, hint)
        low, high = field.get("min", 0), field.get("max", value)
        if field["type"] == "index":
            if sizes is None:
                return int(value)
            high = length_of(field["axes"][0], sizes) - 1
        if not low <= value <= high:
            hint = field.get("hint", "the figure goes no further")
            self.refuse(f"an integer from {low} to {high}", value, hint)
        return int(value)


class Choice(StateTrait):
    """One of some words."""

    def fit(self, value, field):
        if not (isinstance(value, str) and value in field["options"]):
            self.refuse(f"one of {', '.join(field['options'])}", value, "in lower case")
        return value


class Flag(StateTrait):
    """Yes or no."""

    def fit(self, value, field):
        if not isinstance(value, (bool, np.bool_)):
            self.refuse("True or False", value, "nothing in between")
        return bool(value)


TRAITS = {
    "array": Array,
    "number": Number,
    "integer": Whole,
    "index": Whole,
    "choice": Choice,
    "flag": Flag,
}


def split(axis):
    """Return the number and the letter of an axis: "4H" is 4 and H, "2" is 2 and nothing."""
    times, letter = re.fullmatch(r"(\d*)([A-Z]?)", axis).groups()
    return int(times or 1), letter


def length_of(axis, sizes):
    """Return the length of an axis; None if the size of its letter is not known."""
    times, letter = split(axis)
    return times * sizes[letter] if letter in sizes else None if letter else times


def check_whole(table, traits, state):
    """Refuse a state whose parts do not fit each other, or that the figure has no room for.

    As in the front-end, the fields give each other their sizes in the table's order.
    """
    sizes = {}
    for name, field in table["fields"].items():
        trait, value = traits[name], state[name]
        if field["type"] == "array" and value is not None:
            for axis, length in zip(field["axes"], np.shape(value), strict=False):
                if length_of(axis, sizes) is None:
                    times, letter = split(axis)
                    low, high = table["sizes"][letter]
                    size, rest = divmod(length, times)
                    if rest or not low <= size <= high:
                        letters = ", ".join(field["axes"])
                        trait.refuse(
                            f"shape ({letters}) with {letter} from {low} to {high}",
                            np.shape(value),
                            "the figure draws small networks; lstm_edu computes any",
                        )
                    sizes[letter] = size
            trait.fit(value, field, sizes)
        elif field["type"] == "index":
            trait.fit(value, field, sizes)
        elif field["type"] == "integer" and name in table["sizes"]:
            sizes[name] = value


def measure(loss, exact):
    """Measure a derivative by a central difference: `loss(by)` is L with a number moved by that.

    Returns a dict: "epsilon", "plus" and "minus" (L at either side), "measured", and "exact", the
    derivative that is checked.
    """
    epsilon = 1e-5 / max(1.0, abs(exact))  # small steps of L, not only of what is moved
    plus, minus = loss(epsilon), loss(-epsilon)
    measured = (plus - minus) / (2 * epsilon)
    return dict(epsilon=epsilon, plus=plus, minus=minus, measured=measured, exact=exact)


def firsts(table):
    """Return what the fields are that no preset sets: the first option, no, the least."""
    of = {"choice": lambda field: field["options"][0], "flag": lambda field: False}
    return {
        name: of.get(field["type"], lambda field: field.get("min", 0))(field)
        for name, field in table["fields"].items()
        if field.get("view") and field["type"] != "array"
    }


def whole(table):
    """Return the check of a class whose traits are the fields of `table`."""

    @traitlets.validate(*table["fields"])
    def fits(self, proposal):
        """Check the state as it would be, whole: its parts give each other their sizes."""
        state = {name: getattr(self, name) for name in self.state_names}
        state[proposal["trait"].name] = proposal["value"]
        check_whole(self.table, self.traits(), state)
        return proposal["value"]

    return fits


def check_name(name):
    """Refuse a name that cannot be a figure's address on the page."""
    if not (isinstance(name, str) and re.fullmatch(r"[a-z][a-z0-9-]*", name)):
        raise ValueError(
            f"name: expected lower-case letters, digits and hyphens, got {name!r}. "
            'Hint: it becomes the figure\'s address on the page, as in "cell".'
        )


# --- the explorer ----------------------------------------------------------------------------


class FromTable(type(anywidget.AnyWidget)):
    """Gives a class what the table in its folder says: kind, traits of the fields, their check."""

    def __new__(cls, name, bases, members):
        kind = members["__module__"].rpartition(".")[2]
        path = HERE / kind / f"{kind}.json"
        if path.exists() and not any(hasattr(base, "table") for base in bases):
            table = json.loads(path.read_text(encoding="utf-8"))
            members["table"] = table
            members["kind"] = traitlets.Unicode(kind, read_only=True).tag(sync=True)
            members |= {key: TRAITS[field["type"]]() for key, field in table["fields"].items()}
            members["fits"] = whole(table)
            members["_css"] = built("palette.css", "kit.css", f"{kind}.css")
        return super().__new__(cls, name, bases, members)


class Explorer(anywidget.AnyWidget, metaclass=FromTable):
    """A figure with sliders: a widget in Jupyter, an HTML element on the rendered page.

    A subclass stands in a folder of this package with its table, which gives it its `kind`, its
    `table` and a trait for every field. It gives the numbers that the figure shows (`numbers`)
    and a table of the chief ones for readers without scripts (`summary`).

    Parameters
    ----------
    preset : str, optional
        A ready-made state; by default the table's first.
    lang : {"es", "en"}, optional
        By default, what `use_language` chose.
    name : str, optional
        The figure's address on the page: a link to ``#name?preset=…`` sets it. By default, the
        explorer's kind.
    **state
        Any of the explorer's traits.

    Raises
    ------
    StateError
        A ValueError that names the trait, what was expected, what came, and a hint; the explorer
        keeps the state it had.
    """

    _esm = traitlets.Unicode().tag(sync=True)

    lang = traitlets.Enum(LANGUAGES).tag(sync=True)
    name = traitlets.Unicode(read_only=True).tag(sync=True)

    def __init__(self, *, preset=None, lang=None, name=None, **state):
        warn_if_stale()
        name = self.kind_name if name is None else name
        check_name(name)
        self._refuse_unknown(state)
        super().__init__(lang=language(lang), **(firsts(self.table) | self._preset(preset) | state))
        self.set_trait("name", name)
        self._joined = {}

    @traitlets.observe("lang")
    def _speak(self, change):
        self._esm = module(self.kind, self.lang)

    @property
    def kind_name(self):
        """The kind, before the traits are there."""
        return type(self).kind.default_value

    @property
    def state_names(self):
        """The names of the traits that are the state, in the table's order."""
        return tuple(self.table["fields"])

    @property
    def presets(self):
        """The names of the ready-made states."""
        return tuple(preset["name"] for preset in self.table["presets"])

    @property
    def state(self):
        """The state as plain lists and numbers: what the front-end and the page receive."""
        values = {name: getattr(self, name) for name in ("kind", "lang", *self.state_names)}
        return {
            name: value.tolist() if isinstance(value, np.ndarray) else value
            for name, value in values.items()
        }

    def set(self, **state):
        """Assign several traits as one change: the way to other sizes."""
        self._refuse_unknown(state)
        with self.hold_trait_notifications():
            for name, value in state.items():
                setattr(self, name, value)

    def load_preset(self, preset):
        """Show a ready-made state, from its first unit or step."""
        indices = [n for n, field in self.table["fields"].items() if field["type"] == "index"]
        self.set(**self._preset(preset) | dict.fromkeys(indices, 0))

    def numbers(self):
        """Return every number that the figure may show, by the name that it bears on the page."""
        raise NotImplementedError

    def summary(self):
        """Return the head and the rows of a table for readers without scripts."""
        raise NotImplementedError

    def to_html(self):
        """Return the form for the rendered page: an element with the state and a table in it."""
        state = json.dumps(self.state).replace("<", "\\u003c")
        joined = "".join(f" {other}:{','.join(names)}" for other, names in self._joined.items())
        joined = f' joined="{joined.strip()}"' if joined else ""
        return (
            f'<lstm-explorer id="{self.name}" kind="{self.kind}" lang="{self.lang}"{joined}>'
            f'<script type="application/json">{state}</script>{self._fallback()}</lstm-explorer>'
        )

    def words(self, key, **values):
        """Return a string of the explorer's own table."""
        return self.table["strings"][key][self.lang].format(**values)

    def _fallback(self):
        caption = f"<caption>{html.escape(text('fallback_caption', self.lang))}</caption>"
        return self._table().replace("<table>", f"<table>{caption}", 1)

    def _table(self):
        head, rows = self.summary()
        cell = html.escape
        top = "".join(f'<th scope="col">{cell(word)}</th>' for word in head[1:])
        body = "".join(
            f'<tr><th scope="row">{cell(first)}</th>'
            + "".join(
                f"<td>{cell(f'{n:.4g}' if isinstance(n, float) else str(n))}</td>" for n in rest
            )
            + "</tr>"
            for first, *rest in rows
        )
        return f"<table><tr><td>{cell(head[0])}</td>{top}</tr>{body}</table>"

    def _asleep(self):
        """Return the form that a notebook keeps, for wherever no script of it runs."""
        alt = text("asleep_alt", self.lang, title=self.table["title"][self.lang])
        head, rows = self.summary()
        table = self._table() if len(rows) <= MANY else ""
        return asleep(self.to_html(), bars(head, rows), alt, self.lang, table)

    def _preset(self, name):
        presets = {preset["name"]: preset for preset in self.table["presets"]}
        if name is None:
            name = self.table["presets"][0]["name"]
        if name not in presets:
            raise StateError(f"preset: expected one of {', '.join(presets)}, got {name!r}.")
        return {key: presets[name][key] for key in self.state_names if key in presets[name]}

    def _refuse_unknown(self, state):
        unknown = sorted(set(state) - set(self.state_names))
        if unknown:
            raise StateError(
                f"{type(self).__name__}: expected any of {', '.join(self.state_names)}, "
                f"got {unknown}."
            )

    def _repr_mimebundle_(self, **kwargs):
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return data | {"text/plain": repr(self), "text/html": self._asleep()}, metadata

    def __repr__(self):
        return f"{type(self).__name__}(name={self.name!r})"


def _follow(other):
    """Return an observer that hands a trait on to `other` where it differs there."""

    def follow(change):
        if not np.array_equal(getattr(other, change.name), change.new):
            setattr(other, change.name, change.new)

    return follow


def join(first, second, *names):
    """Keep some traits of two explorers equal, in Jupyter and on the page.

    `traitlets.link` does the same for single numbers and words, in Jupyter only: it compares
    with ``!=``, which arrays do not answer with yes or no.

    Parameters
    ----------
    first, second : Explorer
        Two explorers with different names. Join them before they are shown.
    *names : str
        Traits that both have, and of the same sizes.

    Raises
    ------
    StateError
        If one of them has no such trait, or both have the same name.

    Examples
    --------
    >>> from lstm_edu import CellExplorer
    >>> one, two = CellExplorer(), CellExplorer(name="other", preset="keep")
    >>> join(one, two, "x")
    >>> one.x = [3, 4]
    >>> two.x
    array([3., 4.])
    """
    if first.name == second.name:
        raise StateError(
            f"join: expected explorers with different names, got {first.name!r} twice. "
            'Hint: give one a name of its own, name="other".'
        )
    for name in names:
        for explorer in (first, second):
            if name not in explorer.state_names:
                raise StateError(
                    f"join: expected traits of both explorers, got {name!r}. "
                    f"Hint: {explorer.name} has {', '.join(explorer.state_names)}."
                )
        first.observe(_follow(second), name)
        second.observe(_follow(first), name)
        setattr(second, name, getattr(first, name))
    first._joined[second.name] = second._joined[first.name] = names
