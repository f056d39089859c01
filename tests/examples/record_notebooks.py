"""Runs the notebooks of `examples/notebooks/` and records in them what they show.

    python tests/examples/record_notebooks.py              those in the repository, in their place
    python tests/examples/record_notebooks.py --out DIR tape.ipynb

They run with this Python and the chainrule that it imports, each in an empty folder, and in
English. What depends on the computer or the day is left out: versions, times, where things lie.
Needs nbclient and ipykernel, of the extra `test`. A program of its own, since the client of
notebooks runs loops, and warns of things, that have no place among the tests.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "notebooks"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
SECONDS = 300  # for a cell


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebooks", nargs="*", type=Path)
    parser.add_argument("--out", type=Path, default=FOLDER)
    asked = parser.parse_args()
    for path in asked.notebooks or sorted(FOLDER.glob("*.ipynb")):
        with tempfile.TemporaryDirectory() as folder:
            record(path, asked.out / path.name, Path(folder))


def record(path: Path, target: Path, folder: Path) -> None:
    """Write the notebook `path` to `target`, with what its cells show when they run in `folder`.

    Raises nbclient's CellExecutionError if one of them fails.
    """
    _offer_this_python(folder / "kernels" / "python3")
    os.environ |= {
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_PATH": str(folder),
        "JUPYTER_PLATFORM_DIRS": "1",
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "LANGUAGE": "en",
    }
    os.environ.pop("MPLBACKEND", None)  # or pictures would not come into the notebook
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    empty = folder / "empty"
    empty.mkdir()
    NotebookClient(
        notebook,
        timeout=SECONDS,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(empty)}},
    ).execute()
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({})
        if cell.cell_type == "code":
            cell.outputs = _joined(cell.outputs)
    nbformat.write(notebook, target)


def _offer_this_python(folder: Path) -> None:
    """A kernel named as notebooks ask for it, whatever else is installed under this name."""
    folder.mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    argv.append("--log-level=ERROR")  # or it warns that it talks to this program unencrypted
    spec = {"argv": argv, "display_name": "Python 3", "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")


def _joined(outputs: list[Any]) -> list[Any]:
    """The outputs, with what was printed in one piece: it comes in pieces that time decides."""
    joined: list[Any] = []
    for output in outputs:
        if (
            joined
            and output.output_type == joined[-1].output_type == "stream"
            and output.name == joined[-1].name
        ):
            joined[-1].text += output.text
        else:
            joined.append(output)
    return joined


if __name__ == "__main__":
    main()
