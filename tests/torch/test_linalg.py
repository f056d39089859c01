"""torch.linalg: as PyTorch has it."""

from __future__ import annotations

import numpy as np
import pytest

import chainrule.torch as torch
from tests.torch.against import differences

rng = np.random.default_rng(13)
MATRIX = rng.normal(size=(3, 3)) + 3 * np.eye(3)
ARRAYS = {
    "s": MATRIX, "c": np.stack([MATRIX, MATRIX @ MATRIX]), "m": rng.normal(size=(3, 2)),
    "v": rng.normal(size=3), "k": rng.normal(size=(2, 3, 2)), "z": np.zeros((2, 2)),
    "o": np.array([[1.0, 2.0], [2.0, 4.0]]), "i": [[1, 2], [3, 4]],
    "w": rng.normal(size=(2, 3)), "p": MATRIX @ MATRIX.T, "q": rng.normal(size=(4, 2, 2)),
    "g": np.stack([np.eye(2), np.zeros((2, 2)), np.zeros((2, 2))]), "h": np.eye(2, dtype="f2"),
    "x": MATRIX + 1j * rng.normal(size=(3, 3)), "t": rng.normal(size=(2, 2, 4)),
    "f": np.float32(MATRIX), "r": rng.normal(size=(4, 3)), "e": np.zeros((0, 0)),
    "u": np.stack([MATRIX @ MATRIX.T, np.eye(3)]),
}  # fmt: skip
TEXTS = [
    "inv(s)", "inv(c)", "det(s)", "det(c)", "solve(s, v)", "solve(s, m)", "solve(c, k)",
    "norm(v)", "norm(m)", "norm(m, 'fro')", "norm(v, 1)", "norm(v, inf)", "norm(m, 1)",
    "norm(m, inf)", "norm(m, -1)", "norm(m, -inf)", "norm(m, dim=1)", "norm(m, 1, dim=0)",
    "norm(k, dim=(1, 2))", "norm(k, 'fro', (0, 1))", "norm(k)", "norm(k, 1, (1, 2), True)",
    "vector_norm(m)", "vector_norm(m, 3)", "vector_norm(m, 1, 0)", "vector_norm(k, 2, (0, 2))",
    "vector_norm(v, inf)", "vector_norm(v, keepdim=True)", "matrix_norm(m)", "matrix_norm(k)",
    "matrix_norm(k, inf)", "matrix_norm(k, 1, dim=(0, 1), keepdim=True)",
]  # fmt: skip
SPELLED = [  # of several operations there, too
    "slogdet(s)", "slogdet(c)", "slogdet(x)", "inv_ex(s)", "inv(x)", "det(x)",
    "solve(c, w)", "solve(c, v)", "solve(c, m)", "solve(s, w, left=False)", "solve_ex(s, v)",
    "cholesky(p)", "cholesky(u, upper=True)", "cholesky_ex(p)", "qr(m)", "qr(w)", "qr(s)",
    "qr(c)", "qr(w, 'complete')", "eigh(p).eigenvalues", "eigh(p)[1].abs()", "eigvalsh(s)",
    "eigvalsh(c)", "eigh(s, 'U')[0]", "eig(s)[0].abs()", "eig(s)[1].abs()", "eigvals(s).abs()",
    "svdvals(m)", "svdvals(c)", "svd(m).S", "svd(m, False)[0] ** 2", "svd(w, False)[2].abs()",
    "pinv(m)", "pinv(c)", "pinv(m, rtol=0.5)", "pinv(m, atol=0.1)", "pinv(p, hermitian=True)",
    "pinv(o)", "pinv(x)", "lstsq(r, r[:, :2])[0]", "lstsq(m, v)[0]", "lstsq(w, w[:, 0])[0]",
    "lstsq(m, v.unsqueeze(1), driver='gelsd')[:2]", "lstsq(k, k)[0]", "matrix_power(s, 3)",
    "matrix_power(c, 4)", "matrix_power(s, -2)", "matrix_power(s, 1)", "matrix_power(s, -1)",
    "multi_dot([s, s, v])", "multi_dot([w, s, m, w])", "multi_dot([v, s, v])",
    "multi_dot([v, s])", "cond(s)", "cond(c)", "cond(m)", "cond(s, -2)", "cond(s, 'nuc')",
"cross(s, s.mT)", "cross(s, v[None])",
    "cross(c, c.flip(0), dim=1)", "matrix_exp(s)", "matrix_exp(c)", "matrix_exp(x)",
    "solve_triangular(s, m, upper=True)", "solve_triangular(s, w, upper=False, left=False)",
    "solve_triangular(c, m, upper=True, unitriangular=True)", "matrix_norm(s, 2)",
    "matrix_norm(c, 'nuc')", "matrix_norm(k, -2, (0, 2), True)", "norm(s, 'nuc')", "norm(s, -2)",
    "vecdot(w, w + 1)", "vecdot(x, x.mT)", "vander(v)", "diagonal(c)",
    "diagonal(c, offset=1)", "tensorinv(q, ind=1)", "tensorsolve(t, t[:, :, 0])",
    "matrix_rank(m)", "matrix_rank(o)", "matrix_rank(g)", "matrix_rank(p, hermitian=True)",
    "matrix_rank(m, 0.5)", "matrix_rank(m, rtol=0.9)", "inv(e)", "slogdet(e)",
    "svdvals(e)", "eigvalsh(e)", "norm(x, 'nuc')", "svdvals(x)", "eigvalsh(x)",
]  # fmt: skip
UNNAMED = ("1)", "inf", "cond", "lstsq(k", "eigvals", "abs()", "** 2", ", 0)")
MISTAKES = [
    "inv(z)", "inv(o)", "inv(m)", "inv(v)", "det(m)", "det(v)", "solve(z, z)", "solve(m, v)",
    "solve(o, o)", "norm(i)", "vector_norm(i)", "norm(m, dim=4)", "inv(g)", "solve(g, m[:, :2])",
    "solve(g, g)", "cholesky(g)", "cholesky(-p)", "cholesky(m)", "cholesky(i)", "inv(i)",
    "det(i)", "det(h)", "inv(h)", "slogdet(m)", "solve(s, f)", "solve(s, w)", "solve(i, i)",
    "solve(s, v, left=False)", "inv_ex(g, check_errors=True)", "qr(v)", "qr(i)", "qr(m, 'q')",
    "solve_ex(g, g, check_errors=True)", "cholesky_ex(-p, check_errors=True)", "svd(v)", "svd(i)",
    "svdvals(v)", "svd(m, driver='gesvd')", "eigh(m)", "eigh(i)", "eigh(p, 'x')", "eig(m)",
    "eig(i)", "eigvals(i)", "lstsq(m, m, driver='x')", "lstsq(m, w)", "lstsq(v, v)", "pinv(v)",
    "pinv(i)", "matrix_rank(v)", "matrix_rank(i)", "matrix_power(m, 2)", "matrix_power(s, 2.5)",
    "matrix_power(i, -2)", "multi_dot([s])", "multi_dot([])", "multi_dot([s, w])",
    "multi_dot([c, s])", "multi_dot([s, f])", "multi_dot(3)", "cond(v)", "cond(s, 'x')",
    "cond(s, 3)", "cond(m, 1)", "cross(m, m)", "cross(s, v)", "matrix_exp(m)", "matrix_exp(i)",
    "solve_triangular(s, v, upper=True)", "solve_triangular(s, w, upper=True)",
    "solve_triangular(m, m, upper=True)", "solve_triangular(i, i, upper=True)", "vander(v, N=1)",
    "matrix_norm(s, 3)", "matrix_norm(s, 'x')", "matrix_norm(v)", "matrix_norm(i)",
    "matrix_norm(s, dim=(0, 0))", "matrix_norm(s, dim=0)", "norm(v, 'fro')", "norm(c, 2)",
    "norm(s, 'nuc', dim=0)", "inv(3)", "solve(s, 3)", "eigh(3)", "lstsq(s, 3)",
    "tensorinv(q, ind=0)", "tensorinv(q, ind=2)", "qr(m, 'r')[1].sum().backward()",
    "qr(m, 'complete')[0].sum().backward()",
]  # fmt: skip


