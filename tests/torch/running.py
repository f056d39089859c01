"""Runs a generated program on a torch-shaped module, and says where two runs differ.

After a statement everything that a reader could look at is written down: what it raised, and for
every variable its numbers, dtype, shape, flags, gradient. Two runs are compared fact by fact.

A difference in numbers is judged by PyTorch itself: the program runs on it again with every result
that needed rounding moved by some units in the last place. What moves as far as the difference is
rounding (a cancellation, a comparison of two numbers that are equal but for it); what stays is not.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

# Compared exactly; the numbers up to rounding. All else is counted, but is no difference in itself.
HARD = {"raises", "kind", "value", "length", "numbers", "dtype", "shape"}
HARD |= {"requires_grad", "is_leaf"}
RTOL = {"float32": 2e-5, "float64": 1e-10}

Facts = dict[tuple[str, ...], Any]


@dataclass
class Program:
    """The lines, and whether all is looked at after each of them or only at the end.

    Looking is not free of consequences: it is then that a view learns what happened to its base.
    """

    lines: list[str]
    watched: bool = True

    def __str__(self) -> str:
        return "\n".join(self.lines)


@dataclass
class Step:
    """What one statement did: `facts` by the path that leads to each."""

    raises: str | None = None
    text: str = ""
    warned: list[str] = field(default_factory=list)
    facts: Facts = field(default_factory=dict)


@dataclass
class Difference:
    step: int
    path: tuple[str, ...]
    expected: Any
    got: Any

    @property
    def fact(self) -> str:
        return self.path[-1]

    @property
    def hard(self) -> bool:
        return self.fact in HARD


@cache
def compiled(line: str) -> Any:
    return compile(line, "<program>", "exec")


def names_of(torch: Any) -> dict[str, Any]:
    return {"torch": torch, "seen": []}


def execute(line: str, names: dict[str, Any]) -> Exception | None:
    try:
        exec(compiled(line), names)  # noqa: S102  a program is its text
    except Exception as error:
        return error
    return None


# ---------------------------------------------------------------------------------- looking at it


def look(value: Any, torch: Any, path: tuple[str, ...], facts: Facts, printed: bool) -> None:
    """Write down all that shows of a value, under its path; what it prints as if that is asked."""
    if isinstance(value, torch.Tensor):
        facts[*path, "kind"] = "Tensor"
        for name in ("dtype", "shape", "requires_grad", "is_leaf", "_version", "retains_grad"):
            # How often a gradient was written to tells what summed it up, and is nobody's business.
            if name != "_version" or path[-1] != "grad":
                facts[*path, name] = attempt(value, name)
        facts[*path, "numbers"] = numbers_of(value)
        node = attempt(value, "grad_fn")
        facts[*path, "grad_fn"] = named(node)
        before = attempt(node, "next_functions") if hasattr(type(node), "next_functions") else ()
        if not isinstance(before, str):
            before = [(named(function), number) for function, number in before]
        facts[*path, "next_functions"] = (named(node), before)
        if printed:
            facts[*path, "printed"] = printed_form(value)
        if len(path) < 3:  # a gradient of a gradient would be its own, or a longer way round
            look(attempt(value, "grad"), torch, (*path, "grad"), facts, printed)
    elif isinstance(value, np.ndarray):
        facts[*path, "kind"] = "ndarray"
        facts[*path, "numbers"] = value.copy()
    elif isinstance(value, tuple | list) and type(value).__name__ != "Size":
        facts[*path, "kind"] = type(value).__name__
        facts[*path, "length"] = len(value)
        for i, each in enumerate(value):
            look(each, torch, (*path, str(i)), facts, printed)
    elif isinstance(value, torch.nn.Module | torch.optim.Optimizer):
        facts[*path, "kind"] = type(value).__name__
        facts[*path, "value"] = str(value)
        for name, each in state_of(value):
            look(each, torch, (*path, name), facts, printed)
    elif isinstance(value, bool | int | float):
        facts[*path, "kind"] = type(value).__name__
        # What item() gave of a float32 has no more digits than that.
        facts[*path, "numbers"] = np.array(value, np.float32 if type(value) is float else None)
    else:
        facts[*path, "kind"] = type(value).__name__
        facts[*path, "value"] = value if value is None else str(value)


def state_of(value: Any) -> list[tuple[str, Any]]:
    """What a module learns and keeps; or an optimiser, of each of its parameters."""
    if hasattr(value, "named_parameters"):
        return [*value.named_parameters(), *value.named_buffers()]
    parameters = [p for group in value.param_groups for p in group["params"]]
    return [
        (f"{i} {name}", each)
        for i, p in enumerate(parameters)
        for name, each in sorted(value.state.get(p, {}).items())
    ]


def numbers_of(tensor: Any) -> Any:
    """A copy of the numbers, as an ndarray; what it raises where there are none to be had."""
    try:
        return np.array(tensor.detach().numpy())
    except Exception as error:
        # PyTorch keeps no numbers of a second derivative that it knows to be zero.
        if getattr(tensor, "_is_zerotensor", lambda: False)():
            return np.zeros(tuple(tensor.shape), str(tensor.dtype).rpartition(".")[-1])
        return f"{type(error).__name__}: {error}"


def printed_form(value: Any) -> str:
    try:
        return str(value)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def named(node: Any) -> str:
    return node if isinstance(node, str) else type(node).__name__


def attempt(value: Any, name: str) -> Any:
    """The attribute; what it raises where it cannot be read; dtype and shape in plain Python."""
    try:
        got = getattr(value, name)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    if name == "dtype":
        return str(got).rpartition(".")[-1]
    return tuple(got) if name == "shape" else got


def settled(said: Any) -> str:
    """A text without the line of PyTorch's sources that it came from."""
    return re.sub(r" ?\(Triggered internally at [^)]*\)", "", str(said))


