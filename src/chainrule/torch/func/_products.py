"""Products with the matrix of derivatives, which is never formed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .._tape.transforms import transforming
from .._tensor import Tensor
from ..autograd._functional_parts import gradients
from ..autograd._leaves import make_leaf
from ..autograd._modes import enable_grad, is_grad_enabled
from ..autograd._passes import grad as gradients_of
from ._derivatives import check_outputs, parted, zeros_for
from ._levels import closed, opened
from ._trees import leaves_of, like, shape_text, spec_text

__all__ = ["jvp", "linearize", "vjp"]

Func = Callable[..., Any]


def vjp(func: Func, *primals: Any, has_aux: bool = False) -> Any:
    """Return the outputs of `func`, and the function that takes a change of them back.

    That function takes what is shaped as the outputs are, and returns a tuple with a gradient for
    each input. It may be called again. With `has_aux` there is a third item.

    >>> import chainrule.torch as torch
    >>> y, back = torch.func.vjp(lambda x: x**2, torch.tensor([1.0, 2.0]))
    >>> y, back(torch.tensor([1.0, 10.0]))
    (tensor([1., 4.]), (tensor([ 2., 40.]),))
    """
    outside = is_grad_enabled()
    with enable_grad(), transforming():
        inside = opened(primals)
        outputs, aux = parted(func(*inside), has_aux, "vjp(f, *primals)")
        check_outputs(leaves_of(outputs), "vjp(f, *primals)")

    def back(cotangents: Any) -> Any:
        if shape_text(cotangents) != shape_text(outputs):
            raise RuntimeError(
                "Expected pytree structure of cotangents to be the same as pytree structure of "
                f"outputs to the function. cotangents: {shape_text(cotangents)}, primal output: "
                f"{shape_text(outputs)}"
            )
        recorded = is_grad_enabled()
        with enable_grad():
            leaves, pairs = (
                leaves_of(inside),
                zip(leaves_of(outputs), leaves_of(cotangents), strict=True),
            )
            wanted = [(y, g) for y, g in pairs if y.requires_grad]
            found: Any = [None] * len(leaves)
            if wanted:
                found = gradients_of(
                    [y for y, _ in wanted], leaves, [g for _, g in wanted], create_graph=True,
                    allow_unused=True,
                )  # fmt: skip
            return closed(like(inside, zeros_for(found, leaves)), inside, recorded)

    shown, aux = closed((outputs, aux), inside, outside)
    return (shown, back, aux) if has_aux else (shown, back)


def jvp(func: Func, primals: Any, tangents: Any, *, has_aux: bool = False) -> Any:
    """Return the outputs of `func`, and how they change when its inputs change by `tangents`.

    Both `primals` and `tangents` are tuples. A backward pass is linear in what it begins with;
    that linear function is passed through backward once more.

    >>> import chainrule.torch as torch
    >>> x, v = torch.tensor([1.0, 2.0]), torch.tensor([1.0, 10.0])
    >>> torch.func.jvp(lambda x: x**2, (x,), (v,))
    (tensor([1., 4.]), tensor([ 2., 40.]))
    """
    what = "jvp(f, primals, tangents)"
    check_tangents(primals, tangents)
    outside = is_grad_enabled()
    with enable_grad(), transforming():
        inside = opened(primals)
        outputs, aux = parted(func(*inside), has_aux, what)
        check_outputs(leaves_of(outputs), what)
        move, weights = pushing(leaves_of(outputs), leaves_of(inside))
        moves = like(outputs, move(leaves_of(tangents)))
        outputs, moves, aux = closed((outputs, moves, aux), (inside, weights), outside)
    return (outputs, moves, aux) if has_aux else (outputs, moves)


def pushing(ys: list[Any], leaves: list[Any]) -> tuple[Callable[[list[Any]], list[Any]], Any]:
    """Return what pushes changes of `leaves` forward to `ys`, and the weights that serve it."""
    from .._creation.filled import zeros_like

    weights = tuple(make_leaf(zeros_like(y)) for y in ys)
    first = gradients(tuple(ys), tuple(leaves), weights, create_graph=True)

    def move(tangents: list[Any]) -> list[Any]:
        found = gradients(first, weights, tuple(tangents), create_graph=True)
        return zeros_for(found, ys)

    return move, weights


def linearize(func: Func, *primals: Any) -> tuple[Any, Func]:
    """Return the outputs of `func`, and the linear function that tells their changes.

    That function takes a change for each input. It may be called again, and does not call `func`.

    >>> import chainrule.torch as torch
    >>> y, push = torch.func.linearize(lambda x: x**2, torch.tensor([1.0, 2.0]))
    >>> y, push(torch.tensor([1.0, 10.0]))
    (tensor([1., 4.]), tensor([ 2., 40.]))
    """
    for t in leaves_of(primals):
        if isinstance(t, Tensor) and t._array.dtype.kind not in "fc":
            raise ValueError(f"Expected primal to be floating point or complex, but got: {t.dtype}")
    outside = is_grad_enabled()
    with enable_grad(), transforming():
        inside = opened(primals)
        outputs = func(*inside)
        ys = leaves_of(outputs)
        moving = [k for k, y in enumerate(ys) if isinstance(y, Tensor)]
        move, weights = pushing([ys[k] for k in moving], leaves_of(inside))

    def jvp_fn(*tangents: Any) -> Any:
        if shape_text(tangents) != shape_text(primals):
            raise RuntimeError(
                f"Expected the tangents {spec_text(tangents)} to have the same argspec as the "
                f"primals {spec_text(primals)}"
            )
        pairs = zip(leaves_of(primals), leaves_of(tangents), strict=True)
        for k, (x, t) in enumerate(pairs):
            if x.shape != t.shape:
                raise RuntimeError(
                    f"tangent:{k} with shape {t.shape} in flattened pytree doesn't match the shape "
                    f"{x.shape} of the corresponding primal."
                )
        recorded = is_grad_enabled()
        with enable_grad():
            found = move(leaves_of(tangents))
            moves = list(ys)
            for k, one in zip(moving, found, strict=True):
                moves[k] = one
            return closed(like(outputs, moves), (inside, weights), recorded)

    return closed(outputs, inside, outside), jvp_fn


def check_tangents(primals: Any, tangents: Any) -> None:
    """Raise, in PyTorch's words, if there is not one change for each input, of its shape."""
    what = "jvp(f, primals, tangents): Expected primals"
    if not isinstance(primals, tuple):
        raise RuntimeError(f"{what} to be a tuple. E.g. it should be valid to call f(*primals).")
    if not leaves_of(primals):
        raise RuntimeError(f"{what} to contain at least one Tensor.")
    if shape_text(primals) != shape_text(tangents):
        raise RuntimeError(
            f"{what} and tangents to have the same python structure. For example, if primals is a "
            "tuple of 3 tensors, tangents also must be. Got primals with structure "
            f"{spec_text(primals)} and tangents with structure {spec_text(tangents)}"
        )
    for name, tree in (("primals", primals), ("tangents", tangents)):
        for one in leaves_of(tree):
            if not isinstance(one, Tensor):
                raise RuntimeError(
                    f"jvp(f, primals, tangents): Expected {name} to only contain Tensors, got "
                    f"{type(one)}"
                )
    for x, t in zip(leaves_of(primals), leaves_of(tangents), strict=True):
        if x._array.dtype.kind not in "fc":
            raise ValueError(f"Expected primal to be floating point or complex, but got: {x.dtype}")
        if x.shape != t.shape:
            raise RuntimeError(
                "Trying to set a forward gradient that has a different size than that of the "
                "original Tensor, this is not supported. Tensor is of size "
                f"{list(x.shape)} while the given forward gradient is of size {list(t.shape)}."
            )
