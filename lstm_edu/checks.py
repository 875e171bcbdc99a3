"""The one place where arguments are read, measured and, if need be, refused.

Every refusal names the argument, what was expected (shapes in letters and in numbers), what came,
and how to mend it. The rooms with the equations can then compute without looking back.
"""

import math
import numbers
import operator
from decimal import Decimal

import numpy as np

__all__ = [
    "all_finite",
    "check_array",
    "check_backward",
    "check_finite",
    "check_input",
    "check_kind",
    "check_mask",
    "check_names",
    "check_one_state",
    "check_one_step",
    "check_one_trace",
    "check_parameters",
    "check_range",
    "check_recurrent",
    "check_sequence",
    "check_size",
    "check_step",
    "check_step_backward",
    "check_step_gradients",
    "check_trace_gradients",
    "check_values",
    "check_weights",
    "float_type",
    "measure",
    "read_array",
    "refuse_other_params",
]

FLOAT32, FLOAT64 = np.dtype(np.float32), np.dtype(np.float64)
LARGEST = {dtype: float(np.finfo(dtype).max) for dtype in (FLOAT32, FLOAT64)}

# A boolean is a mask or a flag, hardly ever the number that was meant: it has to be asked for.
KINDS = {
    "b": ("booleans", "if 0 and 1 are meant, pass them as floats"),
    "c": ("complex numbers", "pass the real part"),
    "U": ("text", "convert it to numbers first"),
    "S": ("bytes", "convert them to numbers first"),
}
OBJECT_HINTS = {  # by what stands among the objects
    "bool": "a column of booleans, perhaps; if 0 and 1 are meant, .astype(float) makes them so",
    "str": "convert the text to numbers first",
    "NoneType": "fill in or drop what is missing",
    "NAType": "fill in or drop what is missing",
    "TensorProto": "onnx.numpy_helper.to_array(tensor) makes an array of it",
    "int": "it is beyond the largest number that a float can hold",
}
# The cell of each kind of parameters, by its name: checks is asked by variants, not the reverse.
CELLS = {
    "LSTMParams": "lstm_forward or variants.lstm",
    "RNNParams": "variants.simple_rnn",
    "GRUParams": "variants.gru or variants.gru_reset_before",
    "PeepholeParams": "variants.peephole_lstm",
    "FullPeepholeParams": "variants.full_peephole_lstm",
    "CoupledParams": "variants.coupled_lstm",
}
INPUT_HINT = "D is the number of rows of W"
STATE_HINT = "B is the batch of x, H the rows of U; drop PyTorch's leading axis of layers"
BIAS_HINT = "the blocks stand in one row, as in W; of PyTorch's two biases pass the sum"
DH_HINT = "one gradient for every h; zeros where the loss does not look"


# --- any array -------------------------------------------------------------------------------


def check_array(value, name, shape, letters, hint=None, dtype=None):
    """Return `value` as a finite floating-point array of the given shape.

    Parameters
    ----------
    value : array_like
        Numbers; integers become floating-point numbers.
    name : str
        The argument's name, for the message.
    shape : tuple of int or None
        The sizes expected; None where any size from 1 up will do.
    letters : str
        The same shape as the notation writes it, such as ``"(D, 4H)"``.
    hint : str, optional
        What to do if the shape is wrong.
    dtype : dtype, optional
        float32 or float64; by default float32 stays and everything else becomes float64.

    Returns
    -------
    numpy.ndarray
        The numbers; not a copy if they had the right type already.

    Raises
    ------
    TypeError
        If `value` does not hold real numbers (booleans do not count as such).
    ValueError
        If its shape differs, an axis is empty, or a number is NaN or infinite.

    Examples
    --------
    >>> check_array([1, 2], "x", (2,), "(D,)")
    array([1., 2.])
    >>> check_array([1, 2], "x", (3,), "(D,)", hint="D is the number of rows of W")
    Traceback (most recent call last):
    ...
    ValueError: x: expected shape (D,) = (3,), got (2,). Hint: D is the number of rows of W.
    """
    array = read_array(value, name)
    if array.size and array.shape == shape and array.dtype == dtype and all_finite(array):
        return array  # the common case, at a glance
    if array.size == 0:
        raise ValueError(
            f"{name}: expected at least 1 along every axis of {letters}, got shape {array.shape}."
        )
    if not _fits(array.shape, shape):
        raise ValueError(
            f"{name}: expected shape {letters} = {_sizes(shape)}, got {array.shape}." + _hint(hint)
        )
    dtype = dtype or float_type(array=array)
    if array.dtype != dtype:
        with np.errstate(over="ignore"):  # what is too large for `dtype` becomes inf, refused below
            array = array.astype(dtype)
    if not all_finite(array):
        place = tuple(map(int, np.argwhere(~np.isfinite(array))[0]))
        raise ValueError(f"{name}: expected finite numbers, got {array[place]} at index {place}.")
    return array


