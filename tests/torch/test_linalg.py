"""torch.linalg: as PyTorch has it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.torch.against import differences

pytestmark = pytest.mark.peers
pytest.importorskip("torch")

rng = np.random.default_rng(13)
MATRIX = rng.normal(size=(3, 3)) + 3 * np.eye(3)
ARRAYS = {
    "s": MATRIX, "c": np.stack([MATRIX, MATRIX @ MATRIX]), "m": rng.normal(size=(3, 2)),
    "v": rng.normal(size=3), "k": rng.normal(size=(2, 3, 2)), "z": np.zeros((2, 2)),
    "o": np.array([[1.0, 2.0], [2.0, 4.0]]), "i": [[1, 2], [3, 4]],
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
MISTAKES = [
    "inv(z)", "inv(o)", "inv(m)", "inv(v)", "det(m)", "det(v)", "solve(z, z)", "solve(m, v)",
    "solve(o, o)", "norm(i)", "vector_norm(i)", "norm(m, dim=4)",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_values(text: str) -> None:
    said = differences(f"torch.linalg.{text}", ARRAYS, 2, rtol=1e-4)
    if "1" in text or "inf" in text:  # spelled: the last of several nodes has another name
        said = [one for one in said if ": name: " not in one]
    assert said == []


@pytest.mark.parametrize("text", MISTAKES)
def test_mistakes(text: str) -> None:
    assert differences(f"torch.linalg.{text}", ARRAYS, order=0) == []
