"""Views: their histories after writes, what may not be written to, and that they cost no more."""

from __future__ import annotations

import gc
import time
import weakref

import pytest

import chainrule.torch as ours
from chainrule.torch._writing.views import Views
from tests.torch.alike import alike

X = "x = torch.arange(6.0).view(2, 3).clone().requires_grad_()"
LATER = [
    "(v * 3).sum().backward(retain_graph=True)",
    "(y ** 2).sum().backward(retain_graph=True)",
    "(v ** 2).sum().backward(retain_graph=True)",
    "(torch.autograd.grad((v ** 3).sum(), x, create_graph=True)[0] ** 2).sum().backward()",
]
VIEWS = [
    "y[0]",
    "y[:, 1:]",
    "y.t()",
    "y.view(-1)",
    "y[0].view(3, 1)",
    "y.t()[1:].t()",
    "y.expand(2, 2, 3)",
    "y.unsqueeze(1).squeeze(1)",
    "y.permute(1, 0)[::2, 1]",
    "y.diagonal()",
    "y.mT.diagonal()[1:]",
    "y.expand(2, 2, 3)[:, 0]",
    "y.t().unsqueeze(0).expand(2, 3, 2)[1]",
    "y[None, :, None].flatten(1)",
    "y.view(3, 2).t().narrow(0, 1, 1)",
    "y.unflatten(1, (3, 1)).movedim(0, 1)",
    "y.detach()[0]",
]
WRITES = [
    "y.mul_(2)",
    "y[0] = 5.0",
    "y[:, 0] = x[:, 1]",
    "y.t()[0].add_(x[0, :2])",
    "y.view(-1)[2:4].zero_()",
    "y[y > 2] = 1.0",
    "y.copy_(x * x)",
    "y.expand(2, 3)[0].exp_()",
    "y.diagonal().mul_(3)",
    "y.unsqueeze(0)[..., 1] = x.sum()",
    "y[[1, 0]] = x * 2",
    "y.fill_(x[0, 1])",
]


@pytest.mark.peers
@pytest.mark.parametrize("write", WRITES)
@pytest.mark.parametrize("view", VIEWS)
def test_a_view_learns_of_a_write_to_its_base(view: str, write: str) -> None:
    pytest.importorskip("torch")
    alike(X, "y = x * 2 + 1", f"v = {view}", write, *LATER, watched=False)


@pytest.mark.peers
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("write", ["mul_(2)", "add_(v.detach() * x.sum())", "exp_()", "zero_()"])
def test_a_base_learns_of_a_write_to_its_view(view: str, write: str) -> None:
    pytest.importorskip("torch")
    alike(X, "y = x * 2 + 1", "u = y[1]", f"v = {view}", f"v.{write}", "v[0] += 1", *LATER,
          "(u * 3).sum().backward()", watched=False)  # fmt: skip


PROGRAMS = {
    "made without a gradient": [
        X,
        "with torch.no_grad(): v = x[:1]",
        "u = v.requires_grad, v.is_leaf",
        "y = (v * 2).sum()",
        "y.backward()",
        "v.mul_(2)",
        "with torch.no_grad(): v.mul_(2)",
    ],
    "made before the base requires one": [
        "b = torch.ones(3)",
        "v = b[:2]",
        "b.requires_grad_()",
        "u = v.requires_grad, v.is_leaf",
        "(v * 2).sum().backward()",
        "v.add_(1)",
    ],
    "of a base that gets a history": [
        X,
        "b = torch.ones(3)",
        "v = b[:2]",
        "b.mul_(x[0])",
        "u = v.requires_grad, v.is_leaf",
        "(v * 2).sum().backward()",
    ],
    "that gives its base a history": [
        X,
        "b = torch.ones(3)",
        "v, u = b[:2], b[1:]",
        "v.mul_(x[0, :2])",
        "(u * 2).sum().backward()",
        "s = b.is_leaf, u.is_leaf",
    ],
    "one of several": [
        X,
        "y = x * 2",
        "a, b = y.unbind()",
        "a.add_(1)",
        "a.view(3, 1).add_(1)",
        "c, d = y.split(1)",
        "d.mul_(2)",
        "e = y.chunk(3, 1)[2]",
        "e.zero_()",
        "y.tensor_split(2)[0].add_(1)",
        "f = y.split([1, 2], 1)[1]",
        "f.fill_(2)",
        "f[0] = 1",
        "s = y.unbind(1)[2].output_nr, y.output_nr",
    ],
    "one of several, without a gradient": [
        "y = torch.ones(2, 2)",
        "a, b = y.unbind()",
        "a.add_(1)",
        "w = torch.ones(2, requires_grad=True)",
        "b.add_(w)",
        "b[0] = w[0]",
    ],
    "written without a gradient, then with": [
        X,
        "y = x * 1",
        "v = y[0]",
        "with torch.no_grad(): y.add_(1)",
        "(v ** 2).sum().backward()",
        "y.mul_(2)",
        "(v ** 2).sum().backward()",
    ],
    "of a view made without a gradient": [
        X,
        "y = x * 1",
        "with torch.no_grad(): v = y[0]",
        "u = v[1:]",
        "u.add_(1)",
        "v[0] = 3.0",
        "y.add_(1)",
    ],
    "counting writes": [
        "a = torch.zeros(3)",
        "b, c, d = a[1:], a.detach(), a.data",
        "b.add_(1)",
        "c += 1",
        "d.mul_(2)",
        "a[0] = 1",
        "a[[0, 1]] = 2.0",
        "a[a > 1] = 0",
        "e = a.view(3, 1).expand(3, 2)",
        "a.copy_(a)",
        "a.zero_()",
        "a.fill_(2)",
        "a.add_(a)",
        "a.t_()",
        "b.unsqueeze_(0)",
        "s = b._base is a, c._base, a.clone()._version",
    ],
    "of a leaf": [
        X,
        "x[0].add_(1)",
        "x[:1].zero_()",
        "x.view(3, 2).mul_(2)",
        "x.t().mul_(2)",
        "x[0] = 1.0",
        "x[:] = 1.0",
        "x[...] = 1.0",
        "x[[0]] = 1.0",
        "x[0, [0]] = 1.0",
        "x[x > 2] = 1.0",
        "x.add_(1)",
        "x += 1",
        "x.copy_(x * 1)",
        "x.t_()",
        "x[0].unsqueeze_(0)",
        "with torch.no_grad(): x[0] = 9.0",
        "(x * 2).sum().backward()",
    ],
    "a gradient that is kept": [
        X,
        "y = x * 2",
        "y.retain_grad()",
        "y.mul_(3)",
        "z = y.exp()",
        "z.retain_grad()",
        "z += 1",
        "(z * 2).sum().backward()",
    ],
    "several writes in a row": [
        X,
        "y = torch.zeros(4, requires_grad=True) * 1",
        "for i in range(1, 4): y[i] = y[i - 1] * x[0, 1] + i",
        "y.sum().backward()",
    ],
    "writing what is read": [
        X,
        "y = x * 1",
        "y[0] = y[1]",
        "y[:, 0] = y[:, 1] * y[:, 2]",
        "y[0, 0] = y[1, 2]",
        "y.sum().backward()",
    ],
    "overlaps": [
        "y = torch.arange(4.0)",
        "y[1:].add_(y[:-1])",
        "y[1:] = y[:-1]",
        "y.add_(y[0])",
        "y[:2] = y[2:]",
        "y.view(2, 2).add_(y.view(2, 2).t())",
        "y.mul_(y)",
        "y.view(1, 4).add_(y)",
        "y[0] = y[1]",
        "y[:] = y[1]",
        "y.expand(2, 4).add_(1)",
        "y.expand(2, 4).fill_(1)",
        "y.expand(2, 4)[0] = 2.0",
        "y[::2].add_(y[:2])",
        "y.expand(2, 4)[:, 0] = 2.0",
        "y.expand(2, 4)[[0, 1]] = 3.0",
    ],
}