@pytest.mark.peers
@pytest.mark.parametrize("text", TEXTS)
def test_values(text: str) -> None:
    pytest.importorskip("torch")
    said = differences(f"torch.linalg.{text}", ARRAYS, 2, rtol=1e-4)
    if "1" in text or "inf" in text:  # spelled: the last of several nodes has another name
        said = [one for one in said if ": name: " not in one]
    assert said == []


@pytest.mark.peers
@pytest.mark.parametrize("text", SPELLED)
def test_decompositions_and_what_is_made_of_them(text: str) -> None:
    pytest.importorskip("torch")
    said = differences(f"torch.linalg.{text}", ARRAYS, 2, rtol=1e-6)
    assert [one for one in said if ": name: " not in one] == []
    if not any(part in text for part in UNNAMED):
        assert said == []


VALUES = [  # PyTorch's own backward pass raises there, or gives nothing to differentiate again
    "slogdet(z)", "cond(s, 'fro')", "cond(s, 1)", "cond(s, -inf)", "cond(z, 1)", "det(e)",
    "vander(w, N=2)",
]  # fmt: skip


@pytest.mark.peers
@pytest.mark.parametrize("text", VALUES)
def test_values_alone(text: str) -> None:
    pytest.importorskip("torch")
    assert differences(f"torch.linalg.{text}", ARRAYS, 0) == []


