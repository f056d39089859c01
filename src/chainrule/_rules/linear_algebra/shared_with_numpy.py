"""What scipy.linalg shares with numpy.linalg, which it is spelled by: SciPy has other options."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg as linalg

from chainrule._core.stating import spelled
from chainrule._core.traces import asked, joined
from chainrule._core.values import Value, awaits_numbers, bare, dtype_of, ndim_of, shape_of

from .matrices import dagger
from .matrix_stacks import SHORT, as_assumed, checked, mirrored, scipys_words, without_numbers

__all__ = ["svd"]


def det(a: Any, overwrite_a: bool = False, check_finite: bool = True) -> Any:
    """SciPy answers in double precision."""
    a = checked(a, check_finite)
    a = a.astype(np.result_type(dtype_of(a), float))
    with scipys_words(linalg.det, a):
        return np.linalg.det(a)


def inv(
    a: Any,
    overwrite_a: bool = False,
    check_finite: bool = True,
    *,
    assume_a: Any = None,
    lower: bool = False,
) -> Any:
    a = checked(a, check_finite)
    with scipys_words(linalg.inv, a):
        return np.linalg.inv(as_assumed(a, SHORT.get(assume_a, assume_a), bool(lower)))


def norm(
    a: Any, ord: Any = None, axis: Any = None, keepdims: bool = False, check_finite: bool = True
) -> Any:
    a = checked(a, check_finite)
    with scipys_words(linalg.norm, a, ord, axis, keepdims):
        y = np.linalg.norm(a, ord, axis, keepdims)
    if dtype_of(y).itemsize == 8:
        return y
    # SciPy answers some in double precision, as a small array shows
    small = np.ones([min(n, 2) for n in shape_of(a)], dtype_of(a))
    return y.astype(np.asarray(linalg.norm(small, ord, axis, keepdims)).dtype)


spelled(linalg.det, det)
spelled(linalg.inv, inv)
spelled(linalg.norm, norm)

# ---------------------------------------------------------------- pseudo-inverses


def pinv(
    a: Any,
    *,
    atol: Any = None,
    rtol: Any = None,
    return_rank: bool = False,
    check_finite: bool = True,
) -> Any:
    a = checked(a, check_finite)
    with scipys_words(linalg.pinv, a, atol=atol, rtol=rtol, check_finite=check_finite):
        return inverted(a, atol, rtol, return_rank, False)


def pinvh(
    a: Any,
    atol: Any = None,
    rtol: Any = None,
    lower: bool = True,
    return_rank: bool = False,
    check_finite: bool = True,
) -> Any:
    a = checked(a, check_finite)
    with scipys_words(linalg.pinvh, a, atol=atol, rtol=rtol, check_finite=check_finite):
        if ndim_of(a) < 2:
            raise ValueError("a number or a vector has no inverse.")
        return inverted(mirrored(a, lower), atol, rtol, return_rank, True)


def inverted(a: Any, atol: Any, rtol: Any, return_rank: bool, hermitian: bool) -> Any:
    """SciPy's cutoff is a number and a part of the largest singular value, together."""
    atol = 0.0 if atol is None else bare(atol)
    rounding = max(shape_of(a)[-2:]) * np.finfo(dtype_of(a)).eps
    if awaits_numbers(atol, rtol):
        rtol = np.where(atol == 0, rounding, 0.0) if rtol is None else bare(rtol)
    else:
        rtol = (0.0 if atol else rounding) if rtol is None else bare(rtol)
        if atol < 0 or rtol < 0:
            raise ValueError("atol and rtol are to be positive.")
        if not (atol or return_rank):
            return np.linalg.pinv(a, rtol, hermitian)
    s = np.linalg.svd(bare(a), compute_uv=False)
    largest = np.max(s, -1, initial=0)
    y = np.linalg.pinv(a, rtol + atol / np.where(largest == 0, 1, largest), hermitian)
    rank = np.sum(s > np.expand_dims(atol + rtol * largest, -1), -1)
    is_number = hermitian and not rank.shape and not awaits_numbers(rank)
    return (y, int(rank) if is_number else rank) if return_rank else y


spelled(linalg.pinv, pinv)
spelled(linalg.pinvh, pinvh)


