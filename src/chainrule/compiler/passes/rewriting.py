"""Writing a program anew, call by call: a rule that knows a better way to say a call says it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from ..program import Call, Program, Var
from ..sizes import Size

__all__ = [
    "Rules",
    "Writer",
    "broadcast",
    "is_elementwise",
    "is_static",
    "kind_of",
    "same",
    "shape_of",
    "together",
    "ways",
]

Rule = Callable[["Writer", Call], Any]  # the value that stands for the call's output, or None
Rules = dict[Any, list[Rule]]


class Writer:
    """A program being written from another; `rules` are asked about each call, also of their own.

    Rules answer with a value of the program, or a number, that the call's output is equal to; what
    that takes they have written before.
    """

    def __init__(self, program: Program, rules: Rules, everywhere: Sequence[Rule] = ()) -> None:
        self.program, self.rules, self.everywhere = program, rules, everywhere
        self.calls: list[Call] = []
        self.made: dict[Var, Call] = {}
        self.instead: dict[Var, Any] = {}
        self.found: Counter[str] = Counter()
        self.names = last_name(program)
        self.fillings: dict[Var, Any] = {}

    def rewritten(self, what: str) -> Program:
        """Return the program that the rules make of it; the same one where none knew better."""
        for call in self.program.calls:
            self.say(call.with_(self.now) if self.instead else call)
        if not self.found:
            return self.program
        said = (f"{text}{f' ({k} times)' if k > 1 else ''}" for text, k in self.found.items())
        notes = [*self.program.notes, f"{what}: {'; '.join(said)}"]
        outputs = [self.now(v) if isinstance(v, Var) else v for v in self.program.outputs]
        return Program(self.program.inputs, self.calls, outputs, notes)

    def now(self, v: Var) -> Any:
        return self.instead.get(v, v)

    def say(self, call: Call) -> Any:
        """Write the call down, or what a rule knows to be equal to it; return its output."""
        for rule in (*self.rules.get(call.function, ()), *self.everywhere):
            if (value := rule(self, call)) is not None:
                self.found[self.said(rule, call)] += 1
                values = value if call.several else [value]
                self.instead.update(zip(call.outputs, values, strict=True))
                return value
        if not call.outputs:  # a loop of which nothing is left
            return None
        self.calls.append(call)
        for v in call.outputs:
            self.made[v] = call
        return call.output

    def said(self, rule: Rule, call: Call) -> str:
        """What the notes say of a rule that was used."""
        return rule.__doc__ or rule.__name__

    def write(
        self, like: Var, function: Any, *inputs: Any, shape: Any = None, dtype: Any = None
    ) -> Any:
        """Write down a call whose output is like a value that there is, but for what is given."""
        shape = like.shape if shape is None else shape
        return self.say(Call(function, inputs, {}, [self.new(shape, dtype or like.dtype)]))

    def new(self, shape: Any, dtype: Any) -> Var:
        self.names += 1
        return Var(f"v{self.names}", tuple(shape), dtype)

    def maker(self, v: Any, *functions: Any) -> Call | None:
        """Return the call of one of `functions`, without options, that made `v`."""
        call = self.made.get(v) if type(v) is Var else None
        return call if call and call.function in functions and not call.options else None

    def number(self, v: Any) -> Any:
        """Return the number that `v` is, or is filled with; None if there is none.

        A scalar of NumPy's keeps its type, which may widen the arrays that it meets.
        """
        found = self.filling(v) if type(v) is Var else v
        return found if isinstance(found, (int, float, complex, np.generic)) else None

    def filling(self, v: Any) -> Any:
        """Return the number or size that fills an array; None if there is none."""
        if type(v) is not Var or v.dtype.kind not in "fiubc":
            return None
        call = self.made.get(v)
        if call and call.function is np.full and not isinstance(call.inputs[1], Var):
            value = call.inputs[1]
            return value if isinstance(value, Size) else v.dtype.type(value)
        if v.constant is None:
            return None
        if v not in self.fillings:
            self.fillings[v] = filling(v.constant)
        return self.fillings[v]


def together(*tables: Rules) -> Rules:
    """Return the rules of all tables, those of the first first."""
    functions = dict.fromkeys(f for table in tables for f in table)
    return {f: [rule for table in tables for rule in table.get(f, ())] for f in functions}


def ways(rules: Rules) -> Callable[..., Callable[[Any], Any]]:
    """Return the decorator that lets a rule of `rules` be asked about calls of some functions."""

    def of(*functions: Any) -> Callable[[Any], Any]:
        def stated(f: Any) -> Any:
            for function in functions:
                rules.setdefault(function, []).append(f)
            return f

        return stated

    return of


def last_name(program: Program) -> int:
    """Return the largest number in the names of the program's values."""
    names = [v.name for call in program.calls for v in call.outputs]
    names += [v.name for v in (*program.inputs, *program.constants())]
    return max(
        (int(name[1:]) for name in names if name[:1] == "v" and name[1:].isdigit()), default=0
    )


# ---------------------------------------------------------------- what rules ask


def same(a: Any, b: Any) -> bool:
    """Say whether two values have one shape and dtype, so that one may stand for the other."""
    return (
        type(a) is Var
        and type(b) is Var
        and a.shape == b.shape
        and a.dtype == b.dtype
        and a.weak == b.weak
    )


def filling(array: Any) -> Any:
    """Return the number that fills `array`, to the sign of zeros; None if there is none."""
    if not array.size:
        return None
    first = array.flat[0]
    bits = first.tobytes()
    if all(step == 0 or size == 1 for step, size in zip(array.strides, array.shape, strict=True)):
        return first
    if array.flat[-1].tobytes() != bits or array.tobytes() != bits * array.size:
        return None
    return first


def is_static(shape: Iterable[Any]) -> bool:
    return not any(isinstance(size, Size) for size in shape)


def is_elementwise(call: Call) -> bool:
    f = call.function
    if call.options or call.several:
        return False
    return (f is np.where and len(call.inputs) == 3) or (
        isinstance(f, np.ufunc) and f.signature is None and len(call.inputs) == f.nin
    )


def kind_of(v: Any) -> Any:
    """Return what NumPy's rules of promotion know of `v`: its dtype, or a type of Python's."""
    if type(v) is Var:
        return (
            {"f": float, "i": int, "c": complex}.get(v.dtype.kind, v.dtype) if v.weak else v.dtype
        )
    if type(v) is Size:
        v = v.at(7)
    return type(v) if type(v) in (int, float, complex) else np.asarray(v).dtype


def shape_of(v: Any) -> tuple[Any, ...]:
    return v.shape if type(v) is Var else np.shape(v)


def broadcast(shapes: Iterable[Sequence[Any]]) -> tuple[Any, ...] | None:
    """Return the shape that arrays of these shapes have together; None if that is not known."""
    out: list[Any] = []
    for shape in shapes:
        out[:0] = [1] * (len(shape) - len(out))
        for k, size in enumerate(reversed(shape), 1):
            if out[-k] == 1:
                out[-k] = size
            elif size != 1 and size != out[-k]:
                return None
    return tuple(out)
