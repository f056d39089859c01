"""Where in an array a loop reads: places, and the elements that stand there.

A place is a whole number, one for each axis, that depends on the variables of the loops: `j + 1` of
`x[1:]`, `i` and 0 of a column that is broadcast.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ..program import Var

__all__ = [
    "Choice",
    "Counter",
    "Leaf",
    "Number",
    "Picked",
    "Place",
    "Quotient",
    "Total",
    "leaves",
    "variables",
]


class Place:
    """A whole number in terms of loop variables, and of numbers read: `2 * i + 1`, `y[i]`.

    Its symbols are names of loop variables, quotients of places, and indices that are themselves
    read from an array.
    """

    __slots__ = ("offset", "terms")

    def __init__(self, terms: dict[Any, int] | str | None = None, offset: int = 0) -> None:
        terms = {terms: 1} if isinstance(terms, str) else terms or {}
        self.terms = {symbol: times for symbol, times in terms.items() if times}
        self.offset = offset

    def __add__(self, other: Place | int) -> Place:
        if isinstance(other, int):
            return Place(self.terms, self.offset + other)
        terms = dict(self.terms)
        for symbol, times in other.terms.items():
            terms[symbol] = terms.get(symbol, 0) + times
        return Place(terms, self.offset + other.offset)

    def __mul__(self, times: int) -> Place:
        return Place({s: times * t for s, t in self.terms.items()}, times * self.offset)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Place) and (self.terms, self.offset) == (other.terms, other.offset)

    def __hash__(self) -> int:
        return hash((frozenset(self.terms.items()), self.offset))

    def divided(self, size: int) -> tuple[Place, Place]:
        """Return quotient and remainder by `size`, of numbers that are not negative."""
        whole = {s: times // size for s, times in self.terms.items() if times % size == 0}
        apart = {s: times for s, times in self.terms.items() if times % size}
        if not apart:
            return Place(whole, self.offset // size), Place(offset=self.offset % size)
        rest = Place(apart, self.offset)
        return Place({**whole, Quotient(rest, size): 1}), Place({Quotient(rest, size, True): 1})


@dataclass(frozen=True)
class Quotient:
    """`place // size`, or what is left of it, as a symbol of other places."""

    place: Place
    size: int
    rest: bool = False


@dataclass(frozen=True)
class Leaf:
    """An element of an array."""

    var: Var
    at: tuple[Place, ...]


@dataclass(frozen=True)
class Picked:
    """An element of an array of indices, as a symbol of places along an axis of some size."""

    element: Any
    size: int


@dataclass(frozen=True)
class Number:
    value: Any
    dtype: Any


@dataclass(frozen=True)
class Counter:
    """A place as a number: an element of np.arange."""

    place: Place


@dataclass(frozen=True)
class Choice:
    """`yes` if all comparisons of places hold, else `no`."""

    holds: tuple[tuple[Place, str, Place], ...]
    yes: Any
    no: Any


@dataclass(frozen=True)
class Total:
    """A sum of elements."""

    terms: tuple[Any, ...]


def leaves(tree: Any) -> Iterator[Leaf]:
    """The elements that `tree` reads, those that say where to read among them."""
    if isinstance(tree, Leaf):
        yield tree
    for part in inside(tree):
        yield from leaves(part)


def variables(tree: Any) -> Iterator[str]:
    """The variables of loops that `tree` depends on."""
    if isinstance(tree, str):
        yield tree
    for part in inside(tree):
        yield from variables(part)


def inside(tree: Any) -> Iterable[Any]:
    """What a place, or what stands at one, is made of, one level down."""
    match tree:
        case Leaf():
            return tree.at
        case Place():
            return tree.terms
        case Quotient() | Counter():
            return (tree.place,)
        case Picked():
            return (tree.element,)
        case Choice():
            return *(p for a, _, b in tree.holds for p in (a, b)), tree.yes, tree.no
        case Total():
            return tree.terms
    return ()
