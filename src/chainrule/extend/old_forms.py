"""Derivatives stated as the `autograd` package once had it: by methods of the primitive.

    f.defvjp(lambda g, ans, vs, gvs, x, y: g * y, argnum=0)
    f.defgrad(lambda ans, x, y: lambda g: g * y, argnum=0)
    f.defvjp_is_zero(argnums=(0,))

Programs of that time use them, and autograd still takes them, with a warning.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .rules import defvjp
from .spaces import vspace

__all__ = ["with_old_forms"]

Function = Callable[..., Any]


def with_old_forms(function: Any) -> Any:
    """Give a primitive the three methods; return it."""

    def old_defvjp(pull: Function, argnum: int = 0) -> None:
        def maker(ans: Any, *args: Any, **options: Any) -> Function:
            space = vspace(args[argnum])
            return lambda g: pull(g, ans, space, vspace(g), *args, **options)

        defvjp(function, maker, argnums=[argnum])

    def old_defgrad(maker: Function, argnum: int = 0) -> None:
        defvjp(function, maker, argnums=[argnum])

    def old_defvjp_is_zero(argnums: Sequence[int] = (0,)) -> None:
        defvjp(function, *[None] * len(argnums), argnums=argnums)

    function.defvjp, function.defgrad = old_defvjp, old_defgrad
    function.defvjp_is_zero = old_defvjp_is_zero
    return function
