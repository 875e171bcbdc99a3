"""One time step of an LSTM: the six equations, and beside them their exact gradient."""

from typing import NamedTuple

import numpy as np

from .checks import check_finite, check_step, check_step_backward

__all__ = [
    "LSTMParams",
    "LSTMStep",
    "LSTMStepGradients",
    "lstm_step",
    "lstm_step_backward",
    "sigmoid",
]


class LSTMParams(NamedTuple):
    """The weights of an LSTM, its blocks in the order i, f, g, o along the axis 4H.

    Parameters
    ----------
    W : array_like, shape (D, 4H)
        Input weights; Keras' kernel, PyTorch's weight_ih transposed.
    U : array_like, shape (H, 4H)
        Recurrent weights; Keras' recurrent_kernel, PyTorch's weight_hh transposed.
    b : array_like, shape (4H,), or None
        Bias; None means that there is none.

    Examples
    --------
    >>> params = LSTMParams(W=np.ones((3, 8)), U=np.ones((2, 8)), b=np.zeros(8))
    >>> params.input_size, params.hidden_size
    (3, 2)
    """

    W: np.ndarray
    U: np.ndarray
    b: np.ndarray | None = None

    @property
    def input_size(self) -> int:
        """D, the numbers that come in at each time step."""
        return len(self.W)

    @property
    def hidden_size(self) -> int:
        """H, the units of the layer."""
        return len(self.U)


class LSTMStep(NamedTuple):
    """Everything that one time step reads and computes, in the order it happens."""

    x: np.ndarray  # (B, D)
    h_prev: np.ndarray  # (B, H)
    c_prev: np.ndarray  # (B, H)
    z: np.ndarray  # (B, 4H), the pre-activations
    i: np.ndarray  # (B, H), the input gate
    f: np.ndarray  # (B, H), the forget gate
    g: np.ndarray  # (B, H), the candidate
    o: np.ndarray  # (B, H), the output gate
    c: np.ndarray  # (B, H), the cell state
    h: np.ndarray  # (B, H), the hidden state


class LSTMStepGradients(NamedTuple):
    """The derivatives of a loss with respect to what went into one time step."""

    dW: np.ndarray  # (D, 4H)
    dU: np.ndarray  # (H, 4H)
    db: np.ndarray | None  # (4H,)
    dx: np.ndarray  # (B, D)
    dh_prev: np.ndarray  # (B, H)
    dc_prev: np.ndarray  # (B, H)


def sigmoid(z):
    """Return the logistic function, exact to the last digits on both sides.

    σ(z) = 1 / (1 + exp(-z)) = exp(z) / (1 + exp(z))

    Parameters
    ----------
    z : array_like, any shape
        Dimensionless.

    Returns
    -------
    numpy.ndarray, the shape of z
        Between 0 and 1.

    Notes
    -----
    (1 + tanh(z/2)) / 2 is the same function, but loses every digit of a closed gate: at z = -40
    it is 0, where the gate is open by 4e-18.

    Examples
    --------
    >>> sigmoid(np.array([-1000.0, -40.0, 0.0, 1000.0]))
    array([0.00000000e+00, 4.24835426e-18, 5.00000000e-01, 1.00000000e+00])
    """
    e = np.exp(-np.abs(z))  # between 0 and 1: it cannot overflow
    return np.where(np.less(z, 0), e, 1) / (1 + e)


def lstm_step(x, h_prev, c_prev, params):
    """Take one time step.

    i = σ(z_i), f = σ(z_f), g = tanh(z_g), o = σ(z_o), where z = xW + h_prev U + b;
    c = f ⊙ c_prev + i ⊙ g, h = o ⊙ tanh(c).

    Parameters
    ----------
    x : array_like, shape (D,) or (B, D)
        The input. Dimensionless, like everything here.
    h_prev, c_prev : array_like, shape (H,) or (B, H)
        The hidden state and the cell state of the time step before.
    params : LSTMParams
        W (D, 4H), U (H, 4H) and b (4H,) or None.

    Returns
    -------
    LSTMStep
        x, h_prev, c_prev; z (4H,) or (B, 4H); i, f, g, o, c, h (H,) or (B, H).

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If a shape is wrong, a number is not finite, or z would leave the number format.

    References
    ----------
    Hochreiter & Schmidhuber (1997), section 4, doi:10.1162/neco.1997.9.8.1735; the forget gate:
    Gers, Schmidhuber & Cummins (2000), section 3, doi:10.1162/089976600300015015.

    Examples
    --------
    >>> params = LSTMParams(W=[[1.0, 2.0, 3.0, 4.0]], U=[[0.1, 0.2, 0.3, 0.4]], b=[0, 1, 0, 0])
    >>> step = lstm_step(x=[0.5], h_prev=[0.2], c_prev=[-1.0], params=params)
    >>> print(f"f = {step.f[0]:.4f}, c = {step.c[0]:.4f}, h = {step.h[0]:.4f}")
    f = 0.8849, c = -0.3108, h = -0.2677
    """
    x, h_prev, c_prev, (W, U, b) = check_step(x, h_prev, c_prev, params)
    z = x @ W + h_prev @ U + b  # (B, 4H)
    z_i, z_f, z_g, z_o = np.split(z, 4, axis=-1)  # (B, H) each
    i = sigmoid(z_i)
    f = sigmoid(z_f)
    g = np.tanh(z_g)
    o = sigmoid(z_o)
    c = f * c_prev + i * g
    h = o * np.tanh(c)
    return LSTMStep(x, h_prev, c_prev, z, i, f, g, o, c, h)


