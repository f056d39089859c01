"""The work of compiled functions: by us, by each peer that is installed, and by hand.

Every case is built when it is asked for, because its data may be large. All ways of a case return
the same numbers; a test compares them on a part of the data.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

import chainrule
from benchmarks import array_work, compiled_by_hand, tape_work
from benchmarks import compiled_programs as programs
from benchmarks.work import BY_HAND, INPUTS, OURS, TARGETS, Way, Work, double_jax, installed

__all__ = ["BACKEND", "CASES", "STEPS", "Case"]

CORES = os.cpu_count() or 1
CLASSES, HIDDEN = 10, 16
STEPS = 1000  # of training
BACKEND = "numba" if installed("numba") else "python"
Function = Callable[..., Any]


@dataclass(frozen=True)
class Case:
    """Work, and what else is asked of it: how often the data is read, how long it takes."""

    work: Work
    data: Any = None
    reads: float = 0.0  # at most, of `data`
    most: float = 0.0  # microseconds


@dataclass(frozen=True)
class Rows:
    """A loss that is a sum over rows, with the parameters and data to compute it for."""

    name: str
    parameters: Any
    X: Any
    y: Any
    asked: dict[str, float] = field(default_factory=dict)
    reads: float = 0.0


def compiled(f: Function) -> Function:
    """Return `f` as it runs when its calls have repaid compiling it."""
    return chainrule.compile(f, backend=BACKEND)  # type: ignore[no-any-return]


# ---------------------------------------------------------------- losses over rows


def rows(name: str, n: int, columns: int, asked: dict[str, float], reads: float = 0.0) -> Case:
    """Return the value and gradient of the loss `name`, for n rows."""
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((n, columns)), (rng.random(n) < 0.5).astype(float)
    w: Any = rng.standard_normal(columns) / columns**0.5
    if name == "softmax":
        y = rng.integers(0, CLASSES, n)
        w = rng.standard_normal((CLASSES, columns)) / columns**0.5
    elif name == "network":
        shapes = (HIDDEN, columns), HIDDEN, HIDDEN, ()
        w = tuple(np.asarray(rng.standard_normal(shape) / columns**0.5) for shape in shapes)
    words = {"network": f"network {columns}-{HIDDEN}-1", "softmax": f"softmax of {CLASSES}"}
    said = f"{words.get(name, name)}, {n:,} x {columns}"
    return rows_case(Rows(name, w, X, y, asked, reads), said)


def rows_case(of: Rows, said: str) -> Case:
    name, w, X, y = of.name, of.parameters, of.X, of.y
    loss, by_hand = getattr(programs, name), getattr(compiled_by_hand, name)
    ours = compiled(chainrule.value_and_grad(loss(np)))
    ways: dict[str, Way] = {OURS: lambda: ours(w, X, y), BY_HAND: lambda: by_hand(w, X, y)}
    dense = isinstance(X, np.ndarray)
    if dense and (jax := double_jax()):
        with_jax = jax.jit(jax.value_and_grad(loss(jax.numpy)))
        on_jax = jax.tree_util.tree_map(jax.numpy.asarray, (w, X, y))
        ways["jax"] = lambda: jax.block_until_ready(with_jax(*on_jax))
    if dense and (torch := installed("torch")):
        ways["torch"] = torch_rows(torch, name, w, X, y)
    if name != "network" and installed("sklearn"):
        losses = importlib.import_module("sklearn._loss")
        kinds = {"logistic": losses.HalfBinomialLoss, "poisson": losses.HalfPoissonLoss}
        kind = kinds.get(name, partial(losses.HalfMultinomialLoss, n_classes=CLASSES))
        theirs, classes = sklearn_loss(kind).loss_gradient, y.astype(float)
        ways["sklearn"] = lambda: summed(theirs(w, X, classes, n_threads=CORES), len(classes))
    return Case(Work(said, ways, of.asked), X if of.reads else None, of.reads)


def torch_rows(torch: Any, name: str, w: Any, X: Any, y: Any) -> Way:
    """The same losses by PyTorch's own functions for them."""
    torch.set_num_threads(CORES)
    F = torch.nn.functional
    X, y = torch.from_numpy(X), torch.from_numpy(y)
    p = [torch.from_numpy(q).requires_grad_() for q in (w if name == "network" else [w])]
    binary = partial(F.binary_cross_entropy_with_logits, reduction="sum")
    loss = {
        "logistic": lambda: binary(X @ p[0], y),
        "poisson": lambda: F.poisson_nll_loss(X @ p[0], y, reduction="sum"),
        "softmax": lambda: F.cross_entropy(X @ p[0].T, y, reduction="sum"),
        "network": lambda: binary(torch.tanh(F.linear(X, p[0], p[1])) @ p[2] + p[3], y),
    }[name]

    def way() -> Any:
        value = loss()
        return value, torch.autograd.grad(value, p)

    return way


