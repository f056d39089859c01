"""The operators: what goes in, what comes out, and what they say when they cannot."""

from __future__ import annotations

import collections
import dataclasses
import itertools
import re
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import chainrule.numpy as cnp
from chainrule import (
    deriv,
    elementwise_grad,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    value_and_grad,
    vjp,
)

V = np.array([1.0, -2.0, 3.0])
SCALAR_OPERATORS = [grad, value_and_grad]
ALL_OPERATORS = [grad, value_and_grad, elementwise_grad, deriv, jacobian, hessian]


def says(sentence: str) -> str:
    """The pattern of a whole message."""
    return "^" + re.escape(sentence) + "$"


def slope(f: Callable[[float], float], x: float, h: float = 1e-6) -> float:
    return (f(x + h) - f(x - h)) / (2 * h)


# ---------------------------------------------------------------- against what calculus says


def test_grad_of_a_product() -> None:
    assert grad(lambda x, y: x * y)(2.0, 3.0) == 3.0


def test_value_and_grad_gives_both() -> None:
    assert value_and_grad(lambda x: x**2)(3.0) == (9.0, 6.0)


def test_elementwise_grad_is_one_slope_an_element() -> None:
    x = np.linspace(-3, 3, 7)
    np.testing.assert_allclose(elementwise_grad(np.sin)(x), np.cos(x))


def test_elementwise_grad_in_general_is_the_gradient_of_the_sum() -> None:
    np.testing.assert_allclose(elementwise_grad(np.cumsum)(V), [3.0, 2.0, 1.0])


def test_deriv_of_a_curve_in_space() -> None:
    helix = lambda s: {"xy": np.stack([np.cos(s), np.sin(s)]), "z": 2 * s}
    found = deriv(helix)(0.5)
    np.testing.assert_allclose(found["xy"], [-np.sin(0.5), np.cos(0.5)])
    assert found["z"] == 2.0


def test_hessian_of_a_quadratic_form_is_its_matrix() -> None:
    a = np.array([[2.0, 1.0, 0.0], [1.0, 3.0, -1.0], [0.0, -1.0, 4.0]])
    np.testing.assert_allclose(hessian(lambda x: 0.5 * x @ a @ x)(V), a)


def test_hvp_is_the_hessian_times_a_vector() -> None:
    f = lambda x: np.sum(np.exp(x) * x[::-1])
    t = np.array([0.3, 0.1, -0.7])
    np.testing.assert_allclose(hvp(f, (V,), (t,))[0], hessian(f)(V) @ t)


def test_hvp_in_several_arguments() -> None:
    f = lambda a, b: np.sum(a**2 * b)
    a, b, s, t = V, V + 5, V * 0.1, V * -0.3
    moved_a, moved_b = hvp(f, (a, b), (s, t))
    np.testing.assert_allclose(moved_a, 2 * b * s + 2 * a * t)
    np.testing.assert_allclose(moved_b, 2 * a * s)


def test_vjp_and_jvp_are_each_others_transposes() -> None:
    f = lambda m: np.tanh(m @ V)
    m, t = np.arange(6.0).reshape(2, 3) / 7, np.ones((2, 3)) * [0.2, -0.5, 1.0]
    g = np.array([0.7, -1.1])
    _, pull = vjp(f, m)
    _, pushed = jvp(f, (m,), (t,))
    assert np.sum(pull(g)[0] * t) == pytest.approx(np.sum(g * pushed))


