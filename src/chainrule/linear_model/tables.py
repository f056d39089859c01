"""Tables of text files: every cell is kept as it was written, and read as number or text later."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule._languages import tr
from chainrule._optional import library
from chainrule._text import shortened
from chainrule.linear_model.cells import read_cells, where
from chainrule.linear_model.dialects import Dialect, Header, detect
from chainrule.linear_model.errors import TableError, quoted

__all__ = ["MISSING", "Table", "read_table"]

MISSING = (
    *("", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "-nan", "NULL", "null", "None"),
    *("?", "."),  # the marks of the UCI tables and of SAS
)


@dataclass(frozen=True)
class Table:
    """A table read from `path`: the names of its columns and its cells, a pyarrow table of text."""

    path: Path
    dialect: Dialect
    header: Header
    cells: Any

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(self.cells.column_names)

    @property
    def rows(self) -> int:
        return int(self.cells.num_rows)

    def __contains__(self, name: str) -> bool:
        return name in self._names

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(self.names)

    @property
    def uncut(self) -> str:
        """What to add to an error where a separator was not found out; else nothing."""
        if len(self.names) == 1 and any(mark in self.names[0] for mark in "|:;,\t"):
            return tr("; if the header is more than one cell, name the separator with --separator")
        return ""

    def require(self, name: str) -> None:
        """Raise `TableError` if there is no column `name`, with the names that come nearest."""
        if name in self:
            return
        lowered = {each.lower(): each for each in self.names}
        near = [lowered[each] for each in get_close_matches(name.lower(), lowered, n=1, cutoff=0.4)]
        if near:
            hint = tr("did you mean {near}?", near=quoted(near[0]))
        else:
            hint = tr("it has: {names}", names=_some(self.names))
        lacks = tr(
            "{path} has no column {name}; {hint}", path=self.path, name=quoted(name), hint=hint
        )
        raise TableError(lacks + self.uncut)

    def texts(self, name: str) -> Any:
        """Return the cells of a column as a pyarrow array, trimmed, with null where missing."""
        compute = library("pyarrow.compute", extra="fit")
        arrow = library("pyarrow", extra="fit")
        trimmed = compute.utf8_trim_whitespace(self.cells[name].combine_chunks())
        missing = compute.is_in(trimmed, value_set=arrow.array(MISSING))
        return compute.if_else(missing, None, trimmed)

    def numbers(self, name: str) -> NDArray[np.float64] | None:
        """Return a column as numbers, NaN where missing; None if any cell is no number.

        Raises `TableError`, which names the row, for an infinity or a number too large.
        """
        arrow = library("pyarrow", extra="fit")
        try:
            numbers = _with_points(self.texts(name), self.dialect.decimal).cast(arrow.float64())
        except arrow.ArrowInvalid:
            return None
        values = np.asarray(numbers.to_numpy(zero_copy_only=False), dtype=np.float64)
        endless = np.flatnonzero(np.isinf(values))
        if endless.size:
            raise TableError(
                tr(
                    "{path} holds an infinite number in column {name}, {where}; correct the cell "
                    "or leave it empty",
                    path=self.path,
                    name=quoted(name),
                    where=self.where(int(endless[0])),
                )
            )
        return values

    def categories(self, name: str) -> tuple[NDArray[np.int64], list[str]]:
        """Return for each row which of the column's texts it has (-1 where missing), and those."""
        coded = self.texts(name).dictionary_encode()
        codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
        return codes.astype(np.int64), coded.dictionary.to_pylist()

    def not_numbers(self, name: str, decimal: str | None = None) -> NDArray[np.int64]:
        """Return which rows (counted from 0) have a text in column `name` that is no number.

        The decimal mark is that of the table unless told otherwise.
        """
        compute = library("pyarrow.compute", extra="fit")
        pattern = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
        matches = compute.match_substring_regex(
            _with_points(self.texts(name), decimal or self.dialect.decimal), pattern
        )
        return np.flatnonzero(~matches.fill_null(True).to_numpy(zero_copy_only=False))

    def other_decimal(self, name: str) -> str | None:
        """Return the other decimal mark if with it nearly all cells of a column are numbers."""
        other = {".": ",", ",": "."}[self.dialect.decimal]
        strange = len(self.not_numbers(name, other))
        present = self.rows - self.texts(name).null_count
        helps = strange < len(self.not_numbers(name))
        return other if helps and 10 * strange <= present else None

    def where(self, row: int) -> str:
        """Return how to find a row (counted from 0) in the file."""
        return where(self.path, self.dialect, self.header, row)


def _with_points(texts: Any, decimal: str) -> Any:
    if decimal == ".":
        return texts
    compute = library("pyarrow.compute", extra="fit")
    # A point is no decimal mark here: "1.5" must not pass for a number.
    pointless = compute.replace_substring(texts, ".", "?")
    return compute.replace_substring(pointless, decimal, ".")


def read_table(
    path: str | Path, *, encoding: str = "utf-8", separator: str | None = None, decimal: str = "."
) -> Table:
    """Return the table in the text file `path`, whose first row names the columns.

    `separator` is found out if it is a comma, a semicolon or a tab. Cells are quoted by `"`.
    Columns without a name are called `column_1`, … by their place. Raises `TableError` for what
    is no such table (empty, ragged, badly encoded, a name twice), and `OSError`.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "heights.csv"
    ...     _ = path.write_text("name;height\\nAda;1,63\\nBob;NA\\n", encoding="utf-8")
    ...     table = read_table(path, decimal=",")
    >>> table.names, table.rows, table.numbers("height")
    (('name', 'height'), 2, array([1.63,  nan]))
    """
    path = Path(path)
    dialect, header = detect(path, encoding, separator, decimal)
    return Table(path, dialect, header, read_cells(path, dialect, header))


def _some(names: tuple[str, ...], most: int = 8) -> str:
    named = tr(", ").join(shortened(name, 40) for name in names[:most])
    more = len(names) - most
    return tr("{named} and {count} more", named=named, count=more) if more > 0 else named
