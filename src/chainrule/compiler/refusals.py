"""What a function that is being written down cannot do, said in the user's own terms."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np

from chainrule._core.calling import is_users, users_frame
from chainrule._core.errors import name_of

if TYPE_CHECKING:
    from .given import Arguments

__all__ = [
    "CompileError",
    "blame",
    "refuse",
    "refuse_change",
    "refuse_draw",
    "refuse_output",
    "refuse_rows",
    "refuse_shape",
    "refuse_size",
    "refuse_sparse",
    "refuse_whims",
    "refuse_write",
    "refuse_writer",
]  # fmt: skip


class CompileError(TypeError):
    """A function cannot be compiled as it is written; the message names the line and what to do."""


def place() -> str:
    """Return the line of the user's program that is being run."""
    frame = users_frame(sys._getframe(1))
    if frame is None:
        return ""
    return f" ({frame.f_code.co_filename}, line {frame.f_lineno})"


ADVICE = {
    "a truth value": "Choose between arrays with np.where(condition, a, b), between functions with "
    "cond(condition, f, g, x), and repeat with iterate(step, state, n) or until(condition, step, "
    "state); an argument that decides is named in static=",
    "a whole number": "Name the argument it comes from in static=, or index with np.take",
    "a float": "Leave float() out: NumPy's functions take the value as it is",
    "a complex number": "Leave complex() out: NumPy's functions take the value as it is",
    "a plain array": "Use the function of chainrule.numpy with this name, np.stack of a list of "
    "values, and np.take(table, index, axis=0) in place of table[index]",
}


def refuse(value: Any, what: str) -> NoReturn:
    raise CompileError(
        f"the function is being compiled, and this line asks {what} of a value that is known only "
        f"when it runs (shape {value.shape}){place()}. {ADVICE[what]}."
    )


def refuse_shape(what: str) -> NoReturn:
    raise CompileError(
        f"{what} returns arrays whose shape depends on the numbers, which a compiled "
        f"function cannot have{place()}. Keep all elements and choose among them with "
        "np.where(condition, a, b)."
    )


def refuse_write(name: str) -> NoReturn:
    raise CompileError(
        f"the function writes into its argument {name}, which a compiled function leaves as it is; "
        f"make a new array ({name} = {name} + 1) and return it."
    )


def refuse_writer(function: Any) -> NoReturn:
    raise CompileError(
        f"{name_of(function)} writes into an array that exists{place()}, which a compiled function "
        "cannot do with values that are known only when it runs. Use what makes a new array: "
        "np.where(condition, a, b), np.concatenate, or chainrule.numpy's zeros and a[places] = v."
    )


def refuse_draw() -> NoReturn:
    raise CompileError(
        "the function draws random numbers, which would be drawn once, when it is compiled, and "
        "stay the same at every call; draw them outside and pass them as an argument."
    )


def refuse_sparse() -> NoReturn:
    raise CompileError(
        f"a compiled function multiplies a sparse argument by vectors and matrices, X @ w and "
        f"X.T @ r, and does nothing else with it{place()}; prepare the rest outside, and pass it "
        "as an argument of its own."
    )


def refuse_whims(why: str) -> NoReturn:
    raise CompileError(
        f"the function is another one when it runs a second time ({why}): it draws random numbers, "
        "or reads a clock, a file or a counter. That would be done once, when it is compiled; do "
        "it outside and pass the numbers as an argument."
    )


def refuse_rows(name: str, rows: int) -> NoReturn:
    raise CompileError(
        f"the function makes more calls for more rows, as a Python loop over the {rows} rows of "
        f"{name} does, and each would be compiled by itself. Let NumPy work on all rows at once, "
        "or go from row to row with scan(step, state, rows)."
    )


def refuse_size(error: Exception) -> NoReturn:
    last = None
    at = error.__traceback__
    while at is not None:
        if is_users(at.tb_frame):
            last = at
        at = at.tb_next
    where = f" ({last.tb_frame.f_code.co_filename}, line {last.tb_lineno})" if last else ""
    raise CompileError(
        f"the function is being compiled, and this line uses a value as a size or another whole "
        f"number{where}; such a number must be known beforehand. {ADVICE['a whole number']}."
    ) from error


def refuse_output(v: Any) -> NoReturn:
    what = "None; is a return missing?" if v is None else f"something of type {type(v).__name__}."
    raise CompileError(
        "a compiled function returns numbers, arrays, and tuples, lists and dicts of them, but "
        f"this one returned {what}"
    )


def refuse_change(names: Sequence[str]) -> NoReturn:
    raise CompileError(
        f"the function changes what it reads from around it ({', '.join(names)}), which it would "
        "do once, when it is compiled, and not at every call; return the new value, and pass it "
        "as an argument."
    )


def blame(error: Exception, asked: Arguments, known: Sequence[tuple[list[Any], Any]]) -> None:
    """Add to an error which arguments are unlike those of an earlier call, or what they are."""
    if isinstance(error, CompileError) or not asked.leaves:
        return
    same = [rows for examples, rows in known if len(examples) == len(asked.leaves)]
    said = next(filter(None, (other_rows(asked, rows) for rows in same)), "")
    found = [unlike(asked, examples) for examples, _ in known if len(examples) == len(asked.leaves)]
    said = said or min(found, key=len, default="")
    if not said:
        kinds = zip(asked.names, asked.leaves, strict=True)
        said = f"the arguments are {', '.join(f'{name}: {kind_text(v)}' for name, v in kinds)}"
    if [type(v) for v in error.args] == [str]:
        error.args = (f"{said}: {error.args[0]}",)
    else:
        error.add_note(said)


def other_rows(asked: Arguments, rows: Sequence[int]) -> str:
    """Say which argument has another number of rows than the largest one that has them."""
    arrays = [(asked.names[k], asked.leaves[k]) for k in rows]
    if not arrays or any(np.ndim(v) == 0 for _, v in arrays):
        return ""
    largest, first = max(arrays, key=lambda pair: (np.ndim(pair[1]), np.size(pair[1])))
    others = [(name, len(v)) for name, v in arrays if len(v) != len(first)]
    said = [f"argument {name} has {n} rows where {largest} has {len(first)}" for name, n in others]
    return ", ".join(said)


def unlike(asked: Arguments, examples: Sequence[Any]) -> str:
    """Say which arguments have other shapes and dtypes than they had in an earlier call."""
    three = zip(asked.names, asked.leaves, examples, strict=True)
    return ", ".join(
        f"argument {name} is {kind_text(v)} where it was {kind_text(example)} in an earlier call"
        for name, v, example in three
        if kind_text(v) != kind_text(example)
    )


def kind_text(v: Any) -> str:
    if not isinstance(v, np.ndarray):
        return type(v).__name__
    return f"{v.dtype}[{', '.join(map(str, v.shape))}]"
