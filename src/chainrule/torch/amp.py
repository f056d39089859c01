"""Mixed precision: contexts that are taken, and change no type here."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from typing import Any

from ._kinds.device import device
from ._kinds.dtypes import bfloat16, dtype, float16
from ._missing import lookup
from ._scaling import GradScaler

__all__ = ["GradScaler", "autocast", "is_autocast_available"]

NO_CUDA = "CUDA is not available or torch_xla is imported. Disabling autocast."
NOT_SERVED = (
    "In CPU autocast, but the target dtype is not supported. Disabling autocast.\n"
    "CPU Autocast only supports dtypes of torch.bfloat16, torch.float16 currently."
)
NOT_DONE = (
    "In CPU autocast to {}, which is not done here: every operation computes in the type of its "
    "tensors. Disabling autocast."
)


class autocast:
    """A context, or decorator, in which PyTorch would compute some operations in another type.

    Here everything is computed in the type that the tensors have. It warns where PyTorch would
    have cast, which on the CPU is with `enabled=True` and `bfloat16` or `float16`.

    >>> with autocast("cpu", enabled=False) as context:
    ...     context.device
    'cpu'
    """

    def __init__(
        self,
        device_type: str,
        dtype: dtype | None = None,
        enabled: bool = True,
        cache_enabled: bool | None = None,
    ) -> None:
        if not isinstance(device_type, str):
            raise ValueError(f"Expected `device_type` of type `str`, got: `{type(device_type)}`")
        self.device = device(device_type).type
        self.fast_dtype = dtype or (float16 if self.device == "cuda" else bfloat16)
        self._enabled = False
        if enabled and self.device == "cuda":
            warnings.warn(NO_CUDA, UserWarning, stacklevel=2)
        elif enabled and self.fast_dtype in (bfloat16, float16):
            warnings.warn(NOT_DONE.format(self.fast_dtype), UserWarning, stacklevel=2)
        elif enabled:
            warnings.warn(NOT_SERVED, UserWarning, stacklevel=2)

    def __enter__(self) -> autocast:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __call__(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that calls `func` in this context."""

        @functools.wraps(func)
        def decorated(*inputs: Any, **options: Any) -> Any:
            return func(*inputs, **options)

        return decorated


def is_autocast_available(device_type: str) -> bool:
    """Return False: no operation casts by itself here."""
    device(device_type)
    return False


__getattr__ = lookup(globals(), "torch.amp", {})
