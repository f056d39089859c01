"""scipy.signal, with convolutions and correlations that are differentiable in both arrays.

Every other name of scipy.signal is here and works on plain arrays.

>>> import numpy as np
>>> import chainrule
>>> from chainrule.scipy.signal import convolve
>>> image, kernel = np.ones((4, 4)), np.array([[1.0, -1.0]])
>>> chainrule.grad(lambda k: np.sum(convolve(image, k, mode="valid") ** 2))(kernel)
array([[0., 0.]])
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule import _rules  # noqa: F401  (states the table)
from chainrule._core.faces import face_of
from chainrule._core.traces import joined
from chainrule._core.values import ndim_of, shape_of
from chainrule._optional import library

_module = library("scipy.signal", extra="scipy")

__all__ = list(_module.__all__)

MODES = ("full", "valid", "same")


def convolve(
    in1: Any,
    in2: Any,
    axes: Any = None,
    dot_axes: Any = None,
    mode: Any = "full",
    method: Any = "auto",
) -> Any:
    """Return the convolution of two arrays, called as SciPy's or as the autograd package's.

    `convolve(in1, in2, mode, method)` is SciPy's: along all axes, with `mode` "full", "valid" or
    "same" and `method` "auto", "direct" or "fft".

    With `axes`, a pair of lists, those axes of `in1` and `in2` alone are convolved with each
    other; products are summed over the pairs of axes in `dot_axes`; and of all other axes every
    combination is computed. The result has the other axes of `in1`, those of `in2`, and the
    convolved ones.

    >>> import numpy as np
    >>> from chainrule.scipy.signal import convolve
    >>> convolve([1.0, 2.0], [1.0, 10.0])
    array([ 1., 12., 20.])
    >>> images, kernels = np.ones((5, 8, 8)), np.ones((2, 3, 3))
    >>> convolve(images, kernels, axes=([1, 2], [1, 2]), mode="valid").shape
    (5, 2, 6, 6)
    """
    if isinstance(axes, str):  # SciPy's third and fourth
        axes, dot_axes, mode, method = None, None, axes, dot_axes or method
    if axes is None and not any(dot_axes or ()):
        from chainrule._rules import signal

        return signal.convolve(in1, in2, mode, method)
    if mode not in MODES:
        raise ValueError(f"mode is one of {', '.join(MODES)}, but was {mode!r}.")
    return along(joined(in1), joined(in2), axes, dot_axes or ((), ()), mode)


def along(a: Any, b: Any, axes: Any, dot_axes: Any, mode: str) -> Any:
    from chainrule._rules.signal import convolve_stacks

    if axes is None:
        axes = (range(ndim_of(a)), range(ndim_of(b)))
    stacks, others, sizes = [], [], []
    for x, moved, summed in zip((a, b), axes, dot_axes, strict=True):
        moved, summed = ([k % ndim_of(x) for k in some] for some in (moved, summed))
        rest = [k for k in range(ndim_of(x)) if k not in moved and k not in summed]
        shape = shape_of(x)
        others.append([shape[k] for k in rest])
        sizes.append([shape[k] for k in moved])
        counts = [math.prod(shape[k] for k in some) for some in (rest, summed)]
        x = np.transpose(x, [*rest, *summed, *moved])
        stacks.append(np.reshape(x, (*counts, *sizes[-1])))
    refuse_mixed(sizes, mode)
    y = convolve_stacks(*stacks, mode)
    return np.reshape(y, (*others[0], *others[1], *shape_of(y)[2:]))


def refuse_mixed(sizes: list[list[int]], mode: str) -> None:
    larger = [n >= m for n, m in zip(*sizes, strict=True)]
    smaller = [n <= m for n, m in zip(*sizes, strict=True)]
    if mode == "valid" and not (all(larger) or all(smaller)):
        raise ValueError(
            "with mode='valid' one array must be at least as large as the other along every "
            f"convolved axis, but they are {sizes[0]} and {sizes[1]}."
        )


__getattr__ = face_of(globals(), _module, {})


def __dir__() -> list[str]:
    return sorted(__all__)
