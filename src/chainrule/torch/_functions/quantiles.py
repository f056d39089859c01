"""Quantiles, with and without NaN, and the numbers that are met most often."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._rules.choosing import picked

from .._checks import combination_error, dimension, not_implemented
from .._tape.plans import Op
from .._tape.recording import recorded
from .._tensor import Tensor, made
from .._writing.out import into_out
from .extremes import chosen
from .joint import is_number
from .mixing import lerp
from .places import gather
from .reductions import check_input, renamed
from .results import answered, result_type
from .sorting import sort

__all__ = ["mode", "nanquantile", "quantile"]

SQUEEZED = Op("SqueezeBackward4", np.reshape, ("",), "self")
MODE = Op("ModeBackward0", picked, ("indices", ""), "self indices")
Mode = result_type("mode", "values", "indices")
WAYS = (
    'Tensor input, Tensor q, int dim = None, bool keepdim = False, *, str interpolation = "linear"'
    ", Tensor out = None",
    'Tensor input, float q, int dim = None, bool keepdim = False, *, str interpolation = "linear"'
    ", Tensor out = None",
)
METHODS_OF_PLACES = ("linear", "lower", "higher", "midpoint", "nearest")


def levels_of(function: str, input: Any, q: Any, interpolation: str) -> Any:
    """Return the levels as an array of the input's type; raise, in PyTorch's words, if wrong."""
    if not isinstance(q, Tensor) and not is_number(q):
        raise combination_error(function, (input, q), WAYS)
    if not isinstance(q, Tensor) and not 0 <= q <= 1:
        raise RuntimeError(f"{function}() q must be in the range [0, 1] but got {q:g}")
    x = input._array
    levels = q._array if isinstance(q, Tensor) else np.asarray(q, x.dtype)
    problem = ""
    if not x.size:
        problem = "input tensor must be non-empty"
    elif levels.ndim > 1:
        problem = "q must be a scalar or 1D tensor"
    elif x.dtype not in (np.float32, np.float64):
        problem = "input tensor must be either float or double dtype"
    elif levels.dtype != x.dtype:
        problem = "q tensor must be same dtype as the input tensor"
    elif interpolation not in METHODS_OF_PLACES:
        problem = (
            "interpolation must be one of linear, lower, higher, midpoint or nearest, but got "
            f"{interpolation}"
        )
    elif not np.all((levels >= 0) & (levels <= 1)):
        problem = "q values must be in the range [0, 1]"
    if problem:
        raise RuntimeError(f"quantile() {problem}")
    return levels


def at_levels(
    function: str, input: Any, q: Any, dim: Any, keepdim: bool, interpolation: str, out: Any
) -> Any:
    """Sort along the last dimension, and read between the two places that each level is next to."""
    check_input(function, input)
    x = input._array
    levels = levels_of(function, input, q, interpolation)
    if dim is not None:
        dim = dimension(dim, x.ndim)
    everywhere = dim is None or not x.ndim
    rows = input.reshape(-1) if everywhere else input.movedim(dim, -1)
    ordered: Any = sort(rows, -1).values
    place = places_of(ordered._array, levels, function, interpolation)
    below = np.floor(place)
    result = gather(ordered, -1, made(below.astype(np.int64)))
    if interpolation in ("linear", "midpoint"):
        share = np.full_like(place, 0.5) if interpolation == "midpoint" else place - below
        above = gather(ordered, -1, made(np.ceil(place).astype(np.int64)))
        result = lerp(result, above, made(share))
    # the levels are last; they come first, or are gone if there is but one number for a level
    if levels.ndim:
        result = result.movedim(-1, 0)
    rest = list(rows._array.shape[:-1])
    if keepdim:
        rest = [1] * x.ndim if everywhere else [*rest[:dim], 1, *rest[dim:]]
    options = {"shape": (*levels.shape, *rest)}
    result = recorded(SQUEEZED, (result,), options, np.reshape, None)
    return result if out is None else into_out(function, result, out)


def places_of(x: Any, levels: Any, function: str, interpolation: str) -> Any:
    """Return the places in sorted rows that the levels stand for, NaN last among the numbers.

    A row with a NaN has NaN at all levels, unless those are left out of the count.
    """
    n, missing = x.shape[-1], np.isnan(x)
    count = n - missing.sum(-1, keepdims=True)
    place = np.maximum(count - 1, 0) * np.atleast_1d(levels).astype(float)
    if function == "quantile":
        place = np.where(count < n, n - 1, place)
    place = place.astype(x.dtype)
    if interpolation in ("lower", "higher", "nearest"):
        place = {"lower": np.floor, "higher": np.ceil, "nearest": np.rint}[interpolation](place)
    return place


def quantile(
    input: Tensor,
    q: Any,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    interpolation: str = "linear",
    out: Tensor | None = None,
) -> Any:
    """Return the numbers below which the parts `q` of all numbers lie, or of those along `dim`.

    Between two numbers it lies on the straight line, or where `interpolation` says: "lower",
    "higher", "nearest", "midpoint". The levels of a tensor `q` come first in the result. NaN if
    there is one.

    >>> import chainrule.torch as torch
    >>> torch.quantile(torch.tensor([1.0, 2.0, 4.0, 8.0]), torch.tensor([0.5, 1.0]))
    tensor([3., 8.])
    """
    return at_levels("quantile", input, q, dim, keepdim, interpolation, out)


def nanquantile(
    input: Tensor,
    q: Any,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    interpolation: str = "linear",
    out: Tensor | None = None,
) -> Any:
    """Return the quantiles of the numbers that are not NaN; see `quantile`.

    >>> import chainrule.torch as torch
    >>> torch.nanquantile(torch.tensor([1.0, float("nan"), 3.0]), 0.5)
    tensor(2.)
    """
    return at_levels("nanquantile", input, q, dim, keepdim, interpolation, out)


# ---------------------------------------------------------------- what is met most often


def mode(
    input: Tensor, dim: int = -1, keepdim: bool = False, *, out: Any = None, **other: Any
) -> Any:
    """Return the numbers met most often along `dim`, the smallest of several, and the last place.

    >>> import chainrule.torch as torch
    >>> torch.mode(torch.tensor([2, 1, 2, 1, 3])).values
    tensor(1)
    """
    check_input("mode", input)
    if other:
        dim, keepdim = renamed("mode", other, dim, keepdim)
    x = input._array
    axis = dimension(dim, x.ndim)
    if x.ndim and not x.shape[axis]:
        raise IndexError(f"mode(): Expected reduction dim {axis} to have non-zero size.")
    if x.dtype.kind == "c":
        not_implemented("mode_cpu", x.dtype)
    if not x.ndim:
        return answered(Mode, chosen(MODE, input, np.zeros((), np.int64), 0, keepdim), out)
    rows = np.moveaxis(x, axis, -1)
    flat = rows.reshape(-1, rows.shape[-1])
    index = np.array([most_met(row) for row in flat], np.int64).reshape(rows.shape[:-1])
    return answered(Mode, chosen(MODE, input, np.expand_dims(index, axis), axis, keepdim), out)


def most_met(row: Any) -> int:
    """Return the last place of the number that is met most often; each NaN is one of its own."""
    numbers, counts = np.unique(row, return_counts=True, equal_nan=False)
    best = numbers[np.argmax(counts)]
    return int(np.nonzero((row == best) | ((row != row) & (best != best)))[0][-1])


METHODS: dict[str, Callable[..., Any]] = {
    "mode": mode, "nanquantile": nanquantile, "quantile": quantile,
}  # fmt: skip
