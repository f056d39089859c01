"""Gathering, scattering, masks, repeats, turns and triangles, as PyTorch does them."""

from __future__ import annotations

import pytest

from tests.torch.alike import alike

pytestmark = pytest.mark.peers
pytest.importorskip("torch")

START = [
    "x = torch.arange(6.0).view(2, 3).clone().requires_grad_()",
    "v = (torch.arange(3.0) + 1).requires_grad_()",
    "i, one = torch.tensor([0, 1]), torch.tensor(1.0, requires_grad=True)",
    "p = (x * 2).mT",
    "c = torch.arange(24.0).view(2, 3, 4).clone().requires_grad_()",
]
CALLS = """
x.repeat(2) | x.repeat(2, 2) | x.repeat((2, 1, 1)) | v.repeat(0) | x.repeat(-1, 2) | one.repeat(2)
one.repeat(()) | x.tile(2) | x.tile((2, 1, 1)) | torch.tile(x, (2,)) | torch.tile(x, 2)
p.repeat(1, 2) | x.tile(2, 2) | x.repeat(torch.Size([1, 2]))
x.flip(0) | x.flip(0, 1) | x.flip([0]) | x.flip(2) | x.flip(0, 0) | torch.flip(x, (0,)) | p.flip(0)
torch.flip(x, []) | one.flip(0) | torch.fliplr(v) | torch.fliplr(x) | torch.flipud(x) | c.flip(-1)
torch.flipud(one) | x.roll(1) | x.roll(1, 0) | x.roll((1, 2), (0, 1)) | x.roll((1, 2), 0)
x.roll(1, 5) | torch.roll(x, 1, dims=1) | torch.zeros(0).roll(1, 0) | one.roll(1) | one.roll(1, 0)
x.roll((1, 1)) | p.roll(1) | p.roll(-1, 1) | x.rot90() | torch.rot90(x, 1, (0, 1))
torch.rot90(x, 2, (1, 0)) | torch.rot90(x, 1, (0, 0)) | torch.rot90(c, 3, [0, 2])
x.gather(0, torch.tensor([[0, 1, 0]])) | x.gather(1, torch.tensor([[0], [2]]))
x.gather(1, torch.tensor([[0], [3]])) | x.gather(1, torch.tensor([[-1], [2]]))
x.gather(0, torch.tensor([0])) | x.gather(0, torch.tensor([[0.0]])) | x.gather(0, i[0])
x.gather(0, torch.tensor([[0, 0, 0, 0]])) | x.gather(5, torch.tensor([[0]]))
x.gather(1, torch.tensor([[0], [0], [0]])) | one.gather(0, torch.tensor([0, 0]))
torch.gather(x, 0, torch.zeros(0, 3, dtype=torch.long)) | one.gather(0, torch.tensor(0))
v.gather(0, torch.tensor(1)) | x.gather(0, torch.tensor([[0, 1, 0]], dtype=torch.int32))
c.gather(2, torch.tensor([[[3, 0, 3]]])) | x.gather(0, 5) | v.gather(0, torch.tensor([2, 2, 0]))
x.index_select(0, i) | x.index_select(0, i + 4) | x.index_select(0, i - 1) | p.index_select(1, i)
x.index_select(0, torch.tensor([[0]])) | x.index_select(0, torch.tensor(0)) | x.index_select(2, i)
x.index_select(0, torch.tensor([0.0])) | c.index_select(1, torch.tensor([0, 2, 2]))
one.index_select(0, i) | x.index_select(1, i.int())
x.masked_select(x > 2) | x.masked_select(x) | x.masked_select(v > 1) | v.masked_select(x > 1)
x.masked_select(torch.tensor([True, False])) | one.masked_select(torch.tensor(True))
x.masked_fill(x > 2, 0) | x.masked_fill(x > 2, 0.5) | x.masked_fill(x, 0)
x.masked_fill(v > 1, one) | x.masked_fill(v > 1, v) | x.masked_fill(torch.tensor([True, False]), 1)
x.masked_fill(x > 2, 1e300) | x.masked_fill(torch.ones(2, 2, 3) > 0, 1)
x.long().masked_fill(x > 2, 0.5) | x.masked_fill(x > 2, True)
(x > 1).masked_fill(x > 2, True) | v.masked_fill(torch.ones(1) > 0, 2)
x.long().masked_fill(x > 2, torch.tensor(0.5)) | x.masked_fill(x > 2, float("inf"))
x.take(torch.tensor([0, 5])) | x.take(torch.tensor([[0, -1]])) | x.take(torch.tensor([6]))
x.take(torch.tensor([0.0])) | x.take(torch.tensor(2)) | p.take(torch.tensor([1, 1]))
torch.take_along_dim(x, torch.tensor([[0], [1]]), 1) | torch.take_along_dim(x, torch.tensor([5, 0]))
torch.take_along_dim(x, torch.tensor([[0]]), 0) | torch.take_along_dim(x, x.argsort(1), dim=1)
x.scatter(0, torch.tensor([[0, 1, 0]]), x[:1]) | x.scatter(0, torch.tensor([[0, 1, 0]]), 9)
x.scatter(0, torch.tensor([[0, 1, 0]]), 9.5) | x.long().scatter(0, torch.tensor([[0, 1, 0]]), 9.5)
x.scatter(0, torch.tensor([[0, 5, 0]]), 1) | x.scatter(0, torch.tensor([[0, -1, 0]]), 1)
x.scatter(0, torch.tensor([0]), 1) | x.scatter(0, torch.tensor([[0, 1, 0]]), v)
x.scatter(0, torch.tensor([[0, 1, 0]]), x.double()) | x.scatter(0, torch.tensor([[0, 1, 0, 0]]), 1)
x.scatter(0, torch.tensor([[0, 1, 0], [0, 0, 0], [0, 0, 0]]), 1) | x.scatter(0, i, "a")
x.scatter(1, torch.tensor([[0, 1, 2, 0]]), 1) | x.scatter(0, torch.tensor([[0, 1, 0]]), x[:1, :2])
x.scatter(0, torch.tensor([[0.0]]), 1)
x.scatter(0, torch.tensor([[0, 1, 0]]), value=3) | one.scatter(0, torch.tensor([0]), v[:1])
x.scatter_add(0, torch.tensor([[0, 0, 0]]), x[:1]) | v.scatter_add(0, i * 0, v[:2])
x.scatter_add(0, torch.tensor([[0, 0, 0]]), x.double()[:1]) | one.scatter_add(0, i[:1], v[:1])
x.scatter_add(0, torch.tensor([[0, 0, 0]]), 1) | x.scatter_add(0, torch.tensor([[0, 7, 0]]), x[:1])
x.index_add(0, i, x) | x.index_add(0, torch.tensor([0]), x) | x.index_add(0, i + 5, x)
x.index_add(0, i, x.double()) | x.index_add(0, i, x[:, :2]) | x.index_add(0, torch.tensor(0), x[:1])
x.index_add(0, torch.tensor([0.0]), x[:1]) | x.index_add(3, i, x) | x.index_add(1, i, x[:, 1:])
x.index_copy(0, i, x * 2) | x.index_copy(0, i[:1] + 5, x[:1]) | x.index_copy(0, i, x.double())
x.index_fill(0, i, 7) | x.index_fill(0, i, one) | x.index_fill(0, i, v) | x.index_fill(0, i + 9, 7)
x.index_fill(1, i - 1, 0.5) | x.index_put((i[:1],), v) | x.index_put((i[:1], i[1:]), one)
x.index_put((i * 0,), x, accumulate=True) | x.index_put((x > 2,), one) | x.index_put(i, v)
x.index_put([i[:1]], v.double()) | x.index_put((i,), v * 2, True)
x.nonzero() | x.nonzero(as_tuple=True) | torch.nonzero(x > 2) | torch.nonzero(x > 2, as_tuple=True)
one.nonzero() | torch.tensor(0.0).nonzero() | one.nonzero(as_tuple=True) | torch.argwhere(x > 3)
x.diag() | v.diag() | v.diag(1) | torch.diag(x, -1) | torch.diag(x, 5) | torch.diag(c)
torch.diag(one) | p.diag() | x.diagonal() | x.diagonal(1) | x.diagonal(-1) | x.diagonal(9)
v.diagonal() | c.diagonal(0, 1, 2) | c.diagonal(offset=1, dim1=0, dim2=-1) | x.diagonal(0, 0, 0)
x.tril() | x.tril(-1) | x.triu(1) | v.tril() | c.triu(9) | torch.tril(x, diagonal=1) | p.triu()
(x > 1).tril() | c.tril() | x.repeat_interleave(2) | x.repeat_interleave(2, 0)
x.repeat_interleave(torch.tensor([1, 2]), 0) | x.repeat_interleave(torch.tensor([1, 2]))
x.repeat_interleave(torch.tensor([1, 2, 3]), 0) | x.repeat_interleave(-1)
x.repeat_interleave(2, dim=1) | torch.repeat_interleave(v, 2) | one.repeat_interleave(3)
torch.repeat_interleave(torch.tensor([1, 2])) | x.repeat_interleave(torch.tensor([1.5, 1.0]), 0)
x.repeat_interleave(0) | x.repeat_interleave(torch.tensor([2]), 1)
torch.meshgrid(v, v, indexing="ij")[0] | torch.meshgrid(v, v[:2], indexing="xy")[1]
torch.meshgrid([v, v[:2]], indexing="xy")[0] | torch.meshgrid(v, one, indexing="ij")[1]
torch.meshgrid(v, v.long(), indexing="ij") | torch.meshgrid(v, indexing="a") | torch.meshgrid()
torch.meshgrid(v, v)[1] | torch.meshgrid([], indexing="ij")
torch.broadcast_tensors(x, v)[1] | torch.broadcast_tensors(x, v[:2]) | torch.atleast_1d(one)
torch.atleast_2d(v) | torch.atleast_2d(one, x)[0] | torch.atleast_1d(x)
"""
CALLS_ALONE = [call.strip() for line in CALLS.strip().split("\n") for call in line.split(" | ")]


