"""A function's derivatives by its passes, compared with central differences."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .._tensor import Tensor, made
from ._passes import grad

__all__ = ["Comparison", "GradcheckError", "differentiable"]

Func = Callable[..., Any]
Array = np.ndarray[Any, Any]


class GradcheckError(RuntimeError):
    """A gradient that is not that of the function, or not the same each time."""


GradcheckError.__module__ = "torch.autograd.gradcheck"

MISMATCH = "{}mismatch for output {} with respect to input {},\nnumerical:{}\nanalytical:{}\n"
ALL_OF_IT = """\

The above quantities relating the numerical and analytical jacobians are computed \n\
in fast mode. See: https://github.com/pytorch/pytorch/issues/53876 for more background \n\
about fast mode. Below, we recompute numerical and analytical jacobians in slow mode:

Numerical:
 {}
Analytical:
{}

The max per-element difference (slow mode) is: {}.
"""
NOT_THE_SAME = """\
Backward is not reentrant, i.e., running backward with same input and grad_output multiple times \
gives different values, although analytical gradient matches numerical gradient.\
The tolerance for nondeterminism was {}.

NOTE: If your op relies on non-deterministic operations i.e., it is listed here:
https://pytorch.org/docs/stable/generated/torch.use_deterministic_algorithms.html
this failure might be expected.

If you are adding a new operator, please file an issue and then use one of the
workarounds. The workaround depends on how your test invokes gradcheck/gradgradcheck.
If the test
- manually invokes gradcheck/gradgradcheck, then call gradcheck/gradgradcheck
  with `nondet_tol=<tol>` as a keyword argument.
- is OpInfo-based (e.g., in test_ops_gradients.py), then modify the OpInfo for the test
  to have `gradcheck_nondet_tol=<tol>`.
- is a Module test (e.g., in common_nn.py), then modify the corresponding
  module_test entry to have `gradcheck_nondet_tol=<tol>`
