"""Statements that make a value: creation, arithmetic, comparisons, reductions, shapes."""

from __future__ import annotations

import math

from tests.torch.writer import MISTAKE, NAMES, TAME, Writer, call, finite, fits, floating, truth

UNARY = ["exp", "log", "sqrt", "abs", "sin", "cos", "tanh", "sigmoid", "relu", "square", "neg"]
UNARY += ["sign", "clone", "exp", "sigmoid", "tanh", "square"]
SIGNS = ["+", "-", "*", "/", "*", "+"]
WORDS = ["add", "sub", "mul", "div", "maximum", "minimum"]
ORDERS = ["==", "!=", "<", "<=", ">", ">="]

# ------------------------------------------------------------------------------------- creation


def creation(w: Writer) -> str:
    shape = w.one_of(w.shapes)
    kind = w.one_of(["float"] * 10 + ["int", "int", "bool"])
    options = w.options(("requires_grad=True", 0.75 if kind == "float" or w.chance(MISTAKE) else 0))
    if kind == "float" and w.chance(0.2):
        options += ", dtype=" + w.one_of(["torch.float64", "torch.float64", "torch.float32"])
    how = w.one_of(["tensor"] * 12 + ["ones", "zeros", "full", "eye", "arange", "linspace", "like"])
    if how == "tensor":
        return f"{w.new()} = torch.tensor({w.literal(shape, kind)}{options})"
    if how in ("ones", "zeros"):
        if kind == "int":
            options += ", dtype=" + w.one_of(["torch.int64", "torch.bool"])
        sizes = str(shape) if w.chance(0.5) or not shape else ", ".join(map(str, shape))
        return f"{w.new()} = torch.{how}({sizes}{options})"
    if how == "full":
        return f"{w.new()} = torch.full({shape}, {w.number(kind)}{options})"
    if how == "eye":
        more = w.options((str(w.one_of([1, 2, 3])), 0.5)) if kind == "float" else ""
        return f"{w.new()} = torch.eye({w.one_of([1, 2, 3])}{more}{options})"
    if how == "arange":
        start, end = w.one_of([0, 0, 1, -2]), w.one_of([2, 3, 4, 6])
        step = w.options((str(w.one_of([1, 2])), 0.3))
        if kind == "float":
            return f"{w.new()} = torch.arange({float(start)}, {float(end)}{step}{options})"
        return f"{w.new()} = torch.arange({start}, {end}{step})"
    if how == "linspace":
        options = options if kind == "float" else ""
        count = w.one_of([1, 2, 3, 5])
        return f"{w.new()} = torch.linspace({w.number()}, {w.number()}, {count}{options})"
    a = w.pick()
    if a is None:
        return f"{w.new()} = torch.tensor([{w.number()}])"
    return f"{w.new()} = torch.{w.one_of(['ones', 'zeros'])}_like({a}{options})"


# ----------------------------------------------------------------------------------- arithmetic


def unary(w: Writer) -> str | None:
    a = w.pick(*[floating][: not w.chance(0.15)])
    if a is None:
        return None
    name = w.one_of(["-", "-", "abs"]) if w.chance(0.1) else w.one_of(UNARY)
    if name == "abs" and bool((w.names[a] != w.names[a]).any()):
        name = "neg"  # PyTorch's slope at nan is 0
    if name == "-" or (name == "abs" and w.chance(0.3)):
        return f"{w.new()} = {name}({a})"
    return f"{w.new()} = {call(w, name, a)}"


def binary(w: Writer) -> str | None:
    a = w.pick()
    b = None if a is None else w.partner(a)
    if b is None:
        return None
    if w.chance(0.7):
        return f"{w.new()} = {a} {w.one_of(SIGNS)} {b}"
    word = w.one_of(WORDS)
    options = (
        [f"alpha={w.one_of([2, 0.5, -1])}"] if word in ("add", "sub") and w.chance(0.3) else []
    )
    return f"{w.new()} = {call(w, word, a, b, *options)}"


def with_number(w: Writer) -> str | None:
    a = w.pick()
    if a is None:
        return None
    if w.chance(0.2):
        return f"{w.new()} = {call(w, w.one_of(WORDS[:4]), a, w.scalar())}"
    pair = [a, w.scalar()] if w.chance(0.6) else [w.scalar(), a]
    return f"{w.new()} = {pair[0]} {w.one_of(SIGNS)} {pair[1]}"


def power(w: Writer) -> str | None:
    a = w.pick(floating)
    if a is None:
        return None
    exponent = w.one_of(["2", "2", "3", "0", "1", "0.5", "-1", "2.0", "-2", "1.5"])
    if exponent == "0.5" and bool((w.names[a] == -math.inf).any()):
        exponent = "2"  # PyTorch's root of -inf has the slope nan, which in the limit is 0
    x = w.names[a]
    if exponent == "0.5" and bool(((x == 0) & x.signbit()).any()):
        exponent = "2"  # its slope at -0.0 is that of sqrt in PyTorch, -inf
    b = w.partner(a)
    way = w.one_of(["sign", "sign", "word", "left", "both"])
    if way == "both" and b is not None and bool((w.names[b] != 0).all()):
        # PyTorch's slope is 0 where the exponent is, and so are its derivatives, wrongly.
        return f"{w.new()} = ({a} * {a} + 0.5) ** {b}"
    if way == "left":
        # Second derivatives of 0 ** x are nan in PyTorch.
        bases = [2, 0.5, 3.0, 1] + ([] if w.names[a].requires_grad else [0])
        return f"{w.new()} = {w.one_of(bases)} ** {a}"
    return f"{w.new()} = " + (
        f"{a} ** {exponent}" if way == "sign" else call(w, "pow", a, exponent)
    )


