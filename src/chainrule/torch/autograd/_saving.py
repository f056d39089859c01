"""What is done about tensors that nodes save: hooks, and copies where they are written to later."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from .._tape.observing import observe, unobserve
from .._tape.packed import pack_node, packing
from .._tensor import Tensor, made

__all__ = [
    "allow_mutation_on_saved_tensors",
    "disable_saved_tensors_hooks",
    "save_on_cpu",
    "saved_tensors_hooks",
]

refused: ContextVar[str | None] = ContextVar("refused", default=None)

OUTSIDE = (
    "Trying to backward outside of the 'allow_mutation_on_saved_tensors' contextin which the graph "
    "was originally recorded."
)


class saved_tensors_hooks:
    """A context in which what operations save is packed by one function and unpacked by another.

    `pack_hook(tensor)` is called as an operation saves a tensor, and may return anything;
    `unpack_hook` is called with that when a backward pass comes to the operation, and returns the
    tensor to compute with. The innermost context counts.

    >>> import chainrule.torch as torch
    >>> x = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> with saved_tensors_hooks(lambda t: t.tolist(), torch.tensor):
    ...     y = (x * x).sum()
    >>> y.backward()
    >>> x.grad
    tensor([2., 4.])
    """

    def __init__(
        self, pack_hook: Callable[[Tensor], Any], unpack_hook: Callable[[Any], Tensor]
    ) -> None:
        self.pack_hook, self.unpack_hook = pack_hook, unpack_hook
        self._open: list[Any] = []

    def __enter__(self) -> None:
        pair = self.pack_hook, self.unpack_hook
        if not all(map(callable, pair)):
            raise TypeError(
                "_push_saved_tensors_default_hooks(): incompatible function arguments. The "
                "following argument types are supported:\n    1. (arg0: collections.abc.Callable, "
                "arg1: collections.abc.Callable) -> None\n\nInvoked with: "
                f"{', '.join(map(repr, pair))}"
            )
        if (text := refused.get()) is not None:
            raise RuntimeError(text)
        self._open.append((packing.set((*packing.get(), pair)), observe(pack_node)))

    def __exit__(self, *_: object) -> None:
        pairs, observer = self._open.pop()
        unobserve(observer)
        packing.reset(pairs)


class save_on_cpu(saved_tensors_hooks):
    """A context in which what is saved lies in the CPU's memory, as everything does here.

    Hooks that are set outside do not see what is saved in it, as in PyTorch.

    >>> import chainrule.torch as torch
    >>> x = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> with save_on_cpu():
    ...     y = (x * x).sum()
    >>> y.backward()
    >>> x.grad
    tensor([2., 4.])
    """

    def __init__(self, pin_memory: bool = False, device_type: str = "cuda") -> None:
        super().__init__(same, same)


def same(t: Tensor) -> Tensor:
    return t


@contextmanager
def disable_saved_tensors_hooks(error_message: str) -> Generator[None]:
    """Return a context in which `saved_tensors_hooks` raises a RuntimeError with this text.

    >>> with disable_saved_tensors_hooks("no hooks here"), saved_tensors_hooks(same, same):
    ...     pass
    Traceback (most recent call last):
    RuntimeError: no hooks here
    """
    if packing.get():
        raise RuntimeError(error_message)
    token = refused.set(error_message)
    try:
        yield
    finally:
        refused.reset(token)


# ---------------------------------------------------------------- written to after they were saved


class _AllowMutationOnSavedContext:
    """What `allow_mutation_on_saved_tensors` opened: its copies serve until it ends."""

    def __init__(self) -> None:
        self.ended = False

    def clear(self) -> None:
        """Let go of the copies: what was recorded here cannot be walked back any more."""
        self.ended = True


inside: ContextVar[bool] = ContextVar("inside", default=False)


@contextmanager
def allow_mutation_on_saved_tensors() -> Generator[_AllowMutationOnSavedContext]:
    """Return a context in which tensors that were saved may be written to.

    Gradients are those of the numbers that were saved, which are copied. Backward passes must run
    within the context, too.

    >>> import chainrule.torch as torch
    >>> a = torch.ones(2, requires_grad=True)
    >>> with allow_mutation_on_saved_tensors():
    ...     b = a.clone()
    ...     y = (b**2).sum()
    ...     b.sin_()
    ...     y.backward()
    tensor([0.8415, 0.8415], grad_fn=<SinBackward0>)
    >>> a.grad
    tensor([2., 2.])
    """
    if inside.get():
        raise RuntimeError("allow_mutation_on_saved_tensors contexts cannot be nested")
    context = _AllowMutationOnSavedContext()

    def copy(t: Tensor) -> Any:
        return t._array.copy()

    def restore(array: Any) -> Any:
        if context.ended:
            raise AssertionError(OUTSIDE)
        return made(array)

    token = inside.set(True)
    try:
        with saved_tensors_hooks(copy, restore):
            yield context
    finally:
        context.clear()
        inside.reset(token)


PUBLIC = (
    saved_tensors_hooks, save_on_cpu, disable_saved_tensors_hooks, allow_mutation_on_saved_tensors,
)  # fmt: skip
for _one in (*PUBLIC, _AllowMutationOnSavedContext):
    _one.__module__ = "torch.autograd.graph"
__test__ = {one.__name__: one for one in PUBLIC}