"""
UNDEFINED = (
    "Expected all input grads to be undefined or zero when all output grads are undefined or zero. "
    'Please look at "Notes about undefined output gradients" in "tools/autograd/derivatives.yaml"'
)
NEW_CHECK = (
    "Backwards compatibility: New undefined gradient support checking feature is enabled by "
    "default, but it may break existing callers of this function. If this is true for you, you can "
    'call this function with "check_undefined_grad=False" to disable the feature'
)


def differentiable(outputs: Any) -> list[Any]:
    """Return those outputs that have a gradient."""
    found = outputs if isinstance(outputs, (tuple, list)) else (outputs,)
    return [y for y in found if y.requires_grad]


class Comparison:
    """A function at its inputs, and what its derivatives are to agree with.

    Matrices have a row for each number put in. With complex numbers there are two of each: for
    steps along the real axis and along the imaginary one.
    """

    def __init__(
        self, func: Func, inputs: tuple[Any, ...], eps: float, atol: float, rtol: float, fast: bool
    ) -> None:
        self.func, self.inputs, self.eps = func, inputs, eps
        self.atol, self.rtol, self.fast = atol, rtol, fast
        self.outputs = differentiable(func(*inputs))
        self.leaves = [
            (j, x) for j, x in enumerate(inputs) if isinstance(x, Tensor) and x.requires_grad
        ]
        self.numbers = [
            (k, self.differences(x, eps), self.differences(x, 1j * eps) if is_complex(x) else None)
            for k, (_, x) in enumerate(self.leaves)
        ]  # fmt: skip

    # ---- differences

    def differences(self, x: Any, step: complex) -> list[Array]:
        """Return the central differences of each output in one input."""
        array, rows = x._array, []
        for at in np.ndindex(array.shape):
            before, ends = array[at], []
            try:
                for to in (step, -step):
                    array[at] = before + to
                    ends.append([y._array.copy() for y in self.moving(self.func(*self.inputs))])
            finally:
                array[at] = before
            with np.errstate(all="ignore"):
                rows.append(
                    [
                        ((up - down) / up.real.dtype.type(2 * abs(step))).reshape(-1)
                        for up, down in zip(*ends, strict=True)
                    ]
                )
        return [np.stack(column) for column in zip(*rows, strict=True)]

    def moving(self, outputs: Any) -> list[Any]:
        if self.outputs:
            return differentiable(outputs)
        found = outputs if isinstance(outputs, (tuple, list)) else (outputs,)
        return [y for y in found if y._array.dtype.kind in "fc"]

    def constant(self) -> None:
        """Raise if a function whose outputs have no gradient is not constant."""
        for _, real, _ in self.numbers:
            for matrix in real:
                if not np.allclose(matrix, 0, rtol=self.rtol, atol=self.atol):
                    raise GradcheckError("Numerical gradient for function expected to be zero")

    # ---- backward

    def backward(self, nondet_tol: float) -> None:
        """Compare with backward passes, which are to give the same twice."""
        for i, y in enumerate(self.outputs):
            seeds = (
                [(1j, "While considering the imaginary part of complex outputs only, "),
                 (1.0, "While considering the real part of complex outputs only, ")]
                if is_complex(y) else [(1.0, "")]
            )  # fmt: skip
            for seed, said in seeds:
                analytical = self.matrices(y, seed)
                again = self.matrices(y, seed)
                for a, b in zip(analytical, again, strict=True):
                    if not np.allclose(a, b, rtol=0, atol=nondet_tol, equal_nan=True):
                        raise GradcheckError(NOT_THE_SAME.format(nondet_tol))
                for (k, real, imaginary), a in zip(self.numbers, analytical, strict=True):
                    n = (seed.conjugate() * real[i]).real
                    if imaginary is not None:
                        n = n + 1j * (seed.conjugate() * imaginary[i]).real
                    self.agree(f"{said}Jacobian ", i, self.leaves[k][0], n, a)

    def matrices(self, y: Tensor, seed: complex) -> list[Array]:
        """Return the derivatives of one output in each input."""
        leaves = [x for _, x in self.leaves]
        found = [np.zeros((x._array.size, y._array.size), x._array.dtype) for x in leaves]
        for column in range(y._array.size):
            g = np.zeros(y._array.shape, y._array.dtype)
            g.reshape(-1)[column] = seed
            gradients = grad(y, leaves, made(g), retain_graph=True, allow_unused=True)
            for matrix, one in zip(found, gradients, strict=True):
                if one is not None:
                    matrix[:, column] = one._array.reshape(-1)
        return found

    def of_zeros(self) -> None:
        """Raise if gradients of zeros are not zeros."""
        leaves = [x for _, x in self.leaves]
        for said in ("backward not multiplied by grad_output", UNDEFINED):
            zeros = [made(np.zeros_like(y._array)) for y in self.outputs]
            found = grad(self.outputs, leaves, zeros, retain_graph=True, allow_unused=True)
            if any(g is not None and np.any(g._array) for g in found):
                if said is UNDEFINED:
                    warnings.warn(NEW_CHECK, UserWarning, stacklevel=4)
                raise GradcheckError(said)

    # ---- forward

    def forward(self) -> None:
        """Compare with the tangents of outputs."""
        for k, real, imaginary in self.numbers:
            parts: list[tuple[complex, str, list[Array]]] = [(1.0, "", real)]
            if imaginary is not None:
                parts = [
                    (
                        1j,
                        "While considering the imaginary part of complex inputs only, ",
                        imaginary,
                    ),
                    (1.0, "While considering the real part of complex inputs only, ", real),
                ]
            j, x = self.leaves[k]
            for step, said, numerical in parts:
                analytical = self.pushed(j, x, step)
                for i, (n, a) in enumerate(zip(numerical, analytical, strict=True)):
                    self.agree(f"{said}Jacobian computed with forward mode ", i, j, n, a)

    def pushed(self, j: int, x: Any, step: complex) -> list[Array]:
        """Return how each output moves with each number of one input."""
        from .forward_ad import dual_level, make_dual, unpack_dual

        rows = []
        for at in np.ndindex(x._array.shape):
            t = np.zeros(x._array.shape, x._array.dtype)
            t[at] = step
            with dual_level():
                given = list(self.inputs)
                given[j] = make_dual(x, made(t))
                moves = [unpack_dual(y).tangent for y in differentiable(self.func(*given))]
            rows.append(
                [
                    np.zeros(y._array.size, y._array.dtype) if move is None
                    else move._array.reshape(-1)
                    for y, move in zip(self.outputs, moves, strict=True)
                ]
            )  # fmt: skip
        return [np.stack(column) for column in zip(*rows, strict=True)]

    def agree(self, said: str, i: int, j: int, n: Array, a: Array) -> None:
        """Raise if two matrices differ."""
        if np.allclose(a, n, rtol=self.rtol, atol=self.atol):
            return
        shown: Sequence[Any] = (made(n), made(a))
        if self.fast:  # one number instead of each matrix: along a direction in, one out
            along, out = (np.ones(size) / size**0.5 for size in n.shape)
            shown = [(along @ matrix @ out).item() for matrix in (n, a)]
        text = MISMATCH.format(said, i, j, *shown)
        if self.fast:
            text += ALL_OF_IT.format(made(n), made(a), np.abs(n - a).max())
        raise GradcheckError(text)


def is_complex(t: Any) -> bool:
    return t._array.dtype.kind == "c"  # type: ignore[no-any-return]
