"""What only whole processes show: the cost of an import, and of a fit from the command line."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import chainrule
from benchmarks.timing import Times

__all__ = ["Fit", "fit", "imports", "starts"]

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "examples" / "data" / "breast_cancer.csv"
START = """
import time, numpy, numba
rng = numpy.random.default_rng(0)
X, y, w = rng.normal(size=(200_000, 50)), numpy.ones(200_000), numpy.zeros(50)
start = time.perf_counter()
from chainrule import compile, value_and_grad

def loss(w, X, y):
    z = X @ w
    return numpy.sum(numpy.logaddexp(0.0, z) - y * z)

compile(value_and_grad(loss), backend="numba")(w, X, y)
print(time.perf_counter() - start)
"""
IMPORT = "import time; start = time.perf_counter(); import {}; print(time.perf_counter() - start)"


@dataclass(frozen=True)
class Fit:
    """Seconds of `chainrule fit`: the whole process, the bare interpreter, all imports."""

    whole: Times
    bare: Times
    imports: float


def imports(rounds: int, names: list[str]) -> dict[str, Times]:
    """Return the times of importing each of `names`, each in a process of its own, in turns.

    The interpreter's own start is not counted.
    """
    found: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(rounds + 1):
        for name, seconds in found.items():
            seconds.append(float(_run("-c", IMPORT.format(name)).stdout))
    # The first of each warms the disk's cache and writes the compiled files.
    return {name: Times(min(s[1:]), statistics.median(s[1:])) for name, s in found.items()}


def fit(rounds: int) -> Fit:
    """Return the times of a fit of the breast cancer table, without a picture."""
    whole, bare = [], []
    with tempfile.TemporaryDirectory() as folder:
        model = str(Path(folder) / "model.json")
        command = ("-m", "chainrule", "fit", str(TABLE), "--target", "diagnosis", "--model", model)
        for _ in range(rounds + 1):
            for seconds, what in ((whole, command), (bare, ("-c", "pass"))):
                start = time.perf_counter()
                _run(*what)
                seconds.append(time.perf_counter() - start)
        told = _run("-X", "importtime", *command).stderr
    own = [
        int(line.removeprefix("import time:").partition("|")[0])
        for line in told.splitlines()
        if line.startswith("import time:") and "self" not in line
    ]
    times = [Times(min(s[1:]), statistics.median(s[1:])) for s in (whole, bare)]
    return Fit(*times, imports=sum(own) / 1e6)


def starts(rounds: int) -> dict[str, Times]:
    """Return the times until the first gradient of a logistic loss, `cold` and `warm`.

    Each in a process of its own, from after `import numba` on: with nothing compiled before, and
    with what that process left.
    """
    cold, warm = [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            for seconds in (cold, warm):
                seconds.append(float(_run("-c", START, CHAINRULE_CACHE=folder).stdout))
    return {
        name: Times(min(s), statistics.median(s)) for name, s in (("cold", cold), ("warm", warm))
    }


def _run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    # Where compiled files may not be kept, every import would compile anew: no user has that.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    source = str(Path(chainrule.__file__).parent.parent)
    return subprocess.run(
        [sys.executable, *arguments],
        check=True,
        capture_output=True,
        encoding="utf-8",
        env=environment | {"PYTHONPATH": source, "PYTHONIOENCODING": "utf-8"} | variables,
    )
