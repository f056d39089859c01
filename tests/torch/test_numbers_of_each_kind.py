"""Methods on numbers of every kind, and on none: what complex, whole and half ones may do."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

import chainrule.torch as torch
from tests.torch.against import differences

Z = np.array([[1 + 1j, 2j], [3, 4j]], np.complex64)

# What orders numbers, or has no complex form, and PyTorch's words.
REFUSED = {
    "x.max()": "\"max_all\" not implemented for 'ComplexFloat'",
    "x.min()": "\"min_all\" not implemented for 'ComplexFloat'",
    "x.max(0)": "max(): does not support complex input",
    "x.amin(1)": "\"min_values_cpu\" not implemented for 'ComplexFloat'",
    "x.argmax()": "argmax(): does not support complex input",
    "x.median()": "\"median_cpu\" not implemented for 'ComplexFloat'",
    "x.nanmedian(0)": "\"median_out\" not implemented for 'ComplexFloat'",
    "x.sort()": " Sort does not support complex dtypes on CPU",
    "x.msort()": " Sort does not support complex dtypes on CPU",
    "x.argsort()": " Sort does not support complex dtypes on CPU",
    "x.topk(1)": " topk does not support complex dtypes on CPU",
    "x.kthvalue(1)": "\"kthvalue_cpu\" not implemented for 'ComplexFloat'",
    "torch.maximum(x, x)": "maximum not implemented for complex tensors.",
    "torch.minimum(x, x)": "minimum not implemented for complex tensors.",
    "x.softmax(0)": "\"softmax_kernel_impl\" not implemented for 'ComplexFloat'",
    "x.log_softmax(1)": "\"log_softmax_lastdim_kernel_impl\" not implemented for 'ComplexFloat'",
    "x.xlogy(2)": "\"xlogy_cpu\" not implemented for 'ComplexFloat'",
    "torch.special.xlog1py(x, x)": "\"xlog1py_cpu\" not implemented for 'ComplexFloat'",
    "x.logit()": "\"logit_cpu\" not implemented for 'ComplexFloat'",
    "x.erf()": "\"erf_vml_cpu\" not implemented for 'ComplexFloat'",
    "x.erfc()": "\"erfc_vml_cpu\" not implemented for 'ComplexFloat'",
    "x.round()": "\"round_vml_cpu\" not implemented for 'ComplexFloat'",
    "x.signbit()": "signbit is not implemented for complex tensors.",
    "x.deg2rad()": "deg2rad is not supported for complex tensors.",
}


@pytest.mark.parametrize("text", REFUSED)
def test_complex_numbers_have_no_order(text: str) -> None:
    with pytest.raises((RuntimeError, NotImplementedError)) as caught:
        eval(text, {"torch": torch, "x": torch.tensor(Z)})  # noqa: S307
    assert str(caught.value) == REFUSED[text]


@pytest.mark.peers
@pytest.mark.parametrize("text", REFUSED)
def test_complex_numbers_have_no_order_in_pytorch(text: str) -> None:
    pytest.importorskip("torch")
    assert differences(text, {"x": Z}) == []


def test_variance_of_complex_numbers_is_real() -> None:
    """The mean squared distance from the mean, in the plane: NumPy's own, by its definition."""
    x = torch.tensor(Z)
    assert x.var(correction=0).dtype == torch.float32
    np.testing.assert_allclose(x.var(correction=0).numpy(), np.var(Z), rtol=1e-6)
    np.testing.assert_allclose(x.std(0).numpy(), np.std(Z, 0, ddof=1), rtol=1e-6)