@np.errstate(over="ignore", invalid="ignore")  # check_finite refuses what overflows
def lstm_step_backward(step, dh, dc, params):
    """Carry the gradient of a loss back through one time step.

    do = dh ⊙ tanh(c); dc += dh ⊙ o ⊙ tanh'(c); di = dc ⊙ g, df = dc ⊙ c_prev, dg = dc ⊙ i;
    dz = [di σ'(z_i), df σ'(z_f), dg tanh'(z_g), do σ'(z_o)]; dW = xᵀ dz, dU = h_prevᵀ dz,
    db = Σ dz, dx = dz Wᵀ, dh_prev = dz Uᵀ, dc_prev = dc ⊙ f.

    Parameters
    ----------
    step : LSTMStep
        What `lstm_step` returned.
    dh, dc : array_like, shape (H,) or (B, H)
        The derivatives of the loss with respect to h and c; dc holds what reaches c through the
        time steps after this one, and zeros at the last.
    params : LSTMParams
        The weights that the step was taken with.

    Returns
    -------
    LSTMStepGradients
        dW (D, 4H), dU (H, 4H), db (4H,) or None, summed over the batch;
        dx (D,) or (B, D); dh_prev, dc_prev (H,) or (B, H).

    Raises
    ------
    TypeError
        If an argument does not hold real numbers, or `step` is no LSTMStep.
    ValueError
        If a shape is wrong, a number is not finite, or a gradient leaves the number format.

    References
    ----------
    Graves & Schmidhuber (2005), doi:10.1016/j.neunet.2005.06.042: the full gradient, where the
    paper of 1997 cut it off at the gates.

    Examples
    --------
    >>> params = LSTMParams(W=[[1.0, 2.0, 3.0, 4.0]], U=[[0.1, 0.2, 0.3, 0.4]], b=[0, 1, 0, 0])
    >>> step = lstm_step(x=[0.5], h_prev=[0.2], c_prev=[-1.0], params=params)
    >>> gradients = lstm_step_backward(step, dh=[1.0], dc=[0.0], params=params)
    >>> print(f"{gradients.dc_prev[0]:.4f}")  # f o (1 - tanh(c)²)
    0.7153
    """
    dh, dc, (W, U, b) = check_step_backward(step, dh, dc, params)
    x, h_prev, c_prev, _, i, f, g, o, c, _ = step
    # h = o * tanh(c)
    do = dh * np.tanh(c)
    dc = dc + dh * o * (1 - np.tanh(c) ** 2)
    # c = f * c_prev + i * g
    di, df, dg, dc_prev = dc * g, dc * c_prev, dc * i, dc * f
    # σ' = σ (1 - σ), tanh' = 1 - tanh²
    dz_i, dz_f = di * i * (1 - i), df * f * (1 - f)
    dz_g, dz_o = dg * (1 - g**2), do * o * (1 - o)
    dz = np.concatenate([dz_i, dz_f, dz_g, dz_o], axis=-1)  # (B, 4H)
    # z = x W + h_prev U + b
    dx, dh_prev = dz @ W.T, dz @ U.T
    dW, dU = (np.atleast_2d(row).T @ np.atleast_2d(dz) for row in (x, h_prev))
    db = None if b is None else np.atleast_2d(dz).sum(axis=0)
    return check_finite(LSTMStepGradients(dW, dU, db, dx, dh_prev, dc_prev))
