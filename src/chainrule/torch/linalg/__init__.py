"""`torch.linalg`: systems, decompositions, norms, determinants, and powers of matrices."""

from __future__ import annotations

from .._functions.products import matmul
from .._missing import lookup
from ._checks import LinAlgError
from ._determinants import det, slogdet
from ._factors import cholesky, cholesky_ex, qr
from ._inverses import inv, inv_ex, pinv, tensorinv
from ._norms import cond, matrix_norm, matrix_rank, norm, vector_norm
from ._products import cross, diagonal, matrix_exp, matrix_power, multi_dot, vander, vecdot
from ._spectra import eig, eigh, eigvals, eigvalsh, svd, svdvals
from ._systems import lstsq, solve, solve_ex, solve_triangular, tensorsolve

# fmt: off
__all__ = [
    "LinAlgError", "cholesky", "cholesky_ex", "cond", "cross", "det", "diagonal", "eig", "eigh",
    "eigvals", "eigvalsh", "inv", "inv_ex", "lstsq", "matmul", "matrix_exp", "matrix_norm",
    "matrix_power", "matrix_rank", "multi_dot", "norm", "pinv", "qr", "slogdet", "solve",
    "solve_ex", "solve_triangular", "svd", "svdvals", "tensorinv", "tensorsolve", "vander",
    "vecdot", "vector_norm",
]
# fmt: on

__getattr__ = lookup(globals(), "torch.linalg", {})
