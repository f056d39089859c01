"""Each parameter of NumPy's own signatures is understood.

By NumPy's name for it, in the place where NumPy has it, and at NumPy's default. The samples of
the family files are called in each of these ways, through plain NumPy and through chainrule.numpy;
the value must be the one that NumPy gives to plain numbers.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from chainrule import vjp
from chainrule._core.faces import served
from chainrule._core.stating import parameters
from chainrule._core.table import RULES, SPELLED, known
from chainrule._core.trees import leaves_of
from chainrule.checking import Call, differentiable, kinds_of
from tests._rules.homes import homes
from tests._rules.samples import SAMPLES
from tests._rules.test_table import calls_of, name_of

known(np.linalg.eigh)
Parameters = dict[str, inspect.Parameter]
STARRED = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
NOTHING: dict[str, Any] = {"keepdims": False, "where": True}  # what stands for NumPy's <no value>

REFUSED: dict[str, Any] = {  # parameters of older releases, by their functions
    "corrcoef": {"bias", "ddof"},  # without effect since NumPy 1.10, and deprecated
    **dict.fromkeys(
        ["percentile", "quantile", "nanpercentile", "nanquantile"],
        frozenset({"interpolation"}),  # the deprecated name of `method`
    ),
}


def numpys(function: Any) -> Parameters:
    """Return the parameters of NumPy's own signature; none where it does not tell."""
    try:
        known = inspect.signature(function).parameters
    except ValueError:
        return {}
    refused = REFUSED.get(function.__name__, set())
    return {name: p for name, p in known.items() if name not in refused}


FUNCTIONS = [
    f
    for f in SAMPLES
    if any(module.startswith("numpy") for module, _ in homes(f))
    and not isinstance(f, np.ufunc)
    and numpys(f)
]


def told(default: Any) -> bool:
    """Say whether a user can write a parameter's default."""
    return default is not inspect.Parameter.empty and default is not np._NoValue


# ---------------------------------------------------------------- the names


def understood(function: Any, name: str, place: int) -> bool:
    """Say whether a rule or spelling has a parameter of NumPy's, under its name or in its place."""
    names, inputs = {"out"}, 0
    if function in SPELLED:
        call = SPELLED[function].call
        if call.__code__.co_flags & inspect.CO_VARKEYWORDS:
            return True  # what it passes on is refused, if at all, where it ends
        names |= {option.name for option in parameters(call)}
        inputs = max(inputs, call.__code__.co_argcount)
    if function in RULES:
        rule = RULES[function]
        names |= {option.name for option in rule.options}
        inputs = max(inputs, len(rule.inputs))
    return name in names or place < inputs


@pytest.mark.parametrize("function", FUNCTIONS, ids=name_of)
def test_no_parameter_is_forgotten(function: Any) -> None:
    forgotten = [
        p.name
        for k, p in enumerate(numpys(function).values())
        if p.kind not in STARRED and not understood(function, p.name, k)
    ]
    assert forgotten == []


# ---------------------------------------------------------------- the calls


def by_name(known: Parameters, call: Call) -> Call:
    """Return the call with every argument that may be named named."""
    args, options = list(call.args), dict(call.options)
    for p in list(known.values())[: len(args)][::-1]:
        if p.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD:
            options[p.name] = args.pop()
    return Call(*args, **options)


def by_position(known: Parameters, call: Call) -> Call:
    """Return the call with every argument that may go by position there."""
    args, options = list(call.args), dict(call.options)
    for p in list(known.values())[len(args) :]:
        if p.kind is inspect.Parameter.KEYWORD_ONLY or not options.keys() & set(known):
            break
        if p.name in options:
            args.append(options.pop(p.name))
        elif told(p.default):
            args.append(p.default)
        elif p.name in NOTHING:
            args.append(NOTHING[p.name])
        else:
            break
    return Call(*args, **options)


def with_defaults(known: Parameters, call: Call) -> Call:
    """Return the call with every option that it has not at NumPy's own default, by name."""
    given = [*list(known)[: len(call.args)], *call.options]
    defaults = {
        p.name: p.default
        for p in known.values()
        if p.name not in given and told(p.default) and p.kind not in STARRED
    }
    return Call(*call.args, **call.options, **defaults)


def check_value(function: Any, call: Call) -> None:
    """See that the call has NumPy's value when all that can be differentiated in it is."""
    names = [name for name, v in call.options.items() if differentiable(v)]
    places = [k for k, v in enumerate(call.args) if differentiable(v)]
    lists = any(isinstance(v, (list, tuple)) for v in (*call.args, *call.options.values()))
    # plain NumPy asks nobody about lists, nor in functions that it does not dispatch
    face = function if hasattr(function, "__wrapped__") and not lists else served(function)

    def f(moving: list[Any], named: dict[str, Any]) -> Any:
        args = list(call.args)
        for k, v in zip(places, moving, strict=True):
            args[k] = v
        return face(*args, **call.options | named)

    moving, named = [call.args[k] for k in places], {name: call.options[name] for name in names}
    try:
        y = f(moving, named)
    except TypeError:  # NumPy's own signatures say of a few that all their names may be written
        assert call.options
        return
    if moving or named:
        recorded = vjp(lambda both: f(*both), [moving, named])[0]
        assert kinds_of(recorded) == kinds_of(y), call
        for a, b in zip(leaves_of(recorded), leaves_of(y), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("written", [by_name, by_position, with_defaults], ids=name_of)
@pytest.mark.parametrize("function", FUNCTIONS, ids=name_of)
def test_calls_as_numpy_writes_them(
    function: Any, written: Callable[[Parameters, Call], Call]
) -> None:
    known = numpys(function)
    starred = any(p.kind is inspect.Parameter.VAR_POSITIONAL for p in known.values())
    for call in calls_of(function):
        if not starred:
            check_value(function, written(known, call))
