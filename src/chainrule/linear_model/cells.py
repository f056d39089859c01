"""The cells of a text file, read by pyarrow, and where each is found in it.

pyarrow cuts CSV at hundreds of megabytes a second, quotes and line ends within quotes included, and
hands out record batches, the blocks in which larger files will be read.
"""

from __future__ import annotations

import csv
from itertools import islice
from pathlib import Path
from typing import Any

from chainrule._languages import tr
from chainrule._optional import library
from chainrule.linear_model.dialects import Dialect, Header, decoding_error
from chainrule.linear_model.errors import TableError, quoted

__all__ = ["read_cells", "where"]

BLOCK_BYTES = 1 << 24  # more than any honest row: pyarrow fails on one that spans two blocks

PYARROW_CODECS = {"utf-8": "utf8"}


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


def read_cells(path: Path, dialect: Dialect, header: Header) -> Any:
    """Return the cells of the table at `path`, a pyarrow table of text.

    Raises `TableError` for what has not as many cells in each row, or a name twice.
    """
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
    place = where(path, dialect, header, row.number - header.end - 1)
    return TableError(
        tr(
            "{path} has {cells} cells in {where}, where the header has {expected}: {text}",
            path=path,
            cells=row.actual_columns,
            where=place,
            expected=row.expected_columns,
            text=quoted(row.text),
        )
    )


def where(path: Path, dialect: Dialect, header: Header, row: int) -> str:
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
