"""One part of a program as the text of one function that Numba compiles.

A small part is loops over sizes that are known. A pass over the rows goes block by block: nests
over the rows of a block, one after the other, while the block is in cache. Where no row has more
than a few numbers, it is one loop over the rows with all of a row's numbers in registers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from chainrule._core.pieces import gather
from chainrule._core.values import take

from ..program import Call, Var, among, needed
from ..roles import has_rows, row_axis
from ..sizes import ROWS, Size
from ..sparse_rows import is_sparse_product
from .expressions import Text
from .loop_text import STEPS, State, update_in_place
from .nest_text import BLOCK, NestPrinter, in_registers, indented
from .nests import ROW, Nest, Task, nested, sunk
from .printable import prints
from .row_products import RowProduct, with_products
from .texts import FreshNames, Texts
from .views import Sources, is_view
from .work import apart, copied, laid_out, work_of

__all__ = ["Kernel", "kernel", "prints"]

NARROW = 8  # numbers of a row that are held in registers


@dataclass
class Kernel:
    """A printed kernel; `imports` are the lines that its module begins with."""

    name: str
    text: str
    imports: list[str]
    asks_rows: bool = False  # the number of rows comes last: nothing that it is given has them


def kernel(
    name: str, calls: Sequence[Call], inputs: Sequence[Var], outputs: Sequence[Var], rows: bool
) -> Kernel:
    """Return the kernel of a part: see `Kernel`.

    Of a small part it is called `name(*inputs, *arrays)`, of a pass over the rows
    `name(start, stop, *inputs, *sums, *row_outputs)`.
    """
    calls = needed(calls, outputs, inputs)
    sources = Sources(calls)
    calls = laid_out(apart(calls, sources), sources)
    results: dict[Var, Var] = {}  # what is printed -> what is asked for
    for v in outputs:
        maker = sources.makers[v]
        if is_view(maker) or (has_rows(v) and maker.function is np.einsum):
            calls.append(stored := copied(v))
            sources.makers[stored.output] = stored
            results[stored.output] = v
        else:
            results[v] = v
    printer = KernelPrinter(name, inputs, results, sources)
    return printer.passed(calls) if rows else printer.small(calls)


class KernelPrinter:
    def __init__(
        self, name: str, inputs: Sequence[Var], results: dict[Var, Var], sources: Sources
    ) -> None:
        self.name, self.inputs, self.results, self.sources = name, inputs, results, sources
        self.names = FreshNames()
        self.imports: dict[str, set[str]] = {
            "elementary": set(), "kernel_functions": {"KERNEL"}, "products": set(),
        }  # fmt: skip
        self.texts = Texts(self.names)
        self.nests = NestPrinter(self.names, self.texts, self.imports)
        self.nests.made_by = self.made_by
        self.nests.outside |= set(results)
        self.head: list[str] = []
        self.tail: list[str] = []
        self.parameters: list[str] = []
        for v in inputs:
            name = self.names.new(v.name)
            self.parameters.append(name)
            if v.shape:
                self.texts.arrays[v] = name
                self.texts.whole.add(v)
                self.texts.given.add(v)
            else:
                self.texts.scalars[v] = Text(name)

    def made_by(self, v: Var) -> str:
        call = self.sources.makers.get(v)
        return getattr(call.function, "__name__", "") if call else ""

    def output(self, v: Var, name: str) -> None:
        self.texts.arrays[v] = self.names.new(name)
        self.texts.whole.add(v)
        self.parameters.append(self.texts.arrays[v])

    # ---- small parts

    def small(self, calls: list[Call]) -> Kernel:
        arrays = [v for v in self.results if v.shape]
        for v in arrays:
            self.output(v, self.results[v].name)
        lines = self.section(calls)
        scalars = [v for v in self.results if not v.shape]
        if scalars:
            lines.append(f"return {', '.join(self.texts.scalars[v].text for v in scalars)}")
        return self.text([*self.head, *lines])

    def section(self, calls: list[Call], states: Sequence[State] = ()) -> list[str]:
        """Return the lines of calls of known sizes; `states` are those of a loop."""
        found = [Nest([], block=c) if c.function in STEPS else c for c in calls]
        nests = nested(found, self.sources, rows=False)
        nests = sunk(nests, self.nests.outside, self.sources)
        update_in_place(nests, states, self.sources, self.texts)
        self.store(nests)
        lines: list[str] = []
        for nest in nests:
            lines += (
                STEPS[nest.block.function](self, nest.block)
                if nest.block
                else self.nests.nest(nest)
            )
        return lines

    def store(self, nests: list[Nest]) -> None:
        """Say which values lie in buffers: those that other nests read."""
        makers = {v: nest for nest in nests for v in nest.made()}
        read = {
            leaf.var for nest in nests for task in nest.tasks for leaf in task.leaves()
            if leaf.var in makers and makers[leaf.var] is not nest
        }  # fmt: skip
        read |= {
            behind
            for nest in nests
            if nest.block
            for v in nest.block.reads()
            for behind in self.sources.behind(v)
            if makers.get(behind) is not nest
        }
        self.nests.outside |= read & set(makers)
        for nest in nests:
            for v in () if STEPS.get(getattr(nest.block, "function", None)) else nest.made():
                axes = [n for n in v.shape if n != 1]
                inner = any(
                    task.work.call.output is v and not leading(task, nest) for task in nest.tasks
                )
                kept = bool(axes) and (v in read or v in self.nests.outside)
                if v not in self.texts.arrays and (inner or kept):
                    self.buffer(v, axes)

    def buffer(self, v: Var, axes: list[Any]) -> None:
        blocks = bool(self.texts.offset)
        axes = sorted(axes, key=lambda n: blocks and isinstance(n, Size))
        sizes = ", ".join(str(BLOCK if blocks and isinstance(n, Size) else n) for n in axes)
        self.texts.rows |= has_rows(v) and not blocks
        name = self.names.new(self.nests.name_for(v, "r"))
        self.texts.arrays[v] = name
        self.texts.dropped.add(v)
        kind = "" if v.dtype == np.float64 else f", np.{v.dtype.name}"
        shape = f"({sizes})" if len(axes) > 1 else sizes or "1"
        self.head.append(f"{name} = np.empty({shape}{kind})")

    def text(self, lines: list[str]) -> Kernel:
        asks_rows = self.texts.rows and not any(map(has_rows, self.inputs))
        if asks_rows:
            self.parameters.append("n")
        elif self.texts.rows:
            lines.insert(0, f"n = {self.rows_text()}")
        for v, size in self.texts.checks:
            self.texts.helpers.add("within")
            part = "[start:stop]" if row_axis(v) == 0 else ""
            lines.insert(0, f"within({self.texts.arrays[v]}{part}, {size})")
        self.imports["kernel_functions"] |= self.texts.helpers
        parameters = ", ".join(self.parameters)
        whole = ["@njit(**KERNEL)", f"def {self.name}({parameters}):", *indented(lines)]
        imports = ["import numpy as np", "from numba import njit"]
        for module, names in sorted(self.imports.items()):
            if names:
                imports.append(
                    f"from chainrule.compiler.kernels.{module} import {', '.join(sorted(names))}"
                )
        return Kernel(self.name, "\n".join(whole) + "\n", imports, asks_rows=asks_rows)

    # ---- passes over the rows

    def passed(self, calls: list[Call]) -> Kernel:
        self.parameters[:0] = ["start", "stop"]
        sums = [v for v in self.results if not has_rows(v)]
        rows = [v for v in self.results if has_rows(v)]
        for v in sums:
            self.output(v, "slope" if v.shape else "value")
            self.nests.added.add(v)
        for v in rows:
            self.output(v, self.results[v].name)
        self.calls = calls
        lines = self.one_loop() if self.is_narrow(calls) else self.blocks(calls)
        return self.text([*self.head, *lines, *self.tail])

    def rows_text(self) -> str:
        v = next(v for v in self.inputs if has_rows(v))
        axis, name = row_axis(v), self.texts.arrays[v]
        return f"{name}.shape[{axis}]" if axis else f"len({name})"

    def is_narrow(self, calls: list[Call]) -> bool:
        """Say whether all numbers of a row fit into registers, each under a name of its own."""
        values = {v for call in calls for v in (*call.outputs, *call.reads())}
        sizes = (math.prod(n for n in v.shape if not isinstance(n, Size)) for v in values)
        return (
            max(sizes) <= NARROW
            and not any(map(picks_computed, calls))
            and not any(map(is_sparse_product, calls))
        )

    def one_loop(self) -> list[str]:
        groups = [
            group
            for call in self.calls
            if not is_view(call)
            for group in in_registers(work_of(call), self.sources)
        ]
        self.nests.row_steps = "range(start, stop)"
        self.nests.begin([task for group in groups for task in group], [ROW])
        for group in groups:
            self.nests.emit(group)
        return self.nests.around([(ROW, ROWS)])

    def blocks(self, calls: list[Call]) -> list[str]:
        self.texts.offset, self.nests.row_steps = "lo", "range(m)"
        found = with_products(calls, self.sources, set(self.inputs), self.results)
        nests = sunk(nested(found, self.sources, rows=True), self.nests.outside, self.sources)
        self.store(nests)
        body: list[str] = []
        for nest in nests:
            if nest.block:
                body += self.product(nest.block)
            elif nest.over_rows:
                body += self.nests.nest(nest)
            else:
                self.head += self.nests.nest(nest)
        ahead = [f"for lo in range(start, stop, {BLOCK}):", f"    m = min({BLOCK}, stop - lo)"]
        return [*ahead, *indented(body)]

    def product(self, product: RowProduct) -> list[str]:
        self.imports.setdefault(product.module, set()).add(product.function)
        X = ", ".join(self.texts.arrays[v] for v in product.matrices)
        other = self.texts.arrays[product.other]
        out = self.texts.arrays[product.out]
        if not product.sums:
            if product.turned:
                turned = self.names.new(f"{other}_t")
                self.head.append(f"{turned} = np.ascontiguousarray({other}.T)")
                other = turned
        else:
            if product.other in self.texts.whole:
                other = f"{other}[lo:lo + m]"
            if product.turned:
                turned = self.names.new(f"{out}_t")
                shape = ", ".join(str(n) for n in reversed(product.out.shape))
                self.head.append(f"{turned} = np.zeros(({shape}))")
                self.tail.append(f"{out} += {turned}.T")
                out = turned
        if product.squares:
            self.imports["products"].add("mirror")
            self.tail.append(f"mirror({out})")
            return [f"add_squares({X}, lo, m, {other}, {out})  # {out} += ({other} * {X}.T) @ {X}"]
        if product.parts:
            said = f"{out} += {other} @ X" if product.sums else f"{out} = X @ {other}"
            return [f"{product.function}({X}, lo, m, {other}, {out})  # {said}"]
        said = f"{out} += {other} @ {X}" if product.sums else f"{out} = {X} @ {other}"
        if product.many and not product.sums:
            said = f"{out} = {other} @ {X}.T"
        return [f"{product.function}({X}, lo, m, {other}, {out})  # {said}"]


def leading(task: Task, nest: Nest) -> bool:
    """Say whether a result needs no array: it is one element, or combined in the inner loops."""
    if task.work.where is not None or task.work.running is not None:
        return False
    if not task.work.combine:
        return True
    names = [name for name, _ in nest.axes]
    looped = [name for name in names if any(name in p.terms for p in task.out_at)]
    return looped == names[: len(looped)]


def picks_computed(call: Call) -> bool:
    """Say whether indices that are read choose among the numbers of a row."""
    return call.function is np.cumsum or (
        call.function in (take, gather)
        and any(isinstance(p, Var) and not p.counts for p in among(call.inputs[1]))
    )
