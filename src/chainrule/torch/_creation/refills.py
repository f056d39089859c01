"""Random numbers written over a tensor: `uniform_`, `normal_`, `random_`, `bernoulli_`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._arguments import limits_of, title_of
from .._checks import expand_error, not_implemented
from .._kinds.c_names import c_name
from .._kinds.dtypes import scalar_name
from .._tensor import Tensor, made
from .._writing.in_place import check_write, write
from ..random import Generator
from ..random._distributions import cauchy, exponential, geometric, log_normal
from .draws import BITS, Array, check_whole, real, stream, uniform_draws, whole_draws, write_draws

__all__ = ["fill_bernoulli", "fill_normal", "fill_random", "fill_uniform"]


def real_argument(name: str, v: Any, argument: str, position: int) -> float:
    if not real(v):
        raise TypeError(
            f"{name}(): argument '{argument}' (position {position}) must be float, "
            f"not {title_of(v)}"
        )
    return float(v)


def own_stream(name: str, generator: Any) -> Generator:
    return stream(
        generator,
        lambda: TypeError(
            f"{name}(): argument 'generator' must be torch.Generator, not {title_of(generator)}"
        ),
    )


def ends_of(name: str, ends: tuple[Any, ...], named: dict[str, Any]) -> list[Any]:
    """Return `from` and `to`, which is all that a call may name: "from" is no name in Python."""
    found = [*ends]
    for at, key in enumerate(("from", "to")):
        if key in named:
            found[at:at] = [named.pop(key)]
    if named:
        raise TypeError(f"{name}() got an unexpected keyword argument '{next(iter(named))}'")
    return found


def fill_uniform(
    self: Tensor, *ends: Any, generator: Generator | None = None, **named: Any
) -> None:
    """Write numbers evenly spread over [from, to) over `self`: `uniform_(from=0, to=1)`."""
    g = own_stream("uniform_", generator)
    if "to" in named and not ends and "from" not in named:
        ends = (0.0,)
    given = ends_of("uniform_", ends, named)
    low, high = given + [0.0, 1.0][len(given) :]
    a = real_argument("uniform_", low, "from", 1)
    b = real_argument("uniform_", high, "to", 2)
    kind = self._array.dtype
    write_draws(self._array, lambda shape, _: uniform_between(g, shape, kind, a, b))


def uniform_between(
    g: Generator, shape: tuple[int, ...], kind: np.dtype[Any], low: float, high: float
) -> Array:
    if kind.kind == "c" and (low, high) == (0.0, 1.0):
        return uniform_draws(g, shape, kind)
    return g.uniform(shape, kind, low, high)


def fill_normal(
    self: Tensor, mean: Any = 0.0, std: Any = 1.0, *, generator: Generator | None = None
) -> None:
    """Write normally distributed numbers over `self`: `normal_(mean, std)`."""
    g = own_stream("normal_", generator)
    a = real_argument("normal_", mean, "mean", 1)
    b = real_argument("normal_", std, "std", 2)
    kind = self._array.dtype
    write_draws(self._array, lambda shape, dense: g.normal(shape, kind, a, b, contiguous=dense))


def fill_random(self: Tensor, *ends: Any, generator: Generator | None = None, **named: Any) -> None:
    """Write whole numbers over `self`: of [0, to), of [from, to), or all its type can hold."""
    g = own_stream("random_", generator)
    given = ends_of("random_", ends, named)
    kind = self._array.dtype
    if kind.kind == "c":
        not_implemented("random_kernel_cpu", kind)
    if not given:
        write_draws(self._array, lambda shape, _: g.random(shape, kind))
        return
    if len(given) == 2 and given[1] is None:  # up to the last that the type can hold
        low, high = int(given[0]), (2 ** BITS[kind.name] if kind.kind == "f" else last_of(kind)) + 1
        check_whole(low, high, kind)
        write_draws(
            self._array, lambda shape, _: (low + g.randint(0, high - low, shape)).astype(kind)
        )
        return
    low, high = (0, int(given[0])) if len(given) == 1 else (int(given[0]), int(given[1]))
    write_draws(self._array, lambda shape, _: whole_draws(g, low, high, shape, kind))


def last_of(kind: np.dtype[Any]) -> int:
    return 1 if kind.kind == "b" else int(limits_of(kind)[1])


def fill_bernoulli(self: Tensor, p: Any = 0.5, *, generator: Generator | None = None) -> None:
    """Write ones with probability `p`, a number or a tensor, over `self`, and zeros elsewhere."""
    g = own_stream("bernoulli_", generator)
    kind = self._array.dtype
    if kind.kind == "c":
        not_implemented("bernoulli_scalar_cpu_", kind)
    if isinstance(p, Tensor):
        try:
            wanted = np.broadcast_to(p._array, self._array.shape)
        except ValueError:
            raise expand_error(self._array.shape, p._array.shape) from None
        self._array[...] = g.bernoulli(wanted)
    else:
        chance = float(p)
        write_draws(self._array, lambda shape, _: g.bernoulli(chance, shape))


# ---------------------------------------------------------------- other distributions


def continuous(self: Tensor, name: str, said: str = "") -> None:
    kind = self._array.dtype
    if kind.kind != "f":
        raise RuntimeError(
            f"{name} distribution is a continuous probability distribution. dtype must be a "
            f"floating point but you specified {said or scalar_name(kind)}"
        )


def fill_exponential(self: Tensor, lambd: Any = 1, *, generator: Generator | None = None) -> None:
    """Write waiting times between events of the rate `lambd` over `self`."""
    g = own_stream("exponential_", generator)
    rate = real_argument("exponential_", lambd, "lambd", 1)
    continuous(self, "Exponential")
    if not rate > 0:
        raise RuntimeError(f"exponential_ expects lambda > 0.0, but found lambda={rate:g}")
    write_draws(self._array, lambda shape, _: exponential(g, shape, rate))


def fill_cauchy(
    self: Tensor, median: Any = 0, sigma: Any = 1, *, generator: Generator | None = None
) -> None:
    """Write numbers of Cauchy's distribution over `self`, with this median and half width."""
    g = own_stream("cauchy_", generator)
    a = real_argument("cauchy_", median, "median", 1)
    b = real_argument("cauchy_", sigma, "sigma", 2)
    if not b > 0:
        raise RuntimeError(f"cauchy_ expects sigma > 0.0, but found sigma={b:g}")
    continuous(self, "Cauchy", c_name(self._array.dtype))
    write_draws(self._array, lambda shape, _: cauchy(g, shape, a, b))


