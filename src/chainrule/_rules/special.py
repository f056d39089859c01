"""SciPy's elementary special functions: logistic, entropies, transforms, and shares of a sum."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np
import scipy.special as special

from chainrule._core.errors import MissingRuleError
from chainrule._core.stating import elementwise, spelled
from chainrule._core.values import dtype_of, ndim_of, shape_of

from .arithmetic import held
from .learning import log_softmax, softmax
from .reductions import axes_of, kept_shape

__all__ = ["refused"]

expit, hyp1f1 = special.expit, special.hyp1f1


def refused(function: str, argument: str) -> Callable[..., Any]:
    """Return the pull of an argument in which a function has no derivative in closed form."""

    def refuse(g: Any) -> NoReturn:
        raise MissingRuleError(
            f"scipy.special.{function} has a derivative, but no formula for one in its argument "
            f"{argument}, which is being differentiated; give a plain number there."
        )

    return refuse


# ---------------------------------------------------------------- logistic, exponentials

elementwise(
    expit, lambda g, x: g * expit(x) * expit(-x)
)  # y * (1 - y) has no digits left at x = 37
elementwise(special.logit, lambda g, x: g / (x * (1 - x)))
elementwise(special.log_expit, lambda g, x: g * expit(-x))
elementwise(special.expm1, lambda g, x: g * np.exp(x))
elementwise(special.log1p, lambda g, x: g / (1 + x))
elementwise(special.exp2, lambda g, y: g * math.log(2) * y)
elementwise(special.exp10, lambda g, y: g * math.log(10) * y)
elementwise(special.cbrt, lambda g, x: g / (3 * special.cbrt(x) ** 2))
elementwise(special.cosm1, lambda g, x: -g * np.sin(x))
elementwise(special.exprel, lambda g, x: g * hyp1f1(2, 3, x) / 2)
elementwise(
    hyp1f1,
    refused("hyp1f1", "a"),
    refused("hyp1f1", "b"),
    lambda g, a, b, c: g * a * hyp1f1(a + 1, b + 1, c) / b,
)
elementwise(special.expi, lambda g, x: g * np.exp(x) / x)
elementwise(special.exp1, lambda g, x: -g * np.exp(-x) / x)

# ---------------------------------------------------------------- entropies


def share_of(a: Any, b: Any) -> Any:
    """a / b, and 0 where `a` is: xlogy and its like are 0 there, whatever `b`."""
    return np.where(a == 0, 0, a) / np.where((a == 0) & (b == 0), 1, b)


elementwise(special.xlogy, lambda g, b: g * np.log(b), lambda g, a, b: g * share_of(a, b))
elementwise(special.xlog1py, lambda g, b: g * np.log1p(b), lambda g, a, b: g * share_of(a, 1 + b))
elementwise(special.entr, lambda g, x: -g * (np.log(x) + 1))
elementwise(
    special.rel_entr,
    lambda g, a, b: g * (np.log(a / b) + 1),
    lambda g, a, b: -g * share_of(a, b),
)
elementwise(
    special.kl_div, lambda g, a, b: g * np.log(a / b), lambda g, a, b: g * (1 - share_of(a, b))
)

# ---------------------------------------------------------------- losses and transforms


def of_bend(g: Any, a: Any, b: Any) -> Any:
    """In `a`, of a*a * (s - 1) with s = sqrt(1 + (b/a)**2); s - 1 would cancel."""
    q = b / a
    s = np.sqrt(1 + q * q)
    return g * a * q**4 / (s * (s + 1) ** 2)


def to_power(g: Any, log: Any, power: Any) -> Any:
    """(x**power - 1) / power in the power, which has digits at 0 too."""
    return g * log**2 * hyp1f1(2, 3, power * log) / 2


elementwise(
    special.huber,
    lambda g, a, b: g * np.maximum(np.absolute(b) - a, 0),
    lambda g, a, b: g * np.clip(b, -a, a),
)
elementwise(special.pseudo_huber, of_bend, lambda g, a, b: g * b / np.sqrt(1 + (b / a) ** 2))
elementwise(
    special.boxcox, lambda g, a, b: g * a ** (b - 1), lambda g, a, b: to_power(g, np.log(a), b)
)
elementwise(
    special.boxcox1p,
    lambda g, a, b: g * (1 + a) ** (b - 1),
    lambda g, a, b: to_power(g, np.log1p(a), b),
)
elementwise(
    special.inv_boxcox,
    lambda g, b, y: g * y ** (1 - b),
    lambda g, b, y: -to_power(g, np.log(y), b) * y ** (1 - b),
)
elementwise(
    special.inv_boxcox1p,
    lambda g, b, y: g * (1 + y) ** (1 - b),
    lambda g, b, y: -to_power(g, np.log1p(y), b) * (1 + y) ** (1 - b),
)

# ---------------------------------------------------------------- shares of a sum


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


spelled(special.logsumexp, logsumexp)
spelled(special.softmax, lambda x, axis=None: softmax(x, axes_of(axis, ndim_of(x))))
spelled(special.log_softmax, lambda x, axis=None: log_softmax(x, axes_of(axis, ndim_of(x))))