def read_array(value, name):
    """Return `value` as an array of real numbers, of whatever shape and type it has."""
    if type(value) is np.ndarray and value.dtype.kind == "f":
        return value
    if fields := getattr(value, "_fields", None):  # a trace, a step, a layer's weights
        one = "h" if "h" in fields else fields[0]
        raise TypeError(
            f"{name}: expected an array of numbers, got {type(value).__name__}."
            + _hint(f"pass one of its arrays, such as .{one}")
        )
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ValueError(
            f"{name}: expected rows of equal length, as in a rectangular array; {error}"
        ) from error
    except (RuntimeError, TypeError) as error:  # a tensor that will not leave its framework
        raise TypeError(
            f"{name}: expected an array of numbers, got {type(value).__name__}: "
            f"{str(error).rstrip('.')}." + _hint(_tensor_hint(error))
        ) from error
    if np.ma.is_masked(value):  # asarray brings back what the mask hides
        raise ValueError(f"{name}: expected numbers throughout, got masked entries.")
    if array.dtype.kind == "O":
        return _read_objects(array, name)
    if "float" in array.dtype.name:  # bfloat16 and such, which NumPy knows by ml_dtypes only
        return array if array.dtype.kind == "f" else array.astype(np.float32)
    if array.dtype.kind not in "iu":
        what, hint = KINDS.get(array.dtype.kind, ("something else", None))
        raise TypeError(
            f"{name}: expected real numbers, got {what} (dtype {array.dtype})." + _hint(hint)
        )
    return array


def float_type(**arrays):
    """Return float32 if every array given is float32, else float64; None is passed over."""
    for name, value in arrays.items():
        if value is not None and read_array(value, name).dtype != FLOAT32:
            return FLOAT64
    return FLOAT32


def all_finite(array):
    """Say whether no number is NaN or infinite."""
    # The sum of the squares tells in one product, unless it is itself too large to hold.
    return math.isfinite(np.vdot(array, array)) or bool(np.isfinite(array).all())


def check_values(values, name):
    """Return finite numbers as an array of whatever shape; a single number as one of one."""
    array = np.atleast_1d(read_array(values, name))
    return check_array(array, name, (None,) * array.ndim, "(N,)")


def check_size(value, name, smallest=1, largest=None):
    """Return `value` as an int, if it is a whole number from `smallest` up, or up to `largest`.

    Parameters
    ----------
    value : int
        A size or a count.
    name : str
        The argument's name, for the message.
    smallest, largest : int
        The smallest number allowed, and the largest, if there is one.

    Returns
    -------
    int
        The same number.

    Raises
    ------
    TypeError
        If it is no integer (booleans do not count as such).
    ValueError
        If it is too small or too large.

    Examples
    --------
    >>> check_size(3, "hidden_size")
    3
    """
    try:
        number = None if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = None
    if number is None:
        raise TypeError(f"{name}: expected an integer, got {value!r} ({type(value).__name__}).")
    if number < smallest or (largest is not None and number > largest):
        span = "up" if largest is None else f"to {largest}"
        raise ValueError(f"{name}: expected an integer from {smallest} {span}, got {number}.")
    return number


# --- weights, inputs, states -----------------------------------------------------------------


