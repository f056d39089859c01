"""A value among Python's operators and NumPy's: an array, and what it refuses to become."""

from __future__ import annotations

import copy
import decimal
import json
import math
import operator
import pickle
import re
import statistics
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import scipy.linalg
import scipy.special

import chainrule
import chainrule.numpy as cnp
from chainrule import deriv, grad, jvp, vjp

V = np.array([1.5, -2.0, 3.0])
M = np.arange(1.0, 7.0).reshape(2, 3)


def value_and_slopes(f: Callable[[Any], Any], x: Any) -> tuple[Any, Any, Any]:
    """The recorded value, and the sum's slopes in reverse and forward mode."""
    y, pull = vjp(f, x)
    t = np.linspace(0.5, 1.5, np.size(x)).reshape(np.shape(x))[()]
    return y, np.sum(pull()[0] * t), np.sum(jvp(f, (x,), (t,))[1])


def check_as_numpy(f: Callable[[Any], Any], x: Any) -> None:
    """The value is what plain NumPy gives; both modes give the difference quotient."""
    y, backward, forward = value_and_slopes(f, x)
    np.testing.assert_array_equal(y, f(x))
    assert np.result_type(y) == np.result_type(f(x))
    t = np.linspace(0.5, 1.5, np.size(x)).reshape(np.shape(x))[()]
    h = 1e-6
    slope = np.sum((np.asarray(f(x + h * t)) - np.asarray(f(x - h * t))) / (2 * h))
    assert backward == pytest.approx(slope, rel=1e-7, abs=1e-8)
    assert forward == pytest.approx(slope, rel=1e-7, abs=1e-8)


# ---------------------------------------------------------------- operators

OPERATORS = [
    operator.add,
    operator.sub,
    operator.mul,
    operator.truediv,
    operator.pow,
    operator.mod,
    operator.floordiv,
]
OTHERS = [
    2,
    2.5,
    np.float64(2.5),
    np.int64(2),
    np.array(2.5),
    np.array([2.5, 0.7, 1.3]),
    np.array([[2.5], [0.7]]),
    np.array([2, 1, 3]),
    [2.5, 0.7, 1.3],
    (2.5, 0.7, 1.3),
]


@pytest.mark.parametrize("other", OTHERS, ids=repr)
@pytest.mark.parametrize("op", OPERATORS)
def test_operators_with_numbers_arrays_and_lists(op: Any, other: Any) -> None:
    x = np.array([0.6, 1.7, 3.2])
    check_as_numpy(lambda v: op(v, other), x)
    check_as_numpy(lambda v: op(other, v), x)


@pytest.mark.parametrize("other", [2, 2.5, np.float64(2.5), np.array([2.5, 0.7])], ids=repr)
@pytest.mark.parametrize("op", OPERATORS)
def test_operators_on_a_float(op: Any, other: Any) -> None:
    check_as_numpy(lambda v: op(v, other), 1.7)
    check_as_numpy(lambda v: op(other, v), 1.7)


@pytest.mark.parametrize("op", OPERATORS)
def test_operators_between_values_of_several_levels(op: Any) -> None:
    x = np.array([0.6, 1.7, 3.2])
    check_as_numpy(lambda v: op(v, v * 0.7 + 0.1), x)
    inner = lambda v: grad(lambda w: np.sum(op(v, w * w) + op(w, v)))(x)  # v outside, w inside
    h, t = 1e-6, np.array([0.3, -0.2, 0.9])
    expected = (inner(x + h * t) - inner(x - h * t)) / (2 * h)
    np.testing.assert_allclose(jvp(inner, (x,), (t,))[1], expected, atol=1e-6)


@pytest.mark.parametrize("op", [operator.neg, operator.pos, abs])
def test_signs(op: Any) -> None:
    check_as_numpy(op, V)
    check_as_numpy(op, -1.5)


