"""Names of PyTorch's that are not here: an error says so, and names the nearest that is."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from ._tensor import Tensor

__all__ = ["lookup", "mark_missing", "missing"]

# Methods and attributes of PyTorch's tensors that users look for. A class-wide `__getattr__` would
# make every attribute slower, so those that are not here are properties that raise.
TENSOR_NAMES = [
    "H", "abs_", "absolute", "absolute_", "acos", "acos_", "acosh", "acosh_", "add_", "addbmm",
    "addbmm_", "addcdiv", "addcdiv_", "addcmul", "addcmul_", "addmm", "addmm_", "addmv", "addmv_",
    "addr", "addr_", "allclose", "amax", "amin", "aminmax", "angle", "apply_", "arccos",
    "arccos_", "arccosh_", "arcsin", "arcsin_", "arcsinh_", "arctan", "arctan2_", "arctan_",
    "arctanh_", "argsort", "as_strided", "as_strided_", "asin", "asin_", "asinh", "asinh_",
    "atan", "atan2", "atan2_", "atan_", "atanh", "atanh_", "baddbmm", "baddbmm_", "bernoulli",
    "bernoulli_", "bfloat16", "bincount", "bitwise_and_", "bitwise_left_shift_", "bitwise_not_",
    "bitwise_or_", "bitwise_right_shift_", "bitwise_xor_", "bmm", "cauchy_", "ceil", "ceil_",
    "char", "cholesky", "clamp_", "clamp_max_", "clamp_min_", "clip_", "conj", "conj_physical_",
    "copysign_", "corrcoef", "cos_", "cosh", "cosh_", "count_nonzero", "cov", "cross", "cummax",
    "cummin", "cumprod", "cumprod_", "cumsum", "cumsum_", "deg2rad", "deg2rad_", "det", "diag",
    "diag_embed", "diagonal", "diff", "digamma", "digamma_", "dist", "divide_", "eq_", "erf",
    "erf_", "erfc", "erfc_", "erfinv", "erfinv_", "exp2", "exp2_", "exp_", "expm1", "expm1_",
    "exponential_", "fill_diagonal_", "fix_", "flip", "fliplr", "flipud", "float_power",
    "float_power_", "floor_", "floor_divide_", "fmax", "fmin", "fmod", "fmod_", "frac", "frac_",
    "gather", "gcd_", "ge_", "geometric_", "grad_dtype", "greater_", "greater_equal_", "gt_",
    "heaviside_", "histc", "hypot_", "i0_", "igamma_", "igammac_", "imag", "index_add",
    "index_add_", "index_copy", "index_copy_", "index_fill", "index_fill_", "index_put",
    "index_put_", "index_reduce_", "index_select", "inner", "inverse", "is_inference",
    "is_pinned", "kthvalue", "lcm_", "ldexp_", "le_", "lerp", "lerp_", "less_", "less_equal_",
    "lgamma", "lgamma_", "log10_", "log1p_", "log2_", "log_", "log_normal_", "logcumsumexp",
    "logdet", "logical_and_", "logical_not_", "logical_or_", "logical_xor_", "logit_",
    "logsumexp", "lt_", "map2_", "map_", "masked_fill", "masked_fill_", "masked_scatter_",
    "masked_select", "matrix_exp", "matrix_power", "median", "mode", "moveaxis", "multiply_",
    "mvlgamma_", "nan_to_num", "nan_to_num_", "nanmean", "nanmedian", "nanquantile", "nansum",
    "narrow", "ne_", "neg_", "negative_", "new_empty", "nextafter_", "normal_", "not_equal_",
    "outer", "pin_memory", "pinverse", "polygamma", "polygamma_", "pow_", "put_", "qr",
    "quantile", "rad2deg", "rad2deg_", "random_", "real", "reciprocal_", "relu_", "remainder_",
    "renorm_", "repeat", "repeat_interleave", "resize_", "resize_as_", "resize_as_sparse_",
    "roll", "rot90", "round_", "rsqrt", "rsqrt_", "scatter", "scatter_", "scatter_add",
    "scatter_add_", "scatter_reduce_", "select", "set_", "sgn", "sgn_", "share_memory_",
    "sigmoid_", "sign_", "sin_", "sinc", "sinc_", "sinh", "sinh_", "slogdet", "sort",
    "sparse_resize_", "sparse_resize_and_clear_", "sqrt_", "square_", "squeeze_", "std",
    "subtract_", "svd", "swapaxes_", "swapdims_", "t_", "take", "take_along_dim", "tan", "tan_",
    "tanh_", "tensor_split", "tile", "topk", "trace", "transpose_", "tril", "tril_", "triu",
    "triu_", "true_divide_", "trunc", "trunc_", "type_as", "unflatten", "unfold", "uniform_",
    "unique", "unsqueeze_", "untyped_storage", "var", "xlogy", "xlogy_",
]  # fmt: skip


def missing(home: str, name: str, known: Iterable[str]) -> AttributeError:
    """Return the error for a name that `home`, such as "torch", does not have here."""
    there = [one for one in known if not one.startswith("_")]
    near = difflib.get_close_matches(name, there, 1, 0.4)
    nearest = f"; the nearest name that is there: {near[0]!r}" if near else ""
    return AttributeError(f"{home}.{name} is not in chainrule{nearest}.")


def lookup(space: dict[str, Any], home: str, modules: dict[str, str]) -> Callable[[str], Any]:
    """Return the `__getattr__` of a module: it loads `modules` late, and names what is missing."""

    def __getattr__(name: str) -> Any:
        if name in modules:
            found = space[name] = importlib.import_module(modules[name], space["__name__"])
            return found
        if name.startswith("__"):
            raise AttributeError(f"module {space['__name__']!r} has no attribute {name!r}")
        raise missing(home, name, (*space.get("__all__", space), *modules))

    return __getattr__


def absent(name: str) -> property:
    def refuse(self: Any) -> NoReturn:
        raise missing("Tensor", name, (one for one in dir(Tensor) if one not in TENSOR_NAMES))

    return property(refuse)


def mark_missing() -> None:
    """Let tensors say which of PyTorch's names they do not have."""
    for name in TENSOR_NAMES:
        if not hasattr(Tensor, name):
            setattr(Tensor, name, absent(name))
