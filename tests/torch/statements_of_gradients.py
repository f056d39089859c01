"""Statements about gradients: what wants one, hooks, backward passes, grad of grad."""

from __future__ import annotations

from tests.torch.writer import MISTAKE, NAMES, Writer, floating, recorded, wanted


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
    # A node that was recorded before would see the new numbers in PyTorch, and the old ones here.
    if w.chance(0.3) and not any(recorded(w.names[name]) for name in w.tensors()):
        how += [f"{a}.data = {like or a}"]
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
    # A product of more than matrices is two nodes in PyTorch, of which the last saves nothing.
    known = [n for n in leaves(w, y) if "UnsafeView" not in str(w.names[n].grad_fn)]
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