def test_matmul_on_both_sides() -> None:
    check_as_numpy(lambda v: v @ v, V)
    check_as_numpy(lambda v: M @ v, V)
    check_as_numpy(lambda v: v @ M.T, V)
    check_as_numpy(lambda v: [1.0, 2.0, 3.0] @ v, V)
    check_as_numpy(lambda v: v @ [1.0, 2.0, 3.0], V)


def test_divmod_gives_both_parts() -> None:
    assert grad(lambda v: divmod(v, 3.0)[1])(7.0) == 1.0
    assert grad(lambda v: divmod(v, 3.0)[0])(7.0) == 0.0
    assert grad(lambda v: divmod(7.0, v)[1])(3.0) == -2.0


@pytest.mark.parametrize("op", [operator.iadd, operator.isub, operator.imul, operator.itruediv])
def test_augmented_assignment_makes_a_new_value(op: Any) -> None:
    """`a += 1` on a value is `a = a + 1`; the array that came in keeps its numbers."""
    x = V.copy()
    f = lambda v: op(v, 2.0)
    check_as_numpy(lambda v: f(v * 1.0), V)
    grad(lambda v: np.sum(f(v)))(x)
    np.testing.assert_array_equal(x, V)


def test_division_by_zero_is_numpys() -> None:
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        assert vjp(lambda v: 1 / v, 0.0)[0] == np.inf
    with pytest.warns(RuntimeWarning, match="invalid value"):
        assert np.isnan(vjp(lambda v: v**0.5, -2.0)[0])


def test_zero_keeps_its_sign() -> None:
    """0.0 == -0.0, so a cache of numbers must not take one for the other."""
    for zero in (0.0, -0.0, 0, 0.0):
        for f in (lambda v, z=zero: v * z, lambda v, z=zero: z * v):
            y, pull = vjp(f, V)
            np.testing.assert_array_equal(np.signbit(y), np.signbit(f(V)))
            np.testing.assert_array_equal(np.signbit(pull(V)[0]), np.signbit(V * zero))


def test_objects_that_take_over_operators_are_asked() -> None:
    class Unit:
        __array_ufunc__ = None

        def __rmul__(self, other: Any) -> str:
            return "metres"

        def __mul__(self, other: Any) -> str:
            return "metres"

    seen = []
    grad(lambda v: seen.append((v * Unit(), Unit() * v)) or v)(1.0)
    assert seen == [("metres", "metres")]


# ---------------------------------------------------------------- comparisons, truth, iteration


@pytest.mark.parametrize(
    "op", [operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge]
)
def test_comparisons_are_plain_truth_values(op: Any) -> None:
    seen: list[Any] = []

    def f(v: Any) -> Any:
        seen.extend([op(v, 1.5), op(1.5, v), op(v, v), op(v, V[::-1]), op(V[::-1], v)])
        return np.sum(v)

    grad(f)(V)
    for found, expected in zip(
        seen, [op(V, 1.5), op(1.5, V), op(V, V), op(V, V[::-1]), op(V[::-1], V)], strict=True
    ):
        assert type(found) is np.ndarray and found.dtype == bool
        np.testing.assert_array_equal(found, expected)


def test_comparison_with_what_is_no_number() -> None:
    assert grad(lambda v: v if v != None else 0.0)(2.0) == 1.0  # noqa: E711
    assert grad(lambda v: 0.0 if v == "word" else v)(2.0) == 1.0


def test_truth_of_numbers_and_arrays() -> None:
    assert grad(lambda v: v or -v)(2.0) == 1.0
    assert grad(lambda v: v if 1 < v < 3 else -v)(2.0) == 1.0
    assert grad(lambda v: v if v and v > 1 else -v)(2.0) == 1.0
    with pytest.raises(ValueError, match="more than one element is ambiguous"):
        grad(lambda v: v or -v)(V)


