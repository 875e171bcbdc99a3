"""The drawings are what images/draw.py draws, in both languages."""

import runpy

import pytest
from failing import no_problems


@pytest.fixture(scope="module")
def drawn(root, tmp_path_factory):
    folder = tmp_path_factory.mktemp("images")
    runpy.run_path(str(root / "images" / "draw.py"))["main"](folder)
    return folder


@pytest.mark.parametrize("lang", ["es", "en"])
def test_the_drawings_are_fresh(root, drawn, lang):
    committed = {path.name: path.read_text("utf-8") for path in (root / "images" / lang).iterdir()}
    fresh = {path.name: path.read_text("utf-8") for path in (drawn / lang).iterdir()}
    no_problems(
        [
            f"images/{lang}/{name}: not what images/draw.py draws. Change the drawing there, and "
            "run .venv/bin/python images/draw.py; commit the drawings of both languages."
            for name in sorted({*committed, *fresh})
            if committed.get(name) != fresh.get(name)
        ]
    )
