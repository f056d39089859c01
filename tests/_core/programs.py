"""Random programs that make arrays, view them and write into them, as text.

Each statement is tried on plain NumPy while the program is made, so that shapes fit and numbers
stay small. A program may end with a statement that NumPy refuses.
"""

from __future__ import annotations

import copy
import random
import warnings
from typing import Any

import numpy as np

__all__ = ["Maker", "program"]

MADE = [  # by chainrule.numpy: plain NumPy's cannot take recorded values
    "np.zeros({shape})", "np.ones({shape})", "np.full({shape}, 0.5)", "np.full({shape}, {number})",
    "np.array({nested})", "np.asarray({nested})", "np.zeros_like({any})", "np.ones_like({any})",
    "np.full_like({any}, 0.3)", "np.full_like({any}, {number})", "np.eye({n})",
    "np.linspace(-1.0, 1.0, {n})", "np.zeros({shape}) + 0.25", "np.arange({n}.0) * 0.5",
    "np.sin(np.ones({shape}))", "np.zeros({shape}).T", "np.array({any}, copy=True)",
    "np.identity({n})", "np.tile(np.ones({n}), 2)", "np.stack([np.zeros(3), np.ones(3)])",
]  # fmt: skip
DERIVED = [  # copies and results
    "x * 0.5", "np.sin(x)", "x.copy()", "np.copy({any})", "{any}.copy()", "np.cos({any})",
    "{any} * {number}", "{any} + {any}", "{any}.flatten()", "np.array({any})", "+{any}",
    "np.roll({any}, 1)", "np.concatenate([{any}, {any}])", "np.tanh({any})[::-1]", "-{any}",
    "np.outer({any}, x)", "np.where({any} > 0.1, {any}, 0.2)", "np.sort({any})", "{any}.cumsum()",
    "np.zeros_like({any}) + {any}", "{any} - {any}", "np.triu({any})", "np.stack([{any}, {any}])",
    "copy.deepcopy({any})", "copy.copy({any})", "{any} ** 2", "2.0 * {any}", "np.abs({any})",
]  # fmt: skip
VIEWS = [
    "{any}", "{any}", "{item}", "{item}", "{item}", "{any}.T", "np.transpose({any})",
    "{any}.reshape(-1)",
    "np.reshape({any}, (-1, 1))", "{any}.ravel()", "np.ravel({any})", "{any}.real",
    "np.real({any})", "np.diagonal({any})", "{any}.diagonal()", "np.swapaxes({any}, 0, -1)",
    "{any}.swapaxes(0, -1)", "np.broadcast_to({any}, (2, *{any}.shape))", "np.split({any}, 2)[0]",
    "np.array_split({any}, 2)[1]", "np.atleast_2d({any})", "np.squeeze({any})", "{any}[..., None]",
    "np.expand_dims({any}, 0)", "np.flip({any})", "np.flipud({any})", "np.rot90({any})",
    "np.moveaxis({any}, 0, -1)", "{any}.view()", "{any}[()]", "{any}[...]", "np.asarray({any})",
    "np.atleast_1d({any})", "np.array({any}, copy=None)", "np.asanyarray({any})",
    "np.ascontiguousarray({any})", "np.matrix_transpose({any})", "{any}.mT", "np.diag({any})",
    "np.einsum('ii->i', {any})", "np.einsum('ij->ji', {any})", "np.ravel({any}, order='F')",
    "{any}.reshape({any}.shape)", "np.broadcast_arrays({any}, 0.5)[0]", "list({any})[-1]",
    "[row for row in {any}][0]", "np.nan_to_num({any}, copy=False)", "next(iter({any}))",
    "{any}.squeeze()", "np.vsplit({any}, 2)[1]", "np.rollaxis({any}, -1)", "np.conj({any})",
    "np.require({any})", "np.array_split({any}, 3)[-1]", "{any}.astype(float, copy=False)",
    "np.trim_zeros({any})", "np.positive({any})", "{any}.conj()", "np.real_if_close({any})",
    "np.pad({any}, 0)", "np.delete({any}, [])", "np.clip({any}, None, 9.0)",
]  # fmt: skip
WRITES = [
    "{item} = {value}", "{item} = {value}", "{item} = {value}", "{item} {op} {value}",
    "{item} {op} {value}", "{any} {op} {value}", "{any} {op} {value}", "{any}.T[0] = {value}",
    "{any}.T[{i}] {op} {value}", "{any}[...] = {value}", "{any}[:] = {value}",
    "{any}.flat[{i}] = {value}", "{any}.flat[1:3] = np.copy({value})",
    "{any}.flat = np.copy({value})",
    "{any}.real = {value}", "{any}.reshape(-1)[{i}] = {value}", "{any}.ravel()[::2] {op} {value}",
    "np.add.at({any}, [0, 0, -1], {value})", "np.subtract.at({any}, {i}, {value})",
    "np.multiply.at({any}, [0, 1, 0], {number})", "np.put({any}, [0, 2, 0], {value})",
    "{any}.put([1, -1], {value})", "np.place({any}, {any} > 0.2, [{number}, 0.1])",
    "np.putmask({any}, {any} > 0.2, {value})", "np.copyto({any}, {value})",
    "np.copyto({item}, {value})", "np.copyto({any}, {value}, where={any} > 0.3)",
    "np.fill_diagonal({any}, {value})", "{any}.fill({number})", "{any}.sort()",
    "np.put_along_axis({any}, np.argmax({any}, axis=0, keepdims=True), {value}, axis=0)",
    "{any}.sort(axis=0)", "{any}.partition(1)", "{item}.sort()",
    "{any}[1:].fill({number})",
    "{any}[0], {any}[1] = {any}[1], {any}[0]", "{any}[[0, 1]] = {any}[[1, 0]]",
    "{any}[:-1] = {any}[1:]", "{any}[1:] += {any}[:-1]", "{any}[::-1] -= {any} * 0.5",
    "{any}[{any} > 0.2] = {value}", "{any}[{any} < 0.5] *= 0.5", "{any}[{any} > 0] {op} {value}",
    "np.sin({any}, out={any})", "np.add({any}, {value}, out={any})", "np.negative({any}, {any})",
    "np.multiply({any}, {value}, out={item})", "np.sum({any}, axis=0, out={any})",
    "np.clip({any}, -0.5, 0.6, out={any})", "{any}.clip(-0.5, 0.6, out={any})",
    "np.dot({any}, {any}, out={any})",
    "np.concatenate([{any}, {any}], out={any})",
    "np.matmul({any}, {any}, out={any})", "{any}.mean(axis=0, out={any})",
    "np.nan_to_num({any}, copy=False)", "for row in {any}: row {op} {value}",
    "for i in range(len({any})): {any}[i] = {value}", "for i in range(2): {any}[i] {op} x[i]",
    "for row in {any}: row[0] = {number}", "for r, s in zip({any}, {any}): r += s",
    "for i, r in enumerate({any}): r[...] = {any}[-1] * 0.5", "bump({any}, {value})",
    "bump({item}, {value})", "{new} = bump({any}, {number})", "half({any})", "{new} = half({item})",
    "rows = list({any}); rows[0] += {value}", "p, q = {any}; p += q; q *= 0.5",
    "*_, p = {any}; p[...] = {value}", "{any}, {any} = {any}, {any}", "del {any}",
    "{any}.resize({shape})", "{any}.shape = {shape}",
    "np.put({any}, {i}, {value}, mode='wrap')", "for v in {any}.flat: {any}[0] += v * 0.1",
    "{any}.imag = {value}", "np.einsum('ii->i', {any})[...] = {value}",
    "for i in np.ndindex({any}.shape): {any}[i] = {any}[i] * {number}",
    "for i, v in np.ndenumerate({any}): {any}[i] = v * {number}",
    "{any}.__setitem__(0, {value})", "{item}[...] = {value}", "{any}[0][1] = {value}",
    "{any}[0][::-1] {op} {value}", "{any}[True] = {value}", "{any}[np.array({i})] = {value}",
    "{any}[np.ix_([0, 1], [1, 0])] = {value}", "{any}[-1, ...] {op} {value}",
]  # fmt: skip
BLIND = [  # of plain NumPy: they cannot see values
    "array(",
    "np.require(",
    "ndenumerate",
    "copy([",
    "copy((",
]  # of plain NumPy: they cannot see values
OPERATORS = ["+=", "-=", "*=", "+=", "-=", "*=", "/=", "**=", "@=", "//=", "%="]
NUMBERS = [
    "x[0]", "x[-1] * 0.5", "0.7", "-0.3", "np.sum(x)", "x[1] ** 2", "1", "np.sum({any}) * 0.1",
    "{any}[0]", "np.sin(x[0] * x[1])", "float(2)", "np.float64(0.4)", "x.sum() * 0.3",
    "np.max({any})", "np.array(0.2)", "np.exp({any}[-1])",
]  # fmt: skip
VALUES = [
    "{number}", "{number}", "{any}", "{any}[::-1]", "np.sin({any})", "{any} * {any}", "{item}",
    "[x[0], 0.5]", "[x[1], x[2] * x[0], 0.1]", "{item} * x[0]", "{any} + 0.1", "x", "x * 0.5",
    "{any}.T", "np.zeros(3)", "(x[0], x[1])", "[[x[0]], [0.3]]", "{any}[0] * {any}[-1]",
    "2.0 + np.cos({any})", "np.full(3, 0.9)", "{item}[::-1]", "0.5", "np.array([0.1, 0.2, 0.3])",
]  # fmt: skip
PLACES = [
    "0", "-1", "1", ":", "::-1", "::-2", "1:", ":-1", "...", "None", "[0, 1]", "[1, 0, 1]", "[-1]",
    "np.array([0, 1, 1])", "0:0", "[True, False]", "[True, False, True]", "1:2", "()", "[]",
]  # fmt: skip
SHAPES = ["3", "(2, 3)", "(3, 3)", "(2, 2)", "(3,)", "(2, 1)", "(1, 3)", "4", "(2, 3, 2)", "(6,)"]
HELPERS = """\
def bump(m, v):
    m[0] = v
    m *= 0.5
    return m
def half(m):
    w = m[: len(m) // 2 + 1]
    w -= 0.25
    return m
"""
LARGE = 50.0


