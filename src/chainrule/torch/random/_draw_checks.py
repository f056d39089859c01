"""What PyTorch says to a seed, a device, a range or a probability that does not do."""

from __future__ import annotations

import math
import sys
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._kinds.device import device
from .._kinds.dtypes import scalar_name

__all__ = [
    "check_bernoulli",
    "check_integers",
    "check_kind",
    "check_normal",
    "check_uniform",
    "cpu",
    "unsigned",
]


# By the type's letter: what C++ calls it, and its largest number.
_LARGEST = {"f": ("float", float(np.finfo(np.float32).max)), "d": ("double", sys.float_info.max)}


def cpu(where: Any) -> device:
    """Return the device of a generator, which is the CPU, however it was asked for."""
    place = where if isinstance(where, device) else device("cpu" if where is None else where)
    if place.type == "cpu":
        return device("cpu")
    if place.type == "cuda":
        raise RuntimeError(
            "Cannot get CUDA generator without ATen_cuda library. PyTorch splits its backend into "
            "two shared libraries: a CPU library and a CUDA library; this error has occurred "
            "because you are trying to use some CUDA functionality, but the CUDA library has not "
            "been loaded by the dynamic linker for some reason.  The CUDA library MUST be loaded, "
            "EVEN IF you don't directly use any symbols from the CUDA library! One common culprit "
            "is a lack of -Wl,--no-as-needed in your link arguments; many dynamic linkers will "
            "delete dynamic library dependencies if you don't depend on any of their symbols.  "
            "You can check if this has occurred by using ldd on your binary to see if there is a "
            "dependency on *_cuda.so library."
        )
    raise RuntimeError(f"{place.type.upper()} device type not an accelerator.")


def unsigned(seed: object) -> int:
    """Return a seed as one of the 2**64 from 0 on; -1 stands for the last, -2**63 for the middle.

    >>> unsigned(5), unsigned(-1) == 2**64 - 1
    (5, True)
    """
    if isinstance(seed, np.integer):
        raise TypeError("an integer is required")
    if not isinstance(seed, int) or isinstance(seed, bool):
        kind = type(seed)
        compiled = not kind.__flags__ & 1 << 9  # such types bear their module's name
        module = f"{kind.__module__}." if compiled and kind.__module__ != "builtins" else ""
        raise RuntimeError(f"manual_seed expected a long, but got {module}{kind.__name__}")
    if not -(2**63) <= seed < 2**64:
        raise ValueError("Overflow when unpacking long long")
    return seed % 2**64


def check_kind(kind: np.dtype[Any], kernel: str) -> None:
    """Raise unless numbers of this type are drawn: float32 and float64."""
    if kind.char in "fd":
        return
    if kind == np.float16:
        raise NotImplementedError(
            "chainrule draws real numbers as float32 and float64, not as float16: draw float32 "
            "and convert."
        )
    raise NotImplementedError(f"\"{kernel}\" not implemented for '{scalar_name(kind)}'")


def check_uniform(kind: np.dtype[Any], low: float, high: float) -> None:
    """Raise unless [low, high) is a range of numbers of this type."""
    name, largest = _LARGEST[kind.char]
    for end, value in (("from", low), ("to", high)):
        if not -largest <= value <= largest:
            raise RuntimeError(f"{end} is out of bounds for {name}")
    if not low <= high:
        raise RuntimeError(
            f"uniform_ expects to return a [from, to) range, but found from={low:g} > to={high:g}"
        )
    if not high - low <= largest:
        raise RuntimeError(
            f"uniform_ expects to-from <= std::numeric_limits<{name.capitalize()}>::max(), but "
            f"found to={high:g} and from={low:g} which result in to-from to exceed the limit"
        )


def check_normal(std: float | NDArray[Any]) -> None:
    """Raise unless a standard deviation, or each of an array of them, is 0 or more."""
    if isinstance(std, np.ndarray):
        if not (std >= 0).all():
            raise RuntimeError("normal expects all elements of std >= 0.0")
    elif not std >= 0:
        raise RuntimeError(f"normal expects std >= 0.0, but found std {std:g}")


def check_integers(low: int, high: int) -> None:
    """Raise unless there is a whole number in [low, high), and its ends are 64-bit numbers."""
    if not (-(2**63) <= low < 2**63 and -(2**63) <= high < 2**63):
        raise ValueError("Overflow when unpacking long long")
    if not low < high:
        raise RuntimeError(
            f"random_ expects 'from' to be less than 'to', but got from={low} >= to={high}"
        )


def check_bernoulli(p: float | NDArray[Any]) -> None:
    """Raise unless p, or each of an array of them, is a probability."""
    if isinstance(p, np.ndarray):
        if not ((p >= 0) & (p <= 1)).all():
            raise RuntimeError(
                "Expected p_in >= 0 && p_in <= 1 to be true, but got false.  (Could this error "
                "message be improved?  If so, please report an enhancement request to PyTorch.)"
            )
    elif not 0 <= p <= 1 or math.isnan(p):
        raise RuntimeError(f"bernoulli_ expects p to be in [0, 1], but got p={p:g}")
