"""What PyTorch says to lines of a program: results, error texts and warnings, recorded as text.

A case is a setup and, below it, expressions, a line each. `told.json` keeps what PyTorch 2.13 said
to them; the face must say the same, and where PyTorch is installed it is asked again.
`python -m tests.torch.told` asks it and writes the file.
"""

from __future__ import annotations

import collections
import copy
import importlib
import json
import math
import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np

RECORD = Path(__file__).with_name("told.json")
WITH_CASES = ["nn.test_modules_told", "optim.test_optimisers_told", "utils.test_data_told"]


def told(torch: str, setup: str, expressions: str) -> list[list[str]]:
    """Return each expression with what came of it and the warnings on the way."""
    names: dict[str, Any] = {"collections": collections, "copy": copy, "math": math, "np": np}
    names["torch"] = importlib.import_module(torch)
    for short, name in (("nn", "nn"), ("F", "nn.functional"), ("optim", "optim")):
        names[short] = importlib.import_module(f"{torch}.{name}")
    names["data"] = importlib.import_module(f"{torch}.utils.data")
    names["torch"].manual_seed(0)
    exec(setup, names)  # noqa: S102  (our own cases)
    answers = []
    for expression in filter(None, map(str.strip, expressions.splitlines())):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                said = repr(eval(expression, names))  # noqa: S307
            except Exception as error:
                said = f"{type(error).__name__}: {error}"
        warned = [f"{one.category.__name__}: {one.message}" for one in caught]
        answers.append([expression, settled(said), *map(settled, warned)])
    return answers


def settled(text: str) -> str:
    """Leave out what differs from one process, place or release of Python to the next."""
    text = re.sub(r"0x[0-9a-f]{6,}", "0x", text).replace("chainrule.torch", "torch")
    if "OrderedDict(" in text:  # printed as a list of pairs until 3.11, as a dict since
        text = " ".join(re.sub(r"[\[\](){}:,]", " ", text).split())
    return text


def recorded(name: str) -> Any:
    found = json.loads(RECORD.read_text(encoding="utf-8"))[name]
    return [[one, *map(settled, said)] for one, *said in found]


def write_record() -> None:
    found = {}
    for module in WITH_CASES:
        cases = importlib.import_module(f"tests.torch.{module}").CASES
        found |= {name: told("torch", *case) for name, case in cases.items()}
    text = json.dumps(found, indent=1, ensure_ascii=False)
    RECORD.write_text(text + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_record()
