"""What a generated program may say: statements that mostly fit the tensors there are.

A `Writer` looks at the variables of the program so far, as PyTorch has them, and writes the next
line. Each function below writes one kind of statement; it returns None where nothing fits. A few
choices in a hundred are mistakes on purpose: a tensor of another shape, an axis that is not there.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from types import ModuleType
from typing import Any

TAME = [quarter / 4 for quarter in range(-12, 13)] + [0.0] * 3 + [1.0] * 3
NAMES = "abcdefghjkmnpqrstuvwxyz"
UNARY = ["exp", "log", "sqrt", "abs", "sin", "cos", "tanh", "sigmoid", "relu", "square", "neg"]
UNARY += ["sign", "clone", "exp", "sigmoid", "tanh", "square"]
SIGNS = ["+", "-", "*", "/", "*", "+"]
WORDS = ["add", "sub", "mul", "div", "maximum", "minimum"]
ORDERS = ["==", "!=", "<", "<=", ">", ">="]
MISTAKE = 0.05
MODES = ["with torch.no_grad(): "] * 3
MODES += ["with torch.set_grad_enabled(False): ", "with torch.enable_grad(): "]

Test = Callable[[Any], bool]


def floating(x: Any) -> bool:
    return bool(x.dtype.is_floating_point)


def wanted(x: Any) -> bool:
    return bool(x.requires_grad)


def recorded(x: Any) -> bool:
    return bool(x.requires_grad and not x.is_leaf)


def whole(x: Any) -> bool:
    return str(x.dtype) == "torch.int64"


def truth(x: Any) -> bool:
    return str(x.dtype) == "torch.bool"


def fits(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    """Whether the two shapes broadcast."""
    return all(m == n or 1 in (m, n) for m, n in zip(a[::-1], b[::-1], strict=False))


class Writer:
    """A random source together with the variables that a program has so far."""

    def __init__(self, random: Random, torch: ModuleType, names: dict[str, Any]) -> None:
        self.random, self.torch, self.names = random, torch, names
        sizes = [self.one_of([1, 2, 2, 3, 3, 4]) for _ in range(2)]
        m, n = sizes
        self.shapes: list[tuple[int, ...]] = [(), (n,), (m, n), (n,), (m, n), (n, m), (m, 1)]
        self.shapes += [(1, n), (n, n), (m,), (1,), (2, m, n), self.one_of([(0,), (0, n), (1, 1)])]

    # -------------------------------------------------------------------------------- chances

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def one_of(self, choices: Any) -> Any:
        return choices[self.random.randrange(len(choices))]

    # ------------------------------------------------------------------------------- variables

    def tensors(self) -> list[str]:
        return [name for name, value in self.names.items() if isinstance(value, self.torch.Tensor)]

    def pick(self, *tests: Test) -> str | None:
        """The name of a tensor that passes the tests, mostly one of the last made."""
        names = self.tensors()
        if not self.chance(MISTAKE):
            names = [name for name in names if all(test(self.names[name]) for test in tests)]
        if not names:
            return None
        return self.one_of(names[-3:] if self.chance(0.6) else names)

    def partner(self, a: str, *tests: Test) -> str | None:
        """A tensor that broadcasts with `a`, `a` itself now and then."""
        shape = self.names[a].shape
        return self.pick(lambda x: fits(shape, x.shape), *tests)

    def new(self) -> str:
        """A name for a result: mostly one that is free."""
        free = [name for name in NAMES if name not in self.names]
        taken = self.tensors()
        return self.one_of(taken) if taken and self.chance(0.1) else free[0]

    # --------------------------------------------------------------------------------- numbers

    def number(self, kind: str = "float") -> str:
        if kind == "bool":
            return self.one_of(["True", "False"])
        if kind == "int":
            return str(self.one_of(range(-3, 4)))
        return repr(self.one_of(TAME))

    def scalar(self) -> str:
        return self.number(self.one_of(["float", "float", "float", "int", "int", "bool"]))

    def literal(self, shape: tuple[int, ...], kind: str = "float") -> str:
        if not shape:
            return self.number(kind)
        return "[" + ", ".join(self.literal(shape[1:], kind) for _ in range(shape[0])) + "]"

    def axis(self, x: Any) -> int:
        rank = 2 if self.chance(MISTAKE) else x.ndim
        return self.one_of(range(-rank, rank)) if rank else self.one_of([0, -1])

    def options(self, *choices: tuple[str, float]) -> str:
        """Of the options, each with its chance, what is drawn, as the end of a call's arguments."""
        return "".join(f", {text}" for text, share in choices if self.chance(share))


