"""Random formulas over the grammar, and what a derivation says of them, computed again."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import numpy as np

from chainrule import grad
from chainrule.derivation import Derivation
from chainrule.derivation.expressions import COUNT, Expr, Slope
from chainrule.formulas import parse

ONE_ARGUMENT = [
    *("exp", "log", "sqrt", "sin", "cos", "tanh", "sigmoid", "softplus", "abs", "relu", "tan"),
    *("cbrt", "log1p", "expm1", "exp2", "log2", "log10", "arctan", "arcsinh", "sinh", "cosh"),
]
TWO_ARGUMENTS = ["maximum", "minimum"]
NUMBERS = ["1", "2", "3", "0.5", "4", "1.5"]
EXPONENTS = ["2", "3", "-1", "0.5", "-2", "0", "1", "x"]


def random_formula(rng: random.Random, depth: int, names: str = "xw") -> str:
    """Return the text of a formula, nested at most so deep."""
    if depth == 0 or rng.random() < 0.12:
        return rng.choice([*names, *names, *names, rng.choice(NUMBERS)])
    part = lambda: random_formula(rng, depth - 1, names)
    kind = rng.random()
    if kind < 0.6:
        return f"({part()} {rng.choice('++-**/')} {part()})"
    if kind < 0.7:
        return f"({part()})**{rng.choice(EXPONENTS)}"
    if kind < 0.75:
        return f"(-{part()})"
    if kind < 0.8:
        return f"{rng.choice(TWO_ARGUMENTS)}({part()}, {part()})"
    if kind < 0.83:
        return f"where({part()} > {part()}, {part()}, {part()})"
    return f"{rng.choice(ONE_ARGUMENT)}({part()})"


def formulas(count: int, depth: int, seed: int) -> Iterator[str]:
    """Yield formulas with an x, no two the same."""
    rng, seen = random.Random(seed), set()
    while len(seen) < count:
        text = random_formula(rng, rng.randint(1, depth))
        if "x" in parse(text).names and text not in seen:
            seen.add(text)
            yield text


def table(names: tuple[str, ...], seed: int, count: int = 60) -> dict[str, np.ndarray]:
    """Return values of both signs for each name."""
    rng = np.random.default_rng(seed)
    bounds = [(-2.0, 2.0), (0.2, 2.0), (-0.9, 0.9), (0.2, 3.0)]
    drawn = lambda: np.concatenate([rng.uniform(*pair, count) for pair in bounds])
    return {name: rng.permutation(drawn()) if k else drawn() for k, name in enumerate(names)}


def slopes(text: str, values: dict[str, np.ndarray], by: str = "x") -> np.ndarray:
    """Return the engine's derivative of the formula itself, at each of the points."""
    formula = parse(text)
    place = formula.names.index(by)
    columns = [values[name] for name in formula.names]
    with np.errstate(all="ignore"):
        return np.asarray(grad(lambda *v: np.sum(formula(*v)), place)(*columns))


def steps_at(d: Derivation, values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield why and the value of each step in symbols, all slopes in it from differences."""
    known: dict[Expr, Any] = {COUNT: 1.0}
    free = {n for e in d.definitions.values() for n in e.leaves() if n not in d.definitions}
    known |= {n: values[n.head.text] for n in free}
    with np.errstate(all="ignore"):
        for n, e in d.definitions.items():
            known[n] = e.at(known) + 0 * next(iter(values.values()))
        for slope, said in [*d.meaning.items(), *d.parts]:
            known[slope] = said.at(known)
        for step in d.steps:
            if step.why not in ("rows", "numbers", "value"):
                missing = {leaf for leaf in step.expr.leaves() if leaf not in known}
                assert not any(isinstance(leaf.head, Slope) for leaf in missing), missing
                yield step.why, step.expr.at(known)


def rounding(values: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Return the values a few last digits away: what a result changes by is its rounding error."""
    return {name: v * (1 + 1e-14) for name, v in values.items()}