@contextmanager
def every_warning(torch: Any) -> Iterator[list[warnings.WarningMessage]]:
    """Collect the warnings, those too that are said once in a process."""
    switch = getattr(torch, "set_warn_always", lambda on: None)
    before = getattr(torch, "is_warn_always_enabled", lambda: False)()
    switch(True)
    try:
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            yield heard
    finally:
        switch(before)


def run(program: Program, torch: Any) -> list[Step]:
    """Run the program's lines with that module as `torch`, and return what each did."""
    names = names_of(torch)
    steps = []
    with every_warning(torch) as heard:
        for line in program.lines:
            heard.clear()
            error = execute(line, names)
            step = Step(type(error).__name__, settled(error)) if error else Step()
            step.warned = [f"{each.category.__name__}: {settled(each.message)}" for each in heard]
            steps.append(step)
            last = len(steps) == len(program.lines)
            if program.watched or last:
                for name, value in names.items():
                    if name != "torch" and not name.startswith("__"):
                        look(value, torch, (name,), step.facts, printed=last)
    return steps


# ------------------------------------------------------------------------------------- comparing


def numbers_agree(expected: np.ndarray, got: np.ndarray, slack: float = 0.0) -> bool:
    """Equal; floating-point numbers up to rounding, in the scale of the whole array."""
    if expected.shape != got.shape or expected.dtype != got.dtype:
        return False
    if np.array_equal(expected, got):
        return True
    if expected.dtype.kind != "f":
        return False
    finite = np.isfinite(expected)
    if not np.array_equal(expected[~finite], got[~finite], equal_nan=True):
        return False
    one, other = expected[finite], got[finite]
    if not np.isfinite(other).all():
        return False
    with np.errstate(over="ignore"):
        away = np.abs(one.astype(float) - other.astype(float))
        scale = np.abs(one).max(initial=0) + np.abs(one)
        return bool((away <= RTOL[str(expected.dtype)] * scale + slack).all())


def same(fact: str, expected: Any, got: Any) -> bool:
    if fact == "numbers" and isinstance(expected, np.ndarray) and isinstance(got, np.ndarray):
        return numbers_agree(expected, got)
    return type(expected) is type(got) and bool(expected == got)


