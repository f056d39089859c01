"""A long derivative by its parts: how y changes with each value, from the last to the first.

Each line uses those above it: ∂y/∂c = ∂y/∂f·1, as the backward pass computes them. It holds
wherever there is a derivative, also where the rows of one value depend on all rows of another.
"""

from __future__ import annotations

import numpy as np

from .chain import Chain
from .derivation import Derivation, Step
from .expressions import ONE, ZERO, Expr
from .local import slope, times
from .proof import Points, engine_slope
from .simplifying import neat, rebuilt

__all__ = ["by_parts"]


def by_parts(d: Derivation, chain: Chain, points: Points) -> None:
    """Fill the parts of `d` and its last step; nothing is filled in that is not confirmed."""
    computation = chain.computation
    lines: list[tuple[Expr, Expr]] = []
    arrived: dict[Expr, Expr] = {d.y: ONE}  # what has arrived at a value: its slope's sign
    wanted = [n for n in reversed(d.definitions) if n != d.y and computation.leads(n, d.wrt)]
    for u in [*wanted, d.wrt]:
        found = ZERO
        for v, definition in reversed(d.definitions.items()):
            if v in arrived and u in computation.inputs(v):
                local = neat(slope(definition, v, u), order=False)
                term = times(arrived[v], local)
                found = found + (rebuilt(np.sum, term) if v.head.row and not u.head.row else term)
        sign = chain.sign(d.y, u)
        points.values[sign] = engine_slope(d.y, u, points.values, d.definitions)
        if not points.agree(points.at(found), points.values[sign]):
            return
        lines.append((sign, found))
        arrived[u] = sign
    d.parts = lines[:-1]
    d.steps = [Step(lines[-1][1], "chain")]
