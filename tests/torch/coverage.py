"""docs/torch-coverage.md: which of PyTorch's names are here.

    python -m tests.torch.coverage

prints it anew, from chainrule.torch itself and from `names.json`: the names that PyTorch 2.13 has,
sorted by who needs them. A test holds the page against both.
"""

from __future__ import annotations

import importlib
import json
import textwrap
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

__all__ = ["KINDS", "NAMES", "PAGE", "here", "page", "shares"]

PAGE = Path(__file__).resolve().parents[2] / "docs" / "torch-coverage.md"
RECORD = Path(__file__).with_name("names.json")
NAMES: dict[str, dict[str, list[str]]] = {
    module: {kind: names.split() for kind, names in kinds.items()}
    for module, kinds in json.loads(RECORD.read_text(encoding="utf-8")).items()
}
KINDS = {
    "P0": "lessons",
    "P1": "an introductory course",
    "P2": "nice to have",
    "rest": "all others",
}
HEAD = """\
# What of PyTorch is here

Printed by `python -m tests.torch.coverage` from `chainrule.torch` itself, beside the public names
of PyTorch 2.13. They are sorted by who needs them: a lesson; an introductory course; users now and
then; all others. A name that is here does what PyTorch's does, but for what
[differences-from-pytorch.md](differences-from-pytorch.md) lists; one that is not raises an
AttributeError that names the nearest. Convolutions, recurrent layers, `save` and `load`, and
distributions come with a later version.

```python
>>> import chainrule.torch as torch
>>> hasattr(torch, "logsumexp"), hasattr(torch.nn, "LSTM")
(True, False)
```
"""


def found(path: str) -> Any:
    """Return a module or class of chainrule's by PyTorch's name for it; None if it is not here."""
    parts = path.split(".")
    for k in range(len(parts), 0, -1):
        try:
            thing: Any = importlib.import_module(f"chainrule.{'.'.join(parts[:k])}")
        except ImportError:
            continue
        for part in parts[k:]:
            thing = getattr(thing, part, None)
        return thing
    return None


def here(module: str, kind: str) -> list[str]:
    """Return the names of a kind in a module that are here."""
    thing = found(module)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [name for name in NAMES[module][kind] if has(thing, name)]


def has(thing: Any, name: str) -> bool:
    try:
        return thing is not None and getattr(thing, name) is not NotImplemented
    except (AttributeError, ImportError):
        return False


def shares(kind: str) -> tuple[int, int]:
    """Return how many names of a kind are here, and how many there are."""
    return (
        sum(len(here(module, kind)) for module in NAMES),
        sum(len(kinds[kind]) for kinds in NAMES.values()),
    )


def page() -> str:
    return "\n".join(lines()) + "\n"


def lines() -> Iterator[str]:
    yield HEAD
    yield f"| module | {' | '.join(KINDS.values())} |"
    yield "|---|" + "---|" * len(KINDS)
    for module, kinds in NAMES.items():
        cells = (share(len(here(module, kind)), len(kinds[kind])) for kind in KINDS)
        yield f"| `{module}` | {' | '.join(cells)} |"
    yield f"| together | {' | '.join(share(*shares(kind)) for kind in KINDS)} |"
    for module, kinds in NAMES.items():
        yield f"\n## {module}\n"
        for kind, said in KINDS.items():
            have = here(module, kind)
            lack = [name for name in kinds[kind] if name not in have]
            if have:
                yield from listed(f"Here, {said}:", have)
            if lack:
                yield from listed(f"Not here, {said}:", lack)


def share(have: int, of: int) -> str:
    return f"{have} of {of}" if of else ""


def listed(said: str, names: list[str]) -> Iterator[str]:
    text = f"- {said} " + " ".join(f"`{name}`" for name in names)
    yield from textwrap.wrap(
        text, 120, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
