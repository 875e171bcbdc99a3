"""lstm_edu: an LSTM whose every number can be seen, with the equations as the code.

The numeric rooms need NumPy and nothing else::

    cell       one time step, forward and backward
    layer      a whole sequence, fast, and backpropagation through time
    variants   the LSTM's relatives: simple RNN, GRU, peepholes, ...
    recurrent  what they all share: the way through a sequence and back
    gradients  gradients checked, and taken apart by path
    layouts    the arrays of Keras, PyTorch and ONNX
    counting   the parameters
    checks     what may come in
    memory     room for large arrays

The rooms that draw (`plots`, `figures`, `sliders`), the one that speaks (`language`), the one
that asks (`exercises`) and the one for the chapters' notebooks (`notebook`) are opened when one of
their names is first asked for.
"""

import re
from importlib import import_module
from pathlib import Path

from . import counting, gradients, layouts, variants
from .cell import LSTMParams, LSTMStep, LSTMStepGradients, lstm_step, lstm_step_backward, sigmoid
from .counting import ParameterCount, count_lstm
from .gradients import check_gradients
from .layer import LSTMGradients, LSTMOutput, LSTMTrace, lstm_backward, lstm_forward

__version__ = "0.2.0"

# Each folder of `figures` is one, with one class: its name is read where it stands.
_FIGURES = {
    re.search(r"^class (\w+)\(Explorer\)", file.read_text("utf-8"), re.MULTILINE)[1]: "figures"
    for file in (Path(__file__).parent / "figures").glob("*/__init__.py")
}
_ROOMS = _FIGURES | {
    "check": "exercises",
    "figures_as_svg": "plots",
    "if_installed": "notebook",
    "plot_activations": "plots",
    "plot_cell_update": "plots",
    "plot_gates": "plots",
    "plot_slopes": "plots",
    "show_code": "notebook",
    "slider_figure": "sliders",
    "use_language": "language",
}

__all__ = [
    *sorted(_FIGURES),
    "LSTMGradients",
    "LSTMOutput",
    "LSTMParams",
    "LSTMStep",
    "LSTMStepGradients",
    "LSTMTrace",
    "ParameterCount",
    "check",
    "check_gradients",
    "count_lstm",
    "counting",
    "figures_as_svg",
    "gradients",
    "if_installed",
    "layouts",
    "lstm_backward",
    "lstm_forward",
    "lstm_step",
    "lstm_step_backward",
    "plot_activations",
    "plot_cell_update",
    "plot_gates",
    "plot_slopes",
    "show_code",
    "sigmoid",
    "slider_figure",
    "use_language",
    "variants",
]


def __getattr__(name):
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_ROOMS[name]}", __name__), name)


def __dir__():
    return sorted({*globals(), *__all__})