def lstsq(
    a: Any,
    b: Any,
    cond: Any = None,
    overwrite_a: bool = False,
    overwrite_b: bool = False,
    check_finite: bool = True,
    lapack_driver: Any = None,
) -> Any:
    """SciPy's sum of squares is a number for a vector `b`; its driver gelsy has none, and no s."""
    a, b = checked(a, check_finite), checked(b, check_finite)
    cond = np.finfo(np.result_type(dtype_of(a), dtype_of(b))).eps if cond is None else bare(cond)
    with scipys_words(linalg.lstsq, a, b, check_finite=check_finite):
        x, squares, rank, s = np.linalg.lstsq(a, b, cond)
    if lapack_driver == "gelsy" or not shape_of(squares)[0]:
        squares = np.zeros(0, dtype_of(x))
    elif ndim_of(b) == 1:
        squares = squares[0]
    rank = rank if isinstance(rank, Value) else int(rank)
    return x, squares, rank, None if lapack_driver == "gelsy" else s


spelled(linalg.lstsq, lstsq)

# ---------------------------------------------------------------- decompositions


def svd(
    a: Any,
    full_matrices: bool = True,
    compute_uv: bool = True,
    overwrite_a: bool = False,
    check_finite: bool = True,
    lapack_driver: str = "gesdd",
) -> Any:
    """By NumPy's driver: of another one, singular vectors may have the other sign."""
    a = checked(a, check_finite)
    with scipys_words(linalg.svd, a, full_matrices, compute_uv):
        if not compute_uv:
            return np.linalg.svd(a, compute_uv=False)
        return tuple(np.linalg.svd(a, full_matrices))


def qr(
    a: Any,
    overwrite_a: bool = False,
    lwork: Any = None,
    mode: str = "full",
    pivoting: bool = False,
    check_finite: bool = True,
) -> Any:
    """Pivoting is the decomposition of the columns in another order, which is held."""
    a, pivots = checked(a, check_finite), []
    if mode not in ("full", "economic", "r") or ndim_of(a) < 2:
        linalg.qr(bare(a), mode=mode, pivoting=pivoting)  # raises, or else is refused:
        raise NotImplementedError(
            f"scipy.linalg.qr with mode={mode!r} has no derivative: what LAPACK packs into one "
            "matrix are its own reflectors; the modes with one are 'full', 'economic' and 'r'."
        )
    if pivoting:
        pivots = [asked(pivots_of, bare(a))]
        a = np.take_along_axis(a, pivots[0][..., None, :], -1)
    if mode == "r":
        r = np.linalg.qr(a, "reduced").R
        rows = shape_of(a)[-2] - shape_of(r)[-2]
        below = np.zeros((*shape_of(r)[:-2], rows, shape_of(r)[-1]), dtype_of(r))
        return np.concatenate([r, below], -2), *pivots
    q, r = np.linalg.qr(a, "complete" if mode == "full" else "reduced")
    return q, r, *pivots


def pivots_of(a: Any) -> Any:
    """Return the order in which pivoting takes the columns."""
    return linalg.qr(a, mode="r", pivoting=True)[1]


def rq(
    a: Any,
    overwrite_a: bool = False,
    lwork: Any = None,
    mode: str = "full",
    check_finite: bool = True,
) -> Any:
    """The QR decomposition of the matrix that is turned about both diagonals."""
    a = checked(a, check_finite)
    if mode not in ("full", "economic", "r") or ndim_of(a) < 2 or without_numbers(a):
        linalg.rq(np.ones(shape_of(a)), mode=mode)  # says what is wrong
    q, r = qr(about(a), mode="economic" if mode == "economic" else "full", check_finite=False)
    return about(r) if mode == "r" else (about(r), about(q))


def about(x: Any) -> Any:
    return dagger(x[..., ::-1, ::-1])


spelled(linalg.rq, rq)
spelled(linalg.svd, svd)


def svdvals(a: Any, overwrite_a: bool = False, check_finite: bool = True) -> Any:
    if without_numbers(a := joined(a)):
        return linalg.svdvals(bare(a))
    return svd(a, False, False, check_finite=check_finite)


spelled(linalg.svdvals, svdvals)
spelled(linalg.qr, qr)
spelled(linalg.khatri_rao, lambda a, b: khatri_rao(joined(a), joined(b)))


def khatri_rao(a: Any, b: Any) -> Any:
    """The Kronecker product, column by column."""
    if min(ndim_of(a), ndim_of(b)) < 2 or shape_of(a)[-1] != shape_of(b)[-1]:
        linalg.khatri_rao(bare(a), bare(b))  # says what is wrong
    y = a[..., :, None, :] * b[..., None, :, :]
    return np.reshape(y, (*shape_of(y)[:-3], -1, shape_of(y)[-1]))
