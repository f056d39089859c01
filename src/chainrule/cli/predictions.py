"""A table with predictions beside its own columns, written the way the table was written."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from chainrule._files import replacing
from chainrule._languages import tr
from chainrule.cli.console import say
from chainrule.cli.errors import CommandError
from chainrule.linear_model.columns import Reading
from chainrule.linear_model.dialects import Dialect
from chainrule.linear_model.errors import quoted
from chainrule.linear_model.measures import decide
from chainrule.linear_model.model import TableModel
from chainrule.linear_model.tables import Table

__all__ = ["Predictions", "predict", "predicted_table", "write_table"]


@dataclass(frozen=True)
class Predictions:
    """Each row's class, as its place among the model's, and the probability of every class."""

    codes: NDArray[np.int64]
    probabilities: NDArray[np.float64]


def predict(model: TableModel, reading: Reading, threshold: float | None) -> Predictions:
    """Return what `model` says of the rows.

    Of two classes the second is predicted where its probability is at least `threshold`
    (by default 0.5), of several the most probable.
    """
    probabilities = model.probabilities(reading.features)
    return Predictions(
        decide(probabilities, 0.5 if threshold is None else threshold), probabilities
    )


def predicted_table(
    model: TableModel, table: Table, predictions: Predictions
) -> dict[str, Sequence[str]]:
    """Return the cells of every column: the table's own, the class, each class's probability."""
    added: dict[str, Sequence[str]] = {
        f"predicted_{model.target}": [model.classes[k] for k in predictions.codes]
    }
    columns = predictions.probabilities.T.tolist()
    for name, column in zip(model.classes, columns, strict=True):
        added[f"probability_{name}"] = [
            f"{number:.6g}".replace(".", table.dialect.decimal) for number in column
        ]
    taken = [name for name in added if name in table]
    if taken:
        raise CommandError(
            tr(
                "{path} already has a column {name}, as if it had been predicted before; rename "
                "it or take it out",
                path=table.path,
                name=quoted(taken[0]),
            )
        )
    return {**{name: table.cells[name].to_pylist() for name in table.names}, **added}


def write_table(columns: dict[str, Sequence[str]], dialect: Dialect, path: Path | None) -> None:
    """Write `columns` whole to `path`, or to standard output if it is None."""
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=dialect.separator, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(zip(*columns.values(), strict=True))
    if path is None and sys.stdout is not None and sys.stdout.isatty():
        say(text.getvalue().rstrip("\n"))  # in characters that the terminal can show
        return
    marked = dialect.byte_order_mark and dialect.encoding == "utf-8"
    encoding = "utf-8-sig" if marked else dialect.encoding
    try:
        content = text.getvalue().encode(encoding)
    except UnicodeEncodeError as error:
        raise CommandError(
            tr(
                "{text} in a class cannot be written in {encoding}, the table's encoding; save the "
                "table as utf-8 and try again",
                text=quoted(error.object[error.start : error.end]),
                encoding=dialect.encoding,
            )
        ) from None
    if path is None:
        if sys.stdout is not None:  # a program may be started with it closed
            sys.stdout.buffer.write(content)
            sys.stdout.flush()
        return
    with replacing(path) as new:
        new.write_bytes(content)
