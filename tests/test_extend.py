"""Primitives: rules that third parties write, in both directions, at both orders, with containers.

What is stated for a primitive here is compared with the same mathematics in NumPy's own functions,
which have rules of their own, and with differences. Whole modules written for `autograd` stand in
tests/test_from_autograd.py and under examples/arrays.
"""

from __future__ import annotations

import gc
import importlib
import math
import re
import weakref
from typing import Any, NamedTuple

import numpy as np
import pytest

import chainrule.numpy as cnp
from chainrule import deriv, grad, hessian, jacobian, jvp, vjp
from chainrule._core.errors import MissingRuleError
from chainrule._core.table import RECORD, known
from chainrule.checking import check_grads
from chainrule.extend import (
    Box,
    JVPNode,
    SparseObject,
    VJPNode,
    VSpace,
    def_linear,
    defjvp,
    defjvp_argnum,
    defjvp_argnums,
    defvjp,
    defvjp_argnum,
    defvjp_argnums,
    getval,
    isbox,
    notrace_primitive,
    primitive,
    register_notrace,
    vspace,
)

V, W = np.array([0.3, -0.4, 0.9]), np.array([1.5, 0.2, -0.6])
X = np.array([[0.5, -1.2, 0.3], [1.1, 0.4, -0.7]])


def blind(f: Any) -> Any:
    """A function that NumPy's protocols cannot record: it only takes plain arrays."""

    def run(*args: Any, **options: Any) -> Any:
        assert not isbox(args)
        return f(*[np.array(a) if isinstance(a, np.ndarray) else a for a in args], **options)

    run.__name__ = "blind"
    return run


def product(stated: str) -> Any:
    """x * sin(y) * k as a primitive, with what `stated` says."""

    @primitive
    @blind
    def f(x: Any, y: Any, k: float = 2.0) -> Any:
        return x * np.sin(y) * k

    if "vjp" in stated:
        defvjp(
            f,
            lambda ans, x, y, k=2.0: lambda g: g * np.sin(y) * k,
            lambda ans, x, y, k=2.0: lambda g: g * x * np.cos(y) * k,
        )
    if "jvp" in stated:
        defjvp(
            f,
            lambda g, ans, x, y, k=2.0: g * np.sin(y) * k,
            lambda g, ans, x, y, k=2.0: g * x * np.cos(y) * k,
        )
    return f


def both(x: Any, y: Any, k: float = 2.0) -> Any:
    return x * np.sin(y) * k


@pytest.mark.parametrize("stated", ["vjp", "jvp only", "vjp and jvp"])
@pytest.mark.parametrize(
    "args", [(0.7, -0.3), (V, W), (V, 0.5), (0.5, V), (X, V), (X, X[:, :1])], ids=str
)
def test_one_direction_is_enough(stated: str, args: Any) -> None:
    """Forward by transposing, or reverse; stretched arguments; both orders, in all mixtures."""
    f = product({"vjp": "vjp", "jvp only": "jvp", "vjp and jvp": "vjp jvp"}[stated])
    check_grads(f, *args, order=2)
    check_grads(lambda x, y: f(x, y, k=3.0) * x, *args, order=2)
    for i in (0, 1):
        np.testing.assert_allclose(
            grad(lambda *a: np.sum(f(*a) ** 2), i)(*args),
            grad(lambda *a: np.sum(both(*a) ** 2), i)(*args),
        )
    assert f(*args) is not f(*args)  # plain arguments run it as it is
    np.testing.assert_array_equal(f(*args), both(*args))


def test_the_jvp_alone_is_what_forward_mode_uses() -> None:
    f = primitive(blind(np.square))
    defvjp(f, lambda ans, x: lambda g: 2 * g * x)
    defjvp(f, lambda g, ans, x: 100 * g * x)
    assert (grad(f)(3.0), deriv(f)(3.0)) == (6.0, 300.0)


