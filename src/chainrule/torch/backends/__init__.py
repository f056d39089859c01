"""Switches of what PyTorch computes on: they can be set, and change nothing here."""

from __future__ import annotations

from .._missing import lookup
from . import cpu, cuda, cudnn, mkl, mkldnn, mps, nnpack, openmp, opt_einsum

__all__ = ["cpu", "cuda", "cudnn", "mkl", "mkldnn", "mps", "nnpack", "openmp", "opt_einsum"]

__getattr__ = lookup(globals(), "torch.backends", {})
