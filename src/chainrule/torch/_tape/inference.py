"""Tensors made in inference mode: their writes are not counted, so they cannot be saved."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any

from .._tensor import Tensor

__all__ = ["Uncounted", "check_inference", "inferring", "mark"]

inferring: ContextVar[bool] = ContextVar("inferring", default=False)

SAVED = (
    "Inference tensors cannot be saved for backward. Please do not use Tensors created in "
    "inference mode in computation tracked by autograd. To work around this, you can make a clone "
    "to get a normal tensor and use it in autograd, or use `torch.no_grad()` instead of "
    "`torch.inference_mode()`."
)
WRITTEN = (
    "Inplace update to inference tensor outside InferenceMode is not allowed.You can make a clone "
    "to get a normal tensor before doing inplace update.See "
    "https://github.com/pytorch/rfcs/pull/17 for more details."
)


class Uncounted(list[Any]):
    """Stands where the write count of a tensor would: who wants to know it is refused."""

    __slots__ = ()

    def __getitem__(self, at: Any) -> Any:
        if at == 0 and not inferring.get():
            raise RuntimeError(SAVED)
        return super().__getitem__(at)


def mark(t: Tensor, node: Any) -> None:
    """See a tensor come to be: it is one of inference mode if that is on."""
    if inferring.get() and not hasattr(t, "_node") and t._view is None and len(t._writes) == 1:
        t._writes = Uncounted(t._writes)


def check_inference(t: Tensor) -> None:
    """Raise, in PyTorch's words, if `t` was made in inference mode and is written to outside."""
    if type(t._writes) is Uncounted and not inferring.get():
        raise RuntimeError(WRITTEN)