# What is done with numbers of every kind, with one, and with none.
EVERYWHERE = """
    x.var()|x.std(0)|x.var((0, 1))|torch.var_mean(x)|torch.std_mean(x, 0)|torch.var_mean(x, -1)
    x.all(dim=())|x.any(dim=())|x.all(0)|x.median()|x.nanmedian()|x.sum(0, dtype=torch.int64)
    x.prod(0, dtype=torch.int32)|x.cumsum(0, dtype=torch.int64)|x.cumprod(0, dtype=torch.int8)
    x.sum(dtype=torch.bool)|x.nansum(dtype=torch.int64)|x.round()|x.floor()|x.i0()|x.lgamma()
    x.hsplit(1)|x.vsplit(1)|x.dsplit(1)|x.rot90()|x.take_along_dim(torch.tensor([[0], [0]]), 1)
    torch.unravel_index(x, (2, 3))|x.lerp(torch.ones(2, 3), 0.5)|x.view(torch.uint8).shape
    x.masked_fill(x, 1)|x.index_put((torch.tensor([0]),) * 3, torch.tensor(2.0))|torch.aminmax(x)
    torch.linalg.matmul(x, x)|x.sum_to_size(1, 3)|x.expand(2, 2, 3)|x.squeeze()|x.isreal()
""".replace("\n", "|").split("|")  # fmt: skip
KINDS = ["float64", "float32", "float16", "int64", "uint8", "int8", "bool", "complex128"]
SHAPES = [(2, 3), (), (0, 3), (3,)]
# Of no numbers PyTorch has medians of kinds in which it has none of numbers.
OF_NONE = {(f"x.{name}median()", kind) for name in ("", "nan") for kind in ("bool", "complex128")}
OF_NONE |= {("torch.aminmax(x)", "complex128")}
SLOPELESS = {("x.i0()", "float16")}  # in PyTorch


@pytest.mark.peers
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_every_kind_does_what_it_does_in_pytorch(kind: str, shape: tuple[int, ...]) -> None:
    pytest.importorskip("torch")
    array = np.asarray(np.random.default_rng(3).normal(size=shape) * 3)
    x = array.astype(kind) if kind != "uint8" else np.abs(array).astype(kind)
    known = SLOPELESS | (OF_NONE if 0 in shape else set())
    texts = [t for t in map(str.strip, EVERYWHERE) if t and (t, kind) not in known]
    said = [line for text in texts for line in differences(text, {"x": x}, order=1)]
    assert said == []


@pytest.mark.parametrize("text", ["x.var()", "x.std(0)", "x.var(1)", "x.mean(0)", "x.std((0, 1))"])
def test_no_numbers_make_nobody_warn_but_pytorch(text: str) -> None:
    x = torch.zeros(0, 3, requires_grad=True)
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        eval(text, {"x": x}).sum().backward()  # noqa: S307
    said = [str(each.message) for each in seen]
    assert all("degrees of freedom" in one for one in said)
    assert len(said) == ("mean" not in text)


def test_power_of_small_whole_numbers_keeps_its_digits() -> None:
    """The logarithm of an int8 has half precision in NumPy; the slope has all digits."""
    y = torch.tensor([0.5, 2.0], dtype=torch.float64, requires_grad=True)
    (torch.tensor([3, 5], dtype=torch.int8) ** y).sum().backward()
    expected = [3**0.5 * np.log(3.0), 25 * np.log(5.0)]
    np.testing.assert_allclose(y.grad.numpy(), expected, rtol=1e-15)


def test_half_precision_stays_half() -> None:
    pytest.importorskip("scipy")
    x = torch.tensor([1.0, 2.5], dtype=torch.float16)
    for y in (x.i0(), x.lgamma(), torch.igamma(x, x), torch.special.i1(x), x.digamma()):
        assert y.dtype == torch.float16


def test_whole_numbers_keep_their_order_in_memory() -> None:
    x = torch.arange(6).reshape(2, 3).t()
    assert x.round().stride() == x.floor().stride() == (1, 3)


def test_a_view_made_a_leaf_has_the_gradient_of_its_own_views() -> None:
    x = torch.tensor([1.0, 2.0, 3.0, 4.0]).reshape(2, 2).requires_grad_()
    x.as_strided((3,), (1,)).sum().backward()
    assert x.grad.tolist() == [[1, 1], [1, 0]]
