"""A model of a table: what its columns are, how they are scaled, and what they weigh."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chainrule.linear_model.columns import Column, Reading, read_columns
from chainrule.linear_model.dialects import Dialect
from chainrule.linear_model.losses import BinaryLogLoss, Loss, SoftmaxLogLoss
from chainrule.linear_model.tables import Table

__all__ = ["TableModel", "log_loss_of"]

FloatArray = NDArray[np.float64]


FARTHEST = 1e100  # standard deviations


def log_loss_of(classes: int) -> Loss:
    """Return the log loss for so many classes."""
    return BinaryLogLoss() if classes == 2 else SoftmaxLogLoss(classes)


@dataclass(frozen=True)
class TableModel:
    """A logistic regression of the column `target` on `columns`.

    Every feature less its `center`, divided by its `scale`, is multiplied by its row of `weights`;
    `intercepts` are added. `weights` has shape (features, outputs): one output, the log-odds of
    the second class, if there are two classes, else one for each class. `trained` says how the
    model came about, as the model file keeps it.
    """

    target: str
    classes: tuple[str, ...]
    columns: tuple[Column, ...]
    center: FloatArray
    scale: FloatArray
    weights: FloatArray
    intercepts: FloatArray
    dialect: Dialect
    trained: dict[str, Any]

    @property
    def features(self) -> tuple[str, ...]:
        return tuple(feature for column in self.columns for feature in column.features)

    @property
    def outputs(self) -> tuple[str, ...]:
        """The class that each output speaks for."""
        return self.classes[1:] if len(self.classes) == 2 else self.classes

    @property
    def weights_per_unit(self) -> FloatArray:
        """What one unit of each feature, as the table has it, adds to the scores."""
        with np.errstate(over="ignore"):  # infinite for a column of subnormal numbers
            return self.weights / self.scale[:, np.newaxis]

    @property
    def intercepts_at_zero(self) -> FloatArray:
        """The scores where every feature is 0 in the table's own units."""
        with np.errstate(over="ignore", invalid="ignore"):
            return self.intercepts - self.center @ self.weights_per_unit

    def read(self, table: Table) -> Reading:
        """Return the features of `table`; raises `TableError` if it lacks columns."""
        return read_columns(self.columns, table)

    def probabilities(self, features: FloatArray) -> FloatArray:
        """Return each class's probability, shape (rows, classes), for features as `read` has them.

        A row's result does not depend, to the last digit, on the rows around it.
        """
        with np.errstate(over="ignore"):
            standardised = (features - self.center) / self.scale
        # Sums of what lies so far out neither overflow nor cancel to NaN.
        standardised = np.clip(standardised, -FARTHEST, FARTHEST)
        # A matrix product rounds differently with the number of rows; a sum over columns does not.
        scores = np.einsum("rf,fo->ro", standardised, self.weights) + self.intercepts
        return log_loss_of(len(self.classes)).probabilities(scores)
