"""How a text table is written: its encoding, separator, decimal mark, and its header."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from itertools import islice
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from chainrule._languages import mark, tr
from chainrule.linear_model.errors import EncodingError, TableError, quoted

__all__ = ["Dialect", "Header", "decoding_error", "detect"]

SEPARATORS = {",": mark("commas"), ";": mark("semicolons"), "\t": mark("tabs")}
SAMPLE_BYTES = 1 << 16
SAMPLE_RECORDS = 100


@dataclass(frozen=True)
class Dialect:
    """How a table is written; `byte_order_mark` is what Excel needs to recognise UTF-8.

    Raises `TableError` for an encoding, a separator or a decimal mark that no table has.
    """

    encoding: str = "utf-8"
    separator: str = ","
    decimal: str = "."
    byte_order_mark: bool = False

    def __post_init__(self) -> None:
        _codec(self.encoding)
        cut = self.separator
        if len(cut) != 1 or not cut.isascii() or cut in '"\r\n\0':
            raise TableError(
                tr(
                    'the separator has to be one ASCII character or "tab", not {given}',
                    given=quoted(cut),
                )
            )
        if self.decimal not in (".", ","):
            raise TableError(
                tr(
                    "the decimal mark has to be a point or a comma, not {given}",
                    given=quoted(self.decimal),
                )
            )

    def describe(self) -> str:
        """Return the dialect in words.

        >>> Dialect(separator=";", decimal=",").describe()
        'separated by semicolons, decimal mark ",", utf-8'
        """
        separated = tr(SEPARATORS.get(self.separator, f'"{self.separator}"'))
        reading = tr("separated by {marks}", marks=separated)
        if self.decimal != ".":
            decimal = tr('decimal mark "{decimal}"', decimal=self.decimal)
            reading = tr("{first}, {second}", first=reading, second=decimal)
        encoding = self.encoding
        if self.byte_order_mark:
            encoding = tr("{encoding} with a byte order mark", encoding=encoding)
        return tr("{first}, {second}", first=reading, second=encoding)


@dataclass(frozen=True)
class Header:
    """The header's cells as they stand, and after how many lines of the file it starts and ends."""

    cells: tuple[str, ...]
    start: int
    end: int


def detect(
    path: Path, encoding: str = "utf-8", separator: str | None = None, decimal: str = "."
) -> tuple[Dialect, Header]:
    """Return how the table at `path` is written, and its header.

    Blank lines before the header are passed over, and a line such as `sep=;`, by which Excel is
    told the separator. Otherwise commas, semicolons and tabs are told apart by which of them cuts
    the first rows into equally many cells; another separator has to be named. Raises `TableError`
    for an empty or binary file and for text in another encoding, `OSError` for a file that cannot
    be read.
    """
    codec = _codec(encoding)
    sample, whole = _first_bytes(path)
    if not sample.strip(b"\xef\xbb\xbf \t\r\n"):
        raise TableError(tr("{path} is empty", path=path))
    if b"\0" in sample and not codec.startswith(("utf-16", "utf-32")):
        if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise EncodingError(
                tr(
                    "{path} is not {encoding} text; it is UTF-16: add --encoding utf-16",
                    path=path,
                    encoding=encoding,
                )
            )
        raise TableError(
            tr(
                "{path} is not a text table (it holds zero bytes); save it as CSV and try again",
                path=path,
            )
        )
    try:
        text = codecs.getincrementaldecoder(codec)().decode(sample, whole)
    except UnicodeError:
        raise decoding_error(path, encoding) from None
    marked = text.startswith("\ufeff")
    text = text.removeprefix("\ufeff")
    if not whole:  # the last line may have been cut
        text = text[: text.rindex("\n") + 1] if "\n" in text else text
    start, told, text = _without_preamble(text)
    dialect = Dialect(
        "utf-8" if codec == "utf-8-sig" else codec,
        separator or told or max(SEPARATORS, key=lambda each: _evenness(text, each)),
        decimal,
        marked or codec == "utf-8-sig",
    )
    records = list(islice(_records(text, dialect.separator), 2))
    if not records:
        raise TableError(
            tr(
                "{path} has no header that names its columns, but {text}",
                path=path,
                text=quoted(text),
            )
        )
    (end, header), *rows = records
    if whole and not rows:
        if end > 1:
            raise TableError(
                tr(
                    "{path} has a header but no rows over several lines; look for a quote that is "
                    "not closed",
                    path=path,
                )
            )
        raise TableError(tr("{path} has a header but no rows", path=path))
    return dialect, Header(tuple(header), start, start + end)


def _codec(encoding: str) -> str:
    """Return Python's name for a text encoding."""
    try:
        codec = codecs.lookup(encoding)
        # Python also calls hex and rot13 codecs, which decode no text from bytes.
        if codec._is_text_encoding and codec.incrementaldecoder is not None:
            return codec.name
    except (LookupError, ValueError):
        pass
    raise TableError(
        tr(
            "{encoding} is no encoding of text that Python knows; try utf-8, gb18030 or cp1252",
            encoding=quoted(encoding),
        )
    )


def _without_preamble(text: str) -> tuple[int, str | None, str]:
    """Return how many lines come before the header, the separator they tell, and the rest."""
    lines = StringIO(text, newline="")
    passed, told, at = 0, None, 0
    for line in lines:
        separator = re.fullmatch(r'"?sep=(.)"?', line.strip("\r\n"), re.IGNORECASE)
        if separator and told is None:
            told = separator[1]
        elif line.strip(" \r\n"):
            break
        passed += 1
        at += len(line)
    return passed, told, text[at:]


def decoding_error(path: Path, encoding: str) -> EncodingError:
    """Return the error that says in which line `path` stops being `encoding`, and what to try."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with path.open("rb") as file:
        for raw in file:
            try:
                decoder.decode(raw)
            except UnicodeError:
                break
            line += 1
    return EncodingError(
        tr(
            "{path} is not {encoding} text (line {line} does not decode); say how it is encoded "
            "with --encoding, for example utf-8, gb18030 (Chinese) or cp1252 (Western Europe)",
            path=path,
            encoding=encoding,
            line=line,
        )
    )


def _first_bytes(path: Path) -> tuple[bytes, bool]:
    """Return the file's beginning with its first line whole, and whether that is all of it."""
    # A table is read twice, its beginning before the whole, which a pipe does not survive.
    kind = path.stat().st_mode
    if not (S_ISREG(kind) or S_ISDIR(kind)):  # opening a directory says what is wrong with it
        raise TableError(
            tr(
                "{path} is a pipe or a device, not a file; save the table as a file and try again",
                path=path,
            )
        )
    with path.open("rb") as file:
        sample = file.read(SAMPLE_BYTES)
        if b"\n" not in sample:
            sample += file.readline()
        return sample, not file.read(1)


def _evenness(text: str, separator: str) -> tuple[bool, float, int]:
    """Order separators: cuts the header at all, agrees with it in most rows, cuts finest."""
    widths = [len(record) for _, record in islice(_records(text, separator), SAMPLE_RECORDS)]
    if not widths or widths[0] < 2:
        return (False, 0.0, 0)
    return (True, widths.count(widths[0]) / len(widths), widths[0])


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the non-empty records of `text`, each with the line that it ends in.

    A record may hold line ends within quotes.
    """
    rows = csv.reader(StringIO(text, newline=""), delimiter=separator)
    try:
        yield from ((rows.line_num, record) for record in rows if record)
    except csv.Error:
        return  # the reader proper says what is wrong and where
