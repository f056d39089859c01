"""Functions of functions: on PyTorch and here, with the same results and the same words."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import pytest

from tests.torch.autograd.saying import leaf, raises

pytestmark = pytest.mark.filterwarnings("ignore:.*torch.jit.script:DeprecationWarning")


@pytest.fixture
def func(torch: Any) -> Any:
    return importlib.import_module(f"{torch.__name__}.func")


def numbers(v: Any) -> Any:
    """Nested tensors as nested lists of numbers."""
    if isinstance(v, dict):
        return {name: numbers(one) for name, one in v.items()}
    if isinstance(v, (tuple, list)):
        return type(v)(numbers(one) for one in v)
    return v.tolist()


def vectors(torch: Any) -> tuple[Any, Any]:
    return torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0])


# ---------------------------------------------------------------- grad


def test_gradients_need_nothing_to_require_them(torch: Any, func: Any) -> None:
    x, _ = vectors(torch)
    found = func.grad(lambda x: (x**3).sum())(x)
    assert repr(found) == "tensor([ 3., 12.])"
    assert not x.requires_grad
    assert x.grad is None
    value = func.grad_and_value(lambda x: (x**3).sum())(x)
    assert repr(value) == "(tensor([ 3., 12.]), tensor(9.))"


def test_in_which_inputs(torch: Any, func: Any) -> None:
    x, y = vectors(torch)

    def f(x: Any, y: Any, k: int = 1) -> Any:
        return (k * x * y**2).sum()

    assert numbers(func.grad(f)(x, y, k=2)) == [18, 32]
    assert numbers(func.grad(f, argnums=-1)(x, y)) == [6, 16]
    assert numbers(func.grad(f, argnums=(1, 0))(x, y)) == ([6, 16], [9, 16])
    for argnums, text in [
        (2, "Got argnum=2, but only 2 positional inputs"),
        ((0, 0), "argnums elements must be unique, got (0, 0)"),
        ((), "argnums must be non-empty"),
        (1.0, "argnums must be int or Tuple[int, ...], got: <class 'float'>"),
    ]:
        with raises(RuntimeError, text):
            func.grad(f, argnums=argnums)(x, y)


def test_nested_inputs(torch: Any, func: Any) -> None:
    w, b = vectors(torch)
    found = func.grad(lambda p: (p["w"] * p["b"][0]).sum())({"w": w, "b": [b]})
    assert numbers(found) == {"w": [3, 4], "b": [[1, 2]]}


def test_something_besides(torch: Any, func: Any) -> None:
    x, _ = vectors(torch)
    found = func.grad(lambda x: ((x**3).sum(), x * 2), has_aux=True)(x)
    assert repr(found) == "(tensor([ 3., 12.]), tensor([2., 4.]))"
    found = func.grad_and_value(lambda x: ((x**3).sum(), x * 2), has_aux=True)(x)
    assert numbers(found) == ([3, 12], (9, [2, 4]))
    with raises(
        RuntimeError,
        "grad_and_value(f)(*args): output of function f should be a tuple: (output, aux) if "
        "has_aux is True",
    ):
        func.grad(lambda x: x.sum(), has_aux=True)(x)


def test_gradients_of_gradients(torch: Any, func: Any) -> None:
    x, _ = vectors(torch)
    three, two = torch.tensor(3.0), torch.tensor(2.0)
    assert repr(func.grad(func.grad(lambda x: x**3))(two)) == "tensor(12.)"
    assert numbers(func.grad(lambda x: func.grad(lambda x: (x**3).sum())(x).sum())(x)) == [6, 12]
    by_outer = func.grad(lambda a: func.grad(lambda x: (a * x) ** 2)(three))(two)
    assert repr(by_outer) == "tensor(24.)"


def test_what_requires_a_gradient_outside(torch: Any, func: Any) -> None:
    (x, _), w = vectors(torch), leaf(torch, 1, 2)
    by_x = func.grad(lambda x: (w * x**3).sum())(x)
    by_x.sum().backward()
    assert w.grad.tolist() == [3, 12]
    by_w = func.grad(lambda w: (w**3).sum())(w)
    assert torch.autograd.grad(by_w.sum(), w)[0].tolist() == [6, 12]
    with torch.no_grad():
        assert not func.grad(lambda w: (w**3).sum())(w).requires_grad


def test_no_grad_inside_is_heeded(torch: Any, func: Any) -> None:
    def f(x: Any) -> Any:
        with torch.no_grad():
            c = x**2
        return (x - c).sum()

    assert numbers(func.grad(f)(vectors(torch)[0])) == [1, 1]


def test_what_has_no_gradient(torch: Any, func: Any) -> None:
    x, _ = vectors(torch)
    assert numbers(func.grad(lambda x: torch.tensor(1.0))(x)) == [0, 0]
    what = "grad_and_value(f)(*args): Expected f(*args) to return a"
    for y in (lambda x: x**3, lambda x: x.sum().reshape(1)):
        with raises(
            RuntimeError,
            f"{what} scalar Tensor, got tensor with 1 dims. Maybe you wanted to use the vjp or "
            "jacrev APIs instead?",
        ):
            func.grad(y)(x)
    with raises(RuntimeError, f"{what} Tensor, got <class 'float'>"):
        func.grad(lambda x: 3.0)(x)
    with raises(ValueError, "Thing passed to transform API must be Tensor, got <class 'float'>"):
        func.grad(lambda x: x)(3.0)
    with raises(RuntimeError, "only Tensors of floating point dtype can require gradients"):
        func.grad(lambda x: x.sum())(torch.tensor([1, 2]))


# ---------------------------------------------------------------- products


def test_a_change_taken_back(torch: Any, func: Any) -> None:
    x, y = vectors(torch)
    out, back = func.vjp(lambda x, y: x * y, x, y)
    assert repr(out) == "tensor([3., 8.])"
    for _ in range(2):
        assert numbers(back(torch.tensor([1.0, 10.0]))) == ([3, 40], [1, 20])
    out, back = func.vjp(lambda x: (x**2, {"s": x.sum()}), x)
    assert numbers(back((torch.ones(2), {"s": torch.tensor(1.0)}))) == ([3, 5],)
    _, back, aux = func.vjp(lambda x: (x**2, x + 1), x, has_aux=True)
    assert numbers(aux) == [2, 3]
    with raises(
        RuntimeError,
        "Expected pytree structure of cotangents to be the same as pytree structure of outputs to "
        "the function. cotangents: (*,), primal output: *",
    ):
        back((torch.ones(2),))
    with raises(
        RuntimeError,
        "Mismatch in shape: grad_output[0] has a shape of torch.Size([3]) and output[0] has a "
        "shape of torch.Size([2]).",
    ):
        back(torch.ones(3))


def test_a_change_taken_along(torch: Any, func: Any) -> None:
    (x, y), one = vectors(torch), torch.ones(2)
    assert repr(func.jvp(lambda x: x**2, (x,), (one,))) == "(tensor([1., 4.]), tensor([2., 4.]))"
    found = func.jvp(lambda x, y: (x * y, x.sum()), (x, y), (one, 2 * one))
    assert numbers(found) == (([3, 8], 3), ([5, 8], 2))
    assert numbers(func.jvp(lambda x: (x**2, x + 1), (x,), (one,), has_aux=True)) == (
        [1, 4],
        [2, 4],
        [2, 3],
    )
    assert numbers(func.jvp(lambda x: torch.ones(2), (x,), (one,))) == ([1, 1], [0, 0])
    what = "jvp(f, primals, tangents): Expected primals"
    with raises(
        RuntimeError, f"{what} to be a tuple. E.g. it should be valid to call f(*primals)."
    ):
        func.jvp(lambda x: x, x, x)
    with raises(RuntimeError, f"{what} to contain at least one Tensor."):
        func.jvp(lambda: x, (), ())
    with raises(
        RuntimeError,
        f"{what} and tangents to have the same python structure. For example, if primals is a "
        "tuple of 3 tensors, tangents also must be. Got primals with structure TreeSpec(tuple, "
        "None, [*,\n  *]) and tangents with structure TreeSpec(tuple, None, [*])",
    ):
        func.jvp(lambda x, y: x, (x, y), (one,))
    with raises(
        RuntimeError,
        "Trying to set a forward gradient that has a different size than that of the original "
        "Tensor, this is not supported. Tensor is of size [2] while the given forward gradient is "
        "of size [3].",
    ):
        func.jvp(lambda x: x * 2, (x,), (torch.ones(3),))


# ---------------------------------------------------------------- matrices


@pytest.mark.parametrize("name", ["jacrev", "jacfwd"])
def test_matrices(torch: Any, func: Any, name: str) -> None:
    (x, y), matrix = vectors(torch), getattr(func, name)
    assert repr(matrix(lambda x: x**2)(x)) == "tensor([[2., 0.],\n        [0., 4.]])"
    assert numbers(matrix(lambda x: (x**2, x.sum()))(x)) == ([[2, 0], [0, 4]], [1, 1])
    assert numbers(matrix(lambda x, y: x * y, argnums=(0, 1))(x, y)) == (
        [[3, 0], [0, 4]],
        [[1, 0], [0, 2]],
    )
    assert numbers(matrix(lambda x: (x**2, x), has_aux=True)(x)) == ([[2, 0], [0, 4]], [1, 2])
    assert numbers(matrix(lambda p: p["w"] * 2)({"w": x})) == {"w": [[2, 0], [0, 2]]}
    assert matrix(lambda x: x.sum(0))(torch.ones(2, 3)).shape == (3, 2, 3)


def test_second_derivatives(torch: Any, func: Any) -> None:
    x, y = vectors(torch)
    assert repr(func.hessian(lambda x: (x**3).sum())(x)) == (
        "tensor([[ 6.,  0.],\n        [ 0., 12.]])"
    )
    assert numbers(func.hessian(lambda x, y: (x**2 * y).sum(), argnums=(0, 1))(x, y)) == (
        ([[6, 0], [0, 8]], [[2, 0], [0, 4]]),
        ([[2, 0], [0, 4]], [[0, 0], [0, 0]]),
    )
    assert numbers(func.jacrev(func.jacrev(lambda x: x**3))(x)) == [
        [[6, 0], [0, 0]],
        [[0, 0], [0, 12]],
    ]


# ---------------------------------------------------------------- vmap


def test_along_a_dimension(torch: Any, func: Any) -> None:
    m, v = torch.arange(6.0).reshape(3, 2), torch.tensor([1.0, 2.0])
    vmap = func.vmap
    assert numbers(vmap(lambda r: r.sum())(m)) == [1, 5, 9]
    assert numbers(vmap(lambda r: r.sum(), in_dims=1)(m)) == [6, 9]
    assert numbers(vmap(lambda r: r * 2, out_dims=1)(m)) == [[0, 4, 8], [2, 6, 10]]
    assert numbers(vmap(torch.dot)(m, m)) == [1, 13, 41]
    assert numbers(vmap(torch.dot, in_dims=(0, None))(m, v)) == [2, 8, 14]
    assert numbers(vmap(func.grad(lambda r: (r**2).sum()))(m)) == [[0, 2], [4, 6], [8, 10]]
    assert numbers(vmap(lambda r: (r.sum(), [r * 2]))(m)) == (
        [1, 5, 9],
        [[[0, 2], [4, 6], [8, 10]]],
    )
    assert numbers(vmap(lambda d: d["a"].sum())({"a": m})) == [1, 5, 9]
    assert numbers(vmap(vmap(lambda s: s + 1))(m)) == [[1, 2], [3, 4], [5, 6]]
    assert numbers(vmap(lambda r: torch.ones(2))(m)) == [[1, 1]] * 3
    assert vmap(lambda r: r * 2)(torch.ones(0, 2)).shape == (0, 2)
    assert numbers(vmap(lambda r: r * 2, chunk_size=2)(m)) == [[0, 2], [4, 6], [8, 10]]


def test_gradients_pass_through_it(torch: Any, func: Any) -> None:
    m = torch.arange(6.0).reshape(3, 2).requires_grad_()
    func.vmap(lambda r: (r**2).sum())(m).sum().backward()
    assert m.grad.tolist() == [[0, 2], [4, 6], [8, 10]]


CANNOT: list[tuple[Callable[[Any, Any, Any], Any], str]] = [
    (
        lambda vmap, m, v: vmap(lambda r, s: r)(m, v),
        "vmap: Expected all tensors to have the same size in the mapped dimension, got sizes "
        "[3, 2] for the mapped dimension",
    ),
    (
        lambda vmap, m, v: vmap(lambda r: 1.0)(m),
        "vmap(<lambda>, ...): `<lambda>` must only return Tensors, got type <class 'float'>. Did "
        "you mean to set out_dims= to None for output?",
    ),
    (
        lambda vmap, m, v: vmap(lambda r: r)(3.0),
        "vmap(<lambda>, in_dims=0, ...)(<inputs>): Got in_dim=0 for an input but the input is of "
        "type <class 'float'>. We cannot vmap over non-Tensor arguments, please use None as the "
        "respective in_dim",
    ),
    (
        lambda vmap, m, v: vmap(lambda r: r, in_dims=5)(m),
        "vmap(<lambda>, in_dims=5, ...)(<inputs>): Got in_dim=5 for some input, but that input is "
        "a Tensor of dimensionality 2 so expected in_dim to satisfy -2 <= in_dim < 2.",
    ),
    (
        lambda vmap, m, v: vmap(lambda r: r, in_dims=None)(m),
        "vmap(<lambda>, in_dims=None, ...)(<inputs>): expected `in_dims` to be int or a "
        "(potentially nested) tuple matching the structure of inputs, got: <class 'NoneType'>.",
    ),
    (
        lambda vmap, m, v: vmap(lambda: 3)(),
        "vmap(<lambda>)(<inputs>): got no inputs. Maybe you forgot to add inputs, or you are "
        "trying to vmap over a function with no inputs. The latter is unsupported.",
    ),
]


@pytest.mark.parametrize(("call", "text"), CANNOT, ids=range(len(CANNOT)))
def test_along_what_it_cannot_go(
    torch: Any, func: Any, call: Callable[[Any, Any, Any], Any], text: str
) -> None:
    with raises(ValueError, text):
        call(func.vmap, torch.ones(3, 2), torch.ones(2))


def test_writes_to_what_was_saved_inside_are_seen(torch: Any, func: Any) -> None:
    x = leaf(torch, 1, 2, 3)
    for write in (lambda a, b: a.add_(-3), lambda a, b: a.mul_(b)):
        a = x * 1
        b = func.vmap(lambda t: t.sin() * t)(a)
        write(a, b)
        with pytest.raises(RuntimeError, match="modified by an inplace operation"):
            (a + b).sum().backward()


def test_linearize_wants_numbers_that_change_smoothly(torch: Any, func: Any) -> None:
    text = "Expected primal to be floating point or complex, but got: torch.int64"
    with raises(ValueError, text):
        func.linearize(lambda t: t * t, torch.tensor([1]))


# ---------------------------------------------------------------- modules


def test_a_module_with_other_parameters(torch: Any, func: Any) -> None:
    nn = importlib.import_module(f"{torch.__name__}.nn")
    net = nn.Sequential(nn.Linear(2, 1), nn.ReLU())
    before = dict(net.named_parameters())
    given = {"0.weight": torch.tensor([[3.0, 4.0]]), "0.bias": torch.zeros(1)}
    x = torch.ones(1, 2)
    assert repr(func.functional_call(net, given, (x,))) == "tensor([[7.]])"
    assert all(p is before[name] for name, p in net.named_parameters())

    def loss(parameters: Any) -> Any:
        return func.functional_call(net, parameters, x).sum()

    assert numbers(func.grad(loss)(given)) == {"0.weight": [[1, 1]], "0.bias": [1]}
    with raises(
        RuntimeError, "Error(s) in reparametrizing for Sequential:\n\tMissing key(s): '0.bias'."
    ):
        func.functional_call(net, {"0.weight": torch.ones(1, 2)}, x, strict=True)
