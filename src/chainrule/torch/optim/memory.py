"""What L-BFGS remembers: the last changes of the parameters and of the gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._tensor import Tensor, made

__all__ = ["Memory"]

CURVED = 1e-10  # below, a pair of changes says nothing of the curvature
COUNTS = ("func_evals", "n_iter")
KEPT = ("d", "t", "old_dirs", "old_stps", "ro", "H_diag", "prev_flat_grad", "prev_loss")


class Memory:
    """Pairs of changes, and the direction that follows; the names are those of PyTorch's state.

    `old_dirs` are changes of the gradient, `old_stps` of the parameters, `ro` one over their
    product; `d` is the direction, `t` how far it was followed.
    """

    func_evals: int
    n_iter: int
    d: Any
    t: Any
    old_dirs: Any
    old_stps: Any
    ro: Any
    H_diag: Any
    prev_flat_grad: Any
    prev_loss: Any

    def __init__(self, state: dict[str, Any]) -> None:
        for name in COUNTS:
            setattr(self, name, state.get(name, 0))
        for name in KEPT:
            setattr(self, name, as_numbers(state.get(name)))
        self.al: list[Any] | None = as_numbers(state.get("al"))

    def turn(self, g: Any, most: int) -> None:
        """Find the direction from the gradient `g`, by the pairs: at first it is downhill."""
        self.n_iter += 1
        if self.n_iter == 1:
            self.d, self.old_dirs, self.old_stps, self.ro, self.H_diag = -g, [], [], [], 1
        else:
            self.learn(g - self.prev_flat_grad, self.d * self.d.dtype.type(self.t), most)
            self.d = self.direction(g, most)
        self.prev_flat_grad = g

    def learn(self, change: Any, step: Any, most: int) -> None:
        """Remember one more pair of changes, of the gradient and of the parameters."""
        product = change.dot(step)
        if product > CURVED:
            if len(self.old_dirs) == most:
                for pairs in (self.old_dirs, self.old_stps, self.ro):
                    pairs.pop(0)
            self.old_dirs.append(change)
            self.old_stps.append(step)
            self.ro.append(1.0 / product)
            self.H_diag = product / change.dot(change)

    def direction(self, g: Any, most: int) -> Any:
        """Return minus the approximate inverse Hessian times `g`: the two loops of Nocedal."""
        if self.al is None:
            self.al = [None] * most
        pairs = list(zip(self.old_dirs, self.old_stps, self.ro, range(len(self.ro)), strict=True))
        d = -g
        for change, step, ro, k in reversed(pairs):
            self.al[k] = step.dot(d) * ro
            d -= change * self.al[k]
        d = d * d.dtype.type(self.H_diag)
        for change, step, ro, k in pairs:
            d += step * (self.al[k] - change.dot(d) * ro)
        return d

    def count(self, state: dict[str, Any]) -> None:
        """Write the counts into the state of an optimiser."""
        state |= {name: getattr(self, name) for name in COUNTS}

    def keep(self, state: dict[str, Any]) -> None:
        """Write everything into the state of an optimiser, the numbers as tensors."""
        self.count(state)
        if self.al is not None:
            state["al"] = as_tensors(self.al)
        state |= {name: as_tensors(getattr(self, name)) for name in KEPT}


def as_tensors(v: Any) -> Any:
    if isinstance(v, list):
        return [as_tensors(one) for one in v]
    return made(np.array(v)) if isinstance(v, (np.ndarray, np.generic)) else v


def as_numbers(v: Any) -> Any:
    if isinstance(v, list):
        return [as_numbers(one) for one in v]
    if isinstance(v, Tensor):
        return v._array.copy() if v._array.ndim else v._array[()]
    return v
