"""What a number type can hold, as PyTorch says it."""

from __future__ import annotations

from typing import Any

import numpy as np

from .dtypes import bfloat16, bool_, dtype, get_default_dtype

__all__ = ["finfo", "iinfo"]


class finfo:
    """The limits of a floating-point type, or of a complex type's parts.

    >>> from chainrule.torch._kinds.dtypes import float16
    >>> finfo(float16).eps, finfo(float16).max
    (0.0009765625, 65504.0)
    """

    __slots__ = ("bits", "dtype", "eps", "max", "min", "resolution", "smallest_normal", "tiny")

    def __init__(self, type: Any = None) -> None:
        kind = get_default_dtype() if type is None else type
        if not isinstance(kind, dtype):
            raise TypeError(
                "finfo(): argument 'type' (position 1) must be torch.dtype, "
                f"not {kind.__class__.__name__}"
            )
        if not (kind.is_floating_point or kind.is_complex):
            raise TypeError(
                "torch.finfo() requires a floating point input type. "
                "Use torch.iinfo to handle 'torch.finfo'"
            )
        if kind is bfloat16:
            self._bfloat16()
            return
        held = np.finfo(kind.to_real().numpy)
        self.bits = int(held.bits)
        self.dtype = str(held.dtype)
        self.eps, self.max, self.min = float(held.eps), float(held.max), float(held.min)
        self.smallest_normal = self.tiny = float(held.smallest_normal)
        self.resolution = 10.0 ** -int(held.precision)

    def _bfloat16(self) -> None:
        # eight bits of exponent, as in float32, and seven of fraction
        self.bits, self.dtype = 16, "bfloat16"
        self.eps, self.max = 2.0**-7, (2 - 2.0**-7) * 2.0**127
        self.min = -self.max
        self.smallest_normal = self.tiny = 2.0**-126
        self.resolution = 0.01

    def __repr__(self) -> str:
        names = ("resolution", "min", "max", "eps", "smallest_normal", "tiny")
        said = ", ".join(f"{name}={getattr(self, name):g}" for name in names)
        return f"finfo({said}, dtype={self.dtype})"


class iinfo:
    """The limits of an integer type.

    >>> from chainrule.torch._kinds.dtypes import int8
    >>> iinfo(int8)
    iinfo(min=-128, max=127, dtype=int8)
    """

    __slots__ = ("bits", "dtype", "max", "min")

    def __init__(self, type: Any) -> None:
        if not isinstance(type, dtype):
            raise TypeError(
                "iinfo(): argument 'type' (position 1) must be torch.dtype, "
                f"not {type.__class__.__name__}"
            )
        if type.is_floating_point or type.is_complex:
            raise TypeError(
                "torch.iinfo() requires an integer input type. "
                "Use torch.finfo to handle 'torch.iinfo'"
            )
        if type is bool_:
            raise TypeError("torch.bool is not supported by torch.iinfo")
        held = np.iinfo(type.numpy)
        self.bits, self.max, self.min = int(held.bits), int(held.max), int(held.min)
        self.dtype = str(held.dtype)

    def __repr__(self) -> str:
        return f"iinfo(min={self.min:g}, max={self.max:g}, dtype={self.dtype})"
