"""What gradcheck is asked to look at besides: tangents, complex numbers, gradients of nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.torch.autograd.saying import raises

# PyTorch's first dual tensor loads what it has deprecated itself.
pytestmark = pytest.mark.filterwarnings("ignore:`torch.jit.script`:DeprecationWarning")


def double(torch: Any, *numbers: complex) -> Any:
    kind = torch.complex128 if any(isinstance(n, complex) for n in numbers) else torch.float64
    return torch.tensor(numbers, dtype=kind, requires_grad=True)


def scaled(torch: Any, forward: complex, backward: complex, tangent: complex) -> Any:
    class Scaled(torch.autograd.Function):  # type: ignore[misc, name-defined]
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return x * forward

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return g * backward

        @staticmethod
        def jvp(ctx: Any, t: Any) -> Any:
            return t * tangent

    return Scaled.apply


NUMERICAL = "numerical:tensor([[2.0000, 0.0000],\n        [0.0000, 2.0000]], dtype=torch.float64)\n"


def test_forward_mode(torch: Any) -> None:
    check, x = torch.autograd.gradcheck, double(torch, 1, 2)
    assert check(lambda x: (x**3).exp() * x.sum(), x, check_forward_ad=True, atol=1e-2)
    assert check(scaled(torch, 2, 2, 5), x)
    text = (
        "Jacobian computed with forward mode mismatch for output 0 with respect to input 0,\n"
        f"{NUMERICAL}analytical:tensor([[5., 0.],\n        [0., 5.]], dtype=torch.float64)\n"
    )
    for backward in (True, False):
        with raises(torch.autograd.gradcheck.__globals__["GradcheckError"], text):
            check(scaled(torch, 2, 2, 5), x, check_forward_ad=True, check_backward_ad=backward)
    assert check(scaled(torch, 2, 7, 2), x, check_forward_ad=True, check_backward_ad=False)
    assert not check(scaled(torch, 2, 7, 2), x, raise_exception=False)


def test_complex_numbers(torch: Any) -> None:
    check, z = torch.autograd.gradcheck, double(torch, 1 + 1j, 2)
    for f in (
        lambda z: z**3, lambda z: z.abs(), lambda z: (z * z.conj()).real, lambda z: z.exp() * 1j,
    ):  # fmt: skip
        assert check(f, z)
        assert check(f, z, check_forward_ad=True, check_backward_ad=False)
    part = "While considering the imaginary part of complex outputs only, Jacobian mismatch for"
    with pytest.raises(RuntimeError, match=part):
        check(scaled(torch, 2, 2 + 1j, 2), z)
    part = "While considering the imaginary part of complex inputs only, Jacobian computed with"
    with pytest.raises(RuntimeError, match=part):
        check(scaled(torch, 2, 2, 2 + 1j), z, check_forward_ad=True)


def test_gradients_of_nothing(torch: Any) -> None:
    class More(torch.autograd.Function):  # type: ignore[misc, name-defined]
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return 2 * x

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return 2 * g + 1e-9

    with pytest.raises(RuntimeError, match=r"^backward not multiplied by grad_output$"):
        torch.autograd.gradcheck(More.apply, double(torch, 1, 2))


def test_functions_without_gradient(torch: Any) -> None:
    check, x = torch.autograd.gradcheck, double(torch, 1, 2)
    assert check(lambda x: torch.ones(2), x)
    text = r"^Numerical gradient for function expected to be zero$"
    with pytest.raises(RuntimeError, match=text):
        check(lambda x: 2 * x.detach(), x)


def test_a_check_along_one_direction_tells_all(torch: Any) -> None:
    with pytest.raises(RuntimeError, match="computed \nin fast mode") as found:
        torch.autograd.gradcheck(scaled(torch, 2, 3, 2), double(torch, 1, 2), fast_mode=True)
    assert "The max per-element difference (slow mode) is: 1.0" in str(
        found.value
    ) or "is: 0.99999" in str(found.value)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (
            {"check_backward_ad": False},
            "Expected at least one of check_forward_ad or check_backward_ad to be True",
        ),
        (
            {"check_backward_ad": False, "check_forward_ad": True, "check_batched_grad": True},
            "Setting check_batched_grad=True requires check_backward_ad to be True",
        ),
        (
            {"check_batched_forward_grad": True},
            "Setting check_batched_forward_grad=True requires check_forward_ad to be True",
        ),
    ],
)
def test_options_that_do_not_fit(torch: Any, options: dict[str, bool], text: str) -> None:
    with raises(AssertionError, text):
        torch.autograd.gradcheck(torch.sin, double(torch, 1), **options)


def test_gradients_of_gradients(torch: Any) -> None:
    check, x, z = torch.autograd.gradgradcheck, double(torch, 1, 2), double(torch, 1 + 1j, 2)
    cube = lambda x: x**3
    assert check(cube, x)
    assert check(cube, x, fast_mode=True)
    assert check(cube, x, check_batched_grad=True)
    assert check(cube, x, gen_non_contig_grad_outputs=True)
    assert check(cube, x, check_fwd_over_rev=True)
    assert check(cube, z)
    text = "Expected at least one of check_fwd_over_rev or check_rev_over_rev to be True"
    options = {"check_rev_over_rev": False, "check_undefined_grad": False}
    with raises(AssertionError, text):
        check(cube, x, **options)
    assert check(cube, x, check_fwd_over_rev=True, **options)
