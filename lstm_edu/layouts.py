"""The weights of Keras, PyTorch and ONNX, read into this package's records and written back.

A layer's arrays are the same numbers everywhere. What differs is the order of the blocks, whether
they stand side by side or one above the other, and whether there are one or two biases: ORDERS,
TURNED and ARRAYS say it all. Inside, every direction of every layer is a `_Half`, which stands as
in the notation; each framework has one function that reads halves and one that writes them.

Only arrays travel. What a framework keeps elsewhere, such as the direction or the activations of
an ONNX node, has to be looked up there.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from .cell import LSTMParams
from .checks import check_array, float_type, read_array
from .variants import GRUParams, PeepholeParams, RNNParams

__all__ = [
    "BothDirections",
    "ONNXArrays",
    "Slice",
    "Slices",
    "describe",
    "from_keras",
    "from_onnx",
    "from_torch",
    "to_keras",
    "to_onnx",
    "to_torch",
]

# The blocks by their number: 4 in an LSTM, 3 in a GRU, 1 in a simple RNN; "p" are the peepholes.
# Our u is Keras' and ONNX' z, our g is Keras' c, PyTorch's n in a GRU, and Keras' and ONNX' h.
ORDERS = {
    "lstm_edu": {4: "ifgo", 3: "urg", 1: "h", "p": "ifo"},
    "keras": {4: "ifgo", 3: "urg", 1: "h"},
    "torch": {4: "ifgo", 3: "rug", 1: "h"},
    "onnx": {4: "iofg", 3: "urg", 1: "h", "p": "iof"},
}
TURNED = {"torch", "onnx"}  # these store W and U transposed, the blocks one above the other

# The array that keeps each part of a layer, and the span of one block in it. Of two biases, bW is
# the one beside W and bU the one beside U.
ARRAYS = {
    "lstm_edu": {"W": "W", "U": "U", "b": "b", "bW": "b", "bU": "b", "p": "p"},
    "keras": {"W": "kernel", "U": "recurrent_kernel", "b": "bias", "bW": "bias", "bU": "bias"},
    "torch": {"W": "weight_ih", "U": "weight_hh", "bW": "bias_ih", "bU": "bias_hh"},
    "onnx": {"W": "W", "U": "R", "bW": "B", "bU": "B", "p": "P"},
}
SIDE_BY_SIDE = {"W": "[:, {}]", "U": "[:, {}]", "bW": "[0, {}]", "bU": "[1, {}]"}
STACKED = {"W": "[{}, :]", "U": "[{}, :]"}

KINDS = {4: "4 (LSTM)", 3: "3 (GRU)", 1: "1 (simple RNN)"}
RECORDS = {LSTMParams: 4, PeepholeParams: 4, GRUParams: 3, RNNParams: 1}
DIRECTIONS = ("forward", "backward")
TORCH_NAME = re.compile(r"((?:.*\.)?)((?:weight|bias)_(?:ih|hh|hr))((?:_l(\d+)(?:_reverse)?)?)")
TURN_HINT = (
    "blocks stand side by side in Keras and in lstm_edu, one above the other in PyTorch and ONNX"
)
BLOCKS_HINT = "one number for each unit of each block, in one row"
NO_LAYER_HINT = (
    "the weights of h have H rows and as many columns for each block, or H columns in PyTorch and "
    "ONNX; nothing else is a recurrent layer of these"
)


class BothDirections(NamedTuple):
    """The weights of a layer that reads the sequence twice; backward reads it from its end."""

    forward: NamedTuple
    backward: NamedTuple


class ONNXArrays(NamedTuple):
    """The weights of an ONNX node; its outer axis are the directions, N = 1 or 2."""

    W: np.ndarray  # (N, 4H, D)
    R: np.ndarray  # (N, 4H, H)
    B: np.ndarray | None = None  # (N, 8H), the bias beside W and then the one beside R
    P: np.ndarray | None = None  # (N, 3H), the peepholes


class Slice(NamedTuple):
    """One block of one array: ``array[index]`` holds `symbol`."""

    array: str
    index: str
    shape: tuple
    symbol: str
    layer: int
    direction: str


class Slices(list):
    """A list of `Slice` that prints as a table, one line each; ← marks what reads backward."""

    def __str__(self):
        places = [part.array + part.index for part in self]
        wide = max(map(len, places), default=0)
        symbol = max((len(part.symbol) for part in self), default=0)
        arrows = {"forward": "", "backward": "  ←"}
        return "\n".join(
            f"{place:{wide}}  {part.symbol:{symbol}}  {part.shape}{arrows[part.direction]}"
            for place, part in zip(places, self, strict=True)
        )


class _Half(NamedTuple):
    """One direction of one layer, as the notation has it, and its place in its framework."""

    W: np.ndarray  # (D, nH)
    U: np.ndarray  # (H, nH)
    b: np.ndarray | None  # (nH,), or (2, nH) where two biases are kept
    p: np.ndarray | None  # (3H,)
    prefix: str
    suffix: str

    @property
    def blocks(self):
        """n, of which U is n times as wide as it is high."""
        return self.U.shape[1] // self.U.shape[0]


# --- Keras -----------------------------------------------------------------------------------


def from_keras(layer):
    """Read the weights of a Keras layer.

    W = kernel, U = recurrent_kernel, b = bias; Keras' blocks i, f, c, o are i, f, g, o, and
    z, r, h of its GRU are u, r, g.

    Parameters
    ----------
    layer : keras layer or cell, or list of array_like
        An LSTM, a GRU, a SimpleRNN, the cell of one, or a Bidirectional around one; or what its
        ``get_weights()`` returns: kernel (D, 4H), recurrent_kernel (H, 4H) and perhaps bias
        (4H,), twice over for both directions. 3H in a GRU, with a bias (3H,) or (2, 3H); H in a
        simple RNN.

    Returns
    -------
    LSTMParams, GRUParams or RNNParams
        Copies: W (D, 4H), U (H, 4H), b (4H,) or None. float32 stays; all else becomes float64.
        Without a bias the arrays of a GRU do not show whether it resets before or after the
        matrix; a layer with ``reset_after=False`` is given a b (3H,) of zeros, which does.
    BothDirections
        Two of them, where the layer reads both ways.

    Raises
    ------
    TypeError
        If `layer` is neither, or does not hold real numbers.
    ValueError
        If the layer is not built, has other activations or a ``call`` of its own, reads from the
        end, puts zeros where a mask is False (in a Bidirectional this goes unseen), or is a stack
        of layers; if it holds an array of a wrong shape or a number that is not finite; if its
        directions differ in size.

    Notes
    -----
    Only Keras' own layers store their arrays so. TensorFlow 1's LSTMCell keeps W above U in one
    kernel (D + H, 4H), in the order i, g, f, o, and adds 1 to b_f when it runs; CuDNNLSTM keeps
    two biases in a row, and every block of its kernels the other way round.

    Examples
    --------
    >>> weights = [np.ones((3, 8)), np.ones((2, 8)), np.zeros(8)]
    >>> params = from_keras(weights)
    >>> params.input_size, params.hidden_size
    (3, 2)
    >>> from_keras(weights + weights).backward.b.shape
    (8,)
    """
    layers = _read_keras(layer)
    parts = _keras_directions(layer)
    for part, backwards in zip(parts, (False, True), strict=False):
        _check_keras_options(part, backwards, alone=len(parts) == 1)
    if getattr(getattr(parts[0], "cell", parts[0]), "reset_after", True) is False:
        layers = [[_with_bias(half) for half in halves] for halves in layers]
    return _records(layers)


def _check_keras_options(layer, backwards, alone):
    """Refuse a layer that computes something else than the equations here."""
    cell = getattr(layer, "cell", layer)
    for name, expected in (("activation", "tanh"), ("recurrent_activation", "sigmoid")):
        found = getattr(cell, name, None)
        found = getattr(found, "activation", found)  # what a layer `Activation` holds
        found = expected if found is None else getattr(found, "__name__", type(found).__name__)
        if found != expected:
            raise ValueError(
                f"layer: expected {name} {expected}, got {found}. "
                "Hint: the equations here have no other; get_weights() has the bare arrays."
            )
    if bool(getattr(layer, "go_backwards", backwards)) != backwards:
        raise ValueError(
            f"layer: expected go_backwards {backwards}, got {not backwards}. Hint: such a layer "
            "reads the sequence from its end; from_keras(layer.get_weights()) has its weights, "
            "to be run over x[::-1], or x[:, ::-1] in a batch."
        )
    # Bidirectional sets it in what it holds whenever that returns sequences.
    if alone and getattr(layer, "zero_output_for_mask", False):
        raise ValueError(
            "layer: expected zero_output_for_mask False, got True. Hint: where the mask is False "
            "h repeats here and is 0 there; from_keras(layer.get_weights()) has the weights."
        )
    for part in (layer, cell):
        _check_own_method(part, "layer", "call", ("keras", "tf_keras"), "get_weights()")


def _check_own_method(part, name, method, libraries, way_out):
    """Refuse an object whose class computes in its own way, and not in its library's."""
    function = getattr(type(part), method, None)
    library = (getattr(function, "__module__", None) or libraries[0]).partition(".")[0]
    if library not in libraries:
        raise ValueError(
            f"{name}: expected {libraries[0]}'s own {method}, got {type(part).__name__}, which has "
            f"its own. Hint: if its equations are those here all the same, pass its {way_out}."
        )


