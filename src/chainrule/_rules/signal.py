"""Convolution along any axes: bilinear, so each transpose is a convolution again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.signal as signal
from numpy.lib.stride_tricks import sliding_window_view

from chainrule._core.faces import either
from chainrule._core.stating import linear, spelled
from chainrule._core.values import dtype_of, ndim_of, recordable, shape_of

__all__ = ["convolve", "convolve_stacks"]

convolve = either(signal.convolve)


def turned(x: Any, axes: Sequence[int]) -> Any:
    return np.flip(x, tuple(axes)) if len(axes) else x


def among_zeros(g: Any, cut: Sequence[int]) -> Any:
    """Undo what the mode "same" leaves out: at the ends of the last axes, `cut` numbers in all."""
    widths = [((n - 1) // 2, n - 1 - (n - 1) // 2) for n in cut]
    return np.pad(g, [(0, 0)] * (ndim_of(g) - len(cut)) + widths) if widths else g


def wider(into: Sequence[int], other: Sequence[int]) -> bool:
    return all(n >= m for n, m in zip(into, other, strict=True))


# ---------------------------------------------------------------- SciPy's


def to_volume(
    g: Any, other: Any, into: tuple[int, ...], cut: tuple[int, ...], mode: str, method: str
) -> Any:
    if 0 in (*into, *shape_of(other)):
        return np.zeros(into, dtype_of(g))
    other = turned(other, range(len(into)))
    if mode == "same":
        g, mode = among_zeros(g, cut), "full"
    if mode == "full":
        return convolve(g, other, "valid", method)
    if wider(into, shape_of(other)):
        return convolve(g, other, "full", method)
    return convolve(other, g, "valid", method)


linear(
    signal.convolve,
    lambda g, b, into, mode="full", method="auto": to_volume(g, b, into, shape_of(b), mode, method),
    lambda g, a, into, mode="full", method="auto": to_volume(g, a, into, into, mode, method),
    call=convolve,
)


def correlate(in1: Any, in2: Any, mode: str = "full", method: str = "auto") -> Any:
    return convolve(in1, turned(np.conj(in2), range(ndim_of(in2))), mode, method)


linear(
    signal.fftconvolve,
    lambda g, b, into, mode="full": to_volume(g, b, into, shape_of(b), mode, "fft"),
    lambda g, a, into, mode="full": to_volume(g, a, into, into, mode, "fft"),
    call=either(signal.fftconvolve),
)
spelled(signal.correlate, correlate)

# ---------------------------------------------------------------- of stacks of arrays


@recordable
def convolve_stacks(a: Any, b: Any, mode: str) -> Any:
    """Convolve each of `a` with each of `b` along their last axes, and sum over channels.

    Shapes are (i, channels, …) and (j, channels, …); the result's is (i, j, …).
    """
    sizes = shape_of(b)[2:]
    if mode == "valid" and not wider(shape_of(a)[2:], sizes):
        return np.swapaxes(convolve_stacks(b, a, mode), 0, 1)
    if mode == "same":
        a = np.pad(a, [(0, 0)] * 2 + [(n - 1 - (n - 1) // 2, (n - 1) // 2) for n in sizes])
    elif mode == "full":
        a = np.pad(a, [(0, 0)] * 2 + [(n - 1, n - 1) for n in sizes])
    axes = tuple(range(2, 2 + len(sizes)))
    windows = sliding_window_view(a, sizes, axes) if sizes else a
    inner = [1, *(k + len(sizes) for k in axes)]
    y = np.tensordot(windows, turned(b, axes), (inner, [1, *axes]))
    return np.moveaxis(y, -1, 1)


def to_stack(g: Any, other: Any, into: tuple[int, ...], cut: tuple[int, ...], mode: str) -> Any:
    """`g` has the shape (i, j, …), `other` (j, channels, …); the result (i, channels, …)."""
    other = turned(np.swapaxes(other, 0, 1), range(2, len(into)))
    if mode == "same":
        g, mode = among_zeros(g, cut[2:]), "full"
    back = "full" if mode == "valid" and wider(into[2:], shape_of(other)[2:]) else "valid"
    return convolve_stacks(g, other, back)


linear(
    convolve_stacks,
    lambda g, b, into, mode: to_stack(g, b, into, shape_of(b), mode),
    lambda g, a, into, mode: to_stack(np.swapaxes(g, 0, 1), a, into, into, mode),
)
