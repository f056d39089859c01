"""What can be asked for, and one sentence for what cannot."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import pytest

import chainrule.numpy as cnp
from chainrule.derivation import DerivationError, derive
from chainrule.derivation.deriving import text_of


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("x+*2",), '"*2" at position 3'),
        (("tanhh(x)",), "did you mean tanh"),
        (("",), "empty"),
        (("1+2",), "depends on no variable"),
        (("x-x+0*w", "w"), "w is no variable of the formula; it has x"),
        (("0*x", None, 3), "depends on no variable"),
        (("x*w",), "variables w, x; say by which"),
        (("alpha*w", "alpa"), "did you mean alpha"),
        (("x*w", "q"), "q is no variable of the formula; it has w, x"),
        (("z = x**2; 3*z", "z"), "z is no variable"),
        (("x", "e"), "e is a constant in formulas"),
        (("pi*x", "pi"), "pi is a constant in formulas"),
        (("e = x; e*2", "x"), '"e" at position 1 has a meaning'),
        (("x*y", "x", 3), 'by name, as in at={"x": 1, "y": 1}'),
        (("x", None, {"q": 1}), "q is given a value, but is no variable"),
        (("x", None, math.nan), "a finite number"),
        (("x", None, math.inf), "a finite number"),
        (("x", None, "abc"), "given as 'abc'; give a number"),
        (("x", None, [[1, 2]]), "is given a table"),
        (("x", None, {"x": []}), "given an empty list"),
        (("sum(x*y)", "x", {"x": [1, 2], "y": [1]}), r"different lengths \(x: 2, y: 1\)"),
        (("sum(x)", "x", {"x": 3}), "nothing inside has rows"),
        (("x*t", "x", {"x": 1, "t": [1, 2]}), r"put sum\( \) or mean\( \) around it"),
        (("sum(x**2)", "x", {"x": [1, 2]}, 2), "a second derivative by it is a matrix"),
        (("x", None, None, 0), "order is 0"),
        (("x", None, None, 7), "order is 7"),
        (("x", None, None, True), "order is True"),
        (("x", None, None, 1.5), "order is 1.5"),
        (("sin(" * 70 + "x" + ")" * 70,), "too long for a derivation"),
        (("+".join(["x"] * 400),), "too long for a derivation"),
        (("x" * 1001,), "1000 are the most"),
        (("log(-x**2)",), "none of the points tried"),
        (("x/0",), "none of the points tried"),
        ((3,), "not of int"),
    ],
)
def test_one_sentence_for_what_cannot_be_derived(asked: tuple[Any, ...], said: str) -> None:
    with pytest.raises(DerivationError, match=said) as caught:
        derive(*asked)
    assert "\n" not in str(caught.value)


def branching(x: Any) -> Any:
    return x if x > 0 else -x


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (branching, "instead of if"),
        (lambda x: math.sin(x), "instead of those of math"),
        (lambda x: np.fft.fft(x), "do not know numpy.fft.fft"),
        (lambda x: np.heaviside(x, 0), "do not know numpy.heaviside"),
        (lambda x: "a", "returned str"),
        (lambda x: [x, x], "returned list"),
        (lambda x: x.real, "AttributeError"),
        (lambda *x: x[0], "which numbers it takes"),
        (lambda e: e**2, "e is a constant in derivations"),
        (lambda: 1.0, "depends on no variable"),
        (lambda x: 1.0, "depends on no variable"),
    ],
)
def test_one_sentence_for_functions_that_cannot_be_read(function: Any, said: str) -> None:
    with pytest.raises(DerivationError, match=said):
        derive(function)


def repeated(x: Any) -> Any:
    for _ in range(3):
        x = x * x + 1
    return x


@pytest.mark.parametrize(
    ("function", "wrt", "at", "value"),
    [
        (lambda x: x / 2, None, 3, 0.5),
        (repeated, None, 1, 80.0),
        (np.sin, None, 0, 1.0),
        (np.arctan, None, 1, 0.5),
        (lambda x: cnp.tanh(x) * cnp.exp(x), None, 0, 1.0),
        (lambda x, y: np.where(x > y, x * y, np.exp(-x)), "x", {"x": 2, "y": 1}, 1.0),
        (lambda x, k=3: x**k, None, 2, 12.0),
        (lambda w, x: np.sum((w * x - 1) ** 2), "w", {"w": 1, "x": [1, 2]}, 4.0),
        (lambda w, x: np.mean(w * x), "w", {"w": 1, "x": [1, 2]}, 1.5),
        (lambda x: np.maximum(x, 0) + abs(x), None, 2, 2.0),
    ],
)
def test_functions_of_numbers(function: Any, wrt: str | None, at: Any, value: float) -> None:
    d = derive(function, wrt, at)
    assert d.value == pytest.approx(value)
    assert d.steps[0].why in ("chain", "rule")


@pytest.mark.parametrize(
    ("text", "at", "note"),
    [
        ("log(x)", -1, "At this point y = ln(−1) has no value"),
        ("1/x", 0, "At this point y = 1/0 has no value"),
        ("1 + log(x - 2)**2", 1, "At this point b = ln(−1) has no value"),
        ("sqrt(x)", 0, "At this point the derivative of y is not finite."),
        ("abs(x)", 0, "At this point two cases meet, so the number is a convention"),
        ("max(x, 2)", 2, "What is written holds beside it; here grad gives 0.5 by"),
        ("floor(x)*x", 2, "At this point two cases meet"),
        ("exp(x)", 1000, "At this point y = e¹⁰⁰⁰ has no value"),
    ],
)
def test_points_outside_of_the_domain_are_named(text: str, at: float, note: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        d = derive(text, at=at)
    assert note in " ".join(d.text().split())
    assert d.steps[0].why in ("chain", "rule")  # the derivation is written in symbols


def test_which_data_point_has_no_value_is_named() -> None:
    d = derive("sum(log(w*x))", "w", {"w": 1, "x": [1, -2]})
    assert "At this point a₂ = 1·(−2)" in d.text() or "ln(−2)" in d.text()
    assert d.value is None


def test_what_has_no_number_is_said() -> None:
    d = derive("x*w*b", "x", {"x": 1})
    assert "no value was given for b and w" in d.text()
    assert d.value is None
    assert derive("x*w*b", "x").notes == []


def test_numbers_are_exact_or_said_to_be_rounded() -> None:
    last = lambda text, at: derive(text, at=at).steps[-1]
    assert (text_of(last("x/3", 1).expr), last("x/3", 1).about) == ("1/3", False)
    assert (text_of(last("x**2", 0.25).expr), last("x**2", 0.25).about) == ("0.5", False)
    assert (text_of(last("x**3", 0.123456).expr), last("x**3", 0.123456).about) == (
        "0.04572",
        True,
    )
    assert last("sin(x)", 1).about


def test_one_variable_needs_no_name() -> None:
    assert derive("x**2", at=3).value == 6
    assert derive("x**2", at={"x": 3}).value == 6
    assert derive("x**2").value is None
    assert derive("x**2", at=np.float64(3)).value == 6


def test_small_derivations_are_quick() -> None:
    import time

    derive("(x+w)*(w+1)", "w")
    start = time.process_time()
    for _ in range(5):
        derive("(x+w)*(w+1)", "w", {"x": 2, "w": 1})
    assert (time.process_time() - start) / 5 < 0.1


def test_a_derivation_keeps_the_numbers_that_were_given() -> None:
    d = derive("L = sum((p - t)**2)", "p", {"p": [1, 2], "t": np.array([0, 1])})
    assert d.at == {"p": [1.0, 2.0], "t": [0.0, 1.0]}
    assert d.variables == ("p", "t")
    assert derive("x**2", at=3).at == derive("x**2", at=3).as_dict()["at"] == {"x": 3.0}
    assert derive("x**2").at == {}


def test_no_power_of_zero_is_derived_by_its_exponent() -> None:
    with pytest.raises(DerivationError, match=r"0\^x cannot be derived by its exponent"):
        derive("0**x")
    assert text_of(derive("0**x*w", "w").result) == "0^x"
