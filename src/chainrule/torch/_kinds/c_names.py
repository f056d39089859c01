"""What PyTorch's compiled parts call number types in their error messages."""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["c_name"]

NAMES = {
    "bool": "bool", "uint8": "unsigned char", "int8": "signed char", "int16": "short int",
    "int32": "int", "int64": "long int", "float16": "c10::Half", "float32": "float",
    "float64": "double", "complex64": "c10::complex<float>",
    "complex128": "c10::complex<double>",
}  # fmt: skip


def c_name(kind: np.dtype[Any]) -> str:
    """Return the name of a NumPy dtype in C++.

    >>> c_name(np.dtype(np.int64))
    'long int'
    """
    return NAMES.get(kind.name, kind.name)
