"""Special functions of SciPy."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import scipy.special

from chainrule._core.stating import elementwise, spelled
from chainrule._core.values import dtype_of, ndim_of, shape_of

from .arithmetic import held
from .reductions import axes_of, kept_shape

expit, logit, log_expit, erf = (
    scipy.special.expit,
    scipy.special.logit,
    scipy.special.log_expit,
    scipy.special.erf,
)


def logsumexp(
    a: Any, axis: Any = None, b: Any = None, keepdims: bool = False, return_sign: bool = False
) -> Any:
    """log(sum(b * exp(a))), the largest element taken out first so that nothing overflows."""
    if return_sign:
        raise TypeError(
            "logsumexp with return_sign=True has no derivative rule; write the sum of the two "
            "signs apart."
        )
    weighted = a if b is None else np.where(np.equal(b, 0), -np.inf, a)
    axes = axes_of(axis, ndim_of(weighted))
    if math.prod(shape_of(weighted)):
        top = held(np.max(weighted, axis=axes, keepdims=True))
    else:
        top = np.full(kept_shape(shape_of(weighted), axes), -np.inf, dtype_of(weighted))
    top = np.where(np.isfinite(top), top, 0)
    e = np.exp(weighted - top) if b is None else b * np.exp(weighted - top)
    y = np.log(np.sum(e, axis=axes, keepdims=True)) + top
    return y if keepdims else np.squeeze(y, axes)


elementwise(
    expit, lambda g, x: g * expit(x) * expit(-x)
)  # y * (1 - y) has no digits left at x = 37
elementwise(logit, lambda g, x: g / (x * (1 - x)))
elementwise(log_expit, lambda g, x: g * expit(-x))
elementwise(erf, lambda g, x: g * (2 / math.sqrt(math.pi)) * np.exp(-x * x))
spelled(scipy.special.logsumexp, logsumexp)
