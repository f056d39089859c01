"""What is wrong with a text that is no formula: what, where, and what to write instead."""

from __future__ import annotations

import re
from keyword import iskeyword

from chainrule._languages import mark, tr
from chainrule._text import shortened

from .grammar import CONSTANTS, FUNCTIONS, nearest

__all__ = [
    "NOT_IN_GRAMMAR",
    "TOO_DEEP",
    "FormulaError",
    "at",
    "check_characters",
    "is_word_of_python",
    "misread",
    "too_many",
]

MOST_CHARACTERS = 1000
NOT_IN_GRAMMAR = mark("is not in the grammar of formulas")
TOO_DEEP = mark("the formula is nested too deeply to be read; use fewer parentheses")

# What people type or paste, and how this grammar writes it.
INSTEAD = {
    "^": "**", "−": "-", "–": "-", "×": "*", "·": "*", "⋅": "*", "÷": "/", "²": "**2", "³": "**3",
    "√": "sqrt( )", "|": "abs( )", "[": "(", "]": ")", "{": "(", "}": ")", "（": "(", "）": ")",
    "，": ",", "；": ";", "＝": "=", "＋": "+", "＊": "*", "／": "/", "≤": "<=", "≥": ">=",
    "≠": "!=",
}  # fmt: skip


class FormulaError(ValueError):
    """A formula that cannot be read, as one sentence: what, at which position, what to write."""


def check_characters(text: str) -> None:
    """Raise for a text that is empty or too long, or has a character that no formula has."""
    if not text.strip():
        raise FormulaError(tr("the formula is empty; write one such as tanh(x)"))
    if len(text) > MOST_CHARACTERS:
        raise FormulaError(
            tr(
                "the formula has {length} characters; {most} are the most that are read",
                length=len(text),
                most=MOST_CHARACTERS,
            )
        )
    for position, character in enumerate(text, 1):
        known = character in " +-*/().,<>=!" or ("a" + character).isidentifier()
        if not known or character in INSTEAD:
            instead = INSTEAD.get(character)
            write = tr("; write {instead}", instead=instead) if instead else ""
            raise FormulaError(at(character, position, NOT_IN_GRAMMAR) + write)


def at(part: str, position: int, what: str) -> str:
    """Return the sentence that says `what`, a predicate that `mark` marks, of a part of a text."""
    return tr(
        '"{part}" at position {position} {what}',
        part=shortened(part, 40),
        position=position,
        what=tr(what),
    )


def is_word_of_python(name: str) -> bool:
    """Say whether Python's parser takes `name` for one of its own words, such as lambda."""
    return iskeyword(name) and name not in {"True", "False", "None"}  # which it reads as values


def misread(text: str, error: SyntaxError) -> str:
    """Return what is wrong with a text that Python's parser refuses."""
    opened: list[int] = []
    for position, character in enumerate(text, 1):
        if character == "(":
            opened.append(position)
        elif character == ")" and not opened:
            return at(")", position, mark('closes nothing; take it out, or write a "("'))
        elif character == ")":
            opened.pop()
    if opened:
        return at("(", opened[-1], mark('is never closed; write a ")"'))
    for word in re.finditer(r"[^\W\d]\w*", text):
        if is_word_of_python(word[0]):
            return tr(
                '"{name}" at position {position} cannot be a name here; choose another',
                name=word[0],
                position=word.start() + 1,
            )
    if match := re.search(r"(?<![\w.])(\d[\d_.]*) *([^\W\d_]\w*)", text):
        number, name = match.groups()
        return _lacks_operator(match, f"{number}*{name}")
    if match := re.search(r"([^\W\d_]\w*) +(\w+)", text):
        name, other = match.groups()
        instead = f"{name}({other})" if name in FUNCTIONS else f"{name}*{other}"
        return _lacks_operator(match, instead)
    if match := re.search(r"(?<![<>=!])=(?!=)", text):
        what = mark("is not in the grammar of formulas; write only what stands on its right")
        return at("=", match.start() + 1, what)
    if "nested" in error.msg:
        return tr(TOO_DEEP)
    if not error.offset or error.offset > len(text):
        return tr('"{text}" ends where a number or a name should follow', text=shortened(text, 40))
    rest = text[error.offset - 1 :]
    return at(rest, error.offset, mark("cannot stand there"))


def _lacks_operator(match: re.Match[str], instead: str) -> str:
    write = tr("; write {instead}", instead=instead)
    return at(match[0], match.start() + 1, mark("lacks an operator")) + write


def too_many(names: dict[str, int], variables: int) -> str:
    """Return what is wrong with more names than `variables`; `names` has where each stands."""
    # Of several names, x is the likeliest to be meant as the variable.
    kept = sorted(names, key=lambda name: name != "x")[:variables]
    extra = next(name for name in names if name not in kept)
    near = nearest(extra, [*CONSTANTS, *FUNCTIONS, *kept])
    # Without a variable to keep, none can stand here at all.
    what = tr("is a variable; none can stand here")
    if kept:
        what = tr(
            "is a variable beside {kept}; no more than {count} can stand here",
            count=variables,
            kept=tr(" and ").join(kept),
        )
    meant = tr(" (did you mean {near}?)", near=near) if near else ""
    return at(extra, names[extra], what) + meant
