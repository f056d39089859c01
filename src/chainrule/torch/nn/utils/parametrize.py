"""Parameters computed from others: a module in front of a weight says how.

>>> import chainrule.torch as torch
>>> from chainrule.torch.nn.utils import parametrize
>>> class Positive(torch.nn.Module):
...     def forward(self, x):
...         return x.exp()
>>> layer = parametrize.register_parametrization(torch.nn.Linear(2, 1), "weight", Positive())
>>> bool((layer.weight > 0).all()), [name for name, _ in layer.named_parameters()]
(True, ['bias', 'parametrizations.weight.original'])
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ..._tensor import Tensor
from ...autograd._modes import no_grad
from ..modules.container import ModuleDict, ModuleList
from ..modules.module import Module
from ..parameter import Parameter

__all__ = [
    "ParametrizationList",
    "cached",
    "is_parametrized",
    "register_parametrization",
    "remove_parametrizations",
    "type_before_parametrizations",
]

kept: dict[Any, Any] = {}  # what `cached` has computed already
depth = 0


@contextmanager
def cached() -> Iterator[None]:
    """Compute every parametrized tensor once inside: weights that are used often cost once."""
    global depth
    depth += 1
    try:
        yield
    finally:
        depth -= 1
        if not depth:
            kept.clear()


class ParametrizationList(ModuleList):
    """The modules in front of one tensor, and what they compute from: `original`."""

    unsafe: bool

    def __init__(self, modules: Sequence[Any], original: Any, unsafe: bool = False) -> None:
        if not modules:
            raise ValueError("ParametrizationList requires one or more modules.")
        super().__init__(modules)
        self.unsafe = unsafe
        new: Any = original
        with no_grad():
            for module in reversed(list(self)):
                if hasattr(module, "right_inverse"):
                    new = module.right_inverse(new)
        self.is_tensor = isinstance(new, Tensor)
        self.ntensors = 1 if self.is_tensor else len(new)
        if self.is_tensor:
            if new is not original:
                original.data = new
            register(self, "original", original)
        else:
            for k, part in enumerate(new):
                wanted = isinstance(original, Parameter)
                part = Parameter(part, original.requires_grad) if wanted else part
                register(self, f"original{k}", part)

    def originals(self) -> tuple[Any, ...]:
        """Return the tensors that are computed from."""
        names = ["original"] if self.is_tensor else [f"original{k}" for k in range(self.ntensors)]
        return tuple(getattr(self, name) for name in names)

    def right_inverse(self, value: Any) -> None:
        """Let the originals be such that `value` is computed from them."""
        with no_grad():
            for module in reversed(list(self)):
                if not hasattr(module, "right_inverse"):
                    raise RuntimeError(
                        f"parametrization {type(module).__name__} does not implement right_inverse."
                    )
                value = module.right_inverse(value)
            parts = (value,) if self.is_tensor else value
            for original, part in zip(self.originals(), parts, strict=True):
                original.data = part

    def forward(self) -> Any:
        """Return the tensor that is computed."""
        first, *others = self
        out = first(*self.originals())
        for module in others:
            out = module(out)
        return out


def register(module: Any, name: str, tensor: Any) -> None:
    if isinstance(tensor, Parameter):
        module.register_parameter(name, tensor)
    else:
        module.register_buffer(name, tensor)


# ---------------------------------------------------------------- the class with computed tensors


def computed(name: str) -> Any:
    """Return the property that computes a tensor of a parametrized class."""

    def get(self: Any) -> Any:
        if not depth:
            return self.parametrizations[name]()
        key = (id(self), name)
        if key not in kept:
            kept[key] = self.parametrizations[name]()
        return kept[key]

    def set_(self: Any, value: Any) -> None:
        self.parametrizations[name].right_inverse(value)

    return property(get, set_)


def no_pickle(self: Any) -> Any:
    raise RuntimeError(
        "Serialization of parametrized modules is only supported through state_dict(). See:\n"
        "https://pytorch.org/tutorials/beginner/saving_loading_models.html"
        "#saving-loading-a-general-checkpoint-for-inference-and-or-resuming-training"
    )


def copied(self: Any, memo: dict[int, Any]) -> Any:
    """Copy the module: the copy has a class of its own, and so takes further parametrizations."""
    if id(self) not in memo:
        out = memo[id(self)] = object.__new__(type(self))
        out.__dict__.update(copy.deepcopy(self.__dict__, memo))
        give_class(out, dict(vars(type(self))))
    return memo[id(self)]


def give_class(module: Any, space: dict[str, Any]) -> None:
    """Let the module be of a class of its own, with the names of `space`."""
    kind = type_before_parametrizations(module)
    own: dict[str, Any] = {name: v for name, v in space.items() if isinstance(v, property)}
    own |= {"__getstate__": no_pickle, "__deepcopy__": copied, "__module__": __name__}
    module.__class__ = type(f"Parametrized{kind.__name__}", (kind,), own)


def register_parametrization(
    module: Any, tensor_name: str, parametrization: Any, *, unsafe: bool = False
) -> Any:
    """Let a tensor of `module` be what `parametrization` computes; return the module.

    It is computed at each access from `module.parametrizations[name].original`, which is learnt.
    Several are applied one after the other. A `right_inverse` of the parametrization says what to
    start with, and what an assignment means. Raises ValueError where there is no such tensor, or
    what is computed is of another shape or number type and not `unsafe`.
    """
    parametrization.train(module.training)
    if is_parametrized(module, tensor_name):
        old = module.parametrizations[tensor_name]
        if not unsafe:
            check_one(getattr(module, tensor_name), parametrization)
        old.append(parametrization)
        old.unsafe |= unsafe
        return module
    if tensor_name not in module._buffers and tensor_name not in module._parameters:
        raise ValueError(
            f"Module '{module}' does not have a parameter, a buffer, or a parametrized element "
            f"with name '{tensor_name}'"
        )
    original = getattr(module, tensor_name)
    if not unsafe:
        check_one(original, parametrization)
    parts = ParametrizationList([parametrization], original, unsafe)
    delattr(module, tensor_name)
    if not is_parametrized(module):
        give_class(module, {})
        module.parametrizations = ModuleDict()
    setattr(type(module), tensor_name, computed(tensor_name))
    module.parametrizations[tensor_name] = parts
    return module


def check_one(tensor: Any, parametrization: Any) -> None:
    """Raise unless a parametrization makes of a tensor one of its kind."""
    with no_grad():
        given: Any = tensor
        if hasattr(parametrization, "right_inverse"):
            given = parametrization.right_inverse(tensor)
        out = parametrization(*(given if isinstance(given, Sequence) else (given,)))
    if not isinstance(out, Tensor):
        raise ValueError(f"A parametrization must return a tensor. Got {type(out).__name__}.")
    for word in ("dtype", "shape"):
        mine, theirs = getattr(tensor, word), getattr(out, word)
        if mine != theirs:
            raise ValueError(
                f"Registering a parametrization may not change the {word} of the tensor, unless "
                f"`unsafe` flag is enabled.\nunparametrized {word}: {mine}\n"
                f"parametrized {word}: {theirs}"
            )


def is_parametrized(module: Any, tensor_name: str | None = None) -> bool:
    """Say whether a tensor of the module, or any, is computed."""
    parts = module._modules.get("parametrizations") if isinstance(module, Module) else None
    if not isinstance(parts, ModuleDict):
        return False
    return len(parts) > 0 if tensor_name is None else tensor_name in parts


def type_before_parametrizations(module: Any) -> type:
    """Return the class that the module was of."""
    kind = type(module)
    return kind.__bases__[0] if is_parametrized(module) else kind


def remove_parametrizations(module: Any, tensor_name: str, leave_parametrized: bool = True) -> Any:
    """Let a tensor be learnt as it is again; return the module.

    It is what was computed last, or, if not `leave_parametrized`, what it was computed from.
    """
    if not is_parametrized(module, tensor_name):
        raise ValueError(f"Module {module} does not have a parametrization on {tensor_name}")
    parts = module.parametrizations[tensor_name]
    if not parts.is_tensor and not leave_parametrized:
        raise ValueError(
            "Cannot leave unparametrized (`leave_parametrized=False`) a tensor that is "
            "parametrized in terms of a sequence of tensors."
        )
    original = parts.originals()[0]
    if leave_parametrized:
        with no_grad():
            value = getattr(module, tensor_name)
        if parts.is_tensor:
            original.data = value
        else:
            wanted = any(one.requires_grad for one in parts.originals())
            original = Parameter(value.detach(), wanted)
    delattr(type(module), tensor_name)
    del module.parametrizations[tensor_name]
    register(module, tensor_name, original)
    if not len(module.parametrizations):
        kind = type(module).__bases__[0]
        delattr(module, "parametrizations")
        module.__class__ = kind
    return module
