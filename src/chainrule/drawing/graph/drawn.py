"""`draw_graph`: from tensors, from a function with its arguments, from a derivation."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import FrameType
from typing import Any

from chainrule._core.trees import is_number
from chainrule._languages import speaking, tr

from .model import Graph, GraphError
from .reading_functions import argument_names, read_function

__all__ = ["draw_graph"]

POINT = '{"x": 2, "w": 1}'


def draw_graph(
    what: Any,
    *args: Any,
    names: Mapping[str, Any] | Sequence[str] | None = None,
    wrt: str | Sequence[str] | None = None,
    gradients: bool | None = None,
    lang: str | None = None,
) -> Graph:
    """Return the graph of a computation, values forward and gradients backward.

    `what` is one of

    - a function, with its arguments behind it: numbers, arrays, containers of them. Each call in
      it is a node, and what flows back along each edge is written there. Of an output that is an
      array, gradients are those of the sum of its elements;
    - a tensor of `chainrule.torch`, or a tuple of some: the operations on its tape. Gradients are
      what `backward()` left in `.grad`, and what it must have passed on to get there; the
      picture says so if backward has not run. Drawing changes and frees nothing;
    - a derivation, as `chainrule.derivation.derive` returns it, and behind it a dict with the
      point, if it has none of its own.

    `names` are the names of the arguments instead of the function's own, in order; or a dict of
    names and tensors. Without it, tensors are called as the variables of the caller's are, and as
    the parameters of the modules among these. `wrt` are the names of those to differentiate by:
    what leads to none of them gets no gradient. `gradients=True` computes the gradients of tensors
    for the picture, as if backward ran, and leaves `.grad` as it is; `gradients=False` leaves
    gradients out. `lang` is the language of the texts, "en" or "zh".

    Notebooks show the graph as a picture; `save(path)` writes it as .svg, .png, .dot, or as .html
    to step through. Raises `GraphError` where there is no graph.

    >>> from chainrule.drawing import draw_graph
    >>> print(draw_graph(lambda x, w: (x + w) * (w + 1), 2.0, 1.0))
    x = 2; ◂ 2
    w = 1; ◂ 5
    a = x + w = 3; ◂ 2
    b = w + 1 = 2; ◂ 3
    y = a·b = 6; ◂ 1
    """
    chosen = [wrt] if isinstance(wrt, str) else wrt
    with speaking(lang):
        if tensors := _tensors(what):
            return _of_tensors(tensors, args, names, chosen, gradients, sys._getframe(1))
        if _is_derivation(what):
            return _shown(_of_derivation(what, args), gradients)
        if not callable(what):
            raise _nothing_to_draw(what)
        labels = _labels(what, args, names)
        if any(map(_tensors, args)):
            return _of_calls(what, args, labels, chosen, gradients)
        return _shown(read_function(what, args, labels, chosen), gradients)


def _shown(graph: Graph, gradients: bool | None) -> Graph:
    """Return `graph`, without gradients if they are not wanted."""
    if gradients is not False:
        return graph
    nodes = [
        replace(node, seed="", gradient="", flows=dict.fromkeys(node.flows, ""), slopes={})
        for node in graph.nodes
    ]
    return replace(graph, nodes=tuple(nodes), note=tr("gradients are left out"))


def _tensors(what: Any) -> list[Any]:
    """Return the tensors of ours that `what` is or consists of; none if it is something else."""
    module = sys.modules.get("chainrule.torch._tensor")  # not loaded: there can be none
    items = list(what) if isinstance(what, (tuple, list)) else [what]
    if module is None or not all(isinstance(t, module.Tensor) for t in items):
        return []
    return items


def _is_derivation(what: Any) -> bool:
    module = sys.modules.get("chainrule.derivation.derivation")
    return module is not None and isinstance(what, module.Derivation)


def _of_derivation(d: Any, args: tuple[Any, ...]) -> Graph:
    from .reading_derivations import read_derivation

    at = args[0] if args else d.at if d.at.keys() >= set(d.variables) else {}
    if isinstance(at, (int, float)) and not isinstance(at, bool):  # as derive takes it
        at = {d.wrt.head.text: at}
    if len(args) > 1 or not isinstance(at, Mapping):
        raise GraphError(
            tr("the point of a derivation is one dict: draw_graph(d, {example})", example=POINT)
        )
    return read_derivation(d, at)


def _of_tensors(
    tensors: list[Any],
    args: tuple[Any, ...],
    names: Any,
    wrt: Any,
    gradients: bool | None,
    caller: FrameType,
) -> Graph:
    from .tape import names_given, names_in, read_tape

    if args:
        raise GraphError(tr("draw several tensors by giving them as one tuple: draw_graph((y, z))"))
    if names is not None and not isinstance(names, Mapping):
        raise GraphError(tr('names of tensors are a dict: names={{"x": x, "w": w}}'))
    named = names_in(caller) if names is None else names_given(names)
    return read_tape(tensors, named, gradients, wrt)


def _of_calls(
    f: Any, args: tuple[Any, ...], labels: list[str], wrt: Any, gradients: bool | None
) -> Graph:
    from .tape import names_given, names_used, read_tape

    y = f(*args)
    tensors = _tensors(y)
    if not tensors:
        raise _nothing_to_draw(y)
    given = {name: t for name, v in zip(labels, args, strict=True) for t in _tensors(v)}
    named = names_used(f) | names_given(given)
    return read_tape(tensors, named, gradients is not False, wrt)


def _labels(f: Any, args: tuple[Any, ...], names: Any) -> list[str]:
    if names is None:
        return list(argument_names(f, args))
    if isinstance(names, (str, Mapping)) or len(names) != len(args):
        raise GraphError(
            tr(
                "names of a function's arguments are a list of texts, as long as the arguments: "
                "{count}",
                count=len(args),
            )
        )
    return [str(name) for name in names]


def _nothing_to_draw(what: Any) -> GraphError:
    kind = type(what)
    if kind.__module__.partition(".")[0] == "torch":
        return GraphError(
            tr(
                "this is a tensor of PyTorch's own; draw_graph reads those of chainrule.torch: run "
                "the program with `python -m chainrule run`, or import chainrule.torch as torch"
            )
        )
    if is_number(what):
        return GraphError(
            tr(
                "a plain {kind} has no graph: it does not remember how it was computed; give the "
                "function and its arguments: draw_graph(f, x)",
                kind=kind.__name__,
            )
        )
    return GraphError(
        tr(
            "draw_graph draws tensors, functions with their arguments, and derivations, but was "
            "given something of type {kind}",
            kind=kind.__name__,
        )
    )
