"""Random tensors of a shape: `rand`, `randn`, `randint`, `randperm`, from PyTorch's own streams."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._arguments import (
    lengths_of,
    no_overload,
    number_type,
    settled,
    shape_named,
    title_of,
    want_tensor,
    whole,
)
from .._checks import not_implemented
from .._kinds.device import checked_device
from .._kinds.dtypes import get_default_dtype, int64
from .._tensor import Tensor
from ..random import Generator
from .draws import Array, drawn_into, normal_draws, stream, uniform_draws, whole_draws
from .filled import OPTIONS, delivered, order_of

__all__ = ["rand", "rand_like", "randint", "randint_like", "randn", "randn_like", "randperm"]

WITH, WITHOUT = "torch.Generator generator, Tensor out = None", "Tensor out = None"
SHAPED = tuple(f"tuple of ints size, *, {one}, {OPTIONS}" for one in (WITH, WITHOUT))
INTEGERS = tuple(
    f"{ends}, tuple of ints size, *, {one}, {OPTIONS}"
    for ends in ("int high", "int low, int high")
    for one in (WITH, WITHOUT)
)
INTEGERS_LIKE = tuple(
    f"Tensor input, {ends}, *, {one}torch.memory_format memory_format = None, {OPTIONS}"
    for ends in ("int low, int high", "Tensor high", "int high")
    for one in ("torch.Generator generator, ", "")
)
LIKE = tuple(
    f"Tensor input, *, {one}torch.memory_format memory_format = None, {OPTIONS}"
    for one in ("torch.Generator generator, ", "")
)
PERMUTATION = tuple(f"int n, *, {one}, {OPTIONS}" for one in (WITH, WITHOUT))


def shaped(name: str, draws: Callable[..., Array], said: str) -> Callable[..., Tensor]:
    def function(
        *lengths: Any,
        size: Any = None,
        generator: Generator | None = None,
        out: Tensor | None = None,
        dtype: Any = None,
        layout: Any = None,
        device: Any = None,
        pin_memory: bool = False,
        requires_grad: bool = False,
    ) -> Tensor:
        if not lengths and size is None:
            raise no_overload(name, (), {}, *SHAPED)
        checked_device(device)  # before anything is drawn
        g = stream(generator, lambda: no_overload(name, lengths, {"generator": generator}, *SHAPED))
        shape = lengths_of(name, lengths, size)
        kind = number_type(name, dtype)
        own = get_default_dtype().numpy if out is None else out._array.dtype
        array = draws(g, shape, kind or own)
        return delivered(name, array, kind, out, device, pin_memory, requires_grad)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = said
    return function


def shaped_like(name: str, draws: Callable[..., Array], said: str) -> Callable[..., Tensor]:
    def function(
        input: Tensor,
        *,
        generator: Generator | None = None,
        dtype: Any = None,
        layout: Any = None,
        device: Any = None,
        pin_memory: bool = False,
        requires_grad: bool = False,
        memory_format: Any = None,
    ) -> Tensor:
        want_tensor(name, input)
        checked_device(device)  # before anything is drawn
        g = stream(generator, lambda: no_overload(name, (input,), {"generator": generator}, *LIKE))
        kind = number_type(name, dtype) or input._array.dtype
        array = np.empty_like(input._array, kind, order=order_of(input._array))
        array = drawn_into(array, lambda shape, contiguous: draws(g, shape, kind, contiguous))
        return settled(name, array, device, requires_grad, pin_memory)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = said
    return function


rand = shaped(
    "rand",
    uniform_draws,
    """Return numbers evenly spread over [0, 1), of a shape given as integers or as one tuple.

    >>> from chainrule.torch import manual_seed
    >>> _ = manual_seed(0)
    >>> rand(3)
    tensor([0.4963, 0.7682, 0.0885])
    """,
)
randn = shaped(
    "randn",
    normal_draws,
    """Return normally distributed numbers, mean 0 and variance 1, of the shape that is given.

    >>> from chainrule.torch import manual_seed
    >>> _ = manual_seed(0)
    >>> randn(2, 2)
    tensor([[ 1.5410, -0.2934],
            [-2.1788,  0.5684]])
    """,
)
rand_like = shaped_like(
    "rand_like", uniform_draws, "Return numbers evenly spread over [0, 1), as many as in `input`."
)
randn_like = shaped_like(
    "randn_like", normal_draws, "Return normally distributed numbers, as many as in `input`."
)


def randint(
    *ends: Any,
    low: Any = None,
    high: Any = None,
    size: Any = None,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """Return whole numbers of [low, high), low 0 unless it is given, of the shape `size`, a tuple.

    >>> from chainrule.torch import manual_seed
    >>> _ = manual_seed(0)
    >>> randint(3, 10, (4,))
    tensor([7, 6, 3, 5])
    """
    options = {"low": low, "high": high, "size": size, "generator": generator}
    named = {k: v for k, v in options.items() if v is not None}
    given = list(ends)
    if size is not None:
        given.append(size)
    if low is not None:
        given.insert(0, low)
    if high is not None:
        given.insert(len(given) - 1, high)

    def bad() -> TypeError:
        return no_overload("randint", ends, named, *INTEGERS)

    checked_device(device)
    g = stream(generator, bad)
    if not 2 <= len(given) <= 3:
        raise bad()
    if len(given) == 2:
        if not isinstance(given[1], (tuple, list)):
            raise TypeError(
                "randint(): argument 'size' (position 2) must be tuple of ints, not "
                f"{title_of(given[1])}"
            )
        if not whole(given[0]):
            raise TypeError(
                f"randint(): argument 'high' (position 1) must be int, not {title_of(given[0])}"
            )
        given.insert(0, 0)
    if not (whole(given[0]) and whole(given[1]) and isinstance(given[2], (tuple, list))):
        raise bad()
    shape = shape_named("randint", given[2])
    kind = number_type("randint", dtype)
    own = int64.numpy if out is None else out._array.dtype
    array = whole_draws(g, int(given[0]), int(given[1]), shape, kind or own)
    return delivered("randint", array, kind, out, device, pin_memory, requires_grad)


def randint_like(
    input: Tensor,
    low: Any,
    high: Any = None,
    *,
    generator: Generator | None = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    memory_format: Any = None,
) -> Tensor:
    """Return whole numbers of [low, high), or of [0, low), of the shape and type of `input`."""
    given = (low,) if high is None else (low, high)

    def bad() -> TypeError:
        return no_overload("randint_like", (input, *given), {}, *INTEGERS_LIKE)

    if not isinstance(input, Tensor) or not all(whole(v) for v in given):
        raise bad()
    ends = (0, int(low)) if high is None else (int(low), int(high))
    kind = number_type("randint_like", dtype) or input._array.dtype
    checked_device(device)
    array = whole_draws(stream(generator, bad), *ends, input._array.shape, kind)
    return settled("randint_like", array, device, requires_grad, pin_memory)


def randperm(
    n: Any,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """Return the numbers 0 to n - 1 in random order, as int64 unless another type is said.

    >>> from chainrule.torch import manual_seed
    >>> _ = manual_seed(0)
    >>> randperm(4)
    tensor([0, 1, 3, 2])
    """
    checked_device(device)
    g = stream(
        generator, lambda: no_overload("randperm", (n,), {"generator": generator}, *PERMUTATION)
    )
    if not whole(n):
        raise TypeError(f"randperm(): argument 'n' (position 1) must be int, not {title_of(n)}")
    kind = number_type("randperm", dtype)
    to = kind or (int64.numpy if out is None else out._array.dtype)
    count = int(n)
    if to.kind in "bc":
        not_implemented("randperm", to)
    if to.kind in "iu" and count - 1 > np.iinfo(to).max:
        name = {"int32": "int"}.get(to.name, f"{to.name}_t")
        raise RuntimeError(f"value cannot be converted to type {name} without overflow")
    if count > 2049 and to.name == "float16":
        raise RuntimeError("n cannot be greater than 2049 for Half type.")
    return delivered(
        "randperm", g.randperm(count).astype(to), kind, out, device, pin_memory, requires_grad
    )