def differences(expected: list[Step], got: list[Step]) -> Iterator[Difference]:
    """All that differs between two runs, from the first statement on."""
    for i, (one, other) in enumerate(zip(expected, got, strict=True)):
        if one.raises != other.raises:
            what = [step.raises and f"{step.raises}: {step.text}" for step in (one, other)]
            yield Difference(i, ("raises",), what[0], what[1])
        elif one.text != other.text:
            yield Difference(i, ("text",), one.text, other.text)
        if one.warned != other.warned:
            yield Difference(i, ("warned",), one.warned, other.warned)
        for path in one.facts | other.facts:
            facts = one.facts.get(path, "nothing"), other.facts.get(path, "nothing")
            if not same(path[-1], *facts):
                yield Difference(i, path, *facts)


# -------------------------------------------------------------------------------------- rounding

ROUNDED = {"add", "sub", "rsub", "mul", "div", "reciprocal", "sqrt", "rsqrt", "square", "pow"}
ROUNDED |= {"exp", "log", "sin", "cos", "tanh", "tanh_backward", "sigmoid", "sigmoid_backward"}
ROUNDED |= {"sum", "mean", "prod", "cumsum", "mm", "mv", "dot", "bmm", "addmm", "baddbmm"}
ROUNDED |= {"linspace", "arange"}
# And what came later: nearly all that computes, but not what only moves numbers or chooses some.
ROUNDED |= {"native_layer_norm", "native_batch_norm", "native_layer_norm_backward", "gelu"}
ROUNDED |= {"native_batch_norm_backward", "gelu_backward", "elu", "elu_backward", "silu", "mish"}
ROUNDED |= {"silu_backward", "softplus", "softplus_backward", "_softmax", "_log_softmax"}
ROUNDED |= {"_softmax_backward_data", "_log_softmax_backward_data", "log_sigmoid_forward"}
ROUNDED |= {"log_sigmoid_backward", "mse_loss", "mse_loss_backward", "smooth_l1_loss"}
ROUNDED |= {"huber_loss", "binary_cross_entropy_with_logits", "nll_loss_forward", "var", "std"}
ROUNDED |= {"var_mean", "linalg_vector_norm", "norm", "logsumexp", "cumprod", "logcumsumexp"}
ROUNDED |= {"addcmul", "addcdiv", "lerp", "expm1", "log1p", "log2", "log10", "exp2", "erf", "erfc"}
ROUNDED |= {"sinh", "cosh", "tan", "asin", "acos", "atan", "asinh", "acosh", "atanh", "sinc"}
ROUNDED |= {"atan2", "hypot", "logaddexp", "xlogy", "fmod", "remainder", "lgamma", "digamma"}
ROUNDED |= {"logit", "logit_backward", "bernoulli", "native_dropout", "leaky_relu", "_prelu_kernel"}
ROUNDED |= {
    "linalg_inv_ex",
    "_linalg_det",
    "_linalg_slogdet",
    "linalg_cholesky_ex",
    "_cdist_forward",
}
ROUNDED |= {"_linalg_solve_ex", "deg2rad", "rad2deg", "hardswish", "glu", "celu"}
ROUNDED |= {"multi_margin_loss", "binary_cross_entropy", "kl_div"}


