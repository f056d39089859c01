"""What is wrong with a text that is no formula: what, where, and what to write instead."""

from __future__ import annotations

import re
from keyword import iskeyword

from chainrule._languages import tr
from chainrule._text import shortened

from .grammar import CONSTANTS, FUNCTIONS, nearest

__all__ = [
    "TOO_DEEP",
    "FormulaError",
    "check_characters",
    "is_word_of_python",
    "misread",
    "too_many",
]

MOST_CHARACTERS = 1000
TOO_DEEP = "the formula is nested too deeply to be read; use fewer parentheses"

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
        raise FormulaError("the formula is empty; write one such as tanh(x)")
    if len(text) > MOST_CHARACTERS:
        raise FormulaError(
            f"the formula has {len(text)} characters; {MOST_CHARACTERS} are the most that are read"
        )
    for position, character in enumerate(text, 1):
        known = character in " +-*/().,<>=!" or ("a" + character).isidentifier()
        if not known or character in INSTEAD:
            raise FormulaError(
                f'"{character}" at position {position} is not in the grammar of formulas'
                + (f"; write {INSTEAD[character]}" if character in INSTEAD else "")
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
            return f'")" at position {position} closes nothing; take it out, or write a "("'
        elif character == ")":
            opened.pop()
    if opened:
        return f'"(" at position {opened[-1]} is never closed; write a ")"'
    for word in re.finditer(r"[^\W\d]\w*", text):
        if is_word_of_python(word[0]):
            return tr(
                '"{name}" at position {position} cannot be a name here; choose another',
                name=word[0],
                position=word.start() + 1,
            )
    if match := re.search(r"(?<![\w.])(\d[\d_.]*) *([^\W\d_]\w*)", text):
        number, name = match.groups()
        return (
            f'"{match[0]}" at position {match.start() + 1} lacks an operator; write {number}*{name}'
        )
    if match := re.search(r"([^\W\d_]\w*) +(\w+)", text):
        name, other = match.groups()
        instead = f"{name}({other})" if name in FUNCTIONS else f"{name}*{other}"
        return f'"{match[0]}" at position {match.start() + 1} lacks an operator; write {instead}'
    if match := re.search(r"(?<![<>=!])=(?!=)", text):
        return (
            f'"=" at position {match.start() + 1} is not in the grammar of formulas; '
            "write only what stands on its right"
        )
    if "nested" in error.msg:
        return TOO_DEEP
    if not error.offset or error.offset > len(text):
        return f'"{shortened(text, 40)}" ends where a number or a name should follow'
    rest = text[error.offset - 1 :]
    return f'"{shortened(rest, 40)}" at position {error.offset} cannot stand there'


def too_many(names: dict[str, int], variables: int) -> str:
    """Return what is wrong with more names than `variables`; `names` has where each stands."""
    # Of several names, x is the likeliest to be meant as the variable.
    kept = sorted(names, key=lambda name: name != "x")[:variables]
    extra = next(name for name in names if name not in kept)
    near = nearest(extra, [*CONSTANTS, *FUNCTIONS, *kept])
    return (
        f'"{extra}" at position {names[extra]} is a variable'
        + (f" beside {' and '.join(kept)}; no more than {variables}" if kept else "; none")
        + " can stand here"
        + (f" (did you mean {near}?)" if near else "")
    )
