"""Random programs that make, view and write arrays: NumPy's numbers, and derivatives of them."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import chainrule.numpy as cnp
from chainrule import grad, jvp, value_and_grad, vjp

from .programs import Maker, program

X = np.array([0.37, -0.81, 0.59])
T = np.array([0.3, -0.5, 0.7])
# NumPy refuses these by how many refer to the array, and the engine where views do; the others are
# of lists beside an element, which is NumPy's own number there, or a recorded one here.
OTHERS = [
    "own its data", "referenced", "shares its numbers", "being differentiated (shape ())",
    "multiply sequence",
]  # fmt: skip


def built(text: str, numpy: Any) -> Callable[[Any], Any]:
    """Return the function that a program is, written with `numpy`."""

    def weighed(a: Any) -> Any:
        places = np.arange(np.size(a)).reshape(np.shape(a))
        return numpy.sum(numpy.sin(a) * np.cos(1.0 + places))

    space: dict[str, Any] = {"np": numpy, "copy": copy, "weighed": weighed}
    exec(text, space)  # noqa: S102
    return space["f"]  # type: ignore[no-any-return]


def check(seed: int, constants: bool) -> None:
    """Hold one program against NumPy; with `constants` it is written with chainrule.numpy."""
    made = program(seed, constants)
    if made.void:
        return
    text = made.text()
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")  # of shapes that are set, in newer releases
            compare(made, built(text, np), built(text, cnp if constants else np))
    except Exception as error:
        if any(said in str(error) for said in OTHERS):
            return
        if "out of bounds" in str(error) and ".at(" in text:
            return  # which NumPy says to nobody where the arguments of `at` share numbers
        error.add_note(f"seed {seed}, constants {constants}:\n{text}")
        raise


def compare(made: Maker, plain: Callable[[Any], Any], f: Callable[[Any], Any]) -> None:
    x = X.copy()
    if made.refused is not None:
        for run in (lambda: grad(f)(x), lambda: jvp(f, (x,), (T,))):
            refuses(run, made.refused)
        return
    y = plain(X.copy())
    value, g = value_and_grad(f)(x)
    moved, d = jvp(f, (x,), (T,))
    seen, pull = vjp(f, x)
    np.testing.assert_array_equal(x, X)
    for v in (value, moved, seen):
        np.testing.assert_allclose(v, y, rtol=1e-12, atol=1e-12)
    if not np.all(np.isfinite([d, *g])):
        return
    np.testing.assert_allclose(pull()[0], g, rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(d, g @ T, rtol=1e-9, atol=1e-9)
    differs(plain, d)
    second = jvp(grad(f), (x,), (T,))[1]
    if not np.all(np.isfinite(second)):
        return
    for other in (
        grad(lambda z: np.sum(grad(f)(z) * T))(x),
        grad(lambda z: jvp(f, (z,), (T,))[1])(x),
    ):
        np.testing.assert_allclose(other, second, rtol=1e-8, atol=1e-8)
    twice = jvp(lambda z: jvp(f, (z,), (T,))[1], (x,), (T,))[1]
    np.testing.assert_allclose(twice, second @ T, rtol=1e-8, atol=1e-8)
    differs(lambda z: grad(f)(z) @ T, twice)


def refuses(run: Callable[[], Any], error: Exception) -> None:
    try:
        run()
    except (type(error), TypeError, ValueError):
        return
    raise AssertionError(f"what NumPy refuses is not refused: {error!r}")


def differs(f: Callable[[Any], Any], slope: Any) -> None:
    """Hold a slope along T against differences, unless two of these disagree: there is a kink."""
    found = [(f(X + h * T) - f(X - h * T)) / (2 * h) for h in (1e-5, 2e-5)]
    if np.allclose(*found, rtol=1e-5, atol=1e-5):
        np.testing.assert_allclose(slope, found[0], rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("constants", [True, False], ids=["chainrule.numpy", "numpy"])
@pytest.mark.parametrize("start", range(0, 200, 25))
def test_programs(start: int, constants: bool) -> None:
    for seed in range(start, start + 25):
        check(seed, constants)


@pytest.mark.slow
@pytest.mark.parametrize("constants", [True, False], ids=["chainrule.numpy", "numpy"])
@pytest.mark.parametrize("start", range(1000, 4000, 500))
def test_many_programs(start: int, constants: bool) -> None:
    for seed in range(start, start + 500):
        check(seed, constants)


def test_programs_are_not_trivial() -> None:
    made = [program(seed) for seed in range(100)]
    assert sum(not p.void for p in made) > 80
    assert sum(p.refused is not None for p in made) > 10
    assert sum(len(p.lines) for p in made) > 500
