"""Room for the numbers of one call, lent again when nobody looks at them any more.

A system gives fresh memory page by page and empties every page first, which for a large layer
takes as long as its arithmetic. So a large block is kept for the next call once no array looks
into it: at most four of them, two for the way forward and two for the way back.
"""

import math
import threading
import weakref

import numpy as np

__all__ = ["room"]

LARGE = 1 << 18  # bytes; below that malloc itself keeps a freed block at hand

_spare = []  # large blocks that nobody looks at
_lock = threading.RLock()  # re-entrant: an array may die, and its block come back, inside `_take`


def room(shape, dtype):
    """Return a C-contiguous array, not initialised, as `numpy.empty` does.

    The memory is the array's for as long as it, or any view of it, lives.

    Parameters
    ----------
    shape : tuple of int
        Its shape.
    dtype : numpy.dtype
        Its type.

    Returns
    -------
    numpy.ndarray

    Examples
    --------
    >>> room((2, 3), np.dtype("float32")).shape
    (2, 3)
    """
    size = math.prod(shape) * dtype.itemsize
    if size < LARGE:
        return np.empty(shape, dtype)
    block = _take(size)
    if block is None:
        block = np.empty(size, np.uint8)
    # The array and its views keep `flat` alive: what lies under it is no array but a memoryview.
    flat = np.frombuffer(memoryview(block), dtype, math.prod(shape))
    weakref.finalize(flat, _give_back, block).atexit = False
    return flat.reshape(shape)


def _take(size):
    """Take the smallest spare block that is large enough, but not wastefully so."""
    with _lock:
        fits = [block for block in _spare if size <= block.nbytes <= 2 * size]
        if not fits:
            return None
        best = min(fits, key=lambda block: block.nbytes)
        _spare[:] = [block for block in _spare if block is not best]
        return best


def _give_back(block):
    with _lock:
        _spare.append(block)
        del _spare[:-4]
