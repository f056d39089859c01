"""Whole matrices of derivatives, and derivatives of whole batches, beside peers, loops, and hands.

All ways of a piece of work return the same numbers; a test compares them.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np

import chainrule
from benchmarks.work import BY_HAND, OURS, Way, Work, double_jax, installed

__all__ = ["LOOP", "SCIPYS", "gaussian", "pieces", "views_of_points"]

LOOP = "our loop"
Function = Callable[..., Any]

rng = np.random.default_rng(6)
ROWS, SIGNS = rng.normal(size=(1000, 20)), np.sign(rng.normal(size=1000))
WEIGHTS = rng.normal(size=20) / 20
MATRIX, VECTOR = rng.normal(size=(100, 100)) / 10, rng.normal(size=100)
VALLEY = rng.normal(size=100)
MANY, MANY_SIGNS = rng.normal(size=(10_000, 20)), np.sign(rng.normal(size=10_000))


# ---------------------------------------------------------------- the functions


def logistic(numpy: Any) -> Function:
    return lambda w: numpy.sum(numpy.logaddexp(0.0, -SIGNS * numpy.dot(ROWS, w)))


def layer(numpy: Any) -> Function:
    return lambda x: numpy.tanh(numpy.dot(MATRIX, x))


def rosenbrock(numpy: Any) -> Function:
    return lambda x: numpy.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def one_row(numpy: Any) -> Function:
    return lambda w, x, sign: numpy.logaddexp(0.0, -sign * numpy.dot(w, x))


def likelihood(numpy: Any, y: Any) -> Function:
    """The logarithm of a determinant and a quadratic form, as Gaussian processes have them."""

    def f(k: Any) -> Any:
        factor = numpy.linalg.cholesky(k)
        z = numpy.linalg.solve(factor, y)
        return 2 * numpy.sum(numpy.log(numpy.diag(factor))) + numpy.sum(z * z)

    return f


def triangular_likelihood(linalg: Any, y: Any) -> Function:
    """The same as SciPy's users write it, with the functions of a module like scipy.linalg."""

    def f(k: Any) -> Any:
        factor = linalg.cholesky(k, lower=True)
        z = linalg.solve_triangular(factor, y, lower=True)
        return 2 * np.sum(np.log(np.diag(factor))) + np.sum(z * z)

    return f


def factored_likelihood(linalg: Any, y: Any) -> Function:
    def f(k: Any) -> Any:
        factor = linalg.cho_factor(k, lower=True)
        return 2 * np.sum(np.log(np.diag(factor[0]))) + np.sum(y * linalg.cho_solve(factor, y))

    return f


def projected(numpy: Any, camera: Any, point: Any, weight: Any) -> Any:
    """Where cameras of 11 numbers see points, times weights, as bundle adjustment has it.

    A small turn, a shift, the focal length, the centre, and two numbers of the lens.
    """
    turn, shift, focal, centre, lens = (
        camera[..., :3], camera[..., 3:6], camera[..., 6:7], camera[..., 7:9], camera[..., 9:],
    )  # fmt: skip
    seen = point + numpy.cross(turn, point) + shift
    plane = seen[..., :2] / seen[..., 2:]
    square = numpy.sum(plane * plane, axis=-1, keepdims=True)
    bent = 1 + lens[..., :1] * square + lens[..., 1:] * square**2
    return (focal * plane * bent + centre) * weight


# ---------------------------------------------------------------- by hand


def sigmoid(z: Any) -> Any:
    return 0.5 * (np.tanh(z / 2) + 1)


def logistic_by_hand() -> Any:
    p = sigmoid(-SIGNS * (ROWS @ WEIGHTS))
    return (ROWS.T * (p * (1 - p))) @ ROWS


def layer_by_hand() -> Any:
    t = np.tanh(MATRIX @ VECTOR)
    return (1 - t * t)[:, None] * MATRIX


def rosenbrock_by_hand() -> Any:
    x = VALLEY
    h = np.zeros((100, 100))
    at = np.arange(99)
    h[at, at] = 1200 * x[:-1] ** 2 - 400 * x[1:] + 2
    h[at + 1, at + 1] += 200
    h[at, at + 1] = h[at + 1, at] = -400 * x[:-1]
    return h


def rows_by_hand() -> Any:
    p = sigmoid(-MANY_SIGNS * (MANY @ WEIGHTS))
    return (-MANY_SIGNS * p)[:, None] * MANY


# ---------------------------------------------------------------- a Gaussian's likelihood


