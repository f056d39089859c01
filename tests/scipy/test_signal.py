"""chainrule.scipy.signal: convolve in SciPy's signature and in autograd's."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from chainrule import grad, vjp
from chainrule.checking import check_grads

scipys = pytest.importorskip("scipy.signal")
face = pytest.importorskip("chainrule.scipy.signal")
rng = np.random.default_rng(4)

# axes, dot_axes, shapes: one axis, two, channels summed, negative axes, other axes in between
CALLS: list[tuple[Any, Any, tuple[int, ...], tuple[int, ...]]] = [
    (None, None, (5, 4), (2, 3)),
    (([1], [0]), None, (3, 6), (4,)),
    (([0, 2], [1, 0]), None, (5, 2, 4), (3, 2)),
    (([2, 3], [2, 3]), ([1], [0]), (2, 3, 5, 4), (3, 2, 2, 3)),
    (([-1, -2], [-1, 0]), ([0], [1]), (3, 4, 5), (2, 3, 2)),
    (([], []), ([1], [0]), (2, 3), (3, 2)),
]


def by_hand(a: Any, b: Any, axes: Any, dot_axes: Any, mode: str) -> Any:
    """A sum over all pairs of rows, each pair convolved by SciPy."""
    (moved_a, moved_b), (dot_a, dot_b) = (
        [[k % x.ndim for k in some] for some, x in zip(pair, (a, b), strict=True)]
        for pair in (axes, dot_axes or ((), ()))
    )
    rest_a = [k for k in range(a.ndim) if k not in moved_a + dot_a]
    rest_b = [k for k in range(b.ndim) if k not in moved_b + dot_b]
    a, b = a.transpose(rest_a + dot_a + moved_a), b.transpose(rest_b + dot_b + moved_b)
    outer = a.shape[: len(rest_a)] + b.shape[: len(rest_b)]
    found = {}
    for at in np.ndindex(*outer):
        x, y = a[at[: len(rest_a)]], b[at[len(rest_a) :]]
        found[at] = sum(
            scipys.convolve(x[k], y[k], mode) for k in np.ndindex(*x.shape[: len(dot_a)])
        )
    inner = np.shape(next(iter(found.values())))
    return np.reshape([found[at] for at in np.ndindex(*outer)], outer + inner)


@pytest.mark.parametrize("mode", ["full", "valid", "same"])
@pytest.mark.parametrize("call", CALLS, ids=range(len(CALLS)))
def test_along_some_axes(call: Any, mode: str) -> None:
    axes, dot_axes, *shapes = call
    a, b = (rng.normal(size=shape) for shape in shapes)
    expected = by_hand(a, b, axes or ([0, 1], [0, 1]), dot_axes, mode)
    options = {name: v for name, v in {"axes": axes, "dot_axes": dot_axes}.items() if v}
    np.testing.assert_allclose(face.convolve(a, b, mode=mode, **options), expected, atol=1e-12)
    check_grads(lambda a, b: face.convolve(a, b, mode=mode, **options), a, b)
    if mode != "same":
        swapped = {name: v[::-1] for name, v in options.items()}
        check_grads(lambda b, a: face.convolve(b, a, mode=mode, **swapped), b, a, order=1)


@pytest.mark.peers
@pytest.mark.parametrize("mode", ["full", "valid", "same"])
def test_as_autograd_has_it(mode: str) -> None:
    autograd = pytest.importorskip("autograd")
    theirs = pytest.importorskip("autograd.scipy.signal").convolve
    for axes, dot_axes, *shapes in CALLS[:4]:
        a, b = (rng.normal(size=shape) for shape in shapes)
        options = {"mode": mode, "axes": axes, "dot_axes": dot_axes or [(), ()]}
        y, pull = vjp(lambda a, b: face.convolve(a, b, **options), a, b)  # noqa: B023
        np.testing.assert_allclose(y, theirs(a, b, **options), atol=1e-12)
        g = rng.normal(size=y.shape)
        for k, found in enumerate(pull(g)):
            their_pull = autograd.make_vjp(lambda a, b: theirs(a, b, **options), k)(a, b)[0]  # noqa: B023
            np.testing.assert_allclose(found, their_pull(g), atol=1e-12)


def test_the_two_signatures_by_position() -> None:
    a, b = rng.normal(size=(5, 4)), rng.normal(size=(2, 3))
    for mode, method in itertools.product(("full", "valid", "same"), ("direct", "fft")):
        expected = scipys.convolve(a, b, mode, method)
        np.testing.assert_array_equal(face.convolve(a, b, mode, method), expected)
        np.testing.assert_array_equal(face.convolve(a, b, mode=mode, method=method), expected)
        recorded = vjp(lambda a: face.convolve(a, b, mode, method), a)[0]  # noqa: B023
        np.testing.assert_array_equal(recorded, expected)
    np.testing.assert_allclose(
        face.convolve(a, b, None, [(), ()], "same"), face.convolve(a, b, "same")
    )


def test_lists_and_errors() -> None:
    assert grad(lambda v: face.convolve([v, 2 * v], [1.0, 3.0])[1])(2.0) == 5.0
    with pytest.raises(ValueError, match="mode is one of full, valid, same"):
        face.convolve(np.ones((2, 2)), np.ones((2, 2)), axes=([0], [0]), mode="half")
    with pytest.raises(ValueError, match="at least as large as the other along every"):
        face.convolve(np.ones((5, 2)), np.ones((2, 5)), axes=([0, 1], [0, 1]), mode="valid")
    assert face.firwin(3, 0.5).shape == (3,)
