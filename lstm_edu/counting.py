"""How many numbers a layer learns, where they sit, and the formula that says so.

Every recurrent layer here has k blocks that read x, h and n vectors of biases,
k (D H + H H + n H), and some read the cell state as well.
"""

import math
from typing import NamedTuple

from .checks import check_size

__all__ = [
    "ParameterCount",
    "count_both_directions",
    "count_coupled_lstm",
    "count_dense",
    "count_embedding",
    "count_full_peephole_lstm",
    "count_gru",
    "count_lstm",
    "count_peephole_lstm",
    "count_simple_rnn",
    "count_stacked",
]


class ParameterCount(NamedTuple):
    """The parameters of a layer, or of several, part by part."""

    input_weights: int
    recurrent_weights: int = 0
    biases: int = 0
    peepholes: int = 0  # what the gates read of the cell state
    formula: str = ""  # in letters, then in numbers, then the total

    @property
    def total(self) -> int:
        """All of them together."""
        return self.input_weights + self.recurrent_weights + self.biases + self.peepholes


# --- recurrent layers ------------------------------------------------------------------------


def count_lstm(input_size, hidden_size, bias_vectors=1):
    """Count the parameters of an LSTM layer: four blocks, each reading x, h and its biases.

    4 (D H + H H + n H)

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
    ParameterCount
        input_weights, recurrent_weights, biases, peepholes (0 here), formula; and ``.total``.

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
    >>> count_lstm(input_size=2, hidden_size=1).formula
    '4·(D·H + H·H + H) = 4·(2·1 + 1·1 + 1) = 16'
    >>> count_lstm(2, 1).biases
    4
    """
    return _count_blocks(4, input_size, hidden_size, bias_vectors)


def count_simple_rnn(input_size, hidden_size, bias_vectors=1):
    """Count the parameters of a simple RNN: one block. Arguments as in `count_lstm`.

    D H + H H + n H

    Examples
    --------
    >>> count_simple_rnn(2, 3).total
    18
    """
    return _count_blocks(1, input_size, hidden_size, bias_vectors)


def count_gru(input_size, hidden_size, bias_vectors=2):
    """Count the parameters of a GRU: three blocks. Arguments as in `count_lstm`.

    3 (D H + H H + n H)

    Where the reset gate comes after the matrix (Keras' ``reset_after=True``, PyTorch) both
    vectors of biases matter, hence n = 2; where it comes before it is 1.

    Examples
    --------
    >>> count_gru(2, 3).formula
    '3·(D·H + H·H + 2·H) = 3·(2·3 + 3·3 + 2·3) = 63'
    """
    return _count_blocks(3, input_size, hidden_size, bias_vectors)


def count_peephole_lstm(input_size, hidden_size, bias_vectors=1):
    """Count an LSTM whose three gates each read their own unit's cell state by one weight.

    4 (D H + H H + n H) + 3 H; arguments as in `count_lstm`.

    Examples
    --------
    >>> count_peephole_lstm(2, 1).total
    19
    """
    return _count_blocks(4, input_size, hidden_size, bias_vectors, peepholes="3·H")


def count_full_peephole_lstm(input_size, hidden_size, bias_vectors=1):
    """Count an LSTM whose four blocks each read the whole cell state by a matrix of their own.

    4 (D H + H H + n H) + 4 H H; arguments as in `count_lstm`.

    Examples
    --------
    >>> count_full_peephole_lstm(2, 1).peepholes
    4
    """
    return _count_blocks(4, input_size, hidden_size, bias_vectors, peepholes="4·H·H")


def count_coupled_lstm(input_size, hidden_size, bias_vectors=1):
    """Count an LSTM whose input gate is 1 - f: three blocks. Arguments as in `count_lstm`.

    3 (D H + H H + n H)

    Examples
    --------
    >>> count_coupled_lstm(2, 1).total
    12
    """
    return _count_blocks(3, input_size, hidden_size, bias_vectors)


# --- other layers ----------------------------------------------------------------------------


def count_dense(input_size, units, bias=True):
    """Count the parameters of a dense layer.

    D N + N

    Parameters
    ----------
    input_size, units : int
        D, the numbers that come in, and N, those that come out.
    bias : bool
        Whether each unit has one.

    Returns
    -------
    ParameterCount

    Raises
    ------
    TypeError, ValueError
        If a size is no integer, or below 1.

    Examples
    --------
    >>> count_dense(1, 5).formula
    'D·N + N = 1·5 + 5 = 10'
    """
    D, N = check_size(input_size, "input_size"), check_size(units, "units")
    formula = "D·N + N" if bias else "D·N"
    return _count(formula, {"D": D, "N": N}, input_weights=D * N, biases=N if bias else 0)