def test_higher_orders_go_through_the_makers_own_calls() -> None:
    exp = primitive(blind(np.exp))
    defvjp(exp, lambda ans, x: lambda g: g * ans)
    g = exp
    for _ in range(4):
        g = grad(g)
    assert g(0.5) == pytest.approx(math.exp(0.5))
    np.testing.assert_allclose(hessian(lambda x: np.sum(exp(x)))(V), np.diag(np.exp(V)))
    assert deriv(grad(deriv(exp)))(0.5) == pytest.approx(math.exp(0.5))


def test_argnums_choose_the_arguments_of_the_makers() -> None:
    f = primitive(blind(lambda name, x, y: x * y if name == "times" else None))
    defvjp(f, lambda ans, name, x, y: lambda g: g * x, argnums=[2])
    assert grad(f, 2)("times", 3.0, 5.0) == 3.0
    with pytest.raises(MissingRuleError, match=r"blind is a primitive .* in argument 1; state it"):
        grad(f, 1)("times", 3.0, 5.0)
    defvjp(f, lambda ans, name, x, y: lambda g: g * y, argnums=[1])  # beside the first
    assert grad(f, (1, 2))("times", 3.0, 5.0) == (5.0, 3.0)


def test_none_is_a_derivative_of_zero() -> None:
    f = primitive(blind(lambda x, y: x * y))
    defvjp(f, None, lambda ans, x, y: lambda g: g * x)
    assert grad(f, (0, 1))(3.0, 5.0) == (0.0, 3.0)
    assert grad(f)(3.0, 5.0) == 0.0
    assert deriv(f)(3.0, 5.0) == 0.0
    assert deriv(f, 1)(3.0, 5.0) == 3.0
    h = primitive(blind(lambda x, y: x * y))
    defjvp(h, None, "same")
    assert deriv(lambda x: h(x, x))(3.0) == 3.0


@pytest.mark.parametrize("mode", ["pull", "push"])
def test_any_number_of_arguments(mode: str) -> None:
    f = primitive(blind(lambda *parts: np.array(parts)))
    if mode == "pull":
        defvjp_argnum(f, lambda argnum, ans, args, kwargs: lambda g: g[argnum])
    else:

        def push(argnum: int, g: Any, ans: Any, args: Any, kwargs: Any) -> Any:
            return g * (np.arange(len(args)) == argnum)

        defjvp_argnum(f, push)
    g = lambda x, y: np.sum(f(x, 2.0, y, x * y) * np.array([1.0, 10.0, 100.0, 1000.0]))
    assert grad(g, (0, 1))(3.0, 5.0) == (5001.0, 3100.0)
    assert jvp(g, (3.0, 5.0), (1.0, 0.0))[1] == 5001.0


def test_one_pull_for_several_arguments_is_called_once() -> None:
    calls: list[Any] = []
    f = primitive(blind(lambda x, y: x * y))

    def maker(argnums: Any, ans: Any, args: Any, kwargs: Any) -> Any:
        def pull(g: Any) -> Any:
            calls.append(tuple(argnums))
            return (g * args[1 - i] for i in argnums)  # a generator will do

        return pull

    defvjp_argnums(f, maker)
    assert grad(f, (0, 1))(3.0, 5.0) == (5.0, 3.0)
    assert grad(f, 1)(3.0, 5.0) == 3.0
    assert calls == [(0, 1), (1,)]
    defjvp_argnums(
        f,
        lambda argnums, gs, ans, args, kwargs: sum(
            g * args[1 - i] for i, g in zip(argnums, gs, strict=True)
        ),
    )
    assert deriv(lambda x: f(x, x))(3.0) == 6.0


def test_linear_functions_push_themselves() -> None:
    f = primitive(blind(lambda x, y: np.outer(x, y)))
    def_linear(f)
    np.testing.assert_allclose(jacobian(lambda t: f(t * V, t * W))(2.0), 4 * np.outer(V, W))
    with pytest.raises(MissingRuleError, match=r"nothing pulls back; state how with defvjp"):
        grad(lambda x: np.sum(f(x, W)))(V)
    defvjp(f, lambda ans, x, y: lambda g: g @ y, lambda ans, x, y: lambda g: x @ g)
    check_grads(f, V, W)


