"""Sentences in the reader's language: English is the source, and catalogues hold the others.

As in GNU gettext, a sentence is looked up by its English text, and what has no entry stays
English. `tr` looks up and fills in, `tr_n` chooses between one and many, `mark` only marks a text
of a table for whoever looks it up later. A catalogue is a package beside this one, named as its
language, with a module for each part of the product; a test keeps them complete.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib import import_module

__all__ = [
    "LANGUAGES",
    "VARIABLES",
    "UnknownLanguageError",
    "html_language",
    "language",
    "mark",
    "of_locale",
    "speaking",
]
__all__ += ["tr", "tr_n"]

LANGUAGES = ("en", "zh")
# The first of these that is set says which language a program's user reads, as for gettext.
VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")

_spoken: ContextVar[str] = ContextVar("language", default="en")


class UnknownLanguageError(ValueError):
    """A language that there is no catalogue of, as one sentence."""


def tr(text: str, /, **parts: object) -> str:
    """Return `text` in the language that is spoken, its `{fields}` filled with `parts`.

    >>> tr("Wrote the picture to {path}.", path="tanh.png")
    'Wrote the picture to tanh.png.'
    """
    text = _catalogue(_spoken.get()).get(text, text)
    return text.format(**parts) if parts else text


def tr_n(one: str, many: str, count: int, /, **parts: object) -> str:
    """Return `one` or `many`, whichever suits `count`, in the language that is spoken.

    `count` fills the field `{count}`. Chinese says both alike: the entry is that of `many`.

    >>> tr_n("{count} row", "{count} rows", 1), tr_n("{count} row", "{count} rows", 2)
    ('1 row', '2 rows')
    """
    alike = _catalogue(_spoken.get()).get(many)
    return (alike or (one if count == 1 else many)).format(count=count, **parts)


def mark(text: str) -> str:
    """Return `text` as it is: what marks a text of a table, which `tr` looks up later."""
    return text


def language() -> str:
    """Return the language that is spoken: "en" unless `speaking` says otherwise."""
    return _spoken.get()


def html_language() -> str:
    """Return the name of the language that is spoken, as browsers choose fonts and voices by it.

    >>> with speaking("zh"):
    ...     html_language()
    'zh-Hans'
    """
    return "zh-Hans" if language() == "zh" else language()


@contextmanager
def speaking(lang: str | None) -> Iterator[None]:
    """A context in which sentences are in the language `lang`; None leaves it as it is.

    Raises `UnknownLanguageError` for a language that is not in `LANGUAGES`.

    >>> with speaking("zh"):
    ...     language()
    'zh'
    """
    if lang is not None and lang not in LANGUAGES:
        raise UnknownLanguageError(
            tr(
                "there is no language {lang} here; choose one of {known}",
                lang=repr(lang),
                known=", ".join(LANGUAGES),
            )
        )
    token = _spoken.set(lang or _spoken.get())
    try:
        yield
    finally:
        _spoken.reset(token)


def of_locale(environ: Mapping[str, str]) -> str:
    """Return the language that the variables of a process ask for, "en" if it is none of ours.

    >>> of_locale({"LANG": "zh_CN.UTF-8"}), of_locale({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"})
    ('zh', 'en')
    """
    asked = next((environ[name] for name in VARIABLES if environ.get(name)), "")
    # LANGUAGE may list several, the liked best first.
    spoken = [re.split(r"[-_.@]", each)[0].lower() for each in asked.split(":")]
    return next((each for each in spoken if each in LANGUAGES), "en")


@cache
def _catalogue(lang: str) -> Mapping[str, str]:
    if lang == "en":
        return {}
    found: Mapping[str, str] = import_module(f"{__name__}.{lang}").MESSAGES
    return found
