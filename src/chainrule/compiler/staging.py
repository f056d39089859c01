"""Writing a function down: it runs once on staged values, and every call on them is kept.

A staged value has an example number or array inside, so that shapes and dtypes come from NumPy
itself; what the example holds never enters the program. Derivatives are taken above it, by the same
rules as anywhere: their calls reach the staged values like the function's own.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn

import numpy as np

from chainrule._core.batching import nth
from chainrule._core.dispatch import unusual_ufunc
from chainrule._core.errors import name_of
from chainrule._core.pieces import bundled
from chainrule._core.spelling import spelled_out
from chainrule._core.stating import Rule
from chainrule._core.table import RECORD, SPELLED, answered, known
from chainrule._core.traces import READ, WRITTEN, tick
from chainrule._core.trees import build, flatten, leaves_of
from chainrule._core.values import (
    BATCHES,
    RECORDING,
    Batched,
    Held,
    Staged,
    Value,
    dtype_of,
    made,
    shape_of,
    take,
)
from chainrule._core.views import seen, shares
from chainrule._rules.einsum import is_spelled

from .holding import as_written, is_of_numbers
from .program import Call, Program, Var
from .refusals import CompileError, place, refuse, refuse_shape, refuse_writer

__all__ = ["Trace", "staged"]


class Traces(dict[int, "Trace"]):
    """The programs that are being written down, by their levels."""

    def __missing__(self, level: int) -> NoReturn:
        raise CompileError(
            f"a value that a step of a loop computed is read outside of it{place()}. In a compiled "
            "function a step returns what is needed afterwards: in the state, or as an output of "
            "scan(step, state, xs)."
        )


TRACES = Traces()
# What is answered from shapes and dtypes alone, in Python's own types.
QUESTIONS = {
    np.shape, np.ndim, np.size, np.result_type, np.iscomplexobj, np.isrealobj, np.can_cast,
    np.common_type, np.iterable, np.broadcast_shapes,
}  # fmt: skip
OPERATORS = {
    np.add, np.subtract, np.multiply, np.divide, np.remainder, np.floor_divide, np.power,
    np.negative,
}  # fmt: skip
# Functions whose results have other shapes for other numbers.
SHAPED_BY_NUMBERS = {
    np.nonzero, np.flatnonzero, np.argwhere, np.unique, np.trim_zeros,
    np.union1d, np.intersect1d, np.setdiff1d, np.setxor1d,
}  # fmt: skip
# Those of which one argument alone decides it: its place and its name.
COUNTING = {
    np.repeat: (1, "repeats"), np.delete: (1, "obj"), np.compress: (0, "condition"),
    np.extract: (0, "condition"),
}  # fmt: skip
# Functions that write into their first argument: an example's numbers would stay there.
WRITERS = {np.copyto, np.put, np.place, np.putmask, np.put_along_axis, np.fill_diagonal}


class Trace:
    """A program that is being written down."""

    def __init__(self) -> None:
        self.level = tick()
        self.calls: list[Call] = []
        self.names = 0
        self.known: dict[Any, Var] = {}  # by ids: arrays and outer values that calls have read
        self.kept: list[Any] = []  # so that no other object gets such an id
        self.captured: list[tuple[Var, Value]] = []
        self.examples: dict[Var, Any] = {}  # of all values, where somebody asks for them
        self.keeps_examples = False

    def input(self, name: str, example: Any) -> Any:
        """Return a staged value that stands for an argument."""
        return self.value(Var(name, shape_of(example), kind_of(example), is_weak(example)), example)

    def value(self, var: Var, example: Any) -> Any:
        if self.keeps_examples:
            self.examples[var] = example
        return made(Staged, example, self.level, var)

    def name(self) -> str:
        self.names += 1
        return f"v{self.names}"

    # ---- what calls read

    def var(self, v: Any) -> Any:
        """Return what stands for `v` in the program: a value of it, a constant, or plain data."""
        kind = type(v)
        if kind is Staged and v.level == self.level:
            return v.link
        if kind is Held:
            v, kind = v.value, np.ndarray
        if isinstance(v, Value):
            return self.outer(v)
        if kind is np.ndarray:
            return self.constant(v)
        if kind is tuple or kind is list:
            return kind([self.var(w) for w in v])
        if isinstance(v, tuple):
            return tuple(self.var(w) for w in v)
        if kind is dict:
            return {name: self.var(w) for name, w in v.items()}
        if kind is slice:
            return slice(*(self.var(w) for w in (v.start, v.stop, v.step)))
        return v

    def outer(self, v: Value) -> Var:
        """Return the input that stands for a value of an outer level, which the function reads."""
        key = type(v), v.level, id(v.value), id(v.link)  # the engine makes copies of values
        if (var := self.known.get(key)) is None:
            v = made(type(v), v.value, v.level, v.link)  # as it is now
            if type(v) is Staged:
                TRACES[v.level]  # still being written down
            example = example_of(v)
            var = Var(f"outer{len(self.captured) + 1}", v.shape, v.dtype, is_weak(example))
            self.captured.append((var, v))
            self.examples[var] = example
            self.keep(key, var, v)
        return var

    def constant(self, array: np.ndarray) -> Any:
        if (var := self.known.get(id(array))) is None:
            var = Var(f"c{len(self.known) + 1}", array.shape, array.dtype, constant=array)
            self.keep(id(array), var, array)
        return var

    def keep(self, key: Any, var: Var, v: Any) -> None:
        self.known[key] = var
        self.kept.append(v)

    def example(self, tree: Any) -> Any:
        """Return `tree` with examples in place of all values."""
        kind = type(tree)
        if isinstance(tree, Value):
            return example_of(tree)
        if kind is tuple or kind is list:
            return kind([self.example(v) for v in tree])
        if isinstance(tree, tuple):
            return bundled(kind, [self.example(v) for v in tree])
        if kind is dict:
            return {name: self.example(v) for name, v in tree.items()}
        if kind is slice:
            return slice(*(self.example(v) for v in (tree.start, tree.stop, tree.step)))
        return tree

    # ---- calls

    def call(self, function: Any, inputs: Sequence[Any], options: dict[str, Any]) -> Any:
        """Write down a call, and return its staged results."""
        if function in SHAPED_BY_NUMBERS or counts_out(function, inputs, options):
            refuse_shape(name_of(function))
        if function is take and any(map(is_mask, as_index(inputs[1]))):
            refuse_shape("an index of truth values")
        if function in WRITERS or getattr(function, "__name__", "") == "at":  # np.add.at
            refuse_writer(function)
        examples = [self.example(v) for v in inputs]
        with quiet():
            y = function(*examples, **self.example(options))
        if function in OPERATORS and all(map(is_weak, examples)):
            y = y.item()  # as Python's own numbers would give
        if y is None or function in QUESTIONS or isinstance(y, (str, np.dtype, type)):
            return y
        if isinstance(y, bool):
            refuse(inputs[0], "a truth value")
        several = isinstance(y, (tuple, list))
        if several and any(shares(v, examples[0]) for v in y) and is_spelled_out(function):
            return spelled_out(SPELLED[function], inputs, options)  # views, one by one
        if several and any(isinstance(v, (tuple, list)) for v in y):
            results: list[Any] = []
            structure = flatten(y, "a result", results)
            return build(structure, self.written(in_a_row(function), inputs, options, results))
        out = self.written(function, inputs, options, y)
        if isinstance(y, np.ndarray) and inputs and isinstance(inputs[0], Value):
            seen(out, inputs[0], function, tuple(inputs[1:]), options)  # if it is a view
        return self.held(function, out) if is_of_numbers(function) else out

    def held(self, function: Any, out: Any) -> Any:
        """Write down that results have the shapes and types that the examples' have."""
        if isinstance(out, tuple):
            return bundled(type(out), [self.held(function, v) for v in out])
        given = out, name_of(function), out.shape, out.dtype
        return self.written(as_written, given, {}, out.value)

    def written(self, function: Any, inputs: Sequence[Any], options: dict[str, Any], y: Any) -> Any:
        """Write down a call of which `y` is an example of what it returns."""
        several = type(y) if isinstance(y, (tuple, list)) else None
        items = y if several else [y]
        outputs = [Var(self.name(), shape_of(v), kind_of(v), is_weak(v)) for v in items]
        self.calls.append(
            Call(function, self.var(tuple(inputs)), self.var(dict(options)), outputs, several)
        )
        values = [self.value(var, v) for var, v in zip(outputs, items, strict=True)]
        return bundled(several, values) if several else values[0]

    def program(self, inputs: Sequence[Any], outputs: Sequence[Any]) -> Program:
        """Return what was written down, with what it reads of outer levels after the inputs."""
        results = [self.var(v) for v in outputs]
        read = [v.link if isinstance(v, Value) else v for v in inputs]
        return Program(read + [var for var, _ in self.captured], self.calls, results)


