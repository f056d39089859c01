"""Python's own `isinstance`, `type` and containers, as programs for the `autograd` package ask.

`isinstance` and `type` answer for what a value that is being differentiated holds. Containers of
such values are Python's own containers here, so `dict`, `list` and `tuple` are Python's.

>>> import numpy as np
>>> import chainrule
>>> from chainrule.builtins import isinstance, type
>>> def doubled(x):
...     return 2 * np.sum(x) if isinstance(x, np.ndarray) else 2 * x
>>> chainrule.grad(doubled)(np.ones(2)), chainrule.grad(doubled)(1.0)
(array([2., 2.]), 2.0)
"""

from __future__ import annotations

import builtins
from typing import Any

from chainrule._core.values import bare

__all__ = ["DictBox", "SequenceBox", "dict", "isinstance", "list", "tuple", "type"]

dict, list, tuple = builtins.dict, builtins.list, builtins.tuple


class DictBox:
    """What `autograd` wraps dicts in; here they stay dicts, so nothing is one of these."""


class SequenceBox:
    """What `autograd` wraps lists and tuples in; here they stay so, and nothing is one of these."""


def isinstance(v: Any, kind: Any) -> bool:
    """Say whether `v`, or the number or array that it holds, is of a class.

    >>> import numpy as np, chainrule
    >>> from chainrule.builtins import isinstance
    >>> chainrule.grad(lambda x: x if isinstance(x, float) else 0 * x)(3.0)
    1.0
    """
    return builtins.isinstance(v, kind) or builtins.isinstance(bare(v), kind)


def type(v: Any) -> Any:
    """Return the class of `v`, or of the number or array that it holds.

    >>> import numpy as np, chainrule
    >>> from chainrule.builtins import type
    >>> chainrule.grad(lambda x: np.sum(x) if type(x) is np.ndarray else 0 * x)(np.ones(2))
    array([1., 1.])
    """
    return builtins.type(bare(v))