class Maker:
    """A program in the making: its lines, and what plain NumPy has after them.

    `refused` is the error of the last line, if that is one that NumPy refuses. A program is `void`
    where numbers became too large, or arrays of another kind or too long.
    """

    def __init__(self, seed: int, constants: bool) -> None:
        self.draw = random.Random(seed)
        self.constants = constants
        self.lines: list[str] = []
        self.refused: Exception | None = None
        self.space: dict[str, Any] = {"np": np, "copy": copy}
        exec(HELPERS, self.space)  # noqa: S102
        self.space["x"] = np.array([0.37, -0.81, 0.59])
        self.void = False

    def names(self) -> list[str]:
        return [k for k, v in self.space.items() if isinstance(v, np.ndarray) and len(k) < 3]

    def filled(self, text: str) -> str:
        while (start := text.find("{")) >= 0:
            end = text.index("}", start)
            text = text[:start] + self.piece(text[start + 1 : end]) + text[end + 1 :]
        return text

    def piece(self, kind: str) -> str:
        pick = self.draw.choice
        if kind == "any":
            known = self.names()
            return pick([name for name in known if name != "x"] * 3 + ["x"])
        if kind == "item":
            name = self.piece("any")
            count = self.draw.randint(1, max(1, min(3, np.ndim(self.space[name]))))
            return f"{name}[{', '.join(pick(PLACES) for _ in range(count))}]"
        if kind == "new":
            return pick("ABCDE")
        if kind == "n":
            return pick("23")
        if kind == "i":
            return pick(["0", "1", "-1", "2"])
        if kind == "nested":
            return pick(["[0.1, {number}, {number}]", "[[{number}, 0.2], [0.3, {number}]]",
                         "[0.1, 0.2, 0.3]", "[x, {any}]", "[x, [0.1, 0.2, {number}]]"])  # fmt: skip
        if kind == "shape":
            return pick(SHAPES)
        return pick({"number": NUMBERS, "value": VALUES, "op": OPERATORS}[kind])

    def statement(self) -> str:
        kind = self.draw.random()
        if len(self.names()) < 3 or kind < 0.12:
            made = DERIVED + (MADE * 2 if self.constants else [])
            return self.filled("{new} = " + self.draw.choice(made))
        if kind < 0.35:
            return self.filled("{new} = " + self.draw.choice(VIEWS))
        return self.filled(self.draw.choice(WRITES))

    def step(self, may_end: bool) -> bool:
        """Add a statement that NumPy runs; say False where the program ends."""
        for _ in range(50):
            line = self.statement()
            if line == "del x" or (not self.constants and any(name in line for name in BLIND)):
                continue
            before = {k: np.array(self.space[k]) for k in self.names()}
            same = dict(self.space)
            with np.errstate(all="raise"):
                try:
                    exec(line, self.space)  # noqa: S102
                except FloatingPointError:
                    self.void = True
                    return False
                except Exception as error:
                    self.space = same
                    changed = any(
                        not np.array_equal(before[k], same[k], equal_nan=True) for k in before
                    )
                    if changed or (may_end and self.draw.random() < 0.15):
                        self.lines.append(line)
                        self.refused = error
                        return False
                    continue
            if self.dull():
                self.void = True
                return False
            self.lines.append(line)
            return True
        return False

    def dull(self) -> bool:
        for name in self.names():
            v = self.space[name]
            if v.dtype != float or v.size > 40 or v.ndim > 4:
                return True
            if v.size and not np.max(np.abs(v)) < LARGE:
                return True
        return False

    def text(self) -> str:
        body = "".join(f"    {line}\n" for line in self.lines)
        total = " + ".join(f"weighed({name})" for name in sorted(self.names()))
        return f"{HELPERS}def f(x):\n{body}    return {total}\n"


def program(seed: int, constants: bool = True) -> Maker:
    """Return a random program of 3 to 12 statements."""
    maker = Maker(seed, constants)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what newer or older releases would rather not do
        for k in range(maker.draw.randint(3, 12)):
            if not maker.step(k > 2):
                break
    return maker
