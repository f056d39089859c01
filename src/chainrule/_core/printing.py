"""The functions that record: for each rule one is printed as Python text and compiled, at its first use.

Printing lets each function look only at what its own rule needs: the inputs by name, the options that the rule
understands as real parameters (so Python itself binds them), and exactly what the pulls keep. What is rare leaves by one of two doors:
`general` (inner levels, forward mode, lists, several outputs) and `unusual` (options that the rule does not name).
`python -m chainrule._core.printing numpy.multiply` shows the text of one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .errors import refuse_missing, refuse_option
from .stating import REQUIRED, Option, Rule, parameters, same
from .table import RULES, SPELLED, known
from .traces import completed, fitted, general, joined, settled, tick
from .values import Moving, Recorded, Value, bare, dtype_of, shape_of

__all__ = ["keeper", "operator_of", "printed", "puller", "recorder_of", "unusual"]

NUMBERS = {float, int}
SCALARS = {float, np.float64, np.float32, complex, np.complex128}
PLAIN = SCALARS | {np.ndarray, int, bool, np.bool_, np.int64}
CONSTANTS: dict[Any, dict[Any, Any]] = {np.dtype(float): {}, np.dtype(np.float32): {}}

# ---------------------------------------------------------------- what a pull keeps


def passed(g: Any, kept: Any) -> Any:
    return g


def puller(pull: Callable[..., Any], several: bool = False) -> Callable[[Any, Any], Any]:
    """Return `pull` as a function of a change and of what was kept: one thing as it is, several unpacked by name."""
    if several:
        return completed(puller(pull))
    if pull is same:
        return passed
    asks = parameters(pull, skip=1)
    if len(asks) == 1 and not asks[0].by_name:
        return pull
    take = f"{', '.join(ask.name for ask in asks)} = kept; " if asks else ""
    said = "".join(f", {ask.name}={ask.name}" if ask.by_name else f", {ask.name}" for ask in asks)
    return compiled(f"def pull(g, kept): {take}return rule(g{said})", "pull", {"rule": pull})


def kept_text(rule: Rule, i: int, pull: Callable[..., Any]) -> str:
    """Return the expression for what the pull of input `i` keeps."""
    mine = f"inputs[{i}]" if rule.endless else rule.inputs[i]
    known = {"into": f"shape_of({mine})", "i": str(i)}
    if not rule.endless:
        known["inputs"] = f"({', '.join(rule.inputs)},)"
    picks = [known.get(ask.name, ask.name) for ask in parameters(pull, skip=1)]
    return picks[0] if len(picks) == 1 else f"({', '.join(picks)})" if picks else "None"


def keeper(rule: Rule, i: int, pull: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function of output, inputs and options that gathers what the pull of input `i` keeps."""
    inputs = "*inputs" if rule.endless else ", ".join(rule.inputs)
    options = "".join(f", {option.name}={default_text(option) or None}" for option in rule.options)
    text = f"def keep(i, y, {inputs}{options}): return {kept_text(rule, i, pull)}"
    return compiled(text, "keep", {"shape_of": shape_of} | defaults(rule))


# ---------------------------------------------------------------- the text

RECORD_ONE = """\
    if type(x) is Moving:
        level, t, x = x.level, x.link, x.value
        y = {call}
{constant_moving}        t = {push}
        out = Moving(); out.value = y; out.level = level; out.link = t if {settles} else settled(t, y)
        return out
    if type(x) is not Recorded: {otherwise}
    level, parent, x = x.level, x.link, x.value
    y = {call}
{constant}    link = (tick(), {edge})
    out = Recorded(); out.value = y; out.level = level; out.link = link
    return out
"""
RECORD_TWO = """\
    if type(a) is Recorded and type(b) in PLAIN:
        level, an, a = a.level, a.link, a.value
{b_number}        y = {call}
        link = {link_a}
    elif type(a) is Recorded and type(b) is Recorded and a.level is b.level:
        level, an, bn, a, b = a.level, a.link, b.link, a.value, b.value
        y = {call}
        link = {link_both}
    elif type(b) is Recorded and type(a) in PLAIN:
        level, bn, b = b.level, b.link, b.value
{a_number}        y = {call}
        link = {link_b}
    elif (a_moves := type(a) is Moving) | (b_moves := type(b) is Moving) and (
        a.level is b.level if a_moves and b_moves else type(b if a_moves else a) in PLAIN
    ):
        if a_moves: level, s, a = a.level, a.link, a.value
        if b_moves: level, t, b = b.level, b.link, b.value
        y = {call}
        t = {push_a} + {push_b} if a_moves and b_moves else {push_a} if a_moves else {push_b}
        out = Moving(); out.value = y; out.level = level; out.link = t if {settles} else settled(t, y)
        return out
    else: {otherwise}
    out = Recorded(); out.value = y; out.level = level; out.link = link
    return out
"""
SETTLES = "type(t) is type(y) and (type(t) in SCALARS or t.shape == y.shape and t.dtype is y.dtype)"
FITS = "(type({0}) is type(y) if type({0}) in SCALARS else {0}.shape == y.shape and {0}.dtype is y.dtype)"
BOTH = "type(a) is type(b) and (type(a) in SCALARS or a.shape == b.shape and a.dtype is b.dtype)"


