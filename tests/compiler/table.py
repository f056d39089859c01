"""The calls of the table of rules as functions to compile, and how compiled and eager compare."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Callable, Collection, Iterator
from typing import Any

import numpy as np
import scipy.linalg
import scipy.special

from chainrule import compile, jvp, vjp
from chainrule._core.faces import served
from chainrule._core.table import RULES, SPELLED, known
from chainrule._core.trees import leaves_of
from chainrule._core.values import dtype_of, shape_of
from chainrule.checking import Call, kinds_of, random_like, split
from tests._rules.samples import CONSTANT, SAMPLES, seen

__all__ = ["FUNCTIONS", "Ways", "agree", "calls_of", "name_of", "points", "quiet", "ways"]

Ways = dict[str, Callable[..., Any]]
TOLERANCE = 1e-10

known(scipy.special.expit)  # the chapters that are stated when first met
known(np.linalg.eigh)
known(scipy.linalg.orth)
FUNCTIONS = [
    f for f in (*SAMPLES, *CONSTANT) if (f in RULES or f in SPELLED) and f is not np.empty_like
]  # whose numbers are any


def name_of(function: Any) -> str:
    return function.__name__


def calls_of(function: Any) -> list[Call]:
    """Return the samples at which something can be differentiated."""
    samples = SAMPLES.get(function) or CONSTANT[function]
    calls = [
        s if isinstance(s, Call) else Call(*s) if isinstance(s, tuple) else Call(s) for s in samples
    ]
    return [call for call in calls if split(call, function)[1]]


def ways(function: Any, call: Call) -> tuple[Ways, list[Any]]:
    """Return the value, its changes and its tangents, as functions of what moves; and that."""
    f, moving = split(call, seen(function, served(function), np))
    rng = np.random.default_rng(0)
    y = f(*moving)
    change, tangent = random_like(y, rng), random_like(tuple(moving), rng)
    return {
        "value": f,
        "vjp": lambda *a: vjp(f, *a)[1](change),
        "jvp": lambda *a: jvp(f, a, tangent)[1],
    }, moving


def points(moving: list[Any], f: Callable[..., Any]) -> Iterator[list[Any]]:
    """Arguments of the same shapes: those of the sample, others near by, and others in order.

    Where eager code refuses the others (a matrix that is not positive, say), or has results of
    other types (roots that are complex), they are left out.
    """
    yield moving
    like = kinds_of(f(*moving))
    rng = np.random.default_rng(1)
    for other in ([shaken(v, rng) for v in moving], [turned(v) for v in moving]):
        with contextlib.suppress(ValueError, ArithmeticError, IndexError, np.linalg.LinAlgError):
            if kinds_of(f(*other)) == like:
                yield other


def shaken(v: Any, rng: np.random.Generator) -> Any:
    if isinstance(v, list):
        return [shaken(w, rng) for w in v]
    dtype = dtype_of(v)
    scaled = v * (1 + 0.03 * rng.random(shape_of(v)))
    return np.asarray(scaled).astype(dtype) if isinstance(v, np.ndarray) else type(v)(scaled)


def turned(v: Any) -> Any:
    if isinstance(v, list):
        return [turned(w) for w in v]
    return np.flip(v).copy() if isinstance(v, np.ndarray) else v


def agree(compiled: Callable[..., Any], f: Callable[..., Any], moving: list[Any]) -> None:
    """Check that a compiled function gives what `f` gives, in values, shapes, types and kind."""
    for args in points(moving, f):
        assert_same(compiled(*args), f(*args))


def assert_same(found: Any, expected: Any, tolerance: float = TOLERANCE) -> None:
    assert kinds_of(found) == kinds_of(expected)
    a, b = leaves_of(found), leaves_of(expected)
    for u, v in zip(a, b, strict=True):
        dtype = dtype_of(v)
        if dtype.kind not in "fc":
            np.testing.assert_array_equal(u, v)
            continue
        part = max(tolerance, 50 * float(np.finfo(dtype).eps))
        size = np.abs(np.asarray(v)[np.isfinite(v)])
        np.testing.assert_allclose(
            u, v, rtol=part, atol=part * float(size.max(initial=1e-4)), equal_nan=True
        )


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Other points may be outside the domain of a function: both give NaN there."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def all_at_once(each: Ways) -> Callable[..., Any]:
    return lambda *args: tuple(f(*args) for f in each.values())


def check(function: Any, call: Call, backend: str, refused: Collection[str], error: Any) -> None:
    """Compare compiled and eager code at one sample; what is refused must raise `error`."""
    each, moving = ways(function, call)
    for way in sorted(refused):
        try:
            compile(each[way], backend=backend)(*moving)
        except error:
            continue
        raise AssertionError(
            f"{way} of {name_of(function)} at {call} can be compiled now: the list in refused.py "
            "should not have it any more."
        )
    rest = {way: f for way, f in each.items() if way not in refused}
    if rest:
        f = all_at_once(rest)
        agree(compile(f, backend=backend), f, moving)
