"""Operations with a number, under the names that PyTorch gives them inside its own functions."""

from __future__ import annotations

import numpy as np

from .._tape.recording import operation

__all__ = ["divided", "less", "plus"]

# `t + 1` in a program is AddBackward0; in what PyTorch composes itself it is AddBackward1.
plus = operation("AddBackward1", np.add, inputs="self")
less = operation("SubBackward1", np.subtract, inputs="self")
divided = operation("DivBackward1", np.divide, inputs="self")
