"""Programs of arrays as people write them for the `autograd` package, and their slopes by hand.

All ways of a piece of work return the same numbers; a test compares them.
"""

from __future__ import annotations

import importlib
import itertools
from collections.abc import Callable
from typing import Any

import numpy as np

import chainrule
import chainrule.numpy
from benchmarks.work import BY_HAND, OURS, Way, Work, installed

__all__ = ["pieces", "rnn"]

rng = np.random.default_rng(5)
ITEMS = rng.normal(size=4000).tolist()
VALLEY = rng.normal(size=100)
HALF, MILLION = rng.normal(size=500), rng.normal(size=1_000_000)
STEPS = 10_000
SIZES = (20, 32, 32, 1)
LAYERS = [
    (rng.normal(size=(m, n)) / m**0.5, rng.normal(size=n)) for m, n in itertools.pairwise(SIZES)
]
BATCH, WANTED = rng.normal(size=(64, 20)), rng.normal(size=(64, 1))
ROWS, SIGNS, WEIGHTS = rng.normal(size=(100, 10)), np.sign(rng.normal(size=100)), np.ones(10) / 9

Function = Callable[..., Any]


# ---------------------------------------------------------------- the functions


def total(items: Any) -> Any:
    return sum(items[i] for i in range(len(items)))


def rosenbrock(numpy: Any) -> Function:
    return lambda x: numpy.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def fan(x: Any) -> Any:
    for _ in range(STEPS):
        x = (x + x) / 2.0
    return x


def chain(numpy: Any) -> Function:
    """Return a chain of thirteen operations, each of the one before, and so is every slope.

    They are three times tanh, exp or log, a root, a square, seven of arithmetic, and the sum.
    """

    def f(x: Any) -> Any:
        y = numpy.tanh(x) * 0.5 + 0.5
        y = numpy.exp(-2.0 * y)
        y = numpy.sqrt(y + 1.0) - 0.5
        y = (1.0 / y) ** 2
        return numpy.sum(numpy.log(y + 1.0))

    return f


def network(numpy: Any) -> Function:
    def loss(layers: Any) -> Any:
        h = BATCH
        for w, b in layers[:-1]:
            h = numpy.tanh(numpy.dot(h, w) + b)
        w, b = layers[-1]
        return numpy.mean((numpy.dot(h, w) + b - WANTED) ** 2)

    return loss


def logistic(numpy: Any) -> Function:
    return lambda w: numpy.sum(numpy.logaddexp(0.0, -SIGNS * numpy.dot(ROWS, w)))


# ---------------------------------------------------------------- by hand


def rosenbrock_by_hand(x: Any) -> Any:
    step, short = x[1:] - x[:-1] ** 2, 1 - x[:-1]
    np.sum(100.0 * step**2 + short**2)
    g = np.zeros_like(x)
    g[1:] = 200 * step
    g[:-1] -= 400 * step * x[:-1] + 2 * short
    return g


def chain_by_hand(x: Any) -> Any:
    t = np.tanh(x)
    e = np.exp(-2.0 * (t * 0.5 + 0.5))
    root = np.sqrt(e + 1.0)
    share = 1.0 / (root - 0.5)
    y = share**2 + 1.0
    np.sum(np.log(y))
    g = share**3 / y
    g *= e / root
    g *= 1 - t * t
    return g


def network_by_hand(layers: Any) -> Any:
    kept = [BATCH]
    for w, b in layers[:-1]:
        kept.append(np.tanh(kept[-1] @ w + b))
    w, b = layers[-1]
    rest = kept[-1] @ w + b - WANTED
    np.mean(rest**2)
    g, found = 2 * rest / rest.size, []
    for (w, _), h in zip(layers[::-1], kept[::-1], strict=True):
        found.append((h.T @ g, np.sum(g, 0)))
        g = (g @ w.T) * (1 - h * h)
    return found[::-1]