def test_without_any_rule() -> None:
    f = primitive(blind(np.sin))
    for operator in (grad, deriv):
        with pytest.raises(
            NotImplementedError, match=r"blind is a primitive without .* argument 0"
        ):
            operator(f)(1.0)


# ---------------------------------------------------------------- containers


class Pair(NamedTuple):
    first: Any
    second: Any


def test_containers_go_in_and_come_out() -> None:
    @primitive
    def f(tree: Any, k: Any) -> Any:
        assert not isbox((tree, k))
        return Pair(tree["a"][0] * k, {"n": 3, "b": tree["a"][1] * tree["c"]})

    def pull_tree(ans: Any, tree: Any, k: Any) -> Any:
        def pull(g: Any) -> Any:
            assert type(g) is Pair and set(g.second) == {"n", "b"}
            h = g.second["b"]
            return {
                "a": [g.first * k, h * tree["c"]],
                "c": np.sum(h * tree["a"][1]),
                "name": None,
            }

        return pull

    defvjp(f, pull_tree, lambda ans, tree, k: lambda g: np.sum(g.first * tree["a"][0]))

    def plain(tree: Any, k: Any) -> Any:
        return Pair(tree["a"][0] * k, {"n": 3, "b": tree["a"][1] * tree["c"]})

    def loss(f: Any) -> Any:
        def run(x: Any, y: Any, c: Any, k: Any) -> Any:
            out = f({"a": [x, y], "c": c, "name": "it"}, k)
            assert out.second["n"] == 3
            return np.sum(np.sin(out.first)) * np.sum(out.second["b"] ** 2)

        return run

    args = (V, W, 1.5, 0.7)
    every = (0, 1, 2, 3)
    for a, b in zip(grad(loss(f), every)(*args), grad(loss(plain), every)(*args), strict=True):
        np.testing.assert_allclose(a, b)
    check_grads(loss(f), *args)
    # one of a container's values alone, and outputs of which one is used
    np.testing.assert_allclose(grad(loss(f), 1)(*args), grad(loss(plain), 1)(*args))
    found = grad(lambda c: np.sum(f({"a": [V, W], "c": c, "name": ""}, 2.0).second["b"]))(1.0)
    assert found == pytest.approx(np.sum(W))


def test_lists_of_values_are_one_argument() -> None:
    f = primitive(blind(lambda parts, axis: np.stack(parts, axis)))
    defvjp(f, lambda ans, parts, axis: lambda g: [np.take(g, i, axis) for i in range(len(parts))])
    check_grads(lambda x, y: f([x, W, y], 1) ** 2, V, W)


def test_sparse_changes_are_made_whole() -> None:
    @primitive
    def taken(x: Any, i: int) -> Any:
        return x[i]

    @primitive
    def put(g: Any, i: int, space: VSpace) -> Any:
        def add(whole: Any) -> Any:
            whole[i] += g
            return whole

        return SparseObject(space, add)

    defvjp(taken, lambda ans, x, i: lambda g: put(g, i, vspace(x)))
    defvjp(put, lambda ans, g, i, space: lambda h: taken(h, i))
    f = lambda x: taken(x, 0) ** 3 * taken(x, 2) + taken(x, 0)
    plain = lambda x: x[0] ** 3 * x[2] + x[0]
    np.testing.assert_allclose(grad(f)(V), grad(plain)(V))
    np.testing.assert_allclose(hessian(f)(V), hessian(plain)(V))
    np.testing.assert_allclose(jacobian(grad(f))(V), hessian(plain)(V))


# ---------------------------------------------------------------- kinds of numbers


