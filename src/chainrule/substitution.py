"""The names `torch` and `autograd`, served by chainrule for as long as a script runs.

    import torch.nn as nn               gets    chainrule.torch.nn
    import autograd.numpy as np         gets    chainrule.numpy
    from autograd import grad           gets    grad of chainrule

A finder in front of Python's own answers these imports, so that the script stays as it is. An
installed PyTorch or autograd is not imported, and what was imported of them is put back after.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from chainrule._languages import tr

__all__ = ["MissingNameError", "Substitutes", "counterpart", "not_served", "substituted"]

FACES = {"torch": "chainrule.torch", "autograd": "chainrule"}
LIBRARIES = {"torch": "PyTorch", "autograd": "autograd"}

# chainrule has more parts than the autograd package, whose own they are not.
PARTS_OF_AUTOGRAD = {
    *("builtins", "differential_operators", "extend", "misc", "numpy", "scipy", "test_util"),
}

# Modules from the inside of autograd that other packages import from: what they take is in one.
INSIDE = {
    f"autograd.{name}": "chainrule.extend.inside"
    for name in (
        *("core", "tracer", "util", "wrap_util"),
        *("numpy.numpy_boxes", "numpy.numpy_vjps", "numpy.numpy_vspaces"),
    )
}

# They reach into PyTorch's inside, so a stand-in for torch cannot carry them, installed or not.
BUILT_ON_TORCH = {
    *("accelerate", "fastai", "functorch", "ignite", "lightning", "pytorch_lightning", "timm"),
    *("torch_geometric", "torchaudio", "torchdata", "torchmetrics", "torchtext", "torchvision"),
}


class MissingNameError(ModuleNotFoundError):
    """A module that chainrule cannot serve; the text is a sentence that says which."""


def counterpart(name: str) -> str | None:
    """Return the name of the module that serves the module `name`; None if there is none.

    >>> counterpart("autograd.numpy.linalg"), counterpart("autograd.tracer")
    ('chainrule.numpy.linalg', 'chainrule.extend.inside')
    >>> counterpart("autograd"), counterpart("autograd.drawing"), counterpart("json")
    ('chainrule', None, None)
    """
    root, *parts = name.split(".")
    if name in INSIDE:
        return INSIDE[name]
    if root not in FACES or any(part.startswith("_") for part in parts):
        return None
    if root == "autograd" and not PARTS_OF_AUTOGRAD.issuperset(parts[:1]):
        return None
    served_by = ".".join([FACES[root], *parts])
    try:
        return served_by if find_spec(served_by) else None
    except ModuleNotFoundError:  # so says find_spec where what lies above is not there
        return None


class Substitutes(MetaPathFinder, Loader):
    """The finder, which is its own loader; `served` maps each name that was asked for to ours."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.served: dict[str, str] = {}

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Return what Python needs to import `name` from here; None if it is not ours to serve.

        Raises `MissingNameError` if it is ours and chainrule lacks it: were Python to search on,
        it would find an installed PyTorch in halves.
        """
        root = name.partition(".")[0]
        # As for python: what lies beside the script comes before anything installed.
        if root not in FACES.keys() | BUILT_ON_TORCH or _lies_in(self.folder, root):
            return None
        if counterpart(name) is None:
            raise MissingNameError(not_served(name), name=name)
        return ModuleSpec(name, self)

    def create_module(self, spec: ModuleSpec) -> None:
        """Leave Python to make an empty module, which `exec_module` replaces."""

    def exec_module(self, module: ModuleType) -> None:
        """Put chainrule's module where the empty one was; Python hands out what stands there."""
        name = module.__name__
        served_by = counterpart(name)
        assert served_by is not None  # find_spec has found it
        sys.modules[name] = package = import_module(served_by)
        for part, hidden in _hidden_parts(package):
            sys.modules[f"{name}.{part}"] = hidden
        if name == "autograd":
            import_module("chainrule.numpy")  # importing autograd imports its numpy, too
        self.served[name] = served_by

    def asked_for(self, module: str) -> str | None:
        """Return by which name the script knows chainrule's `module`; None if by none."""
        names = {ours: name for name, ours in self.served.items()}
        above, _, last = module.rpartition(".")
        if module in names or not above:
            return names.get(module)
        name = f"{self.asked_for(above)}.{last}"  # a module reached as an attribute: torch.nn
        return name if counterpart(name) == module else None


def _hidden_parts(package: ModuleType) -> Iterator[tuple[str, ModuleType]]:
    """The modules of a package that something else in it has the name of: misc.flatten, say.

    They count as imported from the start: were they imported later, Python would put the module in
    the place of the function.
    """
    prefix = f"{package.__name__}."
    for name, module in list(sys.modules.items()):
        part = name.removeprefix(prefix)
        if part != name and vars(package).get(part, module) is not module:
            yield part, module


def not_served(name: str) -> str:
    """Return the sentence about a module or name of PyTorch's or autograd's that is not here.

    >>> print(not_served("torch.distributed"))
    torch.distributed is not in chainrule; with PyTorch installed, python runs this script
    """
    root = name.partition(".")[0]
    if root in BUILT_ON_TORCH:
        return tr(
            "{name} is built on PyTorch itself, for which chainrule stands in here; with both "
            "installed, python runs this script",
            name=root,
        )
    return tr(
        "{name} is not in chainrule; with {library} installed, python runs this script",
        name=name,
        library=LIBRARIES[root],
    )


@contextmanager
def substituted(folder: str) -> Iterator[Substitutes]:
    """A context in which `torch` and `autograd` mean chainrule, for a script that lies in `folder`.

    Afterwards `sys.modules` has what it had before, and none of the script's own modules, which
    have learnt the wrong meaning of these names.

    >>> import sys
    >>> with substituted("no/such/folder") as substitutes:
    ...     from autograd import elementwise_grad
    >>> elementwise_grad.__module__.partition(".")[0], substitutes.served
    ('chainrule', {'autograd': 'chainrule'})
    """
    theirs = {name: module for name, module in sys.modules.items() if _is_served(name)}
    for name in theirs:
        del sys.modules[name]
    before, path_before = set(sys.modules), list(sys.path)
    finder = Substitutes(folder)
    sys.meta_path.insert(0, finder)
    try:
        yield finder
    finally:
        sys.meta_path.remove(finder)
        folders = [folder, *(each for each in sys.path if each not in path_before)]
        for name in sys.modules.keys() - before:
            if _is_served(name) or _is_of_script(name, folders):
                del sys.modules[name]
        sys.modules.update(theirs)


def _is_served(name: str) -> bool:
    return name.partition(".")[0] in FACES.keys() | BUILT_ON_TORCH


def _is_of_script(name: str, folders: list[str]) -> bool:
    root = name.partition(".")[0]
    return root != "chainrule" and any(_lies_in(folder, root) for folder in folders)


def _lies_in(folder: str, root: str) -> bool:
    found = PathFinder.find_spec(root, [folder])
    return found is not None and found.loader is not None  # a mere folder of that name has none
