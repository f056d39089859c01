"""`checkpoint`: the derivatives of the function itself, and the memory of a part of it."""

from __future__ import annotations

import gc
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import chainrule.numpy as cnp
from chainrule import (
    checkpoint,
    checkpoint_chain,
    deriv,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    value_and_grad,
)
from chainrule.checking import check_grads
from tests.collecting import collect_all

V, W = np.array([0.3, -0.4, 0.9]), np.array([1.5, 0.2, -0.6])

OPERATORS: dict[str, Callable[..., Any]] = {
    "grad": lambda f: grad(f)(V),
    "forward over reverse": lambda f: hessian(f)(V),
    "reverse over reverse": lambda f: grad(lambda x: np.sum(grad(f)(x) ** 2))(V),
    "reverse over forward": lambda f: grad(lambda x: jvp(f, (x,), (W,))[1])(V),
    "forward over forward": lambda f: jvp(lambda x: jvp(f, (x,), (W,))[1], (V,), (W,))[1],
    "a product": lambda f: hvp(f, (V,), (W,))[0],
    "third order": lambda f: hessian(lambda x: np.sum(grad(f)(x) ** 2))(V),
}

# Each takes what to do with a part of the function: nothing, or checkpoint.
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "of its argument": lambda part: lambda x: np.sum(part(lambda h: np.sin(h * h))(x * 2)),
    "of what lies around it": lambda part: lambda x: np.sum(
        part(lambda h: np.sin(h * x) * h)(x**2) * x
    ),
    "of what lies around it alone": lambda part: lambda x: np.sum(
        part(lambda k: np.sin(x * k))(2.0)
    ),
    "in another": lambda part: lambda x: np.sum(
        part(lambda h: part(lambda k: np.exp(k) * x)(np.sin(h)) * h)(x)
    ),
    "of its own derivative": lambda part: lambda x: np.sum(
        part(lambda h: grad(lambda u: np.sum(u**3 * x))(h) * h)(x)
    ),
    "of containers": lambda part: lambda x: (
        (y := part(
            lambda d, k, name: {"y": (d["a"] * k, [np.sum(d["a"])]), "n": 3, "s": name == ""}
        )({"a": x, "b": None}, k=x[::-1], name="it"))["n"]
        * np.sum(y["y"][0])
        * y["y"][1][0]
    ),
    "with an output that is not used": lambda part: lambda x: np.sum(
        part(lambda h: (h * h, np.exp(h)))(x)[0]
    ),
    "that chooses": lambda part: lambda x: part(
        lambda h: np.sin(h[0]) if h[0] > h[1] else h[1]
    )(x * x),
}  # fmt: skip


@pytest.mark.parametrize("f", FUNCTIONS.values(), ids=FUNCTIONS)
@pytest.mark.parametrize("operator", OPERATORS.values(), ids=OPERATORS)
def test_derivatives_are_those_without(f: Any, operator: Any) -> None:
    np.testing.assert_allclose(operator(f(checkpoint)), operator(f(lambda part: part)), atol=1e-12)


@pytest.mark.parametrize("f", FUNCTIONS.values(), ids=FUNCTIONS)
def test_both_directions_agree(f: Any) -> None:
    check_grads(f(checkpoint), V)


def test_the_value_is_the_function_s_own() -> None:
    f = checkpoint(np.sin)
    assert type(f(0.5)) is type(np.sin(0.5))
    assert value_and_grad(f)(0.5) == value_and_grad(np.sin)(0.5)
    assert checkpoint(lambda: "nothing to differentiate")() == "nothing to differentiate"
    low = V.astype(np.float32)
    assert grad(lambda x: np.sum(f(x)))(low).dtype == np.float32
    np.testing.assert_allclose(jacobian(f)(V), np.diag(np.cos(V)))


def counted(f: Any) -> tuple[Any, list[int]]:
    runs: list[int] = []

    def run(*args: Any, **options: Any) -> Any:
        runs.append(1)
        return f(*args, **options)

    return run, runs


def test_it_runs_once_more_for_a_gradient_and_never_for_forward_mode() -> None:
    f, runs = counted(lambda x, y: (x * y, x + y))
    both = lambda x, y: (p := checkpoint(f)(x, y))[0] * p[1]
    assert grad(both, (0, 1))(2.0, 3.0) == (21.0, 16.0)
    assert len(runs) == 2
    assert deriv(both)(2.0, 3.0) == 21.0
    assert len(runs) == 3


def test_arrays_that_are_written_to() -> None:
    def f(h: Any, k: Any) -> Any:
        a = cnp.zeros(3)
        a[:2] = h[1:]
        a[2] = k[0] * a[0]
        return a, cnp.ones(2)

    def loss(part: Any) -> Any:
        def run(x: Any) -> Any:
            k = cnp.ones(2)
            y = part(f)(x * x, k)[0]
            k[0] = 7.0
            return np.sum(y**2) * k[0]

        return run

    np.testing.assert_allclose(grad(loss(checkpoint))(V), grad(loss(lambda part: part))(V))
    np.testing.assert_allclose(hessian(loss(checkpoint))(V), hessian(loss(lambda part: part))(V))