def _with_bias(half):
    """Return a half of a GRU that resets before the matrix with a bias, which alone shows it."""
    zeros = np.zeros(half.U.shape[1], half.U.dtype)
    return half._replace(b=zeros) if half.b is None else half


def to_keras(params):
    """Write weights as the list of arrays that a Keras layer's ``set_weights`` takes.

    Parameters
    ----------
    params : LSTMParams, GRUParams, RNNParams, or BothDirections of them
        A GRU's b (2, 3H) fits ``GRU(reset_after=True)``, Keras' default; b (3H,) fits False.

    Returns
    -------
    list of numpy.ndarray
        Copies: kernel (D, 4H), recurrent_kernel (H, 4H) and, if there is one, bias (4H,);
        forward and then backward if there are both. 3H in a GRU, H in a simple RNN.

    Raises
    ------
    TypeError
        If `params` is another record.
    ValueError
        If there are several layers or peepholes; if an array does not fit or is not finite.

    Examples
    --------
    >>> [a.shape for a in to_keras(LSTMParams(np.ones((3, 8)), np.ones((2, 8)), np.ones(8)))]
    [(3, 8), (2, 8), (8,)]
    """
    halves = _only_layer(_read_ours(params))
    arrays = [array for half in halves for array in _arrange(half, "keras")[:3]]
    return [array for array in arrays if array is not None]


def _keras_directions(layer):
    """Return the forward and the backward layer, or the one that there is."""
    both = [getattr(layer, f"{direction}_layer", None) for direction in DIRECTIONS]
    return [layer] if None in both else both


