"""Names of PyTorch's that are not here: an error says so, and names the nearest that is."""

from __future__ import annotations

import difflib
import dis
import importlib
import sys
from collections.abc import Callable, Iterable
from typing import Any, NoReturn

from ._tensor import Tensor

__all__ = ["lookup", "mark_missing", "missing"]

# Methods and attributes of PyTorch's tensors that users look for. A class-wide `__getattr__` would
# make every attribute slower, so those that are not here are descriptors that raise.
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


# What does most nearly the same, where the spelling would not tell, or would tell a wrong one. A
# text with a space in it is said as it is; an empty one: there is nothing near.
NEAREST = {
    "torch.compile": "",
    "torch.conv_transpose1d": "",
    "torch.conv_transpose2d": "",
    "torch.conv_transpose3d": "",
    "torch.load": "pickle.load() reads what pickle.dump() wrote",
    "torch.save": "pickle.dump(model.state_dict(), file) keeps a model",
    "torch.utils.data.DistributedSampler": "Sampler",
}
SHORT = 8  # names that can be read in one line
LIKE = 0.7  # less alike are, by chance, det and dot, save and ravel


def missing(home: str, name: str, known: Iterable[str]) -> AttributeError:
    """Return the error for a name that `home`, such as "torch", does not have here."""
    near = nearest(home, name, [one for one in known if not one.startswith("_")])
    return AttributeError(f"{home}.{name} is not in chainrule{near}.")


def nearest(home: str, name: str, known: list[str]) -> str:
    """Return what to say of the names that `home` has: the nearest, or all if they are few."""
    told = NEAREST.get(f"{home}.{name}")
    if told is None:
        alike = {one.lower(): one for one in known}
        near = difflib.get_close_matches(name.lower(), alike, 1, LIKE)
        told = alike[near[0]] if near else ""
    if told:
        return f"; {told}" if " " in told else f"; the nearest name that is there: {told!r}"
    return f"; there are {', '.join(known)}" if 1 < len(known) <= SHORT else ""


def lookup(space: dict[str, Any], home: str, modules: dict[str, str]) -> Callable[[str], Any]:
    """Return the `__getattr__` of a module: it loads `modules` late, and names what is missing.

    A module may be followed by ":" and the name of what is meant in it.
    """

    def __getattr__(name: str) -> Any:
        module = space["__name__"]
        if name in modules:
            place, _, part = modules[name].partition(":")
            found = importlib.import_module(place, module)
            space[name] = found = getattr(found, part) if part else found
            return found
        if name.startswith("__"):
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        error = missing(home, name, (*space.get("__all__", space), *modules))
        if imports(1):  # Python would put a text of its own in the place of an AttributeError
            text = f"cannot import name {name!r} from {module!r}: {error}"
            raise ImportError(text, name=module, path=space.get("__file__"))
        raise error

    return __getattr__


def imports(above: int) -> bool:
    """Say whether what called, so many frames above the caller, is `from module import name`."""
    frame = sys._getframe(above + 1)
    return frame.f_code.co_code[frame.f_lasti] == dis.opmap["IMPORT_FROM"]


# ---------------------------------------------------------------- of tensors


class Absent:
    """A name that is not here: it raises wherever it is looked up, on the class, too."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, tensor: Any, kind: Any = None) -> NoReturn:
        raise missing("Tensor", self.name, there(vars(Tensor)))


def there(names: Iterable[str]) -> list[str]:
    """Return those of the names that tensors have."""
    return [name for name in names if not isinstance(vars(Tensor).get(name), Absent)]


def names_of_tensor(self: Any) -> list[str]:
    """Return the names that `dir` lists."""
    return there(object.__dir__(self))


def mark_missing() -> None:
    """Let tensors say which of PyTorch's names they do not have."""
    for name in TENSOR_NAMES:
        if not hasattr(Tensor, name):
            setattr(Tensor, name, Absent(name))
    Tensor.__dir__ = names_of_tensor  # type: ignore[method-assign]