def default_text(option: Option) -> str:
    return "" if option.default is REQUIRED else f"default_{option.name}"


def defaults(rule: Rule) -> dict[str, Any]:
    return {f"default_{o.name}": o.default for o in rule.options if o.default is not REQUIRED}


def compiled(text: str, name: str, names: dict[str, Any]) -> Callable[..., Any]:
    space = dict(names)
    exec(compile(text, "<printed by chainrule>", "exec"), space)
    return space[name]  # type: ignore[no-any-return]


def printed(rule: Rule, *, swapped: bool = False, open_: bool = True) -> str:
    """Return the text of the function that records calls of `rule`.

    `swapped` is an operator whose object stands on the right; without `open_`, Python itself refuses options
    that the rule does not name (operators and ufuncs have none).
    """
    inputs = list(rule.inputs)
    options = rule.options
    positional = inputs + [option.name for option in options if not option.by_name]
    said = ", ".join(positional + [f"{option.name}={option.name}" for option in options if option.by_name])
    lines = [f"def record({signature(rule, swapped, open_)}):"]
    if open_:
        rest = "".join(
            f"\n        if {o.name} is not default_{o.name}: rare['{o.name}'] = {o.name}" for o in options if o.by_name
        )
        lines += [f"    if more or rare:{rest}\n        return unusual(function, ({', '.join(positional)}, *more), rare)"]
    if rule.function in SPELLED and SPELLED[rule.function][1]:
        lines += [f"    if when({said}): return spelling({said})"]
    otherwise = f"return general(rule, ({', '.join(inputs)},), {{{', '.join(f'{o.name!r}: {o.name}' for o in options)}}})"
    if not open_ and len(inputs) == 2:
        other = "b" if not swapped else "a"
        otherwise = f"return NotImplemented if leaves_to({other}) else {otherwise[7:]}"
    call = rule.text or f"call({said})"
    pushes = [push_text(rule, k, said) for k in range(len(inputs))]
    simple = not rule.several and not rule.lists and len(inputs) <= 2 and all(rule.pulls) and all(pushes)
    if not simple:
        return "\n".join([*lines, f"    {otherwise}", ""])
    keeps = [kept_text(rule, i, pull) for i, pull in enumerate(rule.pulls) if pull]
    if len(inputs) == 1:
        edge = f"pull0, parent, {keeps[0]}, None"
        constant = ""
        if may_change_dtype(rule):
            edge = f"fitted, parent, (pull0, {keeps[0]}, shape_of(x), dtype_of(x)), None"
            constant = "    if dtype_of(y).kind not in 'fc': return y\n"
        parts = {"constant_moving": constant and f"    {constant}", "call": call, "edge": edge, "otherwise": otherwise, "constant": constant, "push": pushes[0], "settles": SETTLES}
        return "\n".join(lines) + "\n" + RECORD_ONE.format(**parts)
    fit = [f"fitted, {u}n, (pull{k}, {keeps[k]}, shape_of({u}), dtype_of({u}))" for k, u in enumerate("ab")]
    plain = [f"pull{k}, {u}n, {keeps[k]}" for k, u in enumerate("ab")]
    parts = {
        "link_a": f"(tick(), {fit[0]}, None)",
        "link_b": f"(tick(), {fit[1]}, None)",
        "link_both": f"(tick(), {fit[0]}, ({fit[1]}, None))",
        "push_a": pushes[0],
        "push_b": pushes[1],
        "settles": SETTLES,
        "a_number": "",
        "b_number": "",
    }
    if rule.fits:
        for k, u in enumerate("ab"):
            fitting = f"{rule.fits} and {u}.dtype is y.dtype"
            parts[f"link_{u}"] = f"(tick(), {plain[k]}, None) if {fitting} else {parts[f'link_{u}']}"
    if rule.word == "elementwise":
        parts["link_a"] = f"(tick(), {plain[0]}, None) if {FITS.format('a')} else {parts['link_a']}"
        parts["link_b"] = f"(tick(), {plain[1]}, None) if {FITS.format('b')} else {parts['link_b']}"
        parts["link_both"] = f"(tick(), {plain[0]}, ({plain[1]}, None)) if {BOTH} else {parts['link_both']}"
        if rule.function is not np.power:  # where NumPy is quicker with Python's own numbers
            number = "        if type({0}) is not ndarray and type({1}) is ndarray: {0} = constant({0}, {1})\n"
            parts["b_number"], parts["a_number"] = number.format("b", "a"), number.format("a", "b")
    return "\n".join(lines) + "\n" + RECORD_TWO.format(call=call, otherwise=otherwise, **parts)


