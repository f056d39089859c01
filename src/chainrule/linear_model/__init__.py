"""Logistic regression on tables: reading, training, measuring, saving and predicting.

`loss`, `penalty` and `solver` are three small separable things; gradients come from the engine.
"""

from __future__ import annotations
