"""Sums of products that are written with a letter for each dimension."""

from __future__ import annotations

from typing import Any

import numpy as np

from .._calls import title_of
from .._kinds.dtypes import scalar_name
from .._tensor import Tensor
from .contractions import spelled
from .orders import permute
from .rearranging import diagonal
from .spelling import called

__all__ = ["einsum"]

LARGE = 20_000  # numbers in all, from where on finding an order of products pays
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def einsum(*args: Any) -> Any:
    """Return the sum of products that an equation writes with a letter for each dimension.

    "ij,jk->ik" is a matrix product; a letter that is missing after the arrow is summed over. The
    equation stands first, before the tensors; or each tensor is followed by a list of numbers,
    which take the place of letters.

    >>> import chainrule.torch as torch
    >>> torch.einsum("ij->j", torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
    tensor([4., 6.])
    """
    equation, operands = called_with(args)
    for k, v in enumerate(operands):
        if not isinstance(v, Tensor):
            raise TypeError(f"expected Tensor as element {k} in argument 1, but got {title_of(v)}")
    check_equation(equation, [v._array for v in operands])
    left, arrow, right = equation.replace(" ", "").partition("->")
    if len(operands) == 1 and arrow and "." not in left and set(left) == set(right):
        return rearranged(operands[0], left, right)
    large = len(operands) > 1 and sum(v._array.size for v in operands) > LARGE
    result = spelled(lambda *values: np.einsum(equation, *values, optimize=large), *operands)
    return called(name_of(equation), result) if result._node is not None else result


def called_with(args: tuple[Any, ...]) -> tuple[str, tuple[Any, ...]]:
    """Return the equation and the tensors of a call, however it was written."""
    if len(args) < 2:
        raise ValueError(
            "einsum(): must specify the equation string and at least one operand, or at least one "
            "operand and its subscripts list"
        )
    equation, *operands = args
    if not isinstance(equation, Tensor):
        if not isinstance(equation, str):
            raise TypeError(
                f"einsum(): argument 'equation' (position 1) must be str, not {title_of(equation)}"
            )
        if len(operands) == 1 and isinstance(operands[0], (list, tuple)):
            operands = list(operands[0])
        return equation, tuple(operands)
    terms = [written(numbers) for numbers in args[1::2]]
    count = len(args) // 2
    text = ",".join(terms[:count])
    if len(args) % 2:
        text += "->" + written(args[-1])
    return text, args[: 2 * count : 2]


def written(numbers: Any) -> str:
    for k in numbers:
        if k is not Ellipsis and not 0 <= k < len(LETTERS):
            raise ValueError("einsum(): subscript in subscript list is not within the valid range [0, 52)")  # noqa: E501  # fmt: skip
    return "".join("..." if k is Ellipsis else LETTERS[k] for k in numbers)


def rearranged(t: Any, left: str, right: str) -> Any:
    """Return a view of one operand whose dimensions are all kept: diagonals, in another order."""
    for letter in dict.fromkeys(left):
        while left.count(letter) > 1:
            first = left.index(letter)
            second = left.index(letter, first + 1)
            t = diagonal(t, 0, first, second)
            left = left[:first] + left[first + 1 : second] + left[second + 1 :] + letter
    return permute(t, [left.index(letter) for letter in right])


def name_of(equation: str) -> str:
    """Return the name of the last operation by which PyTorch computes a sum of products.

    One operand is turned, or summed. Of several, each is met by the next: they are multiplied,
    and where they are summed, too, that is a product of matrices, which is given its shape.
    """
    left, arrow, right = equation.replace(" ", "").replace("...", "").partition("->")
    terms = left.split(",")
    if not arrow:
        right = "".join(letter for letter in left if letter.isalpha() and left.count(letter) == 1)
    if len(terms) == 1:
        return "PermuteBackward0" if set(left) <= set(right) else "SumBackward1"
    last = terms if len(terms) == 2 else terms[-1:]
    return "ViewBackward0" if set("".join(last)) - set(right) else "MulBackward0"


# ---------------------------------------------------------------- checks


def check_letters(equation: str) -> None:
    """Raise if something else than letters, arrow, commas and ellipses is written."""
    text, k, operand = equation, 0, 0
    while k < len(text):
        if text[k] == ".":
            if text[k : k + 3] != "...":
                where = "the output" if "->" in text[:k] else f"operand {operand}"
                raise RuntimeError(
                    f"einsum(): found '.' for {where} that is not part of any ellipsis"
                )
            k += 2
        elif text[k] == ",":
            operand += 1
        elif text[k : k + 2] == "->" and "->" not in text[:k]:
            k += 1
        elif text[k] not in LETTERS and text[k] != " ":
            raise RuntimeError(
                f"einsum(): invalid subscript given at index {k} in the equation string, "
                "subscripts must be in [a-zA-Z]"
            )
        k += 1


def check_equation(equation: str, arrays: list[Any]) -> None:
    """Raise if letters and operands do not fit each other."""
    check_letters(equation)
    left, arrow, right = equation.replace(" ", "").partition("->")
    terms = left.split(",")
    if len(terms) != len(arrays) < 3:
        few = "fewer" if len(arrays) < len(terms) else "more"
        raise RuntimeError(f"einsum(): {few} operands were provided than specified in the equation")
    if len(terms) != len(arrays):
        raise ValueError(
            f"Number of einsum subscripts, {len(terms)}, must be equal to the number of operands, "
            f"{len(arrays)}."
        )
    sizes: dict[str, int] = {}
    for k, (term, x) in enumerate(zip(terms, arrays, strict=True)):
        if "..." not in term:
            check_term(k, term, x.shape, sizes)
    for k, letter in enumerate(right if arrow else ""):
        if letter != "." and letter not in left:
            raise RuntimeError(
                f"einsum(): output subscript {letter} does not appear in the equation for any "
                "input operand"
            )
        if letter != "." and letter in right[:k]:
            raise RuntimeError(
                f"einsum(): output subscript {letter} appears more than once in the output"
            )
    for x in arrays[1:]:
        if x.dtype != arrays[0].dtype:
            raise RuntimeError(
                f"expected scalar type {scalar_name(arrays[0].dtype)} but found "
                f"{scalar_name(x.dtype)}"
            )


def check_term(k: int, term: str, shape: tuple[int, ...], sizes: dict[str, int]) -> None:
    """Raise if the letters of operand `k` do not fit its shape, or the `sizes` seen before."""
    if len(term) != len(shape):
        raise RuntimeError(
            f"einsum(): the number of subscripts in the equation ({len(term)}) does not match the "
            f"number of dimensions ({len(shape)}) for operand {k} and no ellipsis was given"
        )
    own: dict[str, int] = {}
    for letter, n in zip(term, shape, strict=True):
        if own.setdefault(letter, n) != n:
            raise RuntimeError(
                f"einsum(): subscript {letter} is repeated for operand {k} but the sizes don't "
                f"match, {n} != {own[letter]}"
            )
    for letter, n in zip(term, shape, strict=True):
        if sizes.setdefault(letter, n) not in (n, 1) and n != 1:
            raise RuntimeError(
                f"einsum(): subscript {letter} has size {n} for operand {k} which does not "
                f"broadcast with previously seen size {sizes[letter]}"
            )
        sizes[letter] = max(sizes[letter], n)
