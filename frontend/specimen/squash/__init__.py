"""σ and tanh of one number: the shortest figure there is, to begin another from."""

import numpy as np

from lstm_edu.cell import sigmoid

from ..base import Explorer

__all__ = ["SquashExplorer"]


class SquashExplorer(Explorer):
    """σ(z) and tanh(z) of a pre-activation z."""

    def numbers(self):
        return {"z": self.z, "sigma": float(sigmoid(self.z)), "tanh": float(np.tanh(self.z))}

    def summary(self):
        rows = [[self.words(name), number] for name, number in self.numbers().items()]
        return ["", self.words("value")], rows
