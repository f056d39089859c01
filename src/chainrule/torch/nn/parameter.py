"""Parameters: the tensors that a module learns; and buffers, those that it merely keeps."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from .._kinds.dtypes import get_default_dtype, of_numpy
from .._tensor import Tensor, made
from ..autograd._leaves import ONLY_FLOATS, make_leaf

__all__ = ["Buffer", "Parameter", "UninitializedBuffer", "UninitializedParameter", "is_lazy"]


def no_tensor(data: Any) -> AttributeError:
    kind = type(data)
    name = kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"
    return AttributeError(f"'{name}' object has no attribute 'detach'")


class Parameter(Tensor):
    """A tensor that a `Module` counts among its parameters when it is assigned to it.

    It is a leaf that requires its gradient, unless `requires_grad=False`, and shares the numbers
    of `data`, a tensor; without one it is empty. Raises RuntimeError for whole numbers that are to
    require a gradient.

    >>> import chainrule.torch as torch
    >>> torch.nn.Parameter(torch.ones(2))
    Parameter containing:
    tensor([1., 1.], requires_grad=True)
    """

    __slots__ = ()

    def __new__(cls, data: Any = None, requires_grad: bool = True) -> Any:
        if data is None:
            data = made(np.empty(0, get_default_dtype().numpy))
        elif not isinstance(data, Tensor):
            raise no_tensor(data)
        if not isinstance(requires_grad, bool):
            raise TypeError(
                "_make_subclass(): argument 'require_grad' (position 3) must be bool, not "
                f"{type(requires_grad).__name__}"
            )
        out = made(data._array, cls)
        out._writes = data._writes  # one count for one array
        if requires_grad:
            if data._array.dtype.kind not in "fc":
                raise RuntimeError(ONLY_FLOATS)
            make_leaf(out)
        return out

    def __repr__(self) -> str:
        return "Parameter containing:\n" + super().__repr__()

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        if id(self) not in memo:
            copy = Parameter(made(self._array.copy()), self.requires_grad)
            if self.grad is not None:
                copy.grad = made(self.grad._array.copy())
            memo[id(self)] = copy
        return memo[id(self)]

    def __reduce_ex__(self, protocol: Any) -> Any:
        return parameter_of, (self._array, self.requires_grad)


Parameter.__module__ = "torch.nn.parameter"  # courses print type(layer.bias)


def parameter_of(array: Any, requires_grad: bool) -> Parameter:
    """Return a parameter around an array: how one is unpickled."""
    return Parameter(made(array), requires_grad)  # type: ignore[no-any-return]


class _Buffers(type):
    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, Tensor) and getattr(instance, "_is_buffer", False)


class Buffer(metaclass=_Buffers):
    """A tensor that a `Module` counts among its buffers when it is assigned to it.

    What comes back is `data` itself, marked; `persistent=False` leaves it out of the state dict.

    >>> import chainrule.torch as torch
    >>> torch.nn.Buffer(torch.ones(2))
    tensor([1., 1.])
    """

    def __new__(cls, data: Any = None, *, persistent: bool = True) -> Any:
        if data is None:
            data = made(np.empty(0, get_default_dtype().numpy))
        if not isinstance(data, Tensor):
            raise no_tensor(data)
        out = made(data._array)
        out._writes = data._writes
        if data.requires_grad:
            make_leaf(out)
        out._is_buffer, out.persistent = True, persistent
        return out


# ---------------------------------------------------------------- before their shapes are known

NO_SHAPE = (
    "Can't access the shape of an uninitialized parameter or buffer. This error usually happens in "
    "`load_state_dict` when trying to load an uninitialized parameter into an initialized one. "
    "Call `forward` to initialize the parameters before accessing their attributes."
)
NO_NUMBERS = (
    "Attempted to use an uninitialized parameter in {}. This error happens when you are using a "
    "`LazyModule` or explicitly manipulating `torch.nn.parameter.UninitializedParameter` objects. "
    "When using LazyModules Call `forward` with a dummy batch to initialize the parameters before "
    "calling torch functions"
)
ARRAY: Any = vars(Tensor)["_array"]  # where the numbers lie, once there are some


def outermost() -> str:
    """Return the name of the function of this package that the user called."""
    frame: Any = sys._getframe(1)
    name = ""
    while frame and frame.f_globals.get("__name__", "").startswith(PACKAGE):
        name, frame = frame.f_code.co_name, frame.f_back
    return f"<method '{name.strip('_')}' of 'torch._C.TensorBase' objects>"


PACKAGE = __name__.split(".nn.")[0]


class _Uninitialized:
    """What has neither shape nor numbers yet; its number type is that of an empty array."""

    __slots__ = ()

    @property
    def _array(self) -> Any:
        raise ValueError(NO_NUMBERS.format(outermost()))

    @property
    def shape(self) -> Any:
        raise RuntimeError(NO_SHAPE)

    @property
    def dtype(self) -> Any:
        """Return the number type that it is to have."""
        return of_numpy(ARRAY.__get__(self).dtype)

    @property
    def data(self) -> Any:
        """Return a tensor of no numbers."""
        return made(ARRAY.__get__(self))

    def convert(self, change: Any) -> None:
        """Let it be of another number type."""
        ARRAY.__set__(self, change(ARRAY.__get__(self)))

    def materialize(self, shape: Any, device: Any = None, dtype: Any = None) -> None:
        """Become a parameter, or a tensor, of this shape, with any numbers."""
        kind = (self.dtype if dtype is None else dtype).numpy
        ARRAY.__set__(self, np.empty(tuple(shape), kind))
        self.__class__ = self.cls_to_become  # type: ignore[attr-defined]

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        if id(self) not in memo:
            memo[id(self)] = type(self)(  # type: ignore[call-arg]
                self.requires_grad,  # type: ignore[attr-defined]
                dtype=self.dtype,
            )
        return memo[id(self)]

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise RuntimeError(
            "Can't pickle a module with uninitialized parameters: call it once before."
        )


class UninitializedParameter(_Uninitialized, Parameter):  # type: ignore[override]
    """A parameter whose shape is not known yet: `materialize(shape)` makes it one.

    >>> import chainrule.torch as torch
    >>> w = torch.nn.UninitializedParameter()
    >>> w.materialize((2, 3))
    >>> w.shape
    torch.Size([2, 3])
    """

    __slots__ = ()
    cls_to_become = Parameter

    def __new__(cls, requires_grad: bool = True, device: Any = None, dtype: Any = None) -> Any:
        kind = get_default_dtype() if dtype is None else dtype
        out = Parameter(made(np.empty(0, kind.numpy)), requires_grad)
        out.__class__ = cls
        return out


class UninitializedBuffer(_Uninitialized, Tensor):  # type: ignore[override]
    """A buffer whose shape is not known yet: `materialize(shape)` makes it one."""

    __slots__ = ()
    cls_to_become = Tensor

    def __new__(
        cls,
        requires_grad: bool = False,
        device: Any = None,
        dtype: Any = None,
        persistent: bool = True,
    ) -> Any:
        kind = get_default_dtype() if dtype is None else dtype
        out = made(np.empty(0, kind.numpy))
        out.persistent, out._is_buffer = persistent, True
        out.__class__ = cls
        return out


def is_lazy(param: Any) -> bool:
    """Say whether a parameter or buffer has no shape yet."""
    return isinstance(param, _Uninitialized)
