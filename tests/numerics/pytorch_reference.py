"""Write pytorch_reference.json: small modules of the real PyTorch, with what they put out.

The tests read the file and do not need PyTorch. To write it again, run by hand, once, where
PyTorch 2.13.0 is installed:

    python tests/numerics/pytorch_reference.py

Everything is float64 and drawn from one seed, so that the same version writes the same numbers.
Each entry has the state dict, x (T, B, D), the outputs (T, B, H of all directions), and the states
after the last time step (layers times directions, B, H). A cell is run step by step. "counts" are
the parameters of many modules: kind, D, H, layers, both directions, biases, and their number.
"""

import json
from itertools import product
from pathlib import Path

import torch

SEED, T, B, D, H = 13, 5, 2, 3, 4


def run(module, x):
    """Return the outputs and the last states; c_last is None where there is no cell state."""
    if isinstance(module, torch.nn.LSTMCell):
        states, outputs = None, []
        for x_t in x:
            states = module(x_t, states)
            outputs.append(states[0])
        return torch.stack(outputs), states[0][None], states[1][None]
    outputs, last = module(x)
    return (outputs, *last) if isinstance(last, tuple) else (outputs, last, None)


def entry(module):
    """Draw every weight and the input anew, so that no bias is 0 or small, and run."""
    for parameter in module.parameters():
        torch.nn.init.normal_(parameter, std=0.8)
    x = torch.randn(T, B, D)
    outputs, h_last, c_last = run(module, x)
    return {
        "state": {name: array.tolist() for name, array in module.state_dict().items()},
        "x": x.tolist(),
        "outputs": outputs.tolist(),
        "h_last": h_last.tolist(),
        "c_last": None if c_last is None else c_last.tolist(),
    }


def counts():
    """Return how many parameters PyTorch counts, over a grid of modules."""
    kinds = (torch.nn.RNN, torch.nn.LSTM, torch.nn.GRU)
    grid = product(kinds, (1, 3, 10), (1, 2, 7), (1, 2, 3), (False, True), (False, True))
    return [
        [kind.__name__, *sizes, layers, both, bias, sum(p.numel() for p in module.parameters())]
        for kind, *sizes, layers, both, bias in grid
        for module in [kind(*sizes, num_layers=layers, bidirectional=both, bias=bias)]
    ]


def main():
    torch.set_default_dtype(torch.float64)
    torch.manual_seed(SEED)
    modules = {
        "lstm": torch.nn.LSTM(D, H),
        "lstm_without_bias": torch.nn.LSTM(D, H, bias=False),
        "lstm_deep_both": torch.nn.LSTM(D, H, num_layers=2, bidirectional=True),
        "gru": torch.nn.GRU(D, H),
        "rnn": torch.nn.RNN(D, H),
        "lstm_cell": torch.nn.LSTMCell(D, H),
    }
    with torch.no_grad():
        reference = {name: entry(module) for name, module in modules.items()}
    reference = {"torch": torch.__version__.split("+")[0], **reference, "counts": counts()}
    path = Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(reference) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
