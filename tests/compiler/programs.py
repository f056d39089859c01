"""Random functions over NumPy: a recipe of steps, drawn by hypothesis, run as a function.

A step names one of `STEPS`, the values it reads (by number: arguments first, then what each step
made) and its options. It is drawn by making it: what NumPy refuses, and what is not of moderate
size, is no step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st

from chainrule import iterate, scan

__all__ = ["ELEMENTWISE", "STEPS", "Recipe", "data", "recipes", "special_recipes"]

Draw = Callable[[Any], Any]
LARGEST = 600  # numbers in an array
WIDTH = 3
TABLE = np.array(
    [[0.3, -1.1, 0.7], [0.9, 0.4, -0.6], [-0.2, 0.8, 0.5]]
)  # what functions close over
PLACES = np.array([2, 0, 1, 1])

UNARY: dict[str, Callable[[Any], Any]] = {
    "tanh": np.tanh,
    "sin": np.sin,
    "exp": lambda x: np.exp(-np.absolute(x)),
    "expm1": lambda x: np.expm1(-(x**2)),
    "log": lambda x: np.log(1.5 + x * x),
    "log1p": lambda x: np.log1p(np.square(x)),
    "sqrt": lambda x: np.sqrt(x * x + 0.5),
    "logistic": lambda x: 1 / (1 + np.exp(-x)),
    "softplus": lambda x: np.logaddexp(0.0, x),
    "relu": lambda x: np.maximum(x, 0),
    "arctan": np.arctan,
    "cube": lambda x: x**3 / (1 + x**2),
    "power": lambda x: (x * x + 0.7) ** 0.3,
    "negative": np.negative,
    "scaled": lambda x: 0.6 * x - 0.25,
    "clip": lambda x: np.clip(x, -0.8, 0.9),
    "where": lambda x: np.where(x > 0.1, x, 0.2 * x),
    "single": lambda x: np.tanh(x).astype(np.float32),
}
BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "divide": lambda a, b: a / (1.2 + b * b),
    "maximum": np.maximum,
    "minimum": np.minimum,
    "logaddexp": np.logaddexp,
    "arctan2": lambda a, b: np.arctan2(a, 1.1 + b * b),
    "hypot": lambda a, b: np.hypot(a, b + 3.0),
    "choose": lambda a, b: np.where(a < b, a * b, b),
}
PRODUCTS: dict[str, Callable[[Any, Any], Any]] = {
    "matmul": np.matmul,
    "dot": np.dot,
    "outer": np.outer,
    "crossed": lambda a, b: np.transpose(a) @ b,
    "einsum": lambda a, b: np.einsum("ij,j->i", a, b),
    "distances": lambda a, b: np.sum((a[:, None] - b) ** 2, -1),
}
REDUCTIONS: dict[str, Callable[..., Any]] = {
    "sum": np.sum,
    "mean": np.mean,
    "max": np.max,
    "min": np.min,
    "var": np.var,
    "cumsum": lambda x, axis, keepdims: np.cumsum(x, axis),
    "prod": lambda x, axis, keepdims: np.prod(np.tanh(x) + 1.0, axis=axis, keepdims=keepdims),
    "norm": lambda x, axis, keepdims: np.sqrt(0.1 + np.sum(x * x, axis=axis, keepdims=keepdims)),
    "softmax": lambda x, axis, keepdims: (
        lambda e: e / np.sum(e, axis=axis, keepdims=True)
    )(np.exp(x - np.max(x, axis=axis, keepdims=True))),
}  # fmt: skip
SHAPES: dict[str, Callable[[Any], Any]] = {
    "transpose": np.transpose,
    "ravel": np.ravel,
    "first": lambda x: x[0],
    "last": lambda x: x[..., -1],
    "behind": lambda x: x[1:],
    "steps": lambda x: x[..., ::2],
    "backwards": lambda x: x[::-1],
    "column": lambda x: x[:, None],
    "row": lambda x: x[None],
    "places": lambda x: x[..., PLACES],
    "taken": lambda x: np.take(x, PLACES[:2], axis=-1),
    "roll": lambda x: np.roll(x, 1, axis=0),
    "halves": lambda x: np.concatenate([x[..., 1:], x[..., :1] * 2.0], axis=-1),
    "stack": lambda x: np.stack([x, np.sin(x)], axis=-1),
    "differences": lambda x: x[1:] - x[:-1],
    "diagonal": np.diagonal,
    "table": lambda x: x @ TABLE,
    "stretched": lambda x: np.broadcast_to(x, (2, *np.shape(x))),
}
LOOPS: dict[str, Callable[[Any, Any], Any]] = {
    "iterate": lambda x, s: iterate(
        lambda v: np.tanh(0.8 * v + 0.1 * np.sum(s).astype(x.dtype)), x, 3
    ),
    "scan": lambda x, s: scan(
        lambda state, v: (0.5 * state + v, np.tanh(state)), np.zeros_like(s), s
    )[1] * np.sum(np.tanh(x)),
}  # fmt: skip
OPTIONS = [(axis, kept) for axis in (None, 0, -1, 1) for kept in (False, True)]
STEPS: dict[str, tuple[int, Callable[..., Any]]] = (
    {name: (1, f) for name, f in UNARY.items()}
    | {name: (2, f) for name, f in BINARY.items()}
    | {name: (2, f) for name, f in PRODUCTS.items()}
    | {name: (1, f) for name, f in REDUCTIONS.items()}
    | {name: (1, f) for name, f in SHAPES.items()}
    | {name: (2, f) for name, f in LOOPS.items()}
)
ELEMENTWISE = {
    "exp": (1, np.exp), "expm1": (1, np.expm1), "log": (1, np.log), "log1p": (1, np.log1p),
    "tanh": (1, np.tanh), "sqrt": (1, np.sqrt), "square": (1, np.square), "sign": (1, np.sign),
    "absolute": (1, np.absolute), "negative": (1, np.negative), "arctan": (1, np.arctan),
    "reciprocal": (1, lambda x: 1 / x), "zero": (1, lambda x: x * 0.0),
    "plus": (1, lambda x: x + 0.0),
    "floor": (1, np.floor), "sinh": (1, np.sinh), "cosh": (1, np.cosh),
    "add": (2, np.add), "subtract": (2, np.subtract), "multiply": (2, np.multiply),
    "divide": (2, np.divide), "maximum": (2, np.maximum), "minimum": (2, np.minimum),
    "logaddexp": (2, np.logaddexp), "where": (2, lambda a, b: np.where(a > b, a, b)),
    "less": (2, lambda a, b: (a < b) * a), "copysign": (2, np.copysign),
    "arctan2": (2, np.arctan2), "power": (1, lambda x: x**2.5),
    "sum": (1, lambda x: np.sum(x, axis=-1)), "max": (1, lambda x: np.max(x, axis=-1)),
    "min": (1, lambda x: np.min(x, axis=-1)),
}  # fmt: skip


@dataclass(frozen=True)
class Recipe:
    """Steps one after the other: a name, the numbers of the values it reads, its options."""

    steps: tuple[tuple[str, tuple[int, ...], tuple[Any, ...]], ...]
    table: str = "STEPS"

    def values(self, *args: Any) -> list[Any]:
        known = list(args)
        for name, read, options in self.steps:
            known.append(made(name, [known[k] for k in read], options, globals()[self.table]))
        return known

    def outputs(self, *args: Any) -> tuple[Any, ...]:
        """What the steps made and no step read."""
        read = {k for _, places, _ in self.steps for k in places}
        known = self.values(*args)
        return tuple(known[k] for k in range(len(args), len(known)) if k not in read)

    def loss(self, *args: Any) -> Any:
        """A number that all outputs have a part in."""
        parts = [np.sum(np.tanh(v) * (0.5 + k)) for k, v in enumerate(self.outputs(*args))]
        return sum(parts[1:], parts[0])


def made(name: str, read: Sequence[Any], options: tuple[Any, ...], table: Any) -> Any:
    f = table[name][1]
    return f(*read, **dict(zip(("axis", "keepdims"), options, strict=False)))


def data(rows: int, dtype: Any, seed: int) -> list[Any]:
    """A matrix, a number for each row, one for each column, and one."""
    rng = np.random.default_rng(seed)
    shapes = [(rows, WIDTH), (rows,), (WIDTH,)]
    return [rng.normal(size=shape).astype(dtype) for shape in shapes] + [float(rng.normal())]


def is_moderate(y: Any) -> bool:
    y = np.asarray(y)
    return (
        0 < y.size <= LARGEST
        and y.ndim <= 3
        and y.dtype.kind == "f"
        and bool(np.isfinite(y).all())
        and float(np.abs(y).max()) < 1e3
    )


@st.composite
def recipes(draw: Draw, most: int = 8) -> Recipe:
    """Return a recipe for the arguments that `data` makes, of 5 rows or more."""
    sets = [data(rows, float, 0) for rows in (5, 8)]
    steps: list[Any] = []
    for _ in range(draw(st.integers(1, most))):
        name = draw(st.sampled_from(sorted(STEPS)))
        read = tuple(
            len(sets[0]) - 1 - draw(st.integers(0, len(sets[0]) - 1)) for _ in range(STEPS[name][0])
        )
        options = draw(st.sampled_from(OPTIONS)) if name in REDUCTIONS else ()
        try:
            each = [made(name, [known[k] for k in read], options, STEPS) for known in sets]
        except (ValueError, IndexError, TypeError, AttributeError):  # not of these shapes
            continue
        if all(map(is_moderate, each)):
            steps.append((name, read, options))
            for known, y in zip(sets, each, strict=True):
                known.append(y)
    if not steps:
        steps = [("tanh", (0,), ())]
    return Recipe(tuple(steps))


@st.composite
def special_recipes(draw: Draw, most: int = 4) -> Recipe:
    """Return a recipe of elementary functions alone, of two matrices of any numbers."""
    steps: list[Any] = []
    for k in range(draw(st.integers(1, most))):
        name = draw(st.sampled_from(sorted(ELEMENTWISE)))
        read = tuple(1 + k - draw(st.integers(0, k + 1)) for _ in range(ELEMENTWISE[name][0]))
        steps.append((name, read, ()))
    return Recipe(tuple(steps), "ELEMENTWISE")
