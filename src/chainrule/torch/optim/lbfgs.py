"""L-BFGS: steps by the curvature that the last gradients show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .._tape.quiet import QUIET, hush, unhush
from ..autograd._modes import enable_grad
from .line_search import Place, strong_wolfe
from .memory import Memory
from .optimizer import Optimizer, as_array, check_rate, number
from .stepping import as_reals

__all__ = ["LBFGS"]


class LBFGS(Optimizer):
    """Quasi-Newton steps with a limited memory; a step calls its closure many times.

    A step makes up to `max_iter` iterations and `max_eval` calls (default: 5/4 of that). They end
    at gradients below `tolerance_grad` and changes below `tolerance_change`. `history_size` pairs
    of changes approximate the curvature. `line_search_fn="strong_wolfe"` looks for a good length of
    every step; without it the length is `lr`. Source: Liu and Nocedal (1989), "On the limited
    memory BFGS method for large scale optimization". Raises ValueError for several parameter
    groups.

    >>> import chainrule.torch as torch
    >>> w = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> optimizer = torch.optim.LBFGS([w], line_search_fn="strong_wolfe")
    >>> def closure():
    ...     optimizer.zero_grad()
    ...     loss = ((w - 3) ** 2).sum()
    ...     loss.backward()
    ...     return loss
    >>> optimizer.step(closure)
    tensor(5., grad_fn=<SumBackward0>)
    >>> w
    tensor([3.0000, 3.0000], requires_grad=True)
    """

    def __init__(
        self,
        params: Any,
        lr: Any = 1,
        max_iter: int = 20,
        max_eval: int | None = None,
        tolerance_grad: float = 1e-7,
        tolerance_change: float = 1e-9,
        history_size: int = 100,
        line_search_fn: str | None = None,
    ) -> None:
        check_rate(lr)
        if not lr >= 0.0:
            raise ValueError(f"Invalid learning rate: {lr}")
        options = {
            "lr": lr,
            "max_iter": max_iter,
            "max_eval": max_iter * 5 // 4 if max_eval is None else max_eval,
            "tolerance_grad": tolerance_grad,
            "tolerance_change": tolerance_change,
            "history_size": history_size,
            "line_search_fn": line_search_fn,
        }
        super().__init__(params, options)
        if len(self.param_groups) != 1:
            raise ValueError("LBFGS doesn't support per-parameter options (parameter groups)")
        self._params = self.param_groups[0]["params"]

    def step(self, closure: Callable[[], Any]) -> Any:
        """Walk down; return what `closure` returned before the first iteration."""
        if len(self.param_groups) != 1:
            raise AssertionError(
                f"Expected exactly one param_group, but got {len(self.param_groups)}"
            )
        token = hush(QUIET)
        try:
            return self._walk(self.param_groups[0], closure)
        finally:
            unhush(token)

    def _walk(self, group: dict[str, Any], closure: Callable[[], Any]) -> Any:
        lr, line_search = number(group["lr"]), group["line_search_fn"]
        state = self.state[self._params[0]]
        memory = Memory(state)

        def asked() -> Any:
            memory.func_evals += 1
            with enable_grad():
                return closure()

        first = asked()
        loss, g, begun = float(number(first)), self._gradient(), memory.func_evals - 1
        if flat(g, group):
            memory.count(state)
            return first
        done = 0
        while done < group["max_iter"]:
            done += 1
            memory.turn(g, group["history_size"])
            # the gradient says nothing of the length of the first step
            t = min(1.0, 1.0 / np.abs(g).sum()) * lr if memory.n_iter == 1 else lr
            memory.prev_loss, memory.t, d = loss, t, memory.d
            slope = g.dot(d)
            if slope > -group["tolerance_change"]:
                break
            if line_search is not None:
                if line_search != "strong_wolfe":
                    raise RuntimeError("only 'strong_wolfe' is supported")
                here = [p._array.copy() for p in self._params]

                def at(t: Any, d: Any = d, here: Any = here) -> Place:
                    self._move(d, t)
                    loss, g = float(number(asked())), self._gradient()
                    self._put(here)
                    return Place(t, loss, g, g.dot(d))

                start = Place(0, loss, g, slope)
                left = begun + group["max_eval"] - memory.func_evals
                found = strong_wolfe(at, start, t, np.abs(d).max(), most=min(25, left))
                t, loss, g, _ = found
                memory.t = t
                self._move(d, t)
                still = flat(g, group)
            else:
                self._move(d, t)
                still = False
                if done != group["max_iter"]:
                    loss, g = float(number(asked())), self._gradient()
                    still = flat(g, group)
            if (
                memory.func_evals - begun >= group["max_eval"]
                or still
                or np.abs(d * as_array(t, d.dtype)).max() <= group["tolerance_change"]
                or abs(loss - memory.prev_loss) < group["tolerance_change"]
            ):
                break
        memory.keep(state)
        return first

    # ---- all parameters as one array

    def _gradient(self) -> Any:
        """Return the gradients of all parameters, one after the other."""
        parts = []
        for p in self._params:
            g = np.zeros_like(p._array) if p.grad is None else p.grad._array
            parts.append(as_reals(g).ravel())
        return np.concatenate(parts)

    def _move(self, d: Any, t: Any) -> None:
        """Go t times along d."""
        begin = 0
        for p in self._params:
            x = as_reals(p._array)
            part = d[begin : begin + x.size].reshape(x.shape)
            x += part * as_array(t, x.dtype)
            p._writes[0] += 1
            begin += x.size

    def _put(self, arrays: list[Any]) -> None:
        """Go back to these numbers."""
        for p, array in zip(self._params, arrays, strict=True):
            np.copyto(p._array, array)
            p._writes[0] += 1


def flat(g: Any, group: dict[str, Any]) -> bool:
    return bool(np.abs(g).max() <= group["tolerance_grad"])
