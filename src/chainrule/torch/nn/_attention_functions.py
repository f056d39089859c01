"""Attention, and the bilinear map: products of what comes in with what comes in."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from chainrule._rules.pooling import trilinear

from .._checks import check_tensors
from .._kinds.dtypes import scalar_name
from .._tape.recording import operation
from .._tensor import Tensor, made
from ._dropout_functions import dropout

__all__ = ["bilinear", "scaled_dot_product_attention"]

TRILINEAR = operation("Trilinear", trilinear, saves="i1 i2 i3", inputs="i1 i2 i3")


def bilinear(input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """Return the sums of input1[i] * weight[o, i, j] * input2[j], plus `bias`, for each output o.

    The inputs have shapes (…, I) and (…, J), the result (…, O). Raises RuntimeError where shapes
    do not fit.

    >>> import chainrule.torch as torch
    >>> torch.nn.functional.bilinear(torch.ones(2), torch.ones(3), torch.ones(1, 2, 3))
    tensor([6.])
    """
    check_tensors("bilinear", input1=input1, input2=input2, weight=weight)
    a, b, w = input1._array, input2._array, weight._array
    if a.ndim != b.ndim:
        raise RuntimeError(f"bilinear(): input dimensions do not match: got {a.ndim} and {b.ndim}")
    for k in range(a.ndim - 1):
        if a.shape[k] != b.shape[k]:
            raise RuntimeError(
                f"bilinear(): input batch dimensions do not match at dim {k}: got {a.shape[k]} and "
                f"{b.shape[k]}"
            )
    for k, v in ((1, a), (2, b)):
        if w.ndim <= k:
            raise IndexError(
                f"Dimension out of range (expected to be in range of [{-w.ndim}, {w.ndim - 1}], "
                f"but got {k})"
            )
        if v.shape[-1] != w.shape[k]:
            raise RuntimeError(
                f"bilinear(): input{k} size does not match weight size: got {v.shape[-1]} but "
                f"expected {w.shape[k]}"
            )
    if bias is not None and bias._array.shape[0] != w.shape[0]:
        raise RuntimeError(
            f"bilinear(): bias size does not match weight size: got {bias._array.shape[0]} but "
            f"expected {w.shape[0]}"
        )
    flat = (input1.view(-1, a.shape[-1]), weight, input2.view(-1, b.shape[-1]))  # type: ignore[attr-defined]
    y = TRILINEAR(*flat).view(*a.shape[:-1], w.shape[0])
    return y if bias is None else y + bias  # type: ignore[no-any-return]


def scaled_dot_product_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    *,
    scale: float | None = None,
    enable_gqa: bool = False,
) -> Tensor:
    """Return softmax(query @ key.T * scale + mask) @ value: each query's mean of the values.

    Shapes are (…, L, E), (…, S, E) and (…, S, Ev); `scale` is 1 / sqrt(E) by default. `attn_mask`
    is added, or says by True which keys a query sees; a query that sees none gets zeros.
    `is_causal` lets it see the keys up to its own place. Vaswani and others, Attention Is All You
    Need (2017).

    >>> import chainrule.torch as torch
    >>> x = torch.tensor([[[1.0, 0.0], [0.0, 1.0]]])
    >>> torch.nn.functional.scaled_dot_product_attention(x, x, x, is_causal=True)
    tensor([[[1.0000, 0.0000],
             [0.3302, 0.6698]]])
    """
    check_tensors("scaled_dot_product_attention", query=query, key=key, value=value)
    ranks = [v._array.ndim for v in (query, key, value)]
    if min(ranks) < 2:
        raise RuntimeError(
            "Expected query, key, and value to all be  at least 2 dimensional, but got query.dim: "
            f"{ranks[0]} key.dim: {ranks[1]} and value.dim: {ranks[2]} instead."
        )
    if query._array.dtype.kind != "f":
        raise RuntimeError(
            f"expected scalar type Float but found {scalar_name(query._array.dtype)}"
        )
    if is_causal and attn_mask is not None:
        raise RuntimeError(
            "_scaled_dot_product_attention: Explicit attn_mask should not be set when "
            "is_causal=True"
        )
    q: Any = query
    k: Any = key
    v: Any = value
    if enable_gqa:  # groups of queries share a key and a value
        k, v = (t.repeat_interleave(q.size(-3) // t.size(-3), -3) for t in (k, v))
    part = 1 / math.sqrt(q.size(-1)) if scale is None else scale
    scores = (q @ k.transpose(-2, -1)) * part
    mask: Any = attn_mask
    if is_causal:
        mask = made(np.tri(q.size(-2), k.size(-2), dtype=bool))
    if mask is not None and mask._array.dtype.kind == "b":
        scores = scores.masked_fill(made(~mask._array), -math.inf)
    elif mask is not None:
        scores = scores + mask
    # a row without a key is made one of zeros before the softmax, so that no nan comes back
    blind = np.isneginf(scores._array).all(-1, keepdims=True)
    if blind.any():
        scores = scores.masked_fill(made(blind), 0.0)
        shares = scores.softmax(-1).masked_fill(made(blind), 0.0)
    else:
        shares = scores.softmax(-1)
    if dropout_p > 0:
        shares = dropout(shares, dropout_p)
    return shares @ v  # type: ignore[no-any-return]
