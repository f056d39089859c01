"""One loop over the table of rules.

Each is checked by its samples, and a rule or option without one fails.
"""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import pytest
import scipy.linalg
import scipy.special

from chainrule import grad, jvp, vjp
from chainrule._core.faces import served
from chainrule._core.stating import parameters
from chainrule._core.table import RULES, SPELLED, known
from chainrule._rules.factors import others
from chainrule._rules.spreads import length
from chainrule.checking import Call, check_rule, differentiable, kinds_of, split
from tests._rules.samples import BINARY, CONSTANT, ELSEWHERE, NOT_YET, SAMPLES, UNARY, seen

known(scipy.special.expit)  # the chapters that are stated when first met
known(np.linalg.eigh)
known(scipy.linalg.orth)


def name_of(function: Any) -> str:
    return function.__name__


def calls_of(function: Any) -> list[Call]:
    samples = SAMPLES.get(function) or CONSTANT[function]
    return [
        s if isinstance(s, Call) else Call(*s) if isinstance(s, tuple) else Call(s) for s in samples
    ]


def test_every_rule_has_samples() -> None:
    stated = set(RULES) | set(SPELLED)
    assert sorted(map(name_of, stated - set(SAMPLES) - set(CONSTANT) - set(ELSEWHERE))) == []
    assert sorted(map(name_of, (set(SAMPLES) | set(CONSTANT) | set(ELSEWHERE)) - stated)) == []


@pytest.mark.parametrize(
    "function", [f for f in SAMPLES if f in RULES or f in SPELLED], ids=name_of
)
def test_every_option_has_a_sample(function: Any) -> None:
    """Options by position count under their names."""
    used: set[str] = set()
    named: list[str] = []
    calls = calls_of(function)
    if function in SPELLED:
        asks = [option.name for option in parameters(SPELLED[function][0])]
        for call in calls:
            used.update(asks[: len(call.args)], call.options)
        named += asks
    if function in RULES:
        rule = RULES[function]
        positional = [*rule.inputs, *(option.name for option in rule.options if not option.by_name)]
        for call in calls:
            used.update(positional[: len(call.args)], call.options)
        named += [option.name for option in rule.options]
    assert set(named) - used - NOT_YET == set()


@pytest.mark.parametrize("function", SAMPLES, ids=name_of)
def test_rule(function: Any) -> None:
    check_rule(seen(function, served(function), np), SAMPLES[function])


@pytest.mark.filterwarnings("ignore:numpy.fix is deprecated")
@pytest.mark.parametrize("function", CONSTANT, ids=name_of)
def test_constant(function: Any) -> None:
    """The value is NumPy's, and nothing is pulled or pushed."""
    for call in calls_of(function):
        f, moving = split(call, served(function))
        if not moving:
            np.testing.assert_array_equal(f(), function(*call.args, **call.options))
            continue
        y, pull = vjp(f, *moving)
        if function is not np.empty_like:
            np.testing.assert_array_equal(y, function(*call.args, **call.options))
        if not isinstance(y, (tuple, bool, int)) and y.dtype.kind == "f":
            assert all((g == 0).all() for g in pull(np.ones_like(y)))
            assert (jvp(f, tuple(moving), tuple(moving))[1] == 0).all()


LAST_AXIS = {length: "needs an axis", others: "needs an axis"}

# ---------------------------------------------------------------- inputs that every function of
# its kind must take

EMPTY, NUMBER, ROW, COLUMN = (
    np.full((0, 3), 0.5),
    np.array(0.7),
    np.array([0.55, 0.6, 0.65]),
    np.array([[0.25], [0.3]]),
)


