"""Kernels compute what the program's calls do, made by NumPy one after the other."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

pytest.importorskip("numba", reason="kernels are compiled by Numba")

from chainrule._core.pieces import gather
from chainrule._core.values import dtype_of, shape_of, take
from chainrule.compiler.cache import load
from chainrule.compiler.kernels import kernel, prints
from chainrule.compiler.program import Call, Var, mapped
from chainrule.compiler.sizes import ROWS, sized

N = 131  # rows: two blocks and three rows more; no other size is this


class Writing:
    """Writes calls down as they are made; values know their number for `N` rows."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.inputs: list[Var] = []
        self.known: dict[Var, Any] = {}

    def var(self, name: str, v: Any) -> Var:
        shape = tuple(ROWS if n == N else n for n in shape_of(v))
        out = Var(name, shape, dtype_of(v))
        self.known[out] = v
        return out

    def input(self, name: str, v: Any) -> Var:
        self.inputs.append(self.var(name, v))
        return self.inputs[-1]

    def __call__(self, function: Callable[..., Any], *inputs: Any, **options: Any) -> Var:
        given = sized(mapped((inputs, options), self.known.__getitem__), N)
        with np.errstate(all="ignore"):
            y = function(*given[0], **given[1])
        out = self.var(f"v{len(self.calls) + 1}", y)
        out.counts = function is np.arange
        self.calls.append(Call(function, inputs, options, [out]))
        return out


def compiled(calls: list[Call], inputs: list[Var], outputs: list[Var], rows: bool) -> Any:
    """Return the text of the kernel, and a function that runs it as a driver would."""
    assert all(map(prints, calls))
    made = kernel("part", calls, inputs, outputs, rows)
    source = "\n".join([*made.imports, "", "", made.text])
    function = load(source, on_disk=False).part

    def run(*args: Any, n: int = N) -> list[Any]:
        found: dict[Var, Any] = {}
        if rows:
            for v in made.row_outputs:
                found[v] = np.full(sized(v.shape, n), 99, v.dtype)
            sums = [np.zeros(shape, dtype) for _, shape, dtype in made.sums]
            for start, stop in itertools.pairwise((0, n // 3, n)):
                function(start, stop, *args, *sums, *(found[v] for v in made.row_outputs))
            for (v, _, _), s in zip(made.sums, sums, strict=True):
                found[v] = s.reshape(v.shape).astype(v.dtype)
        else:
            for v in made.arrays:
                found[v] = np.full(v.shape, 99, v.dtype)
            numbers = function(*args, *(found[v] for v in made.arrays))
            numbers = numbers if isinstance(numbers, tuple) else (numbers,)
            found.update(zip(made.scalars, numbers, strict=False))
        return [found[v] for v in outputs]

    return made.text, run


def check(write: Writing, *outputs: Var, rows: bool = True, rtol: float = 1e-12) -> str:
    """Compare the kernel of what was written with NumPy; return its text."""
    text, run = compiled(write.calls, write.inputs, list(outputs), rows)
    args = [write.known[v] for v in write.inputs]
    for found, v in zip(run(*args), outputs, strict=True):
        want = np.asarray(write.known[v])
        assert np.asarray(found).dtype == want.dtype, text
        scale = np.abs(want[np.isfinite(want)]).max(initial=1e-300) if want.dtype.kind == "f" else 0
        np.testing.assert_allclose(found, want, rtol=rtol, atol=rtol * scale, err_msg=text)
    return text


rng = np.random.default_rng(8)


def data(columns: int) -> tuple[Writing, Var, Var, Var]:
    write = Writing()
    X = write.input("X", rng.standard_normal((N, columns)))
    y = write.input("y", (rng.random(N) < 0.5) * 1.0)
    w = write.input("w", rng.standard_normal(columns))
    return write, X, y, w


@pytest.mark.parametrize("columns", [1, 2, 11, 100])
def test_logistic(columns: int) -> None:
    write, X, y, w = data(columns)
    z = write(np.einsum, "ab,b->a", X, w)
    softplus = write(np.logaddexp, 0.0, z)
    loss = write(np.sum, write(np.subtract, softplus, write(np.multiply, y, z)), (0,))
    r = write(np.subtract, write(np.exp, write(np.subtract, z, softplus)), y)
    slope = write(np.einsum, "a,ab->b", r, X)
    text = check(write, loss, slope)
    assert ("add(X, lo, m, r, slope)  # slope += r @ X" in text) == (columns > 8)


@pytest.mark.parametrize("turned", [False, True])
def test_softmax(turned: bool) -> None:
    write = Writing()
    X = write.input("X", rng.standard_normal((N, 12)))
    y = write.input("y", rng.integers(0, 5, N))
    W = write.input("W", rng.standard_normal((5, 12) if turned else (12, 5)))
    Z = write(np.einsum, "ab,cb->ac" if turned else "ab,bc->ac", X, W)
    top = write(np.max, Z, (1,))
    column = write(np.reshape, top, (ROWS, 1))
    E = write(np.exp, write(np.subtract, Z, column))
    total = write(np.sum, E, (1,))
    rows = write(np.arange, ROWS)
    own = write(take, Z, (rows, y))
    losses = write(np.subtract, write(np.add, write(np.log, total), top), own)
    loss = write(np.sum, losses, (0,))
    P = write(np.divide, E, write(np.reshape, total, (ROWS, 1)))
    ones = write(np.full, (ROWS,), -1.0)
    R = write(np.add, write(gather, [ones], [(rows, y)], (ROWS, 5)), P)
    slope = write(
        np.einsum, "ac,ab->cb" if turned else "ab,ac->bc", *((R, X) if turned else (X, R))
    )
    text = check(write, loss, slope)
    assert "adds(X, lo, m, " in text


def test_network() -> None:
    write, X, y, _ = data(12)
    W = write.input("W", rng.standard_normal((12, 16)))
    a = write.input("a", rng.standard_normal(16))
    v = write.input("v", rng.standard_normal(16))
    b = write.input("b", 0.3)
    H = write(np.tanh, write(np.add, write(np.einsum, "nd,dk->nk", X, W), a))
    z = write(np.add, write(np.einsum, "nk,k->n", H, v), b)
    loss = write(np.sum, write(np.square, write(np.subtract, z, y)), (0,))
    r = write(np.multiply, 2.0, write(np.subtract, z, y))
    slope_b = write(np.sum, r, (0,))
    slope_v = write(np.einsum, "n,nk->k", r, H)
    R = write(np.einsum, "n,k->nk", r, v)
    R = write(np.multiply, R, write(np.subtract, 1.0, write(np.multiply, H, H)))
    slope_a = write(np.sum, R, (0,))
    slope_W = write(np.einsum, "nd,nk->dk", X, R)
    check(write, loss, slope_W, slope_a, slope_v, slope_b)


def test_small_gradient() -> None:
    write = Writing()
    X = write.input("X", rng.standard_normal((4, 3)))
    y = write.input("y", np.array([1.0, 0.0, 1.0, 1.0]))
    w = write.input("w", rng.standard_normal(3))
    h = write(np.tanh, write(np.divide, write(np.einsum, "ab,b->a", X, w), 2))
    p = write(np.multiply, 0.5, write(np.add, h, 1))
    q = write(np.add, write(np.multiply, p, y), write(np.subtract, 1, p))
    loss = write(np.negative, write(np.sum, write(np.log, q), (0,)))
    slope = write(np.einsum, "a,ab->b", write(np.divide, y, q), X)
    check(write, loss, slope, rows=False)
