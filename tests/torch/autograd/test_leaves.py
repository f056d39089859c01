"""Leaves: what requires a gradient, where it is kept, and what may be set."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

from tests.torch.autograd.saying import leaf, raises, warns

COMPUTED = (
    "you can only change requires_grad flags of leaf variables. If you want to use a computed "
    "variable in a subgraph that doesn't require differentiation use var_no_grad = var.detach()."
)
NOT_A_LEAF = (
    "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .grad "
    "attribute won't be populated during autograd.backward(). If you indeed want the .grad field "
    "to be populated for a non-leaf Tensor, use .retain_grad() on the non-leaf Tensor. If you "
    "access the non-leaf Tensor by mistake, make sure you access the leaf Tensor instead. See "
    "github.com/pytorch/pytorch/pull/30531 for more information."
)
OF_ANOTHER_TYPE = (
    "attempting to assign a gradient with dtype '{}' to a tensor with grad_dtype '{}'. The "
    "gradient must match the tensor's grad_dtype (defaults to the tensor's dtype). You can set the "
    "tensor's grad_dtype attribute with a specific dtype, or None to allow any dtype. Set "
    "grad_dtype with caution. Diverging the dtypes of a tensor and its gradient may break "
    "downstream systems that assume they match."
)

# ---------------------------------------------------------------- what is a leaf


def test_what_is_a_leaf(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    y = x * 2
    assert torch.ones(1).is_leaf
    assert torch.tensor([1]).is_leaf
    assert x.is_leaf
    assert not y.is_leaf
    assert y.detach().is_leaf
    assert (torch.ones(1) * 2).is_leaf
    assert (x > 0).is_leaf
    assert not (x > 0).requires_grad
    assert not x.view(2).is_leaf
    with torch.no_grad():
        z = x * 2
    assert (z.is_leaf, z.requires_grad, z.grad_fn) == (True, False, None)


def test_requiring_spreads(torch: Any) -> None:
    x, c = leaf(torch, 1, 2), torch.ones(2)
    assert (x + c).requires_grad
    assert not (c * 2).requires_grad
    assert torch.cat([c, x]).requires_grad
    assert not (x + c).detach().requires_grad


def test_the_graph_is_what_it_was_when_recorded(torch: Any) -> None:
    x, z = leaf(torch, 1, 2), torch.ones(2)
    w = z * x
    z.requires_grad_()
    w.sum().backward()
    assert z.grad is None
    assert x.grad.tolist() == [1, 1]


# ---------------------------------------------------------------- requires_grad


def test_whole_numbers_require_none(torch: Any) -> None:
    i = torch.tensor([1, 2])
    with raises(
        RuntimeError, "Only Tensors of floating point and complex dtype can require gradients"
    ):
        torch.tensor([1, 2], requires_grad=True)
    with raises(
        RuntimeError, "only Tensors of floating point and complex dtype can require gradients"
    ):
        i.requires_grad = True
    with raises(RuntimeError, "only Tensors of floating point dtype can require gradients"):
        i.requires_grad_()
    i.requires_grad = False
    assert i.requires_grad_(False) is i


@pytest.mark.parametrize("value", [1, 0, None, "a", np.True_])
def test_requires_grad_is_true_or_false(torch: Any, value: Any) -> None:
    x = torch.ones(1)
    with raises(RuntimeError, "requires_grad must be a bool"):
        x.requires_grad = value
    assert not x.requires_grad


@pytest.mark.parametrize(("value", "name"), [(1, "int"), (None, "NoneType"), ("a", "str")])
def test_so_is_the_argument_of_the_method(torch: Any, value: Any, name: str) -> None:
    with raises(
        TypeError,
        f"requires_grad_(): argument 'requires_grad' (position 1) must be bool, not {name}",
    ):
        torch.ones(1).requires_grad_(value)


def test_requires_grad_returns_the_tensor(torch: Any) -> None:
    x = torch.ones(1)
    assert x.requires_grad_(requires_grad=True) is x
    assert x.requires_grad_() is x


def test_a_result_stays_one(torch: Any) -> None:
    y = leaf(torch, 1, 2) * 2
    with raises(RuntimeError, COMPUTED):
        y.requires_grad_(False)
    with raises(RuntimeError, COMPUTED):
        y.requires_grad = False
    assert y.requires_grad_() is y
    with raises(RuntimeError, COMPUTED.partition(" If")[0]):
        y.requires_grad = True
    assert y.grad_fn is not None


def test_turned_off_the_gradient_stays(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    (x * 2).sum().backward()
    first = x.grad
    x.requires_grad_(False)
    assert x.grad is first
    assert not (x * 2).requires_grad
    x.requires_grad_()
    assert x.grad is first
    (x * 2).sum().backward()
    assert x.grad is first
    assert first.tolist() == [4, 4]


def test_turned_off_no_gradient_arrives(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    y = (x * x).sum()
    x.requires_grad_(False)
    y.backward(retain_graph=True)
    assert x.grad is None
    x.requires_grad_()
    y.backward()
    assert x.grad.tolist() == [2, 4]


def test_turned_off_hooks_stay(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    x.register_hook(lambda g: g * 2)
    x.requires_grad_(False)
    x.requires_grad_()
    x.sum().backward()
    assert x.grad.tolist() == [2, 2]


# ---------------------------------------------------------------- grad


def test_no_gradient_at_first(torch: Any) -> None:
    assert leaf(torch, 1).grad is None
    assert torch.ones(1).grad is None
    assert torch.tensor([1]).grad is None


def test_a_results_gradient_is_not_kept(torch: Any) -> None:
    y = leaf(torch, 1, 2) * 2
    y.sum().backward()
    with warns(UserWarning, NOT_A_LEAF):
        assert y.grad is None


def test_a_gradient_may_be_set_and_removed(torch: Any) -> None:
    x, g = leaf(torch, 1, 2), torch.ones(2)
    x.grad = g
    assert x.grad is g
    (x * 2).sum().backward()
    assert g.tolist() == [3, 3]
    x.grad = None
    assert x.grad is None
    x.grad = g
    del x.grad
    assert x.grad is None


def test_also_of_what_requires_none(torch: Any) -> None:
    z, g = torch.zeros(2), torch.ones(2)
    z.grad = g
    assert z.grad is g
    assert not z.requires_grad
    z.requires_grad_()
    assert z.grad is g
    z.sum().backward()
    assert g.tolist() == [2, 2]


def test_also_of_a_result(torch: Any) -> None:
    y, g = leaf(torch, 1, 2) * 2, torch.ones(2)
    y.grad = g
    with warns(UserWarning):
        assert y.grad is g


@pytest.mark.parametrize(
    ("value", "name"),
    [(3, "int"), ("a", "str"), ([1.0], "list"), (np.ones(2), "numpy.ndarray"), (True, "bool")],
)
def test_a_gradient_is_a_tensor(torch: Any, value: Any, name: str) -> None:
    with raises(
        TypeError, f"assigned grad expected to be a Tensor or None but got grad of type {name}"
    ):
        leaf(torch, 1, 2).grad = value


@pytest.mark.parametrize(
    ("dtype", "name"),
    [
        ("float64", "double"), ("int64", "long int"), ("int32", "int"), ("int16", "short int"),
        ("int8", "signed char"), ("uint8", "unsigned char"), ("bool", "bool"),
        ("complex64", "c10::complex<float>"), ("float16", "c10::Half"),
    ],
)  # fmt: skip
def test_of_the_same_type(torch: Any, dtype: str, name: str) -> None:
    with raises(RuntimeError, OF_ANOTHER_TYPE.format(name, "Float")):
        leaf(torch, 1, 2).grad = torch.ones(2, dtype=getattr(torch, dtype))
    with raises(RuntimeError, OF_ANOTHER_TYPE.format("float", "Long")):
        torch.tensor([1, 2]).grad = torch.ones(2)


@pytest.mark.parametrize("shape", [(3,), (), (1, 2)])
def test_of_the_same_shape(torch: Any, shape: tuple[int, ...]) -> None:
    with raises(
        RuntimeError,
        f"attempting to assign a gradient of size '{list(shape)}' to a tensor of size '[2]'. "
        "Please ensure that the gradient and the tensor are the same size",
    ):
        leaf(torch, 1, 2).grad = torch.ones(shape)


def test_and_not_itself(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    with raises(RuntimeError, "can't assign Variable as its own grad"):
        x.grad = x


# ---------------------------------------------------------------- retain_grad


def test_a_result_may_retain_its_gradient(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    y = x * 2
    assert not y.retains_grad
    y.retain_grad()
    y.retain_grad()
    assert y.retains_grad
    assert y.grad is None
    (y * y).sum().backward()
    assert y.grad.tolist() == [4, 8]
    assert x.grad.tolist() == [8, 16]


def test_what_it_retains_is_added_up(torch: Any) -> None:
    y = leaf(torch, 1, 2) * 2
    y.retain_grad()
    z = y.sum()
    z.backward(retain_graph=True)
    z.backward()
    assert y.grad.tolist() == [2, 2]


def test_a_leaf_retains_anyway(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    assert x.retain_grad() is None
    assert not x.retains_grad


def test_what_requires_none_retains_none(torch: Any) -> None:
    with raises(RuntimeError, "can't retain_grad on Tensor that has requires_grad=False"):
        torch.ones(1).retain_grad()


def test_what_is_retained_is_of_the_tensor_as_it_is_now(torch: Any) -> None:
    y = leaf(torch, 1, 2) * 2
    y.retain_grad()
    y.mul_(5)
    (y * 3).sum().backward()
    assert y.grad.tolist() == [3, 3]


# ---------------------------------------------------------------- detach, data, copies


def test_detached_numbers_are_shared(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    d = x.detach()
    d[0] = 5.0
    assert x.tolist() == [5, 2]
    assert x._version == d._version == 1


def test_data_has_a_count_of_its_own(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    d = x.data
    d[0] = 5.0
    assert (d._version, x._version) == (1, 0)
    assert x.tolist() == [5, 2]
    assert not d.requires_grad


def test_data_may_be_replaced(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    x.data = torch.ones(3)
    assert repr(x) == "tensor([1., 1., 1.], requires_grad=True)"
    (2 * x).sum().backward()
    assert x.grad.tolist() == [2, 2, 2]


def test_a_result_is_cut_off_in_place(torch: Any) -> None:
    y = leaf(torch, 1) * 2
    assert y.detach_() is y
    assert (y.requires_grad, y.grad_fn, y.is_leaf) == (False, None, True)


def test_a_copy_of_a_leaf_is_a_leaf(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    (x * 2).sum().backward()
    other = copy.deepcopy(x)
    assert other.is_leaf
    assert other.requires_grad
    assert other.grad.tolist() == [2, 2]
    assert other.grad is not x.grad
    (other * 5).sum().backward()
    assert x.grad.tolist() == [2, 2]
    assert other.grad.tolist() == [7, 7]


def test_a_copy_of_what_was_a_leaf(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    x.requires_grad_(False)
    other = copy.deepcopy(x).requires_grad_()
    (other * 5).sum().backward()
    assert x.grad is None
    assert other.grad.tolist() == [5, 5]