def test_iteration_and_length() -> None:
    def f(v: Any) -> Any:
        first, *rest = v
        assert len(v) == 3 and len(rest) == 2
        return first * 10 + sum(rest) + sum(i * w for i, w in enumerate(v))

    assert grad(f)(V).tolist() == [10.0, 2.0, 3.0]
    assert grad(lambda m: sum(row[0] * row[1] for row in m))(M).tolist() == [[2, 1, 0], [5, 4, 0]]
    assert grad(lambda v: sum(w for w in v.flat))(M).tolist() == np.ones((2, 3)).tolist()
    assert grad(lambda v: min(v))(V).tolist() == [0.0, 1.0, 0.0]
    for f in (list, len):
        with pytest.raises(TypeError):
            grad(lambda v, f=f: f(v))(1.0)
    assert grad(lambda v: (3.0 in v) * v[0])(V).tolist() == [1.0, 0.0, 0.0]


def test_values_may_be_names_in_a_dict() -> None:
    assert grad(lambda v: v * {v: 2.0}[v])(3.0) == 2.0


# ---------------------------------------------------------------- what an array has


def test_attributes() -> None:
    def f(m: Any) -> Any:
        for v, plain in ((m, M), (m[0], M[0]), (m[0, 0], M[0, 0])):
            for name in ("shape", "dtype", "ndim", "size", "itemsize", "nbytes"):
                assert getattr(v, name) == getattr(plain, name), name
        return np.sum(m)

    grad(f)(M)
    grad(lambda m: f(np.asarray(M) + 0 * m))(M)


@pytest.mark.parametrize(
    "f",
    [
        lambda v: v.T,
        lambda v: v.mT,
        lambda v: v.real,
        lambda v: v.reshape(3, 2),
        lambda v: v.reshape((3, -1)),
        lambda v: v.reshape(-1, order="F"),
        lambda v: v.transpose(),
        lambda v: v.transpose(1, 0),
        lambda v: v.transpose((0, 1)),
        lambda v: v.flatten(),
        lambda v: v.ravel("F"),
        lambda v: v.swapaxes(0, 1),
        lambda v: v[None].squeeze(0),
        lambda v: v.sum(0),
        lambda v: v.sum(axis=1, keepdims=True),
        lambda v: v.mean(-1),
        lambda v: v.prod(),
        lambda v: v.max(axis=0),
        lambda v: v.min(),
        lambda v: v.cumsum(1),
        lambda v: v.clip(1.5, 4.5),
        lambda v: v.dot(np.ones(3)),
        lambda v: v.conj(),
        lambda v: v.conjugate(),
        lambda v: v.copy(),
        lambda v: v.astype(np.float64),
        lambda v: v.astype("f8", copy=False),
        lambda v: v.round(1) + v,
    ],
)
def test_methods_are_numpys(f: Callable[[Any], Any]) -> None:
    check_as_numpy(f, M)


def test_methods_with_real_spread() -> None:
    for f in (lambda v: v.var(0), lambda v: v.std(ddof=1)):
        y, backward, forward = value_and_slopes(f, M)
        np.testing.assert_allclose(y, f(M), rtol=1e-14)
        assert backward == pytest.approx(forward)


def test_methods_that_count_are_constants() -> None:
    def f(v: Any) -> Any:
        assert v.argmax() == 2 and v.argmin() == 1
        assert v.argsort().tolist() == [1, 0, 2]
        assert v.nonzero()[0].tolist() == [0, 1, 2]
        assert v.all() and v.any()
        assert type(v.argmax()) is not type(v)
        return v[v.argmax()]

    assert grad(f)(V).tolist() == [0.0, 0.0, 1.0]


INDICES = [
    0,
    -1,
    np.int64(1),
    slice(1, None),
    slice(None, None, -1),
    ...,
    None,
    (),
    (slice(None), 1),
    (..., 0),
    (None, 1, ..., None),
    [0, 0, 1],
    np.array([1, 1, 0]),
    ([0, 1, 1], [2, 2, 2]),
    (slice(None), [2, 0]),
    np.array([[True, False, True], [False, True, False]]),
    (np.array([True, False]), slice(1)),
    slice(0, 0),
    [],
    True,
    np.array(1),
]