def _keras_groups(layer):
    """Return the arrays of each direction."""
    if isinstance(layer, (list, tuple)):
        half = len(layer) // 2
        return [layer[:half], layer[half:]] if len(layer) in (4, 6) else [layer]
    if not hasattr(layer, "get_weights"):
        hint = "from_torch reads a PyTorch module" if hasattr(layer, "state_dict") else None
        if isinstance(layer, Mapping):
            hint = "list(….values()) may be it, in the order kernel, recurrent_kernel, bias"
        raise TypeError(
            "layer: expected a Keras layer, its cell or the list of its arrays, "
            f"got {type(layer).__name__}." + (f" Hint: {hint}." if hint else "")
        )
    if isinstance(layer, type):
        raise TypeError(
            f"layer: expected a Keras layer, got the class {layer.__name__}, which has no weights. "
            "Hint: pass the layer that the model holds, such as model.layers[0]."
        )
    if hasattr(layer, "layer"):
        raise ValueError(
            f"layer: expected the layer itself, got one around it, {type(layer).__name__}. "
            "Hint: pass layer.layer."
        )
    if hasattr(layer, "layers") or hasattr(getattr(layer, "cell", layer), "cells"):
        raise ValueError(
            f"layer: expected one layer, got a stack, {type(layer).__name__}. "
            "Hint: pass its layers or its cells one at a time."
        )
    groups = [part.get_weights() for part in _keras_directions(layer)]
    if not all(groups):
        raise ValueError(
            "layer: expected a layer that is built, got one without weights. "
            "Hint: call layer.build((None, None, D)) or run it once."
        )
    return groups


def _read_keras(layer):
    if isinstance(layer, Mapping):
        _refuse_one_kernel(list(layer.values()))
    groups = _keras_groups(layer)
    _refuse_one_kernel(groups[0])
    if not all(len(group) in (2, 3) for group in groups):
        raise ValueError(
            "layer: expected 2 or 3 arrays (kernel, recurrent_kernel, bias), or 4 or 6 for both "
            f"directions, got {sum(map(len, groups))}. Hint: pass one layer at a time."
        )
    prefixes = [""] if len(groups) == 1 else [f"{name}_layer.cell." for name in DIRECTIONS]
    halves = [
        _half("keras", dict(zip("WUb", group, strict=False)), prefix)
        for group, prefix in zip(groups, prefixes, strict=True)
    ]
    return _fitting([halves])


def _refuse_one_kernel(arrays):
    """Refuse TensorFlow 1's arrays, a kernel (D + H, 4H) and a bias (4H,), and say what to do."""
    shapes = [np.shape(array) for array in arrays]
    if len(shapes) != 2 or sorted(map(len, shapes)) != [1, 2]:
        return
    (wide,), (rows, columns) = sorted(shapes, key=len)
    D = rows - columns // 4
    if wide == columns and columns % 4 == 0 and D > 0:
        raise ValueError(
            f"layer: expected kernel and recurrent_kernel apart, got {shapes[0]} and {shapes[1]}. "
            "Hint: TensorFlow 1 keeps W above U in one kernel, orders its blocks i, g, f, o and "
            "adds 1 to b_f when it runs: i, g, f, o = np.split(kernel, 4, axis=1); "
            f"W, U = np.split(np.hstack([i, f, g, o]), [{D}]); i, g, f, o = np.split(bias, 4); "
            "b = np.hstack([i, f + 1, g, o]); from_keras([W, U, b])."
        )


def _two_in_a_row(H, n):
    """Say how the arrays of CuDNNLSTM and CuDNNGRU, with their bias twice as wide, are read."""
    bias = f"b[:{n * H}] + b[{n * H}:]" if n == 4 else f"b.reshape(2, {n * H})"
    return (
        "two biases in a row are those of CuDNNLSTM or CuDNNGRU, whose kernels have every block "
        f"the other way round: W = np.hstack([k.T.reshape(k.shape, order='F') for k in "
        f"np.hsplit(W, {n})]); U = np.hstack([k.T for k in np.hsplit(U, {n})]); b = {bias}"
    )


# --- PyTorch ---------------------------------------------------------------------------------


def from_torch(module):
    """Read the weights of a PyTorch module.

    W = weight_ihᵀ, U = weight_hhᵀ, b = bias_ih + bias_hh; PyTorch's blocks i, f, g, o are ours,
    and r, z, n of its GRU are r, u, g.

    Of the two biases of an LSTM or a simple RNN only the sum matters, and only the sum is kept.
    A GRU keeps both, one row each, since its reset gate stands between them.

    Parameters
    ----------
    module : torch.nn.LSTM, GRU or RNN, the cell of one, or a state dict
        Of tensors or arrays: weight_ih_l0 (4H, D), weight_hh_l0 (4H, H), and perhaps bias_ih_l0
        and bias_hh_l0 (4H,); _l1 and so on for more layers, _reverse for the other direction, no
        _l0 in a cell. All names may begin alike, as in "encoder.weight_ih_l0". 3H in a GRU, H in
        a simple RNN, whose activation must be tanh: a state dict does not show it.

    Returns
    -------
    LSTMParams, GRUParams or RNNParams
        Copies: W (D, 4H), U (H, 4H), b (4H,), or (2, 3H) in a GRU, or None. float32 stays; all
        else becomes float64.
    BothDirections
        Two of them, where the module reads both ways.
    list
        One entry for each layer, if there are several.

    Raises
    ------
    TypeError
        If `module` is neither, or does not hold real numbers.
    ValueError
        If an array is missing, unknown, of a wrong shape or not finite; if there is a projection
        (proj_size) or an activation other than tanh.

    Examples
    --------
    >>> state = {"weight_ih_l0": np.ones((8, 3)), "weight_hh_l0": np.ones((8, 2))}
    >>> params = from_torch(state)
    >>> params.W.shape, params.U.shape, params.b
    ((3, 8), (2, 8), None)
    """
    layers = _read_torch(module)
    for part in (module, *getattr(module, "modules", tuple)()):  # itself, and what it holds
        if getattr(part, "nonlinearity", "tanh") != "tanh":
            raise ValueError(
                f"module: expected nonlinearity tanh, got {part.nonlinearity}. "
                "Hint: the equations here have no other."
            )
        if hasattr(part, "weight_ih_l0") or hasattr(part, "weight_ih"):
            _check_own_method(part, "module", "forward", ("torch",), "state_dict()")
    return _records(layers)


