"""`chainrule predict`: a saved model and a new table in; the table with its predictions out."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chainrule._languages import tr, tr_n
from chainrule.cli.errors import CommandError, Commands
from chainrule.cli.options import add_dialect_options, check_outputs, probability
from chainrule.cli.output import Output
from chainrule.cli.parser import add_json_option, example
from chainrule.linear_model.errors import EncodingError, quoted

if TYPE_CHECKING:
    from chainrule.cli.predictions import Predictions
    from chainrule.linear_model.columns import Reading
    from chainrule.linear_model.dialects import Dialect
    from chainrule.linear_model.model import TableModel
    from chainrule.linear_model.tables import Table

__all__ = ["add_command", "run"]


def add_command(commands: Commands) -> None:
    """Add `predict` to the commands."""
    parser = commands.add_parser(
        "predict",
        help=tr("predict the classes of a table's rows with a saved model"),
        description=tr(
            "Write a table with each row's predicted class and the probability of every class "
            "beside its own columns. Columns may stand in any order, and there may be more. "
            "Missing cells are filled as in training; a text that training never saw counts as "
            "the commonest one, and is reported."
        ),
        epilog=example("chainrule predict cancer.json new.csv --out predicted.csv"),
    )
    parser.add_argument("model", type=Path, metavar="MODEL.json", help=tr("what fit --model wrote"))
    parser.add_argument("data", type=Path, metavar="NEW.csv", help=tr("the table"))
    parser.add_argument(
        "--out", type=Path, metavar="OUT.csv", help=tr("write here (default: standard output)")
    )
    parser.add_argument(
        "--threshold",
        type=probability,
        metavar="P",
        help=tr("of two classes, the second is predicted from this probability on (default: 0.5)"),
    )
    add_dialect_options(parser, encoding=None)
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Predict, write, and report what was not as in training."""
    out = Output.of(arguments)
    check_outputs([arguments.model, arguments.data], [arguments.out])

    from chainrule.cli.predictions import predict, predicted_table, write_table
    from chainrule.linear_model.model_file import load_model

    with out.timed(tr("read the model")):
        model = load_model(arguments.model)
    if arguments.threshold is not None and len(model.classes) != 2:
        raise CommandError(
            tr(
                "--threshold is for two classes, but {path} tells {classes} apart; leave it out, "
                "and the most probable class is predicted",
                path=arguments.model,
                classes=len(model.classes),
            )
        )
    with out.timed(tr("read the table")):
        table = _read(arguments, model.dialect)
        reading = model.read(table)
    remarks = _remarks(table, reading)
    for sentence in remarks:
        out.warn(sentence)
    with out.timed(tr("predicted the rows")):
        predictions = predict(model, reading, arguments.threshold)
    if arguments.out is not None or not out.json:
        cells = predicted_table(model, table, predictions)
        with out.timed(tr("wrote the table")):
            write_table(cells, table.dialect, arguments.out)
    if arguments.out is not None:
        out.note(
            tr_n(
                "Wrote {count} row with its predictions to {path}.",
                "Wrote {count} rows with their predictions to {path}.",
                table.rows,
                path=arguments.out,
            )
        )
    out.answer(_answer(arguments, model, table, predictions, remarks))
    return 0


def _answer(
    arguments: argparse.Namespace,
    model: TableModel,
    table: Table,
    predictions: Predictions,
    remarks: list[str],
) -> dict[str, Any]:
    """The predictions as named values; those that were written to a file are not said again."""
    answer = {
        "model": arguments.model,
        "table": arguments.data,
        "target": model.target,
        "classes": model.classes,
        "rows": table.rows,
        "notes": remarks,
    }
    if arguments.out is not None:
        return answer | {"written": arguments.out}
    return answer | {
        "predicted": [model.classes[k] for k in predictions.codes],
        "probabilities": predictions.probabilities,
    }


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
            texts = tr(", ").join(map(quoted, column.unseen[:5]))
            more = len(column.unseen) - 5
            if more > 0:
                texts = tr("{named} and {count} more", named=texts, count=more)
            remarks.append(
                tr(
                    "column {name} has in {unseen} of {rows} rows texts that training never saw "
                    "({texts}); they count as none of its indicators",
                    name=quoted(column.name),
                    unseen=column.unseen_rows,
                    rows=table.rows,
                    texts=texts,
                )
            )
        if column.filled:
            remarks.append(
                tr(
                    "column {name} lacks {missing} of {rows} cells, which were filled as in "
                    "training",
                    name=quoted(column.name),
                    missing=column.filled,
                    rows=table.rows,
                )
            )
    return remarks