@pytest.mark.parametrize("at", INDICES, ids=repr)
def test_indexing(at: Any) -> None:
    at = np.array([], int) if isinstance(at, list) and not at else at
    check_as_numpy(lambda m: m[at] ** 2, M)


def test_indexing_mistakes_are_numpys() -> None:
    for at in ("name", 1.0, 5):
        with pytest.raises(IndexError):
            grad(lambda v, at=at: v[at])(V)


def test_text() -> None:
    seen = []
    grad(lambda v: seen.append((repr(v), f"{v:.2f}", str(v))) or v)(2.0)
    assert seen[0][1] == "2.00"
    assert "2.0" in seen[0][0] and "2.0" in seen[0][2]
    grad(lambda v: seen.append(repr(v)) or np.sum(v))(V)
    assert "1.5" in seen[1]


# ---------------------------------------------------------------- what it refuses to become

PLAIN_0 = (
    "this call needs a plain number or array, but was given a value that is being "
    "differentiated (shape ()). Use the function of the same name in chainrule.numpy or "
    "chainrule.scipy, or do this step outside the differentiated function."
)
NUMBER_0 = (
    "this call needs one of Python's own numbers, but was given a value that is being "
    "differentiated (shape ()). Leave float() and int() out, use NumPy's functions in place of "
    "math's, or do this step outside the differentiated function."
)
OF_NUMBERS = {"float", "int", "complex", "math.sin", "math.floor", "range", "index"}
REFUSED: dict[str, Callable[[Any], Any]] = {
    "float": float,
    "int": int,
    "complex": complex,
    "math.sin": math.sin,
    "math.floor": math.floor,
    "range": range,
    "index": [1, 2, 3].__getitem__,
    "np.array": np.array,
    "np.asarray": np.asarray,
    "np.float64": np.float64,
}


@pytest.mark.parametrize("mode", [grad, deriv])
@pytest.mark.parametrize("name", REFUSED)
def test_it_never_becomes_a_plain_number(mode: Any, name: str) -> None:
    expected = NUMBER_0 if name in OF_NUMBERS else PLAIN_0
    with pytest.raises(TypeError, match="^" + re.escape(expected) + "$"):
        mode(REFUSED[name])(2.0)


SERVED: dict[str, tuple[Callable[[Any], Any], str]] = {
    "np.array": (lambda v: np.array([v[0], 1.0]), "chainrule.numpy.array"),
    "np.array, nested": (lambda v: np.array([[1.0, v[0]], [v[1], 2.0]]), "chainrule.numpy.array"),
    "np.asarray": (lambda v: np.asarray(v), "chainrule.numpy.asarray"),
    "np.full": (lambda v: np.full(3, v[0]), "chainrule.numpy.full"),
    "np.sum of a list": (lambda v: np.sum([v[0], v[1]]), "chainrule.numpy.sum"),
    "np.exp of a list": (lambda v: np.exp([v[0], v[1]]), "chainrule.numpy.exp"),
    "np.dot of a list": (lambda v: np.dot(np.ones(2), [v[0], v[1]]), "chainrule.numpy.dot"),
    "np.fromiter": (lambda v: np.fromiter((u for u in v), float), "chainrule.numpy.fromiter"),
    "np.linalg.inv": (
        lambda v: np.linalg.inv([[v[0], 0.0], [0.0, v[1]]]), "chainrule.numpy.linalg.inv"
    ),
    "math.sin": (lambda v: math.sin(v[0]), "chainrule.numpy.sin"),
    "math.lgamma": (lambda v: math.lgamma(v[0]), "chainrule.scipy.special.gammaln"),
    "math.fsum": (lambda v: math.fsum(v), "chainrule.numpy.sum"),
    "scipy.special.logsumexp": (
        lambda v: scipy.special.logsumexp(v), "chainrule.scipy.special.logsumexp"
    ),
    "scipy.linalg.det": (lambda v: scipy.linalg.det(np.eye(3) * v), "chainrule.numpy.linalg.det"),
}  # fmt: skip
MODES: dict[str, Callable[[Any], Any]] = {
    "grad": lambda f: grad(f)(V),
    "grad of a list": lambda f: grad(lambda vs: f(vs[0]))([V]),
    "grad of grad": lambda f: grad(lambda v: np.sum(grad(lambda u: np.sum(f(u)))(v)))(V),
    "jacobian": lambda f: chainrule.jacobian(f)(V),
    "hessian": lambda f: chainrule.hessian(lambda v: np.sum(f(v)))(V),
    "vjp": lambda f: vjp(f, V),
    "jvp": lambda f: jvp(f, (V,), (V,)),
}


