"""The program as a module of Python: one function with the user's names, and what it calls.

Small parts and library calls are NumPy's text; a pass over the rows is a loop over blocks of rows,
whose arrays are written to again where nothing reads them any more. The other back end has the same
function with calls of kernels in their places (kernels.py).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any

import numpy as np

from chainrule._core.values import take

from ..parts import Part
from ..program import Call, Program, Var
from ..roles import is_elementwise, role_of, row_axis
from ..sizes import Size
from .expressions import Names, Text, call_text, number_text

__all__ = ["BLOCK", "Printer", "Source"]

BLOCK = 16384  # rows: what NumPy needs a call for is then much more than the call
WIDE = 88
LARGE = 4096  # numbers from which on an array is written to again
# What shares the numbers of its first input.
VIEWS = {np.reshape, np.transpose, np.broadcast_to, take, np.swapaxes, np.moveaxis, np.expand_dims}


class Source:
    """The text of a module, and what it needs beside its text."""

    def __init__(self, text: str, name: str, given: dict[str, Any], kernels: bool) -> None:
        self.text, self.name, self.given, self.kernels = text, name, given, kernels

    def load(self) -> Callable[..., Any]:
        """Return the function of a module with this text."""
        from ..cache import load

        module = load(self.text, self.name, on_disk=self.kernels)
        return (
            bound(getattr(module, self.name), self.given)
            if self.given
            else getattr(module, self.name)
        )


def bound(function: Callable[..., Any], given: dict[str, Any]) -> Callable[..., Any]:
    """Return the function with names of its own beside those of its module."""
    assert isinstance(function, FunctionType)
    space = {**function.__globals__, **given}
    out = FunctionType(function.__code__, space, function.__name__, function.__defaults__)
    out.__doc__ = function.__doc__
    return out


class Printer:
    """Prints a program, cut into parts, as the function `name`."""

    def __init__(self, program: Program, parts: Sequence[Part], name: str) -> None:
        self.program, self.parts, self.name = program, parts, name
        self.names = Names()
        self.lines: list[str] = []
        self.texts: dict[Var, Text] = {}
        self.uses = program.uses()
        self.kernels: list[str] = []

    def source(self) -> Source:
        for v in self.program.inputs:
            self.texts[v] = Text(v.name)
            # imports have other names than arguments, and than blocks of them
            self.names.functions.update({v.name: v, f"{v.name}_": v})
        for v in self.program.constants():  # those of a loop's body may have the same names
            self.texts[v] = Text(self.names.give(v.name, v.constant))
        if rows := self.count():
            self.lines.append(f"n = {rows}")
        for k, part in enumerate(self.parts):
            self.part(part, k)
        self.lines.append(f"return {self.returned()}")
        arguments = ", ".join(v.name for v in self.program.inputs)
        body = "".join(f"    {line}\n" if line else "\n" for line in self.lines)
        given = "".join(
            f"# {name}: {described(v)}, read when this was written\n"
            for name, v in self.names.given.items()
        )
        imports = "\n".join(sorted(self.names.imports, key=import_order))
        kernels = "".join(f"{kernel}\n\n" for kernel in self.kernels)
        text = f"{imports}\n\n{given}\n{kernels}def {self.name}({arguments}):\n{body}"
        return Source(
            text.replace("\n\n\n\n", "\n\n\n"), self.name, self.names.given, bool(kernels)
        )

    def count(self) -> str:
        """Return the text of the number of rows, from an argument that has them."""
        for v in self.program.inputs:
            axis = row_axis(v)
            if axis is not None and axis >= 0:
                return f"len({v.name})" if axis == 0 else f"{v.name}.shape[{axis}]"
        return ""

    def returned(self) -> str:
        texts = [
            self.texts[v].text if isinstance(v, Var) else self.given(v)
            for v in self.program.outputs
        ]
        return f"({texts[0]},)" if len(texts) == 1 else ", ".join(texts) or "()"

    def given(self, v: Any) -> str:
        if isinstance(v, Size):
            return repr(v)
        return (
            number_text(v)
            if type(v) in (int, float)
            else repr(v)
            if type(v) in (bool, str, type(None))
            else self.names.give("given", v)
        )

    # ---- parts

    def part(self, part: Part, k: int) -> None:
        if part.kind == "pass":
            self.rows(part)
        else:
            self.straight(part.calls, part.outputs)

    def straight(self, calls: Sequence[Call], outputs: Sequence[Var], rows: str = "n") -> None:
        """Print calls one after the other; what is read once goes into the line that reads it."""
        last = {v: k for k, call in enumerate(calls) for v in call.reads()}
        shared = sharing(calls)
        own: set[Var] = set()  # arrays that may be written to again
        for k, call in enumerate(calls):
            if call.several:
                text = self.text_of(call, rows)
                names = ", ".join(v.name for v in call.outputs)
                self.lines.append(f"{names}{',' * (len(call.outputs) == 1)} = {text.text}")
                self.texts.update({v: Text(v.name) for v in call.outputs})
                continue
            v = call.output
            big = is_big(v)
            into = self.free_array(call, k, last, own, shared, outputs) if big else None
            text = self.text_of(call, rows, into)
            own -= {into}
            if big and is_elementwise(call):
                own.add(v)
            if self.uses.get(v) == 1 and v not in outputs and not big and len(text.text) < WIDE:
                self.texts[v] = text
                continue
            self.lines.append(f"{v.name} = {text.text}")
            self.texts[v] = Text(v.name)

    def free_array(
        self,
        call: Call,
        k: int,
        last: dict[Var, int],
        own: set[Var],
        shared: set[Var],
        outputs: Sequence[Var],
    ) -> Var | None:
        """Return an array that the call reads last, and that may take its result."""
        if not (is_elementwise(call) and isinstance(call.function, np.ufunc)) or call.options:
            return None
        for v in call.inputs:
            if (
                isinstance(v, Var)
                and v in own
                and v not in shared
                and v not in outputs
                and last[v] == k
                and v.shape == call.output.shape
                and v.dtype == call.output.dtype
            ):
                return v
        return None

    def text_of(self, call: Call, rows: str, into: Var | None = None) -> Text:
        out = self.texts[into].text if into else ""
        return call_text(call, self.texts.__getitem__, self.names, rows, out)

    def rows(self, part: Part) -> None:
        """Print a pass over the rows: blocks of them, sums that grow, outputs written in place."""
        outside = dict(self.texts)
        sums = {v for call in part.calls if role_of(call) == "sum" for v in call.outputs}
        for v in part.sums:
            self.lines.append(f"{v.name} = {zeros(v)}")
        for v in part.row_outputs:
            self.lines.append(f"{v.name} = np.empty({v.shape}, {v.dtype.name!r})")
        self.lines.append(f"for start in range(0, n, {BLOCK}):  # rows start to stop")
        outer, self.lines = self.lines, []
        self.lines.append(f"stop = min(start + {BLOCK}, n)")
        self.lines.append("m = stop - start")
        for v in part.inputs:
            if row_axis(v) is not None:
                self.lines.append(f"{v.name}_ = {outside[v].within(9)}[{block_of(v)}]")
                self.texts[v] = Text(f"{v.name}_")
        kept = set(part.row_outputs)
        renamed = {v: f"{v.name}_" for v in kept}
        self.block(part.calls, sums, renamed)
        for v in part.row_outputs:
            self.lines.append(f"{v.name}[{block_of(v)}] = {self.texts[v].text}")
        self.lines, inner = outer, self.lines
        self.lines += [f"    {line}" for line in inner]
        self.texts = outside | {v: Text(v.name) for v in part.outputs}

    def block(self, calls: Sequence[Call], sums: set[Var], renamed: dict[Var, str]) -> None:
        last = {v: k for k, call in enumerate(calls) for v in call.reads()}
        shared = sharing(calls)
        own: set[Var] = set()
        for k, call in enumerate(calls):
            v = call.output
            if v in sums:
                self.lines.append(f"{v.name} += {self.text_of(call, 'm').text}")
                continue
            name = renamed.get(v, v.name)
            if call.function is np.arange:
                self.texts[v] = Text("np.arange(m)" if v.counts else "np.arange(start, stop)")
                continue
            if call.function is np.full and self.uses.get(v, 0) < 2:
                self.texts[v] = self.text_of(call, "m")
                continue
            into = self.free_array(call, k, last, own, shared, list(renamed))
            text = self.text_of(call, "m", into).text
            own -= {into}
            if is_elementwise(call) or call.function is np.einsum:
                own.add(v)
            self.lines.append(f"{name} = {text}")
            self.texts[v] = Text(name)


def sharing(calls: Sequence[Call]) -> set[Var]:
    """Arrays that another name may show: what views are made of, and the views."""
    out: set[Var] = set()
    for call in calls:
        if not (is_elementwise(call) or call.function in (np.einsum, np.sum, np.max, np.min)):
            out.update(call.reads())
            out.update(call.outputs)
    return out


def is_big(v: Var) -> bool:
    return all(isinstance(size, int) for size in v.shape) and np.prod(v.shape, dtype=float) >= LARGE


def block_of(v: Var) -> str:
    axis = row_axis(v) or 0
    return ", ".join([":"] * axis + ["start:stop"])


def zeros(v: Var) -> str:
    if not v.shape:
        return "0" if v.dtype.kind in "iub" else "0.0" if v.dtype == float else f"np.{v.dtype}(0)"
    return f"np.zeros({v.shape}, {v.dtype.name!r})"


def described(v: Any) -> str:
    if isinstance(v, np.ndarray):
        return f"{v.dtype}{list(v.shape)}"
    return getattr(v, "__name__", type(v).__name__)


def import_order(line: str) -> tuple[bool, bool, str]:
    """NumPy comes first, and what is chainrule's own last."""
    return line.startswith("from chainrule"), not line.startswith("import"), line
