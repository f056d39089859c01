"""The options by which `chainrule lesson logistic` trains with other settings, and films it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from chainrule._languages import tr
from chainrule.cli.errors import CommandError
from chainrule.cli.options import number, whole

if TYPE_CHECKING:
    from chainrule.lessons.homework import Sweep

__all__ = ["OF", "add_settings", "check_film", "given", "sweep_of", "write_film"]

OF = "logistic"  # the lesson that has these options
SETTINGS = ("mean_value", "bias", "lr")
OTHERS = ("seed", "iterations", "film", "sweep")


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add the options to the parser of `chainrule lesson`."""
    group = parser.add_argument_group(tr("options of the lesson logistic"))
    add = group.add_argument
    add("--mean-value", type=number, metavar="M", help=tr("where the clouds lie (default: 1.7)"))
    add("--bias", type=number, metavar="B", help=tr("how far both are moved (default: 1)"))
    add("--lr", type=number, metavar="LR", help=tr("the learning rate (default: 0.01)"))
    add("--seed", type=whole, metavar="N", help=tr("of the random numbers (default: 10)"))
    add("--iterations", type=whole, metavar="N", help=tr("at most so many (default: 1000)"))
    add(
        "--film",
        type=Path,
        metavar="OUT.html",
        help=tr("film the training, to be played in a browser; or OUT.gif"),
    )
    add(
        "--sweep",
        nargs="+",
        metavar="NAME=VALUES",
        help=tr("train with every combination, such as mean-value=1,1.7,5 bias=-1,1,5"),
    )


def given(arguments: argparse.Namespace) -> list[str]:
    """Return the names of the options that were given."""
    return [name for name in (*SETTINGS, *OTHERS) if getattr(arguments, name) is not None]


def check_film(arguments: argparse.Namespace) -> None:
    """Raise, before any work, for a film that cannot be written."""
    if arguments.film is None:
        return
    if arguments.sweep is not None:
        raise CommandError(tr("--film shows one training, and --sweep makes many; leave one out"))

    from chainrule.drawing.film import check_film as check
    from chainrule.drawing.style import PictureError

    try:
        check(arguments.film)
    except PictureError as error:
        raise CommandError(str(error)) from None


def sweep_of(arguments: argparse.Namespace) -> Sweep:
    """Return the trainings that were asked for: one, unless `--sweep` names several values."""
    from chainrule.lessons.homework import settings_of, sweep
    from chainrule.lessons.training import SettingsError

    single = {name: getattr(arguments, name) for name in SETTINGS}
    others = {name: getattr(arguments, name) for name in ("seed", "iterations")}
    try:
        values = settings_of(arguments.sweep or [])
        for name, value in single.items():
            if value is not None and name in values:
                raise CommandError(tr("{name} is given twice; give it once", name=name))
            if value is not None:
                values[name] = [value]
        return sweep(values, **{name: n for name, n in others.items() if n is not None})
    except SettingsError as error:
        raise CommandError(str(error)) from None


def write_film(swept: Sweep, path: Path) -> list[str]:
    """Write the film of the one training; return what is to be said of it."""
    from chainrule.drawing.film import save_film

    notes = save_film(swept.trainings[0], path)
    return [tr("Wrote the film to {path}.", path=path), *notes]