def to_torch(params):
    """Write weights as the arrays of a PyTorch state dict.

    ``load_state_dict({name: torch.tensor(array) for name, array in to_torch(params).items()})``
    takes them; for a cell take _l0 off the names. A sum of two biases stands in bias_ih, beside
    zeros in bias_hh.

    Parameters
    ----------
    params : LSTMParams, GRUParams or RNNParams, BothDirections of them, or a list of layers
        A GRU's b must be (2, 3H) or None: PyTorch resets after the matrix.

    Returns
    -------
    dict of str to numpy.ndarray
        Copies: weight_ih_l0 (4H, D), weight_hh_l0 (4H, H), and, if there is a bias, bias_ih_l0
        and bias_hh_l0 (4H,); _l1 and so on, _reverse. 3H in a GRU, H in a simple RNN.

    Raises
    ------
    TypeError
        If `params` is another record.
    ValueError
        If there are peepholes, if layers do not fit onto each other, or a GRU resets before the
        matrix; if an array does not fit or is not finite.

    Examples
    --------
    >>> params = LSTMParams(np.ones((3, 8)), np.ones((2, 8)), np.ones(8))
    >>> {name: array.shape for name, array in to_torch(params).items()}
    {'weight_ih_l0': (8, 3), 'weight_hh_l0': (8, 2), 'bias_ih_l0': (8,), 'bias_hh_l0': (8,)}
    """
    state = {}
    for number, halves in enumerate(_read_ours(params)):
        for half, reverse in zip(halves, ("", "_reverse"), strict=False):
            W, U, b, _ = _arrange(half, "torch")
            if half.blocks == 3 and b is not None and b.ndim == 1:
                raise ValueError(
                    f"{half.prefix}b: expected shape (2, 3H) = {(2, len(b))}, got {b.shape}. "
                    "Hint: PyTorch has only the GRU that resets after the matrix."
                )
            arrays = {"weight_ih": W, "weight_hh": U}
            if b is not None:
                arrays["bias_ih"], arrays["bias_hh"] = _two_biases(b)
            state |= {f"{name}_l{number}{reverse}": array for name, array in arrays.items()}
    return state


def _read_torch(module):
    if isinstance(module, (list, tuple)):
        names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
        module = _name_arrays(module, names)
    if isinstance(module, type):
        raise TypeError(
            f"module: expected a PyTorch module, got the class {module.__name__}, which has no "
            "weights. Hint: pass the module that the model holds, such as model.lstm."
        )
    state = module.state_dict() if hasattr(module, "state_dict") else module
    if not isinstance(state, Mapping):
        hint = "names such as weight_ih_l0 tell which is which"
        raise TypeError(
            "module: expected a PyTorch module or its state dict, got "
            f"{type(module).__name__}. Hint: "
            f"{'from_keras reads a Keras layer' if hasattr(module, 'get_weights') else hint}."
        )
    prefix, parts, layers = _torch_names(state, whole=state is not module)

    def half(ending):
        names = {part: prefix + ARRAYS["torch"][part] + ending for part in parts}
        arrays = {part: _leave(state[name], name) for part, name in names.items()}
        return _half("torch", arrays, prefix, ending)

    return _fitting([[half(ending) for ending in endings] for endings in layers])


def _torch_names(state, whole):
    """Return what all names begin with, the parts W, U, bW, bU, and the endings of each layer."""
    found = {name: TORCH_NAME.fullmatch(str(name)) for name in state}
    unknown = [name for name, match in found.items() if match is None]
    prefixes = {match[1] for match in found.values() if match}
    if unknown or len(prefixes) != 1:
        got = unknown[0] if unknown else " and ".join(map(repr, sorted(prefixes))) or "nothing"
        raise ValueError(
            "module: expected the names weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0 and so "
            f"on, all beginning alike, got {got}. Hint: {_torch_hint(state, prefixes, whole)}."
        )
    (prefix,) = prefixes
    kinds, suffixes, numbers = ({match[n] for match in found.values()} for n in (2, 3, 4))
    if "weight_hr" in kinds:
        raise ValueError(
            f"module: expected no projection, got {prefix}weight_hr. "
            "Hint: proj_size is not supported; nothing here has such a matrix."
        )
    parts = ("W", "U", "bW", "bU") if {"bias_ih", "bias_hh"} & kinds else ("W", "U")
    both = 1 + any(suffix.endswith("_reverse") for suffix in suffixes)
    layers = [[f"_l{n}", f"_l{n}_reverse"][:both] for n in range(len(numbers))]
    layers = [[""]] if "" in suffixes else layers  # a cell numbers nothing
    endings = [ending for layer in layers for ending in layer]
    expected = [prefix + ARRAYS["torch"][part] + ending for ending in endings for part in parts]
    wrong = [f"{name} is missing" for name in expected if name not in found]
    wrong += [f"got {name} too" for name in found if name not in expected]
    if wrong:
        raise ValueError(
            f"module: expected {', '.join(expected)}; {wrong[0]}. "
            "Hint: every layer and direction has the same arrays, and layers are counted from 0."
        )
    return prefix, parts, layers


