"""Recording the calls of a function, so that its graph can be drawn: a value of a kind of its own.

The engine's recorded values keep what a backward pass needs, and forget which function was called.
These remember the calls besides; rules, edges and the backward pass are the engine's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from chainrule._core.pieces import bundled
from chainrule._core.stating import Rule
from chainrule._core.traces import READ, edges, output_nodes, tick
from chainrule._core.values import Value

__all__ = ["Call", "Drawn", "Edge", "Recording", "as_now", "edges_of", "start"]

Edge = tuple[Any, Any, Any]  # pull, parent, kept


@dataclass
class Call:
    """A recorded call: its inputs as they were given, values among them.

    `nodes` is its node, and behind it one for each of several outputs.
    """

    rule: Rule
    inputs: Sequence[Any]
    options: dict[str, Any]
    y: Any
    nodes: list[Any]


@dataclass
class Recording:
    """The calls of one run, in the order of computation."""

    level: int = field(default_factory=tick)
    calls: list[Call] = field(default_factory=list)

    def holds(self, v: Any) -> bool:
        """Say whether `v` is a value of this run."""
        return type(v) is Drawn and v.level == self.level


class Drawn(Value):
    """A value that is recorded to be drawn; `link` is its node, as for the reverse reading."""

    __slots__ = ("recording",)
    recording: Recording


def start(x: Any, recording: Recording) -> Drawn:
    """Return `x` as what a recording begins with."""
    return _drawn(x, (tick(), None, None, None, None), recording)


def edges_of(node: Any) -> Iterator[Edge]:
    """Yield the edges of a node; a leaf has none."""
    _, *edge = node
    while edge is not None and edge[0] is not None:
        pull, parent, kept, edge = edge
        yield pull, parent, kept


def _drawn(x: Any, node: Any, recording: Recording) -> Drawn:
    out = Drawn()
    out.value, out.level, out.link, out.recording = x, recording.level, node, recording
    return out


def _read(
    rule: Rule,
    level: int,
    inputs: Sequence[Any],
    values: list[Any],
    options: dict[str, Any],
    y: Any,
    several: bool,
) -> Any:
    more = edges(Drawn, rule, level, inputs, values, options, y)
    if more is None:
        return y
    recording = next(v.recording for v in _flat(inputs) if type(v) is Drawn and v.level == level)
    node = (tick(), *more)
    nodes = [node, *output_nodes(node, y)] if several else [node]
    recording.calls.append(Call(rule, [as_now(v) for v in inputs], options, y, nodes))
    if not several:
        return _drawn(y, node, recording)
    outs = [_drawn(v, link, recording) for v, link in zip(y, nodes[1:], strict=True)]
    return bundled(type(y), outs)


def as_now(v: Any) -> Any:
    """Return an input as it is now; an array may be written to later."""
    if isinstance(v, (list, tuple)):
        return [as_now(w) for w in v]
    return _drawn(v.value, v.link, v.recording) if type(v) is Drawn else v


def _flat(inputs: Sequence[Any]) -> Iterator[Any]:
    for v in inputs:
        yield from v if isinstance(v, (list, tuple)) else (v,)


READ[Drawn] = _read
