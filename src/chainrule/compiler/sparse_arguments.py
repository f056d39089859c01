"""Arguments that are sparse rows of SciPy's: their parts, and what stands for them when staged.

The function meets a sparse array of ours, whose products with vectors and matrices are written down
as products with its rows.
"""

from __future__ import annotations

import importlib
from functools import cached_property
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from chainrule._core.values import Staged
from chainrule._rules.sparse import TURNED, Pattern, sparse_product

from .program import Call, Program, Var
from .refusals import refuse_sparse
from .sparse_rows import STORED, rows_times, times_rows

__all__ = ["SparseArgument", "examples", "in_rows"]

PARTS = ("values", "columns", "starts", "ends")


class SparseArgument:
    """The structure of an argument that is a matrix by rows: it has four leaves."""

    def __init__(self, matrix: Any) -> None:
        self.kind, self.width = type(matrix), matrix.shape[1]
        self.named = [(f"_{name}", ...) for name in PARTS]

    @staticmethod
    def leaves(matrix: Any) -> list[Any]:
        return [matrix.data, matrix.indices, matrix.indptr[:-1], matrix.indptr[1:]]

    def together(self, leaves: list[Any]) -> Any:
        """Return the matrix with these parts, as a function that is written down meets it."""
        values, columns, starts, ends = leaves
        if type(values) is not Staged:
            cuts = np.append(starts, ends[-1:]) if len(starts) else np.zeros(1, starts.dtype)
            return self.kind((values, columns, cuts), shape=(len(starts), self.width))
        arrays = importlib.import_module("chainrule.scipy.sparse._arrays")
        out = arrays.SparseArray.__new__(arrays.SparseArray)
        out.data, out.is_matrix = values, False
        out.pattern = RowPattern((columns, starts, ends), self.width)
        return out


class RowPattern(Pattern):
    """Where the stored values of an argument stand, known only when the program runs."""

    def __init__(self, parts: tuple[Any, Any, Any], width: int, turned: bool = False) -> None:
        self.parts, self.width = parts, width
        columns, starts, ends = (v.value for v in parts)
        self._matrix = columns, np.append(starts, ends[-1:]), (len(starts), width)
        self.format = "csc" if turned else "csr"
        self.shape = (width, len(starts)) if turned else (len(starts), width)
        self.known = None

    def with_values(self, data: Any) -> Any:
        columns, cuts, shape = self._matrix
        example = csr_array((data, columns, cuts), shape=shape)
        return example if self.format == "csr" else example.T

    @cached_property
    def T(self) -> Pattern:
        return RowPattern(self.parts, self.width, TURNED[self.format] == "csc")

    @property
    def coordinates(self) -> Any:
        return refuse_sparse()

    @property
    def places(self) -> Any:  # type: ignore[override]
        return refuse_sparse()


def examples(leaves: Any, width: int, rows: int) -> list[Any]:
    """Return parts like these `leaves` of a matrix with so many rows, of a few values each."""
    values, columns, starts, _ = leaves
    each = min(2, width)
    cuts = np.arange(0, each * rows + 1, each, dtype=starts.dtype)
    numbers = values if len(values) else np.ones(1, values.dtype)
    places = np.tile(np.arange(each), rows).astype(columns.dtype)
    return [np.resize(numbers, each * rows), places, cuts[:-1], cuts[1:]]


def in_rows(program: Program) -> Program:
    """Return the program with products of such patterns as products with rows."""
    calls = []
    for call in program.calls:
        options = dict(call.options)
        inputs = [*call.inputs]
        pattern = options.pop("pattern", None) or (inputs.pop() if len(inputs) > 2 else None)
        if call.function is sparse_product and isinstance(pattern, RowPattern):
            function = rows_times if pattern.format == "csr" else times_rows
            values, x = inputs
            columns, starts, ends = (v.link for v in pattern.parts)
            given = (values, columns, starts, ends, x, pattern.width)
            call = Call(function, given, {}, call.outputs)
        calls.append(call)
    return Program(program.inputs, calls, program.outputs)


def without_count(program: Program, first: list[int]) -> Program:
    """Return the program for any number of stored values: nothing but products reads them."""
    own: dict[Var, Var] = {}
    for k in first:
        for v in program.inputs[k : k + 2]:
            own[v] = Var(v.name, (STORED,), v.dtype)
    calls = []
    for call in program.calls:
        if call.function not in (rows_times, times_rows) and any(v in own for v in call.reads()):
            refuse_sparse()
        calls.append(call.with_(lambda v: own.get(v, v)))
    if any(v in own for v in program.outputs if isinstance(v, Var)):
        refuse_sparse()
    return Program([own.get(v, v) for v in program.inputs], calls, program.outputs)
