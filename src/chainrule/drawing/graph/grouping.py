"""Large graphs made readable: of parts that repeat one is drawn, a stack stands for the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chainrule._languages import tr, tr_n

from .model import Graph, Node
from .repeats import Step, repeat

__all__ = ["Folded", "grouped"]

LEAST_SAVED = 4  # steps, or a twentieth of the graph: what repeats less is left as it is
ALIKE = 4  # inputs with the same users, from which on they are stacked
SHOWN = 2  # of them
TIMES = 3  # as many nodes as are wished for are drawn where no two parts are alike


@dataclass(frozen=True)
class Folded(Node):
    """A stack: `count` nodes that are not drawn one by one."""

    count: int = 0


def grouped(graph: Graph, most: int | None) -> Graph:
    """Return `graph` with fewer nodes if it has more than `most`: `Folded` ones stand for many.

    First the turns of loops, equal layers and points alike: the first of them stays. Then inputs
    that are used by the same. If more than `TIMES` as many nodes are left, the middle of the
    computation. None: `graph` as it is. The steps of a stack follow one another, so that no edge
    leads back.
    """
    if most is None or len(graph.nodes) <= most:
        return graph
    folding = _Folding(graph)
    while folding.size > most and folding.fold_repeat():
        pass
    if folding.size > most:
        folding.fold_inputs()
    if folding.size > TIMES * most:
        folding.fold_middle(TIMES * most)
    return folding.folded()


@dataclass(frozen=True)
class _Cell:
    """Nodes that are drawn as one card, by their places in the graph; `like`: those drawn."""

    members: tuple[int, ...]
    times: int = 1
    like: tuple[int, ...] = ()


class _Folding:
    """A graph whose steps and inputs stand in cells, which grow."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.place = {node.key: i for i, node in enumerate(graph.nodes)}
        self.args: list[list[int]] = [[] for _ in graph.nodes]
        for source, target in graph.edges:
            self.args[self.place[target]].append(self.place[source])
        entering = [i for i, node in enumerate(graph.nodes) if node.kind in {"leaf", "constant"}]
        self.inputs = [_Cell((i,)) for i in entering]
        steps = sorted(set(range(len(graph.nodes))) - set(entering))
        self.steps = [_Cell((i,)) for i in steps]

    @property
    def size(self) -> int:
        return len(self.inputs) + len(self.steps)

    def fold_repeat(self) -> bool:
        """Fold all turns but the first of the repeat that saves most; False if there is none."""
        found = repeat(self._as_steps())
        if found is None or found.saved < max(LEAST_SAVED, self.size // 20):
            return False
        start = found.start + found.length
        like = [i for cell in self.steps[found.start : start] for i in cell.members]
        self._fold(start, start + found.saved, found.times - 1, like)
        return True

    def fold_inputs(self) -> None:
        """Fold inputs of a kind that have the same users, but for the first of them."""
        users = self._users()
        alike: dict[tuple[str, frozenset[int]], list[_Cell]] = {}
        for cell in self.inputs:
            kind = self.graph.nodes[cell.members[0]].kind
            alike.setdefault((kind, frozenset(users[cell.members[0]])), []).append(cell)
        self.inputs = []
        for cells in alike.values():
            if len(cells) < ALIKE:
                self.inputs += cells
                continue
            members = tuple(i for cell in cells[SHOWN:] for i in cell.members)
            self.inputs += [*cells[:SHOWN], _Cell(members, len(members), cells[0].members[:1])]

    def fold_middle(self, most: int) -> None:
        """Fold the middle of the steps, as little as brings the size to `most`, if that can be."""
        inputs, steps = self.inputs, self.steps
        low, high = 0, max(len(steps) - 1, 0)  # how many steps stay, besides the fold
        while low < high:
            keep = (low + high + 1) // 2
            self._fold_all_but(keep)
            low, high = (keep, high) if self.size <= most else (low, keep - 1)
            self.inputs, self.steps = inputs, steps
        self._fold_all_but(low)

    def folded(self) -> Graph:
        """Return the graph with a node for each cell."""
        of = {i: cell for cell in [*self.inputs, *self.steps] for i in cell.members}
        cells = self._in_order(of)
        keys = {cell: self.graph.nodes[self._first(cell)].key for cell in cells}
        return replace(self.graph, nodes=tuple(self._node(cell, of, keys) for cell in cells))

    def _fold_all_but(self, keep: int) -> None:
        start = keep // 2
        end = len(self.steps) - (keep - start)
        if end - start > 1:
            self._fold(start, end, 1, [])
        if self.size > keep:
            self.fold_inputs()

    def _as_steps(self) -> list[Step]:
        at = {i: place for place, cell in enumerate(self.steps) for i in cell.members}
        found = []
        for place, cell in enumerate(self.steps):
            args = {arg for i in cell.members for arg in self.args[i]} - set(cell.members)
            uses = {at[arg] for arg in args if arg in at}
            node = self.graph.nodes[cell.members[0]]
            what: object = node.operation or len(args)
            if len(cell.members) > 1 or node.kind == "output":
                what = (what, len(cell.members), node.kind)
            found.append(Step(what, tuple(sorted(uses - {place})), len(args)))
        return found

    def _users(self) -> list[list[int]]:
        """For each node the cells, by their first members, that use it."""
        first = {i: cell.members[0] for cell in self.steps for i in cell.members}
        users: list[list[int]] = [[] for _ in self.graph.nodes]
        for node, args in enumerate(self.args):
            for arg in args:
                users[arg].append(first[node])
        return users

    def _fold(self, start: int, end: int, times: int, like: Sequence[int]) -> None:
        """Put the steps from `start` to before `end` into one cell, and inputs only they use."""
        inside = {i for cell in self.steps[start:end] for i in cell.members}
        outside = {arg for node, args in enumerate(self.args) if node not in inside for arg in args}
        used = {arg for node in inside for arg in self.args[node]}
        taken = {c for c in self.inputs if all(i in used and i not in outside for i in c.members)}
        inside |= {i for cell in taken for i in cell.members}
        self.inputs = [cell for cell in self.inputs if cell not in taken]
        self.steps = [
            *self.steps[:start],
            _Cell(tuple(sorted(inside)), times, tuple(like)),
            *self.steps[end:],
        ]

    def _in_order(self, of: dict[int, _Cell]) -> list[_Cell]:
        """Return the cells, each after all that it uses, else as they come in the graph."""
        ordered: dict[_Cell, None] = {}
        for cell in sorted([*self.inputs, *self.steps], key=self._first):
            needed = {of[arg] for i in cell.members for arg in self.args[i]} - {cell}
            # Steps stand in order: what a stack uses and comes after its first are inputs.
            for other in sorted(needed, key=self._first):
                ordered.setdefault(other)
            ordered.setdefault(cell)
        return list(ordered)

    def _first(self, cell: _Cell) -> int:
        """The first step of a cell, or the first of its inputs if it has nothing else."""
        return next((i for i in cell.members if self.args[i]), cell.members[0])

    def _node(self, cell: _Cell, of: dict[int, _Cell], keys: dict[_Cell, str]) -> Node:
        nodes = self.graph.nodes
        flows: dict[str, list[str]] = {}
        for i in cell.members:
            for user, flow in nodes[i].flows.items():
                if (there := of[self.place[user]]) != cell:
                    flows.setdefault(keys[there], []).append(flow)
        merged = {key: _merged(texts) for key, texts in flows.items()}
        first, last = nodes[self._first(cell)], nodes[cell.members[-1]]
        if len(cell.members) == 1:
            return replace(first, flows=merged)
        names = [nodes[i].label for i in cell.like if nodes[i].kind not in {"leaf", "constant"}]
        names = names or [nodes[i].label for i in cell.like]
        if not names:
            label = tr("{first} to {last}", first=first.label, last=last.label)
        elif len(names) == 1:
            label = tr("{times} more like {name}", times=cell.times, name=names[0])
        else:
            label = tr(
                "{times} more like {first} to {last}",
                times=cell.times,
                first=names[0],
                last=names[-1],
            )
        value = f"{last.label} = {last.value}" if last.value and last.kind == "operation" else ""
        said = tr_n("{count} value", "{count} values", len(cell.members))
        return Folded(
            first.key,
            label,
            "operation",
            value=value,
            flows=merged,
            gradient=last.gradient if value else "",
            note=said,
            count=len(cell.members),
        )


def _merged(flows: Sequence[str]) -> str:
    known = [flow for flow in flows if flow]
    if len(known) < 2:
        return "".join(known)
    return tr_n("{count} gradient", "{count} gradients", len(known))
