"""The command line: `chainrule slope`, `chainrule fit`, and what else COMMANDS names.

Each command is a module of this package that offers `add_command(commands)`: it adds its own
subparser and sets `run=`, a function of the parsed arguments that returns the exit code.
The command modules are imported at every start, so whatever is heavy they import inside `run`.

A user's mistake is a `CommandError` whose text is one sentence; it ends in exit code 2.
All that is printed is in the language of `--lang`, or the system's, except what Python and the
engine say of a program's mistakes: those sentences are what people search for.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import cast

from chainrule._languages import UnknownLanguageError, speaking, tr
from chainrule._optional import MissingLibraryError
from chainrule.cli.console import let_go, say
from chainrule.cli.errors import Command, CommandError, Commands
from chainrule.cli.languages import Asked, language_of_user, read_ahead
from chainrule.cli.os_errors import sentence_of
from chainrule.cli.output import RED, as_json, painted
from chainrule.cli.parser import Parser, add_json_option, example
from chainrule.linear_model.errors import ModelFileError, TableError

__all__ = ["CommandError", "Commands", "main"]

COMMANDS = ("fit", "predict", "slope", "derive", "lesson", "run")

FINISHED, BAD_INPUT, INTERRUPTED = 0, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Return the exit code of the command in `argv` (by default the process's own arguments).

    0 is success, 2 a mistake in what was given (told in one sentence on standard error),
    130 an interruption by Ctrl-C.

    >>> main(["--version"])  # doctest: +ELLIPSIS
    chainrule ...
    0
    """
    argv = sys.argv[1:] if argv is None else list(argv)
    asked = read_ahead(argv)
    try:
        with speaking(language_of_user()), speaking(asked.lang):
            return _dispatch(argv, asked)
    except UnknownLanguageError as error:
        return _refuse(str(error), asked)


def _dispatch(argv: Sequence[str], asked: Asked) -> int:
    try:
        arguments = _parser().parse_args(argv)
        _check(arguments)
        return int(arguments.run(arguments))
    except SystemExit as stop:  # argparse has printed the help that was asked for
        return int(stop.code or FINISHED)
    except (CommandError, TableError, ModelFileError, MissingLibraryError) as error:
        return _refuse(str(error), asked)
    except KeyboardInterrupt:
        interrupted = tr("interrupted by Ctrl-C; nothing was left half-written.")
        _refuse(interrupted, asked, before="\n")
        return INTERRUPTED
    except BrokenPipeError:
        let_go(sys.stdout)  # the reader of our output has left: nobody is there to be told
        return FINISHED
    except OSError as error:
        return _refuse(sentence_of(error), asked)


def _refuse(sentence: str, asked: Asked, before: str = "") -> int:
    if asked.json:
        with suppress(OSError):  # where nothing can be printed, people are told
            say(as_json({"error": sentence}))
            return BAD_INPUT
    name = painted("chainrule:", RED, sys.stderr)
    say(f"{before}{name} {sentence}", sys.stderr)
    return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="chainrule",
        description=tr("From the slope of a formula to a model trained on a table."),
        epilog=example('chainrule slope "tanh(x)" --at 1', "chainrule fit --help"),
    )
    add_json_option(parser)
    parser.add_argument("--version", action="store_true", help=tr("print the version and stop"))
    parser.set_defaults(
        run=lambda arguments: _print_version() if arguments.version else _print_help(parser),
        lang=None,
        json=False,
        quiet=False,
        verbose=False,
        offers_json=False,
    )
    commands = parser.add_subparsers(title=tr("commands"), metavar="COMMAND", dest="command")
    for name in COMMANDS:
        command = cast(Command, import_module(f"chainrule.cli.{name}"))
        command.add_command(commands)
    groups = parser._action_groups
    groups.insert(0, groups.pop())  # the commands, before their options
    return parser


def _check(arguments: argparse.Namespace) -> None:
    if arguments.json and arguments.command is None:
        raise CommandError(tr("name a command for --json; see chainrule --help"))
    if arguments.json and not arguments.offers_json:
        no_answer = tr(
            "chainrule {command} has no answer in JSON; leave out --json", command=arguments.command
        )
        raise CommandError(no_answer)
    if arguments.quiet and arguments.verbose:
        raise CommandError(tr("--quiet and --verbose contradict each other; leave one out"))


def _print_help(parser: argparse.ArgumentParser) -> int:
    parser.print_help()
    return FINISHED


def _print_version() -> int:
    # importlib.metadata costs 20 ms of import, which only this option should pay.
    from importlib.metadata import PackageNotFoundError, version

    try:
        say(f"chainrule {version('chainrule')}")
    except PackageNotFoundError:
        say(tr("chainrule (run from its sources, not installed)"))
    return FINISHED
