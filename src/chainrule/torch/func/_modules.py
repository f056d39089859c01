"""A module called with other parameters than its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

__all__ = ["functional_call"]


def functional_call(
    module: Any,
    parameter_and_buffer_dicts: Mapping[str, Any] | Sequence[Mapping[str, Any]],
    args: Any = None,
    kwargs: Mapping[str, Any] | None = None,
    *,
    tie_weights: bool = True,
    strict: bool = False,
) -> Any:
    """Return what `module` returns when these tensors stand in its parameters' and buffers' places.

    They are named as in `module.state_dict()`; those that are not named stay. With `strict` all
    have to be named. The module is as before afterwards.

    >>> import chainrule.torch as torch
    >>> layer = torch.nn.Linear(2, 1)
    >>> given = {"weight": torch.ones(1, 2), "bias": torch.zeros(1)}
    >>> torch.func.functional_call(layer, given, torch.tensor([[3.0, 4.0]]))
    tensor([[7.]])
    """
    if isinstance(parameter_and_buffer_dicts, Mapping):
        given = dict(parameter_and_buffer_dicts)
    else:
        given = {k: v for one in parameter_and_buffer_dicts for k, v in one.items()}
    inputs = () if args is None else args if isinstance(args, tuple) else (args,)
    if strict:
        check_complete(module, given)
    with swapped(module, given):
        return module(*inputs, **(kwargs or {}))


def check_complete(module: Any, given: dict[str, Any]) -> None:
    own = {name for name, _ in (*module.named_parameters(), *module.named_buffers())}
    problems = []
    if unexpected := sorted(given.keys() - own):
        problems.append(f"Unexpected key(s): {', '.join(map(repr, unexpected))}.")
    if missing := sorted(own - given.keys()):
        problems.append(f"Missing key(s): {', '.join(map(repr, missing))}.")
    if problems:
        raise RuntimeError(
            f"Error(s) in reparametrizing for {type(module).__name__}:\n\t" + "\n\t".join(problems)
        )


@contextmanager
def swapped(module: Any, given: dict[str, Any]) -> Iterator[None]:
    """Let other tensors stand in the places of parameters and buffers, and put them back."""
    before: list[tuple[dict[str, Any], str, Any]] = []
    try:
        for path, tensor in given.items():
            *way, name = path.split(".")
            owner = module
            for step in way:
                owner = getattr(owner, step)
            place = next((one for one in (owner._parameters, owner._buffers) if name in one), None)
            if place is None:
                raise AttributeError(f"'{type(owner).__name__}' object has no attribute '{name}'")
            before.append((place, name, place[name]))
            place[name] = tensor
        yield
    finally:
        for place, name, tensor in reversed(before):
            place[name] = tensor
