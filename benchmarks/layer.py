"""How fast the layer is, beside Keras and, where it is installed, PyTorch.

Run by `make bench`. All contenders compute the same numbers, which is checked first, and take
turns in one run: a table of medians in milliseconds, then ratios, which is what to compare
between machines. The floor is the bare matrix products of the forward pass in the same BLAS; the
bare calls are NumPy's eleven of each time step, on arrays that lie ready: no code in NumPy that
keeps every gate takes less.
"""

import os
import statistics
import time

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import keras  # after the environment above
import numpy as np
import tensorflow as tf

from lstm_edu import LSTMParams, lstm_backward, lstm_forward
from lstm_edu.layouts import from_torch, to_torch

try:
    import torch
except ImportError:
    torch = None

SIZES = [  # B, T, D, H
    (1, 2, 1, 1),
    (1, 10, 8, 4),
    (32, 10, 8, 4),
    (32, 50, 16, 32),
    (64, 100, 64, 128),
    (256, 100, 128, 256),
    (1, 1000, 8, 32),
]
SECONDS = 8.0  # for all contenders of one size together, if each has had five turns
RATIOS = [
    ("forward", "PyTorch"),
    ("there and back", "PyTorch there and back"),
    ("forward", "Keras compiled"),
    ("forward", "Keras layer"),
    ("forward", "Keras predict"),
    ("forward", "floor"),
    ("forward", "bare calls"),
    ("bare calls", "PyTorch"),
]


def draw(sizes):
    """Return float32 weights, an input, and the gradient that a loss hands back."""
    B, T, D, H = sizes
    rng = np.random.default_rng(0)
    shapes = [(D, 4 * H), (H, 4 * H), (4 * H,), (B, T, D), (B, T, H)]
    W, U, b, x, dh = (rng.uniform(-1, 1, size=s).astype(np.float32) for s in shapes)
    params = (array / np.float32(np.sqrt(H)) for array in (W, U, b))  # as PyTorch draws them
    return LSTMParams(*params), x, dh


def ours(params, x, dh):
    """Return the package's calls by name, with validation and the full trace."""
    return {
        "forward": lambda: lstm_forward(x, params).h,
        "there and back": lambda: lstm_backward(lstm_forward(x, params), dh).dx,
    }


def bare_products(params, x):
    """Return the matrix products alone: x W for all steps, then one h U after another."""
    rows, h = x.reshape(-1, x.shape[-1]), np.zeros((len(x), len(params.U)), np.float32)
    z, zh = (
        np.empty((len(rows), len(params.b)), np.float32),
        np.empty((len(h), len(params.b)), np.float32),
    )

    def floor():
        np.dot(rows, params.W, z)
        for _ in range(x.shape[1]):
            np.dot(h, params.U, zh)

    return {"floor": floor}


def bare_calls(params, x):
    """Return NumPy's calls of the forward pass alone: no checks, room, views or trace to make."""
    (B, T, D), H = x.shape, len(params.U)
    A = np.concatenate([params.W, params.U, params.b[None]]).T.copy()
    states = np.zeros((T + 1, D + H + 1 + H, B), np.float32)  # x, h, 1 and c
    states[:T, :D], states[:, D + H] = x.transpose(1, 2, 0), 1
    read, h, c = states[:, :-H], states[:, D : D + H], states[:, -H:]
    steps, part = np.zeros((T, 8 * H, B), np.float32), np.empty((H, B), np.float32)
    one = np.array(1, np.float32)
    blocks = steps.reshape(T, 8, H, B).swapaxes(0, 1)  # z of i, f, g, o, then i, f, g, o
    fields = read[:-1], steps[:, : 4 * H], steps[:, 4 * H :], blocks[2], *blocks[4:]
    columns = list(zip(*fields, c[:-1], c[1:], h[1:], strict=True))

    def calls():
        for v, z, gates, z_g, i, f, g, o, c_prev, c_t, h_t in columns:
            np.dot(A, v, z)
            np.negative(z, gates)
            np.exp(gates, gates)
            np.add(gates, one, gates)
            np.divide(one, gates, gates)
            np.tanh(z_g, g)
            np.multiply(f, c_prev, c_t)
            np.multiply(i, g, part)
            np.add(c_t, part, c_t)
            np.tanh(c_t, part)
            np.multiply(o, part, h_t)
        return h[1:].transpose(2, 0, 1)

    return {"bare calls": calls}


