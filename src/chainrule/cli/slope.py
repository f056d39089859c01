"""`chainrule slope`: the value and the slopes of a formula at a point, secants, their picture."""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from chainrule._languages import tr
from chainrule.cli.errors import CommandError, Commands
from chainrule.cli.layout import lined_up
from chainrule.cli.options import check_outputs, check_picture
from chainrule.cli.output import Output
from chainrule.cli.parser import add_json_option, example

if TYPE_CHECKING:
    from chainrule.formulas import Formula
    from chainrule.slopes import Curve, Point, Secant

__all__ = ["add_command", "run"]

P = ParamSpec("P")
T = TypeVar("T")


def add_command(commands: Commands) -> None:
    """Add `slope` to the commands."""
    parser = commands.add_parser(
        "slope",
        help=tr("find the slope of a formula at a point"),
        description=tr(
            "Print the value and the slope of a formula of one variable at a point, and "
            "say so where there is none. A formula has numbers, a variable such as x, + - * / **, "
            "parentheses, pi, e, and functions such as exp, log, sqrt, sin, tanh, sigmoid, abs, "
            "maximum(a, b), where(x > 0, a, b)."
        ),
        epilog=example(
            'chainrule slope "tanh(x)" --at 1.0 --plot tanh.png',
            'chainrule slope "sin(x)" --at pi/4 --orders 3 --secants 1,0.1,0.01',
        ),
    )
    parser.add_argument("formula", metavar="FORMULA", help=tr('such as "tanh(x)"'))
    parser.add_argument(
        "--at",
        required=True,
        metavar="POINT",
        help=tr("a number, or a formula of one such as pi/2"),
    )
    parser.add_argument(
        "--orders",
        default="1",
        metavar="N",
        help=tr("also the slopes of the slope, up to this order (default: 1; at most 4)"),
    )
    parser.add_argument(
        "--secants",
        default="0",
        metavar="N|H,H",
        help=tr("also so many secants that close in on the tangent, or those of these steps h"),
    )
    parser.add_argument(
        "--plot",
        type=Path,
        metavar="OUT.png",
        help=tr("draw the curve, its tangent and its slope"),
    )
    parser.add_argument(
        "--interval",
        metavar="LOW,HIGH",
        help=tr("what the picture shows, such as -3,5 (default: chosen around the point)"),
    )
    add_json_option(parser)
    # argparse takes what begins with a minus for an option, unless it looks like a number to it:
    # -x**2 and -pi/2 should, too. Were the attribute gone, "(-x**2)" would still work.
    parser._negative_number_matcher = re.compile(r"-(?!-|h$)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Tell value and slopes, and draw."""
    output = Output.of(arguments)
    check_outputs([], [arguments.plot])
    check_picture(arguments.plot)

    from chainrule.drawing.asked import checked_orders
    from chainrule.slopes import at_orders, curve_of, secants

    curve = curve_of(_formula("FORMULA", arguments.formula, variables=1))
    at = _number("--at", arguments.at)
    orders = _asked("--orders", checked_orders, _whole(arguments.orders))
    wanted = _secants(arguments.secants)
    shown = _interval(arguments.interval, curve, at, needed=bool(wanted or arguments.plot))
    steps = _steps(wanted, curve, at, shown) if shown else []

    points = at_orders(curve, at, orders)
    lines = secants(curve, at, steps)
    output.say(tr("{text} at {name} = {at}", text=curve.text, name=curve.name, at=repr(at)))
    _tell(output, points, lines)
    remarks = []
    if arguments.plot is not None and shown:
        from chainrule.drawing import draw_slopes

        with output.timed(tr("drew the picture")):
            picture = draw_slopes(curve, shown, at=at, orders=orders, secants=steps)
            remarks = picture.savefig(arguments.plot)
        for sentence in (tr("Wrote the picture to {path}.", path=arguments.plot), *remarks):
            output.note(sentence)
    told = {"written": {"plot": arguments.plot} if arguments.plot else {}, "notes": remarks}
    output.answer(_answer(curve, at, points, lines) | told)
    return 0


def _tell(output: Output, points: Sequence[Point], lines: Sequence[Secant]) -> None:
    output.say(f"{tr('value')}  {points[0].value!r}")
    for order, point in enumerate(points, 1):
        name = tr("slope") if order == 1 else tr("order {order}", order=order)
        output.say(f"{name}  {point.slope!r}")
        if point.remark:
            output.say(tr("note: {remark}", remark=point.remark))
    if lines:
        header = ["h", tr("point"), tr("value"), tr("slope of the secant")]
        rows = [
            [f"{line.h:.10g}", f"{line.x:.10g}", f"{line.value:.10g}", _slope(line)]
            for line in lines
        ]
        output.say("\n".join(["", *lined_up(header, rows, ">>>>")]))


def _slope(line: Secant) -> str:
    return tr("none") if math.isnan(line.slope) else f"{line.slope:.10g}"


def _answer(
    curve: Curve, at: float, points: Sequence[Point], lines: Sequence[Secant]
) -> dict[str, Any]:
    first = points[0]
    return {
        "formula": curve.text,
        "variable": curve.name,
        "at": at,
        "value": first.value,
        "slope": first.slope,
        "orders": [
            {"order": order, "slope": each.slope, "exists": each.exists, "remark": each.remark}
            for order, each in enumerate(points, 1)
        ],
        "secants": [
            {"h": each.h, "x": each.x, "value": each.value, "slope": each.slope} for each in lines
        ],
    }


def _formula(where: str, text: str, variables: int) -> Formula:
    from chainrule.formulas import FormulaError, parse

    try:
        return parse(text, variables)
    except FormulaError as error:
        raise CommandError(f"{where}: {error}") from None


def _number(where: str, text: str) -> float:
    from chainrule.slopes import value_and_slope

    number, _ = value_and_slope(_formula(where, text, variables=0), 0.0)
    if not math.isfinite(number):
        raise CommandError(
            tr(
                "{option}: {text} is {number}; give a finite number",
                option=where,
                text=text,
                number=number,
            )
        )
    return number


def _numbers(where: str, text: str) -> list[float]:
    return [_number(where, each) for each in text.split(",")]


def _whole(text: str) -> int | str:
    try:
        return int(text)
    except ValueError:
        return text


def _secants(text: str) -> int | list[float]:
    """How many secants are asked for, or of which steps."""
    return int(text) if text.isdecimal() else _numbers("--secants", text)


def _steps(
    wanted: int | list[float], curve: Curve, at: float, shown: tuple[float, float]
) -> list[float]:
    if not wanted:
        return []
    from chainrule.drawing.asked import checked_steps
    from chainrule.drawing.sampling import sampled

    return _asked("--secants", checked_steps, wanted, curve, at, sampled(curve, *shown))


def _interval(
    text: str | None, curve: Curve, at: float, needed: bool
) -> tuple[float, float] | None:
    """What is to be seen: what was asked for, or what shows the curve's shape around `at`."""
    if text is None and not needed:  # looking for it takes longer than all the rest
        return None
    from chainrule.drawing.asked import checked_interval, checked_point
    from chainrule.drawing.sampling import window

    if text is None:
        return window(curve, at)
    interval = _asked("--interval", checked_interval, _numbers("--interval", text))
    _asked("--interval", checked_point, at, interval)
    return interval


def _asked(option: str, check: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
    """Return what a check returns of what was `given`, its refusal told of the option."""
    try:
        return check(*given, **named)
    except ValueError as error:
        raise CommandError(f"{option}: {error}") from None
