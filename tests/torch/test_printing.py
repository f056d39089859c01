"""Texts of tensors: recorded from PyTorch 2.13, and the same as PyTorch's for any array."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from chainrule.torch._kinds import dtypes as types
from chainrule.torch._printing import set_printoptions, suffixes_of, text_of

try:
    import torch
except ImportError:  # its CPU build is not to be had everywhere
    torch = None


@pytest.fixture(autouse=True)
def _as_at_the_start() -> Iterator[None]:
    yield
    set_printoptions(profile="default")
    types.set_default_dtype(types.float32)
    if torch is not None:
        torch.set_printoptions(profile="default")
        torch.set_default_dtype(torch.float32)


def text(array: Any, kind: str = "", requires_grad: bool = False, grad_fn: str = "") -> str:
    """Return the text of a tensor of these numbers, of the type that PyTorch would give it."""
    array = np.asarray(array)
    default = {"f": "float32", "c": "complex64"}.get(array.dtype.kind, array.dtype.name)
    array = array.astype(kind or default)
    return text_of(array, suffixes=suffixes_of(array, requires_grad, grad_fn or None))


# ---------------------------------------------------------------- recorded


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([1e-5, 1.0], "[1.0000e-05, 1.0000e+00]"),
        ([1e8, 1.0], "[1.0000e+08, 1.0000e+00]"),
        ([1e8, 1.5], "[1.0000e+08, 1.5000e+00]"),
        (1e-5, "1.0000e-05"),
        (1e10, "1.0000e+10"),
        ([1e-4], "[1.0000e-04]"),
        ([1e-3, 10.0], "[1.0000e-03, 1.0000e+01]"),
        ([1e-3, 100.0], "[1.0000e-03, 1.0000e+02]"),
        ([0.001, 1000.0], "[1.0000e-03, 1.0000e+03]"),
        ([0.0011, 1000.5], "[1.1000e-03, 1.0005e+03]"),
        ([100000.0, 1.5], "[1.0000e+05, 1.5000e+00]"),
        (123456789.0, "1.2346e+08"),
        ([0.123, 456.0], "[1.2300e-01, 4.5600e+02]"),
        ([1.0, -20.0, 300.0], "[  1., -20., 300.]"),
        ([1, -20, 300], "[  1, -20, 300]"),
        (5, "5"),
        ([True, False], "[ True, False]"),
        (True, "True"),
        ([1 + 2j], "[1.+2.j]"),
        ([math.nan, 1.0], "[nan, 1.]"),
        ([math.inf, -math.inf, 0.5], "[   inf,   -inf, 0.5000]"),
        ([[1.0, -2.0], [30.5, 4.0]], "[[ 1.0000, -2.0000],\n        [30.5000,  4.0000]]"),
        ([[1, 2], [3, 400]], "[[  1,   2],\n        [  3, 400]]"),
        (np.arange(4).reshape(1, 2, 2), "[[[0, 1],\n         [2, 3]]]"),
        (np.zeros((2, 1, 1, 2)), "[[[[0., 0.]]],\n\n\n        [[[0., 0.]]]]"),
        (np.arange(1001), "[   0,    1,    2,  ...,  998,  999, 1000]"),
    ],
)
def test_recorded_texts(numbers: Any, expected: str) -> None:
    assert text(numbers) == f"tensor({expected})"


def test_recorded_summary() -> None:
    row = "[0., 0., 0.,  ..., 0., 0., 0.]"
    rows = [row] * 3 + ["..."] + [row] * 3
    assert text(np.zeros((50, 30))) == "tensor([" + ",\n        ".join(rows) + "])"
    assert text(np.arange(2000.0).reshape(2, 1000)) == (
        "tensor([[0.0000e+00, 1.0000e+00, 2.0000e+00,  ..., 9.9700e+02, 9.9800e+02,\n"
        "         9.9900e+02],\n"
        "        [1.0000e+03, 1.0010e+03, 1.0020e+03,  ..., 1.9970e+03, 1.9980e+03,\n"
        "         1.9990e+03]])"
    )


def test_recorded_suffixes() -> None:
    assert text([1.0, 1.0], "float64") == "tensor([1., 1.], dtype=torch.float64)"
    assert text(1.0, "float64") == "tensor(1., dtype=torch.float64)"
    assert text([1, 1], "uint8") == "tensor([1, 1], dtype=torch.uint8)"
    assert text([], "int64") == "tensor([], dtype=torch.int64)"
    assert text([]) == "tensor([])"
    assert text(np.zeros((2, 0, 3))) == "tensor([], size=(2, 0, 3))"
    assert text(4.0, grad_fn="MulBackward0") == "tensor(4., grad_fn=<MulBackward0>)"
    assert text([[0.123, 0.456]], "float64", requires_grad=True) == (
        "tensor([[0.1230, 0.4560]], dtype=torch.float64, requires_grad=True)"
    )
    assert text(np.linspace(0, 1, 8), grad_fn="MulBackward0") == (
        "tensor([0.0000, 0.1429, 0.2857, 0.4286, 0.5714, 0.7143, 0.8571, 1.0000],\n"
        "       grad_fn=<MulBackward0>)"
    )
    assert text(np.linspace(0, 1, 7), "float64", requires_grad=True) == (
        "tensor([0.0000, 0.1667, 0.3333, 0.5000, 0.6667, 0.8333, 1.0000],\n"
        "       dtype=torch.float64, requires_grad=True)"
    )


def test_the_default_type_is_not_said() -> None:
    types.set_default_dtype(types.float64)
    assert text([1.0], "float64") == "tensor([1.])"
    assert text([1.0], "float32") == "tensor([1.], dtype=torch.float32)"
    assert text([1j], "complex128") == "tensor([0.+1.j])"


def test_print_options() -> None:
    thirds = [1 / 3, 2 / 3]
    set_printoptions(precision=2, sci_mode=True)
    assert text(thirds) == "tensor([3.33e-01, 6.67e-01])"
    set_printoptions(profile="short")  # and powers of ten only where they help
    assert text(thirds) == "tensor([0.33, 0.67])"
    assert text(np.arange(1001)) == "tensor([   0,    1,  ...,  999, 1000])"
    set_printoptions(threshold=2, edgeitems=1)
    assert text([1, 2, 3]) == "tensor([1,  ..., 3])"
    set_printoptions(profile="full", linewidth=30)
    assert text(np.arange(1001)).count("\n") > 200
    set_printoptions(profile="nonsense")  # PyTorch lets it pass
    assert text([1, 2, 3]) == "tensor([1, 2, 3])"


def test_a_million_numbers_are_not_looked_at() -> None:
    far = np.zeros((1000, 1000))
    far[500, 500] = 1e9
    assert text(far) == text(np.zeros((1000, 1000)))


# ---------------------------------------------------------------- any array, and PyTorch

KINDS = ["float16", "float32", "float64", "complex64", "complex128",
         "uint8", "int8", "int16", "int32", "int64", "bool"]  # fmt: skip
# Where the way of writing changes, and what has no say in it.
TURNS = [1e-4, 9.9999e-5, 1e-3, 0.1, 1.0, -1.0, 2.5, 999.99, 1000.0, 1000.1, 99999.5, 1e8, -1e8,
         100000001.0, 0.99995, 9.99995, math.nan, math.inf, -math.inf, 0.0,
         -0.0, 5e-324]  # fmt: skip


@st.composite
def arrays(draw: st.DrawFn) -> np.ndarray[Any, Any]:
    kind = np.dtype(draw(st.sampled_from(KINDS)))
    shape = draw(
        hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=9)
        | st.tuples(st.integers(0, 1500))
        | st.tuples(st.integers(1, 50), st.integers(1, 50))
    )
    elements: st.SearchStrategy[Any]
    if kind.kind in "fc":
        top = 308 if kind.itemsize > 8 or kind == np.float64 else 38 if kind.itemsize > 2 else 4
        least = draw(st.integers(-top, top))
        elements = draw(
            st.sampled_from(
                [
                    st.floats(),
                    st.sampled_from(TURNS),
                    st.integers(-2000, 2000).map(float),
                    st.floats(0.5, 2000).map(lambda x: x * 10.0**least),
                    st.floats(-1, 1).map(lambda x: round(x, 3)),
                ]
            )
        )
        if kind.kind == "c":
            elements = st.builds(complex, elements, elements)
        with np.errstate(over="ignore", under="ignore"):
            wide = np.dtype("complex128" if kind.kind == "c" else "float64")
            array = draw(hnp.arrays(wide, shape, elements=elements)).astype(kind)
    else:
        array = draw(hnp.arrays(kind, shape))
    return array.T if draw(st.booleans()) else array


OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "precision": st.integers(0, 12),
        "threshold": st.sampled_from([0, 3, 10, 100, 1000, math.inf]),
        "edgeitems": st.integers(0, 5),
        "linewidth": st.integers(0, 200),
        "profile": st.sampled_from(["default", "short", "full", "Full"]),
        "sci_mode": st.booleans(),
    },
)


def compare(array: np.ndarray[Any, Any], options: dict[str, Any], gradient: int) -> None:
    for module_set in (torch.set_printoptions, set_printoptions):
        module_set(profile="default")
        module_set(**options)
    tensor, name = torch.from_numpy(array), None
    wanted = bool(gradient) and array.dtype.kind in "fc"
    if wanted:
        tensor.requires_grad_()
        if gradient > 1:
            tensor = tensor.view(tensor.shape)
            name = type(tensor.grad_fn).__name__
    assert text_of(array, suffixes=suffixes_of(array, wanted, name)) == repr(tensor)


@pytest.mark.peers
@pytest.mark.skipif(torch is None, reason="PyTorch is not installed")
@settings(deadline=None, max_examples=150)
@given(array=arrays(), gradient=st.integers(0, 2))
def test_any_array_has_pytorchs_text(array: np.ndarray[Any, Any], gradient: int) -> None:
    compare(array, {}, gradient)


@pytest.mark.peers
@pytest.mark.skipif(torch is None, reason="PyTorch is not installed")
@settings(deadline=None, max_examples=150)
@given(
    array=arrays(),
    options=OPTIONS,
    default=st.sampled_from(["float16", "float32", "float64"]),
    gradient=st.integers(0, 2),
)
def test_any_array_has_pytorchs_text_under_any_options(
    array: np.ndarray[Any, Any], options: dict[str, Any], default: str, gradient: int
) -> None:
    types.set_default_dtype(types.of_numpy(np.dtype(default)))
    torch.set_default_dtype(getattr(torch, default))
    compare(array, options, gradient)