@pytest.mark.parametrize("rows", [2, 7], ids=["wide: row by row", "tall: column by column"])
def test_jacobian_against_differences(rows: int) -> None:
    m = np.random.default_rng(0).normal(size=(rows, 4))
    f = lambda x: np.sin(m @ x) * x[0]
    x, h = np.array([0.5, -0.3, 0.9, 1.3]), 1e-6
    columns = [(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(4)]
    np.testing.assert_allclose(jacobian(f)(x), np.stack(columns, axis=1), atol=1e-8)


def test_jacobian_has_the_outputs_axes_before_the_inputs() -> None:
    f = lambda m: np.stack([m, m * m, m.T.reshape(2, 3)])
    assert jacobian(f)(np.ones((2, 3))).shape == (3, 2, 3, 2, 3)
    assert jacobian(np.sum)(np.ones((2, 3))).shape == (2, 3)
    assert jacobian(lambda s: np.stack([s, s * s]))(3.0).tolist() == [1.0, 6.0]
    assert type(jacobian(lambda s: s * s)(3.0)) is float


def test_jacobian_and_hessian_of_nothing() -> None:
    assert jacobian(lambda x: x * 2)(np.zeros(0)).shape == (0, 0)
    assert jacobian(lambda x: x[:0])(V).shape == (0, 3)
    assert jacobian(lambda x: np.concatenate([x, V]))(np.zeros(0)).shape == (3, 0)
    assert hessian(np.sum)(np.zeros(0)).shape == (0, 0)


def test_pull_may_be_called_again_and_by_default_pulls_ones() -> None:
    y, pull = vjp(np.square, V)
    np.testing.assert_array_equal(y, V**2)
    first, second = pull(np.ones(3))[0], pull()[0]
    np.testing.assert_array_equal(first, 2 * V)
    np.testing.assert_array_equal(second, 2 * V)


# ---------------------------------------------------------------- which argument


def three(x: Any, y: Any, z: Any) -> Any:
    return x * y + z**2


@pytest.mark.parametrize(
    ("argnum", "expected"),
    [
        (0, 3.0),
        (1, 2.0),
        (2, 8.0),
        (-1, 8.0),
        (-3, 3.0),
        ((0,), (3.0,)),
        ((2, 0), (8.0, 3.0)),
        ((0, -1), (3.0, 8.0)),
        ((0, 1, 2), (3.0, 2.0, 8.0)),
        ([0, 2], (3.0, 8.0)),
        (np.int64(1), 2.0),
    ],
)
def test_argnum(argnum: Any, expected: Any) -> None:
    assert grad(three, argnum)(2.0, 3.0, 4.0) == expected
    assert value_and_grad(three, argnum)(2.0, 3.0, 4.0) == (22.0, expected)
    assert elementwise_grad(three, argnum)(2.0, 3.0, 4.0) == expected
    assert jacobian(three, argnum)(2.0, 3.0, 4.0) == expected
    if not isinstance(argnum, (tuple, list)):
        assert deriv(three, argnum)(2.0, 3.0, 4.0) == expected


def test_hessian_in_two_arguments_has_four_blocks() -> None:
    assert hessian(three, (0, 1))(2.0, 3.0, 4.0) == ((0.0, 1.0), (1.0, 0.0))


@pytest.mark.parametrize("operator", ALL_OPERATORS)
@pytest.mark.parametrize("argnum", [3, -4, (0, 3)])
def test_argnum_beyond_the_arguments(operator: Any, argnum: Any) -> None:
    i = argnum[1] if isinstance(argnum, tuple) else argnum
    expected = (
        f"argument {i} of three is to be differentiated, but it was called with 3 positional "
        "arguments; pass that argument by position, or choose another argnum."
    )
    with pytest.raises(TypeError, match=says(expected)):
        operator(three, argnum)(1.0, 2.0, 3.0)


@pytest.mark.parametrize("operator", ALL_OPERATORS)
@pytest.mark.parametrize("argnum", [(), 1.0, "x", True, [], [0, "x"], None, (0, 1.0)])
def test_argnum_of_another_type(operator: Any, argnum: Any) -> None:
    expected = (
        f"argnum is the position of an argument, or a tuple of positions, but was {argnum!r}."
    )
    with pytest.raises(TypeError, match=says(expected)):
        operator(three, argnum)


@pytest.mark.parametrize("argnum", [(1, 1), (2, -1)])
def test_argnum_that_names_one_argument_twice(argnum: Any) -> None:
    with pytest.raises(TypeError, match="twice"):
        grad(three, argnum)(1.0, 2.0, 3.0)


@pytest.mark.parametrize("operator", ALL_OPERATORS)
def test_a_value_where_a_function_belongs(operator: Any) -> None:
    name = operator.__name__
    expected = f"{name} needs a function, but was given 3.0; write {name}(f)(x), not {name}(f(x))."
    with pytest.raises(TypeError, match=says(expected)):
        operator(3.0)


def test_other_arguments_are_passed_on_as_they_are() -> None:
    seen = []

    def f(x: Any, mode: str, *rest: Any, scale: float, **more: Any) -> Any:
        seen.append((mode, rest, scale, more))
        return x * scale

    assert grad(f)(2.0, "fast", None, {"a": 1}, scale=5.0, label="b") == 5.0
    assert seen == [("fast", (None, {"a": 1}), 5.0, {"label": "b"})]
    for operator in (value_and_grad, elementwise_grad, deriv, jacobian, hessian):
        operator(f)(2.0, "fast", scale=5.0)


def test_the_function_that_comes_back_has_a_name_and_a_docstring() -> None:
    def softness(x: float) -> float:
        """How soft x is."""
        return x

    derivative = grad(softness)
    assert derivative.__name__ == "grad_of_softness"
    assert derivative.__doc__ == "Gradient of softness.\n\nHow soft x is."
    assert grad(lambda x: x).__name__ == "grad_of_lambda"


def test_callable_objects_are_functions_too() -> None:
    class Model:
        def __call__(self, x: Any) -> Any:
            return x * x

    assert grad(Model())(3.0) == 6.0
    assert grad(Model(), 0).__name__ == "grad_of_Model"


# ---------------------------------------------------------------- kinds of numbers


def test_a_float_in_gives_a_plain_float_out() -> None:
    f = lambda x: np.sin(x) * x
    assert type(grad(f)(2.0)) is float
    assert [type(v) for v in value_and_grad(f)(2.0)] == [float, float]
    assert type(elementwise_grad(f)(2.0)) is float
    assert type(deriv(f)(2.0)) is float
    assert type(jacobian(f)(2.0)) is float
    assert type(hessian(f)(2.0)) is float
    assert type(hvp(f, (2.0,), (1.0,))[0]) is float
    assert type(vjp(f, 2.0)[1](1.0)[0]) is float
    assert type(jvp(f, (2.0,), (1.0,))[1]) is float
    assert type(grad(grad(f))(2.0)) is float
    assert type(deriv(grad(deriv(f)))(2.0)) is float
    assert [type(g) for g in grad(lambda x, y: np.exp(x * y), (0, 1))(1.0, 2.0)] == [float, float]


def test_the_value_beside_a_derivative_is_a_float_too() -> None:
    f = lambda x: np.sin(x) * x
    assert type(vjp(f, 2.0)[0]) is float
    assert type(jvp(f, (2.0,), (1.0,))[0]) is float


@pytest.mark.parametrize("operator", [grad, elementwise_grad, deriv, jacobian, hessian])
def test_zero_derivatives_are_plain_floats_too(operator: Any) -> None:
    assert repr(operator(lambda x: 3.0)(2.0)) == "0.0"
    assert repr(operator(np.floor)(2.5)) == "0.0"


@pytest.mark.parametrize("whole", [3, np.int64(3), np.uint8(3), np.int16(3)])
def test_whole_numbers_count_as_floats(whole: Any) -> None:
    for operator in (grad, elementwise_grad, deriv, jacobian):
        found = operator(lambda x: x * x)(whole)
        assert found == 6.0
        assert np.result_type(found) == np.float64
        assert isinstance(found, float)
    assert type(grad(lambda x: x * x)(3)) is float


def test_arrays_of_whole_numbers_count_as_floats() -> None:
    found = grad(lambda x: np.sum(x**2))(np.arange(3))
    assert found.dtype == np.float64
    assert found.tolist() == [0.0, 2.0, 4.0]


@pytest.mark.parametrize("x", [np.float32(0.5), np.array([0.5, 2.0], np.float32)])
@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.sum(np.tanh(x) * 2.5),
        lambda x: np.sum(x * np.float64(2.0)),
        lambda x: np.sum(x * np.ones((3, 1))),
        lambda x: np.mean(np.sqrt(x)) + 1,
        lambda x: np.sum(2**x + x**2 + x**-0.5),
        lambda x: np.sum(np.maximum(x, 1) * np.where(x > 1, x, 2)),
        lambda x: np.sum(x.astype(np.float64) ** 2),
    ],
)
def test_float32_is_kept(f: Any, x: Any) -> None:
    for operator in (grad, jacobian, hessian, lambda f: lambda x: hvp(f, (x,), (x,))[0]):
        assert operator(f)(x).dtype == np.float32
    assert grad(f)(x).shape == np.shape(x)
    assert value_and_grad(f)(x)[0].dtype == f(x).dtype


