"""The live figures: explorers, with sliders that move in Jupyter and on the rendered page.

In Jupyter an explorer is a widget whose traits are joined to Python: move a slider and read the
trait, assign the trait and the slider moves. On the rendered page the same cell output carries an
HTML element with the state in it, and the arithmetic runs in the reader's browser.

A folder is a figure: `gate/gate.json` its fields, presets and words, `gate/__init__.py` its class,
`gate/numerics.mjs` the same arithmetic in JavaScript, `gate/view.mjs` what is drawn,
`gate/gate.css` its style. All else finds it there.
"""

from importlib import import_module

from .base import HERE, Explorer, StateError, join

KINDS = tuple(sorted(path.parent.name for path in HERE.glob("*/*.json")))
EXPLORERS = {}
for _kind in KINDS:
    _module = import_module(f".{_kind}", __name__)
    EXPLORERS |= {name: getattr(_module, name) for name in _module.__all__}

globals().update(EXPLORERS)
__all__ = ["EXPLORERS", "KINDS", "Explorer", "StateError", "join", *EXPLORERS]