def check_weights(params, dtype=None, *, blocks=4, input_size=None, hidden_size=None):
    """Return W (D, 4H), U (H, 4H) and b (4H,) or None, as arrays that fit together.

    Parameters
    ----------
    params : LSTMParams
        Anything that unpacks into ``W, U, b``.
    dtype : dtype, optional
        The type to compute in; by default what W, U and b call for.
    blocks : int
        Blocks of H columns side by side: 4 in an LSTM, 3 in a GRU, 1 in a simple RNN.
    input_size, hidden_size : int, optional
        D and H; by default they are read off W and U.

    Returns
    -------
    tuple of numpy.ndarray
        W, U and b; b stays None if there is none.

    Raises
    ------
    TypeError
        If `params` does not hold three arrays of real numbers.
    ValueError
        If one of them has a wrong shape or holds a NaN or an infinity.

    Examples
    --------
    >>> W, U, b = check_weights((np.ones((3, 8)), np.ones((2, 8)), None))
    >>> W.shape, U.shape, b
    ((3, 8), (2, 8), None)
    """
    W, U, b = _unpack(params)
    dtype = dtype or float_type(W=W, U=U, b=b)
    W, U = read_array(W, "W"), read_array(U, "U")
    # The shorter side of U is H even if U came transposed; in W the side that is not 4H is D.
    H = hidden_size or (min(U.shape) if U.ndim == 2 else None)
    columns, wide = H and blocks * H, "H" if blocks == 1 else f"{blocks}H"
    turned = W.ndim == 2 and W.shape[0] == columns != W.shape[1]
    D = input_size or (W.shape[1] if turned else None)
    U = check_array(U, "U", (H, columns), f"(H, {wide})", _weight_hint(U, "U", (H, columns)), dtype)
    W = check_array(W, "W", (D, columns), f"(D, {wide})", _weight_hint(W, "W", (D, columns)), dtype)
    if b is not None:
        b = check_array(b, "b", (columns,), f"({wide},)", BIAS_HINT, dtype)
    return W, U, b


def check_input(x, input_size, dtype, time=False):
    """Return x: (D,) or (B, D) for one time step, (T, D) or (B, T, D) for a sequence."""
    x, D = read_array(x, "x"), input_size
    shapes = {"(D,)": (D,), "(B, D)": (None, D)}
    if time:
        shapes = {"(T, D)": (None, D), "(B, T, D)": (None, None, D)}
    for letters, shape in shapes.items():
        if x.ndim == len(shape):
            return check_array(x, "x", shape, letters, INPUT_HINT, dtype)
    expected = " or ".join(f"{letters} = {_sizes(shape)}" for letters, shape in shapes.items())
    raise ValueError(
        f"x: expected shape {expected}, got {x.shape}. "
        "Hint: lstm_step takes one time step, lstm_forward a sequence."
    )


def check_mask(mask, shape):
    """Return a copy of the mask, True where a time step counts: (T,) or (B, T), as x has it."""
    array = np.asarray(mask)
    letters = "(T,)" if len(shape) == 1 else "(B, T)"
    if array.dtype != bool:
        raise TypeError(
            f"mask: expected booleans {letters}, got dtype {array.dtype}. "
            "Hint: True keeps a time step, False passes the state on; lengths become a mask by "
            "np.arange(T) < lengths[:, None]."
        )
    if array.shape != shape:
        raise ValueError(f"mask: expected shape {letters} = {_sizes(shape)}, got {array.shape}.")
    return array.copy()


def check_range(dtype, products, bias=None):
    """Refuse finite numbers so large that a pre-activation might leave the number format.

    Parameters
    ----------
    dtype : numpy.dtype
        The number format.
    products : dict of str to tuple
        By the names of two factors: the rows that come in, the least that their largest number
        is to count for (a hidden state grows up to 1), and the matrix that they meet.
    bias : numpy.ndarray or None
        What is added to the products.

    Raises
    ------
    ValueError
        If |z| <= Σ K max|row| max|matrix| + max|b| may be too large, K being the rows of each
        matrix; it names the largest term.
    """
    largest = LARGEST[dtype]
    for size in (_norm, _peak):  # the norm is never less than the peak, and costs one product
        terms = {
            name: (max(least, size(row)), size(matrix), len(matrix))
            for name, (row, least, matrix) in products.items()
        }
        terms["b"] = (1.0, 0.0 if bias is None else size(bias), 1)
        # Python's floats turn into inf without a warning; the count comes last so that 0 stays 0.
        bounds = {name: row * matrix * count for name, (row, matrix, count) in terms.items()}
        if sum(bounds.values()) <= 0.99 * largest:  # a hundredth is left for rounding
            return
    name = max(bounds, key=bounds.get)
    row, matrix, _ = terms[name]
    raise ValueError(
        f"{name}: expected z = xW + hU + b within {largest:.2g}, the largest {dtype}, "
        f"got factors as large as {row:.2g} and {matrix:.2g}. Hint: scale them down."
    )