def test_float32_is_kept_in_forward_mode() -> None:
    x = np.array([0.5, 2.0], np.float32)
    assert jvp(np.tanh, (x,), (x,))[1].dtype == np.float32
    assert jvp(lambda v: v * 2.0, (x,), (np.ones(2),))[1].dtype == np.float32
    assert deriv(np.tanh)(np.float32(1)).dtype == np.float32


@pytest.mark.parametrize(
    "f", [np.sin, np.square, lambda x: np.maximum(x, 0), lambda x: np.abs(x) + x]
)
@pytest.mark.parametrize("kind", [np.float64, np.float32, np.float16, np.complex64])
def test_numpys_own_scalars_stay_so(kind: Any, f: Any) -> None:
    if kind is np.complex64 and f(2.0) != np.sin(2.0):
        return
    assert type(elementwise_grad(f)(kind(1.0))) is kind
    assert type(deriv(f)(kind(1.0))) is kind


def test_arrays_of_no_dimension_stay_so() -> None:
    for f in (np.sin, lambda x: np.maximum(x, 0), lambda x: x * np.array(2.0)):
        found = grad(f)(np.array(1.0))
        assert type(found) is np.ndarray and found.shape == ()


@pytest.mark.parametrize("z", [1 + 2j, np.complex128(1 + 2j)])
def test_complex_arguments(z: Any) -> None:
    """For z = a + ib the gradient of a real f is df/da - i df/db."""
    assert grad(lambda z: np.abs(z) ** 2)(z) == pytest.approx(2 - 4j)
    assert grad(lambda z: np.real(z * z))(z) == pytest.approx(2 + 4j)
    assert grad(lambda z: np.imag(np.exp(z)))(z) == pytest.approx(-1j * np.exp(1 + 2j))
    np.testing.assert_allclose(elementwise_grad(np.exp)(np.array([z, 1j])), np.exp([z, 1j]))


def test_complex_inside_real_outside() -> None:
    f = lambda x: np.abs(np.exp(1j * x) + 0.5)
    assert type(grad(f)(0.7)) is float
    assert grad(f)(0.7) == pytest.approx(slope(f, 0.7))
    assert deriv(f)(0.7) == pytest.approx(slope(f, 0.7))


@pytest.mark.parametrize(
    ("x", "what"),
    [
        (True, "is a truth value"),
        (np.True_, "is a truth value"),
        (np.array([True, False]), "is a truth value"),
        (np.array([None, 1.0]), "is of dtype object"),
        (np.array(["a"]), "is of dtype <U1"),
        (np.array(["2020-01-01"], "M8[D]"), "is of dtype datetime64[D]"),
    ],
)
@pytest.mark.parametrize("operator", ALL_OPERATORS)
def test_what_is_no_number_is_refused(operator: Any, x: Any, what: str) -> None:
    def f(x: Any) -> Any:
        return np.sum(x)

    expected = f"argument 0 of f {what}, which cannot be differentiated; pass numbers, such as 1.0."
    with pytest.raises(TypeError, match=says(expected)):
        operator(f)(x)


