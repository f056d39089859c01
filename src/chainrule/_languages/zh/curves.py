"""In Chinese: pictures of curves, slopes and fitted models."""

from __future__ import annotations

__all__ = ["MESSAGES"]

MESSAGES: dict[str, str] = {
    # What all pictures share.
    "{path} does not say which kind of picture it is; end it in .png, .svg or .pdf": (
        "无法从 {path} 的扩展名判断图片格式；请以 .png、.svg 或 .pdf 结尾"
    ),
    "No font on this computer has all characters of the picture, which shows boxes instead; "
    "install one such as Noto Sans CJK.": (
        "本机没有一种字体包含图中的全部字符，缺少的字符显示为方框；"
        "请安装 Noto Sans CJK 之类的字体。"
    ),
    "No font on this computer has Chinese characters; the labels are in English. "
    "Install one such as Noto Sans CJK.": (
        "本机没有中文字体，图中文字改用英文；请安装 Noto Sans CJK 之类的字体。"
    ),
}