def test_dtypes_and_broadcasting_are_kept() -> None:
    f = primitive(blind(lambda x, y: x * y))
    defvjp(f, lambda ans, x, y: lambda g: g * y, lambda ans, x, y: lambda g: g * x)
    x, y = V.astype(np.float32), X
    g, h = grad(lambda x, y: np.sum(f(x, y)), (0, 1))(x, y)
    assert (g.dtype, g.shape, h.dtype) == (np.float32, (3,), np.float64)
    np.testing.assert_allclose(g, np.sum(X, axis=0), rtol=1e-6)
    slope = grad(lambda x: np.real(f(x, 2.0 + 1j)))(3.0)
    assert (slope, type(slope)) == (2.0, float)


def test_complex_numbers_are_paired_without_conjugates() -> None:
    f = primitive(blind(np.exp))
    defvjp(f, lambda ans, z: lambda g: g * ans)
    z = np.array([0.3 + 0.2j, -1.0j])
    check_grads(f, z)


def test_whole_numbers_do_not_move() -> None:
    f = primitive(blind(lambda x: np.sum(x > 0)))
    assert grad(lambda x: f(x) * np.sum(x))(V).tolist() == [2.0] * 3


# ---------------------------------------------------------------- what would be lost


def test_what_is_read_from_around_is_refused() -> None:
    def outer(w: Any) -> Any:
        f = primitive(lambda x: x * w)
        defvjp(f, lambda ans, x: lambda g: g * w)
        return f(w + 1.0)

    sentence = "reads from around it a value that is being differentiated"
    for operator in (grad, deriv):
        with pytest.raises(TypeError, match=sentence):
            operator(outer)(2.0)


def test_what_is_read_from_around_of_a_level_further_out_is_not_lost() -> None:
    def inner(w: Any) -> Any:
        f = primitive(lambda x: x**2 * w)
        defvjp(f, lambda ans, x: lambda g: g * 2 * x * w)
        return grad(f)(3.0)

    assert inner(2.0) == 12.0
    assert grad(inner)(2.0) == 6.0
    assert deriv(inner)(2.0) == 6.0


def test_by_name_would_be_lost() -> None:
    f = product("vjp")
    with pytest.raises(TypeError, match="it was given k by name, whose derivative would be lost"):
        grad(lambda k: f(1.0, 2.0, k=k))(3.0)


def test_rules_belong_to_primitives() -> None:
    def mine(x: Any) -> Any:
        return x

    for state in (defvjp, defjvp, defvjp_argnum, defjvp_argnum, defvjp_argnums, defjvp_argnums):
        with pytest.raises(TypeError, match=re.escape("write mine = primitive(mine) first")):
            state(mine, lambda *a: None)
    f = primitive(blind(np.sin))
    with pytest.raises(TypeError, match="or is None, but was 'same'"):
        defvjp(f, "same")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match='a function, "same" or None, but was 3'):
        defjvp(f, 3)  # type: ignore[arg-type]


@pytest.mark.parametrize("sin", [np.sin, cnp.sin])
def test_what_chainrule_can_differentiate_stays(sin: Any) -> None:
    """Packages mend what `autograd` lacks, or has wrong, of NumPy's own functions."""
    with pytest.warns(
        UserWarning, match=r"numpy\.sin has its derivatives in chainrule, which stay"
    ):
        defvjp(sin, lambda ans, x: lambda g: 100.0 * g)
    assert grad(sin)(0.0) == 1.0


@pytest.mark.parametrize("wrap", [lambda x: x, lambda x: [x]])
def test_a_change_of_another_shape_is_told(wrap: Any) -> None:
    f = primitive(blind(lambda x: np.sum(x)))
    defvjp(f, lambda ans, x: lambda g: wrap(g * np.ones(5)))
    expected = (
        "blind gave its argument 0 a change of shape (5,), but the argument has shape "
        "(3,); they must agree."
    )
    with pytest.raises(ValueError, match=re.escape(expected)) as caught:
        grad(lambda x: f(wrap(x)))(V)
    assert "grad(lambda x: f(wrap(x)))(V)" in caught.value.__notes__[-1]


