"""`chainrule predict`: a saved model and a new table in; the table with its predictions out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from chainrule.cli.console import say
from chainrule.cli.errors import CommandError, Commands
from chainrule.cli.options import add_dialect_options, check_outputs, probability
from chainrule.linear_model.errors import EncodingError, quoted

if TYPE_CHECKING:
    from chainrule.linear_model.columns import Reading
    from chainrule.linear_model.dialects import Dialect
    from chainrule.linear_model.tables import Table

__all__ = ["add_command", "run"]


def add_command(commands: Commands) -> None:
    """Add `predict` to the commands."""
    parser = commands.add_parser(
        "predict",
        help="predict the classes of a table's rows with a saved model",
        description="Write a table with each row's predicted class and the probability of every "
        "class beside its own columns. Columns may stand in any order, and there may be more. "
        "Missing cells are filled as in training; a text that training never saw counts as the "
        "commonest one, and is reported.",
        epilog="example: chainrule predict cancer.json new.csv --out predicted.csv",
    )
    parser.add_argument("model", type=Path, metavar="MODEL.json", help="what fit --model wrote")
    parser.add_argument("data", type=Path, metavar="NEW.csv", help="the table")
    parser.add_argument(
        "--out", type=Path, metavar="OUT.csv", help="write here (default: standard output)"
    )
    parser.add_argument(
        "--threshold",
        type=probability,
        metavar="P",
        help="of two classes, the second is predicted from this probability on (default: 0.5)",
    )
    add_dialect_options(parser, encoding=None)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Predict, write, and report what was not as in training."""
    check_outputs([arguments.model, arguments.data], [arguments.out])

    from chainrule.cli.predictions import predicted_table, write_table
    from chainrule.linear_model.model_file import load_model

    model = load_model(arguments.model)
    if arguments.threshold is not None and len(model.classes) != 2:
        raise CommandError(
            f"--threshold is for two classes, but {arguments.model} tells "
            f"{len(model.classes)} apart; leave it out, and the most probable class is predicted"
        )
    table = _read(arguments, model.dialect)
    reading = model.read(table)
    for sentence in _remarks(table, reading):
        say(f"chainrule: note: {sentence}", sys.stderr)
    predicted = predicted_table(model, table, reading, arguments.threshold)
    write_table(predicted, table.dialect, arguments.out)
    if arguments.out is not None:
        say(f"Wrote {table.rows} rows with their predictions to {arguments.out}.")
    return 0


def _read(arguments: argparse.Namespace, trained: Dialect) -> Table:
    """Read the table as it was said, else as UTF-8, else as the training table was written."""
    from chainrule.linear_model.tables import read_table

    def read(encoding: str) -> Table:
        return read_table(
            arguments.data,
            encoding=encoding,
            separator=arguments.separator,
            decimal=arguments.decimal or trained.decimal,
        )

    try:
        return read(arguments.encoding or "utf-8")
    except EncodingError:
        if arguments.encoding or trained.encoding == "utf-8":
            raise
        return read(trained.encoding)


def _remarks(table: Table, reading: Reading) -> list[str]:
    remarks = []
    for column in reading.columns:
        if column.unseen:
            texts = ", ".join(map(quoted, column.unseen[:5]))
            more = f" and {len(column.unseen) - 5} more" if len(column.unseen) > 5 else ""
            remarks.append(
                f"column {quoted(column.name)} has in {column.unseen_rows} of {table.rows} rows "
                f"texts that training never saw ({texts}{more}); they count as none of its "
                "indicators"
            )
        if column.filled:
            remarks.append(
                f"column {quoted(column.name)} lacks {column.filled} of {table.rows} cells, which "
                "were filled as in training"
            )
    return remarks
