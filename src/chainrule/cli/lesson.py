"""`chainrule lesson`: the lessons, listed, or one of them run, in the terminal and as a page."""

from __future__ import annotations

import argparse
import difflib
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from chainrule._files import check_writable, replacing
from chainrule._languages import language, tr
from chainrule.cli.console import plain
from chainrule.cli.errors import CommandError, Commands
from chainrule.cli.output import Output
from chainrule.cli.parser import example

if TYPE_CHECKING:
    from chainrule.lessons import Lesson
    from chainrule.lessons.page import Part

__all__ = ["add_command", "run"]

MATHEMATICS = "∂Σᵢ²·−√"  # of which derivations are written, where a console shows it


def add_command(commands: Commands) -> None:
    """Add `lesson` to the commands."""
    parser = commands.add_parser(
        "lesson",
        help=tr("list the lessons, or run one"),
        description=tr(
            "Without a name, list the lessons. With one, run it: a few sentences, what its "
            "program prints, its pictures, and how the derivative is found by hand. Matplotlib "
            "draws the pictures; without it the lessons run, too."
        ),
        epilog=example(
            "chainrule lesson",
            "chainrule lesson tape",
            "chainrule lesson logistic --out pictures --page logistic.html",
        ),
    )
    parser.add_argument("name", nargs="?", metavar="NAME", help=tr("which lesson"))
    parser.add_argument(
        "--out", type=Path, metavar="FOLDER", help=tr("save the lesson's pictures in this folder")
    )
    parser.add_argument(
        "--page",
        type=Path,
        metavar="OUT.html",
        help=tr("write the whole lesson to one HTML file, pictures included"),
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """List the lessons, or run the one that is named."""
    output = Output.of(arguments)
    if arguments.name is None:
        _list(output, arguments)
        return 0
    lesson = _lesson(arguments.name)
    _check(arguments)
    _run(lesson, output, arguments.out, arguments.page)
    return 0


def _list(output: Output, arguments: argparse.Namespace) -> None:
    from chainrule.lessons import LESSONS
    from chainrule.lessons.as_text import table

    if arguments.out or arguments.page:
        raise CommandError(tr("say which lesson is to be run; chainrule lesson lists them"))
    header = [tr("name"), tr("lesson")]
    rows = [
        [each.name, tr("{title} – {shows}", title=tr(each.title), shows=tr(each.shows))]
        for each in LESSONS.values()
    ]
    output.say("\n".join(table(header, rows)))
    output.note("\n" + tr("Run one by its name, for example: chainrule lesson tape"))


def _lesson(name: str) -> Lesson:
    from chainrule.lessons import LESSONS

    if name in LESSONS:
        return LESSONS[name]
    near = difflib.get_close_matches(name.lower(), LESSONS, n=1)
    if near:
        raise CommandError(
            tr("there is no lesson {name}; did you mean {near}?", name=name, near=near[0])
        )
    raise CommandError(
        tr("there is no lesson {name}; there are {names}", name=name, names=", ".join(LESSONS))
    )


def _check(arguments: argparse.Namespace) -> None:
    """Raise, before any work, for a folder or a page that cannot be written."""
    if arguments.page is not None:
        if arguments.page.suffix.lower() not in (".html", ".htm"):
            raise CommandError(tr("{path} is to be a page; end it in .html", path=arguments.page))
        check_writable(arguments.page)
    if arguments.out is not None:
        there = arguments.out.absolute()
        there = next(each for each in (there, *there.parents) if each.exists())
        if not there.is_dir():
            raise CommandError(tr("{path} is a file; --out names a folder", path=there.name))
        check_writable(there / "picture.png")


def _run(lesson: Lesson, output: Output, out: Path | None, page: Path | None) -> None:
    from chainrule.lessons import Page
    from chainrule.lessons.as_text import heading, part
    from chainrule.lessons.lesson import steps

    with TemporaryDirectory() as scratch:
        drawn = Path(scratch)
        shown: list[Part] = []
        alphabet = _alphabet()
        output.say(heading(tr(lesson.title)))
        for each in steps(lesson.parts(), drawn):
            output.say("\n" + part(each, alphabet))
            shown.append(each)
        written = list(_saved(drawn, out))
        if page is not None:
            text = Page(tr(lesson.title), tuple(shown), language()).html()
            with replacing(page) as new:
                new.write_text(text, encoding="utf-8")
            written.append(tr("Wrote the page to {path}.", path=page))
    for line in written:
        output.note("\n" + line if line is written[0] else line)


def _alphabet() -> str:
    """The alphabet of derivations that the console has."""
    encoding = (sys.stdout.encoding if sys.stdout else None) or "ascii"
    return "unicode" if plain(MATHEMATICS, encoding) == MATHEMATICS else "ascii"


def _saved(drawn: Path, out: Path | None) -> Iterator[str]:
    """Save the pictures in `drawn` to `out`; yield what is to be said of them."""
    files = sorted(drawn.iterdir())
    if out is None:
        if files:
            yield tr("--out FOLDER saves the pictures; --page OUT.html shows all on one page.")
        return
    out.mkdir(parents=True, exist_ok=True)
    for file in files:
        with replacing(out / file.name) as new:
            new.write_bytes(file.read_bytes())
        yield tr("Wrote the picture to {path}.", path=out / file.name)
    if not files:
        yield tr("This lesson has no pictures to save.")
