"""The work that is measured, done by chainrule, by each peer that is installed, and by hand.

All ways of a piece of work return the same numbers; a test compares them.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from types import ModuleType
from typing import Any

import numpy as np

import chainrule

__all__ = ["BY_HAND", "CHAINS", "OURS", "Work", "pieces"]

OURS, BY_HAND = "chainrule", "by hand"

INPUTS = np.array(
    [[0.52, 1.12, 0.77], [0.88, -1.08, 0.15], [0.52, 0.06, -1.30], [0.74, -2.49, 1.39]]
)
TARGETS = np.array([True, True, False, True])
OTHERS = 1 - TARGETS
WEIGHTS = np.array([0.1, -0.2, 0.3])
DIRECTION = np.array([0.3, 0.1, -0.2])
NUMBERS = np.random.default_rng(0).normal(size=100_000)
FACTOR = np.array([0.9, 1.1, -1.0])

Way = Callable[[], Any]
Function = Callable[[Any], Any]


@dataclass(frozen=True)
class Work:
    """A piece of work: its name, the ways of doing it, and what is asked of ours."""

    name: str
    ways: dict[str, Way]
    asked: dict[str, float] = field(default_factory=dict)  # how many times a peer takes ours
    count: int = 1  # of equal parts, such as elements, to tell the time of each


# ---------------------------------------------------------------- the functions


def logistic_loss(numpy: Any, inputs: Any, targets: Any, others: Any) -> Function:
    """The loss of the lesson's logistic regression, written with `numpy` or what has its names."""

    def loss(w: Any) -> Any:
        p = 0.5 * (numpy.tanh(inputs @ w / 2) + 1)
        return -numpy.sum(numpy.log(p * targets + (1 - p) * others))

    return loss


def squares(x: Any) -> Any:
    total = 0.0
    for i in range(x.shape[0]):
        total = total + x[i] * x[i]
    return total


def product(w: Any) -> Any:
    return (2.0 + w) * (w + 1)


def repeated(f: Function, n: int) -> Function:
    def chain(v: Any) -> Any:
        for _ in range(n):
            v = f(v)
        return v

    return chain


def one_more(v: Any) -> Any:
    return v + 1.5


# ---------------------------------------------------------------- by hand


def gradient_by_hand(w: Any) -> Any:
    t = np.tanh(INPUTS @ w / 2)
    p = 0.5 * (t + 1)
    change = -(TARGETS - OTHERS) / (p * TARGETS + (1 - p) * OTHERS)
    return (change * 0.5 * (1 - t * t) / 2) @ INPUTS


def product_by_hand(w: Any) -> Any:
    p = 0.5 * (np.tanh(INPUTS @ w / 2) + 1)
    return (p * (1 - p) * (INPUTS @ DIRECTION)) @ INPUTS


def third_by_hand(x: float) -> float:
    s = 1 - math.tanh(x) ** 2
    return s * (4 - 6 * s)


def squares_by_hand(x: Any) -> Any:
    squares(x)
    return 2 * x


def additions_by_hand(n: int) -> float:
    repeated(one_more, n)(1.0)
    return 1.0


# ---------------------------------------------------------------- of arrays: ours and autograd's


def array_ways(grad: Function, numpy: Any) -> dict[str, Way]:
    """The work done by a library whose face is `grad` and `numpy`."""
    loss = logistic_loss(numpy, INPUTS, TARGETS, OTHERS)
    # Derivatives are made once, as in a training loop; but `anew` makes its own at each call.
    gradient, third = grad(loss), grad(grad(grad(numpy.tanh)))
    hessian_product = grad(lambda w: numpy.sum(grad(loss)(w) * DIRECTION))
    of_product, of_squares = grad(product), grad(squares)
    of_additions = grad(repeated(one_more, 100_000))
    return {
        "gradient": lambda: gradient(WEIGHTS),
        "anew": lambda: grad(loss)(WEIGHTS),
        "hessian product": lambda: hessian_product(WEIGHTS),
        "third": lambda: third(0.5),
        "product": lambda: of_product(1.0),
        "squares": lambda: of_squares(NUMBERS[:1000]),
        "squares 4000": lambda: of_squares(NUMBERS[:4000]),
        "additions": lambda: of_additions(1.0),
    }


