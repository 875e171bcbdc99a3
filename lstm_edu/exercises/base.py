"""What all exercises share: an answer comes in, a verdict goes out, in words."""

import inspect
import json
import math
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import numpy as np

from lstm_edu.language import language

HERE = Path(__file__).parent
ROOMS = tuple(sorted(path.stem for path in HERE.glob("*.json") if path.stem != "base"))


class Verdict(NamedTuple):
    """What an exercise says of an answer: the key of its words, and the numbers put into them."""

    key: str
    numbers: dict = {}  # noqa: RUF012 - it is never changed


class Refused(Exception):
    """What came is no answer yet: `check` says the verdict, and the exercise need not go on."""

    def __init__(self, key, **numbers):
        super().__init__(key)
        self.verdict = Verdict(f"base.{key}", numbers)


def check(name, *answer):
    """Check an answer and print the verdict: ✓ if it is right, ✗ and a hint if it is not.

    Parameters
    ----------
    name : str
        The exercise, as "room.exercise".
    *answer
        What the exercise asks for: numbers, arrays or functions. With `...` for any of them the
        reply says where the answer goes.

    Raises
    ------
    ValueError
        There is no such exercise.
    """
    room, _, exercise = name.partition(".")
    if name not in (known := names()):
        raise ValueError(f"name: expected one of {', '.join(known)}, got {name!r}.")
    words = {**read(room), **read("base")}
    verdict = judge(getattr(import_module(f"{__package__}.{room}"), exercise), answer)
    key = verdict.key if verdict.key.startswith("base.") else f"{exercise}.{verdict.key}"
    sign = {"right": "✓ ", "empty": ""}.get(key.partition(".")[2], "✗ ")
    said = {k: _Short(v) if isinstance(v, float) else v for k, v in verdict.numbers.items()}
    print(sign + words[key][language()].format(**said))


class _Short(float):
    """A number that no words write with more than a few digits: 1e+300, and not 300 of them."""

    def __format__(self, spec):
        return format(float(self), spec if abs(self) < 1e6 else ".4g")


def judge(exercise, answer):
    """Return the verdict of an exercise, a function, on all parts of an answer."""
    try:
        if any(part is ... for part in answer):
            raise Refused("empty")
        parameters = inspect.signature(exercise).parameters.values()
        expected = len(parameters)
        if len(answer) != expected and all(one.kind != one.VAR_POSITIONAL for one in parameters):
            if expected == 1:
                number(answer)  # says so where a decimal comma makes two of one number
            raise Refused("count", expected=expected, came=len(answer))
        return exercise(*answer)
    except Refused as refused:
        return refused.verdict


# --- what may come in -------------------------------------------------------------------------


def number(answer):
    """Read one finite number: a Python number, an array of one, a tensor of one.

    Raises
    ------
    Refused
        With the words for it: a text, None, a decimal comma, several numbers, NaN, ...
    """
    return float(numbers(answer, ()))


def numbers(answer, shape):
    """Read an array of finite numbers of this shape; refuse all else in words, as `number` does.

    Where one number is asked for, an array of one is that number.
    """
    array = _array(answer)
    if not np.isfinite(array).all():
        raise Refused("infinite")
    if shape == () and array.size == 1:
        array = array.reshape(())
    if array.shape != shape:
        if shape == () and _is_decimal_comma(answer):
            raise Refused("comma", whole=answer[0], part=answer[1])
        if shape == ():
            raise Refused("one", came=array.size)
        if len(shape) == 1 and array.ndim == 1:
            raise Refused("length", expected=shape[0], came=array.size)
        if array.ndim == 0:
            raise Refused("single", expected=math.prod(shape))
        raise Refused("shape", expected=shape, came=array.shape)
    return array