def test_dicts_belong_together_by_their_names_in_whatever_order() -> None:
    f = primitive(blind(lambda d: d["a"] * d["b"] ** 2))
    defvjp(f, lambda ans, d: lambda g: {"b": g * 2 * d["a"] * d["b"], "a": g * d["b"] ** 2})
    assert grad(f)({"a": 2.0, "b": 3.0}) == {"a": 9.0, "b": 12.0}
    pair = primitive(blind(lambda x: {"p": 2 * x, "q": 5 * x}))
    defjvp(pair, lambda g, ans, x: {"q": 5 * g, "p": 2 * g})
    for operator in (deriv, grad):
        assert operator(lambda x: pair(x)["p"])(1.0) == 2.0
    space, x = vspace({"a": 1.0, "b": V}), {"b": V, "a": 10.0}
    assert space == vspace(x) != vspace({"b": 10.0, "a": V})
    assert vspace(()) != vspace(1.0) and vspace([1.0]) != vspace((1.0,))
    assert space.add({"a": 1.0, "b": V}, x)["a"] == 11.0
    assert space.inner_prod(x, {"a": 2.0, "b": 0 * V}) == 20.0
    np.testing.assert_array_equal(space.flatten(x), [10.0, *V])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (None, "gave its argument 0 the change None; it is a number or an array, of the"),
        ([1.0], "gave its argument 0 the change [1.0]; it is a number or an array, of the"),
        ("g", "gave its argument 0 the change 'g'; it is a number or an array, of the"),
    ],
)
def test_a_change_that_is_none_is_told(change: Any, expected: str) -> None:
    f = primitive(blind(lambda x: np.sum(x)))
    defvjp(f, lambda ans, x: lambda g: change)
    for x in (V, 1.0):
        with pytest.raises(TypeError, match=re.escape(expected)):
            grad(f)(x)


def test_changes_of_other_containers_are_told() -> None:
    f = primitive(blind(lambda p: p["x"] * 2))
    defvjp(f, lambda ans, p: lambda g: {"y": g})
    with pytest.raises(TypeError, match=r"argument 0 of .*blind has a part \['x'\], but was given"):
        grad(lambda x: f({"x": x}))(1.0)
    pair = primitive(blind(lambda x: (x, x)))
    defjvp(pair, lambda g, ans, x: g)
    with pytest.raises(TypeError, match=r"a container with the parts \[0\], \[1\], but was given"):
        deriv(lambda x: pair(x)[0])(1.0)
    defvjp_argnums(pair, lambda argnums, ans, args, kwargs: lambda g: g[0])
    with pytest.raises(TypeError, match="gives a list of changes, one for each of its arguments 0"):
        grad(lambda x: pair(x)[0])(1.0)


def test_what_is_no_function_or_no_value_is_told() -> None:
    with pytest.raises(TypeError, match="primitive needs a function, but was given 3"):
        primitive(3)
    with pytest.raises(TypeError, match="vspace needs a number, an array or a container"):
        vspace(None)


def test_the_old_forms() -> None:
    f = primitive(blind(lambda name, x, y: x * y**2))
    f.defvjp_is_zero(argnums=(0,))
    f.defgrad(lambda ans, name, x, y: lambda g: np.sum(g * y**2), argnum=1)

    def pull(g: Any, ans: Any, vs: Any, gvs: Any, name: Any, x: Any, y: Any) -> Any:
        assert (vs, gvs) == (vspace(y), vspace(ans))
        return 2 * g * x * y

    f.defvjp(pull, argnum=2)
    check_grads(lambda x, y: f("square", x, y), 2.0, V)