def torch_ways(torch: Any) -> dict[str, Way]:
    """The same work on PyTorch's tape."""
    torch.set_num_threads(1)
    loss = logistic_loss(
        torch, torch.tensor(INPUTS), torch.tensor(TARGETS), torch.tensor(1.0 - TARGETS)
    )
    w, some, more, number, half = (
        torch.tensor(v, requires_grad=True, dtype=torch.float64)
        for v in (WEIGHTS, NUMBERS[:1000], NUMBERS[:4000], 1.0, 0.5)
    )
    direction = torch.tensor(DIRECTION)

    def pulled(f: Function, v: Any) -> Any:
        v.grad = None
        f(v).backward()
        return v.grad.numpy()

    def gradient(y: Any, x: Any) -> Any:
        return torch.autograd.grad(y, x, create_graph=True)[0]

    def hessian_product() -> Any:
        (found,) = torch.autograd.grad(torch.sum(gradient(loss(w), w) * direction), w)
        return found.numpy()

    def third() -> float:
        second = gradient(gradient(torch.tanh(half), half), half)
        return float(torch.autograd.grad(second, half)[0])

    return {
        "gradient": partial(pulled, loss, w),
        "hessian product": hessian_product,
        "third": third,
        "product": partial(pulled, product, number),
        "squares": partial(pulled, squares, some),
        "squares 4000": partial(pulled, squares, more),
        "additions": partial(pulled, repeated(one_more, 100_000), number),
    }


def installed(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def double_jax() -> Any:
    """Return JAX, with double precision as NumPy has it, or None."""
    jax = installed("jax")
    if jax is not None:
        jax.config.update("jax_enable_x64", True)
    return jax


def pieces() -> list[Work]:
    """Return the work, each piece with every way that is installed."""
    ours = array_ways(chainrule.grad, np)
    peers: dict[str, dict[str, Way]] = {}
    if autograd := installed("autograd"):
        peers["autograd"] = array_ways(autograd.grad, importlib.import_module("autograd.numpy"))
    if torch := installed("torch"):
        peers["torch"] = torch_ways(torch)

    def work(key: str, name: str, by_hand: Way, count: int = 1, **asked: float) -> Work:
        ways = {OURS: ours[key], BY_HAND: by_hand}
        ways |= {peer: rows[key] for peer, rows in peers.items() if key in rows}
        return Work(name, ways, asked, count)

    def loop(n: int) -> Work:
        # No peer: the time of autograd's loops over x[i] grows with the square of their length.
        ways = {
            OURS: lambda: chainrule.grad(squares)(NUMBERS[:n]),
            BY_HAND: lambda: squares_by_hand(NUMBERS[:n]),
        }
        return Work(f"s += x[i]*x[i], an element of {n:,}", ways, {}, n)

    return [
        work(
            "gradient",
            "gradient of the logistic loss, 4 x 3",
            lambda: gradient_by_hand(WEIGHTS),
            autograd=5.5,
            torch=3,
        ),
        work(
            "anew",
            "the same, grad(loss)(w) in one line",
            lambda: gradient_by_hand(WEIGHTS),
        ),
        work(
            "hessian product",
            "Hessian product of it",
            lambda: product_by_hand(WEIGHTS),
            autograd=5,
        ),
        work(
            "third", "third derivative of tanh at a float", lambda: third_by_hand(0.5), autograd=7
        ),
        work(
            "squares",
            "s += x[i]*x[i], an element of 1,000",
            lambda: squares_by_hand(NUMBERS[:1000]),
            count=1000,
            autograd=8,
        ),
        work(
            "squares 4000",
            "s += x[i]*x[i], an element of 4,000",
            lambda: squares_by_hand(NUMBERS[:4000]),
            count=4000,
        ),
        loop(100_000),
        work("product", "(x + w)(w + 1) of floats", lambda: 2 * 1.0 + 3.0, autograd=15),
        work(
            "additions",
            "100,000 additions, forward and backward",
            lambda: additions_by_hand(100_000),
            torch=5,
        ),
    ]


# ---------------------------------------------------------------- one operation of a chain

# name -> the operation with `numpy` given, and how its change travels back by hand
CHAINS: dict[str, tuple[Callable[[Any], Function], Function]] = {
    "-v": (lambda numpy: lambda v: -v, lambda g: -g),
    "np.negative(v)": (lambda numpy: numpy.negative, np.negative),
    "v + 1.5": (lambda numpy: one_more, lambda g: g),
    "v * b": (lambda numpy: lambda v: v * FACTOR, lambda g: g * FACTOR),
    "np.sin(v)": (lambda numpy: numpy.sin, lambda g: g * np.cos(FACTOR)),
}
