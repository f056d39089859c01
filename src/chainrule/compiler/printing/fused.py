"""The same module with kernels in the places of its fused parts, for Numba to compile."""

from __future__ import annotations

from typing import Any

from ..kernels import elementary, kernel_functions, products
from ..parts import Part
from ..program import Call, Var
from ..roles import row_axis
from ..sparse_rows import STORED
from .expressions import Text
from .kernels import Kernel, kernel, prints
from .loop_text import bodies
from .source import Printer, Source

__all__ = ["FusedPrinter", "fuses"]

FEW_NUMBERS = 100_000  # in all rows: fewer are not even offered to threads
FEW = 12  # calls beside a pass that are not worth compiling a kernel


def fuses(call: Call) -> bool:
    """Say whether a call can be part of a kernel; else the library makes it.

    Python's whole numbers have no largest, and a kernel's do.
    """
    v = call.output
    return prints(call) and not (v.weak and v.dtype.kind == "i")


class FusedPrinter(Printer):
    """Prints the program as a function that calls kernels."""

    def source(self) -> Source:
        for module in (elementary, kernel_functions, products):  # whose names are the kernels'
            self.names.functions |= {name: getattr(module, name) for name in module.__all__}
        return super().source()

    def part(self, part: Part, k: int) -> None:
        if part.kind == "library" or (len(self.parts) > 1 and is_slight(part)):
            self.straight(part.calls, part.outputs)
            return
        printed = kernel(f"part{k + 1}", part.calls, part.inputs, part.outputs, part.kind == "pass")
        self.kernels.append(printed.text)
        self.names.imports.update(dict.fromkeys(printed.imports))
        if part.kind == "pass":
            self.over_rows(part, printed)
        else:
            self.at_once(part, printed)

    def at_once(self, part: Part, printed: Kernel) -> None:
        """Print the call of a kernel that returns numbers, and writes into arrays."""
        arrays = [v for v in part.outputs if v.shape]
        numbers = [v for v in part.outputs if not v.shape]
        for v in arrays:
            self.lines.append(f"{v.name} = np.empty({v.shape}, {v.dtype.name!r})")
        inputs = [*map(self.said, part.inputs), *(v.name for v in arrays)]
        if any(map(bodies, part.calls)):  # a state that starts as a 0-d array becomes a number
            inputs[: len(part.inputs)] = map(self.said_as_number, part.inputs)
        given = ", ".join([*inputs, "n"] if printed.asks_rows else inputs)
        names = ", ".join(v.name for v in numbers)
        self.lines.append(
            f"{names} = {printed.name}({given})" if names else f"{printed.name}({given})"
        )
        self.texts.update({v: Text(v.name) for v in part.outputs})

    def over_rows(self, part: Part, printed: Kernel) -> None:
        """Print the call of a kernel over all rows, on all cores."""
        self.names.imports["from chainrule.compiler.kernels.threads import over_rows"] = None
        for v in part.row_outputs:
            self.lines.append(f"{v.name} = np.empty({v.shape}, {v.dtype.name!r})")
        inputs = list(map(self.said, part.inputs))
        outputs = [v.name for v in part.row_outputs]
        sums = ", ".join(f"({v.shape or (1,)}, {v.dtype.name!r})" for v in part.sums)
        width = sum(row_width(v) for v in part.inputs)
        stored = [f" + len({self.said(v)}) // n" for v in part.inputs if is_stored(v)]
        call = (
            f"over_rows({printed.name}, n, {tuple_text(inputs)}, [{sums}], "
            f"{tuple_text(outputs)}, {width}{''.join(stored)})"
        )
        names = ", ".join(v.name for v in part.sums)
        comma = "," if len(part.sums) == 1 else ""
        direct = ", ".join(["0", "n", *inputs, *(v.name for v in part.sums), *outputs])
        call = f"{names}{comma} = {call}" if names else call
        if stored:
            self.lines.append(call)
        else:  # handing few rows over to threads, even to one, takes longer than a small gradient
            self.lines += [
                f"if n < {FEW_NUMBERS // max(width, 1)}:",
                *(f"    {v.name} = {zeros(v)}" for v in part.sums),
                f"    {printed.name}({direct})",
                "else:",
                f"    {call}",
            ]
        for v in part.sums:
            self.texts[v] = Text(v.name if v.shape else f"{v.name}[0]")
        self.texts.update({v: Text(v.name) for v in part.row_outputs})

    def said(self, v: Var) -> str:
        return self.texts[v].text

    def said_as_number(self, v: Var) -> str:
        number = v in self.program.inputs and not v.shape and not v.weak
        return f"{self.said(v)}[()]" if number else self.said(v)


def is_slight(part: Part) -> bool:
    return part.kind == "small" and len(part.calls) <= FEW and not any(map(bodies, part.calls))


def is_stored(v: Var) -> bool:
    """Say whether `v` holds the values of sparse rows, whose number is known at the call."""
    return STORED in v.shape and v.dtype.kind == "f"


def zeros(v: Var) -> str:
    shape = repr(v.shape[0]) if len(v.shape) == 1 else repr(v.shape or 1)
    return f"np.zeros({shape}{'' if v.dtype == float else f', np.{v.dtype.name}'})"


def row_width(v: Var) -> int:
    """The numbers that a row of `v` has."""
    axis = row_axis(v)
    out = 1
    for k, size in enumerate(v.shape):
        out *= size if k != axis else 1
    return out if axis is not None else 0


def tuple_text(items: Any) -> str:
    texts = list(items)
    return f"({', '.join(texts)}{',' if len(texts) == 1 else ''})"
