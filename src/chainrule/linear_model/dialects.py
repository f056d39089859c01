"""How a text table is written: its encoding, separator, decimal mark, and its header."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from pathlib import Path

from chainrule.linear_model.errors import EncodingError, TableError

__all__ = ["Dialect", "decoding_error", "detect"]

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
SAMPLE_BYTES = 1 << 16
SAMPLE_RECORDS = 100


@dataclass(frozen=True)
class Dialect:
    """How a table is written; `byte_order_mark` is what Excel needs to recognise UTF-8."""

    encoding: str = "utf-8"
    separator: str = ","
    decimal: str = "."
    byte_order_mark: bool = False

    def describe(self) -> str:
        """Return the dialect in words.

        >>> Dialect(separator=";", decimal=",").describe()
        'separated by semicolons, decimal mark ",", utf-8'
        """
        separated = SEPARATORS.get(self.separator, f'"{self.separator}"')
        decimal = "" if self.decimal == "." else f'decimal mark "{self.decimal}", '
        mark = " with a byte order mark" if self.byte_order_mark else ""
        return f"separated by {separated}, {decimal}{self.encoding}{mark}"


def detect(
    path: Path, encoding: str = "utf-8", separator: str | None = None, decimal: str = "."
) -> tuple[Dialect, tuple[str, ...]]:
    """Return how the table at `path` is written, and the cells of its header as they stand.

    Commas, semicolons and tabs are told apart by which of them cuts the first rows into
    equally many cells; another separator has to be named. Raises `TableError` for an empty or
    binary file and for text in another encoding, `OSError` for a file that cannot be read.
    """
    try:
        codec = codecs.lookup(encoding).name
    except LookupError:
        raise TableError(
            f'"{encoding}" is no encoding that Python knows; try utf-8, gb18030 or cp1252'
        ) from None
    sample, whole = _first_bytes(path)
    if not sample.strip(b"\xef\xbb\xbf \t\r\n"):
        raise TableError(f"{path} is empty")
    if b"\0" in sample and not codec.startswith(("utf-16", "utf-32")):
        if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise EncodingError(
                f"{path} is not {encoding} text; it is UTF-16: add --encoding utf-16"
            )
        raise TableError(
            f"{path} is not a text table (it holds zero bytes); save it as CSV and try again"
        )
    try:
        text = codecs.getincrementaldecoder(codec)().decode(sample, whole)
    except UnicodeDecodeError:
        raise decoding_error(path, encoding) from None
    marked = text.startswith("\ufeff")
    text = text.removeprefix("\ufeff")
    if not whole:  # the last line may have been cut
        text = text[: text.rindex("\n") + 1] if "\n" in text else text
    found = separator or max(SEPARATORS, key=lambda each: _evenness(text, each))
    if len(found) != 1 or not found.isascii() or found in '"\r\n':
        raise TableError(f'the separator has to be one ASCII character or "tab", not "{found}"')
    header, *rows = islice(_records(text, found), 2)
    if whole and not rows:
        raise TableError(f"{path} has a header but no rows")
    byte_order_mark = marked or codec == "utf-8-sig"
    name = "utf-8" if codec == "utf-8-sig" else codec
    return Dialect(name, found, decimal, byte_order_mark), tuple(header)


def decoding_error(path: Path, encoding: str) -> EncodingError:
    """Return the error that says in which line `path` stops being `encoding`, and what to try."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with path.open("rb") as file:
        for raw in file:
            try:
                decoder.decode(raw)
            except UnicodeDecodeError:
                break
            line += 1
    return EncodingError(
        f"{path} is not {encoding} text (line {line} does not decode); say how it is encoded "
        "with --encoding, for example gb18030 (Chinese) or cp1252 (Western Europe)"
    )


def _first_bytes(path: Path) -> tuple[bytes, bool]:
    """Return the file's beginning with its first line whole, and whether that is all of it."""
    with path.open("rb") as file:
        sample = file.read(SAMPLE_BYTES)
        if b"\n" not in sample:
            sample += file.readline()
        return sample, not file.read(1)


def _evenness(text: str, separator: str) -> tuple[bool, float, int]:
    """Order separators: cuts the header at all, agrees with it in most rows, cuts finest."""
    widths = [len(record) for record in islice(_records(text, separator), SAMPLE_RECORDS)]
    if not widths or widths[0] < 2:
        return (False, 0.0, 0)
    return (True, widths.count(widths[0]) / len(widths), widths[0])


def _records(text: str, separator: str) -> Iterator[list[str]]:
    """Yield the non-empty records of `text`; a record may hold line ends within quotes."""
    rows = csv.reader(StringIO(text, newline=""), delimiter=separator)
    try:
        yield from (record for record in rows if record)
    except csv.Error:
        return  # the reader proper says what is wrong and where