def _torch_hint(state, prefixes, whole):
    """Say how to get at the recurrent part of what has other names too."""
    names = " ".join(map(str, state))
    if "_all_weight_values" in names or "_packed_weight" in names:
        return "this is quantized; pass the float module that it was made from"
    if "parametrizations." in names or re.search(r"weight_[ih]h\w*_(g|v|orig|mask)\b", names):
        return (
            "a weight is kept in parts, by weight_norm or pruning; make it whole first, by "
            "torch.nn.utils.parametrize.remove_parametrizations, remove_weight_norm or prune.remove"
        )
    inner = [key for key, value in state.items() if isinstance(value, Mapping) and value]
    if inner:
        return f"the state dict is one of its entries, {_either(inner)}"
    if names.endswith(("kernel", "bias")) and "kernel" in names:
        return "these look like TensorFlow's names; from_keras takes the list of a layer's arrays"
    if not prefixes - {""}:
        return "none of these names is a recurrent layer's"
    if whole:
        return "pass one part: " + " or ".join(
            f"module.get_submodule({prefix.rstrip('.')!r})" for prefix in sorted(prefixes - {""})
        )
    prefix = min(prefixes - {""})
    return (
        "pass the names of one part: {name: array for name, array in state.items() "
        f"if name.startswith({prefix!r})}}"
    )


def _leave(tensor, name):
    """Return an array of what may be a tensor that is on a device, or has a gradient."""
    if not hasattr(tensor, "detach"):
        return tensor
    try:
        tensor = tensor.detach().cpu()
        try:
            return tensor.numpy()
        except TypeError:  # bfloat16 and such: NumPy has no such type
            return tensor.float().numpy()
    except (RuntimeError, TypeError) as error:
        raise TypeError(
            f"{name}: expected an array of numbers, got {type(tensor).__name__}: {error}"
        ) from error


# --- ONNX ------------------------------------------------------------------------------------


def from_onnx(W, R=None, B=None, P=None, *, linear_before_reset=None):
    """Read the weights of an ONNX node: LSTM, GRU or RNN.

    W and U are W and R transposed, and b = Wb + Rb, the two halves of B; ONNX' blocks i, o, f, c
    are i, o, f, g, and z, r, h of its GRU are u, r, g.

    Parameters
    ----------
    W : array_like, shape (N, 4H, D)
        Input weights for N directions, 1 or 2; 3H in a GRU, H in a simple RNN, throughout.
    R : array_like, shape (N, 4H, H)
        Recurrent weights.
    B : array_like, shape (N, 8H), optional
        Biases, Wb and then Rb.
    P : array_like, shape (N, 3H), optional
        An LSTM's peepholes, in the order i, o, f.
    linear_before_reset : {0, 1}, optional
        The attribute of a GRU's node, which must be given for a GRU: with 1 its two biases are
        kept, one row each; with 0, ONNX' default, only their sum matters, and a GRU without a
        bias is given zeros, whose shape shows that it resets before the matrix.

    Returns
    -------
    LSTMParams, PeepholeParams, GRUParams or RNNParams
        Copies: W (D, 4H), U (H, 4H), b (4H,), or (2, 3H) in a GRU, or None; p (3H,), in the order
        i, f, o. float32 stays; all else becomes float64.
    BothDirections
        Two of them, if N = 2.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If a shape is wrong or a number is not finite, or `linear_before_reset` is missing.

    References
    ----------
    Peepholes: Gers & Schmidhuber (2000), doi:10.1109/IJCNN.2000.861302.

    Examples
    --------
    >>> params = from_onnx(W=np.ones((1, 8, 3)), R=np.ones((1, 8, 2)), B=np.ones((1, 16)))
    >>> params.W.shape, params.U.shape, params.b
    ((3, 8), (2, 8), array([2., 2., 2., 2., 2., 2., 2., 2.]))
    """
    if R is None:
        _refuse_whole_onnx(W)
    layers = _read_onnx(ONNXArrays(W, R, B, P))
    if layers[0][0].blocks == 3 and linear_before_reset not in (0, 1):
        raise ValueError(
            f"linear_before_reset: expected 0 or 1, got {linear_before_reset}. Hint: the arrays of "
            "a GRU do not show it; it is an attribute of its node, 0 if it is not there."
        )
    if layers[0][0].blocks == 3 and not linear_before_reset:
        layers = [[_with_bias(half) for half in halves] for halves in layers]
    return _records(layers, two_biases=bool(linear_before_reset))


def _refuse_whole_onnx(given):
    """Refuse a model, a graph, a node or a list where the arrays of one node are expected."""
    hint = "W and R are two arrays, the second and the third input of the node"
    if isinstance(given, (list, tuple)):
        hint = "put a star before it: from_onnx(*arrays)"
    elif hasattr(given, "SerializeToString"):  # a protocol buffer
        hint = (
            "the arrays are initializers of the graph: arrays = {t.name: "
            "onnx.numpy_helper.to_array(t) for t in model.graph.initializer}; node.input[1:4] "
            "names W, R and B, and node.input[7], if it is there, P"
        )
    raise TypeError(
        f"R: expected an array (N, nH, H), got {type(given).__name__} alone. Hint: {hint}."
    )


