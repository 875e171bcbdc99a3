"""What all exercises share: an answer comes in, a verdict goes out, in words."""

import json
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
    if any(part is ... for part in answer):
        verdict = Verdict("base.empty")
    else:
        try:
            verdict = getattr(import_module(f"{__package__}.{room}"), exercise)(*answer)
        except Exception as error:  # a student's function may raise anything
            verdict = Verdict("base.raised", {"error": f"{type(error).__name__}: {error}"})
    key = verdict.key if verdict.key.startswith("base.") else f"{exercise}.{verdict.key}"
    sign = {"right": "✓ ", "empty": ""}.get(key.partition(".")[2], "✗ ")
    print(sign + words[key][language()].format(**verdict.numbers))


def compare(answer, right, *, tolerance=1e-3, **mistakes):
    """Compare an answer with the right one, then with what usual mistakes give.

    Parameters
    ----------
    answer : array_like
    right : array_like
        The answer asked for; its shape is asked for too.
    tolerance : float
        The relative error let pass: enough for an answer written with four digits.
    **mistakes : array_like
        By the key of their words, what each usual mistake gives.

    Returns
    -------
    Verdict
        "right", the key of a mistake, "wrong", or that the shape or the kind is another.

    Examples
    --------
    >>> compare(0.5, 0.25, added=0.5).key
    'added'
    """
    right = np.asarray(right, float)
    try:
        answer = np.asarray(answer, float)
    except (TypeError, ValueError):
        return Verdict("base.kind", {"answer": repr(answer)})
    if answer.shape != right.shape:
        return Verdict("base.shape", {"expected": right.shape, "shape": answer.shape})
    for key, value in {"right": right, **mistakes}.items():
        if np.allclose(answer, value, rtol=tolerance, atol=tolerance * 1e-3):
            return Verdict(key)
    return Verdict("wrong")


def names():
    """Return every exercise, as "room.exercise"."""
    return sorted({f"{room}.{key.partition('.')[0]}" for room in ROOMS for key in read(room)})


def read(room):
    """Return the words of a room: {"exercise.verdict": {"es": …, "en": …}}."""
    return json.loads((HERE / f"{room}.json").read_text(encoding="utf-8"))
