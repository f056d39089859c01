"""What optimisers share: parameters in groups, with options, and a state for each of them."""

from __future__ import annotations

import copy
import functools
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import chain
from typing import Any

import numpy as np

from .._kinds.dtypes import type_name
from .._tape.nodes import EXTRA
from .._tensor import Tensor, made
from ..autograd._modes import enable_grad
from .hooking import (
    Hooked,
    around,
    register_optimizer_step_post_hook,
    register_optimizer_step_pre_hook,
)

__all__ = [
    "Optimizer",
    "register_optimizer_step_post_hook",
    "register_optimizer_step_pre_hook",
    "required",
]

DUPLICATES = (
    "optimizer contains a parameter group with duplicate parameters; in future, this will cause an "
    "error; see github.com/pytorch/pytorch/issues/40967 for more information"
)


class Required:
    """Stands for an option without a default."""

    def __repr__(self) -> str:
        return "<required parameter>"


required = Required()


class Optimizer(Hooked):
    """Holds parameters in groups, each with options, and what is remembered of each parameter.

    `params` are tensors, pairs of a name and a tensor, or dictionaries: a group each, with the key
    "params" and options of its own. A subclass says `update`, the step of one parameter. Raises
    ValueError without any parameter and for tensors that are no leaves, TypeError for others.
    """

    defaults: dict[str, Any]
    param_groups: list[dict[str, Any]]
    state: defaultdict[Any, dict[str, Any]]
    _opt_called = False  # whether it has made a step: schedules ask
    _own_step: Any

    def __init_subclass__(cls) -> None:
        if "step" in vars(cls):
            cls.step = around(vars(cls)["step"])  # type: ignore[method-assign]

    def __init__(self, params: Any, defaults: dict[str, Any]) -> None:
        self.defaults = defaults
        if isinstance(params, Tensor):
            raise TypeError(
                "params argument given to the optimizer should be an iterable of Tensors or dicts, "
                f"but got {type_name(params._array.dtype)}"
            )
        self.state = defaultdict(dict)
        self.param_groups = []
        groups = list(params)
        if not groups:
            raise ValueError("optimizer got an empty parameter list")
        if not isinstance(groups[0], dict):
            groups = [{"params": groups}]
        for group in groups:
            self.add_param_group(group)

    def add_param_group(self, param_group: dict[str, Any]) -> None:
        """Add a group: a dictionary with "params", and options where they are not the defaults."""
        if not isinstance(param_group, dict):
            raise TypeError(f"param_group must be a dict, but got {type(param_group)}")
        group = dict(param_group)
        names = with_names(group)
        for p in group["params"]:
            if not isinstance(p, Tensor):
                raise TypeError(
                    "optimizer can only optimize Tensors, but one of the params is "
                    f"{type(p).__name__}"
                )
            if not (p.is_leaf or p.retains_grad or self.defaults.get("differentiable")):
                raise ValueError("can't optimize a non-leaf Tensor")
        if names is not None:
            group["param_names"] = names
        for name, default in self.defaults.items():
            if default is required and name not in group:
                raise ValueError(
                    "parameter group didn't specify a value of required optimization parameter "
                    f"{name}"
                )
            group.setdefault(name, default)
        if len(set(group["params"])) != len(group["params"]):
            warnings.warn(DUPLICATES, UserWarning, stacklevel=3)
        if self.param_groups and ("param_names" in self.param_groups[0]) != (
            "param_names" in group
        ):
            raise ValueError(
                "all optimizer param groups should be with/without names. cannot add param group "
                f"{'without' if names is None else 'with'} names to the optimizer"
            )
        held = {p for other in self.param_groups for p in other["params"]}
        if not held.isdisjoint(group["params"]):
            raise ValueError("some parameters appear in more than one parameter group")
        self.param_groups.append(group)

    # ---- a step

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Drop the gradients of all parameters, or write zeros over them."""
        for group in self.param_groups:
            for p in group["params"]:
                node = p._node
                if set_to_none:
                    if node is not None and node[1] is None:
                        node[EXTRA].grad = None
                    else:
                        p.grad = None
                elif (g := p.grad) is not None:
                    p.grad = g = g if g._node is None else made(g._array)
                    g._array.fill(0)
                    g._writes[0] += 1

    @around
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Change every parameter that has a gradient; return what `closure` returns, called first.

        `closure` computes the loss anew, with its gradients.
        """
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        for group in self.param_groups:
            self.update(group)
        return loss

    def update(self, group: dict[str, Any]) -> None:
        """Change the parameters of one group: a subclass says how."""
        raise NotImplementedError

    # ---- its state, to be kept and taken up again

    def state_dict(self) -> dict[str, Any]:
        """Return the state and the options; parameters are named by their numbers."""
        for hook in self._hooked("state_pre"):
            hook(self)
        numbers = {
            id(p): k for k, p in enumerate(p for g in self.param_groups for p in g["params"])
        }
        groups = [
            {name: v for name, v in group.items() if name != "params"}
            | {"params": [numbers[id(p)] for p in group["params"]]}
            for group in self.param_groups
        ]
        state = {numbers.get(id(p), p): held for p, held in self.state.items()}
        return self._through("state_post", {"state": state, "param_groups": groups})

    def _through(self, kind: str, state_dict: dict[str, Any]) -> dict[str, Any]:
        """Let hooks look at a state dict, or return another in its place."""
        for hook in self._hooked(kind):
            other = hook(self, state_dict)
            state_dict = state_dict if other is None else other
        return state_dict

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Take up the state and the options of a state dict, for the same parameters in order.

        Tensors become of the number type of their parameter; those that are so already are
        shared with the state dict. Raises ValueError for groups of other sizes.
        """
        state_dict = self._through("load_pre", state_dict.copy())
        given = copy.deepcopy(state_dict["param_groups"])
        mine = self.param_groups
        if len(given) != len(mine):
            raise ValueError("loaded state dict has a different number of parameter groups")
        if any(len(a["params"]) != len(b["params"]) for a, b in zip(mine, given, strict=True)):
            raise ValueError(
                "loaded state dict contains a parameter group that doesn't match the size of "
                "optimizer's group"
            )
        numbers = chain.from_iterable(group["params"] for group in given)
        tensors = chain.from_iterable(group["params"] for group in mine)
        of_number = dict(zip(numbers, tensors, strict=True))
        state: defaultdict[Any, dict[str, Any]] = defaultdict(dict)
        for number, held in state_dict["state"].items():
            p = of_number.get(number)
            state[number if p is None else p] = held if p is None else cast(held, p)
        for old, new in zip(mine, given, strict=True):
            new["params"] = old["params"]
            if "param_names" in old:
                new.setdefault("param_names", old["param_names"])
        self.state, self.param_groups = state, given
        for hook in self._hooked("load_post"):
            hook(self)

    def __getstate__(self) -> dict[str, Any]:
        return {
            "defaults": self.defaults,
            "state": self.state,
            "param_groups": self.param_groups,
        }

    def __repr__(self) -> str:
        lines = [f"{type(self).__name__} ("]
        for k, group in enumerate(self.param_groups):
            lines += [""] * (k > 0) + [f"Parameter Group {k}"]
            lines += [f"    {name}: {group[name]}" for name in sorted(group) if name != "params"]
        return "\n".join([*lines, ")"])


def with_names(group: dict[str, Any]) -> list[str] | None:
    """Make a list of the group's parameters; return their names, if they came with names."""
    given = group["params"]
    if isinstance(given, Tensor):
        given = [given]
    elif isinstance(given, set):
        raise TypeError(
            "optimizer parameters need to be organized in ordered collections, but the ordering of "
            "tensors in sets will change between runs. Please use a list instead."
        )
    given = list(given) if isinstance(given, Iterable) else [given]
    named = [v for v in given if isinstance(v, tuple)]
    if not named:
        group["params"] = given
        return None
    if len(named) != len(given):
        raise ValueError(
            "all optimizer params should be with/without names. Some param names are missing"
        )
    group["params"] = [p for _, p in given]
    return [name for name, _ in given]


