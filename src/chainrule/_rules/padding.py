"""np.pad: an array with a margin, in every mode.

The margins are laid axis by axis, so that a corner is made of a margin that stands already.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._core.errors import refuse_option
from chainrule._core.stating import spelled
from chainrule._core.values import cast, dtype_of, ndim_of, shape_of

from .reductions import axes_of

Pair = tuple[Any, Any]
Margins = Callable[[Any, int, tuple[int, int], Any], Any]
PAD: Any = np.pad
NAMED = ("constant_values", "end_values", "stat_length", "reflect_type")
STATISTICS: dict[str, Any] = {
    "maximum": np.max, "mean": np.mean, "median": np.median, "minimum": np.min,
}  # fmt: skip


def pairs_of(v: Any, ndim: int) -> list[Pair]:
    """Return what comes before and after, for each axis, of a number, a pair or pairs."""
    if v is None:
        return [(None, None)] * ndim
    whole = np.broadcast_to(v, (ndim, 2))
    return [(whole[k, 0], whole[k, 1]) for k in range(ndim)]


def widths_of(pad_width: Any, ndim: int) -> list[tuple[int, int]]:
    if isinstance(pad_width, dict):  # NumPy 2.4
        axes = {axes_of(axis, ndim)[0]: pair for axis, pair in pad_width.items()}
        pad_width = [np.broadcast_to(axes.get(k, 0), 2) for k in range(ndim)]
    widths = np.asarray(pad_width)
    if widths.dtype.kind not in "iu":
        raise TypeError("`pad_width` must be of integral type.")
    if widths.size and widths.min() < 0:
        raise ValueError("index can't contain negative values")
    return [(int(before), int(after)) for before, after in np.broadcast_to(widths, (ndim, 2))]


def along_axis(part: Any, axis: int) -> tuple[Any, ...]:
    return (*(slice(None),) * axis, part)


def lengthened(x: Any, axis: int, n: int) -> tuple[int, ...]:
    shape = shape_of(x)
    return (*shape[:axis], n, *shape[axis + 1 :])


def framed(x: Any, axis: int, before: Any, after: Any) -> Any:
    return np.concatenate([before, x, after], axis)


# ---------------------------------------------------------------- one axis, mode by mode


def with_constants(x: Any, axis: int, widths: tuple[int, int], values: Pair) -> Any:
    margins = [
        np.broadcast_to(cast(v, dtype_of(x)), lengthened(x, axis, n))
        for v, n in zip(values, widths, strict=True)
    ]
    return framed(x, axis, *margins)


def with_ramps(x: Any, axis: int, widths: tuple[int, int], ends: Pair) -> Any:
    edges = [x[along_axis(0, axis)], x[along_axis(-1, axis)]]
    before, after = (
        np.linspace(end, edge, n, endpoint=False, dtype=dtype_of(x), axis=axis)
        for end, edge, n in zip(ends, edges, widths, strict=True)
    )
    return framed(x, axis, before, np.flip(after, axis))


def with_statistics(statistic: Callable[..., Any]) -> Margins:
    def lay(x: Any, axis: int, widths: tuple[int, int], lengths: Pair) -> Any:
        size = shape_of(x)[axis]
        before, after = (size if n is None else min(int(n), size) for n in lengths)
        if 0 in (before, after) and statistic in (np.max, np.min):
            raise ValueError("stat_length of 0 yields no value for padding")
        margins = [
            np.broadcast_to(
                cast(statistic(part, axis=axis, keepdims=True), dtype_of(x)),
                lengthened(x, axis, n),
            )
            for part, n in (
                (x[along_axis(slice(before), axis)], widths[0]),
                (x[along_axis(slice(size - after, None), axis)], widths[1]),
            )
        ]
        return framed(x, axis, *margins)

    return lay


def with_copies(mode: str) -> Margins:
    """Margins of the array's own numbers: NumPy pads their places."""

    def lay(x: Any, axis: int, widths: tuple[int, int], reflect_type: Any) -> Any:
        size = shape_of(x)[axis]
        places = PAD(np.arange(size), widths, mode)
        y = x[along_axis(places, axis)]
        if reflect_type != "odd":
            return y
        # Each number of the margin is s x[place] + a x[0] + b x[-1]. NumPy's margins of three
        # arrays of ones and zeros say which; the ends' own numbers count to a and b.
        first, last = np.eye(1, size)[0], np.eye(1, size, size - 1)[0] * (size > 1)
        s, a, b = (
            PAD(v, widths, mode, reflect_type="odd")
            .reshape(-1, *(1,) * (ndim_of(x) - axis - 1))
            .astype(dtype_of(x))
            for v in (1 - first - last, first, last)
        )
        ends = x[along_axis(slice(0, 1), axis)], x[along_axis(slice(size - 1, None), axis)]
        return s * y + a * ends[0] + b * ends[1]

    return lay


MARGINS: dict[str, tuple[Margins, str, Any]] = {
    "constant": (with_constants, "constant_values", 0),
    "empty": (with_constants, "", 0),
    "linear_ramp": (with_ramps, "end_values", 0),
    "edge": (with_copies("edge"), "", None),
    "wrap": (with_copies("wrap"), "", None),
    "reflect": (with_copies("reflect"), "reflect_type", "even"),
    "symmetric": (with_copies("symmetric"), "reflect_type", "even"),
} | {mode: (with_statistics(f), "stat_length", None) for mode, f in STATISTICS.items()}


def pad(
    array: Any,
    pad_width: Any,
    mode: Any = "constant",
    *,
    constant_values: Any = None,
    end_values: Any = None,
    stat_length: Any = None,
    reflect_type: Any = None,
    **own: Any,
) -> Any:
    named = dict(zip(NAMED, (constant_values, end_values, stat_length, reflect_type), strict=True))
    given = {name: v for name, v in named.items() if v is not None} | own
    widths = widths_of(pad_width, ndim_of(array))
    if callable(mode):
        return padded_by(mode, array, widths, given)
    for name in own:
        refuse_option(np.pad, name, NAMED)
    PAD(np.zeros(1), 0, mode, **dict.fromkeys(given, 1))  # refuses the mode, or what it lacks
    lay, name, default = MARGINS[mode]
    how = given.get(name, default)
    each = [how] * len(widths) if name == "reflect_type" else pairs_of(how, len(widths))
    for axis, (width, v) in enumerate(zip(widths, each, strict=True)):
        if any(width):
            if lay is not with_constants and shape_of(array)[axis] == 0:
                PAD(np.empty(shape_of(array)), widths, mode)  # says what is wrong
            array = lay(array, axis, width, v)
    return array if any(map(any, widths)) else np.copy(array)


def padded_by(
    function: Callable[..., Any], array: Any, widths: list[tuple[int, int]], options: dict[str, Any]
) -> Any:
    """Let the user's function write the margins of each line, axis by axis."""
    from chainrule._core.holding import writable

    array = PAD(array, widths)
    for axis, width in enumerate(widths):

        def written(line: Any, width: Any = width, axis: int = axis) -> Any:
            line = writable(np.copy(line))
            function(line, width, axis, options)
            return line

        array = np.apply_along_axis(written, axis, array)
    return array


spelled(np.pad, pad)
