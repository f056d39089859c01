"""`chainrule fit`: a table in; a trained, explained, saved model out."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from chainrule._languages import tr
from chainrule.cli.errors import Commands
from chainrule.cli.options import (
    add_dialect_options,
    at_least_zero,
    check_outputs,
    check_picture,
    part,
    whole,
)
from chainrule.cli.output import Output
from chainrule.cli.parser import add_json_option, example

if TYPE_CHECKING:
    from chainrule.linear_model.solvers import Step
    from chainrule.linear_model.training import Plan, Training

__all__ = ["add_command", "run"]


def add_command(commands: Commands) -> None:
    """Add `fit` to the commands."""
    parser = commands.add_parser(
        "fit",
        help=tr("train a logistic regression on a table"),
        description=tr(
            "Train a logistic regression that predicts a column of a table from the others, and "
            "say how well it does on rows that it has not seen."
        ),
        epilog=example(
            "chainrule fit examples/data/breast_cancer.csv --target diagnosis",
            "chainrule fit new.csv --target kind --model kind.json --plot kind.png",
        ),
    )
    parser.add_argument("data", type=Path, metavar="DATA.csv", help=tr("the table"))
    parser.add_argument(
        "--target", required=True, metavar="COLUMN", help=tr("the column to predict")
    )
    parser.add_argument("--model", type=Path, metavar="OUT.json", help=tr("save the model here"))
    parser.add_argument(
        "--plot", type=Path, metavar="OUT.png", help=tr("draw a picture of the fit")
    )
    parser.add_argument(
        "--test-fraction",
        type=part,
        default=0.25,
        metavar="PART",
        help=tr(
            "which part of the rows is held out to judge the model; 0 for none (default: 0.25)"
        ),
    )
    parser.add_argument(
        "--seed",
        type=whole,
        default=0,
        metavar="NUMBER",
        help=tr("chooses the rows that are held out (default: 0)"),
    )
    parser.add_argument(
        "--l2",
        type=at_least_zero,
        default=1.0,
        metavar="STRENGTH",
        help=tr(
            "strength of the penalty on the weights of standardised columns, scikit-learn's 1/C; "
            "0 for none (default: 1)"
        ),
    )
    add_dialect_options(parser, encoding="utf-8")
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Train, tell, save and draw."""
    out = Output.of(arguments)
    check_outputs([arguments.data], [arguments.model, arguments.plot])
    check_picture(arguments.plot)

    from chainrule.cli.fit_answer import fit_answer
    from chainrule.cli.plan_report import report_plan

    plan = _prepare(arguments, out)
    out.note(report_plan(plan))
    training = _train(plan, arguments.l2, out)

    written, told = {}, []
    if arguments.model is not None:
        from chainrule.linear_model.model_file import save_model

        save_model(training.model, arguments.model)
        written["model"] = arguments.model
        told.append(
            tr(
                "Wrote the model to {path}; use it with: chainrule predict {quoted} NEW.csv",
                path=arguments.model,
                quoted=_quoted(arguments.model),
            )
        )
    remarks = []
    if arguments.plot is not None:
        from chainrule.drawing.fitted import save_picture

        with out.timed(tr("drew the picture")):
            remarks = save_picture(training, arguments.plot)
        written["plot"] = arguments.plot
        told += [tr("Wrote the picture to {path}.", path=arguments.plot), *remarks]
    if not written:
        told.append(
            tr("Wrote nothing; --model OUT.json keeps the model, --plot OUT.png draws the fit.")
        )
    doubts = _tell(training, out)
    for sentence in ("", *told):
        out.note(sentence)
    out.answer(fit_answer(training, written, doubts + remarks))
    return 0


def _prepare(arguments: argparse.Namespace, out: Output) -> Plan:
    from chainrule.linear_model.tables import read_table
    from chainrule.linear_model.training import prepare

    with out.timed(tr("read the table")):
        table = read_table(
            arguments.data,
            encoding=arguments.encoding,
            separator=arguments.separator,
            decimal=arguments.decimal,
        )
    with out.timed(tr("understood its columns")):
        return prepare(
            table, arguments.target, test_fraction=arguments.test_fraction, seed=arguments.seed
        )


def _train(plan: Plan, l2: float, out: Output) -> Training:
    from chainrule.cli.progress import Progress, progress_of
    from chainrule.linear_model.training import train

    def report(step: Step) -> None:
        progress.show(step)
        out.detail(progress_of(step))

    # What tells of each step in a line of its own needs no line that is rewritten.
    live = None if out.quiet or out.verbose else sys.stderr
    with Progress(live) as progress, out.timed(tr("trained the model")):
        return train(plan, l2=l2, report=report)


def _tell(training: Training, out: Output) -> list[str]:
    """Print the findings; return what casts doubt on them."""
    from chainrule.cli.layout import paragraph
    from chainrule.cli.training_report import report_coefficients, report_course, report_measures

    course, doubts = report_course(training)
    for sentence in course:
        out.note("\n".join(paragraph(sentence)))
    for sentence in doubts:
        out.say("\n".join(paragraph(sentence)))
    out.note("\n".join(["", *report_coefficients(training), ""]))
    out.say("\n".join(report_measures(training)))
    return doubts


def _quoted(path: Path) -> str:
    """`path` as a shell takes it for one word."""
    if sys.platform == "win32":
        from subprocess import list2cmdline

        return list2cmdline([str(path)])
    from shlex import quote

    return quote(str(path))
