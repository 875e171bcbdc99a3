"""One set of weights as four libraries keep it: the same numbers in other places."""

import numpy as np

from lstm_edu import layouts
from lstm_edu.cell import LSTMParams, lstm_step

from ..base import Explorer

__all__ = ["LayoutExplorer"]

KERAS = ("kernel", "recurrent_kernel", "bias")


class LayoutExplorer(Explorer):
    """The arrays of an LSTM layer as lstm_edu, Keras, PyTorch and ONNX keep them.

    Parameters
    ----------
    preset : str, optional
        "numbered", "start", "forget", "unit" or "largest".
    lang : {"es", "en"}, optional
        By default, what `use_language` chose.
    name : str, optional
        The figure's address on the page.
    **state
        W (D, 4H), U (H, 4H) and b (4H,), D and H up to 4, always in lstm_edu's layout; framework:
        "lstm_edu", "keras", "pytorch" or "onnx"; swapped: whether to show what a swap does.

    Attributes
    ----------
    W, U, b : numpy.ndarray
    framework : str
    swapped : bool
    params : LSTMParams
    arrays : dict of str to numpy.ndarray
        The arrays of the chosen framework by their names there.
    slices : Slices
        What every slice of them is.
    h, wrong : numpy.ndarray
        The hidden state (H,) after one time step on the inputs that the figure names, with the
        blocks in their places, and with those of i and f swapped.

    Examples
    --------
    >>> layout = LayoutExplorer(preset="unit", framework="pytorch")
    >>> layout.arrays["weight_ih_l0"].ravel()
    array([ 0.5,  1.5,  1. , -1. , -0.5,  0.3,  2. ,  0.7])
    >>> layout.slices[1].symbol
    'W_f'
    """

    @property
    def params(self):
        return LSTMParams(self.W, self.U, self.b)

    @property
    def arrays(self):
        if self.framework == "keras":
            return dict(zip(KERAS, layouts.to_keras(self.params), strict=True))
        if self.framework == "pytorch":
            return layouts.to_torch(self.params)
        if self.framework == "onnx":
            arrays = layouts.to_onnx(self.params)
            return {"W": arrays.W, "R": arrays.R, "B": arrays.B}
        return {name: array.copy() for name, array in self.params._asdict().items()}

    @property
    def slices(self):
        layout = self.framework.replace("py", "")
        return layouts.describe(list(self.arrays.values()), layout)

    @property
    def h(self):
        return self._step(self.params).h

    @property
    def wrong(self):
        H = len(self.U)
        swapped = np.r_[H : 2 * H, :H, 2 * H : 4 * H]
        return self._step(LSTMParams(*(array[..., swapped] for array in self.params))).h

    def numbers(self):
        step = self._step(self.params)
        numbers = {f"{name}.{k}": n for name in "ifgoh" for k, n in enumerate(getattr(step, name))}
        numbers |= {f"wrong.{k}": n for k, n in enumerate(self.wrong)}
        for name, array in self.params._asdict().items():
            for index, number in np.ndenumerate(array):
                numbers[".".join([name, *map(str, index)])] = number
        return numbers | {f"b_hh.{k}": 0.0 for k in range(len(self.b))}

    def summary(self):
        rows = [[part.array + part.index, part.symbol, str(part.shape)] for part in self.slices]
        return ["array", "=", self.words("shape")], rows

    def _step(self, params):
        given = self.table["fixed"]
        D, H = len(params.W), len(params.U)
        return lstm_step(given["x"][:D], given["h_prev"][:H], given["c_prev"][:H], params)
