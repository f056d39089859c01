"""Eigenvalues and eigenvectors.

One call with two outputs, right for what does not depend on an eigenvector's phase.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import chainrule.numpy as cnp
from chainrule import grad, vjp
from chainrule._core.table import RULES, known
from chainrule.checking import check_grads

S = np.array([[3.0, 0.4, -0.6], [0.4, 1.0, 0.3], [-0.6, 0.3, -1.5]])
H = S + 1j * np.array([[0.0, 0.5, -0.2], [-0.5, 0.0, 0.7], [0.2, -0.7, 0.0]])


def hermitian(a: Any) -> Any:
    return (a + np.conj(a.mT)) / 2


def values(a: Any) -> Any:
    return np.linalg.eigh(hermitian(a)).eigenvalues


def squares(a: Any) -> Any:
    """Sizes of the entries of the eigenvectors: without their phase."""
    return np.abs(np.linalg.eigh(hermitian(a))[1]) ** 2


@pytest.mark.parametrize("f", [values, squares])
@pytest.mark.parametrize(
    "a", [S, H, np.stack([S, S @ S + 0.1 * S])], ids=["real", "complex", "stack"]
)
def test_eigh(f: Any, a: Any) -> None:
    check_grads(f, a, order=2, tolerance=1e-5)


def test_upper_triangle_is_an_option() -> None:
    check_grads(lambda a: np.linalg.eigh(hermitian(a), UPLO="U")[0], S)
    check_grads(lambda a: np.linalg.eigh(hermitian(a), "U")[0], S)


def test_result_is_a_named_tuple_in_traces_too() -> None:
    (w, v), pull = vjp(np.linalg.eigh, S)
    assert type(vjp(np.linalg.eigh, S)[0]).__name__ == "EighResult"
    np.testing.assert_allclose(v * w @ v.T, S, atol=1e-12)
    one_output = pull(type(np.linalg.eigh(S))(np.ones(3), np.zeros((3, 3))))[0]
    np.testing.assert_allclose(
        one_output, np.eye(3), atol=1e-12
    )  # the sum of the eigenvalues is the trace


def test_what_is_pulled_is_hermitian() -> None:
    """As if both triangles had been read, though NumPy reads one."""
    for a in (S, H):
        h = vjp(np.linalg.eigh, a)[1](type(np.linalg.eigh(a))(np.ones(3), np.array(a) * 0.7))[0]
        np.testing.assert_allclose(h, np.conj(h.T), atol=1e-14)


def test_equal_eigenvalues() -> None:
    """Functions that do not depend on the choice of a basis are right at first order."""
    squares = lambda a: np.sum(np.linalg.eigh(a)[0] ** 2)  # the sum of squares of the entries
    np.testing.assert_allclose(grad(squares)(np.eye(3)), 2 * np.eye(3), atol=1e-12)


def test_batched() -> None:
    known(np.linalg.eigh)
    rule = RULES[np.linalg.eigh]
    stack = np.stack([S, 2 * S, S @ S])
    w, v = rule.batched(rule.call, [stack], [2], 3, {"UPLO": "L"})
    for k in range(3):
        np.testing.assert_allclose(w[k], np.linalg.eigh(stack[k])[0])
        np.testing.assert_allclose(v[k], np.linalg.eigh(stack[k])[1])


def test_an_unknown_option_is_named() -> None:
    with pytest.raises(TypeError, match="eigh does not understand foo"):
        grad(lambda a: np.sum(cnp.linalg.eigh(a, foo=1)[0]))(S)
