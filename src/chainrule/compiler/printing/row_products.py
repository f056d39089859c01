"""Products of a matrix with a row for each row: which einsums are calls of the products library."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..program import Call, Var
from ..roles import row_axis
from ..sparse_rows import is_sparse_product, times_rows
from .nests import Nest
from .places import Leaf, Place
from .views import Sources
from .work import copied

__all__ = ["RowProduct", "with_products"]


@dataclass(eq=False)
class RowProduct:
    """`out = other @ X.T` of a block, or `out += other @ X`, where outputs come first.

    `other` is a value that lies in this order, but for parameters that are `turned`; so are results
    over the columns. With `squares` it is one number for each row, and the product
    `out += (other * X.T) @ X`.
    """

    matrix: Var
    other: Var
    out: Var
    sums: bool
    turned: bool
    many: bool
    squares: bool = False
    parts: tuple[Var, ...] = ()  # of a sparse matrix

    @property
    def outputs(self) -> list[Var]:
        return [self.out]

    def reads(self) -> list[Var]:
        return [*self.matrices, self.other]

    @property
    def matrices(self) -> tuple[Var, ...]:
        return self.parts or (self.matrix,)

    @property
    def function(self) -> str:
        if self.squares:
            return "add_squares"
        return ("add" if self.sums else "dot") + "s" * self.many + "_csr" * bool(self.parts)

    @property
    def module(self) -> str:
        return "sparse_products" if self.parts else "products"


def with_products(
    calls: list[Call], sources: Sources, inputs: set[Var], results: Iterable[Var]
) -> list[Any]:
    """Return the calls with nests in place of those that are products with an input."""
    found: list[Any] = []
    for call in calls:
        for product, before in candidates(call, sources, inputs):
            for extra in before:
                sources.makers[extra.output] = extra
            found += [*before, Nest([], block=product)]
            break
        else:
            found.append(call)
    return asked_for(found, results)


def asked_for(found: list[Any], results: Iterable[Var]) -> list[Any]:
    """Return the calls and products that lead to results: a product may not ask for an operand."""
    asked = set(results)
    kept: list[Any] = []
    for one in reversed(found):
        work = one.block if isinstance(one, Nest) else one
        if not asked.isdisjoint(work.outputs):
            asked.update(work.reads())
            kept.append(one)
    return kept[::-1]


def candidates(call: Call, sources: Sources, inputs: set[Var]) -> Any:
    """The ways to make a call by a product, each with the calls that lay its operands out."""
    if is_sparse_product(call):
        yield sparse_product(call, sources, inputs)
    if call.function is not np.einsum or len(call.inputs) != 3:
        return
    terms, out = call.inputs[0].replace(" ", "").split("->")
    (a, b), (x, y) = terms.split(","), call.inputs[1:]
    for letters, v, others, w in ((a, x, b, y), (b, y, a, x)):
        matrix = lies_as(v, letters, sources, inputs)
        if matrix is None or matrix[0].dtype.kind != "f" or w.dtype.kind != "f":
            continue
        X, row, column = matrix
        wide = [
            c for c, n in zip(others, w.shape, strict=True) if c not in (row, column) and n != 1
        ]
        if len(wide) > 1 or len(others) != len(set(others)):
            continue
        if column in others and row not in others and column not in out and row in out:
            yield projected(call, X, w, others, column, wide, sources, inputs)
        elif row in others and column not in others and row not in out and column in out:
            yield from squared(call, X, w, others, out, row, column, sources, inputs)
            yield summed(call, X, w, others, out, row, column, wide, sources, inputs)


def lies_as(v: Var, letters: str, sources: Sources, inputs: set[Var]) -> Any:
    """Return the input matrix that an operand is, or is the transpose of, and its two letters."""
    leaf = sources.element(v, tuple(map(Place, letters)))
    if not isinstance(leaf, Leaf) or leaf.var not in inputs or leaf.var.ndim != 2:
        return None
    if row_axis(leaf.var) != 0:
        return None
    names = [list(p.terms.items()) for p in leaf.at]
    if any(len(n) != 1 or n[0][1] != 1 for n in names) or any(p.offset for p in leaf.at):
        return None
    return leaf.var, names[0][0][0], names[1][0][0]


def projected(
    call: Call,
    X: Var,
    w: Var,
    others: str,
    column: str,
    wide: list[str],
    sources: Sources,
    inputs: Any,
) -> Any:
    """X @ w: the parameters are a plain input, or laid out anew."""
    order = [*wide, column]
    leaf = sources.element(w, tuple(map(Place, others)))
    plain = isinstance(leaf, Leaf) and leaf.var in inputs and leaf.var.ndim == len(order)
    if plain:
        at = [list(p.terms) for p in leaf.at]
        straight = at == [[c] for c in order] and not any(p.offset for p in leaf.at)
        turned = at == [[c] for c in reversed(order)] and not any(p.offset for p in leaf.at)
        if straight or turned:
            product = RowProduct(X, leaf.var, call.output, False, not straight, bool(wide))
            return product, []
    before, laid = laid_out(w, others, order)
    return RowProduct(X, laid, call.output, False, False, bool(wide)), before


def summed(
    call: Call, X: Var, r: Var, others: str, out: str, row: str, column: str, wide: list[str],
    sources: Sources, inputs: Any,
) -> Any:  # fmt: skip
    leaf = sources.element(r, tuple(map(Place, others)))
    before: list[Call] = []
    if not isinstance(leaf, Leaf) or leaf.var is not r or (r in inputs and wide):
        before, r = laid_out(r, others, [row, *wide])
    turned = bool(wide) and out.index(wide[0]) > out.index(column)
    return RowProduct(X, r, call.output, True, turned, bool(wide)), before


def squared(
    call: Call, X: Var, v: Var, letters: str, out: str, row: str, column: str,
    sources: Sources, inputs: Any,
) -> Any:  # fmt: skip
    """X' D X, where `v` is X.T once more, with its rows multiplied by a number each."""
    made = sources.makers.get(v)
    if made is None or made.function is not np.multiply or len(out) != 2 or v.ndim != 2:
        return
    for x, d in (made.inputs, made.inputs[::-1]):
        if not (isinstance(x, Var) and isinstance(d, Var) and x.shape == v.shape):
            continue
        matrix = lies_as(x, letters, sources, inputs)
        at = letters[2 - d.ndim :]
        alone = [c for c, n in zip(at, d.shape, strict=True) if n != 1] == [row]
        if matrix and matrix[:2] == (X, row) and alone and set(out) == {matrix[2], column}:
            before, laid = laid_out(d, at, [row])
            yield RowProduct(X, laid, call.output, True, False, False, True), before
            return


