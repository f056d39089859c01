"""Edges of the graph in place of tensors, and hooks on several tensors at once."""

from __future__ import annotations

from typing import Any

import pytest

from tests.torch.autograd.saying import leaf, raises


def edge(torch: Any, t: Any) -> Any:
    return torch.autograd.graph.get_gradient_edge(t)


def test_an_edge(torch: Any) -> None:
    x = leaf(torch, 1, 2, 3, 4)
    first, second = torch.split(2 * x, 2)
    found = edge(torch, second)
    assert (found.node.name(), found.output_nr) == ("SplitBackward0", 1)
    assert found.node is second.grad_fn
    assert found == (second.grad_fn, 1, None)
    assert repr(found).startswith("GradientEdge(node=<SplitBackward0 object at 0x")
    assert isinstance(edge(torch, first), torch.autograd.graph.GradientEdge)
    text = (
        "It is not possible to get the gradient edge for a Tensor that does not require gradients"
    )
    with raises(RuntimeError, text):
        edge(torch, torch.ones(2))


def test_edges_in_place_of_tensors(torch: Any) -> None:
    x, w = leaf(torch, 1, 2), leaf(torch, 3, 4)
    grad, backward = torch.autograd.grad, torch.autograd.backward
    y = x * w
    found = grad((y**2).sum(), [edge(torch, y), x])
    assert [g.tolist() for g in found] == [[6, 16], [18, 64]]
    found = grad([edge(torch, x * w)], [x, w], grad_outputs=[torch.ones(2)])
    assert [g.tolist() for g in found] == [[3, 4], [1, 2]]
    assert grad(edge(torch, (x * w).sum()), edge(torch, x))[0].tolist() == [3, 4]
    backward(edge(torch, (x * w).sum()))
    backward([edge(torch, x * w)], [torch.ones(2)])
    backward((x * w).sum(), inputs=edge(torch, x))
    assert (x.grad.tolist(), w.grad.tolist()) == ([9, 12], [2, 4])
    with raises(RuntimeError, "grad can be implicitly created only for scalar outputs"):
        grad(edge(torch, x * w), x)


@pytest.mark.parametrize("mode", ["all", "any"])
def test_hooks_on_several_tensors(torch: Any, mode: str) -> None:
    x, w = leaf(torch, 1, 2), leaf(torch, 3, 4)
    seen: list[Any] = []

    def see(found: Any) -> None:
        many = found if isinstance(found, list) else [found]
        seen.append([None if g is None else g.tolist() for g in many])

    y = 2 * x
    handle = torch.autograd.graph.register_multi_grad_hook((x, w, y), see, mode=mode)
    (y * w).sum().backward(retain_graph=True)
    (3 * x).sum().backward()
    handle.remove()
    (3 * x).sum().backward()
    every = [[[6, 8], [2, 4], [3, 4]], [[3, 3], None, None]]
    first = [seen[0], [[3, 3]]] if mode == "any" else every
    assert seen == first
    assert len(seen[0]) == (1 if mode == "any" else 3)


def test_hooks_on_several_refused(torch: Any) -> None:
    hook = torch.autograd.graph.register_multi_grad_hook
    with raises(ValueError, "Expects mode to be one of ('all', 'any') but got some"):
        hook([leaf(torch, 1)], print, mode="some")
    with raises(AssertionError, "Expected gradient function to be set"):
        hook([leaf(torch, 1), torch.ones(2)], print)


def test_counting_writes(torch: Any) -> None:
    count = torch.autograd.graph.increment_version
    x = torch.ones(2)
    count(x)
    count(t for t in [x, x])
    assert x._version == 3
    with raises(RuntimeError, "increment_version expect a Iterable[Tensor] as input"):
        count(3)
    text = "increment_version expects each element of the iterable to be a tensor"
    with raises(RuntimeError, text):
        count([3])
