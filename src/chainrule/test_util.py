"""Checks of derivatives, by the names and calls of the `autograd` package.

They compare with differences of the function, as `chainrule.checking` does; its `check_grads` takes
the arguments at once.

>>> import numpy as np
>>> from chainrule.test_util import check_grads
>>> check_grads(np.tanh, modes=["fwd", "rev"], order=2)(np.array([0.5, -2.0]))
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from chainrule import checking
from chainrule.extend import vspace
from chainrule.operators.arguments import (
    ArgNum,
    checked_argnum,
    chosen_arguments,
    name_of,
    replaced,
)

__all__ = [
    "EPS",
    "RTOL",
    "TOL",
    "check_equivalent",
    "check_grads",
    "check_jvp",
    "check_vjp",
    "combo_check",
    "make_numerical_jvp",
    "scalar_close",
]

Function = Callable[..., Any]
TOL = RTOL = 1e-6  # how far two numbers may be apart, and what part of their size
EPS = 1e-6  # the step of differences


def check_grads(
    f: Function, argnum: ArgNum = 0, modes: Sequence[Any] = ("fwd", "rev"), order: int = 2
) -> Function:
    """Return the function that checks the derivatives of `f` at the arguments it is given.

    In the argument at position `argnum`, or each of several; in forward ("fwd") and reverse
    ("rev") mode and all their mixtures up to `order`. Other arguments, and those by name, are
    passed on.

    Raises AssertionError that names the mode and the order at the first disagreement.

    >>> import numpy as np
    >>> from chainrule.test_util import check_grads
    >>> check_grads(np.power, (0, 1), order=1)(2.0, 3.0)
    """
    argnum = checked_argnum("check_grads", f, argnum)

    def check(*args: Any, **options: Any) -> None:
        x = chosen_arguments(f, argnum, args)

        def of_x(v: Any) -> Any:
            return f(*replaced(args, argnum, v), **options)

        of_x.__name__ = name_of(f)
        checking.check_grads(of_x, x, modes=modes, order=order)

    return check


def check_vjp(f: Function, x: Any) -> None:
    """Return if the first derivative of `f` at `x` is right in reverse mode, and else raise.

    >>> import numpy as np
    >>> from chainrule.test_util import check_vjp
    >>> check_vjp(np.sin, 0.5)
    """
    checking.check_grads(f, x, modes=("rev",), order=1)


def check_jvp(f: Function, x: Any) -> None:
    """Return if the first derivative of `f` at `x` is right in forward mode, and else raise.

    >>> import numpy as np
    >>> from chainrule.test_util import check_jvp
    >>> check_jvp(np.sin, 0.5)
    """
    checking.check_grads(f, x, modes=("fwd",), order=1)


def check_equivalent(x: Any, y: Any) -> None:
    """Return if two values have the same containers, shapes and dtypes and are close, else raise.

    >>> from chainrule.test_util import check_equivalent
    >>> check_equivalent([1.0, 2.0], [1.0, 3.0])
    Traceback (most recent call last):
    AssertionError: the values differ: [1.0, 2.0] and [1.0, 3.0].
    """
    if vspace(x) != vspace(y):
        raise AssertionError(f"the values are of other spaces: {vspace(x)} and {vspace(y)}.")
    try:
        checking.assert_close(x, y, RTOL, "the values")
    except AssertionError:
        raise AssertionError(f"the values differ: {x!r} and {y!r}.") from None


def combo_check(f: Function, *args: Any, **options: Any) -> Function:
    """Return the function that checks the derivatives of `f` for all mixtures of its arguments.

    It is given a list of values for each argument; `args` and `options` are those of
    `check_grads`.

    >>> import numpy as np
    >>> from chainrule.test_util import combo_check
    >>> combo_check(np.sum, modes=["rev"])([np.ones((2, 3)), np.ones((1, 1))], axis=[None, 0, 1])
    """
    check = check_grads(f, *args, **options)

    def check_all(*choices: Any, **named: Any) -> None:
        for chosen in itertools.product(*choices, *named.values()):
            check(*chosen[: len(choices)], **dict(zip(named, chosen[len(choices) :], strict=True)))

    return check_all


def scalar_close(a: Any, b: Any) -> bool:
    """Say whether two numbers are close: within `TOL`, or `RTOL` of the size of their sum.

    >>> from chainrule.test_util import scalar_close
    >>> scalar_close(1e9, 1e9 + 1), scalar_close(1.0, 1.1)
    (True, False)
    """
    return bool(abs(a - b) < TOL or abs(a - b) < RTOL * abs(a + b))


def make_numerical_jvp(f: Function, x: Any) -> Function:
    """Return the function of a tangent that gives the change of `f` at `x`, by differences.

    >>> from chainrule.test_util import make_numerical_jvp
    >>> round(make_numerical_jvp(lambda x: x**2, 3.0)(1.0), 6)
    6.0
    """
    space, of_value = vspace(x), vspace(f(x))

    def push(t: Any) -> Any:
        ahead = f(space.add(x, space.scalar_mul(t, EPS / 2)))
        behind = f(space.add(x, space.scalar_mul(t, -EPS / 2)))
        change = of_value.add(ahead, of_value.scalar_mul(behind, -1.0))
        return of_value.scalar_mul(change, 1 / EPS)

    return push
