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

KINDS = {}  # the class of each kind
for _path in sorted(HERE.glob("*/*.json")):
    _module = import_module(f".{_path.stem}", __name__)
    (_name,) = _module.__all__
    KINDS[_path.stem] = globals()[_name] = getattr(_module, _name)

__all__ = ["KINDS", "Explorer", "StateError", "join", *(one.__name__ for one in KINDS.values())]