@pytest.mark.parametrize("name", SERVED)
@pytest.mark.parametrize("mode", MODES)
def test_the_name_that_does_it_is_told(name: str, mode: str) -> None:
    f, told = SERVED[name]
    said = f"^{name.split(' ')[0].split(',')[0]} needs plain? .*; {re.escape(told)} takes it"
    said = said.replace("needs plain? ", "needs (a plain number|plain numbers)")
    with pytest.raises(TypeError, match=said):
        MODES[mode](f)


def test_a_name_in_a_function_of_the_user_s_own() -> None:
    from numpy import array as make

    def inner(v: Any) -> Any:
        return make(
            [v, v],
        )

    with pytest.raises(TypeError, match=r"^make needs plain .*; chainrule.numpy.array takes it"):
        grad(lambda v: np.sum(inner(v * 2)))(1.0)


ADVISED: dict[str, tuple[Callable[[Any], Any], str]] = {
    "float": (lambda v: float(v[0]), r"^float needs .* Leave float\(\) out"),
    "int": (lambda v: int(v[0]), "^int needs .* The slope of a whole number is 0"),
    "range": (lambda v: range(v[0]), "^range needs .* The slope of a whole number is 0"),
    "a list's place": (lambda v: [1, 2][v[0]], "^an index needs .* whole number is 0"),
    "a list beside an array": (lambda v: np.ones(2) @ [v[0], v[1]], "Beside an array write array"),
    "np.float64": (lambda v: np.float64(v[0]), r"^np\.float64 needs .* Leave np\.float64 out"),
    "an old format": (lambda v: "%.2f" % v[0], r"^'%\.2f' % v\[0\] needs .* Write an f-string"),  # noqa: UP031
    "random numbers": (lambda v: RNG.normal(v[0]), r"^RNG\.normal needs .*mean \+ scale"),
    "no rule": (lambda v: scipy.linalg.expm(v), r"^scipy\.linalg\.expm needs .* functions of"),
}
RNG = np.random.default_rng(0)


@pytest.mark.parametrize("name", ADVISED)
def test_what_to_do_instead_is_told(name: str) -> None:
    f, said = ADVISED[name]
    with pytest.raises(TypeError, match=said):
        grad(f)(V)


@pytest.mark.parametrize("f", [json.dumps, lambda v: statistics.mean([v, v]), decimal.Decimal])
@pytest.mark.parametrize("mode", [grad, deriv])
def test_what_knows_no_such_values_is_explained(f: Callable[[Any], Any], mode: Any) -> None:
    with pytest.raises(TypeError, match=r"Recorded|Moving") as caught:
        mode(lambda v: f(v))(2.0)
    assert "are values that are being differentiated" in caught.value.__notes__[0]


def test_an_array_of_values_is_refused_with_its_shape() -> None:
    with pytest.raises(TypeError, match=re.escape("differentiated (shape (3,))")):
        grad(lambda v: np.sum(np.asarray(v)))(V)


def written(box: Any, at: Any, v: Any) -> Any:
    box[at] = v
    return np.sum(box)