@pytest.mark.parametrize("x", ["word", {1.0, 2.0}, object(), range(3)])
@pytest.mark.parametrize("operator", [grad, value_and_grad, elementwise_grad, jacobian, hessian])
def test_other_types_are_refused_by_name(operator: Any, x: Any) -> None:
    def f(x: Any) -> Any:
        return x

    expected = (
        f"argument 0 of f is of type {type(x).__name__}, which cannot be differentiated: numbers, "
        "arrays, and tuples, lists, dicts, named tuples and dataclasses of them can. Pass anything "
        "else as another argument."
    )
    with pytest.raises(TypeError, match=says(expected)):
        operator(f)(x)


def test_none_as_the_argument_is_refused() -> None:
    with pytest.raises(TypeError, match=r"argument 0 of <lambda> holds nothing .* it is None"):
        grad(lambda x: 1.0)(None)


# ---------------------------------------------------------------- what the function returns


@pytest.mark.parametrize("operator", SCALAR_OPERATORS)
@pytest.mark.parametrize(
    ("f", "end"),
    [
        (lambda x: None, "returned None; is a return missing?"),
        (lambda x: "text", "returned a str; see jacobian."),
        (lambda x: [x, x], "returned a list; see jacobian."),
        (lambda x: (x,), "returned a tuple; see jacobian."),
        (lambda x: {"a": x}, "returned a dict; see jacobian."),
        (lambda x: np.stack([x, x]), "returned shape (2,); see jacobian."),
        (lambda x: np.ones((1, 2)), "returned shape (1, 2); see jacobian."),
    ],
)
def test_outputs_that_are_no_scalar(operator: Any, f: Any, end: str) -> None:
    name = operator.__name__
    expected = f"{name} needs a scalar to differentiate, but the function {end}"
    for x in (1.0, np.float32(1.0)):
        with pytest.raises(TypeError, match=says(expected)):
            operator(f)(x)
    with pytest.raises(TypeError, match=says(expected)):
        operator(lambda tree: f(tree[0]))([1.0])


@pytest.mark.parametrize("operator", SCALAR_OPERATORS)
def test_complex_outputs(operator: Any) -> None:
    expected = (
        f"{operator.__name__} needs a real number to differentiate, but the function returned a "
        "complex one; take its real or imaginary part, or see vjp."
    )
    for x in (1.0, np.complex128(1j), 1j):
        with pytest.raises(TypeError, match=says(expected)):
            operator(lambda x: x * 1j)(x)


def test_a_complex_curve_of_a_real_number() -> None:
    """Forward: the slope of a complex output is complex; nothing complex could be pulled back."""
    circle = lambda x: np.exp(1j * x)
    x = np.array([0.3, 1.0])
    assert deriv(circle)(0.3) == pytest.approx(1j * circle(0.3))
    np.testing.assert_allclose(deriv(circle)(x), 1j * circle(x))
    assert jacobian(circle)(0.3) == pytest.approx(1j * circle(0.3))
    np.testing.assert_allclose(jacobian(circle)(x), np.diag(1j * circle(x)))
    z = np.array([0.3 + 1j, -2.0])
    np.testing.assert_allclose(jacobian(np.square)(z), np.diag(2 * z))
    with pytest.raises(TypeError, match="complex"):
        elementwise_grad(circle)(x)


@pytest.mark.parametrize("name", ["hessian", "hvp"])
def test_second_order_operators_say_their_own_name(name: str) -> None:
    run = {"hessian": lambda f: hessian(f)(V), "hvp": lambda f: hvp(f, (V,), (V,))}[name]
    expected = f"{name} needs a scalar to differentiate, but the function returned shape (3,)"
    with pytest.raises(TypeError, match=re.escape(expected)):
        run(lambda x: x * x)


@pytest.mark.parametrize("operator", [elementwise_grad, deriv, jacobian])
def test_a_return_that_is_missing(operator: Any) -> None:
    with pytest.raises(TypeError, match=r"returned None.* is a return missing\?"):
        operator(lambda x: None)(1.0)


@pytest.mark.parametrize("operator", [elementwise_grad, deriv, jacobian])
def test_a_string_returned(operator: Any) -> None:
    with pytest.raises(TypeError, match="what <lambda> returned is of type str"):
        operator(lambda x: "text")(1.0)


@pytest.mark.parametrize("y", [3, 3.0, np.float64(3), np.array(3.0), True, np.int64(3)])
def test_a_function_that_ignores_its_argument_has_slope_zero(y: Any) -> None:
    for operator in (grad, elementwise_grad, deriv, jacobian, hessian):
        assert operator(lambda x: y)(1.0) == 0.0
        np.testing.assert_array_equal(
            operator(lambda x: y)(V), np.zeros(np.shape(operator(np.sum)(V)))
        )
    value, g = value_and_grad(lambda x: y)(V)
    assert value == y
    assert g.tolist() == [0.0, 0.0, 0.0]