def keras_calls(params, x):
    """Return Keras' calls by name: the layer, compiled, and `predict` of a model."""
    inputs = keras.Input(x.shape[1:])
    layer = keras.layers.LSTM(len(params.U), return_sequences=True)
    model = keras.Model(inputs, layer(inputs))
    layer.set_weights(list(params))
    tensor, compiled = tf.constant(x), tf.function(layer)
    return {
        "Keras layer": lambda: layer(tensor).numpy(),
        "Keras compiled": lambda: compiled(tensor).numpy(),
        "Keras predict": lambda: model.predict(x, batch_size=len(x), verbose=0),
    }


def torch_calls(params, x, dh):
    """Return PyTorch's calls by name: forward with what the way back needs, and both ways."""
    if torch is None:
        return {}
    module = torch.nn.LSTM(x.shape[-1], len(params.U), batch_first=True)
    module.load_state_dict({name: torch.tensor(a) for name, a in to_torch(params).items()})
    assert np.array_equal(from_torch(module).U, params.U)
    tensor, gradient = torch.tensor(x, requires_grad=True), torch.tensor(dh)

    def there_and_back():
        module.zero_grad()
        tensor.grad = None
        module(tensor)[0].backward(gradient)
        return tensor.grad.numpy()

    return {
        "PyTorch": lambda: module(tensor)[0].detach().numpy(),
        "PyTorch there and back": there_and_back,
    }


def require_equal(calls):
    """Stop if two contenders do not compute the same."""
    results = {name: call() for name, call in calls.items() if name != "floor"}
    for name, result in results.items():
        expected = results["there and back" if "back" in name else "forward"]
        np.testing.assert_allclose(result, expected, rtol=0, atol=1e-5, err_msg=name)


def medians(calls, seconds=SECONDS):
    """Return milliseconds by name: medians over turns, a turn being a burst of equal calls."""
    turns, bursts = {name: [] for name in calls}, {}
    for name, call in calls.items():
        start = time.perf_counter()
        call()
        bursts[name] = max(1, int(3e-3 / (time.perf_counter() - start)))
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(turns["forward"]) < 5:
        for name, call in calls.items():
            call()  # the first after another contender finds the caches cold
            start = time.perf_counter()
            for _ in range(bursts[name]):
                call()
            turns[name].append((time.perf_counter() - start) / bursts[name])
    return {name: 1e3 * statistics.median(times) for name, times in turns.items()}


def print_table(head, rows):
    """Print rows of text under a head, aligned."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        print("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)))
    print()


def main():
    measured = {}
    for sizes in SIZES:
        params, x, dh = draw(sizes)
        calls = ours(params, x, dh) | bare_products(params, x) | bare_calls(params, x)
        calls |= keras_calls(params, x) | torch_calls(params, x, dh)
        require_equal(calls)
        measured[sizes] = medians(calls)
    names = list(measured[SIZES[0]])
    print("The layer, float32, medians in ms")
    print_table(
        ["(B, T, D, H)", *names],
        [[str(s), *(f"{times[name]:.3f}" for name in names)] for s, times in measured.items()],
    )
    print("Ratios")
    pairs = [(one, other) for one, other in RATIOS if other in names]
    print_table(
        ["(B, T, D, H)", *(f"{one} / {other}" for one, other in pairs)],
        [
            [str(s), *(f"{times[one] / times[other]:.3f}" for one, other in pairs)]
            for s, times in measured.items()
        ],
    )
    print("Growth, D = 16, H = 32, ms")
    grown = [(8, T) for T in (10, 100, 1000)] + [(B, 50) for B in (1, 8, 64, 512)]
    rows = []
    for B, T in grown:
        times = medians(ours(*draw((B, T, 16, 32))), seconds=1.0)
        rows.append([str(B), str(T), *(f"{times[name]:.3f}" for name in times)])
    print_table(["B", "T", *times], rows)


if __name__ == "__main__":
    main()