def test_where_nothing_moves() -> None:
    f, runs = counted(lambda x: x > 0)
    assert grad(lambda x: np.sum(x * checkpoint(f)(x)))(V).tolist() == [1.0, 0.0, 1.0]
    assert len(runs) == 1


def test_a_function_that_does_something_else_is_found_out() -> None:
    runs: list[int] = []

    def drawn(x: Any, w: Any = None) -> Any:
        runs.append(1)
        return (x, x * 2) if len(runs) % 2 else x

    with pytest.raises(RuntimeError, match=r"ran drawn once more .* it did something else"):
        grad(lambda x: checkpoint(drawn)(x)[0])(1.0)

    def around(v: Any, w: Any) -> Any:
        def sometimes(x: Any) -> Any:
            runs.append(1)
            return x * v if len(runs) % 2 else x * w

        runs.clear()
        return checkpoint(sometimes)(v * w)

    with pytest.raises(RuntimeError, match="draw random numbers outside"):
        grad(around, (0, 1))(2.0, 3.0)


def test_numbers_that_are_drawn_or_changed_are_found_out() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(RuntimeError, match="draw random numbers outside"):
        grad(lambda x: np.sum(checkpoint(lambda h: h * rng.normal(size=1000))(x)))(np.ones(1000))
    noise = rng.normal(size=3)
    found = grad(lambda x: np.sum(checkpoint(lambda h, n: h * n)(x, noise)))(V)
    np.testing.assert_array_equal(found, noise)

    def changed(x: Any) -> Any:
        k = np.ones(3)
        y = checkpoint(lambda h: h * k)(x)
        k[0] = 5.0
        return np.sum(y)

    with pytest.raises(RuntimeError, match="it did something else than before"):
        grad(changed)(V)
    x = np.array([np.inf, np.nan, 1.0])
    found = grad(lambda x: np.sum(checkpoint(lambda h: (h * 2, h[:0]))(x)[0]))(x)
    assert found.tolist() == [2.0, 2.0, 2.0]


def peak(f: Callable[..., Any], x: Any) -> tuple[float, Any]:
    tracemalloc.start()
    try:
        g = grad(lambda x: np.sum(f(x)))(x)
        return tracemalloc.get_traced_memory()[1], g
    finally:
        tracemalloc.stop()


def chain(x: Any) -> Any:
    for _ in range(100):
        x = np.sin(x)
    return x


def test_memory_is_that_of_a_segment() -> None:
    """100 sines on 8 MB in 10 segments: 10 inputs and 10 steps, of 100."""
    x = np.linspace(-3, 3, 1_000_000)
    whole, expected = peak(chain, x)
    parts, found = peak(checkpoint_chain([np.sin] * 100, segments=10), x)
    assert parts < 0.3 * whole
    np.testing.assert_array_equal(found, expected)


def test_memory_of_a_second_derivative_is_that_of_segments_too() -> None:
    x, t = np.linspace(-3, 3, 20_000), np.linspace(-1, 1, 20_000)

    def along(f: Callable[..., Any]) -> Callable[..., Any]:
        return lambda x: np.sum(grad(lambda x: np.sum(f(x)))(x) * t)

    whole, expected = peak(along(chain), x)
    parts, found = peak(along(checkpoint_chain([np.sin] * 100, segments=10)), x)
    assert parts < 0.3 * whole
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_memory_is_that_of_a_segment_where_it_reads_from_around() -> None:
    x = np.linspace(0.5, 1, 100_000)

    def loss(part: Any) -> Any:
        def run(x: Any) -> Any:
            y = x
            for _ in range(10):
                y = part(lambda h: chain10(h) * x)(y)
            return y

        return run

    def chain10(h: Any) -> Any:
        for _ in range(10):
            h = np.sin(h)
        return h

    whole, expected = peak(loss(lambda part: part), x)
    parts, found = peak(loss(checkpoint), x)
    assert parts < 0.3 * whole
    np.testing.assert_allclose(found, expected)


def test_chains() -> None:
    for count in (1, 2, 7):
        for segments in (None, 1, 3, 100):
            f = checkpoint_chain([np.sin, np.exp, np.tanh][:count] * count, segments)
            assert deriv(f)(0.3) == pytest.approx(grad(f)(0.3))
    pairs = checkpoint_chain([lambda p: (p[1], p[0] * p[1])] * 6)
    assert grad(lambda x: pairs((x, x))[1])(2.0) == 21 * 2.0**20
    for steps, segments, sentence in (
        ([], None, "needs one step or more"),
        ([np.sin], 0, "a positive whole number, but was 0"),
        ([np.sin], 1.5, "a positive whole number, but was 1.5"),
    ):
        with pytest.raises(ValueError, match=sentence):
            checkpoint_chain(steps, segments)  # type: ignore[arg-type]


def test_what_is_no_function() -> None:
    with pytest.raises(TypeError, match="checkpoint needs a function"):
        checkpoint(3.0)  # type: ignore[arg-type]


def test_what_was_kept_is_freed_by_counting() -> None:
    """Without waiting for the collector, which large arrays do not call."""
    slope = grad(checkpoint(lambda x: np.sum(np.sin(x))))
    slope(np.ones(3))
    collect_all()
    gc.disable()
    try:
        slope(np.ones(3))
        assert gc.collect() == 0
    finally:
        gc.enable()
