"""Every exercise knows the right answer, and what to say of a wrong one, in both languages."""

import inspect
import math
import string
from importlib import import_module

import numpy as np
import pytest
from failing import no_problems

from lstm_edu import use_language
from lstm_edu.exercises import check, compare
from lstm_edu.exercises.base import Refused, call, least, names, numbers, read


def rooms():
    """Return {room: its module}."""
    found = {name.partition(".")[0] for name in names()}
    return {room: import_module(f"lstm_edu.exercises.{room}") for room in sorted(found)}


NAMES = [name for name in names() if hasattr(rooms()[name.split(".")[0]], name.split(".")[1])]


@pytest.fixture(autouse=True)
def speaks_english():
    use_language("en")


def test_every_exercise_has_words_and_a_function():
    no_problems(
        [
            f"lstm_edu/exercises/{room}.json: has words of “{exercise}”, and {room}.py no such "
            "function. Take them out, or write it."
            for room, _, exercise in (name.partition(".") for name in names())
            if not hasattr(rooms()[room], exercise)
        ]
        + [
            f"lstm_edu/exercises/{room}.py: {exercise} has no words in {room}.json. Write them, "
            "or take it out."
            for room, module in rooms().items()
            for exercise, function in inspect.getmembers(module, inspect.isfunction)
            if (function.__doc__ or "").startswith("Exercise ")
            and function.__module__ == module.__name__
            and f"{room}.{exercise}" not in names()
        ]
    )


@pytest.mark.parametrize("name", NAMES)
def test_an_exercise_has_words_for_its_verdicts(name):
    room, exercise = name.split(".")
    function = getattr(import_module(f"lstm_edu.exercises.{room}"), exercise)
    words = {
        key.partition(".")[2]: value
        for key, value in read(room).items()
        if key.startswith(f"{exercise}.")
    }
    assert "right" in words and len(words) > 1, f"{name}: say what is right, and a usual mistake"
    for key, said in words.items():
        fields = [
            sorted(f"{n}:{s}" for _, n, s, _ in string.Formatter().parse(said[lang]) if n)
            for lang in ("es", "en")
        ]
        assert fields[0] == fields[1], f"{name}: {key}: other numbers in the two languages"
    source = inspect.getsource(function)
    if "least(" in source:
        source += inspect.getsource(least)
    missing = [key for key in words if key not in source and key != "wrong"]
    assert missing == [], f"{name}: nothing leads to these words"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", ["es", "en"])
def test_a_missing_answer_is_asked_for(name, lang, capsys):
    use_language(lang)
    check(name, ...)
    assert capsys.readouterr().out == read("base")["base.empty"][lang] + "\n"


def said(capsys, name, *answer):
    check(name, *answer)
    return capsys.readouterr().out


def test_an_answer_is_compared_with_the_right_one_and_with_mistakes():
    assert compare(0.12345, 0.1235).key == "right"
    assert compare(0.12, 0.1235, rounded=0.12).key == "rounded"
    assert compare(0.2, 0.1235, rounded=0.12).key == "wrong"
    assert compare([0.133, -0.667, 0.733], [2 / 15, -10 / 15, 11 / 15]).key == "right"


@pytest.mark.parametrize(
    ("answer", "shape", "key"),
    [
        ("0.5", (), "text"),
        (["0.5"], (), "text"),
        (None, (), "nothing"),
        ((0, 6147), (), "comma"),
        ((0, 1), (2,), None),
        ([0.5], (), None),
        (np.float32(0.5), (), None),
        ([1, 2], (), "one"),
        ([1, 2], (3,), "length"),
        ([[1, 2]], (2,), "shape"),
        ([[1, 2], [3]], (2, 2), "ragged"),
        ([1, ...], (2,), "empty"),
        (math.nan, (), "infinite"),
        (True, (), "kind"),
        (1j, (), "kind"),
        (math.tanh, (), "uncalled"),
    ],
)
def test_numbers_are_read_or_refused_in_words(answer, shape, key):
    if key is None:
        assert numbers(answer, shape).shape == shape
        return
    with pytest.raises(Refused) as refused:
        numbers(answer, shape)
    assert refused.value.verdict.key == f"base.{key}"
    for lang in ("es", "en"):
        read("base")[f"base.{key}"][lang].format(**refused.value.verdict.numbers)


@pytest.mark.parametrize(
    ("function", "key"),
    [
        (0.5, "function"),
        (lambda z: None, "return"),
        (lambda z: ..., "empty"),
        (lambda z: z @ z, "raised"),
        (lambda: 1, "raised"),
    ],
)
def test_a_students_function_is_called_or_refused_in_words(function, key):
    with pytest.raises(Refused) as refused:
        call(function, 1.0)
    assert refused.value.verdict.key == f"base.{key}"


def test_a_decimal_comma_between_the_brackets_is_seen(capsys):
    assert "0.75" in said(capsys, "gates.opening", 0, 75)
    assert "single number" in said(capsys, "gates.opening", 1, 2, 3)
    assert "2 answers are needed; 3 came" in said(capsys, "inside_the_cell.secret", 1, 2, 3)


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        (6.8817, "right"),
        (6.89, "right"),
        (6.88, "rounded"),
        (6.8816, "rounded"),
        (6.87, "small"),
        (6.9, "large"),
    ],
)
def test_the_smallest_number_to_two_decimals(answer, key):
    assert least(answer, 6.88165) == key


@pytest.mark.parametrize("name", ["nowhere.secret", "inside_the_cell.none", "base.empty", "secret"])
def test_an_unknown_exercise_is_named(name):
    with pytest.raises(ValueError, match=r"name: expected one of .*inside_the_cell\.secret.*, got"):
        check(name, 1)
