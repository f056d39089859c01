"""In Chinese: statements, how derivations are laid out, and `chainrule derive`."""

from __future__ import annotations

__all__ = ["MESSAGES"]

MESSAGES: dict[str, str] = {
    # formulas/statements.py
    "there are {count} statements; {most} are the most that are read": (
        "共有 {count} 条语句；最多只读 {most} 条"
    ),
    "line {line}: {mistake}": "第 {line} 行：{mistake}",
    '"{name}" at position {position} is used before it is given; put the statement {name} = … '
    "first": "第 {position} 个字符处的“{name}”在定义之前就被使用；请把语句 {name} = … 放到前面",
    '"{name}" at position {position} stands in its own formula; give the result another name': (
        "第 {position} 个字符处的“{name}”出现在它自己的公式里；请给结果换一个名字"
    ),
    '"{formula}" at position {position} has no name, so nothing can use it; write a name before '
    "it, as in a = {formula}": (
        "第 {position} 个字符处的“{formula}”没有名字，后面无法使用；"
        "请在前面写上名字，例如 a = {formula}"
    ),
    '"{name}" at position {position} cannot be a name; write one such as z before the =': (
        "第 {position} 个字符处的“{name}”不能作名字；请在 = 前写一个名字，例如 z"
    ),
    '"{name}" at position {position} has a meaning in formulas already; choose another name': (
        "第 {position} 个字符处的“{name}”在公式中已有含义；请换一个名字"
    ),
    '"{name}" at position {position} is given a second time; choose another name': (
        "第 {position} 个字符处的“{name}”被第二次定义；请换一个名字"
    ),
    '"{name}" at position {position} is given here and has values already; leave out one of the '
    "two": "第 {position} 个字符处定义的“{name}”已经给了数值；请去掉其中一个",
    "{formula} adds over rows, and nothing inside has rows; give a variable several values, such "
    "as x=[1,2]": (
        "{formula} 要对各行求和，但里面没有按行取值的变量；请给某个变量多个值，例如 x=[1,2]"
    ),
    "{name} is given and never used; take its statement out, or use it in a later one": (
        "定义了 {name} 却没有用到；请去掉这条语句，或在后面的语句中使用它"
    ),
    # derivation/writing
    "there is no alphabet {alphabet}; choose one of {known}": (
        "没有名为 {alphabet} 的字符集；可选：{known}"
    ),
    "if": "若",
    "otherwise": "其他",
    # derivation/worked.py
    "the lines cannot be checked: their first relation was solved at too few of the points tried": (
        "无法检验各行：在所试的点中，能解出第一个关系式的太少"
    ),
    "the first line has no left side; give it one": "第一行没有左边；请写上左边",
    "the sign {sign} of line {number} is neither = nor ≈": (
        "第 {number} 行的符号 {sign} 既不是 = 也不是 ≈"
    ),
    "line {number} does not follow: {line} is not so where the first line holds, as at {point}": (
        "第 {number} 行推不出来：第一行成立时 {line} 并不成立，例如在 {point} 处"
    ),
    "{name} stands in a line, but neither in the first nor in what is given": (
        "某一行中出现了 {name}，但它既不在第一行，也不在已知条件中"
    ),
    # formulas/misreadings.py
    '"{name}" at position {position} cannot be a name here; choose another': (
        "第 {position} 个字符处的“{name}”在这里不能作名字；请换一个"
    ),
}
