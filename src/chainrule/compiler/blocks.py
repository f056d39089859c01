"""`rows`: the block function of a sum over rows, for data that come in pieces.

A record batch of a file, a partition on a worker: each gives a `Partial`, the sums over its rows.
Partials add up in any grouping, and the sum of all is finished into what the function would have
returned for all rows at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .backends import Backend, runnable
from .dispatching import finisher
from .given import Arguments
from .parts import Part, cut
from .printing.expressions import SHAPED
from .program import Call, Program, Var, needed
from .refusals import CompileError
from .sizes import Size
from .specialising import written_down

__all__ = ["Partial", "Rows", "rows"]


@dataclass(frozen=True)
class Partial:
    """The sums over some rows, how many those were, and the parameters they were made with.

    Partials of one function add up by `+`, in any grouping; they can be pickled and sent. `total`
    is the number of rows of all blocks, where that was given.
    """

    rows: int
    sums: tuple[Any, ...]
    parameters: tuple[Any, ...]
    total: int | None = None

    def __add__(self, other: Partial) -> Partial:
        if not isinstance(other, Partial):
            return NotImplemented
        same = len(self.parameters) == len(other.parameters) and all(
            a is b or np.array_equal(a, b, equal_nan=True)
            for a, b in zip(self.parameters, other.parameters, strict=True)
        )
        if not same or self.total != other.total or len(self.sums) != len(other.sums):
            raise ValueError(
                "these partials were made with other parameters, or another total=, and do not "
                "add up; all blocks take the same."
            )
        sums = tuple(a + b for a, b in zip(self.sums, other.sums, strict=True))
        return Partial(self.rows + other.rows, sums, self.parameters, self.total)


def rows(f: Callable[..., Any], *, backend: Backend = "auto") -> Rows:
    """Return what computes `f`, a function that adds up over the rows of its data, block by block.

    `block(*args)` takes the arguments of `f` with some of the rows and returns a `Partial`;
    partials are added by `+`; `finish(partial)` returns what `f` returns for all rows together.
    Parameters, such as weights, are the same for every block. A block may have any number of rows,
    none too. If `f` is a mean, or names the number of rows otherwise inside its sums, `block` needs
    `total=`, the number of rows of all blocks.

    Raises CompileError at the first block if `f` is not such a sum: if it needs all rows before it
    can go on with any, as a standardised column does.

    >>> import numpy as np
    >>> from chainrule import rows, value_and_grad
    >>> def loss(w, X, y):
    ...     return np.sum((X @ w - y) ** 2) + 0.5 * np.sum(w**2)
    >>> X, y, w = np.arange(6.0).reshape(3, 2), np.ones(3), np.array([1.0, 2.0])
    >>> fit = rows(value_and_grad(loss))
    >>> both = fit.block(w, X[:2], y[:2]) + fit.block(w, X[2:], y[2:])
    >>> fit.finish(both)
    (np.float64(221.5), array([133., 176.]))
    """
    return Rows(f, backend)


class Rows:
    """The block function of `function`, and how its results are put together."""

    def __init__(self, f: Callable[..., Any], backend: Backend) -> None:
        self.__name__: str = getattr(f, "__name__", "function")
        self.__doc__ = f.__doc__
        self.function, self.backend = f, backend
        self._cut: dict[Any, Cut] = {}

    def __reduce__(self) -> Any:
        return remade, (self.function, self.backend, [cut_.example for cut_ in self._cut.values()])

    def block(self, *args: Any, total: int | None = None, **options: Any) -> Partial:
        """Return the sums over the rows of these arguments."""
        asked = Arguments(self.function, args, options, ())
        cut_ = self._cut_for(asked)
        if total is None and cut_.needs_total:
            raise CompileError(
                f"{self.__name__} uses the number of all rows inside its sums, as a mean does; "
                "give it to every block: block(..., total=n)."
            )
        return cut_.block(asked.leaves, total)

    def _cut_for(self, asked: Arguments) -> Cut:
        if asked.eager:
            raise TypeError(
                f"{self.__name__} was called with values that are being differentiated, or with "
                "what is no array of numbers; differentiate first: rows(value_and_grad(f))."
            )
        key = (asked.kind, tuple(np.shape(v)[1:] for v in asked.leaves))
        if key not in self._cut:
            self._cut[key] = Cut(self.function, asked, self.backend)
        return self._cut[key]

    def finish(self, partial: Partial) -> Any:
        """Return what the function gives for all rows of the blocks that were added up.

        Of another process's partials, too: in a pickle of this object is all that it takes.
        """
        if isinstance(partial, Partial) and partial.total not in (None, partial.rows):
            raise ValueError(
                f"the blocks have {partial.rows} rows in all, but were made with "
                f"total={partial.total}: some are missing, or stand in it twice."
            )
        for cut_ in self._cut.values():
            if cut_.fits(partial):
                return cut_.finish(partial)
        raise ValueError("finish needs a partial of this function: the sum of what block returned.")


def remade(f: Callable[..., Any], backend: Backend, examples: Sequence[Any]) -> Rows:
    """Return the rows of a function as they were pickled."""
    out = Rows(f, backend)
    for args, options in examples:
        out._cut_for(Arguments(f, args, options))
    return out


class Cut:
    """A program cut at its sums over the rows: what comes before, and what follows."""

    def __init__(self, f: Callable[..., Any], asked: Arguments, backend: Backend) -> None:
        written = written_down(
            f, lambda leaves: asked.call(f, leaves), asked.names, asked.leaves, asked.sparse
        )
        program, total = with_total(written.program)
        parts = cut(program)
        passes = [part for part in parts if part.kind == "pass"]
        few = written.least == 1  # blocks may be of any size
        if len(passes) != 1 or passes[0].row_outputs or not written.rows or not few:
            refuse_no_sum(asked, parts, written.why_static)
        (over,) = passes
        self.rows, self.data = written.rows, {*written.rows, *written.counted}
        self.example = asked.rebuilt(
            [v[:2] if k in self.rows else v for k, v in enumerate(asked.leaves)]
        )
        before = needed(program.calls, over.sums)
        inputs = enumerate(program.inputs[:-1])
        self.others = [v for k, v in inputs if k not in self.data]
        after = [call for call in program.calls if not any(v in over.sums for v in call.outputs)]
        rest = needed(after, program.outputs)
        self.needs_total = any(total in call.reads() for call in before)
        name = f.__name__ if f.__name__.isidentifier() else "function"
        first = Program(program.inputs, before, list(over.sums))
        last = Program([*self.others, total, *over.sums], rest, program.outputs)
        self._block = runnable(first, f"{name}_block", backend)
        self._finish = runnable(last, f"{name}_finished", "python")
        self.together = finisher(written.structure, ())

    def fits(self, partial: Any) -> bool:
        if not isinstance(partial, Partial):
            return False
        shapes = [v.shape for v in self.others]
        return [np.shape(v) for v in partial.parameters] == shapes

    def block(self, leaves: Sequence[Any], total: int | None) -> Partial:
        count = len(leaves[self.rows[0]])
        sums = self._block.run(*leaves, float(total if total is not None else count))
        others = tuple(v for k, v in enumerate(leaves) if k not in self.data)
        return Partial(count, tuple(sums), others, total)

    def finish(self, partial: Partial) -> Any:
        return self.together(
            self._finish.run(*partial.parameters, float(partial.rows), *partial.sums)
        )


def with_total(program: Program) -> tuple[Program, Var]:
    """Return the program with the number of rows as an argument, wherever it is a number.

    In shapes it stays what it is: the number of rows at hand.
    """
    total = Var("total", (), float, weak=True)
    calls: list[Call] = []
    made: dict[Size, Var] = {}

    def number(size: Size) -> Var:
        if size not in made:
            v: Any = total
            for function, by, given in (
                (np.multiply, size.slope, size.slope != 1),
                (np.add, size.offset, size.offset != 0),
            ):
                if given:
                    out = Var(f"total{len(calls)}", (), float, weak=True)
                    calls.append(Call(function, (v, by), {}, [out]))
                    v = out
            if size.inverse:
                out = Var(f"total{len(calls)}", (), float, weak=True)
                calls.append(Call(np.divide, (float(size.inverse), v), {}, [out]))
                v = out
            made[size] = v
        return made[size]

    for call in program.calls:
        shape_at = SHAPED.get(call.function)
        inputs = tuple(
            number(v) if type(v) is Size and k != shape_at else v for k, v in enumerate(call.inputs)
        )
        calls.append(Call(call.function, inputs, call.options, call.outputs, call.several))
    return Program([*program.inputs, total], calls, program.outputs), total


def refuse_no_sum(asked: Arguments, parts: Sequence[Part], why: str) -> None:
    passes = [part for part in parts if part.kind == "pass"]
    if not passes:
        what = f"nothing is added up over rows{f': {why}' if why else ''}"
    elif len(passes) > 1:
        first = ", ".join(v.name for v in passes[0].outputs)
        what = (
            f"it needs {len(passes)} passes over them: one must end, with {first}, before the next"
        )
    else:
        what = "it returns a number for each row, or calls a function that needs all rows at once"
    raise CompileError(
        f"rows needs a function that adds up over the rows of its data, but {what}. "
        "compile takes it as it is."
    )
