"""Methods in place as functions: `torch.exp_(x)` is `x.exp_()`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._checks import argument_error
from .._tensor import Tensor

__all__ = ["NAMES", "by_name"]

NAMES = [
    "abs_", "acos_", "acosh_", "addmv_", "arccos_", "arccosh_", "arcsin_", "arcsinh_", "arctan_",
    "arctanh_", "asin_", "asinh_", "atan_", "atanh_", "ceil_", "clamp_", "clamp_max_",
    "clamp_min_", "clip_", "conj_physical_", "cos_", "cosh_", "deg2rad_", "detach_", "erf_",
    "erfc_", "exp2_", "exp_", "expm1_", "fill_", "fix_", "floor_", "frac_", "gcd_", "i0_",
    "index_put_", "lcm_", "ldexp_", "log10_", "log1p_", "log2_", "log_", "logit_", "nan_to_num_",
    "neg_", "negative_", "rad2deg_", "reciprocal_", "round_", "rsqrt_", "sigmoid_", "sin_",
    "sinc_", "sinh_", "sqrt_", "square_", "tan_", "tanh_", "trunc_", "xlogy_", "zero_",
]  # fmt: skip


def by_name(name: str) -> Callable[..., Any]:
    """Return the function that calls the method `name` of its first argument."""

    def function(input: Any, *given: Any, **named: Any) -> Any:
        if not isinstance(input, Tensor):
            raise argument_error(name, "input", 1, input)
        return getattr(input, name)(*given, **named)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"Do `input.{name}()`: `{name[:-1]}` in place."
    return function


globals().update({name: by_name(name) for name in NAMES})
