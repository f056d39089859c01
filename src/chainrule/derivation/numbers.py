"""The last steps of a derivation: its names replaced by numbers, and the value."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from chainrule._languages import mark

from .derivation import Derivation, Note, Step
from .deriving import text_of
from .expressions import COMPARISONS, COUNT, ZERO, Expr, Slope, Typed, num, subexpressions
from .proof import engine_slope
from .rows import nth, written_out

__all__ = ["add_numbers", "plain"]

MOST_ROWS = 4  # whose sum is written out
LARGEST_DENOMINATOR = 1000  # of a value that is given as a fraction
LARGEST_FRACTION, LARGEST_WHOLE = 1e4, 1e9  # if they are not exactly that
ROUNDED = 1e-20, 1e-14  # what is left of a zero by rounding, as cos(π/2) is
MOST_LEAVES = 40  # of a line of numbers

NO_VALUE = mark("At this point {name} = {formula} has no value, so neither has the derivative.")
INFINITE = mark("At this point the derivative of {name} is not finite.")
KINK = mark("At this point two cases meet, so the number is a convention, the one that grad has.")
HIGHER_KINK = mark(
    "At this point two cases meet. The number is that of the case written for this point; beside "
    "it the derivative may be another, and grad of grad may give a third."
)
BESIDE = mark(
    "At this point two cases meet. What is written holds beside it; here grad gives {value} by "
    "convention."
)
EACH_ROW = mark("For the data points in order it is {values}.")


def add_numbers(d: Derivation, given: Mapping[Expr, Any]) -> None:
    """Add to `d` the steps with numbers, and its value, or a note of what has no value.

    `given` has a value for each name that no definition gives.
    """
    count = next((len(v) for n, v in given.items() if n.head.row), 1)
    values: dict[Expr, Any] = {**given, COUNT: float(count)}
    for n, definition in d.definitions.items():
        values[n] = definition.at(values)
    if not np.isfinite(values[d.y]):
        bad = next(n for n in d.definitions if not np.all(np.isfinite(values[n])))
        d.notes.append(no_value(bad, d.definitions[bad], Numbers(values, count)))
        return
    true = engine_slope(d.y, d.wrt, values, d.definitions)
    in_symbols = not any(isinstance(leaf.head, Slope) for leaf in d.result.leaves())
    found = d.result.at(values) if in_symbols else true
    if not np.all(np.isfinite(true)) or not np.all(np.isfinite(found)):
        d.notes.append(Note(INFINITE, {"name": d.y}))
        return
    if not np.allclose(found, true, rtol=1e-6, atol=1e-9):
        d.value = plain(true)
        d.notes.append(Note(BESIDE, {"value": f"{float(np.ravel(true)[0]):.4g}"}))
        return
    d.value = plain(found)
    if any(at_kink(e, values) for e in d.definitions.values()):
        d.notes.append(Note(KINK if d.order == 1 else HIGHER_KINK))
    if isinstance(d.value, list):
        shown = ", ".join(f"{v:.4g}" for v in d.value).replace("-", "−")
        d.notes.append(Note(EACH_ROW, {"values": shown}))
        return
    numbers = Numbers(values, count)
    if in_symbols:
        d.steps += numbers.lines(d.result)
    decimals = any(map(with_point, given.values())) or any(
        type(part.head) is Typed for part in subexpressions(d.result)
    )
    value, exact = written_value(d.value, decimals)
    if text_of(d.steps[-1].expr) != text_of(value):
        why = "value" if d.steps[-1].why == "numbers" else "numbers"
        d.steps.append(Step(value, why, about=not exact))


def no_value(n: Expr, definition: Expr, numbers: Numbers) -> Note:
    """Say which value is none, and what it would be computed from."""
    if n.head.row:
        k = int(np.flatnonzero(~np.isfinite(numbers.values[n]))[0])
        rows = {leaf: nth(leaf, k) for leaf in definition.leaves() if leaf.head.row}
        n, definition = nth(n, k), definition.put(rows)
    elif numbers.count <= MOST_ROWS:
        definition = written_out(definition, numbers.count)
    return Note(NO_VALUE, {"name": n, "formula": numbers.put(definition)})


def at_kink(e: Expr, values: Mapping[Expr, Any]) -> bool:
    """Say whether two cases of a function in `e` meet at these values."""
    if e.head in COMPARISONS or e.head in (np.maximum, np.minimum):
        a, b = (arg.at(values) for arg in e.args)
        meet = bool(np.any(np.equal(a, b)))
    elif e.head in (np.absolute, np.sign):
        meet = bool(np.any(np.equal(e.args[0].at(values), 0)))
    elif e.head in (np.floor, np.ceil):
        meet = bool(np.any(np.equal(e.args[0].at(values), e.at(values))))
    else:
        meet = False
    return meet or any(at_kink(arg, values) for arg in e.args)


class Numbers:
    """The values of all names at a point, those of each data point by its own name too."""

    def __init__(self, values: Mapping[Expr, Any], count: int) -> None:
        self.values, self.count = dict(values), count
        for n, v in values.items():
            if n != COUNT and n.head.row and count <= MOST_ROWS:
                self.values |= {nth(n, k): v[k] for k in range(count)}

    def put(self, e: Expr) -> Expr:
        """Return `e` with each name replaced by its value, to four digits."""
        known = {n: typed(self.values[n]) for n in e.leaves() if not n.head.row}
        return e.put({**known, COUNT: num(self.count)})

    def lines(self, e: Expr) -> list[Step]:
        """Return the sum written out, and the line of numbers, where they are short."""
        found = []
        if any(leaf.head.row for leaf in e.leaves()):
            if self.count > MOST_ROWS:
                return []
            e = written_out(e, self.count)
            found.append(Step(e, "rows"))
        leaves = list(e.leaves())
        if len(leaves) > MOST_LEAVES:
            return []
        shown = self.put(e)
        if shown != e:
            close = any(typed(self.values[n]).at({}) != self.values[n] for n in leaves)
            found.append(Step(shown, "numbers", about=close))
        return found


def typed(value: Any) -> Expr:
    """Return a number as it is written in a line of numbers: with four digits at most."""
    return num(float(f"{float(value):.4g}"))


def with_point(v: Any) -> bool:
    return bool(np.any(np.asarray(v) % 1))


def written_value(value: float, decimals: bool) -> tuple[Expr, bool]:
    """Return a value as an expression, and whether it is exactly that: 5, 3/8, 0.25, 0.3932.

    A value is taken for a fraction within 12 digits of it; with `decimals`, for one that ends.
    Of a large one fewer digits follow the point, which are too few to know a fraction by.
    """
    if ROUNDED[0] < abs(value) < ROUNDED[1]:
        return ZERO, False
    fraction = Fraction(repr(value)).limit_denominator(LARGEST_DENOMINATOR)
    size = abs(value)
    known = size <= LARGEST_FRACTION if fraction.denominator != 1 else size < LARGEST_WHOLE
    known |= float(f"{value:.12g}") == value  # 4e300
    if (fraction or not value) and known and abs(float(fraction) - value) <= 1e-12 * max(1.0, size):
        if not decimals or fraction.denominator == 1:
            return Expr(fraction), True
        if 10**4 % fraction.denominator == 0:
            return Expr(Typed(fraction)), True
    return typed(value), False


def plain(found: Any) -> float | list[float]:
    """Return a value as Python has it: a number, or a list of one for each data point."""
    array = np.asarray(found, float)
    return float(array) if array.ndim == 0 else [float(v) for v in array]