def count_embedding(vocabulary_size, embedding_size):
    """Count the parameters of an embedding: one row of weights for each word.

    V E

    Parameters
    ----------
    vocabulary_size, embedding_size : int
        V, the words (and whatever else has a number, such as padding), and E, the numbers that
        stand for each.

    Returns
    -------
    ParameterCount

    Raises
    ------
    TypeError, ValueError
        If a size is no integer, or below 1.

    Examples
    --------
    >>> count_embedding(1000, 8).total
    8000
    """
    V = check_size(vocabulary_size, "vocabulary_size")
    E = check_size(embedding_size, "embedding_size")
    return _count("V·E", {"V": V, "E": E}, input_weights=V * E)


# --- several layers --------------------------------------------------------------------------


def count_both_directions(count):
    """Count a layer that reads the sequence forwards and another one that reads it backwards.

    Parameters
    ----------
    count : ParameterCount
        One direction.

    Returns
    -------
    ParameterCount
        Twice that; the layer after it reads 2 H numbers per time step.

    Examples
    --------
    >>> count_both_directions(count_lstm(2, 1)).formula
    '2·16 = 32'
    """
    parts = (2 * number for number in count[:4])
    return ParameterCount(*parts, formula=f"2·{count.total} = {2 * count.total}")


def count_stacked(count_layer, input_size, hidden_sizes, *, both_directions=False, **options):
    """Count layers of which each reads the hidden states of the one below.

    Parameters
    ----------
    count_layer : callable
        `count_lstm`, `count_gru` or another count of a recurrent layer.
    input_size : int
        D of the lowest layer.
    hidden_sizes : sequence of int
        H of each layer, from the lowest up.
    both_directions : bool
        Whether each layer reads the sequence forwards and backwards.
    **options
        What `count_layer` takes besides, such as ``bias_vectors=2``.

    Returns
    -------
    ParameterCount
        All layers together; the formula adds up one number for each.

    Raises
    ------
    TypeError, ValueError
        If a size is no integer, or below 1, or if there is no layer.

    Examples
    --------
    >>> count_stacked(count_lstm, input_size=6, hidden_sizes=[4, 5]).formula
    '176 + 200 = 376'
    """
    if len(hidden_sizes) == 0:
        raise ValueError("hidden_sizes: expected the size of at least one layer, got none.")
    counts = []
    for size in hidden_sizes:
        count = count_layer(input_size, size, **options)
        counts.append(count_both_directions(count) if both_directions else count)
        input_size = 2 * size if both_directions else size
    parts = map(sum, zip(*(count[:4] for count in counts), strict=True))
    totals = [count.total for count in counts]
    return ParameterCount(*parts, formula=f"{' + '.join(map(str, totals))} = {sum(totals)}")


# --- small parts -----------------------------------------------------------------------------


def _count_blocks(blocks, input_size, hidden_size, bias_vectors, peepholes="0"):
    D, H = check_size(input_size, "input_size"), check_size(hidden_size, "hidden_size")
    n = check_size(bias_vectors, "bias_vectors", smallest=0)
    if n > 2:
        raise ValueError(f"bias_vectors: expected 0, 1 (Keras) or 2 (PyTorch), got {n}.")
    block = "D·H + H·H" + ("", " + H", " + 2·H")[n]
    formula = block if blocks == 1 else f"{blocks}·({block})"
    return _count(
        formula if peepholes == "0" else f"{formula} + {peepholes}",
        {"D": D, "H": H},
        input_weights=blocks * D * H,
        recurrent_weights=blocks * H * H,
        biases=blocks * n * H,
        peepholes=_product(peepholes, {"H": H}),
    )


def _count(formula, sizes, **parts):
    """Return the parts with the formula in letters, in numbers, and its value."""
    numbers = "".join(str(sizes.get(sign, sign)) for sign in formula)
    return ParameterCount(**parts, formula=f"{formula} = {numbers} = {sum(parts.values())}")


def _product(letters, sizes):
    """Return the number that a product of letters and figures, such as "3·H", stands for."""
    return math.prod(sizes[sign] if sign in sizes else int(sign) for sign in letters.split("·"))