def logistic_by_hand(w: Any) -> Any:
    z = -SIGNS * (ROWS @ w)
    e = np.exp(z)
    return np.sum(np.log1p(e)), (e / (1 + e) * -SIGNS) @ ROWS


# ---------------------------------------------------------------- a recurrent net


def rnn(wide: int = 1024, steps: int = 50, rows: int = 64) -> tuple[Function, Any, Function]:
    """Return the loss of a recurrent net in single precision, its weights and its slope by hand."""
    kind = np.float32
    inputs = rng.normal(size=(steps, rows, wide)).astype(kind)
    weights = (rng.normal(size=(wide, wide)) / wide**0.5).astype(kind)

    def loss_with(numpy: Any) -> Function:
        def loss(w: Any) -> Any:
            h = numpy.zeros((rows, wide), kind)
            for x in inputs:
                h = numpy.tanh(numpy.dot(h, w) + x)
            return numpy.mean(h**2)

        return loss

    def slope(w: Any) -> Any:
        kept = [np.zeros((rows, wide), kind)]
        for x in inputs:
            kept.append(np.tanh(kept[-1] @ w + x))
        np.mean(kept[-1] ** 2)
        g, found = kept[-1] * kind(2 / kept[-1].size), np.zeros_like(w)
        for before, after in zip(kept[-2::-1], kept[:0:-1], strict=True):
            g = g * (1 - after * after)
            found += before.T @ g
            g = g @ w.T
        return found

    return loss_with, weights, slope


# ---------------------------------------------------------------- all of it


def ways_of(grad: Function, value_and_grad: Function, numpy: Any) -> dict[str, Way]:
    of_total, of_valley, of_fan = grad(total), grad(rosenbrock(numpy)), grad(fan)
    of_chain, of_network = grad(chain(numpy)), grad(network(numpy))
    of_logistic = value_and_grad(logistic(numpy))
    return {
        "list": lambda: of_total(ITEMS[:500]),
        "longer list": lambda: of_total(ITEMS),
        "valley": lambda: of_valley(VALLEY),
        "fan": lambda: of_fan(1.0),
        "chain": lambda: of_chain(HALF),
        "long chain": lambda: of_chain(MILLION),
        "network": lambda: of_network(LAYERS),
        "logistic": lambda: of_logistic(WEIGHTS),
    }


def pieces() -> list[Work]:
    """Return the work, each piece with every way that is installed."""
    ours = ways_of(chainrule.grad, chainrule.value_and_grad, chainrule.numpy)
    theirs: dict[str, Way] = {}
    if autograd := installed("autograd"):
        theirs = ways_of(
            autograd.grad, autograd.value_and_grad, importlib.import_module("autograd.numpy")
        )

    def work(key: str, name: str, by_hand: Way, asked: float) -> Work:
        ways = {OURS: ours[key], BY_HAND: by_hand}
        if theirs and key != "longer list":  # which takes autograd a quarter of a minute
            ways["autograd"] = theirs[key]
        return Work(name, ways, {"autograd": asked} if asked else {})

    return [
        work("list", "sum(l[i] ...), a list of 500", lambda: list_by_hand(500), 50),
        work("longer list", "sum(l[i] ...), a list of 4,000", lambda: list_by_hand(4000), 0),
        work("valley", "Rosenbrock's function of 100", lambda: rosenbrock_by_hand(VALLEY), 4),
        work("fan", "x = (x + x) / 2, 10,000 times", lambda: fan(1.0), 5),
        work("chain", "13 operations on 500", lambda: chain_by_hand(HALF), 3),
        work("long chain", "13 operations on 1,000,000", lambda: chain_by_hand(MILLION), 1.5),
        work("network", "network 20-32-32-1, 64 rows", lambda: network_by_hand(LAYERS), 2.5),
        work("logistic", "logistic loss and slope, 100 x 10", lambda: logistic_by_hand(WEIGHTS), 4),
    ]


def list_by_hand(n: int) -> list[float]:
    total(ITEMS[:n])
    return [1.0] * n
