"""State dicts: what a module holds, as tensors by their paths; and single parts of it by theirs."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ..._tensor import Tensor, made
from ..parameter import Parameter

__all__: list[str] = []


class _IncompatibleKeys(NamedTuple):
    """Which keys a state dict lacked, and which the module did not know."""

    missing_keys: list[str]
    unexpected_keys: list[str]

    def __repr__(self) -> str:
        if not self.missing_keys and not self.unexpected_keys:
            return "<All keys matched successfully>"
        return (
            f"_IncompatibleKeys(missing_keys={self.missing_keys}, "
            f"unexpected_keys={self.unexpected_keys})"
        )


def held(module: Any) -> dict[str, Any]:
    """Return the parameters and persistent buffers that a module holds itself."""
    return {name: p for name, p in module._parameters.items() if p is not None} | {
        name: b
        for name, b in module._buffers.items()
        if b is not None and name not in module._non_persistent_buffers_set
    }


def state_dict(
    self: Any, *, destination: Any = None, prefix: str = "", keep_vars: bool = False
) -> Any:
    """Return all parameters and persistent buffers by their paths, in the order of the modules.

    They share their numbers with the module, and are detached unless `keep_vars`.
    """
    state = OrderedDict() if destination is None else destination
    for name, tensor in held(self).items():
        state[prefix + name] = tensor if keep_vars else detached(tensor)
    for name, module in self._modules.items():
        if module is not None:
            module.state_dict(destination=state, prefix=f"{prefix}{name}.", keep_vars=keep_vars)
    return state


def detached(tensor: Any) -> Any:
    out = made(tensor._array)
    out._writes = tensor._writes
    return out


def load_state_dict(
    self: Any, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False
) -> Any:
    """Copy the tensors of `state_dict` into the parameters and buffers of the same paths.

    Return the missing and the unexpected keys. With `strict`, raises RuntimeError if there are
    any; whether or not, for a tensor of another shape. `assign` takes the tensors themselves.
    """
    if not isinstance(state_dict, Mapping):
        raise TypeError(f"Expected state_dict to be dict-like, got {type(state_dict)}.")
    missing: list[str] = []
    unexpected: list[str] = []
    wrong: list[str] = []
    for path, module in with_paths(self):
        mine = held(module)
        for name, tensor in mine.items():
            if path + name not in state_dict:
                missing.append(path + name)
            elif text := problem(path + name, tensor, state_dict[path + name]):
                wrong.append(text)
            else:
                load(module, name, tensor, state_dict[path + name], assign)
        for key in state_dict:
            if key.startswith(path):
                first, dot, _ = key[len(path) :].partition(".")
                if first not in (module._modules if dot else mine):
                    unexpected.append(key)
    if strict and unexpected:
        wrong.insert(0, f"Unexpected key(s) in state_dict: {quoted(unexpected)}. ")
    if strict and missing:
        wrong.insert(0, f"Missing key(s) in state_dict: {quoted(missing)}. ")
    if wrong:
        raise RuntimeError(
            f"Error(s) in loading state_dict for {type(self).__name__}:\n\t" + "\n\t".join(wrong)
        )
    return _IncompatibleKeys(missing, unexpected)


def with_paths(module: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    yield path, module
    for name, below in module._modules.items():
        if below is not None:
            yield from with_paths(below, f"{path}{name}.")


def quoted(keys: list[str]) -> str:
    return ", ".join(f'"{key}"' for key in keys)


def problem(key: str, mine: Any, given: Any) -> str:
    """Say why `given` cannot be loaded; nothing if it can."""
    if not isinstance(given, Tensor):
        return (
            f'While copying the parameter named "{key}", expected torch.Tensor or Tensor-like '
            f"object from checkpoint but received {type(given)}"
        )
    old = mine._array.ndim == 0 and given._array.shape == (1,)  # as numbers once were saved
    if given._array.shape != mine._array.shape and not old:
        return (
            f"size mismatch for {key}: copying a param with shape {given.shape} from checkpoint, "
            f"the shape in current model is {mine.shape}."
        )
    return ""


def load(module: Any, name: str, mine: Any, given: Any, assign: bool) -> None:
    if assign:
        kind = module._parameters if name in module._parameters else module._buffers
        if isinstance(mine, Parameter) and not isinstance(given, Parameter):
            given = Parameter(given, mine.requires_grad)
        kind[name] = given
    else:
        mine._array[...] = given._array.reshape(mine._array.shape)
        mine._writes[0] += 1


# ---------------------------------------------------------------- parts by their paths


def get_submodule(self: Any, target: str) -> Any:
    """Return the module at a path such as "layers.0"; of "", this one."""
    found = self
    for name in target.split(".") if target else ():
        if not hasattr(found, name):
            raise AttributeError(f"{found._get_name()} has no attribute `{name}`")
        found = getattr(found, name)
        if not hasattr(found, "named_modules"):
            raise AttributeError(f"`{name}` is not an nn.Module")
    return found


def member(self: Any, target: str) -> tuple[Any, str, Any]:
    path, _, name = target.rpartition(".")
    module = self.get_submodule(path)
    if not hasattr(module, name):
        raise AttributeError(f"{module._get_name()} has no attribute `{name}`")
    return module, name, getattr(module, name)


def get_parameter(self: Any, target: str) -> Parameter:
    """Return the parameter at a path such as "layers.0.weight"."""
    _, name, found = member(self, target)
    if not isinstance(found, Parameter):
        raise AttributeError(f"`{name}` is not an nn.Parameter")
    return found


def get_buffer(self: Any, target: str) -> Tensor:
    """Return the buffer at a path."""
    module, name, found = member(self, target)
    if name not in module._buffers:
        raise AttributeError(f"`{name}` is not a buffer")
    return found  # type: ignore[no-any-return]
