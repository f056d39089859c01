"""The tensor: a mutable cell around an array, its node on the tape, and a count of writes.

A cell has no mathematics of its own. Operations read its array, call the engine's rule, and put
the result into a new cell (`_tape.py`); methods are given to the class in `_methods.py`.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

import numpy as np

from ._kinds.dtypes import Size, device, dtype, of_numpy

if TYPE_CHECKING:
    from ._writing.views import View

__all__ = ["Tensor", "made"]

CPU = device("cpu")
# autograd/_leaves.py, which binds itself here: to import it at each access would take 1 us
leaves: Any = None


class Tensor:
    """An array with its place on the tape: PyTorch's tensor, on NumPy.

    `torch.tensor(data)` makes one. Its numbers are a NumPy array on the CPU, 0-d arrays included.
    """

    __slots__ = ("__dict__", "__weakref__", "_array", "_node", "_writes")

    _array: np.ndarray[Any, Any]
    _node: Any  # None: no gradient is wanted; else a node of `_tape.py`, a leaf's or a result's
    _writes: list[Any]  # [0]: how often the numbers were written; then weak references to views

    # What few tensors have lies in their __dict__; these serve all others.
    _view: View | None = None
    _old_leaf: Any = None  # the node of a leaf that does not require its gradient now
    _opening = "tensor("  # of the text that shows it
    __array_priority__ = 1000

    def __new__(cls, data: Any = None, *rest: Any) -> Any:
        if data is None and not rest:
            return made(np.empty(0, np.float32), cls)
        from ._creation.from_data import legacy

        return legacy(cls, (data, *rest))

    # ---- what it is

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        if not cls.__module__.startswith("chainrule.torch."):
            from ._subclasses import keep_kind

            keep_kind(cls)

    @property
    def shape(self) -> Size:
        """Return the lengths of the dimensions."""
        return Size(self._array.shape)

    @property
    def dtype(self) -> dtype:
        """Return the type of the numbers."""
        return of_numpy(self._array.dtype)

    @property
    def device(self) -> device:
        """Return `device(type='cpu')`: there is no other."""
        return CPU

    @property
    def ndim(self) -> int:
        """Return the number of dimensions."""
        return self._array.ndim

    @property
    def itemsize(self) -> int:
        """Return the bytes of one number."""
        return self._array.itemsize

    @property
    def nbytes(self) -> int:
        """Return the bytes of all numbers."""
        return self._array.nbytes

    is_cpu = property(lambda self: True)
    is_cuda = is_mps = is_sparse = is_quantized = is_meta = is_xpu = property(lambda self: False)
    is_ipu = is_maia = is_mkldnn = is_mtia = is_nested = is_cuda
    is_sparse_csr = is_vulkan = is_xla = is_cuda
    name = property(lambda self: None)

    @property
    def layout(self) -> Any:
        """Return torch.strided."""
        from ._kinds.dtypes import strided

        return strided

    # ---- its place on the tape

    @property
    def requires_grad(self) -> bool:
        """Say whether gradients reach this tensor."""
        if self._node is not None:
            return leaves.duals is None or leaves.duals.wants(self)
        return self._view is not None and self._view.base._node is not None

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        leaves.set_requires_grad(self, wanted)

    @property
    def is_leaf(self) -> bool:
        """Say whether no recorded operation made this tensor."""
        node = self._node
        if node is None:
            return True
        if type(node) is not list:  # of a view that may not be looked at any more: it raises
            node[0]
        return node[1] is None or not self.requires_grad

    @property
    def grad_fn(self) -> Any:
        """Return the node of the operation that made this tensor; None for a leaf."""
        if self._node is None or self._node[1] is None or not self.requires_grad:
            return None
        from .autograd._nodes import shown

        return shown(self._node)

    @property
    def grad(self) -> Tensor | None:
        """Return the gradient that backward passes added up here, or None."""
        return leaves.gradient_of(self)  # type: ignore[no-any-return]

    @grad.setter
    def grad(self, gradient: Tensor | None) -> None:
        leaves.set_gradient(self, gradient)

    @grad.deleter
    def grad(self) -> None:
        self.grad = None

    @property
    def retains_grad(self) -> bool:
        """Say whether this result keeps its gradient, as leaves do."""
        return leaves.retains(self)  # type: ignore[no-any-return]

    @property
    def data(self) -> Tensor:
        """Return the same numbers without the tape, and with a write count of their own."""
        return made(self._array)  # type: ignore[no-any-return]

    @data.setter
    def data(self, other: Tensor) -> None:
        from ._writing.in_place import set_data

        set_data(self, other)

    @property
    def _version(self) -> int:
        if type(self._writes) is not list:
            raise RuntimeError("Inference tensors do not track version counter.")
        return self._writes[0]  # type: ignore[no-any-return]

    @_version.setter
    def _version(self, _: Any) -> None:
        raise AttributeError(
            "attribute '_version' of 'torch._C.TensorBase' objects is not writable"
        )

    @property
    def _base(self) -> Tensor | None:
        return None if self._view is None else self._view.base

    def is_inference(self) -> bool:
        """Say whether this tensor was made in inference mode."""
        return type(self._writes) is not list

    def _is_view(self) -> bool:
        return self._view is not None

    output_nr = property(lambda self: 0 if self._node is None else self._node[5].output)

    __hash__ = object.__hash__


Tensor.__module__ = "torch"  # users look for PyTorch's words: <class 'torch.Tensor'>


def made(array: Any, kind: type[Tensor] = Tensor) -> Any:
    """Return a tensor around `array`, without a copy and without a gradient."""
    out = object.__new__(kind)
    out._array = array
    out._writes = [0]
    out._node = None
    return out


def weak(t: Tensor) -> weakref.ref[Tensor]:
    return weakref.ref(t)