# --- whole calls -----------------------------------------------------------------------------


def check_step(x, h_prev, c_prev, params):
    """Return the arguments of `lstm_step` as arrays that fit; no bias becomes zeros."""
    W, U, b = _unpack(params)
    dtype = float_type(x=x, h_prev=h_prev, c_prev=c_prev, W=W, U=U, b=b)
    W, U, b = check_weights(params, dtype)
    x = check_input(x, len(W), dtype)
    h_prev = _state(h_prev, "h_prev", x.shape[:-1], len(U), dtype)
    c_prev = _state(c_prev, "c_prev", x.shape[:-1], len(U), dtype)
    check_range(dtype, {"x, W": (x, 0.0, W), "h_prev, U": (h_prev, 0.0, U)}, b)
    return x, h_prev, c_prev, (W, U, np.zeros(4 * len(U), dtype) if b is None else b)


def check_sequence(x, params, h0, c0, mask):
    """Return the arguments of `lstm_forward` as arrays that fit; no state becomes zeros."""
    if mask is None and h0 is None and c0 is None and _fit_at_a_glance(x, params):
        states = np.zeros((2, *x.shape[:-2], len(params[1])), x.dtype)
        return x, *states, None, tuple(params)
    W, U, b = _unpack(params)
    dtype = float_type(x=x, h0=h0, c0=c0, W=W, U=U, b=b)
    W, U, b = check_weights(params, dtype)
    x = check_input(x, len(W), dtype, time=True)
    batch, H = x.shape[:-2], len(U)
    h0 = np.zeros((*batch, H), dtype) if h0 is None else _state(h0, "h0", batch, H, dtype)
    c0 = np.zeros((*batch, H), dtype) if c0 is None else _state(c0, "c0", batch, H, dtype)
    mask = None if mask is None else check_mask(mask, x.shape[:-1])
    check_range(dtype, {"x, W": (x, 0.0, W), "h0, U": (h0, 1.0, U)}, b)
    return x, h0, c0, mask, (W, U, b)


def check_step_backward(step, dh, dc, params):
    """Return dh, dc and (W, U, b) as arrays that fit the step."""
    _require(step, "step", "x h_prev c_prev i f g o c h", "lstm_step(x, h_prev, c_prev, params)")
    W, U, b = _unpack(params)
    dtype = float_type(dh=dh, dc=dc, h=step.h, W=W, U=U, b=b)
    D, H, batch = step.x.shape[-1], step.h.shape[-1], step.h.shape[:-1]
    W, U, b = check_weights(params, dtype, input_size=D, hidden_size=H)
    letters = "(B, H)" if batch else "(H,)"
    dh = check_array(dh, "dh", step.h.shape, letters, DH_HINT, dtype)
    dc = check_array(dc, "dc", step.c.shape, letters, "zeros at the last time step", dtype)
    return dh, dc, (W, U, b)


def check_backward(trace, dh, dc_last):
    """Return dh and dc_last as arrays that fit the trace; no dc_last becomes zeros."""
    _require(trace, "trace", "x z i f g o c h h0 c0 params", "lstm_forward(x, params)")
    return check_trace_gradients(trace, dh, dc_last)


def check_one_trace(trace):
    """Refuse all but the trace of one sequence through an LSTM or one of its kind."""
    _require(trace, "trace", "f i o c h", "lstm_forward(x, params)")
    if trace.h.ndim != 2:
        raise ValueError(
            f"trace: expected one sequence, h of shape (T, H), got {trace.h.shape}. "
            "Hint: draw one of the batch: lstm_forward(x[0], params)."
        )


def check_one_step(step):
    """Refuse all but one time step of one sequence through an LSTM or one of its kind."""
    _require(step, "step", "c_prev f i g c", "lstm_step(x, h_prev, c_prev, params)")
    if step.c.ndim != 1:
        raise ValueError(
            f"step: expected one time step of one sequence, c of shape (H,), got {step.c.shape}. "
            "Hint: draw one of the batch: lstm_step(x[0], h_prev[0], c_prev[0], params)."
        )


