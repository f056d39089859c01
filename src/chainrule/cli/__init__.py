"""The command line: `chainrule fit`, `chainrule predict`, `chainrule slope`, `chainrule run`.

Each command is a module of this package that offers `add_command(commands)`: it adds its own
subparser and sets `run=`, a function of the parsed arguments that returns the exit code.
The command modules are imported at every start, so whatever is heavy they import inside `run`.

A user's mistake is a `CommandError` whose text is one sentence; it ends in exit code 2.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import NoReturn, cast

from chainrule._optional import MissingLibraryError
from chainrule.cli.console import let_go, say
from chainrule.cli.errors import Command, CommandError, Commands
from chainrule.linear_model.errors import ModelFileError, TableError

__all__ = ["CommandError", "Commands", "main"]

COMMANDS = ("fit", "predict", "slope", "run")

FINISHED, BAD_INPUT, INTERRUPTED = 0, 2, 130


class _Parser(argparse.ArgumentParser):
    """argparse with its mistakes told in a sentence, as all others here are."""

    def error(self, message: str) -> NoReturn:
        raise CommandError(f"{message}; see {self.prog} --help")


def main(argv: Sequence[str] | None = None) -> int:
    """Return the exit code of the command in `argv` (by default the process's own arguments).

    0 is success, 2 a mistake in what was given (told in one sentence on standard error),
    130 an interruption by Ctrl-C.

    >>> main(["--version"])  # doctest: +ELLIPSIS
    chainrule ...
    0
    """
    try:
        arguments = _parser().parse_args(argv)
        if arguments.version:
            return _print_version()
        return int(arguments.run(arguments))
    except SystemExit as stop:  # argparse has printed the help that was asked for
        return int(stop.code or FINISHED)
    except (CommandError, TableError, ModelFileError, MissingLibraryError) as error:
        return _refuse(str(error))
    except KeyboardInterrupt:
        say("\nchainrule: interrupted by Ctrl-C; nothing was left half-written.", sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        let_go(sys.stdout)  # the reader of our output has left: nobody is there to be told
        return FINISHED
    except OSError as error:
        named = error.filename2 or error.filename
        of_what = f"{named} cannot be used" if named else "the operating system refused"
        return _refuse(f"{of_what}: {error.strerror or error}")


def _refuse(sentence: str) -> int:
    say(f"chainrule: {sentence}", sys.stderr)
    return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="chainrule",
        description="From the slope of a formula to a model trained on a table.",
    )
    parser.add_argument("--version", action="store_true", help="print the version and stop")
    parser.set_defaults(run=lambda arguments: _print_help(parser))
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for name in COMMANDS:
        command = cast(Command, import_module(f"chainrule.cli.{name}"))
        command.add_command(commands)
    return parser


def _print_help(parser: argparse.ArgumentParser) -> int:
    say(parser.format_help())
    return FINISHED


def _print_version() -> int:
    # importlib.metadata costs 20 ms of import, which only this option should pay.
    from importlib.metadata import PackageNotFoundError, version

    try:
        say(f"chainrule {version('chainrule')}")
    except PackageNotFoundError:
        say("chainrule (run from its sources, not installed)")
    return FINISHED