def call(w: Writer, name: str, *arguments: str) -> str:
    """A function of torch's, spelled as a function or as a method."""
    if w.chance(0.5):
        return f"torch.{name}({', '.join(arguments)})"
    return f"{arguments[0]}.{name}({', '.join(arguments[1:])})"


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
    if w.chance(0.1):
        return f"{w.new()} = {w.one_of(['-', '-', 'abs'])}({a})"
    return f"{w.new()} = {call(w, w.one_of(UNARY), a)}"


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
    b = w.partner(a)
    way = w.one_of(["sign", "sign", "word", "left", "both"])
    if way == "both" and b is not None:
        return f"{w.new()} = ({a} * {a} + 0.5) ** {b}"
    if way == "left":
        return f"{w.new()} = {w.one_of([2, 0.5, 3.0, 1, 0])} ** {a}"
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
        how += [call(w, "t", a)] * 2
    if x.ndim == 2 or w.chance(0.1):
        how += [f"{a}.T"] * 2
    return f"{w.new()} = {w.one_of(how)}"


def joined(w: Writer) -> str | None:
    a = w.pick(lambda x: x.ndim > 0)
    if a is None:
        return None
    name = w.one_of(["cat", "stack"])
    shape = w.names[a].shape
    b = w.pick(lambda x: x.shape == shape, *[floating][: not w.chance(0.2)])
    if b is None:
        return None
    several = w.one_of([f"[{a}, {b}]", f"({a}, {b})", f"[{a}, {b}, {a}]", f"[{a}]"])
    where = w.options((str(w.axis(w.names[a])), 0.3), (f"dim={w.one_of([0, 0, 1])}", 0.2))
    return f"{w.new()} = torch.{name}({several}{where})"


# -------------------------------------------------------------------------- indexing and writing


def index(w: Writer, a: str) -> str:
    x = w.names[a]
    masks = [n for n in w.tensors() if truth(w.names[n]) and w.names[n].shape == x.shape]
    if w.chance(0.15) or x.ndim == 0:
        return w.one_of([*masks, f"{a} > 0", f"{a} <= {w.number()}", "None", "...", "()"])
    parts = []
    for size in x.shape[: w.one_of(range(1, x.ndim + 1))]:
        last = size if w.chance(MISTAKE) else max(size - 1, 0)
        parts += w.one_of(
            [
                [str(w.one_of(range(-max(size, 1), last + 1)))],
                [str(w.one_of(range(last + 1)))],
                [w.one_of([":", "1:", ":1", "::2", ":-1", "-1:", "0:2"])],
                [w.one_of([":", "1:", ":2"])],
                # Several, one of them out of range: PyTorch writes to the others before it raises.
                [str([w.one_of(range(size or 1)) for _ in range(w.one_of([1, 2, 3]))])],
                [w.one_of(["...", ":", "None", "None, 0", f"torch.tensor([{last}])", "[0]"])],
            ]
        )
    return ", ".join(parts)


def indexed(w: Writer) -> str | None:
    a = w.pick(*[lambda x: x.ndim > 0][: not w.chance(0.1)])
    return a and f"{w.new()} = {a}[{index(w, a)}]"


def guarded(w: Writer, a: str, statement: str) -> str:
    """The statement, under no_grad more often where the tensor is a leaf that wants a gradient."""
    x = w.names[a]
    share = 0.7 if x.requires_grad and x.is_leaf else 0.12
    return f"with torch.no_grad(): {statement}" if w.chance(share) else statement


def mingled(w: Writer, a: str, b: str, target: str) -> bool:
    """Whether what is read and written share memory in a way that PyTorch lets pass unseen.

    It refuses two dense tensors that overlap; of others, the numbers depend on the order of work.
    """
    x, y = w.names[a], w.names[b]
    shared = x.untyped_storage().data_ptr() == y.untyped_storage().data_ptr()
    return shared and ("[" in target or not (x.is_contiguous() and y.is_contiguous()))