def fill_log_normal(
    self: Tensor, mean: Any = 1, std: Any = 2, *, generator: Generator | None = None
) -> None:
    """Write numbers over `self` whose logarithms have this mean and standard deviation."""
    g = own_stream("log_normal_", generator)
    a = real_argument("log_normal_", mean, "mean", 1)
    b = real_argument("log_normal_", std, "std", 2)
    if not b > 0:
        raise RuntimeError(f"log_normal_ expects std > 0.0, but found std={b:g}")
    if self._array.dtype.kind != "f":
        not_implemented("log_normal_cpu", self._array.dtype)
    write_draws(self._array, lambda shape, _: log_normal(g, shape, a, b))


def fill_geometric(self: Tensor, p: Any, *, generator: Generator | None = None) -> None:
    """Write over `self` how many attempts a first success takes, each of probability `p`."""
    g = own_stream("geometric_", generator)
    chance = real_argument("geometric_", p, "p", 1)
    kind = self._array.dtype
    if not 0 < chance < 1:
        raise RuntimeError(f"geometric_ expects p to be in (0, 1), but got p={chance:g}")
    if kind.kind in "bc":
        not_implemented("geometric_cpu", kind)
    write_draws(self._array, lambda shape, _: geometric(g, shape, chance))


# ---------------------------------------------------------------- methods


def in_place(name: str, fill: Callable[..., None], node: Callable[..., str]) -> Callable[..., Any]:
    """Return the method that fills its tensor, under the rules for writing in place."""

    def method(self: Tensor, *given: Any, **named: Any) -> Any:
        check_write(self)
        fill(self, *given, **named)
        return write(self, made(self._array), node(*given))

    method.__name__ = method.__qualname__ = name
    method.__doc__ = fill.__doc__
    return method


def bernoulli_node(p: Any = 0.5) -> str:
    return "BernoulliBackward1" if isinstance(p, Tensor) else "BernoulliBackward2"


def random_node(*ends: Any) -> str:
    return f"RandomBackward{2 - len(ends)}"


METHODS: dict[str, Callable[..., Any]] = {
    "bernoulli_": in_place("bernoulli_", fill_bernoulli, bernoulli_node),
    "cauchy_": in_place("cauchy_", fill_cauchy, lambda *_: "CauchyBackward0"),
    "exponential_": in_place("exponential_", fill_exponential, lambda *_: "ExponentialBackward0"),
    "geometric_": in_place("geometric_", fill_geometric, lambda *_: "GeometricBackward0"),
    "log_normal_": in_place("log_normal_", fill_log_normal, lambda *_: "LogNormalBackward0"),
    "normal_": in_place("normal_", fill_normal, lambda *_: "NormalBackward0"),
    "random_": in_place("random_", fill_random, random_node),
    "uniform_": in_place("uniform_", fill_uniform, lambda *_: "UniformBackward0"),
}
