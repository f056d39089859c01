"""Functions of each number of a tensor: exponentials, angles, roots, rounding.

Each is a rule of the engine under PyTorch's name, with what PyTorch saves for it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._rules.learning import let_through
from chainrule._rules.learning import relu as relu_rule
from chainrule._rules.learning import sigmoid as sigmoid_rule
from chainrule._rules.normal import erf as erf_rule
from chainrule._rules.normal import erfc as erfc_rule
from chainrule._rules.saturating import bounded_tanh, log_odds
from chainrule._rules.steps import fraction, lower, nearest, size, upper, whole_part
from chainrule._rules.steps import sign as sign_rule
from chainrule._rules.weighted import inverse_root

from .._checks import check_tensors, not_implemented
from .._tape.plans import Op, op_named
from .._tape.recording import operation
from .._tensor import Tensor
from .._writing.out import into_out
from .choices import clamp
from .quotients import rounded_quotient as rounded_quotient
from .real_numbers import real_angles, real_only
from .unary import unary, whole_too

# fmt: off
__all__ = [
    "abs", "absolute", "acos", "acosh", "arccos", "arccosh", "arcsin", "arcsinh", "arctan",
    "arctanh", "asin", "asinh", "atan", "atanh", "ceil", "cos", "cosh", "deg2rad", "erf", "erfc",
    "exp", "exp2", "expm1", "fix", "floor", "frac", "log", "log1p", "log2", "log10", "logit",
    "neg", "negative", "positive", "rad2deg", "reciprocal", "relu", "round", "rsqrt", "sigmoid",
    "sign", "sin", "sinc", "sinh", "sqrt", "square", "tan", "tanh", "trunc",
]
# fmt: on

ndarray = np.ndarray

# ---------------------------------------------------------------- numbers that are not floating


def signed(name: str, x: Any) -> Any:
    if x.dtype.kind == "b":
        not_implemented(f"{name}_cpu", x.dtype)
    return x


def negated(name: str, x: Any) -> Any:
    if x.dtype.kind == "b":
        raise RuntimeError(
            "Negation, the `-` operator, on a bool tensor is not supported. If you are trying to "
            "invert a mask, use the `~` or `logical_not()` operator instead."
        )
    return x


def rectified(name: str, x: Any) -> Any:
    if x.dtype.kind == "b":
        raise RuntimeError("Boolean inputs not supported for relu")
    return ordered("clamp", x)


def ordered(name: str, x: Any) -> Any:
    """Complex numbers have no order, and truth values are not rounded."""
    if x.dtype.kind == "b" and name != "sign":
        not_implemented(f"{name}_vml_cpu", x.dtype)
    if x.dtype.kind == "c":
        if name == "sign":
            raise NotImplementedError(
                "Unlike NumPy, torch.sign is not intended to support complex numbers. Please use "
                "torch.sgn instead."
            )
        if name == "round":
            not_implemented("round_vml_cpu", x.dtype)
        what = "types" if name == "clamp" else "inputs"
        raise NotImplementedError(f"{name} is not supported for complex {what}")
    return x


def fractional(name: str, x: Any) -> Any:
    not_implemented(f"{name}_cpu", x.dtype)


def whole_kept(round_: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return `round_`, but for whole numbers, of which NumPy's older releases make floats."""
    return lambda x: round_(x) if x.dtype.kind in "fc" else x.copy("K")


def signs(x: Any) -> Any:
    y = x.copy() if x.dtype.kind == "b" else np.sign(x)
    if y.dtype.kind != "f" or (type(y) is ndarray and not np.isnan(y).any()):
        return y
    return np.where(np.isnan(y), 0, y)


def squared(x: Any) -> Any:
    return x * x if x.dtype.kind != "b" else (x * x).astype(np.int64)


def cardinal_sine(x: Any) -> Any:
    t = x * math.pi
    return np.where(x == 0, x.dtype.type(1), np.sin(t) / t)


ZERO = {np.dtype(kind): np.zeros((), kind) for kind in (np.float32, np.float64)}
ONE = {np.dtype(kind): np.ones((), kind) for kind in (np.float32, np.float64)}


def positive_part(x: Any) -> Any:
    return np.maximum(x, ZERO.get(x.dtype, 0))  # a Python number would take 0.5 us longer


def logistic(x: Any) -> Any:
    one = ONE.get(x.dtype, 1)
    return one / (one + np.exp(-x))


# ---------------------------------------------------------------- exponentials and logarithms

exp = unary("exp", np.exp, "result", "Return e to the power of each number.",
            ("0.0, 1.0", "1.0000, 2.7183"))  # fmt: skip
