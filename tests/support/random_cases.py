"""Random weights and sequences, and a slope by differences: what several tests start from.

All sizes differ, and no weight or bias is 0 or repeats: a swapped gate, a transposed matrix or an
exchanged axis cannot fit by luck.
"""

from typing import NamedTuple

import numpy as np

from lstm_edu import LSTMParams

B, T, D, H = 2, 5, 3, 4


class Case(NamedTuple):
    """One layer, one batch of sequences, and what a loss hands back."""

    params: LSTMParams
    x: np.ndarray  # (B, T, D)
    h0: np.ndarray  # (B, H)
    c0: np.ndarray  # (B, H)
    dh: np.ndarray  # (B, T, H)
    dc_last: np.ndarray  # (B, H)


def random_case(seed, *, bias=True, dtype=np.float64, sizes=(B, T, D, H), scale=0.8):
    """Draw a case; `sizes` are B, T, D, H, `scale` the standard deviation of every number."""
    rng = np.random.default_rng(seed)
    B, T, D, H = sizes

    def draw(*shape):
        return rng.normal(scale=scale, size=shape).astype(dtype)

    params = LSTMParams(draw(D, 4 * H), draw(H, 4 * H), draw(4 * H) if bias else None)
    return Case(params, draw(B, T, D), draw(B, H), draw(B, H), draw(B, T, H), draw(B, H))


def in_type(case, dtype):
    """The same case in another type."""
    params = (None if array is None else array.astype(dtype) for array in case.params)
    return Case(LSTMParams(*params), *(array.astype(dtype) for array in case[1:]))


def unbatched(case, row=0):
    """One sequence of the batch, without the axis B."""
    return Case(case.params, *(array[row] for array in case[1:]))


def slope(loss, at, eps=1e-5):
    """The derivative of loss(array) at an array, entry by entry, by central differences."""
    result = np.empty_like(at)
    for index in np.ndindex(at.shape):
        up, down = at.copy(), at.copy()
        up[index] += eps
        down[index] -= eps
        result[index] = (loss(up) - loss(down)) / (up[index] - down[index])
    return result


def assert_slopes_agree(exact, measured):
    """Agreement to 1e-7 of the largest entry; the failure prints both arrays."""
    assert exact.shape == measured.shape
    np.testing.assert_allclose(exact, measured, rtol=1e-7, atol=1e-7 * np.abs(measured).max())
