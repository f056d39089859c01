"""Adafactor: a root of squared gradients from the means of rows and columns alone."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .optimizer import check_rate, number
from .stepping import Stepping, mixed

__all__ = ["Adafactor"]


class Adafactor(Stepping):
    """Steps by the gradient over the root of its squares, of which rows and columns are kept.

    A matrix of r rows and c columns needs r + c numbers of state. `beta2_decay` says how fast old
    squares are forgotten, `eps` are the least square root and the least size of a parameter that
    steps are in proportion to, `d` the largest root mean square of a step before `lr`. Source:
    Shazeer and Stern (2018), "Adafactor: adaptive learning rates with sublinear memory cost".
    Raises ValueError for options out of their range, RuntimeError for complex parameters.

    >>> import chainrule.torch as torch
    >>> w = torch.tensor([1.0], requires_grad=True)
    >>> optimizer = torch.optim.Adafactor([w], lr=0.1)
    >>> (w * w).sum().backward()
    >>> optimizer.step()
    >>> w
    tensor([0.9000], requires_grad=True)
    """

    DECOUPLED = True

    def __init__(
        self,
        params: Any,
        lr: Any = 1e-2,
        beta2_decay: float = -0.8,
        eps: tuple[float | None, float] = (None, 1e-3),
        d: float = 1.0,
        weight_decay: float = 0.0,
        *,
        foreach: bool | None = None,
        maximize: bool = False,
    ) -> None:
        check_options(lr, beta2_decay, eps, d, weight_decay)
        options = {
            "lr": lr,
            "beta2_decay": beta2_decay,
            "eps": eps,
            "d": d,
            "weight_decay": weight_decay,
            "foreach": foreach,
            "maximize": maximize,
        }
        super().__init__(params, options)

    def begin(self, x: Any, group: dict[str, Any]) -> dict[str, Any]:
        """Return the mean squares before the first step."""
        if x.dtype.kind == "c":
            raise RuntimeError("Adafactor does not support complex parameters")
        if x.ndim < 2:
            return {"variance": np.zeros_like(x)}
        rows, columns = (*x.shape[:-1], 1), (*x.shape[:-2], 1, x.shape[-1])
        return {"row_var": np.zeros(rows, x.dtype), "col_var": np.zeros(columns, x.dtype)}

    def change(self, x: Any, g: Any, group: dict[str, Any], **held: Any) -> None:
        """Change the numbers of one parameter."""
        step, number_type = float(held["step"]), x.dtype.type
        least, smallest = group["eps"]
        least = np.finfo(x.dtype).eps if least is None else least
        rate = min(number(group["lr"]), 1 / math.sqrt(step))
        shrunk = 1 - number(group["lr"]) * group["weight_decay"]
        size = max(smallest, norm(x) / shrunk / math.sqrt(x.size)) * rate  # as it was before
        part = step ** group["beta2_decay"]
        if x.ndim > 1:
            rows, columns = held["row_var"], held["col_var"]
            squares = g * g
            mixed(rows, squares.mean(-1, keepdims=True), part)
            mixed(columns, squares.mean(-2, keepdims=True), part)
            squares = rows @ columns
            squares /= np.maximum(rows.mean(-2, keepdims=True), number_type(least))
        else:
            squares = held["variance"]
            mixed(squares, g * g, part)
        move = g / np.sqrt(np.maximum(squares, number_type(least * least)))
        clipped = max(1.0, norm(move) / (math.sqrt(x.size) * group["d"]))
        x += move * number_type(-size / clipped)


def norm(x: Any) -> float:
    return float(np.linalg.norm(x.ravel()))


def check_options(lr: Any, beta2_decay: float, eps: Any, d: float, weight_decay: float) -> None:
    check_rate(lr)
    for name, v in (
        ("Learning rate", lr),
        ("epsilon1", 0.0 if eps[0] is None else eps[0]),
        ("epsilon2", eps[1]),
        ("weight_decay", weight_decay),
    ):
        if not v >= 0.0:
            raise ValueError(f"{name} should be >= 0 but is: {v}")
    if not beta2_decay <= 0.0:
        raise ValueError(f"beta2_decay should be <= 0 but is: {beta2_decay}")
    if not d >= 1.0:
        raise ValueError(f"Clipping threshold d should be >= 1 but is: {d}")
