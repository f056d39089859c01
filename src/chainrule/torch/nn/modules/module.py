"""The module: what holds parameters and other modules, and computes with them when called.

What it holds lies in three dictionaries, by name; attributes look there. State dicts, hooks, and
changes of all parameters at once are in files of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ..._conversions.attributes import typename
from ..._tensor import Tensor
from ..parameter import Buffer, Parameter
from . import _changes, _hook_lists, _hooks, _members, _paths, _state_hooks, _states
from ._global_hooks import (  # noqa: F401  (PyTorch has them in this module)
    REGISTERED,
    register_module_backward_hook,
    register_module_buffer_registration_hook,
    register_module_forward_hook,
    register_module_forward_pre_hook,
    register_module_full_backward_hook,
    register_module_full_backward_pre_hook,
    register_module_module_registration_hook,
    register_module_parameter_registration_hook,
)
from ._incompatible import _IncompatibleKeys  # noqa: F401
from ._registry import check_name, refuse_arguments

__all__ = ["Module"]

M = TypeVar("M", bound="Module")


class Module:
    """A part of a model: subclass it, give it parameters and modules, and say `forward`.

    Whatever is assigned to it that is a `Parameter` or a `Module` is found by `parameters()`, goes
    into the state dict, and is moved and switched together with it.

    >>> import chainrule.torch as torch
    >>> class Line(torch.nn.Module):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.slope = torch.nn.Parameter(torch.ones(1))
    ...     def forward(self, x):
    ...         return self.slope * x
    >>> Line()(torch.tensor([3.0]))
    tensor([3.], grad_fn=<MulBackward0>)
    """

    dump_patches = False
    call_super_init = False
    _version = 1
    training: bool
    _parameters: dict[str, Parameter | None]
    _buffers: dict[str, Tensor | None]
    _modules: dict[str, Module | None]
    _non_persistent_buffers_set: set[str]
    _called: _hook_lists.Hooks | None = None  # what is to run around `forward`; None in most

    def __init__(self, *args: Any, **options: Any) -> None:
        if args or options:
            refuse_arguments(self, args, options)
        self.__dict__.update(
            training=True,
            _parameters={},
            _buffers={},
            _non_persistent_buffers_set=set(),
            _modules={},
        )

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        if self._called is None:
            return self.forward(*inputs, **options)
        return _hooks.called(self, inputs, options)

    _call_impl = __call__

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def forward(self, *inputs: Any) -> Any:
        """Return what the module makes of its inputs: a subclass says it."""
        raise NotImplementedError(
            f'Module [{type(self).__name__}] is missing the required "forward" function'
        )

    # ---- attributes

    def __getattr__(self, name: str) -> Any:
        mine = self.__dict__
        for kind in ("_modules", "_parameters", "_buffers"):
            if kind in mine and name in mine[kind]:
                return mine[kind][name]
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __setattr__(self, name: str, value: Any) -> None:
        mine = self.__dict__
        parameters = mine.get("_parameters")
        if isinstance(value, Parameter):
            if parameters is None:
                raise AttributeError("cannot assign parameters before Module.__init__() call")
            self._forget(name, "_buffers", "_modules")
            self.register_parameter(name, value)
        elif parameters is not None and name in parameters:
            if value is not None:
                raise TypeError(
                    f"cannot assign '{typename(value)}' as parameter '{name}' "
                    "(torch.nn.Parameter or None expected)"
                )
            parameters[name] = None
        elif isinstance(value, Module):
            if parameters is None:
                raise AttributeError("cannot assign module before Module.__init__() call")
            self._forget(name, "_parameters", "_buffers")
            self._take_module(name, value)
        elif parameters is None:
            object.__setattr__(self, name, value)
        elif name in mine["_modules"]:
            if value is not None:
                raise TypeError(
                    f"cannot assign '{typename(value)}' as child module '{name}' "
                    "(torch.nn.Module or None expected)"
                )
            mine["_modules"][name] = None
        elif name in mine["_buffers"]:
            if value is not None and not isinstance(value, Tensor):
                raise TypeError(
                    f"cannot assign '{typename(value)}' as buffer '{name}' "
                    "(torch.nn.Buffer, torch.Tensor or None expected)"
                )
            mine["_buffers"][name] = value
        elif isinstance(value, Buffer):
            mine.pop(name, None)
            self.register_buffer(name, value, value.persistent)  # type: ignore[attr-defined, arg-type]
        else:
            object.__setattr__(self, name, value)

    def _forget(self, name: str, *kinds: str) -> None:
        self.__dict__.pop(name, None)
        for kind in kinds:
            self.__dict__[kind].pop(name, None)
        self._non_persistent_buffers_set.discard(name)

    def __delattr__(self, name: str) -> None:
        for kind in ("_parameters", "_buffers", "_modules"):
            if name in self.__dict__.get(kind, ()):
                del self.__dict__[kind][name]
                self._non_persistent_buffers_set.discard(name)
                return
        super().__delattr__(name)

    def __dir__(self) -> list[str]:
        held = [*self._parameters, *self._buffers, *self._modules]
        return sorted({*super().__dir__(), *(name for name in held if name.isidentifier())})

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """Take `param`, which may be None, under `name`."""
        if "_parameters" not in self.__dict__:
            raise AttributeError("cannot assign parameter before Module.__init__() call")
        check_name(self, name, "parameter", self._parameters)
        if param is not None and not isinstance(param, Parameter):
            raise TypeError(
                f"cannot assign '{typename(param)}' object to parameter '{name}' "
                "(torch.nn.Parameter or None required)"
            )
        if param is not None and not param.is_leaf:
            raise ValueError(
                f"Cannot assign non-leaf Tensor to parameter '{name}'. Model parameters must be "
                f"created explicitly. To express '{name}' as a function of another Tensor, compute "
                "the value in the forward() method."
            )
        for hook in REGISTERED["parameter"].values():
            if (result := hook(self, name, param)) is not None:
                param = result
        self._parameters[name] = param

    def register_buffer(self, name: str, tensor: Tensor | None, persistent: bool = True) -> None:
        """Keep `tensor`, which is not learnt, under `name`; a persistent one is in the state."""
        if "_buffers" not in self.__dict__:
            raise AttributeError("cannot assign buffer before Module.__init__() call")
        check_name(self, name, "buffer", self._buffers)
        if tensor is not None and not isinstance(tensor, Tensor):
            raise TypeError(
                f"cannot assign '{typename(tensor)}' object to buffer '{name}' "
                "(torch Tensor or None required)"
            )
        for hook in REGISTERED["buffer"].values():
            if (result := hook(self, name, tensor)) is not None:
                tensor = result
        self._buffers[name] = tensor
        (set.discard if persistent else set.add)(self._non_persistent_buffers_set, name)

    def add_module(self, name: str, module: Module | None) -> None:
        """Take `module`, which may be None, under `name`."""
        if module is not None and not isinstance(module, Module):
            raise TypeError(f"{typename(module)} is not a Module subclass")
        check_name(self, name, "module", self._modules)
        self._take_module(name, module)

    def _take_module(self, name: str, module: Any) -> None:
        for hook in REGISTERED["module"].values():
            if (result := hook(self, name, module)) is not None:
                module = result
        self._modules[name] = module

    register_module = add_module

    # ---- what it holds, and what those hold

    named_modules = _members.named_modules
    modules = _members.modules
    named_children = _members.named_children
    children = _members.children
    named_parameters = _members.named_parameters
    parameters = _members.parameters
    named_buffers = _members.named_buffers
    buffers = _members.buffers
    get_submodule = _paths.get_submodule
    set_submodule = _paths.set_submodule
    get_parameter = _paths.get_parameter
    get_buffer = _paths.get_buffer
    state_dict = _states.state_dict
    load_state_dict = _states.load_state_dict
    get_extra_state = _states.get_extra_state
    set_extra_state = _states.set_extra_state
    _save_to_state_dict = _states.save_to_state_dict
    _load_from_state_dict = _states.load_from_state_dict
    register_state_dict_pre_hook = _state_hooks.register_state_dict_pre_hook
    register_state_dict_post_hook = _state_hooks.register_state_dict_post_hook
    register_load_state_dict_pre_hook = _state_hooks.register_load_state_dict_pre_hook
    register_load_state_dict_post_hook = _state_hooks.register_load_state_dict_post_hook
    _register_state_dict_hook = _state_hooks.register_state_dict_hook
    _register_load_state_dict_pre_hook = _state_hooks.old_register_load_state_dict_pre_hook

    # ---- changes of all of them

    def train(self: M, mode: bool = True) -> M:
        """Switch this module, and all those below, to training, or to evaluation; return it."""
        if not isinstance(mode, bool):
            raise ValueError("training mode is expected to be boolean")
        self.training = mode
        for module in self.children():
            module.train(mode)
        return self

    def eval(self: M) -> M:
        """Switch this module, and all those below, to evaluation; return it."""
        return self.train(False)

    def apply(self: M, fn: Callable[[Module], Any]) -> M:
        """Call `fn` with every module below, then with this one; return it."""
        for module in self.children():
            module.apply(fn)
        fn(self)
        return self

    zero_grad = _changes.zero_grad
    requires_grad_ = _changes.requires_grad_
    to = _changes.to
    type = _changes.to_type
    float = _changes.to_float
    double = _changes.to_double
    half = _changes.to_half
    bfloat16 = _changes.to_bfloat16
    to_empty = _changes.to_empty
    share_memory = _changes.share_memory
    compile = _changes.compiled
    _apply = _changes.apply_to_tensors
    cpu = _changes.cpu
    cuda = _changes.cuda
    xpu = _changes.xpu
    ipu = _changes.ipu
    mtia = _changes.mtia

    # ---- hooks

    register_forward_pre_hook = _hooks.register_forward_pre_hook
    register_forward_hook = _hooks.register_forward_hook
    register_full_backward_pre_hook = _hooks.register_full_backward_pre_hook
    register_full_backward_hook = _hooks.register_full_backward_hook
    register_backward_hook = _hooks.register_backward_hook
    _forward_pre_hooks = _hook_lists.shown_as("before")
    _forward_hooks = _hook_lists.shown_as("after")
    _backward_pre_hooks = _hook_lists.shown_as("backward_before")
    _backward_hooks = _hook_lists.shown_as("backward")

    # ---- how it is shown

    def _get_name(self) -> str:
        return type(self).__name__  # `type` is a method here

    def extra_repr(self) -> str:
        """Return what is shown in the brackets behind the module's name."""
        return ""

    def __repr__(self) -> str:
        lines = self.extra_repr().split("\n") if self.extra_repr() else []
        held = self._shown()
        if not lines + held:
            return f"{self._get_name()}()"
        if len(lines) == 1 and not held:
            return f"{self._get_name()}({lines[0]})"
        return "\n  ".join([f"{self._get_name()}(", *lines, *held]) + "\n)"

    def _shown(self) -> list[str]:
        """One text for each module that this one holds, its further lines set in."""
        return [
            f"({name}): " + repr(module).replace("\n", "\n  ")
            for name, module in self._modules.items()
        ]


for _name, _method in list(vars(Module).items()):  # messages name methods with their class
    if getattr(_method, "__module__", "").startswith(__package__):
        _method.__qualname__ = f"Module.{_name}"