@pytest.mark.peers
@pytest.mark.parametrize("title", PROGRAMS)
def test_views(title: str) -> None:
    pytest.importorskip("torch")
    alike(*PROGRAMS[title])


# What a message calls the tensor that was written to: what it is now, not what it was.
MAKERS = [
    "y = x.sum(0); z = y * y; y.add_(1)",
    "y = x * 2; z = y * y; y[0] = 1.0",
    "y = x.exp(); z = y * 2; y += 1",
    "y = x.exp(); z = y * y; y += 1",
    "y = x * 1; v = y[0]; z = v * v; y.mul_(2)",
    "y = x.sum(0); z = y * y; torch.no_grad()(lambda: y.add_(1))()",
    "y = x * 1; z = y * y; y.copy_(x)",
    "b = torch.ones(3); z = x * b; b.add_(1)",
    "y = x * 1; z = y * y; y.fill_(1)",
]


@pytest.mark.peers
@pytest.mark.parametrize("lines", MAKERS)
def test_a_message_names_what_was_written_to(lines: str) -> None:
    torch = pytest.importorskip("torch")
    texts = []
    for module in (torch, ours):
        names = {"torch": module, "x": module.arange(6.0).reshape(2, 3).clone().requires_grad_()}
        exec(lines, names)  # noqa: S102  our own text
        with pytest.raises(RuntimeError) as caught:
            names["z"].sum().backward()
        texts.append(str(caught.value))
    assert texts[0] == texts[1]


# ------------------------------------------------------------------------- what they cost


def forgetting(alive: int, made: int) -> int:
    """How many references are looked at while views are made and dropped."""
    looked, forget = 0, Views.forget

    def counted(self: Views) -> None:
        nonlocal looked
        looked += len(self)
        forget(self)

    x = ours.ones(3)
    kept = [x[0] for _ in range(alive)]
    Views.forget = counted  # type: ignore[method-assign]
    try:
        for _ in range(made):
            x[1]
    finally:
        Views.forget = forget  # type: ignore[method-assign]
    assert len(x._writes[1]) <= 2 * alive + 8 and len(kept) == alive
    return looked


@pytest.mark.parametrize("alive", [0, 1, 2, 3, 4, 5, 60, 61, 62, 63, 64, 65, 1000])
def test_dead_views_are_forgotten_in_linear_time(alive: int) -> None:
    assert forgetting(alive, 5000) <= 4 * (5000 + alive) + 100


def test_nothing_is_kept_alive() -> None:
    gc.disable()
    try:
        x = ours.ones(3, requires_grad=True) * 2
        view = x[1:].view(2, 1)
        x.mul_(2)
        view.add_(1)
        watch, seen = weakref.ref(x), weakref.ref(view)
        del view
        assert seen() is None
        del x
        assert watch() is None
    finally:
        gc.enable()


def elementwise_sum(n: int) -> float:
    x = ours.ones(n, requires_grad=True)
    start = time.process_time()
    total = x[0] * 2
    for i in range(1, n):
        total = total + x[i] * 2
    total.backward()
    assert x.grad._array.tolist() == [2.0] * n
    return time.process_time() - start


def test_a_loop_over_elements_is_linear() -> None:
    short = min(elementwise_sum(2500) for _ in range(3))
    long = min(elementwise_sum(10000) for _ in range(2))
    assert long < 10 * short  # quadratic would be 16 times as long
