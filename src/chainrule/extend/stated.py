"""What is stated about one primitive, and where it is found."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NoReturn

import numpy as np

from chainrule._core.blaming import note_calls
from chainrule._core.errors import MissingRuleError, name_of
from chainrule._core.table import RECORD, known
from chainrule._core.trees import is_number
from chainrule._core.values import shape_of

from .spaces import added

__all__ = ["SAME", "Rules", "rules_of"]

Function = Callable[..., Any]
SAME = "same"
LIBRARIES = ("numpy.", "scipy.")


class Rules:
    """The pulls and the pushes of one primitive: by argument, or one for all of them."""

    def __init__(self, function: Function) -> None:
        self.function = function
        self.pulls: dict[int, Function | None] = {}
        self.pushes: dict[int, Function | str | None] = {}
        self.pull_of_all: Function | None = None
        self.push_of_all: Function | None = None
        self.linear = False  # in every argument
        self.constant: set[type] = set()  # the readings in which calls are not recorded

    def pulled(self, argnums: list[int]) -> list[int] | None:
        """Those of `argnums` that changes are pulled back to; None if one has no such rule."""
        if self.pull_of_all is not None:
            return argnums
        if any(i not in self.pulls for i in argnums):
            return None
        return [i for i in argnums if self.pulls[i] is not None]

    def pushed(self, argnums: list[int]) -> list[int] | None:
        """Those of `argnums` that changes are pushed from; None if one has no such rule."""
        if self.push_of_all is not None or self.linear:
            return argnums
        if any(i not in self.pushes for i in argnums):
            return None
        return [i for i in argnums if self.pushes[i] is not None]

    def pull(
        self, argnums: Sequence[int], ans: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Function:
        """Return the function that takes a change of `ans` to one change an argument."""
        if self.pull_of_all is not None:
            pull_all = self.pull_of_all(argnums, ans, args, kwargs)
            return lambda g: self.one_each(self.run(pull_all, g, *argnums), argnums)
        makers = [(self.pulls[i], i) for i in argnums]
        pulls = [(maker(ans, *args, **kwargs), i) for maker, i in makers if maker is not None]
        return lambda g: [self.run(pull, g, i) for pull, i in pulls]

    def run(self, pull: Function, g: Any, *argnums: int) -> Any:
        """Call a pull that the rules made; an error that it raises tells whose pull it is."""
        try:
            return pull(g)
        except Exception as error:
            which = ", ".join(map(str, argnums))
            note_calls(error, [f"the result of {name_of(self.function)} to its argument {which}"])
            raise

    def one_each(self, changes: Any, argnums: Sequence[int]) -> list[Any]:
        """Return the changes that a pull for all arguments gave; raise if they are not as many."""
        if np.iterable(changes) and len(every := list(changes)) == len(argnums):
            return every
        raise TypeError(
            f"the rule of {name_of(self.function)} gives a list of changes, one for each of its "
            f"arguments {', '.join(map(str, argnums))}, but gave {changes!r:.60}."
        )

    def push(
        self,
        argnums: Sequence[int],
        gs: Sequence[Any],
        ans: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        """Return the change of `ans` when the arguments at `argnums` change by `gs`."""
        if self.push_of_all is not None:
            return self.push_of_all(argnums, gs, ans, args, kwargs)
        moves: list[Any] = []
        for i, g in zip(argnums, gs, strict=True):
            push = self.pushes.get(i)
            moves.append(
                push(g, ans, *args, **kwargs)
                if callable(push)
                else self.function(*args[:i], g, *args[i + 1 :], **kwargs)  # linear in this one
            )
        return added(moves)

    def is_linear_in(self, argnums: Iterable[int]) -> bool:
        """Say whether a push is the primitive itself, which cannot be its own transpose."""
        return self.linear or any(self.pushes.get(i) == SAME for i in argnums)

    def check_change(self, h: Any, into: tuple[int, ...], i: int) -> None:
        """Raise if `h` cannot be the change of an argument of shape `into`, even stretched."""
        if not is_number(h):
            raise TypeError(
                f"the rule of {name_of(self.function)} gave its argument {i} the change "
                f"{h!r:.60}; it is a number or an array, of the argument's shape {into}."
            )
        shape = shape_of(h)[-len(into) :] if into else ()
        if any(n != m and 1 not in (n, m) for n, m in zip(shape[::-1], into[::-1], strict=False)):
            raise ValueError(
                f"the rule of {name_of(self.function)} gave its argument {i} a change of shape "
                f"{shape_of(h)}, but the argument has shape {into}; they must agree."
            )

    def refuse(self, argnums: Iterable[int]) -> NoReturn:
        which = ", ".join(str(i) for i in argnums if i not in self.pulls and i not in self.pushes)
        raise MissingRuleError(
            f"{name_of(self.function)} is a primitive without a derivative in argument {which}; "
            "state it with defvjp or defjvp of chainrule.extend."
        )

    def refuse_pull(self) -> NoReturn:
        raise MissingRuleError(
            f"{name_of(self.function)} is a primitive whose changes nothing pulls back; state how "
            "with defvjp of chainrule.extend."
        )


def named(function: Any) -> str:
    return name_of(function) if callable(function) else repr(function)


def rules_of(function: Any) -> Rules:
    """Return what is stated about a primitive; raise if `function` is none.

    A function of NumPy or SciPy that chainrule cannot differentiate becomes one; what chainrule
    can differentiate stays as it is, with a warning.
    """
    rules = getattr(function, "_chainrule_rules", None)
    if isinstance(rules, Rules):
        return rules
    library, name = function, named(function)
    if not name.startswith(LIBRARIES):  # what a name of chainrule.numpy or chainrule.scipy serves
        library = getattr(function, "__wrapped__", function)
        name = named(library)
    if not name.startswith(LIBRARIES):
        name = name.rpartition(".")[2]
        raise TypeError(
            f"{name} is no primitive, so a derivative of it cannot be stated; write "
            f"{name} = primitive({name}) first."
        )
    if known(library):
        warnings.warn(
            f"{name} has its derivatives in chainrule, which stay; to give it others, state them "
            f"of primitive({name}).",
            stacklevel=3,
        )
        return Rules(library)
    from .primitives import primitive

    recorded = RECORD[library]
    if not isinstance(getattr(recorded, "_chainrule_rules", None), Rules):
        recorded = RECORD[library] = primitive(library)
    return recorded._chainrule_rules  # type: ignore[attr-defined, no-any-return]
