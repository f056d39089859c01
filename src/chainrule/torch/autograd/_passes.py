"""Backward passes: `backward`, which adds gradients up in leaves, and `grad`, which returns them."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from .._tape import Taped, cell, recording, taped
from .._tensor import Tensor
from .._types import Size
from .._walk import walk
from ._leaves import extra_of

__all__ = ["backward", "grad", "tensor_backward"]

Tensors = Tensor | Sequence[Tensor]

CYCLE = (
    "Using backward() with create_graph=True will create a reference cycle between the parameter "
    "and its gradient which can cause a memory leak. We recommend using autograd.grad when "
    "creating the graph to avoid this. If you have to use this function, make sure to reset the "
    ".grad fields of your parameters to None after use to break the cycle and avoid the leak."
)
UNUSED = (
    "One of the differentiated Tensors appears to not have been used in the graph. Set "
    "allow_unused=True if this is the desired behavior."
)


def seeds_of(outputs: Sequence[Tensor], given: Sequence[Any]) -> list[Any]:
    """Return the gradient of each output: the given one, checked, or 1 for a number."""
    seeds = []
    for k, (output, g) in enumerate(zip(outputs, given, strict=True)):
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
            seeds.append(np.ones(array.shape, array.dtype))
            continue
        if not isinstance(g, Tensor):
            raise TypeError(f"gradients can be either Tensors or None, but got {type(g).__name__}")
        if g._array.shape != array.shape:
            raise RuntimeError(
                f"Mismatch in shape: grad_output[{k}] has a shape of {Size(g._array.shape)} and "
                f"output[{k}] has a shape of {Size(array.shape)}."
            )
        if g._array.dtype.kind == "c" and array.dtype.kind != "c":
            raise RuntimeError(
                f"For complex Tensors, both grad_output and output are required to have the same "
                f"dtype. Mismatch in dtype: grad_output[{k}] has a dtype of {g.dtype} and "
                f"output[{k}] has a dtype of {output.dtype}."
            )
        seeds.append(seed_of(g, array.dtype))
    return seeds


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
    v = taped(g) if recording.get() else g._array
    if g._array.dtype == dtype:
        return v
    return v.astype(dtype)


def roots_of(outputs: Sequence[Tensor], seeds: Sequence[Any]) -> list[tuple[Any, Any]]:
    for k, output in enumerate(outputs):
        if not output.requires_grad:
            raise RuntimeError(
                f"element {k} of tensors does not require grad and does not have a grad_fn"
            )
    pairs = zip(outputs, seeds, strict=True)
    return [(output._node, g) for output, g in pairs if output._node is not None]


def listed(given: Any, count: int) -> list[Any]:
    if given is None:
        return [None] * count
    if isinstance(given, Tensor):
        given = [given]
    given = list(given)
    if len(given) != count:
        raise RuntimeError(f"got {count} tensors and {len(given)} gradients")
    return given


def backward(
    tensors: Tensors,
    grad_tensors: Tensors | None = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    grad_variables: Tensors | None = None,
    inputs: Tensors | None = None,
) -> None:
    """Add up, in the leaves, the gradients of `tensors`, each weighted by its gradient.

    `grad_tensors` are those weights, of the shapes of `tensors`; a tensor of one element needs
    none. `retain_graph` keeps what the graph saved for another pass (by default if
    `create_graph`); `create_graph` records the pass, so that gradients can be differentiated;
    `inputs` restricts what gradients are added up in.

    Raises RuntimeError, in PyTorch's words: for a tensor that requires no gradient, a weight of
    another shape, a second pass without `retain_graph`.

    >>> import chainrule.torch as torch
    >>> x = torch.tensor(3.0, requires_grad=True)
    >>> torch.autograd.backward([x * x, 2 * x])
    >>> x.grad
    tensor(8.)
    """
    if grad_variables is not None:
        warnings.warn(
            "`grad_variables` is deprecated. Use `grad_tensors` instead.",
            FutureWarning,
            stacklevel=2,
        )
        if grad_tensors is not None:
            raise RuntimeError(
                "`grad_tensors` and `grad_variables` (deprecated) arguments both passed to "
                "`backward()`. Please only use `grad_tensors`."
            )
        grad_tensors = grad_variables
    if inputs is not None and not isinstance(inputs, Tensor) and len(inputs) == 0:
        raise RuntimeError("`inputs` argument to `backward()` cannot be empty.")
    outputs = [tensors] if isinstance(tensors, Tensor) else list(tensors)
    chosen = None if inputs is None else [inputs] if isinstance(inputs, Tensor) else list(inputs)
    run(outputs, listed(grad_tensors, len(outputs)), retain_graph, create_graph, chosen)


def tensor_backward(
    self: Tensor,
    gradient: Tensor | None = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Tensors | None = None,
) -> None:
    """Add up, in the leaves, the gradient of this tensor; see `torch.autograd.backward`."""
    if inputs is None and not create_graph and self._array.size == 1 and gradient is None:
        node = self._node  # the common call, without lists
        if node is not None and self._array.dtype.kind == "f":
            walk([(node, one_like(self._array))], retain=bool(retain_graph), create=False)
            return
    backward(self, gradient, retain_graph, create_graph, inputs=inputs)


def run(
    outputs: list[Tensor],
    given: list[Any],
    retain_graph: bool | None,
    create_graph: bool,
    inputs: list[Tensor] | None,
) -> None:
    mode = recording.set(create_graph)
    try:
        seeds = seeds_of(outputs, given)
    finally:
        recording.reset(mode)
    roots = roots_of(outputs, seeds)
    wanted = None
    if inputs is not None:
        wanted = {}
        for t in inputs:
            if t._node is None:
                raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
            wanted[t._node[0]] = t._node
            if t._node[1] is not None:
                extra_of(t._node).retains = True
    if create_graph:
        warnings.warn(CYCLE, UserWarning, stacklevel=3)
    retain = create_graph if retain_graph is None else retain_graph
    walk(roots, retain=retain, create=create_graph, wanted=wanted)


def grad(
    outputs: Tensors,
    inputs: Tensors,
    grad_outputs: Tensors | None = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    only_inputs: bool = True,
    allow_unused: bool | None = None,
    is_grads_batched: bool = False,
    materialize_grads: bool = False,
) -> tuple[Any, ...]:
    """Return the gradients of the sum of `outputs` in each of `inputs`, leaves or not.

    Nothing is added up in leaves. `grad_outputs` weights the outputs; `retain_graph` and
    `create_graph` are as in `backward`. An input that the outputs do not depend on is an error
    unless `allow_unused` (its gradient is None) or `materialize_grads` (zeros).

    >>> import chainrule.torch as torch
    >>> x = torch.tensor([3.0], requires_grad=True)
    >>> first = torch.autograd.grad(x**2, x, create_graph=True)
    >>> first, torch.autograd.grad(first[0], x)
    ((tensor([6.], grad_fn=<MulBackward0>),), (tensor([2.]),))
    """
    if not only_inputs:
        warnings.warn(
            "only_inputs argument is deprecated and is ignored now (defaults to True). To "
            "accumulate gradient for other parts of the graph, please use torch.autograd.backward.",
            FutureWarning,
            stacklevel=2,
        )
    if materialize_grads and allow_unused is False:
        raise ValueError(
            "Expected allow_unused to be True or not passed when materialize_grads=True, but got: "
            "allow_unused=False."
        )
    if is_grads_batched:
        return batched_grad(
            outputs, inputs, grad_outputs, retain_graph, create_graph, allow_unused,
            materialize_grads,
        )  # fmt: skip
    outs = [outputs] if isinstance(outputs, Tensor) else list(outputs)
    chosen = [inputs] if isinstance(inputs, Tensor) else list(inputs)
    given = listed(grad_outputs, len(outs))
    mode = recording.set(create_graph)
    try:
        seeds = seeds_of(outs, given)
    finally:
        recording.reset(mode)
    roots = roots_of(outs, seeds)
    for t in chosen:
        if not t.requires_grad:
            raise RuntimeError("One of the differentiated Tensors does not require grad")
    wanted = {t._node[0]: t._node for t in chosen if t._node is not None}
    captured: dict[int, Any] = {}
    retain = create_graph if retain_graph is None else retain_graph
    walk(roots, retain=retain, create=create_graph, wanted=wanted, captured=captured)
    found = []
    for k, t in enumerate(chosen):
        g = None if t._node is None else captured.get(t._node[0])
        if g is not None:
            found.append(result_of(g))
        elif materialize_grads:
            found.append(cell(np.zeros(t._array.shape, t._array.dtype)))
        elif allow_unused:
            found.append(None)
        else:
            raise RuntimeError(unused(k, len(chosen)))
    return tuple(found)


def unused(k: int, count: int) -> str:
    return (
        UNUSED
        if count < 1
        else UNUSED.replace(
            "One of the differentiated Tensors appears",
            f"The differentiated Tensor at index {k} appears",
        )
    )


def result_of(g: Any) -> Any:
    return cell(g) if type(g) is Taped else cell(np.array(g))


def batched_grad(
    outputs: Tensors,
    inputs: Tensors,
    grad_outputs: Any,
    retain_graph: bool | None,
    create_graph: bool,
    allow_unused: bool | None,
    materialize: bool,
) -> tuple[Any, ...]:
    """Return gradients stacked along the first dimension of `grad_outputs`, one pass for each."""
    from .._joining import stack

    outs = [outputs] if isinstance(outputs, Tensor) else list(outputs)
    given = listed(grad_outputs, len(outs))
    count = len(given[0]) if given else 0
    rows = [
        grad(
            outs, inputs, [g[k] for g in given],
            retain_graph=True if k < count - 1 else retain_graph, create_graph=create_graph,
            allow_unused=allow_unused, materialize_grads=materialize,
        )
        for k in range(count)
    ]  # fmt: skip
    return tuple(None if one[0] is None else stack(one) for one in zip(*rows, strict=True))
