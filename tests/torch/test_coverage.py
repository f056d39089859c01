"""docs/torch-coverage.md is in step with chainrule.torch; what a course needs is there."""

from __future__ import annotations

import importlib

import pytest

from tests.torch.coverage import NAMES, PAGE, here, page, shares

# What a later version brings: layers over pictures and sequences, files, distributions.
LATER = {
    "torch": {"load", "save"},
    "torch.nn": {"AvgPool2d", "Conv2d", "MaxPool2d"},
    "torch.nn.functional": {"avg_pool2d", "conv2d", "max_pool2d"},
}


def test_the_page_is_in_step() -> None:
    saved = PAGE.read_text(encoding="utf-8")
    assert page() == saved, "print it anew: python -m tests.torch.coverage"


@pytest.mark.parametrize("kind", ["P0", "P1"])
@pytest.mark.parametrize("module", NAMES)
def test_what_lessons_and_courses_need_is_here(module: str, kind: str) -> None:
    if module == "torch.distributions":
        pytest.skip("distributions come with a later version")
    lacking = set(NAMES[module][kind]) - set(here(module, kind))
    assert lacking <= LATER.get(module, set())


def test_most_of_what_is_nice_to_have_is_here() -> None:
    have, there_are = shares("P2")
    assert have >= 0.8 * there_are


@pytest.mark.peers
def test_pytorch_has_all_these_names() -> None:
    torch = pytest.importorskip("torch")
    for module, kinds in NAMES.items():
        parts = module.split(".")[1:]
        thing = torch
        for part in parts:
            if not hasattr(thing, part):
                importlib.import_module(f"{thing.__name__}.{part}")
            thing = getattr(thing, part)
        for name in (name for names in kinds.values() for name in names):
            if not hasattr(thing, name):
                importlib.import_module(f"{module}.{name}")
