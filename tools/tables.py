"""Check the explorers' tables, all in less than a second: `python tools/tables.py`.

What a table holds is said by `table.schema.json`. Here is what a schema cannot say: that the parts
of a table name each other, and that each preset is a state that the explorer shows.
"""

import json
import sys
from pathlib import Path

import fastjsonschema
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
FOLDER = "lstm_edu/figures"
sys.path.insert(0, str(ROOT))  # the package beside this file, wherever another is installed

from lstm_edu.language import LANGUAGES  # noqa: E402

SCHEMA = json.loads(Path(__file__).with_name("table.schema.json").read_text("utf-8"))
SCHEMA["definitions"]["words"] |= {
    "required": list(LANGUAGES),
    "properties": {key: {"$ref": "#/definitions/text"} for key in LANGUAGES},
}
fits_schema = fastjsonschema.compile(SCHEMA)


def paths(root=ROOT):
    """Return the explorers' tables; the name of each is the kind of its explorer."""
    return sorted((root / FOLDER).rglob("*.json"))


def problems(paths):
    """Return what is wrong with tables, a line each: the file, the key, and what there."""
    read = {path.name: read_table(path) for path in paths}
    found = {name: [read[name]] for name in read if isinstance(read[name], str)}
    found = found or {name: list(inner_problems(table)) for name, table in read.items()}
    if not any(found.values()):  # explorers cannot be imported before
        found = {name: list(preset_problems(table)) for name, table in read.items()}
    return [f"{name}, {problem}" for name in found for problem in found[name]]


def read_table(path):
    """Return a table, or what keeps it from being one."""
    try:
        table = json.loads(path.read_text("utf-8"), object_pairs_hook=once)
        fits_schema(table)
    except json.JSONDecodeError as error:
        return f"line {error.lineno}, column {error.colno}: {error.msg}"
    except Repeated as error:
        return f"{error}: twice in one object"
    except fastjsonschema.JsonSchemaValueException as error:
        return in_words(error)
    return table


class Repeated(ValueError):
    """A key that stands twice in one object: JSON would keep the last in silence."""


def once(pairs):
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise Repeated(key)
    return dict(pairs)


def in_words(error):
    """Say where in the table and what: "presets[4].title: no en"."""
    keys = [f"[{key}]" if key.isdigit() else f".{key}" for key in error.path[1:]]
    what = error.message.removeprefix(error.name or "").strip()
    if error.rule == "required":
        what = "no " + ", ".join(key for key in error.rule_definition if key not in error.value)
    return f"{''.join(keys).removeprefix('.') or 'the table'}: {what}"


def inner_problems(table):
    """Yield where the parts of a table do not name each other."""
    sizes, fields, presets = table["sizes"], table["fields"], table["presets"]
    for letter, (low, high) in sizes.items():
        if low > high:
            yield f"sizes.{letter}: from {low} to {high}"
    for name, field in fields.items():
        if field.get("min", 0) > field.get("max", field.get("min", 0)):
            yield f"fields.{name}: min {field['min']} is above max {field['max']}"
        for axis in field.get("axes", []):
            if (letter := axis.lstrip("0123456789")) and letter not in sizes:
                yield f"fields.{name}.axes: {axis}, and {letter} is none of sizes"
        if name in sizes and [field["min"], field["max"]] != sizes[name]:
            yield f"fields.{name}: its limits are not those of sizes.{name}, {sizes[name]}"
        if "when" in field:
            choice, option = field["when"]
            if option not in fields.get(choice, {}).get("options", []):
                yield f"fields.{name}.when: {choice} has no option {option}"
    for key in sorted(table.keys() & {"steps", "back"}):
        if len(table[key]) != fields["step"]["max"] + 1:
            yield f"{key}: {len(table[key])} names, and fields.step goes to {fields['step']['max']}"
    for what in ("name", "title"):
        seen = [json.dumps(preset[what], ensure_ascii=False) for preset in presets]
        for k, words in enumerate(seen):
            if words in seen[:k]:
                yield f"presets[{k}].{what}: {words} is presets[{seen.index(words)}]'s already"
    for k, preset in enumerate(presets):
        for name in preset.keys() - {"name", "title", "note"} - fields.keys():
            yield f"presets[{k}].{name}: none of fields"
        for name, field in fields.items():
            if name not in preset and must_be_given(field, preset, fields):
                yield f"presets[{k}]: no {name}"


def must_be_given(field, preset, fields):
    """Say whether a preset has to set a field: what is looked at, and what has a default, not."""
    if "when" in field:
        choice, option = field["when"]
        return preset.get(choice, fields[choice]["options"][0]) == option
    return not (field.get("view") or field.get("optional") or field["type"] == "choice")


def preset_problems(table):
    """Yield where a preset is no state that the explorer shows, or leaves a slider's limits."""
    from lstm_edu.figures import base

    traits = {name: base.TRAITS[field["type"]]() for name, field in table["fields"].items()}
    for name, trait in traits.items():
        trait.name = name
    for k, preset in enumerate(table["presets"]):
        try:
            state = dict.fromkeys(traits) | base.firsts(table) | preset
            for name in traits.keys() & preset.keys():
                traits[name].fit(preset[name], table["fields"][name])
            base.check_whole(table, traits, state)
        except base.StateError as error:
            yield f"presets[{k}].{error}"
            continue
        for name, field in table["fields"].items():
            if field["type"] == "array" and preset.get(name) is not None:
                numbers = np.ravel(preset[name])
                for number in numbers[(numbers < field["min"]) | (numbers > field["max"])][:1]:
                    yield (
                        f"presets[{k}].{name}: {number:g} is beyond its slider, "
                        f"from {field['min']} to {field['max']}"
                    )


def main():
    sys.exit("\n".join(problems(paths())) or 0)


if __name__ == "__main__":
    main()
