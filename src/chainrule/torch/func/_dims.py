"""Along which dimensions a function is applied: checked, and spread over the tensors of a call."""

from __future__ import annotations

from typing import Any

from .._tensor import Tensor
from ._trees import items_of, leaves_of, spec_text

__all__ = ["check_out_dims", "in_dims_of", "out_dims_of", "size_of", "spread"]


def spread(dims: Any, tree: Any) -> list[Any] | None:
    """Return the dimension of each leaf of `tree`; None if `dims` is nested otherwise.

    A number, or None, stands for all leaves below it.
    """
    inner = None if isinstance(dims, Tensor) else items_of(dims)
    if inner is None:
        return [dims] * len(leaves_of(tree))
    outer = None if isinstance(tree, Tensor) else items_of(tree)
    if outer is None or type(dims) is not type(tree):
        return None
    if [name for name, _ in inner] != [name for name, _ in outer]:
        return None
    found = []
    for (_, one), (_, part) in zip(inner, outer, strict=True):
        if (below := spread(one, part)) is None:
            return None
        found += below
    return found


def in_dims_of(name: str, in_dims: Any, inputs: tuple[Any, ...]) -> list[Any]:
    """Return the dimension of each leaf of the inputs; raise, in PyTorch's words, if one is bad."""
    what = f"vmap({name}, in_dims={in_dims}, ...)(<inputs>): "
    if not isinstance(in_dims, (int, tuple)):
        raise ValueError(
            f"{what}expected `in_dims` to be int or a (potentially nested) tuple matching the "
            f"structure of inputs, got: {type(in_dims)}."
        )
    if not inputs:
        raise ValueError(
            f"vmap({name})(<inputs>): got no inputs. Maybe you forgot to add inputs, or you are "
            "trying to vmap over a function with no inputs. The latter is unsupported."
        )
    dims = spread(in_dims, inputs)
    if dims is None:
        raise ValueError(
            f"{what}in_dims is not compatible with the structure of `inputs`. in_dims has structure"
            f" {spec_text(in_dims)} but inputs has structure {spec_text(inputs)}."
        )
    found: list[int | None] = []
    for v, dim in zip(leaves_of(inputs), dims, strict=True):
        if dim is None:
            found.append(None)
            continue
        if not isinstance(dim, int):
            raise ValueError(
                f"{what}Got in_dim={dim} for an input but in_dim must be either an integer "
                "dimension or None."
            )
        if not isinstance(v, Tensor):
            raise ValueError(
                f"{what}Got in_dim={dim} for an input but the input is of type {type(v)}. We "
                "cannot vmap over non-Tensor arguments, please use None as the respective in_dim"
            )
        n = v._array.ndim
        if not -n <= dim < n:
            raise ValueError(
                f"{what}Got in_dim={dim} for some input, but that input is a Tensor of "
                f"dimensionality {n} so expected in_dim to satisfy -{n} <= in_dim < {n}."
            )
        found.append(dim % n)
    return found


def size_of(leaves: list[Any], dims: list[Any]) -> int:
    """Return the number of examples, in which all tensors have to agree."""
    sizes: list[int] = [
        t._array.shape[dim] for t, dim in zip(leaves, dims, strict=True) if dim is not None
    ]
    if not sizes:
        raise ValueError("vmap: Expected at least one Tensor to vmap over")
    if len(set(sizes)) > 1:
        raise ValueError(
            "vmap: Expected all tensors to have the same size in the mapped dimension, got sizes "
            f"{sizes} for the mapped dimension"
        )
    return sizes[0]


def check_out_dims(name: str, out_dims: Any) -> None:
    if out_dims is None or isinstance(out_dims, int):
        return
    if not all(isinstance(dim, (int, type(None))) for dim in leaves_of(out_dims)):
        raise ValueError(
            f"vmap({name}, ..., out_dims={out_dims}): `out_dims` must be an int, None or a python "
            "collection of ints representing where in the outputs the vmapped dimension should "
            "appear."
        )


def out_dims_of(name: str, out_dims: Any, outputs: Any) -> list[Any]:
    """Return the dimension for each leaf of the outputs."""
    given = out_dims
    if isinstance(outputs, Tensor) and isinstance(out_dims, tuple) and len(out_dims) == 1:
        (given,) = out_dims
    dims = spread(given, outputs)
    if dims is None:
        raise ValueError(
            f"vmap({name}, ..., out_dims={out_dims})(<inputs>): out_dims is not compatible with "
            f"the structure of `outputs`. out_dims has structure {spec_text(out_dims)} but outputs "
            f"has structure {spec_text(outputs)}."
        )
    for one, dim in zip(leaves_of(outputs), dims, strict=True):
        if dim is not None and not isinstance(one, Tensor):
            raise ValueError(
                f"vmap({name}, ...): `{name}` must only return Tensors, got type {type(one)}. Did "
                "you mean to set out_dims= to None for output?"
            )
    return dims