def cast(value: Any, p: Any, name: Any = None) -> Any:
    """Return what was remembered of `p`, its tensors of the number type of `p`; steps stay."""
    if isinstance(value, Tensor):
        kind = p._array.dtype
        if name == "step" or kind.kind not in "fc" or value._array.dtype == kind:
            return value
        return made(value._array.astype(kind))
    if isinstance(value, dict):
        return {key: cast(v, p, key) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(cast(v, p) for v in value)
    return value


@functools.lru_cache(maxsize=128)
def as_array(v: float, dtype: Any) -> Any:
    """Return an option as a 0-d array: beside arrays it takes 0.4 us less than a Python number."""
    return np.array(v, dtype)


def number(v: Any) -> Any:
    """Return an option that may be a tensor of one element as a Python number."""
    return v._array.item() if isinstance(v, Tensor) else v


def check_rate(lr: Any) -> None:
    if isinstance(lr, Tensor) and lr._array.size != 1:
        raise ValueError("Tensor lr must be 1-element")


def check_ways(foreach: Any, fused: Any, differentiable: Any) -> None:
    """Refuse combinations that PyTorch refuses.

    `foreach` and `fused`, faster ways to the same numbers there, make no difference here.
    """
    if fused and differentiable:
        raise RuntimeError("`fused` does not support `differentiable`")
    if fused and foreach:
        raise RuntimeError("`fused` and `foreach` cannot be `True` together.")
    if differentiable:
        raise NotImplementedError(
            "differentiable=True, a step that is recorded, is not in chainrule; write the step as "
            "operations on tensors instead."
        )
