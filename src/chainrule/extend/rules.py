"""What is stated about a primitive: how changes are pulled back through it, and pushed forward.

A maker of a pull is called when the primitive has been: `maker(ans, *args, **kwargs)` returns the
function of a change `g` of the answer that gives the change of one argument. A push is given as
`push(g, ans, *args, **kwargs)`: the change of the answer when one argument changes by `g`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from chainrule._core.errors import name_of

from .spaces import added
from .stated import SAME, rules_of

__all__ = [
    "def_linear",
    "defjvp",
    "defjvp_argnum",
    "defjvp_argnums",
    "defvjp",
    "defvjp_argnum",
    "defvjp_argnums",
]

Function = Callable[..., Any]


def defvjp(
    function: Function, *makers: Function | None, argnums: Iterable[int] | None = None
) -> None:
    """State how a change of a primitive's answer is pulled back, by one maker an argument.

    `maker(ans, *args, **kwargs)` is called when the primitive has been, with what it returned and
    took, and returns the function of a change `g` of the answer, which gives the change of the
    maker's argument. `g` has the answer's shape, and the result has the argument's; where the
    answer was broadcast, the sum over the stretched axes is taken for you. None states that the
    derivative in that argument is zero. The makers belong to the arguments in order, or to those
    at `argnums`.

    >>> from chainrule import deriv, grad
    >>> from chainrule.extend import defvjp, primitive
    >>> @primitive
    ... def product(x, y):
    ...     return x * y
    >>> defvjp(product, lambda ans, x, y: lambda g: g * y, lambda ans, x, y: lambda g: g * x)
    >>> grad(product)(2.0, 3.0), deriv(product, 1)(2.0, 3.0)
    (3.0, 2.0)
    """
    rules = rules_of(function)
    for i, maker in zip(itertools.count() if argnums is None else argnums, makers, strict=False):
        if maker is not None and not callable(maker):
            raise TypeError(
                f"a pull of {name_of(function)} is made by a function of its answer and arguments, "
                f"or is None, but was {maker!r}."
            )
        rules.pulls[i] = maker
    rules.pull_of_all = None


def defvjp_argnum(function: Function, maker: Function) -> None:
    """State how changes are pulled back through a primitive, by one maker for any argument.

    `maker(argnum, ans, args, kwargs)` returns the pull of the argument at position `argnum`. For
    primitives that take any number of arguments.

    >>> import numpy as np
    >>> from chainrule import grad
    >>> from chainrule.extend import defvjp_argnum, primitive
    >>> @primitive
    ... def joined(*parts):
    ...     return np.array(parts)
    >>> defvjp_argnum(joined, lambda argnum, ans, args, kwargs: lambda g: g[argnum])
    >>> grad(lambda x: np.sum(joined(x, x**2, 1.0)))(3.0)
    7.0
    """

    def of_all(argnums: Sequence[int], *call: Any) -> Function:
        pulls = [maker(i, *call) for i in argnums]
        return lambda g: [pull(g) for pull in pulls]

    defvjp_argnums(function, of_all)


def defvjp_argnums(function: Function, maker: Function) -> None:
    """State how changes are pulled back through a primitive, to several arguments at once.

    `maker(argnums, ans, args, kwargs)` returns the function of a change `g` of the answer that
    gives the changes of the arguments at positions `argnums`, in their order. For primitives
    whose pulls share work.

    >>> from chainrule import grad
    >>> from chainrule.extend import defvjp_argnums, primitive
    >>> @primitive
    ... def product(x, y):
    ...     return x * y
    >>> defvjp_argnums(
    ...     product, lambda argnums, ans, args, kwargs: lambda g: [g * args[1 - i] for i in argnums]
    ... )
    >>> grad(product, (0, 1))(2.0, 3.0)
    (3.0, 2.0)
    """
    rules = rules_of(function)
    rules.pulls.clear()
    rules.pull_of_all = maker


def defjvp(
    function: Function, *pushes: Function | str | None, argnums: Iterable[int] | None = None
) -> None:
    """State how a primitive's answer changes with its arguments, by one function an argument.

    `push(g, ans, *args, **kwargs)` is the change of the answer when that argument changes by `g`.
    "same" states that the primitive is linear in the argument, so the push is the primitive
    itself, with `g` in the argument's place; None states that the derivative is zero. The
    functions belong to the arguments in order, or to those at `argnums`.

    >>> from chainrule import deriv, grad
    >>> from chainrule.extend import defjvp, primitive
    >>> @primitive
    ... def area(r, scale):
    ...     return scale * 3.0 * r**2
    >>> defjvp(area, lambda g, ans, r, scale: scale * 6.0 * r * g, "same")
    >>> deriv(area)(2.0, 1.0), deriv(area, 1)(2.0, 1.0), grad(area)(2.0, 1.0)
    (12.0, 12.0, 12.0)
    """
    rules = rules_of(function)
    for i, push in zip(itertools.count() if argnums is None else argnums, pushes, strict=False):
        if push is not None and push != SAME and not callable(push):
            raise TypeError(
                f'a push of {name_of(function)} is a function, "same" or None, but was {push!r}.'
            )
        rules.pushes[i] = push
    rules.push_of_all, rules.linear = None, False


def defjvp_argnum(function: Function, push: Function) -> None:
    """State how a primitive's answer changes, by one function for any argument.

    `push(argnum, g, ans, args, kwargs)` is the change of the answer when the argument at position
    `argnum` changes by `g`.

    >>> from chainrule import deriv
    >>> from chainrule.extend import defjvp_argnum, primitive
    >>> @primitive
    ... def total(*parts):
    ...     return sum(parts)
    >>> defjvp_argnum(total, lambda argnum, g, ans, args, kwargs: g)
    >>> deriv(lambda x: total(x, x, 1.0))(3.0)
    2.0
    """
    defjvp_argnums(
        function,
        lambda argnums, gs, *call: added(
            [push(i, g, *call) for i, g in zip(argnums, gs, strict=True)]
        ),
    )


def defjvp_argnums(function: Function, push: Function) -> None:
    """State how a primitive's answer changes when several arguments do.

    `push(argnums, gs, ans, args, kwargs)` is the change of the answer when the arguments at
    positions `argnums` change by `gs`.

    >>> from chainrule import deriv
    >>> from chainrule.extend import defjvp_argnums, primitive
    >>> @primitive
    ... def total(*parts):
    ...     return sum(parts)
    >>> defjvp_argnums(total, lambda argnums, gs, ans, args, kwargs: sum(gs))
    >>> deriv(lambda x: total(x, x, 1.0))(3.0)
    2.0
    """
    rules = rules_of(function)
    rules.pushes.clear()
    rules.push_of_all, rules.linear = push, False


def def_linear(function: Function) -> None:
    """State that a primitive is linear in each of its arguments.

    Its change with an argument is then itself, with the change in that argument's place. Reverse
    mode needs the transpose, which `defvjp` states.

    >>> from chainrule import deriv
    >>> from chainrule.extend import def_linear, primitive
    >>> @primitive
    ... def product(x, y):
    ...     return x * y
    >>> def_linear(product)
    >>> deriv(lambda x: product(x, x))(3.0)
    6.0
    """
    rules = rules_of(function)
    rules.pushes.clear()
    rules.push_of_all, rules.linear = None, True
