"""What tensors are called: as the caller's variables, or the parameters of the caller's modules."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator, Mapping
from types import FrameType
from typing import Any

from chainrule._languages import tr
from chainrule.torch._tensor import Tensor

from ..model import GraphError

__all__ = ["names_given", "names_in", "names_used"]

MOST = 64  # what a container may hold to be looked into


def names_given(names: Mapping[str, Any]) -> dict[int, tuple[str, Any]]:
    """Return name and tensor by the order of the tensor's node, of names that are given.

    A tensor without a node stands by the id of its array.
    """
    for name, t in names.items():
        if not isinstance(t, Tensor):
            raise GraphError(
                tr(
                    "names gives each name its tensor, but {name} is of type {kind}",
                    name=repr(name),
                    kind=type(t).__name__,
                )
            )
    return _by_order(((str(name), t) for name, t in names.items()))


def names_in(frame: FrameType | None) -> dict[int, tuple[str, Any]]:
    """Return name and tensor by the order of the tensor's node, of the variables of a frame.

    A tensor with several names has the first; underscores, as in _ and __, are last.
    """
    if frame is None:
        return {}
    # A function's own come first; twice, as only a later dict's values win.
    return _by_order(_named({**frame.f_locals, **frame.f_globals, **frame.f_locals}))


def names_used(f: Any) -> dict[int, tuple[str, Any]]:
    """Return name and tensor by the order of the tensor's node, of what a function has besides.

    These are a module's parameters, or the variables that a function reads from around it.
    """
    if _is_module(f):
        return _by_order(f.named_parameters())
    try:
        around = inspect.getclosurevars(f)
    except TypeError:  # an object that can be called, or a function written in C
        return {}
    return _by_order(_named({**around.globals, **around.nonlocals}))


def _named(variables: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    plain = {name: v for name, v in variables.items() if not name.startswith("_")}
    for name, v in plain.items():
        if isinstance(v, Tensor):
            yield name, v
    several = _shared_names(plain)
    for name, v in plain.items():
        if _is_module(v):
            for inner, w in v.named_parameters():
                yield (f"{name}.{inner}" if inner in several else inner), w
        elif isinstance(v, (list, tuple, dict)) and len(v) <= MOST:
            items = list(v.items() if isinstance(v, dict) else enumerate(v))
            for k, w in items:
                if isinstance(w, Tensor):
                    yield f"{name}[{k!r}]", w
                elif _is_module(w):
                    yield from ((f"{name}[{k!r}].{inner}", u) for inner, u in w.named_parameters())


def _shared_names(variables: Mapping[str, Any]) -> set[str]:
    """The names that parameters of several modules have, or other variables."""
    owners: dict[str, set[int]] = {}
    for name, v in variables.items():
        if isinstance(v, Tensor):
            owners.setdefault(name, set()).add(id(v))
        elif _is_module(v):
            for inner, w in v.named_parameters():
                owners.setdefault(inner, set()).add(id(w))
    return {name for name, found in owners.items() if len(found) > 1}


def _is_module(v: Any) -> bool:
    module = sys.modules.get("chainrule.torch.nn.modules.module")  # not loaded: there can be none
    return module is not None and isinstance(v, module.Module)


def _by_order(named: Iterator[tuple[str, Any]]) -> dict[int, tuple[str, Any]]:
    found: dict[int, tuple[str, Any]] = {}
    for name, t in named:
        try:
            node = t._node
            # Orders are below zero, ids above.
            found.setdefault(id(t._array) if node is None else node[0], (name, t))
        except RuntimeError:  # a view that may not be looked at any more
            continue
    return found
