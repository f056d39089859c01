"""Statements that read and write parts of a tensor: indices, assignments, in-place methods."""

from __future__ import annotations

from tests.torch.writer import MISTAKE, Writer, fits, floating, repeats, truth, wanted


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
    if "None" in ", ".join(parts) or "..." in parts:  # the lists belong to other dimensions then
        parts = [part for part in parts if not part.startswith("[")] or ["..."]
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
    if a is None or repeats(w.names[a]):
        return None
    right = b = w.pick() if w.chance(0.35) else None
    target = f"{a}[{index(w, a)}]"
    if b is None:
        right = w.scalar()
    elif w.chance(0.4):
        right = w.one_of([f"{a}[{index(w, a)}].clone()", f"{b}.sum()", f"{b}[0].clone()"])
    elif mingled(w, a, b, target):
        target = w.one_of([f"{a}[:]", f"{a}[...]"]) if a == b else f"{a}.detach().clone()[0]"
    if not floating(w.names[a]) and any(wanted(w.names[n]) for n in (a, b) if n):
        right = w.scalar()  # PyTorch lets whole numbers require a gradient then, which then fails
    x = w.names[a]
    if b and wanted(w.names[b]) and x._is_view() and not x.requires_grad:
        right = w.scalar()  # `v[:] += b` writes twice: PyTorch sees no history the second time
    return guarded(w, a, f"{target} {w.one_of(['=', '=', '=', '+=', '*=', '-='])} {right}")


def in_place(w: Writer) -> str | None:
    a = w.pick(*[floating][: not w.chance(0.1)])
    if a is None or repeats(w.names[a]):
        return None
    views = [f"{a}[{index(w, a)}]", f"{a}.view(-1)", f"{a}.t()", f"{a}.detach()", f"{a}.data"]
    target = w.one_of(views) if w.chance(0.25) else a
    b = value_for(w, a, target)
    how = [f"{target}.{w.one_of(['add', 'sub', 'mul', 'div', 'mul', 'add'])}_({b})"] * 3
    how += [f"{target}.zero_()", f"{target}.fill_({w.scalar()})", f"{target}.add_({b}, alpha=2)"]
    if target == a or not target.endswith(")"):
        how += [f"{target} {w.one_of(['+=', '-=', '*=', '/='])} {b}"] * 4
    return guarded(w, a, w.one_of(how))
