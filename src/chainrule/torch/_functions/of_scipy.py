"""Functions of each number that SciPy computes: loaded by `special_functions.py` when called."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.special as scipy

from chainrule._core.table import known

from .._calls import title_of
from .._checks import check_tensors, not_implemented
from .._conversions.casts import cast_tensor
from .._tape.plans import Op, op_named
from .._tape.promotion import common, floating
from .._tape.quiet import QUIET, hush, unhush
from .._tape.recording import recorded
from .._tensor import Tensor, made
from .._writing.out import into_out
from .joint import joint
from .mixing import common_floats
from .real_numbers import real_only
from .spelling import called
from .unary import unary

known(scipy.gammaln)  # states the chapters of SciPy's special functions

# ---------------------------------------------------------------- of one number


def of_one(name: str, function: Any, saves: str, kernel: str = "", **options: Any) -> Any:
    """Return PyTorch's function `name`, computed by `function` of SciPy."""
    other = real_only(kernel or f"{name.removeprefix('special_')}_cpu")
    wide = unary(name, function, saves, "", ("", ""), other=other, **options)
    node = f"{options.get('node', name.title())}Backward0"

    def apply(input: Tensor, *, out: Tensor | None = None) -> Any:
        if not isinstance(input, Tensor) or input._array.dtype != np.float16:
            return wide(input, out=out)
        # SciPy has no half precision, and the slopes are its functions too
        single = wide(cast_tensor(input, np.dtype(np.float32)))
        result = called(node, cast_tensor(single, np.dtype(np.float16)))
        return result if out is None else into_out(name, result, out)

    return apply


def pole_signed(x: Any) -> Any:
    """The digamma function; at 0, which it leaves to -inf on the right, the sign of 0 counts."""
    return np.where(x == 0, np.copysign(np.inf, -x), scipy.psi(x)).astype(x.dtype)


lgamma = of_one("lgamma", scipy.gammaln, "self", "lgamma_vml_cpu")
digamma = of_one("digamma", scipy.psi, "self", "digamma", call=pole_signed)
i0 = of_one("i0", scipy.i0, "self", "i0_vml_cpu")
i0e = of_one("special_i0e", scipy.i0e, "self result", node="SpecialI0E")
i1 = of_one("special_i1", scipy.i1, "self result", node="SpecialI1")
i1e = of_one("special_i1e", scipy.i1e, "self result", node="SpecialI1E")
entr = of_one("special_entr", scipy.entr, "self", node="SpecialEntr")
ndtri = of_one("special_ndtri", scipy.ndtri, "result", node="SpecialNdtri")
log_ndtr = of_one("special_log_ndtr", scipy.log_ndtr, "self result", node="SpecialLogNdtr")
erfcx = of_one("special_erfcx", scipy.erfcx, "self result", node="SpecialErfcx")

# ---------------------------------------------------------------- with a whole number

POLYGAMMA = Op("PolygammaBackward0", scipy.polygamma, ("", "self"), "n self")
MVLGAMMA = Op("MvlgammaBackward0", scipy.multigammaln, ("self", ""), "self p")
op_named(POLYGAMMA.function, POLYGAMMA)
op_named(MVLGAMMA.function, MVLGAMMA)


def derived(n: Any, x: Any) -> Any:
    return pole_signed(x) if n == 0 else scipy.polygamma(n, x).astype(x.dtype)


def polygamma(n: int, input: Tensor, *, out: Tensor | None = None) -> Any:
    if not isinstance(n, int):
        raise TypeError(f"polygamma(): argument 'n' (position 1) must be int, not {title_of(n)}")
    if not isinstance(input, Tensor):
        raise TypeError(
            f"polygamma(): argument 'input' (position 2) must be Tensor, not {title_of(input)}"
        )
    if n < 0:
        raise RuntimeError("polygamma(n, x) does not support negative n.")
    if input._array.dtype.kind == "c":
        not_implemented("trigamma" if n == 1 else "polygamma", input._array.dtype)
    result = recorded(POLYGAMMA, (n, input), {}, derived, floating)
    return result if out is None else into_out("polygamma", result, out)