@pytest.mark.parametrize("call", CALLS_ALONE)
def test_call(call: str) -> None:
    alike(
        *START,
        f"y = {call}",
        "w = torch.arange(1.0, y.numel() + 1).reshape(y.shape)",
        "s = y.is_contiguous(), y._is_view()",
        "(y * w).sum().backward(retain_graph=True)",
        "(torch.autograd.grad((y ** 2 * w).sum(), x, create_graph=True)[0] ** 2).sum().backward()",
        "(y * w).sum().backward()",
        watched=False,
    )


WRITES = """
masked_fill_(x > 2, 0) | masked_fill_(x > 2, one) | masked_fill_(v > 1, 2.5) | index_fill_(0, i, 2)
masked_fill_(torch.ones(2, 2, 3) > 0, 1) | scatter_(0, torch.tensor([[0, 1, 0]]), 9)
scatter_(0, torch.tensor([[0, 1, 0]]), v[None])
scatter_add_(0, torch.tensor([[0, 0]]), x[:1, 1:] * 2)
index_add_(0, i, x * 3) | index_copy_(0, i[:1], v[None]) | index_put_((i[:1],), v)
tril_() | triu_(1) | index_put_((i * 0,), x * 2, accumulate=True) | t_() | transpose_(0, 1)
unsqueeze_(0) | squeeze_() | squeeze_(0) | unsqueeze_(-1) | swapaxes_(0, 1) | squeeze_((0, 1))
"""


@pytest.mark.parametrize(
    "write", [one.strip() for one in WRITES.replace("\n", " | ").split(" | ") if one.strip()]
)
@pytest.mark.parametrize("into", ["y", "y[:1]", "y.mT.mT", "n", "x", "y[0][None]"])
def test_write(write: str, into: str) -> None:
    alike(
        *START,
        "y, n = x * 2, torch.ones(2, 3)",
        "seen = y[1]",
        f"z = {into}",
        f"r = z.{write}",
        "same = r is z",
        "(seen * 2).sum().backward(retain_graph=True)",
        "(z * torch.arange(1.0, z.numel() + 1).reshape(z.shape)).sum().backward(retain_graph=True)",
        "(y ** 2).sum().backward()",
        "(z ** 2).sum().backward()",
        watched=False,
    )