@pytest.mark.parametrize("mode", [grad, deriv])
def test_assignment_into_a_plain_array_is_explained(mode: Any) -> None:
    """NumPy alone says: setting an array element with a sequence."""
    expected = (
        "plain NumPy cannot put a value that is being differentiated into an ordinary array "
        "(np.array([v]), np.full, a[i] = v); make it with chainrule.numpy, whose arrays (zeros, "
        "empty, array, full) take such values, or build it with numpy.stack or numpy.concatenate."
    )
    with pytest.raises(TypeError, match="^" + re.escape(expected) + "$"):
        mode(lambda v: written(np.zeros(3), 0, v))(2.0)


def test_assignment_of_an_array_is_refused() -> None:
    with pytest.raises(TypeError, match="being differentiated"):
        grad(lambda v: written(np.zeros(3), slice(None), v))(V)


def test_a_value_error_of_the_users_own_is_left_alone() -> None:
    def f(v: Any) -> Any:
        raise ValueError("my own words")

    with pytest.raises(ValueError, match=r"^my own words$"):
        grad(f)(1.0)


WRITES: dict[str, Callable[[Any], Any]] = {
    "exp": lambda v: np.exp(v, out=np.zeros(3)),
    "add": lambda v: operator.iadd(np.ones(3), v),
    "subtract": lambda v: operator.isub(np.ones(3), v),
    "multiply": lambda v: np.multiply(v, v, out=np.ones(3)),
    "sum": lambda v: np.sum(v, axis=0, out=np.zeros(())),
    "cumsum": lambda v: np.cumsum(v, out=np.zeros(3)),
    "matmul": lambda v: np.matmul(M, v, out=np.zeros(2)),
    "concatenate": lambda v: np.concatenate([v, v], out=np.zeros(6)),
    "add.accumulate": lambda v: np.add.accumulate(v, out=np.zeros(3)),
}


@pytest.mark.parametrize("name", WRITES)
def test_writing_into_an_array_that_exists_is_refused(name: str) -> None:
    expected = (
        f"numpy.{name} cannot write a value that is being differentiated into an array that exists "
        "(out=); use the result instead: a = a + v."
    )
    with pytest.raises(TypeError, match="^" + re.escape(expected) + "$"):
        grad(lambda v: np.sum(WRITES[name](v)))(V)


def test_an_attribute_that_it_lacks() -> None:
    expected = (
        "a value that is being differentiated has no attribute 'ptp'; "
        "look for a function of that name in chainrule.numpy."
    )
    with pytest.raises(AttributeError, match="^" + re.escape(expected) + "$"):
        grad(lambda v: v.ptp())(V)
    assert grad(lambda v: v * hasattr(v, "nonsense") + v)(1.0) == 1.0


@pytest.mark.parametrize("f", [copy.copy, copy.deepcopy])
@pytest.mark.parametrize("x", [2.0, V, np.array([1.0 + 2.0j])], ids=["float", "array", "complex"])
def test_a_copy_is_recorded(f: Any, x: Any) -> None:
    def cube(v: Any) -> Any:
        mine = f(v)
        assert type(mine) is type(v)
        return np.sum(np.abs(mine * v * v))

    np.testing.assert_allclose(grad(cube)(x), grad(lambda v: np.sum(np.abs(v**3)))(x), rtol=1e-14)
    np.testing.assert_array_equal(chainrule.jvp(f, (x,), (x,))[1], x)


def test_containers_of_recorded_values_are_copied_deeply() -> None:
    def f(v: Any) -> Any:
        state = {"w": v, "more": [v * 2, (v, "name")]}
        mine = copy.deepcopy(state)
        assert mine["w"] is mine["more"][1][0]  # as in the original
        mine["w"][0] = 7.0  # a copy of its own
        return np.sum(v) + np.sum(mine["w"] * 10) + np.sum(mine["more"][0])

    np.testing.assert_array_equal(grad(f)(V), np.where(np.arange(V.size) == 0, 3.0, 13.0))


def test_pickling_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot be pickled, nor sent to another process; return"):
        grad(lambda v: pickle.dumps(v))(2.0)


# ---------------------------------------------------------------- what it prints


