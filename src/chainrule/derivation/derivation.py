"""A derivation as data: what is named, the steps from the chain rule to the number, and notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chainrule._languages import mark, speaking, tr

from .expressions import Expr
from .writing import Page, Shown, data_of, page_of

__all__ = ["CAPTIONS", "RULE_NAMES", "Derivation", "Note", "Step"]

# Why a step follows from the one before it.
CAPTIONS = {
    "chain": mark("chain rule"),
    "local": mark("local derivatives"),
    "rule": mark("derivative"),
    "tidy": mark("simplify"),
    "back": mark("put back"),
    "collect": mark("collect"),
    "own": mark("in terms of {name}"),
    "rows": mark("the sum written out"),
    "numbers": mark("numbers"),
    "value": "",
}

# The rules of a calculus book that a step of local derivatives used.
RULE_NAMES = {
    "sum": mark("sum rule"),
    "product": mark("product rule"),
    "quotient": mark("quotient rule"),
    "power": mark("power rule"),
    "exponential": mark("exponential rule"),
    "cases": mark("case by case"),
    "constant": mark("constant factor"),
    "function": "{name}′",
}


@dataclass(frozen=True)
class Step:
    """One line of a derivation: an expression that equals the one before it, and why.

    `why` is a key of CAPTIONS, `about` says that it is equal only to the digits shown, `rules`
    are the rules of calculus that were used, as keys of RULE_NAMES, a function's with its name:
    ("product", "function:sin").
    """

    expr: Expr
    why: str
    about: bool = False
    rules: tuple[str, ...] = ()
    name: str = ""  # what is meant by {name} in the caption

    @property
    def caption(self) -> str:
        """Why, in the language that is spoken."""
        caption = CAPTIONS[self.why] and tr(CAPTIONS[self.why], name=self.name)
        rules = [
            tr(RULE_NAMES[kind], name=name)
            for kind, _, name in (rule.partition(":") for rule in self.rules)
        ]
        if self.why == "rule" and rules:
            return tr(", ").join(rules)
        if not rules:
            return caption
        return tr("{caption}: {rules}", caption=caption, rules=tr(", ").join(rules))


@dataclass(frozen=True)
class Note:
    """A sentence about a derivation, said in the language that is spoken when it is read.

    `text` is the English sentence; `parts` fill its fields: words, or expressions to be shown.
    """

    text: str
    parts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(repr=False)  # it is shown as it is read
class Derivation(Shown):
    """How a derivative is found: what is named, then steps that equal one another.

    `definitions` has for each named value, in order, what it stands for; the last is `y`. `steps`
    begin with the chain rule. `meaning` has the local derivative behind every slope ∂a/∂w in the
    steps. `parts` is there if the derivative is too long to be written as one line: pairs of a
    slope and what it equals, each line from those above it. Of a derivative of higher order, `y`
    is the derivative before (y′), and `order` says how many times was asked. `at` has the numbers
    that were given, by name, and `value` the derivative there, if all were.
    """

    definitions: dict[Expr, Expr]
    y: Expr
    wrt: Expr
    head: Expr  # the slope that is derived, ∂y/∂w
    steps: list[Step] = field(default_factory=list)
    meaning: dict[Expr, Expr] = field(default_factory=dict)
    parts: list[tuple[Expr, Expr]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    order: int = 1
    at: dict[str, float | list[float]] = field(default_factory=dict)  # the numbers given
    value: float | list[float] | None = None

    @property
    def variables(self) -> tuple[str, ...]:
        """The names that no definition gives, in the order in which they are used."""
        leaves = [leaf for e in self.definitions.values() for leaf in e.leaves()]
        return tuple(dict.fromkeys(n.head.text for n in leaves if n.head.data))

    @property
    def result(self) -> Expr:
        """The derivative in symbols, in the form that is least to read."""
        return next(
            step.expr
            for step in reversed(self.steps)
            if step.why not in ("rows", "numbers", "value")
        )

    def as_dict(self, lang: str | None = None) -> dict[str, Any]:
        """Return all of it for programs: numbers, strings, lists and dicts, as JSON has them.

        Each expression is there as text, as LaTeX and as Python; captions are in `lang`.
        """
        with speaking(lang):
            return data_of(self)

    def page(self) -> Page:
        """What is shown of the derivation: its names, parts, steps and notes."""
        return page_of(self)
