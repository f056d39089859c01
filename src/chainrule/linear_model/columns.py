"""Columns as a model sees them: numbers as they are, texts as indicators, gaps filled.

What a column is was decided on the rows that trained the model; the same decisions are then
applied to every other table, and they are what a model file keeps.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from chainrule._languages import tr, tr_n
from chainrule.linear_model.errors import TableError, quoted
from chainrule.linear_model.tables import Table

__all__ = [
    "Column",
    "LeftOut",
    "NumberColumn",
    "Reading",
    "TextColumn",
    "read_columns",
    "understand",
]

FloatArray = NDArray[np.float64]

MOST_TEXTS = 1000  # a column of more would fill the memory with its indicators


@dataclass(frozen=True)
class NumberColumn:
    """A column of numbers, one feature; a missing cell counts as `fill`."""

    name: str
    fill: float
    kind: Literal["numbers"] = "numbers"

    @property
    def features(self) -> tuple[str, ...]:
        return (self.name,)

    def read(self, table: Table) -> ColumnReading:
        values = table.numbers(self.name)
        if values is None:
            row = int(table.not_numbers(self.name)[0])
            text = table.texts(self.name)[row].as_py()
            raise TableError(
                tr(
                    "{path} holds {text} in column {name}, {where}, where the model expects a "
                    'number (decimal mark "{decimal}")',
                    path=table.path,
                    text=quoted(text),
                    name=quoted(self.name),
                    where=table.where(row),
                    decimal=table.dialect.decimal,
                )
            )
        missing = np.isnan(values)
        return ColumnReading(
            self.name, np.where(missing, self.fill, values)[:, np.newaxis], int(missing.sum())
        )


@dataclass(frozen=True)
class TextColumn:
    """A column of texts: an indicator (0 or 1) for each of `others`, none for `usual`.

    `usual` is the commonest text: a missing cell counts as it, and so does a text that training
    never saw, for it is none of the indicators.
    """

    name: str
    usual: str
    others: tuple[str, ...]
    kind: Literal["texts"] = "texts"

    @property
    def features(self) -> tuple[str, ...]:
        return tuple(f"{self.name}={other}" for other in self.others)

    def read(self, table: Table) -> ColumnReading:
        codes, texts = table.categories(self.name)
        indicator = {other: place for place, other in enumerate(self.others)}
        # One place past the last text stands for a missing cell, which code -1 reaches.
        places = np.array([indicator.get(text, -1) for text in texts] + [-1])[codes]
        matrix = (places[:, np.newaxis] == np.arange(len(self.others))).astype(np.float64)
        known = {self.usual, *self.others}
        unseen = tuple(text for text in texts if text not in known)
        of_unseen = np.isin(codes, [code for code, text in enumerate(texts) if text not in known])
        return ColumnReading(
            self.name, matrix, int((codes < 0).sum()), unseen, int(of_unseen.sum())
        )


Column = NumberColumn | TextColumn


@dataclass(frozen=True)
class ColumnReading:
    """A column's features, shape (rows, features), and what had to be done to get them."""

    name: str
    features: FloatArray
    filled: int
    unseen: tuple[str, ...] = ()
    unseen_rows: int = 0


@dataclass(frozen=True)
class Reading:
    """All features in the data's own units, shape (rows, features), and each column's reading."""

    features: FloatArray
    columns: tuple[ColumnReading, ...]


@dataclass(frozen=True)
class LeftOut:
    """A column that cannot help to predict, and why, in words."""

    name: str
    reason: str


def read_columns(columns: Sequence[Column], table: Table) -> Reading:
    """Return the features that `columns` make of `table`, whose columns may stand in any order.

    Raises `TableError` if columns are not there.
    """
    lacking = [column.name for column in columns if column.name not in table]
    if lacking:
        named = tr(", ").join(map(quoted, lacking[:8]))
        if len(lacking) > 8:
            named = tr("{named} and {count} more", named=named, count=len(lacking) - 8)
        lacks = tr_n(
            "{path} lacks the column {named} that the model needs",
            "{path} lacks the columns {named} that the model needs",
            len(lacking),
            path=table.path,
            named=named,
        )
        raise TableError(lacks + table.uncut)
    readings = tuple(column.read(table) for column in columns)
    return Reading(np.hstack([each.features for each in readings]), readings)


def understand(
    table: Table, target: str, training: NDArray[np.int64]
) -> tuple[list[Column], list[LeftOut]]:
    """Return what the columns of `table` but `target` are, judged by the rows `training`.

    A column is one of numbers if every cell that is not missing is a number. Left out are columns
    that never change and texts that hardly ever repeat (names, identifiers).
    """
    columns: list[Column] = []
    left_out = []
    for name in table.names:
        if name == target:
            continue
        judged = _understand_column(table, name, training)
        if isinstance(judged, LeftOut):
            left_out.append(judged)
        else:
            columns.append(judged)
    return columns, left_out


def _understand_column(table: Table, name: str, training: NDArray[np.int64]) -> Column | LeftOut:
    numbers = table.numbers(name)
    if numbers is not None:
        if np.isnan(numbers).all():
            raise TableError(
                tr(
                    "{path} has no value at all in column {name}; take the column out",
                    path=table.path,
                    name=quoted(name),
                )
            )
        numbers = numbers[training]
        present = numbers[~np.isnan(numbers)]
        if present.size == 0:
            return LeftOut(name, tr("no value in the training part"))
        fill = float(np.median(present))
        if (present == fill).all():
            return LeftOut(name, tr("always {value}", value=f"{fill:.15g}"))
        return NumberColumn(name, fill)
    codes, texts = table.categories(name)
    counts = np.bincount(codes[training] + 1, minlength=len(texts) + 1)[1:]
    seen = sorted(text for text, count in zip(texts, counts, strict=True) if count)
    if not seen:
        return LeftOut(name, tr("no value in the training part"))
    if len(seen) == 1:
        return LeftOut(name, tr("always {value}", value=quoted(seen[0])))
    if 2 * len(seen) > counts.sum() or len(seen) > MOST_TEXTS:
        return LeftOut(
            name, tr("{texts} different texts in {rows} rows", texts=len(seen), rows=counts.sum())
        )
    count_of = dict(zip(texts, counts, strict=True))
    usual = max(seen, key=lambda text: count_of[text])  # the first of several in sorted order
    return TextColumn(name, usual, tuple(text for text in seen if text != usual))
