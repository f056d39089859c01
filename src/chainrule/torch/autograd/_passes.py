"""Backward passes: `backward` adds gradients up in the leaves, `grad` returns them."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from chainrule._core.values import Value

from .._tape.transforms import ACTIVE, check_no_backward
from .._tape.values import Taped, cell, conjugated, recording
from .._tape.walk import walk
from .._tensor import Tensor, made
from .._writing.views import is_dead_end
from ._batched_passes import at_once
from ._leaves import extra_of, make_leaf
from ._modes import pushing
from ._seeds import (
    Tensors,
    flag,
    gradients,
    inputs_of,
    one_like,
    roots_of,
    seeds_of,
    sequence,
)

__all__ = ["backward", "grad", "tensor_backward"]

CYCLE = (
    "Using backward() with create_graph=True will create a reference cycle between the parameter "
    "and its gradient which can cause a memory leak. We recommend using autograd.grad when "
    "creating the graph to avoid this. If you have to use this function, make sure to reset the "
    ".grad fields of your parameters to None after use to break the cycle and avoid the leak."
)
NO_BATCH = (
    "vmap(vjp, in_dims=0, ...)(<inputs>): Got in_dim=0 for some input, but that input is a Tensor "
    "of dimensionality 0 so expected in_dim to satisfy 0 <= in_dim < 0."
)


# ---------------------------------------------------------------- into the leaves


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
    if ACTIVE:
        check_no_backward()
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
    chosen = None if inputs is None else inputs_of(inputs, "backward")
    outputs = sequence(tensors)
    run(outputs, gradients(grad_tensors, len(outputs)), retain_graph, create_graph, chosen)


def tensor_backward(
    self: Tensor,
    gradient: Tensor | None = None,
    retain_graph: bool | None = None,
    create_graph: bool = False,
    inputs: Tensors | None = None,
) -> None:
    """Add up, in the leaves, the gradient of this tensor: `torch.autograd.backward` of it alone.

    >>> import chainrule.torch as torch
    >>> x = torch.tensor([1.0, 2.0], requires_grad=True)
    >>> (x * x).backward(gradient=torch.tensor([1.0, 10.0]))
    >>> x.grad
    tensor([ 2., 40.])
    """
    if ACTIVE:
        check_no_backward()
    if gradient is None and inputs is None and create_graph is False:
        node, array = self._node, self._array  # the common call, without lists
        if node is not None and node[1] is not None and array.size == 1 and array.dtype.kind == "f":
            retain = retain_graph is not None and flag(retain_graph)
            walk([(node, one_like(array))], retain=retain, create=False)
            return
    backward(self, gradient, retain_graph, create_graph, inputs=inputs)


tensor_backward.__name__, tensor_backward.__qualname__ = "backward", "Tensor.backward"


def run(
    outputs: list[Tensor],
    given: list[Any],
    retain_graph: bool | None,
    create_graph: bool,
    inputs: list[Tensor] | None,
) -> None:
    retain = flag(create_graph if retain_graph is None else retain_graph)
    create = flag(create_graph)
    mode = recording.set(create)
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
    walk(roots, retain=retain, create=create, wanted=wanted)
    if create:
        warnings.warn(CYCLE, UserWarning, stacklevel=3)


# ---------------------------------------------------------------- handed to the caller


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
    unless `allow_unused` (its gradient is None) or `materialize_grads` (zeros). With
    `is_grads_batched` the weights have one more dimension, the first, and so have the gradients.

    >>> import chainrule.torch as torch
    >>> x = torch.tensor([3.0], requires_grad=True)
    >>> first = torch.autograd.grad(x**2, x, create_graph=True)
    >>> first, torch.autograd.grad(first[0], x)
    ((tensor([6.], grad_fn=<MulBackward0>),), (tensor([2.]),))
    """
    if materialize_grads and allow_unused is False:
        raise ValueError(
            "Expected allow_unused to be True or not passed when materialize_grads=True, but got: "
            "allow_unused=False."
        )
    outs = sequence(outputs)
    chosen = inputs_of(inputs, "grad")
    if not only_inputs:
        warnings.warn(
            "only_inputs argument is deprecated and is ignored now (defaults to True). To "
            "accumulate gradient for other parts of the graph, please use torch.autograd.backward.",
            FutureWarning,
            stacklevel=2,
        )
    given = gradients(grad_outputs, len(outs))
    retain = flag(create_graph if retain_graph is None else retain_graph)
    create, unused_allowed = flag(create_graph), bool(allow_unused or materialize_grads)
    mode = recording.set(create)
    try:
        seeds = seeds_of(outs, given, is_grads_batched)
    finally:
        recording.reset(mode)
    if is_grads_batched:
        found = batched(outs, chosen, seeds, retain, create, unused_allowed)
    else:
        found = passed(outs, chosen, seeds, retain, create, unused_allowed)
    if materialize_grads:
        found = [
            zeros_of(t, create) if g is None else g for g, t in zip(found, chosen, strict=True)
        ]
    return tuple(found)


