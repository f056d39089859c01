"""The pictures of docs/gallery.md, made by the lines that stand beside them.

    python -m tests.gallery

makes them anew in docs/pictures. A test makes them in a folder of its own instead.
"""

from __future__ import annotations

import contextlib
import doctest
import os
import re
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from chainrule.cli import main

__all__ = ["GALLERY", "PICTURES", "make", "shown"]

ROOT = Path(__file__).resolve().parent.parent
GALLERY = ROOT / "docs" / "gallery.md"
PICTURES = GALLERY.parent / "pictures"
FENCE = re.compile(r"^```(?P<info>\w+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)


def shown() -> set[str]:
    """Return the names of the files that the gallery shows or leads to."""
    return set(re.findall(r"\]\(pictures/([^)]+)\)", GALLERY.read_text(encoding="utf-8")))


def make(folder: Path) -> None:
    """Run the gallery's lines, from the first to the last, in `folder`, beside our examples.

    Raises AssertionError for an example that prints something else, or a command that fails.
    """
    shutil.copytree(ROOT / "examples", folder / "examples")
    (folder / "pictures").mkdir()
    names: dict[str, object] = {}
    with _inside(folder):
        for fence in FENCE.finditer(GALLERY.read_text(encoding="utf-8")):
            if fence["info"] == "python":
                _run_examples(fence["body"], names)
            elif fence["info"] == "console":
                _run_commands(fence["body"])


def _run_examples(text: str, names: dict[str, object]) -> None:
    test = doctest.DocTestParser().get_doctest(text, names, GALLERY.name, str(GALLERY), 0)
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    result = runner.run(test, out=said.append, clear_globs=False)
    names |= test.globs
    assert result.failed == 0, "".join(said)


def _run_commands(text: str) -> None:
    for command in re.findall(r"^\$ chainrule (.*)$", text, re.MULTILINE):
        assert main(shlex.split(command)) == 0, command


@contextlib.contextmanager
def _inside(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


if __name__ == "__main__":
    os.environ["LANGUAGE"] = "en"
    with tempfile.TemporaryDirectory() as new:
        make(Path(new))
        shutil.rmtree(PICTURES, ignore_errors=True)
        shutil.copytree(Path(new) / "pictures", PICTURES)