@functools.cache
def in_a_row(function: Any) -> Any:
    """Return the function whose results stand in one list, those of np.histogramdd in two."""

    @functools.wraps(function)
    def call(*inputs: Any, **options: Any) -> Any:
        return leaves_of(function(*inputs, **options))

    return call


def is_spelled_out(function: Any) -> bool:
    return known(function) and function in SPELLED


def example_of(v: Any) -> Any:
    """Return a number or array of the shape and dtype of `v`."""
    if not isinstance(v, Value):
        return v
    example = example_of(v.value)
    return nth(example, 0 if len(example) else None) if type(v) is Batched else example


def is_staged(v: Any) -> bool:
    while isinstance(v, Value) and type(v) is not Staged:
        v = v.value
    return type(v) is Staged


def counts_out(function: Any, inputs: Sequence[Any], options: dict[str, Any]) -> bool:
    """Say whether a call of a function of fixed shapes has a result whose shape is not."""
    if function is np.where:
        return len(inputs) == 1
    if function is np.bincount:
        return len(inputs) < 3 and "minlength" not in options and is_staged(inputs[0])
    if function in COUNTING:
        place, name = COUNTING[function]
        return any(map(is_staged, (*inputs[place : place + 1], options.get(name))))
    return False


def as_index(at: Any) -> tuple[Any, ...]:
    return at if isinstance(at, tuple) else (at,)


