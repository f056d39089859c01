"""What this version was built for: the CPU, and PyTorch's version whose behaviour it follows."""

from __future__ import annotations

__all__ = ["cuda", "debug", "git_version", "hip", "rocm", "xpu"]

__version__ = "2.13.0+chainrule"
cuda: str | None = None
hip: str | None = None
rocm: str | None = None
xpu: str | None = None
debug = False
git_version = "unknown"
