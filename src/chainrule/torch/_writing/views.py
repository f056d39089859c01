"""Views: tensors that share their numbers with another, their base.

A view knows its base and the steps that lead there, calls of five functions of NumPy, which are
linear: their nodes save nothing. The functions that make views are printed, as the operators are.

A write to the base, or to one of its views, rewrites the history of the base; the others are led
there anew (`_inplace.py`). The base finds them by weak references, which stand behind the write
count that they share.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from chainrule._core.keeping import compiled, defaults, kept_text
from chainrule._core.traces import tick
from chainrule._core.values import take
from chainrule._rules.indexing import part
from chainrule._rules.rearranging import diagonal_of

from .._tape.inference import inferring
from .._tape.nodes import EXTRA, ORDER, PLAN
from .._tape.plans import Op, Plan, bare_plan, op_named
from .._tape.saved import short
from .._tape.values import recording
from .._tape.walk import Leaf
from .._tensor import Tensor

__all__ = [
    "SEVERAL",
    "UNSAFE_VIEW",
    "VIEW",
    "Refused",
    "View",
    "Views",
    "diagonal_view",
    "end_views",
    "expanded",
    "free_views",
    "indexed",
    "is_dead_end",
    "keep_retained",
    "output_name",
    "plan_of",
    "regenerate",
    "renamed",
    "reshaped",
    "transposed",
    "trouble_text",
]

ndarray = np.ndarray
NO_GRAD, SEVERAL, OF_A_FUNCTION = "under no_grad", "one of several", "of a user's function"
INFERENCE = "in inference mode"


class View:
    """How a view comes from its base: by one more step than the view `before`, if there is one.

    `trouble` says why writing to it could not be differentiated. `behind` is set when the base was
    written to while it required no gradient: should it come to, the view is led there anew.
    """

    __slots__ = ("argument", "base", "before", "behind", "function", "trouble")

    base: Tensor
    before: View | None
    function: Any
    argument: Any
    trouble: str
    behind: bool

    @property
    def steps(self) -> tuple[tuple[Any, Any], ...]:
        """The functions and arguments that lead from the base to the view."""
        found: list[Any] = []
        at: View | None = self
        while at is not None:
            found.append((at.function, at.argument))
            at = at.before
        return tuple(found[::-1])


class Views(list[Any]):
    """Weak references to the views of a tensor. Those to dead ones go when most are dead.

    `latest` is the name of the last operation that was recorded in place.
    """

    __slots__ = ("latest", "limit")

    def __init__(self) -> None:
        self.latest, self.limit = "", 4

    def forget(self) -> None:
        self[:] = [one for one in self if one() is not None]
        self.limit = 2 * len(self) + 4


class DeadEnd(Leaf):
    """The leaf under views that were made under no_grad: they require a gradient, none arrives."""

    __slots__ = ()

    def deposit(self, node: Any, g: Any) -> None:
        pass


def dead_end(t: Tensor) -> Any:
    return [tick(), None, None, None, None, END, None, None, DeadEnd(t)]


def views_of(writes: Any) -> Iterator[Any]:
    """The views alive; a result that was one only on the way is none."""
    for reference in writes[1]:
        view = reference()
        if view is not None and view._view is not None:
            yield view


def end_views(base: Tensor) -> None:
    """Let the views of `base`, which has become a leaf, require a gradient that will not arrive."""
    for view in views_of(base._writes):
        if view._node is None and view._view.base is base:
            if hasattr(view._view, "behind"):
                lead(view, base._node)
            else:
                view._node = dead_end(view)


def free_views(base: Tensor) -> None:
    """Let the views of `base`, which requires no gradient any more, require none either."""
    for view in views_of(base._writes):
        if view._view.base is base and is_dead_end(view):
            view._node = None


def is_dead_end(t: Tensor) -> bool:
    """Say whether no gradient of `t` would arrive anywhere, though it requires one."""
    return t._node is not None and type(t._node) is list and type(t._node[EXTRA]) is DeadEnd


END = bare_plan("AccumulateGrad", Op("", None, ("",), ""))

# ---------------------------------------------------------------- making a view

TEXT = """
def view_of(t, y, {option}, plan):
    x = t._array
    out = new(Tensor)
    out._array = y
    out._writes = writes = t._writes
    out._view = view = new(View)
    before = t._view
    if before is None:
        view.base, view.trouble = t, ""
    else:
        view.base, view.trouble = before.base, before.trouble
    view.before, view.function, view.argument = before, function, {option}
    if len(writes) == 1:
        writes.append(Views())
    views = writes[1]
    views.append(ref(out))
    if len(views) > views.limit:
        views.forget()
    node = t._node
    if recording():
        out._node = (
            None if node is None else [tick(), pull, node, {kept}, None, plan, None, None, None]
        )
    else:
        view.trouble = INFERENCE if inferring() else NO_GRAD
        out._node = None if view.base._node is None else dead_end(out)
    return out
