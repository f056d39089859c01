"""Names of torch.autograd, those of the past among them, and those that are not here."""

from __future__ import annotations

from typing import Any

import pytest

from tests.torch.autograd.saying import leaf, raises, warns


def test_a_variable_is_a_tensor(torch: Any) -> None:
    Variable = torch.autograd.Variable
    x = torch.tensor([1.0, 2.0])
    v = Variable(x, requires_grad=True)
    assert repr(v) == "tensor([1., 2.], requires_grad=True)"
    assert type(v) is torch.Tensor
    assert isinstance(x, Variable)
    assert not isinstance(3, Variable)
    (v * v).sum().backward()
    assert v.grad.tolist() == [2, 4]
    assert not Variable(v).requires_grad
    Variable(x).add_(1)
    assert x.tolist() == [2, 3]
    assert repr(Variable()) == "tensor([])"
    with raises(TypeError, "Variable data has to be a tensor, but got float"):
        Variable(3.0)
    with raises(
        RuntimeError, "Only Tensors of floating point and complex dtype can require gradients"
    ):
        Variable(torch.tensor([1]), requires_grad=True)
    with warns(
        UserWarning,
        "volatile was removed and now has no effect. Use `with torch.no_grad():` instead.",
    ):
        Variable(x, volatile=True)


def test_nodes_are_nodes(torch: Any) -> None:
    class Same(torch.autograd.Function):  # type: ignore[misc, name-defined]
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return x * 1

    x = leaf(torch, 1)
    for y in (x * 2, Same.apply(x)):
        assert isinstance(y.grad_fn, torch.autograd.graph.Node)
    assert not isinstance(x, torch.autograd.graph.Node)


def test_a_write_counted_by_hand(torch: Any) -> None:
    x = leaf(torch, 1) * 1
    y = x * x
    torch.autograd.graph.increment_version(x)
    assert x._version == 1
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        y.backward()


def test_what_is_saved_on_the_cpu(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    with torch.autograd.graph.save_on_cpu():
        y = (x * x).sum()
    y.backward()
    assert x.grad.tolist() == [2, 4]


def test_the_public_list_is_complete_and_sorted() -> None:
    from chainrule.torch import autograd

    for module in (autograd, autograd.functional, autograd.graph, autograd.function):
        assert list(module.__all__) == sorted(module.__all__)
        assert all(getattr(module, name) is not None for name in module.__all__)


@pytest.mark.parametrize("name", ["kineto_available", "graph.region_activation_memory_budget"])
def test_what_is_not_here_says_so(name: str) -> None:
    from chainrule.torch import autograd

    *within, last = name.split(".")
    home = getattr(autograd, within[0]) if within else autograd
    where = ".".join(["torch.autograd", *within, last])
    with pytest.raises(AttributeError, match=f"^{where} is not in chainrule"):
        getattr(home, last)
