"""Arithmetic, roots and fits of the series of polynomials, one text for all six families."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule._core.stating import linear, pulled, spelled
from chainrule._core.traces import asked, joined
from chainrule._core.values import bare, cast, dtype_of, ndim_of, recordable, shape_of

from .fitting import scaled_fit
from .series import FAMILIES, Family, padded, step

__all__ = ["PRODUCTS"]

PRODUCTS: dict[str, Any] = {}  # the products of series by the prefix of their family

# ---------------------------------------------------------------- sums and products


def trimmed(c: Any) -> Any:
    """Return a series without the zeros at its end, as all of NumPy's arithmetic takes it."""
    c = joined(c)
    c = np.reshape(c, (1,)) if ndim_of(c) == 0 else c
    if ndim_of(c) != 1 or shape_of(c)[0] == 0:
        raise ValueError(
            "a series of polynomials is a row of coefficients, but was given an array of shape "
            f"{shape_of(c)}."
        )
    return c[: int(np.max(np.flatnonzero(bare(c)), initial=0)) + 1]


def cut(c: Any, tol: Any = 0) -> Any:
    c = trimmed(c)
    if tol < 0:
        raise ValueError(f"tol is 0 or more, but was {tol}.")
    there = np.flatnonzero(np.abs(bare(c)) > tol)
    return c[: int(there[-1]) + 1] if there.size else c[:1] * 0


def added(a: Any, b: Any, sign: int) -> Any:
    a, b = trimmed(a), trimmed(b)
    n = max(shape_of(a)[0], shape_of(b)[0])
    a, b = padded(a, n), padded(b, n)
    return trimmed(a + b if sign > 0 else a - b)


def product_of(f: Family) -> Any:
    """Return the product of series of the family, of a length that the factors' lengths decide."""

    def product(a: Any, b: Any) -> Any:
        y = padded(f.plain("mul")(a, b), len(a) + len(b) - 1)
        return y.astype(np.result_type(a, b))  # of single numbers NumPy makes double precision

    product.__name__ = product.__qualname__ = f"product_{f.prefix}"
    recorded = recordable(product)

    def to_factor(g: Any, other: Any, into: tuple[int, ...]) -> Any:
        units = np.eye(into[0], dtype=dtype_of(g))
        return np.matmul(np.stack([recorded(unit, other) for unit in units]), g)

    linear(
        recorded,
        lambda g, b, into: to_factor(g, b, into),
        lambda g, a, into: to_factor(g, a, into),
    )
    return recorded


def multiplied(f: Family, a: Any, b: Any) -> Any:
    a, b = trimmed(a), trimmed(b)
    return trimmed(cast(PRODUCTS[f.prefix](a, b), f.plain("mul")(bare(a), bare(b)).dtype))


def by_argument(once: Any, c: Any) -> Any:
    c = trimmed(c)
    return once(c) if shape_of(c)[0] > 1 or np.any(bare(c)) else c


def of_trimmed(change: Any) -> Any:
    return lambda c: change(trimmed(c))


def power(f: Family, c: Any, pow: int, maxpower: int | None) -> Any:
    c = trimmed(c)
    dtype = f.plain("pow")(bare(c), pow, maxpower).dtype  # which also says what it refuses
    y = np.ones(1, dtype_of(c)) if pow == 0 else c
    for _ in range(1, int(pow)):
        y = PRODUCTS[f.prefix](y, c)
    return cast(y, dtype)


def divided(f: Family, a: Any, b: Any) -> tuple[Any, Any]:
    """Long division: a multiple of a shifted divisor is taken away, the longest first."""
    a, b = trimmed(a), trimmed(b)
    plain = f.plain("div")(bare(a), bare(b))  # whose rounding decides where the remainder ends
    dtype = np.result_type(dtype_of(a), dtype_of(b))
    if shape_of(b)[0] == 1:  # without zeros that meet infinities
        return cast(a / b[0], plain[0].dtype), np.zeros(1, plain[1].dtype)
    rest, quotient = cast(a, dtype), []
    for shift in range(shape_of(a)[0] - shape_of(b)[0], -1, -1):
        taken = PRODUCTS[f.prefix](np.eye(shift + 1, dtype=dtype)[shift], b)
        factor = rest[-1] / taken[-1]
        quotient.append(factor)
        rest = rest[:-1] - factor * taken[:-1]
    whole = np.stack(quotient[::-1]) if quotient else np.zeros(1, dtype)
    rest = padded(rest, max(len(plain[1]), shape_of(rest)[0]))
    parts = zip((whole, rest), plain, strict=True)
    first, second = (cast(part[: len(like)], like.dtype) for part, like in parts)
    return first, second


def line(f: Family, off: Any, scl: Any) -> Any:
    off, scl = joined(off), joined(scl)
    if not bare(scl):
        return np.stack([off])
    constant, slope = f.plain("line")(0.0, 1.0).tolist()
    return np.stack([off + constant * scl if constant else off, slope * scl])


# ---------------------------------------------------------------- roots


def from_roots(f: Family, roots: Any) -> Any:
    """Neighbours are multiplied in pairs, as NumPy does."""
    x = joined(roots)
    if shape_of(x)[0] == 0:
        return np.ones(1)
    x = cast(x, np.result_type(dtype_of(x), np.float64))[np.argsort(bare(x))]
    factors = [line(f, -x[k], 1.0) for k in range(shape_of(x)[0])]
    while len(factors) > 1:
        half, odd = divmod(len(factors), 2)
        pairs = [PRODUCTS[f.prefix](factors[k], factors[k + half]) for k in range(half)]
        if odd:
            pairs[0] = PRODUCTS[f.prefix](pairs[0], factors[-1])
        factors = pairs
    return factors[0]


