"""The simplifier changes what is read, and never what is meant."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
import pytest

from chainrule.derivation import DerivationError
from chainrule.derivation.expressions import COUNT, MINUS, ONE, Expr, Name, num
from chainrule.derivation.simplifying import neat
from chainrule.derivation.writing import UNICODE, write

X, W, B = (Expr(Name(name)) for name in "xwb")
T = Expr(Name("t", row=True))


@pytest.mark.parametrize(
    ("e", "text"),
    [
        ((W + 1) + (X + W), "2w + x + 1"),
        (np.exp(-X) * np.exp(X), "1"),
        (np.exp(X) ** 2, "e^(2x)"),
        (np.sqrt(X) ** 3, "x·√x"),
        (np.sqrt(X) * np.sqrt(X) / X, "1"),
        (np.cbrt(X) ** 4, "x·∛x"),
        (abs(X) ** 2, "x²"),
        (X * X ** (X - 1), "x^x"),
        ((1 - X) / (1 - X) ** 2, "1/(1 − x)"),
        (X**2 / X, "x"),
        (W * X - X * W, "0"),
        (np.sin(X) ** 2 + np.cos(X) ** 2, "1"),
        (W * np.cosh(X) ** 2 - W * np.sinh(X) ** 2, "w"),
        (np.cos(X) / np.cos(X) + np.sin(X) * np.sin(X) / np.cos(X) ** 2, "1/cos²(x)"),
        ((1 - np.exp(-X)) + (1 + np.exp(-X)), "2"),
        (num(0.5) * X * num(0.5), "0.25·x"),
        (X / 3 / 2, "x/6"),
        (X * 2 / 4, "x/2"),
        (-(1 - X), "x − 1"),
        ((-T / W + (1 - T) / (1 - W)) * (W * (1 - W)), "w − tᵢ"),
        (np.sum(2 * W * T), "2w·Σᵢ tᵢ"),
        (np.sum(ONE), "n"),
        (np.sum(T - 1), "(Σᵢ tᵢ) − n"),
        (np.sum(T - np.sum(T) / COUNT), "0"),
        (np.sum((X * T - np.sum(X * T)) * (T - np.sum(T))), "x·Σᵢ (tᵢ − Σⱼ tⱼ)²"),
        (2 * np.sum(T * W) / COUNT, "(2w/n)·Σᵢ tᵢ"),
        (np.where(X > 0, 1, 0) * W + np.where(X > 0, 0, 1) * B, "{w, if x > 0; b, otherwise}"),
        (np.where(X > 0, 1, 1) * W, "w"),
        (np.log(np.exp(X) * np.exp(-X)), "0"),
    ],
)
def test_forms(e: Expr, text: str) -> None:
    assert write(neat(e), UNICODE).text == text


def test_a_sum_may_keep_its_order() -> None:
    assert write(neat(B * Expr(np.multiply, (W, ONE)) + X, order=False), UNICODE).text == "b·w + x"


def expressions(count: int) -> Iterator[Expr]:
    rng = random.Random(0)
    leaf = lambda: rng.choice([X, W, B, X, num(rng.randint(-3, 4)), num(0.5)])
    ones = [np.exp, np.sin, np.cos, np.sqrt, np.log, np.cbrt, np.absolute, np.tanh, np.negative]
    twos = [np.add, np.subtract, np.multiply, np.multiply, np.divide]

    def part(depth: int) -> Expr:
        kind = rng.random()
        if depth == 0:
            return leaf()
        if kind < 0.15:
            return Expr(np.power, (part(depth - 1), num(rng.choice([2, 3, -1, -2, 0, 1, 0.5]))))
        if kind < 0.2:
            return Expr(np.power, (part(depth - 1), part(depth - 1)))
        if kind < 0.45:
            return Expr(rng.choice(ones), (part(depth - 1),))
        if kind < 0.5:
            cases = part(depth - 1), part(depth - 1)
            return Expr(np.where, (Expr(np.less, (leaf(), X)), *cases))
        return Expr(rng.choice(twos), (part(depth - 1), part(depth - 1)))

    for _ in range(count):
        yield part(rng.randint(1, 4))


@np.errstate(all="ignore")
def test_values_stay() -> None:
    """As it stands, and simplified: equal wherever both have a value, at points of both signs."""
    rng = np.random.default_rng(0)
    values = {n: rng.uniform(-2, 2, 40) for n in (X, W, B)}
    compared = 0
    for e in expressions(600):
        try:
            short = neat(e)
        except DerivationError as error:
            assert "divides by zero" in str(error)
            continue
        found, true = np.broadcast_arrays(short.at(values), e.at(values))
        both = np.isfinite(found) & np.isfinite(true) & (np.abs(true) < 1e8)
        np.testing.assert_allclose(found[both], true[both], rtol=1e-6, atol=1e-6, err_msg=str(e))
        compared += bool(both.any())
    assert compared > 400


def test_what_is_divided_by_zero_is_said() -> None:
    with pytest.raises(DerivationError, match="divides by zero, whatever"):
        neat(Expr(np.divide, (X, X - X)))


def test_a_large_power_of_a_sum_is_not_multiplied_out() -> None:
    assert write(neat((X + W) ** 50), UNICODE).text == "(w + x)⁵⁰"
    assert write(neat(MINUS * X**1000 / X), UNICODE).text == "−x⁹⁹⁹"
