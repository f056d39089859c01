"""Gradients compared with differences: what passes, what fails, and what is said of it."""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Callable
from typing import Any

import pytest

from tests.torch.autograd.saying import leaf, raises, warns

NOT_DOUBLE = (
    "Input #0 requires gradient and is not a double precision floating point or complex. This "
    "check will likely fail if all the inputs are not of double precision floating point or "
    "complex. "
)
OF_NOTHING = (
    "gradcheck expects at least one input tensor to require gradient, but none of them have "
    "requires_grad=True."
)


def doubles(torch: Any, *numbers: float) -> Any:
    return leaf(torch, *numbers, dtype=torch.float64)


def error(torch: Any) -> Any:
    return importlib.import_module(f"{torch.__name__}.autograd.gradcheck").GradcheckError


def cube(torch: Any, backward: Callable[[Any, Any], Any]) -> Any:
    class Cube(torch.autograd.Function):  # type: ignore[misc, name-defined]
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            ctx.save_for_backward(x)
            return x**3

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return backward(ctx.saved_tensors[0], g)

    return Cube.apply


# ---------------------------------------------------------------- what passes


@pytest.mark.parametrize(
    "f",
    [
        lambda x, y: x**3,
        lambda x, y: x * y,
        lambda x, y: (x**2 * y, x.sum(), 1 / y),
        lambda x, y: (x * y).exp().sum() / x,
        lambda x, y: x.view(2, 1) * y,
        lambda x, y: (x * 2, x > 0)[0],
    ],
)
def test_right_gradients(torch: Any, f: Callable[..., Any]) -> None:
    given = doubles(torch, 0.5, -0.7), doubles(torch, 0.3, 0.4)
    assert torch.autograd.gradcheck(f, given) is True
    assert torch.autograd.gradgradcheck(f, given) is True
    assert given[0].tolist() == [0.5, -0.7]
    assert given[0].grad is None


def test_other_inputs(torch: Any) -> None:
    x = doubles(torch, 1, 2)
    check = torch.autograd.gradcheck
    assert check(lambda x, k: x * k, (x, 3))
    assert check(lambda x: x * 2, x)
    assert check(lambda x: x**2, (x * 1,))
    assert check(lambda x: torch.ones(2, dtype=torch.float64), x)
    assert check(func=lambda x: x * x, inputs=[x])
    assert torch.autograd.gradgradcheck(lambda x: x**3, x, doubles(torch, 1, 2))


def test_a_gradient_that_is_right_once(torch: Any) -> None:
    f = cube(torch, lambda x, g: 3 * (x**2).detach() * g)
    x = doubles(torch, 1, 2)
    assert torch.autograd.gradcheck(f, x)
    with pytest.raises(error(torch), match="Jacobian mismatch for output 0 with respect to input"):
        torch.autograd.gradgradcheck(f, x)


# ---------------------------------------------------------------- what fails


def test_a_wrong_gradient(torch: Any) -> None:
    f, x = cube(torch, lambda x, g: 2 * x * g), doubles(torch, 1, 2)
    assert issubclass(error(torch), RuntimeError)
    with raises(
        error(torch),
        "Jacobian mismatch for output 0 with respect to input 0,\n"
        "numerical:tensor([[ 3.0000,  0.0000],\n"
        "        [ 0.0000, 12.0000]], dtype=torch.float64)\n"
        "analytical:tensor([[2., 0.],\n"
        "        [0., 4.]], dtype=torch.float64)\n",
    ):
        torch.autograd.gradcheck(f, x)
    assert torch.autograd.gradcheck(f, x, raise_exception=False) is False


def test_the_output_and_the_input_are_named(torch: Any) -> None:
    wrong = cube(torch, lambda x, g: None)
    with raises(
        error(torch),
        "Jacobian mismatch for output 1 with respect to input 1,\n"
        "numerical:tensor([[ 75.0000,   0.0000],\n"
        "        [  0.0000, 147.0000]], dtype=torch.float64)\n"
        "analytical:tensor([[0., 0.],\n"
        "        [0., 0.]], dtype=torch.float64)\n",
    ):
        torch.autograd.gradcheck(
            lambda x, y: (x**2 * y, wrong(y)), (doubles(torch, 1, 2), doubles(torch, 5, 7))
        )


def test_kinks_and_poles(torch: Any) -> None:
    with raises(
        error(torch),
        "Jacobian mismatch for output 0 with respect to input 0,\n"
        "numerical:tensor([[0.5000, 0.0000],\n"
        "        [0.0000, 1.0000]], dtype=torch.float64)\n"
        "analytical:tensor([[0., 0.],\n"
        "        [0., 1.]], dtype=torch.float64)\n",
    ):
        torch.autograd.gradcheck(lambda x: x.relu(), doubles(torch, 0, 1))
    with raises(
        error(torch),
        "Jacobian mismatch for output 0 with respect to input 0,\n"
        "numerical:tensor([[   nan, 0.0000],\n"
        "        [0.0000, 0.5000]], dtype=torch.float64)\n"
        "analytical:tensor([[   inf,    nan],\n"
        "        [0.0000, 0.5000]], dtype=torch.float64)\n",
    ):
        torch.autograd.gradcheck(lambda x: x.sqrt(), doubles(torch, 0, 1))


def test_single_precision_is_warned_of(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    with (
        warns(UserWarning, NOT_DOUBLE),
        raises(
            error(torch),
            "Jacobian mismatch for output 0 with respect to input 0,\n"
            "numerical:tensor([[ 2.9504,  0.0000],\n"
            "        [ 0.0000, 11.4441]])\n"
            "analytical:tensor([[ 3.,  0.],\n"
            "        [ 0., 12.]])\n",
        ),
    ):
        torch.autograd.gradcheck(lambda x: x**3, x)
    with warns(UserWarning, NOT_DOUBLE):
        assert torch.autograd.gradcheck(lambda x: x * 3, x, eps=1e-2)


def test_a_gradient_that_changes(torch: Any) -> None:
    noise = itertools.cycle([0.0, 1e-9])
    f, x = cube(torch, lambda x, g: g * 3 * x**2 * (1 + next(noise))), doubles(torch, 1)
    with pytest.raises(error(torch)) as found:
        torch.autograd.gradcheck(f, x)
    assert str(found.value).startswith(
        "Backward is not reentrant, i.e., running backward with same input and grad_output "
        "multiple times gives different values, although analytical gradient matches numerical "
        "gradient.The tolerance for nondeterminism was 0.0.\n\nNOTE: If your op relies on "
    )
    assert torch.autograd.gradcheck(f, x, nondet_tol=1e-6)


def test_what_cannot_be_checked(torch: Any) -> None:
    with raises(ValueError, OF_NOTHING):
        torch.autograd.gradcheck(lambda x: x, torch.ones(2))
    with raises(
        RuntimeError,
        "The 0th input has a dimension with stride 0. gradcheck only supports inputs that are "
        "non-overlapping to be able to compute the numerical gradients correctly. You should call "
        ".contiguous on the input before passing it to gradcheck.",
    ):
        torch.autograd.gradcheck(lambda x: x * 2, (doubles(torch, 1).expand(3),))
    with raises(
        AssertionError, "Expected at least one of check_forward_ad or check_backward_ad to be True"
    ):
        torch.autograd.gradcheck(lambda x: x, doubles(torch, 1), check_backward_ad=False)
    with raises(
        RuntimeError, "a leaf Variable that requires grad is being used in an in-place operation."
    ):
        torch.autograd.gradcheck(lambda x: x.mul_(2), doubles(torch, 1))
