"""Modules as functions of their parameters and buffers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from .._tensor import Tensor

__all__ = ["functional_call", "stack_module_state"]

State = dict[str, Any]


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

    They are named as in `module.state_dict()`, in one dictionary or several; those that are not
    named stay. What the module shares under several names is replaced under all of them, unless
    `tie_weights` is False. With `strict` all have to be named. Buffers that the module writes to
    are those that were given; the module itself is as before afterwards.

    >>> import chainrule.torch as torch
    >>> layer = torch.nn.Linear(2, 1)
    >>> given = {"weight": torch.ones(1, 2), "bias": torch.zeros(1)}
    >>> torch.func.functional_call(layer, given, torch.tensor([[3.0, 4.0]]))
    tensor([[7.]])
    """
    given = merged(parameter_and_buffer_dicts)
    if args is None:
        inputs: tuple[Any, ...] = ()
    else:
        inputs = args if isinstance(args, tuple) else (args,)
    own = [*module.named_parameters(remove_duplicate=False)]
    own += module.named_buffers(remove_duplicate=False)
    groups = names_alike(own) if tie_weights else []
    if strict:
        check_complete(module, given, {name for name, _ in own}, groups)
    with swapped(module, tied(given, groups)):
        return module(*inputs, **(kwargs or {}))


def merged(given: Any) -> State:
    """Return one dictionary of all tensors."""
    if isinstance(given, dict):
        return dict(given)
    if not isinstance(given, (list, tuple)):
        raise ValueError(
            "Expected parameter_and_buffer_dicts to be a dict, or a list/tuple of dicts, but got "
            f"{type(given)}"
        )
    if not all(isinstance(one, dict) for one in given):
        raise ValueError("Expected all elements of parameter_and_buffer_dicts to be dictionaries")
    names = [name for one in given for name in one]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ValueError(
            f"{twice} appeared in multiple dictionaries; behavior of functional call is ambiguous"
        )
    return {name: v for one in given for name, v in one.items()}


def names_alike(own: list[tuple[str, Any]]) -> list[list[str]]:
    """Return the names of each tensor that has several."""
    groups: dict[int, list[str]] = {}
    for name, v in own:
        groups.setdefault(id(v), []).append(name)
    return [names for names in groups.values() if len(names) > 1]


def tied(given: State, groups: list[list[str]]) -> State:
    """Return what is given under one name under all names of the same tensor."""
    found = dict(given)
    for names in groups:
        there = [name for name in names if name in given]
        if len({id(given[name]) for name in there}) > 1:
            raise ValueError(
                f"functional_call got multiple values for keys {sorted(there)}, which are tied. "
                "Consider using tie_weights=False"
            )
        for name in names if there else ():
            found[name] = given[there[0]]
    return found


def check_complete(module: Any, given: State, own: set[str], groups: list[list[str]]) -> None:
    there = set(given)
    for names in groups:
        if there.intersection(names):
            there.update(names)
    problems = []
    if unexpected := sorted(there - own):
        problems.append(f"Unexpected key(s): {', '.join(map(repr, unexpected))}.")
    if missing := sorted(own - there):
        problems.append(f"Missing key(s): {', '.join(map(repr, missing))}.")
    if problems:
        raise RuntimeError(
            f"Error(s) in reparametrizing for {type(module).__name__}:\n\t" + "\n\t".join(problems)
        )


@contextmanager
def swapped(module: Any, given: State) -> Iterator[None]:
    """Let other tensors stand in the places of parameters and buffers, and put them back."""
    before: list[tuple[dict[str, Any], str, Any]] = []
    try:
        for path, tensor in given.items():
            *way, name = path.split(".")
            owner = module
            for step in way:
                if not hasattr(owner, step):
                    raise AttributeError(f"{type(owner).__name__} has no attribute `{step}`")
                owner = getattr(owner, step)
            if tensor is not None and not isinstance(tensor, Tensor):
                raise TypeError(f"{tensor} is not an instance of torch.Tensor")
            place = place_of(owner, name)
            before.append((place, name, place.get(name, before)))
            place[name] = tensor
        yield
    finally:
        for place, name, old in reversed(before):
            if old is before:
                del place[name]
            else:
                place[name] = old


def place_of(owner: Any, name: str) -> dict[str, Any]:
    """Return the dictionary in which an object has an attribute, or would have it."""
    of_module: tuple[State, State] = (owner._parameters, owner._buffers)
    for place in of_module:
        if name in place:
            return place
    if hasattr(owner, name):
        raise TypeError(
            f"attribute `{name}`: {getattr(owner, name)} is not an instance of torch.Tensor"
        )
    attributes: State = vars(owner)
    return attributes


def stack_module_state(models: Any) -> tuple[State, State]:
    """Return the parameters of several models, and their buffers, each stacked along dimension 0.

    With `vmap` over them and `functional_call` the models are called together. They have to be of
    one class, and all in training or all in evaluation.

    >>> import chainrule.torch as torch
    >>> models = [torch.nn.Linear(2, 1) for _ in range(3)]
    >>> parameters, buffers = torch.func.stack_module_state(models)
    >>> parameters["weight"].shape
    torch.Size([3, 1, 2])
    """
    what = "stack_module_state: Expected"
    if not len(models):
        raise RuntimeError(f"{what} at least one model, got 0.")
    if len({model.training for model in models}) > 1:
        raise RuntimeError(f"{what} all models to have the same training/eval mode.")
    if len({type(model) for model in models}) > 1:
        raise RuntimeError(f"{what} all models to be of the same class.")
    parameters = [dict(model.named_parameters()) for model in models]
    buffers = [dict(model.named_buffers()) for model in models]
    return stacked(parameters), stacked(buffers)


def stacked(states: list[State]) -> State:
    from .._functions.joining import stack

    found = {}
    for name in states[0]:
        column = [state[name] for state in states]
        if len({v.requires_grad for v in column}) > 1:
            raise RuntimeError(f"Expected {name} from each model to have the same .requires_grad")
        whole = stack([v.detach() for v in column])
        found[name] = whole.requires_grad_() if column[0].requires_grad else whole
    return found
