"""The parameters of recurrent layers: every matrix to scale, and every number in it counted."""

from lstm_edu import counting

from ..base import Explorer

__all__ = ["ParameterExplorer"]

PARTS = counting.ParameterCount._fields[:4]
FLOAT32 = 4  # bytes
# How many vectors of biases each of them keeps, of the cells that it has.
KERAS = {"simple_rnn": 1, "lstm": 1, "gru": 2}
TORCH = {"simple_rnn": 2, "lstm": 2, "gru": 2}


class ParameterExplorer(Explorer):
    """How many numbers a stack of recurrent layers learns, and where they sit.

    Parameters
    ----------
    preset : str, optional
        "seed", "keras-lstm", "pytorch", "gru" or "stacked-both".
    lang : {"es", "en"}, optional
        By default, what `use_language` chose.
    name : str, optional
        The figure's address on the page.
    **state
        cell: "simple_rnn", "lstm", "gru", "peephole_lstm", "full_peephole_lstm" or "coupled_lstm";
        input_size and hidden_size: D and H, from 1 to 512; layers: 1 to 4; bias_vectors: 1 or 2;
        both_directions: bool.

    Attributes
    ----------
    cell : str
    input_size, hidden_size, layers, bias_vectors : int
    both_directions : bool
    count : ParameterCount
        Of all layers together.
    layer_counts : list of ParameterCount
        Of each layer, both directions included.
    bytes : int
        What the parameters take as float32.
    keras, torch : int or None
        What Keras and PyTorch count for the same layers; None where they have no such cell.

    Examples
    --------
    >>> parameters = ParameterExplorer(preset="seed")
    >>> parameters.layer_counts[0].formula
    '4·(D·H + H·H + H) = 4·(8·4 + 4·4 + 4) = 208'
    >>> parameters.keras, parameters.torch
    (208, 224)
    """

    @property
    def count(self):
        return self._count(self.bias_vectors)

    @property
    def layer_counts(self):
        above = self.hidden_size * (2 if self.both_directions else 1)
        sizes = [self.input_size] + [above] * (self.layers - 1)
        counts = [self._count_layer(D, self.hidden_size, self.bias_vectors) for D in sizes]
        return (
            [counting.count_both_directions(n) for n in counts] if self.both_directions else counts
        )

    @property
    def bytes(self):
        return FLOAT32 * self.count.total

    @property
    def keras(self):
        return self._count_as(KERAS)

    @property
    def torch(self):
        return self._count_as(TORCH)

    def numbers(self):
        numbers = {part: getattr(self.count, part) for part in PARTS}
        numbers |= {"total": self.count.total, "bytes": self.bytes}
        for layer, count in enumerate(self.layer_counts):
            numbers |= {f"{part}.{layer}": getattr(count, part) for part in PARTS}
            numbers[f"layer.{layer}"] = count.total
        elsewhere = {"keras": self.keras, "torch": self.torch}
        return numbers | {name: total for name, total in elsewhere.items() if total is not None}

    def summary(self):
        head = [self.words(self.cell), *(self.words(part) for part in PARTS), self.words("total")]
        rows = [
            [f"{self.words('layer')} {layer + 1}", *count[:4], count.total]
            for layer, count in enumerate(self.layer_counts)
        ]
        return head, [*rows, [self.words("total"), *self.count[:4], self.count.total]]

    def _count_layer(self, input_size, hidden_size, bias_vectors):
        return getattr(counting, f"count_{self.cell}")(input_size, hidden_size, bias_vectors)

    def _count(self, bias_vectors):
        return counting.count_stacked(
            self._count_layer,
            self.input_size,
            [self.hidden_size] * self.layers,
            both_directions=self.both_directions,
            bias_vectors=bias_vectors,
        )

    def _count_as(self, bias_vectors):
        return self._count(bias_vectors[self.cell]).total if self.cell in bias_vectors else None