def push_text(rule: Rule, i: int, said: str) -> str:
    """Return the expression for the change of the output when input `i` changes: by `t`, or by `s` if it is the first of two."""
    t = "s" if len(rule.inputs) == 2 and i == 0 else "t"
    pull = rule.pulls[i] if i < len(rule.pulls) else None
    if rule.word == "elementwise" and pull:
        return f"pull{i}({t}, {kept_text(rule, i, pull)})"
    if rule.word != "linear":
        return ""  # the transpose of a pull: traces.py has it
    mine = rule.inputs[i]
    rest = said.split(", ")
    return f"call({', '.join(t if name == mine else name for name in rest)})"


def signature(rule: Rule, swapped: bool, open_: bool) -> str:
    inputs = list(rule.inputs[::-1] if swapped else rule.inputs)
    write = lambda option: f"{option.name}={default_text(option)}" if default_text(option) else option.name
    positional = inputs + [write(option) for option in rule.options if not option.by_name]
    by_name = [write(option) for option in rule.options if option.by_name]
    star = ["*more"] if open_ else ["*"] if by_name else []
    return ", ".join(positional + star + by_name + (["**rare"] if open_ else []))


def may_change_dtype(rule: Rule) -> bool:
    """Say whether a change must be brought back to the input's dtype (abs, real, imag of a complex number; casts)."""
    if rule.word != "elementwise":
        return False
    try:
        return rule.call(np.full(1, 0.5 + 0.25j)).dtype.kind != "c"  # type: ignore[no-any-return]
    except TypeError:  # only real numbers, or an option that decides the dtype
        return bool(rule.options)


def recording_function(rule: Rule, *, swapped: bool = False, open_: bool = True) -> Callable[..., Any]:
    names = rule.names | globals() | defaults(rule) | {"rule": rule, "function": rule.function, "call": rule.call, "ndarray": np.ndarray}
    for i in range(len(rule.pulls)):
        names[f"pull{i}"] = (rule.argument(i) or (None,))[0]
    if rule.function in SPELLED:
        names["spelling"], names["when"] = SPELLED[rule.function]
    record = compiled(printed(rule, swapped=swapped, open_=open_), "record", names)
    record.__name__ = record.__qualname__ = rule.function.__name__
    record.__doc__ = f"{rule.function.__name__} as NumPy has it; calls with a value being differentiated are recorded."
    return record


def constant(number: Any, beside: Any) -> Any:
    """A Python number as a 0-d array: making one takes NumPy 0.3 us, at the call and once more going back."""
    known = CONSTANTS.get(beside.dtype)
    if known is None or not number or type(number) not in NUMBERS:  # not 0: as a key, -0.0 is 0.0
        return number
    if number not in known and len(known) < 256:
        known[number] = np.array(number, beside.dtype)
    return known.get(number, number)


def leaves_to(other: Any) -> bool:
    """Say whether `other` asks, in NumPy's own way, that its operators be called instead."""
    return getattr(other, "__array_ufunc__", True) is None


# ---------------------------------------------------------------- the doors for what is rare

HARMLESS = {"out": None, "dtype": None, "where": True, "casting": "same_kind", "order": "K", "subok": True, "like": None}


