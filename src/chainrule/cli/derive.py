"""`chainrule derive`: how a derivative is found, written line by line as a course writes it."""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from chainrule._files import replacing
from chainrule._languages import html_language, tr
from chainrule.cli.errors import CommandError, Commands
from chainrule.cli.options import check_outputs
from chainrule.cli.output import Output
from chainrule.cli.parser import add_json_option, example

if TYPE_CHECKING:
    from chainrule.derivation import Derivation

__all__ = ["add_command", "run"]

FORMATS = ("text", "ascii", "python", "latex", "mathml", "html")
# What an output's ending says of its format.
ENDINGS = {".txt": "text", ".tex": "latex", ".mml": "mathml", ".html": "html", ".htm": "html"}
NARROWEST = 40
Point = dict[str, float | list[float]]
# What is typed with a Chinese keyboard, as it is meant.
MEANT = str.maketrans("，；＝［］（）", ",;=[]()")


def add_command(commands: Commands) -> None:
    """Add `derive` to the commands."""
    parser = commands.add_parser(
        "derive",
        help=tr("write how a derivative is found, line by line"),
        description=tr(
            "Write the derivation of the derivative of a formula as a course writes it: values "
            "named in order, the chain rule, each local derivative, simplified step by step, and "
            "numbers if they are given. The formula may be several statements; their names then "
            "decide the steps. sum( ) and mean( ) go over the values of a variable that has "
            "several."
        ),
        epilog=example(
            'chainrule derive "(x+w)*(w+1)" --wrt w --at x=2,w=1',
            'chainrule derive "p = 1/(1+exp(-w*x)); L = sum((p-t)**2)" '
            "--wrt w --at x=[1,2],t=[0,1],w=0.5",
            'chainrule derive "sin(x)**2" --order 2 --format latex',
        ),
    )
    parser.add_argument(
        "formula", metavar="FORMULA", help=tr('such as "x*exp(-x)", or statements: "a = x+1; a*x"')
    )
    parser.add_argument(
        "--wrt",
        metavar="NAME",
        help=tr("the variable to differentiate by (needed where there are several)"),
    )
    parser.add_argument(
        "--at",
        action="append",
        default=[],
        metavar="NAME=VALUE,...",
        help=tr("numbers for the variables, such as x=2,w=pi/2; several for rows: x=[1,2,3]"),
    )
    parser.add_argument(
        "--order",
        default="1",
        metavar="N",
        help=tr("which derivative: 2 for that of the derivative, and so on (default: 1)"),
    )
    parser.add_argument(
        "--format",
        choices=FORMATS,
        metavar="|".join(FORMATS),
        help=tr("how it is written (default: text, or as the ending of --out says)"),
    )
    parser.add_argument(
        "--out", type=Path, metavar="FILE", help=tr("write the derivation to this file")
    )
    parser.add_argument(
        "--graph",
        type=Path,
        metavar="OUT.svg",
        help=tr("draw the graph of the values and their derivatives (.svg, .png, .html, .dot)"),
    )
    add_json_option(parser)
    # argparse takes what begins with a minus for an option, unless it looks like a number to it.
    parser._negative_number_matcher = re.compile(r"-(?!-|h$)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Derive, and write or print."""
    output = Output.of(arguments)
    check_outputs([], [arguments.out, arguments.graph])
    at = _values(_with_name(",".join(arguments.at), arguments.formula))
    order = _order(arguments.order)

    from chainrule.derivation import DerivationError, derive

    try:
        with output.timed(tr("deriving")):
            found = derive(arguments.formula, arguments.wrt, at, order)
    except DerivationError as error:
        raise CommandError(str(error)) from None
    if arguments.graph is not None:
        _draw(found, arguments.graph)
    if arguments.out is not None:
        ending = ENDINGS.get(arguments.out.suffix.lower(), "text")
        text = _written(found, arguments.format or ending, None, arguments.formula)
        with replacing(arguments.out) as new:
            new.write_text(text + "\n", encoding="utf-8")
        output.note(tr("Wrote the derivation to {path}.", path=arguments.out))
    else:
        encoding = getattr(sys.stdout, "encoding", None) or "ascii"
        output.say(_written(found, arguments.format or "text", encoding, arguments.formula))
    if arguments.graph is not None:
        output.note(tr("Wrote the picture to {path}.", path=arguments.graph))
    if arguments.json:
        files = {"out": arguments.out, "graph": arguments.graph}
        written = {name: path for name, path in files.items() if path is not None}
        output.answer({"formula": arguments.formula, **found.as_dict(), "written": written})
    return 0


def _written(d: Derivation, kind: str, encoding: str | None, formula: str) -> str:
    """Return the derivation in a format; `encoding` is that of a console, None for a file."""
    if kind == "latex":
        return d.latex()
    if kind == "mathml":
        return d.mathml()
    if kind == "html":
        return _page(d, formula)
    if kind != "text":
        return d.text(alphabet=kind, width=_width(encoding))
    text = d.text(width=_width(encoding))
    try:
        text.encode(encoding or "utf-8")
    except UnicodeEncodeError:  # a console without ∂ or ² gets d and ^2
        return d.text(alphabet="ascii", width=_width(encoding))
    return text


def _width(encoding: str | None) -> int | None:
    """How many columns a terminal has; None, the usual ones, for files and pipes."""
    if encoding is None or sys.stdout is None or not sys.stdout.isatty():
        return None
    return max(NARROWEST, shutil.get_terminal_size().columns - 1)


def _page(d: Derivation, formula: str) -> str:
    """Return a page of its own, which needs nothing from elsewhere."""
    from html import escape  # 13 ms of import, which only pages should pay

    title = escape(formula)
    return (
        f'<!doctype html>\n<html lang="{html_language()}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{title}</title>\n"
        "<style>body{font:1.1em/1.5 system-ui,sans-serif;margin:2em}"
        'math{font-family:"STIX Two Math","Latin Modern Math","Cambria Math",'
        '"DejaVu Math TeX Gyre","Times New Roman","Liberation Serif",math,serif}'
        "@media(prefers-color-scheme:dark){body{background:#111;color:#eee}}</style>\n"
        f"</head>\n<body>\n<main>\n<h1><code>{title}</code></h1>\n{d.html()}\n</main>\n"
        "</body>\n</html>"
    )


def _draw(d: Derivation, path: Path) -> None:
    from chainrule.drawing import draw_graph
    from chainrule.drawing.graph.model import GraphError

    try:
        draw_graph(d).save(path)
    except GraphError as error:
        raise CommandError(str(error)) from None


def _order(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise CommandError(tr("--order: {text} is not a whole number of at least 1", text=text))
    return int(text)


# ---- the numbers of --at


def _values(text: str) -> Point:
    """Return the numbers that `text` gives to names, lists in brackets."""
    values: Point = {}
    for name, value in _assignments(text.translate(MEANT)):
        if name in values:
            raise CommandError(tr("--at: {name} has a value already", name=name))
        if value.startswith("[") and value.endswith("]"):
            inside = value[1:-1].strip().removesuffix(",")
            values[name] = [_number(name, each) for each in _listed(inside)]
        else:
            values[name] = _number(name, value)
    return values


def _with_name(text: str, formula: str) -> str:
    """Return `text` with the formula's only variable before what is a value alone."""
    if not text.strip() or "=" in text.translate(MEANT):
        return text
    from chainrule.derivation import DerivationError
    from chainrule.derivation.given import statements_of, variables_of

    try:
        names = list(variables_of(statements_of(formula, [])))
    except DerivationError as error:
        raise CommandError(str(error)) from None
    return f"{names[0]}={text}" if len(names) == 1 else text


def _assignments(text: str) -> Iterator[tuple[str, str]]:
    """Yield names and values of "x=2, w=[1,2]": what follows a name= reaches to the next one."""
    starts = list(re.finditer(r"(?<![<>=!\w.])([^\W\d]\w*)\s*=(?!=)", text))
    before = text[: starts[0].start()] if starts else text
    if before.strip(" ,;\n\t"):
        raise CommandError(
            tr(
                "--at: {text} gives no name a value; write such as x=2,w=1",
                text=before.strip(" ,;"),
            )
        )
    ends = [following.start() for following in starts[1:]] + [len(text)]
    for start, end in zip(starts, ends, strict=bool(starts)):
        yield start[1], text[start.end() : end].strip(" ,;\n\t")


def _listed(inside: str) -> list[str]:
    """Take a list apart at the commas outside of parentheses, or at its spaces."""
    if "," not in inside:
        return inside.split()
    return re.split(r"[,;](?![^(]*\))", inside)


def _number(name: str, text: str) -> float:
    import math

    from chainrule.formulas import FormulaError, parse
    from chainrule.slopes import value_and_slope

    text = text.strip()
    if not text:
        raise CommandError(tr("--at: {name} has no value; write such as {name}=2", name=name))
    try:
        number, _ = value_and_slope(parse(text, 0), 0.0)
    except FormulaError as error:
        if "," in text and "(" not in text:
            raise CommandError(
                tr(
                    "--at: several values of {name} go in brackets: {name}=[{text}]",
                    name=name,
                    text=text.strip("[]"),
                )
            ) from None
        raise CommandError(
            tr("--at: the value of {name}: {mistake}", name=name, mistake=error)
        ) from None
    if not math.isfinite(number):
        raise CommandError(
            tr("--at: {name} is {number}; give a finite number", name=name, number=number)
        )
    return number