def call(function, *arguments):
    """Call the function that a student wrote, and return what it gives back.

    Raises
    ------
    Refused
        It is no function, it ends in an error, or it gives nothing back.
    """
    if not callable(function):
        raise Refused("function")
    try:
        result = function(*arguments)
    except Refused:
        raise
    except Exception as error:  # a student's function may raise anything
        raise Refused("raised", error=type(error).__name__) from error
    if result is ...:
        raise Refused("empty")
    if result is None:
        raise Refused("return")
    return result


def shape_of(answer):
    """Return the shape of what came, or None if it has none: rows of unequal length, say."""
    try:
        return np.shape(answer)
    except Exception:  # objects of any kind
        return None


def _array(answer):
    """Return the numbers that came, of whatever shape; refuse what holds none."""
    if hasattr(answer, "detach"):  # PyTorch's tensors hand out their numbers only so
        answer = answer.detach()
    if answer is None:
        raise Refused("nothing")
    if callable(answer):
        raise Refused("uncalled")
    try:
        array = np.asarray(answer)
    except Exception:  # lists of unequal lengths, and objects of any kind
        raise Refused("ragged") from None
    entries = array.ravel().tolist() if array.dtype.kind == "O" else []
    if array.dtype.kind in "US" or any(isinstance(entry, str) for entry in entries):
        raise Refused("text")
    if any(entry is ... for entry in entries):
        raise Refused("empty")
    try:
        if array.dtype.kind in "bcmMV":  # True is no number here, nor is 1j
            raise TypeError
        return np.asarray(array, float)
    except (TypeError, ValueError, OverflowError):
        raise Refused("kind") from None


def _is_decimal_comma(answer):
    """Whether somebody wrote 0,75, which Python reads as the two numbers 0 and 75."""
    return (
        isinstance(answer, tuple)
        and len(answer) == 2
        and all(type(part) is int for part in answer)
        and answer[1] >= 0
    )


# --- verdicts that many exercises need --------------------------------------------------------


def compare(answer, right, *, tolerance=1e-3, **mistakes):
    """Compare an answer with the right one, then with what usual mistakes give.

    Parameters
    ----------
    answer : array_like
    right : array_like
        The answer asked for; its shape is asked for too.
    tolerance : float
        The error let pass, relative to the largest number of each: enough for an answer written
        with four digits.
    **mistakes : array_like
        By the key of their words, what each usual mistake gives.

    Returns
    -------
    Verdict
        "right", the key of a mistake, or "wrong".

    Raises
    ------
    Refused
        What came is no array of finite numbers of the right shape.

    Examples
    --------
    >>> compare(0.5, 0.25, added=0.5).key
    'added'
    """
    right = np.asarray(right, float)
    answer = numbers(answer, right.shape)
    for key, value in {"right": right, **mistakes}.items():
        allowed = tolerance * max(np.abs(value).max(initial=0), 1e-3)
        if np.shape(value) == answer.shape and np.abs(answer - value).max(initial=0) <= allowed:
            return Verdict(key)
    return Verdict("wrong")


def least(answer, exact):
    """Judge “the smallest number that will do, to two decimals”, where `exact` just does.

    Returns
    -------
    str
        "right"; "rounded", down instead of up; "small"; or "large": a hundredth less will do too.

    Examples
    --------
    >>> [least(answer, 6.8817) for answer in (6.89, 6.88, 4, 6.9)]
    ['right', 'rounded', 'small', 'large']
    """
    if answer < exact:
        return "rounded" if answer > exact - 0.01 else "small"
    return "right" if answer < math.ceil(100 * exact) / 100 + 0.005 else "large"


# --- the tables of words -----------------------------------------------------------------------


def names():
    """Return every exercise, as "room.exercise"."""
    return sorted({f"{room}.{key.partition('.')[0]}" for room in ROOMS for key in read(room)})


def read(room):
    """Return the words of a room: {"exercise.verdict": {"es": …, "en": …}}."""
    return json.loads((HERE / f"{room}.json").read_text(encoding="utf-8"))
