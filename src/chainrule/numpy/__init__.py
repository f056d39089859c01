"""NumPy with derivatives: every name of NumPy is here.

A function that has a derivative rule records its calls with values that are being differentiated;
any other works on plain arrays, and says so when such a value reaches it. Unlike plain `numpy`,
every function takes such values in lists too, and those that make arrays make them of values:
`array`, `full`, `arange`, `r_` and their like.

>>> import chainrule
>>> import chainrule.numpy as np
>>> chainrule.grad(lambda x: np.sum(np.array([x, x**2])))(3.0)
7.0
"""

from __future__ import annotations

import numpy as _numpy

from chainrule import _rules  # noqa: F401  (states the table)
from chainrule._core.faces import face_of

from . import creation as _creation

__all__ = [name for name in _numpy.__all__ if name != "test"]

_OWN = {
    "apply_along_axis": "chainrule._rules.applying",
    "apply_over_axes": "chainrule._rules.applying",
    "c_": "chainrule.numpy.index_tricks",
    "ndenumerate": "chainrule.numpy.index_tricks",
    "metadata": "chainrule.extend.inside",  # which rules for the autograd package call
    "nditer": "chainrule.numpy.index_tricks",
    "nested_iters": "chainrule.numpy.index_tricks",
    "poly1d": "chainrule.numpy.polynomials",
    "r_": "chainrule.numpy.index_tricks",
    "vectorize": "chainrule.numpy.vectorizing",
} | dict.fromkeys(_creation.__all__, _creation.__name__)

# Modules beside NumPy's names that programs for the autograd package reach.
_OF_AUTOGRAD = ("numpy_boxes", "numpy_vjps", "numpy_vspaces")

__getattr__ = face_of(
    globals(),
    _numpy,
    {
        "linalg": "chainrule.numpy.linalg",
        "fft": "chainrule.numpy.fft",
        "emath": "chainrule.numpy.emath",
        "polynomial": "chainrule.numpy.polynomial",
        "random": "chainrule.numpy.random",
        **dict.fromkeys(_OF_AUTOGRAD, "chainrule.extend.inside"),
    },
    _OWN,
)


def __dir__() -> list[str]:
    return sorted(set(__all__) | {"emath", "linalg", "fft", "polynomial", "random"})