def value_for(w: Writer, a: str, target: str) -> str:
    b = w.pick(lambda x: fits(w.names[a].shape, x.shape) and x.ndim <= w.names[a].ndim)
    return w.scalar() if b is None or w.chance(0.5) or mingled(w, a, b, target) else b


def assigned(w: Writer) -> str | None:
    a = w.pick(*[lambda x: x.ndim > 0][: not w.chance(0.1)])
    if a is None:
        return None
    right = b = w.pick() if w.chance(0.35) else None
    target = f"{a}[{index(w, a)}]"
    if b is None:
        right = w.scalar()
    elif w.chance(0.4):
        right = w.one_of([f"{a}[{index(w, a)}].clone()", f"{b}.sum()", f"{b}[0].clone()"])
    elif mingled(w, a, b, target):
        target = w.one_of([f"{a}[:]", f"{a}[...]"]) if a == b else f"{a}.detach().clone()[0]"
    return guarded(w, a, f"{target} {w.one_of(['=', '=', '=', '+=', '*=', '-='])} {right}")


def in_place(w: Writer) -> str | None:
    a = w.pick(*[floating][: not w.chance(0.1)])
    if a is None:
        return None
    views = [f"{a}[{index(w, a)}]", f"{a}.view(-1)", f"{a}.t()", f"{a}.detach()", f"{a}.data"]
    target = w.one_of(views) if w.chance(0.25) else a
    b = value_for(w, a, target)
    how = [f"{target}.{w.one_of(['add', 'sub', 'mul', 'div', 'mul', 'add'])}_({b})"] * 3
    how += [f"{target}.zero_()", f"{target}.fill_({w.scalar()})", f"{target}.add_({b}, alpha=2)"]
    if target == a or not target.endswith(")"):
        how += [f"{target} {w.one_of(['+=', '-=', '*=', '/='])} {b}"] * 4
    return guarded(w, a, w.one_of(how))


# ------------------------------------------------------------------------------------- autograd


def flags(w: Writer) -> str | None:
    a = w.pick()
    if a is None:
        return None
    x = w.names[a]
    how = [f"{w.new()} = {a}.detach()", f"{w.new()} = {a}.data", f"{w.new()} = {a}.clone()"]
    how += [f"{w.new()} = {a}.detach().clone().requires_grad_()"]
    if floating(x) or w.chance(MISTAKE):
        how += [
            f"{a}.requires_grad_({w.one_of(['', 'True', 'False'])})",
            f"{a}.requires_grad = True",
        ]
    if wanted(x) or w.chance(MISTAKE):
        how += [f"{a}.retain_grad()"] * 2
    # PyTorch itself crashes where the base of a view was written to, and a hook comes next.
    if (wanted(x) or w.chance(MISTAKE)) and not (x._is_view() and x._base._version):
        how += [f"{a}.register_hook({hook})" for hook in ("seen.append", "lambda g: 2 * g")]
        how += [f"{a}.register_hook({hook})" for hook in ("lambda g: g * g", "lambda g: None")]
        how += [f"h = {a}.register_hook(lambda g: 3 * g)"]
        how += ["h.remove()"] * 4 if "h" in w.names else []
        how += [f"{a}.grad = {change(w, a)}"]
    if x.is_leaf and x.grad is not None:
        how += [f"{a}.grad.zero_()", f"{a}.grad = None", f"{w.new()} = {a}.grad"] * 2
        how += [
            f"{a}.data.sub_(0.5 * {a}.grad)",
            f"with torch.no_grad(): {a} -= 0.5 * {a}.grad",
        ] * 2
    like = w.pick(lambda y: y.shape == x.shape and y.dtype == x.dtype)
    how += [f"{a}.data = {like or a}"] if w.chance(0.3) else []
    return w.one_of(how)


def loop(w: Writer) -> str | None:
    a = w.pick(floating)
    if a is None:
        return None
    b = w.partner(a) or a
    rows = w.pick(lambda x: x.ndim > 0) or a
    how = [f"for _ in range(3): {a} = {a} * {w.number()} + {b}", f"{w.new()}, = {rows}"]
    how += [f"for v in {rows}: {a} = {a} {w.one_of('+-*')} v", f"for v in {rows}: v.mul_(2)"]
    how += [f"{w.new()}, {next(n for n in NAMES[1:] if n not in w.names)} = {rows}"]
    return w.one_of(how)


