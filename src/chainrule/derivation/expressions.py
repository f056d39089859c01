"""Expressions: what the rules of the table see here instead of arrays.

An expression is a recorded call: `Expr(np.multiply, (x, w))`. It answers NumPy's protocols, so
that a rule's own line, run on expressions, is the symbolic derivative. `Expr(f, args)` keeps what
it is given, b·1 too; operators and NumPy's functions, run on expressions, leave out what nobody
writes: + 0, · 1, a double sign.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any, NoReturn

import numpy as np

from chainrule._core.errors import name_of
from chainrule._languages import tr

from .errors import DerivationError, refuse
from .leaves import Name, Slope, Typed

__all__ = ["COMPARISONS", "COUNT", "EULER", "MINUS", "ONE", "PI", "SUMS", "ZERO"]
__all__ += ["Expr", "Name", "Slope", "Typed", "build", "chained", "negative", "num", "rowed"]
__all__ += ["subexpressions"]

SUMS = (np.add, np.subtract)
COMPARISONS = (np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal)
MOST_DIGITS = 40  # of a number that is worked out; longer ones stay powers and products


class Expr:
    """A number, a name, a slope, a constant's sign, or a NumPy function of expressions.

    `head` is a `Fraction` (`Typed` if it is written as a decimal), a `Name`, a `Slope`, the sign
    of a constant ("e", "π", and "n", how many data points there are), or the function. Its
    `args` are expressions. Equal expressions are those that read the same.

    >>> x = Expr(Name("x"))
    >>> np.sin(x) * 1 == Expr(np.sin, (x,))
    True
    """

    __slots__ = ("_hash", "args", "head")  # and nothing changes them

    def __init__(self, head: Any, args: tuple[Expr, ...] = ()) -> None:
        self.head = head
        self.args = args
        self._hash = hash((head, args))  # once: expressions are the keys of all tables

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> Any:
        if self is other:
            return True
        if not isinstance(other, Expr):
            return NotImplemented
        return (
            self._hash == other._hash
            and type(self.head) is type(other.head)  # 0.5 and 1/2 read differently
            and self.head == other.head
            and self.args == other.args
        )

    def __repr__(self) -> str:
        inside = f"({', '.join(map(repr, self.args))})" if self.args else ""
        head = self.head.text if isinstance(self.head, Name) else self.head
        return f"{getattr(head, '__name__', head)}{inside}"

    # ---- what NumPy asks

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Expr:
        if method == "reduce" and ufunc is np.add:
            return build(np.sum, inputs[0])
        if method != "__call__" or options:
            refuse(f"numpy.{ufunc.__name__}.{method}")
        if ufunc in SPELLED:
            return SPELLED[ufunc](*map(num, inputs))
        if ufunc not in KNOWN:
            refuse(f"numpy.{ufunc.__name__}")
        return build(ufunc, *inputs)

    def __array_function__(self, function: Any, types: Any, inputs: Any, options: Any) -> Expr:
        if function is np.broadcast_to:
            found: Expr = inputs[0]
            return found
        if function is np.mean and not options and len(inputs) == 1:
            return (1 / COUNT) * build(np.sum, *inputs)
        if options or (function, len(inputs)) not in ((np.where, 3), (np.sum, 1)):
            refuse(name_of(function))
        return build(function, *inputs)

    # fmt: off
    def __add__(self, other: Any) -> Expr:       return build(np.add, self, other)
    def __radd__(self, other: Any) -> Expr:      return build(np.add, other, self)
    def __sub__(self, other: Any) -> Expr:       return build(np.subtract, self, other)
    def __rsub__(self, other: Any) -> Expr:      return build(np.subtract, other, self)
    def __mul__(self, other: Any) -> Expr:       return build(np.multiply, self, other)
    def __rmul__(self, other: Any) -> Expr:      return build(np.multiply, other, self)
    def __truediv__(self, other: Any) -> Expr:   return build(np.divide, self, other)
    def __rtruediv__(self, other: Any) -> Expr:  return build(np.divide, other, self)
    def __pow__(self, other: Any) -> Expr:       return build(np.power, self, other)
    def __rpow__(self, other: Any) -> Expr:      return build(np.power, other, self)
    def __neg__(self) -> Expr:                   return build(np.negative, self)
    def __pos__(self) -> Expr:                   return self
    def __abs__(self) -> Expr:                   return build(np.absolute, self)
    def __lt__(self, other: Any) -> Expr:        return build(np.less, self, other)
    def __le__(self, other: Any) -> Expr:        return build(np.less_equal, self, other)
    def __gt__(self, other: Any) -> Expr:        return build(np.greater, self, other)
    def __ge__(self, other: Any) -> Expr:        return build(np.greater_equal, self, other)
    # fmt: on

    def __bool__(self) -> bool:
        return refuse("if")

    def __float__(self) -> NoReturn:
        refuse("float")

    def __int__(self) -> NoReturn:
        refuse("int")

    def __iter__(self) -> NoReturn:
        refuse("iter")

    # ---- what derivations ask

    @property
    def number(self) -> Fraction | None:
        """The number that this is, or None."""
        return self.head if isinstance(self.head, Fraction) else None

    def leaves(self) -> Iterator[Expr]:
        """Yield the names and slopes, from left to right, each as often as it stands there."""
        if isinstance(self.head, Name | Slope):
            yield self
        for arg in self.args:
            yield from arg.leaves()

    def put(self, meaning: Mapping[Expr, Expr]) -> Expr:
        """Return this expression with leaves replaced, and nothing else changed."""
        if not self.args:
            return meaning.get(self, self)
        return Expr(self.head, tuple(arg.put(meaning) for arg in self.args))

    def at(self, values: Mapping[Expr, Any]) -> Any:
        """Return the value of this expression where its leaves have `values`.

        Values may be numbers, arrays of rows, or values that are being differentiated; COUNT is
        looked up as a leaf is.
        """
        if not self.args:
            return CONSTANTS.get(self) or (
                values[self] if self.number is None else float(self.number)
            )
        found = [arg.at(values) for arg in self.args]
        if self.head is np.sum:
            if not rowed(self.args[0]):
                return values[COUNT] * found[0]  # the same for each data point
            # Rows are the last axis; a table of points has one before it.
            return np.sum(found[0], axis=-1, keepdims=np.ndim(found[0]) > 1)
        return self.head(*found)


def subexpressions(e: Expr) -> Iterator[Expr]:
    """Yield `e` and all that it is made of."""
    yield e
    for arg in e.args:
        yield from subexpressions(arg)


def rowed(e: Expr) -> bool:
    """Say whether `e` has one value for each data point."""
    if e.head is np.sum:
        return False
    if isinstance(e.head, Slope):
        return e.head.of.row or e.head.by.row
    return (isinstance(e.head, Name) and e.head.row) or any(map(rowed, e.args))


def num(n: Any) -> Expr:
    """Return the number `n` as an expression: what is written with a point stays a decimal."""
    if isinstance(n, Expr):
        return n
    if isinstance(n, float | np.floating):
        if not math.isfinite(n):
            raise DerivationError(tr("a number of the formula is too large, or none at all"))
        return Expr((Fraction if n == int(n) else Typed)(repr(float(n))))
    return Expr(Fraction(n))


ZERO, ONE, MINUS = num(0), num(1), num(-1)
EULER, PI, COUNT = Expr("e"), Expr("π"), Expr("n")
CONSTANTS = {EULER: math.e, PI: math.pi}

# Functions that derivations know and write as they are.
KNOWN = {
    *SUMS, np.multiply, np.divide, np.power, np.negative, np.positive, *COMPARISONS,
    np.exp, np.log, np.log2, np.log10, np.sqrt, np.cbrt, np.absolute, np.sign, np.floor, np.ceil,
    np.sin, np.cos, np.tan, np.arcsin, np.arccos, np.arctan, np.maximum, np.minimum,
    np.sinh, np.cosh, np.tanh, np.arcsinh, np.arccosh, np.arctanh,
}  # fmt: skip
# Functions that a course writes with others.
SPELLED: dict[Any, Callable[..., Expr]] = {
    np.exp2: lambda x: build(np.power, 2, x),
    np.expm1: lambda x: build(np.exp, x) - 1,
    np.log1p: lambda x: build(np.log, 1 + x),
    np.square: lambda x: x**2,
    np.reciprocal: lambda x: 1 / x,
    np.fabs: abs,
    np.float_power: lambda a, b: a**b,
    np.hypot: lambda a, b: build(np.sqrt, a**2 + b**2),
    np.logaddexp: lambda a, b: build(np.log, build(np.exp, a) + build(np.exp, b)),
    np.fmax: lambda a, b: build(np.maximum, a, b),
    np.fmin: lambda a, b: build(np.minimum, a, b),
}

EXACT: dict[Any, Callable[[Any, Any], Any]] = {
    np.add: lambda a, b: a + b,
    np.subtract: lambda a, b: a - b,
    np.multiply: lambda a, b: a * b,
    np.divide: lambda a, b: a / b,
    np.power: lambda a, b: a**b,
}


def worked_out(f: Any, a: Expr, b: Expr) -> Expr | None:
    """Return the number that `f` makes of two numbers, unless it is none, or a very long one."""
    if f not in EXACT or a.number is None or b.number is None:
        return None
    if (b == ZERO and f is np.divide) or (a == ZERO and f is np.power and b.number <= 0):
        return None
    if f is np.power and (b.number.denominator != 1 or abs(b.number) > 64):
        return None
    n = EXACT[f](a.number, b.number)
    if not isinstance(n, Fraction) or max(abs(n.numerator), n.denominator) > 10**MOST_DIGITS:
        return None
    return Expr(n)


def build(f: Any, *inputs: Any) -> Expr:
    """Return `f` of `inputs` without the zeros, ones and double signs that nobody writes."""
    args = tuple(num(v) for v in inputs)
    a, b = args[0], args[-1]
    if f is np.positive:
        return a
    if f is np.negative:
        if a.number is not None:
            return Expr(-a.number)
        return a.args[0] if a.head is np.negative else Expr(f, args)
    if len(args) == 2:
        if (n := worked_out(f, a, b)) is not None:
            return n
        return joined(f, a, b)
    if f is np.where and args[1] == args[2]:
        return args[1]
    return FOLDED.get((f, a), Expr(f, args)) if len(args) == 1 else Expr(f, args)


FOLDED = {
    (np.exp, ZERO): ONE,
    (np.exp, ONE): EULER,
    (np.log, ONE): ZERO,
    (np.log, EULER): ONE,
    (np.sqrt, ZERO): ZERO,
    (np.sqrt, ONE): ONE,
}


def joined(f: Any, a: Expr, b: Expr) -> Expr:
    """Return `f` of two arguments that are not both numbers, as `build` does."""
    if (f in SUMS and b == ZERO) or (f in (np.multiply, np.divide, np.power) and b == ONE):
        return a
    if (f is np.add and a == ZERO) or (f is np.multiply and a == ONE):
        return b
    if (f is np.subtract and a == ZERO) or (f is np.multiply and a == MINUS):
        return -b
    if (f is np.multiply and ZERO in (a, b)) or (f is np.divide and a == ZERO and b != ZERO):
        return ZERO
    if f in SUMS and negative(b):
        return build(np.subtract if f is np.add else np.add, a, -b)
    if f in (np.multiply, np.divide) and negative(a):
        return -build(f, -a, b)
    if f in (np.multiply, np.divide) and negative(b):
        return -build(f, a, -b)
    if f is np.power and a == EULER:
        return build(np.exp, b)
    if f is np.multiply and a.number and b.head is np.multiply and b.args[0].number:
        return build(f, build(f, a, b.args[0]), b.args[1])
    return Expr(f, (a, b))


def negative(e: Expr) -> bool:
    """Say whether `e` is written with a minus before it."""
    return e.head is np.negative or (e.number is not None and e.number < 0)


def chained(f: Any, args: list[Expr]) -> Expr:
    """Return `f` of all `args`, from left to right, as they stand; ONE if there are none."""
    total = args[0] if args else ONE
    for arg in args[1:]:
        total = Expr(f, (total, arg))
    return total
