"""Primitives: functions that are recorded as one call, by the derivatives stated for them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, NoReturn

from chainrule._core.errors import name_of
from chainrule._core.trees import values_in
from chainrule._core.values import RECORDING, Moving, Recorded, Value, made

from .calls import Call, getval, isbox
from .old_forms import with_old_forms
from .plain_calls import OTHER, plain_call
from .spaces import dense
from .stated import Rules, rules_of

__all__ = [
    "JVPNode",
    "VJPNode",
    "notrace_primitive",
    "primitive",
    "register_notrace",
]

Function = Callable[..., Any]


class VJPNode:
    """The name of reverse mode, for `register_notrace`.

    >>> from chainrule.extend import VJPNode, primitive, register_notrace
    >>> register_notrace(VJPNode, primitive(len))
    """


class JVPNode:
    """The name of forward mode, for `register_notrace`.

    >>> from chainrule.extend import JVPNode, primitive, register_notrace
    >>> register_notrace(JVPNode, primitive(len))
    """


READINGS: dict[type, type] = {VJPNode: Recorded, JVPNode: Moving}


def primitive(f: Function) -> Function:
    """Return `f` as a function whose calls are recorded as one, by derivatives that you state.

    `f` itself only ever sees plain numbers and arrays, so it may be anything: compiled code, a
    solver, a loop. Its arguments are passed by position where they are differentiated; they may
    be containers, and so may what it returns, and the changes have their structure then. State the
    derivatives with `defvjp` or `defjvp`.

    Raises MissingRuleError (a NotImplementedError) where a derivative is needed that was not
    stated, and TypeError where `f` reads from around it what is being differentiated, which would
    be lost.

    >>> import math
    >>> from chainrule import grad
    >>> from chainrule.extend import defvjp, primitive
    >>> erf = primitive(math.erf)
    >>> defvjp(erf, lambda ans, x: lambda g: g * 2 / math.pi**0.5 * math.exp(-(x**2)))
    >>> grad(erf)(0.0) == 2 / math.pi**0.5
    True
    """

    if not callable(f):
        raise TypeError(f"primitive needs a function, but was given {f!r}.")

    @functools.wraps(f)
    def call(*args: Any, **options: Any) -> Any:
        quick, ans = plain_call(f, rules, args, options)
        if quick is not OTHER:
            return quick
        found: list[Value] = []
        put = values_in(args, found)
        if options and isbox(options):
            refuse_by_name(call, options)
        if not found:
            return raw(f, args if put is None else put(iter(())), options)
        assert put is not None
        inner = min(found, key=lambda v: v.level)
        level, kind = inner.level, type(inner)
        plain = put(v.value if v.level == level else v for v in found)
        ans = call(*plain, **options) if ans is OTHER else dense(ans)
        if kind in rules.constant:
            return ans
        as_now = put(made(type(v), v.value, v.level, v.link) for v in found)
        return Call(rules, level, as_now, plain, options, ans).recorded(kind)

    rules = Rules(call)
    call._chainrule_rules = rules  # type: ignore[attr-defined]
    call.fun = f  # type: ignore[attr-defined]
    return with_old_forms(call)  # type: ignore[no-any-return]


def raw(f: Function, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """Call a function that is not recorded: its arrays are NumPy's, those it makes itself too."""
    before = RECORDING.set(False)
    try:
        return dense(f(*args, **options))
    finally:
        RECORDING.reset(before)


def refuse_by_name(call: Function, options: dict[str, Any]) -> NoReturn:
    names = [name for name, v in options.items() if isbox(v)]
    raise TypeError(
        f"{name_of(call)} is a primitive, which takes by position what is being differentiated; "
        f"it was given {', '.join(names)} by name, whose derivative would be lost."
    )


def notrace_primitive(f: Function) -> Function:
    """Return `f` as a function whose answer is a constant, whatever is being differentiated.

    `f` sees plain numbers and arrays: a count, a comparison, what is printed on the way.

    >>> from chainrule import grad
    >>> from chainrule.extend import notrace_primitive
    >>> @notrace_primitive
    ... def sign(x):
    ...     return 1.0 if x > 0 else -1.0
    >>> grad(lambda x: sign(x) * x)(-3.0)
    -1.0
    """

    @functools.wraps(f)
    def call(*args: Any, **options: Any) -> Any:
        args, options = getval((args, options))
        return raw(f, args, options)

    return call


def register_notrace(node_type: type, function: Function) -> None:
    """State that a primitive is constant in one mode: `VJPNode` or `JVPNode`.

    >>> import numpy as np
    >>> from chainrule import grad
    >>> from chainrule.extend import VJPNode, primitive, register_notrace
    >>> steps = primitive(np.floor)
    >>> register_notrace(VJPNode, steps)
    >>> grad(lambda x: steps(x) * x)(2.5)
    2.0
    """
    if node_type not in READINGS:
        raise TypeError(f"register_notrace takes VJPNode or JVPNode, but was given {node_type!r}.")
    rules_of(function).constant.add(READINGS[node_type])
