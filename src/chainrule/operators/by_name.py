"""Gradients by the names of arguments, beside further outputs, and of complex functions."""

from __future__ import annotations

import inspect
import warnings
from collections import OrderedDict
from typing import Any

import numpy as np

from chainrule._core.trees import build, leaves_of
from chainrule._core.values import dtype_of

from .arguments import (
    ArgNum,
    Function,
    checked_argnum,
    chosen_arguments,
    derived,
    is_scalar,
    name_of,
    refuse_output,
    replaced,
)
from .gradients import differentiate, grad
from .products import ones_like, outputs, plain_number
from .watching import Watched, called

__all__ = ["grad_and_aux", "grad_named", "holomorphic_grad", "multigrad_dict"]


def grad_named(f: Function, argname: str) -> Function:
    """Return the function that computes the gradient of scalar-valued `f` in one named argument.

    The argument is one that `f` takes by position; everything else is as for `grad`.

    Raises ValueError if `f` has no such argument.

    >>> import chainrule
    >>> chainrule.grad_named(lambda x, rate: x * rate**2, "rate")(5.0, 3.0)
    30.0
    """
    names = inspect.getfullargspec(f).args
    if argname not in names:
        raise ValueError(
            f"{name_of(f)} takes no argument {argname!r} by position; those it takes are: "
            f"{', '.join(names)}."
        )
    return grad(f, names.index(argname))


def grad_and_aux(f: Function, argnum: ArgNum = 0) -> Function:
    """Return the function that computes the gradient of the first of two outputs of `f`.

    `f` returns a pair: the number to differentiate, and anything else that is to be looked at.
    The result is the gradient, and that second output as it is. Arguments are as for `grad`.

    Raises TypeError if `f` returns no pair, or its first output is no real number.

    >>> import chainrule
    >>> chainrule.grad_and_aux(lambda x: (x**2, {"halved": x / 2}))(3.0)
    (6.0, {'halved': 1.5})
    """
    argnum = checked_argnum("grad_and_aux", f, argnum)

    @derived(f, "grad_and_aux", "Gradient and further output", argnum)
    def gradient(*args: Any, **options: Any) -> Any:
        x = chosen_arguments(f, argnum, args)
        watched = Watched(x, f"argument {argnum} of {name_of(f)}")
        both = called(f, replaced(args, argnum, watched.tree), options)
        if not isinstance(both, (tuple, list)) or len(both) != 2:
            raise TypeError(
                f"grad_and_aux needs a function that returns two outputs, the number to "
                f"differentiate and another, but {name_of(f)} returned {both!r}."
            )
        y, aux = both
        mine = watched.is_mine(y)
        value = y.value if mine else y
        if not is_scalar(value):
            refuse_output("grad_and_aux", value)
        g = watched.pull([(y.link, ones_like(value))] if mine else [])
        return g, _without_record(f, aux, watched)

    return gradient


def _without_record(f: Function, aux: Any, watched: Watched) -> Any:
    """Return `aux` with numbers in place of what is recorded; what holds none as it is."""
    try:
        ys: list[Any] = []
        structure = outputs(f, aux, ys)
    except TypeError:
        return aux
    values = [y.value if watched.is_mine(y) else y for y in ys]
    return build(structure, [plain_number(v, watched.starts) for v in values])


def multigrad_dict(f: Function) -> Function:
    """Return the function that computes the gradients of scalar-valued `f` in all its arguments.

    The result is a dict from the arguments' names to the gradients, in the order in which `f`
    takes them; arguments that were left out count with their defaults. What `f` takes as `*args`
    has a tuple of gradients, what it takes as `**kwargs` a dict.

    Raises TypeError if an argument is nothing that can be differentiated.

    >>> import chainrule
    >>> dict(chainrule.multigrad_dict(lambda x, y=3.0: x**2 * y)(2.0))
    {'x': 12.0, 'y': 4.0}
    """
    checked_argnum("multigrad_dict", f, 0)
    signature = inspect.signature(f)

    @derived(f, "multigrad_dict", "Gradients in all arguments")
    def gradients(*args: Any, **options: Any) -> Any:
        bound = signature.bind(*args, **options)
        bound.apply_defaults()
        given = bound.arguments
        # `*args` and `**kwargs` that are empty hold nothing to differentiate
        full = {name: v for name, v in given.items() if not (_is_rest(signature, name) and not v)}

        def of_all(arguments: dict[str, Any]) -> Any:
            whole = {**given, **arguments}
            call = inspect.BoundArguments(signature, OrderedDict(whole))
            return f(*call.args, **call.kwargs)

        found = differentiate(of_all, (full,), {}, 0, "multigrad_dict")[1]
        return OrderedDict((name, found.get(name, v)) for name, v in given.items())

    return gradients


def _is_rest(signature: inspect.Signature, name: str) -> bool:
    kind = signature.parameters[name].kind
    return kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


def holomorphic_grad(f: Function, argnum: ArgNum = 0) -> Function:
    """Return the function that computes the derivative f'(z) of a holomorphic `f`.

    A function is holomorphic if it is differentiable in its complex argument: made of arithmetic,
    `exp`, `sin` and the like, without `conj`, `abs` or `real`. By the equations of Cauchy and
    Riemann its derivative is the gradient of its real part, which is what is computed.

    Warns if no argument is complex.

    >>> import chainrule
    >>> complex(chainrule.holomorphic_grad(lambda z: z**2)(1 + 2j))
    (2+4j)
    """
    argnum = checked_argnum("holomorphic_grad", f, argnum)

    @derived(f, "holomorphic_grad", "Complex derivative", argnum)
    def derivative(*args: Any, **options: Any) -> Any:
        if not any(dtype_of(v).kind == "c" for v in leaves_of(chosen_arguments(f, argnum, args))):
            warnings.warn(
                f"the argument of {name_of(f)} is real, so holomorphic_grad is the gradient of "
                "the real part; pass a complex number.",
                stacklevel=2,
            )
        return grad(lambda *a, **o: np.real(f(*a, **o)), argnum)(*args, **options)

    return derivative
