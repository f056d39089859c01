"""Which language a command speaks: the one that was asked for, else the user's own."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TextIO

from chainrule._languages import VARIABLES, of_locale

__all__ = ["Asked", "language_of_user", "read_ahead"]

SAMPLE = {"zh": "导数"}  # what a console that shows a language can show
PRIMARY_LANGUAGES = {0x04: "zh"}  # Windows' numbers of languages


@dataclass(frozen=True)
class Asked:
    """What help and errors need to know before the arguments are parsed."""

    lang: str | None
    json: bool


def read_ahead(argv: Sequence[str]) -> Asked:
    """Return what `argv` asks of the way in which everything is told, errors included.

    >>> read_ahead(["--lang", "zh_CN", "slope", "x", "--json"])
    Asked(lang='zh', json=True)
    >>> read_ahead(["run", "script.py", "--lang", "zh"])
    Asked(lang=None, json=False)
    """
    lang, json = None, False
    places: list[str] = []
    words = iter(argv)
    for word in words:
        name, equals, value = word.partition("=")
        if _means(name, "--lang"):
            lang = value if equals else next(words, None)
        elif _means(word, "--json"):
            json = True
        elif not word.startswith("-"):
            places.append(word)
        # What comes after a script's name is the script's own.
        if word == "--" or (len(places) == 2 and places[0] == "run"):
            break
    return Asked(lang and lang.replace("-", "_").partition("_")[0].lower(), json)


def _means(word: str, option: str) -> bool:
    """Whether `word` is an option or, as argparse allows, the beginning of one."""
    return len(word) > len("--") and option.startswith(word)


def language_of_user(environ: Mapping[str, str] = os.environ, stream: TextIO | None = None) -> str:
    """Return the language of the system's user, or English where it could not be shown.

    The locale of `environ` says it, and on Windows, which has no such variables, the language of
    menus. `stream` is where it would be written, by default standard output.
    """
    lang = of_locale(environ)
    if sys.platform == "win32" and not any(environ.get(name) for name in VARIABLES):
        lang = _language_of_menus()
    stream = sys.stdout if stream is None else stream
    encoding = (stream.encoding if stream else None) or "ascii"
    try:
        SAMPLE.get(lang, "").encode(encoding)
    except UnicodeEncodeError:
        return "en"
    return lang


def _language_of_menus() -> str:
    import ctypes

    number = getattr(ctypes, "windll").kernel32.GetUserDefaultUILanguage()  # noqa: B009
    return PRIMARY_LANGUAGES.get(number & 0x3FF, "en")
