"""Print the README's commands, one a line, so that CI runs the very lines that a newcomer pastes.

In README.md each command stands alone in a fence whose info string says what it is for:

    ```sh test=fit
    python3 -m venv …
    ```

The part after `test=` is the command's name. Fences without it are not commands of CI.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

FENCE = re.compile(r"^```sh test=(?P<name>\w+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
NAMES = ("fit", "tests")


def commands(text: str) -> dict[str, str]:
    """Return the command lines of a README by name, in the order in which they stand.

    Raises ValueError if a command is missing, stands twice, or is not a single line.
    """
    found: dict[str, str] = {}
    for fence in FENCE.finditer(text):
        name, lines = fence["name"], fence["body"].splitlines()
        if name in found:
            raise ValueError(f"the command {name} stands twice")
        if len(lines) != 1:
            raise ValueError(f"the command {name} has {len(lines)} lines; it must be pasted as one")
        found[name] = lines[0]
    if tuple(found) != NAMES:
        raise ValueError(f"the commands must be {NAMES} in this order, but are {tuple(found)}")
    return found


def main() -> None:
    readme = Path(__file__).resolve().parent.parent / "README.md"
    try:
        lines = commands(readme.read_text(encoding="utf-8"))
    except ValueError as error:
        sys.exit(f"README.md: {error}.")
    print(*lines.values(), sep="\n")


if __name__ == "__main__":
    main()