def unusual(function: Any, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """Answer a call with options that the rule does not name: spelled, or refused by name."""
    if not any(isinstance(v, Value) for v in (*inputs, *options.values())) and not any(
        isinstance(w, Value) for v in inputs if isinstance(v, (list, tuple)) for w in v
    ):
        return function(*inputs, **options)
    options = {name: v for name, v in options.items() if not (name in HARMLESS and v is HARMLESS[name])}
    if options.get("out") is not None:
        raise TypeError(
            f"{function.__name__} cannot write a value that is being differentiated into an array that exists "
            "(out=, or an in-place operator such as a += v); use the result instead: a = a + v."
        )
    rule = RULES.get(function)
    if function in SPELLED:
        spelling = SPELLED[function][0]
        asks = [option.name for option in parameters(spelling)]
        for name in options:
            if name not in asks and spelling.__code__.co_flags & 8 == 0:
                refuse_option(function, name, tuple(asks[1:]))
        return spelling(*inputs, **options)
    known_options = tuple(option.name for option in rule.options) if rule else ()
    count = len(rule.inputs) + sum(not option.by_name for option in rule.options) if rule else len(inputs)
    if len(inputs) > count and any(v is not None for v in inputs[count:]):
        refuse_option(function, f"{len(inputs)} positional arguments", known_options)
    for name in options:
        if name not in known_options:
            refuse_option(function, name, known_options)
    return recorder_of(function)(*inputs[:count], **options)


REDUCTIONS = {
    (np.add, "reduce"): np.sum, (np.multiply, "reduce"): np.prod, (np.maximum, "reduce"): np.max,
    (np.minimum, "reduce"): np.min, (np.add, "accumulate"): np.cumsum,
}  # fmt: skip


def unusual_ufunc(ufunc: Any, method: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """Answer a ufunc's method, or its call with options."""
    if method == "__call__":
        return unusual(ufunc, inputs, options)
    if (ufunc, method) not in REDUCTIONS:
        raise TypeError(
            f"numpy.{ufunc.__name__}.{method} has no derivative rule; write it with functions such as numpy.sum, "
            "or with broadcasting."
        )
    options.setdefault("axis", 0)  # where NumPy's own functions mean all axes
    return recorder_of(REDUCTIONS[ufunc, method])(*inputs, **options)


# ---------------------------------------------------------------- what is looked up


def recorder_of(function: Any) -> Callable[..., Any]:
    """Return the function that answers calls of `function` with values that are being differentiated."""
    if not known(function):
        return without_rule(function)
    rule = RULES.get(function)
    if rule is None:
        return spelled_call(function)
    if rule.constant:
        return constant_call(function)
    if rule.endless:
        return endless_call(rule)
    return recording_function(rule, open_=not isinstance(function, np.ufunc))


def operator_of(ufunc: Any, *, swapped: bool = False) -> Callable[..., Any]:
    """Return the method that serves as the operator of `ufunc`, for an object on its left or, swapped, on its right."""
    known(ufunc)
    rule = RULES.get(ufunc)
    if rule is not None and not rule.constant:
        return recording_function(rule, swapped=swapped, open_=False)
    record = recorder_of(ufunc)
    if swapped:
        return lambda b, a: record(a, b)
    return lambda a, *b: record(a, *b)


def stripped_of_all(v: Any) -> Any:
    if isinstance(v, (list, tuple)):
        return bundle(type(v), [stripped_of_all(w) for w in v])
    return bare(v)


def bundle(like: type, items: list[Any]) -> Any:
    return like(*items) if hasattr(like, "_fields") else like(items)


def constant_call(function: Any) -> Callable[..., Any]:
    def record(*inputs: Any, **options: Any) -> Any:
        return function(*map(stripped_of_all, inputs), **{name: stripped_of_all(v) for name, v in options.items()})

    return record


def without_rule(function: Any) -> Callable[..., Any]:
    """Answer for a function without a rule: positions, counts and truth values are constants; anything else raises."""
    call = constant_call(function)

    def record(*inputs: Any, **options: Any) -> Any:
        y = call(*inputs, **options)
        for v in y if isinstance(y, (tuple, list)) else (y,):
            if getattr(v, "dtype", np.asarray(v).dtype).kind not in "biuUSV":
                refuse_missing(function)
        return y

    return record


def endless_call(rule: Rule) -> Callable[..., Any]:
    names = [option.name for option in rule.options]

    def record(*inputs: Any, **options: Any) -> Any:
        spelling, when = SPELLED.get(rule.function, (None, None))
        if spelling and when and when(*inputs, **options):
            return spelling(*inputs, **options)
        for name in options:
            if name not in names:
                return unusual(rule.function, inputs, options)
        return general(rule, inputs, options)

    return record


def spelled_call(function: Any) -> Callable[..., Any]:
    spelling = SPELLED[function][0]
    asks = {option.name for option in parameters(spelling)}

    def record(*inputs: Any, **options: Any) -> Any:
        for name in options:
            if name not in asks:
                return unusual(function, inputs, options)
        return spelling(*[joined(v) if type(v) is list else v for v in inputs], **options)

    return record
