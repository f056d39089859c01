"""What cannot be confirmed is never shown: wrong rules, wrong algebra, wrong readings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from chainrule._core.table import RULES
from chainrule.derivation import DerivationError, derive, deriving, local, reading
from chainrule.derivation.computation import Computation
from chainrule.derivation.expressions import COUNT, Expr, Name, num
from chainrule.derivation.proof import Points, engine_slope

X, W = Expr(Name("x")), Expr(Name("w"))


def test_a_wrong_step_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    right = derive("(x+w)*(w+1)", "w")
    neat = deriving.neat
    monkeypatch.setattr(deriving, "neat", lambda e, **options: neat(e, **options) + 1)
    wrong = derive("(x+w)*(w+1)", "w")
    assert [step.why for step in wrong.steps] == ["chain", "local"]
    assert [s.expr for s in wrong.steps[:2]] == [s.expr for s in right.steps[:2]]


def test_an_error_far_from_zero_is_seen_too(monkeypatch: pytest.MonkeyPatch) -> None:
    # √x² is x for positive x only: points of both signs tell.
    monkeypatch.setattr(deriving, "neat", lambda e, **options: np.sqrt(X) ** 2 * 2)
    assert [step.why for step in derive("x**2").steps] == ["rule"]


def test_a_rule_that_is_read_wrongly_stops_the_derivation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "textbook", lambda said: num(3))
    with pytest.raises(DerivationError, match="could not be confirmed by numbers"):
        derive("x/w", "w")


@pytest.mark.parametrize(
    ("function", "said", "asked"),
    [
        (np.tanh, ["1 + y**2"], ("tanh(w*x)", "w")),
        (np.divide, ["1 / b", "a / b**2"], ("x/(w+1)", "w")),
        (np.absolute, ["1"], ("abs(x)",)),
        (np.log2, ["1 / (x * 0.6931)"], ("log2(x)",)),  # right to four digits only
    ],
)
def test_a_textbook_form_that_is_wrong_stops_the_derivation(
    function: Any, said: list[str], asked: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    derive(*asked)
    monkeypatch.setattr(RULES[function], "said", said)
    with pytest.raises(DerivationError, match="could not be confirmed by numbers"):
        derive(*asked)


def test_a_formula_that_is_read_wrongly_stops_the_derivation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The steps agree with one another, but not with what was given.
    read = reading.applied
    swapped = {np.sin: np.cos}
    monkeypatch.setattr(reading, "applied", lambda f, args: read(swapped.get(f, f), args))
    with pytest.raises(DerivationError, match="could not be confirmed by numbers"):
        derive("x*sin(x)")


def test_a_function_that_does_something_else_on_numbers_is_seen() -> None:
    def two_faced(x: Any) -> Any:
        return x**2 if isinstance(x, Expr) else x**3

    with pytest.raises(DerivationError, match="could not be confirmed"):
        derive(two_faced)


def computation(**definitions: Expr) -> Computation:
    return Computation({Expr(Name(n, data=False)): e for n, e in definitions.items()}, (), ())


@np.errstate(all="ignore")
def test_points_are_inside_of_the_domain_and_of_both_signs_where_they_can() -> None:
    points = Points(computation(y=np.log(X) * W), {})
    assert (points.values[X] > 0).all()
    assert (points.values[W] < 0).any()
    assert (points.values[W] > 0).any()
    assert points.count >= 20


@np.errstate(all="ignore")
def test_points_of_a_small_domain_are_looked_for_near_the_one_that_is_given() -> None:
    narrow = computation(y=np.log(X - 1000))
    with pytest.raises(DerivationError, match="at none of the points tried"):
        Points(narrow, {})
    assert Points(narrow, {X: 1010.0}).count >= 3
    assert derive("log(x-1000)", at=1010).value == pytest.approx(0.1)


def test_the_engine_is_asked_row_by_row() -> None:
    t = Expr(Name("t", row=True))
    rng = np.random.default_rng(0)
    values = {t: rng.uniform(1, 2, (5, 2)), W: rng.uniform(1, 2, (5, 1)), COUNT: 2.0}
    by_row = engine_slope(np.sum(t**2 * W), t, values)
    np.testing.assert_allclose(by_row, 2 * values[t] * values[W])
    of_row = engine_slope(np.sin(t * W), W, values)
    np.testing.assert_allclose(of_row, values[t] * np.cos(values[t] * values[W]))
    of_sum = engine_slope(np.sum(t * W), W, values)
    np.testing.assert_allclose(of_sum, values[t].sum(axis=1, keepdims=True))
