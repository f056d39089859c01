"""The texts of a kernel: names of values, places in arrays, elements as expressions."""

from __future__ import annotations

import keyword
from collections import Counter as Count
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..program import Var
from ..roles import row_axis
from ..sizes import Size
from .expressions import Text
from .places import Choice, Counter, Leaf, Number, Place, Quotient, Total, variables
from .scalars import CHOICE, COMPARED, ELEMENTARY, NORMAL, SUM, literal

__all__ = ["FreshNames", "Texts"]

LONG = 60  # characters of an expression that gets a name of its own
RESERVED = {
    *keyword.kwlist, *ELEMENTARY, *NORMAL, *"cdefghijklpqmn", "lo", "np", "start", "stop", "njit",
    "KERNEL", "plus", "within", "checked", "wrapped", "floor_divide", "dot", "dots", "add", "adds",
    "dot_csr", "dots_csr", "add_csr", "adds_csr", "add_squares", "mirror", "range", "min", "max",
    "abs", "len",
}  # fmt: skip
# How results are called that have no name yet.
CALLED = {
    "einsum": "z", "exp": "e", "max": "top", "min": "least", "sum": "total", "where": "chosen",
    "tanh": "h", "expit": "p", "log": "log_", "gather": "slope",
}  # fmt: skip


class FreshNames:
    """Names that are used once each."""

    def __init__(self) -> None:
        self.taken: set[str] = set(RESERVED)

    def new(self, name: str) -> str:
        """Return `name`, or the first of `name2`, `name3`, ... that is free."""
        name = name if name.isidentifier() else "value"
        free, k = name, 1
        while free in self.taken:
            k += 1
            free = f"{name}{k}"
        self.taken.add(free)
        return free


