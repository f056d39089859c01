"""The column to be predicted: which classes it has, and which row is of which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule._languages import tr
from chainrule.linear_model.errors import TableError, quoted
from chainrule.linear_model.tables import Table

__all__ = ["Target", "read_target"]


@dataclass(frozen=True)
class Target:
    """The classes in order, each row's class as its place among them, -1 where missing."""

    name: str
    classes: tuple[str, ...]
    codes: NDArray[np.int64]

    @property
    def rows(self) -> NDArray[np.int64]:
        """The rows that have a class."""
        return np.flatnonzero(self.codes >= 0)


def read_target(table: Table, name: str) -> Target:
    """Return column `name` as classes: numbers ordered as numbers, texts as texts.

    Of several ways to write a number (1, 1.0) the first one seen names the class. Raises
    `TableError` for a column that is not there, is wholly missing, has one class, or has more
    classes than half the rows.
    """
    table.require(name)
    codes, texts = table.categories(name)
    if not texts:
        raise TableError(
            tr(
                "{path} has no value at all in column {name}, the target",
                path=table.path,
                name=quoted(name),
            )
        )
    numeric = table.numbers(name) is not None
    keys: list[Any] = [
        float(text.replace(table.dialect.decimal, ".")) if numeric else text for text in texts
    ]
    spelling: dict[Any, str] = {}
    for key, text in zip(keys, texts, strict=True):
        spelling.setdefault(key, text)
    place = {key: k for k, key in enumerate(sorted(spelling))}
    classes = tuple(spelling[key] for key in place)
    if len(classes) == 1:
        raise TableError(
            tr(
                "{path} has only one class in column {name} ({only}); there is nothing to tell "
                "apart",
                path=table.path,
                name=quoted(name),
                only=quoted(classes[0]),
            )
        )
    rows = int((codes >= 0).sum())
    if 2 * len(classes) > rows:
        raise TableError(
            tr(
                "{path} has {classes} classes in the {rows} rows of column {name}, more than half "
                "as many; --target wants a column of classes, not of amounts or of names such as "
                "{longest}",
                path=table.path,
                classes=len(classes),
                rows=rows,
                name=quoted(name),
                longest=quoted(max(classes, key=len)),
            )
        )
    # One place past the last text stands for a missing cell, which code -1 reaches.
    return Target(name, classes, np.array([place[key] for key in keys] + [-1])[codes])