@pytest.mark.peers
@pytest.mark.parametrize("text", MISTAKES)
def test_mistakes(text: str) -> None:
    pytest.importorskip("torch")
    order = 1 if "backward" in text else 0
    assert differences(f"torch.linalg.{text}", ARRAYS, order) == []


# ---------------------------------------------------------------- without PyTorch


def hilbert(n: int) -> torch.Tensor:
    k = torch.arange(n, dtype=torch.float64)
    return 1 / (k[:, None] + k + 1)


def test_hilberts_matrices() -> None:
    """Their determinants, inverses and conditions are tabulated; Hilbert (1894), Todd (1954)."""
    h = hilbert(3)
    assert torch.linalg.det(h).item() == pytest.approx(1 / 2160)
    inverse = [[9, -36, 30], [-36, 192, -180], [30, -180, 180]]
    assert torch.allclose(torch.linalg.inv(h), torch.tensor(inverse).double())
    assert torch.linalg.cond(h).item() == pytest.approx(524.0567775860644)
    assert torch.linalg.cond(h, 1).item() == pytest.approx(748)


def test_parts_multiply_to_the_whole() -> None:
    x = torch.tensor(ARRAYS["r"])
    U, S, Vh = torch.linalg.svd(x, full_matrices=False)
    assert torch.allclose(U @ torch.diag(S) @ Vh, x)
    Q, R = torch.linalg.qr(x)
    assert torch.allclose(Q @ R, x) and torch.allclose(Q.mT @ Q, torch.eye(3).double())
    L = torch.linalg.cholesky(x.mT @ x)
    assert torch.allclose(L @ L.mT, x.mT @ x)
    w, v = torch.linalg.eigh(x.mT @ x)
    assert torch.allclose(v * w @ v.mT, x.mT @ x)
    assert repr(torch.linalg.qr(torch.eye(1))).startswith("torch.return_types.linalg_qr(\nQ=")


def test_the_exponential_of_a_turn() -> None:
    pytest.importorskip("scipy")
    angle = torch.tensor(0.7, dtype=torch.float64, requires_grad=True)
    turn = torch.linalg.matrix_exp(angle * torch.tensor([[0.0, -1.0], [1.0, 0.0]]).double())
    assert turn[1, 0].item() == pytest.approx(np.sin(0.7))
    turn[1, 0].backward()
    assert angle.grad.item() == pytest.approx(np.cos(0.7))


def test_a_singular_stack_says_which_matrix() -> None:
    stack = torch.stack([torch.eye(2), torch.zeros(2, 2)])
    with pytest.raises(
        torch.linalg.LinAlgError, match=r"\(Batch element 1\): The diagonal element 1"
    ):
        torch.linalg.inv(stack)
    assert torch.linalg.inv_ex(stack).info.tolist() == [0, 1]
    assert torch.linalg.inv_ex(stack).inverse[0].tolist() == [[1, 0], [0, 1]]
    assert torch.linalg.cholesky_ex(stack).info.tolist() == [0, 1]
    found = torch.linalg.solve_ex(stack, torch.ones(2, 2))
    assert found.info.tolist() == [0, 1] and found.result[0].tolist() == [1, 1]


def test_what_a_decomposition_saved_is_watched() -> None:
    x = torch.tensor(ARRAYS["m"], requires_grad=True)
    Q, R = torch.linalg.qr(x)
    with torch.no_grad():
        R.zero_()
    with pytest.raises(RuntimeError, match=r"which is output 1 of LinalgQr.*is at version 1"):
        Q.sum().backward()
    S = torch.linalg.svdvals(x)
    S.sum().backward()
    with pytest.raises(RuntimeError, match="a second time"):
        S.sum().backward()