def sparse_product(call: Call, sources: Sources, inputs: set[Var]) -> Any:
    """A product with the rows of a sparse matrix; what it is given is laid out, if need be."""
    *parts, x, _ = call.inputs
    many, sums = x.ndim > 1, call.function is times_rows
    before: list[Call] = []
    if sums:
        letters = "rc"[: x.ndim]
        leaf = sources.element(x, tuple(map(Place, letters)))
        if not isinstance(leaf, Leaf) or leaf.var is not x or (x in inputs and many):
            before, x = laid_out(x, letters, list(letters))
    elif x not in inputs:
        letters = "jc"[: x.ndim]
        before, x = laid_out(x, letters, list(letters))
    matrix = parts[0]
    return RowProduct(matrix, x, call.output, sums, many, many, parts=tuple(parts)), before


def laid_out(v: Var, letters: str, order: list[str]) -> tuple[list[Call], Var]:
    """Return the calls that store a value with its axes in this order, without those of size 1."""
    sizes = dict(zip(letters, v.shape, strict=True))
    wide = [c for c in letters if c in order]
    narrow = Var(v.name, tuple(sizes[c] for c in wide), v.dtype)
    shaped = Call(np.reshape, (v, narrow.shape), {}, [narrow])
    moved = Var(v.name, tuple(sizes[c] for c in order), v.dtype)
    turn = Call(np.transpose, (narrow, tuple(wide.index(c) for c in order)), {}, [moved])
    stored = copied(moved)
    return [shaped, turn, stored], stored.output