def to_onnx(params):
    """Write weights as the arrays of an ONNX node.

    A sum of two biases stands in Wb, beside zeros in Rb.

    Parameters
    ----------
    params : LSTMParams, PeepholeParams, GRUParams or RNNParams, or BothDirections of them
        A GRU's b (2, 3H) is for linear_before_reset = 1, b (3H,) for 0.

    Returns
    -------
    ONNXArrays
        Copies: W (N, 4H, D), R (N, 4H, H), B (N, 8H) or None, P (N, 3H) or None, where N is the
        number of directions; 3H in a GRU, H in a simple RNN. ONNX' own LSTM wants float32.

    Raises
    ------
    TypeError
        If `params` is another record.
    ValueError
        If there are several layers; if an array does not fit or is not finite.

    Examples
    --------
    >>> arrays = to_onnx(LSTMParams(np.ones((3, 8)), np.ones((2, 8)), np.ones(8)))
    >>> arrays.W.shape, arrays.R.shape, arrays.B.shape, arrays.P
    ((1, 8, 3), (1, 8, 2), (1, 16), None)
    """
    halves = _only_layer(_read_ours(params))
    W, R, B, P = zip(*(_arrange(half, "onnx") for half in halves), strict=True)
    B = None if B[0] is None else np.stack([np.concatenate(_two_biases(b)) for b in B])
    return ONNXArrays(np.stack(W), np.stack(R), B, None if P[0] is None else np.stack(P))


def _read_onnx(arrays):
    W, R, B, P = ONNXArrays(**_name_arrays(arrays, ONNXArrays._fields))
    R = check_array(R, "R", (None, None, None), "(N, nH, H)", "one direction is R[None]")
    N, wide = R.shape[:2]
    _sizes(R[0], "R[0]", "onnx")  # before its sides are taken to measure the others
    if N > 2:
        raise ValueError(f"R: expected shape (N, nH, H) with N = 1 or 2 directions, got {R.shape}.")
    W = check_array(W, "W", (N, None, None), "(N, nH, D)", "N as in R")
    given = {"W": W, "U": R}
    if B is not None:
        B = check_array(B, "B", (N, 2 * wide), "(N, 2nH)", "Wb and then Rb, as many as R has rows")
        given |= {"bW": B[:, :wide], "bU": B[:, wide:]}
    if P is not None:
        given["p"] = check_array(P, "P", (N, None), "(N, 3H)", "N as in R")
    halves = [{part: array[d] for part, array in given.items()} for d in range(N)]
    return [[_half("onnx", half, suffix=f"[{d}]") for d, half in enumerate(halves)]]


# --- this package's records ------------------------------------------------------------------


def _read_ours(params):
    """Return the halves of a record, of two of them, or of a list of layers."""
    layers = params if type(params) in (list, tuple) and params else [params]
    return _fitting(
        [
            _read_layer(layer, f"[{number}]." if len(layers) > 1 else "")
            for number, layer in enumerate(layers)
        ]
    )


def _read_layer(layer, prefix):
    if not isinstance(layer, BothDirections):
        return [_read_record(layer, prefix)]
    pairs = zip(DIRECTIONS, layer, strict=True)
    return [_read_record(record, f"{prefix}{direction}.") for direction, record in pairs]


def _read_record(record, prefix):
    if type(record) not in RECORDS:
        raise TypeError(
            f"params: expected {', '.join(kind.__name__ for kind in RECORDS)}, BothDirections of "
            f"them or a list of layers, got {type(record).__name__}."
        )
    return _half("lstm_edu", record._asdict(), prefix, kinds=(RECORDS[type(record)],))


def _records(layers, two_biases=True):
    """Return halves as records: a layer's one or two, and a list if there are several layers."""
    layers = [[_record(half, two_biases) for half in halves] for halves in layers]
    layers = [BothDirections(*pair) if len(pair) == 2 else pair[0] for pair in layers]
    return layers if len(layers) > 1 else layers[0]


def _record(half, two_biases):
    W, U, b, p = half[:4]
    if b is not None and b.ndim == 2 and not (two_biases and half.blocks == 3):
        with np.errstate(over="ignore"):  # refused below
            total = b[0] + b[1]
        b = check_array(total, f"{half.prefix}bias{half.suffix}, summed", total.shape, "(nH,)")
    if p is not None:
        return PeepholeParams(W, U, b, p)
    return {4: LSTMParams, 3: GRUParams, 1: RNNParams}[half.blocks](W, U, b)


# --- halves ----------------------------------------------------------------------------------


def _name_arrays(arrays, names):
    """Return the arrays of a bare list by their names, of which the first two must be there."""
    if not 2 <= len(arrays) <= len(names):
        raise ValueError(
            f"arrays: expected {', '.join(names[:2])} and perhaps {', '.join(names[2:])}, "
            f"got {len(arrays)} arrays."
        )
    return dict(zip(names, arrays, strict=False))


def _reorder(array, old, new):
    """Return a copy whose blocks, side by side along the last axis, stand in another order."""
    blocks = dict(zip(old, np.split(array, len(old), axis=-1), strict=True))
    return np.concatenate([blocks[name] for name in new], axis=-1)