class Texts:
    """Texts of elements, in one nest after the other.

    `arrays` are the names of the values that lie in arrays; `whole` those whose rows are all rows,
    not only a block's; those `given` are inputs; `numbers` are local names by value and places.
    """

    def __init__(self, names: FreshNames, offset: str = "") -> None:
        self.names = names
        self.offset = offset  # of the block's first row
        self.arrays: dict[Var, str] = {}
        self.whole: set[Var] = set()
        self.given: set[Var] = set()
        self.dropped: set[Var] = set()  # arrays that have no axes of size 1
        self.step_of: dict[Var, tuple[Place, ...]] = {}  # in arrays of what all steps give
        self.scalars: dict[Var, Text] = {}
        self.numbers: dict[tuple[Var, tuple[Place, ...]], Text] = {}
        self.reads: Count[tuple[Var, tuple[Place, ...]]] = Count()
        self.inner = ""  # the variable of the innermost loop
        self.before: list[str] = []  # lines before the innermost loop
        self.lines: list[str] = []  # lines in it
        self.stores: list[str] = []  # the last of them
        self.updated: set[Var] = set()  # values that take the place of what the nest reads
        self.choosing = 0
        self.checks: dict[tuple[Var, int], None] = {}  # indices, and the sizes of their axes
        self.helpers: set[str] = set()  # functions of ours that are called
        self.rows = False  # the text of the number of rows is asked for

    @contextmanager
    def one_side(self) -> Iterator[None]:
        """What a choice may not take is not read beforehand: its places may not exist."""
        self.choosing += 1
        yield
        self.choosing -= 1

    # ---- elements

    def text(self, tree: Any, dtype: Any = None) -> Text:
        if isinstance(tree, Leaf):
            return self.element(tree)
        if isinstance(tree, Number):
            if isinstance(tree.value, Size):
                return self.size(tree.value)
            return literal(tree.value, tree.dtype or dtype or np.asarray(tree.value).dtype)
        if isinstance(tree, Counter):
            return self.place(tree.place, True)
        if isinstance(tree, Total):
            parts = [self.text(term).within(SUM) for term in tree.terms]
            return Text(" + ".join(parts), SUM)
        assert isinstance(tree, Choice)
        holds = " and ".join(self.comparison(*compared) for compared in tree.holds)
        with self.one_side():
            yes, no = self.text(tree.yes), self.text(tree.no)
        return Text(f"{yes.within(CHOICE + 1)} if {holds} else {no.within(CHOICE)}", CHOICE)

    def comparison(self, a: Place, symbol: str, b: Place) -> str:
        return f"{self.place(a).within(COMPARED + 1)} {symbol} {self.place(b).within(COMPARED + 1)}"

    def size(self, size: Size) -> Text:
        self.rows = True
        text = repr(size)
        return Text(text, 9 if text.isidentifier() else SUM)

    def element(self, leaf: Leaf) -> Text:
        var, key = leaf.var, (leaf.var, leaf.at)
        if key in self.numbers:
            return self.numbers[key]
        if var in self.scalars:
            return self.scalars[var]
        name = self.arrays[var]
        text = f"{name}[{self.places(leaf)}]"
        if self.choosing:
            return Text(text)
        outside = bool(self.inner) and self.inner not in variables(leaf)
        if outside or self.reads[key] > 1:
            local = self.names.new(self.called(name, leaf.at))
            (self.before if outside else self.lines).append(f"{local} = {text}")
            self.numbers[key] = Text(local)
            return Text(local)
        return Text(text)

    def called(self, name: str, at: tuple[Place, ...]) -> str:
        """Return a name for an element: `x0` of `x[0]`, `x_i` of `x[i]`, `X0` of `X[i, 0]`."""
        letters = "".join(s for p in at for s in p.terms if isinstance(s, str))
        digits = "_".join(str(p.offset) for p in at if not p.terms)
        if digits and letters in ("", "i"):
            return f"{name}_{digits}" if name[-1].isdigit() else name + digits
        return f"{name}_{letters}{digits}" if letters or digits else f"{name}_one"

    # ---- places

    def places(self, leaf: Leaf) -> str:
        at = self.stored_at(leaf)
        return ", ".join(self.place(p, leaf.var in self.whole).text for p in at) or "0"

    def stored_at(self, leaf: Leaf) -> list[Place]:
        """The places in the array that a value lies in: a buffer has the rows last."""
        if leaf.var not in self.dropped:
            return [*self.step_of.get(leaf.var, ()), *leaf.at]
        axes = [k for k, n in enumerate(leaf.var.shape) if n != 1]
        if self.offset:
            axes.sort(key=lambda k: k == row_axis(leaf.var))
        return [leaf.at[k] for k in axes]

    def block_of(self, v: Var) -> str:
        """The index of all of an array that a block of rows has to do with."""
        axis = row_axis(v)
        if axis is None or not self.offset:
            return ":"
        if v in self.dropped:
            return ", ".join([":"] * (sum(n != 1 for n in v.shape) - 1) + [":m"])
        return ", ".join([":"] * axis + [f"{self.offset}:{self.offset} + m"])

    def place(self, place: Place, whole: bool = False) -> Text:
        parts = []
        for symbol, times in place.terms.items():
            text = self.symbol(symbol, whole)
            if abs(times) != 1:
                text = Text(f"{abs(times)} * {text.within(7)}", 6)
            parts.append(("-" if times < 0 else "+", text.within(6 if times < 0 else SUM)))
        if place.offset or not parts:
            parts.append(("-" if place.offset < 0 else "+", str(abs(place.offset))))
        parts.sort(key=lambda part: part[0] == "-")
        said = ("" if parts[0][0] == "+" else "-") + parts[0][1]
        said += "".join(f" {sign} {text}" for sign, text in parts[1:])
        return Text(said, 9 if len(parts) == 1 and parts[0][0] == "+" and said.isalnum() else SUM)

    def symbol(self, symbol: Any, whole: bool) -> Text:
        if isinstance(symbol, Quotient):
            divided = "%" if symbol.rest else "//"
            return Text(f"{self.place(symbol.place).within(6)} {divided} {symbol.size}", 6)
        if isinstance(symbol, str):
            shifted = whole and symbol == "i" and self.offset
            return Text(f"{self.offset} + {symbol}", SUM) if shifted else Text(symbol)
        return self.picked(symbol.element, symbol.size)

    def picked(self, element: Any, size: int) -> Text:
        """The text of an index, counted from the start; all of an array's are checked at once."""
        text = self.text(element)
        if isinstance(element, Leaf):
            known = element.var.constant
            if known is not None and (known >= 0).all():
                return text
            if element.var in self.given:
                self.checks[element.var, size] = None
                self.helpers.add("wrapped")
                return Text(f"wrapped({text.text}, {size})")
        self.helpers.add("checked")
        return Text(f"checked({text.text}, {size})")
