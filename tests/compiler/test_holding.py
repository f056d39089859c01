"""Results whose shape or type the numbers decide."""

from __future__ import annotations

import numpy as np
import pytest

from chainrule import compile, grad


def test_roots_that_are_fewer_are_refused() -> None:
    compiled = compile(lambda a: np.roots(a) * 2)
    np.testing.assert_allclose(compiled(np.array([1.0, -3.0, 2.0])), [4.0, 2.0])
    with pytest.raises(ValueError, match=r"numpy.roots returned float64\[1\], and float64\[2\]"):
        compiled(np.array([0.0, 1.0, -3.0]))


def test_eigenvalues_that_become_complex_are_refused() -> None:
    compiled = compile(lambda a: np.sum(np.linalg.eigvals(a)))
    assert compiled(np.eye(2)) == 2.0
    with pytest.raises(ValueError, match="Call the function itself"):
        compiled(np.array([[0.0, 1.0], [-1.0, 0.0]]))


def test_python_numbers_stay_weak() -> None:
    x = np.ones(3, np.float32)
    for backend in ("auto", "python"):
        assert compile(lambda s: (1 - s) * x, backend=backend)(0.5).dtype == np.float32
    assert compile(lambda s: np.exp(s) * x)(0.5).dtype == np.float64


def test_the_branch_of_the_continued_functions_is_not_frozen() -> None:
    with pytest.raises(TypeError, match="being compiled"):
        compile(grad(lambda x: np.real(np.emath.sqrt(x))))(2.0)
