"""Passes over a program that leave what it computes: each says what it did in the program's notes.

    common subexpressions: 1 call less: numpy.matmul(X, w)

Identities hold for every floating-point number (NaN, infinities, the sign of zeros); the stable
forms, in stable.py, to some last digits, and where the user's own form overflows.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..program import Call, Program, Var, described, mapped
from ..sizes import Size
from ..staging import quiet
from .broadcasting import EVERYWHERE, SHAPES
from .cancelling import CANCELLING
from .identities import IDENTITIES
from .rewriting import Writer, is_static, together
from .shifting import shifted
from .stable import STABLE
from .tidying import LOOPS, before_loops, less_of_loops

__all__ = ["simplified"]

ROUNDS = 50  # a handful, unless two rules undo each other's work
SMALL = 1024  # bytes that a folded constant may have where its inputs have less


def simplified(program: Program) -> Program:
    """Return a program that computes the same with fewer and simpler calls.

    Its `notes` say in order what was done. Outputs may be inputs, constants or plain numbers then.
    """
    program = within(program)
    for _ in range(ROUNDS):
        before = program
        for simpler in PASSES:
            program = simpler(program)
        if program is before:
            break
    return program


def within(program: Program) -> Program:
    """Simplify the programs that calls are given: the bodies of loops."""
    calls = [
        replace(call, options={name: simpler_body(v) for name, v in call.options.items()})
        if any(isinstance(v, Program) for v in call.options.values())
        else call
        for call in program.calls
    ]
    return Program(program.inputs, calls, program.outputs, list(program.notes))


def simpler_body(v: Any) -> Any:
    return simplified(v) if isinstance(v, Program) else v


def noted(program: Program, calls: list[Call], instead: Mapping[Var, Any], note: str) -> Program:
    outputs = [instead.get(v, v) if isinstance(v, Var) else v for v in program.outputs]
    return Program(program.inputs, calls, outputs, [*program.notes, note])


def less(what: str, calls: list[Call]) -> str:
    """Say which calls are not made any more."""
    said = ", ".join(call.said(described) for call in calls[:3]) + ", …" * (len(calls) > 3)
    return f"{what}: {len(calls)} call{'s' * (len(calls) > 1)} less: {said}"


# ---------------------------------------------------------------- common subexpressions


def common(program: Program) -> Program:
    """Make calls of the same function with the same arguments once."""
    made: dict[Any, Call] = {}
    constants: dict[Any, Var] = {}
    instead: dict[Var, Var] = {}
    calls, again = [], []

    def one_for(v: Var) -> Var:
        if v.constant is None or not is_static(v.shape):
            return instead.get(v, v)
        return constants.setdefault(content(v.constant), v)

    for call in program.calls:
        call = call.with_(one_for)
        if is_pure(call.function):
            key = call.function, frozen(call.inputs), frozen(call.options)
            if (first := made.setdefault(key, call)) is not call:
                again.append(call)
                instead.update(zip(call.outputs, first.outputs, strict=True))
                continue
        calls.append(call)
    return (
        noted(program, calls, instead, less("common subexpressions", again)) if again else program
    )


def content(array: Any) -> Any:
    """Return what two arrays share that hold the same; large ones are told apart by address."""
    if array.nbytes > SMALL or array.dtype.hasobject:
        return array.__array_interface__["data"], array.shape, array.strides, array.dtype.str
    return array.shape, array.dtype.str, array.tobytes()


def frozen(tree: Any) -> Any:
    """Return something hashable that is equal where `tree` is the same: 1, 1.0 and True are not."""
    kind = type(tree)
    if kind is Var or kind is Size:
        return tree
    if kind in (tuple, list):
        return kind.__name__, *map(frozen, tree)
    if kind is slice:
        return "slice", frozen(tree.start), frozen(tree.stop), frozen(tree.step)
    if kind is dict:
        return "dict", *((name, frozen(v)) for name, v in sorted(tree.items()))
    if isinstance(tree, (int, str, type, np.dtype)) or tree is None or tree is ...:
        return kind, tree
    if isinstance(tree, (float, complex, np.generic)):
        return kind, repr(tree)  # tells zeros by their sign, and not a NaN from itself
    return "object", id(tree)


@functools.cache
def is_pure(function: Callable[..., Any]) -> bool:
    """Say whether calls with the same arguments give the same: not so of what others wrote."""
    owner = getattr(function, "__self__", function)
    if isinstance(owner, np.ufunc):
        return all("O" not in types for types in owner.types) or hasattr(np, owner.__name__)
    home = getattr(function, "__module__", None) or ""
    return home.split(".")[0] in ("numpy", "scipy", "chainrule") and "random" not in home


# ---------------------------------------------------------------- constants


def folded(program: Program) -> Program:
    """Make calls of constants and numbers alone, now and once, unless the result is larger."""
    instead: dict[Var, Any] = {}
    calls, done = [], []
    for call in program.calls:
        call = call.with_(lambda v: instead.get(v, v)) if instead else call
        value = value_of(call)
        if value is None:
            calls.append(call)
            continue
        done.append(call)
        v = call.output
        instead[v] = value if value.ndim == 0 else Var(v.name, v.shape, v.dtype, constant=value)
    return noted(program, calls, instead, less("constants", done)) if done else program


def value_of(call: Call) -> Any:
    """Return what a call gives if that is a small enough constant, as NumPy's; else None."""
    if call.several or not is_pure(call.function) or not is_static(call.output.shape):
        return None
    read = call.reads()
    if not all(v.constant is not None and is_static(v.shape) for v in read) or asks_more(
        (call.inputs, call.options)
    ):
        return None
    size = call.output.dtype.itemsize * int(np.prod(call.output.shape))
    if size > max(SMALL, sum(v.constant.nbytes for v in read)):
        return None
    inputs, options = mapped((call.inputs, call.options), lambda v: v.constant)
    try:
        with quiet():
            y = call.function(*inputs, **options)
    except Exception:  # it will be raised where the program runs
        return None
    if not isinstance(y, (np.ndarray, np.generic)):
        return None
    return np.asarray(y)[()]


