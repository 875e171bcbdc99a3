"""How many numbers an LSTM layer learns, and where they sit."""

from typing import NamedTuple

from .checks import check_size

__all__ = ["LSTMCount", "count_lstm"]


class LSTMCount(NamedTuple):
    """The parameters of an LSTM layer, part by part."""

    input_weights: int
    recurrent_weights: int
    biases: int

    @property
    def total(self) -> int:
        """All of them together."""
        return sum(self)


def count_lstm(input_size, hidden_size, bias_vectors=1):
    """Count the parameters of an LSTM layer: four blocks, each reading x, h and its biases.

    4 D H + 4 H H + 4 H n

    Parameters
    ----------
    input_size : int
        D, the numbers that come in at each time step.
    hidden_size : int
        H, the units of the layer.
    bias_vectors : {1, 0, 2}
        n: Keras keeps 1 vector of biases, or 0 with ``use_bias=False``; PyTorch keeps 2, one
        beside each matrix, of which only the sum matters.

    Returns
    -------
    LSTMCount
        input_weights, recurrent_weights, biases and their ``.total``: counts.

    Raises
    ------
    TypeError
        If a number is no integer.
    ValueError
        If a size is below 1, or `bias_vectors` is not 0, 1 or 2.

    References
    ----------
    Gers, Schmidhuber & Cummins (2000), section 3, doi:10.1162/089976600300015015, with the
    forget gate as the fourth block.

    Examples
    --------
    >>> count_lstm(input_size=2, hidden_size=1)
    LSTMCount(input_weights=8, recurrent_weights=4, biases=4)
    >>> count_lstm(2, 1).total
    16
    """
    D, H = check_size(input_size, "input_size"), check_size(hidden_size, "hidden_size")
    n = check_size(bias_vectors, "bias_vectors", smallest=0)
    if n > 2:
        raise ValueError(f"bias_vectors: expected 0, 1 (Keras) or 2 (PyTorch), got {n}.")
    return LSTMCount(input_weights=4 * D * H, recurrent_weights=4 * H * H, biases=4 * H * n)
