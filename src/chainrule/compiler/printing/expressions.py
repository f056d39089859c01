"""The text of a call as NumPy has it: `X @ w`, `np.exp(z)`, `x[:, 0]`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from chainrule._core.pieces import gather
from chainrule._core.values import cast, take

from ..program import Call, Program, Var
from ..sizes import ROWS, Size

__all__ = ["Names", "Text", "call_text", "number_text"]

ATOM = 9
# NumPy's function -> its operator, and how tightly that binds
OPERATORS: dict[Any, tuple[str, int]] = {
    np.add: ("+", 5), np.subtract: ("-", 5), np.multiply: ("*", 6), np.divide: ("/", 6),
    np.matmul: ("@", 6), np.remainder: ("%", 6), np.floor_divide: ("//", 6), np.power: ("**", 8),
    np.less: ("<", 2), np.less_equal: ("<=", 2), np.greater: (">", 2), np.equal: ("==", 2),
    np.greater_equal: (">=", 2), np.not_equal: ("!=", 2),
}  # fmt: skip
SHAPED = {
    np.full: 0,
    np.broadcast_to: 1,
    np.reshape: 1,
    np.arange: 0,
    gather: 2,
}  # where the shape stands
# einsum of two operands as NumPy's faster products
PRODUCTS = {
    "a,a->": "{0} @ {1}", "ab,b->a": "{0} @ {1}", "a,ab->b": "{0} @ {1}",
    "ab,bc->ac": "{0} @ {1}", "ab,a->b": "{1} @ {0}", "b,ab->a": "{1} @ {0}",
    "ab,ac->bc": "{0}.T @ {1}", "ab,cb->ac": "{0} @ {1}.T", "ab,ca->cb": "{1} @ {0}",
    "ab,cb->ca": "{1} @ {0}.T", "ab,ac->cb": "{1}.T @ {0}", "ab,bc->ca": "({0} @ {1}).T",
    "abc,acd->abd": "{0} @ {1}", "abc,adc->abd": "{0} @ {1}.mT", "abc,abd->acd": "{0}.mT @ {1}",
    "ab,ca->bc": "({1} @ {0}).T", "a,b->ab": "np.outer({0}, {1})", "a,b->ba": "np.outer({1}, {0})",
}  # fmt: skip


class Text:
    """Source text, and how tightly its outermost operator binds."""

    __slots__ = ("binds", "text")

    def __init__(self, text: str, binds: int = ATOM) -> None:
        self.text, self.binds = text, binds

    def within(self, binds: int) -> str:
        return self.text if self.binds >= binds else f"({self.text})"


class Names:
    """What a printed module must import or be given beside its own text."""

    def __init__(self) -> None:
        self.imports: dict[str, None] = {"import numpy as np": None}
        self.given: dict[str, Any] = {}
        self.functions: dict[str, Any] = {}  # by the names that they are imported under

    def of(self, function: Callable[..., Any]) -> str:
        """Return the text by which a printed module calls `function`."""
        owner = getattr(function, "__self__", None)
        if isinstance(owner, np.ufunc):  # one of its methods
            return f"{self.of(owner)}.{function.__name__}"
        name = getattr(function, "__name__", "function")
        module = getattr(function, "__module__", None) or ("numpy" if hasattr(np, name) else "")
        if isinstance(function, np.ufunc) and getattr(np, name, None) is not function:
            module = "scipy.special"
        if module.startswith("numpy") and getattr(np, name, None) is function:
            return f"np.{name}"
        if module.startswith(("numpy.linalg", "numpy.fft")):
            return f"np.{module.split('.')[1]}.{name}"
        if importable(module, name, function):
            return self.imported(module, name, function)
        return self.give(name if name.isidentifier() else "function", function)

    def imported(self, module: str, name: str, function: Any) -> str:
        """Return the name of an import, which two functions of one name do not share."""
        free = name
        while self.functions.setdefault(free, function) is not function:
            free += "_"
        self.imports[f"from {module} import {name}{f' as {free}' if free != name else ''}"] = None
        return free

    def give(self, name: str, v: Any) -> str:
        """Return a name by which the module finds `v`, which has no text of its own."""
        free = name
        while free in self.given and self.given[free] is not v:
            free += "_"
        self.given[free] = v
        return free


def importable(module: str, name: str, function: Any) -> bool:
    return bool(module) and getattr(sys.modules.get(module), name, None) is function


def call_text(
    call: Call, value: Callable[[Var], Text], names: Names, rows: str = "n", out: str = ""
) -> Text:
    """Return the text of `call`.

    `rows` is the number of rows that its arrays have; `out` names an array that takes the result.
    """
    function, inputs = call.function, call.inputs

    def said(v: Any, shape: bool = False) -> Text:
        return literal(v, value, names, rows if shape else "n")

    if out:
        given = ", ".join(said(v).text for v in inputs)
        return Text(f"{names.of(function)}({given}, out={out})")
    if function in OPERATORS and len(inputs) == 2 and not call.options:
        symbol, binds = OPERATORS[function]
        a, b = said(inputs[0]), said(inputs[1])
        right = b.within(binds + 1)
        return Text(f"{a.within(binds + (symbol == '**'))} {symbol} {right}", binds)
    if function is np.negative and not call.options:
        return Text(f"-{said(inputs[0]).within(7)}", 6)
    if function is take and len(inputs) == 2:
        return Text(f"{said(inputs[0]).within(ATOM)}[{place_text(inputs[1], said)}]")
    if function is cast:
        x, dtype = inputs[0], np.dtype(inputs[1])
        if not x.shape:  # it may be one of Python's numbers
            return Text(f"np.{dtype.name}({said(x).text})")
        return Text(f"{said(x).within(ATOM)}.astype({str(dtype)!r})")
    if function is np.einsum and (product := PRODUCTS.get(relettered(inputs[0]))):
        text = product.format(*(said(v).within(ATOM) for v in inputs[1:]))
        return Text(text, ATOM if product.startswith(("np.", "(")) else 6)
    shape_at = SHAPED.get(function)
    parts = [said(v, k == shape_at).text for k, v in enumerate(inputs)]
    parts += [f"{name}={said(v).text}" for name, v in call.options.items()]
    return Text(f"{names.of(function)}({', '.join(parts)})")


def relettered(subscripts: str) -> str:
    """Return subscripts in the letters a, b, c, in order of their first use."""
    order = dict.fromkeys(c for c in subscripts if c.isalpha())
    table = {c: chr(ord("a") + k) for k, c in enumerate(order)}
    return "".join(table.get(c, c) for c in subscripts)


def place_text(at: Any, said: Callable[[Any], Text]) -> str:
    if type(at) is tuple and at:
        return ", ".join(place_text(p, said) for p in at) + ("," if len(at) == 1 else "")
    if type(at) is slice:
        bounds = ["" if p is None else said(p).text for p in (at.start, at.stop, at.step)]
        return ":".join(bounds if bounds[2] else bounds[:2])
    return said(at).text


def literal(v: Any, value: Callable[[Var], Text], names: Names, rows: str) -> Text:
    """Return the text of what a call is given."""
    kind = type(v)
    if kind is Var:
        return value(v)
    if kind is Size:
        text = rows if v == ROWS else repr(v)
        return Text(text, ATOM if text.isidentifier() else 5)
    if kind is tuple:
        items = [literal(w, value, names, rows).text for w in v]
        return Text(f"({', '.join(items)}{',' if len(v) == 1 else ''})")
    if kind is list:
        return Text(f"[{', '.join(literal(w, value, names, rows).text for w in v)}]")
    if kind is dict:
        items = [f"{k!r}: {literal(w, value, names, rows).text}" for k, w in v.items()]
        return Text(f"{{{', '.join(items)}}}")
    if kind is slice:
        bounds = [literal(p, value, names, rows).text for p in (v.start, v.stop, v.step)]
        return Text(f"slice({', '.join(bounds)})")
    if kind in (int, bool, str, type(None), type(...)):
        return Text(
            repr(v) if kind is not type(...) else "...", 7 if kind is int and v < 0 else ATOM
        )
    if kind is float or kind is complex:
        text = number_text(v)
        return Text(text, 7 if text.startswith("-") else ATOM)
    if isinstance(v, np.generic):
        return Text(f"np.{v.dtype.name}({number_text(v.item())})")
    if isinstance(v, np.dtype):
        return Text(repr(v.name))
    if isinstance(v, type) and issubclass(v, np.generic):
        return Text(f"np.{v.__name__}")
    if callable(v) and not isinstance(v, Program):
        return Text(names.of(v))
    return Text(names.give("given", v))


def number_text(v: Any) -> str:
    if isinstance(v, complex) or np.isfinite(v):
        return repr(v)
    return "np.nan" if np.isnan(v) else "np.inf" if v > 0 else "-np.inf"
