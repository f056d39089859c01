"""The one loop over the table of rules, compiled: values, changes and tangents as in eager code."""

from __future__ import annotations

from typing import Any

import pytest

from chainrule.compiler.refusals import CompileError
from tests.compiler.refused import REFUSED, refused_ways
from tests.compiler.table import FUNCTIONS, calls_of, check, name_of, quiet


@pytest.mark.parametrize("function", FUNCTIONS, ids=name_of)
def test_python(function: Any) -> None:
    for k, call in enumerate(calls_of(function)):
        try:
            with quiet():
                check(function, call, "python", refused_ways(function, k), CompileError)
        except Exception as error:
            error.add_note(f"sample {k} of {name_of(function)}: {call}")
            raise


def test_what_is_refused_has_samples() -> None:
    for function, refused in REFUSED.items():
        assert refused.reason.endswith(".")
        assert set(refused.samples or ()) <= set(range(len(calls_of(function))))
