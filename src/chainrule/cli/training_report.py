"""What `chainrule fit` found: how training went, the coefficients, and how good the model is."""

from __future__ import annotations

import math

import numpy as np

from chainrule._text import shortened
from chainrule.cli.layout import counted, digits, lined_up, paragraph
from chainrule.linear_model.measures import decide
from chainrule.linear_model.model import TableModel
from chainrule.linear_model.training import Training

__all__ = ["report_training"]

MOST_WEIGHTS = 40  # all classes together
TOO_SURE = 1e-9  # a probability that honest data without a penalty hardly ever reach


def report_training(training: Training) -> str:
    """Return how training went, the coefficients, and the measures."""
    return "\n".join(
        [
            *_course(training),
            "",
            *_coefficients(training.model, len(training.plan.training)),
            "",
            *_measures(training),
            "",
        ]
    )


def _course(training: Training) -> list[str]:
    solution = training.fit.solution
    last, unpenalised = solution.last, training.model.trained["l2"] == 0
    small_penalty = training.model.trained["l2"] <= 1
    steps = f"{last.number} steps of {solution.method}"
    objective = "loss" if unpenalised else "loss and penalty"
    state = f"{objective} {last.value:.6g} a row, gradient at most {last.gradient:.1e}."
    if solution.converged:
        lines = paragraph(f"Trained in {steps}: {state}")
    else:
        lines = paragraph(
            f"Training did not converge in {steps}: {state} The coefficients are those of the "
            "last step" + ("; a larger --l2 makes them definite." if small_penalty else ".")
        )
    largest = float(np.abs(training.model.weights).max())
    if training.fit.separated and unpenalised:
        names = training.model.trained["separated_classes"]
        are = "is" if len(names) == 1 else "are"
        lines += paragraph(
            f"The training part separates: {shortened(', '.join(names), 60)} {are} told from all "
            "other rows without a single error, so that without a penalty no finite coefficients "
            "are best, and those below only tell where the steps ended. Take a penalty, such as "
            "--l2 1."
        )
    elif unpenalised and _surest(training) < TOO_SURE:
        lines += paragraph(
            "Some rows of the training part are given probabilities of almost 0 or 1 (down to "
            f"{_surest(training):.0e}, with coefficients up to {largest:.3g} for one standard "
            "deviation): the classes may separate but for a few rows, and then these "
            "coefficients have no finite best values. A penalty, such as --l2 1, makes them "
            "definite."
        )
    return lines


def _surest(training: Training) -> float:
    features = training.plan.reading.features[training.plan.training]
    return float(np.min(training.model.probabilities(features)))


def _coefficients(model: TableModel, rows: int) -> list[str]:
    """The tables of weights, the largest for one standard deviation first."""
    two = len(model.outputs) == 1
    lines = [
        f"Coefficients, from the {counted(rows)} of the training part:",
        *paragraph(
            f"(what one unit, or one standard deviation, of a column adds to the "
            f"{'log-odds; odds x: what the latter multiplies the odds by' if two else 'score'})"
        ),
    ]
    for output, name in enumerate(model.outputs):
        of_what = f"{'log-odds' if two else 'score'} of {shortened(name, 60)}:"
        lines += ["", of_what, *_weights(model, output)]
    return lines


def _weights(model: TableModel, output: int) -> list[str]:
    weights, per_unit = model.weights[:, output], model.weights_per_unit[:, output]
    order = np.argsort(-np.abs(weights), kind="stable")
    most = max(5, MOST_WEIGHTS // len(model.outputs))
    rows = [
        [
            shortened(model.features[k], 30),
            digits(per_unit[k]),
            digits(model.scale[k]).lstrip("+"),
            digits(weights[k]),
            _odds(weights[k]),
        ]
        for k in order[:most]
    ]
    at_zero, at_mean = model.intercepts_at_zero[output], model.intercepts[output]
    rows.append(["(intercept)", digits(at_zero), "", digits(at_mean), ""])
    header = ["column", "per unit", "1 std. dev.", "per std. dev.", "odds x"]
    shown = 5 if len(model.outputs) == 1 else 4  # a score of several is no log-odds
    lines = lined_up(header[:shown], [row[:shown] for row in rows], "<>>>>"[:shown])
    if len(order) > most:
        lines.append(f"… and {len(order) - most} smaller ones, which the model file has (--model)")
    return lines


def _odds(weight: float) -> str:
    return f"{math.exp(weight):.4g}" if abs(weight) < 700 else "?"


def _measures(training: Training) -> list[str]:
    held_out, classes = training.held_out, training.model.classes
    if held_out is None:
        measured = training.on_training
        return paragraph(
            "Nothing was held out, so nothing tells how good the model is on new rows. On the rows "
            f"that trained it: accuracy {_measure(measured.accuracy)}, AUC "
            f"{_measure(measured.auc)}, log loss {_measure(measured.log_loss)}."
        )
    header = ["", "this model", "always the commonest class"]
    rows = [
        [name, _measure(getattr(held_out.model, field)), _measure(getattr(held_out.guess, field))]
        for name, field in (
            ("accuracy", "accuracy"),
            ("AUC" if len(classes) == 2 else "AUC (mean, one against rest)", "auc"),
            ("log loss", "log_loss"),
        )
    ]
    return [
        f"On the {counted(len(held_out.codes))} held out:",
        *lined_up(header, rows, "<>>"),
        *paragraph(
            f"The commonest class is {_commonest(training)}; the log loss of that guess is that of "
            "the classes' shares in the training part."
        ),
    ]


def _commonest(training: Training) -> str:
    codes = training.plan.target.codes[training.plan.training]
    shares = np.bincount(codes, minlength=len(training.model.classes)) / len(codes)
    return shortened(training.model.classes[int(decide(shares[None])[0])], 24)


def _measure(number: float) -> str:
    return "?" if math.isnan(number) else f"{number:.4f}"