"""


def maker_of(function: Any) -> Callable[..., Any]:
    """Return `(t, y, argument, plan) -> view`; y is `function(t's array, argument)`."""
    rule = Op("", function, ("",), "self").stated()
    names = {
        "INFERENCE": INFERENCE, "NO_GRAD": NO_GRAD, "Tensor": Tensor, "View": View, "Views": Views,
        "dead_end": dead_end, "function": function, "inferring": inferring.get,
        "new": object.__new__, "pull": rule.argument(0)[0],  # type: ignore[index]
        "recording": recording.get, "ref": weakref.ref, "tick": tick,
    }  # fmt: skip
    kept = kept_text(rule, 0, rule.pulls[0]).replace("shape_of(x)", "x.shape")  # type: ignore[arg-type]
    option, *others = (option.name for option in rule.options)
    for name in others:
        kept = kept.replace(name, f"default_{name}")
    text = TEXT.format(option=option, kept=kept)
    return compiled(text, "view_of", names | defaults(rule))


FUNCTIONS = (np.reshape, np.transpose, np.broadcast_to, take, diagonal_of)
shape_view, order_view, wide_view, part_view, diagonal_view = map(maker_of, FUNCTIONS)


def plan_of(op: Op) -> Plan:
    """Return what a node of `op`, an operation of one tensor that saves nothing, holds."""
    return op.plans[1] if op.plans else op.plan(1)


VIEW = Op("ViewBackward0", np.reshape, ("",), "self")
op_named(np.reshape, VIEW)
UNSAFE_VIEW = Op("UnsafeViewBackward0", np.reshape, ("",), "self")


def reshaped(t: Any, shape: Any, op: Op = VIEW) -> Any:
    """Return the view of `t` in another shape; None if its numbers do not lie so in memory."""
    x = t._array
    y = x.reshape(shape)
    if type(x) is ndarray and not x.flags.c_contiguous and x.size and not np.may_share_memory(x, y):
        return None
    return shape_view(t, y, shape, plan_of(op))


def transposed(t: Any, axes: Any, op: Op) -> Any:
    """Return the view of `t` with its dimensions in another order."""
    return order_view(t, t._array.transpose(axes), axes, plan_of(op))


def expanded(t: Any, shape: Any, op: Op) -> Any:
    """Return the view of `t` in a larger shape, along which its numbers repeat."""
    x = t._array
    extra = len(shape) - x.ndim
    stretched = zip(x.shape, x.strides, shape[extra:], strict=True)
    strides = (0,) * extra + tuple(s if n == into else 0 for n, s, into in stretched)
    if type(x) is not ndarray:
        y = np.broadcast_to(x, shape)
    elif x.flags.c_contiguous and x.flags.writeable:
        y = ndarray(shape, x.dtype, x, 0, strides)  # in a tenth of as_strided's time
    else:
        y = np.lib.stride_tricks.as_strided(x, shape, strides)
    return wide_view(t, y, tuple(shape), plan_of(op))  # it can be filled, unlike NumPy's


def indexed(t: Any, at: tuple[Any, ...], op: Op) -> Any:
    """Return the view of `t` at an index of numbers, slices, None and one `...`."""
    return part_view(t, t._array[at], at, plan_of(op))


# ---------------------------------------------------------------- led there anew

PART = Op("AsStridedBackward0", part, ("",), "self")
INDIRECTLY = "its base or another view of its base has been"


def regenerate(writes: Any) -> None:
    """Lead the views that share a write count there anew, after a write."""
    for view in views_of(writes):
        if (node := view._view.base._node) is None:
            view._view.behind = True
        else:
            lead(view, node)


def lead(view: Any, base_node: Any) -> None:
    """Let gradients of a view pass to its base as it is now, or refuse to."""
    if view._view.trouble:
        view._node = Refused(view._view.trouble, output_name(view))
        return
    pull, keep = PART.stated().argument(0)  # type: ignore[misc]
    kept = keep(0, None, view._view.base._array, view._view.steps)
    node = [tick(), pull, base_node, kept, None, plan_of(PART), None, None, None]
    keep_retained(view._node, node)
    view._node = node


def keep_retained(old: Any, new: Any) -> None:
    """A gradient that is to be retained is that of the tensor as it is now; what is there stays."""
    if old is None or old[1] is None or (asked := old[EXTRA]) is None:
        return
    if asked.retains or asked.grad is not None:
        from ..autograd._leaves import extra_of

        kept = extra_of(new)
        kept.retains, kept.grad = asked.retains, asked.grad
        asked.retains = False


class Refused(list[Any]):
    """The node of a view that cannot be led there anew: it raises when its turn would come."""

    __slots__ = ("of", "trouble")

    def __init__(self, trouble: str, of: str) -> None:
        super().__init__([tick(), True, None, None, None, REFUSED, None, None, None])
        self.trouble, self.of = trouble, of

    def __getitem__(self, at: Any) -> Any:
        if at == ORDER:
            raise RuntimeError(trouble_text(self.trouble, self.of, INDIRECTLY))
        return super().__getitem__(at)


REFUSED = bare_plan("Invalid", PART)


def output_name(view: Any) -> str:
    """Return what PyTorch calls a view in its errors, such as "Output 1 of Split"."""
    node = view._node
    if type(node) is Refused:
        return node.of
    if node is None or node[1] is None:
        return ""
    return f"Output {node[PLAN].output} of {short(node[PLAN].name)}"


def trouble_text(trouble: str, of: str, what: str = "is being") -> str:
    """Return what PyTorch says of a write that it could not differentiate.

    `of` is what it calls the view: "Output 0 of Unbind".
    """
    if trouble in (NO_GRAD, INFERENCE):
        maker = f"{of} is a view of a view which was created in" if of else "A view was created in"
        mode, under, now = (
            ("no_grad mode", "no_grad", "with grad mode enabled") if trouble == NO_GRAD
            else ("inference mode", "inference_mode", "in normal mode")
        )  # fmt: skip
        return (
            f"{maker} {mode} and {what} modified inplace {now}. Given that this use case is "
            "ambiguous and error-prone, it is forbidden. You can clarify your "
            f"code by moving both the view and the inplace either both inside the {under} block "
            "(if you don't want the inplace to be tracked) or both outside (if you want the "
            "inplace to be tracked)."
        )
    if trouble == OF_A_FUNCTION:
        return (
            f"{of} is a view and {what} modified inplace. This view was created inside a custom "
            "Function (or because an input was returned as-is) and the autograd logic to handle "
            "view+inplace would override the custom backward associated with the custom Function, "
            "leading to incorrect gradients. This behavior is forbidden. You can fix this by "
            "cloning the output of the custom Function."
        )
    maker = f"{of} is a view and" if of else "A view was created in no_grad mode and"
    mode = "" if of else " with grad mode enabled"
    return (
        f"{maker} {what} modified inplace{mode}. This view is the output of a function that "
        "returns multiple views. Such functions do not allow the output views to be modified "
        "inplace. You should replace the inplace operation by an out-of-place one."
    )


def renamed(plan: Plan, name: str) -> Plan:
    """Return the plan of a node that is shown under another name."""
    if plan.name == name:
        return plan
    other = object.__new__(Plan)
    for slot in Plan.__slots__:
        if hasattr(plan, slot):
            setattr(other, slot, getattr(plan, slot))
    other.name = name
    return other