def test_what_chainrule_cannot_differentiate_gets_the_rules() -> None:
    face = importlib.import_module("chainrule.numpy.linalg")
    lacking = [name for name in ("cond", "matrix_norm") if not known(getattr(np.linalg, name))]
    if not lacking:
        pytest.skip("numpy.linalg has them all")
    (name, *_) = lacking
    function = getattr(np.linalg, name)
    x = np.diag([1.0, 2.0])
    try:
        defvjp(getattr(face, name), lambda ans, x: lambda g: 5.0 * g * x)
        defjvp(function, lambda g, ans, x: 7.0 * np.sum(g * x))
        for f in (function, getattr(face, name)):
            np.testing.assert_allclose(grad(f)(x), 5 * x)
            assert deriv(lambda s, f=f: f(s * x))(1.0) == 35.0
    finally:
        RECORD.pop(function)


# ---------------------------------------------------------------- constants, boxes, spaces


def test_constants_and_their_modes() -> None:
    count = notrace_primitive(lambda x, *, above: np.sum(x > above))
    assert grad(lambda x: count(x, above=x[0]) * np.sum(x))(V).tolist() == [1.0] * 3
    assert grad(lambda x: notrace_primitive(len)([x, x]) * x)(2.0) == 2.0
    square = primitive(blind(np.square))
    defvjp(square, lambda ans, x: lambda g: 2 * g * x)
    register_notrace(JVPNode, square)
    assert (grad(square)(3.0), deriv(lambda x: square(x) + x)(3.0)) == (6.0, 1.0)
    register_notrace(VJPNode, square)
    assert grad(lambda x: square(x) * x)(3.0) == 9.0
    with pytest.raises(TypeError, match="takes VJPNode or JVPNode"):
        register_notrace(int, square)


def test_boxes() -> None:
    def f(x: Any) -> Any:
        assert isinstance(x, Box) and isbox(x) and isbox([1.0, {"a": x}])
        assert type(getval({"a": [x]})["a"][0]) is float
        assert x._value == 3.0
        return x * getval(x)

    assert grad(f)(3.0) == 3.0
    assert not isbox(V) and getval(V) is V


def test_a_space_of_a_type_of_ones_own() -> None:
    class Money:
        pass

    class Wallets(VSpace):
        def __init__(self, value: Any) -> None:
            self.size_of = 1

    try:
        Wallets.register(Money)
        assert type(vspace(Money())) is Wallets
    finally:
        VSpace.mappings.pop(Money)
    with pytest.raises(TypeError, match="Money"):
        vspace(Money())


def test_vectors_of_a_space() -> None:
    space = vspace({"a": [X, 1.0], "b": (V,)})
    x = {"a": [X, 2.0], "b": (W,)}
    assert space.flatten(x).shape == (10,)
    back = space.unflatten(space.flatten(x))
    assert vspace(back) == space
    np.testing.assert_array_equal(space.flatten(back), space.flatten(x))
    assert (vspace(V) == vspace(W), vspace(V) == vspace(X), vspace(V) == 3) == (True, False, False)


# ---------------------------------------------------------------- memory, and faces


def test_a_call_leaves_nothing_behind() -> None:
    class Kept(np.ndarray):
        pass

    f = product("vjp")
    x = V.copy()
    alive = weakref.ref(x)
    gc.disable()
    try:
        grad(lambda x: np.sum(f(x, W)))(x)
        del x
        assert alive() is None
    finally:
        gc.enable()


def test_methods_may_be_primitives() -> None:
    class Scaled:
        def __init__(self, scale: float) -> None:
            self.scale = scale

        @primitive
        def __call__(self, x: Any) -> Any:
            return self.scale * math.sin(x)

    defvjp(Scaled.__call__, None, lambda ans, self, x: lambda g: g * self.scale * cnp.cos(x))
    assert grad(Scaled(2.0))(0.0) == 2.0
    y, pull = vjp(Scaled(2.0), 0.5)
    assert y == 2 * math.sin(0.5)
    assert pull(1.0)[0] == pytest.approx(2 * math.cos(0.5))