def moved_run(program: Program, seed: int) -> list[Step]:
    """The program on PyTorch, every rounded result moved by up to four units in the last place."""
    import torch
    from torch.utils._python_dispatch import TorchDispatchMode

    random = np.random.default_rng(seed)

    def move(result: Any, beside: int) -> None:
        if result.device.type != "cpu" or result._is_zerotensor():
            return  # there is nothing behind it to move
        numbers = result.detach().numpy()  # not through torch: versions stay as they were
        if numbers.dtype.kind == "f" and numbers.flags.writeable:
            # What a few bits hold came from exact arithmetic: there is nothing to round.
            bits = np.frexp(numbers)[0] * 2**15
            rounded = np.isfinite(numbers) & (bits != np.rint(bits))
            units = random.uniform(-4, 4, numbers.shape) * np.finfo(numbers.dtype).eps
            np.multiply(numbers, (1 + units).astype(numbers.dtype), numbers, where=rounded)
            if beside:
                np.add(numbers, (beside * units).astype(numbers.dtype), numbers)

    class Moving(TorchDispatchMode):
        def __torch_dispatch__(
            self, function: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            result = function(*args, **(kwargs or {}))
            name = function.overloadpacket.__name__.rstrip("_")
            if name in ROUNDED:
                for each in result if isinstance(result, tuple | list) else [result]:
                    # Errors of a difference from a mean, and of 1 + erf(x) in GELU, have no scale.
                    move(each, 1000 if name.startswith("native_") else 4 * (name == "gelu"))
            return result

    with Moving(), np.errstate(all="ignore"):
        return run(program, torch)


class Rounding:
    """What of a program's facts depends on rounding, found out when it is first asked."""

    def __init__(self, program: Program, expected: list[Step]) -> None:
        self.program, self.expected = program, expected
        self.runs: list[list[Step]] = []

    def explains(self, found: Difference) -> bool:
        if not self.runs:
            self.runs = [moved_run(self.program, seed) for seed in range(6)]
        steps = [run[found.step] for run in self.runs]
        here = self.expected[found.step]
        if found.fact == "raises":
            return any(step.raises != here.raises for step in steps)
        facts = [step.facts.get(found.path) for step in steps]
        if found.fact == "numbers" and isinstance(found.expected, np.ndarray):
            one, other = found.expected, found.got
            moved = [each for each in facts if isinstance(each, np.ndarray)]
            if len(moved) < len(facts) or any(each.shape != one.shape for each in moved):
                return True
            if one.dtype.kind != "f" or one.dtype != getattr(other, "dtype", None):
                return one.dtype.kind != "f" and any((each != one).any() for each in moved)
            if any(not np.array_equal(np.isfinite(each), np.isfinite(one)) for each in moved):
                return True
            finite = np.isfinite(one)
            far = max(float(np.abs(each[finite] - one[finite]).max(initial=0)) for each in moved)
            return far > 0 and numbers_agree(one, other, slack=10 * far)
        return any(not same(found.fact, found.expected, each) for each in facts)


def compare(program: Program, module: Any) -> list[Difference]:
    """What differs between PyTorch and the module beyond rounding, soft facts included.

    Of hard differences only the first is returned: what comes after it mostly follows from it.
    """
    import torch

    expected = run(program, torch)
    return judged(program, expected, run(program, module))


def broken_off(program: Program, expected: list[Step], got: list[Step]) -> int:
    """The first statement whose backward pass raised on its way; their number if there is none.

    PyTorch has added to the gradients of some leaves by then, and called some hooks: which, depends
    on its order of work. What they are then, and what follows, is not compared.
    """
    for i, line in enumerate(program.lines):
        raised = expected[i].raises is not None and expected[i].raises == got[i].raises
        if raised and (".backward(" in line or "autograd.grad(" in line):
            return i
    return len(program.lines)


def judged(program: Program, expected: list[Step], got: list[Step]) -> list[Difference]:
    """The differences that rounding does not explain, up to the first that is hard."""
    rounding = Rounding(program, expected)
    kept: list[Difference] = []
    end = broken_off(program, expected, got)
    for found in differences(expected, got):
        if "ZeroTensors are immutable" in str(found.expected):
            break  # PyTorch trips over a second derivative that it knows to be zero
        if "_backward is not implemented" in str(found.expected):
            break  # PyTorch has no second derivative there
        if len(found.path) > 1 and str(found.expected).startswith("RuntimeError: "):
            break  # a stale view (`writer.stale`): PyTorch refuses to read its flags
        if found.step > end or (found.step == end and len(found.path) > 1):
            break
        if found.hard and rounding.explains(found):
            if found.fact in ("raises", "kind", "length", "shape"):
                break  # from here on the two took ways of their own
            continue
        kept.append(found)
        if found.hard:
            break
    return kept
