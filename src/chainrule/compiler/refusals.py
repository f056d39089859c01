"""What a function that is being written down cannot do, said in the user's own terms."""

from __future__ import annotations

import sys
from typing import Any, NoReturn

from chainrule._core.calling import users_frame
from chainrule._core.errors import name_of

__all__ = [
    "CompileError",
    "refuse",
    "refuse_draw",
    "refuse_output",
    "refuse_shape",
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
    "a plain array": "Use the function of chainrule.numpy with this name, or np.stack of a list of "
    "values",
}


def refuse(value: Any, what: str) -> NoReturn:
    raise CompileError(
        f"the function is being compiled, and this line asks {what} of a value that is known only "
        f"when it runs (shape {value.shape}){place()}. {ADVICE[what]}."
    )


def refuse_shape(function: Any) -> NoReturn:
    raise CompileError(
        f"{name_of(function)} returns arrays whose shape depends on the numbers, which a compiled "
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


def refuse_output(v: Any) -> NoReturn:
    what = "None; is a return missing?" if v is None else f"a {type(v).__name__}."
    raise CompileError(
        "a compiled function returns numbers, arrays, and tuples, lists and dicts of them, but "
        f"this one returned {what}"
    )
