"""Random formulas: each step of each derivation equals `grad`, at points that it has not seen."""

from __future__ import annotations

import random

import numpy as np
import pytest

from chainrule import grad
from chainrule.derivation import DerivationError, derive
from chainrule.derivation.proof import derivative_at
from chainrule.derivation.reading import from_text, source_of
from chainrule.formulas import parse

from .random_formulas import formulas, random_formula, rounding, slopes, steps_at, table

REFUSED = -1  # though there is a derivative: 0**x, or a condition that rounding decides
# What a formula may say of itself: that it has no value, or that x has cancelled.
NO_DERIVATIVE = (
    "cannot be derived by its exponent",
    *("has a value at none of the points", "divides by zero", "could not be confirmed"),
    *("no variable", "depends on no variable"),
)


@np.errstate(all="ignore")
def compared(text: str) -> int:
    """Compare the steps of one derivation with the engine's slope of the formula itself."""
    formula = parse(text)
    values = table(formula.names, seed=7)
    true = slopes(text, values)
    defined = np.isfinite(formula(*[values[name] for name in formula.names]))
    known = defined & np.isfinite(true) & (np.abs(true) < 1e6)
    try:
        d = derive(text, "x")
    except DerivationError as error:
        assert any(part in str(error) for part in NO_DERIVATIVE), text
        return REFUSED if known.mean() > 0.2 and "no variable" not in str(error) else 0
    found = dict(enumerate(steps_at(d, values)))
    again = dict(enumerate(steps_at(d, rounding(values))))
    for k, (why, at) in found.items():
        at, other = (np.broadcast_to(v, true.shape) for v in (at, again[k][1]))
        both = known & np.isfinite(at) & np.isfinite(other)
        # Where large terms cancel, the last digits of the values are all that is left.
        noise = 1e3 * np.abs(at - other)
        wrong = both & ~(np.abs(at - true) <= 1e-6 * (1 + np.abs(true)) + noise)
        assert not wrong.any(), f"{text}: {why} is {at[wrong][0]}, not {true[wrong][0]}"
        assert both.sum() >= known.sum() / 2, text
    return len(found)


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_three_hundred_random_formulas_agree_with_grad_step_by_step(depth: int) -> None:
    counts = [compared(text) for text in formulas(80, depth, seed=depth)]
    assert sum(count > 0 for count in counts) >= 75
    assert counts.count(REFUSED) <= 1
    assert sum(counts) > 80 * (1 + (depth - 1) / 3)


SUMS = [
    *("sum({a})", "mean({a})", "log(1 + sum(({a})**2))", "w*sum({a}) + w", "sum(({a})*sum({b}))"),
    *("sum((({a}) - mean({b}))**2)", "z = {a}; sum(z*sum(z*t))", "sum(({a})/(1 + sum(({b})**2)))"),
]


def test_random_sums_over_data_points_agree_with_grad() -> None:
    rng = random.Random(0)
    at = {"x": np.array([0.5, 1.5]), "t": np.array([0.3, 0.7]), "w": 0.8}
    valued, by_parts = 0, 0
    for _ in range(120):
        a, b = (f"x*t + {random_formula(rng, 2, 'xwt')}" for _ in range(2))
        text = rng.choice(SUMS).format(a=a, b=b) + " + w**2"
        source = source_of(text, from_text(text, ["x", "t"]))
        for wrt in ("w", "x"):
            try:
                d = derive(text, wrt, at)
            except DerivationError as error:
                assert any(part in str(error) for part in NO_DERIVATIVE), f"{text}: {error}"
                continue
            with np.errstate(all="ignore"):
                true = derivative_at(source, at, wrt, 1)
            if d.value is not None:
                np.testing.assert_allclose(d.value, true, rtol=1e-6, atol=1e-9, err_msg=text)
                valued += 1
                by_parts += bool(d.parts)
    assert valued > 180
    assert by_parts > 5


@pytest.mark.slow
def test_many_more_random_formulas_agree_with_grad_step_by_step() -> None:
    counts = [compared(text) for text in formulas(1500, 5, seed=100)]
    assert sum(count > 0 for count in counts) > 1400
    assert counts.count(REFUSED) <= 15


@pytest.mark.parametrize(
    "text",
    [
        "x**0", "(x-x)**2", "x**x**x", "(x+w)**0*x", "x**-1*x",
        "1/(1+1/(1+1/(1+x)))", "(x/(w/(x/w)))/((1/x)/w)", "x/(x/(x/x))",
        "log(x*w*x)", "log(x**3/w**2)", "log(log(x+5))", "log(exp(x)*exp(w))",
        "x*x*x*x*x", "(x+x)*(x+x)-4*x**2+x", "sin(x)**2+cos(x)**2", "x-x+x-x+x",
        "sqrt(x**2)", "sqrt(x)**4", "cbrt(x**3)", "abs(abs(x)-1)", "abs(x)*abs(x)",
        "max(max(x,w),min(x,w))", "min(x,max(w,min(x,1)))", "max(x,x)", "sign(x)**2*x",
        "where(x>w,where(x>1,x,w),x)", "log(1-sigmoid(x*w))",
        "exp(-x**2/2)/sqrt(2*pi)", "x**2.5", "x**(1/3)", "(x**2)**0.5", "2**x*3**x", "e**-x*e**x*x",
        "tan(x)*cos(x)", "arccos(x)+arcsin(x)", "tanh(x)/sinh(x)", "log10(x)*log2(x)",
        "sigmoid(x)*(1-sigmoid(x))", "sigmoid(-x)+sigmoid(x)", "log(sigmoid(x))",
        "softplus(x)-x*sigmoid(x)", "x/(1+abs(x))", "floor(x)*x+ceil(x)", "1e-3*x/1e3", "x/7+0.1*x",
    ],
)  # fmt: skip
def test_hard_formulas(text: str) -> None:
    assert compared(text) > 0


@pytest.mark.parametrize(
    "text",
    [
        "x**4",
        "sin(x)*x",
        "sqrt(maximum(sin(x), x+w))",
        "max(x**2, w)**2",
        "1/(1+exp(-x))",
        "tanh(w*x)",
        "log(1+x**2)",
        "x*sigmoid(x)",
        "x**x",
    ],
)
def test_second_and_third_derivatives_agree_with_grad_of_grad(text: str) -> None:
    formula = parse(text)
    values = {"x": 0.7, "w": 1.3}
    f = lambda x: formula(*[x if name == "x" else values[name] for name in formula.names])
    at = {name: values[name] for name in formula.names}
    assert derive(text, "x", at, 2).value == pytest.approx(grad(grad(f))(0.7), rel=1e-9)
    assert derive(text, "x", at, 3).value == pytest.approx(grad(grad(grad(f)))(0.7), rel=1e-9)
