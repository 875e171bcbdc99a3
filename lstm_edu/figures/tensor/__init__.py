"""The tensors around one LSTM layer or two: what goes in, what is passed on, what comes out."""

import numpy as np

from lstm_edu.cell import LSTMParams
from lstm_edu.counting import count_lstm
from lstm_edu.layer import lstm_forward

from ..base import Explorer

__all__ = ["TensorExplorer"]


class TensorExplorer(Explorer):
    """The shapes of a batch on its way through one or two LSTM layers, element by element.

    x[b, t, k] = ((7b + 3t + 5k) mod 11 - 5) / 5. In layer l, W[k, j] =
    ((3k + 5j + 2l) mod 7 - 3) / 4, U[n, j] = ((5n + 3j + l) mod 7 - 3) / 4, and the bias is what
    Keras begins with: 1 for the forget gate, otherwise 0.

    Parameters
    ----------
    preset : str, optional
        "seed", "sequences", "last", "states", "stacked" or "largest".
    lang : {"es", "en"}, optional
        By default, what `use_language` chose.
    name : str, optional
        The figure's address on the page.
    **state
        B, T, D: samples, up to 32, time steps, up to 10, and features, up to 8; layers: 1 or 2;
        units1, units2: of each layer, up to 5; return_sequences, return_state: what the last
        layer returns, as in Keras (the first of two always returns its sequence); sample: which
        one is looked at, counted from 0.

    Attributes
    ----------
    B, T, D, layers, units1, units2, sample : int
    return_sequences, return_state : bool
    x : numpy.ndarray, shape (B, T, D)
    params : list of LSTMParams
        One for each layer.
    traces : list of LSTMTrace
    returned : list of numpy.ndarray
        What Keras' last layer returns: the output and, with return_state, h and c.

    Examples
    --------
    >>> tensor = TensorExplorer(preset="states")
    >>> tensor.x.shape, [array.shape for array in tensor.returned]
    ((32, 10, 8), [(32, 10, 4), (32, 4), (32, 4)])
    >>> output, h, c = tensor.returned
    >>> bool((output[:, -1] == h).all())
    True
    """

    @property
    def units(self):
        """The units of the layers that there are."""
        return [self.units1, self.units2][: self.layers]

    @property
    def x(self):
        b, t, k = np.indices((self.B, self.T, self.D))
        return ((7 * b + 3 * t + 5 * k) % 11 - 5) / 5

    @property
    def params(self):
        sizes = zip([self.D, self.units1], self.units, strict=False)
        return [weights(D, H, layer) for layer, (D, H) in enumerate(sizes, 1)]

    @property
    def traces(self):
        traces, read = [], self.x
        for params in self.params:
            traces.append(lstm_forward(read, params))
            read = traces[-1].h
        return traces

    @property
    def returned(self):
        last = self.traces[-1]
        output = last.h if self.return_sequences else last.h_last
        return [output, last.h_last, last.c_last] if self.return_state else [output]

    def numbers(self):
        numbers = named("x", self.x[self.sample])
        for layer, trace in enumerate(self.traces, 1):
            for name in "ifgoch":
                numbers |= named(f"{name}{layer}", getattr(trace, name)[self.sample])
            D, H = trace.params.input_size, trace.params.hidden_size
            numbers[f"params.{layer}"] = count_lstm(D, H).total
        last = self.traces[-1]
        numbers |= named("h", last.h_last[self.sample])
        return numbers | named("c", last.c_last[self.sample])

    def summary(self):
        rows = [[self.words("input"), str(self.x.shape)]]
        if self.layers == 2:
            rows += [[f"{self.words('layer')} 1", str(self.traces[0].h.shape)]]
        names = [self.words("output"), "h", "c"]
        rows += [[n, str(a.shape)] for n, a in zip(names, self.returned, strict=False)]
        return ["", self.words("shape")], rows


def weights(D, H, layer):
    """Return the weights of a layer: fractions that a float holds exactly."""
    k, j = np.indices((D, 4 * H))
    n, i = np.indices((H, 4 * H))
    W = ((3 * k + 5 * j + 2 * layer) % 7 - 3) / 4
    U = ((5 * n + 3 * i + layer) % 7 - 3) / 4
    return LSTMParams(W, U, np.repeat([0.0, 1.0, 0.0, 0.0], H))


def named(name, array):
    """Return the elements of an array by name and place."""
    return {
        ".".join(map(str, (name, *place))): float(array[place]) for place in np.ndindex(array.shape)
    }
