"""`chainrule fit`: a table in; a trained, explained, saved model out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from shlex import quote
from subprocess import list2cmdline

from chainrule.cli.console import say
from chainrule.cli.errors import CommandError, Commands
from chainrule.cli.options import add_dialect_options, at_least_zero, check_outputs, part, whole

__all__ = ["add_command", "run"]


def add_command(commands: Commands) -> None:
    """Add `fit` to the commands."""
    parser = commands.add_parser(
        "fit",
        help="train a logistic regression on a table",
        description="Train a logistic regression that predicts a column of a table from the "
        "others, and say how well it does on rows that it has not seen.",
        epilog="example: chainrule fit examples/data/breast_cancer.csv --target diagnosis "
        "--model cancer.json --plot cancer.png",
    )
    parser.add_argument("data", type=Path, metavar="DATA.csv", help="the table")
    parser.add_argument("--target", required=True, metavar="COLUMN", help="the column to predict")
    parser.add_argument("--model", type=Path, metavar="OUT.json", help="save the model here")
    parser.add_argument("--plot", type=Path, metavar="OUT.png", help="draw a picture of the fit")
    parser.add_argument(
        "--test-fraction",
        type=part,
        default=0.25,
        metavar="PART",
        help="which part of the rows is held out to judge the model; 0 for none (default: 0.25)",
    )
    parser.add_argument(
        "--seed",
        type=whole,
        default=0,
        metavar="NUMBER",
        help="chooses the rows that are held out (default: 0)",
    )
    parser.add_argument(
        "--l2",
        type=at_least_zero,
        default=1.0,
        metavar="STRENGTH",
        help="strength of the penalty on the weights of standardised columns, scikit-learn's 1/C; "
        "0 for none (default: 1)",
    )
    add_dialect_options(parser, encoding="utf-8")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Train, tell, save and draw."""
    check_outputs([arguments.data], [arguments.model, arguments.plot])
    if arguments.plot is not None:
        from chainrule.drawing.style import PictureError, check_format

        try:
            check_format(arguments.plot)
        except PictureError as error:
            raise CommandError(str(error)) from None

    from chainrule.cli.plan_report import report_plan
    from chainrule.cli.progress import Progress
    from chainrule.cli.training_report import report_training
    from chainrule.linear_model.model_file import save_model
    from chainrule.linear_model.tables import read_table
    from chainrule.linear_model.training import prepare, train

    table = read_table(
        arguments.data,
        encoding=arguments.encoding,
        separator=arguments.separator,
        decimal=arguments.decimal,
    )
    plan = prepare(
        table, arguments.target, test_fraction=arguments.test_fraction, seed=arguments.seed
    )
    say(report_plan(plan))
    with Progress(sys.stderr) as progress:
        training = train(plan, l2=arguments.l2, report=progress.show)

    written = []
    if arguments.model is not None:
        save_model(training.model, arguments.model)
        written.append(
            f"Wrote the model to {arguments.model}; use it with: "
            f"chainrule predict {_quoted(arguments.model)} NEW.csv"
        )
    if arguments.plot is not None:
        from chainrule.drawing.fitted import save_picture

        remarks = save_picture(training, arguments.plot)
        written += [f"Wrote the picture to {arguments.plot}.", *remarks]
    if not written:
        written.append(
            "Wrote nothing; --model OUT.json keeps the model, --plot OUT.png draws the fit."
        )
    for sentence in (report_training(training), *written):
        say(sentence)
    return 0


def _quoted(path: Path) -> str:
    """`path` as a shell takes it for one word."""
    return list2cmdline([str(path)]) if sys.platform == "win32" else quote(str(path))
