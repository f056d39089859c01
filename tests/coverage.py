"""docs/coverage.md: which functions have a derivative, in which arguments, with which options.

    python -m tests.coverage

prints it anew, from the table of rules and from the samples that prove each rule. A test holds
the page against both, and against NumPy's own list of names: each is in the table, or has no
derivative by nature, or is refused on purpose.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import scipy.special

import chainrule.numpy as cnp
from chainrule._core.stating import KEPT, parameters
from chainrule._core.table import RULES, SPELLED, known
from chainrule.checking import Call, differentiable
from tests._rules.samples import CONSTANT, ELSEWHERE, SAMPLES
from tests.nature import BY_NATURE, REFUSED

__all__ = ["PAGE", "functions", "page", "share", "standing"]

PAGE = Path(__file__).resolve().parent.parent / "docs" / "coverage.md"
MODULES: list[tuple[str, ModuleType, Any]] = [
    ("numpy", np, cnp),
    ("numpy.linalg", np.linalg, cnp.linalg),
    ("numpy.fft", np.fft, cnp.fft),
]
known(None)  # states every chapter


def functions(module: ModuleType) -> dict[str, Any]:
    """Return the functions of a module by their names, and the classes that are called as such."""
    found = {name: getattr(module, name) for name in sorted(module.__all__) if name != "test"}
    return {
        name: f
        for name, f in found.items()
        if callable(f) and (not isinstance(f, type) or name in ("poly1d", "vectorize"))
    }


def own(face: Any, name: str) -> bool:
    """Say whether chainrule has a function or class of its own under that name."""
    found = inspect.unwrap(getattr(face, name, None))  # type: ignore[arg-type]
    return getattr(found, "__module__", "").startswith("chainrule")


def standing(name: str, f: Any, face: Any) -> str:
    """Say what is true of a function: a word of statement, "face", "constant", or ""."""
    if f in RULES and not RULES[f].constant:
        return RULES[f].word
    if f in SPELLED:
        return "spelled"
    if f in RULES:
        return "constant"
    return "face" if own(face, name) else ""


def share(module: ModuleType, face: Any) -> tuple[int, int]:
    """Return how many functions that can have a derivative have one, and how many can."""
    names = [n for n in functions(module) if n not in BY_NATURE_NAMES]
    have = [n for n in names if standing(n, getattr(module, n), face) not in ("", "constant")]
    constant = [n for n in names if standing(n, getattr(module, n), face) == "constant"]
    return len(have), len(names) - len(constant)


BY_NATURE_NAMES = {name for names in BY_NATURE.values() for name in names.split()}


# ---------------------------------------------------------------- a row of the table


def calls_of(f: Any) -> list[Call]:
    samples = SAMPLES.get(f) or CONSTANT.get(f) or []
    return [
        s if isinstance(s, Call) else Call(*s) if isinstance(s, tuple) else Call(s) for s in samples
    ]


def named(f: Any) -> list[str]:
    """Return the names of the arguments by position, as a spelling, a rule or NumPy has them."""
    if f in SPELLED:
        return [option.name for option in parameters(SPELLED[f][0])]
    rule = RULES[f]
    first = list(rule.inputs) if not rule.endless else ["operands"]
    return [*first, *(option.name for option in rule.options if not option.by_name)]


def numpys(f: Any) -> list[str]:
    try:
        return list(inspect.signature(f).parameters)
    except (TypeError, ValueError):
        return []


def moving(f: Any) -> list[str]:
    """Return the arguments that samples differentiate in."""
    names, theirs = named(f), numpys(f)
    found: dict[str, None] = {}
    for call in calls_of(f):
        for i, v in enumerate(call.args):
            if differentiable(v):
                at = theirs if i < len(theirs) and (i >= len(names) or names[i] in KEPT) else names
                found[at[min(i, len(at) - 1)] if at else f"{i + 1}"] = None
        for name, v in call.options.items():
            if isinstance(v, (float, np.ndarray)) and differentiable(v):
                found[name] = None
    return list(found)


def options(f: Any) -> list[str]:
    """Return what else the rule understands."""
    names = [option.name for option in parameters(SPELLED[f][0])] if f in SPELLED else []
    if f in RULES:
        names += [option.name for option in RULES[f].options]
    skipped = {*moving(f), *named(f)[:1], *KEPT, "out", "more", "rest", "arrays", "operands"}
    return [name for name in dict.fromkeys(names) if name not in skipped]


def row(name: str, f: Any, face: Any) -> str:
    word = standing(name, f, face)
    if word == "face":
        return f"| `{name}` | chainrule.numpy's own | | |"
    arguments = "see its tests" if f in ELSEWHERE else ", ".join(moving(f))
    return f"| `{name}` | {word} | {arguments} | {', '.join(options(f))} |"


# ---------------------------------------------------------------- the page


def section(title: str, module: ModuleType, face: Any) -> Iterator[str]:
    found = functions(module)
    stand = {name: standing(name, f, face) for name, f in found.items()}
    have, can = share(module, face)
    yield f"## {title}: {have} of {can}"
    yield ""
    yield "| function | how it is stated | differentiated in | further options |"
    yield "|---|---|---|---|"
    for name, f in found.items():
        if stand[name] not in ("", "constant") and name not in BY_NATURE_NAMES:
            yield row(name, f, face)
    missing = [
        f"`{name}`"
        for name, word in stand.items()
        if not word and name not in BY_NATURE_NAMES and name not in REFUSED
    ]
    if missing:
        yield ""
        yield f"Not yet: {', '.join(missing)}."
    yield ""


def page() -> str:
    """Return the text of docs/coverage.md."""
    have, can = share(np, cnp)
    version = ".".join(np.__version__.split(".")[:2])
    lines = [
        "# Coverage",
        "",
        "Printed from the table of rules and its samples by `python -m tests.coverage`; a test",
        "keeps it in step.",
        "",
        f"Of the functions of NumPy {version}, {can} can have a derivative; "
        f"{have} of them have one here ({have / can:.0%}).",
        "",
        "Every rule serves **both directions** (reverse and forward), and **every order**: a rule",
        "is a line of NumPy that records itself. The loop of `tests/_rules/test_table.py` proves",
        "each of them, with each option, in both directions to the second order.",
        "",
        "How a function is stated: `elementwise`, `linear` and `pulled` have a rule of their own;",
        "`spelled` ones are said in terms of others, or say rare options so.",
        "",
    ]
    for title, module, face in MODULES:
        lines += section(title, module, face)
    lines += special()
    lines += ["## Without a derivative by nature", ""]
    lines += ["They take recorded values, where they take arrays, and answer with plain ones.", ""]
    for reason, names in BY_NATURE.items():
        there = [f"`{name}`" for name in sorted(names.split()) if hasattr(np, name)]
        lines.append(f"- {reason}: {', '.join(there)}.")
    lines += ["", f"## Refused on purpose: {len(REFUSED)}", ""]
    lines += [f"- `{name}`: {reason}" for name, reason in REFUSED.items()]
    return "\n".join(lines) + "\n"


def special() -> Iterator[str]:
    names = [
        name
        for name in sorted(scipy.special.__all__)
        if (f := getattr(scipy.special, name)) in SPELLED or (f in RULES and not RULES[f].constant)
    ]
    yield f"## scipy.special: {len(names)}"
    yield ""
    yield "| function | how it is stated | differentiated in | further options |"
    yield "|---|---|---|---|"
    for name in names:
        yield row(name, getattr(scipy.special, name), None)
    yield ""


def main(
    write: Callable[[str], Any] = lambda text: PAGE.write_text(text, encoding="utf-8"),
) -> None:
    write(page())


if __name__ == "__main__":
    main()
