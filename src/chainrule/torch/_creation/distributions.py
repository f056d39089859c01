"""Random tensors whose parameters are tensors: normal and Bernoulli distributions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._arguments import (
    no_overload,
    number_type,
    shape_named,
    title_of,
    want_tensor,
    whole,
)
from .._checks import broadcast_error, not_implemented
from .._kinds.dtypes import get_default_dtype, scalar_name
from .._tensor import Tensor, made
from .._writing.out import into_out
from ..random import Generator
from ..random._distributions import choices
from ..random._distributions import poisson as counts
from .draws import real, stream
from .filled import OPTIONS, delivered

__all__ = ["bernoulli", "multinomial", "normal", "poisson"]

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


def multinomial(
    input: Tensor,
    num_samples: int,
    replacement: bool = False,
    *,
    generator: Generator | None = None,
    out: Tensor | None = None,
) -> Tensor:
    """Return places of a vector, or of each row of a matrix, chosen in proportion to its numbers.

    They are int64. Without replacement no place is chosen twice.

    >>> from chainrule.torch import tensor
    >>> multinomial(tensor([0.0, 3.0, 0.0]), 2, replacement=True)
    tensor([1, 1])
    """
    want_tensor("multinomial", input)
    if not whole(num_samples):
        raise TypeError(
            "multinomial(): argument 'num_samples' (position 2) must be int, not "
            f"{title_of(num_samples)}"
        )
    x, count = input._array, int(num_samples)
    if x.ndim not in (1, 2):
        raise RuntimeError("prob_dist must be 1 or 2 dim")
    if x.dtype.kind != "f":
        raise RuntimeError(
            "multinomial only supports floating-point dtypes for input, got: "
            f"{scalar_name(x.dtype)}"
        )
    if count <= 0:
        raise RuntimeError("cannot sample n_sample <= 0 samples")
    if not replacement and count > x.shape[-1]:
        raise RuntimeError(
            "cannot sample n_sample > prob_dist.size(-1) samples without replacement"
        )
    check_weights(x, replacement and count > 1)
    g = stream(
        generator,
        lambda: TypeError(
            "multinomial(): argument 'generator' must be torch.Generator, not "
            f"{title_of(generator)}"
        ),
    )
    chosen = choices(g, x, count, bool(replacement)).reshape(*x.shape[:-1], count)
    result: Tensor = made(chosen)
    return result if out is None else into_out("multinomial", result, out)


def check_weights(x: np.ndarray[Any, Any], by_sums: bool) -> None:
    text = "invalid multinomial distribution"
    if by_sums:
        if (x < 0).any():
            raise RuntimeError(f"{text} (encountering probability entry < 0)")
        if not np.isfinite(x).all():
            raise RuntimeError(f"{text} (encountering probability entry = infinity or NaN)")
    elif not ((x >= 0) & (x < np.inf)).all():
        raise RuntimeError("probability tensor contains either `inf`, `nan` or element < 0")
    if x.size and not (x.sum(-1) > 0).all():
        raise RuntimeError(f"{text} (sum of probabilities <= 0)")


def poisson(input: Tensor, generator: Generator | None = None) -> Tensor:
    """Return how many events happened, whose mean numbers are those of `input`.

    The gradient is 0.

    >>> from chainrule.torch import tensor
    >>> poisson(tensor([0.0]))
    tensor([0.])
    """
    want_tensor("poisson", input)
    x = input._array
    if x.dtype.kind != "f":
        not_implemented("poisson_cpu", x.dtype)
    if not (x >= 0).all():
        raise RuntimeError("invalid Poisson rate, expected rate to be non-negative")
    g = stream(generator, lambda: TypeError("poisson(): generator must be torch.Generator"))
    result: Tensor = made(counts(g, x).astype(x.dtype))
    return cut_off(input, result) if input.requires_grad else result


def cut_off(input: Any, result: Any) -> Tensor:
    """Return numbers that were drawn with parameters: they have a node, where gradients are 0."""
    from .._functions.spelling import called

    out: Tensor = called("PoissonBackward0", input * 0 + result)
    return out


METHODS: dict[str, Callable[..., Any]] = {"bernoulli": bernoulli, "multinomial": multinomial}
