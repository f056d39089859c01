"""What is public is a list: complete, sorted, and explained with examples that run."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from types import ModuleType

import numpy as np
import pytest

import chainrule

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(chainrule.__path__, "chainrule.")
    if not module.name.endswith("__main__")
)
# The faces list the names of the library whose face they are, in its order.
FACES = {
    "chainrule.numpy",
    "chainrule.numpy.emath",
    "chainrule.numpy.fft",
    "chainrule.numpy.linalg",
    "chainrule.numpy.polynomial",
    "chainrule.numpy.polynomial.chebyshev",
    "chainrule.numpy.polynomial.hermite",
    "chainrule.numpy.polynomial.hermite_e",
    "chainrule.numpy.polynomial.laguerre",
    "chainrule.numpy.polynomial.legendre",
    "chainrule.numpy.polynomial.polynomial",
    "chainrule.numpy.random",
}
# What programs for the autograd package import besides its operators.
FROM_AUTOGRAD = [
    "chainrule.extend",
    "chainrule.builtins",
    "chainrule.misc",
    "chainrule.misc.fixed_points",
    "chainrule.misc.flatten",
    "chainrule.misc.optimizers",
    "chainrule.misc.tracers",
    "chainrule.test_util",
]


def _sorting(name: str) -> tuple[int, list[str | int]]:
    """Constants first, then classes, then the rest; each by the alphabet, int8 before int16."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2
    return kind, [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


def test_completion_finds_what_is_imported_when_asked_for() -> None:
    assert set(chainrule.__all__) <= set(dir(chainrule))


@pytest.mark.parametrize("module_name", ["chainrule", *MODULES])
def test_public_lists_are_sorted_and_hold_what_is_there(module_name: str) -> None:
    if module_name.startswith("chainrule.scipy"):
        pytest.importorskip("scipy")
    module = importlib.import_module(module_name)
    names = getattr(module, "__all__", [])
    missing = [name for name in names if not hasattr(module, name)]
    assert missing == []
    if module_name not in FACES and not module_name.startswith("chainrule.scipy"):
        assert list(names) == sorted(set(names), key=_sorting)


@pytest.mark.parametrize(
    "package",
    ["chainrule", "chainrule.operators", "chainrule.cli", "chainrule.extend", "chainrule.misc"],
)
def test_the_list_of_a_package_is_complete(package: str) -> None:
    module = importlib.import_module(package)
    public = {
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        and not isinstance(value, ModuleType)
        and getattr(value, "__module__", "").startswith("chainrule")
        and callable(value)
    }
    # What a package imports for its own use is no part of its face: cli's own errors, say.
    own = {name for name in public if package != "chainrule.cli" or name == "main"}
    assert own <= set(module.__all__)


def test_chainrule_offers_every_operator() -> None:
    assert set(chainrule.operators.__all__) <= set(chainrule.__all__)


def test_the_face_of_numpy_has_every_name_of_numpy() -> None:
    face = importlib.import_module("chainrule.numpy")
    assert set(np.__all__) - set(face.__all__) <= {"test"}
    assert [name for name in face.__all__ if not hasattr(face, name)] == []


@pytest.mark.parametrize("name", chainrule.__all__)
def test_every_public_name_has_an_example_that_runs(name: str) -> None:
    found = doctest.DocTestFinder(recurse=False).find(getattr(chainrule, name), name)
    examples = [test for test in found if test.examples]
    assert examples, f"the docstring of {name} has no example"
    for test in examples:
        result = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(test)
        assert result.failed == 0


@pytest.mark.parametrize("module_name", FROM_AUTOGRAD)
def test_the_names_of_autograd_have_examples_that_run(module_name: str) -> None:
    module = importlib.import_module(module_name)
    for name in module.__all__:
        value = getattr(module, name)
        if getattr(value, "__module__", "").startswith("chainrule") and value.__doc__:
            assert ">>> " in value.__doc__ or not callable(value) or "Box" in name, name
            first = value.__doc__.strip().partition("\n")[0]
            assert first.endswith((".", ":")), name


@pytest.mark.parametrize("name", chainrule.__all__)
def test_a_docstring_begins_with_a_sentence(name: str) -> None:
    first = (getattr(chainrule, name).__doc__ or "").strip().partition("\n")[0]
    assert first.endswith((".", ":"))
    assert len(first) > 20
