"""Lines of a program run on PyTorch and on the tape face: nothing that shows may differ."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.torch.running import Difference, Program, Rounding, differences, run

# Which nodes come before: ours are fewer where PyTorch takes an index apart, or a write to a view.
LET_PASS = {"next_functions"}
# What PyTorch says when it may have written, or added up, a part already.
HALFWAY = ("index ", "Trying to backward", "one of the variables needed")
TWICE = "more than one element of the written-to tensor refers"
INDIRECTLY = "its base or another view of its base has been"
MAKER = re.compile(r", which is output \d of [\w:]+,")
BUILT = re.compile(r" \(Triggered internally at [^)]*\)")

Choose = Callable[[Any], Any]  # picks one of several

drawn = settings(
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=120,
    suppress_health_check=list(HealthCheck),
)


def alike(*lines: str, watched: bool = True, but: frozenset[str] = frozenset()) -> None:
    """Fail if a fact differs after one of the lines: numbers, types, versions, names, errors."""
    found = differing(list(lines), watched, but)
    if found:
        pytest.fail(found, pytrace=False)


def differing(lines: list[str], watched: bool = True, but: frozenset[str] = frozenset()) -> str:
    import torch

    import chainrule.torch

    program = Program(lines, watched)
    runs = [run(program, module) for module in (torch, chainrule.torch)]
    for k, step in enumerate(runs[0]):
        other = runs[1][k]
        # which is found out when it is used, here in the backward pass; and what is no error here
        if INDIRECTLY in step.text or (TWICE in step.text and "backward" in lines[k]):
            runs = [one[:k] for one in runs]
            break
        if step.raises and step.raises == other.raises and step.text.startswith(HALFWAY):
            step.facts, other.facts = {}, {}
            runs = [one[: k + 1] for one in runs]
            break
    said: list[str] = []
    rounding = Rounding(program, runs[0])
    for one in differences(*runs):
        if one.fact not in LET_PASS | but and not passes(one):
            if isinstance(one.got, np.ndarray) and rounding.explains(one):
                break
            said.append(
                f"{'.'.join(one.path)}\n    PyTorch   {one.expected}\n    chainrule {one.got}"
            )
            if len(said) == 1:
                said.insert(
                    0, "\n".join([*lines[: one.step + 1], f"# differs after line {one.step + 1}:"])
                )
    return "\n".join(said[:6])


def passes(one: Difference) -> bool:
    """Say whether a difference is one that stays."""
    if one.fact == "warned":
        return [BUILT.sub("", text) for text in one.expected] == one.got
    if one.fact == "text":
        said = [MAKER.sub("", text) for text in (one.expected, one.got)]
        if "invalid combination of arguments" in said[0]:  # whose long explanation is left out here
            said = [text.partition("\n")[0] for text in said]
        if "unexpected error" in said[0]:  # and a page of addresses
            return True
        overlap, overflow = "single memory location", "numel: integer multiplication overflow"
        return said[0] == said[1] or overlap in said[0] or said[0] == overflow
    if one.fact == "is_leaf":  # of a view that may not be looked at any more, it is not found out
        return str(one.expected).startswith("RuntimeError")
    return one.path[-2:] == ("grad", "_version")  # PyTorch copies the parts of some gradients


@st.composite
def programs(draw: Any, write: Callable[[Choose], list[str]]) -> list[str]:
    """Programs that `write` makes of choices."""
    return write(lambda options: draw(st.sampled_from(options)))
