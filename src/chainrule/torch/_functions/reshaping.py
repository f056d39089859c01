"""A tensor made to its own view in another shape or order: `t_`, `squeeze_` and the like."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from .._tape.nodes import EXTRA, PLAN
from .._tape.values import recording
from .._tensor import Tensor
from .._writing.in_place import become, check_history, wanted
from .._writing.views import View, regenerate, renamed
from .orders import t, transpose
from .unit_dimensions import squeeze, unsqueeze

__all__: list[str] = []


def itself(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the method that makes a tensor what `function` returns: a view of it."""

    @functools.wraps(function)
    def method(self: Any, *inputs: Any, **options: Any) -> Any:
        if wanted(self):
            check_history(self)
        seen = function(self, *inputs, **options)
        old, step = self._array, seen._view
        if self._view is None:
            go_back_first(self, old.shape, step)
        else:
            self._view = step
        self._array = seen._array
        self._writes[0] += 1
        node = self._node
        if node is not None and node[1] is None:
            node[EXTRA].array = self._array
        elif node is not None and recording.get():
            node = seen._node
            node[PLAN] = renamed(node[PLAN], in_place_name(node[PLAN].name))
        if self._view is None and node is not None:
            become(self, node)
        else:
            regenerate(self._writes)
            self._node = node
        return self

    method.__name__ = method.__qualname__ = f"{function.__name__}_"
    method.__doc__ = f"Make this tensor what `{function.__name__}` returns; return it."
    return method


def in_place_name(name: str) -> str:
    """Return the name of a node in place: TBackward1, SqueezeBackward3 to 5."""
    return f"{name[:-1]}{int(name[-1]) + (3 if name.startswith('Squeeze') else 1)}"


def go_back_first(base: Tensor, shape: tuple[int, ...], step: View) -> None:
    """Let the views of `base`, which has gone one step on, begin with a step back to `shape`."""
    back = View()
    back.base, back.before, back.trouble = base, None, ""
    if step.function is np.transpose:
        back.function, back.argument = np.transpose, tuple(np.argsort(step.argument).tolist())
    else:
        back.function, back.argument = np.reshape, shape
    for reference in base._writes[1]:
        view = reference()
        if view is None or view._view is step or view._view.base is not base:
            continue
        first = view._view
        while first.before is not None and first is not back:
            first = first.before
        if first is not back:
            first.before = back


METHODS: dict[str, Callable[..., Any]] = {
    "squeeze_": itself(squeeze),
    "swapaxes_": itself(transpose),
    "swapdims_": itself(transpose),
    "t_": itself(t),
    "transpose_": itself(transpose),
    "unsqueeze_": itself(unsqueeze),
}
