"""What the lessons print and draw, in Chinese: looked up in the table beside this file.

A text of the table may have gaps, {}: what stands there, such as a number, is kept as it is.
"""

import json
import re
from functools import cache
from pathlib import Path


@cache
def table():
    """The texts that have no gaps, and the patterns of those that have."""
    entries = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    patterns = {}
    for english, chinese in entries.items():
        between = [re.escape(piece) for piece in english.split("{}")]
        patterns[re.compile("(.+?)".join(between))] = chinese
    return entries, patterns


def in_chinese(text):
    """Return `text`, line by line, in Chinese, where the table has it; or else as it is."""
    return "\n".join(line_in_chinese(line) for line in text.split("\n"))


def line_in_chinese(line):
    entries, patterns = table()
    if line in entries:
        return entries[line]
    for pattern, chinese in patterns.items():
        if found := pattern.fullmatch(line):
            return chinese.format(*found.groups())
    return line
