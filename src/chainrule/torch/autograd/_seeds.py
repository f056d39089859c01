"""Where a backward pass begins: its outputs and their gradients, its inputs, all checked."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from .._indices import SCALAR
from .._kinds.dtypes import Size
from .._tape.values import conjugated, recording, taped
from .._tensor import Tensor
from .._writing.views import is_dead_end
from ._gradient_edges import GradientEdge, tensor_of

__all__ = [
    "Tensors",
    "flag",
    "gradients",
    "inputs_of",
    "one_like",
    "roots_of",
    "seeds_of",
    "sequence",
]

Tensors = Tensor | Sequence[Tensor]


def seeds_of(outputs: Sequence[Tensor], given: Sequence[Any], batched: bool = False) -> list[Any]:
    """Return the gradient of each output: the given one, checked, or 1 for a number.

    `batched`: each has one more dimension, the first, along which there is one for every pass.
    """
    seeds = []
    for k, (output, g) in enumerate(zip(outputs, given, strict=False)):
        if not isinstance(output, Tensor):
            raise AssertionError("Expected output to be a torch.Tensor")
        array = output._array
        if g is None:
            if output.requires_grad:
                if array.size != 1:
                    raise RuntimeError("grad can be implicitly created only for scalar outputs")
                if array.dtype.kind != "f":
                    raise RuntimeError(
                        "grad can be implicitly created only for real scalar outputs but got "
                        f"{output.dtype}"
                    )
            seeds.append(one_like(array) if array.size == 1 else np.ones_like(array))
        elif not isinstance(g, Tensor):
            raise TypeError(f"gradients can be either Tensors or None, but got {type(g).__name__}")
        else:
            check_seed(k, output, g, batched)
            seeds.append(seed_of(g, array.dtype))
    if len(seeds) != len(given) or len(seeds) != len(outputs):
        raise RuntimeError(f"got {len(outputs)} tensors and {len(given)} gradients")
    return seeds


def check_seed(k: int, output: Tensor, g: Tensor, batched: bool) -> None:
    """Raise, in PyTorch's words, if a given gradient does not fit its output."""
    shape = g._array.shape
    if batched:
        if not shape:
            raise IndexError(SCALAR)
        shape = shape[1:]
    if shape != output._array.shape:
        told = Size(shape[1:] if batched else shape)  # PyTorch leaves one dimension too many out
        mismatch = (
            f"grad_output[{k}] has a shape of {told} and output[{k}] has a shape of "
            f"{Size(output._array.shape)}."
        )
        if batched:
            raise RuntimeError(
                "If `is_grads_batched=True`, we interpret the first dimension of each grad_output "
                "as the batch dimension. The sizes of the remaining dimensions are expected to "
                "match the shape of corresponding output, but a mismatch was detected: "
                f"{mismatch} If you only want some tensors in `grad_output` to be considered "
                "batched, consider using vmap."
            )
        raise RuntimeError(f"Mismatch in shape: {mismatch}")
    if (g._array.dtype.kind == "c") != (output._array.dtype.kind == "c"):
        raise RuntimeError(
            "For complex Tensors, both grad_output and output are required to have the same "
            f"dtype. Mismatch in dtype: grad_output[{k}] has a dtype of {g.dtype} and "
            f"output[{k}] has a dtype of {output.dtype}."
        )


ONES: dict[Any, Any] = {}


def one_like(array: Any) -> Any:
    """Return 1 in the shape and dtype of an array of one element; making it takes NumPy 1 us."""
    key = array.shape, array.dtype
    if (one := ONES.get(key)) is None:
        one = np.ones(*key)
        one.flags.writeable = False  # a backward pass writes only to sums that it made itself
        if len(ONES) < 64:
            ONES[key] = one
    return one


def seed_of(g: Tensor, dtype: Any) -> Any:
    v = conjugated(taped(g) if recording.get() else g._array)
    if g._array.dtype == dtype:
        return v
    return v.astype(dtype)


def roots_of(outputs: Sequence[Tensor], seeds: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Return the node and the gradient of each output."""
    for k, output in enumerate(outputs):
        if not output.requires_grad or is_dead_end(output):
            raise RuntimeError(
                f"element {k} of tensors does not require grad and does not have a grad_fn"
            )
    pairs = zip(outputs, seeds, strict=True)
    return [(output._node, g) for output, g in pairs if output._node is not None]


def sequence(given: Tensors) -> list[Any]:
    """Return one tensor or several, or edges of the graph, as a list of tensors."""
    if isinstance(given, Tensor):
        return [given]
    return [tensor_of(one) for one in ([given] if isinstance(given, GradientEdge) else given)]


def inputs_of(given: Tensors, caller: str) -> list[Any]:
    """Return the tensors that gradients are wanted of."""
    found = sequence(given)
    if not found:
        raise RuntimeError(f"`inputs` argument to `{caller}()` cannot be empty.")
    for t in found:
        if not isinstance(t, Tensor):
            raise RuntimeError(
                f"all inputs have to be Tensors or GradientEdges, but got {type(t).__name__}"
            )
    return found


def gradients(given: Tensors | None, count: int) -> list[Any]:
    return [None] * count if given is None else sequence(given)


def flag(given: Any) -> bool:
    """Return a yes or no that may be written as a whole number."""
    return bool(operator.index(given))