def is_mask(v: Any) -> bool:
    return is_staged(v) and kind_of(v).kind == "b"


def kind_of(v: Any) -> Any:
    """Return the dtype of an example; that of Python's own numbers is what NumPy makes of them."""
    return np.dtype(type(v)) if type(v) is int or type(v) is bool else dtype_of(v)


def is_weak(v: Any) -> bool:
    return type(v) in (int, float, complex, bool)


@contextmanager
def quiet() -> Iterator[None]:
    """Examples may be anything: what NumPy warns of is no concern of the user's."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


@contextmanager
def staged() -> Iterator[Trace]:
    """Open a program that calls are written down in."""
    trace = Trace()
    TRACES[trace.level] = trace
    BATCHES.append(trace.level)  # so that indices and options are looked at
    before = RECORDING.set(True)
    try:
        yield trace
    finally:
        RECORDING.reset(before)
        BATCHES.remove(trace.level)
        del TRACES[trace.level]


# ---------------------------------------------------------------- how calls arrive


def read_staged(rule: Rule, inner: Any, inputs: Sequence[Any], options: dict[str, Any]) -> Any:
    """Write down a call that the engine has sorted by its rule: options are by name there."""
    known = {option.name: option for option in rule.options}
    by_position = [o.name for o in rule.options if not o.by_name and o.name in options]
    by_position = [] if rule.endless else by_position
    rest = {
        name: v
        for name, v in options.items()
        if name not in by_position and not (name in known and v is known[name].default)
    }
    inputs = [*inputs, *(options[name] for name in by_position)]
    while len(inputs) > len(rule.inputs) and not rule.endless:
        option = known[by_position[len(inputs) - len(rule.inputs) - 1]]
        if inputs[-1] is not option.default:
            break
        inputs.pop()
    return TRACES[inner.level].call(rule.function, inputs, rest)


def write_down(function: Any, inputs: Sequence[Any], options: dict[str, Any]) -> Any:
    """Write down a call as it stands, in the program of its innermost staged value."""
    if function is np.einsum and is_spelled(*inputs, **options):
        return spelled_out(SPELLED[function], inputs, options)  # in letters, with an arrow
    level = min(staged_levels((inputs, options)))
    return TRACES[level].call(function, inputs, options)


def staged_levels(tree: Any) -> Iterator[int]:
    if type(tree) is Staged:
        yield tree.level
    elif isinstance(tree, dict):
        yield from staged_levels(list(tree.values()))
    elif isinstance(tree, (tuple, list)):
        for v in tree:
            yield from staged_levels(v)
    elif isinstance(tree, slice):
        yield from staged_levels((tree.start, tree.stop, tree.step))


def alone(tree: Any) -> bool:
    """Say whether all values in `tree` are staged: then a call is written down as it stands."""
    if isinstance(tree, Value):
        return type(tree) is Staged or type(tree) is Held
    if isinstance(tree, dict):
        return all(map(alone, tree.values()))
    return not isinstance(tree, (tuple, list)) or all(map(alone, tree))


def array_ufunc(self: Any, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
    options = {name: v for name, v in options.items() if not (name == "out" and v is None)}
    if alone(inputs) and "out" not in options and "where" not in options:
        function = ufunc if method == "__call__" else getattr(ufunc, method)
        return write_down(function, inputs, options)
    if options or len(inputs) > 2 or method != "__call__":
        return unusual_ufunc(ufunc, method, inputs, options)
    return RECORD[ufunc](*inputs)


def array_function(self: Any, function: Any, types: Any, inputs: Any, options: Any) -> Any:
    if alone(inputs) and alone(options) and options.get("out") is None:
        return write_down(function, inputs, options)
    return answered(function, inputs, options)


Staged.__array_ufunc__ = array_ufunc  # type: ignore[method-assign]
Staged.__array_function__ = array_function  # type: ignore[method-assign]
Staged.refuse = refuse
READ[Staged] = read_staged
WRITTEN[Staged] = write_down