PRINTED = [2.0, np.float32(1.5), np.float64(0.1), np.array([1.0, 2.0]), np.eye(2), np.array(3.0)]


@pytest.mark.parametrize("x", PRINTED, ids=repr)
def test_repr_shows_the_value_and_what_reads_it(x: Any) -> None:
    shown = []
    grad(lambda v: shown.append(repr(v)) or np.sum(v))(x)
    chainrule.jvp(lambda v: shown.append(repr(v)) or v, (x,), (x,))
    assert shown == [f"{x!r} (recorded)", f"{x!r} (moving)"]


def test_repr_tells_the_levels_from_the_inside() -> None:
    shown = []

    def inner(v: Any) -> Any:
        shown.append(repr(v))
        return v * v

    chainrule.deriv(grad(inner))(2.0)
    assert shown == ["2.0 (recorded, moving)"]


@pytest.mark.parametrize("x", PRINTED, ids=repr)
def test_str_and_format_are_numpy_s(x: Any) -> None:
    shown = []
    grad(lambda v: shown.extend([str(v), f"{v}"]) or np.sum(v))(x)
    assert shown == [str(x), f"{x}"]


def test_format_by_a_specification() -> None:
    shown = []
    grad(lambda v: shown.extend([f"{v:.3f}", f"{v:>8.2e}", "%s" % v]) or v)(2.5)  # noqa: UP031
    assert shown == ["2.500", "2.50e+00", "2.5"]
    with pytest.raises(TypeError, match="unsupported format string"):
        grad(lambda v: f"{v:.3f}")(V)


def test_round_is_a_constant_number() -> None:
    assert grad(lambda v: v * round(v))(2.4) == 2
    assert grad(lambda v: v * round(v, 1))(2.44) == 2.4
    with pytest.raises(TypeError, match="__round__"):
        grad(lambda v: round(v))(V)


# ---------------------------------------------------------------- ufuncs besides their call


@pytest.mark.parametrize(
    "f",
    [
        np.add.reduce,
        lambda m: np.add.reduce(m, axis=1),
        lambda m: np.add.reduce(m, axis=None, keepdims=True),
        np.multiply.reduce,
        np.maximum.reduce,
        lambda m: np.minimum.reduce(m, 1),
        np.add.accumulate,
        lambda m: np.add.accumulate(m, axis=1),
    ],
)
def test_reductions_of_ufuncs_are_sum_prod_max_min_cumsum(f: Any) -> None:
    check_as_numpy(f, M)


def test_a_method_of_a_ufunc_that_writes_to_a_plain_array_is_refused() -> None:
    with pytest.raises(TypeError, match="into an ordinary array"):
        grad(lambda v: np.sum(np.add.at(np.zeros(3), [0], v[:1])))(V)


def test_options_that_no_ufunc_has_are_refused_by_name() -> None:
    expected = (
        "the derivative rule of numpy.exp does not understand speed; the options with a rule are: "
        "where, dtype, signature, casting, order, subok."
    )
    with pytest.raises(TypeError, match="^" + re.escape(expected)):
        grad(lambda v: np.sum(cnp.exp(v, speed=2)))(V)


def test_options_at_their_defaults_are_no_options() -> None:
    f = lambda v: np.exp(
        v, where=True, out=None, dtype=None, casting="same_kind", order="K", subok=True
    )
    check_as_numpy(f, V)


def test_a_ufunc_without_a_rule_is_named() -> None:
    special = pytest.importorskip("scipy.special")
    for mode in (grad, deriv):
        with pytest.raises(
            NotImplementedError, match=re.escape("scipy.special.struve has no derivative rule")
        ):
            mode(lambda v: special.struve(1, v))(2.5)


def test_chainrules_own_array_takes_values() -> None:
    f = lambda v: cnp.array([v, [1.0, 2.0, 3.0], v * v])
    check_as_numpy(lambda v: f(v) if not isinstance(v, np.ndarray) else np.array(f(v)), V)