def test_an_argument_that_is_ignored_among_others() -> None:
    assert grad(lambda x, y: x * 2, (0, 1))(1.0, 5.0) == (2.0, 0.0)
    assert grad(lambda p: p["used"] * 2)({"used": 1.0, "unused": V})["unused"].tolist() == [0.0] * 3


def test_whole_numbers_and_truth_values_have_slope_zero() -> None:
    assert grad(lambda x: x > 0)(1.0) == 0.0
    assert grad(lambda x: np.argmax(x))(V).tolist() == [0.0, 0.0, 0.0]


# ---------------------------------------------------------------- containers


class Layer(NamedTuple):
    weight: Any
    bias: Any


@dataclasses.dataclass
class Model:
    layer: Any
    scale: float


@dataclasses.dataclass(frozen=True)
class Frozen:
    weight: Any
    bias: float


def total(tree: Any) -> Any:
    """The sum of all squares in a tree, halved, so that its gradient is the tree."""
    if isinstance(tree, dict):
        return sum(total(v) for v in tree.values())
    if dataclasses.is_dataclass(tree):
        return sum(total(getattr(tree, field.name)) for field in dataclasses.fields(tree))
    if isinstance(tree, (list, tuple)):
        return sum((total(v) for v in tree), 0.0)
    return 0.0 if tree is None else np.sum(tree * tree) / 2


TREES = [
    (1.0, V),
    [1.0, [V, (2.0,)]],
    {"a": V, "b": {"c": 1.0, "d": [2.0]}},
    Layer(V, 2.0),
    (Layer([V], {"b": 2.0}), 3.0),
    Model(Layer(V, 1.0), 2.0),
    Frozen(V, 2.0),
    {1: 1.0, (0, 1): V},
    collections.OrderedDict(b=1.0, a=V),
    collections.defaultdict(list, a=V),
    (1.0, None, V),
    [1.0, (), {"empty": []}],
]


