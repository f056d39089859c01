"""Which of this computer's fonts have Chinese characters."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from chainrule._optional import library

__all__ = ["chinese_fonts"]

# The fonts with Chinese that systems come with or that people install, the best to read first.
FONTS = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN"),
    *("Microsoft YaHei", "DengXian", "SimHei", "Microsoft JhengHei"),  # Windows
    *("PingFang SC", "Hiragino Sans GB", "Heiti SC", "STHeiti", "Heiti TC"),  # macOS
    *("WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Noto Sans CJK TC", "Noto Sans CJK JP"),
    *("Droid Sans Fallback", "LXGW WenKai", "Arial Unicode MS", "Songti SC", "SimSun"),
    *("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "Noto Serif CJK JP"),
    *("AR PL UMing CN", "AR PL UKai CN"),
)
# And the names of their files.
FILES = re.compile(
    r"noto(sans|serif)(cjk|-?sc|mono)|sourcehan|msyh|msjh|deng|simhei|simsun|pingfang|hiragino"
    r"|stheiti|songti|arial ?unicode|wqy|droidsansfallback|lxgw|uming|ukai",
    re.IGNORECASE,
)


def chinese_fonts() -> list[str]:
    """Return the names of the fonts with Chinese that Matplotlib can draw with, the best first."""
    return _known() or (_newly_installed() and _known()) or []


def _known() -> list[str]:
    names = set(library("matplotlib.font_manager", extra="plot").get_font_names())
    return [font for font in FONTS if font in names]


@cache
def _newly_installed() -> bool:
    """Tell Matplotlib of fonts newer than its list, which it writes once and then keeps."""
    manager = library("matplotlib.font_manager", extra="plot")
    files = [path for path in manager.findSystemFonts() if FILES.search(Path(path).stem)]
    for path in files:
        try:
            manager.fontManager.addfont(path)
        except (OSError, RuntimeError):  # a file that is damaged, or of a kind it cannot read
            continue
    return bool(files)