exp2 = unary("exp2", np.exp2, "result", "Return 2 to the power of each number.",
             ("0.0, 3.0", "1., 8."))  # fmt: skip
expm1 = unary("expm1", np.expm1, "result", "Return exp(x) - 1, with all digits where x is near 0.",
              ("0.0, 1.0", "0.0000, 1.7183"))  # fmt: skip
log = unary("log", np.log, "self", "Return the natural logarithm of each number.",
            ("1.0, 10.0", "0.0000, 2.3026"))  # fmt: skip
log2 = unary("log2", np.log2, "self", "Return the logarithm of each number to the base 2.",
             ("1.0, 8.0", "0., 3."))  # fmt: skip
log10 = unary("log10", np.log10, "self", "Return the logarithm of each number to the base 10.",
              ("1.0, 100.0", "0., 2."))  # fmt: skip
log1p = unary("log1p", np.log1p, "self", "Return log(1 + x), with all digits where x is near 0.",
              ("0.0, 1.0", "0.0000, 0.6931"))  # fmt: skip
sigmoid = unary("sigmoid", sigmoid_rule, "result", "Return 1 / (1 + exp(-x)), between 0 and 1.",
                ("0.0, 2.0", "0.5000, 0.8808"), call=logistic)  # fmt: skip
erf = unary("erf", erf_rule, "self", "Return the error function of each number.",
            ("0.0, 1.0", "0.0000, 0.8427"), other=real_only("erf_vml_cpu"))  # fmt: skip
erfc = unary("erfc", erfc_rule, "self", "Return 1 - erf(x), with all digits where it is near 0.",
             ("0.0, 1.0", "1.0000, 0.1573"), other=real_only("erfc_vml_cpu"))  # fmt: skip

# ---------------------------------------------------------------- powers and sizes

sqrt = unary("sqrt", np.sqrt, "result", "Return the square root of each number.",
             ("4.0, 2.0", "2.0000, 1.4142"))  # fmt: skip
rsqrt = unary("rsqrt", inverse_root, "result", "Return 1 / sqrt(x).",
              ("4.0, 1.0", "0.5000, 1.0000"))  # fmt: skip
square = unary("square", np.square, "self", "Return the square of each number.",
               ("3.0, -4.0", " 9., 16."), other=whole_too, node="Pow", call=squared)  # fmt: skip
reciprocal = unary("reciprocal", np.reciprocal, "result", "Return 1 / x.",
                   ("2.0, 4.0", "0.5000, 0.2500"))  # fmt: skip
abs = unary("abs", size, "self", "Return the size of each number; its slope at 0 is 0.",
            ("-2.0, 3.0", "2., 3."), other=signed)  # fmt: skip
neg = unary("neg", np.negative, "", "Return the numbers with their signs changed.",
            ("-2.0, 3.0", " 2., -3."), other=negated)  # fmt: skip
relu = unary("relu", relu_rule, "result", "Return the positive numbers, and 0 for all others.",
             ("-2.0, 3.0", "0., 3."), other=rectified, call=positive_part)  # fmt: skip
sign = unary("sign", sign_rule, "", "Return -1, 0 or 1 for each number; the gradient is 0.",
             ("-2.0, 3.0", "-1.,  1."), other=ordered,
             call=signs)  # fmt: skip

# ---------------------------------------------------------------- angles

sin = unary("sin", np.sin, "self", "Return the sine of each angle in radians.",
            ("0.0, 1.0", "0.0000, 0.8415"))  # fmt: skip
cos = unary("cos", np.cos, "self", "Return the cosine of each angle in radians.",
            ("0.0, 1.0", "1.0000, 0.5403"))  # fmt: skip
tan = unary("tan", np.tan, "result", "Return the tangent of each angle in radians.",
            ("0.0, 1.0", "0.0000, 1.5574"))  # fmt: skip
sinc = unary("sinc", np.sinc, "self", "Return sin(pi x) / (pi x), and 1 at 0.",
             ("0.0, 0.5", "1.0000, 0.6366"), call=cardinal_sine)  # fmt: skip
asin = unary("asin", np.arcsin, "self", "Return the angle whose sine each number is.",
             ("0.0, 1.0", "0.0000, 1.5708"))  # fmt: skip
acos = unary("acos", np.arccos, "self", "Return the angle whose cosine each number is.",
             ("0.0, 1.0", "1.5708, 0.0000"))  # fmt: skip
atan = unary("atan", np.arctan, "self", "Return the angle whose tangent each number is.",
             ("0.0, 1.0", "0.0000, 0.7854"))  # fmt: skip
sinh = unary("sinh", np.sinh, "self", "Return the hyperbolic sine of each number.",
             ("0.0, 1.0", "0.0000, 1.1752"))  # fmt: skip
