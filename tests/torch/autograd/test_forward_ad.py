"""Forward mode: duals, what they print, and the tangents that operations make of them."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import pytest

from tests.torch.autograd.saying import leaf, raises

# PyTorch's first dual tensor loads what it has deprecated itself.
pytestmark = pytest.mark.filterwarnings("ignore:`torch.jit.script`:DeprecationWarning")
KEPT = "Trying to set a forward gradient that has a different size than that of the original "


def forward(torch: Any) -> Any:
    return importlib.import_module(f"{torch.__name__}.autograd.forward_ad")


def vectors(torch: Any) -> tuple[Any, Any]:
    return torch.tensor([1.0, 2.0]), torch.tensor([1.0, 0.0])


def test_a_dual(torch: Any) -> None:
    ad, (x, t) = forward(torch), vectors(torch)
    with ad.dual_level():
        d = ad.make_dual(x, t)
        y = d * d
        assert ad.unpack_dual(d).tangent is t
        assert (d.requires_grad, d.is_leaf, d.grad_fn) == (False, True, None)
        assert (y.requires_grad, y.is_leaf, y.grad_fn) == (False, True, None)
        assert repr(y) == "tensor([1., 4.], tangent=tensor([2., 0.]))"
        assert repr(y.sum()) == "tensor(5., tangent=2.0)"
        assert repr(y.detach()) == repr(ad.unpack_dual(y).primal) == "tensor([1., 4.])"
        assert ad.unpack_dual(x).tangent is None
        assert (y > 1).tolist() == [False, True]
    assert ad.unpack_dual(y).tangent is None
    assert repr(y) == "tensor([1., 4.])"
    assert not y.requires_grad


OPERATIONS: dict[str, Callable[..., Any]] = {
    "chain": lambda torch, d, x: (d.sin() * x).exp() / d,
    "matrix": lambda torch, d, x: torch.outer(d, x) @ d,
    "views": lambda torch, d, x: d.view(2, 1).expand(2, 3).t()[0],
    "joined": lambda torch, d, x: torch.cat([x, d]).reshape(2, 2).sum(0),
    "chosen": lambda torch, d, x: torch.where(x > 1, d, 0.0) + d.max(),
    "sorted": lambda torch, d, x: d.sort(descending=True)[0],
    "softmax": lambda torch, d, x: d.softmax(0).log(),
    "casts": lambda torch, d, x: d.double() ** 3,
    "norm": lambda torch, d, x: d.norm() * d.std(),
    "parts": lambda torch, d, x: torch.stack([d[0] * d[1], d[1]]),
    "cumsum": lambda torch, d, x: d.cumsum(0).prod(),
}


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_tangents_are_differences(torch: Any, operation: Callable[..., Any]) -> None:
    ad = forward(torch)
    x = torch.tensor([1.3, 2.1], dtype=torch.float64)
    t = torch.tensor([0.4, -0.7], dtype=torch.float64)
    with ad.dual_level():
        found = ad.unpack_dual(operation(torch, ad.make_dual(x, t), x)).tangent
    ends = [operation(torch, x + step * t, x) for step in (1e-6, -1e-6)]
    assert torch.allclose(found, (ends[0] - ends[1]) / 2e-6, rtol=1e-7, atol=1e-8)


def test_writing(torch: Any) -> None:
    ad, (x, t) = forward(torch), vectors(torch)
    with ad.dual_level():
        d = ad.make_dual(x.clone(), t)
        d.mul_(3)
        assert repr(d) == "tensor([3., 6.], tangent=tensor([3., 0.]))"
        z = torch.zeros(3)
        z[:2] = d
        assert repr(z) == "tensor([3., 6., 0.], tangent=tensor([3., 0., 0.]))"
        assert repr(z[:2]) == "tensor([3., 6.], tangent=tensor([3., 0.]))"
        d[0] = 7.0
        assert repr(d) == "tensor([7., 6.], tangent=tensor([0., 0.]))"


def test_forward_over_reverse(torch: Any) -> None:
    ad, x = forward(torch), leaf(torch, 1, 2)
    with ad.dual_level():
        d = ad.make_dual(x, torch.tensor([1.0, 0.0]))
        assert type(d.grad_fn).__name__ == "ViewBackward0"
        (g,) = torch.autograd.grad((d**3).sum(), x, create_graph=True)
        assert ad.unpack_dual(g).tangent.tolist() == [6, 0]
        (g,) = torch.autograd.grad((d**3).sum(), d)
        assert ad.unpack_dual(g).tangent.tolist() == [6, 0]
        assert not g.requires_grad


def test_reverse_over_forward(torch: Any) -> None:
    ad, (x, t) = forward(torch), vectors(torch)
    x.requires_grad_()
    t.requires_grad_()
    with ad.dual_level():
        tangent = ad.unpack_dual(ad.make_dual(x, t) ** 3).tangent
        assert [g.tolist() for g in torch.autograd.grad(tangent.sum(), [x, t])] == [[6, 0], [3, 12]]


def test_without_recording(torch: Any) -> None:
    ad, (x, t) = forward(torch), vectors(torch)
    w = leaf(torch, 3, 4)
    with torch.no_grad(), ad.dual_level():
        y = ad.make_dual(x, t) * w
        assert not y.requires_grad
        assert ad.unpack_dual(y).tangent.tolist() == [3, 0]
    with ad.dual_level():
        d = ad.make_dual(x, t)
        with torch.no_grad():
            assert not torch.is_grad_enabled()
            y = d * w
        assert ad.unpack_dual(y).tangent.tolist() == [3, 0]
        assert (y.requires_grad, torch.is_grad_enabled()) == (False, True)


def test_a_function_with_jvp(torch: Any) -> None:
    class Scaled(torch.autograd.Function):  # type: ignore[misc, name-defined]
        @staticmethod
        def forward(ctx: Any, x: Any, k: Any) -> Any:
            ctx.k = k
            ctx.save_for_forward(x)
            return x * k

        @staticmethod
        def backward(ctx: Any, g: Any) -> Any:
            return g * ctx.k, None

        @staticmethod
        def jvp(ctx: Any, t: Any, k: Any) -> Any:
            assert k is None
            return 100 * ctx.k * t

    class Silent(torch.autograd.Function):  # type: ignore[misc, name-defined]
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return 2 * x

    ad, (x, t) = forward(torch), vectors(torch)
    text = (
        "You must implement the jvp function for custom autograd.Function to use it with forward "
        "mode AD."
    )
    with ad.dual_level():
        d = ad.make_dual(x, t)
        y = Scaled.apply(d, 2)
        assert repr(y * y) == "tensor([ 4., 16.], tangent=tensor([800.,   0.]))"
        with raises(NotImplementedError, text):
            Silent.apply(d)
        assert Silent.apply(x).tolist() == [2, 4]


def test_what_a_jvp_may_not_return(torch: Any) -> None:
    returned: list[Any] = []

    class Two(torch.autograd.Function):  # type: ignore[misc, name-defined]
        @staticmethod
        def forward(ctx: Any, x: Any) -> Any:
            return 2 * x, 3 * x

        @staticmethod
        def jvp(ctx: Any, t: Any) -> Any:
            return returned[-1]

    ad, (x, t) = forward(torch), vectors(torch)
    texts = {
        "Function's jvp returned an invalid number of forward gradients (expected 2 but got 1)": t,
        "expected Variable or None (got int) for grad output 0.": (1, t),
        f"{KEPT}Tensor, this is not supported. Tensor is of size [2] while the given forward "
        "gradient is of size [3].": (torch.ones(3), t),
    }
    for text, result in texts.items():
        returned.append(result)
        with raises(RuntimeError, text), ad.dual_level():
            Two.apply(ad.make_dual(x, t))


def test_what_is_refused(torch: Any) -> None:
    ad, (x, t) = forward(torch), vectors(torch)
    no_level = (
        "Trying to create a dual Tensor for forward AD but no level exists, make sure to "
        "enter_dual_level() first."
    )
    with raises(RuntimeError, no_level):
        ad.make_dual(x, t)
    with raises(RuntimeError, "Dual level must be a positive number."):
        ad.exit_dual_level()
    nested = "Nested forward mode AD is not supported at the moment"
    with raises(RuntimeError, nested), ad.dual_level():
        ad.enter_dual_level()
    sizes = (
        f"{KEPT}Tensor, this is not supported. Tensor is of size [2] while the given forward "
        "gradient is of size [3]."
    )
    twice = (
        "Making a dual Tensor based on a Tensor that already has a forward gradient at the same "
        "level 0 is not supported."
    )
    with ad.dual_level():
        with raises(RuntimeError, sizes):
            ad.make_dual(x, torch.ones(3))
        with raises(ValueError, "Expected primal to be floating point or complex, but got: "
                    "torch.int64"):  # fmt: skip
            ad.make_dual(torch.tensor([1, 2]), t)
        with raises(RuntimeError, twice):
            ad.make_dual(ad.make_dual(x, t), t)
        text = "_unpack_dual(): argument 'dual' (position 1) must be Tensor, not int"
        with raises(TypeError, text):
            ad.unpack_dual(3)
