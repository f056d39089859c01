"""SciPy with derivatives, module by module: `chainrule.scipy.special`."""

from __future__ import annotations