def check_finite(gradients, glance=()):
    """Return the gradients, unless one of them has grown beyond the number format.

    `glance` holds contiguous arrays that cannot all be finite if a gradient is not; looking at
    them alone is quicker.
    """
    if glance and all(map(all_finite, glance)):
        return gradients
    for name, value in zip(gradients._fields, gradients, strict=True):
        if value is not None and not all_finite(value):
            raise ValueError(
                f"{name}: expected a finite gradient, got one beyond "
                f"{np.finfo(value.dtype).max:.2g}, the largest {value.dtype}: it exploded. "
                "Hint: smaller dh, fewer time steps or float64."
            )
    return gradients


# --- small parts -----------------------------------------------------------------------------


def _read_objects(array, name):
    """Read objects that are real numbers: pandas' Int64, Decimal, Fraction."""
    for entry in array.ravel():
        if not _is_number(entry):
            kind = type(entry).__name__
            raise TypeError(
                f"{name}: expected real numbers, got Python objects (dtype object), {kind} among "
                "them." + _hint(OBJECT_HINTS.get(kind))
            )
    return array.astype(float)


def _is_number(entry):
    if isinstance(entry, bool) or not isinstance(entry, numbers.Real | Decimal):
        return False
    try:
        float(entry)
    except (OverflowError, ValueError):  # an integer beyond the largest float
        return False
    return True


def _tensor_hint(error):
    """Say how a tensor leaves its framework, where its own words do not."""
    if "ScalarType" in str(error):  # bfloat16, float8
        return "NumPy has no such type; tensor.float() makes it float32"
    return None


def _fit_at_a_glance(x, params):
    """Say whether all is right beyond doubt; if not, a closer look may still find it so.

    For small layers the closer look would cost more than the layer itself. A norm tells two
    things at once: that all numbers are finite, and that they are not too large.
    """
    arrays = (x, *params) if isinstance(params, tuple) else ()
    if len(arrays) != 4 or not all(type(a) is np.ndarray and a.dtype == x.dtype for a in arrays):
        return False
    _, W, U, b = arrays
    H = len(U)
    if x.dtype not in (FLOAT32, FLOAT64) or x.ndim not in (2, 3) or not x.size or not H:
        return False
    if W.shape != (x.shape[-1], 4 * H) or U.shape != (H, 4 * H) or b.shape != (4 * H,):
        return False
    bound = _norm(x) * _norm(W) + math.sqrt(H) * _norm(U) + _norm(b)  # of every |z|, as |h| <= 1
    return bound <= 0.99 * LARGEST[x.dtype]


def _state(value, name, batch, hidden_size, dtype):
    letters = "(B, H)" if batch else "(H,)"
    return check_array(value, name, (*batch, hidden_size), letters, STATE_HINT, dtype)


def _unpack(params):
    if type(params).__name__ != "LSTMParams":  # what unpacks into three arrays will do as well
        refuse_other_params(params, "LSTMParams(W, U, b)")
    try:
        W, U, b = params
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"params: expected LSTMParams(W, U, b), got {type(params).__name__} ({error})."
        ) from error
    return W, U, b


def refuse_other_params(params, expected):
    """Refuse the weights of another cell, of several layers or directions, or a whole layer."""
    got, hint = type(params).__name__, None
    if got in CELLS:
        hint = f"these are the weights of {CELLS[got]}"
    elif got == "BothDirections":
        hint = (
            "run each by itself: params.forward over x, params.backward over x[::-1], or "
            "x[:, ::-1] in a batch"
        )
    elif isinstance(params, list | tuple) and params and hasattr(params[0], "_fields"):
        got = f"a {got} of {len(params)}, the first {type(params[0]).__name__}"
        hint = "one layer at a time: params[0] runs over x, params[1] over the h of params[0]"
    elif hasattr(params, "get_weights"):
        hint = "layouts.from_keras(layer) reads its weights"
    elif hasattr(params, "state_dict"):
        hint = "layouts.from_torch(module) reads its weights"
    if hint:
        raise TypeError(f"params: expected {expected}, got {got}.{_hint(hint)}")


