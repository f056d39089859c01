"""Tensors in tuples, lists and dictionaries: taken apart, and put together again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chainrule._core.trees import parts

from .._tensor import Tensor

__all__ = ["leaves_of", "like", "shape_text"]


def leaves_of(tree: Any) -> list[Any]:
    """Return what stands in nested tuples, lists and dictionaries, in order."""
    found = None if isinstance(tree, Tensor) else parts(tree)
    if found is None:
        return [tree]
    return [leaf for _, part in found[0] for leaf in leaves_of(part)]


def like(tree: Any, leaves: Sequence[Any]) -> Any:
    """Return `leaves` nested as those of `tree` are."""
    waiting = iter(leaves)

    def filled(one: Any) -> Any:
        found = None if isinstance(one, Tensor) else parts(one)
        if found is None:
            return next(waiting)
        items, build = found
        return build([filled(part) for _, part in items])

    return filled(tree)


def shape_text(tree: Any) -> str:
    """Return how PyTorch writes down how things are nested: `(*, {'a': *})`."""
    if isinstance(tree, Tensor) or (found := parts(tree)) is None:
        return "*"
    inner = [shape_text(part) for _, part in found[0]]
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{k!r}: {v}" for k, v in zip(tree, inner, strict=True)) + "}"
    if isinstance(tree, list):
        return f"[{', '.join(inner)}]"
    return f"({inner[0]},)" if len(inner) == 1 else f"({', '.join(inner)})"
