"""The operators, under the name of the module that has them in the `autograd` package.

>>> from chainrule.differential_operators import elementwise_grad
>>> import chainrule
>>> elementwise_grad is chainrule.elementwise_grad
True
"""

from __future__ import annotations

from typing import Any

from chainrule import operators

__all__ = list(operators.__all__)


def __getattr__(name: str) -> Any:
    return getattr(operators, name)
