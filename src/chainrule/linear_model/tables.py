"""Tables of text files: every cell is kept as it was written, and read as number or text later.

pyarrow reads the file: it cuts CSV at hundreds of megabytes a second, quotes and line ends within
quotes included, and hands out record batches, the blocks in which larger files will be read.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule._languages import tr
from chainrule._optional import library
from chainrule._text import shortened
from chainrule.linear_model.dialects import Dialect, Header, decoding_error, detect
from chainrule.linear_model.errors import TableError, quoted

__all__ = ["MISSING", "Table", "read_table"]

MISSING = (
    *("", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "-nan", "NULL", "null", "None"),
    *("?", "."),  # the marks of the UCI tables and of SAS
)

BLOCK_BYTES = 1 << 24  # more than any honest row: pyarrow fails on one that spans two blocks

PYARROW_CODECS = {"utf-8": "utf8"}


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
        return _where(self.path, self.dialect, self.header, row)


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
    return Table(path, dialect, header, _read_cells(path, dialect, header))


def _names(path: Path, header: Header) -> tuple[str, ...]:
    place_of: dict[str, int] = {}
    for place, cell in enumerate(header.cells, start=1):
        name = cell.strip() or f"column_{place}"
        if place_of.setdefault(name, place) != place:
            raise TableError(
                tr(
                    "{path} names two columns {name} (columns {first} and {second}); "
                    "rename one of them",
                    path=path,
                    name=quoted(name),
                    first=place_of[name],
                    second=place,
                )
            )
    return tuple(place_of)


def _read_cells(path: Path, dialect: Dialect, header: Header) -> Any:
    names = _names(path, header)
    arrow = library("pyarrow", extra="fit")
    arrow_csv = library("pyarrow.csv", extra="fit")
    ragged = []

    def refuse(row: Any) -> str:
        ragged.append(row)
        return "error"

    try:
        with path.open("rb") as file:
            return arrow_csv.read_csv(
                file,
                # One thread, for only then does pyarrow know the number of a ragged row.
                arrow_csv.ReadOptions(
                    use_threads=False,
                    block_size=BLOCK_BYTES,
                    column_names=names,
                    skip_rows=header.end,
                    encoding=PYARROW_CODECS.get(dialect.encoding, dialect.encoding),
                ),
                arrow_csv.ParseOptions(
                    delimiter=dialect.separator,
                    newlines_in_values=True,
                    invalid_row_handler=refuse,
                ),
                arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, arrow.string()), strings_can_be_null=False
                ),
            )
    except UnicodeError:
        raise decoding_error(path, dialect.encoding) from None
    except arrow.ArrowInvalid as error:
        if ragged:
            raise _ragged(path, dialect, header, ragged[0]) from None
        if "UTF8" in str(error):
            raise decoding_error(path, dialect.encoding) from None
        reason = str(error).partition("\n")[0]
        raise TableError(
            tr(
                "{path} cannot be read as a table ({reason}); look for a quote that is not closed",
                path=path,
                reason=reason,
            )
        ) from None


def _ragged(path: Path, dialect: Dialect, header: Header, row: Any) -> TableError:
    where = _where(path, dialect, header, row.number - header.end - 1)
    return TableError(
        tr(
            "{path} has {cells} cells in {where}, where the header has {expected}: {text}",
            path=path,
            cells=row.actual_columns,
            where=where,
            expected=row.expected_columns,
            text=quoted(row.text),
        )
    )


def _where(path: Path, dialect: Dialect, header: Header, row: int) -> str:
    """Return how to find a row of cells (counted from 0) in the file, as a spreadsheet counts.

    There every blank line is a row, and a record of several lines is one. pyarrow passes over
    blank lines without a word, so they are counted anew, which only an error has to wait for.
    """
    with path.open(encoding=dialect.encoding, errors="replace", newline="") as file:
        records = csv.reader(islice(file, header.start, None), delimiter=dialect.separator)
        filled = (place for place, record in enumerate(records, header.start + 1) if record)
        try:
            return tr("row {number}", number=next(islice(filled, row + 1, None)))
        except (csv.Error, StopIteration):  # a cell that the standard library finds too long
            return tr("data row {number} (blank lines not counted)", number=row + 1)


def _some(names: tuple[str, ...], most: int = 8) -> str:
    named = tr(", ").join(shortened(name, 40) for name in names[:most])
    more = len(names) - most
    return tr("{named} and {count} more", named=named, count=more) if more > 0 else named
