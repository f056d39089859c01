"""NumPy with derivatives: every name of NumPy is here.

A function that has a derivative rule records its calls with values that are being differentiated;
any other works on plain arrays, and says so when such a value reaches it. Unlike plain `numpy`,
`array`, `asarray` and `full` take such values.

>>> import chainrule
>>> import chainrule.numpy as np
>>> chainrule.grad(lambda x: np.sum(np.array([x, x**2])))(3.0)
7.0
"""

from __future__ import annotations

from typing import Any

import numpy as _numpy

from chainrule import _rules  # noqa: F401  (states the table)
from chainrule._core.faces import face_of
from chainrule._core.traces import joined
from chainrule._core.values import cast, holds_value

__all__ = [name for name in _numpy.__all__ if name != "test"]


def array(object: Any, dtype: Any = None, **options: Any) -> Any:
    """Return an array of numbers, nested lists of numbers.

    Or values that are being differentiated.
    """
    if not holds_value(object):
        return _numpy.array(object, dtype, **options)
    y = _numpy.copy(joined(object))
    return y if dtype is None else cast(y, _numpy.dtype(dtype))


def full(shape: Any, fill_value: Any, dtype: Any = None, **options: Any) -> Any:
    """Return an array of one number, which may be a value that is being differentiated."""
    if not holds_value(fill_value):
        return _numpy.full(shape, fill_value, dtype, **options)
    y = _numpy.copy(_numpy.broadcast_to(joined(fill_value), shape))
    return y if dtype is None else cast(y, _numpy.dtype(dtype))


def asarray(a: Any, dtype: Any = None, **options: Any) -> Any:
    """Return `a` as an array; a value that is being differentiated is returned as it is."""
    if not holds_value(a):
        return _numpy.asarray(a, dtype, **options)
    y = joined(a)
    return y if dtype is None else cast(y, _numpy.dtype(dtype))


__getattr__ = face_of(
    globals(),
    _numpy,
    {
        "linalg": "chainrule.numpy.linalg",
        "fft": "chainrule.numpy.fft",
        "random": "chainrule.numpy.random",
        "numpy_boxes": "chainrule.extend.inside",  # as programs for autograd write
    },
)


def __dir__() -> list[str]:
    return sorted(set(__all__) | {"linalg", "fft", "random"})
