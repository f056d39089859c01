"""Where the lessons put their pictures, and the look that these share. No mathematics in here."""

import argparse
from pathlib import Path

import matplotlib.pyplot as plt

# Two classes, and a third colour for what the lesson is about: all told apart by everybody.
CLASS_0, CLASS_1, ACCENT, GREY = "#0072B2", "#D55E00", "#009E73", "#777777"
CURVES = [CLASS_0, CLASS_1, ACCENT, "#CC79A7", "#E69F00"]

plt.rcParams.update(
    {
        "axes.prop_cycle": plt.cycler(color=CURVES),
        "axes.spines.right": False,
        "axes.spines.top": False,
        "axes.titlelocation": "left",
        "axes.titlesize": 11,
        "figure.constrained_layout.h_pad": 0.1,
        "figure.constrained_layout.w_pad": 0.1,
        "figure.constrained_layout.use": True,
        "figure.dpi": 120,
        "legend.frameon": False,
        "lines.linewidth": 2,
    }
)


def dots(axes, x, y, colour, label=None):
    """Draw points with a thin white edge, so that those that lie close can be told apart."""
    axes.scatter(x, y, s=18, color=colour, edgecolor="white", linewidth=0.4, zorder=3, label=label)


def save(figure, name):
    """Write the figure into the folder that `--out` names, by default the one you are in."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=Path(), metavar="FOLDER")
    folder = parser.parse_args().out
    folder.mkdir(parents=True, exist_ok=True)
    figure.savefig(folder / name)
    plt.close(figure)
    print("Picture:", name)