def _require(record, name, fields, maker):
    missing = [field for field in fields.split() if not hasattr(record, field)]
    if missing:
        raise TypeError(
            f"{name}: expected what {maker} returns, with every step kept, "
            f"got {type(record).__name__} without .{missing[0]}."
        )


def _weight_hint(array, name, shape):
    if array.shape != shape and array.shape[::-1] == shape:
        stored = {"W": "weight_ih", "U": "weight_hh"}[name]
        return f"this looks transposed; PyTorch stores {stored} transposed, pass {name}.T"
    return "one row per number that comes in, and the blocks of H columns side by side"


def _hint(hint):
    return f" Hint: {hint}." if hint else ""


def _fits(got, expected):
    return len(got) == len(expected) and all(
        want in (None, size) for want, size in zip(expected, got, strict=True)
    )


def _sizes(shape):
    return str(tuple(shape)).replace("None", "any")


def _peak(array):
    return float(np.abs(array).max())


def _norm(array):
    return math.sqrt(np.vdot(array, array))


# --- the relatives of the LSTM ---------------------------------------------------------------

PARAMETER_HINTS = {
    "b": BIAS_HINT,
    "b (2, 3H)": "a row for the input and one for the hidden state, as PyTorch's two biases",
    "p": "one weight per unit for each of the three gates that peep, side by side",
    "V": "one row per unit of c, and the blocks of H columns side by side",
}


def measure(letters, input_size, hidden_size):
    """Return the sizes that a shape such as ("D", "4H") stands for."""
    sizes = {"D": input_size, "H": hidden_size, "": 1}
    return tuple(int(side.rstrip("DH") or 1) * sizes[side.lstrip("0123456789")] for side in letters)


def check_kind(record, name, kind, maker=None):
    """Refuse a record of another kind; parameters may come as a plain tuple of as many parts."""
    if type(record) is kind:  # no subclass: the step of one variant is not that of another
        return record
    parts = f"{kind.__name__}({', '.join(kind._fields)})"
    if not maker:
        refuse_other_params(record, parts)
    expected = f"what {maker} returns, {kind.__name__}" if maker else parts
    fits = isinstance(record, tuple | list) and len(record) == len(kind._fields)
    if maker or hasattr(record, "_fields") or not fits:
        raise TypeError(f"{name}: expected {expected}, got {type(record).__name__}.")
    return kind(*record)


def check_names(call, names, positional, named):
    """Return arguments in the order of `names`, each given once, by place or by name."""
    given = {**dict(zip(names, positional, strict=False)), **named}
    if len(positional) + len(named) != len(names) or given.keys() != set(names):
        got = ", ".join([*(type(value).__name__ for value in positional), *named]) or "none"
        raise TypeError(f"{call}: expected the arguments {', '.join(names)}, got {got}.")
    return [given[name] for name in names]


def check_one_state(value, name, cell):
    """Refuse a cell state, or its gradient, where a cell has none."""
    if value is not None:
        raise TypeError(
            f"{name}: expected none, for {cell} keeps only h, got {type(value).__name__}. "
            "Hint: the cell state c belongs to the LSTM and its kind."
        )


def check_parameters(params, shapes, dtype, *, input_size=None, hidden_size=None):
    """Return the weights of any variant as arrays that fit together.

    Parameters
    ----------
    params : NamedTuple
        W, U, b and, in some variants, more.
    shapes : dict of str to tuple of str
        The shape of each in letters, such as ``("D", "4H")``.
    dtype : dtype
        The type to compute in.
    input_size, hidden_size : int, optional
        D and H; by default they are read off W and U.

    Returns
    -------
    NamedTuple
        Of the same kind; b stays None if there is none.

    Raises
    ------
    TypeError
        If a part does not hold real numbers.
    ValueError
        If a part has a wrong shape or holds a NaN or an infinity.
    """
    blocks = int(shapes["W"][-1].rstrip("H") or 1)
    W, U, _ = check_weights(
        (params.W, params.U, None),
        dtype,
        blocks=blocks,
        input_size=input_size,
        hidden_size=hidden_size,
    )
    arrays = {"W": W, "U": U}
    for name, value in list(params._asdict().items())[2:]:
        if name == "b" and value is None:
            continue
        sizes, sides = measure(shapes[name], len(W), len(U)), ", ".join(shapes[name])
        letters = f"({sides})" if len(sizes) > 1 else f"({sides},)"
        hint = PARAMETER_HINTS.get(f"{name} {letters}", PARAMETER_HINTS[name])
        if type(params).__name__ == "GRUParams":
            hint = _gru_hint(read_array(value, name).shape, 3 * len(U)) or hint
        arrays[name] = check_array(value, name, sizes, letters, hint, dtype)
    return params._replace(**arrays)