def product(w: Writer) -> str | None:
    a = w.pick(lambda x: x.ndim > 0, floating)
    if a is None:
        return None
    shape = w.names[a].shape
    inner = shape[-1] if len(shape) else 0
    b = w.pick(lambda x: x.ndim > 0 and x.shape[-2:][0] == inner and x.ndim <= 2, floating)
    if b is None:
        b = f"{a}.t()"
    if not all(finite(w.names[n]) for n in (a, b) if n in w.names):
        return None  # 0 * nan is nan for one BLAS, and passed over by another
    rank = w.names[b].ndim if b in w.names else 2
    exact = {(1, 1): "dot", (2, 1): "mv", (2, 2): "mm"}.get((len(shape), rank), "matmul")
    if w.chance(0.6):
        return f"{w.new()} = {a} @ {b}"
    return f"{w.new()} = {call(w, w.one_of(['matmul', exact]), a, b)}"


def bounded(w: Writer) -> str | None:
    a = w.pick()
    if a is None:
        return None
    if w.chance(0.5):
        low, high = sorted([w.one_of(TAME), w.one_of(TAME)])
        bounds = w.one_of([f"{low}, {high}", f"min={low}", f"max={high}", f"{low}", f"0, {high}"])
        return f"{w.new()} = {call(w, 'clamp', a, bounds)}"
    b = w.partner(a) if w.chance(0.6) else w.number()
    if b is None:
        return None
    test = w.pick(truth, lambda x: fits(x.shape, w.names[a].shape)) if w.chance(0.3) else None
    test = test or f"{a} {w.one_of(ORDERS)} {w.number()}"
    pair = [a, b] if w.chance(0.7) else [b, a]
    return f"{w.new()} = torch.where({test}, {pair[0]}, {pair[1]})"


def compared(w: Writer) -> str | None:
    a = w.pick()
    if a is None:
        return None
    b = (w.partner(a) if w.chance(0.4) else None) or w.scalar()
    if w.chance(0.7):
        return f"{w.new()} = {a} {w.one_of(ORDERS)} {b}"
    return f"{w.new()} = {call(w, w.one_of(['eq', 'ne', 'lt', 'le', 'gt', 'ge']), a, b)}"


# -------------------------------------------------------------------------- reductions and shapes


def reduction(w: Writer) -> str | None:
    a = w.pick()
    if a is None:
        return None
    name = w.one_of(["sum", "sum", "sum", "mean", "mean", "max", "min", "prod", "argmax", "argmin"])
    x = w.names[a]
    if name == "prod" and (1 in x.shape or not x.ndim):
        name = "sum"  # PyTorch's derivative of a product of one number 0 forgets the number
    if w.chance(0.4):
        return f"{w.new()} = {call(w, name, a)}"
    axes = str(w.axis(x)) if w.chance(0.85) or name not in ("sum", "mean") else "(0, 1)"
    options = [axes if w.chance(0.6) else f"dim={axes}"]
    options += ["keepdim=True"] if w.chance(0.3) else []
    if name in ("max", "min"):
        if w.chance(0.5):
            return f"{w.new()} = {call(w, name, a, *options)}" + w.one_of([".values", "[0]", ""])
        first = w.new()
        second = next(n for n in NAMES if n not in w.names and n != first)
        return f"{first}, {second} = {call(w, name, a, *options)}"
    return f"{w.new()} = {call(w, name, a, *options)}"


def factors(w: Writer, size: int) -> str:
    pairs = [(k, size // k) for k in range(1, size + 1) if size % k == 0] or [(0, 2)]
    m, n = w.one_of(pairs)
    if w.chance(MISTAKE):
        return w.one_of(["4, 5", "-1, -1", "7, -1", "0, -1"])
    return w.one_of([f"{m}, {n}", f"({m}, {n})", f"{m}, -1", "-1", f"-1, {n}", f"{m}, 1, {n}"])


def reshaped(w: Writer) -> str | None:
    a = w.pick()
    if a is None:
        return None
    x = w.names[a]
    i, j = w.axis(x), w.axis(x)
    into = factors(w, x.numel())
    how = [f"{a}.view({into})", f"{a}.reshape({into})", call(w, "transpose", a, str(i), str(j))]
    how += [call(w, "squeeze", a), call(w, "squeeze", a, str(i)), call(w, "flatten", a)]
    how += [call(w, "unsqueeze", a, str(w.one_of([0, 0, -1, 1]))), f"{a}.detach()"]
    if x.ndim <= 2 or w.chance(0.3):
        # What a product keeps of a vector's t() made under no_grad, PyTorch frees only later.
        how += [call(w, "t" if x.ndim == 2 or not x.requires_grad else "clone", a)] * 2
    if x.ndim == 2 or w.chance(0.1):
        how += [f"{a}.T"] * 2
    return f"{w.new()} = {w.one_of(how)}"


def joined(w: Writer) -> str | None:
    a = w.pick(lambda x: x.ndim > 0)
    if a is None:
        return None
    name = w.one_of(["cat", "stack"])
    shape = w.names[a].shape
    if shape == (0,):
        name = "stack"  # cat passes such over, and their gradients are not recorded in PyTorch
    b = w.pick(lambda x: x.shape == shape, *[floating][: not w.chance(0.2)])
    if b is None:
        return None
    several = w.one_of([f"[{a}, {b}]", f"({a}, {b})", f"[{a}, {b}, {a}]", f"[{a}]"])
    where = w.options((str(w.axis(w.names[a])), 0.3), (f"dim={w.one_of([0, 0, 1])}", 0.2))
    return f"{w.new()} = torch.{name}({several}{where})"
