"""The explorers' tables: whole, and a mistake in one is named by file and key."""

import json
import sys

import pytest
from failing import no_problems

from rules.pages import ROOT

sys.path.append(str(ROOT / "tools"))
import tables

GATE = next(path for path in tables.paths() if path.stem == "gate")


def test_every_table_is_whole():
    assert len(tables.paths()) > 1
    no_problems(tables.problems(tables.paths()))


def take(*keys):
    def change(table):
        *inner, last = keys
        for key in inner:
            table = table[key]
        del table[last]

    return change


def put(*keys):
    *inner, last, value = keys

    def change(table):
        for key in inner:
            table = table[key]
        table[last] = value

    return change


MISTAKES = [
    (take("presets", 4, "title", "en"), "presets[4].title: no en"),
    (put("presets", 4, "title", "en", " "), "presets[4].title.en: must match"),
    (put("strings", "z", "fr", "z"), "strings.z: must not contain {'fr'}"),
    (take("fields"), "the table: no fields"),
    (put("feilds", {}), "the table: must not contain {'feilds'}"),
    (put("fields", "w", "maximum", 3), "fields.w: must not contain {'maximum'}"),
    (take("fields", "w", "max"), "fields.w: no max"),
    (put("fields", "w", "type", "float"), "fields.w.type: must be one of"),
    (put("fields", "w", "min", 11), "fields.w: min 11 is above max 10"),
    (put("fields", "x", "axes", ["M"]), "fields.x.axes: M, and M is none of sizes"),
    (put("presets", []), "presets: must contain at least 2 items"),
    (put("presets", 1, "name", "open"), 'presets[2].name: "open" is presets[1]\'s'),
    (put("presets", 1, "U", 0), "presets[1].U: none of fields"),
    (take("presets", 1, "u"), "presets[1]: no u"),
    (put("presets", 1, "u", 15), "presets[1].u: expected a number from -10 to 10"),
    (put("presets", 1, "u", "1"), "presets[1].u: expected a number from -10 to 10, got '1'"),
    (put("presets", 1, "x", [1, 9]), "presets[1].x: 9 is beyond its slider, from -5 to 5"),
    (put("presets", 1, "x", [[1], [2]]), "presets[1].x: expected shape (N,)"),
    (put("presets", 1, "x", [1, 2, 3]), "presets[1].signal: expected shape (N,) = (3,)"),
    (put("presets", 1, "x", [0] * 5), "presets[1].x: expected shape (N)"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "said"), MISTAKES, ids=[said for _, said in MISTAKES])
def test_a_mistake_is_named_by_file_and_key(tmp_path, change, said):
    table = json.loads(GATE.read_text("utf-8"))
    change(table)
    copy = tmp_path / GATE.name
    copy.write_text(json.dumps(table), "utf-8")
    found = tables.problems([copy])
    assert found and found[0].startswith(f"gate.json, {said}"), found


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"sizes": {', '"sizes": {,', "gate.json, line 3, column 13: "),
        ('"u": 0,', '"u": 0, "u": 1,', "gate.json, u: twice in one object"),
    ],
)
def test_what_is_no_json_is_named(tmp_path, old, new, said):
    copy = tmp_path / GATE.name
    copy.write_text(GATE.read_text("utf-8").replace(old, new, 1), "utf-8")
    (problem,) = tables.problems([copy])
    assert problem.startswith(said)


def test_an_array_of_one_choice_is_asked_of_that_choice_alone(tmp_path):
    (path,) = (path for path in tables.paths() if path.stem == "cell")
    table = json.loads(path.read_text("utf-8"))
    (k,) = (k for k, preset in enumerate(table["presets"]) if "p" in preset)
    del table["presets"][k]["p"]
    copy = tmp_path / path.name
    copy.write_text(json.dumps(table), "utf-8")
    assert tables.problems([copy]) == [f"cell.json, presets[{k}]: no p"]
