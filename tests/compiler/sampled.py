"""The samples of the table of rules as programs: each function's value and its pull, staged."""

from __future__ import annotations

from typing import Any

import numpy as np

from chainrule import vjp
from chainrule._core.faces import served
from chainrule._core.trees import leaves_of
from chainrule._core.values import dtype_of, shape_of
from chainrule.checking import Call, split
from chainrule.compiler.program import Program
from chainrule.compiler.refusals import CompileError
from chainrule.compiler.staging import staged
from tests._rules.samples import SAMPLES, seen

from .table import calls_of

__all__ = ["SAMPLES", "programs_of", "run_both", "written"]


def written(f: Any, args: Any) -> tuple[Program, list[Any]]:
    """Return the program of `f(*args)`, of which the arguments may be lists, and its arguments."""
    flat: list[Any] = []
    with staged() as trace:

        def argument(v: Any) -> Any:
            if isinstance(v, list):
                return [argument(w) for w in v]
            flat.append(v)
            return trace.input(f"x{len(flat)}", v)

        inputs = [argument(v) for v in args]
        outputs = leaves_of(f(*inputs))
        values = [v for v in outputs if v is not None]
        links = [v for group in inputs for v in (leaves_of(group))]
        return trace.program(links, values), flat


def value_and_pull(f: Any) -> Any:
    """Return the value, and what a fixed change of it is pulled back to."""

    def both(*args: Any) -> Any:
        y, pull = vjp(f, *args)
        kinds = [(shape_of(v), dtype_of(v)) for v in leaves_of(y)]
        g = [change(shape, dtype) for shape, dtype in kinds]
        return y, pull(type(y)(g) if type(y) in (tuple, list) else g[0])

    return both


def change(shape: Any, dtype: Any) -> Any:
    count = int(np.prod(shape))
    return (np.arange(1.0, count + 1).reshape(shape) / (count + 1)).astype(dtype)[()]


def programs_of(function: Any, most: int | None = None) -> list[tuple[Call, Program, list[Any]]]:
    """The programs of the samples of `function` that can be written down, of at most so many."""
    found = []
    for call in calls_of(function)[:most]:
        f, moving = split(call, seen(function, served(function), np))
        if not moving:
            continue
        for g in (value_and_pull(f), f):
            try:
                program, args = written(g, moving)
            except (CompileError, TypeError, ValueError, AttributeError):
                continue
            if len(program.inputs) == len(args):  # not where an option is being differentiated
                found.append((call, program, args))
            break
    return found


def run_both(before: Program, after: Program, args: list[Any], tolerance: float) -> None:
    """Check that two programs have the same outputs, to their shapes and dtypes."""
    with np.errstate(all="ignore"):
        expected, found = before.run(*args), after.run(*args)
    for y, z in zip(expected, found, strict=True):
        assert np.shape(y) == np.shape(z) and np.asarray(y).dtype == np.asarray(z).dtype
        size = np.max(np.abs(np.where(np.isfinite(y), y, 0)), initial=1.0) if np.size(y) else 1.0
        np.testing.assert_allclose(z, y, rtol=tolerance, atol=tolerance * size)
