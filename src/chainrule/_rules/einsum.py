"""Einstein's summation: products of any number of arrays, summed over the letters they share."""

from __future__ import annotations

import string
from typing import Any

import numpy as np

from chainrule._core.batching import of_shapes
from chainrule._core.stating import constant, linear, spelled
from chainrule._core.traces import joined
from chainrule._core.values import dtype_of, ndim_of, shape_of

from .products import recast
from .rearranging import diagonal_of

__all__ = ["is_spelled"]

LETTERS = string.ascii_uppercase + string.ascii_lowercase  # in the order in which NumPy sorts them


def free_letters(text: str) -> list[str]:
    """Return the letters that `text` does not use, capitals first."""
    return [letter for letter in LETTERS if letter not in text]


def turned(g: Any, i: int, inputs: Any, optimize: Any = False) -> Any:
    """Exchange an operand and the output.

    A letter that is summed alone meets ones, a repeated one an identity.
    """
    text, out = inputs[0].split("->")
    terms = text.split(",")
    sizes: dict[str, int] = {}
    for term, v in zip(terms, inputs[1:], strict=True):
        for letter, n in zip(term, shape_of(v), strict=True):
            sizes[letter] = n if sizes.get(letter, 1) == 1 else sizes[letter]
    dtype = dtype_of(g)
    others = [(t, v) for k, (t, v) in enumerate(zip(terms, inputs[1:], strict=True)) if k != i - 1]
    # an axis of length 1 that an operand stretches along another's letter does not show its length
    seen = {c for c, n in zip(out, shape_of(g), strict=True) if n == sizes[c]}
    seen |= {c for t, v in others for c, n in zip(t, shape_of(v), strict=True) if n == sizes[c]}
    unused = iter(free_letters(text + out))
    into, extra = "", []
    for letter in terms[i - 1]:
        if letter in into:
            new = next(unused)
            extra.append((letter + new, np.eye(sizes[letter], dtype=dtype)))
        else:
            new = letter
            if letter not in seen:
                extra.append((letter, np.ones(sizes[letter], dtype)))
        into += new
    parts = [(out, g), *others, *extra]
    return np.einsum(
        ",".join(t for t, _ in parts) + "->" + into,
        *(v for _, v in parts),
        # a path was written for the operands as they stood
        optimize=optimize if isinstance(optimize, (bool, str)) else True,
    )


def einsum_batch(f: Any, values: Any, ranks: Any, size: int, options: dict[str, Any]) -> Any:
    text, out = values[0].split("->")
    batch = free_letters(text)[0]
    terms = [
        batch * (rank is not None) + term
        for term, rank in zip(text.split(","), ranks[1:], strict=True)
    ]
    return f(",".join(terms) + "->" + batch + out, *values[1:], **options)


def is_spelled(*inputs: Any, **options: Any) -> bool:
    """Say whether a call of einsum leaves something to be understood, or is a view of one array.

    No arrow, an ellipsis, spaces, lists of axes; axes that are put in order, or diagonals.
    """
    text = inputs[0]
    if not isinstance(text, str) or "->" not in text or "." in text or " " in text:
        return True
    return len(inputs) == 2 and gives_view(text, inputs[1])


def gives_view(text: str, x: Any) -> bool:
    term, _, out = text.partition("->")
    sizes = set(zip(term, shape_of(joined(x)), strict=False))
    return set(term) == set(out) and len(sizes) == len(out) == len(set(out))


def viewed(text: str, x: Any) -> Any:
    """Return the axes of one array in another order, and diagonals: to write to, as NumPy's are."""
    term, _, out = text.partition("->")
    for c in out:
        while term.count(c) > 1:
            i = term.index(c)
            j = term.index(c, i + 1)
            x = diagonal_of(x, (0, i, j))
            term = term[:i] + term[i + 1 : j] + term[j + 1 :] + c
    return np.transpose(x, [term.index(c) for c in out])


def einsum(
    *inputs: Any,
    optimize: Any = False,
    dtype: Any = None,
    order: str = "K",
    casting: str = "safe",
) -> Any:
    """Write a call of einsum out: letters for all axes, an arrow, and what comes after it."""
    text, operands = inputs[0], inputs[1:]
    if not isinstance(text, str):
        text, operands = lettered(inputs)
    text, operands = text.replace(" ", ""), tuple(map(joined, operands))
    left, arrow, out = text.partition("->")
    terms = left.split(",")
    if len(terms) != len(operands):
        raise ValueError(
            f"einsum was given {len(operands)} operands for the {len(terms)} of {text!r}."
        )
    free = free_letters(text)[::-1]
    rank = 0
    for k, (term, v) in enumerate(zip(terms, operands, strict=True)):
        if "..." in term:
            count = ndim_of(v) - len(term) + 3
            rank = max(rank, count)
            terms[k] = term.replace("...", "".join(free[:count][::-1]))
        if len(terms[k]) != ndim_of(v):
            raise ValueError(
                f"einsum reads {term!r} for an operand of shape {shape_of(v)}, which has "
                f"{ndim_of(v)} axes."
            )
    ellipsis = "".join(free[:rank][::-1])
    letters = "".join(terms)
    if not arrow:
        out = ellipsis + "".join(
            sorted(c for c in set(letters) - set(ellipsis) if letters.count(c) == 1)
        )
    elif ellipsis and "..." not in out:
        raise ValueError(f"einsum has no '...' after the arrow for the axes before it: {text!r}.")
    text = ",".join(terms) + "->" + out.replace("...", ellipsis)
    if len(terms) == 1 and gives_view(text, operands[0]):
        return viewed(text, operands[0])  # in its own dtype, whatever `dtype` says, as NumPy's is
    operands = tuple(recast(operands, dtype, casting))
    return np.einsum(text, *operands, optimize=optimize)


def lettered(inputs: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    """Turn `einsum(a, [0, 1], b, [1], [0])` into letters."""

    def write(axes: Any) -> str:
        return "".join("..." if i is Ellipsis else LETTERS[i] for i in axes)

    operands, axes = inputs[: len(inputs) // 2 * 2 : 2], inputs[1::2]
    text = ",".join(write(term) for term in axes)
    return (text + "->" + write(inputs[-1]) if len(inputs) % 2 else text), operands


linear(np.einsum, None, turned, ..., batched=einsum_batch)
spelled(np.einsum, einsum, when=is_spelled)
constant(np.einsum_path, batched=of_shapes)
