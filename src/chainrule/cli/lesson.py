"""`chainrule lesson`: the lessons, listed, or one of them run, in the terminal and as a page."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from chainrule._files import check_writable, replacing
from chainrule._languages import language, tr
from chainrule.cli.console import plain
from chainrule.cli.errors import CommandError, Commands
from chainrule.cli.lesson_settings import (
    OF,
    add_settings,
    check_film,
    given,
    sweep_of,
    write_film,
)
from chainrule.cli.options import check_outputs
from chainrule.cli.output import Output
from chainrule.cli.parser import add_json_option, example

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
            "chainrule lesson why --out pictures --page why.html --lang zh",
            "chainrule lesson logistic --mean-value 1.7 --bias 1 --lr 0.01 --film film.html",
            "chainrule lesson logistic --sweep mean-value=1,1.7,5 bias=-1,1,5",
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
    add_settings(parser)
    add_json_option(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """List the lessons, or run the one that is named."""
    output = Output.of(arguments)
    if arguments.name is None:
        _list(output, arguments)
        return 0

    from chainrule.lessons.lesson import steps

    lesson = _lesson(arguments.name)
    settings = given(arguments)
    if settings and lesson.name != OF:
        option = "--" + settings[0].replace("_", "-")
        raise CommandError(tr("{option} is for the lesson {name} alone", option=option, name=OF))
    _check(arguments)
    if not settings:
        _run(lesson, lambda drawn: steps(lesson.parts(), drawn), output, arguments)
        return 0
    check_film(arguments)

    from chainrule.lessons.settings_lesson import swept

    with output.timed(tr("training")):
        sweep = sweep_of(arguments)
    trained = {"trainings": sweep.records()} if output.json else {}
    # Before the answer to a program, which is the last word.
    filmed = write_film(sweep, arguments.film) if arguments.film is not None else []
    _run(lesson, lambda drawn: swept(sweep, drawn), output, arguments, trained)
    for line in filmed:
        output.note(line)
    return 0


def _list(output: Output, arguments: argparse.Namespace) -> None:
    from chainrule.lessons import LESSONS
    from chainrule.lessons.as_text import table

    if arguments.out or arguments.page or given(arguments):
        raise CommandError(tr("say which lesson is to be run; chainrule lesson lists them"))
    header = [tr("name"), tr("lesson")]
    rows = [
        [each.name, tr("{title} – {shows}", title=tr(each.title), shows=tr(each.shows))]
        for each in LESSONS.values()
    ]
    output.say("\n".join(table(header, rows)))
    lessons = [[each.name, tr(each.title), tr(each.shows)] for each in LESSONS.values()]
    keys = ("name", "title", "shows")
    output.answer({"lessons": [dict(zip(keys, each, strict=True)) for each in lessons]})
    output.note("\n" + tr("Run one by its name, for example: chainrule lesson tape"))


def _lesson(name: str) -> Lesson:
    from chainrule.lessons import LESSONS

    if name in LESSONS:
        return LESSONS[name]
    from difflib import get_close_matches

    near = get_close_matches(name.lower(), LESSONS, n=1)
    if near:
        raise CommandError(
            tr("there is no lesson {name}; did you mean {near}?", name=name, near=near[0])
        )
    raise CommandError(
        tr("there is no lesson {name}; there are {names}", name=name, names=", ".join(LESSONS))
    )


def _check(arguments: argparse.Namespace) -> None:
    """Raise, before any work, for what cannot be written, or programs that are not there."""
    from chainrule.lessons.programs import MissingProgramsError, folder

    try:
        folder()
    except MissingProgramsError as error:
        raise CommandError(str(error)) from None
    if arguments.page is not None and arguments.page.suffix.lower() not in (".html", ".htm"):
        raise CommandError(tr("{path} is to be a page; end it in .html", path=arguments.page))
    check_outputs([], [arguments.page, arguments.film])
    if arguments.out is not None:
        there = arguments.out.absolute()
        there = next(each for each in (there, *there.parents) if each.exists())
        if not there.is_dir():
            raise CommandError(tr("{path} is a file; --out names a folder", path=there.name))
        check_writable(there / "picture.png")


def _run(
    lesson: Lesson,
    parts: Callable[[Path], Iterator[Part]],
    output: Output,
    arguments: argparse.Namespace,
    more: Mapping[str, object] = MappingProxyType({}),
) -> None:
    """Show the parts as they come, and write what was asked for once all of them are there.

    `more` is what the answer to a program has besides.
    """
    from tempfile import TemporaryDirectory

    from chainrule.lessons import Page
    from chainrule.lessons.as_text import heading, part
    from chainrule.lessons.page import Graph, Picture

    title, alphabet = tr(lesson.title), _alphabet()
    with TemporaryDirectory() as scratch:
        drawn = Path(scratch)
        shown: list[Part] = []
        output.say(heading(title))
        for each in parts(drawn):
            output.say("\n" + part(each, alphabet))
            shown.append(each)
        page = Page(title, tuple(shown), language())
        saved = _saved(drawn, arguments.out)
        if arguments.page is not None:
            with replacing(arguments.page) as new:
                new.write_text(page.html(), encoding="utf-8")
    if output.json:
        answer = {"name": lesson.name, "title": title, "text": page.text(), "pictures": saved}
        output.answer({**answer, "page": arguments.page, "film": arguments.film, **more})
    output.note("")
    if arguments.out is None and any(isinstance(each, Picture | Graph) for each in shown):
        output.note(tr("--out FOLDER saves the pictures; --page OUT.html shows all on one page."))
    if arguments.out is not None and not saved:
        output.note(tr("This lesson has no pictures to save."))
    for path in saved:
        output.note(tr("Wrote the picture to {path}.", path=path))
    if arguments.page is not None:
        output.note(tr("Wrote the page to {path}.", path=arguments.page))


def _alphabet() -> str:
    """The alphabet of derivations that the console has."""
    encoding = (sys.stdout.encoding if sys.stdout else None) or "ascii"
    return "unicode" if plain(MATHEMATICS, encoding) == MATHEMATICS else "ascii"


def _saved(drawn: Path, out: Path | None) -> list[Path]:
    """Save the pictures in `drawn` to the folder `out`, if there is one; return their files."""
    if out is None:
        return []
    out.mkdir(parents=True, exist_ok=True)
    files = []
    for file in sorted(drawn.iterdir()):
        files.append(out / file.name)
        with replacing(files[-1]) as new:
            new.write_bytes(file.read_bytes())
    return files