def _half(layout, arrays, prefix="", suffix="", kinds=tuple(KINDS)):
    """Check the parts of one direction, and turn and order them as ours."""
    names = {part: prefix + ARRAYS[layout][part] + suffix for part in arrays}
    arrays = {
        part: read_array(array, names[part])
        for part, array in arrays.items()
        if part != "b" or array is not None
    }
    H, n = _sizes(arrays["U"], names["U"], layout, kinds)
    dtype = float_type(**{names[part]: array for part, array in arrays.items()})
    mine = {
        part: _read_part(layout, part, array, names[part], H, n, dtype)
        for part, array in arrays.items()
    }
    b = np.stack([mine["bW"], mine["bU"]]) if "bW" in mine else mine.get("b")
    return _Half(mine["W"], mine["U"], b, mine.get("p"), prefix, suffix)


def _read_part(layout, part, array, name, H, n, dtype):
    wide = "H" if n == 1 else f"{n}H"
    shape, letters = {
        "W": ((None, n * H), ("D", wide)),
        "U": ((H, n * H), ("H", wide)),
        "p": ((3 * H,), ("3H",)),
    }.get(part, ((n * H,), (wide,)))
    if part == "p" and n != 4:
        raise ValueError(f"{name}: expected no peepholes, which only an LSTM has, n = 4; n is {n}.")
    if part == "b" and n == 3 and array.ndim == 2:  # one row for x, one for h
        shape, letters = (2, *shape), ("2", *letters)
    turned = layout in TURNED and part in ("W", "U")
    if turned:
        shape, letters = shape[::-1], letters[::-1]
    letters = f"({letters[0]},)" if len(letters) == 1 else f"({', '.join(letters)})"
    hint = TURN_HINT if part in ("W", "U") else BLOCKS_HINT
    if layout == "keras" and part == "b" and n > 1 and array.shape == (2 * n * H,):
        hint = _two_in_a_row(H, n)
    array = check_array(array, name, shape, letters, hint, dtype)
    order = "p" if part == "p" else n
    return _reorder(array.T if turned else array, ORDERS[layout][order], ORDERS["lstm_edu"][order])


def _sizes(U, name, layout, kinds=tuple(KINDS)):
    """Return H and the number of blocks, read off the two sides of U."""
    turned = layout in TURNED
    shape = U.shape[::-1] if turned else U.shape
    for n in kinds:
        if U.ndim == 2 and U.size and shape[1] == n * shape[0]:
            return shape[0], n
    could_turn = U.ndim == 2 and max(U.shape) in [n * min(U.shape) for n in kinds]
    raise ValueError(
        f"{name}: expected shape {'(nH, H)' if turned else '(H, nH)'} with n = "
        f"{' or '.join(KINDS[n] for n in kinds)}, got {U.shape}. "
        f"Hint: {TURN_HINT if could_turn else NO_LAYER_HINT}."
    )


def _arrange(half, layout):
    """Return W, U, b and p, or None, turned and ordered as in a framework."""
    if half.p is not None and "p" not in ORDERS[layout]:
        raise ValueError(
            f"{half.prefix}p: expected no peepholes, got {half.p.shape}. "
            f"Hint: {layout} has no such layer; onnx has."
        )
    ours, theirs = ORDERS["lstm_edu"], ORDERS[layout]
    W, U, b = (
        None if array is None else _reorder(array, ours[half.blocks], theirs[half.blocks])
        for array in half[:3]
    )
    if layout in TURNED:
        W, U = W.T.copy(), U.T.copy()
    return W, U, b, None if half.p is None else _reorder(half.p, ours["p"], theirs["p"])


def _two_biases(b):
    """Return the bias beside W and the one beside U; a sum goes to the first."""
    return b if b.ndim == 2 else (b, np.zeros_like(b))


def _only_layer(layers):
    if len(layers) > 1:
        raise ValueError(
            f"params: expected one layer, got {len(layers)}. Hint: pass them one at a time."
        )
    return layers[0]


def _fitting(layers):
    """Return the layers, if their directions are alike and each fits onto the one below."""
    first, N = layers[0][0], len(layers[0])
    for number, halves in enumerate(layers):
        D = N * len(first.U) if number else len(first.W)
        expected = _shapes(first._replace(W=np.empty((D, first.W.shape[1]))))
        for half in halves:
            place = half.prefix.rstrip(".") + half.suffix or "layer"
            if len(halves) != N:
                raise ValueError(f"{place}: expected {N} directions as below, got {len(halves)}.")
            if _shapes(half) != expected:
                raise ValueError(
                    f"{place}: expected {expected}, got {_shapes(half)}. Hint: both directions are "
                    "alike, and a layer reads the h of all directions below it; pass layers that "
                    "do not belong together one at a time."
                )
    return layers


def _shapes(half):
    return ", ".join(
        f"{part} {None if array is None else array.shape}"
        for part, array in zip("WUbp", half[:4], strict=True)
    )


# --- which gate is this column? --------------------------------------------------------------


