"""Both passes through a graph as a walk: step by step, what is computed and what flows back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from chainrule._languages import tr

from .cards import MOST_VALUE, summed
from .grouping import Folded
from .model import Graph, Node

__all__ = ["Pace", "Walk", "walk"]

MOST_SAID = 6  # things that one caption lists


@dataclass(frozen=True)
class Pace:
    """One step of the walk: its caption, and the nodes and edges that it is about."""

    phase: str
    caption: str
    nodes: tuple[str, ...] = ()
    edges: tuple[str, ...] = ()


@dataclass
class Walk:
    """The steps, and from which step on each thing is there to be seen.

    `values` and `flows` have the number of a step, by a node's key and by "FROM TO"; `gradients`
    have the steps at which the text changes, with what it is then.
    """

    paces: list[Pace] = field(default_factory=list)
    values: dict[str, int] = field(default_factory=dict)
    flows: dict[str, int] = field(default_factory=dict)
    gradients: dict[str, list[tuple[int, str]]] = field(default_factory=dict)


def walk(graph: Graph) -> Walk:
    """Return the walk through `graph`: forward to the outputs, back to where it began."""
    return _Walker(graph).walked()


class _Walker:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.place = {node.key: i for i, node in enumerate(graph.nodes)}
        self.args: dict[str, list[Node]] = {node.key: [] for node in graph.nodes}
        for node in graph.nodes:
            for user in node.flows:
                self.args[user].append(node)
        self.outputs = [node for node in graph.nodes if node.kind == "output"]
        self.out = Walk()

    def walked(self) -> Walk:
        self.begin()
        for node in self.graph.nodes:
            if self.args[node.key]:
                self.compute(node)
        edges = [
            (node, user)
            for user in reversed(self.graph.nodes)
            for node in self.args[user.key]
            if node.flows[user.key]
        ]
        if edges:
            self.turn()
            for node, user in edges:
                self.flow(node, user)
        self.end()
        return self.out

    def add(self, phase: str, caption: str, nodes: Sequence[str], *edges: str) -> int:
        self.out.paces.append(Pace(phase, caption, tuple(nodes), edges))
        return len(self.out.paces) - 1

    def begin(self) -> None:
        starts = [node for node in self.graph.nodes if not self.args[node.key]]
        keys = [node.key for node in starts]
        given = _listed([_equal(node.label, node.value) for node in starts])
        now = self.add(tr("start"), tr("What goes in: {values}.", values=given), keys)
        self.out.values |= dict.fromkeys(keys, now)

    def compute(self, node: Node) -> None:
        caption = _equal(node.label, node.formula, node.worked, node.value)
        if isinstance(node, Folded):
            caption = node.label
            if node.value:
                caption = tr("{what}: {said}", what=node.label, said=node.value)
        elif not node.value:
            caption = tr("{line}: its value is not known.", line=caption)
        now = self.add(
            tr("forward"),
            caption,
            [node.key],
            *(f"{arg.key} {node.key}" for arg in self.args[node.key]),
        )
        self.out.values[node.key] = now

    def turn(self) -> None:
        begun = [
            (node, node.seed or node.gradient)
            for node in self.graph.nodes
            if node.seed or (node.kind == "output" and node.gradient)
        ]
        said = _listed([_equal(self.derivative(node, node), g) for node, g in begun])
        now = self.add(
            tr("backward"),
            tr("The way back starts at the output: {values}.", values=said),
            [node.key for node, _ in begun],
        )
        self.out.gradients |= {node.key: [(now, g)] for node, g in begun}

    def flow(self, node: Node, user: Node) -> None:
        now = len(self.out.paces)
        so_far = self.flowed(node, user)
        count = sum(map(bool, node.flows.values()))
        whole = len(so_far) == count
        total = node.gradient
        if not isinstance(node, Folded):
            so_much = replace(node, flows=so_far, gradient=node.gradient if whole else "")
            total = summed(so_much, MOST_VALUE)
        if whole or not isinstance(node, Folded):  # what stands for many shows the last of them
            self.out.gradients.setdefault(node.key, []).append((now, total))
        caption = self.passed(node, user)
        if count + bool(node.seed) > 1 and total:
            caption += " " + (
                tr("All of it together: {total}.", total=total)
                if whole
                else tr("{node} has {total} so far.", node=node.label, total=total)
            )
        edge = f"{node.key} {user.key}"
        self.out.flows[edge] = self.add(tr("backward"), caption, [node.key], edge)

    def passed(self, node: Node, user: Node) -> str:
        if isinstance(node, Folded) or isinstance(user, Folded):
            return tr(
                "Back from {user} to {node}: {flow}.",
                flow=node.flows[user.key],
                user=_named(user),
                node=_named(node),
            )
        return tr(
            "{flow} flows back from {user} to {node}.",
            flow=self.reckoned(node, user),
            user=user.label,
            node=node.label,
        )

    def flowed(self, node: Node, user: Node) -> dict[str, str]:
        """What has flowed back to `node`, once it has from `user`."""
        # What arrives later was computed earlier: the sum grows from its end.
        flowing = [key for key, flow in node.flows.items() if flow]
        users = sorted(flowing, key=self.place.__getitem__)
        return {key: node.flows[key] for key in users[users.index(user.key) :]}

    def reckoned(self, node: Node, user: Node) -> str:
        """How what flows along an edge is reckoned: by the chain rule, where numbers are known."""
        flow, slope = node.flows[user.key], node.slopes.get(user.key, "")
        if not slope or len(self.outputs) != 1:
            return flow
        local = self.derivative(user, node)
        number = slope.rpartition(" = ")[2]
        if user in self.outputs:
            return _equal(local, slope, *([] if number == flow else [flow]))
        before = self.derivative(self.outputs[0], user)
        if not _is_number(number):  # of each data point
            return _equal(f"{before}·{local}", f"{before}·{_factor(slope)}", flow)
        if " + " in flow or not user.gradient:  # two edges at once
            return _equal(f"{before}·{local}", flow)
        return _equal(f"{before}·{local}", f"{_factor(user.gradient)}·{_factor(number)}", flow)

    def derivative(self, of: Node, by: Node) -> str:
        return f"∂{of.label}/∂{by.label}"

    def end(self) -> None:
        found = [node for node in self.graph.nodes if node.kind == "leaf" and node.gradient]
        if not found:
            self.add(tr("end"), self.graph.note or tr("backward has not run"), [])
            return
        one = self.outputs[0] if len(self.outputs) == 1 else None
        shown = [
            _equal(self.derivative(one, node) if one else node.label, node.gradient)
            + (f" ({node.note})" if node.note else "")
            for node in found
        ]
        now = self.add(
            tr("end"),
            tr("The gradients: {values}.", values=_listed(shown)),
            [node.key for node in found],
        )
        for node in self.graph.nodes:
            if node.gradient:
                self.out.gradients.setdefault(node.key, []).append((now, ""))


def _named(node: Node) -> str:
    return f"({node.label})" if isinstance(node, Folded) else node.label


def _equal(*parts: str) -> str:
    return " = ".join(part for part in dict.fromkeys(parts) if part)


def _listed(parts: Sequence[str]) -> str:
    more = ", …" if len(parts) > MOST_SAID else ""
    return ", ".join(parts[:MOST_SAID]) + more


def _is_number(text: str) -> bool:
    return text.lstrip("−")[:1].isdigit() and not set(text) & set("·/ ")


def _factor(text: str) -> str:
    """Return a number, or what is written in symbols, as it stands in a product."""
    depth, outside = 0, ""
    for character in text:
        depth += (character in "([") - (character in ")]")
        outside += character if depth == 0 else ""
    return f"({text})" if text.startswith("−") or " + " in outside or " − " in outside else text
