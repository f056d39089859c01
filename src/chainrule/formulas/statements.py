"""Reading several formulas that build on one another: z = w*x + b; p = 1/(1 + exp(-z)); …"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chainrule._languages import tr
from chainrule._text import shortened

from .formula import Call, Formula, Variable
from .grammar import CONSTANTS, FUNCTIONS, TOTALS
from .misreadings import FormulaError, is_word_of_python
from .reading import read

__all__ = ["Statement", "parse_statements"]

MOST_STATEMENTS = 40
GIVES = re.compile(r"([^(]*?)(?<![<>=!])=(?!=)")  # an = before any parenthesis
TOTALLING = {function for function, _ in TOTALS.values()}


@dataclass(frozen=True)
class Statement:
    """A formula and the name given to its value: z = w*x + b. The last may have no name.

    `rows` says that it has one value for each row of data.
    """

    name: str | None
    formula: Formula
    rows: bool


def parse_statements(text: str, rows: Iterable[str] = ()) -> tuple[Statement, ...]:
    """Return the statements of `text`, which a ; or the end of a line separates.

    Each but the last gives a name to the value of its formula; later ones may use it. `rows` are
    the variables that have one value for each row of data; `sum(...)` and `mean(...)` go over
    the rows. One formula alone is a statement without a name.

    Raises FormulaError for what is not in the grammar, for a name that is used before it is
    given, given twice, or never used, and for sums of what has no rows.

    >>> for each in parse_statements("z = w*x; L = sum(exp(z))", rows=["x"]):
    ...     print(each.name, each.formula, each.formula.names, each.rows)
    z w*x ('w', 'x') True
    L sum(exp(z)) ('z',) False
    >>> parse_statements("a = b; b = x")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    FormulaError: "b" at position 5 is used before it is given; put the statement b = … first
    """
    pieces = list(_pieces(text))
    if len(pieces) > MOST_STATEMENTS:
        raise FormulaError(
            tr(
                "there are {count} statements; {most} are the most that are read",
                count=len(pieces),
                most=MOST_STATEMENTS,
            )
        )
    reader = _Statements(rows, [piece for _, piece in pieces])
    several_lines = len({line for line, _ in pieces}) > 1
    for line, piece in pieces:
        try:
            reader.add(piece)
        except FormulaError as error:
            if not several_lines:
                raise
            raise FormulaError(tr("line {line}: {mistake}", line=line, mistake=error)) from None
    return tuple(reader.statements)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Yield each statement with its line's number, indented to where it stands in that line."""
    found = False
    for line, written in enumerate(text.splitlines(), 1):
        start = 0
        for piece in re.sub(r"\s", " ", written).split(";"):
            if piece.strip():
                found = True
                yield line, " " * start + piece.rstrip()
            start += len(piece) + 1
    if not found:
        yield 1, ""  # the formula reader says what is wrong with nothing


class _Statements:
    """What has been read so far, and what a further statement may therefore say."""

    def __init__(self, rows: Iterable[str], pieces: list[str]) -> None:
        self.statements: list[Statement] = []
        self.rows = set(rows)
        self.used: set[str] = set()
        self.given = {found[1].strip() for piece in pieces if (found := GIVES.match(piece))}
        self.left = len(pieces)

    def add(self, piece: str) -> None:
        """Read a further statement."""
        self.left -= 1
        name, formula_text = self._name(piece)
        formula, positions = read(formula_text, {**FUNCTIONS, **TOTALS})
        before = {each.name for each in self.statements}
        for used, position in positions.items():
            if used == name or (used in self.given and used not in before):
                raise FormulaError(
                    tr(
                        '"{name}" at position {position} is used before it is given; '
                        "put the statement {name} = … first",
                        name=used,
                        position=position,
                    )
                    if used != name
                    else tr(
                        '"{name}" at position {position} stands in its own formula; '
                        "give the result another name",
                        name=used,
                        position=position,
                    )
                )
        self.used |= set(positions)
        rows = self._has_rows(formula)
        if rows and name is not None:
            self.rows.add(name)
        self.statements.append(Statement(name, formula, rows))
        if not self.left:
            self._check_use()

    def _name(self, piece: str) -> tuple[str | None, str]:
        """Return the name and the formula, indented to where it stands."""
        if not (found := GIVES.match(piece)):
            if self.left:
                raise FormulaError(
                    tr(
                        '"{formula}" at position {position} has no name, so nothing can use it; '
                        "write a name before it, as in a = {formula}",
                        formula=shortened(piece, 40),
                        position=_start(piece),
                    )
                )
            return None, piece
        name = found[1].strip()
        self._check_name(name, _start(piece))
        return name, " " * found.end() + piece[found.end() :]

    def _check_name(self, name: str, position: int) -> None:
        known = [each.name for each in self.statements]
        where = {"name": shortened(name, 40), "position": position}
        if not name.isidentifier() or is_word_of_python(name):
            raise FormulaError(
                tr(
                    '"{name}" at position {position} cannot be a name; '
                    "write one such as z before the =",
                    **where,
                )
            )
        if name in CONSTANTS or name in FUNCTIONS or name in TOTALS:
            raise FormulaError(
                tr(
                    '"{name}" at position {position} has a meaning in formulas already; '
                    "choose another name",
                    **where,
                )
            )
        if name in known:
            raise FormulaError(
                tr(
                    '"{name}" at position {position} is given a second time; choose another name',
                    **where,
                )
            )
        if name in self.rows:
            raise FormulaError(
                tr(
                    '"{name}" at position {position} is given here and has values already; '
                    "leave out one of the two",
                    **where,
                )
            )

    def _has_rows(self, formula: Formula) -> bool:
        """Run the formula on truth values, which say what has rows: a sum needs and ends them."""
        stack: list[bool] = []
        for step in formula.steps:
            match step:
                case Call(function, count):
                    inside = any(stack[-count:])
                    if function in TOTALLING and not inside:
                        raise FormulaError(
                            tr(
                                "{formula} adds over rows, and nothing inside has rows; "
                                "give a variable several values, such as x=[1,2]",
                                formula=shortened(formula.text, 40),
                            )
                        )
                    stack[-count:] = [inside and function not in TOTALLING]
                case Variable(name):
                    stack.append(name in self.rows)
                case _:
                    stack.append(False)
        return stack[0]

    def _check_use(self) -> None:
        for each in self.statements[:-1]:
            if each.name not in self.used:
                raise FormulaError(
                    tr(
                        "{name} is given and never used; take its statement out, or use it in a "
                        "later one",
                        name=each.name,
                    )
                )


def _start(piece: str) -> int:
    return len(piece) - len(piece.lstrip()) + 1