def _gru_hint(shape, wide):
    """Name the GRU that a bias belongs to."""
    return {
        (wide,): "one row is the bias of the GRU that resets before the matrix, "
        "variants.gru_reset_before; PyTorch's two biases stay two rows",
        (2, wide): "two rows are the biases of the GRU that resets after the matrix, variants.gru; "
        "their sum would make it another cell",
    }.get(shape)


def check_recurrent(x, states, params, shapes, *, time):
    """Return the arguments of a variant's step or forward as arrays that fit.

    Parameters
    ----------
    x : array_like, shape (D,) or (B, D), or with time (T, D) or (B, T, D)
        The input.
    states : dict of str to array_like, shape (H,) or (B, H)
        h and, where there is one, c before the first step, by their arguments' names; with time,
        None becomes zeros.
    params : NamedTuple
        The weights.
    shapes : dict of str to tuple of str
        Their shapes in letters.
    time : bool
        Whether x is a sequence.

    Returns
    -------
    x, states, params
        Arrays of one type, the states in a list.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If a shape is wrong, a number is not finite, or z would leave the number format.
    """
    given = {name: value for name, value in states.items() if value is not None or not time}
    dtype = float_type(x=x, **given, **params._asdict())
    params = check_parameters(params, shapes, dtype)
    x = check_input(x, len(params.W), dtype, time)
    batch, T = (x.shape[:-2], x.shape[-2]) if time else (x.shape[:-1], 1)
    H = len(params.U)
    arrays = {
        name: _state(given[name], name, batch, H, dtype)
        if name in given
        else np.zeros((*batch, H), dtype)
        for name in states
    }
    _check_growth(x, arrays, params, T)
    return x, list(arrays.values()), params


def _check_growth(x, states, params, steps):
    """Refuse numbers with which z might leave the number format at some time step."""
    (h_name, h), *cell_state = states.items()
    # After the first step |h| may be as large as 1; |c| grows by up to 1 per step.
    products = {"x, W": (x, 0.0, params.W), f"{h_name}, U": (h, float(steps > 1), params.U)}
    for c_name, c in cell_state:
        for name in ("p", "V"):
            if hasattr(params, name):
                matrix = np.atleast_2d(getattr(params, name))
                products[f"{c_name}, {name}"] = (c, _peak(c) + steps, matrix)
    if params.b is not None:  # one row or two, which add up
        products["1, b"] = (np.ones(1, x.dtype), 0.0, np.atleast_2d(params.b))
    check_range(x.dtype, products)


def check_step_gradients(step, given, params, shapes):
    """Return dh (and dc) in a list, and the weights, as arrays that fit a variant's step."""
    dtype = float_type(**given, h=step.h, **params._asdict())
    D, H = step.x.shape[-1], step.h.shape[-1]
    params = check_parameters(params, shapes, dtype, input_size=D, hidden_size=H)
    letters = "(B, H)" if step.h.ndim > 1 else "(H,)"
    arrays = [
        check_array(value, name, step.h.shape, letters, DH_HINT, dtype)
        for name, value in given.items()
    ]
    return arrays, params


def check_trace_gradients(trace, dh, dc_last):
    """Return dh and dc_last as arrays that fit a trace; no dc_last becomes zeros."""
    dtype = float_type(dh=dh, dc_last=dc_last, h=trace.h)
    letters = "(T, H)" if trace.h.ndim == 2 else "(B, T, H)"
    dh = check_array(dh, "dh", trace.h.shape, letters, DH_HINT, dtype)
    if dc_last is None:
        return dh, np.zeros(trace.h0.shape, dtype)
    return dh, _state(dc_last, "dc_last", trace.h0.shape[:-1], trace.h0.shape[-1], dtype)
