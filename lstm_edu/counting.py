"""How many numbers a layer learns, where they sit, and the formula that says so.

Every recurrent layer here has k blocks that read x, h and n vectors of biases,
k (D H + H H + n H), and some read the cell state as well.
"""

import math
import re
from collections.abc import Iterable
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
    """The parameters of a layer, or of several, part by part.

    Counts can be added, and multiplied by a whole number.

    Examples
    --------
    >>> sum([count_embedding(50, 8), count_lstm(8, 16), count_dense(16, 1)]).formula
    '400 + 1600 + 17 = 2017'
    """

    input_weights: int
    recurrent_weights: int = 0
    biases: int = 0
    peepholes: int = 0  # what the gates read of the cell state
    projection: int = 0  # the matrix that makes h smaller than the units of the layer
    formula: str = ""  # in letters, then in numbers, then the total

    __array_ufunc__ = None  # NumPy's numbers leave + and * to a count, and read it as no array

    @property
    def total(self) -> int:
        """All of them together."""
        return sum(self[:-1])

    def __add__(self, other):
        """Add two counts, part by part; the formula adds up their totals."""
        if not isinstance(other, ParameterCount):
            raise TypeError(
                f"count: expected another count to add, got {other!r} ({type(other).__name__}). "
                "Hint: with numbers add .total."
            )
        parts = map(sum, zip(self[:-1], other[:-1], strict=True))
        total = self.total + other.total
        return ParameterCount(*parts, formula=f"{_terms(self)} + {_terms(other)} = {total}")

    def __radd__(self, other):
        """Add from the left; ``sum`` begins with 0."""
        return self if type(other) is int and other == 0 else self + other

    def __mul__(self, times):
        """Count as many layers of this kind, part by part."""
        n = check_size(times, "times")
        return ParameterCount(
            *(n * number for number in self[:-1]),
            formula=f"{n}·{self.total} = {n * self.total}",
        )

    __rmul__ = __mul__


# --- recurrent layers ------------------------------------------------------------------------


def count_lstm(input_size, hidden_size, bias_vectors=1, *, projection_size=None):
    """Count the parameters of an LSTM layer: four blocks, each reading x, h and its biases.

    4 (D H + H H + n H), and with a projection 4 (D H + P H + n H) + H P

    Parameters
    ----------
    input_size : int
        D, the numbers that come in at each time step.
    hidden_size : int
        H, the units of the layer.
    bias_vectors : {1, 0, 2}
        n: Keras keeps 1 vector of biases, or 0 with ``use_bias=False``; PyTorch keeps 2, one
        beside each matrix, of which only the sum matters.
    projection_size : int, optional
        P: the layer hands on h W_h, with W_h (H, P), and U reads those P numbers instead of H;
        PyTorch's ``proj_size``.

    Returns
    -------
    ParameterCount
        input_weights, recurrent_weights, biases, peepholes (0 here), projection, formula; and
        ``.total``.

    Raises
    ------
    TypeError
        If a number is no integer.
    ValueError
        If a size is below 1, or `bias_vectors` is not 0, 1 or 2.

    References
    ----------
    Gers, Schmidhuber & Cummins (2000), section 3, doi:10.1162/089976600300015015, with the
    forget gate as the fourth block. The projection: Sak, Senior & Beaufays (2014),
    doi:10.21437/Interspeech.2014-80.

    Examples
    --------
    >>> count_lstm(input_size=2, hidden_size=1).formula
    '4·(D·H + H·H + H) = 4·(2·1 + 1·1 + 1) = 16'
    >>> count_lstm(2, 1).biases
    4
    >>> count_lstm(10, 20, bias_vectors=2, projection_size=5).formula  # LSTM(10, 20, proj_size=5)
    '4·(D·H + P·H + 2·H) + H·P = 4·(10·20 + 5·20 + 2·20) + 20·5 = 1460'
    """
    return _count_blocks(4, input_size, hidden_size, bias_vectors, projection_size=projection_size)


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
    return 2 * count


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
    if not isinstance(hidden_sizes, Iterable):
        raise TypeError(
            f"hidden_sizes: expected a list with the size of each layer, got {hidden_sizes!r}. "
            f"Hint: two layers of that size are [{hidden_sizes!r}, {hidden_sizes!r}]."
        )
    if len(hidden_sizes := list(hidden_sizes)) == 0:
        raise ValueError("hidden_sizes: expected the size of at least one layer, got none.")
    counts = []
    for size in hidden_sizes:
        count = count_layer(input_size, size, **options)
        counts.append(count_both_directions(count) if both_directions else count)
        handed_on = options.get("projection_size") or size
        input_size = 2 * handed_on if both_directions else handed_on
    terms, stacked = " + ".join(str(count.total) for count in counts), sum(counts)
    return stacked._replace(formula=f"{terms} = {stacked.total}")


# --- small parts -----------------------------------------------------------------------------


def _count_blocks(
    blocks, input_size, hidden_size, bias_vectors, *, peepholes="", projection_size=None
):
    D, H = check_size(input_size, "input_size"), check_size(hidden_size, "hidden_size")
    n = check_size(bias_vectors, "bias_vectors", smallest=0)
    if n > 2:
        raise ValueError(f"bias_vectors: expected 0, 1 (Keras) or 2 (PyTorch), got {n}.")
    P = H if projection_size is None else check_size(projection_size, "projection_size")
    projected = projection_size is not None
    block = f"D·H + {'P' if projected else 'H'}·H" + ("", " + H", " + 2·H")[n]
    more = [part for part in (peepholes, "H·P" if projected else "") if part]
    sizes = {"D": D, "H": H, "P": P}
    return _count(
        " + ".join([block if blocks == 1 else f"{blocks}·({block})", *more]),
        sizes,
        input_weights=blocks * D * H,
        recurrent_weights=blocks * P * H,
        biases=blocks * n * H,
        peepholes=_product(peepholes, sizes) if peepholes else 0,
        projection=H * P if projected else 0,
    )


def _count(formula, sizes, **parts):
    """Return the parts with the formula in letters, in numbers, and its value."""
    numbers = "".join(str(sizes.get(sign, sign)) for sign in formula)
    return ParameterCount(**parts, formula=f"{formula} = {numbers} = {sum(parts.values())}")


def _product(letters, sizes):
    """Return the number that a product of letters and figures, such as "3·H", stands for."""
    return math.prod(sizes[sign] if sign in sizes else int(sign) for sign in letters.split("·"))


def _terms(count):
    """Return what a sum adds up, such as "176 + 200", and of any other count its total."""
    terms = count.formula.rpartition(" = ")[0]
    return terms if re.fullmatch(r"\d+( \+ \d+)+", terms) else str(count.total)
