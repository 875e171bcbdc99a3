"""What exercises say of wrong and odd answers: never praise, never Python's or NumPy's own words.

Each chapter's test has a table `VERDICTS`: {exercise: [(answers, key of the verdict), ...]}.
"""

import inspect
import math
import re
from importlib import import_module

import numpy as np
import pytest
from failing import no_problems

from lstm_edu import use_language
from lstm_edu.exercises.base import check, judge, names
from rules.pages import LANGUAGES, ROOT

ROOMS = "lstm_edu.exercises"
CHAPTERS = sorted(
    path.stem for path in (ROOT / "tests" / "chapters").glob("test_chapter_[0-9]*.py")
)
TABLES = {chapter: getattr(import_module(chapter), "VERDICTS", {}) for chapter in CHAPTERS}
TRIED = {
    exercise: f"tests/chapters/{chapter}.py"
    for chapter, table in TABLES.items()
    for exercise in table
}
EXERCISES = [
    name
    for name in names()
    if hasattr(import_module(f"{ROOMS}.{name.split('.')[0]}"), name.split(".")[1])
]
CASES = {
    exercise: cases
    for table in TABLES.values()
    for exercise, cases in table.items()
    if exercise in EXERCISES
}

# Words that only Python, NumPy or a package says.
MACHINE = re.compile(
    r"ufunc|Traceback|ndarray|array\(|dtype|object is not|inhomogeneous|0-dimensional|\bgot\b"
    r"|Hint:|expected shape|argument must be|\(\)|\bnan\b(?! o | or )|NotImplemented|\d{16}"
)


def fails(*_):
    raise ValueError("operands could not be broadcast together with shapes (3,) (4,)")


class NoArray:
    def __array__(self, *args, **kwargs):
        raise RuntimeError("no array of this")


ODD = {
    "nan": math.nan,
    "infinity": -math.inf,
    "a number of 301 digits": 1e300,
    "a long number below 0": -1e300,
    "a text": "0.5",
    "a word": "seis",
    "None": None,
    "a decimal comma": (0, 75),
    "a decimal comma in a text": "0,75",
    "an empty list": [],
    "rows of unequal length": [[1, 2], [3]],
    "NaN in an array": np.array([math.nan, 1.0]),
    "a list with None": [1, None],
    "a complex number": 1j,
    "a truth value": True,
    "a set": {1, 2},
    "an object": object(),
    "a function that gives nothing": lambda *_: None,
    "a function that gives NaN": lambda *_: math.nan,
    "a function that gives a text": lambda *_: "0.5",
    "a function that stops": fails,
    "a function of no arguments": lambda: 1,
    "a function that gives back all it was given": lambda *given: given,
    "a function that gives back the first that it was given": lambda *given: given[0],
    "infinity in an array": np.array([math.inf, 1.0]),
    "a number that hides": np.ma.masked_array([1.0, 2.0], [True, False]),
    "an object that is no array": NoArray(),
}


def function_of(name):
    room, exercise = name.split(".")
    return getattr(import_module(f"lstm_edu.exercises.{room}"), exercise)


def odd_answers(name, odd):
    """The odd thing in the place of every part of the answer."""
    parameters = inspect.signature(function_of(name)).parameters.values()
    return [odd] * (2 if parameters and next(iter(parameters)).kind == 2 else len(parameters))


def spoken(name, answers, lang, capsys):
    use_language(lang)
    try:
        check(name, *answers)
    finally:
        use_language("en")
    return capsys.readouterr().out


def assert_plain(said, lang, answers):
    machine = MACHINE.search(said)
    assert not machine, f"{answers!r} ({lang}): says {machine[0]!r} in {said!r}"


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("name", EXERCISES)
def test_an_odd_answer_gets_plain_words(name, odd, capsys):
    answers = odd_answers(name, ODD[odd])
    for lang in LANGUAGES:
        said = spoken(name, answers, lang, capsys)
        assert not said.startswith("✓"), said
        assert_plain(said, lang, answers)


@pytest.mark.parametrize("name", EXERCISES)
def test_an_exercise_has_at_least_ten_wrong_answers(name):
    cases = CASES.get(name, [])
    wrong = sum(key != "right" for _, key in cases)
    where = TRIED.get(name, "the chapter's test")
    problems = [f"{where}: VERDICTS tries {wrong} wrong answers of {name}. Try at least ten."]
    if any(key == "right" for _, key in cases):
        no_problems(problems if wrong < 10 else [])
    else:
        no_problems([f"{where}: VERDICTS tries no right answer of {name}. Add one."])


@pytest.mark.parametrize(
    ("name", "answers", "key"),
    [(name, answers, key) for name, cases in CASES.items() for answers, key in cases],
)
def test_the_verdict_on_an_answer(name, answers, key, capsys):
    given = judge(function_of(name), answers).key
    room = name.partition(".")[0]
    said = f"{TRIED[name]}: {name} says {given!r} to {answers!r}, and VERDICTS {key!r}."
    no_problems([] if given == key else [f"{said} Mend lstm_edu/exercises/{room}.py, or the line."])
    for lang in LANGUAGES:
        said = spoken(name, answers, lang, capsys)
        assert said.startswith("✓ ") == (key == "right"), said
        assert_plain(said, lang, answers)


def test_every_exercise_that_is_tried_exists():
    no_problems(
        [
            f"{path}: VERDICTS tries {name}, and there is no such exercise. Take its lines out."
            for name, path in TRIED.items()
            if name not in EXERCISES
        ]
    )