def gaussian(n: int = 200, scipys: Any = None) -> tuple[Function, dict[str, Way]]:
    """Return the likelihood as a function of the covariance, and the ways to its slope there.

    Ours is written with NumPy, as peers have it, or as one of `SCIPYS` says.
    """
    roots, y = rng.normal(size=(n, n)), rng.normal(size=n)
    k = roots @ roots.T / n + np.eye(n)
    if scipys is None:
        value, ours = likelihood(np, y), likelihood(np, y)
    else:
        value = scipys(importlib.import_module("scipy.linalg"), y)
        ours = scipys(importlib.import_module("chainrule.scipy.linalg"), y)
    slope = chainrule.grad(ours)

    def by_hand() -> Any:
        factor = np.linalg.cholesky(k)
        z = np.linalg.solve(factor, y)
        np.sum(np.log(np.diag(factor))) + np.sum(z * z)
        a = np.linalg.solve(factor.T, z)
        return np.linalg.inv(k) - np.multiply.outer(a, a)

    ways = {OURS: lambda: slope(k), BY_HAND: by_hand}
    if autograd := installed("autograd"):
        theirs = autograd.grad(likelihood(importlib.import_module("autograd.numpy"), y))
        ways["autograd"] = lambda: theirs(k)
    if jax := double_jax():
        others = jax.grad(likelihood(jax.numpy, y))
        ways["jax"] = lambda: np.asarray(others(k))
    return lambda: value(k), ways


SCIPYS = {
    "scipy's triangles": triangular_likelihood,
    "scipy's cho_factor": factored_likelihood,
}

# ---------------------------------------------------------------- bundle adjustment


def views_of_points(observed: int = 10_000, cameras: int = 50, points: int = 2000) -> Work:
    """Return the sparse Jacobian of all observations: each reads 15 numbers and gives two."""
    c, p, w = rng.normal(size=(cameras, 11)), rng.normal(size=(points, 3)), np.ones(observed)
    c, p[:, 2] = c / 10, p[:, 2] / 10 + 5
    which, what = rng.integers(0, cameras, observed), rng.integers(0, points, observed)
    sizes = 11 * cameras, 3 * points
    columns = np.concatenate(
        [
            which[:, None] * 11 + np.arange(11),
            sizes[0] + what[:, None] * 3 + np.arange(3),
            sum(sizes) + np.arange(observed)[:, None],
        ],
        axis=1,
    )
    from scipy.sparse import csr_array

    pattern = csr_array(
        (
            np.ones(30 * observed),
            np.repeat(columns, 2, axis=0).ravel(),
            np.arange(2 * observed + 1) * 15,
        )
    )

    def residuals(x: Any) -> Any:
        camera = np.reshape(x[: sizes[0]], (cameras, 11))[which]
        point = np.reshape(x[sizes[0] : sum(sizes)], (points, 3))[what]
        return projected(np, camera, point, x[sum(sizes) :][:, None])

    one = chainrule.jacobian(lambda v: projected(np, v[:11], v[11:14], v[14]))
    all_of_them = chainrule.sparse_jacobian(residuals, pattern)
    x = np.concatenate([c.ravel(), p.ravel(), w])
    each = x[columns]

    return Work(
        f"sparse Jacobian, {observed:,} observations",
        {
            OURS: lambda: all_of_them(x).data.reshape(-1, 2, 15),
            LOOP: lambda: np.stack([one(v) for v in each]),
        },
        {LOOP: 100},
    )


# ---------------------------------------------------------------- all of it


def ways_of(library: Any, numpy: Any) -> dict[str, Way]:
    of_logistic, of_valley = map(library.hessian, (logistic(numpy), rosenbrock(numpy)))
    of_layer = library.jacobian(layer(numpy))
    found = {
        "logistic": lambda: of_logistic(WEIGHTS),
        "layer": lambda: of_layer(VECTOR),
        "valley": lambda: of_valley(VALLEY),
    }
    if hasattr(library, "vmap"):
        of_rows = library.vmap(library.grad(one_row(numpy)), (None, 0, 0))
        found["rows"] = lambda: of_rows(WEIGHTS, MANY, MANY_SIGNS)
    return {key: lambda way=way: np.asarray(way()) for key, way in found.items()}


def pieces() -> list[Work]:
    """Return the work, each piece with every way that is installed."""
    libraries = {OURS: ways_of(chainrule, np)}
    if autograd := installed("autograd"):
        libraries["autograd"] = ways_of(autograd, importlib.import_module("autograd.numpy"))
    if jax := double_jax():
        libraries["jax"] = ways_of(jax, jax.numpy)
    gradient = chainrule.grad(one_row(np))

    def work(key: str, name: str, by_hand: Way, asked: dict[str, float]) -> Work:
        ways = {name: ways[key] for name, ways in libraries.items() if key in ways}
        return Work(name, {**ways, BY_HAND: by_hand}, asked)

    def loop() -> Any:
        return np.stack(
            [gradient(WEIGHTS, x, s) for x, s in zip(MANY, MANY_SIGNS.tolist(), strict=True)]
        )

    eight = {"autograd": 8.0}
    rows = work(
        "rows", "vmap of a gradient, 10,000 rows of 20", rows_by_hand, {LOOP: 100, "jax": 1}
    )
    rows.ways[LOOP] = loop
    return [
        work("logistic", "Hessian of logistic loss, 1000 x 20", logistic_by_hand, eight),
        work("layer", "Jacobian of tanh(M x), 100 x 100", layer_by_hand, eight),
        work("valley", "Hessian of Rosenbrock's function of 100", rosenbrock_by_hand, eight),
        rows,
        *([views_of_points()] if installed("scipy") else []),
    ]
