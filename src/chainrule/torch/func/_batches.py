"""A function applied along one dimension of its inputs: called once, for all examples."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from chainrule._core.traces import tick

from .._tape.batches import Level, alone, batched_at, entered, left, passing, share
from .._tape.nodes import PLAN
from .._tape.transforms import transforming
from .._tape.values import recording
from .._tensor import Tensor, made
from .._writing.in_place import write
from .._writing.views import renamed
from ..random._examples import MAPPED
from ._dims import check_out_dims, in_dims_of, out_dims_of, size_of
from ._loops import looped
from ._trees import leaves_of, like

__all__ = ["check_randomness", "drawing_in", "vmap"]

ALONG = {"MeanBackward0": "MeanBackward1", "SumBackward0": "SumBackward1"}

Func = Callable[..., Any]


def vmap(
    func: Func,
    in_dims: Any = 0,
    out_dims: Any = 0,
    randomness: str = "error",
    *,
    chunk_size: int | None = None,
) -> Func:
    """Return the function that applies `func` along a dimension of its inputs, all at once.

    `func` is written for one example: the new function takes tensors with one dimension more,
    where `in_dims` says: a number for all inputs, or a tuple with an entry for each, which may be
    nested as the input is; None for what is the same for all examples. The results have the
    examples along `out_dims`, a number or nested as they are. `chunk_size` is the number of
    examples that are computed together, all by default.

    `func` runs once, on tensors that stand for one example and hold all of them. So it cannot
    choose by their numbers (`if x > 0`, `.item()`): that raises RuntimeError. `randomness` says
    what random numbers in `func` do: they raise ("error"), are drawn for each example
    ("different"), or once for all ("same").

    Where an operation inside has no form for a batch, `func` is called for each example instead.

    >>> import chainrule.torch as torch
    >>> rows = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    >>> torch.func.vmap(torch.dot)(rows, rows)
    tensor([ 5., 25.])
    >>> loss = lambda w, x: (w @ x) ** 2
    >>> torch.func.vmap(torch.func.grad(loss), (None, 0))(rows[0], rows)  # a gradient per example
    tensor([[10., 20.],
            [66., 88.]])
    """
    check_randomness(randomness)
    if chunk_size is not None and chunk_size <= 0:
        raise ValueError(f"vmap: chunk_size should be None or greater than 0. (got {chunk_size})")
    name = name_of(func)

    def together(inputs: Any, leaves: list[Any], dims: list[Any], options: Any) -> Any:
        """Return the outputs as they are nested, and where the examples lie in each."""
        call = Call(func, name, inputs, leaves, dims, options, out_dims, randomness)
        return call.at_once()

    @functools.wraps(func, updated=())
    def mapped(*inputs: Any, **options: Any) -> Any:
        check_out_dims(name, out_dims)
        dims = in_dims_of(name, in_dims, inputs)
        leaves = leaves_of(inputs)
        size = size_of(leaves, dims)
        if chunk_size is None or size <= chunk_size:
            outputs, found, _ = together(inputs, leaves, dims, options)
            return like(outputs, found)
        parts = [
            together(inputs, narrowed(leaves, dims, at, min(chunk_size, size - at)), dims, options)
            for at in range(0, size, chunk_size)
        ]
        return like(parts[0][0], side_by_side([p[1] for p in parts], parts[0][2]))

    return mapped


def check_randomness(randomness: str) -> None:
    if randomness not in ("error", "different", "same"):
        raise RuntimeError(
            "Only allowed values for randomness are 'error', 'different', or 'same'. Got "
            f"{randomness}"
        )


@contextmanager
def drawing_in(randomness: str) -> Iterator[None]:
    """Let random numbers be drawn as inside of a batch."""
    level = Level(1)
    mode = "same" if randomness == "different" else randomness
    token = MAPPED.set((*MAPPED.get(), (level.order, level.batch, mode)))
    try:
        yield
    finally:
        MAPPED.reset(token)


def name_of(func: Any) -> str:
    if isinstance(func, functools.partial):
        return f"functools.partial({name_of(func.func)}, ...)"
    return getattr(func, "__name__", repr(func))


def narrowed(leaves: list[Any], dims: list[Any], start: int, count: int) -> list[Any]:
    pairs = zip(leaves, dims, strict=True)
    return [v if dim is None else v.narrow(dim, start, count) for v, dim in pairs]


def side_by_side(parts: list[list[Any]], dims: list[Any]) -> list[Any]:
    from .._functions.joining import cat

    if None in dims:
        raise TypeError("cat(): argument 'dim' must be int, not NoneType")
    columns = zip(*parts, strict=True)
    return [cat(column, dim=dim) for column, dim in zip(columns, dims, strict=True)]


class Call:
    """One call of a mapped function."""

    def __init__(
        self,
        func: Func,
        name: str,
        inputs: Any,
        leaves: list[Any],
        dims: list[Any],
        options: dict[str, Any],
        out_dims: Any,
        randomness: str,
    ) -> None:
        self.func, self.name, self.inputs, self.options = func, name, inputs, options
        self.leaves, self.dims, self.out_dims = leaves, dims, out_dims
        self.randomness = randomness
        self.level = Level(size_of(leaves, dims))

    def at_once(self) -> tuple[Any, list[Any], list[Any]]:
        """Return the outputs of one call for all examples: how they are nested, they, where."""
        level = self.level
        mine = (level.order, level.batch, self.randomness)
        pairs = zip(self.leaves, self.dims, strict=True)
        inside = [v if dim is None else self.enter(v, dim) for v, dim in pairs]
        self.before = [writes_to(t) for t in inside]
        token = MAPPED.set((*MAPPED.get(), mine))
        try:
            with transforming():
                outputs = self.func(*like(self.inputs, inside), **self.options)
        except (TypeError, AttributeError, ValueError, IndexError):
            MAPPED.reset(token)
            for t, before in zip(inside, self.before, strict=True):
                if writes_to(t) != before:
                    t._writes[0] = before
            return looped(self)
        except BaseException:
            MAPPED.reset(token)
            raise
        MAPPED.reset(token)
        dims = out_dims_of(self.name, self.out_dims, outputs)
        self.write_back(inside)
        nodes = [t._node for t in leaves_of(outputs) if is_recorded(t)]
        way = share(nodes, level)
        found = [
            self.leave(t, dim, inside, way) for t, dim in zip(leaves_of(outputs), dims, strict=True)
        ]
        return outputs, found, dims

    def enter(self, t: Any, dim: int) -> Any:
        out = made(entered(t._array, (self.level, dim)))
        if sum(isinstance(v, Tensor) and v._writes is t._writes for v in self.leaves) == 1:
            out._writes = t._writes  # a write to it later is one to what was saved inside
        if t._node is not None and recording.get():
            kept = (self.level, dim)
            out._node = passing(tick(), left, t._node, kept, t._node[PLAN])
        return out

    def write_back(self, inside: list[Any]) -> None:
        """Write what the function wrote to its inputs to those of the call."""
        each = zip(self.leaves, inside, self.dims, self.before, strict=True)
        for v, one, dim, before in each:
            if one is not v and writes_to(one) != before and v._node is None:
                write(v, made(left(one._array, (self.level, dim))))
                if one._writes is v._writes:
                    v._writes[0] -= 1  # it was counted inside

    def leave(self, t: Any, dim: int | None, inside: list[Any], way: Any) -> Any:
        """Return the stack of all examples of an output."""
        level = self.level
        if dim is None:
            if not isinstance(t, Tensor):
                return t
            if batched_at(t._array, level):
                raise ValueError(
                    f"vmap({self.name}, ...): `{self.name}` can not return a BatchedTensor when "
                    "out_dim is None"
                )
            out = made(t._array)
            pull: Any = alone
        else:
            dim = place(t, dim)
            each = zip(self.leaves, inside, self.dims, self.before, strict=True)
            for v, one, at, before in each:
                if t is one and at == dim and writes_to(t) == before:
                    return v
            if not batched_at(t._array, level):
                repeated(t, dim, level.size)
            out, pull = made(own(left(t._array, (level, dim)))), entered
        if t._node is not None:
            node = way(t._node)
            out._node = passing(tick(), pull, node, (level, dim or 0), named(node[PLAN]))
        return out


def writes_to(t: Any) -> int:
    """Return how often it was written to; 0 where nobody counts."""
    return t._writes[0] if isinstance(t, Tensor) and type(t._writes) is list else 0


def is_recorded(t: Any) -> bool:
    return isinstance(t, Tensor) and t._node is not None


def place(t: Any, dim: int) -> int:
    """Return a dimension of a result with the examples, counted from the first."""
    n: int = t._array.ndim + 1
    if not -n <= dim < n:
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-n}, {n - 1}], but got {dim})"
        )
    return dim % n


def repeated(t: Any, dim: int, size: int) -> None:
    """Raise as PyTorch does, which repeats what is the same for all examples by `expand`."""
    shape: Sequence[int] = t._array.shape
    t.detach().expand(*shape[:dim], size, *shape[dim:])


def named(plan: Any) -> Any:
    """Return what a node of one example is shown as: PyTorch sums along dimensions here."""
    return renamed(plan, ALONG[plan.name]) if plan.name in ALONG else plan


def own(y: Any) -> Any:
    """Return an array that may be written to: not one number that stands in many places."""
    return y if type(y) is not np.ndarray or y.flags.writeable else y.copy()