def of_dimensions(x: Any, p: int) -> Any:
    """A sum over the dimensions; SciPy refuses what has too few degrees of freedom."""
    steps = scipy.gammaln(x[..., None] - np.arange(p, dtype=x.dtype) / 2)
    start = p * (p - 1) / 4 * math.log(math.pi)
    return (np.sum(steps, -1) + start).astype(x.dtype)


def mvlgamma(input: Tensor, p: int, *, out: Tensor | None = None) -> Any:
    check_tensors("mvlgamma", input=input)
    if p < 1:
        raise RuntimeError("p has to be greater than or equal to 1")
    result = recorded(MVLGAMMA, (input, p), {}, of_dimensions, floating)
    return result if out is None else into_out("mvlgamma", result, out)


# ---------------------------------------------------------------- of two numbers


def in_kind_of(function: Any) -> Callable[..., Any]:
    """Return `function`, but in the type of its arguments: SciPy widens half precision."""
    return lambda a, b: function(a, b).astype(a.dtype, copy=False)


def of_two(name: str, op: Op, kernel: str) -> Callable[..., Any]:
    """Return PyTorch's function `name` of two tensors, which whole numbers alone do not make."""
    op_named(op.function, op)

    def function(input: Tensor, other: Tensor, *, out: Tensor | None = None) -> Any:
        check_tensors(name, input=input, other=other)
        dtype = common([input._array, other._array])[0].dtype
        if dtype.kind != "f":
            not_implemented(kernel, dtype)
        result = joint(op, (input, other), to=common_floats, call=in_kind_of(op.function))
        return result if out is None else into_out(name, result, out)

    return function


IGAMMA = Op("IgammaBackward0", scipy.gammainc, ("self other",), "self other")
IGAMMAC = Op("IgammacBackward0", scipy.gammaincc, ("self other",), "self other")
ZETA = Op("SpecialZetaBackward0", scipy.zeta, ("self other",), "self other")
op_named(ZETA.function, ZETA)
igamma = of_two("igamma", IGAMMA, "igamma_cpu")
igammac = of_two("igammac", IGAMMAC, "igammac_cpu")


def zeta(input: Any, other: Any, *, out: Tensor | None = None) -> Any:
    result = joint(ZETA, (input, other), to=common_floats)
    return result if out is None else into_out("special_zeta", result, out)


# ---------------------------------------------------------------- without a derivative


def without_slope(name: str, function: Any) -> Callable[..., Any]:
    """Return a function that PyTorch computes and does not differentiate."""

    def apply(input: Tensor, *, out: Tensor | None = None) -> Any:
        check_tensors(f"special_{name}", input=input)
        (x,) = floating([input._array])
        token = hush(QUIET)
        try:
            result = made(np.asarray(function(x), x.dtype))
        finally:
            unhush(token)
        return result if out is None else into_out(f"special_{name}", result, out)

    return apply


bessel_j0 = without_slope("bessel_j0", scipy.j0)
bessel_j1 = without_slope("bessel_j1", scipy.j1)
bessel_y0 = without_slope("bessel_y0", scipy.y0)
bessel_y1 = without_slope("bessel_y1", scipy.y1)
modified_bessel_i0 = without_slope("modified_bessel_i0", scipy.i0)
modified_bessel_i1 = without_slope("modified_bessel_i1", scipy.i1)
modified_bessel_k0 = without_slope("modified_bessel_k0", scipy.k0)
modified_bessel_k1 = without_slope("modified_bessel_k1", scipy.k1)
scaled_modified_bessel_k0 = without_slope("scaled_modified_bessel_k0", scipy.k0e)
scaled_modified_bessel_k1 = without_slope("scaled_modified_bessel_k1", scipy.k1e)
spherical_bessel_j0 = without_slope(
    "spherical_bessel_j0", lambda x: scipy.spherical_jn(0, np.abs(x))
)
airy_ai = without_slope("airy_ai", lambda x: scipy.airy(x)[0])
