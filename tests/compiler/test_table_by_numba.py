"""The loop over the table of rules, compiled by Numba.

Ordinarily one sample of as many functions as it takes to have every call that fuses in a kernel,
many functions in one compilation; under the marker `slow` all samples of all functions, and what
is elementary also along an axis of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from chainrule import compile, vjp
from chainrule.checking import kinds_of
from chainrule.compiler.parts import cut
from chainrule.compiler.refusals import CompileError
from tests._rules.samples import BINARY, UNARY
from tests.compiler.refused import refused_ways
from tests.compiler.table import (
    FUNCTIONS,
    all_at_once,
    assert_same,
    calls_of,
    check,
    name_of,
    quiet,
    ways,
)

pytest.importorskip("numba")

TOGETHER = 8  # functions in one compilation


def first_of(function: Any) -> tuple[Callable[..., Any], list[Any]] | None:
    """Return what of the first sample can be compiled, and its arguments."""
    for call in calls_of(function)[:1]:
        each, moving = ways(function, call)
        rest = {way: f for way, f in each.items() if way not in refused_ways(function, 0)}
        return (all_at_once(rest), moving) if rest else None
    return None


def in_kernels(f: Callable[..., Any], moving: list[Any]) -> set[Any]:
    """Return the calls of the compiled function that kernels make: functions and types."""
    from chainrule.compiler.printing.fused import fuses

    compiled = compile(f, backend="python")
    try:
        compiled(*moving)
        program = compiled.program
    except RuntimeError:  # what is no array goes to the function itself
        return set()
    return {
        (call.function, call.output.dtype.kind)
        for part in cut(program, fuses)
        if part.kind != "library"
        for call in part.calls
    }


def compare(chosen: Sequence[tuple[Callable[..., Any], list[Any]]]) -> None:
    """Compile functions together, and compare each with itself."""
    f = lambda *args: tuple(g(*mine) for (g, _), mine in zip(chosen, args, strict=True))
    found = compile(f, backend="numba")(*(moving for _, moving in chosen))
    for (g, moving), y in zip(chosen, found, strict=True):
        assert_same(y, g(*moving))


def test_every_call_that_fuses() -> None:
    seen: set[Any] = set()
    chosen = []
    with quiet():
        for function in FUNCTIONS:
            if (first := first_of(function)) is None:
                continue
            new = in_kernels(*first) - seen
            if new:
                seen |= new
                chosen.append(first)
        assert len(seen) > 80
        for k in range(0, len(chosen), TOGETHER):
            compare(chosen[k : k + TOGETHER])


@pytest.mark.slow
@pytest.mark.parametrize("function", FUNCTIONS, ids=name_of)
def test_every_sample(function: Any) -> None:
    for k, call in enumerate(calls_of(function)):
        try:
            with quiet():
                check(function, call, "numba", refused_ways(function, k), CompileError)
        except Exception as error:
            error.add_note(f"sample {k} of {name_of(function)}: {call}")
            raise


# ---------------------------------------------------------------- along rows


def repeated(v: Any, rows: int) -> Any:
    """Return numbers near those of a sample, as a matrix of so many rows."""
    if not isinstance(v, np.ndarray) or not v.size:
        return v
    pool = np.resize(v, (rows, 3))
    noise = np.random.default_rng(2).random(pool.shape)
    return (pool * (1 + 0.01 * noise)).astype(v.dtype)


def along_rows(function: Any) -> Callable[..., Any]:
    """The value, and its changes, both with a row for each row of the arguments."""

    def both(*args: Any) -> Any:
        y, pull = vjp(function, *args)
        changes = tuple(0.3 * v + 0.2 for v in y) if isinstance(y, tuple) else 0.3 * y + 0.2
        return y, pull(changes)

    return both


def check_along_rows(function: Any, backend: Any) -> None:
    call = next(
        (c for c in calls_of(function) if not c.options and any(map(np.ndim, c.args))), None
    )
    if call is None or not all(isinstance(v, (np.ndarray, float)) for v in call.args):
        return
    if any(np.iscomplexobj(v) for v in call.args):
        return
    f = along_rows(function)
    compiled = compile(f, backend=backend)
    for rows in (40, 150):
        args = [repeated(v, rows) for v in call.args]
        y = f(*args)
        assert kinds_of(y) == kinds_of(compiled(*args))
        assert_same(compiled(*args), y)


ROWWISE = [f for f in (*UNARY, *BINARY) if f in FUNCTIONS and isinstance(f, np.ufunc)]


@pytest.mark.parametrize("function", ROWWISE, ids=name_of)
def test_rows_by_numpy(function: Any) -> None:
    if refused_ways(function, 0):
        return
    with quiet():
        check_along_rows(function, "python")


@pytest.mark.slow
@pytest.mark.parametrize("function", ROWWISE, ids=name_of)
def test_rows(function: Any) -> None:
    if refused_ways(function, 0):
        return
    with quiet():
        check_along_rows(function, "numba")


def test_rows_of_some() -> None:
    with quiet():
        for function in (np.tanh, np.logaddexp, np.arctan2):
            check_along_rows(function, "numba")
