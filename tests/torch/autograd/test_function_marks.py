"""Functions that write to their inputs, return them as they are, or stand in a transform."""

from __future__ import annotations

from typing import Any

import pytest

from tests.torch.autograd.saying import leaf, raises


def tripled(torch: Any) -> Any:
    class Triple(torch.autograd.Function):  # type: ignore[misc, name-defined]
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.mark_dirty(x)
            return x.mul_(3)

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return 3 * g

    return Triple


def test_a_write_to_a_view_is_one_to_its_base(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    base = x * x
    view, other = base[0:1], base.view(2, 1)
    assert tripled(torch).apply(view) is view
    assert base.grad_fn.name() == "torch::autograd::CopySlices"
    assert view.grad_fn.name() == other.grad_fn.name() == "AsStridedBackward0"
    (base * other[:, 0]).sum().backward()  # 9 x0^4 + x1^4
    assert x.grad.tolist() == [36, 32]


def test_views_follow_a_write_to_their_base(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    base = x * x
    view = base.view(2, 1)
    tripled(torch).apply(base)
    view.sum().backward()
    assert x.grad.tolist() == [6, 12]


def test_a_view_of_a_leaf_is_not_written_to(torch: Any) -> None:
    with raises(
        RuntimeError,
        "a view of a leaf Variable that requires grad is being used in an in-place operation.",
    ):
        tripled(torch).apply(leaf(torch, 1, 2)[0:1])


def test_an_input_returned_as_no_function_of_itself(torch: Any) -> None:
    class Same(torch.autograd.Function):  # type: ignore[misc, name-defined]
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.mark_non_differentiable(x)
            return x

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            raise AssertionError

    assert not Same.apply(leaf(torch, 1)).requires_grad


@pytest.mark.filterwarnings("ignore:`torch.jit.script`:DeprecationWarning")  # by PyTorch itself
def test_jvp_finds_what_was_saved_for_forward(torch: Any) -> None:
    forward_ad = torch.autograd.forward_ad

    class Square(torch.autograd.Function):  # type: ignore[misc, name-defined]
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.save_for_forward(x)
            return x * x

        @staticmethod
        def jvp(ctx: Any, t: Any) -> Any:
            (x,) = ctx.saved_tensors
            return 2 * x * t

    with forward_ad.dual_level():
        x = forward_ad.make_dual(torch.tensor([1.0, 2.0]), torch.ones(2))
        tangent = forward_ad.unpack_dual(Square.apply(x)).tangent
        assert tangent.tolist() == [2, 4]
        assert forward_ad.unpack_dual(tangent).tangent is None


def test_transforms_need_the_context_apart(torch: Any) -> None:
    Triple = tripled(torch)
    with raises(
        RuntimeError,
        "In order to use an autograd.Function with functorch transforms (vmap, grad, jvp, jacrev, "
        "...), it must override the setup_context staticmethod. For more details, please see "
        "https://pytorch.org/docs/main/notes/extending.func.html",
    ):
        torch.func.grad(lambda x: Triple.apply(x * 1).sum())(torch.ones(2))


def test_a_view_made_in_inference_mode_is_told_so(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    with torch.inference_mode():
        view = x.view(1, 2)
    with raises(
        RuntimeError,
        "A view was created in inference mode and is being modified inplace in normal mode. Given "
        "that this use case is ambiguous and error-prone, it is forbidden. You can clarify your "
        "code by moving both the view and the inplace either both inside the inference_mode block "
        "(if you don't want the inplace to be tracked) or both outside (if you want the inplace "
        "to be tracked).",
    ):
        view.mul_(2)