def same_tree(a: Any, b: Any) -> bool:
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        return list(a) == list(b) and all(same_tree(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(itertools.starmap(same_tree, zip(a, b, strict=True)))
    if dataclasses.is_dataclass(a):
        names = [field.name for field in dataclasses.fields(a)]
        return all(same_tree(getattr(a, n), getattr(b, n)) for n in names)
    return bool(np.array_equal(a, b)) if a is not None else b is None


@pytest.mark.parametrize("tree", TREES, ids=lambda t: type(t).__name__)
def test_trees_come_back_as_they_went_in(tree: Any) -> None:
    assert same_tree(grad(total)(tree), tree)
    assert same_tree(value_and_grad(total)(tree)[1], tree)
    assert same_tree(elementwise_grad(total)(tree), tree)
    assert same_tree(jacobian(total)(tree), tree)
    assert same_tree(vjp(total, tree)[1](1.0)[0], tree)
    assert same_tree(hvp(total, (tree,), (tree,))[0], tree)
    assert same_tree(grad(total, (0,))(tree), (tree,))


@pytest.mark.parametrize("tree", TREES, ids=lambda t: type(t).__name__)
def test_trees_may_be_returned(tree: Any) -> None:
    if total(tree) == 0.0:
        return
    y, pull = vjp(lambda t: t, tree)
    assert same_tree(y, tree)
    assert same_tree(pull(tree)[0], tree)
    y, t = jvp(lambda t: t, (tree,), (tree,))
    assert same_tree(y, tree) and same_tree(t, tree)


@pytest.mark.parametrize("tree", [(), {}, {"a": [None]}])
def test_an_argument_without_numbers_is_refused(tree: Any) -> None:
    expected = (
        f"argument 0 of total holds nothing that can be differentiated: it is {tree!r}; "
        "pass numbers or arrays."
    )
    for operator in (grad, value_and_grad, jacobian):
        with pytest.raises(TypeError, match=says(expected)):
            operator(total)(tree)


def test_jacobian_of_a_tree_in_a_tree() -> None:
    def f(p: Any) -> Any:
        return {"sum": p["w"] @ p["x"], "product": [p["x"] * p["s"]]}

    w, x = np.arange(6.0).reshape(2, 3), V
    j = jacobian(f)({"w": w, "x": x, "s": 2.0})
    assert {k: np.shape(v) for k, v in j["sum"].items()} == {"w": (2, 2, 3), "x": (2, 3), "s": (2,)}
    np.testing.assert_allclose(j["sum"]["x"], w)
    np.testing.assert_allclose(j["product"][0]["s"], x)
    np.testing.assert_allclose(j["product"][0]["x"], 2 * np.eye(3))


def test_hessian_of_a_tree_has_symmetric_blocks() -> None:
    h = hessian(lambda p: np.sum(np.exp(p["a"] * p["b"])))({"a": V / 3, "b": 0.5})
    assert np.shape(h["a"]["a"]) == (3, 3)
    np.testing.assert_allclose(h["a"]["b"], h["b"]["a"])
    assert type(h["b"]["b"]) is float


def test_a_dataclass_with_a_name_in_it_says_which_part() -> None:
    @dataclasses.dataclass
    class Named:
        weight: Any
        name: str

    with pytest.raises(TypeError, match=re.escape("argument 0 of f.name is of type str")):

        def f(p: Any) -> Any:
            return np.sum(p.weight)

        grad(f)(Named(V, "first"))


def test_a_part_that_is_no_number_says_where() -> None:
    def f(p: Any) -> Any:
        return p

    with pytest.raises(TypeError, match=re.escape("argument 0 of f['a'][1] is of type str")):
        grad(f)({"a": [1.0, "no"]})


# ---------------------------------------------------------------- changes that do not fit


def test_tangents_that_do_not_fit() -> None:
    where = "the tangent of an argument of sin"
    expected = f"{where} has shape (2,), but the value has shape (3,); they must agree."
    with pytest.raises(ValueError, match=says(expected)):
        jvp(np.sin, (V,), (np.ones(2),))
    expected = (
        f"{where} must have the same containers as the value, with the same names and lengths."
    )
    with pytest.raises(TypeError, match=says(expected)):
        jvp(np.sin, (V,), (V, V))
    expected = f"{where} is complex, but the value is real; give a real change."
    with pytest.raises(TypeError, match=says(expected)):
        jvp(np.sin, (1.0,), (1j,))


@pytest.mark.parametrize("operator", [jvp, hvp])
def test_arguments_that_are_no_tuple(operator: Any) -> None:
    name = operator.__name__
    expected = (
        f"{name} needs a tuple of arguments and a tuple of tangents; "
        f"for one argument write {name}(f, (x,), (t,))."
    )
    with pytest.raises(TypeError, match=says(expected)):
        operator(np.sum, V, V)


def test_changes_that_do_not_fit() -> None:
    _, pull = vjp(np.sin, V)
    where = "the change of what sin returned"
    expected = f"{where} has shape (2,), but the value has shape (3,); they must agree."
    with pytest.raises(ValueError, match=says(expected)):
        pull(np.ones(2))
    with pytest.raises(TypeError, match="the same containers as the value"):
        pull([V])
    with pytest.raises(TypeError, match="is complex, but the value is real"):
        pull(V * 1j)
    with pytest.raises(TypeError):
        pull(V, V)


def test_deriv_wants_a_number() -> None:
    expected = "deriv needs a number to differentiate in, but was given a tuple; see jacobian."
    with pytest.raises(TypeError, match=says(expected)):
        deriv(lambda x: x)((1.0,))


# ---------------------------------------------------------------- nesting

MODES = {
    "grad": grad,
    "value_and_grad": lambda f: lambda x: value_and_grad(f)(x)[1],
    "deriv": deriv,
    "elementwise": elementwise_grad,
    "vjp": lambda f: lambda x: vjp(f, x)[1](1.0)[0],
    "jvp": lambda f: lambda x: jvp(f, (x,), (1.0,))[1],
    "jacobian": jacobian,
}


@given(st.lists(st.sampled_from(sorted(MODES)), min_size=1, max_size=5))
def test_orders_nest_in_any_mix(modes: list[str]) -> None:
    """The n-th derivative of exp(x) sin(x) is 2**(n/2) exp(x) sin(x + n pi/4)."""
    f = lambda x: np.exp(x) * np.sin(x)
    for mode in modes:
        f = MODES[mode](f)
    n = len(modes)
    expected = 2 ** (n / 2) * np.exp(0.3) * np.sin(0.3 + n * np.pi / 4)
    found = f(0.3)
    assert type(found) is float
    assert found == pytest.approx(expected, rel=1e-12)


@given(st.lists(st.sampled_from(["hessian", "hvp"]), min_size=1, max_size=2))
def test_second_order_operators_nest(modes: list[str]) -> None:
    two = {"hessian": hessian, "hvp": lambda f: lambda x: hvp(f, (x,), (1.0,))[0]}
    f = np.sin
    for mode in modes:
        f = two[mode](f)
    assert f(0.3) == pytest.approx((-1) ** len(modes) * np.sin(0.3))


def test_the_tenth_derivative() -> None:
    f = lambda x: x**12
    for k in range(10):
        f = (grad, deriv)[k % 2](f)
    assert f(1.0) == 12 * 11 * 10 * 9 * 8 * 7 * 6 * 5 * 4 * 3


@pytest.mark.parametrize("outer", [grad, deriv])
@pytest.mark.parametrize("inner", [grad, deriv])
def test_perturbations_are_not_confused(outer: Any, inner: Any) -> None:
    """Siskind and Pearlmutter (2005), "Perturbation confusion and referential transparency"."""
    assert outer(lambda x: x * inner(lambda y: x + y)(1.0))(2.0) == 1.0
    assert outer(lambda x: x * inner(lambda y: x * y)(1.0))(3.0) == 6.0
    assert outer(lambda x: inner(lambda y: x)(x))(3.0) == 0.0
    assert outer(lambda x: inner(lambda y: y * inner(lambda z: x * y * z)(x))(x))(2.0) == 8.0
    assert outer(lambda x: inner(lambda y: y)(x) * x)(5.0) == 1.0
    assert outer(lambda x: inner(lambda y: np.where(x > y, x * y, y**3))(x / 2))(2.0) == 1.0


@pytest.mark.parametrize("inner", [grad, deriv])
def test_an_inner_derivative_whose_function_outlives_it(inner: Any) -> None:
    """Manzyuk and others (2019), "Perturbation confusion in forward automatic differentiation"."""
    shift = lambda s: lambda f: lambda x: f(x + s)
    curried = lambda s, f, x: shift(s)(f)(x)
    once = lambda x: deriv(lambda s: curried(s, np.exp, x))(0.0)
    assert inner(once)(1.0) == pytest.approx(np.exp(1.0))


@given(st.permutations(["grad", "deriv", "vjp", "jvp"]))
def test_mixed_partial_derivatives_agree_in_any_order(modes: list[str]) -> None:
    """d4/dadbdcde of exp(a b c e) at a point, each in its own mode and nesting."""
    a, b, c, e = 0.5, 0.7, -0.4, 1.2
    f = lambda a: MODES[modes[0]](
        lambda b: MODES[modes[1]](
            lambda c: MODES[modes[2]](lambda e: np.exp(a * b * c * e))(e)
        )(c)
    )(b)  # fmt: skip
    u = a * b * c * e
    expected = np.exp(u) * (1 + 7 * u + 6 * u**2 + u**3)
    assert MODES[modes[3]](f)(a) == pytest.approx(expected, rel=1e-12)


def test_a_gradient_inside_a_loss() -> None:
    """A penalty on the slope, as in physics: the slope in x is inside, that in w outside."""
    x = np.linspace(0, 1, 5)

    def loss(w: Any) -> Any:
        curve = lambda x: np.tanh(w[0] * x + w[1])
        return np.sum(elementwise_grad(curve)(x) ** 2)

    w, h = np.array([0.8, -0.3]), 1e-6
    expected = [(loss(w + h * e) - loss(w - h * e)) / (2 * h) for e in np.eye(2)]
    np.testing.assert_allclose(grad(loss)(w), expected, rtol=1e-7)


def test_inner_and_outer_arrays_of_other_shapes() -> None:
    f = lambda m: np.sum(jacobian(lambda v: np.tanh(m @ v))(V) ** 2)
    m, h = np.arange(6.0).reshape(2, 3) / 5, 1e-6
    found = grad(f)(m)
    for place in np.ndindex(2, 3):
        e = np.zeros((2, 3))
        e[place] = h
        assert found[place] == pytest.approx((f(m + e) - f(m - e)) / (2 * h), abs=1e-6)


@pytest.mark.parametrize("outer", [grad, deriv])
def test_an_inner_function_may_return_an_outer_value(outer: Any) -> None:
    assert outer(lambda x: vjp(lambda y: x * x, 1.0)[0])(3.0) == 6.0
    assert outer(lambda x: jvp(lambda y: x * x, (1.0,), (1.0,))[0])(3.0) == 6.0
    assert outer(lambda x: value_and_grad(lambda y: x * x)(1.0)[0])(3.0) == 6.0
    assert outer(lambda x: value_and_grad(lambda p: x * x)([1.0])[0])(3.0) == 6.0
    assert outer(lambda x: vjp(lambda y: x * x, 1.0)[1](1.0)[0] + x)(3.0) == 1.0


def test_a_newton_step_is_differentiable() -> None:
    """x - f'/f'' of (x - s)**2 is s from anywhere, so its slope in s is 1 and in x 0."""
    step = lambda x, s: x - grad(lambda x: (x - s) ** 2)(x) / grad(grad(lambda x: (x - s) ** 2))(x)
    assert grad(step, (0, 1))(5.0, 2.0) == (0.0, 1.0)


# ---------------------------------------------------------------- whose memory


def assert_own(result: Any, *others: Any) -> None:
    arrays = [g for g in flat(result) if isinstance(g, np.ndarray)]
    for g in arrays:
        assert g.flags.writeable
        for other in others:
            assert not np.shares_memory(g, other)
    for g, h in itertools.combinations(arrays, 2):
        assert not np.shares_memory(g, h)


def flat(tree: Any) -> list[Any]:
    if isinstance(tree, dict):
        return [leaf for v in tree.values() for leaf in flat(v)]
    if isinstance(tree, (list, tuple)):
        return [leaf for v in tree for leaf in flat(v)]
    return [tree]


W = np.arange(6.0).reshape(2, 3)
LINEAR_FUNCTIONS: list[Callable[..., Any]] = [
    lambda a, b: np.sum(a) + np.sum(b),
    lambda a, b: np.sum(a + b),
    lambda a, b: np.sum((a + b) * W),
    lambda a, b: np.sum(a * W + b.reshape(3, 2).T.reshape(2, 3)),
    lambda a, b: np.sum(np.stack([a, b]) * np.stack([W, W])),
    lambda a, b: np.sum(np.concatenate([a, b], 1) * np.concatenate([W, W], 1)),
    lambda a, b: np.mean(a) + b[0, 0],
    lambda a, b: np.sum(a.T @ b),
    lambda a, b: np.sum(np.broadcast_to(a, (2, 2, 3))) + np.max(b),
    lambda a, b: np.sum(a.ravel()[::-1]) + np.sum(np.expand_dims(b, 0)),
    lambda a, b: 0.0,
    lambda a, b: a[1, 2],
]


@pytest.mark.parametrize("f", LINEAR_FUNCTIONS)
def test_gradients_are_the_callers_own(f: Callable[..., Any]) -> None:
    a, b = np.ones((2, 3)), np.full((2, 3), 2.0)
    assert_own(grad(f)(a, b), a, b, W)
    assert_own(grad(f, (0, 1))(a, b), a, b, W)
    assert_own(grad(lambda p: f(*p))([a, a]), a, W)
    assert_own(value_and_grad(f, (0, 1))(a, b)[1], a, b, W)
    assert_own(elementwise_grad(f, (0, 1))(a, b), a, b, W)
    assert_own(jacobian(f, (0, 1))(a, b), a, b, W)
    assert_own(hessian(f, (0, 1))(a, b), a, b, W)
    assert_own(hvp(f, (a, b), (a, b)), a, b, W)


@pytest.mark.parametrize(
    "f",
    [
        lambda v: v,
        lambda v: v.T,
        lambda v: v[::-1],
        lambda v: np.broadcast_to(v, (2, 3)),
        lambda v: np.reshape(v, (1, 3)),
        np.positive,
        lambda v: v + 0,
    ],
)
def test_what_is_pulled_and_pushed_is_the_callers_own(f: Callable[..., Any]) -> None:
    y, pull = vjp(f, V)
    g = np.ones(y.shape)
    first, second = pull(g), pull(g)
    assert_own([first, second], g, V)
    t = np.ones(3)
    moved = jvp(lambda v: [f(v), f(v)], (V,), (t,))[1]
    assert_own(moved, t, V)


def test_changing_a_gradient_changes_nothing_else() -> None:
    x = np.ones(3)
    f = lambda v: np.sum(v * W[0])
    g = grad(f)(x)
    g += 100.0
    np.testing.assert_array_equal(grad(f)(x), [0.0, 1.0, 2.0])
    assert x.tolist() == [1.0, 1.0, 1.0]


def test_the_arguments_are_left_as_they_were() -> None:
    x = np.ones(3)
    x.flags.writeable = False
    tree = {"x": x}
    grad(lambda p: np.sum(p["x"] ** 2))(tree)
    assert tree["x"] is x


# ---------------------------------------------------------------- programs


def test_python_decides_by_value() -> None:
    def f(x: Any) -> Any:
        y = x
        while y < 100.0:
            y = y * y if y > 3 else y + 2.0
        return y

    for x in (1.5, 2.5, 4.0, 20.0):
        assert grad(f)(x) == pytest.approx(slope(f, x), rel=1e-6)


def test_recursion_and_python_builtins() -> None:
    horner = lambda coefficients, x: (
        coefficients[0] + x * horner(coefficients[1:], x) if coefficients else 0.0
    )
    assert grad(horner, 1)([1.0, 2.0, 3.0], 2.0) == 2.0 + 6.0 * 2.0
    assert grad(horner)([1.0, 2.0, 3.0], 2.0) == [1.0, 2.0, 4.0]
    assert grad(lambda x: sum(x[i] * i for i in range(3)))(V).tolist() == [0.0, 1.0, 2.0]
    assert grad(lambda x: max(x))(V).tolist() == [0.0, 0.0, 1.0]


def test_arrays_made_of_values() -> None:
    f = lambda x: np.sum(cnp.array([[x, 1.0], [x**2, 2.0]]) @ np.array([1.0, 2.0]))
    assert grad(f)(3.0) == 1.0 + 2 * 3.0
    assert grad(lambda xs: np.sum(cnp.array(xs) ** 2))([1.0, 2.0]) == [2.0, 4.0]


def test_complex_arguments_of_real_outputs() -> None:
    """Rows, whatever the shapes: columns would lose the imaginary part."""
    f = lambda z: np.abs(z) ** 2
    z = np.array([1 + 1j, 2.0])
    expected = np.diag(2 * np.conj(z))
    np.testing.assert_allclose(jacobian(f)(z), expected)
    np.testing.assert_allclose(jacobian(lambda z: np.concatenate([f(z), f(z)]))(z)[:2], expected)
    with pytest.raises(TypeError, match="see hvp"):
        hessian(lambda z: np.sum(f(z)))(z)
    t = np.array([1j, 0.5])
    h = 1e-6
    slope = (grad(lambda z: np.sum(f(z)))(z + h * t) - grad(lambda z: np.sum(f(z)))(z - h * t)) / (
        2 * h
    )
    np.testing.assert_allclose(hvp(lambda z: np.sum(f(z)), (z,), (t,))[0], slope, atol=1e-8)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_python_floats_divide_as_numpys_in_every_operator() -> None:
    for f, x, slope in [
        (np.log, 0.0, np.inf), (lambda x: 1 / x, 0.0, -np.inf),
        (np.log1p, -1.0, np.inf), (np.arctanh, 1.0, np.inf),
    ]:  # fmt: skip
        assert grad(f)(x) == slope
        assert deriv(f)(x) == slope
        assert vjp(f, x)[1](1.0) == (slope,)
        assert jvp(f, (x,), (1.0,))[1] == slope


@pytest.mark.filterwarnings("ignore:the matrix subclass")
def test_counters_and_matrices() -> None:
    found = grad(lambda p: p["u"] * p["v"])(Counter(u=2, v=3))
    assert found == Counter(u=3.0, v=2.0)
    assert type(found) is Counter
    with pytest.raises(TypeError, match="is a matrix; pass a plain array"):
        grad(np.sum)(np.matrix([[1.0, 2.0]]))