def check_where_defined(of: Any, *args: Any, **options: Any) -> None:
    """Check the rule if the plain function takes these arguments at all."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            y = of(*args, **options)
            outputs = y if isinstance(y, (tuple, list)) else (y,)
            assert outputs and all(np.isfinite(v).all() for v in outputs)
    except (
        ValueError,
        TypeError,
        IndexError,
        AssertionError,
        ArithmeticError,
        RuntimeError,
        Warning,
    ):
        return
    check_rule(seen(of, served(of), np), [Call(*args, **options)])


@pytest.mark.parametrize("function", UNARY, ids=name_of)
def test_unary_shapes(function: Any) -> None:
    shift = 1.0 if function is np.arccosh else 0.0
    check_rule(served(function), [EMPTY + 0j if function is np.imag else EMPTY])
    for x in (NUMBER, ROW, np.float64(0.7), 0.7, ROW[::-1], np.asfortranarray(COLUMN + ROW)):
        if function is not np.imag and function is not phase_of(function):
            check_rule(served(function), [x + shift])


def phase_of(function: Any) -> Any:
    return function if function.__name__ == "phase" else None  # real numbers have a constant phase


@pytest.mark.parametrize("function", BINARY, ids=name_of)
def test_binary_broadcasting(function: Any) -> None:
    pairs = [
        (ROW, COLUMN), (COLUMN, ROW), (NUMBER, ROW), (ROW, NUMBER), (NUMBER, NUMBER + 0.1),
        (EMPTY, ROW), (COLUMN[:0], ROW), (0.5, ROW), (ROW, 0.5), (np.float64(0.5), ROW), (0.5, 0.7),
        (0.5, NUMBER), (ROW, COLUMN[0, 0]), (ROW + COLUMN, ROW), (ROW, (ROW + COLUMN)[:, None]),
    ]  # fmt: skip
    for a, b in pairs:
        check_rule(served(function), [(a, b * 0.83)])


@pytest.mark.parametrize(
    "function", [f for f in SAMPLES if f not in UNARY | BINARY | LAST_AXIS], ids=name_of
)
def test_empty_and_numbers(function: Any) -> None:
    for call in calls_of(function):
        if len(call.args) == 1 and isinstance(call.args[0], np.ndarray):
            for x in (EMPTY, np.zeros(0), NUMBER, np.zeros((2, 0, 3))):
                check_where_defined(function, x, **call.options)
        if len(call.args) == 2 and all(isinstance(v, np.ndarray) for v in call.args):
            for a, b in (
                (EMPTY, EMPTY.T),
                (EMPTY.T, EMPTY),
                (np.zeros(0), np.zeros(0)),
                (NUMBER, NUMBER),
            ):
                check_where_defined(function, a, b, **call.options)


# ---------------------------------------------------------------- batching


def batches(function: Any) -> list[Any]:
    rule = RULES[function]
    calls = []
    for call in calls_of(function):
        options = {o.name: o.default for o in rule.options} | call.options
        positional = [o.name for o in rule.options if not o.by_name]
        count = len(call.args) if rule.endless else len(rule.inputs)
        options |= dict(zip(positional, call.args[count:], strict=False))
        spelled = function in SPELLED and (
            set(options) - {o.name for o in rule.options}
            or (SPELLED[function][1] and SPELLED[function][1](*call.args[:count], **options))
        )
        if not spelled and rule.lists == isinstance(call.args[0], list):
            calls.append((call.args[:count], options))
    return calls


@pytest.mark.parametrize("function", [f for f in SAMPLES if f in RULES], ids=name_of)
def test_batched(function: Any) -> None:
    """What a statement says of batches gives what a loop over the examples gives."""
    rule = RULES[function]
    for args, options in batches(function):
        moving = [differentiable(v) for v in args]
        for chosen in {
            tuple(moving),
            *(tuple(i == k for i in range(len(args))) for k in range(len(args)) if moving[k]),
        }:
            stacks, ranks = [], []
            for v, own in zip(args, chosen, strict=True):
                if not own:
                    stacks.append(v)
                    ranks.append([None] * len(v) if isinstance(v, list) else None)
                elif isinstance(v, list):
                    stacks.append([np.stack([w, w * 1.1, w * 0.9]) for w in v])
                    ranks.append([np.ndim(w) for w in v])
                else:
                    stacks.append(np.stack([v, v * 1.1, v * 0.9]))
                    ranks.append(np.ndim(v))
            y = rule.batched(rule.call, stacks, ranks, 3, options)
            for k in range(3):
                example = [
                    ([w[k] for w in v] if isinstance(v, list) else v[k]) if own else v
                    for v, own in zip(stacks, chosen, strict=True)
                ]
                one = rule.call(*example, **options)
                for found, expected in zip(y, one, strict=True) if rule.several else [(y, one)]:
                    np.testing.assert_allclose(found[k], expected, rtol=1e-12, atol=1e-13)


# ---------------------------------------------------------------- hard points


@pytest.mark.parametrize("x", [0.0, 1e-9, 1e-5, 0.09, -0.0955, 0.1])
def test_slopes_of_sinc_keep_their_digits(x: float) -> None:
    """Against the power series of sinc itself, each term differentiated."""
    f: Any = np.sinc
    for order in (1, 2, 3, 4):
        f = grad(f)
        powers = [n for n in range(0, 40, 2) if n >= order]
        terms = [
            (-1) ** (n // 2) * math.pi**n / math.factorial(n + 1) * math.perm(n, order)
            * x ** (n - order)
            for n in powers
        ]  # fmt: skip
        assert f(x) == pytest.approx(math.fsum(terms), rel=1e-11, abs=1e-300)


def test_slope_of_tanh_keeps_its_digits() -> None:
    """1 / cosh(x)**2 to 2 eps where 1 - tanh(x)**2 has no digits left.

    Exact values by 50-digit arithmetic.
    """
    exact = {
        0.5: 0.7864477329659274,
        3.0: 0.00986603716544019,
        19.0: 1.2556531168192118e-16,
        100.0: 5.53558610694695e-87,
    }
    for x, slope in exact.items():
        assert abs(grad(np.tanh)(x) - slope) <= 2.5 * np.finfo(float).eps * slope
    assert grad(np.tanh)(400.0) == 0.0 or grad(np.tanh)(400.0) < 1e-300
    assert grad(grad(grad(np.tanh)))(0.0) == -2.0
    single = grad(np.tanh)(np.float32(40))  # cosh(40)**2 overflows in float32
    assert type(single) is np.float32 and abs(single / grad(np.tanh)(40.0) - 1) < 1e-6


def test_powers_at_zero() -> None:
    assert grad(lambda x: x**2)(0.0) == 0.0
    assert grad(lambda x: x**0)(0.0) == 0.0
    assert grad(lambda x: x**1)(0.0) == 1.0
    assert grad(lambda b: np.power(0.0, b))(2.0) == 0.0
    np.testing.assert_array_equal(
        grad(lambda x: np.sum(x ** np.array([0.0, 1.0, 2.0])))(np.zeros(3)), [0.0, 1.0, 0.0]
    )


def test_products_with_zeros_to_second_order() -> None:
    h = jvp(grad(np.prod), (np.array([0.0, 0.0, 3.0]),), (np.array([1.0, 0.0, 0.0]),))[1]
    np.testing.assert_array_equal(h, [0.0, 3.0, 0.0])


def test_promotion_is_undone() -> None:
    half = np.ones(3, np.float32)
    assert kinds_of(grad(lambda x: np.sum(x * np.ones((4, 3))))(half)) == [((3,), "float32")]
    assert kinds_of(vjp(lambda s: s * half, 2.0)[0]) == [((3,), "float32")]
    assert kinds_of(grad(lambda s: np.sum(s * half))(2.0)) == [((), "float64")]
    assert split(Call(half), np.sum)[1][0] is half


def test_questions_about_dtypes_are_answered() -> None:
    asked: list[Any] = []
    grad(
        lambda x: (
            asked.append((np.result_type(x, np.float32), np.iscomplexobj(x), np.shape(x)))
            or np.sum(x)
        )
    )(np.ones(2, np.float32))
    assert asked == [(np.dtype(np.float32), False, (2,))]


def test_slopes_keep_their_digits_at_hard_points() -> None:
    """Where the shorter formula has none left; exact values by 50-digit arithmetic."""
    assert grad(np.expm1)(-40.0) == pytest.approx(4.248354255291589e-18, rel=1e-14)
    near = 1 - 2.0**-40
    assert grad(np.arcsin)(near) == pytest.approx(741455.2001896339, rel=1e-14)
    assert grad(np.arccos)(near) == pytest.approx(-741455.2001896339, rel=1e-14)
    assert grad(scipy.special.expit)(-40.0) == pytest.approx(4.248354255291589e-18, rel=1e-14)
    assert grad(scipy.special.expit)(40.0) == pytest.approx(4.248354255291589e-18, rel=1e-14)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("function", [np.sum, np.mean, np.prod, np.var, np.std], ids=name_of)
@pytest.mark.parametrize(("shape", "axis"), [((0,), None), ((3, 0), 1), ((0, 2), 0)])
def test_values_of_nothing_are_numpys(function: Any, shape: Any, axis: Any) -> None:
    x = np.zeros(shape)
    np.testing.assert_array_equal(
        vjp(lambda v: function(v, axis=axis), x)[0], function(x, axis=axis)
    )


def test_logsumexp_of_nothing_and_of_zeros() -> None:
    from chainrule.scipy.special import logsumexp

    with np.errstate(all="ignore"):
        assert vjp(logsumexp, np.zeros(0))[0] == -np.inf
        assert vjp(logsumexp, np.full(3, -np.inf))[0] == -np.inf
        assert vjp(logsumexp, np.array([1.0, np.inf]))[0] == np.inf


def test_options_change_what_numpy_changes() -> None:
    x = np.array([1.0, 2.0, 4.0, 5.0])
    assert vjp(lambda v: np.var(v, mean=0.0), x)[0] == np.var(x, mean=0.0)
    with pytest.raises(ValueError, match="ddof and correction"):
        grad(lambda v: np.var(v, ddof=1, correction=1))(x)


def test_bounds_that_cross() -> None:
    """NumPy returns the upper bound then."""
    _, pull = vjp(np.clip, 0.0, 1.0, -1.0)
    assert pull(1.0) == (0.0, 0.0, 1.0)


def test_not_a_number_stays_one() -> None:
    assert grad(np.maximum)(np.nan, 0.0) == 1.0
    assert grad(np.minimum)(np.nan, 0.0) == 1.0


def test_tensordot_refuses_lengths_that_differ() -> None:
    with pytest.raises(ValueError, match="their lengths must agree"):
        vjp(lambda a, b: np.tensordot(a, b, 2), np.ones((2, 3)), np.ones((3, 2)))


def test_arguments_by_numpys_names() -> None:
    x = np.array([[1.0, -2.0], [3.0, 0.5]])
    calls = [
        (lambda v: np.sum(a=v, axis=0), lambda v: np.sum(v, axis=0)),
        (lambda v: np.clip(a=v, a_min=0, a_max=1), lambda v: np.clip(v, 0, 1)),
        (lambda v: np.moveaxis(a=v, source=0, destination=1), np.transpose),
        (lambda v: np.tensordot(a=v, b=v, axes=1), lambda v: v @ v),
        (lambda v: np.outer(v, b=v), lambda v: np.outer(v, v)),
        (lambda v: np.std(a=v), np.std),
    ]
    for by_name, plain in calls:
        np.testing.assert_array_equal(vjp(by_name, x)[0], plain(x))
        np.testing.assert_array_equal(vjp(by_name, x)[1]()[0], vjp(plain, x)[1]()[0])


def test_narrow_numbers_stay_narrow() -> None:
    half = np.array([0.25, 0.5], np.float16)
    for function in (scipy.special.expit, scipy.special.erf, np.tanh, np.exp):
        assert grad(lambda x, f=function: np.sum(f(x)))(half).dtype == np.float16
    single = np.ones(2, np.float32)
    assert grad(lambda x: np.sum(x ** np.array([True, False])))(single).dtype == np.float32
    z = np.ones(2, np.complex64)
    assert vjp(lambda x: x ** (2 + 1j), z)[1]()[0].dtype == np.complex64


@pytest.mark.parametrize("function", [np.sum, np.mean, np.prod, np.var], ids=name_of)
def test_a_mask_that_is_larger_than_the_array_is_refused(function: Any) -> None:
    mask = np.ones((3, 4), bool)
    for call in (function, served(function)):
        with pytest.raises(ValueError):
            grad(lambda x, call=call: call(x, where=mask))(np.ones(4))
