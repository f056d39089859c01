"""Products of vectors, matrices and stacks of them: as PyTorch has them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.torch.against import differences

pytestmark = pytest.mark.peers
pytest.importorskip("torch")

rng = np.random.default_rng(11)


def drawn(*shape: int) -> Any:
    return rng.normal(size=shape).astype("f4")


ARRAYS: dict[str, Any] = {
    "m": drawn(2, 3), "n": drawn(3, 2), "v": drawn(3), "w": drawn(3), "u": drawn(2),
    "c": drawn(2, 3, 4), "k": drawn(2, 4, 2), "q": drawn(4), "s": np.array(1.5, "f4"),
    "r": drawn(3, 1, 4, 2), "e": np.zeros((0, 3), "f4"), "p": drawn(4, 2), "d": drawn(3, 3),
}  # fmt: skip
# with its node's name, and without it: PyTorch spells the latter in several nodes
NAMED = [
    "m @ n", "m @ v", "v @ w", "v @ n", "m.mm(n)", "m.mv(v)", "v.dot(w)", "torch.matmul(m, n)",
    "torch.mm(m, n)", "torch.mv(m, v)", "torch.dot(v, w)", "c.bmm(k)", "c @ k", "c @ q", "c @ p",
    "torch.bmm(c, k)", "v.vdot(w)", "m @ m.t()", "v @ v", "d @ d", "e @ n", "n @ m @ v",
    "m.matmul(d)", "torch.addmm(u, m, n)", "torch.addmm(u, m, n, beta=0.5, alpha=2)",
    "torch.addmm(s, m, n)", "torch.addmm(u, m, n, beta=0)", "torch.outer(u, v)", "torch.ger(u, v)",
    "torch.trace(d)", "m.trace()", "torch.baddbmm(u, c, k)",
    "torch.baddbmm(s, c, k, beta=2, alpha=3)", "m @ m.T", "m.double() @ n.double()",
    "u.addmm(m, n)", "d @ d.t() @ d", "e.t() @ e", "(m.t() @ m).trace()",
]  # fmt: skip
UNNAMED = [
    "c @ r", "u @ c[0, :2]", "v @ c", "u @ k.transpose(1, 2)", "m @ c", "q @ r", "c @ c.mT",
    "torch.inner(v, w)", "torch.inner(m, d)", "torch.inner(c, q)", "torch.inner(s, v)",
    "torch.tensordot(c, k, dims=([0, 2], [0, 1]))", "torch.tensordot(m, n, 1)",
    "torch.tensordot(c, c, 3)", "torch.tensordot(v, w, 0)",
    "torch.tensordot(c, q, dims=([2], [0]))", "torch.einsum('ij,jk->ik', m, n)",
    "torch.einsum('ij->j', m)", "torch.einsum('ij->', m)", "torch.einsum('ii', d)",
    "torch.einsum('ii->i', d)", "torch.einsum('bij,bjk->bik', c, k)",
    "torch.einsum('i,j->ij', u, v)", "torch.einsum('ij,kj', m, d)", "torch.einsum('i,i', v, w)",
    "torch.einsum('...j,j->...', c, q)", "torch.einsum('ij, j -> i', [m, v])",
    "torch.einsum('ij->ji', m)", "torch.einsum('bn,anm,bm->ba', m, c[:, :, :3], m)",
    "torch.addmv(u, m, v)", "torch.addmv(s, m, v, beta=2, alpha=-1)",
]  # fmt: skip


@pytest.mark.parametrize("text", NAMED)
def test_products(text: str) -> None:
    order = 1 if "e" in text.replace("beta", "").replace("torch", "").split(".t")[0] else 2
    assert differences(text, ARRAYS, order) == []


@pytest.mark.parametrize("text", UNNAMED)
def test_spelled_products(text: str) -> None:
    said = [d for d in differences(text, ARRAYS) if ": name: " not in d]
    assert said == []


WHOLE = [
    "i @ i", "a @ i[:2]", "a @ a", "b @ b", "t @ t", "t @ b", "h @ h", "a.mv(i[:2])",
    "torch.trace(a)", "torch.outer(i, f)", "torch.inner(i, i)", "a @ f", "torch.einsum('ij->i', a)",
    "torch.addmm(a, a, a)",
]  # fmt: skip


@pytest.mark.parametrize("text", WHOLE)
def test_number_types(text: str) -> None:
    arrays: dict[str, Any] = {
        "i": [1, 2, 3], "a": [[1, 2], [3, 4]], "b": [True, False], "f": np.array([0.5, 2.0], "f4"),
        "t": np.ones((2, 2), bool), "h": np.full((2, 2), 0.5, "f2"),
    }  # fmt: skip
    assert differences(text, arrays, order=0) == []


MISTAKES = [
    "m @ m", "v @ m", "m @ u", "v @ u", "v @ v.double()", "m @ n.double()", "m @ v.double()",
    "m @ n.long()", "m.half() @ n", "m @ u.double()", "v @ s", "v @ 2", "2 @ v", "m @ [1.0]",
    "torch.matmul(2, v)", "torch.matmul(v, 2)", "m.mm(m)", "m.mm(v)", "v.mm(m)", "m.mv(m)",
    "m.mv(u)", "v.mv(v)", "v.dot(m)", "v.dot(u)", "v.dot(s)", "torch.dot(v, 2)", "torch.mm(m, 2)",
    "c @ m", "c @ v", "c @ q.double()", "c @ c", "c @ k.double()", "c[:1] @ r[:2, 0] @ k", "v @ k",
    "m @ k", "torch.stack([c, c]) @ torch.stack([k, k, k])", "m.bmm(m)", "c.bmm(m)", "c.bmm(c)",
    "c.bmm(k[:1])", "c.bmm(k.double())", "torch.addmm(v, m, n)", "torch.addmm(u, m, m)",
    "torch.addmm(u, m, v)", "torch.addmm(u, m, n.double())", "torch.addmm(u.double(), m, n)",
    "torch.addmm(k, m, n)", "torch.addmm(u, m, 2)", "torch.addmv(u, m, u)", "torch.outer(m, v)",
    "torch.outer(v, 2)", "torch.inner(m, u)", "torch.inner(v, v.double())",
    "torch.tensordot(m, m, 1)", "torch.tensordot(m, m, 5)", "torch.tensordot(m, n.double(), 1)",
    "torch.trace(v)", "torch.trace(2)", "torch.einsum('ij,jk->ik', m, m)",
    "torch.einsum('ij,jk->ik', m)", "torch.einsum('ij->k', m)", "torch.einsum('i', m)",
    "torch.einsum('ij', 2)", "torch.einsum('ij,j->i', m, v.double())", "s @ s",
]  # fmt: skip


@pytest.mark.parametrize("text", MISTAKES)
def test_mistakes(text: str) -> None:
    assert differences(text, ARRAYS, order=0) == []


def test_large_products() -> None:
    arrays = {"x": drawn(200, 300), "y": drawn(300, 100), "c": drawn(3, 200, 300)}
    for text in ("x @ y", "torch.einsum('ij,jk->ik', x, y)", "c @ y"):
        said = [d for d in differences(text, arrays, 1, rtol=2e-5) if ": name: " not in d]
        assert said == []
