"""Where the lessons put their pictures, and the look that these share. No mathematics in here."""

import argparse
from functools import cache
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib import font_manager
from matplotlib.text import Text

from in_chinese import in_chinese

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


# Fonts with Chinese, of which most computers have one; for all else the usual one is kept.
CHINESE = [
    *("Noto Sans CJK SC", "Noto Sans CJK JP", "Source Han Sans SC", "Microsoft YaHei", "SimHei"),
    *("PingFang SC", "Hiragino Sans GB", "WenQuanYi Zen Hei", "Arial Unicode MS"),
]


def save(figure, name):
    """Write the figure into the folder that `--out` names, by default the one you are in.

    With `--lang zh` its texts are in Chinese.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, default=Path(), metavar="FOLDER")
    parser.add_argument("--lang", choices=["en", "zh"], default="en")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    readable = asked.lang == "en" or translate(figure)
    figure.savefig(asked.out / name)
    plt.close(figure)
    print("Picture:", name)
    if not readable:
        print("In English, as no font with Chinese is installed:", name)


def translate(figure):
    """Put the texts of the figure into Chinese; tell whether there is a font for them."""
    font = chinese_font()
    if font is None:
        return False
    for text in figure.findobj(Text):
        text.set_text(in_chinese(text.get_text()))
        text.set_fontfamily([*plt.rcParams["font.family"], font])
    return True


@cache
def chinese_font():
    for path in font_manager.findSystemFonts():  # also those installed since the last picture
        if "CJK" in path and path not in {font.fname for font in font_manager.fontManager.ttflist}:
            font_manager.fontManager.addfont(path)
    installed = font_manager.get_font_names()
    return next((font for font in CHINESE if font in installed), None)
