"""State dicts: what a module holds, as tensors by their paths."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any

from ..._tensor import Tensor, made
from ...autograd._modes import no_grad
from ..parameter import Parameter, is_lazy
from ._incompatible import _IncompatibleKeys

__all__: list[str] = []

EXTRA = "_extra_state"  # the key of what a module has to say itself


def tensors_of(module: Any) -> dict[str, Any]:
    """Return the parameters and persistent buffers that a module holds itself."""
    return {name: p for name, p in module._parameters.items() if p is not None} | {
        name: b
        for name, b in module._buffers.items()
        if b is not None and name not in module._non_persistent_buffers_set
    }


def has_extra(module: Any, what: str) -> bool:
    """Say whether the module's class has a method of its own for its extra state."""
    return getattr(getattr(type(module), what), "__code__", None) not in EMPTY


def get_extra_state(self: Any) -> Any:
    """Return what `state_dict` is to hold beside the tensors: a subclass may say it."""
    raise RuntimeError(UNEXPECTED)


def set_extra_state(self: Any, state: Any) -> None:
    """Take what `get_extra_state` returned."""
    raise RuntimeError(UNEXPECTED.replace("get_extra", "set_extra"))


UNEXPECTED = (
    "Reached a code path in Module.get_extra_state() that should never be called. Please file an "
    "issue at https://github.com/pytorch/pytorch/issues/new?template=bug-report.yml to report this "
    "bug."
)
EMPTY = (get_extra_state.__code__, set_extra_state.__code__)


# ---------------------------------------------------------------- saving


def state_dict(
    self: Any, *args: Any, destination: Any = None, prefix: str = "", keep_vars: bool = False
) -> Any:
    """Return all parameters and persistent buffers by their paths, in the order of the modules.

    They share their numbers with the module, and are detached unless `keep_vars`.
    """
    if args:
        warn_of_places()
        given = (destination, prefix, keep_vars)
        destination, prefix, keep_vars = (
            usual if k >= len(args) or usual else args[k] for k, usual in enumerate(given)
        )
    if destination is None:
        destination = OrderedDict()
        destination._metadata = OrderedDict()
    about = {"version": self._version}
    if hasattr(destination, "_metadata"):
        destination._metadata[prefix[:-1]] = about
    hooks = self._called
    for hook in list(hooks.before_saving.values()) if hooks else ():
        hook(self, prefix, keep_vars)
    self._save_to_state_dict(destination, prefix, keep_vars)
    for name, module in self._modules.items():
        if module is not None:
            module.state_dict(
                destination=destination, prefix=f"{prefix}{name}.", keep_vars=keep_vars
            )
    for hook, public in list(hooks.after_saving.values()) if hooks else ():
        result = hook(self, destination, prefix, about)
        if public and result is not None:
            raise RuntimeError("state_dict post-hook must return None")
        if result is not None:
            destination = result
    return destination


def warn_of_places() -> None:
    import warnings

    warnings.warn(
        "Positional args are being deprecated, use kwargs instead. Refer to "
        "https://pytorch.org/docs/main/generated/torch.nn.Module.html#torch.nn.Module.state_dict "
        "for details.",
        FutureWarning,
        stacklevel=3,
    )


def save_to_state_dict(self: Any, destination: Any, prefix: str, keep_vars: bool) -> None:
    """Put what this module holds itself into `destination`."""
    for name, tensor in tensors_of(self).items():
        destination[prefix + name] = tensor if keep_vars else detached(tensor)
    if has_extra(self, "get_extra_state"):
        destination[prefix + EXTRA] = self.get_extra_state()


def detached(tensor: Any) -> Any:
    if is_lazy(tensor):
        return tensor
    out = made(tensor._array)
    out._writes = tensor._writes
    return out


# ---------------------------------------------------------------- loading


