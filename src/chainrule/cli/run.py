"""`chainrule run`: a script written for PyTorch or for autograd, as it is, run by chainrule."""

from __future__ import annotations

import argparse
import atexit
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from chainrule._languages import language, speaking, tr
from chainrule.cli.console import say
from chainrule.cli.errors import CommandError, Commands
from chainrule.cli.output import Output
from chainrule.cli.parser import example

if TYPE_CHECKING:
    from chainrule.substitution import Substitutes

__all__ = ["add_command", "run"]

INTERRUPTED = 130


def add_command(commands: Commands) -> None:
    """Add `run` to the commands."""
    parser = commands.add_parser(
        "run",
        help=tr("run a script written for PyTorch or autograd"),
        description=tr(
            "Run a script as python does, with chainrule behind what it imports as torch and as "
            "autograd. The script stays as it is, and neither library needs to be installed. "
            "Python processes that the script starts afresh get the installed libraries, if any. "
            "The exit code is the script's; 2 if the script cannot be run or lacks a module or "
            "name."
        ),
        epilog=example("chainrule run examples/lessons/logistic_regression.py --out pictures"),
    )
    parser.add_argument(
        "--show-substitutions",
        action="store_true",
        help=tr("list at the end, on standard error, which modules chainrule has served"),
    )
    parser.add_argument("script", type=Path, metavar="SCRIPT.py", help=tr("the script"))
    rest = parser.add_argument(
        "arguments",
        nargs=argparse.REMAINDER,
        metavar="ARGS",
        help=tr("what comes after the script is the script's own"),
    )
    rest.required = False  # or argparse would name it, too, when the script is missing
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run the script; return its exit code."""
    from chainrule.cli.script import as_main, execute, exit_code, folder_of, source_of
    from chainrule.substitution import substituted

    source = source_of(arguments.script)
    with ExitStack() as stack:
        substitutes = stack.enter_context(substituted(folder_of(arguments.script)))
        if arguments.show_substitutions or Output.of(arguments).verbose:
            stack.callback(_list, substitutes, language())
        is_whole_process = _is_whole_process()  # before the script's name is in sys.argv
        module = stack.enter_context(as_main(arguments.script, arguments.arguments))
        if is_whole_process:
            # After the last line there are threads yet to finish, and functions of atexit to run,
            # with imports of their own. This one is the first registered, so the last to be run.
            atexit.register(stack.pop_all().close)
        try:
            execute(source, module)
        except SystemExit as stop:
            return exit_code(stop)
        except BaseException as error:  # KeyboardInterrupt, too, ends with a traceback
            return _failed(error, substitutes)
    return 0


def _is_whole_process() -> bool:
    """Whether this process is the command, and no program that has called `main`."""
    started = Path(sys.argv[0])
    return (started.parent.name if started.stem == "__main__" else started.stem) == "chainrule"


def _failed(error: BaseException, substitutes: Substitutes) -> int:
    """Tell of an exception that the script did not catch; return the exit code."""
    from chainrule.cli.lacking import lacking
    from chainrule.cli.script import own_traceback

    trace = own_traceback(error)
    sentence = lacking(error, trace, substitutes)
    if sentence is not None:
        raise CommandError(sentence) from None
    # By the hook, which a script may have set, and which takes the traceback from both places.
    sys.excepthook(type(error), error.with_traceback(trace), trace)
    return INTERRUPTED if isinstance(error, KeyboardInterrupt) else 1


def _list(substitutes: Substitutes, lang: str) -> None:
    """Print what was served, in the language that the command spoke: by now it may have ended."""
    from chainrule.cli.layout import lined_up

    served = substitutes.served
    with speaking(lang):
        if not served:
            text = tr("No substitutions: the script has imported neither torch nor autograd.")
        else:
            rows = [[name, served[name]] for name in sorted(served)]
            text = "\n".join(lined_up([tr("the script's"), tr("served by")], rows, "<<"))
        say(text, sys.stderr)