def sklearn_loss(kind: Any) -> Any:
    """scikit-learn's own loss of a linear model, without an intercept."""
    module = importlib.import_module("sklearn.linear_model._linear_loss")
    return module.LinearModelLoss(kind(), fit_intercept=False)


def summed(means: tuple[Any, ...], n: int) -> tuple[Any, ...]:
    """scikit-learn has means over the rows."""
    return tuple(mean * n for mean in means)


def csr(n: int = 200_000, columns: int = 100_000, each: int = 50) -> Case:
    """Return the logistic loss of a sparse table."""
    sparse = importlib.import_module("scipy.sparse")
    rng = np.random.default_rng(0)
    at = np.sort(rng.integers(0, columns, (n, each)).astype(np.int32)).ravel()
    ends = np.arange(0, n * each + 1, each, dtype=np.int32)
    X = sparse.csr_array((rng.standard_normal(at.size), at, ends), (n, columns))
    y, w = (rng.random(n) < 0.5).astype(float), rng.standard_normal(columns) / each**0.5
    said = f"logistic, CSR {n:,} x {columns:,}, {each} a row"
    return rows_case(Rows("logistic", w, X, y, {"sklearn": 1.5}), said)


def hessian(n: int = 1_000_000, columns: int = 30) -> Case:
    """Return the value, the gradient and the Hessian of the logistic loss, as a Newton step has."""
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((n, columns)), (rng.random(n) < 0.5).astype(float)
    w = rng.standard_normal(columns) / columns**0.5

    def with_hessian(library: Any, numpy: Any) -> Function:
        loss = programs.logistic(numpy)
        first, second = library.value_and_grad(loss), library.hessian(loss)
        return lambda w, X, y: (*first(w, X, y), second(w, X, y))

    ours = compiled(with_hessian(chainrule, np))
    ways: dict[str, Way] = {
        OURS: lambda: ours(w, X, y),
        BY_HAND: lambda: compiled_by_hand.logistic_hessian(w, X, y),
    }
    if jax := double_jax():
        with_jax = jax.jit(with_hessian(jax, jax.numpy))
        on_jax = [jax.numpy.asarray(v) for v in (w, X, y)]
        ways["jax"] = lambda: jax.block_until_ready(with_jax(*on_jax))
    if installed("sklearn"):
        loss = sklearn_loss(importlib.import_module("sklearn._loss").HalfBinomialLoss)

        def newton() -> Any:
            _, _, raw = loss.weight_intercept_raw(w, X)
            options = {"n_threads": CORES, "raw_prediction": raw}
            value = loss.loss(w, X, y, **options)
            gradient, curvature, _ = loss.gradient_hessian(w, X, y, **options)
            return summed((value, gradient, curvature), n)

        ways["sklearn"] = newton
    said = f"logistic with Hessian, {n:,} x {columns}"
    return Case(Work(said, ways, {"sklearn": 3.0}))


# ---------------------------------------------------------------- small and long


