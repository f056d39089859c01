"""Every sentence that is looked up has its entry in every catalogue, and no entry is left over."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import chainrule
from chainrule._languages import (
    LANGUAGES,
    UnknownLanguageError,
    language,
    of_locale,
    speaking,
    tr,
    tr_n,
)

SOURCE = Path(chainrule.__file__).parent
CATALOGUES = [lang for lang in LANGUAGES if lang != "en"]


def _calls() -> Iterator[tuple[str, ast.Call, str]]:
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                where = f"{path.relative_to(SOURCE).as_posix()}, line {node.lineno}"
                yield where, node, node.func.id


def _looked_up() -> dict[str, str]:
    """The sentences that are looked up or marked, with where."""
    found: dict[str, str] = {}
    for where, call, name in _calls():
        count = {"tr": 1, "mark": 1, "tr_n": 2}.get(name, 0)
        # Chinese has one entry for both numbers: that of the second.
        for argument in call.args[count - 1 : count]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                found[argument.value] = where
    return found


def _fields(text: str) -> list[str]:
    return sorted({field for _, field, _, _ in string.Formatter().parse(text) if field})


def _chapters(lang: str) -> dict[str, dict[str, str]]:
    package = import_module(f"chainrule._languages.{lang}")
    return {chapter.__name__: chapter.MESSAGES for chapter in package.CHAPTERS}


@pytest.mark.parametrize("lang", CATALOGUES)
def test_catalogues_are_complete(lang: str) -> None:
    entries = {text for chapter in _chapters(lang).values() for text in chapter}
    assert {text: where for text, where in _looked_up().items() if text not in entries} == {}


@pytest.mark.parametrize("lang", CATALOGUES)
def test_no_entry_is_left_over(lang: str) -> None:
    used = _looked_up()
    left = {name: [t for t in texts if t not in used] for name, texts in _chapters(lang).items()}
    assert {name: texts for name, texts in left.items() if texts} == {}


@pytest.mark.parametrize("lang", CATALOGUES)
def test_entries_keep_the_fields_and_stand_once(lang: str) -> None:
    seen: set[str] = set()
    for chapter, texts in _chapters(lang).items():
        for text, translated in texts.items():
            assert text not in seen, f"{chapter} has again: {text}"
            seen.add(text)
            assert translated.strip(), text
            assert _fields(translated) == _fields(text), text


def test_what_is_looked_up_is_written_out_where_it_is() -> None:
    # An f-string would be filled in before it is looked up, and never be found.
    wrong = [
        where
        for where, call, name in _calls()
        if name in {"tr", "tr_n", "mark"} and any(isinstance(a, ast.JoinedStr) for a in call.args)
    ]
    assert wrong == []


# The exceptions of the engine and of the faces of other libraries are in English: they are
# sentences that people search for.
ENGLISH = {
    *("_core", "_rules", "operators", "checking", "compiler", "numpy", "scipy", "torch"),
    *("builtins", "extend", "misc", "test_util"),
}

# What these are given, a person reads.
READ_BY_PEOPLE = {
    *("CommandError", "TableError", "EncodingError", "ModelFileError", "FormulaError"),
    *("PictureError", "CurveError", "GraphError", "DerivationError", "SettingsError"),
    *("MissingLibraryError", "MissingNameError", "UnknownLanguageError", "ArgumentTypeError"),
    *("say", "note", "warn", "detail", "timed"),
}
KEYWORDS_READ_BY_PEOPLE = {"help", "description", "epilog", "title"}

# Texts that are alike in every language.
ALIKE = {
    "f\"chainrule {version('chainrule')}\"": "a name and a number",
}


# The names of options are no words.
LETTERS = re.compile(r"(?<![\w-])[^\W\d_]")


def _bare(node: ast.AST) -> Iterator[ast.expr]:
    """The texts with letters that an expression makes its value of, but for what it calls."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str) and LETTERS.search(node.value):
            yield node
    elif isinstance(node, ast.JoinedStr):
        if any(isinstance(each, ast.Constant) and [*_bare(each)] for each in node.values):
            yield node
    elif isinstance(node, ast.Call):
        yield from _bare(node.func)  # as in "{} rows".format(count)
    elif isinstance(node, ast.Subscript):
        yield from _bare(node.value)
    else:
        for child in ast.iter_child_nodes(node):
            yield from _bare(child)


def _sentences(tree: ast.AST) -> Iterator[ast.expr]:
    """The expressions in `tree` that a person reads."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in READ_BY_PEOPLE:
                yield from node.args[:1]
            if isinstance(called, ast.Attribute) and name.startswith("add_"):
                for keyword in node.keywords:
                    if keyword.arg in KEYWORDS_READ_BY_PEOPLE:
                        yield keyword.value


def test_bare_texts_are_found() -> None:
    def bare(text: str) -> int:
        return sum(len([*_bare(each)]) for each in _sentences(ast.parse(text)))

    assert bare("raise CommandError('no table')") == 1
    assert bare("out.say(f'{x} rows')") == 1
    assert bare("say('a ' + b if c else 'd')") == 2
    assert bare("p.add_argument('--x', help='more')") == 1
    assert bare("say('{} rows'.format(x))") == 1
    assert bare("say(tr('a') + f'{x}: {y}' + made('b') + table['c'] + '--at: ')") == 0


def test_what_people_read_is_looked_up() -> None:
    wrong = []
    for path in sorted(SOURCE.rglob("*.py")):
        if path.relative_to(SOURCE).parts[0].removesuffix(".py") in ENGLISH:
            continue
        text = path.read_text(encoding="utf-8")
        for each in _sentences(ast.parse(text)):
            for bare in _bare(each):
                segment = ast.get_source_segment(text, bare) or ""
                if segment not in ALIKE:
                    wrong.append(f"{path.relative_to(SOURCE)}, line {bare.lineno}: {segment}")
    assert wrong == []


def test_the_language_is_that_of_the_block() -> None:
    assert language() == "en"
    with speaking("zh"):
        with speaking(None):
            assert language() == "zh"
        with speaking("en"):
            assert language() == "en"
    assert language() == "en"
    with pytest.raises(UnknownLanguageError, match="'fr' here; choose one of"), speaking("fr"):
        pass


@pytest.mark.parametrize(
    ("environ", "lang"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh-Hans"}, "zh"),
        ({"LC_ALL": "", "LANG": "zh_TW"}, "zh"),
        ({"LC_ALL": "C.UTF-8", "LANG": "zh_CN"}, "en"),
        ({"LANGUAGE": "zh:en", "LANG": "en_US.UTF-8"}, "zh"),
        ({"LANGUAGE": "fr:zh_TW:en"}, "zh"),
        ({"LANGUAGE": "en_GB:zh"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
    ],
)
def test_a_locale_chooses_the_language(environ: dict[str, str], lang: str) -> None:
    assert of_locale(environ) == lang


def test_one_and_many() -> None:
    assert tr_n("{count} step", "{count} steps", 1) == "1 step"
    assert tr_n("{count} step", "{count} steps", 3) == "3 steps"
    assert tr("a {thing}", thing="{brace}") == "a {brace}"
