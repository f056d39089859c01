"""What a derivative of a function does around the call: inputs to differentiate in, results freed.

A pass is recorded if its results may be differentiated in their turn, in what stands around the
call or in tensors that the function does not take but reads; all other results lose their history.
"""

from __future__ import annotations

from typing import Any

from .._conversions.copies import detach
from .._functions.shapes import view_as
from .._tape.edges import edges_of
from .._tape.nodes import EXTRA
from .._tensor import Tensor
from ..autograd._leaves import make_leaf
from ._trees import leaves_of, like

__all__ = ["check_argnums", "closed", "leads_on", "opened", "replaced"]


def opened(tree: Any) -> Any:
    """Return the tensors of `tree` anew, so that gradients in them can be told from others."""
    return like(tree, [renewed(t) for t in leaves_of(tree)])


def renewed(t: Any) -> Any:
    if not isinstance(t, Tensor):
        raise ValueError(f"Thing passed to transform API must be Tensor, got {type(t)}")
    if t._array.dtype.kind not in "fc":
        raise RuntimeError("only Tensors of floating point dtype can require gradients")
    return view_as(t, t) if t.requires_grad else make_leaf(detach(t))


def closed(tree: Any, inside: Any, recording: bool) -> Any:
    """Return results without their history, if it leads to nothing that is still wanted.

    Gradients in those tensors of `inside` that were made for the call are not, from now on.
    """
    for t in leaves_of(inside):
        if t.is_leaf:
            t._node[EXTRA].wanted = False
    return like(tree, [freed(t, recording) for t in leaves_of(tree)])


def freed(t: Any, recording: bool) -> Any:
    if not isinstance(t, Tensor) or not t.requires_grad:
        return t
    return t if recording and leads_out(t._node) else detach(t)


def leads_on(outputs: Any, inside: Any) -> bool:
    """Say whether results lead to a leaf that was not made for this call, but is wanted."""
    own = [t._node for t in leaves_of(inside) if t.is_leaf]
    for node in own:
        node[EXTRA].wanted = False
    try:
        return any(t._node is not None and leads_out(t._node) for t in leaves_of(outputs))
    finally:
        for node in own:
            node[EXTRA].wanted = True


def leads_out(node: Any) -> bool:
    """Say whether a leaf whose gradient is wanted can be reached from a node."""
    seen, waiting = set(), [node]
    while waiting:
        node = waiting.pop()
        if node[0] in seen:
            continue
        seen.add(node[0])
        if node[1] is None:
            if node[EXTRA] is not None and node[EXTRA].wanted:
                return True
        else:
            waiting += [parent for _, parent, _ in edges_of(node[1:5])]
    return False


# ---------------------------------------------------------------- which inputs


def check_argnums(argnums: Any, count: int) -> tuple[int, ...]:
    """Return the positions of the inputs to differentiate in."""
    if not isinstance(argnums, (int, tuple)) or (
        isinstance(argnums, tuple) and not all(isinstance(k, int) for k in argnums)
    ):
        raise RuntimeError(f"argnums must be int or Tuple[int, ...], got: {type(argnums)}")
    chosen = (argnums,) if isinstance(argnums, int) else argnums
    if not chosen:
        raise RuntimeError("argnums must be non-empty")
    for k in chosen:
        if not -count <= k < count:
            raise RuntimeError(f"Got argnum={k}, but only {count} positional inputs")
    found = tuple(k % count for k in chosen)
    if len(set(found)) != len(found):
        raise RuntimeError(f"argnums elements must be unique, got {found}")
    return found


def replaced(inputs: tuple[Any, ...], at: tuple[int, ...], values: Any) -> tuple[Any, ...]:
    """Return the inputs of a call with others in some places."""
    found = list(inputs)
    for k, v in zip(at, values, strict=True):
        found[k] = v
    return tuple(found)