def asks_more(tree: Any) -> bool:
    """Say whether there is something in `tree` whose value is not known yet, or unknown to us."""
    if isinstance(tree, dict):
        return any(map(asks_more, tree.values()))
    if isinstance(tree, (tuple, list)):
        return any(map(asks_more, tree))
    if isinstance(tree, slice):
        return asks_more((tree.start, tree.stop, tree.step))
    return isinstance(tree, (Size, Program)) or (callable(tree) and not isinstance(tree, type))


# ---------------------------------------------------------------- what nobody reads


def dead(program: Program) -> Program:
    """Leave out calls whose outputs nobody reads."""
    read = {v for v in program.outputs if isinstance(v, Var)}
    calls: list[Call] = []
    gone: list[Call] = []
    for call in reversed(program.calls):
        if read.isdisjoint(call.outputs):
            gone.append(call)
        else:
            calls.append(call)
            read.update(call.reads())
    if not gone:
        return program
    return noted(program, calls[::-1], {}, less("dead code", gone[::-1]))


def loops(program: Program) -> Program:
    """Make loops and choices smaller, from outside and then within."""
    if not any(call.function in LOOPS for call in program.calls):
        return program
    smaller = before_loops(less_of_loops(program))
    return program if smaller is program else within(smaller)


# ---------------------------------------------------------------- the passes, in their order


EXACT, KEEPING_DIGITS = together(IDENTITIES, SHAPES), together(STABLE, CANCELLING)


def identities(program: Program) -> Program:
    """Say calls more simply where both are equal whatever the numbers are."""
    return Writer(program, EXACT, EVERYWHERE).rewritten("identities")


def stable_forms(program: Program) -> Program:
    """Say formulas so that they keep their digits."""
    return Writer(program, KEEPING_DIGITS).rewritten("stable forms")


PASSES: Iterable[Callable[[Program], Program]] = (
    common, identities, stable_forms, shifted, folded, dead, loops,
)  # fmt: skip
