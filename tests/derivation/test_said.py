"""The textbook form of a rule, where it has one, equals the rule; and every rule can be read."""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np
import pytest

from chainrule import jvp
from chainrule._core.table import RULES
from chainrule.derivation import DerivationError
from chainrule.derivation.deriving import text_of
from chainrule.derivation.expressions import KNOWN, Expr, Name
from chainrule.derivation.local import STEPS, slope
from chainrule.formulas import parse

SAYING = {rule.function: rule for rule in list(RULES.values()) if rule.said}
DOMAINS = {np.arcsin: (-0.9, 0.9), np.arccos: (-0.9, 0.9), np.arctanh: (-0.9, 0.9)}
DOMAINS |= {np.arccosh: (1.1, 4.0), np.power: (0.2, 3.0), np.log: (0.1, 4.0)}
DOMAINS |= {np.log2: (0.1, 4.0), np.log10: (0.1, 4.0), np.sqrt: (0.1, 4.0)}


def inputs_of(function: Any, count: int) -> list[Any]:
    rng = np.random.default_rng(0)
    return [rng.uniform(*DOMAINS.get(function, (-3.0, 3.0)), 50) for _ in range(count)]


def test_some_rules_say_more_than_they_compute() -> None:
    assert {np.divide, np.power, np.tanh, np.maximum, np.arctanh} <= set(SAYING)


@pytest.mark.parametrize("function", SAYING, ids=lambda f: f.__name__)
def test_nothing_is_said_that_is_read_anyway(function: Any, monkeypatch: Any) -> None:
    rule = SAYING[function]
    names = [Expr(Name(c)) for c in rule.inputs]
    definition, y = Expr(function, tuple(names)), Expr(Name("y"))

    def read() -> list[str]:
        return [text_of(slope(definition, y, n)) for n in names]

    said = read()
    monkeypatch.setattr(rule, "said", ())
    with contextlib.suppress(AttributeError, DerivationError):  # of rules that ask arrays
        assert read() != said


@pytest.mark.parametrize("function", SAYING, ids=lambda f: f.__name__)
def test_what_is_said_equals_the_rule(function: Any) -> None:
    rule = SAYING[function]
    assert len(rule.said) == len(rule.pulls)
    inputs = inputs_of(function, len(rule.inputs))
    y = function(*inputs)
    known = dict(zip(rule.inputs, inputs, strict=True)) | {"y": y}
    for i, text in enumerate(rule.said):
        formula = parse(text)
        run, keep = rule.argument(i)  # type: ignore[misc]
        pulled = run(np.ones_like(y), keep(i, y, *inputs))
        found = formula(*[known[name] for name in formula.names])
        np.testing.assert_allclose(found, pulled, rtol=1e-12, err_msg=text)


IN_ORDER = sorted(KNOWN, key=lambda f: f.__name__)  # one order for all processes that test
UNARY = [f for f in IN_ORDER if f.nin == 1 and f is not np.positive]
BINARY = [f for f in IN_ORDER if f.nin == 2 and RULES[f].pulls]


@pytest.mark.parametrize("function", UNARY + BINARY, ids=lambda f: f.__name__)
def test_each_rule_read_in_symbols_has_the_engines_values(function: Any) -> None:
    names = [Expr(Name(c)) for c in "ab"[: function.nin]]
    values = dict(zip(names, inputs_of(function, function.nin), strict=True))
    definition, y = Expr(function, tuple(names)), Expr(Name("y"))
    values[y] = function(*values.values())
    for i, n in enumerate(names):
        tangents = [np.full(50, float(k == i)) for k in range(function.nin)]
        true = jvp(function, tuple(values[m] for m in names), tuple(tangents))[1]
        found = slope(definition, y, n)
        np.testing.assert_allclose(found.at(values), true, rtol=1e-12, atol=1e-14)
        if function in STEPS:
            assert found.number == 0
