"""Functions made by operators are copied, pickled, and sent to other processes."""

from __future__ import annotations

import concurrent.futures
import copy
import inspect
import multiprocessing
import pickle
from typing import Any

import numpy as np
import pytest

import chainrule
import chainrule.numpy as cnp
import chainrule.scipy.special

OPERATORS = ["grad", "value_and_grad", "elementwise_grad", "jacobian", "hessian", "deriv"]


def area(r: Any, factor: Any = 3.0) -> Any:
    """Area by radius."""
    return factor * r**2


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize("way", [copy.copy, copy.deepcopy, lambda f: pickle.loads(pickle.dumps(f))])
def test_a_derivative_comes_back_as_it_was(operator: str, way: Any) -> None:
    for argnum in (0, 1):
        derivative = getattr(chainrule, operator)(area, argnum)
        again = way(derivative)
        assert again(2.0, 5.0) == derivative(2.0, 5.0)
        assert again(2.0, factor=5.0) == derivative(2.0, factor=5.0) if argnum == 0 else True
        for name in ("__name__", "__qualname__", "__doc__", "__module__"):
            assert getattr(again, name) == getattr(derivative, name)


def test_orders_and_functions_of_the_face() -> None:
    for f in (
        chainrule.grad(chainrule.grad(area)),
        chainrule.grad(cnp.sin),
        chainrule.grad(cnp.sum),
        chainrule.grad(chainrule.scipy.special.erf),
        chainrule.grad(np.exp),
    ):
        assert pickle.loads(pickle.dumps(f))(0.5) == f(0.5)


@pytest.mark.parametrize("name", ["exp", "abs", "add", "sum", "dot", "linalg.solve", "where"])
def test_functions_of_the_face_are_pickled_by_name(name: str) -> None:
    f = cnp
    for part in name.split("."):
        f = getattr(f, part)
    assert pickle.loads(pickle.dumps(f)) is f
    if hasattr(f, "reduce"):
        assert pickle.loads(pickle.dumps(f.reduce)) is f.reduce


def test_another_process_computes_it() -> None:
    spawn = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=spawn) as pool:
        assert list(pool.map(chainrule.grad(cnp.sin), [0.0])) == [1.0]


def test_a_lambda_is_refused_as_pickle_refuses_it() -> None:
    with pytest.raises((pickle.PicklingError, AttributeError), match="lambda"):
        pickle.dumps(chainrule.grad(lambda x: x))


def plane(x: Any, y: Any) -> Any:
    return x @ x * np.sum(y) + y @ y


@pytest.mark.parametrize(
    "operator",
    ["grad_and_aux", "make_vjp", "make_jvp", "make_hvp", "make_ggnvp", "hessian_tensor_product",
     "tensor_jacobian_product", "multigrad_dict", "vector_jacobian_product"],
)  # fmt: skip
def test_operators_of_autograd_keep_their_argument(operator: str) -> None:
    rest = (1,) if operator != "multigrad_dict" else ()
    if operator == "make_ggnvp":
        rest = (np.sum, 1)
    made = getattr(chainrule, operator)(plane, *rest)
    inputs = made.__reduce__()[1]
    assert inputs[1] == (plane, *rest) if operator != "make_hvp" else True
    assert pickle.loads(pickle.dumps(made)).__name__ == made.__name__


def test_an_operator_of_one_s_own_is_refused() -> None:
    from chainrule.extend.inside import unary_to_nary

    @unary_to_nary
    def twice(f: Any, x: Any) -> Any:
        return f(f(x))

    with pytest.raises(pickle.PicklingError, match="pickle the function instead"):
        pickle.dumps(twice(area))


@chainrule.checkpoint
def cube(x: Any) -> Any:
    """The third power."""
    return x**3


@chainrule.grad
def slope_of_cube(x: Any) -> Any:
    return x**3


def test_checkpoints_and_decorated_functions() -> None:
    again = pickle.loads(pickle.dumps(cube))
    assert again is cube
    assert (again.__name__, again.__doc__) == ("cube", "The third power.")
    assert pickle.loads(pickle.dumps(slope_of_cube)) is slope_of_cube
    chain = chainrule.checkpoint_chain([area, cube, np.sin])
    for f in (cube, chainrule.grad(cube), chainrule.checkpoint(area), chain):
        for again in (pickle.loads(pickle.dumps(f)), copy.deepcopy(f)):
            assert chainrule.grad(again)(0.5) == chainrule.grad(f)(0.5)
    spawn = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=spawn) as pool:
        assert list(pool.map(chainrule.grad(cube), [2.0])) == [12.0]


class Shape:
    slope = chainrule.grad(lambda self, r: self.factor * r**2, 1)
    factor = 2.0


def test_what_functions_are_it_still_is() -> None:
    slope = chainrule.grad(area)
    assert slope.__name__ == "grad_of_area"
    assert slope.__doc__ == "Gradient of area.\n\nArea by radius."
    assert list(inspect.signature(slope).parameters) == ["args", "options"]
    assert inspect.isroutine(slope)
    assert repr(slope) == "<function grad_of_area>"
    assert Shape().slope(3.0) == 12.0  # a method
