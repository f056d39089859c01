"""`chainrule slope`: the value and the slope of a formula at a point, and their picture."""

from __future__ import annotations

import argparse
import math
import re
from pathlib import Path
from typing import TYPE_CHECKING

from chainrule.cli.console import say
from chainrule.cli.errors import CommandError, Commands
from chainrule.cli.options import check_outputs

if TYPE_CHECKING:
    from chainrule.formulas import Formula

__all__ = ["add_command", "run"]


def add_command(commands: Commands) -> None:
    """Add `slope` to the commands."""
    parser = commands.add_parser(
        "slope",
        help="find the slope of a formula at a point",
        description="Print the value and the slope of a formula of one variable at a point, and "
        "say so where there is none. A formula has numbers, a variable such as x, + - * / **, "
        "parentheses, pi, e, and functions such as exp, log, sqrt, sin, tanh, sigmoid, abs, "
        "maximum(a, b), where(x > 0, a, b).",
        epilog='example: chainrule slope "tanh(x)" --at 1.0 --plot tanh.png',
    )
    parser.add_argument("formula", metavar="FORMULA", help='such as "tanh(x)"')
    parser.add_argument(
        "--at", required=True, metavar="POINT", help="a number, or a formula of one such as pi/2"
    )
    parser.add_argument(
        "--plot", type=Path, metavar="OUT.png", help="draw the curve, its tangent and its slope"
    )
    # argparse takes what begins with a minus for an option, unless it looks like a number to it:
    # -x**2 and -pi/2 should, too. Were the attribute gone, "(-x**2)" would still work.
    parser._negative_number_matcher = re.compile(r"-(?!-|h$)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Tell value and slope, and draw."""
    check_outputs([], [arguments.plot])

    from chainrule.slopes import at_point, value_and_slope

    formula = _formula("FORMULA", arguments.formula, variables=1)
    at, _ = value_and_slope(_formula("--at", arguments.at, variables=0), 0.0)
    if not math.isfinite(at):
        raise CommandError(f"--at: {arguments.at} is {at}; give a finite number")
    if arguments.plot is not None:
        from chainrule.drawing.style import PictureError, check_format

        try:
            check_format(arguments.plot)
        except PictureError as error:
            raise CommandError(str(error)) from None

    point = at_point(formula, at)
    say(f"{formula.text} at {point.name} = {at!r}")
    say(f"value  {point.value!r}")
    say(f"slope  {point.slope!r}")
    if point.remark:
        say(f"note: {point.remark}")
    if arguments.plot is not None:
        from chainrule.drawing.curves import save_curve

        remarks = save_curve(formula, at, arguments.plot)
        say(f"Wrote the picture to {arguments.plot}.")
        for remark in remarks:
            say(remark)
    return 0


def _formula(where: str, text: str, variables: int) -> Formula:
    from chainrule.formulas import FormulaError, parse

    try:
        return parse(text, variables)
    except FormulaError as error:
        raise CommandError(f"{where}: {error}") from None
