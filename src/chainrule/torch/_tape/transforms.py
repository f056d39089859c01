"""Whether a function of `torch.func` is at work: what it calls may not ask for gradients itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["ACTIVE", "INSIDE", "check_no_backward", "check_no_leaf", "transforming"]

INSIDE: ContextVar[bool] = ContextVar("INSIDE", default=False)
ACTIVE: list[None] = []  # one for each, of all threads: while there is none, nobody looks further


@contextmanager
def transforming() -> Iterator[None]:
    """Say that a function is being transformed."""
    token = INSIDE.set(True)
    ACTIVE.append(None)
    try:
        yield
    finally:
        ACTIVE.pop()
        INSIDE.reset(token)


def check_no_backward() -> None:
    if INSIDE.get():
        raise RuntimeError(
            "backward() called inside a functorch transform. This is not supported, please use "
            "functorch.grad or functorch.vjp instead or call backward() outside of functorch "
            "transforms."
        )


def check_no_leaf() -> None:
    if INSIDE.get():
        raise RuntimeError(
            "You are attempting to call Tensor.requires_grad_() (or perhaps using "
            "torch.autograd.functional.* APIs) inside of a function being transformed by a "
            "functorch transform. This is unsupported, please attempt to use the functorch "
            "transforms (e.g. grad, vjp, jacrev, jacfwd, hessian) or call requires_grad_() outside "
            "of a function being transformed instead."
        )
