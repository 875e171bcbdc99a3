"""What every recurrent cell offers, with the one loop over time that they share.

A cell is a pair of plain functions: the equations of one time step, and their gradient. All the
rest (reading the arguments, walking through a sequence and back, masks, records) is here, once.
"""

from collections import namedtuple

import numpy as np

from .checks import (
    check_finite,
    check_kind,
    check_mask,
    check_names,
    check_one_state,
    check_recurrent,
    check_size,
    check_step_gradients,
    check_trace_gradients,
    measure,
)

__all__ = ["Cell"]


class _Last:
    """The states at the end of a trace; a cell without c has no `c_last` either."""

    __slots__ = ()

    @property
    def h_last(self):
        """The hidden state after the last time step, (B, H)."""
        return self.h[..., -1, :]

    @property
    def c_last(self):
        """The cell state after the last time step, (B, H)."""
        return self.c[..., -1, :]


class Cell:
    """A recurrent cell: one time step, a sequence, and the exact way back through both.

    The states after a time step are a function of x, of the states before it and of the
    parameters; a sequence is that function again and again.

    Parameters
    ----------
    name : str
        The name that `variants` gives it.
    params : type
        The NamedTuple of its parameters: W, U, b and, in some cells, p or V.
    step : type
        The NamedTuple of all that a time step reads and computes, in the order it happens: x;
        the states before, ``h_prev`` and, if the cell has one, ``c_prev``; z and so on; h.
    blocks : tuple of str
        The blocks of H columns, in their order.
    shapes : dict of str to tuple of str
        The shapes of the parameters in letters.
    equations : callable
        Takes x, the states before and the parameters (b never None); returns a `step`.
    gradient : callable
        Takes a `step`, the derivatives of a loss with respect to its states, and the
        parameters; returns the fields of `StepGradients`, in their order.
    count : callable
        Counts its parameters: ``count(input_size, hidden_size, bias_vectors)``, of `counting`.

    Attributes
    ----------
    states : tuple of str
        ``("h",)`` or ``("h", "c")``.
    Step, StepGradients, Trace, Gradients : type
        The NamedTuples that the four methods return.

    Examples
    --------
    >>> from lstm_edu.variants import gru
    >>> gru.states, gru.blocks, gru.shapes(input_size=3, hidden_size=2)
    (('h',), ('u', 'r', 'g'), {'W': (3, 6), 'U': (2, 6), 'b': (2, 6)})
    """

    def __init__(self, name, params, step, blocks, shapes, equations, gradient, count):
        self.name, self.params, self.blocks, self._letters = name, params, blocks, shapes
        self.equations, self.gradient, self.count = equations, gradient, count
        self._before = tuple(field for field in step._fields if field.endswith("_prev"))
        self.states = tuple(field.removesuffix("_prev") for field in self._before)
        kept = [field for field in step._fields if field not in self._before]
        first = [f"{state}0" for state in self.states]
        whole, weights = [f"d{s}" for s in self.states], [f"d{field}" for field in params._fields]
        self.Step = step
        self.StepGradients = self._record(
            "StepGradients", [*weights, "dx", *(f"d{field}" for field in self._before), *whole[1:]]
        )
        self.Trace = self._record("Trace", [*kept, *first, "params", "mask"], _Last)
        self.Gradients = self._record(
            "Gradients", [*weights, "dx", *(f"d{field}" for field in first), *whole]
        )

    def __repr__(self):
        return f"<Cell {self.name}: blocks {', '.join(self.blocks)}; states {self.states}>"

    def _record(self, kind, fields, *bases):
        """Return a NamedTuple that pickles: as `kind` of this cell, beside its gradient."""
        fields = namedtuple(f"{self.Step.__name__.removesuffix('Step')}{kind}", fields)
        place = {"__module__": self.gradient.__module__, "__qualname__": f"{self.name}.{kind}"}
        return type(fields.__name__, (*bases, fields), {"__slots__": (), **place})

    def shapes(self, input_size, hidden_size):
        """Return the sizes of the parameters by name, the bias included.

        Parameters
        ----------
        input_size, hidden_size : int
            D and H.

        Returns
        -------
        dict of str to tuple of int

        Raises
        ------
        TypeError, ValueError
            If a size is no integer, or below 1.

        Examples
        --------
        >>> from lstm_edu.variants import peephole_lstm
        >>> peephole_lstm.shapes(3, 2)
        {'W': (3, 8), 'U': (2, 8), 'b': (8,), 'p': (6,)}
        """
        D, H = check_size(input_size, "input_size"), check_size(hidden_size, "hidden_size")
        return {name: measure(letters, D, H) for name, letters in self._letters.items()}

    def step(self, *args, **named):
        """Take one time step: ``step(x, h_prev, params)`` or ``step(x, h_prev, c_prev, params)``.

        Parameters
        ----------
        x : array_like, shape (D,) or (B, D)
            The input. Dimensionless, like everything here.
        h_prev, c_prev : array_like, shape (H,) or (B, H)
            The states of the time step before; a cell without c takes h_prev alone.
        params : NamedTuple
            The weights, of the cell's own kind.

        Returns
        -------
        NamedTuple
            All that the step reads and computes, in the order it happens.

        Raises
        ------
        TypeError
            If an argument is missing, too many, or does not hold real numbers.
        ValueError
            If a shape is wrong, a number is not finite, or z would leave the number format.

        Examples
        --------
        >>> from lstm_edu.variants import RNNParams, simple_rnn
        >>> step = simple_rnn.step([0.5], h_prev=[0.2], params=RNNParams([[1.0]], [[2.0]], [0.1]))
        >>> print(f"z = {step.z[0]:.4f}, h = {step.h[0]:.4f}")
        z = 1.0000, h = 0.7616
        """
        names = ("x", *self._before, "params")
        x, *states, params = check_names(f"{self.name}.step", names, args, named)
        states = dict(zip(self._before, states, strict=True))
        params = check_kind(params, "params", self.params)
        x, states, params = check_recurrent(x, states, params, self._letters, time=False)
        return self.equations(x, *states, self._with_bias(params))

    @np.errstate(over="ignore", invalid="ignore")  # check_finite refuses what overflows
    def step_backward(self, *args, **named):
        """Go back: ``step_backward(step, dh, params)`` or ``step_backward(step, dh, dc, params)``.

        Parameters
        ----------
        step : NamedTuple
            What `step` returned.
        dh, dc : array_like, shape (H,) or (B, H)
            The derivatives of the loss with respect to h and c; dc holds what reaches c through
            the time steps after this one. A cell without c takes dh alone.
        params : NamedTuple
            The weights that the step was taken with.

        Returns
        -------
        NamedTuple
            dW, dU, db (None without a bias) and dp or dV, in the shapes of the parameters and
            summed over the batch; dx (D,) or (B, D); dh_prev and, where there is a c, dc_prev
            and dc, (H,) or (B, H): dc by every path inside the step, that through h included.

        Raises
        ------
        TypeError
            If an argument is missing, too many or of the wrong kind.
        ValueError
            If a shape is wrong, a number is not finite, or a gradient leaves the number format.

        Examples
        --------
        >>> from lstm_edu.variants import RNNParams, simple_rnn
        >>> params = RNNParams([[1.0]], [[2.0]], [0.1])
        >>> step = simple_rnn.step([0.5], [0.2], params)
        >>> print(f"{simple_rnn.step_backward(step, [1.0], params).dx[0]:.4f}")  # 1 - tanh(1)²
        0.4200
        """
        flow = [f"d{state}" for state in self.states]
        names = ("step", *flow, "params")
        step, *given, params = check_names(f"{self.name}.step_backward", names, args, named)
        check_kind(step, "step", self.Step, maker=f"{self.name}.step")
        params, given = (
            check_kind(params, "params", self.params),
            dict(zip(flow, given, strict=True)),
        )
        given, params = check_step_gradients(step, given, params, self._letters)
        gradients = self.StepGradients(*self.gradient(step, *given, params))
        return check_finite(gradients if params.b is not None else gradients._replace(db=None))

    def forward(self, x, params, h0=None, c0=None, *, mask=None):
        """Run the cell over a sequence.

        Parameters
        ----------
        x : array_like, shape (T, D) or (B, T, D)
            The input at T time steps. Dimensionless, like everything here.
        params : NamedTuple
            The weights, of the cell's own kind.
        h0, c0 : array_like, shape (H,) or (B, H), optional
            The states before the first time step; zeros by default. A cell without c takes no
            c0.
        mask : array_like of bool, shape (T,) or (B, T), optional
            False where a time step does not count: there the states are those of the step
            before, whatever x_t is. The gates in the trace are those that x_t would have set.

        Returns
        -------
        NamedTuple
            The fields of a step, (T, ...) or (B, T, ...), without the states before it; h0, c0,
            params, mask; and the properties h_last and c_last. None of them shares memory with
            the arguments.

        Raises
        ------
        TypeError
            If an argument does not hold real numbers, or c0 is given to a cell without c.
        ValueError
            If a shape is wrong, a number is not finite, or z would leave the number format.

        Examples
        --------
        >>> from lstm_edu.variants import RNNParams, simple_rnn
        >>> simple_rnn.forward([[0.5], [-0.5]], RNNParams([[1.0]], [[2.0]], [0.1])).h.round(4)
        array([[0.537 ],
               [0.5877]])
        """
        if "c" not in self.states:
            check_one_state(c0, "c0", self.name)
        states = {"h0": h0, "c0": c0} if "c" in self.states else {"h0": h0}
        params = check_kind(params, "params", self.params)
        x, first, params = check_recurrent(x, states, params, self._letters, time=True)
        mask = None if mask is None else check_mask(mask, x.shape[:-1])
        columns = zip(*self._take_steps(x, first, self._with_bias(params), mask), strict=True)
        stacked = {
            field: np.stack(column, axis=-2)
            for field, column in zip(self.Step._fields, columns, strict=True)
            if field not in self._before
        }
        params = self.params(*(None if array is None else array.copy() for array in params))
        return self.Trace(*stacked.values(), *(array.copy() for array in first), params, mask)

    def _take_steps(self, x, states, params, mask):
        """Yield every time step; where the mask is False the states pass by."""
        for t in range(x.shape[-2]):
            step = self.equations(x[..., t, :], *states, params)
            if mask is not None:
                counts, pairs = mask[..., t, None], zip(self.states, states, strict=True)
                passed = {s: np.where(counts, getattr(step, s), before) for s, before in pairs}
                step = step._replace(**passed)
            states = [getattr(step, state) for state in self.states]
            yield step

    @np.errstate(over="ignore", invalid="ignore")  # check_finite refuses what overflows
    def backward(self, trace, dh, dc_last=None):
        """Carry the gradient of a loss back through a sequence (backpropagation through time).

        Parameters
        ----------
        trace : NamedTuple
            What `forward` returned.
        dh : array_like, shape (T, H) or (B, T, H)
            The derivative of the loss with respect to each h_t as the loss reads it; zeros where
            it does not. Dimensionless.
        dc_last : array_like, shape (H,) or (B, H), optional
            The derivative with respect to the last cell state; zeros by default. A cell without
            c takes none.

        Returns
        -------
        NamedTuple
            dW, dU, db (None without a bias) and dp or dV, summed over batch and time; dx
            (B, T, D); dh0 and dc0 (B, H); dh and dc (B, T, H): the whole derivatives with respect
            to h_t and c_t, later time steps included (and in dc_t the path through h_t).

        Raises
        ------
        TypeError
            If an argument does not hold real numbers, `trace` is another cell's, or dc_last is
            given to a cell without c.
        ValueError
            If a shape is wrong, a number is not finite, or a gradient leaves the number format.

        References
        ----------
        Werbos (1990), doi:10.1109/5.58337: backpropagation through time.

        Examples
        --------
        >>> from lstm_edu.variants import RNNParams, simple_rnn
        >>> trace = simple_rnn.forward([[0.5], [-0.5]], RNNParams([[1.0]], [[2.0]], [0.1]))
        >>> simple_rnn.backward(trace, dh=[[0.0], [1.0]]).dh.round(4)  # of the last h alone
        array([[1.3093],
               [1.    ]])
        """
        if "c" not in self.states:
            check_one_state(dc_last, "dc_last", self.name)
        check_kind(trace, "trace", self.Trace, maker=f"{self.name}.forward")
        dh, dc_last = check_trace_gradients(trace, dh, dc_last)
        weights = [np.zeros(shape, dh.dtype) for shape in self._sizes_of(trace).values()]
        dx = np.empty(trace.x.shape, dh.dtype)
        # Of the loss' own shares the last cell state has all that c has.
        whole = [dh.copy(), np.zeros_like(dh)][: len(self.states)]
        later = [np.zeros_like(dc_last), dc_last][: len(self.states)]
        for t in reversed(range(trace.x.shape[-2])):
            counts = True if trace.mask is None else trace.mask[..., t, None]
            reached = [share[..., t, :] + d for share, d in zip(whole, later, strict=True)]
            step, into = self._step_at(trace, t), [np.where(counts, d, 0) for d in reached]
            one = self.StepGradients(*self.gradient(step, *into, trace.params))
            passed = [np.where(counts, 0, d) for d in reached]
            for total, part in zip(weights, one, strict=False):
                total += part
            dx[..., t, :] = one.dx
            whole[0][..., t, :] = reached[0]
            if len(whole) > 1:
                whole[1][..., t, :] = one.dc + passed[1]
            later = [getattr(one, f"d{s}") + d for s, d in zip(self._before, passed, strict=True)]
        gradients = self.Gradients(*weights, dx, *later, *whole)
        return check_finite(
            gradients if trace.params.b is not None else gradients._replace(db=None)
        )

    def _step_at(self, trace, t):
        """Return one time step of a trace."""
        fields = {
            field: getattr(trace, field)[..., t, :]
            for field in self.Step._fields
            if field not in self._before
        }
        for before, state in zip(self._before, self.states, strict=True):
            first, states = getattr(trace, f"{state}0"), getattr(trace, state)
            fields[before] = states[..., t - 1, :] if t else first
        return self.Step(**fields)

    def _sizes_of(self, record):
        return self.shapes(record.x.shape[-1], record.h.shape[-1])

    def _with_bias(self, params):
        """Return the parameters with a bias of zeros if there is none."""
        if params.b is not None:
            return params
        D, H = params.W.shape[0], params.U.shape[0]
        return params._replace(b=np.zeros(self.shapes(D, H)["b"], params.W.dtype))
