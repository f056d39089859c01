"""Finding what stayed English in a text that should be Chinese."""

from __future__ import annotations

import re

from chainrule.cli import COMMANDS
from chainrule.formulas import CONSTANTS, FUNCTIONS

__all__ = ["english"]

# Names, which are alike in every language: of commands, libraries, formats, and things.
NAMES = {
    *("chainrule", *COMMANDS, "python", "pip", "install", "upgrade", "json", "csv", "tab"),
    *("torch", "autograd", "PyTorch", "Matplotlib", "NumPy", "scikit", "learn", "jupyter"),
    *("nbconvert", "to", "script", "Python", "py", "png", "html", "utf", "gb", "cp", "en", "zh"),
    *("text", "ascii", "latex", "mathml", "svg", "dot", "gif", "sum", "mean", "grad"),
    *(
        "logistic",
        "value",
        "bias",
        "true",
        "false",
        "null",
        "Ctrl",
        "pdf",
        "pyarrow",
        "matplotlib",
        "scipy",
        "fit",
        "plot",
    ),
    *FUNCTIONS,
    *CONSTANTS,
}


def english(told: str, *known: str) -> set[str]:
    """Return the words in `told` that are neither names nor in the texts `known`.

    >>> english("列 column，见 --help 与 OUT.json"), english("已写入 table.csv", "table.csv")
    ({'column'}, set())
    """
    told = re.sub(r"\n  (chainrule|python) .*", "", told)  # an example, as it is typed
    told = re.sub(r"(?<![\w-])--[a-z0-9-]+", "", told)  # an option
    told = re.sub(r"[A-Za-z]+(…|\.\.\.)", "", told)  # a name's beginning
    words = set(re.findall(r"[A-Za-z]+", told))
    mine = NAMES | {word for text in known for word in re.findall(r"[A-Za-z]+", text)}
    # Capitals stand for what is to be filled in, or are abbreviations: OUT, AUC.
    return {word for word in words - mine if len(word) > 1 and not word.isupper()}
