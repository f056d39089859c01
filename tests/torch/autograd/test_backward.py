"""`backward`: what is added up in the leaves, and what it says to what it cannot do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.torch.autograd.saying import NO_HISTORY, SECOND_TIME, leaf, raises, warns

CYCLE = (
    "Using backward() with create_graph=True will create a reference cycle between the parameter "
    "and its gradient which can cause a memory leak. We recommend using autograd.grad when "
    "creating the graph to avoid this. If you have to use this function, make sure to reset the "
    ".grad fields of your parameters to None after use to break the cycle and avoid the leak."
)


# ---------------------------------------------------------------- the gradient it begins with


def test_one_number_needs_no_gradient(torch: Any) -> None:
    for shape in [(), (1,), (1, 1)]:
        x = torch.full(shape, 3.0, requires_grad=True)
        assert (x * x).backward() is None
        assert x.grad.shape == shape
        assert x.grad.item() == 6


def test_several_numbers_need_one(torch: Any) -> None:
    x = leaf(torch, 1, 2, 3)
    with raises(RuntimeError, "grad can be implicitly created only for scalar outputs"):
        (x * 2).backward()
    (x * x).backward(torch.tensor([1.0, 10.0, 100.0]))
    assert x.grad.tolist() == [2, 40, 600]


@pytest.mark.parametrize("shape", [(2,), (1, 3), (3, 1), ()])
def test_a_gradient_has_the_shape_of_the_output(torch: Any, shape: tuple[int, ...]) -> None:
    x = leaf(torch, 1, 2, 3)
    with raises(
        RuntimeError,
        f"Mismatch in shape: grad_output[0] has a shape of {torch.Size(shape)} and output[0] has a "
        "shape of torch.Size([3]).",
    ):
        (x * 2).backward(torch.ones(shape))
    assert x.grad is None


def test_one_number_takes_no_gradient_of_another_shape(torch: Any) -> None:
    with raises(
        RuntimeError,
        "Mismatch in shape: grad_output[0] has a shape of torch.Size([1]) and output[0] has a "
        "shape of torch.Size([]).",
    ):
        leaf(torch, 1, 2).sum().backward(torch.ones(1))


@pytest.mark.parametrize("dtype", ["float64", "float32", "int64", "int32", "uint8", "bool"])
def test_a_gradient_is_cast_to_the_type_of_the_output(torch: Any, dtype: str) -> None:
    x = leaf(torch, 1, 2, 3)
    (x * 2).backward(torch.tensor([1, 0, 1]).to(getattr(torch, dtype)))
    assert x.grad.dtype is torch.float32
    assert x.grad.tolist() == [2, 0, 2]


def test_a_complex_gradient_is_refused(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    with raises(
        RuntimeError,
        "For complex Tensors, both grad_output and output are required to have the same dtype. "
        "Mismatch in dtype: grad_output[0] has a dtype of torch.complex64 and output[0] has a "
        "dtype of torch.float32.",
    ):
        (x * 2).backward(torch.ones(2, dtype=torch.complex64))


def test_what_is_no_tensor_is_no_gradient(torch: Any) -> None:
    x = leaf(torch, 1, 2, 3)
    with raises(TypeError, "gradients can be either Tensors or None, but got int"):
        (x * 2).backward([1, 2, 3])
    with raises(TypeError, "gradients can be either Tensors or None, but got float64"):
        (x * 2).backward(np.ones(3))
    with raises(TypeError, "'float' object is not iterable"):
        (x * 2).sum().backward(1.0)


def test_a_gradient_may_stand_in_a_tuple(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    (x * 2).backward((torch.ones(2),))
    (x * 2).sum().backward((None,))
    assert x.grad.tolist() == [4, 4]


def test_the_gradient_given_is_left_alone(torch: Any) -> None:
    x, given = leaf(torch, 2), torch.ones(1)
    (x * 1).backward(given)
    x.grad += 5
    x.backward(given)
    assert given.tolist() == [1]
    assert x.grad is not given
    assert x.grad.tolist() == [7]


def test_a_gradient_that_requires_its_own_is_taken_as_it_is(torch: Any) -> None:
    x, v = leaf(torch, 1, 2), leaf(torch, 3, 4)
    (x * 2).backward(v)
    assert x.grad.tolist() == [6, 8]
    assert not x.grad.requires_grad
    assert v.grad is None


# ---------------------------------------------------------------- what has no history


def test_what_requires_no_gradient_has_none(torch: Any) -> None:
    for y in [torch.tensor(1.0), torch.tensor([1.0, 2.0]), torch.tensor([1])]:
        with raises(RuntimeError, NO_HISTORY.format(0)):
            y.backward()
    with raises(RuntimeError, NO_HISTORY.format(1)):
        torch.autograd.backward([leaf(torch, 1).sum(), torch.tensor(1.0)])


def test_no_history_is_recorded_without_grad(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    with torch.no_grad():
        y = (x * x).sum()
    with raises(RuntimeError, NO_HISTORY.format(0)):
        y.backward()


def test_a_complex_number_is_no_loss(torch: Any) -> None:
    y = leaf(torch, 1, 2).to(torch.complex64).sum()
    with raises(
        RuntimeError,
        "grad can be implicitly created only for real scalar outputs but got torch.complex64",
    ):
        y.backward()


# ---------------------------------------------------------------- adding up


def test_gradients_are_added_in_place(torch: Any) -> None:
    x = leaf(torch, 2)
    (x * 3).backward()
    first = x.grad
    assert first._version == 0
    (x * 3).backward()
    assert x.grad is first
    assert first.tolist() == [6]
    assert first._version == 1


def test_the_same_tensor_used_often(torch: Any) -> None:
    x = torch.tensor(3.0, requires_grad=True)
    (x * x + x + 2 * x).backward()
    assert x.grad.item() == 9


def test_a_gradient_lies_in_memory_as_its_tensor_does(torch: Any) -> None:
    x = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    (x.t() * torch.tensor([[1.0, 2.0], [3.0, 4.0]])).sum().backward()
    assert x.grad.tolist() == [[1, 3], [2, 4]]
    assert x.grad.stride() == (2, 1)
    x.grad = None
    x.sum().backward()
    x.grad[0, 0] = 7.0
    assert x.grad.tolist() == [[7, 1], [1, 1]]
    columns = torch.ones(2, 3).t().requires_grad_()
    columns.sum().backward()
    assert columns.grad.stride() == columns.stride() == (1, 3)


def test_a_leaf_goes_back_to_itself(torch: Any) -> None:
    x = torch.tensor(3.0, requires_grad=True)
    x.backward()
    assert x.grad.item() == 1
    x.backward()
    assert x.grad.item() == 2


def test_types_of_their_own(torch: Any) -> None:
    x = torch.ones(2, requires_grad=True)
    w = torch.ones(2, dtype=torch.float64, requires_grad=True)
    (x * w).sum().backward()
    assert x.grad.dtype is torch.float32
    assert w.grad.dtype is torch.float64


def test_what_is_not_used_keeps_none(torch: Any) -> None:
    x, w, c = leaf(torch, 1, 2), leaf(torch, 1, 2), torch.ones(2)
    (x * c).sum().backward()
    assert w.grad is None
    assert c.grad is None


# ---------------------------------------------------------------- several outputs


def test_several_outputs_are_added_up(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    torch.autograd.backward([(x * x).sum(), x * 3], [None, torch.tensor([10.0, 100.0])])
    assert x.grad.tolist() == [32, 304]


def test_one_output_twice_and_one_inside_another(torch: Any) -> None:
    x, one = leaf(torch, 2), torch.ones(1)
    y = x * x
    z = y * 3
    torch.autograd.backward([z, z], [one, one], retain_graph=True)
    assert x.grad.tolist() == [24]
    x.grad = None
    torch.autograd.backward([y, z], [one, one])
    assert x.grad.tolist() == [16]


def test_outputs_of_any_kind_of_sequence(torch: Any) -> None:
    x = leaf(torch, 2)
    torch.autograd.backward(y for y in [(x * 2).sum()])
    torch.autograd.backward({(x * 2).sum()})
    torch.autograd.backward([])
    assert x.grad.tolist() == [4]
    with raises(TypeError, "'int' object is not iterable"):
        torch.autograd.backward(3)
    with raises(AssertionError, "Expected output to be a torch.Tensor"):
        torch.autograd.backward([3])


def test_as_many_gradients_as_outputs(torch: Any) -> None:
    x = leaf(torch, 2)
    with raises(RuntimeError, "got 2 tensors and 1 gradients"):
        torch.autograd.backward([x * 2, x * 3], [torch.ones(1)])


def test_the_old_name_of_gradients(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    old = "`grad_variables` is deprecated. Use `grad_tensors` instead."
    with warns(FutureWarning, old):
        torch.autograd.backward(x * 2, grad_variables=torch.ones(2))
    assert x.grad.tolist() == [2, 2]
    with (
        warns(FutureWarning, old),
        raises(
            RuntimeError,
            "`grad_tensors` and `grad_variables` (deprecated) arguments both passed to "
            "`backward()`. Please only use `grad_tensors`.",
        ),
    ):
        torch.autograd.backward(x * 2, torch.ones(2), grad_variables=torch.ones(2))


# ---------------------------------------------------------------- retain_graph


def test_a_second_pass(torch: Any) -> None:
    x = leaf(torch, 1)
    y = (x + 2) * (x + 1)
    y.backward(retain_graph=True)
    y.backward()
    assert x.grad.tolist() == [10]
    with raises(RuntimeError, SECOND_TIME):
        y.backward()
    assert x.grad.tolist() == [10]


def test_what_saves_nothing_is_passed_again(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    y = (x + 1 - x.view(2)).sum()
    y.backward()
    y.backward()
    assert x.grad.tolist() == [0, 0]


def test_a_shared_part_is_freed_for_all(torch: Any) -> None:
    x = leaf(torch, 2)
    shared = x * x
    first, second = shared * 2, shared * 3
    first.backward()
    with raises(RuntimeError, SECOND_TIME):
        second.backward()


@pytest.mark.parametrize("value", [True, 1])
def test_retain_graph_is_yes_or_no(torch: Any, value: Any) -> None:
    y = (leaf(torch, 1) ** 2).sum()
    y.backward(retain_graph=value)
    y.backward(retain_graph=False)
    with raises(RuntimeError, SECOND_TIME):
        y.backward(retain_graph=None)


def test_what_is_neither_yes_nor_no(torch: Any) -> None:
    y = (leaf(torch, 1) ** 2).sum()
    with raises(TypeError, "'str' object cannot be interpreted as an integer"):
        y.backward(retain_graph="yes")
    with raises(TypeError, "'NoneType' object cannot be interpreted as an integer"):
        y.backward(create_graph=None)
    with raises(
        TypeError, "Tensor.backward() takes from 1 to 5 positional arguments but 6 were given"
    ):
        y.backward(None, None, False, None, None)


# ---------------------------------------------------------------- create_graph


def test_a_recorded_pass_adds_up_out_of_place(torch: Any) -> None:
    x = leaf(torch, 2)
    with warns(UserWarning, CYCLE):
        (x**3).sum().backward(create_graph=True)
    first = x.grad
    assert repr(first) == "tensor([12.], grad_fn=<CopyBackwards>)"
    with warns(UserWarning, CYCLE):
        (x**3).sum().backward(create_graph=True)
    assert x.grad is not first
    assert repr(x.grad) == "tensor([24.], grad_fn=<AddBackward0>)"
    (second,) = torch.autograd.grad(x.grad, x)
    assert second.tolist() == [24]
    x.grad = None


def test_a_recorded_pass_retains_the_graph(torch: Any) -> None:
    x = torch.tensor(2.0, requires_grad=True)
    y = x**3
    with warns(UserWarning, CYCLE):
        y.backward(create_graph=True)
    first, x.grad = x.grad, None
    first.backward(retain_graph=True)
    assert x.grad.item() == 12
    y.backward()
    assert x.grad.item() == 24
    with raises(RuntimeError, SECOND_TIME):
        y.backward()


def test_a_linear_function_has_a_gradient_without_history(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    with warns(UserWarning, CYCLE):
        (3 * x).sum().backward(create_graph=True)
    assert repr(x.grad) == "tensor([3., 3.])"


# ---------------------------------------------------------------- inputs=


def test_only_in_these_inputs(torch: Any) -> None:
    x, w = leaf(torch, 2), leaf(torch, 3)
    y = x * w
    z = y * y
    z.backward(inputs=[x], retain_graph=True)
    assert x.grad.tolist() == [36]
    assert w.grad is None
    z.backward(inputs=(t for t in [w]))
    assert w.grad.tolist() == [24]
    assert x.grad.tolist() == [36]


def test_results_among_the_inputs_add_up_too(torch: Any) -> None:
    x, w = leaf(torch, 2), leaf(torch, 3)
    y = x * w
    z = y * y
    z.backward(inputs=y, retain_graph=True)
    assert y.grad.tolist() == [12]
    assert y.retains_grad
    assert x.grad is None
    z.backward(inputs=[y, x], retain_graph=True)
    assert y.grad.tolist() == [24]
    assert x.grad.tolist() == [36]
    z.backward(inputs=[z], retain_graph=True)
    assert z.grad.tolist() == [1]
    other = leaf(torch, 1)
    z.backward(inputs=[other])
    assert other.grad is None


def test_the_node_of_a_result_among_the_inputs_is_run(torch: Any) -> None:
    y = leaf(torch, 2).exp()
    y.sum().backward(inputs=y)
    assert y.grad.tolist() == [1]
    with raises(RuntimeError, SECOND_TIME):
        y.sum().backward()
    calls: list[Any] = []

    class Twice(torch.autograd.Function):  # type: ignore[misc, name-defined]
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return 2 * x

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            calls.append(g.tolist())
            return 2 * g

    x = leaf(torch, 2)
    z = Twice.apply(x)
    z.backward(inputs=z)
    torch.autograd.grad(z, z)
    assert calls == [[1]]
    assert x.grad is None


def test_what_no_gradient_can_be_added_up_in(torch: Any) -> None:
    y = (leaf(torch, 1) * 2).sum()
    with raises(RuntimeError, "`inputs` argument to `backward()` cannot be empty."):
        y.backward(inputs=[])
    with raises(RuntimeError, "can't retain_grad on Tensor that has requires_grad=False"):
        y.backward(inputs=[torch.ones(1)])
    with raises(RuntimeError, "all inputs have to be Tensors or GradientEdges, but got str"):
        y.backward(inputs="a")
    with raises(TypeError, "'int' object is not iterable"):
        y.backward(inputs=3)


def test_only_what_lies_on_the_way_is_freed(torch: Any) -> None:
    x, w = leaf(torch, 2), leaf(torch, 3)
    y = x * x
    z = (y * 2) + (w * w)
    z.backward(inputs=[x])
    (w_part,) = torch.autograd.grad(w * w, w)
    assert w_part.tolist() == [6]
    with raises(RuntimeError, SECOND_TIME):
        y.backward()


# ---------------------------------------------------------------- in the lessons' words


def test_slide_graph_by_position(torch: Any) -> None:
    w, x = leaf(torch, 1), leaf(torch, 2)
    y = (x + w) * (w + 1)
    y.backward(torch.tensor([1.0]), True, False, [w])
    assert w.grad.tolist() == [5]
    assert x.grad is None


def test_weights_of_several_losses(torch: Any) -> None:
    w, x = leaf(torch, 1), leaf(torch, 2)
    a, b = x + w, w + 1
    loss = torch.cat([a * b, a + b], dim=0)
    loss.backward(gradient=torch.tensor([1.0, 2.0]))
    assert w.grad.tolist() == [9]
