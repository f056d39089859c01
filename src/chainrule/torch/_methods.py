"""The methods of tensors: each is a function of one of the files, given to the class here."""

from __future__ import annotations

import importlib
from typing import Any

from . import _arithmetic, _indexing, _inplace, _shapes
from ._inplace import in_place
from ._tensor import Tensor
from .autograd._hooks import register_hook, register_post_accumulate_grad_hook
from .autograd._leaves import requires_grad_, retain_grad
from .autograd._passes import tensor_backward

__all__: list[str] = []

METHODS: dict[str, Any] = {
    "backward": tensor_backward,
    "register_hook": register_hook,
    "register_post_accumulate_grad_hook": register_post_accumulate_grad_hook,
    "requires_grad_": requires_grad_,
    "retain_grad": retain_grad,
}
IN_PLACE = [
    "abs", "acos", "add", "asin", "atan", "ceil", "clamp", "clip", "cos", "cosh", "div", "divide",
    "exp", "exp2", "expm1", "floor", "floor_divide", "fmod", "frac", "index_add", "lerp", "log",
    "log10", "log1p", "log2", "masked_fill", "mul", "multiply", "neg", "negative", "pow",
    "reciprocal", "relu", "remainder", "round", "rsqrt", "scatter", "scatter_add", "sigmoid",
    "sign", "sin", "sinh", "sqrt", "square", "sub", "subtract", "tan", "tanh", "true_divide",
    "trunc",
]  # fmt: skip
OPERATORS = {
    "__iadd__": "__add__", "__isub__": "__sub__", "__imul__": "__mul__",
    "__itruediv__": "__truediv__", "__ipow__": "__pow__", "__ifloordiv__": "__floordiv__",
    "__imod__": "__mod__", "__iand__": "__and__", "__ior__": "__or__", "__ixor__": "__xor__",
}  # fmt: skip


def install() -> None:
    modules: list[Any] = [_arithmetic, _indexing, _inplace, _shapes]
    for name in (
        "_conversions",
        "_creation",
        "_operations",
        "_choices",
        "_comparisons",
        "_extremes",
        "_mixing",
        "_powers",
        "_products",
        "_reductions",
    ):
        try:
            modules.append(importlib.import_module(f".{name}", __package__))
        except ModuleNotFoundError as e:
            print("missing", e)
    found = METHODS.copy()
    for module in modules:
        found |= getattr(module, "METHODS", {})
    for name in IN_PLACE:
        if name in found:
            found[f"{name}_"] = in_place(found[name], f"{name}_")
    for name, operator in OPERATORS.items():
        if operator in found:
            found[name] = in_place(found[operator], name)
    for name, function in found.items():
        setattr(Tensor, name, function)
    Tensor.T = property(_shapes.reversed_axes)
    Tensor.mT = property(_shapes.matrix_transpose)


install()
