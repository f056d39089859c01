"""What `chainrule fit` found: how training went, the coefficients, and how good the model is."""

from __future__ import annotations

import math

import numpy as np

from chainrule._languages import tr, tr_n
from chainrule._text import shortened
from chainrule.cli.layout import counted, digits, lined_up, paragraph
from chainrule.linear_model.measures import decide
from chainrule.linear_model.model import TableModel
from chainrule.linear_model.training import Training

__all__ = ["report_coefficients", "report_course", "report_measures"]

MOST_WEIGHTS = 40  # all classes together
TOO_SURE = 1e-9  # a probability that honest data without a penalty hardly ever reach


def report_course(training: Training) -> tuple[list[str], list[str]]:
    """Return how training went, and what casts doubt on the coefficients, in sentences."""
    solution = training.fit.solution
    last, unpenalised = solution.last, training.model.trained["l2"] == 0
    small_penalty = training.model.trained["l2"] <= 1
    steps = tr("{count} steps of {method}", count=last.number, method=solution.method)
    state = tr(
        "{objective} {value} a row, gradient at most {gradient}.",
        objective=tr("loss") if unpenalised else tr("loss and penalty"),
        value=f"{last.value:.6g}",
        gradient=f"{last.gradient:.1e}",
    )
    course: list[str] = []
    doubts: list[str] = []
    if solution.converged:
        course.append(tr("Trained in {steps}: {state}", steps=steps, state=state))
    elif small_penalty:
        doubts.append(
            tr(
                "Training did not converge in {steps}: {state} The coefficients are those of the "
                "last step; a larger --l2 makes them definite.",
                steps=steps,
                state=state,
            )
        )
    else:
        doubts.append(
            tr(
                "Training did not converge in {steps}: {state} The coefficients are those of the "
                "last step.",
                steps=steps,
                state=state,
            )
        )
    if training.fit.separated and unpenalised:
        names = training.model.trained["separated_classes"]
        doubts.append(
            tr_n(
                "The training part separates: {names} is told from all other rows without a "
                "single error, so that without a penalty no finite coefficients are best, and "
                "those below only tell where the steps ended. Take a penalty, such as --l2 1.",
                "The training part separates: {names} are told from all other rows without a "
                "single error, so that without a penalty no finite coefficients are best, and "
                "those below only tell where the steps ended. Take a penalty, such as --l2 1.",
                len(names),
                names=shortened(tr(", ").join(names), 60),
            )
        )
    elif unpenalised and _surest(training) < TOO_SURE:
        doubts.append(
            tr(
                "Some rows of the training part are given probabilities of almost 0 or 1 (down to "
                "{surest}, with coefficients up to {largest} for one standard deviation): the "
                "classes may separate but for a few rows, and then these coefficients have no "
                "finite best values. A penalty, such as --l2 1, makes them definite.",
                surest=f"{_surest(training):.0e}",
                largest=f"{float(np.abs(training.model.weights).max()):.3g}",
            )
        )
    return course, doubts


def _surest(training: Training) -> float:
    features = training.plan.reading.features[training.plan.training]
    return float(np.min(training.model.probabilities(features)))


def report_coefficients(training: Training) -> list[str]:
    """Return the tables of weights, the largest for one standard deviation first."""
    model = training.model
    rows = counted(len(training.plan.training))
    two = len(model.outputs) == 1
    if two:
        meaning = tr(
            "(what one unit, or one standard deviation, of a column adds to the log-odds; odds x: "
            "what the latter multiplies the odds by)"
        )
    else:
        meaning = tr("(what one unit, or one standard deviation, of a column adds to the score)")
    lines = [tr("Coefficients, from the {rows} of the training part:", rows=rows)]
    lines += paragraph(meaning)
    for output, name in enumerate(model.outputs):
        name = shortened(name, 60)
        of_what = tr("log-odds of {name}:", name=name) if two else tr("score of {name}:", name=name)
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
    rows.append([tr("(intercept)"), digits(at_zero), "", digits(at_mean), ""])
    header = [
        tr("column"), tr("per unit"), tr("1 std. dev."), tr("per std. dev."), tr("odds x")
    ]  # fmt: skip
    shown = 5 if len(model.outputs) == 1 else 4  # a score of several is no log-odds
    lines = lined_up(header[:shown], [row[:shown] for row in rows], "<>>>>"[:shown])
    if len(order) > most:
        more = len(order) - most
        lines.append(
            tr("… and {count} smaller ones, which the model file has (--model)", count=more)
        )
    return lines


def _odds(weight: float) -> str:
    return f"{math.exp(weight):.4g}" if abs(weight) < 700 else "?"


def report_measures(training: Training) -> list[str]:
    """Return how good the model is on the rows held out, beside a guess."""
    held_out, classes = training.held_out, training.model.classes
    if held_out is None:
        measured = training.on_training
        return paragraph(
            tr(
                "Nothing was held out, so nothing tells how good the model is on new rows. On the "
                "rows that trained it: accuracy {accuracy}, AUC {auc}, log loss {log_loss}.",
                accuracy=_measure(measured.accuracy),
                auc=_measure(measured.auc),
                log_loss=_measure(measured.log_loss),
            )
        )
    header = ["", tr("this model"), tr("always the commonest class")]
    rows = [
        [name, _measure(getattr(held_out.model, field)), _measure(getattr(held_out.guess, field))]
        for name, field in (
            (tr("accuracy"), "accuracy"),
            ("AUC" if len(classes) == 2 else tr("AUC (mean, one against rest)"), "auc"),
            (tr("log loss"), "log_loss"),
        )
    ]
    return [
        tr("On the {rows} held out:", rows=counted(len(held_out.codes))),
        *lined_up(header, rows, "<>>"),
        *paragraph(
            tr(
                "The commonest class is {name}; the log loss of that guess is that of the classes' "
                "shares in the training part.",
                name=_commonest(training),
            )
        ),
    ]


def _commonest(training: Training) -> str:
    codes = training.plan.target.codes[training.plan.training]
    shares = np.bincount(codes, minlength=len(training.model.classes)) / len(codes)
    return shortened(training.model.classes[int(decide(shares[None])[0])], 24)


def _measure(number: float) -> str:
    return "?" if math.isnan(number) else f"{number:.4f}"