cosh = unary("cosh", np.cosh, "self", "Return the hyperbolic cosine of each number.",
             ("0.0, 1.0", "1.0000, 1.5431"))  # fmt: skip
tanh = unary("tanh", bounded_tanh, "result", "Return the hyperbolic tangent of each number.",
             ("0.0, 1.0", "0.0000, 0.7616"))  # fmt: skip
asinh = unary("asinh", np.arcsinh, "self", "Return what each number is the hyperbolic sine of.",
              ("0.0, 1.0", "0.0000, 0.8814"))  # fmt: skip
acosh = unary("acosh", np.arccosh, "self", "Return what each number is the hyperbolic cosine of.",
              ("1.0, 2.0", "0.0000, 1.3170"))  # fmt: skip
atanh = unary("atanh", np.arctanh, "self", "Return what each number is the hyperbolic tangent of.",
              ("0.0, 0.5", "0.0000, 0.5493"))  # fmt: skip
deg2rad = unary("deg2rad", np.deg2rad, "", "Return each angle, given in degrees, in radians.",
                ("0.0, 180.0", "0.0000, 3.1416"), other=real_angles)  # fmt: skip
rad2deg = unary("rad2deg", np.rad2deg, "", "Return each angle, given in radians, in degrees.",
                ("0.0, 1.0", " 0.0000, 57.2958"), other=real_angles)  # fmt: skip

# ---------------------------------------------------------------- rounding: the gradients are 0

floor = unary("floor", lower, "", "Return the largest whole number that is not above each.",
              ("1.5, -1.5", " 1., -2."), other=ordered, call=whole_kept(np.floor))  # fmt: skip
ceil = unary("ceil", upper, "", "Return the smallest whole number that is not below each.",
             ("1.5, -1.5", " 2., -1."), other=ordered, call=whole_kept(np.ceil))  # fmt: skip
trunc = unary("trunc", whole_part, "", "Return each number without the digits behind its point.",
              ("1.5, -1.5", " 1., -1."), other=ordered, call=whole_kept(np.trunc))  # fmt: skip
frac = unary("frac", fraction, "", "Return the digits behind each number's point, with its sign.",
             ("1.5, -1.5", " 0.5000, -0.5000"), other=fractional)  # fmt: skip
op_named(let_through, Op("ThresholdBackwardBackward0", let_through, ("self",), "grad_output self"))
round_whole = unary("round", nearest, "", "", ("", ""), other=ordered,
                    call=whole_kept(np.rint))  # fmt: skip
round_digits = operation("RoundBackward1", nearest, "", "self")


def round(input: Tensor, *, decimals: int = 0, out: Tensor | None = None) -> Any:
    """Return the nearest numbers with so many digits behind the point; of two, the even one.

    The gradient is 0.

    >>> import chainrule.torch as torch
    >>> torch.round(torch.tensor([0.5, 1.5, 1.26])), torch.round(torch.tensor([1.26]), decimals=1)
    (tensor([0., 2., 1.]), tensor([1.3000]))
    """
    if not decimals:
        return round_whole(input, out=out)
    check_tensors("round", input=input)
    if input._array.dtype.kind != "f":
        not_implemented("round_cpu", input._array.dtype)
    result = round_digits(input, decimals=decimals)
    return result if out is None else into_out("round", result, out)


log_odds_of = unary("logit", log_odds, "self", "", ("", ""), other=real_only("logit_cpu"))


def logit(input: Tensor, eps: float | None = None, *, out: Tensor | None = None) -> Any:
    """Return log(x / (1 - x)), with x first clipped to between `eps` and 1 - `eps`.

    >>> import chainrule.torch as torch
    >>> torch.logit(torch.tensor([0.5, 0.75]))
    tensor([0.0000, 1.0986])
    """
    return log_odds_of(input if eps is None else clamp(input, eps, 1 - eps), out=out)


def positive(input: Tensor) -> Tensor:
    """Return the tensor itself.

    >>> import chainrule.torch as torch
    >>> torch.positive(torch.tensor([-1.0]))
    tensor([-1.])
    """
    check_tensors("positive", input=input)
    if input._array.dtype.kind == "b":
        raise RuntimeError("The `+` operator, on a bool tensor is not supported.")
    return input


absolute, negative, fix = abs, neg, trunc
arcsin, arccos, arctan, arcsinh, arccosh, arctanh = asin, acos, atan, asinh, acosh, atanh

METHODS: dict[str, Callable[..., Any]] = {name: globals()[name] for name in __all__} | {
    "__abs__": abs,
    "__neg__": neg,
    "__pos__": positive,
}