def zeros_of(t: Tensor, create: bool) -> Any:
    """Return zeros for an input that was not used; recorded, they require a gradient."""
    zeros = made(np.zeros_like(t._array))
    return make_leaf(zeros) if create else zeros


def passed(
    outputs: list[Tensor],
    inputs: list[Tensor],
    seeds: list[Any],
    retain: bool,
    create: bool,
    unused_allowed: bool,
) -> list[Any]:
    """Return the gradient of each input, by one pass; None for one that was not used."""
    roots = roots_of(outputs, seeds)
    if not all(t.requires_grad for t in inputs):
        raise RuntimeError("One of the differentiated Tensors does not require grad")
    captured: dict[int, Any] = {}
    nodes = [None if is_dead_end(t) else t._node for t in inputs]
    wanted = {node[0]: node for node in nodes if node is not None}
    pushed = pushing.get() and not create  # tangents of gradients need the pass to be recorded
    retain, create = retain or pushed, create or pushed
    walk(roots, retain=retain, create=create, wanted=wanted, captured=captured)
    found: list[Any] = []
    for k, node in enumerate(nodes):
        g = None if node is None else captured.get(node[0])
        if g is None and not unused_allowed:
            raise RuntimeError(
                f"The differentiated Tensor at index {k} appears to not have been used in the "
                "graph. Set allow_unused=True if this is the desired behavior."
            )
        if g is not None:
            g = conjugated(g)
            g = cell(g) if type(g) is Taped else made(own(g))
            if pushed:
                g = moving_alone(g)
        found.append(g)
    return found


def moving_alone(g: Any) -> Any:
    """Return a gradient without its history, but with its tangent."""
    from ._duals import move, tangent_of

    out, tangent = made(g._array), tangent_of(g)
    if tangent is not None:
        move(out, made(tangent._array))
    return out


def own(g: Any) -> Any:
    return np.copy(g) if isinstance(g, Value) else np.array(g)


def batched(
    outputs: list[Tensor],
    inputs: list[Tensor],
    seeds: list[Any],
    retain: bool,
    create: bool,
    unused_allowed: bool,
) -> list[Any]:
    """Return gradients stacked along the first dimension of `seeds`: by one pass, or one each."""
    from .._functions.joining import stack

    if not all(np.ndim(seed) for seed in seeds):
        raise ValueError(NO_BATCH)
    counts = [len(seed) for seed in seeds]
    if len(set(counts)) > 1:
        raise ValueError(
            "vmap: Expected all tensors to have the same size in the mapped dimension, got sizes "
            f"{counts} for the mapped dimension"
        )
    if not (create or pushing.get()):
        found = at_once(outputs, inputs, seeds, retain, unused_allowed)
        if found is not None:
            return found
    rows = [
        passed(outputs, inputs, list(row), retain or k + 1 < counts[0], create, unused_allowed)
        for k, row in enumerate(zip(*seeds, strict=True))
    ]
    columns = zip(*rows, strict=True)
    return [None if column[0] is None else stack(column) for column in columns]
