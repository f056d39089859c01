"""Random tensors whose parameters are tensors: normal and Bernoulli distributions."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._arguments import no_overload, number_type, shape_named, want_tensor
from .._checks import broadcast_error, not_implemented
from .._kinds.dtypes import get_default_dtype
from .._tensor import Tensor, made
from .._writing.out import into_out
from ..random import Generator
from .draws import real, stream
from .filled import OPTIONS, delivered

__all__ = ["bernoulli", "normal"]

ONE = "torch.Generator generator = None, Tensor out = None"
NORMAL = (
    f"Tensor mean, Tensor std, *, {ONE}",
    f"Tensor mean, float std = 1, *, {ONE}",
    f"float mean, Tensor std, *, {ONE}",
    f"float mean, float std, tuple of ints size, *, {ONE}, {OPTIONS}",
)
COINS = (f"Tensor input, *, {ONE}", "Tensor input, float p, *, torch.Generator generator = None")


def normal(
    mean: Any = None,
    std: Any = None,
    size: Any = None,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
    dtype: Any = None,
    layout: Any = None,
    device: Any = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
) -> Tensor:
    """Return normally distributed numbers of these means and standard deviations.

    One of both is a tensor, with which the other broadcasts; two numbers need a `size`, a tuple.
    No gradient reaches them.

    >>> from chainrule.torch import manual_seed, tensor
    >>> _ = manual_seed(0)
    >>> normal(tensor([0.0, 100.0]), 1.0), normal(5.0, 2.0, (2,))
    (tensor([ 1.5410, 99.7066]), tensor([0.6424, 6.1369]))
    """
    named = {"generator": generator} if generator is not None else {}

    def bad() -> TypeError:
        return no_overload(
            "normal", [v for v in (mean, std, size) if v is not None], named, *NORMAL
        )

    g = stream(generator, bad)
    loc, scale = (1.0 if v is None and i else v for i, v in enumerate((mean, std)))
    tensors = [isinstance(v, Tensor) for v in (loc, scale)]
    if not all(isinstance(v, Tensor) or real(v) for v in (loc, scale)):
        raise bad()
    if size is not None:
        if not isinstance(size, (tuple, list)) or not (real(loc) and real(scale)):
            raise bad()
        kind = number_type("normal", dtype)
        own = get_default_dtype().numpy if out is None else out._array.dtype
        shape = shape_named("normal", size)
        array = g.normal(shape, kind or own, float(loc), float(scale))
        return delivered("normal", array, kind, out, device, pin_memory, requires_grad)
    if not any(tensors):
        raise bad()
    a, b = (v._array if isinstance(v, Tensor) else float(v) for v in (loc, scale))
    like: Any = a if isinstance(a, np.ndarray) else b
    try:
        shape = np.broadcast_shapes(np.shape(a), np.shape(b))
    except ValueError:
        raise broadcast_error(np.shape(a), np.shape(b)) from None
    result: Tensor = made(np.asarray(g.normal(shape, like.dtype, a, b), like.dtype))
    return result if out is None else into_out("normal", result, out)


def bernoulli(
    input: Tensor, p: Any = None, *, generator: Generator | None = None, out: Tensor | None = None
) -> Tensor:
    """Return ones with the probabilities in `input`, or all with the probability `p`, else zeros.

    >>> from chainrule.torch import tensor
    >>> bernoulli(tensor([0.0, 1.0, 1.0]))
    tensor([0., 1., 1.])
    """
    want_tensor("bernoulli", input)
    g = stream(
        generator, lambda: no_overload("bernoulli", (input,), {"generator": generator}, *COINS)
    )
    x = input._array
    if p is None and x.dtype.kind != "f":
        not_implemented("bernoulli_tensor_cpu_p_", x.dtype)
    coins = g.bernoulli(x) if p is None else g.bernoulli(float(p), x.shape)
    result: Tensor = made(coins.astype(x.dtype))
    return result if out is None else into_out("bernoulli", result, out)
