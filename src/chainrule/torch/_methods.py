"""The methods of tensors: each is a function of one of the files, given to the class here."""

from __future__ import annotations

import importlib
from typing import Any

from . import _missing
from ._calls import as_method
from ._tensor import Tensor
from ._writing.in_place import in_place
from .autograd._hooks import register_hook, register_post_accumulate_grad_hook
from .autograd._leaves import requires_grad_, retain_grad
from .autograd._passes import tensor_backward

__all__ = ["FILES"]

# The files of functions: each has a public list, and METHODS for tensors.
FILES = [
    "_conversions.attributes", "_conversions.casts", "_conversions.copies",
    "_conversions.exchange", "_conversions.to_python", "_creation.distributions",
    "_creation.filled", "_creation.from_data", "_creation.legacy", "_creation.places",
    "_creation.ranges", "_creation.refills", "_creation.sampling", "_functions.additions",
    "_functions.arithmetic", "_functions.blocks", "_functions.broadcasts", "_functions.choices",
    "_functions.comparisons", "_functions.complex_parts", "_functions.conjugates",
    "_functions.contractions", "_functions.counts", "_functions.covariances",
    "_functions.differences", "_functions.extremes", "_functions.histograms",
    "_functions.joining", "_functions.matrices", "_functions.missing_numbers",
    "_functions.mixing", "_functions.operations", "_functions.orders", "_functions.pairs",
    "_functions.parts_written", "_functions.places", "_functions.powers", "_functions.products",
    "_functions.quantiles", "_functions.quotients", "_functions.rearranging",
    "_functions.reductions", "_functions.reshaping", "_functions.running",
    "_functions.running_extremes", "_functions.scattering", "_functions.shapes",
    "_functions.sorting", "_functions.special_functions", "_functions.splitting",
    "_functions.spreads", "_functions.truths", "_functions.uniques",
    "_functions.unit_dimensions", "_functions.windows",
    "_indexing", "_subclasses", "_writing.filling", "_writing.one_by_one", "_writing.storing",
    "storage",
]  # fmt: skip
METHODS: dict[str, Any] = {
    "backward": tensor_backward,
    "register_hook": register_hook,
    "register_post_accumulate_grad_hook": register_post_accumulate_grad_hook,
    "requires_grad_": requires_grad_,
    "retain_grad": retain_grad,
}
IN_PLACE = [
    "abs", "absolute", "acos", "acosh", "add", "addbmm", "addcdiv", "addcmul", "addmm", "addmv",
    "addr", "arccos", "arccosh", "arcsin", "arcsinh", "arctan", "arctan2", "arctanh", "asin",
    "asinh", "atan", "atan2", "atanh", "baddbmm", "bitwise_and", "bitwise_left_shift",
    "bitwise_not", "bitwise_or", "bitwise_right_shift", "bitwise_xor", "ceil", "clamp",
    "clamp_max", "clamp_min", "clip", "conj_physical", "copysign", "cos", "cosh", "cumprod",
    "cumsum", "deg2rad", "digamma", "div", "divide", "eq", "erf", "erfc", "erfinv", "exp",
    "exp2", "expm1", "fix", "floor", "floor_divide", "fmod", "frac", "gcd", "ge", "greater",
    "greater_equal", "gt", "heaviside", "hypot", "i0", "igamma", "igammac", "index_add",
    "index_copy", "index_fill", "index_put", "lcm", "ldexp", "le", "lerp", "less", "less_equal",
    "lgamma", "log", "log10", "log1p", "log2", "logical_and", "logical_not", "logical_or",
    "logical_xor", "logit", "lt", "masked_fill", "masked_scatter", "mul", "multiply",
    "mvlgamma", "nan_to_num", "ne", "neg", "negative", "nextafter", "not_equal", "polygamma",
    "pow", "put", "rad2deg", "reciprocal", "relu", "remainder", "renorm", "round", "rsqrt",
    "scatter", "scatter_add", "sgn", "sigmoid", "sign", "sin", "sinc", "sinh", "sqrt", "square",
    "sub", "subtract", "tan", "tanh", "tril", "triu", "true_divide", "trunc", "xlogy",
]  # fmt: skip
OPERATORS = {
    "__iadd__": "__add__", "__isub__": "__sub__", "__imul__": "__mul__",
    "__itruediv__": "__truediv__", "__ipow__": "__pow__", "__ifloordiv__": "__floordiv__",
    "__imod__": "__mod__", "__iand__": "__and__", "__ior__": "__or__", "__ixor__": "__xor__",
    "__ilshift__": "__lshift__", "__irshift__": "__rshift__",
}  # fmt: skip


def install() -> None:
    found = METHODS.copy()
    for name in FILES:
        module = importlib.import_module(f".{name}", __package__)
        found |= getattr(module, "METHODS", {})
    for name in IN_PLACE:
        if name in found and f"{name}_" not in found:
            found[f"{name}_"] = in_place(found[name], f"{name}_")
    for name, operator in OPERATORS.items():
        if operator in found and name not in found:
            found[name] = in_place(found[operator], name)
    for name, function in found.items():
        setattr(Tensor, name, as_method(name, function))
    _missing.mark_missing()


install()