def leaves(w: Writer, y: str) -> list[str]:
    """The names of the tensors that `y` was computed from and that want a gradient."""
    node = w.names[y].grad_fn
    todo, seen = [node], {node}
    while todo:
        for before, _ in getattr(todo.pop(), "next_functions", ()):
            if before is not None and before not in seen:
                seen.add(before)
                todo.append(before)
    held = {id(getattr(node, "variable", None)) for node in seen}
    own = [n for n in w.tensors() if id(w.names[n]) in held]
    others = [n for n in w.tensors() if n != y and recorded(w.names[n])]
    return own + [n for n in others if w.names[n].grad_fn in seen]


def scalar_of(w: Writer, y: str) -> str:
    if w.names[y].numel() == 1 and w.chance(0.8):
        return y
    return w.one_of([f"{y}.sum()"] * 4 + [f"({y} * {y}).sum()", f"{y}.mean()", f"{y}.exp().sum()"])


def change(w: Writer, y: str) -> str:
    """A gradient to come back into `y` with."""
    shape = tuple(w.names[y].shape) if not w.chance(MISTAKE) else w.one_of(w.shapes)
    return w.one_of([f"torch.ones_like({y})", f"torch.tensor({w.literal(shape)})"])


def backward(w: Writer) -> str | None:
    y = w.pick(recorded) if w.chance(0.9) else w.pick(wanted)
    if y is None:
        return None
    how = w.options(("retain_graph=True", 0.35), ("create_graph=True", 0.1))
    known = leaves(w, y)
    if known and w.chance(0.15):
        how += f", inputs={w.one_of([w.one_of(known), f'[{w.one_of(known)}]'])}"
    if w.chance(0.35):
        given = change(w, y)
        given = given if w.chance(0.5) else f"gradient={given}"
        if w.chance(0.25):
            return f"torch.autograd.backward([{y}], [{change(w, y)}]{how})"
        return f"{y}.backward({given}{how})"
    target = y if w.chance(MISTAKE) else scalar_of(w, y)
    if w.chance(0.15):
        other = w.pick(recorded) or y
        return f"torch.autograd.backward([{target}, {scalar_of(w, other)}]{how})"
    return f"{target}.backward({how[2:]})"


def gradient(w: Writer) -> list[str] | None:
    y = w.pick(recorded)
    if y is None:
        return None
    known = leaves(w, y) or w.tensors()
    x = w.one_of(known) if not w.chance(0.15) else w.pick(wanted) or y
    how = w.options(("retain_graph=True", 0.25), ("allow_unused=True", 0.25))
    how += w.options(("materialize_grads=True", 0.04))
    g = next(n for n in NAMES if n not in w.names)
    if w.chance(0.3):
        first = f"{g}, = torch.autograd.grad({scalar_of(w, y)}, {x}, create_graph=True{how})"
        second = w.one_of(
            [
                f"{g}.sum().backward()",
                f"{w.new()} = torch.autograd.grad({g}.sum(), {w.one_of(known)}, allow_unused=True)",
                f"{w.new()} = torch.autograd.grad(({g} * {g}).sum(), {x})",
                f"({g} * {g} + {y}.sum()).sum().backward()",
            ]
        )
        return [first, second]
    more = w.one_of([x, f"[{x}]", f"[{x}, {w.one_of(known)}]", f"({x}, {w.one_of(known)})"])
    if w.chance(0.3):
        return [f"{g} = torch.autograd.grad({y}, {more}, {change(w, y)}{how})"]
    if w.chance(0.2):
        other = w.pick(recorded) or y
        outputs = f"[{scalar_of(w, y)}, {other}], {more}, grad_outputs=[None, {change(w, other)}]"
        return [f"{g} = torch.autograd.grad({outputs}{how})"]
    return [f"{g} = torch.autograd.grad({scalar_of(w, y)}, {more}{how})"]


# -------------------------------------------------------------------------------------- leaving


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