def load_state_dict(
    self: Any, state_dict: Mapping[str, Any], strict: bool = True, assign: bool = False
) -> Any:
    """Copy the tensors of `state_dict` into the parameters and buffers of the same paths.

    Return the missing and the unexpected keys. With `strict`, raises RuntimeError if there are
    any; whether or not, for a tensor of another shape. `assign` takes the tensors themselves.
    """
    if not isinstance(state_dict, Mapping):
        raise TypeError(f"Expected state_dict to be dict-like, got {type(state_dict)}.")
    metadata = getattr(state_dict, "_metadata", None)
    given: Any = OrderedDict(state_dict)
    keys = _IncompatibleKeys([], [])
    wrong: list[str] = []

    def load(module: Any, part: Any, prefix: str) -> None:
        about = {} if metadata is None else metadata.get(prefix[:-1], {})
        if assign:
            about["assign_to_params_buffers"] = True
        module._load_from_state_dict(part, prefix, about, True, *keys, wrong)
        for name, below in module._modules.items():
            if below is not None:
                path = f"{prefix}{name}."
                load(below, {k: v for k, v in part.items() if k.startswith(path)}, path)
        for hook in list(module._called.after_loading.values()) if module._called else ():
            if hook(module, keys) is not None:
                raise AssertionError(CHANGED)

    load(self, given, "")
    if strict and keys.unexpected_keys:
        wrong.insert(0, f"Unexpected key(s) in state_dict: {quoted(keys.unexpected_keys)}. ")
    if strict and keys.missing_keys:
        wrong.insert(0, f"Missing key(s) in state_dict: {quoted(keys.missing_keys)}. ")
    if wrong:
        raise RuntimeError(
            f"Error(s) in loading state_dict for {type(self).__name__}:\n\t" + "\n\t".join(wrong)
        )
    return keys


CHANGED = (
    "Hooks registered with ``register_load_state_dict_post_hook`` are not expected to return new "
    "values, if incompatible_keys need to be modified, it should be done inplace."
)


def quoted(keys: list[str]) -> str:
    return ", ".join(f'"{key}"' for key in keys)


def load_from_state_dict(
    self: Any,
    state_dict: Any,
    prefix: str,
    local_metadata: Any,
    strict: bool,
    missing_keys: list[str],
    unexpected_keys: list[str],
    error_msgs: list[str],
) -> None:
    """Take what this module holds itself from `state_dict`; tell of what does not fit."""
    rest = (state_dict, prefix, local_metadata, strict, missing_keys, unexpected_keys, error_msgs)
    for hook, with_module in list(self._called.before_loading.values()) if self._called else ():
        hook(*([self] if with_module else []), *rest)
    mine = tensors_of(self)
    assign = local_metadata.get("assign_to_params_buffers", False)
    for name, tensor in mine.items():
        key = prefix + name
        if key not in state_dict:
            if strict:
                missing_keys.append(key)
        elif text := problem(key, tensor, state_dict[key]):
            error_msgs.append(text)
        else:
            take(self, name, tensor, state_dict[key], assign)
    if has_extra(self, "set_extra_state"):
        if prefix + EXTRA in state_dict:
            self.set_extra_state(state_dict[prefix + EXTRA])
        elif strict:
            missing_keys.append(prefix + EXTRA)
    elif strict and prefix + EXTRA in state_dict:
        unexpected_keys.append(prefix + EXTRA)
    if strict:
        unexpected_keys.extend(unknown(self, mine, state_dict, prefix))


def unknown(module: Any, mine: Any, state_dict: Any, prefix: str) -> Iterator[str]:
    """Yield the keys below `prefix` that neither this module nor one that it holds has."""
    for key in state_dict:
        if key.startswith(prefix) and key != prefix + EXTRA:
            first, dot, _ = key[len(prefix) :].partition(".")
            if first not in module._modules if dot else first not in mine:
                yield key


def problem(key: str, mine: Any, given: Any) -> str:
    """Say why `given` cannot be loaded; nothing if it can."""
    if not isinstance(given, Tensor):
        return (
            f'While copying the parameter named "{key}", expected torch.Tensor or Tensor-like '
            f"object from checkpoint but received {type(given)}"
        )
    if is_lazy(mine):
        return ""
    shape = given.shape  # what is not yet initialised raises here
    old = mine._array.ndim == 0 and shape == (1,)  # as numbers once were saved
    if shape != mine._array.shape and not old:
        return (
            f"size mismatch for {key}: copying a param with shape {shape} from checkpoint, "
            f"the shape in current model is {mine.shape}."
        )
    return ""


def take(module: Any, name: str, mine: Any, given: Any, assign: bool) -> None:
    """Let the module have the tensor `given`, or its numbers."""
    if assign:
        if isinstance(mine, Parameter):
            wanted = mine.requires_grad
            if not isinstance(given, Parameter):
                given = Parameter(given, wanted)
            else:
                given.requires_grad = wanted
        setattr(module, name, given)
        return
    if is_lazy(mine):
        with no_grad():
            mine.materialize(given.shape)
    with no_grad():
        mine.copy_(given if given.shape == mine.shape else given[0])
