"""Tensors in tuples, lists and dictionaries: taken apart, and put together again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chainrule._core.trees import parts

from .._tensor import Tensor

__all__ = ["items_of", "leaves_of", "like", "shape_text", "spec_text"]


def items_of(tree: Any) -> list[tuple[str, Any]] | None:
    """Return the named parts of a container; None for anything else."""
    found = None if isinstance(tree, Tensor) else parts(tree)
    return None if found is None else found[0]


def leaves_of(tree: Any) -> list[Any]:
    """Return what stands in nested tuples, lists and dictionaries, in order."""
    items = items_of(tree)
    if items is None:
        return [tree]
    return [leaf for _, part in items for leaf in leaves_of(part)]


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
    items = items_of(tree)
    if items is None:
        return "*"
    inner = [shape_text(part) for _, part in items]
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{k!r}: {v}" for k, v in zip(tree, inner, strict=True)) + "}"
    if isinstance(tree, list):
        return f"[{', '.join(inner)}]"
    return f"({inner[0]},)" if len(inner) == 1 else f"({', '.join(inner)})"


def spec_text(tree: Any, indent: int = 0) -> str:
    """Return how PyTorch's errors do: `TreeSpec(tuple, None, [*, *])`, a line for each item."""
    items = items_of(tree)
    if items is None:
        return "*"
    context = list(tree) if isinstance(tree, dict) else None
    inner = [spec_text(part, indent + 2) for _, part in items]
    between = ",\n" + " " * (indent + 2)
    return f"TreeSpec({type(tree).__name__}, {context}, [{between.join(inner)}])"