def lesson() -> Case:
    """Return the gradient of lesson D's loss."""
    w, wanted = np.array([0.1, -0.2, 0.3]), TARGETS.astype(float)
    ours = compiled(chainrule.grad(programs.lesson(np)))
    ways: dict[str, Way] = {
        OURS: lambda: ours(w, INPUTS, wanted),
        BY_HAND: lambda: compiled_by_hand.lesson(w, INPUTS, wanted),
    }
    if jax := double_jax():
        with_jax = jax.jit(jax.grad(programs.lesson(jax.numpy)))
        on_jax = [jax.numpy.asarray(v) for v in (w, INPUTS, wanted)]
        ways["jax"] = lambda: jax.block_until_ready(with_jax(*on_jax))
    return Case(Work("gradient of lesson D's loss, 4 x 3", ways, {"jax": 2.0}), most=2.0)


def training(steps: int = STEPS) -> Case:
    """Return lesson C's training by SGD with momentum, from the first step to the last."""
    X, y = tape_work.POINTS.astype(float), tape_work.LABELS.astype(float)
    w, b = np.array([0.1, -0.2]), 0.3
    loss = programs.mean_logistic

    def trained(repeat: Function, gradient: Function) -> Function:
        step = programs.momentum(gradient)

        def train(w: Any, b: Any, X: Any, y: Any) -> Any:
            start = w, b, 0.0 * w, 0.0 * b
            return repeat(lambda state: step(state, X, y), start, steps)[:2]

        return train

    ours = compiled(trained(chainrule.iterate, chainrule.grad(loss(np), argnum=(0, 1))))
    ways: dict[str, Way] = {
        OURS: lambda: ours(w, b, X, y),
        BY_HAND: lambda: compiled_by_hand.training((w, b), X, y, steps),
    }
    if jax := double_jax():

        def repeat(step: Function, start: Any, n: int) -> Any:
            return jax.lax.fori_loop(0, n, lambda _, state: step(state), start)

        with_jax = jax.jit(trained(repeat, jax.grad(loss(jax.numpy), argnums=(0, 1))))
        on_jax = [jax.numpy.asarray(v) for v in (w, b, X, y)]
        ways["jax"] = lambda: jax.block_until_ready(with_jax(*on_jax))
    if torch := installed("torch"):
        ways["torch"] = lambda: torch_training(torch, (w, b), X, y, steps)
    said = f"{steps:,} steps of SGD with momentum, lesson C, 200 x 2"
    return Case(Work(said, ways, {"jax": 1.0, "torch": 15.0}))


def torch_training(torch: Any, start: Any, X: Any, y: Any, steps: int) -> Any:
    """The lesson's loop, as it stands there."""
    net = torch.nn.Linear(2, 1, dtype=torch.float64)
    with torch.no_grad():
        net.weight.copy_(torch.tensor(start[0])[None])
        net.bias.fill_(start[1])
    lossfn = torch.nn.BCELoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
    X, y = torch.from_numpy(X), torch.from_numpy(y)
    for _ in range(steps):
        optimizer.zero_grad()
        lossfn(torch.sigmoid(net(X)).squeeze(), y).backward()
        optimizer.step()
    return net.weight[0], net.bias[0]


def chain(n: int = 1_000_000) -> Case:
    """Return the gradient of thirteen operations, each on the whole of the one before."""
    x = np.random.default_rng(0).normal(size=n)
    ours = compiled(chainrule.grad(array_work.chain(np)))
    ways: dict[str, Way] = {OURS: lambda: ours(x), BY_HAND: lambda: array_work.chain_by_hand(x)}
    if jax := double_jax():
        with_jax, on_jax = jax.jit(jax.grad(array_work.chain(jax.numpy))), jax.numpy.asarray(x)
        ways["jax"] = lambda: jax.block_until_ready(with_jax(on_jax))
    if torch := installed("torch"):
        torch.set_num_threads(CORES)
        of_torch, leaf = array_work.chain(torch), torch.tensor(x, requires_grad=True)
        ways["torch"] = lambda: torch.autograd.grad(of_torch(leaf), leaf)[0]
    if autograd := installed("autograd"):
        theirs = autograd.grad(array_work.chain(importlib.import_module("autograd.numpy")))
        ways["autograd"] = lambda: theirs(x)
    said = f"gradient of 13 operations on {n:,}"
    return Case(Work(said, ways, {"autograd": 3.0, "torch": 1.5}))


