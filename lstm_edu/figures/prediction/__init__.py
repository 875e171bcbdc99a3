"""Two words through one LSTM unit, a dense layer and a softmax: which word comes next?"""

import numpy as np

from lstm_edu.cell import LSTMParams
from lstm_edu.layer import lstm_forward

from ..base import Explorer

__all__ = ["PredictionExplorer"]


class PredictionExplorer(Explorer):
    """A trained network of 22 parameters, number by number, from two words to the next one.

    x_t is the number of a word; h_2 of one LSTM unit goes into y = h_2 W_y + b_y, and softmax
    makes probabilities of y.

    Parameters
    ----------
    preset : str, optional
        "this_is", "is_an", "padding", "no_recurrence" or "uniform".
    lang : {"es", "en"}, optional
        By default, what `use_language` chose.
    name : str, optional
        The figure's address on the page.
    **state
        first, second, target: "padding", "is", "an", "this" or "example", whose numbers are 0 to
        4; W, U, b: the LSTM's weights, (1, 4), (1, 4) and (4,); W_y, b_y: the dense layer's,
        (1, 5) and (5,); step: what is looked at, 0 and 1 the time steps, 2 the dense layer, 3
        the softmax.

    Attributes
    ----------
    first, second, target : str
    W, U, b, W_y, b_y : numpy.ndarray
    step : int
    trace : LSTMTrace
        Both time steps.
    logits, probabilities : numpy.ndarray
        (5,): y, and softmax of y.
    categorical, binary : float
        The cross-entropies against the target, in nats: -ln p_target, and the mean over the five
        outputs of -ln p_target and -ln(1 - p_k).

    Examples
    --------
    >>> prediction = PredictionExplorer(preset="this_is")
    >>> prediction.probabilities.round(4)
    array([0.0281, 0.0259, 0.4404, 0.0377, 0.468 ])
    >>> prediction.most_probable
    ['example']
    """

    @property
    def vocabulary(self):
        """The words; a word's place is its number."""
        return self.table["fields"]["first"]["options"]

    @property
    def x(self):
        places = [self.vocabulary.index(word) for word in (self.first, self.second)]
        return np.array(places, float)[:, None]

    @property
    def trace(self):
        return lstm_forward(self.x, LSTMParams(self.W, self.U, self.b))

    @property
    def logits(self):
        return self.trace.h_last @ self.W_y + self.b_y

    @property
    def probabilities(self):
        exponentials = np.exp(self.logits - self.logits.max())  # so that none overflows
        return exponentials / exponentials.sum()

    @property
    def most_probable(self):
        """The words whose probability is the highest: more than one if they tie."""
        p = self.probabilities
        return [word for word, share in zip(self.vocabulary, p, strict=True) if share == p.max()]

    @property
    def categorical(self):
        y = self.logits
        return log_sum(y, but=None) - (y - y.max())[self.vocabulary.index(self.target)]

    @property
    def binary(self):
        y, target = self.logits, self.vocabulary.index(self.target)
        others = [log_sum(y, but=None) - log_sum(y, but=k) for k in range(5) if k != target]
        return (self.categorical + sum(others)) / 5

    def numbers(self):
        trace, y = self.trace, self.logits
        c_prev = np.concatenate([[trace.c0], trace.c[:-1]])
        by_step = {name: getattr(trace, name) for name in "xifgoch"}
        blocks = zip("ifgo", np.split(trace.z, 4, axis=-1), strict=True)
        by_step |= {f"z_{gate}": block for gate, block in blocks}
        by_step |= {"f*c_prev": trace.f * c_prev, "i*g": trace.i * trace.g}
        by_step["tanh_c"] = np.tanh(trace.c)
        exponentials = np.exp(y - y.max())
        by_word = {"y": y, "exp": exponentials, "p": self.probabilities}
        numbers = {"max": y.max(), "sum": exponentials.sum()}
        numbers |= {"categorical": self.categorical, "binary": self.binary}
        for name, values in (by_step | by_word).items():
            numbers |= {f"{name}.{k}": value for k, value in enumerate(values.ravel())}
        return numbers

    def summary(self):
        names = [self.words(w) if w == "padding" else w for w in self.vocabulary]
        head = ["", *names]
        return head, [["y", *map(float, self.logits)], ["p", *map(float, self.probabilities)]]


def log_sum(y, but):
    """Return ln Σ e^(y - max y), one of them left out; ln(1 - p) without cancellation."""
    y = y - y.max()
    rest = y if but is None else np.delete(y, but)
    return rest.max() + np.log(np.exp(rest - rest.max()).sum())
