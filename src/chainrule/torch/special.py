"""Special functions: those of torch under their names here, and more.

>>> import chainrule.torch as torch
>>> torch.special.expit(torch.tensor([0.0]))
tensor([0.5000])
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._rules.weighted import times_log1p

from ._checks import check_tensors, combination_error
from ._functions import mixing, operations, special_functions, spreads
from ._functions.joint import is_number, is_operand, joint
from ._functions.mixing import check_real, common_floats
from ._functions.special_functions import late
from ._missing import lookup as _lookup
from ._tape.plans import Op, op_named
from ._tensor import Tensor
from ._writing.out import into_out

# fmt: off
__all__ = [
    "airy_ai", "bessel_j0", "bessel_j1", "bessel_y0", "bessel_y1", "digamma", "entr", "erf",
    "erfc", "erfcx", "erfinv", "exp2", "expit", "expm1", "gammainc", "gammaincc", "gammaln", "i0",
    "i0e", "i1", "i1e", "log1p", "log_ndtr", "log_softmax", "logit", "logsumexp",
    "modified_bessel_i0", "modified_bessel_i1", "modified_bessel_k0", "modified_bessel_k1",
    "multigammaln", "ndtr", "ndtri", "polygamma", "psi", "round", "scaled_modified_bessel_k0",
    "scaled_modified_bessel_k1", "sinc", "softmax", "spherical_bessel_j0", "xlog1py", "xlogy",
    "zeta",
]
# fmt: on

# ---------------------------------------------------------------- functions of torch


def also(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return `function` under another name, by which its errors call it."""
    own = function.__name__

    @functools.wraps(function)
    def call(*inputs: Any, **options: Any) -> Any:
        try:
            return function(*inputs, **options)
        except TypeError as error:
            raise TypeError(str(error).replace(f"{own}()", f"special_{name}()")) from None

    call.__name__ = call.__qualname__ = name
    call.__module__ = __name__
    call.__doc__ = f"`torch.{own}` by another name: see there."
    return call


digamma = also("digamma", special_functions.digamma)
erf = also("erf", operations.erf)
erfc = also("erfc", operations.erfc)
erfinv = also("erfinv", special_functions.erfinv)
exp2 = also("exp2", operations.exp2)
expit = also("expit", operations.sigmoid)
expm1 = also("expm1", operations.expm1)
gammainc = also("gammainc", special_functions.igamma)
gammaincc = also("gammaincc", special_functions.igammac)
gammaln = also("gammaln", special_functions.lgamma)
i0 = also("i0", special_functions.i0)
log1p = also("log1p", operations.log1p)
log_softmax = also("log_softmax", spreads.log_softmax)
logit = also("logit", operations.logit)
logsumexp = also("logsumexp", spreads.logsumexp)
multigammaln = also("multigammaln", special_functions.mvlgamma)
polygamma = also("polygamma", special_functions.polygamma)
psi = also("psi", special_functions.digamma)
round = also("round", operations.round)
sinc = also("sinc", operations.sinc)
softmax = also("softmax", spreads.softmax)
xlogy = also("xlogy", mixing.xlogy)

# ---------------------------------------------------------------- of SciPy

OF_ONE = "torch.special.{}(torch.tensor([{}]))"
entr = late("entr", "Return -x log(x), which is 0 at 0 and -inf below.",
            OF_ONE.format("entr", "0.0, 0.5"), "tensor([0.0000, 0.3466])")  # fmt: skip
erfcx = late("erfcx", "Return exp(x * x) * erfc(x), without an overflow on the way.",
             OF_ONE.format("erfcx", "30.0"), "tensor([0.0188])")  # fmt: skip
log_ndtr = late("log_ndtr", "Return the logarithm of `ndtr`, with all digits where that is near 0.",
                OF_ONE.format("log_ndtr", "-40.0"), "tensor([-804.6084])")  # fmt: skip
ndtri = late("ndtri", "Return the number whose `ndtr` each number is.",
             OF_ONE.format("ndtri", "0.5, 0.975"), "tensor([0.0000, 1.9600])")  # fmt: skip
