"""What the functions of `functional` share: tensors checked, prepared and differentiated.

The texts of errors are PyTorch's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .._tensor import Tensor
from ._passes import grad

__all__ = [
    "JACOBIAN",
    "called",
    "check_recorded",
    "check_vector",
    "gradients",
    "independent",
    "one_number",
    "packed",
    "prepared",
    "tensors_of",
    "without_graph",
]

Tensors = tuple[Any, ...]

OUTPUTS = "outputs of the user-provided function"
NOT_RECORDED = (
    "Output {} of the user-provided function does not require gradients. The outputs must be "
    "computed in a differentiable manner from the input when running in strict mode."
)
JACOBIAN = (
    "While computing the hessian, found that the jacobian of the user-provided function with "
    "respect to input {} is independent of the input. This is not allowed in strict mode. You "
    "should ensure that your function is twice differentiable and that the jacobian depends on "
    "the inputs (this would be violated by a linear function for example)."
)


def tensors_of(v: Any, of_what: str, caller: str) -> tuple[bool, Tensors]:
    """Return whether `v` is a tuple, and its tensors; raise if there are none."""
    if isinstance(v, Tensor):
        return False, (v,)
    must = f"The {of_what} given to {caller} must be either a Tensor or a tuple of Tensors but the"
    if not isinstance(v, tuple):
        raise TypeError(f"{must} given {of_what} has type {type(v)}.")
    for k, one in enumerate(v):
        if not isinstance(one, Tensor):
            raise TypeError(f"{must} value at index {k} has type {type(one)}.")
    return True, v


def packed(values: Sequence[Any], several: bool) -> Any:
    """Return values as they were given: a tuple, or one alone."""
    return tuple(values) if several else values[0]


def prepared(tensors: Tensors, create_graph: bool, differentiated: bool = True) -> Tensors:
    """Return tensors of the same numbers, of which gradients are wanted if `differentiated`."""
    return tuple(
        t.view_as(t) if create_graph and t.requires_grad
        else t.detach().requires_grad_(differentiated)
        for t in tensors
    )  # fmt: skip


def called(
    func: Callable[..., Any], inputs: Tensors, caller: str, strict: bool
) -> tuple[bool, Tensors]:
    """Return whether the outputs of `func` are a tuple, and the outputs."""
    several, outputs = tensors_of(func(*inputs), OUTPUTS, caller)
    if strict:
        check_recorded(outputs, NOT_RECORDED)
    return several, outputs


def one_number(func: Callable[..., Any], inputs: Tensors, caller: str, strict: bool) -> Any:
    """Return the output of `func`, which is to be one number."""
    several, outputs = called(func, inputs, caller, strict)
    if several:
        raise RuntimeError(f"The function given to {caller} should return a single Tensor")
    if outputs[0].numel() != 1:
        raise RuntimeError(
            f"The Tensor returned by the function given to {caller} should contain a single element"
        )
    return outputs[0]


def check_recorded(values: Tensors, text: str) -> None:
    """Raise `text`, with the position, for a value that has no history."""
    for k, v in enumerate(values):
        if v is None:
            raise RuntimeError(independent("The output", k))
        if not v.requires_grad:
            raise RuntimeError(text.format(k))


def independent(of_what: str, k: int, create_graph: bool = False) -> str:
    """Return what is said in strict mode of something that does not depend on an input."""
    when = " when create_graph=True" if create_graph else ""
    return (
        f"{of_what} of the user-provided function is independent of input {k}. This is not allowed "
        f"in strict mode{when}."
    )


def check_vector(
    v: Any, like: Tensors, several: bool, what: str, caller: str, create_graph: bool
) -> Tensors | None:
    """Return the tensors of a vector, each of the shape of one in `like`; None stands for 1."""
    if v is None:
        if len(like) != 1 or like[0].numel() != 1:
            raise RuntimeError(
                f"The vector v can only be None if the {what} a single Tensor with a single "
                "element."
            )
        return None
    _, given = tensors_of(v, "v", caller)
    if not several and len(given) != 1:
        raise RuntimeError("The given v should contain a single Tensor.")
    if len(given) != len(like):
        raise RuntimeError(
            f"v is a tuple of invalid length: should be {len(like)} but got {len(given)}."
        )
    for k, (one, t) in enumerate(zip(given, like, strict=True)):
        if one.shape != t.shape:
            entry = f"Entry {k} in " if several else ""
            raise RuntimeError(
                f"{entry}v has invalid size: should be {t.shape} but got {one.shape}."
            )
    return prepared(given, create_graph, differentiated=False)


def gradients(
    outputs: Tensors,
    inputs: Tensors,
    weights: Tensors | None = None,
    create_graph: bool = False,
    retain_graph: bool | None = None,
) -> Tensors:
    """Return the gradients of those outputs that have a history; None where there is none."""
    pairs = zip(outputs, weights or [None] * len(outputs), strict=True)
    found = [(y, g) for y, g in pairs if y is not None and y.requires_grad]
    if not found:
        return (None,) * len(inputs)
    return grad(
        [y for y, _ in found], inputs, [g for _, g in found], allow_unused=True,
        create_graph=create_graph, retain_graph=retain_graph,
    )  # fmt: skip


def without_graph(values: Any, create_graph: bool) -> Any:
    """Return results, nested in tuples, as was asked for: with their history, or without."""
    if isinstance(values, tuple):
        return tuple(without_graph(v, create_graph) for v in values)
    return values if create_graph else values.detach()
