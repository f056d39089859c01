"""Algebra worked out by hand, checked by numbers and written as derivations are.

The lines of a derivation are found by the machine; those of a worked example are given by its
writer. Before they can be shown, all of them are compared where the first one holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule._languages import tr
from chainrule.operators import value_and_grad

from .errors import DerivationError
from .expressions import Expr
from .reading import from_text
from .writing import UNICODE, Equation, Page, Shown, write

__all__ = ["Line", "Worked"]

Side = str | Expr
# A left side (None: the line goes on from the one before), a sign, a right side, and a caption.
Line = tuple[Side | None, str, Side, str]

BOUNDS = [(0.05, 0.95), (0.1, 3.0), (-2.0, 2.0)]  # where probabilities, positives, all have values
POINTS, FEWEST, TRIES = 20, 5, 200
DIGITS = {"=": 1e-8, "≈": 5e-3}  # to which two sides agree
SOLVING, SMALL = 60, 1e-12  # steps, and what is left of an equation that is solved

Values = dict[Expr, Any]


@dataclass(frozen=True, repr=False)
class Worked(Shown):
    """Equations that follow from the first: a title, and lines (left, sign, right, caption).

    Sides are texts as formulas have them, or expressions. A line without a left side continues
    the line before. `given` are relations that hold besides, shown above. Title and captions are
    looked up in the reader's language where they are shown.

    Raises DerivationError for a line that is not so wherever the first one and `given` hold.

    >>> print(Worked("", [("log(u)", "=", "z", ""), ("u", "=", "exp(z)", "e to both sides")]))
    ln(u) = z
        u = e^z   e to both sides
    >>> wrong = [("u", "=", "2*z", ""), ("z", "=", "2*u", "")]
    >>> Worked("", wrong)  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    DerivationError: line 2 does not follow: z = 2u is not so where the first line holds, as at …
    """

    title: str
    lines: Sequence[Line]
    given: Sequence[Line] = ()

    def __post_init__(self) -> None:
        check([*_equations(self.given), *_equations(self.lines)], len(self.given) + 1)

    def page(self) -> Page:
        """What is shown, in the language that is spoken."""
        groups = [
            [
                Equation(left, sign, right, caption and tr(caption))
                for left, sign, right, caption, _ in _equations(lines)
            ]
            for lines in (self.given, self.lines)
        ]
        return Page([group for group in groups if group], title=self.title and tr(self.title))


def _equations(lines: Sequence[Line]) -> Iterator[Equation]:
    for left, sign, right, caption in lines:
        yield Equation(None if left is None else _side(left), sign, _side(right), caption)


def _side(side: Side) -> Expr:
    return side if isinstance(side, Expr) else from_text(side, [])[0][1]


# ---- the check


def check(lines: Sequence[Equation], relations: int) -> None:
    """Raise unless every line holds wherever the first so many do."""
    rng = np.random.default_rng(0)
    found = 0
    for k in range(TRIES):
        if found == POINTS:
            return
        values = _point(lines, relations, BOUNDS[k % len(BOUNDS)], rng)
        if values is not None:
            found += _holds(lines, values)
    if found < FEWEST:
        raise DerivationError(
            tr(
                "the lines cannot be checked: their first relation was solved at too few of the "
                "points tried"
            )
        )


def _holds(lines: Sequence[Equation], values: Values) -> bool:
    """Raise for a line that is not so at a point; False if one has no value there."""
    left: Expr | None = None
    for number, line in enumerate(lines, 1):
        left = line.left if line.left is not None else left
        assert left is not None  # of the first line
        with np.errstate(all="ignore"):
            a, b = (float(e.at(values)) for e in (left, line.right))
        if not (np.isfinite(a) and np.isfinite(b)):
            return False
        if line.sign not in DIGITS:
            raise DerivationError(
                tr(
                    "the sign {sign} of line {number} is neither = nor ≈",
                    sign=line.sign,
                    number=number,
                )
            )
        if abs(a - b) > DIGITS[line.sign] * (1 + abs(a)):
            raise DerivationError(
                tr(
                    "line {number} does not follow: {line} is not so where the first line holds, "
                    "as at {point}",
                    number=number,
                    line=write(left, UNICODE).text
                    + UNICODE.sign(line.sign)
                    + write(line.right, UNICODE).text,
                    point=", ".join(
                        f"{write(n, UNICODE).text} = {v:.4g}" for n, v in values.items()
                    ),
                )
            )
    return True


def _point(
    lines: Sequence[Equation], relations: int, bounds: tuple[float, float], rng: Any
) -> Values | None:
    """Return values of all names with which the relations hold, or None if none were found."""
    values: Values = {}
    for left, _, right, *_ in lines[:relations]:
        if left is None:
            raise DerivationError(tr("the first line has no left side; give it one"))
        names = dict.fromkeys((*left.leaves(), *right.leaves()))
        unknown = [n for n in names if n not in values]
        # The name that stands alone is what the others decide.
        unknown.sort(key=lambda n: n in (left, right))
        for n in unknown[:-1]:
            values[n] = rng.uniform(*bounds)
        if unknown and not _solve(left, right, unknown[-1], values, rng.uniform(*bounds)):
            return None
    for line in lines[relations:]:
        for n in (*line.right.leaves(), *(line.left.leaves() if line.left is not None else ())):
            if n not in values:
                raise DerivationError(
                    tr(
                        "{name} stands in a line, but neither in the first nor in what is given",
                        name=write(n, UNICODE).text,
                    )
                )
    return values


def _solve(left: Expr, right: Expr, unknown: Expr, values: Values, start: float) -> bool:
    """Put a value of `unknown` in `values` with which the two sides are equal, by Newton."""
    known: Mapping[Expr, Any] = dict(values)

    def difference(v: Any) -> Any:
        at = {**known, unknown: v}
        return left.at(at) - right.at(at)

    v = start
    with np.errstate(all="ignore"):
        for _ in range(SOLVING):
            y, slope = value_and_grad(difference)(v)
            if not (np.isfinite(y) and np.isfinite(slope)) or slope == 0:
                return False
            if abs(y) <= SMALL * (1 + abs(v)):
                values[unknown] = v
                return True
            v = float(v - y / slope)
    return False
