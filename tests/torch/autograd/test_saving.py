"""Hooks on what is saved: packed as it is saved, unpacked as it is used."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.torch.autograd.saying import SECOND_TIME, leaf, raises

IN_PLACE = (
    "A saved tensor pack hook is modifying its input in place. Tensors provided as input to pack "
    "hook cannot be modified by in-place operations as this can lead to unexpected side-effects. "
    "Please open an issue if you need to perform in-place operations on the input to a pack hook."
)


def logged(log: list[Any], name: str = "") -> tuple[Callable[..., Any], Callable[..., Any]]:
    def pack(t: Any) -> Any:
        log.append((f"pack{name}", t.tolist(), t.requires_grad))
        return t.detach().clone()

    def unpack(t: Any) -> Any:
        log.append((f"unpack{name}", t.tolist()))
        return t

    return pack, unpack


OPERATIONS: dict[str, Callable[..., Any]] = {
    "mul": lambda torch, x, w: x * w,
    "div": lambda torch, x, w: x / w,
    "pow": lambda torch, x, w: x**w,
    "a number": lambda torch, x, w: 3 * x**2,
    "sqrt": lambda torch, x, w: x.sqrt() * w,
    "dot": lambda torch, x, w: x @ w,
    "max": lambda torch, x, w: x.max() * w,
    "prod": lambda torch, x, w: x.prod(),
    "norm": lambda torch, x, w: x.norm(),
    "shapes save nothing": lambda torch, x, w: x.view(2, 1).t() + w,
    "addcmul": lambda torch, x, w: torch.addcmul(x, w, x),
    "std": lambda torch, x, w: x.std(),
}


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
@pytest.mark.peers
def test_what_is_packed_is_what_pytorch_packs(operation: Callable[..., Any]) -> None:
    peer = pytest.importorskip("torch")
    import chainrule.torch

    found = []
    for torch in (chainrule.torch, peer):
        x, w = leaf(torch, 1, 4, dtype=torch.float64), leaf(torch, 3, 2, dtype=torch.float64)
        log: list[Any] = []
        with torch.autograd.graph.saved_tensors_hooks(*logged(log)):
            y = operation(torch, x, w)
        log.append("back")
        y.sum().backward()
        grads = [None if v.grad is None else v.grad.tolist() for v in (x, w)]
        found.append((log, grads))
    (ours, our_grads), (theirs, their_grads) = found
    assert [str(one) for one in ours] == [str(one) for one in theirs]
    for g, h in zip(our_grads, their_grads, strict=True):
        assert g == (h if h is None else pytest.approx(h, rel=1e-14))


def test_hooks_and_passes(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    log: list[Any] = []
    with torch.autograd.graph.saved_tensors_hooks(*logged(log)):
        y = (x**3).sum()
    y.backward(retain_graph=True)
    y.backward()
    assert [one[0] for one in log] == ["pack", "unpack", "unpack"]
    assert x.grad.tolist() == [6, 24]
    with raises(RuntimeError, SECOND_TIME):
        y.backward()


def test_what_is_returned_is_computed_with(torch: Any) -> None:
    x, w = leaf(torch, 1, 2), leaf(torch, 3, 4)
    with torch.autograd.graph.saved_tensors_hooks(lambda t: t.tolist(), lambda v: 0 * x + 7):
        y = (x * w).sum()
    y.backward()
    assert x.grad.tolist() == w.grad.tolist() == [7, 7]


def test_the_innermost_hooks_count(torch: Any) -> None:
    x, log = leaf(torch, 1, 2), []  # type: ignore[var-annotated]
    hooks = torch.autograd.graph.saved_tensors_hooks
    with hooks(*logged(log, " outside")):
        with hooks(*logged(log, " inside")):
            y = x.exp()
        y.sqrt()
    (x * x).sum().backward()
    assert [one[0] for one in log] == ["pack inside", "pack outside"]


def test_gradients_of_gradients(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    with torch.autograd.graph.saved_tensors_hooks(lambda t: t.tolist(), torch.tensor):
        y = (x**3).sum()
    (g,) = torch.autograd.grad(y, x, create_graph=True)
    (h,) = torch.autograd.grad(g.sum(), x)
    assert (g.tolist(), h.tolist()) == ([3, 12], [6, 12])


def test_what_a_function_saves(torch: Any) -> None:
    class Double(torch.autograd.Function):  # type: ignore[misc, name-defined]
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.save_for_backward(x)
            return 2 * x

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return g * ctx.saved_tensors[0]

    x, log = leaf(torch, 1, 2), []  # type: ignore[var-annotated]
    with torch.autograd.graph.saved_tensors_hooks(*logged(log)):
        y = Double.apply(x)
    y.sum().backward()
    assert [one[0] for one in log] == ["pack", "unpack"]
    assert x.grad.tolist() == [1, 2]


def test_writing_in_a_hook(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    hooks = torch.autograd.graph.saved_tensors_hooks(lambda t: t.mul_(2), lambda t: t)
    with raises(RuntimeError, IN_PLACE), hooks:
        x.exp()


@pytest.mark.parametrize("made", [5, None])
def test_what_is_no_tensor(torch: Any, made: Any) -> None:
    x = leaf(torch, 1, 2)
    with torch.autograd.graph.saved_tensors_hooks(lambda t: t, lambda t: made):
        y = x.exp().sum()
    text = "Output of saved tensor unpack_hook expected to be a Tensor but got result of type "
    with raises(TypeError, text + type(made).__name__):
        y.backward()


def test_refusing_hooks(torch: Any) -> None:
    graph = torch.autograd.graph
    hooks = graph.saved_tensors_hooks(*logged([]))
    with raises(RuntimeError, "no hooks"), graph.disable_saved_tensors_hooks("no hooks"), hooks:
        pass
    with raises(RuntimeError, "none"), hooks, graph.disable_saved_tensors_hooks("none"):
        pass
    log: list[Any] = []
    with graph.saved_tensors_hooks(*logged(log)):
        leaf(torch, 1).exp()
    assert len(log) == 1


def test_writing_to_what_was_saved(torch: Any) -> None:
    a = leaf(torch, 1, 2)
    with torch.autograd.graph.allow_mutation_on_saved_tensors():
        b = a.clone()
        y = (b**2).sum()
        b.sin_()
        y.backward()
    assert a.grad.tolist() == [2, 4]
    text = (
        "Trying to backward outside of the 'allow_mutation_on_saved_tensors' contextin which the "
        "graph was originally recorded."
    )
    with torch.autograd.graph.allow_mutation_on_saved_tensors():
        y = (a**2).sum()
    with raises(AssertionError, text):
        y.backward()


def test_nothing_stays_behind(torch: Any) -> None:
    before = type(torch.ones(1)).__dict__.get("_node")
    with torch.autograd.graph.saved_tensors_hooks(*logged([])), torch.inference_mode():
        pass
    assert type(torch.ones(1)).__dict__.get("_node") is before
