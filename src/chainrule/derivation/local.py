"""Local derivatives: the engine's table of rules, read symbolically.

A rule is a line of NumPy, `lambda g, y: g * y`. Run on expressions instead of arrays it gives the
derivative in symbols; where a rule is written for the sake of its digits, its textbook form (`said`
in the table) is read instead. There is no second table of derivatives.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from chainrule._core.table import RULES
from chainrule._languages import tr
from chainrule.formulas import parse

from .errors import DerivationError
from .expressions import COMPARISONS, ONE, SUMS, ZERO, Expr, Name, num
from .reading import from_formula
from .simplifying import neat, rebuilt
from .writing import UNICODE, write

__all__ = ["rules_used", "slope", "times"]

STEPS = (np.sign, np.floor, np.ceil)  # their derivative is zero wherever they have one


def slope(definition: Expr, y: Expr, by: Expr) -> Expr:
    """Return the local derivative of `y`, which is `definition`, by the name `by` in it."""
    paths = [p for p in pulled(definition, ONE, y, by) if p != ZERO]
    if not any(merges(p) for p in paths):
        paths = [neat(p, order=False) for p in paths]
    total = ZERO
    for p in paths:
        total = together(total, p)
    return total


def pulled(e: Expr, g: Expr, y: Expr | None, by: Expr) -> list[Expr]:
    """Return what arrives at `by` when `g` is pulled back through `e`, once for each path.

    `y` is the name of the value of `e`, if it has one.
    """
    if e == by:
        return [g]
    if e.head is np.sum:
        return through_sum(e, g, by)
    if e.head is np.where:
        return through_cases(e, g, y, by)
    found: list[Expr] = []
    for i, arg in enumerate(e.args):
        if depends(arg, by):
            h = pull(e, i, g, e if y is None else y)
            if h != ZERO:
                found += pulled(arg, h, None, by)
    return found


def through_cases(e: Expr, g: Expr, y: Expr | None, by: Expr) -> list[Expr]:
    """Pull through cases: each has its own slope, and there is one expression for all."""
    total = ZERO
    for i, arg in enumerate(e.args[1:], 1):
        for path in pulled(arg, ONE, None, by):
            total = together(total, times(path, pull(e, i, ONE, e if y is None else y)))
    return [times(g, total)]


def pull(e: Expr, i: int, g: Expr, y: Expr) -> Expr:
    """Return what arrives at argument `i` of the call `e`, whose value reads `y`."""
    rule = RULES.get(e.head)
    if e.head in STEPS or (rule is not None and rule.constant):
        return ZERO
    if rule is None:
        raise NotImplementedError(f"{e.head} has no rule to read")
    if e.head is np.power and i == 1 and (base := e.args[0].number) is not None and base <= 0:
        raise DerivationError(
            tr(
                "{formula} cannot be derived by its exponent: that takes the logarithm of its "
                "base, which must be greater than 0",
                formula=write(e, UNICODE).text,
            )
        )
    if rule.said:
        meaning = dict(zip(map(letter, rule.inputs), e.args, strict=True)) | {letter("y"): y}
        return times(g, name_first(again(textbook(rule.said[i]).put(meaning))))
    argument = rule.argument(i)
    if argument is None:
        return ZERO  # the condition of where
    run, keep = argument
    return num(run(g, keep(i, y, *e.args)))


def times(g: Expr, h: Expr) -> Expr:
    """Return g·h: into each case, and g/b for g·(1/b)."""
    if h.head is np.where:
        condition, a, b = h.args
        return rebuilt(np.where, condition, times(g, a), times(g, b))
    if h.head is np.divide and h.args[0] == ONE:
        return g / h.args[1]
    if h.head is np.negative:
        return -times(g, h.args[0])
    return g * h


# What holds where `number > a`, say, does not: with the name first.
OTHERWISE = {
    np.greater: np.greater_equal,
    np.less: np.less_equal,
    np.greater_equal: np.greater,
    np.less_equal: np.less,
}


def name_first(e: Expr) -> Expr:
    """Return {1 if a ≥ 0; 0 otherwise} for {0 if 0 > a; 1 otherwise}."""
    if e.head is np.where and e.args[0].head in OTHERWISE and e.args[0].args[0].number is not None:
        condition, p, q = e.args
        number, name = condition.args
        return rebuilt(np.where, Expr(OTHERWISE[condition.head], (name, number)), q, p)
    return e


def through_sum(e: Expr, g: Expr, by: Expr) -> list[Expr]:
    """Pull through Σᵢ: to a value of one data point goes `g` itself, to others the sum."""
    inner = pulled(e.args[0], ONE, None, by)
    if by.head.row:
        return [times(g, each) for each in inner]
    return [times(g, rebuilt(np.sum, each)) for each in inner]


def together(a: Expr, b: Expr) -> Expr:
    """Return a + b, case by case where both have the same cases."""
    if a.head is b.head is np.where and a.args[0] == b.args[0]:
        return rebuilt(
            np.where, a.args[0], together(a.args[1], b.args[1]), together(a.args[2], b.args[2])
        )
    return a + b


def merges(e: Expr) -> bool:
    """Say whether a power has an exponent with names: x·x^(x−1) is to be seen as it is."""
    if e.head is np.power and any(True for _ in e.args[1].leaves()):
        return True
    return any(map(merges, e.args))


@lru_cache(maxsize=1024)
def depends(e: Expr, by: Expr) -> bool:
    return any(leaf == by for leaf in e.leaves())


@lru_cache(maxsize=256)
def letter(text: str) -> Expr:
    return Expr(Name(text))


@lru_cache(maxsize=256)
def textbook(said: str) -> Expr:
    formula = parse(said)
    return from_formula(formula, {name: letter(name) for name in formula.names})


def again(e: Expr) -> Expr:
    """Build `e` anew, now that its leaves are known: what is + 0 or · 1 goes."""
    return rebuilt(e.head, *map(again, e.args)) if e.args else e


def rules_used(definition: Expr, moving: list[Expr]) -> list[str]:
    """Return the rules of calculus that `definition` needs, as keys of RULE_NAMES.

    `moving` are the names in it that change; the others are as good as numbers.
    """
    found: dict[str, None] = {}

    def moves(e: Expr) -> bool:
        return any(leaf in moving for leaf in e.leaves())

    def walk(e: Expr) -> None:
        if moves(e) and e.head not in COMPARISONS and e.head not in STEPS:
            found.update(dict.fromkeys(rules_of(e, [moves(arg) for arg in e.args])))
            for arg in e.args:
                walk(arg)

    walk(definition)
    return list(found)


def rules_of(e: Expr, moves: list[bool]) -> list[str]:
    """Return the rules of calculus for one call, given which of its arguments change."""
    f = e.head
    if f is np.multiply:
        return ["product"] * all(moves)
    if f is np.divide:
        return ["quotient"] * moves[1]
    if f is np.power:
        return ["power"] * moves[0] + ["exponential"] * moves[1]
    if f in (np.where, np.maximum, np.minimum):
        return ["cases"]
    if not e.args or f in (*SUMS, np.negative, np.positive, np.sum):
        return []
    return [f"function:{WRITTEN.get(f, f.__name__)}"]


WRITTEN: dict[Any, str] = {
    np.exp: "(eˣ)",
    np.log: "ln",
    np.log2: "log₂",
    np.log10: "log₁₀",
    np.sqrt: "√",
    np.cbrt: "∛",
    np.absolute: "|x|",
}
