"""The layers of the house: imports point down, and what is optional is imported where it is used.

    _core <- _rules <- operators <- checking, compiler, formulas, extend <- slopes, derivation, misc
    <- numpy, scipy, torch <- linear_model, substitution <- lessons <- cli

Of what the autograd package has besides its operators, `builtins` needs the engine alone,
`extend` states rules as `operators` reads them, and `misc` and `test_util` stand on `extend`.

`drawing` stands beside: it may read everything below `cli`, and is reached only from the functions
listed here. The imports are read from the source, so that those in functions count too.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import chainrule
from chainrule._rules import LATER

SOURCE = Path(chainrule.__file__).parent

# From the bottom up. Neighbours in a layer do not import one another.
LAYERS: list[set[str]] = [
    {"_languages"},
    {"_files", "_optional", "_text"},
    {"_core"},
    {"_rules", "builtins"},
    {"operators"},
    {"checking", "compiler", "differential_operators", "extend", "formulas"},
    {"derivation", "misc", "slopes", "test_util"},
    {"numpy", "scipy", "torch"},
    {"linear_model", "substitution"},
    {"lessons"},
    {"cli"},
    {"", "__main__"},  # chainrule itself
]
RANK = {part: rank for rank, parts in enumerate(LAYERS) for part in parts}

# What may import `drawing`, and only inside of a function.
ENTRIES_TO_DRAWING = {
    "": {"TYPE_CHECKING"},  # chainrule itself names what is imported when it is asked for
    "cli.derive": {"_draw"},
    "cli.fit": {"run"},
    "cli.options": {"check_picture"},
    "cli.slope": {"_interval", "_steps", "run"},
    "cli.lesson_settings": {"check_film", "write_film"},
    "lessons.settings_lesson": {"swept"},
    "lessons.tape_lessons": {"_derivation", "_tape"},
    "lessons.training": {"_repr_html_"},
}

# Everything else that is not Python's own is optional, so it is imported inside of functions.
NEEDED = {"numpy"}
# These files are about an optional package, and imported only once it has been.
FACES = {
    f"_rules.{name}": "scipy" for name, module in LATER.items() if module.startswith("scipy")
} | {f"_rules.{name}": "scipy" for name in ("probabilities", "sparse")}  # read by those
FACES["torch._functions.of_scipy"] = "scipy"
FACES["compiler.sparse_arguments"] = "scipy"
FACES |= {
    f"compiler.kernels.{name}": "numba"
    for name in ("elementary_flags", "kernel_functions", "products", "sparse_products")
}


@dataclass(frozen=True)
class Import:
    """An import: by which file, in which function (none at the top), of what, at which line."""

    by: str
    function: str | None
    of: str
    line: int

    def __str__(self) -> str:
        return f"{self.by}, line {self.line}: imports {self.of}"


def _files() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        names = path.relative_to(SOURCE).with_suffix("").parts
        module = ".".join(names[:-1] if names[-1] == "__init__" else names)
        yield module, ast.parse(path.read_text(encoding="utf-8"))


def _package_of(module: str) -> list[str]:
    parts = ["chainrule", *module.split(".")] if module else ["chainrule"]
    is_package = SOURCE.joinpath(*parts[1:]).is_dir()
    return parts if is_package else parts[:-1]


def _imports_in(module: str, node: ast.AST, function: str | None = None) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        inside = function
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            inside = function or child.name
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            inside = function or "TYPE_CHECKING"
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield Import(module, inside, alias.name, child.lineno)
        elif isinstance(child, ast.ImportFrom):
            base = _package_of(module)
            base = base[: len(base) - child.level + 1] if child.level else []
            source = ".".join([*base, *([child.module] if child.module else [])])
            for alias in child.names:
                # `from chainrule import _rules` imports a part of the package, not its face.
                whole = source.split(".") == ["chainrule"] or not child.module
                yield Import(
                    module, inside, f"{source}.{alias.name}" if whole else source, child.lineno
                )
        elif isinstance(child, ast.Call) and _is_library_call(child):
            assert isinstance(child.args[0], ast.Constant)
            yield Import(module, inside, str(child.args[0].value), child.lineno)
        yield from _imports_in(module, child, inside)


def _is_library_call(node: ast.Call) -> bool:
    named = isinstance(node.func, ast.Name) and node.func.id == "library"
    return named and bool(node.args) and isinstance(node.args[0], ast.Constant)


ALL = [each for module, tree in _files() for each in _imports_in(module, tree)]


def _part(name: str) -> str:
    """The part of the house that a module or an imported name belongs to."""
    return name.removeprefix("chainrule").strip(".").partition(".")[0]


def _ours() -> list[Import]:
    return [each for each in ALL if each.of.partition(".")[0] == "chainrule"]


def test_the_reading_finds_imports_of_every_kind() -> None:
    text = (
        "import scipy.special\nfrom chainrule._core.trees import build\nfrom . import tables\n"
        "from .targets import read\nfrom chainrule import grad\n"
        "def f():\n    from ..cli import main\n    library('rich', extra='fit')\n"
    )
    found = list(_imports_in("linear_model.training", ast.parse(text)))
    assert [(each.function, each.of) for each in found] == [
        (None, "scipy.special"),
        (None, "chainrule._core.trees"),
        (None, "chainrule.linear_model.tables"),
        (None, "chainrule.linear_model.targets"),
        (None, "chainrule.grad"),
        ("f", "chainrule.cli"),
        ("f", "rich"),
    ]
    assert len(ALL) > 100


def test_every_part_has_its_place() -> None:
    parts = {_part(module) for module, _ in _files()}
    assert parts - {"drawing"} <= set(RANK), "give the new part its place in LAYERS"


def test_no_arrow_points_back() -> None:
    public = set(chainrule.__all__)
    wrong = []
    for each in _ours():
        by, of = _part(each.by), _part(each.of)
        # A name of the public list is imported from the face on top, which only users do.
        of = "" if of in public else of
        if "drawing" in (by, of) or by == of:
            continue
        if RANK[of] >= RANK[by]:
            wrong.append(str(each))
    assert wrong == []


def test_drawing_reads_what_lies_below_the_command_line() -> None:
    reads = {_part(each.of) for each in _ours() if _part(each.by) == "drawing"} - {"drawing"}
    assert reads <= {part for part, rank in RANK.items() if rank < RANK["cli"]}


def test_drawing_is_reached_from_its_entries_alone() -> None:
    wrong = [
        str(each)
        for each in _ours()
        if _part(each.of) == "drawing"
        and _part(each.by) != "drawing"
        and each.function not in ENTRIES_TO_DRAWING.get(each.by, set())
    ]
    assert wrong == []


def test_optional_packages_are_imported_where_they_are_used() -> None:
    allowed = NEEDED | {"chainrule"} | set(sys.stdlib_module_names)
    wrong = [
        str(each)
        for each in ALL
        if each.function is None
        and each.of.partition(".")[0] not in allowed
        and not (each.by.startswith("scipy.") and each.of.startswith("scipy."))
        and FACES.get(each.by) != each.of.partition(".")[0]
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "statement",
    [
        "import chainrule",
        "import chainrule.numpy",
        "import chainrule.torch.nn, chainrule.torch.optim, chainrule.torch.utils.data",
        "import chainrule.checking",
        "import chainrule.extend.inside, chainrule.misc.optimizers, chainrule.test_util",
        "import chainrule.formulas",
        "from chainrule.cli import main; assert main(['slope', 'tanh(x)', '--at', '1']) == 0",
        "from chainrule.cli import main; assert main(['derive', 'x**2', '--at', 'x=1']) == 0",
        "from chainrule.cli import main; assert main(['fit', '--help']) == 0",
    ],
)
def test_the_base_install_needs_numpy_alone(statement: str) -> None:
    program = (
        "import json, sys; before = set(sys.modules)\n"
        f"{statement}\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in set(sys.modules) - before})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        check=True,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(SOURCE.parent)},
    )
    loaded = set(json.loads(done.stdout.splitlines()[-1]))
    assert "numpy" in loaded
    # NumPy's compiled random numbers bring in what Cython calls its runtime.
    others = {name for name in loaded if "cython" not in name}
    assert others - {"chainrule"} - NEEDED - set(sys.stdlib_module_names) == set()