def companion(f: Family, c: Any) -> Any:
    """What the coefficients have to do with it stands in the last column."""
    c = trimmed(c)
    plain, n = f.plain("companion"), shape_of(c)[0] - 1
    if n < 1:
        return plain(bare(c))  # says what is wrong
    ratios = c[:-1] / c[-1]  # in its own row each
    without = plain(np.eye(n + 1)[n])
    slopes = (plain(np.ones(n + 1)) - without).astype(dtype_of(ratios))
    return np.reshape(ratios, (n, 1)) * slopes + without.astype(dtype_of(ratios))


def state_roots(f: Family) -> None:
    def to_equation(g: Any, x: Any, y: Any) -> Any:
        """The value at a root stays zero."""
        return np.matmul(-g / f.val(y, f.der(x)), f.vander(y, math.prod(shape_of(x)) - 1))

    pulled(f.plain("roots"), to_equation, call=f.roots)


# ---------------------------------------------------------------- fits


def fit(f: Family, x: Any, y: Any, deg: Any, rcond: Any, full: bool, w: Any) -> Any:
    x, y, w, rcond = joined(x), joined(y), joined(w), bare(rcond)
    plain = asked(f.plain("fit"), bare(x), bare(y), deg, rcond, full, bare(w))
    rcond = shape_of(x)[0] * np.finfo(dtype_of(x)).eps if rcond is None else rcond
    table = f.vander(x, int(np.max(deg)))
    chosen = None if np.ndim(deg) == 0 else np.sort(deg)
    table = table if chosen is None else table[:, chosen]
    squares = np.sum(np.real(table * np.conj(table)) * (1 if w is None else w[:, None] ** 2), 0)
    scale = np.sqrt(np.where(squares == 0, 1, squares))
    c, left, table = scaled_fit(table, y, w, scale, rcond)
    if chosen is not None:
        c = np.tensordot(np.eye(int(chosen[-1]) + 1, dtype=dtype_of(c))[:, chosen], c, 1)
    if not full:
        return c
    resids, rank, _, rcond = plain[1]
    sizes = np.linalg.svd(table, compute_uv=False)
    return c, [left if np.size(resids) else resids, rank, sizes, rcond]


def interpolated(func: Any, deg: int, args: Any = ()) -> Any:
    """The series through the values at Chebyshev's points."""
    plain: Any = np.polynomial.chebyshev.chebinterpolate
    plain(np.zeros_like, deg)  # says what is wrong
    points = np.polynomial.chebyshev.chebpts1(deg + 1)
    table = np.polynomial.chebyshev.chebvander(points, deg) / (0.5 * (deg + 1))
    table[:, 0] /= 2
    return np.dot(table.T, joined(func(points, *args)))


def state_algebra(f: Family) -> None:
    PRODUCTS[f.prefix] = product_of(f)
    state_roots(f)
    spelled(f.plain("add"), lambda c1, c2: added(c1, c2, 1))
    spelled(f.plain("sub"), lambda c1, c2: added(c1, c2, -1))
    spelled(f.plain("mul"), lambda c1, c2: multiplied(f, c1, c2))
    once = step(f.plain("mulx"), 1)
    spelled(f.plain("mulx"), lambda c: by_argument(once, c))
    spelled(f.plain("div"), lambda c1, c2: divided(f, c1, c2))
    limit = None if f.prefix == "poly" else 16
    spelled(f.plain("pow"), lambda c, pow, maxpower=limit: power(f, c, pow, maxpower))
    spelled(f.plain("line"), lambda off, scl: line(f, off, scl))
    spelled(f.plain("fromroots"), lambda roots: from_roots(f, roots))
    spelled(f.plain("trim"), cut)
    spelled(f.plain("companion"), lambda c: companion(f, c))
    spelled(
        f.plain("fit"),
        lambda x, y, deg, rcond=None, full=False, w=None: fit(f, x, y, deg, rcond, full, w),
    )
    if f.prefix == "cheb":
        spelled(f.plain("interpolate"), interpolated, lists=True)
    if f.prefix != "poly":
        for name in (f"poly2{f.prefix}", f"{f.prefix}2poly"):
            spelled(getattr(f.module, name), of_trimmed(step(getattr(f.module, name), 0)))
        weight = f.plain("weight")  # written in ufuncs, which record themselves
        spelled(weight, lambda x: weight(joined(x)))


def from_given_roots(x: Any, r: Any, tensor: bool = True) -> Any:
    """The product of all differences."""
    x, r = joined(x), joined(r)
    r = np.reshape(r, (1,)) if ndim_of(r) == 0 else r
    if tensor:
        r = np.reshape(r, (*shape_of(r), *(1,) * ndim_of(x)))
    elif 0 < ndim_of(x) >= ndim_of(r):
        raise ValueError(
            f"with tensor=False the points have fewer axes than the roots, but have {ndim_of(x)}."
        )
    return np.prod(x - r, axis=0)


for family in FAMILIES:
    state_algebra(family)
spelled(FAMILIES[0].plain("valfromroots"), from_given_roots)
