"""The table of derivative rules, in chapters named as those of a calculus book.

Importing this package states the chapters that need NumPy alone; those that need more are stated
when a look-up misses.
"""

from __future__ import annotations

import importlib
import sys

from chainrule._core.table import CHAPTERS

from . import (  # noqa: F401  (each states its chapter)
    arithmetic,
    complex,
    exponential,
    extremes,
    factors,
    indexing,
    products,
    rearranging,
    reductions,
    shapes,
    spreads,
    trigonometric,
)

LATER = {
    "applying": "numpy",
    "joining": "numpy",
    "splitting": "numpy",
    "meeting": "numpy",
    "padding": "numpy",
    "windows": "numpy",
    "ranges": "numpy",
    "running": "numpy",
    "differences": "numpy",
    "statistics": "numpy",
    "missing": "numpy",
    "quantiles": "numpy",
    "floats": "numpy",
    "bessel": "numpy",
    "emath": "numpy",
    "ufunc_methods": "numpy",
    "gathering": "numpy",
    "writing_into": "numpy",
    "binning": "numpy",
    "interpolating": "numpy",
    "ordering": "numpy",
    "einsum": "numpy",
    "convolving": "numpy",
    "vector_products": "numpy",
    "polynomials": "numpy",
    "fitting": "numpy",
    "series": "numpy.polynomial",
    "series_algebra": "numpy.polynomial",
    "linear_algebra.eigen": "numpy.linalg",
    "linear_algebra.singular": "numpy.linalg",
    "linear_algebra.triangular": "numpy.linalg",
    "linear_algebra.orthogonal": "numpy.linalg",
    "linear_algebra.square": "numpy.linalg",
    "linear_algebra.determinants": "numpy.linalg",
    "linear_algebra.pseudo_inverse": "numpy.linalg",
    "linear_algebra.norms": "numpy.linalg",
    "linear_algebra.matrix_norms": "numpy.linalg",
    "linear_algebra.matrix_products": "numpy.linalg",
    "linear_algebra.linear_systems": "numpy.linalg",
    "fft": "numpy.fft",
    "special": "scipy.special",
    "error_functions": "scipy.special",
    "gamma_functions": "scipy.special",
    "bessel_functions": "scipy.special",
    "incomplete": "scipy.special",
    "cumulative": "scipy.special",
    "signal": "scipy.signal",
    "linear_algebra.matrix_equations": "scipy.linalg",
    "linear_algebra.matrix_functions": "scipy.linalg",
    "linear_algebra.triangular_systems": "scipy.linalg",
    "linear_algebra.cholesky_systems": "scipy.linalg",
    "linear_algebra.elimination": "scipy.linalg",
    "linear_algebra.spectra": "scipy.linalg",
    "linear_algebra.shared_with_numpy": "scipy.linalg",
    "linear_algebra.polar_parts": "scipy.linalg",
    "linear_algebra.spaces": "scipy.linalg",
    "linear_algebra.banded": "scipy.linalg",
    "linear_algebra.structured": "scipy.linalg",
}  # chapter -> the module whose functions it states
WAITING = dict(LATER)  # those that are not stated yet


def load_next() -> bool:
    """State one more chapter whose functions a program can have met; say whether there was one.

    A chapter is crossed off once it stands: a thread that comes meanwhile waits for its import.
    """
    for chapter, module in list(WAITING.items()):
        if sys.modules.get(module) is not None:
            importlib.import_module(f"{__name__}.{chapter}")
            WAITING.pop(chapter, None)
            return True
    return False


CHAPTERS.append(load_next)
