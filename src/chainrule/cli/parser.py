"""argparse in the reader's language, with its mistakes told in a sentence as all others here are.

Every parser has the options that each command has. Their values are left out of what a
command's parser returns unless they were given there, so that they may stand before or after the
command's name.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from typing import Any, NoReturn

from chainrule._languages import LANGUAGES, mark, tr
from chainrule._text import wrapped
from chainrule.cli.console import say
from chainrule.cli.errors import CommandError

__all__ = ["Parser", "add_json_option", "example"]

MEANT = mark("invalid choice: {value}, maybe you meant {near}? (choose from {choices})")

# What argparse says, which is in English: by these texts it is recognised, and looked up.
SENTENCES = (
    mark("argument {name}: {message}"),
    mark("the following arguments are required: {names}"),
    mark("unrecognized arguments: {names}"),
    mark("expected one argument"),
    mark("expected at least one argument"),
    mark("invalid choice: {value} (choose from {choices})"),
    MEANT,
    mark("ambiguous option: {option} could match {options}"),
    mark("ignored explicit argument {value}"),
)


EVERYWHERE = ("help", "lang", "quiet", "verbose")  # told below, and not in each line of usage

HEADING = re.compile(r"^(\S.*):$", re.MULTILINE)  # argparse ends it in a colon of its own


class _Formatter(argparse.HelpFormatter):
    """argparse's help, in lines that Chinese fits; a line that is indented stays whole."""

    def __init__(self, prog: str, *arguments: Any, **keywords: Any) -> None:
        super().__init__(prog, *arguments, **{"max_help_position": 28, **keywords})

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrapped(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        lines = [
            [line] if line.startswith(" ") else wrapped(line, width) or [""]
            for line in text.splitlines()
        ]
        return "\n".join(indent + line for each in lines for line in each)

    def add_usage(
        self, usage: str | None, actions: Iterable[argparse.Action], *others: Any, **keywords: Any
    ) -> None:
        own = [action for action in actions if action.dest not in EVERYWHERE]
        super().add_usage(usage, own, *others, **keywords)

    def format_help(self) -> str:
        # The word takes as many columns in every language, so that what follows stays aligned.
        text = super().format_help().replace("usage: ", tr("usage: "), 1)
        return HEADING.sub(lambda found: tr("{heading}:", heading=found[1]), text)


class Parser(argparse.ArgumentParser):
    """A parser of a command's arguments, or of the command line as a whole."""

    def __init__(self, **keywords: Any) -> None:
        super().__init__(**{"formatter_class": _Formatter, **keywords, "add_help": False})
        self.color = False  # Pythons from 3.14 on would paint the help, in colours of their own
        self._positionals.title = tr("arguments")
        self._optionals.title = tr("options")
        self.everywhere = self.add_argument_group(tr("options of every command"))
        add = self.everywhere.add_argument
        add("-h", "--help", action="help", help=tr("show this help and stop"))
        add(
            "--lang",
            metavar="|".join(LANGUAGES),
            default=argparse.SUPPRESS,
            help=tr("the language of what is printed (default: the system's, or en)"),
        )
        add(
            "--quiet",
            action="store_true",
            default=argparse.SUPPRESS,
            help=tr("print only what was asked for: no notes, no hints"),
        )
        add(
            "--verbose",
            action="store_true",
            default=argparse.SUPPRESS,
            help=tr("tell on standard error what is done, and how long it takes"),
        )

    def parse_known_args(self, *given: Any, **named: Any) -> Any:
        parsed, others = super().parse_known_args(*given, **named)
        if others:  # told by the command's own parser, whose help is the one to see
            self.error(f"unrecognized arguments: {' '.join(others)}")
        return parsed, others

    def _print_message(self, message: str, file: Any = None) -> None:
        say(message.rstrip("\n"), file)  # argparse knows no consoles of few characters

    def error(self, message: str) -> NoReturn:
        raise CommandError(
            tr("{message}; see {command} --help", message=_in_words(message), command=self.prog)
        )


def add_json_option(parser: argparse.ArgumentParser) -> None:
    """Add `--json` to a command that answers programs, by `Output.answer`."""
    parser.add_argument(
        "--json",
        action="store_true",
        default=argparse.SUPPRESS,
        help=tr("print one JSON object for programs, with all digits"),
    )
    parser.set_defaults(offers_json=True)


def example(*lines: str) -> str:
    """Return what stands below a command's help: how it is called, each line as it is typed.

    >>> print(example("chainrule --version"))
    example:
      chainrule --version
    """
    heading = tr("example") if len(lines) == 1 else tr("examples")
    return "\n".join([f"{heading}:", *(f"  {line}" for line in lines)])


def _in_words(message: str) -> str:
    """A message of argparse's in the language that is spoken; as it is if it is not known."""
    for text in SENTENCES:
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(text))
        if match := re.fullmatch(pattern, message, re.DOTALL):
            parts = match.groupdict()
            if "message" in parts:
                parts["message"] = _in_words(parts["message"])
            if near := _nearest(**parts):
                return tr(MEANT, near=near, **parts)
            return tr(text, **parts)
    return message


def _nearest(value: str = "", choices: str = "", near: str = "", **_: str) -> str:
    """The one of `choices` that is written most like `value`, if there is one."""
    if near or not choices:
        return ""
    from difflib import get_close_matches  # 10 ms of import, which only mistakes should pay

    known = [choice.strip("'") for choice in re.split(r",\s*", choices)]  # quoted before 3.12
    return next(iter(get_close_matches(value.strip("'"), known, n=1)), "")
