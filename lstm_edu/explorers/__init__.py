"""Explorers: figures with sliders, alive in Jupyter and on the rendered page.

In Jupyter an explorer is a widget whose traits are joined to Python: move a slider and read the
trait, assign the trait and the slider moves. On the rendered page the same cell output carries an
HTML element with the state in it, and the arithmetic runs in the reader's browser.
"""

from .base import Explorer, StateError, join
from .cell import CellExplorer
from .gate import GateExplorer
from .gradient import GradientExplorer
from .gru import GRUExplorer
from .layout import LayoutExplorer
from .parameter import ParameterExplorer
from .prediction import PredictionExplorer
from .recurrence import RecurrenceExplorer
from .sequence import SequenceExplorer
from .tensor import TensorExplorer

__all__ = [
    "CellExplorer",
    "Explorer",
    "GRUExplorer",
    "GateExplorer",
    "GradientExplorer",
    "LayoutExplorer",
    "ParameterExplorer",
    "PredictionExplorer",
    "RecurrenceExplorer",
    "SequenceExplorer",
    "StateError",
    "TensorExplorer",
    "join",
]
