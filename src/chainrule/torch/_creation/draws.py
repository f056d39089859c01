"""Random numbers as arrays of every type, and in the order in which PyTorch fills a tensor."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._core.values import Batched

from .._arguments import is_number, limits_of
from .._kinds.c_names import c_name
from .._tape.values import as_array
from .._tensor import Tensor
from ..random import Generator, default_generator

__all__ = [
    "BITS",
    "Array",
    "check_whole",
    "drawn_into",
    "normal_draws",
    "real",
    "stream",
    "uniform_draws",
    "whole_draws",
    "write_draws",
]

Array = np.ndarray[Any, Any]
# The last whole number that a type holds exactly is 2 to this power.
BITS = {"float16": 11, "float32": 24, "float64": 53}


def stream(generator: Any, error: Callable[[], TypeError]) -> Generator:
    if generator is None:
        return default_generator
    if not isinstance(generator, Generator):
        raise error()
    return generator


# ---------------------------------------------------------------- draws, as arrays


def uniform_draws(
    g: Generator, shape: tuple[int, ...], kind: np.dtype[Any], contiguous: bool = True
) -> Array:
    if kind.kind == "c":
        part = np.dtype(kind.type(0).real.dtype)
        return g.uniform((*shape, 2), part).view(kind)[..., 0]
    return g.uniform(shape, kind)


def normal_draws(
    g: Generator, shape: tuple[int, ...], kind: np.dtype[Any], contiguous: bool = True
) -> Array:
    if kind.kind == "c":
        part = np.dtype(kind.type(0).real.dtype)
        return g.normal((*shape, 2), part, 0.0, 1 / math.sqrt(2)).view(kind)[..., 0]
    return g.normal(shape, kind, contiguous=contiguous)


def whole_draws(
    g: Generator, low: int, high: int, shape: tuple[int, ...], kind: np.dtype[Any]
) -> Array:
    check_whole(low, high, kind)
    if kind.kind == "f" and low < high:
        low, high = reachable(low, high, kind)
    return g.randint(low, high, shape).astype(kind)


def reachable(low: int, high: int, kind: np.dtype[Any]) -> tuple[int, int]:
    """Return the ends of a range that is left when those that are rounded out of it are cut off."""
    bits = BITS[kind.name]
    if low == 0 and high <= 1 << bits:
        return low, high
    if int(kind.type(low + 1)) < low:
        low = int(kind.type(low + 1)) + (1 << (abs(low + 1).bit_length() - bits))
    if int(kind.type(high - 1)) >= high:
        high = int(kind.type(high - 1)) - (1 << (abs(high - 1).bit_length() - bits))
    return low, high


def check_whole(low: int, high: int, kind: np.dtype[Any]) -> None:
    """Raise, or warn, if not all of [low, high) are numbers of this type."""
    if low >= high or kind.name == "int64":
        return  # the generator says what is wrong
    if kind.kind == "c":
        raise RuntimeError(
            "check_random_bounds handles only integral, floating-point and boolean types"
        )
    name = c_name(kind)
    for which, v in (("from", low), ("to - 1", high - 1)):
        if bits := BITS.get(kind.name):
            if abs(v) > 2**bits:
                warnings.warn(
                    f"{which} is out of bounds [-(2^{bits}), 2^{bits}]. Due to precision "
                    f"limitations {name} can support discrete uniform distribution only within "
                    "this range. This warning will become an error in version 1.7 release, please "
                    "fix the code in advance",
                    UserWarning,
                    stacklevel=4,
                )
        else:
            ends = (0, 1) if kind.kind == "b" else limits_of(kind)
            if not ends[0] <= v <= ends[1]:
                raise RuntimeError(f"{which} is out of bounds for {name}")


def write_draws(array: Any, draws: Callable[[tuple[int, ...], bool], Array]) -> None:
    """Write draws(shape, contiguous) over `array`, in the order of its memory, as PyTorch does."""
    axes, y = in_memory_order(array, draws)
    if type(y) is Batched and type(array) is not Batched:
        raise RuntimeError(
            "vmap: Cannot ask for different inplace randomness on an unbatched tensor. This will "
            "appear like same randomness. If this is necessary for your usage, please file an "
            "issue with functorch."
        )
    array.transpose(axes)[...] = y


def drawn_into(array: Array, draws: Callable[[tuple[int, ...], bool], Array]) -> Any:
    """The same for an array that was made for this: return it, or a batch of such arrays."""
    axes, y = in_memory_order(array, draws)
    if type(y) is Batched:
        return as_array(np.transpose(y, np.argsort(axes)), array.dtype)
    array.transpose(axes)[...] = y
    return array


def in_memory_order(
    array: Array, draws: Callable[[tuple[int, ...], bool], Array]
) -> tuple[list[int], Any]:
    """Return draws for an array, with its axes as they lie in memory, and these axes."""
    axes = sorted(range(array.ndim), key=lambda i: -abs(array.strides[i]))
    return axes, draws(array.transpose(axes).shape, array.flags.c_contiguous)


def real(v: Any) -> bool:
    """Say whether `v` serves as a real number."""
    if isinstance(v, Tensor):
        return is_number(v) and v._array.dtype.kind != "c"
    return is_number(v) and not isinstance(v, (complex, np.complexfloating))