def describe(arrays, layout=None):
    """Say of every slice of every array of a layer what it is.

    ``array[index]`` is the block that `symbol` names: W_f is what the forget gate reads of x, U_f
    of h, b_f its bias, p_f its peephole. Where there are two biases, bW_f is the one beside W_f
    and bU_f the one beside U_f; in an LSTM and in a simple RNN b = bW + bU. PyTorch and ONNX keep
    every block of W and U transposed, with the shape (H, D) or (H, H).

    Parameters
    ----------
    arrays : layer, module, state dict, list of array_like, or record
        Whatever `from_keras` and `from_torch` take, what `to_onnx` returns, or params. A bare list
        is W, U and then the biases and p, if there are any; those of more layers or directions
        can only be told apart by names, but 4 and 6 arrays as Keras has them are both directions.
    layout : {"keras", "torch", "onnx", "lstm_edu"}, optional
        Who keeps them so; needed for a bare list whose shapes do not show it. Lists in Keras'
        layout and in this package's are the same.

    Returns
    -------
    Slices
        A list of `Slice`: array, index, shape, symbol, layer (from 0) and direction ("forward" or
        "backward"), in the order of the arrays. It prints as a table. Of more layers or
        directions, `array` is the way to it: "forward_layer.cell.kernel", "[1].backward.W".

    Raises
    ------
    TypeError
        If `arrays` is none of these.
    ValueError
        If the layout is unknown, or ambiguous and not given; if the arrays do not fit it.

    Examples
    --------
    >>> print(describe([np.ones((8, 3)), np.ones((8, 2))]))
    weight_ih_l0[0:2, :]  W_i  (2, 3)
    weight_ih_l0[2:4, :]  W_f  (2, 3)
    weight_ih_l0[4:6, :]  W_g  (2, 3)
    weight_ih_l0[6:8, :]  W_o  (2, 3)
    weight_hh_l0[0:2, :]  U_i  (2, 2)
    weight_hh_l0[2:4, :]  U_f  (2, 2)
    weight_hh_l0[4:6, :]  U_g  (2, 2)
    weight_hh_l0[6:8, :]  U_o  (2, 2)
    """
    if layout is not None and layout not in READERS:
        raise ValueError(f"layout: expected {_either(READERS)}, got {layout!r}.")
    if isinstance(arrays, np.ndarray) or (isinstance(arrays, (list, tuple)) and len(arrays) == 1):
        _refuse_one_array(arrays)
    layout = layout or _find_layout(arrays)
    return Slices(
        part
        for number, halves in enumerate(READERS[layout](arrays))
        for d, half in enumerate(halves)
        for part in _slices(layout, half, number, d)
    )


def _slices(layout, half, number, d):
    H, D, order = len(half.U), len(half.W), ORDERS[layout]
    turned, several = layout in TURNED, layout == "onnx"  # ONNX keeps all directions in one array
    biases = [] if half.b is None else ["b"] if half.b.ndim == 1 else ["bW", "bU"]
    for part in ["W", "U", *biases, *(["p"] if half.p is not None else [])]:
        array = half.prefix + ARRAYS[layout][part] + ("" if several else half.suffix)
        index = (STACKED if turned else SIDE_BY_SIDE).get(part, "[{}]")
        index = f"[{d}, {index[1:]}" if several else index
        shape = {"W": (D, H), "U": (H, H)}.get(part, (H,))
        start = half.blocks * H if several and part == "bU" else 0  # B holds Wb and then Rb
        for block in order["p" if part == "p" else half.blocks]:
            span, start = f"{start}:{start + H}", start + H
            symbol = part if half.blocks == 1 else f"{part}_{block}"
            yield Slice(
                array,
                index.format(span),
                shape[::-1] if turned else shape,
                symbol,
                number,
                DIRECTIONS[d],
            )


def _find_layout(arrays):
    """Return who keeps arrays so, by their kind or, in a bare list, by their shapes."""
    if isinstance(arrays, ONNXArrays):
        return "onnx"
    if hasattr(arrays, "SerializeToString"):
        _refuse_whole_onnx(arrays)
    if hasattr(arrays, "get_weights"):
        return "keras"
    if hasattr(arrays, "state_dict") or isinstance(arrays, Mapping):
        return "torch"
    if not isinstance(arrays, (list, tuple)) or _is_ours(arrays):
        return "lstm_edu"
    shapes = [read_array(array, f"arrays[{n}]").shape for n, array in enumerate(arrays)]
    found = [layout for layout in ("keras", "torch", "onnx") if _could_be(layout, shapes)]
    if not found and _could_be("lstm_edu", shapes):  # the peepholes, which Keras has not
        found = ["lstm_edu"]
    if len(found) != 1:
        raise ValueError(
            f"arrays: {'ambiguous' if found else 'unknown'}: {', '.join(map(str, shapes))} could "
            f"be {_either(found) if found else 'no layer'}. Hint: say which layout it is, "
            f"{_either(READERS)}."
        )
    return found[0]


def _could_be(layout, shapes):
    if layout == "torch":  # of several layers or directions the first is enough to tell
        biased = len(shapes) > 2 and len(shapes[2]) == 1
        shapes = shapes[: 4 if biased else 2]
    try:
        READERS[layout]([np.zeros(shape) for shape in shapes])
    except (TypeError, ValueError):
        return False
    return True


def _refuse_one_array(array):
    shape = np.shape(array if isinstance(array, np.ndarray) else array[0])
    raise ValueError(
        f"arrays: ambiguous: {shape} alone could be a W or a U of any size H. "
        "Hint: pass all arrays of the layer, such as [W, U, b]; the sides of U tell H."
    )


def _either(names):
    return " or ".join(map(repr, names))


def _is_ours(params):
    """Say whether it is a record, or a list of records."""
    kinds = (*RECORDS, BothDirections)
    return type(params) in kinds or any(type(record) in kinds for record in params)


def _read_ours_or_arrays(params):
    if isinstance(params, (list, tuple)) and not _is_ours(params):
        return [[_half("lstm_edu", _name_arrays(params, "WUbp"))]]
    return _read_ours(params)


READERS = {
    "keras": _read_keras,
    "torch": _read_torch,
    "onnx": _read_onnx,
    "lstm_edu": _read_ours_or_arrays,
}
