"""Explorers: figures with sliders, alive in Jupyter and on the rendered page.

In Jupyter an explorer is a widget whose traits are joined to Python: move a slider and read the
trait, assign the trait and the slider moves. On the rendered page the same cell output carries an
HTML element with the state in it, and the arithmetic runs in the reader's browser.
"""

from .base import Explorer, StateError, join
from .cell import CellExplorer
from .gate import GateExplorer
from .recurrence import RecurrenceExplorer

__all__ = ["CellExplorer", "Explorer", "GateExplorer", "RecurrenceExplorer", "StateError", "join"]
from .prediction import PredictionExplorer
from .tensor import TensorExplorer

__all__ = [
    "CellExplorer",
    "Explorer",
    "GateExplorer",
    "PredictionExplorer",
    "StateError",
    "TensorExplorer",
    "join",
]
from .gradient import GradientExplorer

__all__ = ["CellExplorer", "Explorer", "GateExplorer", "GradientExplorer", "StateError", "join"]
from .sequence import SequenceExplorer

__all__ = ["CellExplorer", "Explorer", "GateExplorer", "SequenceExplorer", "StateError", "join"]
from .layout import LayoutExplorer
from .parameter import ParameterExplorer

__all__ = [
    "CellExplorer",
    "Explorer",
    "GateExplorer",
    "LayoutExplorer",
    "ParameterExplorer",
    "StateError",
    "join",
]