i0e = late("i0e", "Return exp(-|x|) * i0(x).",
           OF_ONE.format("i0e", "1.0"), "tensor([0.4658])")  # fmt: skip
i1 = late("i1", "Return the modified Bessel function of the first kind and of order 1.",
          OF_ONE.format("i1", "1.0"), "tensor([0.5652])")  # fmt: skip
i1e = late("i1e", "Return exp(-|x|) * i1(x).",
           OF_ONE.format("i1e", "1.0"), "tensor([0.2079])")  # fmt: skip
zeta = late("zeta", "Return the sum of (k + other)**-input for k = 0, 1, 2, …: Hurwitz's zeta.",
            "torch.special.zeta(torch.tensor([2.0]), 1)", "tensor([1.6449])")  # fmt: skip
airy_ai = late("airy_ai", "Return Airy's function Ai. It has no derivative here.")
bessel_j0, bessel_j1, bessel_y0, bessel_y1 = (
    late(f"bessel_{kind}", f"Return the Bessel function {kind}. It has no derivative here.")
    for kind in ("j0", "j1", "y0", "y1")
)
modified_bessel_i0, modified_bessel_i1, modified_bessel_k0, modified_bessel_k1 = (
    late(
        f"modified_bessel_{kind}",
        f"Return the modified Bessel function {kind}, not differentiated.",
    )
    for kind in ("i0", "i1", "k0", "k1")
)
scaled_modified_bessel_k0, scaled_modified_bessel_k1 = (
    late(f"scaled_modified_bessel_{kind}", f"Return exp(x) * {kind}(x), not differentiated.")
    for kind in ("k0", "k1")
)
spherical_bessel_j0 = late("spherical_bessel_j0", "Return sin(x) / x, not differentiated.")

# ---------------------------------------------------------------- of NumPy

PLUS_NUMBER = Op("AddBackward1", np.add, ("",), "self other")
TIMES_NUMBER = Op("MulBackward1", np.multiply, ("",), "self other")
XLOG1PY = Op("SpecialXlog1PyBackward0", times_log1p, ("self other",), "self other")
XLOG1PY_OF_NUMBER = Op("SpecialXlog1PyBackward1", times_log1p, ("", "other"), "self other")
XLOG1PY_NUMBER = Op("SpecialXlog1PyBackward2", times_log1p, ("self",), "self")
op_named(times_log1p, XLOG1PY)


def ndtr(input: Tensor, *, out: Tensor | None = None) -> Any:
    """Return the probability that a standard normal number is below each number.

    >>> import chainrule.torch as torch
    >>> torch.special.ndtr(torch.tensor([0.0, 1.96]))
    tensor([0.5000, 0.9750])
    """
    check_tensors("special_ndtr", input=input)
    at = operations.erf(joint(TIMES_NUMBER, (input, 1 / math.sqrt(2)), to=common_floats))
    result = joint(TIMES_NUMBER, (joint(PLUS_NUMBER, (at, 1)), 0.5))
    return result if out is None else into_out("special_ndtr", result, out)


def xlog1py(input: Any, other: Any, *, out: Tensor | None = None) -> Any:
    """Return `input * log(1 + other)`, and 0 where `input` is 0.

    >>> import chainrule.torch as torch
    >>> torch.special.xlog1py(torch.tensor([0.0, 2.0]), torch.tensor([-1.0, 0.5]))
    tensor([0.0000, 0.8109])
    """
    if not (is_operand(input) and is_operand(other)) or (is_number(input) and is_number(other)):
        raise combination_error(
            "special_xlog1py",
            (input, other),
            (
                "Tensor input, Tensor other, *, Tensor out = None",
                "Number self, Tensor other, *, Tensor out = None",
                "Tensor input, Number other, *, Tensor out = None",
            ),
        )
    check_real("xlog1py_cpu", input, other)
    op = XLOG1PY_OF_NUMBER if is_number(input) else XLOG1PY_NUMBER if is_number(other) else XLOG1PY
    result = joint(op, (input, other), to=common_floats)
    return result if out is None else into_out("special_xlog1py", result, out)


__getattr__ = _lookup(globals(), "torch.special", {})
