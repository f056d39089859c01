"""Matrices of derivatives, and products with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tests.torch.autograd.saying import leaf, raises

NOT_RECORDED = (
    "Output {} of the user-provided function does not require gradients. The outputs must be "
    "computed in a differentiable manner from the input when running in strict mode."
)
JACOBIAN = (
    "While computing the hessian, found that the jacobian of the user-provided function with "
    "respect to input {} is independent of the input. This is not allowed in strict mode. You "
    "should ensure that your function is twice differentiable and that the jacobian depends on "
    "the inputs (this would be violated by a linear function for example)."
)
CONSTANT = (
    "The jacobian of the user-provided function is independent of input {}. This is not allowed in "
    "strict mode when create_graph=True."
)
INDEPENDENT = (
    "The output of the user-provided function is independent of input {}. This is not allowed in "
    "strict mode."
)


def numbers(v: Any) -> Any:
    """Nested tuples of tensors as nested tuples of lists."""
    return tuple(numbers(one) for one in v) if isinstance(v, tuple) else v.tolist()


def inputs(torch: Any) -> tuple[Any, Any]:
    return torch.tensor([1.0, 2.0]), torch.tensor([3.0])


# ---------------------------------------------------------------- jacobian


JACOBIANS: list[tuple[Callable[..., Any], str, Any]] = [
    (lambda x: x**2, "a", [[2, 0], [0, 4]]),
    (lambda x: (x**2).sum(), "a", [2, 4]),
    (lambda x: x, "a", [[1, 0], [0, 1]]),
    (lambda x: x * 2, "(a,)", ([[2, 0], [0, 2]],)),
    (lambda x: (x * 2, x.sum()), "a", ([[2, 0], [0, 2]], [1, 1])),
    (lambda x, y: x * y, "(a, b)", ([[3, 0], [0, 3]], [[1], [2]])),
    (
        lambda x, y: (x * 2, (x * y).sum()),
        "(a, b)",
        (([[2, 0], [0, 2]], [[0], [0]]), ([3, 3], [3])),
    ),
    (lambda x: x > 0, "a", [[0, 0], [0, 0]]),
    (lambda x, y: x * 2, "(a, b)", ([[2, 0], [0, 2]], [[0], [0]])),
]


@pytest.mark.parametrize(("f", "given", "expected"), JACOBIANS, ids=range(len(JACOBIANS)))
def test_jacobians(torch: Any, f: Callable[..., Any], given: str, expected: Any) -> None:
    a, b = inputs(torch)
    x = {"a": a, "(a,)": (a,), "(a, b)": (a, b)}[given]
    found = torch.autograd.functional.jacobian(f, x)
    assert numbers(found) == expected
    assert not a.requires_grad
    assert numbers(torch.autograd.functional.jacobian(f, x, vectorize=True)) == expected


def test_the_shape_is_that_of_the_output_and_that_of_the_input(torch: Any) -> None:
    jacobian = torch.autograd.functional.jacobian
    x = torch.arange(6.0).reshape(2, 3)
    assert jacobian(lambda x: x.sum(0), x).shape == (3, 2, 3)
    assert jacobian(lambda x: x.sum(), x).shape == (2, 3)
    assert jacobian(lambda x: x**2, torch.tensor(3.0)).item() == 6
    assert jacobian(lambda x: x.double(), x).dtype is torch.float32


def test_against_differences(torch: Any) -> None:
    def f(x: Any) -> Any:
        return torch.stack([x[0] * x[1].exp(), (x**3).sum(), x[2].sin() / x[0]])

    at = np.array([0.7, -0.3, 1.9])
    found = torch.autograd.functional.jacobian(f, torch.tensor(at)).numpy()
    for k in range(3):
        step = np.eye(3)[k] * 1e-6
        difference = f(torch.tensor(at + step)) - f(torch.tensor(at - step))
        np.testing.assert_allclose(found[:, k], difference.numpy() / 2e-6, rtol=1e-8, atol=1e-9)


def test_it_leaves_gradients_alone(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    torch.autograd.functional.jacobian(lambda x: x * 2, x)
    assert x.grad is None
    with torch.no_grad():
        found = torch.autograd.functional.jacobian(lambda x: x * 2, x)
    assert found.tolist() == [[2, 0], [0, 2]]


def test_a_recorded_jacobian(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    found = torch.autograd.functional.jacobian(lambda x: x**3, x, create_graph=True)
    assert found.tolist() == [[3, 0], [0, 12]]
    assert torch.autograd.grad(found.sum(), x)[0].tolist() == [6, 12]
    alone = torch.autograd.functional.jacobian(lambda x: x**3, x.detach(), create_graph=True)
    assert alone.requires_grad


def test_strict_jacobians(torch: Any) -> None:
    a, b = inputs(torch)
    jacobian = torch.autograd.functional.jacobian
    with raises(
        RuntimeError,
        "Output 0 of the user-provided function is independent of input 1. This is not allowed in "
        "strict mode.",
    ):
        jacobian(lambda x, y: x * 2, (a, b), strict=True)
    with raises(RuntimeError, NOT_RECORDED.format(1)):
        jacobian(lambda x: (x * 2, torch.ones(2)), a, strict=True)
    for x in (a, leaf(torch, 1, 2)):
        with raises(RuntimeError, CONSTANT.format(0)):
            jacobian(lambda x: x * 2, x, create_graph=True, strict=True)
    assert jacobian(lambda x: torch.ones(2), a).tolist() == [[0, 0], [0, 0]]


OUTPUT = (
    "The outputs of the user-provided function given to jacobian must be either a Tensor or a "
    "tuple of Tensors but the "
)
INPUT = "The inputs given to jacobian must be either a Tensor or a tuple of Tensors but the "


def test_what_is_neither_a_tensor_nor_a_tuple_of_tensors(torch: Any) -> None:
    a, b = inputs(torch)
    jacobian = torch.autograd.functional.jacobian
    for x, text in [
        ([a, b], "given inputs has type <class 'list'>."),
        (3.0, "given inputs has type <class 'float'>."),
        ((a, 3.0), "value at index 1 has type <class 'float'>."),
    ]:
        with raises(TypeError, INPUT + text):
            jacobian(lambda *x: x[0] * 2, x)
    for y, text in [
        ([a], "given outputs of the user-provided function has type <class 'list'>."),
        (None, "given outputs of the user-provided function has type <class 'NoneType'>."),
        ((a, 3.0), "value at index 1 has type <class 'float'>."),
    ]:
        with raises(TypeError, OUTPUT + text):
            jacobian(lambda x, y=y: y, a)
    with raises(RuntimeError, "only Tensors of floating point dtype can require gradients"):
        jacobian(lambda x: x * 2, torch.tensor([1, 2]))
    with raises(RuntimeError, "stack expects a non-empty TensorList"):
        jacobian(lambda x: x * 2, torch.ones(0))


def test_other_ways_to_compute_it(torch: Any) -> None:
    a, _ = inputs(torch)
    jacobian = torch.autograd.functional.jacobian
    with raises(
        AssertionError,
        'Expected strategy to be either "forward-mode" or "reverse-mode". Hint: If your function '
        'has more outputs than inputs, "forward-mode" tends to be more performant. Otherwise, '
        'prefer to use "reverse-mode".',
    ):
        jacobian(lambda x: x**2, a, strategy="sideways")
    with raises(
        NotImplementedError,
        "Computing Jacobian using forward-AD or forward-over-reverse Hessian isonly implemented "
        "for `vectorize=True`.",
    ):
        jacobian(lambda x: x**2, a, strategy="forward-mode")
    with raises(
        RuntimeError,
        'torch.autograd.functional.jacobian: `strict=True` and `strategy="forward-mode"` '
        "are not supported together (yet). Please either set `strict=False` or "
        '`strategy="reverse-mode"`.',
    ):
        jacobian(lambda x: x**2, a, strategy="forward-mode", vectorize=True, strict=True)
    with raises(
        NotImplementedError,
        'torch.autograd.functional.jacobian: `create_graph=True` and `strategy="forward-mode"` '
        "are not supported together (yet). Please either set `create_graph=False` or "
        '`strategy="reverse-mode"`.',
    ):
        jacobian(lambda x: x**2, a, strategy="forward-mode", vectorize=True, create_graph=True)
    with raises(
        RuntimeError,
        "torch.autograd.functional.jacobian: `strict=True` and `vectorized=True` are not supported "
        "together. Please either set `strict=False` or `vectorize=False`.",
    ):
        jacobian(lambda x: x**2, a, strict=True, vectorize=True)


# ---------------------------------------------------------------- hessian


def test_hessians(torch: Any) -> None:
    a, b = inputs(torch)
    hessian = torch.autograd.functional.hessian
    for shape in [(), (1,), (1, 1)]:
        found = hessian(lambda x, shape=shape: (x**3).sum().reshape(shape), a)
        assert found.tolist() == [[6, 0], [0, 12]]
    assert hessian(lambda x: x**3, torch.tensor(2.0)).item() == 12
    assert hessian(lambda x: (x**3).sum(), torch.ones(2, 3)).shape == (2, 3, 2, 3)
    assert hessian(lambda x: (x**3).sum(), a.double()).dtype is torch.float64
    assert numbers(hessian(lambda x, y: (x**2 * y).sum(), (a, b))) == (
        ([[6, 0], [0, 6]], [[2], [4]]),
        ([[2, 4]], [[0]]),
    )
    assert numbers(hessian(lambda x: x.prod(), (a,))) == (([[0, 1], [1, 0]],),)


def test_hessians_of_what_is_linear_or_constant(torch: Any) -> None:
    a, b = inputs(torch)
    hessian = torch.autograd.functional.hessian
    assert hessian(lambda x: x.sum(), a).tolist() == [[0, 0], [0, 0]]
    assert hessian(lambda x: torch.tensor(1.0), a).tolist() == [[0, 0], [0, 0]]
    assert numbers(hessian(lambda x, y: (x**2).sum(), (a, b))) == (
        ([[2, 0], [0, 2]], [[0], [0]]),
        ([[0, 0]], [[0]]),
    )
    with raises(RuntimeError, JACOBIAN.format(0)):
        hessian(lambda x: x.sum(), a, strict=True)
    with raises(RuntimeError, JACOBIAN.format(1)):
        hessian(lambda x, y: (x**2).sum(), (a, b), strict=True)
    with raises(RuntimeError, NOT_RECORDED.format(0)):
        hessian(lambda x: torch.tensor(1.0), a, strict=True)
    with raises(
        RuntimeError,
        "Output 0 of the user-provided function is independent of input 1. This is not allowed in "
        "strict mode.",
    ):
        hessian(lambda x, y: (x**2).sum() + (y**2).sum(), (a, b), strict=True)


def test_a_recorded_hessian(torch: Any) -> None:
    x = leaf(torch, 1, 2)
    found = torch.autograd.functional.hessian(lambda x: (x**4).sum(), x, create_graph=True)
    assert found.tolist() == [[12, 0], [0, 48]]
    assert torch.autograd.grad(found.sum(), x)[0].tolist() == [24, 48]


def test_what_has_no_hessian(torch: Any) -> None:
    a, _ = inputs(torch)
    hessian = torch.autograd.functional.hessian
    with raises(
        RuntimeError,
        "The Tensor returned by the function given to hessian should contain a single element",
    ):
        hessian(lambda x: x**3, a)
    with raises(RuntimeError, "The function given to hessian should return a single Tensor"):
        hessian(lambda x: ((x**3).sum(),), a)
    with raises(
        TypeError,
        "The outputs of the user-provided function given to hessian must be either a Tensor or a "
        "tuple of Tensors but the given outputs of the user-provided function has type "
        "<class 'float'>.",
    ):
        hessian(lambda x: 3.0, a)
    with raises(
        TypeError,
        "The inputs given to hessian must be either a Tensor or a tuple of Tensors but the value "
        "at index 0 has type <class 'float'>.",
    ):
        hessian(lambda x: x, (3.0,))
    with raises(AssertionError, 'Expected strategy to be either "forward-mode" or "reverse-mode".'):
        hessian(lambda x: x.sum(), a, outer_jacobian_strategy="sideways")


# ---------------------------------------------------------------- products


def test_a_vector_times_the_jacobian(torch: Any) -> None:
    a, b = inputs(torch)
    vjp, one = torch.autograd.functional.vjp, torch.ones(2)
    v = torch.tensor([1.0, 10.0])
    assert numbers(vjp(lambda x: x**2, a, v)) == ([1, 4], [2, 40])
    assert numbers(vjp(lambda x: (x**2).sum(), a)) == (5, [2, 4])
    assert numbers(vjp(lambda x: (x**2, x * 3), a, (one, v))) == (([1, 4], [3, 6]), [5, 34])
    assert numbers(vjp(lambda x, y: x * y, (a, b), v)) == ([3, 6], ([3, 30], [21]))
    assert numbers(vjp(lambda x, y: x * 2, (a, b), v)) == ([2, 4], ([2, 20], [0]))


def test_the_jacobian_times_a_vector(torch: Any) -> None:
    a, b = inputs(torch)
    jvp, v = torch.autograd.functional.jvp, torch.tensor([1.0, 10.0])
    assert numbers(jvp(lambda x: x**2, a, v)) == ([1, 4], [2, 40])
    assert numbers(jvp(lambda x: x**2, b)) == ([9], [6])
    assert numbers(jvp(lambda x: x * 2, a, v)) == ([2, 4], [2, 20])
    assert numbers(jvp(lambda x: torch.ones(2), a, v)) == ([1, 1], [0, 0])
    assert numbers(jvp(lambda x, y: (x * y, x.sum()), (a, b), (v, torch.ones(1)))) == (
        ([3, 6], 3),
        ([4, 32], 11),
    )


@pytest.mark.parametrize("name", ["hvp", "vhp"])
def test_the_hessian_times_a_vector(torch: Any, name: str) -> None:
    a, b = inputs(torch)
    f, v = getattr(torch.autograd.functional, name), torch.tensor([1.0, 10.0])
    assert numbers(f(lambda x: (x**3).sum(), a, v)) == (9, [6, 120])
    assert numbers(f(lambda x: (x**3).sum(), b)) == (27, [18])
    assert numbers(f(lambda x, y: (x**3 * y).sum(), (a, b), (v, torch.ones(1)))) == (
        27,
        ([21, 372], [123]),
    )
    assert numbers(f(lambda x: x.sum(), a, v)) == (3, [0, 0])
    assert numbers(f(lambda x: torch.tensor(1.0), a, v)) == (1, [0, 0])
    with raises(
        RuntimeError,
        f"The Tensor returned by the function given to {name} should contain a single element",
    ):
        f(lambda x: x**3, a, v)
    with raises(RuntimeError, f"The function given to {name} should return a single Tensor"):
        f(lambda x: (x.sum(),), a, v)
    with raises(RuntimeError, JACOBIAN.format(0)):
        f(lambda x: x.sum(), a, v, strict=True)
    with raises(RuntimeError, INDEPENDENT.format(1)):
        f(lambda x, y: (x**2).sum(), (a, b), (v, torch.ones(1)), strict=True)


def cube(x: Any) -> Any:
    return (x**3).sum()


@pytest.mark.parametrize(
    ("name", "f", "names"),
    [
        ("vjp", lambda x: x**2, ["PowBackward0", "MulBackward0"]),
        ("jvp", lambda x: x**2, ["PowBackward0", "MulBackward0"]),
        ("vhp", cube, ["SumBackward0", "MulBackward0"]),
        ("hvp", cube, ["SumBackward0", "MulBackward0"]),
    ],
)
def test_recorded_products(torch: Any, name: str, f: Callable[..., Any], names: list[str]) -> None:
    x, v = leaf(torch, 1, 2), torch.ones(2)
    product = getattr(torch.autograd.functional, name)
    found = product(f, x, v, create_graph=True)
    assert [one.grad_fn.name() for one in found] == names
    assert torch.autograd.grad(found[1].sum(), x)[0].tolist() == ([6, 6] if f is cube else [2, 2])
    assert not any(one.requires_grad for one in product(f, x, v))


@pytest.mark.parametrize("name", ["vjp", "jvp"])
def test_strict_products(torch: Any, name: str) -> None:
    (a, b), v = inputs(torch), torch.ones(2)
    product = getattr(torch.autograd.functional, name)
    vectors = v if name == "vjp" else (v, torch.ones(1))
    with raises(RuntimeError, INDEPENDENT.format(1)):
        product(lambda x, y: x * 2, (a, b), vectors, strict=True)
    with raises(RuntimeError, NOT_RECORDED.format(0)):
        product(lambda x: torch.ones(2), a, v, strict=True)
    with raises(RuntimeError, CONSTANT.format(0)):
        product(lambda x: x * 2, leaf(torch, 1, 2), v, create_graph=True, strict=True)


def test_the_vector(torch: Any) -> None:
    a, b = inputs(torch)
    vjp, jvp = torch.autograd.functional.vjp, torch.autograd.functional.jvp
    with raises(
        RuntimeError,
        "The vector v can only be None if the user-provided function returns a single Tensor with "
        "a single element.",
    ):
        vjp(lambda x: x**2, a)
    with raises(
        RuntimeError,
        "The vector v can only be None if the input to the user-provided function is a single "
        "Tensor with a single element.",
    ):
        jvp(lambda x: x**2, a)
    for product in (vjp, jvp):
        with raises(
            RuntimeError,
            "v has invalid size: should be torch.Size([2]) but got torch.Size([3]).",
        ):
            product(lambda x: x**2, a, torch.ones(3))
        with raises(RuntimeError, "The given v should contain a single Tensor."):
            product(lambda x: x**2, a, (torch.ones(2), torch.ones(2)))
    with raises(RuntimeError, "v is a tuple of invalid length: should be 2 but got 1."):
        jvp(lambda x, y: x * y, (a, b), (torch.ones(2),))
    with raises(
        RuntimeError,
        "Entry 1 in v has invalid size: should be torch.Size([1]) but got torch.Size([2]).",
    ):
        jvp(lambda x, y: x * y, (a, b), (torch.ones(2), torch.ones(2)))
    with raises(
        TypeError,
        "The v given to vjp must be either a Tensor or a tuple of Tensors but the given v has type "
        "<class 'list'>.",
    ):
        vjp(lambda x: x**2, a, [1.0, 2.0])


@pytest.mark.filterwarnings("ignore:`torch.jit.script`:DeprecationWarning")
def test_forward_mode_gives_lists_for_tuples(torch: Any) -> None:
    x = torch.tensor([1.0, 2.0])
    options = {"strategy": "forward-mode", "vectorize": True}
    jacobian = torch.autograd.functional.jacobian
    assert type(jacobian(lambda a, b: a * b, (x, x), **options)) is list
    ((first,), (second,)) = found = jacobian(lambda a: (a, 2 * a), (x,), **options)
    assert [type(row) for row in (found, *found)] == [list] * 3
    assert (first.tolist(), second.tolist()) == ([[1, 0], [0, 1]], [[2, 0], [0, 2]])
    assert type(jacobian(lambda a: (a, 2 * a), x, **options)) is tuple
