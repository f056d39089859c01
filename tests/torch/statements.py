"""What a generated program may say: one statement at a time, mostly one that fits.

A `Writer` looks at the variables of the program so far, as PyTorch has them. Each function that is
listed below writes one kind of statement with it; it returns None where nothing fits.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.torch.statements_of_functions import along, masked, matrix_function, number_function
from tests.torch.statements_of_gradients import backward, flags, gradient
from tests.torch.statements_of_modules import (
    functional,
    functions,
    module,
    optimiser,
    training,
    with_module,
)
from tests.torch.statements_of_values import (
    binary,
    bounded,
    compared,
    creation,
    joined,
    power,
    product,
    reduction,
    reshaped,
    unary,
    with_number,
)
from tests.torch.statements_of_writing import assigned, in_place, indexed
from tests.torch.writer import NAMES, Writer, floating, repeats

MODES = ["with torch.no_grad(): "] * 3
MODES += ["with torch.set_grad_enabled(False): ", "with torch.enable_grad(): "]


def loop(w: Writer) -> str | None:
    a = w.pick(floating)
    if a is None:
        return None
    b = w.partner(a) or a
    rows = w.pick(lambda x: x.ndim > 0) or a
    how = [f"for _ in range(3): {a} = {a} * {w.number()} + {b}", f"{w.new()}, = {rows}"]
    how += [f"for v in {rows}: {a} = {a} {w.one_of('+-*')} v"]
    how += [] if repeats(w.names[rows]) else [f"for v in {rows}: v.mul_(2)"]
    how += [f"{w.new()}, {next(n for n in NAMES[1:] if n not in w.names)} = {rows}"]
    return w.one_of(how)


def asked(w: Writer) -> str | None:
    a = w.pick()
    if a is None:
        return None
    single = w.pick(lambda x: x.numel() == 1) or a
    how = [f"{single}.item()", f"float({single})", f"bool({single})", f"{a}.tolist()", f"len({a})"]
    how += [f"{a}.numel()", f"{a}.size()", f"{a}.size(0)", f"{a}.dim()", f"list({a})", f"{a}.dtype"]
    how += [f"{a}.float()", f"{a}.double()", f"{a}.bool()", f"{a}.to(torch.float64)", f"1.0 in {a}"]
    how += [f"{a}.detach().numpy()", f"{a}.numpy()", f"torch.equal({a}, {w.partner(a) or a})"]
    how += [f"torch.allclose({a}, {w.partner(a) or a})", f"{a}.retains_grad", f"{a}.double()"]
    how += [f"({a} > 0).float()", f"({a} > 0).sum()", f"({a} > 0).float().mean()"]
    return f"{w.new()} = {w.one_of(how)}"


# A program is about plain tensors, or about the whole: layers, optimisers, functions of functions.
MAKERS: list[Callable[[Writer], str | list[str] | None]] = [
    *[creation] * 6,
    *[unary] * 10,
    *[binary] * 12,
    *[with_number] * 8,
    *[power] * 4,
    *[product] * 5,
    *[bounded] * 4,
    *[compared] * 3,
    *[reduction] * 9,
    *[reshaped] * 9,
    *[joined] * 3,
    *[indexed] * 7,
    *[assigned] * 6,
    *[in_place] * 12,
    *[flags] * 10,
    *[loop] * 2,
    *[backward] * 16,
    *[gradient] * 9,
    *[asked] * 4,
    *[number_function] * 5,
    *[along] * 7,
    *[matrix_function] * 4,
    *[masked] * 3,
    *[functional] * 8,
    *[functions] * 6,
    *[module] * 7,
    *[with_module] * 14,
    *[optimiser] * 6,
    *[training] * 16,
]


def next_lines(w: Writer, late: bool = False) -> list[str]:
    """The next statement; two where the second needs the first. Late, gradients are asked for."""
    makers = MAKERS + [backward] * 120 + [gradient] * 40 if late else MAKERS
    while True:
        try:
            written = w.one_of(makers)(w) if w.tensors() else creation(w)
        except RuntimeError:  # there are tensors whose very flags cannot be read any more
            continue
        if isinstance(written, str):
            written = [written]
        if written:
            mode = w.one_of(MODES) if w.chance(0.04) else ""
            return [line if line.startswith(("with", "for")) else mode + line for line in written]
