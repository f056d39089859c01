"""Functions that write are checked by a test of their own: they return nothing."""

from __future__ import annotations

import numpy as np

from chainrule._rules import writing_into  # noqa: F401  (states its chapter)

WRITING = [np.put, np.put_along_axis, np.place, np.putmask, np.copyto, np.fill_diagonal]
ELSEWHERE = dict.fromkeys(WRITING, "it writes: test_writing_into.py")