def lstm(steps: int = 1024, hidden: int = 32, columns: int = 16) -> Case:
    """Return the value and gradient of a loss of an LSTM over a sequence, one at a time."""
    rng = np.random.default_rng(0)
    shapes = (4 * hidden, columns), (4 * hidden, hidden), 4 * hidden
    weights = tuple(rng.normal(size=shape) / hidden**0.5 for shape in shapes)
    xs, wanted = rng.normal(size=(steps, columns)), np.tanh(rng.normal(size=(steps, hidden)))

    def in_python(stack: Function) -> Function:
        def scan(step: Function, state: Any, xs: Any) -> Any:
            shown = []
            for x in xs:
                state, y = step(state, x)
                shown.append(y)
            return state, stack(shown)

        return scan

    loss = programs.sequence_loss
    ours = compiled(chainrule.value_and_grad(loss(np, chainrule.scan)))
    ways: dict[str, Way] = {
        OURS: lambda: ours(weights, xs, wanted),
        BY_HAND: lambda: compiled_by_hand.lstm(weights, xs, wanted),
    }
    if jax := double_jax():
        with_jax = jax.jit(jax.value_and_grad(loss(jax.numpy, jax.lax.scan)))
        on_jax = jax.tree_util.tree_map(jax.numpy.asarray, (weights, xs, wanted))
        ways["jax"] = lambda: jax.block_until_ready(with_jax(*on_jax))
    if torch := installed("torch"):
        leaves = [torch.tensor(v, requires_grad=True) for v in weights]
        inputs, target = torch.from_numpy(xs), torch.from_numpy(wanted)

        def with_torch() -> Any:
            value = torch_sequence(torch, leaves, inputs, target)
            return value, torch.autograd.grad(value, leaves)

        ways["torch"] = with_torch
    if autograd := installed("autograd"):
        numpy = importlib.import_module("autograd.numpy")
        theirs = autograd.value_and_grad(loss(numpy, in_python(numpy.stack)))
        ways["autograd"] = lambda: theirs(weights, xs, wanted)
    said = f"LSTM of {hidden} over {steps:,} steps"
    return Case(Work(said, ways, {"jax": 0.5, "torch": 30.0, "autograd": 100.0}))


def torch_sequence(torch: Any, weights: Any, xs: Any, wanted: Any) -> Any:
    """An LSTM's cell in a loop, as users write it in PyTorch."""
    W, U, b = weights
    h = c = torch.zeros(wanted.shape[1], dtype=torch.float64)
    shown = []
    for x in xs:
        i, f, g, o = torch.chunk(W @ x + U @ h + b, 4)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        h = torch.sigmoid(o) * torch.tanh(c)
        shown.append(h)
    return torch.mean((torch.stack(shown) - wanted) ** 2)


# ---------------------------------------------------------------- all of it

BESIDE_JAX = {"jax": 1.5}
# name -> how the case is built; a number makes it smaller: so many rows, or steps
CASES: dict[str, Callable[..., Case]] = {
    "lesson": lesson,
    "training": training,
    "logistic100": lambda n=1_000_000: rows(
        "logistic", n, 100, {"jax": 2.7, "torch": 4.0, "sklearn": 3.0}, 1.6
    ),
    "logistic20": lambda n=4_000_000: rows("logistic", n, 20, {"jax": 3.5}, 1.6),
    "poisson": lambda n=1_000_000: rows("poisson", n, 100, {"jax": 3.5}),
    "softmax": lambda n=1_000_000: rows("softmax", n, 100, {"jax": 3.5}),
    "network": lambda n=1_000_000: rows("network", n, 100, {"jax": 2.2}),
    "cached1e3x10": lambda n=1000: rows("logistic", n, 10, BESIDE_JAX),
    "cached1e3x50": lambda n=1000: rows("logistic", n, 50, BESIDE_JAX),
    "cached1e4x10": lambda n=10_000: rows("logistic", n, 10, BESIDE_JAX),
    "cached1e4x50": lambda n=10_000: rows("logistic", n, 50, BESIDE_JAX),
    "csr": csr,
    "hessian": hessian,
    "chain": chain,
    "lstm": lstm,
}
